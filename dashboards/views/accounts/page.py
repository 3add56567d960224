"""Produktregnskap: a service's accounts, prices, what-if, loans and reconciliation. Layout only."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from catalog.domain import price_effects
from catalog.domain.self_cost import LEAST, MOST, MUNICIPALITIES, Assumptions, calculate
from dashboards.page import filters, layout
from dashboards.shared import narrative as shared_narrative
from dashboards.shared.ledger.models import Book, total, twelve_months
from dashboards.shared.pages import QUARTER, YEAR
from dashboards.views.accounts import charts, narrative, queries, tables
from dashboards.views.accounts import downloads as accounts_downloads
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.domain.self_cost import Calculation
    from dashboards.page.filters import Filter, Number
    from dashboards.page.layout import Page
    from dashboards.release.query import QueryResult
    from dashboards.views.accounts.models import Pricing, Product
    from dashboards.views.accounts.narrative import Period

COUNT, VOLUME = "kommuner", "volum"
SUPPOSED = (COUNT, VOLUME, *narrative.COSTS)
PRICES = ("price_calculation", "price_cost", "price_use")
RECONCILED = ("reconciliation", "reconciliation_part", "reconciliation_product")
DATASETS = (
    *("ledger.product_month", "ledger.entry", "ledger.price_calculation", "ledger.price_cost", "ledger.price_use"),
    *("ledger.project_month", "ledger.loan_month", "ledger.period", "ledger.unmapped_cost"),
)
ECONOMY_ALONE = tuple(f"ledger.{table}" for table in RECONCILED)
PROJECTS = (
    *("project_title", "phase", "granted_ore", "drawn_to_date_ore", "spent_to_date_ore", "repaid_to_date_ore"),
    "balance_ore",
)
PAYOFFS = ("payoff_month_low", "payoff_month_expected", "payoff_month_high")
LIMITS = "made.accounts.limits"
ANCHORS = ("accounts", "price", "what_if", "paid", "loan", "reconciliation", "closing")


def show(page: Page) -> None:
    """Draws the page of the service that the link names."""
    words = page.words
    if not queries.kept(page):
        layout.lacking(page, words("accounts.not_kept", release=page.release.name), words("accounts.not_kept.title"))
        layout.contact(page)
        return
    products = queries.products(page)
    if not products:
        st.info(words("accounts.none_owned"), title=words("accounts.none_owned.title"), icon=":material/lock:")
        layout.contact(page)
        return
    service = service_filter(page, products)
    product = next(product for product in products if product.service == service.value)
    months = queries.of(page, "months", product.service, through=queries.through(page))
    rows = queries.accounts(months, product.service)
    if not rows:
        layout.head(page, "", DATASETS, [service])
        empty(page, product, products)
        layout.foot(page, [words(f"made.accounts.{key}") for key in ("income", "cost")], DATASETS, LIMITS)
        return
    there = [row.month for row in rows]
    year = filters.single_choice(YEAR, page.link, narrative.year_labels(there, words), forgets=(QUARTER,))
    quarter = filters.single_choice(QUARTER, page.link, narrative.quarter_labels(there, int(year.value), words))
    chosen = None if quarter.value == narrative.WHOLE else int(quarter.value)
    at = narrative.period(int(year.value), chosen, there[-1])
    numbers = what_if_numbers(page)
    prices = queries.pricing(page, product.service) if queries.has(page, *PRICES) else None
    base = calculate(prices.base) if prices else None
    calculated = base is not None and base.status == "CALCULATED"
    accounts(page, product, months, at, [service, year, quarter], anchors(page, calculated=calculated))
    layout.say_unknown([unknown for number in numbers for unknown in number.unknown], words)
    pricing(page, product, prices, base, numbers)
    loans(page, product)
    if page.visitor.every_customer:
        reconciliation(page, product, at)
    closing(page, product, at)
    layout.header(words("accounts.report.title"))
    command = f"dif report product {product.service}"
    layout.commands(words("accounts.report"), command)
    names = ("income", "cost", "result", "coverage", "carried", "price", "balance", "use", "loan")
    made = [words(f"made.accounts.{name}") for name in names]
    if page.visitor.every_customer:
        made.append(words("made.accounts.at_stake"))
    layout.foot(page, made, seen(page), LIMITS)


def seen(page: Page) -> tuple[str, ...]:
    """The datasets that the page shows this visitor."""
    return (*DATASETS, *ECONOMY_ALONE) if page.visitor.every_customer else DATASETS


def service_filter(page: Page, products: Sequence[Product]) -> Filter:
    """The services whose ledgers the visitor may see; defaults to the one with the most income."""
    words = page.words
    most = max(products, key=lambda product: (product.months > 0, product.income_ore))

    def label(product: Product) -> str:
        if not product.months:
            return words("filter.no_numbers", name=product.name)
        return words("filter.synthetic", name=product.name) if product.synthetic else product.name

    labels = {product.service: label(product) for product in products}
    return filters.single_choice(filters.SERVICE, page.link, labels, most.service, forgets=(YEAR, QUARTER, *SUPPOSED))


def what_if_numbers(page: Page) -> list[Number]:
    """The link's assumptions about municipalities, use and cost."""
    words = page.words
    count = page.table("accounts/municipalities")["municipalities"][0].as_py()
    foreseen, unchanged = words("accounts.what_if.as_foreseen"), words("accounts.what_if.unchanged")
    low, high = int(LEAST) + 1, int(MOST)
    return [
        filters.number(COUNT, page.link, lowest=1, highest=count, otherwise=foreseen, whole=True),
        filters.number(VOLUME, page.link, lowest=low, highest=high, otherwise=foreseen),
        *(filters.number(cost, page.link, lowest=low, highest=high, otherwise=unchanged) for cost in narrative.COSTS),
    ]


def empty(page: Page, product: Product, products: Sequence[Product]) -> None:
    """Why there is nothing to show, and a link to another service that has numbers."""
    words = page.words
    other = max(
        (candidate for candidate in products if candidate.months),
        key=lambda candidate: candidate.income_ore,
        default=None,
    )
    text = words("accounts.empty")
    if other is not None:
        link = filters.link(page.link, {filters.SERVICE: other.service, YEAR: None, QUARTER: None})
        text += " " + words("accounts.empty.link", name=other.name, link=link)
    st.info(text, title=words("accounts.empty.title", service=product.name), icon=":material/search_off:")


def anchors(page: Page, *, calculated: bool) -> list[str]:
    """The parts of the page that this service and visitor get."""
    lacks = set() if calculated else {"what_if", "paid"}
    return [
        part
        for part in ANCHORS
        if part not in lacks | (set() if page.visitor.every_customer else {"reconciliation", "paid"})
    ]


def contents(page: Page, shown: Sequence[str]) -> None:
    """Links to each part of the page."""
    words = page.words
    links = " · ".join(f'<a href="#{part}">{words(f"accounts.contents.{part}")}</a>' for part in shown)
    text = words("accounts.contents")
    st.html(f'<nav aria-label="{text}"><p class="dif-small">{text} {links}</p></nav>')


def accounts(
    page: Page, product: Product, months: QueryResult, at: Period, chosen: Sequence[Filter], parts: Sequence[str]
) -> None:
    """The answer, the figures, from income to result, twelve months, and every year and quarter."""
    words, service = page.words, product.service
    rows = queries.accounts(months, service)
    within = total(rows, at.first, at.last)
    if within is None:
        return
    balance = next(row.balance_carried_ore for row in reversed(rows) if row.month <= at.last)
    layout.head(page, narrative.answer(product.name, within, balance, at, words), seen(page), chosen, rows[-1].month)
    if within.synthetic:
        text = words("state.synthetic", service=product.name)
        st.warning(text, title=words("state.synthetic.title"), icon=":material/science:")
    contents(page, parts)
    then, budget = narrative.before(rows, at), narrative.budget_income(months.rows, at)
    twelve = Book(rows, at.last, None).twelve
    layout.figures(page, narrative.figures(within, budget, then, twelve, balance, at, words))

    left, right = st.columns(2, gap="large")
    with left:
        steps = queries.of(page, "steps", service, first=at.first, last=at.last)
        layout.header(narrative.steps_title(within, words), anchor="accounts")
        note(page, words("accounts.steps.subtitle", period=at.when(words)), synthetic=within.synthetic)
        layout.shown(
            page,
            steps,
            name=f"{service}_resultat",
            source=("ledger.product_month",),
            chart=charts.steps(steps.rows, words),
            alt=charts.steps_in_words(steps.rows, at.when(words), words),
            columns=("part", "amount_ore"),
            caption=words("accounts.steps.caption"),
        )
    with right:
        last = at.last
        answer = queries.of(page, "development", service, first=twelve_months(last), last=last)
        layout.header(narrative.development_title(answer.rows, words))
        first, until = (formatting.month(answer.rows[n]["month"], words.language) for n in (0, -1))
        note(page, words("accounts.development.subtitle", first=first, last=until), synthetic=answer.synthetic)
        layout.shown(
            page,
            answer,
            name=f"{service}_budsjett",
            source=("ledger.product_month",),
            chart=charts.development(answer.rows, words),
            alt=charts.development_in_words(answer.rows, words),
            columns=("month", "income_ore", "budget_income_ore", "result_ore", "budget_ore"),
            caption=words("accounts.development.caption"),
        )
    stated = narrative.statement(rows, words)
    layout.header(narrative.statement_title(stated, words))
    note(page, words("accounts.statement.subtitle"), synthetic=any(row.synthetic for row in rows))
    st.html(tables.statement(stated, words))
    layout.note(words("accounts.statement.files"))
    layout.files(page, months, f"{service}_regnskap")
    source(page, "ledger.product_month")


def pricing(
    page: Page, product: Product, prices: Pricing | None, base: Calculation | None, numbers: Sequence[Number]
) -> None:
    """The price calculation, what-if, and what municipalities pay; or why nothing is calculated."""
    words = page.words
    if not queries.has(page, *PRICES):
        lacks(page, "price", "accounts.contents.price")
        return
    if prices is None or base is None or base.status != "CALCULATED":
        layout.header(words("accounts.contents.price"), anchor="price")
        st.info(words(f"accounts.status.{base.status if base else 'none'}"), icon=":material/calculate:")
        return
    calculation(page, product, prices, base)
    what_if(page, product, prices, base, numbers)
    paid(page, product, prices)


def calculation(page: Page, product: Product, pricing: Pricing, base: Calculation) -> None:
    """What prices must cover, what each comes to, and whether that matches the decided prices."""
    words, language = page.words, page.words.language
    layout.header(narrative.price_title(base, words), anchor="price")
    if pricing.first and pricing.last:
        first, last = formatting.month(pricing.first, language), formatting.month(pricing.last, language)
        note(page, words("accounts.price.subtitle", first=first, last=last), synthetic=base.base.synthetic)
    st.markdown(f"**{words('accounts.price.formula')}**")
    st.markdown(
        "\n".join(f"- {layout.plain(narrative.formula(base, x, pricing.elements, words))}" for x in base.results)
    )
    st.markdown(layout.plain(narrative.decided(base, pricing.elements, words)))
    st.html(tables.cost_base(base, pricing.last, words))
    st.html(tables.prices(base, pricing.elements, words))
    uses = tables.uses(pricing.uses, base, words)
    if uses:
        st.html(uses)
    layout.files(page, queries.of(page, "prices", product.service), f"{product.service}_priskalkyle")
    source(page, *(f"ledger.{table}" for table in PRICES))
    proposals = queries.of(page, "proposals", product.service)
    if proposals.table.num_rows:
        layout.subheader(words("accounts.proposals.title"))
        columns = ("scenario", "year", "decision", "element", "channel", "self_cost_price", "proposed_price")
        layout.shown(
            page,
            proposals,
            name=f"{product.service}_kalkyler",
            source=("ledger.price_calculation",),
            columns=columns,
            caption=words("accounts.proposals.caption"),
        )


def assumptions(numbers: Sequence[Number]) -> Assumptions:
    """The link's numbers as assumptions."""
    values = {number.parameter: number.value for number in numbers}
    count = values[COUNT]
    cost = {cost.upper(): value for cost in narrative.COSTS if (value := values[cost])}
    return Assumptions(None if count is None else int(count), values[VOLUME] or Decimal(0), cost)


def what_if(page: Page, product: Product, pricing: Pricing, base: Calculation, numbers: Sequence[Number]) -> None:
    """The same calculation with changed use and cost: prices, coverage, income, and who pays more."""
    words, supposed = page.words, assumptions(numbers)
    calculation = calculate(pricing.base, supposed)
    layout.header(narrative.what_if_title(base, calculation, words), anchor="what_if")
    note(page, words("accounts.what_if.subtitle"), synthetic=pricing.base.synthetic)
    filters.draw_numbers(numbers, words)
    sentence = narrative.supposed(supposed, words)
    st.markdown(layout.plain(sentence))
    use = pricing.base.uses.get(MUNICIPALITIES)
    if supposed.municipalities is not None and (use is None or not use.now):
        st.warning(words("accounts.what_if.no_municipalities"), icon=":material/info:")
    if supposed.volume and not calculation.moves_with_use:
        st.warning(words("accounts.what_if.nothing_moves"), icon=":material/info:")
    if supposed != Assumptions():
        layout.note(words("accounts.what_if.reset"), link=filters.link(page.link, dict.fromkeys(SUPPOSED)))
    if calculation.status != "CALCULATED":
        st.info(words("accounts.status.ZERO"), icon=":material/calculate:")
        return
    about, name = {words("accounts.what_if.assumptions"): sentence}, f"{product.service}_hva_om"
    given = sentence, (page.release.name, words)
    st.html(tables.what_if_prices(base, calculation, pricing.elements, words))
    layout.composed(
        page,
        partial(accounts_downloads.supposed_prices, base, calculation, pricing.elements, *given),
        f"{name}_priser",
        about,
    )
    st.html(tables.levels(calculation, words))
    layout.composed(page, partial(accounts_downloads.supposed_levels, calculation, *given), f"{name}_bruk", about)
    effects = price_effects.effects(calculation, pricing.paid)
    if not page.visitor.every_customer:
        st.markdown(words("accounts.customers.closed"))
    elif not effects:
        st.markdown(words("accounts.what_if.not_billed"))
    else:
        st.html(tables.sizes(effects, words))
        largest = [tables.increases(effects, percent=percent, words=words) for percent in (False, True)]
        if any(largest):
            for place, text in zip(st.columns(2, gap="small"), largest, strict=True):
                with place:
                    st.html(text)
        else:
            st.markdown(words("accounts.what_if.no_increase"))
    layout.commands(words("accounts.what_if.command"), narrative.command(product.service, supposed, words))
    source(page, *(f"ledger.{table}" for table in (*PRICES, "entry")))


def paid(page: Page, product: Product, pricing: Pricing) -> None:
    """What each municipality pays, by size."""
    words, language = page.words, page.words.language
    of = narrative.by_municipality(pricing.paid)
    sizes = narrative.paid_by_size(of)
    if not page.visitor.every_customer:
        return
    layout.header(narrative.paid_title(sizes, words), anchor="paid")
    if not of or pricing.first is None or pricing.last is None:
        st.markdown(words("accounts.paid.none"))
        return
    first, last = formatting.month(pricing.first, language), formatting.month(pricing.last, language)
    note(page, words("accounts.paid.subtitle", first=first, last=last), synthetic=pricing.base.synthetic)
    layout.draw(charts.paid(of, words), charts.paid_in_words(of, sizes, words))
    st.html(tables.paid(sizes, words))
    billed = queries.of(page, "paid", product.service, first=pricing.first, last=pricing.last)
    layout.files(page, billed, f"{product.service}_fakturert")
    source(page, "ledger.entry", "reference.population")


def loans(page: Page, product: Product) -> None:
    """The service's projects and loans, with payoff; those without a service if the visitor may see every ledger."""
    words = page.words
    if not queries.has(page, "project_month", "loan_month.payoff_month_low"):
        lacks(page, "loan", "accounts.loan.title.none")
        return
    through = queries.through(page)
    projects = queries.of(page, "projects", product.service, through=through)
    history = queries.of(page, "loans", product.service, through=through)
    anchored = False
    for project in projects.rows:
        rows = [row for row in history.rows if row["project"] == project["project"]]
        if not rows:
            continue
        layout.header(narrative.loan_title(project, words), anchor=False if anchored else "loan")
        anchored = True
        ahead = project["payoff_month_expected"] or project["payoff_month_high"]
        note(
            page,
            words("accounts.loan.subtitle" if ahead else "accounts.loan.subtitle.plain"),
            synthetic=bool(project["synthetic"]),
        )
        layout.draw(charts.loan(rows, project, words), charts.loan_in_words(rows, project, words))
        layout.note(narrative.payoff(project, words))
    if not anchored:
        layout.header(words("accounts.loan.title.none"), anchor="loan")
        st.markdown(words("accounts.loan.none"))
    listed(page, projects, product.service, (*PROJECTS, *PAYOFFS))
    if page.visitor.every_ledger:
        without = queries.without_service(page, "projects", through=through)
        if without.table.num_rows:
            layout.subheader(words("accounts.projects.without"))
            listed(page, without, "uten_tjeneste", PROJECTS)


def listed(page: Page, projects: QueryResult, name: str, columns: Sequence[str]) -> None:
    """Projects as a table with their files."""
    if not projects.table.num_rows:
        return
    month = formatting.month(projects.rows[0]["month"], page.words.language)
    layout.shown(
        page,
        projects,
        name=f"prosjekter_{name}",
        source=("ledger.project_month", "ledger.loan_month"),
        columns=columns,
        caption=page.words("accounts.projects.caption", month=month),
    )


def reconciliation(page: Page, product: Product, at: Period) -> None:
    """Billed against measured, by reason, and the amount at stake."""
    words, service = page.words, product.service
    if not queries.has(page, *RECONCILED):
        lacks(page, "reconciliation", "accounts.reconciliation.title.plain")
        return
    window = {"first": at.first, "last": at.last}
    months = queries.reconciled(page, "reconciliation", service, **window)
    if not months.table.num_rows:
        layout.header(words("accounts.reconciliation.title.plain"), anchor="reconciliation")
        st.markdown(words("accounts.reconciliation.empty"))
        return
    layout.header(narrative.reconciliation_title(months.rows, words), anchor="reconciliation")
    note(page, words("accounts.reconciliation.subtitle", period=at.when(words)), synthetic=months.synthetic)
    st.markdown(narrative.ties(months.rows, words))
    awaits = narrative.summed(months.rows, "awaits_invoice_ore")
    if awaits:
        layout.note(words("accounts.reconciliation.awaits", amount=formatting.kroner(awaits, words.language)))
    reasons = queries.reconciled(page, "reasons", service, **window)
    if reasons.table.num_rows:
        layout.shown(
            page,
            reasons,
            name=f"{service}_arsaker",
            source=("ledger.reconciliation_part",),
            chart=charts.reasons(reasons.rows, words),
            alt=charts.reasons_in_words(reasons.rows, words),
            columns=("reason", "differences", "over_ore", "under_ore", "difference_ore"),
            caption=words("accounts.reconciliation.caption"),
        )
    else:
        st.markdown(words("accounts.reconciliation.no_parts"))
    layout.shown(
        page,
        months,
        name=f"{service}_avstemming",
        source=("ledger.reconciliation_product",),
        columns=(
            *("month", "billed_ore", "expected_ore", "explained_ore", "open_ore", "not_reconcilable_ore"),
            *("awaits_invoice_ore", "at_stake_ore"),
        ),
        caption=words("accounts.reconciliation.months.caption"),
    )
    rows = queries.reconciled(page, "unexplained", service, **window)
    if rows.table.num_rows:
        layout.subheader(words("accounts.unexplained.title"))
        layout.shown(
            page,
            rows,
            name=f"{service}_uforklart",
            source=("ledger.reconciliation", "ledger.reconciliation_part"),
            columns=(
                *("organisation", "element", "month", "billed_quantity", "measured_quantity"),
                *("billed_ore", "expected_ore", "unexplained_ore"),
            ),
            caption=words("accounts.unexplained.caption"),
        )


def closing(page: Page, product: Product, at: Period) -> None:
    """Unplaced cost, and which quarters are closed."""
    words, every = page.words, page.visitor.every_ledger
    if not queries.has(page, "unmapped_cost", "period"):
        lacks(page, "closing", "accounts.contents.closing")
        return
    window = {"first": at.first, "last": at.last}
    unmapped = (
        queries.without_service(page, "unmapped", **window)
        if every
        else queries.of(page, "unmapped", product.service, **window)
    )
    of_all = queries.unplaced(page, None if every else product.service, at.first, at.last)
    if of_all and unmapped.table.num_rows:
        amount = formatting.kroner(of_all.amount_ore, words.language)
        layout.header(words("accounts.unmapped.title", amount=amount), anchor="closing")
        subtitle = words(f"accounts.unmapped.subtitle.{'all' if every else 'own'}", period=at.when(words))
        note(page, subtitle, synthetic=unmapped.synthetic)
        layout.shown(
            page,
            unmapped,
            name="uplassert_kostnad",
            source=("ledger.unmapped_cost",),
            columns=("reason", "booked_account", "cost_center", "service_name", "entries", "amount_ore"),
            caption=words("accounts.unmapped.caption"),
        )
    else:
        layout.header(words("accounts.unmapped.title.none"), anchor="closing")
    if not every:
        return  # the closing of quarters concerns all products
    periods = queries.of(page, "periods", product.service, through=queries.through(page))
    if periods.table.num_rows:
        layout.header(narrative.periods_title(periods.rows, words))
        layout.note(words("accounts.periods.subtitle", service=product.name))
        layout.shown(
            page,
            periods,
            name=f"{product.service}_perioder",
            source=("ledger.period", "ledger.entry"),
            columns=("quarter", "status", "closed_by", "changed_at", "release", "later_entries", "later_ore"),
            caption=words("accounts.periods.caption"),
        )


def lacks(page: Page, anchor: str, title: str) -> None:
    """Says that the release lacks the data for a part of the page."""
    layout.header(page.words(title), anchor=anchor)
    layout.lacking(page, page.words("state.lacking", release=page.release.name))


def note(page: Page, text: str, *, synthetic: bool) -> None:
    """A subtitle that says if its numbers are synthetic."""
    layout.note(text + shared_narrative.synthetic_sentence(page.words, synthetic=synthetic))


def source(page: Page, *datasets: str) -> None:
    """The source of what is shown above."""
    layout.note(page.words("uptake.source", source=", ".join(datasets), release=page.release.name))


opened = layout.opened("accounts.title")
if opened:
    show(opened)
