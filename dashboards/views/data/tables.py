"""The tables of the data page. Pure: answers in, markup out, every text escaped."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any, Final

from dashboards.shared import tables
from dashboards.views.data import narrative
from dashboards.words import formatting

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
    """The release's datasets, one row each; `to` gives the address of a dataset's entry."""
    columns = [
        (words("data.fact.dataset"), False),
        (words("data.fact.owner"), False),
        (words("data.fact.audience"), False),
        (words("data.fact.promise"), False),
        (words("data.fact.rows"), True),
        (words("data.fact.checks"), False),
    ]
    lines = []
    for entry in held:
        mark = tables.marks([words("app.synthetic")] if entry.synthetic else [])
        cells = [
            escape(narrative.owner(entry.owner, words)),
            escape(words(f"data.audience.{entry.audience}.short")),
            escape(narrative.fresh(entry.freshness_hours, words)),
            tables.number(entry.rows, words) if entry.rows is not None else formatting.NOT_POSSIBLE,
            escape(narrative.checked(entry, words)),
        ]
        text = "".join(
            f"<td{tables.NUMBER if number else ''}>{cell}</td>"
            for cell, (_, number) in zip(cells, columns[1:], strict=True)
        )
        name = (
            f'{linked(entry.title, to(entry.dataset))}{mark}<span class="dif-note">{_breakable(entry.dataset)}</span>'
        )
        lines.append(f'<tr><th scope="row">{name}</th>{text}</tr>')
    made = tables.table("dif-list dif-catalogue", words("data.overview.caption"), columns, lines)
    return tables.region(made, words("data.overview.caption"), words, rows=len(lines))


def _breakable(dataset: str) -> str:
    """The name of a dataset, whose lines may end between its words."""
    return re.sub(r"([._])", r"\1<wbr>", escape(dataset))


def lineage(
    rows: Sequence[Mapping[str, Any]], titles: Mapping[str, str], to: Callable[[str], str], words: Words
) -> tuple[str, str]:
    """What a dataset is made of and what is made of it, as two lists; an empty string where there are none."""
    sides: dict[bool, list[str]] = {False: [], True: []}
    for row in rows:
        name = row["neighbour"]
        if row["kind"] != "DATASET":
            sides[row["made_from_it"]].append(escape(narrative.neighbour(row["kind"], name, words)))
        else:
            title = titles.get(name, name)
            sides[row["made_from_it"]].append(f"{linked(title, to(name))} ({escape(name)})")
    before, after = (
        f'<ul class="dif-lineage">{"".join(f"<li>{markup}</li>" for markup in sides[side])}</ul>' if sides[side] else ""
        for side in (False, True)
    )
    return before, after


def calendar(
    rows: Sequence[Mapping[str, Any]],
    came: Mapping[str, Mapping[date, str]],
    days: Sequence[date],
    words: Words,
) -> str:
    """Organisation × day: missing and late deliveries, with a summary in words first."""
    language = words.language
    head = "".join(_heading(day, language) for day in days)
    lines = []
    for row in rows:
        statuses = came.get(row["organisation_number"], {})
        cells = "".join(_day(statuses.get(day), day, words) for day in days)
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
    names = "".join(f'<th scope="col">{escape(words(key))}</th>' for key in ("data.organisation", "data.lacking.words"))
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
    """The meaning of the calendar's signs."""
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
