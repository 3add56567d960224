"""Min organisasjon: what we pay and why, what we deliver, and our connections. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from catalog.domain.calendar import year_before
from dashboards.page import downloads, layout
from dashboards.release.reader import has_ledgers
from dashboards.shared import narrative as shared_narrative
from dashboards.shared.ledger.models import twelve_months
from dashboards.views.organisation import charts, narrative, opening, queries, tables
from dashboards.views.organisation import downloads as organisation_downloads
from dashboards.views.organisation.models import changes
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from dashboards.page.layout import Page
    from dashboards.views.organisation.models import Line
    from dashboards.views.organisation.opening import Chosen

BASIS, DELIVERIES, CONNECTIONS = "ledger.invoice_basis", "quality.expected_reporter", "usage.connection_month"


def show(page: Page) -> None:
    """The page, from the answer down."""
    words = page.words
    if not has_ledgers(page.release):
        st.info(
            words("organisation.no_release", release=page.release.name), title=words("organisation.no_release.title")
        )
        layout.contact(page)
        return
    found = opening.chosen(page)
    if not found.organisation:
        layout.head(page, "", [BASIS], [found.whose])
        empty(page, words("organisation.title"))
        return
    drawn = [found.whose, found.when] if len(found.names) > 1 else [found.when]
    if len(found.names) == 1:
        layout.say_unknown(found.whose.unknown, words)
    sees = queries.sees_connections(page, found.organisation)
    used = [BASIS, DELIVERIES, *([CONNECTIONS] if sees else [])]
    first = opening.of(page, found)
    layout.head(page, first.answer, used, drawn)
    if found.month is None:
        empty(page, found.name)
    else:
        layout.figures(page, first.figures, opening=opening.opening)
        paid(page, found)
        _, basis = queries.lines(page, found.organisation, found.month)
        lines(page, found.organisation, basis, found.month)
        change(page, found.organisation, basis, found.month)
    deliveries(page, found.organisation)
    connections(page, found.organisation)
    if found.month is None:
        layout.contact(page)
        return
    keys = ("basis", "change", "deliveries", *(["connections"] if sees else []))
    rounding = words("ledger.made.rounding")
    layout.foot(page, [*(words(f"made.mine.{key}") for key in keys), rounding], used)


def paid(page: Page, found: Chosen) -> None:
    """What is paid by month."""
    words, answer = page.words, found.months
    if answer is None or found.month is None:
        return
    layout.header(narrative.months_title(found.paid, found.month, words), anchor="maneder")
    first, last = (formatting.month(found.paid[n].month, words.language) for n in (0, -1))
    subtitle = words("organisation.months.subtitle", first=first, last=last)
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic))
    layout.shown(
        page,
        answer,
        name=f"betaling_{found.organisation}",
        source=[BASIS],
        chart=charts.months(found.paid, found.month, words),
        alt=narrative.months_in_words(found.paid, words),
        columns=["month", "amount_ore", "services"],
        caption=words("organisation.months.caption"),
    )


def lines(page: Page, organisation: str, basis: Sequence[Line], month: date) -> None:
    """What is paid for: by service where there are many lines, and line by line."""
    words = page.words
    answer, _ = queries.lines(page, organisation, month)
    layout.header(narrative.lines_title(basis, month, words), anchor="tjenester")
    subtitle = words("organisation.lines.subtitle", month=formatting.month(month, words.language))
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=shared_narrative.synthetic(basis)))
    count = sum(line.month == month for line in basis)
    if count > MANY:
        st.html(tables.services(basis, month, words))
    folded(page, count, "lines", lambda: st.html(tables.lines(basis, month, words)))
    layout.files(page, answer, f"fakturagrunnlag_{organisation}")
    layout.note(narrative.others(queries.paid_by_others(page, organisation, month), month, words))
    layout.note(words("uptake.source", source=BASIS, release=page.release.name))


MANY: Final = 12
"""Rows; a longer table is folded."""


def folded(page: Page, rows: int, what: str, draw: Callable[[], object], most: int = MANY) -> None:
    """A table, folded if it has more than `most` rows; `organisation.open.<what>` is its text then."""

    def table() -> None:
        draw()

    if rows > most:
        layout.closed(page, page.words(f"organisation.open.{what}", n=rows), what, table)
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


def change(page: Page, organisation: str, lines: Sequence[Line], month: date) -> None:
    """Why the amount differs from a year before."""
    words, then = page.words, formatting.month(year_before(month), page.words.language)
    if not narrative.compares(lines, month):
        layout.header(words("organisation.changes.title.none", then=then), anchor="endring")
        st.markdown(words("organisation.changes.none", then=then))
        return
    changed = changes(lines, month)
    layout.header(narrative.changes_title(changed, month, words), anchor="endring")
    subtitle = words("organisation.changes.subtitle", then=then, month=formatting.month(month, words.language))
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=shared_narrative.synthetic(lines)))
    folded(page, len(changed), "changes", lambda: st.html(tables.changes(changed, month, words)))
    layout.composed(
        page,
        partial(organisation_downloads.change_rows, changed, month, page.release.name, words),
        f"endringer_{organisation}_{month:%Y-%m}",
        {
            words.column("organisation_number"): organisation,
            words("made.definition.title"): downloads.defined(subtitle, words("made.mine.change")),
        },
    )
    layout.note(words("uptake.source", source=BASIS, release=page.release.name))


def deliveries(page: Page, organisation: str) -> None:
    """What the organisation should have delivered, and what arrived."""
    words, until = page.words, page.release.as_of.astimezone(formatting.OSLO).date()
    answer, streams = queries.deliveries(page, organisation, until)
    layout.header(narrative.deliveries_title(streams, words), anchor="leveringer")
    if not streams:
        st.markdown(words("organisation.deliveries.none"))
        return
    subtitle = words("organisation.deliveries.subtitle", day=formatting.day(until, words.language))
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic))

    def table() -> None:
        layout.shown(
            page,
            answer,
            name=f"leveringer_{organisation}",
            source=[DELIVERIES],
            columns=["stream", "due", "received", "late", "missing", "missing_from", "missing_to"],
            caption=words("organisation.deliveries.caption"),
        )

    folded(page, len(streams), "deliveries", table, most=0)


def connections(page: Page, organisation: str) -> None:
    """The systems and suppliers it sends through, shown to the organisation itself and to DIF."""
    words = page.words
    if not queries.sees_connections(page, organisation):
        layout.header(words("organisation.connections.closed"), anchor="tilknytninger")
        st.markdown(words("service.systems.closed.text"))
        return
    month = page.release.through_month or page.release.as_of.astimezone(formatting.OSLO).date().replace(day=1)
    answer, rows = queries.connections(page, organisation, month)
    layout.header(narrative.connections_title(rows, words), anchor="tilknytninger")
    if not rows:
        st.markdown(words("organisation.connections.none"))
        return
    first, last = (formatting.month(x, words.language) for x in (twelve_months(month), month))
    subtitle = words("organisation.connections.subtitle", first=first, last=last)
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic))

    def table() -> None:
        layout.shown(
            page,
            answer,
            name=f"tilknytninger_{organisation}",
            source=[CONNECTIONS],
            columns=["service_name", "system", "supplier", "mapping", "accounts", "dispatches", "failed", "last_seen"],
            caption=words("organisation.connections.caption"),
        )

    folded(page, len(rows), "connections", table, most=0)
    if any(connection.some_hidden for connection in rows):
        layout.note(words("product.systems.hidden"))


opened = layout.opened("organisation.title")
if opened:
    show(opened)
