"""A release with all that Produktregnskap rests on: ledgers, prices, loans and reconciliation of four services.

`svarut` is a little over its cost, its prices do not come to what is decided; `fiks-folkeregister` is below cost, lacks
the budget of a month, and its price comes to just what is decided; `fiks-digisos` has one month, no price; `edialog`
has nothing. Municipalities that pay for `svarut` are real ones; what they pay is made up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

from assets import self_cost as self_cost_making
from catalog import facts
from catalog.domain.self_cost import BASE, Base, Cost, Priced, Use, calculate, rows_of
from catalog.tables import billing, ledger, price_calculation, projects, reconciliation, reference, self_cost
from tests.dashboards import sample, sample_ledger, sample_report
from transport.base.settings import Settings
from transport.releases.store import Content, Releases

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from catalog.contracts.language import DatasetContract
    from transport.releases.store import Release

MONTH = sample.THROUGH
NOW = date(2026, 11, 1)
FIRST, LAST = date(2025, 10, 1), date(2026, 9, 1)
"""The window of the price calculation."""
PAYERS = {"0301": 2_000_000_00, "4601": 900_000_00, "4620": 40_000_00, "4621": 60_000_00, "1151": 7_000_00}
"""Municipality and what it was billed of `svarut` in the window, in øre."""
D = Decimal
RULES = [
    {"rule": rule, "service": None, "valid_from": date(2026, 1, 1), "valid_to": end, "choice": choice, "value": value}
    | {"source": "laget for prøven", "synthetic": True}
    for rule, end, choice, value in (
        ("balance_interest", None, "FOLLOWED", None),
        ("calculated_interest", date(2028, 1, 1), "prøverente", D(4)),
        ("settle_deficit_years", None, None, D(3)),
    )
]
"""The rules of self-cost that are followed: the carried balance bears interest, and is settled over three years."""


def bases() -> dict[str, Base]:
    """What the prices of each service are calculated from."""
    municipalities = Use(D(300), D(295), D(310), D(330), "THETA", D("0.0101"))
    return {
        "svarut": Base(
            "svarut",
            2027,
            [
                Cost("BRUKERSTOTTE", 190_000_000, account="6710"),
                Cost("DRIFT", 427_500_000, "forsendelser", "6420"),
                Cost("FORVALTNING", 190_000_000, account="6725"),
                Cost("ADMINISTRASJON", 47_500_000, account="5010"),
                Cost("FORDELT", 95_000_000, source="ALLOCATED"),
            ],
            [
                Priced(
                    *("svarut-altinn", "PER_CHANNEL", "forsendelse", D("0.55"), D(2_000_000)),
                    decided=D("0.50"),
                    driver="forsendelser",
                    channel="ALTINN",
                    units_source="BILLED",
                    synthetic=True,
                ),
                Priced(
                    *("svarut-forsendelser", "PER_UNIT", "forsendelse", D("1.15"), D(8_000_000)),
                    decided=D("1.10"),
                    driver="forsendelser",
                    units_source="BILLED",
                    synthetic=True,
                ),
            ],
            {
                "forsendelser": Use(D(10_000_000), D(9_000_000), D(11_000_000), D(13_000_000), "THETA", D("0.0432")),
                "kommuner": municipalities,
            },
            60_000_000,
            synthetic=True,
            balance_now_ore=32_100_000,
            balance_months_missing=1,
        ),
        "fiks-folkeregister": Base(
            "fiks-folkeregister",
            2027,
            [Cost("DRIFT", 300_000_000, account="6420"), Cost("FORVALTNING", 9_000_000, account="6725")],
            [
                Priced(
                    *("folkeregister-fastpris-liten-kommune", "SIZE_CLASS", "år", D(9_000), D(300)),
                    decided=D(10_000),
                    driver="kommuner",
                    size_high=10_000,
                    units_source="BILLED",
                    synthetic=True,
                )
            ],
            {"kommuner": municipalities},
            synthetic=True,
        ),
    }


def prices() -> dict[DatasetContract, list[dict[str, object]]]:
    """The calculations as rows, as the release keeps them; one more of `svarut` that somebody saved."""
    calculated: list[dict[str, object]] = []
    costs: list[dict[str, object]] = []
    uses: list[dict[str, object]] = []
    window = {"first_month": FIRST, "last_month": LAST, "months": 12, "synthetic": True}
    for service, base in bases().items():
        calculated += rows_of(calculate(base), BASE)
        costs += [
            {
                "service": service,
                "category": one.category,
                "source": one.source,
                "account": one.account,
                "varies_with": one.varies_with,
                "amount_ore": one.amount_ore,
                **window,
            }
            for one in base.costs
        ]
        uses += [
            {
                "service": service,
                "driver": driver,
                **{name: getattr(one, name) for name in ("now", "low", "expected", "high", "method")},
                "backtest_error": one.backtest_error,
                "last_known_month": MONTH,
                "months_foreseen": 10,
                "months_missing": 0,
                "compared_share": Decimal(1),
                "synthetic": True,
            }
            for driver, one in base.uses.items()
        ]
    calculated += rows_of(calculate(bases()["svarut"]), "produktråd", "PROPOSED")
    calculated += rows_of(calculate(Base("fiks-digisos", 2027, [Cost("DRIFT", 1_234_567)], [], {})), BASE)
    return {
        price_calculation.PRICE_CALCULATION: calculated,
        price_calculation.PRICE_COST: costs,
        price_calculation.PRICE_USE: uses,
    }


def entries() -> list[dict[str, object]]:
    """What municipalities were billed of `svarut`, and a krone that came after its quarter was closed."""
    number = {row["municipality_code"]: row["organisation_number"] for row in facts.read("organisation")}
    billed = [(number[code], LAST, LAST, ore) for code, ore in PAYERS.items()]
    billed.append((number["0301"], MONTH, date(2026, 3, 1), 500_00))
    return [
        {
            "source_stream": "invoice_line",
            "producer": "sample",
            "source_key": f"F{n}/1",
            "organisation_number": who,
            "service": "svarut",
            "month": period,
            "period": period,
            "original_period": original,
            "account": "INCOME",
            "category": "svarut-forsendelser",
            "amount_ore": ore,
            "synthetic": True,
        }
        for n, (who, period, original, ore) in enumerate(billed)
    ]


def basis() -> list[dict[str, object]]:
    """The use that they were billed for, at the price of today."""
    return [
        {
            "payer_number": one["organisation_number"],
            "organisation_number": one["organisation_number"],
            "account_id": None,
            "service": one["service"],
            "price_element": one["category"],
            "channel": None,
            "month": one["month"],
            "quantity": (D(str(one["amount_ore"])) / 115).quantize(D("0.0001")),
            "unit": "forsendelse",
            "unit_price": D("1.15"),
            "price_rule": None,
            "amount_ore": one["amount_ore"],
            "status": "READY",
            "note": None,
            "synthetic": True,
        }
        for one in entries()
    ]


def loans() -> dict[DatasetContract, list[dict[str, object]]]:
    """A loan that is paid off at every level, one that is not, and a project that is not launched."""
    flags = {"overdrawn": False, "negative_balance": False, "registered": True, "synthetic": True}
    of_loans: list[dict[str, object]] = []
    of_projects: list[dict[str, object]] = []
    for project, title, service, reason, payoffs in (
        ("DF-01", "Utsending (syntetisk)", "svarut", None, (date(2029, 8, 1), date(2028, 2, 1), date(2027, 5, 1))),
        ("DF-02", "Oppslag (syntetisk)", "fiks-folkeregister", "NOT_ENOUGH_JOINERS", (None, None, date(2027, 9, 1))),
        ("DF-03", "Utredning (syntetisk)", None, "NOT_LAUNCHED", (None, None, None)),
    ):
        drawn = 90_000_000_00
        for n, month in enumerate(sample.months(date(2025, 1, 1), NOW)):
            repaid, last = 1_000_000_50 * n, month == NOW
            row: dict[str, object] = {
                "project": project,
                "service": service,
                "month": month,
                "granted_ore": 100_000_000_00,
                "drawn_ore": 0 if n else drawn,
                "repaid_ore": 1_000_000_50 if n else 0,
                "written_off_ore": 0,
                "excess_ore": 0,
                "drawn_to_date_ore": drawn,
                "repaid_to_date_ore": repaid,
                "written_off_to_date_ore": 0,
                "excess_to_date_ore": 0,
                "balance_ore": drawn - repaid,
                **{
                    f"payoff_month_{level}": at if last else None
                    for level, at in zip(("low", "expected", "high"), payoffs, strict=True)
                },
                "payoff_basis": "EXTENDED" if last and any(payoffs) else None,
                "payoff_reason": reason if last else "EARLIER_MONTH",
                **flags,
            }
            bridge = {"invoiced_not_repaid_ore": 700_000_00, "balance_by_invoice_ore": drawn - repaid - 700_000_00}
            of_loans.append(row | bridge)
            more = {"title": title, "financing": "DIGIFIN", "phase": "DRIFT", "launched": service is not None}
            of_projects.append(row | more | {"spent_ore": 0, "spent_to_date_ore": 50_000_000_00})
    return {projects.LOAN_MONTH: of_loans, projects.PROJECT_MONTH: of_projects}


def reconciled() -> dict[DatasetContract, list[dict[str, object]]]:
    """Too much in a month and too little in another, which do not offset each other; a month's shift beside them."""
    number = {row["municipality_code"]: row["organisation_number"] for row in facts.read("organisation")}
    cells, parts, months = [], [], []
    for code, month, amount, reason in (
        ("0301", date(2026, 3, 1), 10_000_50, "UNEXPLAINED"),
        ("4601", date(2026, 4, 1), -3_000_00, "UNEXPLAINED"),
        ("4620", date(2026, 5, 1), 700_00, "MONTH_SHIFT"),
    ):
        key = {
            "organisation_number": number[code],
            "service": "svarut",
            "price_element": "svarut-forsendelser",
            "month": month,
            "synthetic": True,
        }
        cells.append(
            key
            | {
                "billed_quantity": D(100),
                "span": "MONTH",
                "measured_quantity": D(90),
                "difference": D(10),
                "billed_ore": 50_000_00 + amount,
                "expected_ore": 50_000_00,
                "difference_ore": amount,
                "status": "OPEN" if reason == "UNEXPLAINED" else "EXPLAINED",
                "awaits_invoice": False,
            }
        )
        parts.append(key | {"reason": reason, "quantity": D(10), "amount_ore": amount})
        unexplained = amount if reason == "UNEXPLAINED" else 0
        months.append(
            {
                "service": "svarut",
                "month": month,
                "billed_ore": 50_000_00 + amount,
                "expected_ore": 50_000_00,
                "explained_ore": amount - unexplained,
                "open_ore": unexplained,
                "not_reconcilable_ore": 0,
                "over_ore": max(unexplained, 0),
                "under_ore": max(-unexplained, 0),
                "awaits_invoice_ore": 0,
                "at_stake_ore": abs(unexplained),
                "cells": 1,
                "open_cells": int(bool(unexplained)),
                "not_reconcilable_cells": 0,
                "synthetic": True,
            }
        )
    return {
        reconciliation.RECONCILIATION: cells,
        reconciliation.RECONCILIATION_PART: parts,
        reconciliation.RECONCILIATION_PRODUCT: months,
    }


def closing() -> dict[DatasetContract, list[dict[str, object]]]:
    """An entry with two reasons, one of a service, and quarters of which the first three of the year are closed."""
    cost = {"producer": "sample", "period": date(2026, 2, 1), "cost_center": "4950", "synthetic": True}
    return {
        ledger.UNMAPPED_COST: [
            cost | {"entry_id": "1", "reason": "NO_KEY", "account": "6790", "amount_ore": 7_700_00},
            cost | {"entry_id": "1", "reason": "NO_CATEGORY", "account": "6790", "amount_ore": 7_700_00},
            cost
            | {"entry_id": "2", "reason": "NO_CATEGORY", "account": "6800", "service": "svarut", "amount_ore": 300_00},
        ],
        ledger.PERIOD: [
            {
                "quarter": f"2026-Q{n}",
                "status": "CLOSED" if n < 4 else "OPEN",
                "closed_by": "okonomi" if n < 4 else None,
                "changed_at": datetime(2026, 10, 20, 8, tzinfo=UTC) if n < 4 else None,
                "release": "2026-10-20.1" if n < 4 else None,
                "later_entries": 0,
                "later_ore": 0,
                "synthetic": True,
            }
            for n in (1, 2, 3, 4)
        ],
    }


@cache
def tables() -> dict[DatasetContract, pa.Table]:
    """Every dataset of the release but the bundled facts."""
    budgets = [row | {"budget_income_ore": 99_000_000} for row in sample_ledger.accounts()]
    made: dict[DatasetContract, list[dict[str, object]]] = {
        ledger.PRODUCT_MONTH: budgets,
        ledger.ENTRY: entries(),
        billing.INVOICE_BASIS: basis(),
        **prices(),
        **loans(),
        **reconciled(),
        **closing(),
    }
    found = {contract: sample.rows_as(contract, rows) for contract, rows in made.items()}
    register = sample.rows_as(self_cost.SELF_COST_RULE, RULES)
    return found | {
        reference.ORGANISATION: sample.organisations(),
        self_cost.SELF_COST_RULE: register,
        self_cost.SELF_COST_YEAR: self_cost_making.years(found[ledger.PRODUCT_MONTH], register, ""),
    }


def publish(settings: Settings, *without: DatasetContract) -> Release:
    """Publish a release; `without` some of its datasets, as an older one."""
    bundled = (reference.MUNICIPALITY, reference.POPULATION, reference.PRODUCT, reference.PRICE_ELEMENT)
    contents = [Content(c, table=facts.table(c.table, c.arrow_schema)) for c in bundled]
    contents += [Content(c, table=t) for c, t in tables().items() if c not in without]
    releases = Releases(settings)
    before = releases.current()
    return releases.publish(
        releases.next_name(sample_ledger.PUBLISHED),
        contents,
        lambda _told: [],
        sample_report.said(),
        parent=before.name if before else None,
    )


def make(home: Path, *without: DatasetContract) -> Path:
    """A home with the release; gives the home."""
    publish(Settings(home=home), *without)
    return home
