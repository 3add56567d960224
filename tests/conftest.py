"""How much of the suite is run, and what is told of its time."""

from __future__ import annotations

import fcntl
import gc
import os
import shutil
from collections import Counter
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.thorough import QUICK, THOROUGH

if TYPE_CHECKING:
    from opentelemetry.proto.trace.v1.trace_pb2 import Span

LONGEST = 5.0
"""Seconds after which a test must say why: it is marked `long`, or `slow` and left to `make test-all`."""
IN_MEMORY, ROOM = Path("/dev/shm"), 6 << 30
"""Where tests write if that many bytes are free: homes of a thousand small files, which a disk takes five times as long
for."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take `--thorough`, which is what `make test-all` adds."""
    parser.addoption("--thorough", action="store_true", help="run the slow tests too, and every example of the others")


def pytest_configure(config: pytest.Config) -> None:
    """Choose how many examples Hypothesis tries, and where tests write, unless `PYTEST_DEBUG_TEMPROOT` says so."""
    gc.disable()  # until all is collected: what is loaded stays, and to look for garbage in it takes a second
    settings.load_profile(THOROUGH if config.getoption("--thorough") else QUICK)
    with suppress(OSError):
        if shutil.disk_usage(IN_MEMORY).free > ROOM:
            os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let each worker begin with another folder, so that in a fresh checkout they do not all compile the same tests."""
    report = yield
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    if isinstance(collector, pytest.Directory):
        first = len(report.result) * int(worker) // int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
        report.result = report.result[first:] + report.result[:first]
    return report


@pytest.hookimpl(tryfirst=True)  # before they are shuffled, which is the same in each worker
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the slow tests, but for those that are asked for by name."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=lambda item: item.nodeid)
    named = [arg for arg in config.args if "::" in arg]
    if config.getoption("--thorough") or named:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if not item.get_closest_marker("slow")]


@pytest.fixture(scope="session")
def once(tmp_path_factory, worker_id):
    """Fill a folder once, by whichever worker comes first; the others wait for it."""
    base = tmp_path_factory.getbasetemp()

    def once(name, fill):
        folder = (base if worker_id == "master" else base.parent) / name
        folder.mkdir(exist_ok=True)
        with (folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "filled").exists():
                fill(folder)
                (folder / "filled").touch()
        return folder

    return once


@pytest.fixture(scope="session")
def sample_of_ledgers(once) -> Path:
    """A home with the sample release that has ledgers. Shared by all workers: take a copy."""
    from tests.dashboards import sample_ledger
    from transport.base.settings import Settings

    return once("sample-of-ledgers", lambda folder: sample_ledger.publish(Settings(home=folder / "home"))) / "home"


def pytest_collection_finish() -> None:
    """Leave what is loaded to stay: to look through it for garbage again and again took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    gc.enable()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell where the time went: the ten slowest modules, and each test that took long and does not say why."""
    modules, tests = Counter[str](), Counter[str]()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                modules[report.nodeid.partition("::")[0]] += report.duration
                # what a fixture takes is shared by those that come after
                if report.when == "call" and report.duration > LONGEST and not {"slow", "long"} & {*report.keywords}:
                    tests[report.nodeid] = report.duration
    if not modules:
        return
    terminalreporter.section("the ten modules that took longest")
    for module, seconds in modules.most_common(10):
        terminalreporter.line(f"{seconds:7.1f} s  {module}")
    if tests:
        terminalreporter.section(f"over {LONGEST:g} s without saying why")
        for test, seconds in tests.most_common():
            terminalreporter.line(f"{seconds:7.1f} s  {test}")


@dataclass
class Listener:
    """A server on loopback that keeps what is posted to it.

    Attributes:
        status: what it answers.
        sent: path, headers and body of each request.
    """

    address: str = ""
    status: int = 200
    sent: list[tuple[str, Mapping[str, str], bytes]] = field(default_factory=list)

    @property
    def spans(self) -> list[Span]:
        """The spans of all traces that came, as OpenTelemetry's own schema reads them."""
        from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

        requests = [ExportTraceServiceRequest.FromString(body) for path, _, body in self.sent if path == "/v1/traces"]
        return [
            s for request in requests for r in request.resource_spans for scope in r.scope_spans for s in scope.spans
        ]


def facts_of(span: Span) -> dict[str, object]:
    """The attributes of a span."""
    return {a.key: getattr(a.value, a.value.WhichOneof("value")) for a in span.attributes}


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A collector of traces, or a server of lineage."""
    with listening() as listener:
        yield listener


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen for as long as it is needed."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listener.sent.append((self.path, dict(self.headers), body))
            self.send_response(listener.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield listener
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
