"""OpenTelemetry's SDK as `traces` uses it: spans of what has ended, in a bounded queue, sent over OTLP by a thread.

Only imported where a collector is set. Times are those of the profile, so a span costs nothing while it runs.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, NonRecordingSpan, Span, SpanContext, StatusCode, TraceFlags, set_span_in_context
from opentelemetry.trace.propagation import get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from catalog.domain import rounding
from transport.base.settings import Settings
from transport.telemetry.event_log import EventLog
from transport.telemetry.profile import QUERY, Profile

Facts: TypeAlias = dict[str, str | int]
"""Attributes of a span."""
Batch: TypeAlias = tuple[str, str, str]
"""Stream, producer and id of a batch."""

_PATIENCE = 5
"""Seconds that a collector has for one request; a run that has ended waits no longer."""
_QUIET_SECONDS = 60
"""How long nothing is sent to a collector that did not take spans. What ends meanwhile is lost, and counted."""
_MOST_WAITING = 1 << 14
"""Spans in the queue; the oldest make room."""
_MOST_LINKS = 100
"""Links of a span to batches; the newest of more. Their number is an attribute."""
logging.getLogger("opentelemetry").addHandler(logging.NullHandler())
logging.getLogger("opentelemetry").propagate = False  # it would tell of every failed request; `_Exporter` tells once


class _Exporter(SpanExporter):
    """Sends over OTLP, tells the operator of the first failure, and counts what is lost."""

    def __init__(self, settings: Settings) -> None:
        address = f"{settings.traces_url.rstrip('/')}/v1/traces"
        self._exporter = OTLPSpanExporter(endpoint=address, timeout=_PATIENCE)
        self._log = EventLog(settings, echo=True)
        self._quiet_until = 0.0
        self._told = False
        self._sent = self._ended = 0
        self._counting = threading.Lock()

    def expect(self) -> None:
        """Count a span that has ended, and so should be sent."""
        with self._counting:
            self._ended += 1

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send some spans, unless the collector is left in peace."""
        if time.monotonic() < self._quiet_until:
            return SpanExportResult.FAILURE
        result = self._exporter.export(spans)
        if result is SpanExportResult.SUCCESS:
            self._sent += len(spans)
        else:
            self._quiet_until = time.monotonic() + _QUIET_SECONDS
            if not self._told:
                self._told = True
                self._log.event("traces_not_sent", problem="The collector at traces_url did not take them.")
        return result

    def shutdown(self) -> None:
        """Say how many spans were lost in all."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]
        if lost := self._ended - self._sent:
            self._log.event("traces_lost", spans=lost)


class Sender:
    """Sends the spans of this process to one collector."""

    def __init__(self, settings: Settings) -> None:
        """Start the thread that sends; it ends with the process, after what is in the queue."""
        self._exporter = _Exporter(settings)
        self._provider = TracerProvider(resource=Resource.create({"service.name": "dif"}))
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter, max_queue_size=_MOST_WAITING))
        self._tracer = self._provider.get_tracer("dif")

    def send(self, name: str, profile: Profile, facts: Facts, *, problem: str = "", wait: bool = False) -> None:
        """Send a profile as a trace of its own.

        Args:
            name: of the span around those of the profile.
            profile: of what has ended just now.
            facts: its attributes.
            problem: the kind of the error that ended it; empty when none did.
            wait: until it is sent, or the collector has had its time.
        """
        began, now = _bounds(profile)
        self._add(self._tracer.start_span(name, start_time=began, attributes=facts), profile, began, now, problem)
        if wait:
            self.flush()

    def flush(self) -> None:
        """Wait until what has ended is sent, or the collector has had its time; the SDK's own wait has no limit."""
        flush = threading.Thread(target=self._provider.force_flush, daemon=True)
        flush.start()
        flush.join(_PATIENCE)

    def close(self) -> None:
        """Send what is left, and say what was lost; the process does so at its end."""
        self._provider.shutdown()

    def send_batch(
        self, profile: Profile, facts: Facts, batch: Batch, *, kept: bool, problem: str, traceparent: str
    ) -> None:
        """Send the spans of a batch, in its own trace or in its caller's.

        A batch that is kept has a span in its own trace, to which runs link. In a caller's trace it has a second one,
        and the two link to each other.

        Args:
            profile: of the batch.
            facts: its attributes.
            batch: its identity.
            kept: it was accepted now.
            problem: the kind of the error that refused it; empty when none did.
            traceparent: as the caller sent it.
        """
        began, now = _bounds(profile)
        own = batch_context(batch)
        caller = TraceContextTextMapPropagator().extract({"traceparent": traceparent})
        continued = get_current_span(caller).get_span_context().is_valid

        def started(context: Context, *others: SpanContext) -> Span:
            links = [Link(other) for other in others]
            return self._tracer.start_span("batch", context, start_time=began, attributes=facts, links=links)

        in_own = set_span_in_context(NonRecordingSpan(own))
        span = started(caller, *([own] if kept else [])) if continued else started(in_own)
        if continued and kept:
            self._end(started(in_own, span.get_span_context()), now)
        self._add(span, profile, began, now, problem)

    def _add(self, root: Span, profile: Profile, began: int, now: int, problem: str) -> None:
        """End the root, and the spans of the profile in it: each after the one that it ran in."""
        made: dict[int, Span] = {}
        for span in profile.spans:
            inside = made.get(id(span.parent), root)
            rows, size = span.rows, span.bytes
            if span.kind != QUERY:  # a query reads what is published
                rows, size = rounding.rounded_up(rows), rounding.rounded_up(size, rounding.BYTES)
            facts: Facts = {"dif.kind": span.kind, "dif.rows": rows, "dif.bytes": size}
            if span.batches:
                facts["dif.batches"] = len(span.batches)
            links = [Link(batch_context(batch)) for batch in span.batches[-_MOST_LINKS:]]
            at = began + round(span.began * 1e9)
            made[id(span)] = self._tracer.start_span(
                span.name, set_span_in_context(inside), start_time=at, attributes=facts, links=links
            )
        for span in profile.spans:
            self._end(made[id(span)], began + round((span.began + span.seconds) * 1e9), span.problem)
        self._end(root, now, problem)

    def _end(self, span: Span, at: int, problem: str = "") -> None:
        if problem:
            span.set_status(StatusCode.ERROR, problem)
        if span.is_recording():
            self._exporter.expect()
        span.end(at)


def batch_context(batch: Batch) -> SpanContext:
    """The trace of a batch, and the parent of its spans there: the same wherever they are asked for.

    Source: W3C Trace Context, which asks for 16 and 8 bytes, not all zero, and unlike those of other traces.
    """
    digest = hashlib.sha256("/".join(batch).encode("utf-8", "replace")).digest()
    trace, span = int.from_bytes(digest[:16], "big"), int.from_bytes(digest[16:24], "big")
    return SpanContext(trace, span, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _bounds(profile: Profile) -> tuple[int, int]:
    """When a profile began and now, in nanoseconds since 1970."""
    now = time.time_ns()
    return now - round(profile.age() * 1e9), now


def of(settings: Settings) -> Sender:
    """The process's sender to the collector of these settings, made at first use."""
    with _opening:
        key = settings.traces_url, settings.home
        if key not in _senders:
            _senders[key] = Sender(settings)
        return _senders[key]


_senders: dict[tuple[str, Path], Sender] = {}
_opening = threading.Lock()
