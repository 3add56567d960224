"""What the municipality page shows, as values: what its link asks for, its first words and its panels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from dashboards.page import filters
from dashboards.shared import pages
from dashboards.shared import queries as shared_queries
from dashboards.shared.models import STANDING
from dashboards.shared.narrative import synthetic_sentence
from dashboards.shared.opening import Opening
from dashboards.shared.pages import AREA, MONTH, MUNICIPALITY, address
from dashboards.shared.panel import Panel
from dashboards.views.municipality import narrative, queries
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from dashboards.page.filters import Filter, Unknown
    from dashboards.release.query import Area
    from dashboards.shared.opening import View


@dataclass(frozen=True, slots=True)
class Choice:
    """What the link asks for.

    Attributes:
        code, name: the municipality; empty for those of an area.
        area: the area, where no municipality is chosen.
        month: the month.
        chosen: the filters, in the order of the page.
    """

    code: str
    name: str
    area: Area
    month: date
    chosen: Sequence[Filter]


def choice(page: View) -> Choice | None:
    """What the link asks for; None where the release has no month that is over."""
    words, link, months = page.words, page.link, queries.months(page)
    if not months:
        return None
    names = shared_queries.municipalities(page)
    of_municipality = filters.municipality(page, words("municipality.none"))
    areas = {area.area: area for area in shared_queries.areas(page)}
    labels = {area.area: filters.area_label(area, words) for area in areas.values()}
    of_area = filters.single_choice(pages.AREA, link, labels)
    labels = {filters.month_value(month): formatting.month(month, words.language) for month in months}
    of_month = filters.single_choice(pages.MONTH, link, labels)
    month = next(month for month in months if filters.month_value(month) == of_month.value)
    code = of_municipality.value
    chosen = [of_municipality, *([] if code else [of_area]), of_month]
    return Choice(code, names.get(code, ""), areas[of_area.value], month, chosen)


def opening(page: View) -> Opening:
    """How many services the municipality has, or which of the area's have most and fewest."""
    rests_on = choice(page)
    return opening_of(page, rests_on) if rests_on else Opening()


def opening_of(page: View, rests_on: Choice) -> Opening:
    """The same, of what the link asks for."""
    words, month = page.words, rests_on.month
    if not rests_on.code:
        if rests_on.area.area_kind == "NO":
            return Opening(words("municipality.choose"))
        cells = queries.matrix(page, rests_on.area, month)
        place = filters.area_in_text(rests_on.area, words)
        return Opening(narrative.area_answer(cells, place, month, words))
    standings = shared_queries.standings(page, rests_on.code, month)
    use = queries.use(page, rests_on.code, month, words.language)
    return Opening(
        narrative.answer(rests_on.name, standings, month, words),
        narrative.figures(standings, use, month, words),
        title=rests_on.name,
        note=narrative.notes(standings, use, month, page.release.as_of, words),
    )


PAGE: Final = address("municipality").strip("/")


def services(page: View, of: Choice) -> Panel | None:
    """All services of a municipality; None where none is chosen."""
    if not of.code:
        return None
    words = page.words
    return Panel(
        f"{PAGE}/tjenester",
        f"kommune_{of.code}_{filters.month_value(of.month)}",
        words("municipality.services.title", name=of.name),
        words("municipality.services.subtitle", n=shared_queries.SIMILAR),
        shared_queries.standings_answered(page, of.code, of.month),
        (STANDING,),
    )


def matrix(page: View, of: Choice) -> Panel | None:
    """All municipalities of an area, by service; None where a municipality, or no area, is chosen."""
    if of.code or of.area.area_kind == "NO":
        return None
    answer = queries.matrix_answered(page, of.area, of.month)
    if not answer.table.num_rows:
        return None
    name = f"kommuner_{of.area.area.lower()}_{filters.month_value(of.month)}"
    return Panel(f"{PAGE}/kommuner", name, page.words("municipality.matrix.title"), "", answer, (STANDING,))


def areas(page: View, of: Choice) -> Panel | None:
    """The networks and counties and how far they have come; None where a municipality or an area is chosen."""
    if of.code or of.area.area_kind != "NO":
        return None
    words, answer = page.words, queries.areas_answered(page, of.month)
    subtitle = words("municipality.areas.subtitle", month=formatting.month(of.month, words.language))
    return Panel(
        f"{PAGE}/omrader",
        f"omrader_{filters.month_value(of.month)}",
        words("municipality.areas.title"),
        subtitle + synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        ("uptake.funnel",),
    )


PARAMETERS: Final = frozenset({AREA, MONTH, MUNICIPALITY})
"""The link's parameters that the panels follow, besides language and release."""
PANELS: Final[Mapping[str, Callable[[View, Choice], Panel | None]]] = {
    "tjenester": services,
    "kommuner": matrix,
    "omrader": areas,
}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key` of what the page's link asks for; None where there is nothing to show.

    A municipality, an area or a month that the release lacks is returned as unknown.

    Raises:
        KeyError: the page has no such panel.
    """
    make, of = PANELS[key], choice(page)
    if of is None:
        return None
    unknown = next((unknown for item in of.chosen for unknown in item.unknown), None)
    return unknown or make(page, of)
