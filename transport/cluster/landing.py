"""The landing on object storage, into which doors may write by shard of the producer (`transport.cluster.shards`)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from catalog.errors import BadSetting, TryAgain
from transport.base.settings import Settings
from transport.cluster.object_backend import ObjectBackend
from transport.cluster.object_log import ObjectLog
from transport.cluster.shards import lines_of, piece_of
from transport.storage.journal import SHARDS, Entry, entry_of, group_of
from transport.storage.landing import (
    Appending,
    Arrival,
    Fields,
    GroupCommit,
    Landing,
    Name,
    Results,
    Writers,
    name_of,
    utc_now,
)

AppendToShard = Callable[["_Shard", Sequence[Appending]], list[Results]]


class _Shard:
    """A journal of one shard, as far as this process has read it.

    Attributes:
        end: how far it was read, or seen merged into the journal.
        last: where the last object before that begins, if this process has seen it.
        unmerged: entries read there and not seen in the journal: each without a number, and where its line ends.
        lock: guards these; held for a moment.
    """

    def __init__(
        self, log: ObjectLog, end: int, append: Callable[[_Shard, Sequence[Appending]], list[Results]]
    ) -> None:
        self.log = log
        self.end = end
        self.last: int | None = None
        self.unmerged: dict[Name, tuple[Entry, int]] = {}
        self.lock = threading.Lock()
        self.writers: Writers = GroupCommit(lambda group: append(self, group))

    def read(self, text: bytes, begin: int, last: int | None) -> None:
        """Take in the text from an offset on."""
        for value, end in lines_of(text, begin):
            entry = entry_of(value | {"number": 0})
            with self.lock:
                if end > self.end:  # otherwise it was merged meanwhile
                    self.unmerged[entry.stream, entry.producer, entry.batch_id] = (entry, end)
                    self.end, self.last = end, last

    def merged(self, end: int) -> None:
        """Forget what the journal has."""
        with self.lock:
            if end > self.end:
                self.end, self.last = end, None
            self.unmerged = {name: (e, at) for name, (e, at) in self.unmerged.items() if at > end}

    def entries(self) -> list[Entry]:
        """The entries that the journal may not have yet."""
        with self.lock:
            return [entry for entry, _ in self.unmerged.values()]


class ObjectLanding(Landing):
    """The landing of machines that share object storage.

    A door holds the turn of a shard while it writes there, and may take the journal's turn within it, never the other
    way round.
    """

    def __init__(self, backend: ObjectBackend) -> None:
        """Read the journal, into which the backend merges what doors wrote by shard."""
        self._objects = backend
        self._shards: list[_Shard] = []
        super().__init__(backend)

    def enable_sharding(self, count: int, *, now: datetime) -> None:
        """Let doors keep batches by shard of their producer from now on. The number is for good.

        A door that still appends to the journal itself finds this line there first, and follows.

        Raises:
            BadSetting: there is another number of shards.
        """
        line = {"kind": SHARDS, "ends": [0] * count, "received_at": now.isoformat()}
        self.write(lambda: [] if self._shards else [line])
        if len(self._shards) != count:
            raise BadSetting("shards", count, f"{len(self._shards)}, as this landing was divided")

    def entry_named(self, stream: str, producer: str, batch_id: str) -> Entry | None:
        """The batch of that name, if it is kept; without a number while its line is in a shard alone."""
        name = (stream, producer, batch_id)
        # first: what is merged meanwhile is in the journal then
        unmerged = self._shard_of(producer).unmerged.get(name) if self._shards else None
        return super().entry_named(*name) or (unmerged[0] if unmerged else None)

    def writers_of(self, producer: str) -> Writers:
        """The group commit of the producer's shard."""
        return self._shard_of(producer).writers if self._shards else super().writers_of(producer)

    def append_batches(
        self, arrivals: Sequence[tuple[Arrival, datetime]], seen_whole: Mapping[int, str], placed: set[Path]
    ) -> Results | None:
        """Append to the journal itself, while there are no shards.

        Raises:
            TryAgain: another door has just enabled sharding.
        """
        self.refresh()
        if self._shards:
            raise TryAgain("The landing has just been divided into shards.", "Send it again.")
        return self.append_decided(arrivals, seen_whole, placed)

    def _append_to_shard(self, shard: _Shard, group: Sequence[Appending]) -> list[Results]:
        def append(
            arrivals: Sequence[tuple[Arrival, datetime]], seen_whole: Mapping[int, str], placed: set[Path]
        ) -> Results | None:
            with shard.lock:
                begin, last = shard.end, shard.last
            text, last = shard.log.read(begin, last)
            shard.read(text, begin, last)
            if any(a.validated.covers or not a.named or self.entry_named(*name_of(a)) for a, _ in arrivals):
                # a mark, a pack, a mended file, or months in another shard may be newer than what this process has read
                self.refresh()
            results, lines, files = self.decide(arrivals, seen_whole)
            self.put_files(files, placed)
            end, piece = begin + len(text), piece_of(lines)
            if piece and not shard.log.create(end, piece):
                return None
            shard.read(piece, end, end)
            return results

        return self.append_together(group, append)

    def _shard_of(self, producer: str) -> _Shard:
        return self._shards[group_of(producer, len(self._shards))]

    def _number_of_line(self, nth: int) -> int:
        return 0 if self._shards else super()._number_of_line(nth)

    def _mending(self, damaged: Entry, arrival: Arrival, now: datetime) -> list[Fields]:
        if not self._shards:
            return super()._mending(damaged, arrival, now)
        self.mend(damaged, arrival.temporary, arrival.validated.file_sha256, now)
        return []

    def _same_content(self, arrival: Arrival, new: Iterable[Entry]) -> Entry | None:
        # first: what is merged meanwhile is in the journal then
        unmerged = self._shard_of(arrival.producer).entries() if self._shards else []
        return super()._same_content(arrival, [*new, *unmerged])

    def _shards_merged(self, ends: Sequence[int]) -> None:
        if not self._shards:
            logs = self._objects.shards(len(ends))
            self._shards = [_Shard(log, end, self._append_to_shard) for log, end in zip(logs, ends, strict=True)]
        for shard, end in zip(self._shards, ends, strict=True):
            shard.merged(end)


def open_object_landing(settings: Settings) -> ObjectLanding:
    """The landing on object storage that the settings name, divided into shards if they say so.

    Raises:
        Damaged: its journal is not what was written.
        BadSetting: it is divided into another number of shards.
    """
    landing = ObjectLanding(backend_at(settings))
    if settings.shards > 1:
        landing.enable_sharding(settings.shards, now=utc_now())
    return landing


def backend_at(settings: Settings) -> ObjectBackend:
    """The object storage of the landing that the settings name.

    Raises:
        BadSetting: the URL names no store.
    """
    return ObjectBackend.at(settings.landing_url, settings.scratch / "landing")


def bring_landed(settings: Settings, places: Iterable[Path]) -> None:
    """Download files of the landing. A file that the store lacks fails when read."""
    backend = backend_at(settings)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(backend.local, map(backend.name_at, places)))
