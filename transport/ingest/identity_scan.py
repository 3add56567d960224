"""Scans a refused file for identity numbers: a file that shows one is not kept, whatever its format.

The bytes of a compressed file show nothing, so it is unpacked where possible: every leaf of every column and every cell
of every sheet, also of columns in no contract. Only the reader process does this. A file that cannot be unpacked is
judged by its bytes alone. Here one hit is enough, also in a number: the sender still has the file, so nothing is lost.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from catalog.domain import identity
from transport.ingest.batch_validator import candidates_in
from transport.ingest.formats import StrangersFile, sheet_text

SEARCHED = 64 << 20
"""Bytes of a refused file that are searched, at some megabytes a second; a larger one is not kept."""
_PIECE = 1 << 20
_LONGEST = 64
_ROWS = 65_536
_SMALLEST, _LARGEST = 10**9, 10**11 - 1


def in_bytes(path: Path) -> bool:
    """Whether the bytes of a file show an identity number. Scans them without parsing.

    Raises:
        Unreadable: it is a link, or not a file.
        OSError: it cannot be read.
    """
    with StrangersFile(path) as file, file.path.open("rb") as handle:
        return _in_pieces(iter(lambda: handle.read(_PIECE), b""))


def in_packed(path: Path) -> bool:
    """Whether the content of a Parquet, Arrow or XLSX file shows an identity number. For the reader process only."""
    ending = path.suffix.lower()
    looks = {".parquet": _parquet, ".xlsx": _xlsx}.get(ending, _arrow if ending in _ARROW else None)
    if looks is None:
        return False
    try:
        with StrangersFile(path) as file:
            return looks(file.path)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - it was refused: that it cannot be unpacked is no news
        return False


_ARROW = (".arrow", ".arrows", ".feather", ".ipc")


def _in_pieces(pieces: Iterable[bytes]) -> bool:
    """Whether bytes show an identity number written in UTF-8, UTF-16 or latin-1."""
    before = b""
    for piece in pieces:
        window = before + piece.replace(b"\0", b"")
        for encoding in ("utf-8",) if window.isascii() else ("utf-8", "latin-1"):
            text = window.decode(encoding, "ignore")
            if candidates_in(pa.array([text], pa.large_string()))[0].as_py() and identity.find_in_text(text):
                return True
        before = window[-6 * _LONGEST :]
    return False


def _parquet(path: Path) -> bool:
    file = pq.ParquetFile(path)
    for column in file.schema_arrow.names:
        try:
            for batch in file.iter_batches(batch_size=_ROWS, columns=[column], use_threads=False):
                if any(map(_in_array, batch.columns)):
                    return True
        except (pa.ArrowException, OSError):
            continue  # a damaged column must not hide the others
    return False


def _arrow(path: Path) -> bool:
    source = pa.OSFile(str(path))
    magic = source.read(6)
    source.seek(0)
    batches: Iterator[pa.RecordBatch]
    if magic == b"ARROW1":
        file = pa.ipc.open_file(source)
        batches = (file.get_batch(i) for i in range(file.num_record_batches))
    else:
        batches = _of_streams(source)
    for batch in batches:
        batch.validate(full=True)
        if any(map(_in_array, batch.columns)):
            return True
    return False


def _of_streams(source: pa.NativeFile) -> Iterator[pa.RecordBatch]:
    """The batches of a stream and of further streams in the same file; these may be why it was refused."""
    while source.tell() < source.size():
        yield from pa.ipc.open_stream(source)


def _in_array(array: pa.Array) -> bool:
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    kind = array.type
    if pa.types.is_nested(kind):
        return any(map(_in_array, _inner(array)))
    if pa.types.is_dictionary(kind):
        return _in_array(array.dictionary)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _in_numbers(array)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return any(_in_pieces([value]) for value in array.drop_null().to_pylist())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        array = array.cast(pa.large_string())
        return any(identity.find_in_text(value) for value in array.filter(candidates_in(array)).to_pylist())
    return False


def _inner(array: pa.Array) -> list[pa.Array]:
    if pa.types.is_map(array.type):
        return [array.keys, array.items]
    inner = array.flatten()
    return inner if isinstance(inner, list) else [inner]


def _in_numbers(array: pa.Array) -> bool:
    """Whether numbers show an identity number, whose leading zero a number loses."""
    numbers = array.drop_null().cast(pa.float64(), safe=False)
    fits = pc.and_(pc.greater_equal(numbers, _SMALLEST), pc.less_equal(numbers, _LARGEST))
    candidates = numbers.filter(fits).cast(pa.int64(), safe=False).to_pylist()
    return any(identity.regime(f"{value:011d}") is identity.Regime.OLD for value in candidates)


def _xlsx(path: Path) -> bool:
    with path.open("rb") as handle:
        return _in_workbook(handle)


def _in_workbook(file: IO[bytes]) -> bool:
    with zipfile.ZipFile(file) as packed:
        parts = packed.infolist()  # by name, the first of two would not be opened
        for part in parts:
            with packed.open(part) as member:
                if _in_pieces(iter(lambda member=member: member.read(_PIECE), b"")):  # type: ignore[misc]
                    return True
    from transport.ingest import sheets

    with sheets.Workbook(file) as book:
        for value in book.values():
            cell = sheet_text(value)
            text = f"{int(cell):011d}" if isinstance(cell, int | float) and abs(cell) <= _LARGEST else str(cell)
            if identity.find_in_text(text):
                return True
    file.seek(0)
    before = file.read(min(part.header_offset for part in parts))
    return bool(before) and _in_workbook(io.BytesIO(before))  # two workbooks joined into one file
