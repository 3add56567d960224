"""The addresses of the share server, and its words for its description: the protocol's read side.

Source: https://github.com/delta-io/delta-sharing/blob/main/PROTOCOL.md
"""

from __future__ import annotations

import functools
import itertools
from typing import Final

from catalog.tables.shares import SHARES
from transport.servers.http.openapi import Description
from transport.servers.http.routes import Json, Parameter, Permission, Route
from transport.servers.share.protocol import CAPABILITIES, FORMATS, NDJSON, VERSION

PREFIX: Final = "delta-sharing"
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
_AT: Final = (
    Parameter("version", _WHOLE, "Not with `timestamp`."),
    Parameter("timestamp", _TIME, "The version at that time."),
)
_BETWEEN: Final = (
    Parameter("startingVersion", _WHOLE),
    Parameter("endingVersion", _WHOLE),
    _SINCE,
    Parameter("endingTimestamp", _TIME),
)
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
_ITEMS: Final[Json] = {"$ref": "#/components/schemas/Items"}
_VERSION: Final[Json] = {VERSION: {"schema": _WHOLE}}
_LINES: Final = NDJSON.partition(";")[0]
_TABLE: Final = f"/{PREFIX}/shares/{{share}}/schemas/{{schema}}/tables/{{table}}"
# parameters that we do not know are skipped, unlike at our own doors: clients of later versions add some
_share_route = functools.partial(Route, lenient=True, refuses=None, access=Permission.READER)
_open_route = functools.partial(Route, lenient=True, access=Permission.ANYBODY)
ROUTES: Final = (
    _share_route(
        "GET", f"/{PREFIX}/shares", "shares", "The shares that the recipient may read.", _PAGE, answers=_ITEMS
    ),
    _share_route("GET", f"/{PREFIX}/shares/{{share}}", "share", "One of them.", answers={"type": "object"}),
    _share_route(
        "GET", f"/{PREFIX}/shares/{{share}}/schemas", "schemas", "The schemas of a share.", _PAGE, answers=_ITEMS
    ),
    _share_route(
        "GET",
        f"/{PREFIX}/shares/{{share}}/schemas/{{schema}}/tables",
        "tables",
        "The tables of a schema.",
        _PAGE,
        answers=_ITEMS,
    ),
    _share_route(
        "GET", f"/{PREFIX}/shares/{{share}}/all-tables", "all_tables", "The tables of a share.", _PAGE, answers=_ITEMS
    ),
    _share_route(
        "GET", f"{_TABLE}/version", "version", "The version of a table, as a header.", (_SINCE,), headers=_VERSION
    ),
    _share_route(
        "HEAD", _TABLE, "version", "The deprecated form of the one above.", (_SINCE,), headers=_VERSION, deprecated=True
    ),
    _share_route(
        "GET",
        f"{_TABLE}/metadata",
        "metadata",
        "Protocol and columns of a table.",
        (*_AT, _FORM),
        media=_LINES,
        headers=_VERSION,
    ),
    _share_route(
        "POST",
        f"{_TABLE}/query",
        "query",
        "Links to a table's files, of now or of a version.",
        (_FORM,),
        takes=_QUERY,
        media=_LINES,
        headers=_VERSION,
    ),
    _share_route(
        "GET",
        f"{_TABLE}/changes",
        "changes",
        "Links to what changed between versions.",
        (*_BETWEEN, _FORM),
        media=_LINES,
        headers=_VERSION,
    ),
    _open_route(
        "GET",
        f"/{PREFIX}/openapi.json",
        "describeShares",
        "These addresses alone.",
        answers={"type": "object"},
    ),
    _open_route(
        "GET",
        f"/{PREFIX}/public.share",
        "profile",
        "The profile of callers without a token, where `open_access` is set.",
        answers={"type": "object"},
    ),
    _open_route(
        "GET",
        f"/{PREFIX}/files/{{release}}/{{share}}/{{dataset}}/{{part}}",
        "file",
        "A file of a table, by a signed link of an answer. Ranges are sent.",
        tuple(Parameter(name, _TEXT) for name in ("recipient", "expires", "sp", "signature")),
        media="application/vnd.apache.parquet",
        in_ranges=True,
    ),
)
DESCRIPTION: Final = Description(
    title="Delta Sharing",
    routes=ROUTES,
    bearer="Recipients have theirs from a profile (`dif share add`).",
    problem=("application/json", "Error"),
    refusals={
        400: "The call is wrong, or nothing can be read from what it names.",
        401: "No token, or one that is unknown, expired or revoked.",
        403: "The token or the link gives no right to this.",
        404: "There is no such thing, or the recipient was not given it.",
        408: "The body did not come.",
        409: "A file of the release is not what was published.",
        413: "The body is too long.",
        429: "Too many calls without a token.",
        431: "The request's head is too long.",
        500: "A fault of the server's.",
        503: "Not now: nothing is published yet, or the server is busy.",
    },
    always={Permission.ANYBODY: (400, 403, 404, 409, 429, 500, 503)},
    in_path={
        "share": {"schema": _TEXT, "description": f"One of {', '.join(SHARES)}, as granted."},
        **{name: {"schema": _TEXT} for name in ("schema", "table", "release", "dataset", "part")},
    },
    schemas={
        "Error": {
            "type": "object",
            "required": ["errorCode", "message"],
            "properties": {
                "errorCode": {"type": "string", "description": "A stable word for programs."},
                "message": {"type": "string", "description": "What is wrong, the next thing to do, and the reference."},
            },
        },
        "Items": {
            "type": "object",
            "required": ["items"],
            "properties": {"items": {"type": "array", "items": {"type": "object"}}, "nextPageToken": _TEXT},
        },
    },
    docs="https://github.com/delta-io/delta-sharing/blob/main/PROTOCOL.md",
)
