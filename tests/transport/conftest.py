from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.domain import identity
from catalog.tables.streams import STREAMS
from tests.reader_pools import lasting_readers
from transport.base.settings import Settings
from transport.ingest import formats, inbox, sample
from transport.ingest.batch_validator import BatchValidator
from transport.storage.landing import Landing, open_landing

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
COMMON = {"service": "svarut", "organisation_number": "974605171", "account_id": "konto-1"}
ROWS = {
    "dispatch": lambda i: COMMON | {
        "dispatch_id": UUID(int=i + 1).bytes, "state": "LEST", "state_at": NOON + timedelta(hours=i),
        "created_at": NOON, "source_system": "Websak æøå", "recipient_kind": "PERSON", "digital_only": i % 2 == 0,
        "page_count": None if i % 3 == 0 else i, "byte_count": 10**10 + i,
    },
    "measurement": lambda i: COMMON | {
        "service": "fiks-io", "measure": "meldinger", "day": date(2026, 3, 1 + i % 28), "source": "logg",
        "quantity": Decimal(i) + Decimal("0.25"), "reported_at": NOON,
    },
    "adoption": lambda i: {
        "event_id": f"h-{i}", "service": "svarut", "municipality_code": "0301", "step": "ACTIVATED",
        "occurred_at": NOON + timedelta(days=i), "occurred_precision": "EXACT", "source": "prøve",
        "note": None if i % 2 else "Tromsø, «ja»; nei",
    },
    "invoice_line": lambda i: COMMON | {
        "invoice_id": "F1", "line_number": i + 1, "price_element": "x", "period": date(2026, 3, 1),
        "quantity": Decimal(2), "unit": "stk", "unit_price": Decimal("1.5"), "amount_ore": 300, "vat_ore": 75,
        "invoiced_on": date(2026, 4, 1),
    },
    "cost_entry": lambda i: {
        "entry_id": f"b-{i}", "booked_on": date(2026, 3, 9), "period": date(2026, 3, 1), "amount_ore": 100 + i,
        "text": "lønn",
    },
    "loan_entry": lambda i: {
        "entry_id": f"l-{i}", "project": "P", "kind": "DRAWDOWN", "amount_ore": 5, "booked_on": date(2026, 3, 3),
    },
    "register": lambda i: {
        "register": "contact", "applied_at": NOON, "row_number": i + 1, "applied_by": "økonomi", "reason": "ny",
        "values": json.dumps({"function": "post", "address": f"post{i}@x.no"}),
    },
}  # fmt: skip
"""A valid row of a stream, by its number, with odd letters and numbers; what is not named is null."""


def row_of(stream: str, i: int) -> dict[str, object]:
    """A valid row of a stream, by its number; of one that is not in `ROWS`, its sample's as if it were measured."""

    def measured(value: object) -> object:
        if isinstance(value, bytes):
            return UUID(int=i + 1).bytes
        if isinstance(value, str):
            return (
                value.replace("syntetisk", "prøve") if not value.startswith("3500") else COMMON["organisation_number"]
            )
        return value

    if stream in ROWS:
        return ROWS[stream](i)
    [made] = sample.sample(STREAMS[stream], i + 1).slice(i).to_pylist()
    return {name: measured(value) for name, value in made.items()}


def table_of(stream: str, count: int = 3, **columns) -> pa.Table:
    """A small valid batch; `columns` stand in for, are added to, or (None) are left out of, its own."""
    rows = [row_of(stream, i) for i in range(count)]
    made = {c.name: pa.array([r.get(c.name) for r in rows], c.type) for c in STREAMS[stream].columns}
    return pa.table({k: v for k, v in (made | columns).items() if v is not None})


def _texts(table: pa.Table) -> list[dict[str, object]]:
    def text(value):
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        return value if isinstance(value, int) or value is None else str(value)

    return [{k: text(v) for k, v in row.items()} for row in table.to_pylist()]


def _csv(table: pa.Table, delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, table.column_names, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    point = "," if delimiter == ";" else "."  # of decimals
    numbers = [c for c in table.column_names if pa.types.is_decimal(table[c].type)]
    writer.writerows(row | {c: row[c] and row[c].replace(".", point) for c in numbers} for row in _texts(table))
    return out.getvalue().encode()


def _jsonl(table: pa.Table) -> bytes:
    return "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in _texts(table)).encode()


def _xlsx(table: pa.Table) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(table.column_names)
    for row in _texts(table):
        book.active.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _arrow(table: pa.Table, *, stream: bool, rows: int) -> bytes:
    sink = pa.BufferOutputStream()
    with (pa.ipc.new_stream if stream else pa.ipc.new_file)(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=rows)
    return sink.getvalue().to_pybytes()


def _parquet(table: pa.Table, **options) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **options)
    return sink.getvalue().to_pybytes()


def encoded(table: pa.Table, ending: str, *, rows: int = 1000, **options) -> bytes:
    """The table as a file of that ending, in blocks of so many rows where the form has blocks."""
    return {
        ".parquet": lambda: _parquet(table, row_group_size=rows, **options),
        ".arrow": lambda: _arrow(table, stream=False, rows=rows),
        ".arrows": lambda: _arrow(table, stream=True, rows=rows),
        ".csv": lambda: _csv(table, **options),
        ".jsonl": lambda: _jsonl(table),
        ".xlsx": lambda: _xlsx(table),
    }[ending]()


@cache
def a_number(place: int = 0) -> str:
    """An identity number that nobody has: synthetic (month + 80), its control digits computed, never typed."""
    found = []
    for individual in range(500, 1000):
        nine = f"058739{individual}"
        nine += str(-sum(int(d) * w for d, w in zip(nine, identity.FIRST_WEIGHTS, strict=True)) % 11)
        last = -sum(int(d) * w for d, w in zip(nine, identity.SECOND_WEIGHTS, strict=False)) % 11
        if len(nine) == 10 and last < 10:
            found.append(f"{nine}{last}")
    assert all(identity.regime(n) is identity.Regime.OLD for n in found)
    return found[place]


@dataclass
class Home:
    """A home, its inbox, and what lies in it."""

    settings: Settings

    @property
    def inbox(self) -> Path:
        return self.settings.inbox

    @property
    def landing(self) -> Landing:
        return open_landing(self.settings)

    def put(self, place: str, content: bytes | pa.Table) -> Path:
        """Lay a file in the inbox; a table becomes a file by the ending of the name."""
        file = self.inbox / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else encoded(content, file.suffix))
        return file

    def take_in(self, **more) -> inbox.Intake:
        return inbox.take_in(self.settings, self.landing, **more)

    def reason(self, place: str) -> dict:
        return json.loads((self.inbox / "rejected" / f"{place}.reason.json").read_text("utf-8"))

    def receipt(self, place: str) -> dict:
        return json.loads((self.inbox / f"{place}.receipt.json").read_text("utf-8"))

    def landed(self, stream: str) -> pa.Table:
        """Every landed row of a stream, in the journal's order."""
        kept = self.landing
        return pa.concat_tables(pq.read_table(kept.file(e)) for e in kept.of(stream))

    def shows(self, text: str) -> list[str]:
        """Every file in which the text stands: in its name, its bytes, or, decoded, in its cells."""
        found = []
        for path in sorted(self.settings.home.rglob("*")):
            said = path.name
            if path.is_file():
                said += path.read_bytes().replace(b"\0", b"").decode("latin-1")
                if path.suffix == ".parquet" and text not in said:
                    said += str(pq.read_table(path).to_pylist())
                if path.suffix == ".arrow":
                    said += str(pa.ipc.open_file(path).read_all().to_pylist())
                if path.suffix == ".xlsx":
                    import openpyxl

                    said += str(list(openpyxl.load_workbook(path).worksheets[0].iter_rows(values_only=True)))
            if text in said:
                found.append(str(path.relative_to(self.settings.home)))
        return found


def home_in(folder: Path, **settings) -> Home:
    return Home(Settings(home=folder, **{"settle_seconds": 0, "readers": 1} | settings))


@pytest.fixture(scope="session", autouse=True)
def warm_readers():
    """Reader processes are there: to start one takes as long as to make a small release."""
    with lasting_readers():
        yield


@contextmanager
def spoilt(path: Path) -> Iterator[None]:
    """A file with one bit changed in its middle; its size and time of change are as before."""
    was, content = path.stat(), path.read_bytes()
    changed = bytearray(content)
    changed[len(content) // 2] ^= 1
    _overwrite(path, bytes(changed), was)
    try:
        yield
    finally:
        _overwrite(path, content, was)


def as_if_published(path: Path, release: Path) -> None:
    """Let the manifest of a release say of a file what it is now, as of an older release or one that was made wrong."""
    told = release / "manifest.json"
    manifest = {name: value for name, value in json.loads(told.read_text("utf-8")).items() if name != "digest"}
    record = manifest.setdefault("files", {}).setdefault(str(path.relative_to(release)), {})
    record["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    told.write_text(json.dumps(manifest), "utf-8")


def _overwrite(path: Path, content: bytes, was: os.stat_result) -> None:
    with path.open("r+b") as file:  # the same inode, which other releases may share
        file.write(content)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))


@pytest.fixture
def home(tmp_path) -> Home:
    return home_in(tmp_path / "home")


@pytest.fixture(scope="session")
def make_home():
    """Make a home with settings of its own in a folder."""
    return home_in


@pytest.fixture(scope="session")
def batch():
    """`table_of`: a small valid batch of a stream."""
    return table_of


@pytest.fixture(scope="session")
def encode():
    """`encoded`: a table as the bytes of a file."""
    return encoded


@pytest.fixture(scope="session")
def number():
    """`a_number`: an identity number that nobody has."""
    return a_number


@pytest.fixture
def read(tmp_path):
    """Read bytes as a file of a stream through the door, in this process: the parcel and the landed rows."""

    def through(stream: str, name: str, content: bytes):
        path, target = tmp_path / name, tmp_path / "landed.parquet"
        path.write_bytes(content)
        opened = formats.open_file(path, STREAMS[stream])
        with BatchValidator(STREAMS[stream], target, producer="p", first_line=opened.first_line) as door:
            for chunk in opened.chunks:
                door.add(chunk)
            validated = door.close()
        return validated, pq.read_table(target)

    return through
