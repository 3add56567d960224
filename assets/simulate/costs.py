"""Costs of the services: entries per service, category and month, shared costs with keys, projects and their loans.

All levels are synthetic, set relative to the turnover at national size; dispatch costs scale with the dispatches.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from assets.simulate.adoption import CURVES
from assets.simulate.organisations import organisation_number
from assets.simulate.plan import Kind, month_after
from assets.simulate.prices import JOINING_FEE
from catalog.tables import streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from assets.simulate.invoices import Line
    from assets.simulate.organisations import Organisation
    from assets.simulate.plan import Plan

CATEGORIES = ("BRUKERSTOTTE", "DRIFT", "FORVALTNING", "ADMINISTRASJON")
_SHARES = (18, 47, 25, 10)
"""Per cent of a service's cost by category."""
_ACCOUNTS = {"BRUKERSTOTTE": "6710", "DRIFT": "6420", "FORVALTNING": "6725", "ADMINISTRASJON": "5010"}
_VENDORS = tuple(organisation_number(2, 7_000_000 + 1_130 * i) for i in range(6))

COST_A_YEAR = {
    "svarut": 6_800_000,
    "svarinn": 450_000,
    "fiks-io": 400_000,
    "fiks-folkeregister": 3_900_000,
    "kontaktregisteret": 200_000,
    "fiks-kjoretoyregister": 200_000,
    "fiks-dokumentlager": 420_000,
    "min-kommune": 1_550_000,
    "fiks-bekymringsmelding": 560_000,
    "fiks-digiorden": 250_000,
    "fiks-arkiv": 250_000,
    "fiks-del-dokument": 350_000,
    "fiks-skatte-og-inntektsopplysninger": 150_000,
}
"""Kroner in the first year, at national size."""
_LAUNCHED = {curve.service: curve.launch for curve in CURVES}
_BY_DISPATCH = frozenset({"svarut", "svarinn"})
_VARIES = {"svarut": "forsendelser", "svarinn": "forsendelser", "fiks-folkeregister": "oppslag", "fiks-io": "meldinger"}
SHARED = (("Felles plattform", "DRIFT", "AKTIVE", 1_000_000), ("Kundesenter", "BRUKERSTOTTE", "HENVENDELSER", 650_000),
          ("Ledelse og lokaler", "ADMINISTRASJON", "INNTEKT", 550_000))  # fmt: skip
"""Shared costs: text, category, allocation key, kroner in the first year."""
COST_CENTERS = tuple(f"4{n:02d}0" for n in range(1, len(COST_A_YEAR) + 1))
"""One per service, in the order of `COST_A_YEAR`."""
SHARED_CENTER = "4900"
_UNTYPED_PERCENT = 30
"""Per cent of entries with only account and cost centre, to be placed by `cost_mapping`."""
_UNPLACED_ORE = 4_800_000
_GROWTH_BY_DISPATCH, _GROWTH = 1.75, 1.12
"""Yearly growth of costs that follow the dispatches, and of others."""
_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Project:
    """A development project; months count from the plan's first.

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
        granted_kr=9_000_000, decided=-40, launch=-30, drawn=(-40, -24), expected_adopters=250,
    ),
    Project(
        "DF-02", "Arkiv, neste versjon (syntetisk)", "fiks-arkiv", "DIGIFIN", "INNFORING",
        granted_kr=6_500_000, decided=-14, launch=-2, drawn=(-12, 6), expected_adopters=220,
    ),
    Project(
        "DF-03", "Del dokument, mottak (syntetisk)", "fiks-del-dokument", "DIGIFIN", "GJENNOMFORING",
        granted_kr=4_200_000, decided=-4, launch=9, drawn=(-3, 14), expected_adopters=180,
    ),
    Project(
        "DF-04", "Felles ordning under utredning (syntetisk)", None, "DIGIFIN", "UTREDNING",
        granted_kr=3_000_000, decided=1, launch=None, drawn=(2, 20), expected_adopters=200,
    ),
    Project(
        "IN-01", "Fornyet plattform (syntetisk)", "svarut", "INTERN", "GJENNOMFORING",
        granted_kr=2_400_000, decided=-6, launch=None, drawn=(0, 0), expected_adopters=0,
    ),
)  # fmt: skip
"""All synthetic; only Digiorden's joining fee, which repays its loan, is published."""


class Books:
    """A plan's accounts, month by month."""

    def __init__(self, plan: Plan, scale: float) -> None:
        """Store the plan, and the ratio of its dispatches to the national size."""
        self._plan, self._scale = plan, scale

    def level(self, service: str, month: date) -> int:
        """The expected cost of a service in a month, in øre."""
        kr = COST_A_YEAR[service] * (self._scale if service in _BY_DISPATCH else 1.0)
        growth: float = _GROWTH_BY_DISPATCH if service in _BY_DISPATCH else _GROWTH
        return round(kr * 100 / _MONTHS_A_YEAR * float(growth ** self._years(month)))

    def _years(self, month: date) -> float:
        return _months_between(self._plan.first_month, month) / _MONTHS_A_YEAR

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
        booked = month_after(month, 1) + timedelta(days=3)
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
        for service, center in zip(COST_A_YEAR, COST_CENTERS, strict=True):
            if month < _LAUNCHED[service]:
                continue
            for category, share in zip(CATEGORIES, _SHARES, strict=True):
                amount = self.level(service, month) * share * int(random.integers(92, 109)) // 10_000
                untyped = random.integers(100) < _UNTYPED_PERCENT
                yield {
                    "account": _ACCOUNTS[category],
                    "cost_center": center,
                    "service": None if untyped else service,
                    "cost_category": None if untyped else category,
                    "varies_with": _VARIES.get(service) if category == "DRIFT" else None,
                    "amount_ore": amount,
                    "supplier_number": _VENDORS[int(random.integers(len(_VENDORS)))] if category == "DRIFT" else None,
                    "text": f"{category.capitalize()} {service} (syntetisk)",
                }

    def _shared(self, month: date, random: np.random.Generator) -> Iterator[dict[str, object]]:
        for text, category, key, kr in SHARED:
            amount = (
                round(kr * 100 / _MONTHS_A_YEAR * _GROWTH ** self._years(month)) * int(random.integers(95, 106)) // 100
            )
            yield {
                "account": _ACCOUNTS[category],
                "cost_center": SHARED_CENTER,
                "cost_category": category,
                "allocation_key": key,
                "amount_ore": amount,
                "text": f"{text} (syntetisk)",
            }

    def _projects(self, month: date, random: np.random.Generator) -> Iterator[dict[str, object]]:
        at = _months_between(self._plan.first_month, month)
        for project in PROJECTS:
            begin, end = project.drawn if project.drawn[0] != project.drawn[1] else (0, 18)
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
        """The month's loan entries: draw-downs (the first month has all earlier ones), then repayments by fees."""
        at = _months_between(self._plan.first_month, month)
        rows: list[dict[str, object]] = []
        for project in PROJECTS:
            begin, end = project.drawn
            drawn = range(begin, min(end, 1)) if at == 0 else range(at, at + 1) if begin <= at < end else range(0)
            rows += [_drawdown(project, n, month_after(self._plan.first_month, n)) for n in drawn]
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

    def budget(self) -> list[Mapping[str, object]]:
        """Each service's budgeted cost, by month and category, and its budgeted income: five per cent more."""
        rows: list[Mapping[str, object]] = []
        for n in range(self._plan.months):
            month = month_after(self._plan.first_month, n)
            for service in (s for s in COST_A_YEAR if month >= _LAUNCHED[s]):
                level = self.level(service, month) // 1000 * 1000
                of_category = [
                    (category, level * share // 100) for category, share in zip(CATEGORIES, _SHARES, strict=True)
                ]
                rows += [
                    {"service": service, "month": month.isoformat(), "category": category, "amount_ore": amount}
                    for category, amount in (("INCOME", level * 105 // 100), *of_category)
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
    begin, end = project.drawn
    part = project.granted_kr * 100 * 95 // 100 // (end - begin)
    return {
        "entry_id": f"SIM-L-{project.project}-{month:%Y%m}",
        "project": project.project,
        "service": project.service if project.launch is not None and n >= project.launch else None,
        "kind": "DRAWDOWN",
        "organisation_number": None,
        "invoice_id": None,
        "amount_ore": part,
        "booked_on": month + timedelta(days=14),
    }


def _months_between(first: date, month: date) -> int:
    return (month.year - first.year) * _MONTHS_A_YEAR + month.month - first.month
