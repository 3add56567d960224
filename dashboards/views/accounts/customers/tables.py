"""The tables of what customers pay. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.domain import price_effects
from dashboards.views.accounts.narrative import in_kroner, signed_increase, signed_kroner, size_class
from dashboards.views.accounts.tables import columns_of, listed
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.domain.price_effects import Effect
    from dashboards.views.accounts.customers.narrative import PaidOfSize
    from dashboards.words import Words


def increases(effects: Sequence[Effect], *, percent: bool, words: Words) -> str:
    """The ten largest increases; empty where nobody pays more."""
    language = words.language
    columns = columns_of(
        words,
        *(
            "what_if.customer",
            "what_if.pays_today",
            "what_if.pays_then",
            "what_if.increase",
            "what_if.increase_percent",
        ),
    )
    rows = [
        [
            effect.customer.name,
            formatting.kroner(effect.today_ore, language),
            formatting.kroner(effect.then_ore, language),
            signed_kroner(effect.increase_ore, words),
            signed_increase(effect.today_ore, effect.then_ore, words),
        ]
        for effect in price_effects.largest(effects, percent=percent)
    ]
    caption = words(f"accounts.what_if.largest.{'percent' if percent else 'kr'}")
    return listed(caption, columns, rows, words) if rows else ""


def paid(sizes: Sequence[PaidOfSize], words: Words) -> str:
    """What municipalities pay, by size."""
    language = words.language
    columns = columns_of(
        words,
        *("what_if.sizes.size", "paid.municipalities", "paid.mean_kr", "paid.least", "paid.most", "paid.each"),
    )
    rows = [
        [
            size_class(size.size, words),
            formatting.number(size.municipalities, language),
            formatting.kroner(size.mean_ore, language),
            formatting.kroner(size.least_ore, language),
            formatting.kroner(size.most_ore, language),
            formatting.price(in_kroner(size.each_ore), language),
        ]
        for size in sizes
    ]
    return listed(words("accounts.paid.caption"), columns, rows, words)
