"""A run's steps as an OpenTelemetry collector gets them, over HTTP."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from catalog.errors import BadSetting
from transport.base.settings import Settings
from transport.telemetry import traces
from transport.telemetry.profile import STATEMENT, Profile


@pytest.fixture
def collector():
    """A collector: its address, and what was sent to it."""
    sent: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self):
            sent.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", sent
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def profile():
    profile = Profile()
    with profile.span("usage.dispatch_day") as step:
        step.rows, step.bytes = 12, 345
        with profile.span("usage/dispatch_day.sql", STATEMENT):
            pass
    with profile.span("release"):
        pass
    return profile


def test_a_collector_gets_the_steps_of_a_run_each_in_the_one_that_it_was_part_of(collector, profile, tmp_path):
    address, sent = collector
    traces.send(profile, Settings(home=tmp_path, traces_url=address), release="2026-11-29.1")
    [(path, body)] = sent
    assert path == "/v1/traces"
    [resource] = ExportTraceServiceRequest.FromString(body).resource_spans
    spans = {span.name: span for scope in resource.scope_spans for span in scope.spans}
    assert {k: spans[k].parent_span_id for k in spans} == {
        "run": b"",
        "usage.dispatch_day": spans["run"].span_id,
        "usage/dispatch_day.sql": spans["usage.dispatch_day"].span_id,
        "release": spans["run"].span_id,
    }
    facts = {a.key: a.value.int_value or a.value.string_value for a in spans["usage.dispatch_day"].attributes}
    assert facts == {"dif.kind": "step", "dif.rows": 12, "dif.bytes": 345}
    step, statement = spans["usage.dispatch_day"], spans["usage/dispatch_day.sql"]
    assert step.start_time_unix_nano <= statement.start_time_unix_nano
    assert statement.end_time_unix_nano <= step.end_time_unix_nano <= spans["run"].end_time_unix_nano
    assert [a.value.string_value for a in spans["run"].attributes if a.key == "dif.release"] == ["2026-11-29.1"]


def test_a_run_that_was_stopped_is_an_error_of_its_kind(collector, profile, tmp_path):
    address, sent = collector
    traces.send(profile, Settings(home=tmp_path, traces_url=address), problem="no_room")
    [resource] = ExportTraceServiceRequest.FromString(sent[0][1]).resource_spans
    [run] = [span for scope in resource.scope_spans for span in scope.spans if span.name == "run"]
    assert (run.status.code, run.status.message) == (2, "no_room")


def test_without_a_collector_nothing_is_sent_and_one_that_is_away_fails_nothing(profile, tmp_path, monkeypatch):
    monkeypatch.setattr(traces, "_PATIENCE", 0.2)
    traces.send(profile, Settings(home=tmp_path))
    traces.send(profile, Settings(home=tmp_path, traces_url="http://127.0.0.1:9"))
    monkeypatch.setattr(traces, "find_spec", lambda _name: None)
    with pytest.raises(BadSetting, match=r"requirements/cluster\.txt"):
        traces.check(Settings(home=tmp_path, traces_url="http://127.0.0.1:9"))
