"""The panels of the overview: its chart of use, with its words. What comes from the ledgers is not among them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.shared.pages import address
from dashboards.shared.panel import Panel
from dashboards.views.overview import charts, narrative, queries
from dashboards.views.overview.chosen import chosen

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from dashboards.page.filters import Unknown
    from dashboards.shared.opening import View

PAGE: Final = address("overview").strip("/")


def dispatches(page: View, month: date) -> Panel:
    """Dispatches by month."""
    words, answer = page.words, queries.dispatches(page, month)
    first, last = (words.value("month", answer.rows[n]["month"]) if answer.rows else "" for n in (0, -1))
    return Panel(
        f"{PAGE}/forsendelser",
        "forsendelser",
        narrative.dispatches_title(answer.rows, month, words),
        words("overview.use.subtitle", first=first, last=last, year=str(month.year)),
        answer,
        ("usage.dispatch_month",),
        charts.dispatches(answer.rows, month, words),
        charts.dispatches_in_words(answer.rows, words),
    )


PANELS: Final[Mapping[str, Callable[[View, date], Panel]]] = {"forsendelser": dispatches}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key` of the month that the page's link asks for; None where no month is over.

    A month that the release lacks is returned as unknown.

    Raises:
        KeyError: the page has no such panel.
    """
    make, found = PANELS[key], chosen(page)
    if found is None:
        return None
    month, item = found
    return item.unknown[0] if item.unknown else make(page, month)
