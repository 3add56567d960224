"""The hash of a batch's content, independent of its chunks, encoding, file format or library version.

The canonical form of a table is its contract's columns in the contract's order, cut into blocks of `BLOCK` rows. Each
column of a block gives its validity as packed bits, then its values: fixed-width values as little-endian bytes, zero
where null; text as 4-byte lengths and then the bytes. Row order counts.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BLOCK = 131_072
"""Rows per block; part of the canonical form, so it never changes."""


class ContentHash:
    """Computes the SHA-256 of a batch, block by block."""

    def __init__(self, schema: pa.Schema) -> None:
        """Start with the names and types, so that equal bytes of different columns hash differently."""
        self._sha = hashlib.sha256()
        self._sha.update("\n".join(f"{f.name} {f.type}" for f in schema).encode())

    def update(self, block: pa.Table) -> None:
        """Add the next block; every block but the last has exactly `BLOCK` rows."""
        self._sha.update(block.num_rows.to_bytes(8, "little"))
        for column in block.columns:
            array = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
            self._column(array)

    def copy(self) -> ContentHash:
        """A copy that has seen the same blocks."""
        other = ContentHash.__new__(ContentHash)
        other._sha = self._sha.copy()  # noqa: SLF001 - its own class
        return other

    def hexdigest(self) -> str:
        """The hash of all blocks so far."""
        return self._sha.hexdigest()

    def _column(self, array: pa.Array) -> None:
        if isinstance(array, pa.ExtensionArray):
            array = array.storage
        if pa.types.is_dictionary(array.type):
            array = array.dictionary_decode()
        if array.null_count:
            valid = np.asarray(pc.is_valid(array).to_numpy(zero_copy_only=False))
            self._sha.update(np.packbits(valid, bitorder="little").tobytes())
        else:
            self._sha.update(b"\xff")
        kind = array.type
        if pa.types.is_string(kind):
            self._text(array)
        elif pa.types.is_boolean(kind):
            filled = np.asarray(pc.fill_null(array, False).to_numpy(zero_copy_only=False))  # noqa: FBT003 - Arrow's own signature
            self._sha.update(np.packbits(filled, bitorder="little").tobytes())
        else:
            self._fixed(array, kind.bit_width // 8)

    def _fixed(self, array: pa.Array, width: int) -> None:
        values = np.frombuffer(array.buffers()[1], dtype=np.uint8)
        values = values[array.offset * width : (array.offset + len(array)) * width]
        if array.null_count:
            valid = np.asarray(pc.is_valid(array).to_numpy(zero_copy_only=False))
            values = np.where(valid[:, None], values.reshape(-1, width), np.uint8(0))
        self._sha.update(np.ascontiguousarray(values).data)

    def _text(self, array: pa.Array) -> None:
        array = pc.fill_null(array, "") if array.null_count else array
        self._sha.update(pc.binary_length(array).to_numpy(zero_copy_only=False).astype("<i4").tobytes())
        offsets = np.frombuffer(array.buffers()[1], dtype=np.int32)[array.offset : array.offset + len(array) + 1]
        data = array.buffers()[2]
        if data is not None and len(offsets):
            self._sha.update(memoryview(data)[int(offsets[0]) : int(offsets[-1])])


def content_sha256(table: pa.Table) -> str:
    """The hash of a whole table, as a producer may send it along: columns in the contract's order and of its types."""
    content = ContentHash(table.schema)
    for start in range(0, table.num_rows, BLOCK):
        content.update(table.slice(start, BLOCK).combine_chunks())
    return content.hexdigest()
