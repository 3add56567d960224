"""The panels of Produktregnskap's summary: the result month by month, for whoever may see the product's ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.shared import events as shared_events
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
    """The result of the chosen period, month by month, beside the budget; of twelve months where it has only one.

    Raises:
        Forbidden: the visitor may not see the ledger of the product.
    """
    words, last, service = page.words, found.at.last, found.product.service
    since = found.at.first if found.at.first < last else twelve_months(last)
    answer = queries.of(page, "development", service, first=since, last=last)
    first, until = (formatting.month(answer.rows[n]["month"], words.language) for n in (0, -1))
    events = shared_events.marks(page, words, service, "", answer.rows[0]["month"], answer.rows[-1]["month"])
    happened = shared_events.in_words(events, words)
    return Panel(
        f"{PAGE}/budsjett",
        f"{service}_budsjett",
        narrative.development_title(answer.rows, words),
        words("accounts.development.subtitle", first=first, last=until)
        + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        ("ledger.product_month",),
        charts.development(answer.rows, words, events),
        " ".join([charts.development_in_words(answer.rows, words), *happened]),
        ("month", "income_ore", "budget_income_ore", "result_ore", "budget_ore"),
        marks=happened,
    )


PANELS: Final[Mapping[str, Callable[[View, Chosen], Panel]]] = {"budsjett": development}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key`, as `choice.panel`."""
    return choice.panel(page, PANELS[key])
