"""What a service must cost next year: cost base, expected use and self-cost price.

A pure function over plain values, so that the release, `dif price` and a spreadsheet agree. What does *not* belong
here: where costs and use come from (`assets.price_calculation`), and the contracts of what is published
(`catalog.tables.price_calculation`).

**The rule.** The amount to cover is last year's cost, with the variable part following its measure, less the year's
part of the surplus (plus its part of the deficit) expected to be carried when the year begins. It is divided by the
expected units. Where a service has several prices, each covers the share of the amount that it brings of the income at
today's prices and expected use, so all change by the same per cent. With one price, that is the division itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal, InvalidOperation, localcontext
from typing import Any

from catalog.domain import calendar
from catalog.domain.pricing import PriceKind, amount_ore, half_away, months_of
from catalog.domain.self_cost_rules import DEFAULT_YEARS, FEWEST_YEARS, MOST_YEARS, Rules, years
from catalog.text import Text, en, nb

BASE = "BASE"
"""The scenario without assumptions: cost as it is, and use as forecast."""
MUNICIPALITIES = "kommuner"
"""The driver of prices that every customer pays; all other drivers are measures."""
ALLOCATED = "FORDELT"
CATEGORIES = ("BRUKERSTOTTE", "DRIFT", "FORVALTNING", "ADMINISTRASJON", ALLOCATED)
"""The categories of booked cost; allocated shared cost is a category of its own."""
CAPITAL = "KAPITAL"
"""The category of calculated depreciation and interest, where the register `self_cost_rule` has them."""
LEVELS = ("low", "expected", "high")
STATES = ("CALCULATED", "NO_PRICE", "RULE_MISSING", "NO_COST", "NO_USE", "BAD_ASSUMPTIONS")
SOURCES: Mapping[str, Text] = {
    "ACCOUNT": nb("konto") | en("account"),
    "ALLOCATED": nb("fordelt felleskostnad") | en("allocated shared cost"),
    "LEDGER": nb("ført fra andre perioder") | en("booked from other periods"),
    "DEPRECIATION": nb("kalkulatoriske avskrivninger") | en("calculated depreciation"),
    "INTEREST": nb("kalkulatorisk rente på anleggsmidler") | en("calculated interest on fixed assets"),
}
"""The source of a line of the cost base, in words; an account is named with its number."""
COST_SOURCES = ("ACCOUNT", "ALLOCATED", "LEDGER")
"""The sources of booked cost."""
LEAST, MOST = Decimal(-100), Decimal(1000)
"""Bounds of an assumption in per cent: above the first, up to and including the second."""
BY_CUSTOMER = (PriceKind.FIXED, PriceKind.SIZE_CLASS)
"""Kinds whose unit is a customer-year, unless the unit of the price says a quarter or a month."""
STEPS = ((Decimal(1), 3), (Decimal(10), 2), (Decimal(1000), 0), (None, -2))
"""A self-cost price below so many kroner is rounded up to so many decimals; -2 is whole hundreds.

Decided here: prices of single messages are known to the tenth of an øre (`published_price`), of a year to the hundred.
A price that is finer today is rounded as today's is (`decimals_of`).
"""
_MONTHS = 12
_EXACT = Context(prec=50)
_OF_PRICE = ("price_element", "channel", "size_low", "size_high", "kind", "unit", "driver", "units_source", "units_now")


# --- what a calculation rests on --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """One line of the cost base: the cost booked over a number of months."""

    category: str
    amount_ore: int
    varies_with: str | None = None
    account: str | None = None
    source: str = "ACCOUNT"
    months: int = _MONTHS

    @property
    def year_ore(self) -> int:
        """Of twelve months."""
        with localcontext(_EXACT):
            return half_away(Decimal(self.amount_ore * _MONTHS) / self.months)


@dataclass(frozen=True, slots=True)
class Use:
    """Present and expected use, in the units that prices are counted in.

    Attributes:
        compared: the share of expected use that falls in calendar months with a figure now.
    """

    now: Decimal
    low: Decimal
    expected: Decimal
    high: Decimal
    method: str | None = None
    backtest_error: Decimal | None = None
    compared: Decimal = Decimal(1)

    def at(self, level: str) -> Decimal:
        """One of `LEVELS`."""
        return {"low": self.low, "expected": self.expected, "high": self.high}[level]


@dataclass(frozen=True, slots=True)
class Priced:
    """One price of a service, and the units paid for at it.

    Attributes:
        current: today's price in kr; None if no price is in force.
        decided: the price decided for the year, or in force on its first day.
        units_now: over twelve months; customers for yearly prices.
        driver: what the units follow; None where unknown.
    """

    price_element: str
    kind: str
    unit: str
    current: Decimal | None
    units_now: Decimal
    decided: Decimal | None = None
    driver: str | None = None
    channel: str | None = None
    size_low: int | None = None
    size_high: int | None = None
    units_source: str | None = None
    synthetic: bool = False

    def fields(self) -> dict[str, object]:
        """What every table tells of the price, by column."""
        return {name: getattr(self, name) for name in _OF_PRICE}

    @property
    def weighs(self) -> Decimal:
        """The price that weights its share of the cost."""
        return next((p for p in (self.current, self.decided) if p is not None), Decimal(0))

    @property
    def of_customers(self) -> bool:
        """Whether its units are customers."""
        return self.kind in BY_CUSTOMER and months_of(PriceKind(self.kind), self.unit) == _MONTHS


@dataclass(frozen=True, slots=True)
class Base:
    """The inputs to a calculation of a service's prices for a year.

    Attributes:
        balance_ore: expected balance at the end of the year before; positive for a surplus.
        uses: by driver.
        balance_now_ore: balance at the end of the window; None in a release without it.
        balance_months_missing: months of the expected balance without an account.
        settle_years: over how many years prices settle the balance, unless the assumptions say otherwise.
        deflator: the name of the price deflator; None without one.
        price_growth: the factor from the prices of the booked cost to those of the year.
        rules_missing: rules that have been followed and have no value for the year (`Rules.missing`).
    """

    service: str
    year: int
    costs: Sequence[Cost]
    prices: Sequence[Priced]
    uses: Mapping[str, Use]
    balance_ore: int = 0
    synthetic: bool = False
    balance_now_ore: int | None = None
    balance_months_missing: int | None = None
    settle_years: int = DEFAULT_YEARS
    deflator: str | None = None
    price_growth: Decimal = Decimal(1)
    rules_missing: tuple[str, ...] = ()

    def priced_ore(self, line: Cost) -> int:
        """A line's cost of the year at the year's prices; what is calculated is of the year already."""
        if line.category == CAPITAL:
            return line.year_ore
        with localcontext(_EXACT):
            return half_away(line.year_ore * self.price_growth)


@dataclass(frozen=True, slots=True)
class Balance:
    """A service's carried balance, in øre; positive for a surplus.

    Attributes:
        expected_ore: at the end of the year before the prices take effect.
        now_ore: at the end of the window; None in a release without it.
        months_missing: months of the expected balance without an account, which count as zero.
    """

    expected_ore: int = 0
    now_ore: int | None = None
    months_missing: int | None = None

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Balance:
        """The balance in a row of `ledger.price_calculation`."""
        # an older release may lack the columns
        return cls(row["balance_carried_ore"] or 0, row.get("balance_now_ore"), row.get("balance_months_missing"))


def expected_balance(months: Iterable[Mapping[str, Any]], last: date, year: int, rules: Rules | None = None) -> Balance:
    """The balance that a year's prices account for: the expected balance when the year begins.

    Each month after the window is expected to repeat the booked result of the same month a year before: where prices
    are paid in January, later months draw on the balance. Booked months after the window are not read, since their
    cost is booked before their income. Capital cost and interest on the balance are those of the rules.

    Args:
        months: rows of `ledger.product_month`, of one service.
        last: the last month of the window.
        year: the year of the prices.
        rules: of the service.
    """
    followed = rules or Rules()
    by_month = {m["month"]: m for m in months if m["month"] <= last}
    expected = {
        month: by_month.get(_known_year(month, last))
        for month in calendar.months_between(calendar.next_month(last), date(year - 1, _MONTHS, 1))
    }
    ahead = [{**(then or _NOTHING), "month": month} for month, then in expected.items()]
    now, then = (_closing(rows, followed) for rows in (by_month.values(), [*by_month.values(), *ahead]))
    return Balance(then, now, [*expected.values()].count(None))


_NOTHING: Mapping[str, Any] = {"income_ore": 0, "result_ore": 0, "balance_carried_ore": 0}


def _closing(months: Iterable[Mapping[str, Any]], rules: Rules) -> int:
    """The balance at the end; zero where a rule is missing (`Base.rules_missing`)."""
    account = years(months, rules)
    return account[-1].closing_ore or 0 if account else 0


def _known_year(month: date, last: date) -> date:
    """The same month in the latest year where it is not after the window."""
    while month > last:
        month = calendar.months_before(month, _MONTHS)
    return month


@dataclass(frozen=True, slots=True)
class Assumptions:
    """The assumptions of a scenario.

    Attributes:
        municipalities: how many have the service; use follows in proportion. None: as forecast.
        volume: per cent more use than forecast.
        cost: per cent more cost, by category.
        years: over how many years the carried balance is settled; the year's prices account for one part of it. None:
            as the register `self_cost_rule` says.
        part: of calculations that were saved with a part of the balance in place of years: that part, in per cent.
        price: per cent on today's prices, which are then proposed in place of the self-cost prices. A price that is not
            in force today has nothing to change, and is proposed at its self-cost.
    """

    municipalities: int | None = None
    volume: Decimal = Decimal(0)
    cost: Mapping[str, Decimal] = field(default_factory=dict)
    years: int | None = None
    part: Decimal | None = None
    price: Decimal | None = None

    def as_json(self) -> str:
        """The form kept in the register; equal assumptions give equal text."""
        assumptions = {
            "municipalities": self.municipalities,
            "volume_percent": str(self.volume),
            "cost_percent": {k: str(self.cost[k]) for k in sorted(self.cost)},
        }
        if self.part is not None:
            assumptions["balance_percent"] = str(self.part)
        elif self.years is not None:
            assumptions["years"] = self.years
        assumptions |= {} if self.price is None else {"price_percent": str(self.price)}
        return json.dumps(assumptions, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | None) -> Assumptions:
        """Read the output of `as_json`.

        Raises:
            ValueError: the text is something else.
        """
        try:
            fields = json.loads(text or "{}")
            count, price = fields.get("municipalities"), fields.get("price_percent")
            assumptions = cls(
                None if count is None else int(count),
                Decimal(fields.get("volume_percent", "0")),
                {str(k): Decimal(v) for k, v in fields.get("cost_percent", {}).items()},
                *_settling_in(fields),
                None if price is None else Decimal(price),
            )
            # comparing a non-number also raises
            percents = (assumptions.volume, assumptions.price or Decimal(0), *assumptions.cost.values())
            sound = all(LEAST < p <= MOST for p in percents)
            sound = sound and (assumptions.years is None or FEWEST_YEARS <= assumptions.years <= MOST_YEARS)
            sound = sound and (assumptions.part is None or 0 <= assumptions.part <= 100)  # noqa: PLR2004 - per cent
        except (TypeError, AttributeError, InvalidOperation) as problem:
            message = f"no assumptions: {str(text)[:80]!r}"
            raise ValueError(message) from problem
        if not sound or (assumptions.municipalities is not None and assumptions.municipalities < 1):
            message = f"assumptions that cannot be: {str(text)[:80]!r}"
            raise ValueError(message)
        return assumptions


def _settling_in(fields: Mapping[str, Any]) -> tuple[int | None, Decimal | None]:
    """The years of settling, or the part of the balance that calculations saved earlier have, in per cent."""
    if "balance_percent" not in fields:
        settled = fields.get("years")
        return settled if settled is None or type(settled) is int else 0, None
    part = Decimal(fields["balance_percent"])
    over = 100 / part if part > 0 else Decimal(0)
    return (int(over), None) if over in range(FEWEST_YEARS, MOST_YEARS + 1) else (None, part)


# --- what comes out ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Level:
    """The service's year at one level of use; its cover includes the balance, see `cover_with_balance`."""

    cost_ore: int
    income_ore: int
    income_today_ore: int
    cover_percent: Decimal | None
    cover_today_percent: Decimal | None


@dataclass(frozen=True, slots=True)
class Result:
    """One calculated price.

    Attributes:
        share_ore: the income it must bring.
        units: by level.
        income_ore: by level, at the proposed price.
    """

    priced: Priced
    units: Mapping[str, Decimal]
    share_ore: int
    self_cost: Decimal
    proposed: Decimal
    income_ore: Mapping[str, int]
    formula: str

    @property
    def gap(self) -> Decimal | None:
        """Self-cost price less the decided one, in kr."""
        return None if self.priced.decided is None else self.self_cost - self.priced.decided

    @property
    def covered(self) -> bool:
        """Whether the decided price is at least the self-cost price."""
        return self.gap is not None and self.gap <= 0

    @property
    def reproduced(self) -> bool:
        """Whether the proposed price equals the decided one."""
        return self.proposed == self.priced.decided

    @property
    def rounded_gap(self) -> Decimal | None:
        """The gap in whole øre; exact where the decided price is below one krone, and has such decimals itself."""
        if self.gap is None or self.priced.decided is None or abs(self.priced.decided) < 1:
            return self.gap
        return self.gap.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def gap_percent(self) -> Decimal | None:
        """The gap in per cent of the decided price."""
        return _percent_of(self.gap, self.priced.decided) if self.gap is not None else None


@dataclass(frozen=True, slots=True)
class Calculation:
    """A service's prices for a year.

    Attributes:
        assumptions: with the years that the balance is settled over.
        status: one of `STATES`; results exist where it is CALCULATED.
        costs_ore: by category, over twelve months, with price growth and the assumed cost, at expected use.
    """

    base: Base
    assumptions: Assumptions
    status: str
    costs_ore: Mapping[str, int]
    fixed_ore: int
    variable_ore: int
    balance_used_ore: int
    to_cover_ore: int
    results: Sequence[Result] = ()
    levels: Mapping[str, Level] = field(default_factory=dict)

    @property
    def cost_base_ore(self) -> int:
        """Of the year, at expected use."""
        return self.fixed_ore + self.variable_ore

    @property
    def price_growth_ore(self) -> int:
        """The price deflator's addition to the booked cost."""
        return sum(self.base.priced_ore(line) - line.year_ore for line in self.base.costs)

    @property
    def assumed_cost_ore(self) -> int:
        """The assumptions' addition to the cost, before changes in use."""
        return sum(
            _assumed_ore(self.base, line, self.assumptions) - self.base.priced_ore(line) for line in self.base.costs
        )

    @property
    def changed_use_ore(self) -> int:
        """The addition for expected use. The lines, price growth, the assumptions and this sum to the cost base."""
        before = sum(self.base.priced_ore(line) for line in self.base.costs)
        return self.cost_base_ore - self.assumed_cost_ore - before

    @property
    def moves_with_use(self) -> bool:
        """Whether more use than forecast would change anything: a price or a cost depends on it."""
        return any(p.driver not in {None, MUNICIPALITIES} for p in self.base.prices) or any(
            line.varies_with for line in self.base.costs
        )


def decimals_of(today: Decimal | None) -> int:
    """The decimals of today's price, -2 for whole hundreds: 1 of 28.30, 0 of 59."""
    coarsest = STEPS[-1][1]
    exponent = today.normalize().as_tuple().exponent if today else -coarsest
    return max(-exponent, coarsest) if isinstance(exponent, int) else coarsest


def rounded_up(price: Decimal, today: Decimal | None = None) -> Decimal:
    """A presentable price: rounded up to the step for its size, or today's where that is finer, so that it covers."""
    decimals = next(decimals for below, decimals in STEPS if below is None or price < below)
    decimals = max(decimals, decimals_of(today))
    with localcontext(_EXACT):
        return price.scaleb(decimals).to_integral_value(ROUND_CEILING).scaleb(-decimals)


def calculate(base: Base, assumptions: Assumptions | None = None) -> Calculation:
    """The self-cost price of each of a service's prices, the proposed one, income and cover."""
    supposed = assumptions or Assumptions()
    if supposed.years is None:
        supposed = replace(supposed, years=base.settle_years)
    with localcontext(_EXACT):
        return _calculate(base, supposed)


def _calculate(base: Base, supposed: Assumptions) -> Calculation:
    lines = [(line, _assumed_ore(base, line, supposed)) for line in base.costs]

    def cost_at(level: str, line: Cost, ore: int) -> int:
        varies = line.varies_with
        return ore if varies is None else half_away(ore * growth(base, supposed, varies, level))

    at = {level: [(line, cost_at(level, line, ore)) for line, ore in lines] for level in LEVELS}
    fixed = sum(ore for line, ore in lines if line.varies_with is None)
    variable = sum(ore for line, ore in at["expected"] if line.varies_with is not None)
    costs = {k: sum(ore for line, ore in at["expected"] if line.category == k) for k in (*CATEGORIES, CAPITAL)}
    # a surplus larger than the cost does not give a price below zero
    balance = Decimal(base.balance_ore)
    over = supposed.years or base.settle_years
    settled = balance / over if supposed.part is None else balance * supposed.part / 100
    used = min(half_away(settled), max(0, fixed + variable))
    cover = fixed + variable - used
    units = [{k: _units_at(base, supposed, p, k) for k in LEVELS} for p in base.prices]
    status = _status(base, fixed + variable, [u["expected"] for u in units])
    whole = Calculation(base, supposed, status, costs, fixed, variable, used, cover)
    if status != "CALCULATED":
        return whole
    weights = _weights(base.prices, [u["expected"] for u in units])
    total = sum(w * u["expected"] for w, u in zip(weights, units, strict=True))
    results = []
    for priced, weight, counted in zip(base.prices, weights, units, strict=True):
        self_cost = _round(weight * cover / 100 / total, "0.000001")
        proposed = _proposed(priced, self_cost, supposed.price)
        share = half_away(cover * weight * counted["expected"] / total)
        income = {k: amount_ore(counted[k], proposed) for k in LEVELS}
        formula = _formula(whole, priced, counted["expected"], share, self_cost)
        results.append(Result(priced, counted, share, self_cost, proposed, income, formula))
    levels = {}
    for k in LEVELS:
        cost = sum(ore for _, ore in at[k])
        income_ore = sum(result.income_ore[k] for result in results)
        today = sum(amount_ore(result.units[k], result.priced.current or Decimal(0)) for result in results)
        cover_then, cover_today = (cover_with_balance(ore, used, cost) for ore in (income_ore, today))
        levels[k] = Level(cost, income_ore, today, cover_then, cover_today)
    return Calculation(base, supposed, status, costs, fixed, variable, used, cover, results, levels)


def at_decided_prices(calculation: Calculation) -> Calculation | None:
    """The same year at the decided prices, and at today's where none is decided; None where no price is decided."""
    if all(result.priced.decided is None for result in calculation.results):
        return None
    results = []
    for result in calculation.results:
        price = result.priced.decided if result.priced.decided is not None else result.priced.current or Decimal(0)
        income = {k: amount_ore(result.units[k], price) for k in LEVELS}
        results.append(replace(result, proposed=price, income_ore=income))
    levels = {}
    for k, level in calculation.levels.items():
        income_ore = sum(result.income_ore[k] for result in results)
        covered = cover_with_balance(income_ore, calculation.balance_used_ore, level.cost_ore)
        levels[k] = replace(level, income_ore=income_ore, cover_percent=covered)
    return replace(calculation, results=results, levels=levels)


def _proposed(priced: Priced, self_cost: Decimal, change: Decimal | None) -> Decimal:
    """Today's price with the assumed change, to the hundredth of an øre; else the self-cost price, rounded up."""
    if change is None or priced.current is None:
        return rounded_up(self_cost, priced.current)
    return _round(priced.current * (100 + change) / 100, "0.0001")


def growth(base: Base, supposed: Assumptions, driver: str | None, level: str) -> Decimal:
    """The growth from present use of a driver: 1 where nothing is known of it."""
    with localcontext(_EXACT):
        use = base.uses.get(driver or "")
        share = use.at(level) * use.compared / use.now if use and use.now else Decimal(1)
        here, count = base.uses.get(MUNICIPALITIES), supposed.municipalities
        if driver == MUNICIPALITIES:
            return Decimal(count) / here.now if count is not None and here and here.now else share
        if driver is None:
            return share
        if count is not None and here and here.expected:
            share = share * count / here.expected
        return share * (100 + supposed.volume) / 100


def cover_with_balance(income_ore: int, used_ore: int, cost_ore: int) -> Decimal | None:
    """(Income + surplus used, or less deficit covered) in per cent of the cost. None without cost.

    Not the financial coverage of `ledger.product_month`, which leaves the balance out.
    """
    if cost_ore <= 0:
        return None
    with localcontext(_EXACT):
        return _round(Decimal((income_ore + used_ore) * 100) / cost_ore, "0.01")


def _assumed_ore(base: Base, line: Cost, supposed: Assumptions) -> int:
    """A line's cost of the year, at its prices, with the assumptions for its category."""
    with localcontext(_EXACT):
        return half_away(base.priced_ore(line) * (100 + supposed.cost.get(line.category, Decimal(0))) / 100)


def _round(value: Decimal, to: str) -> Decimal:
    return value.quantize(Decimal(to), ROUND_HALF_UP)


def _percent_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    if part is None or not whole:
        return None
    with localcontext(_EXACT):
        return _round(part * 100 / whole, "0.01")


def change_percent(before: Decimal | None, after: Decimal) -> Decimal | None:
    """The change from `before` to `after` in per cent; None without a before."""
    return _percent_of(after - before, before) if before is not None else None


def _units_at(base: Base, supposed: Assumptions, priced: Priced, level: str) -> Decimal:
    units = priced.units_now * growth(base, supposed, priced.driver, level)
    use = base.uses.get(priced.driver or "")
    # measured units have the gaps that the growth leaves out; expected and billed units have none
    if priced.units_source == "MEASURED" and use and use.now and use.compared:
        units /= use.compared
    return _round(units, "0.0001")


def _status(base: Base, cost_ore: int, expected: Sequence[Decimal]) -> str:
    if not base.prices:
        return "NO_PRICE"
    if base.rules_missing:
        return "RULE_MISSING"
    if cost_ore <= 0:
        return "NO_COST"
    return "CALCULATED" if sum(expected) > 0 else "NO_USE"


def _weights(prices: Sequence[Priced], units: Sequence[Decimal]) -> list[Decimal]:
    """Today's prices; where they bring no income, every unit weighs the same."""
    weights = [p.weighs for p in prices]
    return weights if sum(w * u for w, u in zip(weights, units, strict=True)) > 0 else [Decimal(1)] * len(prices)


# --- in words ---------------------------------------------------------------------------------------------------------


def kroner(ore: int) -> str:
    """Øre as whole kroner, so that a formula can be calculated by hand: 410 000 kr."""
    return f"{whole_kroner(ore)} kr"


def whole_kroner(ore: int) -> str:
    """Øre rounded to whole kroner, in Norwegian notation: 410 000."""
    return number(Decimal(half_away(Decimal(ore) / 100)))


def number(value: Decimal) -> str:
    """A number in Norwegian notation: 13 214,5."""
    plain = f"{value.normalize():,f}" if value else "0"
    return plain.replace(",", " ").replace(".", ",")


def _formula(whole: Calculation, priced: Priced, units: Decimal, share_ore: int, self_cost: Decimal) -> str:
    cost = f"{kroner(whole.cost_base_ore)} kostnad"
    if whole.balance_used_ore > 0:
        cost = f"({cost} − {kroner(whole.balance_used_ore)} opptjent overskudd)"
    elif whole.balance_used_ore < 0:
        cost = f"({cost} + {kroner(-whole.balance_used_ore)} underskudd som dekkes inn)"
    part = ""
    if len(whole.base.prices) > 1:
        percent = _percent_of(Decimal(share_ore), Decimal(whole.to_cover_ore)) or Decimal(0)
        part = f" × {number(percent)} % (prisens andel av inntekten)"
    counted = number(_round(units, "1"))
    what = "kunder" if priced.of_customers else f"({priced.unit})"
    price = f"{_round(self_cost, '0.01'):,f}".replace(",", " ").replace(".", ",")
    if self_cost < 1:
        price = number(_round(self_cost, "0.0001"))
    return f"{cost}{part} ÷ {counted} {what} = {price} kr"


def sources_in_words(costs: Iterable[Cost]) -> str:
    """The parts of a cost base, the largest first."""
    ore_by_source: dict[str, int] = {}
    for line in costs:
        where = SOURCES[line.source].nb
        if line.source == "ACCOUNT":
            where = f"{where} {line.account}" if line.account else "uten konto"
        ore_by_source[where] = ore_by_source.get(where, 0) + line.year_ore
    return "; ".join(
        f"{where}: {kroner(ore)}" for where, ore in sorted(ore_by_source.items(), key=lambda n: (-n[1], n[0]))
    )


# --- from rows and to rows --------------------------------------------------------------------------------------------


def base_of(
    service: str,
    year: int,
    *,
    prices: Iterable[Mapping[str, Any]],
    costs: Iterable[Mapping[str, Any]],
    uses: Iterable[Mapping[str, Any]],
    balance: Balance,
    rules: Rules,
) -> Base:
    """The base of a service from rows: prices as in `ledger.price_calculation`, costs and uses of their tables."""
    of_prices = [row for row in prices if row["service"] == service and row["price_element"] is not None]
    of_costs = [row for row in costs if row["service"] == service]
    of_uses = [row for row in uses if row["service"] == service]
    capital = rules.capital(year)
    calculated = (("DEPRECIATION", capital.depreciation_ore), ("INTEREST", capital.interest_ore))
    return Base(
        service,
        year,
        [
            *(
                Cost(w["category"], w["amount_ore"], w["varies_with"], w["account"], w["source"], w["months"])
                for w in sorted(of_costs, key=_by("category", "source", "account", "varies_with"))
            ),
            *(Cost(CAPITAL, ore, source=source) for source, ore in calculated if ore),
        ],
        [
            Priced(
                **{name: w[name] for name in _OF_PRICE} | {"units_now": w["units_now"] or Decimal(0)},
                current=w["current_price"],
                decided=w["decided_price"],
                synthetic=w["synthetic"],
            )
            for w in sorted(of_prices, key=_by("price_element", "channel", "size_low"))
        ],
        {
            w["driver"]: Use(
                w["now"],
                w["low"],
                w["expected"],
                w["high"],
                w["method"],
                w["backtest_error"],
                # an older release may lack the column
                Decimal(1) if w["compared_share"] is None else w["compared_share"],
            )
            for w in of_uses
        },
        balance.expected_ore,
        any(w["synthetic"] for w in (*of_prices, *of_costs, *of_uses)),
        balance.now_ore,
        balance.months_missing,
        rules.settle_years(year),
        rules.deflator(year),
        rules.price_growth(max((w["last_month"].year for w in of_costs), default=year), year),
        rules.missing_until(year),
    )


def _by(*names: str) -> Callable[[Mapping[str, Any]], tuple[object, ...]]:
    return lambda row: tuple((row[n] is not None, row[n] if isinstance(row[n], int) else str(row[n])) for n in names)


def rows_of(calculation: Calculation, scenario: str, decision: str | None = None) -> list[dict[str, object]]:
    """The rows of `ledger.price_calculation`; a single row without a price where the service has none."""
    base = calculation.base
    has_cost = calculation.status != "NO_COST" or bool(base.costs)
    common: dict[str, object] = {
        "service": base.service,
        "year": base.year,
        "scenario": scenario,
        "status": calculation.status,
        **{
            f"cost_{k.lower()}_ore": calculation.costs_ore[k] if has_cost else None
            for k in CATEGORIES
            if k != ALLOCATED
        },
        "allocated_ore": calculation.costs_ore[ALLOCATED] if has_cost else None,
        "capital_cost_ore": calculation.costs_ore[CAPITAL] if has_cost else None,
        "price_growth_ore": calculation.price_growth_ore if has_cost else None,
        "cost_fixed_ore": calculation.fixed_ore if has_cost else None,
        "cost_variable_ore": calculation.variable_ore if has_cost else None,
        "cost_base_ore": calculation.cost_base_ore if has_cost else None,
        "cost_sources": sources_in_words(base.costs) or None,
        "balance_now_ore": base.balance_now_ore,
        "balance_carried_ore": base.balance_ore,
        "balance_months_missing": base.balance_months_missing,
        "balance_used_ore": calculation.balance_used_ore if has_cost else None,
        "assumptions": None if scenario == BASE else calculation.assumptions.as_json(),
        "decision": decision,
        "synthetic": base.synthetic,
        **{f"cover_with_balance_{k}_percent": level.cover_percent for k, level in calculation.levels.items()},
        "cover_with_balance_today_percent": calculation.levels["expected"].cover_today_percent
        if calculation.levels
        else None,
    }
    if not base.prices:
        return [common]
    if not calculation.results:
        return [common | _priced_fields(p, base) for p in base.prices]
    return [
        common
        | _priced_fields(x.priced, base)
        | {
            **{f"units_{k}": x.units[k] for k in LEVELS},
            "self_cost_price": x.self_cost,
            "proposed_price": x.proposed,
            "gap": x.gap,
            "gap_percent": x.gap_percent,
            **{f"income_{k}_ore": x.income_ore[k] for k in LEVELS},
            "formula": x.formula,
        }
        for x in calculation.results
    ]


def _priced_fields(priced: Priced, base: Base) -> dict[str, object]:
    use = base.uses.get(priced.driver or "")
    return priced.fields() | {
        "current_price": priced.current,
        "decided_price": priced.decided,
        "forecast_method": use.method if use else None,
        "backtest_error": use.backtest_error if use else None,
    }
