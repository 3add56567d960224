"""What is left to `make test-all`: tests that take long for what they add to the others, and most cases of long tables.

`make test` answers whoever changes a line soon. A test that it leaves out is marked `slow`, with what it
adds that is not worth waiting for each time; it runs every night (docs/operator.md) and before a release.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pytest
from hypothesis import settings

EXAMPLES = 100
"""Examples of a test that says nothing else, when all is run: the library's own number."""
THOROUGH, QUICK = "thorough", "quick"
settings.register_profile(THOROUGH, deadline=None, max_examples=EXAMPLES)
settings.register_profile(QUICK, deadline=None, max_examples=EXAMPLES // 4)


def all_is_run() -> bool:
    """Whether this is `make test-all`."""
    return settings().max_examples >= EXAMPLES


def examples(thorough: int, *, quick: int | None = None) -> int:
    """How many examples a test tries that tries so many when all is run; else `quick`, or a share, at least three."""
    if quick is not None and not all_is_run():
        return quick
    return max(min(3, thorough), thorough * settings().max_examples // EXAMPLES)


def some(cases: Iterable[Any], keep: int | Collection[Any], why: str) -> list[Any]:
    """The cases of a table: so many of them spread over it, or these, for each run; the rest for when all is run."""
    every = list(cases)
    if isinstance(keep, int):
        kept = {round(n * (len(every) - 1) / max(keep - 1, 1)) for n in range(keep)}
    else:
        kept = {every.index(case) for case in keep}
    return [
        case if number in kept else pytest.param(*_values(case), marks=pytest.mark.slow(why))
        for number, case in enumerate(every)
    ]


def _values(case: Any) -> tuple[Any, ...]:
    return tuple(case) if isinstance(case, tuple) else (case,)
