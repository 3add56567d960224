"""Metrics for Prometheus: counters of the servers' processes, and gauges read from disk at each scrape.

`transport.telemetry.counters` combines the processes' counters. Nothing here raises into the caller.
"""

from __future__ import annotations

import contextlib
from collections import Counter as Count
from collections.abc import Callable, Iterable, Iterator

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from catalog.tables.streams import STREAMS
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.operations import alerts
from transport.releases.store import Releases, age_hours
from transport.storage import backends
from transport.storage.journal import CLOCK_TOLERANCE
from transport.storage.landing import utc_now
from transport.telemetry import counters


def exposition(settings: Settings, *, home: bool = True) -> tuple[bytes, str]:
    """The body and content type of the response to `/metrics`.

    Args:
        settings: where the home is.
        home: with the gauges of the home, which one of its servers gives; without, only what the processes counted.
    """
    body = counters.prometheus_text(settings)
    if not home:
        return body, CONTENT_TYPE_PLAIN_0_0_4
    with contextlib.suppress(Exception):
        on_disk = CollectorRegistry()
        on_disk.register(_OnDisk(settings))
        body += generate_latest(on_disk)
    return body, CONTENT_TYPE_PLAIN_0_0_4


class _OnDisk(Collector):
    """Gauges of files on disk. A gauge that fails is left out; the others are kept."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def describe(self) -> Iterable[Metric]:
        """Nothing: registration must not touch the disk."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Read every gauge."""
        looks: tuple[Callable[[], Iterable[Metric]], ...] = (
            self._landing,
            self._release,
            self._disk,
            self._inbox,
            self._last_run,
            self._alerts,
        )
        for look in looks:
            metrics: list[Metric] = []
            with contextlib.suppress(Exception):
                metrics = list(look())
            yield from metrics

    def _landing(self) -> Iterable[Metric]:
        batches: Count[str] = Count()
        last: dict[str, float] = {}
        now = utc_now()
        for entry in alerts.landed(self._settings):
            batches[entry.stream] += 1
            if entry.received_at - now <= CLOCK_TOLERANCE:
                last[entry.stream] = max(last.get(entry.stream, 0.0), entry.received_at.timestamp())
        landed = GaugeMetricFamily("dif_landed_batches", "Batches in the landing.", labels=["stream"])
        latest = GaugeMetricFamily("dif_last_receipt_timestamp_seconds", "The last receipt.", labels=["stream"])
        for stream in (s for s in STREAMS if s in batches):
            landed.add_metric([stream], batches[stream])
            if stream in last:
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
        free = backends.free_bytes(self._settings)
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
            return ()  # no watch has run: a zero would claim that all is well
        family = GaugeMetricFamily("dif_alerts_firing", "Alerts, as the watch last saw them.", labels=["alert"])
        counts = Count(firing)
        for name in alerts.IDS:
            family.add_metric([name], counts[name])
        return (family,)
