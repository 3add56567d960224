"""The invoice basis as EHF drafts: one UBL 2.1 invoice (Peppol BIS Billing 3) per payer.

A draft has billed nobody: its number begins with UTKAST-, and the invoicing system gives it its own. Lines are those of
the basis that are ready, each with its amount to the øre. VAT is that of the sum, as EN 16931 says (BR-CO-17); a sum of
VAT rounded line by line may differ by some øre.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from catalog.domain import calendar
from catalog.domain.pricing import VAT_PERCENT, vat_ore
from catalog.errors import WrongUse
from catalog.facts import read
from catalog.tables.registers import INVOICE_PARTY
from pipelines.exports.invoice_basis import Basis, Row
from transport.ingest import ehf

if TYPE_CHECKING:
    from transport.ingest.opened_file import Element

NO_REFERENCE = "Ikke oppgitt"
"""The reference where the register has none of the buyer's own: EHF must have one."""
_UNITS = {"måned": "MON", "kvartal": "QAN", "år": "ANN"}
"""UN/ECE Recommendation 20: what a price is for, by the last word of its unit."""
_PIECE = "C62"
_NO, _KR = "NO", "NOK"
_NAMES = {
    row["price_element"]: row["service_on_invoice"].capitalize()
    + ("" if "{" in row["line_text_nb"] else f": {row['line_text_nb'].lower()}")
    for row in read("price_element")
}


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts that were written.

    Attributes:
        files: one a payer.
        amount_ore: their sum without VAT.
        without_reference: payers for whom the register has no reference.
        checked: the official rules were there, and every draft meets them.
    """

    files: Sequence[Path]
    amount_ore: int
    without_reference: Sequence[str]
    checked: bool


def write(basis: Basis, parties: Sequence[Row], folder: Path, rules: Path | None) -> Drafts:
    """Write a draft for each payer with ready lines; the same basis and parties give the same files.

    Args:
        basis: what is to be billed.
        parties: rows of the register `invoice_party`.
        folder: gets a folder named for the quarter and release.
        rules: the folder of the official rules (`ehf.rules_in`), or None.

    Raises:
        WrongUse: the register has no seller, or several.
        Unreadable: a draft breaks a rule; nothing is written.
    """
    sellers = [party for party in parties if party["role"] == "SELLER"]
    if len(sellers) != 1:
        raise WrongUse(
            f"Register {INVOICE_PARTY.name} has {len(sellers) or 'no'} SELLER{'s' if sellers else ''}; EHF needs one.",
            f"dif register export {INVOICE_PARTY.name}, add a row with role SELLER (name, address, days until due), "
            "and apply it.",
        )
    buyers = {str(party["organisation_number"]): party for party in parties if party["role"] == "BUYER"}
    of_payer: dict[str, list[Row]] = defaultdict(list)
    for row in basis.rows:
        if row["status"] == "READY":
            of_payer[str(row["payer_number"])].append(row)
    drafts: dict[str, bytes] = {}
    for payer, rows in sorted(of_payer.items()):
        buyer = {"organisation_number": payer, "name": basis.names.get(payer) or payer}
        registered = {k: v for k, v in buyers.get(payer, {}).items() if v is not None}
        root = document(basis, sellers[0], buyer | registered, rows)
        number = root.findtext(f"{{{ehf.BASIC}}}ID") or ""
        content = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
        if rules:
            ehf.refuse(f"Utkast {number}", ehf.official(etree.fromstring(content), rules))
        drafts[number] = content
    place = folder / f"fakturautkast-{_period(basis)}-{basis.release}"
    place.mkdir(parents=True, exist_ok=True)
    files = [place / f"{number}.xml" for number in drafts]
    for file, content in zip(files, drafts.values(), strict=True):
        file.write_bytes(content)
    missing = [payer for payer in sorted(of_payer) if buyers.get(payer, {}).get("reference") is None]
    return Drafts(files, basis.ready_ore, missing, checked=rules is not None)


def document(basis: Basis, seller: Row, buyer: Row, rows: Sequence[Row]) -> Element:
    """A payer's draft: its ready lines, in the basis' order.

    Args:
        basis: of which quarter and release.
        seller: the seller's row of the register.
        buyer: organisation_number and name, and what else the register says.
        rows: of `ledger.invoice_basis`, all READY.
    """
    amount = sum(int(str(row["amount_ore"])) for row in rows)
    vat = vat_ore(amount)
    issued = calendar.day_in_oslo(datetime.fromisoformat(basis.as_of))
    root = etree.Element(f"{{{ehf.INVOICE}}}Invoice", nsmap={None: ehf.INVOICE, "cac": ehf.AGGREGATE, "cbc": ehf.BASIC})
    _cell(root, "CustomizationID", ehf.CUSTOMIZATION)
    _cell(root, "ProfileID", ehf.PROFILE)
    _cell(root, "ID", f"{ehf.DRAFT}{_period(basis)}-{buyer['organisation_number']}")
    _cell(root, "IssueDate", issued.isoformat())
    _cell(root, "DueDate", (issued + timedelta(days=int(str(seller["payment_days"])))).isoformat())
    _cell(root, "InvoiceTypeCode", "380")
    _cell(root, "Note", _note(basis, rows))
    _cell(root, "DocumentCurrencyCode", _KR)
    _cell(root, "BuyerReference", buyer.get("reference") or NO_REFERENCE)
    _months(root, basis.months)
    _party(_part(root, "AccountingSupplierParty"), seller, registered=True)
    _party(_part(root, "AccountingCustomerParty"), buyer, registered=False)
    if seller.get("iban"):
        means = _part(root, "PaymentMeans")
        _cell(means, "PaymentMeansCode", "30")  # UNTDID 4461: credit transfer
        _cell(_part(means, "PayeeFinancialAccount"), "ID", seller["iban"])
    total = _part(root, "TaxTotal")
    _money(total, "TaxAmount", vat)
    part = _part(total, "TaxSubtotal")
    _money(part, "TaxableAmount", amount)
    _money(part, "TaxAmount", vat)
    _rate(part, "TaxCategory")
    sums = _part(root, "LegalMonetaryTotal")
    _money(sums, "LineExtensionAmount", amount)
    _money(sums, "TaxExclusiveAmount", amount)
    _money(sums, "TaxInclusiveAmount", amount + vat)
    _money(sums, "PayableAmount", amount + vat)
    for number, row in enumerate(rows, 1):
        _line(root, number, row)
    return root


def _line(root: Element, number: int, row: Row) -> None:
    line = _part(root, "InvoiceLine")
    _cell(line, "ID", number)
    unit = str(row["unit"] or "")
    code = _UNITS.get(unit.rpartition("/")[2], _PIECE)
    _cell(line, "InvoicedQuantity", _plain(row["quantity"]), unitCode=code)
    _money(line, "LineExtensionAmount", int(str(row["amount_ore"])))
    month = row["month"]
    _months(line, [month] if isinstance(month, date) else [])
    item = _part(line, "Item")
    channel = f", {row['channel']}" if row["channel"] else ""
    _cell(item, "Name", f"{_NAMES.get(str(row['price_element']), row['price_element'])}{channel}")
    _cell(_part(item, "SellersItemIdentification"), "ID", row["price_element"])
    _rate(item, "ClassifiedTaxCategory")
    for name, value in (
        (ehf.USED_BY, row["organisation_number"]),
        (ehf.ACCOUNT, row["account_id"]),
        (ehf.UNIT, unit),
        ("Kanal", row["channel"]),
        ("Pris fra", row.get("price_from")),
    ):
        if value:
            item_property = _part(item, "AdditionalItemProperty")
            _cell(item_property, "Name", name)
            _cell(item_property, "Value", value)
    _cell(_part(line, "Price"), "PriceAmount", _plain(row["unit_price"]), currencyID=_KR)


def _party(parent: Element, party: Mapping[str, object], *, registered: bool) -> None:
    """A seller or buyer; `registered` adds what Norwegian sellers must state."""
    number = str(party["organisation_number"])
    party_element = _part(parent, "Party")
    _cell(party_element, "EndpointID", number, schemeID=ehf.NORWEGIAN_NUMBER)
    _cell(_part(party_element, "PartyName"), "Name", party["name"])
    address = _part(party_element, "PostalAddress")
    for element, name in (("StreetName", "street"), ("CityName", "city"), ("PostalZone", "postal_code")):
        if party.get(name):
            _cell(address, element, party[name])
    _cell(_part(address, "Country"), "IdentificationCode", _NO)
    if registered:
        _scheme(party_element, f"{_NO}{number}MVA", "VAT")
        if party.get("company_register"):
            _scheme(party_element, "Foretaksregisteret", "TAX")
    entity = _part(party_element, "PartyLegalEntity")
    _cell(entity, "RegistrationName", party["name"])
    _cell(entity, "CompanyID", number, schemeID=ehf.NORWEGIAN_NUMBER)


def _scheme(party: Element, number: str, scheme: str) -> None:
    part = _part(party, "PartyTaxScheme")
    _cell(part, "CompanyID", number)
    _cell(_part(part, "TaxScheme"), "ID", scheme)


def _rate(parent: Element, name: str) -> None:
    rate = _part(parent, name)
    _cell(rate, "ID", "S")
    _cell(rate, "Percent", VAT_PERCENT)
    _cell(_part(rate, "TaxScheme"), "ID", "VAT")


def _months(parent: Element, months: Sequence[date]) -> None:
    period = _part(parent, "InvoicePeriod")
    _cell(period, "StartDate", months[0].isoformat())
    _cell(period, "EndDate", (calendar.next_month(months[-1]) - timedelta(days=1)).isoformat())


def _note(basis: Basis, rows: Sequence[Row]) -> str:
    marks = [f"Utkast fra fakturagrunnlaget for {_period(basis)}, utgave {basis.release}."]
    if any(bool(row["synthetic"]) for row in rows):
        marks.append("Syntetiske tall: skal ikke faktureres.")
    if basis.provisional:
        marks.append("Foreløpig: perioden var ikke over da utgaven ble laget.")
    return " ".join(marks)


def _period(basis: Basis) -> str:
    return basis.quarter if len(basis.months) > 1 else f"{basis.months[0]:%Y-%m}"


def _part(parent: Element, name: str) -> Element:
    return etree.SubElement(parent, f"{{{ehf.AGGREGATE}}}{name}")


def _cell(parent: Element, name: str, value: object, **attributes: str) -> None:
    etree.SubElement(parent, f"{{{ehf.BASIC}}}{name}", attributes).text = str(value)


def _money(parent: Element, name: str, ore: int) -> None:
    _cell(parent, name, f"{Decimal(ore) / 100:.2f}", currencyID=_KR)


def _plain(number: object) -> str:
    """A number as it is written, without needless zeros or an exponent."""
    text = f"{Decimal(str(number)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
