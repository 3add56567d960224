"""Datakvalitet og katalog: what there is, who has not delivered, what was set aside or changed. Only arranges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from catalog.tables import quality
from dashboards import filters, frame, handing, questions, tables, wording
from dashboards.answers import GAPS
from dashboards.findings import data as data_findings
from dashboards.pages import ORGANISATION, STREAM, address
from dashboards.questions import data as data_questions
from dashboards.tables import data as data_tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.answers.data import Held
    from dashboards.filters import Filter
    from dashboards.frame import Page

PART, DATASET = "del", "datasett"
PARTS = ("katalog", "leveranser", "karantene", "endringer")
DATASETS = ("quality.check_result", "quality.accounting", "quality.quarantine_summary", "quality.release_diff")
CATALOGUE, LINEAGE = "meta.dataset", "meta.lineage"
SHOWN = 50
"""Organisations in the calendar; its files have them all."""


def chosen(page: Page, held: list[Held], has: frozenset[str]) -> dict[str, Filter]:
    """What the link asks for, in the order that the filters are drawn."""
    link, words = page.link, page.words
    names = {one: words(f"data.part.{one}") for one in PARTS}
    others = (DATASET, ORGANISATION, STREAM, filters.SERVICE)
    part = filters.one(PART, link, names, switch=True, forgets=others)
    found = {PART: part}
    if part.value == "katalog":
        every = {"": words("data.every.dataset")} | {one.dataset: f"{one.title} ({one.dataset})" for one in held}
        found[DATASET] = filters.one(DATASET, link, every)
    if part.value == "leveranser" and GAPS in has:
        known = {"": words("data.every.organisation")} | data_questions.senders(page)
        found[ORGANISATION] = filters.one(ORGANISATION, link, known)
    if part.value == "leveranser":
        found[STREAM] = streams(page, ("dispatch", "measurement"))
    if part.value == "karantene":
        landed = [row["stream"] for row in questions.rows(page, "data/accounting")]
        found[STREAM] = streams(page, tuple(landed))
    if part.value == "endringer":
        changed = {"": words("data.every.service")} | data_questions.changed_services(page)
        found[filters.SERVICE] = filters.one(filters.SERVICE, link, changed)
    return found


def streams(page: Page, known: tuple[str, ...]) -> Filter:
    """A filter on streams."""
    names = {"": page.words("data.every.stream")} | {one: data_findings.stream(one, page.words) for one in known}
    return filters.one(STREAM, page.link, names)


def show(page: Page) -> None:
    """The page, from the answer down."""
    words, release = page.words, page.release
    has = questions.datasets(release)
    if not has.issuperset({CATALOGUE, *DATASETS}):
        st.info(words("data.not_in_release", release=release.name), icon=":material/hourglass_empty:")
        frame.contact(page)
        return
    held = data_questions.held(page, words.language)
    expected = data_questions.expected(page) if GAPS in has else {}
    found = chosen(page, held, has)
    checked = (release.passed, release.failed)
    frame.head(page, data_findings.answer(held, checked, expected, words), DATASETS, tuple(found.values()))
    accounting = questions.rows(page, "data/accounting")
    differs, parent = data_questions.differs(page), data_questions.parent(page)
    frame.figures(page, data_findings.figures(checked, expected, accounting, differs, parent, words))
    part = {"katalog": catalogue, "leveranser": deliveries, "karantene": set_aside, "endringer": changes}
    part[found[PART].value](page, held, {name: one.value for name, one in found.items()})
    defined = ("checks", "lacking", "accounting", "changed", "restricted")
    used = (*DATASETS, GAPS) if GAPS in has else DATASETS
    frame.foot(page, [words(f"data.made.{one}") for one in defined], used, "data.made.limits")


def to(page: Page) -> Callable[[str], str]:
    """The address of a dataset's part of the page, in the language and release of this one."""
    return lambda dataset: address("data") + filters.link(frame.carried(page), {PART: "katalog", DATASET: dataset})


def catalogue(page: Page, held: list[Held], asked: dict[str, str]) -> None:
    """Every dataset; or one of them, whole."""
    words = page.words
    one = next((one for one in held if one.dataset == asked[DATASET]), None)
    if one is None:
        frame.header(words("data.overview.title", n=len(held)))
        frame.note(words("data.overview.subtitle"))
        st.html(data_tables.overview(held, to(page), words))
        return
    at = wording.day_and_time(page.release.published_at, words.language)
    frame.header(one.title)
    frame.note(one.about)
    st.html(data_tables.facts(data_findings.facts(one, at, words)))
    columns(page, one)
    sample(page, one)
    lineage(page, one, held)
    checks(page, one)
    downloads(page, one)


def columns(page: Page, one: Held) -> None:
    """What each column is."""
    words = page.words
    frame.subheader(words("data.columns.title"))
    answer = questions.ask(page, "data/columns", dataset=one.dataset, language=words.language)
    st.html(tables.plain(answer.table, words, caption=words("data.columns.caption", dataset=one.dataset)))


def readable(page: Page, one: Held) -> bool:
    """Whether all of the dataset is for who looks; told where it is not."""
    if one.contract and page.visitor.may_see_whole(one.contract):
        return True
    st.info(page.words("data.restricted", title=one.title), icon=":material/lock:")
    return False


def sample(page: Page, one: Held) -> None:
    """Its first rows, for who may read it."""
    words = page.words
    frame.subheader(words("data.sample.title"))
    if not readable(page, one) or one.contract is None:
        return
    answer = questions.whole(page, one.contract, data_questions.SAMPLE)
    if not answer.table.num_rows:
        frame.note(words("data.sample.empty"))
        return
    mark = words("app.synthetic.sentence") if answer.synthetic else ""
    frame.note(mark)
    caption = words("data.sample.caption", n=answer.table.num_rows)
    st.html(tables.plain(answer.table, words, caption=caption))


def lineage(page: Page, one: Held, held: list[Held]) -> None:
    """What it is made of, and what is made of it."""
    words = page.words
    frame.subheader(words("data.lineage.title"))
    has = LINEAGE in questions.datasets(page.release)
    rows = questions.rows(page, "data/lineage", dataset=one.dataset) if has else []
    before, after = data_tables.lineage(rows, {one.dataset: one.title for one in held}, to(page), words)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{words('data.lineage.before')}**")
        if before:
            st.html(before)
        else:
            frame.note(
                words("data.lineage.sources", sources=one.sources) if one.sources else words("data.lineage.none")
            )
    with right:
        st.markdown(f"**{words('data.lineage.after')}**")
        if after:
            st.html(after)
        else:
            frame.note(words("data.lineage.last" if has else "data.lineage.untold", release=page.release.name))


def checks(page: Page, one: Held) -> None:
    """What it was checked for."""
    words = page.words
    frame.subheader(words("data.checks.title", said=data_findings.checked(one, words).lower()))
    answer = questions.ask(page, "data/checks", dataset=one.dataset)
    if answer.table.num_rows:
        told = data_findings.check_words(answer.table["check_name"].to_pylist(), one, words)
        table = answer.table.append_column("looks_for", [told])
        shown = ("looks_for", "check_name", "passed", "unexpected", "examined")
        st.html(tables.plain(table, words, columns=shown, caption=words("data.checks.caption")))


def downloads(page: Page, one: Held) -> None:
    """The dataset as files, and how to open them."""
    words = page.words
    frame.subheader(words("data.files.title"))
    if not readable(page, one) or one.contract is None:
        return
    offer = handing.offer(page.release, one.dataset, words.language)
    if offer:
        st.html(data_tables.file(data_findings.offered(offer, words), offer.link, offer.name))
    small = (one.rows or 0) <= data_questions.SPREADSHEET
    frame.files(
        page, data_questions.whole(page, one.contract), one.dataset, ("xlsx", "csv", "sql") if small else ("sql",)
    )
    if not small:
        frame.note(words("data.files.large", rows=one.rows, most=data_questions.SPREADSHEET))
    frame.note(words("data.files.link"))
    frame.subheader(words("data.code.title"))
    frame.note(words("data.code.subtitle"))
    for tool, lines in data_findings.code(one.dataset, page.release.name, offer, words, small=small):
        st.markdown(f"**{tool}**")
        st.code(lines, language=None, wrap_lines=True)


def deliveries(page: Page, _held: list[Held], asked: dict[str, str]) -> None:
    """Who has not delivered, day by day; and what came last."""
    words, release = page.words, page.release
    if GAPS not in questions.datasets(release):
        st.info(words("data.lacking.not_in_release", release=release.name), icon=":material/hourglass_empty:")
        return
    stream, organisation = asked[STREAM], asked[ORGANISATION]
    answer = data_questions.lacking(page, stream, organisation)
    rows, days = answer.rows, data_questions.days(release)
    missing = sum(1 for row in rows if row["days_missing"])
    language = words.language
    frame.header(data_findings.lacking(rows, missing, organisation, words))
    span = {"first": wording.day(days[0], language), "last": wording.day(days[-1], language)}
    frame.note(words("data.lacking.subtitle", **span))
    if rows:
        shown = rows[:SHOWN]
        came = data_questions.lacking_days(page, stream, [row["organisation_number"] for row in shown])
        st.html(data_tables.legend(words))
        st.html(data_tables.calendar(shown, came, days, words))
        if len(rows) > SHOWN:
            frame.note(words("data.lacking.cut", shown=SHOWN, all=len(rows)))
        frame.files(page, answer, "leveranser")
        frame.note(words("uptake.source", source=GAPS, release=release.name))
    received(page)


def received(page: Page) -> None:
    """What came last, of each stream and producer."""
    words = page.words
    frame.header(words("data.received.title"))
    frame.note(words("data.received.subtitle"))
    answer = questions.ask(page, "data/received")
    frame.shown(page, answer, name="mottatt", source=("quality.batch",), caption=words("data.received.caption"))


def set_aside(page: Page, _held: list[Held], asked: dict[str, str]) -> None:
    """Rows that broke a rule, what became of all rows, and names that no register knows."""
    words = page.words
    answer = questions.ask(page, "data/quarantine", stream=asked[STREAM] or None)
    rows: list[dict[str, Any]] = questions.rows(page, "data/accounting")
    rows = [row for row in rows if asked[STREAM] in {"", row["stream"]}]
    frame.header(data_findings.set_aside(rows, answer.rows, words))
    if answer.table.num_rows:
        frame.note(words("data.quarantine.subtitle"))
        source = ("quality.quarantine_summary",)
        shown = ("stream", "says", "rows", "first_month", "last_month", "producers", "rule")
        caption = words("data.quarantine.caption")
        place, said = answer.table.column_names.index("says"), data_findings.broken(answer.rows, words)
        st.html(tables.plain(answer.table.set_column(place, "says", [said]), words, columns=shown, caption=caption))
        frame.files(page, answer, "karantene")
        frame.note(words("uptake.source", source=", ".join(source), release=page.release.name))
    frame.header(words("data.accounting.title"))
    frame.note(data_findings.accounting(rows, words))
    account = questions.ask(page, "data/accounting")
    frame.shown(
        page, account, name="radregnskap", source=("quality.accounting",), caption=words("data.accounting.caption")
    )
    unmapped(page)


def unmapped(page: Page) -> None:
    """Names of source systems that nobody has told what they are."""
    words = page.words
    contract = quality.UNMAPPED_SYSTEM
    if contract.name not in questions.datasets(page.release):
        return
    if not page.visitor.may_see_whole(contract):
        frame.header(contract.title[words.language])
        st.info(words("data.restricted", title=contract.title[words.language]), icon=":material/lock:")
        return
    answer = questions.ask(page, "data/unmapped")
    frame.header(data_findings.unmapped(answer.rows, words))
    frame.note(words("data.unmapped.subtitle"))
    if answer.table.num_rows:
        frame.shown(page, answer, name="fagsystemnavn", source=(contract.name,), caption=words("data.unmapped.caption"))


def changes(page: Page, _held: list[Held], asked: dict[str, str]) -> None:
    """What differs from the release before, and why."""
    words = page.words
    parent = data_questions.parent(page)
    by_reason = questions.ask(page, "data/changed", service=asked[filters.SERVICE] or None)
    if not by_reason.table.num_rows:
        frame.header(words("data.changed.none"))
        told = words("data.changed.same", parent=parent) if parent else words("data.changed.first")
        st.info(told, icon=":material/history:")
        return
    compared = by_reason.rows[0]["compared_with"] or parent
    frame.header(words("data.changed.title", parent=compared))
    frame.note(words("data.changed.subtitle"))
    source = ("quality.release_diff",)
    shown = ("reason", "measure", "difference", "municipalities", "months")
    caption = words("data.changed.caption")
    frame.shown(page, by_reason, name="endringer_arsak", source=source, columns=shown, caption=caption)
    frame.header(words("data.changes.title"))
    frame.note(words("data.changes.subtitle"))
    each = questions.ask(page, "data/changes", service=asked[filters.SERVICE] or None)
    frame.shown(page, each, name="endringer", source=source, caption=words("data.changes.caption"))


opened = frame.opened("data.title")
if opened:
    show(opened)
