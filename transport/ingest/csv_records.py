"""Splits CSV at record ends and checks it against RFC 4180 before any library reads it.

pyarrow treats a quote within a field, or one that is never closed, as part of the field, and swallows the rows after
it; Python's own reader and DuckDB's strict mode accept some of these too. By the standard, a quoted field begins and
ends at a separator or a line end, and a quote within it is doubled. Quotes then alternate between opening and closing,
so a whole block can be checked by the bytes beside its quotes. Records are counted too, so that the block's reader can
compare.

Lines may end in LF too, and an empty line is not a record. A NUL is no text: programs end a text there, or drop it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

import numpy as np
import numpy.typing as npt

from catalog.errors import Unreadable

_QUOTE, _RETURN, _BREAK = b'"\r\n'
_BLOCK = 4 << 20
_LONGEST = 16 << 20
_QUOTES = "Put a field with a quote, a separator or a line break in quotes, and write a quote within it twice."
_LINES = "End lines with LF, or with CR and LF."


@dataclass(frozen=True, slots=True)
class Records:
    """Whole records as they are in the file, and their count; `line` is where the first begins."""

    text: bytes
    count: int
    line: int


def records(handle: IO[bytes], delimiter: str, *, line: int = 1) -> Iterator[Records]:
    """Split the rest of a file into blocks of whole records.

    Args:
        handle: at the beginning of a record.
        delimiter: one ASCII character.
        line: the line number of that record.

    Raises:
        Unreadable: it is not CSV by RFC 4180, or has a NUL; gives the line.
    """
    rest, last = b"", False
    while not last:
        piece = handle.read(_BLOCK)
        text, last = rest + piece, not piece
        if not text:
            return
        signs = np.frombuffer(text, np.uint8)
        quotes, breaks = np.flatnonzero(signs == _QUOTE), np.flatnonzero(signs == _BREAK)
        ends = breaks[_outside(breaks, quotes)] + 1
        end = len(text) if last else int(ends[-1]) if len(ends) else 0
        if not end:
            if len(text) > _LONGEST:
                raise _no_csv(line, f"a record is longer than {_LONGEST >> 20} MB; a quote may be open")
            rest = text
            continue
        if (nul := text.find(b"\0", 0, end)) >= 0:
            number = line + int(np.searchsorted(breaks, nul))
            raise Unreadable(f"Line {number} has a NUL character.", "Write text, in UTF-8.")
        _check(signs[:end], quotes[quotes < end], breaks, ord(delimiter), line)
        starts = np.concatenate(([0], ends[ends < end]))
        empty = (signs[starts] == _BREAK) | (signs[starts] == _RETURN)  # `_check` has seen a break after each return
        yield Records(text[:end], len(starts) - int(np.count_nonzero(empty)), line)
        line += int(np.searchsorted(breaks, end))
        rest = text[end:]


def _outside(places: npt.NDArray[np.intp], quotes: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """Whether each place is outside quoted fields: an even number of quotes comes before it."""
    outside: npt.NDArray[np.bool_] = np.searchsorted(quotes, places) % 2 == 0
    return outside


def _check(
    signs: npt.NDArray[np.uint8],
    quotes: npt.NDArray[np.intp],
    breaks: npt.NDArray[np.intp],
    delimiter: int,
    line: int,
) -> None:
    opening, closing = quotes[0::2], quotes[1::2]
    begun = opening[opening > 0]
    ended = closing + 1 < len(signs)
    fields, after = opening[: len(closing)][ended], signs[closing[ended] + 1]
    returns = np.flatnonzero(signs == _RETURN)
    returns = returns[_outside(returns, quotes)]
    next_to = np.append(signs, _RETURN)[returns + 1]
    wrong = {
        "a quote is inside an unquoted field": begun[~np.isin(signs[begun - 1], (delimiter, _BREAK, _QUOTE))],
        "a field continues after its closing quote": fields[~np.isin(after, (delimiter, _BREAK, _RETURN, _QUOTE))],
        "a quote is never closed": opening[len(closing) :],
        "a carriage return has no line feed": returns[next_to != _BREAK],
    }
    faults = {what: int(places[0]) for what, places in wrong.items() if len(places)}
    if faults:
        first = min(faults, key=faults.__getitem__)
        raise _no_csv(line + int(np.searchsorted(breaks, faults[first])), first)


def _no_csv(line: int, what: str) -> Unreadable:
    return Unreadable(f"Line {line} is not valid CSV: {what}.", _QUOTES if "quote" in what else _LINES)
