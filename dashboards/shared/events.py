"""Events that explain a break in a chart: a price that changed, an outage, a merger of municipalities.

Price changes and mergers come from facts that a release has anyway, operational messages from their stream; people put
down the rest, in the register `annotation`. A chart marks each month with a thin rule and names what happened above the
plot, where nothing else stands; the whole text stands below the chart, and in what a screen reader says.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from catalog.domain.calendar import day_in_oslo
from dashboards.shared.charts import GREY, inline
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from dashboards.release.reader import ReleaseReader
    from dashboards.words import Words

MOST: Final = 3
"""The most months that a chart marks: the latest, with room for the longest operational message."""
TIER: Final = 16
"""How much higher each earlier name stands, in pixels, so that none covers another at any width."""
MESSAGES: Final = "usage.operational_message"


@dataclass(frozen=True, slots=True)
class Event:
    """What happened in a month, in the page's language.

    Attributes:
        text: as a sentence.
        name: in a few words, with the days, for the chart; empty where the month and the text are that.
        hours: how long the longest of its operational messages stood; None if it has none.
    """

    month: date
    text: str
    name: str = ""
    hours: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Marks:
    """The months that a chart marks, and how many it does not.

    Attributes:
        events: what is marked, by month, with all that happened in it.
        left_out: how many other months are not marked.
        unlike: how many messages are not marked, since they are real and the chart synthetic, or the reverse.
    """

    events: tuple[Event, ...] = ()
    left_out: int = 0
    unlike: int = 0


NOTHING: Final = Marks()
"""No month is marked."""


def marks(
    reader: ReleaseReader,
    words: Words,
    service: str,
    code: str,
    first: date,
    last: date,
    *,
    synthetic: bool | None = None,
) -> Marks:
    """What happened within a window, for a service and a municipality.

    Args:
        reader: the release; an older one tells of fewer kinds of events.
        words: the texts.
        service: the service; empty for what holds for all.
        code: the municipality or the county; empty is the country.
        first: the first month.
        last: the last month.
        synthetic: of a chart of the service's use, whether it is synthetic: only messages that are as it is may
            explain it. None for other charts, which have no messages.
    """
    window: dict[str, object] = {"first": first, "last": last}
    every_event: list[Event] = []
    if reader.has("reference.annotation"):
        rows = reader.rows("annotations", service=service, code=code, **window)
        every_event += [Event(row["month"], row[f"text_{words.language}"]) for row in rows]
    if reader.has("reference.price_rule.valid_from"):
        for row in reader.rows("changed_prices", service=service, **window):
            every_event.append(
                Event(
                    row["month"], words("event.price.synthetic" if row["synthetic"] and words.marks else "event.price")
                )
            )
    if reader.has("reference.municipality_change"):
        for row in reader.rows("merged_municipalities", code=code, **window):
            every_event.append(Event(row["month"], _merger(row, words)))
    unlike = 0
    if synthetic is not None and reader.has(MESSAGES):
        sent = reader.rows("messages", service=service, **window)
        unlike = sum(row["synthetic"] != synthetic for row in sent)
        every_event += [_message(row, words) for row in sent if row["synthetic"] == synthetic]
    months = sorted({event.month for event in every_event})
    events = [_of_month([event for event in every_event if event.month == month], words) for month in months]
    shown = _chosen(events)
    return Marks(tuple(shown), len(events) - len(shown), unlike)


def _merger(row: Mapping[str, Any], words: Words) -> str:
    """Who became what; where that is many, how many."""
    parts, became = (formatting.listing(row[name], words.language) for name in ("parts", "became"))
    if len(row["parts"]) == 1:
        return words("event.split", name=parts, parts=became)
    if row["name"] or len(row["became"]) == 1:
        return words("event.merger", name=row["name"] or became, parts=parts)
    return words("event.mergers", n=row["n"])


def _message(row: Mapping[str, object], words: Words) -> Event:
    """An operational message, by the days on which it stood and its cause, or its kind where none is known."""
    what = message_in_words(row, words)
    first, last = (day_in_oslo(row[name]) for name in ("shown_from", "known_to"))  # type: ignore[arg-type]
    days = formatting.days(first, last, words.language)
    text = words("event.message", days=days, what=what)
    return Event(row["month"], text, words("event.named", when=days, text=what), row["hours_shown"])  # type: ignore[arg-type]


def message_in_words(row: Mapping[str, object], words: Words) -> str:
    """What a message was about: its cause, or its kind where no cause is known."""
    return words.word("message_cause" if row["cause"] else "message_kind", str(row["cause"] or row["kind"]))


def _of_month(events: list[Event], words: Words) -> Event:
    """All that happened in a month as one event, the longest message first: it is the one that a narrow chart names."""
    month, ordered = events[0].month, sorted(events, key=lambda event: -(event.hours or 0))
    at = formatting.month(month, words.language)
    names = [event.name or words("event.named", when=at, text=event.text.removesuffix(".")) for event in ordered]
    hours = max((event.hours for event in events if event.hours is not None), default=None)
    return Event(month, " ".join(event.text for event in ordered), "; ".join(names), hours)


def _chosen(events: list[Event]) -> list[Event]:
    """At most `MOST` of the events by month: the longest messages where others leave room, one at least."""
    messages = sorted((e for e in events if e.hours is not None), key=lambda e: (e.hours or 0, e.month))
    others = [event for event in events if event.hours is None]
    longest = messages[-max(MOST - len(others), 1) :]
    room = MOST - len(longest)
    return sorted([*longest, *(others[-room:] if room else [])], key=lambda event: event.month)


def marked(made: alt.LayerChart, of: Marks, x: alt.X, lift: int = 0) -> alt.LayerChart:
    """The chart with a thin rule for each marked month and its name above the plot.

    A name begins at its rule in the left half of the plot and ends there in the right half. It is cut where the plot
    ends, as on a phone.

    Args:
        made: a chart over time.
        of: the months.
        x: the chart's time axis.
        lift: pixels above the plot that something else takes.
    """
    if not of.events:
        return made
    base = alt.Chart(inline(rows(of, lift))).encode(x=x)
    rule = base.mark_rule(color=GREY, strokeWidth=1, strokeDash=[2, 3], y=alt.ExprRef("-datum.up"), y2="height")
    name = base.mark_text(
        color=GREY,
        fontSize=13,
        fontWeight=600,
        baseline="bottom",
        align=alt.ExprRef(f"{_AT} < width / 2 ? 'left' : 'right'"),
        dx=alt.ExprRef(f"{_AT} < width / 2 ? {_OFF} : -{_OFF}"),
        limit=alt.ExprRef(f"max({_AT}, width - {_AT}) - {_OFF}"),
        y=alt.ExprRef("-datum.up"),
        dy=-_GAP,
    ).encode(text=alt.Text("name:N"))
    made["layer"] = [rule, *made["layer"], name]  # under the rest, so that a name on its ground is whole
    return made


_AT: Final = "scale('x', datum.month)"
_OFF: Final = 3
"""Pixels from a rule to its name."""
_GAP: Final = 3
"""Pixels from the plot to the lowest name, so that it is clear of the topmost label of the axis."""


def rows(of: Marks, lift: int = 0) -> list[dict[str, object]]:
    """What `marked` draws: each name in a tier of its own, the first month's highest.

    So no name covers another at any width, and the rule of a later month ends below the names before it.
    """
    return [
        {"month": event.month.isoformat(), "name": event.name, "up": lift + TIER * tier}
        for tier, event in zip(reversed(range(len(of.events))), of.events, strict=True)
    ]


def in_words(of: Marks, words: Words) -> tuple[str, ...]:
    """A sentence for each marked month, and how many are not marked."""
    sentences = [
        words("event.at", month=formatting.first(formatting.month(event.month, words.language)), text=event.text)
        for event in of.events
    ]
    left_out = [words("event.left_out", n=of.left_out)] if of.left_out else []
    return (*sentences, *left_out)


def unlike_in_words(of: Marks, words: Words) -> str:
    """A note on messages that explain nothing on a chart, since they are real and it is synthetic, or the reverse."""
    return words("event.unlike", n=of.unlike) if of.unlike else ""
