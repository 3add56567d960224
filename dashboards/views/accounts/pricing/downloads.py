"""The product ledger's files: what-if prices and levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from catalog.domain.self_cost import Calculation, change_percent
from dashboards.page.downloads import in_kroner, in_tenths
from dashboards.shared.panel import Cell, Composed
from dashboards.views.accounts.pricing.narrative import price_name
from dashboards.words import Words


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
    prices = ("what_if.base", "price.self_cost", "price.proposed", "price.today")
    header = [
        words("accounts.price.element"),
        *(f"{words(f'accounts.{x}')} (kr)" for x in prices),
        f"{words('accounts.price.change')} (%)",
    ]
    rows: list[list[Cell]] = [
        [
            price_name(x.priced, elements, words),
            was.self_cost,
            x.self_cost,
            x.proposed,
            x.priced.current,
            in_tenths(change_percent(x.priced.current, x.proposed)),
        ]
        for was, x in zip(base.results, calculation.results, strict=True)
    ]
    return _supposed(header, rows, supposed, release, words, synthetic=calculation.base.synthetic)


def supposed_levels(calculation: Calculation, supposed: str, page: tuple[str, Words]) -> Composed:
    """Cost and income in kroner and coverage in per cent, at low, expected and high use; as `supposed_prices`."""
    release, words = page
    titles = (("cost", "kr"), ("income", "kr"), ("coverage", "%"), ("income_today", "kr"), ("coverage_today", "%"))
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
