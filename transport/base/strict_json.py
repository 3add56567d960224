"""JSON from strangers: limited in length and depth before it is parsed.

A parser recurses as deep as the text is nested. A server's threads have small stacks, so that hundreds of idle calls
fit in memory, and a few thousand brackets would end the process.
"""

from __future__ import annotations

import json
import re

LONGEST = 1 << 16
"""Bytes of a ticket, an action, a filter or metadata; ours are about a hundred."""
_DEEPEST = 64
"""Brackets within each other: more than any of our messages has, and few enough for a small stack."""
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
"""A string with its quotes. One that does not end takes the rest of the text, as in a parser."""


def loads(text: str | bytes) -> object:
    """Parse the text.

    Raises:
        ValueError: it is not JSON, is too long or too deep, or repeats a key.
    """
    check_shallow(text)
    try:
        value: object = json.loads(text, object_pairs_hook=once)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    return value


def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Build a JSON object and refuse repeated keys: a parser would keep the last one, whichever was meant.

    Raises:
        ValueError: a key is repeated.
    """
    members = dict(pairs)
    if len(members) < len(pairs):
        message = "a key appears twice"
        raise ValueError(message)
    return members


def check_shallow(text: str | bytes) -> None:
    """Check that the text is safe to parse.

    Raises:
        ValueError: it is too long, too deep, or not UTF-8.
    """
    if len(text) > LONGEST:
        raise ValueError(_TOO_DEEP)
    plain = text if isinstance(text, str) else text.decode()
    if "\0" in plain:  # Python's parser reads UTF-16 too, where quotes would be elsewhere
        message = "it is not UTF-8"
        raise ValueError(message)
    depth = 0
    for character in _STRING.sub("", plain):
        depth += (character in "[{") - (character in "]}")
        if depth > _DEEPEST:
            raise ValueError(_TOO_DEEP)


_TOO_DEEP = "it is too long or too deeply nested"
