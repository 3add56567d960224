"""Reader processes: strangers' files are opened in a child with limits, so that a file can only crash its reader.

When a child dies or takes too long, its file is refused with how the child ended, and a new child takes its place. One
that was killed from outside says nothing about its file, which is to be sent, or read, again.
"""

from __future__ import annotations

import queue
import signal
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from catalog.errors import BadValue, ReaderDied, Refused, SharingError, TryAgain
from transport.base.child_process import Child, ChildDied, Reply
from transport.base.settings import Settings
from transport.ingest.formats import StrangersFile
from transport.ingest.identity_scan import SEARCHED, in_bytes
from transport.ingest.opened_file import ReaderInputs
from transport.storage.batch_file import ValidatedBatch

_KILLED = f"signal {signal.SIGKILL.value}"
"""How a child ends that the kernel takes for want of memory. A child that its own file fills ends by its own limit."""
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
        inputs: what readers of documents need beside the file.
    """

    path: Path
    stream: str
    producer: str
    target: Path
    sender: str = ""
    organisations: frozenset[str] | None = None
    supplier: str | None = None
    synthetic: bool = False
    inputs: ReaderInputs = field(default_factory=ReaderInputs)


class _Reader:
    """A place in the pool: a reader process, started when it is needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: Child | None = None

    def ask(self, request: Mapping[str, object]) -> Reply:
        child = self._started()
        try:
            reply = child.ask(request, self._settings.reader_seconds, lambda reply, _: reply)
        except ChildDied as death:
            self._child = None
            if death.how == _KILLED and not death.late:
                raise TryAgain(
                    "The process that read the file was ended from outside, most likely for want of memory.",
                    "Send it again; a retry is safe. For the operator: give the machine memory, or lower `readers`.",
                ) from None
            raise ReaderDied(death.how) from None
        if reply.get("kind") == ReaderDied.kind:
            # it ran out of memory and may not have released it: a new child reads the next file
            self._child = None
            child.kill()
        if "kind" in reply:
            raise refused(reply)
        return reply

    def end(self) -> None:
        if self._child is not None:
            self._child.kill()  # it waits for the next file; to end by itself takes it a seventh of a second
            self._child = None

    def _started(self) -> Child:
        if self._child is None or not self._child.alive:
            seconds = self._settings.reader_seconds
            limits = self._settings.reader_memory_mb, seconds, min(_FIRST_ROWS_SECONDS, seconds)
            self._child = Child("transport.ingest.reader_process", *map(str, limits))
        return self._child


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
        self._children: queue.SimpleQueue[_Reader] = queue.SimpleQueue()
        self._all = [_Reader(settings) for _ in range(max(1, settings.readers))]
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
        organisations = None if request.organisations is None else sorted(request.organisations)
        paths = {"path": str(request.path), "target": str(request.target)}
        request_fields = asdict(request) | paths | {"organisations": organisations}
        try:
            return ValidatedBatch(**self._request(request_fields))
        except SharingError as problem:
            request.target.unlink(missing_ok=True)
            return problem

    def reason_to_discard(self, path: Path) -> str:
        """Why a refused file may not be kept: it shows an identity number, or it may. Empty when it may be kept.

        Raises:
            Unreadable: it is a link, or not a file.
            OSError: it cannot be read, so the answer is unknown.
        """
        with StrangersFile(path) as file:
            if file.size > SEARCHED:
                return f"a refused file of more than {SEARCHED >> 20} MB is not searched for national identity numbers"
        try:
            shows = in_bytes(path) or self._request({"path": str(path), "look": "yes"})["shows"]
        except ReaderDied:
            return "it could not be searched for national identity numbers within the limits"
        return "the file holds what looks like a national identity number" if shows else ""

    def _request(self, fields: Mapping[str, object]) -> Reply:
        child = self._children.get()
        try:
            return child.ask(fields)
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
