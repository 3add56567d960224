"""What a link asks the usage page for, as far as the release has it. The page, its files and its embeds ask alike."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog.tables.streams import CHANNELS
from dashboards.page import filters
from dashboards.page.filters import Filter
from dashboards.shared import narrative as shared_narrative
from dashboards.views.usage import narrative, queries
from dashboards.views.usage.models import NETWORK, NOW, THEN, Product, Scope
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.release.query import QueryResult
    from dashboards.shared.opening import View
    from dashboards.views.usage.models import Group, Series

MUNICIPALITY, CHANNEL, GROUP, COMPARED = "kommune", "kanal", "gruppe", "sammenlign"
BORDERS, PERIODS = "grenser", "perioder"
BORDERS_OF = {"naa": NOW, "da": THEN}
PERIOD, MOST = ("36", "24"), 5


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the link asks for, as far as the release has it; the filters; the products; and all use of the place."""

    scope: Scope
    filters: Sequence[Filter]
    products: Sequence[Product]
    use: QueryResult
    series: Sequence[Series]


def chosen(page: View, products: Sequence[Product], months: Sequence[date]) -> Chosen:
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
    municipality = filters.ended(page, filters.single_choice(MUNICIPALITY, link, labels, forgets=(GROUP,)))
    labels = {product.service: _product_label(page, product) for product in products}
    service = filters.single_choice(filters.SERVICE, link, labels, forgets=(CHANNEL, filters.MEASURE))
    product = next(product for product in products if product.service == service.value)
    here = places.get(municipality.value)
    if here:
        product = _of_municipalities(product)
    scope = Scope(here, product, "", None, (), BORDERS_OF[borders.value], first, month)
    use = queries.use(page, scope)
    series = queries.as_series(use, month, page.release.as_of, words)
    of_measure = _measure(page, product, series)
    counted = next((option for option in product.counted if option.measure == of_measure.value), scope.counted)
    ways = ["", *((*CHANNELS, "UNKNOWN") if product.sends and counted.sent else ())]
    channel = _hide_single_choice(
        filters.single_choice(CHANNEL, link, {way: words(f"usage.channel.{way}") for way in ways}, "")
    )
    shown = [municipality, service, of_month, of_measure, channel, borders, periods]
    group: Group | None = None
    compared: tuple[str, ...] = ()
    if here and scope.borders == NOW:
        groups = queries.groups(page, here.code, month)
        of_group = filters.single_choice(
            GROUP, _network(link, groups), {group.value: narrative.group_label(group, words) for group in groups}
        )
        group = next((group for group in groups if group.value == of_group.value), None)
        others = {code: place.label for code, place in places.items() if code != here.code}
        of_compared = filters.ended(page, filters.multiple_choice(COMPARED, link, others, most=MOST))
        compared = of_compared.values
        shown += [of_group, of_compared]
    awaited = shared_narrative.awaits(product.service, counted.measure, month, page.release.as_of)
    scope = replace(scope, channel=channel.value, group=group, compared=compared, counted=counted, awaited=awaited)
    return Chosen(scope, shown, products, use, series)


def _measure(page: View, product: Product, series: Sequence[Series]) -> Filter:
    """The filter for what use is counted in; nothing to choose where the product has one unit."""
    usual = narrative.usual(product, series)
    labels = {counted.measure: narrative.counted_label(counted, page.words) for counted in product.counted}
    default = usual.measure if usual else None
    return _hide_single_choice(filters.single_choice(filters.MEASURE, page.link, labels, default, forgets=(CHANNEL,)))


def _of_municipalities(product: Product) -> Product:
    """The product without what is published for the country only."""
    counted = [one for one in product.counted if not shared_narrative.is_of_the_country(product.service, one.measure)]
    return Product(product, counted=tuple(counted))


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


def _product_label(page: View, product: Product) -> str:
    if not product.months:
        return page.words("filter.no_numbers", name=product.name)
    return page.words("filter.synthetic", name=product.name) if product.synthetic and page.words.marks else product.name
