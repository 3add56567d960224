"""The batch validator: the only way in for a batch, whoever brings it and in whatever format.

In order: exact schema → full validation of each block → no missing required value → identity numbers masked → content
hash → a Parquet file with page checksums under a temporary name. The landing gives it its final name, the journal line
and the receipt. At most two blocks of the batch are in memory here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from catalog.contracts.language import Column, StreamContract
from catalog.domain import calendar, identity
from catalog.errors import BadValue, NoRows, TooLarge, Unreadable
from transport.base import atomic_files
from transport.base.content_hash import BLOCK, ContentHash
from transport.storage.batch_file import ValidatedBatch, landed_writer

_EPOCH = date(1970, 1, 1)
_FEW = 4
"""Average rows per value from which a dictionary pays."""
_MISREAD_KEY = r"^$|^ | $|\p{Cc}|\p{Cf}|[^\P{Z} ]"
"""A key that some program reads as another, or as none: nothing, a space around it, a sign that nobody sees, or a space
of another kind."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A block as sent, after masking (None if nothing was masked), and as it lands."""

    sent: pa.Table
    masked: pa.Table | None
    landed: pa.Table


class BatchValidator:
    """Validates one batch, chunk by chunk, and writes it to a Parquet file at `path`.

    Raises (from `add` and `close`):
        BadValue: a required value is missing, a date or time is outside 1900–2100, a text is longer than its column
            takes, or a key looks like another; gives the row.
        TooLarge: more rows than a batch may have.
        Unreadable: a chunk is not valid Arrow.
        NoRows: the batch has no rows.
    """

    def __init__(
        self,
        stream: StreamContract,
        path: Path,
        *,
        producer: str,
        synthetic: bool = False,
        max_rows: int = 50_000_000,
        first_line: int = 1,
        allowed: Callable[[pa.Table, int], None] = lambda _chunk, _row: None,
    ) -> None:
        """Open the file.

        Args:
            stream: the batch's stream.
            path: the file to write.
            producer: who sends it.
            synthetic: the rows are simulated.
            max_rows: more are refused.
            first_line: the line of the first row in the sender's file.
            allowed: raises for a chunk with rows that the sender may not send; gets the chunk and its first row.
        """
        self._stream = stream
        self._path = path
        self._producer = producer
        self._synthetic = synthetic
        self._max_rows = max_rows
        self._first_line = first_line
        self._allowed = allowed
        self._hash = ContentHash(stream.schema)
        self._sent: ContentHash | None = None
        self._few: set[str] | None = None
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._rows = 0
        self._masked_rows = 0
        self._identity_columns: set[str] = set()
        self._suspects: set[str] = set()
        self._months: Counter[date] = Counter()
        self._latest = datetime(1900, 1, 1, tzinfo=UTC)
        self._writer: pq.ParquetWriter | None = None
        self._next: _Judged | None = None
        self._beside: ThreadPoolExecutor | None = None
        self._writing: Future[None] | None = None

    def __enter__(self) -> Self:
        """Use as a context manager, so that an error leaves no open file behind."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close the writer."""
        if self._beside is not None:
            self._beside.shutdown()
        if self._writer is not None:
            self._writer.close()

    def add(self, chunk: pa.Table, *, validated: bool = False) -> None:
        """Take a chunk of any size whose columns are the contract's, in its order and of its types.

        Args:
            chunk: text may be plain or dictionary-encoded, the same way in every chunk.
            validated: the caller has already validated the chunk fully, because it had to look at values.
        """
        if not validated:
            check_valid(chunk)
        self._allowed(chunk, self._rows + self._waiting_rows)
        self._waiting.append(chunk)
        self._waiting_rows += chunk.num_rows
        if self._rows + self._waiting_rows > self._max_rows:
            raise TooLarge(f"The batch has more than {self._max_rows} rows.", "Split it.")
        while self._waiting_rows >= BLOCK:
            waiting = pa.concat_tables(self._waiting)
            self._block(waiting.slice(0, BLOCK))
            rest = waiting.slice(BLOCK)
            self._waiting, self._waiting_rows = [rest], rest.num_rows

    def close(self) -> ValidatedBatch:
        """Take the last rows and close the file."""
        if self._waiting_rows:
            self._block(pa.concat_tables(self._waiting))
        self._waiting, self._waiting_rows = [], 0
        if self._next is None:
            raise NoRows
        self._wait()
        self._write(self._next)
        self._writer_for(None).close()
        return ValidatedBatch(
            rows=self._rows,
            bytes=self._path.stat().st_size,
            sha256=self._hash.hexdigest(),
            months={m.isoformat(): n for m, n in sorted(self._months.items())},
            latest=self._latest.isoformat(),
            masked_rows=self._masked_rows,
            synthetic=self._synthetic,
            file_sha256=atomic_files.sha256(self._path),
            sent_sha256=(self._sent or self._hash).hexdigest(),
            suspects=sorted(self._suspects),
        )

    def _block(self, block: pa.Table) -> None:
        block = block.unify_dictionaries().combine_chunks()
        for column in self._stream.columns:
            if not column.null and block[column.name].null_count:
                row = pc.index(pc.is_null(block[column.name]), True).as_py()
                raise BadValue(
                    column.name, "a required value is missing", f"Give every row a {column.name}.", line=self._line(row)
                )
        self._check_times(block)
        self._check_lengths(block)
        self._note_months(block[self._stream.month_of])
        encoded = self._encoded(block)
        safe, masked = self._mask(encoded)
        self._check_keys(safe)
        count = block.num_rows
        landed = safe.append_column("producer", pa.repeat(self._producer, count).dictionary_encode())
        landed = landed.append_column("synthetic", pa.repeat(self._synthetic, count))
        landed = landed.append_column("masked_fields", masked)
        self._writer_for(landed.schema)
        self._hand_over(_Judged(block, None if safe is encoded else safe, landed))
        self._rows += count

    def _hand_over(self, block: _Judged) -> None:
        """Hash and write the previous block in a thread during work on the next; a single block needs no thread."""
        if self._next is not None:
            self._wait()
            self._beside = self._beside or ThreadPoolExecutor(1, thread_name_prefix="door")
            self._writing = self._beside.submit(self._write, self._next)
        self._next = block

    def _wait(self) -> None:
        """Wait until the current block is written, and reraise its error."""
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    def _write(self, block: _Judged) -> None:
        if self._sent is None and block.masked is not None:
            self._sent = self._hash.copy()  # from here on, what is kept differs from what was sent
        self._hash.update(block.sent if block.masked is None else block.masked)
        if self._sent is not None:
            self._sent.update(block.sent)
        self._writer_for(None).write_table(block.landed, row_group_size=BLOCK)

    def _encoded(self, block: pa.Table) -> pa.Table:
        """Dictionary-encode text with few values: scanning for identity numbers and writing then cost a third.

        The first block decides which columns, since a file has one encoding per column.
        """
        tried = block.column_names if self._few is None else self._few
        few = set()
        for index, name in enumerate(block.column_names):
            if name in tried and pa.types.is_string(block.schema.field(index).type):
                array = block[name].combine_chunks().dictionary_encode()
                if self._few is not None or len(array.dictionary) * _FEW <= len(array):
                    block = block.set_column(index, name, array)
                    few.add(name)
        self._few = few if self._few is None else self._few
        return block

    def _writer_for(self, schema: pa.Schema | None) -> pq.ParquetWriter:
        """The writer, opened with the first block's schema; in the file, text is text either way."""
        if self._writer is None:
            self._writer = landed_writer(self._path, schema, self._stream)
        return self._writer

    def _line(self, row: int) -> int:
        return self._rows + row + self._first_line

    def _check_times(self, block: pa.Table) -> None:
        """Check every date and time against the calendar: Python and DuckDB cannot hold all that Arrow can.

        Raises:
            BadValue: gives the first value outside it.
        """
        for column in self._stream.columns:
            if not pa.types.is_temporal(column.type):
                continue
            numbers = _numbers(block[column.name])
            low, end = _number(calendar.EARLIEST, column.type), _number(calendar.LATEST, column.type)
            bounds = pc.min_max(numbers).as_py()
            if bounds["min"] is not None and (bounds["min"] < low or bounds["max"] >= end):
                row = pc.index(pc.or_(pc.less(numbers, low), pc.greater_equal(numbers, end)), True).as_py()
                raise BadValue(
                    column.name,
                    f"a {'date' if pa.types.is_date(column.type) else 'time'} outside 1900–2100",
                    "Correct the clock or the date format.",
                    line=self._line(row),
                )

    def _check_lengths(self, block: pa.Table) -> None:
        """Check the length of every text.

        Raises:
            BadValue: gives the first that is longer than its column takes.
        """
        for column in self._stream.columns:
            if not pa.types.is_string(column.type):
                continue
            array = block[column.name].combine_chunks()
            texts = array.dictionary if pa.types.is_dictionary(array.type) else array
            if (pc.max(pc.binary_length(texts)).as_py() or 0) <= column.longest:  # no character is less than a byte
                continue
            lengths = pc.utf8_length(array.cast(pa.string()))
            row = pc.index(pc.greater(lengths, column.longest), True).as_py()
            if row >= 0:
                raise BadValue(
                    column.name,
                    f"a text of {lengths[row]} characters, where at most {column.longest} are taken",
                    "Shorten it. If a file has its columns shifted, write it again.",
                    line=self._line(row),
                )

    def _check_keys(self, block: pa.Table) -> None:
        """Check that each text of a key is written in one way: two that look alike would count as two records.

        Raises:
            BadValue: gives the first that is not.
        """
        for name in self._stream.key:
            if not pa.types.is_string(self._stream[name].type):
                continue
            array = block[name].combine_chunks()
            if not pc.any(_misread(array.dictionary if pa.types.is_dictionary(array.type) else array)).as_py():
                continue
            row = pc.index(_misread(array.cast(pa.string())), True).as_py()
            if row >= 0:
                raise BadValue(
                    name,
                    "a key that is empty, or has a space around it, an invisible sign or a decomposed letter",
                    "Trim keys, and normalise them to NFC, where they are made.",
                    line=self._line(row),
                )

    def _note_months(self, column: pa.ChunkedArray) -> None:
        """Count the block's rows by month in Oslo time, and keep the latest moment."""
        is_date = pa.types.is_date(column.type)
        numbers = _numbers(column).to_numpy()
        low, high = int(numbers.min()), int(numbers.max())

        def day(value: int) -> date:
            if is_date:
                return _EPOCH + timedelta(days=value)
            return calendar.day_in_oslo(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=value))

        months = list(calendar.months_between(day(low), day(high)))
        edges = np.array([_number(m, column.type) for m in months[1:]], dtype=np.int64)
        counts = np.bincount(np.searchsorted(edges, numbers, side="right"), minlength=len(months))
        self._months.update({m: int(n) for m, n in zip(months, counts, strict=True) if n})
        last = (
            calendar.start_of(day(high)) if is_date else datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=high)
        )
        self._latest = max(self._latest, last)

    def _mask(self, block: pa.Table) -> tuple[pa.Table, pa.Array]:
        """Mask identity numbers in every text column. Also returns the masked fields of each row."""
        block, hits = _masked_block(block, self._stream, self._identity_columns, self._suspects)
        if not hits:
            return block, pa.nulls(block.num_rows, pa.string())
        column_names = [pc.if_else(hit, name, "") for name, hit in hits.items()]
        joined = pc.replace_substring_regex(pc.binary_join_element_wise(*column_names, ","), ",+", ",")
        joined = pc.utf8_trim(joined, ",")
        any_hit = pc.not_equal(joined, "")
        self._masked_rows += pc.sum(any_hit).as_py()
        return block, pc.if_else(any_hit, joined, None)


def _numbers(column: pa.ChunkedArray) -> pa.Array:
    """Dates as days, times as microseconds, since 1970."""
    return column.combine_chunks().cast(pa.int32() if pa.types.is_date(column.type) else pa.int64())


def _number(day: date, kind: pa.DataType) -> int:
    """The day, or its beginning in Oslo, in the unit of `_numbers`."""
    return (day - _EPOCH).days if pa.types.is_date(kind) else int(calendar.start_of(day).timestamp()) * 1_000_000


def _misread(keys: pa.Array) -> pa.Array:
    """Which keys some program reads as others."""
    return pc.or_(pc.match_substring_regex(keys, _MISREAD_KEY), pc.not_equal(keys, pc.utf8_normalize(keys, "NFC")))


def check_valid(rows: pa.Table | pa.RecordBatch) -> None:
    """Validate fully, before any value is touched: offsets outside their buffer have crashed the process.

    Raises:
        Unreadable: it is not valid Arrow.
    """
    try:
        rows.validate(full=True)
    except pa.ArrowInvalid as problem:
        raise Unreadable(
            f"The batch is not valid Arrow: {str(problem)[:200]}.", "Write it again; do not build buffers by hand."
        ) from None


def masked(table: pa.Table, stream: StreamContract) -> pa.Table:
    """The rows as they are kept, with identity numbers masked: a sender may derive its batch id from these.

    Args:
        table: with the stream's columns.
        stream: whose contract applies.
    """
    identity_columns: set[str] = set()
    blocks = []
    for start in range(0, table.num_rows, BLOCK):
        block, _ = _masked_block(table.slice(start, BLOCK).combine_chunks(), stream, identity_columns, set())
        blocks.append(block)
    return pa.concat_tables(blocks) if blocks else table


def _masked_block(
    block: pa.Table, stream: StreamContract, identity_columns: set[str], suspects: set[str]
) -> tuple[pa.Table, dict[str, pa.Array]]:
    """A block with identity numbers masked in every text column, and by column the rows that had one.

    Args:
        block: of the batch.
        stream: whose contract applies.
        identity_columns: as in `_masked_column`.
        suspects: likewise.
    """
    hits: dict[str, pa.Array] = {}
    texts = {c: block[c].combine_chunks() for c in block.column_names if pa.types.is_string(stream[c].type)}
    for column, candidates in _candidates_by_column(texts).items():
        array = texts[column]
        masked = _masked_column(array, candidates, stream[column], identity_columns, suspects)
        if masked is not None:
            fixed = masked[0].dictionary_encode() if pa.types.is_dictionary(array.type) else masked[0]
            block = block.set_column(block.column_names.index(column), column, fixed)
            hits[column] = masked[1]
    return block, hits


def candidates_in(texts: pa.Array) -> pa.Array:
    """Which texts may hold an identity number. Never false for one that does, and never null."""

    def matches(pattern: str) -> pa.Array:
        return pc.fill_null(pc.match_substring_regex(texts, pattern), False)  # noqa: FBT003 - Arrow's own signature

    sieved = pc.or_(matches(identity.SIEVE), matches(identity.ENCODED_SIEVE))
    escaped = matches(identity.ESCAPED_SIEVE)
    other = pc.fill_null(pc.invert(pc.string_is_ascii(texts)), False)  # noqa: FBT003 - as above
    unsure = pc.and_not(pc.or_(escaped, other), sieved)
    if not pc.any(unsure).as_py():
        return sieved
    some = texts.filter(unsure)
    digits = pc.count_substring_regex(some, identity.ANY_DIGIT)
    hidden = pc.or_(escaped.filter(unsure), pc.greater(digits, pc.count_substring_regex(some, "[0-9]")))
    return pc.replace_with_mask(sieved, unsure, pc.and_(hidden, pc.greater_equal(digits, identity.DIGITS)))


def _candidates_by_column(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """By column: which rows may hold an identity number, where some do.

    Preparing the expression takes longer than searching the few texts of an encoded column, so these are searched
    together.
    """
    candidates: dict[str, pa.Array] = {}
    dictionaries = {}
    for name, array in columns.items():
        encoded = pa.types.is_dictionary(array.type)
        texts = array.dictionary if encoded else array
        if (pc.max(pc.binary_length(texts)).as_py() or 0) < identity.DIGITS - 1:  # one may have lost its zero
            continue
        if encoded:
            dictionaries[name] = texts.cast(pa.large_string())
        else:
            candidates[name] = candidates_in(texts)
    if dictionaries:
        together, start = candidates_in(pa.concat_arrays([*dictionaries.values()])), 0
        for name, texts in dictionaries.items():
            of_texts = together.slice(start, len(texts))
            start += len(texts)
            if pc.any(of_texts).as_py():
                candidates[name] = pc.fill_null(of_texts.take(columns[name].indices), False)  # noqa: FBT003 - as above
    return {name: candidates[name] for name in columns if name in candidates and pc.any(candidates[name]).as_py()}


def _masked_column(
    array: pa.Array, candidates: pa.Array, column: Column, identity_columns: set[str], suspects: set[str]
) -> tuple[pa.Array, pa.Array] | None:
    """The column with identity numbers masked, and the rows that have one; None without any.

    Free text is judged value by value. A column of identifiers may hold eleven digits by nature, so it is judged by the
    share of its candidates that pass as identity numbers (`identity.tally`), regardless of the text around them.

    Args:
        array: of one block.
        candidates: which rows of it may hold one.
        column: of the contract.
        identity_columns: columns in which an earlier block showed identity numbers; this one is added when it does.
        suspects: gets the column's name when some candidates pass, possibly by chance.
    """
    array = array.cast(pa.string())
    values = array.filter(candidates).to_pylist()
    if not column.free_text and column.name not in identity_columns:
        tally = identity.tally(values)
        if not tally.is_no_chance:
            suspects.update([column.name] * bool(tally.either))
            return None
        identity_columns.add(column.name)
    fixed = [identity.mask(v, either=not column.free_text, cell=True) for v in values]
    hit = [a != b for a, b in zip(values, fixed, strict=True)]
    if not any(hit):
        return None
    where = pc.replace_with_mask(pa.array(np.zeros(len(array), dtype=bool)), candidates, pa.array(hit))
    return pc.replace_with_mask(array, candidates, pa.array(fixed, pa.string())), where
