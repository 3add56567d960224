"""The invoice basis from the command line: files that say their release, and what has changed since."""

import csv
import json
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pytest

from catalog.tables.billing import INVOICE_BASIS
from catalog.tables.registers import PRICE_RULE
from catalog.tables.streams import REGISTER
from pipelines.run import steps
from pipelines.run.register_rows import register as register_table
from tests.dashboards.totals import unfooted_sheet
from transport.ingest import inbox, registers
from transport.releases import dataset_reader
from transport.storage.landing import utc_now


@pytest.fixture
def dif(dif_in, home):
    return dif_in(home.settings.home)


def rows_of(release):
    return [r for batch in dataset_reader.open_dataset(release, INVOICE_BASIS).batches for r in batch.to_pylist()]


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle, delimiter=";"))


def test_the_basis_is_written_with_its_release_marked_synthetic_and_held_once(dif, home, tmp_path):
    code, out, err = dif("invoice", "basis", "2026-Q1", "--out", "ut")
    release = home.current.name
    assert (code, err) == (0, "")
    assert f"Held: release {release} for 2026-Q1" in out
    assert "Synthetic" in out
    rows = [r for r in rows_of(home.current) if r["month"].month == 3]
    lines = read(tmp_path / "ut" / f"fakturagrunnlag-2026-Q1-{release}.csv")
    assert len(lines) == len(rows) > 100
    assert {r["release"] for r in lines} == {release}
    total = sum(r["amount_ore"] for r in rows if r["status"] == "READY")
    assert sum(int(r["amount_ore"]) for r in lines if r["status"] == "READY") == total
    book = openpyxl.load_workbook(tmp_path / "ut" / f"fakturagrunnlag-2026-Q1-{release}.xlsx")
    assert book.sheetnames == ["Summer", "Linjer", "Om grunnlaget"]
    assert all(sheet["A1"].value.startswith("Syntetiske tall") for sheet in book)
    assert [fault for sheet in book for fault in unfooted_sheet(sheet.values)] == []
    last = [c.value for c in list(book["Summer"].rows)[-1]]
    assert (last[0], last[3], Decimal(str(last[4]))) == ("Sum", len(rows), Decimal(total) / 100)
    formats = {c.number_format for sheet in book for r in sheet.rows for c in r if c.value is not None}
    assert formats == {"General", "#,##0.00", "yyyy-mm"}  # Excel writes the separators of the reader's country
    assert {r[4].number_format for r in list(book["Summer"].rows)[2:]} == {"#,##0.00"}
    about = {r[0].value: r[1].value for r in book["Om grunnlaget"].rows}
    assert about["Utgave"] == release
    assert about["Innholdssum"] == lines[0]["content_hash"]
    (listed,) = [r for r in json.loads(dif("release", "list", "--json")[1]) if r["release"] == release]
    assert listed["held"] == "register invoice_run"
    told = json.loads(dif("invoice", "basis", "2026-Q1", "--out", "ut", "--json")[1])
    assert (told["lines"], told["ready_ore"], told["release"]) == (len(rows), total, release)
    code, out, _ = dif("invoice", "basis", "2026-Q1", "--out", "ut")
    assert "is already held for 2026-Q1" in out
    [held] = json.loads(dif("register", "history", "invoice_run", "--json")[1])
    assert held["rows"] == 1


def test_every_invoice_is_the_sum_of_its_lines(dif, tmp_path, home):
    assert dif("invoice", "basis", "2026-Q2", "--month", "2026-04")[0] == 0
    book = openpyxl.load_workbook(tmp_path / f"fakturagrunnlag-2026-04-{home.current.name}.xlsx")
    head, *sums = [[c.value for c in r] for r in book["Summer"].rows][1:]
    assert head[0] == "Betaler"
    of_lines = {}
    for row in rows_of(home.current):
        if row["month"].month == 4 and row["status"] == "READY":
            key = row["payer_number"], row["service"]
            of_lines[key] = of_lines.get(key, 0) + row["amount_ore"]
    shown = {(r[0], r[2]): round(Decimal(str(r[4])) * 100) for r in sums[:-1] if r[4]}
    assert shown == {k: v for k, v in of_lines.items() if v}


def test_a_quarter_that_is_not_over_is_provisional_and_a_month_holds_nothing(dif, tmp_path, home):
    code, out, err = dif("invoice", "basis", "2026-Q2")
    assert code == 0
    assert "2026-Q2 is not over in release" in err
    assert "Held" in out
    book = openpyxl.load_workbook(tmp_path / f"fakturagrunnlag-2026-Q2-{home.current.name}.xlsx")
    assert book["Summer"]["A2"].value.startswith("Foreløpig")
    assert "Held" not in dif("invoice", "basis", "2026-Q2", "--month", "2026-04")[1]


@pytest.mark.slow("two runs; tests of the table hold the sums")
def test_what_has_changed_since_the_invoice_date_is_told_in_parts_that_sum_to_it(dif, home, tmp_path):
    assert dif("invoice", "basis", "2026-Q1")[0] == 0
    then = rows_of(home.current)
    _, out, _ = dif("invoice", "diff", "2026-Q1")
    assert "No line has changed." in out
    with home.begun() as run:
        rules = register_table(run, PRICE_RULE).to_pylist()
        dearer = [r | {"amount": r["amount"] * 2} if r["price_element"] == "svarut-forsendelser" else r for r in rules]
        registers.apply(
            run.landing, PRICE_RULE, dearer, by="økonomi", reason="dobbelt", now=utc_now(), applied_at=home.as_of
        )
    home.run()
    code, out, _ = dif("invoice", "diff", "2026-Q1", "--json")
    parts = json.loads(out)
    assert (code, {p["reason"] for p in parts}) == (0, {"PRICE_CHANGE"})
    now = rows_of(home.current)

    def ready(rows):
        return sum(r["amount_ore"] for r in rows if r["month"].month == 3 and r["status"] == "READY")

    assert sum(p["amount_ore"] for p in parts) == ready(now) - ready(then) > 0
    _, out, _ = dif("invoice", "diff", "2026-Q1", "--out", "deler.csv")
    assert "PRICE_CHANGE" in out
    assert len(read(tmp_path / "deler.csv")) == len(parts)


def test_what_cannot_be_answered_says_how_to_ask(dif):
    asked = {
        ("basis", "2026Q1"): "2026-Q4",
        ("basis", "2026-Q5"): "2026-Q4",
        ("basis", "2026-Q1", "--month", "2026-04"): "2026-01, 2026-02, 2026-03",
        ("basis", "2031-Q1"): "There is nothing to bill in 2031-01 to 2031-03",
        ("diff", "2026-Q1"): "dif invoice basis 2026-Q1",
        ("diff", "2026-Q1", "--held", "2020-01-01.1"): "is not in this home",
    }
    for words, said in asked.items():
        code, out, err = dif("invoice", *words)
        assert (code, out) == (2, "")
        assert said in err


def test_without_a_release_there_is_nothing_to_bill(tmp_path, monkeypatch, command):
    monkeypatch.setenv("DIF_HOME", str(tmp_path / "tom"))
    code, _, err = command("invoice", "basis", "2026-Q1")
    assert (code, "There is no release yet" in err, "dif run" in err) == (2, True, True)


def test_price_rules_with_a_gap_or_an_overlap_are_not_applied(dif, tmp_path, home):
    assert dif("register", "export", "price_rule", "regler.csv")[0] == 0
    assert dif("register", "check", "price_rule", "regler.csv")[0] == 0
    head, *rows = (tmp_path / "regler.csv").read_text("utf-8-sig").splitlines()
    names = head.split(";")
    row = dict(zip(names, next(r for r in rows if r.startswith("svarut-forsendelser;")).split(";"), strict=True))

    def refused(*changes):
        more = [";".join((row | c).values()) for c in changes]
        others = [r for r in rows if not r.startswith("svarut-forsendelser;")]
        (tmp_path / "ny.csv").write_text("\n".join([head, *others, *more]), "utf-8")
        answers = [
            dif("register", verb, "price_rule", "ny.csv", *why)
            for verb, why in (("check", ()), ("apply", ("--reason", "ny pris")))
        ]
        assert [code for code, *_ in answers] == [1, 1]
        return answers[1][2]

    later = {"valid_from": "2026-01-01", "amount": "2"}
    assert "has more than one price from 2026-01-01 to 2027-01-01" in refused({}, later)
    assert "has no price from 2025-06-01 to 2026-01-01" in refused({"valid_to": "2025-06-01"}, later)
    assert "valid_to must be after valid_from" in refused({"valid_to": row["valid_from"]})
    assert "svarut-forsendelser has a price without a first day: give it a valid_from" in refused({"valid_from": ""})
    assert register_table(steps.start(home.settings, home.as_of), PRICE_RULE).num_rows == len(rows)


@pytest.mark.slow("a run; applied by command they are refused by the same rule")
def test_price_rules_with_an_overlap_that_are_pushed_are_set_aside_with_the_reason_and_the_version_before_holds(
    home, dif
):
    before = register_table(steps.start(home.settings, home.as_of), PRICE_RULE).to_pylist()
    rule, _next_year = (r for r in before if r["price_element"] == "svarut-forsendelser")
    overlapping = [*before, rule | {"valid_from": date(2026, 1, 1), "amount": Decimal(2)}]
    home.as_of = utc_now() + timedelta(minutes=1)
    table = pa.table(
        {
            "register": [PRICE_RULE.name] * len(overlapping),
            "applied_at": [utc_now()] * len(overlapping),
            "row_number": range(len(overlapping)),
            "applied_by": ["økonomi"] * len(overlapping),
            "reason": ["ny pris"] * len(overlapping),
            "values": [json.dumps(r, default=str) for r in overlapping],
        },
        schema=REGISTER.schema,
    )
    inbox.drop(home.settings.inbox, REGISTER.name, "fagsystem", "nye-priser", table)
    home.run()
    assert register_table(steps.start(home.settings, home.as_of), PRICE_RULE).to_pylist() == before
    aside = json.loads(dif("quarantine", "show", "register", "--limit", 1000, "--json")[1])
    assert {r["rules"][0] for r in aside} == {"register_fits_together"}
    assert all("has more than one price from 2026-01-01 to 2027-01-01" in r["detail"] for r in aside)
    assert len(aside) == len(overlapping)
