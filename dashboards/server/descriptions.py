"""What search engines read on an open dataset's page: Croissant, which is schema.org's `Dataset` too, as JSON-LD.

Source: https://developers.google.com/search/docs/appearance/structured-data/dataset.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from catalog.contracts.language import Audience
from catalog.errors import Damaged
from catalog.exports.croissant import croissant
from catalog.exports.published import published
from catalog.tables.datasets import DATASETS
from transport.releases.release import current_release

if TYPE_CHECKING:
    from transport.base.settings import Settings

_OPEN: Final = {name: d for name, d in DATASETS.items() if d.audience is Audience.OPEN}


def described(given: Settings, dataset: str) -> bytes:
    """An element that describes a dataset of the current release; empty where there is nothing to tell.

    Only open datasets are described, since anybody may read a page's HTML, and only where `public_url` says from where
    the data can be fetched.

    Args:
        given: where the releases are.
        dataset: its name, as the address of the page has it.
    """
    if not given.public_url or dataset not in _OPEN:
        return b""
    try:
        release = current_release(given.releases)
    except Damaged:
        return b""  # the page tells it
    return _element(given, release.folder.name, dataset) if release else b""


@lru_cache(maxsize=256)
def _element(given: Settings, release: str, dataset: str) -> bytes:
    manifest = json.loads((given.releases / release / "manifest.json").read_text("utf-8"))
    published_release = published(
        manifest,
        {dataset: _OPEN[dataset]},
        address=given.public_url,
        contact=given.contact,
        licence=given.licence_url,
        open_access=given.open_access,
    )
    if not published_release.datasets:
        return b""
    text = json.dumps(croissant(published_release.datasets[0], published_release), ensure_ascii=False)
    escaped = text.replace("<", "\\u003c")  # or a text could end the element
    return f'<script type="application/ld+json">{escaped}</script>'.encode()
