"""Dagster's definitions: the graph, what each asset says of itself, and whole runs in process."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.execution.asset_backfill import AssetBackfillData
from dagster._core.instance.ref import InstanceRef
from dagster._core.launcher.base import WorkerStatus

from assets.build import Build
from assets.quality import TABLE_RULES, TableRule
from catalog.contracts.language import Audience
from catalog.contracts.scan import Files, Query
from catalog.errors import Damaged, SharingError, TryAgain
from catalog.tables import conformed, ledger, usage
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from pipelines.definitions import JOB, build_definitions
from pipelines.orchestration import assets, column_lineage, events, instance, partitions
from pipelines.quality import gate
from pipelines.run import steps
from pipelines.run.build import input_of
from pipelines.run.tables import BUILDS, LAKE
from tests.golden import holds
from tests.reliability.serving import wait_until
from transport.ingest import inbox
from transport.lake.tables import Lake, Part

GOLDEN = Path(__file__).with_name("asset_graph.txt")
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),  # backfill_policy, in use for years
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),  # dagster's own
]
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def graph(definitions: dg.Definitions) -> str:
    """One line an asset: key ← deps | group | kinds | owners | partitions | checks."""
    resolved = definitions.resolve_asset_graph()
    lines = []
    for key in sorted(resolved.get_all_asset_keys(), key=str):
        node = resolved.get(key)
        deps = ", ".join(sorted(k.to_user_string() for k in node.parent_keys)) or "-"
        said = (
            node.group_name,
            "+".join(sorted(node.kinds)),
            "+".join(node.owners),
            "by month" if node.partitions_def else "whole",
            f"{len(node.check_keys)} checks",
        )
        lines.append(f"{key.to_user_string()} ← {deps} | {' | '.join(said)}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def definitions(published):
    return build_definitions(published.settings)


def run_job(home, *assets, **chosen):
    """Run the job as the schedule would, whole or these assets of it; the result, and what was made, by month."""
    job = build_definitions(home.settings).resolve_job_def(JOB)
    config = QUIET | ({"resources": {"attempt": {"config": chosen}}} if chosen else {})
    with dg.DagsterInstance.ephemeral() as store:
        result = job.execute_in_process(
            instance=store,
            raise_on_error=False,
            run_config=config,
            asset_selection=[dg.AssetKey(a.split("/")) for a in assets] or None,
        )
    made = [e.step_materialization_data.materialization for e in result.all_events if e.is_step_materialization]
    made = [m for m in made if events.UNCHANGED not in m.metadata]
    return result, {(m.asset_key.to_user_string(), m.partition) for m in made}


def test_the_graph_is_the_one_that_was_reviewed(definitions):
    changed = holds(GOLDEN, graph(definitions))
    assert not changed, f"`make renew` keeps this.\n{changed}"


def test_the_definitions_can_be_loaded_as_a_code_location(definitions):
    dg.Definitions.validate_loadable(definitions)
    assert [s.name for s in definitions.schedules] == ["daily"]
    assert definitions.schedules[0].execution_timezone == "Europe/Oslo"
    assert [s.name for s in definitions.sensors] == ["arrivals", "analyses"]


def test_every_asset_says_what_it_is_who_has_it_and_what_its_columns_mean(definitions):
    resolved = definitions.resolve_asset_graph()
    for making in BUILDS:
        node = resolved.get(partitions.key_of(making.contract))
        assert node.description
        assert node.owners == [making.contract.owner]
        columns = node.metadata["dagster/column_schema"].columns
        assert [c.name for c in columns] == [c.name for c in making.contract.columns]
        assert all(c.description for c in columns)
        told = [(c.constraints.nullable, c.constraints.unique) for c in columns]
        assert told == [(c.null, False) for c in making.contract.columns], "a key is of all its columns together"
        assert node.freshness_policy is not None
        over_several = {rule.name for rule in TABLE_RULES if rule.dataset == making.contract.name}
        assert {k.name for k in node.check_keys} == set(gate.names_of(making.contract)) | over_several


@pytest.mark.parametrize("stream", STREAMS)
def test_each_column_of_a_stream_in_force_comes_from_the_landed_column_of_its_name(definitions, stream):
    table = next(table for table in conformed.TABLES if table.table == stream)
    deps = column_lineage.of(table)["dagster/column_lineage"].deps_by_column
    resolved = definitions.resolve_asset_graph()
    for column in (column for column in STREAMS[stream].columns if not column.internal):
        [dep] = deps[column.name]
        assert dep.asset_key in resolved.get(partitions.key_of(table)).parent_keys
        landed = resolved.get(dep.asset_key).metadata["dagster/column_schema"].columns
        assert dep.column_name == column.name
        assert column.name in {c.name for c in landed}


@pytest.mark.parametrize("contract", DATASETS.values(), ids=list(DATASETS))
def test_every_dataset_is_told_in_both_languages_and_has_a_check_for_each_rule(contract):
    for text in (contract.title, contract.about, *(c.title for c in contract.columns)):
        assert text.nb, contract.name
        assert text.en, contract.name
    assert all(c.comment.strip() for c in contract.columns)
    for rule in contract.rules:
        assert rule.says.nb, rule.name
        assert rule.says.en, rule.name
        assert set(rule.columns) <= {c.name for c in contract.columns}
    names = gate.names_of(contract)
    assert {r.name for r in contract.rules} <= set(names)
    assert [n for n, count in Counter(names).items() if count > 1] == []
    assert contract.audience is not Audience.INTERNAL
    assert contract.owner.startswith("team:")


@pytest.mark.slow("every asset once from nothing; the two runs below and those of `dif run` execute the same graph")
def test_the_whole_job_runs_in_process_under_the_homes_own_lock(empty_home, traffic):
    for batch in traffic:
        if batch.stream in ("dispatch", "adoption", "register") and batch.table.num_rows:
            inbox.drop(empty_home.settings.inbox, batch.stream, "syntetisk", batch.name, batch.table)
    result, made = run_job(empty_home)
    assert result.success
    assert empty_home.current.manifest["datasets"]["usage.dispatch_day"]["rows"] > 0
    evaluations = result.get_asset_check_evaluations()
    assert len(evaluations) == sum(len(gate.names_of(m.contract)) for m in BUILDS) + len(TABLE_RULES) + 1
    assert all(e.passed for e in evaluations)
    assert len(evaluations) == empty_home.current.manifest["checks"]["passed"] + 1, "and the one that blocks"
    assert {p for k, p in made if k == "usage/dispatch_day"} == {"2026-03-01", "2026-04-01"}
    assert ("release/current", None) in made
    [released] = result.asset_materializations_for_node("release__current")
    rows = {r.data["dataset"]: r.data["rows"] for r in released.metadata["datasets"].records}
    assert rows["usage.dispatch_day"] == empty_home.current.manifest["datasets"]["usage.dispatch_day"]["rows"]


JUDGED = ("usage/dispatch_day", "usage/dispatch_month", "quality/check_result", "release/current")
"""A table, what it is made of, and what judges and publishes; the test after it runs the whole."""


def checks_of(result) -> dict[tuple[str, str], dg.AssetCheckEvaluation]:
    return {(e.asset_key.to_user_string(), e.check_name): e for e in result.get_asset_check_evaluations()}


def test_a_fault_that_only_a_rule_over_several_tables_sees_is_shown_and_stops_publication(home, monkeypatch):
    """The verdict in the UI is the verdict of the run: nothing stands green while it is stopped."""
    before = home.current
    at_fault = "select '2026-03-01' as month where '{}' = 'months_tie'"
    monkeypatch.setattr(TableRule, "broken", lambda rule, _: Query(at_fault.format(rule.name), {}))
    result, made = run_job(home, *JUDGED)
    assert not result.success
    assert home.current.name == before.name
    assert ("release/current", None) not in made
    checks = checks_of(result)
    failed = {name: check for name, check in checks.items() if not check.passed}
    assert set(failed) == {("usage/dispatch_month", "months_tie"), ("quality/check_result", "publishable")}
    assert failed["usage/dispatch_month", "months_tie"].metadata["unexpected"].value == 1
    assert failed["quality/check_result", "publishable"].blocking
    assert failed["quality/check_result", "publishable"].metadata["failed"].value == "usage.dispatch_month months_tie"
    note = json.loads((home.settings.releases / "last_attempt.json").read_text())
    assert (note["status"], note["kind"], note["failed_checks"][0]["check"]) == ("failed", "gate_failed", "months_tie")


@pytest.mark.long("a run through Dagster")
def test_a_check_of_what_was_not_made_anew_says_which_release_judged_it(home):
    before = home.current
    result, made = run_job(home)  # months later: what depends on the day is made anew, and nothing else
    assert result.success
    assert home.current.name != before.name
    touched = {key for key, _ in made}
    assert "ledger/price_calculation" in touched
    assert "usage/dispatch_day" not in touched
    then, now = (release.manifest["datasets"] for release in (before, home.current))
    as_it_was = {key for key in touched & {n.replace(".", "/") for n in now} if _parts(then, key) == _parts(now, key)}
    assert "ledger/allocation" in as_it_was, "made anew, and its rows are the same"
    for (asset, name), check in checks_of(result).items():
        assert check.passed, (asset, name)
        if asset in touched and name == "key_unique":
            assert ("carried_from" in check.metadata) is (asset in as_it_was), asset
    carried = checks_of(result)["usage/dispatch_day", "key_unique"].metadata
    assert carried["carried_from"].value == before.name
    assert carried["examined"].value > 0
    then, now = (release.folder / "quality" / "pages" for release in (before, home.current))
    assert (now / "usage.dispatch_day.html").samefile(then / "usage.dispatch_day.html"), "it keeps its documents"
    assert not (now / "ledger.price_calculation.html").samefile(then / "ledger.price_calculation.html")
    assert before.name in (now / "index.html").read_text()
    [fresh] = result.asset_materializations_for_node("usage__dispatch_day")
    april = Lake(home.settings.lake).parts(usage.DISPATCH_DAY)[date(2026, 4, 1)]
    assert (fresh.partition, fresh.metadata[events.UNCHANGED].value) == ("2026-04-01", True), (
        "up to date, so it is fresh"
    )
    assert fresh.tags["dagster/data_version"] == april.fingerprint


def _parts(datasets, asset):
    return datasets[asset.replace("/", ".")]["partitions"]


def test_a_stream_can_be_taken_in_alone(home):
    assert set(pick(home, "landing/dispatch")) == {("landing/dispatch", None)}


@pytest.mark.slow("two runs through Dagster; what they select is in the jobs' definition")
def test_a_part_of_the_run_is_a_job_of_its_own(home):
    before = home.current
    definitions = build_definitions(home.settings)
    with dg.DagsterInstance.ephemeral() as store:
        for job in ("take_in", "judge"):
            result = definitions.resolve_job_def(job).execute_in_process(instance=store, run_config=QUIET)
            assert result.success, job
    assert home.current.name == before.name, "neither publishes"


@pytest.mark.slow("three runs through Dagster; the same code is tried by `dif run --as-of` and `--full`")
def test_a_person_chooses_in_the_launchpad_that_all_is_made_anew_or_as_of_a_day(home):
    before = home.current
    result, made = run_job(home, full=True)
    assert result.success
    assert {month for key, month in made if key == "usage/dispatch_day"} == {"2026-03-01", "2026-04-01"}
    assert home.current.name != before.name
    before = home.current
    result, made = run_job(home, as_of="2026-04-01")
    assert result.success
    assert home.current.name == before.name, "as known then never moves the pointer"
    assert any(name.startswith("asof-") for name in home.releases.names())
    assert not made, "the assets are as they were"
    [seen] = result.asset_observations_for_node("usage__dispatch_day")
    assert "As known by 2026-04-01" in seen.description
    assert [e.check_name for e in result.get_asset_check_evaluations()] == ["publishable"], "of an earlier day"
    result, _ = run_job(home, as_of="2999-01-01")
    assert not result.success


def taken_in(home, store):
    """A run of one asset; the result, and what the run's log says."""
    result = made_alone(home, store, "landing", "dispatch")
    return result, [entry.user_message for entry in store.all_logs(result.run_id)]


def test_a_run_waits_for_another_that_holds_the_home_and_its_log_says_for_which(home):
    waiting = threading.Event()

    def hold():
        with steps.alone(home.settings, doing="dif run"):
            held.set()
            wait_until(lambda: any("waiting for it" in e.user_message for e in logs(store)), 60)
            waiting.set()

    with instance.open_instance(home.settings.home) as store:
        held, other = threading.Event(), threading.Thread(target=hold)
        other.start()
        held.wait()
        result, said = taken_in(home, store)
        other.join()
    assert result.success
    assert waiting.is_set()
    [words] = [line for line in said if "waiting for it" in line]
    assert words.startswith(f"Another run holds this home (dif run: process {os.getpid()} since ")
    assert words.endswith("60 minutes at most.")


def logs(store):
    return [entry for run in store.get_runs() for entry in store.all_logs(run.run_id)]


def test_a_run_that_waited_in_vain_fails_says_who_holds_the_home_changes_nothing_and_is_begun_again(home):
    before, home.settings = home.current, home.settings.but(wait_minutes=0)
    with instance.open_instance(home.settings.home) as store, steps.alone(home.settings, doing="dif run"):
        result = made_alone(home, store, "release", "current", raise_on_error=False)
        assert not result.success
        assert "Another run holds this home (dif run: process" in str([e.dagster_event for e in logs(store)])
        assert store.get_run_by_id(result.run_id).tags["dagster/will_retry"] == "true"
    assert home.current.name == before.name


def pick(home, *assets, **months):
    """Materialize assets as the UI does for picked partitions; what was made, with its rows."""
    definitions = build_definitions(home.settings)
    with dg.DagsterInstance.ephemeral() as store:
        result = dg.materialize(
            [a for a in definitions.assets if isinstance(a, dg.AssetsDefinition)],
            selection=list(assets),
            instance=store,
            resources=definitions.resources,
            run_config=QUIET,
            **months,
        )
    made = [e.step_materialization_data.materialization for e in result.all_events if e.is_step_materialization]
    return {
        (m.asset_key.to_user_string(), m.partition): None
        if events.UNCHANGED in m.metadata
        else m.metadata.get("dagster/row_count")
        for m in made
    }


def test_a_picked_month_is_made_again_whether_touched_or_not_and_others_only_when_touched(home):
    made = pick(home, "usage/dispatch_day", "uptake/step_event", partition_key="2026-03-01")
    assert set(made) == {("usage/dispatch_day", "2026-03-01"), ("uptake/step_event", None)}
    assert made["usage/dispatch_day", "2026-03-01"].value > 0
    assert made["uptake/step_event", None] is None, "it was not touched"

    lake = Lake(home.settings.lake)
    april = lake.parts(usage.DISPATCH_DAY)[date(2026, 4, 1)]
    other = april.path.with_name("part-0123.parquet")
    other.write_bytes(april.path.read_bytes())
    lake.replace(usage.DISPATCH_DAY, [Part(april.month, other)])
    made = pick(home, "usage/dispatch_day", partition_key="2026-03-01")
    assert {m for _, m in made} == {"2026-03-01", "2026-04-01"}, "April is not what it is to be made of"


def test_a_month_may_be_picked_for_a_job_too(home):
    job = build_definitions(home.settings).resolve_job_def(JOB)
    chosen = {"run_config": QUIET, "asset_selection": [dg.AssetKey(["usage", "dispatch_day"])]}
    with dg.DagsterInstance.ephemeral() as store:
        picked = job.execute_in_process(instance=store, partition_key="2026-03-01", **chosen)
        none = job.execute_in_process(instance=store, **chosen)
        assert not any("range" in tag for tag in store.get_run_by_id(none.run_id).tags), "no month stands for it"
    [march] = picked.asset_materializations_for_node("usage__dispatch_day")
    [april] = none.asset_materializations_for_node("usage__dispatch_day")
    assert (march.partition, events.UNCHANGED in march.metadata) == ("2026-03-01", False), "made anew"
    assert (april.partition, events.UNCHANGED in april.metadata) == ("2026-04-01", True), "up to date"


def test_a_picked_range_makes_the_months_that_there_are(home):
    ends = {"dagster/asset_partition_range_start": "2026-02-01", "dagster/asset_partition_range_end": "2026-04-01"}
    made = pick(home, "conformed/dispatch", "usage/dispatch_day", tags=ends)
    for asset in ("conformed/dispatch", "usage/dispatch_day"):
        assert [m for (k, m), rows in sorted(made.items()) if k == asset and rows] == ["2026-03-01", "2026-04-01"]


def made_alone(home, store, *path, config=QUIET, **more):
    """A run of one asset, as the UI begins it."""
    job = build_definitions(home.settings).resolve_implicit_global_asset_job_def()
    return job.execute_in_process(instance=store, run_config=config, asset_selection=[dg.AssetKey(path)], **more)


def test_a_month_without_data_is_not_marked_as_made_and_the_run_says_so(home):
    ends = {"dagster/asset_partition_range_start": "2026-01-01", "dagster/asset_partition_range_end": "2026-03-01"}
    with dg.DagsterInstance.ephemeral() as store:
        result = made_alone(home, store, "usage", "dispatch_day", tags=ends)
        assert result.success
        marked = store.get_materialized_partitions(dg.AssetKey(["usage", "dispatch_day"]))
    assert marked == {"2026-03-01"}
    said = {o.partition: o.description for o in result.asset_observations_for_node("usage__dispatch_day")}
    assert set(said) == {"2026-01-01", "2026-02-01"}
    assert said["2026-02-01"] == "2026-02 has no data: nothing was made, and the month is not marked as made."


def test_to_a_backfill_a_month_without_data_is_done_and_to_everybody_else_it_is_not_made(home):
    """Dagster's daemon asks for what its runs made from a storage id on, and fails what it is not told of."""
    key, ends = dg.AssetKey(["usage", "dispatch_day"]), ("2026-02-01", "2026-03-01")
    tags = dict(zip(("dagster/asset_partition_range_start", "dagster/asset_partition_range_end"), ends, strict=True))
    with instance.open_instance(home.settings.home) as store:
        made_alone(home, store, *key.path, tags=tags)
        asked = {"event_type": dg.DagsterEventType.ASSET_MATERIALIZATION, "asset_key": key}
        done = store.get_asset_event_summary_records(**asked, after_storage_id=0, ascending=True)
        assert {record.partition for record in done} == {*ends}
        assert {r.partition for r in store.get_asset_event_summary_records(**asked)} == {"2026-03-01"}
        assert store.get_materialized_partitions(key) == {"2026-03-01"}


@pytest.mark.filterwarnings("ignore:Function `AssetSelection.sources`")  # dagster's own
def test_a_backfill_of_all_assets_asks_for_no_month_but_those_that_were_picked(definitions):
    """Nor does it leave out a table: those that are made of all months are made whole, after the months."""
    resolved = definitions.resolve_asset_graph()
    chosen, months = resolved.get_all_asset_keys(), ["2026-03-01", "2026-04-01"]
    with dg.DagsterInstance.ephemeral() as store:
        asked = AssetBackfillData.from_asset_partitions(
            resolved, months, [*chosen], store, datetime.now(UTC).timestamp(), all_partitions=False
        ).target_subset
    assert asked.asset_keys == chosen
    assert {tuple(s.get_partition_keys()) for s in asked.partitions_subsets_by_asset_key.values()} == {(*months,)}


def test_a_table_of_all_months_is_told_as_one_with_the_months_that_are_new(home):
    result, _ = run_job(home, "ledger/entry", months=["2026-03"], full=True)
    [event] = result.asset_materializations_for_node("ledger__entry")
    facts = {name: value.value for name, value in event.metadata.items()}
    files = Lake(home.settings.lake).files(ledger.ENTRY)
    assert (event.partition, facts["dagster/row_count"]) == (None, sum(part.rows for part in files))
    assert facts["rows made"] > 0
    assert "2026-03" in facts["months made"].split(", ")


def test_each_month_has_its_rows_bytes_and_the_share_that_was_set_aside(home):
    with dg.DagsterInstance.ephemeral() as store:
        result = made_alone(home, store, "conformed", "dispatch", partition_key="2026-03-01")
    [event] = result.asset_materializations_for_node("conformed__dispatch")
    facts = {name: value.value for name, value in event.metadata.items()}
    march = Lake(home.settings.lake).parts(conformed.DISPATCH)[date(2026, 3, 1)]
    assert (facts["dagster/row_count"], facts["bytes"]) == (march.rows, march.path.stat().st_size)
    assert facts["seconds of the step"] > 0
    assert 0 <= facts["share in quarantine"] < 1


def read_by(build: Build, run, month: date | None) -> set[tuple[str, date]]:
    """The months of inputs that are read to make a table, or one month of it."""
    read = set()
    for name, source in build.inputs.items():
        scan = input_of(run, build, name, month)
        months = {str(part.path): m for m, part in run.lake.parts(source).items()} if source.name in LAKE_NAMES else {}
        files = scan.paths if isinstance(scan, Files) else months if name in build.by_value else ()
        read |= {(source.name, months[path]) for path in files if months.get(path)}
    return read


LAKE_NAMES = {contract.name for contract in LAKE}


def test_the_partition_mapping_of_every_edge_is_what_the_build_reads(home):
    """Dagster's answer to "which months of its inputs does this month need?" is what the step really opens."""
    definitions = build_definitions(home.settings)
    resolved = definitions.resolve_asset_graph()
    edges = 0
    with home.begun() as run:
        for build in BUILDS:
            key, by_month = partitions.key_of(build.contract), build.contract.name in partitions.BY_MONTH
            months = sorted(m for m in run.lake.parts(build.contract) if m) if build.contract.partitioned else [None]
            if not months:
                continue
            month = months[-1]
            read = {r for m in ([month] if by_month else months) for r in read_by(build, run, m)}
            for source in {s.name: s for s in build.inputs.values() if s.name in LAKE_NAMES}.values():
                if source.name not in partitions.BY_MONTH:
                    continue  # Dagster knows no months of it
                edges += 1
                parent = partitions.key_of(source)
                mapping = resolved.get_partition_mapping(key, parent_asset_key=parent)
                there = {m.isoformat() for m in run.lake.parts(source) if m}
                if by_month:
                    wanted = mapping.get_upstream_mapped_partitions_result_for_partitions(
                        partitions.MONTHS.empty_subset().with_partition_keys([month.isoformat()]),
                        partitions.MONTHS,
                        partitions.MONTHS,
                    ).partitions_subset.get_partition_keys()
                else:
                    assert isinstance(mapping, dg.AllPartitionMapping)
                    wanted = there
                opened = {m.isoformat() for name, m in read if name == source.name}
                assert opened == there & set(wanted), (build.contract.name, source.name)
    assert edges > 30


@pytest.mark.slow("a force of one table; a whole run made anew is tried by `dif run --full`")
def test_a_table_without_months_is_made_anew_when_a_person_says_full(home):
    config = QUIET | {"resources": {"attempt": {"config": {"full": True}}}}
    with dg.DagsterInstance.ephemeral() as store:
        result = made_alone(home, store, "uptake", "step_event", config=config)
    [event] = result.asset_materializations_for_node("uptake__step_event")
    assert event.metadata["dagster/row_count"].value > 0
    assert events.UNCHANGED not in event.metadata


@pytest.mark.slow("a run through Dagster; the same code is tried by `dif run --month --stream`")
def test_a_person_chooses_months_and_streams_in_the_launchpad(home, traffic):
    for batch in traffic:
        if batch.stream in ("dispatch", "measurement") and batch.table.num_rows:
            inbox.drop(home.settings.inbox, batch.stream, "another", batch.name, batch.table)
    waiting = {p.parent.parent.name for p in inbox.pending(home.settings)}
    assert waiting == {"dispatch", "measurement"}
    result, made = run_job(home, months=["2026-03"], streams=["dispatch"])
    assert result.success
    assert {month for key, month in made if key == "conformed/dispatch"} >= {"2026-03-01"}
    assert not {month for key, month in made if key == "conformed/measurement"}
    assert {p.parent.parent.name for p in inbox.pending(home.settings)} == {"measurement"}


@pytest.mark.parametrize(
    ("chosen", "kind"),
    [
        ({"months": ["2026-13"]}, "bad_option"),
        ({"streams": ["dispach"]}, "unknown_name"),
        ({"as_of": "2026-04-01", "months": ["2026-03"]}, "bad_option"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_before_anything_is_made(home, chosen, kind):
    before = home.current
    with pytest.raises(SharingError) as refused:
        steps.begin(home.settings, **chosen)
    assert refused.value.kind == kind
    assert home.current.name == before.name


def test_a_step_that_another_moment_may_cure_is_tried_again(home, monkeypatch):
    calls = []

    def busy_once(run):
        calls.append(run)
        if len(calls) == 1:
            raise TryAgain("The landing is locked.", "Try again.")
        return inbox.Intake()

    monkeypatch.setattr(steps, "take_in", busy_once)
    monkeypatch.setattr(assets, "_RETRY_SECONDS", 0)
    assert set(pick(home, "landing/dispatch")) == {("landing/dispatch", None)}
    assert len(calls) == 2
    note = home.settings.releases / "last_attempt.json"
    assert not note.exists() or json.loads(note.read_text())["status"] != "failed"


def test_nothing_starts_by_itself_unless_the_settings_say_so(published):
    for settings, status in (
        (published.settings, "STOPPED"),
        (published.settings.but(automatic_runs=True), "RUNNING"),
    ):
        definitions = build_definitions(settings)
        begun = {s.name: s.default_status.value for s in (*definitions.schedules, *definitions.sensors)}
        assert begun == dict.fromkeys(("daily", "arrivals", "analyses"), status)


@pytest.mark.parametrize("database", ["runs.db", "runs/index.db"])
def test_a_history_that_cannot_be_read_is_named_with_the_mend(tmp_path, database):
    with instance.open_instance(tmp_path) as store:
        store.create_run_for_job(own_job)
    for left in (tmp_path / "dagster" / "history").glob(f"{database}*"):
        left.write_bytes(b"no database at all" * 300)
    with (
        pytest.raises(Damaged, match="cannot be read: file is not a database") as damaged,
        instance.open_instance(tmp_path),
    ):
        pass
    assert "Move that folder away" in damaged.value.mend


def test_the_history_is_the_homes_whoever_opens_it(tmp_path, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(tmp_path))
    with instance.open_instance(tmp_path) as store:
        run = store.create_run_for_job(own_job)
    project = InstanceRef.from_dir(str(tmp_path / "elsewhere"), config_dir=str(instance.YAML.parent))
    with dg.DagsterInstance.from_ref(project) as store:  # as `dagster dev` in the project, without DAGSTER_HOME
        assert store.get_run_by_id(run.run_id) is not None


def test_what_an_asset_logs_is_kept_with_its_run(tmp_path):
    @dg.asset
    def talks(context: dg.AssetExecutionContext) -> None:
        context.log.info("so far so good")

    with instance.open_instance(tmp_path) as store:
        ran = dg.materialize([talks], instance=store, run_config=QUIET)
        assert "so far so good" in [entry.user_message for entry in store.all_logs(ran.run_id)]


def test_telemetry_is_off(tmp_path):
    with instance.open_instance(tmp_path) as store:
        assert store.telemetry_enabled is False
        assert store.nux_enabled is False


@pytest.mark.slow("two processes with Dagster; what is gone is told from what goes on below")
def test_a_run_that_was_killed_is_marked_as_failed_by_the_next(home):
    (home.settings.landing / "dispatch" / "late").mkdir(parents=True)
    command = [sys.executable, "-c", "from pipelines.cli.main import main; main(['run', '--full'])"]
    environment = {**os.environ, "DIF_HOME": str(home.settings.home), "DIF_SETTLE_SECONDS": "0"}
    with subprocess.Popen(
        command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=home.settings.home
    ) as process:
        for line in process.stderr:
            if "conformed.dispatch" in line:
                process.send_signal(signal.SIGKILL)
                break
        process.stderr.read()
    assert process.returncode == -signal.SIGKILL
    with instance.open_instance(home.settings.home) as store:
        [run] = store.get_runs()
        assert run.status is dg.DagsterRunStatus.STARTED
        assert instance.end_killed(store) == [run.run_id]
        assert store.get_run_by_id(run.run_id).status is dg.DagsterRunStatus.FAILURE
        assert instance.end_killed(store) == []
    assert home.run() is None, "what was killed left nothing half made"


def test_a_run_that_goes_on_is_left_alone_and_one_whose_process_is_gone_is_marked_as_failed(tmp_path):
    mine, gone = instance.own_tags(), subprocess.Popen(["true"])
    gone.wait()
    with instance.open_instance(tmp_path) as store:

        def begun(**tags):
            tags = {f"dif/{name}": value for name, value in tags.items()}
            return store.create_run_for_job(own_job, tags=mine | tags, status=dg.DagsterRunStatus.STARTED).run_id

        def retried(**tags):
            parent = {"parent_run_id": on, "root_run_id": on}
            run = store.create_run_for_job(own_job, tags=mine | tags, status=dg.DagsterRunStatus.STARTED, **parent)
            return store.get_run_by_id(run.run_id)

        def health(run_id):
            return store.run_launcher.check_run_worker_health(store.get_run_by_id(run_id)).status

        on, ended, other = begun(), begun(pid=str(gone.pid)), begun(born="0")  # its number is another process's by now
        elsewhere = begun(pid=str(gone.pid), host="another machine")
        copies = retried(**{"dif/pid": str(gone.pid), "dif/born": "0"})  # of tags that tell of another run's process
        told = {run_id: health(run_id) for run_id in (on, ended, other, elsewhere, copies.run_id)}
        assert [*told.values()] == [RUNNING, NOT_FOUND, NOT_FOUND, RUNNING, RUNNING], (
            "Dagster's monitor ends the others"
        )
        assert {*instance.end_killed(store)} == {ended, other}
        assert instance.end_killed(store) == []
        status = {run.run_id: run.status for run in store.get_runs()}
        assert status[on] is status[elsewhere] is dg.DagsterRunStatus.STARTED
        assert status[ended] is status[other] is dg.DagsterRunStatus.FAILURE


RUNNING, NOT_FOUND = WorkerStatus.RUNNING, WorkerStatus.NOT_FOUND


@dg.job
def own_job():
    """Nothing."""


def test_the_sensor_asks_for_a_run_when_something_arrived_and_not_twice(home, traffic):
    sensor = build_definitions(home.settings).sensors[0]
    with dg.DagsterInstance.ephemeral() as store:

        def ask(cursor):
            return sensor(dg.build_sensor_context(instance=store, cursor=cursor))

        first = ask(None)
        assert len(first.run_requests) == 1
        assert isinstance(ask(first.cursor), dg.SkipReason)
        inbox.drop(
            home.settings.inbox, "dispatch", "p", "new", next(b.table for b in traffic if b.stream == "dispatch")
        )
        again = ask(first.cursor)
        assert again.cursor != first.cursor
        assert again.run_requests[0].run_key != first.run_requests[0].run_key


def test_the_sensor_gathers_what_comes_shortly_after_a_run(home):
    definitions = build_definitions(home.settings)
    sensor, job = definitions.sensors[0], sensor_job(definitions)
    with dg.DagsterInstance.ephemeral() as store:
        run = store.create_run_for_job(job_def=job)
        store.report_run_failed(run)
        context = dg.build_sensor_context(instance=store)
        assert "goes together" in sensor(context).skip_message
        now = build_definitions(home.settings.but(run_every_minutes=0)).sensors[0]
        assert len(now(context).run_requests) == 1


def sensor_job(definitions):
    return definitions.resolve_job_def(definitions.sensors[0].job_name)


def test_a_month_is_a_partition_until_the_month_we_are_in():
    keys = partitions.MONTHS.get_partition_keys()
    assert keys[0] == "2012-01-01"
    assert keys[-1] == date.today().replace(day=1).isoformat()  # noqa: DTZ011 - the clock of the machine
