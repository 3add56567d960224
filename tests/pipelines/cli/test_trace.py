"""From a krone to its record, its batches and receipts, and the cells that it is in; and back."""

import json
from datetime import date
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from catalog.contracts.language import Audience, Column, DatasetContract
from catalog.tables.datasets import DATASETS
from catalog.tables.ledger import ENTRY, PRODUCT_MONTH
from catalog.text import en, nb
from pipelines.run import steps
from tests.pipelines.conftest import Home, copied, settings_of
from tests.thorough import some
from transport.releases.store import Content, Releases
from transport.storage import landing


@pytest.fixture
def traced(command):
    """Trace in JSON."""

    def traced(*words):
        code, out, err = command("trace", *words, "--json")
        assert code == 0, err
        return json.loads(out)

    return traced


def test_an_entry_leads_to_its_record_its_batch_and_receipt_and_to_its_cell(ledgers_read, traced):
    found = traced("ledger", "cost_entry/B1")
    assert found["entry"] == "cost_entry/system/B1"
    [row] = found["rows"]
    assert (row["account"], row["service"], row["period"], row["amount_ore"]) == (
        "COST",
        "svarut",
        "2026-01-01",
        30_000,
    )
    assert (found["record"]["entry_id"], found["record"]["cost_category"]) == ("B1", "DRIFT")
    [batch] = found["batches"]
    [kept] = [e for e in landing.open_landing(ledgers_read.settings).entries if e.number == batch["number"]]
    assert (kept.stream, batch["row_number"], batch["withdrawn"], batch["in_release"]) == ("cost_entry", 1, None, True)
    assert batch["receipt"] == kept.receipt("accepted")
    [cell] = found["cells"]
    assert (cell["service"], cell["month"], cell["column"]) == ("svarut", "2026-01-01", "cost_drift_ore")
    assert (cell["amount_ore"], cell["cell_ore"]) == (30_000, 30_000)


def test_a_person_reads_the_same(ledgers_read, command):
    code, out, _ = command("trace", "ledger", "F1/1")
    assert code == 0
    for said in ("invoice_line/system/F1/1", "900.00", "income_ore", "svarut-forsendelser", "It landed in:"):
        assert said in out


def test_what_is_shown_of_datasets_is_their_own_columns_and_no_path_of_this_machine(ledgers_read, traced, command):
    of_entry = traced("ledger", "cost_entry/B1")
    of_month = traced("ledger", "--service", "svarut", "--month", "2026-01")
    assert {*of_entry["rows"][0], *of_month["entries"][0]} == {c.name for c in ENTRY.columns}
    assert set(of_month["product_month"]) == {c.name for c in PRODUCT_MONTH.columns}
    for form in ((), ("--json",)):
        assert str(ledgers_read.settings.home) not in command("trace", "ledger", "cost_entry/B1", *form)[1]


@pytest.mark.parametrize("entry", ["B1", "F1/1"])
def test_running_text_is_never_shown(ledgers_read, command, entry):
    for form in ((), ("--json",)):
        assert "fritekst" not in command("trace", "ledger", entry, *form)[1]


def test_what_few_pay_for_use_of_a_protected_service_is_traced_to_a_rounded_sum_that_names_no_invoice(
    ledgers_read, command
):
    books = ledgers_read.current.folder / "parquet" / "ledger.entry"
    entries = [r for p in books.rglob("*.parquet") for r in pq.ParquetFile(p).read().to_pylist()]
    (summed,) = [r for r in entries if r["service"] == "fiks-digisos"]
    assert (summed["amount_ore"], summed["organisation_number"], summed["producer"]) == (200_000, None, "dif")
    assert summed["source_key"] == "avrundet/digisos-gammel-losning-digisosforsendelser/2026-Q1"
    code, out, _ = command("trace", "ledger", summed["source_key"])
    assert (code, "rounded: fewer than 20 payers have them" in out) == (0, True)
    assert command("trace", "ledger", "F2/1")[0] == 2
    assert "958935420" not in out + command("trace", "ledger", summed["source_key"], "--json")[1]
    assert "958935420" in command("trace", "ledger", "F1/1", "--json")[1]


def test_every_batch_that_a_record_came_in_is_named_and_a_withdrawn_one_says_so(ledgers, laid, traced, command):
    laid("cost_entry", "again", {"entry_id": "B1", "amount_ore": 30_000}, {"entry_id": "B7", "amount_ore": 5})
    with ledgers.begun() as run:
        steps.take_in(run)
        batch = run.landing.entries[-1].batch_id
    assert [b["in_release"] for b in traced("ledger", "B1")["batches"]] == [True, False]
    assert command("withdraw", batch, "--reason", "sendt to ganger")[0] == 0
    assert [b["withdrawn"] for b in traced("ledger", "B1")["batches"]] == [None, "sendt to ganger"]
    back = traced("batch", f"system/{batch}")
    assert (back["batch"]["withdrawn"], [r["source_key"] for r in back["entries"]]) == ("sendt to ganger", ["B1"])


def test_a_batch_leads_back_to_its_entries_and_cells_by_name_and_by_number(ledgers_read, traced, command):
    [number] = {b["number"] for b in traced("ledger", "B2")["batches"]}
    by_number = traced("receipt", str(number))
    assert [r["source_key"] for r in by_number["entries"]] == ["B1", "B2"]
    assert [(c["column"], c["amount_ore"]) for c in by_number["cells"]] == [("cost_drift_ore", 30_000)]
    name = f"cost_entry/system/{by_number['batch']['batch_id']}"
    assert traced("batch", name) == by_number
    assert command("trace", "batch", name)[1].startswith(f"Batch {number}  {name}, 2 rows")


def test_a_cell_leads_to_its_entries_the_largest_first_which_sum_to_it(ledgers_read, traced, command):
    found = traced("ledger", "--service", "svarut", "--month", "2026-01")
    assert [(r["source_key"], r["amount_ore"]) for r in found["entries"]] == [("F1/1", 90_000), ("B1", 30_000)]
    assert (found["product_month"]["income_ore"], found["product_month"]["cost_drift_ore"]) == (90_000, 30_000)
    out = command("trace", "ledger", "--service", "svarut", "--month", "2026-01", "--limit", "1")[1]
    assert "… and 1 more" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ledger", "cost_entry/B11"), "Did you mean 'cost_entry/B1'?"),
        (("ledger", "--service", "svarutt", "--month", "2026-01"), "Did you mean 'svarut'?"),
        (("ledger", "--service", "svarut", "--month", "2026-03"), "Did you mean '2026-0"),
        (("ledger", "--service", "svarut", "--month", "mars"), "a month, such as 2026-03"),
        (("ledger", "--service", "svarut"), "one month of one product"),
        (("ledger", "B1", "--service", "svarut"), "one month of one product"),
        (("batch", "system/jann"), "No batch 'system/jann'"),
        (("receipt", "99999"), "No batch with the number '99999'"),
    ],
)
def test_what_is_not_there_is_said_with_what_is_near(ledgers_read, command, words, said):
    code, out, err = command("trace", *words)
    assert (code, out) == (2, "")
    assert said in err


@pytest.fixture(scope="module")
def odd(once, ledgers_once, lay):
    """A home with a release, and records that are in none of its ledgers. No test changes it."""

    def fill(folder):
        home, ahead = copied(ledgers_once, folder / "home"), date(2099, 12, 1)
        lay(home, "invoice_line", "odd", {"invoice_id": "F11", "amount_ore": 1_000, "unit_price": Decimal(7)})
        lay(home, "cost_entry", "one", {"entry_id": "B11", "amount_ore": 5_000})
        lay(home, "cost_entry", "two", {"entry_id": "B11", "amount_ore": 6_000})
        lay(home, "cost_entry", "ahead", {"entry_id": "B99", "amount_ore": 700, "period": ahead, "booked_on": ahead})
        assert home.run(as_of=landing.utc_now()) is not None

    return Home(settings_of(once("odd", fill) / "home"))


@pytest.fixture
def kept_out(odd, command, monkeypatch):
    """Trace one of those records, for a person or in JSON."""
    monkeypatch.setenv("DIF_HOME", str(odd.settings.home))
    return lambda *words: command("trace", "ledger", *words)


@pytest.mark.parametrize(
    "said", some(["F11/1", "invoice_line/F11/1", "invoice_line/system/F11/1"], 1, "more of the same key")
)
def test_a_record_that_was_set_aside_is_told_of_with_its_rule_and_batch(odd, kept_out, said):
    code, out, err = kept_out(said)
    assert (code, err) == (1, "")
    [batch] = [e for e in landing.open_landing(odd.settings).entries if e.batch_id.startswith("odd")]
    for words in (
        f"invoice_line/system/F11/1 is in no ledger of release {odd.current.name}: it is set aside.",
        "amount_ties: Mengde × enhetspris må være lik beløpet.",
        "2026-01, 10.00 kr (synthetic)",
        f"row 1 of batch {batch.number}, system/{batch.batch_id}, received {batch.received_at:%Y-%m-%dT%H:%M:%S}",
        "dif quarantine show invoice_line",
    ):
        assert words in out
    assert "Did you mean" not in out
    for form in ((), ("--json",)):
        assert "fritekst" not in kept_out(said, *form)[1]
        assert "958935420" not in kept_out(said, *form)[1]


def test_every_version_of_a_key_in_conflict_is_told_of(kept_out):
    code, out, _ = kept_out("cost_entry/B11", "--json")
    rows = json.loads(out)["set_aside"]
    assert code == 1
    assert [(r["batch"]["batch_id"][:3], r["amount_ore"]) for r in rows] == [("one", 5_000), ("two", 6_000)]
    assert {r["rules"][0]["rule"] for r in rows} == {"conflict"}
    assert kept_out("cost_entry/B11")[1].count("conflict: Samme nøkkel er sendt med ulikt innhold") == 2


def test_a_record_that_is_held_is_told_of_with_the_day_that_it_waits_for(kept_out):
    code, out, err = kept_out("B99")
    assert (code, err) == (1, "")
    assert "cost_entry/system/B99 is in no ledger of release" in out
    assert "it is held, because its day is 2099-12-01 and the release knows the days up to" in out
    assert "row 1 of batch" in out
    [row] = json.loads(kept_out("B99", "--json")[1])["held"]
    assert (row["of_day"], row["amount_ore"], row["batch"]["withdrawn"]) == ("2099-12-01", 700, None)
    assert "filename" not in row


def test_a_key_that_never_landed_still_gets_the_nearest_name(kept_out):
    code, out, err = kept_out("invoice_line/F12/1")
    assert (code, out) == (2, "")
    assert "Did you mean 'invoice_line/F1/1'?" in err


SHARE = DatasetContract(
    "ledger",
    "allocation",
    nb("Fordeling") | en("Allocation"),
    nb("Én rad per andel.") | en("One row per share."),
    (
        Column("entry_id", pa.string(), nb("Bilag") | en("Entry"), key=True),
        Column("service", pa.string(), nb("Tjeneste") | en("Service"), key=True),
        Column("share", pa.string(), nb("Andel") | en("Share")),
        Column("amount_ore", pa.int64(), nb("Beløp") | en("Amount")),
    ),
    "team:okonomi",
    Audience.LEDGER,
)


def test_an_allocated_cost_shows_the_whole_allocation_and_each_cell_that_it_is_in(ledgers, traced, monkeypatch):
    monkeypatch.setitem(DATASETS, "ledger.allocation", SHARE)
    january = date(2026, 1, 1)
    plain = {
        "source_stream": "cost_entry",
        "producer": "system",
        "source_key": "B2",
        "month": january,
        "period": january,
        "original_period": january,
        "synthetic": True,
    }
    rows = [
        plain | {"service": s, "account": a, "amount_ore": ore}
        for s, a, ore in (
            (None, "COST", 5_000),
            (None, "ALLOCATED_COST", -5_000),
            ("svarut", "ALLOCATED_COST", 3_000),
            ("fiks-io", "ALLOCATED_COST", 2_000),
        )
    ]
    months = {c.name: 0 for c in PRODUCT_MONTH.columns if c.name.endswith("_ore")}
    account = [
        months | {"service": s, "month": january, "allocated_ore": ore, "synthetic": True}
        for s, ore in (("svarut", 3_000), ("fiks-io", 9_000))
    ]
    shares = [
        {"entry_id": e, "service": s, "share": w, "amount_ore": ore}
        for e, s, w, ore in (("B2", "svarut", "3/5", 3_000), ("B2", "fiks-io", "2/5", 2_000), ("X", "svarut", "1", 1))
    ]
    releases = Releases(ledgers.settings)
    contents = [
        Content(contract, table=pa.Table.from_pylist(rows, contract.arrow_schema))
        for contract, rows in ((ENTRY, rows), (PRODUCT_MONTH, account), (SHARE, shares))
    ]
    releases.publish(
        "2099-01-01.1", contents, lambda _: [], {"made_of": {"journal": [99]}}, parent=releases.get("current").name
    )
    found = traced("ledger", "B2")
    assert len(found["rows"]) == 4
    assert [(s["service"], s["share"]) for s in found["allocation"]] == [("fiks-io", "2/5"), ("svarut", "3/5")]
    assert [(c["service"], c["column"], c["amount_ore"], c["cell_ore"]) for c in found["cells"]] == [
        ("fiks-io", "allocated_ore", 2_000, 9_000),
        ("svarut", "allocated_ore", 3_000, 3_000),
    ]
