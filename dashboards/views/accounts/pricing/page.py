"""Produktregnskap, the price: the prices, what a change brings and who pays it, then the calculation. Layout only."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from catalog.domain import price_effects
from catalog.domain.self_cost import Assumptions, calculate
from catalog.domain.self_cost_rules import DEFAULT_YEARS
from dashboards.page import filters, layout
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.views.accounts import choice, product_page, queries
from dashboards.views.accounts import narrative as accounts_narrative
from dashboards.views.accounts.choice import SUPPOSED
from dashboards.views.accounts.pricing import narrative, panels, tables
from dashboards.words import formatting

if TYPE_CHECKING:
    from catalog.domain.self_cost import Calculation
    from dashboards.page.layout import Page
    from dashboards.views.accounts.choice import Chosen
    from dashboards.views.accounts.pricing.tables import Prices
    from dashboards.views.accounts.queries import Pricing

DATASETS: Final = ("ledger.price_calculation", "ledger.price_cost", "ledger.price_use", "ledger.entry")


def show(page: Page) -> None:
    """Draws the price of the product that the link names."""
    words, definitions = page.words, ("cost", "price", "balance", "use")
    selection = product_page.product(page, DATASETS, definitions)
    if selection is None:
        return
    prices = queries.prices(page, selection.product.service)
    base = calculate(prices.base) if prices else None
    numbers = choice.supposed(page, prices.base.settle_years if prices else DEFAULT_YEARS)
    first = panels.opening_of(page, selection, prices, base)
    layout.head(page, first.answer, DATASETS, [selection.service], first.observed)
    layout.say_unknown([unknown for number in numbers for unknown in number.unknown], words)
    if first.figures:
        layout.figures(page, first.figures, panels.opening)
    if not queries.has(page, *queries.PRICES):
        product_page.lacks(page, "pris", "accounts.price.title.plain")
    elif prices is None or base is None or base.status != "CALCULATED":
        layout.header(words("accounts.price.title.plain"), anchor="pris")
        st.info(words(f"accounts.status.{base.status if base else 'none'}"), icon=":material/calculate:")
    else:
        calculation(page, selection, prices, base)
        layout.fragment(page, what_if)(page, selection, prices, base)
        formula(page, selection, prices, base)
    product_page.rules(page, selection.product.service, prices.base.year if prices else selection.at.last.year)
    product_page.foot(page, definitions, DATASETS)


@layout.placed
def calculation(page: Page, selection: Chosen, pricing: Pricing, base: Calculation) -> None:
    """What each price comes to, and whether that matches the decided prices."""
    words, language = page.words, page.words.language
    layout.header(words("accounts.price.title", year=str(base.base.year)), anchor="pris")
    if pricing.first and pricing.last:
        first, last = formatting.month(pricing.first, language), formatting.month(pricing.last, language)
        subtitle = words("accounts.price.subtitle", first=first, last=last, growth=narrative.growth(base.base, words))
        product_page.note(page, subtitle, synthetic=base.base.synthetic)
    st.markdown(layout.plain(narrative.decided(base, pricing.elements, words)))
    st.html(tables.prices(base, pricing.elements, words))
    if shows := panels.calculation(page, selection):
        layout.files(page, shows)


@layout.placed
def formula(page: Page, selection: Chosen, pricing: Pricing, base: Calculation) -> None:
    """How the prices are calculated: what they must cover, the use that is expected, and calculations that are kept."""
    words = page.words
    layout.header(words("accounts.price.formula.title"), anchor="formel")
    st.html(tables.cost_base(base, pricing.last, words))
    one_by_one = [f"- {layout.plain(narrative.formula(base, x, pricing.elements, words))}" for x in base.results]
    st.markdown("\n".join([words("accounts.price.formula"), "", *one_by_one]))
    if pricing.first and pricing.last:
        of = queries.invoiced(page, selection.product.service, pricing.first, pricing.last)
        layout.note(ledger_narrative.bridge(of, words))
    uses = tables.uses(pricing.uses, base, words)
    if uses:

        def used() -> None:
            st.html(uses)

        layout.fold(page, words("accounts.price.uses.open"), "uses", used)
    proposals = panels.proposals(page, selection)
    if proposals:
        listed = partial(layout.body, page, proposals, proposals.title)
        layout.fold(page, words("accounts.proposals.title"), "proposals", listed)
    product_page.source(page, *panels.SOURCES)


def what_if(page: Page, selection: Chosen, pricing: Pricing, base: Calculation) -> None:
    """The workbench: other prices, years of settling, use and cost; what is covered, and what customers then pay.

    A piece of the page, so that a changed number draws no more than this. It reads the link anew for that reason.
    """
    page = replace(page, link=layout.parameters())
    numbers = choice.supposed(page, pricing.base.settle_years)
    words, supposed = page.words, choice.assumptions(numbers)
    calculation = calculate(pricing.base, supposed)
    layout.header(narrative.what_if_title(base, calculation, words), anchor="hva-om")
    product_page.note(page, words("accounts.what_if.subtitle"), synthetic=pricing.base.synthetic)
    filters.draw_numbers(numbers[:_FIRST], words, beside=_FIRST)
    others = numbers[_FIRST:]
    asked = any(number.value is not None for number in others)
    with st.expander(words("accounts.what_if.others"), expanded=asked, key="what_if_others"):
        filters.draw_numbers(others, words)
    sentence = accounts_narrative.supposed(supposed, words)
    st.markdown(layout.plain(sentence))
    use = pricing.base.uses.get("kommuner")
    with st.container():
        if supposed.municipalities is not None and (use is None or not use.now):
            st.warning(words("accounts.what_if.no_municipalities"), icon=":material/info:")
        if supposed.volume and not calculation.moves_with_use:
            st.warning(words("accounts.what_if.nothing_moves"), icon=":material/info:")
    reset = words("accounts.what_if.reset") if supposed != Assumptions() else ""
    layout.note(reset, link=filters.link(page.link, dict.fromkeys(SUPPOSED)))
    if calculation.status != "CALCULATED":
        st.info(words("accounts.status.ZERO"), icon=":material/calculate:")
        return
    with st.container():
        if supposed != Assumptions():  # else they stand above
            st.html(tables.what_if_prices(base, calculation, pricing.elements, words))
            layout.composed(page, panels.supposed_prices(page, selection, pricing))
    then, prices = panels.at_new_prices(calculation, supposed)
    st.html(tables.levels(then, prices, words))
    layout.composed(page, panels.supposed_levels(page, selection, pricing))
    effects(page, pricing, then, prices)
    product_page.source(page, *DATASETS)


_FIRST: Final = 2
"""The price and the years of settling stand; expected use and cost are folded until the link has one."""


def effects(page: Page, pricing: Pricing, calculation: Calculation, prices: Prices) -> None:
    """What customers of each size pay with the new prices, and who then pays most more."""
    words = page.words
    effects_by_size = price_effects.effects(calculation, pricing.used) if page.visitor.every_customer else []
    title = words(f"accounts.effects.title.{prices}")
    if effects_by_size:
        title = narrative.increases_title(effects_by_size, prices, words)
    layout.header(title, anchor="virkning")
    if not page.visitor.every_customer:
        st.markdown(words("accounts.customers.closed"))
    elif not effects_by_size:
        st.markdown(words("accounts.what_if.not_billed"))
    else:
        first, last = (formatting.month(m, words.language) if m else "" for m in (pricing.used_from, pricing.used_to))
        key = "accounts.what_if.sizes.month" if first == last else "accounts.what_if.sizes.months"
        product_page.note(page, words(key, first=first, last=last), synthetic=pricing.base.synthetic)
        st.html(tables.sizes(effects_by_size, prices, words))
        if largest := tables.increases(effects_by_size, prices, words):
            st.html(largest)


opened = product_page.open_product_page("accounts.pricing")
if opened:
    show(opened)
