"""`dif erase`: what it shows, what it refuses, and what is left after it. Every place is searched in R15e."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from catalog.errors import GateFailed
from catalog.tables.streams import COST_ENTRY, DISPATCH
from pipelines.cli.commands import erase as erasing
from tests.reliability.erasures import LEAVER, MARK, keep_leavers, markers_of, places_with
from tests.reliability.numbers import numbers
from tests.reliability.zygote import batch, home_in, keep
from tests.thorough import some
from transport.base import atomic_files
from transport.ingest.batch_validator import BatchValidator
from transport.lake.tables import Lake
from transport.operations.backup import back_up, recording_outcome
from transport.releases.store import Releases
from transport.storage.landing import Arrival, open_landing
from transport.telemetry.event_log import EventLog

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),  # backfill_policy, in use for years
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),  # dagster's own
]
NOW = datetime(2026, 11, 20, 8, tzinfo=UTC)
LATE = "01417012345"  # eleven digits that no control accepts
DONE = ("--yes", "--reason", "Avtalen er avsluttet")


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A home in which two senders have sent, and nothing was made of it yet: no run is needed to erase."""
    settings = home_in(tmp_path / "home")
    monkeypatch.setenv("DIF_HOME", str(settings.home))
    monkeypatch.chdir(tmp_path)
    landing = open_landing(settings)
    keep(landing, 0)
    keep_leavers(landing, 0)
    keep_leavers(landing, 1)
    return settings


def keep_table(settings, table: pa.Table, stream=DISPATCH, producer: str = LEAVER, batch_id: str = "x") -> None:
    landing = open_landing(settings)
    target = landing.temporary(stream.name, producer, "arriving")
    with BatchValidator(stream, target, producer=producer) as door:
        door.add(table)
        landing.keep([Arrival(target, door.close(), stream, producer, batch_id)], now=NOW)


def texts(values: list[str]) -> pa.Table:
    table = batch(500, len(values))
    return table.set_column(table.column_names.index("source_system"), "source_system", pa.array(values))


def release_of(settings, name: str, upto: int) -> None:
    """A release that says how far it has read the journal."""
    folder = settings.releases / name
    folder.mkdir(parents=True)
    made = {"made_of": {"journal": [upto, ""]}, "published_at": NOW.isoformat(), "files": {}, "datasets": {}}
    (folder / "manifest.json").write_text(json.dumps(made))


def test_without_yes_it_shows_what_would_go_and_changes_nothing(settings, command, tmp_path):
    for place in ("inbox/dispatch", "inbox/rejected/dispatch"):
        (settings.home / place / LEAVER).mkdir(parents=True)
        (settings.home / place / LEAVER / "a.csv").write_text(MARK)
    (settings.home / "damaged/then/landing").mkdir(parents=True)
    (settings.home / "damaged/then/landing/old.parquet").write_bytes(MARK.encode())
    release_of(settings, "2026-11-01.1", upto=1)
    release_of(settings, "2026-11-02.1", upto=2)
    with recording_outcome(settings, tmp_path / "backup", lambda: NOW) as ended:
        ended(back_up(settings, tmp_path / "backup", now=NOW))
    for who, dataset, outcome, rows in (
        ("nkom", "usage.dispatch_day", "served", 0),
        ("whole", "dif.duckdb", "served", 0),
        ("assistant", "reference.county, usage.dispatch_month", "served", 3),
        ("view", "usage.municipality_month_now", "served", 3),
        ("broken off", "usage.dispatch_day", "ended", 3),
        ("nothing", "usage.dispatch_day", "ended", 0),
        ("refused", "usage.dispatch_day", "refused", 0),
        ("other", "reference.county", "served", 9),
        ("the ledgers", "ledger.duckdb", "served", 0),
    ):
        EventLog(settings).read(who=who, dataset=dataset, release="r", outcome=outcome, rows=rows, ms=1, wire="http")
    tables = "uptake.not_yet,usage.dispatch_day"
    EventLog(settings).read(who="[]", dataset=tables, release="r", outcome="served", rows=1, ms=1, wire="pages")
    before = places_with(settings.home, markers_of([0, 1]))
    code, out, _ = command("erase", "--producer", LEAVER, "--json")
    plan = json.loads(out)
    assert (code, plan["erased"], [b["batch_id"] for b in plan["batches"]]) == (0, False, ["s-0", "s-1"])
    assert plan["releases"] == ["2026-11-02.1"], "the first was made before they came"
    assert plan["files"] == [
        "inbox/dispatch/leaver/a.csv",
        "inbox/rejected/dispatch/leaver/a.csv",
        "damaged/then/landing/old.parquet",
    ]
    assert plan["readers"] == {
        "nkom": ["usage.dispatch_day"],
        "whole": ["dif.duckdb"],
        "assistant": ["usage.dispatch_month"],
        "view": ["usage.municipality_month_now"],
        "broken off": ["usage.dispatch_day"],
        "visitors of the pages with the rights []": ["uptake.not_yet", "usage.dispatch_day"],
        "the ledgers": ["ledger.duckdb"],
    }
    assert [(Path(b["path"]).parent.name, b["unknown"]) for b in plan["backups"]] == [("backup", "")]
    _, out, _ = command("erase", "--producer", LEAVER)
    for words in ("80 rows erased, in 2 batches", "still holds it", "nkom was served", "Nothing was erased"):
        assert words in out
    assert places_with(settings.home, markers_of([0, 1])) == before


def test_a_sender_is_gone_from_landing_inbox_and_what_was_set_aside(settings, command, tmp_path):
    (settings.home / "inbox/dispatch" / LEAVER).mkdir(parents=True)
    (settings.home / "inbox/dispatch" / LEAVER / "a.csv").write_text(f"{MARK} 0")
    (settings.home / "damaged/then/landing").mkdir(parents=True)
    (settings.home / "damaged/then/landing/old.parquet").write_bytes(f"{MARK} 1".encode())
    (settings.home / "damaged/then/landing/journal").write_bytes(b"lines")
    for made_for_readers in ("tmp/files/2026-11-02.1", "tmp/share/2026-11-02.1/all"):
        (settings.home / made_for_readers).mkdir(parents=True)
        (settings.home / made_for_readers / "usage.dispatch_day.csv").write_text(f"{MARK} 1")
    assert len(places_with(settings.home, markers_of([0, 1]))) == 6
    code, out, _ = command("erase", "--producer", LEAVER, *DONE)
    assert (code, "Erased from landing" in out, "dif token revoke" in out) == (0, True, True)
    assert places_with(settings.home, markers_of([0, 1])) == {}
    assert (settings.home / "damaged/then/landing/journal").exists()
    landing = open_landing(settings)
    assert (keep_leavers(landing, 0), keep_leavers(landing, 1, batch_id="elsewhere")) == ("erased", "erased")
    code, out, _ = command("erase", "--producer", LEAVER)
    assert (code, out) == (0, f"Nothing to erase of all batches of {LEAVER}.\n")
    _, out, _ = command("status", "--json")
    assert json.loads(out)["erased"] == {"batches": 2, "rows": 80, "unfinished": 0}


def test_releases_made_after_a_withdrawal_go_too(settings, command):
    """One as of an earlier day counts the batch; the databases of the others began as copies of those with its rows."""
    release_of(settings, "2026-11-20.1", upto=1)
    for batch_id in ("s-0", "s-1"):
        assert command("withdraw", batch_id, "--reason", "feil")[0] == 0
    for name in ("2026-11-29.1", "asof-2026-11-20.1"):
        release_of(settings, name, open_landing(settings).last_number)
    assert command("erase", "--producer", LEAVER, *DONE)[0] == 0
    assert Releases(settings).names() == ["2026-11-20.1"]


@pytest.mark.parametrize("manifest", ["{", '{"made_of": {"journal": [9, ""]}, "digest": "of another"}', "{}"])
def test_a_release_whose_manifest_is_unreadable_or_changed_goes_too(settings, command, manifest):
    """Its databases may well be readable, and nobody knows that they do not hold the rows."""
    for name in ("2026-11-01.1", "2026-11-02.1"):
        release_of(settings, name, upto=1)
    (settings.releases / "2026-11-02.1" / "manifest.json").write_text(manifest)
    _, out, _ = command("erase", "--producer", LEAVER, "--json")
    assert json.loads(out)["releases"] == ["2026-11-02.1"]
    assert command("erase", "--producer", LEAVER, *DONE)[0] == 0
    assert (Releases(settings).names(), open_landing(settings).unfinished) == (["2026-11-01.1"], [])


def test_what_a_server_makes_while_the_releases_are_removed_goes_too(settings, command, monkeypatch):
    release_of(settings, "2026-11-02.1", upto=2)
    made = settings.home / "tmp/files/2026-11-02.1/usage.dispatch_day.csv"
    remove = Releases.remove

    def asked_meanwhile(self, name):
        made.parent.mkdir(parents=True)
        made.write_text(f"{MARK} 0")
        remove(self, name)

    monkeypatch.setattr(Releases, "remove", asked_meanwhile)
    assert command("erase", "--producer", LEAVER, *DONE)[0] == 0
    assert not made.exists()


def test_a_backup_with_a_stable_and_a_held_release_of_erased_rows_can_be_restored(settings, command, tmp_path):
    for name in ("2026-11-02.1", "2026-11-03.1"):
        release_of(settings, name, upto=2)
    Releases(settings).promote("2026-11-02.1", by="team:x", reason="lest av økonomi", now=NOW)
    Releases(settings).hold("2026-11-03.1", by="økonomi", reason="fakturagrunnlag", now=NOW)
    with recording_outcome(settings, tmp_path / "backup", lambda: NOW) as ended:
        ended(back_up(settings, tmp_path / "backup", now=NOW, releases="all"))
    assert command("erase", "--producer", LEAVER, *DONE, "--even-held")[0] == 0
    _, out, err = command("restore", str(tmp_path / "backup"), "--to", str(tmp_path / "new"))
    assert "2 batches had been erased since" in out, err
    new = Releases(settings.but(home=tmp_path / "new"))
    assert (new.names(), dict(new.holds())) == ([], {})
    assert places_with(tmp_path / "new", markers_of([0, 1])) == {}


def test_a_ledger_in_which_a_number_was_masked_stays_when_a_backup_is_restored(
    settings, command, monkeypatch, tmp_path
):
    cost = {"entry_id": ["b-1"], "booked_on": [NOW.date()], "period": [NOW.date().replace(day=1)], "amount_ore": [5]}
    cost["text"] = [f"utlegg {LATE}"]
    columns = [pa.array(cost[c.name], c.type) if c.name in cost else pa.nulls(1, c.type) for c in COST_ENTRY.columns]
    keep_table(settings, pa.table(columns, names=COST_ENTRY.schema.names), COST_ENTRY, "okonomi")
    with recording_outcome(settings, tmp_path / "backup", lambda: NOW) as ended:
        ended(back_up(settings, tmp_path / "backup", now=NOW))
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{LATE}\n"))
    assert command("erase", "--identity", "--yes", "--reason", "Fødselsnummer i fritekst")[0] == 0
    _, out, _ = command("restore", str(tmp_path / "backup"), "--to", str(tmp_path / "new"))
    assert "dif erase --identity" in out
    landing = open_landing(settings.but(home=tmp_path / "new"))
    entry = landing.entry_named("cost_entry", "okonomi", "x")
    assert (landing.withdrawal(entry), landing.is_whole(entry)) == (None, True)
    monkeypatch.setenv("DIF_HOME", str(tmp_path / "new"))
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{LATE}\n"))
    assert command("erase", "--identity", "--yes", "--reason", "Fødselsnummer i fritekst")[0] == 0
    assert places_with(tmp_path / "new", [LATE.encode()]) == {}


def test_named_batches_alone_can_be_erased(settings, command):
    code, out, _ = command("erase", "--producer", LEAVER, "--batch", "s-1", *DONE, "--json")
    assert (code, json.loads(out)["finished"]) == (0, True)
    landing = open_landing(settings)
    assert [e.batch_id for e in landing.entries if landing.erasure(e)] == ["s-1"]
    code, _, err = command("erase", "--producer", LEAVER, "--batch", "s-1", *DONE)
    assert (code, "no batch 's-1'" in err) == (2, True)


def test_a_held_release_stands_in_the_way(settings, command):
    release_of(settings, "2026-11-02.1", upto=3)
    with atomic_files.locked(settings.home):
        Releases(settings).hold("2026-11-02.1", by="økonomi", reason="fakturagrunnlag", now=NOW)
    code, out, err = command("erase", "--producer", LEAVER, *DONE)
    assert (code, "held by økonomi: fakturagrunnlag" in out, "--even-held" in err) == (2, True, True)
    assert open_landing(settings).erasures == []
    code, _, _ = command("erase", "--producer", LEAVER, *DONE, "--even-held")
    assert (code, Releases(settings).names(), Releases(settings).holds()) == (0, [], {})


def test_the_stable_release_is_held_too(settings, command):
    release_of(settings, "2026-11-02.1", upto=2)
    Releases(settings).promote("2026-11-02.1", by="team:x", reason="lest av økonomi", now=NOW)
    code, _, err = command("erase", "--producer", LEAVER, *DONE)
    assert (code, "lest av økonomi" in err) == (2, True)
    assert command("erase", "--producer", LEAVER, *DONE, "--even-held")[0] == 0
    assert Releases(settings).holds() == {}
    assert Releases(settings).names() == []


def test_ledgers_stay_and_the_law_is_named(settings, command):
    cost = {"entry_id": ["b-1"], "booked_on": [NOW.date()], "period": [NOW.date().replace(day=1)], "amount_ore": [5]}
    columns = [pa.array(cost[c.name], c.type) if c.name in cost else pa.nulls(1, c.type) for c in COST_ENTRY.columns]
    keep_table(settings, pa.table(columns, names=COST_ENTRY.schema.names), COST_ENTRY, "okonomi")
    code, out, _ = command("erase", "--producer", "okonomi", *DONE)
    assert (code, "bokføringsloven § 13" in out) == (1, True)
    landing = open_landing(settings)
    assert landing.is_whole(landing.entry_named("cost_entry", "okonomi", "x"))


def test_an_identity_number_comes_from_standard_input_and_is_shown_nowhere(settings, command, monkeypatch):
    keep_table(settings, texts(["Websak", f"sak {LATE[:6]} {LATE[6:]}"]), producer="late")
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{LATE[:6]} {LATE[6:]}\n"))
    code, out, err = command("erase", "--identity", "--yes", "--reason", "Fødselsnummer i fritekst")
    assert (code, "1 row masked, in 1 batch" in out) == (0, True)
    assert not any(digits in out + err for digits in (LATE, LATE[6:]))
    assert places_with(settings.home, [LATE.encode(), f"{LATE[:6]} {LATE[6:]}".encode()]) == {}
    entry = open_landing(settings).entry_named("dispatch", "late", "x")
    assert (entry.rows, entry.masked_rows) == (2, 1)


def test_an_organisations_rows_are_removed_from_batches_that_stay(settings, command):
    code, out, _ = command("erase", "--organisation", "974 605 171", *DONE, "--json")
    plan = json.loads(out)
    assert (code, [(b["batch_id"], b["whole"]) for b in plan["batches"]]) == (
        0,
        [("b-000000", True), ("s-0", False), ("s-1", False)],
    )
    assert [e.rows for e in open_landing(settings).entries] == [40, 4, 4]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "not clear what"),
        (("--producer", "p", "--organisation", "974605171"), "not clear what"),
        (("--stream", "dispatch"), "not clear what"),
        (("--producer", LEAVER, "--yes"), "--reason"),
        (("--organisation", "974605170"), "organisation number"),
        (("--producer", LEAVER, "--stream", "dispach"), "Did you mean 'dispatch'"),
        (("--identity", LATE), ""),
    ],
)
def test_what_is_not_clear_is_refused(settings, command, words, says, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("123\n"))
    code, _, err = command("erase", *words)
    assert (code, says in err) == (2, True)


@pytest.mark.usefixtures("settings")
def test_a_reason_with_an_identity_number_is_refused_and_not_repeated(command):
    (value,) = numbers(1)
    code, out, err = command("erase", "--producer", LEAVER, "--yes", "--reason", f"gjelder {value}")
    assert (code, value in out + err) == (2, False)


def test_when_the_run_stops_it_is_said_what_is_done_and_what_is_not(settings, command, monkeypatch):
    settings.lake.mkdir()

    def stops(_attempt) -> None:
        raise GateFailed(["usage.dispatch_day: months_tie"])

    monkeypatch.setattr(erasing, "carried_out", stops)
    code, _, err = command("erase", "--producer", LEAVER, *DONE)
    assert (code, "The landing is rid of it; lake and releases are not" in err) == (1, True)
    assert places_with(settings.landing, markers_of([0, 1])) == {}
    assert len(open_landing(settings).unfinished) == 1
    _, out, _ = command("status")
    assert "not finished: `dif run` goes on" in out


@pytest.mark.slow("three runs")
def test_a_run_finishes_what_was_broken_off_after_the_tombstone(settings, command, monkeypatch):
    assert command("run")[0] == 0
    with monkeypatch.context() as patched:
        patched.setattr(Lake, "forget", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert command("erase", "--producer", LEAVER, *DONE)[0] == 1
    assert places_with(settings.home, markers_of([0, 1])), "the release is published, and the one before is still there"
    code, out, _ = command("doctor")
    assert (code, "is not finished" in out) == (1, True)
    assert command("run")[0] == 0
    assert places_with(settings.home, markers_of([0, 1])) == {}
    assert (len(Releases(settings).names()), command("doctor")[0]) == (1, 0)
    assert "Nothing new" in command("run")[2]


KILLED = """
import importlib, os, signal, sys
module, owner, name, *words = sys.argv[1:]
owner = getattr(importlib.import_module(module), owner) if owner else importlib.import_module(module)
setattr(owner, name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
from pipelines.cli import main
main.main(words)
"""
"""Runs a command of `dif`, and kills it where it is about to call a function."""


def killed_at(module: str, owner: str, name: str, *words: str) -> None:
    """Run a command that is killed on the way."""
    ended = subprocess.run([sys.executable, "-c", KILLED, module, owner, name, *words], check=False)
    assert ended.returncode == -signal.SIGKILL


STEPS = {
    "before the tombstone": ("transport.storage.landing", "Landing", "erase"),
    "before the files are removed": ("transport.storage.landing", "Landing", "clear_erased"),
    "before the backups are told": ("pipelines.cli.commands.erase", "outside", "remember_in"),
    "before the lake is made": ("pipelines.cli.commands.erase", "", "begin"),
    "before the releases are removed": ("transport.releases.store", "Releases", "remove"),
    "before it is noted as finished": ("transport.storage.landing", "Landing", "finish_erasing"),
}


@pytest.mark.parametrize("step", some(STEPS, 1, "another step, gone on with the same way"))
def test_a_killed_erasure_goes_on_when_the_same_command_is_repeated(settings, command, tmp_path, step):
    with recording_outcome(settings, tmp_path / "backup", lambda: NOW) as ended:
        ended(back_up(settings, tmp_path / "backup", now=NOW))
    release_of(settings, "2026-11-02.1", upto=2)
    words = ("erase", "--producer", LEAVER, "--batch", "s-0", "--batch", "s-1", *DONE)
    killed_at(*STEPS[step], *words)
    if step != "before the tombstone":
        code, out, _ = command(*words[: -len(DONE)])
        assert (code, "An erasure of 2 batches is not finished" in out) == (0, True), out
        assert json.loads(command(*words[: -len(DONE)], "--json")[1])["unfinished"] == [
            {"batches": 2, "by": "drift", "reason": DONE[-1]}
        ]
    code, out, _ = command(*words)
    assert (code, "Erased from landing, lake and releases" in out, "backup/" in out) == (0, True, True), out
    assert places_with(settings.home, markers_of([0, 1])) == {}
    assert (Releases(settings).names(), open_landing(settings).unfinished) == ([], [])
    assert len((tmp_path / "backup/erasures.jsonl").read_text().splitlines()) == 2
    assert (command("doctor")[0], command("erase", "--producer", LEAVER)[1].splitlines()) == (
        0,
        [f"Nothing to erase of all batches of {LEAVER}."],
    )


@pytest.mark.slow("two erasures; the others hold what one does")
def test_a_release_that_is_held_meanwhile_stands_in_the_way_of_the_repeat_too(settings, command):
    release_of(settings, "2026-11-02.1", upto=2)
    killed_at(*STEPS["before the lake is made"], "erase", "--producer", LEAVER, *DONE)
    Releases(settings).hold("2026-11-02.1", by="økonomi", reason="fakturagrunnlag", now=NOW)
    code, out, err = command("erase", "--producer", LEAVER, *DONE)
    assert (code, "held by økonomi" in out, "--even-held" in err) == (2, True, True)
    assert command("erase", "--producer", LEAVER, *DONE, "--even-held")[0] == 0
    assert (Releases(settings).names(), open_landing(settings).unfinished) == ([], [])


@pytest.mark.slow("three runs")
def test_the_same_command_again_finishes_while_the_release_of_the_rows_is_current(settings, command):
    assert command("run")[0] == 0
    (before,) = Releases(settings).names()
    killed_at(*STEPS["before the lake is made"], "erase", "--producer", LEAVER, *DONE)
    assert Releases(settings).current_name() == before
    code, out, _ = command("erase", "--producer", LEAVER, *DONE)
    assert (code, "Nothing more to erase" in out, before in out) == (0, True, True), out
    assert places_with(settings.home, markers_of([0, 1])) == {}
    assert before not in Releases(settings).names()


@pytest.mark.slow("three runs")
def test_the_bytes_of_a_withdrawn_batch_are_in_no_database_either(settings, command):
    assert command("run")[0] == 0
    for batch_id in ("s-0", "s-1"):
        assert command("withdraw", batch_id, "--reason", "feil")[0] == 0
    assert command("run")[0] == 0
    assert places_with(settings.home, markers_of([0, 1])), "a withdrawn batch stays where it landed"
    assert command("erase", "--producer", LEAVER, *DONE)[0] == 0
    assert places_with(settings.home, markers_of([0, 1])) == {}
