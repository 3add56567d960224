"""Figures for Prometheus are right over processes, bounded whatever strangers send, and never in the caller's way."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from catalog.tables.streams import STREAMS
from transport.base.settings import PROJECT, Settings
from transport.operations import alerts, metrics
from transport.storage.landing import utc_now
from transport.telemetry import counters

HEAD = (
    "import sys, os\n"
    "from pathlib import Path\n"
    "from transport.operations import metrics\n"
    "from transport.telemetry import counters as m\n"
    "from transport.base.settings import Settings\n"
    "home = Settings(home=Path(sys.argv[1]))\n"
)


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def parsed(body: bytes | str) -> dict[tuple[str, frozenset], float]:
    text = body if isinstance(body, str) else body.decode()
    return {
        (s.name, frozenset(s.labels.items())): s.value
        for family in text_string_to_metric_families(text)
        for s in family.samples
        if not s.name.endswith("_created")
    }


def value(figures, name, **labels):
    return figures.get((name, frozenset(labels.items())))


def python(settings, script, environment=(), **more):
    """A process of its own: prometheus_client decides once a process how it counts."""
    return subprocess.Popen(
        [sys.executable, "-c", HEAD + script, str(settings.home)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=PROJECT,
        env={**os.environ, **dict(environment)}, **more,
    )  # fmt: skip


def ran(settings, script, environment=()):
    process = python(settings, script, environment)
    out, _ = process.communicate()
    assert process.returncode == 0
    return out


COUNT = (
    "for i in range(3):\n"
    "    m.observe_batch(stream='dispatch', outcome='accepted', wire='flight', ms=7, rows=10, bytes=100)\n"
    "m.observe_batch(stream='dispatch', outcome='duplicate', wire='http', ms=2, rows=10, bytes=100)\n"
    "m.observe_read(dataset='usage.dispatch_day', outcome='served', wire='http')\n"
    "m.stream_opened(); m.stream_opened(); m.stream_closed()\n"
)
SHOW = "sys.stdout.write(metrics.exposition(home)[0].decode())\n"


def test_a_process_alone_answers_for_itself(settings):
    figures = parsed(ran(settings, COUNT + SHOW))
    assert value(figures, "dif_batches_total", stream="dispatch", outcome="accepted", wire="flight") == 3
    assert value(figures, "dif_batches_total", stream="dispatch", outcome="duplicate", wire="http") == 1
    assert value(figures, "dif_rows_total", stream="dispatch") == 30
    assert value(figures, "dif_bytes_total", stream="dispatch") == 300
    assert value(figures, "dif_batch_seconds_count") == 4
    assert value(figures, "dif_batch_seconds_bucket", le="0.005") == 1
    assert value(figures, "dif_batch_seconds_bucket", le="0.01") == 4
    assert value(figures, "dif_batch_seconds_bucket", le="60.0") == 4
    assert value(figures, "dif_reads_total", dataset="usage.dispatch_day", outcome="served", wire="http") == 1
    assert value(figures, "dif_streams_open") == 1


def test_one_server_answers_for_all_and_one_that_starts_again_begins_from_nothing(settings):
    flight, http = (counters.variables(settings, name) for name in ("flight", "http"))
    for name in ("flight", "http"):
        counters.begin(settings, name)
    ran(settings, COUNT, flight)
    both = parsed(ran(settings, COUNT + SHOW, http))
    assert value(both, "dif_batches_total", stream="dispatch", outcome="accepted", wire="flight") == 6
    assert value(both, "dif_batch_seconds_bucket", le="0.01") == 8
    assert value(both, "dif_streams_open") == 2
    counters.begin(settings, "flight")
    after = parsed(ran(settings, SHOW, http))
    assert value(after, "dif_batches_total", stream="dispatch", outcome="accepted", wire="flight") == 3
    assert value(after, "dif_streams_open") == 1


def test_a_folder_that_is_gone_costs_the_counts_and_nothing_else(settings):
    figures = parsed(ran(settings, COUNT + SHOW, {counters.ENVIRONMENT: str(settings.home / "nowhere")}))
    assert value(figures, "dif_disk_free_bytes") > 0


def test_names_that_strangers_send_become_one_unknown(settings):
    script = (
        "for i in range(500):\n"
        "    m.observe_batch(stream=f's{i}', outcome=f'o{i}', wire=f'w{i}', ms=float('nan'), rows=-5, bytes=-5)\n"
        "    m.observe_read(dataset=f'd{i}', outcome=f'o{i}', wire=f'w{i}')\n"
        "m.observe_batch(stream=['x'], outcome=None, wire={}, ms='x')\n"
    )
    figures = parsed(ran(settings, script + SHOW))
    assert value(figures, "dif_batches_total", stream="unknown", outcome="unknown", wire="unknown") == 500
    assert value(figures, "dif_reads_total", dataset="unknown", outcome="unknown", wire="unknown") == 500
    assert len([name for name, _ in figures if name in ("dif_batches_total", "dif_reads_total")]) == 2


def test_what_lies_on_disk_is_told_at_the_moment_of_asking(home, batch):
    empty = parsed(metrics.exposition(home.settings)[0])
    assert value(empty, "dif_inbox_waiting_files") == 0
    assert value(empty, "dif_last_run_failed") == 0
    assert not [name for name, _ in empty if name in ("dif_landed_batches", "dif_release_info", "dif_alerts_firing")]

    home.put("dispatch/a/one.csv", batch("dispatch"))
    home.put("adoption/a/broken.csv", b"this is no batch\n")
    home.take_in()
    home.put("dispatch/a/two.csv", batch("dispatch", 4))
    (home.settings.releases).mkdir()
    (home.settings.releases / "last_attempt.json").write_text('{"status": "failed", "at": "2026-03-02T12:00:00+00:00"}')
    body, content_type = metrics.exposition(home.settings)
    figures = parsed(body)
    assert content_type.startswith("text/plain")
    assert value(figures, "dif_landed_batches", stream="dispatch") == 1
    assert value(figures, "dif_last_receipt_timestamp_seconds", stream="dispatch") == pytest.approx(
        home.landing.entries[0].received_at.timestamp()
    )
    assert value(figures, "dif_inbox_waiting_files") == 1
    assert value(figures, "dif_inbox_rejected_files") == 1
    assert value(figures, "dif_last_run_failed") == 1
    assert value(figures, "dif_disk_free_bytes") > 0
    assert {dict(labels)["stream"] for _, labels in figures if dict(labels).get("stream")} <= {*STREAMS, "unknown"}


def test_alerts_are_told_once_the_watch_has_looked(home):
    now = utc_now()
    settings = home.settings.but(disk_reserve_mb=10**12)
    alerts.watch(settings, now)
    figures = parsed(metrics.exposition(settings)[0])
    assert value(figures, "dif_alerts_firing", alert="disk") == 1
    assert value(figures, "dif_alerts_firing", alert="damage") == 0
    assert {dict(labels)["alert"] for name, labels in figures if name == "dif_alerts_firing"} == set(alerts.IDS)


def test_one_figure_that_cannot_be_had_hides_no_other(home, batch):
    home.put("dispatch/a/one.csv", batch("dispatch"))
    home.take_in()
    journal = home.settings.landing / "journal"
    journal.write_bytes(b"00000000 " + journal.read_bytes()[9:])
    (home.settings.releases).mkdir()
    (home.settings.releases / "last_attempt.json").write_text("{")
    figures = parsed(metrics.exposition(home.settings)[0])
    assert value(figures, "dif_landed_batches", stream="dispatch") is None
    assert value(figures, "dif_disk_free_bytes") > 0
