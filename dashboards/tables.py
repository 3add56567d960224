"""Tables as real HTML, which a screen reader can walk and which is read without colour. Pure: answers in, markup out.

Every text is escaped here. Colours are steps of one ramp, each with a text colour of at least 4.5:1 in contrast.
"""

from __future__ import annotations

from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Final

from dashboards import wording
from dashboards.findings import no_delivery, share, short, standing, synthetic_note, wait

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.findings import Figure
    from dashboards.questions import Area, NetworkCell, NotYet
    from dashboards.texts import Words

RAMP: Final = (
    (Decimal("0.2"), "#ffffff", "#00042e"),
    (Decimal("0.4"), "#ece8fa", "#00042e"),
    (Decimal("0.6"), "#cdc2f0", "#00042e"),
    (Decimal("0.8"), "#a996e4", "#00042e"),
    (Decimal(2), "#5a3bc4", "#ffffff"),
)
"""Up to which share, background, text."""


def _region(table: str, label: str, *, tall: bool = False) -> str:
    """A frame that scrolls by keyboard as well."""
    kind = "dif-scroll dif-tall" if tall else "dif-scroll"
    return f'<div class="{kind}" role="region" tabindex="0" aria-label="{escape(label)}">{table}</div>'


def _colours(part: Decimal) -> tuple[str, str]:
    return next((background, text) for below, background, text in RAMP if part < below)


def key_figures(found: Sequence[Figure], words: Words) -> str:
    """Key figures as a list of terms: label, number, comparison in words, and a way to the definition."""
    told = "".join(
        f'<div><dt>{escape(one.label)}</dt><dd class="dif-value">{escape(one.value)}</dd>'
        f"<dd>{escape(one.words)}{escape(synthetic_note(words, synthetic=one.synthetic))}</dd></div>"
        for one in found
    )
    return f'<dl class="dif-figures">{told}</dl>'


def network_table(cells: Sequence[NetworkCell], areas: Sequence[Area], chosen: str, area: str, words: Words) -> str:
    """Products down, networks across, `n of m` in each cell; `..` where a network has no number.

    Args:
        cells: the numbers.
        areas: the columns, in order; the country first.
        chosen: the service whose row is marked.
        area: the area whose column is marked.
        words: the texts.
    """
    rows: dict[str, dict[str, NetworkCell]] = {}
    for cell in cells:
        rows.setdefault(cell.service, {})[cell.area] = cell
    head = "".join(
        f'<th scope="col"{_marked(chosen=one.area == area)}>{_breakable(_column(one, words))}</th>' for one in areas
    )
    body = []
    for service, found in sorted(rows.items(), key=lambda item: (-_country_share(item[1]), item[0])):
        some = next(iter(found.values()))
        basis = words(f"uptake.table.basis.{some.active_basis}")
        said = f"{basis}, {wording.month(some.month, words.language)}"
        if some.synthetic:
            said += f" · <strong>{escape(words('app.synthetic'))}</strong>"
        values = "".join(_cell(found.get(one.area), marked=one.area == area, words=words) for one in areas)
        body.append(
            f'<tr{_marked(chosen=service == chosen)}><th scope="row">{escape(some.name)}'
            f'<span class="dif-note">{said}</span></th>{values}</tr>'
        )
    return _region(
        f'<table class="dif-table dif-heat"><caption>{escape(words("uptake.table.caption"))}</caption>'
        f'<thead><tr><th scope="col">{escape(words("column.service"))}</th>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>",
        words("uptake.table.region"),
    )


def _column(one: Area, words: Words) -> str:
    return words("area.country") if one.area_kind == "NO" else short(one.name)


def _breakable(name: str) -> str:
    """A name that may break after `Digi`, so that a column is no wider than its numbers."""
    return escape(name).replace("Digi", "Digi<wbr>", 1)


def _marked(*, chosen: bool) -> str:
    return ' class="dif-chosen"' if chosen else ""


def _country_share(found: dict[str, NetworkCell]) -> Decimal:
    return share(found["NO"]) if "NO" in found else Decimal(0)


def _cell(cell: NetworkCell | None, *, marked: bool, words: Words) -> str:
    if cell is None:
        return f"<td{_marked(chosen=marked)}>{wording.MISSING}</td>"
    background, text = _colours(share(cell))
    said = words("uptake.n_of_m", n=cell.active, m=cell.municipalities)
    return f'<td{_marked(chosen=marked)} style="background:{background};color:{text}">{escape(said)}</td>'


def not_yet(found: Sequence[NotYet], basis: str, words: Words) -> str:
    """Municipalities without the service, one row each, in the order they come."""
    synthetic = any(one.synthetic for one in found)
    names = ("municipality", "county", "network", "step", "step_month", "months_waiting", "inhabitants")
    numbers = {"months_waiting", "inhabitants"}
    head = "".join(
        f'<th scope="col"{_number_class(number=name in numbers)}>{escape(words(f"column.{name}"))}</th>'
        for name in names
    )
    caption = words("uptake.not_yet.caption")
    if synthetic:
        caption += f" · {words('app.synthetic')}"
    body = "".join(_not_yet_row(one, basis, words) for one in found)
    return _region(
        f'<table class="dif-table dif-list"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>",
        words("uptake.not_yet.region"),
        tall=True,
    )


def _number_class(*, number: bool) -> str:
    return ' class="dif-number"' if number else ""


def _not_yet_row(one: NotYet, basis: str, words: Words) -> str:
    no_step = "." if one.step == "NONE" else wording.MISSING
    since = no_step if one.step_month is None else wording.month(one.step_month, words.language)
    mark = no_delivery(one, words)
    marked = f'<span class="dif-note">{escape(mark)}</span>' if mark else ""
    people = wording.MISSING if one.inhabitants is None else wording.number(one.inhabitants, words.language)
    return (
        f'<tr><th scope="row">{escape(one.municipality_code)} {escape(one.municipality)}</th>'
        f"<td>{escape(one.county or wording.MISSING)}</td>"
        f"<td>{escape(one.network or '.')}</td>"
        f"<td>{escape(standing(one, basis, words))}{marked}</td>"
        f"<td>{escape(since)}</td>"
        f'<td class="dif-number">{escape(wait(one, words))}</td>'
        f'<td class="dif-number">{escape(people)}</td></tr>'
    )
