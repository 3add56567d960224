"""The tables of the price calculation and its what-if. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from catalog.domain import price_effects
from catalog.domain.pricing import PriceKind
from catalog.domain.self_cost import LEVELS, change_percent
from dashboards.page.downloads import in_kroner, in_tenths
from dashboards.shared.panel import Composed
from dashboards.views.accounts.narrative import signed_increase, signed_kroner, size_class
from dashboards.views.accounts.pricing import narrative
from dashboards.views.accounts.tables import columns_of, listed
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from catalog.domain.price_effects import Effect
    from catalog.domain.self_cost import Calculation, Cost, Result
    from dashboards.shared.panel import Cell
    from dashboards.words import Words


Prices: TypeAlias = Literal["proposed", "decided"]
"""Which new prices a calculation is at."""


def cost_base(calculation: Calculation, last: date | None, words: Words) -> str:
    """The cost base by line, the balance deducted, and the remainder that prices must cover.

    Args:
        calculation: the calculation.
        last: the last month of the cost window; the current balance is as of this month.
        words: the texts.
    """
    language, base = words.language, calculation.base
    columns = columns_of(words, "price.costs.what", "price.costs.source", "price.costs.year", text=2)

    def source(line: Cost) -> str:
        key, varies = f"accounts.price.source.{'account' if line.account else line.source}", line.varies_with
        more = words("accounts.price.costs.varies", unit=words.word("unit", varies)) if varies else ""
        return words(key, account=line.account or "") + more

    rows = [
        [
            words(f"value.part.{'allocated' if line.category == 'FORDELT' else line.category.lower()}"),
            source(line),
            formatting.kroner(line.year_ore, language),
        ]
        for line in base.costs
    ]
    rows += [
        [
            words(f"accounts.price.costs.{name}"),
            base.deflator or "" if name == "growth" else words(f"accounts.price.costs.{name}.source"),
            signed_kroner(ore, words),
        ]
        for name, ore in (
            ("growth", calculation.price_growth_ore),
            ("assumed", calculation.assumed_cost_ore),
            ("use", calculation.changed_use_ore),
        )
        if ore
    ]
    used = calculation.balance_used_ore
    carried = words(
        "accounts.price.costs.carried",
        n=calculation.assumptions.years,
        amount=formatting.kroner(base.balance_ore, language),
    )
    if base.balance_now_ore is not None and last is not None:
        carried = words(
            "accounts.price.costs.expected",
            n=calculation.assumptions.years,
            amount=formatting.kroner(base.balance_ore, language),
            year=str(base.year - 1),
            now=formatting.kroner(base.balance_now_ore, language),
            month=formatting.month(last, language),
        )
    if base.balance_months_missing:
        carried += " " + words("accounts.price.costs.missing", n=base.balance_months_missing)
    rows += [
        [words("accounts.price.costs.base"), "", formatting.kroner(calculation.cost_base_ore, language)],
        [words(f"accounts.price.costs.{'deficit' if used < 0 else 'surplus'}"), carried, signed_kroner(-used, words)],
        [words("accounts.price.costs.cover"), "", formatting.kroner(calculation.to_cover_ore, language)],
    ]
    caption = words("accounts.price.costs.caption", year=str(base.year))
    return listed(caption, columns, rows, words, [len(rows) - 3, len(rows) - 1])


def prices(calculation: Calculation, elements: Mapping[str, str], words: Words) -> str:
    """Each base-case price beside today's and the decided one; the base price before those of a channel, and named."""
    language = words.language
    of_channel = [x for x in calculation.results if x.priced.kind == PriceKind.PER_CHANNEL]

    def name(result: Result) -> str:
        text = narrative.price_name(result.priced, elements, words)
        return words("accounts.price.base", price=text) if of_channel and result not in of_channel else text

    columns = columns_of(
        words, "price.element", "price.today", "price.self_cost", "price.proposed", "price.change", "price.decided"
    )
    rows = [
        [
            name(x),
            formatting.MISSING if x.priced.current is None else formatting.price(x.priced.current, language),
            formatting.price(x.self_cost, language),
            formatting.price(x.proposed, language),
            narrative.changed(x, words),
            formatting.MISSING if x.priced.decided is None else formatting.price(x.priced.decided, language),
        ]
        for x in sorted(calculation.results, key=lambda x: x in of_channel)
    ]
    return listed(words("accounts.price.prices.caption"), columns, rows, words)


def uses(rows: Sequence[Mapping[str, Any]], calculation: Calculation, words: Words) -> str:
    """The drivers of prices and costs: now, and as forecast."""
    language = words.language
    drivers = (
        {p.driver for p in calculation.base.prices}
        | {line.varies_with for line in calculation.base.costs}
        | {"kommuner"}
    )
    columns = columns_of(
        words, "price.uses.driver", "price.uses.now", *(f"level.{k}" for k in LEVELS), "price.uses.error"
    )
    lines = [
        [
            words.word("unit", row["driver"]),
            *(formatting.number(row[name], language) for name in ("now", *LEVELS)),
            words("accounts.price.uses.as_now")
            if row["backtest_error"] is None
            else formatting.per_cent(row["backtest_error"] * 100, language),
        ]
        for row in rows
        if row["driver"] in drivers
    ]
    return listed(words("accounts.price.uses.caption"), columns, lines, words) if lines else ""


def what_if_prices(base: Calculation, calculation: Calculation, elements: Mapping[str, str], words: Words) -> str:
    """Each price with and without the assumptions."""
    columns = columns_of(words, "price.element", *_PRICES, "price.change")
    rows = [
        [
            name,
            *(formatting.MISSING if x is None else formatting.price(x, words.language) for x in amounts),
            narrative.changed(result, words),
        ]
        for name, amounts, result in _prices(base, calculation, elements, words)
    ]
    return listed(words("accounts.what_if.prices.caption"), columns, rows, words)


_PRICES: Final = ("what_if.base", "price.self_cost", "price.proposed", "price.today")


def _prices(
    base: Calculation, calculation: Calculation, elements: Mapping[str, str], words: Words
) -> list[tuple[str, list[Decimal | None], Result]]:
    """Each price's name and its amounts, as `_PRICES`."""
    return [
        (
            narrative.price_name(x.priced, elements, words),
            [was.self_cost, x.self_cost, x.proposed, x.priced.current],
            x,
        )
        for was, x in zip(base.results, calculation.results, strict=True)
    ]


def levels(calculation: Calculation, prices: Prices, words: Words) -> str:
    """Coverage at low, expected and high use; the files also have cost and income."""
    columns = columns_of(words, "what_if.level", f"price.{prices}", "price.today")

    def percent(value: Decimal | None) -> str:
        return formatting.MISSING if value is None else formatting.per_cent(value, words.language)

    rows = [
        [words(f"accounts.level.{name}"), percent(level.cover_percent), percent(level.cover_today_percent)]
        for name, level in calculation.levels.items()
    ]
    return listed(words("accounts.what_if.covers.caption"), columns, rows, words)


def sizes(effects: Sequence[Effect], prices: Prices, words: Words) -> str:
    """Mean payment by customer size, today and with the new prices."""
    language, then = words.language, f"what_if.pays_then.{prices}"
    columns = columns_of(
        words, "what_if.sizes.size", "what_if.customers", "what_if.pays_today", then, "what_if.increase"
    )
    rows = [
        [
            size_class(size.size, words),
            formatting.number(size.customers, language),
            formatting.kroner(size.mean_today_ore, language),
            formatting.kroner(size.mean_then_ore, language),
            signed_increase(size.today_ore, size.then_ore, words),
        ]
        for size in price_effects.by_size(effects)
    ]
    return listed(words("accounts.what_if.sizes.caption"), columns, rows, words)


def increases(effects: Sequence[Effect], prices: Prices, words: Words) -> str:
    """The ten largest increases in kroner; empty where nobody pays more."""
    language, then = words.language, f"what_if.pays_then.{prices}"
    columns = columns_of(
        words, "what_if.customer", "what_if.pays_today", then, "what_if.increase_kr", "what_if.increase"
    )
    rows = [
        [
            effect.customer.name,
            formatting.kroner(effect.today_ore, language),
            formatting.kroner(effect.then_ore, language),
            signed_kroner(effect.increase_ore, words),
            signed_increase(effect.today_ore, effect.then_ore, words),
        ]
        for effect in price_effects.largest(effects)
    ]
    return listed(words("accounts.what_if.largest"), columns, rows, words) if rows else ""


# ── The same as files ────────────────────────────────────────────────────────────────────────────────────────────────


def supposed_prices(
    base: Calculation, calculation: Calculation, elements: Mapping[str, str], supposed: str, page: tuple[str, Words]
) -> Composed:
    """Each price with and without the assumptions, in kroner.

    Args:
        base: without assumptions.
        calculation: with the assumptions.
        elements: what the prices are for.
        supposed: the assumptions in a sentence, repeated on each row: the numbers mean nothing without it.
        page: the release, also repeated on each row, and the texts.
    """
    release, words = page
    header = [
        words("accounts.price.element"),
        *(f"{words(f'accounts.{x}')} (kr)" for x in _PRICES),
        f"{words('accounts.price.change')} (%)",
    ]
    rows: list[list[Cell]] = [
        [name, *amounts, in_tenths(change_percent(result.priced.current, result.proposed))]
        for name, amounts, result in _prices(base, calculation, elements, words)
    ]
    return _supposed(header, rows, supposed, release, words, synthetic=calculation.base.synthetic)


def supposed_levels(calculation: Calculation, prices: Prices, supposed: str, page: tuple[str, Words]) -> Composed:
    """Cost and income in kroner and coverage in per cent, at low, expected and high use; as `supposed_prices`."""
    release, words = page
    then = ((f"income.{prices}", "kr"), (f"coverage.{prices}", "%"))
    titles = (("cost", "kr"), *then, ("income_today", "kr"), ("coverage_today", "%"))
    header = [words("accounts.what_if.level"), *(f"{words(f'accounts.what_if.{x}')} ({unit})" for x, unit in titles)]
    rows: list[list[Cell]] = [
        [
            words(f"accounts.level.{name}"),
            in_kroner(level.cost_ore),
            in_kroner(level.income_ore),
            in_tenths(level.cover_percent),
            in_kroner(level.income_today_ore),
            in_tenths(level.cover_today_percent),
        ]
        for name, level in calculation.levels.items()
    ]
    return _supposed(header, rows, supposed, release, words, synthetic=calculation.base.synthetic)


def _supposed(
    header: list[str], rows: Sequence[list[Cell]], supposed: str, release: str, words: Words, *, synthetic: bool
) -> Composed:
    last = [supposed, release, words("value.yes" if synthetic else "value.no")]
    titles = (words(x) for x in ("accounts.what_if.assumptions", "column.release", "column.synthetic"))
    return Composed([*header, *titles], [[*row, *last] for row in rows], synthetic)
