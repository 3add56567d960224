"""Texts of the pages and reports, in bokmål, nynorsk and English: Fluent messages, formatted numbers and dates.

Messages are in `texts.nb.ftl` and `texts.en.ftl` in the folder of the page that uses them. Code names a message with
dots, as `words("uptake.title")`; in the file its name has hyphens. Decision 0017 says why Fluent. What nynorsk lacks is
told in bokmål (decision 0060); `python -m tools.nynorsk` lists it.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentInt
from fluent.syntax.ast import Message, Resource

from catalog.domain.calendar import QUARTER
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from babel import Locale

    from catalog.text import Text

LANGUAGES: Final = ("nb", "en")
"""The languages that data, numbers and contracts have."""
TAGS: Final = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
"""The languages that a reader can ask for, each by its own name; the first is the default."""
_ROOM: Final = Path(__file__).parent.parent


def files(language: str) -> list[Path]:
    """The message files of a language."""
    return sorted(_ROOM.rglob(f"*.{language}.ftl"))


@functools.cache
def _resources(language: str) -> list[Resource]:
    return [FluentResource(file.read_text("utf-8")) for file in files(language)]


@functools.cache
def _bundle(language: str) -> FluentBundle:
    def spelled(n: object, at: object = "", singular: object = "") -> str:
        return _spelled(language, n, at, singular)

    written = _written_as(language)
    functions = {"SPELLED": spelled}
    bundle = FluentBundle([formatting.LOCALES[written]], use_isolating=False, functions=functions)  # type: ignore[arg-type]
    for resource in _resources(written):
        bundle.add_resource(resource)
    for resource in _resources(language) if language != written else ():
        bundle.add_resource(resource, allow_overrides=True)
    return bundle


def _written_as(language: str) -> str:
    """The language in which data, numbers and missing messages are told to a reader of a language."""
    return language if language in LANGUAGES else LANGUAGES[0]


@functools.cache
def _names(language: str) -> list[str]:
    """The names of the messages, in the order of their files."""
    return [part.id.name for resource in _resources(language) for part in resource.body if isinstance(part, Message)]


_UNNAMED: Final = re.compile(r"[^A-Za-z0-9_-]")


@functools.lru_cache(maxsize=10_000)
def named(key: str) -> str:
    """A message's name in its file: dots, and characters that Fluent allows in no name, become hyphens."""
    return _UNNAMED.sub("-", key)


class _Number(FluentInt):
    """A whole number that is formatted for the language and selects singular or plural."""

    def format(self, locale: Locale) -> str:
        """The number in groups of three digits: `5 627 400`, `5,627,400`."""
        return formatting.number(int(self), locale.language)


def _spelled(language: str, n: object, at: object = "", singular: object = "") -> str:
    """`{ SPELLED($n) }` in a message: a number up to twelve as a word.

    `at: "start"` of a sentence gives it a capital; `singular: "én"` is the word for one where the noun is no neuter.
    """
    count = int(str(n))
    word = str(singular) if singular and count == 1 else formatting.spelled(count, language)
    return formatting.first(word) if at else word


@functools.lru_cache(maxsize=20_000)
def _filled(language: str, key: str, parts: tuple[tuple[str, int | str], ...]) -> str:
    """A message with its placeholders filled; kept, since a page says the same of hundreds of municipalities."""
    bundle, name = _bundle(language), named(key)
    message = bundle.get_message(name) if bundle.has_message(name) else None
    if message is None or message.value is None:
        raise KeyError(key)
    given = {name: _Number(part) if isinstance(part, int) else part for name, part in parts}
    text, problems = bundle.format_pattern(message.value, given)
    for problem in problems:
        raise problem
    return str(text)


@dataclass(frozen=True, slots=True)
class Words:
    """The texts in one language. `words("uptake.title")` returns a message; named parts fill its placeholders.

    Attributes:
        tag: the language of the messages: `nb`, `nn` or `en`.
        marks: whether synthetic numbers are marked one by one. A page on which all are says so once.
    """

    tag: str
    marks: bool = True

    @property
    def language(self) -> str:
        """The language of data and numbers: `nb` or `en`."""
        return _written_as(self.tag)

    def __call__(self, key: str, **parts: object) -> str:
        """The message `key` with its placeholders filled. Whole numbers are formatted for the language.

        Raises:
            KeyError: there is no such message.
            FluentReferenceError: a placeholder was given no part.
        """
        given = tuple((name, part if type(part) is int else str(part)) for name, part in parts.items())
        return _filled(self.tag, key, given)

    def has(self, key: str) -> bool:
        """Whether there is a message of that name."""
        return bool(_bundle(self.tag).has_message(named(key)))

    def under(self, key: str) -> list[str]:
        """The names of the messages below a name, in the order of their file: `under("term")`."""
        begin = f"{named(key)}-"
        return [name.removeprefix(begin) for name in _names(self.language) if name.startswith(begin)]

    def municipalities(self, n: int) -> str:
        """The noun after the number `n`: `kommune` or `kommuner`."""
        return self("municipality.one" if n == 1 else "municipality.many")

    def counted(self, what: str, title: str, n: object) -> str:
        """The noun after the number `n`: `konto` or `kontoer`.

        Args:
            what: the measure's name, or its Norwegian title.
            title: its title.
            n: how many.
        """
        singular = f"unit.one.{what.lower()}"
        return self(singular) if n == 1 and self.has(singular) else title.lower()

    def column(self, name: str) -> str:
        """A column's title: `column.<name>`, else the title in the first contract that has the column.

        Raises:
            KeyError: the column has no title.
        """
        own = f"column.{name}"
        return self(own) if self.has(own) else _titles()[name][self.language]

    def value(self, name: str, value: object) -> str:
        """A column's value formatted for a reader; a missing one as `..`. Amounts in øre are shown in whole kroner.

        A code is replaced by the message `value.<column>.<code>`, if there is one.
        """
        if value is None:
            return formatting.MISSING
        if isinstance(value, bool):
            return self("value.yes" if value else "value.no")
        if isinstance(value, date):
            return self._day(name, value)
        if isinstance(value, int | float | Decimal):
            return self._number(name, value)
        if isinstance(value, list | tuple):
            return ", ".join(str(part) for part in value)
        return self.word(name, str(value))

    def word(self, name: str, value: str) -> str:
        """The text for a code or a band of a column: `value.<column>.<code>`, else the code itself."""
        own = f"value.{name}.{value}"
        if self.has(own):
            return self(own)
        if name == "stream" and value in STREAMS:
            return STREAMS[value].title[self.language]
        if name == "quarter" and re.fullmatch(QUARTER, value):
            return formatting.first(self.quarter(value))
        if name in _COUNTED and _BAND.fullmatch(value):
            return formatting.band(value, self.language)
        return value

    def quarter(self, quarter: str) -> str:
        """`3. kvartal 2026` of `2026-Q3`."""
        year, n = quarter.split("-Q")
        return self("accounts.quarter.named", n=int(n), year=year)

    def _day(self, name: str, value: date) -> str:
        if isinstance(value, datetime):
            return formatting.day_and_time(value, self.language)
        return formatting.month(value, self.language) if "month" in name else formatting.day(value, self.language)

    def _number(self, name: str, value: float | Decimal) -> str:
        exact, unit = Decimal(str(value)), unit_of(name) or ""
        written = formatting.rate if PER in unit else _WRITTEN.get(unit)
        if written:
            return written(exact, self.language)
        whole = isinstance(value, int) or exact == exact.to_integral_value()
        return formatting.number(exact, self.language) if whole else formatting.tenths(exact, self.language)


_WRITTEN: Final[Mapping[str, Callable[[Decimal, str], str]]] = {
    "øre": lambda value, language: formatting.kroner(int(value), language),
    "kr": formatting.price,
    "andel": lambda value, language: formatting.per_cent(value * 100, language),
    "prosent": formatting.per_cent,
    "år": lambda value, _: str(value),
}
"""How to format a number, by the unit of its column."""
_COUNTED: Final = frozenset({"dispatches", "dispatches_band", "failed", "twelve_months"})
"""Columns whose counts may be in bands."""
_BAND: Final = re.compile(r"\d+(-\d+)?")
PER: Final = " per "
"""Marks the unit of a rate."""
_OF_PAGES: Final = {"unexplained_ore": "øre", "cost_ore": "øre", "invoiced_year_before_ore": "øre"}
"""Units of columns that a page computes itself and no contract has."""


def unit_of(name: str) -> str | None:
    """The unit of a column's numbers, from the first contract that has the column; None if it has none."""
    return _OF_PAGES.get(name) or _units().get(name)


@functools.cache
def _units() -> Mapping[str, str | None]:
    return {column.name: column.unit for contract in reversed(DATASETS.values()) for column in contract.columns}


@functools.cache
def _titles() -> Mapping[str, Text]:
    return {column.name: column.title for contract in reversed(DATASETS.values()) for column in contract.columns}
