"""Reader processes: strangers' files are opened in a child with limits, so that a file can only crash its reader.

A child serves one request after another over standard input and output, one JSON object per line. When it dies or takes
too long, its file is refused with how the child ended, and a new child takes its place.
"""

from __future__ import annotations

import errno
import json
import os
import queue
import resource
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from catalog import errors
from catalog.contracts.language import StreamContract
from catalog.errors import BadValue, ReaderDied, Refused, SharingError
from transport.base.settings import PROJECT, Settings
from transport.ingest.formats import Held
from transport.ingest.identity_scan import SEARCHED, in_bytes, in_packed
from transport.storage.batch_file import ValidatedBatch

_STACK = 8 << 20
_AHEAD = 32
"""Files that are read before the first of them is taken: readers go on while what they read is made durable."""
_FIRST_ROWS_SECONDS = 60
"""Processor time until the first rows of a file, and for the search of a refused one; 65 536 rows of XLSX take five."""
_PATIENCE_SECONDS = 5.0
"""How long other senders' files wait for the result of an earlier one."""


@dataclass(frozen=True, slots=True)
class Request:
    """One file to read: for which stream, from whom, and where the finished Parquet file goes.

    Attributes:
        sender: the sender's name when a row is refused.
        organisations: whose rows it may send; None means anyone's.
        supplier: the sender's supplier number; rows may name no other.
        synthetic: the rows are made up, even if the file does not say so.
    """

    path: Path
    stream: str
    producer: str
    target: Path
    sender: str = ""
    organisations: frozenset[str] | None = None
    supplier: str | None = None
    synthetic: bool = False


class _Child:
    """A reader process and the pipe to it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[str] | None = None

    def ask(self, asked: Mapping[str, object]) -> dict[str, Any]:
        process = self._started()
        assert process.stdin is not None  # noqa: S101 - both are pipes by construction
        assert process.stdout is not None  # noqa: S101
        killer = threading.Timer(self._settings.reader_seconds, process.kill)
        killer.start()
        try:
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = ""
        finally:
            killer.cancel()
        if not answer.endswith("\n"):
            self._process = None
            how = _how(process)
            process.stdout.close()
            with suppress(BrokenPipeError):
                process.stdin.close()
            raise ReaderDied(how)
        reply = json.loads(answer)
        if reply.get("kind") == ReaderDied.kind:
            # it ran out of memory and may not have released it: a new child reads the next file
            self._process = None
            process.kill()
            process.communicate()
        if "kind" in reply:
            raise refused(reply)
        answered: dict[str, Any] = reply
        return answered

    def end(self) -> None:
        if self._process is None:
            return
        if _kept is not None and self._process.poll() is None:
            _kept[self._bounds].append(self._process)
        else:
            self._process.kill()  # it waits for the next file; to end by itself takes it a seventh of a second
            self._process.communicate()
        self._process = None

    @property
    def _bounds(self) -> tuple[str, ...]:
        s = self._settings
        first = min(_FIRST_ROWS_SECONDS, s.reader_seconds)
        return tuple(map(str, (s.reader_memory_mb, s.reader_seconds, first)))

    def _started(self) -> subprocess.Popen[str]:
        waiting = _kept[self._bounds] if _kept is not None else []
        while waiting and (self._process is None or self._process.poll() is not None):
            self._process = waiting.pop()
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "transport.ingest.workers", *self._bounds],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                encoding="utf-8",
                env={
                    "PYTHONPATH": str(PROJECT),
                    "PYTHONUTF8": "1",
                    "ARROW_DEFAULT_MEMORY_POOL": "system",
                    "OMP_NUM_THREADS": "1",
                    "ARROW_IO_THREADS": "1",
                },
            )
        return self._process


_kept: dict[tuple[str, ...], list[subprocess.Popen[str]]] | None = None


@contextmanager
def kept() -> Iterator[None]:
    """Keep idle reader processes for the next pool with the same limits, for a process that makes many runs.

    Starting one takes as long as making a small release.
    """
    global _kept
    before, _kept = _kept, defaultdict(list)
    try:
        yield
    finally:
        waiting, _kept = _kept, before
        for processes in waiting.values():
            for process in processes:
                process.communicate()


def _how(process: subprocess.Popen[str]) -> str:
    try:
        code = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        return "no answer"
    if code == -signal.SIGXCPU:
        return "it took too long"
    return f"signal {-code}" if code < 0 else f"exit {code}"


def refused(reply: Mapping[str, Any]) -> SharingError:
    """Rebuild an exception from the kind, problem and mend that crossed a wire."""
    kinds: dict[str, type[SharingError]] = {}
    waiting: list[type[SharingError]] = [SharingError]
    while waiting:
        error_type = waiting.pop()
        kinds.setdefault(error_type.kind, error_type)
        waiting.extend(error_type.__subclasses__())
    cls = kinds.get(reply["kind"], Refused)
    error = cls.__new__(cls)
    SharingError.__init__(error, reply["problem"], reply["mend"])
    if isinstance(error, BadValue):
        error.line, error.column = reply.get("line"), reply.get("column", "")
    return error


class Readers:
    """A pool of reader processes. Use as a context manager."""

    def __init__(self, settings: Settings) -> None:
        """Start no process until a file is read."""
        self._children: queue.SimpleQueue[_Child] = queue.SimpleQueue()
        self._all = [_Child(settings) for _ in range(max(1, settings.readers))]
        for child in self._all:
            self._children.put(child)
        self._threads = ThreadPoolExecutor(len(self._all), thread_name_prefix="reader")

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *problem: object) -> None:
        """End every child."""
        self._threads.shutdown(cancel_futures=True)
        for child in self._all:
            child.end()

    def read(self, requests: Iterable[Request]) -> Iterator[tuple[Request, ValidatedBatch | SharingError]]:
        """Read the files in order, several at a time; a refusal is yielded like any result.

        A file that takes long is overtaken by other senders' files, so the order of one sender's files stays.
        """
        pending: list[_Pending] = []
        for request in requests:
            pending.append((request, self._threads.submit(self._read_one, request)))
            if len(pending) > _AHEAD + len(self._all):
                yield _next(pending)
        while pending:
            yield _next(pending)

    def _read_one(self, request: Request) -> ValidatedBatch | SharingError:
        asked = {
            "path": str(request.path),
            "stream": request.stream,
            "producer": request.producer,
            "target": str(request.target),
            "sender": request.sender,
            "organisations": None if request.organisations is None else sorted(request.organisations),
            "supplier": request.supplier,
            "synthetic": request.synthetic,
        }
        try:
            return ValidatedBatch(**self._asked(asked))
        except SharingError as problem:
            request.target.unlink(missing_ok=True)
            return problem

    def why_not_kept(self, path: Path) -> str:
        """Why a refused file may not be kept: it shows an identity number, or it may. Empty when it may be kept.

        Raises:
            Unreadable: it is a link, or not a file.
            OSError: it cannot be read, so the answer is unknown.
        """
        with Held(path) as held:
            if held.size > SEARCHED:
                return f"a refused file of more than {SEARCHED >> 20} MB is not searched for national identity numbers"
        try:
            shows = in_bytes(path) or self._asked({"path": str(path), "look": "yes"})["shows"]
        except ReaderDied:
            return "it could not be searched for national identity numbers within the limits"
        return "the file holds what looks like a national identity number" if shows else ""

    def _asked(self, asked: Mapping[str, object]) -> dict[str, Any]:
        child = self._children.get()
        try:
            return child.ask(asked)
        finally:
            self._children.put(child)


_Pending = tuple[Request, Future[ValidatedBatch | SharingError]]


def _next(pending: list[_Pending]) -> tuple[Request, ValidatedBatch | SharingError]:
    """Remove the first file of the list, or, if it takes long, the first of another sender's that is done."""
    futures = wait([pending[0][1]], timeout=_PATIENCE_SECONDS).done
    while not futures:
        senders: set[tuple[str, str]] = set()
        for request, future in pending:
            sender = (request.stream, request.producer)
            if future.done() and sender not in senders:
                futures.add(future)
                break
            senders.add(sender)
        else:
            wait([future for _, future in pending if not future.done()], return_when=FIRST_COMPLETED)
    request, future = pending.pop(next(i for i, (_, future) in enumerate(pending) if future in futures))
    return request, future.result()


class _NoPandas(MetaPathFinder):
    """Says that pandas is not installed: pyarrow loads it with its first array, for a sixth of a reader's start."""

    def find_spec(self, fullname: str, *_more: object) -> None:
        """Refuse pandas, and leave every other module to the finders after this one."""
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)


def _serve(memory_mb: int, seconds: int, first_seconds: int) -> None:
    """The child's main loop: serve requests until standard input ends.

    Args:
        memory_mb: at most.
        seconds: of the processor for a file.
        first_seconds: until its first rows, and for the search of a refused one.
    """
    sys.meta_path.insert(0, _NoPandas())
    from catalog.tables.streams import STREAMS
    from transport.ingest import batch_validator, formats

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    inherited = resource.getrlimit(resource.RLIMIT_DATA)[1]  # a server's own limit may be lower
    most = memory_mb << 20 if inherited == resource.RLIM_INFINITY else min(memory_mb << 20, inherited)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    highest = resource.getrlimit(resource.RLIMIT_STACK)[1]  # a server's stacks are small; a file may be nested deeply
    usual = _STACK if highest == resource.RLIM_INFINITY else min(_STACK, highest)
    resource.setrlimit(resource.RLIMIT_STACK, (usual, highest))
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def limit(more: int) -> None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + more, resource.RLIM_INFINITY))

    for line in sys.stdin:
        asked = json.loads(line)
        limit(first_seconds)
        opened = None
        try:
            if "look" in asked:
                out.write(json.dumps({"shows": in_packed(Path(asked["path"]))}) + "\n")
                out.flush()
                continue
            stream = STREAMS[asked["stream"]]
            opened = formats.open_file(Path(asked["path"]), stream, follow=False)
            synthetic = bool(asked["synthetic"]) or opened.metadata.get(formats.SYNTHETIC) == b"true"
            arrived_at = _arrived_at(opened.metadata) if synthetic else None
            with batch_validator.BatchValidator(
                stream,
                Path(asked["target"]),
                producer=asked["producer"],
                synthetic=synthetic,
                first_line=opened.first_line,
                allowed=_allowed(asked, stream, opened.first_line),
            ) as taken:
                for number, chunk in enumerate(opened.chunks):
                    if number == 0:
                        limit(seconds)
                    taken.add(chunk)
                answer = taken.close().as_json()
            answer["arrived_at"] = arrived_at
        except BadValue as problem:
            answer = _placed(problem, Path(asked["path"]), opened.first_line if opened else 1)
        except errors.SharingError as problem:
            answer = dict(problem.as_json())
        except MemoryError:
            answer = dict(ReaderDied(f"over {memory_mb} MB of memory").as_json())
        except Exception as problem:  # noqa: BLE001 - a stranger's file may raise anything; the reader must answer
            full = isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            no = errors.NoRoom("The disk is full; nothing was kept.", "Send it again when there is room.")
            bad = errors.Unreadable(
                f"The file cannot be read ({type(problem).__name__}).", "Write it again with a current library."
            )
            answer = dict((no if full else bad).as_json())
        out.write(json.dumps(answer) + "\n")
        out.flush()


def _allowed(asked: Mapping[str, Any], stream: StreamContract, first_line: int) -> Callable[[pa.Table, int], None]:
    """A check that refuses rows that the sender may not send; its rights came with the request."""
    if asked["organisations"] is None and asked["supplier"] is None:
        return lambda _chunk, _row: None
    from transport.auth import Caller, rows_allowed

    whose = None if asked["organisations"] is None else frozenset(asked["organisations"])
    nothing: frozenset[Any] = frozenset()
    sender = Caller(asked["sender"], asked["producer"], None, asked["supplier"], nothing, whose, nothing)
    return lambda chunk, row: rows_allowed(sender, stream, chunk, first_row=row + first_line)


def _arrived_at(metadata: Mapping[bytes, bytes]) -> str | None:
    """The arrival time that a synthetic file states; an invalid one would make the journal unreadable."""
    from transport.ingest import formats

    stated = metadata.get(formats.ARRIVED_AT)
    if stated is None:
        return None
    try:
        moment = datetime.fromisoformat(stated.decode("ascii"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise errors.Unreadable(
            f"The file's metadata {formats.ARRIVED_AT.decode()} is not a time with an offset.", "Leave it out."
        )
    return moment.isoformat()


def _placed(problem: BadValue, path: Path, first_line: int) -> dict[str, object]:
    """The fault with line and column. In CSV, empty lines and line breaks within fields put rows on later lines."""
    from transport.ingest.formats import Held, line_in_csv

    line, text = problem.line, problem.problem
    if line is not None and path.suffix.lower() == ".csv":
        with suppress(SharingError, OSError), Held(path) as held:
            line = line_in_csv(held.path, line - first_line)
            text = text.replace(f"Line {problem.line},", f"Line {line},", 1)
    return {**problem.as_json(), "problem": text, "line": line, "column": problem.column}


if __name__ == "__main__":
    _serve(*map(int, sys.argv[1:4]))
