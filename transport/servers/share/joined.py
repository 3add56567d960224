"""Several Parquet files as one, without a copy: the bytes of each as they lie, and one footer for all.

A reader pays for each file that it opens. Delta's kernel, in the official client, sets up a connection for each, and
reads its machine's certificates for it, which takes longer than to decode a month. So months are told as few files.

Source: https://parquet.apache.org/docs/file-format/metadata, and the compact protocol of Thrift that it is written in,
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

Record = dict[int, tuple[int, Any]]
"""A structure of Thrift: the type and the value of each field, by its number."""

_MAGIC: Final = b"PAR1"
_TAIL: Final = 8
"""Bytes after a footer: its length, and the magic."""
MOST_BYTES: Final = 64 << 20
"""A joined file is not longer, but where one of its files is: readers hold it in memory."""

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_STOP: Final = 0
_LONG: Final = 15
"""As a list's size in its head: the size follows."""

_MORE: Final = 0x80
"""In a byte of a number: more follow."""

# fields of the footer and what it holds
_SCHEMA, _ROWS, _ROW_GROUPS, _ORDERS = 2, 3, 4, 7
_COLUMNS, _GROUP_OFFSET, _ORDINAL = 1, 5, 7
_META, _CHUNK_OFFSETS = 3, (2, 4, 6)
_META_OFFSETS: Final = (9, 10, 11, 14)
"""Data, index and dictionary pages, and the Bloom filter."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file on disk, and where it lies in the joined file."""

    path: Path
    at: int
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A file that is not on disk: pieces of others, and its own footer at the end."""

    pieces: tuple[Piece, ...]
    footer: bytes
    count: int
    """How many files it is made of."""

    @property
    def size(self) -> int:
        """In bytes."""
        last = self.pieces[-1]
        return last.at + last.length + len(self.footer)

    def open(self) -> io.BufferedReader:
        """The file, to read from any place."""
        return io.BufferedReader(_Reader(self), buffer_size=1 << 20)


def join(paths: Sequence[Path]) -> list[Joined]:
    """Join files that follow each other, as long as they have the same schema and the joined file is not too long.

    Raises:
        FileNotFoundError: one is gone.
        ValueError: one is no Parquet file.
    """
    made: list[Joined] = []
    run: list[_Footed] = []
    for path in paths:
        one = _read(path)
        if run and not (run[0].goes_with(one) and sum(f.length for f in (*run, one)) <= MOST_BYTES):
            made.append(_joined(run))
            run = []
        run.append(one)
    return [*made, *([_joined(run)] if run else [])]


@dataclass(frozen=True, slots=True)
class _Footed:
    """A file, how far its data goes, and its footer."""

    path: Path
    length: int
    footer: Record

    def goes_with(self, other: _Footed) -> bool:
        return all(self.footer.get(n) == other.footer.get(n) for n in (_SCHEMA, _ORDERS))


def _read(path: Path) -> _Footed:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != _MAGIC or length > size - _TAIL - len(_MAGIC):
            message = f"{path.name} is no Parquet file"
            raise ValueError(message)
        file.seek(size - _TAIL - length)
        footer = file.read(length)
    return _Footed(path, size - _TAIL - length, _Decoder(footer).struct())


def _joined(files: Sequence[_Footed]) -> Joined:
    pieces: list[Piece] = []
    groups: list[Record] = []
    at = 0
    for file in files:
        start = len(_MAGIC) if pieces else 0  # the magic stands at the beginning alone
        pieces.append(Piece(file.path, at, start, file.length - start))
        for group in file.footer[_ROW_GROUPS][1][1]:
            groups.append(_moved(group, at - start, len(groups)))
        at += file.length - start
    rows = sum(file.footer[_ROWS][1] for file in files)
    footer = files[0].footer | {_ROWS: (_I64, rows), _ROW_GROUPS: (_LIST, (_STRUCT, groups))}
    text = _Encoder().struct(footer)
    return Joined(tuple(pieces), text + len(text).to_bytes(4, "little") + _MAGIC, len(files))


def _moved(group: Record, by: int, ordinal: int) -> Record:
    """A row group whose bytes lie further on."""
    chunks = [
        _shifted(chunk, _CHUNK_OFFSETS, by) | {_META: (_STRUCT, _shifted(chunk[_META][1], _META_OFFSETS, by))}
        for chunk in group[_COLUMNS][1][1]
    ]
    moved = _shifted(group, (_GROUP_OFFSET,), by) | {_COLUMNS: (_LIST, (_STRUCT, chunks))}
    return moved | ({_ORDINAL: (_I16, ordinal)} if _ORDINAL in group else {})


def _shifted(record: Record, fields: Iterable[int], by: int) -> Record:
    # zero is what some writers say for none
    return record | {n: (record[n][0], record[n][1] + by) for n in fields if n in record and record[n][1] > 0}


class _Reader(io.RawIOBase):
    """Reads a joined file; each piece is opened when it is reached."""

    def __init__(self, joined: Joined) -> None:
        self._joined = joined
        self._at = 0
        self._open: tuple[Piece, io.FileIO] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._joined.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any buffer
        view = memoryview(buffer)
        last = self._joined.pieces[-1]
        data = last.at + last.length
        if self._at >= data:
            came = self._joined.footer[self._at - data :][: len(view)]
            view[: len(came)] = came
            self._at += len(came)
            return len(came)
        piece = next(p for p in self._joined.pieces if p.at <= self._at < p.at + p.length)
        file, into = self._file(piece), self._at - piece.at
        file.seek(piece.start + into)
        got = file.readinto(view[: piece.length - into]) or 0
        if not got:
            message = f"{piece.path.name} is shorter than it was"
            raise OSError(message)
        self._at += got
        return got

    def _file(self, piece: Piece) -> io.FileIO:
        if self._open is None or self._open[0] is not piece:
            self._shut()
            self._open = (piece, io.FileIO(piece.path))
        return self._open[1]

    def _shut(self) -> None:
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def close(self) -> None:
        self._shut()
        super().close()


# --- Thrift's compact protocol ----------------------------------------------------------------------------------------


class _Decoder:
    """Reads structures, with every field that they have, known to us or not.

    Raises:
        ValueError: the text ends too early, or has a type that there is not.
    """

    def __init__(self, text: bytes) -> None:
        self._text, self._at = text, 0
        self._values: dict[int, Callable[[], Any]] = {
            _TRUE: lambda: True,
            _FALSE: lambda: False,
            _BYTE: self._byte,
            _I16: self._int,
            _I32: self._int,
            _I64: self._int,
            _DOUBLE: lambda: self._bytes(8),
            _BINARY: lambda: self._bytes(self._varint()),
            _LIST: self._list,
            _SET: self._list,
            _MAP: self._map,
            _STRUCT: self.struct,
        }

    def struct(self) -> Record:
        fields: Record = {}
        number = 0
        while (head := self._byte()) != _STOP:
            number = number + (head >> 4) if head >> 4 else self._int()
            fields[number] = (head & 15, self._value(head & 15))
        return fields

    def _value(self, kind: int) -> Any:  # noqa: ANN401 - as the type says
        if kind not in self._values:
            message = f"Thrift has no type {kind}"
            raise ValueError(message)
        return self._values[kind]()

    def _items(self, kind: int, count: int) -> list[Any]:
        if kind in (_TRUE, _FALSE):  # in a list a byte each
            return list(self._bytes(count))
        return [self._value(kind) for _ in range(count)]

    def _list(self) -> tuple[int, list[Any]]:
        head = self._byte()
        return head & 15, self._items(head & 15, self._varint() if head >> 4 == _LONG else head >> 4)

    def _map(self) -> tuple[int, list[tuple[Any, Any]]]:
        count = self._varint()
        kinds = self._byte() if count else 0
        return kinds, [(self._items(kinds >> 4, 1)[0], self._items(kinds & 15, 1)[0]) for _ in range(count)]

    def _int(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & _MORE:
            value |= (byte & ~_MORE) << shift
            shift += 7
        return value | byte << shift

    def _byte(self) -> int:
        if self._at >= len(self._text):
            message = "a Thrift structure ends too early"
            raise ValueError(message)
        self._at += 1
        return self._text[self._at - 1]

    def _bytes(self, count: int) -> bytes:
        came = self._text[self._at : self._at + count]
        if len(came) < count:
            message = "a Thrift structure ends too early"
            raise ValueError(message)
        self._at += count
        return came


class _Encoder:
    """Writes structures as `_Decoder` gives them."""

    def __init__(self) -> None:
        self._values: dict[int, Callable[[Any], bytes]] = {
            _TRUE: lambda _: b"",
            _FALSE: lambda _: b"",
            _BYTE: lambda value: bytes([value]),
            _I16: self._int,
            _I32: self._int,
            _I64: self._int,
            _DOUBLE: bytes,
            _BINARY: lambda value: self._varint(len(value)) + value,
            _LIST: self._list,
            _SET: self._list,
            _MAP: self._map,
            _STRUCT: self.struct,
        }

    def struct(self, fields: Record) -> bytes:
        parts: list[bytes] = []
        before = 0
        for number, (kind, value) in sorted(fields.items()):
            step = number - before
            parts.append(bytes([step << 4 | kind]) if 0 < step <= _LONG else bytes([kind]) + self._int(number))
            parts.append(self._values[kind](value))
            before = number
        return b"".join(parts) + bytes([_STOP])

    def _items(self, kind: int, values: Iterable[Any]) -> bytes:
        return bytes(values) if kind in (_TRUE, _FALSE) else b"".join(map(self._values[kind], values))

    def _list(self, told: tuple[int, Sequence[Any]]) -> bytes:
        kind, values = told
        long = len(values) >= _LONG
        head = bytes([(_LONG if long else len(values)) << 4 | kind])
        return head + (self._varint(len(values)) if long else b"") + self._items(kind, values)

    def _map(self, told: tuple[int, Sequence[tuple[Any, Any]]]) -> bytes:
        kinds, pairs = told
        text = self._varint(len(pairs)) + (bytes([kinds]) if pairs else b"")
        return text + b"".join(self._items(kinds >> 4, [k]) + self._items(kinds & 15, [v]) for k, v in pairs)

    def _int(self, value: int) -> bytes:
        return self._varint((value << 1) ^ (value >> 63))

    @staticmethod
    def _varint(value: int) -> bytes:
        parts = bytearray()
        while value >= _MORE:
            parts.append(value & (_MORE - 1) | _MORE)
            value >>= 7
        parts.append(value)
        return bytes(parts)
