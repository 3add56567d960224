"""`dif serve transport, push, sample, withdraw`: a producer's first day, through real servers and the real command."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import flight

from assets.simulate import saft
from catalog.errors import Damaged
from catalog.tables.streams import STREAMS
from pipelines.run import steps
from transport.client import Client
from transport.ingest.sample import sample
from transport.servers.flight_server import Server
from transport.storage.landing import open_landing

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def server(empty_home):
    """A Flight server of the test's own."""
    one = Server(empty_home.settings)
    serving = threading.Thread(target=one.serve)
    serving.start()
    yield f"grpc://127.0.0.1:{one.port}"
    one.shutdown()
    serving.join()


@pytest.fixture
def dif(dif_in, empty_home):
    return dif_in(empty_home.settings.home)


def rows(stream, count, first=0):
    """Valid rows that differ by their number."""
    return sample(STREAMS[stream], first + count).slice(first)


def kept(home):
    return open_landing(home.settings)


@pytest.mark.parametrize("stream", [s for s in STREAMS if s != "register"])
@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "arrow"])
def test_a_sample_is_a_valid_batch_of_its_stream_in_every_form(dif, server, empty_home, tmp_path, stream, form):
    path = tmp_path / f"sample.{'arrows' if form == 'arrow' else form}"
    assert dif("sample", stream, "--format", form, "--out", path)[0] == 0
    code, out, err = dif("push", stream, path, "--to", server)
    assert (code, out.split()[0]) == (0, "accepted"), err
    assert kept(empty_home).entries[0].rows == 3


@pytest.mark.parametrize("stream", ["dispatch", "cost_entry"])
def test_a_sample_is_sent_with_its_mark_or_not_at_all(dif, server, empty_home, tmp_path, stream):
    _, text, err = dif("sample", stream)
    assert "--synthetic" in err
    path = tmp_path / "s.csv"
    path.write_text(text, "utf-8")
    code, out, err = dif("push", stream, path, "--to", server)
    assert (code, out) == (1, "")
    assert "made up" in err
    assert "→ Send it with --synthetic" in err
    assert kept(empty_home).entries == []
    code, out, _ = dif("push", stream, path, "--check", "--to", server)
    assert (code, out.split()[0]) == (0, "checked")
    code, out, _ = dif("push", stream, path, "--synthetic", "--to", server)
    assert (code, "3 rows, synthetic" in out) == (0, True)


@pytest.mark.parametrize("name", ["s.csv", "s.jsonl", "s.ndjson", "s.parquet", "s.arrow", "s.arrows"])
def test_a_sample_in_a_file_says_that_it_is_made_up_over_the_wire_and_in_the_inbox(
    dif, server, empty_home, tmp_path, name
):
    code, _, err = dif("sample", "dispatch", "--out", tmp_path / name)
    assert (code, "3 made-up rows" in err) == (0, True)
    written = sorted(p.name for p in tmp_path.glob("s.*"))
    text = name.endswith(("csv", "json", "jsonl", "ndjson"))
    assert written == ([name, f"{name}.synthetic"] if text else [name])
    assert (f"{name}.synthetic" in err) is text
    code, out, _ = dif("push", "dispatch", tmp_path / name, "--to", server)
    assert (code, "3 rows, synthetic" in out) == (0, True)
    folder = empty_home.settings.inbox / "dispatch" / "another"
    folder.mkdir(parents=True)
    for file in written:
        (tmp_path / file).rename(folder / file)
    with empty_home.begun() as run:
        assert len(steps.take_in(run).accepted) == 1
    assert [(e.producer, e.synthetic) for e in kept(empty_home).entries] == [("local", True), ("another", True)]


@pytest.mark.parametrize("name", ["s.xlsx", "s.json"])
def test_a_sample_is_not_written_under_a_name_by_which_it_cannot_be_read(dif, tmp_path, name):
    code, _, err = dif("sample", "dispatch", "--out", tmp_path / name)
    assert code != 0
    assert ".csv, .jsonl" in err
    assert list(tmp_path.glob("s.*")) == []


def test_the_same_file_twice_is_accepted_once_and_then_known(dif, server, empty_home, tmp_path):
    pq.write_table(rows("adoption", 5), tmp_path / "steps.parquet")
    answers = [dif("push", "adoption", tmp_path / "steps.parquet", "--to", server) for _ in range(2)]
    assert [(code, out.split()[0]) for code, out, _ in answers] == [(0, "accepted"), (0, "duplicate")]
    assert len(kept(empty_home).entries) == 1


def test_a_folder_is_sent_as_bulk_and_a_stopped_push_goes_on_where_it_stopped(dif, server, empty_home, tmp_path):
    folder = tmp_path / "history"
    folder.mkdir()
    for i in range(6):
        pq.write_table(rows("adoption", 3, 3 * i), folder / f"f{i}.parquet")
    (folder / "notes.txt").write_text("not a batch")
    (folder / "half.parquet.part").write_text("not yet")
    with Client(server, producer="local") as client:
        assert client.health()["status"] == "ok"
    assert dif("push", "adoption", *sorted(folder.glob("f[0-2].parquet")), "--to", server)[0] == 0
    code, out, _ = dif("push", "adoption", folder, "--to", server, "--json")
    assert code == 0
    assert [r["status"] for r in json.loads(out)] == ["duplicate"] * 3 + ["accepted"] * 3
    assert sum(e.rows for e in kept(empty_home).entries) == 18


def test_a_bad_file_stops_no_other_and_says_where_it_is_wrong(dif, server, empty_home, tmp_path):
    folder = tmp_path / "history"
    folder.mkdir()
    (folder / "a.csv").write_text("event_id,service\n1,svarut\n")
    pq.write_table(rows("adoption", 3), folder / "b.parquet")
    code, out, err = dif("push", "adoption", folder, "--to", server)
    assert code == 1
    assert "accepted" in out
    assert re.search(r"a\.csv: Columns 'step', .* of stream adoption are missing", err)
    assert len(kept(empty_home).entries) == 1


def test_a_check_keeps_nothing_and_works_where_no_server_is(dif, server, empty_home, tmp_path):
    pq.write_table(rows("adoption", 3), tmp_path / "b.parquet")
    for address in (server, "grpc://127.0.0.1:1"):
        code, out, err = dif("push", "adoption", tmp_path / "b.parquet", "--check", "--to", address)
        assert (code, out.split()[0]) == (0, "checked")
    assert "Checked here instead" in err
    assert kept(empty_home).entries == []


def test_a_large_file_is_several_batches_that_the_same_file_always_gives(
    dif, server, empty_home, tmp_path, monkeypatch
):
    from pipelines.cli.commands import send

    monkeypatch.setattr(send, "_PART_ROWS", 1000)
    table = pa.concat_tables([rows("adoption", 500)] * 5)
    path = tmp_path / "big.parquet"
    pq.write_table(table, path, row_group_size=400)
    first = json.loads(dif("push", "adoption", path, "--to", server, "--json")[1])
    again = json.loads(dif("push", "adoption", path, "--to", server, "--json")[1])
    assert [r["status"] for r in first] == ["accepted"] * 3
    assert [r["status"] for r in again] == ["duplicate"] * 3
    assert [r["batch_id"] for r in first] == [r["batch_id"] for r in again]
    assert sum(r["rows"] for r in first) == 2500


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["push", "adopton", "x.csv"], "Did you mean 'adoption'?"),
        (["push", "adoption"], "one or more files"),
        (["push", "adoption", "nothing.csv"], "No file"),
        (["withdraw", "b", "--reason", "x"], "No batch 'b'"),
        (["withdraw", "b", "--reason", " "], "--reason"),
        (["sample", "dispach"], "Did you mean 'dispatch'?"),
        (["sample", "dispatch", "--rows", "0"], "at least 1"),
    ],
)
def test_wrong_use_says_what_and_the_mend(dif, words, said):
    code, _, err = dif(*words)
    assert code == 2
    assert said in err
    assert "→" in err


def test_a_check_tells_which_rows_would_be_set_aside(dif, server, tmp_path):
    table = rows("dispatch", 3)
    states = pa.array(["LESTT", "LEST", "LESTT"])
    pq.write_table(table.set_column(1, "state", states), tmp_path / "b.parquet")
    for address in (server, "grpc://127.0.0.1:1"):
        code, out, _ = dif("push", "dispatch", tmp_path / "b.parquet", "--check", "--to", address)
        assert code == 0
        assert "2 rows would be set aside, the first is row 1: state must be one of" in out


def test_a_check_takes_the_names_of_services_that_a_run_takes(dif, server, tmp_path):
    table = rows("measurement", 2)
    at = table.column_names.index("service")
    pq.write_table(table.set_column(at, "service", pa.array(["SVARUT", "brevdue"])), tmp_path / "b.parquet")
    code, out, _ = dif("push", "measurement", tmp_path / "b.parquet", "--check", "--to", server)
    assert (code, out.count("would be set aside")) == (0, 1)
    assert "1 row would be set aside, the first is row 2: service must be one of" in out


def test_a_name_of_ones_own_is_the_batchs_and_other_content_under_it_a_conflict(dif, server, empty_home, tmp_path):
    pq.write_table(rows("adoption", 2), tmp_path / "a.parquet")
    pq.write_table(rows("adoption", 3), tmp_path / "b.parquet")
    assert dif("push", "adoption", tmp_path / "a.parquet", "--batch-id", "2026-11", "--to", server)[0] == 0
    assert [e.batch_id for e in kept(empty_home).entries] == ["2026-11"]
    code, out, _ = dif("push", "adoption", tmp_path / "b.parquet", "--batch-id", "2026-11", "--to", server, "--json")
    assert code == 1
    assert json.loads(out)[0]["kind"] == "conflict"
    assert dif("push", "adoption", tmp_path / "a.parquet", "--batch-id", "2026-11", "--to", server)[1].startswith("dup")


def test_the_same_file_through_the_inbox_and_over_the_wire_has_one_name(dif, server, empty_home, tmp_path):
    folder = empty_home.settings.inbox / "adoption" / "local"
    folder.mkdir(parents=True)
    for path in (tmp_path / "a.parquet", folder / "a.parquet"):
        pq.write_table(rows("adoption", 2), path)
    assert dif("push", "adoption", tmp_path / "a.parquet", "--to", server)[0] == 0
    with empty_home.begun() as run:
        intake = steps.take_in(run)
    assert len(kept(empty_home).entries) == 1, intake


@pytest.mark.parametrize("address", ["http://127.0.0.1:8816", "127.0.0.1:8815", "grpc//x"])
def test_an_address_of_no_flight_server_is_said(dif, tmp_path, address):
    pq.write_table(rows("adoption", 1), tmp_path / "b.parquet")
    code, _, err = dif("push", "adoption", tmp_path / "b.parquet", "--to", address)
    assert (code, "grpc://HOST:PORT" in err) == (2, True)


@pytest.mark.slow("waits for every try again")
def test_no_server_is_said_with_the_next_command(dif, tmp_path):
    pq.write_table(rows("adoption", 1), tmp_path / "b.parquet")
    code, _, err = dif("push", "adoption", tmp_path / "b.parquet", "--to", "grpc://127.0.0.1:1")
    assert code == 1
    assert "does not answer" in err
    assert "dif serve transport" in err


@pytest.mark.slow("two runs")
def test_a_withdrawn_batch_counts_nowhere_from_the_next_run_on_and_again_when_that_is_undone(dif, home, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    before = home.current
    entry = next(e for e in kept(home).entries if e.stream == "adoption" and e.rows > 10)
    name = f"{entry.stream}/{entry.producer}/{entry.batch_id}"

    def accounting():
        found = pq.read_table(next((home.current.folder / "parquet" / "quality.accounting").glob("*.parquet")))
        mine = [r for r in found.to_pylist() if r["stream"] == "adoption"]  # counted to the row
        return sum(r["landed"] for r in mine), sum(r["withdrawn"] for r in mine)

    landed, none = accounting()
    assert none == 0
    code, out, _ = dif("withdraw", name, "--reason", "feil kilde")
    assert code == 0
    assert "Next: dif run" in out
    after = home.run()
    assert after.name != before.name
    assert accounting() == (landed, entry.rows)
    batches = pq.read_table(next((after.folder / "parquet" / "quality.batch").glob("*.parquet"))).to_pylist()
    (said,) = [b for b in batches if b["withdrawn_at"] is not None]
    shown = entry.batch_id.rpartition("-")[0]  # without what tells of its content
    assert (said["batch_id"], said["withdrawn_because"]) == (shown, "feil kilde")
    assert changed(before, after)
    code, _, err = dif("withdraw", name, "--reason", "igjen")
    assert (code, "already withdrawn" in err) == (2, True)
    assert dif("withdraw", name, "--reason", "var riktig", "--undo")[0] == 0
    again = home.run()
    assert accounting() == (landed, 0)
    assert changed(before, again) == set()


@pytest.mark.slow("two runs")
def test_a_batch_that_is_lost_for_good_stops_the_run_by_name_and_can_be_given_up(dif, home, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    landing = kept(home)
    entry = next(e for e in landing.entries if e.stream == "dispatch" and e.rows > 10)
    landing.file(entry).unlink()
    with pytest.raises(Damaged, match=entry.batch_id):
        home.run(full=True)
    name = f"{entry.stream}/{entry.producer}/{entry.batch_id}"
    assert dif("withdraw", name, "--reason", "tapt, og kan ikke sendes igjen")[0] == 0
    release = home.run()
    found = pq.read_table(next((release.folder / "parquet" / "quality.accounting").glob("*.parquet"))).to_pylist()
    withdrawn = sum(r["withdrawn"] for r in found if r["stream"] == "dispatch")
    assert entry.rows <= withdrawn < entry.rows + 50, "those of sensitive services up to the next fifty"


def changed(one, other):
    a, b = one.manifest["datasets"], other.manifest["datasets"]
    return {n for n in a if a[n]["content_hash"] != b[n]["content_hash"]}


@pytest.mark.slow("starts every server; test_supervisor.py holds what is started again")
def test_the_servers_start_say_where_come_back_when_one_is_killed_and_end_when_told(empty_home, tmp_path):
    environment = {**os.environ, "DIF_HOME": str(empty_home.settings.home)}
    command = [str(Path(sys.executable).with_name("dif")), "serve", "transport", "--port", "0", "--http-port", "0"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as run:
        addresses = dict(run.stdout.readline().split() for _ in range(4))
        assert set(addresses) == {"flight", "http", "share", "mcp"}
        with Client(addresses["flight"], producer="p", tries=8) as client:
            assert client.send("adoption", "b1", rows("adoption", 2))["status"] == "accepted"
            children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
            if children.exists():
                for child in children.read_text().split():
                    if b"flight_server" in Path(f"/proc/{child}/cmdline").read_bytes():
                        os.kill(int(child), signal.SIGKILL)
                assert "restarting it" in run.stdout.readline()
            assert client.send("adoption", "b1", rows("adoption", 2))["status"] == "duplicate"
        run.send_signal(signal.SIGTERM)
        assert run.wait(20) == 0
        assert "open to this machine only" in run.stderr.read()


def test_the_page_for_producers_works_as_it_is_written(server, empty_home, tmp_path, monkeypatch):
    page = (PROJECT / "docs" / "send-data.md").read_text("utf-8")
    blocks = [b for b in re.findall(r"```python\n(.*?)```", page, re.DOTALL) if "receipt" in b]
    monkeypatch.chdir(tmp_path)
    table = rows("dispatch", 50)
    pq.write_table(table, "states.parquet")
    statuses = []
    for block in blocks:
        names = {"TOKEN": b"" if "FlightClient" in block else "", "table": table}
        exec(block.replace("grpc://127.0.0.1:8815", server), names)
        statuses.append(names["receipt"]["status"])
    assert statuses == ["accepted", "duplicate"]
    schema = flight.FlightClient(server).get_schema(flight.FlightDescriptor.for_path("dispatch")).schema
    assert schema.names == table.column_names


@pytest.mark.slow("eight commands; the inbox tries the same in test_saft")
def test_saft_is_pushed_after_its_registers_are_proposed_from_it_and_again_it_replaces(
    dif, server, empty_home, tmp_path, monkeypatch
):
    def export(name: str, amount: int) -> Path:
        row = {"entry_id": "1", "booked_on": date(2026, 1, 9), "period": date(2026, 1, 1), "account": "6300"}
        row |= {"cost_center": "100", "project": None, "amount_ore": amount, "supplier_number": None}
        path = tmp_path / name
        path.write_text("".join(saft.written([row], company="974760673", first=row["period"], last=row["period"])))
        return path

    path = export("january.xml", 5000)
    monkeypatch.setenv("DIF_COMPANY_NUMBER", "974760673")
    code, _, err = dif("push", "cost_entry", path, "--to", server)
    assert code == 1
    assert "dif register propose saft_account" in err
    for name in ("saft_account", "saft_dimension"):
        form = tmp_path / f"{name}.xlsx"
        assert dif("register", "propose", name, "--of", path, "--out", form)[0] == 0
        assert dif("register", "apply", name, form, "--reason", "first")[0] == 0
    code, out, err = dif("push", "cost_entry", path, "--to", server)
    assert (code, out.split()[0]) == (0, "accepted"), err
    assert "lines_left_out: 2" in err
    assert dif("push", "cost_entry", path, "--to", server)[1].split()[0] == "duplicate"
    assert dif("push", "cost_entry", export("mended.xml", 7000), "--to", server)[0] == 0
    landing = kept(empty_home)
    counting = [e for e in landing.of("cost_entry") if landing.withdrawal(e) is None]
    assert [pq.read_table(landing.file(e))["amount_ore"].to_pylist() for e in counting] == [[7000]]
