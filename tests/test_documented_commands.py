"""Every command of README.md, CONTRIBUTING.md and docs/ is run as a reader would run it, or is listed with a reason.

A block of `sh`, `python` or `sql` is run, and so is one without a label; a drawing is labelled `text`.
"""

from __future__ import annotations

import http.client
import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cyclopts import MissingArgumentError

from catalog.errors import SharingError
from catalog.tables.streams import STREAMS
from pipelines.cli.main import app
from tests.pipelines import conftest as shared
from tests.thorough import some
from transport.base.settings import PROJECT
from transport.client import Client
from transport.ingest.sample import sample

# The home with a release, and the command line, are those of tests/pipelines.
published, traffic, command = shared.published, shared.traffic, shared.command

PAGES = ("README.md", "CONTRIBUTING.md", *sorted(f"docs/{p.name}" for p in (PROJECT / "docs").glob("*.md")))
SHELL = {"", "sh", "bash", "shell", "console", "crontab"}
RUN = SHELL | {"python", "sql"}
NOT_COMMANDS = {
    "text": "a drawing",
    "toml": "settings",
    "json": "an answer",
    "kotlin": "the page says that it was not compiled",
    "java": "tests/transport/test_other_languages.py",
    "csharp": "tests/transport/test_other_languages.py",
}
BIN = Path(sys.executable).parent
DIF = [sys.executable, "-c", "from pipelines.cli.main import main; main()"]

JOURNEYS = {
    "whoever looks": ("README.md", "docs/contracts.md", "docs/ledger-example.md"),
    # first on one's own machine, where no token is needed; then with tokens
    "producer and analyst": (
        *("docs/send-data.md", "docs/read-data.md", "docs/access.md"),
        *("docs/send-data.md", "docs/read-data.md", "docs/operator.md"),
    ),
    "operator": ("docs/restore.md",),
}
"""Who reads which pages, in order."""
TOKEN_OF = {"docs/send-data.md": "svarut", "docs/access.md": "svarut", "docs/read-data.md": "analyse"}
"""Whose token `$TOKEN` is, of those that docs/access.md adds."""


@dataclass(frozen=True)
class Listed:
    """Why a command is not run with the others, and the test that runs it (all or part); none: nothing does."""

    why: str
    by: str | None


ROOT = Listed("needs root and systemd", "tests/test_deploy.py")
EXAMPLE = Listed("makes a home of its own", "test_the_worked_example_can_be_followed")
OTHERS = Listed("runs in an environment of its own", "tests/pipelines/cli/test_share.py")
FRESH = Listed("sets up a fresh checkout", "test_a_fresh_checkout_does_what_the_pages_say")
LISTED = {
    ("README.md", "make run"): FRESH,
    ("README.md", "make test"): Listed("is what runs this", None),
    ("README.md", ".venv/bin/dif serve dashboards"): FRESH,
    ("README.md", "make up"): Listed("starts every server, on the usual ports", "tests/pipelines/cli/test_up.py"),
    ("docs/dagster.md", '"""The organisations that send most."""'): Listed(
        "a module", "tests/pipelines/orchestration/test_lake_io.py"
    ),
    ("docs/dagster.md", "import json"): Listed("loads Great Expectations", "tests/pipelines/quality/test_engine.py"),
    ("docs/send-data.md", ".venv/bin/dif push operational_message messages.csv --check"): Listed(
        "needs a right of its own", "tests/pipelines/run/test_bad_input.py"
    ),
    ("docs/saf-t.md", "dif"): Listed("needs an export of accounts", "tests/pipelines/cli/test_send.py"),
    ("docs/telemetry.md", "import hashlib"): Listed("names a trace", "tests/transport/test_traces.py"),
    ("docs/ehf.md", "dif"): Listed("needs invoices and a seller", "tests/pipelines/cli/test_invoice_ehf.py"),
    ("docs/erasure.md", ".venv/bin/dif"): Listed("erases", "tests/pipelines/cli/test_erase.py"),
    ("docs/first-month.md", "dif"): Listed(
        "ends with 1 while something lacks", "tests/pipelines/cli/test_first_month.py"
    ),
    ("docs/ledger-example.md", "export DIF_HOME=$HOME/regneeksempel"): EXAMPLE,
    ("docs/ledger-example.md", "for s in adoption invoice_line cost_entry loan_entry measurement; do"): EXAMPLE,
    ("docs/ledger-example.md", "for r in price_rule cost_mapping project; do"): EXAMPLE,
    ("docs/ledger-example.md", ".venv/bin/dif run"): EXAMPLE,
    ("docs/operator.md", "useradd"): ROOT,
    ("docs/operator.md", "install"): ROOT,
    ("docs/operator.md", "systemctl"): ROOT,
    ("docs/operator.md", "cd /etc/dif && /opt/dif/.venv/bin/dif run"): Listed(
        "takes half a minute", "test_a_restored_home_is_made_anew"
    ),
    ("docs/read-data.md", "import delta_sharing"): OTHERS,
    ("docs/read-data.md", ".venv/bin/marimo edit docs/municipality_year.py -- --home data --municipality 1580"): FRESH,
    ("docs/read-data.md", "openssl"): Listed("needs a signed release", "tests/transport/releases/test_signing.py"),
    ("docs/read-data.md", "sha256sum"): Listed("needs a signed release", "tests/transport/releases/test_signing.py"),
    ("docs/read-data.md", "cat"): Listed("needs a signed release", "tests/transport/releases/test_signing.py"),
    ("docs/restore.md", ".venv/bin/dif run --full"): Listed("takes half a minute", "test_a_restored_home_is_made_anew"),
}
"""By page and command, or its first word, or a block's first line."""

PLACEHOLDER = (
    r"…|\b(?:ADDRESS|BACKUP|BATCH|DIR|ELSEWHERE|FILE|FOLDER|FUNCTION|NAME|NUMBER|PRODUCER|SERVICE|STREAM|TEXT)\b"
)
_BUCKET = "s3://bucket"
OTHERWISE = {
    "dif alerts --test": Listed("needs a channel", "tests/transport/test_alerts.py"),
    "dif erase": Listed("erases", "tests/pipelines/cli/test_erase.py"),
    "dif first-month": Listed("ends with 1 while something lacks", "tests/pipelines/cli/test_first_month.py"),
    "dif period close 2026-Q3": Listed("a quarter that is over", "tests/pipelines/cli/test_period.py"),
    "dif quarantine replay": Listed("takes seconds", "tests/pipelines/cli/test_replay.py"),
    "dif rebuild": Listed("takes half a minute", "tests/pipelines/cli/test_cli.py"),
    "dif release promote": Listed("needs a reason", "tests/pipelines/run/test_room.py"),
    "dif release rollback": Listed("needs two releases", "tests/pipelines/cli/test_cli.py"),
    "dif report": Listed("takes seconds", "tests/pipelines/cli/test_report.py"),
    "dif restore /mnt/backup/dif": Listed("needs an empty home", "tests/pipelines/cli/test_care.py"),
    "dif move": Listed("needs another place", "tests/pipelines/run/test_shared.py"),
    f"dif move --landing-url {_BUCKET}/landing --lake-url {_BUCKET}/lake --releases-url {_BUCKET}/releases": Listed(
        "needs object storage", "tests/pipelines/run/test_shared.py"
    ),
    "dif run": Listed("takes half a minute", "test_a_restored_home_is_made_anew"),
    "dif serve": FRESH,
    "dif up": Listed("does not end by itself", "tests/pipelines/cli/test_up.py"),
    "dif subscribe send": Listed("needs a mail server", "tests/dashboards/subscriptions/test_sending.py"),
    "dif trace ledger cost_entry/B1": Listed("needs this entry", "tests/pipelines/cli/test_trace.py"),
    "dif trace ledger invoice_line/1004/1": EXAMPLE,
    "dif trace receipt": Listed("needs a record of the ledger", "tests/pipelines/cli/test_trace.py"),
}
"""Within a sentence, by how they begin: whole commands that no reader runs here."""


@dataclass(frozen=True)
class Snippet:
    """What a page tells the reader to run: one command, or a block of Python or SQL."""

    page: str
    line: int
    language: str
    text: str
    comment: str = ""

    @property
    def name(self) -> str:
        return self.text.partition("\n")[0]

    @property
    def listed(self) -> tuple[str, str] | None:
        """Its place in the list of what is not run here."""
        names = ((self.page, self.name), (self.page, self.name.split()[0]))
        return next((name for name in names if name in LISTED), None)

    def __str__(self) -> str:
        return f"{self.page}:{self.line}: {self.name}"


def snippets(page: str) -> Iterator[Snippet]:
    """All of a page, in order."""
    text = (PROJECT / page).read_text("utf-8")
    for found in re.finditer(r"^( *)```(\S*)[^\n]*\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL):
        language, block, line = found[2], found[3], text[: found.start()].count("\n") + 2
        assert language in RUN | set(NOT_COMMANDS), f"{page}:{line - 1}: what is `{language}`?"
        if language in SHELL:
            yield from _commands(page, line, language, block)
        elif language in RUN:
            yield Snippet(page, line, language, block)


def _commands(page: str, first: int, language: str, block: str) -> Iterator[Snippet]:
    """The commands of a block; a loop, and lines that a backslash joins, are one."""
    held: list[str] = []
    for number, line in enumerate(block.splitlines(), first):
        said = line.removeprefix("$ ")
        if language == "crontab":
            said = said.split(maxsplit=5)[5]
        held.append(said)
        if said.endswith("\\") or (held[0].startswith("for ") and said != "done"):
            continue
        whole = "\n".join(held).replace("\\\n", " ")
        text, _, comment = re.sub(r"\s+(?=# )", "\0", whole, count=1).partition("\0")
        if text.strip():
            yield Snippet(page, number - len(held) + 1, language, text.strip(), comment.removeprefix("# "))
        held = []


EVERY = [snippet for page in PAGES for snippet in snippets(page)]


@dataclass
class Reader:
    """Someone in a folder where `data` is a home with a release, who runs what the pages say."""

    folder: Path
    home: Path
    command: Callable[..., tuple[int, str, str]]
    monkeypatch: pytest.MonkeyPatch
    ending: ExitStack
    places: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    names: dict[str, Any] = field(default_factory=dict)
    token: str = ""

    def read(self, page: str, *, listed: bool = False) -> None:
        """Run what the page says, in a folder of its own; what is listed too, where it can be."""
        here = self.folder / str(len(list(self.folder.iterdir())))
        here.mkdir()
        for name, target in (("data", self.home), ("docs", PROJECT / "docs")):
            (here / name).symlink_to(target)
        self.monkeypatch.chdir(here)
        self.places |= {"/etc/dif": str(here)}
        self.token = self.tokens.get(TOKEN_OF.get(page, ""), "")
        self.names = {"TOKEN": self.token}
        self.have_what_the_page_supposes(page, here)
        for snippet in snippets(page):
            if listed or not snippet.listed:
                try:
                    self.run(snippet)
                except BaseException as problem:
                    problem.add_note(str(snippet))
                    raise

    def have_what_the_page_supposes(self, page: str, here: Path) -> None:
        """Batches of the reader's own, and a refusal to look for."""
        rows = sample(STREAMS["dispatch"], 30)
        (here / "folder").mkdir()
        for name in ("states", "batch", "folder/one", "folder/two"):
            pq.write_table(rows.slice(10 if name.endswith("two") else 0), here / f"{name}.parquet")
        if page == "docs/operator.md":
            with (
                Client(self.places["grpc://127.0.0.1:8815"], token=self.tokens["svarut"]) as client,
                pytest.raises(SharingError) as refused,
            ):
                client.send("dispatch", "wrong", pa.table({"nothing": [1]}))
            self.places["REFERENCE"] = refused.value.reference

    def run(self, snippet: Snippet) -> None:
        text = self.placed(snippet.text)
        if snippet.language == "python":
            exec(compile(text, str(snippet), "exec"), self.names)
        elif snippet.language == "sql":
            self.sql(text)
        else:
            for part in text.split(" && "):
                self.shell(part, snippet)

    def placed(self, text: str) -> str:
        """What must differ from the page: addresses, folders, the ids of tokens."""
        for said, ours in self.places.items():
            text = text.replace(said, ours)
        return text

    def sql(self, text: str) -> None:
        """Ask as an analyst who opened the database and attached the ledgers."""
        release = self.home / "releases" / "current"
        with duckdb.connect(release / "dif.duckdb", read_only=True) as connection:
            connection.execute(f"attach '{release / 'ledger.duckdb'}' as ledger (read_only)")
            for statement in connection.extract_statements(text):
                connection.execute(statement).fetchall()

    def shell(self, text: str, snippet: Snippet) -> None:
        words = [word.replace("$TOKEN", self.token) for word in shlex.split(text)]
        program = Path(words[0]).name
        if program == "dif":
            self.dif(words[1:], snippet)
        elif program == "export":
            self.monkeypatch.setenv(*words[1].split("=", 1))
        elif program == "cd":
            self.monkeypatch.chdir(words[1])
        elif program == "curl" and shutil.which("curl"):
            done = subprocess.run(["curl", "-sS", "--fail-with-body", *words[1:]], capture_output=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
            assert done.stdout or "-o" in words
        elif program == "grep":
            assert subprocess.run(["sh", "-c", text], capture_output=True, check=True).stdout
        elif program == "curl":
            self.missing.add(program)
        else:
            pytest.fail(f"Say in Reader how `{program}` is run, or list the command in LISTED.")

    def dif(self, words: list[str], snippet: Snippet) -> None:
        if words[:2] == ["serve", "transport"]:
            self.serve(words)
            return
        code, out, err = self.command(*words)
        assert code == 0, out + err
        if words[0] == "push":
            self.push_said(out, snippet.comment)
        if words[:2] == ["token", "add"]:
            self.tokens[words[2]] = out.strip()
            self.token = self.tokens.get(TOKEN_OF[snippet.page], "")
            self.places |= {f"{words[2]}-1a2b": out.split("_")[1]}

    @staticmethod
    def push_said(out: str, comment: str) -> None:
        """The comment says how the batch was received."""
        said = {line.split()[0] for line in out.splitlines()[:1]}
        expected = {"a dry run": "checked"}.get(comment, comment.partition(":")[0])
        assert said == {expected if expected in {"checked", "accepted", "duplicate"} else "accepted"}

    def serve(self, words: list[str]) -> None:
        """Start the servers once, as the page says but for the ports."""
        if "grpc://127.0.0.1:8815" in self.places:
            return
        run = subprocess.Popen(
            [*DIF, *words, "--port", "0", "--http-port", "0"],
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.ending.callback(ended, run)
        assert run.stdout
        addresses = dict(run.stdout.readline().split() for _ in range(2))
        self.places |= {
            "grpc://127.0.0.1:8815": addresses["flight"],
            "http://127.0.0.1:8816": addresses["http"],
            "https://HOST": addresses["http"],
        }
        self.monkeypatch.setenv("DIF_SERVER", addresses["flight"])


def as_a_process(*words: str) -> tuple[int, str, str]:
    """A command of `dif` as a shell starts it."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    done = subprocess.run([*DIF, *words], env=environment, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def ended(run: subprocess.Popen[str]) -> None:
    run.terminate()
    run.wait(60)
    if run.stdout:
        run.stdout.close()


@pytest.fixture
def reader(
    published: shared.Home,
    command: Callable[..., tuple[int, str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Reader]:
    home = shared.copied(published.settings.home, tmp_path / "home", links=True).settings.home
    monkeypatch.setenv("DIF_HOME", str(home))
    monkeypatch.setenv("DIF_SETTLE_SECONDS", "0")
    (tmp_path / "reads").mkdir()
    with ExitStack() as ending:
        places = {"/mnt/backup/dif": str(tmp_path / "backup")}
        yield Reader(tmp_path / "reads", home, command, monkeypatch, ending, places)


def test_every_command_is_run_by_a_reader_or_listed() -> None:
    read = {page for pages in JOURNEYS.values() for page in pages}
    assert [str(s) for s in EVERY if s.page not in read and not s.listed] == []


def test_every_listed_command_is_still_on_its_page() -> None:
    assert set(LISTED) - {s.listed for s in EVERY} == set()


def test_what_is_listed_is_run_elsewhere_and_is_a_command_there_is() -> None:
    for by in {listed.by for listed in (*LISTED.values(), *OTHERWISE.values()) if listed.by}:
        assert by in globals() or (PROJECT / by).is_file(), by
    for snippet in EVERY:
        if snippet.listed and snippet.language in SHELL:
            subprocess.run(["sh", "-n", "-c", snippet.text], check=True, capture_output=True)
            parsed(snippet.text.rpartition(" && ")[2].partition(" || ")[0])


def parsed(text: str) -> bool:
    """See that `dif` has such a command and options, or make the target; whether it is whole, and not only named."""
    words = shlex.split(text)
    while "=" in words[0]:
        words = words[1:]
    if words[0] == "make":
        targets = [w for w in words[1:] if not w.startswith("-") and "=" not in w]
        subprocess.run(["make", "--dry-run", *targets], cwd=PROJECT, check=True, capture_output=True)
    elif Path(words[0]).name == "dif":
        try:
            app.parse_args(words[1:], exit_on_error=False, print_error=False)
        except MissingArgumentError:
            return False
    return not re.search(PLACEHOLDER, text)


def inline(page: str) -> set[str]:
    """The commands of `dif` and make within the sentences and tables of a page."""
    prose = re.sub(r"^( *)```.*?^\1```", "", (PROJECT / page).read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    said = (" ".join(words.split()) for words in re.findall(r"`([^`]+)`", prose))
    return {words for words in said if re.match(r"(DIF_\w+=\S+ )?(\.venv/bin/)?(dif|make) ", words)}


def test_every_command_within_a_sentence_is_one_there_is_and_runs_where_it_is_whole(reader: Reader) -> None:
    reader.monkeypatch.chdir(reader.folder)
    said = (text for page in PAGES if page != "docs/commands.md" for text in inline(page))  # it names, and tells
    asked = {text.replace(".venv/bin/", "").replace("receipt NUMBER", "receipt 1") for text in said}
    elsewhere = set()
    for text in sorted(asked):
        whole = parsed(text)
        otherwise = {how for how in OTHERWISE if re.search(rf"\b{re.escape(how)}(?: |$)", text)}
        elsewhere |= otherwise
        if whole and not otherwise and text.startswith("dif "):
            code, out, err = reader.command(*shlex.split(reader.placed(text))[1:])
            assert (text, code, err if code else "") == (text, 0, "")
            assert out or err, text
    assert elsewhere == set(OTHERWISE)


@pytest.mark.parametrize(
    "who",
    some(JOURNEYS, ["whoever looks"], "a hundred commands, most against servers; each command has tests of its own"),
)
def test_a_reader_can_run_what_the_pages_say(reader: Reader, who: str) -> None:
    for page in JOURNEYS[who]:
        reader.read(page)
    if reader.missing:
        pytest.skip(f"not run: {', '.join(reader.missing)}")


@pytest.mark.slow("a run of all, after a damage that takes the backup to repair")
def test_a_restored_home_is_made_anew(reader: Reader) -> None:
    """All of docs/restore.md in order, on a home where a batch is gone after the backup; then the night's crontab."""
    lost = next((reader.home / "landing").glob("dispatch/*/*.parquet"))
    asked: list[str] = []
    whole = reader.command

    def after_the_backup(*words: str) -> tuple[int, str, str]:
        if words == ("doctor",):
            lost.unlink()
            code, out, err = whole(*words)
            assert (code, lost.name in out) == (1, True)  # it names what is gone
            return 0, out, err
        if words == ("doctor", "--mend"):
            code, out, err = whole(*words)
            assert code == 1  # neither twin nor mirror has it
            return 0, out, err
        asked.append(words[0])
        return as_a_process(*words) if words[0] == "run" else whole(*words)

    reader.command = after_the_backup
    reader.read("docs/restore.md", listed=True)
    assert lost.is_file()
    assert asked == ["backup", "backup", "doctor", "run"]
    reader.command = as_a_process
    crontab = [s for s in snippets("docs/operator.md") if s.language == "crontab"]
    assert len(crontab) == 3
    for snippet in crontab:
        reader.run(snippet)


@pytest.mark.slow("two runs; tests/pipelines/run/test_ledger_example.py compares the answers")
def test_the_worked_example_can_be_followed(
    command: Callable[..., tuple[int, str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "docs").symlink_to(PROJECT / "docs")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "dif").symlink_to(BIN / "dif")
    page = list(snippets("docs/ledger-example.md"))
    script = "\n".join(s.text for s in page if s.language == "sh")
    environment = {**os.environ, "HOME": str(tmp_path), "DIF_SETTLE_SECONDS": "0"}
    subprocess.run(["sh", "-eu", "-c", script], cwd=tmp_path, env=environment, check=True, capture_output=True)
    monkeypatch.setenv("DIF_HOME", str(tmp_path / "regneeksempel"))
    for snippet in page:
        if snippet.language == "sql":
            code, out, err = command("sql", snippet.text)
            assert (code, bool(out)) == (0, True), f"{snippet}: {err}"
    code, out, err = command("trace", "ledger", "invoice_line/1004/1")
    assert (code, "eksempel" in out) == (0, True), err


def in_checkout(folder: Path, *words: str) -> str:
    """What a command prints, in an environment that says nothing of ours."""
    told = {"DIF_", "PYTEST", "VIRTUAL_ENV", "PYTHON", "MAKE"}
    environment = {k: v for k, v in os.environ.items() if not k.startswith(tuple(told))}
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.timeout(1800)
@pytest.mark.slow("installs every package anew, twice")
def test_a_fresh_checkout_does_what_the_pages_say(tmp_path: Path) -> None:
    """README's commands; the Python of docs with what `make setup` installs; the notebook after `make setup-dev`."""
    files = in_checkout(PROJECT, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    for name in filter(lambda name: name and (PROJECT / name).is_file(), files):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / name, tmp_path / name)
    in_checkout(tmp_path, "make", "run")
    for snippet in snippets("README.md"):
        if snippet.text.startswith((".venv/bin/dif sql", ".venv/bin/dif status")):
            assert in_checkout(tmp_path, "sh", "-c", snippet.text)
    command = [".venv/bin/dif", "serve", "dashboards", "--port", "0"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as run:
        try:
            assert run.stdout
            assert answers(run.stdout.readline().strip())
        finally:
            run.terminate()
    for page in PAGES:
        for snippet in snippets(page):
            if snippet.language == "python" and (snippet.listed is None or LISTED[snippet.listed] is not OTHERS):
                imports = [line for line in snippet.text.splitlines() if line.startswith(("import ", "from "))]
                in_checkout(tmp_path, ".venv/bin/python", "-c", "\n".join(imports))
    in_checkout(tmp_path, "make", "setup-dev")
    for snippet in snippets("docs/read-data.md"):
        if " edit " in snippet.text:
            text = snippet.text.replace(" edit ", " export html ").replace(" -- ", " --output year.html -- ")
            in_checkout(tmp_path, "sh", "-c", text)
    assert "Et år i en kommune" in (tmp_path / "year.html").read_text("utf-8")
    in_checkout(tmp_path, ".venv/bin/dg", "list", "defs", "--json")
    in_checkout(tmp_path, ".venv/bin/python", "docs/uptake_forecast.py")
    [asset] = (snippet for snippet in snippets("docs/dagster.md") if "@dg.asset" in snippet.text)
    (tmp_path / "pipelines" / "analyses" / "busiest.py").write_text(asset.text, "utf-8")
    [make] = re.findall(r"`(dagster asset materialize [^`]+)`", (PROJECT / asset.page).read_text("utf-8"))
    in_checkout(tmp_path, *f".venv/bin/{make}".split())
    assert (tmp_path / "data" / "lake" / "analyses" / "busiest_organisations").is_dir()


def answers(address: str) -> bool:
    """Whether a page comes from there; a server that has told its address may still be starting."""
    place = urlsplit(address)
    for _ in range(600):
        with suppress(OSError), closing(http.client.HTTPConnection(place.netloc, timeout=60)) as connection:
            connection.request("GET", "/")
            return connection.getresponse().status == 200
        time.sleep(0.1)
    return False
