"""A fault gives one verdict in the same words: on the command line, in Dagster, in Data Docs and to the pages."""

import json
from dataclasses import replace
from functools import partial

import dagster as dg
import pytest

from catalog.contracts.scan import Query
from catalog.errors import TryAgain
from catalog.tables import conformed, usage
from pipelines.orchestration import checks, instance
from pipelines.orchestration.assets import OPS, op_of
from pipelines.quality import suites
from pipelines.run import build
from pipelines.run.attempt import Attempt
from pipelines.run.schedule import NODES
from pipelines.run.tables import BUILD_OF
from transport.ingest import inbox

TABLE = usage.DISPATCH_DAY.name
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),  # dagster's own
]


def expects(tmp_path, monkeypatch, **expectation):
    """A file of expectations of the table."""
    folder = tmp_path / "expectations"
    folder.mkdir()
    suite = {"name": TABLE, "expectations": [{"severity": "critical", "kwargs": {}, **expectation}]}
    (folder / f"{TABLE}.json").write_text(json.dumps(suite), "utf-8")
    monkeypatch.setattr(suites, "FOLDER", folder)


def statement(_tmp_path, monkeypatch):
    """A statement with a misspelt column."""

    def make(_window, **scans):
        return Query("select dispach_id from dispatch", {"dispatch": scans["dispatch"]})

    broken = replace(BUILD_OF[TABLE], make=make, of_reduced=None)
    monkeypatch.setitem(NODES, TABLE, replace(NODES[TABLE], begin=partial(build.begin, build=broken)))


def data(tmp_path, monkeypatch):
    """Rows that are not as expected."""
    expects(tmp_path, monkeypatch, type="expect_table_row_count_to_be_between", kwargs={"max_value": 1})


def expectation(tmp_path, monkeypatch):
    """An expectation that Great Expectations does not know."""
    expects(tmp_path, monkeypatch, type="expect_table_to_be_lucky")


@pytest.mark.slow(
    "a run each; what fails with a statement is tried in test_definitions.py, and what a run says in test_run.py"
)
@pytest.mark.parametrize(
    ("plant", "words", "failed_asset"),
    [
        (statement, "dispach_id", "usage/dispatch_day"),
        (data, "usage.dispatch_day expect_table_row_count", "release/current"),
        (expectation, "expect_table_to_be_lucky", "release/current"),
    ],
)
def test_a_fault_is_told_everywhere_in_the_same_words(
    home, traffic, command, tmp_path, monkeypatch, plant, words, failed_asset
):
    plant(tmp_path, monkeypatch)
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    before, table = home.current.name, next(b.table for b in traffic if b.stream == "dispatch" and b.table.num_rows)
    inbox.drop(home.settings.inbox, "dispatch", "another", "late", table, synthetic=True)
    code, _, err = command("run")
    assert code == 1
    assert words in err
    assert "→" in err, "the mend"
    note = json.loads((home.settings.releases / "last_attempt.json").read_text("utf-8"))
    assert note["status"] == "failed"
    assert note["problem"] in err
    assert note["mend"] in err
    with instance.open_instance(home.settings.home) as store:
        run = store.get_runs(limit=1)[0]
        logs = store.all_logs(run.run_id)
        made = {key_of(e) for e in logs if e.dagster_event and e.dagster_event.is_step_materialization}
        [failure] = [e.dagster_event for e in logs if e.dagster_event and e.dagster_event.is_step_failure]
    assert run.status is dg.DagsterRunStatus.FAILURE
    assert note["problem"] in failure.step_failure_data.error.to_string()
    assert failed_asset not in made
    assert f"conformed/{conformed.DISPATCH.table}" in made, "what does not need it"
    if plant is not statement:
        shown = next(e.dagster_event.event_specific_data for e in logs if of_check(e))
        assert shown.passed is False
        assert words.split()[-1] in str(shown.metadata["failing"].records)
        docs = home.settings.scratch / "quality"
        if plant is data:
            assert "expect_table_row_count_to_be_between" in (docs / "expectations" / f"{TABLE}.json").read_text()
            assert not json.loads((docs / "validations" / f"{TABLE}.json").read_text())["success"]
    assert home.current.name == before


def key_of(event) -> str:
    return event.dagster_event.asset_key.to_user_string()


def of_check(event) -> bool:
    made = event.dagster_event
    if made is None or made.event_type_value != "ASSET_CHECK_EVALUATION":
        return False
    checked = made.event_specific_data
    return (checked.asset_key, checked.check_name) == (dg.AssetKey(["usage", "dispatch_day"]), checks.SUITE)


@pytest.mark.slow("two runs of Dagster")
def test_a_step_that_is_tried_again_tells_of_all_its_tables_and_later_steps_find_theirs(home, traffic, monkeypatch):
    table = next(b.table for b in traffic if b.stream == "dispatch" and b.table.num_rows)
    inbox.drop(home.settings.inbox, "dispatch", "another", "late", table, synthetic=True)
    begin, calls = NODES[TABLE].begin, []

    def at_first_away(run, **months):
        calls.append(months)
        if len(calls) == 1:
            raise TryAgain("The store is away.", "Try again.")
        return begin(run, **months)

    monkeypatch.setitem(NODES, TABLE, replace(NODES[TABLE], begin=at_first_away))
    with home.begun() as run, Attempt(run) as attempt:
        attempt.begin()
        steps = {op: [name for name in attempt.plan if op_of(name) == op] for op in OPS}
        list(attempt.make(steps["conformed"]))
        with pytest.raises(TryAgain):
            list(attempt.make(steps["usage"]))
        for op in ("usage", "uptake", "ledger"):
            made = {each.contract.name for tables in attempt.make(steps[op]) for each in tables}
            assert made >= {name for name in steps[op] if name in BUILD_OF}, op
