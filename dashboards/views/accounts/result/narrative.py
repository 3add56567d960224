"""What the accounts say of the result: categories, months, years and quarters. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from catalog.domain.calendar import quarter_number
from dashboards.shared.ledger.models import CATEGORIES, Total, total
from dashboards.shared.ledger.narrative import named_rules
from dashboards.shared.narrative import Figure
from dashboards.views.accounts.narrative import Period, against_before, largest_cost, period, rounded
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.release.query import Row
    from dashboards.words import Words


def answer(product: str, sums: Total, then: Total | None, at: Period, words: Words) -> str:
    """The result of the period, and the one of the same months of the year before."""
    result, when = rounded(sums.result_ore, words), at.when(words)
    text = words("accounts.result.answer", service=product, amount=result, when=when)
    if then is None:
        return f"{text} {words('accounts.result.answer.new')}"
    year, before = str(at.year - 1), rounded(then.result_ore, words)
    return f"{text} {words('accounts.result.answer.before', year=year, amount=before)}"


def figures(sums: Total, then: Total | None, months: Sequence[Mapping[str, Any]], words: Words) -> list[Figure]:
    """Income, cost and result, each against the same months of the year before, with the trend of the months."""
    now = {"income": sums.income_ore, "cost": sums.cost_ore}
    before = {"income": then.income_ore, "cost": then.cost_ore} if then else {}
    figures = [
        Figure(
            words(f"accounts.{metric}"),
            rounded(ore, words),
            against_before(ore, before.get(metric), words),
            sums.synthetic,
            metric,
            [row[f"{metric}_ore"] for row in months],
        )
        for metric, ore in now.items()
    ]
    text = words("accounts.no_year_before")
    if then:
        text = words("accounts.result.figure.before", amount=rounded(then.result_ore, words))
    trend = [row["result_ore"] for row in months]
    result = Figure(words("accounts.result"), rounded(sums.result_ore, words), text, sums.synthetic, "result", trend)
    return [*figures, result]


def steps_title(sums: Total, words: Words) -> str:
    """The largest cost, as a claim."""
    if sums.cost_ore <= 0:
        return words("accounts.steps.title.no_cost")
    part, amount = largest_cost(sums)
    return words(
        "accounts.steps.title",
        step=words(f"value.part.{part}"),
        amount=rounded(amount, words),
        all=rounded(sums.cost_ore, words),
    )


def months_title(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """In how many of the months with a cost the income covered it, as a claim."""
    rows = [row for row in rows if row["cost_ore"] > 0]
    covered = sum(formatting.way(row["income_ore"] - row["cost_ore"]) >= 0 for row in rows)
    if not covered:
        return words("accounts.months.title.none")
    return words("accounts.months.title", n=covered, all=len(rows))


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of cost in a period, and in the same months of the year before; None where the ledger lacks them."""

    part: str
    now_ore: int
    before_ore: int | None


def categories(sums: Total, then: Total | None) -> list[Category]:
    """The kinds of cost of a period, the largest first."""
    kinds = [Category(name, sums.costs_ore[name], then.costs_ore[name] if then else None) for name in CATEGORIES]
    kinds.append(Category("allocated", sums.allocated_ore, then.allocated_ore if then else None))
    return sorted(kinds, key=lambda category: -category.now_ore)


def categories_title(of: Sequence[Category], words: Words) -> str:
    """The kind of cost that moved most in a year, as a claim; else the kinds that there are."""
    moved = [(c.now_ore - c.before_ore, c) for c in of if c.before_ore is not None]
    by, category = max(moved, key=lambda pair: abs(pair[0]), default=(0, None))
    way = formatting.way(by)
    if category is None or not way:
        return words("accounts.categories.title")
    step = words(f"value.part.{category.part}")
    key = "up" if way > 0 else "down"
    return words(f"accounts.categories.title.{key}", step=step, amount=rounded(abs(by), words))


def common(shared: Row | None, words: Words) -> str:
    """The common costs that no product carries yet; empty where all are allocated or the visitor may not know."""
    if shared is None or not formatting.way(shared.amount_ore):
        return ""
    return words("accounts.common.left", amount=rounded(shared.amount_ore, words))


@dataclass(frozen=True, slots=True)
class Stated:
    """A year or quarter of the statement; `label` says if it is incomplete."""

    at: Period
    label: str
    sums: Total
    balance_ore: int


def statement(rows: Sequence[Row], words: Words) -> list[Stated]:
    """The years of a ledger, newest first, each followed by its quarters, newest first."""
    stateds: list[Stated] = []
    through = rows[-1].month
    for year in sorted({account.month.year for account in rows}, reverse=True):
        quarters = sorted(
            {quarter_number(account.month) for account in rows if account.month.year == year}, reverse=True
        )
        for quarter in (None, *quarters):
            at = period(year, quarter, through)
            within = [account for account in rows if at.first <= account.month <= at.last]
            sums = total(rows, at.first, at.last)
            if sums is not None:
                stateds.append(Stated(at, _stated(at, within, words), sums, within[-1].balance_carried_ore))
    return stateds


def _stated(at: Period, within: Sequence[Row], words: Words) -> str:
    text = formatting.first(at.name(words))
    if within[0].month > at.first:
        text = words("accounts.statement.from", period=text, month=formatting.month(within[0].month, words.language))
    if not at.whole:
        text = words("accounts.statement.partly", period=text, month=formatting.month(at.last, words.language))
    return text


def statement_title(stateds: Sequence[Stated], words: Words) -> str:
    """How many quarters ended in surplus, as a claim."""
    quarters = [stated for stated in stateds if stated.at.quarter]
    surplus = sum(formatting.way(quarter.sums.result_ore) > 0 for quarter in quarters)
    return words("accounts.statement.title", n=surplus, all=len(quarters))


def self_cost_title(year: Mapping[str, Any], words: Words) -> str:
    """The self-cost ratio of a year beside its coverage of the fee basis, or which rule it lacks a value of."""
    if year["rules_missing"]:
        rules = formatting.listing(named_rules(year["rules_missing"].split(", "), words), words.language)
        return words("accounts.self_cost.title.missing", year=str(year["year"]), rules=rules)
    if year["self_cost_ratio_percent"] is None:
        return words("accounts.self_cost.title.plain")
    ratio, coverage = (
        formatting.per_cent(year[f"{name}_percent"], words.language) for name in ("self_cost_ratio", "coverage")
    )
    return words("accounts.self_cost.title", year=str(year["year"]), ratio=ratio, coverage=coverage)
