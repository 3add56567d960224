"""The Arrow Flight server: batches in, datasets out. Its process is `python -m transport.servers.flight_server`.

`DoPut` with the path `[stream, batch_id]` takes a batch and answers with one message, the receipt. `DoGet` streams a
dataset of a release, or what was set aside of a producer's own rows. `ListFlights`, `GetFlightInfo` and `GetSchema`
describe streams and datasets from the contracts. `DoAction` has `health`, `receipt` and `pending`. Middleware
authenticates the caller before any handler runs.

A hostile message may end the process, since Arrow reads it before we do. Others are protected because the process holds
only batches without a receipt, its memory is bounded, and whoever started it does so again at once.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import pyarrow as pa
from pyarrow import flight

from catalog.contracts.language import DatasetContract, StreamContract
from catalog.contracts.sharing import narrowed_to
from catalog.domain import identity
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
from catalog.tables.quarantine import quarantine_of
from catalog.tables.streams import PUSHED, STREAMS
from transport.auth import Access, Caller
from transport.base import strict_json
from transport.base.bind_address import check_closed, handle_shutdown_signals, run_server, say, tls_of
from transport.base.settings import Settings
from transport.ingest import formats, inbox
from transport.ingest.batch_validator import check_valid
from transport.ingest.ingest_service import (
    LOWEST_BYTES_PER_SECOND,
    ConcurrencyLimiter,
    IngestService,
    OpenUpload,
    reference,
)
from transport.ingest.opened_file import covers_in
from transport.operations import server_state
from transport.releases import dataset_reader
from transport.releases.quarantine_reader import open_quarantine
from transport.releases.store import Releases
from transport.servers import calls
from transport.servers.calls import Read
from transport.storage.landing import known_stream, utc_now
from transport.telemetry import counters
from transport.telemetry.event_log import EventLog

_AUTH = "who"
HEADERS = {**calls.HEADERS, "dif-announces-end": ("true", "false")}
"""The headers that a call may set, and their allowed values; empty means any."""
_ERRORS: Mapping[type[SharingError], type[flight.FlightError]] = {
    SharingError: flight.FlightServerError,
    Unauthenticated: flight.FlightUnauthenticatedError,
    Forbidden: flight.FlightUnauthorizedError,
    TooSlow: flight.FlightTimedOutError,
    TryAgain: flight.FlightUnavailableError,
}
"""Flight's error for one of ours; errors that are not listed have that of their base class."""
_LONGEST_WORDS = 600
_OF_DATASET = ("dataset", "release", "columns", "filter")
_OF_QUARANTINE = ("quarantine", "since", "rule", "limit")
"""The keys of the two kinds of ticket."""
P = ParamSpec("P")
T = TypeVar("T")


def as_flight_error(problem: SharingError, ref: str) -> flight.FlightError:
    """A problem as a Flight error: kind, problem, mend and reference, as text and as JSON."""
    facts = {name: _cut(identity.mask(value)) for name, value in problem.as_json().items()}
    extra = json.dumps(facts | {"reference": ref}, ensure_ascii=False).encode()
    words = f"{facts['kind']}: {facts['problem']} {facts['mend']} (ref={ref})"
    return calls.of_class(_ERRORS, type(problem))(words, extra)


def _cut(value: T) -> T | str:
    """Shorten a text: gRPC sends errors as headers, and too long a header arrives as a fault."""
    return f"{value[:_LONGEST_WORDS]}…" if isinstance(value, str) and len(value) > _LONGEST_WORDS else value


def _wire_errors_only(
    handler: Callable[Concatenate[Server, P], T],
) -> Callable[Concatenate[Server, P], T]:
    """Let only our own errors cross the wire; a plain exception would go out with its traceback."""

    @wraps(handler)
    def handled(self: Server, /, *args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return handler(self, *args, **kwargs)
        except Exception as problem:  # noqa: BLE001 - whatever it is
            raise self.wire_error(problem) from None

    return handled


class _CallMiddleware(flight.ServerMiddleware):  # type: ignore[misc]
    """The caller, and the headers of the call."""

    def __init__(self, caller: Caller, headers: calls.Headers) -> None:
        self.caller = caller
        self.headers = headers


_LATE_SECONDS = 0.05
_END_SECONDS = 7
"""How long calls under way have to finish at shutdown."""


class _Door(flight.ServerMiddlewareFactory):  # type: ignore[misc]
    """Authenticates a call, or refuses it before any handler runs."""

    def __init__(self, access: Access, log: EventLog) -> None:
        self._access = access
        self._log = log

    def start_call(self, info: flight.CallInfo, headers: Mapping[str, list[str]]) -> _CallMiddleware:
        """Identify the caller; any failure here refuses the call."""
        ref = reference()
        try:
            return _CallMiddleware(calls.caller_of(self._access, headers), headers)
        except SharingError as problem:
            self._log.event("refused", kind=problem.kind, call=str(info.method), reference=ref)
            raise as_flight_error(problem, ref) from None
        except Exception as problem:  # noqa: BLE001 - closed by default
            calls.log_fault(self._log, "flight", problem, ref, call=str(info.method))
            no = Unauthenticated(
                "The server cannot identify the caller.", "Try again, and give the operator the reference."
            )
            raise as_flight_error(no, ref) from None


class Server(flight.FlightServerBase):  # type: ignore[misc]
    """The server of one home. Make it, `serve()`, and `shutdown()`; it listens on `port`."""

    def __init__(self, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen.

        Raises:
            WrongUse: it would be open to other machines without a token.
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
                "If the port is taken, give another with --port. With TLS, check that certificate and key match.",
            ) from None

    def wire_error(self, problem: Exception, ref: str = "") -> flight.FlightError:
        """Convert an exception to the error that the caller gets; our own faults are logged."""
        if isinstance(problem, flight.FlightError):
            return problem
        ref = ref or str(getattr(problem, "reference", "")) or reference()
        if not isinstance(problem, SharingError):
            calls.log_fault(self.log, "flight", problem, ref)
            problem = Fault()
        return as_flight_error(problem, ref)

    # --- batches in --------------------------------------------------------------------------------------------------

    @_wire_errors_only
    def do_put(
        self,
        context: flight.ServerCallContext,
        descriptor: flight.FlightDescriptor,
        reader: flight.MetadataRecordBatchReader,
        writer: flight.FlightMetadataWriter,
    ) -> None:
        """Take a batch in."""
        who = _middleware_of(context)
        path = [p.decode("utf-8", "replace") for p in descriptor.path or ()]
        if len(path) != 2:  # noqa: PLR2004 - stream and batch id
            raise WrongUse(
                "The descriptor is not a path [stream, batch_id].", "Use FlightDescriptor.for_path(stream, batch_id)."
            )
        calls.check_headers(who.headers, HEADERS)
        marked = (reader.schema.metadata or {}).get(formats.SYNTHETIC, b"") == b"true"
        digest = calls.header(who.headers, "dif-content-sha256")
        upload = calls.upload_of(who.headers, path[0], path[1], "flight", digest=digest, synthetic=marked)
        upload = replace(upload, covers=covers_in(reader.schema.metadata or {}))
        counters.stream_opened()
        try:
            with self.ingest.open_upload(who.caller, upload) as open_upload:
                calls.check_landing(self.ingest, self.releases)
                announced = calls.word(who.headers, "dif-announces-end") == "true"
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
        with open_upload.step("receive"):
            claims = self._receive(reader, open_upload)
        if _has_left(context, rows_announced="rows" in claims) or (announced and "rows" not in claims):
            raise _ended(None)
        if "rows" in claims and claims["rows"] != open_upload.rows:
            raise WrongDigest(f"number of rows ({str(claims['rows'])[:20]} were announced, {open_upload.rows} came)")
        return open_upload.finish(str(claims.get("sha256", "")))

    def _receive(self, reader: flight.MetadataRecordBatchReader, open_upload: OpenUpload) -> dict[str, object]:
        """Validate the chunks as they arrive; gives what the sender claims of the batch."""
        formats.check_exact(reader.schema, open_upload.stream)
        claims: dict[str, object] = {}
        waited = 0.0
        while True:
            began = time.monotonic()
            try:
                chunk = reader.read_chunk()
            except StopIteration:
                break
            except (pa.ArrowException, OSError) as problem:
                raise _ended(problem) from None
            waited += time.monotonic() - began
            if chunk.app_metadata is not None:
                claims |= _metadata_of(chunk.app_metadata)
            if chunk.data is not None:
                check_valid(chunk.data)
                open_upload.add(formats.in_place(chunk.data, open_upload.stream))
            if open_upload.bytes < LOWEST_BYTES_PER_SECOND * (waited - self._settings.idle_seconds):
                raise TooSlow(
                    f"The rows arrived at less than {LOWEST_BYTES_PER_SECOND} bytes per second.",
                    "Collect the rows first, then send the batch without pauses.",
                )
        return claims

    @_wire_errors_only
    def do_exchange(self, context: flight.ServerCallContext, *_call: object) -> None:  # noqa: ARG002 - Flight's signature
        """Refuse: there is no exchange, and the library's own answer would carry a traceback."""
        raise WrongUse(
            "The server does not support DoExchange.", "Use DoPut to send a batch and DoGet to read a dataset."
        )

    # --- datasets out ------------------------------------------------------------------------------------------------

    @_wire_errors_only
    def do_get(self, context: flight.ServerCallContext, ticket: flight.Ticket) -> flight.GeneratorStream:
        """Stream a dataset of a release; the ticket is JSON with dataset, release, columns and filter.

        A ticket with quarantine, since, rule and limit asks for the caller's own rows of a stream that were set aside.
        """
        who = _middleware_of(context)
        fields = _json(ticket.ticket, keys=_OF_DATASET + _OF_QUARANTINE)
        if "quarantine" in fields:
            return self._quarantine(who, _json(ticket.ticket, keys=_OF_QUARANTINE))
        _json(ticket.ticket, keys=_OF_DATASET)
        read = self._reading(who, str(fields.get("dataset", "")), str(fields.get("release", "current")))
        with self._refusing(read):
            contract = self.ingest.access.may_read(who.caller, _dataset(read.dataset))
            opened = dataset_reader.open_dataset(
                self.releases.get(read.release), contract, fields.get("columns"), fields.get("filter")
            )
        return flight.GeneratorStream(opened.schema, self._sent(read, opened))

    def _quarantine(self, who: _CallMiddleware, fields: Mapping[str, object]) -> flight.GeneratorStream:
        stream = known_stream(str(fields["quarantine"])[:80])
        read = self._reading(who, quarantine_of(stream).name, "current")
        with self._refusing(read):
            self.ingest.access.may_send(who.caller, stream)
            opened = open_quarantine(
                self._settings,
                self.releases,
                self.ingest.landing,
                who.caller,
                stream,
                since=None if fields.get("since") is None else calls.moment("since", str(fields["since"])),
                rule=None if fields.get("rule") is None else str(fields["rule"]),
                limit=calls.whole_number("limit", fields.get("limit")),
            )
        return flight.GeneratorStream(opened.schema, self._sent(read, opened))

    def _reading(self, who: _CallMiddleware, dataset: str, release: str) -> Read:
        return Read(self.log, "flight", who.caller.name, dataset=dataset, release=release)

    @contextmanager
    def _refusing(self, read: Read) -> Iterator[None]:
        """Write the line of a read that is refused."""
        try:
            yield
        except SharingError as problem:
            read.write("refused", problem)
            raise self.wire_error(problem, read.reference) from None

    def _sent(self, read: Read, opened: dataset_reader.OpenedDataset) -> Iterator[pa.RecordBatch]:
        read.release = opened.release
        try:
            with self._reads.turn(read.who, bulk=False):
                for batch in opened.batches:
                    yield batch
                    read.rows += batch.num_rows
            read.outcome = "served"
        except TryAgain as problem:
            read.outcome, read.kind = "refused", problem.kind
            raise self.wire_error(problem, read.reference) from None
        except MemoryError:
            no = TryAgain("The server has no memory to spare.", "Ask for fewer columns, or try again later.")
            read.outcome, read.kind = "failed", no.kind
            opened.batches.close()
            gc.collect()
            raise self.wire_error(no, read.reference) from None
        except Exception as problem:  # noqa: BLE001 - a traceback must not cross the wire here either
            read.outcome = "failed"
            raise self.wire_error(problem, read.reference) from None
        finally:
            opened.batches.close()
            read.write()

    # --- what there is -----------------------------------------------------------------------------------------------

    @_wire_errors_only
    def list_flights(self, context: flight.ServerCallContext, criteria: bytes) -> Iterator[flight.FlightInfo]:  # noqa: ARG002 - Flight's signature
        """The streams that the caller may send, and the datasets and views that it may read."""
        caller = _middleware_of(context).caller
        listed = [_stream_info(s) for s in PUSHED.values() if self.ingest.access.sends(caller, s)]
        current = self.releases.current()
        if current is not None:
            for name in sorted(READABLE):
                readable = narrowed_to(READABLE[name], caller.read)
                if readable is not None:
                    listed.append(self._dataset_info(readable))
        return iter(listed)

    @_wire_errors_only
    def get_flight_info(
        self, context: flight.ServerCallContext, descriptor: flight.FlightDescriptor
    ) -> flight.FlightInfo:
        """Describe a stream or a dataset; a dataset comes with the ticket to read it."""
        contract = self._contract_of(context, descriptor)
        return _stream_info(contract) if isinstance(contract, StreamContract) else self._dataset_info(contract)

    @_wire_errors_only
    def get_schema(self, context: flight.ServerCallContext, descriptor: flight.FlightDescriptor) -> flight.SchemaResult:
        """The Arrow schema of a stream or a dataset."""
        contract = self._contract_of(context, descriptor)
        return flight.SchemaResult(contract.described_schema)

    def _contract_of(
        self, context: flight.ServerCallContext, descriptor: flight.FlightDescriptor
    ) -> StreamContract | DatasetContract:
        path = [p.decode("utf-8", "replace") for p in descriptor.path or ()]
        name = path[0] if path else (descriptor.command or b"").decode("utf-8", "replace")
        caller = _middleware_of(context).caller
        if name in STREAMS:
            self.ingest.access.may_send(caller, STREAMS[name])
            return STREAMS[name]
        return self.ingest.access.may_read(caller, _dataset(name))

    def _dataset_info(self, contract: DatasetContract) -> flight.FlightInfo:
        current = self.releases.current()
        datasets = current.manifest["datasets"] if current is not None else {}
        rows = datasets.get(contract.name, {}).get("rows", -1) if isinstance(datasets, Mapping) else -1
        ticket = flight.Ticket(json.dumps({"dataset": contract.name, "release": "current"}).encode())
        return flight.FlightInfo(
            contract.described_schema,
            flight.FlightDescriptor.for_path(contract.name),
            [flight.FlightEndpoint(ticket, [])],
            rows,
            -1,
        )

    # --- actions -----------------------------------------------------------------------------------------------------

    @_wire_errors_only
    def list_actions(self, context: flight.ServerCallContext) -> list[tuple[str, str]]:  # noqa: ARG002 - Flight's signature
        """The three actions."""
        return [
            ("health", "The health of the server. No body."),
            ("receipt", 'The receipt of a batch that is kept for you: {"stream": …, "batch_id": …}.'),
            ("pending", "The landed batches that the current release does not hold yet. No body."),
        ]

    @_wire_errors_only
    def do_action(self, context: flight.ServerCallContext, action: flight.Action) -> Iterator[flight.Result]:
        """Answer an action with one JSON object."""
        who = _middleware_of(context)
        if action.type == "health":
            answer = self._health()
        elif action.type == "receipt":
            body = action.body.to_pybytes() if action.body is not None else b""
            fields = _json(body, keys=("stream", "batch_id"))
            answer = self.ingest.receipt(who.caller, str(fields.get("stream", "")), str(fields.get("batch_id", "")))
        elif action.type == "pending":
            answer = self._pending(who.caller)
        else:
            raise UnknownName("action", str(action.type)[:80], choices=("health", "receipt", "pending"))
        return iter([flight.Result(pa.py_buffer(json.dumps(answer).encode()))])

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
        released = int(made_of["journal"][0]) if isinstance(made_of, Mapping) else 0
        waiting = [e for e in landing.entries if e.number > released and e.producer == caller.producer]
        return {
            "release": current.name if current else None,
            "batches": len(waiting),
            "rows": sum(e.rows for e in waiting),
            "oldest": min((e.received_at.isoformat() for e in waiting), default=None),
            "inbox_files": len(inbox.pending(self._settings)) if self.ingest.access.open else None,
        }


def _middleware_of(context: flight.ServerCallContext) -> _CallMiddleware:
    who = context.get_middleware(_AUTH)
    if not isinstance(who, _CallMiddleware):
        raise Unauthenticated("The caller is not identified.", "Send a token.")
    return who


def _has_left(context: flight.ServerCallContext, *, rows_announced: bool) -> bool:
    """Whether the sender's connection is gone, so that its stream ended unintentionally.

    A handler sees the same whether a stream was cut off or ended properly, and gRPC may learn the difference only a
    moment later. A sender that announced its number of rows need not wait for it.
    """
    if not rows_announced and not context.is_cancelled():
        time.sleep(_LATE_SECONDS)
    return bool(context.is_cancelled())


def _ended(problem: Exception | None) -> SharingError:
    """The error for a stream that stopped before its end; nothing of it is kept."""
    text = f": {str(problem).splitlines()[0][:120]}" if problem is not None and str(problem) else ""
    return Refused(f"The stream stopped before its end{text}.", "Send it again; a retry is safe.")


def _metadata_of(metadata: pa.Buffer) -> dict[str, object]:
    """The sender's metadata on the batch: `{"sha256": …, "rows": …}`; other keys are ignored."""
    fields = _json(metadata.to_pybytes())
    return {k: fields[k] for k in ("sha256", "rows") if k in fields}


def _json(text: bytes, *, keys: Collection[str] = ()) -> dict[str, Any]:
    """Parse a ticket, an action's body or metadata.

    Raises:
        WrongUse: it is not a JSON object.
        UnknownName: it has an unknown key: a misspelt filter would otherwise return everything.
    """
    try:
        words = strict_json.loads(text)
    except ValueError:
        words = None
    if not isinstance(words, dict):
        raise WrongUse(
            "The ticket, body or metadata is not a JSON object.", 'Send for example {"dataset": "usage.dispatch_day"}.'
        )
    for word in words:
        if keys and word not in keys:
            raise UnknownName("JSON key", word[:40], choices=keys)
    return words


def _dataset(name: str) -> DatasetContract:
    if name in STREAMS:
        raise WrongUse(f"{name} is a stream: it is sent, not read.", f"The datasets are {', '.join(sorted(READABLE))}.")
    if name not in READABLE:
        raise UnknownName("dataset or stream", name[:80], choices=[*READABLE, *STREAMS])
    return READABLE[name]


def _stream_info(stream: StreamContract) -> flight.FlightInfo:
    return flight.FlightInfo(stream.described_schema, flight.FlightDescriptor.for_path(stream.name), [], -1, -1)


def _in_address(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to end; prints the address on stdout once the server listens."""
    return run_server("flight", arguments, _serve)


def _serve(settings: Settings, host: str, port: int) -> None:
    with server_state.running(settings, "flight") as record:
        counters.begin(settings, "flight")
        server = Server(settings, host, port)
        wait_for_shutdown = handle_shutdown_signals()
        sys.tracebacklimit = 0  # pyarrow sends the traceback of a refused GetSchema, which would name files and lines
        address = f"{'grpc+tls' if settings.tls_cert else 'grpc'}://{_in_address(host)}:{server.port}"
        record.write({"flight": address}, token_needed=not server.ingest.access.open, now=utc_now())
        say("flight", address)
        # It serves from construction. `serve()` would take over the signals, and no Python handler would run meanwhile.
        wait_for_shutdown()
        record.remove()
        _shut_down(server)


def _shut_down(server: Server) -> None:
    last = threading.Timer(_END_SECONDS, os._exit, (0,))  # a silent sender's call ends only with the process
    last.daemon = True
    last.start()
    server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
