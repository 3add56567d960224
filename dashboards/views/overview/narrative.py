"""What the overview says beyond the board's texts: use of all services."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from catalog.domain.calendar import months_between, year_before
from dashboards.page.filters import month_value
from dashboards.shared import narrative
from dashboards.shared.board import narrative as board_narrative
from dashboards.shared.board import story
from dashboards.shared.board.models import first_of_trend
from dashboards.shared.narrative import MONTHS_OF_A_YEAR, Figure
from dashboards.words import formatting
from dashboards.words.change import Change

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.shared.board.models import BoardFacts
    from dashboards.words import Words


def this_year(rows: Sequence[Mapping[str, object]], month: date) -> tuple[int, int | None]:
    """Dispatches this year so far, and in the same months last year; None where a month of either year is missing."""
    by_month = {row["month"]: int(str(row["dispatches"])) for row in rows}
    months = [month.replace(month=n) for n in range(1, month.month + 1)]
    before = [by_month.get(year_before(day)) for day in months]
    counts = [n for n in before if n is not None]
    now = [by_month[day] for day in months if day in by_month]
    return sum(now), sum(counts) if len(counts) == len(before) == len(now) else None


def change(now: int, before: int | None, year: int, words: Words) -> str:
    """Use this year against the same months last year."""
    if not before:
        return words("overview.use.no_before", year=str(year))
    return Change(before, now).since_month(words("overview.use.months", year=str(year)), words)


def use(rows: Sequence[Mapping[str, object]], month: date, words: Words) -> Figure:
    """The key figure of use: dispatches so far this year, and by month of the trend."""
    now, before = this_year(rows, month)
    by_month = {row["month"]: int(str(row["dispatches"])) for row in rows}
    return Figure(
        words("overview.figure.use", year=str(month.year)),
        formatting.rounded(now, words.language),
        change(now, before, month.year - 1, words),
        any(bool(row["synthetic"]) for row in rows),
        "dispatches",
        [by_month.get(day) for day in months_between(first_of_trend(month), month)],
    )


def late(facts: BoardFacts, words: Words) -> Figure:
    """The key figure of deliveries: organisations with a missing delivery."""
    n = sum(late.organisations for late in facts.late)
    month = formatting.month(facts.month, words.language)
    text = words("overview.figure.late.words") if n else words("overview.figure.late.none", month=month)
    label = words("overview.figure.late", month=month)
    synthetic = any(late.synthetic for late in facts.late)
    return Figure(label, formatting.number(n, words.language), text, synthetic, "missing_reporters")


def answer(
    facts: BoardFacts,
    rows: Sequence[Mapping[str, object]],
    services: Sequence[Mapping[str, object]],
    words: Words,
) -> str:
    """What the page says first to visitors who may not see the ledgers: who sends, what moved, what to decide.

    As on the board's page, a sum is said only where no service is more than half of it (`story.explains`).

    Args:
        facts: of the month, without ledgers.
        rows: dispatches by month.
        services: dispatches so far this year by service.
        words: the texts.
    """
    synthetic = any(bool(row["synthetic"]) for row in rows) or any(spread.synthetic for spread in facts.spreads)
    sentences = (
        _sent(facts, rows, services, words),
        board_narrative.uptake_moved(facts.spreads, words),
        board_narrative.to_decide(facts, words),
    )
    text = " ".join(sentence for sentence in sentences if sentence)
    return text + narrative.synthetic_sentence(words, synthetic=synthetic)


def _sent(
    facts: BoardFacts,
    rows: Sequence[Mapping[str, object]],
    services: Sequence[Mapping[str, object]],
    words: Words,
) -> str:
    """How many dispatches were sent, or which service sends most of them."""
    parts, year = {str(row["name"]): int(str(row["dispatches"])) for row in services}, str(facts.month.year)
    most = story.explains(parts) or (next(iter(parts)) if len(parts) == 1 else None)
    if most:
        share = formatting.percent(Decimal(parts[most]) / sum(parts.values()), words.language)
        return words("overview.answer.most", name=most, share=share, year=year)
    now, before = this_year(rows, facts.month)
    compared = change(now, before, facts.month.year - 1, words)
    return words("overview.answer", dispatches=formatting.rounded(now, words.language), year=year, change=compared)


def dispatches_title(rows: Sequence[Mapping[str, object]], month: date, words: Words) -> str:
    """The dispatch chart's title, as a claim."""
    now, before = this_year(rows, month)
    return words(
        "overview.use.title",
        year=str(month.year),
        n=formatting.rounded(now, words.language),
        change=change(now, before, month.year - 1, words),
    )


def month_labels(months: Sequence[date], words: Words) -> dict[str, str]:
    """The months of the month filter, by value."""
    return {month_value(month): formatting.month(month, words.language) for month in months[: 3 * MONTHS_OF_A_YEAR]}
