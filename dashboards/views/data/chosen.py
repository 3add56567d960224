"""What a link asks the data page for. The page and its panels ask alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.page import filters
from dashboards.release.query import GAPS
from dashboards.shared.pages import DATASET, ORGANISATION, STREAM
from dashboards.views.data import narrative, queries

if TYPE_CHECKING:
    from dashboards.page.filters import Filter
    from dashboards.shared.opening import View
    from dashboards.views.data.models import Held

PART: Final = "del"
PARTS: Final = ("katalog", "leveranser", "karantene", "endringer")
DATASETS: Final = ("quality.check_result", "quality.accounting", "quality.quarantine_summary", "quality.release_diff")
CATALOGUE: Final = "meta.dataset"


def chosen(page: View, held: list[Held], has: frozenset[str], part_of: str = "") -> dict[str, Filter]:
    """The filters with the link's values, in drawing order.

    Args:
        page: the release and the link.
        held: its datasets.
        has: their names.
        part_of: the part of the page, where it is not the link's.
    """
    link, words = {**page.link, **({PART: part_of} if part_of else {})}, page.words
    names = {part: words(f"data.part.{part}") for part in PARTS}
    others = (DATASET, ORGANISATION, STREAM, filters.SERVICE)
    part = filters.single_choice(PART, link, names, switch=True, forgets=others)
    choices = {PART: part}
    if part.value == "katalog":
        every = {"": words("data.every.dataset")} | {
            entry.dataset: f"{entry.title} ({entry.dataset})" for entry in held
        }
        choices[DATASET] = filters.single_choice(DATASET, link, every)
    if part.value == "leveranser" and GAPS in has:
        organisations = {"": words("data.every.organisation")} | queries.senders(page)
        choices[ORGANISATION] = filters.single_choice(ORGANISATION, link, organisations)
    if part.value == "leveranser":
        choices[STREAM] = streams(page, ("dispatch", "measurement"))
    if part.value == "karantene":
        landed = [row["stream"] for row in page.rows("data/accounting", stream=None)]
        choices[STREAM] = streams(page, tuple(landed))
    if part.value == "endringer":
        changed = {"": words("data.every.service")} | queries.changed_services(page)
        choices[filters.SERVICE] = filters.single_choice(filters.SERVICE, link, changed)
    return choices


def streams(page: View, stream_names: tuple[str, ...]) -> Filter:
    """The stream filter."""
    names = {"": page.words("data.every.stream")} | {name: narrative.stream(name, page.words) for name in stream_names}
    return filters.single_choice(STREAM, page.link, names)
