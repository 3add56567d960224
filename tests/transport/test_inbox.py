"""Files dropped in the inbox: each gets a receipt or a reason, and none stops another."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from catalog.tables.streams import STREAMS
from tests.thorough import some
from transport.ingest import inbox, workers
from transport.ingest.sample import sample

PROJECT = Path(__file__).resolve().parents[2]
CORPORA = PROJECT.parent / "shared" / "corpora"
HEAD = "event_id,service,municipality_code,step,occurred_at,occurred_precision,source,note\n"
ROW = "1,svarut,0301,ACTIVATED,2026-01-01T12:00:00Z,EXACT,x,\n"
GOOD = (HEAD + ROW).encode()


@pytest.fixture(scope="module")
def of_every_stream(tmp_path_factory, make_home, batch):
    """A home that took in one batch of each stream, and what was taken in."""
    home = make_home(tmp_path_factory.mktemp("streams"))
    for stream in STREAMS:
        home.put(f"{stream}/kilde-1/a.parquet", batch(stream))
    return home, home.take_in()


@pytest.mark.parametrize("stream", STREAMS)
def test_a_batch_of_every_stream_lands_and_gets_its_receipt(of_every_stream, stream):
    home, intake = of_every_stream
    assert f"{stream}/kilde-1/a.parquet" in intake.accepted
    assert len(intake.accepted) == len(STREAMS)
    receipt = home.receipt(f"{stream}/kilde-1/a.parquet")
    (entry,) = home.landing.of(stream)
    assert receipt["status"] == "accepted"
    assert (receipt["rows"], receipt["sha256"], receipt["batch_id"]) == (3, entry.sha256, entry.batch_id)
    assert home.landed(stream)["producer"].to_pylist() == ["kilde-1"] * 3
    assert not (home.inbox / f"{stream}/kilde-1/a.parquet").exists()


def test_a_file_in_the_streams_own_folder_is_of_the_producer_inbox(home):
    home.put("adoption/a.csv", GOOD)
    home.take_in()
    assert home.receipt("adoption/a.csv")["producer"] == "inbox"


PLACES = {
    "adopsjon/a.csv": ("unknown_name", "No stream 'adopsjon'", "Did you mean 'adoption'?"),
    "dispatches/p/a.csv": ("unknown_name", "'dispatches'", "'dispatch'"),
    "a.csv": ("unreadable", "not in the folder of a stream", "inbox/<stream>/"),
    "adoption/p/q/a.csv": ("unreadable", "too deep", "inbox/<stream>/<producer>/<file>"),
    "adoption/p q/a.csv": ("unreadable", "producer", "inbox/<stream>/<producer>/<file>"),
    "adoption/-p/a.csv": ("unreadable", "producer", "inbox/<stream>/<producer>/<file>"),
}


@pytest.fixture(scope="module")
def misplaced(tmp_path_factory, make_home):
    """A home that got a file in each wrong place, and one in a right one; and what was taken in."""
    home = make_home(tmp_path_factory.mktemp("places"))
    for place in (*PLACES, "adoption/p/good.csv"):
        home.put(place, GOOD)
    return home, home.take_in()


@pytest.mark.parametrize(("place", "answer"), PLACES.items(), ids=PLACES)
def test_a_file_in_a_wrong_place_is_set_aside_with_where_it_belongs(misplaced, place, answer):
    home, intake = misplaced
    assert (sorted(intake.rejected), intake.accepted) == (sorted(PLACES), ["adoption/p/good.csv"])
    kind, problem, mend = answer
    said = home.reason(place)
    assert said["kind"] == kind
    assert problem in said["problem"]
    assert mend in said["mend"]
    assert (home.inbox / "rejected" / place).read_bytes() == GOOD


def bomb() -> bytes:
    """A Parquet file of some kilobytes whose one text is 130 MB."""
    text = pa.array(["x" * 130_000_000])
    base = {
        "event_id": pa.array(["1"]),
        "service": pa.array(["svarut"]),
        "municipality_code": pa.array(["0301"]),
        "step": pa.array(["ACTIVATED"]),
        "occurred_at": pa.array([0], pa.timestamp("us", "UTC")),
        "occurred_precision": pa.array(["EXACT"]),
        "source": pa.array(["x"]),
        "note": text,
    }
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(base), sink, compression="zstd", use_dictionary=False, write_statistics=False)
    return sink.getvalue().to_pybytes()


CELL = b"<c t='inlineStr'><is><t>"


def packed_sheet(first: bytes, then: bytes, again: bytes, times: int) -> bytes:
    """An XLSX file whose sheet is two pieces of XML, and another over and over."""
    import openpyxl

    plain = io.BytesIO()
    openpyxl.Workbook().save(plain)
    out = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(b"<worksheet xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>")
            sheet.write(first + then)
            for _ in range(times):
                sheet.write(again)
            sheet.write(b"</sheetData></worksheet>")
    return out.getvalue()


def claimed_nulls() -> bytes:
    """An Arrow file that says it has two thousand million rows of nothing."""
    names = ["event_id", "step", "occurred_at", "occurred_precision", "source"]
    rows = pa.RecordBatch.from_arrays([pa.nulls(2**31 - 1)] * len(names), names)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, rows.schema) as writer:
        writer.write_batch(rows)
    return sink.getvalue().to_pybytes()


def wrong_offsets() -> bytes:
    """An Arrow file whose text begins a thousand million bytes outside its buffer."""
    table = pa.table({n: ["abc"] * 64 for n in ("event_id", "step", "occurred_precision", "source")})
    table = table.append_column("occurred_at", pa.array([0] * 64, pa.timestamp("us", "UTC")))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    content = bytearray(sink.getvalue().to_pybytes())
    offsets = np.arange(0, 65 * 3, 3, dtype=np.int32).tobytes()
    place = content.index(offsets)
    content[place + 80 : place + 84] = (10**9).to_bytes(4, "little")
    return bytes(content)


BOMBS = {
    "a column that swells": ("a.parquet", bomb, "reader_died"),
    "a line of JSON without end": ("a.jsonl", lambda: b'{"event_id": "' + b"x" * 100_000_000, "reader_died"),
    "a cell that swells": ("a.xlsx", lambda: packed_sheet(b"<row>", CELL, b"x" * 1_000_000, 200), "too_large"),
    "rows of nothing": ("a.arrow", claimed_nulls, "reader_died"),
    "offsets outside": ("b.arrow", wrong_offsets, "unreadable"),
}


@pytest.mark.slow("files that fill a reader's memory")
def test_a_file_that_ends_its_reader_is_refused_and_the_next_is_read(tmp_path, make_home, batch):
    home = make_home(tmp_path, reader_memory_mb=220, reader_seconds=20)
    for number, (name, content, _) in enumerate(BOMBS.values()):
        os.utime(home.put(f"adoption/p{number}/{name}", content()), (number * 2, number * 2))
        os.utime(home.put(f"adoption/q{number}/good.parquet", batch("adoption")), (number * 2 + 1, number * 2 + 1))
    intake = home.take_in()
    said = {b: home.reason(f"adoption/p{n}/{name}") for n, (b, (name, _, _)) in enumerate(BOMBS.items())}
    wrong = {b: s["problem"] for b, s in said.items() if s["kind"] != BOMBS[b][2]}
    assert not wrong
    assert all(s["mend"] for s in said.values())
    assert sorted(intake.accepted) == [f"adoption/q{n}/good.parquet" for n in range(len(BOMBS))]
    assert list(home.settings.landing.rglob(".tmp-*")) == []


@pytest.mark.slow("waits for a reader's time-out")
def test_a_reader_that_takes_too_long_is_ended_and_the_next_file_is_read(tmp_path, make_home, batch):
    home = make_home(tmp_path, reader_seconds=2)
    cells = [
        b"".join(CELL + text.encode() + b"</t></is></c>" for text in line.strip().split(",")) for line in (HEAD, ROW)
    ]
    head, row = (b"<row>" + line + b"</row>" for line in cells)
    os.utime(home.put("adoption/p/slow.xlsx", packed_sheet(head, row, row * 1000, 100)), (1, 1))
    home.put("adoption/p/good.parquet", batch("adoption"))
    intake = home.take_in()
    assert intake.accepted == ["adoption/p/good.parquet"]
    assert home.reason("adoption/p/slow.xlsx")["kind"] == "reader_died"


def readers() -> set[psutil.Process]:
    found = set()
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):  # it may end meanwhile
            if "transport.ingest.reader_process" in child.cmdline():
                found.add(child)
    return found


def kill_next_reader(before: set[psutil.Process]) -> None:
    """Kill the next reader process that starts, as the kernel does for want of memory."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if new := readers() - before:
            new.pop().kill()
            return


def test_a_file_whose_reader_is_killed_from_outside_waits_for_the_next_run(tmp_path, make_home):
    home = make_home(tmp_path, reader_memory_mb=701)  # of its own, so that no idle reader takes the file
    home.put("adoption/p/good.csv", GOOD)
    killer = threading.Thread(target=kill_next_reader, args=[readers()])
    killer.start()
    intake = home.take_in()
    killer.join()
    assert (intake.waiting, intake.rejected) == (["adoption/p/good.csv"], [])
    assert home.take_in().accepted == ["adoption/p/good.csv"]


@pytest.mark.slow("waits for a reader's limit")
def test_a_file_whose_first_rows_take_long_is_refused_and_the_next_is_read(tmp_path, make_home, batch, monkeypatch):
    monkeypatch.setattr(workers, "_FIRST_ROWS_SECONDS", 1)
    home = make_home(tmp_path, reader_memory_mb=702)  # as above
    cells = [
        b"".join(CELL + text.encode() + b"</t></is></c>" for text in line.strip().split(",")) for line in (HEAD, ROW)
    ]
    head, row = (b"<row>" + line + b"</row>" for line in cells)
    os.utime(home.put("adoption/p/slow.xlsx", packed_sheet(head, row, row * 1000, 100)), (1, 1))
    home.put("adoption/p/good.parquet", batch("adoption"))
    assert home.take_in().accepted == ["adoption/p/good.parquet"]
    assert home.reason("adoption/p/slow.xlsx")["kind"] == "reader_died"


@pytest.mark.slow("reads a file that takes seconds")
def test_a_file_that_takes_long_is_overtaken_by_other_senders_files_only(
    tmp_path, make_home, batch, encode, monkeypatch
):
    monkeypatch.setattr(workers, "_PATIENCE_SECONDS", 0)
    home = make_home(tmp_path, readers=2)
    slow = home.put("adoption/p/slow.jsonl", encode(batch("adoption", 1), ".jsonl") * 600_000)
    others = [home.put(f"adoption/{name}.parquet", batch("adoption")) for name in ("q/a", "p/b", "q/c")]
    asked = [
        workers.Request(path, "adoption", path.parent.name, tmp_path / f"{number}.parquet")
        for number, path in enumerate([slow, *others])
    ]
    with workers.Readers(home.settings) as readers:
        answers = [(request.path.stem, answer.rows) for request, answer in readers.read(asked)]
    assert answers == [("a", 3), ("c", 3), ("slow", 600_000), ("b", 3)]


def test_a_file_over_the_limit_is_refused_unread_and_the_next_is_taken(tmp_path, make_home):
    home = make_home(tmp_path, max_body_mb=100)
    with home.put("adoption/p/sparse.csv", GOOD).open("r+b") as file:
        file.truncate(20 << 30)
    with home.put("adoption/p/zeros.csv", b"").open("r+b") as file:
        file.truncate(65 << 20)
    home.put("adoption/q/good.csv", GOOD)
    intake = home.take_in()
    assert (sorted(intake.rejected), intake.accepted) == (
        ["adoption/p/sparse.csv", "adoption/p/zeros.csv"],
        ["adoption/q/good.csv"],
    )
    kinds = {name: home.reason(f"adoption/p/{name}.csv")["kind"] for name in ("sparse", "zeros")}
    assert kinds == {"sparse": "too_large", "zeros": "unreadable"}
    assert "not searched for national identity numbers" in home.reason("adoption/p/zeros.csv")["kept"]
    assert not list((home.inbox / "rejected").rglob("*.csv"))


LINES = {
    "after an empty line": (HEAD + ROW + "\n\n" + ROW.replace("00Z", "00"), 5, "occurred_at"),
    "after a break within quotes": (HEAD + ROW.replace("0301", '"\n\n0301"') + ROW[1:], 5, "event_id"),
    "in the first row": (HEAD + ROW.replace("12:", "25:"), 2, "occurred_at"),
    "with semicolons": ((HEAD + ROW + ROW.replace("00Z", "00")).replace(",", ";"), 3, "occurred_at"),
}  # fmt: skip


@pytest.fixture(scope="module")
def lined(tmp_path_factory, make_home):
    home = make_home(tmp_path_factory.mktemp("lines"))
    for number, (text, _, _) in enumerate(LINES.values()):
        home.put(f"adoption/p{number}/a.csv", text.encode())
    home.put("adoption/fields/a.csv", (HEAD + ROW + "\n" + ROW.replace(",x,", ",x,y,")).encode())
    home.take_in()
    return home


@pytest.mark.parametrize("number", range(len(LINES)), ids=LINES)
def test_a_broken_value_in_csv_is_named_with_the_line_that_an_editor_shows(lined, number):
    said = lined.reason(f"adoption/p{number}/a.csv")
    _, line, column = list(LINES.values())[number]
    assert (said["kind"], said["line"], said["column"]) == ("bad_value", line, column)
    assert said["problem"].startswith(f"Line {line}, column '{column}'")


def test_a_row_with_too_many_fields_is_named_with_its_line(lined):
    assert lined.reason("adoption/fields/a.csv")["problem"] == "Line 4 has 9 fields; the header has 8."


def test_a_file_that_grows_while_it_is_watched_waits_and_is_taken_whole_in_the_next_run(tmp_path, make_home):
    home = make_home(tmp_path, settle_seconds=0.5)
    file = home.put("adoption/p/a.csv", HEAD.encode())
    watched = threading.Event()

    def write_on() -> None:
        watched.wait()
        with file.open("ab") as handle:
            handle.write(ROW.encode())

    writer = threading.Thread(target=write_on)
    writer.start()
    threading.Timer(0.1, watched.set).start()
    intake = home.take_in()
    writer.join()
    assert (intake.waiting, intake.accepted, intake.rejected) == (["adoption/p/a.csv"], [], [])
    assert home.take_in().accepted == ["adoption/p/a.csv"]
    assert home.receipt("adoption/p/a.csv")["rows"] == 1


def test_a_file_that_is_written_to_while_it_is_read_waits(tmp_path, make_home, batch):
    home = make_home(tmp_path)
    growing = home.put("adoption/p/b.csv", GOOD)
    os.utime(home.put("adoption/p/a.parquet", batch("adoption")), (1, 1))

    def write_on(done: int, _all: int) -> None:
        if done == 1:
            growing.write_bytes(GOOD + ROW.replace("1,", "2,", 1).encode())

    intake = home.take_in(progress=write_on)
    assert (intake.accepted, intake.waiting) == (["adoption/p/a.parquet"], ["adoption/p/b.csv"])
    home.take_in()
    assert home.receipt("adoption/p/b.csv")["rows"] == 2


@pytest.mark.parametrize(
    "place",
    ["adoption/p/a.csv.part", "adoption/p/.a.csv", "adoption/.~tmp~/a.csv", "adoption/p/.sync/a.csv", ".DS_Store",
     ".rsync/a.csv", "adoption/a.csv.sha256", "adoption/a.csv.synthetic", "adoption/p/~$a.xlsx", "adoption/Thumbs.db",
     "adoption/p/desktop.ini"],
)  # fmt: skip
def test_what_is_marked_as_unfinished_or_hidden_is_left_alone(home, place):
    file = home.put(place, GOOD)
    intake = home.take_in()
    assert (intake.accepted, intake.rejected, intake.waiting) == ([], [], [])
    assert file.read_bytes() == GOOD


def test_what_programs_keep_and_a_mark_without_its_file_are_named_and_the_marks_of_files_are_not(home):
    for place in ("adoption/Thumbs.db", "adoption/p/~$a.xlsx", "adoption/p/lost.csv.synthetic"):
        home.put(place, b"x")
    for place in ("adoption/p/a.csv.synthetic", "adoption/p/a.csv", "adoption/p/.DS_Store"):
        home.put(place, GOOD)
    of_program = "A program keeps it for itself, so it is left alone."
    assert inbox.ignored(home.settings) == [
        ("adoption/Thumbs.db", of_program),
        ("adoption/p/lost.csv.synthetic", "The file that it belongs to is not there: send that too, or remove this."),
        ("adoption/p/~$a.xlsx", of_program),
    ]
    assert home.take_in().accepted == ["adoption/p/a.csv"]


RECORD = {
    "event_id": "1",
    "service": "svarut",
    "step": "ACTIVATED",
    "occurred_at": "2026-01-01T12:00:00Z",
    "occurred_precision": "EXACT",
    "source": "x",
}
AS = "Send it as {}: the ending of its name says so, or over HTTP its Content-Type."
MISNAMED = {
    "lines.json": (f"{json.dumps(RECORD)}\n".encode(), "'.json'. It looks like JSON Lines.", AS.format(".jsonl")),
    "pretty.json": (json.dumps([RECORD], indent=1).encode(), "It looks like JSON.", "one JSON object per line"),
    "csv.xlsx": (GOOD, "sent as .xlsx, but it looks like CSV.", AS.format(".csv")),
    "tabs.csv": (GOOD.replace(b",", b"\t"), "sent as .csv, but it looks like text with tabs", "a comma or a semicolon"),
    "tabs.tsv": (GOOD.replace(b",", b"\t"), "end in '.tsv'. It looks like text with tabs", "a comma or a semicolon"),
    "none": (GOOD, "The file's name has no ending. It looks like CSV.", AS.format(".csv")),
    "unknown": (b"hello", "The file's name has no ending.", "Send one of .parquet"),
    "old.xlsx": (b"\xd0\xcf\x11\xe0 rows", "looks like an old Excel workbook", "Save it as .xlsx without a password."),
    "packed.csv": (gzip.compress(GOOD), "sent as .csv, but it looks like gzip.", "Unpack it"),
    "page.csv": (b"<!DOCTYPE html><title>Logg inn</title>", "but it looks like a web page.", "Send the table itself"),
    "hidden.parquet": (
        b"PARE rows PARE",
        "it looks like an encrypted Parquet file.",
        "without Parquet's own encryption",
    ),
    "broken.parquet": (b"rows" * 9, "this is not a parquet file.", "write it again"),
    "sheet.csv": (packed_sheet(b"", b"", b"", 0), "sent as .csv, but it looks like XLSX.", AS.format(".xlsx")),
    "files.zip": (b"PK\x03\x04 and more", "Stream adoption takes no XML and no zip.", "SAF-T Financial to cost_entry"),
}


@pytest.fixture(scope="module")
def misnamed(tmp_path_factory, make_home):
    """A home that got files whose names do not say what they are."""
    home = make_home(tmp_path_factory.mktemp("names"))
    for name, (content, _, _) in MISNAMED.items():
        home.put(f"adoption/p/{name}", content)
    home.take_in()
    return home


@pytest.mark.parametrize("name", MISNAMED)
def test_a_file_whose_name_does_not_say_what_it_is_is_refused_with_what_it_looks_like(misnamed, name):
    _, problem, mend = MISNAMED[name]
    reason = misnamed.reason(f"adoption/p/{name}")
    assert problem in reason["problem"]
    assert not reason["problem"].endswith("..")
    assert mend in reason["mend"]


@pytest.mark.parametrize("together", [True, False])
def test_the_same_content_under_another_name_or_form_gets_the_first_receipt(home, batch, together):
    home.put("adoption/p/a.csv", batch("adoption"))
    first = home.take_in() if not together else None
    home.put("adoption/p/b.jsonl", batch("adoption"))
    intake = home.take_in()
    assert intake.duplicate == ["adoption/p/b.jsonl"]
    assert (first or intake).accepted == ["adoption/p/a.csv"]
    one, other = home.receipt("adoption/p/a.csv"), home.receipt("adoption/p/b.jsonl")
    assert (one.pop("status"), other.pop("status")) == ("accepted", "duplicate")
    assert one == other
    assert home.landed("adoption").num_rows == 3


def test_the_same_content_from_another_producer_is_a_batch_of_its_own(home, batch):
    home.put("adoption/p/a.parquet", batch("adoption"))
    home.put("adoption/q/a.parquet", batch("adoption"))
    assert len(home.take_in().accepted) == 2
    assert sorted(home.landed("adoption")["producer"].to_pylist()) == ["p"] * 3 + ["q"] * 3


def test_the_same_name_with_other_content_is_another_batch(home, batch):
    for count in (2, 3):
        home.put("adoption/p/a.parquet", batch("adoption", count))
        assert home.take_in().accepted == ["adoption/p/a.parquet"]
    assert [e.rows for e in home.landing.entries] == [2, 3]


DIGESTS = {
    "bare": (lambda sha: sha, True),
    "as sha256sum writes": (lambda sha: f"{sha.upper()}  a.csv\n", True),
    "another": (lambda sha: "0" * 64, False),
    "cut": (lambda sha: sha[:-1], False),
    "empty": (lambda sha: "", False),
    "blank": (lambda sha: "\n \n", False),
}


@pytest.fixture(scope="module")
def digested(tmp_path_factory, make_home):
    """A home that got a file beside each of them, and what was taken in; then those of wrong ones again, without."""
    home = make_home(tmp_path_factory.mktemp("digests"))
    for number, (said, _) in enumerate(DIGESTS.values()):
        home.put(f"adoption/p{number}/a.csv", GOOD)
        home.put(f"adoption/p{number}/a.csv.sha256", said(hashlib.sha256(GOOD).hexdigest()).encode())
    first = home.take_in()
    assert not list(home.inbox.glob("adoption/*/*.sha256"))
    for place in first.rejected:
        home.put(place, GOOD)
    return home, first, home.take_in()


@pytest.mark.parametrize("name", DIGESTS)
def test_a_digest_beside_a_file_must_be_the_files(digested, name):
    home, first, again = digested
    place, accepted = f"adoption/p{list(DIGESTS).index(name)}/a.csv", DIGESTS[name][1]
    assert (place in first.accepted) is accepted
    assert (place in first.rejected) is (place in again.accepted) is (not accepted)
    if not accepted:
        assert "does not match its .sha256" in home.reason(place)["problem"]


NAMES = {
    "of any bytes": b"\xff\xfe\x80.csv",
    "with a line break": b"a\nb.csv",
    "as long as can be": b"x" * 251 + b".csv",
    "long in Norwegian": "ø".encode() * 124 + b".csv",
    "long in Chinese": "漢".encode() * 83 + b".csv",
    "of signs": b"'; drop table.csv",
    "of dots": b"a...csv.csv",
    "a formula": b"=cmd().csv",
}


@pytest.mark.parametrize("good", [True, False])
def test_files_of_any_name_are_answered_and_stop_no_other(home, good):
    folder = home.put("adoption/p/last.csv", GOOD).parent
    for number, name in enumerate(NAMES.values()):
        content = GOOD.replace(b"\n1,", b"\n1%d," % number) if good else GOOD.replace(b"service", b"servise")
        (folder / os.fsdecode(name)).write_bytes(content)
    intake = home.take_in()
    assert len(intake.accepted) == (len(NAMES) if good else 1)
    assert len(intake.rejected) == (1 if good else len(NAMES))
    assert inbox.pending(home.settings) == []
    json.dumps(intake.accepted + intake.rejected).encode()
    for folder_of_answers, count in ((folder, intake.accepted), (home.inbox / "rejected/adoption/p", intake.rejected)):
        assert len(list(folder_of_answers.glob("*.json"))) == len(count)


def test_a_refused_file_with_the_name_of_a_folder_or_below_the_name_of_a_file_stops_no_other(home):
    home.put("rejected/adoption", b"a file")
    home.put("adoption/p/a.csv", b"x")
    assert home.take_in().rejected == ["adoption/p/a.csv"]
    (home.inbox / "rejected/adoption").unlink()
    (home.inbox / "rejected/adopsjon").mkdir()
    home.put("adopsjon", b"x")
    assert home.take_in().rejected == ["adopsjon"]


def test_a_producer_that_removes_its_file_stops_no_other(home, batch):
    os.utime(home.put("adoption/p/a.parquet", batch("adoption")), (1, 1))
    gone = home.put("adoption/p/b.csv", b"x")
    intake = home.take_in(progress=lambda done, _all: gone.unlink(missing_ok=True))
    assert intake.accepted == ["adoption/p/a.parquet"]
    assert not (home.inbox / "adoption/p/b.csv").exists()


MOMENTS = {"2026-01-02T03:04:05+01:00": True, "i fjor": False, "2026-01-02T03:04:05": False, "\xe6": False}


@pytest.fixture(scope="module")
def dated(tmp_path_factory, make_home, batch, encode):
    """A home that got synthetic files that say when they arrived, with another after each; and what was taken in."""
    home = make_home(tmp_path_factory.mktemp("moments"))
    for number, moment in enumerate(MOMENTS):
        said = {"dif.synthetic": "true", "dif.arrived_at": moment}
        content = encode(batch("adoption").replace_schema_metadata(said), ".parquet")
        os.utime(home.put(f"adoption/p{number}/a.parquet", content), (number * 2, number * 2))
        later = home.put(f"adoption/p{number}/b.parquet", batch("adoption", 4))
        os.utime(later, (number * 2 + 1, number * 2 + 1))
    return home, home.take_in()


@pytest.mark.parametrize(("number", "moment"), list(enumerate(MOMENTS)), ids=list(map(ascii, MOMENTS)))
def test_a_synthetic_file_may_say_when_it_arrived_but_only_as_a_moment(dated, number, moment):
    home, intake = dated
    assert f"adoption/p{number}/b.parquet" in intake.accepted
    assert (f"adoption/p{number}/a.parquet" in intake.accepted) is MOMENTS[moment]
    assert all(e.received_at.tzinfo is not None for e in home.landing.entries)


def test_only_a_synthetic_file_may_say_when_it_arrived(home, batch, encode):
    said = {"dif.arrived_at": "2020-01-01T00:00:00+00:00"}
    home.put("adoption/p/a.parquet", encode(batch("adoption").replace_schema_metadata(said), ".parquet"))
    home.take_in()
    (entry,) = home.landing.entries
    assert (entry.synthetic, entry.received_at.year > 2020) == (False, True)


def test_reading_again_lands_nothing(home, batch):
    home.put("adoption/p/a.parquet", batch("adoption"))
    home.take_in()
    again = home.take_in()
    assert (again.accepted, again.duplicate, again.rejected, again.rows) == ([], [], [], 0)


def test_a_batch_dropped_by_the_programs_own_door_is_taken_in(home, batch):
    inbox.drop(home.inbox, "adoption", "syntetisk", "a", batch("adoption"), synthetic=True)
    home.take_in()
    assert home.landed("adoption")["synthetic"].to_pylist() == [True] * 3


# --- rows that are made up --------------------------------------------------------------------------------------------

TEXT = (".csv", ".jsonl", ".xlsx")


@pytest.fixture(scope="module")
def marked(tmp_path_factory, make_home, batch):
    """A home that got a file of each form with its mark, and then another of the same name without; both intakes."""
    home, intakes = make_home(tmp_path_factory.mktemp("marks")), []
    for rows in (batch("adoption"), batch("adoption", 5).slice(3)):
        for ending in (*TEXT, ".parquet"):
            home.put(f"adoption/{ending[1:]}/a{ending}", rows)
            if not intakes:
                home.put(f"adoption/{ending[1:]}/a{ending}.synthetic", b"")
        intakes.append(home.take_in())
        if len(intakes) == 1:
            first = {e: home.receipt(f"adoption/{e[1:]}/a{e}")["synthetic"] for e in (*TEXT, ".parquet")}
    assert not list(home.inbox.rglob("*.synthetic"))
    return home, intakes, first


@pytest.mark.parametrize("ending", [*TEXT, ".parquet"])
def test_a_mark_beside_a_file_makes_its_rows_synthetic_and_those_of_no_later_file(marked, ending):
    home, intakes, first = marked
    assert [f"adoption/{ending[1:]}/a{ending}" in intake.accepted for intake in intakes] == [True, True]
    assert first[ending] is True
    landed = home.landed("adoption")
    mine = landed.filter(pc.equal(landed["producer"], ending[1:]))
    assert mine["synthetic"].to_pylist() == [True] * 3 + [False] * 2


def test_a_sample_never_counts_as_measured_whatever_its_stream_and_format(home, encode):
    sent = {
        f"{stream}/p/a{ending}": encode(sample(contract, 3).replace_schema_metadata(None), ending)
        for stream, contract in STREAMS.items()
        for ending in (*TEXT, ".parquet")
        if stream != "register"
    }
    for place, content in sent.items():
        home.put(place, content)
    home.put("adoption/p/good.csv", GOOD)
    intake = home.take_in()
    assert (sorted(intake.rejected), intake.accepted) == (sorted(sent), ["adoption/p/good.csv"])
    for place in sent:
        said = home.reason(place)
        assert (said["kind"], "made up" in said["problem"]) == ("refused", True), place
        assert f"{Path(place).name}.synthetic" in said["mend"]
    assert not list(home.settings.landing.rglob("*arriving*"))
    for place, content in sent.items():
        home.put(f"{place}.synthetic", b"")
        home.put(place, content)
    intake = home.take_in()
    assert intake.rejected == []
    assert {place: home.receipt(place)["synthetic"] for place in sent} == dict.fromkeys(sent, True)


@pytest.mark.parametrize("column", ["event_id", "organisation_number", "source"])
def test_a_sample_in_which_the_sender_wrote_something_of_its_own_is_still_a_sample(home, column):
    rows = sample(STREAMS["adoption"], 3).replace_schema_metadata(None)
    rows = rows.set_column(rows.column_names.index(column), column, pa.array(["974605171"] * 3))
    home.put("adoption/p/a.csv", rows)
    assert home.take_in().rejected == ["adoption/p/a.csv"]


def test_rows_of_which_one_is_the_senders_own_are_no_sample(home, batch):
    rows = sample(STREAMS["adoption"], 2).replace_schema_metadata(None)
    home.put("adoption/p/a.csv", pa.concat_tables([rows, batch("adoption", 1)]))
    home.put("adoption/p/without.csv", batch("adoption"))
    assert home.take_in().rejected == []
    assert home.landed("adoption")["synthetic"].to_pylist() == [False] * 6


def test_a_refused_file_keeps_its_mark(home):
    home.put("adoption/p/a.csv.synthetic", b"")
    home.put("adoption/p/a.csv", b"x")
    assert home.take_in().rejected == ["adoption/p/a.csv"]
    assert (home.inbox / "rejected/adoption/p/a.csv.synthetic").exists()
    assert not (home.inbox / "adoption/p/a.csv.synthetic").exists()


def test_a_file_that_is_marked_while_it_is_read_waits_and_is_then_synthetic(home, batch):
    os.utime(home.put("adoption/p/a.parquet", batch("adoption")), (1, 1))
    home.put("adoption/p/b.csv", GOOD)
    mark = home.inbox / "adoption/p/b.csv.synthetic"
    intake = home.take_in(progress=lambda _done, _all: mark.touch())
    assert (intake.accepted, intake.waiting) == (["adoption/p/a.parquet"], ["adoption/p/b.csv"])
    assert home.take_in().accepted == ["adoption/p/b.csv"]
    assert home.receipt("adoption/p/b.csv")["synthetic"] is True


def test_a_mark_laid_for_the_next_file_of_the_same_name_is_not_taken_with_the_first(home):
    home.put("adoption/p/a.csv", GOOD)
    mark = home.inbox / "adoption/p/a.csv.synthetic"
    home.take_in(progress=lambda _done, _all: mark.touch())
    assert mark.exists()


# --- what cannot be taken in -----------------------------------------------------------------------------------------


def folder_at(name: str):
    return lambda file: file.with_name(file.name + name).mkdir()


OBSTACLES = {
    "a folder where the receipt goes": (folder_at(".receipt.json"), "name of its receipt"),
    "a folder where the digest is": (folder_at(".sha256"), "Its .sha256 cannot be read"),
    "a folder where the mark is": (folder_at(".synthetic"), "Its .synthetic is not a file"),
    "a pipe": (lambda file: (file.unlink(), os.mkfifo(file)), "not a file"),
    "a link to nothing": (lambda file: (file.unlink(), file.symlink_to("nowhere")), "broken link"),
    "a link to a folder": (lambda file: (file.unlink(), file.symlink_to(file.parent)), "link to a folder"),
}


@pytest.fixture(scope="module")
def hindered(tmp_path_factory, make_home):
    """A home that got all of them, each with a good file beside; and two intakes."""
    home = make_home(tmp_path_factory.mktemp("obstacles"))
    for number, (hinder, _) in enumerate(OBSTACLES.values()):
        hinder(home.put(f"adoption/p{number}/a.csv", GOOD))
        home.put(f"adoption/p{number}/b.csv", GOOD.replace(b"\n1,", b"\n2,"))
    return home, home.take_in(), home.take_in()


@pytest.mark.parametrize("number", range(len(OBSTACLES)), ids=OBSTACLES)
def test_what_cannot_be_taken_in_is_named_with_the_reason_and_stops_no_other(hindered, number):
    home, *intakes = hindered
    _, why = list(OBSTACLES.values())[number]
    good = [f"adoption/p{n}/b.csv" for n in range(len(OBSTACLES))]
    for intake, accepted in zip(intakes, (good, []), strict=True):
        assert (sorted(intake.accepted), intake.rejected, intake.waiting) == (accepted, [], [])
        assert len(intake.stuck) == len(OBSTACLES)
        (said,) = (s for s in intake.stuck if s.startswith(f"adoption/p{number}/a.csv: "))
        assert why in said
        assert said in [f"{place}: {problem}" for place, problem in inbox.stuck(home.settings)]
    assert inbox.pending(home.settings) == []


def test_a_file_with_the_name_of_the_folder_of_refused_ones_stops_no_other(home):
    home.put("rejected", b"a file")
    home.put("adoption/p/a.csv", b"x")
    home.put("adoption/p/b.csv", GOOD)
    intake = home.take_in()
    assert (intake.accepted, [s.split(":")[0] for s in intake.stuck]) == (
        ["adoption/p/b.csv"],
        ["rejected", "adoption/p/a.csv"],
    )
    (home.inbox / "rejected").unlink()
    assert home.take_in().rejected == ["adoption/p/a.csv"]
    assert home.reason("adoption/p/a.csv")["kind"] == "unknown_column"


AS_NOBODY = """
import json, os, sys
from pathlib import Path
from transport.ingest import inbox
from transport.storage.landing import open_landing
from transport.base.settings import Settings
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
settings = Settings(home=Path(sys.argv[1]), settle_seconds=0, readers=1)
intake = inbox.take_in(settings, open_landing(settings))
print(json.dumps([intake.accepted, intake.stuck]))
"""


def test_what_may_not_be_read_or_answered_is_named_and_is_taken_in_when_it_may(make_home):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)  # a folder of pytest's may be entered by its owner alone
        home = make_home(Path(folder) / "home")
        good = home.put("adoption/good/a.csv", GOOD)
        secret = home.put("adoption/secret/a.csv", GOOD)
        digest = home.put("adoption/digest/a.csv", GOOD).with_name("a.csv.sha256")
        digest.write_text("ab")
        closed = home.put("adoption/closed/a.csv", GOOD).parent
        hidden = home.put("adoption/hidden/a.csv", GOOD).parent
        if os.geteuid() == 0:
            for path in (home.settings.home, *home.settings.home.rglob("*")):
                os.chown(path, 65534, 65534)
        for path, mode in ((secret, 0), (digest, 0), (closed, 0o555), (hidden, 0)):
            path.chmod(mode)

        def run():
            words = [sys.executable, "-c", AS_NOBODY, str(home.settings.home)]
            return json.loads(subprocess.run(words, cwd=PROJECT, check=True, capture_output=True).stdout)

        accepted, stuck = run()
        assert accepted == ["adoption/good/a.csv"]
        assert [s.split(": ")[0].split("/")[1] for s in stuck] == ["closed", "digest", "hidden", "secret"]
        assert not good.exists()
        digest.unlink()
        for path in (closed, hidden, secret):
            path.chmod(0o755)
        accepted, stuck = run()
        assert (len(accepted), stuck) == (4, [])


def test_a_batch_that_was_kept_without_a_receipt_gets_it_in_the_next_run(home, batch):
    file = home.put("adoption/p/a.parquet", batch("adoption"))
    in_the_way = file.with_name("a.parquet.receipt.json")
    intake = home.take_in(progress=lambda _done, _all: in_the_way.mkdir())
    assert (intake.accepted, len(intake.stuck)) == (["adoption/p/a.parquet"], 1)
    (log,) = (home.settings.home / "log").glob("batches-*.jsonl")
    assert [json.loads(line)["outcome"] for line in log.read_text().splitlines()] == ["accepted", "failed"]
    assert list(home.inbox.rglob(".*")) == []
    in_the_way.rmdir()
    intake = home.take_in()
    assert (intake.duplicate, intake.stuck) == (["adoption/p/a.parquet"], [])
    assert home.receipt("adoption/p/a.parquet")["rows"] == 3
    assert len(home.landing.entries) == 1


@pytest.fixture
def between(home, make_home, monkeypatch):
    """Take in files, and do something after the inbox was looked through and before they are read."""

    def between(deed):
        young = home.put("adoption/young/a.csv", GOOD)
        here, sleep = threading.get_ident(), time.sleep
        with monkeypatch.context() as patched:  # of `time` itself, so other threads go on to sleep
            patched.setattr(inbox.time, "sleep", lambda s: deed() if threading.get_ident() == here else sleep(s))
            os.utime(young)
            return make_home(home.settings.home, settle_seconds=600).take_in()

    return between


def swapped_for_a_pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


SWAPS = {"removed": Path.unlink, "a pipe": swapped_for_a_pipe}


def test_nobody_waits_for_what_came_in_place_of_a_file(home, between):
    files = {}
    for number, swap in enumerate(SWAPS.values()):
        for place in (f"adoption/bare/{number}.csv", f"adoption/digest/{number}.csv"):
            files[place] = swap, home.put(place, GOOD)
            os.utime(files[place][1], (1, 1))
        home.put(f"adoption/digest/{number}.csv.sha256", hashlib.sha256(GOOD).hexdigest().encode())

    def swap_all():
        for swap, file in files.values():
            swap(file)

    intake = between(swap_all)
    assert (intake.accepted, intake.rejected) == (["adoption/young/a.csv"], [])
    assert sorted(intake.waiting) == sorted(files)


def test_a_link_that_came_in_place_of_a_file_is_not_followed(home, between, tmp_path):
    outside = tmp_path / "outside.csv"
    outside.write_bytes(GOOD.replace(b"\n1,", b"\nsecret,"))
    file = home.put("adoption/p/a.csv", GOOD)
    os.utime(file, (1, 1))
    intake = between(lambda: (file.unlink(), file.symlink_to(outside)))
    assert intake.accepted == ["adoption/young/a.csv"]
    home.take_in()
    assert home.landed("adoption")["event_id"].to_pylist() == ["1"]
    assert outside.exists()


# --- what nobody has read never vanishes ------------------------------------------------------------------------------


def test_a_file_of_the_same_size_and_time_in_place_of_one_that_was_read_is_taken_in_too(home):
    file = home.put("adoption/p/a.csv", GOOD)
    other = home.put("adoption/p/.b.csv", GOOD.replace(b"\n1,", b"\n2,"))
    for path in (file, other):
        os.utime(path, (1, 1))
    intake = home.take_in(progress=lambda _done, _all: other.replace(file))
    assert intake.accepted == home.take_in().accepted == ["adoption/p/a.csv"]
    assert home.landed("adoption")["event_id"].to_pylist() == ["1", "2"]
    assert inbox.pending(home.settings) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from transport.ingest import inbox
from transport.storage.landing import open_landing
from transport.base.settings import Settings
settings = Settings(home=Path(sys.argv[1]), settle_seconds=0, readers=1)
file = settings.inbox / "adoption/p/a.csv"
second = file.with_name(".second")
def see(event, args):
    if event in ("os.rename", "os.remove") and ".kept-" in str(args[0]):
        os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(see)
inbox.take_in(settings, open_landing(settings), progress=lambda *_: second.exists() and second.replace(file))
"""


@pytest.mark.parametrize("swapped", some([True, False], 1, "it comes back below, with its mark"))
def test_a_file_that_a_killed_run_was_about_to_remove_gets_its_name_back(home, swapped):
    home.put("adoption/p/a.csv", GOOD)
    if swapped:
        home.put("adoption/p/.second", GOOD + ROW.replace("1,", "2,", 1).encode())
    ended = subprocess.run([sys.executable, "-c", KILLED, str(home.settings.home)], cwd=PROJECT, check=False)
    assert ended.returncode == -9
    assert not (home.inbox / "adoption/p/a.csv").exists()
    assert len(inbox.pending(home.settings)) == 1
    intake = home.take_in()
    assert (intake.accepted, intake.duplicate) == (
        (["adoption/p/a.csv"], []) if swapped else ([], ["adoption/p/a.csv"])
    )
    assert [e.rows for e in home.landing.entries] == ([1, 2] if swapped else [1])
    assert [p.name for p in (home.inbox / "adoption/p").iterdir()] == ["a.csv.receipt.json"]


def test_a_killed_run_parts_no_file_from_its_mark(home):
    home.put("adoption/p/a.csv.synthetic", b"")
    home.put("adoption/p/a.csv", GOOD)
    subprocess.run([sys.executable, "-c", KILLED, str(home.settings.home)], cwd=PROJECT, check=False)
    assert len(inbox.pending(home.settings)) == 1
    assert home.take_in().duplicate == ["adoption/p/a.csv"]
    assert home.landed("adoption")["synthetic"].to_pylist() == [True]
    assert [p.name for p in (home.inbox / "adoption/p").iterdir()] == ["a.csv.receipt.json"]


def test_a_file_whose_name_is_taken_when_it_comes_back_takes_its_mark_along(home, batch):
    home.put("adoption/p/.kept-0123456789ab/a.csv", batch("adoption"))
    home.put("adoption/p/.kept-0123456789ab/a.csv.synthetic", b"")
    home.put("adoption/p/.kept-ba9876543210/b.csv.synthetic", b"")  # its file was removed already
    home.put("adoption/p/a.csv", batch("adoption", 5).slice(3))
    assert len(home.take_in().accepted) == 2
    by_event = home.landed("adoption").select(["event_id", "synthetic"]).to_pylist()
    assert {r["event_id"]: r["synthetic"] for r in by_event} == {
        "h-0": True, "h-1": True, "h-2": True, "h-3": False, "h-4": False,
    }  # fmt: skip
    assert all(p.name.endswith(".receipt.json") for p in (home.inbox / "adoption/p").iterdir())


def test_refused_files_of_the_same_name_lie_side_by_side(home):
    for content in (b"first", b"second", b"third"):
        home.put("adoption/p/a.csv", content)
        assert home.take_in().rejected == ["adoption/p/a.csv"]
    folder = home.inbox / "rejected/adoption/p"
    assert [(folder / n).read_bytes() for n in ("a.csv", "a-2.csv", "a-3.csv")] == [b"first", b"second", b"third"]
    assert home.reason("adoption/p/a-3.csv")["file"] == "adoption/p/a.csv"


def test_a_conflict_says_what_differs_and_what_came_meanwhile_waits(home, batch):
    def drop(count=3, **more):
        return inbox.drop(home.inbox, "adoption", "p", "a", batch("adoption", count), **more)

    drop()
    home.take_in()
    drop(synthetic=True)
    assert home.take_in().rejected == ["adoption/p/a.parquet"]
    said = home.reason("adoption/p/a.parquet")
    assert (said["kind"], "the same rows, as real" in said["problem"]) == ("conflict", True)
    drop(synthetic=True)
    intake = home.take_in(progress=lambda _done, _all: drop(9))
    assert (intake.rejected, intake.waiting) == ([], ["adoption/p/a.parquet"])
    assert home.take_in().rows == 9


def test_a_withdrawn_batch_counts_again_under_another_name_and_under_its_own_is_told_of(home, batch):
    home.put("adoption/p/a.parquet", batch("adoption"))
    home.take_in()
    kept = home.landing
    kept.withdraw(kept.entries[0], by="drift", reason="navnet", now=inbox.utc_now())
    home.put("adoption/p/a.parquet", batch("adoption"))
    assert home.take_in().duplicate == ["adoption/p/a.parquet"]
    assert home.receipt("adoption/p/a.parquet")["withdrawn_because"] == "navnet"
    home.put("adoption/p/b.parquet", batch("adoption"))
    assert home.take_in().accepted == ["adoption/p/b.parquet"]
    assert "withdrawn_at" not in home.receipt("adoption/p/b.parquet")
    kept = home.landing
    assert [kept.withdrawal(e) is None for e in kept.entries] == [False, True]


# --- corpora ---------------------------------------------------------------------------------------------------------


def judged(home, files: list[Path], place) -> None:
    """Lay the corpus in the inbox; each file must be answered, and a good file after them taken."""
    if not files:
        pytest.skip("not run: corpus absent, 0 files judged")
    for file in files:
        os.utime(home.put(place(file), file.read_bytes()), (1, 1))
    home.put("adoption/q/good.csv", GOOD)
    intake = home.take_in()
    assert "adoption/q/good.csv" in intake.accepted
    assert len(intake.accepted) + len(intake.rejected) == len(files) + 1
    for refused in intake.rejected:
        said = home.reason(refused)
        assert said["kind"], refused
        assert said["problem"], refused
        assert said["mend"], refused
    assert inbox.pending(home.settings) == []


@pytest.mark.corpus
def test_files_that_broke_parquet_readers_are_answered(tmp_path, make_home):
    home = make_home(tmp_path, readers=2)
    judged(home, sorted(CORPORA.glob("parquet-bad/*")), lambda f: f"dispatch/{f.stem}/{f.name}")


@pytest.mark.corpus
def test_streams_that_broke_arrow_readers_are_answered(tmp_path, make_home):
    home = make_home(tmp_path, readers=2)
    judged(home, sorted(CORPORA.glob("arrow-stream/*")), lambda f: f"dispatch/p/{f.name.replace('.', '-')}.arrows")


@pytest.mark.corpus
def test_naughty_strings_land_as_they_are(home, encode, batch):
    file = CORPORA / "naughty-strings.json"
    if not file.is_file():
        pytest.skip("not run: corpus absent, 0 files judged")
    texts = [t for t in json.loads(file.read_text("utf-8")) if t]
    table = batch("adoption", len(texts), note=pa.array(texts))
    for ending in (".parquet", ".arrow", ".jsonl", ".csv"):
        home.put(f"adoption/p/naughty{ending}", encode(table, ending))
    intake = home.take_in()
    assert (len(intake.accepted), len(intake.duplicate), intake.rejected) == (1, 3, [])
    assert home.landed("adoption")["note"].to_pylist() == texts


# --- kill -9 ---------------------------------------------------------------------------------------------------------

TAKE_IN = """
import sys
from pathlib import Path
from transport.ingest import inbox
from transport.storage.landing import open_landing
from transport.base.settings import Settings
settings = Settings(home=Path(sys.argv[1]), settle_seconds=0, readers=1)
print("begun", flush=True)
inbox.take_in(settings, open_landing(settings), progress=lambda done, _all: print(done, flush=True))
"""


@pytest.mark.slow("ten processes, killed")
def test_a_run_killed_at_any_point_and_repeated_loses_and_doubles_nothing(tmp_path, make_home, batch):
    """Ten runs, each killed by SIGKILL after another file, or at the beginning of one; then one to the end."""
    home = make_home(tmp_path)
    names = [f"a{i:02d}" for i in range(40)]
    for i, name in enumerate(names):
        table = batch("loan_entry", 5)
        ids = pa.array([f"{name}-{n}" for n in range(5)])
        os.utime(home.put(f"loan_entry/p/{name}.parquet", table.set_column(0, "entry_id", ids)), (i, i))
    killed = 0
    for point in range(10):
        with subprocess.Popen(
            [sys.executable, "-c", TAKE_IN, str(home.settings.home)],
            cwd=PROJECT, stdout=subprocess.PIPE, text=True,
        ) as run:  # fmt: skip
            for line in run.stdout:
                if line.strip() == ("begun" if point == 0 else str(1 + point * 3)):
                    run.kill()
                    break
            run.wait()
            killed += run.returncode == -9
        acknowledged = {p.name.split(".")[0] for p in home.inbox.rglob("*.receipt.json")}
        kept = {e.batch_id[:3] for e in home.landing.entries}
        assert acknowledged <= kept
    home.take_in()
    assert killed >= 5
    assert sorted(home.landed("loan_entry")["entry_id"].to_pylist()) == sorted(
        f"{a}-{n}" for a in names for n in range(5)
    )
    assert len(home.landing.entries) == 40
    assert {p.name.split(".")[0] for p in home.inbox.rglob("*.receipt.json")} == set(names)


def test_a_file_that_comes_in_place_of_one_that_was_read_is_not_removed_with_it(home, batch, encode):
    folder = home.inbox / "adoption" / "p"
    for i in range(3):
        home.put(f"adoption/p/f{i}.parquet", batch("adoption", 3 + i))
    again = encode(batch("adoption", 40), ".parquet")

    def next_delivery(done, _of):
        if done == 1:
            (folder / ".new").write_bytes(again)
            (folder / ".new").replace(folder / "f0.parquet")

    intake = home.take_in(progress=next_delivery)
    assert len(intake.accepted) == 3
    assert (folder / "f0.parquet").read_bytes() == again
    assert home.take_in().rows == 40


def test_a_link_is_refused_and_what_it_points_to_is_not_looked_at(home, batch, encode, tmp_path):
    outside = tmp_path / "outside.parquet"
    outside.write_bytes(encode(batch("adoption", 3), ".parquet"))
    folder = home.inbox / "adoption" / "p"
    folder.mkdir(parents=True)
    (folder / "a.parquet").symlink_to(outside)
    intake = home.take_in()
    assert (len(intake.rejected), home.landing.entries) == (1, [])
    assert outside.exists()
    assert not (folder / "a.parquet").is_symlink()


def test_each_file_has_a_line_in_the_log(home, batch):
    home.put("adoption/p/good.parquet", batch("adoption", 3))
    home.put("adoption/p/bad.csv", b"a,b\n1,2\n")
    home.take_in()
    (log,) = (home.settings.home / "log").glob("batches-*.jsonl")
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert {(r["outcome"], r["stream"], r["producer"], r["wire"]) for r in lines} == {
        ("accepted", "adoption", "p", "inbox"), ("refused", "adoption", "p", "inbox"),
    }  # fmt: skip


def test_no_folder_and_no_mark_keeps_a_name_with_an_identity_number(home, batch, number):
    home.put(f"{number()}/q/a.csv", b"x")
    home.put(f"cost_entry/{number(1)}/a.parquet", batch("cost_entry"))
    os.utime(home.put(f"adoption/p/{number(2)}.csv.synthetic", b""), (1, 1))
    os.utime(home.put(f"adoption/{number(3)}/a.csv.synthetic", b""), (1, 1))
    waits = home.put(f"adoption/p/{number(4)}.csv.synthetic", b"")
    intake = home.take_in()
    assert len(intake.rejected) == 2
    assert [path for n in range(4) for path in home.inbox.rglob("*") if number(n) in str(path)] == []
    assert waits.exists()
    assert (home.inbox / "adoption/p").is_dir()
