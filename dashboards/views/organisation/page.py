"""Min organisasjon: what we pay and why, what we deliver, and our connections. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from catalog.domain.calendar import year_before
from dashboards.page import layout
from dashboards.release.reader import has_ledgers
from dashboards.shared import narrative as shared_narrative
from dashboards.views.organisation import narrative, panels, queries, tables
from dashboards.views.organisation.models import changes
from dashboards.views.organisation.panels import chosen
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from dashboards.page.layout import Page
    from dashboards.shared.panel import Panel
    from dashboards.views.organisation.models import Line
    from dashboards.views.organisation.panels import Chosen


def show(page: Page) -> None:
    """The page, from the answer down."""
    words = page.words
    if not has_ledgers(page.release):
        st.info(
            words("organisation.no_release", release=page.release.name), title=words("organisation.no_release.title")
        )
        layout.contact(page)
        return
    selection = chosen(page)
    if not selection.organisation:
        layout.head(page, panels.opening_of(page, selection).answer, [panels.BASIS], [selection.whose])
        if not selection.names:
            empty(page, words("organisation.title"))
        return
    drawn = [selection.whose, selection.when] if len(selection.names) > 1 else [selection.when]
    if len(selection.names) == 1:
        layout.say_unknown(selection.whose.unknown, words)
    sees = queries.sees_connections(page, selection.organisation)
    used = [panels.BASIS, panels.DELIVERIES, *([panels.CONNECTIONS] if sees else [])]
    first = panels.opening_of(page, selection)
    layout.head(page, first.answer, used, drawn)
    if selection.month is None:
        empty(page, selection.name)
    else:
        caption = words("organisation.months.caption")
        shown = partial(layout.panel, page, panels.paid(page, selection), anchor="maneder", caption=caption)
        layout.lead(page, first.figures, panels.opening, shown)
        _, basis = queries.lines(page, selection.organisation, selection.month)
        year(page, selection)
        lines(page, selection, basis, selection.month)
        change(page, selection, basis, selection.month)
    deliveries(page, selection)
    if selection.month is None:
        layout.contact(page)
        return
    keys = ("basis", "change", "deliveries", *(["connections"] if sees else []))
    rounding = words("ledger.made.rounding")
    layout.foot(page, [*(words(f"made.mine.{key}") for key in keys), rounding], used)


@layout.placed
def lines(page: Page, selection: Chosen, basis: Sequence[Line], month: date) -> None:
    """What is paid for: by service where there are many lines, and line by line."""
    words, shows = page.words, panels.lines(page, selection)
    if shows is None:
        return
    layout.header(shows.title, anchor="tjenester", subtitle=shows.subtitle)
    count = sum(line.month == month for line in basis)
    if count > MANY:
        st.html(tables.services(basis, month, words))
    folded(page, count, "lines", lambda: st.html(tables.lines(basis, month, words)))
    layout.files(page, shows)
    layout.note(narrative.others(queries.paid_by_others(page, selection.organisation, month), month, words))
    layout.note(shared_narrative.source_in_words((panels.BASIS,), page.release.name, words))


MANY: Final = 12
"""Rows; a longer table is folded."""


def folded(page: Page, rows: int, what: str, draw: Callable[[], object]) -> None:
    """A table, folded if it has more than `MANY` rows; `organisation.open.<what>` is its text then."""

    def table() -> None:
        draw()

    if rows > MANY:
        layout.fold(page, page.words(f"organisation.open.{what}", n=rows), what, table)
    else:
        table()


def empty(page: Page, name: str) -> None:
    """Says that nothing is due, and what that does not imply."""
    words = page.words
    st.info(
        words("organisation.empty"),
        title=words("organisation.empty.title", name=layout.plain(name)),
        icon=":material/search_off:",
    )


@layout.placed
def change(page: Page, selection: Chosen, lines: Sequence[Line], month: date) -> None:
    """Why the amount differs from a year before."""
    words, then = page.words, formatting.month(year_before(month), page.words.language)
    shows = panels.changed(page, selection)
    if shows is None:
        layout.header(words("organisation.changes.title.none", then=then), anchor="endring")
        st.markdown(words("organisation.changes.none", then=then))
        return
    changed = changes(lines, month)
    layout.header(shows.title, anchor="endring")
    subtitle = words("organisation.changes.subtitle", then=then, month=formatting.month(month, words.language))
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=shared_narrative.synthetic(lines)))
    folded(page, len(changed), "changes", lambda: st.html(tables.changes(changed, month, words)))
    layout.composed(page, shows)
    layout.note(shared_narrative.source_in_words((panels.BASIS,), page.release.name, words))


@layout.placed
def year(page: Page, selection: Chosen) -> None:
    """What each service costs a year, beside the year before."""
    words, shows = page.words, panels.year(page, selection)
    of_services = queries.year(page, selection.organisation, selection.month) if selection.month else None
    if of_services is None or shows is None or selection.month is None:
        layout.header(words("organisation.year.title.none"), anchor="ar")
        st.markdown(words("organisation.year.none"))
        return
    heads = narrative.years(selection.month, words)
    layout.header(shows.title, anchor="ar")
    subtitle = words("organisation.year.subtitle", then=heads[0], now=heads[1])
    layout.note(
        subtitle + shared_narrative.synthetic_sentence(words, synthetic=shared_narrative.synthetic(of_services))
    )
    short = [words(f"organisation.year.{x}") for x in ("then", "now")]
    folded(page, len(of_services), "year", lambda: st.html(tables.year(of_services, short, words)))
    layout.composed(page, shows)
    layout.note(shared_narrative.source_in_words((panels.BASIS,), page.release.name, words))


@layout.placed
def deliveries(page: Page, selection: Chosen) -> None:
    """What the organisation should have delivered, and through what it sends: claims that open to their tables."""
    words, organisation = page.words, selection.organisation
    shows = panels.delivered(page, selection)
    title = shows.title if shows else narrative.deliveries_title([], words)
    opening = [(title, "deliveries", partial(claim, page, "deliveries", shows))]
    sees = queries.sees_connections(page, organisation)
    if sees:
        _, rows = queries.connections(page, organisation, panels.month_of(page))
        through = panels.connections(page, selection)
        title = narrative.connections_title(rows, words)
        opening.append((title, "connections", partial(claim, page, "connections", through)))
    layout.claims(page, words("organisation.deliveries.heading"), "leveringer", opening)
    layout.note("" if sees else f"{words('organisation.connections.closed')}. {words('service.systems.closed.text')}")


def claim(page: Page, what: str, shows: Panel | None) -> None:
    """What a claim rests on: its table, or why there is none."""
    if shows is None:
        st.markdown(page.words(f"organisation.{what}.none"))
        return
    layout.note(shows.subtitle)
    layout.body(page, shows, page.words(f"organisation.{what}.caption"))


opened = layout.open_page("organisation.title")
if opened:
    show(opened)
