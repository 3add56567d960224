"""The files of an organisation's own page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from catalog.domain.calendar import year_before
from dashboards.page.downloads import in_kroner
from dashboards.shared.panel import Cell, Composed
from dashboards.views.organisation.models import Change, ServiceYear
from dashboards.views.organisation.narrative import WHY, what
from dashboards.words import Words, formatting


def change_rows(changes: Sequence[Change], month: date, release: str, words: Words) -> Composed:
    """Changes since the same month last year, line by line, in kroner to the øre; the parts stand between the two.

    No total row: anyone summing the column would count it twice.

    Args:
        changes: the changes.
        month: the month that is compared with the same month last year.
        release: repeated on each row so that a row can be pasted elsewhere.
        words: the texts.
    """
    then, now = (formatting.first(formatting.month(day, words.language)) for day in (year_before(month), month))
    header = [
        *(words(f"organisation.lines.{x}") for x in ("service", "what")),
        *(f"{x} (kr)" for x in (then, *(words(f"organisation.changes.{x}") for x in WHY), now)),
        *(words(f"column.{x}") for x in ("release", "synthetic")),
    ]
    rows: list[list[Cell]] = [
        [
            change.line.name,
            what(change.line, words),
            *(in_kroner(ore) for ore in (change.then_ore, *(getattr(change, f"{x}_ore") for x in WHY), change.now_ore)),
            release,
            words("value.yes" if change.synthetic else "value.no"),
        ]
        for change in changes
    ]
    return Composed(header, rows, any(change.synthetic for change in changes))


def year_rows(year: Sequence[ServiceYear], heads: Sequence[str], release: str, words: Words) -> Composed:
    """What each service costs in two years, in kroner to the øre; the parts stand between the two. No total row.

    Args:
        year: the services.
        heads: the names of the two years.
        release: repeated on each row so that a row can be pasted elsewhere.
        words: the texts.
    """
    header = [
        words("organisation.lines.service"),
        *(f"{x} (kr)" for x in (heads[0], *(words(f"organisation.changes.{x}") for x in WHY), heads[1])),
        *(words(f"column.{x}") for x in ("release", "synthetic")),
    ]
    rows: list[list[Cell]] = [
        [
            of.name,
            *(in_kroner(ore) for ore in (of.then_ore, *(getattr(of, f"{x}_ore") for x in WHY), of.now_ore)),
            release,
            words("value.yes" if of.synthetic else "value.no"),
        ]
        for of in year
    ]
    return Composed(header, rows, any(of.synthetic for of in year))
