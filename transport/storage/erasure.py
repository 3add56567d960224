"""Erasure from the landing: whole batches, an organisation's rows, or one identity number in every text.

One line of the journal, the tombstone, says what is gone: names, hashes and counts, no row. It is written first; from
then on the rows count nowhere and a repeat is refused. Then the files are removed. A batch that loses only some rows or
values is written anew into a packed file, and so are other batches that lay in one file with what is erased. Whoever
was killed in between has left a tombstone without its last line, `erased`; the next run removes what is left.

A copy of the journal from before the erasure knows nothing of it. So a folder of backups has the tombstones beside the
backups (`remember`), and whoever restores one of them erases again (`erase_again`).
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from catalog.contracts.language import StreamContract
from catalog.domain import calendar, identity
from catalog.errors import Damaged, TryAgain, WrongUse
from catalog.tables.ledger import LEDGER_STREAMS
from catalog.tables.streams import PUSHED, STREAMS
from transport.base import atomic_files
from transport.storage.batch_file import content_sha256_of, rows_of
from transport.storage.compaction import pack_name, write_pack
from transport.storage.journal import Entry, Rewritten
from transport.storage.landing import Landing, NewPack

KEPT_BY_LAW = LEDGER_STREAMS
"""Streams whose batches are never erased: they document what is booked.

Source: bokføringsloven § 13 second paragraph: accounting material is kept for five years after the end of the year.
"""
ERASURES = "erasures.jsonl"
"""In a folder of backups: the batches that were erased, one a line."""
_ROWS_OF = "organisation_number"
"""The column that says whose a row is."""
_TRIES = 3


@dataclass(frozen=True, slots=True)
class OrganisationRows:
    """Remove the rows of one organisation.

    A change tells by `removes` whether the landed rows that it touches are removed; otherwise they stay, changed.
    """

    number: str
    removes = True

    def rows(self, stream: StreamContract, rows: pa.Table) -> pa.Table:
        """The rows of others."""
        return rows.filter(pc.invert(self._mine(stream, rows)))

    def touched(self, stream: StreamContract, rows: pa.Table) -> pa.Table:
        """The organisation's rows."""
        return rows.filter(self._mine(stream, rows))

    def _mine(self, stream: StreamContract, rows: pa.Table) -> pa.ChunkedArray | pa.Array:
        if _ROWS_OF not in stream.schema.names:
            return pa.repeat(pa.scalar(value=False), rows.num_rows)
        return pc.fill_null(pc.equal(rows[_ROWS_OF].cast(pa.string()), self.number), False)  # noqa: FBT003 - Arrow's own signature


class _Masking(ABC):
    """Mask what is to be erased in texts. Rows stay, as after the scan."""

    removes = False

    @abstractmethod
    def masked(self, column: str, text: str) -> str:
        """A text of a column as it is to be kept."""

    def rows(self, stream: StreamContract, rows: pa.Table) -> pa.Table:
        """All rows, masked, and the fields named in `masked_fields`."""
        fields = [list[str]() if f is None else f.split(",") for f in rows["masked_fields"].to_pylist()]
        for name, (fixed, hits) in self._hits(stream, rows).items():
            rows = rows.set_column(rows.column_names.index(name), rows.schema.field(name), fixed)
            for row in hits:
                fields[row] = sorted({*fields[row], name}, key=stream.schema.names.index)
        masked_fields = pa.array([",".join(f) or None for f in fields], pa.string())
        return rows.set_column(
            rows.column_names.index("masked_fields"), rows.schema.field("masked_fields"), masked_fields
        )

    def touched(self, stream: StreamContract, rows: pa.Table) -> pa.Table:
        """The rows in which some text changes."""
        hits = sorted({row for _, hits in self._hits(stream, rows).values() for row in hits})
        return rows.take(pa.array(hits, pa.int64()))

    def _hits(self, stream: StreamContract, rows: pa.Table) -> dict[str, tuple[pa.Array, list[int]]]:
        """The columns that change: masked, and the rows where they do."""
        hits = {}
        for column in stream.columns:
            if not pa.types.is_string(column.type) or column.name not in rows.column_names:
                continue
            texts = rows[column.name].cast(pa.string()).combine_chunks().dictionary_encode()
            fixed = [text and self.masked(column.name, text) for text in texts.dictionary.to_pylist()]
            changed_places = [
                n for n, (a, b) in enumerate(zip(texts.dictionary.to_pylist(), fixed, strict=True)) if a != b
            ]
            if changed_places:
                where = pc.fill_null(pc.is_in(texts.indices, pa.array(changed_places, texts.indices.type)), False)  # noqa: FBT003 - as above
                masked = pa.DictionaryArray.from_arrays(texts.indices, pa.array(fixed, pa.string()))
                hits[column.name] = masked.dictionary_decode(), pc.indices_nonzero(where).to_pylist()
        return hits


@dataclass(frozen=True, slots=True, repr=False)
class IdentityNumber(_Masking):
    """Mask one identity number wherever a text holds it, in any way of writing it."""

    number: str

    def masked(self, column: str, text: str) -> str:  # noqa: ARG002 - whatever the column
        """The text without the number."""
        return identity.mask_number(text, self.number)


@dataclass(frozen=True, slots=True)
class IdentityColumns(_Masking):
    """Mask whatever passes as an identity number in columns of identifiers that turned out to hold such numbers."""

    columns: tuple[str, ...]

    def masked(self, column: str, text: str) -> str:
        """The text without numbers, if its column is one of these."""
        return identity.mask(text, either=True, cell=True) if column in self.columns else text


Change: TypeAlias = OrganisationRows | IdentityNumber | IdentityColumns
"""A change to the rows of a batch that is kept in part."""


@dataclass(frozen=True, slots=True)
class Affected:
    """A batch that holds what is to be erased.

    Attributes:
        entry: the batch.
        rows: how many of its rows are removed or changed.
        months: those rows by month (ISO).
    """

    entry: Entry
    rows: int
    months: Mapping[str, int]

    @property
    def is_whole(self) -> bool:
        """Whether every row of the batch is removed or changed."""
        return self.rows == self.entry.rows


def of_sender(
    landing: Landing, producer: str, *, stream: str | None = None, batch_ids: Sequence[str] = ()
) -> list[Affected]:
    """The batches of a sender that are not erased yet, or those of them that are named; also what the law keeps."""
    mine = (e for e in landing.entries if e.producer == producer and landing.erasure(e) is None)
    chosen = (e for e in mine if stream in (None, e.stream) and (not batch_ids or e.batch_id in batch_ids))
    return [Affected(e, e.rows, e.months) for e in chosen if e.stream in PUSHED]


def holding(landing: Landing, change: Change, *, among: Iterable[Entry] | None = None) -> list[Affected]:
    """The batches with rows that the change touches; reads every batch, or those among which it is asked for.

    Raises:
        Damaged: a batch cannot be read, so its content is unknown.
    """
    affected = []
    for entry in landing.entries if among is None else among:
        if landing.erasure(entry) is not None or (change.removes and entry.stream not in PUSHED):
            continue
        stream = STREAMS[entry.stream]
        if change.removes and _ROWS_OF not in stream.schema.names:
            continue
        count, months = 0, Counter[str]()
        for rows in _rows(landing, entry):
            touched = change.touched(stream, rows)
            count += touched.num_rows
            months.update(_months(stream, touched))
        if count:
            affected.append(Affected(entry, count, months))
    return affected


def erase(
    landing: Landing, affected: Sequence[Affected], change: Change | None, *, by: str, reason: str, now: datetime
) -> None:
    """Write the tombstone, and remove from the landing what it names. The caller holds the home's lock.

    Args:
        landing: of the home.
        affected: the batches; of ledgers none, unless the change leaves their rows in place.
        change: to their rows; None when the batches are gone altogether.
        by: a function, not a person.
        reason: shown to readers of the batch list; it names nobody.
        now: the ingest clock.

    Raises:
        Damaged: a batch to be kept in part cannot be read, or the mirror is away; nothing was erased.
        TryAgain: somebody mends or packs the same batches all the time; nothing was erased.
    """
    if not affected:
        landing.clear_erased()
        return
    for _ in range(_TRIES):
        landing.refresh()
        current = [replace(a, entry=landing.entry(a.entry.number)) for a in affected]
        gone = [a.entry for a in current if change is None or (change.removes and a.is_whole)]
        rewritten: list[tuple[Entry, Rewritten]] = []
        packs: list[NewPack] = []
        try:
            _write(landing, current, gone, change, rewritten, packs)
            done = landing.erase(gone, rewritten, packs, by=by, reason=reason, now=now)
        finally:
            for pack in packs:
                landing.backend.discard(pack.temporary)
        if done:
            landing.clear_erased()
            return
    raise TryAgain("The batches change while they are erased.", "Stop what mends or packs them, and erase again.")


def _write(
    landing: Landing,
    affected: Sequence[Affected],
    gone: Sequence[Entry],
    change: Change | None,
    rewritten: list[tuple[Entry, Rewritten]],
    packs: list[NewPack],
) -> None:
    """Write what is left of the files that hold what is to be erased."""
    numbers = {e.number for e in gone}
    partly = {a.entry.number: a for a in affected if a.entry.number not in numbers}
    shared = {a.entry.packed_in for a in affected if a.entry.packed_in}
    beside = [e for e in landing.entries if e.packed_in in shared and landing.erasure(e) is None]
    files: dict[str, list[Entry]] = {}
    for entry in [*beside, *(a.entry for a in partly.values() if not a.entry.packed_in)]:
        if entry.number not in numbers:
            files.setdefault(landing.place(entry), []).append(entry)
    for members in files.values():
        temporary = landing.backend.temporary(f"{members[0].stream}/.packed/arriving")
        packs.append(NewPack(temporary, "", ()))  # so that whoever fails discards it
        left = [_left_of(m, partly.get(m.number), change) for m in members]
        _write_left(landing, members, left, partly, change, temporary)
        name, row = pack_name(left, temporary), 0
        for was, now in zip(members, left, strict=True):
            sha256 = content_sha256_of(temporary, replace(now, packed_in=name, first_row=row))
            row += now.rows
            if mine := partly.get(was.number):
                rewritten.append((was, _rewritten(landing, mine, now, change, sha256)))
            elif sha256 != was.sha256:
                raise Damaged(f"{was.file} was not written as it was; nothing was erased.", "Look for a bad disk.")
        packs[-1] = NewPack(temporary, name, left)


def _left_of(entry: Entry, affected: Affected | None, change: Change | None) -> Entry:
    """The batch with the rows and months that stay."""
    if affected is None or change is None or not change.removes:
        return entry
    left = {m: count - affected.months.get(m, 0) for m, count in entry.months.items()}
    return replace(entry, rows=entry.rows - affected.rows, months={m: count for m, count in left.items() if count})


def _write_left(
    landing: Landing,
    members: Sequence[Entry],
    left: Sequence[Entry],
    partly: Mapping[int, Affected],
    change: Change | None,
    path: Path,
) -> None:
    def rows_left(entry: Entry) -> Iterator[pa.Table]:
        for rows in _rows(landing, landing.entry(entry.number)):
            yield change.rows(STREAMS[entry.stream], rows) if change and entry.number in partly else rows

    try:
        write_pack(left, rows_left, path)
    except (pa.ArrowException, KeyError, ValueError) as problem:
        raise WrongUse(
            f"Batch {members[0].stream}/{members[0].producer}/{members[0].batch_id} is of another version of the "
            "contract and cannot be written anew.",
            "Erase it whole: `dif erase --producer … --batch …`, and have the rest sent again.",
        ) from problem


def _rewritten(landing: Landing, affected: Affected, left: Entry, change: Change | None, sha256: str) -> Rewritten:
    masked = left.masked_rows
    if change is not None:
        stream = STREAMS[left.stream]
        changed = (change.rows(stream, rows)["masked_fields"] for rows in _rows(landing, affected.entry))
        masked = sum(len(c) - c.null_count for c in changed)
    return Rewritten(
        of=left.number,
        was=affected.entry.sha256,
        sha256=sha256,
        rows=left.rows,
        months=left.months,
        masked_rows=masked,
        rows_erased=affected.entry.rows - left.rows,
    )


def _rows(landing: Landing, entry: Entry) -> Iterator[pa.Table]:
    """The batch's rows.

    Raises:
        Damaged: they cannot be read, or the file is not the one that was written.
    """
    if not landing.is_whole(entry):
        raise Damaged(
            f"Batch {entry.stream}/{entry.producer}/{entry.batch_id} is not what landed, so its rows cannot be judged.",
            "`dif doctor --mend` puts it back, or erase it whole.",
        )
    yield from rows_of(landing.file(entry), entry)


def _months(stream: StreamContract, rows: pa.Table) -> Counter[str]:
    """Rows by month in Oslo time."""
    counts = Counter[str]()
    for pair in rows[stream.month_of].value_counts().to_pylist():
        moment = pair["values"]
        day = calendar.day_in_oslo(moment) if isinstance(moment, datetime) else moment
        counts[calendar.month_of(day).isoformat()] += pair["counts"]
    return counts


# --- tombstones beside backups ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, order=True)
class ErasedBatch:
    """A batch, as it was before it was erased whole or in part.

    Attributes:
        sha256: of its content then.
        at: when it was erased (ISO).
    """

    stream: str
    producer: str
    batch_id: str
    sha256: str
    at: str
    by: str
    reason: str


def erased_batches(landing: Landing) -> list[ErasedBatch]:
    """Every batch that a tombstone of the landing names."""
    gone = []
    for erasure in landing.erasures:
        tombstone = {"at": erasure.received_at.isoformat(), "by": erasure.by, "reason": erasure.reason}
        now = {n: landing.entry(n).sha256 for n in erasure.batches}
        for number, sha256 in [*now.items(), *((r.of, r.was) for r in erasure.rewritten)]:
            entry = landing.entry(number)
            gone.append(ErasedBatch(entry.stream, entry.producer, entry.batch_id, sha256, **tombstone))
    return gone


def remembered(folder: Path) -> list[ErasedBatch]:
    """The batches that are erased according to a folder of backups.

    Raises:
        Damaged: the list cannot be read, so it is unknown what a backup must not bring back.
    """
    path = folder / ERASURES
    try:
        lines = path.read_text("utf-8").splitlines() if path.is_file() else []
        return [ErasedBatch(**json.loads(line)) for line in lines]
    except (OSError, ValueError, TypeError) as problem:
        raise Damaged(
            f"{path} cannot be read ({type(problem).__name__}): it lists what must not be restored.",
            "Take a new backup into another folder, and remove this one.",
        ) from None


def remember(folder: Path, gone: Iterable[ErasedBatch]) -> None:
    """Add batches to the list of a folder of backups."""
    before = remembered(folder)
    if more := sorted({*gone} - {*before}):
        lines = [
            json.dumps({n: getattr(g, n) for n in ErasedBatch.__slots__}, ensure_ascii=False) for g in [*before, *more]
        ]
        atomic_files.write_text(folder / ERASURES, "".join(f"{line}\n" for line in lines))


def erase_again(landing: Landing, gone: Iterable[ErasedBatch], *, now: datetime) -> list[Entry]:
    """Erase, from a landing that was restored, the batches that were erased after the backup was taken.

    A batch that was erased in part comes back as it was before, and what was erased in it is not known here. So it is
    erased whole; a backup from after the erasure has the rest of it. Ledgers and registers stay (`to_mask_again`).

    Returns:
        The batches.
    """
    entries = {e.number: (e, batch) for e, batch in _back(landing, gone) if not _stays(e)}
    affected_by_reason: dict[tuple[str, str], list[Affected]] = {}
    for entry, batch in entries.values():
        affected_by_reason.setdefault((batch.by, batch.reason), []).append(Affected(entry, entry.rows, entry.months))
    for (by, reason), affected in affected_by_reason.items():
        erase(landing, affected, None, by=by, reason=reason, now=now)
    return [entry for entry, _ in entries.values()]


def to_mask_again(landing: Landing, gone: Iterable[ErasedBatch]) -> list[Entry]:
    """The batches of ledgers and registers in which an identity number was masked after the backup, and is back.

    They are never erased whole, and the number is not known here: whoever knows it masks it again.
    """
    return list({e.number: e for e, _ in _back(landing, gone) if _stays(e)}.values())


def _stays(entry: Entry) -> bool:
    return entry.stream in KEPT_BY_LAW or entry.stream not in PUSHED


def _back(landing: Landing, gone: Iterable[ErasedBatch]) -> Iterator[tuple[Entry, ErasedBatch]]:
    """The batches of a landing that are as they were before they were erased, whole or in part."""
    for batch in gone:
        entry = landing.entry_named(batch.stream, batch.producer, batch.batch_id)
        if entry is not None and entry.sha256 == batch.sha256 and landing.erasure(entry) is None:
            yield entry, batch


def month_span(affected: Iterable[Affected]) -> tuple[date, date] | None:
    """The first and the last month with rows to be erased; None without rows."""
    months = sorted({date.fromisoformat(m) for a in affected for m in a.months})
    return (months[0], months[-1]) if months else None
