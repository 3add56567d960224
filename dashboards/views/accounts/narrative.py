"""What a product's accounts say on every page: its period, figures, and what the price is assumed to depend on. Pure.

Amounts are integer øre without VAT; sums are of integers, and prices are calculated by `catalog.domain.self_cost`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final

from catalog.domain import price_effects
from catalog.domain.calendar import quarter_number, year_before
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.ledger.models import CATEGORIES, LOW, Book, Total, total
from dashboards.shared.narrative import MONTHS_OF_A_YEAR, Figure, months_between
from dashboards.words import formatting
from dashboards.words.change import change_of_ore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.domain.self_cost import Assumptions
    from dashboards.release.query import Row
    from dashboards.words import Words


QUARTER: Final = 3
QUARTERS: Final = ("1", "2", "3", "4")
WHOLE: Final = "hele"
"""The quarter filter's value for the whole year."""


SIZES: Final = (*(name for _, name in price_effects.SIZES), price_effects.NO_MUNICIPALITY, price_effects.UNNAMED)
COSTS: Final = ("brukerstotte", "drift", "forvaltning", "administrasjon")
"""The costs that may be changed, as named in the link; the calculation uses the same names in capitals."""


def in_kroner(ore: int) -> Decimal:
    """An amount in exact kroner."""
    return Decimal(ore) / 100


@dataclass(frozen=True, slots=True)
class Period:
    """A year or quarter, up to the last complete month.

    Attributes:
        quarter: None for the year.
        last: its last complete month.
        whole: whether all its months are complete.
    """

    year: int
    quarter: int | None
    first: date
    last: date

    @property
    def whole(self) -> bool:
        """Whether all its months are complete."""
        return months_between(self.first, self.last) + 1 == (QUARTER if self.quarter else MONTHS_OF_A_YEAR)

    def name(self, words: Words) -> str:
        """`2026`, or `3. kvartal 2026`."""
        year = str(self.year)
        return words("accounts.quarter.named", n=self.quarter, year=year) if self.quarter else year

    def when(self, words: Words) -> str:
        """`i 2026, til og med oktober`."""
        if self.whole:
            return words("accounts.in", period=self.name(words))
        month = formatting.month(self.last, words.language).split(" ")[0]
        return words("accounts.in.so_far", period=self.name(words), month=month)


def period(year: int, quarter: int | None, through: date) -> Period:
    """The period, up to `through`, the last complete month."""
    first = date(year, (quarter - 1) * QUARTER + 1, 1) if quarter else date(year, 1, 1)
    end = date(year, quarter * QUARTER, 1) if quarter else date(year, MONTHS_OF_A_YEAR, 1)
    return Period(year, quarter, first, min(end, through))


def year_labels(months: Sequence[date], words: Words) -> dict[str, str]:
    """The years of the ledger, newest first; an unfinished last year says that it is."""
    labels = {str(year): str(year) for year in sorted({month.year for month in months}, reverse=True)}
    if months[-1].month < MONTHS_OF_A_YEAR:
        last = str(months[-1].year)
        labels[last] = words("accounts.year_so_far", year=last)
    return labels


def quarter_labels(months: Sequence[date], year: int, words: Words) -> dict[str, str]:
    """The whole year, and the quarters that the ledger has."""
    observed = {quarter_number(month) for month in months if month.year == year}
    named = {quarter: words("accounts.quarter", n=int(quarter)) for quarter in QUARTERS if int(quarter) in observed}
    return {WHOLE: words("accounts.whole_year"), **named}


def answer(service: str, sums: Total, twelve: Total | None, at: Period, words: Words) -> str:
    """Whether the product covers its cost.

    Part of a year may hold all of a yearly price: where the twelve months that end with it came out the other way, that
    is said.
    """
    language, when = words.language, at.when(words)
    if sums.coverage is None:
        income = formatting.rounded_kroner(sums.income_ore, language)
        return words("accounts.answer.no_cost", service=service, amount=income, when=when)
    parts = {"service": service, "when": when, "coverage": formatting.per_cent(sums.coverage, language)}
    key = ("even", "surplus", "deficit")[formatting.way(sums.result_ore)]
    if key == "deficit" and sums.coverage >= LOW:
        key = "about"
    sentence = words(f"accounts.answer.{key}", amount=rounded(abs(sums.result_ore), words), **parts)
    return " ".join(filter(None, [sentence, _over_twelve(sums, twelve, words)]))


def _over_twelve(sums: Total, twelve: Total | None, words: Words) -> str:
    """How the twelve months came out, where the period came out the other way."""
    if twelve is None or twelve.coverage is None:
        return ""
    way = formatting.way(twelve.result_ore)
    if way * formatting.way(sums.result_ore) >= 0:
        return ""
    return words(
        f"accounts.answer.twelve.{'over' if way > 0 else 'short'}",
        coverage=formatting.per_cent(twelve.coverage, words.language),
        amount=rounded(abs(twelve.result_ore), words),
    )


def moved(sums: Total, then: Total | None, words: Words) -> str:
    """What made the result: how income and cost moved in a year, else the largest cost; empty without a cost."""
    if sums.coverage is None:
        return ""
    if then is None:
        part, amount = largest_cost(sums)
        share = formatting.per_cent(Decimal(amount * 100) / sums.cost_ore, words.language)
        return words("accounts.answer.largest", part=words(f"value.part.{part}").lower(), share=share)
    changes = {"income": sums.income_ore - then.income_ore, "cost": sums.cost_ore - then.cost_ore}
    clauses = {
        name: words(f"accounts.answer.{_way(ore)}", amount=rounded(abs(ore), words)) for name, ore in changes.items()
    }
    return words("accounts.answer.moved", **clauses)


def _way(change_ore: int) -> str:
    return ("same", "up", "down")[formatting.way(change_ore)]


def largest_cost(sums: Total) -> tuple[str, int]:
    """The largest cost of a period with its amount in øre: a category, or `allocated`."""
    costs = {**{name: sums.costs_ore[name] for name in CATEGORIES}, "allocated": sums.allocated_ore}
    return max(costs.items(), key=lambda cost: cost[1])


def rounded(ore: int, words: Words) -> str:
    """An amount as headlines and key figures have it; tables and files are exact."""
    return formatting.rounded_kroner(ore, words.language)


def before(rows: Sequence[Row], at: Period) -> Total | None:
    """The same months of the year before; None if the ledger lacks any of them."""
    first, last = year_before(at.first), year_before(at.last)
    month_count = sum(first <= account.month <= last for account in rows)
    return total(rows, first, last) if month_count == months_between(first, last) + 1 else None


def figures(
    sums: Total,
    budget_income_ore: int | None,
    twelve: Total | None,
    balance_ore: int,
    at: Period,
    rows: Sequence[Row],
    words: Words,
) -> list[Figure]:
    """Income, result, self-cost coverage and balance carried, each compared, with its trend.

    Args:
        sums: the sums of the period.
        budget_income_ore: budgeted income; None where a month has no budget.
        twelve: the twelve months that end with the period, as the board sees; None if there are fewer.
        balance_ore: the balance carried.
        at: the period.
        rows: the product's ledger, for the trends.
        words: the texts.
    """
    shown = [row for row in rows if row.month <= at.last][-_TREND:]
    language, marked = words.language, sums.synthetic
    coverage = formatting.MISSING if sums.coverage is None else formatting.per_cent(sums.coverage, language)
    return [
        Figure(
            words("accounts.income"),
            rounded(sums.income_ore, words),
            ledger_narrative.budgeted(sums.income_ore, budget_income_ore, words),
            marked,
            "income",
            [row.income_ore for row in shown],
        ),
        Figure(
            words("accounts.result"),
            rounded(sums.result_ore, words),
            ledger_narrative.budgeted(sums.result_ore, sums.budget_ore, words, result=True),
            marked,
            "result",
            [row.result_ore for row in shown],
        ),
        Figure(
            words("accounts.coverage"),
            coverage,
            _coverage_in_words(sums.coverage, twelve, at, words),
            marked,
            "self_cost_percent",
            [Book(rows, row.month, None).coverage for row in shown],  # single months are skewed
        ),
        Figure(
            words("accounts.carried"),
            rounded(balance_ore, words),
            _carried(balance_ore, at, words),
            marked,
            "balance_carried",
            [row.balance_carried_ore for row in shown],
        ),
    ]


_TREND: Final = 24
"""Months of a key figure's trend."""


def against_before(amount_ore: int, then_ore: int | None, words: Words) -> str:
    """How an amount compares with the same months of the year before, or that it does not."""
    if not then_ore:
        return words("accounts.no_year_before")
    return change_of_ore(then_ore, amount_ore).since_month(words("accounts.months_before"), words)


def _coverage_in_words(coverage: Decimal | None, twelve: Total | None, at: Period, words: Words) -> str:
    """The coverage of twelve months, and the shortfall or surplus: to the krone, as the board's list has it."""
    if coverage is None:
        return words("accounts.coverage.none")
    if twelve is None or twelve.coverage is None:
        return words("accounts.coverage.meant")
    language, lacks = words.language, twelve.cost_ore - twelve.income_ore
    kind = ("", ".short", ".over")[formatting.way(lacks)]
    return words(
        f"accounts.coverage.twelve{kind}",
        coverage=formatting.per_cent(twelve.coverage, language),
        amount=formatting.kroner(abs(lacks), language),
        month=formatting.month(at.last, language),
    )


def _carried(balance_ore: int, at: Period, words: Words) -> str:
    key = ("none", "surplus", "deficit")[formatting.way(balance_ore)]
    return words(f"accounts.carried.{key}", month=formatting.month(at.last, words.language))


def budget_income(rows: Sequence[Mapping[str, Any]], at: Period) -> int | None:
    """Budgeted income; None where a month of the period has no budget."""
    budgets = [
        row["budget_income_ore"]
        for row in rows
        if at.first <= row["month"] <= at.last and row["budget_income_ore"] is not None
    ]
    return sum(budgets) if len(budgets) == months_between(at.first, at.last) + 1 else None


def development_title(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The result against the budget at the end of the months, as a claim."""
    last, n = rows[-1], len(rows)
    if last["budget_so_far_ore"] is None:
        amount = formatting.rounded_kroner(last["result_so_far_ore"], words.language)
        return words("accounts.development.title.none", n=n, amount=amount)
    over = last["result_so_far_ore"] - last["budget_so_far_ore"]
    key = ("same", "better", "worse")[formatting.way(over)]
    return words(f"accounts.development.title.{key}", n=n, amount=formatting.rounded_kroner(abs(over), words.language))


def supposed(assumptions: Assumptions, words: Words) -> str:
    """The assumptions in a sentence."""
    language, clauses = words.language, []
    if assumptions.price is not None:
        key = "" if as_told(assumptions.price) else ".same"
        change = signed_percent(assumptions.price, words)
        clauses.append(words(f"accounts.what_if.supposed.price{key}", percent=change))
    if assumptions.municipalities is not None:
        clauses.append(words("accounts.what_if.supposed.municipalities", n=assumptions.municipalities))
    changes = [(words("accounts.what_if.use"), assumptions.volume)]
    changes += [(words(f"value.part.{cost}").lower(), assumptions.cost.get(cost.upper(), Decimal(0))) for cost in COSTS]
    for what, percent in changes:
        if percent:
            key = "more" if percent > 0 else "less"
            text = formatting.per_cent(abs(percent), language)
            clauses.append(words(f"accounts.what_if.supposed.{key}", percent=text, what=what))
    if assumptions.years is not None:
        clauses.append(words("accounts.what_if.supposed.years", n=assumptions.years))
    if not clauses:
        return words("accounts.what_if.supposed.none")
    return words("accounts.what_if.supposed", what=formatting.listing(clauses, language))


def signed_percent(value: Decimal | None, words: Words) -> str:
    """A change of a price: `+2,5 %`, or `uendret`; `..` where it is not known. Exact, since a price is no sample."""
    if value is None:
        return formatting.MISSING
    percent = as_told(value)
    return sign(percent) + formatting.per_cent(abs(percent), words.language) if percent else words("change.same")


def as_told(value: Decimal) -> Decimal:
    """A percentage as it is told: what rounds to zero is no change."""
    return value.quantize(Decimal("0.1"), ROUND_HALF_UP)


def signed_increase(today_ore: int, then_ore: int, words: Words) -> str:
    """How much more a customer pays, `+12 %`; `..` where nothing is paid today."""
    return change_of_ore(today_ore, then_ore).signed(words) if today_ore > 0 else formatting.MISSING


def signed_kroner(ore: int, words: Words) -> str:
    """A change in kroner, with its sign."""
    return sign(Decimal(formatting.way(ore))) + formatting.kroner(abs(ore), words.language)


def sign(value: Decimal) -> str:
    """The sign of a change; none of zero."""
    return "+" if value > 0 else "\u2212" if value < 0 else ""


def size_class(name: str, words: Words) -> str:
    """A customer size class in the page's language."""
    return words(f"accounts.size.{SIZES.index(name)}")
