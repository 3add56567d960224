"""Alerts fire for what somebody should act on, are told once by real channels, and told once more when it is over."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.errors import BadSetting
from catalog.tables import quality
from catalog.tables.streams import STREAMS
from pipelines.cli import main
from tests.mail_server import MailServer
from transport.auth.tokens import Rights, Tokens
from transport.base import atomic_files
from transport.base.settings import PROJECT
from transport.ingest.batch_validator import BatchValidator
from transport.operations import alerts, server_state
from transport.operations.alerts import Alert
from transport.releases.store import Releases
from transport.storage.landing import Arrival, open_landing
from transport.telemetry import event_log

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
"""A Wednesday, 13:00 in Oslo."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CAME, GAP, SOON, MORE = "RECEIVED", "MISSING", "NOT_YET_DUE", "UNEXPECTED"


@pytest.fixture
def house(tmp_path, make_home, batch):
    """A home with room on its disk, in which batches land at given moments."""

    class House:
        def __init__(self):
            self.home = make_home(tmp_path / "home", disk_reserve_mb=0)
            self.settings = self.home.settings
            self.landing = open_landing(self.settings)
            self.count = 0

        def land(self, *moments, stream="measurement", producer="a", synthetic=False):
            first = self.landing.temporary(stream, producer, "x")
            with BatchValidator(STREAMS[stream], first, producer=producer, synthetic=synthetic) as door:
                door.add(batch(stream, 1))
                validated = door.close()
            arrivals = []
            for moment in moments:
                self.count += 1
                path = self.landing.temporary(stream, producer, "x")
                shutil.copyfile(first, path)
                came = replace(validated, arrived_at=moment.isoformat())
                arrivals.append(Arrival(path, came, STREAMS[stream], producer, f"b-{self.count}"))
            first.unlink()
            self.landing.keep(arrivals, now=NOW)

        def fires(self, now=NOW, **more):
            return {a.key: a for a in alerts.firing(self.settings.but(**more), now)}

        def release(self, name, quarantined, parent=None):
            folder = self.settings.releases / name
            twin = folder / "parquet" / "quality.accounting"
            twin.mkdir(parents=True)
            names = list(quarantined)
            table = pa.table(
                {
                    "stream": pa.array(names, pa.string()),
                    "quarantined": pa.array([quarantined[n] for n in names], pa.int64()),
                }
            )
            pq.write_table(table, twin / "part.parquet")
            size = (twin / "part.parquet").stat().st_size
            files = {"parquet/quality.accounting/part.parquet": {"bytes": size, "sha256": ""}}
            manifest = {"release": name, "parent": parent, "published_at": NOW.isoformat(), "files": files}
            (folder / "manifest.json").write_text(json.dumps(manifest))
            pointer = self.settings.releases / "current"
            pointer.unlink(missing_ok=True)
            pointer.symlink_to(name)

        def expected(self, name, *senders):
            """A release that knows who should have delivered: producer, organisation, statuses by day, synthetic.

            The days end with 20 November; each is due by the end of the second day after it.
            """
            rows = [
                {"producer": producer, "stream": "dispatch", "organisation_number": number, "day": day,
                 "due_on": day + 2 * DAY, "expected": status != MORE, "status": status,
                 "received": status not in {GAP, SOON}, "synthetic": synthetic}
                for producer, number, statuses, synthetic in senders
                for day, status in zip((date(2026, 11, 21) - n * DAY for n in range(len(statuses), 0, -1)), statuses,
                                       strict=True)
            ]  # fmt: skip
            self.release(name, {})
            twin = self.settings.releases / name / "parquet" / "quality.expected_reporter"
            twin.mkdir()
            pq.write_table(pa.Table.from_pylist(rows, quality.EXPECTED_REPORTER.arrow_schema), twin / "part.parquet")

    return House()


class Channel:
    """What a real channel received."""

    def __init__(self):
        self.got: list[str] = []
        self.status = 200
        self.values: list[dict] = []
        self.meanwhile = None
        self.asked = 0


@pytest.fixture
def webhook(monkeypatch):
    """A real HTTP server on this machine."""
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    channel = Channel()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            value = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if channel.status == 200:
                channel.got.append(value["message"])
                channel.values.append(value)
            meanwhile, channel.meanwhile = channel.meanwhile, None
            if meanwhile:
                meanwhile()
            self.send_response(channel.status)
            if channel.status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def do_GET(self):
            channel.asked += 1
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    channel.http = f"http://127.0.0.1:{server.server_port}/hook/very-secret"
    channel.address = channel.http.replace("http", "json", 1)
    channel.settings = {"alert_urls": channel.address}
    yield channel
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def mail():
    """A real SMTP server on this machine."""
    with MailServer() as channel:
        port = urlsplit(channel.settings["smtp_url"]).port
        people = "from=dif@kommune.test&to=vakt@kommune.test,drift@kommune.test"
        channel.address = f"mailto://127.0.0.1:{port}?mode=insecure&format=text&{people}"
        channel.settings = {"alert_urls": channel.address}
        yield channel


def an_alert(name="disk", about="", what="Det er 3 MB igjen på disken.", since=NOW):
    return Alert(name, alerts.URGENCY[name], what, since, "Alle produsenter.", "dif status", about)


def head(text):
    """How a message begins, after the name of the home."""
    return text.split("] ")[1].split(":")[0]


# --- what fires ------------------------------------------------------------------------------------------------------


def test_a_home_that_never_got_anything_is_silent(house):
    assert house.fires() == {}
    assert not house.settings.home.exists()


def test_a_stream_that_is_never_silent_for_hours_fires_when_it_is_and_says_whom_it_touches(house):
    last = NOW - 7 * HOUR
    house.land(*(last - n * 5 * HOUR for n in range(20, -1, -1)))
    assert house.fires(last + 5 * HOUR) == {}
    alert = house.fires()["no_receipts:measurement"]
    assert (alert.urgency, alert.since) == ("now", last)
    assert "Måling av bruk" in alert.what
    assert "25.11.2026 kl. 06.00" in alert.what  # as the clock in Oslo showed
    assert "a" in alert.touches
    house.land(NOW + 4000 * DAY)  # by a clock that was ahead: nobody knows when it came
    assert set(house.fires()) == {"no_receipts:measurement", "clock:journal"}
    house.landing.trust_clock(by="drift", reason="the clock was ahead", now=NOW)
    assert set(house.fires()) == {"no_receipts:measurement"}
    house.land(NOW - HOUR)
    assert house.fires() == {}


@pytest.mark.parametrize("shift", [timedelta(), timedelta(minutes=40)])
def test_a_stream_that_comes_each_week_fires_when_its_time_has_passed_and_not_before(house, shift):
    monday = datetime(2026, 11, 23, 8, tzinfo=UTC)
    house.land(*(monday - n * 7 * DAY + shift for n in (5, 4, 3, 2, 1)))
    assert house.fires(monday + 5 * HOUR) == {}
    assert list(house.fires(monday + 7 * HOUR)) == ["no_receipts:measurement"]
    assert "no_receipts:measurement" in house.fires(monday + 9 * DAY)


@pytest.mark.parametrize("ago", [7 * HOUR, 3 * DAY, 20 * DAY, 29 * DAY])
def test_a_monthly_stream_does_not_fire(house, ago):
    house.land(*(NOW - ago - n * 30 * DAY for n in range(6, -1, -1)))
    assert house.fires() == {}


def test_files_that_were_laid_in_once_are_no_habit(house):
    house.land(*(NOW - 10 * DAY + timedelta(seconds=n) for n in range(20)))
    assert house.fires() == {}


def test_weekends_of_a_stream_that_rests_then_do_not_fire(house):
    monday = datetime(2026, 10, 26, 7, tzinfo=UTC)
    house.land(
        *(monday + (week * 7 + day) * DAY + h * HOUR for week in range(4) for day in range(5) for h in (0, 4, 8))
    )
    friday = monday + 25 * DAY + 8 * HOUR
    for hours in range(7, 62, 3):
        assert house.fires(friday + hours * HOUR) == {}
    assert "no_receipts:measurement" in house.fires(friday + 3 * DAY + 2 * HOUR)


def test_simulated_batches_and_registers_make_no_habit(house):
    moments = [NOW - 9 * HOUR - n * 4 * HOUR for n in range(30, -1, -1)]
    house.land(*moments, synthetic=True)
    house.land(*moments, stream="register")
    assert house.fires() == {}


def test_a_stream_that_nobody_sends_any_more_ends_by_itself(house):
    house.land(*(NOW - n * 4 * HOUR for n in range(30, -1, -1)))
    assert {"no_receipts:measurement", "late_producer:measurement/a"} <= set(house.fires(NOW + 20 * DAY))
    assert house.fires(NOW + 29 * DAY) == {}


def test_a_producer_is_late_by_its_own_habit_while_the_stream_goes_on(house):
    house.land(*(NOW - 3 * DAY - n * 12 * HOUR for n in range(8, -1, -1)), producer="a")
    house.land(*(NOW - n * 5 * HOUR for n in range(30, -1, -1)), producer="b")
    assert set(house.fires()) == {"late_producer:measurement/a"}
    alert = house.fires()["late_producer:measurement/a"]
    assert (alert.urgency, alert.since) == ("morning", NOW - 3 * DAY + 36 * HOUR)
    assert "a er sen med «Måling av bruk»" in alert.what
    assert "12 t 0 min" in alert.what
    assert alert.key not in house.fires(NOW - 3 * DAY + 35 * HOUR)


def test_a_token_that_ends_fires_a_month_before_until_another_of_its_name_lasts(house):
    tokens = Tokens(house.settings)
    rights = Rights("svarut", frozenset({"*"}), None, frozenset())
    old, _, _ = tokens.add("svarut", rights, now=NOW, days=60)
    tokens.add("for alltid", rights, now=NOW)
    assert house.fires(NOW + 29 * DAY) == {}
    alert = house.fires(NOW + 31 * DAY)[f"token_ends:{old.id}"]
    assert (alert.urgency, "utløper" in alert.what, "svarut" in alert.touches) == ("morning", True, True)
    assert "utløp " in house.fires(NOW + 61 * DAY)[f"token_ends:{old.id}"].what
    tokens.add("svarut", rights, now=NOW + 31 * DAY, days=365)
    assert house.fires(NOW + 31 * DAY) == {}


def test_a_producer_that_lacks_some_of_its_organisations_fires_until_a_release_has_them(house):
    silent = [("a", f"90000000{n}", [CAME, GAP, CAME, GAP, GAP, SOON], False) for n in range(3)]
    house.expected("2026-11-24.1", *silent, ("a", "900000009", [GAP, "LATE", CAME], False))
    alert = house.fires()["missing_reporters:dispatch/a"]
    assert set(house.fires()) == {alert.key}
    assert alert.urgency == "morning"
    # the 18th is the first day of the gap that stands; it was due by the end of the 20th
    assert alert.since == datetime(2026, 11, 20, 23, tzinfo=UTC)
    assert "a har ikke levert «Statusendringer for forsendelser» som ventet for 3 virksomheter" in alert.what
    assert "ikke null bruk" in alert.what
    assert "900000000, 900000001, 900000002." in alert.touches
    assert [m.organisation_number for m in alerts.missing_deliveries(Releases(house.settings).current())] == [
        "900000000", "900000001", "900000002",
    ]  # fmt: skip
    house.release("2026-11-24.2", {})  # as they were before anybody knew what to expect
    assert (house.fires(), alerts.missing_deliveries(Releases(house.settings).current())) == ({}, None)
    house.expected("2026-11-25.1", *((*sender[:2], [*sender[2], CAME], False) for sender in silent))
    assert house.fires() == {}


@pytest.mark.parametrize(
    "senders",
    [
        [("a", "900000000", [GAP], False), ("a", "900000001", [GAP], False)],
        [("a", f"90000000{n}", [CAME, GAP], True) for n in range(9)],
        [("a", f"90000000{n}", [CAME, SOON], False) for n in range(9)],
        [("a", f"90000000{n}", [GAP, CAME, MORE, SOON], False) for n in range(9)],
        [(f"producer-{n}", f"90000000{n}", [GAP], False) for n in range(9)],
    ],
    ids=["two only", "simulated", "not due yet", "came since", "one each"],
)
def test_gaps_that_are_few_simulated_not_due_or_over_do_not_fire(house, senders):
    house.expected("2026-11-24.1", *senders)
    assert house.fires() == {}


def test_a_nearly_full_disk_fires_until_there_is_a_tenth_more(house):
    free = alerts.free_bytes(house.settings) // 2**20
    assert "disk" not in house.fires(disk_reserve_mb=free // 2)
    short = house.settings.but(disk_reserve_mb=free * 2)
    alert = house.fires(disk_reserve_mb=free * 2)["disk"]
    assert alert.urgency == "now"
    assert str(free * 2) in alert.what
    alerts.notify(short, [alert], NOW)
    assert house.fires(NOW + HOUR, disk_reserve_mb=int(free * 0.95))["disk"].since == NOW
    assert "disk" not in house.fires(NOW + HOUR, disk_reserve_mb=int(free * 0.8))


def test_a_batch_that_is_gone_or_cut_fires_with_its_sender(house):
    house.land(NOW - HOUR, NOW - HOUR, NOW - HOUR, producer="fagsystem")
    assert house.fires() == {}
    first, second, _ = house.landing.entries
    house.landing.file(first).unlink()
    house.landing.file(second).chmod(0o600)
    os.truncate(house.landing.file(second), 50)
    alert = house.fires()["damage:landing"]
    assert alert.urgency == "now"
    assert alert.what.startswith("2 sendinger")
    assert first.file in alert.what
    assert "fagsystem (measurement)" in alert.touches
    assert alert.next.startswith("dif doctor --mend --from BACKUP")
    for name, there in (("b-1", True), ("b-2", True)):
        assert f"be fagsystem sende {name} på nytt" in house.fires()["damage:landing"].next or not there
        entry = house.landing.entry_named("measurement", "fagsystem", name)
        house.landing.withdraw(entry, by="drift", reason="lost", now=NOW)
    assert house.fires() == {}


def test_a_lost_batch_that_the_mirror_has_is_mended_from_there(house, tmp_path):
    house.settings = house.settings.but(mirror=tmp_path / "mirror")
    house.landing = open_landing(house.settings)
    house.land(NOW - HOUR)
    house.landing.file(house.landing.entries[0]).unlink()
    alert = house.fires()["damage:landing"]
    assert alert.what.startswith("1 sending mangler på disken eller er ikke like stor som")
    assert alert.next == "dif doctor --mend"


@pytest.mark.parametrize("how", ["flip", "cut", "gone"])
def test_a_journal_that_is_not_what_was_written_fires_in_a_process_that_read_it_before(house, how):
    house.land(NOW - HOUR, NOW - HOUR)
    assert house.fires() == {}
    journal = house.settings.landing / "journal"
    text = journal.read_bytes()
    if how == "gone":
        journal.unlink()
    else:
        journal.write_bytes(text[:40] + b"#" + text[41:] if how == "flip" else text[: text.index(b"\n") + 1])
    assert list(house.fires()) == ["damage:journal"]
    journal.write_bytes(text)
    assert house.fires() == {}


def test_a_release_whose_files_are_gone_fires(house):
    house.release("2026-11-24.1", {})
    assert house.fires() == {}
    part = house.settings.releases / "2026-11-24.1" / "parquet" / "quality.accounting" / "part.parquet"
    part.write_bytes(b"x")
    assert "part.parquet" in house.fires()["damage:release"].what
    (house.settings.releases / "2026-11-24.1" / "manifest.json").write_text("{")
    assert "innholdsliste" in house.fires()["damage:release"].what
    shutil.rmtree(house.settings.releases / "2026-11-24.1")
    assert house.fires()["damage:release"].what == "Gjeldende utgave er borte."


def test_a_home_whose_pointer_to_the_current_release_was_lost_fires(house):
    house.release("2026-11-24.1", {})
    (house.settings.releases / "current").unlink()  # as by a tool that copies no links
    assert house.fires()["damage:release"].what == "Gjeldende utgave er borte."


def test_a_failed_run_fires_with_the_checks_that_said_no(house):
    house.settings.releases.mkdir(parents=True)
    attempt = {
        "status": "failed", "kind": "gate_failed", "problem": "p", "mend": "m", "at": "2026-11-25T05:00:00+00:00",
        "failed_checks": [{"dataset": "usage.dispatch_day", "check": "sums_tie", "unexpected": 3}],
    }  # fmt: skip
    (house.settings.releases / "last_attempt.json").write_text(json.dumps(attempt))
    alert = house.fires()["failed_check"]
    assert (alert.urgency, alert.since) == ("morning", datetime(2026, 11, 25, 5, tzinfo=UTC))
    assert "usage.dispatch_day.sums_tie" in alert.what
    (house.settings.releases / "last_attempt.json").write_text(json.dumps(attempt | {"status": "nothing_new"}))
    assert house.fires() == {}


@pytest.mark.parametrize(
    ("before", "after", "fires"),
    [(1000, 1201, True), (1000, 1199, False), (100, 199, False), (0, 101, True), (500, 100, False), (10, 111, True)],
)
def test_quarantine_fires_when_it_grew_by_a_fifth_and_a_hundred_rows_from_one_release_to_the_next(
    house, before, after, fires
):
    house.release("2026-11-23.1", {"dispatch": before, "adoption": 5})
    house.release("2026-11-24.1", {"dispatch": after, "adoption": 5}, parent="2026-11-23.1")
    found = house.fires()
    assert set(found) == ({"growing_quarantine"} if fires else set())
    if fires:
        assert f"fra {before} til {after}" in found["growing_quarantine"].what
        assert "adoption" not in found["growing_quarantine"].touches
    shutil.rmtree(house.settings.releases / "2026-11-23.1")
    assert house.fires() == {}


def test_refused_files_fire_until_they_are_removed(house):
    house.home.put("dispatch/fagsystem/x.csv", b"this is no batch\n")
    house.home.put("hva/x.csv", b"this is no batch\n")
    house.home.take_in()
    alert = house.fires()["refused_files"]
    assert (alert.urgency, alert.what[:7]) == ("morning", "2 filer")
    assert "fagsystem (dispatch)" in alert.touches
    assert "ukjent strøm" in alert.touches
    shutil.rmtree(house.settings.inbox / "rejected")
    assert house.fires() == {}


def test_what_can_be_neither_taken_in_nor_refused_fires_until_somebody_sees_to_it(house):
    link = house.settings.inbox / "dispatch" / "fagsystem" / "x.csv"
    link.parent.mkdir(parents=True)
    link.symlink_to(link.parent / "nothing.csv")
    alert = house.fires()["stuck_files"]
    assert (alert.urgency, alert.what[:6]) == ("morning", "1 fil ")
    assert "dispatch/fagsystem/x.csv" in alert.touches
    link.unlink()
    assert house.fires() == {}


@pytest.mark.parametrize("where", ["log", "half a line", "reason", "escaped"])
def test_an_identity_number_past_the_door_fires_and_is_not_told(house, number, where, webhook):
    one = number()
    log = event_log.folder(house.settings)
    log.mkdir(parents=True)
    rejected = house.settings.inbox / "rejected" / "dispatch"
    rejected.mkdir(parents=True)
    text = {"log": f'{{"at":"2026-11-25T01:00:00+00:00","who":"{one}"}}', "half a line": f'{{"at":"2026-11-25 {one}',
            "escaped": f'{{"at":"x","who":"{one[:6]}\\u00a0{one[6:]}"}}'}  # fmt: skip
    if where == "reason":
        (rejected / "x.csv.reason.json").write_text(json.dumps({"problem": f"Line 3: {one}."}))
    else:
        (log / "batches-2026-11-25.jsonl").write_text(text[where] + "\n")
    settings = house.settings.but(**webhook.settings)
    found = {a.id: a for a in alerts.watch(settings, NOW)[0]}
    assert found["identity_number"].urgency == "now"
    assert "fødselsnummer" in webhook.got[0]
    assert one not in webhook.got[0] + json.dumps(webhook.values)
    # it lasts when the line scrolls away or is removed, until a person has seen to it
    shutil.rmtree(log)
    shutil.rmtree(rejected)
    assert "identity_number" in house.fires()
    assert alerts.identity_numbers_mended(settings) == 1
    assert house.fires() == {}


def test_batch_names_are_judged_by_how_many_of_them_are_identity_numbers(house, number):
    def landed(name):
        path = house.landing.temporary("measurement", "a", "x")
        table = pa.table({c: house.sample[c] for c in house.sample.column_names})
        with BatchValidator(STREAMS["measurement"], path, producer="a") as door:
            door.add(table)
            validated = door.close()
        house.landing.keep([Arrival(path, validated, STREAMS["measurement"], "a", name)], now=NOW)

    house.land(NOW)
    house.sample = pq.read_table(house.landing.file(house.landing.entries[0])).select(
        STREAMS["measurement"].schema.names
    )
    landed(number(0))
    landed("0f8fad5b-d9cb-469f-a165-70867728950e")
    assert house.fires() == {}  # one may be chance
    landed(f"sak-{number(1)}")
    landed(number(2)[:6] + "-" + number(2)[6:])
    assert "navn på sendinger" in house.fires()["identity_number"].what


def test_other_code_raises_it_and_a_number_in_the_place_is_not_kept(house, number):
    for _ in range(3):
        alerts.identity_number_seen(house.settings, f"page /search?q={number()}")
    alert = house.fires()["identity_number"]
    assert "page /search?q=***********" in alert.what
    assert house.home.shows(number()) == []
    assert len(list(event_log.lines(house.settings, "server", since=datetime(2020, 1, 1, tzinfo=UTC)))) == 1


def test_a_look_that_breaks_is_news_and_hides_no_other(house):
    house.settings.home.mkdir(parents=True)
    (house.settings.home / "backup.json").write_text("{")
    found = house.fires(disk_reserve_mb=10**12)
    assert set(found) == {"watch_broken:backup", "disk"}
    assert next(iter(found)) == "disk"


@pytest.fixture
def servers(house, monkeypatch):
    """Say that servers were started, by a process that lives or does not."""

    monkeypatch.setattr(server_state, "RESTART_SECONDS", 0.0)

    def said(process, *, token_needed=True, names=("flight", "http")):
        addresses = {"flight": "grpc://127.0.0.1:8815", "http": "http://127.0.0.1:8816"}
        (house.settings.home / "servers").mkdir(parents=True, exist_ok=True)
        for name in names:
            value = {
                "process": process,
                "started_at": NOW.isoformat(),
                "addresses": {name: addresses[name]},
                "token_needed": token_needed,
            }
            (house.settings.home / "servers" / f"{name}.json").write_text(json.dumps(value))

    return said


@pytest.fixture
def gone():
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def backed_up(house, status, *, ago, taken=None, folder="/mnt/none"):
    """What the home remembers of its last backup."""
    said = {"status": status, "at": (NOW - ago).isoformat(), "folder": str(folder), "problem": ""}
    said["taken_at"] = (NOW - taken).isoformat() if taken else ""
    house.settings.home.mkdir(parents=True, exist_ok=True)
    (house.settings.home / "backup.json").write_text(json.dumps(said))


def test_a_backup_that_failed_wakes_someone_at_once_and_one_that_never_came_after_thirty_hours(house, tmp_path):
    backed_up(house, "failed", ago=HOUR, taken=25 * HOUR)
    alert = house.fires()["backup"]
    assert (alert.urgency, alert.next, alert.since) == ("now", "dif backup /mnt/none", NOW - HOUR)
    assert "ble ikke hel; siste hele er fra" in alert.what
    assert house.fires(alert_backup_hours=0) == {}
    backed_up(house, "taken", ago=29 * HOUR, taken=29 * HOUR)
    assert house.fires() == {}
    backed_up(house, "taken", ago=31 * HOUR, taken=31 * HOUR)
    assert "for over 1 d 6 t siden" in house.fires()["backup"].what
    backed_up(house, "taken", ago=-31 * HOUR, taken=-31 * HOUR)  # by a clock that was ahead
    assert "fram i tid" in house.fires()["backup"].what
    (house.settings.home / "backup.json").write_text('{"status": 1}')
    assert list(house.fires()) == ["watch_broken:backup"]


def test_a_backup_that_was_killed_fires_and_one_that_goes_on_does_not(house, tmp_path):
    backed_up(house, "running", ago=HOUR, taken=25 * HOUR, folder=tmp_path)
    assert list(house.fires()) == ["backup"]
    with atomic_files.locked(tmp_path):
        assert house.fires() == {}
    backed_up(house, "running", ago=-HOUR, folder=tmp_path)
    assert list(house.fires()) == ["backup"]


def test_a_home_that_takes_real_batches_and_was_never_backed_up_fires(house):
    house.land(NOW - 31 * HOUR)
    house.land(NOW - 400 * HOUR, synthetic=True)
    assert "backup" not in house.fires()
    (house.settings.home / "servers").mkdir()
    (house.settings.home / "servers" / "flight.lock").touch()
    assert "Første sending kom" in house.fires()["backup"].what
    assert "backup" not in house.fires(NOW - 2 * HOUR)


def test_a_backup_by_command_leaves_word_of_how_it_ended(house, dif, tmp_path, monkeypatch):
    house.land(NOW)
    assert dif("backup", str(tmp_path / "to"))[0] == 0
    assert house.fires(datetime.now(UTC)) == {}
    assert "Last backup     taken at" in dif("status")[1]
    file = tmp_path / "a file"
    file.touch()
    assert dif("backup", str(file / "to"))[0] == 1  # as when its disk is not mounted
    assert "Last backup     failed at" in dif("status")[1]
    assert "siste hele er fra" in house.fires(datetime.now(UTC))["backup"].what
    (damaged,) = house.settings.landing.glob("measurement/a/*.parquet")
    damaged.unlink()
    assert dif("backup", str(tmp_path / "other"))[0] == 1
    assert "missing" in dif("status", "--json")[1]
    assert "backup" in house.fires(datetime.now(UTC))


def test_servers_that_are_gone_without_having_been_ended_fire(house, servers, gone):
    servers(gone)
    alert = house.fires()["servers_down"]
    assert (alert.urgency, alert.next) == ("now", "dif serve transport")
    assert "Mottaket (startet 25.11.2026 kl. 13.00) er borte" in alert.what
    servers(os.getpid())
    assert "servers_down" not in house.fires()
    # after the machine was started anew the number may be another process's, but it does not hold the lock
    for name in ("flight", "http"):
        (house.settings.home / "servers" / f"{name}.lock").touch()
    assert house.fires()["servers_down"].next == "dif serve transport"
    with (house.settings.home / "servers" / "flight.lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        alert = house.fires()["servers_down"]
        assert (alert.what[:18], alert.next) == ("Mottaket over HTTP", "dif serve http")
        assert "KI-assistenter" in alert.touches
        (house.settings.home / "servers" / "http.json").unlink()
        assert "servers_down" not in house.fires()
    (house.settings.home / "servers" / "flight.json").write_text("[]")
    assert list(house.fires()) == ["watch_broken:servers_down"]


@pytest.mark.slow("kills processes; the rule has tests of its own")
def test_a_supervisor_that_is_killed_leaves_word_and_one_that_is_ended_none(house, tmp_path, monkeypatch):
    monkeypatch.setattr(server_state, "RESTART_SECONDS", 0.0)
    command = [sys.executable, "-P", "-c", "from pipelines.cli.main import main; main()", "serve", "transport"]
    environment = {**os.environ, "DIF_HOME": str(house.settings.home), "PYTHONPATH": str(PROJECT)}
    file = house.settings.home / "servers" / "flight.json"
    for how in ("terminate", "kill"):
        with subprocess.Popen(
            [*command, "--port", "0", "--no-http"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout.readline().startswith(b"flight ")
            assert file.exists()
            assert house.fires(datetime.now(UTC)) == {}
            getattr(process, how)()
        expected = {"servers_down"} if how == "kill" else set()
        until = time.monotonic() + 20  # the kernel ends the server after its supervisor
        while set(house.fires(datetime.now(UTC))) != expected and time.monotonic() < until:
            time.sleep(0.05)
        assert set(house.fires(datetime.now(UTC))) == expected


def test_a_door_that_keeps_everybody_out_fires(house, servers):
    access = house.settings.home / "access"
    access.mkdir(parents=True, mode=0o700)
    assert house.fires() == {}
    (access / "access.toml").write_text("[[party")
    (access / "access.toml").chmod(0o600)
    alert = house.fires()["closed_door"]
    assert (alert.urgency, alert.next) == ("now", "dif doctor")
    assert str(house.settings.home) not in json.dumps(alert.as_json())
    (access / "access.toml").unlink()
    assert house.fires() == {}  # nobody ever closed it
    servers(os.getpid(), token_needed=False)
    assert house.fires() == {}
    servers(os.getpid())
    assert list(house.fires()) == ["closed_door"]


def test_servers_that_were_started_open_need_a_token_once_there_is_one(house, servers):
    servers(os.getpid(), token_needed=False)
    running = server_state.servers_of(house.settings)
    assert not server_state.token_needed(house.settings, running)
    reader = Rights("analyse", frozenset(), None, frozenset())
    Tokens(house.settings).add("analyse", reader, now=NOW)
    assert server_state.token_needed(house.settings, running)


# --- how it is told --------------------------------------------------------------------------------------------------


def test_an_urgent_alert_is_told_once_by_each_channel_and_once_more_when_it_is_over(house, webhook, mail):
    settings = house.settings.but(alert_urls=f"{webhook.address} {mail.address}")
    night = datetime(2026, 11, 28, 2, tzinfo=UTC)  # a Saturday
    for minute in range(3):
        told = alerts.notify(settings, [an_alert(since=night)], night + timedelta(minutes=minute))
        assert [t.channel for t in told] == ([] if minute else ["json 1", "mailto 2"])
    ours = f"[dif home @ {socket.gethostname()}]"
    (text,) = webhook.got
    assert text.split("\n") == [
        f"{ours} Haster: Det er 3 MB igjen på disken.", "Siden: 28.11.2026 kl. 03.00", "Berører: Alle produsenter.",
        "Neste: dif status", "Mer: docs/operator.md#disk",
    ]  # fmt: skip
    assert {m["To"] for m in mail.mails} == {"vakt@kommune.test", "drift@kommune.test"}
    assert len(mail.got) == 2

    for minute in (125, 126):
        alerts.notify(settings, [], night + timedelta(minutes=minute))
    assert (len(webhook.got), len(mail.got)) == (2, 4)
    assert webhook.got[1] == (
        f"{ours} Over: disk (siden 28.11.2026 kl. 03.00, varte 2 t 5 min)\n"
        "Da ble det meldt: «Det er 3 MB igjen på disken.»"
    )
    assert alerts.remembered(settings) == []


def test_a_mail_is_plain_norwegian_with_its_letters_whole(house, mail):
    from email import message_from_bytes, policy

    alerts.notify(house.settings.but(**mail.settings), [an_alert(), an_alert("damage", "journal", "Ødelagt.")], NOW)
    message = message_from_bytes(mail.got[0], policy=policy.default)
    which = f"[dif home @ {socket.gethostname()}]"
    assert message["Subject"] == f"{which} Haster: Det er 3 MB igjen på disken. (og 1 til)"
    assert "dif@kommune.test" in message["From"]
    assert "Haster: Ødelagt." in message.get_content()


@pytest.mark.slow("starts several processes; the rule has tests of its own")
def test_a_restart_or_a_second_process_tells_nothing_anew(house, webhook):
    settings = house.settings.but(**webhook.settings)
    script = (
        "import sys\n"
        "from datetime import datetime, UTC\n"
        "from pathlib import Path\n"
        "from transport.operations import alerts\n"
        "from transport.base.settings import Settings\n"
        "s = Settings(home=Path(sys.argv[1]), alert_urls=sys.argv[2], disk_reserve_mb=10**12)\n"
        "alerts.watch(s, datetime(2026, 11, 25, 12, int(sys.argv[3]), tzinfo=UTC))\n"
    )
    for first in (0, 2):
        processes = [
            subprocess.Popen(
                [sys.executable, "-c", script, str(settings.home), settings.alert_urls, str(first + n)], cwd=PROJECT
            )
            for n in range(2)
        ]
        assert [p.wait() for p in processes] == [0, 0]
    assert len(webhook.got) == 1


def test_while_one_is_telling_another_tells_nothing(house, webhook):
    settings = house.settings.but(**webhook.settings)
    others = []
    webhook.meanwhile = lambda: others.append(alerts.notify(settings, [an_alert()], NOW))
    assert len(alerts.notify(settings, [an_alert()], NOW)) == 1
    assert others == [[]]
    assert len(webhook.got) == 1


def test_an_alert_that_lasts_is_told_again_after_a_day(house, webhook):
    settings = house.settings.but(**webhook.settings)
    for hours in (0, 12, 23, 24, 30, 49):
        alerts.notify(settings, [an_alert()], NOW + hours * HOUR)
    assert [head(t) for t in webhook.got] == ["Haster", "Varer fortsatt", "Varer fortsatt"]


def test_what_can_wait_waits_until_seven_in_oslo_on_a_day_that_is_not_saturday_or_sunday(house, webhook):
    settings = house.settings.but(**webhook.settings)
    friday = datetime(2026, 11, 27, 9, tzinfo=UTC)
    monday = datetime(2026, 11, 30, 6, tzinfo=UTC)  # 07:00 in Oslo
    refused = an_alert("refused_files", what="3 filer ble avvist.", since=friday)
    for now in (friday, friday + DAY, friday + 2 * DAY, monday - timedelta(minutes=1)):
        assert alerts.notify(settings, [refused], now) == []
    for seconds in (20, 80):
        alerts.notify(settings, [refused], monday + timedelta(seconds=seconds))
    assert [t.split("\n")[0].split("] ")[1] for t in webhook.got] == ["Varsel: 3 filer ble avvist."]
    for days in range(1, 5):  # each morning while it lasts, also when the look is some seconds earlier than the last
        alerts.notify(settings, [refused], monday + days * DAY + timedelta(seconds=10))
        assert len(webhook.got) == days + 1
    saturday = monday + 5 * DAY + timedelta(minutes=1)
    alerts.notify(settings, [], saturday)
    assert len(webhook.got) == 5
    alerts.notify(settings, [], monday + 7 * DAY)
    assert "] Over: refused_files (siden 27.11.2026 kl. 10.00" in webhook.got[-1]
    assert len(webhook.got) == 6


def test_seven_stays_seven_when_summer_time_ends():
    assert alerts.next_morning(datetime(2026, 10, 23, 12, tzinfo=UTC)) == datetime(2026, 10, 26, 6, tzinfo=UTC)
    assert alerts.next_morning(datetime(2026, 10, 22, 12, tzinfo=UTC)) == datetime(2026, 10, 23, 5, tzinfo=UTC)


def test_what_could_wait_and_was_over_before_its_morning_is_not_told_at_all(house, webhook):
    settings = house.settings.but(**webhook.settings)
    alerts.notify(settings, [an_alert("late_producer", "dispatch/a")], NOW)
    alerts.notify(settings, [], NOW + HOUR)
    alerts.notify(settings, [], NOW + DAY)
    assert webhook.got == []


@pytest.mark.parametrize("status", [500, 302, 404])
def test_a_channel_that_fails_stops_no_other_and_is_tried_at_the_next_look(house, webhook, mail, status):
    settings = house.settings.but(alert_urls=f"{webhook.address} {mail.address}")
    webhook.status = status
    told = alerts.notify(settings, [an_alert()], NOW)
    assert {t.channel: t.problem for t in told} == {"json 1": "the service did not take the message", "mailto 2": ""}
    alerts.notify(settings, [an_alert()], NOW + timedelta(minutes=1))
    webhook.status = 200
    alerts.notify(settings, [an_alert()], NOW + timedelta(minutes=2))
    assert (len(webhook.got), len(mail.got)) == (1, 2)
    mail.refuses = True
    told = alerts.notify(settings, [], NOW + timedelta(minutes=3))
    assert {t.channel: bool(t.problem) for t in told} == {"json 1": False, "mailto 2": True}
    mail.refuses = False
    alerts.notify(settings, [], NOW + timedelta(minutes=4))
    assert (len(webhook.got), len(mail.got)) == (2, 4)


def test_a_channel_that_nobody_answers_at_ends_nothing_and_its_secret_stands_nowhere(house):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        settings = house.settings.but(
            alert_urls=f"json://127.0.0.1:{port}/very-secret mailto://127.0.0.1:{port}?mode=insecure&to=a@b.test&from=a@b.test",
            disk_reserve_mb=10**12,
        )
        assert [a.id for a in alerts.watch(settings, NOW)[0]] == ["disk"]
        assert [a.id for a in alerts.watch(settings.but(alert_urls="file:///very-secret"), NOW)[0]] == ["disk"]
    assert house.home.shows("very-secret") == []
    assert "very-secret" not in repr(settings)
    told = list(event_log.lines(settings, "server", since=datetime(2020, 1, 1, tzinfo=UTC)))
    assert {(t["channel"], t["problem"]) for t in told} == {
        ("json 1", "the service did not take the message"), ("mailto 2", "the service did not take the message"),
        ("file 1", "not a service that Apprise knows"),
    }  # fmt: skip


def test_an_alert_is_told_by_the_services_that_apprise_speaks_to(house, webhook):
    settings = house.settings.but(alert_urls=f"{webhook.address} {webhook.address}-too")
    assert [(t.channel, t.problem) for t in alerts.notify(settings, [an_alert()], NOW)] == [
        ("json 1", ""),
        ("json 2", ""),
    ]
    assert "Haster: " in webhook.got[0]
    assert "Haster: " in webhook.values[0]["title"]
    assert alerts.notify(settings, [an_alert()], NOW + timedelta(minutes=1)) == []
    webhook.status = 404
    assert {t.problem for t in alerts.try_channels(settings)} == {"the service did not take the message"}


@pytest.mark.parametrize("address", ["nothing://very-secret", "very-secret", "slack://very-secret", "mailto://"])
def test_an_address_of_no_service_is_refused_and_told_nowhere(house, address, caplog, capfd):
    settings = house.settings.but(alert_urls=address)
    with pytest.raises(BadSetting, match="alert_urls") as wrong:
        alerts.check_channels(settings)
    (told,) = alerts.try_channels(settings)
    assert told.problem == "not a service that Apprise knows"
    said = [str(wrong.value), told.channel, told.problem, caplog.text, *capfd.readouterr(), repr(settings)]
    assert not [text for text in said if "very-secret" in text]


def test_mail_is_not_sent_in_clear_where_tls_is_asked_for(house, mail):
    tls = mail.address.replace("mailto://", "mailtos://").replace("mode=insecure", "mode=starttls")
    (told,) = alerts.notify(house.settings.but(alert_urls=tls), [an_alert()], NOW)
    assert told.problem
    assert mail.got == []


def test_one_that_comes_back_is_told_anew(house, webhook):
    settings = house.settings.but(**webhook.settings)
    for minute, firing in enumerate([[an_alert()], [], [an_alert()], []]):
        alerts.notify(settings, firing, NOW + timedelta(minutes=minute))
    assert [head(t) for t in webhook.got] == ["Haster", "Over", "Haster", "Over"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"alerts": {"disk": {"id": "disk"}}}', '{"alerts": 3}'])
def test_a_memory_that_cannot_be_read_tells_again_rather_than_never(house, webhook, content):
    settings = house.settings.but(**webhook.settings)
    settings.home.mkdir()
    (settings.home / "alerts.json").write_text(content)
    for minute in range(2):
        alerts.notify(settings, [an_alert()], NOW + timedelta(minutes=minute))
    assert len(webhook.got) == 1


def test_on_a_disk_that_takes_nothing_it_is_told_and_only_once(house, webhook):
    settings = house.settings.but(**webhook.settings)
    settings.home.parent.mkdir(exist_ok=True)
    settings.home.write_text("a file where the home should be")
    for minute in range(3):
        alerts.notify(settings, [an_alert()], NOW + timedelta(minutes=minute))
    assert len(webhook.got) == 1


def test_a_sign_of_life_is_given_unless_something_urgent_fires(house, webhook):
    settings = house.settings.but(heartbeat_url=webhook.http)
    assert "very-secret" not in repr(settings)
    alerts.watch(settings, NOW)
    assert webhook.asked == 1
    assert [a.id for a in alerts.watch(settings.but(disk_reserve_mb=10**12), NOW)[0]] == ["disk"]
    assert webhook.asked == 1
    house.home.put("hva/x.csv", b"this is no batch\n")
    house.home.take_in()
    assert [a.urgency for a in alerts.watch(settings, NOW)[0]] == ["morning"]
    assert webhook.asked == 2
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/very-secret"
        alerts.watch(settings.but(heartbeat_url=nobody), NOW)
    events = list(event_log.lines(settings, "server", since=datetime(2020, 1, 1, tzinfo=UTC)))
    assert [e["problem"] for e in events if e["event"] == "heartbeat_failed"] == ["connection refused"]
    assert house.home.shows("very-secret") == []


# --- the operator ----------------------------------------------------------------------------------------------------


def test_every_alert_has_its_section_in_the_runbook_with_all_that_the_operator_needs():
    text = (PROJECT / alerts.RUNBOOK).read_text("utf-8")
    sections = {part.split("\n", 1)[0]: part for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]}
    assert set(sections) == set(alerts.IDS)
    for name, section in sections.items():
        for part in ("Means", "Touches", "See it", "Mend", "Over"):
            assert f"- **{part}.**" in section, name
    urgent = text.split("## Alerts that wake someone")[1].split("\n## ")[0]
    assert {n for n in alerts.IDS if f"### {n}\n" in urgent} == {n for n, u in alerts.URGENCY.items() if u == "now"}


@pytest.fixture
def dif(house, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DIF_HOME", str(house.settings.home))
    monkeypatch.setenv("DIF_DISK_RESERVE_MB", "0")
    monkeypatch.chdir(tmp_path)

    def dif(*words):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.main(words)
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return dif


def test_a_batch_dated_ahead_is_not_the_last_one_received(house, dif):
    house.land(NOW - 60 * DAY)
    house.land(datetime.now(UTC) + 4000 * DAY)
    (stream,) = json.loads(dif("status", "--json")[1])["streams"]
    assert (stream["batches"], stream["last_received"]) == (2, (NOW - 60 * DAY).isoformat())


def test_dif_alerts_lists_what_fires_and_its_exit_tells_what_cannot_wait(house, dif, monkeypatch, webhook):
    code, _, err = dif("alerts")
    assert (code, "Nothing has landed in" in err, "is DIF_HOME right?" in err) == (2, True, True)
    house.settings.home.mkdir()
    assert dif("alerts")[:2] == (0, "Nothing fires.\n")
    assert "No channel is set" in dif("alerts", "--send")[2]
    house.home.put("dispatch/a/x.csv", b"this is no batch\n")
    house.home.take_in()
    code, out, _ = dif("alerts")
    assert code == 0
    assert "refused_files (morning)" in out
    assert re.search(r"waits until 20..-..-.. 07:00 in Oslo", out)
    assert "1 fil ble avvist" in out
    assert "docs/operator.md#refused_files" in out
    monkeypatch.setenv("DIF_DISK_RESERVE_MB", str(10**12))
    monkeypatch.setenv("DIF_ALERT_URLS", webhook.address)
    code, out, _ = dif("alerts", "--json")
    assert code == 1
    assert [(a["id"], a["urgency"]) for a in json.loads(out)] == [("disk", "now"), ("refused_files", "morning")]
    assert webhook.got == []
    for said in ("json 1: sent 1 alert,", "Nothing new to send.\n"):
        code, _, err = dif("alerts", "--send")
        assert (code, said in err) == (1, True)
    assert len(webhook.got) == 1
    monkeypatch.setenv("DIF_DISK_RESERVE_MB", "0")
    alerts.identity_number_seen(house.settings, "side")
    assert "identity_number" in dif("alerts")[1]
    assert "identity_number" not in dif("alerts", "--mended")[1]


def test_dif_status_shows_the_last_day_what_waits_the_disk_and_the_alerts(house, dif):
    house.land(NOW - HOUR, NOW)
    log = event_log.EventLog(house.settings)
    for outcome, rows in (("accepted", 7), ("accepted", 5), ("duplicate", 7), ("refused", 3)):
        log.batch(
            who="a", producer="a", stream="measurement", batch_id="b", outcome=outcome, rows=rows, ms=1, wire="http"
        )
    alerts.identity_number_seen(house.settings, "side")
    code, out, _ = dif("status")
    assert code == 0
    assert "2 batches with 12 rows received, 1 known before, 1 refused" in out
    assert "2 batches with 2 rows wait for the next release\n" in out
    assert "Servers         none run here" in out
    assert re.search(r"Disk +[0-9.]+ GB free", out)
    assert "now: Et fødselsnummer er funnet" in out
    facts = json.loads(dif("status", "--json")[1])
    assert facts["last_24_hours"] == {"batches": 2, "rows": 12, "duplicate": 1, "refused": 1}
    assert facts["pending"] == {"batches": 2, "rows": 2, "withdrawals": 0, "undone": 0}
    assert (facts["servers"], facts["nobody_let_in"]) == (None, None)
    assert facts["disk_free_bytes"] > 0
    assert [a["id"] for a in facts["alerts"]] == ["identity_number"]


def test_dif_status_says_where_the_servers_are_and_that_nobody_is_let_in(house, dif, servers, gone):
    servers(os.getpid())
    out = dif("status")[1]
    assert "Servers         flight grpc://127.0.0.1:8815, http http://127.0.0.1:8816, up since 2026-11-25T12" in out
    assert "Access          nobody is let in (see `dif doctor`)" in out
    servers(gone, token_needed=False)
    out = dif("status")[1]
    assert "gone without a shutdown" in out
    assert "Access " not in out
    facts = json.loads(dif("status", "--json")[1])
    assert (facts["servers"]["processes"]["http"], facts["servers"]["gone"]) == (gone, ["flight", "http"])


def test_dif_status_says_that_a_withdrawal_waits_for_a_run(house, dif):
    house.land(NOW - DAY, NOW - DAY, NOW)
    house.release("2026-11-24.1", {})
    manifest = house.settings.releases / "2026-11-24.1" / "manifest.json"
    made_of = {"made_of": {"journal": [2, ""]}, "checks": {"passed": 1}}
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | made_of))
    first, _, third = house.landing.entries
    house.landing.refresh()
    house.landing.withdraw(first, by="drift", reason="wrong", now=NOW)
    house.landing.withdraw(third, by="drift", reason="wrong", now=NOW)
    assert "0 batches with 0 rows wait for the next release; 1 withdrawal waits for `dif run`" in dif("status")[1]
    house.landing.reinstate(third, by="drift", reason="right", now=NOW)
    assert "1 batch with 1 row waits for the next release; 1 withdrawal" in dif("status")[1]
    house.landing.reinstate(first, by="drift", reason="right", now=NOW)
    assert json.loads(dif("status", "--json")[1])["pending"]["withdrawals"] == 0


def test_dif_alerts_test_says_what_came_of_each_channel(house, dif, monkeypatch, webhook, mail):
    code, _, err = dif("alerts", "--test")
    assert (code, "No channel is set" in err) == (1, True)
    monkeypatch.setenv("DIF_ALERT_URLS", f"{webhook.address} {mail.address}")
    assert dif("alerts", "--test")[:2] == (0, "json 1: sent\nmailto 2: sent\n")
    said = f"[dif home @ {socket.gethostname()}] Prøve: slik kommer varsler herfra. Du trenger ikke gjøre noe."
    assert webhook.got == [said]
    assert len(mail.got) == 2
    mail.refuses, webhook.status = True, 404
    assert dif("alerts", "--test")[:2] == (
        1,
        "json 1: the service did not take the message\nmailto 2: the service did not take the message\n",
    )
    for name, expected in (("DIF_ALERT_URLS", "Apprise"), ("DIF_HEARTBEAT_URL", "https://")):
        with monkeypatch.context() as patch:
            patch.setenv(name, "slack/very-secret")
            code, _, err = dif("alerts", "--test")
        assert (code, name in err, expected in err, "very-secret" in err) == (2, True, True, False)
