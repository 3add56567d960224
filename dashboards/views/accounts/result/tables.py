"""The tables of the result: by category, and by year and quarter. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from dashboards.views.accounts.narrative import signed_kroner
from dashboards.views.accounts.tables import columns_of, listed
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.views.accounts.result.narrative import Category, Stated
    from dashboards.words import Words


def statement(rows: Sequence[Stated], words: Words) -> str:
    """Income, cost, result, budget, coverage and balance carried, by year and quarter."""
    columns = columns_of(
        words, "statement.period", "income", "cost", "result", "statement.budget", "coverage", "carried"
    )
    language = words.language

    def line(stated: Stated) -> list[str]:
        sums = stated.sums
        return [
            stated.label,
            formatting.kroner(sums.income_ore, language),
            formatting.kroner(sums.cost_ore, language),
            formatting.kroner(sums.result_ore, language),
            formatting.MISSING if sums.budget_ore is None else formatting.kroner(sums.budget_ore, language),
            formatting.MISSING if sums.coverage is None else formatting.per_cent(sums.coverage, language),
            formatting.kroner(stated.balance_ore, language),
        ]

    years = [place for place, stated in enumerate(rows) if stated.at.quarter is None]
    return listed(words("accounts.statement.caption"), columns, [line(stated) for stated in rows], words, years)


def categories(of: Sequence[Category], words: Words) -> str:
    """Each kind of cost with its share of the whole, beside the year before where the ledger has it."""
    language, whole = words.language, sum(category.now_ore for category in of)
    befores = [category.before_ore for category in of if category.before_ore is not None]
    compared = len(befores) == len(of)
    columns = columns_of(
        words,
        *("categories.part", "categories.now", "categories.share"),
        *(("categories.before", "categories.change") if compared else ()),
    )

    def line(name: str, now: int, before: int) -> list[str]:
        share = formatting.per_cent(Decimal(now * 100) / whole, language) if whole > 0 else formatting.MISSING
        change = [formatting.kroner(before, language), signed_kroner(now - before, words)] if compared else []
        return [name, formatting.kroner(now, language), share, *change]

    rows = [line(words(f"value.part.{part.part}"), part.now_ore, part.before_ore or 0) for part in of]
    rows.append(line(words("accounts.categories.sum"), whole, sum(befores)))
    return listed(words("accounts.categories.caption"), columns, rows, words, [len(rows) - 1])


BRIDGE: Final = (
    *("income", "cost", "depreciation", "interest", "result"),
    *("opening", "covered", "balance_interest", "closing"),
    *("base", "from_fund", "carried", "recovered", "to_fund"),
)
"""The lines of the self-cost account, in order: to the result, on to the balance, and what the ratios are made of."""
_SUMS: Final = ("result", "closing")
_BY_CHOICE: Final = ("depreciation", "interest", "covered", "balance_interest")
"""Lines that stand only where a rule that has been chosen gives them something."""


def self_cost(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The self-cost account, a column for each year: from income to result, on to the balance, and both ratios."""
    language = words.language

    def amount(ore: int | None) -> str:
        return formatting.MISSING if ore is None else formatting.kroner(ore, language)

    def percent(value: Decimal | None) -> str:
        return formatting.MISSING if value is None else formatting.per_cent(value, language)

    shown = [name for name in BRIDGE if name not in _BY_CHOICE or any(row[f"{name}_ore"] != 0 for row in rows)]
    lines = [[words(f"accounts.self_cost.{name}"), *(amount(row[f"{name}_ore"]) for row in rows)] for name in shown]
    # an older release tells no age
    if any(row.get("oldest_year") for row in rows):
        old = [words("accounts.self_cost.old_balance"), *(amount(row["old_balance_ore"]) for row in rows)]
        years = [str(row["oldest_year"] or formatting.NOT_POSSIBLE) for row in rows]
        lines += [[words("accounts.self_cost.oldest_year"), *years], old]
    lines += [
        [words(f"accounts.self_cost.{name}"), *(percent(row[f"{name}_percent"]) for row in rows)]
        for name in ("coverage", "self_cost_ratio")
    ]
    heads = [(words("accounts.self_cost.line"), False)]
    heads += [(words("accounts.self_cost.year", year=str(row["year"]), n=row["months"]), True) for row in rows]
    strong = [shown.index(name) for name in _SUMS]
    return listed(words("accounts.self_cost.caption"), heads, lines, words, strong)
