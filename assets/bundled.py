"""The real records bundled with the product, as batches of their streams: adoption events and operational messages.

Messages are one open source (`message_batch`). Adoption is three: the history of NAV's list of who receives digital
applications for social assistance (2018–2020), the same list as of May 2026, and the history of Altinn's list of
service owners (2019–2026). The published table `adoption_event_step` defines what each raw event means; nothing is
decided in code: an event that is no step has an empty step there.

Source: catalog/facts/README.md; docs/digisos-adoption.md compares the result with the source's own first dates.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pyarrow as pa

from catalog import facts
from catalog.errors import Damaged, UnknownName
from catalog.tables.streams import ADOPTION, OPERATIONAL_MESSAGE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_BETWEEN = "\x1f"
"""A separator that occurs in no field, so that different rows never join to the same text."""
MESSENGER = "ks-driftsmeldinger"
"""The producer of the bundled operational messages."""
_OSLO = ZoneInfo("Europe/Oslo")
_FILES: Mapping[str, str] = MappingProxyType(
    {
        "adoption_digisos_2018_2020": "nav-digisos-history",
        "adoption_digisos_manual_2026_05": "nav-digisos-list",
        "adoption_altinn3_2019_2026": "altinn-3-history",
    }
)
"""Table of raw events → its source in `adoption_source`. The table's name is also the batch's name."""


@dataclass(frozen=True, slots=True)
class _Raw:
    """A raw event of any source, in common fields. Empty text where the source has no value."""

    event: str
    occurred_at: datetime
    municipality_code: str = ""
    organisation_number: str = ""
    environment: str = ""
    office: str = ""
    note: str = ""


def adoption_batches() -> Iterator[tuple[str, str, pa.Table]]:
    """The real adoption events as batches: batch name, producer, table of stream `adoption`.

    Grain: one row per raw event that is a step of an organisation or a municipality; Altinn's own test organisations
    and placeholders are neither. Key: `event_id`, made from the raw row itself and its number among equal rows, so that
    the same facts always give the same ids. Rows are in the source's order. Nulls: `organisation_number` for Digisos
    (the source has NAV offices, not municipalities; the office is in `note`), `municipality_code` for Altinn (the
    source has organisations). The code is as reported, of whatever year.
    """
    for name, source_id in _FILES.items():
        source = _source(source_id)
        occurrences: Counter[str] = Counter()
        rows = []
        for raw in _raw(name):
            meaning = _meaning(source_id, raw)
            if not meaning["step"] or not (raw.organisation_number or raw.municipality_code):
                continue
            rows.append(
                {
                    "event_id": _event_id(source_id, raw, occurrences),
                    "service": source["service"],
                    "organisation_number": raw.organisation_number or None,
                    "municipality_code": raw.municipality_code or None,
                    "step": meaning["step"],
                    "occurred_at": raw.occurred_at,
                    "occurred_precision": meaning["precision"],
                    "source": source_id,
                    "note": raw.note or None,
                }
            )
        yield name, source["producer"], pa.Table.from_pylist(rows, schema=ADOPTION.schema)


def message_batch() -> tuple[str, str, pa.Table]:
    """The real operational messages: batch name, producer, table of stream `operational_message`.

    Grain: one row per message of the source, in its order. Each was reported when it was taken down, which is when the
    source's history had all of it. Nulls: `service` where the source names a whole application or several services.
    """
    rows = [
        {
            "application": row["application"],
            "service": row["service"] or None,
            "shown_from": _utc(row["shown_from"]),
            "shown_to": _utc(row["shown_to"]),
            "kind": row["kind"],
            "cause": row["cause"] or None,
            "reported_at": _utc(row["shown_to"]),
        }
        for row in facts.read(OPERATIONAL_MESSAGE.name)
    ]
    return OPERATIONAL_MESSAGE.name, MESSENGER, pa.Table.from_pylist(rows, schema=OPERATIONAL_MESSAGE.schema)


def observed_months(source_id: str) -> tuple[date, date]:
    """The first and the last month that a source observed; months outside are missing, not zero.

    Raises:
        UnknownName: the source is not in `adoption_source`.
    """
    source = _source(source_id)
    return date.fromisoformat(source["observed_from"]), date.fromisoformat(source["observed_to"])


def _raw(name: str) -> Iterator[_Raw]:
    for row in facts.read(name):
        if name == "adoption_digisos_2018_2020":
            number = row["office_organisation_number"]
            office = " ".join(row["office"].split())
            yield _Raw(
                row["event"],
                _utc(row["at"]),
                municipality_code=row["code_as_reported"],
                office=office,
                note=f"NAV-kontor {number}: {office}",
            )
        elif name == "adoption_digisos_manual_2026_05":
            yield _Raw(
                "LISTED",
                _last_moment(observed_months(_FILES[name])[1]),
                municipality_code=row["code_as_reported"],
                note=row["comment"],
            )
        else:
            yield _Raw(
                row["event"],
                _utc(row["at"]),
                organisation_number=row["organisation_number"],
                environment=row["environment"],
                note=" · ".join(filter(None, (row["name"], row["environment"]))),
            )


def _meaning(source_id: str, raw: _Raw) -> Mapping[str, str]:
    """The row of the published table that defines a raw event: the first that fits, narrow ones first."""
    for row in facts.read("adoption_event_step"):
        if (
            row["source"] == source_id
            and row["raw_event"] == raw.event
            and row["environment"] in ("", raw.environment)
            and row["office_contains"] in raw.office
        ):
            return row
    raise _unexplained(source_id, raw.event)


@cache
def _source(source_id: str) -> Mapping[str, str]:
    by_id = {row["source"]: row for row in facts.read("adoption_source")}
    if source_id not in by_id:
        raise UnknownName("source", source_id, choices=by_id)
    return by_id[source_id]


def _event_id(source_id: str, raw: _Raw, occurrences: Counter[str]) -> str:
    at = raw.occurred_at.isoformat()
    who = f"{raw.municipality_code}{_BETWEEN}{raw.organisation_number}{_BETWEEN}{raw.environment}{_BETWEEN}{raw.note}"
    text = f"{raw.event}{_BETWEEN}{at}{_BETWEEN}{who}"
    occurrences[text] += 1
    digest = hashlib.sha256(f"{text}{_BETWEEN}{occurrences[text]}".encode()).hexdigest()
    return f"{source_id}-{digest[:20]}"


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _last_moment(month: date) -> datetime:
    """The last second of a month in Oslo: the upper bound of an undated list seen in that month."""
    after = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
    return (datetime(after.year, after.month, 1, tzinfo=_OSLO) - timedelta(seconds=1)).astimezone(UTC)


def _unexplained(source_id: str, event: str) -> Damaged:
    return Damaged(
        f"The raw event {event!r} of source {source_id} is not mapped to a step.",
        "Add it to catalog/facts/adoption_event_step.csv.",
    )
