"""What the pages and reports say, in Norwegian bokmål and in English: messages in Fluent, numbers and dates in words.

A message stands beside what says it: `texts.nb.ftl` and `texts.en.ftl` in the folder of a page. Code asks for it by its
name with dots, as `words("uptake.title")`; in the file the name has hyphens. Decision 0017 says why Fluent.
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

from catalog.tables.datasets import DATASETS
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from babel import Locale

    from catalog.text import Text

LANGUAGES: Final = ("nb", "en")
_ROOM: Final = Path(__file__).parent.parent


def files(language: str) -> list[Path]:
    """The message files of a language."""
    return sorted(_ROOM.rglob(f"*.{language}.ftl"))


@functools.cache
def _resources(language: str) -> list[Resource]:
    return [FluentResource(file.read_text("utf-8")) for file in files(language)]


@functools.cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([formatting.LOCALES[language]], use_isolating=False)
    for resource in _resources(language):
        bundle.add_resource(resource)
    return bundle


@functools.cache
def _names(language: str) -> list[str]:
    """What the messages are called, in the order of their files."""
    return [part.id.name for resource in _resources(language) for part in resource.body if isinstance(part, Message)]


_UNNAMED: Final = re.compile(r"[^A-Za-z0-9_-]")


@functools.lru_cache(maxsize=10_000)
def named(key: str) -> str:
    """What a message is called in its file: a dot, and any sign that Fluent lets no name have, is a hyphen."""
    return _UNNAMED.sub("-", key)


class _Number(FluentInt):
    """A whole number that is written the language's way, and chooses between the singular and the plural."""

    def format(self, locale: Locale) -> str:
        """The number with its groups of three: `5 627 400`, `5,627,400`."""
        return formatting.number(int(self), locale.language)


@dataclass(frozen=True, slots=True)
class Words:
    """The texts in one language. `words("uptake.title")` gives one; named parts fill its places."""

    language: str

    def __call__(self, key: str, **parts: object) -> str:
        """The message `key` with its places filled. Whole numbers are written the language's way.

        Raises:
            KeyError: there is no such message.
            FluentReferenceError: it has a place that nothing was given for.
        """
        bundle = _bundle(self.language)
        message = bundle.get_message(named(key)) if self.has(key) else None
        if message is None or message.value is None:
            raise KeyError(key)
        given = {name: _Number(part) if type(part) is int else str(part) for name, part in parts.items()}
        text, problems = bundle.format_pattern(message.value, given)
        for problem in problems:
            raise problem
        return str(text)

    def has(self, key: str) -> bool:
        """There is a message of that name."""
        return bool(_bundle(self.language).has_message(named(key)))

    def under(self, key: str) -> list[str]:
        """What the messages below a name are called, in the order of their file: `under("term")`."""
        begin = f"{named(key)}-"
        return [name.removeprefix(begin) for name in _names(self.language) if name.startswith(begin)]

    def municipalities(self, n: int) -> str:
        """The noun after the number `n`: `kommune` or `kommuner`."""
        return self("municipality.one" if n == 1 else "municipality.many")

    def counted(self, what: str, title: str, n: object) -> str:
        """What is counted, after the number `n`: `konto` or `kontoer`.

        Args:
            what: the measure's name, or what it is called in Norwegian.
            title: what it is called.
            n: how many.
        """
        one = f"unit.one.{what.lower()}"
        return self(one) if n == 1 and self.has(one) else title.lower()

    def column(self, name: str) -> str:
        """What a column is called: `column.<name>`, else as the first contract that has it says.

        Raises:
            KeyError: nobody says.
        """
        own = f"column.{name}"
        return self(own) if self.has(own) else _titles()[name][self.language]

    def value(self, name: str, value: object) -> str:
        """A column's value as a reader writes it; a missing one as `..`. Amounts in øre are shown in whole kroner.

        A code is worded where `value.<column>.<code>` is in the catalogue.
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
            return ", ".join(str(one) for one in value)
        return self.word(name, str(value))

    def word(self, name: str, value: str) -> str:
        """What a code of a column is called: `value.<column>.<code>`, else as it is."""
        own = f"value.{name}.{value}"
        if self.has(own):
            return self(own)
        quarter = _QUARTER.fullmatch(value) if name == "quarter" else None
        if quarter:
            return formatting.first(self("accounts.quarter.named", n=int(quarter[2]), year=quarter[1]))
        return value

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


_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")
"""A quarter as the ledgers write it."""
_WRITTEN: Final[Mapping[str, Callable[[Decimal, str], str]]] = {
    "øre": lambda value, language: formatting.kroner(int(value), language),
    "kr": formatting.price,
    "andel": lambda value, language: formatting.per_cent(value * 100, language),
    "prosent": formatting.per_cent,
    "år": lambda value, _: str(value),
}
"""How a number is written, by the unit of its column."""
PER: Final = " per "
"""What the unit of a rate has in it."""
_OF_PAGES: Final = {"unexplained_ore": "øre"}
"""Units of the columns that a page works out itself and no contract has."""


def unit_of(name: str) -> str | None:
    """The unit of a column's numbers, as the first contract that has it says; None where it has none."""
    return _OF_PAGES.get(name) or _units().get(name)


@functools.cache
def _units() -> Mapping[str, str | None]:
    return {column.name: column.unit for contract in reversed(DATASETS.values()) for column in contract.columns}


@functools.cache
def _titles() -> Mapping[str, Text]:
    return {column.name: column.title for contract in reversed(DATASETS.values()) for column in contract.columns}
