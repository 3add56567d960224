"""Where the time of a run, a batch or a page goes: OpenTelemetry spans, opened where the work happens.

A run keeps its spans, for `dif run --profile` and for lineage. With `traces_url` those of runs, batches and pages are
sent to a collector as they end; without it, nothing of a batch or a page is recorded. Names of streams, tables,
statements and queries, rows, bytes and seconds are recorded: no data, no parameter and nobody's identity.

A batch and the run that first took it in are different traces, days apart at worst. Nothing is stored to connect them:
the trace of a batch has an id made from the batch's identity (`batch_context`), so the run can name it in a link.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, cast
from urllib.parse import urlsplit

from opentelemetry.context import Context
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    NoOpTracer,
    Span,
    SpanContext,
    StatusCode,
    TraceFlags,
    Tracer,
    get_current_span,
    set_span_in_context,
    use_span,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from catalog.domain import perturbation
from catalog.errors import BadSetting, SharingError
from catalog.tables.streams import STREAMS
from transport.base.settings import Settings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider

STEP, TASK, STATEMENT, HASH, QUERY = "step", "task", "statement", "hash", "query"
KIND: Final = "dif.kind"
ROWS: Final = "dif.rows"
"""Rows written, rounded up; or published rows read by a query."""
BYTES: Final = "dif.bytes"
"""Bytes written, rounded up."""
_THREAD: Final = "thread.id"
_MOST_LINKS: Final = 100
"""Links of a span to batches; the newest of more. Their number is an attribute."""
_PATIENCE: Final = 5
"""Seconds that a run waits at its end for its spans to be sent."""

Facts: TypeAlias = dict[str, str | int]
"""Attributes of a span."""
Batch: TypeAlias = tuple[str, str, str]
"""Stream, producer and id of a batch."""


class Trace:
    """The spans of one run, batch or page, in one root. Threads may open spans at the same time."""

    def __init__(self, settings: Settings | None = None, name: str = "", context: Context | None = None) -> None:
        """Open the root.

        Args:
            settings: where ended spans are sent; without settings nothing is recorded.
            name: of the root.
            context: what it is part of; nothing when not given.
        """
        self._tracer = provider(settings).get_tracer("dif") if settings else cast("Tracer", NoOpTracer())
        self.began = time.time_ns()
        self.root = self._tracer.start_span(name, context or Context(), start_time=self.began)
        self.spans: list[ReadableSpan] = []
        """In the order in which they began."""
        self.written: dict[int, tuple[int, int]] = {}
        """Rows and bytes, by the id of the span that wrote them."""

    @contextmanager
    def span(self, name: str, kind: str = STEP) -> Iterator[Span]:
        """Record what happens inside, as part of the span that is open in this thread, or of the root."""
        span = self.begin(name, kind)
        try:
            with self.inside(span):
                yield span
        except BaseException as problem:
            self.end(span, problem)
            raise
        self.end(span)

    def begin(self, name: str, kind: str = STEP) -> Span:
        """Begin a span that other spans of this thread may overlap: `end` it."""
        open_here = get_current_span().get_span_context().trace_id == self.root.get_span_context().trace_id
        inside = None if open_here else set_span_in_context(self.root, Context())
        facts: Facts = {KIND: kind, ROWS: 0, BYTES: 0, _THREAD: threading.get_ident()}
        span = self._tracer.start_span(name, inside, attributes=facts)
        if span.is_recording():
            self.spans.append(cast("ReadableSpan", span))
        return span

    @contextmanager
    def inside(self, span: Span) -> Iterator[None]:
        """Record what this thread begins as part of the span."""
        with use_span(span, record_exception=False, set_status_on_exception=False):
            yield

    def end(self, span: Span, problem: BaseException | None = None) -> None:
        """End a span, perhaps by an error, of which only the kind is told."""
        if problem:
            span.set_status(StatusCode.ERROR, kind_of(problem))
        span.end()

    def wrote(self, span: Span, rows: int, size: int = 0) -> None:
        """Record the rows and bytes of a span. Collectors get them rounded up, as each row may be a person."""
        self.written[span.get_span_context().span_id] = rows, size
        span.set_attributes(_rounded(rows, size))

    def close(self, facts: Facts, problem: str = "") -> None:
        """End the root with its attributes, and with the kind of an error; only the first call counts."""
        if self.root.is_recording():
            self.root.set_attributes(facts)
            if problem:
                self.root.set_status(StatusCode.ERROR, problem)
            self.root.end()

    def repeat_root(self, context: Context, facts: Facts, problem: str = "") -> None:
        """Tell the same in another trace too, with a link to the root."""
        links = [Link(self.root.get_span_context())]
        twin = self._tracer.start_span("batch", context, start_time=self.began, attributes=facts, links=links)
        if problem:
            twin.set_status(StatusCode.ERROR, problem)
        twin.end()


# ── A run ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def end_run(trace: Trace, settings: Settings, *, release: str = "", problem: str = "") -> None:
    """End the trace of a run, and wait until it is sent or the collector has had its time. Fails no run.

    Args:
        trace: of the run.
        settings: where to.
        release: what it published; empty when nothing.
        problem: the kind of the error that stopped it; empty when none did.
    """
    outcome = {"dif.release": release, "dif.problem": problem, "dif.engine": settings.engine}
    trace.close({name: value for name, value in outcome.items() if value}, problem)
    if settings.traces_url:
        flush(settings)


def link_batches(span: Span, batches: Sequence[Batch]) -> None:
    """Say of a step which batches it took in first, with links to their traces."""
    if batches:
        span.set_attribute("dif.batches", len(batches))
    for batch in batches[-_MOST_LINKS:]:
        span.add_link(batch_context(batch))


@dataclass(frozen=True, slots=True)
class StepCost:
    """The cost of one step of a run, without the steps inside it; a step that runs twice is one line.

    Attributes:
        step: its name.
        seconds: wall clock of the step itself.
        engine_seconds: seconds of DuckDB, of the step and of threads that worked for it.
        rows: rows written.
        bytes: bytes written.
    """

    step: str
    seconds: float
    engine_seconds: float
    rows: int
    bytes: int


def costs(trace: Trace) -> list[StepCost]:
    """The costs of the steps, the most expensive first, by their own seconds or those of their threads."""
    spans = trace.spans
    by_id = {span.context.span_id: span for span in spans}

    def step_of(span: ReadableSpan) -> ReadableSpan | None:
        """The step that a span runs in, or the task of it."""
        parent = by_id.get(span.parent.span_id) if span.parent else None
        while parent is not None and fact(parent, KIND) not in (STEP, TASK):
            parent = by_id.get(parent.parent.span_id) if parent.parent else None
        return parent

    inside: dict[int, float] = {}
    engine: dict[str, float] = {}
    for span in spans:
        step = step_of(span)
        if step is not None and fact(span, KIND) == STEP:
            inside[step.context.span_id] = inside.get(step.context.span_id, 0.0) + seconds_of(span)
        elif step is not None and span.parent and span.parent.span_id == step.context.span_id:
            name = step.name if fact(step, KIND) == STEP else step.name.split(" ")[1]
            engine[name] = engine.get(name, 0.0) + seconds_of(span)
    cost_of: dict[str, StepCost] = {}
    for span in spans:
        if fact(span, KIND) != STEP:
            continue
        before = cost_of.get(span.name, StepCost(span.name, 0.0, 0.0, 0, 0))
        rows, size = trace.written.get(span.context.span_id, (0, 0))
        cost_of[span.name] = StepCost(
            span.name,
            before.seconds + seconds_of(span) - inside.get(span.context.span_id, 0.0),
            engine.get(span.name, 0.0),
            before.rows + rows,
            before.bytes + size,
        )
    return sorted(cost_of.values(), key=lambda cost: -max(cost.seconds, cost.engine_seconds))


def flame(trace: Trace) -> dict[str, Sequence[object]]:
    """The spans in Chrome's trace format, which Perfetto and speedscope draw as a flame.

    Source: Trace Event Format, complete events (`ph: X`), times in microseconds.
    """
    events = []
    for span in trace.spans:
        rows, size = trace.written.get(span.context.span_id, (0, 0))
        events.append(
            {
                "name": span.name,
                "cat": fact(span, KIND),
                "ph": "X",
                "ts": ((span.start_time or 0) - trace.began) // 1000,
                "dur": round(seconds_of(span) * 1e6),
                "pid": 1,
                "tid": fact(span, _THREAD),
                "args": {"rows": rows, "bytes": size},
            }
        )
    return {"traceEvents": events}


def fact(span: ReadableSpan, name: str) -> str | int:
    """An attribute of a span; 0 where it has none."""
    return cast("str | int", (span.attributes or {}).get(name, 0))


def seconds_of(span: ReadableSpan) -> float:
    """How long a span took; 0 while it runs."""
    return ((span.end_time or span.start_time or 0) - (span.start_time or 0)) / 1e9


def kind_of(problem: BaseException) -> str:
    """The kind of an error; of a foreign one, the name of its class."""
    return problem.kind if isinstance(problem, SharingError) else type(problem).__name__


# ── A batch ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def begin_batch(settings: Settings, batch: Batch, traceparent: str = "") -> Trace | None:
    """The trace of a batch that arrives; None without a collector.

    Args:
        settings: where to.
        batch: its identity.
        traceparent: the caller's trace, of which the batch becomes a part; ignored unless W3C Trace Context allows it.
    """
    if not settings.traces_url:
        return None
    caller = TraceContextTextMapPropagator().extract({"traceparent": traceparent}, Context())
    continued = get_current_span(caller).get_span_context().is_valid
    return Trace(settings, "batch", caller if continued else _own(batch))


def end_batch(
    trace: Trace | None,
    batch: Batch,
    *,
    wire: str,
    outcome: str,
    rows: int,
    bytes: int,  # noqa: A002 - the name of the fact
    problem: str = "",
) -> None:
    """End the trace of a batch.

    One that is kept has a span in a trace of its own, to which runs link. In a caller's trace it has a second one, and
    the two link to each other.

    Args:
        trace: of the batch; None without a collector.
        batch: its identity.
        wire: flight, http or inbox.
        outcome: one of `event_log.OUTCOMES`.
        rows: in the batch, where known.
        bytes: as kept, or as many as arrived.
        problem: the kind of the error, when refused or failed.
    """
    if trace is None:
        return
    stream = batch[0] if batch[0] in STREAMS else "unknown"  # a stranger's words are not passed on
    facts: Facts = {"dif.stream": stream, "dif.wire": wire, "dif.outcome": outcome}
    facts |= _rounded(rows, bytes) | ({"dif.problem": problem} if problem else {})
    own = batch_context(batch)
    if outcome == "accepted" and trace.root.get_span_context().trace_id != own.trace_id:
        trace.root.add_link(own)
        trace.repeat_root(_own(batch), facts, problem)
    trace.close(facts, problem)


def _rounded(rows: int, size: int) -> Facts:
    return {ROWS: perturbation.rounded_up(rows), BYTES: perturbation.rounded_up(size, perturbation.BYTES)}


def batch_context(batch: Batch) -> SpanContext:
    """The trace of a batch, and the parent of its spans there: the same wherever they are asked for.

    Source: W3C Trace Context, which asks for 16 and 8 bytes, not all zero, and unlike those of other traces.
    """
    digest = hashlib.sha256("/".join(batch).encode("utf-8", "replace")).digest()
    trace, span = int.from_bytes(digest[:16], "big"), int.from_bytes(digest[16:24], "big")
    return SpanContext(trace, span, is_remote=True, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def _own(batch: Batch) -> Context:
    return set_span_in_context(NonRecordingSpan(batch_context(batch)), Context())


# ── A page ───────────────────────────────────────────────────────────────────────────────────────────────────────────

PAGE: ContextVar[Trace | None] = ContextVar("page", default=None)
"""The trace of the page that this thread draws; None without a collector."""


@contextmanager
def page(settings: Settings, name: str) -> Iterator[None]:
    """Record the drawing of a page, and the queries in it.

    Args:
        settings: where to.
        name: of the page, as the product names it.
    """
    if not settings.traces_url:
        yield
        return
    trace = Trace(settings, "page")
    before, problem = PAGE.set(trace), ""
    try:
        yield
    except Exception as stopped:
        problem = kind_of(stopped)
        raise
    finally:
        PAGE.reset(before)
        trace.close({"dif.page": name, ROWS: sum(int(fact(span, ROWS)) for span in trace.spans)}, problem)


# ── Where spans go ───────────────────────────────────────────────────────────────────────────────────────────────────


def check(settings: Settings) -> None:
    """Refuse an address that no collector can have.

    Raises:
        BadSetting: `traces_url` is not a web address.
    """
    address = urlsplit(settings.traces_url)
    if settings.traces_url and not (address.scheme in {"http", "https"} and address.hostname):
        raise BadSetting("traces_url", settings.traces_url, "an address like http://127.0.0.1:4318, or nothing")


def provider(settings: Settings) -> TracerProvider:
    """The tracer provider of this process for these settings, made at first use; it sends the last spans at exit."""
    with _opening:
        key = settings.traces_url, settings.home
        if key not in _providers:
            _providers[key] = _opened(settings)
        return _providers[key]


_providers: dict[tuple[str, Path], TracerProvider] = {}
_opening = threading.Lock()


def _opened(settings: Settings) -> TracerProvider:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider, sampling

    # the sampler is named, so that no variable of the environment takes a run its profile
    provider = TracerProvider(sampling.DEFAULT_ON, Resource.create({"service.name": "dif"}))
    if settings.traces_url:
        from transport.telemetry import otlp

        otlp.send_to(settings, provider)
    return provider


def flush(settings: Settings) -> None:
    """Wait until what has ended is sent, or the collector has had its time; the SDK's own wait has no limit."""
    waiting = threading.Thread(target=provider(settings).force_flush, daemon=True)
    waiting.start()
    waiting.join(_PATIENCE)
