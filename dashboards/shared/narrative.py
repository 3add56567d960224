"""Common parts of the narratives, which put numbers into words. Pure: answers in, sentences and figures out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from catalog.domain import calendar
from catalog.domain.perturbation import LEADING_FLOW
from catalog.domain.products import STOCKS
from catalog.tables.datasets import DATASETS
from dashboards.words import Words, formatting

if TYPE_CHECKING:
    from dashboards.release.query import Row

MONTHS_OF_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: its label, its value, and a comparison in words.

    Attributes:
        metric: the definition that it links to.
        trend: its values by month, oldest first; None where a month has none. Drawn as a small line.
    """

    label: str
    value: str
    words: str
    synthetic: bool = False
    metric: str = ""
    trend: Sequence[Decimal | int | float | None] = ()


def short(name: str) -> str:
    """A name without the brackets after it."""
    return name.split(" (", maxsplit=1)[0]


def months_between(first: date, last: date) -> int:
    """How many months `last` is after `first`."""
    return (last.year - first.year) * 12 + last.month - first.month


def next_month(month: date) -> date:
    """The month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def previous_month(month: date) -> date:
    """The month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def synthetic(rows: Iterable[object]) -> bool:
    """The simulator made some of the rows."""
    return any(getattr(row, "synthetic", False) for row in rows)


def apart(words: Words, rows: Iterable[object]) -> Words:
    """The texts for the rows of a group: where all of them are synthetic, its head says so once and no row does."""
    return replace(words, marks=words.marks and not all(getattr(row, "synthetic", False) for row in rows))


def synthetic_caption(words: Words, rows: Sequence[tuple[str, bool]]) -> tuple[str, Words]:
    """What a table's caption adds about its synthetic rows, and the texts for the rows.

    Where most rows are synthetic the caption says so once, and names the others; else each row has its own mark. Where
    all are, what stands above the table says so.

    Args:
        words: the texts of the page.
        rows: the name of each row, and whether it is synthetic.
    """
    real = [name for name, synthetic in rows if not synthetic]
    if not words.marks or 2 * len(real) >= len(rows):
        return "", words
    listed = formatting.listing(real, words.language)
    return (words("app.synthetic.except", names=listed) if real else ""), replace(words, marks=False)


def synthetic_note(words: Words, *, synthetic: bool) -> str:
    """` · syntetisk` for a synthetic number on a page that has others too; else nothing."""
    return f" · {words('app.synthetic')}" if synthetic and words.marks else ""


def synthetic_marks(words: Words, *, synthetic: bool) -> list[str]:
    """The mark of a synthetic number, for a list of marks; none on a page where all numbers are synthetic."""
    return [words("app.synthetic")] if synthetic and words.marks else []


def synthetic_sentence(words: Words, *, synthetic: bool) -> str:
    """` Syntetiske tall.` after a sentence about synthetic numbers; else nothing."""
    return f" {words('app.synthetic.sentence')}" if synthetic and words.marks else ""


def source_in_words(datasets: Iterable[str], release: str, words: Words) -> str:
    """The datasets that something is from, by title, and the release."""
    titles = "; ".join(DATASETS[name].title[words.language] for name in datasets)
    return words("uptake.source", source=titles, release=release)


def awaits(service: str, measure: str, month: date, as_of: datetime) -> bool:
    """Whether the figures of a month are not published yet: flows of sensitive services wait until after its end."""
    return service in LEADING_FLOW and measure not in STOCKS and calendar.first_published_at(month) > as_of


def is_leading(service: str, measure: str) -> bool:
    """Whether a measure is the one flow of a sensitive service that is published by municipality."""
    return LEADING_FLOW.get(service) == measure


def is_of_the_country(service: str, measure: str) -> bool:
    """Whether a measure is published for the country only: flows of sensitive services other than the leading one."""
    return service in LEADING_FLOW and measure not in STOCKS and not is_leading(service, measure)


def names(of: Sequence[str], shown: int, words: Words) -> str:
    """Names with commas; where there are many, only the first and how many more there are."""
    more = len(of) - shown
    listed = list(of) if more <= 1 else [*of[:shown], words("value.more", n=more)]
    return formatting.listing(listed, words.language)


def compared(n: int, words: Words) -> str:
    """A difference, to stand before what it compares with: `3 flere enn`, `like mange som`."""
    return words("compared.same" if n == 0 else "compared.more" if n > 0 else "compared.fewer", n=abs(n))


MOST_MISSED: Final = Decimal("0.30")
"""The largest back-tested error of a forecast that is drawn."""


MONTHS_FORETOLD: Final = 12
"""The most months of a forecast."""


def is_useful(foretolds: Sequence[Row]) -> bool:
    """Whether a forecast is drawn: it missed by at most `MOST_MISSED`, and by less than carrying the last value on.

    Judged at the longest horizon tested, which is the one that is told. A forecast whose error nobody knows, as in
    older releases, is drawn, and its text says that it is untried.
    """
    tried = _longest_tried(foretolds)
    if tried is None or tried.backtest_error is None:
        return True
    last_value = tried.get("last_value_error")
    beaten = last_value is not None and tried.backtest_error >= last_value
    return tried.backtest_error <= MOST_MISSED and not beaten


def useless(foretolds: Sequence[Row], words: Words) -> str:
    """Why a forecast is not drawn; empty for one that is."""
    tried = _longest_tried(foretolds)
    if is_useful(foretolds) or tried is None or tried.backtest_error is None:
        return ""
    error = _error(tried.backtest_error, words)
    if tried.backtest_error > MOST_MISSED:
        return words("forecast.useless.error", error=error, most=_error(MOST_MISSED, words))
    return words("forecast.useless.beaten", error=error, last_value=_error(tried.last_value_error, words))


def _longest_tried(foretolds: Sequence[Row]) -> Row | None:
    return next((foretold for foretold in reversed(foretolds) if foretold.backtest_error is not None), None)


def missed(foretolds: Sequence[Row], words: Words) -> str:
    """A forecast's error at the longest horizon tested, beside those of the simplest methods; empty where unknown.

    An older release lacks the simplest methods, and has one error, for the months that the method was chosen by.
    """
    for ahead in range(len(foretolds), 0, -1):
        foretold = foretolds[ahead - 1]
        if foretold.backtest_error is None:
            continue
        error = _error(foretold.backtest_error, words)
        last_value, mean = foretold.get("last_value_error"), foretold.get("mean_error")
        if last_value is None or mean is None:
            return words("forecast.missed.known", error=error)
        simplest = {"last_value": _error(last_value, words), "mean": _error(mean, words)}
        return words("forecast.missed", n=ahead, error=error, **simplest)
    return ""


def past(foretolds: Sequence[Row], words: Words) -> str:
    """In how many earlier forecasts the band held at the longest horizon tested; empty where none was made."""
    tried = _longest_tried(foretolds)
    if tried is None or not tried.get("past_forecasts"):
        return ""
    return words("forecast.past", n=tried.past_forecasts, inside=tried.past_inside or 0)


def ends_early(foretolds: Sequence[Row], words: Words) -> str:
    """From which of the coming twelve months on there is no forecast; empty where it has them all."""
    if not 0 < len(foretolds) < MONTHS_FORETOLD:
        return ""
    month = calendar.next_month(foretolds[-1].month)
    return words("forecast.ends", month=formatting.month(month, words.language))


def _error(share: Decimal, words: Words) -> str:
    """A whole per cent, but never zero: no forecast is without error."""
    small = share < Decimal("0.005")
    return words("forecast.error.small") if small else formatting.percent(share, words.language)


@dataclass(frozen=True, slots=True)
class Gap:
    """Months that nobody observed, both included."""

    first: date
    last: date


def basis(rows: Iterable[Any], words: Words) -> str:
    """What a sum over services may be called: use and events are not the same."""
    bases = {use.active_basis for use in rows}
    return words(f"uptake.table.basis.{bases.pop() if len(bases) == 1 else 'BOTH'}")


def a_year_before(rows: Sequence[Any], words: Words) -> str:
    """The change in a year, for the services that were observed a year earlier too."""
    changes = [use.active - use.active_year_before for use in rows if use.active_year_before is not None]
    if not changes:
        return words("uptake.figure.year.none")
    key = "uptake.figure.year" if len(changes) == len(rows) else "uptake.figure.year.some"
    return words(key, change=compared(sum(changes), words), k=len(changes), all=len(rows))


def gaps(observed: Sequence[date], until: date) -> list[Gap]:
    """The unobserved months from the first observed one to `until`, as whole stretches in order."""
    months = sorted(observed)
    unobserved = []
    for this, following in zip(
        months, [*months[1:], next_month(max(until, months[-1]))] if months else [], strict=True
    ):
        if months_between(this, following) > 1:
            unobserved.append(Gap(next_month(this), previous_month(following)))
    return unobserved


def stretches(gaps: Sequence[Gap], words: Words) -> str:
    """Months as stretches: `mai 2026 og juli 2026–august 2026`."""
    spans = [
        formatting.month(gap.first, words.language)
        if gap.first == gap.last
        else f"{formatting.month(gap.first, words.language)}–{formatting.month(gap.last, words.language)}"
        for gap in gaps
    ]
    return formatting.listing(spans, words.language)
