"""Feeds of releases, for people and programs who want to hear of new figures: Atom, in Norwegian.

Source: RFC 4287.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from catalog.contracts.language import DatasetContract
from catalog.contracts.sharing import is_public
from catalog.exports.published import PUBLISHER
from catalog.tables.datasets import DATASETS

MEDIA: Final = "application/atom+xml"
OF_RELEASES: Final = "releases.atom"
"""The name of the feed of all releases; a dataset's is the dataset's name with `.atom`."""
_ATOM: Final = "http://www.w3.org/2005/Atom"
_OF_THE_RUN: Final = frozenset({"meta", "quality"})
"""Schemas that tell of the release itself, and so change with each."""
OPEN: Final = {n: d for n, d in DATASETS.items() if is_public(d) and d.schema not in _OF_THE_RUN}
"""The datasets that a feed tells of: anybody may read a feed."""


@dataclass(frozen=True, slots=True)
class ReleaseNews:
    """What a feed says of a release.

    Attributes:
        published_at: when, with its offset.
        through_month: the last whole month with figures (ISO); empty when there is none.
        synthetic: whether any number is made up.
        contents: of each open dataset, by name, what changes when its rows do.
    """

    release: str
    published_at: datetime
    through_month: str
    synthetic: bool
    contents: Mapping[str, str]


def news_of(manifest: Mapping[str, Any]) -> ReleaseNews:
    """What a feed needs of a release's manifest."""
    contents = {
        name: str(entry["content_hash"] or sorted(entry["partitions"].items()))
        for name, entry in manifest["datasets"].items()
        if name in OPEN
    }
    return ReleaseNews(
        str(manifest["release"]),
        datetime.fromisoformat(str(manifest["published_at"])),
        str(manifest.get("through_month") or ""),
        bool(manifest.get("synthetic")),
        contents,
    )


def feed(releases: Sequence[ReleaseNews], *, address: str | None, pages: str, dataset: str | None = None) -> bytes:
    """The feed of all releases, or of those in which a dataset's rows changed.

    Args:
        releases: the kept ones, oldest first.
        address: where HTTP serves them; empty: addresses are relative, and the feed does not say its own;
            None: nowhere, so the feed links to no files.
        pages: where the pages are, to link to.
        dataset: an open one, by name; None tells of all.
    """
    title = f"Utgaver fra {PUBLISHER}" if dataset is None else f"{OPEN[dataset].title.nb}: nye tall"
    path = f"/feeds/{OF_RELEASES if dataset is None else f'{dataset}.atom'}"
    entries = [(news, changed) for news, changed in _changes(releases) if dataset is None or dataset in changed]
    root = ET.Element("feed", {"xmlns": _ATOM, "xml:lang": "nb"})
    _add(root, "id", f"urn:dif:feed:{dataset or 'releases'}")
    _add(root, "title", title)
    _add(root, "updated", entries[-1][0].published_at.isoformat() if entries else "1970-01-01T00:00:00+00:00")
    _add(_add(root, "author"), "name", PUBLISHER)
    if address:
        _add(root, "link", rel="self", type=MEDIA, href=f"{address}{path}")
    for news, changed in reversed(entries):
        entry = _add(root, "entry")
        # a dataset's feed says other things of a release than the feed of all
        _add(entry, "id", f"urn:dif:release:{news.release}" + (f":{dataset}" if dataset else ""))
        _add(entry, "title", f"Utgave {news.release}" + (" (syntetiske tall)" if news.synthetic else ""))
        _add(entry, "updated", news.published_at.isoformat())
        parameter = f"&datasett={dataset}" if dataset else ""
        _add(entry, "link", rel="alternate", type="text/html", href=f"{pages}/data?utgave={news.release}{parameter}")
        if dataset and address is not None:
            data = f"{address}/releases/{news.release}/{dataset}.csv"
            _add(entry, "link", rel="enclosure", type="text/csv", href=data)
        _add(entry, "summary", _summary(news, [OPEN[name] for name in changed]))
    text: bytes = ET.tostring(root, "utf-8", xml_declaration=True)
    return text


def _changes(releases: Iterable[ReleaseNews]) -> Iterable[tuple[ReleaseNews, list[str]]]:
    """Each release with the datasets whose rows differ from the release before; of the first, all."""
    before: Mapping[str, str] = {}
    for news in releases:
        yield news, [name for name, content in sorted(news.contents.items()) if before.get(name) != content]
        before = news.contents


def _summary(news: ReleaseNews, changed: Sequence[DatasetContract]) -> str:
    through = f"Tall til og med {news.through_month[:7]}. " if news.through_month else ""
    which = f"Endret: {', '.join(d.title.nb for d in changed)}." if changed else "Ingen åpne datasett er endret."
    return f"{through}{which}" + (" Noen av tallene er syntetiske: laget av en simulator." if news.synthetic else "")


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    element.text = text
    return element
