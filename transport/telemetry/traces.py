"""A run as a trace for OpenTelemetry: its steps, and the statements in them, sent to a collector when it has ended."""

from __future__ import annotations

import time
from importlib.util import find_spec
from typing import TYPE_CHECKING

from catalog.errors import BadSetting
from transport.base.settings import Settings

if TYPE_CHECKING:
    from transport.telemetry.profile import Profile

_PATIENCE = 5
"""Seconds that a run waits for a collector at most, once it has ended."""


def check(settings: Settings) -> None:
    """Refuse to begin a run that could not be traced.

    Raises:
        BadSetting: traces are asked for, and what sends them is not installed.
    """
    if settings.traces_url and find_spec("opentelemetry.exporter") is None:
        expected = "nothing, as long as requirements/cluster.txt is not installed"
        raise BadSetting("traces_url", settings.traces_url, expected)


def send(profile: Profile, settings: Settings, *, release: str = "", problem: str = "") -> None:
    """Send the spans of a run over OTLP, if the settings name a collector. One that does not answer fails no run.

    Names of steps, tables and statement files, rows, bytes and seconds are sent, and no data.

    Args:
        profile: of the run.
        settings: where to.
        release: what it published; empty when nothing.
        problem: the kind of the error that stopped it; empty when none did.
    """
    if not settings.traces_url or not profile.spans:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.trace import Span, StatusCode, set_span_in_context

    provider = TracerProvider(resource=Resource.create({"service.name": "dif"}))
    address = f"{settings.traces_url.rstrip('/')}/v1/traces"
    sender = BatchSpanProcessor(OTLPSpanExporter(endpoint=address, timeout=_PATIENCE), max_queue_size=1 << 16)
    provider.add_span_processor(sender)
    tracer = provider.get_tracer("dif")
    now = time.time_ns()
    began = now - round(profile.age() * 1e9)
    outcome = {"dif.release": release, "dif.problem": problem, "dif.engine": settings.engine}
    run = tracer.start_span("run", start_time=began, attributes={k: v for k, v in outcome.items() if v})
    made: dict[int, Span] = {}
    for span in profile.spans:  # each after the one that it ran in
        at = began + round(span.began * 1e9)
        inside = made.get(id(span.parent), run)
        facts: dict[str, str | int] = {"dif.kind": span.kind, "dif.rows": span.rows, "dif.bytes": span.bytes}
        made[id(span)] = tracer.start_span(span.name, set_span_in_context(inside), start_time=at, attributes=facts)
    for span in profile.spans:
        made[id(span)].end(began + round((span.began + span.seconds) * 1e9))
    if problem:
        run.set_status(StatusCode.ERROR, problem)
    run.end(now)
    provider.shutdown()
