"""What the usage page shows, as values: what its link asks for, its first words and its panels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from catalog.domain.calendar import year_before
from catalog.tables.streams import CHANNELS
from dashboards.page import filters
from dashboards.page.filters import MEASURE, MONTH, SERVICE, Filter
from dashboards.shared import events as shared_events
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import why
from dashboards.shared.narrative import synthetic_sentence
from dashboards.shared.opening import Opening
from dashboards.shared.pages import address
from dashboards.shared.panel import Panel, perturbed_sentence
from dashboards.views.usage import charts, narrative, queries
from dashboards.views.usage.models import NETWORK, NOW, THEN, Product, Scope
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from dashboards.page.filters import Unknown
    from dashboards.release.query import QueryResult, Row
    from dashboards.shared.events import Marks
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
    counted = [
        counted_use
        for counted_use in product.counted
        if not shared_narrative.is_of_the_country(product.service, counted_use.measure)
    ]
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


def opening(page: View) -> Opening:
    """What the link asks for, in a sentence with its figures; nothing where nobody has reported use."""
    of = use(page)
    return opening_of(of) if of else Opening()


def opening_of(of: Use) -> Opening:
    """The same, of answers that are there."""
    if not of.reported:
        return Opening()
    scope, rows, words = of.scope, of.trend.rows, of.page.words
    incomplete = any(gap.month == scope.month for gap in of.gaps)
    answer = narrative.answer(scope, rows, words, incomplete=incomplete)
    tell = narrative.figures if scope.counted.sent else narrative.figures_measured
    return Opening(
        answer + synthetic_sentence(words, synthetic=of.trend.synthetic),
        tell(scope, rows, of.asked.series, words),
        note=perturbed_sentence(of.trend, words),
    )


PAGE: Final = address("usage").strip("/")
DATASETS: Final = (
    *("usage.municipality_month", "usage.peer_month"),
    *("usage.municipality_measure_month", "usage.peer_measure_month", "usage.measure_total_month"),
)
"""The datasets that every panel of the page may need."""
CONNECTIONS: Final = "usage.connection_month"
EXACT: Final = "usage.connection_exact_month"
PEERS: Final = "usage.peer_month"
MEASURED_OF: Final = {
    "usage.municipality_month": "usage.municipality_measure_month",
    PEERS: "usage.peer_measure_month",
}
"""The datasets of other use, by the corresponding dataset of dispatches."""


@dataclass(frozen=True)
class Use:
    """What a link asks for, and the answers that several panels share, each asked for once.

    Attributes:
        page: the context and the reader.
        asked: what the link asks for.
    """

    page: View
    asked: Chosen

    @property
    def scope(self) -> Scope:
        """Whose use of which product."""
        return self.asked.scope

    @cached_property
    def trend(self) -> QueryResult:
        """Use by month, compared with the group."""
        return queries.trend(self.page, self.scope)

    @cached_property
    def gaps(self) -> Sequence[Row]:
        """Months with a missing delivery."""
        return queries.gaps(self.page, self.scope)

    @cached_property
    def events(self) -> Marks:
        """What happened within the window."""
        scope = self.scope
        return shared_events.marks(
            self.page,
            self.page.words,
            scope.product.service,
            scope.code,
            scope.first,
            scope.month,
            synthetic=self.trend.synthetic,
        )

    @property
    def reported(self) -> bool:
        """Somebody has told of use in the window."""
        return any(narrative.is_reported(row, self.scope) for row in self.trend.rows)


def use(page: View) -> Use | None:
    """What the page's link asks for; None where the release has no use."""
    if any(dataset not in page.datasets for dataset in DATASETS) or not (months := queries.months(page)):
        return None
    return Use(page, chosen(page, queries.products(page, page.words), months))


def by_month(of: Use) -> Panel | None:
    """The municipality's line against the group's median and middle half."""
    page, scope, rows, words = of.page, of.scope, of.trend.rows, of.page.words
    number = charts.SENT if scope.counted.sent else charts.MEASURED
    measure = charts.RATE if charts.has_any(rows, charts.RATE, scope) else number
    compared = queries.chosen(page, scope).rows if scope.compared and measure is charts.RATE else []
    unsure = {gap.month for gap in of.gaps}
    happened = shared_events.in_words(of.events, words)
    notes = [
        narrative.empty_months(scope, rows, words),
        narrative.without_median(scope, rows, words),
        narrative.estimated(rows, words),
        shared_events.unlike_in_words(of.events, words),
    ]
    if unsure:
        notes.append(words("usage.trend.unsure"))
    return Panel(
        f"{PAGE}/maaneder",
        f"bruk_{_named(scope)}",
        narrative.trend_title(scope, rows, words),
        " ".join(filter(None, [made_by(of), narrative.trend_subtitle(scope, rows, words, counted=measure is number)])),
        of.trend,
        _made_of(scope, "usage.municipality_month", PEERS),
        charts.trend(rows, measure, scope, words, compared=compared, unsure=unsure, events=of.events),
        " ".join([charts.trend_in_words(rows, measure, scope, words), *happened]),
        _trend_columns(scope),
        tuple(note for note in notes if note),
        marks=happened,
    )


def made_by(of: Use) -> str:
    """Who made the change since the month a year before: municipalities in the country, channels in a municipality.

    Empty where the change is not that of dispatches in all channels on the borders of now, or is not known.
    """
    scope, words, then = of.scope, of.page.words, year_before(of.scope.month)
    months = {row["month"] for row in of.trend.rows if row[scope.counted.column] is not None}
    if not scope.counted.sent or scope.channel or scope.borders == THEN or not {then, scope.month} <= months:
        return ""
    month = scope.month
    causes = why.since_last_year(of.page, month, month, words, service=scope.product.service, code=scope.code)
    return words("why.since", month=formatting.month(then, words.language), why=causes) if causes else ""


def _trend_columns(scope: Scope) -> tuple[str, ...]:
    place = "per_1000_inhabitants" if scope.municipality else "municipalities"
    return ("month", scope.counted.column, place, "per_1000_q1", "per_1000_median", "per_1000_q3", "n")


def _made_of(scope: Scope, *datasets: str) -> tuple[str, ...]:
    """The datasets behind the numbers, given those of dispatches; the country's other use has a dataset of its own."""
    if scope.counted.sent:
        return datasets
    whole = [] if scope.municipality else ["usage.measure_total_month"]
    return (*whole, *(MEASURED_OF.get(dataset, dataset) for dataset in datasets))


def _named(scope: Scope) -> str:
    """The name of the product's files: place, product, and the measure unless it is dispatches."""
    name = f"{scope.code or 'NO'}_{scope.product.service}"
    return name if scope.counted.sent else f"{name}_{scope.counted.measure}"


def group(of: Use) -> Panel | None:
    """A dot for each municipality of the group; none on historical borders, and of what is told of the country only."""
    page, scope, words = of.page, of.scope, of.page.words
    if scope.borders == THEN or scope.of_the_country:
        return None
    answer = queries.group(page, scope)
    rows, median = answer.rows, narrative.at(of.trend.rows, scope.month)["per_1000_median"]
    drawn = any(row["per_1000_inhabitants"] is not None for row in rows)
    without = narrative.without(scope, rows, words)
    return Panel(
        f"{PAGE}/gruppe",
        f"gruppe_{_named(scope)}",
        narrative.strip_title(scope, rows, words),
        narrative.strip_subtitle(scope, words),
        answer,
        (*_made_of(scope, "usage.municipality_month")[-1:], "reference.municipality_peer"),
        charts.strip(rows, median, words) if drawn else None,
        charts.strip_in_words(rows, scope, words),
        ("name", scope.counted.column, "per_1000_inhabitants", *(["digital_share"] * scope.counted.sent)),
        (without,) if without else (),
    )


def digital(of: Use) -> Panel | None:
    """The digital share, compared with the group."""
    scope, rows, words = of.scope, of.trend.rows, of.page.words
    if not scope.counted.sent:
        return None
    unsure = {row["month"] for row in rows if row["digital_share_provisional"]}
    drawn = charts.has_any(rows, charts.DIGITAL, scope)
    provisional = narrative.provisional(rows, words)
    return Panel(
        f"{PAGE}/digitalt",
        f"digital_{scope.code or 'NO'}_{scope.product.service}",
        narrative.digital_title(scope, rows, words),
        words("usage.digital.subtitle", service=scope.product.name, name=narrative.place(scope, words)),
        of.trend,
        ("usage.municipality_month", "usage.peer_month"),
        charts.trend(rows, charts.DIGITAL, scope, words, unsure=unsure) if drawn else None,
        charts.trend_in_words(rows, charts.DIGITAL, scope, words),
        ("month", "digital_share", "digital_share_provisional", "digital_share_median"),
        (provisional,) if provisional else (),
    )


def paper(of: Use) -> Panel | None:
    """The cost of paper."""
    scope, rows, words = of.scope, of.trend.rows, of.page.words
    if not scope.counted.sent:
        return None
    sheets = narrative.printed(rows, scope.month)
    title, subtitle = narrative.print_title(sheets, words), narrative.print_subtitle(scope, sheets, words)
    empty = bool(sheets.months) and not any(row["printed"] for row in rows)  # empty bars say less than the words
    return Panel(
        f"{PAGE}/papir",
        f"papir_{scope.code or 'NO'}_{scope.product.service}",
        title,
        subtitle,
        of.trend,
        ("usage.municipality_month",),
        None if empty else charts.print_cost(rows, words),
        f"{title}. {subtitle}",
        ("month", "all_channels", "printed", "sheets", "production_cost_ore", "postage_ore"),
        () if empty else (words("usage.print.whose"),),
        words_only=empty,
    )


def channels(of: Use) -> Panel | None:
    """The dispatches by channel; no chart where no channel is known, which the title says."""
    page, scope, words = of.page, of.scope, of.page.words
    if not scope.counted.sent:
        return None
    answer = queries.channels(page, scope)
    rows = answer.rows
    if not rows:
        return None
    unknown = {row["channel"] for row in rows} == {narrative.UNKNOWN}
    n, place = rows[0]["months_known"], narrative.place(scope, words)
    subtitle = "" if unknown else words("usage.channels.subtitle", service=scope.product.name, n=n, name=place)
    return Panel(
        f"{PAGE}/kanaler",
        f"kanaler_{scope.code or 'NO'}_{scope.product.service}",
        narrative.channel_title(rows, words),
        subtitle,
        answer,
        ("usage.municipality_month",),
        None if unknown else charts.channels(rows, scope.channel, words),
        charts.channels_in_words(rows, words),
        ("channel", "dispatches", "year_before", "twelve_months"),
        words_only=unknown,
    )


def every_product(of: Use) -> Panel | None:
    """All use of the place as a table."""
    scope, asked, words = of.scope, of.asked, of.page.words
    if not asked.series:
        return None
    whole = "usage.measure_total_month" if scope.municipality is None else MEASURED_OF["usage.municipality_month"]
    return Panel(
        f"{PAGE}/tjenester",
        f"tjenester_{scope.code or 'NO'}",
        narrative.products_title(scope, asked.series, words),
        narrative.products_subtitle(scope, words),
        asked.use,
        ("usage.municipality_month", whole),
        columns=("name", f"title_{words.language}", "month", "quantity"),
        named_by="name",
    )


def connections(of: Use) -> Panel | None:
    """The product's source systems and suppliers, in bands for those who may not see exact numbers.

    Raises:
        Forbidden: the visitor may not see them; no file is opened.
    """
    page, scope, words = of.page, of.scope, of.page.words
    if not scope.municipality or not scope.counted.sent or CONNECTIONS not in page.datasets:
        return None
    answer = queries.connections(page, scope)
    banded = "last_month" in answer.table.column_names
    return Panel(
        f"{PAGE}/fagsystemer",
        f"fagsystemer_{scope.code}_{scope.product.service}",
        narrative.connections_title(scope, answer.rows, words),
        "",
        answer,
        (CONNECTIONS if banded else EXACT,),
        notes=narrative.connections_notes(scope, words, later=queries.connections_awaited(page, scope))
        if banded
        else (),
    )


PARAMETERS: Final = frozenset({BORDERS, CHANNEL, COMPARED, GROUP, MEASURE, MONTH, MUNICIPALITY, PERIODS, SERVICE})
"""The link's parameters that the panels follow, besides language and release."""
PANELS: Final[Mapping[str, Callable[[Use], Panel | None]]] = {
    "maaneder": by_month,
    "gruppe": group,
    "digitalt": digital,
    "papir": paper,
    "kanaler": channels,
    "tjenester": every_product,
    "fagsystemer": connections,
}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key` of what the page's link asks for; None where there is nothing to show.

    Where the link asks for something that the release lacks, that is returned: the page says so beside what it shows
    instead, which a chart alone cannot.

    Raises:
        KeyError: the page has no such panel.
        Forbidden: the visitor may not see it; no file is opened for it.
    """
    make, of = PANELS[key], use(page)
    if of is None:
        return None
    unknown = next((unknown for item in of.asked.filters for unknown in item.unknown), None)
    if unknown:
        return unknown
    return make(of) if of.reported or make is every_product else None
