"""A file that a reader of some format has opened, and what the reader was given to read it with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from catalog.errors import Unreadable

COVERS = b"dif.covers"
"""Schema metadata of rows that were read from a file of whole months: of what, its first and its last month."""
_COVERS = re.compile(r"(\d{9}) (\d{4}-\d{2}) (\d{4}-\d{2})")


def covers_in(metadata: Mapping[bytes, bytes]) -> tuple[str, ...]:
    """What rows cover, by their schema's metadata; empty when that says nothing.

    Raises:
        Unreadable: it is not of that form.
    """
    stated = metadata.get(COVERS)
    if stated is None:
        return ()
    hit = _COVERS.fullmatch(stated.decode("ascii", "replace"))
    if hit is None or hit[2] > hit[3]:
        raise Unreadable(
            f"The schema's metadata {COVERS.decode()} is not an organisation number and two months.", "Leave it out."
        )
    return hit.groups()


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """An opened file: its chunks, in the contract's columns, and its schema metadata.

    Attributes:
        first_line: the line of the first row, where each row is a line.
        lines: the line of each row read so far, where rows are no lines, as in XML; else empty.
        told: what the file says beside its rows, for the receipt; complete when the last chunk is read.
        covers: what the file holds whole (`ValidatedBatch.covers`); complete when the last chunk is read.
    """

    chunks: Iterator[pa.Table]
    metadata: dict[bytes, bytes]
    first_line: int
    lines: Sequence[int] = ()
    told: Mapping[str, object] = field(default_factory=dict)
    covers: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ReaderInputs:
    """What a reader process needs besides the file, since it can read neither the landing nor the settings.

    Attributes:
        company: the organisation number whose accounts are taken in; empty when the setting is.
        schemas: the folder of official schemas that we may not carry; empty when the setting is.
        registers: rows in force by register, with dates as text, of the registers that the kind of file names.
    """

    company: str = ""
    schemas: str = ""
    registers: Mapping[str, Sequence[Mapping[str, object]]] = field(default_factory=dict)
