"""Where a run's time goes: each step without the steps inside it, and a trace with all of them."""

import json
from threading import Thread

import pytest

from transport.telemetry.profile import STATEMENT, TASK, Profile


def test_a_step_costs_what_the_steps_inside_it_do_not(monkeypatch):
    now = iter(range(100))
    monkeypatch.setattr("transport.telemetry.profile.time.perf_counter", lambda: float(next(now)))
    profile = Profile()  # at 0; each beginning and each end takes a second
    with profile.span("judge"):
        with profile.span("build") as build:
            build.rows, build.bytes = 7, 70
            with profile.span("a.sql", STATEMENT), profile.span("inner.sql", STATEMENT):
                pass
        with profile.span("b.sql", STATEMENT):
            pass
    with profile.span("build"):
        pass
    costs = {cost.step: cost for cost in profile.steps()}
    assert (costs["judge"].seconds, costs["judge"].engine_seconds) == (9 - 5, 1)
    assert (costs["build"].seconds, costs["build"].engine_seconds) == (5 + 1, 3)
    assert (costs["build"].rows, costs["build"].bytes) == (7, 70)
    assert [cost.step for cost in profile.steps()] == ["build", "judge"]


def test_what_threads_make_ahead_counts_for_the_table_that_they_make():
    profile = Profile()
    with profile.span("usage.dispatch_day") as step:
        pass
    for month in ("2026-03-01", "2026-04-01"):
        with profile.span(f"make usage.dispatch_day {month}", TASK), profile.span("a.sql", STATEMENT) as statement:
            pass
        statement.seconds = 2.0
    [cost] = profile.steps()
    assert (cost.step, cost.seconds, cost.engine_seconds) == ("usage.dispatch_day", step.seconds, 4.0)


def test_the_trace_is_what_a_browser_draws():
    profile = Profile()
    with profile.span("usage.dispatch_day") as span:
        span.rows = 3
    Thread(target=lambda: profile.span("beside").__enter__()).start()  # it is still open when the trace is written
    trace = json.loads(json.dumps(profile.trace()))
    first = trace["traceEvents"][0]
    assert (first["name"], first["cat"], first["ph"], first["args"]["rows"]) == ("usage.dispatch_day", "step", "X", 3)
    assert first["dur"] >= 0


def test_a_step_that_fails_is_recorded_and_closed():
    profile = Profile()
    with pytest.raises(ValueError, match="no"), profile.span("broken"):
        raise ValueError("no")
    with profile.span("after"):
        pass
    assert [(s.name, s.parent) for s in profile.spans] == [("broken", None), ("after", None)]
