"""What the overview says beyond the board's texts: use of all services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.domain.calendar import year_before
from dashboards.page.filters import month_value
from dashboards.shared import narrative
from dashboards.shared.narrative import MONTHS_OF_A_YEAR, Figure
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.shared.board.models import BoardFacts
    from dashboards.words import Words


def this_year(rows: Sequence[Mapping[str, object]], month: date) -> tuple[int, int | None]:
    """Dispatches this year so far, and in the same months last year; None where one of those months is missing."""
    by_month = {row["month"]: int(str(row["dispatches"])) for row in rows}
    months = [month.replace(month=n) for n in range(1, month.month + 1)]
    before = [by_month.get(year_before(day)) for day in months]
    counts = [n for n in before if n is not None]
    now = sum(by_month.get(day, 0) for day in months)
    return now, sum(counts) if len(counts) == len(before) else None


def change(now: int, before: int | None, year: int, words: Words) -> str:
    """Use this year against the same months last year."""
    if not before:
        return words("overview.use.no_before", year=str(year))
    share = narrative.change_in_percent(now, before)
    key = "more" if share > 0 else "fewer" if share < 0 else "same"
    return words(f"overview.use.{key}", percent=formatting.per_cent(abs(share), words.language), year=str(year))


def use(rows: Sequence[Mapping[str, object]], month: date, words: Words) -> Figure:
    """The key figure of use: dispatches so far this year."""
    now, before = this_year(rows, month)
    return Figure(
        words("overview.figure.use", year=str(month.year)),
        formatting.number(now, words.language),
        change(now, before, month.year - 1, words),
        any(bool(row["synthetic"]) for row in rows),
        "dispatches",
    )


def late(facts: BoardFacts, words: Words) -> Figure:
    """The key figure of deliveries: organisations with a missing delivery."""
    n = sum(late.organisations for late in facts.late)
    month = formatting.month(facts.month, words.language)
    text = words("overview.figure.late.words", month=month) if n else words("overview.figure.late.none", month=month)
    label = words("overview.figure.late")
    synthetic = any(late.synthetic for late in facts.late)
    return Figure(label, formatting.number(n, words.language), text, synthetic, "missing_reporters")


def answer(facts: BoardFacts, rows: Sequence[Mapping[str, object]], words: Words) -> str:
    """The page in a sentence, for visitors who may not see the ledgers."""
    now, before = this_year(rows, facts.month)
    active = sum(spread.active for spread in facts.spreads)
    synthetic = any(bool(row["synthetic"]) for row in rows) or any(spread.synthetic for spread in facts.spreads)
    return words(
        "overview.answer",
        dispatches=now,
        year=str(facts.month.year),
        change=change(now, before, facts.month.year - 1, words),
        active=active,
    ) + narrative.synthetic_sentence(words, synthetic=synthetic)


def dispatches_title(rows: Sequence[Mapping[str, object]], month: date, words: Words) -> str:
    """The dispatch chart's title, as a claim."""
    now, before = this_year(rows, month)
    return words(
        "overview.use.title",
        year=str(month.year),
        n=now,
        change=change(now, before, month.year - 1, words),
    )


def month_labels(months: Sequence[date], words: Words) -> dict[str, str]:
    """The months of the month filter, by value."""
    return {month_value(month): formatting.month(month, words.language) for month in months[: 3 * MONTHS_OF_A_YEAR]}
