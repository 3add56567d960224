"""EHF in: documents as rows of `invoice_line`, tied to their own sums, or refused whole with the rule and the mend."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from catalog.errors import Unreadable
from catalog.tables.streams import INVOICE_LINE
from transport.ingest import ehf, formats
from transport.ingest.opened_file import ReaderInputs

VENDOR = Path(__file__).resolve().parents[2].parent / "shared" / "vendor"
RULES = ehf.rules_in(VENDOR)
needs_rules = pytest.mark.skipif(RULES is None, reason="not run: the official rules of Peppol are not here")
CUSTOMER, OTHER, SELLER = "920415288", "958935420", "944496394"
VAT = {"S": 25, "E": 0}


def kr(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)


def cell(name: str, value: object, more: str = "") -> str:
    return f"<cbc:{name}{more}>{value}</cbc:{name}>"


def rate(name: str, category: str) -> str:
    exempt = cell("TaxExemptionReason", "Unntatt") if category == "E" and name == "TaxCategory" else ""
    scheme = f"<cac:TaxScheme>{cell('ID', 'VAT')}</cac:TaxScheme>"
    return f"<cac:{name}>{cell('ID', category)}{cell('Percent', VAT[category])}{exempt}{scheme}</cac:{name}>"


def extra(amount: Decimal, category: str = "") -> str:
    says = cell("ChargeIndicator", str(amount > 0).lower()) + cell("AllowanceChargeReason", "Rabatt")
    vat = rate("TaxCategory", category) if category else ""
    return f"<cac:AllowanceCharge>{says}{cell('Amount', abs(amount), NOK)}{vat}</cac:AllowanceCharge>"


NOK = ' currencyID="NOK"'
LINE = {"quantity": Decimal(10), "price": Decimal("0.125"), "category": "S", "extras": ()}
MONTH = "<cbc:StartDate>2026-01-01</cbc:StartDate><cbc:EndDate>2026-01-31</cbc:EndDate>"
PERIOD = f"<cac:InvoicePeriod>{MONTH}</cac:InvoicePeriod>"


def party(kind: str, number: str) -> str:
    scheme = ' schemeID="0192"'
    return (
        f"<cac:{kind}><cac:Party>{cell('EndpointID', number, scheme)}"
        f"<cac:PartyName>{cell('Name', 'Navn')}</cac:PartyName><cac:PostalAddress><cac:Country>"
        f"{cell('IdentificationCode', 'NO')}</cac:Country></cac:PostalAddress>"
        + (
            f"<cac:PartyTaxScheme>{cell('CompanyID', f'NO{number}MVA')}<cac:TaxScheme>{cell('ID', 'VAT')}"
            "</cac:TaxScheme></cac:PartyTaxScheme>"
            if kind == "AccountingSupplierParty"
            else ""
        )
        + f"<cac:PartyLegalEntity>{cell('RegistrationName', 'Navn')}{cell('CompanyID', number, scheme)}"
        f"</cac:PartyLegalEntity></cac:Party></cac:{kind}>"
    )


def ubl(lines=(LINE,), extras=(), *, number="1001", credit=False, corrects="", item="svarut-forsendelser") -> str:
    """A document that ties: amounts, VAT by category and totals are computed from the lines."""
    kind = "CreditNote" if credit else "Invoice"
    quantity = "CreditedQuantity" if credit else "InvoicedQuantity"
    bases: dict[str, Decimal] = {}
    body, whole = "", Decimal(0)
    for n, line in enumerate(lines, 1):
        amount = kr(line["quantity"] * line["price"]) + sum(line["extras"], Decimal(0))
        whole += amount
        bases[line["category"]] = bases.get(line["category"], Decimal(0)) + amount
        unit = ' unitCode="C62"'
        body += (
            f"<cac:{kind}Line>{cell('ID', n)}{cell(quantity, line['quantity'], unit)}"
            f"{cell('LineExtensionAmount', amount, NOK)}{''.join(map(extra, line['extras']))}<cac:Item>"
            f"{cell('Name', 'Forsendelser')}<cac:SellersItemIdentification>{cell('ID', item)}"
            f"</cac:SellersItemIdentification>{rate('ClassifiedTaxCategory', line['category'])}</cac:Item>"
            f"<cac:Price>{cell('PriceAmount', line['price'], NOK)}</cac:Price></cac:{kind}Line>"
        )
    added = ""
    for amount, category in extras:
        bases[category] = bases.get(category, Decimal(0)) + amount
        added += extra(amount, category)
    vat = {category: kr(base * VAT[category] / 100) for category, base in bases.items()}
    less, more = -sum(a for a, _ in extras if a < 0), sum(a for a, _ in extras if a > 0)
    exclusive, tax = whole - less + more, sum(vat.values())
    sums = {"LineExtensionAmount": whole, "TaxExclusiveAmount": exclusive, "TaxInclusiveAmount": exclusive + tax}
    sums |= {"AllowanceTotalAmount": kr(Decimal(less)), "ChargeTotalAmount": kr(Decimal(more))}
    sums |= {"PayableAmount": exclusive + tax}
    parts = "".join(
        f"<cac:TaxSubtotal>{cell('TaxableAmount', base, NOK)}{cell('TaxAmount', vat[c], NOK)}{rate('TaxCategory', c)}"
        "</cac:TaxSubtotal>"
        for c, base in bases.items()
    )
    reference = f"<cac:InvoiceDocumentReference>{cell('ID', corrects)}</cac:InvoiceDocumentReference>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2" '
        f'xmlns:cac="{ehf.AGGREGATE}" xmlns:cbc="{ehf.BASIC}">{cell("CustomizationID", ehf.CUSTOMIZATION)}'
        f"{cell('ProfileID', ehf.PROFILE)}{cell('ID', number)}{cell('IssueDate', '2026-02-10')}"
        f"{'' if credit else cell('DueDate', '2026-03-10')}"
        f"{cell(f'{kind}TypeCode', '381' if credit else '380')}{cell('DocumentCurrencyCode', 'NOK')}"
        f"{cell('BuyerReference', 'ref')}{PERIOD}"
        f"{f'<cac:BillingReference>{reference}</cac:BillingReference>' if corrects else ''}"
        f"{party('AccountingSupplierParty', SELLER)}{party('AccountingCustomerParty', CUSTOMER)}{added}"
        f"<cac:TaxTotal>{cell('TaxAmount', tax, NOK)}{parts}</cac:TaxTotal><cac:LegalMonetaryTotal>"
        + "".join(cell(name, amount, NOK) for name, amount in sums.items())
        + f"</cac:LegalMonetaryTotal>{body}</{kind}>"
    )


def read(folder: Path, text: str | bytes, name="faktura.xml", **more) -> list[dict]:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    opened = formats.open_file(folder / name, INVOICE_LINE, inputs=ReaderInputs(**{"company": SELLER} | more))
    return [row for chunk in opened.chunks for row in chunk.to_pylist()]


def rows_of(text: str) -> list[dict]:
    return ehf.rows(ehf.parsed(etree.fromstring(text.encode())))


# --- official examples -----------------------------------------------------------------------------------------------


def norwegian(text: str) -> str:
    """An official example in kroner, for a Norwegian customer: all that is of other countries, changed."""
    text = re.sub(r'currencyID= ?"\w{3}"', 'currencyID="NOK"', text)
    text = re.sub(r"(<cbc:DocumentCurrencyCode>)\w{3}", r"\1NOK", text)
    before, after = text.split("<cac:AccountingCustomerParty>")
    entity = f'<cac:PartyLegalEntity><cbc:CompanyID schemeID="0192">{CUSTOMER}</cbc:CompanyID></cac:PartyLegalEntity>'
    after = re.sub(r"<cac:PartyLegalEntity>.*?</cac:PartyLegalEntity>", entity, after, count=1, flags=re.DOTALL)
    text = f"{before}<cac:AccountingCustomerParty>{after}"
    if "<cac:InvoicePeriod>" not in text and "ActualDeliveryDate" not in text:
        text = re.sub(r"(\s*<cac:AccountingSupplierParty>)", rf"{PERIOD}\1", text, count=1)
    return re.sub(r"(<cbc:ID>)Snippet1(</cbc:ID>\s*<cbc:IssueDate>)", r"\1Nr-7\2", text, count=1)


@pytest.mark.corpus
@needs_rules
@pytest.mark.parametrize("file", sorted(p.name for p in (RULES or Path()).glob("*.xml")))
def test_official_examples_are_taken_in_cell_by_cell(file):
    text = norwegian((RULES / file).read_text("utf-8"))
    assert [b for b in ehf.official(etree.fromstring((RULES / file).read_bytes()), RULES) if b.fatal] == []
    rows = rows_of(text)
    # an independent reading: another parser, by the local names of elements
    root = ET.fromstring(text)
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    credit = root.tag == "CreditNote"
    sign = -1 if credit else 1
    lines = [e for e in root if e.tag in ("InvoiceLine", "CreditNoteLine")]
    folded = 0
    for n, (line, row) in enumerate(zip(lines, rows, strict=False), 1):
        item = line.find("Item")
        quantity = line.find("CreditedQuantity" if credit else "InvoicedQuantity")
        price = Decimal(line.findtext("Price/PriceAmount")) / Decimal(line.findtext("Price/BaseQuantity", "1"))
        assert row["line_number"] == n
        assert row["price_element"] == (item.findtext("SellersItemIdentification/ID") or item.findtext("Name"))
        assert row["line_text"] == item.findtext("Name")
        assert (row["quantity"], row["unit"]) == (sign * Decimal(quantity.text), quantity.get("unitCode"))
        net = line.find("AllowanceCharge") is not None and row["amount_ore"] == sign * 100 * Decimal(
            line.findtext("LineExtensionAmount")
        )
        folded += len(line.findall("AllowanceCharge")) if net else 0
        assert net or row["unit_price"] == price
        assert (row["invoice_id"], row["organisation_number"]) == (root.findtext("ID"), CUSTOMER)
        assert row["corrects_invoice_id"] == root.findtext("BillingReference/InvoiceDocumentReference/ID")
        assert row["invoiced_on"] == date.fromisoformat(root.findtext("IssueDate"))
    more = len(root.findall("AllowanceCharge")) + sum(len(line.findall("AllowanceCharge")) for line in lines)
    assert len(rows) == len(lines) + more - folded
    total = root.find("LegalMonetaryTotal")
    assert sum(row["amount_ore"] for row in rows) == sign * Decimal(total.findtext("TaxExclusiveAmount")) * 100
    assert sum(row["vat_ore"] for row in rows) == sign * Decimal(root.findtext("TaxTotal/TaxAmount")) * 100


# --- generated documents ---------------------------------------------------------------------------------------------

cents = st.integers(1, 99_999).map(lambda n: Decimal(n) / 100)
signed = st.tuples(cents, st.booleans()).map(lambda x: x[0] if x[1] else -x[0])
a_line = st.fixed_dictionaries(
    {
        "quantity": st.integers(-9_999_999, 9_999_999).map(lambda n: Decimal(n) / 10_000),
        "price": st.integers(0, 999_999_999).map(lambda n: Decimal(n) / 1_000_000),
        "category": st.sampled_from("SE"),
        "extras": st.lists(signed, max_size=2),
    }
)


@given(
    lines=st.lists(a_line, min_size=1, max_size=5),
    extras=st.lists(st.tuples(signed, st.sampled_from("SE")), max_size=2),
    credit=st.booleans(),
    broken=st.sampled_from(["TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount", "LineExtensionAmount"]),
)
def test_rows_sum_to_the_document_and_a_document_an_ore_off_is_refused(lines, extras, credit, broken):
    text = ubl(lines, extras, credit=credit, corrects="1000" if credit else "")
    rows, root = rows_of(text), ET.fromstring(text)
    sign = -1 if credit else 1
    amount = {e.tag.rpartition("}")[2]: Decimal(e.text) for e in root.iter() if "Amount" in e.tag and e.text}
    assert sum(row["amount_ore"] for row in rows) == sign * amount["TaxExclusiveAmount"] * 100
    assert (
        sum(row["vat_ore"] for row in rows)
        == sign * (amount["TaxInclusiveAmount"] - amount["TaxExclusiveAmount"]) * 100
    )
    assert [row["line_number"] for row in rows] == list(range(1, len(rows) + 1))
    for row in rows:
        made = (row["quantity"] * row["unit_price"] * 100).quantize(Decimal(1), ROUND_HALF_UP)
        assert made == row["amount_ore"]
        assert row["vat_ore"] == 0 or abs(row["vat_ore"] - Decimal(row["amount_ore"]) / 4) <= 1
    wrong = re.sub(
        rf"(<cbc:{broken} [^>]*>)([^<]*)", lambda m: f"{m[1]}{Decimal(m[2]) + Decimal('0.01')}", text, count=1
    )
    with pytest.raises(Unreadable, match=r"\(regel (BR-CO-1|BR-S-08)|R120"):
        rows_of(wrong)


@needs_rules
@given(lines=st.lists(a_line, min_size=1, max_size=3), credit=st.booleans())
def test_what_the_official_rules_accept_here_is_accepted_there(lines, credit):
    text = ubl(lines, credit=credit, corrects="1000" if credit else "")
    assert [fault for fault in ehf.official(etree.fromstring(text.encode()), RULES) if fault.fatal] == []


# --- one by one ------------------------------------------------------------------------------------------------------


def test_a_credit_note_has_the_opposite_sign_and_names_what_it_corrects(tmp_path):
    [row] = read(tmp_path, ubl(credit=True, corrects="1001", number="2001"))
    assert (row["quantity"], row["amount_ore"], row["vat_ore"]) == (-10, -125, -31)
    assert (row["corrects_invoice_id"], row["period"]) == ("1001", date(2026, 1, 1))
    assert (row["service"], row["price_element"]) == ("svarut", "svarut-forsendelser")


def test_a_line_says_who_used_it_and_a_rounding_and_a_base_quantity_keep_the_amount(tmp_path):
    used = f"<cac:AdditionalItemProperty>{cell('Name', ehf.USED_BY)}{cell('Value', OTHER)}</cac:AdditionalItemProperty>"
    text = ubl([LINE | {"quantity": Decimal(3), "price": Decimal("100.00")}]).replace(
        "</cac:Item>", f"{used}</cac:Item>"
    )
    [row] = read(tmp_path, text)
    assert (row["organisation_number"], row["payer_number"]) == (OTHER, CUSTOMER)
    per_three = text.replace("</cac:Price>", f"{cell('BaseQuantity', 3)}</cac:Price>").replace("300.00", "100.00")
    per_three = per_three.replace(">75.00<", ">25.00<").replace(">375.00<", ">125.00<")
    [row] = read(tmp_path, per_three)
    assert (row["quantity"], row["unit_price"], row["amount_ore"]) == (1, 100, 10_000)
    ored = text.replace(">300.00<", ">300.01<").replace(">375.00<", ">375.01<")
    first, rounding = read(tmp_path, ored)
    assert (first["amount_ore"], rounding["amount_ore"], rounding["line_text"]) == (30_000, 1, "Avrunding")


def test_a_lines_allowance_is_in_its_price_and_counts_no_unit(tmp_path):
    [row] = read(tmp_path, ubl([LINE | {"quantity": Decimal(1), "price": Decimal(12000), "extras": (Decimal(-2000),)}]))
    assert (row["quantity"], row["unit_price"], row["amount_ore"], row["vat_ore"]) == (1, 10_000, 1_000_000, 250_000)
    rows = read(tmp_path, ubl([LINE | {"quantity": Decimal(3), "price": Decimal(100), "extras": (Decimal(-10),)}]))
    assert [row["amount_ore"] for row in rows] == [30_000, -1_000]  # no exact price per unit


GOOD = ubl()
BAD = {
    "wrong profile": (GOOD.replace("billing:01:1.0", "ordering:01"), "følger ikke Peppol BIS Billing 3"),
    "EHF 2": (GOOD.replace(ehf.CUSTOMIZATION, "urn:www.cenbii.eu:transaction"), "følger ikke Peppol BIS Billing 3"),
    "wrong namespace": (GOOD.replace("schema:xsd:Invoice-2", "schema:xsd:Invoice-1"), "som ikke leses her"),
    "an order": (GOOD.replace("Invoice ", "Order ").replace("</Invoice>", "</Order>"), "som ikke leses her"),
    "encoding": (GOOD.replace("Navn", "Ås").encode("latin-1"), "ikke gyldig XML"),
    "truncated": (GOOD[: len(GOOD) // 2], "ikke gyldig XML"),
    "an entity": (GOOD.replace("?>", '?><!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]>', 1), "DOCTYPE"),
    "unknown customer": (GOOD.replace(CUSTOMER, "123456789"), "ikke kundens organisasjonsnummer"),
    "foreign currency": (GOOD.replace("NOK", "SEK"), "er i SEK, ikke NOK"),
    "a credit note to nothing": (ubl(credit=True), "hvilken faktura den retter"),
    "a credit note to itself": (ubl(credit=True, corrects="1001"), "retter seg selv"),
    "no period": (GOOD.replace(PERIOD, ""), "hvilken periode"),
    "a draft": (ubl(number="UTKAST-2026-Q1-920415288"), "er et utkast"),
    "no lines": (re.sub("<cac:InvoiceLine>.*</cac:InvoiceLine>", "", GOOD), "BR-16"),
    "no number": (GOOD.replace("<cbc:ID>1001</cbc:ID>", ""), "<ID> mangler"),
    "a week": (GOOD.replace(">2026-02-10<", ">2026-W07-2<"), "er ingen dato"),
    "digits of another script": (GOOD.replace(">0.125<", ">0.12\u0665<"), "er ikke et tall"),
    "a negative price": (ubl([LINE | {"quantity": Decimal(-10), "price": Decimal("-0.125")}]), "BR-27"),
    "a comma": (GOOD.replace(">0.125<", ">0,125<"), "er ikke et tall"),
    "a line that does not tie": (GOOD.replace(">0.125<", ">0.225<"), "R120"),
    "VAT that does not tie": (GOOD.replace(">0.31<", ">0.41<").replace(">1.56<", ">1.66<"), "BR-CO-17"),
    "a total that does not tie": (GOOD.replace(">1.56<", ">1.57<"), "BR-CO-15"),
    "a huge amount": (ubl([LINE | {"quantity": Decimal(10**13), "price": Decimal(10**11)}]), "større enn"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_document_is_refused_with_the_mend(tmp_path, what):
    text, why = BAD[what]
    with pytest.raises(Unreadable, match=re.escape(why)) as refused:
        read(tmp_path, text)
    assert refused.value.mend


def test_an_invoice_of_another_seller_is_refused(tmp_path):
    assert read(tmp_path, GOOD, company=SELLER)
    with pytest.raises(Unreadable, match=f"er fra {SELLER}, ikke fra {OTHER}"):
        read(tmp_path, GOOD, company=OTHER)
    assert read(tmp_path, GOOD, company="944 496 394")
    with pytest.raises(Unreadable, match="company_number er ikke satt") as refused:
        read(tmp_path, GOOD, company="")
    assert "DIF_COMPANY_NUMBER" in refused.value.mend


def test_a_zip_is_one_batch_and_the_same_invoice_under_two_numbers_is_refused(tmp_path):
    def packed(*texts):
        with zipfile.ZipFile(tmp_path / "alle.zip", "w") as archive:
            for n, text in enumerate(texts):
                archive.writestr(f"{n}.xml", text)
        return read(tmp_path, (tmp_path / "alle.zip").read_bytes(), "alle.zip")

    other = ubl([LINE | {"quantity": Decimal(20)}], number="1002")
    assert {row["invoice_id"] for row in packed(GOOD, other)} == {"1001", "1002"}
    with pytest.raises(Unreadable, match="Faktura 1002 er lik Faktura 1001"):
        packed(GOOD, ubl(number="1002"))
    with pytest.raises(Unreadable, match="Faktura 1002 står to ganger, med ulikt innhold"):
        packed(other, ubl(number="1002"))
    with pytest.raises(Unreadable, match="1001 står både på en faktura og på en kreditnota"):
        packed(GOOD, ubl(credit=True, corrects="1000"))
    with pytest.raises(Unreadable, match="BR-CO-15"):
        packed(other, BAD["a total that does not tie"][0])


@needs_rules
def test_official_rules_are_told_by_id_and_line_in_norwegian(tmp_path):
    assert read(tmp_path, GOOD, schemas=str(VENDOR))
    with pytest.raises(Unreadable, match=r"PEPPOL-EN16931-R003, <Invoice> på filens linje \d+: Kundens referanse"):
        read(tmp_path, GOOD.replace("<cbc:BuyerReference>ref</cbc:BuyerReference>", ""), schemas=str(VENDOR))
    with pytest.raises(Unreadable, match=r"BR-CL-23, .*reglene sier «Unit code MUST be coded"):
        read(tmp_path, GOOD.replace('unitCode="C62"', 'unitCode="STYKK"'), schemas=str(VENDOR))
