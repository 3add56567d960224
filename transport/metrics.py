"""Figures for Prometheus: what the servers' processes counted, and what lies on disk at the moment of asking.

Several processes serve one home. The supervisor calls `prepare` before it starts any and gives them the environment it
returns: prometheus_client decides when it is first imported whether it counts in memory or in files that processes
share, and then `exposition` in any of them answers for all. Without that environment a process answers for itself.

Labels come from the contracts and from the words below; whatever else a stranger sends is `unknown`, so that nobody
can fill a memory with names. Nothing here raises into the caller.
"""

from __future__ import annotations

import contextlib
import functools
import shutil
from collections import Counter as Count
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector
from prometheus_client.values import ValueClass

from catalog.datasets import READABLE
from catalog.streams import STREAMS
from transport import alerts, inbox, keeping
from transport.eventlog import OUTCOMES
from transport.landing import utc_now
from transport.release import Releases, age_hours
from transport.settings import Settings

WIRES = ("flight", "http", "inbox")
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
    """Made at the first count and not at import: in a shared folder making one opens a file."""
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


def _one_of(name: str, known: Collection[str]) -> str:
    return name if name in known else UNKNOWN


def observe_batch(*, stream: str, outcome: str, wire: str, ms: float, rows: int = 0, bytes: int = 0) -> None:  # noqa: A002 - the name of the figure
    """Count a batch when it was answered; rows and bytes count only when it was accepted."""
    with contextlib.suppress(Exception):
        figures, named = _figures(), _one_of(stream, STREAMS)
        figures.batches.labels(named, _one_of(outcome, OUTCOMES), _one_of(wire, WIRES)).inc()
        figures.seconds.observe(max(ms, 0.0) / 1000)
        if outcome == "accepted":
            figures.rows.labels(named).inc(rows)
            figures.bytes.labels(named).inc(bytes)


def observe_read(*, dataset: str, outcome: str, wire: str) -> None:
    """Count a read when it was answered."""
    with contextlib.suppress(Exception):
        labels = _one_of(dataset, READABLE), _one_of(outcome, READ_OUTCOMES), _one_of(wire, WIRES)
        _figures().reads.labels(*labels).inc()


def stream_opened() -> None:
    """A batch begins to arrive."""
    with contextlib.suppress(Exception):
        _figures().open.inc()


def stream_closed() -> None:
    """It has ended, however it did."""
    with contextlib.suppress(Exception):
        _figures().open.dec()


def folder(settings: Settings) -> Path:
    """Where the processes of a home share what they count."""
    return settings.scratch / "metrics"


def prepare(settings: Settings) -> dict[str, str]:
    """Empty the shared folder; for the supervisor, before it starts a process.

    Returns:
        What the environment of each process it starts must hold.
    """
    shutil.rmtree(folder(settings), ignore_errors=True)
    folder(settings).mkdir(parents=True, exist_ok=True)
    return {ENVIRONMENT: str(folder(settings))}


def ended(settings: Settings, process: int) -> None:
    """A process of the supervisor's ended: what it had open is open no more; what it counted still counts."""
    with contextlib.suppress(OSError):
        mark_process_dead(process, str(folder(settings)))  # type: ignore[no-untyped-call]


def exposition(settings: Settings) -> tuple[bytes, str]:
    """Every figure: the body of an answer to `/metrics`, and its content type."""
    body = _counted()
    with contextlib.suppress(Exception):
        on_disk = CollectorRegistry()
        on_disk.register(_OnDisk(settings))
        body += generate_latest(on_disk)
    return body, CONTENT_TYPE_PLAIN_0_0_4


def _counted() -> bytes:
    for _ in range(_TRIES):  # another process may be at work in the file that is read
        with contextlib.suppress(Exception):
            if not ValueClass._multiprocess:  # noqa: SLF001 - it tells nobody otherwise
                return generate_latest(_figures().registry)
            shared = CollectorRegistry()
            MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
            return generate_latest(shared)
    return b""


class _OnDisk(Collector):
    """Figures of what lies on disk. One that cannot be had is left out; the others are not."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def describe(self) -> Iterable[Metric]:
        """Nothing: registering must not look at the disk."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Look."""
        looks: tuple[Callable[[], Iterable[Metric]], ...] = (
            self._landing,
            self._release,
            self._disk,
            self._inbox,
            self._last_run,
            self._alerts,
        )
        for look in looks:
            found: list[Metric] = []
            with contextlib.suppress(Exception):
                found = list(look())
            yield from found

    def _landing(self) -> Iterable[Metric]:
        batches: Count[str] = Count()
        last: dict[str, float] = {}
        for entry in alerts.landed(self._settings):
            batches[entry.stream] += 1
            last[entry.stream] = max(last.get(entry.stream, 0.0), entry.received_at.timestamp())
        landed = GaugeMetricFamily("dif_landed_batches", "Batches in the landing.", labels=["stream"])
        latest = GaugeMetricFamily("dif_last_receipt_timestamp_seconds", "The last receipt.", labels=["stream"])
        for stream in (s for s in STREAMS if s in batches):
            landed.add_metric([stream], batches[stream])
            latest.add_metric([stream], last[stream])
        return landed, latest

    def _release(self) -> Iterable[Metric]:
        current = Releases(self._settings).current()
        if current is None:
            return ()
        info = GaugeMetricFamily("dif_release_info", "The release that readers open.", labels=["release"])
        info.add_metric([current.name], 1)
        seconds = age_hours(current, utc_now()) * 3600
        return info, GaugeMetricFamily("dif_release_age_seconds", "Since it was published.", value=seconds)

    def _disk(self) -> Iterable[Metric]:
        free = keeping.free_bytes(self._settings)
        return (GaugeMetricFamily("dif_disk_free_bytes", "Free where batches are kept.", value=free),)

    def _inbox(self) -> Iterable[Metric]:
        waiting = GaugeMetricFamily(
            "dif_inbox_waiting_files", "Files that wait in the inbox.", value=len(inbox.pending(self._settings))
        )
        refused = GaugeMetricFamily(
            "dif_inbox_rejected_files", "Files that were refused.", value=len(alerts.refusals(self._settings))
        )
        return waiting, refused

    def _last_run(self) -> Iterable[Metric]:
        attempt = Releases(self._settings).last_attempt()
        failed = float(attempt.get("status") == "failed")
        return (GaugeMetricFamily("dif_last_run_failed", "1 when the last run did not publish.", value=failed),)

    def _alerts(self) -> Iterable[Metric]:
        firing = alerts.remembered(self._settings)
        if firing is None:
            return ()  # nobody looks: no zero may say that all is well
        family = GaugeMetricFamily("dif_alerts_firing", "Alerts, as the watch last saw them.", labels=["alert"])
        counts = Count(firing)
        for name in alerts.IDS:
            family.add_metric([name], counts[name])
        return (family,)
