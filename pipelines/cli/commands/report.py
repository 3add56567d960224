"""`dif report`: pages to mail and to print, written by the dashboards in a separate process."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Literal

from catalog.errors import BadOption, SharingError
from pipelines.cli.present.formats import counted
from pipelines.cli.screen import Result, command
from transport.base.settings import PROJECT, environment, load

_FORMS = (".html", ".htm")


@command(None)
def network(
    name: str,
    /,
    *,
    out: Path | None = None,
    release: str | None = None,
    lang: Literal["nb", "en"] = "nb",
    follow_up: Path | None = None,
) -> Result:
    """Write a regional network's month as one page, ready to mail: a single HTML file that prints on A4.

    Args:
        name: the network's name or id, as `dif sql "select network_id, name from reference.network"` lists them.
        out: where to; `rapport-<network_id>-<YYYY-MM>.html` in the working folder when not given.
        release: which release; the current one when not given.
        lang: nb or en.
        follow_up: a new .xlsx file: the network's whole call list as a form, for `dif register merge follow_up`.
    """
    return _write("network", name, out=out, release=release, lang=lang, follow_up=follow_up)


@command(None)
def municipality(
    name: str,
    /,
    *,
    payments: bool = False,
    out: Path | None = None,
    release: str | None = None,
    lang: Literal["nb", "en"] = "nb",
) -> Result:
    """Write a municipality's month as one page: what it has, uses, lacks, compared with similar, and whom to ask.

    Args:
        name: the municipality's number or name, such as 5601 or Alta.
        payments: with what it pays a year by service, beside the year before. Confidential then.
        out: where to; `rapport-<number>-<YYYY-MM>.html` in the working folder when not given.
        release: which release; the current one when not given.
        lang: nb or en.
    """
    return _write("municipality", name, out=out, release=release, lang=lang, payments=payments)


@command(None)
def product(
    name: str,
    /,
    *,
    month: str | None = None,
    out: Path | None = None,
    release: str | None = None,
    lang: Literal["nb", "en"] = "nb",
) -> Result:
    """Write a product's use and economy as one page, for its user council. Confidential: it shows the product's ledger.

    Args:
        name: the product's name or id, as `dif sql "select service, name_nb from reference.product"` lists them.
        month: the month it covers, such as 2026-10; the release's last one when not given.
        out: where to; `rapport-<service>-<YYYY-MM>.html` in the working folder when not given.
        release: which release; the current one when not given.
        lang: nb or en.
    """
    return _write("product", name, month=month, out=out, release=release, lang=lang)


@command(None)
def board(
    *,
    month: str | None = None,
    out: Path | None = None,
    release: str | None = None,
    lang: Literal["nb", "en"] = "nb",
) -> Result:
    """Write the board's page: economy, uptake, loans, what calls for a decision. Confidential: it shows the ledgers.

    Args:
        month: the month it covers, such as 2026-10; the release's last one when not given.
        out: where to; `rapport-styret-<YYYY-MM>.html` in the working folder when not given.
        release: which release; the current one when not given.
        lang: nb or en.
    """
    return _write("board", month=month, out=out, release=release, lang=lang)


def _write(
    kind: str,
    name: str = "",
    *,
    out: Path | None,
    release: str | None,
    lang: str,
    month: str | None = None,
    follow_up: Path | None = None,
    payments: bool = False,
) -> Result:
    """Write a report in the dashboards' process, and say where it is.

    Raises:
        BadOption: the file's suffix promises another format than HTML, such as .pdf.
        SharingError: the process reported it.
    """
    if out and out.suffix.lower() not in _FORMS:
        expected = f"a file that ends in {' or '.join(_FORMS)}; for a PDF, open it in a browser and print it to PDF"
        raise BadOption("--out", str(out), expected)
    settings, here = load(), Path.cwd()
    argv = [sys.executable, "-P", "-m", "dashboards.reports", "--home", str(settings.home), "--folder", str(here)]
    argv += ["--lang", lang]
    options = {
        "--release": release,
        "--month": month,
        "--out": out and here / out,
        "--follow-up": follow_up and here / follow_up,
    }
    argv += [word for option, value in options.items() if value for word in (option, str(value))]
    argv += ["--payments"] if payments else []
    # it starts in our folder, to read the same `dif.toml`; PYTHONPATH finds the code
    own = environment({"PYTHONPATH": str(PROJECT)})
    done = subprocess.run([*argv, "--", kind, name], capture_output=True, text=True, check=False, env=own)
    answer = _answer(done)
    if "problem" in answer:
        error = SharingError(answer["problem"], answer["mend"])
        error.exit_code = int(answer["exit_code"])
        raise error
    lines = [f"{answer['report']}: {answer['about']}, {answer['month']}, release {answer['release']}."]
    if "form" in answer:
        lines.append(f"{answer['form']}: {counted(int(answer['calls']), 'row')} to fill in. When it comes back:")
        lines.append(f'  dif register merge follow_up {answer["form"]} --by FUNCTION --reason "…"')
    return Result(lines=lines)


def _answer(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    """The process's answer: what it wrote, or what was wrong.

    Raises:
        RuntimeError: it ended without an answer.
    """
    lines = done.stdout.splitlines()
    if not lines:
        last = done.stderr.strip().splitlines()
        raise RuntimeError(last[-1] if last else f"the report's process exited with {done.returncode}")
    answer: dict[str, str] = json.loads(lines[-1])
    return answer
