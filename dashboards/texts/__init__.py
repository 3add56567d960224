"""What the pages say, in Norwegian bokmål and in English. Plain words; one word a thing. A module a page."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.tables.datasets import DATASETS
from dashboards import wording
from dashboards.texts import (
    about,
    access,
    accounts,
    data,
    definitions,
    frame,
    glossary,
    ledger,
    mine,
    overview,
    reports,
    service,
    units,
    uptake,
    usage,
)
from dashboards.texts import map as of_the_map

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from catalog.text import Text

LANGUAGES: Final = ("nb", "en")

TEXTS: Final[Mapping[str, Text]] = {
    **frame.TEXTS,
    **access.TEXTS,
    **overview.TEXTS,
    **usage.TEXTS,
    **uptake.TEXTS,
    **of_the_map.TEXTS,
    **accounts.TEXTS,
    **data.TEXTS,
    **definitions.TEXTS,
    **glossary.TEXTS,
    **about.TEXTS,
    **ledger.TEXTS,
    **service.TEXTS,
    **units.TEXTS,
    **mine.TEXTS,
    **reports.TEXTS,
}


@dataclass(frozen=True, slots=True)
class _Counted:
    """A whole number in a text: `{n}` is the number, `{n:month|months}` with its noun, `{n:=is|are}` the noun alone."""

    number: int
    language: str

    def __format__(self, nouns: str) -> str:
        shown = wording.number(self.number, self.language)
        if not nouns:
            return shown
        one, many = nouns.removeprefix("=").split("|")
        noun = one if self.number == 1 else many
        return noun if nouns.startswith("=") else f"{shown} {noun}"

    def __str__(self) -> str:
        return format(self)


@dataclass(frozen=True, slots=True)
class Words:
    """The texts in one language. `words("uptake.title")` gives one; named parts fill its places.

    A place for a whole number may say what is counted, in the singular and the plural: `{n:month|months}`.
    """

    language: str

    def __call__(self, key: str, **parts: object) -> str:
        """The text `key` with its places filled. Whole numbers are written the language's way."""
        shown = {name: _Counted(part, self.language) if type(part) is int else part for name, part in parts.items()}
        return TEXTS[key][self.language].format(**shown)

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
        one = TEXTS.get(f"unit.one.{what.lower()}")
        return one[self.language] if one and n == 1 else title.lower()

    def column(self, name: str) -> str:
        """What a column is called: `column.<name>`, else as the first contract that has it says.

        Raises:
            KeyError: nobody says.
        """
        own = TEXTS.get(f"column.{name}")
        return own[self.language] if own else _titles()[name][self.language]

    def value(self, name: str, value: object) -> str:
        """A column's value as a reader writes it; a missing one as `..`. Amounts in øre are shown in whole kroner.

        A code is worded where `value.<column>.<code>` is in the catalogue.
        """
        if value is None:
            return wording.MISSING
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
        own = TEXTS.get(f"value.{name}.{value}")
        if own:
            return own[self.language]
        quarter = _QUARTER.fullmatch(value) if name == "quarter" else None
        if quarter:
            return wording.first(self("accounts.quarter.named", n=int(quarter[2]), year=quarter[1]))
        return value

    def _day(self, name: str, value: date) -> str:
        if isinstance(value, datetime):
            return wording.day_and_time(value, self.language)
        return wording.month(value, self.language) if "month" in name else wording.day(value, self.language)

    def _number(self, name: str, value: float | Decimal) -> str:
        exact = Decimal(str(value))
        if name == "year":
            return str(value)
        for unit, written in _UNITS:
            if unit(name):
                return written(exact, self.language)
        whole = isinstance(value, int) or exact == exact.to_integral_value()
        return wording.number(exact, self.language) if whole else wording.tenths(exact, self.language)


_QUARTER: Final = re.compile(r"(\d{4})-Q([1-4])")
"""A quarter as the ledgers write it."""
_UNITS: Final[Sequence[tuple[Callable[[str], bool], Callable[[Decimal, str], str]]]] = (
    (lambda name: name.endswith("_ore"), lambda value, language: wording.kroner(int(value), language)),
    (lambda name: name.endswith("price"), wording.price),
    (lambda name: "per_1000" in name, wording.rate),
    (
        lambda name: "share" in name.split("_") and not name.startswith("n_"),  # `n_share` counts those that have one
        lambda value, language: wording.per_cent(value * 100, language),
    ),
    (lambda name: name.endswith("percent"), wording.per_cent),
)
"""How a column's numbers are written, by what its name says of their unit."""


@functools.cache
def _titles() -> Mapping[str, Text]:
    return {one.name: one.title for contract in reversed(DATASETS.values()) for one in contract.columns}
