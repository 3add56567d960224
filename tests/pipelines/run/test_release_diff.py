"""What changed between two releases and why, through real runs; and a release as known then."""

import hashlib
import json
import shutil
import uuid
from collections import Counter
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog import facts
from catalog.contracts.scan import Query
from catalog.tables import conformed, reference, registers, streams, usage
from catalog.tables.quality import LEDGER_DIFF_DATASET, RELEASE_DIFF, RELEASE_DIFF_DATASET
from pipelines.cli.commands.run import differences
from pipelines.run import release_diff, steps
from pipelines.run.attempt import Attempt
from pipelines.run.context import SilentReporter
from pipelines.run.publish import publish
from pipelines.run.register_rows import register as register_table
from pipelines.run.schedule import make, plan
from tests.pipelines.conftest import unchecked
from tests.thorough import some
from transport.ingest import inbox
from transport.ingest import registers as kept_registers
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.storage import landing

APRIL, MAY = date(2026, 4, 1), date(2026, 5, 1)
FIRST, SECOND = datetime(2026, 5, 20, 10, tzinfo=UTC), datetime(2026, 6, 5, 10, tzinfo=UTC)
NUMBER = {r["name"]: r["organisation_number"] for r in facts.read("organisation") if not r["successor_number"]}
OSLO, HALDEN, ASKER = (NUMBER[f"{n} kommune"] for n in ("Oslo", "Halden", "Asker"))
COUNTY = next(r["organisation_number"] for r in facts.read("organisation") if r["kind"] == "COUNTY")


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 9, tzinfo=UTC)


def sent(number: int, created: datetime, organisation_number: str = OSLO, **more) -> dict:
    return {
        "dispatch_id": uuid.UUID(int=number).bytes,
        "state": "MOTTATT",
        "state_at": created,
        "created_at": created,
        "service": "svarut",
        "organisation_number": organisation_number,
        "account_id": "konto-1",
        "recipient_kind": "PERSON",
        "digital_only": False,
    } | more


def used(day: date, quantity: int, organisation_number: str = OSLO, **more) -> dict:
    return {
        "service": "fiks-folkeregister",
        "measure": "oppslag",
        "day": day,
        "organisation_number": organisation_number,
        "source": "logg",
        "quantity": Decimal(quantity),
        "reported_at": datetime(day.year, day.month, day.day, 20, tzinfo=UTC),
    } | more


def drop(home, name: str, arrived_at: datetime, *rows: dict) -> None:
    stream = streams.MEASUREMENT if "measure" in rows[0] else streams.DISPATCH
    table = pa.Table.from_pylist(list(rows), stream.schema)
    said = {"synthetic": True, "arrived_at": arrived_at}
    inbox.drop(home.settings.inbox, stream.name, "system", name, table, **said)


def published(
    home, as_of: datetime, before_marts=lambda _run: None, while_published=nullcontext, rules="these", *, doubts=False
):
    """A run to a release, and the differences from its parent. The gate is left out: it has tests of its own."""
    with home.begun(as_of=as_of) as run, Attempt(run).recording_failure():
        if rules:
            vars(run)["rules"] = rules  # whoever edits a statement while the tests run changes them
        steps.prepare(run)
        steps.take_in(run)
        for made in make(run, plan(run)):
            if made and made[0].contract is conformed.DISPATCH:
                before_marts(run)
        with while_published(run):
            found = release_diff.since(run.releases.current(), run, "the next")
            assert doubts or found.untold == [] or "is lost" in found.untold[0]
            release = publish(run, unchecked(run), None)
    return release, found.table.to_pylist()


def as_known(home, then: datetime):
    """A release as known then, made in a lake of its own."""
    scratch = home.settings.but(lake_folder=home.settings.scratch / "as-of")
    with replace(home, settings=scratch).begun(as_of=then, replay=True) as run:
        vars(run)["rules"] = "these"
        release = steps.run_all(run, check=unchecked)
        run.lake.clear()
    return release


def cells(rows) -> dict:
    """The differences by month, code and reason, all of one service; that parts sum to after − before is checked."""
    assert {(r["service"], r["measure"]) for r in rows} <= {("svarut", "forsendelser")}
    parts = Counter()
    for row in rows:
        parts[row["month"], row["municipality_code"]] += row["difference"]
    for row in rows:
        assert parts[row["month"], row["municipality_code"]] == row["after"] - row["before"]
    return {(r["month"].month, r["municipality_code"], r["reason"]): int(r["difference"]) for r in rows}


def totals(release) -> Counter:
    """Dispatches by month and municipality of now."""
    found = Counter()
    for path in (release.folder / "parquet" / "usage.municipality_month").rglob("*.parquet"):
        for row in pq.read_table(path, partitioning=None).to_pylist():
            if row["borders"] == "now":
                found[path.parent.name, row["municipality_code"]] += row["dispatches"]
    return found


@pytest.fixture
def dif(dif_in):
    """Run one command over a home."""
    return lambda home, *words: dif_in(home.settings.home)(*words)


@pytest.fixture(scope="session")
def earlier(once, home_of):
    """A home whose first release is of May 20, when a dispatch dated May 25 is held."""
    return home_of(once("earlier", lambda folder: publish_first(home_of(folder))))


def publish_first(home) -> None:
    drop(home, "one", at(5, 10), *(sent(n, at(4, n)) for n in range(1, 6)), sent(6, at(5, 2)), sent(7, at(5, 25)))
    drop(home, "two", at(5, 11), *(sent(n, at(4, n), HALDEN) for n in range(10, 13)), sent(13, at(5, 1), COUNTY))
    release, rows = published(home, FIRST)
    assert release.manifest["held"] == 1
    assert rows == [], "it differs from nothing"


@pytest.fixture(scope="session")
def twice(once, earlier, home_of):
    """A copy of it with a second release of June 5, and the differences between the two."""

    def fill(folder):
        home = copied(earlier, home_of(folder))
        what_came_after(home)
        pq.write_table(pa.Table.from_pylist(published(home, SECOND)[1]), folder / "rows.parquet")

    folder = once("twice", fill)
    return home_of(folder), pq.read_table(folder / "rows.parquet").to_pylist()


def copied(home, to):
    shutil.copytree(home.settings.home, to.settings.home, symlinks=True)
    return to


@pytest.fixture
def first(earlier, tmp_path, home_of):
    return copied(earlier, home_of(tmp_path))


@pytest.fixture
def second(twice, tmp_path, home_of):
    return copied(twice[0], home_of(tmp_path))


def what_came_after(home) -> None:
    """Late, new, corrected, withdrawn, of a new sender, and a register's later version."""
    drop(home, "late", at(6, 2), sent(20, at(4, 30)), sent(21, at(4, 30), ASKER), sent(1, at(4, 1), state="LEST"))
    drop(home, "new", at(5, 28), sent(22, at(5, 27)), sent(23, at(5, 26), COUNTY))
    drop(home, "corrected", at(6, 2), sent(2, at(4, 2), account_id="konto-2"), sent(10, at(4, 10), HALDEN))
    withdraw(home, "two", at(6, 3))
    with home.begun() as run:
        contract = registers.REGISTERS["network_member"]
        rows = register_table(run, contract).to_pylist()[1:]
        kept_registers.apply(run.landing, contract, rows, by="test", reason="prøve", now=at(6, 1))


def withdraw(home, name, when) -> None:
    with home.begun() as run:
        entry = next(e for e in run.landing.entries if e.batch_id.startswith(name))
        run.landing.withdraw(entry, by="drift", reason="feil uttrekk", now=when)


SINCE = {
    (4, "0301", "LATE"): 1,
    (4, "0301", "CORRECTED"): -1,
    (4, "3101", "WITHDRAWN"): -2,
    (4, "3203", "NEW_SENDER"): 1,
    (5, "0301", "NEW"): 1,
    (5, "0301", "HELD_BEFORE"): 1,
    (5, None, "NEW"): 1,
    (5, None, "WITHDRAWN"): -1,
}


def told(dif, home, *words) -> tuple[dict, dict]:
    """What `dif release diff … --json` says: the differences by month, code and reason; and the whole."""
    code, out, _ = dif(home, "release", "diff", *words, "--json")
    assert code == 0
    whole = json.loads(out)
    rows = {(int(r["month"][5:7]), r["municipality_code"], r["reason"]): float(r["difference"]) for r in whole["rows"]}
    return rows, whole


def moved_to_halden(run) -> None:
    """Borders that change: Asker's organisation lies in Halden from now on."""
    place = f"case when organisation_number = '{ASKER}' then '3101' else municipality_code end"
    was = {"was": run.lake.scan(reference.MUNICIPALITY_OF)}
    scan = Query(f"select * replace ({place} as municipality_code) from was", was)
    target = run.lake.target(reference.MUNICIPALITY_OF, None, scan)
    with Session(run.settings) as session:
        session.write(scan, reference.MUNICIPALITY_OF, target)
    run.lake.replace(reference.MUNICIPALITY_OF, [target])


def test_a_release_says_what_changed_since_the_one_before_and_why(twice):
    home, rows = twice
    one, two = (home.releases.get(n) for n in home.releases.names())
    assert cells(rows) == SINCE
    assert {(r["release"], r["compared_with"], r["synthetic"]) for r in rows} == {("the next", one.name, True)}
    changes = totals(two)
    changes.subtract(totals(one))
    by_code = Counter()
    for row in rows:
        if row["municipality_code"]:
            by_code[str(row["month"]), row["municipality_code"]] += row["difference"]
    assert {k: n for k, n in changes.items() if n} == {k: n for k, n in by_code.items() if n}


@pytest.mark.slow("three runs")
def test_any_two_releases_can_be_compared_though_the_lake_has_gone_on(second, dif):
    home = second
    drop(home, "later still", at(6, 6), sent(30, at(4, 29), ASKER))
    three, rows = published(home, SECOND + timedelta(days=2), moved_to_halden)
    assert cells(rows) == {
        (4, "3101", "LATE"): 1,
        (4, "3101", "NEW_MAPPING"): 1,
        (4, "3203", "NEW_MAPPING"): -1,
    }
    one, two, _ = home.releases.names()
    rows, whole = told(dif, home, one, two)
    assert (rows, whole["before"], whole["after"], whole["untold"]) == (SINCE, one, two, [])
    rows, whole = told(dif, home, two, one)
    assert rows == {k: -n for k, n in SINCE.items()}
    assert {(r["before"], r["after"]) for r in whole["rows"] if r["municipality_code"] == "3203"} == {
        ("1.0000", "0.0000")
    }
    _, out, _ = dif(home, "release", "diff", two, "--municipality", "3101")
    assert "Halden" in out
    assert f"{three.name} against {two}: forsendelser LATE +1, NEW_MAPPING +1" in out.splitlines()
    _, out, _ = dif(home, "release", "diff", two, three.name, "--service", "fiks-io")
    assert f"No dispatches or measured quantities of the selection differ between {two} and {three.name}.\n" in out
    assert "Datasets that differ, whatever is selected: " in out
    code, _, err = dif(home, "release", "diff", two, "--municipality", "9999")
    assert (code, "9999" in err) == (2, True)
    assert dif(home, "release", "diff", two, "--service", "svarutt")[0] == 2


def only_there(stream, month, batch, others):
    """While it is published, only one month of a stream lies in the lake, and only one batch of it in the landing."""

    @contextmanager
    def while_published(run):
        lake = run.settings.lake / "conformed" / stream
        away = [p for p in lake.rglob("*.parquet") if f"month={month}" not in str(p)]
        away += [p for p in (run.settings.landing / stream).rglob("*.parquet") if not p.name.startswith(batch)]
        assert len(away) == others
        for path in away:
            path.rename(path.with_suffix(".away"))
        try:
            yield
        finally:
            for path in away:
                path.with_suffix(".away").rename(path)

    return while_published


@pytest.mark.slow("reads every file of two runs")
def test_an_increment_reads_the_dispatches_of_the_months_it_touched_and_no_other(first):
    home = first
    drop(home, "day", at(5, 21), sent(200, at(5, 21)))

    _, rows = published(home, FIRST + timedelta(days=2), while_published=only_there("dispatch", "2026-05", "day", 3))
    assert cells(rows) == {(5, "0301", "NEW"): 1}


def test_a_parent_that_is_damaged_leaves_the_differences_empty_and_says_so(second):
    home, parent = second, second.current
    next((parent.folder / "parquet" / "usage.dispatch_day").rglob("*.parquet")).unlink()
    said = []

    class Telling(SilentReporter):
        def done(self, name, detail):
            said.append((name, detail))

    with home.begun(as_of=SECOND, reporter=Telling()) as run:
        nothing = release_diff.since(parent, run, "the next")
    assert nothing.table == RELEASE_DIFF.arrow_schema.empty_table()
    assert said == [("quality.release_diff", *nothing.untold)]
    assert f"Left empty, because {parent.name} cannot be compared" in said[0][1]


@pytest.mark.slow("two runs; a replay is tried in test_run.py")
def test_a_release_as_known_then_holds_what_was_known_then_and_what_came_late_is_told_as_late(second, dif):
    home = second
    one, two = (home.releases.get(n) for n in home.releases.names())
    then = as_known(home, FIRST)
    assert then.name == "asof-2026-05-20.1"
    assert differences(one, then) == [], "no late record, no later register, no later withdrawal"
    assert then.manifest["registers"] == one.manifest["registers"] != two.manifest["registers"]
    assert then.manifest["held"] == 1
    withdrawn = pq.read_table(then.folder / "parquet" / "quality.batch" / "part.parquet")["withdrawn_at"]
    assert withdrawn.null_count == len(withdrawn) == 2
    assert home.current.name == two.name, "`current` does not move"

    rows, whole = told(dif, home, then.name)
    assert (rows, whole["before"], whole["after"], whole["untold"]) == (SINCE, then.name, two.name, [])
    assert told(dif, home, one.name, then.name)[0] == {}


@pytest.mark.slow("two runs; each reason is tried in tests/assets/test_release_diff.py")
def test_where_landed_rows_are_missing_the_journal_gives_the_reason_and_that_is_said(first, dif):
    home, one = first, first.current
    then = as_known(home, at(5, 10))
    Lake(home.settings.lake).clear()
    next((home.settings.landing / "dispatch").rglob("one*.parquet")).unlink()
    rows, whole = told(dif, home, then.name, one.name)
    assert rows == {(4, "3101", "LATE"): 3, (5, None, "NEW"): 1}
    assert [u[:18] for u in whole["untold"]] == ["Batches of 2026-04", "Batches of 2026-05"]
    _, _, err = dif(home, "release", "diff", then.name)
    assert "guessed from the journal" in err


@pytest.mark.slow("a run")
def test_a_batch_that_was_withdrawn_because_it_is_lost_is_a_withdrawal_still(second, dif):
    home, two = second, second.current
    withdraw(home, "new", at(6, 7))
    for path in (home.settings.landing / "dispatch").rglob("new*.parquet"):
        path.unlink()
    _, rows = published(home, SECOND + timedelta(days=2))
    assert cells(rows) == {(5, "0301", "WITHDRAWN"): -1, (5, None, "WITHDRAWN"): -1}
    _, whole = told(dif, home, two.name)
    assert [u.split(".parquet ")[1][:22] for u in whole["untold"]] == ["was withdrawn and is l"]


def measured(rows) -> dict:
    """The differences by month, code, measure and reason."""
    key = ("municipality_code", "measure", "reason")
    return {(date.fromisoformat(str(r["month"])).month, *(r[k] for k in key)): float(r["difference"]) for r in rows}


MEASURED = {
    (4, "0301", "oppslag", "LATE"): 40,
    (4, "0301", "oppslag", "CORRECTED"): -3,
    (4, "3101", "oppslag", "WITHDRAWN"): -7,
    (4, "3203", "oppslag", "NEW_SENDER"): 5,
    (5, "0301", "oppslag", "HELD_BEFORE"): 9,
    (5, "0301", "oppslag", "NEW"): 6,
    (5, "0301", "kontoer", "NEW"): 2,
}


@pytest.mark.slow("three runs")
def test_other_use_is_told_of_too_and_no_flow_of_a_sensitive_service(tmp_path, home_of, dif):
    home = home_of(tmp_path)
    sensitive = {"service": "fiks-digisos"}
    of_april, of_may = date(2026, 4, 10), date(2026, 5, 10)
    drop(home, "sent", at(5, 10), sent(1, at(4, 1)))
    drop(
        home,
        "one",
        at(5, 10),
        *(used(of_april + timedelta(days=n), 10) for n in range(3)),
        used(of_may, 20),
        used(date(2026, 5, 25), 9),
        used(of_may, 4, service="svarut", measure="kontoer"),
        used(of_april, 50, measure="soknader", **sensitive),
    )
    drop(home, "two", at(5, 11), used(of_april, 7, HALDEN))
    one, rows = published(home, FIRST)
    assert rows == []
    corrected = {"reported_at": at(6, 1)}
    drop(
        home,
        "late",
        at(6, 2),
        used(of_april + timedelta(days=5), 40),
        used(of_april, 7, **corrected),
        used(of_april, 5, ASKER),
        used(of_april + timedelta(days=3), 60, measure="soknader", **sensitive),
        used(of_april, 4, measure="henvendelser", **sensitive),
    )
    drop(home, "new", at(5, 28), used(of_may + timedelta(days=12), 6))
    drop(home, "new accounts", at(5, 29), used(date(2026, 5, 12), 6, service="svarut", measure="kontoer"))
    withdraw(home, "two", at(6, 3))
    two, rows = published(home, SECOND)
    assert measured(rows) == MEASURED

    drop(home, "later still", at(6, 6), used(of_april + timedelta(days=6), 11))
    april_alone = only_there("measurement", "2026-04", "later", 7)
    three, rows = published(home, SECOND + timedelta(days=2), april_alone)
    assert measured(rows) == {(4, "0301", "oppslag", "LATE"): 11}
    code, out, _ = dif(home, "release", "diff", one.name, two.name, "--measure", "oppslag", "--json")
    assert (code, measured(json.loads(out)["rows"])) == (0, {k: n for k, n in MEASURED.items() if k[2] == "oppslag"})
    assert "usage.measure_total_month" in json.loads(out)["also_changed"]
    assert "usage.measure_month" in json.loads(out)["also_changed"]
    assert dif(home, "release", "diff", one.name, two.name, "--measure", "opslag")[0] == 2
    _, out, _ = dif(home, "release", "diff", two.name, three.name)
    assert f"{three.name} against {two.name}: oppslag LATE +11" in out.splitlines()
    assert "usage.measure_total_month quantity målets enhet" in " ".join(out.split())


@pytest.mark.parametrize(
    ("code", "says"),
    some([("1507", "1507 is 1508 and 1580 now.\n"), ("0301", ""), ("0101", "0101 is 3101 now.\n")], 1, "another code"),
)
def test_a_municipality_can_be_named_by_a_code_of_then(code, says, twice, dif):
    home, _ = twice
    one, two = home.releases.names()[:2]
    found, _, err = dif(home, "release", "diff", one, two, "--municipality", code)
    assert (found, err) == (0, says)


@pytest.mark.slow("two releases, one of an older form")
def test_a_release_of_before_other_use_was_counted_is_compared_by_its_dispatches_and_that_is_said(twice):
    home, _ = twice
    with home.begun() as run:
        one, two = (release_diff.of_release(home.releases.get(n), run.landing) for n in home.releases.names()[:2])
        without = replace(one, parts={**one.parts, usage.MEASURE_MONTH.name: {}})
        found = release_diff.between(run.settings, run.landing, run.lake, without, two)
    assert cells(found.table.to_pylist()) == SINCE
    assert found.untold == [f"{one.name} has no usage.measure_month; other use is not compared."]


def by_dataset(rows) -> dict:
    """Before, after, rows removed and rows added, by dataset and column; the column of the row of rows is None."""
    return {
        (r["dataset"], r["column_name"]): tuple(
            None if r[k] is None else int(Decimal(r[k])) for k in ("before", "after", "removed", "added")
        )
        for r in rows
    }


def rows_in(release, dataset: str) -> list[dict]:
    return pq.read_table(release.folder / "parquet" / dataset / "part.parquet").to_pylist()


def _parts(release, name):
    parts = release.section("datasets").get(name, {}).get("partitions", {})
    return {month: {k: part.get(k) for k in ("rows", "content_hash", "values")} for month, part in parts.items()}


@pytest.mark.slow("two releases; tests of the table hold the sums")
def test_what_differs_in_the_ledgers_is_told_by_rows_and_sums_and_only_to_readers_of_the_ledgers(ledgers, laid, dif):
    one = ledgers.current
    laid("invoice_line", "feb", {"invoice_id": "F3", "amount_ore": 54_688})
    two, _ = published(ledgers, datetime.now(UTC), rules=None)

    told_of = by_dataset(rows_in(two, LEDGER_DIFF_DATASET.name))
    entries = len(pq.read_table(one.folder / "parquet" / "ledger.entry"))
    assert told_of["ledger.entry", None] == (entries, entries + 1, 0, 1)
    before, after, *rows = told_of["ledger.entry", "amount_ore"]
    assert (after - before, rows) == (54_688, [None, None])
    assert {dataset.split(".")[0] for dataset, _ in told_of} == {"ledger"}
    assert not any(r["dataset"].startswith("ledger") for r in rows_in(two, RELEASE_DIFF_DATASET.name))

    code, out, err = dif(ledgers, "release", "diff", one.name)
    assert (code, "other batches" in err) == (0, False)
    said = " ".join(out.split())
    assert f"No dispatches or measured quantities differ between {one.name} and {two.name}; " in said
    assert f"ledger.entry amount_ore øre {before} {after} 54688 " in said
    whole = json.loads(dif(ledgers, "release", "diff", one.name, "--json")[1])
    assert {k: v for k, v in by_dataset(whole["datasets"]).items() if k[0].startswith("ledger")} == told_of
    assert set(differences(one, two)) <= {r["dataset"] for r in whole["datasets"]}
    batches = len(pq.read_table(one.folder / "parquet" / "quality.batch"))
    assert f"quality.batch ({batches} → {batches + 1} rows)" in said
    there = one.section("datasets").keys() | two.section("datasets").keys()
    told = {r["dataset"] for r in (*whole["datasets"], *whole["catalogue"])}
    differ = {n for n in there if _parts(one, n) != _parts(two, n)}
    assert differ <= told, "no dataset that differs is left out"

    _, out, _ = dif(ledgers, "release", "diff", two.name, two.name)
    assert out == f"Nothing differs between {two.name} and {two.name}: every content hash is the same.\n"


def test_a_dataset_is_compared_by_the_columns_that_both_releases_have(second, dif):
    one = second.releases.get(second.releases.names()[0])
    for path in (one.folder / "parquet" / "usage.dispatch_day").rglob("*.parquet"):
        older = pq.read_table(path, partitioning=None).drop_columns(["pages"])
        path.unlink()
        pq.write_table(older, path)
    whole = json.loads(dif(second, "release", "diff", one.name, "--json")[1])
    before, after, *_ = by_dataset(whole["datasets"])["usage.dispatch_day", "pages"]
    assert (before, after is not None) == (None, True)


def manifest_says(release, **facts) -> None:
    file = release.folder / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | facts))


@pytest.mark.slow("a form of releases that are long gone")
def test_an_older_release_that_hashed_its_batches_by_name_is_believed(second, dif):
    one, two = (second.releases.get(n) for n in second.releases.names())
    last, fingerprint = two.manifest["made_of"]["journal"]
    entries = landing.open_landing(second.settings).entries
    live = sorted(f"{e.file} {e.sha256}" for e in entries if not e.batch_id.startswith("two"))
    by_name = hashlib.sha256("\n".join(live).encode()).hexdigest()
    assert by_name != fingerprint
    manifest_says(two, made_of=two.manifest["made_of"] | {"journal": [last, by_name]})
    assert told(dif, second, one.name)[1]["untold"] == []
    manifest_says(two, made_of=two.manifest["made_of"] | {"journal": [last, "another"]})
    assert "counted other batches" in told(dif, second, one.name)[1]["untold"][0]


@pytest.mark.slow("makes every month again; tests/assets/test_release_diff.py has the reason")
def test_that_only_the_rules_differ_is_told(first, dif):
    one = first.current
    manifest_says(one, rules="those before")
    published(first, FIRST + timedelta(hours=1), doubts=True)
    untold = told(dif, first, one.name)[1]["untold"]
    assert any(line.startswith("Both count the same batches, by different rules") for line in untold)
