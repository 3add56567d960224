"""The child that opens strangers' files: `python -m transport.ingest.reader_process MEMORY_MB SECONDS FIRST_SECONDS`.

Not for import: it permanently limits its own process.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from catalog import errors
from catalog.contracts.language import StreamContract
from catalog.errors import BadValue, ReaderDied, SharingError
from catalog.tables.streams import STREAMS
from transport.base.child_process import Reply, limit_memory, limit_processor, serve
from transport.ingest import formats
from transport.ingest.batch_validator import BatchValidator
from transport.ingest.formats import StrangersFile, line_in_csv
from transport.ingest.identity_scan import in_packed
from transport.ingest.opened_file import OpenedFile, ReaderInputs


def main(memory_mb: int, seconds: int, first_seconds: int) -> None:
    """Read files until there are no more.

    Args:
        memory_mb: at most.
        seconds: of the processor for a file.
        first_seconds: until its first rows, and for the search of a refused one.
    """
    limit_memory(memory_mb)

    def answer(request: Reply) -> Reply:
        limit_processor(first_seconds)
        try:
            if "look" in request:
                return {"shows": in_packed(Path(request["path"]))}
            return _read(request, seconds)
        except SharingError as problem:
            return dict(problem.as_json())
        except MemoryError:
            return dict(ReaderDied(f"over {memory_mb} MB of memory").as_json())
        except Exception as problem:  # noqa: BLE001 - a stranger's file may raise anything; the reader must answer
            full = isinstance(problem, OSError) and problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
            no = errors.NoRoom("The disk is full; nothing was kept.", "Send it again when there is room.")
            bad = errors.Unreadable(
                f"The file cannot be read ({type(problem).__name__}).", "Write it again with a current library."
            )
            return dict((no if full else bad).as_json())

    serve(answer)


def _read(request: Reply, seconds: int) -> Reply:
    stream, path, opened = STREAMS[request["stream"]], Path(request["path"]), None
    try:
        opened = formats.open_file(path, stream, follow=False, inputs=ReaderInputs(**request["inputs"]))
        synthetic = bool(request["synthetic"]) or opened.metadata.get(formats.SYNTHETIC) == b"true"
        arrived_at = _arrived_at(opened.metadata) if synthetic else None
        with BatchValidator(
            stream,
            Path(request["target"]),
            producer=request["producer"],
            synthetic=synthetic,
            first_line=opened.first_line,
            allowed=_allowed(request, stream, opened.first_line),
        ) as batch:
            for number, chunk in enumerate(opened.chunks):
                if number == 0:
                    limit_processor(seconds)
                batch.add(chunk)
            validated = batch.close().as_json()
            return {**validated, "arrived_at": arrived_at, "notes": opened.notes, "covers": list(opened.covers)}
    except BadValue as problem:
        return _placed(problem, path, opened)


def _allowed(request: Mapping[str, Any], stream: StreamContract, first_line: int) -> Callable[[pa.Table, int], None]:
    """A check that refuses rows that the sender may not send; its rights came with the request."""
    if request["organisations"] is None and request["supplier"] is None:
        return lambda _chunk, _row: None
    from transport.auth import Caller, rows_allowed

    whose = None if request["organisations"] is None else frozenset(request["organisations"])
    nothing: frozenset[Any] = frozenset()
    sender = Caller(request["sender"], request["producer"], None, request["supplier"], nothing, whose, nothing)
    return lambda chunk, row: rows_allowed(sender, stream, chunk, first_row=row + first_line)


def _arrived_at(metadata: Mapping[bytes, bytes]) -> str | None:
    """The arrival time that a synthetic file states; an invalid one would make the journal unreadable."""
    stated = metadata.get(formats.ARRIVED_AT)
    if stated is None:
        return None
    try:
        moment = datetime.fromisoformat(stated.decode("ascii"))
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise errors.Unreadable(
            f"The file's metadata {formats.ARRIVED_AT.decode()} is not a time with an offset.", "Leave it out."
        )
    return moment.isoformat()


def _placed(problem: BadValue, path: Path, opened: OpenedFile | None) -> dict[str, object]:
    """The fault with line and column. In CSV, empty lines and line breaks within fields put rows on later lines."""
    line, text = problem.line, problem.problem
    if line is not None and opened is not None and path.suffix.lower() == ".csv":
        with suppress(SharingError, OSError), StrangersFile(path) as file:
            line = line_in_csv(file.path, line - opened.first_line)
            text = text.replace(f"Line {problem.line},", f"Line {line},", 1)
    return {**problem.as_json(), "problem": text, "line": line, "column": problem.column}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
