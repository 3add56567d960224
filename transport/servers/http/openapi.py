"""The OpenAPI 3.1 description of the server or of a part of it, from the routes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from catalog.contracts import documents
from catalog.contracts.language import Column, StreamContract
from catalog.errors import SharingError
from catalog.tables.streams import PUSHED
from transport.base.encoding import FORMS, rows_as_texts
from transport.ingest.sample import sample
from transport.servers import calls
from transport.servers.calls import STATUS
from transport.servers.http.call import CONTENT_TYPES
from transport.servers.http.routes import PATH_PARAMETERS, Json, Parameter, Permission, Route

_UUID, _TIME = {"type": "string", "format": "uuid"}, {"type": "string", "format": "date-time"}


def stream_contract(stream: StreamContract) -> Json:
    """A stream's contract as JSON, with an example row as in JSON Lines."""
    (example,) = rows_as_texts(sample(stream, 1))
    return documents.of_stream(stream) | {"example": example}


@dataclass(frozen=True, slots=True)
class Description:
    """A part's description, besides its routes.

    Attributes:
        routes: its addresses. The name of an operation is one in all parts.
        bearer: where its tokens come from.
        problem: the content type of a refusal, and the name of its schema.
        refusals: what each status of a refusal means.
        always: the statuses with which every operation may refuse, by access.
        in_path: the schemas of the paths' parameters.
        schemas: those that the routes name.
        docs: where its protocol is described.
    """

    title: str
    routes: Sequence[Route]
    bearer: str
    problem: tuple[str, str]
    refusals: Mapping[int, str]
    always: Mapping[Permission, tuple[int, ...]]
    in_path: Mapping[str, Json]
    schemas: Mapping[str, Json]
    docs: str = ""


def document(*parts: Description) -> Json:
    """The description of parts that one server has."""
    paths: dict[str, Json] = {}
    for part in parts:
        for route in part.routes:
            at = paths.setdefault(route.path, {})
            if names := [name[1:-1] for name in route.segments if name.startswith("{")]:
                in_path = {"in": "path", "required": True}
                at["parameters"] = [{"name": name} | in_path | part.in_path[name] for name in names]
            at[route.method.lower()] = _operation(route, part)
    bearer = [*(part.bearer for part in parts), "A server that is open only to its own machine asks for none."]
    docs = next((part.docs for part in parts if part.docs), "")
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Digitale fellestjenester: {parts[0].title}", "version": "1"},
        **({"externalDocs": {"url": docs}} if docs else {}),
        "servers": [{"url": "/", "description": "The server of this description."}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "description": " ".join(bearer)}},
            "schemas": {name: schema for part in parts for name, schema in part.schemas.items()},
        },
    }


def common_description(routes: Sequence[Route]) -> Description:
    """The shared description of routes that answer errors as `application/problem+json`."""
    rows = {f"{name}_row": _row(stream) for name, stream in PUSHED.items()}
    refusals = (400, 401, 403, 500)
    return Description(
        title="data door",
        routes=routes,
        bearer="Issued by the operator (`dif token add`), or a Maskinporten token.",
        problem=("application/problem+json", "Problem"),
        refusals={status: ", ".join(kinds) for status, kinds in sorted(_problems_by_status().items())},
        always={
            Permission.CALLER: refusals,
            Permission.READER: (*refusals, 429),
            Permission.LOCAL_OR_CALLER: refusals,
            Permission.ANYBODY: (400,),
        },
        in_path={**PATH_PARAMETERS, "stream": {"schema": {"type": "string", "enum": list(PUSHED)}}},
        schemas={"Problem": _PROBLEM, "Receipt": _RECEIPT, "Batches": _BATCHES} | rows,
    )


def _problems_by_status() -> dict[int, list[str]]:
    """The kinds of problem by status, from the table and from HTTP's own statuses."""
    kinds: dict[int, list[str]] = {405: ["wrong_use"], 415: ["refused"], 431: ["wrong_use"]}
    waiting: list[type[SharingError]] = [SharingError]
    while waiting:
        cls = waiting.pop(0)
        waiting.extend(cls.__subclasses__())
        status = calls.of_class(STATUS, cls)
        if cls.kind not in kinds.setdefault(status, []):
            kinds[status].append(cls.kind)
    return kinds


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
        "reference": {"type": "string", "description": "The reference of the problem in the operator's log."},
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
        "erased_at": _TIME,
        "erased_because": {"type": "string"},
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
        "more": {"type": "boolean", "description": "Whether there are older batches."},
    },
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
    schema: Json = {"type": "string", "maxLength": column.longest}
    if kind == pa.uuid():
        schema = dict(_UUID)
    elif pa.types.is_timestamp(kind):
        schema = dict(_TIME)
    elif pa.types.is_date(kind):
        schema = {"type": "string", "format": "date"}
    elif pa.types.is_boolean(kind):
        schema = {"type": "boolean"}
    elif pa.types.is_integer(kind):
        schema = {"type": "integer"}
    elif pa.types.is_decimal(kind):
        schema = {"type": ["number", "string"]}
    if column.null:
        schema["type"] = [*(schema["type"] if isinstance(schema["type"], list) else [schema["type"]]), "null"]
    return schema | {"description": column.description.en}


def _operation(route: Route, part: Description) -> Json:
    name = f"{route.operation}_deprecated" if route.deprecated else route.operation
    operation: Json = {"operationId": name, "summary": route.summary}
    if route.deprecated:
        operation["deprecated"] = True
    if route.parameters:
        operation["parameters"] = [_parameter(p) for p in route.parameters]
    if route.takes_batch:
        operation["requestBody"] = {"required": True, "content": _files(CONTENT_TYPES)}
    elif route.takes is not None:
        operation["requestBody"] = {"content": {"application/json": {"schema": route.takes}}}
    statuses = part.refusals if route.refuses is None else (*part.always[route.access], *route.refuses)
    operation["responses"] = _answered(route) | {str(status): _refusal(route, part, status) for status in statuses}
    if route.in_ranges:
        file = operation["responses"]["200"]
        operation["responses"] |= {"206": file | {"description": "The range that was asked for."}} | _OF_FILES
    if route.says_no:
        operation["responses"]["503"] = _content("What is missing.", {"type": "object"})
    if route.access is Permission.ANYBODY:
        operation["security"] = []
    elif route.access in (Permission.LOCAL_OR_CALLER, Permission.READER):
        operation["security"] = [{}, {"bearer": []}]
    return operation


_OF_FILES: Json = {
    "304": {"description": "The caller has it already (`If-None-Match`)."},
    "416": {"description": "The range is not in the file."},
}
"""Further answers of routes that send files."""


def _answered(route: Route) -> Json:
    answer: Json = {"description": route.summary}
    if route.headers:
        answer["headers"] = route.headers
    if route.rows:
        kinds = [form.partition(";")[0] for form in FORMS.values()]
        answer |= {"description": "Rows.", "content": _files(kinds)}
    elif route.media:
        answer["content"] = {route.media: {}}
    elif route.answers is not None:
        answer |= _content("The receipt." if route.takes_batch else route.summary, route.answers)
    return {"200": answer, "201": answer} if route.takes_batch else {"200": answer}


def _refusal(route: Route, part: Description, status: int) -> Json:
    kind, schema = part.problem
    if route.method == "HEAD":
        return {"description": part.refusals[status]}
    content = {kind: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": part.refusals[status], "content": content}


def _files(types: Iterable[str]) -> Json:
    return {kind: {"schema": {"type": "string", "format": "binary"}} for kind in types}


def _parameter(parameter: Parameter) -> Json:
    """A parameter of the query, or a header, as OpenAPI has it."""
    entry: Json = {"name": parameter.name, "in": parameter.place, "required": False}
    if parameter.about:
        entry["description"] = parameter.about
    if parameter.as_json is None:
        return entry | {"schema": parameter.schema}
    return entry | {"content": {"application/json": {"schema": parameter.schema, "example": parameter.as_json}}}


def _content(about: str, schema: Json) -> Json:
    return {"description": about, "content": {"application/json": {"schema": schema}}}
