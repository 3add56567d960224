"""Dagster's definitions: the graph, what each asset says of itself, and whole runs in process."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

import dagster as dg
import pytest

from assets.quality import TABLE_RULES
from catalog.errors import Damaged, SharingError, TryAgain
from catalog.tables import conformed, usage
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from pipelines.definitions import JOB, RUN, build_definitions
from pipelines.orchestration import assets, checks, instance
from pipelines.run import steps
from pipelines.run.schedule import NODES, plan
from pipelines.run.tables import BUILDS
from tests.golden import holds
from transport.base import atomic_files
from transport.ingest import inbox
from transport.lake.tables import Lake
from transport.storage.landing import utc_now

GOLDEN = Path(__file__).with_name("asset_graph.txt")
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),  # code references and policies of freshness
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),  # dagster's own
]
HELD = {instance.HOLDS_HOME: instance.LAUNCHED}
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
DAY = ["usage", "dispatch_day"]


built = lru_cache(4)(build_definitions)
"""The definitions of a home: to build them takes longer than most of what they are asked for."""


def graph(definitions: dg.Definitions) -> str:
    """One line an asset: key ← deps | group | op | kinds | owners | checks."""
    resolved = definitions.resolve_asset_graph()
    lines = []
    for key in sorted(resolved.get_all_asset_keys(), key=str):
        node = resolved.get(key)
        deps = ", ".join(sorted(k.to_user_string() for k in node.parent_keys)) or "-"
        said = (
            node.group_name,
            node.assets_def.op.name,
            "+".join(sorted(node.kinds)),
            "+".join(node.owners),
            f"{len(node.check_keys)} checks",
        )
        lines.append(f"{key.to_user_string()} ← {deps} | {' | '.join(said)}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def definitions(published):
    return built(published.settings)


def run_job(home, *keys, store=None, job=JOB, **chosen):
    """Run a job as a person would, whole or these assets of it; the result, and the metadata of what was made."""
    config = QUIET | ({"resources": {"attempt": {"config": chosen}}} if chosen else {})
    with store or dg.DagsterInstance.ephemeral() as kept:
        result = (
            built(home.settings)
            .resolve_job_def(job)
            .execute_in_process(
                instance=kept,
                raise_on_error=False,
                run_config=config,
                asset_selection=[dg.AssetKey(key.split("/")) for key in keys] or None,
            )
        )
    made = [e.step_materialization_data.materialization for e in result.all_events if e.is_step_materialization]
    return result, {
        m.asset_key.to_user_string(): {name: value.value for name, value in m.metadata.items()} for m in made
    }


def test_the_graph_is_the_one_that_was_reviewed(definitions):
    changed = holds(GOLDEN, graph(definitions))
    assert not changed, f"`make renew` keeps this.\n{changed}"


def test_the_definitions_can_be_loaded_as_a_code_location(definitions):
    dg.Definitions.validate_loadable(definitions)
    assert [s.name for s in definitions.schedules] == ["daily"]
    assert definitions.schedules[0].execution_timezone == "Europe/Oslo"
    assert [s.name for s in definitions.sensors] == ["arrivals", "analyses"]


def test_every_asset_says_what_it_is_who_has_it_what_its_columns_mean_and_where_it_is_made(definitions):
    resolved = definitions.resolve_asset_graph()
    for build in BUILDS:
        node = resolved.get(assets.key_of(build.contract))
        assert node.description
        assert node.owners == [build.contract.owner]
        columns = node.metadata["dagster/column_schema"].columns
        assert [c.name for c in columns] == [c.name for c in build.contract.columns]
        assert all(c.description for c in columns)
        told = [(c.constraints.nullable, c.constraints.unique) for c in columns]
        assert told == [(c.null, False) for c in build.contract.columns], "a key is of all its columns together"
        references = node.metadata["dagster/code_references"].code_references
        assert references
        assert all(Path(reference.file_path).is_file() for reference in references)
        over_several = {rule.name for rule in TABLE_RULES if rule.dataset == build.contract.name}
        assert {key.name for key in node.check_keys} == {checks.SUITE} | over_several
    sql = [r.file_path for r in resolved.get(dg.AssetKey(DAY)).metadata["dagster/code_references"].code_references]
    assert any(path.endswith("assets/sql/usage/dispatch_day.sql") for path in sql)


def test_the_tables_of_a_schema_are_one_op(definitions):
    ops = {node.op.name for node in (a for a in definitions.assets if isinstance(a, dg.AssetsDefinition))}
    assert ops == {"landing", *assets.OPS, "quality__check_result", "release__current"}


def test_each_edge_is_what_the_graph_of_the_run_says(definitions):
    resolved, of_ops = definitions.resolve_asset_graph(), {name: assets.OPS.index(assets.op_of(name)) for name in NODES}
    for name, node in NODES.items():
        assert all(of_ops[need] <= of_ops[name] for need in node.needs), name
    parents = {key.to_user_string() for key in resolved.get(dg.AssetKey(["conformed", "adoption"])).parent_keys}
    assert {"landing/adoption", "conformed/register", "reference/municipality_to_now"} <= parents


@pytest.mark.parametrize("stream", STREAMS)
def test_each_column_of_a_stream_in_force_comes_from_the_landed_column_of_its_name(definitions, stream):
    table = next(table for table in conformed.TABLES if table.table == stream)
    deps = assets.column_lineage_of(table)["dagster/column_lineage"].deps_by_column
    resolved = definitions.resolve_asset_graph()
    for column in (column for column in STREAMS[stream].columns if not column.internal):
        [dep] = deps[column.name]
        assert dep.asset_key in resolved.get(assets.key_of(table)).parent_keys
        landed = resolved.get(dep.asset_key).metadata["dagster/column_schema"].columns
        assert dep.column_name == column.name
        assert column.name in {c.name for c in landed}


def test_every_dataset_is_told_in_both_languages():
    for contract in DATASETS.values():
        for text in (contract.title, contract.about, *(c.title for c in contract.columns)):
            assert text.nb, contract.name
            assert text.en, contract.name
        assert all(c.comment.strip() for c in contract.columns), contract.name


def test_freshness_is_the_age_of_what_was_sent(definitions):
    """Landing assets are materialized when something landed, so that a silent producer is seen."""
    resolved = definitions.resolve_asset_graph()
    policies = {name: resolved.get(assets.landing_key(name)).freshness_policy for name in STREAMS}
    assert policies["dispatch"].fail_window.to_timedelta() == timedelta(days=3)
    assert policies["invoice_line"].warn_window.to_timedelta() > timedelta(days=31)
    assert policies["register"] is None


def keys_in(events, kind) -> set[str]:
    return {event.asset_key.to_user_string() for event in events if event.event_type_value == kind}


# --- runs ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow("three runs of Dagster")
def test_the_job_that_the_sensor_starts_launches_what_is_touched_and_nothing_else_gets_an_event(ledgers, laid):
    home, before = ledgers, ledgers.current.name
    with home.begun(as_of=utc_now()) as begun:
        without_rows = plan(begun)  # months of streams that nobody sends here
    laid("cost_entry", "late", {"entry_id": "B9", "amount_ore": 100})
    with instance.open_instance(home.settings.home) as store:
        gone = store.create_run_for_job(own_job, tags=HELD, status=dg.DagsterRunStatus.STARTED)
        assert run_job(home, store=store, job=RUN)[0].success
    with instance.open_instance(home.settings.home) as store:
        runs = {run.job_name: run for run in store.get_runs()}
        assert {runs[RUN].status, runs[JOB].status} == {dg.DagsterRunStatus.SUCCESS}
        assert store.get_run_by_id(gone.run_id).status is dg.DagsterRunStatus.FAILURE
        logs = store.all_logs(runs[JOB].run_id)
        events = [e.dagster_event for e in logs if e.dagster_event]
        made = keys_in(events, "ASSET_MATERIALIZATION")
        assert keys_in(events, "ASSET_MATERIALIZATION_PLANNED") == made
        assert {"landing/cost_entry", "conformed/cost_entry", "ledger/entry", "release/current"} <= made
        assert not {"landing/invoice_line", "conformed/invoice_line", "conformed/loan_entry"} & made
        assert max(len(e.message or "") for e in logs) < 2000
    history = home.settings.home / "dagster" / "history"
    assert sum(path.stat().st_size for path in history.rglob("*")) < 4_000_000, "databases that are empty take 1.3 MB"
    assert home.current.name != before
    with home.begun(as_of=utc_now()) as begun:
        assert plan(begun) == without_rows


@pytest.mark.slow("a run of every table through Dagster")
def test_everything_made_anew_by_a_person_is_published(home):
    before = home.current.name
    assert run_job(home, full=True)[0].success
    assert home.current.name != before


@pytest.mark.long("two runs through Dagster")
def test_a_failing_statement_fails_its_asset_and_those_below_and_the_others_are_made(home, monkeypatch):
    broken = NODES[usage.MEASURE_MONTH.name]

    def fails(run, months=()):
        raise SharingError("usage.measure_month could not be made.", "See the statement.")

    monkeypatch.setitem(NODES, broken.name, type(broken)(broken.tables, broken.needs, fails, broken.is_stale))
    with instance.open_instance(home.settings.home) as store:
        result, made = run_job(home, store=store, months=["2026-03"])
    assert not result.success
    assert "usage/dispatch_day" in made
    assert 0 <= made["conformed/dispatch"]["share in quarantine"] < 1
    assert "usage/measure_month" not in made
    assert not [key for key in made if key.startswith(("uptake/", "ledger/", "release/"))]
    with instance.open_instance(home.settings.home) as store:
        run = store.get_runs(limit=1)[0]
        events = [e.dagster_event for e in store.all_logs(run.run_id) if e.dagster_event]
        assert {"usage/measure_month", "release/current"} <= keys_in(events, "ASSET_MATERIALIZATION_PLANNED")
        assert run.status is dg.DagsterRunStatus.FAILURE
    said = json.loads((home.settings.releases / "last_attempt.json").read_text())
    assert said["problem"] == "usage.measure_month could not be made."


def test_one_asset_is_made_alone(home):
    result, made = run_job(home, "usage/dispatch_day", months=["2026-03"])
    assert result.success
    assert made.keys() == {"usage/dispatch_day"}
    facts = made["usage/dispatch_day"]
    files = Lake(home.settings.lake).files(usage.DISPATCH_DAY)
    assert facts["dagster/row_count"] == sum(part.rows for part in files)
    assert facts["bytes"] == sum(part.path.stat().st_size for part in files)
    assert facts["months made"] == "2026-03"
    assert 0 < facts["rows made"] < facts["dagster/row_count"]


def test_one_stream_is_landed_alone(home, traffic):
    for stream in ("dispatch", "measurement"):
        table = next(b.table for b in traffic if b.stream == stream and b.table.num_rows)
        inbox.drop(home.settings.inbox, stream, "another", "late", table, synthetic=True)
    result, made = run_job(home, "landing/measurement")
    assert result.success
    assert (made.keys(), made["landing/measurement"]["new batches"]) == ({"landing/measurement"}, 1)
    assert {path.parent.parent.name for path in inbox.pending(home.settings)} == {"dispatch"}


@pytest.mark.slow("a run of Dagster")
def test_a_release_is_not_made_of_tables_that_lack_what_has_landed(home, traffic):
    table = next(b.table for b in traffic if b.stream == "dispatch" and b.table.num_rows)
    inbox.drop(home.settings.inbox, "dispatch", "another", "late", table, synthetic=True)
    assert run_job(home, "landing/dispatch")[0].success
    before = home.current.name
    result, made = run_job(home, job="publish")
    assert (result.success, made) == (False, {})
    [failure] = [e for e in result.all_events if e.is_step_failure]
    assert "are not made of all that has landed" in failure.step_failure_data.error.to_string()
    assert home.current.name == before


def test_a_step_that_another_moment_may_cure_is_tried_again(home, monkeypatch):
    calls = []

    def busy_once(run, streams=()):
        calls.append(run)
        if len(calls) == 1:
            raise TryAgain("The landing is locked.", "Try again.")
        return inbox.Intake()

    monkeypatch.setattr("pipelines.run.attempt.take_in", busy_once)
    monkeypatch.setattr(assets, "_RETRY_SECONDS", 0)
    assert run_job(home, "landing/dispatch")[0].success
    assert len(calls) == 2


# --- what a person chooses -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "chosen", [{"months": ["2026-13"]}, {"streams": ["dispach"]}, {"full": "perhaps"}, {"as_of": "2026-04-01"}]
)
def test_a_choice_that_cannot_be_is_refused_before_anything_is_launched(definitions, chosen):
    job = definitions.resolve_job_def(RUN)
    config = {"resources": {"attempt": {"config": {"months": ["2026-03"], **chosen}}}}
    assert dg.validate_run_config(job, {"resources": {"attempt": {"config": {"months": ["2026-03"]}}}}) is not None
    with pytest.raises(dg.DagsterInvalidConfigError) as refused:
        dg.validate_run_config(job, config)
    assert next(iter(chosen)) in str(refused.value)


def test_every_choice_that_cannot_be_is_told_at_once(definitions):
    job = definitions.resolve_job_def(RUN)
    with pytest.raises(dg.DagsterInvalidConfigError) as refused:
        dg.validate_run_config(job, {"resources": {"attempt": {"config": {"months": ["mars"], "streams": ["x"]}}}})
    assert len(refused.value.errors) == 2


def test_an_option_that_cannot_be_is_refused_before_anything_is_made(home):
    before = home.current
    for chosen, kind in (
        ({"months": ["2026-13"]}, "bad_option"),
        ({"streams": ["dispach"]}, "unknown_name"),
        ({"as_of": "2026-04-01", "months": ["2026-03"]}, "bad_option"),
    ):
        with pytest.raises(SharingError) as refused:
            steps.begin(home.settings, **chosen)
        assert refused.value.kind == kind, chosen
        assert home.current.name == before.name


@pytest.mark.slow("a whole release of an earlier day")
def test_a_release_as_known_on_a_day_is_a_partition_of_its_job(home, monkeypatch):
    before, day = home.current.name, str((utc_now() - timedelta(days=1)).date())
    job = build_definitions(home.settings).resolve_job_def("as_known")
    with dg.DagsterInstance.ephemeral() as store:
        assert job.execute_in_process(instance=store, partition_key=day, run_config=QUIET).success
    assert [name for name in home.releases.names() if name.startswith("asof-")]
    assert home.current.name == before


# --- checks ----------------------------------------------------------------------------------------------------------


def test_no_verdict_is_called_blocking_and_each_says_what_it_stops(definitions):
    resolved = definitions.resolve_asset_graph()
    specs = [resolved.get_check_spec(key) for key in resolved.asset_check_keys]
    assert len(specs) == len(BUILDS) + len(TABLE_RULES)
    assert all("nothing is published" in spec.description for spec in specs)


# --- automation ------------------------------------------------------------------------------------------------------


def test_nothing_starts_by_itself_unless_the_settings_say_so(published):
    for settings, status in (
        (published.settings, "STOPPED"),
        (published.settings.but(automatic_runs=True), "RUNNING"),
    ):
        definitions = build_definitions(settings)
        begun = {s.name: s.default_status.value for s in (*definitions.schedules, *definitions.sensors)}
        assert begun == dict.fromkeys(("daily", "arrivals", "analyses"), status)


def tick(home, store, cursor=None, **settings):
    sensor = built(home.settings.but(run_every_minutes=0, **settings)).sensors[0]
    return sensor(dg.build_sensor_context(instance=store, cursor=cursor))


@pytest.mark.slow("three runs of Dagster")
def test_the_sensor_asks_until_a_release_has_what_arrived(ledgers, laid):
    home = ledgers
    with dg.DagsterInstance.ephemeral() as store:
        quiet = tick(home, store)
        assert not quiet.run_requests
        assert int(quiet.cursor) > 0, "what a release has is not read again"
        laid("cost_entry", "late", {"entry_id": "B9", "amount_ore": 100})
        assert len(tick(home, store, quiet.cursor).run_requests) == 1, "a file waits"
        assert run_job(home, "landing/cost_entry")[0].success
        for _ in range(2):
            asked = tick(home, store, quiet.cursor)
            assert (len(asked.run_requests), asked.cursor) == (1, None), "it landed, and no release has it"
        home.run(as_of=utc_now())
        after = tick(home, store, quiet.cursor)
        assert not after.run_requests
        assert int(after.cursor) > int(quiet.cursor)
        assert tick(home, store, str(10 * int(after.cursor))).cursor == after.cursor, "a restored home: read anew"


def test_the_sensor_waits_while_a_run_goes_on_or_is_starting_and_not_for_one_that_is_gone(home, traffic):
    table = next(b.table for b in traffic if b.stream == "dispatch" and b.table.num_rows)
    inbox.drop(home.settings.inbox, "dispatch", "another", "late", table, synthetic=True)
    job = built(home.settings).resolve_job_def(RUN)
    with dg.DagsterInstance.ephemeral() as store:
        with atomic_files.locked(home.settings.home):
            assert tick(home, store).skip_message == "A run goes on."
        gone = store.create_run_for_job(job, tags=HELD, status=dg.DagsterRunStatus.STARTED)
        assert len(tick(home, store).run_requests) == 1, "the lock says that no run goes on"
        store.delete_run(gone.run_id)
        store.create_run_for_job(job, status=dg.DagsterRunStatus.STARTING)
        assert tick(home, store).skip_message == "A run goes on."


def test_the_sensor_gathers_what_comes_shortly_after_a_run_and_waits_longer_after_several_that_failed(home, traffic):
    table = next(b.table for b in traffic if b.stream == "dispatch" and b.table.num_rows)
    inbox.drop(home.settings.inbox, "dispatch", "another", "late", table, synthetic=True)
    definitions = build_definitions(home.settings)
    sensor, job = definitions.sensors[0], definitions.resolve_job_def(RUN)
    with dg.DagsterInstance.ephemeral() as store:
        store.report_run_failed(store.create_run_for_job(job))
        context = dg.build_sensor_context(instance=store)
        assert "goes together" in sensor(context).skip_message
        store.report_run_failed(store.create_run_for_job(job))
        assert "The last 2 runs failed" in sensor(context).skip_message
        assert len(tick(home, store).run_requests) == 1


# --- the history -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["history/runs.db", "history/runs/index.db", "schedules/schedules.db"])
def test_a_history_that_cannot_be_read_is_named_with_the_mend(tmp_path, database):
    with instance.open_instance(tmp_path) as store:
        store.create_run_for_job(own_job)
    for left in (tmp_path / "dagster").glob(f"{database}*"):
        left.write_bytes(b"no database at all" * 300)
    with (
        pytest.raises(Damaged, match="cannot be read: file is not a database") as damaged,
        instance.open_instance(tmp_path),
    ):
        pass
    assert f"in {tmp_path / 'dagster'} cannot" in damaged.value.problem
    assert "Move that folder away" in damaged.value.mend
    (tmp_path / "dagster").rename(tmp_path / "aside")
    instance.open_instance(tmp_path).dispose()


def opens(homes, start):
    """Open the history of each home at the moment in which another process does."""
    for home in homes:
        start.wait(60)
        instance.open_instance(home).dispose()


@pytest.mark.slow("two processes with Dagster")
def test_two_processes_that_open_a_new_history_at_once_both_have_it(tmp_path):
    homes = [tmp_path / str(number) for number in range(4)]
    processes = multiprocessing.get_context("forkserver")  # a process with threads cannot be forked
    start = processes.Barrier(2)
    both = [processes.Process(target=opens, args=(homes, start)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]


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


@dg.job
def own_job():
    """Nothing."""


def test_whoever_takes_the_home_over_reports_the_runs_that_held_it_as_failed(tmp_path):
    started = dg.DagsterRunStatus.STARTED
    with instance.open_instance(tmp_path) as store:
        held = store.create_run_for_job(own_job, tags=HELD, status=started).run_id
        copied = {"parent_run_id": held, "root_run_id": held}
        again = store.create_run_for_job(own_job, tags=HELD, status=started, **copied).run_id
        other = store.create_run_for_job(own_job, status=started).run_id
        mine = store.create_run_for_job(own_job, status=started).run_id
        assert instance.take_over(store, mine) == [held]
        assert instance.take_over(store, other) == [mine], "which holds it no more"
        assert store.get_run_by_id(held).status is dg.DagsterRunStatus.FAILURE
        assert store.get_run_by_id(held).tags["dagster/will_retry"] == "true", "by Dagster's daemon"
        assert store.get_run_by_id(other).status is started
        assert store.get_run_by_id(again).status is started, "it waits, with tags of the run that it begins again"


@pytest.mark.slow("two processes with Dagster")
def test_a_run_that_was_killed_is_reported_as_failed_by_the_next_and_nothing_is_half_made(home, command, monkeypatch):
    command_line = [sys.executable, "-c", "from pipelines.cli.main import main; main(['run', '--full'])"]
    environment = {**os.environ, "DIF_HOME": str(home.settings.home), "DIF_SETTLE_SECONDS": "0"}
    with (
        instance.open_instance(home.settings.home) as store,  # two that make Dagster's tables at once hinder each other
        subprocess.Popen(
            command_line,
            env=environment,
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            text=True,
            cwd=home.settings.home,
        ) as process,
    ):
        for line in process.stderr:
            if "conformed.dispatch" in line:
                break
        # tables are made while Dagster loads, which knows of the run when it has
        while [run.status for run in store.get_runs()] != [dg.DagsterRunStatus.STARTED]:
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.stderr.read()
    assert process.returncode == -signal.SIGKILL
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    code, _, err = command("run", "--month", "2026-03")
    assert code == 0, err
    assert "An earlier run was killed" in err
    with instance.open_instance(home.settings.home) as store:
        statuses = [run.status for run in store.get_runs()]
    assert statuses == [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
