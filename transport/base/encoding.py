"""Streaming encoders for formats that `transport.ingest.formats` reads: Parquet, Arrow stream, JSON Lines and CSV.

In JSON and CSV, decimals, times, dates and UUIDs are texts, in the form that ingest reads without loss; in CSV a list
is JSON.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Generator, Iterable
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq

FORMS = {
    "parquet": "application/vnd.apache.parquet",
    "arrow": "application/vnd.apache.arrow.stream",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
}
"""The formats, with their content types."""
_TEXT_ROWS = 4096
"""Rows converted to Python values at a time: they take ten times the memory that they take in Arrow."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a text begins that a spreadsheet would run as a formula; the last four are wide forms of the first.

Source: OWASP, CSV injection.
"""


def encoded_pieces(
    schema: pa.Schema, batches: Iterable[pa.RecordBatch], form: str, *, for_sheets: bool = False
) -> Generator[bytes]:
    """The rows as bytes of a format, in pieces of a batch or less, so that memory stays constant.

    Args:
        schema: of every batch.
        batches: read once.
        form: one of `FORMS`.
        for_sheets: in CSV, put a `'` before text that begins like a formula, which a spreadsheet would run.
    """
    if form == "csv":
        return _csv(schema, batches, for_sheets=for_sheets)
    if form == "jsonl":
        return _json_lines(batches)
    return _typed(schema, batches, parquet=form == "parquet")


def rows_as_texts(batch: pa.RecordBatch | pa.Table) -> Generator[dict[str, object]]:
    """Each row, with values that JSON can represent."""
    for row in batch.to_pylist():
        yield {name: _plain(value) for name, value in row.items()}


def _parts(batch: pa.RecordBatch) -> Generator[pa.RecordBatch]:
    return (batch.slice(start, _TEXT_ROWS) for start in range(0, batch.num_rows, _TEXT_ROWS))


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value)


def _csv(schema: pa.Schema, batches: Iterable[pa.RecordBatch], *, for_sheets: bool) -> Generator[bytes]:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(schema.names)
    for part in itertools.chain.from_iterable(_parts(batch) for batch in batches):
        for row in rows_as_texts(part):
            writer.writerow([_cell(value, for_sheets=for_sheets) for value in row.values()])
        yield _drained(out).encode()
    if rest := _drained(out):
        yield rest.encode()


def _drained(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def _cell(value: object, *, for_sheets: bool) -> object:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        value = json.dumps(value, ensure_ascii=False)
    if for_sheets and isinstance(value, str) and value.startswith(FORMULA) and not _is_number(value):
        return f"'{value}"
    return value


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _json_lines(batches: Iterable[pa.RecordBatch]) -> Generator[bytes]:
    for part in itertools.chain.from_iterable(_parts(batch) for batch in batches):
        yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows_as_texts(part)).encode()


def _typed(schema: pa.Schema, batches: Iterable[pa.RecordBatch], *, parquet: bool) -> Generator[bytes]:
    out = io.BytesIO()
    sink = pa.PythonFile(out, mode="w")
    if parquet:
        writer = pq.ParquetWriter(sink, schema, compression="zstd", write_page_checksum=True)
    else:
        writer = pa.ipc.new_stream(sink, schema)
    for batch in batches:
        writer.write_batch(batch)
        if out.tell():
            yield out.getvalue()
            out.seek(0)
            out.truncate()
    writer.close()
    yield out.getvalue()
