"""The tables of what customers pay. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.views.accounts.narrative import in_kroner, size_class
from dashboards.views.accounts.tables import columns_of, listed
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.views.accounts.customers.narrative import PaidOfSize
    from dashboards.words import Words


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
