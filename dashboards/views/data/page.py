"""Datakvalitet og katalog: datasets, missing deliveries, quarantine and changes. Layout only."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from catalog.tables import quality
from dashboards.page import file_delivery, filters, layout
from dashboards.release.query import GAPS
from dashboards.shared import frame
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import tables as shared_tables
from dashboards.shared.pages import DATASET, ORGANISATION, STREAM, address
from dashboards.views.data import narrative, panels, queries, tables
from dashboards.views.data.panels import CATALOGUE, DATASETS, PART, chosen, opening
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog.contracts.language import DatasetContract
    from dashboards.page.layout import Page
    from dashboards.views.data.narrative import Held

LINEAGE = "meta.lineage"
SHOWN = 50
"""Organisations in the calendar; the files have all of them."""


def show(page: Page) -> None:
    """The page, from the answer down."""
    words, release = page.words, page.release
    has = page.datasets
    if not has.issuperset({CATALOGUE, *DATASETS}):
        st.info(words("data.not_in_release", release=release.name), icon=":material/hourglass_empty:")
        layout.contact(page)
        return
    datasets = queries.datasets(page, words.language)
    choices, first = chosen(page, datasets, has), opening(page)
    links = {name: to_part(page, part) for part, name in choices[PART].labels.items()}
    st.html(frame.parts(links, to_part(page, choices[PART].value), words("data.parts")))
    layout.say_unknown(choices[PART].unknown, words)
    layout.head(page, first.answer, DATASETS, [choice for name, choice in choices.items() if name != PART])
    layout.figures(page, first.figures, opening=opening)
    part = {"katalog": catalogue, "leveranser": deliveries, "karantene": set_aside, "endringer": changes}
    part[choices[PART].value](page, datasets, {name: choice.value for name, choice in choices.items()})
    defined = ("checks", "lacking", "accounting", "changed", "restricted")
    used = (*DATASETS, GAPS) if GAPS in has else DATASETS
    layout.foot(page, [words(f"data.made.{key}") for key in defined], used, "data.made.limits")


def to_part(page: Page, part: str) -> str:
    """The address of a part of the page, keeping language and release."""
    return address("data") + filters.link(layout.carried(page), {PART: part})


def to(page: Page) -> Callable[[str], str]:
    """The address of a dataset's entry, keeping this page's language and release."""
    return lambda dataset: address("data") + filters.link(layout.carried(page), {PART: "katalog", DATASET: dataset})


def catalogue(page: Page, datasets: list[Held], parameters: dict[str, str]) -> None:
    """All datasets, or one in full."""
    words = page.words
    entry = next((row for row in datasets if row.dataset == parameters[DATASET]), None)
    if entry is None:
        layout.header(
            words("data.overview.title", n=len(datasets)), anchor="datasett", subtitle=words("data.overview.subtitle")
        )
        st.html(tables.overview(datasets, to(page), words))
        return
    at = formatting.day_and_time(page.release.published_at, words.language)
    layout.header(entry.title, anchor="datasett", subtitle=entry.about)
    st.html(shared_tables.facts(narrative.facts(entry, at, words), "dif-facts"))
    with st.container(key="dataset"):
        columns(page, entry)
        sample(page, entry)
        lineage(page, entry, datasets)
        checks(page, entry)
        with st.container(key="files"):
            downloads(page, entry)


def columns(page: Page, entry: Held) -> None:
    """The columns of a dataset, with explanations."""
    words = page.words
    layout.subheader(words("data.columns.title"))
    answer = page.ask("data/columns", dataset=entry.dataset, language=words.language)
    st.html(shared_tables.plain(answer.table, words, caption=words("data.columns.caption", dataset=entry.dataset)))


def readable(page: Page, entry: Held) -> bool:
    """Whether the visitor may read the whole dataset; says so where not."""
    if entry.contract and page.visitor.may_see_whole(entry.contract):
        return True
    st.info(page.words("data.restricted", title=entry.title), icon=":material/lock:")
    return False


def sample(page: Page, entry: Held) -> None:
    """The dataset's first rows, for visitors who may read it."""
    words = page.words
    layout.subheader(words("data.sample.title"))
    if not readable(page, entry) or entry.contract is None:
        return
    answer = panels.sample(page, entry, entry.contract).answer
    if not answer.table.num_rows:
        layout.note(words("data.sample.empty"))
        return
    marks = [words("app.synthetic.sentence")] if answer.synthetic else []
    layout.note(" ".join([*marks, *([words("app.perturbed")] if answer.perturbed else [])]))
    caption = words("data.sample.caption", n=answer.table.num_rows)
    st.html(shared_tables.plain(answer.table, words, caption=caption))


def lineage(page: Page, entry: Held, datasets: list[Held]) -> None:
    """What a dataset is made of, and what is made of it."""
    words = page.words
    layout.subheader(words("data.lineage.title"))
    has = LINEAGE in page.datasets
    rows = page.rows("data/lineage", dataset=entry.dataset) if has else []
    before, after = tables.lineage(rows, {row.dataset: row.title for row in datasets}, to(page), words)
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{words('data.lineage.before')}**")
        if before:
            st.html(before)
        else:
            layout.note(
                words("data.lineage.sources", sources=entry.sources) if entry.sources else words("data.lineage.none")
            )
    with right:
        st.markdown(f"**{words('data.lineage.after')}**")
        if after:
            st.html(after)
        else:
            layout.note(words("data.lineage.last" if has else "data.lineage.untold", release=page.release.name))


def checks(page: Page, entry: Held) -> None:
    """The checks of a dataset."""
    words = page.words
    layout.subheader(words("data.checks.title", said=narrative.checked(entry, words).lower()))
    answer = page.ask("data/checks", dataset=entry.dataset)
    if answer.table.num_rows:
        sentences = narrative.check_words(answer.table["check_name"].to_pylist(), entry, words)
        table = answer.table.append_column("looks_for", [sentences])
        shown = ("looks_for", "check_name", "passed", "unexpected", "examined")
        st.html(shared_tables.plain(table, words, columns=shown, caption=words("data.checks.caption")))
    if link := file_delivery.checks_of(page.release, entry.dataset, words.language):
        st.html(f'<p class="dif-file">{tables.linked(words("data.checks.report"), link)}</p>')


def downloads(page: Page, entry: Held) -> None:
    """The dataset as files, and how to open them."""
    words = page.words
    layout.subheader(words("data.files.title"))
    if not readable(page, entry) or entry.contract is None:
        return
    download = file_delivery.download_of(page.release, entry.dataset, words.language)
    if download:
        st.html(tables.file(narrative.offered(download, words), download.link, download.name))
    small = (entry.rows or 0) <= queries.SPREADSHEET
    kinds = ("xlsx", "csv", "sql") if small else ("sql",)
    layout.files(page, panels.sample(page, entry, entry.contract), kinds, whole=queries.whole(page, entry.contract))
    if not small:
        layout.note(words("data.files.large", rows=entry.rows, most=queries.SPREADSHEET))
    layout.note(words("data.files.link"))
    layout.subheader(words("data.code.title"), subtitle=words("data.code.subtitle"))
    for tool, lines in narrative.code(entry.dataset, page.release.name, download, words, small=small):
        st.markdown(f"**{tool}**")
        st.code(lines, language=None, wrap_lines=True)


def deliveries(page: Page, _datasets: list[Held], parameters: dict[str, str]) -> None:
    """Who has not delivered, day by day, and the latest deliveries."""
    words, release = page.words, page.release
    if GAPS not in page.datasets:
        st.info(words("data.lacking.not_in_release", release=release.name), icon=":material/hourglass_empty:")
        return
    stream, organisation = parameters[STREAM], parameters[ORGANISATION]
    shows, days = panels.lacking(page, stream, organisation), queries.days(release)
    rows = shows.answer.rows
    layout.header(shows.title, anchor="leveringer", subtitle=shows.subtitle)
    if rows:
        shown = rows[:SHOWN]
        came = queries.lacking_days(page, stream, [row["organisation_number"] for row in shown])
        st.html(tables.legend(words))
        st.html(tables.calendar(shown, came, days, words))
        if len(rows) > SHOWN:
            layout.note(words("data.lacking.cut", shown=SHOWN, all=len(rows)))
        layout.files(page, shows)
        layout.note(shared_narrative.source_in_words((GAPS,), release.name, words))
    received(page)


def received(page: Page) -> None:
    """The latest delivery of each stream and producer."""
    words = page.words
    layout.header(words("data.received.title"), anchor="mottatt", subtitle=words("data.received.subtitle"))
    layout.body(page, panels.received(page), words("data.received.caption"))


def set_aside(page: Page, _datasets: list[Held], parameters: dict[str, str]) -> None:
    """Rows that broke a rule, the accounting of all rows, and system names missing from the register."""
    words = page.words
    shows, account = panels.quarantine(page, parameters[STREAM]), panels.accounting(page, parameters[STREAM])
    answer = shows.answer
    layout.header(shows.title, anchor="karantene")
    if answer.table.num_rows:
        layout.note(shows.subtitle)
        shown = ("stream", "says", "rows", "mend", "last_month", "producers")
        caption = words("data.quarantine.caption")
        place, reasons = answer.table.column_names.index("says"), narrative.broken(answer.rows, words)
        mends = narrative.mends(answer.rows, words, by_oneself=page.visitor.runs_the_platform)
        table = answer.table.set_column(place, "says", [reasons]).append_column("mend", [mends])
        st.html(shared_tables.plain(table, words, columns=shown, caption=caption))
        layout.files(page, shows)
        layout.note(shared_narrative.source_in_words(shows.source, page.release.name, words))
        if page.visitor.runs_the_platform and (lines := narrative.mending(answer.rows)):
            layout.commands(words("data.mend.commands"), *lines)
        by_month = panels.quarantine_months(page, parameters[STREAM])
        tabled = partial(layout.body, page, by_month, words("data.aside_months.caption"))
        layout.fold(page, by_month.title, "aside_months", tabled)
    layout.header(words("data.accounting.title"), anchor="radregnskap", subtitle=account.subtitle)
    layout.body(page, account, words("data.accounting.caption"))
    unmapped(page)


def unmapped(page: Page) -> None:
    """Source system names that the register lacks."""
    words = page.words
    contract = quality.UNMAPPED_SYSTEM
    if contract.name not in page.datasets:
        return
    if not page.visitor.may_see_whole(contract):
        layout.header(contract.title[words.language], anchor="fagsystemer")
        st.info(words("data.restricted", title=contract.title[words.language]), icon=":material/lock:")
        return
    shows = panels.unmapped(page)
    layout.header(shows.title, anchor="fagsystemer", subtitle=shows.subtitle)
    if shows.answer.table.num_rows:
        layout.body(page, shows, words("data.unmapped.caption"))


def changes(page: Page, datasets: list[Held], parameters: dict[str, str]) -> None:
    """What differs from the previous release, and why."""
    words = page.words
    parent = queries.parent(page)
    by_reason, each = (make(page, parameters[filters.SERVICE]) for make in (panels.changed, panels.changes))
    if not by_reason.answer.table.num_rows:
        layout.header(words("data.changed.none"), anchor="endret")
        text = words("data.changed.same", parent=parent) if parent else words("data.changed.first")
        st.info(text, icon=":material/history:")
    else:
        compared = by_reason.answer.rows[0]["compared_with"] or parent
        layout.header(
            words("data.changed.title", parent=compared), anchor="endret", subtitle=words("data.changed.subtitle")
        )
        layout.body(page, by_reason, words("data.changed.caption"))
        layout.header(words("data.changes.title"), anchor="endringer", subtitle=words("data.changes.subtitle"))
        layout.body(page, each, words("data.changes.caption"))
    for key, contract in panels.DIFFERING.items():
        if parent and contract.name in {entry.dataset for entry in datasets}:
            changed_datasets(page, key, contract)


def changed_datasets(page: Page, key: str, contract: DatasetContract) -> None:
    """The datasets that differ from the previous release, whatever they hold, for visitors who may read them."""
    words = page.words
    title = contract.title[words.language]
    if not page.visitor.may_see_whole(contract):
        layout.header(title, anchor=key)
        st.info(words("data.restricted", title=title), icon=":material/lock:")
        return
    shows = panels.changed_datasets(page, contract)
    layout.header(title, anchor=key, subtitle=shows.subtitle)
    if shows.answer.table.num_rows:
        layout.body(page, shows, title)
    else:
        layout.note(words("data.changed_datasets.none"))


opened = layout.open_page("data.title")
if opened:
    show(opened)
