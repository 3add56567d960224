"""The output of commands: a result on stdout, as text or JSON; progress and notes on stderr."""

from __future__ import annotations

import inspect
import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Annotated, ParamSpec

from cyclopts import Parameter
from rich import console, table

P = ParamSpec("P")


class Note(str):
    """A line beside the result, on stderr."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows for a person.

    Attributes:
        rows: one line each.
        columns: their order; by default that of the first row.
        empty: shown when there are no rows.
        null: shown for a missing value, where it must not look like an empty text.
        limit: how many rows are shown; None shows all.
        more: what follows `… and 3 more` when there are more rows.
    """

    rows: Sequence[Mapping[str, object]]
    columns: Sequence[str] | None = None
    empty: str = "Nothing."
    null: str = ""
    limit: int | None = None
    more: str = "; --limit or --json."


@dataclass(frozen=True, slots=True)
class Result:
    """What a command answers.

    Attributes:
        facts: for a program; None where there is text alone.
        lines: for a person; read only when they are shown.
        notes: for both, on stderr after the rest.
        code: the exit code.
    """

    facts: object = None
    lines: Iterable[str | Table] = ()
    notes: Iterable[str] = ()
    code: int = 0


def command(json_help: str | None = "for a program.") -> Callable[[Callable[P, Result]], Callable[P, int]]:
    """Make a command of a function: show its result and give its exit code.

    Args:
        json_help: the help of the option --json, which is added to those of the function; None adds none. A function
            that must know of it before its end has it already.
    """

    def decorate(function: Callable[P, Result]) -> Callable[P, int]:
        options = inspect.signature(function)
        adds = json_help is not None and "json" not in options.parameters

        @wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> int:
            as_json = kwargs.pop("json", False) if adds else kwargs.get("json", False)
            return render(function(*args, **kwargs), as_json=bool(as_json))

        if adds:
            option = Annotated[bool, Parameter(help=json_help)]
            added = inspect.Parameter("json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=option)
            whole = options.replace(parameters=[*options.parameters.values(), added])
            wrapper.__signature__ = whole  # type: ignore[attr-defined] # what cyclopts reads
            wrapper.__annotations__ = {**function.__annotations__, "json": option}
        return wrapper

    return decorate


def render(result: Result, *, as_json: bool) -> int:
    """Show a result, and give its exit code."""
    if as_json and result.facts is not None:
        sys.stdout.write(json.dumps(result.facts, ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        show(result.lines)
    for note in result.notes:
        say(note)
    return result.code


def records(rows: Sequence[Mapping[str, object]], *, empty: str) -> Result:
    """Rows for a program and for a person, who sees the values of a list with spaces between them."""
    plain = [{k: " ".join(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows]
    return Result(rows, [Table(plain, empty=empty)])


def show(lines: Iterable[str | Table]) -> None:
    """Print lines and tables of the result for a person."""
    for line in lines:
        if isinstance(line, Table):
            _show_table(line)
        elif isinstance(line, Note):
            say(line)
        else:
            out(line)


def _show_table(listing: Table) -> None:
    if not listing.rows:
        out(listing.empty)
        return
    names, rows = list(listing.columns or listing.rows[0]), listing.rows[: listing.limit]
    grid = table.Table(box=None, pad_edge=False, header_style="bold")
    for name in names:
        right = all(isinstance(r.get(name), int | float) or r.get(name) is None for r in rows)
        grid.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in rows:
        grid.add_row(*(listing.null if row.get(n) is None else str(row.get(n)) for n in names))
    terminal = sys.stdout.isatty()
    console.Console(file=sys.stdout, width=None if terminal else 200, markup=False, highlight=False).print(grid)
    if len(listing.rows) > len(rows):
        out(f"… and {len(listing.rows) - len(rows)} more{listing.more}")


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


@dataclass
class Progress:
    """Shows a person the progress of a run: a moving line on a terminal, plain lines elsewhere."""

    began: float = field(default_factory=time.monotonic)
    _line_open: bool = False

    def step(self, name: str, detail: str = "") -> None:
        """A step begins or continues."""
        if sys.stderr.isatty():
            passing(f"{time.monotonic() - self.began:6.1f} s  {name}  {detail}")
            self._line_open = True

    def done(self, name: str, detail: str) -> None:
        """A step ended."""
        start = "\r\033[K" if self._line_open else ""
        say(f"{start}{time.monotonic() - self.began:6.1f} s  {name:<32} {detail}")
        self._line_open = False
