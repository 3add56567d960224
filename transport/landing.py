"""Landing and journal: the truth. A batch is kept once, under its name, for good; everything after can be made again.

A finished temporary file gets its name by an exclusive link, the folder is made durable, and one line goes to an
fsynced append-only journal. Only then is there a receipt. A last line that was cut short by a crash never led to a
receipt; it is cut away at the next opening, and the file it spoke of lands again as the same batch.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from catalog.contracts import StreamContract
from catalog.errors import BatchConflict, Damaged, WrongUse
from catalog.streams import STREAMS
from transport import durable
from transport.door import Parcel

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a batch id and a producer may look like; a name that began with a dot would be a folder above, or swept away."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal: a batch that is kept.

    Attributes:
        number: place in the journal, from 1.
        months: rows by month (ISO) of the stream's month column.
        latest: the latest moment of that column.
        file_sha256: of the file as it was written; empty in lines older than the field.
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

    @property
    def file(self) -> str:
        """The batch's file, relative to the landing."""
        return f"{self.stream}/{self.producer}/{self.batch_id}.parquet"

    def receipt(self, status: str) -> dict[str, object]:
        """What the producer gets: that the batch is kept, and what was kept."""
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
            "status": status,
        }


@dataclass(frozen=True, slots=True)
class Kept:
    """A batch's entry, and whether it was new (`accepted`) or known (`duplicate`)."""

    entry: Entry
    status: str


class Landing:
    """The landing of one home. Open it under the lock to write; anyone may read.

    Raises (on opening):
        Damaged: a line of the journal that is not the last is not what was written.
    """

    def __init__(self, folder: Path) -> None:
        """Read the journal."""
        self.folder = folder
        self._journal = folder / "journal"
        self.entries: list[Entry] = []
        self._by_id: dict[tuple[str, str, str], Entry] = {}
        self._by_content: dict[tuple[str, str, str], Entry] = {}
        self._whole = 0
        for entry in self._read():
            self._note(entry)

    def file(self, entry: Entry) -> Path:
        """Where the batch's file lies."""
        return self.folder / entry.file

    def temporary(self, stream: str, producer: str, name: str) -> Path:
        """A name for a batch that is still being read, in the folder where it will stay."""
        folder = self.folder / stream / producer
        folder.mkdir(parents=True, exist_ok=True)
        return durable.temporary_beside(folder / f"{name}.parquet")

    def known(self, stream: str, producer: str, sha256: str) -> Entry | None:
        """The batch that has this content already, if any."""
        return self._by_content.get((stream, producer, sha256))

    def keep(
        self, arrivals: Sequence[tuple[Path, Parcel, StreamContract, str, str]], *, now: datetime
    ) -> list[Kept | BatchConflict]:
        """Keep finished batches, as (temporary file, parcel, stream, producer, batch id), with one wait for the disk.

        Content that the producer sent to the stream before gets the first receipt, whatever the id. An id that is taken
        by other content is a conflict; nothing of it is kept.
        """
        for _, _, _, producer, batch_id in arrivals:
            if not (NAME.fullmatch(batch_id) and NAME.fullmatch(producer)):
                for temporary, *_ in arrivals:
                    temporary.unlink(missing_ok=True)
                message = (
                    f"A batch id or producer is no 1–64 of A–Z a–z 0–9 . _ -: {batch_id[:70]!r}, {producer[:70]!r}."
                )
                raise WrongUse(message, "Rename it.")
        before = len(self.entries)
        try:
            return self._keep(arrivals, now)
        except BaseException:
            # what has no line in the journal must never be answered as a duplicate
            self._forget(before)
            raise

    def _keep(
        self, arrivals: Sequence[tuple[Path, Parcel, StreamContract, str, str]], now: datetime
    ) -> list[Kept | BatchConflict]:
        results: list[Kept | BatchConflict] = []
        fresh: list[Entry] = []
        folders: set[Path] = set()
        for temporary, parcel, stream, producer, batch_id in arrivals:
            first = self.known(stream.name, producer, parcel.sha256)
            taken = self._by_id.get((stream.name, producer, batch_id))
            if first is not None or taken is not None:
                temporary.unlink(missing_ok=True)
                same = first or (taken if taken is not None and taken.sha256 == parcel.sha256 else None)
                results.append(Kept(same, "duplicate") if same is not None else BatchConflict(batch_id))
                continue
            entry = Entry(
                number=len(self.entries) + 1,
                stream=stream.name,
                producer=producer,
                batch_id=batch_id,
                sha256=parcel.sha256,
                rows=parcel.rows,
                bytes=parcel.bytes,
                months=parcel.months,
                latest=datetime.fromisoformat(parcel.latest),
                masked_rows=parcel.masked_rows,
                received_at=datetime.fromisoformat(parcel.arrived_at) if parcel.arrived_at else now,
                contract_version=stream.version,
                synthetic=parcel.synthetic,
                file_sha256=parcel.file_sha256,
            )
            self._name_for_good(temporary, self.file(entry))
            folders.add(self.file(entry).parent)
            fresh.append(entry)
            self._note(entry)
            results.append(Kept(entry, "accepted"))
        for folder in folders:
            durable.sync_folder(folder)
        if fresh:
            self._append(fresh)
        return results

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
        """The months that the stream has rows of, in order."""
        return sorted({date.fromisoformat(m) for e in self.of(stream, as_of=as_of) for m in e.months})

    def _name_for_good(self, temporary: Path, path: Path) -> None:
        """Fsync the file and give it its name.

        A file that has the name already but no line in the journal is left from a crash between the two: it never led
        to a receipt, so the newly read one takes its place.
        """
        durable.sync_file(temporary)
        temporary.chmod(0o444)
        if path.exists():
            path.unlink()
        if not durable.publish_new(temporary, path):
            message = f"{path.name} appeared while it was being named."
            raise Damaged(message, "Another writer is at work without the lock; stop it and run again.")

    def _note(self, entry: Entry) -> None:
        self.entries.append(entry)
        self._by_id[entry.stream, entry.producer, entry.batch_id] = entry
        self._by_content[entry.stream, entry.producer, entry.sha256] = entry

    def _forget(self, count: int) -> None:
        """Know only the first `count` entries."""
        for entry in self.entries[count:]:
            del self._by_id[entry.stream, entry.producer, entry.batch_id]
            del self._by_content[entry.stream, entry.producer, entry.sha256]
        del self.entries[count:]

    def _read(self) -> Iterable[Entry]:
        if not self._journal.exists():
            return
        lines = self._journal.read_bytes().split(b"\n")
        for number, line in enumerate(lines[:-1], 1):
            entry = _parsed(line)
            if entry is None or entry.number != number:
                message = f"Line {number} of the journal is not what was written."
                raise Damaged(message, "Restore the journal from its backup; `dif doctor` compares it with the files.")
            self._whole += len(line) + 1
            yield entry

    def _append(self, entries: Sequence[Entry]) -> None:
        """Write the lines and wait for the disk. A torn last line is overwritten."""
        self.folder.mkdir(parents=True, exist_ok=True)
        new = not self._journal.exists()
        text = b"".join(_line(e) for e in entries)
        handle = os.open(self._journal, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            os.ftruncate(handle, self._whole)
            os.lseek(handle, 0, os.SEEK_END)
            view = memoryview(text)
            while view:
                view = view[os.write(handle, view) :]
            os.fsync(handle)
        finally:
            os.close(handle)
        self._whole += len(text)
        if new:
            durable.sync_folder(self.folder)


def _line(entry: Entry) -> bytes:
    value = asdict(entry) | {"latest": entry.latest.isoformat(), "received_at": entry.received_at.isoformat()}
    body = json.dumps(value, separators=(",", ":"), sort_keys=True)
    return f"{zlib.crc32(body.encode()):08x} {body}\n".encode()


def _parsed(line: bytes) -> Entry | None:
    check, _, body = line.partition(b" ")
    if check != f"{zlib.crc32(body):08x}".encode():
        return None
    value = json.loads(body)
    value["latest"] = datetime.fromisoformat(value["latest"])
    value["received_at"] = datetime.fromisoformat(value["received_at"])
    return Entry(**value)


def fingerprint(entries: Iterable[Entry]) -> str:
    """A short name for a set of batches, in whatever order: equal when the same batches are in it."""
    return hashlib.sha256("\n".join(sorted(f"{e.file} {e.sha256}" for e in entries)).encode()).hexdigest()


def utc_now() -> datetime:
    """The clock of the door. Callers take it as an argument, so that tests and replays can set it."""
    return datetime.now(UTC)


def known_stream(name: str) -> StreamContract:
    """The stream of that name.

    Raises:
        UnknownName: there is none; the error names the nearest.
    """
    from catalog.errors import UnknownName

    if name not in STREAMS:
        raise UnknownName("stream", name, known=STREAMS)
    return STREAMS[name]
