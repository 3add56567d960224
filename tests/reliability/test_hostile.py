"""R7 and R13 in parts: few cases of each, with their controls."""

from __future__ import annotations

import math
import random
import time

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalog.errors import Refused
from tests.reliability import abuse, hostile
from tests.thorough import examples
from tests.transport.conftest import encoded, table_of
from transport.base.settings import Settings
from transport.ingest.workers import Readers, Request
from transport.storage.batch_file import ValidatedBatch

FORMS = (".parquet", ".arrow", ".arrows", ".csv", ".jsonl")
WHOLE = {ending: encoded(table_of("adoption", 12), ending) for ending in FORMS}
DEEDS = st.sampled_from(["put", "cut", "twice"])
CHANGES = st.lists(
    st.tuples(st.floats(0, 1, exclude_max=True), DEEDS, st.binary(min_size=1, max_size=12)),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow("thousands of changed files; R13 of the scoreboard")
def test_hostile_texts_and_changed_files_are_refused_or_accepted_with_a_reason(tmp_path):
    judged = hostile.Judged()
    files = list(hostile.made_files(random.Random(1), examples(240)))
    hostile.through_the_inbox(files, tmp_path / "home", judged)
    assert judged.failures == []
    assert judged.n == len(files)
    assert judged.outcomes["inbox accepted"] >= 1
    assert judged.outcomes["inbox unreadable"] >= 10


@pytest.fixture(scope="module")
def readers(tmp_path_factory):
    """The reader processes that every wire and the inbox open files in."""
    settings = Settings(home=tmp_path_factory.mktemp("readers"), reader_seconds=10, reader_memory_mb=600)
    with Readers(settings) as pool:
        yield pool, settings.home


@pytest.mark.slow("thousands of changed files; R13 of the scoreboard")
@given(ending=st.sampled_from(FORMS), changes=CHANGES)
@hypothesis_settings(max_examples=examples(400), suppress_health_check=list(HealthCheck))
def test_whatever_becomes_of_a_file_it_is_taken_by_contract_or_refused_with_a_reason(readers, ending, changes):
    pool, folder = readers
    content = bytearray(WHOLE[ending])
    for place, deed, piece in changes:
        at = int(place * len(content))
        if deed == "put":
            content[at : at + len(piece)] = piece
        elif deed == "cut":
            del content[at : at + len(piece) * 7]
        else:
            content[at:at] = content[at : at + len(piece) * 7]
    path = folder / f"changed{ending}"
    path.write_bytes(content)
    began = time.monotonic()
    [(_, result)] = pool.read([Request(path, "adoption", "p", folder / "landed.parquet")])
    assert time.monotonic() - began < 10
    if isinstance(result, ValidatedBatch):
        assert result.rows > 0
    else:
        assert isinstance(result, Refused)
        assert result.problem
        assert result.mend
        assert not (folder / "landed.parquet").exists()


def test_changed_bytes_on_the_wire_end_no_server(tmp_path):
    judged = hostile.Judged()
    tried = examples(160)
    hostile.through_flight(random.Random(2), tried, tmp_path / "home", judged, corpora=False)
    assert judged.failures == []
    assert judged.outcomes["flight answered"] >= tried * 3 // 4


@pytest.mark.slow("the same files at another door")
def test_hostile_files_end_no_http_door(tmp_path):
    judged = hostile.Judged()
    hostile.through_http(list(hostile.made_files(random.Random(3), 24)), tmp_path / "home", judged)
    assert judged.failures == []
    assert judged.n >= 40


@pytest.mark.slow("shows that the others can fail")
def test_the_control_dies_of_what_the_servers_survive():
    assert hostile.a_bare_reader_dies()


@pytest.mark.corpus
def test_the_corpora_of_others_end_no_reader(tmp_path):
    files = hostile.corpus_files()
    if not files:
        pytest.skip("corpus absent, 0 files judged")
    judged = hostile.Judged()
    hostile.through_the_inbox(files, tmp_path / "home", judged)
    assert judged.failures == []


def test_an_absent_corpus_is_not_run(monkeypatch, tmp_path):
    monkeypatch.setattr(hostile, "CORPORA", tmp_path / "none")
    made = hostile.r7(0.1, 1)
    assert made.not_run == "corpus absent, 0 files judged"
    assert not made.passed


@pytest.mark.slow("R13 of the scoreboard")
def test_a_good_client_is_served_after_each_attack(tmp_path):
    chosen = [
        "offsets that point out of the buffer",
        "one message of 400 MB",
        "a null column of 2^31 rows",
        "random bytes",
        "calls that are opened and reset at once",
    ]
    settings = Settings(
        home=tmp_path / "home", disk_reserve_mb=0, server_memory_mb=700, idle_seconds=5, queue_seconds=1
    )
    # how soon is judged on the scoreboard: a server that starts again beside other tests takes what they leave it
    seconds, failures, _ = abuse.under(settings, random.Random(4), chosen, within=math.inf)
    assert failures == []
    assert set(seconds) == set(chosen)
