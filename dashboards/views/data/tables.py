"""The tables of the pages about the data themselves. Pure: answers in, markup out, every text escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from dashboards.shared import tables
from dashboards.words import formatting
from dashboards.views.data import narrative

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from dashboards.views.data.models import Held
    from dashboards.words import Words

SIGNS: Final = {"MISSING": "data.sign.MISSING", "LATE": "data.sign.LATE", "NOT_YET_DUE": "data.sign.NOT_YET_DUE"}
_KINDS: Final = {"MISSING": "dif-missing", "LATE": "dif-late", "NOT_YET_DUE": "dif-waits", "RECEIVED": "dif-came"}
_SATURDAY: Final = 5


def linked(text: str, link: str) -> str:
    """A link within the pages."""
    return f'<a href="{escape(link)}">{escape(text)}</a>'


def overview(held: Sequence[Held], to: Callable[[str], str], words: Words) -> str:
    """What the release holds, a row a dataset; `to` gives the address of its part of the page."""
    columns = [
        (words("data.fact.dataset"), False),
        (words("data.fact.owner"), False),
        (words("data.fact.audience"), False),
        (words("data.fact.promise"), False),
        (words("data.fact.rows"), True),
        (words("data.fact.checks"), False),
    ]
    lines = []
    for one in held:
        mark = tables.marks([words("app.synthetic")] if one.synthetic else [])
        cells = [
            escape(narrative.owner(one.owner, words)),
            escape(words(f"data.audience.{one.audience}.short")),
            escape(narrative.fresh(one.freshness_hours, words)),
            tables.number(one.rows, words) if one.rows is not None else formatting.NOT_POSSIBLE,
            escape(narrative.checked(one, words)),
        ]
        text = "".join(
            f"<td{tables.NUMBER if number else ''}>{cell}</td>"
            for cell, (_, number) in zip(cells, columns[1:], strict=True)
        )
        name = f'{linked(one.title, to(one.dataset))}{mark}<span class="dif-note">{escape(one.dataset)}</span>'
        lines.append(f'<tr><th scope="row">{name}</th>{text}</tr>')
    made = tables.table("dif-list dif-catalogue", words("data.overview.caption"), columns, lines)
    return tables.region(made, words("data.overview.caption"), words, rows=len(lines))


def facts(found: Sequence[tuple[str, str]]) -> str:
    """What there is to know of one thing, as terms and what they are."""
    text = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in found)
    return f'<dl class="dif-facts">{text}</dl>'


def lineage(
    rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], to: Callable[[str], str], words: Words
) -> tuple[str, str]:
    """What a dataset is made of and what is made of it, as two lists; empty where there is nothing to say."""
    found: dict[bool, list[str]] = {False: [], True: []}
    for row in rows:
        name = row["neighbour"]
        if row["kind"] != "DATASET":
            found[row["made_from_it"]].append(escape(narrative.neighbour(row["kind"], name, words)))
        else:
            title = titles.get(name, name)
            found[row["made_from_it"]].append(f"{linked(title, to(name))} ({escape(name)})")
    before, after = (
        f'<ul class="dif-lineage">{"".join(f"<li>{one}</li>" for one in found[side])}</ul>' if found[side] else ""
        for side in (False, True)
    )
    return before, after


def calendar(
    rows: Sequence[Mapping[str, Any]],
    came: Mapping[str, Mapping[date, str]],
    days: Sequence[date],
    words: Words,
) -> str:
    """Organisation × day: what was missing, what came late, with the same said in words first."""
    language = words.language
    head = "".join(_heading(day, language) for day in days)
    lines = []
    for row in rows:
        known = came.get(row["organisation_number"], {})
        cells = "".join(_day(known.get(day), day, words) for day in days)
        text = words("data.lacking.row", missing=row["days_missing"], due=row["days_due"])
        if row["days_late"]:
            text += " " + words("data.lacking.row.late", late=row["days_late"])
        if row["missing_since"]:
            text += " " + words("data.lacking.row.since", day=formatting.day(row["missing_since"], language))
        mark = tables.marks([words("app.synthetic")] if row["synthetic"] else [])
        lines.append(
            f'<tr><th scope="row">{escape(row["organisation"])}{mark}</th>'
            f'<td class="dif-wide">{escape(text)}</td>{cells}</tr>'
        )
    caption = words("data.lacking.caption")
    names = "".join(f'<th scope="col">{escape(words(one))}</th>' for one in ("data.organisation", "data.lacking.words"))
    made = (
        f'<table class="dif-table dif-list dif-calendar"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{names}{head}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    )
    return tables.region(made, caption, words, rows=len(rows))


def _heading(day: date, language: str) -> str:
    number, month = formatting.day_and_month(day, language)
    weekend = " dif-weekend" if day.weekday() >= _SATURDAY else ""
    return (
        f'<th scope="col" class="dif-day{weekend}">{escape(number)}<span class="dif-note">{escape(month)}</span></th>'
    )


def _day(status: str | None, day: date, words: Words) -> str:
    kind = _KINDS.get(status or "", "dif-weekend" if day.weekday() >= _SATURDAY else "")
    sign = words(SIGNS[status]) if status in SIGNS else words("data.sign.RECEIVED") if status else ""
    return f'<td class="{kind}">{escape(sign)}</td>' if kind else "<td></td>"


def legend(words: Words) -> str:
    """What the signs of the calendar mean."""
    signs = (*SIGNS, "RECEIVED")
    text = "".join(
        f'<li><span class="dif-key {_KINDS[sign]}">{escape(words(f"data.sign.{sign}"))}</span> '
        f"{escape(words(f'data.sign.{sign}.words'))}</li>"
        for sign in signs
    )
    return f'<ul class="dif-legend">{text}<li>{escape(words("data.sign.none.words"))}</li></ul>'


def file(text: str, link: str, name: str) -> str:
    """A link that downloads."""
    return f'<p class="dif-file"><a href="{escape(link)}" download="{escape(name)}">{escape(text)}</a></p>'
