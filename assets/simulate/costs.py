"""Costs of the services: entries per service, category and month, shared costs with keys, projects and their loans.

All levels are synthetic. A service's cost is what its customers' use and prices are expected to bring (`turnover`),
divided by the coverage it should have: operation follows each month's use, the rest changes slowly. Services without a
price have no cost of their own: SvarUt carries SvarInn, Fiks folkeregister the other registers, Fiks IO its protocols.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa

from assets.simulate.norwegian_year import busyness
from assets.simulate.organisations import organisation_number
from assets.simulate.plan import Kind, month_after
from assets.simulate.prices import JOINING_FEE
from assets.simulate.stories import LAGS
from catalog.tables import streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from assets.simulate.adoption import Uptake
    from assets.simulate.invoices import Line
    from assets.simulate.organisations import Organisation
    from assets.simulate.plan import Plan
    from assets.simulate.prices import Prices
    from assets.simulate.turnover import Turnover
    from catalog.domain.pricing import PriceRule

CATEGORIES = ("BRUKERSTOTTE", "DRIFT", "FORVALTNING", "ADMINISTRASJON")
_SHARES = (14, 50, 27, 9)
"""Per cent of a service's cost by category."""
_ACCOUNTS = {"BRUKERSTOTTE": "6710", "DRIFT": "6420", "FORVALTNING": "6725", "ADMINISTRASJON": "5010"}
_VENDORS = tuple(organisation_number(2, 7_000_000 + 1_130 * i) for i in range(6))

COVERAGE = {
    "svarut": 1.00,
    "fiks-io": 0.94,
    "fiks-folkeregister": 1.03,
    "fiks-dokumentlager": 0.76,
    "min-kommune": 0.93,
    "fiks-bekymringsmelding": 0.83,
    "fiks-kjoretoyregister": 1.09,
    "fiks-digiorden": 1.05,
    "fiks-del-dokument": 0.86,
}
"""The share of the cost that income covers in the plan's last year, where nothing else happens."""
_COST_GROWTH_OF_LAGGING = 1.12
_VARIES = {"svarut": "forsendelser", "fiks-folkeregister": "oppslag", "fiks-io": "meldinger"}
SHARED = (("Felles plattform", "DRIFT", "INNTEKT", 0.055), ("Kundesenter", "BRUKERSTOTTE", "HENVENDELSER", 0.03),
          ("Ledelse og lokaler", "ADMINISTRASJON", "LIKT", 0.015))  # fmt: skip
"""Shared costs: text, category, allocation key, and how large they are beside all income."""
_OWN_SHARE = {
    "svarut": 0.925,
    "fiks-io": 0.875,
    "fiks-folkeregister": 0.93,
    "fiks-dokumentlager": 0.91,
    "min-kommune": 0.895,
    "fiks-bekymringsmelding": 0.87,
    "fiks-kjoretoyregister": 0.79,
    "fiks-digiorden": 0.895,
    "fiks-del-dokument": 0.84,
}
"""How much of a service's cost is its own; the rest is its part of the shared costs."""
COST_CENTERS = tuple(f"4{n:02d}0" for n in range(1, len(COVERAGE) + 1))
"""One per service, in the order of `COVERAGE`."""
SHARED_CENTER = "4900"
_UNTYPED_PERCENT = 30
"""Per cent of entries with only account and cost centre, to be placed by `cost_mapping`."""
_UNPLACED_ORE = 4_800_000
_PLANNED = (97, 104)
"""Budgets, in per cent of what is expected."""
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Project:
    """A development project; months count from the plan's last, 0.

    Attributes:
        service: None until launch.
        decided: when the grant was decided.
        drawn: the first and last month in which the loan is drawn; equal for no loan.
    """

    project: str
    title: str
    service: str | None
    financing: str
    phase: str
    granted_kr: int
    decided: int
    launch: int | None
    drawn: tuple[int, int]
    expected_adopters: int


PROJECTS = (
    Project(
        "DF-01", "Digiorden, felles drift (syntetisk)", "fiks-digiorden", "DIGIFIN", "DRIFT",
        granted_kr=5_500_000, decided=-72, launch=-62, drawn=(-70, -52), expected_adopters=200,
    ),
    Project(
        "DF-02", "Digiorden, ny arbeidsflyt (syntetisk)", "fiks-digiorden", "DIGIFIN", "INNFORING",
        granted_kr=11_000_000, decided=-30, launch=-9, drawn=(-28, -6), expected_adopters=300,
    ),
    Project(
        "DF-03", "Del dokument, mottak (syntetisk)", "fiks-del-dokument", "DIGIFIN", "GJENNOMFORING",
        granted_kr=4_200_000, decided=-9, launch=8, drawn=(-7, 7), expected_adopters=180,
    ),
    Project(
        "DF-04", "Felles ordning under utredning (syntetisk)", None, "DIGIFIN", "UTREDNING",
        granted_kr=3_000_000, decided=-2, launch=None, drawn=(-1, 12), expected_adopters=200,
    ),
    Project(
        "IN-01", "Fornyet plattform (syntetisk)", "svarut", "INTERN", "GJENNOMFORING",
        granted_kr=2_400_000, decided=-16, launch=None, drawn=(0, 0), expected_adopters=0,
    ),
)  # fmt: skip
"""All synthetic; only Digiorden's joining fee, which repays its loan, is published.

The fees repay DF-01, which is nearly paid; nothing repays DF-02, which those who have not joined could not cover.
"""
_FEES_OF_THE_REST = 1.05
"""The debt when the plan begins, as a multiple of the fees of customers who join within it."""
_SPENT = (-14, 6)
"""When a project without a loan is spent."""


class Books:
    """A plan's accounts, month by month."""

    def __init__(self, plan: Plan, turnover: Turnover, uptakes: Sequence[Uptake], prices: Prices) -> None:
        """Store the plan, its expected turnover, and who has joined at what price."""
        self._plan, self._turnover, self._uptakes, self._prices = plan, turnover, uptakes, prices

    def level(self, service: str, month: date, category: str) -> int:
        """The expected cost of a service in a month, in øre, of one category."""
        worth = self._turnover.monthly(service, month)
        share = _SHARES[CATEGORIES.index(category)]
        if category != "DRIFT" and service == "svarut":
            worth = round(worth * _mean_busyness() / _busyness_of(month))  # people cost as much in July
        years_ago = self._plan.months_back(month) / _MONTHS_A_YEAR
        lag: float = (_COST_GROWTH_OF_LAGGING**-years_ago) if service == LAGS else 1.0
        return round(worth * _OWN_SHARE[service] * lag / COVERAGE[service]) * share // 100

    def _planned(self, service: str, month: date, category: str) -> int:
        """The cost to budget: the level and, with it, the service's part of the shared costs."""
        return round(self.level(service, month, category) / _OWN_SHARE[service])

    def costs(self, month: date) -> pa.Table:
        """The month's cost entries, by entry id."""
        random = self._plan.random(Kind.COST, month.year, month.month)
        rows = [
            *self._of_services(month, random),
            *self._shared(month, random),
            *self._projects(month, random),
            *_unplaced(month),
        ]
        schema = streams.COST_ENTRY.schema
        booked = min(month_after(month, 1) + timedelta(days=3), self._plan.until or date.max)
        full = [
            {
                **row,
                "entry_id": f"SIM-K-{month:%Y%m}-{n:04d}",
                "booked_on": booked,
                "period": month,
            }
            for n, row in enumerate(rows, 1)
        ]
        return pa.Table.from_pylist(full, schema=schema)

    def _of_services(self, month: date, random: np.random.Generator) -> Iterator[dict[str, object]]:
        for service, center in zip(COVERAGE, COST_CENTERS, strict=True):
            for category in CATEGORIES:
                amount = self.level(service, month, category) * int(random.integers(94, 107)) // 100
                untyped = random.integers(100) < _UNTYPED_PERCENT
                vendor = _VENDORS[int(random.integers(len(_VENDORS)))]
                if amount:
                    yield {
                        "account": _ACCOUNTS[category],
                        "cost_center": center,
                        "service": None if untyped else service,
                        "cost_category": None if untyped else category,
                        "varies_with": _VARIES.get(service) if category == "DRIFT" else None,
                        "amount_ore": amount,
                        "supplier_number": vendor if category == "DRIFT" else None,
                        "text": f"{category.capitalize()} {service} (syntetisk)",
                    }

    def _shared(self, month: date, random: np.random.Generator) -> Iterator[dict[str, object]]:
        income = sum(self._turnover.monthly(service, month) for service in COVERAGE)
        for text, category, key, share in SHARED:
            yield {
                "account": _ACCOUNTS[category],
                "cost_center": SHARED_CENTER,
                "cost_category": category,
                "allocation_key": key,
                "amount_ore": round(income * share) * int(random.integers(97, 104)) // 100,
                "text": f"{text} (syntetisk)",
            }

    def _projects(self, month: date, random: np.random.Generator) -> Iterator[dict[str, object]]:
        at = -self._plan.months_back(month)
        for project in PROJECTS:
            begin, end = project.drawn if project.drawn[0] != project.drawn[1] else _SPENT
            if begin <= at < end:
                amount = project.granted_kr * 100 // (end - begin) * int(random.integers(80, 99)) // 100
                yield {
                    "account": "5090",
                    "cost_center": "4800",
                    "service": project.service,
                    "project": project.project,
                    "cost_category": "UTVIKLING",
                    "amount_ore": amount,
                    "text": f"{project.title}, utvikling",
                }

    def loans(self, month: date, lines: Sequence[Line], organisations: Sequence[Organisation]) -> pa.Table:
        """The month's loan entries: draw-downs, then repayments by fees. The first month has all earlier ones."""
        at = -self._plan.months_back(month)
        is_first = month == self._plan.first_month
        rows: list[dict[str, object]] = []
        for project in PROJECTS:
            begin, end = project.drawn
            drawn = range(begin, min(end, at + 1)) if is_first else range(at, at + 1) if begin <= at < end else range(0)
            rows += [_drawdown(project, n, month_after(self._plan.last_month, n)) for n in drawn]
        rows += self._repaid_before(organisations) if is_first else []
        rows += [
            {
                "entry_id": f"SIM-L-{line.invoice}-{line.number}",
                "project": PROJECTS[0].project,
                "service": line.service,
                "kind": "REPAYMENT",
                "organisation_number": organisations[line.organisation].number,
                "invoice_id": line.invoice,
                "amount_ore": line.amount_ore,
                "booked_on": line.invoiced_on,
            }
            for line in lines
            if line.price_element == JOINING_FEE
        ]
        return pa.Table.from_pylist(rows, schema=streams.LOAN_ENTRY.schema)

    def _repaid_before(self, organisations: Sequence[Organisation]) -> Iterator[dict[str, object]]:
        """What joiners before the plan's first month have paid back, on invoices that are older than the plan.

        So much that those who join within the plan nearly pay the rest.
        """
        fees = sorted(
            (u.activated, organisations[u.organisation].number, int(fee.amount * 100))
            for u in self._uptakes
            if u.service == PROJECTS[0].service
            and (fee := self._fee(u.activated.year, organisations[u.organisation])) is not None
        )
        coming = sum(ore for day, _, ore in fees if self._plan.first_month <= day < self._plan.end)
        begin, end = PROJECTS[0].drawn
        left = (end - begin) * _part(PROJECTS[0]) - round(coming * _FEES_OF_THE_REST)
        for day, number, ore in fees:
            if day >= self._plan.first_month:
                break
            if ore > left:
                continue  # smaller fees of others still fit
            left -= ore
            yield {
                "entry_id": f"SIM-L-{PROJECTS[0].project}-{number}",
                "project": PROJECTS[0].project,
                "service": PROJECTS[0].service,
                "kind": "REPAYMENT",
                "organisation_number": number,
                "invoice_id": None,
                "amount_ore": ore,
                "booked_on": day,
            }

    def _fee(self, year: int, organisation: Organisation) -> PriceRule | None:
        return self._prices.of(JOINING_FEE, year, organisation.inhabitants, organisation.kind)

    def budget(self) -> list[Mapping[str, object]]:
        """Each service's budgeted income, and cost by category: near what is expected, a little off by the year."""
        rows: list[Mapping[str, object]] = []
        for n in range(self._plan.months):
            month = month_after(self._plan.first_month, n)
            off = self._plan.random(Kind.BUDGET, month.year).integers(*_PLANNED, (len(COVERAGE), 2)).tolist()
            for service, (of_income, of_cost) in zip(COVERAGE, off, strict=True):
                amounts = [("INCOME", self._turnover.monthly(service, month) * of_income)]
                amounts += [(category, self._planned(service, month, category) * of_cost) for category in CATEGORIES]
                rows += [
                    {
                        "service": service,
                        "month": month.isoformat(),
                        "category": category,
                        "amount_ore": amount // 100_000 * 1000,
                    }
                    for category, amount in amounts
                ]
        return rows


def account_of(category: str) -> str:
    """The account that a category of cost is booked on."""
    return _ACCOUNTS[category]


def _unplaced(month: date) -> Iterator[dict[str, object]]:
    """At the end of a quarter: an account that `cost_mapping` does not know, for the economist to place."""
    if month.month % 3 == 0:
        yield {
            "account": "6790",
            "cost_center": "4950",
            "amount_ore": _UNPLACED_ORE,
            "text": "Innleid bistand (syntetisk)",
        }


def _drawdown(project: Project, n: int, month: date) -> dict[str, object]:
    return {
        "entry_id": f"SIM-L-{project.project}-{month:%Y%m}",
        "project": project.project,
        "service": project.service if project.launch is not None and n >= project.launch else None,
        "kind": "DRAWDOWN",
        "organisation_number": None,
        "invoice_id": None,
        "amount_ore": _part(project),
        "booked_on": month + timedelta(days=14),
    }


def _busyness_of(month: date) -> float:
    """The mean busyness of a month's days."""
    days = (month_after(month, 1) - month).days
    return sum(busyness(month.replace(day=n)) for n in range(1, days + 1)) / days


def _part(project: Project) -> int:
    """What is drawn of a loan each month: 95 per cent of the grant in all."""
    begin, end = project.drawn
    return project.granted_kr * 95 // (end - begin)


@cache
def _mean_busyness() -> float:
    return sum(_busyness_of(date(2025, n, 1)) for n in range(1, _MONTHS_A_YEAR + 1)) / _MONTHS_A_YEAR
