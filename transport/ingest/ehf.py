"""Reads EHF: invoices and credit notes in UBL 2.1 (Peppol BIS Billing 3) as rows of `invoice_line`.

Two steps, both pure: `parsed` reads a document's cells as they are written, and `rows` makes lines of them. A document
whose amounts do not tie to its own totals is refused whole; the rule's id is that of EN 16931 or Peppol. These checks
are always made. The official Schematron is checked too where its files lie in a folder (`official`).

What does *not* belong here: which service an item is (the register `invoice_item`, at conform).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_FLOOR, Decimal, localcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from lxml import etree

from catalog.contracts.language import StreamContract
from catalog.domain import identity
from catalog.domain.products import SERVICE_OF_ELEMENT
from catalog.errors import TooLarge, Unreadable
from transport.ingest import schematron
from transport.ingest.opened_file import DAMAGE, SAFE, OpenedFile, Part, ReaderInputs, damaged, not_xml, refuse_type

if TYPE_CHECKING:
    from transport.ingest.opened_file import Element

INVOICE = "urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
CREDIT_NOTE = "urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2"
BASIC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
AGGREGATE = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
NORWEGIAN_NUMBER = "0192"
"""The code list's name of Norwegian organisation numbers (ISO 6523 ICD)."""
DRAFT = "UTKAST-"
"""How the number of a draft begins: it has billed nobody, and is not read."""
USED_BY, ACCOUNT, UNIT = "Organisasjonsnummer", "Konto", "Enhet"
"""Names of item properties (BG-32): who used the service, its account, and the unit in words."""
RULE_FILES = ("CEN-EN16931-UBL.sch", "PEPPOL-EN16931-UBL.sch")
RULES_FROM = "https://docs.peppol.eu/poacc/billing/3.0/"
"""Where OpenPeppol publishes both files of rules."""
_CURRENCY = "NOK"
_ORE = Decimal(100)
_ROUNDING_ORE = 2
"""What a line's amount may differ from quantity times price: the slack of PEPPOL-EN16931-R120."""
_DIGITS = 28
_PRICE_PLACES, _QUANTITY_PLACES = 6, 4
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PROFILE = re.compile(r"urn:fdc:peppol\.eu:2017:poacc:billing:\d\d:1\.0")
_PIECE = "C62"
"""UN/ECE Recommendation 20: one."""
_LARGEST = 64 << 20
"""Bytes of a document: one of ten thousand lines has twenty million."""
_MEND = "Rett dokumentet i faktureringssystemet, og send det på nytt."
_NAMES = {"cbc": BASIC, "cac": AGGREGATE}
_IN_NORWEGIAN = {
    "BR-02": "Fakturaen mangler nummer.",
    "BR-03": "Fakturaen mangler dato.",
    "BR-06": "Selgerens navn mangler.",
    "BR-07": "Kundens navn mangler.",
    "BR-08": "Selgerens adresse mangler.",
    "BR-10": "Kundens adresse mangler.",
    "BR-16": "Fakturaen har ingen linjer.",
    "BR-21": "En linje mangler nummer.",
    "BR-22": "En linje mangler mengde.",
    "BR-23": "En linje mangler enhet.",
    "BR-24": "En linje mangler beløp.",
    "BR-25": "En linje mangler navn på varen eller tjenesten.",
    "BR-26": "En linje mangler pris.",
    "BR-27": "En pris er negativ; skriv heller mengden negativ.",
    "BR-CO-10": "Summen av linjene er ikke lik beløpet for linjene.",
    "BR-CO-11": "Summen av fradragene er ikke lik dokumentets fradrag.",
    "BR-CO-12": "Summen av tilleggene er ikke lik dokumentets tillegg.",
    "BR-CO-13": "Beløpet uten mva. er ikke linjene minus fradrag pluss tillegg.",
    "BR-CO-14": "Mva. i alt er ikke summen av mva. per sats.",
    "BR-CO-15": "Beløpet med mva. er ikke beløpet uten mva. pluss mva.",
    "BR-CO-16": "Beløpet å betale er ikke beløpet med mva. minus forskudd pluss avrunding.",
    "BR-CO-17": "Mva. for en sats er ikke grunnlaget ganger satsen.",
    "BR-CO-25": "Forfallsdato eller betalingsbetingelser mangler.",
    "BR-S-08": "Grunnlaget for en mva.-sats er ikke summen av linjene med satsen.",
    "NO-R-001": "Selgerens mva.-nummer må være NO, organisasjonsnummeret og MVA.",
    "PEPPOL-EN16931-R001": "Profilen mangler (ProfileID).",
    "PEPPOL-EN16931-R003": "Kundens referanse eller bestillingsnummer mangler.",
    "PEPPOL-EN16931-R004": "Dokumentet sier ikke at det følger Peppol BIS Billing 3 (CustomizationID).",
    "PEPPOL-EN16931-R007": "Profilen har feil form (ProfileID).",
    "PEPPOL-EN16931-R008": "Dokumentet har et tomt element.",
    "PEPPOL-EN16931-R010": "Kundens elektroniske adresse mangler (EndpointID).",
    "PEPPOL-EN16931-R020": "Selgerens elektroniske adresse mangler (EndpointID).",
    "PEPPOL-EN16931-R120": "Beløpet på en linje er ikke mengde ganger pris med tillegg og fradrag.",
    "PEPPOL-COMMON-R041": "Et norsk organisasjonsnummer er ikke gyldig.",
}
"""What the rules that senders meet most say. The others are told in their own words."""


@dataclass(frozen=True, slots=True)
class Extra:
    """An allowance or a charge: its amount with the sign it adds by, why, and its VAT; without, its line's VAT."""

    charge: bool
    amount: Decimal
    why: str
    vat: tuple[str, Decimal] | None
    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Line:
    """A line's cells as written.

    Attributes:
        item: the seller's id of the item, or else its name.
        period: the first day of the period that it is for, if the line gives one.
        vat: the VAT category and its percentage.
        properties: the item's properties by name.
        at: the line of the file.
    """

    number: str
    item: str
    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    base_quantity: Decimal
    amount: Decimal
    period: date | None
    vat: tuple[str, Decimal]
    extras: tuple[Extra, ...]
    properties: dict[str, str]
    at: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Document:
    """An invoice or a credit note; amounts are kroner, with the signs as written."""

    number: str
    credit: bool
    issued_on: date
    customer: str
    seller: str
    period: date | None
    corrects: str | None
    lines: tuple[Line, ...]
    extras: tuple[Extra, ...]
    totals: dict[str, Decimal]
    vat: dict[tuple[str, Decimal], tuple[Decimal, Decimal]]

    @property
    def called(self) -> str:
        """The document's name in messages."""
        return f"{'Kreditnota' if self.credit else 'Faktura'} {self.number}"


# --- cells -----------------------------------------------------------------------------------------------------------


def parsed(root: Element) -> Document:
    """Read a document's cells.

    Raises:
        Unreadable: it is of another profile or in another currency, or lacks what its lines need.
    """
    credit = root.tag == f"{{{CREDIT_NOTE}}}CreditNote"
    kind = "Kreditnota" if credit else "Faktura"
    number = _needed(root, "cbc:ID", f"{kind} uten nummer")
    called = f"{kind} {number}"
    customization, profile = _text(root, "cbc:CustomizationID"), _text(root, "cbc:ProfileID")
    if not customization.startswith(CUSTOMIZATION) or not _PROFILE.fullmatch(profile):
        raise Unreadable(
            f"{called} følger ikke Peppol BIS Billing 3: CustomizationID er «{customization[:120]}» og ProfileID er "
            f"«{profile[:80]}».",
            f"Eksporter som EHF 3.0 (CustomizationID {CUSTOMIZATION}).",
        )
    if number.startswith(DRAFT):
        raise Unreadable(f"{called} er et utkast og har ikke fakturert noen.", "Send fakturaen som kunden fikk.")
    # the VAT in the seller's own currency, which may be another, stands directly below TaxTotal
    stated = root.xpath("//cbc:*/@currencyID[not(../parent::cac:TaxTotal)]", namespaces=_NAMES)
    currencies = {_text(root, "cbc:DocumentCurrencyCode"), *map(str, stated if isinstance(stated, list) else ())}
    if currencies != {_CURRENCY}:
        raise Unreadable(
            f"{called} er i {', '.join(sorted(currencies - {_CURRENCY, ''})) or 'ukjent valuta'}, ikke {_CURRENCY}.",
            "Fakturer i norske kroner: EHF sier ikke hvilken kurs som gjaldt.",
        )
    references = list(dict.fromkeys(_texts(root, "cac:BillingReference/cac:InvoiceDocumentReference/cbc:ID")))
    if (credit and not references) or len(references) > 1:
        what = "sier ikke hvilken faktura den retter" if not references else f"retter {len(references)} fakturaer"
        mend = "Lag én kreditnota per faktura, med fakturaens nummer i BillingReference."
        raise Unreadable(f"{called} {what}.", mend)
    if references == [number]:
        raise Unreadable(f"{called} sier at den retter seg selv.", "Skriv nummeret på fakturaen den retter.")
    lines = root.findall("cac:CreditNoteLine" if credit else "cac:InvoiceLine", _NAMES)
    if not lines:
        raise _tied("BR-16", called, root)
    total = _only_child(root, "cac:LegalMonetaryTotal", called)
    whole = _only_child(root, "cac:TaxTotal", called)
    vat: dict[tuple[str, Decimal], tuple[Decimal, Decimal]] = {}
    for part in whole.findall("cac:TaxSubtotal", _NAMES):
        rate = _rate(part, "cac:TaxCategory", called)
        base, tax = vat.get(rate, (Decimal(0), Decimal(0)))
        vat[rate] = (base + _kroner(part, "cbc:TaxableAmount", called), tax + _kroner(part, "cbc:TaxAmount", called))
    optional = ("AllowanceTotalAmount", "ChargeTotalAmount", "PrepaidAmount", "PayableRoundingAmount")
    required = ("LineExtensionAmount", "TaxExclusiveAmount", "TaxInclusiveAmount", "PayableAmount")
    totals = {name: _kroner(total, f"cbc:{name}", called) for name in required}
    totals |= {name: _kroner(total, f"cbc:{name}", called, missing=Decimal(0)) for name in optional}
    totals["TaxAmount"] = _kroner(whole, "cbc:TaxAmount", called)
    delivered = _day(root, "cac:Delivery/cbc:ActualDeliveryDate", called)
    issued = _day(root, "cbc:IssueDate", called)
    if issued is None:
        raise _tied("BR-03", called, root)
    return Document(
        number=number,
        credit=credit,
        issued_on=issued,
        customer=_customer(root, called),
        seller=_organisation(root, "cac:AccountingSupplierParty"),
        period=_period(root, called) or delivered,
        corrects=references[0] if references else None,
        lines=tuple(_line(line, called, credit=credit) for line in lines),
        extras=tuple(_extra(extra, called) for extra in root.findall("cac:AllowanceCharge", _NAMES)),
        totals=totals,
        vat=vat,
    )


def _line(line: Element, called: str, *, credit: bool) -> Line:
    place = f"{called}, linje {_text(line, 'cbc:ID') or '?'}"
    quantity = _only_child(line, "cbc:CreditedQuantity" if credit else "cbc:InvoicedQuantity", place)
    item, price = _only_child(line, "cac:Item", place), _only_child(line, "cac:Price", place)
    name = _needed(item, "cbc:Name", place)
    properties = {
        _text(element, "cbc:Name"): _text(element, "cbc:Value")
        for element in item.findall("cac:AdditionalItemProperty", _NAMES)
    }
    base = _amount(price, "cbc:BaseQuantity", place, missing=Decimal(1))
    if base <= 0:
        raise _wrong(f"{place}: prisen gjelder for {base} enheter (BaseQuantity)", price, "Skriv et tall over null.")
    amount = _amount(price, "cbc:PriceAmount", place)
    if amount < 0:
        raise _tied("BR-27", place, price)
    return Line(
        number=_needed(line, "cbc:ID", place),
        item=_text(item, "cac:SellersItemIdentification/cbc:ID") or name,
        name=name,
        quantity=_number(quantity, place),
        unit=str(quantity.get("unitCode") or _PIECE),
        price=amount,
        base_quantity=base,
        amount=_kroner(line, "cbc:LineExtensionAmount", place),
        period=_period(line, place),
        vat=_rate(item, "cac:ClassifiedTaxCategory", place),
        extras=tuple(_extra(extra, place) for extra in line.findall("cac:AllowanceCharge", _NAMES)),
        properties=properties,
        at=int(line.sourceline or 0),
    )


def _extra(extra: Element, called: str) -> Extra:
    indicator = _text(extra, "cbc:ChargeIndicator")
    if indicator not in ("true", "false", "1", "0"):
        raise _wrong(f"{called}: et tillegg eller fradrag sier ikke hva det er (ChargeIndicator)", extra, _MEND)
    charge = indicator in ("true", "1")
    why = _text(extra, "cbc:AllowanceChargeReason") or _text(extra, "cbc:AllowanceChargeReasonCode")
    amount = _kroner(extra, "cbc:Amount", called)
    rate = None if extra.find("cac:TaxCategory", _NAMES) is None else _rate(extra, "cac:TaxCategory", called)
    why = why or ("Tillegg" if charge else "Fradrag")
    return Extra(charge, amount if charge else -amount, why, rate, int(extra.sourceline or 0))


def _rate(element: Element, path: str, called: str) -> tuple[str, Decimal]:
    category = _only_child(element, path, called)
    return _needed(category, "cbc:ID", called), _amount(category, "cbc:Percent", called, missing=Decimal(0)).normalize()


def _customer(root: Element, called: str) -> str:
    number = _organisation(root, "cac:AccountingCustomerParty")
    if not identity.is_organisation_number(number, or_made_up=True):
        raise Unreadable(
            f"{called} har ikke kundens organisasjonsnummer" + (f": «{number[:40]}» er ikke et." if number else "."),
            f"Skriv det i kundens PartyLegalEntity/CompanyID med schemeID {NORWEGIAN_NUMBER}.",
        )
    return number


def _organisation(root: Element, party: str) -> str:
    """A party's organisation number: of the legal entity, or else its electronic address or its identification."""
    paths = ("cac:PartyLegalEntity/cbc:CompanyID", "cbc:EndpointID", "cac:PartyIdentification/cbc:ID")
    elements = [element for path in paths for element in root.findall(f"{party}/cac:Party/{path}", _NAMES)]
    norwegian = [element for element in elements if element.get("schemeID") == NORWEGIAN_NUMBER]
    without_scheme = [element for element in elements[:1] if element.get("schemeID") is None]
    return next(("".join((element.text or "").split()) for element in (*norwegian, *without_scheme)), "")


def _period(element: Element, called: str) -> date | None:
    first = _day(element, "cac:InvoicePeriod/cbc:StartDate", called)
    return first or _day(element, "cac:InvoicePeriod/cbc:EndDate", called)


def _day(element: Element, path: str, called: str) -> date | None:
    text = _text(element, path)
    if not text:
        return None
    try:
        # `fromisoformat` alone takes weeks too
        if _DATE.fullmatch(text[:10]):
            return date.fromisoformat(text[:10])
    except ValueError:
        pass
    raise _wrong(f"{called}: «{text[:20]}» er ingen dato", element, "Skriv datoer som 2026-01-31.")


def _amount(element: Element, path: str, called: str, *, missing: Decimal | None = None) -> Decimal:
    child = element.find(path, _NAMES)
    if child is None and missing is not None:
        return missing
    return _number(_only_child(element, path, called), called)


def _kroner(element: Element, path: str, called: str, *, missing: Decimal | None = None) -> Decimal:
    """An amount, of whole øre."""
    amount = _amount(element, path, called, missing=missing)
    if amount.quantize(Decimal("0.01")) != amount:
        raise _wrong(f"{called}: beløpet {amount} har mer enn to desimaler", element, _MEND)
    return amount


def _number(element: Element, called: str) -> Decimal:
    text = (element.text or "").strip()
    if not _NUMBER.fullmatch(text) or len(text) > _DIGITS:
        raise _wrong(f"{called}: «{text[:30]}» er ikke et tall", element, "Skriv tall som 1234.50, uten mellomrom.")
    return Decimal(text)


def _only_child(element: Element, path: str, called: str) -> Element:
    children = element.findall(path, _NAMES)
    if not children or (len(children) > 1 and path != "cac:TaxTotal"):
        name = path.rpartition(":")[2]
        raise _wrong(f"{called}: <{name}> {'mangler' if not children else 'står flere ganger'}", element, _MEND)
    return next((child for child in children if child.find("cac:TaxSubtotal", _NAMES) is not None), children[0])


def _needed(element: Element, path: str, called: str) -> str:
    text = _text(element, path)
    if not text:
        raise _wrong(f"{called}: <{path.rpartition(':')[2]}> mangler", element, _MEND)
    return text


def _text(element: Element, path: str) -> str:
    return (element.findtext(path, "", _NAMES) or "").strip()


def _texts(element: Element, path: str) -> list[str]:
    return [text for child in element.findall(path, _NAMES) if (text := (child.text or "").strip())]


def _wrong(what: str, element: Element, mend: str) -> Unreadable:
    return Unreadable(f"{what} (filens linje {element.sourceline}).", mend)


def _tied(rule: str, called: str, element: Element | None = None, detail: str = "") -> Unreadable:
    line = f", filens linje {element.sourceline}" if element is not None else ""
    return Unreadable(f"{called}{line}: {_IN_NORWEGIAN[rule]}{f' {detail}' if detail else ''} (regel {rule})", _MEND)


# --- rows ------------------------------------------------------------------------------------------------------------


def rows(document: Document) -> list[dict[str, object]]:
    """The document's lines as rows of `invoice_line`, after a check of all its sums.

    Lines keep their place in the document as `line_number`. A line's price is after its allowances and charges, where
    that is exact; else they follow after the last, as do roundings and those of the document, each a line of its own.
    Amounts of a credit note have the opposite sign. A line's
    `period` is the month in which its own period begins, or else the document's, or else the day of delivery. VAT is
    the document's, spread over the lines of its rate to the øre.

    Raises:
        Unreadable: the sums do not tie, or a line has no period or more decimals than a line can hold.
    """
    _check_totals(document)
    of_lines = [_line_rows(document, line) for line in document.lines]
    every = [(line_rows[0], line.vat) for line_rows, line in zip(of_lines, document.lines, strict=True)]
    every += [
        (row, line.vat) for line_rows, line in zip(of_lines, document.lines, strict=True) for row in line_rows[1:]
    ]
    for extra in document.extras:
        if extra.vat is None:
            raise Unreadable(f"{document.called}: «{extra.why[:60]}» mangler mva.-kategori (regel BR-32/BR-37).", _MEND)
        every.append((_of_document(document, extra.why) | _as_one_unit(extra.amount, extra.why), extra.vat))
    _spread_vat(document, every)
    sign = -1 if document.credit else 1
    for number, (row, _) in enumerate(every, 1):
        row["line_number"] = number
        for name in ("quantity", "amount_ore", "vat_ore"):
            row[name] = sign * row[name]  # type: ignore[operator]
    return [row for row, _ in every]


def _line_rows(document: Document, line: Line) -> list[dict[str, object]]:
    """The row of a line, and those of its allowances and charges and of its rounding."""
    common = _common(document, line)
    price, quantity = _plain(line.price / line.base_quantity, _PRICE_PLACES), _plain(line.quantity, _QUANTITY_PLACES)
    if price is None and line.quantity == line.base_quantity:
        quantity, price = Decimal(1), _plain(line.price, _PRICE_PLACES)
    if price is None or quantity is None:
        raise Unreadable(
            f"{document.called}, linje {line.number}: mengden {line.quantity} eller prisen {line.price} per "
            f"{line.base_quantity} har flere desimaler enn en fakturalinje kan ha ({_QUANTITY_PLACES} og "
            f"{_PRICE_PLACES}).",
            "Oppgi prisen per enhet.",
        )
    ore = _ore(quantity * price)
    rest = line.amount - sum((extra.amount for extra in line.extras), Decimal(ore) / _ORE)
    if abs(rest) * _ORE > _ROUNDING_ORE:
        per = f" per {line.base_quantity}" if line.base_quantity != 1 else ""
        raise Unreadable(
            f"{document.called}, linje {line.number} (filens linje {line.at}): {line.quantity} × {line.price}{per} med "
            f"tillegg og fradrag er ikke {line.amount} (regel PEPPOL-EN16931-R120).",
            _MEND,
        )
    unit = line.properties.get(UNIT) or line.unit
    net = _net_price(line, quantity)
    if net is not None:
        return [common | {"quantity": quantity, "unit": unit, "unit_price": net, "amount_ore": _ore(line.amount)}]
    first = common | {"quantity": quantity, "unit": unit, "unit_price": price, "amount_ore": ore}
    rounding = [common | _as_one_unit(rest, "Avrunding")] if rest else []
    return [first, *(common | _as_one_unit(extra.amount, extra.why) for extra in line.extras), *rounding]


def _net_price(line: Line, quantity: Decimal) -> Decimal | None:
    """The price per unit after the line's allowances and charges; None without any, or where it is not exact."""
    if not line.extras or not quantity:
        return None
    net = line.amount / quantity
    return _plain(net, _PRICE_PLACES) if net >= 0 else None


def _common(document: Document, line: Line) -> dict[str, object]:
    period = line.period or document.period
    if period is None:
        raise Unreadable(
            f"{document.called}, linje {line.number} sier ikke hvilken periode den gjelder.",
            "Skriv fakturaperioden (InvoicePeriod) på linjen eller dokumentet.",
        )
    user = line.properties.get(USED_BY, document.customer)
    if not identity.is_organisation_number(user, or_made_up=True):
        raise Unreadable(
            f"{document.called}, linje {line.number}: «{user[:40]}» er ikke et organisasjonsnummer.",
            f"Rett egenskapen {USED_BY} på linjen.",
        )
    return _row(document, line.item, line.name, period) | {
        "organisation_number": user,
        "payer_number": None if user == document.customer else document.customer,
        "account_id": line.properties.get(ACCOUNT) or None,
    }


def _of_document(document: Document, why: str) -> dict[str, object]:
    """An allowance or charge of the whole document: its item is its reason, and its period the lines' first."""
    periods = [line.period for line in document.lines if line.period]
    period = document.period or min(periods, default=document.issued_on)
    return _row(document, why, why, period) | {
        "organisation_number": document.customer,
        "payer_number": None,
        "account_id": None,
    }


def _row(document: Document, item: str, name: str, period: date) -> dict[str, object]:
    return {
        "invoice_id": document.number,
        "service": SERVICE_OF_ELEMENT.get(item, item),
        "price_element": item,
        "period": period.replace(day=1),
        "invoiced_on": document.issued_on,
        "corrects_invoice_id": document.corrects,
        "line_text": name,
    }


def _as_one_unit(amount: Decimal, why: str) -> dict[str, object]:
    """An amount as one unit: plus one or minus one at a price that is never negative."""
    quantity = Decimal(1 if amount >= 0 else -1)
    ore = _ore(amount)
    return {"quantity": quantity, "unit": _PIECE, "unit_price": abs(amount), "amount_ore": ore, "line_text": why}


def _ore(kroner: Decimal) -> int:
    """Kroner as øre, rounded half away from zero."""
    with localcontext() as context:
        context.prec = 60
        return int((kroner * _ORE).quantize(Decimal(1), "ROUND_HALF_UP"))


def _plain(number: Decimal, places: int) -> Decimal | None:
    """The number without needless zeros; None where it has more decimals than a line can hold."""
    with localcontext() as context:
        context.prec = 60
        rounded = number.quantize(Decimal(1).scaleb(-places))
    return rounded if rounded == number else None


def _check_totals(document: Document) -> None:
    """Check the document's sums, each by its rule in EN 16931."""
    totals, none = document.totals, Decimal(0)
    lines = sum((line.amount for line in document.lines), none)
    allowances = -sum((e.amount for e in document.extras if not e.charge), none)
    charges = sum((e.amount for e in document.extras if e.charge), none)
    exclusive = totals["LineExtensionAmount"] - totals["AllowanceTotalAmount"] + totals["ChargeTotalAmount"]
    payable = totals["TaxInclusiveAmount"] - totals["PrepaidAmount"] + totals["PayableRoundingAmount"]
    for rule, name, calculated in (
        ("BR-CO-10", "LineExtensionAmount", lines),
        ("BR-CO-11", "AllowanceTotalAmount", allowances),
        ("BR-CO-12", "ChargeTotalAmount", charges),
        ("BR-CO-13", "TaxExclusiveAmount", exclusive),
        ("BR-CO-14", "TaxAmount", sum((tax for _, tax in document.vat.values()), none)),
        ("BR-CO-15", "TaxInclusiveAmount", totals["TaxExclusiveAmount"] + totals["TaxAmount"]),
        ("BR-CO-16", "PayableAmount", payable),
    ):
        if totals[name] != calculated:
            raise _tied(rule, document.called, detail=f"{name} er {totals[name]}, men utregnet er det {calculated}.")


def _spread_vat(document: Document, every: Sequence[tuple[dict[str, object], tuple[str, Decimal]]]) -> None:
    """Give each row its VAT: the document's for the rate, each row rounded up or down so that they sum to it.

    Raises:
        Unreadable: the bases do not tie, or no rounding of lines gives the document's VAT.
    """
    of_rate: dict[tuple[str, Decimal], list[dict[str, object]]] = defaultdict(list)
    for row, rate in every:
        of_rate[rate].append(row)
    for rate in {**document.vat, **of_rate}:
        base, tax = document.vat.get(rate, (None, Decimal(0)))
        rated_rows = of_rate.get(rate, [])
        amounts = [int(str(row["amount_ore"])) for row in rated_rows]
        if base is None or _ore(base) != sum(amounts):
            detail = f"{rate[0]} {rate[1]:f} %: grunnlaget er {base}, linjene er {Decimal(sum(amounts)) / _ORE}."
            raise _tied("BR-S-08", document.called, detail=detail)
        exact = [Decimal(amount) * rate[1] / 100 for amount in amounts]
        down = [int(share.to_integral_value(ROUND_FLOOR)) for share in exact]
        rest = _ore(tax) - sum(down)
        if not 0 <= rest <= len(rated_rows):
            detail = f"{rate[0]} {rate[1]:f} %: mva. er {tax} av {base}."
            raise _tied("BR-CO-17", document.called, detail=detail)
        order = sorted(range(len(rated_rows)), key=lambda n: (down[n] - exact[n], n))
        for place, n in enumerate(order):
            rated_rows[n]["vat_ore"] = down[n] + (place < rest)


# --- files -----------------------------------------------------------------------------------------------------------


def opened(parts: Sequence[Part], stream: StreamContract, inputs: ReaderInputs) -> OpenedFile:
    """Read the documents of one file; all of them are read before the first row is given.

    Raises:
        Unreadable: one of them is refused, so none is kept.
        TooLarge: one of them is too large.
    """
    rules = rules_in(Path(inputs.schemas) if inputs.schemas else None)
    documents = []
    for part in parts:
        root = _root(part)
        document = parsed(root)
        _check_seller(document, inputs)
        if rules:
            refuse(document.called, official(root, rules))
        documents.append(document)
    _check_numbers(documents)
    if twice := repeated(documents):
        raise Unreadable(
            f"{twice[1].called} er lik {twice[0].called}: samme kunde, dato, periode og linjer.",
            "Er det samme faktura, så send den én gang. Er det to, så send dem i hver sin fil.",
        )
    invoice_rows = [row for document in documents for row in rows(document)]
    columns = [pa.field(column.name, column.type) for column in stream.columns]
    try:
        table = pa.Table.from_pylist(invoice_rows, pa.schema(columns))
    except (pa.ArrowInvalid, OverflowError):
        raise Unreadable("Et beløp, en mengde eller en pris er større enn en fakturalinje kan ha.", _MEND) from None
    notes = {"documents": len(documents), "official_rules": "checked" if rules else "not run: schemas_folder"}
    return OpenedFile(iter([table]), {}, 1, notes=notes)


def _check_seller(document: Document, inputs: ReaderInputs) -> None:
    company = "".join(inputs.company.split())
    seller = document.seller or "en selger uten organisasjonsnummer"
    if not company:
        raise Unreadable(
            f"Innstillingen company_number er ikke satt, så det er ikke kjent hvem sine fakturaer som hører hjemme her "
            f"({document.called} er fra {seller}).",
            "Sett company_number i dif.toml eller DIF_COMPANY_NUMBER til virksomhetens organisasjonsnummer.",
        )
    if document.seller != company:
        raise Unreadable(
            f"{document.called} er fra {seller}, ikke fra {company}.",
            "Send fakturaer som virksomheten selv har sendt, ikke dem den har fått.",
        )


def _root(part: Part) -> Element:
    try:
        with part.open() as handle:
            content = handle.read(_LARGEST + 1)
    except DAMAGE:
        raise damaged(part) from None
    if len(content) > _LARGEST:
        raise TooLarge(f"{part.called} er over {_LARGEST >> 20} MB.", "Del dokumentet i flere fakturaer.")
    try:
        root: Element = etree.fromstring(content, etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as problem:
        raise not_xml(problem, part) from None
    refuse_type(root, part)
    return root


def _check_numbers(documents: Iterable[Document]) -> None:
    """Refuse two different documents of one number: their lines would have the same keys."""
    document_by_number: dict[str, Document] = {}
    for document in documents:
        first = document_by_number.setdefault(document.number, document)
        if first.credit != document.credit:
            raise Unreadable(
                f"Nummeret {document.number} står både på en faktura og på en kreditnota.",
                "Bruk samme nummerserie for begge, eller gi kreditnotaene en egen bokstav foran, for eksempel K1001.",
            )
        if first != document:
            raise Unreadable(
                f"{document.called} står to ganger, med ulikt innhold.",
                "Send bare dokumentet som kunden fikk, eller gi hvert dokument sitt eget nummer.",
            )


def repeated(documents: Iterable[Document]) -> tuple[Document, Document] | None:
    """Two of the documents that are one under two numbers: the same customer, day and lines; None without such."""
    document_by_content: dict[object, Document] = {}
    for document in documents:
        lines = tuple(
            (line.item, line.quantity, line.price, line.amount, line.period, *sorted(line.properties.items()))
            for line in document.lines
        )
        says = (document.customer, document.credit, document.issued_on, document.period, document.corrects, lines)
        first = document_by_content.setdefault(says, document)
        if first.number != document.number:
            return first, document
    return None


def rules_in(schemas: Path | None) -> Path | None:
    """The folder of both files of official rules, somewhere in `schemas_folder`; None without."""
    files = sorted(schemas.rglob(RULE_FILES[-1])) if schemas else []
    return next((f.parent for f in files if all((f.parent / name).is_file() for name in RULE_FILES)), None)


def official(root: Element, folder: Path) -> list[schematron.Broken]:
    """The official rules in a folder (`rules_in`) that a document breaks."""
    return [fault for name in RULE_FILES for fault in schematron.broken(root, folder / name)]


def refuse(called: str, faults: Sequence[schematron.Broken]) -> None:
    """Refuse a document that breaks an official rule; warnings pass.

    Raises:
        Unreadable: gives the first three.
    """
    fatal = [fault for fault in faults if fault.fatal]
    if fatal:
        texts = "; ".join(
            f"{fault.rule}, <{fault.element}> på filens linje {fault.line}: "
            f"{_IN_NORWEGIAN.get(fault.rule) or f'reglene sier «{fault.says[:200]}»'}"
            for fault in fatal[:3]
        )
        more = f" (og {len(fatal) - 3} til)" if len(fatal) > 3 else ""  # noqa: PLR2004 - those told
        raise Unreadable(f"{called} bryter de offisielle reglene: {texts}{more}", _MEND)
