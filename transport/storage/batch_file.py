"""A landed batch as a file: its columns and encodings, checksummed reading of its rows, and its content hash.

Small batches may share a packed file, in which each row names its batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.contracts.language import StreamContract
from catalog.tables.streams import STREAMS
from transport.base.atomic_files import sha256_of
from transport.base.content_hash import BLOCK, ContentHash
from transport.storage.journal import Entry

LANDED_COLUMNS = (
    pa.field("producer", pa.string()),
    pa.field("synthetic", pa.bool_()),
    pa.field("masked_fields", pa.string()),
)
"""Columns that the landing adds: who sent the row, whether it is simulated, the masked fields (comma-separated)."""
FROM_FILE = "from_file"
FROM_ROW = "from_row"
"""Columns that a packed file has beside the landed ones."""
PIECE = 16
"""Hex digits of its hash in the name of a packed file."""


@dataclass(frozen=True, slots=True)
class ValidatedBatch:
    """A validated batch, in a file with a temporary name.

    Attributes:
        sha256: of the canonical content after masking.
        sent_sha256: of the content as sent; the same if nothing was masked.
        months: rows by month (ISO, Europe/Oslo) of the stream's month column.
        latest: the latest moment of that column, ISO in UTC.
        masked_rows: rows in which at least one field was masked.
        bytes: size of the Parquet file.
        file_sha256: of the Parquet file; shows the doctor any bit changed at rest.
        suspects: columns of identifiers with values that pass as identity numbers, but too few to rule out chance. The
            producer's other batches may rule it out (`transport.ingest.identity_across_batches`).
        covers: of a file that holds whole months of something: of what, its first and its last month (`2026-01`).
            What the producer sent of no more than these months is replaced by it. Empty for all others.
        notes: what the file says beside its rows, for the receipt.
    """

    rows: int
    bytes: int
    sha256: str
    months: dict[str, int]
    latest: str
    masked_rows: int
    synthetic: bool
    arrived_at: str | None = None
    file_sha256: str = ""
    sent_sha256: str = ""
    suspects: Sequence[str] = ()
    covers: Sequence[str] = ()
    notes: Mapping[str, object] = field(default_factory=dict)

    def as_json(self) -> dict[str, object]:
        """The batch as the reader process sends it."""
        return asdict(self)


def landed_schema(stream: StreamContract, *, located: bool = False) -> pa.Schema:
    """The schema of a landed file: the contract's columns, then the landing's; `located` adds those of a scan."""
    place = [
        pa.field("filename", pa.string()),
        pa.field("file_row_number", pa.int64()),
        pa.field("received_at", pa.timestamp("us", tz="UTC")),
        pa.field("journal_number", pa.int64()),
    ]
    place = place if located else []
    return pa.schema([pa.field(c.name, c.type) for c in stream.columns] + list(LANDED_COLUMNS) + place)


def columns_in(path: Path, stream: StreamContract) -> list[pa.Field]:
    """The contract's columns that a landed file has: one from before a column was added lacks it.

    Raises:
        pa.ArrowException, OSError: the file cannot be read.
    """
    file_columns = set(pq.read_schema(path).names)
    return [pa.field(c.name, c.type) for c in stream.columns if c.name in file_columns]


def landed_writer(path: Path, schema: pa.Schema, stream: StreamContract) -> pq.ParquetWriter:
    """A writer of landed rows of a stream: page checksums always, encodings by measurement (docs/decisions/0006)."""
    kinds = {f.name: f.type.value_type if pa.types.is_dictionary(f.type) else f.type for f in schema}
    text = [name for name, kind in kinds.items() if pa.types.is_string(kind)]
    counts = [
        name
        for name, kind in kinds.items()
        if pa.types.is_integer(kind) or pa.types.is_timestamp(kind) or pa.types.is_date(kind)
    ]
    return pq.ParquetWriter(
        path,
        schema,
        compression=dict.fromkeys(kinds, "lz4") | dict.fromkeys(text, "zstd"),
        compression_level=dict.fromkeys(text, 1),
        use_dictionary=text,
        column_encoding=dict.fromkeys(counts, "DELTA_BINARY_PACKED"),
        max_rows_per_page=BLOCK,
        data_page_size=4 << 20,
        write_page_checksum=True,
        write_statistics=[stream.month_of],
        store_schema=False,
    )


def rows_of(path: Path, entry: Entry) -> Iterator[pa.Table]:
    """A batch's landed rows, in blocks of any size, from the file that holds them; every page checksum is verified.

    Raises:
        pa.ArrowException, OSError: the file cannot be read, or its rows are not laid out as a packed batch.
    """
    file = pq.ParquetFile(path, page_checksum_verification=True)
    if not entry.packed_in:
        yield from (pa.Table.from_batches([b]) for b in file.iter_batches(batch_size=BLOCK))
        return
    first = row = 0
    wanted = entry.first_row, entry.first_row + entry.rows
    for group in range(file.num_row_groups):
        count = file.metadata.row_group(group).num_rows
        begin, end = max(wanted[0], first), min(wanted[1], first + count)
        if begin < end:
            rows = file.read_row_group(group).slice(begin - first, end - begin)
            numbers = pa.chunked_array([pa.array(range(row, row + rows.num_rows), pa.int64())])
            if not {FROM_FILE, FROM_ROW} <= set(rows.column_names):
                raise pa.ArrowInvalid("the file is not a packed file")
            if rows[FROM_FILE].unique().to_pylist() != [entry.file] or rows[FROM_ROW] != numbers:
                raise pa.ArrowInvalid("the rows belong to another batch")
            yield rows.drop_columns([FROM_FILE, FROM_ROW])
            row += rows.num_rows
        first += count


def in_blocks(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of `BLOCK` rows; the last has the rest."""
    waiting: list[pa.Table] = []
    for table in tables:
        waiting.append(table)
        while sum(t.num_rows for t in waiting) >= BLOCK:
            whole = pa.concat_tables(waiting)
            yield whole.slice(0, BLOCK)
            waiting = [whole.slice(BLOCK)]
    if sum(t.num_rows for t in waiting):
        yield pa.concat_tables(waiting)


def content_sha256_of(path: Path, entry: Entry, columns: Sequence[pa.Field] | None = None) -> str:
    """The hash of a batch's content, computed from the file that holds it: `entry.sha256` when all is well.

    Args:
        path: the file.
        entry: the batch.
        columns: those of its contract that are hashed; all that the file has when None.

    Raises:
        pa.ArrowException, OSError: as `rows_of`.
    """
    schema = pa.schema(columns_in(path, STREAMS[entry.stream]) if columns is None else columns)
    content = ContentHash(schema)
    for block in in_blocks(rows.select(schema.names) for rows in rows_of(path, entry)):
        content.update(block.combine_chunks())
    return content.hexdigest()


def is_sound(path: Path, entry: Entry) -> bool:
    """Whether a packed file still has the hash that its name gives."""
    piece = entry.packed_in.removesuffix(".parquet").rpartition("-")[2].partition(".")[0]
    return len(piece) == PIECE and sha256_of(path).startswith(piece)
