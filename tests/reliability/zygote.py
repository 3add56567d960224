"""Children that start in milliseconds, and can be ended at any point: what the figures of storage are tried on.

Two hundred times `kill -9` within a minute leave no time to import Arrow two hundred times. So Python's own fork server
imports everything once. A child of it says `ready`, waits for `go`, does its job with the real code in a process of its
own, and tells what was acknowledged over a pipe; what it wrote to the pipe before it was killed is what a producer has
seen. `strace` is attached between `ready` and `go`, so that calls are counted from the job's first one.
"""

from __future__ import annotations

import functools
import importlib
import os
import shutil
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path

import numpy as np
import pyarrow as pa

from catalog.errors import SharingError
from catalog.tables.streams import DISPATCH
from transport.base.settings import Settings
from transport.ingest.batch_validator import BatchValidator
from transport.servers.client import Client, content_digest
from transport.storage import batch_file
from transport.storage.journal import Entry
from transport.storage.landing import Arrival, LandedBatch, Landing, open_landing

NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
PRODUCER = "loopback"
"""What the senders of these figures call themselves."""
_WAIT = 30.0
_MOMENT = DISPATCH["state_at"].type


# --- batches that are known by their number ---------------------------------------------------------------------------


def batch_id(number: int) -> str:
    """The name of a batch."""
    return f"b-{number:06d}"


def batch(number: int, rows: int = 40) -> pa.Table:
    """The batch of that number: the same rows each time, and no row of another batch."""
    ids = [number.to_bytes(8, "big") + row.to_bytes(8, "big") for row in range(rows)]
    made = {
        "dispatch_id": pa.ExtensionArray.from_storage(pa.uuid(), pa.array(ids, pa.binary(16))),
        "state": pa.array(["LEST", "SENDT_PRINT"] * (rows // 2) + ["LEST"] * (rows % 2)),
        "state_at": pa.array([NOW + timedelta(seconds=number * 1000 + r) for r in range(rows)], _MOMENT),
        "created_at": pa.array([NOW] * rows, _MOMENT),
        "service": pa.array(["svarut"] * rows),
        "organisation_number": pa.array(["974605171"] * rows),
        "account_id": pa.array([f"konto-{number % 7}"] * rows),
        "source_system": pa.array([f"Websak {r % 5}" for r in range(rows)]),
        "recipient_kind": pa.array(["PERSON"] * rows),
        "digital_only": pa.array(np.arange(rows) % 2 == 0),
        "page_count": pa.array(np.arange(rows) % 9, pa.int32()),
        "byte_count": pa.array(np.arange(rows) * 1_000_003 + number, pa.int64()),
    }  # fmt: skip
    arrays = [made.get(c.name, pa.nulls(rows, c.type)) for c in DISPATCH.columns]
    return pa.table(arrays, names=[c.name for c in DISPATCH.columns])


@functools.lru_cache(4096)
def digest_of(number: int, rows: int = 40) -> str:
    """The content hash of a batch."""
    return content_digest("dispatch", batch(number, rows))


def arrival(landing: Landing, number: int, rows: int = 40) -> Arrival:
    """Take a batch through the door; it lies under a temporary name then."""
    target = landing.temporary("dispatch", PRODUCER, "arriving")
    try:
        with BatchValidator(DISPATCH, target, producer=PRODUCER) as door:
            door.add(batch(number, rows))
            validated = door.close()
    except BaseException:
        landing.backend.discard(target)
        raise
    return Arrival(target, validated, DISPATCH, PRODUCER, batch_id(number))


def keep(landing: Landing, *numbers: int, rows: int = 40) -> list[str]:
    """Keep batches as a server does; what each was answered."""
    kept = landing.keep([arrival(landing, n, rows) for n in numbers], now=NOW)
    return [k.status if isinstance(k, LandedBatch) else "conflict" for k in kept]


def landed_rows(landing: Landing, entry: Entry) -> pa.Table:
    """A batch's rows as they lie in the landing, each page's checksum looked at."""
    return pa.concat_tables(batch_file.rows_of(landing.file(entry), entry))


def wrongs(settings: Settings, acknowledged: Iterable[int], rows: int = 40, *, retried: bool = True) -> list[str]:
    """What is wrong with a landing that must hold the acknowledged batches, each once and whole.

    Args:
        settings: of the home.
        acknowledged: numbers of batches that have a receipt.
        rows: of each batch.
        retried: every batch that was begun was retried to its end, so no file is without its line.
    """
    try:
        landing = open_landing(settings)
    except SharingError as problem:
        return [f"the landing does not open: {problem.problem}"]
    wrong: list[str] = []
    for number in acknowledged:
        entry = landing.entry_named("dispatch", PRODUCER, batch_id(number))
        if entry is None or entry.sha256 != digest_of(number, rows):
            wrong.append(f"lost: {batch_id(number)} has a receipt and is not kept")
    seen: Counter[bytes] = Counter()
    for entry in landing.entries:
        try:
            whole = landing.is_whole(entry) and batch_file.content_sha256_of(landing.file(entry), entry) == entry.sha256
            ids = landed_rows(landing, entry)["dispatch_id"].combine_chunks().storage.to_pylist() if whole else []
        except (pa.ArrowException, OSError):
            whole, ids = False, []
        if not whole:
            wrong.append(f"torn: {entry.file}")
        seen.update(ids)
    doubled = sum(count - 1 for count in seen.values())
    if doubled:
        wrong.append(f"doubled: {doubled} rows")
    names = Counter((e.stream, e.producer, e.batch_id) for e in landing.entries)
    wrong += [f"doubled: batch {name[2]}" for name, count in names.items() if count > 1]
    if retried:
        known = {landing.place(e) for e in landing.entries}
        wrong += [f"left over: {name}" for name in landing.backend.names() if name not in known]
    return wrong


# --- folders ----------------------------------------------------------------------------------------------------------


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that is gone afterwards, whatever rights its files have."""
    folder = Path(tempfile.mkdtemp(prefix="dif-reliability-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def home_in(folder: Path, **more: object) -> Settings:
    """Settings of a home whose bounds do not get in the way of a test."""
    bounds = {"settle_seconds": 0, "readers": 1, "disk_reserve_mb": 1, "memory_mb": 300, "threads": 1}
    return Settings(home=folder, **(bounds | {"quota_per_minute": 0} | more))


# --- children ---------------------------------------------------------------------------------------------------------

_FORKS = get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.reliability.preloaded"])


class Child:
    """A process that waits to begin a job, is at it, or was killed at it."""

    def __init__(self, job: str, words: Mapping[str, object]) -> None:
        """Fork it; it has said `ready`."""
        waits, self._go = _FORKS.Pipe(duplex=False)
        self._said, says = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(target=_child, args=(job, words, waits, says), daemon=True)
        self._process.start()
        waits.close()
        says.close()
        self.pid = self._process.pid or 0
        self.lines: list[str] = []
        self._rest = b""
        assert self.line() == "ready", self.lines

    def go(self) -> None:
        """Let it begin."""
        with suppress(BrokenPipeError):
            self._go.send_bytes(b"go")

    def kill(self) -> None:
        """`kill -9`, now."""
        self._process.kill()

    def line(self, within: float = _WAIT) -> str | None:
        """The next line that it says; None when it has ended.

        Raises:
            TimeoutError: it says nothing.
        """
        until = time.monotonic() + within
        while b"\n" not in self._rest:
            if not wait([self._said], max(0.0, until - time.monotonic())):
                raise TimeoutError(f"process {self.pid} says nothing")
            more = os.read(self._said.fileno(), 1 << 16)
            if not more:
                return None
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        self.lines.append(line.decode())
        return self.lines[-1]

    def rest(self, within: float = _WAIT) -> list[str]:
        """All that it says until it ends; closes it."""
        first = len(self.lines)
        while self.line(within) is not None:
            pass
        self.close()
        return self.lines[first:]

    def close(self) -> None:
        """Close the pipes; a child that waits to begin ends."""
        self._said.close()
        self._go.close()
        self._process.join(_WAIT)

    @property
    def ended(self) -> bool:
        """Whether the process is gone."""
        return not self._process.is_alive()


def fork(job: str, /, **words: object) -> Child:
    """A child that waits to begin a job: `module:function` of this package, told `words`."""
    return Child(job, words)


def run(job: str, /, *, within: float = _WAIT, **words: object) -> list[str]:
    """Do a job to its end; what it said."""
    child = fork(job, **words)
    child.go()
    return child.rest(within)


def _child(job: str, words: Mapping[str, object], waits: Connection, says: Connection) -> None:
    said = says.fileno()
    try:
        module, _, name = job.partition(":")
        do: Callable[..., None] = getattr(importlib.import_module(f"tests.reliability.{module}"), name)
        os.write(said, b"ready\n")
        with suppress(EOFError):
            waits.recv_bytes()
            do(said, **words)
    except BaseException:  # noqa: BLE001 - the child says it, and ends whatever happened
        os.write(said, ("fault " + traceback.format_exc().replace("\n", " | ") + "\n").encode())
    finally:
        os._exit(0)


# --- the real server --------------------------------------------------------------------------------------------------


def serve(said: int, home: str, environment: Mapping[str, str] | None = None, *, synced: bool = True) -> None:
    """The real Flight server, as its module runs as a process; says on the pipe where it listens."""
    from transport.servers import flight_server

    os.environ.update(environment or {})
    if not synced:
        os.fsync = lambda _handle: None
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # on a full disk its log says on stderr that it cannot be written
    os.dup2(said, 1)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    flight_server.main(["--home", home, "--port", "0"])


class Servers:
    """One server at a time over one home, killed and started again; clients ask where it is."""

    def __init__(self, settings: Settings, **words: object) -> None:
        """Nothing runs yet."""
        self._words = {"home": str(settings.home), "environment": _bounds(settings)} | words
        self._changed = threading.Condition()
        self._place = ""
        self.child: Child | None = None

    def start(self) -> None:
        """Start one and wait until it listens."""
        child = fork("zygote:serve", **self._words)
        child.go()
        line = child.line() or ""
        if "://" not in line:
            raise RuntimeError(f"the server does not start: {line or child.lines}")
        with self._changed:
            self.child, self._place = child, line.split()[-1]
            self._changed.notify_all()

    def kill(self) -> None:
        """End it the hard way."""
        with self._changed:
            child, self.child, self._place = self.child, None, ""
        if child is not None:
            child.kill()
            child.rest()

    def place(self, *, other_than: str = "", within: float = _WAIT) -> str:
        """Where it listens, once it is another place than the one that did not answer."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._place not in ("", other_than), within):
                raise TimeoutError("no server came back")
            return self._place

    @property
    def ended(self) -> bool:
        """Whether the process is gone by itself."""
        return self.child is None or self.child.ended


def _bounds(settings: Settings) -> dict[str, str]:
    return {
        "DIF_DISK_RESERVE_MB": str(settings.disk_reserve_mb),
        "DIF_QUOTA_PER_MINUTE": str(settings.quota_per_minute),
        "DIF_IDLE_SECONDS": str(settings.idle_seconds),
    }


@contextmanager
def serving(settings: Settings, **words: object) -> Iterator[Servers]:
    """A running server; it is killed at the end."""
    servers = Servers(settings, **words)
    servers.start()
    try:
        yield servers
    finally:
        servers.kill()


@contextmanager
def client_at(place: str, **words: object) -> Iterator[Client]:
    """A client that tries once, so that a test sees each answer."""
    with Client(place, **({"tries": 1, "timeout": 20.0, "producer": PRODUCER} | words)) as client:
        yield client
