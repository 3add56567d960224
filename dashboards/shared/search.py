"""What readers can search for: pages, municipalities, networks, counties, services, numbers, terms and datasets.

The index is for anybody who is let in, so it has nothing that a role may not see. Words are matched by rapidfuzz, so a
slip of the keyboard finds what was meant, and so does a name in two words (`svar ut`). What names an object and a page,
or two objects (`svarut pris`, `digisos alta`), leads to the page about just that. Where nothing has all words of a
search, what has most of them is found.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from rapidfuzz import process
from rapidfuzz.distance import OSA

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
        chooses: what a page's link must have to be about it: a parameter and its value; empty for what is no object.
        page: the key of the page that it is; empty for what is none.
        ended: it is no longer in force, and is found after what is: few look for Berg, and many for Bergen.
    """

    title: str
    kind: str
    address: str
    text: str = ""
    also: str = ""
    ended: bool = False
    chooses: tuple[tuple[str, str], ...] = ()
    page: str = ""


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
        also = words(f"find.also.{page.key}") if words.has(f"find.also.{page.key}") else ""
        yield Entry(words(f"{page.key}.title"), words("find.page"), _to(view, page.key), also=also, page=page.key)


def _places(view: View) -> Iterator[Entry]:
    words = view.words
    for row in view.rows("search_municipalities"):
        kind = words("find.municipality" if row["in_force"] else "find.municipality.ended")
        link = {pages.MUNICIPALITY: row["code"]}
        until = "" if row["in_force"] else words("find.until", year=str(row["until"].year)) if row["until"] else ""
        text = " · ".join(filter(None, [row["code"], row["county"], until]))
        yield Entry(
            row["name"],
            kind,
            _to(view, "municipality", **link),
            text,
            row["code"],
            ended=not row["in_force"],
            chooses=tuple(link.items()) if row["in_force"] else (),
        )
    for area in queries.areas(view):
        if area.area_kind != "NO":
            link = {pages.AREA: area.area}
            address = _to(view, "uptake", **link)
            yield Entry(short(area.name), _kind(area, view), address, also=area.name, chooses=tuple(link.items()))


def _kind(area: Area, view: View) -> str:
    return view.words("find.network" if area.area_kind == "NETWORK" else "find.county")


def _services(view: View) -> Iterator[Entry]:
    words = view.words
    descriptions = {row["service"]: row["description"] for row in view.rows("search_services")}
    for service in queries.services(view):
        if not service.external:
            link = {pages.SERVICE: service.service}
            yield Entry(
                service.name,
                words("find.service"),
                _to(view, "service", **link),
                descriptions.get(service.service) or "",
                f"{service.service} {service.name.replace(' ', '')}",
                chooses=tuple(link.items()),
            )


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
    """Text without capitals, accents and Norwegian letters, for comparison: many type Tromso."""
    plain = "".join(x for x in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(x))
    return plain.translate(_LETTERS)


_LETTERS: Final = str.maketrans({"ø": "o", "æ": "ae", "–": " ", "-": " ", ",": " ", ":": " "})
_LIKE: Final = 0.74
"""How alike two words must be to be one mistyped: one slip in four letters, two in eight."""
_SHORTEST: Final = 4
"""The letters of the shortest word that may be mistyped, be part of another, or have an ending."""
_LONG, _LIKE_BEGUN = 6, 0.8
"""The letters of the shortest word that may be the mistyped beginning of another, and how alike the two must be."""
_ENDING: Final = 3
"""The letters of the longest ending of a word: `rapport`, `rapportene`."""
_TITLE, _ALSO, _TEXT = 1.0, 0.9, 0.5
"""What a word counts by where it stands."""
_NAMES, _NAMES_SHORT = 0.62, 0.9
"""What a word must count, and a shorter one, to name a thing and not only to resemble it or stand in its text."""
_IDLE: Final = frozenset(
    {*("av", "den", "det", "er", "for", "har", "hva", "hvem", "hvor", "hvordan", "i", "jeg", "med", "og", "om", "pa")}
    | {*("skal", "som", "til", "vi", "the", "of", "in")}
)
"""Words of a question that are sought nowhere, unless there are no others."""
_TAKES: Final[Mapping[str, tuple[str, ...]]] = {
    "municipality": (pages.MUNICIPALITY,),
    "usage": (pages.SERVICE, pages.MUNICIPALITY),
    "uptake": (pages.SERVICE, pages.MUNICIPALITY, pages.AREA),
    "service": (pages.SERVICE, pages.MUNICIPALITY),
    "accounts": (pages.SERVICE,),
    "organisation": (pages.MUNICIPALITY,),
}
"""What the link of a page may choose, by the first part of its key."""


_ORDER: Final = ("service", "usage", "uptake", "municipality")
"""The pages about two objects, the likeliest first."""


def matches(entries: Sequence[Entry], sought: str) -> list[Entry]:
    """What has every word of the search, the best first; pages about what is named together come before it."""
    phrase = folded(sought[:MOST]).strip()
    standing = _standing(entries)
    named = any(folded(entry.title).strip() == phrase for entry in entries)
    typed = phrase.split() if named else _joined(phrase.split(), standing)
    words = list(dict.fromkeys(word for word in typed if word not in _IDLE)) or typed
    if not words:
        return []
    counted = [_counted(word, standing) for word in words]
    counts = {place: [of[place] for of in counted if place in of] for place in range(len(entries))}
    about, together = _together(entries, words, counted)
    had = max((len(some) for some in counts.values()), default=0)
    needed = had if had * 2 >= len(words) and not about else len(words)
    ranked = [
        (sum(some) / len(some) + _whole(entries[place], phrase), place)
        for place, some in counts.items()
        if len(some) >= needed
    ]
    alone = [entries[place] for _, place in sorted(ranked, key=lambda ranking: (-ranking[0], ranking[1]))]
    if together:
        return about + alone
    first = alone[:1]
    return [*first, *(x for x in about if x.address not in {entry.address for entry in first}), *alone[1:]]


def _joined(typed: Sequence[str], standing: Mapping[str, object]) -> list[str]:
    """The words of a search, with a name that was typed as two put together: `svarut` of `svar ut`."""
    words: list[str] = []
    for word in typed:
        if words and words[-1] + word in standing:
            words[-1] += word
        else:
            words.append(word)
    return words


def _whole(entry: Entry, phrase: str) -> float:
    """What an entry counts beside its words: by its whole name, as the page of the matter, or as one that has ended."""
    title = folded(entry.title).strip()
    if entry.ended:
        return -0.3
    if title == phrase:
        return 2.0
    if entry.page and phrase in folded(entry.also).split():
        return 0.7
    return 0.5 if title.startswith(phrase) else 0.0


def _standing(entries: Sequence[Entry]) -> dict[str, dict[int, float]]:
    """Each word of the entries, with the places of those that have it and what it counts there."""
    standing: dict[str, dict[int, float]] = defaultdict(dict)
    for place, entry in enumerate(entries):
        fields = ((entry.text, _TEXT), (entry.kind, _TEXT), (entry.also, _ALSO), (entry.title, _TITLE))
        for text, counts in fields:
            for word in folded(text).split():
                standing[word][place] = counts
    return standing


def _counted(word: str, standing: Mapping[str, Mapping[int, float]]) -> dict[int, float]:
    """What a word of the search counts for each entry: whole, as a beginning, mistyped, or within a longer word."""
    alike = {other: share for other in standing if (share := _has(word, other))}
    if len(word) >= _SHORTEST:
        near = process.extract(word, list(standing), scorer=OSA.normalized_similarity, score_cutoff=_LIKE, limit=None)
        alike |= {other: max(alike.get(other, 0.0), 0.8 * share) for other, share, _ in near}
    if len(word) >= _LONG:
        begun = {other: other[: len(word)] for other in standing if len(other) > len(word)}
        cut = process.extract(word, begun, scorer=OSA.normalized_similarity, score_cutoff=_LIKE_BEGUN, limit=None)
        alike |= {other: max(alike.get(other, 0.0), 0.6 * share) for _, share, other in cut}
    best: dict[int, float] = {}
    for other, share in alike.items():
        for place, counts in standing[other].items():
            best[place] = max(best.get(place, 0.0), share * counts)
    return best


def _has(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if other.startswith(word):
        return 0.85
    if len(other) >= _SHORTEST and word.startswith(other) and len(word) - len(other) <= _ENDING:
        return 0.8
    return 0.55 if len(word) >= _SHORTEST and word in other else 0.0


def _together(
    entries: Sequence[Entry], words: Sequence[str], counted: Sequence[Mapping[int, float]]
) -> tuple[list[Entry], bool]:
    """Pages about the objects that the words name, and whether they name several, or an object and a page."""
    needed = [_NAMES if len(word) >= _SHORTEST else _NAMES_SHORT for word in words]

    def named(place: int, left: frozenset[int]) -> frozenset[int]:
        return frozenset(n for n in left if counted[n].get(place, 0.0) >= needed[n])

    def weight(place: int, left: frozenset[int]) -> tuple[float, int]:
        return sum(counted[n][place] for n in named(place, left)), -place

    about, left = [], frozenset(range(len(words)))
    for parameter in (pages.SERVICE, pages.MUNICIPALITY, pages.AREA):
        of = [place for place, x in enumerate(entries) if x.chooses and x.chooses[0][0] == parameter]
        best = max((place for place in of if named(place, left)), key=lambda place: weight(place, left), default=None)
        if best is not None:
            about.append(entries[best])
            left -= named(best, left)
    if not about:
        return [], False
    leads = [place for place, x in enumerate(entries) if x.page and named(place, left) == left and _taken(x, about)]
    most = max((len(_taken(entries[place], about)) for place in leads), default=0)
    leads = [place for place in leads if len(_taken(entries[place], about)) == most]
    order = {page: n for n, page in enumerate(_ORDER)}
    leads.sort(key=lambda place: (-weight(place, left)[0], order.get(entries[place].page, len(order)), place))
    found_of_it = [_about(entries[place], _taken(entries[place], about)) for place in leads[:_FIRST]]
    return found_of_it, len(about) > 1 or bool(left)


def _taken(page: Entry, about: Sequence[Entry]) -> list[Entry]:
    """Those of the objects that the page can be about."""
    takes = _TAKES.get(page.page.partition(".")[0], ())
    return [entry for entry in about if entry.chooses[0][0] in takes]


def _about(page: Entry, about: Sequence[Entry]) -> Entry:
    """A page about some objects."""
    link = dict(pair for entry in about for pair in entry.chooses)
    joined = page.address + ("&" if "?" in page.address else "?") + urlencode(link)
    return Entry(" – ".join([*(entry.title for entry in about), page.title]), page.kind, joined)


_FIRST: Final = 3
"""The most pages about what is named together."""
_SHOWN: Final = 140


def as_shown(entry: Entry) -> Mapping[str, str]:
    """An entry as `frame.js` shows it; of a long text the beginning."""
    begun = entry.text if len(entry.text) <= _SHOWN else f"{entry.text[:_SHOWN].rsplit(' ', 1)[0]} …"
    return {"title": entry.title, "kind": entry.kind, "address": entry.address, "text": begun}
