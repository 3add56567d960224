"""Prometheus metrics of the server processes.

Several servers serve one home, each a process of its own that counts in files of a folder of its own, so that the HTTP
server can answer for all. prometheus_client decides at its first import whether it counts in memory or in files, by the
environment that `variables` gives; without it, a process answers for itself. A server's counts begin anew when it
starts, as Prometheus expects.

Labels come from the contracts and from the constants below. Anything else becomes `unknown`, so that nobody can exhaust
memory with names. Nothing here raises into the caller.
"""

from __future__ import annotations

import contextlib
import functools
import shutil
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from catalog.tables.datasets import READABLE
from catalog.tables.streams import STREAMS
from transport.base.settings import Settings, environment
from transport.telemetry.event_log import OUTCOMES

WIRES = ("flight", "http", "inbox", "share", "mcp")
READ_OUTCOMES = ("served", "refused", "failed", "ended")
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
UNKNOWN = "unknown"
ENVIRONMENT = "PROMETHEUS_MULTIPROC_DIR"
_TRIES = 3


@dataclass(frozen=True, slots=True)
class _Figures:
    registry: CollectorRegistry
    batches: Counter
    rows: Counter
    bytes: Counter
    seconds: Histogram
    reads: Counter
    open: Gauge


@functools.cache
def _figures() -> _Figures:
    """Create the metrics at the first count, not at import: in a shared folder, creating one opens a file."""
    to = CollectorRegistry()
    return _Figures(
        registry=to,
        batches=Counter("dif_batches", "Batches, by how they ended.", ["stream", "outcome", "wire"], registry=to),
        rows=Counter("dif_rows", "Rows of accepted batches.", ["stream"], registry=to),
        bytes=Counter("dif_bytes", "Bytes of accepted batches, as kept.", ["stream"], registry=to),
        seconds=Histogram(
            "dif_batch_seconds", "From a batch's first byte to its answer.", registry=to, buckets=SECONDS
        ),
        reads=Counter("dif_reads", "Reads of a dataset.", ["dataset", "outcome", "wire"], registry=to),
        open=Gauge("dif_streams_open", "Batches that are arriving now.", registry=to, multiprocess_mode="livesum"),
    )


def _one_of(name: str, allowed: Collection[str]) -> str:
    return name if name in allowed else UNKNOWN


def observe_batch(*, stream: str, outcome: str, wire: str, ms: float, rows: int = 0, bytes: int = 0) -> None:  # noqa: A002 - the name of the figure
    """Count an answered batch; rows and bytes count only if it was accepted."""
    with contextlib.suppress(Exception):
        figures, stream_label = _figures(), _one_of(stream, STREAMS)
        figures.batches.labels(stream_label, _one_of(outcome, OUTCOMES), _one_of(wire, WIRES)).inc()
        figures.seconds.observe(max(ms, 0.0) / 1000)
        if outcome == "accepted":
            figures.rows.labels(stream_label).inc(rows)
            figures.bytes.labels(stream_label).inc(bytes)


def observe_read(*, dataset: str, outcome: str, wire: str) -> None:
    """Count an answered read."""
    with contextlib.suppress(Exception):
        labels = _one_of(dataset, READABLE), _one_of(outcome, READ_OUTCOMES), _one_of(wire, WIRES)
        _figures().reads.labels(*labels).inc()


def stream_opened() -> None:
    """Count a batch that begins to arrive."""
    with contextlib.suppress(Exception):
        _figures().open.inc()


def stream_closed() -> None:
    """Count a batch as ended, however it ended."""
    with contextlib.suppress(Exception):
        _figures().open.dec()


def counter_folder(settings: Settings) -> Path:
    """The folder below which the servers of a home have their counts, each in a folder of its name."""
    return settings.scratch / "metrics"


def variables(settings: Settings, server: str) -> dict[str, str]:
    """What the environment of a server's process must have from its start."""
    return {ENVIRONMENT: str(counter_folder(settings) / server)}


def begin(settings: Settings, server: str) -> None:
    """Empty the server's folder; for its process, before the first count, once it holds the server's lock."""
    folder = counter_folder(settings) / server
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


class _OfAllServers(Collector):
    """The counts of every server of a home.

    The numbers of two servers' processes may be the same where each has a container of its own.
    """

    def __init__(self, settings: Settings) -> None:
        self._folder = counter_folder(settings)

    def describe(self) -> Iterable[Metric]:
        """Nothing: registration must not read the files."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Add up the files of all."""
        merged: Iterable[Metric] = MultiProcessCollector.merge(map(str, self._folder.glob("*/*.db")))  # type: ignore[no-untyped-call]
        return merged


def prometheus_text(settings: Settings) -> bytes:
    """The metrics of this home's servers in Prometheus text format; empty when they cannot be read."""
    for _ in range(_TRIES):  # another process may be writing to the file
        with contextlib.suppress(Exception):
            if ENVIRONMENT not in environment({}):
                return generate_latest(_figures().registry)
            shared = CollectorRegistry()
            shared.register(_OfAllServers(settings))
            return generate_latest(shared)
    return b""
