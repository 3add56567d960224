"""The quick ones of R7, R10 and R13: few cases of each, with their controls."""

from __future__ import annotations

import random

import pytest

from tests.reliability import abuse, forged, hostile
from transport.settings import Settings


def test_hostile_texts_and_changed_files_are_refused_or_accepted_with_a_reason(tmp_path):
    judged = hostile.Judged()
    files = list(hostile.made_files(random.Random(1), 60))
    hostile.through_the_inbox(files, tmp_path / "home", judged)
    assert judged.failures == []
    assert judged.n == len(files)
    assert judged.outcomes["inbox accepted"] >= 1
    assert judged.outcomes["inbox unreadable"] >= 10


def test_changed_bytes_on_the_wire_end_no_server(tmp_path):
    judged = hostile.Judged()
    hostile.through_flight(random.Random(2), 80, tmp_path / "home", judged, corpora=False)
    assert judged.failures == []
    assert judged.outcomes["flight answered"] >= 60


def test_hostile_files_end_no_http_door(tmp_path):
    judged = hostile.Judged()
    hostile.through_http(list(hostile.made_files(random.Random(3), 24)), tmp_path / "home", judged)
    assert judged.failures == []
    assert judged.n >= 40


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


def test_no_forged_token_reaches_a_handler():
    made = forged.r10(0.25, 5)
    assert made.failures == []
    assert made.control_saw
    assert made.n > 200


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
    seconds, failures, _ = abuse.under(settings, random.Random(4), chosen, patience=60)
    assert failures == []
    assert set(seconds) == set(chosen)
