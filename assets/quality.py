"""Quality: cross-table rules as scans that return the rows at fault, and the summary of the quarantine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assets import sensitive
from assets.statements import comment, statement
from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Query, Scan
from catalog.tables import conformed, ledger, projects, reconciliation, reference, usage


@dataclass(frozen=True, slots=True)
class TableRule:
    """A rule over several tables. Its statement returns the rows that break it.

    Attributes:
        dataset: the dataset it checks.
        tables: of the lake, each of which it reads by its table's name.
        counts: other inputs, given by the gate: `accounting`, `batch`, `conformed_rows`, `closed_quarter` or
            `closed_amount`.
        severity: `ERROR` stops publication, `WARN` does not.
    """

    name: str
    dataset: str
    tables: tuple[DatasetContract, ...] = ()
    counts: tuple[str, ...] = ()
    severity: str = "ERROR"

    @property
    def inputs(self) -> dict[str, DatasetContract]:
        """The tables, by the names that the statement has for them."""
        return {table.table: table for table in self.tables}

    @property
    def says(self) -> str:
        """What holds where no row breaks it, in English, as the statement's first comment says."""
        words = comment(f"quality/{self.name}")
        return f"{words[0].upper()}{words[1:]}."

    def broken(self, scans: Mapping[str, Scan]) -> Scan:
        """The rows at fault."""
        return Query(statement(f"quality/{self.name}"), {n: scans[n] for n in (*self.inputs, *self.counts)})


TABLE_RULES = (
    TableRule("accounting_ties", "quality.accounting", (), ("accounting",)),
    TableRule("journal_ties", "quality.accounting", (), ("accounting", "batch")),
    TableRule("conformed_ties", "quality.accounting", (), ("accounting", "conformed_rows")),
    # What lands and is conformed warns: a release of fewer rows is right if fewer came. One row in twenty set aside is
    # more than any producer's usual mistakes (0.1 %), and holidays take a third of a month's dispatches, not half.
    TableRule("few_rows_set_aside", "quality.accounting", (), ("accounting",), severity="WARN"),
    TableRule("volume_holds", "quality.accounting", (), ("accounting",), severity="WARN"),
    TableRule(
        "dispatches_tie", "usage.dispatch_day", (usage.DISPATCH_DAY, usage.SENSITIVE_DISPATCH_MONTH), ("accounting",)
    ),
    TableRule("months_tie", "usage.dispatch_month", (usage.DISPATCH_DAY, usage.DISPATCH_MONTH)),
    TableRule(
        "borders_tie",
        "usage.municipality_month",
        (usage.DISPATCH_DAY, usage.MUNICIPALITY_MONTH, reference.MUNICIPALITY_OF),
    ),
    TableRule(
        "measures_tie",
        "usage.municipality_measure_month",
        (
            usage.MEASURE_MONTH,
            usage.MUNICIPALITY_MEASURE_MONTH,
            reference.MUNICIPALITY_OF,
            reference.MUNICIPALITY_TO_NOW,
            reference.MEASURE,
        ),
    ),
    TableRule(
        "perturbation_holds",
        "usage.measure_month",
        (usage.MEASURE_MONTH, usage.MEASURE_TOTAL_MONTH, usage.PROTECTED_DISPATCH_MONTH, usage.PROTECTED_MEASURE_MONTH),
    ),
    TableRule("peers_tie", "usage.peer_measure_month", (usage.MUNICIPALITY_MEASURE_MONTH, usage.PEER_MEASURE_MONTH)),
    TableRule(
        "ledger_ties",
        "ledger.entry",
        (ledger.ENTRY, conformed.INVOICE_LINE, ledger.PERSON_PRICED_LINE, conformed.COST_ENTRY, conformed.LOAN_ENTRY),
    ),
    TableRule("person_priced_ties", "ledger.entry", (ledger.ENTRY, conformed.INVOICE_LINE, ledger.PERSON_PRICED_LINE)),
    TableRule(
        "parts_tie", "ledger.reconciliation_part", (reconciliation.RECONCILIATION, reconciliation.RECONCILIATION_PART)
    ),
    TableRule(
        "billed_ties",
        "ledger.reconciliation",
        (reconciliation.RECONCILIATION, reconciliation.RECONCILIATION_CELL, conformed.INVOICE_LINE),
    ),
    TableRule("closed_periods_hold", "ledger.entry", (ledger.ENTRY,), ("closed_quarter", "closed_amount")),
    TableRule("allocations_tie", "ledger.allocation", (ledger.ALLOCATION, ledger.ENTRY)),
    TableRule("products_tie", "ledger.product_month", (ledger.PRODUCT_MONTH, ledger.ENTRY)),
    TableRule(
        "loans_tie",
        "ledger.project_month",
        (projects.PROJECT_MONTH, ledger.ENTRY, conformed.LOAN_ENTRY, ledger.PLACED_COST),
    ),
    TableRule("loan_balances_tie", "ledger.loan_month", (projects.LOAN_MONTH, ledger.ENTRY)),
    # A draw-down may come after its repayments, in another file: what is repaid beyond it is kept apart, and told.
    TableRule("repaid_within_loan", "ledger.loan_month", (projects.LOAN_MONTH,), severity="WARN"),
)


def quarantine_summary(quarantine: Scan) -> Scan:
    """Quarantined rows by stream, month, producer and rule; a row that broke several rules counts under each.

    `apart` counts those that may concern persons: of a sensitive or an unknown service.
    """
    sql = statement("quality/summary", told_openly=sensitive.TOLD_OPENLY)
    return Query(sql, {"quarantine": quarantine})
