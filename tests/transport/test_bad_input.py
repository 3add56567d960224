"""Bad input gets a clear answer: what is wrong, where, and the mend; and the others go on."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transport import inbox
from transport.landing import Landing
from transport.settings import Settings

HEAD = "event_id;service;municipality_code;step;occurred_at;occurred_precision;source\n"
ROW = "1;svarut;0301;ACTIVATED;2026-01-01T12:00:00Z;EXACT;x\n"
GOOD = (HEAD + ROW).encode()


def parquet(**columns: pa.Array) -> bytes:
    base = {
        "event_id": pa.array(["1"]),
        "service": pa.array(["svarut"]),
        "municipality_code": pa.array(["0301"]),
        "step": pa.array(["ACTIVATED"]),
        "occurred_at": pa.array([0], pa.timestamp("us", "UTC")),
        "occurred_precision": pa.array(["EXACT"]),
        "source": pa.array(["x"]),
    } | columns
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({k: v for k, v in base.items() if v is not None}), sink)
    return sink.getvalue().to_pybytes()


CASES = {
    "unknown column, nearest name": (
        "a.csv",
        GOOD.replace(b"service", b"servise"),
        "unknown_column",
        "servise",
        "'service'",
    ),
    "wrong type in Parquet": ("a.parquet", parquet(event_id=pa.array([1.5])), "wrong_type", "double", "string"),
    "nested type": ("a.parquet", parquet(note=pa.array([["x"]])), "wrong_type", "list", "string"),
    "wrong type in text": (
        "a.csv",
        GOOD.replace(b"2026-01-01T12:00:00Z", b"i fjor"),
        "bad_value",
        "Line 2",
        "2026-01-31",
    ),
    "missing key column": (
        "a.csv",
        GOOD.replace(b"event_id;", b"").replace(b"1;", b"", 1),
        "missing_column",
        "event_id",
        "",
    ),
    "missing key value": ("a.csv", GOOD + ROW.replace("1;", ";", 1).encode(), "bad_value", "Line 3", "event_id"),
    "time without offset, CSV": ("a.csv", GOOD.replace(b"00Z", b"00"), "bad_value", "occurred_at", "offset"),
    "time without offset, Parquet": (
        "a.parquet",
        parquet(occurred_at=pa.array([0], pa.timestamp("us"))),
        "wrong_type",
        "without an offset",
        "occurred_at",
    ),
    "empty file": ("a.parquet", b"", "unreadable", "empty", ""),
    "header only": ("a.csv", HEAD.encode(), "unreadable", "no rows", ""),
    "truncated Parquet": ("a.parquet", parquet()[:-20], "unreadable", "Parquet", "cut short"),
    "latin-1": (
        "a.csv",
        GOOD + "2;svarut;0301;ACTIVATED;2026-01-01T12:00:00Z;EXACT;Tromsø\n".encode("latin-1"),
        "unreadable",
        "Line 3",
        "UTF-8",
    ),
    "UTF-16": ("a.csv", GOOD.decode().encode("utf-16"), "unreadable", "UTF-16", "UTF-8"),
    "a million columns": (
        "a.csv",
        (",".join(f"c{i}" for i in range(1_000_000)) + "\n").encode(),
        "too_large",
        "",
        "columns",
    ),
    "six hundred columns": ("a.csv", (",".join(f"c{i}" for i in range(600)) + "\n").encode(), "too_large", "600", ""),
    "a line without end": ("a.csv", b"x" * 2_000_000, "too_large", "megabyte", ""),
    "broken JSON": ("a.jsonl", b'{"event_id": "1"\n', "unreadable", "Line 1", "JSON"),
    "unknown ending": ("a.docx", b"PK", "unreadable", ".docx", ".csv"),
    "not a spreadsheet": ("a.xlsx", b"PK\x03\x04 nothing", "unreadable", "xlsx", ""),
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, settle_seconds=0, readers=1)


def drop(settings: Settings, path: str, content: bytes) -> Path:
    file = settings.inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def reason(settings: Settings, path: str) -> dict[str, str]:
    return json.loads((settings.inbox / "rejected" / f"{path}.reason.json").read_text("utf-8"))


def test_each_fault_is_said_with_its_mend_and_never_stops_the_good_file(settings: Settings) -> None:
    for number, (name, content, *_) in enumerate(CASES.values()):
        drop(settings, f"adoption/p{number}/{name}", content)
    drop(settings, "adoption/good/a.csv", GOOD)
    intake = inbox.take_in(settings, Landing(settings.landing))
    assert intake.accepted == ["adoption/good/a.csv"]
    assert len(intake.rejected) == len(CASES)
    for number, (case, (name, _, kind, problem, mend)) in enumerate(CASES.items()):
        said = reason(settings, f"adoption/p{number}/{name}")
        assert said["kind"] == kind, (case, said)
        assert problem.lower() in said["problem"].lower(), (case, said)
        assert mend.lower() in (said["problem"] + said["mend"]).lower(), (case, said)
        assert said["mend"], case
        assert (settings.inbox / "rejected" / f"adoption/p{number}/{name}").is_file()
    assert inbox.pending(settings) == []


@pytest.mark.parametrize(("path", "says"), [("adopsjon/p/a.csv", "'adoption'"), ("a.csv", "inbox/<stream>/")])
def test_a_file_in_no_streams_folder_is_told_where_to_go(settings: Settings, path: str, says: str) -> None:
    drop(settings, path, GOOD)
    assert inbox.take_in(settings, Landing(settings.landing)).rejected == [path]
    assert says in reason(settings, path)["mend"]


def test_a_file_that_still_grows_is_waited_for(tmp_path: Path) -> None:
    import threading

    settings = Settings(home=tmp_path, settle_seconds=0.3, readers=1)
    file = drop(settings, "adoption/p/a.csv", HEAD.encode())

    def write_on() -> None:
        with file.open("ab") as handle:
            handle.write(ROW.encode())

    writing = threading.Timer(0.1, write_on)
    writing.start()
    landing = Landing(settings.landing)
    first = inbox.take_in(settings, landing)
    writing.join()
    assert (first.waiting, first.accepted, first.rejected) == (["adoption/p/a.csv"], [], [])
    assert inbox.take_in(settings, landing).accepted == ["adoption/p/a.csv"]


def test_part_and_dot_files_are_left_alone(settings: Settings) -> None:
    kept = [drop(settings, f"adoption/p/{n}", GOOD) for n in ("a.csv.part", ".a.csv")]
    assert inbox.take_in(settings, Landing(settings.landing)).accepted == []
    assert all(k.is_file() for k in kept)


def test_the_same_content_under_two_names_gets_the_first_receipt(settings: Settings) -> None:
    drop(settings, "adoption/p/a.csv", GOOD)
    drop(settings, "adoption/p/b.csv", GOOD.replace(b";", b","))
    landing = Landing(settings.landing)
    intake = inbox.take_in(settings, landing)
    assert (len(intake.accepted), len(intake.duplicate)) == (1, 1)
    one, other = (
        json.loads((settings.inbox / f"adoption/p/{n}.csv.receipt.json").read_text("utf-8")) for n in ("a", "b")
    )
    assert {one.pop("status"), other.pop("status")} == {"accepted", "duplicate"}
    assert one == other
    assert len(landing.entries) == 1
