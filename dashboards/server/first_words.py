"""The first words of a page, in the HTML that the server sends before any script.

On a slow line the program of the pages takes ten seconds to arrive. Until then, and without scripts, the reader has the
page's title, answer, freshness and key figures as text, with the pages and the search. `frame.js` takes them away when
the page itself stands.

They are of the same functions as the page (`views/<page>/panels.py`), for the same visitor.
"""

from __future__ import annotations

import importlib
import logging
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Final

from catalog.errors import SharingError
from dashboards.release import reader
from dashboards.shared import frame, pages, queries, tables
from dashboards.shared.opening import View
from dashboards.words import Words
from transport.releases.release import newest_sound, release_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.release.authorization import Visitor
    from dashboards.shared.opening import Opening
    from dashboards.shared.pages import PageAt
    from transport.base.settings import Settings

log = logging.getLogger(__name__)
_CARRIED: Final = (pages.LANGUAGE, pages.RELEASE)


def first_words(given: Settings, visitor: Visitor | None, path: str, link: Mapping[str, str], words: Words) -> str:
    """The first words of a page as HTML; empty where the page itself has to say why there are none.

    Args:
        given: where the releases are.
        visitor: who asks; None is nobody.
        path: the page's, without slashes; empty for the front page.
        link: the parameters.
        words: the texts.
    """
    page = next((page for page in pages.PAGES if page.path == path), pages.PAGES[0])
    if visitor is None or page not in pages.shown_to(visitor) or not page.view.with_name("panels.py").is_file():
        return ""
    try:
        named = release_named(given.releases, link.get(pages.RELEASE, ""))
        release = named or newest_sound(given.releases, reader.opens)[0]
        if release is None or not reader.opens(release):
            return ""
        of_page = replace(words, marks=pages.marks(page, release.real))
        view = View(release, visitor, of_page, link)
        return _html(page, view, _opening(page, view))
    except SharingError as problem:
        log.info("%s: no first words: %s", page.key, problem)  # the page says what is wrong
    except Exception:
        log.exception("no first words of %s", page.key)
    return ""


def _opening(page: PageAt, view: View) -> Opening:
    opening: Opening = importlib.import_module(f"dashboards.views.{page.key}.panels").opening(view)
    return opening


def _html(page: PageAt, view: View, opening: Opening) -> str:
    words, release = view.words, view.release
    kept = {name: view.link[name] for name in _CARRIED if name in view.link}
    title = opening.title or words(f"{page.key}.title")
    menu = frame.menu(pages.shown_to(view.visitor), kept, words, page)
    parts = [menu, frame.top(view.link, release, (), words)]
    if release.synthetic and page.numbers:
        parts.append(frame.strip(words, mixed=words.marks))
    parts.append(f"<h1>{escape(title)}</h1>")
    if opening.answer:
        parts.append(f'<p class="dif-said">{escape(opening.answer)}</p>')
    through, late = release.through_month, queries.late(view)
    parts.append(tables.freshness(release, words, through=through, observed=opening.observed, late=late))
    if opening.figures:
        parts.append(tables.key_figures(opening.figures, words, kept))
    if opening.note:
        parts.append(frame.small(opening.note))
    links = "".join(f'<li><a href="{escape(to)}">{escape(text)}</a></li>' for text, to in opening.reports)
    listed = f'<ul class="dif-listed">{links}</ul>' if links else ""
    parts.append(f'<noscript><p class="dif-small">{escape(words("app.no_script"))}</p>{listed}</noscript>')
    return f'<div id="dif-first">{"".join(parts)}</div>'
