"""Which rules of self-cost hold in a year, and a product's account under them: the register `self_cost_rule` in use.

A rule without a row is not followed (three years for settling). Once a rule has a row, every later year needs one: a
year that nobody has entered a value for is missing, and nothing is calculated as if the value were zero. The rules and
their sources are those of `docs/self-cost.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from itertools import groupby, pairwise
from typing import Any

from catalog.domain.pricing import half_away

SETTLE_YEARS = "settle_deficit_years"
DEFLATOR = "price_deflator"
INTEREST = "calculated_interest"
DEPRECIATION = "calculated_depreciation"
ASSETS = "fixed_assets"
BALANCE_INTEREST = "balance_interest"
DEFICIT = "deficit"
FOLLOWED, NOT_FOLLOWED = "FOLLOWED", "NOT_FOLLOWED"
CARRIED, COVERED = "CARRIED", "COVERED"
FEWEST_YEARS, MOST_YEARS, DEFAULT_YEARS = 1, 5, 3
"""The years over which prices settle the carried balance, and how many where nobody chooses.

Source: selvkostforskriften § 8, by which more than five years is an exception (the ministry's letter of 13 June 2024).
Three is decided here, so that one year's prices do not bear all of it.
"""
_MONTHS = 12
_EXACT = Context(prec=50)


@dataclass(frozen=True, slots=True)
class Takes:
    """The content of a rule's rows.

    Attributes:
        otherwise: what a row says where the rule is not followed.
        choices: of which the row has one; empty where it has none.
        choice_is_name: the choice is a name of its own, such as of a rate.
        value: the least and the most value; None where the row has no value.
        of_service: the row is of one service; otherwise of all.
    """

    otherwise: str
    choices: tuple[str, ...] = ()
    choice_is_name: bool = False
    value: tuple[int, int] | None = None
    of_service: bool = False


_MOST_KR = 10**12
RULES: Mapping[str, Takes] = {
    SETTLE_YEARS: Takes(str(DEFAULT_YEARS), value=(FEWEST_YEARS, MOST_YEARS)),
    DEFLATOR: Takes("0", choice_is_name=True, value=(-99, 1000)),
    INTEREST: Takes("0", choice_is_name=True, value=(0, 100)),
    DEPRECIATION: Takes("0", value=(0, _MOST_KR), of_service=True),
    ASSETS: Takes("0", value=(0, _MOST_KR), of_service=True),
    BALANCE_INTEREST: Takes(NOT_FOLLOWED, (FOLLOWED, NOT_FOLLOWED)),
    DEFICIT: Takes(CARRIED, (CARRIED, COVERED)),
}
"""Each rule, and what its rows hold: years, per cent, kroner a year, or a choice."""
_OF_ONE_YEAR = (DEFLATOR, INTEREST, DEPRECIATION, ASSETS)
"""Rules whose value is known a year at a time, so that a row ends with the last year that it is known for."""
_OF_PRICES = frozenset({SETTLE_YEARS, DEFLATOR})
"""Rules that only next year's prices rest on."""

Row = Mapping[str, Any]


# --- what is wrong with a register ------------------------------------------------------------------------------------


def register_faults(rows: Sequence[Row]) -> list[str]:
    """Faults of the register `self_cost_rule` as a whole, each with what to do."""
    faults = [fault for row in rows if (fault := _fault(row))]
    if faults:
        return faults
    for (rule, service), rows_of_rule in groupby(sorted(rows, key=_order), key=lambda row: _order(row)[:2]):
        name = f"{rule} of {service}" if service else rule
        for earlier, later in pairwise(rows_of_rule):
            if earlier["valid_to"] is None or later["valid_from"] < earlier["valid_to"]:
                faults.append(f"{name}: two rows hold in {later['valid_from'].year}; end the one before")
            elif earlier["valid_to"] < later["valid_from"]:
                gap = _years(earlier["valid_to"].year, later["valid_from"].year)
                faults.append(
                    f"{name}: no row holds in {gap}; add one ({RULES[rule].otherwise} where it is not followed)"
                )
    return faults or _without_rate(rows)


def _order(row: Row) -> tuple[str, str, date]:
    return str(row["rule"]), row["service"] or "", row["valid_from"]


def _years(first: int, end: int) -> str:
    return str(first) if end - first <= 1 else f"{first}–{end - 1}"


def _fault(row: Row) -> str | None:
    """The fault of a single row."""
    takes = RULES.get(str(row["rule"]))
    if takes is None:
        return f"{row['rule']}: there is no such rule; the rules are {', '.join(RULES)}"
    fault = _of_validity(row) or _of_choice(row, takes) or _of_value(row, takes)
    return f"{row['rule']} from {row['valid_from']}: {fault}" if fault else None


def _of_validity(row: Row) -> str | None:
    first, end = row["valid_from"], row["valid_to"]
    if any(day is not None and (day.month, day.day) != (1, 1) for day in (first, end)):
        return "rules change with the year; valid_from and valid_to are a 1 January"
    if end is not None and end <= first:
        return "valid_to must be after valid_from"
    if row["rule"] in _OF_ONE_YEAR and row["value"] and end is None:
        return "end it (valid_to) with the last year that the value is known for"
    return None


def _of_choice(row: Row, takes: Takes) -> str | None:
    choice = (row["choice"] or "").strip()
    if takes.of_service != (row["service"] is not None):
        return "name the service" if takes.of_service else "it holds for all services; leave service empty"
    if takes.choices:
        return None if choice in takes.choices else f"choice is {' or '.join(takes.choices)}"
    if takes.choice_is_name:
        return "name it in choice" if row["value"] and not choice else None
    return "it has no choice; leave it empty" if choice else None


def _of_value(row: Row, takes: Takes) -> str | None:
    value = row["value"]
    if takes.value is None:
        return None if value is None else "it has no value; leave it empty"
    least, most = takes.value
    if value is None or not least <= value <= most:
        return f"value is from {least} to {most}"
    return "value is a whole number of years" if row["rule"] == SETTLE_YEARS and value != int(value) else None


def _without_rate(rows: Sequence[Row]) -> list[str]:
    """Years within the register's span that need the calculated interest and have no rate."""
    rates = [row for row in rows if row["rule"] == INTEREST]
    last_known_year = max((_end(row, row["valid_from"].year + 1) for row in rates), default=0)
    needed = {
        year
        for row in rows
        if (row["rule"] == ASSETS and row["value"]) or (row["rule"], row["choice"]) == (BALANCE_INTEREST, FOLLOWED)
        for year in range(row["valid_from"].year, _end(row, max(last_known_year, row["valid_from"].year + 1)))
    }
    without = sorted(year for year in needed if not any(_holds(row, year) for row in rates))
    return [
        f"{INTEREST}: no rate holds in {year}, and interest is calculated that year; add the rate" for year in without
    ]


def _end(row: Row, otherwise: int) -> int:
    end: date | None = row["valid_to"]
    return end.year if end else otherwise


def _holds(row: Row, year: int) -> bool:
    on = date(year, 1, 1)
    return bool(row["valid_from"] <= on and (row["valid_to"] is None or on < row["valid_to"]))


# --- what holds in a year ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Capital:
    """A service's capital cost of a year, in øre."""

    depreciation_ore: int = 0
    interest_ore: int = 0

    @property
    def sum_ore(self) -> int:
        """Both."""
        return self.depreciation_ore + self.interest_ore

    def until(self, month: int) -> Capital:
        """Of the year's months up to this one, in equal parts."""
        return Capital(*(_part(ore, month, _MONTHS) for ore in (self.depreciation_ore, self.interest_ore)))


@dataclass(frozen=True, slots=True)
class Rules:
    """The register's rows for a service; none: no rule is followed beyond what is always done."""

    rows: tuple[Row, ...] = ()

    @classmethod
    def of(cls, rows: Iterable[Row], service: str) -> Rules:
        """The rows for all services and for this one."""
        return cls(tuple(row for row in rows if row["service"] in {None, service}))

    def missing_until(self, year: int) -> tuple[str, ...]:
        """As `missing`, of all years until this one."""
        first = min((row["valid_from"].year for row in self.rows), default=year)
        return tuple(sorted({rule for each in range(first, year + 1) for rule in self.without_value(each)}))

    def row(self, rule: str, year: int) -> Row | None:
        """The row of a rule that holds in a year."""
        return next((row for row in self.rows if row["rule"] == rule and _holds(row, year)), None)

    def without_value(self, year: int) -> tuple[str, ...]:
        """Rules that have been followed and have no row for the year, and the rate where the year needs one."""
        on = date(year, 1, 1)
        begun = {row["rule"] for row in self.rows if row["valid_from"] <= on}
        needs_rate = bool(self._value(ASSETS, year)) or self.balance_bears_interest(year)
        wanted = begun | ({INTEREST} if needs_rate else set())
        # a rate that nothing needs is no reason to stop
        wanted -= set() if needs_rate else {INTEREST}
        return tuple(sorted(rule for rule in wanted if self.row(rule, year) is None))

    def settle_years(self, year: int) -> int:
        """Over how many years the year's prices settle the balance, unless a calculation chooses otherwise."""
        return int(self._value(SETTLE_YEARS, year) or DEFAULT_YEARS)

    def deflator(self, year: int) -> str | None:
        """The name of the price deflator; None where there is none."""
        row = self.row(DEFLATOR, year)
        return str(row["choice"]) if row and row["value"] else None

    def price_growth(self, since: int, year: int) -> Decimal:
        """The factor from prices of one year to those of a later one."""
        with localcontext(_EXACT):
            factor = Decimal(1)
            for each in range(since + 1, year + 1):
                factor *= (100 + self._value(DEFLATOR, each)) / 100
            return factor

    def rate(self, year: int) -> Decimal:
        """The calculated interest, in per cent a year."""
        return self._value(INTEREST, year)

    def capital(self, year: int) -> Capital:
        """Calculated depreciation, and interest on the year's mean residual value of fixed assets."""
        with localcontext(_EXACT):
            interest = self._value(ASSETS, year) * self.rate(year)
            return Capital(half_away(self._value(DEPRECIATION, year) * 100), half_away(interest))

    def has_capital(self, year: int) -> bool:
        """Whether any service has calculated depreciation or fixed assets in the year."""
        capital_rows = (row for row in self.rows if row["rule"] in {DEPRECIATION, ASSETS} and _holds(row, year))
        return any(bool(row["value"]) for row in capital_rows)

    def balance_bears_interest(self, year: int) -> bool:
        """Whether the carried balance bears the calculated interest."""
        row = self.row(BALANCE_INTEREST, year)
        return bool(row and row["choice"] == FOLLOWED)

    def carries_deficit(self, year: int) -> bool:
        """Whether a year's deficit is carried forward; otherwise the owner covers it."""
        row = self.row(DEFICIT, year)
        return row is None or row["choice"] == CARRIED

    def _value(self, rule: str, year: int) -> Decimal:
        row = self.row(rule, year)
        value: Decimal = row["value"] if row else Decimal(0)
        return value


# --- the account of a year --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SelfCostYear:
    """A product's self-cost account of a year, or of its months so far; amounts in øre.

    Attributes:
        months: of the year that are counted.
        missing: rules without a row for the year, or for one before; nothing that rests on them is calculated then.
        opening_ore: balance at the start; positive for a surplus. None where a year before is missing a rule.
        capital: of the months; None where a rule is missing.
        covered_ore: deficit that the owner covers, so that it is not carried.
        balance_interest_ore: calculated interest on the mean of the balance at the start and the end.
        left: what of the closing balance is of which year, the oldest first; each year settles the oldest.
        told_of_age: whether the rule of settling holds in the year, so that the age of the balance is told.
    """

    year: int
    months: int
    income_ore: int
    cost_ore: int
    missing: tuple[str, ...] = ()
    opening_ore: int | None = 0
    capital: Capital | None = Capital()
    covered_ore: int = 0
    balance_interest_ore: int = 0
    left: tuple[tuple[int, int], ...] = ()
    told_of_age: bool = False

    @property
    def oldest_year(self) -> int | None:
        """The oldest year in the closing balance; None without a balance, or where age is not told."""
        return self.left[0][0] if self.left and self.told_of_age else None

    @property
    def old_balance_ore(self) -> int | None:
        """What of the closing balance is of years so long ago that it must be settled within this one."""
        if not self.told_of_age or self.closing_ore is None:
            return None
        return sum(ore for year, ore in self.left if year <= self.year - MOST_YEARS)

    @property
    def base_ore(self) -> int | None:
        """The fee basis (gebyrgrunnlag): booked cost with calculated depreciation and interest."""
        return None if self.capital is None else self.cost_ore + self.capital.sum_ore

    @property
    def result_ore(self) -> int | None:
        """Income less the fee basis."""
        return None if self.base_ore is None else self.income_ore - self.base_ore

    @property
    def closing_ore(self) -> int | None:
        """The balance at the end."""
        if self.opening_ore is None or self.result_ore is None:
            return None
        return self.opening_ore + self.result_ore + self.covered_ore + self.balance_interest_ore

    @property
    def recovered_ore(self) -> int | None:
        """What of the year's surplus recovers a carried deficit."""
        return self._of(lambda opening, result: max(0, min(result, -opening)))

    @property
    def to_fund_ore(self) -> int | None:
        """What of the year's surplus is set aside."""
        return self._of(lambda opening, result: max(0, result) - max(0, min(result, -opening)))

    @property
    def from_fund_ore(self) -> int | None:
        """What of the year's deficit the surplus set aside before covers."""
        return self._of(lambda opening, result: max(0, min(-result, opening)))

    @property
    def carried_ore(self) -> int | None:
        """What of the year's deficit is carried forward."""
        return self._of(lambda opening, result: max(0, -result) - max(0, min(-result, opening)) - self.covered_ore)

    def _of(self, part: Callable[[int, int], int]) -> int | None:
        if self.opening_ore is None or self.result_ore is None:
            return None
        return part(self.opening_ore, self.result_ore)

    @property
    def coverage_percent(self) -> Decimal | None:
        """Coverage of the fee basis: income in per cent of it; None without one."""
        return _percent(self.income_ore, self.base_ore)

    @property
    def self_cost_percent(self) -> Decimal | None:
        """Selvkostgrad as SSB defines it; None without a fee basis, or where a rule is missing."""
        parts = (self.to_fund_ore, self.recovered_ore, self.from_fund_ore, self.carried_ore)
        to_fund, recovered, from_fund, carried = (ore or 0 for ore in parts)
        adjusted = self.income_ore - to_fund - recovered + from_fund + carried
        return None if None in parts else _percent(adjusted, self.base_ore)


def years(months: Iterable[Row], rules: Rules) -> list[SelfCostYear]:
    """A service's self-cost account, year by year from its first month to its last.

    Args:
        months: the month's `income_ore` and booked `result_ore`, of one service, and `balance_carried_ore`, which says
            what was carried into the first of them; a month without a row is zero.
        rules: of the service.
    """
    ordered = sorted(months, key=lambda row: row["month"])
    account_years: list[SelfCostYear] = []
    if not ordered:
        return account_years
    last: date = ordered[-1]["month"]
    balance: int | None = ordered[0]["balance_carried_ore"] - ordered[0]["result_ore"]
    missing: tuple[str, ...] = ()
    for year in range(ordered[0]["month"].year, last.year + 1):
        of_year = [row for row in ordered if row["month"].year == year]
        counted = last.month if year == last.year else _MONTHS
        without = frozenset(rules.without_value(year)) - _OF_PRICES
        missing = tuple(sorted({*missing, *without}))
        income = sum(row["income_ore"] for row in of_year)
        cost = income - sum(row["result_ore"] for row in of_year)
        capital = None if without else rules.capital(year).until(counted)
        account = SelfCostYear(year, counted, income, cost, missing, balance, capital)
        account = account if missing else _settled(account, rules)
        before = account_years[-1].left if account_years else ((year - 1, balance or 0),)
        left = () if account.closing_ore is None else _aged(before, year, account.closing_ore - (balance or 0))
        account_years.append(replace(account, left=left, told_of_age=rules.row(SETTLE_YEARS, year) is not None))
        balance = account.closing_ore
    return account_years


def _aged(before: Sequence[tuple[int, int]], year: int, change: int) -> tuple[tuple[int, int], ...]:
    """The rest of each year after a year has changed the balance: a change towards zero settles the oldest first."""
    left: list[tuple[int, int]] = []
    for origin, ore in before:
        settled = min(abs(ore), abs(change)) if ore * change < 0 else 0
        way = 1 if ore > 0 else -1
        change += way * settled
        left.append((origin, ore - way * settled))
    return tuple((origin, ore) for origin, ore in (*left, (year, change)) if ore)


def _settled(account: SelfCostYear, rules: Rules) -> SelfCostYear:
    """The account with the owner's coverage, and with interest on the balance."""
    opening, result = account.opening_ore or 0, account.result_ore or 0
    covered = 0 if rules.carries_deficit(account.year) else max(0, -result - max(0, opening))
    interest = 0
    if rules.balance_bears_interest(account.year):
        with localcontext(_EXACT):
            mean = Decimal(2 * opening + result + covered) / 2
            interest = half_away(mean * rules.rate(account.year) / 100 * account.months / _MONTHS)
    return replace(account, covered_ore=covered, balance_interest_ore=interest)


def _part(ore: int, part: int, whole: int) -> int:
    with localcontext(_EXACT):
        return half_away(Decimal(ore * part) / whole)


def _percent(part: int, whole: int | None) -> Decimal | None:
    if whole is None or whole <= 0:
        return None
    with localcontext(_EXACT):
        return (Decimal(part * 100) / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
