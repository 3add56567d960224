"""Reads SAF-T Financial, the Norwegian standard export of accounts, as rows of `cost_entry`.

Versions 1.0 to 1.3 (Skatteetaten's schemas). A file is read as a stream, transaction by transaction. An entry is a
line: its id is year, journal, transaction and line; its period is the one it was booked in; its amount is debit less
credit in the file's own kroner. Only accounts that the register `saft_account` takes become entries, so lines of VAT,
income and balance stay out; they are counted and told. `saft_dimension` says which type of analysis is a cost centre,
a project or a service.

Nothing is kept unless the file is whole: each transaction balances, accounts, suppliers and dimensions are in the
file's own tables, and the number of transactions and both totals are the file's own. Accounts whose balances move
otherwise than their lines are told. Of persons, customers and addresses nothing is carried.

Messages are in Norwegian, for accountants. What is checked here is always checked; with the setting `schemas_folder`
the official schema is checked too.
"""

from __future__ import annotations

import calendar
import functools
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from lxml import etree

from catalog.contracts.language import StreamContract
from catalog.domain.identity import is_organisation_number
from catalog.errors import BadElement, NoRows, Refused, Unreadable
from transport.ingest.opened_file import DAMAGE, SAFE, OpenedFile, Part, ReaderInputs, damaged, not_xml, refuse_type

if TYPE_CHECKING:
    from transport.ingest.opened_file import Element

NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"
ROOT = f"{{{NAMESPACE}}}AuditFile"
ACCOUNTS, DIMENSIONS = "saft_account", "saft_dimension"
"""The registers that are looked up."""
VERSIONS = {"1.0": "1.10", "1.1": "1.10", "1.2": "1.20", "1.3": "1.30"}
"""The versions that are read, each with the version of its schema. Skatteetaten's own example says 1.0."""
_CURRENCY = "NOK"
_ROWS = 65_536
_LINES = 200_000
"""Lines after which a chunk comes even without a row, so that a reader of few rows is not taken for a stuck one."""
_PIECE = 65_536
_MOST_LISTED = 20
"""Accounts that a receipt names."""
_MONTHS = 12
_AMOUNT = re.compile(r"([+-]?)([0-9]{0,16})(?:\.([0-9]{0,2})0*)?")
_COLUMNS = {"COST_CENTER": "cost_center", "PROJECT": "project", "SERVICE": "service"}
"""The column that a dimension of the register fills."""
_FREED = ("Customer", "Owner", "TaxTableEntry", "Taxonomy", "Product", "PhysicalStockEntry", "UOMTableEntry", "Asset")
_FREED_LATER = ("SourceDocuments",)
"""Elements that are of no use here; each is dropped when it is read."""


def _q(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


_PARSED_TAGS = tuple(
    _q(name)
    for name in (
        *("AuditFile", "Header", "Account", "Supplier", "AnalysisTypeTableEntry", "NumberOfEntries", "TotalDebit"),
        *("TotalCredit", "JournalID", "Transaction", "GeneralLedgerEntries", *_FREED, *_FREED_LATER),
    )
)
_DEBIT, _CREDIT, _SUM = _q("DebitAmount"), _q("CreditAmount"), _q("Amount")
_ANALYSIS, _TYPE, _ID = _q("Analysis"), _q("AnalysisType"), _q("AnalysisID")
_LINE, _RECORD, _ACCOUNT = _q("Line"), _q("RecordID"), _q("AccountID")
_SUPPLIER, _TEXT = _q("SupplierID"), _q("Description")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a file.

    Attributes:
        first, last: the first day of the first and of the last month that it holds whole.
    """

    version: str
    company: str
    first: date
    last: date


@dataclass(slots=True)
class Tables:
    """The file's own tables, of all its parts.

    Attributes:
        accounts: name, grouping or standard account, and what the balance moved by, by account.
        suppliers: the organisation number by supplier; None without a valid one.
        dimensions: the name of each type of analysis, and the ids that the table has.
    """

    accounts: dict[str, tuple[str, str, str, int | None]] = field(default_factory=dict)
    suppliers: dict[str, str | None] = field(default_factory=dict)
    dimensions: dict[str, str] = field(default_factory=dict)
    ids: set[tuple[str, str]] = field(default_factory=set)


@dataclass(slots=True)
class _Control:
    """A part's own control figures, and what was counted in it."""

    part: Part
    line: int = 0
    stated: dict[str, int] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)


def read(parts: Sequence[Part], stream: StreamContract, inputs: ReaderInputs) -> OpenedFile:
    """Open the parts of one export; of a company, a version and a period.

    Raises:
        Refused: the file is of another version, company, currency or period, or a part is missing; or a register is
            empty. Chunks raise `BadElement` with line and element.
    """
    headers = [_header(part) for part in parts]
    first = headers[0]
    if odd := next((i for i, h in enumerate(headers) if h != first), None):
        raise Refused(
            f"{parts[odd].called} gjelder et annet selskap, en annen versjon eller en annen periode enn den første.",
            "Pakk bare delene av én eksport i samme zip-fil.",
        )
    _check_whole(parts)
    _check_company(first, inputs)
    accounts = {str(r["account"]): bool(r["taken"]) for r in inputs.registers.get(ACCOUNTS, ())}
    if not any(accounts.values()):
        raise Refused(
            f"Registeret {ACCOUNTS} tar ikke med noen konto, så ingen linje kan tas inn.",
            f"Kjør `dif register propose {ACCOUNTS} --of FIL`, se over forslaget, og ta det i bruk.",
        )
    dimensions = {str(r["analysis_type"]): str(r["use"]) for r in inputs.registers.get(DIMENSIONS, ())}
    reading = _Reading(stream, first, accounts, dimensions, Path(inputs.schemas) if inputs.schemas else None)
    covers = (first.company, f"{first.first:%Y-%m}", f"{first.last:%Y-%m}")
    return OpenedFile(reading.chunks(parts), {}, 1, lines=reading.lines, notes=reading.notes, covers=covers)


def tables_of(parts: Sequence[Part]) -> Tables:
    """The tables of a file, for proposals of registers; its transactions are skipped."""
    tables = Tables()
    for part in parts:
        for element in _elements(part, None):
            _record_table(element, tables)
            if element.tag == _q("Transaction"):
                break
    return tables


# --- the header ------------------------------------------------------------------------------------------------------


def _header(part: Part) -> Header:
    with part.open() as handle:
        try:
            for event, element in etree.iterparse(handle, events=("start", "end"), tag=_PARSED_TAGS[:2], **SAFE):
                refuse_type(element, part)
                if event == "end":
                    return _header_of(element)
        except etree.XMLSyntaxError as problem:
            raise not_xml(problem, part) from None
        except DAMAGE:
            raise damaged(part) from None
    raise Unreadable(f"{part.called} har ikke <Header>.", "Eksporter på nytt.")


def _header_of(header: Element) -> Header:
    version = _required(header, "AuditFileVersion")
    plain = re.sub(r"^(\d+\.\d)0$", r"\1", version)
    if plain not in VERSIONS:
        raise _bad(
            header,
            "AuditFileVersion",
            f"versjon «{version[:20]}» leses ikke",
            f"Eksporter SAF-T Regnskap i en av versjonene {', '.join(VERSIONS)}.",
        )
    if (currency := _required(header, "DefaultCurrencyCode")) != _CURRENCY:
        raise _bad(
            header,
            "DefaultCurrencyCode",
            f"filens valuta er «{currency[:10]}»",
            "Eksporter med norske kroner som valuta; linjer i andre valutaer har da beløpet i kroner ved siden av.",
        )
    first, last = _selection(header)
    return Header(plain, _number(_required(header, "Company/RegistrationNumber")), first, last)


def _selection(header: Element) -> tuple[date, date]:
    """The first days of the first and last month that the file holds."""
    criteria = header.find(_q("SelectionCriteria"))
    mend = "Eksporter hele måneder: fra den første til den siste dagen, eller fra og med periode til og med periode."
    if criteria is None:
        raise _bad(header, "SelectionCriteria", "filen sier ikke hvilken periode den gjelder", mend)
    months = [_text(criteria, n) for n in ("PeriodStart", "PeriodStartYear", "PeriodEnd", "PeriodEndYear")]
    days = [_text(criteria, n) for n in ("SelectionStartDate", "SelectionEndDate")]
    try:
        if all(months):
            start, year, end, last_year = map(_whole, months)
            if start > _MONTHS or end < 1:  # it would replace the month that it opens or closes
                raise _bad(
                    criteria,
                    "PeriodStart",
                    f"periode {start}–{end} har bare åpnings- eller avslutningsposter",
                    "Eksporter dem sammen med måneden de hører til: 0 med 1, og 13 med 12.",
                )
            first, last = _month(year, start), _month(last_year, end)
        elif all(days):
            first, end_day = _day(days[0]), _day(days[1])
            last = end_day.replace(day=1)
            if first.day != 1 or end_day.day != calendar.monthrange(end_day.year, end_day.month)[1]:
                raise _bad(criteria, "SelectionStartDate", f"{days[0]}–{days[1]} er ikke hele måneder", mend)
        else:
            raise _bad(header, "SelectionCriteria", "filen sier ikke hvilken periode den gjelder", mend)
    except ValueError:
        raise _bad(header, "SelectionCriteria", "perioden kan ikke leses", mend) from None
    if first > last:
        raise _bad(header, "SelectionCriteria", f"{first:%Y-%m} er etter {last:%Y-%m}", mend)
    return first, last


def _day(text: str) -> date:
    """A date as XML has it; Python's own reader takes weeks too."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _month(year: int, period: int) -> date:
    """The month of a period: 0 opens the year, and 13 and later close it."""
    return date(year, min(max(period, 1), _MONTHS), 1)


def _check_whole(parts: Sequence[Part]) -> None:
    numbers = [part.number for part in parts]
    of = max(many for _, many in numbers)
    if of > 1 and sorted(n for n, _ in numbers) != list(range(1, of + 1)):
        raise Refused(
            f"Eksporten har {of} deler, og bare {', '.join(str(n) for n, _ in sorted(numbers))} er her.",
            "Pakk alle delene i én zip-fil, og send den.",
        )


def _check_company(header: Header, inputs: ReaderInputs) -> None:
    if not inputs.company:
        raise Refused(
            f"Innstillingen company_number er ikke satt, så det er ikke kjent hvem sitt regnskap som hører hjemme her "
            f"(filen er fra {header.company}).",
            "Sett company_number i dif.toml eller DIF_COMPANY_NUMBER til virksomhetens organisasjonsnummer.",
        )
    if header.company != _number(inputs.company):
        raise Refused(
            f"Filen er regnskapet til {header.company}, men her tas det til {inputs.company} inn.",
            "Eksporter fra riktig selskap; er det riktig selskap, rett innstillingen company_number.",
        )


# --- elements --------------------------------------------------------------------------------------------------------


def _whole(text: str) -> int:
    """A whole number; `int` would take `1_2` and digits of other scripts too."""
    if not re.fullmatch("[0-9]{1,4}", text):
        raise ValueError(text)
    return int(text)


def _elements(part: Part, schema: etree.XMLSchema | None) -> Iterator[Element]:
    """The relevant elements, as they are read; earlier ones are freed."""
    with part.open() as handle:
        try:
            for event, element in etree.iterparse(
                handle, events=("start", "end"), tag=_PARSED_TAGS, schema=schema, **SAFE
            ):
                if event == "start":
                    if element.tag == ROOT:
                        refuse_type(element, part)
                    continue
                yield element
                if len(element) and element.tag != ROOT:
                    _drop(element)
        except etree.XMLSyntaxError as problem:
            raise _invalid(problem, part, schema) from None
        except DAMAGE:
            raise damaged(part) from None


def _drop(element: Element) -> None:
    """Free an element and its earlier siblings."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _line_of_break(part: Part, schema: etree.XMLSchema) -> int | None:
    """The line of the first break of the schema: libxml2 gives none, so the file is fed again line by line."""
    parser = etree.XMLPullParser(events=("end",), tag=_PARSED_TAGS, schema=schema, **SAFE)
    number = 1
    with part.open() as handle:
        while piece := handle.readline(_PIECE):
            try:
                parser.feed(piece)
            except etree.XMLSyntaxError:
                return number
            if len(parser.feed_error_log):
                return number
            for _, element in parser.read_events():
                if len(element) and element.tag != ROOT:
                    _drop(element)
            number += piece.endswith(b"\n")
    return None


def _invalid(problem: etree.XMLSyntaxError, part: Part, schema: etree.XMLSchema | None) -> Refused:
    """A break of the schema, with line and element; or a document that is no XML."""
    hit = re.match(r"Element '(?:\{[^}]*\})?([^']+)': (.*)", str(problem))
    if hit is None or schema is None:
        return not_xml(problem, part)
    text = re.sub(r"\{[^}]*\}", "", hit[2])[:200]
    text = re.sub(r", line \d+.*|\(<.*", "", text).strip().rstrip(".")
    return BadElement(
        _line_of_break(part, schema),
        hit[1],
        f"følger ikke skjemaet fra Skatteetaten: {text}",
        "Eksporter på nytt; gjentar det seg, send linjen til leverandøren av regnskapssystemet.",
    )


def _parent(element: Element) -> str:
    """The name of the element that one is in; empty for the root."""
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)


def _text(element: Element, path: str) -> str:
    text = element.findtext("/".join(map(_q, path.split("/"))))
    return (text or "").strip()


def _required(element: Element, path: str) -> str:
    if text := _text(element, path):
        return text
    raise _bad(element, path.rpartition("/")[2], "mangler eller er tomt", "Eksporter på nytt fra regnskapssystemet.")


def _bad(element: Element, name: str, what: str, mend: str) -> BadElement:
    at = element.find(f".//{_q(name)}")
    return BadElement((element if at is None else at).sourceline, name, what, mend)


def _ore(element: Element, name: str, text: str) -> int:
    """An amount in øre; the schema allows two decimals."""
    hit = _AMOUNT.fullmatch(text.strip())
    if hit is None or not (hit[2] or hit[3]):
        raise _bad(element, name, f"«{text[:30]}» er ikke et beløp med høyst to desimaler", "Eksporter på nytt.")
    ore = int(hit[2] or 0) * 100 + int((hit[3] or "0").ljust(2, "0"))
    return -ore if hit[1] == "-" else ore


def _number(text: str) -> str:
    """An organisation number without spaces, prefix and MVA."""
    return re.sub(r"^NO|MVA$|\s", "", text.strip().upper())


def _record_table(element: Element, tables: Tables) -> None:
    """Note an element of the file's tables."""
    if element.tag == _q("Account") and _parent(element) == _q("GeneralLedgerAccounts"):
        account = _required(element, "AccountID")
        code = _text(element, "GroupingCode") or _text(element, "StandardAccountID")
        moved: int | None = None
        opening, closing = _balance(element, "Opening"), _balance(element, "Closing")
        if opening is not None and closing is not None:
            moved = closing - opening
        name, group = _text(element, "AccountDescription"), _text(element, "GroupingCategory")
        tables.accounts[account] = (name, group, code, moved)
    elif element.tag == _q("Supplier"):
        number = _number(_text(element, "RegistrationNumber"))
        tables.suppliers[_required(element, "SupplierID")] = number if is_organisation_number(number) else None
    elif element.tag == _q("AnalysisTypeTableEntry"):
        kind = _required(element, "AnalysisType")
        tables.dimensions.setdefault(kind, _text(element, "AnalysisTypeDescription"))
        tables.ids.add((kind, _required(element, "AnalysisID")))


def _balance(element: Element, which: str) -> int | None:
    for name, sign in ((f"{which}DebitBalance", 1), (f"{which}CreditBalance", -1)):
        if text := _text(element, name):
            return sign * _ore(element, name, text)
    return None


@functools.cache
def _schema(folder: Path, version: str) -> etree.XMLSchema:
    """The official schema of a version, without its keys, which are checked here: libxml2 would keep every line.

    Raises:
        Refused: the folder has none.
    """
    wanted = [VERSIONS[version], *(("1.10",) if version == "1.2" else ())]
    files = [f for v in wanted for f in sorted(folder.rglob(f"*SAF-T_Financial_Schema_v_{v}.xsd"))]
    if not files:
        raise Refused(
            f"Mappen schemas_folder har ikke skjemaet for SAF-T {version} (…_Schema_v_{wanted[0]}.xsd).",
            "Hent det fra github.com/skatteetaten/saf-t, legg det i mappen, og send filen igjen.",
        )
    tree = etree.parse(files[0], etree.XMLParser(resolve_entities=False, no_network=True))
    for name in ("key", "keyref", "unique"):
        for element in list(tree.iter(f"{{http://www.w3.org/2001/XMLSchema}}{name}")):
            if (parent := element.getparent()) is not None:
                parent.remove(element)
    return etree.XMLSchema(tree)


# --- transactions ----------------------------------------------------------------------------------------------------


class _Reading:
    """The state while a file is read: counts, and the rows of the next chunk."""

    def __init__(
        self,
        stream: StreamContract,
        header: Header,
        accounts: Mapping[str, bool],
        dimensions: Mapping[str, str],
        schemas: Path | None,
    ) -> None:
        self.lines = array("L")
        self.notes: dict[str, Any] = {}
        self._stream, self._header, self._accounts, self._dimensions = stream, header, accounts, dimensions
        self._schema = _schema(schemas, header.version) if schemas else None
        self._tables = Tables()
        self._rows: dict[str, list[Any]] = {c.name: [] for c in stream.columns}
        self._entry_keys: set[int] = set()
        self._journal = ""
        self._moved: Counter[str] = Counter()
        self._left: Counter[str] = Counter()
        self._count = 0
        self._controls: list[_Control] = []

    def chunks(self, parts: Sequence[Part]) -> Iterator[pa.Table]:
        """The entries; the last chunk comes when all control figures agree."""
        lines_in_chunks = 0
        for part in parts:
            control = _Control(part)
            self._controls.append(control)
            for element in _elements(part, self._schema):
                tag = element.tag
                if tag == _q("Transaction"):
                    self._transaction(element, control)
                    if len(self._rows["entry_id"]) >= _ROWS or self._count >= lines_in_chunks + _LINES:
                        lines_in_chunks = self._count
                        yield self._chunk()
                elif tag == _q("JournalID"):
                    self._journal = (element.text or "").strip()
                elif _parent(element) == _q("GeneralLedgerEntries"):
                    self._stated(element, control)
                else:
                    _record_table(element, self._tables)
        self._check_controls()
        self._tell()
        if self._rows["entry_id"]:
            yield self._chunk()
        if not self.lines:
            raise _no_rows(self._left)

    def _stated(self, element: Element, control: _Control) -> None:
        name = etree.QName(element).localname
        text = (element.text or "").strip()
        if name == "NumberOfEntries":
            if not re.fullmatch("[0-9]{1,18}", text):
                raise BadElement(element.sourceline, name, f"«{text[:20]}» er ikke et antall", "Eksporter på nytt.")
            control.stated[name], control.line = int(text), element.sourceline or 0
        elif name in ("TotalDebit", "TotalCredit"):
            control.stated[name] = _ore(element, name, text)

    def _transaction(self, element: Element, control: _Control) -> None:
        """Check a transaction, and keep the lines of accounts that are taken."""
        number = _required(element, "TransactionID")
        period, posted = self._period(element, number), self._posted(element, number)
        key = hash((period.year, self._journal, number))
        if key in self._entry_keys:
            raise _bad(
                element,
                "TransactionID",
                f"bilag {number[:40]} i journal {self._journal[:40]} står to ganger",
                "Eksporter på nytt; det samme bilaget skal stå én gang.",
            )
        self._entry_keys.add(key)
        debit = credit = 0
        suppliers = {_text(element, "SupplierID")}
        records: set[str] = set()
        lines = []
        for line in element.iterchildren(_LINE):
            values = self._line(line, number)
            record, account, amount, is_debit, supplier, text, analyses = values
            if record in records:
                raise _bad(
                    line, "RecordID", f"linje {record} står to ganger i bilag {number[:40]}", "Eksporter på nytt."
                )
            records.add(record)
            debit, credit = (debit + amount, credit) if is_debit else (debit, credit + amount)
            net = amount if is_debit else -amount
            self._moved[account] += net
            suppliers.add(supplier)
            self._count += 1
            if self._accounts.get(account):
                lines.append((line, record, account, net, supplier, text, analyses))
            else:
                self._left[account] += 1
        control.counted.update(NumberOfEntries=1, TotalDebit=debit, TotalCredit=credit)
        if debit != credit:
            raise BadElement(
                element.sourceline,
                "Transaction",
                f"bilag {number[:40]} går ikke i null: debet {_kroner(debit)}, kredit {_kroner(credit)}",
                "Rett bilaget i regnskapet eller be leverandøren rette eksporten, og eksporter på nytt.",
            )
        if lines and not self._header.first <= period <= self._header.last:
            raise _bad(
                element,
                "Period",
                f"bilag {number[:40]} er ført i {period:%Y-%m}, utenfor filens utvalg "
                f"{self._header.first:%Y-%m}–{self._header.last:%Y-%m}",
                "Eksporter etter regnskapsperiode, ikke etter bilagsdato.",
            )
        (alone,) = suppliers - {""} if len(suppliers - {""}) == 1 else ("",)
        for line, record, account, net, supplier, text, analyses in lines:
            self.lines.append(line.sourceline or 0)
            self._keep(
                entry_id=f"{period.year}/{self._journal}/{number}/{record}",
                booked_on=posted,
                period=period,
                account=account,
                amount_ore=net,
                supplier_number=self._supplier(line, supplier or alone),
                text=text or None,
                **self._analysed(line, analyses),
            )

    def _keep(self, **values: Any) -> None:
        for name, column in self._rows.items():
            column.append(values.get(name))

    def _period(self, element: Element, number: str) -> date:
        period, year = _required(element, "Period"), _required(element, "PeriodYear")
        if not re.fullmatch(r"0*[0-9]{1,2} (19[7-9][0-9]|20[0-9]{2})", f"{period} {year}"):
            odd = f"perioden {period[:10]} i {year[:10]} i bilag {number[:40]} kan ikke leses"
            raise _bad(element, "Period", odd, "Eksporter på nytt.")
        return _month(int(year), int(period))

    def _posted(self, element: Element, number: str) -> date:
        """The day of posting; where the file has none, the transaction's."""
        name = "GLPostingDate" if _text(element, "GLPostingDate") else "TransactionDate"
        text = _required(element, name)
        try:
            return _day(text[:10])
        except ValueError:
            raise _bad(
                element, name, f"«{text[:20]}» i bilag {number[:40]} er ikke en dato", "Eksporter på nytt."
            ) from None

    def _line(self, line: Element, number: str) -> tuple[str, str, int, bool, str, str, list[tuple[str, str]]]:
        """A line's id, account, amount, side, supplier, text and analyses."""
        record = account = supplier = text = ""
        side: Element | None = None
        sides = 0
        analyses: list[tuple[str, str]] = []
        for child in line:
            tag = child.tag
            if tag == _RECORD:
                record = (child.text or "").strip()
            elif tag == _ACCOUNT:
                account = (child.text or "").strip()
            elif tag in (_DEBIT, _CREDIT):
                side, sides = child, sides + 1
            elif tag == _ANALYSIS:
                analyses.append(((child.findtext(_TYPE) or "").strip(), (child.findtext(_ID) or "").strip()))
            elif tag == _SUPPLIER:
                supplier = (child.text or "").strip()
            elif tag == _TEXT:
                text = (child.text or "").strip()
        if not (record and account and side is not None and sides == 1):
            name = "RecordID" if not record else "AccountID" if not account else "DebitAmount"
            what = "har både debet og kredit" if sides > 1 else "mangler"
            raise _bad(line, name, f"{what} i bilag {number[:40]}", "Eksporter på nytt fra regnskapssystemet.")
        if account not in self._tables.accounts and self._tables.accounts:
            raise _bad(
                line,
                "AccountID",
                f"konto {account[:40]} i bilag {number[:40]} er ikke i filens kontoplan",
                "Eksporter med hele kontoplanen.",
            )
        amount = side.findtext(_SUM)
        return record, account, _ore(side, "Amount", amount or ""), side.tag == _DEBIT, supplier, text, analyses

    def _supplier(self, line: Element, supplier: str) -> str | None:
        if not supplier:
            return None
        if self._tables.suppliers and supplier not in self._tables.suppliers:
            raise _bad(
                line,
                "SupplierID",
                f"leverandør {supplier[:40]} er ikke i filens leverandørliste",
                "Eksporter med alle leverandører som er brukt.",
            )
        return self._tables.suppliers.get(supplier)

    def _analysed(self, line: Element, analyses: Sequence[tuple[str, str]]) -> dict[str, str]:
        """Cost centre, project and service, by the register."""
        values: dict[str, str] = {}
        for kind, value in analyses:
            if kind not in self._dimensions:
                name = self._tables.dimensions.get(kind, "")
                raise _bad(
                    line,
                    "AnalysisType",
                    f"dimensjonen «{kind[:30]}»{f' ({name[:60]})' if name else ''} er ikke i registeret {DIMENSIONS}",
                    f"Kjør `dif register propose {DIMENSIONS} --of FIL`, og si om den er kostnadssted, prosjekt, "
                    "tjeneste eller ingen av dem.",
                )
            if self._tables.ids and (kind, value) not in self._tables.ids:
                raise _bad(
                    line,
                    "AnalysisID",
                    f"verdien «{value[:30]}» av dimensjonen «{kind[:30]}» er ikke i filens egen tabell",
                    "Eksporter med alle dimensjonsverdier som er brukt.",
                )
            column = _COLUMNS.get(self._dimensions[kind])
            if column is None:
                continue
            if values.setdefault(column, value) != value:
                raise _bad(
                    line,
                    "Analysis",
                    f"linjen er delt på «{values[column][:30]}» og «{value[:30]}» av samme dimensjon",
                    "Før hver del på en egen linje, eller si i registeret at bare én av dimensjonene gjelder.",
                )
        return values

    def _chunk(self) -> pa.Table:
        arrays = [pa.array(self._rows[c.name], c.type) for c in self._stream.columns]
        for column in self._rows.values():
            column.clear()
        return pa.table(arrays, schema=pa.schema([pa.field(c.name, c.type) for c in self._stream.columns]))

    def _check_controls(self) -> None:
        """Compare each part's control figures with its content; some systems state the whole file's in each part."""
        names = ("NumberOfEntries", "TotalDebit", "TotalCredit")
        together = {n: sum(c.counted[n] for c in self._controls) for n in names}
        # A part that has only master files states nothing. Were all so, the first is told what it lacks.
        telling = [c for c in self._controls if c.stated or any(c.counted.values())] or self._controls
        for control in telling:
            for name in names:
                if name not in control.stated:
                    raise BadElement(control.line, name, "mangler", "Eksporter på nytt: filen skal ha kontrollsummer.")
                stated, counted = control.stated[name], control.counted[name]
                if stated in (counted, together[name]):
                    continue
                figures = (stated, counted) if name == "NumberOfEntries" else (_kroner(stated), _kroner(counted))
                raise BadElement(
                    control.line,
                    name,
                    f"{control.part.called} sier {figures[0]}, men har {figures[1]}",
                    "Filen er ikke hel, eller er endret; eksporter på nytt, og pakk alle deler i én zip-fil.",
                )

    def _tell(self) -> None:
        """Fill in the notes for the receipt."""
        unknown = sorted(a for a in self._left if a not in self._accounts)
        odd = {
            account: {"balance_ore": moved, "lines_ore": self._moved[account]}
            for account, (_, _, _, moved) in sorted(self._tables.accounts.items())
            if self._accounts.get(account) and moved is not None and moved != self._moved[account]
        }
        left = sum(self._left.values())
        self.notes |= {
            "format": f"SAF-T Financial {self._header.version}",
            "company": self._header.company,
            "months": f"{self._header.first:%Y-%m}–{self._header.last:%Y-%m}",
            "transactions": sum(c.counted["NumberOfEntries"] for c in self._controls),
            "lines": self._count,
            "lines_left_out": left,
            "left_out_ore": sum(self._moved[a] for a in self._left),
            "schema_checked": self._schema is not None,
        }
        if unknown:
            self.notes |= {
                "accounts_not_in_register": unknown[:_MOST_LISTED],
                "accounts_not_in_register_count": len(unknown),
            }
        if odd:
            self.notes |= {
                "balances_that_differ": dict(list(odd.items())[:_MOST_LISTED]),
                "balances_that_differ_count": len(odd),
            }


def _no_rows(left: Counter[str]) -> NoRows:
    error = NoRows()
    Refused.__init__(
        error,
        f"Ingen av filens {sum(left.values())} linjer er på en konto som registeret {ACCOUNTS} tar med.",
        f"Sammenlign med `dif register propose {ACCOUNTS} --of FIL`. Det som er sendt før for perioden, teller "
        "fortsatt; er det galt, ta det tilbake: dif withdraw SENDING --reason «…».",
    )
    return error


def _kroner(ore: int) -> str:
    whole, part = divmod(abs(ore), 100)
    return f"{'−' if ore < 0 else ''}{whole:,}".replace(",", " ") + f",{part:02}"


# --- proposals -------------------------------------------------------------------------------------------------------

_DIMENSION_WORDS = {
    "COST_CENTER": ("kostnadssted", "koststed", "avdeling", "ansvar"),
    "PROJECT": ("prosjekt",),
    "SERVICE": ("tjeneste", "produkt"),
}
_VAT_KIND = "429"
"""KOSTRA's kind for VAT that is compensated: VAT, not cost."""


def proposed(register: str, tables: Tables) -> list[dict[str, object]]:
    """Rows of one of the two registers, proposed from a file's own tables; a person decides.

    KOSTRA's kinds 010 to 499, without VAT that is compensated, are expenses (SSB's guide to KOSTRA: 500s are finance,
    600s to 900s income). In the standard chart NS 4102, classes 4 to 7 are operating costs.
    """
    if register == DIMENSIONS:
        return [
            {"analysis_type": kind, "use": _use_of(name), "title": name or None, "synthetic": None}
            for kind, name in sorted(tables.dimensions.items())
        ]
    return [
        {
            "account": account,
            "taken": _is_cost(account, group, code),
            "kind": " ".join(filter(None, (group, code))) or None,
            "title": name or None,
            "synthetic": None,
        }
        for account, (name, group, code, _) in sorted(tables.accounts.items())
    ]


def _use_of(name: str) -> str:
    folded = name.casefold()
    return next((use for use, words in _DIMENSION_WORDS.items() if any(w in folded for w in words)), "NONE")


def _is_cost(account: str, group: str, code: str) -> bool:
    if group.startswith("KA_"):
        return re.fullmatch("[0-9]+", code) is not None and 10 <= int(code) < 500 and code != _VAT_KIND  # noqa: PLR2004 - KOSTRA's kinds
    return (code or account)[:1] in "4567" and (code or account)[:1] != ""
