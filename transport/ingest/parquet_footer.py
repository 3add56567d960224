"""Checks what a Parquet footer says of its file: readers believe it, and it has no checksum.

The footer's own counts must agree, and its column chunks must hold every page of the file once. Writers put padding,
Bloom filters and indexes beside the chunks; such bytes may be anything but pages.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import pyarrow.parquet as pq

from catalog.errors import Unreadable

UNENCRYPTED = "Write it without Parquet's own encryption; what is sent over TLS is encrypted on its way."
_MAGIC = 4
_TAIL = 8
"""Bytes before the first page, and bytes after the footer: its length and the magic again."""
_NUMBER = rb"\x15[\x80-\xff]{0,4}[\x00-\x7f]"
_PAGE = re.compile(
    rb"\x15[\x00\x04\x06]"
    + _NUMBER * 2
    + b"(?:"
    + _NUMBER
    + rb")?[\x1c\x2c\x3c\x4c\x5c](?!\x15\x00)"
    + _NUMBER
    + rb"\x15"
)
"""How a page begins: its kind, its size unpacked and packed, perhaps its checksum, and its number of values, not 0."""
_SIGNATURE = 28
"""Bytes after a readable footer of a file with encrypted columns: it is signed (AES-GCM's nonce and tag)."""
_LONGEST = 32
"""More bytes than `_PAGE` can match."""
_PIECE = 1 << 20
_NUMBER_BYTES = 10
"""Bytes that a number of 64 bits takes at most."""
_HEADERS = 1 << 8, 1 << 20
"""Bytes in which the header of a page ends: of most, so that a million small pages take seconds; and of all, since its
statistics may be long."""


def check(path: Path, footer: pq.FileMetaData) -> None:
    """Check the counts and the places that a footer states.

    Raises:
        Unreadable: rows would be lost or read twice; or columns are encrypted, though the footer is not.
    """
    end = path.stat().st_size - footer.serialized_size - _TAIL
    with path.open("rb") as handle:
        handle.seek(-_TAIL, os.SEEK_END)
        beyond = int.from_bytes(handle.read(4), "little") - footer.serialized_size
    if beyond == _SIGNATURE:  # Arrow ends the process that looks at an encrypted column
        raise Unreadable("The Parquet file has encrypted columns.", UNENCRYPTED)
    counted, places, chunks = 0, [], []
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        counted += group.num_rows
        if group.num_rows < 0:
            raise false(f"row group {number + 1} has {group.num_rows} rows")
        for index in range(footer.num_columns):
            chunk = group.column(index)
            if footer.schema.column(index).max_repetition_level == 0 and chunk.num_values != group.num_rows:
                raise false(
                    f"row group {number + 1} has {group.num_rows} rows, but a column of it {chunk.num_values} values"
                )
            data, dictionary = chunk.data_page_offset, chunk.dictionary_page_offset
            if chunk.num_values:  # writers do not say where a column of an empty row group is
                places.append((dictionary if dictionary and dictionary < data else data, chunk.total_compressed_size))
                chunks.append((*places[-1], chunk.num_values))
    if counted != footer.num_rows:
        raise false(f"it counts {footer.num_rows} rows, but its row groups have {counted}")
    _check_places(path, sorted(places), end=end)
    with path.open("rb") as handle:
        for start, size, values in chunks:
            in_pages = _values_in(handle, start, size)
            if in_pages != values:
                raise false(
                    f"it counts {values} values in the column chunk at byte {start}, but its pages have {in_pages}"
                )


def false(what: str) -> Unreadable:
    """The refusal of a file whose footer does not match it."""
    return Unreadable(f"The Parquet footer does not match the file: {what}.", "It is damaged; write the file again.")


def _check_places(path: Path, places: Iterable[tuple[int, int]], *, end: int) -> None:
    last = _MAGIC
    with path.open("rb") as handle:
        for start, size in [*places, (end, 0)]:
            if start < last or size < 0:
                raise false("column chunks overlap, or reach into the footer")
            handle.seek(last)
            before = b""
            while piece := handle.read(min(_PIECE, start - handle.tell())):
                if _PAGE.search(before + piece):
                    raise false(f"no column has the page after byte {last}")
                before = piece[-_LONGEST:]
            last = start + size


def _values_in(handle: IO[bytes], start: int, size: int) -> int:
    """The values of a chunk's data pages by the pages' own headers."""
    values, end = 0, start + size
    while start < end:
        header, length = _header(handle, start, end)
        packed, page = header.get(3), header.get(5) or header.get(8) or {}
        page_values = page.get(1, 0) if isinstance(page, dict) else None
        if not isinstance(packed, int) or not isinstance(page_values, int) or min(packed, page_values) < 0:
            raise false(f"no page begins at byte {start}")
        values += page_values
        start += length + packed
    if start != end:
        raise false(f"a page continues after its column chunk, at byte {end}")
    return values


def _header(handle: IO[bytes], start: int, end: int) -> tuple[dict[int, Any], int]:
    """The header of the page that begins at a byte, and its length."""
    for most in _HEADERS:
        handle.seek(start)
        try:
            return _struct(handle.read(min(most, end - start)), 0)
        except IndexError:
            continue
        except (ValueError, RecursionError):
            break
    raise false(f"no page begins at byte {start}")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for place in range(_NUMBER_BYTES):
        value |= (data[at + place] & 0x7F) << 7 * place
        if data[at + place] < 0x80:  # noqa: PLR2004 - the last byte of a number
            return value, at + place + 1
    message = "a number is too long"
    raise ValueError(message)


def _struct(data: bytes, at: int) -> tuple[dict[int, Any], int]:
    """A structure of Thrift's compact protocol, as page headers have: numbers and structures; the rest is skipped."""
    fields: dict[int, Any] = {}
    last = 0
    while kind := data[at]:
        at += 1
        if kind >> 4:
            last += kind >> 4
        else:
            number, at = _varint(data, at)
            last = (number >> 1) ^ -(number & 1)
        kind &= 0xF
        if kind in (1, 2):
            fields[last] = kind == 1
        elif kind == 3:  # noqa: PLR2004 - a byte
            at += 1
        elif kind in (4, 5, 6):
            number, at = _varint(data, at)
            fields[last] = (number >> 1) ^ -(number & 1)
        elif kind == 8:  # noqa: PLR2004 - bytes, as of statistics
            length, at = _varint(data, at)
            at += length
        elif kind == 12:  # noqa: PLR2004 - a structure
            fields[last], at = _struct(data, at)
        else:
            message = "not in a page header"
            raise ValueError(message)
    return fields, at + 1
