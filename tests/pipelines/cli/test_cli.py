"""`dif` as people and programs use it: results on stdout, words on stderr, exit 0 done, 1 failed, 2 wrong use."""

import csv
import io
import json
import os
import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from pipelines.cli import main
from tests.transport.releases.test_store import contents
from transport.base import atomic_files
from transport.releases.store import Releases

DIF = str(Path(sys.executable).with_name("dif"))
THEN = datetime(2026, 4, 20, 21, 59, 59, 999999, tzinfo=UTC)
"""The end of 20 April in Oslo."""
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),  # backfill_policy, in use for years
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),  # dagster's own
]


@pytest.fixture
def dif_over(monkeypatch, capsysbinary, tmp_path):
    """Run one command over a home; gives exit code, stdout and stderr."""
    monkeypatch.setenv("DIF_SETTLE_SECONDS", "0")
    monkeypatch.chdir(tmp_path)

    def dif_over(home, *words, text=True):
        monkeypatch.setenv("DIF_HOME", str(home.settings.home))
        capsysbinary.readouterr()
        with pytest.raises(SystemExit) as ended:
            main.main([str(w) for w in words])
        out, err = capsysbinary.readouterr()
        assert b"Traceback" not in err
        return ended.value.code, out.decode() if text else out, err.decode()

    return dif_over


@pytest.fixture
def dif(home, dif_over):
    """Run one command over a home of the test's own."""
    return partial(dif_over, home)


@pytest.fixture
def dif_reads(published, dif_over):
    """Run one command that changes nothing, over the home of all."""
    return partial(dif_over, published)


def process(home, *words, command=(DIF,), **more):
    environment = {**os.environ, "DIF_HOME": str(home.settings.home), "DIF_SETTLE_SECONDS": "0"}
    return subprocess.run(
        [*command, *words], env=environment, capture_output=True, text=True, check=False, cwd=home.settings.home, **more
    )


# --- wrong use, and failures -----------------------------------------------------------------------------------------


def test_help_answers_without_loading_what_is_heavy(published):
    heavy = ["dagster", "deltalake", "duckdb", "great_expectations", "numpy", "polars", "pyarrow", "streamlit"]
    script = (
        "import sys, pipelines.cli.main as cli\n"
        "try: cli.main(['--help'])\n"
        f"except SystemExit as end: print([m for m in {heavy} if m in sys.modules], end.code, file=sys.stderr)"
    )
    done = process(published, command=(sys.executable, "-c", script))
    assert done.stderr.strip() == "[] 0"
    for word in ("run", "sql", "status", "release", "register", "quarantine", "doctor", "rebuild", "simulate"):
        assert f" {word} " in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["relase", "list"], "release"),
        (["run", "--ful"], "--full"),
        (["sql"], "QUERY"),
        (["sql", "select 1", "--format", "xml"], "xml"),
        (["sql", "select 1", "--release", "2026-01-01.1"], "2026-"),
        (["release", "show", "currnt"], "'currnt'"),
        (["run", "--as-of", "yesterday"], "2026-01-31"),
        (["quarantine", "show", "dispach"], "'dispatch'"),
        (["register", "export", "budgt"], "'budget'"),
        (["register", "history", "sourcesystem"], "'source_system'"),
        (["simulate", "--dispatches", "0"], "at least 1"),
        (["simulate", "--until", "soon"], "2026-11-01"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_wrong_use_exits_2_and_names_what_was_meant(words, says, dif_reads):
    code, out, err = dif_reads(*words)
    assert code == 2
    assert out == ""
    assert says in err


@pytest.mark.parametrize(
    "words",
    [
        ["sql", "select * from usage.dispatch_dag"],
        ["sql", ""],
        ["sql", "select * from read_csv('/etc/passwd')"],
        ["register", "check", "budget", "nowhere.csv"],
        ["register", "export", "budget", "budget.txt"],
        ["register", "export", "budget", "no/such/folder/budget.csv"],
    ],
    ids=" ".join,
)
def test_a_failure_exits_1_and_says_what_and_the_next_step(words, dif_reads):
    code, out, err = dif_reads(*words)
    assert (code, out) == (1, "")
    assert len(err.strip().splitlines()) >= 2
    assert "→" in err


def test_a_misspelt_variable_is_named_with_the_setting_and_stops_nothing(dif_reads, monkeypatch):
    monkeypatch.setenv("DIF_MIRORR", "/mnt")
    code, out, err = dif_reads("release", "list")
    assert (code, bool(out), err.count("Did you mean DIF_MIRROR?")) == (0, True, 1)


@pytest.mark.slow("starts a process for each fault")
def test_code_that_does_not_fit_together_is_told_to_whoever_changed_it(published):
    script = (
        "from catalog.tables import streams\n"
        "from dataclasses import replace\n"
        "streams.PUSHED = {**streams.PUSHED, 'incident': replace(streams.DISPATCH, name='incident')}\n"
        "from pipelines.cli.main import main\n"
        "main(['sample', 'dispatch'])\n"
    )
    done = process(published, command=(sys.executable, "-c", script))
    assert (done.returncode, done.stdout, "Traceback" in done.stderr) == (1, "", False)
    assert "does not fit together: ValueError: No sample of incident: add a made-up row to `_ROWS`" in done.stderr
    assert "CONTRIBUTING.md" in done.stderr


def test_the_process_fails_without_a_trace_and_says_who_holds_the_home(home):
    script = (
        "import sys\n"
        "from pipelines.run import steps\n"
        "steps.WAIT_MINUTES = 0\n"
        "from pipelines.cli.main import main\n"
        "sys.exit(main(['run']))\n"
    )
    with atomic_files.locked(home.settings.home):
        done = process(home, command=(sys.executable, "-c", script))
    assert done.returncode == 1
    assert f"process {os.getpid()}" in done.stderr
    assert "run again" in done.stderr
    assert (done.stdout, "Traceback" in done.stderr) == ("", False)


def test_a_reader_that_has_seen_enough_is_no_failure(published):
    script = f"{DIF} sql 'from range(200000)' --format csv | head -n 1"
    done = process(published, command=("bash", "-o", "pipefail", "-c", script))
    assert done.stdout == '"range"\n'
    assert done.stderr == ""


# --- run -------------------------------------------------------------------------------------------------------------


@pytest.mark.slow("a run, a replay and a rebuild of the bundled data")
def test_run_publishes_then_has_nothing_to_do_and_a_replay_and_a_rebuild_leave_the_release(dif, home, traffic):
    code, out, err = dif("run")
    assert code == 0
    first = home.current.name
    assert f"Published release {first}" in out
    assert "usage.dispatch_day" in out
    assert "0 batches, 0 rows" in err, "progress goes to stderr"

    code, out, err = dif("run", "--json")
    assert (code, json.loads(out)) == (0, {"status": "nothing_new", "release": first})
    assert "Nothing new" in err

    code, out, _ = dif("run", "--as-of", "2026-04-20", "--json")
    assert (code, json.loads(out)["release"]) == (0, "asof-2026-04-20.1")
    assert home.current.name == first
    replay = home.releases.get("asof-2026-04-20.1").manifest
    assert (replay["as_of"], replay["through_month"]) == (THEN.isoformat(), "2026-03-01")
    assert max(replay["datasets"]["usage.dispatch_day"]["partitions"]) == "2026-04-01"
    counted = [m["datasets"]["usage.dispatch_day"]["rows"] for m in (replay, home.current.manifest)]
    assert counted[0] < counted[1]
    assert replay["datasets"]["quality.batch"]["rows"] == sum(b.arrived_at <= THEN for b in traffic if b.table.num_rows)

    code, out, _ = dif("rebuild", "--json")
    assert (code, json.loads(out)) == (0, {"release": first, "differ": []})
    assert home.current.name == first

    code, out, _ = dif("doctor")
    assert (code, out.startswith("All is well")) == (0, True)


def test_simulate_lays_synthetic_batches_where_it_is_told(dif, tmp_path):
    code, out, _ = dif(
        "simulate", "--dispatches", "40", "--months", "1", "--out", tmp_path / "out", "--until", "2026-03-01"
    )
    assert (code, "synthetic batches" in out) == (0, True)
    files = list((tmp_path / "out").rglob("*.parquet"))
    assert {f.parent.parent.name for f in files} >= {"dispatch", "register", "measurement"}
    assert any("2026-02" in f.name for f in files)


# --- looking ---------------------------------------------------------------------------------------------------------


def test_status_is_one_screen_for_people_and_json_for_programs(dif, home):
    code, out, _ = dif("status")
    assert code == 0
    assert home.current.name in out
    assert "invoice_line" in out
    code, out, _ = dif("status", "--json")
    said = json.loads(out)
    assert (said["release"], said["through_month"], said["waiting_files"]) == (home.current.name, "2026-04-01", 0)
    assert {s["stream"] for s in said["streams"]} >= {"dispatch", "register"}


@pytest.mark.long("a store that does not answer is asked for two seconds, twice")
def test_status_names_a_store_that_is_away_and_tells_what_lies_here(dif, home, monkeypatch):
    with socket.socket() as held:  # bound, and listened to by nobody
        held.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{held.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
            monkeypatch.setenv(name, "x")
        for name in ("landing", "lake", "releases"):
            monkeypatch.setenv(f"DIF_{name.upper()}_URL", f"s3://bucket/{name}")
        code, out, err = dif("status")
    assert (code, err) == (0, "")
    for place, whose in (("landing", "The landing's"), ("releases", "The releases'")):
        assert f"s3://bucket/{place} ({place}_url) at {endpoint}: {whose} object storage does not answer." in out
    assert f"Release         {home.current.name}" in out
    for line in ("Alerts          not checked while a store is away", "GB free"):
        assert line in out
    assert "What has landed is not known meanwhile." in out


def test_sql_gives_the_same_answer_in_every_format(dif_reads):
    query = "select channel, sum(dispatches)::bigint as dispatches from usage.dispatch_day group by all order by all"
    expected = json.loads(dif_reads("sql", query, "--json")[1])
    assert {r["channel"] for r in expected} >= {"PRINT", "SVARINN"}
    _, out, _ = dif_reads("sql", query, "--format", "csv")
    assert [(r["channel"], int(r["dispatches"])) for r in csv.DictReader(io.StringIO(out))] == [
        (r["channel"], r["dispatches"]) for r in expected
    ]
    _, out, _ = dif_reads("sql", query, "--format", "parquet", text=False)
    assert pq.read_table(pa.BufferReader(out)).to_pylist() == expected
    _, out, _ = dif_reads("sql", query)
    assert [line.split() for line in out.splitlines()[1:]] == [[r["channel"], str(r["dispatches"])] for r in expected]
    _, out, _ = dif_reads("sql", "from usage.dispatch_day where false")
    assert out == "No rows.\n"


def test_sql_reads_the_ledger_and_writes_nothing(dif_reads):
    code, out, _ = dif_reads("sql", "select count(*) > 0 as there from ledger.entry", "--format", "json")
    assert (code, json.loads(out)) == (0, [{"there": True}])
    assert dif_reads("sql", "create table usage.mine as select 1")[0] == 1


# --- releases --------------------------------------------------------------------------------------------------------


def test_releases_are_listed_shown_verified_and_rolled_back(dif, home):
    first = home.current.name
    second = home.run(as_of=home.as_of + timedelta(days=1)).name

    _, out, _ = dif("release", "list", "--json")
    assert [(r["release"], r["current"], r["parent"]) for r in json.loads(out)] == [
        (second, "*", first),
        (first, "", None),
    ]
    _, out, _ = dif("release", "list")
    assert out.index(second) < out.index(first)

    _, out, _ = dif("release", "show")
    assert second in out
    assert "ledger.product_month" in out
    _, out, _ = dif("release", "show", first, "--json")
    assert json.loads(out)["release"] == first

    code, out, _ = dif("release", "verify")
    assert code == 0
    assert out.startswith(f"{second}: every file matches what was published.\nPublished at 20")

    code, out, _ = dif("release", "rollback")
    assert (code, home.current.name) == (0, first)
    assert second in out
    code, _, err = dif("release", "rollback")
    assert (code, home.current.name) == (2, first)
    assert f"{first} has no parent" in err
    assert json.loads(dif("status", "--json")[1])["last_attempt"]["status"] == "rolled_back"

    damaged = home.releases.get(second).folder / "dif.duckdb"
    damaged.chmod(0o644)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    code, out, _ = dif("release", "verify", second)
    assert (code, "dif.duckdb: changed since it was published" in out) == (1, True)
    code, _, err = dif("release", "rollback", second)
    assert (code, "damaged" in err, home.current.name) == (1, True, first)


@pytest.mark.slow("several processes; test_signing.py holds what a signature tells")
def test_a_recipient_is_told_how_old_a_signed_release_is_and_what_is_wrong_with_the_key(dif, home, tmp_path):
    for name in ("signing", "other"):
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / f"{name}.pem").write_bytes(pem)
        (tmp_path / f"{name}.pem").chmod(0o600)
        public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / f"{name}.pub").write_bytes(public)
    releases = Releases(home.settings.but(signing_key=tmp_path / "signing.pem"))
    unsigned = home.current.name
    first, second = "2026-12-09.1", "2026-12-09.2"
    for name, hour in ((first, 8), (second, 9)):
        facts = {"published_at": f"2026-12-09T0{hour}:00:00+00:00"}
        parent = releases.current_name()
        releases.publish(name, contents(hour), lambda _told: [], facts, parent=parent, anew=True)

    code, out, _ = dif("release", "verify", "--key", "signing.pub", "--newer-than", first)
    assert (code, "signed it" in out, "Published at 2026-12-09T09:00:00+00:00, " in out) == (0, True, True)
    (releases.folder / "current").unlink()
    (releases.folder / "current").symlink_to(first)
    for asked, expected in {first: 0, second: 1, "2026-12-09": 0, "2026-12-10": 1, "2026-12-08.7": 0}.items():
        code, out, _ = dif("release", "verify", "--key", "signing.pub", "--newer-than", asked)
        assert (code, f"That is not newer than {asked}." in out) == (expected, bool(expected))
    told = json.loads(dif("release", "verify", "--newer-than", second, "--json")[1])
    assert (told["release"], told["published_at"], told["older"], told["wrong"]) == (
        first, "2026-12-09T08:00:00+00:00", True, []
    )  # fmt: skip
    code, _, err = dif("release", "verify", "--newer-than", "yesterday")
    assert (code, "no day and no release" in err) == (2, True)

    code, out, _ = dif("release", "verify", "--key", "other.pub")
    assert (code, "Ask the publisher which key is theirs" in out, "--full" in out) == (1, True, False)
    code, _, err = dif("release", "verify", "--key", "nowhere.pub")
    assert (code, "nowhere.pub cannot be read: No such file" in err) == (2, True)
    code, out, _ = dif("release", "verify", unsigned, "--key", "signing.pub")
    assert (code, "manifest.json: not signed\n" in out, "--full" in out) == (1, True, False)


# --- quarantine ------------------------------------------------------------------------------------------------------


def test_quarantine_is_listed_by_rule_and_shown_row_by_row(dif):
    _, out, _ = dif("quarantine", "list", "--json")
    counts = {(r["stream"], r["rule"]): r for r in json.loads(out)}
    broken = counts["dispatch", "organisation_number_modulus_11"]
    assert (broken["month"], broken["producer"]) == ("2026-03-01", "syntetisk")
    assert "modulus 11" in broken["says"]
    assert "The dispatch was received with different values" in dif("quarantine", "list")[1].replace("\n", " ")

    rule = "organisation_number_modulus_11"
    _, out, _ = dif("quarantine", "show", "dispatch", "--rule", rule, "--json")
    rows = json.loads(out)
    assert len(rows) == broken["rows"]
    assert all(rule in r["rules"] and json.loads(r["record"])["dispatch_id"] for r in rows)
    _, out, _ = dif("quarantine", "show", "dispatch", "--limit", "1")
    assert "from syntetisk" in out
    assert "nothing in quarantine" in dif("quarantine", "show", "loan_entry")[1]


# --- registers -------------------------------------------------------------------------------------------------------


def test_a_register_goes_out_is_edited_checked_applied_and_remembered(dif, tmp_path):
    _, out, _ = dif("register", "list", "--json")
    before = {r["register"]: r for r in json.loads(out)}
    assert (before["code_decision"]["rows"], before["code_decision"]["applied"]) == (4, "bundled facts")
    assert "Avgjorte kommunenumre" in dif("register", "list")[1]
    assert "bundled facts are in force" in dif("register", "history", "code_decision")[1]

    file = tmp_path / "decisions.csv"
    assert dif("register", "export", "code_decision", file)[0] == 0
    lines = file.read_text("utf-8-sig").splitlines()
    assert lines[0] == "producer;reported_code;municipality_code;reason"
    file.write_text("\n".join([*lines, "nav-digisos;5302;3911;Kontoret heter Færder."]), "utf-8")
    told = json.loads(dif("register", "check", "code_decision", file, "--json")[1])
    assert (told["register"], told["rows"], told["added"], told["removed"]) == ("code_decision", 5, 1, 0)
    code, out, _ = dif("register", "check", "code_decision", file)
    assert (code, "5 rows, all good; 1 added, 0 changed, 0 removed" in out, "Nothing was applied" in out) == (
        0,
        True,
        True,
    )
    unknown = tmp_path / "unknown.csv"
    unknown.write_text("\n".join([*lines, "nav-digisos;5302;9999;Finnes ikke."]), "utf-8")
    code, _, err = dif("register", "apply", "code_decision", unknown, "--reason", "feil")
    assert (code, "nav-digisos 5302" in err) == (1, True)
    assert json.loads(dif("register", "history", "code_decision", "--json")[1]) == []

    code, out, _ = dif(
        "register", "apply", "code_decision", file, "--reason", "Færder er avklart", "--by", "kundesenter"
    )
    assert (code, "5 rows applied" in out) == (0, True)
    [version] = json.loads(dif("register", "history", "code_decision", "--json")[1])
    assert (version["rows"], version["by"], version["reason"]) == (5, "kundesenter", "Færder er avklart")
    undo = tmp_path / "undo.csv"
    assert dif("register", "export", "code_decision", undo, "--version", version["batch_id"])[0] == 0
    assert len(undo.read_text("utf-8-sig").splitlines()) == 6


def test_a_mapping_of_cost_without_a_first_month_is_told_to_reach_back(dif, tmp_path):
    file = tmp_path / "cost_mapping.csv"
    head, old = "account;cost_center;service;cost_category;valid_from;valid_to", "6420;;svarut;DRIFT;;2026-04-01"
    file.write_text(f"{head}\n{old}", "utf-8")
    told = "1 new or changed row of cost_mapping without valid_from"
    for _ in range(2):
        code, out, _ = dif("register", "check", "cost_mapping", file)
        assert (code, told in out) == (0, True), "what is only checked is not there yet"
    code, out, _ = dif("register", "apply", "cost_mapping", file, "--reason", "konto 6420")
    assert (code, told in out) == (0, True)
    file.write_text(f"{head}\n{old}\n6420;;fiks-io;DRIFT;2026-04-01;", "utf-8")
    code, out, _ = dif("register", "apply", "cost_mapping", file, "--reason", "ny tjeneste fra april")
    assert (code, "without valid_from" in out, "1 added, 0 changed, 0 removed" in out) == (0, False, True)


def test_a_register_goes_out_and_in_as_a_spreadsheet(dif, tmp_path):
    file = tmp_path / "network_member.xlsx"
    assert dif("register", "export", "network_member")[0] == 0
    sheet = openpyxl.load_workbook(file).active
    assert (sheet.max_row, sheet["B2"].value) == (390, "4601")
    assert dif("register", "check", "network_member", file)[0] == 0


def test_an_edited_register_with_broken_rows_is_refused_whole_with_each_fault(dif, tmp_path, home):
    file = tmp_path / "budget.csv"
    file.write_text(
        "service;month;category;amount_ore\nsvarut;2026-01-01;DRIFT;10\nsvarut;januar;DRIFT;x\nsvarut;2026-01-01;DRIFT;11\n",
        "utf-8",
    )
    journal = (home.settings.landing / "journal").read_bytes()
    code, out, err = dif("register", "apply", "budget", file, "--reason", "prøve")
    assert (code, out) == (1, "")
    assert "row 3, month: 'januar'" in err
    assert "row 4: the same key as row 2" in err
    assert (home.settings.landing / "journal").read_bytes() == journal
