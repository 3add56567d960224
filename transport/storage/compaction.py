"""Packing: small batches of past months move into larger files, so that a run opens few files.

A batch keeps its name, its receipt and its hash: each row of a packed file names its batch's file and its row there,
the journal says where each batch's rows begin, and the doctor hashes them as before. Only undamaged batches are packed.
The new file is read back and each batch in it hashed before the journal gets the line; only then are their own files
removed. A run reads files by name, so pack under the home's lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.domain import calendar
from catalog.errors import Damaged
from catalog.tables.streams import PUSHED, STREAMS
from transport.base.atomic_files import sha256_of
from transport.base.content_hash import BLOCK, ContentHash
from transport.storage.batch_file import (
    FROM_FILE,
    FROM_ROW,
    LANDED_COLUMNS,
    PIECE,
    columns_in,
    in_blocks,
    landed_schema,
    landed_writer,
    rows_of,
)
from transport.storage.journal import Entry
from transport.storage.landing import Landing

_SMALL = BLOCK
FEWEST = 8
_MOST_ROWS = 1_000_000
"""Limited, because the whole file is hashed before a batch in it is answered with `duplicate`."""


@dataclass(frozen=True, slots=True)
class PackResult:
    """The outcome of one call."""

    batches: int = 0
    files: int = 0
    damaged: tuple[str, ...] = ()


def pack(landing: Landing, *, now: datetime, fewest: int = FEWEST, most: int | None = None) -> PackResult:
    """Pack small batches received in past months.

    Args:
        landing: whose batches.
        now: decides which months are past (Europe/Oslo).
        fewest: smaller groups are left as they are.
        most: the most files to make, for a caller that holds the lock only briefly.

    Raises:
        Damaged: what was written differs from what was read; no batch was moved.
    """
    batches = files = 0
    damaged: list[str] = []
    for sound in chain.from_iterable(_alike(landing, group, damaged) for group in _groups(landing, now)):
        if most is not None and files >= most:
            break
        if len(sound) < fewest:
            continue
        temporary = landing.backend.temporary(f"{sound[0].stream}/.packed/arriving")
        try:
            write_pack(sound, lambda entry: rows_of(landing.file(entry), entry), temporary)
            if _contents(temporary, sound) != [e.sha256 for e in sound]:
                message = f"Packing changed {len(sound)} batches of {sound[0].stream}; none was moved."
                raise Damaged(message, "Look for bad memory or a bad disk, then run again.")
            if landing.pack(sound, temporary, pack_name(sound, temporary), now=now):
                batches, files = batches + len(sound), files + 1
        finally:
            landing.backend.discard(temporary)
    return PackResult(batches, files, tuple(damaged))


def take_out(path: Path, entry: Entry, target: Path) -> None:
    """Write a packed batch to its own file, for `Landing.put_back`: a mirror's pack repairs a damaged one.

    Raises:
        pa.ArrowException, OSError: as `rows_of`.
    """
    stream = STREAMS[entry.stream]
    # a file of its own may declare columns that are never null
    schema = pa.schema([*columns_in(path, stream), *LANDED_COLUMNS])
    with landed_writer(target, schema, stream) as writer:
        for rows in rows_of(path, entry):
            writer.write_table(rows.cast(schema), row_group_size=BLOCK)


def _contents(path: Path, members: Sequence[Entry]) -> list[str]:
    """The content hashes of all batches of a packed file, read once; each is smaller than a block."""
    file = pq.ParquetFile(path, page_checksum_verification=True)
    schema = pa.schema(columns_in(path, STREAMS[members[0].stream]))
    hashes: list[str] = []
    rest: pa.Table | None = None
    for group in range(file.num_row_groups):
        rows = file.read_row_group(group).select(schema.names)
        rest = rows if rest is None else pa.concat_tables([rest, rows])
        while len(hashes) < len(members) and rest.num_rows >= (count := members[len(hashes)].rows):
            content = ContentHash(schema)
            content.update(rest.slice(0, count).combine_chunks())
            hashes.append(content.hexdigest())
            rest = rest.slice(count)
    return hashes


def pack_name(members: Sequence[Entry], path: Path) -> str:
    """The packed file's name, from its first batch and its content hash, which reveals damage.

    The hash also keeps another pack that begins with the same batch from replacing this one.
    """
    first = members[0]
    return f"{first.stream}/.packed/{_month(first):%Y-%m}-{first.number}-{sha256_of(path)[:PIECE]}"


def _month(entry: Entry) -> date:
    return calendar.month_of(calendar.day_in_oslo(entry.received_at))


def _groups(landing: Landing, now: datetime) -> Iterator[Sequence[Entry]]:
    """Groups that may share a file: one stream's small batches of one past month, under the current contract."""
    this = calendar.month_of(calendar.day_in_oslo(now))
    small = [
        e
        for e in landing.entries
        if e.rows < _SMALL and not e.packed_in and e.file_sha256 and e.stream in PUSHED and not landing.erasure(e)
        if e.contract_version == PUSHED[e.stream].version and _month(e) < this
    ]
    for _, members in groupby(sorted(small, key=lambda e: (e.stream, _month(e), e.number)), key=_stream_and_month):
        group: list[Entry] = []
        rows = 0
        for member in members:
            if group and rows + member.rows > _MOST_ROWS:
                yield group
                group, rows = [], 0
            group.append(member)
            rows += member.rows
        yield group


def _alike(landing: Landing, group: Sequence[Entry], damaged: list[str]) -> Iterator[list[Entry]]:
    """The sound batches of a group whose files have the same columns; the others are added to `damaged`."""
    sound: dict[tuple[str, ...], list[Entry]] = {}
    for entry in group:
        if landing.is_whole(entry):
            columns = columns_in(landing.file(entry), STREAMS[entry.stream])
            sound.setdefault(tuple(c.name for c in columns), []).append(entry)
        else:
            damaged.append(entry.file)
    yield from sound.values()


def _stream_and_month(entry: Entry) -> tuple[str, date]:
    return entry.stream, _month(entry)


def write_pack(members: Sequence[Entry], rows_in: Callable[[Entry], Iterable[pa.Table]], path: Path) -> None:
    """Write the rows of each batch, in this order, to a packed file. All have the same columns of their contract."""
    stream = STREAMS[members[0].stream]
    blocks = in_blocks(_with_origin(members, rows_in, landed_schema(stream)))
    first = next(blocks)
    with landed_writer(path, first.schema, stream) as writer:
        for block in chain([first], blocks):
            writer.write_table(block, row_group_size=BLOCK)


def _with_origin(
    members: Sequence[Entry], rows_in: Callable[[Entry], Iterable[pa.Table]], schema: pa.Schema
) -> Iterator[pa.Table]:
    """The rows of each batch, with the columns that a packed file has beside the landed ones."""
    for member in members:
        row = 0
        for landed in rows_in(member):
            numbers = pa.array(range(row, row + landed.num_rows), pa.int64())
            # senders differ in which columns they declare nullable, and so do their files
            rows = landed.cast(pa.schema([field for field in schema if field.name in landed.column_names]))
            rows = rows.append_column(FROM_FILE, pa.repeat(member.file, landed.num_rows))
            yield rows.append_column(FROM_ROW, numbers)
            row += landed.num_rows
