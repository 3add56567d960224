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

    from dashboards.views.data.narrative import Held
    from dashboards.words import Words

SIGNS: Final = {"MISSING": "data.sign.MISSING", "LATE": "data.sign.LATE", "NOT_YET_DUE": "data.sign.NOT_YET_DUE"}
_KINDS: Final = {"MISSING": "dif-missing", "LATE": "dif-late", "NOT_YET_DUE": "dif-waits", "RECEIVED": "dif-came"}
_SATURDAY: Final = 5


def linked(text: str, link: str) -> str:
    """A link within the pages."""
    return f'<a href="{escape(link)}">{escape(text)}</a>'


def overview(datasets: Sequence[Held], to: Callable[[str], str], words: Words) -> str:
    """The release's datasets, one row each; `to` gives the address of a dataset's entry.

    Owner and deadline stand in the entry: most have the same.
    """
    columns = [(words(f"data.fact.{name}"), name == "rows") for name in ("dataset", "audience", "rows", "checks")]
    lines: list[list[str | tables.Cell]] = []
    for entry in datasets:
        mark = tables.marks([words("app.synthetic")] if entry.synthetic else [])
        name = (
            f'{linked(entry.title, to(entry.dataset))}{mark}<span class="dif-note">{_breakable(entry.dataset)}</span>'
        )
        audience = words(f"data.audience.{entry.audience}.short")
        rows = tables.number(entry.rows, words) if entry.rows is not None else formatting.NOT_POSSIBLE
        lines.append([tables.Cell(name), audience, rows, narrative.checked(entry, words)])
    framed = tables.table("dif-list dif-catalogue", words("data.overview.caption"), columns, lines, words)
    return tables.filtered(framed, words)


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
    lines: list[list[str | tables.Cell]] = []
    for row in rows:
        statuses = came.get(row["organisation_number"], {})
        cells = [_day(statuses.get(day), day, words) for day in days]
        text = words("data.lacking.row", missing=row["days_missing"], due=row["days_due"])
        if row["days_late"]:
            text += " " + words("data.lacking.row.late", late=row["days_late"])
        if row["missing_since"]:
            text += " " + words("data.lacking.row.since", day=formatting.day(row["missing_since"], language))
        mark = tables.marks([words("app.synthetic")] if row["synthetic"] else [])
        lines.append([tables.Cell(f"{escape(row['organisation'])}{mark}"), text, *cells])
    columns: list[tables.Column] = [(words("data.organisation"), False), (words("data.lacking.words"), "dif-wide")]
    columns += [(_heading(day, language), False) for day in days]
    return tables.table("dif-list dif-calendar", words("data.lacking.caption"), columns, lines, words)


def _heading(day: date, language: str) -> tables.Cell:
    number, month = formatting.day_and_month(day, language)
    weekend = " dif-weekend" if day.weekday() >= _SATURDAY else ""
    markup = f'{escape(number)}<span class="dif-note">{escape(month)}</span>'
    return tables.Cell(markup, f'class="dif-day{weekend}"')


def _day(status: str | None, day: date, words: Words) -> str | tables.Cell:
    kind = _KINDS.get(status or "", "dif-weekend" if day.weekday() >= _SATURDAY else "")
    sign = words(SIGNS[status]) if status in SIGNS else words("data.sign.RECEIVED") if status else ""
    return tables.Cell(escape(sign), f'class="{kind}"') if kind else ""


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
