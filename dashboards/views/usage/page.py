"""Bruk per kommune: how much, compared with similar municipalities, and what changed. Layout only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from catalog.tables.datasets import DATASETS as CONTRACTS
from catalog.tables.streams import CHANNELS
from dashboards.page import filters, layout
from dashboards.page.filters import Filter, Unknown
from dashboards.release.query import GAPS
from dashboards.shared import narrative as shared_narrative
from dashboards.views.usage import charts, narrative, queries, tables
from dashboards.views.usage.models import NETWORK, NOW, THEN, Scope
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from dashboards.page.layout import Page
    from dashboards.release.query import QueryResult
    from dashboards.views.usage.models import Gap, Group, Product, Series

MUNICIPALITY, CHANNEL, GROUP, COMPARED = "kommune", "kanal", "gruppe", "sammenlign"
BORDERS, PERIODS = "grenser", "perioder"
BORDERS_OF = {"naa": NOW, "da": THEN}
PERIOD, MOST = ("36", "24"), 5
DATASETS = (
    *("usage.municipality_month", "usage.peer_month"),
    *("usage.municipality_measure_month", "usage.peer_measure_month", "usage.measure_total_month"),
)
CONNECTIONS = "usage.connection_month"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the link asks for, as far as the release has it; the current filters; and all use of the place."""

    scope: Scope
    filters: Sequence[Filter]
    use: QueryResult
    series: Sequence[Series]


def chosen(page: Page, products: Sequence[Product], months: Sequence[date]) -> Chosen:
    """What the link asks for."""
    link, words = page.link, page.words
    value, unknown = filters.month(link, months, words)
    month = value or months[0]
    labels = {filters.month_value(month): formatting.month(month, words.language) for month in months}
    of_month = Filter(
        filters.MONTH, labels, (filters.month_value(month),), tuple(unmet for unmet in (unknown,) if unmet)
    )
    lengths = {length: words("usage.periods", n=int(length)) for length in PERIOD}
    periods = filters.single_choice(PERIODS, link, lengths)
    first = max(_back(month, int(periods.value) - 1), min(months))
    names = {kind: words(f"usage.borders.{kind}") for kind in BORDERS_OF}
    borders = filters.single_choice(BORDERS, link, names, switch=True)
    places = {place.code: place for place in queries.municipalities(page, BORDERS_OF[borders.value], first, month)}
    labels = {"": words("usage.country")} | {code: place.label for code, place in places.items()}
    municipality = _ended(page, filters.single_choice(MUNICIPALITY, link, labels, forgets=(GROUP,)))
    labels = {product.service: _product_label(page, product) for product in products}
    service = filters.single_choice(filters.SERVICE, link, labels, forgets=(CHANNEL, filters.MEASURE))
    product = next(product for product in products if product.service == service.value)
    here = places.get(municipality.value)
    scope = Scope(here, product, "", None, (), BORDERS_OF[borders.value], first, month)
    use = queries.use(page, scope)
    series = queries.as_series(use, words)
    of_measure = _measure(page, product, series)
    counted = next((option for option in product.counted if option.measure == of_measure.value), scope.counted)
    ways = ["", *((*CHANNELS, "UNKNOWN") if product.sends and counted.sent else ())]
    channel = _hide_single_choice(
        filters.single_choice(CHANNEL, link, {way: words(f"usage.channel.{way}") for way in ways}, "")
    )
    shown = [municipality, service, of_measure, channel, of_month, borders, periods]
    group: Group | None = None
    compared: tuple[str, ...] = ()
    if here and scope.borders == NOW:
        groups = queries.groups(page, here.code, month)
        of_group = filters.single_choice(
            GROUP, _network(link, groups), {group.value: narrative.group_label(group, words) for group in groups}
        )
        group = next((group for group in groups if group.value == of_group.value), None)
        others = {code: place.label for code, place in places.items() if code != here.code}
        of_compared = _ended(page, filters.multiple_choice(COMPARED, link, others, most=MOST))
        compared = of_compared.values
        shown += [of_group, of_compared]
    scope = replace(scope, channel=channel.value, group=group, compared=compared, counted=counted)
    return Chosen(scope, shown, use, series)


def _measure(page: Page, product: Product, series: Sequence[Series]) -> Filter:
    """The filter for what use is counted in; nothing to choose where the product has one unit."""
    usual = narrative.usual(product, series)
    labels = {counted.measure: narrative.counted_label(counted, page.words) for counted in product.counted}
    default = usual.measure if usual else None
    return _hide_single_choice(filters.single_choice(filters.MEASURE, page.link, labels, default, forgets=(CHANNEL,)))


def _hide_single_choice(item: Filter) -> Filter:
    """The filter, not drawn where it has only one value; unknown values in the link are still reported."""
    return replace(item, labels={}) if len(item.labels) == 1 else item


def _back(month: date, n: int) -> date:
    for _ in range(n):
        month = shared_narrative.previous_month(month)
    return month


def _network(link: Mapping[str, str], groups: Sequence[Group]) -> Mapping[str, str]:
    """The link, with the kind NETWORK replaced by the municipality's first network: it may be in several."""
    first = next((group.value for group in groups if group.peer_kind == NETWORK), None)
    return {**link, GROUP: first} if first and link.get(GROUP) == NETWORK else link


def _product_label(page: Page, product: Product) -> str:
    if not product.months:
        return page.words("filter.no_numbers", name=product.name)
    return page.words("filter.synthetic", name=product.name) if product.synthetic else product.name


def _ended(page: Page, item: Filter) -> Filter:
    """The filter, with successors for codes that are no longer municipalities."""
    unknowns = []
    for unknown in item.unknown:
        after = queries.successors(page, unknown.given)
        unknowns.append(
            Unknown(
                unknown.parameter,
                f"{unknown.given} {after[0].name}",
                unknown.shown if item.most == 1 else formatting.MISSING,
                formatting.listing([f"{new.code} {new.new_name}" for new in after], page.words.language),
                reason="ended",
            )
            if after
            else unknown
        )
    return replace(item, unknown=tuple(unknowns))


def show(page: Page) -> None:
    """Draw the page, from the answer down."""
    has = page.datasets
    missing = [dataset for dataset in DATASETS if dataset not in has]
    months = [] if missing else queries.months(page)
    if not months:
        nothing(page, missing)
        return
    words = page.words
    products = queries.products(page, words)
    asks = chosen(page, products, months)
    scope, series = asks.scope, asks.series
    gaps = queries.gaps(page, scope)
    trend = queries.trend(page, scope)
    reported = any(narrative.is_reported(row, scope) for row in trend.rows)
    incomplete = any(gap.month == scope.month for gap in gaps)
    text = narrative.answer(scope, trend.rows, words, incomplete=incomplete) if reported else ""
    used = [*DATASETS, *([GAPS] if GAPS in has else [])]
    layout.head(page, narrative.marked(text, words, synthetic=trend.synthetic), used, asks.filters)
    successors(page)
    if reported:
        warnings(page, scope, gaps, synthetic=trend.synthetic)
        use_of_product(page, scope, trend, series, gaps)
    else:
        empty(page, scope, series)
    every_product(page, scope, asks.use, series, products)
    if reported and scope.municipality and scope.counted.sent and CONNECTIONS in has:
        connections(page, scope)
        used.append(CONNECTIONS)
    elif reported and scope.municipality and not scope.counted.sent:
        layout.note(words("usage.connections.measured"))
    notes = ["dispatches", "measured", "groups", "digital", "borders", *(["gaps"] if GAPS in has else [])]
    layout.foot(page, [words(f"usage.made.{note}") for note in notes], used)


def nothing(page: Page, missing: Sequence[str]) -> None:
    """A release without numbers per municipality: it is older than the page's datasets, or nobody has reported use."""
    layout.freshness(page)
    words, release = page.words, page.release.name
    title = words("usage.old.title")
    if missing:
        named = [f"{CONTRACTS[dataset].title[words.language].lower()} ({dataset})" for dataset in missing]
        text = words("usage.old.lacks", release=release, datasets=formatting.listing(named, words.language))
        layout.lacking(page, layout.plain(text), title)
    else:
        st.info(words("usage.old.none", release=release), title=title, icon=":material/hourglass_empty:")
    layout.contact(page)


def successors(page: Page) -> None:
    """Links to the successors of the municipality in the link."""
    if not (given := page.link.get(MUNICIPALITY)):
        return
    for successor in queries.successors(page, given) if page.link.get(BORDERS) != "da" else ():
        link = filters.link(page.link, {MUNICIPALITY: successor.code, GROUP: None})
        layout.note(page.words("usage.ended.link", name=f"{successor.code} {successor.new_name}"), link=link)


def warnings(page: Page, scope: Scope, gaps: Sequence[Gap], *, synthetic: bool) -> None:
    """Warnings to read before any number."""
    words = page.words
    if synthetic:
        st.warning(
            words("state.synthetic", service=scope.product.name),
            title=words("state.synthetic.title"),
            icon=":material/science:",
        )
    if gaps:
        st.warning(
            narrative.gap_warning(scope, gaps, words),
            title=words("usage.gaps.title"),
            icon=":material/event_busy:",
        )


def empty(page: Page, scope: Scope, series: Sequence[Series]) -> None:
    """Why there is nothing to show, and links to the nearest that there is."""
    words, link = page.words, page.link
    first, last = (formatting.month(month, words.language) for month in (scope.first, scope.month))
    parts = {
        "service": scope.product.name,
        "name": narrative.place(scope, words),
        "what": narrative.what(scope, words),
    }
    several = len(scope.product.counted) > 1
    if not scope.product.months:
        why = words("usage.empty.nobody")
    else:
        key = "usage.empty.measured" if several else "usage.empty.municipality"
        why = words(key, **parts, first=first, last=last)
    if scope.borders == THEN and scope.municipality:
        to_now = filters.link(link, {BORDERS: None})
        why += " " + words("usage.empty.then", code=scope.code, link=to_now)
    near = [
        (used.name, filters.link(link, {filters.SERVICE: used.service, CHANNEL: None, filters.MEASURE: None}))
        for used in {used.service: used for used in series if used.at(scope.month)}.values()
    ][:3]
    if scope.municipality and scope.product.months:
        near += [
            (municipality.name, filters.link(link, {MUNICIPALITY: municipality.code, GROUP: None}))
            for municipality in queries.alternatives(page, scope)
        ]
    if near:
        links = formatting.listing([f"[{layout.plain(label)}]({address})" for label, address in near], words.language)
        why += " " + words("usage.empty.near", links=links)
    title = words("usage.empty.title.measured" if several else "usage.empty.title", **parts)
    st.info(why, title=title, icon=":material/search_off:")


def use_of_product(page: Page, scope: Scope, trend: QueryResult, series: Sequence[Series], gaps: Sequence[Gap]) -> None:
    """A product: key figures, months and group; for dispatches, also digital share, paper and channels."""
    words, rows = page.words, trend.rows
    tell = narrative.figures if scope.counted.sent else narrative.figures_measured
    layout.figures(page, tell(scope, rows, series, words))
    left, right = st.columns(2, gap="large")
    with left:
        by_month(page, scope, trend, gaps)
    with right:
        beside(page, scope, narrative.at(rows, scope.month)["per_1000_median"])
    if not scope.counted.sent:
        return
    left, right = st.columns(2, gap="large")
    with left:
        digital(page, scope, trend)
    with right:
        on_paper(page, scope, trend)
    by_channel(page, scope)


def by_month(page: Page, scope: Scope, trend: QueryResult, gaps: Sequence[Gap]) -> None:
    """The municipality's line against the group's median and middle half."""
    words, rows = page.words, trend.rows
    number = charts.SENT if scope.counted.sent else charts.MEASURED
    measure = charts.RATE if charts.has_any(rows, charts.RATE, scope) else number
    compared = queries.chosen(page, scope).rows if scope.compared and measure is charts.RATE else []
    unsure = {gap.month for gap in gaps}
    layout.header(narrative.trend_title(scope, rows, words))
    layout.note(narrative.trend_subtitle(scope, rows, words, counted=measure is number))
    layout.shown(
        page,
        trend,
        name=f"bruk_{_named(scope)}",
        source=_made_of(scope, "usage.municipality_month", PEERS),
        chart=charts.trend(rows, measure, scope, words, compared=compared, unsure=unsure),
        alt=charts.trend_in_words(rows, measure, scope, words),
        columns=_trend_columns(scope),
    )
    notes = [
        narrative.hidden_months(rows, words),
        narrative.empty_months(scope, rows, words),
        narrative.without_median(scope, rows, words),
        narrative.estimated(rows, words),
    ]
    if unsure:
        notes.append(words("usage.trend.unsure"))
    layout.note(" ".join(note for note in notes if note))


def _trend_columns(scope: Scope) -> tuple[str, ...]:
    place = "per_1000_inhabitants" if scope.municipality else "municipalities"
    hidden = () if scope.counted.sent else ("n_hidden",)
    return ("month", scope.counted.column, place, "per_1000_q1", "per_1000_median", "per_1000_q3", "n", *hidden)


PEERS: Final = "usage.peer_month"
MEASURED_OF: Final = {
    "usage.municipality_month": "usage.municipality_measure_month",
    PEERS: "usage.peer_measure_month",
}
"""The datasets of other use, by the corresponding dataset of dispatches."""


def _made_of(scope: Scope, *datasets: str) -> list[str]:
    """The datasets behind the numbers, given those of dispatches; the country's other use has a dataset of its own."""
    if scope.counted.sent:
        return list(datasets)
    whole = [] if scope.municipality else ["usage.measure_total_month"]
    return [*whole, *(MEASURED_OF.get(dataset, dataset) for dataset in datasets)]


def _named(scope: Scope) -> str:
    """The name of the product's files: place, product, and the measure unless it is dispatches."""
    name = f"{scope.code or 'NO'}_{scope.product.service}"
    return name if scope.counted.sent else f"{name}_{scope.counted.measure}"


def beside(page: Page, scope: Scope, median: Decimal | None) -> None:
    """A dot for each municipality of the group."""
    words = page.words
    if scope.borders == THEN:
        layout.header(words("usage.strip.title.then"))
        st.markdown(words("usage.strip.none", link=filters.link(page.link, {BORDERS: None})))
        return
    answer = queries.group(page, scope)
    rows = answer.rows
    drawn = any(row["per_1000_inhabitants"] is not None for row in rows)
    layout.header(narrative.strip_title(scope, rows, words))
    layout.note(narrative.strip_subtitle(scope, words))
    layout.shown(
        page,
        answer,
        name=f"gruppe_{_named(scope)}",
        source=[*_made_of(scope, "usage.municipality_month")[-1:], "reference.municipality_peer"],
        chart=charts.strip(rows, median, words) if drawn else None,
        alt=charts.strip_in_words(rows, scope, words),
        columns=("name", scope.counted.column, "per_1000_inhabitants", *(["digital_share"] * scope.counted.sent)),
    )
    layout.note(narrative.without(rows, words))


def digital(page: Page, scope: Scope, trend: QueryResult) -> None:
    """The digital share, compared with the group."""
    words, rows = page.words, trend.rows
    layout.header(narrative.digital_title(scope, rows, words))
    layout.note(words("usage.digital.subtitle", service=scope.product.name, name=narrative.place(scope, words)))
    unsure = {row["month"] for row in rows if row["digital_share_provisional"]}
    drawn = charts.has_any(rows, charts.DIGITAL, scope)
    layout.shown(
        page,
        trend,
        name=f"digital_{scope.code or 'NO'}_{scope.product.service}",
        source=["usage.municipality_month", "usage.peer_month"],
        chart=charts.trend(rows, charts.DIGITAL, scope, words, unsure=unsure) if drawn else None,
        alt=charts.trend_in_words(rows, charts.DIGITAL, scope, words),
        columns=("month", "digital_share", "digital_share_provisional", "digital_share_median"),
    )
    layout.note(narrative.provisional(rows, words))


def on_paper(page: Page, scope: Scope, trend: QueryResult) -> None:
    """The cost of paper."""
    words, rows = page.words, trend.rows
    paper = narrative.printed(rows, scope.month)
    layout.header(narrative.print_title(paper, words))
    layout.note(narrative.print_subtitle(scope, paper, words))
    if paper.months and not any(row["printed"] for row in rows):
        return  # empty bars say less than the words above
    layout.shown(
        page,
        trend,
        name=f"papir_{scope.code or 'NO'}_{scope.product.service}",
        source=["usage.municipality_month"],
        chart=charts.print_cost(rows, words),
        alt=f"{narrative.print_title(paper, words)}. {narrative.print_subtitle(scope, paper, words)}",
        columns=("month", "all_channels", "printed", "sheets", "production_cost_ore", "postage_ore"),
    )
    layout.note(words("usage.print.whose"))


def by_channel(page: Page, scope: Scope) -> None:
    """The dispatches by channel."""
    words, answer = page.words, queries.channels(page, scope)
    rows = answer.rows
    if not rows:
        return
    layout.header(narrative.channel_title(rows, words))
    if {row["channel"] for row in rows} == {narrative.UNKNOWN}:
        return  # the title says it all
    n = rows[0]["months_known"]
    layout.note(words("usage.channels.subtitle", service=scope.product.name, n=n, name=narrative.place(scope, words)))
    layout.shown(
        page,
        answer,
        name=f"kanaler_{scope.code or 'NO'}_{scope.product.service}",
        source=["usage.municipality_month"],
        chart=charts.channels(rows, scope.channel, words),
        alt=charts.channels_in_words(rows, words),
        columns=("channel", "dispatches", "year_before", "twelve_months"),
    )


def every_product(
    page: Page, scope: Scope, use: QueryResult, series: Sequence[Series], products: Sequence[Product]
) -> None:
    """Small multiples by product and measure, what changed, and everything as a table."""
    words = page.words
    if not series:
        return
    layout.header(narrative.products_title(scope, series, words))
    layout.note(narrative.products_subtitle(scope, words))
    st.markdown(layout.plain(narrative.changed(series, scope.month, words)))
    usual = {product.service: counted.measure for product in products if (counted := narrative.usual(product, series))}
    st.html(tables.cards(series, scope, usual, page.link, words))
    unseen = len({product.service for product in products} - {used.service for used in series})
    if unseen:
        layout.note(words("usage.products.none", n=unseen))
    tabled = partial(
        layout.shown,
        page,
        use,
        name=f"tjenester_{scope.code or 'NO'}",
        source=["usage.municipality_month", MEASURED_OF["usage.municipality_month"]]
        if scope.municipality
        else ["usage.municipality_month", "usage.measure_total_month"],
        columns=("name", f"title_{words.language}", "month", "quantity"),
    )
    layout.closed(page, words("usage.products.table"), "products", tabled)
    if scope.municipality is None:
        choose(page, scope)


def choose(page: Page, scope: Scope) -> None:
    """All municipalities, each a link to its page."""
    words = page.words
    layout.header(words("usage.choose.title"))
    if scope.borders == THEN:
        layout.note(words("usage.choose.then"))
        return
    month = formatting.month(scope.month, words.language)
    what = formatting.first(narrative.what(scope, words))
    layout.note(words("usage.choose.subtitle", what=what, service=scope.product.name, month=month))
    st.html(tables.choose(queries.group(page, scope).rows, scope, page.link, words))


def connections(page: Page, scope: Scope) -> None:
    """The product's source systems and suppliers, for visitors who may see them."""
    words = page.words
    if not queries.sees_connections(page, scope):
        layout.header(words("usage.connections.title.none", service=scope.product.name))
        st.info(words("usage.connections.closed"), icon=":material/lock:")
        return
    answer = queries.connections(page, scope)
    rows = answer.rows
    layout.header(narrative.connections_title(scope, rows, words))
    if not rows:
        st.markdown(words("usage.connections.none"))
        return
    month = formatting.month(scope.month, words.language)
    layout.note(words("usage.connections.subtitle", name=narrative.place(scope, words), month=month))
    st.html(tables.connections(rows, words))
    layout.files(page, answer, f"fagsystemer_{scope.code}_{scope.product.service}")
    if any(row["dispatches_hidden"] for row in rows):
        st.markdown(words("usage.connections.hidden"))
    layout.note(words("uptake.source", source=CONNECTIONS, release=page.release.name))


opened = layout.opened("usage.title")
if opened:
    show(opened)
