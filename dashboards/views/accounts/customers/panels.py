"""What the page about customers shows, as values: its first words and its panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.shared import events as shared_events
from dashboards.shared.ledger.models import twelve_months
from dashboards.shared.narrative import synthetic_sentence
from dashboards.shared.opening import Opening
from dashboards.shared.pages import address
from dashboards.shared.panel import Panel
from dashboards.views.accounts import choice, queries
from dashboards.views.accounts.customers import charts, narrative
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboards.page.filters import Unknown
    from dashboards.shared.opening import View
    from dashboards.views.accounts.choice import Chosen
    from dashboards.views.accounts.queries import Pricing


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to show."""
    selection = choice.open_accounts(page)
    return opening_of(page, selection, queries.prices(page, selection.product.service)) if selection else Opening()


def opening_of(page: View, selection: Chosen, prices: Pricing | None) -> Opening:
    """The first words about what the link chooses."""
    words = page.words
    if not page.visitor.every_customer:
        text = words("accounts.customers.closed")
    else:
        paid = narrative.by_municipality(prices.paid) if prices else {}
        text = narrative.answer(selection.product.name, paid, words)
    return Opening(text, observed=selection.rows[-1].month)


PAGE: Final = address("accounts.customers").strip("/")


def paid(page: View, selection: Chosen, pricing: Pricing | None) -> Panel | None:
    """What each municipality pays, by size; None where nothing is billed, or the visitor may not see every customer."""
    words, service = page.words, selection.product.service
    of = narrative.by_municipality(pricing.paid) if pricing else {}
    if not of or pricing is None or pricing.first is None or pricing.last is None:
        return None
    sizes = narrative.paid_by_size(of)
    first, last = (formatting.month(at, words.language) for at in (pricing.first, pricing.last))
    return Panel(
        f"{PAGE}/pris-per-kommune",
        f"{service}_fakturert",
        narrative.paid_title(sizes, words),
        words("accounts.paid.subtitle", first=first, last=last)
        + synthetic_sentence(words, synthetic=pricing.base.synthetic),
        queries.of(page, "paid", service, first=pricing.first, last=pricing.last),
        ("ledger.entry", "reference.population"),
        charts.paid(of, words),
        charts.paid_in_words(of, sizes, words),
    )


def _paid(page: View, selection: Chosen) -> Panel | None:
    return (
        paid(page, selection, queries.prices(page, selection.product.service)) if page.visitor.every_customer else None
    )


def invoiced(page: View, selection: Chosen) -> Panel | None:
    """What is invoiced in twelve months, beside the year before; None if the release does not tell it from income."""
    if not queries.has(page, "product_month.invoiced_ore"):
        return None
    words, last, service = page.words, selection.rows[-1].month, selection.product.service
    answer = queries.of(page, "invoiced", service, first=twelve_months(last), last=last)
    first, until = (formatting.month(answer.rows[n]["month"], words.language) for n in (0, -1))
    events = shared_events.marks(page, words, service, "", answer.rows[0]["month"], last)
    happened = shared_events.in_words(events, words)
    key = "accounts.invoiced.subtitle" if narrative.compares(answer.rows) else "accounts.invoiced.subtitle.new"
    return Panel(
        f"{PAGE}/fakturert",
        f"{service}_fakturert_maned",
        narrative.invoiced_title(answer.rows, words),
        words(key, first=first, last=until) + synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        ("ledger.product_month",),
        charts.invoiced(answer.rows, words, events),
        " ".join([narrative.invoiced_in_words(answer.rows, words), *happened]),
        ("month", "invoiced_ore", "invoiced_year_before_ore"),
        marks=happened,
    )


PANELS: Final[Mapping[str, Callable[[View, Chosen], Panel | None]]] = {
    "pris-per-kommune": _paid,
    "fakturert": invoiced,
}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key`, as `choice.panel`."""
    return choice.panel(page, PANELS[key])
