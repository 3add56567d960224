"""Events that explain a break in a chart: a price that changed, an outage, a merger of municipalities.

Price changes and mergers come from facts that a release has anyway; people put down the rest, in the register
`annotation`. A chart marks each month with a thin rule and a number above the plot, where nothing else stands; the text
stands below the chart, and in what a screen reader says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import altair as alt

from dashboards.shared.charts import GREY, named, with_data
from dashboards.shared.narrative import months_between
from dashboards.words import formatting

if TYPE_CHECKING:
    from datetime import date

    from dashboards.release.reader import ReleaseReader
    from dashboards.words import Words

MOST: Final = 3
"""The most months that a chart marks, the latest; the rest are counted."""
ROWS: Final = "events"
"""The name of the rows that `marked` draws."""
NARROW: Final = 220
"""The least width of a plot in pixels, as on a phone: numbers are placed for it, and a wider plot only parts them."""
NEAR: Final = 18
"""Numbers whose rules are nearer than this, in pixels, stand to the sides of theirs."""
WIDE: Final = 8
"""The width of a number in pixels."""
OFF: Final = 2
"""Pixels from a rule to a number beside it."""
TIER: Final = 15
"""How much higher a number stands that has one on either side."""


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


NOTHING: Final = Marks()
"""No month is marked."""


def marks(reader: ReleaseReader, words: Words, service: str, code: str, first: date, last: date) -> Marks:
    """What happened within a window, for a service and a municipality.

    Args:
        reader: the release; an older one tells of fewer kinds of events.
        words: the texts.
        service: the service; empty for what holds for all.
        code: the municipality or the county; empty is the country.
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
            found.append(
                Event(
                    row["month"], words("event.price.synthetic" if row["synthetic"] and words.marks else "event.price")
                )
            )
    if reader.has("reference.municipality_change"):
        for row in reader.rows("merged_municipalities", code=code, **window):
            parts = formatting.listing(row["parts"], words.language)
            merged = words("event.merger", name=row["name"], parts=parts)
            found.append(Event(row["month"], merged if code else words("event.mergers", n=row["n"])))
    months = sorted({event.month for event in found})
    shown = [Event(month, " ".join(e.text for e in found if e.month == month)) for month in months[-MOST:]]
    return Marks(tuple(shown), max(len(months) - MOST, 0))


def marked(made: alt.LayerChart, of: Marks, x: alt.X, months: int, lift: int = 0) -> alt.LayerChart:
    """The chart with a thin rule for each marked month and its number above the plot.

    Args:
        made: a chart over time.
        of: the months.
        x: the chart's time axis.
        months: how many months the axis spans.
        lift: pixels above the plot that something else takes.
    """
    if not of.events:
        return made
    base = alt.Chart(named(ROWS)).encode(x=x)
    rule = base.mark_rule(color=GREY, strokeWidth=1, strokeDash=[2, 3], y=alt.ExprRef("-datum.up"), y2="height")
    number = base.mark_text(
        color=GREY,
        fontSize=13,
        fontWeight=600,
        baseline="bottom",
        align=alt.ExprRef("datum.side"),
        dx=alt.ExprRef("datum.dx"),
        y=alt.ExprRef("-datum.up"),
        dy=-_GAP,
    ).encode(text=alt.Text("number:N"))
    made["layer"] = [rule, *made["layer"], number]  # under the rest, so that a name on its ground is whole
    return with_data(made, **{ROWS: rows(of, months, lift)})


_GAP: Final = 4
"""Pixels from the top of a rule to its number, so that it is clear of the topmost label of the axis."""


def rows(of: Marks, months: int, lift: int = 0) -> list[dict[str, object]]:
    """Where the rules and numbers that `marked` draws stand, so that none covers another at any width.

    A number stands over its rule. Where the next is near, it stands to the side away from it; between two, a tier
    higher, so that its own rule passes between theirs.
    """
    wide = NARROW / max(months, 1)
    at = [wide * months_between(of.events[0].month, event.month) for event in of.events]
    placed: list[dict[str, object]] = []
    for n, event in enumerate(of.events):
        after_one, before_one = n > 0 and at[n] - at[n - 1] < NEAR, n + 1 < len(at) and at[n + 1] - at[n] < NEAR
        between = after_one and before_one
        side = "center" if between or not (after_one or before_one) else "left" if after_one else "right"
        placed.append(
            {
                "month": event.month.isoformat(),
                "number": str(n + 1),
                "side": side,
                "dx": {"left": OFF, "center": 0, "right": -OFF}[side],
                "up": lift + TIER * between,
            }
        )
    return placed


def in_words(of: Marks, words: Words) -> tuple[str, ...]:
    """A sentence for each marked month, by its number in the chart, and how many are not marked."""
    told = [
        words("event.at", n=str(n), month=formatting.month(event.month, words.language), text=event.text)
        for n, event in enumerate(of.events, start=1)
    ]
    return (*told, *([words("event.left_out", n=of.left_out)] if of.left_out else []))
