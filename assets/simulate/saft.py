"""Writes cost entries as SAF-T Financial, versions 1.1 to 1.3: for tests, benchmarks and trials. Synthetic.

Each entry becomes a transaction: the cost, VAT of a quarter of it on an account of its own, and the supplier's debt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

NAMESPACE = "urn:StandardAuditFile-Taxation-Financial:NO"
VAT, DEBT = "2710", "2400"
"""Accounts of VAT and of debt to suppliers."""


def written(
    entries: Iterable[Mapping[str, Any]], *, company: str, first: date, last: date, version: str = "1.3"
) -> Iterator[str]:
    """The file in pieces.

    Args:
        entries: rows of `cost_entry`: entry_id, booked_on, period, account, cost_center, project, amount_ore,
            supplier_number. They are read twice.
        company: whose accounts.
        first: any day of the first month.
        last: any day of the last month.
        version: 1.1, 1.2 (as 1.1) or 1.3.
    """
    rows = list(entries)
    accounts = sorted({r["account"] for r in rows} | {VAT, DEBT})
    suppliers = sorted({r["supplier_number"] for r in rows if r.get("supplier_number")})
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<AuditFile xmlns="{NAMESPACE}">\n{_header(company, first, last, version)}<MasterFiles>\n'
    yield f"<GeneralLedgerAccounts>\n{''.join(_account(a, version) for a in accounts)}</GeneralLedgerAccounts>\n"
    if suppliers:
        yield f"<Suppliers>\n{''.join(map(_supplier, suppliers))}</Suppliers>\n"
    yield f"<AnalysisTypeTable>\n{''.join(_dimensions(rows))}</AnalysisTypeTable>\n</MasterFiles>\n"
    total = _kroner(sum(abs(r["amount_ore"]) + abs(_vat(r)) for r in rows))
    yield f"<GeneralLedgerEntries>\n<NumberOfEntries>{len(rows)}</NumberOfEntries>\n"
    yield f"<TotalDebit>{total}</TotalDebit>\n<TotalCredit>{total}</TotalCredit>\n"
    yield "<Journal>\n<JournalID>K</JournalID>\n<Description>Bilag</Description>\n<Type>K</Type>\n"
    for row in rows:
        yield _transaction(row, version)
    yield "</Journal>\n</GeneralLedgerEntries>\n</AuditFile>\n"


def _header(company: str, first: date, last: date, version: str) -> str:
    return (
        f"<Header>\n<AuditFileVersion>{version}0</AuditFileVersion>\n<AuditFileCountry>NO</AuditFileCountry>\n"
        f"<AuditFileDateCreated>{last}</AuditFileDateCreated>\n<SoftwareCompanyName>Simulator</SoftwareCompanyName>\n"
        "<SoftwareID>simulate</SoftwareID>\n<SoftwareVersion>1</SoftwareVersion>\n<Company>\n"
        f"<RegistrationNumber>{company}</RegistrationNumber>\n<Name>Syntetisk</Name>\n"
        "<Address><City>Oslo</City><PostalCode>0150</PostalCode><Country>NO</Country></Address>\n"
        "<Contact><ContactPerson><FirstName>x</FirstName><LastName>x</LastName></ContactPerson></Contact>\n</Company>\n"
        "<DefaultCurrencyCode>NOK</DefaultCurrencyCode>\n<SelectionCriteria>\n"
        f"<PeriodStart>{first.month}</PeriodStart>\n<PeriodStartYear>{first.year}</PeriodStartYear>\n"
        f"<PeriodEnd>{last.month}</PeriodEnd>\n<PeriodEndYear>{last.year}</PeriodEndYear>\n</SelectionCriteria>\n"
        "<TaxAccountingBasis>A</TaxAccountingBasis>\n</Header>\n"
    )


def _account(account: str, version: str) -> str:
    grouped = (
        f"<GroupingCategory>NS4102</GroupingCategory><GroupingCode>{escape(account)}</GroupingCode>"
        if version == "1.3"
        else f"<StandardAccountID>{escape(account[:2])}</StandardAccountID>"
    )
    return (
        f"<Account><AccountID>{escape(account)}</AccountID><AccountDescription>Konto</AccountDescription>{grouped}"
        "<AccountType>GL</AccountType><OpeningDebitBalance>0</OpeningDebitBalance>"
        "<ClosingDebitBalance>0</ClosingDebitBalance></Account>\n"
    )


def _supplier(number: str) -> str:
    return (
        f"<Supplier><RegistrationNumber>{number}</RegistrationNumber><Name>Leverandør</Name>"
        "<Address><City>Oslo</City><PostalCode>0150</PostalCode><Country>NO</Country></Address>"
        f"<SupplierID>L{number}</SupplierID></Supplier>\n"
    )


def _dimensions(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for kind, name, column in (("A", "Avdeling", "cost_center"), ("P", "Prosjekt", "project")):
        for value in sorted({str(r[column]) for r in rows if r.get(column)}) or ["-"]:
            yield (
                f"<AnalysisTypeTableEntry><AnalysisType>{kind}</AnalysisType><AnalysisTypeDescription>{name}"
                f"</AnalysisTypeDescription><AnalysisID>{escape(value)}</AnalysisID><AnalysisIDDescription>"
                f"{escape(value)}</AnalysisIDDescription></AnalysisTypeTableEntry>\n"
            )


def _vat(row: Mapping[str, Any]) -> int:
    return int(row["amount_ore"]) // 4


def _kroner(ore: int) -> str:
    return f"{'-' if ore < 0 else ''}{abs(ore) // 100}.{abs(ore) % 100:02}"


def _side(ore: int, *, to: str = "Amount") -> str:
    side = f"Debit{to}" if ore >= 0 else f"Credit{to}"
    return f"<{side}><Amount>{_kroner(abs(ore))}</Amount></{side}>"


def _transaction(row: Mapping[str, Any], version: str) -> str:
    cost, vat = int(row["amount_ore"]), _vat(row)
    number, period = escape(str(row["entry_id"])), row["period"]
    analysed = "".join(
        f"<Analysis><AnalysisType>{kind}</AnalysisType><AnalysisID>{escape(str(row[column]))}</AnalysisID></Analysis>\n"
        for kind, column in (("A", "cost_center"), ("P", "project"))
        if row.get(column)
    )
    tax = _side(vat, to="TaxAmount") if version == "1.3" else f"<TaxAmount><Amount>{_kroner(vat)}</Amount></TaxAmount>"
    taxed = f"<TaxType>MVA</TaxType><TaxCode>1</TaxCode><TaxBase>{_kroner(cost)}</TaxBase>{tax}"
    debt = _side(-cost - vat) if cost + vat else "<CreditAmount><Amount>0</Amount></CreditAmount>"
    supplier = f"<SupplierID>L{row['supplier_number']}</SupplierID>" if row.get("supplier_number") else ""
    lines = (
        f"<Line>\n<RecordID>1</RecordID>\n<AccountID>{escape(row['account'])}</AccountID>\n{analysed}"
        f"<Description>Kostnad</Description>\n{_side(cost)}\n<TaxInformation>{taxed}</TaxInformation>\n</Line>\n"
        f"<Line>\n<RecordID>2</RecordID>\n<AccountID>{VAT}</AccountID>\n<Description>Mva.</Description>\n{_side(vat)}\n"
        f"</Line>\n<Line>\n<RecordID>3</RecordID>\n<AccountID>{DEBT}</AccountID>\n{supplier}\n"
        f"<Description>Gjeld</Description>\n{debt}\n</Line>\n"
    )
    return (
        f"<Transaction>\n<TransactionID>{number}</TransactionID>\n<Period>{period.month}</Period>\n"
        f"<PeriodYear>{period.year}</PeriodYear>\n<TransactionDate>{row['booked_on']}</TransactionDate>\n"
        f"<Description>Bilag</Description>\n<SystemEntryDate>{row['booked_on']}</SystemEntryDate>\n"
        f"<GLPostingDate>{row['booked_on']}</GLPostingDate>\n{lines}</Transaction>\n"
    )
