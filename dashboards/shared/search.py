"""What readers can search for: pages, municipalities, networks, counties, services, numbers, terms and datasets.

The index is for anybody who is let in, so it has nothing that a role may not see. `frame.js` searches it as the reader
types, by the same rules as `found`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from dashboards.shared import pages, queries
from dashboards.shared.narrative import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dashboards.release.query import Area
    from dashboards.shared.opening import View

MOST: Final = 80
"""The longest search text, in characters."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that can be found.

    Attributes:
        kind: what it is, in the page's language.
        text: what stands under its title.
        also: other words that it is found by, such as a municipality's code.
        ended: it is no longer in force, and is found after what is: few look for Berg, and many for Bergen.
    """

    title: str
    kind: str
    address: str
    text: str = ""
    also: str = ""
    ended: bool = False


def index(view: View) -> list[Entry]:
    """Everything that can be found in a release, in the view's language."""
    return [*_pages(view), *_places(view), *_services(view), *_numbers(view), *_terms(view), *_datasets(view)]


def _to(view: View, page: str, anchor: str = "", **link: str) -> str:
    kept = {name: view.link[name] for name in (pages.LANGUAGE, pages.RELEASE) if name in view.link}
    query = urlencode({**kept, **link})
    return pages.address(page) + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")


def _pages(view: View) -> Iterator[Entry]:
    words = view.words
    for page in pages.shown_to(view.visitor):
        yield Entry(words(f"{page.key}.title"), words("find.page"), _to(view, page.key))


def _places(view: View) -> Iterator[Entry]:
    words = view.words
    for row in view.rows("search_municipalities"):
        kind = words("find.municipality" if row["in_force"] else "find.municipality.ended")
        address = _to(view, "municipality", **{pages.MUNICIPALITY: row["code"]})
        yield Entry(row["name"], kind, address, also=row["code"], ended=not row["in_force"])
    for area in queries.areas(view):
        if area.area_kind != "NO":
            address = _to(view, "uptake", **{pages.AREA: area.area})
            yield Entry(short(area.name), _kind(area, view), address, also=area.name)


def _kind(area: Area, view: View) -> str:
    return view.words("find.network" if area.area_kind == "NETWORK" else "find.county")


def _services(view: View) -> Iterator[Entry]:
    words = view.words
    for service in queries.services(view):
        if not service.external:
            link = {pages.SERVICE: service.service}
            yield Entry(service.name, words("find.service"), _to(view, "service", **link), also=service.service)


def _numbers(view: View) -> Iterator[Entry]:
    if "meta.metric" not in view.datasets:
        return
    for row in view.rows("metric_definitions", language=view.words.language):
        address = _to(view, "definitions", row["metric"])
        yield Entry(row["title"], view.words("find.number"), address, row["definition"], row["metric"])


def _terms(view: View) -> Iterator[Entry]:
    words = view.words
    for name in words.under("term"):
        term, text = words(f"term.{name}").split(": ", maxsplit=1)
        yield Entry(term, words("find.term"), _to(view, "definitions", sok=term), text)


def _datasets(view: View) -> Iterator[Entry]:
    if "meta.dataset" not in view.datasets:
        return
    for row in view.rows("search_datasets", language=view.words.language):
        address = _to(view, "data", **{pages.DATASET: row["dataset"]})
        yield Entry(row["title"], view.words("find.dataset"), address, also=row["dataset"])


def folded(text: str) -> str:
    """Text without capitals and accents, for comparison."""
    return "".join(x for x in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(x))


def found(entries: Sequence[Entry], sought: str) -> list[Entry]:
    """The entries with every word of the search, the best first: title, its beginning, within it, elsewhere."""
    words = folded(sought[:MOST]).split()
    places = [(_place(entry, words), entry) for entry in entries] if words else []
    return [entry for place, entry in sorted(places, key=lambda pair: pair[0]) if place < _NOWHERE]


_NOWHERE: Final = 4


def _place(entry: Entry, words: Sequence[str]) -> int:
    title, phrase = folded(entry.title), " ".join(words)
    everything = " ".join((title, folded(entry.text), folded(entry.kind), folded(entry.also)))
    if not all(word in everything for word in words):
        return _NOWHERE
    if title == phrase and not entry.ended:
        return 0
    if title.startswith(phrase) and not entry.ended:
        return 1
    return 2 if all(word in title for word in words) else 3


def told(entry: Entry) -> Mapping[str, str | bool]:
    """An entry as `frame.js` reads it; of a long text the beginning, and the other words that it is found by."""
    begun = entry.text if len(entry.text) <= _SHOWN else entry.text[:_SHOWN].rsplit(" ", 1)[0]
    text = begun if begun == entry.text else f"{begun} …"
    seen = folded(f"{entry.title} {begun} {entry.also}")
    rest = dict.fromkeys(word for word in folded(entry.text[len(begun) :]).split() if word not in seen)
    also = " ".join([entry.also, *rest]).strip()
    told = {"title": entry.title, "kind": entry.kind, "address": entry.address, "text": text, "also": also}
    return {**told, "ended": True} if entry.ended else told


_SHOWN: Final = 140
