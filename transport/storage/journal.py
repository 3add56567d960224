"""Lines of the journal: the batches kept, and later marks on them; and the state that the lines add up to."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from catalog.errors import Damaged

if TYPE_CHECKING:
    from transport.storage.backends import StorageBackend  # which knows the journal's name

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
    """The group of a producer's batches, of a number of groups; always the same."""
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


# ── What the lines say ────────────────────────────────────────────────────────────────────────────────────────────────


class JournalState:
    """The state of a landing after the lines of its journal that were applied.

    Attributes:
        entries: the batches, in the journal's order.
        marks: withdrawals, their undoing and erasures.
        erasures: the tombstones.
        last: the number of the last line.
        newest: when that line was written; None before the first.
    """

    def __init__(self, backend: StorageBackend) -> None:
        """Apply nothing yet.

        Args:
            backend: names the files, and forgets copies of those that change.
        """
        self.backend = backend
        self.entries: list[Entry] = []
        self.marks: list[Mark] = []
        self.erasures: list[Erasure] = []
        self.last = 0
        self.newest: datetime | None = None
        self._marks_of: dict[int, list[Mark]] = {}
        self._by_number: dict[int, int] = {}
        self._by_id: dict[tuple[str, str, str], int] = {}
        self._by_content: dict[tuple[str, str, str], list[int]] = {}
        self._packs: dict[str, str] = {}
        self._unfinished: dict[int, Erasure] = {}
        self._erased: dict[int, Mark] = {}
        self._erased_content: dict[tuple[str, str, str], Erasure] = {}
        self._emptied: set[str] = set()
        self._erased_stems: set[str] = set()
        self._length = 0
        """Bytes of the journal that were applied."""

    @property
    def last_number(self) -> int:
        """The number of the last line that affects which rows count: a batch or a mark."""
        return max(
            (line.number for lines in (self.entries, self.marks, self.erasures) for line in lines[-1:]), default=0
        )

    def place(self, entry: Entry) -> str:
        """The name, in the backend, of the file that holds the batch's rows."""
        return entry.packed_in or self.backend.name(entry.stem, entry.file_sha256)

    def file_sha256(self, entry: Entry) -> str:
        """The SHA-256 of the file that holds the batch's rows, as written; empty in lines older than the field."""
        return self._packs[entry.packed_in] if entry.packed_in else entry.file_sha256

    def entry_named(self, stream: str, producer: str, batch_id: str) -> Entry | None:
        """The batch of that name, if it is kept."""
        place = self._by_id.get((stream, producer, batch_id))
        return None if place is None else self.entries[place]

    def entry(self, number: int) -> Entry:
        """The batch of that number in the journal."""
        return self.entries[self._by_number[number]]

    def dated_in_the_future(self, now: datetime) -> list[Entry]:
        """The batches that count and are dated after a moment by more than a minute: some clock was wrong."""
        return [e for e in self.entries if e.received_at - now > CLOCK_TOLERANCE and self.withdrawal(e) is None]

    def erasure(self, entry: Entry) -> Mark | None:
        """The mark that erases a batch, or None."""
        return self._erased.get(entry.number)

    def withdrawal(self, entry: Entry, *, upto: int | None = None, as_of: datetime | None = None) -> Mark | None:
        """The mark that withdraws or erases a batch, or None; as of a journal number or a moment.

        An erased batch counts at no moment: its rows are gone.
        """
        return self._erased.get(entry.number) or self._withdrawn(entry, upto=upto, as_of=as_of)

    def _withdrawn(self, entry: Entry, *, upto: int | None = None, as_of: datetime | None = None) -> Mark | None:
        last = None
        for mark in self._marks_of.get(entry.number, ()):
            if (upto is None or mark.number <= upto) and (as_of is None or mark.received_at <= as_of):
                last = mark
        return last if last is not None and last.kind == "withdraw" else None

    def erased_since(self, number: int) -> list[Entry]:
        """The batches that were there at a line of the journal, and lost rows later: whatever was made then holds them.

        Also those that were withdrawn by then: what was made as of an earlier moment counts them, and a database that
        began as a copy of one with their rows has the bytes, in blocks that are free.
        """
        touched = {n for e in self.erasures if e.number > number for n in (*e.batches, *(r.of for r in e.rewritten))}
        return [self.entry(n) for n in sorted(touched) if n <= number]

    @property
    def unfinished(self) -> Sequence[Erasure]:
        """The erasures that are not known to be finished everywhere."""
        return list(self._unfinished.values())

    def was_emptied(self, name: str) -> bool:
        """Whether a file of that name holds, or held, rows that a tombstone names."""
        return name in self._emptied or self.backend.stem_of(name) in self._erased_stems

    def of(self, stream: str, *, as_of: datetime | None = None, month: date | None = None) -> list[Entry]:
        """The stream's batches received by `as_of`, and with rows of `month`, in the journal's order."""
        return [
            e
            for e in self.entries
            if e.stream == stream
            and (as_of is None or e.received_at <= as_of)
            and (month is None or month.isoformat() in e.months)
        ]

    def months(self, stream: str, *, as_of: datetime | None = None) -> list[date]:
        """The months for which the stream has rows, in order."""
        return sorted({date.fromisoformat(m) for e in self.of(stream, as_of=as_of) for m in e.months})

    def _not_before(self, now: datetime) -> datetime:
        return max(now, self.newest) if self.newest else now

    def apply_line(self, line: bytes) -> None:
        """Apply the next line of the journal.

        Raises:
            Damaged: it is not what was written.
        """
        value = parsed_line(line)
        if value is None or value.get("number") != self.last + 1:
            message = f"Line {self.last + 1} of the journal is damaged."
            raise Damaged(
                message, "`dif doctor --mend` puts it back from the twin or the mirror, or says what to restore."
            )
        kind = value.pop("kind", "batch")
        moment = datetime.fromisoformat(value["received_at"])
        self.newest = moment if kind == CLOCK else self._not_before(moment)
        if kind == "batch":
            entry = entry_of(value)
            place = len(self.entries)
            self.entries.append(entry)  # first: others look it up without the lock
            self._by_number[entry.number] = place
            self._by_id[entry.stream, entry.producer, entry.batch_id] = place
            self._by_content.setdefault((entry.stream, entry.producer, entry.sha256), []).append(place)
            self._replace_by(entry)
        elif kind == "mend":
            self.backend.forget(self.place(self.entry(value["of"])))
            self._change(value["of"], file_sha256=value["file_sha256"], bytes=value["bytes"], packed_in="", first_row=0)
        elif kind == PACK:
            self._apply_packs(value | {"kind": kind})
        elif kind == ERASE:
            self._apply_erasure(value)
        elif kind == ERASED:
            self._unfinished.pop(value["of"], None)
        elif kind == SHARDS:
            self._shards_merged(value["ends"])
        else:
            mark = Mark(kind=kind, **value | {"received_at": datetime.fromisoformat(value["received_at"])})
            self.marks.append(mark)
            self._marks_of.setdefault(mark.of, []).append(mark)
        self.last += 1
        self._length += len(line) + 1

    def _replace_by(self, entry: Entry) -> None:
        """Withdraw the batches that a batch of whole months replaces, so that nothing counts twice."""
        if not entry.covers:
            return
        of, first, last = entry.covers
        reason = f"replaced by {entry.batch_id}, a later export of {of} for {first} to {last}"
        for earlier in self.entries[:-1]:
            if entry.replaces(earlier) and self.withdrawal(earlier) is None:
                mark = Mark(entry.number, "withdraw", earlier.number, "export", reason, entry.received_at)
                self.marks.append(mark)
                self._marks_of.setdefault(mark.of, []).append(mark)

    def _shards_merged(self, ends: Sequence[int]) -> None:
        """Learn how far journals by shard are merged into this one, which one machine does not have."""

    def _apply_packs(self, value: Mapping[str, Any]) -> None:
        for pack in packs_in(value):
            self._packs[pack["file"]] = pack["file_sha256"]
            for member in pack["members"]:
                self._change(member["of"], packed_in=pack["file"], first_row=member["first_row"])

    def _apply_erasure(self, value: Mapping[str, Any]) -> None:
        rewritten = [Rewritten(**r) for r in value["rewritten"]]
        common = {"by": value["by"], "reason": value["reason"]}
        common |= {"received_at": datetime.fromisoformat(value["received_at"])}
        erasure = Erasure(value["number"], tuple(value["batches"]), rewritten, **common)
        self.erasures.append(erasure)
        self._unfinished[erasure.number] = erasure
        for number in (*erasure.batches, *(m["of"] for p in value["packs"] for m in p["members"])):
            entry = self.entry(number)
            self._emptied.add(self.place(entry))
            # on whichever machine reads this line; a batch may have had a file of its own before it was packed
            self.backend.forget(self.place(entry))
            self.backend.forget(self.backend.name(entry.stem, entry.file_sha256))
        for number in erasure.batches:
            entry, mark = self.entry(number), Mark(erasure.number, ERASE, number, **common)
            self.marks.append(mark)
            self._erased[number] = mark
            self._erased_content[entry.stream, entry.producer, entry.sha256] = erasure
            self._erased_stems.add(entry.stem)
        for change in rewritten:
            entry = self.entry(change.of)
            self._erased_stems.add(entry.stem)
            self._erased_content[entry.stream, entry.producer, change.was] = erasure
            fields = {"sha256": change.sha256, "rows": change.rows, "months": change.months}
            self._change(change.of, **fields, masked_rows=change.masked_rows)
            key = entry.stream, entry.producer, change.sha256
            self._by_content.setdefault(key, []).append(self._by_number[change.of])
        self._apply_packs({**value, "kind": ERASE})

    def _change(self, number: int, **changes: Any) -> None:
        place = self._by_number[number]
        self.entries[place] = dataclasses.replace(self.entries[place], **changes)


def entry_of(value: dict[str, Any]) -> Entry:
    """The entry of a line's fields."""
    moments = {k: datetime.fromisoformat(value[k]) for k in ("latest", "received_at")}
    return Entry(**value | moments | {n: tuple(value.get(n, ())) for n in ("suspects", "covers")})
