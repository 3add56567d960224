"""What commands say: progress to stderr, results to stdout, as text or JSON."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table


def out(text: str) -> None:
    """A line of the result."""
    sys.stdout.write(f"{text}\n")


def say(text: str) -> None:
    """A line beside the result."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def passing(text: str) -> None:
    """A line that the next one takes the place of; only on a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text}"[:118])
        sys.stderr.flush()


def as_json(value: object) -> None:
    """The result for a program."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def counted(count: int, one: str, many: str = "") -> str:
    """How many there are, in words: "1 file", "2 files"."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"


def table(
    rows: Sequence[Mapping[str, object]],
    columns: Sequence[str] | None = None,
    *,
    empty: str = "Nothing.",
    null: str = "",
) -> None:
    """The result for a person.

    Args:
        rows: what is shown, a line each.
        columns: in which order; that of the first row when not given.
        empty: what is said when there are no rows.
        null: what stands for a missing value, where it must not be taken for an empty text.
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


@dataclass
class Progress:
    """Tells a person what a run does: a moving line on a terminal, plain lines elsewhere."""

    began: float = field(default_factory=time.monotonic)
    _shown: bool = False

    def step(self, name: str, detail: str = "") -> None:
        """A step goes on."""
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
