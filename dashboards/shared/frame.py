"""The markup of every page's frame: its top, the strip about synthetic numbers, headings and their list. Pure.

`frame.js` adds what markup cannot do alone: copying a link, the search dialog, sorting a table. Without it, the links
lead to the same places.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlencode

from catalog.contracts.language import Audience
from dashboards.shared import pages
from dashboards.words import TAGS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dashboards.shared.pages import PageAt
    from dashboards.words import Words
    from transport.releases.release import Release

FIND: Final = "/sok"
"""The address of the search page."""
HOME: Final = "/hjem"
"""The address of the page where a reader chooses where to begin."""


def top(link: Mapping[str, str], release: Release | None, names: Sequence[str], words: Words) -> str:
    """The line above the title: search, the release with others to choose, a link to this view, and the language.

    Args:
        link: the parameters of the page's link.
        release: the shown release; None for a visitor who is not let in, or without a release.
        names: the releases to choose from, newest first.
        words: the texts.
    """
    others = " ".join(
        f'<a href="{_link(link, {pages.LANGUAGE: tag})}" lang="{tag}" hreflang="{tag}">{escape(name)}</a>'
        for tag, name in TAGS.items()
        if tag != words.tag
    )
    language = f'<p class="dif-language">{others}</p>'
    if release is None:
        return f'<div class="dif-top">{language}</div>'
    kept = {pages.LANGUAGE: words.tag, **{name: link[name] for name in (pages.RELEASE,) if name in link}}
    find, home = escape(f"{FIND}?{urlencode(kept)}"), escape(f"{HOME}?{urlencode({pages.LANGUAGE: words.tag})}")
    return (
        f'<div class="dif-top"{_translated(words)}><p><a class="dif-find" href="{find}" aria-keyshortcuts="/">'
        f"{escape(words('find.open'))}</a></p>{_releases(link, release, names, words)}"
        f'<details class="dif-menu dif-more"><summary>{escape(words("app.more"))}</summary><div>'
        f'<p><a href="{home}">{escape(words("home.open"))}</a></p>'
        f'<p><a href="{_subscription(link, words)}">{escape(words("subscribe.open"))}</a></p>'
        f'<p><a class="dif-copy" href="{_link(link, {pages.RELEASE: release.name})}" '
        f'data-copied="{escape(words("app.copied"))}">{escape(words("app.copy"))}</a></p>{language}</div></details></div>'
    )


def _translated(words: Words) -> str:
    """Streamlit's own words with those of the page where they differ, for `frame.js`."""
    ours = {own_word: words(key) for own_word, key in _STREAMLIT.items()}
    differ = json.dumps({own_word: text for own_word, text in ours.items() if text != own_word}, ensure_ascii=False)
    return f' data-words="{escape(differ)}"'


_STREAMLIT: Final = {
    "App pages": "streamlit.pages",
    "Choose an option": "streamlit.choose",
    "Choose date": "streamlit.date",
    "Choose options": "streamlit.choose",
    "Clear all": "streamlit.clear_all",
    "Clear date": "streamlit.clear",
    "Clear entry": "streamlit.clear",
    "Clear value": "streamlit.clear",
    "Close": "streamlit.close",
    "Collapse sidebar": "streamlit.menu.close",
    "Connecting": "streamlit.connecting",
    "Connecting to Streamlit server": "streamlit.connecting.server",
    "Connection error": "streamlit.lost",
    "Decrement": "streamlit.decrement",
    "Error": "streamlit.error",
    "Expand sidebar": "streamlit.menu.open",
    "Increment": "streamlit.increment",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your "
    "terminal:": "streamlit.stopped",
    "Multiselect options": "streamlit.options",
    "Navigate to home page": "streamlit.home",
    "No results": "streamlit.none",
    "Open": "streamlit.open",
    "Press Enter to apply": "streamlit.enter",
    "Press Enter to submit form": "streamlit.enter.form",
    "Select all": "streamlit.all",
    "Selectbox options": "streamlit.options",
    "Selected values": "streamlit.selected",
    "Streamlit server is not responding. Are you connected to the internet?": "streamlit.silent",
    "Unable to connect to Streamlit server": "streamlit.lost",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": "streamlit.date.keys",
    "group mark container": "streamlit.marks",
    "visualization": "streamlit.chart",
}
"""What Streamlit and Vega say by themselves on a page of ours, and the message key of each."""
_SUBJECTS: Final = (pages.MUNICIPALITY, pages.AREA, pages.SERVICE)
"""What can be followed, the narrowest first."""


def _subscription(link: Mapping[str, str], words: Words) -> str:
    """The address to follow what the page is about; the whole where the link names nothing."""
    subject = {name: link[name] for name in _SUBJECTS if link.get(name, "NO") != "NO"}
    first = dict(list(subject.items())[:1])
    return escape(f"{pages.SUBSCRIBE}?{urlencode({**first, pages.LANGUAGE: words.tag})}")


def _releases(link: Mapping[str, str], release: Release, names: Sequence[str], words: Words) -> str:
    """The shown release, which opens to the others and to what changed since the one before it."""
    newest = names[0] if names else release.name
    listed = ""
    for name in names:
        address = _link(link, {pages.RELEASE: None if name == newest else name})
        here = ' aria-current="true"' if name == release.name else ""
        note = f" · {escape(words('release.newest'))}" if name == newest else ""
        listed += f'<li><a href="{address}"{here}>{escape(name)}</a>{note}</li>'
    kept = {name: link[name] for name in (pages.LANGUAGE, pages.RELEASE) if name in link}
    changes = f"{pages.address('data')}{_link(kept, {'del': 'endringer'})}"
    return (
        f'<details class="dif-menu"><summary>{escape(words("release.shown", release=release.name))}</summary>'
        f'<div><p><a href="{changes}">{escape(words("release.changes"))}</a></p><ul>{listed}</ul></div></details>'
    )


def _link(link: Mapping[str, str], changes: Mapping[str, str | None]) -> str:
    wanted = {**link, **changes}
    return escape("?" + urlencode({name: value for name, value in wanted.items() if value}))


def strip(words: Words, *, mixed: bool) -> str:
    """The line that stays in sight while the reader scrolls: the numbers, or those that are marked, are synthetic.

    Args:
        words: the texts.
        mixed: the page has real numbers too.
    """
    about = escape(f"{pages.address('about')}?{urlencode({pages.LANGUAGE: words.tag})}#syntetisk")
    text = escape(words("app.strip.mixed" if mixed else "app.strip"))
    return f'<p class="dif-strip">{text} <a href="{about}">{escape(words("app.strip.made"))}</a></p>'


def contents(headings: Sequence[tuple[str, str]], title: str) -> str:
    """Links to the headings of the page.

    Args:
        headings: the anchor of each, and its text.
        title: what the list is called; empty until the headings are known.
    """
    if not headings:
        return '<div class="dif-contents"></div>'
    links = "".join(f'<li><a href="#{escape(anchor)}">{escape(text)}</a></li>' for anchor, text in headings)
    return f'<nav class="dif-contents" aria-label="{escape(title)}"><p>{escape(title)}</p><ul>{links}</ul></nav>'


def parts(links: Mapping[str, str], here: str, label: str) -> str:
    """The parts of one subject as a row of links, which stands under the title of each.

    Args:
        links: the address of each part, by its name.
        here: the address of the part that is shown.
        label: what the row is called.
    """
    listed = "".join(
        f'<li><a href="{escape(link)}"{_HERE if link == here else ""}>{escape(name)}</a></li>'
        for name, link in links.items()
    )
    return f'<nav class="dif-parts" aria-label="{escape(label)}"><ul>{listed}</ul></nav>'


_HERE: Final = ' aria-current="page"'


def heading(text: str, anchor: str, subtitle: str, level: Literal[2, 3]) -> str:
    """A heading, which leads to itself where it has an anchor, and its subtitle, if any.

    There is no line break before the dot of ` · syntetisk`.
    """
    markup = escape(visible(text).replace(" · ", "\u00a0· "))
    linked = f'<a class="dif-anchor" href="#{escape(anchor)}">{markup}</a>' if anchor else markup
    at = f' id="{escape(anchor)}"' if anchor else ""
    return f"<h{level}{at}>{linked}</h{level}>{small(subtitle) if subtitle else ''}"


def visible(text: str) -> str:
    """The text without invisible characters, such as those that change its direction: names are others' words."""
    return "".join(sign for sign in text if sign.isprintable() or sign.isspace())


def small(text: str, link: str | None = None) -> str:
    """Small print; `link` makes it a link."""
    markup = f'<a href="{escape(link)}">{escape(text)}</a>' if link else escape(text)
    return f'<p class="dif-small">{markup}</p>'


def noted(source: str, notes: Sequence[str], words: Words) -> str:
    """The source of a chart or table, which opens to what is to be known of it; paper has all of it."""
    text = " ".join(notes)
    if len(text) <= _SHORT:
        return small(f"{source} {text}".strip())
    return (
        f'<details class="dif-small dif-notes"><summary>{escape(source)} {escape(words("chart.notes"))}</summary>'
        f"<p>{escape(text)}</p></details>"
    )


_SHORT: Final = 120
"""The letters of notes that stand open: a line."""


def menu(shown: Iterable[PageAt], link: Mapping[str, str], words: Words, here: PageAt | None = None) -> str:
    """The menu of a page that Streamlit has not drawn, or does not draw."""
    query = escape(f"?{urlencode(link)}") if link else ""
    listed = "".join(
        f'<li><a href="/{page.path}{query}"{" aria-current=page" if page is here else ""}>'
        f"{escape(words(f'app.menu.{page.key}'))}</a></li>"
        for page in shown
        if page.in_menu
    )
    return f'<nav aria-label="{escape(words("app.no_page.pages"))}"><ul>{listed}</ul></nav>'


def search(sought: str, kept: Mapping[str, str], words: Words, *, most: int, focus: bool = False) -> str:
    """The form that leads to the search page.

    Args:
        sought: what stands in it.
        kept: parameters that it keeps.
        words: the texts.
        most: the letters that it takes.
        focus: the page is for searching.
    """
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in kept.items())
    return (
        f'<form action="{FIND}" role="search"><label>{escape(words("find.label"))} <input type="search" name="q" '
        f'value="{escape(sought)}" maxlength="{most}"{" autofocus" if focus else ""}></label>{hidden} '
        f'<button type="submit">{escape(words("find.open"))}</button></form>'
    )


def alone(title: str, main: str, words: Words) -> str:
    """A page drawn without Streamlit, and without scripts: under the menu of what every visitor may see.

    Args:
        title: of the page.
        main: its markup.
        words: the texts.
    """
    app = escape(words("app.title"))
    open_to_all = (page for page in pages.PAGES if page.audience is Audience.OPEN)
    kept = {pages.LANGUAGE: words.tag} if words.tag != next(iter(TAGS)) else {}
    return (
        f'<!doctype html>\n<html lang="{words.tag}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(title)} – {app}</title><link rel="icon" href="/app/static/icon.png">'
        f"<style>{_STYLE}</style></head><body><header>"
        f'<img src="/app/static/wordmark-{words.language}.svg" alt="{app}" height="32">'
        f"{menu(open_to_all, kept, words)}</header><main>{main}</main></body></html>\n"
    )


_STYLE: Final = """
@font-face { font-family: Inter; font-weight: 400 700; src: url("/app/static/inter-latin.woff2") format("woff2"); }
body { margin: 0; padding: 0 1rem 3rem; background: #ffffff; color: #00042e; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: 0 1.5rem; margin-bottom: 1.5rem; }
header { padding: 0.9rem 0; border-bottom: 1px solid #d9d7e4; }
header ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0; list-style: none; font-size: 0.875rem; }
header a { color: #00042e; text-decoration: none; }
header a:hover { text-decoration: underline; }
body { font: 1rem/1.5 Inter, system-ui, sans-serif; }
main { max-width: 60rem; overflow-wrap: break-word; }
form { display: flex; flex-wrap: wrap; align-items: end; gap: 0.5rem; max-width: 40rem; margin: 1rem 0; }
form > :not(button, label:not(.field)) { flex-basis: 100%; }
form > label:not(.field) { flex: 1 1 20rem; font-weight: 650; }
form > label :is(select, input) { display: block; margin-top: 0.25rem; font-weight: 400; }
fieldset { margin: 1.5rem 0; padding: 0; border: 0; }
legend, label.field { display: block; margin: 1.5rem 0 0.25rem; padding: 0; font-weight: 650; }
select, input:is([type=email], [type=search]) { box-sizing: border-box; width: 100%; height: 2.5rem; }
select { background: #ffffff; color: inherit; }
form > button { height: 2.5rem; }
.error { padding: 0.5rem 1rem; border-inline-start: 4px solid #c01b1b; }
input, select, button { font: inherit; padding: 0.4rem 0.75rem; border: 1px solid #8a88a0; border-radius: 6px; }
button { background: #5a3bc4; color: #ffffff; }
small { color: #4a4a66; }
h1 { margin: 0 0 1rem; font-size: 2.25rem; line-height: 1.2; font-weight: 700; }
h2 { margin: 2rem 0 0.5rem; font-size: 1.5rem; line-height: 1.2; font-weight: 650; }
ul { margin: 0; padding-inline-start: 1.25rem; line-height: 1.8; }
.rows { max-width: 40rem; padding: 0; list-style: none; line-height: 1.5; border-top: 1px solid #d9d7e4; }
.rows li { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: 0.5rem 0; }
.rows li { border-bottom: 1px solid #d9d7e4; overflow-wrap: anywhere; }
.rows .whole { grid-column: 1 / -1; }
a { color: #5a3bc4; }
:focus-visible { outline: 3px solid #5a3bc4; outline-offset: 2px; }
@media (min-width: 48rem) { body { padding-inline: 5rem; } }
"""
"""The style of a page drawn without Streamlit: the same colours, font and spacing."""
