"""Valid names of batches and producers. Names are public."""

from __future__ import annotations

import re

from catalog.domain import identity
from catalog.errors import WrongUse

NAME = re.compile(r"[A-Za-z0-9._-]{1,64}")
"""A valid batch id."""
PRODUCER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""A valid producer name. It names a folder; a leading dot could name another folder."""

OF_SUPPLIER = "^([0-9]{9})-[0-9]{9}$"
"""The form of `of_supplier`, for Python and SQL alike."""


def of_supplier(organisation: str, supplier: str) -> str:
    """The producer name for a supplier's batches about an organisation, unless the access list gives another."""
    return f"{organisation}-{supplier}"


def without_supplier(producer: str) -> str:
    """A producer's name for readers who may not know which supplier somebody uses: the organisation sent for."""
    return re.sub(OF_SUPPLIER, r"\1", producer)


def check_name(batch_id: str) -> None:
    """Check a batch id.

    Raises:
        WrongUse: it has invalid characters or shows an identity number, and names are public.
    """
    _see_to(batch_id, NAME, "Batch id", "A–Z a–z 0–9 . _ -")


def check_producer(producer: str) -> None:
    """Check a producer name, as `check_name` does.

    Raises:
        WrongUse: it is not valid.
    """
    _see_to(producer, PRODUCER, "Producer", "A–Z a–z 0–9 . _ -, not beginning with one of the last three")


def _see_to(name: str, form: re.Pattern[str], what: str, signs: str) -> None:
    if not form.fullmatch(name):
        raise WrongUse(f"{what} {identity.mask(name[:70])!r} is not 1–64 characters of {signs}.", "Rename it.")
    if identity.find_in_text(name):
        raise WrongUse(
            f"{what} {identity.mask(name)!r} contains what looks like a national identity number.",
            "Rename it after a time slot, a file or a sequence number, never after a person.",
        )
