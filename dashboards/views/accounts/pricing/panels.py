"""What the page about prices shows, as values: its first words, the calculation and the what-if, all tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from catalog.domain.self_cost import Assumptions, at_decided_prices, calculate
from catalog.domain.self_cost_rules import DEFAULT_YEARS
from dashboards.shared.opening import Opening
from dashboards.shared.pages import address
from dashboards.shared.panel import ComposedPanel, Panel
from dashboards.views.accounts import choice, queries
from dashboards.views.accounts import narrative as accounts_narrative
from dashboards.views.accounts.pricing import narrative, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.domain.self_cost import Calculation
    from dashboards.page.filters import Unknown
    from dashboards.shared.opening import View
    from dashboards.shared.panel import Composed
    from dashboards.views.accounts.choice import Chosen
    from dashboards.views.accounts.pricing.tables import Prices
    from dashboards.views.accounts.queries import Pricing


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to show."""
    selection = choice.open_accounts(page)
    prices = queries.prices(page, selection.product.service) if selection else None
    return opening_of(page, selection, prices, calculate(prices.base) if prices else None) if selection else Opening()


def opening_of(page: View, selection: Chosen, prices: Pricing | None, base: Calculation | None) -> Opening:
    """The first words about what the link chooses."""
    words = page.words
    if prices is None or base is None or base.status != "CALCULATED":
        text = words("accounts.pricing.answer.none", service=selection.product.name)
        return Opening(text, observed=selection.rows[-1].month)
    figures = narrative.figures(base, prices.elements, words)
    return Opening(narrative.answer(selection.product.name, base, words), figures, selection.rows[-1].month)


PAGE: Final = address("accounts.pricing").strip("/")


SOURCES: Final = ("ledger.price_calculation", "ledger.price_cost", "ledger.price_use")


def calculation(page: View, selection: Chosen) -> Panel | None:
    """The price calculation as a table; None where the release has none."""
    service = selection.product.service
    answer = queries.of(page, "prices", service) if queries.has(page, *queries.PRICES) else None
    if answer is None or not answer.table.num_rows:
        return None
    title = page.words("accounts.price.prices.caption")
    return Panel(f"{PAGE}/priskalkyle", f"{service}_priskalkyle", title, "", answer, SOURCES)


def proposals(page: View, selection: Chosen) -> Panel | None:
    """The proposed and decided prices as a table; None where there are none."""
    service = selection.product.service
    answer = queries.of(page, "proposals", service) if queries.has(page, *queries.PRICES) else None
    if answer is None or not answer.table.num_rows:
        return None
    return Panel(
        f"{PAGE}/kalkyler",
        f"{service}_kalkyler",
        page.words("accounts.proposals.caption"),
        "",
        answer,
        ("ledger.price_calculation",),
        columns=("scenario", "year", "decision", "element", "channel", "self_cost_price", "proposed_price"),
    )


def at_new_prices(calculation: Calculation, supposed: Assumptions) -> tuple[Calculation, Prices]:
    """The year at the new prices: the decided ones, unless none is or the link supposes something."""
    decided = at_decided_prices(calculation) if supposed == Assumptions() else None
    return (decided, "decided") if decided else (calculation, "proposed")


def supposed_prices(page: View, selection: Chosen, pricing: Pricing) -> ComposedPanel:
    """Each price with and without the link's assumptions."""
    base, supposed = calculate(pricing.base), choice.assumptions(choice.supposed(page, pricing.base.settle_years))
    given = accounts_narrative.supposed(supposed, page.words), (page.release.name, page.words)
    elements, now = pricing.elements, calculate(pricing.base, supposed)
    make = partial(tables.supposed_prices, base, now, elements, *given)
    return _supposed(page, selection, "priser", "accounts.what_if.prices.caption", make, given[0])


def supposed_levels(page: View, selection: Chosen, pricing: Pricing) -> ComposedPanel:
    """Coverage and income at low, expected and high use, under the link's assumptions."""
    supposed = choice.assumptions(choice.supposed(page, pricing.base.settle_years))
    given = accounts_narrative.supposed(supposed, page.words), (page.release.name, page.words)
    make = partial(tables.supposed_levels, *at_new_prices(calculate(pricing.base, supposed), supposed), *given)
    return _supposed(page, selection, "bruk", "accounts.what_if.levels.caption", make, given[0])


def _supposed(
    page: View, selection: Chosen, of: str, title: str, make: Callable[[], Composed], sentence: str
) -> ComposedPanel:
    about = {page.words("accounts.what_if.assumptions"): sentence}
    name = f"{selection.product.service}_hva_om_{of}"
    return ComposedPanel(f"{PAGE}/hva-om-{of}", name, page.words(title), SOURCES, make, about)


def _under_assumptions(
    make: Callable[[View, Chosen, Pricing], ComposedPanel],
) -> Callable[[View, Chosen], ComposedPanel | Unknown | None]:
    def asked(page: View, selection: Chosen) -> ComposedPanel | Unknown | None:
        pricing = queries.prices(page, selection.product.service)
        numbers = choice.supposed(page, pricing.base.settle_years if pricing else DEFAULT_YEARS)
        unknown = next((unknown for number in numbers for unknown in number.unknown), None)
        if unknown or pricing is None or calculate(pricing.base).status != "CALCULATED":
            return unknown
        calculated = calculate(pricing.base, choice.assumptions(numbers)).status == "CALCULATED"
        return make(page, selection, pricing) if calculated else None

    return asked


PANELS: Final[Mapping[str, Callable[[View, Chosen], Panel | ComposedPanel | Unknown | None]]] = {
    "priskalkyle": calculation,
    "kalkyler": proposals,
    "hva-om-priser": _under_assumptions(supposed_prices),
    "hva-om-bruk": _under_assumptions(supposed_levels),
}


def panel(page: View, key: str) -> Panel | ComposedPanel | Unknown | None:
    """The panel `key`, as `choice.panel`."""
    return choice.panel(page, PANELS[key])
