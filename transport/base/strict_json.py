"""JSON from strangers: bounded in length and depth before it is parsed.

A parser goes down a stack as deep as the text is nested. A server's threads have small stacks, so that hundreds of idle
calls fit in memory, and a few thousand brackets would end the process.
"""

from __future__ import annotations

import json

LONGEST = 1 << 16
"""Bytes of a ticket, an action, a filter or metadata; ours are a hundred."""
_DEEPEST = 64
"""Brackets that open, in all: more than any of ours has, and no deeper than a stack bears."""


def loads(text: str | bytes) -> object:
    """Parse it.

    Raises:
        ValueError: it is no JSON, longer or deeper than anything of ours, or says a word twice.
    """
    check_shallow(text)
    try:
        value: object = json.loads(text, object_pairs_hook=once)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    return value


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Of a word that is said twice a parser takes the last one; what was meant is not known."""
    said = dict(pairs)
    if len(said) < len(pairs):
        message = "a word is said twice"
        raise ValueError(message)
    return said


def check_shallow(text: str | bytes) -> None:
    """See that a parser may have it.

    Raises:
        ValueError: it may not.
    """
    opening = text.count(b"[") + text.count(b"{") if isinstance(text, bytes) else text.count("[") + text.count("{")
    if len(text) > LONGEST or opening > _DEEPEST:
        raise ValueError(_TOO_DEEP)


_TOO_DEEP = "longer or deeper than anything that is understood here"
