"""What there is to tell a subscriber, from one release: figures of a new month, and what newly calls for a decision.

Everything that a mail shows is asked for as somebody with no more than the right to read. What calls for a decision in
the ledgers is looked up, but told without what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboards.release import reader as release_reader
from dashboards.release.authorization import EVERYTHING, Visitor
from dashboards.release.reader import ReleaseReader
from dashboards.shared import queries
from dashboards.shared.board.models import board_facts
from dashboards.shared.board.narrative import decisions
from dashboards.words import LANGUAGES, Words
from transport.auth.roles import Role
from transport.operations.subscriptions import Kind, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dashboards.release.query import Row
    from transport.releases.release import Release

READER: Final = Visitor("", frozenset({Role.READER}))
"""On whose behalf a mail is written: somebody who may see what everybody let in may see."""
COUNTRY: Final = "NO"
_COUNTRY: Final = {"area_kind": COUNTRY, "area": COUNTRY}
_AREAS: Final = {Kind.NETWORK: "NETWORK", Kind.COUNTY: "COUNTY"}


def open_for_all(release: Release) -> ReleaseReader:
    """The release, as everybody who is let in may read it."""
    return ReleaseReader(release, READER)


def subjects(reader: ReleaseReader) -> dict[Subject, str]:
    """What can be subscribed to in a release, by kind and name; the leadership's has no name here."""
    names = {Subject(Kind.SERVICE, s.service): s.name for s in queries.services(reader) if not s.external}
    kinds = {kind: name for name, kind in _AREAS.items()}
    names |= {Subject(kinds[a.area_kind], a.area): a.name for a in queries.areas(reader) if a.area_kind in kinds}
    return names | {Subject(Kind.MUNICIPALITY, row["code"]): row["name"] for row in reader.rows("members", **_COUNTRY)}


@dataclass(frozen=True, slots=True)
class Ended:
    """A subject that is no more: its name then, if it is known, and what it became."""

    name: str
    became: Mapping[Subject, str]


def ended(reader: ReleaseReader, subject: Subject) -> Ended:
    """What became of a subject that the release does not have: for a municipality, those that it is a part of now."""
    if subject.kind is not Kind.MUNICIPALITY:
        return Ended(subject.name, {})
    rows = reader.rows("successors", code=subject.name)
    became = {Subject(Kind.MUNICIPALITY, row["code"]): row["new_name"] for row in rows}
    return Ended(rows[0]["name"] if rows else subject.name, became)


def standings(reader: ReleaseReader, subject: Subject, month: date) -> list[Row]:
    """The figures of a service or an area in a month, by service; none where nobody observed it."""
    of_service = subject.kind is Kind.SERVICE
    area = _COUNTRY if of_service else {"area_kind": _AREAS[subject.kind], "area": subject.name}
    return reader.rows("subscribed", **area, service=subject.name if of_service else None, month=month)


def has(reader: ReleaseReader, subject: Subject, month: date) -> list[Row]:
    """Which products a municipality has in a month; those that nobody observed then are left out."""
    return reader.rows("subscribed_municipality", municipality=subject.name, month=month)


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that calls for a decision, by the rules of the overview and of the call list.

    Attributes:
        key: the same from one release to the next.
        service: the product's name.
        municipality: who has signed or is configured, and has not begun; empty for use without an annex.
    """

    key: tuple[str, ...]
    service: str = ""
    municipality: str = ""
    synthetic: bool = False


def matters(release: Release, subject: Subject) -> list[Matter]:
    """What calls for a decision about a subject, in the order in which it is told."""
    if subject.kind is Kind.LEADERSHIP:
        return _of_ledgers(release)
    reader = open_for_all(release)
    area = {"area_kind": _AREAS[subject.kind], "area": subject.name} if subject.kind in _AREAS else _COUNTRY
    service = subject.name if subject.kind is Kind.SERVICE else None
    municipality = subject.name if subject.kind is Kind.MUNICIPALITY else None
    calls = reader.rows("subscribed_calls", **area, service=service, municipality=municipality)
    matters = [
        Matter(("call", r["service"], r["municipality_code"]), r["name"], r["municipality"], r["synthetic"])
        for r in calls
    ]
    if service is None or release.through_month is None:
        return matters
    rows = reader.rows("without_annex", through=release.through_month)
    return [
        Matter(("annex", service), r["name"], "", r["synthetic"]) for r in rows if r["service"] == service
    ] + matters


def _of_ledgers(release: Release) -> list[Matter]:
    if release.through_month is None:
        return []
    ledgers = release_reader.has_ledgers(release)
    reader = ReleaseReader(release, EVERYTHING, ledger=ledgers)
    facts = board_facts(reader, release, None, release.through_month, ledgers=ledgers)
    return [Matter((each.kind, each.service or "")) for each in decisions(facts, Words(LANGUAGES[0]))]
