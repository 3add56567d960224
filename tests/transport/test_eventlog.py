"""The log holds one whole line for each thing that happened, whoever writes, and nothing that must not be in it."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.thorough import some
from transport.base.settings import PROJECT, Settings
from transport.telemetry import event_log
from transport.telemetry.event_log import EventLog

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
BATCH = {
    "who": "fiks", "producer": "svarut", "stream": "dispatch", "batch_id": "b-1",
    "outcome": "accepted", "rows": 7, "bytes": 900, "ms": 12.345, "wire": "flight",
}  # fmt: skip


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


def said(settings, kind="batches"):
    return list(event_log.lines(settings, kind, since=LONG_AGO))


def raw(settings, kind="batches"):
    (path,) = event_log.folder(settings).glob(f"{kind}-*.jsonl")
    return path.read_bytes()


def test_a_batch_is_one_line_with_its_time_and_facts(settings):
    EventLog(settings).batch(**BATCH)
    (line,) = said(settings)
    at = datetime.fromisoformat(line.pop("at"))
    assert abs(at - datetime.now(UTC)) < timedelta(minutes=1)
    assert line == {
        "who": "fiks", "producer": "svarut", "stream": "dispatch", "batch": "b-1", "outcome": "accepted",
        "wire": "flight", "rows": 7, "bytes": 900, "ms": 12.3,
    }  # fmt: skip
    assert raw(settings).count(b"\n") == 1


def test_a_read_is_a_line_of_the_audit_and_an_event_of_the_servers(settings):
    log = EventLog(settings)
    log.read(
        who="analytiker",
        dataset="usage.dispatch_day",
        release="2026-03-02.1",
        outcome="served",
        rows=3,
        ms=1,
        wire="http",
    )
    log.event("started", port=8815, tls=False, address="127.0.0.1", at="never", event="other")
    (read,), (event,) = said(settings, "reads"), said(settings, "server")
    assert (read["who"], read["dataset"], read["release"], read["rows"]) == (
        "analytiker", "usage.dispatch_day", "2026-03-02.1", 3,
    )  # fmt: skip
    assert (event["event"], event["port"], event["tls"]) == ("started", 8815, False)
    assert event["at"] != "never"


def test_what_a_stranger_sends_can_neither_begin_a_line_nor_reach_a_terminal(settings):
    nasty = 'x\n{"at":"2026-01-01T00:00:00+00:00","outcome":"accepted"}\r\x1b[2J\x7f\u2028\x85\x9b æøå \ud800'
    EventLog(settings).batch(**BATCH | {"batch_id": nasty, "stream": nasty, "problem": nasty})
    text = raw(settings)
    assert text.count(b"\n") == 1
    assert text.endswith(b"\n")
    assert all(32 <= byte < 127 for byte in text[:-1])
    (line,) = said(settings)
    assert line["stream"] == nasty
    assert line["outcome"] == "accepted"


def test_an_identity_number_is_masked_also_where_the_text_is_cut(settings, number):
    log = EventLog(settings)
    one = number()
    for problem in (f"rad 3: {one}", f"{'x' * 389} {one}", f"{one[:6]} {one[6:]}"):
        log.batch(**BATCH | {"problem": problem, "batch_id": one, "who": one, "reference": one})
    log.read(who=one, dataset=one, release=one, outcome="refused", ms=1, wire="http", reference=one)
    log.event("x", where=one, **{f"key {one}": one})
    for kind in ("batches", "reads", "server"):
        assert one.encode() not in raw(settings, kind)
        assert one[:9].encode() not in raw(settings, kind)
    assert said(settings)[0]["problem"] == f"rad 3: {'*' * 11}"


@pytest.mark.parametrize("text", some(["\U0001f600" * 10**5, "a" * 10**6, "\x00" * 10**5], 1, "signs of fewer bytes"))
def test_a_line_is_bounded_whatever_is_said(settings, text):
    log = EventLog(settings)
    log.batch(**BATCH | dict.fromkeys(("who", "producer", "stream", "batch_id", "kind", "problem", "reference"), text))
    log.event(text, **{f"{text[:30]}{i}": text for i in range(200)})
    for kind in ("batches", "server"):
        assert len(raw(settings, kind)) <= event_log.LONGEST
        assert len(said(settings, kind)) == 1


@pytest.mark.parametrize("ms", [float("nan"), float("inf"), -1.0, 10**400])
def test_a_number_that_json_has_not_does_not_break_the_line(settings, ms):
    EventLog(settings).batch(**BATCH | {"ms": ms})
    (line,) = raw(settings).splitlines()
    json.loads(line, parse_constant=pytest.fail)


@pytest.mark.slow("four processes of ten thousand lines")
def test_several_processes_write_at_the_same_time_and_no_line_is_torn(settings):
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from transport.telemetry.event_log import EventLog\n"
        "from transport.base.settings import Settings\n"
        "log = EventLog(Settings(home=Path(sys.argv[1])))\n"
        "sys.stdin.readline()\n"
        "for i in range(2000):\n"
        "    log.batch(who=sys.argv[2] * (i % 60), producer='p', stream='dispatch', batch_id=f'{sys.argv[2]}-{i}',\n"
        "              outcome='refused', ms=1.0, wire='flight', problem='æ' * (i % 500))\n"
    )
    argv = [sys.executable, "-c", script, str(settings.home)]
    writers = [subprocess.Popen([*argv, n], stdin=subprocess.PIPE, text=True, cwd=PROJECT) for n in "abc"]
    for one in writers:
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in writers:
        one.communicate()
        assert one.returncode == 0
    lines = [
        json.loads(line)
        for line in b"".join(p.read_bytes() for p in event_log.folder(settings).iterdir()).split(b"\n")[:-1]
    ]
    assert sorted(line["batch"] for line in lines) == sorted(f"{n}-{i}" for n in "abc" for i in range(2000))


def test_a_full_disk_does_not_reach_the_caller_and_half_a_line_costs_only_itself(settings):
    """A limit on the size of a file stands in for the disk: the write that crosses it is cut short, later ones fail."""
    script = (
        "import resource, signal, sys\n"
        "from pathlib import Path\n"
        "from transport.telemetry.event_log import EventLog\n"
        "from transport.base.settings import Settings\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        "log = EventLog(Settings(home=Path(sys.argv[1])))\n"
        "for i in range(50):\n"
        "    log.batch(who='w', producer='p', stream='dispatch', batch_id=f'b-{i}', outcome='accepted', ms=1,\n"
        "              wire='http')\n"
        "print('alive')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(settings.home)], capture_output=True, text=True, check=True, cwd=PROJECT
    )
    assert done.stdout == "alive\n"
    assert not raw(settings).endswith(b"\n")
    whole = [line["batch"] for line in said(settings)]
    EventLog(settings).batch(**BATCH | {"batch_id": "after"})
    assert [line["batch"] for line in said(settings)] == [*whole, "after"]


def test_a_log_that_cannot_be_written_at_all_does_not_reach_the_caller(settings):
    settings.home.mkdir()
    (settings.home / "log").write_text("a file where the folder should be")
    log = EventLog(settings)
    log.batch(**BATCH)
    log.event("started")
    assert said(settings) == []
    assert event_log.tidy(settings, datetime.now(UTC)) == 0


@pytest.mark.parametrize("chosen", ["by the caller", "by the setting"])
def test_a_line_goes_to_stderr_too_where_that_is_chosen(settings, capfd, chosen):
    EventLog(settings.but(log_stderr=chosen == "by the setting"), echo=chosen == "by the caller").event("started")
    assert capfd.readouterr().err.encode() == raw(settings, "server")


def test_what_leaves_the_machine_does_not_tell_how_many_rows_a_batch_has(settings, capfd):
    EventLog(settings, echo=True).batch(**BATCH)
    told = event_log.event_of(capfd.readouterr().err)
    assert said(settings) == [told | {"rows": 7, "bytes": 900}]
    assert (told["rows"], told["bytes"]) == (50, 65_536)


def test_the_log_is_not_for_everyone_on_the_machine(settings):
    EventLog(settings).batch(**BATCH)
    (path,) = event_log.folder(settings).iterdir()
    assert not stat.S_IMODE(path.stat().st_mode) & 0o007


def test_refusals_stop_filling_the_disk_but_accepted_batches_and_reads_are_always_said(settings):
    log = EventLog(settings)
    for kind in ("batches", "reads", "server"):
        for day in (datetime.now(UTC), datetime.now(UTC) + timedelta(days=1)):
            path = event_log.folder(settings) / f"{kind}-{day.date()}.jsonl"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            os.truncate(path, event_log.DAY_LIMIT)  # a hole: takes no room
    log.batch(**BATCH | {"outcome": "refused"})
    log.batch(**BATCH)
    log.event("janitor")
    sizes = {path.stat().st_size for path in event_log.folder(settings).glob("server-*")}
    assert sizes == {event_log.DAY_LIMIT}
    (grown,) = [p for p in event_log.folder(settings).glob("batches-*") if p.stat().st_size > event_log.DAY_LIMIT]
    with grown.open("rb") as handle:
        handle.seek(event_log.DAY_LIMIT)
        assert [json.loads(line)["outcome"] for line in handle.read().splitlines()] == ["accepted"]


def test_old_days_are_removed_the_audit_later_and_other_files_never(settings):
    folder = event_log.folder(settings)
    folder.mkdir(parents=True)
    now = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)
    for age in (0, 90, 91, 400, 401):
        for kind in ("batches", "reads", "server"):
            (folder / f"{kind}-{(now - timedelta(days=age)).date()}.jsonl").touch()
    others = {"batches-2020-13-45.jsonl", "batches-2020-01-01.jsonl.gz", "notes.txt"}
    for name in others:
        (folder / name).touch()
    assert event_log.tidy(settings, now) == 7
    left = {p.name for p in folder.iterdir()} - others
    ages = {
        kind: sorted((now.date() - date.fromisoformat(n[-16:-6])).days for n in left if n.startswith(kind))
        for kind in ("batches", "reads", "server")
    }
    assert ages == {"batches": [0, 90], "reads": [0, 90, 91, 400], "server": [0, 90]}
    assert others <= {p.name for p in folder.iterdir()}


def test_only_what_was_said_since_then_is_read(settings):
    folder = event_log.folder(settings)
    folder.mkdir(parents=True)
    for day, hour in ((23, 12), (24, 1), (24, 13), (25, 1)):
        with (folder / f"batches-2026-11-{day}.jsonl").open("a") as file:
            file.write(json.dumps({"at": f"2026-11-{day}T{hour:02}:00:00.000+00:00", "n": day * 100 + hour}) + "\n")
    since = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert [line["n"] for line in event_log.lines(settings, "batches", since=since)] == [2413, 2501]
