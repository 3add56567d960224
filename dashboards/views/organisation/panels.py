"""What an organisation's page shows, as values: what its link asks for, its first words and its panels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from catalog.domain.calendar import year_before
from dashboards.page import downloads, filters
from dashboards.page.filters import MONTH, ORGANISATION
from dashboards.release.reader import has_ledgers
from dashboards.shared import events as shared_events
from dashboards.shared.ledger.models import twelve_months
from dashboards.shared.narrative import synthetic, synthetic_sentence
from dashboards.shared.opening import Opening
from dashboards.shared.pages import MUNICIPALITY, address
from dashboards.shared.panel import ComposedPanel, Panel
from dashboards.views.organisation import charts, narrative, queries
from dashboards.views.organisation import tables as organisation_tables
from dashboards.views.organisation.models import changes
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from dashboards.page.filters import Filter, Unknown
    from dashboards.release.query import QueryResult, Row
    from dashboards.shared.opening import View


@dataclass(frozen=True, slots=True)
class Chosen:
    """An organisation and a month of its invoice basis.

    Attributes:
        organisation: its number; empty if the visitor may see none, or has not chosen one of several.
        names: those that may be chosen, by number.
        months: what it pays by month, as asked.
        paid: the same as values.
        month: None where the basis has nothing of the organisation.
        whose, when: the filters.
    """

    organisation: str
    names: Mapping[str, str]
    months: QueryResult | None
    paid: Sequence[Row]
    month: date | None
    whose: Filter
    when: Filter

    @property
    def name(self) -> str:
        """The organisation's name."""
        return self.names[self.organisation]


def chosen(page: View) -> Chosen:
    """What the link chooses: an organisation by its number, else the visitor's own, else that of its municipality.

    Where none of these is, the page asks: to open on somebody's bill by alphabet answers nobody.
    """
    names, link = queries.organisations(page), page.link
    own = page.visitor.organisation or (
        queries.of_municipality(page, link[MUNICIPALITY]) if MUNICIPALITY in link else None
    )
    own = own if own in names else next(iter(names)) if len(names) == 1 else None
    asked = {"": page.words("organisation.choose.none")} if names and own is None else {}
    whose = filters.single_choice(ORGANISATION, link, asked | names, own, forgets=[MONTH])
    answer, paid = queries.months(page, whose.value) if whose.value else (None, [])
    labels = {filters.month_value(due.month): formatting.month(due.month, page.words.language) for due in paid[::-1]}
    when = filters.single_choice(MONTH, page.link, labels)
    month = next((due.month for due in paid if filters.month_value(due.month) == when.value), None)
    return Chosen(whose.value, names, answer, paid, month, whose, when)


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to pay."""
    return opening_of(page, chosen(page)) if has_ledgers(page.release) else Opening()


def opening_of(page: View, selection: Chosen) -> Opening:
    """The first words about what the link chooses."""
    if selection.names and not selection.organisation:
        return Opening(page.words("organisation.choose"))
    if selection.month is None:
        return Opening()
    _, lines = queries.lines(page, selection.organisation, selection.month)
    text = narrative.answer(lines, selection.month, selection.name, page.words)
    figures = narrative.figures(lines, selection.paid, changes(lines, selection.month), selection.month, page.words)
    return Opening(text, figures)


PAGE: Final = address("organisation").strip("/")
BASIS: Final = "ledger.invoice_basis"
DELIVERIES: Final = "quality.expected_reporter"
CONNECTIONS: Final = "usage.connection_exact_month"


def paid(page: View, selection: Chosen) -> Panel | None:
    """What is paid by month; None where nothing is."""
    words, answer = page.words, selection.months
    if answer is None or selection.month is None:
        return None
    first, last = (formatting.month(selection.paid[n].month, words.language) for n in (0, -1))
    # an organisation is no area: what holds for every service and the whole country is marked
    events = shared_events.marks(
        page, words, "", selection.organisation, selection.paid[0].month, selection.paid[-1].month
    )
    happened = shared_events.in_words(events, words)
    return Panel(
        f"{PAGE}/betaling",
        f"betaling_{selection.organisation}",
        narrative.months_title(selection.paid, selection.month, words),
        words("organisation.months.subtitle", first=first, last=last)
        + synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        (BASIS,),
        charts.months(selection.paid, selection.month, words, events),
        " ".join([narrative.months_in_words(selection.paid, words), *happened]),
        ("month", "amount_ore", "services"),
        marks=happened,
    )


def lines(page: View, selection: Chosen) -> Panel | None:
    """What is paid for in the month, as a table: this year's lines and those of the year before."""
    if selection.month is None:
        return None
    words = page.words
    answer, basis = queries.lines(page, selection.organisation, selection.month)
    subtitle = words("organisation.lines.subtitle", month=formatting.month(selection.month, words.language))
    return Panel(
        f"{PAGE}/fakturagrunnlag",
        f"fakturagrunnlag_{selection.organisation}",
        narrative.lines_title(basis, selection.month, words),
        subtitle + synthetic_sentence(words, synthetic=synthetic(basis)),
        answer,
        (BASIS,),
    )


def changed(page: View, selection: Chosen) -> ComposedPanel | None:
    """Why the amount differs from a year before; None where the basis does not go that far back."""
    month, words = selection.month, page.words
    if month is None:
        return None
    _, basis = queries.lines(page, selection.organisation, month)
    if not narrative.compares(basis, month):
        return None
    found_changes = changes(basis, month)
    then, now = (formatting.month(at, words.language) for at in (year_before(month), month))
    subtitle = words("organisation.changes.subtitle", then=then, month=now)
    return ComposedPanel(
        f"{PAGE}/endringer",
        f"endringer_{selection.organisation}_{month:%Y-%m}",
        narrative.changes_title(found_changes, month, words),
        (BASIS,),
        partial(organisation_tables.change_rows, found_changes, month, page.release.name, words),
        {
            words.column("organisation_number"): selection.organisation,
            words("made.definition.title"): downloads.defined(subtitle, words("made.mine.change")),
        },
    )


def year(page: View, selection: Chosen) -> ComposedPanel | None:
    """What each service costs a year, beside the year before; None where the basis does not go that far back."""
    words, of_services = (
        page.words,
        queries.year(page, selection.organisation, selection.month) if selection.month else None,
    )
    if selection.month is None or of_services is None:
        return None
    heads = narrative.years(selection.month, words)
    subtitle = words("organisation.year.subtitle", then=heads[0], now=heads[1])
    return ComposedPanel(
        f"{PAGE}/ar",
        f"ar_{selection.organisation}_{selection.month:%Y-%m}",
        narrative.year_title(of_services, words),
        (BASIS,),
        partial(organisation_tables.year_rows, of_services, heads, page.release.name, words),
        {
            words.column("organisation_number"): selection.organisation,
            words("made.definition.title"): downloads.defined(subtitle, words("made.mine.change")),
        },
    )


def delivered(page: View, selection: Chosen) -> Panel | None:
    """What the organisation should have delivered, and what arrived, as a table."""
    words, until = page.words, page.release.as_of.astimezone(formatting.OSLO).date()
    answer, streams = queries.deliveries(page, selection.organisation, until)
    if not streams:
        return None
    return Panel(
        f"{PAGE}/leveringer",
        f"leveringer_{selection.organisation}",
        narrative.deliveries_title(streams, words),
        words("organisation.deliveries.subtitle", day=formatting.day(until, words.language))
        + synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        (DELIVERIES,),
        columns=("stream", "due", "received", "late", "missing", "missing_from", "missing_to"),
    )


def month_of(page: View) -> date:
    """The last month that is over in the release."""
    return page.release.through_month or page.release.as_of.astimezone(formatting.OSLO).date().replace(day=1)


def connections(page: View, selection: Chosen) -> Panel | None:
    """The systems and suppliers it sends through, as a table.

    Raises:
        Forbidden: the visitor may not see them; no file is opened.
    """
    words, month = page.words, month_of(page)
    answer, rows = queries.connections(page, selection.organisation, month)
    if not rows:
        return None
    first, last = (formatting.month(at, words.language) for at in (twelve_months(month), month))
    return Panel(
        f"{PAGE}/tilknytninger",
        f"tilknytninger_{selection.organisation}",
        narrative.connections_title(rows, words),
        words("organisation.connections.subtitle", first=first, last=last)
        + synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        (CONNECTIONS,),
        columns=("service_name", "system", "supplier", "mapping", "accounts", "dispatches", "failed", "last_seen"),
    )


PANELS: Final[Mapping[str, Callable[[View, Chosen], Panel | ComposedPanel | None]]] = {
    "betaling": paid,
    "fakturagrunnlag": lines,
    "endringer": changed,
    "ar": year,
    "leveringer": delivered,
    "tilknytninger": connections,
}


def panel(page: View, key: str) -> Panel | ComposedPanel | Unknown | None:
    """The panel `key` of the organisation and month that the page's link asks for; None where there is nothing to show.

    An organisation that the visitor may not see is returned as unknown, like one that the release lacks.

    Raises:
        KeyError: the page has no such panel.
        Forbidden: the visitor may not see it; no file is opened for it.
    """
    make = PANELS[key]
    if not has_ledgers(page.release):
        return None
    selection = chosen(page)
    unknown = next((unknown for item in (selection.whose, selection.when) for unknown in item.unknown), None)
    if unknown:
        return unknown
    return make(page, selection) if selection.organisation else None
