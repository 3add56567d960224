"""The judge's process: killed, stopped or talking nonsense, it passes no check, and the next run is judged."""

import json
import os
import shutil
import signal
import sys
import threading
from dataclasses import replace
from datetime import timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.contracts.language import Column, DatasetContract
from catalog.contracts.rules import at_least
from catalog.errors import GateFailed
from catalog.text import en, nb
from pipelines.quality import gate, gx_worker
from transport.base.settings import Settings
from transport.lake.tables import Part

COUNTS = DatasetContract(
    schema="usage",
    table="count_day",
    title=nb("Tall") | en("Numbers"),
    about=nb("Én rad per n."),
    columns=(Column("n", pa.int64(), nb("Nummer") | en("Number"), key=True),),
    owner="team:x",
)


@pytest.fixture
def judge(monkeypatch):
    """A judge of its own, which ends with the test."""
    mine = gx_worker.GxWorker()
    monkeypatch.setattr(gate, "WORKER", mine)
    yield mine
    mine.end()


@pytest.fixture
def judged(tmp_path, judge):
    """Judge a table of whole numbers; the results by check."""
    pq.write_table(pa.table({"n": [1, 2, 2]}), tmp_path / "part-a.parquet")

    def judged() -> dict[str, gate.Result]:
        settings = Settings(home=tmp_path / "home")
        found = gate.judge_contracts(settings, [(COUNTS, [Part(None, tmp_path / "part-a.parquet")])]).results()
        return {r.check: r for r in found}

    return judged


def unknown(results: dict[str, gate.Result]) -> bool:
    return set(results) == {"required_columns", "key_unique"} and all(
        not r.passed and r.detail.startswith("not carried out: ") for r in results.values()
    )


def test_a_judge_serves_one_question_after_another(judged, judge):
    first, process = judged(), judge.start()
    assert {c: (r.passed, r.unexpected) for c, r in first.items()} == {
        "required_columns": (True, 0),
        "key_unique": (False, 2),
    }
    assert judged() == first
    assert judge.start() is process
    judge.end()
    assert process.returncode == -signal.SIGKILL, "nothing of it is left"


def test_bytes_that_met_these_checks_are_not_judged_again_by_the_same_judge(tmp_path, warm_gate):
    path, settings = tmp_path / "part-a.parquet", Settings(home=tmp_path / "home")
    pq.write_table(pa.table({"n": [1, 2]}), path)
    documents = gate.documents_of(settings)

    def judged(contract: DatasetContract = COUNTS, sha256: str = "a" * 64) -> list[gate.Result]:
        return gate.judge_contracts(settings, [(contract, [Part(None, path, sha256, 2)])]).results()

    first = judged()
    written = {file: file.read_bytes() for file in documents.rglob("*.*")}
    assert all(r.passed for r in first)
    assert {file.suffix for file in written} == {".json", ".html"}
    path.unlink()  # so that a second look would be an error
    shutil.rmtree(documents)
    assert judged() == first
    assert {file: file.read_bytes() for file in documents.rglob("*.*")} == written
    assert not any(r.passed for r in judged(sha256="b" * 64)), "other bytes"
    above = replace(COUNTS, rules=(at_least("n", 5),))
    assert not any(r.passed for r in judged(above)), "other checks"


@pytest.mark.slow("loads Great Expectations twice")
def test_a_judge_that_was_killed_passed_nothing_and_the_next_question_has_a_new_one(judged, judge):
    process = judge.start()
    os.kill(process.pid, signal.SIGSTOP)  # it is killed while it is asked
    threading.Timer(0.5, process.kill).start()
    assert unknown(judged())
    assert judged()["required_columns"].passed
    idle = judge.start()
    idle.kill()
    idle.wait()
    assert judged()["required_columns"].passed


def test_a_judge_that_hangs_is_ended_when_patience_is(judged, judge, monkeypatch):
    monkeypatch.setattr(gate, "_PATIENCE", 0.5)
    process = judge.start()
    os.kill(process.pid, signal.SIGSTOP)
    assert unknown(judged())
    assert process.poll() is not None


SAID = {
    "nothing": "",
    "no words of ours": "warning: something is deprecated",
    "a list": "[]",
    "an answer to another question": json.dumps({"number": 99, "results": []}),
    "no results": json.dumps({"number": 1}),
    "too few results": json.dumps({"number": 1, "results": []}),
    "a problem": json.dumps({"number": 1, "problem": "no room"}),
    "other bytes": "\udcff\udcfe",
}


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_what_is_no_answer_passes_no_check(judged, said, tmp_path, monkeypatch):
    (tmp_path / "said").write_bytes((said + "\n").encode("utf-8", "surrogateescape"))
    talk = "import sys; input(); sys.stdout.buffer.write(open(sys.argv[1], 'rb').read()); sys.stdout.flush(); input()"
    talker = gx_worker.GxWorker([sys.executable, "-c", talk, str(tmp_path / "said")])
    monkeypatch.setattr(gate, "WORKER", talker)
    assert unknown(judged())
    talker.end()


def test_a_judge_that_cannot_start_passes_no_check(judged, judge, monkeypatch):
    monkeypatch.setattr(gx_worker.sys, "executable", "/nowhere/python")
    gate.warm()
    assert unknown(judged())


@pytest.mark.long("two runs")
def test_a_run_whose_judge_is_gone_publishes_nothing_and_the_next_one_does(home, monkeypatch):
    before, next_day = home.current.name, home.as_of + timedelta(days=1)
    with monkeypatch.context() as gone:
        gone.setattr(gate, "WORKER", gx_worker.GxWorker())
        gone.setattr(gx_worker.sys, "executable", "/nowhere/python")
        with pytest.raises(GateFailed):
            home.run(as_of=next_day)
    assert home.current.name == before
    assert home.run(as_of=next_day).manifest["parent"] == before
