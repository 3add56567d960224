"""The share server's OpenAPI 3.1 description, made from its table of routes and the words of the protocol."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from catalog.tables.shares import SHARES
from transport.servers.http import openapi
from transport.servers.http.routes import Json, Parameter, Permission, Route
from transport.servers.share.protocol import CAPABILITIES, FORMATS, NDJSON, VERSION

_TEXT: Final[Json] = {"type": "string"}
_WHOLE: Final[Json] = {"type": "integer", "minimum": 0, "maximum": 999_999_999_999_999_999}
_TIME: Final[Json] = {"type": "string", "format": "date-time"}
_DIGIT: Final = "[A-Za-z0-9_-]"
_TOKEN: Final[Json] = {
    "type": "string",
    "pattern": f"^(YWZ0ZXIg({_DIGIT}{{4}})*({_DIGIT}{{2}}==|{_DIGIT}{{3}}=)?)?$",  # "after …" in base64
}
_PAGE: Final = (
    Parameter("maxResults", {"type": "integer", "minimum": 0, "maximum": 999_999_999}, "The most items of an answer."),
    Parameter("pageToken", _TOKEN, "The `nextPageToken` of the answer before."),
)
_FORM: Final = Parameter(
    CAPABILITIES, _TEXT, f"The forms that the caller reads: `responseformat={','.join(FORMATS)}`.", "header"
)
_SINCE: Final = Parameter("startingTimestamp", _TIME, "The first version at or after it.")
PARAMETERS: Final[Mapping[str, tuple[Parameter, ...]]] = {
    "shares": _PAGE,
    "schemas": _PAGE,
    "tables": _PAGE,
    "all_tables": _PAGE,
    "version": (_SINCE,),
    "metadata": (
        Parameter("version", _WHOLE, "Not with `timestamp`."),
        Parameter("timestamp", _TIME, "The version at that time."),
        _FORM,
    ),
    "query": (_FORM,),
    "changes": (
        Parameter("startingVersion", _WHOLE),
        Parameter("endingVersion", _WHOLE),
        _SINCE,
        Parameter("endingTimestamp", _TIME),
        _FORM,
    ),
    "file": (
        Parameter("recipient", _TEXT),
        Parameter("expires", _TEXT),
        Parameter("sp", _TEXT),
        Parameter("signature", _TEXT),
    ),
}
"""Those that the server reads, by operation. It skips others: clients of later versions add some."""
_PATH: Final[Mapping[str, Json]] = {
    "share": {"schema": _TEXT, "description": f"One of {', '.join(SHARES)}, as granted."},
    "schema": {"schema": _TEXT},
    "table": {"schema": _TEXT},
    "release": {"schema": _TEXT},
    "dataset": {"schema": _TEXT},
    "part": {"schema": _TEXT},
}
_ITEMS: Final[Json] = {
    "type": "object",
    "required": ["items"],
    "properties": {"items": {"type": "array", "items": {"type": "object"}}, "nextPageToken": _TEXT},
}
_ERROR: Final[Json] = {
    "type": "object",
    "required": ["errorCode", "message"],
    "properties": {
        "errorCode": {"type": "string", "description": "A stable word for programs."},
        "message": {"type": "string", "description": "What is wrong, the next thing to do, and the reference."},
    },
}
_QUERY: Final[Json] = {
    "type": "object",
    "properties": {
        "predicateHints": {"type": "array", "items": _TEXT},
        "jsonPredicateHints": _TEXT,
        "limitHint": _WHOLE,
        "version": _WHOLE,
        "timestamp": _TIME,
        "startingVersion": _WHOLE,
        "endingVersion": _WHOLE,
    },
    # one version at a time
    "not": {
        "anyOf": [
            {"required": list(pair)} for pair in itertools.combinations(("version", "timestamp", "startingVersion"), 2)
        ]
    },
}
_REFUSED: Final[Mapping[int, str]] = {
    400: "The call is wrong, or nothing can be read from what it names.",
    401: "No token, or one that is unknown, expired or revoked.",
    403: "The token or the link gives no right to this.",
    404: "There is no such thing, or the recipient was not given it.",
    408: "The body did not come.",
    409: "A file of the release is not what was published.",
    413: "The body is too long.",
    431: "The request's head is too long.",
    500: "A fault of the server's.",
    503: "Not now: nothing is published yet, or the server is busy.",
}
_LISTS: Final = ("shares", "schemas", "tables", "all_tables")
_OF_TABLES: Final = ("metadata", "query", "changes")


def document(routes: tuple[Route, ...], prefix: str) -> Json:
    """The whole description.

    Args:
        routes: the protocol's, below the prefix, and those of files; their operations name what is told here.
        prefix: where the shares are.
    """
    paths: dict[str, Json] = {}
    for route in routes:
        at = paths.setdefault(f"/{prefix}/{route.path}", {})
        if names := [part[1:-1] for part in route.segments if part.startswith("{")]:
            at["parameters"] = [{"name": n, "in": "path", "required": True} | _PATH[n] for n in names]
        at[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Digitale fellestjenester: Delta Sharing", "version": "1"},
        "externalDocs": {"url": "https://github.com/delta-io/delta-sharing/blob/main/PROTOCOL.md"},
        "servers": [{"url": "/", "description": "The server of this description."}],
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Of a profile that the operator issues (`dif share add`). "
                    "A server that is open only to its own machine asks for none.",
                }
            },
            "schemas": {"Error": _ERROR, "Items": _ITEMS},
        },
    }


def _operation(route: Route) -> Json:
    name = route.operation
    # HEAD and GET of a version are one operation with two addresses
    told: Json = {"operationId": name if route.method != "HEAD" else f"{name}_deprecated", "summary": route.summary}
    if route.method == "HEAD":
        told["deprecated"] = True
    if name in PARAMETERS:
        told["parameters"] = [openapi.parameter(p) for p in PARAMETERS[name]]
    if name == "query":
        told["requestBody"] = {"content": {"application/json": {"schema": _QUERY}}}
    if route.access is Permission.ANYBODY:
        told["security"] = []
    refused = (400, 403, 404, 409, 500, 503) if route.access is Permission.ANYBODY else tuple(_REFUSED)
    content = {} if route.method == "HEAD" else {"content": {"application/json": {"schema": _ref("Error")}}}
    told["responses"] = _answers(route) | {
        str(status): {"description": _REFUSED[status]} | copy.deepcopy(content) for status in refused
    }
    return told


def _answers(route: Route) -> Json:
    answer: Json = {"description": route.summary}
    if route.operation == "version" or route.operation in _OF_TABLES:
        answer["headers"] = {VERSION: {"schema": _WHOLE}}
    if route.operation in _OF_TABLES:
        answer["content"] = {NDJSON.partition(";")[0]: {}}
    elif route.media:
        answer["content"] = {route.media: {}}
    elif route.operation != "version":
        schema = _ref("Items") if route.operation in _LISTS else {"type": "object"}
        answer["content"] = {"application/json": {"schema": schema}}
    if not route.in_ranges:
        return {str(HTTPStatus.OK.value): answer}
    return {"200": answer, "206": answer | {"description": "The range that was asked for."}} | openapi.OF_FILES


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}
