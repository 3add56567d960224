"""What a plan is expected to turn over: each service's income by month, known before anything is used.

Costs and budgets are set by it, so that they follow use and prices: the income itself comes of the invoice lines.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from assets.simulate.invoices import BY_HOLDING, folkeregister_element, inhabitants_in
from assets.simulate.measurements import FLOWS, GROWTH_A_YEAR
from assets.simulate.plan import month_after
from assets.simulate.prices import MESSAGE_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from assets.simulate.adoption import Uptake
    from assets.simulate.measurements import Holding
    from assets.simulate.organisations import Organisation
    from assets.simulate.plan import Plan
    from assets.simulate.prices import Prices

_SVARUT = (("svarut-forsendelser", None, 0.989), ("svarut-altinn", "ALTINN", 0.31), ("svarut-svarinn", "SVARINN", 0.22))
"""The elements of SvarUt, and how many of the dispatches they are due for."""
_BUSY_DAYS = 20.0
"""Of a mean month, in mean working days."""
_MONTHS_A_YEAR = 12
_ENOUGH_LOOKUPS = 10
_YEARLY = frozenset({"fiks-folkeregister", "fiks-del-dokument"})
"""The services that are billed once a year."""
_BY_CUSTOMER = _YEARLY | {"fiks-kjoretoyregister", "min-kommune", "fiks-digiorden"}
"""The services for which a customer pays by having taken them up."""


class Turnover:
    """Expected income in øre, by service and whole month."""

    def __init__(
        self,
        plan: Plan,
        organisations: Sequence[Organisation],
        uptakes: Sequence[Uptake],
        holdings: Sequence[Holding],
        prices: Prices,
        svarut: Mapping[date, int],
    ) -> None:
        """Sum what every customer is expected to pay.

        Args:
            plan: whose months.
            organisations: the customers.
            uptakes: who uses what.
            holdings: who has what.
            prices: the price list.
            svarut: dispatches of SvarUt expected, by month.
        """
        self._plan, self._organisations, self._prices, self._svarut = plan, organisations, prices, svarut
        self._months = [month_after(plan.first_month, n) for n in range(plan.months)]
        self._monthly: dict[tuple[str, date], float] = defaultdict(float)
        for service, month, kr in (*self._of_svarut(), *self._of_uptakes(uptakes), *self._of_holdings(holdings)):
            self._monthly[service, month] += kr

    def monthly(self, service: str, month: date) -> int:
        """What a month's use is worth: a yearly price by its twelfths."""
        return round(100 * self._monthly[service, month])

    def _price(
        self, element: str, month: date, organisation: Organisation | None = None, *, channel: str | None = None
    ) -> float:
        size = inhabitants_in(organisation, month.year) if organisation else 0
        kind = organisation.kind if organisation else "MUNICIPALITY"
        rule = self._prices.of(element, month.year, size, kind, channel=channel)
        return float(rule.amount) if rule else 0.0

    def _of_svarut(self) -> Iterator[tuple[str, date, float]]:
        for month in self._months:
            kr = sum(share * self._price(element, month, channel=channel) for element, channel, share in _SVARUT)
            yield "svarut", month, kr * self._svarut[month]

    def _of_uptakes(self, uptakes: Sequence[Uptake]) -> Iterator[tuple[str, date, float]]:
        months = [(month, month_after(month, 1)) for month in self._months]
        for u in uptakes:
            if u.service not in _BY_CUSTOMER:
                continue
            organisation = self._organisations[u.organisation]
            for month, after in months:
                if u.activated < after and month < u.last_use and organisation.is_valid(month):
                    kr = self._of_customer(u, organisation, month)
                    yield u.service, month, kr / _MONTHS_A_YEAR if u.service in _YEARLY else kr

    def _of_customer(self, u: Uptake, organisation: Organisation, month: date) -> float:
        """What one customer pays a month, or a year where it is billed by the year."""
        match u.service:
            case "fiks-folkeregister":
                return self._price(folkeregister_element(organisation, month.year), month, organisation)
            case "fiks-del-dokument":
                return self._price("del-dokument-fastpris", month, organisation)
            case "fiks-kjoretoyregister":
                lookups = FLOWS[u.service][1] * organisation.weight / 1000 * _BUSY_DAYS
                lookups *= GROWTH_A_YEAR ** (1 + self._plan.months_back(self._plan.first_month) / _MONTHS_A_YEAR / 2)
                enough = lookups >= _ENOUGH_LOOKUPS and u.first_use <= month
                return self._price("kjoretoyregister-maned-med-minst-10-oppslag", month, organisation) * enough
            case "min-kommune":
                messages = FLOWS[u.service][1] * organisation.weight / 1000 * _BUSY_DAYS * (u.first_use <= month)
                of_types = sum(
                    percent / 100 * self._price("minside-innsyn", month, channel=about)
                    for about, percent in MESSAGE_TYPES
                )
                return self._price("minside-fastpris-per-maned", month, organisation) + messages * of_types
            case "fiks-digiorden":
                people = inhabitants_in(organisation, month.year)
                return self._price("digiorden-fastpris-per-maned", month, organisation) + people * self._price(
                    "digiorden-innbyggere", month, organisation
                )
            case _:
                return 0.0

    def _of_holdings(self, holdings: Sequence[Holding]) -> Iterator[tuple[str, date, float]]:
        for h in holdings:
            organisation = self._organisations[h.organisation]
            for month in self._months:
                if h.is_held(month) and organisation.is_valid(month):
                    yield h.service, month, h.quantity * self._price(BY_HOLDING[h.service], month, organisation)
