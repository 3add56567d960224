"""What batches and producers may be called: names are told to everybody."""

from __future__ import annotations

import re

from catalog.domain import identity
from catalog.errors import WrongUse

NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""What a batch id may look like."""
PRODUCER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a producer may look like: it is a folder's name, and one that began with a dot would be another folder's."""


def check_name(batch_id: str) -> None:
    """See that a batch may be called so.

    Raises:
        WrongUse: it may not: it has other signs, or shows an identity number, and a name is told to everybody.
    """
    _see_to(batch_id, NAME, "Batch id", "A–Z a–z 0–9 . _ -")


def check_producer(producer: str) -> None:
    """See that a producer may be called so; see `check_name`.

    Raises:
        WrongUse: it may not.
    """
    _see_to(producer, PRODUCER, "Producer", "A–Z a–z 0–9 . _ -, not beginning with one of the last three")


def _see_to(name: str, form: re.Pattern[str], what: str, signs: str) -> None:
    if not form.fullmatch(name):
        raise WrongUse(f"{what} {identity.mask(name[:70])!r} is no 1–64 of {signs}.", "Rename it.")
    if identity.find_in_text(name):
        raise WrongUse(
            f"{what} {identity.mask(name)!r} shows what looks like a national identity number.",
            "Rename it: for a time slot, a file or a sequence number, never for a person.",
        )
