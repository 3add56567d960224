"""What the HTTP door promises, as OpenAPI 3.1, made from the contracts and the door's own table of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from catalog.contracts.language import Column, DatasetContract, StreamContract
from catalog.tables.streams import REGISTER, STREAMS
from catalog.text import Text
from transport.base.encoding import FORMS, rows_as_texts
from transport.ingest.sample import MOST, sample

Json = dict[str, Any]
_UUID, _TIME = {"type": "string", "format": "uuid"}, {"type": "string", "format": "date-time"}


def sent_streams() -> dict[str, StreamContract]:
    """The streams that are sent over a wire; a register is applied by people."""
    return {name: stream for name, stream in STREAMS.items() if stream is not REGISTER}


def stream_contract(stream: StreamContract) -> Json:
    """A stream's contract as JSON: columns, key, rules in both languages, and a row as JSON Lines would have it."""
    (example,) = rows_as_texts(sample(stream, 1))
    return {
        "name": stream.name,
        "title": _both(stream.title),
        "about": _both(stream.about),
        "owner": stream.owner,
        "version": stream.version,
        "key": list(stream.key),
        "month_of": stream.month_of,
        "repeats": str(stream.repeats),
        "columns": [_column(c) for c in stream.columns],
        "rules": [{"name": r.name, "columns": list(r.columns), "says": _both(r.says)} for r in stream.rules],
        "example": example,
    }


def dataset_contract(dataset: DatasetContract) -> Json:
    """A dataset's contract as JSON."""
    return {
        "name": dataset.name,
        "title": _both(dataset.title),
        "about": _both(dataset.about),
        "owner": dataset.owner,
        "audience": str(dataset.audience),
        "version": dataset.version,
        "key": list(dataset.key),
        "one_at_a_time": list(dataset.one_at_a_time),
        "view_of": dataset.of.name if dataset.of else None,
        "columns": [_column(c) | {"additivity": c.additivity} for c in dataset.columns],
    }


def document(problems: Mapping[int, Sequence[str]], forms: Sequence[str]) -> Json:
    """The whole description.

    Args:
        problems: the kinds of problem that each status tells.
        forms: content types that a batch may have.
    """
    said = {str(status): _problem(kinds) for status, kinds in sorted(problems.items())}

    def answers(*statuses: int) -> Json:
        return {str(s): said[str(s)] for s in (*statuses, 401, 403, 500)}

    streams = sent_streams()
    named = _parameter("stream", "path", {"type": "string", "enum": list(streams)})
    batch = _parameter("batch_id", "path", {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"})
    dataset = _parameter("dataset", "path", {"type": "string"}, "A name of GET /v1/datasets: a dataset or a view.")
    receipt = _content("The receipt.", {"$ref": "#/components/schemas/Receipt"})
    rows = {f.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for f in FORMS.values()}
    put = {
        "operationId": "putBatch",
        "summary": "Send a batch. The same id with the same content is the same batch: a retry is safe.",
        "parameters": _PUT,
        "requestBody": {
            "required": True,
            "content": {f: {"schema": {"type": "string", "format": "binary"}} for f in forms},
        },
        "responses": {"200": receipt, "201": receipt} | said,
    }
    get = {
        "operationId": "getReceipt",
        "summary": "The receipt of a batch that is kept for you.",
        "responses": {"200": receipt} | answers(400, 404),
    }
    listed = _content("Receipts, newest first.", {"$ref": "#/components/schemas/Batches"})
    kept = {
        "operationId": "listBatches",
        "summary": "Your batches of a stream by the journal, newest first. The receipt of one also reads its file.",
        "parameters": _LIST,
        "responses": {"200": listed} | answers(400, 404),
    }
    sample_of = {
        "operationId": "getSample",
        "summary": "A valid, made-up batch.",
        "parameters": _SAMPLE,
        "responses": {"200": {"description": "Rows.", "content": rows}} | answers(400, 404),
    }
    read = {
        "operationId": "getDataset",
        "summary": "Rows of a release.",
        "parameters": _READ,
        "responses": {"200": {"description": "Rows.", "content": rows}} | answers(400, 404),
    }
    figures = {
        "operationId": "metrics",
        "summary": "Figures for Prometheus. From the server's own machine without a token.",
        "security": [{}, {"bearer": []}],
        "responses": {"200": {"description": "Figures.", "content": {"text/plain": {}}}} | answers(400),
    }
    wrong = {"400": said["400"]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Digitale fellestjenester: data door", "version": "1"},
        "servers": [{"url": "/", "description": "Where this description was got."}],
        "security": [{"bearer": []}],
        "paths": {
            "/v1/streams": {"get": _get("listStreams", "Every stream that is sent.", answers(400))},
            "/v1/streams/{stream}": {
                "parameters": [named],
                "get": _get("getStream", "A stream's contract and an example row.", answers(400, 404)),
            },
            "/v1/streams/{stream}/sample": {"parameters": [named], "get": sample_of},
            "/v1/streams/{stream}/batches": {"parameters": [named], "get": kept},
            "/v1/streams/{stream}/batches/{batch_id}": {"parameters": [named, batch], "put": put, "get": get},
            "/v1/datasets": {
                "get": _get(
                    "listDatasets",
                    "Every dataset and view that you may read, and what to choose one value of before summing.",
                    answers(400),
                )
            },
            "/v1/datasets/{dataset}": {"parameters": [dataset], "get": read},
            "/livez": {"get": _open("live", "The process serves.", wrong | {"503": _not_ready()})},
            "/readyz": {"get": _open("ready", "Batches can be kept.", wrong | {"503": _not_ready()})},
            "/openapi.json": {"get": _open("describe", "This description.", wrong)},
            "/metrics": {"get": figures},
        },
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Issued by the operator (`dif token add`), or a Maskinporten token. "
                    "A server that is open to its own machine only asks for none.",
                }
            },
            "schemas": {"Problem": _PROBLEM, "Receipt": _RECEIPT, "Batches": _BATCHES}
            | {f"{name}_row": _row(stream) for name, stream in streams.items()},
        },
    }


_PROBLEM: Json = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "kind", "mend", "reference"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong."},
        "kind": {"type": "string", "description": "A stable word for programs."},
        "mend": {"type": "string", "description": "The next thing to do."},
        "reference": {"type": "string", "description": "Under which the operator's log has it."},
        "line": {"type": ["integer", "null"]},
        "column": {"type": "string"},
    },
}
_RECEIPT: Json = {
    "type": "object",
    "required": ["batch_id", "stream", "producer", "rows", "status"],
    "properties": {
        "batch_id": {"type": "string"},
        "stream": {"type": "string"},
        "producer": {"type": "string"},
        "rows": {"type": "integer"},
        "bytes": {"type": "integer"},
        "sha256": {"type": "string"},
        "contract_version": {"type": "integer"},
        "received_at": _TIME,
        "masked_rows": {"type": "integer"},
        "synthetic": {"type": "boolean"},
        "withdrawn_at": _TIME,
        "withdrawn_because": {"type": "string"},
        "status": {"type": "string", "enum": ["accepted", "duplicate", "checked"]},
    },
}


_BATCHES: Json = {
    "type": "object",
    "required": ["stream", "producer", "batches", "more"],
    "properties": {
        "stream": {"type": "string"},
        "producer": {"type": "string"},
        "batches": {"type": "array", "items": {"$ref": "#/components/schemas/Receipt"}},
        "more": {"type": "boolean", "description": "Whether there are older ones than these."},
    },
}


def _both(text: Text) -> Json:
    return {"nb": text.nb, "en": text.en}


def _column(column: Column) -> Json:
    return {
        "name": column.name,
        "type": str(column.type),
        "title": _both(column.title),
        "about": _both(column.about),
        "key": column.key,
        "null": column.null,
        "unit": column.unit,
    }


def _row(stream: StreamContract) -> Json:
    return {
        "type": "object",
        "title": stream.title.en,
        "description": stream.about.en,
        "additionalProperties": False,
        "required": [c.name for c in stream.columns if not c.null],
        "properties": {c.name: _value(c) for c in stream.columns},
        "example": stream_contract(stream)["example"],
    }


def _value(column: Column) -> Json:
    kind = column.type
    said: Json = {"type": "string"}
    if kind == pa.uuid():
        said = dict(_UUID)
    elif pa.types.is_timestamp(kind):
        said = dict(_TIME)
    elif pa.types.is_date(kind):
        said = {"type": "string", "format": "date"}
    elif pa.types.is_boolean(kind):
        said = {"type": "boolean"}
    elif pa.types.is_integer(kind):
        said = {"type": "integer"}
    elif pa.types.is_decimal(kind):
        said = {"type": ["number", "string"]}
    if column.null:
        said["type"] = [*(said["type"] if isinstance(said["type"], list) else [said["type"]]), "null"]
    return said | {"description": column.description.en}


def _parameter(name: str, place: str, schema: Json, about: str = "") -> Json:
    said = {"name": name, "in": place, "required": place == "path", "schema": schema}
    return said | ({"description": about} if about else {})


def _content(about: str, schema: Json) -> Json:
    return {"description": about, "content": {"application/json": {"schema": schema}}}


def _get(name: str, about: str, more: Json) -> Json:
    answer = _content(about, {"type": "object"})
    return {"operationId": name, "summary": about, "responses": {"200": answer} | more}


def _open(name: str, about: str, more: Json) -> Json:
    """What is answered without a token."""
    return _get(name, about, more) | {"security": []}


def _problem(kinds: Sequence[str]) -> Json:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": ", ".join(kinds), "content": {"application/problem+json": {"schema": schema}}}


def _not_ready() -> Json:
    return _content("What is missing.", {"type": "object"})


_FORM = _parameter("format", "query", {"type": "string", "enum": list(FORMS)})
_PUT = [
    _FORM | {"description": "Where the content type says nothing."},
    _parameter("check", "query", {"type": "boolean"}, "Only try: nothing is kept."),
    _parameter("Dif-Check", "header", {"type": "string", "enum": ["true", "false"]}, "The same as a header."),
    _parameter("Content-Digest", "header", {"type": "string"}, "RFC 9530, of the body: sha-256 or sha-512."),
    _parameter("Dif-Content-Sha256", "header", {"type": "string"}, "Of the canonical content."),
    _parameter("Dif-Priority", "header", {"type": "string", "enum": ["live", "bulk"]}, "Bulk lets live ones by."),
    _parameter("Dif-Producer", "header", {"type": "string"}, "Who sends; with a token, what the token says."),
    _parameter("Dif-Synthetic", "header", {"type": "string", "enum": ["true", "false"]}, "The rows are made up."),
]
_LIST = [
    _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}),
    _parameter("since", "query", _TIME, "Received then or later."),
]
_SAMPLE = [
    _FORM | {"description": "CSV when left out."},
    _parameter("rows", "query", {"type": "integer", "minimum": 1, "maximum": MOST, "default": 3}),
]
_READ = [
    _FORM | {"description": "JSON Lines when left out."},
    _parameter(
        "release", "query", {"type": "string", "default": "current"}, "Its name; GET /v1/datasets says the current."
    ),
    _parameter("columns", "query", {"type": "string"}, "Names, comma between; all when left out."),
    {
        "name": "filter",
        "in": "query",
        "required": False,
        "description": "By column, a value, a list of values, or tests (eq ne lt le gt ge in null); all must hold.",
        "content": {"application/json": {"schema": {"type": "object"}, "example": {"month": {"ge": "2026-01-01"}}}},
    },
    _parameter("limit", "query", {"type": "integer", "minimum": 0}, "At most so many rows."),
]
