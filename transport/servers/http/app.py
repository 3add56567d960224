"""The HTTP door as an ASGI application: batches in, datasets of releases out, health and metrics.

`PUT /v1/streams/{stream}/batches/{batch_id}` takes a batch as Parquet, Arrow, JSON Lines or CSV, through the same
ingest service as every wire and with the same receipt. Caller, rights and free space are checked before a byte of the
body is read. The body goes to a temporary file that only a reader process opens (`transport.ingest.workers`), and that
is always removed.

A sender may be silent for `idle_seconds`, and after the first of these must deliver `LOWEST_BYTES_PER_SECOND`, so that
slow senders cannot hold others' turns. Nothing here blocks the event loop: a batch has its own thread from its turn to
its receipt.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import functools
import hashlib
import itertools
import json
import os
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Self, TypeVar

import anyio
import anyio.from_thread
import anyio.to_thread
import pyarrow as pa
from anyio import CapacityLimiter
from starlette.responses import Response

from catalog.contracts import documents
from catalog.contracts.language import Audience, StreamContract
from catalog.contracts.sharing import Right, narrowed_to
from catalog.errors import (
    Forbidden,
    NoRoom,
    SharingError,
    TooLarge,
    TooSlow,
    TryAgain,
    Unauthenticated,
    UnknownName,
    WrongDigest,
    WrongUse,
)
from catalog.exports import atom
from catalog.exports.published import published
from catalog.tables.datasets import DATASETS, READABLE
from catalog.tables.quarantine import quarantine_of
from catalog.tables.streams import PUSHED
from transport.auth import ASK, Caller
from transport.base import atomic_files, encoding
from transport.base.settings import Settings
from transport.ingest import registers
from transport.ingest.ingest_service import (
    LOWEST_BYTES_PER_SECOND,
    ConcurrencyLimiter,
    IngestService,
    OpenUpload,
    Quota,
    Upload,
    counted,
)
from transport.ingest.sample import encoded, sample
from transport.ingest.workers import Readers, Request
from transport.releases import dataset_reader
from transport.releases.files import ReleaseFile, dataset_file, metric_file, metric_rows, own_file
from transport.releases.narrowed import OPEN_DATABASE, open_database
from transport.releases.quarantine_reader import open_quarantine
from transport.releases.store import AS_OF, Release
from transport.servers import calls
from transport.servers.calls import Read
from transport.servers.http import openapi
from transport.servers.http.asgi import AsgiApp
from transport.servers.http.call import (
    Call,
    digests_of,
    ending_of,
    expected_sha256,
    json_answer,
)
from transport.servers.http.files import FileAnswer, TextAnswer, head_of_unmade, not_modified
from transport.servers.http.routes import LISTED, MOST_LISTED, ROUTES
from transport.storage.batch_file import ValidatedBatch
from transport.storage.journal import Entry
from transport.storage.landing import LandedBatch, known_stream
from transport.telemetry import counters
from transport.telemetry.event_log import EventLog

_WAITING, _WAITING_OF_ONE = 64, 16
"""Batches that may wait for a turn, in all and per producer, and reads, in all and per caller; each holds a thread."""
_LOOK_AT_ROOM = 32 << 20
_GIVE_WAY_EVERY = 8 << 20
_READY_SECONDS = 1.0
_TURN_SECONDS = 2.0
"""How long `/readyz` waits for the landing's lock before it reports that nothing can be kept."""
_PIECE = 1 << 16
"""Bytes given to a connection at a time: even a slow reader takes them well within its timeout."""
_MB = 1 << 20
_BODY = "http-body"
_YOUNG_SECONDS = 7
"""A body that was written to so lately may be of a process that is just starting or ending."""
T = TypeVar("T")


class HttpApp(AsgiApp):
    """The HTTP door as an ASGI application. Use as a context manager: it stops the readers."""

    routes = ROUTES
    tells_of_home = True
    elsewhere = "The catalogue is at /catalog.ttl and /catalog.jsonld; /openapi.json has every address."

    def __init__(self, settings: Settings) -> None:
        """Open the landing; readers start with the first batch.

        Raises:
            Damaged: the journal is not what was written.
            WrongUse: the access list cannot be read.
        """
        log = EventLog(settings)
        self.ingest = IngestService(settings, log=log)
        super().__init__(settings, self.ingest.access, log)
        self.releases = self._releases
        self._readers = Readers(settings)
        self._bulk_readers = Readers(settings.but(readers=1))  # so that bulk never delays a live batch
        self._batches = CapacityLimiter(settings.streams + _WAITING)
        self._reads = ConcurrencyLimiter(settings)
        self._reads_left = Quota("reads", per_minute=settings.quota_per_minute)
        self._readings = CapacityLimiter(settings.streams + _WAITING)
        self._waiting: Counter[str] = Counter()
        self._reads_waiting: Counter[str] = Counter()
        self._checked: tuple[float, list[dict[str, str]]] = (-1.0, [])
        self._catalogued: tuple[str, dict[str, bytes]] = ("", {})
        self._news: dict[str, atom.ReleaseNews] = {}
        self.handlers = {
            **self.handlers,
            "listStreams": self._streams,
            "getStream": self._stream,
            "getSample": self._sample,
            "listBatches": self._list_batches,
            "getQuarantine": self._quarantine,
            "putBatch": self._put,
            "getReceipt": self._receipt,
            "listDatasets": self._datasets,
            "getDataset": self._dataset,
            "getReleaseFile": self._release_file,
            "getMetricFile": self._metric_file,
            "getPart": self._part,
            "getPartOfMonth": self._part,
            "feed": self._feed,
            "catalogTurtle": functools.partial(self._catalog, form="text/turtle"),
            "catalogJsonLd": functools.partial(self._catalog, form="application/ld+json"),
        }

    def __enter__(self) -> Self:
        """Remove files left behind by an earlier process of this door."""
        for folder in (self.settings.landing, self.settings.scratch / "landing"):
            _sweep(folder)
        return self

    def __exit__(self, *problem: object) -> None:
        """Stop the readers."""
        self._readers.__exit__()
        self._bulk_readers.__exit__()

    def _log_no(self, call: Call, error: SharingError, status: int) -> None:
        path = call.path
        if not (call.request.method == "PUT" and path[:2] == ("v1", "streams") and len(path) == 5):  # noqa: PLR2004 - a batch
            super()._log_no(call, error, status)
            return
        ms = self._ms(call)
        self.log.batch(
            who=call.who,
            producer=call.producer,
            stream=path[2],
            batch_id=path[4],
            outcome="refused",
            ms=ms,
            wire="http",
            kind=error.kind,
            problem=error.problem,
            reference=call.reference,
        )
        counters.observe_batch(stream=path[2], outcome="refused", wire="http", ms=ms)

    async def _caller(self, call: Call) -> Caller:
        """Authenticate the caller, then check the call's options."""
        caller = await self._deed(lambda: self._sender(call))
        call.check_options()
        return caller

    @asynccontextmanager
    async def _turn_to_read(self, caller: Caller) -> AsyncIterator[None]:
        """Wait for a turn to read, and hold it: rows take memory until they are sent.

        Raises:
            TryAgain: no turn came within `queue_seconds`, or too many wait.
        """
        async with self._strangers.of(caller), self._turn(caller.turns):
            yield

    @asynccontextmanager
    async def _turn(self, name: str) -> AsyncIterator[None]:
        if self._readings.available_tokens < 1 or self._reads_waiting[name] >= _WAITING_OF_ONE:
            raise TryAgain("Too many reads are waiting.", "Send fewer reads at the same time, or try again later.")
        turn = self._reads.turn(name, bulk=False)
        with counted(self._reads_waiting, name):
            await anyio.to_thread.run_sync(turn.__enter__, limiter=self._readings)
        try:
            yield
        finally:
            turn.__exit__(None, None, None)

    # --- batches in --------------------------------------------------------------------------------------------------

    async def _put(self, call: Call, stream: str, batch_id: str) -> Response:
        """Take a batch in."""
        caller = await self._caller(call)
        marks = {"synthetic": call.yes("synthetic"), "try_only": call.yes("check")}
        upload = calls.upload_of(call.headers, stream, batch_id, "http", digest=expected_sha256(call), **marks)
        ending, digests = ending_of(call), digests_of(call)
        known_stream(stream)  # report a wrong name before problems of the body
        size = call.header("content-length")
        if size and int(size) > self.settings.max_body_mb * _MB:
            raise self._too_large()
        if self._waiting.total() >= self.settings.streams + _WAITING or self._waiting[caller.producer] >= (
            self.settings.streams_per_producer + _WAITING_OF_ONE
        ):
            raise TryAgain("Too many batches are waiting.", "Send fewer at the same time; a retry is safe.")
        take = functools.partial(self._take, call, caller, upload, ending, digests)
        with counted(self._waiting, caller.producer):
            try:
                receipt = await anyio.to_thread.run_sync(take, limiter=self._batches)
            finally:
                call.over = True  # in case the server shuts down before the thread ends
        return json_answer(receipt, 201 if receipt["status"] == "accepted" else 200)

    def _take(
        self, call: Call, caller: Caller, upload: Upload, ending: str, digests: Mapping[str, bytes]
    ) -> dict[str, object]:
        counters.stream_opened()
        try:
            with self.ingest.open_upload(caller, upload) as open_upload:
                call.reference = open_upload.reference
                calls.check_landing(self.ingest, self.releases)
                with _arriving(open_upload.target, ending) as (path, handle):
                    with open_upload.step("receive"):
                        self._receive(call, upload, handle, digests)
                        handle.flush()
                    with open_upload.step("validate"):
                        validated = self._read(open_upload, path)
                    return open_upload.keep(validated)
        finally:
            counters.stream_closed()

    def _receive(self, call: Call, upload: Upload, handle: BinaryIO, digests: Mapping[str, bytes]) -> None:
        """Write the body to the file as it arrives.

        Raises:
            TooLarge, TooSlow, NoRoom: reading stopped before the body's end.
            WrongDigest: the body is not what was sent.
        """
        idle, most = self.settings.idle_seconds, self.settings.max_body_mb * _MB
        hashes = {name: hashlib.new(name.replace("-", "")) for name in digests}
        self.ingest.check_room(int(call.header("content-length") or 0))  # before a whole year's file, not in its middle
        size, waited, more = 0, 0.0, True
        while more:
            before_chunk, size_before = time.monotonic(), size
            came = anyio.from_thread.run(call.chunk, idle)
            if came is None:
                raise ConnectionAbortedError
            chunk, more = came
            waited += time.monotonic() - before_chunk
            size += len(chunk)
            if size > most:
                raise self._too_large()
            if more and size < LOWEST_BYTES_PER_SECOND * (waited - idle):
                raise TooSlow(
                    f"The body arrived at less than {LOWEST_BYTES_PER_SECOND} bytes per second.",
                    "Send a smaller batch, or use a faster connection; a retry is safe.",
                )
            for content_hash in hashes.values():
                content_hash.update(chunk)
            _write(handle, chunk)
            if size // _LOOK_AT_ROOM != size_before // _LOOK_AT_ROOM:
                self.ingest.check_room()
            if upload.bulk and size // _GIVE_WAY_EVERY != size_before // _GIVE_WAY_EVERY:
                self.ingest.bulk_may_go_on()
        for name, digest in digests.items():
            if hashes[name].digest() != digest:
                raise WrongDigest("Content-Digest")

    def _read(self, open_upload: OpenUpload, path: Path) -> ValidatedBatch:
        """Read the body in a reader process, and raise its errors here."""
        caller = open_upload.caller
        request = Request(
            path,
            open_upload.stream.name,
            caller.producer,
            open_upload.target,
            sender=caller.name,
            organisations=caller.organisations,
            supplier=caller.supplier,
            synthetic=open_upload.upload.synthetic,
            inputs=registers.reader_inputs(self.settings, self.ingest.landing, open_upload.stream.name, path),
        )
        readers = self._bulk_readers if open_upload.upload.bulk else self._readers
        ((_, result),) = readers.read([request])
        if isinstance(result, SharingError):
            raise result
        return replace(result, arrived_at=None)  # we set the arrival time, also for synthetic batches

    def _too_large(self) -> TooLarge:
        return TooLarge(f"The body is over {self.settings.max_body_mb} MB.", "Split it into several batches.")

    async def _receipt(self, call: Call, stream: str, batch_id: str) -> Response:
        caller = await self._caller(call)
        return json_answer(await self._deed(lambda: self.ingest.receipt(caller, stream, batch_id)))

    async def _list_batches(self, call: Call, stream: str) -> Response:
        """List the caller's batches from the journal, newest first. Unlike `_receipt` it reads no batch's file."""
        caller = await self._caller(call)
        limit, since = call.number("limit", LISTED) or 0, call.moment("since")
        if not 1 <= limit <= MOST_LISTED:
            raise WrongUse(f"limit is {limit}.", f"Give 1 to {MOST_LISTED}.")

        def listed() -> list[Entry]:
            self.access.may_send(caller, known_stream(stream))
            landing = self.ingest.landing
            landing.refresh()
            mine = (
                e
                for e in reversed(landing.entries)
                if (e.stream, e.producer) == (stream, caller.producer) and (since is None or e.received_at >= since)
            )
            return list(itertools.islice(mine, limit + 1))

        entries = await self._deed(listed)
        receipts = [self.ingest.receipt_of(LandedBatch(e, "accepted")) for e in entries[:limit]]
        return json_answer(
            {"stream": stream, "producer": caller.producer, "batches": receipts, "more": len(entries) > limit}
        )

    async def _quarantine(self, call: Call, stream: str) -> None:
        """Send the caller's own rows that the last run set aside, with one line in the audit log."""
        caller = await self._caller(call)
        contract = known_stream(stream)
        form, limit = call.one_of("format", encoding.FORMS, "jsonl"), call.number("limit", None)
        since, rule = call.moment("since"), call.parameter("rule") or None
        read = self._reading(call, quarantine_of(contract).name, "current")
        async with AsyncExitStack() as stack:
            try:
                self.ingest.access.may_send(caller, contract)
                await stack.enter_async_context(self._turn_to_read(caller))
                opened = await self._deed(
                    lambda: open_quarantine(
                        self.settings,
                        self.releases,
                        self.ingest.landing,
                        caller,
                        contract,
                        since=since,
                        rule=rule,
                        limit=limit,
                    )
                )
            except SharingError as problem:
                await self._refuse(read, problem)
                raise
            facts = {f"Dif-{fact.replace('_', '-').title()}": value for fact, value in opened.facts.items()}
            await self._send(call, read, opened, form, None, facts)

    async def _refuse(self, read: Read, problem: SharingError) -> None:
        """Write the line of a read that is refused; the caller gets its reference."""
        problem.reference = read.reference
        await self._deed(lambda: read.write("refused", problem))

    # --- what there is -----------------------------------------------------------------------------------------------

    async def _streams(self, call: Call) -> Response:
        caller = await self._caller(call)
        listed = [
            {
                "name": s.name,
                "title": {"nb": s.title.nb, "en": s.title.en},
                "version": s.version,
                "may_send": self.access.sends(caller, s),
                "contract": f"/v1/streams/{s.name}",
            }
            for s in PUSHED.values()
        ]
        return json_answer({"streams": listed})

    async def _stream(self, call: Call, stream: str) -> Response:
        await self._caller(call)
        return json_answer(openapi.stream_contract(_sent_stream(stream)))

    async def _sample(self, call: Call, stream: str) -> Response:
        caller = await self._caller(call)
        contract, form = _sent_stream(stream), call.one_of("format", encoding.FORMS, "csv")
        rows = call.number("rows", 3) or 0
        organisation = min(caller.organisations, default=None) if caller.organisations else None

        def content() -> bytes:
            return encoded(sample(contract, rows, organisation=organisation), form)

        return Response(await self._deed(content), media_type=encoding.FORMS[form], headers={"Dif-Synthetic": "true"})

    async def _datasets(self, call: Call) -> Response:
        caller = await self._caller(call)
        release, listed = await self._deed(lambda: (self.releases.current_name(), _listed(caller.read)))
        content = f'{{"release": {json.dumps(release)}, "datasets": {listed}}}'
        return Response(content, media_type="application/json")

    async def _dataset(self, call: Call, dataset: str) -> None:
        """Send a dataset's rows as they are read, with one line in the audit log."""
        caller = await self._caller(call)
        form, limit = call.one_of("format", encoding.FORMS, "jsonl"), call.number("limit", None)
        release_name = call.parameter("release", "current")
        columns = call.parameter("columns").split(",") if "columns" in call.request.query_params else None
        read = self._reading(call, dataset, release_name)
        async with AsyncExitStack() as stack:
            try:
                with _alike_for_strangers(caller):
                    if dataset not in READABLE:
                        raise UnknownName("dataset", dataset[:80], choices=READABLE)
                    contract = self.access.may_read(caller, READABLE[dataset])
                    condition = call.condition("filter")
                    await stack.enter_async_context(self._turn_to_read(caller))
                    opened = await self._deed(
                        lambda: dataset_reader.open_dataset(
                            self._release_for(caller, release_name), contract, columns, condition
                        )
                    )
            except SharingError as problem:
                await self._refuse(read, problem)
                raise
            read.dataset = contract.name
            await self._send(call, read, opened, form, limit, lowest=LOWEST_BYTES_PER_SECOND if caller.anonymous else 0)

    async def _send(
        self,
        call: Call,
        read: Read,
        opened: dataset_reader.OpenedDataset,
        form: str,
        limit: int | None,
        facts: Mapping[str, str] = MappingProxyType({}),
        lowest: int = 0,
    ) -> None:
        """Send rows as they are read; end with a caller who takes fewer than `lowest` bytes a second."""
        counted = _Counted(opened.batches, limit)
        pieces = encoding.encoded_pieces(opened.schema, counted, form, for_sheets=True)
        left = asyncio.create_task(call.left())
        read.release = opened.release
        size, waited = 0, 0.0
        try:
            headers = {"Content-Type": encoding.FORMS[form], "Dif-Release": opened.release, **facts}
            await call.send(
                {
                    "type": "http.response.start",
                    "status": 200,
                    "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
                }
            )
            while not left.done():
                piece = None if call.request.method == "HEAD" else await self._deed(lambda: next(pieces, None))
                if piece is None:
                    await call.send({"type": "http.response.body", "body": b"", "more_body": False})
                    read.outcome = "served"
                    break
                for start in range(0, len(piece), _PIECE):
                    part, began = piece[start : start + _PIECE], time.monotonic()
                    await call.send({"type": "http.response.body", "body": part, "more_body": True})
                    size, waited = size + len(part), waited + time.monotonic() - began
                    if size < lowest * (waited - self.settings.idle_seconds):
                        slow = "a caller without a token reads too slowly to hold a turn"
                        raise ConnectionAbortedError(slow)  # noqa: TRY301 - as one who has left
        except ConnectionError:
            raise  # the reader left, or reads nothing
        except Exception as problem:
            read.outcome, read.kind = "failed", problem.kind if isinstance(problem, SharingError) else "fault"
            raise
        finally:
            left.cancel()

            def close() -> None:
                with contextlib.suppress(ValueError):  # at shutdown a thread may still be using it
                    pieces.close()
                    opened.batches.close()
                pa.default_memory_pool().release_unused()  # or each reader keeps a hundred megabytes
                read.rows = counted.rows
                read.write()

            await self._deed(close)

    async def _release_file(self, call: Call, release: str, name: str) -> Response:
        """A database of a release, or a dataset as a file."""

        def located(release: Release, caller: Caller) -> ReleaseFile:
            if name == OPEN_DATABASE:
                return open_database(self.settings, release)
            if name in release.section("files"):
                return own_file(release, name, self._admit(caller))
            return dataset_file(self.settings, release, name, functools.partial(self.access.may_read, caller))

        return await self._file(call, release, name, located)

    def _admit(self, caller: Caller) -> Callable[[frozenset[Right], str], None]:
        """Check an anonymous caller's rights before the file is read, so that it learns of no damage."""

        def admit(rights: frozenset[Right], dataset: str) -> None:
            if caller.anonymous:
                self.access.check_rights(caller, rights, dataset)

        return admit

    async def _part(self, call: Call, release: str, *path: str) -> Response:
        """A Parquet file of a dataset, as it lies in the release."""

        def located(release: Release, caller: Caller) -> ReleaseFile:
            return own_file(release, "/".join(["parquet", *path]), self._admit(caller))

        return await self._file(call, release, path[0], located)

    async def _metric_file(self, call: Call, release: str, name: str) -> Response:
        """A number of the pages as a file, computed now."""
        return await self._file(
            call,
            release,
            name,
            lambda release, _caller: metric_file(release, name, call.condition("filter")),
            lambda release, file: metric_rows(self.settings, release, file, call.condition("filter")),
        )

    async def _file(
        self,
        call: Call,
        release_name: str,
        dataset: str,
        located: Callable[[Release, Caller], ReleaseFile],
        computed: Callable[[Release, ReleaseFile], tuple[bytes, int]] | None = None,
    ) -> Response:
        """Send a file unless the caller has it already; `computed` gives the content of one made for each call."""
        content = None

        def prepare() -> tuple[Caller, Read, Release, ReleaseFile, Response | None]:
            """Check and locate the file, and answer if it exists: changing threads costs more than all of these."""
            caller = self._sender(call)
            call.check_options()
            read = self._reading(call, dataset, release_name)
            try:
                self._reads_left.spend(caller.name)
                with _alike_for_strangers(caller):
                    release = self._release_for(caller, release_name)
                    file = located(release, caller)
                    self.access.check_rights(caller, file.rights, file.dataset)
            except SharingError as problem:
                problem.reference = read.reference
                read.write("refused", problem)
                raise
            answer = not_modified(call, file)
            if answer is None and computed is None and file.path.exists():
                answer = _served(call, read, file)
            return caller, read, release, file, answer

        caller, read, release, file, answer = await self._deed(prepare)
        if answer is not None:
            return answer
        if call.request.method == "HEAD":
            return head_of_unmade(file)
        try:
            async with self._turn_to_read(caller):
                if computed is not None:
                    content, read.rows = await self._deed(lambda: computed(release, file))
                else:
                    await self._deed(functools.partial(file.make, self.settings))
            if computed is None:
                file = await self._deed(lambda: located(release, caller))  # made now, it may have another tag
        except SharingError as problem:
            await self._refuse(read, problem)
            raise
        return await self._deed(lambda: _served(call, read, file, content))

    def _release_for(self, caller: Caller, release_name: str) -> Release:
        """A kept release. Without a token nobody reads one made for an earlier day, or that was rolled back from.

        Raises:
            UnknownName: there is no such release for the caller.
        """
        release = self.releases.get(release_name)
        if caller.anonymous and release.name != (current := self.releases.current_name()):
            names = [name for name in self.releases.names() if not name.startswith(AS_OF)]
            if current not in names or release.name not in names[: names.index(current)]:
                raise UnknownName("release", release_name[:80], choices=())
        return release

    # --- how it is ---------------------------------------------------------------------------------------------------

    def _missing(self) -> Sequence[object]:
        """What keeps batches from being kept. Anybody may ask, so the disk is checked at most once a second."""
        at, missing = self._checked
        if time.monotonic() - at < _READY_SECONDS:
            return missing
        self._checked = (time.monotonic() + _TURN_SECONDS, missing)  # calls meanwhile get the last answer at once
        missing = []
        checks = {
            "turn": self._have_a_turn,
            "journal": self.ingest.landing.refresh,
            "room": self.ingest.check_room,
            "landing": self._write_in_landing,
        }
        for name, check in checks.items():
            if name == "journal" and missing:
                continue  # it would wait longer for the same lock
            try:
                check()
            except SharingError as problem:
                missing.append({"what": name, "kind": problem.kind, "problem": problem.problem})
            except Exception as problem:  # noqa: BLE001 - whatever it is, nothing can be kept
                missing.append({"what": name, "kind": "fault", "problem": type(problem).__name__})
        if self.access.trouble is not None:
            missing.append({"what": "access", "kind": "wrong_use", "problem": "The access list cannot be read."})
        self._checked = (time.monotonic(), missing)
        return missing

    def _have_a_turn(self) -> None:
        with self.ingest.landing.backend.exclusive(within=_TURN_SECONDS):
            pass

    def _write_in_landing(self) -> None:
        if self.settings.landing_url:
            return  # the check of the journal has tried object storage
        self.settings.landing.mkdir(parents=True, exist_ok=True)
        probe = atomic_files.temporary_beside(self.settings.landing / "ready")
        try:
            probe.write_bytes(b"ready")
        finally:
            probe.unlink(missing_ok=True)

    async def _catalog(self, call: Call, form: str) -> Response:
        """The open datasets of the current release, for harvesters, who have no token: closed ones are not told of.

        Each form is made once for a release. A harvester that has it already gets 304.
        """
        texts = await self._deed(self._catalog_texts)
        return TextAnswer(call, texts[form], form)

    async def _feed(self, call: Call, file: str) -> Response:
        """A feed of the releases, or of those that changed an open dataset."""
        dataset = None if file == atom.OF_RELEASES else file.removesuffix(".atom")
        if dataset is not None and (dataset not in atom.OPEN or dataset == file):
            raise UnknownName("feed", file[:80], choices=[atom.OF_RELEASES, *(f"{name}.atom" for name in atom.OPEN)])
        return TextAnswer(call, await self._deed(lambda: self._feed_of(dataset)), atom.MEDIA)

    def _feed_of(self, dataset: str | None) -> bytes:
        names = [name for name in self.releases.names() if not name.startswith(AS_OF)]
        for name in names:
            if name not in self._news:  # a release does not change, and its manifest is a megabyte
                with contextlib.suppress(SharingError, KeyError, TypeError, ValueError):
                    self._news[name] = atom.news_of(self.releases.get(name).manifest)
        news = [self._news[name] for name in names if name in self._news]
        pages = self.settings.pages_url.rstrip("/")
        return atom.feed(news, address=self.settings.public_url.rstrip("/"), pages=pages, dataset=dataset)

    def _catalog_texts(self) -> dict[str, bytes]:
        current = self.releases.current()
        if current is None:
            raise UnknownName("release", "current", choices=[])
        if self._catalogued[0] != current.name:
            from catalog.exports import dcat

            facts = published(
                current.manifest,
                {name: d for name, d in DATASETS.items() if d.audience is Audience.OPEN},
                address=self.settings.public_url,
                contact=self.settings.contact,
                licence=self.settings.licence_url,
                open_access=self.settings.open_access,
            )
            texts = {"text/turtle": dcat.turtle(facts).encode(), "application/ld+json": dcat.json_ld(facts).encode()}
            self._catalogued = (current.name, texts)
        return self._catalogued[1]


def _served(call: Call, read: Read, file: ReleaseFile, content: bytes | None = None) -> FileAnswer:
    """The answer with a file or its content, once the audit has its line."""
    if call.request.method != "HEAD":
        read.dataset, read.release, read.rows = file.dataset, file.release, read.rows or file.rows
        read.write("served")
    return FileAnswer(call, file, content)


@contextmanager
def _alike_for_strangers(caller: Caller) -> Iterator[None]:
    """Give a caller without a token the same error for forbidden data as for data that does not exist."""
    try:
        yield
    except (Forbidden, UnknownName):
        if not caller.anonymous:
            raise
        raise Unauthenticated("Without a token only public data can be read, and this is none.", ASK) from None


class _Counted:
    """Batches up to a row limit; counts rows as they are read."""

    def __init__(self, batches: Iterator[pa.RecordBatch], limit: int | None) -> None:
        self._batches = batches
        self._limit = limit
        self.rows = 0

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for batch in self._batches:
            part = batch if self._limit is None else batch.slice(0, self._limit - self.rows)
            self.rows += part.num_rows
            yield part
            if self.rows == self._limit:
                return


# --- what there is, and for whom --------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=1 << len(Right))
def _listed(rights: frozenset[Right]) -> str:
    """The contracts that these rights give, as JSON: a megabyte that only a new version of the program changes."""
    readable = [narrowed_to(dataset, rights) for dataset in READABLE.values()]
    return json.dumps([documents.of_dataset(d) for d in readable if d is not None], ensure_ascii=False)


def _sent_stream(name: str) -> StreamContract:
    if name not in PUSHED:
        raise UnknownName("stream", name[:80], choices=PUSHED)
    return PUSHED[name]


# --- the body's file --------------------------------------------------------------------------------------------------


@contextmanager
def _arriving(target: Path, ending: str) -> Iterator[tuple[Path, BinaryIO]]:
    """A temporary file for the body beside the batch's own; always removed afterwards.

    It is locked while its process lives, so that a restarted door recognises what a dead one left behind.
    """
    path = atomic_files.temporary_beside(target.with_name(f"{_BODY}{ending}"))
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
            raise NoRoom("The disk is full; nothing was kept.", "Send it again when there is room.") from None
        raise


def _sweep(folder: Path) -> None:
    """Remove bodies whose process has ended."""
    until = time.time() - _YOUNG_SECONDS
    for path in list(folder.rglob(f"{atomic_files.TEMPORARY}*{_BODY}.*")) if folder.is_dir() else []:
        with contextlib.suppress(OSError), path.open("rb") as handle:
            if path.stat().st_mtime < until:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
