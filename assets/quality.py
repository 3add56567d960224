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
        inputs: lake tables it reads.
        counts: other inputs, given by the gate: `accounting`, `batch`, `conformed_rows`, `closed_quarter` or
            `closed_amount`.
        severity: `ERROR` stops publication, `WARN` does not.
    """

    name: str
    dataset: str
    inputs: Mapping[str, DatasetContract]
    counts: tuple[str, ...] = ()
    severity: str = "ERROR"

    @property
    def says(self) -> str:
        """What holds where no row breaks it, in English, as the statement's first comment says."""
        words = comment(f"quality/{self.name}")
        return f"{words[0].upper()}{words[1:]}."

    def broken(self, scans: Mapping[str, Scan]) -> Scan:
        """The rows at fault."""
        return Query(statement(f"quality/{self.name}"), {n: scans[n] for n in (*self.inputs, *self.counts)})


TABLE_RULES = (
    TableRule("accounting_ties", "quality.accounting", {}, ("accounting",)),
    TableRule("journal_ties", "quality.accounting", {}, ("accounting", "batch")),
    TableRule("conformed_ties", "quality.accounting", {}, ("accounting", "conformed_rows")),
    # What lands and is conformed warns: a release of fewer rows is right if fewer came. One row in twenty set aside is
    # more than any producer's usual mistakes (0.1 %), and holidays take a third of a month's dispatches, not half.
    TableRule("few_rows_set_aside", "quality.accounting", {}, ("accounting",), severity="WARN"),
    TableRule("volume_holds", "quality.accounting", {}, ("accounting",), severity="WARN"),
    TableRule(
        "dispatches_tie",
        "usage.dispatch_day",
        {"dispatch_day": usage.DISPATCH_DAY, "sensitive_dispatch_month": usage.SENSITIVE_DISPATCH_MONTH},
        ("accounting",),
    ),
    TableRule(
        "months_tie",
        "usage.dispatch_month",
        {"dispatch_day": usage.DISPATCH_DAY, "dispatch_month": usage.DISPATCH_MONTH},
    ),
    TableRule(
        "borders_tie",
        "usage.municipality_month",
        {
            "dispatch_day": usage.DISPATCH_DAY,
            "municipality_month": usage.MUNICIPALITY_MONTH,
            "municipality_of": reference.MUNICIPALITY_OF,
        },
    ),
    TableRule(
        "measures_tie",
        "usage.municipality_measure_month",
        {
            "measure_month": usage.MEASURE_MONTH,
            "municipality_measure_month": usage.MUNICIPALITY_MEASURE_MONTH,
            "municipality_of": reference.MUNICIPALITY_OF,
            "municipality_to_now": reference.MUNICIPALITY_TO_NOW,
            "measure": reference.MEASURE,
        },
    ),
    TableRule(
        "perturbation_holds",
        "usage.measure_month",
        {
            "measure_month": usage.MEASURE_MONTH,
            "measure_total_month": usage.MEASURE_TOTAL_MONTH,
            "protected_dispatch_month": usage.PROTECTED_DISPATCH_MONTH,
            "protected_measure_month": usage.PROTECTED_MEASURE_MONTH,
        },
    ),
    TableRule(
        "peers_tie",
        "usage.peer_measure_month",
        {
            "municipality_measure_month": usage.MUNICIPALITY_MEASURE_MONTH,
            "peer_measure_month": usage.PEER_MEASURE_MONTH,
        },
    ),
    TableRule(
        "ledger_ties",
        "ledger.entry",
        {
            "entry": ledger.ENTRY,
            "invoice_line": conformed.INVOICE_LINE,
            "person_priced_line": ledger.PERSON_PRICED_LINE,
            "cost_entry": conformed.COST_ENTRY,
            "loan_entry": conformed.LOAN_ENTRY,
        },
    ),
    TableRule(
        "person_priced_ties",
        "ledger.entry",
        {
            "entry": ledger.ENTRY,
            "invoice_line": conformed.INVOICE_LINE,
            "person_priced_line": ledger.PERSON_PRICED_LINE,
        },
    ),
    TableRule(
        "parts_tie",
        "ledger.reconciliation_part",
        {
            "reconciliation": reconciliation.RECONCILIATION,
            "reconciliation_part": reconciliation.RECONCILIATION_PART,
        },
    ),
    TableRule(
        "billed_ties",
        "ledger.reconciliation",
        {
            "reconciliation": reconciliation.RECONCILIATION,
            "reconciliation_cell": reconciliation.RECONCILIATION_CELL,
            "invoice_line": conformed.INVOICE_LINE,
        },
    ),
    TableRule("closed_periods_hold", "ledger.entry", {"entry": ledger.ENTRY}, ("closed_quarter", "closed_amount")),
    TableRule("allocations_tie", "ledger.allocation", {"allocation": ledger.ALLOCATION, "entry": ledger.ENTRY}),
    TableRule("products_tie", "ledger.product_month", {"product_month": ledger.PRODUCT_MONTH, "entry": ledger.ENTRY}),
    TableRule(
        "loans_tie",
        "ledger.project_month",
        {
            "project_month": projects.PROJECT_MONTH,
            "entry": ledger.ENTRY,
            "loan_entry": conformed.LOAN_ENTRY,
            "placed_cost": ledger.PLACED_COST,
        },
    ),
    TableRule("loan_balances_tie", "ledger.loan_month", {"loan_month": projects.LOAN_MONTH, "entry": ledger.ENTRY}),
    # A draw-down may come after its repayments, in another file: what is repaid beyond it is kept apart, and told.
    TableRule("repaid_within_loan", "ledger.loan_month", {"loan_month": projects.LOAN_MONTH}, severity="WARN"),
)


def quarantine_summary(quarantine: Scan) -> Scan:
    """Quarantined rows by stream, month, producer and rule; a row that broke several rules counts under each.

    `apart` counts those that may concern persons: of a sensitive or an unknown service.
    """
    sql = statement("quality/summary", told_openly=sensitive.TOLD_OPENLY)
    return Query(sql, {"quarantine": quarantine})
