"""Checks what a Parquet footer says of its file: readers believe it, and it has no checksum.

The footer's own counts must agree, and its column chunks must hold every page of the file once. Writers put padding,
Bloom filters and indexes beside the chunks; such bytes may be anything but pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from catalog.errors import Unreadable

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
_LONGEST = 32
"""More bytes than `_PAGE` can match."""
_PIECE = 1 << 20


def check(path: Path, footer: pq.FileMetaData) -> None:
    """Check the counts and the places that a footer states.

    Raises:
        Unreadable: rows would be lost or read twice.
    """
    counted, places = 0, []
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
    if counted != footer.num_rows:
        raise false(f"it counts {footer.num_rows} rows, but its row groups have {counted}")
    _check_places(path, sorted(places), end=path.stat().st_size - footer.serialized_size - _TAIL)


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
