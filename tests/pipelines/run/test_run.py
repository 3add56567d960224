"""A run from the inbox to a release: again, in another order, corrected, wrong, and as known before."""

import contextlib
import json
import os
import random
import shutil
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assets import bundled
from assets.conform import accounting_of
from catalog.contracts.language import Audience
from catalog.contracts.scan import Query, Values
from catalog.contracts.sharing import Right, columns_for
from catalog.errors import Busy, Damaged, GateFailed
from catalog.tables import conformed, ledger, registers, streams, uptake, usage
from catalog.tables.datasets import DATASETS
from catalog.tables.quarantine import quarantine_of
from pipelines.cli import screen
from pipelines.cli.commands.run import differences
from pipelines.run import steps
from pipelines.run.attempt import Attempt
from pipelines.run.context import SilentReporter
from pipelines.run.publish import up_to_date
from pipelines.run.register_rows import register as register_table
from pipelines.run.schedule import plan
from tests.pipelines.conftest import keep_secret
from tests.thorough import some
from tests.transport.conftest import a_number
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.ingest import registers as kept_registers
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.operations import alerts, doctor
from transport.releases.store import OPEN_FILE
from transport.servers.share import versions
from transport.storage import landing
from transport.storage.compaction import pack

AS_OF = datetime(2026, 6, 15, 10, tzinfo=UTC)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
OSLO = "958935420"
REAL = list(bundled.adoption_batches())
OF_STATUS = (
    *("uptake.status_month", "uptake.funnel", "uptake.standing", "uptake.network_month", "uptake.forecast"),
    *("uptake.not_yet", "uptake.declined", "uptake.supplier_gap"),
    *("ledger.project_month", "ledger.loan_month", "ledger.price_use", "ledger.price_calculation"),
)
OF_DISPATCHES = (
    *("conformed.arrival_day", "conformed.sensitive_dispatch_month", "conformed.use_month"),
    *("conformed.measured_month", "conformed.protected_dispatch_month"),
    *("usage.dispatch_day", "usage.dispatch_month", "usage.municipality_month"),
    # the times come out as they were, so `usage.delivery_time` is not written again
    *("usage.peer_month", "usage.connection_exact_month", "usage.connection_month", "conformed.delivery_taken"),
    "conformed.billable_month",
    "conformed.late_use",
    "ledger.invoice_basis",
)
RECONCILED = (
    *("conformed.reconciliation_cell", "ledger.reconciliation", "ledger.reconciliation_part"),
    "ledger.reconciliation_product",
)
OF_WEIGHTS = (
    *("ledger.period", "ledger.price_cost", "ledger.price_calculation"),
    *("ledger.allocation", "ledger.unmapped_cost", "ledger.entry", "ledger.product_month", "ledger.self_cost_year"),
)
"""What shared cost is allocated by follows use."""
AS_IT_WAS = ("ledger.entry", "ledger.period", "ledger.product_month", "ledger.price_cost", "ledger.reconciliation")
"""Entries are worked out anew, but where none changed, neither they nor what is made of them is written again."""
OF_AS_IT_WAS = (
    *("uptake.funnel", "uptake.standing", "uptake.network_month", "uptake.forecast", "uptake.declined"),
    *("ledger.project_month", "ledger.loan_month", "ledger.unmapped_cost", "ledger.price_calculation"),
    *("ledger.reconciliation_product", "ledger.self_cost_year"),
)
"""Tables of which every input comes out as it was, so they are left alone."""
OF_ALL_USE = (
    *("usage.measure_month", "usage.measure_total_month", "usage.forecast", "quality.unmapped_system"),
    *("uptake.exception", "quality.expected_reporter", *OF_STATUS, *OF_WEIGHTS, *RECONCILED),
)


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
    untold = {"dispatch", "measurement", "invoice_line"}
    assert {(r["stream"] in untold, r["rows"] is None) for r in batch.to_pylist()} == {(True, True), (False, False)}
    accounting = pq.read_table(release.folder / "parquet" / "quality.accounting" / "part.parquet").to_pylist()
    account = [r for r in accounting if r["stream"] == "dispatch"]
    assert {r["month"] for r in account} == {MARCH, APRIL}
    assert sum(r["landed"] for r in account) == sent.num_rows, "none is of a sensitive service, which would be left out"
    aside = pq.read_table(release.folder / "parquet" / "quality.quarantine_summary" / "part.parquet").to_pylist()
    broken = {r["rule"]: r["rows"] for r in aside if r["stream"] == "dispatch"}
    assert broken.pop("organisation_number_modulus_11") >= planted
    assert set(broken) == {"fixed_field_changed"}
    assert published.releases.verify(release.name) == []


def test_a_second_run_finds_nothing_new(home):
    before = home.current
    with home.begun() as run:
        assert up_to_date(run).name == before.name
    assert home.made() == {}
    assert home.run() is None
    assert home.releases.names() == [before.name]


def test_the_same_day_later_is_nothing_new_and_another_day_is_since_who_should_have_delivered_is_asked_daily(published):
    with published.begun(as_of=AS_OF + timedelta(hours=9)) as run:
        assert up_to_date(run) is not None
    with published.begun(as_of=AS_OF + timedelta(days=1)) as run:
        assert up_to_date(run) is None


def test_a_file_that_waits_is_something_new(home, traffic):
    synthetic(home, "dispatch", "again", traffic[-1].table if traffic[-1].stream == "dispatch" else dispatches(traffic))
    with home.begun() as run:
        assert up_to_date(run) is None


def dispatches(traffic):
    return next(b.table for b in traffic if b.stream == "dispatch")


def test_content_that_landed_before_gets_its_first_receipt_and_changes_nothing(home, traffic):
    batch = next(b for b in traffic if b.stream == "dispatch")
    synthetic(home, "dispatch", "another-name", batch.table)
    with home.begun() as run:
        intake = steps.take_in(run)
    assert (len(intake.accepted), len(intake.duplicate)) == (0, 1)
    receipt = json.loads(next((home.settings.inbox / "dispatch").rglob("another-name*.receipt.json")).read_text())
    assert (receipt["status"], receipt["batch_id"].startswith(batch.name[:20])) == ("duplicate", True)
    assert home.made() == {}


@pytest.mark.slow("two runs and a full one; tests/assets holds what is gone on with against what is made anew")
def test_a_full_remake_equals_the_increments(few_remade):
    remade = few_remade.current
    increment = few_remade.releases.get(remade.manifest["parent"])
    assert increment.name != remade.name
    assert differences(increment, remade) == []


# --- rule 3: a function of the landing -------------------------------------------------------------------------------


@pytest.mark.slow("two whole runs; what order and repeats do to a table is tried in tests/assets")
def test_order_splits_and_repeats_of_batches_give_the_same_release(tmp_path, traffic, home_of, corrections_apart):
    chance = random.Random(20260615)
    sent = {}
    for batch in traffic:
        if batch.table.num_rows:
            sent.setdefault(batch.stream, []).append(batch.table)
    straight, shuffled = (home_of(tmp_path / name) for name in ("straight", "shuffled"))
    for home in (straight, shuffled):
        keep_secret(home.settings)
    for stream, tables in sent.items():
        synthetic(straight, stream, f"all-{stream}", pa.concat_tables(tables))
    for name, producer, table in REAL:
        inbox.drop(straight.settings.inbox, "adoption", producer, name, table)
    one = straight.run()

    parcels = []
    sent["dispatch"], corrections = ([part] for part in corrections_apart(pa.concat_tables(sent["dispatch"])))
    for stream, tables in sent.items():
        chance.shuffle(tables)
        parcels += [("syntetisk", stream, t) for t in torn(pa.concat_tables(tables), chance)]
    for _, producer, table in REAL:
        parcels += [(producer, "adoption", t) for t in torn(table, chance)]
    chance.shuffle(parcels)
    parcels += [("syntetisk", "dispatch", t) for t in corrections]
    for number, (producer, stream, table) in enumerate(parcels):
        said = {"synthetic": True, "arrived_at": AS_OF} if producer == "syntetisk" else {}
        inbox.drop(shuffled.settings.inbox, stream, producer, f"parcel-{number}", table, **said)
        if number == len(parcels) // 2:
            shuffled.made()  # an earlier run took in a half of it
    other = shuffled.run()
    assert differences(one, other) == []
    assert rows_of(other, "quality.batch") > rows_of(one, "quality.batch")


def torn(table, chance):
    """The rows in another order, in two or three parts, some of them sent twice under other names."""
    order = list(range(table.num_rows))
    chance.shuffle(order)
    cut = chance.randrange(1, len(order)) if len(order) > 1 else 1
    twice = chance.sample(order, len(order) // 3)
    return [table.take(pa.array(part, pa.int64())) for part in (order[:cut], order[cut:], twice) if part]


# --- what is touched -------------------------------------------------------------------------------------------------


@pytest.mark.long("a run after a correction, and what it made anew")
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
        **{key: {APRIL} for key in OF_DISPATCHES},
        **{key: {None} for key in OF_ALL_USE if key not in {*AS_IT_WAS, *OF_AS_IT_WAS}},
    }
    release = home.run()
    before = home.releases.get(release.manifest["parent"])
    changed = set(differences(before, release))
    assert {"usage.dispatch_day", "usage.dispatch_month"} <= changed
    assert {name.split(".")[0] for name in changed} - {"ledger"} == {"usage"}
    months = ("2026-03-01", "2026-04-01")
    hashes = [
        [r.manifest["datasets"]["usage.dispatch_day"]["partitions"][m]["content_hash"] for m in months]
        for r in (before, release)
    ]
    assert hashes[0][0] == hashes[1][0]
    assert hashes[0][1] != hashes[1][1]


@pytest.mark.slow("two runs; a late correction of dispatches is tried above")
def test_a_late_invoice_line_touches_its_month_of_the_ledger_and_no_other(home, traffic):
    sent = pa.concat_tables([b.table for b in traffic if b.stream == "invoice_line"])
    of_april = sent.filter(pc.equal(sent["period"], APRIL)).slice(0, 1)
    row = of_april.to_pylist()[0] | {"invoice_id": "sent-forgotten", "corrects_invoice_id": None}
    synthetic(home, "invoice_line", "late", pa.Table.from_pylist([row], streams.INVOICE_LINE.schema))
    made = home.made()
    assert made["ledger.entry"] == made["ledger.reconciliation"] == {APRIL}
    assert home.made() == {}
    parts = Lake(home.settings.lake).parts(ledger.ENTRY)
    plant(home, ledger.ENTRY, MARCH, "from was limit 1")
    assert home.made()["ledger.entry"] == {MARCH}
    assert Lake(home.settings.lake).parts(ledger.ENTRY) == parts


@pytest.mark.slow("test_upgrade.py publishes a home of an earlier version")
@pytest.mark.parametrize(
    "contract",
    some([ledger.ENTRY, ledger.PRODUCT_MONTH], 1, "the other way round"),
    ids=["whole, now by month", "by month, now whole"],
)
def test_a_table_that_an_older_version_kept_otherwise_is_made_anew(contract, home):
    lake = Lake(home.settings.lake)
    otherwise = replace(contract, partitioned=not contract.partitioned)
    months = sorted(lake.parts(contract), key=str)
    with Session(home.settings) as session:
        rows = Query("from was", {"was": Values(session.table(lake.scan(contract)))})
        lake.drop(contract)
        part = lake.target(otherwise, MARCH if otherwise.partitioned else None, rows)
        session.cleared().write(rows, otherwise, part)
    lake.replace(otherwise, [part])
    assert home.made()[contract.name] == set(months)
    assert home.made() == {}
    assert sorted(Lake(home.settings.lake).parts(contract), key=str) == months


def few_late(home, traffic) -> None:
    """Some rows that come after a release.

    Of April a later state, the same state again, another account (all of it is set aside), a new dispatch; and of
    invoices a line again, one of another day (both are set aside), a new one.
    """
    billed = pa.concat_tables([b.table for b in traffic if b.stream == "invoice_line"]).slice(0, 3)
    again, other, new = billed["invoice_id"].to_pylist()[:2], billed["invoiced_on"].to_pylist(), "sent-1"
    other[1] += timedelta(days=1)
    told = {"invoice_id": [*again, new], "invoiced_on": other}
    for name, values in told.items():
        at = billed.column_names.index(name)
        billed = billed.set_column(at, name, pa.array(values, billed.schema.field(name).type))
    synthetic(home, "invoice_line", "few", billed)
    sent = pa.concat_tables([b.table for b in traffic if b.stream == "dispatch"])
    april = sent.filter(pc.greater(sent["created_at"], datetime(2026, 4, 3, tzinfo=UTC))).slice(0, 4)
    names = april.column_names
    later = [datetime(2026, 6, 1, n, tzinfo=UTC) for n in range(4)]
    ids = [*april["dispatch_id"].to_pylist()[:3], bytes([7] * 16)]
    raw = [i if isinstance(i, bytes) else i.bytes for i in ids]
    for name, values in {
        "state_at": pa.array(later, pa.timestamp("us", "UTC")),
        "state": pa.array(["MANUELT_HANDTERT", "LEST", "LEST", "MOTTATT"]),
        "account_id": pa.array([*april["account_id"].to_pylist()[:2], "en annen konto", "konto"]),
        "dispatch_id": pa.ExtensionArray.from_storage(pa.uuid(), pa.array(raw, pa.binary(16))),
    }.items():
        april = april.set_column(names.index(name), name, values)
    synthetic(home, "dispatch", "few", pa.concat_tables([april.cast(sent.schema), april.slice(0, 1).cast(sent.schema)]))


def flipped_in_the_middle(path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


NEXT_DAY = AS_OF + timedelta(days=1)


@pytest.fixture(scope="module")
def few_remade(copy_of_published, traffic):
    """A home in which few rows came late, and of which, after an increment, all was made anew on the next day."""
    home = copy_of_published("few")
    few_late(home, traffic)
    home.run(as_of=NEXT_DAY)
    home.run(check=None, as_of=NEXT_DAY, full=True)
    return home


@pytest.mark.slow("compares with a full remake, which takes three runs")
@pytest.mark.parametrize("damaged", [False, True])
def test_a_month_with_few_new_rows_is_gone_on_with_unless_its_file_is_not_what_was_published(
    home, traffic, damaged, few_remade
):
    few_late(home, traffic)
    if damaged:
        (there,) = (home.settings.lake / "conformed" / "dispatch" / f"month={APRIL}").glob("*.parquet")
        flipped_in_the_middle(there)
    said = []

    class Telling(SilentReporter):
        def done(self, name, detail):
            said.append((name, detail))

    increment = home.run(as_of=NEXT_DAY, reporter=Telling())
    made = dict(said)
    dispatches, lines = made["conformed.dispatch"], made["conformed.invoice_line"]
    assert ("1 of 2 parts" in dispatches, "updated with new rows" in dispatches) == (True, not damaged)
    assert "1 updated with new rows" in lines
    assert differences(increment, few_remade.current) == []
    for stream, rows in ((streams.DISPATCH, conformed.DISPATCH), (streams.INVOICE_LINE, conformed.INVOICE_LINE)):
        for table in (rows, quarantine_of(stream), accounting_of(stream)):
            assert content(Lake(home.settings.lake), table) == content(Lake(few_remade.settings.lake), table)


def replaced(home, contract, month, sql):
    """Give a file of the lake other rows under its own name, as nobody should."""
    lake = Lake(home.settings.lake)
    part = lake.parts(contract)[month]
    with Session(home.settings) as session:
        session.write(Query(sql, {"was": lake.scan(contract, month)}), contract, part)


@pytest.mark.slow("two runs")
def test_a_changed_file_of_the_lake_does_not_become_what_a_release_saw_and_is_made_again_when_touched(
    home, traffic, few_remade
):
    replaced(home, conformed.DISPATCH, APRIL, "select * replace (page_count + 1000 as page_count) from was")
    assert home.run(as_of=NEXT_DAY) is not None, "a release of another day, which reads none of it"
    few_late(home, traffic)
    assert differences(home.run(as_of=NEXT_DAY), few_remade.current) == []


def other_values(file: Path) -> None:
    """Flip a bit that any reader takes: the file decodes, to something else. Its times stay, as on a bad disk."""
    was, times, sql = (
        file.read_bytes(),
        file.stat(),
        f"select md5(string_agg(t::varchar, '' order by all)) from '{file}' t",
    )
    right = duckdb.sql(sql).fetchall()
    file.chmod(0o644)
    for place in range(100, len(was), 61):
        file.write_bytes(was[:place] + bytes([was[place] ^ 1]) + was[place + 1 :])
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        with contextlib.suppress(duckdb.Error):
            if duckdb.sql(sql).fetchall() != right:
                return
    pytest.fail("no bit of it says anything else")


@pytest.mark.parametrize("full", some([False, True], 1, "reads the same file by the same way"))
def test_a_landed_file_with_a_changed_bit_stops_the_run_that_would_read_it_and_is_named(home, full):
    kept = landing.open_landing(home.settings)
    damaged, *others = sorted(kept.of("dispatch"), key=lambda e: -e.bytes)
    other_values(kept.file(damaged))
    beside = next(e for e in others if set(e.months) & set(damaged.months))
    kept.withdraw(beside, by="drift", reason="feil", now=AS_OF)  # so that a run reads the rest of its month again
    before = home.current.name
    with pytest.raises(Damaged, match=rf"dispatch/syntetisk/{damaged.batch_id} differs from what landed"):
        home.run(as_of=NEXT_DAY, full=full)
    assert (home.current.name, home.releases.last_attempt()["kind"]) == (before, "damaged")


@pytest.mark.slow("read by the same way as one of its own")
def test_a_packed_file_with_a_changed_bit_stops_the_run_that_would_read_it(home, traffic):
    kept = landing.open_landing(home.settings)
    assert pack(kept, now=AS_OF + timedelta(days=365), fewest=2).batches
    other_values(next((home.settings.landing / "dispatch" / ".packed").glob("*.parquet")))
    with pytest.raises(Damaged, match=r"dispatch/syntetisk/\S+ is in a file that differs from what landed"):
        home.run(as_of=NEXT_DAY, full=True)


@pytest.mark.slow("a run of its own")
def test_a_damaged_batch_that_was_taken_back_stops_no_run(home):
    kept = landing.open_landing(home.settings)
    entry = next(e for e in kept.entries if e.stream == "dispatch")
    kept.withdraw(entry, by="drift", reason="feil", now=AS_OF)
    other_values(kept.file(entry))
    accounting = "parquet/quality.accounting/part.parquet"
    rows = pq.read_table(home.run(as_of=NEXT_DAY).folder / accounting).to_pylist()
    withdrawn = sum(r["withdrawn"] for r in rows if r["stream"] == "dispatch")
    assert entry.rows <= withdrawn < entry.rows + 50, "published rounded up to the next fifty"


@pytest.mark.parametrize("shared", some([True, False], 1, "the same bytes by another link"))
def test_a_file_of_the_lake_that_is_not_what_was_written_is_made_again_before_it_is_published(
    published, request, shared
):
    home = request.getfixturevalue("linked_home" if shared else "home")
    other_values(Lake(home.settings.lake).parts(usage.DELIVERY_TIME)[APRIL].path)
    release = home.run(as_of=NEXT_DAY)
    assert differences(release, published.current) == []
    assert home.releases.verify(release.name) == []


@pytest.mark.slow("two runs; test_care.py damages the others")
def test_a_damaged_file_that_the_plan_reads_is_made_again(home):
    """Which tables are stale depends on the registers, whose rows in force are a table of the lake."""
    part = next(iter(Lake(home.settings.lake).parts(conformed.REGISTER).values()))
    other_values(part.path)
    with home.begun(as_of=NEXT_DAY) as run:
        plan(run)
        assert run.repairs == {part.path: 1}
        assert run.lake.is_sound(run.lake.parts(conformed.REGISTER)[part.month])


@pytest.mark.slow("two runs and a full one; what is judged of a remake is planted in smaller tables too")
def test_a_full_remake_is_judged_whole(few_remade):
    results = pq.read_table(few_remade.current.folder / "parquet" / "quality.check_result" / "part.parquet").to_pylist()
    judged = {r["dataset"] for r in results if r["examined"]}
    assert {"usage.dispatch_day", "reference.municipality", "uptake.status_month"} <= judged


@pytest.mark.slow("two runs and every published file")
def test_no_published_hash_tells_what_a_small_batch_or_an_inner_table_holds(published):
    """Whoever knows all but one value of a few rows tries each; no release says by a plain hash which is right."""
    folder, entries = published.current.folder, landing.open_landing(published.settings).entries
    inner = [contract for contract in conformed.TABLES if contract.audience is Audience.INTERNAL]
    lake = Lake(published.settings.lake)
    hashes = {part.sha256 for contract in inner for part in lake.parts(contract).values()}
    hashes |= {said for e in entries for said in (e.sha256, e.sha256[:12], e.file_sha256)}
    said = (folder / "manifest.json").read_text()
    said += " ".join(str(pq.read_table(p).to_pylist()) for p in folder.rglob("*.parquet") if p.stat().st_size < 10**6)
    assert [one for one in hashes if one in said] == []
    manifest = published.current.manifest
    listed = {".".join(name.split("/")[:2]) for name in manifest["lake"]}
    assert "usage.dispatch_month" in listed
    assert listed <= DATASETS.keys(), "nor sizes and times of inner files, nor which of their months are others"
    assert "judged" not in manifest
    assert {p.name for p in folder.rglob("*.parquet")} == {"part.parquet"}, "no name tells what a part is made of"
    told = pq.read_table(folder / "parquet" / "meta.dataset" / "part.parquet").to_pylist()
    hashed = {r["dataset"] for r in told if r["content_hash"]}
    assert "usage.dispatch_month" in hashed
    assert [
        name for name in hashed if len(columns_for(DATASETS[name], {Right.OPEN})) < len(DATASETS[name].columns)
    ] == []


def test_a_landing_that_is_away_is_not_taken_for_one_in_which_nothing_has_landed(copy_of_published, dif_in):
    """As where its disk is not mounted, or where a restore was killed before the landing came."""
    home = copy_of_published("away")
    name, lines = home.current.name, home.current.journal_upto
    home.settings.landing.rename(home.settings.home.with_name("landing"))
    dif = dif_in(home.settings.home)

    def runs_told(problem):
        code, _, err = dif("run")
        _, out, _ = dif("doctor")
        return code != 0 and problem in err and problem in out and home.current.name == name

    assert runs_told(f"has no line, but {name} was made of {lines} lines")
    inbox.drop(home.settings.inbox, "adoption", "fagsystem", "en", REAL[0][2].slice(0, 1))
    other = landing.open_landing(home.settings)
    assert len(inbox.take_in(home.settings, other).accepted) == 1
    assert runs_told(f"ends at line 1, but {name} was made of {lines} lines")
    while other.last < lines:
        other.withdraw(other.entries[0], by="drift", reason="prøve", now=AS_OF)
    assert runs_told(f"has other batches in its first {lines} lines than {name} was made of")
    shutil.rmtree(home.settings.landing)
    home.settings.home.with_name("landing").rename(home.settings.landing)
    assert home.run() is None  # nothing is new


@pytest.mark.slow("two whole runs")
def test_over_an_older_copy_of_the_landing_nothing_is_made_until_a_person_goes_back(home, dif_in):
    """What was received after the copy is gone: its senders, or the release before it, put that right."""
    copy = home.settings.home.with_name("landing")
    shutil.copytree(home.settings.landing, copy)
    before, dif = home.current.name, dif_in(home.settings.home)
    inbox.drop(home.settings.inbox, "adoption", "fagsystem", "senere", REAL[0][2].slice(0, 1))
    later = home.run().name
    shutil.rmtree(home.settings.landing)
    copy.rename(home.settings.landing)
    with pytest.raises(Damaged, match=rf"ends at line \d+, but {later} was made of") as stopped:
        home.run()
    assert f"dif release rollback {before}" in stopped.value.mend
    assert dif("release", "rollback", before)[0] == 0
    assert home.run(full=True).manifest["parent"] == before
    assert dif("doctor")[0] == 0


def step_events(release):
    return sorted((release.folder / "parquet" / "uptake.step_event").rglob("*.parquet"))


@pytest.mark.slow("thirty batches and two runs; test_lately.py finds the numbers")
def test_identity_numbers_that_came_one_row_at_a_time_are_taken_back_and_somebody_is_told(home):
    row = REAL[0][2].slice(0, 1)
    at = row.schema.get_field_index("event_id")
    for n in range(12):
        one = row.set_column(at, "event_id", pa.array([a_number(n)]))
        inbox.drop(home.settings.inbox, "adoption", "fagsystem", f"rad {n}", one)
    release = home.run(as_of=NEXT_DAY)
    batches = pq.read_table(release.folder / "parquet" / "quality.batch" / "part.parquet").to_pylist()
    sent = [b for b in batches if b["producer"] == "fagsystem"]
    assert (len(sent), {b["withdrawn_at"] is None for b in sent}) == (12, {False})
    events = pa.concat_tables(map(pq.ParquetFile.read, map(pq.ParquetFile, step_events(release))))
    assert "fagsystem" not in events["producer"].to_pylist()
    assert "identity_number" in {a.id for a in alerts.firing(home.settings, landing.utc_now())}


def content(lake, contract):
    """All rows of a table of the lake, in one order."""
    rows = [r for p in lake.parts(contract).values() for r in pq.ParquetFile(p.path).read().to_pylist()]
    return sorted(map(str, rows))


def applied(home, name, change):
    """Apply a version of a register, made of the one in force."""
    contract = registers.REGISTERS[name]
    with home.begun() as run:
        rows = change(register_table(run, contract).to_pylist())
        kept_registers.apply(run.landing, contract, rows, by="test", reason="prøve", now=landing.utc_now())


NEXT_YEAR = date(landing.utc_now().year + 1, 1, 1)
REGISTER_CHANGES = {
    "source_system": (
        lambda rows: [*rows, rows[0] | {"source_system": "Nytt System 1"}],
        {"reference.source_system", "usage.connection_exact_month", "usage.connection_month", "quality.unmapped_system"}
        # which systems are shielded it says too
        | {"conformed.protected_dispatch_month", "usage.measure_month", "usage.measure_total_month"}
        | {"uptake.not_yet", "uptake.supplier_gap"}
        | {"conformed.billable_month", "conformed.late_use", "ledger.invoice_basis", "conformed.reconciliation_cell"}
        | {"ledger.reconciliation_part"},
    ),
    "cost_mapping": (
        lambda rows: rows[1:],
        {"conformed.placed_cost", "ledger.project_month", "ledger.loan_month", *OF_WEIGHTS},
    ),
    "budget": (
        lambda rows: [rows[0] | {"amount_ore": rows[0]["amount_ore"] + 1}, *rows[1:]],
        {"ledger.product_month", "ledger.price_cost", "ledger.price_calculation", "ledger.self_cost_year"},
    ),
    "self_cost_rule": (
        lambda _: [
            {"rule": "settle_deficit_years", "valid_from": date(2026, 1, 1), "value": Decimal(4), "source": "styret"}
        ],
        {"ledger.self_cost_rule", "ledger.self_cost_year", "ledger.price_calculation"},
    ),
    "organisation": (
        lambda rows: [rows[0] | {"name": "Nytt navn IKS"}, *rows[1:]],
        {"reference.organisation", "conformed.adoption", "conformed.use_month"}
        | {"quality.expected_reporter", "uptake.step_event", "uptake.exception"}
        | {"uptake.status_month", "uptake.not_yet", "uptake.supplier_gap", "conformed.customer_span"}
        | {"ledger.invoice_basis", "conformed.reconciliation_cell", "ledger.reconciliation_part"},
    ),
    "network_member": (
        lambda rows: rows[1:],
        {"reference.network_member", "uptake.funnel", "usage.peer_month", "uptake.network_month", "uptake.not_yet"}
        | {"usage.peer_measure_month", "uptake.standing"}
        | {"uptake.supplier_gap", "ledger.price_use"},
    ),
    "contact": (
        lambda _: [{"municipality_code": "0301", "function": "arkiv", "address": "a@b.no"}],
        {"uptake.not_yet", "uptake.supplier_gap"},
    ),
    "follow_up": (
        lambda _: [{"municipality_code": "0301", "service": "svarut", "status": "KONTAKTET"}],
        {"uptake.not_yet", "uptake.declined"},
    ),
    "payer": (
        # what holds from another month on leaves the months before as they were
        lambda _: [{"organisation_number": OSLO, "payer_number": OSLO, "valid_from": NEXT_YEAR}],
        set(),
    ),
    "price_rule": (lambda rows: rows, set()),
}


@pytest.mark.slow("makes all tables eleven times")
def test_a_changed_register_remakes_what_it_touches_and_nothing_else(home):
    home.as_of = landing.utc_now() + timedelta(minutes=5)
    home.made()
    for name, (change, touched) in REGISTER_CHANGES.items():
        applied(home, name, change)
        assert set(home.made()) == {"conformed.register"} | touched, name
    said = home.run().manifest["registers"]
    assert sorted(REGISTER_CHANGES, key=said.__getitem__) == list(REGISTER_CHANGES), "the release names its versions"


@pytest.mark.slow("two runs; the resolver is tried on values in test_conform.py")
def test_a_code_decision_moves_rows_between_quarantine_and_uptake(empty_home):
    home = empty_home
    home.as_of = landing.utc_now() + timedelta(minutes=5)
    name, producer, table = REAL[0]
    inbox.drop(home.settings.inbox, "adoption", producer, name, table)
    home.made()

    def of(code):
        with Session(home.settings) as session:
            steps = Query("from steps", {"steps": Lake(home.settings.lake).scan(uptake.STEP_EVENT)})
            rows = session.table(steps).to_pylist()
        return {(r["municipality_code"], r["resolution"]) for r in rows if r["reported_code"] == code}

    assert (of("1663"), of("5302")) == ({("5031", "DECISION")}, set())
    faerder = {"producer": "nav-digisos", "reported_code": "5302", "municipality_code": "3911", "reason": "kontoret"}
    applied(home, "code_decision", lambda rows: [r for r in rows if r["reported_code"] != "1663"] + [faerder])
    assert "conformed.adoption" in home.made()
    assert (of("1663"), of("5302")) == (set(), {("3911", "DECISION")})


def test_a_release_is_published_after_its_parent_although_the_clock_was_put_back(home, lay, monkeypatch):
    parent = home.current
    three_days_ago = landing.utc_now() - timedelta(days=3)
    monkeypatch.setattr(landing, "utc_now", lambda: three_days_ago)
    lay(home, "cost_entry", "ny", {"entry_id": "N1", "amount_ore": 100})
    release = home.run()
    assert home.releases.names() == [parent.name, release.name]
    assert release.published_at > parent.published_at
    assert versions.number_of(release.name) > versions.number_of(parent.name), "readers of shares see no older version"


# --- the gate --------------------------------------------------------------------------------------------------------


def plant(home, contract, month, sql):
    """Put another file in the place of a table's month, as a fault in a making would."""
    lake = Lake(home.settings.lake)
    scan = Query(sql, {"was": lake.scan(contract, month)})
    target = lake.target(contract, month, scan)
    with Session(home.settings) as session:
        session.write(scan, contract, target)
    lake.replace(contract, [target])


WRONG = [
    (usage.DISPATCH_DAY, MARCH, "select * replace (dispatches + 1 as dispatches) from was"),
    (usage.MUNICIPALITY_MONTH, APRIL, "select * replace (2 * dispatches as dispatches) from was where borders = 'now'"),
    (ledger.ENTRY, MARCH, "from was where source_stream <> 'loan_entry'"),
]
BROKEN = [
    (
        usage.DISPATCH_DAY,
        MARCH,
        "from was union all by name (select * replace (0 as dispatches, 'fax' as channel) from was limit 1)",
    ),
    (ledger.PRODUCT_MONTH, None, "from was union all (select * replace (result_ore + 1 as result_ore) from was)"),
    (conformed.COST_ENTRY, None, "from was union all by name select * replace (entry_id || 'x' as entry_id) from was"),
    (uptake.STEP_EVENT, None, "select * replace ('3811' as municipality_code) from was limit 1"),
]


FAILED = {
    "ledger.entry ledger_ties",
    "ledger.loan_month loan_balances_tie",
    "ledger.product_month key_unique",
    "ledger.product_month products_tie",
    "ledger.product_month result_ties",
    "ledger.project_month loans_tie",
    "quality.accounting conformed_ties",
    "uptake.step_event municipality_code_of_now",
    "usage.dispatch_day channel_known",
    "usage.dispatch_day dispatches_at_least_1",
    "usage.dispatch_day dispatches_tie",
    "usage.dispatch_month months_tie",
    "usage.municipality_month borders_tie",
}


def test_a_broken_promise_stops_publication_and_the_release_before_stays(home):
    before = home.current
    for contract, month, sql in [*WRONG, *BROKEN]:
        plant(home, contract, month, sql)
    with home.begun() as run:
        attempt = Attempt(run)
        with pytest.raises(GateFailed) as stopped, attempt.recording_failure():
            attempt.publish()
    assert set(attempt.check().failed) == FAILED
    assert home.current.name == before.name
    assert home.releases.names() == [before.name]
    assert sorted(p.name for p in home.releases.folder.iterdir() if p.is_dir() and not p.is_symlink()) == [before.name]
    note = home.releases.last_attempt()
    assert (note["status"], note["kind"], note["release"]) == ("failed", "gate_failed", None)
    assert {f"{c['dataset']} {c['check']}" for c in note["failed_checks"]} == FAILED
    uncounted = {c["check"] for c in note["failed_checks"] if "unexpected" not in c}
    assert uncounted == {name.split()[1] for name in FAILED} & {"dispatches_tie", "ledger_ties", "loans_tie"}, (
        "visitors read the note, and they may not count rows that are not published"
    )
    assert sum(name in str(stopped.value) for name in FAILED) == 8, "a message names the first few; the note has all"


@pytest.mark.slow("a run; a check that cannot be carried out is an error in test_engine.py")
def test_a_check_that_cannot_be_carried_out_is_a_failed_one_and_says_so(home):
    lake = Lake(home.settings.lake)
    part = lake.parts(usage.DISPATCH_DAY)[MARCH]
    broken = part.path.with_name("part-broken.parquet")
    table = pq.read_table(part.path, partitioning=None)
    pq.write_table(table.drop_columns(["dispatches"]), broken)
    lake.replace(usage.DISPATCH_DAY, [type(part)(MARCH, broken)])
    with home.begun() as run:
        attempt = Attempt(run)
        with pytest.raises(GateFailed), attempt.recording_failure():
            attempt.publish()
    said = {f"{r['dataset']} {r['check_name']}": r for r in attempt.check().results.to_pylist()}
    for name in ("usage.dispatch_day dispatches_at_least_1", "usage.dispatch_day dispatches_tie"):
        assert not said[name]["passed"]
        assert "dispatches" in said[name]["detail"]
    assert "usage.municipality_month month_is_month" not in attempt.check().failed
    assert home.current.name == home.releases.names()[0]


# --- as known then ---------------------------------------------------------------------------------------------------


@pytest.mark.slow("two runs; a replay by its command is tried in test_cli.py")
def test_a_replay_makes_a_release_as_known_then_and_never_moves_current(home, traffic):
    """On a day before the first month was over; `dif run --as-of` is asked of a later one in test_cli.py."""
    before = home.current
    then = datetime(2026, 3, 20, 21, 59, tzinfo=UTC)
    home.settings = home.settings.but(lake_folder=home.settings.scratch / "as-of")
    release = home.run(as_of=then, replay=True)
    assert release.name == "asof-2026-03-20.1"
    assert home.current.name == before.name
    batches = sum(b.arrived_at <= then for b in traffic if b.table.num_rows)
    assert (rows_of(release, "quality.batch"), release.manifest["as_of"]) == (batches, then.isoformat())
    assert 0 < rows_of(release, "usage.dispatch_day") < rows_of(before, "usage.dispatch_day")
    assert max(release.manifest["datasets"]["usage.dispatch_day"]["partitions"]) == "2026-03-01"
    assert release.manifest["through_month"] is None, "what came later is not known then"


@pytest.mark.slow("two runs")
def test_rows_of_the_future_are_held_and_counted_when_their_time_has_come(home):
    now, soon = AS_OF - timedelta(days=60), AS_OF
    held = home.run(as_of=now)
    assert held.manifest["held"] > 0
    assert rows_of(held, "usage.dispatch_day") < rows_of(
        home.releases.get(held.manifest["parent"]), "usage.dispatch_day"
    )
    with home.begun(as_of=now + timedelta(minutes=1)) as run:
        assert up_to_date(run) is None, "a held row may have come of age"
    assert home.run(as_of=now + timedelta(minutes=1)) is None, "but none has, so readers have it all"
    assert doctor.examine(home.settings) == []
    back = home.run(as_of=soon)
    assert back.manifest["held"] == 0
    assert differences(back, home.releases.get(held.manifest["parent"])) == []


def test_a_second_writer_is_told_who_holds_the_home(home):
    with home.begun(), pytest.raises(Busy, match="process"), home.begun():
        pass
    with home.begun():
        pass


def test_dif_run_waits_for_a_run_of_dagster_and_says_which(linked_home, monkeypatch, command):
    held, ended, says = threading.Event(), threading.Event(), screen.say
    monkeypatch.setenv("DIF_HOME", str(linked_home.settings.home))

    def hold():
        with steps.exclusive_run(linked_home.settings, doing="Dagster run 0a1b2c3d of everything"):
            held.set()
            ended.wait()

    def heard(words):
        says(words)
        ended.set()

    other = threading.Thread(target=hold)
    monkeypatch.setattr(screen, "say", heard)
    other.start()
    held.wait()
    code, _, err = command("run", "--as-of", "2999-01-01")  # refused, once it is its turn
    other.join()
    assert (code, "--as-of" in err) == (2, True)
    assert err.startswith(f"Another run holds this home (Dagster run 0a1b2c3d of everything: process {os.getpid()}")


def test_who_waited_in_vain_for_a_run_is_told_for_how_long(tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "WAIT_MINUTES", 1 / 60)
    settings = Settings(home=tmp_path)
    with (
        steps.exclusive_run(settings),
        pytest.raises(Busy, match="also after 1 s of waiting"),
        steps.exclusive_run(settings, waits=lambda _: None),
    ):
        pass


def test_a_step_that_cannot_be_done_is_noted_and_the_release_before_stays(home):
    journal = home.settings.landing / "journal"
    journal.write_bytes(b"00000000 {}\n" + journal.read_bytes())
    with home.begun() as run, pytest.raises(Exception, match="journal"), Attempt(run).recording_failure():
        steps.take_in(run)
    attempt = home.releases.last_attempt()
    assert (attempt["status"], attempt["kind"]) == ("failed", "damaged")
    assert home.current.name == home.releases.names()[0]


def test_half_made_files_of_an_ended_process_are_swept_away(home):
    left = [home.settings.landing / "dispatch" / f"{atomic_files.TEMPORARY}x.parquet"]
    left.append(home.settings.lake / "usage" / f"{atomic_files.TEMPORARY}y.parquet")
    for path in left:
        path.write_bytes(b"half")
    young = left[0].with_name(f"{atomic_files.TEMPORARY}z.parquet")
    young.write_bytes(b"a server is at it")
    os.utime(left[0], (0, 0))
    with home.begun() as run:
        steps.prepare(run)
    assert [p.exists() for p in (*left, young)] == [False, False, True]


def test_the_release_opens_as_one_file_for_analysts(published):
    import duckdb

    with duckdb.connect(published.current.folder / OPEN_FILE, read_only=True) as connection:
        [(count,)] = connection.sql("select sum(dispatches) from usage.dispatch_day").fetchall()
        [(then,)] = connection.sql("select sum(dispatches) from usage.municipality_month_then").fetchall()
        [(now,)] = connection.sql("select sum(dispatches) from usage.municipality_month_now").fetchall()
    assert count > 1_900
    assert then == now <= count
