"""A day's dispatches as records of their state changes, in whole arrays: no loop runs over dispatches.

A record is a row of `RECORD`, in codes; `Writer` converts the records that arrive on a day to the stream's schema.
Memory is bounded by records that have not yet arrived: some twelve days of them, at some 100 bytes each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from assets.simulate import paths
from assets.simulate.connections import CODES, NULL, SERVICES
from assets.simulate.norwegian_year import DAY_US, moments, ordinal, oslo_us
from assets.simulate.paths import Delay
from assets.simulate.plan import Kind, month_after
from catalog.domain.calendar import working_days_after
from catalog.tables import streams

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assets.simulate.connections import Connections
    from assets.simulate.organisations import Organisation
    from assets.simulate.plan import Plan
    from assets.simulate.source_systems import SourceSystem

RECORD = np.dtype(
    [
        ("id_high", "u8"), ("id_low", "u8"), ("state_at", "i8"), ("created_at", "i8"), ("sent_at", "i8"),
        ("byte_count", "i8"), ("production_cost_ore", "i4"), ("postage_ore", "i4"),
        ("organisation", "i2"), ("account", "i2"), ("system", "i2"), ("supplier", "i2"), ("code", "i2"),
        ("document_count", "i2"), ("page_count", "i2"), ("sheet_count", "i2"), ("arrival", "i4"),
        ("state", "i1"), ("channel", "i1"), ("service", "i1"), ("type", "i1"), ("recipient", "i1"),
        ("digital_only", "?"), ("planted", "?"),
    ]
)  # fmt: skip
Records = npt.NDArray[Any]
"""A structured array of `RECORD`."""

TYPES = ("Vedtak", "Brev", "Faktura", "Innkalling", "Underretning", "Høring", "Referat", "Foreløpig svar")
_FAX, _UNKNOWN_STATE, _BAD_CODE, _BAD_PAGES = len(streams.CHANNELS), len(streams.STATES), CODES, -7
"""Codes outside the vocabularies, for planted rows that should be refused."""
_DIRT_EVERY, _FIRST_DIRT, _DIRT_KINDS = 2000, 777, 7
"""One dispatch in 2 000 is planted with dirt, which is some 0.03 % of the records."""
_FEWEST_FOR_CONFLICTS = 100
_LATE_PER_MILLE, _REPEATED_PER_MILLE, _CORRECTED_PER_MILLE = 15, 10, 3
_SECOND = 1_000_000
_TEN_MINUTES = 600 * _SECOND
_KILOBYTES_A_PAGE = 42
_PAGES = np.searchsorted(np.cumsum([90, 60, 34, 22, 16, 10, 8, 5, 4, 3, 2, 1, 1]), np.arange(256), side="right") + 1
_LETTER_ORE, _SHEET_ORE = 145, 48
_POSTAGE_ORE = np.array([0, 2350, 2350, 2350, 4700, 4700, 4700, 4700, 7050])
"""By number of sheets. Synthetic."""
_BILLING_CLASSES = 3
_GOLDEN = 0.6180339887498949
_DAYS_OF_ONE_START = 1000
"""The seed moves each day's start by at most so small a part of a dispatch; the golden ratio moves it evenly."""
_LEANING_OF = date(2025, 1, 1)
_LEANING_A_YEAR, _LEANING_YEARS = 12, 4
_DAYS_A_YEAR = 365.25
_HISTORY_DAY = 14
"""The day of the next month on which a month's history is sent."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The output of one day: its records, and how its dispatches are billed.

    Attributes:
        billed: the number of dispatches by organisation and billing class (see `paths.BILLED_AS`).
        counted: the total number of dispatches by organisation and service.
    """

    records: Records
    billed: npt.NDArray[np.int64]
    counted: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Senders:
    """What a dispatch inherits from its sender, and the number of organisations."""

    connections: Connections
    organisations: int


def conflicts(plan: Plan) -> tuple[int, ...]:
    """The dispatches, by number in the plan, whose last record has another account, organisation or creation time.

    Fields that should be constant differ, so each goes whole to quarantine. Too small a plan has none.
    """
    if plan.dispatches < _FEWEST_FOR_CONFLICTS:
        return ()
    wanted = (plan.dispatches // 7, plan.dispatches // 3, plan.dispatches // 2)
    return tuple(n + 1 if n % _DIRT_EVERY == _FIRST_DIRT else n for n in wanted)


def sent_on(plan: Plan, senders: Senders, day: date, n: int, first: int) -> Sent:
    """The records of the `n` dispatches created on a day, after the plan's first `first` dispatches.

    Order: by dispatch, then step, then the repeats and corrections.
    """
    random, history = plan.random(Kind.DISPATCH, ordinal(day)), plan.is_history(day)
    connections = senders.connections
    connection = _spread(connections.carried(day), n, day, random)
    service = connections.service[connection].astype(np.int64)
    draw, second = random.integers(0, paths.SHARES, (2, n))
    leans = connections.digital[connection] + _leaning_more(day) > random.integers(0, 256, n)
    path = paths.PATH_BY_SHARE[service, np.where(leans, np.minimum(draw, second), draw)].astype(np.int64)

    dispatches = _dispatches(connections, connection, path, day, random)
    when = _times(dispatches["created_at"], path, day, random)
    reported = _reported(when, path, plan, first, random, history=history)
    at, step = np.nonzero(reported)
    records = dispatches[at]
    records["state"] = paths.STATE_OF[path[at], step]
    records["channel"] = paths.CHANNEL_OF[path[at], step]
    records["state_at"] = when[at, step]
    _put_paper(records, path[at], random)
    opens = np.concatenate(([True], at[1:] != at[:-1])) if n else np.zeros(0, bool)
    _plant(records, at + first, opens, plan, senders, history=history)
    organisation = connections.organisation[connection].astype(np.int64)
    billed_as = paths.BILLED_AS[path]
    is_billed = billed_as != paths.NO_BILL
    return Sent(
        _of_history(records, day, random) if history else _arriving(records, opens, plan, random),
        _counts(organisation[is_billed], billed_as[is_billed], senders.organisations, _BILLING_CLASSES),
        _counts(organisation, service, senders.organisations, len(SERVICES)),
    )


def _spread(carried: npt.NDArray[np.int64], n: int, day: date, random: np.random.Generator) -> npt.NDArray[np.int64]:
    """The connections of a day's dispatches: evenly spaced over their loads, from a start that moves day by day.

    So a sender sends about as much each week, as real ones do: independent draws would leave small ones silent.
    """
    start = (random.random() / _DAYS_OF_ONE_START + ordinal(day) * _GOLDEN) % 1
    spaced = ((np.arange(n) + start) * (int(carried[-1]) / max(n, 1))).astype(np.int64)
    drawn: npt.NDArray[np.int64] = np.searchsorted(carried, np.minimum(spaced, carried[-1] - 1), side="right")
    return drawn


def _leaning_more(day: date) -> int:
    """How much more digital senders lean than at the beginning of 2025, out of 256: print falls slowly."""
    years = (day - _LEANING_OF).days / _DAYS_A_YEAR
    return round(_LEANING_A_YEAR * max(-_LEANING_YEARS, min(years, _LEANING_YEARS)))


def _counts(
    row: npt.NDArray[np.int64], column: npt.NDArray[np.int64], rows: int, columns: int
) -> npt.NDArray[np.int64]:
    return np.bincount(row * columns + column, minlength=rows * columns).reshape(rows, columns)


def _dispatches(
    connections: Connections,
    connection: npt.NDArray[np.int64],
    path: npt.NDArray[np.int64],
    day: date,
    random: np.random.Generator,
) -> Records:
    """The fields that are the same in all records of a dispatch."""
    n = connection.size
    records = np.zeros(n, RECORD)
    high, low = random.integers(0, 2**64, (2, n), dtype=np.uint64)
    records["id_high"] = (high & np.uint64(0xFFFFFFFFFFFF0FFF)) | np.uint64(0x4000)
    records["id_low"] = (low & np.uint64(0x3FFFFFFFFFFFFFFF)) | np.uint64(0x8000000000000000)
    records["created_at"] = moments(day, n, random)
    for name in ("organisation", "account", "system", "supplier", "code", "service"):
        records[name] = getattr(connections, name)[connection]
    usual = random.integers(0, 10, n) < 7  # noqa: PLR2004 - of ten, what a connection sends mostly
    records["type"] = np.where(usual, connections.main_type[connection], random.integers(0, len(TYPES), n))
    records["recipient"] = paths.RECIPIENT_OF[path]
    records["digital_only"] = paths.DIGITAL_ONLY[path]
    pages = _PAGES[random.integers(0, 256, n)]
    records["document_count"] = 1 + (random.integers(0, 100, n) < 22) * random.integers(1, 4, n)  # noqa: PLR2004
    records["byte_count"] = pages * _KILOBYTES_A_PAGE * 1024 + random.integers(2_000, 90_000, n)
    records["page_count"] = np.where(records["service"] == SERVICES.index("fiks-io"), NULL, pages)
    records["sheet_count"] = records["production_cost_ore"] = records["postage_ore"] = NULL
    return records


def _times(
    created: npt.NDArray[np.int64], path: npt.NDArray[np.int64], day: date, random: np.random.Generator
) -> npt.NDArray[np.int64]:
    """The time when each dispatch enters each step of its path; missing steps repeat the last time."""
    deadline_day = working_days_after(day, 2)
    deadline = oslo_us(deadline_day, 18)
    starts = {
        Delay.AT_DEADLINE: deadline,
        Delay.PRINTER: oslo_us(working_days_after(day, 1), 6),
        Delay.PRINTER_AFTER_DEADLINE: oslo_us(working_days_after(deadline_day, 1), 6),
    }
    begins = np.zeros(len(Delay), np.int64)
    for delay, moment in starts.items():
        begins[delay] = moment
    when = np.empty((created.size, paths.STEPS), np.int64)
    now = created
    for k in range(paths.STEPS):
        delay = paths.DELAY_OF[path, k]
        chance = random.integers(0, 65536, created.size)
        quantile = chance >> 6
        below, above = paths.DELAYS[delay, quantile], paths.DELAYS[delay, quantile + 1]
        waited = below + ((above - below) * (chance & 63) >> 6)
        then = np.maximum(now, begins[delay]) + waited
        then = np.where(delay == Delay.BEFORE_DEADLINE, now + ((deadline - now) >> 16) * chance, then)
        now = when[:, k] = np.where(delay < 0, now, then)
    return when


def _reported(
    when: npt.NDArray[np.int64],
    path: npt.NDArray[np.int64],
    plan: Plan,
    first: int,
    random: np.random.Generator,
    *,
    history: bool,
) -> npt.NDArray[np.bool_]:
    """Which steps are reported: the last and some of those before; at least one per dispatch.

    Of history, the last and the step that delivered.
    """
    if history:
        reported = paths.ENDS_OR_DELIVERS[path]
    else:
        reported = random.integers(0, 65536, when.shape) < paths.REPORTED_OF[path]
    conflicting = np.array([n - first for n in conflicts(plan) if first <= n < first + path.size], dtype=np.int64)
    reported[conflicting] = paths.STATE_OF[path[conflicting]] >= 0
    if plan.until is not None:
        reported &= when < oslo_us(plan.until)
        reported[:, 0] |= ~reported.any(axis=1)
    return reported


def _put_paper(records: Records, path: npt.NDArray[np.int64], random: np.random.Generator) -> None:
    """Set sheets from the time it goes to print, cost and postage when it is printed."""
    state = records["state"]
    printed = state == streams.STATES.index("PRINTET")
    on_paper = printed | (state == streams.STATES.index("SENDT_PRINT"))
    sheets = (records["page_count"].astype(np.int64) + 1) // 2
    records["sheet_count"] = np.where(on_paper, sheets, NULL)
    spread = random.integers(0, 30, path.size)
    records["production_cost_ore"] = np.where(printed, _LETTER_ORE + _SHEET_ORE * sheets + spread, NULL)
    records["postage_ore"] = np.where(printed, _POSTAGE_ORE[np.clip(sheets, 0, _POSTAGE_ORE.size - 1)], NULL)


def _plant(
    records: Records,
    number: npt.NDArray[np.int64],
    opens: npt.NDArray[np.bool_],
    plan: Plan,
    senders: Senders,
    *,
    history: bool,
) -> None:
    """Plant dirt that the stream's rules refuse, though not in history, and conflicts, which they accept.

    Fields that all records of a dispatch must share are corrupted in all of them, others in the last only.
    """
    closes = np.concatenate((opens[1:], [True])) if opens.size else opens
    for at in np.flatnonzero(np.isin(number, conflicts(plan)) & closes):
        match conflicts(plan).index(int(number[at])):
            case 0:
                records["account"][at] = (records["account"][at] + 1) % len(senders.connections.account_ids)
            case 1:
                records["organisation"][at] = (records["organisation"][at] + 1) % senders.organisations
            case _:
                records["created_at"][at] -= _SECOND
    dirty = (number % _DIRT_EVERY == _FIRST_DIRT) & (not history)
    kind = np.where(dirty, number // _DIRT_EVERY % _DIRT_KINDS, NULL)
    whole, last = dirty, dirty & closes
    records["planted"] = np.where(kind <= 1, whole, last)
    records["organisation"] = np.where(kind == 0, senders.organisations, records["organisation"])
    if opens.size:
        ends = records["state_at"][closes][np.cumsum(opens) - 1]
        records["created_at"] = np.where(kind == 1, ends + _SECOND, records["created_at"])
    records["channel"] = np.where((kind == 2) & last, _FAX, records["channel"])  # noqa: PLR2004 - the kinds of dirt
    records["page_count"] = np.where((kind == 3) & last, _BAD_PAGES, records["page_count"])  # noqa: PLR2004
    printed = (kind == 4) & last  # noqa: PLR2004
    records["state"] = np.where(printed, streams.STATES.index("PRINTET"), records["state"])
    records["digital_only"] |= printed
    records["code"] = np.where((kind == 5) & last, _BAD_CODE, records["code"])  # noqa: PLR2004
    records["state"] = np.where((kind == 6) & last, _UNKNOWN_STATE, records["state"])  # noqa: PLR2004


def _arriving(records: Records, opens: npt.NDArray[np.bool_], plan: Plan, random: np.random.Generator) -> Records:
    """Set when each record is sent and the day of its batch; add repeats and corrections in later batches."""
    n = records.size
    records["sent_at"] = records["state_at"] + random.integers(0, _TEN_MINUTES, n)
    chance = random.integers(0, 1000, n)
    late = np.where(chance < _LATE_PER_MILLE, random.integers(1, 8, n), 0)
    records["arrival"] = records["state_at"] // DAY_US + 1 + late
    again = records[random.integers(0, 1000, n) < _REPEATED_PER_MILLE]
    again["arrival"] += random.integers(1, 6, again.size, dtype=np.int32)
    mended = records[random.integers(0, 1000, n) < _CORRECTED_PER_MILLE]
    mended["arrival"] += random.integers(1, 10, mended.size, dtype=np.int32)
    mended["page_count"] = np.where(mended["page_count"] == NULL, 1, mended["page_count"] + 1)
    if plan.until is None:
        return np.concatenate((records, again, mended))
    last = ordinal(plan.until)
    # A dispatch's first record arrives in time, so that a plan sends as many dispatches as requested.
    records["arrival"] = np.where(opens, np.minimum(records["arrival"], last), records["arrival"])
    everything = np.concatenate((records, again, mended))
    return everything[everything["arrival"] <= last]


def _of_history(records: Records, day: date, random: np.random.Generator) -> Records:
    """Send a day's records with the history of its month, or of the next where they end too late for it."""
    records["sent_at"] = records["state_at"] + random.integers(0, _TEN_MINUTES, records.size)
    month = day.replace(day=1)
    first, second = (ordinal(month_after(month, n).replace(day=_HISTORY_DAY)) for n in (1, 2))
    records["arrival"] = np.where(records["state_at"] // DAY_US < first, first, second)
    return records


class Writer:
    """Converts records to tables of the stream's schema; holds the texts behind the records' codes."""

    def __init__(
        self, connections: Connections, organisations: Sequence[Organisation], systems: Sequence[SourceSystem]
    ) -> None:
        """Prepare the texts once."""
        good = [o.number for o in organisations]
        control = (int(good[0][-1]) + 1) % 10
        self._text = {
            "state": _texts([*streams.STATES, "BORTE"]),
            "service": _texts(SERVICES),
            "organisation": _texts([*good, f"{good[0][:-1]}{control}"]),
            "account": _texts(connections.account_ids),
            "system": _texts([s.written for s in systems]),
            "supplier": _texts([s.supplier_number for s in systems]),
            "type": _texts(TYPES),
            "code": _texts([*(f"{n // 40 + 1000}.{n % 40:02d}-A" for n in range(CODES)), "kode med mellomrom"]),
            "channel": _texts([*streams.CHANNELS, "FAX"]),
            "recipient": _texts(paths.RECIPIENTS),
        }

    def table(self, records: Records) -> pa.Table:
        """The records as the stream's table, in the order they were sent."""
        rows = records[np.argsort(records["sent_at"], kind="stable")]
        ids = np.empty((rows.size, 2), ">u8")
        ids[:, 0], ids[:, 1] = rows["id_high"], rows["id_low"]
        storage = pa.Array.from_buffers(pa.binary(16), rows.size, [None, pa.py_buffer(ids.tobytes())])
        of = {
            "dispatch_id": pa.ExtensionArray.from_storage(pa.uuid(), storage),
            "source_system": self._text_column(rows, "system"),
            "supplier_number": self._text_column(rows, "supplier"),
            "organisation_number": self._text_column(rows, "organisation"),
            "account_id": self._text_column(rows, "account"),
            "dispatch_type": self._text_column(rows, "type"),
            "accounting_code": self._text_column(rows, "code"),
            "recipient_kind": self._text_column(rows, "recipient"),
            **{name: self._text_column(rows, name) for name in ("state", "service", "channel")},
        }
        for field in streams.DISPATCH.schema:
            if field.name not in of:
                of[field.name] = _numbers(rows[field.name], field)
        return pa.table([of[name] for name in streams.DISPATCH.schema.names], schema=streams.DISPATCH.schema)

    def _text_column(self, rows: Records, code: str) -> pa.Array:
        codes = rows[code].astype(np.int32)
        mask = codes == NULL
        return self._text[code].take(pa.array(codes, mask=mask if mask.any() else None))


def _texts(values: Sequence[str]) -> pa.Array:
    return pa.array(values, pa.string())


def _numbers(values: npt.NDArray[Any], field: pa.Field) -> pa.Array:
    values = np.ascontiguousarray(values)
    if pa.types.is_timestamp(field.type):
        return pa.array(values, pa.int64()).cast(field.type)
    return pa.array(values, field.type, mask=values == NULL if field.nullable else None)
