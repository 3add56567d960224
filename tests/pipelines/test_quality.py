"""Proof that `quality` judges real Parquet files rightly."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import uuid
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from quality import Check, CheckResult, judge

U = [uuid.UUID(int=n) for n in range(1, 6)]
T = [dt.datetime(2024, 1, n, 12, tzinfo=dt.UTC) for n in range(1, 6)]


def write(path: Path, **columns: Any) -> str:
    pq.write_table(pa.table(columns), path)
    return str(path)


def run(tmp_path: Path, files: list[str], *checks: Check, **kw: Any) -> list[CheckResult]:
    return judge(
        {"t": (files, checks)},
        memory_limit="256MB",
        threads=1,
        temp_directory=tmp_path / "spill",
        **kw,
    )


@pytest.fixture
def good(tmp_path: Path) -> list[str]:
    """Two files with every type, odd names, and nulls where they are allowed."""
    files = []
    for part in range(2):
        ids = [part * 5 + n for n in range(5)]
        files.append(
            write(
                tmp_path / f"g'{part}.parquet",
                id=pa.array(ids, pa.int64()),
                amount=pa.array(
                    [Decimal("0.10"), Decimal("0.20"), None, Decimal("9.99"), Decimal("0.30")],
                    pa.decimal128(18, 2),
                ),
                day=pa.array([t.date() for t in T], pa.date32()),
                at=pa.array(T, pa.timestamp("us", tz="UTC")),
                local=pa.array([t.replace(tzinfo=None) for t in T], pa.timestamp("us")),
                uid=pa.array([u.bytes for u in U], pa.uuid()),
                flag=pa.array([True, False, None, True, True]),
                **{
                    "select": pa.array(["a", "b", None, "a", "b"]),
                    "Mixed Case": pa.array([f"user{n}" for n in ids]),
                },
            )
        )
    return files


GOOD = (
    Check("nn", "not_null", ("id",)),
    Check("nn2", "not_null", ("id", "Mixed Case")),
    Check("un", "unique", ("id",)),
    Check("un2", "unique", ("id", "select", "uid")),
    Check("set", "one_of", ("select",), ("a", "b", "it's")),
    Check("set_dec", "one_of", ("amount",), tuple(map(Decimal, ("0.10", "0.20", "0.30", "9.99")))),
    Check("set_day", "one_of", ("day",), tuple(t.date() for t in T)),
    Check("set_at", "one_of", ("at",), tuple(T)),
    Check("set_uid", "one_of", ("uid",), tuple(U)),
    Check("set_flag", "one_of", ("flag",), (True, False, None)),
    Check("bt", "between", ("id",), low=0, high=9),
    Check("bt_big", "between", ("id",), low=-(2**63), high=2**62),
    Check("bt_dec", "between", ("amount",), low=Decimal("0.10"), high=Decimal("9.99")),
    Check("bt_day", "between", ("day",), low=dt.date(2024, 1, 1), high=dt.date(2024, 1, 5)),
    Check("bt_at", "between", ("at",), low=T[0], high=T[-1]),
    Check("bt_local", "between", ("local",), low=T[0].replace(tzinfo=None)),
    Check("bt_uid", "between", ("uid",), low=U[0], high=U[-1]),
    Check("bt_text", "between", ("select",), low="a", high="b"),
    Check(
        "sql",
        "sql",
        sql=r"""regexp_full_match("Mixed Case", '[a-z]+[0-9]{1,3}') AND ' :30{' <> '%' -- note""",
    ),
    Check("sql_null", "sql", ("amount",), sql="amount > 0"),
)


def test_good_passes(good: list[str], tmp_path: Path) -> None:
    results = run(tmp_path, good, *GOOD)
    assert [(r.check, r.error, r.unexpected) for r in results if not r.passed] == []
    assert [r.check for r in results] == [c.name for c in GOOD]
    assert {(r.dataset, r.examined, r.unexpected, r.sample) for r in results} == {("t", 10, 0, None)}


BAD = (
    (Check("nn", "not_null", ("select",)), 2, "select=None, id=2"),
    (Check("nn2", "not_null", ("select", "amount", "id")), 2, "amount=None"),
    (Check("un", "unique", ("select",)), 10, "select=a, rows=4"),
    (Check("un2", "unique", ("select", "flag")), 10, "select=None, flag=None, rows=2"),
    (Check("set", "one_of", ("select",), ("a",)), 4, "select=b; select=b; select=b"),
    (Check("set_dec", "one_of", ("amount",), (Decimal("0.1"),)), 6, "amount="),
    (Check("set_day", "one_of", ("day",), (dt.date(2024, 1, 1),)), 8, "day=2024-01-0"),
    (Check("set_at", "one_of", ("at",), (T[0], T[1])), 6, "+00:00"),
    (Check("set_uid", "one_of", ("uid",), (U[0],)), 8, str(U[1])),
    (Check("set_flag", "one_of", ("flag",), (True,)), 2, "flag=False"),
    (Check("bt", "between", ("id",), low=1, high=8), 2, "id=0"),
    (Check("bt_dec", "between", ("amount",), high=Decimal("9.98")), 2, "amount=9.99"),
    (Check("bt_day", "between", ("day",), low=dt.date(2024, 1, 2)), 2, "day=2024-01-01"),
    (Check("bt_at", "between", ("at",), high=T[3]), 2, "at="),
    (Check("bt_local", "between", ("local",), high=dt.datetime(2024, 1, 5, 11)), 2, "local="),
    (Check("bt_uid", "between", ("uid",), low=U[1]), 2, str(U[0])),
    (Check("bt_text", "between", ("select",), high="a"), 4, "select=b"),
    (
        Check("sql", "sql", ("Mixed Case",), sql="\"Mixed Case\" NOT LIKE '%3'"),
        1,
        "Mixed Case=user3, id=3",
    ),
)


def test_bad_fails_with_right_counts(good: list[str], tmp_path: Path) -> None:
    results = run(tmp_path, good, *(check for check, _, _ in BAD))
    for result, (check, unexpected, sample) in zip(results, BAD, strict=True):
        assert (result.check, result.passed, result.unexpected, result.examined, result.error) == (
            check.name,
            False,
            unexpected,
            10,
            None,
        )
        assert sample in (result.sample or ""), (check.name, result.sample)


def test_decimals_are_compared_exactly(tmp_path: Path) -> None:
    big = Decimal("12345678901234567.89")
    file = write(tmp_path / "d.parquet", d=pa.array([big], pa.decimal128(38, 2)))
    ok, low, high = run(
        tmp_path,
        [file],
        Check("ok", "between", ("d",), low=big, high=big),
        Check("high", "between", ("d",), high=big - Decimal("0.01")),
        Check("in", "one_of", ("d",), (big - Decimal("0.01"),)),
    )
    assert (ok.passed, low.passed, low.unexpected, high.passed, high.unexpected) == (
        True,
        False,
        1,
        False,
        1,
    )


BROKEN = (
    (Check("column", "not_null", ("nope",)), "no such column in t: nope"),
    (Check("key", "unique", ("nope",)), "no such column"),
    (Check("kind", "magic", ("id",)), "no such kind"),
    (Check("syntax", "sql", sql="id >"), "syntax error"),
    (Check("binder", "sql", sql="nope = 1"), "nope"),
    (Check("type", "sql", sql="id + 1"), "not BOOLEAN"),
    (Check("agg", "sql", sql="max(id) > 1"), "aggregates"),
    (Check("window", "sql", sql="row_number() OVER () > 1"), "window"),
    (Check("data", "sql", sql='CAST("Mixed Case" AS INTEGER) > 1'), "Could not convert"),
    (Check("data2", "between", ("Mixed Case",), low=1), ""),
    (Check("set", "one_of", ("id",), (None,)), "at least one value"),
    (Check("set_type", "one_of", ("id",), ("x",)), "Could not convert"),
    (Check("bounds", "between", ("id",)), "low or a high"),
    (Check("none", "sql"), "condition"),
    (Check("literal", "between", ("id",), low=object()), "no SQL literal"),
)


@pytest.mark.parametrize(("broken", "message"), BROKEN, ids=[b.name for b, _ in BROKEN])
def test_broken_check_is_an_error_and_spares_the_rest(
    broken: Check, message: str, good: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    failing = Check("z_failing", "between", ("id",), high=8)
    passing = Check("z_passing", "sql", sql="id >= 0")
    key = Check("z_key", "unique", ("id",))
    result, *rest = run(tmp_path, good, broken, failing, passing, key)
    assert not result.passed and result.error and message in result.error, result
    assert [(r.passed, r.unexpected, r.error) for r in rest] == [
        (False, 1, None),
        (True, 0, None),
        (True, 0, None),
    ]
    assert capfd.readouterr() == ("", "")


def test_all_broken_at_once(good: list[str], tmp_path: Path) -> None:
    results = run(tmp_path, good, *(check for check, _ in BROKEN))
    assert all(r.error and not r.passed for r in results)


def test_files_missing_or_broken(good: list[str], tmp_path: Path) -> None:
    (tmp_path / "junk.parquet").write_bytes(b"PAR1 no PAR1")
    other = write(tmp_path / "o.parquet", x=[1])
    check = Check("c", "not_null", ("id",))
    results = judge(
        {
            "gone": ([str(tmp_path / "gone.parquet")], [check]),
            "junk": ([str(tmp_path / "junk.parquet")], [check]),
            "mixed": ([good[0], other], [check]),
            "good": (good, [check]),
        },
        memory_limit="256MB",
        threads=1,
        temp_directory=tmp_path / "spill",
    )
    assert [(r.dataset, r.passed, bool(r.error)) for r in results] == [
        ("gone", False, True),
        ("junk", False, True),
        ("mixed", False, True),
        ("good", True, False),
    ]


def test_no_files_or_twice_the_name(good: list[str], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'t' has no Parquet files"):
        run(tmp_path, [], GOOD[0])
    with pytest.raises(ValueError, match="several checks named nn"):
        run(tmp_path, good, GOOD[0], GOOD[0])


def test_any_column_name_is_fine(tmp_path: Path) -> None:
    names = [
        "at",
        "order",
        "group",
        "pivot",
        "qualify",
        "rule_0",
        "column_1",
        'a"b',
        "per%cent",
        "co:lon",
        "{brace}",
        "Ä",
        "n",
        "_num_rows",
    ]
    file = write(tmp_path / "k.parquet", **{name: pa.array([1, 1, None]) for name in names})
    checks = [
        check
        for n in names
        for check in (
            Check(f"nn {n}", "not_null", (n,)),
            Check(f"bt {n}", "between", (n,), low=2),
            Check(f"un {n}", "unique", (n,)),
            Check(f"in {n}", "one_of", (n,), (2,)),
        )
    ]
    results = run(tmp_path, [file], *checks)
    assert [r.error for r in results if r.error] == []
    assert [r.unexpected for r in results] == [1, 2, 2, 2] * len(names)
    assert all(r.sample for r in results)


def test_same_rule_by_two_names(good: list[str], tmp_path: Path) -> None:
    checks = [
        replace(c, name=f"{c.name}{n}")
        for c in (GOOD[0], GOOD[2], GOOD[10], GOOD[-1], replace(BAD[10][0], name="bad"))
        for n in "xy"
    ]
    results = run(tmp_path, good, *checks)
    assert [(r.passed, r.unexpected, r.error) for r in results] == [(True, 0, None)] * 8 + [(False, 2, None)] * 2


def test_empty_table_and_no_checks(tmp_path: Path) -> None:
    file = write(tmp_path / "e.parquet", id=pa.array([], pa.int64()))
    results = run(tmp_path, [file], GOOD[0], GOOD[2], Check("s", "sql", sql="id > 0"))
    assert [(r.passed, r.unexpected, r.examined, r.error) for r in results] == [(True, 0, 0, None)] * 3
    assert run(tmp_path, [file]) == []


def test_all_null_column(tmp_path: Path) -> None:
    file = write(tmp_path / "n.parquet", id=pa.array([None, None], pa.int64()))
    nn, un, one, sql = run(
        tmp_path,
        [file],
        GOOD[0],
        GOOD[2],
        Check("o", "one_of", ("id",), (1,)),
        Check("s", "sql", sql="id > 0"),
    )
    assert (nn.unexpected, un.unexpected) == (2, 2)
    assert one.passed and sql.passed


def test_one_bad_row_of_many(tmp_path: Path) -> None:
    file = write(tmp_path / "m.parquet", id=pa.array([*range(1_000_000), None], pa.int64()))
    results = run(
        tmp_path,
        [file],
        Check("nn", "not_null", ("id",)),
        Check("s", "sql", sql="id <> 7"),
        Check("u", "unique", ("id",)),
    )
    assert [(r.passed, r.unexpected) for r in results] == [(False, 1), (False, 1), (True, 0)]


def test_sql_sees_other_tables_and_samples_can_be_off(good: list[str], tmp_path: Path) -> None:
    other = write(tmp_path / "o.parquet", id=pa.array(range(8), pa.int64()))
    refers = Check("fk", "sql", sql="id IN (SELECT o.id FROM other o)")
    (t,) = judge(
        {"t": (good, [refers]), "other": ([other], [])},
        memory_limit="256MB",
        threads=1,
        temp_directory=tmp_path / "s",
        examples=0,
    )
    assert (t.passed, t.unexpected, t.sample, t.error) == (False, 2, None, None)


def test_leaves_no_trace_and_calls_no_one(good: list[str], tmp_path: Path) -> None:
    """A fresh process with an audit hook: no socket, nothing written, no print."""
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    code = f"""
import sys
calls = []
def hook(event, args):
    # urllib3 binds ::1 on import to see whether the machine has IPv6.
    if event.startswith("socket.") and event not in ("socket.__new__", "socket.bind"):
        calls.append((event, args))
    elif event in ("os.mkdir", "os.rename", "os.remove", "os.putenv"):
        calls.append((event, args))
    elif event == "socket.bind" and args[1][0] != "::1":
        calls.append((event, args))
    elif event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        calls.append((event, args))
sys.addaudithook(hook)
import warnings
shown = warnings.showwarning
import quality
assert warnings.showwarning is shown
r = quality.judge({{"t": ({good!r}, [quality.Check("n", "not_null", ("id",))])}},
                  memory_limit="256MB", threads=1, temp_directory={str(tmp_path / "spill")!r})
assert r[0].passed, r
assert not any(c[0] != "os.putenv" for c in calls), calls
sys.stdout.write(repr(sorted({{c[1][0] for c in calls}})))
"""
    done = subprocess.run(
        [sys.executable, "-B", "-c", code],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(home), "PYTHONPATH": str(Path(__file__).parent), "PATH": ""},
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    sys.stdout.write(done.stdout)
    assert list(home.rglob("*")) == [] and list(here.rglob("*")) == []
    assert not (tmp_path / "spill").exists()
