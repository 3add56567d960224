"""The ingest service: what every wire does with a batch, from its sender to its receipt.

In order: known stream and allowed sender → quota and free disk space → a slot (bulk gives way to live batches) →
per chunk: limits, full validation, the sender's right to each row, masking (`transport.ingest.batch_validator`) → the
sender's digest → fsync, exclusive name, journal (`transport.storage.landing`) → the receipt. One log line states the
outcome. Batches that finish at the same time share one fsync.
"""

from __future__ import annotations

import secrets
import string
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from catalog.contracts.language import StreamContract
from catalog.domain import calendar
from catalog.errors import (
    BatchConflict,
    BatchErased,
    BatchNotFound,
    NoRows,
    OverQuota,
    SharingError,
    TooLarge,
    TryAgain,
    WrongDigest,
)
from transport.auth import Access, Caller
from transport.base.names import check_name
from transport.base.settings import Settings
from transport.ingest import sample
from transport.ingest.batch_validator import BatchValidator
from transport.storage.backends import check_room
from transport.storage.batch_file import ValidatedBatch
from transport.storage.landing import Arrival, LandedBatch, known_stream, no_room, open_landing, utc_now
from transport.telemetry import counters, traces
from transport.telemetry.event_log import EventLog
from transport.telemetry.traces import Trace, kind_of

LIVE, BULK = "live", "bulk"
"""A batch's priority: bulk batches wait while live batches are taken in."""
_MB = 1 << 20
_LOOK_EVERY = 32 * _MB
"""Bytes of a batch between two checks of free disk space."""
MAX_CHUNK_ROWS, MAX_CHUNK_MB = 1_048_576, 64
"""Limits of one record batch on the wire."""
_QUOTA_MB_PER_HOUR = 200_000
"""What one producer may send in an hour."""

LOWEST_BYTES_PER_SECOND = 32_768
"""Minimum rate of a sender that has taken `idle_seconds` already: a trickling one would hold its slot for ever."""


def reference() -> str:
    """A random name for one call, given to the caller and written to the log.

    It has no digits: the log masks what may be an identity number, and the reference could then not be found.
    """
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(12))


@dataclass(frozen=True, slots=True)
class Upload:
    """A batch that a sender wants kept.

    Attributes:
        wire: flight or http.
        bulk: it may wait for live batches.
        digest: SHA-256 of the canonical content as sent; empty when the sender gave none.
        try_only: validate it and keep nothing.
        traceparent: the trace of the sender, as sent (W3C Trace Context).
        covers: of rows that the sender read from a file of whole months (`ValidatedBatch.covers`).
    """

    stream: str
    batch_id: str
    wire: str
    bulk: bool = False
    synthetic: bool = False
    digest: str = ""
    try_only: bool = False
    traceparent: str = ""
    covers: Sequence[str] = ()


class IngestService:
    """Takes batches in for one server process. Threads share it; other processes may land at the same time."""

    def __init__(self, settings: Settings, *, access: Access | None = None, log: EventLog | None = None) -> None:
        """Open the landing.

        Raises:
            Damaged: its journal is damaged; no batch is taken in until it is repaired.
        """
        self.settings = settings
        self.access = access or Access(settings)
        self.log = log or EventLog(settings)
        self.landing = open_landing(settings)
        self.clock: Callable[[], datetime] = utc_now
        self._turnstile = ConcurrencyLimiter(settings)
        self._quota = Quota("batches", per_minute=settings.quota_per_minute, mb_per_hour=_QUOTA_MB_PER_HOUR)

    @contextmanager
    def open_upload(self, caller: Caller, upload: Upload) -> Iterator[OpenUpload]:
        """Take one batch in. An error inside is logged with a reference and reraised.

        Raises:
            SharingError: of the fitting kind; nothing of the batch was kept.
        """
        began, ref = time.monotonic(), reference()
        batch = (upload.stream, caller.producer, upload.batch_id)
        trace = traces.begin_batch(self.settings, batch, upload.traceparent)
        open_upload: OpenUpload | None = None
        try:
            stream = known_stream(upload.stream)
            self.access.may_send(caller, stream)
            check_name(upload.batch_id)
            self._quota.spend(caller.producer)
            self.check_room()
            with self._turnstile.turn(caller.producer, bulk=upload.bulk):
                open_upload = OpenUpload(self, caller, upload, stream, ref, trace=trace)
                with open_upload.open():
                    yield open_upload
        except BaseException as broken:
            problem = no_room(broken) if isinstance(broken, OSError) else broken
            with suppress(AttributeError):
                problem.reference = ref  # type: ignore[attr-defined]  # the caller is told the one that the log has
            self._log(caller, upload, open_upload, began, problem, ref, trace)
            if problem is not broken:
                raise problem from broken
            raise
        else:
            self._log(caller, upload, open_upload, began, None, ref, trace)

    def receipt(self, caller: Caller, stream: str, batch_id: str) -> dict[str, object]:
        """The receipt of a batch that is kept for the caller; says if it was withdrawn since.

        Raises:
            BatchNotFound: there is no such batch, or it is damaged.
            BatchErased: it was erased.
        """
        self.access.may_send(caller, known_stream(stream))
        self.landing.refresh()
        entry = self.landing.entry_named(stream, caller.producer, batch_id)
        if entry is not None and (mark := self.landing.erasure(entry)) is not None:
            raise BatchErased(batch_id, erased_on=str(calendar.day_in_oslo(mark.received_at)))
        if entry is None or not self.landing.is_whole(entry):
            # a damaged batch is accepted again, so its sender must not be held back
            raise BatchNotFound(stream, batch_id)
        return self.receipt_of(LandedBatch(entry, "accepted"))

    def receipt_of(self, landed: LandedBatch) -> dict[str, object]:
        """The receipt. It says if the batch was withdrawn since, so that its sender does not believe that it counts."""
        return self.landing.receipt_of(landed)

    def check_room(self, coming: int = 0) -> None:
        """Refuse batches while the disk still has room for the work in progress, or not for so many bytes more.

        Raises:
            NoRoom: less is free than the reserve and what is coming.
        """
        check_room(self.settings, coming)

    def keep(self, arrival: Arrival) -> LandedBatch:
        """Keep a finished batch, together with others that finish now.

        Raises:
            BatchConflict: its id is taken by other content.
        """
        self.landing.ready(arrival)
        (landed,) = self.landing.keep([arrival], now=self.clock())  # together with batches of other callers
        if isinstance(landed, BatchConflict):
            raise landed
        return landed

    def bulk_may_go_on(self) -> None:
        """Wait a moment while live batches are taken in."""
        self._turnstile.give_way()

    def _log(
        self,
        caller: Caller,
        upload: Upload,
        open_upload: OpenUpload | None,
        began: float,
        problem: BaseException | None,
        ref: str,
        trace: Trace | None,
    ) -> None:
        seconds = time.monotonic() - began
        error = problem if isinstance(problem, SharingError) else None
        if problem is None:
            outcome = open_upload.status if open_upload and open_upload.status else "ended"
        elif error is not None:
            outcome = "refused"
        else:
            outcome = "ended" if isinstance(problem, GeneratorExit | ConnectionError) else "failed"
        rows, size = (open_upload.rows, open_upload.bytes) if open_upload else (0, 0)
        self.log.batch(
            who=caller.name,
            producer=caller.producer,
            stream=upload.stream,
            batch_id=upload.batch_id,
            outcome=outcome,
            rows=rows,
            bytes=size,
            ms=seconds * 1000,
            wire=upload.wire,
            kind=error.kind if error else "",
            problem=error.problem if error else type(problem).__name__ if problem else "",
            reference=ref,
        )
        counters.observe_batch(
            stream=upload.stream, outcome=outcome, wire=upload.wire, rows=rows, bytes=size, ms=seconds * 1000
        )
        traces.end_batch(
            trace,
            (upload.stream, caller.producer, upload.batch_id),
            wire=upload.wire,
            outcome=outcome,
            rows=rows,
            bytes=size,
            problem=kind_of(problem) if problem else "",
        )


@dataclass
class OpenUpload:
    """A batch being received. Use `add` and `finish`; or write its file to `target` and call `keep`."""

    ingest: IngestService
    caller: Caller
    upload: Upload
    stream: StreamContract
    reference: str
    status: str = ""
    rows: int = 0
    bytes: int = 0
    trace: Trace | None = None
    _validator: BatchValidator | None = None
    _temporary: Path | None = None

    def step(self, name: str) -> AbstractContextManager[object]:
        """Record what happens inside as a step of the batch's trace, if there is one."""
        return self.trace.span(name) if self.trace else nullcontext()

    @contextmanager
    def open(self) -> Iterator[None]:
        """Provide a temporary file while the batch is received, and remove it afterwards."""
        landing = self.ingest.landing
        self._temporary = landing.temporary(self.stream.name, self.caller.producer, "arriving")
        try:
            yield
        finally:
            if self._validator is not None:
                self._validator.__exit__()
            landing.backend.discard(self._temporary)

    @property
    def target(self) -> Path:
        """Where a reader process writes the batch's file."""
        assert self._temporary is not None  # noqa: S101 - within `open`
        return self._temporary

    def add(self, chunk: pa.Table) -> None:
        """Take a chunk of the contract's columns, fully validated (`batch_validator.check_valid`), after a size check.

        Raises:
            Refused, Forbidden: nothing of the batch is kept.
        """
        if chunk.num_rows > MAX_CHUNK_ROWS or chunk.nbytes > MAX_CHUNK_MB * _MB:
            raise TooLarge(
                f"A record batch has {chunk.num_rows} rows and {chunk.nbytes} bytes; the limit is "
                f"{MAX_CHUNK_ROWS} rows and {MAX_CHUNK_MB} MB.",
                "Write smaller record batches: `writer.write_table(table, max_chunksize=65536)`.",
            )
        if self._validator is None:
            self._validator = BatchValidator(
                self.stream,
                self.target,
                producer=self.caller.producer,
                synthetic=self.upload.synthetic,
                allowed=lambda rows, first: self.ingest.access.check_rows(
                    self.caller, self.stream, rows, first_row=first + 1
                ),
            )
        if self.upload.bulk:
            self.ingest.bulk_may_go_on()
        self._validator.add(chunk, validated=True)
        self.rows += chunk.num_rows
        if self.bytes // _LOOK_EVERY != (self.bytes + chunk.nbytes) // _LOOK_EVERY:
            self.ingest.check_room()
        self.bytes += chunk.nbytes

    def finish(self, digest: str = "") -> dict[str, object]:
        """Keep the batch received.

        Args:
            digest: SHA-256 of the canonical content as sent, when it came after the rows.

        Returns:
            The receipt.

        Raises:
            Refused: a conflict, a wrong digest, no rows, or a sample that is not marked as made up.
        """
        if self._validator is None:
            raise NoRows
        with self.step("validate"):
            validated = self._validator.close()
        return self.keep(validated, digest)

    def keep(self, validated: ValidatedBatch, digest: str = "") -> dict[str, object]:
        """Keep a batch whose file is written; see `finish`.

        Raises:
            Unauthenticated: the sender's token has ended since the batch began.
        """
        self.ingest.access.check_token(self.caller)
        self.rows, self.bytes = validated.rows, validated.bytes
        validated = replace(validated, covers=validated.covers or self.upload.covers)
        notes = {"of_file": dict(validated.notes)} if validated.notes else {}
        for text in {self.upload.digest.lower(), digest.lower()} - {""}:
            if text != validated.sent_sha256:
                raise WrongDigest("content digest")
        self.ingest._quota.weigh(self.caller.producer, validated.bytes)  # noqa: SLF001 - one module
        if self.upload.try_only:
            self.status = "checked"
            return {
                "batch_id": self.upload.batch_id,
                "stream": self.stream.name,
                "producer": self.caller.producer,
                "rows": validated.rows,
                "masked_rows": validated.masked_rows,
                "status": self.status,
                **notes,
            }
        mend = "Send it with the header Dif-Synthetic: true, or send your own rows."
        sample.check_marked(validated, self.target, self.stream, mend=mend)
        arrival = Arrival(self.target, validated, self.stream, self.caller.producer, self.upload.batch_id)
        with self.step("keep"):
            landed = self.ingest.keep(arrival)
        self.status = landed.status
        return self.ingest.receipt_of(landed) | notes


class ConcurrencyLimiter:
    """Limits the batches taken in at a time, in all and per producer; live ones go before bulk."""

    def __init__(self, settings: Settings) -> None:
        """All slots are free."""
        self._settings = settings
        self._changed = threading.Condition()
        self._in: Counter[str] = Counter()
        self._bulk_in = 0
        self._live_waiting = 0

    @contextmanager
    def turn(self, producer: str, *, bulk: bool) -> Iterator[None]:
        """Wait for a slot and hold it.

        Raises:
            TryAgain: no slot came free within `queue_seconds`.
        """
        with self._changed:
            self._live_waiting += not bulk
            try:
                free = self._changed.wait_for(lambda: self._free(producer, bulk=bulk), self._settings.queue_seconds)
            finally:
                self._live_waiting -= not bulk
                self._changed.notify_all()
            if not free:
                raise TryAgain(
                    f"The server had no free slot within {self._settings.queue_seconds:.0f} seconds.",
                    "Send it again; a retry is safe. Send fewer batches at the same time.",
                )
            self._in[producer] += 1
            self._bulk_in += bulk
        try:
            yield
        finally:
            with self._changed:
                self._in[producer] -= 1
                if not self._in[producer]:
                    del self._in[producer]
                self._bulk_in -= bulk
                self._changed.notify_all()

    def give_way(self) -> None:
        """Called by a bulk batch between its chunks: wait a moment while live batches are taken in."""
        with self._changed:
            self._changed.wait_for(
                lambda: self._live_waiting == 0 and self._in.total() == self._bulk_in, _GIVE_WAY_SECONDS
            )

    def _free(self, producer: str, *, bulk: bool) -> bool:
        most = max(1, self._settings.streams // 2) if bulk else self._settings.streams
        if self._in.total() >= most or self._in[producer] >= self._settings.streams_per_producer:
            return False
        return not (bulk and self._live_waiting)


@contextmanager
def counted(among: Counter[str], name: str) -> Iterator[None]:
    """Count one more of a name until the block ends; a name with none is not kept."""
    among[name] += 1
    try:
        yield
    finally:
        among[name] -= 1
        if not among[name]:
            del among[name]


_GIVE_WAY_SECONDS = 0.2
"""Limited, so that bulk still advances when live batches never end."""


_MOST_CALLERS = 10_000
"""So many callers are counted before those that are idle are forgotten."""


class Quota:
    """Limits what a caller may ask for per minute and per hour, and how much per hour, in this process."""

    def __init__(self, what: str, *, per_minute: int, per_hour: int = 0, mb_per_hour: int = 0) -> None:
        """Start with nothing asked for; a limit of 0 is none.

        Args:
            what: is counted, for the refusal.
            per_minute: how many of them in a minute.
            per_hour: how many of them in an hour.
            mb_per_hour: how large they may be in all.
        """
        self._what, self._per_minute, self._mb_per_hour = what, per_minute, mb_per_hour
        self._per_hour, self._seconds = per_hour, 3600 if per_hour else 60
        self._lock = threading.Lock()
        self._times: dict[str, deque[float]] = {}
        self._bytes: dict[str, deque[tuple[float, int]]] = {}

    def spend(self, caller: str) -> None:
        """Count one.

        Raises:
            OverQuota: the caller has reached its limit for now.
        """
        now = time.monotonic()
        with self._lock:
            times = self._times.setdefault(caller, deque())
            while times and times[0] < now - self._seconds:
                times.popleft()
            if self._per_hour and len(times) >= self._per_hour:
                raise OverQuota(
                    f"{caller} is over its limit of {self._per_hour} {self._what} an hour.", "Continue in an hour."
                )
            lately = sum(at >= now - 60 for at in times) if self._per_hour else len(times)
            if self._per_minute and lately >= self._per_minute:
                raise OverQuota(
                    f"{caller} is over its limit of {self._per_minute} {self._what} a minute.",
                    "Make fewer and larger ones; continue in a minute.",
                )
            weighed = self._bytes.setdefault(caller, deque())
            while weighed and weighed[0][0] < now - 3600:
                weighed.popleft()
            if self._mb_per_hour and sum(size for _, size in weighed) >= self._mb_per_hour * _MB:
                raise OverQuota(
                    f"{caller} is over its limit of {self._mb_per_hour} MB an hour.", "Continue in an hour."
                )
            times.append(now)
            if len(self._times) > _MOST_CALLERS:
                self._forget(now)

    def _forget(self, now: float) -> None:
        """Forget callers without recent requests: with open access, their number has no limit."""
        recent = now - self._seconds
        self._times = {caller: times for caller, times in self._times.items() if times and times[-1] >= recent}
        self._bytes = {caller: sizes for caller, sizes in self._bytes.items() if sizes and sizes[-1][0] >= now - 3600}

    def weigh(self, caller: str, size: int) -> None:
        """Count the bytes, which are known once they are written."""
        with self._lock:
            weighed = self._bytes.setdefault(caller, deque())
            if weighed and time.monotonic() - weighed[-1][0] < 1:
                weighed[-1] = (weighed[-1][0], weighed[-1][1] + size)
            else:
                weighed.append((time.monotonic(), size))
