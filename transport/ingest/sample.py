"""A valid, made-up batch of each stream: for a producer's first try, the docs and `dif sample`.

The rows are the same each time, obey every rule of their contract, and are marked: the table's metadata says that it is
synthetic, accounts and sources say so in words, and organisation numbers begin with 3, which no real one does.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from catalog.contracts.language import StreamContract
from catalog.domain.identity import ORGANISATION_WEIGHTS
from catalog.errors import Refused, WrongUse
from catalog.tables.streams import PUSHED
from transport.base.encoding import encoded_pieces
from transport.ingest.formats import SYNTHETIC
from transport.storage.batch_file import ValidatedBatch

MOST = 10_000
_NUMBER = "organisation_number"
_ORGANISATIONS = 50
_NOON = datetime(2026, 1, 15, 11, tzinfo=UTC)
_MADE_UP = "syntetisk"
_FIRST_OF_MADE_UP = "3"


def sample(stream: StreamContract, rows: int = 3, *, organisation: str | None = None) -> pa.Table:
    """A made-up batch.

    Args:
        stream: of the batch.
        rows: how many, at most `MOST`.
        organisation: the number in all rows, for a sender that may send for named organisations only.

    Returns:
        The contract's columns, in its order and of its types; metadata marks it as synthetic.

    Raises:
        WrongUse: the stream is not sent over a wire, or the number of rows is out of range.
    """
    if stream.name not in _ROWS:
        raise WrongUse(f"Stream {stream.name} is not sent over a wire.", "Apply it with `dif register apply`.")
    if not 1 <= rows <= MOST:
        raise WrongUse(f"A sample cannot have {rows} rows.", f"Ask for 1 to {MOST}.")
    numbers = itertools.cycle([organisation] if organisation else _own_organisations())
    sample_rows = [_ROWS[stream.name](i, number) for i, number in zip(range(rows), numbers, strict=False)]
    columns = [pa.array([row.get(c.name) for row in sample_rows], c.type) for c in stream.columns]
    schema = pa.schema([pa.field(c.name, c.type) for c in stream.columns], {SYNTHETIC: b"true"})
    return pa.table(columns, schema=schema)


def check_marked(batch: ValidatedBatch, file: Path, stream: StreamContract, *, mend: str) -> None:
    """Check that a validated batch, in its file, is no sample without the mark: it would count as measured.

    Raises:
        Refused: it is.
    """
    if not batch.synthetic and batch.rows <= MOST and is_sample(pq.read_table(file), stream):
        raise unmarked(mend)


def is_sample(rows: pa.Table, stream: StreamContract) -> bool:
    """Whether rows are a sample of a stream, also if a text format has lost the mark.

    They are if each row has a made-up value of the stream's samples in the column of that value, however its other
    values were edited. No rows, or more rows than a sample has, are not a sample.
    """
    if stream.name not in _ROWS or not 0 < rows.num_rows <= MOST:
        return False
    own = pa.repeat(False, rows.num_rows)  # noqa: FBT003 - Arrow's own signature
    for name, values in _made_up_values(stream.name).items():
        if name in rows.column_names:
            own = pc.or_(own, pc.is_in(rows[name].cast(values.type), values))
    return bool(pc.all(own).as_py())


@cache
def _made_up_values(stream: str) -> dict[str, pa.Array]:
    """The values of all samples of a stream, by column, in the columns that hold made-up values only."""
    rows = [_ROWS[stream](i, n) for i, n in zip(range(MOST), itertools.cycle(_own_organisations()), strict=False)]
    return {name: pa.array({row[name] for row in rows}) for name in _marking(rows)}


def _marking(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The columns in which every row's value is made up: it says so, or is a UUID computed from words that do."""

    def made_up(value: object) -> bool:
        if isinstance(value, bytes):
            return UUID(bytes=value).version == 5  # noqa: PLR2004 - the version that is computed from a name
        return isinstance(value, str) and (_MADE_UP in value or value in _own_organisations())

    return [name for name in rows[0] if all(made_up(row[name]) for row in rows)]


def unmarked(mend: str) -> Refused:
    """The refusal of an unmarked sample: it would count as measured."""
    return Refused(
        "Every row comes from a sample, but the batch is not marked as made up: it would count as measured.", mend
    )


@cache
def _own_organisations() -> tuple[str, ...]:
    return tuple(_made_up_organisations(_ORGANISATIONS))


def encoded(batch: pa.Table, form: str) -> bytes:
    """A small batch encoded in a format of `transport.base.encoding`."""
    return b"".join(encoded_pieces(batch.schema, batch.to_batches(), form))


def _made_up_organisations(count: int) -> list[str]:
    """Numbers that begin with 3, with a valid control digit; real ones begin with 8 or 9."""
    numbers: list[str] = []
    for serial in itertools.count(5_000_000):
        eight = f"{_FIRST_OF_MADE_UP}{serial:07d}"
        control = -sum(int(d) * w for d, w in zip(eight, ORGANISATION_WEIGHTS, strict=True)) % 11
        if control < 10:  # noqa: PLR2004 - one digit
            numbers.append(f"{eight}{control}")
        if len(numbers) == count:
            break
    return numbers


def _dispatch(i: int, number: str) -> Mapping[str, object]:
    created = _NOON + timedelta(minutes=7 * i)
    return {
        "dispatch_id": uuid5(NAMESPACE_URL, f"{_MADE_UP}-{i}").bytes,
        "state": ("LEST", "PRINTET", "VARSLET")[i % 3],
        "state_at": created + timedelta(hours=3),
        "created_at": created,
        "service": "svarut",
        "organisation_number": number,
        "account_id": f"{_MADE_UP}-konto-{i % 5}",
        "source_system": f"Fagsystem ({_MADE_UP})",
        "channel": ("SVARINN", "PRINT", "ALTINN")[i % 3],
        "recipient_kind": ("ORGANISATION", "PERSON", "PERSON")[i % 3],
        "digital_only": False,
        "document_count": 1 + i % 2,
        "page_count": 2 + i % 4,
        "byte_count": 120_000 + 17 * i,
    }


def _measurement(i: int, number: str) -> Mapping[str, object]:
    return {
        "service": "fiks-io",
        "measure": "meldinger",
        "day": _NOON.date() + timedelta(days=i % 300),
        "organisation_number": number,
        "account_id": f"{_MADE_UP}-konto-{i}",
        "source": f"logg ({_MADE_UP})",
        "quantity": Decimal(100 + i),
        "reported_at": _NOON + timedelta(days=i % 300 + 1),
    }


def _adoption(i: int, number: str) -> Mapping[str, object]:
    return {
        "event_id": f"{_MADE_UP}-{i}",
        "service": None if i % 3 == 0 else "svarut",
        "organisation_number": number,
        "step": ("AGREEMENT_SIGNED", "CONFIGURED", "ACTIVATED")[i % 3],
        "occurred_at": _NOON + timedelta(days=i % 300),
        "occurred_precision": "EXACT",
        "source": f"skjema ({_MADE_UP})",
        "note": "Laget, ikke målt",
    }


def _invoice_line(i: int, number: str) -> Mapping[str, object]:
    return {
        "invoice_id": f"{_MADE_UP}-{i // 10}",
        "line_number": i % 10 + 1,
        "organisation_number": number,
        "service": "fiks-del-dokument",
        "price_element": "del-dokument-fastpris",
        "period": date(2026, 1, 1),
        "quantity": Decimal(2),
        "unit": "stk",
        "unit_price": Decimal("1.5"),
        "amount_ore": 300,
        "vat_ore": 75,
        "invoiced_on": date(2026, 2, 1),
        "line_text": f"Linje ({_MADE_UP})",
    }


def _cost_entry(i: int, number: str) -> Mapping[str, object]:  # noqa: ARG001 - the stream names no organisation
    return {
        "entry_id": f"{_MADE_UP}-{i}",
        "booked_on": date(2026, 2, 3),
        "period": date(2026, 1, 1),
        "account": "6550",
        "service": "svarut",
        "cost_category": "DRIFT",
        "amount_ore": 125_000 + 100 * i,
        "text": f"Drift ({_MADE_UP})",
    }


def _loan_entry(i: int, number: str) -> Mapping[str, object]:
    return {
        "entry_id": f"{_MADE_UP}-{i}",
        "project": f"Prosjekt ({_MADE_UP})",
        "service": "svarut",
        "kind": ("DRAWDOWN", "REPAYMENT")[i % 2],
        "organisation_number": number,
        "amount_ore": 50_000 + i,
        "booked_on": date(2026, 1, 20),
    }


def _operational_message(i: int, number: str) -> Mapping[str, object]:  # noqa: ARG001 - the stream names no organisation
    shown_from = _NOON + timedelta(hours=26 * i)
    return {
        "application": f"minside ({_MADE_UP})",
        "service": "min-kommune",
        "shown_from": shown_from,
        "shown_to": shown_from + timedelta(hours=2) if i % 3 else None,
        "kind": ("FAULT", "MAINTENANCE", "DEPENDENCY")[i % 3],
        "cause": (None, "configuration", "id-porten")[i % 3],
        "reported_at": shown_from + timedelta(hours=2),
    }


_ROWS: Mapping[str, Callable[[int, str], Mapping[str, object]]] = {
    "dispatch": _dispatch,
    "measurement": _measurement,
    "adoption": _adoption,
    "invoice_line": _invoice_line,
    "cost_entry": _cost_entry,
    "loan_entry": _loan_entry,
    "operational_message": _operational_message,
}


def check_samples(streams: Iterable[StreamContract]) -> None:
    """Refuse streams without a sample, by which the doors describe each, or with one that could pass as measured.

    Raises:
        ValueError: a stream has none, or nothing required in it is made up.
    """
    streams = list(streams)
    if without := sorted({stream.name for stream in streams} - {*_ROWS}):
        message = f"No sample of {', '.join(without)}: add a made-up row to `_ROWS` in transport/ingest/sample.py."
        raise ValueError(message)
    for stream in streams:
        required = {column.name for column in stream.columns if not column.null} - {_NUMBER}  # a sender may replace it
        if required.isdisjoint(_marking([_ROWS[stream.name](i, _own_organisations()[0]) for i in range(3)])):
            message = (
                f"The sample of {stream.name} looks like measured rows: in its row of `_ROWS` in "
                f"transport/ingest/sample.py, write {_MADE_UP!r} in a required text, or make a required UUID by uuid5."
            )
            raise ValueError(message)


check_samples(PUSHED.values())
