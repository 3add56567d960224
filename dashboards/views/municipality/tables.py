"""The tables of a municipality's services, and of an area's municipalities. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from dashboards.shared import pages, tables
from dashboards.shared.charts import trend_svg
from dashboards.shared.narrative import short, synthetic_caption, synthetic_marks
from dashboards.shared.tables import Cell
from dashboards.views.municipality import narrative
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.release.query import Area, Row
    from dashboards.shared.models import Standing
    from dashboards.words import Words

LETTERS: Final = {
    "IN_USE": "B",
    "ACTIVATED": "A",
    "ACTIVATED_UNUSED": "U",
    "CONFIGURED": "K",
    "ANNEX_SIGNED": "V",
    "SUSPENDED": "P",
    "TERMINATED": "X",
    "NOT_LISTED": "–",
    "NONE": "",
}
"""The letter of each step, which stands in its cell beside the colour."""


def services(
    standings: Sequence[Standing],
    use: Mapping[str, Row],
    code: str,
    month: date,
    kept: Mapping[str, str] | None,
    words: Words,
) -> str:
    """A municipality's services, one row each: status, since when, use, and how many similar ones have it.

    Those that it has stand first; then those that most similar ones have.

    `kept` is what links to other pages carry; None makes no links, as on paper.
    """
    names = ("service", "standing", "since", "use", "change", "trend", "similar")
    kinds: dict[str, bool | str] = {"since": "dif-since", "use": True, "change": True, "similar": True}
    columns = [(words(f"municipality.column.{name}"), kinds.get(name, False)) for name in names]
    unmarked, own = synthetic_caption(words, [(service.name, service.synthetic) for service in standings])
    ordered = sorted(standings, key=lambda of: (-_rung(of.standing, of.active_basis), -of.similar_active))
    rows = [_service(service, use.get(service.service), code, month, kept, own) for service in ordered]
    caption = " · ".join(filter(None, [words("municipality.services.caption"), unmarked]))
    return tables.table("dif-list", caption, columns, rows, sorts=kept is not None)


def _service(
    service: Standing, use: Row | None, code: str, month: date, kept: Mapping[str, str] | None, words: Words
) -> list[str | Cell]:
    name = escape(service.name)
    if kept is not None:
        link = urlencode({**kept, pages.MUNICIPALITY: code, pages.SERVICE: service.service})
        name = f'<a href="{escape(pages.address("usage") + "?" + link)}">{name}</a>'
    since = formatting.MISSING if service.since is None else formatting.month(service.since, words.language)
    if service.since and service.no_later:
        since = words("municipality.no_later", month=since)
    mark = tables.marks(synthetic_marks(words, synthetic=service.synthetic))
    similar = (
        words("municipality.n_of_m", n=service.similar_active, m=service.similar_known)
        if service.similar_known
        else formatting.MISSING
    )
    stands = narrative.of_month(
        narrative.standing(service.standing, service.active_basis, words), service.month, month, words
    )
    return [
        Cell(f"{name}{mark}"),
        stands,
        since,
        narrative.quantity(use, words),
        narrative.change(use, words),
        Cell(trend_svg(use.months) if use else ""),
        similar,
    ]


def matrix(cells: Sequence[Row], month: date, kept: Mapping[str, str], words: Words) -> str:
    """The municipalities of an area by their services: a letter in each cell, and how many each has."""
    titles = {cell.service: narrative.of_month(cell.name, cell.month, month, words) for cell in cells}
    names = dict(sorted(titles.items(), key=lambda pair: formatting.collated(pair[1])))
    counts = narrative.active_by_municipality(cells)
    by_place = {(cell.code, cell.service): cell for cell in cells}
    rows = []
    for code, name in dict.fromkeys((cell.code, cell.municipality) for cell in cells):
        address = f"{pages.address('municipality')}?{urlencode({**kept, pages.MUNICIPALITY: code})}"
        head = Cell(f'<a href="{escape(address)}">{escape(name)}</a>')
        rows.append([head, str(counts[code]), *(_cell(by_place.get((code, service)), words) for service in names)])
    columns = [(words("column.municipality"), False), (words("municipality.column.count"), True)]
    columns += [(name, False) for name in names.values()]
    caption = words("municipality.matrix.caption")
    framed = tables.table("dif-heat dif-matrix", caption, columns, rows, words, sorts=True)
    return tables.filtered(framed, words) if len(rows) > tables.TALL else framed


def _cell(cell: Row | None, words: Words) -> str | Cell:
    if cell is None or cell.standing is None:
        return formatting.MISSING
    text = narrative.standing(cell.standing, cell.active_basis, words)
    background, colour = tables.colours(tables.RAMP[_rung(cell.standing, cell.active_basis)][0] - _BELOW)
    letter = LETTERS.get(narrative.step(cell.standing, cell.active_basis), "")
    return Cell(
        f'{letter}<span class="dif-map-words">{escape(text)}</span>',
        f'style="background:{background};color:{colour}" title="{escape(text)}"',
    )


_STEPS: Final = {"ANNEX_SIGNED": 1, "CONFIGURED": 2, "ACTIVATED_UNUSED": 2, "ACTIVATED": 3, "IN_USE": 4}
"""The place of each step on the ramp; the others stand on white."""
_BELOW: Final = tables.RAMP[0][0] / 2


def _rung(standing: str | None, basis: str | None) -> int:
    return _STEPS.get(narrative.step(standing, basis), 0) if standing else 0


def areas(listed: Sequence[Area], rows: Sequence[Row], caption: str, kept: Mapping[str, str], words: Words) -> str:
    """How far areas have come: their municipalities, services per municipality, and what is furthest behind.

    Args:
        listed: the areas, in order; one without a row is linked all the same.
        rows: what is known of them.
        caption: of the table.
        kept: what links carry.
        words: the texts.
    """
    by_area = {row.area: row for row in rows}
    lines: list[list[str | Cell]] = []
    for area in listed:
        address = f"{pages.address('municipality')}?{urlencode({**kept, pages.AREA: area.area})}"
        lines.append(
            [Cell(f'<a href="{escape(address)}">{escape(short(area.name))}</a>'), *_come(by_area.get(area.area), words)]
        )
    columns = [
        (words("column.area"), False),
        *((words(f"column.{x}"), True) for x in _MEASURED),
    ]
    return tables.table("dif-list", caption, [*columns, (words("column.behind"), False)], lines, sorts=True)


_MEASURED: Final = ("municipalities", "services_mean")


def _come(row: Row | None, words: Words) -> list[str | Cell]:
    language = words.language
    if row is None:
        return [formatting.MISSING] * 3
    behind = words("municipality.areas.none")
    if row.behind:
        shares = {x: formatting.percent(row[f"{x}_share"], language) for x in ("behind", "country")}
        behind = words("municipality.areas.behind", name=row.behind, **shares)
    return [formatting.number(row.municipalities, language), formatting.tenths(row.services_mean, language), behind]


def key(words: Words) -> str:
    """What the letters mean."""
    listed = "".join(
        f'<li><span class="dif-key">{letter}</span> {escape(words(f"municipality.standing.{code}"))}</li>'
        for code, letter in LETTERS.items()
        if letter
    )
    return f'<ul class="dif-legend">{listed}</ul>'
