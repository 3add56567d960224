"""Lines of the journal: the batches kept, and later marks on them."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

JOURNAL = "journal"
"""The journal's file; on object storage, the folder of its pieces."""
SHARDS = "shards"
"""On object storage, the folder of the journals by shard, whose lines have no number until they are gathered."""
PACK, ERASE, ERASED = "pack", "erase", "erased"
"""Kinds of lines: batches moved into one file; batches or rows are to be gone; and they are gone everywhere."""
CLOCK = "clock"
"""Kind of a line from which on the machine's clock dates lines again, although earlier ones are dated later."""
CLOCK_TOLERANCE = timedelta(minutes=1)
"""How far clocks may be apart without anybody being told."""
MEMBERS = b'"members":'
"""Marks the lines about packed files, so that other lines need not be parsed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A batch that is kept.

    Attributes:
        number: of its line in the journal, from 1.
        months: rows by month (ISO) of the stream's month column.
        latest: the latest moment of that column.
        file_sha256: of the file as written; empty in lines older than the field.
        packed_in: the packed file that holds its rows; empty while it has a file of its own.
        first_row: where in that file they begin.
        suspects: columns that may hold identity numbers, as found at validation; see `ValidatedBatch`.
        covers: what the batch holds whole; see `ValidatedBatch`. Earlier batches of its producer that cover no more
            are withdrawn by its line.
    """

    number: int
    stream: str
    producer: str
    batch_id: str
    sha256: str
    rows: int
    bytes: int
    months: Mapping[str, int]
    latest: datetime
    masked_rows: int
    received_at: datetime
    contract_version: int
    synthetic: bool
    file_sha256: str = ""
    packed_in: str = ""
    first_row: int = 0
    suspects: Sequence[str] = ()
    covers: Sequence[str] = ()

    def replaces(self, earlier: Entry) -> bool:
        """Whether an earlier batch of this producer is of the same, and of no months beyond this one's."""
        if not (self.producer == earlier.producer and self.covers and earlier.covers and self._is_of_the_same(earlier)):
            return False
        return self.covers[1] <= earlier.covers[1] and earlier.covers[2] <= self.covers[2]

    def overlaps(self, earlier: Entry) -> bool:
        """Whether an earlier batch, of any producer, is of the same, and of some of the same months."""
        if not (self.covers and earlier.covers and self._is_of_the_same(earlier)):
            return False
        return self.covers[1] <= earlier.covers[2] and earlier.covers[1] <= self.covers[2]

    def _is_of_the_same(self, earlier: Entry) -> bool:
        mine = self.stream, self.synthetic, self.covers[0]
        return mine == (earlier.stream, earlier.synthetic, earlier.covers[0])

    @property
    def stem(self) -> str:
        """The file's path without suffix: stream, producer and batch. A leading dot would hide it, so it is escaped."""
        plain = f"%2e{self.batch_id[1:]}" if self.batch_id.startswith(".") else self.batch_id
        return f"{self.stream}/{self.producer}/{plain}"

    @property
    def file(self) -> str:
        """The nominal name of the batch's file, relative to the landing."""
        return f"{self.stem}.parquet"

    def receipt(self, status: str) -> dict[str, object]:
        """The producer's receipt: confirms what was kept."""
        return {
            "batch_id": self.batch_id,
            "stream": self.stream,
            "producer": self.producer,
            "rows": self.rows,
            "bytes": self.bytes,
            "sha256": self.sha256,
            "contract_version": self.contract_version,
            "received_at": self.received_at.isoformat(),
            "masked_rows": self.masked_rows,
            "synthetic": self.synthetic,
            "status": status,
        }


@dataclass(frozen=True, slots=True)
class Mark:
    """A line about a kept batch: `withdraw`, or `reinstate`, which undoes it; or `erase`, which nothing undoes.

    Attributes:
        of: the batch's number.
        by: a function, not a person.
    """

    number: int
    kind: str
    of: int
    by: str
    reason: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A batch that was written anew without some of its rows or values.

    Attributes:
        of: the batch's number.
        was: its content hash before.
        sha256: its content hash now.
        rows, months, masked_rows: as in `Entry`, now.
        rows_erased: how many rows are gone.
    """

    of: int
    was: str
    sha256: str
    rows: int
    months: Mapping[str, int]
    masked_rows: int
    rows_erased: int


@dataclass(frozen=True, slots=True)
class Erasure:
    """A tombstone: what one call of `dif erase` took out of the landing. It keeps names, hashes and counts, no rows.

    Attributes:
        number: of its line in the journal.
        batches: numbers of the batches that are gone.
        rewritten: batches that are kept without some rows or values.
        by: a function, not a person.
    """

    number: int
    batches: Sequence[int]
    rewritten: Sequence[Rewritten]
    by: str
    reason: str
    received_at: datetime

    @property
    def touched(self) -> int:
        """How many batches lost all or some of their rows."""
        return len(self.batches) + len(self.rewritten)


def group_of(producer: str, count: int) -> int:
    """Which of a number of groups a producer's batches are in, always the same."""
    return int.from_bytes(hashlib.sha256(producer.encode()).digest()[:8]) % count


def packs_in(value: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    """The packed files that a line of the journal puts in place, each with its hash, size and members."""
    if value is None:
        return ()
    packs: Sequence[Mapping[str, Any]] = value["packs"] if value.get("kind") == ERASE else ()
    return [value] if value.get("kind") == PACK else packs


def journal_line(value: Mapping[str, object]) -> bytes:
    """A line of the journal, with a checksum that reveals changes."""
    body = json.dumps(value, separators=(",", ":"), sort_keys=True)
    return f"{zlib.crc32(body.encode()):08x} {body}\n".encode()


def parsed_line(line: bytes) -> dict[str, Any] | None:
    """The content of a journal line; None when it is not what was written."""
    check, _, body = line.partition(b" ")
    if check != f"{zlib.crc32(body):08x}".encode():
        return None
    record: dict[str, Any] = json.loads(body)
    return record
