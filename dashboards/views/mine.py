"""Min organisasjon: what we pay and why, what we deliver, and what we are connected by. Only arranges."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from dashboards import downloads, filters, findings, frame, wording
from dashboards.answers.ledger import twelve_months, year_before
from dashboards.answers.mine import changes
from dashboards.charts import mine as charts
from dashboards.filters import MONTH, ORGANISATION
from dashboards.findings import mine as mine_findings
from dashboards.questions import has_ledgers
from dashboards.questions import mine as questions
from dashboards.tables import mine as mine_tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.answers.mine import Line
    from dashboards.frame import Page

BASIS, DELIVERIES, CONNECTIONS = "ledger.invoice_basis", "quality.expected_reporter", "usage.connection_month"


def show(page: Page) -> None:
    """The page, from the answer down."""
    words = page.words
    if not has_ledgers(page.release):
        st.info(words("mine.no_release", release=page.release.name), title=words("mine.no_release.title"))
        frame.contact(page)
        return
    known = questions.organisations(page)
    own = page.visitor.organisation
    whose = filters.one(ORGANISATION, page.link, known, own if own in known else None, forgets=[MONTH])
    if not whose.value:
        frame.head(page, "", [BASIS], [whose])
        empty(page, words("mine.title"))
        return
    organisation, name = whose.value, known[whose.value]
    answer, months = questions.months(page, organisation)
    labels = {filters.month_value(one.month): wording.month(one.month, words.language) for one in reversed(months)}
    when = filters.one(MONTH, page.link, labels)
    drawn = [whose, when] if len(known) > 1 else [when]
    if len(known) == 1:
        frame.say_unknown(whose.unknown, words)
    sees = questions.sees_connections(page, organisation)
    used = [BASIS, DELIVERIES, *([CONNECTIONS] if sees else [])]
    month = next((one.month for one in months if filters.month_value(one.month) == when.value), None)
    if month is None:
        frame.head(page, "", used, drawn)
        empty(page, name)
        deliveries(page, organisation)
        connections(page, organisation)
        frame.contact(page)
        return
    basis, lines = questions.lines(page, organisation, month)
    changed = changes(lines, month)
    frame.head(page, mine_findings.answer(lines, month, name, words), used, drawn)
    frame.figures(page, mine_findings.figures(lines, months, changed, month, words))
    frame.header(mine_findings.months_title(months, month, words))
    first, last = (wording.month(months[n].month, words.language) for n in (0, -1))
    subtitle = words("mine.months.subtitle", first=first, last=last)
    frame.note(subtitle + findings.synthetic_sentence(words, synthetic=answer.synthetic))
    frame.shown(
        page,
        answer,
        name=f"betaling_{organisation}",
        source=[BASIS],
        chart=charts.months(months, month, words),
        alt=mine_findings.months_in_words(months, words),
        columns=["month", "amount_ore", "services"],
        caption=words("mine.months.caption"),
    )
    frame.header(mine_findings.lines_title(lines, month, words))
    subtitle = words("mine.lines.subtitle", month=wording.month(month, words.language))
    frame.note(subtitle + findings.synthetic_sentence(words, synthetic=findings.synthetic(lines)))
    st.html(mine_tables.lines(lines, month, words))
    frame.files(page, basis, f"fakturagrunnlag_{organisation}")
    frame.note(mine_findings.others(questions.paid_by_others(page, organisation, month), month, words))
    frame.note(words("uptake.source", source=BASIS, release=page.release.name))
    change(page, organisation, lines, month)
    deliveries(page, organisation)
    connections(page, organisation)
    keys = ("basis", "change", "deliveries", *(["connections"] if sees else []))
    rounding = words("ledger.made.rounding")
    frame.foot(page, [*(words(f"made.mine.{key}") for key in keys), rounding], used)


def empty(page: Page, name: str) -> None:
    """There is nothing to pay, and what that does not mean."""
    words = page.words
    st.info(words("mine.empty"), title=words("mine.empty.title", name=frame.plain(name)), icon=":material/search_off:")


def change(page: Page, organisation: str, lines: Sequence[Line], month: date) -> None:
    """Why it is another than a year before."""
    words, then = page.words, wording.month(year_before(month), page.words.language)
    if not mine_findings.compares(lines, month):
        frame.header(words("mine.changes.title.none", then=then))
        st.markdown(words("mine.changes.none", then=then))
        return
    changed = changes(lines, month)
    frame.header(mine_findings.changes_title(changed, month, words))
    subtitle = words("mine.changes.subtitle", then=then, month=wording.month(month, words.language))
    frame.note(subtitle + findings.synthetic_sentence(words, synthetic=findings.synthetic(lines)))
    st.html(mine_tables.changes(changed, month, words))
    frame.composed(
        page,
        partial(downloads.change_rows, changed, month, page.release.name, words),
        f"endringer_{organisation}_{month:%Y-%m}",
        {
            words.column("organisation_number"): organisation,
            words("made.definition.title"): downloads.defined(subtitle, words("made.mine.change")),
        },
    )
    frame.note(words("uptake.source", source=BASIS, release=page.release.name))


def deliveries(page: Page, organisation: str) -> None:
    """What was expected of it, and what came."""
    words, until = page.words, page.release.as_of.astimezone(wording.OSLO).date()
    answer, found = questions.deliveries(page, organisation, until)
    frame.header(mine_findings.deliveries_title(found, words))
    if not found:
        st.markdown(words("mine.deliveries.none"))
        return
    subtitle = words("mine.deliveries.subtitle", day=wording.day(until, words.language))
    frame.note(subtitle + findings.synthetic_sentence(words, synthetic=answer.synthetic))
    frame.shown(
        page,
        answer,
        name=f"leveringer_{organisation}",
        source=[DELIVERIES],
        columns=["stream", "due", "received", "late", "missing", "missing_from", "missing_to"],
        caption=words("mine.deliveries.caption"),
    )


def connections(page: Page, organisation: str) -> None:
    """Through which systems and suppliers it sends, for itself and for DIF."""
    words = page.words
    if not questions.sees_connections(page, organisation):
        frame.header(words("mine.connections.closed"))
        st.markdown(words("service.systems.closed.text"))
        return
    month = page.release.through_month or page.release.as_of.astimezone(wording.OSLO).date().replace(day=1)
    answer, found = questions.connections(page, organisation, month)
    frame.header(mine_findings.connections_title(found, words))
    if not found:
        st.markdown(words("mine.connections.none"))
        return
    first, last = (wording.month(x, words.language) for x in (twelve_months(month), month))
    subtitle = words("mine.connections.subtitle", first=first, last=last)
    frame.note(subtitle + findings.synthetic_sentence(words, synthetic=answer.synthetic))
    frame.shown(
        page,
        answer,
        name=f"tilknytninger_{organisation}",
        source=[CONNECTIONS],
        columns=["service_name", "system", "supplier", "mapping", "accounts", "dispatches", "failed", "last_seen"],
        caption=words("mine.connections.caption"),
    )
    if any(one.some_hidden for one in found):
        frame.note(words("product.systems.hidden"))


opened = frame.opened("mine.title")
if opened:
    show(opened)
