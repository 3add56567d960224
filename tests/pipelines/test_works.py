"""A run from the inbox to a release: again, in another order, corrected, wrong, and as known before."""

import json
import random
import shutil
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assets import bundled
from catalog import conformed, ledger, registers, streams, uptake, usage
from catalog.errors import Busy, GateFailed
from catalog.scan import Query
from pipelines.commands.run import differences
from transport import durable, inbox, landing
from transport import registers as kept_registers
from transport.lake import Lake, Workshop
from transport.release import OPEN_FILE

AS_OF = datetime(2026, 6, 15, 10, tzinfo=UTC)
MARCH, APRIL = datetime(2026, 3, 1).date(), datetime(2026, 4, 1).date()  # noqa: DTZ001
REAL = list(bundled.adoption_batches())


def rows_of(release, dataset) -> int:
    return release.manifest["datasets"][dataset]["rows"]


def synthetic(home, stream, name, table, *, arrived_at=AS_OF):
    inbox.drop(home.settings.inbox, stream, "syntetisk", name, table, synthetic=True, arrived_at=arrived_at)


# --- once and again --------------------------------------------------------------------------------------------------


def test_a_run_takes_everything_in_and_publishes_a_release_that_readers_find(published, traffic):
    release = published.current
    assert inbox.pending(published.settings) == []
    assert release.manifest["checks"]["failed"] == 0
    assert (release.manifest["synthetic"], release.manifest["through_month"]) == (True, "2026-04-01")
    sent = pa.concat_tables([b.table for b in traffic if b.stream == "dispatch"])
    planted = sum(b.planted for b in traffic if b.stream == "dispatch")
    batch = pq.read_table(release.folder / "parquet" / "quality.batch" / "part.parquet")
    landed = sum(r["rows"] for r in batch.to_pylist() if r["stream"] == "dispatch")
    assert landed == sent.num_rows
    accounting = pq.read_table(release.folder / "parquet" / "quality.accounting" / "part.parquet").to_pylist()
    account = [r for r in accounting if r["stream"] == "dispatch"]
    assert {r["month"] for r in account} == {MARCH, APRIL}
    assert sum(r["quarantined"] for r in account) == planted
    assert published.releases.verify(release.name) == []


def test_a_second_run_finds_nothing_new(home):
    before = home.current
    with home.works() as works:
        assert works.nothing_new().name == before.name
    assert home.made() == {}
    assert home.run() is None
    assert home.releases.names() == [before.name]


def test_the_same_month_later_is_nothing_new_and_another_month_is(published):
    with published.works(as_of=AS_OF + timedelta(days=9)) as works:
        assert works.nothing_new() is not None
    with published.works(as_of=AS_OF + timedelta(days=20)) as works:
        assert works.nothing_new() is None


def test_a_file_that_waits_is_something_new(home, traffic):
    synthetic(home, "dispatch", "again", traffic[-1].table if traffic[-1].stream == "dispatch" else dispatches(traffic))
    with home.works() as works:
        assert works.nothing_new() is None


def dispatches(traffic):
    return next(b.table for b in traffic if b.stream == "dispatch")


def test_content_that_landed_before_gets_its_first_receipt_and_changes_nothing(home, traffic):
    batch = next(b for b in traffic if b.stream == "dispatch")
    synthetic(home, "dispatch", "another-name", batch.table)
    with home.works() as works:
        intake = works.take_in()
    assert (len(intake.accepted), len(intake.duplicate)) == (0, 1)
    receipt = json.loads(next((home.settings.inbox / "dispatch").rglob("another-name*.receipt.json")).read_text())
    assert (receipt["status"], receipt["batch_id"].startswith(batch.name[:20])) == ("duplicate", True)
    assert home.made() == {}


def test_a_full_remake_equals_the_increments(home):
    first = home.current
    second = home.run(full=True)
    assert second.name != first.name
    assert differences(first, second) == []


def test_a_lake_that_is_lost_is_made_again_from_the_landing(home):
    first = home.current
    shutil.rmtree(home.settings.lake)
    second = home.run(full=True)
    assert differences(first, second) == []


# --- rule 3: a function of the landing -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def in_order(tmp_path_factory, traffic, home_of):
    """The release of the traffic and the real adoption records, as they were sent."""
    home = home_of(tmp_path_factory.mktemp("in-order"))
    for stream in streams.STREAMS:
        tables = [b.table for b in traffic if b.stream == stream and b.table.num_rows]
        synthetic(home, stream, f"all-{stream}", pa.concat_tables(tables))
    for name, producer, table in REAL:
        inbox.drop(home.settings.inbox, "adoption", producer, name, table)
    return home.run()


@pytest.mark.parametrize("seed", [1, 2])
def test_order_splits_and_repeats_of_batches_give_the_same_release(seed, in_order, tmp_path, traffic, home_of):
    chance = random.Random(seed)
    home = home_of(tmp_path)
    parcels = []
    for stream in streams.STREAMS:
        tables = [b.table for b in traffic if b.stream == stream and b.table.num_rows]
        chance.shuffle(tables)
        parcels += [("syntetisk", stream, t) for t in torn(pa.concat_tables(tables), chance)]
    for _, producer, table in REAL:
        parcels += [(producer, "adoption", t) for t in torn(table, chance)]
    chance.shuffle(parcels)
    half = len(parcels) // 2
    for number, (producer, stream, table) in enumerate(parcels):
        said = {"synthetic": True, "arrived_at": AS_OF} if producer == "syntetisk" else {}
        inbox.drop(home.settings.inbox, stream, producer, f"parcel-{number}", table, **said)
        if number == half:
            home.made()  # an earlier run made a half of it
    other = home.run()
    assert differences(in_order, other) == []
    assert rows_of(other, "quality.batch") > rows_of(in_order, "quality.batch")


def torn(table, chance):
    """The rows in another order, in two or three parts, some of them sent twice under other names."""
    order = list(range(table.num_rows))
    chance.shuffle(order)
    cut = chance.randrange(1, len(order)) if len(order) > 1 else 1
    twice = chance.sample(order, len(order) // 3)
    return [table.take(pa.array(part, pa.int64())) for part in (order[:cut], order[cut:], twice) if part]


# --- what is touched -------------------------------------------------------------------------------------------------


def test_a_late_correction_touches_its_month_and_what_is_made_of_it(home, traffic):
    sent = pa.concat_tables([b.table for b in traffic if b.stream == "dispatch"])
    of_april = sent.filter(pc.greater(sent["created_at"], datetime(2026, 4, 10, tzinfo=UTC))).slice(0, 1)
    later = datetime(2026, 6, 1, tzinfo=UTC)
    corrected = of_april.set_column(1, "state", pa.array(["MANUELT_HANDTERT"])).set_column(
        2, "state_at", pa.array([later], pa.timestamp("us", "UTC"))
    )
    synthetic(home, "dispatch", "late", corrected.cast(streams.DISPATCH.schema))
    assert home.made() == {
        "conformed.dispatch": {APRIL},
        "usage.dispatch_day": {APRIL},
        "usage.municipality_month": {APRIL},
        "uptake.status_month": {None},
        "uptake.funnel": {None},
    }
    release = home.run()
    before = home.releases.get(release.manifest["parent"])
    changed = set(differences(before, release))
    assert {"usage.dispatch_day"} <= changed <= {"usage.dispatch_day", "usage.municipality_month"}
    months = ("2026-03-01", "2026-04-01")
    hashes = [
        [r.manifest["datasets"]["usage.dispatch_day"]["partitions"][m]["content_hash"] for m in months]
        for r in (before, release)
    ]
    assert hashes[0][0] == hashes[1][0]
    assert hashes[0][1] != hashes[1][1]


def test_a_batch_of_a_new_month_leaves_the_months_before(home, traffic):
    sent = dispatches(traffic).slice(0, 3)
    may = [datetime(2026, 5, 4, 9, n, tzinfo=UTC) for n in range(3)]
    for name in ("state_at", "created_at"):
        place = sent.column_names.index(name)
        sent = sent.set_column(place, name, pa.array(may, pa.timestamp("us", "UTC")))
    ids = pa.array([bytes([9, n] * 8) for n in range(3)], pa.binary(16))
    sent = sent.set_column(0, "dispatch_id", pa.ExtensionArray.from_storage(pa.uuid(), ids))
    synthetic(home, "dispatch", "may", sent.cast(streams.DISPATCH.schema))
    made = home.made()
    may_first = datetime(2026, 5, 1, tzinfo=UTC).date()
    assert made["conformed.dispatch"] == made["usage.dispatch_day"] == {may_first}
    assert "ledger.entry" not in made


def applied(home, name, change):
    """Apply a version of a register, made of the one in force."""
    contract = registers.REGISTERS[name]
    with home.works() as works:
        rows = change(works.register(contract).to_pylist())
        kept_registers.apply(works.landing, contract, rows, by="test", reason="prøve", now=landing.utc_now())


@pytest.fixture
def later(home):
    """A home in which a register can be applied now: what is known is of now."""
    home.as_of = landing.utc_now() + timedelta(minutes=5)
    home.run()
    return home


@pytest.mark.parametrize(
    ("name", "change", "touched"),
    [
        (
            "source_system",
            lambda rows: [*rows, rows[0] | {"source_system": "Nytt System 1"}],
            {"reference.source_system"},
        ),
        (
            "organisation",
            lambda rows: [rows[0] | {"name": "Nytt navn IKS"}, *rows[1:]],
            {
                "reference.organisation",
                "conformed.adoption",
                "uptake.step_event",
                "uptake.status_month",
                "uptake.funnel",
            },
        ),
        (
            "budget",
            lambda rows: [rows[0] | {"amount_ore": rows[0]["amount_ore"] + 1}, *rows[1:]],
            {"ledger.product_month"},
        ),
        ("network_member", lambda rows: rows[1:], {"reference.network_member", "uptake.funnel"}),
        ("contact", lambda _: [{"municipality_code": "0301", "function": "arkiv", "address": "a@b.no"}], set()),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_a_changed_register_remakes_what_it_touches_and_nothing_else(name, change, touched, later):
    applied(later, name, change)
    assert set(later.made()) == {"conformed.register"} | touched
    release = later.run()
    said = release.manifest["registers"]
    assert said[name] == max(said.values()), "the release names the versions it used"


def test_a_register_applied_again_as_it_is_remakes_no_table_of_its_own(later):
    applied(later, "budget", lambda rows: rows)
    assert set(later.made()) == {"conformed.register"}


def test_a_code_decision_moves_rows_between_quarantine_and_uptake(empty_home):
    home = empty_home
    home.as_of = landing.utc_now() + timedelta(minutes=5)
    name, producer, table = REAL[0]
    inbox.drop(home.settings.inbox, "adoption", producer, name, table)
    home.made()

    def of(code):
        with Workshop(home.settings) as workshop:
            steps = Query("from steps", {"steps": Lake(home.settings.lake).scan(uptake.STEP_EVENT)})
            rows = workshop.table(steps).to_pylist()
        return {(r["municipality_code"], r["resolution"]) for r in rows if r["reported_code"] == code}

    assert (of("1663"), of("5302")) == ({("5031", "DECISION")}, set())
    faerder = {"producer": "nav-digisos", "reported_code": "5302", "municipality_code": "3911", "reason": "kontoret"}
    applied(home, "code_decision", lambda rows: [r for r in rows if r["reported_code"] != "1663"] + [faerder])
    assert "conformed.adoption" in home.made()
    assert (of("1663"), of("5302")) == (set(), {("3911", "DECISION")})


# --- the gate --------------------------------------------------------------------------------------------------------


def plant(home, contract, month, sql):
    """Put another file in the place of a table's month, as a fault in a making would."""
    lake = Lake(home.settings.lake)
    scan = Query(sql, {"was": lake.scan(contract, month)})
    target = lake.target(contract, month, scan)
    with Workshop(home.settings) as workshop:
        workshop.write(scan, contract, target)
    lake.replace(contract, [target])


@pytest.mark.parametrize(
    ("contract", "month", "sql", "failed"),
    [
        (
            usage.DISPATCH_DAY,
            MARCH,
            "select * replace (dispatches + (row_number() over () = 1)::int as dispatches) from was",
            {"usage.dispatch_day dispatches_tie", "usage.municipality_month borders_tie"},
        ),
        (
            usage.DISPATCH_DAY,
            MARCH,
            "from was union all by name select * replace (0 as dispatches, 'fax' as channel) from was limit 1000000",
            {
                "usage.dispatch_day channel_known",
                "usage.dispatch_day dispatches_at_least_1",
            },
        ),
        (
            usage.MUNICIPALITY_MONTH,
            APRIL,
            "select * replace (dispatches * 2 as dispatches) from was where borders = 'now' union all by name "
            "from was where borders = 'then'",
            {"usage.municipality_month borders_tie"},
        ),
        (ledger.ENTRY, None, "from was where source_stream <> 'loan_entry'", {"ledger.entry ledger_ties"}),
        (
            ledger.PRODUCT_MONTH,
            None,
            "select * replace (result_ore + 1 as result_ore) from was",
            {"ledger.product_month result_ties"},
        ),
        (
            conformed.COST_ENTRY,
            None,
            "from was union all by name select * replace (entry_id || 'x' as entry_id) from was",
            {"quality.accounting conformed_ties", "ledger.entry ledger_ties"},
        ),
    ],
    ids=["a count", "a row", "now", "a stream", "a result", "conformed rows"],
)
def test_a_broken_promise_stops_publication_and_the_release_before_stays(contract, month, sql, failed, home):
    before = home.current
    plant(home, contract, month, sql)
    with home.works() as works, pytest.raises(GateFailed) as stopped, works.noting():
        works.prepare()
        works.judge()
        works.publish()
    assert set(works.verdict.failed) == failed
    assert home.current.name == before.name
    assert home.releases.names() == [before.name]
    attempt = home.releases.last_attempt()
    assert (attempt["status"], attempt["kind"], attempt["release"]) == ("failed", "gate_failed", None)
    assert {f"{c['dataset']} {c['check']}" for c in attempt["failed_checks"]} == failed
    assert all(name in str(stopped.value) for name in failed)


def test_what_a_fault_left_is_made_again_by_the_next_run(home):
    plant(home, usage.DISPATCH_DAY, MARCH, "from was limit 5")
    assert home.made()["usage.dispatch_day"] == {MARCH}
    home.run()
    assert home.releases.verify(home.current.name) == []


def test_a_check_that_cannot_be_carried_out_is_a_failed_one_and_says_so(home):
    lake = Lake(home.settings.lake)
    part = lake.parts(usage.DISPATCH_DAY)[MARCH]
    broken = part.path.with_name("part-broken.parquet")
    table = pq.read_table(part.path, partitioning=None)
    pq.write_table(table.drop_columns(["dispatches"]), broken)
    lake.replace(usage.DISPATCH_DAY, [type(part)(MARCH, broken)])
    with pytest.raises(Exception, match="dispatches"), home.works() as works, works.noting():
        works.judge()
        works.publish()
    assert home.releases.last_attempt()["status"] == "failed"
    assert home.current.name == home.releases.names()[0]


# --- as known then ---------------------------------------------------------------------------------------------------


def test_a_replay_makes_a_release_as_known_then_and_never_moves_current(home, traffic):
    before = home.current
    then = datetime(2026, 4, 20, 21, 59, tzinfo=UTC)
    replay = home.settings.but(lake_folder=home.settings.scratch / "as-of")
    home.settings = replay
    release = home.run(as_of=then, replay=True)
    assert release.name == "asof-2026-04-20.1"
    assert home.current.name == before.name
    batches = sum(b.arrived_at <= then for b in traffic if b.table.num_rows)
    assert (rows_of(release, "quality.batch"), release.manifest["as_of"]) == (batches, then.isoformat())
    assert rows_of(release, "usage.dispatch_day") < rows_of(before, "usage.dispatch_day")
    assert max(release.manifest["datasets"]["usage.dispatch_day"]["partitions"]) == "2026-04-01"
    again = home.run(as_of=then, replay=True)
    assert again.name == "asof-2026-04-20.2"
    assert differences(release, again) == []


def test_rows_of_the_future_are_held_and_counted_when_their_time_has_come(home):
    now, soon = AS_OF - timedelta(days=60), AS_OF
    held = home.run(as_of=now)
    assert held.manifest["held"] > 0
    assert rows_of(held, "usage.dispatch_day") < rows_of(
        home.releases.get(held.manifest["parent"]), "usage.dispatch_day"
    )
    with home.works(as_of=now + timedelta(minutes=1)) as works:
        assert works.nothing_new() is None, "a held row may have come of age"
    back = home.run(as_of=soon)
    assert back.manifest["held"] == 0
    assert differences(back, home.releases.get(held.manifest["parent"])) == []


def test_a_second_writer_is_told_who_holds_the_home(home):
    with home.works(), pytest.raises(Busy, match="process"), home.works():
        pass
    with home.works():
        pass


def test_a_step_that_cannot_be_done_is_noted_and_the_release_before_stays(home):
    journal = home.settings.landing / "journal"
    journal.write_bytes(b"00000000 {}\n" + journal.read_bytes())
    with home.works() as works, pytest.raises(Exception, match="journal"), works.noting():
        works.take_in()
    attempt = home.releases.last_attempt()
    assert (attempt["status"], attempt["kind"]) == ("failed", "damaged")
    assert home.current.name == home.releases.names()[0]


def test_half_made_files_of_an_ended_process_are_swept_away(home):
    left = [home.settings.landing / "dispatch" / f"{durable.TEMPORARY}x.parquet"]
    left.append(home.settings.lake / "usage" / f"{durable.TEMPORARY}y.parquet")
    for path in left:
        path.write_bytes(b"half")
    with home.works() as works:
        works.prepare()
    assert [p.exists() for p in left] == [False, False]


def test_the_release_opens_as_one_file_for_analysts(published):
    import duckdb

    with duckdb.connect(published.current.folder / OPEN_FILE, read_only=True) as connection:
        [(count,)] = connection.sql("select sum(dispatches) from usage.dispatch_day").fetchall()
        [(then,)] = connection.sql("select sum(dispatches) from usage.municipality_month_then").fetchall()
        [(now,)] = connection.sql("select sum(dispatches) from usage.municipality_month_now").fetchall()
    assert count > 1_900
    assert then == now <= count
