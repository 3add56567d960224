"""The trend of the board's report: small panels, each a line or two by month from zero, with its words. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

from dashboards.shared.board import story
from dashboards.shared.charts import GREY, PRIMARY, RULE, TEXT
from dashboards.shared.narrative import basis
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from dashboards.shared.board.models import BoardFacts
    from dashboards.words import Words

_WIDE, _HIGH, _MARGIN = 240, 64, 3
_EVEN: Final = 'vector-effect="non-scaling-stroke"'
"""A panel is as wide as there is room for, and its lines as thick everywhere."""
_DASHES: Final = "4 3"
"""Cost is dashed, so that the lines differ without colour."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart.

    Attributes:
        title: what it shows.
        lines: its name and values by month of the trend, one line or two; a gap where a month has none.
        written: how a value is written.
        heads: the titles of the lines in the table of numbers.
        exact: how a value is written there.
    """

    title: str
    lines: Sequence[tuple[str, Sequence[int | None]]]
    written: Callable[[int, str], str]
    heads: Sequence[str]
    exact: Callable[[int, str], str]


def panels(facts: BoardFacts, words: Words) -> list[Panel]:
    """Income and cost so far in the year, of the product that explains the result and of the rest; uptake; loans."""
    trends = []
    flows = story.flows(facts)
    for place, flow in enumerate(flows):
        if len(flow.services) == 1:
            title = words("board.trend.one", name=facts.names[flow.services[0]])
        else:
            title = words("board.trend.rest") if place else words("board.trend.all")
        lines = [("income", flow.income_ore), ("cost", flow.cost_ore)]
        whose = facts.names[flow.services[0]] if len(flow.services) == 1 else words("board.trend.whose")
        heads = [words(f"board.trend.column.{name}", title=whose) for name, _ in lines]
        trends.append(Panel(title, lines, formatting.rounded_kroner, heads, formatting.whole_kroner))
    followed = len(story.followed(facts))
    uptake = words("board.trend.uptake", basis=basis(facts.spreads, words), n=followed) if followed else ""
    trends.append(Panel(uptake, [("", story.uptake(facts))], formatting.rounded, [uptake], formatting.number))
    head = words("board.trend.column.loans")
    loans = [("", story.loans(facts))]
    trends.append(Panel(words("board.trend.loans"), loans, formatting.rounded_kroner, [head], formatting.whole_kroner))
    return [panel for panel in trends if _is_trend(panel.lines[0][1])]


def _is_trend(values: Sequence[int | None]) -> bool:
    """There are two months or more: one is no trend."""
    return sum(value is not None for value in values) > 1


def drawn(facts: BoardFacts, words: Words) -> str:
    """The panels, each with its latest numbers in words; empty where no number has two months."""
    trends = panels(facts, words)
    return (
        f'<div class="dif-trends">{"".join(_figure(panel, facts, words) for panel in trends)}</div>' if trends else ""
    )


def _figure(panel: Panel, facts: BoardFacts, words: Words) -> str:
    ends = [_end(name, values, panel, words) for name, values in panel.lines]
    now = formatting.listing(ends, words.language)
    return (
        f"<figure><figcaption><strong>{escape(panel.title)}</strong> {escape(now)}</figcaption>"
        f"{_svg(panel, facts.months, in_words(panel, facts, words))}</figure>"
    )


def _end(name: str, values: Sequence[int | None], panel: Panel, words: Words) -> str:
    """The latest value, named where there are two lines."""
    last = next((value for value in reversed(values) if value is not None), None)
    text = formatting.MISSING if last is None else panel.written(last, words.language)
    return words(f"board.trend.{name}", amount=text) if name else text


def in_words(panel: Panel, facts: BoardFacts, words: Words) -> str:
    """The panel for readers who cannot see it: its first and last month."""
    language = words.language
    points = [(month, value) for month, value in zip(facts.months, panel.lines[0][1], strict=True) if value is not None]
    (first, start), (last, end) = points[0], points[-1]
    parts = {
        "title": panel.title,
        "first": panel.written(start, language),
        "first_month": formatting.month(first, language),
        "last": panel.written(end, language),
        "last_month": formatting.month(last, language),
    }
    if len(panel.lines) == 1:
        return words("board.trend.words", **parts)
    cost = next((value for value in reversed(panel.lines[1][1]) if value is not None), 0)
    return words("board.trend.words.two", **parts, cost=panel.written(cost, language))


def _svg(panel: Panel, months: Sequence[date], label: str) -> str:
    values = [value for _, line in panel.lines for value in line if value is not None]
    low, high = min(0, *values), max(0, *values)
    span, steps = max(high - low, 1), max(len(panel.lines[0][1]) - 1, 1)

    def at(place: int, value: int) -> tuple[float, float]:
        x = _MARGIN + (_WIDE - 2 * _MARGIN) * place / steps
        return x, _MARGIN + (_HIGH - 2 * _MARGIN) * (high - value) / span

    _, zero = at(0, 0)
    parts = [f'<path d="M0 {zero:.1f}H{_WIDE}" stroke="{RULE}" fill="none"/>']
    for number, (_, line) in enumerate(panel.lines):
        colour, dash = (GREY, f' stroke-dasharray="{_DASHES}"') if number else (PRIMARY, "")
        points = [at(place, value) if value is not None else None for place, value in enumerate(line)]
        breaks = [place for place, month in enumerate(months) if month.month == 1] if len(panel.lines) > 1 else []
        stroke = f'stroke="{colour}" stroke-width="2" stroke-linejoin="round"{dash} fill="none" {_EVEN}'
        parts.append(f'<path d="{_path(points, breaks)}" {stroke}/>')
        last = next((point for point in reversed(points) if point), None)
        if last:
            dot = f'stroke="{colour if number else TEXT}" stroke-width="6" stroke-linecap="round" {_EVEN}'
            parts.append(f'<path d="M{last[0]:.1f} {last[1]:.1f}h0.01" {dot}/>')
    return (
        f'<svg role="img" aria-label="{escape(label)}" viewBox="0 0 {_WIDE} {_HIGH}" preserveAspectRatio="none" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _path(points: Sequence[tuple[float, float] | None], breaks: Sequence[int]) -> str:
    """A line through the points that there are, broken where one is missing and where a year begins anew."""
    steps, pen = [], "M"
    for place, point in enumerate(points):
        if point:
            steps.append(f"{'M' if place in breaks else pen}{point[0]:.1f} {point[1]:.1f}")
        pen = "L" if point else "M"
    return "".join(steps)
