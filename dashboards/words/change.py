"""A change in words: `12 % mer enn i mai 2025`, `opp fra 2 til 8 siden mai 2025`, `uendret fra mai 2025`.

`catalog.domain.change` has the rule. Nothing else puts a change into words.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from catalog.domain import change
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable

    from dashboards.words import Words


@dataclass(frozen=True, slots=True)
class Change:
    """A change from one number to another.

    Attributes:
        write: formats the two numbers where they are told in place of a percentage.
    """

    before: Decimal | int
    now: Decimal | int
    write: Callable[[Decimal | int, str], str] = formatting.number

    @property
    def percent(self) -> Decimal | None:
        """The change in per cent, as rounded; None where the base is too small for one."""
        return change.in_percent(self.before, self.now)

    @property
    def direction(self) -> int:
        """1 for up, -1 for down, 0 where what is told rounds to no change."""
        moved_by = _whole(self.now) - _whole(self.before) if self.percent is None else self.percent
        return (moved_by > 0) - (moved_by < 0)

    def since_month(self, month: str, words: Words) -> str:
        """After a number: `12 % mer enn i mai 2025`. `month` may be several: `samme måneder i 2025`."""
        return self._in_words(words, ".since", then=month, when=words("change.in", then=month))

    def since_year(self, words: Words) -> str:
        """After a number: `12 % mer enn året før`."""
        year = words("change.year")
        return self._in_words(words, ".since", then=year, when=year)

    def moved(self, words: Words) -> str:
        """After what has changed: `opp 12 %`, `ned fra 8 til 2`, `uendret`."""
        return self._in_words(words, "")

    def signed(self, words: Words) -> str:
        """In a table: `+12 %`, `fra 2 til 8`, `uendret`."""
        if self.direction and self.percent is not None:
            sign = "+" if self.direction > 0 else "\u2212"
            return sign + formatting.per_cent_as_rounded(abs(self.percent), words.language)
        return words("change.from_to" if self.direction else "change.same", **self._numbers(words))

    def _in_words(self, words: Words, after: str, **when: str) -> str:
        if not self.direction:
            return words(f"change.same{after}", **when)
        way = "up" if self.direction > 0 else "down"
        if self.percent is None:
            return words(f"change.{way}.few{after}", **self._numbers(words), **when)
        percent = formatting.per_cent_as_rounded(abs(self.percent), words.language)
        return words(f"change.{way}{after}", percent=percent, **when)

    def _numbers(self, words: Words) -> dict[str, str]:
        return {name: self.write(getattr(self, name), words.language) for name in ("before", "now")}


def change_of(before: Decimal | int | None, now: Decimal | int | None) -> Change | None:
    """The change; None where either number is unknown, or the first is zero."""
    return None if now is None or not before else Change(before, now)


def change_of_ore(before_ore: int, now_ore: int) -> Change:
    """The change of an amount, in kroner."""
    return Change(Decimal(before_ore) / 100, Decimal(now_ore) / 100, _kroner)


def _kroner(value: Decimal | int, language: str) -> str:
    return formatting.kroner(int(value * 100), language)


def _whole(value: Decimal | int) -> Decimal:
    return Decimal(value).quantize(Decimal(1), ROUND_HALF_UP)
