"""Ended spans to a collector, over OTLP, by a thread with a bounded queue. Only imported where a collector is set."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from transport.base.settings import Settings
from transport.telemetry.event_log import EventLog

_PATIENCE = 5
"""Seconds that a collector has for one request."""
_QUIET_SECONDS = 60
"""How long nothing is sent to a collector that did not take spans. What ends meanwhile is lost, and counted."""
_MOST_WAITING = 1 << 14
"""Spans in the queue; the oldest make room."""
logging.getLogger("opentelemetry").addHandler(logging.NullHandler())
logging.getLogger("opentelemetry").propagate = False  # it would tell of every failed request; `_Exporter` tells once


class _Exporter(SpanExporter):
    """Sends over OTLP, tells the operator of the first failure, and counts what is lost."""

    def __init__(self, settings: Settings) -> None:
        address = f"{settings.traces_url.rstrip('/')}/v1/traces"
        self._exporter = OTLPSpanExporter(endpoint=address, timeout=_PATIENCE)
        self._log = EventLog(settings, echo=True)
        self._quiet_until = 0.0
        self._reported = False
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
            if not self._reported:
                self._reported = True
                self._log.event("traces_not_sent", problem="The collector at traces_url did not take them.")
        return result

    def shutdown(self) -> None:
        """Say how many spans were lost in all."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]
        if lost := self._ended - self._sent:
            self._log.event("traces_lost", spans=lost)


class _Sender(BatchSpanProcessor):
    """Sends in the background, and counts what should be sent."""

    def __init__(self, exporter: _Exporter) -> None:
        super().__init__(exporter, max_queue_size=_MOST_WAITING)
        self._expect = exporter.expect

    def on_end(self, span: ReadableSpan) -> None:
        """Queue a span that has ended."""
        self._expect()
        super().on_end(span)


def send_to(settings: Settings, provider: TracerProvider) -> None:
    """Send a provider's spans to the collector of the settings. If that is impossible, only the log says so."""
    try:
        provider.add_span_processor(_Sender(_Exporter(settings)))
    except Exception as problem:  # noqa: BLE001 - a variable of OpenTelemetry's own that cannot be read ends no batch
        EventLog(settings, echo=True).event("traces_not_sent", problem=f"OpenTelemetry: {type(problem).__name__}.")
