"""Counts, amounts, months and moments as text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

_DIGITS = 1000


def counted(count: int, singular: str, plural: str = "") -> str:
    """How many there are, in words: "1 file", "2 files"."""
    return f"{count} {singular if count == 1 else plural or f'{singular}s'}"


def kroner(ore: int, *, grouped: bool = True) -> str:
    """An amount in kroner with two decimals: `13 214.50`, or `13214.50` when not grouped."""
    return f"{Decimal(ore) / 100:{',' if grouped else ''}.2f}".replace(",", " ")


def plain(number: Decimal) -> int | float:
    """A number with decimals only if it has some."""
    return int(number) if number == int(number) else float(number)


def month(day: date | None) -> str:
    """The month of a day, such as 2026-03; empty for no day."""
    return f"{day:%Y-%m}" if day else ""


def moment(value: datetime | None) -> str | None:
    """A moment to the second, for a program and a person alike."""
    return value.isoformat(timespec="seconds") if value else None


def synthetic(row: Mapping[str, object]) -> str:
    """The mark of a synthetic row."""
    return "syntetisk" if row["synthetic"] else ""


def size(count: int) -> str:
    """Bytes in the largest unit with a whole number in it: `340 kB`."""
    for unit in ("B", "kB", "MB"):
        if count < _DIGITS:
            return f"{count:.0f} {unit}"
        count = round(count / _DIGITS)
    return f"{count} GB"
