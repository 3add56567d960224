"""The Arrow Flight server: batches in, datasets out. `python -m transport.servers.flight_server` is a process.

`DoPut` with the path `[stream, batch_id]` takes a batch in and answers with one message, the receipt. `DoGet` streams a
dataset of a release. `ListFlights`, `GetFlightInfo` and `GetSchema` tell of streams and datasets from the contracts;
`DoAction` knows `health`, `receipt` and `pending`. Who calls is settled in middleware, before any handler.

A hostile message may end the process (Arrow reads it before we do): what serves others is that the process holds
nothing but batches without a receipt, that its memory is bounded, and that a supervisor starts it again at once.
"""

from __future__ import annotations

import argparse
import gc
import json
import resource
import sys
import time
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, suppress
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import pyarrow as pa
from pyarrow import flight

from catalog.contracts.language import DatasetContract, StreamContract
from catalog.errors import (
    Fault,
    Forbidden,
    Refused,
    SharingError,
    TooSlow,
    TryAgain,
    Unauthenticated,
    UnknownName,
    WrongDigest,
    WrongUse,
)
from catalog.tables.datasets import READABLE
from catalog.tables.streams import PUSHED, STREAMS
from transport.auth import Access, Caller
from transport.base import strict_json
from transport.base.bind_address import check_closed, most_connections, raise_open_files, tls_of, told_to_end
from transport.base.settings import Settings, load
from transport.ingest import formats, inbox
from transport.ingest.batch_validator import check_valid
from transport.ingest.ingest_service import (
    LOWEST_BYTES_PER_SECOND,
    ConcurrencyLimiter,
    IngestService,
    OpenUpload,
    Upload,
    reference,
)
from transport.releases import dataset_reader
from transport.releases.store import Releases
from transport.servers.connection_timeout import IdleWatch
from transport.telemetry import counters
from transport.telemetry.event_log import EventLog

_AUTH = "who"
HEADERS: Mapping[str, tuple[str, ...]] = {
    "dif-producer": (),
    "dif-content-sha256": (),
    "dif-priority": ("live", "bulk"),
    "dif-check": ("true", "false"),
    "dif-synthetic": ("true", "false"),
    "dif-announces-end": ("true", "false"),
}
"""What a call may say of itself, and the values where not any will do."""
_LONGEST_WORDS = 600
P = ParamSpec("P")
T = TypeVar("T")


def as_flight_error(problem: SharingError, ref: str) -> flight.FlightError:
    """A problem as it crosses the wire: kind, problem, mend and reference, in words and as JSON."""
    facts = {name: _cut(value) for name, value in problem.as_json().items()}
    said = json.dumps(facts | {"reference": ref}, ensure_ascii=False).encode()
    words = f"{problem.kind}: {_cut(problem.problem)} {_cut(problem.mend)} (ref={ref})"
    if isinstance(problem, Unauthenticated):
        return flight.FlightUnauthenticatedError(words, said)
    if isinstance(problem, Forbidden):
        return flight.FlightUnauthorizedError(words, said)
    if isinstance(problem, TooSlow):
        return flight.FlightTimedOutError(words, said)
    if isinstance(problem, TryAgain):
        return flight.FlightUnavailableError(words, said)
    return flight.FlightServerError(words, said)


def _cut(value: T) -> T | str:
    """A text that fits: gRPC sends errors as headers, and one that is longer than those may be arrives as a fault."""
    return f"{value[:_LONGEST_WORDS]}…" if isinstance(value, str) and len(value) > _LONGEST_WORDS else value


def _told(
    handler: Callable[Concatenate[Server, P], T],
) -> Callable[Concatenate[Server, P], T]:
    """Let nothing but our own words cross the wire; a plain exception would go out with its traceback."""

    @wraps(handler)
    def handled(self: Server, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return handler(self, *args, **kwargs)
        except Exception as problem:  # noqa: BLE001 - whatever it is
            raise self.told(problem) from None

    return handled


class _Who(flight.ServerMiddleware):  # type: ignore[misc]
    """Who makes this call, and what the call says of itself in its headers."""

    def __init__(self, caller: Caller, headers: Mapping[str, list[str]]) -> None:
        self.caller = caller
        self._headers = headers

    def header(self, name: str) -> str:
        """The header's value; empty when it was not sent."""
        values = self._headers.get(name, [])
        return values[0] if values else ""

    def check_headers(self) -> None:
        """See that each of our headers is one that there is: a try that is misspelled would be the real thing.

        Raises:
            UnknownName: it is not, or its value is none that it takes.
            WrongUse: it is said twice.
        """
        for name, values in self._headers.items():
            if name.startswith("dif"):
                if name not in HEADERS:
                    raise UnknownName("header", name[:40], known=HEADERS)
                if len(values) > 1:
                    raise WrongUse(f"Header {name} is sent more than once.", "Send it once.")
                if HEADERS[name] and self.header(name) not in HEADERS[name]:
                    raise UnknownName(f"value of {name}", self.header(name)[:40], known=HEADERS[name])


class _Door(flight.ServerMiddlewareFactory):  # type: ignore[misc]
    """Lets a call in, or says no before any handler is reached."""

    def __init__(self, access: Access, log: EventLog) -> None:
        self._access = access
        self._log = log

    def start_call(self, info: flight.CallInfo, headers: Mapping[str, list[str]]) -> _Who:
        """Settle who calls; whatever goes wrong here is a no."""
        ref = reference()
        try:
            return _Who(self._caller(headers), headers)
        except SharingError as problem:
            self._log.event("refused", kind=problem.kind, call=str(info.method), reference=ref)
            raise as_flight_error(problem, ref) from None
        except Exception as problem:  # noqa: BLE001 - closed by default
            self._log.event("fault", kind=type(problem).__name__, call=str(info.method), reference=ref)
            no = Unauthenticated("Who calls cannot be settled.", "Try again; tell the operator the reference.")
            raise as_flight_error(no, ref) from None

    def _caller(self, headers: Mapping[str, list[str]]) -> Caller:
        sent, producer = headers.get("authorization", []), headers.get("dif-producer", [])
        if len(sent) > 1:
            raise Unauthenticated("More than one token was sent.", "Send one.")
        if len(producer) > 1:
            raise WrongUse("More than one producer was sent.", "Send one dif-producer.")
        return self._access.caller(sent[0] if sent else None, producer=producer[0] if producer else None)


class Server(flight.FlightServerBase):  # type: ignore[misc]
    """The server of one home. Make it, `serve()`, and `shutdown()`; `port` is where it listens."""

    def __init__(self, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen.

        Raises:
            WrongUse: it would be open to others than this machine.
            Damaged: the journal is not what was written.
        """
        self.log = EventLog(settings)
        self.ingest = IngestService(settings, log=self.log)
        self.releases = Releases(settings)
        self._reads = ConcurrencyLimiter(settings)
        self._settings = settings
        tls = tls_of(settings)
        check_closed(settings, host, closed=not self.ingest.access.open)
        more: dict[str, Any] = {}
        if tls is not None:
            more = {"tls_certificates": [(tls.cert, tls.key)]}
            if tls.client_ca:
                more |= {"verify_client": True, "root_certificates": tls.client_ca}
        try:
            super().__init__(
                f"grpc{'+tls' if tls else ''}://{_in_address(host)}:{port}",
                middleware={_AUTH: _Door(self.ingest.access, self.log)},
                **more,
            )
        except (pa.ArrowException, OSError) as problem:
            text = str(problem).splitlines()[0][:120]
            raise WrongUse(
                f"Flight cannot listen on {host}:{port} ({text}).",
                "Is the port taken? Give another with --port. With TLS: is the certificate the key's?",
            ) from None
        self.watch = IdleWatch(
            self.port, settings.idle_seconds, most=most_connections(), lowest=LOWEST_BYTES_PER_SECOND
        )

    def end(self) -> None:
        """Take no more calls, let those under way end, and wait for that; who is silent meanwhile is cut soon."""
        self.watch.hurry()
        self.shutdown()

    def told(self, problem: Exception, ref: str = "") -> flight.FlightError:
        """Any exception as the error that the caller gets; what is ours to mend goes to the log."""
        if isinstance(problem, flight.FlightError):
            return problem
        ref = ref or str(getattr(problem, "reference", "")) or reference()
        if not isinstance(problem, SharingError):
            self.log.event("fault", kind=type(problem).__name__, problem=str(problem)[:300], reference=ref)
            problem = Fault()
        return as_flight_error(problem, ref)

    # --- batches in --------------------------------------------------------------------------------------------------

    @_told
    def do_put(
        self,
        context: flight.ServerCallContext,
        descriptor: flight.FlightDescriptor,
        reader: flight.MetadataRecordBatchReader,
        writer: flight.FlightMetadataWriter,
    ) -> None:
        """Take a batch in."""
        who = _who(context)
        path = [p.decode("utf-8", "replace") for p in descriptor.path or ()]
        if len(path) != 2:  # noqa: PLR2004 - stream and batch id
            raise WrongUse(
                "The descriptor is no path [stream, batch_id].", "Use FlightDescriptor.for_path(stream, batch_id)."
            )
        who.check_headers()
        said_synthetic = (reader.schema.metadata or {}).get(formats.SYNTHETIC, b"").decode("ascii", "replace")
        upload = Upload(
            stream=path[0],
            batch_id=path[1],
            wire="flight",
            bulk=who.header("dif-priority") == "bulk",
            synthetic="true" in (said_synthetic, who.header("dif-synthetic")),
            digest=who.header("dif-content-sha256"),
            try_only=who.header("dif-check") == "true",
        )
        counters.stream_opened()
        try:
            with ExitStack() as stack:
                stack.enter_context(self.watch.calling(context.peer()))
                with self.watch.busy(context.peer()):  # that it waits for its turn is no silence of the sender's
                    open_upload = stack.enter_context(self.ingest.open_upload(who.caller, upload))
                announced = who.header("dif-announces-end") == "true"
                receipt = self._take(context, reader, open_upload, announced=announced)
        finally:
            counters.stream_closed()
        writer.write(pa.py_buffer(json.dumps(receipt).encode()))

    def _take(
        self,
        context: flight.ServerCallContext,
        reader: flight.MetadataRecordBatchReader,
        open_upload: OpenUpload,
        *,
        announced: bool,
    ) -> dict[str, object]:
        formats.check_exact(reader.schema, open_upload.stream, max_columns=self._settings.max_columns)
        peer = context.peer()
        said: dict[str, object] = {}
        waited = 0.0
        while True:
            began = time.monotonic()
            try:
                with self.watch.waiting(peer):
                    chunk = reader.read_chunk()
            except StopIteration:
                break
            except (pa.ArrowException, OSError) as problem:
                raise _ended(problem, slow=self.watch.was_cut(peer)) from None
            waited += time.monotonic() - began
            if chunk.app_metadata is not None:
                said |= _said_along(chunk.app_metadata)
            if chunk.data is not None:
                with self.watch.busy(peer):
                    self._add(chunk.data, open_upload)
            if open_upload.bytes < LOWEST_BYTES_PER_SECOND * (waited - self._settings.idle_seconds):
                raise TooSlow(
                    f"The rows came at less than {LOWEST_BYTES_PER_SECOND} bytes a second.",
                    "Gather them first, and send the batch at once.",
                )
        with self.watch.busy(peer):
            if context.is_cancelled() or self.watch.has_left(peer):
                raise _ended(None, slow=self.watch.was_cut(peer))
            if "rows" in said and said["rows"] != open_upload.rows:
                raise WrongDigest(f"number of rows ({str(said['rows'])[:20]} were announced, {open_upload.rows} came)")
            if announced and "rows" not in said:
                raise _ended(None, slow=False)
            return open_upload.finish(str(said.get("sha256", "")))

    def _add(self, batch: pa.RecordBatch, open_upload: OpenUpload) -> None:
        check_valid(batch)
        open_upload.add(formats.in_place(batch, open_upload.stream))

    @_told
    def do_exchange(self, context: flight.ServerCallContext, *_call: object) -> None:  # noqa: ARG002 - Flight's signature
        """There is none; said here, for the library's own answer goes out with its traceback."""
        raise WrongUse("There is no exchange here.", "Use DoPut to send a batch and DoGet to read a dataset.")

    # --- datasets out ------------------------------------------------------------------------------------------------

    @_told
    def do_get(self, context: flight.ServerCallContext, ticket: flight.Ticket) -> flight.GeneratorStream:
        """Stream a dataset of a release: a ticket is JSON with dataset, release, columns, filter."""
        who, began = _who(context), time.monotonic()
        asked = _json(ticket.ticket, known=("dataset", "release", "columns", "filter"))
        name, named = str(asked.get("dataset", "")), str(asked.get("release", "current"))
        try:
            contract = _dataset(name)
            self.ingest.access.may_read(who.caller, contract)
            opened = dataset_reader.open_dataset(
                self.releases.get(named), contract, asked.get("columns"), asked.get("filter")
            )
        except SharingError as problem:
            ref = reference()
            self._audit(who, name, named, "refused", 0, began, problem.kind, ref)
            raise self.told(problem, ref) from None
        sent = self._sent(who, contract, opened, began, context.peer())
        return flight.GeneratorStream(opened.schema, sent)

    def _sent(
        self, who: _Who, contract: DatasetContract, opened: dataset_reader.Opened, began: float, peer: str
    ) -> Iterator[pa.RecordBatch]:
        rows, outcome, kind = 0, "ended", ""
        try:
            with ExitStack() as stack:
                stack.enter_context(self.watch.calling(peer, reads=True))
                with self.watch.busy(peer):
                    stack.enter_context(self._reads.turn(who.caller.name, bulk=False))
                while True:
                    with self.watch.busy(peer):
                        batch = next(opened.batches, None)
                    if batch is None:
                        break
                    yield batch
                    rows += batch.num_rows
            outcome = "served"
        except TryAgain as problem:
            outcome, kind = "refused", problem.kind
            raise self.told(problem) from None
        except MemoryError:
            outcome = "failed"
            no = TryAgain("The server has no memory to spare.", "Ask for fewer columns, or later.")
            kind = no.kind
            opened.batches.close()
            gc.collect()
            raise self.told(no) from None
        except Exception as problem:  # noqa: BLE001 - a traceback must not cross the wire here either
            outcome = "failed"
            raise self.told(problem) from None
        finally:
            opened.batches.close()
            if outcome == "ended" and self.watch.was_cut(peer):
                outcome, kind = "failed", TooSlow.kind
            self._audit(who, contract.name, opened.release, outcome, rows, began, kind)

    def _audit(
        self,
        who: _Who,
        dataset: str,
        release: str,
        outcome: str,
        rows: int,
        began: float,
        kind: str = "",
        ref: str = "",
    ) -> None:
        self.log.read(
            who=who.caller.name,
            dataset=dataset,
            release=release,
            outcome=outcome,
            rows=rows,
            ms=(time.monotonic() - began) * 1000,
            wire="flight",
            kind=kind,
            reference=ref,
        )
        counters.observe_read(dataset=dataset, outcome=outcome, wire="flight")

    # --- what there is -----------------------------------------------------------------------------------------------

    @_told
    def list_flights(self, context: flight.ServerCallContext, criteria: bytes) -> Iterator[flight.FlightInfo]:  # noqa: ARG002 - Flight's signature
        """The streams that the caller may send, and the datasets and views that it may read."""
        caller = _who(context).caller
        listed = [_stream_info(s) for s in PUSHED.values() if self._may_send(caller, s)]
        current = self.releases.current()
        if current is not None:
            for name in sorted(READABLE):
                with suppress(SharingError):
                    self.ingest.access.may_read(caller, READABLE[name])
                    listed.append(self._dataset_info(READABLE[name]))
        return iter(listed)

    @_told
    def get_flight_info(
        self, context: flight.ServerCallContext, descriptor: flight.FlightDescriptor
    ) -> flight.FlightInfo:
        """What a stream or a dataset is; of a dataset, the ticket by which it is got."""
        named = self._named(context, descriptor)
        return _stream_info(named) if isinstance(named, StreamContract) else self._dataset_info(named)

    @_told
    def get_schema(self, context: flight.ServerCallContext, descriptor: flight.FlightDescriptor) -> flight.SchemaResult:
        """The Arrow schema of a stream or a dataset."""
        named = self._named(context, descriptor)
        return flight.SchemaResult(named.described_schema)

    def _named(
        self, context: flight.ServerCallContext, descriptor: flight.FlightDescriptor
    ) -> StreamContract | DatasetContract:
        path = [p.decode("utf-8", "replace") for p in descriptor.path or ()]
        name = path[0] if path else (descriptor.command or b"").decode("utf-8", "replace")
        caller = _who(context).caller
        if name in STREAMS:
            self.ingest.access.may_send(caller, STREAMS[name])
            return STREAMS[name]
        contract = _dataset(name)
        self.ingest.access.may_read(caller, contract)
        return contract

    def _may_send(self, caller: Caller, stream: StreamContract) -> bool:
        try:
            self.ingest.access.may_send(caller, stream)
        except SharingError:
            return False
        return True

    def _dataset_info(self, contract: DatasetContract) -> flight.FlightInfo:
        current = self.releases.current()
        said = current.manifest["datasets"] if current is not None else {}
        rows = said.get(contract.name, {}).get("rows", -1) if isinstance(said, Mapping) else -1
        ticket = flight.Ticket(json.dumps({"dataset": contract.name, "release": "current"}).encode())
        return flight.FlightInfo(
            contract.described_schema,
            flight.FlightDescriptor.for_path(contract.name),
            [flight.FlightEndpoint(ticket, [])],
            rows,
            -1,
        )

    # --- actions -----------------------------------------------------------------------------------------------------

    @_told
    def list_actions(self, context: flight.ServerCallContext) -> list[tuple[str, str]]:  # noqa: ARG002 - Flight's signature
        """The three there are."""
        return [
            ("health", "How the server is. No body."),
            ("receipt", 'The receipt of a batch that is kept for you: {"stream": …, "batch_id": …}.'),
            ("pending", "What has landed that the current release does not hold yet. No body."),
        ]

    @_told
    def do_action(self, context: flight.ServerCallContext, action: flight.Action) -> Iterator[flight.Result]:
        """Answer an action with one JSON object."""
        who = _who(context)
        if action.type == "health":
            said = self._health()
        elif action.type == "receipt":
            body = action.body.to_pybytes() if action.body is not None else b""
            asked = _json(body, known=("stream", "batch_id"))
            said = self.ingest.receipt(who.caller, str(asked.get("stream", "")), str(asked.get("batch_id", "")))
        elif action.type == "pending":
            said = self._pending(who.caller)
        else:
            raise UnknownName("action", str(action.type)[:80], known=("health", "receipt", "pending"))
        return iter([flight.Result(pa.py_buffer(json.dumps(said).encode()))])

    def _health(self) -> dict[str, object]:
        self.ingest.check_room()
        current = self.releases.current()
        return {
            "status": "ok",
            "token_needed": not self.ingest.access.open,
            "release": current.name if current else None,
            "streams": list(PUSHED),
        }

    def _pending(self, caller: Caller) -> dict[str, object]:
        landing = self.ingest.landing
        landing.refresh()
        current = self.releases.current()
        made_of = current.manifest.get("made_of") if current else None
        known = int(made_of["journal"][0]) if isinstance(made_of, Mapping) else 0
        waiting = [e for e in landing.entries if e.number > known and e.producer == caller.producer]
        return {
            "release": current.name if current else None,
            "batches": len(waiting),
            "rows": sum(e.rows for e in waiting),
            "oldest": min((e.received_at.isoformat() for e in waiting), default=None),
            "inbox_files": len(inbox.pending(self._settings)) if self.ingest.access.open else None,
        }


def _who(context: flight.ServerCallContext) -> _Who:
    who = context.get_middleware(_AUTH)
    if not isinstance(who, _Who):
        raise Unauthenticated("Nobody has settled who calls.", "Send a token.")
    return who


def _ended(problem: Exception | None, *, slow: bool) -> SharingError:
    """A stream that stopped before its end; nothing of it is kept."""
    if slow:
        return TooSlow("The sender was silent too long; the connection was cut.", "Send it again; a retry is safe.")
    text = f": {str(problem).splitlines()[0][:120]}" if problem is not None and str(problem) else ""
    return Refused(f"The stream stopped before its end{text}.", "Send it again; a retry is safe.")


def _said_along(metadata: pa.Buffer) -> dict[str, object]:
    """What the sender says of the batch beside the rows: `{"sha256": …, "rows": …}`; other words are let by."""
    said = _json(metadata.to_pybytes())
    return {k: said[k] for k in ("sha256", "rows") if k in said}


def _json(text: bytes, *, known: Collection[str] = ()) -> dict[str, Any]:
    """What a ticket, an action or metadata says.

    Raises:
        WrongUse: it is no JSON object.
        UnknownName: it has a word other than the known ones: a filter that is not understood would give everything.
    """
    try:
        said = strict_json.loads(text)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise WrongUse("What was sent along is no JSON object.", 'Send for example {"dataset": "usage.dispatch_day"}.')
    for word in said:
        if known and word not in known:
            raise UnknownName("word in what was sent along", word[:40], known=known)
    return said


def _dataset(name: str) -> DatasetContract:
    if name in STREAMS:
        raise WrongUse(f"{name} is a stream: it is sent, not read.", f"The datasets are {', '.join(sorted(READABLE))}.")
    if name not in READABLE:
        raise UnknownName("dataset or stream", name[:80], known=[*READABLE, *STREAMS])
    return READABLE[name]


def _stream_info(stream: StreamContract) -> flight.FlightInfo:
    return flight.FlightInfo(stream.described_schema, flight.FlightDescriptor.for_path(stream.name), [], -1, -1)


def _send_no_traces() -> None:
    """Let Arrow have no traceback to send.

    pyarrow gives errors of every handler to the caller as they are, but for those of GetSchema (26.0.1), which it lets
    Arrow word with Python's traceback. Only the words are left of it then. It holds for the whole process, so only
    where the process is ours.
    """
    vars(traceback)["format_exception"] = lambda *_problem, **_how: ["(see the log)"]


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to end; say on stdout where, once it listens."""
    words = argparse.ArgumentParser(prog="transport.servers.flight_server")
    words.add_argument("--home", type=Path)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--port", type=int, default=0)
    given = words.parse_args(arguments)
    settings = load()
    if given.home:
        settings = settings.but(home=given.home)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    raise_open_files()
    resource.setrlimit(resource.RLIMIT_DATA, (settings.server_memory_mb << 20, settings.server_memory_mb << 20))
    try:
        server = Server(settings, given.host, given.port)
    except SharingError as problem:
        sys.stderr.write(f"{problem.problem}\n  → {problem.mend}\n")
        return 1
    wait_for_the_end = told_to_end()
    server.watch.start()
    _send_no_traces()
    scheme = "grpc+tls" if settings.tls_cert else "grpc"
    sys.stdout.write(f"flight  {scheme}://{_in_address(given.host)}:{server.port}\n")
    sys.stdout.flush()
    # It serves since it was made. `serve()` would take the signals for itself and, at one, wait for every call to end,
    # while no handler of Python's runs and nobody hurries a silent sender.
    wait_for_the_end()
    server.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
