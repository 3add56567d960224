"""The output of commands: progress to stderr, results to stdout, as text or JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from rich.console import Console
from rich.table import Table


def out(text: str) -> None:
    """Print a line of the result."""
    sys.stdout.write(f"{text}\n")


def say(text: str) -> None:
    """Print a line that is not part of the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def passing(text: str) -> None:
    """Print a line that the next one replaces; only on a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}"[:118])
        sys.stderr.flush()


def as_json(value: object) -> None:
    """Print the result for a program."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def counted(count: int, singular: str, plural: str = "") -> str:
    """How many there are, in words: "1 file", "2 files"."""
    return f"{count} {singular if count == 1 else plural or f'{singular}s'}"


def kroner(ore: int, *, grouped: bool = True) -> str:
    """An amount in kroner with two decimals: `13 214.50`, or `13214.50` when not grouped."""
    return f"{Decimal(ore) / 100:{',' if grouped else ''}.2f}".replace(",", " ")


def table(
    rows: Sequence[Mapping[str, object]],
    columns: Sequence[str] | None = None,
    *,
    empty: str = "Nothing.",
    null: str = "",
) -> None:
    """Print the result for a person.

    Args:
        rows: one line each.
        columns: their order; by default that of the first row.
        empty: printed when there are no rows.
        null: shown for a missing value, where it must not look like an empty text.
    """
    names = list(columns or (rows[0] if rows else ()))
    if not rows:
        out(empty)
        return
    shown = Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        right = all(isinstance(r.get(name), int | float) or r.get(name) is None for r in rows)
        shown.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(null if row.get(n) is None else str(row.get(n)) for n in names))
    terminal = sys.stdout.isatty()
    Console(file=sys.stdout, width=None if terminal else 200, markup=False, highlight=False).print(shown)


def records(rows: Sequence[Mapping[str, object]], *, json: bool, empty: str) -> None:
    """Print records for a program or for a person, who sees the values of a list with spaces between them."""
    if json:
        as_json(rows)
    else:
        table([{k: " ".join(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows], empty=empty)


@dataclass
class Progress:
    """Shows a person the progress of a run: a moving line on a terminal, plain lines elsewhere."""

    began: float = field(default_factory=time.monotonic)
    _shown: bool = False

    def step(self, name: str, detail: str = "") -> None:
        """A step begins or continues."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\033[K{time.monotonic() - self.began:6.1f} s  {name}  {detail}"[:118])
            sys.stderr.flush()
            self._shown = True

    def done(self, name: str, detail: str) -> None:
        """A step ended."""
        start = "\r\033[K" if self._shown else ""
        sys.stderr.write(f"{start}{time.monotonic() - self.began:6.1f} s  {name:<32} {detail}\n")
        sys.stderr.flush()
        self._shown = False
