"""Ordinary Dagster assets over the lake, through the IO manager; the first is the docs' own example."""

import re
from datetime import date, time
from pathlib import Path
from types import ModuleType

import dagster as dg
import duckdb
import polars as pl
import pyarrow as pa
import pytest
from deltalake import DeltaTable

from catalog.tables import conformed, usage
from pipelines.orchestration.resources import resources_of
from tests.thorough import some
from transport.lake.tables import Lake
from transport.releases.store import Releases

DOCS = Path(__file__).parents[3] / "docs" / "dagster.md"
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),
]
DISPATCH_DAY = dg.AssetIn(["usage", "dispatch_day"])
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2026-01-01", timezone="Europe/Oslo", end_offset=1)


def materialized(home, *assets, beside=(), **more) -> dg.ExecuteInProcessResult:
    """A run of these assets alone, over the tables that the home has."""
    made = {key for asset in assets for key in asset.keys}
    there = [dg.AssetKey(["usage", table]) for table in ("dispatch_day", "dispatch_month")]
    others = (dg.AssetSpec(key) for key in there if key not in made)
    with dg.DagsterInstance.ephemeral() as store:
        return dg.materialize(
            [*assets, *beside, *others],
            instance=store,
            resources=resources_of(home.settings),
            selection=[*assets],
            **more,
        )


def test_the_example_of_the_docs_works_as_it_stands_there(home):
    example, _of_suites = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    module = ModuleType("example")
    exec(compile(example, "docs/dagster.md", "exec"), module.__dict__)
    [asset] = dg.load_assets_from_modules([module], group_name="analyses")
    assert materialized(home, asset).success
    made = pl.read_delta(str(home.settings.lake / "analyses" / "busiest_organisations"))
    assert made.height == 10
    expected = duckdb.sql(f"""
        select organisation_number, sum(dispatches)::bigint as dispatches
        from read_parquet('{home.settings.lake}/usage/dispatch_month/*/*.parquet')
        group by all order by dispatches desc, organisation_number limit 10
    """).fetchall()
    assert made.rows() == expected


@pytest.mark.parametrize(
    "kind", some([pl.LazyFrame, pl.DataFrame, pa.Table, duckdb.DuckDBPyRelation], 2, "another library")
)
def test_an_asset_takes_and_returns_what_its_annotations_name(home, kind):
    def days(dispatch_day):
        assert isinstance(dispatch_day, kind)
        return dispatch_day

    days.__annotations__ = {"dispatch_day": kind, "return": kind}
    asset = dg.asset(days, key_prefix="analyses", ins={"dispatch_day": DISPATCH_DAY})
    result = materialized(home, asset)
    rows = sum(part.rows for part in Lake(home.settings.lake).parts(usage.DISPATCH_DAY).values())
    [event] = result.asset_materializations_for_node("analyses__days")
    assert event.metadata["dagster/row_count"].value == rows
    assert {c.name for c in event.metadata["dagster/column_schema"].schema.columns} == {
        c.name for c in usage.DISPATCH_DAY.columns
    }
    assert DeltaTable(home.settings.lake / "analyses" / "days").version() == 0


def test_an_asset_with_months_replaces_its_own_month_and_leaves_the_others(home):
    @dg.asset(key_prefix="analyses", partitions_def=MONTHS, ins={"dispatch_day": DISPATCH_DAY})
    def month_total(context: dg.AssetExecutionContext, dispatch_day: pl.LazyFrame) -> pl.LazyFrame:
        mine = pl.col("month") == date.fromisoformat(context.partition_key)
        return dispatch_day.filter(mine).select(pl.col("dispatches").sum(), pl.col("month").unique().alias("months"))

    @dg.asset(key_prefix="analyses", ins={"month_total": dg.AssetIn(["analyses", "month_total"])})
    def of_all(month_total: pl.DataFrame) -> pl.DataFrame:
        return month_total.select(pl.col("dispatches").sum())

    for month in ("2026-03-01", "2026-04-01", "2026-03-01"):
        assert materialized(home, month_total, partition_key=month).success
    made = pl.read_delta(str(home.settings.lake / "analyses" / "month_total")).sort("month")
    assert made["month"].cast(pl.Date).to_list() == [date(2026, 3, 1), date(2026, 4, 1)] == made["months"].to_list()
    assert materialized(home, of_all, beside=[month_total]).success
    total = pl.read_delta(str(home.settings.lake / "analyses" / "of_all"))
    assert total.item() == made["dispatches"].sum()


@pytest.mark.parametrize(
    ("returned", "says"),
    [
        (lambda: 7, "which is no table"),
        (lambda: pl.DataFrame({"month": [date(2026, 4, 1)]}), "returned 1 rows of other months than the run's"),
        (lambda: pl.DataFrame({"month": [date(2026, 3, 1), None]}), "returned 1 rows of other months than the run's"),
        (lambda: pl.DataFrame({"month": ["mars"]}), "is no date"),
        (lambda: pl.DataFrame({"a": [1], "t": [time(12)]}), "Return plain types"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_mend(home, returned, says):
    @dg.asset(key_prefix="analyses", partitions_def=MONTHS)
    def odd():
        return returned()

    result = materialized(home, odd, partition_key="2026-03-01", raise_on_error=False)
    assert not result.success
    [failure] = [e for e in result.all_events if e.is_step_failure]
    assert says in str(failure.step_failure_data.error.cause)
    assert not (home.settings.lake / "analyses" / "odd" / "_delta_log").exists()


def test_a_table_with_a_contract_is_not_overwritten_by_an_ordinary_asset(home):
    before = Lake(home.settings.lake).parts(usage.DISPATCH_MONTH)

    @dg.asset(key=["usage", "dispatch_month"])
    def own():
        return pl.DataFrame({"month": [date(2026, 3, 1)]})

    result = materialized(home, own, raise_on_error=False)
    assert "has a contract and is made by its build" in str(result.all_events)
    assert Lake(home.settings.lake).parts(usage.DISPATCH_MONTH) == before


def test_resources_give_the_homes_own_parts(home):
    seen = {}

    @dg.asset
    def look(
        landing: dg.ResourceParam[object],
        lake: dg.ResourceParam[object],
        releases: dg.ResourceParam[object],
        engine: dg.ResourceParam[object],
    ) -> None:
        scan = lake.scan(conformed.DISPATCH, date(2026, 3, 1))
        seen.update(batches=len(landing.entries), release=releases.current().name, rows=engine.table(scan).num_rows)

    assert materialized(home, look).success
    march = Lake(home.settings.lake).parts(conformed.DISPATCH)[date(2026, 3, 1)]
    assert seen["rows"] == march.rows
    assert seen["release"] == Releases(home.settings).current().name
    assert seen["batches"] > 0


def test_the_example_is_asked_for_when_a_run_made_its_inputs():
    example, _of_suites = re.findall(r"```python\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    module = ModuleType("example")
    exec(compile(example, "docs/dagster.md", "exec"), module.__dict__)
    [asset] = dg.load_assets_from_modules([module], group_name="analyses")
    table = dg.AssetSpec(["usage", "dispatch_month"])
    defs = dg.Definitions(assets=[asset, table])
    with dg.DagsterInstance.ephemeral() as store:

        def tick(cursor, *made):
            for event in made:
                store.report_runless_asset_event(event)
            return dg.evaluate_automation_conditions(defs, store, cursor=cursor)

        event = dg.AssetMaterialization(table.key)
        first = tick(None, event)
        made = tick(first.cursor, dg.AssetMaterialization(asset.key))
        assert made.total_requested == 0
        assert tick(made.cursor, event).total_requested == 1


@pytest.mark.parametrize(
    "key",
    some(
        [["..", "landing", "x"], ["."], ["usage"], ["usage", "dispatch_day", "x"], ["Usage", "x"]],
        [["..", "landing", "x"], ["usage"], ["Usage", "x"]],
        "as many parts as one that is tried, or refused by the same pattern",
    ),
)
def test_a_key_that_leads_elsewhere_is_no_table(home, key):
    @dg.asset(key=key)
    def own():
        return pl.DataFrame({"a": [1]})

    before = {p for p in home.settings.home.rglob("*") if "dagster" not in p.parts}
    result = materialized(home, own, raise_on_error=False)
    assert "cannot name a table of the lake" in str(result.all_events)
    assert {p for p in home.settings.home.rglob("*") if "dagster" not in p.parts} - before == set()


def test_an_empty_table_is_read_again_with_its_columns(home):
    @dg.asset(key_prefix="analyses")
    def nothing():
        return pl.DataFrame(schema={"a": pl.Int64, "b": pl.String})

    seen = []

    @dg.asset(key_prefix="analyses", ins={"nothing": dg.AssetIn(["analyses", "nothing"])})
    def after(nothing: pl.DataFrame) -> None:
        seen.append(nothing)

    assert materialized(home, nothing).success
    assert materialized(home, after, beside=[nothing]).success
    assert seen[0].equals(pl.DataFrame(schema={"a": pl.Int64, "b": pl.String}))
