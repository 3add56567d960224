"""Norwegian and English formats of numbers, dates and months. Nothing else formats for a reader."""

from __future__ import annotations

import functools
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_interval
from babel.lists import format_list
from babel.numbers import format_decimal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

OSLO = ZoneInfo("Europe/Oslo")
LOCALES = {"nb": "nb_NO", "en": "en_GB"}
MISSING = ".."
"""SSB's sign for a value that should be there but is not known. Never 0."""
NOT_POSSIBLE = "."
"""SSB's sign for a value that cannot be."""


def number(value: Decimal | int, language: str) -> str:
    """A whole number with the language's grouping: 5 627 400, 5,627,400."""
    return _written(value, "#,##0", language)


def spelled(value: int, language: str) -> str:
    """A number up to twelve as a word, as running text has it; a larger one in figures. One is neuter: `ett`."""
    words = _SPELLED[language]
    return words[value] if 0 <= value < len(words) else number(value, language if language in LOCALES else "nb")


_SPELLED = {
    "nn": ("null", "eitt", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"),
    "nb": ("null", "ett", "to", "tre", "fire", "fem", "seks", "sju", "åtte", "ni", "ti", "elleve", "tolv"),
    "en": (
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    ),
}


def band(text: str, language: str) -> str:
    """A band of counts, `1000-9999`, as a reader sees it: `1 000–9 999`."""
    return "–".join(number(int(bound), language) for bound in text.split("-"))


def _written(value: Decimal | int, pattern: str, language: str) -> str:
    """With a true minus sign in either language, and no minus sign on a zero."""
    return _formatted(value or abs(value), pattern, language)


@functools.lru_cache(maxsize=20_000)
def _formatted(value: Decimal | int, pattern: str, language: str) -> str:
    """Babel writes a hyphen for the minus sign in English."""
    return str(format_decimal(value, format=pattern, locale=LOCALES[language])).replace("-", "\u2212")


def tenths(value: Decimal, language: str) -> str:
    """A number with one decimal: 78,4."""
    rounded = value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return _written(rounded, "#,##0.0", language)


def rate(value: Decimal, language: str) -> str:
    """A rate: `42,1`, `1,68`; below a tenth `0,031`, so that it is not shown as zero."""
    rounded = rounded_rate(value)
    return _written(rounded, "#,##0.0" if abs(value) >= _TEN else "#,##0.00##", language)


def rounded_rate(value: Decimal) -> Decimal:
    """The number as `rate` rounds it: one decimal from ten up, two below, two significant figures below a tenth."""
    if abs(value) >= _TEN:
        places = Decimal("0.1")
    elif abs(value) >= _TENTH or not value:
        places = Decimal("0.01")
    else:
        places = Decimal(1).scaleb(max(value.adjusted() - 1, -_DECIMALS))
    return value.quantize(places, rounding=ROUND_HALF_UP)


_TEN, _TENTH, _DECIMALS = Decimal(10), Decimal("0.1"), 4


def percent(share: Decimal, language: str) -> str:
    """A share of one as a whole per cent: `78 %`, `78%`."""
    whole = (share * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    text = f"{whole}".replace("-", "\u2212")
    return f"{text} %" if language == "nb" else f"{text}%"


def per_cent(value: Decimal, language: str) -> str:
    """A percentage with one decimal: `98,3 %`, `98.3%`."""
    return f"{tenths(value, language)}\u00a0%" if language == "nb" else f"{tenths(value, language)}%"


def per_cent_as_rounded(value: Decimal, language: str) -> str:
    """A percentage with the decimals that it has been rounded to: `12 %`, `10,1 %`."""
    return per_cent(value, language) if value.as_tuple().exponent else percent(value / 100, language)


def hundredths(share: Decimal, language: str) -> str:
    """A small share of one as per cent with two decimals: `0,08 %`, `0.08%`."""
    text = _written((share * 100).quantize(Decimal("0.01"), ROUND_HALF_UP), "#,##0.00", language)
    return f"{text}\u00a0%" if language == "nb" else f"{text}%"


def kroner(ore: int, language: str) -> str:
    """An amount in whole kroner: `−1 234 567 kr`, `−NOK 1,234,567`."""
    return _of_kroner(whole_kroner(ore, language), language)


def _of_kroner(text: str, language: str) -> str:
    """The amount with its currency; a minus sign comes first."""
    if language == "nb":
        return f"{text}\u00a0kr"
    return f"\u2212NOK\u00a0{text[1:]}" if text.startswith("\u2212") else f"NOK\u00a0{text}"


def rounded_kroner(ore: int, language: str) -> str:
    """An amount for headlines, with three figures from 10 000 kr up: `12,7 mill. kr`, `361 000 kr`, `NOK 12.7 million`.

    Tables and files have the exact amount (`kroner`).
    """
    value = Decimal(ore) / 100
    for limit, unit in ((10**9, "billion"), (10**6, "million")):
        if abs(_figures(value)) >= limit:
            return _of_kroner(f"{_short(value / limit, language)} {_UNITS[unit][language]}", language)
    return _of_kroner(number(_figures(value).to_integral_value(ROUND_HALF_UP), language), language)


def rounded(value: Decimal | int, language: str) -> str:
    """A count for headlines, with three figures from 10 000 up: `98 800`, `1,23 mill.`, `1.23 million`."""
    exact, million = Decimal(value), 10**6
    if abs(_figures(exact)) >= million:
        return f"{_short(exact / million, language)} {_UNITS['million'][language]}"
    return number(_figures(exact).to_integral_value(ROUND_HALF_UP), language)


def _figures(value: Decimal) -> Decimal:
    """The number with its first three figures from ten thousand up; a smaller one as it is."""
    places = value.adjusted() - 2
    return value.quantize(Decimal(1).scaleb(places), ROUND_HALF_UP) if value and places > 1 else value


def _short(value: Decimal, language: str) -> str:
    """A number of millions with three figures and no idle zeros: `12,7`, `1,23`, `143`."""
    exact = value.quantize(Decimal(1).scaleb(max(value.adjusted() - 2, -2)), ROUND_HALF_UP)
    return _written(exact, "#,##0.##", language)


_UNITS = {"million": {"nb": "mill.", "en": "million"}, "billion": {"nb": "mrd.", "en": "billion"}}


def exact_kroner(ore: int, language: str) -> str:
    """An amount to the øre, where parts must visibly add up: `−1 234,50 kr`, `−NOK 1,234.50`; zero is `0 kr`."""
    if ore == 0:
        return kroner(0, language)
    return _of_kroner(_written(Decimal(ore) / 100, "#,##0.00", language), language)


def whole_kroner(ore: int, language: str) -> str:
    """An amount in whole kroner, for columns whose heading gives the unit: `−1 234 567`."""
    return _amount(ore, 100, language)


def way(ore: int) -> int:
    """Whether an amount is told as more than nothing (1), less (-1), or as `0 kr` (0)."""
    return 0 if whole_kroner(ore, "nb") == "0" else 1 if ore > 0 else -1


def thousands(ore: int, language: str) -> str:
    """An amount in thousands of kroner, for columns whose heading gives the unit: `1 235`."""
    return _amount(ore, 100_000, language)


def _amount(ore: int, unit: int, language: str) -> str:
    rounded = (Decimal(ore) / unit).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return ("\u2212" if rounded < 0 else "") + number(abs(rounded), language)


def price(value: Decimal, language: str) -> str:
    """A price in kroner with two decimals, or up to four below one krone: `0,107 kr`, `9 176,83 kr`."""
    rounded = value.quantize(Decimal("0.0001" if abs(value) < 1 else "0.01"), rounding=ROUND_HALF_UP)
    return _of_kroner(_written(rounded, "#,##0.00##", language), language)


def signed(change: int, language: str) -> str:
    """A change with its sign: `+183`; no change is `0`."""
    return f"+{number(change, language)}" if change > 0 else number(change, language)


@functools.lru_cache(maxsize=2_000)
def month(value: date, language: str) -> str:
    """A month in running text: `mai 2026`, `May 2026`."""
    return str(format_date(value, "MMMM y", locale=LOCALES[language]))


def day(value: date, language: str) -> str:
    """A day in running text: `24.11.2026`, `24 November 2026`."""
    return f"{value:%d.%m.%Y}" if language == "nb" else str(format_date(value, "d MMMM y", locale=LOCALES[language]))


def days(first: date, last: date, language: str) -> str:
    """Days in a few letters: `20.–22. juni`, `20–22 Jun`; with years where they are of two."""
    if first.year != last.year:
        return str(format_interval(first, last, "yMMMd", locale=LOCALES[language]))
    return str(format_interval(first, last, "MMMd", locale=LOCALES[language]))


def day_and_month(value: date, language: str) -> tuple[str, str]:
    """A day in two short lines, where the year is shown beside it: `24.` and `nov`, `24` and `Nov`."""
    day = f"{value.day}." if language == "nb" else str(value.day)
    return day, str(format_date(value, "LLL", locale=LOCALES[language]))


def day_and_time(value: datetime, language: str) -> str:
    """A moment on the Norwegian clock: `24.11.2026 kl. 06.00`, `24 November 2026 at 06:00`."""
    here = value.astimezone(OSLO)
    if language == "nb":
        return f"{here:%d.%m.%Y} kl. {here:%H.%M}"
    return f"{format_date(here, 'd MMMM y', locale=LOCALES[language])} at {here:%H:%M}"


def size(count: int, language: str) -> str:
    """How large a file is: `640 byte`, `12 kB`, `3,4 MB`."""
    for unit, of in (("GB", 10**9), ("MB", 10**6)):
        if count >= of:
            return f"{tenths(Decimal(count) / of, language)}\u00a0{unit}"
    thousand = 1000
    if count >= thousand:
        return f"{number(Decimal(count) / thousand, language)}\u00a0kB"
    return f"{number(count, language)}\u00a0byte"


def collated(text: str) -> str:
    """What to sort a text by, as a Norwegian dictionary does: æ, ø, and å or aa after z; no capitals, no accents.

    SQL says `collate no` for the same order.
    """
    kept = text.casefold().replace("aa", "å").translate(_LAST)
    return "".join(x for x in unicodedata.normalize("NFD", kept) if not unicodedata.combining(x))


_LAST = str.maketrans("æøå", "{|}")  # what comes after z in ASCII


def listing(words: Sequence[str], language: str) -> str:
    """Words joined by commas, with `og` or `and` before the last."""
    return str(format_list(list(words), locale=LOCALES[language])) if words else ""


def inside(text: str) -> str:
    """A heading as it stands within a sentence: a small first letter."""
    return text[:1].lower() + text[1:]


def first(text: str) -> str:
    """The text with a capital first letter; the rest is left as it is."""
    return text[:1].upper() + text[1:]
