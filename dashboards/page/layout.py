"""The frame of every page: language, freshness, banners, how the numbers are made, contact, and errors."""

from __future__ import annotations

import functools
import logging
import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, ParamSpec, TypeVar
from urllib.parse import urlsplit

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from catalog.errors import BadSetting, Damaged, Forbidden, SharingError
from catalog.tables.datasets import DATASETS
from dashboards.access import visitors
from dashboards.page import chart_files, downloads, file_delivery, filters
from dashboards.release import reader
from dashboards.release.attempt import fresh_at, last_attempt
from dashboards.shared import frame, geometry, pages, queries, tables
from dashboards.shared.charts import drawn
from dashboards.shared.narrative import short, source_in_words
from dashboards.shared.opening import View
from dashboards.shared.pages import SETTINGS_KEY
from dashboards.shared.pictures import Drawing
from dashboards.words import Words, formatting
from transport.base import settings
from transport.releases.release import current_release, newest_sound, release_named, release_names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from streamlit.delta_generator import DeltaGenerator
    from streamlit.elements.lib.mutable_popover_container import PopoverContainer

    from catalog.contracts.language import DatasetContract
    from dashboards.page.filters import Filter, Unknown
    from dashboards.release.attempt import Attempt
    from dashboards.release.authorization import Visitor
    from dashboards.release.query import QueryResult
    from dashboards.shared.charts import Chart
    from dashboards.shared.geometry import Geometry
    from dashboards.shared.narrative import Figure
    from dashboards.shared.opening import Opening
    from dashboards.shared.pages import PageAt
    from dashboards.shared.panel import ComposedPanel, Panel
    from transport.base.settings import Settings
    from transport.releases.release import Release

_TWO_DAYS = timedelta(days=2)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page(View):
    """A page's context, and the reader of its release."""

    attempt: Attempt | None
    settings: Settings
    older: bool = False
    """The release is not the newest; the link names it."""


def given_settings() -> Settings:
    """The settings passed by `serve`; else those of the environment, as when the script runs by itself."""
    defaults = settings.load()
    try:
        given = st.secrets.get(SETTINGS_KEY)
    except StreamlitSecretNotFoundError:
        return defaults
    if not given:
        return defaults
    borders = given.get("map_geometry")
    return defaults.but(
        home=Path(given["home"]),
        contact=str(given.get("contact", "")),
        map_geometry=Path(borders) if borders else None,
        embed=str(given.get("embed", "")),
    )


def parameters() -> dict[str, str]:
    """The parameters of the link."""
    return dict(st.query_params.to_dict())


def link_parameters() -> dict[str, str]:
    """The parameters of the link, with those that an earlier page set and the menu dropped."""
    kept = {name: st.session_state.get(f"carried_{name}") for name in filters.CARRIED}
    return {name: value for name, value in kept.items() if value} | parameters()


P = ParamSpec("P")
T = TypeVar("T")


def placed(draw: Callable[P, T]) -> Callable[P, T]:
    """Give a part of a page a place of its own, which stays also where the part draws nothing.

    The browser's program knows what stands on a page by its place among its neighbours. What came after a part that a
    filter adds or removes was taken down and built anew, menus and charts too.
    """

    @functools.wraps(draw)
    def within(*given: P.args, **named: P.kwargs) -> T:
        with st.container():
            return draw(*given, **named)

    return within


def guarded(page: Callable[[], None], words: Words) -> None:
    """Run a page. An error is logged with a reference; the reader sees the reference, never the trace.

    Errors that a reader can act on get their own texts: no access, a release that is older than the page, and one that
    was deleted while the page was open. When a query finds the release damaged, the page is rerun and shows the last
    whole release.
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
    """Parameters for a link to another page: those of this link that follow from page to page."""
    return {name: page.link[name] for name in filters.CARRIED if name in page.link}


def carry(key: str) -> None:
    """Carry the context from page to page: what `filters.CARRIED` names, as the link or an earlier page set it.

    Streamlit's menu drops the link's parameters. On the same page a parameter that is gone was removed on purpose.
    Call it before reading the link.

    Args:
        key: the page.
    """
    link, kept = st.query_params, st.session_state
    arrived = kept.get(_ON) != key
    for name in filters.CARRIED:
        of_name = f"carried_{name}"
        if name in link:
            if kept.get(of_name) != link[name]:
                kept[of_name] = link[name]
                kept.pop(f"{of_name}_to", None)
        elif arrived and of_name in kept:
            link[name] = kept[of_name]
            kept[f"{of_name}_to"] = key
        else:
            kept.pop(of_name, None)
    kept[_ON] = key


_ON: Final = "on_page"


def _was_carried(parameter: str) -> bool:
    """Whether a parameter came from an earlier page rather than from the link."""
    return f"carried_{parameter}_to" in st.session_state


def top(words: Words, page: PageAt, given: Settings, visitor: Visitor | None) -> None:
    """The top of every page: whether its numbers are synthetic, its release, a link to this view, and the language.

    A visitor who is not let in gets the link to the other language only.
    """
    link = parameters()
    release = _looked_at(given, link) if visitor else None
    names = release_names(given.releases)[:_RELEASES] if release else []
    st.html(frame.top(link, release, names, words))
    if release and release.synthetic and page.numbers:
        st.html(frame.strip(words, mixed=pages.marks(page, release.real)))


_RELEASES: Final = 12
"""How many releases the picker lists; the page about data has all."""


def _looked_at(given: Settings, link: Mapping[str, str]) -> Release | None:
    """The release that the page shows, as far as the frame needs it; the page says what is wrong with it."""
    try:
        linked_release = release_named(given.releases, link[filters.RELEASE]) if filters.RELEASE in link else None
        return linked_release or current_release(given.releases)
    except Damaged:
        return None


def open_page(title: str, named: Callable[[Page], str] | None = None) -> Page | None:
    """Draw a page's title and open the release. None if there is none, which the page says, or nobody is let in.

    Args:
        title: the message key of its title.
        named: the title by what the link asks for, once there is a release to read.

    Raises:
        Damaged: the pointer or the manifest is broken.
    """
    link = parameters()
    language, unknown = filters.language(link)
    words = Words(language)
    place = st.empty()
    place.title(words(title), anchor=False)  # an anchor made of its words might clash with one of the page's own
    if unknown:
        say_unknown([unknown], words)
    given = given_settings()
    visitor = visitors.current(given)
    if visitor is None:  # the app has already said why; a view run by itself shows nothing either
        return None
    newest, fallen_back = newest_sound(given.releases, reader.opens)
    if newest is None:
        st.info(
            words("state.no_release", folder=str(given.releases)),
            title=words("state.no_release.title"),
            icon=":material/hourglass_empty:",
        )
        commands(words("state.no_release.command"), "dif demo", "dif run")
        return None
    if fallen_back:
        log.error("the newest release cannot be read; %s is shown: run `dif doctor`", newest.name)
        text = words("state.damaged", release=newest.name)
        st.warning(text, title=words("state.damaged.title"), icon=":material/report:")
    shown = _asked_for(link.get(filters.RELEASE), newest, given, words)
    at = next((page for page in pages.PAGES if page.key == title.partition(".")[0]), None)
    words = replace(words, marks=at is None or pages.marks(at, shown.real))
    older, attempt = shown.name != newest.name, _last_attempt(given, words)
    page = Page(shown, visitor, words, link, attempt, given, older=older, map_geometry=given.map_geometry)
    own = named(page) if named is not None else ""
    if own:
        place.title(plain(own), anchor=False)
    chosen = [own] if own else _chosen(page, at)
    if at and chosen:  # the tab is found again by what it shows, so that comes first
        st.set_page_config(page_title=" – ".join([", ".join(chosen), words(title), words("app.title")]))
    return page


_CHOOSES: Final = {
    "accounts": (filters.SERVICE,),
    "data": (pages.DATASET,),
    "uptake": (filters.SERVICE, filters.AREA),
    "usage": (pages.MUNICIPALITY, filters.SERVICE),
}
"""What the link of a page chooses, by the first part of its key; other pages are titled by it, or show one thing."""


def _chosen(page: Page, at: PageAt | None) -> list[str]:
    """The names of what the page's link chooses; nothing for what is not there, which the page says itself."""
    kinds = _CHOOSES.get(at.key.partition(".")[0], ()) if at else ()
    choices = [(kind, page.link[kind]) for kind in kinds if kind in page.link]
    try:
        return [name for kind, value in choices if (name := _name_of(page, kind, value))]
    except reader.ReleaseTooOld:
        return []


def _name_of(page: Page, kind: str, value: str) -> str | None:
    if kind == filters.SERVICE:
        return next((x.name for x in queries.services(page) if x.service == value), None)
    if kind == filters.AREA:
        return next((short(x.name) for x in queries.areas(page) if x.area == value and x.area_kind != "NO"), None)
    if kind == pages.MUNICIPALITY:
        return next((str(x["name"]) for x in page.rows("search_municipalities") if x["code"] == value), None)
    return DATASETS[value].title[page.words.language] if value in DATASETS else None


def _last_attempt(given: Settings, words: Words) -> Attempt | None:
    """The outcome of the last run; None if there is none, or if it cannot be read, which the page says."""
    try:
        return last_attempt(given.releases)
    except Damaged as problem:
        log.error("%s: %s", problem.kind, problem.problem)  # noqa: TRY400 - the trace tells no more
        st.warning(words("state.attempt_unread"), title=words("state.attempt_unread.title"), icon=":material/report:")
        return None


def _asked_for(name: str | None, newest: Release, given: Settings, words: Words) -> Release:
    """The release that the link names, else the newest. The page says when it is not the newest."""
    if not name or name == newest.name:
        return newest
    try:
        release = release_named(given.releases, name)
    except Damaged as problem:
        log.warning("%s: %s", problem.kind, problem.problem)
        release = None
    if release is None or not reader.opens(release):
        names = {other: other for other in release_names(given.releases) if other != name}
        _, unknown = filters.pick(filters.RELEASE, name, names, newest.name)
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
    """The start of every page: its answer, freshness, banners, unknown values of the link, and the filters.

    Args:
        page: the page.
        text: its one-sentence answer, computed from the data; empty if there is no data.
        datasets: the datasets of its numbers.
        chosen: its filters, in drawing order.
        observed: the last month it has numbers of, if not the release's own.
    """
    above(page, text, datasets, [unknown for item in chosen for unknown in item.unknown], observed)
    if chosen:
        filters.draw(chosen, page.words)
    contents()


@placed
def above(
    page: Page, text: str, datasets: Collection[str], unknown: Iterable[Unknown], observed: date | None = None
) -> None:
    """What stands above the filters: the answer, freshness, banners, and unknown values of the link."""
    if text:
        answer(text)
    freshness(page, observed)
    banners(page, datasets)
    say_unknown(unknown, page.words)


@dataclass(slots=True)
class _Contents:
    """The headings drawn so far, where the list of them stands, and the marks of charts that are explained."""

    place: DeltaGenerator
    headings: list[tuple[str, str]] = field(default_factory=list)
    marks: list[tuple[str, ...]] = field(default_factory=list)


_contents: ContextVar[_Contents | None] = ContextVar("contents", default=None)


def contents() -> None:
    """Make room for the list of the page's headings; `foot` fills it."""
    place = st.empty()
    place.html(frame.contents((), ""))  # of the height of one line, so that nothing moves when it is filled
    _contents.set(_Contents(place))


def _list_headings(words: Words) -> None:
    listed = _contents.get()
    if listed is not None:
        named = [(f"contents.{anchor}", anchor, text) for anchor, text in listed.headings]
        links = [(anchor, words(key) if words.has(key) else text) for key, anchor, text in named]
        listed.place.html(frame.contents(links, words("contents.title")))
        _contents.set(None)


def lead(
    page: Page, key_figures: Sequence[Figure], opening: Callable[[View], Opening], first: Callable[[], None]
) -> None:
    """The key figures, and beside them what the page shows first: both are seen without scrolling."""
    with st.container(key="lead"):
        numbers, shown = st.columns([4, 7])
    with numbers:
        figures(page, key_figures, opening)
    with shown:
        first()


@placed
def figures(
    page: Page,
    key_figures: Sequence[Figure],
    opening: Callable[[View], Opening] | None = None,
) -> None:
    """Three to five key figures, with a link to their definitions, and what the release before told otherwise.

    Args:
        page: the page.
        key_figures: the figures.
        opening: gives the figures of another release, for the same link.
    """
    revisions = tables.revised_values(key_figures, _before(page, opening)) if opening else {}
    st.html(tables.pictured(tables.key_figures(key_figures, page.words, carried(page), _definitions(page), revisions)))
    if not all(figure.metric for figure in key_figures):  # else each label links to its own definition
        note(page.words("figures.definition"), link="#definisjoner")


def _before(page: Page, opening: Callable[[View], Opening]) -> Sequence[Figure]:
    """The figures as the release before has them; none where it has other months or lacks something."""
    names = release_names(page.settings.releases)
    older = names[names.index(page.release.name) + 1 :][:1] if page.release.name in names else []
    try:
        release = release_named(page.settings.releases, older[0]) if older else None
        if release is None or release.through_month != page.release.through_month or not reader.opens(release):
            return ()
        return opening(View(release, page.visitor, page.words, page.link, twin=page.release)).figures
    except SharingError as problem:  # an older release may lack what the page asks for
        log.info("no comparison with %s: %s", older[0], problem)
        return ()


def _definitions(page: Page) -> Mapping[str, str]:
    """The definition of each number, in the page's language; none where the release has no definitions."""
    if "meta.metric" not in page.datasets:
        return {}
    rows = page.rows("metric_definitions", language=page.words.language)
    return {row["metric"]: row["definition"] for row in rows}


@placed
def panel(page: Page, shows: Panel | None, *, anchor: str = "", caption: str = "") -> None:
    """A panel with its words; nothing where there is none.

    Args:
        page: the page.
        shows: the panel.
        anchor: of its heading, as `header` takes it.
        caption: the table's caption.
    """
    if shows is None:
        return
    header(shows.title, anchor, shows.subtitle)
    if shows.chart is not None or not shows.words_only:
        body(page, shows, caption)
    else:
        note(" ".join(shows.noted(page.words)))


def body(page: Page, shows: Panel, caption: str = "", side: str = "") -> None:
    """A panel without its heading: the chart, its table, files, addresses, source and notes.

    Args:
        page: the page.
        shows: the panel.
        caption: the table's caption.
        side: which of two alike it is, on a page that compares them.
    """
    words = page.words

    def tabled() -> None:
        caption_of_it = caption or words("table.caption")
        st.html(tables.plain(shows.answer.table, words, columns=shows.columns, caption=caption_of_it))

    def under() -> None:
        with st.container(key=f"under_{_place(shows, side)}", horizontal=True):
            _closed(words("table.open"), "_".join((side or "table", *(shows.columns or shows.source))), tabled)
            with _menu(page, shows, side, on_change="rerun") as box:
                if box.open:
                    _leaving(page, shows, tuple(downloads.MIME), {}, None)

    if shows.chart is None:
        tabled()
        files(page, shows, side=side)
    else:
        draw(page, shows)
        fragment(page, under)()
    source(page, shows)


def source(page: Page, shows: Panel) -> None:
    """Where a panel's numbers come from, which opens to its notes."""
    words = page.words
    st.html(frame.noted(source_in_words(shows.source, page.release.name, words), panel_notes(page, shows), words))


def panel_notes(page: Page, shows: Panel) -> list[str]:
    """A panel's notes; of events that a chart further up has too, that they are told there."""
    drawn = _contents.get()
    if drawn is None or not shows.marks:
        return [*shows.captions(page.words)]
    if shows.marks in drawn.marks:
        return [page.words("event.again"), *shows.noted(page.words)]
    drawn.marks.append(shows.marks)
    return [*shows.captions(page.words)]


def _leaving(
    page: Page,
    shows: Panel,
    kinds: Collection[str],
    about: Mapping[str, str],
    whole: Callable[[], QueryResult] | None,
) -> None:
    """What a panel's menu has: its chart as a picture, its table's files, and, folded, the embed and the addresses."""
    words = page.words
    with st.container(horizontal=True):
        charts = [] if shows.chart is None else [(kind, shows.chart) for kind in chart_files.PICTURES]
        for kind, chart in charts:
            drawn = functools.partial(chart_files.picture, kind, chart, shows.caption(page, words))
            file(page, kind, drawn, f"{shows.name}_{page.release.name}.{kind}", key=f"picture_{shows.name}_{kind}")
        for kind in kinds:
            make = functools.partial(downloads.of_panel, kind, shows, page, about, whole)
            file(page, kind, make, f"{shows.name}_{page.release.name}.{kind}", key=f"download_{shows.name}_{kind}")
    _addresses(page, shows)


def _addresses(page: Page, shows: Panel | ComposedPanel) -> None:
    """Where a panel lasts outside the page, folded. Plain HTML: pages have many, and few are read."""
    words = page.words
    at = urlsplit(st.context.url or page.settings.pages_url)
    to_all = not visitors.needs_login(page.settings) or page.settings.embed == chart_files.OPEN
    addresses = chart_files.addresses(shows, page.link, f"{at.scheme}://{at.netloc}", to_all=to_all)
    embed = (
        [(words("chart.embed" if addresses.to_all else "chart.embed.closed"), [addresses.embed])]
        if addresses.embed
        else []
    )
    parts = "".join(
        f'<p class="dif-small">{escape(text)}</p><p class="dif-addresses">'
        f"{''.join(f'<code>{escape(address)}</code>' for address in listed)}</p>"
        for text, listed in [*embed, (words("chart.address"), list(addresses.tables.values()))]
    )
    st.html(f'<details class="dif-elsewhere"><summary>{escape(words("chart.elsewhere"))}</summary>{parts}</details>')


def draw(page: Page, shows: Panel, drawn_here: Chart | None = None) -> None:
    """A panel's chart, and what it shows in words for a screen reader.

    The words stand after the chart: in it, Streamlit would make the chart anew whenever they change. Tests hold the
    chart to the schema; this does not.

    Args:
        page: the page.
        shows: the panel.
        drawn_here: the chart as the page draws it, where a file has it otherwise.
    """
    chart = drawn_here or shows.chart
    assert chart is not None  # noqa: S101 - the caller has seen that there is one
    assert not isinstance(chart, Drawing), "a page draws this as HTML"  # noqa: S101
    st.vega_lite_chart(spec=drawn(chart), theme=None, alt=page.words("chart.alt"))
    st.html(f'<p class="dif-chart-words">{escape(shows.alt)}</p>')


def files(
    page: Page,
    shows: Panel,
    kinds: Collection[str] = tuple(downloads.MIME),
    *,
    about: Mapping[str, str] | None = None,
    whole: Callable[[], QueryResult] | None = None,
    side: str = "",
) -> None:
    """A panel as files: XLSX, CSV for Norwegian Excel, Parquet, and the SQL behind it; and where it lasts.

    Args:
        page: the page.
        shows: the panel.
        kinds: which of `downloads.MIME` to offer.
        about: the files' metadata, before their release.
        whole: gets the answer when somebody wants a file, where the panel has only its first rows.
        side: which it is, of several of one kind on a page.
    """
    with _menu(page, shows, side):
        _leaving(page, shows, kinds, about or {}, whole)


def _menu(
    page: Page, shows: Panel | ComposedPanel, side: str = "", on_change: Literal["ignore", "rerun"] = "ignore"
) -> PopoverContainer:
    """The menu with the files of one table or chart."""
    label, key = page.words("download.menu"), f"downloads_{_place(shows, side)}"
    return st.popover(label, icon=":material/download:", key=key, on_change=on_change)


def _place(shows: Panel | ComposedPanel, side: str = "") -> str:
    """A panel's place on its page, for a Streamlit key: the same under any filter.

    What stands under a key that a filter changes is taken down and built anew, which took the tab a fifth of the time
    of a change.
    """
    return "_".join(part for part in (side, *re.split(r"\W+", shows.key)) if part)


def composed(page: Page, shows: ComposedPanel) -> None:
    """A table composed of several answers as XLSX and CSV only: no single query gives it, and it has no codes."""
    with _menu(page, shows):
        for kind in ("xlsx", "csv"):
            made_of = functools.partial(downloads.of_panel, kind, shows, page, shows.about)
            file(page, kind, made_of, f"{shows.name}_{page.release.name}.{kind}", key=f"download_{shows.name}_{kind}")
        _addresses(page, shows)


def file(page: Page, kind: str, make: Callable[[], bytes], name: str, key: str | None = None) -> None:
    """A button for a file of `downloads.MIME` or `PICTURES`, made on request, only for whom the page was drawn for.

    Streamlit makes it without running the page, when the login may be over or a role revoked.
    """
    claims, mime = visitors.claims(page.settings), (downloads.MIME | chart_files.PICTURES)[kind]

    def made() -> bytes:
        if not visitors.is_still(page.visitor, page.settings, claims):
            raise Forbidden(f"{name} is no longer open to this visitor.", "Reload the page.")
        content = make()
        file_delivery.record_file(content, mime, name, page.visitor)
        return content

    st.download_button(  # noqa: TID251 - the door
        page.words(f"download.{kind}"),
        made,
        file_name=name,
        mime=mime,
        key=key,
        on_click="ignore",
        icon=":material/code:" if kind == "sql" else ":material/download:",
    )


def fragment(page: Page, draw: Callable[..., None], every: float | None = None) -> Callable[..., None]:
    """A part of a page that runs by itself, as a fragment, without the page around it.

    It checks the visitor again, since the login may be over or a role revoked, and is guarded as the page is.

    Args:
        page: the page.
        draw: draws the part.
        every: the seconds between runs; None runs it only when needed.
    """

    @functools.wraps(draw)
    def part(*given: object) -> None:
        if not visitors.is_still(page.visitor, page.settings, visitors.claims(page.settings)):
            st.rerun()
        guarded(lambda: draw(*given), page.words)

    drawn: Callable[..., None] = st.fragment(part, run_every=every)  # noqa: TID251 - the door
    return drawn


def fold(page: Page, label: str, key: str, draw: Callable[[], None]) -> None:
    """A collapsed part of a page, drawn when the reader opens it: such unseen parts took a third of a page's time.

    Args:
        page: the page.
        label: its text while collapsed.
        key: unique on the page and independent of its filters, so that an open part stays open.
        draw: draws its contents.
    """
    fragment(page, functools.partial(_closed, label, key, draw))()


def claims(page: Page, title: str, anchor: str, opening: Iterable[tuple[str, str, Callable[[], None]]]) -> None:
    """Claims under a heading, each of which opens to its numbers. Paper has the claims.

    Args:
        page: the page.
        title: of the heading.
        anchor: of the heading.
        opening: each claim, with the key and the contents of what opens, as `fold` takes them.
    """
    with st.container(key="claims"):
        header(title, anchor)
        for claim, key, draw in opening:
            fold(page, plain(claim), key, draw)


def _closed(label: str, key: str, draw: Callable[[], None]) -> None:
    """The collapsed part that `closed` describes, within a piece of the page."""
    with st.expander(label, key=f"closed_{key}", on_change="rerun") as box:
        if box.open:
            draw()


def borders(page: Page) -> Geometry | None:
    """The borders for a geographic map; None if none are configured or, with a warning, if they cannot be read."""
    if page.settings.map_geometry is None:
        return None
    try:
        return geometry.load(page.settings.map_geometry)
    except BadSetting as problem:
        log.warning("map_geometry: %s", problem)
        st.warning(page.words("map.geometry.broken"), icon=":material/report:")
        return None


def lacking(page: Page, text: str, title: str | None = None) -> None:
    """Say what the release lacks, and where to get it: in the newest release, or in the next if this is the newest.

    Args:
        page: the page.
        text: what the release lacks, and why.
        title: the same in a few words.
    """
    words = page.words
    newest = filters.link(page.link, {filters.RELEASE: None})
    where = words("state.lacking.older", link=newest) if page.older else words("state.lacking.newest")
    st.info(f"{text} {where}", title=title, icon=":material/hourglass_empty:")


def foot(page: Page, definitions: Iterable[str], datasets: Collection[str], limits: str = "made.limits") -> None:
    """The end of every page: how its numbers are made, and whom to ask."""
    how_made(page, definitions, sources(datasets, page.words.language), limits)
    contact(page)
    _list_headings(page.words)


def answer(text: str) -> None:
    """The page's answer in a sentence or two, larger than the rest."""
    st.html(f'<p class="dif-answer">{escape(text)}</p>')


def note(text: str, link: str | None = None) -> None:
    """Small print in full contrast, since `st.caption` fades below WCAG AA's minimum. `link` makes it a link.

    Without a text it keeps its place, as a `placed` part does.
    """
    if not text:
        st.empty()
        return
    st.html(frame.small(text, link))


def commands(text: str, *lines: str) -> None:
    """`dif` commands in a separate block under their purpose: most readers of a page run none."""
    note(text)
    st.code("\n".join(lines), language=None, wrap_lines=True)


def freshness(page: Page, observed: date | None = None) -> None:
    """Which numbers these are: the last month, when they were made, how they were checked, and the release.

    `observed` is the last observed month on the page; shown if it is not the release's own.
    """
    through, late = page.release.through_month, queries.late(page)
    text = tables.freshness(page.release, page.words, through=through, observed=observed, late=late)
    st.html(text)


def banners(page: Page, datasets: Collection[str]) -> None:
    """Say when the last run failed, and when the numbers are older than the contracts of `datasets` promise."""
    words = page.words
    if page.attempt and page.attempt.failed:
        _failed(page, page.attempt, frozenset(datasets))
    hours = min(DATASETS[name].freshness_hours for name in datasets)
    looked = fresh_at(page.release, page.attempt)
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
        f"{check.dataset}, {check.check}"
        if check.unexpected is None
        else words("state.failed.check", dataset=check.dataset, check=check.check, unexpected=check.unexpected)
        for check in attempt.failed_checks
    ]
    sentences = []
    if checks:
        sentences.append(words("state.failed.checks", checks=formatting.listing(checks, words.language)))
        sentences.append(words("state.failed.touched" if attempt.touches(datasets) else "state.failed.untouched"))
    elif attempt.problem:
        sentences.append(words("state.failed.other", problem=attempt.problem))
    sentences.append(words("state.failed.stays", release=page.release.name))
    st.warning(
        plain(" ".join(sentences)),
        title=words("state.failed.title", at=formatting.day_and_time(attempt.at, words.language)),
        icon=":material/report:",
    )


_SIGNS: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>$~"})
_LINKS: Final = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
"""Places in running text that Markdown turns into links, even without a character that can be escaped."""
_JOINED: Final = "\u2060"


def plain(text: str) -> str:
    """Visible text, escaped from Markdown: names of checks have underscores, and a link's value may be a link."""
    return _LINKS.sub(_JOINED, frame.visible(text).translate(_SIGNS))


def header(text: str, anchor: str = "", subtitle: str = "") -> None:
    """A heading of a part of the page, and under it, in small print, what the part shows.

    Both are one piece of HTML: Streamlit's heading cost the browser two to five times as much, at each change of a
    filter. With an `anchor` it is listed at the top of the page, under the message `contents.<anchor>` if there is one,
    and links to itself.
    """
    listed = _contents.get()
    if anchor and listed is not None:
        listed.headings.append((anchor, text))
    st.html(frame.heading(text, anchor, subtitle, level=2))


def subheader(text: str, subtitle: str = "") -> None:
    """A heading within a part of the page, as `header` draws it."""
    st.html(frame.heading(text, "", subtitle, level=3))


@placed
def say_unknown(unknown: Iterable[Unknown], words: Words) -> None:
    """Say which values of the link the page does not have, and what it shows instead."""
    for unknown_value in unknown:
        if _was_carried(unknown_value.parameter):
            parameter = words(f"filter.{unknown_value.parameter}").lower()
            note(words("state.carried", parameter=parameter, given=unknown_value.given, shown=unknown_value.shown))
            continue
        if unknown_value.reason == "external":
            text = words("state.unknown.external", name=unknown_value.given, shown=unknown_value.shown)
        elif unknown_value.reason == "unobserved":
            text = words("state.unknown.unobserved", given=unknown_value.given, shown=unknown_value.shown)
        elif unknown_value.reason == "ended":
            key = "state.unknown.ended.left_out" if unknown_value.shown == formatting.MISSING else "state.unknown.ended"
            text = words(key, given=unknown_value.given, shown=unknown_value.shown)
        elif unknown_value.reason == "over":
            text = words("state.unknown.over", given=unknown_value.given, most=unknown_value.shown)
        else:
            parameter = words(f"filter.{unknown_value.parameter}").lower()
            key = "state.unknown.left_out" if unknown_value.shown == formatting.MISSING else "state.unknown"
            text = words(key, given=unknown_value.given, parameter=parameter, shown=unknown_value.shown)
        text = plain(text)
        if unknown_value.near:
            keys = {"unobserved": "state.unknown.nearest", "ended": "state.unknown.successor"}
            near = plain(unknown_value.near)
            if unknown_value.value and unknown_value.shown != formatting.MISSING:
                near = f"[{near}]({filters.link(parameters(), {unknown_value.parameter: unknown_value.value})})"
            text += " " + words(keys.get(unknown_value.reason, "state.unknown.near"), near=near)
        st.warning(text, title=words("state.unknown.title"), icon=":material/link_off:")


def how_made(page: Page, definitions: Iterable[str], source: str, limits: str = "made.limits") -> None:
    """How the numbers are made: definitions, source, limits, revisions."""
    words = page.words
    header(words("made.title"), anchor="definisjoner")
    with st.expander(words("made.open")):
        paragraphs = (  # in one element: each costs the browser, at each change of a filter
            f"**{words('made.definition.title')}**",
            "\n".join(f"- {definition}" for definition in definitions),
            f"**{words('made.source.title')}.** {plain(source)}",
            f"**{words('made.limits.title')}.** {words(limits)}",
            f"**{words('made.revisions.title')}.** {words('made.revisions', release=page.release.name)}",
        )
        st.markdown("\n\n".join(paragraphs))


def contact(page: Page) -> None:
    """Whom to ask: the function address of the settings, or that none is set."""
    words, address = page.words, page.settings.contact
    text = words("app.contact", contact=address) if address else words("app.contact.unset")
    st.markdown(f"**{words('app.contact.title')}.** {text}")


def sources(names: Collection[str], language: str) -> str:
    """The datasets of a page and their sources, from their contracts."""
    described: Mapping[str, str] = {
        name: f"{name} ({'; '.join([DATASETS[name].title[language].lower(), *_made_of(DATASETS[name])])})"
        for name in names
    }
    return formatting.listing(list(described.values()), language) + "."


def _made_of(contract: DatasetContract) -> list[str]:
    return [", ".join(contract.sources)] if contract.sources else []
