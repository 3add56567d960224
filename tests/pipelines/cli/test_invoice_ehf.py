"""The invoice basis out as EHF drafts and back in, and an invoicing system's items through a register."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from catalog.domain.pricing import vat_ore
from catalog.tables import conformed
from catalog.tables.billing import INVOICE_BASIS
from catalog.tables.registers import INVOICE_ITEM, INVOICE_PARTY
from catalog.tables.streams import INVOICE_LINE
from transport.ingest import ehf, formats, registers
from transport.ingest.opened_file import ReaderInputs
from transport.releases import dataset_reader
from transport.storage.landing import open_landing, utc_now

VENDOR = Path(__file__).resolve().parents[3].parent / "shared" / "vendor"
SELLER = {
    "role": "SELLER",
    "organisation_number": "944496394",
    "name": "Selger",
    "street": "Gata 1",
    "postal_code": "0101",
    "city": "Oslo",
    "reference": None,
    "iban": "NO9386011117947",
    "payment_days": 30,
    "company_register": True,
    "synthetic": True,
}


@pytest.fixture
def dif(dif_in, home):
    return dif_in(home.settings.home)


def applied(home, contract, rows):
    with home.begun() as run:
        registers.apply(run.landing, contract, rows, by="økonomi", reason="prøve", now=utc_now(), applied_at=home.as_of)


def test_drafts_equal_the_basis_to_the_ore_and_come_back_as_the_same_lines(dif, home, tmp_path, monkeypatch):
    code, out, err = dif("invoice", "basis", "2026-Q1", "--out", "ut", "--format", "ehf")
    assert (code, out) == (2, "")
    assert "invoice_party has no SELLER" in err
    assert not (tmp_path / "ut").exists()
    rows = [r for r in dataset_reader.open_dataset(home.current, INVOICE_BASIS).rows() if r["status"] == "READY"]
    basis = [r for r in rows if date(2026, 1, 1) <= r["month"] <= date(2026, 3, 1)]
    payer = basis[0]["payer_number"]
    empty = dict.fromkeys(SELLER)
    buyer = empty | {"role": "BUYER", "organisation_number": payer, "reference": "Ref 7", "city": "Byen"}
    applied(home, INVOICE_PARTY, [SELLER, buyer])
    if ehf.rules_in(VENDOR):
        monkeypatch.setenv("DIF_SCHEMAS_FOLDER", str(VENDOR))
    code, out, _ = dif("invoice", "basis", "2026-Q1", "--out", "ut", "--format", "ehf", "--json")
    told = json.loads(out)
    assert (code, told["official_rules"]) == (0, "met" if ehf.rules_in(VENDOR) else "not run")
    payers = {r["payer_number"] for r in basis}
    assert {Path(f).stem for f in told["drafts"]} == {f"UTKAST-2026-Q1-{p}" for p in payers}
    back = []
    for file in told["drafts"]:
        draft = Path(file)
        root = etree.fromstring(draft.read_bytes())
        reference = root.findtext(f"{{{ehf.BASIC}}}BuyerReference")
        assert reference == ("Ref 7" if draft.stem.endswith(payer) else "Ikke oppgitt")
        sent = tmp_path / "sendt.xml"
        sent.write_bytes(draft.read_bytes().replace(b">UTKAST-", b">"))  # what the invoicing system does
        opened = formats.open_file(sent, INVOICE_LINE, inputs=ReaderInputs(company=SELLER["organisation_number"]))
        lines = [row for chunk in opened.chunks for row in chunk.to_pylist()]
        assert sum(r["vat_ore"] for r in lines) == vat_ore(sum(r["amount_ore"] for r in lines))
        back += lines
    names = ("organisation_number", "account_id", "service", "price_element", "quantity", "unit", "unit_price")

    def lines_of(rows, month, payer):
        return sorted((str(payer(r)), r[month], *(str(r[n]) for n in names), r["amount_ore"]) for r in rows)

    came = lines_of(back, "period", lambda r: r["payer_number"] or r["organisation_number"])
    assert came == lines_of(basis, "month", lambda r: r["payer_number"])
    assert sum(r["amount_ore"] for r in back) == told["ready_ore"]
    before = {f: Path(f).read_bytes() for f in told["drafts"]}
    assert dif("invoice", "basis", "2026-Q1", "--out", "ut", "--format", "ehf")[0] == 0
    assert {f: Path(f).read_bytes() for f in told["drafts"]} == before


@pytest.mark.slow("two runs of the home")
def test_an_unknown_item_waits_in_quarantine_until_the_register_says_what_it_is(dif, home, tmp_path):
    from tests.transport.test_ehf import ubl

    home.settings = home.settings.but(company_number=SELLER["organisation_number"])
    place = home.settings.inbox / "invoice_line" / "faktura"
    place.mkdir(parents=True)
    (place / "1001.xml").write_text(ubl(item="FS-100"), "utf-8")
    (place / "1003.xml").write_text(ubl(item="FS-100", number="1003"), "utf-8")
    (place / "K1.xml").write_text(ubl(number="K1", credit=True, corrects="999"), "utf-8")
    (place / "galt.xml").write_text(ubl(number="1002").replace(">1.56<", ">1.57<"), "utf-8")
    home.run()
    [refused] = (home.settings.inbox / "rejected").rglob("galt.xml.reason.json")
    assert "BR-CO-15" in json.loads(refused.read_text("utf-8"))["problem"]
    assert (place / "1001.xml.receipt.json").is_file()

    def of_item():
        with home.begun() as run:
            held = run.session().table(run.lake.scan(conformed.INVOICE_LINE)).to_pylist()
        return [(r["service"], r["price_element"], r["amount_ore"]) for r in held if r["invoice_id"] == "1001"]

    assert of_item() == []
    assert dif("register", "propose", "invoice_item", "--out", "varer.csv", "--at-least", "0.3")[0] == 0
    with (tmp_path / "varer.csv").open(encoding="utf-8-sig", newline="") as handle:
        [row] = [r for r in csv.DictReader(handle, delimiter=";") if r["item"] == "FS-100"]
    assert (row["name"], row["lines"]) == ("Forsendelser", "2")
    marked = row | {"accept": "ja", "service": "svarut", "price_element": "svarut-forsendelser"}
    with (tmp_path / "varer.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(row), delimiter=";")
        writer.writeheader()
        writer.writerow(marked)
    assert dif("register", "propose", "invoice_item", "--accepted", "varer.csv", "--reason", "prøve")[0] == 0
    accepted = registers.latest(open_landing(home.settings), INVOICE_ITEM).to_pylist()
    assert [r["price_element"] for r in accepted] == ["svarut-forsendelser"]
    applied(home, INVOICE_ITEM, accepted)  # in force at the home's own moment
    home.run()
    assert of_item() == [("svarut", "svarut-forsendelser", 125)]
    told = [lack["problem"] for lack in json.loads(dif("first-month", "--json")[1])["to_check"]]
    assert [one for one in told if "samme linjer" in one] == [
        "Fakturaer med samme linjer som et annet nummer; begge teller: 1003."
    ]
    assert "Fakturalinjer som retter en faktura som ikke har kommet, eller sin egen: 1." in told
