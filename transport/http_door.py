"""The HTTP door, for those who won't learn Flight. A process of its own: `python -m transport.http_door`.

`PUT /v1/streams/{stream}/batches/{batch_id}` takes a batch as Parquet, Arrow, JSON Lines or CSV through the same
reception as every wire, with the same receipt. Who calls, what for, and whether there is room is settled before a byte
of the body is read. The body goes to a temporary file that only a reader process opens (`transport.readers`), and that
is gone whatever becomes of the batch. What is refused is told as problem+json (RFC 9457), by one table of statuses.

A sender may be silent for `idle_seconds`, and beyond the first of these must bring `LOWEST_BYTES_PER_SECOND`: so slow
senders cannot hold the turns of others. Nothing here blocks the event loop: a batch has a thread of its own from its
turn to its receipt.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import binascii
import contextlib
import errno
import fcntl
import functools
import hashlib
import ipaddress
import json
import os
import re
import resource
import signal
import socket
import ssl
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from types import FrameType
from typing import BinaryIO, Self, TypeVar
from urllib.parse import unquote

import anyio
import anyio.from_thread
import anyio.to_thread
import h11
import pyarrow as pa
import uvicorn
from anyio import CapacityLimiter
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from catalog.contracts import StreamContract
from catalog.datasets import DATASETS
from catalog.errors import (
    BadSetting,
    BadValue,
    BatchConflict,
    Busy,
    Damaged,
    Fault,
    Forbidden,
    NoRoom,
    NotKept,
    OverQuota,
    QueryFailed,
    Refused,
    RegisterRejected,
    SharingError,
    TooLarge,
    TooSlow,
    TryAgain,
    Unauthenticated,
    UnknownName,
    WrongDigest,
    WrongUse,
)
from catalog.streams import STREAMS
from transport import durable, metrics, openapi, shelf, writing
from transport.access import Caller
from transport.door import Parcel
from transport.eventlog import EventLog
from transport.landing import known_stream
from transport.listening import see_to_closed, tls_of
from transport.readers import Readers, Request
from transport.reception import Offer, Reception, Taking, reference
from transport.release import Releases
from transport.sample import encoded, sample
from transport.settings import Settings, load

STATUS: Mapping[type[SharingError], int] = {
    SharingError: 500,
    WrongUse: 400,
    UnknownName: 404,
    BadSetting: 500,
    Refused: 422,
    TooLarge: 413,
    BatchConflict: 409,
    Unauthenticated: 401,
    Forbidden: 403,
    TryAgain: 503,
    OverQuota: 429,
    TooSlow: 408,
    NotKept: 404,
    RegisterRejected: 422,
    Busy: 503,
    Damaged: 503,
    QueryFailed: 400,
}
"""The one place that gives an error its status; an error that does not stand here has its base's."""
CONTENT_TYPES = {
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.apache.arrow.stream": ".arrows",
    "application/vnd.apache.arrow.file": ".arrow",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
}
"""The forms of a batch, with the ending by which the reader knows them."""
ENDINGS = {"parquet": ".parquet", "arrow": ".arrows", "jsonl": ".jsonl", "csv": ".csv"}
"""The forms as `?format=` says them, where the content type says nothing."""
LOWEST_BYTES_PER_SECOND = 32_768
"""A quarter of a megabit: what any line brings. Counted from `idle_seconds` on, over the time that we wait."""
HEAD_BYTES = 16_384
"""Of a request's line and headers together; the longest token fits."""
MOST_CONNECTIONS = 1000
_WAITING, _WAITING_OF_ONE = 64, 16
"""Batches that may wait for a turn, in all and of one producer; each holds a thread."""
_LOOK_AT_ROOM = 32 << 20
_GIVE_WAY_EVERY = 8 << 20
_READY_SECONDS = 1.0
_END_SECONDS = 7
_MB = 1 << 20
_BODY = "http-body"
_DIGEST = re.compile(r"\s*(sha-256|sha-512)\s*=\s*:([A-Za-z0-9+/=]{1,200}):\s*(?:;[^,]*)?")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_SYNTHETIC = "Dif-Synthetic"
T = TypeVar("T")


def status_of(problem: SharingError) -> int:
    """The status that tells an error; an error without one of its own has its base's."""
    return next(STATUS[cls] for cls in type(problem).__mro__ if cls in STATUS)


class _Answer(Exception):
    """A problem with a status that HTTP has a word for and our tree has not."""

    def __init__(self, status: int, problem: SharingError, **headers: str) -> None:
        self.status = status
        self.problem = problem
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(problem.problem)


@dataclass
class _Call:
    """One request on its way."""

    request: HttpRequest
    receive: Receive
    reference: str = field(default_factory=reference)
    began: float = field(default_factory=time.monotonic)
    who: str = ""
    producer: str = ""
    read: bool = False
    over: bool = False
    send: Send = field(init=False)

    @property
    def path(self) -> tuple[str, ...]:
        """The path's parts, each decoded by itself, so that an encoded slash parts nothing."""
        raw: bytes = self.request.scope.get("raw_path") or b""
        return tuple(unquote(part) for part in raw.decode("ascii", "replace").split("/")[1:])

    def header(self, name: str) -> str:
        """The header's value; empty when it was not sent."""
        return self.request.headers.get(name, "")

    def asked(self, name: str, otherwise: str = "") -> str:
        """What the query says."""
        return self.request.query_params.get(name, otherwise)

    def yes(self, name: str) -> bool:
        """Whether the query asks for something.

        Raises:
            WrongUse: it says neither true nor false.
        """
        said = self.asked(name, "false").lower()
        if said not in ("true", "1", "false", "0"):
            raise WrongUse(f"{name} is {said[:40]!r}.", "Give true or false.")
        return said in ("true", "1")

    def number(self, name: str, otherwise: int | None) -> int | None:
        """A number that the query gives.

        Raises:
            WrongUse: it is none.
        """
        said = self.asked(name)
        if not said:
            return otherwise
        if not re.fullmatch(r"[0-9]{1,9}", said):
            raise WrongUse(f"{name} is {said[:40]!r}.", "Give a whole number.")
        return int(said)

    async def chunk(self, idle: float) -> tuple[bytes, bool] | None:
        """The next bytes of the body, and whether more may come; None when the server ends.

        Raises:
            TooSlow: none came for so long.
            ConnectionError: the sender went away.
        """
        if self.over:
            return None
        self.read = True
        try:
            async with asyncio.timeout(idle):
                message_in = await self.receive()
        except TimeoutError:
            raise TooSlow(f"Nothing came for {idle:.0f} seconds.", "Send it again; a retry is safe.") from None
        except asyncio.CancelledError:
            return None  # the server ends
        if message_in["type"] == "http.disconnect":
            message = "the sender went away"
            raise ConnectionResetError(message)
        return message_in.get("body", b""), message_in.get("more_body", False)


_Handler = Callable[..., Awaitable[Response | None]]


class HttpDoor:
    """The door as an ASGI application. Use as a context: the readers end with it."""

    def __init__(self, settings: Settings) -> None:
        """Open the landing; no reader is started before a batch comes.

        Raises:
            Damaged: the journal is not what was written.
            WrongUse: the access list cannot be read.
        """
        self.settings = settings
        self.log = EventLog(settings)
        self.reception = Reception(settings, log=self.log)
        self.releases = Releases(settings)
        self._readers = Readers(settings)
        self._bulk_readers = Readers(settings.but(readers=1))  # so that bulk is never in a live batch's way
        self._batches = CapacityLimiter(settings.streams + _WAITING)
        self._deeds = CapacityLimiter(16)
        self._waiting: Counter[str] = Counter()
        self._ready: tuple[float, list[dict[str, str]]] = (-1.0, [])
        self._described = b""
        self._routes: tuple[tuple[tuple[str, ...], Mapping[str, _Handler]], ...] = (
            (("livez",), {"GET": self._live}),
            (("readyz",), {"GET": self._readyz}),
            (("metrics",), {"GET": self._metrics}),
            (("openapi.json",), {"GET": self._openapi}),
            (("v1", "streams"), {"GET": self._streams}),
            (("v1", "streams", "*"), {"GET": self._stream}),
            (("v1", "streams", "*", "sample"), {"GET": self._sample}),
            (("v1", "streams", "*", "batches", "*"), {"PUT": self._put, "GET": self._receipt}),
            (("v1", "datasets"), {"GET": self._datasets}),
            (("v1", "datasets", "*"), {"GET": self._dataset}),
        )

    def __enter__(self) -> Self:
        """Remove what an ended process of this door left behind."""
        for folder in (self.settings.landing, self.settings.scratch / "landing"):
            _sweep(folder)
        return self

    def __exit__(self, *problem: object) -> None:
        """End the readers."""
        self._readers.__exit__()
        self._bulk_readers.__exit__()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; whatever happens, with a reference and without a trace."""
        if scope["type"] != "http":
            return
        call = _Call(HttpRequest(scope), receive)
        call.send = _headed(call, send)

        try:
            answer = await self._answered(call)
        except ConnectionError:
            return  # nobody is there to be told; the log of batches has it
        except asyncio.CancelledError:
            call.over = True
            raise
        except (_Answer, SharingError) as problem:
            answer = await self._told(call, problem)
        except Exception as problem:  # noqa: BLE001 - whatever it is, no trace crosses the wire
            answer = await self._fault(call, problem)
        if answer is not None:
            await answer(scope, receive, call.send)

    async def _fault(self, call: _Call, problem: Exception) -> Response:
        """The answer to a fault of ours; the log has where it was, and no value."""
        frames = traceback.extract_tb(problem.__traceback__)[-5:]
        where = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
        facts = {"kind": type(problem).__name__, "where": where, "reference": call.reference}
        await self._deed(lambda: self.log.event("fault", wire="http", **facts))
        return _problem(Fault(), call.reference)

    async def _answered(self, call: _Call) -> Response | None:
        """Find who answers. None when the answer was sent already."""
        if call.path != ("livez",) and await self._deed(lambda: self.reception.access.open):
            _see_to_host(call.header("host"))
        pattern, methods = self._route(call.path)
        handler = methods.get(call.request.method)
        if handler is None:
            allowed = ", ".join(methods)
            raise _Answer(
                405, WrongUse(f"{call.request.method[:20]} is not done here.", f"Use {allowed}."), Allow=allowed
            )
        return await handler(call, *(said for p, said in zip(pattern, call.path, strict=True) if p == "*"))

    def _route(self, path: tuple[str, ...]) -> tuple[tuple[str, ...], Mapping[str, _Handler]]:
        for pattern, methods in self._routes:
            if len(pattern) == len(path) and all(p in ("*", said) for p, said in zip(pattern, path, strict=True)):
                return pattern, methods
        raise _Answer(404, WrongUse("There is nothing at this address.", "See /openapi.json for what there is."))

    async def _told(self, call: _Call, problem: _Answer | SharingError) -> Response:
        """The answer that says no. What the reception did not log is logged here."""
        said = problem.problem if isinstance(problem, _Answer) else problem
        status = problem.status if isinstance(problem, _Answer) else status_of(problem)
        if said.reference:
            call.reference = said.reference
        else:
            await self._deed(lambda: self._log_no(call, said, status))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(said, TryAgain | Busy):
            said = Fault()  # its words are for the operator
        return _problem(said, call.reference, status, problem.headers if isinstance(problem, _Answer) else {})

    def _log_no(self, call: _Call, said: SharingError, status: int) -> None:
        ms = (time.monotonic() - call.began) * 1000
        path = call.path
        if call.request.method == "PUT" and path[:2] == ("v1", "streams") and len(path) == 5:  # noqa: PLR2004 - a batch
            self.log.batch(
                who=call.who,
                producer=call.producer,
                stream=path[2],
                batch_id=path[4],
                outcome="refused",
                ms=ms,
                wire="http",
                kind=said.kind,
                problem=said.problem,
                reference=call.reference,
            )
            metrics.observe_batch(stream=path[2], outcome="refused", wire="http", ms=ms)
        else:
            facts = {"kind": said.kind, "status": status, "problem": said.problem, "reference": call.reference}
            self.log.event("refused", wire="http", call=f"{call.request.method} /{'/'.join(path)}", **facts)

    async def _deed(self, deed: Callable[[], T]) -> T:
        """Do something that may wait for a disk, off the loop."""
        return await anyio.to_thread.run_sync(deed, limiter=self._deeds)

    async def _caller(self, call: _Call) -> Caller:
        """Who calls; a stranger gets no further than this."""
        sent = call.request.headers.getlist("authorization")
        if len(sent) > 1:
            raise Unauthenticated("More than one token was sent.", "Send one.")
        who, producer = (sent[0] if sent else None), call.header("dif-producer") or None
        caller = await self._deed(lambda: self.reception.access.caller(who, producer=producer))
        call.who, call.producer = caller.name, caller.producer
        return caller

    # --- batches in --------------------------------------------------------------------------------------------------

    async def _put(self, call: _Call, stream: str, batch_id: str) -> Response:
        """Take a batch in."""
        caller = await self._caller(call)
        offer = Offer(
            stream=stream,
            batch_id=batch_id,
            wire="http",
            bulk=call.header("dif-priority").lower() == "bulk",
            synthetic=call.header(_SYNTHETIC).lower() == "true",
            digest=_content_sha256(call),
            try_only=call.yes("check"),
        )
        ending, digests = _ending(call), _digests(call)
        known_stream(stream)  # a wrong name is told before what is wrong with the body
        size = call.header("content-length")
        if size and int(size) > self.settings.max_body_mb * _MB:
            raise self._too_large()
        if self._waiting.total() >= self.settings.streams + _WAITING or self._waiting[caller.producer] >= (
            self.settings.streams_per_producer + _WAITING_OF_ONE
        ):
            raise TryAgain("Too many batches wait for their turn.", "Send fewer at the same time; a retry is safe.")
        self._waiting[caller.producer] += 1
        try:
            take = functools.partial(self._take, call, caller, offer, ending, digests)
            receipt = await anyio.to_thread.run_sync(take, limiter=self._batches)
        finally:
            call.over = True  # where the server ends before the thread does
            self._waiting[caller.producer] -= 1
            if not self._waiting[caller.producer]:
                del self._waiting[caller.producer]
        return _json(receipt, 201 if receipt["status"] == "accepted" else 200)

    def _take(
        self, call: _Call, caller: Caller, offer: Offer, ending: str, digests: Mapping[str, bytes]
    ) -> dict[str, object]:
        metrics.stream_opened()
        try:
            with self.reception.taking(caller, offer) as taking:
                call.reference = taking.reference
                with _arriving(taking.target, ending) as (path, handle):
                    self._receive(call, offer, handle, digests)
                    handle.flush()
                    return taking.keep(self._read(taking, path))
        finally:
            metrics.stream_closed()

    def _receive(self, call: _Call, offer: Offer, handle: BinaryIO, digests: Mapping[str, bytes]) -> None:
        """Write the body to the file as it comes.

        Raises:
            TooLarge, TooSlow, NoRoom, WrongDigest: it is not taken to its end, or is not what was sent.
        """
        idle, most = self.settings.idle_seconds, self.settings.max_body_mb * _MB
        hashes = {name: hashlib.new(name.replace("-", "")) for name in digests}
        size, waited, more = 0, 0.0, True
        while more:
            asked, before = time.monotonic(), size
            came = anyio.from_thread.run(call.chunk, idle)
            if came is None:
                raise ConnectionAbortedError
            chunk, more = came
            waited += time.monotonic() - asked
            size += len(chunk)
            if size > most:
                raise self._too_large()
            if more and size < LOWEST_BYTES_PER_SECOND * (waited - idle):
                raise TooSlow(
                    f"Less than {LOWEST_BYTES_PER_SECOND} bytes came in a second.",
                    "Send a smaller batch, or over a faster line; a retry is safe.",
                )
            for one in hashes.values():
                one.update(chunk)
            _write(handle, chunk)
            if size // _LOOK_AT_ROOM != before // _LOOK_AT_ROOM:
                self.reception.see_to_room()
            if offer.bulk and size // _GIVE_WAY_EVERY != before // _GIVE_WAY_EVERY:
                self.reception.bulk_may_go_on()
        for name, said in digests.items():
            if hashes[name].digest() != said:
                raise WrongDigest("Content-Digest")

    def _read(self, taking: Taking, path: Path) -> Parcel:
        """Have a reader process open the body; what is wrong with it is raised here."""
        caller = taking.caller
        asked = Request(
            path,
            taking.stream.name,
            caller.producer,
            taking.target,
            sender=caller.name,
            organisations=caller.organisations,
            supplier=caller.supplier,
            synthetic=taking.offer.synthetic,
        )
        readers = self._bulk_readers if taking.offer.bulk else self._readers
        ((_, result),) = readers.read([asked])
        if isinstance(result, SharingError):
            raise result
        return replace(result, arrived_at=None)  # when it arrived is ours to say, also of what is made up

    def _too_large(self) -> TooLarge:
        return TooLarge(f"The body is over {self.settings.max_body_mb} MB.", "Split it into several batches.")

    async def _receipt(self, call: _Call, stream: str, batch_id: str) -> Response:
        caller = await self._caller(call)
        return _json(await self._deed(lambda: self.reception.receipt(caller, stream, batch_id)))

    # --- what there is -----------------------------------------------------------------------------------------------

    async def _streams(self, call: _Call) -> Response:
        caller = await self._caller(call)
        listed = [
            {
                "name": s.name,
                "title": {"nb": s.title.nb, "en": s.title.en},
                "version": s.version,
                "may_send": _is_allowed(self.reception.access.may_send, caller, s),
                "contract": f"/v1/streams/{s.name}",
            }
            for s in openapi.sent_streams().values()
        ]
        return _json({"streams": listed})

    async def _stream(self, call: _Call, stream: str) -> Response:
        await self._caller(call)
        return _json(openapi.stream_contract(_sent_stream(stream)))

    async def _sample(self, call: _Call, stream: str) -> Response:
        caller = await self._caller(call)
        contract, form = _sent_stream(stream), _form(call, "csv")
        rows = call.number("rows", 3) or 0
        organisation = min(caller.organisations, default=None) if caller.organisations else None

        def made() -> bytes:
            return encoded(sample(contract, rows, organisation=organisation), form)

        return Response(await self._deed(made), media_type=writing.FORMS[form], headers={_SYNTHETIC: "true"})

    async def _datasets(self, call: _Call) -> Response:
        caller = await self._caller(call)
        current = await self._deed(self.releases.current)
        readable = [d for d in DATASETS.values() if _is_allowed(self.reception.access.may_read, caller, d)]
        listed = [openapi.dataset_contract(d) for d in readable]
        return _json({"release": current.name if current else None, "datasets": listed})

    async def _dataset(self, call: _Call, dataset: str) -> None:
        """Send a dataset's rows as they are read, with one line in the audit."""
        caller = await self._caller(call)
        form, limit = _form(call, "jsonl"), call.number("limit", None)
        named = call.asked("release", "current")
        columns = call.asked("columns").split(",") if call.asked("columns") else None
        try:
            if dataset not in DATASETS:
                raise UnknownName("dataset", dataset[:80], known=DATASETS)
            contract = DATASETS[dataset]
            self.reception.access.may_read(caller, contract)
            opened = await self._deed(lambda: shelf.open_dataset(self.releases.get(named), contract, columns))
        except SharingError as problem:
            problem.reference = call.reference
            kind = problem.kind
            await self._deed(lambda: self._audit(call, dataset, named, "refused", 0, kind))
            raise
        counted = _Counted(opened.batches, limit)
        pieces = writing.written(opened.schema, counted, form, for_sheets=True)
        left = asyncio.create_task(_until_left(call.receive))
        outcome = "ended"
        try:
            headers = {"Content-Type": writing.FORMS[form], "Dif-Release": opened.release}
            await call.send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
                }
            )
            while not left.done():
                piece = await self._deed(lambda: next(pieces, None))
                await call.send({"type": "http.response.body", "body": piece or b"", "more_body": piece is not None})
                if piece is None:
                    outcome = "served"
                    break
        except Exception:
            outcome = "failed"
            raise
        finally:
            left.cancel()
            await self._deed(lambda: self._audit(call, contract.name, opened.release, outcome, counted.rows))

    def _audit(self, call: _Call, dataset: str, release: str, outcome: str, rows: int, kind: str = "") -> None:
        self.log.read(
            who=call.who,
            dataset=dataset,
            release=release,
            outcome=outcome,
            rows=rows,
            ms=(time.monotonic() - call.began) * 1000,
            wire="http",
            kind=kind,
            reference=call.reference,
        )
        metrics.observe_read(dataset=dataset, outcome=outcome, wire="http")

    # --- how it is ---------------------------------------------------------------------------------------------------

    async def _live(self, call: _Call) -> Response:  # noqa: ARG002 - a handler's signature
        return _json({"status": "ok"})

    async def _readyz(self, call: _Call) -> Response:  # noqa: ARG002 - a handler's signature
        missing = await self._deed(self._missing)
        return _json({"status": "no" if missing else "ok", "missing": missing}, 503 if missing else 200)

    def _missing(self) -> list[dict[str, str]]:
        """What keeps batches from being kept. Anybody may ask, so the disk is asked once a second at most."""
        at, missing = self._ready
        if time.monotonic() - at < _READY_SECONDS:
            return missing
        missing = []
        checks = {
            "journal": self.reception.landing.refresh,
            "room": self.reception.see_to_room,
            "landing": self._write_in_landing,
        }
        for name, check in checks.items():
            try:
                check()
            except SharingError as problem:
                missing.append({"what": name, "kind": problem.kind, "problem": problem.problem})
            except Exception as problem:  # noqa: BLE001 - whatever it is, nothing can be kept
                missing.append({"what": name, "kind": "fault", "problem": type(problem).__name__})
        if self.reception.access.trouble is not None:
            missing.append({"what": "access", "kind": "wrong_use", "problem": "The access list cannot be read."})
        self._ready = (time.monotonic(), missing)
        return missing

    def _write_in_landing(self) -> None:
        if self.settings.landing_url:
            return  # object storage was asked for its journal just now
        self.settings.landing.mkdir(parents=True, exist_ok=True)
        probe = durable.temporary_beside(self.settings.landing / "ready")
        try:
            probe.write_bytes(b"ready")
        finally:
            probe.unlink(missing_ok=True)

    async def _metrics(self, call: _Call) -> Response:
        """Figures: to this machine, and to who may read."""
        if not self._is_here(call):
            caller = await self._caller(call)
            if not caller.read:
                raise Forbidden(f"{caller.name} may not read.", "Ask the operator for a right to read.")
        body, kind = await self._deed(lambda: metrics.exposition(self.settings))
        return Response(body, headers={"Content-Type": kind})

    def _is_here(self, call: _Call) -> bool:
        """Whether the caller is on this machine; a proxy on this machine speaks for others."""
        if self.settings.tls_elsewhere or any(call.header(name) for name in _FORWARDED):
            return False
        client = call.request.client
        return client is not None and _is_loopback(client.host)

    async def _openapi(self, call: _Call) -> Response:  # noqa: ARG002 - a handler's signature
        if not self._described:
            problems = openapi.document(problems_by_status(), list(CONTENT_TYPES))
            self._described = json.dumps(problems, ensure_ascii=False).encode()
        return Response(self._described, media_type="application/json")


def problems_by_status() -> dict[int, list[str]]:
    """The kinds of problem that each status tells, by the table and what HTTP adds."""
    said: dict[int, list[str]] = {405: ["wrong_use"], 415: ["refused"], 431: ["wrong_use"]}
    waiting: list[type[SharingError]] = [SharingError]
    while waiting:
        cls = waiting.pop(0)
        waiting.extend(cls.__subclasses__())
        status = next(STATUS[c] for c in cls.__mro__ if c in STATUS)
        if cls.kind not in said.setdefault(status, []):
            said[status].append(cls.kind)
    return said


class _Counted:
    """Batches up to a number of rows, counted as they are read."""

    def __init__(self, batches: Iterator[pa.RecordBatch], limit: int | None) -> None:
        self._batches = batches
        self._limit = limit
        self.rows = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for batch in self._batches:
            kept = batch if self._limit is None else batch.slice(0, self._limit - self.rows)
            self.rows += kept.num_rows
            yield kept
            if self.rows == self._limit:
                return


# --- what a request says ----------------------------------------------------------------------------------------------


def _sent_stream(name: str) -> StreamContract:
    sent = openapi.sent_streams()
    if name not in sent:
        raise UnknownName("stream", name[:80], known=sent)
    return STREAMS[name]


def _is_allowed(check: Callable[[Caller, T], None], caller: Caller, what: T) -> bool:
    try:
        check(caller, what)
    except SharingError:
        return False
    return True


def _form(call: _Call, otherwise: str) -> str:
    form = call.asked("format", otherwise)
    if form not in writing.FORMS:
        raise UnknownName("format", form[:40], known=writing.FORMS)
    return form


def _ending(call: _Call) -> str:
    """The form of the body, as the ending by which the reader knows it.

    Raises:
        _Answer: 415; none that is read here, or one that is packed, which could unfold to any size.
    """
    packed = call.header("content-encoding").strip().lower()
    if packed not in ("", "identity"):
        mend = "Send it as it is; Parquet is compressed already (zstd within the file is fine)."
        raise _Answer(
            415,
            Refused(f"The body is packed ({packed[:40]}); packed ones are not taken.", mend),
            Accept_Encoding="identity",
        )
    kind, _, more = call.header("content-type").partition(";")
    charset = re.search(r"charset\s*=\s*\"?([A-Za-z0-9_-]+)", more, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise _Answer(415, Refused(f"The body is {charset[1][:40]}, not UTF-8.", "Send it in UTF-8."))
    ending = CONTENT_TYPES.get(kind.strip().lower()) or ENDINGS.get(call.asked("format").lower())
    if ending is None:
        raise _Answer(
            415,
            Refused(
                f"Content-Type {kind.strip()[:60]!r} is none that is read here.",
                f"Give one of {', '.join(CONTENT_TYPES)}; or ?format= one of {', '.join(ENDINGS)}.",
            ),
            Accept=", ".join(CONTENT_TYPES),
        )
    return ending


def _content_sha256(call: _Call) -> str:
    said = call.header("dif-content-sha256").strip()
    if said and not _SHA256.fullmatch(said):
        raise WrongUse("Dif-Content-Sha256 is no SHA-256.", "Give 64 hexadecimal digits, or leave it out.")
    return said.lower()


def _digests(call: _Call) -> dict[str, bytes]:
    """What the body's digest must be, by algorithm (RFC 9530); algorithms that we do not know are let by.

    The body is the representation, since nothing is packed: both headers say the same of it.

    Raises:
        WrongUse: a digest that cannot be read.
    """
    found: dict[str, bytes] = {}
    for name in ("content-digest", "repr-digest"):
        for value in call.request.headers.getlist(name):
            for one in value.split(","):
                if not one.strip().startswith(("sha-256", "sha-512")):
                    continue
                hit = _DIGEST.fullmatch(one)
                try:
                    said = base64.b64decode(hit[2], validate=True) if hit else b""
                except binascii.Error:
                    said = b""
                if hit is None or len(said) != (32 if hit[1] == "sha-256" else 64):
                    raise WrongUse(f"{name} cannot be read.", "Write `sha-256=:BASE64:`, or leave it out.")
                if found.setdefault(hit[1], said) != said:
                    raise WrongUse("Two digests of the body differ.", "Send one.")
    return found


def _see_to_host(host: str) -> None:
    """While no token is needed, answer only to this machine's own names: a page elsewhere could point its name here.

    Raises:
        Forbidden: another name.
    """
    name = host.rpartition(":")[0] if re.search(r":[0-9]*$", host) else host
    if name.lower() not in ("localhost", "127.0.0.1", "[::1]"):
        raise Forbidden(
            "While no token is needed, only this machine is answered.", "Call it by the name localhost or 127.0.0.1."
        )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host.removeprefix("::ffff:")).is_loopback
    except ValueError:
        return False


# --- answers ----------------------------------------------------------------------------------------------------------


def _json(value: Mapping[str, object], status: int = 200) -> Response:
    return Response(json.dumps(value, ensure_ascii=False), status, media_type="application/json")


def _problem(
    problem: SharingError, ref: str, status: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """A problem as RFC 9457 has it."""
    status = status or status_of(problem)
    more = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        more["WWW-Authenticate"] = "Bearer"
    if isinstance(problem, TryAgain | Busy) or status == HTTPStatus.SERVICE_UNAVAILABLE:
        more["Retry-After"] = str(60 if isinstance(problem, OverQuota | NoRoom | Busy) else 5)
    if isinstance(problem, TooSlow):
        more["Connection"] = "close"  # the rest of its body may still come
    return Response(problem_json(problem, ref, status), status, more, media_type="application/problem+json")


def problem_json(problem: SharingError, ref: str, status: int) -> bytes:
    """The body of such an answer."""
    said: dict[str, object] = {
        "type": f"urn:dif:problem:{problem.kind}",
        "title": (type(problem).__doc__ or problem.kind).partition(".")[0],
        "status": status,
        "detail": problem.problem,
        "kind": problem.kind,
        "mend": problem.mend,
        "reference": ref,
    }
    if isinstance(problem, BadValue):
        said |= {"line": problem.line, "column": problem.column}
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def _headed(call: _Call, send: Send) -> Send:
    """Send with the headers that every answer has."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            more = _HEADERS | {"Dif-Reference": call.reference}
            if call.request.url.scheme == "https":
                more["Strict-Transport-Security"] = "max-age=31536000"
            if call.header("expect") and not call.read:
                more["Connection"] = "close"  # whether the body still comes is the sender's choice
            headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in more.items()]
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        await send(message)

    return sent


async def _until_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


# --- the body's file --------------------------------------------------------------------------------------------------


@contextmanager
def _arriving(target: Path, ending: str) -> Iterator[tuple[Path, BinaryIO]]:
    """A file beside the batch's own for the body, gone afterwards whatever happened.

    It is locked while its process lives, so that a door that starts again knows what an ended one left behind.
    """
    path = durable.temporary_beside(target.with_name(f"{_BODY}{ending}"))
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as handle:  # noqa: PTH123 - a mode of its own
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield path, handle
        finally:
            path.unlink(missing_ok=True)


def _write(handle: BinaryIO, chunk: bytes) -> None:
    try:
        handle.write(chunk)
    except OSError as problem:
        if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise NoRoom(
                "The disk is full; nothing of the batch was kept.", "Send it again when there is room."
            ) from None
        raise


def _sweep(folder: Path) -> None:
    """Remove bodies whose process has ended."""
    until = time.time() - _END_SECONDS
    for path in list(folder.rglob(f"{durable.TEMPORARY}*{_BODY}.*")) if folder.is_dir() else []:
        with contextlib.suppress(OSError), path.open("rb") as handle:
            if path.stat().st_mtime < until:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()


# --- the server -------------------------------------------------------------------------------------------------------


class _Connection(H11Protocol):
    """A connection with an end to patience: for a request's head, a body nobody asked for, and a reader of the answer.

    uvicorn waits for these for ever; a body that is asked for is the door's own to watch.
    """

    patience = 30.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Count it, and begin to watch."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._watch()
        if len(self.connections) > MOST_CONNECTIONS:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        self._timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Patience begins anew with each request."""
        self._since = self.loop.time()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """The peer reads more slowly than it is sent to; how long for is watched."""
        self._since = self.loop.time()
        super().pause_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """Say in our form what cannot be read as a request; where an answer has begun, only end."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()
            return
        hint = getattr(sys.exception(), "error_status_hint", 400)
        status = hint if hint in (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, HTTPStatus.NOT_IMPLEMENTED) else 400
        no = WrongUse("This is no HTTP request that is taken here.", f"Heads are at most {HEAD_BYTES} bytes.")
        ref = reference()
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"connection", b"close"),
            (b"dif-reference", ref.encode()),
        ]
        with contextlib.suppress(h11.LocalProtocolError):
            self.transport.write(self.conn.send(h11.Response(status_code=status, headers=headers)))
            self.transport.write(self.conn.send(h11.Data(data=problem_json(no, ref, status))))
            self.transport.write(self.conn.send(h11.EndOfMessage()))
        self.transport.close()

    def shutdown(self) -> None:
        """The server ends; a connection that is past talking to is only cut."""
        try:
            super().shutdown()
        except h11.LocalProtocolError:
            self.transport.abort()

    def _watch(self) -> None:
        now = self.loop.time()
        at_work = not getattr(self.cycle, "response_complete", True)  # before the first request there is none
        stuck = self.flow.write_paused or self.transport.is_closing()
        if at_work and not stuck:
            self._since = now
        elif now - self._since > self.patience:
            self.transport.abort()
            return
        self._timer = self.loop.call_later(self.patience / 4, self._watch)


class _Uvicorn(uvicorn.Server):
    """uvicorn, with an end to its end: a reader at work on a large file is not waited for."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end."""
        if not self.should_exit:
            last = threading.Timer(_END_SECONDS + 2, os._exit, (1,))
            last.daemon = True
            last.start()
        super().handle_exit(sig, frame)


class Server:
    """The server of one home. Make it, `run()`, and `stop()`; `port` is where it listens."""

    def __init__(self, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind.

        Raises:
            WrongUse: it would be open to others than this machine, or the port is taken.
            Damaged: the journal is not what was written.
        """
        self.door = HttpDoor(settings)
        see_to_closed(settings, host, closed=not self.door.reception.access.open)
        config = _config(self.door, settings)
        try:
            self._socket = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        except OSError as problem:
            raise WrongUse(f"Port {port} of {host} cannot be had ({problem.strerror}).", "Give another port.") from None
        self.port: int = self._socket.getsockname()[1]
        named = f"[{host}]" if ":" in host else host
        self.address = f"{'https' if settings.tls_cert else 'http'}://{named}:{self.port}"
        self._server = _Uvicorn(config)

    def run(self, say: Callable[[str], None] = lambda _address: None) -> None:
        """Serve until `stop` or a signal; batches that are arriving are finished, within some seconds.

        Args:
            say: told the address once it listens.
        """
        say(self.address)  # the socket listens already: who calls now is answered in a moment
        with self.door:
            self._server.run(sockets=[self._socket])

    def stop(self) -> None:
        """End; may be called from another thread."""
        self._server.should_exit = True


def _config(door: HttpDoor, settings: Settings) -> uvicorn.Config:
    """How uvicorn serves the door.

    Raises:
        BadSetting: the certificate or key cannot be used.
    """
    patient = type("_PatientConnection", (_Connection,), {"patience": settings.idle_seconds})
    config = uvicorn.Config(
        door,
        http=patient,
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=_END_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        ssl_ca_certs=settings.tls_client_ca,
        ssl_cert_reqs=ssl.CERT_REQUIRED if settings.tls_client_ca else ssl.CERT_NONE,
    )
    tls_of(settings)  # says which file is missing, or cannot be read
    try:
        config.load()
    except (OSError, ValueError) as problem:
        raise BadSetting("tls_cert", type(problem).__name__, "a certificate, its key and a client CA in PEM") from None
    return config


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to end; say on stdout where, once it listens."""
    words = argparse.ArgumentParser(prog="transport.http_door")
    words.add_argument("--home", type=Path)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--port", type=int, default=0)
    given = words.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    most = 4096 if files == resource.RLIM_INFINITY else min(4096, files)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, files))
    try:
        settings = load()
        if given.home:
            settings = settings.but(home=given.home)
        memory = settings.server_memory_mb * _MB
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        server = Server(settings, given.host, given.port)
    except SharingError as problem:
        sys.stderr.write(f"{problem.problem}\n  → {problem.mend}\n")
        return 1

    def say(address: str) -> None:
        sys.stdout.write(f"http    {address}\n")
        sys.stdout.flush()

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: None)  # uvicorn takes the signal, ends, and raises it again: it is done by then
    server.run(say)
    return 0


if __name__ == "__main__":
    sys.exit(main())
