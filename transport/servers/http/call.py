"""One HTTP call: parses its options and builds its answers. Authorisation lies elsewhere.

Refusals are problem+json (RFC 9457), with statuses from one table. Unknown options and values are refused: with a
misspelt `check`, a dry run would be real.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import json
import re
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from http import HTTPStatus
from urllib.parse import unquote

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from catalog.domain import identity
from catalog.errors import (
    BadValue,
    Busy,
    Forbidden,
    NoRoom,
    OverQuota,
    Refused,
    SharingError,
    TooLarge,
    TooSlow,
    TryAgain,
    UnknownName,
    WrongUse,
)
from transport.base import strict_json
from transport.ingest.ingest_service import reference
from transport.servers import calls
from transport.servers.calls import STATUS

CONTENT_TYPES = {
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.apache.arrow.stream": ".arrows",
    "application/vnd.apache.arrow.file": ".arrow",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/zip": ".zip",
}
"""The formats of a batch, each with the file ending that tells the reader."""
ENDINGS = {"parquet": ".parquet", "arrow": ".arrows", "jsonl": ".jsonl", "csv": ".csv", "xml": ".xml", "zip": ".zip"}
"""The formats as values of `?format=`, used when the content type gives none."""
HEAD_BYTES = 16_384
"""Limit of a request's line and headers together; the longest token fits."""
_DIGEST = re.compile(r"\s*(sha-256|sha-512)\s*=\s*:([A-Za-z0-9+/=]{1,200}):\s*(?:;[^,]*)?")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_ONCE = ("content-type", "content-encoding")
"""HTTP's own headers that may be sent only once: a second would be ignored."""


def status_of(problem: SharingError) -> int:
    """The status of an error; an error without one of its own has its base class's."""
    return calls.of_class(STATUS, type(problem))


def path_of(scope: Scope) -> tuple[str, ...]:
    """A path's parts, each decoded by itself, so that an encoded slash splits nothing."""
    raw: bytes = scope.get("raw_path") or b""
    return tuple(unquote(part) for part in raw.decode("ascii", "replace").split("/")[1:])


class Answer(Exception):
    """A problem with an HTTP status that none of our error classes has."""

    def __init__(self, status: int, problem: SharingError, **headers: str) -> None:
        self.status = status
        self.problem = problem
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(problem.problem)


@dataclass
class Call:
    """One request in progress."""

    request: HttpRequest
    receive: Receive
    reference: str = field(default_factory=reference)
    began: float = field(default_factory=time.monotonic)
    who: str = ""
    producer: str = ""
    token: str = ""
    read: bool = False
    over: bool = False
    query: tuple[str, ...] = ()
    for_readers: bool = False
    send: Send = field(init=False)

    @cached_property
    def path(self) -> tuple[str, ...]:
        """The path's parts."""
        return path_of(self.request.scope)

    @cached_property
    def headers(self) -> calls.Headers:
        """The values of each header."""
        return {name: self.request.headers.getlist(name) for name in self.request.headers}

    @property
    def head_bytes(self) -> int:
        """The size of the request's line and headers. The parser only limits heads that are still incomplete."""
        scope = self.request.scope
        line = len(scope["method"]) + len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
        return line + sum(len(name) + len(value) + 4 for name, value in scope["headers"])

    def header(self, name: str) -> str:
        """The header's value; empty when it was not sent."""
        return calls.header(self.headers, name)

    def check_options(self) -> None:
        """Check every parameter and each of our headers: with a misspelt `check`, a dry run would be real.

        Raises:
            Answer: 400; a parameter or header does not exist.
            WrongUse: a header's value is not allowed, or something is given twice.
        """
        self._check_query()
        for name in _ONCE:
            if len(self.headers.get(name, ())) > 1:
                raise WrongUse(f"Header {name} is sent more than once.", "Send it once.")
        try:
            calls.check_headers(self.headers)
        except UnknownName as no:
            raise Answer(400, no) from None

    def _check_query(self) -> None:
        for name in self.request.query_params:
            if name not in self.query:
                no = UnknownName("parameter", name[:40], choices=self.query)
                if not self.query:
                    no.mend = "Leave it out; the address takes no parameters."
                raise Answer(400, no)
            if len(self.request.query_params.getlist(name)) > 1:
                raise WrongUse(f"Parameter {name!r} is given more than once.", "Give it once.")

    def word(self, name: str) -> str:
        """A header's value, in lower case."""
        return calls.word(self.headers, name)

    def parameter(self, name: str, otherwise: str = "") -> str:
        """A parameter of the query, or `otherwise`."""
        return self.request.query_params.get(name, otherwise)

    def yes(self, name: str) -> bool:
        """A boolean parameter of the query.

        Raises:
            WrongUse: it is neither true nor false.
        """
        text = self.parameter(name, "false").lower()
        if text not in ("true", "1", "false", "0"):
            raise WrongUse(f"{name} is {text[:40]!r}.", "Give true or false.")
        return text in ("true", "1")

    def one_of(self, name: str, choices: Collection[str], otherwise: str) -> str:
        """A parameter of the query with given choices.

        Raises:
            WrongUse: it is not one of the choices.
        """
        text = self.parameter(name, otherwise)
        if text not in choices:
            raise WrongUse(f"{name} is {text[:40]!r}.", f"Give {' or '.join(choices)}.")
        return text

    def number(self, name: str, otherwise: int | None) -> int | None:
        """A whole number from the query.

        Raises:
            WrongUse: it is not a whole number.
        """
        if name not in self.request.query_params:
            return otherwise
        text = self.parameter(name)
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise WrongUse(f"{name} is {text[:40]!r}.", "Give a whole number.")
        return int(text)

    def moment(self, name: str) -> datetime | None:
        """A time from the query.

        Raises:
            WrongUse: it is not a time, or has no offset.
        """
        if name not in self.request.query_params:
            return None
        text = self.parameter(name)
        # A plus that was not encoded arrives as a space.
        return calls.moment(name, re.sub(r" (?=[0-9]{2}:?[0-9]{2}$)", "+", text) if "T" in text else text)

    def condition(self, name: str) -> object:
        """A condition on rows from the query, as JSON; `transport.releases.dataset_reader` validates its content.

        Raises:
            WrongUse: it is not JSON.
        """
        if name not in self.request.query_params:
            return None
        try:
            return strict_json.loads(self.parameter(name))
        except ValueError:
            raise WrongUse(
                f"{name} is not valid JSON.",
                'Write for example {"month": {"ge": "2026-01-01"}}; curl -G --data-urlencode encodes it for you.',
            ) from None

    async def chunk(self, idle: float) -> tuple[bytes, bool] | None:
        """The next bytes of the body, and whether more may come; None when the server shuts down.

        Raises:
            TooSlow: nothing came for `idle` seconds.
            ConnectionError: the sender disconnected.
        """
        if self.over:
            return None
        self.read = True
        try:
            async with asyncio.timeout(idle):
                message_in = await self.receive()
        except TimeoutError:
            raise TooSlow(f"Nothing arrived for {idle:.0f} seconds.", "Send it again; a retry is safe.") from None
        except asyncio.CancelledError:
            return None  # the server shuts down
        if message_in["type"] == "http.disconnect":
            message = "the sender went away"
            raise ConnectionResetError(message)
        return message_in.get("body", b""), message_in.get("more_body", False)

    async def body(self, most: int, idle: float) -> bytes:
        """The whole of a short body; a slow sender holds nobody's turn.

        Raises:
            TooLarge: it is longer than `most` bytes.
            TooSlow: it did not come within `idle` seconds.
            ConnectionError: the sender disconnected, or the server shuts down.
        """
        body, more, end = bytearray(), True, time.monotonic() + idle
        while more:
            try:
                arrived = await self.chunk(max(0.0, end - time.monotonic()))
            except TooSlow:
                raise TooSlow(f"The body took more than {idle:.0f} seconds.", "Send it again.") from None
            if arrived is None:
                raise ConnectionAbortedError
            chunk, more = arrived
            body += chunk
            if len(body) > most:
                raise TooLarge(f"The body is over {most} bytes.", "Ask for less at a time.")
        return bytes(body)

    async def left(self) -> None:
        """Wait until the caller disconnects."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


# --- what a request says ----------------------------------------------------------------------------------------------


def ending_of(call: Call) -> str:
    """The format of the body, as the file ending that tells the reader.

    Raises:
        Answer: 415; the format is not supported, or the body is compressed and could expand to any size.
        WrongUse: `?format=` is unknown.
    """
    packed = call.header("content-encoding").strip().lower()
    if packed not in ("", "identity"):
        mend = "Send it uncompressed; Parquet is compressed already (zstd within the file is fine)."
        raise Answer(
            415,
            Refused(f"The body is compressed ({packed[:40]}); only uncompressed bodies are accepted.", mend),
            Accept_Encoding="identity",
        )
    kind, _, more = call.header("content-type").partition(";")
    charset = re.search(r"charset\s*=\s*\"?([A-Za-z0-9_-]+)", more, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Answer(415, Refused(f"The body is {charset[1][:40]}, not UTF-8.", "Send it in UTF-8."))
    from_parameter = ENDINGS[call.one_of("format", ENDINGS, "")] if "format" in call.request.query_params else None
    ending = CONTENT_TYPES.get(kind.strip().lower()) or from_parameter
    if ending is None:
        raise Answer(
            415,
            Refused(
                f"Content-Type {kind.strip()[:60]!r} is not supported.",
                f"Give one of {', '.join(CONTENT_TYPES)}, or ?format= with one of {', '.join(ENDINGS)}.",
            ),
            Accept=", ".join(CONTENT_TYPES),
        )
    return ending


def expected_sha256(call: Call) -> str:
    """The expected digest of the canonical content; empty when the sender gives none.

    Raises:
        WrongUse: it is not a SHA-256 hash.
    """
    text = call.header("dif-content-sha256").strip()
    if text and not _SHA256.fullmatch(text):
        raise WrongUse("Dif-Content-Sha256 is not a SHA-256.", "Give 64 hexadecimal digits, or leave it out.")
    return text.lower()


def digests_of(call: Call) -> dict[str, bytes]:
    """The expected digests of the body, by algorithm (RFC 9530); unknown algorithms are ignored.

    The body is the representation, since nothing is compressed: both headers mean the same.

    Raises:
        WrongUse: a digest cannot be read, or two differ.
    """
    digests: dict[str, bytes] = {}
    for name in ("content-digest", "repr-digest"):
        for value in call.headers.get(name, ()):
            for member in value.split(","):
                if not member.strip().startswith(("sha-256", "sha-512")):
                    continue
                hit = _DIGEST.fullmatch(member)
                try:
                    digest = base64.b64decode(hit[2], validate=True) if hit else b""
                except binascii.Error:
                    digest = b""
                if hit is None or len(digest) != (32 if hit[1] == "sha-256" else 64):
                    raise WrongUse(f"{name} cannot be read.", "Write `sha-256=:BASE64:`, or leave it out.")
                if digests.setdefault(hit[1], digest) != digest:
                    raise WrongUse("Two digests of the body differ.", "Send one.")
    return digests


def check_host(host: str) -> None:
    """While no token is needed, accept only this machine's own names: a hostile web page could point its name here.

    Raises:
        Forbidden: the host has another name.
    """
    name = host.rpartition(":")[0] if re.search(r":[0-9]*$", host) else host
    if name.lower() not in ("localhost", "127.0.0.1", "[::1]"):
        raise Forbidden(
            "Without tokens, the server answers only this machine.", "Call it by the name localhost or 127.0.0.1."
        )


# --- answers ----------------------------------------------------------------------------------------------------------


def json_answer(value: Mapping[str, object], status: int = 200) -> Response:
    """A JSON answer."""
    return Response(json.dumps(value, ensure_ascii=False), status, media_type="application/json")


def problem_answer(
    problem: SharingError, ref: str, status: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """A problem in the form of RFC 9457."""
    status = status or status_of(problem)
    more = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        more["WWW-Authenticate"] = "Bearer"
    if isinstance(problem, TryAgain | Busy) or status == HTTPStatus.SERVICE_UNAVAILABLE:
        more["Retry-After"] = str(60 if isinstance(problem, OverQuota | NoRoom | Busy) else 5)
    if isinstance(problem, TooSlow):
        more["Connection"] = "close"  # the rest of its body may still come
    return Response(problem_json(problem, ref, status), status, more, media_type="application/problem+json")


def problem_json(problem: SharingError, ref: str, status: int) -> bytes:
    """The body of a problem answer."""
    body: dict[str, object] = {
        "type": f"urn:dif:problem:{problem.kind}",
        "title": (type(problem).__doc__ or problem.kind).partition(".")[0],
        "status": status,
        "detail": identity.mask(problem.problem),
        "kind": problem.kind,
        "mend": identity.mask(problem.mend),
        "reference": ref,
    }
    if isinstance(problem, BadValue):
        body |= {"line": problem.line, "column": problem.column}
    return json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")


def headed(call: Call, send: Send, idle: float) -> Send:
    """Wrap `send` to add the headers that every answer has, and to give up a caller who reads nothing for `idle`."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            more = _HEADERS | {"Dif-Reference": call.reference}
            if call.request.scope.get("scheme") == "https":
                more["Strict-Transport-Security"] = "max-age=31536000"
            if call.header("expect") and not call.read:
                more["Connection"] = "close"  # whether the body still comes is the sender's choice
            if call.header("content-length") and call.header("transfer-encoding"):
                more["Connection"] = "close"  # a proxy may have used the other length (RFC 9112, 6.3)
            sent_headers = list(message.get("headers", ()))
            sent_names = {name.lower() for name, _ in sent_headers}
            headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in more.items()]
            message = {**message, "headers": [*sent_headers, *(h for h in headers if h[0] not in sent_names)]}
        try:
            async with asyncio.timeout(idle):
                await send(message)
        except TimeoutError:
            slow = "the caller reads nothing"
            raise ConnectionAbortedError(slow) from None

    return sent
