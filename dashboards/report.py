"""The report of a regional network: one page to mail on the first of the month. One HTML file with all that it needs.

`python -m dashboards.report NAME …` writes it; `dif report network` is the way people call it. It asks the release with
the pages' SQL files and says it with the pages' words, without the pages' server: nothing of Streamlit is loaded.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from catalog.errors import BadOption, SharingError, UnknownName, WrongUse
from dashboards import findings, wording
from dashboards import release as releases
from dashboards.answers import CALLS, GAPS, Area, Call, CurvePoint, Declined, Funnel, Lacking, Supplier, sql
from dashboards.report_facts import Facts, Shown, Standing
from dashboards.report_form import write_form
from dashboards.report_page import page
from dashboards.report_texts import ReportWords
from transport import settings
from transport.release import Releases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.release import Attempt, Release
    from transport.settings import Settings

_NEEDED = ("uptake.network_month", *CALLS)


# ── What the release says ────────────────────────────────────────────────────────────────────────────────────────────


class _Asked:
    """A release's database, read-only, asked by the pages' SQL files."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection

    def rows(self, name: str, **parameters: object) -> list[dict[str, Any]]:
        """The rows of the question `name`."""
        answer = self._connection.sql(sql(name, gaps=GAPS in self.datasets), params=parameters or None)
        rows: list[dict[str, Any]] = answer.to_arrow_table().to_pylist()
        return rows

    @cached_property
    def datasets(self) -> frozenset[str]:
        """What the release has of uptake and quality."""
        return frozenset(row[0] for row in self._connection.sql(sql("datasets")).fetchall())


@contextmanager
def _opened(release: Release) -> Iterator[_Asked]:
    limits: dict[str, str | bool | int | float | list[str]] = {"threads": 2, "enable_external_access": False}
    with duckdb.connect(str(release.database), read_only=True, config=limits) as connection:
        yield _Asked(connection)


def _release(given: Settings, name: str | None) -> tuple[Release, Attempt | None]:
    """The release of that name, or the current one and how the last run went.

    Raises:
        UnknownName: there is none of that name.
        WrongUse: there is none at all.
    """
    folder = given.releases
    if name is None or name == "current":
        found = releases.current(folder)
        if found is None:
            raise WrongUse("There is no release yet, so there is nothing to report.", "Make one: dif run.")
        return found, releases.last_attempt(folder)
    named = Releases(given).get(name)
    said = named.manifest
    through, checks = said.get("through_month"), said.get("checks")
    counted = checks if isinstance(checks, dict) else {}
    return releases.Release(
        name=str(said["release"]),
        folder=named.folder,
        published_at=datetime.fromisoformat(str(said["published_at"])),
        as_of=datetime.fromisoformat(str(said.get("as_of") or said["published_at"])),
        through_month=date.fromisoformat(str(through)) if through else None,
        synthetic=bool(said.get("synthetic")),
        passed=int(counted.get("passed", 0)),
        failed=int(counted.get("failed", 0)),
    ), None


def _network(asked: _Asked, name: str) -> Area:
    """The network of that id or name, in capitals or not, with what stands in brackets or without.

    Raises:
        UnknownName: there is none; the error names the nearest.
    """
    known = [
        Area(row["area_kind"], row["area"], row["name"], part=row["part"], certainty=row["certainty"])
        for row in asked.rows("areas")
        if row["area_kind"] == "NETWORK"
    ]
    sought = " ".join(name.split()).casefold()
    for one in known:
        if sought in (one.area.casefold(), one.name.casefold(), findings.short(one.name).casefold()):
            return one
    raise UnknownName("network", name, known=sorted({x for n in known for x in (n.area, findings.short(n.name))}))


def gather(given: Settings, name: str, release_name: str | None = None) -> Facts:
    """Ask the release for all that the report says.

    Args:
        given: where the releases are.
        name: of the network, or its id.
        release_name: which release; the current one when not given.

    Raises:
        UnknownName: there is no such network, or no such release.
        WrongUse: there is no release, or it is older than the datasets that the report rests on.
        Damaged: the pointer or the manifest is broken.
    """
    release, attempt = _release(given, release_name)
    with _opened(release) as asked:
        lacks = [t for t in _NEEDED if t not in asked.datasets]
        if lacks:
            raise WrongUse(
                f"Release {release.name} is older than {', '.join(lacks)}.", "Make one that has it: dif run."
            )
        network = _network(asked, name)
        month = release.through_month or release.as_of.astimezone(wording.OSLO).date().replace(day=1)
        here = {"area_kind": network.area_kind, "area": network.area}
        standings = [Standing(**row) for row in asked.rows("report_services", network=network.area, through=month)]
        of_all = {**here, "service": None}
        calls = [Call(**row) for row in asked.rows("calls", **of_all, month=month)]
        return Facts(
            release=release,
            attempt=attempt,
            network=network,
            month=month,
            members={row["code"]: row["name"] for row in asked.rows("members", **here)},
            standings=standings,
            calls=calls,
            suppliers=[Supplier(**row) for row in asked.rows("suppliers", **of_all)],
            declined=[Declined(**row) for row in asked.rows("declined", **of_all)],
            lacking=_lacking(asked, network, standings),
            shown=_shown(asked, network, standings, calls, month),
        )


def _lacking(asked: _Asked, network: Area, standings: Sequence[Standing]) -> list[Lacking] | None:
    """Members of whom a delivery is missing that tells of a measured service; None where the release does not know."""
    if GAPS not in asked.datasets:
        return None
    found: dict[str, Lacking] = {}
    for one in standings:
        if one.active_basis == "USE":
            here = {"area_kind": network.area_kind, "area": network.area}
            for row in asked.rows("lacking", service=one.service, **here, month=one.month):
                lack = Lacking(**row)
                kept = found.get(lack.municipality_code, lack)
                found[lack.municipality_code] = max(kept, lack, key=lambda one: one.missing_to)
    return list(found.values())


def _shown(
    asked: _Asked, network: Area, standings: Sequence[Standing], calls: Sequence[Call], until: date
) -> Shown | None:
    """The service that most rows of the call list are about, where the network has numbers of it; else the first."""
    if not standings:
        return None
    counted = Counter(one.service for one in calls)
    chosen = min(standings, key=lambda one: (-counted[one.service], one.name))
    area = {"area_kind": network.area_kind, "area": network.area}
    history = [Funnel(**row) for row in asked.rows("funnel", service=chosen.service, **area, month=chosen.month)]
    steps = asked.rows("registered_steps", service=chosen.service, month=chosen.month)
    points = [CurvePoint(**row) for row in asked.rows("curve", service=chosen.service, **area, through=until)]
    return Shown(chosen.service, chosen.name, history, frozenset(row["step"] for row in steps), points)


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def write(
    given: Settings, name: str, *, folder: Path, out: Path | None, form: Path | None, release: str | None, language: str
) -> dict[str, str]:
    """Write the report, and the form when it is asked for; gives what was written.

    Raises:
        BadOption: the form's name does not end in .xlsx, or there is a file of that name, which may be filled in.
        SharingError: as `gather`.
    """
    if form is not None and form.suffix.lower() != ".xlsx":
        raise BadOption("--follow-up", form.name, "a name that ends in .xlsx")
    if form is not None and form.exists():
        raise BadOption("--follow-up", form.name, "the name of a new file: the one that is there may be filled in")
    facts, words = gather(given, name, release), ReportWords(language)
    path = out or folder / f"rapport-{facts.network.area}-{facts.month:%Y-%m}.html"
    text = page(facts, words, contact=given.contact, form=form.name if form else "")
    path.write_text(text, "utf-8")
    if form is not None:
        write_form(facts, words, form)
    said = {"report": str(path), "network": facts.network.name, "release": facts.release.name}
    said |= {"month": f"{facts.month:%Y-%m}", "calls": str(len(facts.calls))}
    return said | ({"form": str(form)} if form else {})


def main(arguments: Sequence[str] | None = None) -> int:
    """Write one report; stdout is one JSON object: what was written, or what is wrong and the mend."""
    parser = argparse.ArgumentParser(prog="python -m dashboards.report", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("network")
    for option in ("--home", "--folder"):
        parser.add_argument(option, type=Path, required=True)
    for option in ("--out", "--follow-up"):
        parser.add_argument(option, type=Path)
    parser.add_argument("--release")
    parser.add_argument("--lang", default="nb")
    parser.add_argument("--contact", default="")
    asked = parser.parse_args(arguments)
    given = settings.load().but(home=asked.home, contact=asked.contact)
    try:
        said: dict[str, object] = dict(
            write(
                given,
                asked.network,
                folder=asked.folder,
                out=asked.out,
                form=asked.follow_up,
                release=asked.release,
                language=asked.lang,
            )
        )
        code = 0
    except SharingError as error:
        said, code = {**error.as_json(), "exit_code": error.exit_code}, error.exit_code
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        mend = "See that the folder is there, may be written and has room."
        said, code = {"problem": f"{error.strerror or error}{where}.", "mend": mend, "exit_code": 1}, 1
    sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
