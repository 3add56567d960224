"""Charts that other sites show, and tables at addresses that last. Drawn on the server: no script, no Streamlit.

    /embed/<page>/<panel>?<the page's filters>        a small HTML page with the chart as inline SVG
    /embed/<page>/<panel>.png|svg?<…>                 the chart as a picture, with its words
    /tabell/<page>/<panel>.xlsx|csv|json|parquet?<…>  the panel's table

Without `utgave` among the filters all follow the newest release; it may name a release, or a channel (`current`,
`stable`, a day). Each is for whoever may see it on the page. Charts of
pages that are open to everybody are shown to everybody: the server asks as `PUBLIC`, so nothing else is opened, whoever
is logged in. Where visitors log in, the operator must also have set `embed` for that. Strangers must not take visitors'
time: each such chart is drawn once, one at a time, and so many a minute for each address. Any other chart is shown to a
visitor by their session, and nobody else keeps it; without one it is refused before anything is opened.

What is given to a visitor is in the audit, with their rights and not their name, and has the limit of reads.

A page's panels are those of its `panels.py`; `docs/dashboards.md` tells how others are added.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import logging
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from html import escape
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from catalog.contracts.language import Audience
from catalog.errors import Damaged, Forbidden, OverQuota, UnknownName
from dashboards.access import visitors
from dashboards.page import chart_files, downloads, filters
from dashboards.page.filters import Unknown
from dashboards.release import reader
from dashboards.release.authorization import PUBLIC
from dashboards.shared import pictures
from dashboards.shared.opening import View
from dashboards.shared.pages import PAGES, marks
from dashboards.shared.panel import EMBED, TABLE, ComposedPanel, Panel
from dashboards.words import LANGUAGES, Words
from transport.base.bind_address import network_of
from transport.ingest.ingest_service import Quota
from transport.releases.release import newest_sound, release_named
from transport.releases.store import Releases
from transport.servers.http.files import entity_tag, has_already
from transport.telemetry.event_log import EventLog

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import ModuleType

    from starlette.requests import Request

    from dashboards.release.authorization import Visitor
    from dashboards.shared.charts import Chart
    from dashboards.shared.pages import PageAt
    from dashboards.shared.pictures import Caption
    from transport.base.settings import Settings
    from transport.releases.release import Release

log = logging.getLogger(__name__)

DRAWN_A_MINUTE: Final = 30
"""Charts that are drawn for one address where visitors log in; those that are kept have no limit."""
_WAITING: Final = 100
"""Charts that may wait to be drawn."""
_PICTURES: Final = 128
"""Charts for everybody that are kept."""
_LONGEST: Final = 80
"""Characters of an unknown value that are said back."""
_LONGEST_QUERY: Final = 1_000
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
_CHARTS: Final = {"html": "text/html; charset=utf-8", **chart_files.PICTURES}
_VARIES: Final = {"vary": "Accept-Encoding"}
"""Of answers that nobody compresses, about one that may be (RFC 9110, section 15.4.5)."""
_FOR_ONE: Final = "private, no-cache"
"""What is not for everybody is asked for again each time, since a role may have been revoked."""
_KEPT: Final = 300
"""Seconds for which others may show an embed without asking again; a release that the address names is kept longer."""
_KEPT_NAMED: Final = 86_400
_FRAMED: Final = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; font-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors *"
}
"""Any site may frame an embed, which loads nothing but our font."""
_STYLE: Final = """
@font-face { font-family: Inter; font-weight: 400 700; src: url("/app/static/inter-latin.woff2") format("woff2"); }
body { margin: 0; padding: 1rem; background: #ffffff; color: #00042e; font: 0.875rem/1.5 Inter, system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.25rem; line-height: 1.3; font-weight: 600; }
p { margin: 0.25rem 0 0; }
svg { display: block; width: 100%; height: auto; margin: 0.5rem 0; }
.narrow { display: none; }
@media (max-width: 36rem) { .wide { display: none; } .narrow { display: block; } }
a { color: #5a3bc4; }
a:focus-visible { outline: 3px solid #5a3bc4; outline-offset: 2px; }
"""


class _Refused(Exception):
    """Why there is nothing at an address: a status, and a text in both languages."""

    def __init__(self, status: HTTPStatus, key: str, **parts: Callable[[Words], str]) -> None:
        super().__init__(key)
        self.status = status
        self.texts = [
            words(key, **{name: part(words) for name, part in parts.items()}) for words in map(Words, LANGUAGES)
        ]

    def answer(self, *, as_page: bool = False) -> Response:
        """The text, plain where a file was asked for, else as a page. Nobody keeps it."""
        headers = {"cache-control": "no-store", **_FRAMED}
        if not as_page:
            return PlainTextResponse("\n".join(self.texts), self.status, headers)
        paragraphs = "".join(f'<p lang="{x}">{escape(text)}</p>' for x, text in zip(LANGUAGES, self.texts, strict=True))
        return HTMLResponse(_document(LANGUAGES[0], self.texts[0], paragraphs), self.status, headers)


def routes(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> list[Route]:
    """The routes of embeds, pictures and tables.

    Args:
        given: where the releases are, and whether others may show charts.
        visitor_of: the visitor, from the cookies of a request; None is nobody.
    """
    left, audit = Quota("reads", per_minute=given.quota_per_minute), EventLog(given)
    for_all = _ForAll(given)

    def visitor(request: Request) -> Visitor:
        """Who asks, with one read less left.

        Raises:
            _Refused: it is nobody.
            OverQuota: there are none left for now.
        """
        request.state.read = _AuditEntry("", request.url.path)
        visitor = visitor_of(request.cookies)
        if visitor is None:
            raise _Refused(HTTPStatus.FORBIDDEN, "embed.forbidden")
        request.state.read = _AuditEntry(visitor.key, request.url.path)
        left.spend(f"{visitor.name} {request.client.host if request.client else ''}")
        return visitor

    def audited(make: Callable[[], Response], request: Request) -> Response:
        began = time.perf_counter()
        answer = _answered(make, request)
        read: _AuditEntry | None = getattr(request.state, "read", None)
        if read:  # what is open to everybody is not asked for as anybody
            audit.read(
                who=read.who,
                dataset=read.dataset,
                release=read.release,
                outcome="served" if answer.status_code < HTTPStatus.BAD_REQUEST else "refused",
                rows=read.rows,
                ms=(time.perf_counter() - began) * 1000,
                wire="pages",
            )
        return answer

    async def embed(request: Request) -> Response:
        if not _is_for_all(given, request):
            return await run_in_threadpool(audited, lambda: _embed(request, given, visitor), request)
        try:
            return await run_in_threadpool(_answered, lambda: for_all.response(request), request)
        except _Undrawn:
            return await for_all.draw(request)

    def table(request: Request) -> Response:
        return audited(lambda: _table(request, given, visitor), request)

    return [
        Route(f"{EMBED}{{page}}/{{panel}}.{{kind}}", embed, methods=["GET", "HEAD"]),
        Route(f"{EMBED}{{page}}/{{panel}}", embed, methods=["GET", "HEAD"]),
        Route(f"{TABLE}{{page}}/{{panel}}.{{kind}}", table, methods=["GET", "HEAD"]),
    ]


@dataclass(frozen=True, slots=True)
class _AuditEntry:
    """A line of the audit: the reader's rights and what it got; of a refusal the address alone."""

    who: str
    dataset: str
    release: str = ""
    rows: int = 0


def _answered(make: Callable[[], Response], request: Request) -> Response:
    as_page = "kind" not in request.path_params
    try:
        answer = make()
    except _Refused as refused:
        return refused.answer(as_page=as_page)
    except OverQuota:
        return _busy()
    except Forbidden as problem:
        log.warning("refused: %s", problem)
        return _Refused(HTTPStatus.FORBIDDEN, "embed.forbidden").answer(as_page=as_page)
    except (Damaged, reader.ReleaseTooOld, reader.ReleaseGone, reader.ReleaseDamaged) as problem:
        log.warning("%s: %s", problem.kind, problem.problem)
        return _Refused(HTTPStatus.NOT_FOUND, "embed.none").answer(as_page=as_page)
    if has_already(request.headers.get("if-none-match", ""), answer.headers["etag"]):
        kept = {name: value for name, value in answer.headers.items() if name not in {"content-length", "content-type"}}
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=kept | _VARIES)
    return _part(answer, request)


def _busy() -> Response:
    busy = _Refused(HTTPStatus.TOO_MANY_REQUESTS, "embed.busy").answer()
    busy.headers["retry-after"] = "60"
    return busy


def _part(whole: Response, request: Request) -> Response:
    """The range of an answer that is asked for; the whole where that has changed, or where it is no single range.

    Whoever has a part of a compressed answer gets no range of it: ranges are of the bytes before.

    Source: RFC 9110, sections 13.1.5 and 14.2.
    """
    match, size = _RANGE.fullmatch(request.headers.get("range", "")), len(whole.body)
    same = {None} if whole.headers["etag"].startswith("W/") else {None, whole.headers["etag"]}
    if match is None or request.headers.get("if-range") not in same:
        return whole
    first, last = (int(number) if number else None for number in match.groups())
    if (first is None and last is None) or (first is not None and last is not None and last < first):
        return whole
    start = max(0, size - (last or 0)) if first is None else first
    end = size - 1 if first is None or last is None else min(last, size - 1)
    headers = {name: value for name, value in whole.headers.items() if name != "content-length"} | _VARIES
    if start >= size:
        return Response(
            status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers={"content-range": f"bytes */{size}"}
        )
    headers["content-range"] = f"bytes {start}-{end}/{size}"
    return Response(bytes(whole.body[start : end + 1]), HTTPStatus.PARTIAL_CONTENT, headers)


def _is_for_all(given: Settings, request: Request) -> bool:
    """Whether everybody may see the charts of the page that is asked for; whoever asks for no page learns so too."""
    at = _at(str(request.path_params["page"]))
    open_to_all = at is None or at.audience is Audience.OPEN
    return open_to_all and (not visitors.needs_login(given) or given.embed == chart_files.OPEN)


class _Undrawn(Exception):
    """A chart has to be drawn first."""


class _ForAll:
    """Charts that everybody may see. Kept, since many look at the same one, and a release does not change."""

    def __init__(self, given: Settings) -> None:
        self._given = given
        self._left = Quota("charts", per_minute=DRAWN_A_MINUTE)
        self._alone = CapacityLimiter(1)
        self._kept: dict[tuple[object, ...], bytes] = {}

    async def draw(self, request: Request) -> Response:
        """Answer with a chart that is drawn when all earlier ones are; whoever waits occupies no thread."""
        if self._alone.statistics().tasks_waiting >= _WAITING:
            return _busy()
        make = partial(self.response, request, draw=True)
        return await to_thread.run_sync(_answered, make, request, limiter=self._alone)

    def response(self, request: Request, *, draw: bool = False) -> Response:
        """The chart.

        Raises:
            _Refused: there is none.
            _Undrawn: it is not kept and may be drawn now: `draw` it.
            OverQuota: it is not kept, and enough was drawn for this address.
        """
        path, name, link = _address(request)
        kind, mime = _kind(request)
        _offered(path, name, PUBLIC)
        release = _release(self._given, link.get(filters.RELEASE))
        kept = _KEPT_NAMED if link.get(filters.RELEASE) == release.name else _KEPT
        link = _followed(path, _of_release(link, release))
        # a home that is restored may have another release of the same name
        changed = release.database.stat().st_mtime_ns
        chart = (release.name, changed, path, name, kind, *sorted(link.items()))
        body = self._kept.get(chart)
        if body is None and not draw:
            if visitors.needs_login(self._given):  # else it is only whoever sits at this machine
                self._left.spend(network_of(request.client.host if request.client else ""))
            raise _Undrawn
        if body is None:
            page = _view(self._given, release, PUBLIC, path, link)
            body = self._kept[chart] = _chart_bytes(_panel(path, name, page), page, path, kind)
            if len(self._kept) > _PICTURES:
                del self._kept[next(iter(self._kept))]
        return _response(body, mime, f"public, max-age={kept}", **_FRAMED)


def _followed(path: str, link: Mapping[str, str]) -> dict[str, str]:
    """The part of a link that an open page's charts follow: one chart has one link."""
    followed: frozenset[str] = getattr(panels_of(_at(path)), "PARAMETERS", frozenset())
    language = {filters.LANGUAGE: filters.language(link)[0]} if filters.LANGUAGE in link else {}
    return {name: value for name, value in link.items() if name in followed or name == filters.RELEASE} | language


def _embed(request: Request, given: Settings, visitor_of: Callable[[Request], Visitor]) -> Response:
    path, name, link = _address(request)
    kind, mime = _kind(request)
    visitor = visitor_of(request)
    _offered(path, name, visitor)
    page = _view(given, _release(given, link.get(filters.RELEASE)), visitor, path, link)
    panel = _panel(path, name, page)
    request.state.read = _read(panel, page)
    return _response(_chart_bytes(panel, page, path, kind), mime, _FOR_ONE, **_FRAMED)


def _kind(request: Request) -> tuple[str, str]:
    """The type of file that a chart is asked for as, and its media type.

    Raises:
        _Refused: charts have no such type.
    """
    kind = str(request.path_params.get("kind", "html"))
    if kind not in _CHARTS:
        raise _Refused(HTTPStatus.NOT_FOUND, "embed.missing")
    return kind, _CHARTS[kind]


def _of_release(link: Mapping[str, str], release: Release) -> dict[str, str]:
    """The filters with the release itself where they name a channel, which the pages do not know."""
    return {**link, **({filters.RELEASE: release.name} if filters.RELEASE in link else {})}


def _read(panel: Panel | ComposedPanel, page: View) -> _AuditEntry:
    rows = panel.answer.table.num_rows if isinstance(panel, Panel) else 0
    return _AuditEntry(page.visitor.key, ",".join(panel.source), page.release.name, rows)


def _table(request: Request, given: Settings, visitor_of: Callable[[Request], Visitor]) -> Response:
    visitor = visitor_of(request)
    kind = str(request.path_params["kind"])
    if kind not in chart_files.TABLES:
        raise _Refused(HTTPStatus.NOT_FOUND, "embed.missing")
    path, name, link = _address(request)
    _offered(path, name, visitor)
    page = _view(given, _release(given, link.get(filters.RELEASE)), visitor, path, link)
    panel = _panel(path, name, page)
    if kind == "parquet" and isinstance(panel, ComposedPanel):
        raise _Refused(HTTPStatus.NOT_FOUND, "embed.missing")
    request.state.read = _read(panel, page)
    return _response(_file(kind, panel, page), chart_files.TABLES[kind], _FOR_ONE)


def _address(request: Request) -> tuple[str, str, dict[str, str]]:
    """The page, the panel and the filters that an address names.

    Raises:
        _Refused: it is longer than any address of ours.
    """
    if len(request.url.query) > _LONGEST_QUERY:
        raise _Refused(HTTPStatus.NOT_FOUND, "embed.missing")
    return str(request.path_params["page"]), str(request.path_params["panel"]), dict(request.query_params)


def _at(path: str) -> PageAt | None:
    """The page at a path."""
    return next((page for page in PAGES if page.path == path), None)


def panels_of(at: PageAt | None) -> ModuleType | None:
    """The module with a page's panels; None where it has none."""
    if at is None or not at.view.with_name("panels.py").is_file():
        return None
    panels = importlib.import_module(f"dashboards.views.{at.key}.panels")
    return panels if hasattr(panels, "PANELS") else None


def _offered(path: str, name: str, visitor: Visitor) -> Callable[[View, str], Panel | ComposedPanel | Unknown | None]:
    """What makes a page's panels.

    Raises:
        _Refused: this visitor may not see the page, or it has no such panel. Nothing has been opened.
    """
    at = _at(path)
    if at is not None and not visitor.may_read(at.audience):
        raise _Refused(HTTPStatus.FORBIDDEN, "embed.forbidden")
    panels = panels_of(at)
    if panels is None or name not in panels.PANELS:
        raise _Refused(HTTPStatus.NOT_FOUND, "embed.missing")
    offer: Callable[[View, str], Panel | ComposedPanel | Unknown | None] = panels.panel
    return offer


def _panel(path: str, name: str, page: View) -> Panel | ComposedPanel:
    """The panel that the page's link asks for.

    Raises:
        _Refused: the link asks for something unknown, or there is nothing to show.
    """
    panel = _offered(path, name, page.visitor)(page, name)
    if isinstance(panel, Unknown):
        given, parameter = panel.given[:_LONGEST], panel.parameter
        raise _Refused(
            HTTPStatus.NOT_FOUND,
            "embed.unknown",
            given=lambda _words: given,
            parameter=lambda words: words(f"filter.{parameter}").lower(),
        )
    if panel is None:
        raise _Refused(HTTPStatus.NOT_FOUND, "embed.none")
    return panel


def _view(given: Settings, release: Release, visitor: Visitor, path: str, link: Mapping[str, str]) -> View:
    """The release as the page at the path would read it."""
    at = _at(path)
    words = Words(filters.language(link)[0], marks=at is None or marks(at, release.real))
    return View(release, visitor, words, _of_release(link, release), map_geometry=given.map_geometry)


def _release(given: Settings, name: str | None) -> Release:
    """The release of that name or channel, or the newest.

    Raises:
        _Refused: there is none, or it cannot be read.
    """
    release = _release_named(given, name) if name else newest_sound(given.releases, reader.opens)[0]
    if release is None or not reader.opens(release):
        raise _Refused(HTTPStatus.NOT_FOUND, "embed.none")
    return release


def _release_named(given: Settings, name: str) -> Release | None:
    release = release_named(given.releases, name)
    if release is None:
        with suppress(UnknownName):
            release = release_named(given.releases, Releases(given).get(name).name)
    return release


def _chart_bytes(panel: Panel | ComposedPanel, page: View, path: str, kind: str) -> bytes:
    """A panel's chart as HTML or as a picture.

    Raises:
        _Refused: there is no chart to show.
    """
    if not isinstance(panel, Panel) or panel.chart is None:
        raise _Refused(HTTPStatus.NOT_FOUND, "embed.none")
    caption = panel.caption(page, page.words)
    if kind in chart_files.PICTURES:
        return chart_files.picture(kind, panel.chart, caption)
    return _html(_drawn_for_both(panel.chart, caption.alt), caption, path, page)


def _drawn_for_both(chart: Chart | pictures.Drawing, alt: str) -> str:
    """A chart as wide as a page, and, as letters must not shrink with it, one as wide as a phone; a frame shows one."""
    wide = pictures.drawn_svg(chart).markup(alt)
    if isinstance(chart, pictures.Drawing):  # of parts that stand where they stand
        return wide
    narrow = pictures.drawn_svg(chart, pictures.PHONE_WIDE).markup(alt)
    return f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'


def _html(chart: str, caption: Caption, path: str, page: View) -> bytes:
    words = page.words
    mark = f"<p><strong>{escape(caption.synthetic)}</strong></p>" if caption.synthetic else ""
    small = [*caption.notes, caption.source]
    back = f"/{path}{filters.link(page.link, {})}"
    main = (
        f"<h1>{escape(caption.title)}</h1>{_paragraphs([caption.subtitle])}{mark}{chart}{_paragraphs(small)}"
        f'<p><a href="{escape(back)}" target="_blank" rel="noopener">{escape(words("embed.open"))}</a></p>'
    )
    return _document(words.tag, caption.title, main).encode()


def _document(language: str, title: str, main: str) -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>{main}</main></body></html>"
    )


def _paragraphs(texts: list[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts if text)


def _file(kind: str, panel: Panel | ComposedPanel, page: View) -> bytes:
    """The table as the page's own file, with the words that stand beside it there."""
    if kind == "json":
        return _json(panel, page)
    if isinstance(panel, ComposedPanel):
        return downloads.of_panel(kind, panel, page, panel.about)
    words = page.words
    description = " ".join(text for text in (panel.title, panel.subtitle, *panel.captions(words)) if text)
    about = {words("download.about"): description, words("made.source.title"): ", ".join(panel.source)}
    return downloads.of_panel(kind, panel, page, about)


def _json(panel: Panel | ComposedPanel, page: View) -> bytes:
    """The table with what must be said of it. Decimals are text, so that they stay exact.

    Amounts are in øre; in a table composed of several answers they are in kroner, under the titles of its columns.
    """
    document: dict[str, object] = {"title": panel.title, "source": list(panel.source), "release": page.release.name}
    if isinstance(panel, Panel):
        document |= {
            "subtitle": panel.subtitle,
            "synthetic": panel.answer.synthetic,
            "perturbed": panel.answer.perturbed,
            "notes": list(panel.captions(page.words)),
        }
        document["rows"] = panel.answer.rows
    else:
        composed = panel.make()
        document |= {
            "synthetic": composed.synthetic,
            "rows": [dict(zip(composed.header, row, strict=True)) for row in composed.rows],
        }
    return json.dumps(document, ensure_ascii=False, default=_value).encode()


def _value(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def _response(body: bytes, kind: str, kept: str, **more: str) -> Response:
    etag = entity_tag(hashlib.sha256(body).hexdigest()[:32], kind)
    headers = {"etag": etag, "cache-control": kept, "accept-ranges": "bytes", **more}
    return Response(body, media_type=kind, headers=headers)
