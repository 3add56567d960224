"""What stands around every page: language, freshness, banners, how the numbers are made, contact; and errors."""

from __future__ import annotations

import functools
import logging
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from catalog.errors import BadSetting, Damaged, Forbidden
from catalog.tables.datasets import DATASETS
from dashboards.access import visitors
from dashboards.page import downloads, file_delivery, filters
from dashboards.release import published, reader
from dashboards.release.reader import ReleaseReader
from dashboards.shared import geometry, tables
from dashboards.shared.charts import drawn
from dashboards.shared.pages import SETTINGS_KEY
from dashboards.words import Words, formatting
from transport.base import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    import pyarrow as pa

    from catalog.contracts.language import DatasetContract
    from dashboards.page.downloads import Cell, Composed, Rows
    from dashboards.page.filters import Filter, Unknown
    from dashboards.release.published import Attempt, Release
    from dashboards.release.query import QueryResult
    from dashboards.shared.charts import Chart
    from dashboards.shared.geometry import Geometry
    from dashboards.shared.narrative import Figure
    from transport.base.settings import Settings

_TWO_DAYS = timedelta(days=2)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page(ReleaseReader):
    """What a page needs to know before it asks anything, and what it asks of its release."""

    words: Words
    attempt: Attempt | None
    settings: Settings
    link: Mapping[str, str]
    older: bool = False
    """The release is not the newest: its link names it."""


def given_settings() -> Settings:
    """The settings that `serve` handed over; else those of the environment, as when the script is run by itself."""
    found = settings.load()
    try:
        given = st.secrets.get(SETTINGS_KEY)
    except StreamlitSecretNotFoundError:
        return found
    if not given:
        return found
    borders = given.get("map_geometry")
    return found.but(
        home=Path(given["home"]), contact=str(given.get("contact", "")), map_geometry=Path(borders) if borders else None
    )


def parameters() -> dict[str, str]:
    """The parameters of the link."""
    return dict(st.query_params.to_dict())


def guarded(page: Callable[[], None], words: Words) -> None:
    """Run a page. What goes wrong is logged with a reference, and the reader gets the reference, never the trace.

    What a reader can do something about is said in its own words: no access, a release that is older than the page, and
    one that was taken away while the page was open. Where a query finds the release damaged, the page is run anew,
    and by then shows the last whole one.
    """
    try:
        page()
    except Forbidden as refused:
        log.warning("refused: %s", refused)
        visitors.refuse_page(words, given_settings())
    except reader.ReleaseDamaged as problem:
        log.error("%s: %s", problem.kind, problem.problem)  # noqa: TRY400 - the trace tells no more
        st.rerun()
    except (reader.ReleaseTooOld, reader.ReleaseGone) as problem:
        log.warning("%s: %s", problem.kind, problem.problem)
        newest = filters.link(parameters(), {filters.RELEASE: None})
        key = f"state.{problem.kind}"
        st.warning(words(key, link=newest), title=words(f"{key}.title"), icon=":material/history:")
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("page failed, reference %s", reference)
        st.error(words("state.error", reference=reference), title=words("state.error.title"), icon=":material/error:")


def carried(page: Page) -> dict[str, str]:
    """What a link to another page of ours takes along: language and release, where this one's link says them."""
    return {name: page.link[name] for name in filters.CARRIED if name in page.link}


def carry() -> None:
    """Take the language and the release along from page to page; to be called before the link is read."""
    for name in filters.CARRIED:
        key = f"carried_{name}"
        if name in st.query_params:
            st.session_state[key] = st.query_params[name]
        elif key in st.session_state:
            st.query_params[name] = st.session_state[key]


def top(words: Words) -> None:
    """What stands over every page, also over that of who is not let in: the other language."""
    other = "en" if words.language == "nb" else "nb"
    address = filters.link(parameters(), {filters.LANGUAGE: other})
    st.html(
        f'<p class="dif-language"><a href="{escape(address)}" lang="{other}" hreflang="{other}">'
        f"{escape(words('app.other_language'))}</a></p>"
    )


def opened(title: str) -> Page | None:
    """Draw a page's title and open the release; None where there is none, which is told, or nobody is let in.

    Args:
        title: the key of its title in the catalogue.

    Raises:
        Damaged: the pointer or the manifest is broken.
    """
    link = parameters()
    language, unknown = filters.language(link)
    words = Words(language)
    st.title(words(title), anchor=False)  # an anchor of its words might be one of the page's own
    if unknown:
        say_unknown([unknown], words)
    given = given_settings()
    visitor = visitors.current(given)
    if visitor is None:  # the app has said why already; a view that is run by itself shows nothing either
        return None
    newest, fallen_back = published.newest_sound(given.releases, reader.opens)
    if newest is None:
        st.info(
            words("state.no_release", folder=str(given.releases)),
            title=words("state.no_release.title"),
            icon=":material/hourglass_empty:",
        )
        return None
    if fallen_back:
        log.error("the newest release cannot be read; %s is shown: run `dif doctor`", newest.name)
        text, title = words("state.damaged", release=newest.name), words("state.damaged.title")
        st.warning(text, title=title, icon=":material/report:")
    shown = _asked_for(link.get(filters.RELEASE), newest, given, words)
    return Page(shown, visitor, words, _last_attempt(given, words), given, link, older=shown.name != newest.name)


def _last_attempt(given: Settings, words: Words) -> Attempt | None:
    """How the last run went; None where none has said so, or what it said cannot be read, which is told."""
    try:
        return published.last_attempt(given.releases)
    except Damaged as problem:
        log.error("%s: %s", problem.kind, problem.problem)  # noqa: TRY400 - the trace tells no more
        st.warning(words("state.attempt_unread"), title=words("state.attempt_unread.title"), icon=":material/report:")
        return None


def _asked_for(name: str | None, newest: Release, given: Settings, words: Words) -> Release:
    """The release that the link names, told where it is not the newest; the newest where there is none of that name."""
    if not name or name == newest.name:
        return newest
    try:
        release = published.named(given.releases, name)
    except Damaged as problem:
        log.warning("%s: %s", problem.kind, problem.problem)
        release = None
    if release is None or not reader.opens(release):
        known = {one: one for one in published.names(given.releases) if one != name}
        _, unknown = filters.pick(filters.RELEASE, name, known, newest.name)
        say_unknown([unknown] if unknown else [], words)
        return newest
    link = filters.link(parameters(), {filters.RELEASE: None})
    st.info(
        words("state.older_release", release=release.name, newest=newest.name, link=link),
        title=words("state.older_release.title"),
        icon=":material/history:",
    )
    return release


def head(
    page: Page,
    text: str,
    datasets: Collection[str],
    chosen: Sequence[Filter] = (),
    observed: date | None = None,
) -> None:
    """What every page begins with: its answer, freshness, banners, what the link asks for in vain, and the filters.

    Args:
        page: the page.
        text: its one-sentence answer, computed from the data; empty where there is nothing to answer from.
        datasets: what its numbers are of.
        chosen: its filters, in the order they are drawn.
        observed: the last month it has numbers of, where that is not the release's own.
    """
    if text:
        answer(text)
    freshness(page, observed)
    banners(page, datasets)
    say_unknown([unknown for item in chosen for unknown in item.unknown], page.words)
    if chosen:
        filters.draw(chosen, page.words)


def figures(page: Page, found: Sequence[Figure], title: str = "figures.title") -> None:
    """Three to five key figures, with a way to their definitions."""
    header(page.words(title))
    st.html(tables.key_figures(found, page.words, carried(page)))
    if not all(figure.metric for figure in found):  # else each label leads to its own
        note(page.words("figures.definition"), link="#definisjoner")


def shown(
    page: Page,
    answer: QueryResult,
    *,
    name: str,
    source: Sequence[str],
    chart: Chart | None = None,
    alt: str = "",
    columns: Sequence[str] = (),
    caption: str = "",
) -> None:
    """A chart with its table, its files and its source; or the table alone.

    The claim and the subtitle stand above it: `header` and `note`.

    Args:
        page: the page.
        answer: what it is drawn from.
        name: what its files are called, as `bruk_4601`.
        source: the datasets it rests on.
        chart: the chart; None shows the table in its place.
        alt: the chart's takeaway in words.
        columns: the table's columns, where they are not all.
        caption: the table's caption.
    """
    words = page.words

    def tabled() -> None:
        caption_of_it = caption or words("table.caption")
        st.html(tables.plain(answer.table, words, columns=columns, caption=caption_of_it))
        files(page, answer, name)

    if chart is None:
        tabled()
    else:
        draw(chart, alt)
        closed(page, words("table.open"), "_".join(("table", *(columns or source))), tabled)
    note(words("uptake.source", source=", ".join(source), release=page.release.name))


def draw(chart: Chart, alt: str) -> None:
    """A chart, with its takeaway in words. Its spec is held to the schema by the tests, not anew for each reader."""
    st.vega_lite_chart(spec=drawn(chart), theme=None, alt=alt)


MIME: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
    "sql": "application/sql",
}
"""The kinds of files that an answer is given as, in the order of their buttons."""


def files(
    page: Page,
    answer: QueryResult | Callable[[], QueryResult],
    name: str,
    kinds: Collection[str] = tuple(MIME),
    *,
    rows: Callable[[pa.Table, Words], Rows] = downloads.all_rows,
    about: Mapping[str, str] | None = None,
) -> None:
    """An answer as files: XLSX, CSV for Norwegian Excel, Parquet, and the SQL that gives it.

    Args:
        page: the page.
        answer: the answer, or how to ask for it: then it is not asked for before somebody wants a file.
        name: what the files are called.
        kinds: which of `MIME` they are.
        rows: how its rows are written for a spreadsheet.
        about: what the files say of themselves, before their release.
    """
    with st.container(horizontal=True, key=f"downloads_{name}"):
        for kind in kinds:
            make = functools.partial(_file, kind, answer, page, rows, about or {})
            file(page, kind, make, f"{name}_{page.release.name}.{kind}", key=f"download_{name}_{kind}")


def composed(page: Page, make: Callable[[], Composed], name: str, about: Mapping[str, str]) -> None:
    """A table that was put together of several answers as XLSX and CSV: no query gives it, nor has it codes.

    Args:
        page: the page.
        make: puts it together, when somebody wants a file.
        name: what the files are called.
        about: what the files say of themselves, before their release.
    """
    with st.container(horizontal=True, key=f"downloads_{name}"):
        for kind in ("xlsx", "csv"):
            made_of = functools.partial(_composed, kind, make, page, about)
            file(page, kind, made_of, f"{name}_{page.release.name}.{kind}", key=f"download_{name}_{kind}")


def file(page: Page, kind: str, make: Callable[[], bytes], name: str, key: str | None = None) -> None:
    """A button for a file of `MIME`. It is made when somebody asks for it, and only for whom the page was drawn.

    Streamlit makes it without running the page: a login may be over by then, or a role taken away.
    """
    claims, mime = visitors.claims(page.settings), MIME[kind]

    def made() -> bytes:
        if not visitors.is_still(page.visitor, page.settings, claims):
            raise Forbidden(f"{name} is not for who asks, by now.", "Load the page anew.")
        found = make()
        file_delivery.made(found, mime, name, page.visitor)
        return found

    st.download_button(  # noqa: TID251 - the door
        page.words(f"download.{kind}"),
        made,
        file_name=name,
        mime=mime,
        key=key,
        on_click="ignore",
        icon=":material/code:" if kind == "sql" else ":material/download:",
    )


def piece(page: Page, draw: Callable[..., None], every: float | None = None) -> Callable[..., None]:
    """A part of a page that runs by itself, as a fragment, without the page around it.

    It asks anew who looks, since a login may be over by then or a role taken away; and it is guarded as the page is.

    Args:
        page: the page.
        draw: draws the part.
        every: runs it so often, in seconds.
    """

    @functools.wraps(draw)
    def part(*given: object) -> None:
        if not visitors.is_still(page.visitor, page.settings, visitors.claims(page.settings)):
            st.rerun()
        guarded(lambda: draw(*given), page.words)

    drawn: Callable[..., None] = st.fragment(part, run_every=every)  # noqa: TID251 - the door
    return drawn


def closed(page: Page, label: str, key: str, draw: Callable[[], None]) -> None:
    """A part of a page that is closed, and drawn when the reader opens it: unseen, they were a third of a page.

    Args:
        page: the page.
        label: what it says while it is closed.
        key: its own on the page, and the same whatever is chosen there: what is open stays so.
        draw: draws what is in it.
    """

    def part() -> None:
        with st.expander(label, key=f"closed_{key}", on_change="rerun") as box:
            if box.open:
                draw()

    piece(page, part)()


def borders(page: Page) -> Geometry | None:
    """The borders that a geographic map is drawn by; None, and told so, where none are given or they cannot be read."""
    if page.settings.map_geometry is None:
        return None
    try:
        return geometry.load(page.settings.map_geometry)
    except BadSetting as problem:
        log.warning("map_geometry: %s", problem)
        st.warning(page.words("map.geometry.broken"), icon=":material/report:")
        return None


def _file(
    kind: str,
    answer: QueryResult | Callable[[], QueryResult],
    page: Page,
    written: Callable[[pa.Table, Words], Rows],
    told: Mapping[str, str],
) -> bytes:
    words, found = page.words, answer() if callable(answer) else answer
    about = _about(page, told, synthetic=found.synthetic)
    if kind == "sql":
        return downloads.as_sql(found.sql, found.parameters, about)
    if kind == "parquet":
        return downloads.as_parquet(found.table, about)
    return _spreadsheet(kind, *written(found.table, words), about, words)


def _composed(kind: str, make: Callable[[], Composed], page: Page, told: Mapping[str, str]) -> bytes:
    composed = make()
    about = _about(page, told, synthetic=composed.synthetic)
    return _spreadsheet(kind, composed.header, composed.rows, about, page.words)


def _spreadsheet(
    kind: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], about: Mapping[str, str], words: Words
) -> bytes:
    if kind == "csv":
        return downloads.as_csv(header, rows)
    return downloads.as_xlsx(header, rows, about, words, "download.table")


def _about(page: Page, told: Mapping[str, str], *, synthetic: bool) -> dict[str, str]:
    """What a file says of itself: what it is told, its release, and where it is so, that its numbers are synthetic."""
    about = {**told, page.words("column.release"): page.release.name}
    return {**about, page.words("column.synthetic"): page.words("value.yes")} if synthetic else about


def lacking(page: Page, text: str, title: str | None = None) -> None:
    """Say what the release has not, and where it is to be had: in the newest, or, where this is it, in the next.

    Args:
        page: the page.
        text: what the release has not, and why.
        title: the same in a few words.
    """
    words = page.words
    newest = filters.link(page.link, {filters.RELEASE: None})
    where = words("state.lacking.older", link=newest) if page.older else words("state.lacking.newest")
    st.info(f"{text} {where}", title=title, icon=":material/hourglass_empty:")


def foot(page: Page, definitions: Iterable[str], datasets: Collection[str], limits: str = "made.limits") -> None:
    """What every page ends with: how its numbers are made, a link to just this view, and whom to ask."""
    made(page, definitions, sources(datasets, page.words.language), limits)
    link = filters.link(page.link, {filters.RELEASE: page.release.name})
    note(page.words("app.share", release=page.release.name), link=link)
    contact(page)


def answer(text: str) -> None:
    """The page's answer in a sentence or two, larger than the rest."""
    st.html(f'<p class="dif-answer">{escape(text)}</p>')


def note(text: str, link: str | None = None) -> None:
    """Small print in full contrast: `st.caption` fades its text below what WCAG AA asks for. `link` makes it a link."""
    if not text:
        return
    told = escape(text)
    if link:
        told = f'<a href="{escape(link)}">{told}</a>'
    st.html(f'<p class="dif-small">{told}</p>')


def commands(text: str, *lines: str) -> None:
    """Commands of `dif` in a block of their own, under what they are for: most readers of a page run none."""
    note(text)
    st.code("\n".join(lines), language=None, wrap_lines=True)


def freshness(page: Page, observed: date | None = None) -> None:
    """Which numbers these are: through when, made when, checked how, which release.

    `observed`: the last observed month of what the page shows; said where it is not the release's own.
    """
    text = tables.freshness(page.release, page.words, through=page.release.through_month, observed=observed)
    st.html(text)


def banners(page: Page, datasets: Collection[str]) -> None:
    """Say when the last run failed, and when the numbers are older than the contracts of `datasets` promise."""
    words = page.words
    if page.attempt and page.attempt.failed:
        _failed(page, page.attempt, frozenset(datasets))
    hours = min(DATASETS[name].freshness_hours for name in datasets)
    looked = published.fresh_at(page.release, page.attempt)
    age = datetime.now(UTC) - looked
    if age > timedelta(hours=hours):
        text = (
            words("state.stale.days", n=age.days)
            if age >= _TWO_DAYS
            else words("state.stale.hours", n=int(age.total_seconds() // 3600))
        )
        st.warning(
            words("state.stale", hours=hours, at=formatting.day_and_time(looked, words.language)),
            title=words("state.stale.title", age=text),
            icon=":material/schedule:",
        )


def _failed(page: Page, attempt: Attempt, datasets: frozenset[str]) -> None:
    words = page.words
    checks = [
        words("state.failed.check", dataset=check.dataset, check=check.check, unexpected=check.unexpected)
        for check in attempt.failed_checks
    ]
    said = []
    if checks:
        said.append(words("state.failed.checks", checks=formatting.listing(checks, words.language)))
        said.append(words("state.failed.touched" if attempt.touches(datasets) else "state.failed.untouched"))
    elif attempt.problem:
        said.append(words("state.failed.other", problem=attempt.problem))
    said.append(words("state.failed.stays", release=page.release.name))
    st.warning(
        plain(" ".join(said)),
        title=words("state.failed.title", at=formatting.day_and_time(attempt.at, words.language)),
        icon=":material/report:",
    )


_SIGNS: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>$~"})
_LINKS: Final = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Where an address in running text is made a link of, also without a sign that can be escaped."""
_JOINED: Final = "\u2060"


def plain(text: str) -> str:
    """Text that Markdown must not read: names of checks have underscores, and a link's value may be a link to others.

    What is not seen, such as a sign that turns the direction of what follows, is left out.
    """
    seen = "".join(sign for sign in text if sign.isprintable() or sign.isspace())
    return _LINKS.sub(_JOINED, seen.translate(_SIGNS))


def header(text: str, anchor: str | Literal[False] | None = None) -> None:
    """A heading of a part of the page: text only, since it may name what others named.

    One with no `anchor` has none: its words, with the numbers in them, are none to link to, and to spell them as one
    took the tab a tenth of a filter's change.
    """
    st.header(plain(_whole(text)), anchor=anchor or False)  # noqa: TID251 - the door


def _whole(text: str) -> str:
    """A heading with no line that begins with the dot before `syntetisk`."""
    return text.replace(" · ", "\u00a0· ")


def subheader(text: str, anchor: str | Literal[False] | None = None) -> None:
    """A heading within a part of the page: text only, as `header`."""
    st.subheader(plain(_whole(text)), anchor=anchor or False)  # noqa: TID251 - the door


def say_unknown(unknown: Iterable[Unknown], words: Words) -> None:
    """Say which values of the link the page does not have, and what it shows instead."""
    for one in unknown:
        if one.reason == "external":
            text = words("state.unknown.external", name=one.given, shown=one.shown)
        elif one.reason == "unobserved":
            text = words("state.unknown.unobserved", given=one.given, shown=one.shown)
        elif one.reason == "ended":
            key = "state.unknown.ended.left_out" if one.shown == formatting.MISSING else "state.unknown.ended"
            text = words(key, given=one.given, shown=one.shown)
        elif one.reason == "over":
            text = words("state.unknown.over", given=one.given, most=one.shown)
        else:
            parameter = words(f"filter.{one.parameter}").lower()
            key = "state.unknown.left_out" if one.shown == formatting.MISSING else "state.unknown"
            text = words(key, given=one.given, parameter=parameter, shown=one.shown)
        if one.near:
            nearest = {"unobserved": "state.unknown.nearest", "ended": "state.unknown.successor"}
            text += " " + words(nearest.get(one.reason, "state.unknown.near"), near=one.near)
        st.warning(plain(text), title=words("state.unknown.title"), icon=":material/link_off:")


def made(page: Page, definitions: Iterable[str], source: str, limits: str = "made.limits") -> None:
    """How the numbers are made: definitions, source, limits, revisions."""
    words = page.words
    header(words("made.title"), anchor="definisjoner")
    with st.expander(words("made.open"), expanded=True):
        st.markdown(f"**{words('made.definition.title')}**")
        st.markdown("\n".join(f"- {definition}" for definition in definitions))
        st.markdown(f"**{words('made.source.title')}.** {plain(source)}")
        st.markdown(f"**{words('made.limits.title')}.** {words(limits)}")
        st.markdown(f"**{words('made.revisions.title')}.** {words('made.revisions', release=page.release.name)}")


def contact(page: Page) -> None:
    """Whom to ask: the function address of the settings, or that none is set."""
    words, address = page.words, page.settings.contact
    text = words("app.contact", contact=address) if address else words("app.contact.unset")
    st.markdown(f"**{words('app.contact.title')}.** {text}")


def sources(names: Collection[str], language: str) -> str:
    """The datasets of a page with what they are made of, from their contracts."""
    told: Mapping[str, str] = {
        name: f"{name} ({'; '.join([DATASETS[name].title[language].lower(), *_made_of(DATASETS[name])])})"
        for name in names
    }
    return formatting.listing(list(told.values()), language) + "."


def _made_of(contract: DatasetContract) -> list[str]:
    return [", ".join(contract.sources)] if contract.sources else []
