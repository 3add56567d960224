"""What a product's page shows, as values: what its link asks for, its first words and its panels."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from catalog.domain.calendar import day_in_oslo
from dashboards.page import filters, standing
from dashboards.page.filters import SERVICE, Filter
from dashboards.shared import events as shared_events
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import queries as shared_queries
from dashboards.shared.ledger.models import twelve_months
from dashboards.shared.narrative import synthetic
from dashboards.shared.opening import Opening
from dashboards.shared.pages import address
from dashboards.shared.panel import Panel
from dashboards.views.service import charts, narrative, queries
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from dashboards.page.filters import Unknown
    from dashboards.release.query import Row, Service
    from dashboards.shared.ledger.models import Use
    from dashboards.shared.narrative import Figure
    from dashboards.shared.opening import View
    from dashboards.words import Words


BESIDE: Final = "sammenlign"
"""The link parameter for the product beside it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What the link asks for.

    Attributes:
        service: the product.
        beside: the product to compare it with; None where the link names none.
        chosen: the filters.
        itself: the link asks to compare the product with itself.
    """

    service: Service
    beside: Service | None
    chosen: Sequence[Filter]
    itself: bool


def choice(page: View) -> Choice:
    """What the link asks for."""
    services, words = shared_queries.services(page), page.words
    service, unknown = filters.service(page.link, services, words)
    ours = {row.service: row for row in services if not row.external}
    names = {key: row.name for key, row in sorted(ours.items(), key=lambda x: formatting.collated(x[1].name))}
    first = Filter(SERVICE, names, (service.service,), (unknown,) if unknown else ())
    itself = page.link.get(BESIDE) in {service.service, service.name}
    others = {key: name for key, name in names.items() if key != service.service}
    link = {} if itself else page.link
    second = filters.single_choice(BESIDE, link, {"": words("service.compare.none"), **others}, "")
    notes = tuple(replace(note, parameter=SERVICE, shown=formatting.MISSING) for note in second.unknown)
    second = replace(second, unknown=notes, label="service.compare")
    return Choice(service, ours.get(second.value), (first, second), itself)


def month_of(page: View) -> date:
    """The last month that is over in the release."""
    release = page.release
    return release.through_month or release.as_of.astimezone(formatting.OSLO).date().replace(day=1)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a product's first words rest on.

    Attributes:
        customers: by month, newest first.
        supports: of every service.
    """

    service: Service
    month: date
    use: Use | None
    customers: Sequence[Row]
    supports: Sequence[Row]

    def answer(self, page: View, words: Words) -> str:
        """How the municipality of the link stands with the product, how much it is used, and by how many."""
        sentence = narrative.answer(self.use, self.customers, self.service.name, words)
        view = replace(page, words=words)
        return standing.before(sentence, view, self.service, self.month, synthetic=self.synthetic)

    @property
    def synthetic(self) -> bool:
        """The simulator made some of it."""
        return synthetic([*(self.use.rows if self.use else []), *self.customers[:1]])

    @property
    def perturbed(self) -> bool:
        """Its figures are changed at random for privacy."""
        supports = any(support.perturbed for support in self.supports if support.service == self.service.service)
        return supports or (self.use is not None and self.use.perturbed)

    def figures(self, words: Words) -> list[Figure]:
        """Customers, use and support requests."""
        return [
            narrative.customers_figure(self.customers, self.month, words),
            narrative.use_figure(self.use, words),
            narrative.support_figure(self.supports, self.service.service, words),
        ]


def facts(page: View, service: Service) -> Facts:
    """What a product's first words rest on."""
    month, key = month_of(page), service.service
    supports = queries.support(page, month)[1]
    return Facts(service, month, queries.use(page, key, month), queries.customers(page, key, month), supports)


def title(page: View) -> str:
    """The product's name; two names where two are compared."""
    link = choice(page)
    if link.beside is None:
        return str(link.service.name)
    return page.words("service.compare.title", one=link.service.name, other=link.beside.name)


def opening(page: View) -> Opening:
    """The product's name, use and uptake; of two, without key figures, which stand side by side."""
    link, words = choice(page), page.words
    product_facts = facts(page, link.service)
    if link.beside is None:
        note = words("app.perturbed") if product_facts.perturbed else ""
        return Opening(product_facts.answer(page, words), product_facts.figures(words), title=title(page), note=note)
    other = facts(page, link.beside)
    once = replace(words, marks=False)  # both are synthetic, or neither: the second says it for both
    alike = product_facts.synthetic == other.synthetic
    first = product_facts.answer(page, once if alike else words)
    changed = [each.service.name for each in (product_facts, other) if each.perturbed]
    note = words("app.perturbed.of", names=formatting.listing(changed, words.language)) if changed else ""
    return Opening(
        words("service.compare.answer", one=first, other=other.answer(page, words)), title=title(page), note=note
    )


PAGE: Final = address("service").strip("/")


def use_by_month(page: View, service: str, use: Use, month: date) -> Panel:
    """Use by month, with the forecast where it is useful."""
    words, measure = page.words, use.rows[-1].measure
    asked, month = month, use.month
    first = narrative.first_shown(use, month)
    rows = [row for row in use.rows if row.month >= first]
    title = narrative.title_of(use.rows[-1], words)
    _, foreseen = queries.foreseen(page, service, measure)
    shown = foreseen if shared_narrative.is_useful(foreseen) else []
    shaded = [words("service.use.foreseen")] if shown else []
    notes = narrative.use_notes(use, month, words)
    synthetic = shared_narrative.synthetic(rows)
    events = shared_events.marks(page, words, service, "", first, month, synthetic=synthetic)
    happened = shared_events.in_words(events, words)
    return Panel(
        f"{PAGE}/bruk",
        f"{service}_bruk",
        narrative.use_title(use, month, words),
        " ".join([narrative.use_subtitle(use, month, words), *shaded]),
        queries.use_by(page, service, measure, asked),
        ("usage.dispatch_month", "usage.measure_total_month", "usage.forecast"),
        charts.use(rows, shown, first, twelve_months(month), month, title, words, events),
        " ".join([narrative.bars_in_words(rows, title, words), *happened]),
        ("month", "quantity"),
        tuple(note for note in (notes, shared_events.unlike_in_words(events, words)) if note),
        marks=happened,
    )


def uptake_by_month(page: View, service: str, customers: Sequence[Row], month: date, top: int = 0) -> Panel:
    """Customers by month. `top`: the least height of the axis."""
    words, points = page.words, narrative.points_shown(customers, month)
    first, last = (formatting.month(points[n].month, words.language) for n in (0, -1))
    text = words(f"service.uptake.subtitle{'.one' if first == last else ''}", first=first, last=last)
    until = max(month, points[-1].month)
    if len({point.active_basis for point in points}) > 1:
        text += " " + words("service.uptake.both")
    return Panel(
        f"{PAGE}/utbredelse",
        f"{service}_utbredelse",
        narrative.uptake_title(customers, words),
        text + shared_narrative.synthetic_sentence(words, synthetic=shared_narrative.synthetic(points)),
        queries.customers_by_month(page, service, month),
        ("uptake.status_month",),
        charts.uptake(points, until, words, top=top),
        narrative.uptake_in_words(points, words),
        ("month", "active", "municipalities"),
    )


def _use(page: View, service: str, month: date) -> Panel | None:
    used = queries.use(page, service, month)
    return use_by_month(page, service, used, month) if used is not None else None


def _uptake(page: View, service: str, month: date) -> Panel | None:
    customers = queries.customers(page, service, month)
    return uptake_by_month(page, service, customers, month) if customers else None


def support(page: View, supports: Sequence[Row], service: str, month: date) -> Panel:
    """Support requests per 100 customers, compared with other services."""
    words, answer = page.words, queries.support(page, month)[0]
    first, last = (formatting.month(at, words.language) for at in (twelve_months(month), month))
    return Panel(
        f"{PAGE}/brukerstotte",
        "henvendelser",
        narrative.support_title(supports, service, words),
        words("service.support.subtitle", first=first, last=last)
        + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        ("usage.measure_total_month", "uptake.status_month"),
        charts.support(supports, service, words),
        charts.support_in_words(supports, words),
        ("name", "per_100", "requests", "customer_months", "months_known"),
        named_by="name",
    )


def _support(page: View, service: str, month: date) -> Panel | None:
    supports = queries.support(page, month)[1]
    return support(page, supports, service, month) if any(row.service == service for row in supports) else None


def forecast(page: View, service: str, month: date) -> Panel | None:
    """The forecast of use as a table."""
    used = queries.use(page, service, month)
    outlook = queries.foreseen(page, service, used.rows[-1].measure)[0] if used else None
    if outlook is None or not outlook.table.num_rows:
        return None
    return Panel(
        f"{PAGE}/framskriving",
        f"{service}_framskriving",
        page.words("service.outlook.caption"),
        "",
        outlook,
        ("usage.forecast",),
        columns=("month", "low", "expected", "high"),
    )


def customer_list(page: View, service: str, _month: date) -> Panel | None:
    """Who has the annex, and each customer's standing, as a table."""
    words = page.words
    answer, customers = queries.customers_now(page, service)
    if not customers:
        return None
    annexed = any(customer.annexed_on is not None for customer in customers)
    counted = [customer for customer in customers if customer.customer_standing != "NOT_LISTED"]
    kinds, at = narrative.kinds_in_words(counted, words), formatting.month(customers[0].month, words.language)
    return Panel(
        f"{PAGE}/kunder",
        f"{service}_kunder",
        narrative.customers_title(customers, _name(page, service), annex_known=annexed, words=words),
        words("service.customers.subtitle", kinds=formatting.first(kinds), month=at)
        + narrative.unlisted(customers, words)
        + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        ("uptake.status_month", "uptake.step_event"),
        columns=CUSTOMERS,
    )


CUSTOMERS: Final = (*("customer", "customer_kind", "organisation_number", "customer_standing", "annexed_on"),)


def _name(page: View, service: str) -> str:
    return str(next(row.name for row in shared_queries.services(page) if row.service == service))


def systems(page: View, service: str, month: date) -> Panel | None:
    """Source systems and suppliers as a table, of the connections that the visitor may see.

    Raises:
        Forbidden: the visitor may see none; no file is opened.
    """
    answer, used = queries.systems(page, service, month)
    if not used:
        return None
    name, title = f"{service}_fagsystemer", narrative.systems_title(used, page.words)
    subtitle = narrative.systems_subtitle(used, page.words)
    source, notes = systems_of(page), narrative.systems_notes(used, page.words)
    return Panel(f"{PAGE}/fagsystemer", name, title, subtitle, answer, source, notes=notes, named_by="system")


def systems_of(page: View) -> tuple[str, ...]:
    """The datasets that this visitor sees systems and suppliers of; none where it may see none."""
    if not queries.sees_connections(page):
        return ()
    return ("usage.system_month", CONNECTIONS) if queries.counts_dispatches(page) else (CONNECTIONS,)


CONNECTIONS: Final = "usage.connection_month"
DELIVERY: Final = "usage.delivery_time"


def delivery(page: View, service: str, month: date) -> Panel | None:
    """Delivery times by channel as a table, of a service that sends dispatches."""
    words = page.words
    answer, deliveries = queries.delivery(page, service, month)
    if answer is None or not deliveries:
        return None
    at = formatting.month(deliveries[0].month, words.language)
    return Panel(
        f"{PAGE}/leveringstid",
        f"{service}_leveringstid",
        narrative.delivery_title(deliveries, words),
        words("service.delivery.subtitle", month=at)
        + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        (DELIVERY,),
        notes=(note,) if (note := narrative.delivery_note(deliveries, words)) else (),
    )


MESSAGES: Final = "usage.operational_message"
SHOWN: Final = (
    *("shown_from", "shown_to", "message_kind", "message_cause"),
    *("application", "hours_shown", "overlapping"),
)


def messages(page: View, service: str, month: date) -> Panel | None:
    """The operational messages about the product as a table; None where none is known."""
    words, answer = page.words, queries.messages(page, service, month)
    if answer is None or not answer.rows:
        return None
    at = formatting.month(day_in_oslo(answer.rows[0]["shown_from"]), words.language)
    twice = sum(row["overlapping"] for row in answer.rows)
    return Panel(
        f"{PAGE}/driftsmeldinger",
        f"{service}_driftsmeldinger",
        words("service.messages.title", n=len(answer.rows), name=_name(page, service), month=at),
        words("service.messages.subtitle") + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        (MESSAGES,),
        columns=(
            "shown_from",
            "shown_to",
            "message_kind",
            "message_cause",
            "application",
            "hours_shown",
            "overlapping",
        ),
        notes=(words("service.messages.twice", n=twice),) if twice else (),
    )


def catalogue(page: View, service: str, _month: date) -> Panel:
    """What the product catalogue tells, as a table."""
    answer, _ = queries.catalogue(page, service)
    title = page.words("product.about.title")
    return Panel(f"{PAGE}/katalog", f"{service}_katalog", title, "", answer, ("reference.product",))


PARAMETERS: Final = frozenset({BESIDE, SERVICE})
"""The link's parameters that the panels follow, besides language and release."""
PANELS: Final[Mapping[str, Callable[[View, str, date], Panel | None]]] = {
    "bruk": _use,
    "utbredelse": _uptake,
    "brukerstotte": _support,
    "framskriving": forecast,
    "kunder": customer_list,
    "fagsystemer": systems,
    "leveringstid": delivery,
    "driftsmeldinger": messages,
    "katalog": catalogue,
}


def of_one(shows: Panel, service: str) -> Panel:
    """A panel of one of two products that a page compares, with the address of that one."""
    return replace(shows, asked={SERVICE: service, BESIDE: None})


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key` of the product that the page's link asks for; None where there is nothing to show.

    A link that compares two products gives the panel of the first. A product that the release lacks is returned as
    unknown.

    Raises:
        KeyError: the page has no such panel.
        Forbidden: the visitor may not see it; no file is opened for it.
    """
    make, link = PANELS[key], choice(page)
    unknown = next((unknown for item in link.chosen for unknown in item.unknown), None)
    return unknown or make(page, link.service.service, month_of(page))
