"""Landing and journal: the source of truth. A batch is kept once and for good; everything else can be rebuilt from it.

A finished temporary file gets its name by an exclusive link, the folder is synced, and one line goes to an fsynced
append-only journal. Only then is there a receipt. A last line cut short by a crash never led to a receipt; it is
overwritten, and its file lands again as the same batch. Several processes may keep batches at the same time: each takes
the lock, reads what the others appended, and then decides.

No line is dated before an earlier one, whatever the machine's clock says: `as of` a moment means what was known then.
Only a synthetic batch keeps the moment that it claims. A clock that was ahead thus dates what comes later, until a
person lets the clock count again (`clock`).

Journal lines are of nine kinds: `batch`; `withdraw` and `reinstate`, by which a person withdraws a wrong batch and
undoes that; `mend`, a damaged file that was replaced; `pack`, small batches that moved into one file; `erase`, a
tombstone for batches or rows that are to be gone, and `erased`, when they are gone everywhere
(`transport.storage.erasure`); `clock`, from which on the machine's clock dates lines again; and `shards`, which only
object storage needs.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

import pyarrow.parquet as pq

from catalog.contracts.language import StreamContract
from catalog.domain import calendar
from catalog.errors import (
    BatchConflict,
    BatchErased,
    Damaged,
    NoRoom,
    PeriodOverlap,
    SharingError,
    TryAgain,
    UnknownName,
    WrongUse,
)
from catalog.tables.streams import STREAMS
from transport.base.atomic_files import sha256_of
from transport.base.names import NAME, PRODUCER
from transport.base.settings import Settings
from transport.storage import batch_file
from transport.storage.backends import FULL, StorageBackend, backend_of
from transport.storage.batch_file import ValidatedBatch
from transport.storage.journal import (
    CLOCK,
    ERASE,
    ERASED,
    PACK,
    SHARDS,
    Entry,
    JournalState,
    Mark,
    Rewritten,
    journal_line,
    parsed_line,
)

Request = TypeVar("Request")
Answer = TypeVar("Answer")


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Request, Answer]):
    request: Request
    answer: Future[Answer] = field(default_factory=Future)


class GroupCommit(Generic[Request, Answer]):
    """Serialises the writers of one log.

    Attributes:
        turn: held by the thread that writes.
    """

    def __init__(self, commit: Callable[[Sequence[Request]], Sequence[Answer]]) -> None:
        """Write nothing yet.

        Args:
            commit: writes what several threads ask for, and returns an answer for each, in order.
        """
        self.turn = threading.RLock()
        self._commit = commit
        self._queue: list[_Waiting[Request, Answer]] = []
        self._queueing = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many requests wait for the thread that writes."""
        return len(self._queue)

    def run(self, request: Request) -> Answer:
        """Write, together with the waiting writes of other threads.

        Raises:
            Exception: whatever `commit` raised for this request alone.
        """
        mine = _Waiting[Request, Answer](request)
        with self._queueing:
            self._queue.append(mine)
        with self.turn:
            if not mine.answer.done():
                with self._queueing:
                    together, self._queue = self._queue, []
                # a thread that was interrupted took it from the queue and left it
                self._write(together if mine in together else [mine, *together])
        return mine.answer.result()

    def _write(self, together: Sequence[_Waiting[Request, Answer]]) -> None:
        """Write all; where that fails, each alone, so that none fails for another."""
        try:
            answers = self._commit([each.request for each in together])
        except Exception as problem:  # noqa: BLE001 - raised to the thread that asked
            if len(together) == 1:
                together[0].answer.set_exception(problem)
            elif isinstance(problem, TryAgain):  # each alone would wait as long for the same lock or store
                for each in together:
                    each.answer.set_exception(problem.again())
            else:
                for each in together:
                    self._write([each])
        else:
            for each, answer in zip(together, answers, strict=True):
                each.answer.set_result(answer)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A validated batch to be kept.

    Attributes:
        temporary: its file, named by `Landing.temporary`.
        named: the sender chose the id. Otherwise the id comes from a file's name and content, and the same content
            kept under any id is the same batch.
    """

    temporary: Path
    validated: ValidatedBatch
    stream: StreamContract
    producer: str
    batch_id: str
    named: bool = True


@dataclass(frozen=True, slots=True)
class LandedBatch:
    """A batch's entry, and its status: new (`accepted`) or known (`duplicate`)."""

    entry: Entry
    status: str


@dataclass(frozen=True, slots=True)
class NewPack:
    """A packed file to be put in place of the files that held its batches.

    Attributes:
        temporary: its file, named by the backend's `temporary`.
        name: its stem; the backend adds the ending.
        members: the batches in it, in order, as they are in it.
    """

    temporary: Path
    name: str
    members: Sequence[Entry]


Fields = Mapping[str, object]
"""The fields of a journal line."""
Name = tuple[str, str, str]
"""Stream, producer and batch id."""


@dataclass(frozen=True, slots=True)
class Appending:
    """Arrivals that a thread wants appended, each with its moment.

    Attributes:
        seen_whole: by number, the places of kept batches that were seen whole just now.
    """

    arrivals: Sequence[tuple[Arrival, datetime]]
    seen_whole: Mapping[int, str]


Results = list[LandedBatch | BatchConflict]
Writers = GroupCommit[Appending, Results]
Append = Callable[[Sequence[tuple[Arrival, datetime]], Mapping[int, str], set[Path]], Results | None]


class Landing(JournalState):
    """The landing of one home. Several processes and threads may keep and read at the same time.

    Raises (on opening):
        Damaged: a line of the journal is not what was written, or lines are gone.
    """

    def __init__(self, backend: StorageBackend) -> None:
        """Read the journal."""
        super().__init__(backend)
        self._writers: Writers = GroupCommit(self._append_group)
        self._turn = self._writers.turn
        twin = backend.twin()  # read before the journal, which is never behind it
        self.refresh()
        if len(twin) > self._length:
            lost = sum(parsed_line(line) is not None for line in twin[self._length :].split(b"\n")[:-1])
            message = f"The journal lacks its last lines ({lost} are in its twin); they include batches with a receipt."
            raise Damaged(message, "`dif doctor --mend` puts them back from the twin, or says what to restore.")
        if not self.last and backend.lost():
            raise Damaged(
                "The landing has batches but no journal.",
                "`dif doctor --mend` brings it back from the mirror; `dif restore` from a backup.",
            )

    def refresh(self) -> None:
        """Read what others have appended.

        Raises:
            Damaged: the journal is not what was written, or has lost lines that were read before.
            TryAgain: another process holds the landing's lock for too long.
        """
        with self._turn:
            text = self.backend.journal(self._length)
            for line in text.split(b"\n")[:-1]:
                self.apply_line(line)

    def file(self, entry: Entry) -> Path:
        """A local file that holds the batch's rows; a packed file holds other batches too."""
        return self.backend.local(self.place(entry))

    def place_of_file(self, entry: Entry) -> Path:
        """The path that `file` gives, without fetching anything."""
        return self.backend.place(self.place(entry))

    def temporary(self, stream: str, producer: str, name: str) -> Path:
        """A temporary path for a batch that is still being received."""
        return self.backend.temporary(f"{stream}/{producer}/{name}")

    def ready(self, arrival: Arrival) -> None:
        """Make the arrival's bytes durable without holding the lock; `keep` does it otherwise.

        Raises:
            NoRoom: the disk is full.
        """
        try:
            self.backend.ready(arrival.temporary)
        except OSError as problem:
            self.backend.discard(arrival.temporary)
            raise no_room(problem) from problem

    def keep(self, arrivals: Sequence[Arrival], *, now: datetime) -> Results:
        """Keep finished batches, with one fsync of the journal.

        An id that is taken by other content is a conflict; nothing of it is kept. A batch that is kept already gives
        its first receipt, unless its file was damaged meanwhile: then the new file replaces it.

        Raises:
            WrongUse: an id or producer is not a valid file name.
            NoRoom: the disk is full; nothing was kept.
            TryAgain: another process holds the landing's lock for too long; nothing was kept.
            Damaged: the journal is not what was written, or has lost lines that led to receipts.
        """
        for arrival in arrivals:
            if not (NAME.fullmatch(arrival.batch_id) and PRODUCER.fullmatch(arrival.producer)):
                for each in arrivals:
                    self.backend.discard(each.temporary)
                names = f"{arrival.batch_id[:70]!r}, {arrival.producer[:70]!r}"
                raise WrongUse(
                    f"A batch id or producer is not 1–64 characters of A–Z a–z 0–9 . _ -: {names}.", "Rename it."
                )
        try:
            for arrival in arrivals:
                self.backend.ready(arrival.temporary)
            seen_whole, places = self._whole_duplicates(arrivals), dict[Writers, list[int]]()
            for place, arrival in enumerate(arrivals):
                places.setdefault(self.writers_of(arrival.producer), []).append(place)
            results: dict[int, LandedBatch | BatchConflict] = {}
            for writers, mine in places.items():
                appending = Appending([(arrivals[place], now) for place in mine], seen_whole)
                results |= dict(zip(mine, writers.run(appending), strict=True))
            return [results[place] for place in range(len(arrivals))]
        except OSError as problem:
            raise no_room(problem) from problem
        finally:
            for arrival in arrivals:
                self.backend.discard(arrival.temporary)

    def withdraw(self, entry: Entry, *, by: str, reason: str, now: datetime) -> Mark:
        """Withdraw a batch: from the next run on, its rows count nowhere. Nothing is deleted."""
        return self._mark("withdraw", entry, by=by, reason=reason, now=now)

    def reinstate(self, entry: Entry, *, by: str, reason: str, now: datetime) -> Mark:
        """Undo a withdrawal.

        Raises:
            WrongUse: another batch of the same months counts in its place.
        """

        def check() -> None:
            for other in self.entries:
                if other.number != entry.number and other.overlaps(entry) and self.withdrawal(other) is None:
                    raise WrongUse(
                        f"{entry.batch_id} was replaced by {other.batch_id}, which counts: both would count.",
                        f"Withdraw that one first: dif withdraw {other.batch_id} --reason …",
                    )

        return self._mark("reinstate", entry, by=by, reason=reason, now=now, check=check)

    def trust_clock(self, *, by: str, reason: str, now: datetime) -> None:
        """Let the machine's clock date lines from here on, although earlier lines are dated later."""
        self.write(lambda: [{"kind": CLOCK, "of": 0, "by": by, "reason": reason, "received_at": now.isoformat()}])

    def receipt_of(self, landed: LandedBatch) -> dict[str, object]:
        """The receipt. It says if the batch was withdrawn or erased since: then it does not count."""
        mark = self.withdrawal(landed.entry)
        how = "erased" if mark and mark.kind == ERASE else "withdrawn"
        facts = {f"{how}_at": mark.received_at.isoformat(), f"{how}_because": mark.reason} if mark else {}
        return landed.entry.receipt(landed.status) | facts

    def erase(
        self,
        batches: Sequence[Entry],
        rewritten: Sequence[tuple[Entry, Rewritten]],
        packs: Sequence[NewPack],
        *,
        by: str,
        reason: str,
        now: datetime,
    ) -> bool:
        """Write one tombstone for batches and rows; from then on they count nowhere. `clear_erased` removes the files.

        Args:
            batches: those that are gone altogether.
            rewritten: batches as they were, and what is left of them in `packs`.
            packs: the files that replace those with erased rows.
            by: a function, not a person.
            reason: shown to readers of the batch list; it names nobody.
            now: the ingest clock.

        Returns:
            False, with nothing done, when a batch has changed: somebody packed or mended it.
        """
        for pack in packs:
            self.backend.ready(pack.temporary)
        with self._turn, self.backend.exclusive():
            written = [self._packed(pack) for pack in packs]
            fields = {
                "kind": ERASE,
                "batches": [e.number for e in batches],
                "rewritten": [asdict(change) for _, change in rewritten],
                "packs": [{k: v for k, v in line.items() if k != "kind"} for line in written],
                "by": by,
                "reason": reason,
                "received_at": now.isoformat(),
            }
            changed = {e.number for e, _ in rewritten}
            moved = [m for pack in packs for m in pack.members if m.number not in changed]
            unchanged = [*batches, *(e for e, _ in rewritten), *moved]
            self.backend.check_copies()

            def tombstone() -> list[Fields] | None:
                if any(self.entry(e.number) != e or e.number in self._erased for e in unchanged):
                    return None
                self.backend.put([(p.temporary, line["file"]) for p, line in zip(packs, written, strict=True)])
                return [fields]

            return self.write(tombstone)

    def clear_erased(self) -> int:
        """Remove every file of the landing that holds rows which a tombstone names; returns how many. Idempotent.

        Raises:
            Damaged: there should be a mirror, and it is not there: its copies would stay.
        """
        if not self._unfinished:
            return 0
        with self._turn, self.backend.exclusive():
            self.refresh()
            self.backend.check_copies()
            live = {self.place(e) for e in self.entries if e.number not in self._erased}
            gone = [name for name in self.backend.names() if self.was_emptied(name) and name not in live]
            for name in gone:
                self.backend.remove(name)
            return len(gone)

    def finish_erasing(self, *, now: datetime) -> None:
        """Note that what every tombstone so far names is gone from the whole home."""

        def lines() -> list[Fields]:
            at = now.isoformat()
            return [{"kind": ERASED, "of": number, "received_at": at} for number in self._unfinished]

        self.write(lines)

    def put_back(self, entry: Entry, source: Path, *, now: datetime) -> None:
        """Replace a batch's own file by a sound copy; the caller has checked its content."""
        temporary = self.backend.temporary(entry.stem)
        temporary.write_bytes(source.read_bytes())
        self.backend.ready(temporary)
        self.mend(entry, temporary, sha256_of(temporary), now)
        self.backend.discard(temporary)

    def pack(self, members: Sequence[Entry], temporary: Path, name: str, *, now: datetime) -> bool:
        """Move batches into one packed file, in this order. Their own files are removed once the journal has the line.

        Returns:
            False, with nothing done, when an entry has changed: somebody packed or mended the batch.
        """
        self.backend.ready(temporary)
        fields = self._packed(NewPack(temporary, name, members))
        with self._turn, self.backend.exclusive():
            own = [self.place(m) for m in members]

            def line() -> list[Fields] | None:
                if any(self.entry(m.number) != m or m.number in self._erased for m in members):
                    return None
                self.backend.put([(temporary, fields["file"])])
                return [{**fields, "received_at": now.isoformat()}]

            if not self.write(line):
                return False
            for name_of_own in own:
                self.backend.remove(name_of_own)
        return True

    def _packed(self, pack: NewPack) -> dict[str, Any]:
        """The fields of a packed file's line."""
        file_sha256, row, places = sha256_of(pack.temporary), 0, list[dict[str, int]]()
        for member in pack.members:
            places.append({"of": member.number, "first_row": row})
            row += member.rows
        place, size = self.backend.name(pack.name, file_sha256), pack.temporary.stat().st_size
        return {"kind": PACK, "file": place, "file_sha256": file_sha256, "bytes": size, "members": places}

    def is_whole(self, entry: Entry) -> bool:
        """Whether the file that holds the batch has the hash that was recorded."""
        place = self.place(entry)
        if entry.packed_in:
            return self.backend.size(place) is not None and batch_file.is_sound(self.backend.local(place), entry)
        if not entry.file_sha256:
            return self.backend.size(place) is not None
        return self.backend.size(place) == entry.bytes and sha256_of(self.backend.local(place)) == entry.file_sha256

    def _whole_duplicates(self, arrivals: Sequence[Arrival]) -> dict[int, str]:
        """Batches kept earlier that are whole, and their places, as far as this process has read the journal.

        Checked without the lock, since it takes time, and without waiting for one who holds it: then both are kept
        together.
        """
        before = (
            self.entry_named(a.stream.name, a.producer, a.batch_id) or self._same_content(a, ()) for a in arrivals
        )
        return {e.number: self.place(e) for e in before if e is not None and self.is_whole(e)}

    def writers_of(self, producer: str) -> Writers:  # noqa: ARG002 - of a landing that is divided by producer
        """The group commit that a producer's batches go through."""
        return self._writers

    def _append_group(self, group: Sequence[Appending]) -> list[Results]:
        with self.backend.exclusive():
            return self.append_together(group, self.append_batches)

    def append_together(self, group: Sequence[Appending], append: Append) -> list[Results]:
        """Append what several threads brought, by one append; decide again while another machine appends first."""
        arrivals = [arrival for each in group for arrival in each.arrivals]
        seen_whole = {number: place for each in group for number, place in each.seen_whole.items()}
        placed: set[Path] = set()
        while (results := append(arrivals, seen_whole, placed)) is None:
            pass
        rest = iter(results)
        return [[next(rest) for _ in each.arrivals] for each in group]

    def append_batches(
        self, arrivals: Sequence[tuple[Arrival, datetime]], seen_whole: Mapping[int, str], placed: set[Path]
    ) -> Results | None:
        """Decide on each arrival and append; None, with nothing decided, when somebody else appended meanwhile.

        Args:
            arrivals: each with its moment.
            seen_whole: as in `Appending`.
            placed: files that have their names; extended, for the next attempt.
        """
        self.refresh()
        return self.append_decided(arrivals, seen_whole, placed)

    def append_decided(
        self, arrivals: Sequence[tuple[Arrival, datetime]], seen_whole: Mapping[int, str], placed: set[Path]
    ) -> Results | None:
        """Like `append_batches`, but by the journal as last read."""
        results, lines, files = self.decide(arrivals, seen_whole)
        self.put_files(files, placed)
        return results if self._append(lines) else None

    def put_files(self, files: Sequence[tuple[Path, str]], placed: set[Path]) -> None:
        """Give files their names, unless they have them."""
        if files := [file for file in files if file[0] not in placed]:
            self.backend.put(files)
            placed |= {temporary for temporary, _ in files}

    def decide(
        self, arrivals: Sequence[tuple[Arrival, datetime]], seen_whole: Mapping[int, str]
    ) -> tuple[Results, list[Fields], list[tuple[Path, str]]]:
        """The result for each arrival, the lines to append, and the files to put first."""
        results: Results = []
        lines: list[Fields] = []
        files: list[tuple[Path, str]] = []
        new: dict[Name, Entry] = {}
        for arrival, claimed in arrivals:
            name, now = name_of(arrival), self._not_before(claimed)
            same = new.get(name) or self.entry_named(*name) or self._same_content(arrival, new.values())
            if (erased_at := self._erased_at(arrival, same)) is not None:
                results.append(BatchErased(arrival.batch_id, erased_on=str(calendar.day_in_oslo(erased_at))))
            elif same is None and (half := self._half_replaced(arrival, new.values())) is not None:
                results.append(half)
            elif same is None:
                entry = _entry(self._number_of_line(len(lines)), arrival, now)
                files.append((arrival.temporary, self.backend.name(entry.stem, entry.file_sha256)))
                lines.append(_fields(entry))
                new[name] = entry
                results.append(LandedBatch(entry, "accepted"))
            elif not (_is_same(same, arrival) or self._is_same_but_for_new_columns(same, arrival)):
                results.append(_conflict(arrival, same))
            elif same in new.values() or seen_whole.get(same.number) == self.place(same) or self.is_whole(same):
                results.append(LandedBatch(same, "duplicate"))
            else:
                lines += self._mending(same, arrival, now)
                results.append(LandedBatch(same, "accepted"))
        return results, lines, files

    def _number_of_line(self, nth: int) -> int:
        """The number of the nth line, from 0, that is appended next."""
        return self.last + nth + 1

    def _mending(self, damaged: Entry, arrival: Arrival, now: datetime) -> list[Fields]:
        """Replace a damaged file by the arrival's; returns the line to append, if any."""
        return self._replaced(damaged, arrival.temporary, arrival.validated.file_sha256, now)

    def _same_content(self, arrival: Arrival, new: Iterable[Entry]) -> Entry | None:
        """A kept batch with the same content, for an arrival whose id its sender did not choose.

        A withdrawn batch does not match: its rows, sent again under another name, should count.
        """
        if arrival.named:
            return None
        key = (arrival.stream.name, arrival.producer, arrival.validated.sha256)
        before = (self.entries[place] for place in self._by_content.get(key, ()))
        counting = (e for e in before if self.withdrawal(e) is None)
        return next(counting, None) or next((e for e in new if (e.stream, e.producer, e.sha256) == key), None)

    def _is_same_but_for_new_columns(self, earlier: Entry, arrival: Arrival) -> bool:
        """Whether an arrival equals a batch kept before its contract got new columns, all null in the arrival."""
        sent = arrival.validated
        if (earlier.rows, earlier.synthetic) != (sent.rows, sent.synthetic) or not self.is_whole(earlier):
            return False
        columns = batch_file.columns_in(self.file(earlier), arrival.stream)
        new = set(arrival.stream.schema.names).difference(column.name for column in columns)
        values = pq.read_table(arrival.temporary, columns=sorted(new))
        if not new or any(values[name].null_count < earlier.rows for name in new):
            return False
        as_kept = batch_file.content_sha256_of(arrival.temporary, replace(earlier, packed_in=""), columns)
        return as_kept == earlier.sha256

    def _half_replaced(self, arrival: Arrival, new: Iterable[Entry]) -> PeriodOverlap | None:
        """The refusal of a batch of whole months that overlaps a counting batch without replacing all of it.

        It has only some of that batch's months, or that batch is another producer's, which it never replaces.
        """
        if not arrival.validated.covers:
            return None
        entry = _entry(0, arrival, self._not_before(datetime.min.replace(tzinfo=UTC)))
        of, first, last = entry.covers
        for earlier in (*(e for e in self.entries if e.covers and self.withdrawal(e) is None), *new):
            if entry.overlaps(earlier) and not entry.replaces(earlier):
                months_kept = earlier.covers[1], earlier.covers[2]
                other = earlier.producer if earlier.producer != entry.producer else ""
                return PeriodOverlap(
                    earlier.batch_id, company=of, months=(first, last), months_kept=months_kept, producer=other
                )
        return None

    def _erased_at(self, arrival: Arrival, same: Entry | None) -> datetime | None:
        """When the arrival's batch, or its content under any name, was erased; None if it was not."""
        if same is not None and (mark := self._erased.get(same.number)) is not None:
            return mark.received_at
        erasure = self._erased_content.get((arrival.stream.name, arrival.producer, arrival.validated.sha256))
        return erasure.received_at if erasure else None

    def _replaced(self, entry: Entry, temporary: Path, file_sha256: str, now: datetime) -> list[Fields]:
        """Put a sound file in place of a damaged one. Returns the journal line; none if the bytes are the same."""
        size = temporary.stat().st_size
        self.backend.put([(temporary, self.backend.name(entry.stem, file_sha256))])
        if file_sha256 == entry.file_sha256 and not entry.packed_in:
            return []
        fields = {"of": entry.number, "file_sha256": file_sha256, "bytes": size}
        return [{"kind": "mend", **fields, "received_at": now.isoformat()}]

    def mend(self, entry: Entry, temporary: Path, file_sha256: str, now: datetime) -> None:
        """Replace the file of a kept batch by a sound one.

        Raises:
            BatchErased: the batch was erased meanwhile.
        """

        def line() -> list[Fields]:
            current = self._as_numbered(entry)
            if mark := self._erased.get(current.number):
                raise BatchErased(current.batch_id, erased_on=str(calendar.day_in_oslo(mark.received_at)))
            return self._replaced(current, temporary, file_sha256, now)

        self.write(line)

    def _mark(
        self,
        kind: str,
        entry: Entry,
        *,
        by: str,
        reason: str,
        now: datetime,
        check: Callable[[], None] = lambda: None,
    ) -> Mark:
        """Write a mark on a batch; `check` raises what stands against it, by the journal that the mark follows."""
        facts = {"by": by, "reason": reason, "received_at": now.isoformat()}

        def line() -> list[Fields]:
            check()
            return [{"kind": kind, "of": self._as_numbered(entry).number, **facts}]

        with self._turn, self.backend.exclusive():
            self.write(line)
            return self.marks[-1]

    def _as_numbered(self, entry: Entry) -> Entry:
        """The batch as the journal has it now."""
        return self.entry_named(entry.stream, entry.producer, entry.batch_id) or entry

    def write(self, decide: Callable[[], Sequence[Fields] | None]) -> bool:
        """Append the lines that `decide` makes of the newest journal.

        It decides again when another machine has appended first; under a lock nobody can.

        Returns:
            False, with nothing written, when it decides None.
        """
        with self._turn, self.backend.exclusive():
            while True:
                self.refresh()
                lines = decide()
                if lines is None:
                    return False
                if self._append(lines):
                    return True

    def _append(self, lines: Sequence[Mapping[str, object]]) -> bool:
        """Number the lines, append them to the journal, and apply them here."""
        if not lines:
            return True
        lines = [self._dated(line) for line in lines]
        text = b"".join(journal_line({**line, "number": self.last + place}) for place, line in enumerate(lines, 1))
        if not self.backend.append(self._length, text):
            return False
        for line in text.split(b"\n")[:-1]:
            self.apply_line(line)
        return True

    def _dated(self, line: Mapping[str, object]) -> Mapping[str, object]:
        """The line, not dated before the newest one."""
        if line.get("kind", "batch") in ("batch", CLOCK):  # the first are dated already
            return line
        return {**line, "received_at": self._not_before(datetime.fromisoformat(str(line["received_at"]))).isoformat()}


def open_landing(settings: Settings) -> Landing:
    """The landing that the settings name.

    Raises:
        Damaged: its journal is not what was written.
        BadSetting: it is divided into another number of shards.
    """
    if settings.landing_url:
        from transport.cluster.landing import open_object_landing

        return open_object_landing(settings)
    return Landing(backend_of(settings))


_NOT_COUNTING = ("mend", PACK, ERASED, SHARDS)
"""Kinds of lines that change no row."""


def last_line_after(settings: Settings, offset: int) -> tuple[int, int]:
    """The newest line of the journal after an offset in bytes that affects which rows count, read without the rest.

    Returns:
        Its number, 0 where there is none; and where the journal ends.
    """
    text = backend_of(settings).journal(offset)
    whole = text[: text.rfind(b"\n") + 1]
    lines = (parsed_line(line) for line in reversed(whole.split(b"\n")[:-1]))
    counts = (int(line["number"]) for line in lines if line and line.get("kind") not in _NOT_COUNTING)
    return next(counts, 0), offset + len(whole)


def _is_same(earlier: Entry, arrival: Arrival) -> bool:
    """Whether an arrival has the content of a kept batch, and its mark as simulated or real."""
    return (earlier.sha256, earlier.synthetic) == (arrival.validated.sha256, arrival.validated.synthetic)


def _conflict(arrival: Arrival, same: Entry) -> BatchConflict:
    """The refusal of a batch whose id is taken; worded for the synthetic mark if only that differs."""
    conflict = BatchConflict(arrival.batch_id)
    if same.sha256 == arrival.validated.sha256:
        words = ("made up", "real") if same.synthetic else ("real", "made up")
        SharingError.__init__(
            conflict,
            f"Batch {same.batch_id!r} is already kept with the same rows, as {words[0]}; now they are {words[1]}.",
            "Send it with its original mark; if that mark was wrong, withdraw it and send this under a new batch id.",
        )
    return conflict


def _entry(number: int, arrival: Arrival, now: datetime) -> Entry:
    validated = arrival.validated
    return Entry(
        number=number,
        stream=arrival.stream.name,
        producer=arrival.producer,
        batch_id=arrival.batch_id,
        sha256=validated.sha256,
        rows=validated.rows,
        bytes=validated.bytes,
        months=validated.months,
        latest=datetime.fromisoformat(validated.latest),
        masked_rows=validated.masked_rows,
        received_at=datetime.fromisoformat(validated.arrived_at) if validated.arrived_at else now,
        contract_version=arrival.stream.version,
        synthetic=validated.synthetic,
        file_sha256=validated.file_sha256,
        suspects=tuple(validated.suspects),
        covers=tuple(validated.covers),
    )


def name_of(arrival: Arrival) -> Name:
    """The name of an arrival's batch."""
    return arrival.stream.name, arrival.producer, arrival.batch_id


def _fields(entry: Entry) -> dict[str, object]:
    fields = asdict(entry) | {"latest": entry.latest.isoformat(), "received_at": entry.received_at.isoformat()}
    return {
        k: v
        for k, v in fields.items()
        if k not in ("packed_in", "first_row") and (v or k not in ("suspects", "covers"))
    }


def fingerprint(entries: Iterable[Entry]) -> str:
    """A hash of batches, independent of the order given: equal when the same batches landed in the same order."""
    return _hashed(sorted(entries, key=lambda e: e.number))


def is_fingerprint(text: str, entries: Collection[Entry]) -> bool:
    """Whether it is the fingerprint of these batches; older releases hashed them in the order of their names."""
    return text in (fingerprint(entries), _hashed(sorted(entries, key=lambda e: f"{e.file} {e.sha256}")))


def _hashed(entries: Iterable[Entry]) -> str:
    return hashlib.sha256("\n".join(f"{e.file} {e.sha256}" for e in entries).encode()).hexdigest()


def utc_now() -> datetime:
    """The ingest clock. Callers take it as an argument, so that tests and replays can set it."""
    return datetime.now(UTC)


def known_stream(name: str) -> StreamContract:
    """The stream of that name.

    Raises:
        UnknownName: there is none; the error names the nearest.
    """
    if name not in STREAMS:
        raise UnknownName("stream", name, choices=STREAMS)
    return STREAMS[name]


def no_room(problem: OSError) -> Exception:
    """`NoRoom` for a full disk; any other problem unchanged."""
    if problem.errno in FULL:
        return NoRoom("The disk is full; nothing was kept.", "Send it again when there is room.")
    return problem
