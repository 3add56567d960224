"""The client: sends batches over Arrow Flight and returns their receipts; reads datasets of a release.

    with Client("grpc://127.0.0.1:8815", token=token) as client:
        receipt = client.send("dispatch", "2026-11-25T0600", table)

The batch id makes a retry safe: the client sends a batch again by itself after a lost answer. It also sends a digest
of the content, so that the server refuses what changed on the way.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa
from pyarrow import flight

from catalog.errors import SharingError, TryAgain, Unreachable, WrongDigest, WrongUse
from catalog.tables.streams import STREAMS
from transport.base.content_hash import BLOCK, ContentHash
from transport.ingest.workers import refused

if TYPE_CHECKING:
    import polars as pl

CHUNK_ROWS = BLOCK
"""The server's block size: such chunks need not be copied together first."""
_LONGEST_PAUSE = 15.0
_CONNECT = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.min_reconnect_backoff_ms", 5000)]
"""A server ended by a message is back within a second, but gRPC's default is to wait a second or more to reconnect.
The second option also bounds how long an attempt to connect may take."""


class Client:
    """A connection to a Flight server. Use as a context manager. Threads may share it.

    Args (on opening):
        location: `grpc://host:port`, or `grpc+tls://host:port`.
        token: identifies the sender; not needed when the server listens only on this machine and requires none.
        producer: the producer's name when there is no token.
        roots, cert, key: for TLS and mutual TLS.
        tries: how often a call is tried before its last failure is raised.
        timeout: seconds that one try may take; None means no limit.
    """

    def __init__(
        self,
        location: str,
        *,
        token: str | bytes = "",
        producer: str = "",
        roots: bytes | None = None,
        cert: bytes | None = None,
        key: bytes | None = None,
        tries: int = 8,
        timeout: float | None = None,
    ) -> None:
        """Connect at the first call."""
        self._location = location
        more: dict[str, Any] = {"tls_root_certs": roots} if roots else {}
        if cert and key:
            more |= {"cert_chain": cert, "private_key": key}
        self._client = _connected(location, more)
        bearer = token if isinstance(token, bytes) else token.encode()
        self._headers = [(b"authorization", b"Bearer " + bearer)] if bearer else []
        self._headers += [(b"dif-producer", producer.encode())] if producer else []
        self._tries = max(1, tries)
        self._timeout = timeout

    def __enter__(self) -> Self:
        """Return the client itself."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close the connection."""
        self._client.close()

    def send(
        self,
        stream: str,
        batch_id: str,
        rows: pa.Table | Sequence[pa.RecordBatch],
        *,
        bulk: bool = False,
        check: bool = False,
        synthetic: bool = False,
    ) -> dict[str, Any]:
        """Send a batch and wait for its receipt; a try that failed on the way is repeated.

        Args:
            stream: its name.
            batch_id: 1–64 of A–Z a–z 0–9 . _ -; the same id with the same content is the same batch.
            rows: the contract's columns and types; columns that may be null can be left out.
            bulk: let live batches go first.
            check: only validate; nothing is kept.
            synthetic: the rows are made up, and are marked so all the way to the page; the table's metadata may also
                mark them.

        Returns:
            The receipt; `status` is `accepted` or `duplicate` (with `check`: `checked`).

        Raises:
            SharingError: of the server's kind, with the mend.
        """
        table = rows if isinstance(rows, pa.Table) else pa.Table.from_batches(list(rows))
        more = [(b"dif-announces-end", b"true")]
        more += [(b"dif-priority", b"bulk")] if bulk else []
        more += [(b"dif-check", b"true")] if check else []
        more += [(b"dif-synthetic", b"true")] if synthetic else []
        with ThreadPoolExecutor(1) as beside:  # computes the digest while the rows are sent
            digest = beside.submit(content_digest, stream, table)
            return self._with_retries(lambda: self._put(stream, batch_id, table, digest, more))

    def receipt(self, stream: str, batch_id: str) -> dict[str, Any]:
        """The receipt of a kept batch.

        Raises:
            BatchNotFound: there is no such batch.
        """
        return self._with_retries(lambda: self._act("receipt", {"stream": stream, "batch_id": batch_id}))

    def pending(self) -> dict[str, Any]:
        """Landed batches that the current release does not hold yet."""
        return self._with_retries(lambda: self._act("pending", {}))

    def health(self) -> dict[str, Any]:
        """The server's health."""
        return self._with_retries(lambda: self._act("health", {}))

    def read(
        self,
        dataset: str,
        *,
        release: str = "current",
        columns: Sequence[str] | None = None,
        where: Mapping[str, object] | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """A dataset's rows, as they arrive.

        Args:
            dataset: its name, such as `usage.dispatch_day`.
            release: its id.
            columns: defaults to all.
            where: by column, a value, a list of values, or `{"ge": …, "lt": …}`.
        """
        query: dict[str, object] = {"dataset": dataset, "release": release}
        query |= {"columns": list(columns)} if columns is not None else {}
        query |= {"filter": dict(where)} if where else {}
        return self._batches_of(query)

    def quarantine(
        self, stream: str, *, since: datetime | None = None, rule: str | None = None, limit: int | None = None
    ) -> Iterator[pa.RecordBatch]:
        """Own rows that the last run set aside, with every rule that they broke, as they arrive.

        Each row has batch and row number, the rules with their texts, an explanation, and the record as kept, as JSON;
        identity numbers are masked. The schema's metadata says which run the rows are of: `release`, `as_of`, and
        `made_at`, when a run last changed them.

        Args:
            stream: its name.
            since: only rows received at this time or later; with an offset.
            rule: only rows that broke this rule.
            limit: at most this many rows.

        Raises:
            UnknownName: no run has been yet, or there is no such stream or rule.
        """
        query: dict[str, object] = {"quarantine": stream}
        query |= {"since": since.isoformat()} if since is not None else {}
        query |= {"rule": rule} if rule is not None else {}
        query |= {"limit": limit} if limit is not None else {}
        return self._batches_of(query)

    def _batches_of(self, query: Mapping[str, object]) -> Iterator[pa.RecordBatch]:
        """The rows that a ticket asks for, as they arrive."""
        try:
            reader = self._client.do_get(flight.Ticket(json.dumps(query).encode()), self._options([]))
            for chunk in reader:
                yield chunk.data
        except (pa.ArrowException, OSError) as problem:
            raise _ours(problem, self._location) from None

    def scan(self, dataset: str, *, release: str = "current") -> pl.LazyFrame:
        """A dataset as a Polars LazyFrame, which the server sends when it is collected.

        Columns that are not used are not sent. The server applies comparisons of a column with values, `is_in`,
        `is_between`, `is_null` and their conjunctions; everything else is applied here.

        Args:
            dataset: its name, such as `usage.dispatch_day`.
            release: its id; `current` is the one that is current when the frame is collected.
        """
        from transport.servers import lazy_frame  # imported late: who sends needs no Polars

        return lazy_frame.scan(self, dataset, release)

    def schema(self, name: str) -> pa.Schema:
        """The Arrow schema of a stream or dataset."""
        try:
            # not GetSchema: pyarrow's server rewords its errors and drops their kind
            return self._client.get_flight_info(flight.FlightDescriptor.for_path(name), self._options([])).schema
        except (pa.ArrowException, OSError) as problem:
            raise _ours(problem, self._location) from None

    def flights(self) -> list[str]:
        """The streams that may be sent and the datasets that may be read, by name."""
        try:
            return [i.descriptor.path[0].decode() for i in self._client.list_flights(b"", self._options([]))]
        except (pa.ArrowException, OSError) as problem:
            raise _ours(problem, self._location) from None

    def _put(
        self, stream: str, batch_id: str, table: pa.Table, digest: Future[str], more: list[tuple[bytes, bytes]]
    ) -> dict[str, Any]:
        descriptor = flight.FlightDescriptor.for_path(stream, batch_id)
        writer, reader = self._client.do_put(descriptor, table.schema, self._options(more))
        try:
            writer.write_table(table, max_chunksize=CHUNK_ROWS)
            end: dict[str, object] = {"rows": table.num_rows}
            end |= {"sha256": text} if (text := digest.result()) else {}
            writer.write_metadata(json.dumps(end).encode())
            writer.done_writing()
            answer = reader.read()
        finally:
            writer.close()  # raises the server's error, also one sent while rows were being written
        if answer is None:
            raise Unreachable(f"{self._location} ended the call without a receipt.", "Send it again; a retry is safe.")
        receipt: dict[str, Any] = json.loads(answer.to_pybytes())
        if (receipt["stream"], receipt["batch_id"]) != (stream, batch_id):
            raise WrongDigest("receipt")  # the name changed on the way: only TLS protects names
        return receipt

    def _act(self, name: str, body: Mapping[str, object]) -> dict[str, Any]:
        action = flight.Action(name, json.dumps(body).encode())
        (result,) = list(self._client.do_action(action, self._options([])))
        answer: dict[str, Any] = json.loads(result.body.to_pybytes())
        return answer

    def _options(self, more: list[tuple[bytes, bytes]]) -> flight.FlightCallOptions:
        return flight.FlightCallOptions(headers=self._headers + more, timeout=self._timeout)

    def _with_retries(self, call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        for number in range(1, self._tries + 1):
            try:
                answer = call()
            except (pa.ArrowException, OSError) as problem:
                ours = _ours(problem, self._location)
                if number == self._tries or not isinstance(ours, TryAgain):
                    raise ours from None
                time.sleep(random.uniform(0.5, 1) * min(_LONGEST_PAUSE, 0.1 * 1.7**number))  # noqa: S311 - spreads retries
            else:
                return answer
        raise AssertionError  # the last try returns or raises


def _connected(location: str, more: dict[str, Any]) -> flight.FlightClient:
    """A client that connects at its first call.

    Raises:
        WrongUse: the address is not one of a Flight server.
    """
    if not location.startswith(("grpc://", "grpc+tls://", "grpc+tcp://")):
        raise WrongUse(
            f"The server's address {location[:80]!r} is not a Flight address.",
            "Give grpc://HOST:PORT or grpc+tls://HOST:PORT; the HTTP door is for curl.",
        )
    try:
        return flight.FlightClient(location, generic_options=_CONNECT, **more)
    except (pa.ArrowException, OSError) as problem:
        text = str(problem).splitlines()[0][:120]
        raise WrongUse(f"The server's address {location[:80]!r} cannot be used ({text}).", "Correct it.") from None


def content_digest(stream: str, table: pa.Table) -> str:
    """SHA-256 of the canonical content by the stream's contract; empty when the table does not fit the contract.

    The canonical form is the contract's columns in its order; see `transport.base.content_hash`.
    """
    contract = STREAMS.get(stream)
    if contract is None:
        return ""
    columns = []
    for column in contract.columns:
        if column.name not in table.column_names:
            columns.append(pa.chunked_array([pa.nulls(table.num_rows, column.type)]))
        elif table[column.name].type == column.type:
            columns.append(table[column.name])
        elif column.type == pa.uuid() and table[column.name].type == pa.binary(16):
            chunks = [pa.ExtensionArray.from_storage(pa.uuid(), c) for c in table[column.name].chunks]
            columns.append(pa.chunked_array(chunks, pa.uuid()))
        else:
            return ""
    whole = pa.table(columns, schema=pa.schema([pa.field(c.name, c.type) for c in contract.columns]))
    content = ContentHash(contract.schema)
    for start in range(0, whole.num_rows, BLOCK):
        content.update(whole.slice(start, BLOCK).combine_chunks())
    return content.hexdigest()


def _ours(problem: Exception, location: str) -> SharingError:
    """The server's error, as an exception of its kind."""
    extra = getattr(problem, "extra_info", b"") or b""
    try:
        refusal = json.loads(extra)
        error = refused(refusal)
        error.reference = str(refusal.get("reference", ""))
    except (ValueError, KeyError, TypeError):
        pass
    else:
        return error
    words = str(problem).splitlines()[0][:200] if str(problem) else type(problem).__name__
    if words == "FlightClient is closed":
        return WrongUse("The client is closed.", "Call it, and collect what it scans, within its `with` block.")
    if isinstance(problem, flight.FlightUnauthenticatedError | flight.FlightUnauthorizedError):
        return SharingError(f"{location} refused the call: {words}", "Check the token.")
    return Unreachable(f"{location} does not answer: {words}", "Is `dif serve transport` running? A retry is safe.")
