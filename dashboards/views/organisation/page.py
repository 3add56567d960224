"""Min organisasjon: what we pay and why, what we deliver, and our connections. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from catalog.domain.calendar import year_before
from dashboards.page import downloads, filters, layout
from dashboards.page.filters import MONTH, ORGANISATION
from dashboards.release.reader import has_ledgers
from dashboards.shared import narrative as shared_narrative
from dashboards.shared.ledger.models import twelve_months
from dashboards.views.organisation import charts, narrative, queries, tables
from dashboards.views.organisation import downloads as organisation_downloads
from dashboards.views.organisation.models import changes
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.page.layout import Page
    from dashboards.views.organisation.models import Line

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
    names = queries.organisations(page)
    own = page.visitor.organisation
    whose = filters.single_choice(ORGANISATION, page.link, names, own if own in names else None, forgets=[MONTH])
    if not whose.value:
        layout.head(page, "", [BASIS], [whose])
        empty(page, words("organisation.title"))
        return
    organisation, name = whose.value, names[whose.value]
    answer, months = queries.months(page, organisation)
    labels = {
        filters.month_value(month.month): formatting.month(month.month, words.language) for month in reversed(months)
    }
    when = filters.single_choice(MONTH, page.link, labels)
    drawn = [whose, when] if len(names) > 1 else [when]
    if len(names) == 1:
        layout.say_unknown(whose.unknown, words)
    sees = queries.sees_connections(page, organisation)
    used = [BASIS, DELIVERIES, *([CONNECTIONS] if sees else [])]
    month = next((month.month for month in months if filters.month_value(month.month) == when.value), None)
    if month is None:
        layout.head(page, "", used, drawn)
        empty(page, name)
        deliveries(page, organisation)
        connections(page, organisation)
        layout.contact(page)
        return
    basis, lines = queries.lines(page, organisation, month)
    changed = changes(lines, month)
    layout.head(page, narrative.answer(lines, month, name, words), used, drawn)
    layout.figures(page, narrative.figures(lines, months, changed, month, words))
    layout.header(narrative.months_title(months, month, words))
    first, last = (formatting.month(months[n].month, words.language) for n in (0, -1))
    subtitle = words("organisation.months.subtitle", first=first, last=last)
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic))
    layout.shown(
        page,
        answer,
        name=f"betaling_{organisation}",
        source=[BASIS],
        chart=charts.months(months, month, words),
        alt=narrative.months_in_words(months, words),
        columns=["month", "amount_ore", "services"],
        caption=words("organisation.months.caption"),
    )
    layout.header(narrative.lines_title(lines, month, words))
    subtitle = words("organisation.lines.subtitle", month=formatting.month(month, words.language))
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=shared_narrative.synthetic(lines)))
    st.html(tables.lines(lines, month, words))
    layout.files(page, basis, f"fakturagrunnlag_{organisation}")
    layout.note(narrative.others(queries.paid_by_others(page, organisation, month), month, words))
    layout.note(words("uptake.source", source=BASIS, release=page.release.name))
    change(page, organisation, lines, month)
    deliveries(page, organisation)
    connections(page, organisation)
    keys = ("basis", "change", "deliveries", *(["connections"] if sees else []))
    rounding = words("ledger.made.rounding")
    layout.foot(page, [*(words(f"made.mine.{key}") for key in keys), rounding], used)


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
        layout.header(words("organisation.changes.title.none", then=then))
        st.markdown(words("organisation.changes.none", then=then))
        return
    changed = changes(lines, month)
    layout.header(narrative.changes_title(changed, month, words))
    subtitle = words("organisation.changes.subtitle", then=then, month=formatting.month(month, words.language))
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=shared_narrative.synthetic(lines)))
    st.html(tables.changes(changed, month, words))
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
    layout.header(narrative.deliveries_title(streams, words))
    if not streams:
        st.markdown(words("organisation.deliveries.none"))
        return
    subtitle = words("organisation.deliveries.subtitle", day=formatting.day(until, words.language))
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic))
    layout.shown(
        page,
        answer,
        name=f"leveringer_{organisation}",
        source=[DELIVERIES],
        columns=["stream", "due", "received", "late", "missing", "missing_from", "missing_to"],
        caption=words("organisation.deliveries.caption"),
    )


def connections(page: Page, organisation: str) -> None:
    """The systems and suppliers it sends through, shown to the organisation itself and to DIF."""
    words = page.words
    if not queries.sees_connections(page, organisation):
        layout.header(words("organisation.connections.closed"))
        st.markdown(words("service.systems.closed.text"))
        return
    month = page.release.through_month or page.release.as_of.astimezone(formatting.OSLO).date().replace(day=1)
    answer, rows = queries.connections(page, organisation, month)
    layout.header(narrative.connections_title(rows, words))
    if not rows:
        st.markdown(words("organisation.connections.none"))
        return
    first, last = (formatting.month(x, words.language) for x in (twelve_months(month), month))
    subtitle = words("organisation.connections.subtitle", first=first, last=last)
    layout.note(subtitle + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic))
    layout.shown(
        page,
        answer,
        name=f"tilknytninger_{organisation}",
        source=[CONNECTIONS],
        columns=["service_name", "system", "supplier", "mapping", "accounts", "dispatches", "failed", "last_seen"],
        caption=words("organisation.connections.caption"),
    )
    if any(connection.some_hidden for connection in rows):
        layout.note(words("product.systems.hidden"))


opened = layout.opened("organisation.title")
if opened:
    show(opened)
