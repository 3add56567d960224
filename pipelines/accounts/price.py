"""What a service must cost next year, calculated from a release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from assets.price_calculation import in_force
from catalog.domain import price_effects, self_cost
from catalog.domain.price_effects import Customer, Effect, Paid, Used
from catalog.domain.self_cost import BASE, MUNICIPALITIES, Assumptions, Balance, Base, Calculation, Result, calculate
from catalog.domain.self_cost_rules import Rules
from catalog.errors import BadOption, WrongUse
from catalog.tables import billing, ledger, price_calculation, reference
from catalog.tables.self_cost import SELF_COST_RULE
from transport.releases.dataset_reader import has, open_dataset
from transport.releases.store import Release

_YEARS_AHEAD = 5


@dataclass(frozen=True, slots=True)
class Report:
    """A calculation and its inputs.

    Attributes:
        first: the first month of the window of cost and of what customers paid.
        paid: what customers were billed in the window.
        used: what customers used in the window.
        effects: what that use costs at today's and at the proposed prices, by customer.
        used_from, used_to: the first and the last month with use; None without use.
        drivers: the service's rows of `ledger.price_use`.
    """

    release: str
    calculation: Calculation
    first: date
    last: date
    paid: Sequence[Paid]
    used: Sequence[Used]
    effects: Sequence[Effect]
    drivers: Sequence[Mapping[str, Any]]
    used_from: date | None = None
    used_to: date | None = None

    def facts(self) -> dict[str, object]:
        """All of it for a program: amounts in øre, prices in kr as text."""
        calculation, base = self.calculation, self.calculation.base
        return {
            "service": base.service,
            "year": base.year,
            "release": self.release,
            "synthetic": base.synthetic,
            "assumptions": calculation.assumptions.as_json(),
            "first_month": self.first,
            "last_month": self.last,
            "costs": [_fields(line, *_COST) for line in base.costs],
            "price_growth_ore": calculation.price_growth_ore,
            "cost_assumed_ore": calculation.assumed_cost_ore,
            "cost_of_changed_use_ore": calculation.changed_use_ore,
            "cost_by_category_ore": dict(calculation.costs_ore),
            "cost_fixed_ore": calculation.fixed_ore,
            "cost_variable_ore": calculation.variable_ore,
            "cost_base_ore": calculation.cost_base_ore,
            "balance_now_ore": base.balance_now_ore,
            "balance_carried_ore": base.balance_ore,
            "balance_months_missing": base.balance_months_missing,
            "balance_used_ore": calculation.balance_used_ore,
            "to_cover_ore": calculation.to_cover_ore,
            "use": [dict(u) for u in self.drivers],
            "prices": [_price_facts(x) for x in calculation.results],
            "levels": {
                name: {
                    "cost_ore": level.cost_ore,
                    "income_ore": level.income_ore,
                    "cover_with_balance_percent": level.cover_percent,
                    "income_today_ore": level.income_today_ore,
                    "cover_with_balance_today_percent": level.cover_today_percent,
                }
                for name, level in calculation.levels.items()
            },
            "by_size": [
                _fields(s, "size", "customers", "mean_today_ore", "mean_then_ore")
                for s in price_effects.by_size(self.effects)
            ],
            "largest_increases_kr": [_effect_facts(e) for e in price_effects.largest(self.effects)],
            "largest_increases_percent": [_effect_facts(e) for e in price_effects.largest(self.effects, percent=True)],
        }


_COST = ("category", "source", "account", "varies_with", "amount_ore", "months", "year_ore")


def _fields(value: object, *names: str) -> dict[str, object]:
    return {name: getattr(value, name) for name in names}


def _price_facts(result: Result) -> dict[str, object]:
    return {
        **result.priced.fields(),
        "units": dict(result.units),
        "self_cost_price": result.self_cost,
        "current_price": result.priced.current,
        "proposed_price": result.proposed,
        "decided_price": result.priced.decided,
        "gap": result.gap,
        "gap_percent": result.gap_percent,
        "income_ore": dict(result.income_ore),
        "formula": result.formula,
    }


def _effect_facts(effect: Effect) -> dict[str, object]:
    return {
        **_fields(effect.customer, "organisation_number", "name"),
        **_fields(effect, "today_ore", "then_ore", "increase_ore", "increase_percent"),
    }


def read(release: Release, service: str, year: int | None, assumptions: Assumptions) -> Report:
    """Calculate from a release.

    Raises:
        WrongUse: the service has no cost, no price or no use there.
        BadOption: the year or the count of municipalities is out of range.
    """
    scenarios = open_dataset(release, price_calculation.PRICE_CALCULATION, condition={"service": service}).rows()
    rows = [r for r in scenarios if r["scenario"] == BASE]
    costs = open_dataset(release, price_calculation.PRICE_COST, condition={"service": service}).rows()
    uses = open_dataset(release, price_calculation.PRICE_USE, condition={"service": service}).rows()
    if not rows:
        raise WrongUse(
            f"Release {release.name} has neither a price nor a cost for {service}.",
            "Add its price to the register price_rule and send its cost as cost_entry; then: dif run.",
        )
    first_year = rows[0]["year"]
    if year is not None and not first_year <= year <= first_year + _YEARS_AHEAD:
        raise BadOption("--year", year, f"a year from {first_year} to {first_year + _YEARS_AHEAD}")
    if year is not None and year != first_year:
        rows = [r | {"decided_price": _decided_price(release, scenarios, r, year)} for r in rows]
    rules = followed(release, service)
    base = self_cost.base_of(
        service,
        year or first_year,
        prices=rows,
        costs=costs,
        uses=uses,
        balance=_balance(release, rows[0], costs, year, rules),
        rules=rules,
    )
    _check_municipalities(release, base, assumptions)
    calculation = calculate(base, assumptions)
    _check_status(release, calculation, costs)
    first, last = costs[0]["first_month"], costs[0]["last_month"]
    customers = _customers(release)
    paid, basis = _paid(release, service, first, last, customers), _basis(release, service, first, last)
    used, months = price_effects.used(basis, customers), [row["month"] for row in basis]
    effects = price_effects.effects(calculation, used)
    drivers = sorted(uses, key=lambda u: str(u["driver"]))
    since, until = min(months, default=None), max(months, default=None)
    return Report(release.name, calculation, first, last, paid, used, effects, drivers, since, until)


def _balance(
    release: Release, price: Mapping[str, Any], costs: Sequence[Mapping[str, Any]], year: int | None, rules: Rules
) -> Balance:
    """The carried balance: the release's own for the base case's year; for a later year, projected from the months."""
    balance = Balance.of_row(price)
    computable = balance.now_ore is not None and costs and has(release, ledger.PRODUCT_MONTH)
    if year in {None, price["year"]} or not computable:
        return balance
    months = open_dataset(release, ledger.PRODUCT_MONTH, condition={"service": price["service"]}).rows()
    return self_cost.expected_balance(months, costs[0]["last_month"], year, rules)


def followed(release: Release, service: str) -> Rules:
    """The rules of self-cost that a release follows for a service; none in a release from before there were any."""
    if not has(release, SELF_COST_RULE):
        return Rules()
    return Rules.of(open_dataset(release, SELF_COST_RULE).rows(), service)


def _decided_price(
    release: Release, rows: Sequence[Mapping[str, Any]], price: Mapping[str, Any], year: int
) -> Decimal | None:
    """The decided price for a later year than the base case's, from a saved calculation of that year.

    If none was saved, from the rule in force on the year's first day.
    """
    key = ("price_element", "channel", "size_low")
    of_year = [row for row in rows if row["year"] == year and all(row[k] == price[k] for k in key)]
    if of_year:
        amount: Decimal | None = of_year[0]["decided_price"]
        return amount
    if not has(release, reference.PRICE_RULE):
        return None
    rules = open_dataset(release, reference.PRICE_RULE, condition={"service": price["service"]}).rows()
    return in_force([rule for rule in rules if all(rule[k] == price[k] for k in key)], date(year, 1, 1))


def _check_municipalities(release: Release, base: Base, assumptions: Assumptions) -> None:
    if assumptions.municipalities is None:
        return
    municipality_count = sum(row["valid_to"] is None for row in open_dataset(release, reference.MUNICIPALITY).rows())
    if not 1 <= assumptions.municipalities <= municipality_count:
        raise BadOption("--municipalities", assumptions.municipalities, f"a count from 1 to {municipality_count}")
    use = base.uses.get(MUNICIPALITIES)
    if use is None or not use.now:
        raise WrongUse(
            f"The number of municipalities with {base.service} is unknown, so --municipalities has no meaning.",
            "Use --volume instead; adoption events or use would give the number (uptake.funnel).",
        )


def _check_status(release: Release, calculation: Calculation, costs: Sequence[Mapping[str, Any]]) -> None:
    service = calculation.base.service
    if calculation.status == "NO_PRICE":
        raise WrongUse(
            f"{service} has no price for its use.",
            "Add one to the register price_rule (dif register export price_rule), if only with amount 0; then: dif run."
            " A joining fee repays a loan and is not a price for use.",
        )
    if calculation.status == "RULE_MISSING":
        rules = ", ".join(calculation.base.rules_missing)
        raise WrongUse(
            f"The register self_cost_rule has had {rules}, and has no value that holds to the end of"
            f" {calculation.base.year}.",
            "Add a row for each year that is missing: dif register export self_cost_rule, edit, dif register apply;"
            " then: dif run. A rule that is no longer followed has a row that says so (docs/self-cost.md).",
        )
    if calculation.status == "NO_COST" or not costs:
        raise WrongUse(
            f"Release {release.name} has no cost for {service} in the last four whole quarters.",
            f"See: dif sql \"from ledger.price_cost where service = '{service}'\". The register cost_mapping places "
            "cost without a service.",
        )
    if calculation.status == "NO_USE":
        raise WrongUse(
            f"Nothing was billed or measured for {service}'s prices, so there is nothing to divide the cost by.",
            f"See: dif sql \"from ledger.price_calculation where service = '{service}'\", and reference.price_element "
            "for what each price counts.",
        )


def _customers(release: Release) -> dict[str, Customer]:
    inhabitants: dict[str, int] = {}
    for row in sorted(open_dataset(release, reference.POPULATION).rows(), key=lambda r: r["year"]):
        inhabitants[row["municipality_code"]] = row["inhabitants"]
    return price_effects.customers_by_number(open_dataset(release, reference.ORGANISATION).rows(), inhabitants)


def _paid(release: Release, service: str, first: date, last: date, customers: Mapping[str, Customer]) -> list[Paid]:
    window = {"service": service, "account": "INCOME", "period": {"ge": str(first), "le": str(last)}}
    entries = open_dataset(release, ledger.ENTRY, condition=window).rows()
    return price_effects.paid(entries, customers)


def _basis(release: Release, service: str, first: date, last: date) -> list[dict[str, Any]]:
    """The use that is invoiced; none in a release without the basis."""
    if not has(release, billing.INVOICE_BASIS):
        return []
    window = {"service": service, "month": {"ge": str(first), "le": str(last)}}
    basis = open_dataset(release, billing.INVOICE_BASIS, condition=window).rows()
    return [row for row in basis if row["status"] == "READY"]
