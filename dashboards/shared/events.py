"""Events that explain a break in a chart: a price that changed, an outage, a merger of municipalities.

Price changes and mergers come from facts that a release has anyway; people put down the rest, in the register
`annotation`. A chart marks each month with a thin rule and a number; the text stands below it, and in what a screen
reader says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import altair as alt

from dashboards.shared.charts import GREY, named, on_ground
from dashboards.words import formatting

if TYPE_CHECKING:
    from datetime import date

    from dashboards.release.reader import ReleaseReader
    from dashboards.words import Words

MOST: Final = 3
"""The most months that a chart marks, the latest; the rest are counted."""
ROWS: Final = "events"
"""The name of the rows that `layers` draws, for `charts.with_data`."""
_LINE: Final = 16
"""The height of a number. Each stands below the one before, so that none covers another, however near the months."""


@dataclass(frozen=True, slots=True)
class Event:
    """What happened in a month, in the page's language."""

    month: date
    text: str


@dataclass(frozen=True, slots=True)
class Marks:
    """The months that a chart marks, and how many it does not.

    Attributes:
        events: what is marked, by month, with all that happened in it.
        left_out: how many earlier months are not marked.
    """

    events: tuple[Event, ...] = ()
    left_out: int = 0


def marks(reader: ReleaseReader, words: Words, service: str, code: str, first: date, last: date) -> Marks:
    """What happened within a window, for a service and a municipality.

    Args:
        reader: the release; an older one tells of fewer kinds of events.
        words: the texts.
        service: the service.
        code: the municipality; empty is the country.
        first: the first month.
        last: the last month.
    """
    window: dict[str, object] = {"first": first, "last": last}
    found: list[Event] = []
    if reader.has("reference.annotation"):
        rows = reader.rows("annotations", service=service, code=code, **window)
        found += [Event(row["month"], row[f"text_{words.language}"]) for row in rows]
    if reader.has("reference.price_rule.valid_from"):
        for row in reader.rows("changed_prices", service=service, **window):
            found.append(Event(row["month"], words("event.price.synthetic" if row["synthetic"] else "event.price")))
    if reader.has("reference.municipality_change"):
        for row in reader.rows("merged_municipalities", code=code, **window):
            parts = formatting.listing(row["parts"], words.language)
            merged = words("event.merger", name=row["name"], parts=parts)
            found.append(Event(row["month"], merged if code else words("event.mergers", n=row["n"])))
    months = sorted({event.month for event in found})
    shown = [Event(month, " ".join(e.text for e in found if e.month == month)) for month in months[-MOST:]]
    return Marks(tuple(shown), max(len(months) - MOST, 0))


def layers(of: Marks, x: alt.X) -> list[alt.Chart]:
    """A thin rule for each marked month, with its number at the top; none where nothing happened."""
    if not of.events:
        return []
    base = alt.Chart(named(ROWS)).encode(x=x)
    rule = base.mark_rule(color=GREY, strokeWidth=1, strokeDash=[2, 3])
    top = alt.ExprRef("datum.top")
    return [rule, on_ground(base, "number:N", color=GREY, align="left", baseline="top", dx=3, y=top)]


def rows(of: Marks) -> list[dict[str, object]]:
    """The rows that `layers` draws."""
    return [
        {"month": event.month.isoformat(), "number": str(n + 1), "top": _LINE * n} for n, event in enumerate(of.events)
    ]


def in_words(of: Marks, words: Words) -> tuple[str, ...]:
    """A sentence for each marked month, by its number in the chart, and how many are not marked."""
    told = [
        words("event.at", n=str(n), month=formatting.month(event.month, words.language), text=event.text)
        for n, event in enumerate(of.events, start=1)
    ]
    return (*told, *([words("event.left_out", n=of.left_out)] if of.left_out else []))
