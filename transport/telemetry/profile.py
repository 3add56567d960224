"""Where the time of a run, a batch or a page goes: its steps and what ran in them, as a table and as a trace."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from catalog.errors import SharingError

STEP, TASK, STATEMENT, HASH, QUERY = "step", "task", "statement", "hash", "query"


@dataclass(slots=True)
class Span:
    """One step, a task that a thread does for it, a statement of the engine, files verified by hash, or a query.

    Attributes:
        name: the step's, the query's, or the file of the statement; of a task, `make`, the step's, and the month.
        kind: `step`, `task`, `statement`, `hash` or `query`.
        parent: the span that it ran in, on the same thread.
        began: seconds since the profile began.
        seconds: how long it took; 0 while it runs.
        rows: rows written, or read by a query.
        bytes: bytes written.
        problem: the kind of the error that ended it; empty if none did.
        batches: stream, producer and id of each batch that the step took in first; recorded for traces only.
    """

    name: str
    kind: str
    parent: Span | None
    began: float
    thread: int
    seconds: float = 0.0
    rows: int = 0
    bytes: int = 0
    problem: str = ""
    batches: Sequence[tuple[str, str, str]] = ()


@dataclass(frozen=True, slots=True)
class StepCost:
    """What one step of a run cost, without the steps inside it; a step that runs twice is one line.

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


@dataclass(eq=False)
class Profile:
    """The spans of one process, in the order in which they began. Threads may record at the same time."""

    spans: list[Span] = field(default_factory=list)
    _began: float = field(default_factory=time.perf_counter)
    _open: threading.local = field(default_factory=threading.local)

    @contextmanager
    def span(self, name: str, kind: str = STEP) -> Iterator[Span]:
        """Record what happens inside; yields the span, whose rows and bytes the caller may set."""
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
        began = time.perf_counter() - self._began
        span = Span(name, kind, getattr(self._open, "span", None), began, threading.get_ident())
        self.spans.append(span)
        return span

    @contextmanager
    def inside(self, span: Span) -> Iterator[None]:
        """Record what this thread begins as part of the span."""
        before = getattr(self._open, "span", None)
        self._open.span = span
        try:
            yield
        finally:
            self._open.span = before

    def end(self, span: Span, problem: BaseException | None = None) -> None:
        """End a span, perhaps by an error."""
        span.seconds = time.perf_counter() - self._began - span.began
        span.problem = kind_of(problem) if problem else ""

    def age(self) -> float:
        """Seconds since it began."""
        return time.perf_counter() - self._began

    def steps(self) -> list[StepCost]:
        """What each step cost, the most expensive first, by its own seconds or those of threads that worked for it."""
        inside: dict[int, float] = {}
        engine: dict[str, float] = {}
        for span in self.spans:
            step = _step_of(span)
            if step is not None and span.kind == STEP:
                inside[id(step)] = inside.get(id(step), 0.0) + span.seconds
            elif step is not None and span.parent is step:
                name = step.name if step.kind == STEP else step.name.split(" ")[1]
                engine[name] = engine.get(name, 0.0) + span.seconds
        costs: dict[str, StepCost] = {}
        for span in self.spans:
            if span.kind != STEP:
                continue
            before = costs.get(span.name, StepCost(span.name, 0.0, 0.0, 0, 0))
            costs[span.name] = StepCost(
                span.name,
                before.seconds + span.seconds - inside.get(id(span), 0.0),
                engine.get(span.name, 0.0),
                before.rows + span.rows,
                before.bytes + span.bytes,
            )
        return sorted(costs.values(), key=lambda cost: -max(cost.seconds, cost.engine_seconds))

    def trace(self) -> dict[str, Sequence[object]]:
        """The spans in Chrome's trace format, which Perfetto and speedscope draw as a flame.

        Source: Trace Event Format, complete events (`ph: X`), times in microseconds.
        """
        events = [
            {
                "name": span.name,
                "cat": span.kind,
                "ph": "X",
                "ts": round(span.began * 1e6),
                "dur": round(span.seconds * 1e6),
                "pid": 1,
                "tid": span.thread,
                "args": {"rows": span.rows, "bytes": span.bytes},
            }
            for span in self.spans
        ]
        return {"traceEvents": events}


def kind_of(problem: BaseException) -> str:
    """The kind of an error; of a foreign one, the name of its class."""
    return problem.kind if isinstance(problem, SharingError) else type(problem).__name__


def _step_of(span: Span) -> Span | None:
    """The step that a span runs in, or the task of it."""
    parent = span.parent
    while parent is not None and parent.kind not in (STEP, TASK):
        parent = parent.parent
    return parent
