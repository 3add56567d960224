"""The panels of Produktregnskap: the result of twelve months. Whoever may see the product's ledger has its table.

No chart of a ledger can be embedded, since an embed is for everybody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.shared import narrative as shared_narrative
from dashboards.shared.ledger.models import twelve_months
from dashboards.shared.pages import address
from dashboards.shared.panel import Panel
from dashboards.views.accounts import charts, choice, narrative, queries
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboards.page.filters import Unknown
    from dashboards.shared.opening import View
    from dashboards.views.accounts.choice import Chosen

PAGE: Final = address("accounts").strip("/")


def development(page: View, found: Chosen) -> Panel:
    """The result of twelve months, beside the budget.

    Raises:
        Forbidden: the visitor may not see the ledger of the product.
    """
    words, last, service = page.words, found.at.last, found.product.service
    answer = queries.of(page, "development", service, first=twelve_months(last), last=last)
    first, until = (formatting.month(answer.rows[n]["month"], words.language) for n in (0, -1))
    return Panel(
        f"{PAGE}/budsjett",
        f"{service}_budsjett",
        narrative.development_title(answer.rows, words),
        words("accounts.development.subtitle", first=first, last=until)
        + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        ("ledger.product_month",),
        charts.development(answer.rows, words),
        charts.development_in_words(answer.rows, words),
        ("month", "income_ore", "budget_income_ore", "result_ore", "budget_ore"),
    )


PANELS: Final[Mapping[str, Callable[[View, Chosen], Panel]]] = {"budsjett": development}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key` of the product and period that the page's link asks for; None where there is nothing to show.

    A product whose ledger the visitor may not see is returned as unknown, like one that the release lacks.

    Raises:
        KeyError: the page has no such panel.
        Forbidden: the visitor may see no ledger; no file is opened.
    """
    make, found = PANELS[key], choice.opened(page)
    if found is None:
        return None
    unknown = next((unknown for item in (found.service, found.year, found.quarter) for unknown in item.unknown), None)
    return unknown or make(page, found)
