"""The table of routes: finds the handler of a call, and is the source of the OpenAPI description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial
from typing import Any

from transport.base.encoding import FORMS
from transport.ingest.sample import MOST

Json = dict[str, Any]
LISTED, MOST_LISTED = 100, 1000
"""How many batches are listed by default, and at most."""


class Permission(Enum):
    """Who may call."""

    CALLER = auto()
    """Callers with a token; anybody, if the server is open to its own machine."""
    READER = auto()
    """The same; where `open_access` is set, also callers without a token, who read what is public."""
    ANYBODY = auto()
    LOCAL_OR_CALLER = auto()
    """Anybody on the server's own machine; from elsewhere, callers with a token."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query, or a header."""

    name: str
    schema: Json
    about: str = ""
    place: str = "query"
    as_json: Json | None = None
    """An example, if the value is a JSON document."""


@dataclass(frozen=True, slots=True)
class Route:
    """One operation: a method on a path.

    Attributes:
        path: names in braces are passed to the handler, in order.
        operation: its name, by which the application finds the handler.
        parameters: besides those of the path.
        lenient: whether other parameters of the query are skipped; else they are refused.
        answers: the schema of an answer in JSON.
        rows: whether it answers with rows, in any of their formats.
        media: the content type of another answer.
        headers: of the answer, with their schemas.
        in_ranges: whether it sends a file, in ranges, and not to who has it already.
        refuses: statuses of refusals, besides those of every operation; None: all statuses.
        says_no: whether it may answer 503 and say what is missing.
        takes_batch: whether the body is a batch.
        takes: the schema of a body in JSON.
        deprecated: whether another operation has replaced it.
        access: who may call.
    """

    method: str
    path: str
    operation: str
    summary: str
    parameters: tuple[Parameter, ...] = ()
    lenient: bool = False
    answers: Json | None = None
    rows: bool = False
    media: str = ""
    headers: Json | None = None
    in_ranges: bool = False
    refuses: tuple[int, ...] | None = ()
    says_no: bool = False
    takes_batch: bool = False
    takes: Json | None = None
    deprecated: bool = False
    access: Permission = Permission.CALLER

    @property
    def query(self) -> tuple[str, ...]:
        """Names of the query's parameters."""
        return tuple(p.name for p in self.parameters if p.place == "query")

    @property
    def segments(self) -> tuple[str, ...]:
        """The parts of the path."""
        return tuple(self.path.strip("/").split("/"))

    def matches(self, path: tuple[str, ...]) -> bool:
        """Whether a call's path, in parts, matches this route."""
        return len(path) == len(self.segments) and all(
            part == value or part.startswith("{") for part, value in zip(self.segments, path, strict=True)
        )

    def values(self, path: tuple[str, ...]) -> tuple[str, ...]:
        """The path's values for the handler."""
        return tuple(value for part, value in zip(self.segments, path, strict=True) if part.startswith("{"))


_OBJECT: Json = {"type": "object"}
_TIME: Json = {"type": "string", "format": "date-time"}
_YES_OR_NO: Json = {"type": "string", "enum": ["true", "false"]}
_ROWS: Json = {"type": "integer", "minimum": 0, "maximum": 999_999_999}
_SHA256: Json = {"type": "string", "pattern": "^[0-9a-fA-F]{64}$"}
_STREAM, _BATCH = "/v1/streams/{stream}", "/v1/streams/{stream}/batches/{batch_id}"


def _schema(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _format(about: str) -> Parameter:
    return Parameter("format", {"type": "string", "enum": list(FORMS)}, about)


HEALTH = (
    Route("GET", "/livez", "live", "The process serves.", answers=_OBJECT, says_no=True, access=Permission.ANYBODY),
    Route("GET", "/readyz", "ready", "Batches can be kept.", answers=_OBJECT, says_no=True, access=Permission.ANYBODY),
    Route(
        "GET",
        "/metrics",
        "metrics",
        "Figures for Prometheus. The server's own machine needs no token; others need one for metrics.",
        media="text/plain",
        access=Permission.LOCAL_OR_CALLER,
    ),
)
"""Of every server process."""
_FILTER = Parameter(
    "filter",
    _OBJECT,
    "By column, a value, a list of values, or tests (eq ne lt le gt ge in null); all must hold.",
    as_json={"month": {"ge": "2026-01-01"}},
)
_file_route = partial(Route, "GET", in_ranges=True, refuses=(404, 409, 429, 503), access=Permission.READER)
_open_route = partial(Route, "GET", refuses=(404,), access=Permission.ANYBODY)
ROUTES = (
    Route("GET", "/v1/streams", "listStreams", "Every stream that is sent.", answers=_OBJECT),
    Route("GET", _STREAM, "getStream", "A stream's contract and an example row.", answers=_OBJECT, refuses=(404,)),
    Route(
        "GET",
        f"{_STREAM}/sample",
        "getSample",
        "A valid, made-up batch.",
        (
            _format("CSV when left out."),
            Parameter("rows", {"type": "integer", "minimum": 1, "maximum": MOST, "default": 3}),
        ),
        rows=True,
        refuses=(404,),
    ),
    Route(
        "GET",
        f"{_STREAM}/batches",
        "listBatches",
        "Your batches of a stream according to the journal, newest first. The receipt of one also reads its file.",
        (
            Parameter("limit", {"type": "integer", "minimum": 1, "maximum": MOST_LISTED, "default": LISTED}),
            Parameter("since", _TIME, "Received at this time or later."),
        ),
        answers=_schema("Batches"),
        refuses=(404,),
    ),
    Route(
        "GET",
        f"{_STREAM}/quarantine",
        "getQuarantine",
        "Your rows that the last run set aside, with every rule that they broke. Identity numbers are masked.",
        (
            _format("JSON Lines when left out."),
            Parameter("since", _TIME, "Received at this time or later."),
            Parameter("rule", {"type": "string"}, "Only rows that broke this rule."),
            Parameter("limit", _ROWS, "The largest number of rows."),
        ),
        rows=True,
        refuses=(404, 503),
    ),
    Route(
        "PUT",
        _BATCH,
        "putBatch",
        "Send a batch. The same id with the same content is the same batch: a retry is safe.",
        (
            _format("Used when the content type names no format."),
            Parameter("check", {"type": "boolean"}, "A trial: nothing is kept."),
            Parameter("synthetic", {"type": "boolean"}, "The rows are made up."),
            Parameter("Dif-Check", _YES_OR_NO, "`check` as a header.", "header"),
            Parameter("Content-Digest", {"type": "string"}, "RFC 9530, of the body: sha-256 or sha-512.", "header"),
            Parameter("Dif-Content-Sha256", _SHA256, "Of the canonical content.", "header"),
            Parameter(
                "Dif-Priority",
                {"type": "string", "enum": ["live", "bulk"]},
                "Bulk batches wait for live ones.",
                "header",
            ),
            Parameter(
                "Dif-Producer", {"type": "string"}, "The sender; with a token, the producer of the token.", "header"
            ),
            Parameter("Dif-Synthetic", _YES_OR_NO, "`synthetic` as a header.", "header"),
        ),
        answers=_schema("Receipt"),
        refuses=None,
        takes_batch=True,
    ),
    Route(
        "GET",
        _BATCH,
        "getReceipt",
        "The receipt of a batch that is kept for you.",
        answers=_schema("Receipt"),
        refuses=(404,),
    ),
    Route(
        "GET",
        "/v1/datasets",
        "listDatasets",
        "Every dataset and view that you may read, and the columns to choose one value of before summing.",
        answers=_OBJECT,
        access=Permission.READER,
    ),
    Route(
        "GET",
        "/v1/datasets/{dataset}",
        "getDataset",
        "Rows of a release.",
        (
            _format("JSON Lines when left out."),
            Parameter(
                "release", {"type": "string", "default": "current"}, "Its name; GET /v1/datasets shows the current one."
            ),
            Parameter("columns", {"type": "string"}, "Names, separated by commas; all when left out."),
            _FILTER,
            Parameter("limit", _ROWS, "The largest number of rows."),
        ),
        rows=True,
        refuses=(404, 409, 503),
        access=Permission.READER,
    ),
    _file_route(
        "/releases/{release}/{file}",
        "getReleaseFile",
        "A database of a release, or a dataset as a file: `dif.duckdb`, `usage.dispatch_month.xlsx`. Ranges are sent.",
        media="*/*",
    ),
    _file_route(
        "/releases/{release}/metrics/{metric}",
        "getMetricFile",
        "A number of the pages as a file, with the rows that a filter leaves: `municipalities_active.csv`.",
        (_FILTER,),
        media="*/*",
    ),
    _file_route(
        "/releases/{release}/parquet/{dataset}/{part}",
        "getPart",
        "A dataset's Parquet file as it lies in the release. Ranges are sent.",
        media=FORMS["parquet"],
    ),
    _file_route(
        "/releases/{release}/parquet/{dataset}/{month}/{part}",
        "getPartOfMonth",
        "The Parquet file of one month of a dataset. Ranges are sent.",
        media=FORMS["parquet"],
    ),
    _open_route(
        "/feeds/{feed}",
        "feed",
        "The kept releases, the newest first, as Atom: all, or those in which an open dataset's rows changed.",
        media="application/atom+xml",
    ),
    _open_route(
        "/catalog.ttl",
        "catalogTurtle",
        "The open datasets of the current release as DCAT-AP-NO, in Turtle.",
        media="text/turtle",
    ),
    _open_route(
        "/catalog.jsonld",
        "catalogJsonLd",
        "The same as JSON-LD.",
        media="application/ld+json",
    ),
    Route("GET", "/openapi.json", "describe", "This description.", answers=_OBJECT, access=Permission.ANYBODY),
    *HEALTH,
)
_FILE = (
    r"^((dif|open|ledger)\.duckdb|RELEASE|SHA256SUMS(\.ledger)?(\.sig)?|[a-z]+\.[a-z_0-9]+\.(parquet|csv|xlsx|json))$"
)
PATH_PARAMETERS: Mapping[str, Json] = {
    "batch_id": {"schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}},
    "dataset": {"schema": {"type": "string"}, "description": "A name of GET /v1/datasets: a dataset or a view."},
    "release": {
        "schema": {"type": "string", "pattern": r"^(current|stable|(asof-)?\d{4}-\d{2}-\d{2}(\.\d+)?)$"},
        "description": "An id, `current`, `stable`, or a day: its last release.",
    },
    "file": {
        "schema": {"type": "string", "pattern": _FILE},
        "description": "A database, a list of files with its signature, or a dataset as a file.",
    },
    "feed": {
        "schema": {"type": "string", "pattern": r"^(releases|[a-z]+\.[a-z_0-9]+)\.atom$"},
        "description": "`releases.atom`, or an open dataset with `.atom`.",
    },
    "metric": {
        "schema": {"type": "string", "pattern": r"^[a-z_0-9]+\.(parquet|csv|xlsx|json)$"},
        "description": "A name of `meta.metric`, with a form for an ending.",
    },
    "month": {"schema": {"type": "string", "pattern": r"^(month=)?\d{4}-\d{2}-01$"}},
    "part": {"schema": {"type": "string", "pattern": r"^part\.parquet$"}},
}
"""Schemas of the path's parameters; streams are listed from the contracts."""
