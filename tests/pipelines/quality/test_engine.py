"""The gate's engine over real Parquet files."""

from __future__ import annotations

import json
import re
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
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.contracts import rules
from pipelines.quality import gate
from pipelines.quality.checks import NOT_CARRIED_OUT, Check, Kind, Result
from tests.thorough import examples
from transport.base.settings import PROJECT


def write(path: Path, **columns: Any) -> str:
    pq.write_table(pa.table(columns), path)
    return str(path)


def run_tables(tmp_path: Path, documents: Path | None = None, **tables: tuple[Any, ...]) -> list[Result]:
    # loads Great Expectations, which would cost each worker that collects these tests three seconds
    from pipelines.quality import engine

    given = {name: engine.Table(*of) for name, of in tables.items()}
    spill = tmp_path / "spill"
    return engine.run_checks(given, memory_limit="256MB", threads=1, temp_directory=spill, documents=documents)


def run(tmp_path: Path, files: list[str], *checks: Check, documents: Path | None = None, **more: Any) -> list[Result]:
    return run_tables(tmp_path, documents, t=(files, checks, *more.values()))


def broken(result: Result) -> str:
    """Why a check was not carried out; empty where it was."""
    detail = result.detail or ""
    return detail.removeprefix(NOT_CARRIED_OUT) if detail.startswith(NOT_CARRIED_OUT) else ""


@pytest.fixture
def good(tmp_path: Path) -> list[str]:
    """Two files of five rows, with odd names, and nulls where they are allowed."""
    files = []
    for part in range(2):
        ids = [part * 5 + n for n in range(5)]
        files.append(
            write(
                tmp_path / f"g'{part}.parquet",
                id=pa.array(ids, pa.int64()),
                amount=pa.array([Decimal("0.10"), Decimal("0.20"), None, Decimal("9.99"), Decimal("0.30")]),
                uid=pa.array([uuid.UUID(int=n).bytes for n in range(1, 6)], pa.uuid()),
                flag=pa.array([True, False, None, True, True]),
                **{
                    "select": pa.array(["a", "b", None, "a", "b"]),
                    "Mixed Case": pa.array([f"user{n}" for n in ids]),
                },
            )
        )
    return files


NOT_NULL = Check("nn", Kind.NOT_NULL, ("id",))
UNIQUE = Check("un", Kind.UNIQUE, ("id",))
POSITIVE = Check("sql_null", Kind.SQL, ("amount",), "amount > 0")


def expect(type_: str, **kwargs: Any) -> Check:
    """An expectation as a file has it."""
    columns = (kwargs["column"],) if "column" in kwargs else ()
    return Check(type_, Kind.EXPECTATION, columns, expectation={"type": type_, "kwargs": kwargs}, file="t.json")


GOOD = (
    NOT_NULL,
    Check("nn2", Kind.NOT_NULL, ("id", "Mixed Case")),
    UNIQUE,
    Check("un2", Kind.UNIQUE, ("id", "select", "uid")),
    Check("sql", Kind.SQL, sql=r"""regexp_full_match("Mixed Case", '[a-z]+[0-9]{1,3}') AND ' :30{' <> '%' -- note"""),
    POSITIVE,
)


def test_good_passes(good: list[str], tmp_path: Path) -> None:
    results = run(tmp_path, good, *GOOD)
    assert [(r.check, broken(r), r.unexpected) for r in results if not r.passed] == []
    assert [r.check for r in results] == [c.name for c in GOOD]
    assert {(r.dataset, r.examined, r.unexpected, r.detail) for r in results} == {("t", 10, 0, None)}


BAD = (
    (Check("nn", Kind.NOT_NULL, ("select",)), 2, "select null, id 2"),
    (Check("nn2", Kind.NOT_NULL, ("select", "amount", "id")), 2, "amount null"),
    (Check("un", Kind.UNIQUE, ("select",)), 10, "select a, rows 4"),
    (Check("un2", Kind.UNIQUE, ("select", "flag")), 10, "select a, flag True, rows 4"),
    (Check("sql", Kind.SQL, ("Mixed Case",), "\"Mixed Case\" NOT LIKE '%3'"), 1, "Mixed Case user3, id 3"),
    (Check("sql_exact", Kind.SQL, ("amount",), "amount < 9.99"), 2, "amount 9.99"),
)


def test_bad_fails_with_right_counts(good: list[str], tmp_path: Path) -> None:
    results = run(tmp_path, good, *(check for check, _, _ in BAD))
    for result, (check, unexpected, sample) in zip(results, BAD, strict=True):
        assert (result.check, result.passed, result.unexpected, result.examined, broken(result)) == (
            check.name,
            False,
            unexpected,
            10,
            "",
        )
        assert sample in (result.detail or ""), (check.name, result.detail)


BROKEN = (
    (Check("column", Kind.NOT_NULL, ("nope",)), "no such column in t: nope"),
    (Check("key", Kind.UNIQUE, ("nope",)), "no such column"),
    (Check("no columns", Kind.NOT_NULL), "at least one column"),
    (Check("no key", Kind.UNIQUE), "at least one column"),
    (Check("syntax", Kind.SQL, sql="id >"), "syntax error"),
    (Check("binder", Kind.SQL, sql="nope = 1"), "nope"),
    (Check("type", Kind.SQL, sql="id + 1"), "not BOOLEAN"),
    (Check("agg", Kind.SQL, sql="max(id) > 1"), "aggregates"),
    (Check("window", Kind.SQL, sql="row_number() OVER () > 1"), "window"),
    (Check("data", Kind.SQL, sql='CAST("Mixed Case" AS INTEGER) > 1'), "Could not convert"),
    (Check("none", Kind.SQL), "condition"),
    (Check("blank", Kind.SQL, sql=" "), "condition"),
)


@pytest.mark.parametrize(("wrong", "message"), BROKEN, ids=[b.name for b, _ in BROKEN])
def test_broken_check_is_an_error_and_spares_the_rest(
    wrong: Check, message: str, good: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    failing = Check("z_failing", Kind.SQL, ("id",), "id <= 8")
    passing = Check("z_passing", Kind.SQL, sql="id >= 0")
    key = Check("z_key", Kind.UNIQUE, ("id",))
    result, *rest = run(tmp_path, good, wrong, failing, passing, key)
    assert not result.passed
    assert message in broken(result)
    assert [(r.passed, r.unexpected, broken(r)) for r in rest] == [
        (False, 1, ""),
        (True, 0, ""),
        (True, 0, ""),
    ]
    assert capfd.readouterr() == ("", "")


def test_all_broken_at_once(good: list[str], tmp_path: Path) -> None:
    results = run(tmp_path, good, *(check for check, _ in BROKEN))
    assert all(broken(r) and not r.passed for r in results)


def test_files_missing_or_broken(good: list[str], tmp_path: Path) -> None:
    (tmp_path / "junk.parquet").write_bytes(b"PAR1 no PAR1")
    other = write(tmp_path / "o.parquet", x=[1])
    check = Check("c", Kind.NOT_NULL, ("id",))
    results = run_tables(
        tmp_path,
        gone=([str(tmp_path / "gone.parquet")], [check]),
        junk=([str(tmp_path / "junk.parquet")], [check]),
        mixed=([good[0], other], [check]),
        good=(good, [check]),
    )
    assert [(r.dataset, r.passed, bool(broken(r))) for r in results] == [
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
            Check(f"nn {n}", Kind.NOT_NULL, (n,)),
            Check(f"un {n}", Kind.UNIQUE, (n,)),
            Check(f"sql {n}", Kind.SQL, (n,), '"{}" = 2'.format(n.replace('"', '""'))),
        )
    ]
    results = run(tmp_path, [file], *checks)
    assert [broken(r) for r in results if broken(r)] == []
    assert [r.unexpected for r in results] == [1, 2, 2] * len(names)
    assert all(r.detail for r in results)


def test_same_rule_by_two_names(good: list[str], tmp_path: Path) -> None:
    bad = Check("bad", Kind.SQL, sql="amount < 9.99")
    checks = [replace(c, name=f"{c.name}{n}") for c in (NOT_NULL, UNIQUE, POSITIVE, bad) for n in "xy"]
    results = run(tmp_path, good, *checks)
    assert [(r.passed, r.unexpected, broken(r)) for r in results] == [(True, 0, "")] * 6 + [(False, 2, "")] * 2


def test_empty_table_and_no_checks(tmp_path: Path) -> None:
    file = write(tmp_path / "e.parquet", id=pa.array([], pa.int64()))
    results = run(tmp_path, [file], NOT_NULL, UNIQUE, Check("s", Kind.SQL, sql="id > 0"))
    assert [(r.passed, r.unexpected, r.examined, broken(r)) for r in results] == [(True, 0, 0, "")] * 3
    assert run(tmp_path, [file]) == []


def test_all_null_column(tmp_path: Path) -> None:
    file = write(tmp_path / "n.parquet", id=pa.array([None, None], pa.int64()))
    results = run(tmp_path, [file], NOT_NULL, UNIQUE, Check("s", Kind.SQL, sql="id > 0"))
    assert [(r.passed, r.unexpected) for r in results] == [(False, 2), (False, 2), (True, 0)]


def test_the_folder_of_a_month_gives_a_date_column(tmp_path: Path) -> None:
    files = []
    for month, ids in (("2026-01-01", [1, 2]), ("2026-02-01", [1, 3, 4])):
        folder = tmp_path / f"month={month}"
        folder.mkdir()
        files.append(write(folder / "part-0.parquet", id=pa.array(ids, pa.int64())))
    checks = (
        Check("required", Kind.NOT_NULL, ("month", "id")),
        Check("key", Kind.UNIQUE, ("month", "id")),
        Check("first_of_month", Kind.SQL, ("month",), "day(month) = 1"),
        Check("january", Kind.SQL, ("month",), "month < DATE '2026-02-01'"),
        Check("id_alone", Kind.UNIQUE, ("id",)),
    )
    results = run(tmp_path, files, *checks, by_month=True)
    assert [(r.passed, r.unexpected, r.examined, broken(r)) for r in results] == [
        (True, 0, 5, ""),
        (True, 0, 5, ""),
        (True, 0, 5, ""),
        (False, 3, 5, ""),
        (False, 2, 5, ""),
    ]
    assert "month 2026-02-01, id " in (results[3].detail or "")
    (without,) = run(tmp_path, files, checks[0])
    assert "no such column in t: month" in broken(without)


def test_one_bad_row_of_many(tmp_path: Path) -> None:
    file = write(tmp_path / "m.parquet", id=pa.array([*range(1_000_000), None], pa.int64()))
    results = run(
        tmp_path,
        [file],
        NOT_NULL,
        Check("s", Kind.SQL, sql="id <> 7"),
        UNIQUE,
    )
    assert [(r.passed, r.unexpected) for r in results] == [(False, 1), (False, 1), (True, 0)]


def test_a_rule_sees_other_tables(good: list[str], tmp_path: Path) -> None:
    other = write(tmp_path / "o.parquet", id=pa.array(range(8), pa.int64()))
    refers = Check("fk", Kind.SQL, sql="id IN (SELECT o.id FROM other o)")
    (t,) = run_tables(tmp_path, t=(good, [refers]), other=([other], []))
    assert (t.passed, t.unexpected, broken(t)) == (False, 2, "")


def test_no_sample_shows_a_column_that_is_not_to_be_told(good: list[str], tmp_path: Path) -> None:
    checks = (
        Check("short", Kind.SQL, ("Mixed Case",), 'length("Mixed Case") < 3'),
        expect("expect_column_value_lengths_to_equal", column="Mixed Case", value=3),
    )
    results = run_tables(tmp_path, t=(good, checks, False, {}, {"Mixed Case"}))
    assert [r.unexpected for r in results] == [10, 10]
    assert "user" not in "".join(f"{r.detail} {r.samples}" for r in results)


@pytest.mark.slow("loads Great Expectations in a process that may call nobody")
def test_leaves_no_trace_and_calls_no_one(good: list[str], tmp_path: Path) -> None:
    """A fresh process with an audit hook: no socket, nothing written, no print, no warning."""
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    code = f"""
import sys
calls = []
def hook(event, args):
    # urllib3 binds ::1 on import to see whether the machine has IPv6.
    if event == "socket.__new__" or event == "socket.bind" and args[1][0] == "::1":
        return
    if event.startswith("socket.") or event in ("os.mkdir", "os.rename", "os.remove"):
        calls.append((event, args))
    elif event == "open" and isinstance(args[1], str) and set(args[1]) & set("wax+"):
        calls.append((event, args))
sys.addaudithook(hook)
import warnings
shown = warnings.showwarning
from pipelines.quality.checks import Check, Kind
from pipelines.quality.engine import Table, run_checks
assert warnings.showwarning is shown
(result,) = run_checks(
    {{"t": Table({good!r}, [Check("n", Kind.NOT_NULL, ("id",))])}},
    memory_limit="256MB",
    threads=1,
    temp_directory={str(tmp_path / "spill")!r},
)
assert result.passed, result
assert not calls, calls
"""
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", "-c", code],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[3]), "PATH": ""},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert list(home.rglob("*")) == []
    assert list(here.rglob("*")) == []
    assert not (tmp_path / "spill").exists()


IN_TERMS = (
    (Check("set", Kind.IN_SET, ("select",), "\"select\" in ('a')", values=("a",)), 4),
    (Check("from", Kind.BETWEEN, ("id",), "id >= 3", low=3), 3),
    (Check("between", Kind.BETWEEN, ("amount",), "amount between 1 and 9", low=1, high=9), 8),
    (Check("order", Kind.IN_ORDER, ("id", "amount"), "id <= amount"), 5),
)


def test_a_rule_in_great_expectations_own_terms_counts_what_its_sql_counts(good: list[str], tmp_path: Path) -> None:
    own = run(tmp_path, good, *(check for check, _ in IN_TERMS))
    by_sql = run(tmp_path, good, *(replace(check, kind=Kind.SQL) for check, _ in IN_TERMS))
    assert [(broken(r), r.unexpected) for r in own] == [("", r.unexpected) for r in by_sql]
    assert [r.unexpected for r in own] == [count for _, count in IN_TERMS]
    assert [r.detail for r in own] == [r.detail for r in by_sql]


@settings(max_examples=examples(15), deadline=None)
@given(
    rows=st.lists(
        st.tuples(
            st.sampled_from(["A", "B", "", None]), st.integers(-3, 3) | st.none(), st.integers(-3, 3) | st.none()
        ),
        max_size=12,
    )
)
def test_every_form_of_a_rule_says_what_its_condition_says(rows, tmp_path_factory) -> None:
    """The contract says such a rule twice, in SQL for conform and in common terms for the gate."""
    folder = tmp_path_factory.mktemp("forms")
    text, low, high = ([*values] for values in zip(*rows, strict=True)) if rows else ([], [], [])
    file = write(
        folder / "rows.parquet",
        text=pa.array(text, pa.string()),
        low=pa.array(low, pa.int64()),
        high=pa.array(high, pa.int64()),
    )
    contract_rules = (
        rules.one_of("text", ("A", "B")),
        rules.at_least("low", 0),
        rules.between("low", -1, 1),
        rules.within("high", 2),
        rules.not_after("low", "high"),
    )
    checks = [gate.check_of(rule) for rule in contract_rules]
    own = run(folder, [file], *checks)
    by_sql = run(folder, [file], *(replace(check, kind=Kind.SQL) for check in checks))
    assert [(broken(r), r.unexpected) for r in own] == [("", r.unexpected) for r in by_sql]


def test_a_judgement_leaves_its_suite_its_result_and_a_page_without_values_of_the_data(
    good: list[str], tmp_path: Path
) -> None:
    says = "The amount is above 9 ($ and <b> are shown as they are)."
    checks = (
        NOT_NULL,
        UNIQUE,
        replace(IN_TERMS[0][0], says="One of a."),
        Check("high", Kind.SQL, (), "amount > 9", says),
    )
    run(tmp_path, good, *checks, documents=tmp_path / "docs")
    suite = json.loads((tmp_path / "docs" / "expectations" / "t.json").read_text())
    assert [e["type"] for e in suite["expectations"]] == [
        "expect_rows_to_meet_the_rule",
        "expect_rows_to_meet_the_rule",
        "expect_column_values_to_be_in_set",
        "expect_no_key_to_repeat",
    ]
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration  # after the engine

    for expectation in suite["expectations"]:
        assert ExpectationConfiguration(**expectation).to_domain_obj(), "Great Expectations reads it back"
    found = json.loads((tmp_path / "docs" / "validations" / "t.json").read_text())
    assert (found["success"], found["statistics"]["unsuccessful_expectations"]) == (False, 2)
    page = (tmp_path / "docs" / "pages" / "t.html").read_text()
    assert "The amount is above 9 ($ and &lt;b&gt; are shown as they are)." in page
    assert "must belong to this set" in page
    for address in ("http://", "https://", "<script"):
        assert address not in page
    for value in ("user3", "9.99"):
        assert value not in page + json.dumps(found)


@pytest.mark.filterwarnings("ignore:module 'sre_parse' is deprecated:DeprecationWarning")  # Great Expectations' own
def test_a_suite_of_a_release_is_loaded_and_run_as_the_docs_say(published, monkeypatch, capsys):
    """The page's own block, in a folder whose `data` is a home with a release."""
    *_, block = re.findall(r"```python\n(.*?)```", (PROJECT / "docs" / "dagster.md").read_text("utf-8"), re.DOTALL)
    home = published.settings.home
    monkeypatch.chdir(home.parent)
    monkeypatch.setenv("TQDM_DISABLE", "1")
    exec(compile(block.replace("data/", f"{home.name}/"), "docs/dagster.md", "exec"), {})
    said = capsys.readouterr().out.splitlines()[-1]
    assert said.startswith("True {'evaluated_expectations': 6, 'successful_expectations': 6")
