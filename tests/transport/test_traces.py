"""Runs and batches as an OpenTelemetry collector gets them, over HTTP, and a run's own account of its time."""

import hashlib
import json
import subprocess
import sys
import time
from threading import Thread

import pytest

from catalog.errors import BadSetting, NoRoom
from tests.conftest import facts_of
from transport.base.settings import Settings
from transport.telemetry import event_log, otlp, traces
from transport.telemetry.traces import STATEMENT, TASK, Trace

BATCH = ("cost_entry", "system", "b-1")
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
def settings(tmp_path, listener):
    return Settings(home=tmp_path / "home", traces_url=listener.address)


@pytest.fixture
def run(settings):
    """The trace of a run that made a table and published."""
    run = Trace(settings, "run")
    with run.span("usage.dispatch_day") as step:
        run.wrote(step, 12, 345)
        with run.span("usage/dispatch_day.sql", STATEMENT):
            pass
    with run.span("release"):
        pass
    return run


def sent(listener, settings):
    """What came, once all is sent."""
    traces.flush(settings)
    return listener.spans


def told(span):
    """The attributes of a span, but for its thread."""
    return {name: value for name, value in facts_of(span).items() if name != "thread.id"}


def batch(settings, *steps, traceparent="", **more):
    """A batch that came, in these steps."""
    trace = traces.begin_batch(settings, BATCH, traceparent)
    for step in steps:
        with trace.span(step):
            pass
    traces.end_batch(trace, BATCH, **{"wire": "http", "outcome": "accepted", "rows": 3, "bytes": 40, **more})


def test_a_collector_gets_the_steps_of_a_run_each_in_the_one_that_it_was_part_of(listener, run, settings):
    traces.end_run(run, settings, release="2026-11-29.1")
    spans = {span.name: span for span in listener.spans}
    assert {k: spans[k].parent_span_id for k in spans} == {
        "run": b"",
        "usage.dispatch_day": spans["run"].span_id,
        "usage/dispatch_day.sql": spans["usage.dispatch_day"].span_id,
        "release": spans["run"].span_id,
    }
    assert told(spans["usage.dispatch_day"]) == {"dif.kind": "step", "dif.rows": 50, "dif.bytes": 65_536}
    step, statement = spans["usage.dispatch_day"], spans["usage/dispatch_day.sql"]
    assert step.start_time_unix_nano <= statement.start_time_unix_nano
    assert statement.end_time_unix_nano <= step.end_time_unix_nano <= spans["run"].end_time_unix_nano
    assert facts_of(spans["run"])["dif.release"] == "2026-11-29.1"


def test_a_run_that_was_stopped_is_an_error_of_its_kind_and_so_is_the_step_that_stopped_it(listener, settings):
    run = Trace(settings, "run")
    with pytest.raises(NoRoom), run.span("landing"):
        raise NoRoom("The disk is full.", "Make room.")
    traces.end_run(run, settings, problem="no_room")
    traces.end_run(run, settings, release="what follows from it changes nothing")
    assert {s.name: (s.status.code, s.status.message, len(s.events)) for s in listener.spans} == {
        "run": (2, NoRoom.kind, 0),
        "landing": (2, NoRoom.kind, 0),
    }


def test_a_batch_has_a_trace_that_its_identity_names_and_one_kept_now_a_span_too(listener, settings):
    batch(settings, "receive", outcome="accepted")
    batch(settings, outcome="duplicate")
    kept, step, again = sorted(sent(listener, settings), key=lambda s: s.start_time_unix_nano)
    own = traces.batch_context(BATCH)
    assert f"{own.trace_id:032x}{own.span_id:016x}" == hashlib.sha256(b"cost_entry/system/b-1").hexdigest()[:48]
    assert {int.from_bytes(s.trace_id, "big") for s in (kept, step, again)} == {own.trace_id}
    assert {int.from_bytes(s.parent_span_id, "big") for s in (kept, again)} == {own.span_id}
    assert (step.name, step.parent_span_id) == ("receive", kept.span_id)
    assert facts_of(kept) == {
        "dif.stream": "cost_entry",
        "dif.wire": "http",
        "dif.outcome": "accepted",
        "dif.rows": 50,
        "dif.bytes": 65_536,
    }


@pytest.mark.parametrize(("rows", "shown"), [(0, 0), (1, 50), (50, 50), (51, 100)])
def test_no_trace_tells_exactly_how_many_rows_a_batch_has(listener, settings, rows, shown):
    batch(settings, rows=rows, bytes=rows * 120)
    [span] = sent(listener, settings)
    assert (facts_of(span)["dif.rows"], facts_of(span)["dif.bytes"]) == (shown, 65_536 if rows else 0)


def test_the_trace_of_a_sender_goes_on_and_leads_to_that_of_the_batch_and_back(listener, settings):
    batch(settings, traceparent=PARENT)
    identity = traces.batch_context(BATCH)
    trace, span = identity.trace_id.to_bytes(16, "big"), identity.span_id.to_bytes(8, "big")
    spans = {s.trace_id.hex(): s for s in sent(listener, settings)}
    of_sender, own = spans[PARENT.split("-")[1]], spans[trace.hex()]
    assert of_sender.parent_span_id.hex() == PARENT.split("-")[2]
    assert [(li.trace_id, li.span_id) for li in of_sender.links] == [(trace, span)]
    assert [(li.trace_id, li.span_id) for li in own.links] == [(of_sender.trace_id, of_sender.span_id)]
    assert own.parent_span_id == span


def test_a_sender_that_does_not_record_gets_nothing_into_its_trace(listener, settings):
    batch(settings, "receive", traceparent=f"{PARENT[:-2]}00")
    [own] = sent(listener, settings)
    assert (own.name, int.from_bytes(own.trace_id, "big")) == ("batch", traces.batch_context(BATCH).trace_id)


@pytest.mark.parametrize(
    "sent_by_a_stranger",
    [
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        f"{PARENT},{PARENT}",
        f"{PARENT}-more",
        "'; drop table batch; --",
        "é" * 9_000,
    ],
)
def test_what_is_no_traceparent_is_ignored(listener, settings, sent_by_a_stranger):
    batch(settings, traceparent=sent_by_a_stranger)
    [span] = sent(listener, settings)
    assert int.from_bytes(span.trace_id, "big") == traces.batch_context(BATCH).trace_id


def test_a_run_links_to_the_batches_that_it_took_in_first_and_to_no_more_than_a_hundred(listener, settings):
    run, batches = Trace(settings, "run"), [("cost_entry", "system", f"b-{n}") for n in range(250)]
    with run.span("conformed.cost_entry") as span:
        traces.link_batches(span, batches)
    traces.end_run(run, settings)
    [step] = [s for s in listener.spans if s.name == "conformed.cost_entry"]
    assert facts_of(step)["dif.batches"] == 250
    newest = [(own.trace_id, own.span_id) for own in map(traces.batch_context, batches[-100:])]
    assert [(int.from_bytes(li.trace_id, "big"), int.from_bytes(li.span_id, "big")) for li in step.links] == newest


def test_a_collector_that_refuses_fails_nothing_and_the_operator_hears_once(listener, settings, capfd):
    listener.status = 400
    for _ in range(3):
        batch(settings)
        traces.flush(settings)
    assert len(listener.sent) == 1  # then it is left in peace for a while
    traces.provider(settings).shutdown()
    said = capfd.readouterr().err.splitlines()
    assert [event_log.event_of(line)["event"] for line in said] == ["traces_not_sent", "traces_lost"]
    assert event_log.event_of(said[1])["spans"] == 3


def test_a_collector_that_is_away_fails_no_run(tmp_path, monkeypatch):
    monkeypatch.setattr(otlp, "_PATIENCE", 0.2)
    monkeypatch.setattr(traces, "_PATIENCE", 0.2)
    settings = Settings(home=tmp_path, traces_url="http://127.0.0.1:9")
    traces.end_run(Trace(settings, "run"), settings)
    traces.provider(settings).shutdown()


def test_a_variable_of_opentelemetry_that_cannot_be_read_refuses_no_batch(tmp_path, listener, monkeypatch, capfd):
    monkeypatch.setenv("OTEL_BSP_MAX_QUEUE_SIZE", "many")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "-1")
    batch(Settings(home=tmp_path / "other", traces_url=listener.address))
    assert event_log.event_of(capfd.readouterr().err.splitlines()[-1])["event"] == "traces_not_sent"


@pytest.mark.parametrize("address", ["127.0.0.1:4318", "file:///var/traces", "http://"])
def test_an_address_that_no_collector_can_have_is_refused(tmp_path, address):
    with pytest.raises(BadSetting, match="traces_url"):
        traces.check(Settings(home=tmp_path, traces_url=address))


OFF = """
import sys
from pathlib import Path
import dashboards.release.reader
from pipelines.run import steps
from pipelines.run.attempt import Attempt
from tests.conftest import facts_of
from transport.base.settings import Settings
from transport.servers import flight_server
from transport.servers.http import app
from transport.storage.landing import utc_now
from transport.telemetry import traces

settings = Settings(home=Path(sys.argv[1]))
with steps.exclusive_run(settings), Attempt(steps.start(settings, utc_now())) as attempt:
    attempt.note_success(None)
assert traces.begin_batch(settings, ("dispatch", "svarut", "b-1")) is None
with traces.page(settings, "usage"):
    assert traces.PAGE.get() is None
print([name for name in sys.modules if name.startswith(("opentelemetry.exporter", "openlineage"))])
"""


@pytest.mark.slow("a run in a process of its own")
def test_without_a_collector_and_a_place_for_lineage_nothing_of_either_is_loaded(tmp_path):
    ran = subprocess.run([sys.executable, "-c", OFF, tmp_path], check=True, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"


def test_a_step_costs_what_the_steps_inside_it_do_not(tmp_path):
    trace = Trace(Settings(home=tmp_path), "run")
    with trace.span("judge"):
        with trace.span("build") as build:
            trace.wrote(build, 7, 70)
            with trace.span("a.sql", STATEMENT), trace.span("inner.sql", STATEMENT):
                time.sleep(0.01)
        with trace.span("b.sql", STATEMENT):
            pass
    with trace.span("build"):
        pass
    seconds = [traces.seconds_of(span) for span in trace.spans]
    judge, build, a, _inner, b, again = seconds
    costs = {cost.step: cost for cost in traces.costs(trace)}
    assert (costs["judge"].seconds, costs["judge"].engine_seconds) == (pytest.approx(judge - build), b)
    assert (costs["build"].seconds, costs["build"].engine_seconds) == (pytest.approx(build + again), a)
    assert (costs["build"].rows, costs["build"].bytes) == (7, 70)
    assert [cost.step for cost in traces.costs(trace)] == ["build", "judge"]


def test_what_threads_make_counts_for_the_table_that_they_make(tmp_path):
    trace = Trace(Settings(home=tmp_path), "run")
    with trace.span("usage.dispatch_day"):
        pass

    def make(month):
        with trace.span(f"make usage.dispatch_day {month}", TASK), trace.span("a.sql", STATEMENT):
            pass

    threads = [Thread(target=make, args=(month,)) for month in ("2026-03-01", "2026-04-01")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    step, *others = trace.spans
    [cost] = traces.costs(trace)
    statements = sum(traces.seconds_of(span) for span in others if span.name == "a.sql")
    assert (cost.step, cost.seconds) == ("usage.dispatch_day", traces.seconds_of(step))
    assert cost.engine_seconds == pytest.approx(statements)


def test_the_flame_is_what_a_browser_draws(tmp_path):
    trace = Trace(Settings(home=tmp_path), "run")
    with trace.span("usage.dispatch_day") as span:
        trace.wrote(span, 3)
    trace.begin("beside")  # it is still open when the flame is written
    first = json.loads(json.dumps(traces.flame(trace)))["traceEvents"][0]
    assert (first["name"], first["cat"], first["ph"], first["args"]["rows"]) == ("usage.dispatch_day", "step", "X", 3)
    assert first["dur"] >= 0


def test_a_step_that_fails_is_recorded_and_closed(tmp_path):
    trace = Trace(Settings(home=tmp_path), "run")
    with pytest.raises(ValueError, match="no"), trace.span("broken"):
        raise ValueError("no")
    with trace.span("after"):
        pass
    root = trace.root.get_span_context().span_id
    assert [(s.name, s.parent.span_id) for s in trace.spans] == [("broken", root), ("after", root)]
