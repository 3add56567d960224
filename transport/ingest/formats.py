"""Reads strangers' files: Parquet, Arrow IPC, CSV, JSON Lines, XLSX and XML, as chunks of a stream's contract.

Run only inside the reader process (`transport.ingest.workers`): such files have crashed the process that opened them.
Text formats are read as text and then converted to the contract's types here, so that a fault has a line and a column.
Typed formats must have the contract's types, or convert to them without loss.
"""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import stat
import weakref
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import IO, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from catalog.contracts.language import Column, StreamContract
from catalog.errors import BadValue, MissingColumn, NoRows, SharingError, TooLarge, UnknownColumn, Unreadable, WrongType
from transport.base import strict_json
from transport.ingest import csv_records, documents, parquet_footer
from transport.ingest.opened_file import OpenedFile, ReaderInputs
from transport.ingest.parquet_footer import UNENCRYPTED
from transport.ingest.text_values import excerpt, first_refused, text_as

SYNTHETIC = b"dif.synthetic"
ARRIVED_AT = b"dif.arrived_at"
"""Schema metadata of the simulator's files: that they are synthetic, and when they arrived in the simulated world."""
DICTIONARY = pa.dictionary(pa.int32(), pa.string())
"""The other type in which text may arrive."""
_ROWS = 65_536
_HEADER_BYTES = 1 << 20
_HEAD_BYTES = 1 << 16
"""How much of a file is looked at to see what it is."""
_BEGINNINGS: dict[bytes, tuple[str, tuple[str, ...], str]] = {
    b"PAR1": ("Parquet", (".parquet",), ""),
    b"PARE": ("an encrypted Parquet file", (), UNENCRYPTED),
    b"\x1f\x8b": ("gzip", (), "Unpack it; Parquet and XLSX are packed within."),
    b"ARROW1": ("an Arrow file", (".arrow", ".arrows", ".feather", ".ipc"), ""),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook, or one with a password", (), "Save it as .xlsx without a password."),
    b"%PDF": ("PDF", (), "Send the table itself, for example as .xlsx or .csv."),
}
"""How formats begin: what each is, the endings for it, and the mend where it is not read."""
_PIECE = 1 << 20
_SHEET_ROWS = 1 << 20
"""Rows that XLSX can hold; a forged file may claim more."""
_XLSX_BYTES = 1 << 30
_XLSX_RATIO = 200
_XLSX_SMALL = 64 << 20
"""What XLSX may unpack to: in bytes, in times its size, and in bytes at any ratio. A million dispatches unpack to 0.7
GB, 14 times the file."""
_CONTENT_BYTES = 16 << 30
"""What the values of a file may amount to, each repeated text counted."""
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_IN_DICTIONARY = {"PLAIN", "RLE", "BIT_PACKED", "PLAIN_DICTIONARY", "RLE_DICTIONARY"}
"""Encodings of text that Arrow can leave in the file's dictionaries."""


class StrangersFile:
    """A stranger's file, kept open: a link or a pipe that takes its place is neither followed nor waited for.

    Raises:
        Unreadable: it is a link, or not a file.
    """

    def __init__(self, path: Path, *, follow: bool = False) -> None:
        """Open it without blocking; `follow` follows a link."""
        try:
            no_link = 0 if follow else os.O_NOFOLLOW
            self.handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | no_link)
        except OSError as problem:
            if problem.errno in (errno.ELOOP, errno.EMLINK, errno.ENXIO, errno.ENODEV):
                raise Unreadable("It is a link, or not a regular file.", "Put the file itself there.") from None
            raise
        self._end = weakref.finalize(self, os.close, self.handle)
        status = os.fstat(self.handle)
        self.size = status.st_size
        if not stat.S_ISREG(status.st_mode):
            self.close()
            raise Unreadable("It is not a regular file.", "Put the file itself there.")
        # this name opens that very file, where the system has such names
        same = Path(f"/proc/self/fd/{self.handle}")
        self.path = same if same.exists() else path

    def __enter__(self) -> Self:
        """Use as a context manager; the file is open already."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close it; otherwise it closes when garbage-collected."""
        self._end()


MAX_COLUMNS = 200
"""A file with more is refused."""


def open_file(
    path: Path,
    stream: StreamContract,
    *,
    follow: bool = True,
    inputs: ReaderInputs | None = None,
) -> OpenedFile:
    """Open a file in the format of its suffix.

    Args:
        path: of the file.
        stream: whose contract the file should meet.
        follow: follow a link; never where strangers drop files.
        inputs: what readers of documents need beside the file (`documents`).

    Raises:
        Refused: of the fitting kind; also raised by chunks while they are read.
    """
    opened_bytes = StrangersFile(path, follow=follow)
    try:
        opened = _opened(opened_bytes, path.name, stream, inputs or ReaderInputs())
    except BaseException:
        opened_bytes.close()
        raise
    return replace(opened, chunks=_limited(opened_bytes, opened.chunks))


def _opened(file: StrangersFile, name: str, stream: StreamContract, inputs: ReaderInputs) -> OpenedFile:
    ending = Path(name).suffix.lower()
    if file.size == 0:
        raise Unreadable("The file is empty.", "Write it again, and send it when it is complete.")
    _check_ending(file.path, ending, stream)
    try:
        if ending in documents.ENDINGS:
            return documents.open_documents(file.path, name, stream, inputs)
        return FORMATS[ending](file.path, stream)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError, EOFError) as problem:
        raise _unreadable(ending, problem) from None


def _check_ending(path: Path, ending: str, stream: StreamContract) -> None:
    """Check that a file has the format of its ending.

    Raises:
        Unreadable: no format has the ending, or the file begins as another format does; says which.
    """
    what, of_it, mend = _looks_like(path, stream)
    if ending in of_it or (ending in ENDINGS and not what):
        return
    if ending in ENDINGS:
        problem = f"The file was sent as {ending}, but it looks like {what}."
    else:
        problem = f"No reader for files that end in {ending!r}." if ending else "The file's name has no ending."
        problem += f" It looks like {what}." if what else ""
    as_it_is = f"Send it as {of_it[0]}: the ending of its name says so, or over HTTP its Content-Type." if of_it else ""
    raise Unreadable(problem, mend or as_it_is or f"Send one of {', '.join(ENDINGS)}.")


def _looks_like(path: Path, stream: StreamContract) -> tuple[str, tuple[str, ...], str]:
    """The format that the first bytes show, its endings, and the mend if another ending is not enough.

    All are empty if no known format fits.
    """
    with path.open("rb") as handle:
        head = handle.read(_HEAD_BYTES)
    if head.startswith(b"PK\x03\x04"):
        return ("XLSX", (".xlsx", ".zip"), "") if b"[Content_Types].xml" in head else ("a zip", (".zip", ".xlsx"), "")
    for begins, look in _BEGINNINGS.items():
        if head.startswith(begins):
            return look
    return _text_looks_like(head.removeprefix(b"\xef\xbb\xbf").lstrip(), stream)


def _text_looks_like(text: bytes, stream: StreamContract) -> tuple[str, tuple[str, ...], str]:
    """The same of text, which counts as CSV if its first line names a column of the stream."""
    first = text.partition(b"\n")[0].decode("utf-8", "replace").strip()
    if text[:14].lower().startswith((b"<html", b"<!doctype html")):
        return "a web page", (), "Send the table itself; the page may say why there is none, or ask for a log-in."
    if text.startswith(b"<"):
        return "XML", (".xml",), ""
    if text.startswith((b"{", b"[")):
        in_lines = first.startswith("{") and first.endswith("}")
        mend = "" if in_lines else "Write one JSON object per line, without a list around them, and send it as .jsonl."
        return "JSON Lines" if in_lines else "JSON", (".jsonl", ".ndjson"), mend
    if {name.strip(' "') for name in re.split("[,;\t]", first)}.isdisjoint(c.name for c in stream.columns):
        return "", (), ""
    if "\t" in first and not re.search("[,;]", first):
        return (
            "text with tabs between its fields",
            (),
            "Save it as CSV, with a comma or a semicolon between the fields.",
        )
    return "CSV", (".csv",), ""


def _limited(file: StrangersFile, chunks: Iterator[pa.Table]) -> Iterator[pa.Table]:
    size = 0
    with file:
        for chunk in chunks:
            size += sum(map(_content_bytes, chunk.columns))
            if size > _CONTENT_BYTES:
                raise TooLarge(f"The file unpacks to more than {_CONTENT_BYTES >> 30} GB.", "Split it.")
            yield chunk


def _content_bytes(column: pa.ChunkedArray) -> int:
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    lengths = [pc.binary_length(chunk.dictionary).cast(pa.int64()).take(chunk.indices) for chunk in column.chunks]
    return sum(pc.sum(length).as_py() or 0 for length in lengths)


def _unreadable(what: str, problem: Exception | str) -> Unreadable:
    text = excerpt(problem, 200).rstrip(".")
    return Unreadable(
        f"The file cannot be read as {what}: {text}.",
        "It may be truncated or damaged; write it again and compare its size.",
    )


# --- typed forms -----------------------------------------------------------------------------------------------------


def _parquet(path: Path, stream: StreamContract) -> OpenedFile:
    _check_one(path, b"PAR1", "Parquet")
    footer = pq.read_metadata(path)
    schema = footer.schema.to_arrow_schema()
    _check_names(schema.names, stream)
    parquet_footer.check(path, footer)
    # text stays in the file's dictionaries: the validator then judges and writes each distinct value once
    plain = _without_dictionary(footer)
    text = [f.name for f in schema if pa.types.is_string(f.type) and f.name not in plain]
    file = pq.ParquetFile(
        path, metadata=footer, page_checksum_verification=True, memory_map=False, read_dictionary=text
    )
    return OpenedFile(_typed(_all_rows(file), stream, "Parquet"), schema.metadata or {}, 1)


def _without_dictionary(footer: pq.FileMetaData) -> set[str]:
    """The columns with an encoding that Arrow cannot read into dictionaries."""
    groups = [footer.row_group(i) for i in range(footer.num_row_groups)]
    chunks = [group.column(i) for group in groups for i in range(footer.num_columns)]
    return {chunk.path_in_schema for chunk in chunks if not _IN_DICTIONARY.issuperset(chunk.encodings)}


def _all_rows(file: pq.ParquetFile) -> Iterator[pa.Table]:
    """The rows of a Parquet file in chunks.

    Raises:
        Unreadable: they are not as many as the footer says.
    """
    rows = 0
    for batch in file.iter_batches(batch_size=_ROWS, use_threads=False):
        rows += batch.num_rows
        yield pa.Table.from_batches([batch])
    if rows != file.metadata.num_rows:
        raise parquet_footer.false(f"it counts {file.metadata.num_rows} rows, but {rows} were read")


def _arrow(path: Path, stream: StreamContract) -> OpenedFile:
    source = pa.OSFile(str(path))
    magic = source.read(6)
    source.seek(0)
    if magic == b"ARROW1":
        _check_one(path, magic, "Arrow")
        file = pa.ipc.open_file(source)
        schema = file.schema
        batches: Iterator[pa.RecordBatch] = (file.get_batch(i) for i in range(file.num_record_batches))
    else:
        reader = pa.ipc.open_stream(source)
        schema, batches = reader.schema, _to_the_end(reader, source)
    _check_names(schema.names, stream)
    return OpenedFile(_typed((pa.Table.from_batches([b]) for b in batches), stream, "Arrow"), schema.metadata or {}, 1)


def _to_the_end(reader: pa.RecordBatchStreamReader, source: pa.NativeFile) -> Iterator[pa.RecordBatch]:
    """The batches of a stream, with a check of its end: Arrow accepts a stream that was cut between two batches.

    Raises:
        Unreadable: the end mark is missing, or is not the end of the file.
    """
    at = source.tell()
    for batch in reader:
        yield batch
        at = source.tell()
    if source.tell() == at:
        raise Unreadable("The Arrow stream has no end mark.", "Close its writer, and send the whole stream again.")
    if source.tell() != source.size():
        raise Unreadable("The file continues after the end of the Arrow stream.", "Write one stream to a file.")


def _check_one(path: Path, magic: bytes, what: str) -> None:
    """Check that no file follows another: the last one's footer would be read against the first one's bytes.

    Raises:
        Unreadable: an end marker is followed by a start marker.
    """
    before = b""
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            if magic + magic in before + piece:
                raise Unreadable(f"Two {what} files were joined into one.", "Send each as a file of its own.")
            before = piece[-2 * len(magic) :]


def _typed(chunks: Iterator[pa.Table], stream: StreamContract, what: str) -> Iterator[pa.Table]:
    row = 0
    try:
        for chunk in chunks:
            chunk.validate(full=True)
            columns = [
                _converted(chunk[c.name], c, row) if c.name in chunk.column_names else _nulls(c, chunk.num_rows)
                for c in stream.columns
            ]
            row += chunk.num_rows
            yield pa.table(columns, names=[c.name for c in stream.columns])
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise _unreadable(what, problem) from None


def _nulls(column: Column, count: int) -> pa.ChunkedArray:
    return pa.chunked_array([pa.nulls(count, column.type)])


def _converted(array: pa.ChunkedArray, column: Column, row: int) -> pa.ChunkedArray:
    """The column converted to the contract's type, without loss; text may stay in a dictionary.

    Raises:
        WrongType: the sent type is not allowed for the column.
        BadValue: a value does not fit.
    """
    got, wanted = array.type, column.type
    if pa.types.is_null(got):
        return _nulls(column, len(array))
    if pa.types.is_dictionary(got) and _is_text(got.value_type):
        if got == DICTIONARY and pa.types.is_string(wanted):
            # a null inside the dictionary is not counted as a null of the column, and would pass as a value
            hidden = any(chunk.dictionary.null_count for chunk in array.chunks)
            return array.cast(pa.string()).dictionary_encode() if hidden else array
        decoded = [c.dictionary.cast(pa.string()).take(c.indices) for c in array.chunks]
        array, got = pa.chunked_array(decoded, pa.string()), pa.string()
    if got == wanted:
        return array
    same_kind = (
        (_is_text(got) and pa.types.is_string(wanted))
        or (pa.types.is_integer(got) and pa.types.is_integer(wanted))
        or (pa.types.is_date(got) and pa.types.is_date(wanted))
        or (pa.types.is_timestamp(got) and pa.types.is_timestamp(wanted) and got.tz is not None)
        or ((pa.types.is_decimal(got) or pa.types.is_integer(got)) and pa.types.is_decimal(wanted))
        or (wanted == pa.uuid() and pa.types.is_fixed_size_binary(got) and got.byte_width == 16)  # noqa: PLR2004 - a UUID's bytes
    )
    if not same_kind:
        naive = pa.types.is_timestamp(got) and pa.types.is_timestamp(wanted)
        raise WrongType(column.name, "a time without an offset" if naive else str(got), str(wanted))
    try:
        if wanted == pa.uuid():
            return pa.chunked_array([pa.ExtensionArray.from_storage(pa.uuid(), c) for c in array.chunks], pa.uuid())
        return _without_loss(array, wanted)
    except pa.ArrowInvalid as problem:
        raise BadValue(
            column.name,
            excerpt(problem, 120),
            f"Send {column.name} as {wanted}.",
            line=row + first_refused(array, partial(_without_loss, wanted=wanted)) + 1,
        ) from None


def _is_text(kind: pa.DataType) -> bool:
    return any((pa.types.is_string(kind), pa.types.is_large_string(kind), pa.types.is_string_view(kind)))


def _without_loss(array: pa.ChunkedArray, wanted: pa.DataType) -> pa.ChunkedArray:
    if pa.types.is_integer(array.type) and pa.types.is_decimal(wanted):
        # Arrow requires room for the largest int64 before it looks at the values
        array = array.cast(pa.decimal128(38, wanted.scale), safe=True)
    return array.cast(wanted, safe=True)


def check_exact(schema: pa.Schema, stream: StreamContract) -> None:
    """Check column names and types against the contract, before any value is read; nullable columns may be missing.

    Types must be exactly the contract's: no null, dictionary, view, run-end, union or extension type, which hide rows,
    shapes or code. A UUID may come as its 16 bytes or as Arrow's own `arrow.uuid`.

    Raises:
        TooLarge, UnknownColumn, MissingColumn, WrongType
        Unreadable: a name in it is not text.
    """
    try:
        _check_names(schema.names, stream)
        for field in schema:
            wanted = stream[field.name].type
            if field.type != wanted and not (wanted == pa.uuid() and field.type == pa.binary(16)):
                raise WrongType(
                    field.name, str(field.type), "fixed_size_binary[16]" if wanted == pa.uuid() else str(wanted)
                )
    except UnicodeDecodeError:
        raise Unreadable("A name in the schema is not UTF-8.", "It changed in transit; send it again.") from None


def in_place(chunk: pa.RecordBatch, stream: StreamContract) -> pa.Table:
    """A chunk that passed `check_exact` and full validation, with the columns in the contract's order."""
    columns = []
    for column in stream.columns:
        index = chunk.schema.get_field_index(column.name)
        if index < 0:
            columns.append(pa.nulls(chunk.num_rows, column.type))
        else:
            array = chunk.column(index)
            bare = array.type != column.type
            columns.append(pa.ExtensionArray.from_storage(pa.uuid(), array) if bare else array)
    return pa.table(columns, schema=pa.schema([pa.field(c.name, c.type) for c in stream.columns]))


def _check_known(names: Sequence[str], stream: StreamContract) -> None:
    """Check that every column is known and none occurs twice.

    Raises:
        TooLarge, UnknownColumn
    """
    if len(names) > MAX_COLUMNS:
        raise TooLarge(
            f"The file has {len(names)} columns; at most {MAX_COLUMNS} are read.",
            f"Send only the {len(stream.columns)} columns of stream {stream.name}.",
        )
    expected = [c.name for c in stream.columns]
    for name in names:
        if name not in expected:
            raise UnknownColumn(name, stream.name, columns=expected)
    if twice := next((n for n in names if list(names).count(n) > 1), None):
        raise UnknownColumn.repeated(twice, stream.name)


def _check_names(names: Sequence[str], stream: StreamContract) -> None:
    """Check that every column is known, none occurs twice, and no required one is missing.

    Raises:
        TooLarge, UnknownColumn, MissingColumn
    """
    _check_known(names, stream)
    if missing := [c.name for c in stream.columns if not c.null and c.name not in names]:
        raise MissingColumn(missing, stream.name, sample=stream.pushed)


# --- text forms ------------------------------------------------------------------------------------------------------


def _csv(path: Path, stream: StreamContract) -> OpenedFile:
    with path.open("rb") as handle:
        head = handle.read(_HEADER_BYTES)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head[:4096]:
        raise Unreadable("The file is UTF-16 or binary, not UTF-8.", "Save it as «CSV UTF-8».")
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0]
    if b"\n" not in head and len(head) == _HEADER_BYTES:
        raise TooLarge(
            "The first line is longer than a megabyte.",
            f"Stream {stream.name} has {len(stream.columns)} columns; is this the right file?",
        )
    if not first.strip():
        raise Unreadable("Line 1 is empty.", "Start the file with the column names.")
    delimiter = _delimiter(first)
    for _ in csv_records.records(io.BytesIO(first + b"\n"), delimiter):
        pass  # the header is checked like the records
    try:
        text = first.decode("utf-8").removesuffix("\r")
        header = next(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except (UnicodeDecodeError, csv.Error, StopIteration):
        raise _wrong_encoding(path) from None
    names = [h.strip() for h in header]
    _check_names(names, stream)
    if b"\n" not in head:
        raise NoRows
    return OpenedFile(_csv_chunks(path, stream, names, delimiter), {}, 2)


def _csv_chunks(path: Path, stream: StreamContract, names: list[str], delimiter: str) -> Iterator[pa.Table]:
    rows = 0
    wrong: list[pacsv.InvalidRow] = []

    def bad_row(row: pacsv.InvalidRow) -> str:
        wrong.append(row)
        return "error"

    try:
        with path.open("rb") as handle:
            handle.readline()
            for part in csv_records.records(handle, delimiter, line=2):
                # in one block: if a block ends within a quoted line break, Arrow loses a character of it (GH-51368)
                read = pacsv.read_csv(
                    pa.BufferReader(part.text),
                    read_options=pacsv.ReadOptions(
                        use_threads=False, column_names=names, block_size=len(part.text) + 1
                    ),
                    parse_options=pacsv.ParseOptions(
                        delimiter=delimiter, newlines_in_values=True, invalid_row_handler=bad_row
                    ),
                    convert_options=pacsv.ConvertOptions(
                        column_types=dict.fromkeys(names, pa.string()),
                        strings_can_be_null=True,
                        null_values=[""],
                        quoted_strings_can_be_null=True,
                    ),
                )
                if read.num_rows != part.count:
                    raise Unreadable(
                        f"From line {part.line} on, {part.count} records were counted but {read.num_rows} were read.",
                        "Tell the operator; nothing was kept.",
                    )
                columns = {n: read[n].combine_chunks() for n in names}
                yield _from_text(columns, read.num_rows, stream, rows + 2, comma=delimiter == ";")
                rows += read.num_rows
    except pa.ArrowException as problem:
        if "UTF8" in str(problem) or "utf-8" in str(problem).lower():
            raise _wrong_encoding(path) from None
        if wrong:
            row = wrong[0]
            raise Unreadable(
                f"Line {line_in_csv(path, rows + row.number - 1)} has {row.actual_columns} fields; "
                f"the header has {row.expected_columns}.",
                "Quote fields that contain the separator or a line break.",
            ) from None
        raise _unreadable("CSV", problem) from None


def line_in_csv(path: Path, row: int) -> int:
    """The line on which a row of a CSV file begins; rows count from 0, and empty lines are not rows."""
    with path.open(encoding="utf-8", errors="replace", newline="") as handle:
        delimiter = _delimiter(handle.readline().encode())
        csv.field_size_limit(1 << 30)  # Python's default is 131 072 characters, and a longer field ended the reader
        lines = csv.reader(handle, delimiter=delimiter)
        before = 0
        for fields in lines:
            if fields:
                if row == 0:
                    return before + 2
                row -= 1
            before = lines.line_num
    return before + 2


def _delimiter(first: bytes) -> str:
    return ";" if first.count(b";") > first.count(b",") else ","


def _wrong_encoding(path: Path) -> Unreadable:
    """The refusal of a file that is not UTF-8; gives the first bad line."""
    with path.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError as problem:
                return Unreadable(
                    f"Line {number}, byte {problem.start + 1} is not UTF-8.", "Save the file as «CSV UTF-8»."
                )
    return Unreadable("The first line is not a CSV header.", "Start the file with the column names.")


def _json_lines(path: Path, stream: StreamContract) -> OpenedFile:
    return OpenedFile(_json_chunks(path, stream), {}, 1)


def _json_chunks(path: Path, stream: StreamContract) -> Iterator[pa.Table]:
    names = [c.name for c in stream.columns]
    field_names: set[str] = set()
    rows: list[dict[str, str | None]] = []
    begin = 1
    with path.open("rb") as handle:
        for number, raw in enumerate(handle, 1):
            if not raw.strip():
                if not rows:
                    begin = number + 1
                    continue
                raise Unreadable(f"Line {number} is empty.", "Write one record per line, without empty lines.")
            try:
                record = json.loads(
                    raw.decode("utf-8-sig" if number == 1 else "utf-8"),
                    parse_int=str,
                    parse_float=str,
                    parse_constant=_no_constant,
                    object_pairs_hook=strict_json.once,
                )
            except (ValueError, RecursionError) as problem:
                raise Unreadable(
                    f"Line {number} is not valid JSON: {_why_no_json(problem)}.",
                    "Write one JSON object per line, in UTF-8.",
                ) from None
            if not isinstance(record, dict):
                raise Unreadable(f"Line {number} is not a JSON object.", "Write one JSON object per line.")
            if new := record.keys() - field_names:
                _check_known([*field_names, *new], stream)
                field_names |= new
            rows.append({n: _as_text(record.get(n), n, number) for n in names})
            if len(rows) == _ROWS:
                yield _from_rows(rows, stream, begin, field_names)
                rows, begin = [], number + 1
    if rows:
        yield _from_rows(rows, stream, begin, field_names)


def _why_no_json(problem: ValueError | RecursionError) -> str:
    if isinstance(problem, UnicodeDecodeError):
        return "it is not UTF-8"
    if isinstance(problem, RecursionError):
        return "it is nested too deeply"
    return excerpt(problem, 120)


def _from_rows(rows: list[dict[str, str | None]], stream: StreamContract, line: int, field_names: set[str]) -> pa.Table:
    _check_names(sorted(field_names), stream)
    columns = {c.name: pa.array([r.get(c.name) for r in rows], pa.string()) for c in stream.columns}
    return _from_text(columns, len(rows), stream, line, comma=False)


def _no_constant(name: str) -> object:
    message = f"{name} is not a JSON number"
    raise ValueError(message)


def _as_text(value: object, column: str, line: int) -> str | None:
    """A JSON or spreadsheet value as text, as in a CSV. JSON's numbers come as they are written."""
    if value is None or isinstance(value, str):
        if value and ("\0" in value or (not value.isascii() and any("\ud800" <= sign <= "\udfff" for sign in value))):
            what = "a NUL character" if "\0" in value else "half a surrogate pair"
            raise BadValue(column, f"{what} is not text", "Write the text in UTF-8.", line=line)
        return value or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime):
        return value.isoformat() if value.time() != time() else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise BadValue(column, f"{type(value).__name__} is not a single value", "Send one value per field.", line=line)


def _xlsx(path: Path, stream: StreamContract) -> OpenedFile:
    from transport.ingest import sheets

    with ExitStack() as opened:
        handle = opened.enter_context(path.open("rb"))
        try:
            _check_unpacked(handle)
            book = opened.enter_context(sheets.Workbook(handle))
            sheet_rows = opened.enter_context(closing(book.rows()))  # it holds the file open
            number, header = next(sheet_rows, (0, ()))
            book.check_one()
        except (MemoryError, SharingError):
            raise
        except Exception as problem:  # noqa: BLE001 - zip and XML have errors of many kinds; texts may name our paths
            raise _unreadable("XLSX", type(problem).__name__) from None
        if number != 1:
            raise Unreadable(
                "Row 1 of the first sheet is empty.",
                "Put the records on the first sheet, with the column names in row 1.",
            )
        width = max((place for place, h in enumerate(header, 1) if h is not None), default=0)
        names = ["" if h is None else str(sheet_text(h)).strip() for h in header[:width]]
        _check_names(names, stream)
        return OpenedFile(_sheet_chunks(opened.pop_all(), sheet_rows, names, stream), {}, 2)


def _check_unpacked(handle: IO[bytes]) -> None:
    """Check that a workbook does not unpack to too much, by the sizes in its archive.

    Raises:
        TooLarge: it is too much.
    """
    with zipfile.ZipFile(handle) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
    packed = handle.seek(0, os.SEEK_END)
    handle.seek(0)
    if unpacked > _XLSX_BYTES or unpacked > max(_XLSX_SMALL, _XLSX_RATIO * packed):
        raise TooLarge(
            f"The workbook unpacks from {packed >> 20} to {unpacked >> 20} MB.",
            f"At most {_XLSX_BYTES >> 20} MB and {_XLSX_RATIO} times its size are read; save it again, or send CSV.",
        )


def sheet_text(cell: object) -> object:
    """A cell as its sender saw it: XLSX escapes characters as `_x000D_`, and a text like that as `_x005F_x000D_`."""
    if not isinstance(cell, str) or "_x" not in cell:
        return cell
    text = _ESCAPE.sub(lambda hit: chr(int(hit[1], 16)), cell)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")  # joins surrogate pairs


def _sheet_chunks(
    opened: ExitStack,
    sheet_rows: Iterator[tuple[int, tuple[object, ...]]],
    names: list[str],
    stream: StreamContract,
) -> Iterator[pa.Table]:
    """The rows of a workbook, which is closed after the last."""
    rows: list[dict[str, str | None]] = []
    begin, empty, last = 2, 0, 1
    with opened:
        for number, cells in sheet_rows:
            if number > _SHEET_ROWS:
                raise TooLarge(f"The sheet has more than {_SHEET_ROWS} rows.", "Save it again from the spreadsheet.")
            empty, last = empty or (last + 1 if number > last + 1 else 0), number
            if all(c is None for c in cells):
                empty = empty or number
                continue
            if empty:
                raise Unreadable(
                    f"Line {empty} is empty, but line {number} is not.", "Leave no empty lines between the records."
                )
            if any(c is not None for c in cells[len(names) :]):
                raise Unreadable(f"Line {number} has a value beyond the named columns.", "Name the column in row 1.")
            rows.append({n: _as_text(sheet_text(c), n, number) for n, c in zip(names, cells, strict=False)})
            if len(rows) == _ROWS:
                yield _from_rows(rows, stream, begin, set(names))
                rows, begin = [], number + 1
        if rows:
            yield _from_rows(rows, stream, begin, set(names))


def _from_text(columns: dict[str, pa.Array], count: int, stream: StreamContract, line: int, *, comma: bool) -> pa.Table:
    """Convert columns of text to the contract's types.

    Raises:
        BadValue: gives the first value of a column that cannot be read, and its line.
    """
    arrays = [
        text_as(columns[c.name], c, line, comma=comma) if c.name in columns else pa.nulls(count, c.type)
        for c in stream.columns
    ]
    return pa.table(arrays, schema=pa.schema([pa.field(c.name, c.type) for c in stream.columns]))


FORMATS: dict[str, Callable[[Path, StreamContract], OpenedFile]] = {
    ".parquet": _parquet,
    ".arrow": _arrow,
    ".arrows": _arrow,
    ".feather": _arrow,
    ".ipc": _arrow,
    ".csv": _csv,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".xlsx": _xlsx,
}
"""Readers of tables by the suffix of a file's name."""
ENDINGS = (*FORMATS, *documents.ENDINGS)
"""Every suffix that is read."""
