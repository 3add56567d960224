"""One HTTP call: what it says of itself, and the words in which it is answered. Who may do what is not its matter.

What is refused is told as problem+json (RFC 9457), by one table of statuses. An option that is not known, or a value
that is none of an option's, is refused: a call whose `check` was misspelt would be the real thing.
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
from http import HTTPStatus
from urllib.parse import unquote

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Message, Receive, Send

from catalog.errors import (
    BadSetting,
    BadValue,
    BatchConflict,
    Busy,
    Damaged,
    Forbidden,
    NoRoom,
    NotKept,
    OverQuota,
    QueryFailed,
    Refused,
    RegisterRejected,
    SharingError,
    TooLarge,
    TooSlow,
    TryAgain,
    Unauthenticated,
    UnknownName,
    WrongUse,
)
from transport.base import strict_json
from transport.ingest.ingest_service import reference

STATUS: Mapping[type[SharingError], int] = {
    SharingError: 500,
    WrongUse: 400,
    UnknownName: 404,
    BadSetting: 500,
    Refused: 422,
    TooLarge: 413,
    BatchConflict: 409,
    Unauthenticated: 401,
    Forbidden: 403,
    TryAgain: 503,
    OverQuota: 429,
    TooSlow: 408,
    NotKept: 404,
    RegisterRejected: 422,
    Busy: 503,
    Damaged: 503,
    QueryFailed: 400,
}
"""The one place that gives an error its status; an error that does not stand here has its base's."""
CONTENT_TYPES = {
    "application/vnd.apache.parquet": ".parquet",
    "application/vnd.apache.arrow.stream": ".arrows",
    "application/vnd.apache.arrow.file": ".arrow",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
}
"""The forms of a batch, with the ending by which the reader knows them."""
ENDINGS = {"parquet": ".parquet", "arrow": ".arrows", "jsonl": ".jsonl", "csv": ".csv"}
"""The forms as `?format=` says them, where the content type says nothing."""
HEAD_BYTES = 16_384
"""Of a request's line and headers together; the longest token fits."""
_DIGEST = re.compile(r"\s*(sha-256|sha-512)\s*=\s*:([A-Za-z0-9+/=]{1,200}):\s*(?:;[^,]*)?")
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
HEADERS: Mapping[str, tuple[str, ...]] = {
    "Dif-Producer": (),
    "Dif-Content-Sha256": (),
    "Dif-Priority": ("live", "bulk"),
    "Dif-Check": ("true", "false"),
    "Dif-Synthetic": ("true", "false"),
}
"""What a call may say of itself beside HTTP's own headers, and the values where not any will do."""


_ONCE = ("content-type", "content-encoding")
"""Headers of HTTP's own of which the first would count, whatever a second says."""


def status_of(problem: SharingError) -> int:
    """The status that tells an error; an error without one of its own has its base's."""
    return next(STATUS[cls] for cls in type(problem).__mro__ if cls in STATUS)


class Answer(Exception):
    """A problem with a status that HTTP has a word for and our tree has not."""

    def __init__(self, status: int, problem: SharingError, **headers: str) -> None:
        self.status = status
        self.problem = problem
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(problem.problem)


@dataclass
class Call:
    """One request on its way."""

    request: HttpRequest
    receive: Receive
    reference: str = field(default_factory=reference)
    began: float = field(default_factory=time.monotonic)
    who: str = ""
    producer: str = ""
    read: bool = False
    over: bool = False
    query: tuple[str, ...] = ()
    send: Send = field(init=False)

    @property
    def path(self) -> tuple[str, ...]:
        """The path's parts, each decoded by itself, so that an encoded slash parts nothing."""
        raw: bytes = self.request.scope.get("raw_path") or b""
        return tuple(unquote(part) for part in raw.decode("ascii", "replace").split("/")[1:])

    @property
    def head_bytes(self) -> int:
        """How long the request's line and headers are. The parser bounds only what has not come whole yet."""
        scope = self.request.scope
        line = len(scope["method"]) + len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"")
        return line + sum(len(name) + len(value) + 4 for name, value in scope["headers"])

    def header(self, name: str) -> str:
        """The header's value; empty when it was not sent."""
        return self.request.headers.get(name, "")

    def check_options(self) -> None:
        """See that each parameter and each header of ours is there to be given: a misspelt try would be no try.

        Raises:
            Answer: 400; it is not.
            WrongUse: a header's value is none that it takes, or something is said twice.
        """
        self._check_query()
        for name in _ONCE:
            if len(self.request.headers.getlist(name)) > 1:
                raise WrongUse(f"Header {name} is sent more than once.", "Send it once.")
        self._check_headers()

    def _check_query(self) -> None:
        for name in self.request.query_params:
            if name not in self.query:
                no = UnknownName("parameter", name[:40], known=self.query)
                if not self.query:
                    no.mend = "Leave it out; nothing can be asked for here."
                raise Answer(400, no)
            if len(self.request.query_params.getlist(name)) > 1:
                raise WrongUse(f"Parameter {name!r} is given more than once.", "Give it once.")

    def _check_headers(self) -> None:
        for name in self.request.headers:
            if not name.startswith("dif"):
                continue
            if name.title() not in HEADERS:
                raise Answer(400, UnknownName("header", name.title()[:40], known=HEADERS))
            if len(self.request.headers.getlist(name)) > 1:
                raise WrongUse(f"Header {name.title()!r} is sent more than once.", "Send it once.")
            values = HEADERS[name.title()]
            if values and self.word(name) not in values:
                raise WrongUse(f"{name.title()} is {self.word(name)[:40]!r}.", f"Give {' or '.join(values)}.")

    def word(self, name: str) -> str:
        """A header's value, in small letters."""
        return self.header(name).strip().lower()

    def asked(self, name: str, otherwise: str = "") -> str:
        """What the query says."""
        return self.request.query_params.get(name, otherwise)

    def yes(self, name: str) -> bool:
        """Whether the query asks for something.

        Raises:
            WrongUse: it says neither true nor false.
        """
        text = self.asked(name, "false").lower()
        if text not in ("true", "1", "false", "0"):
            raise WrongUse(f"{name} is {text[:40]!r}.", "Give true or false.")
        return text in ("true", "1")

    def one_of(self, name: str, known: Collection[str], otherwise: str) -> str:
        """A word that the query gives.

        Raises:
            WrongUse: it is none of the known.
        """
        text = self.asked(name, otherwise)
        if text not in known:
            raise WrongUse(f"{name} is {text[:40]!r}.", f"Give {' or '.join(known)}.")
        return text

    def number(self, name: str, otherwise: int | None) -> int | None:
        """A number that the query gives.

        Raises:
            WrongUse: it is none.
        """
        if name not in self.request.query_params:
            return otherwise
        text = self.asked(name)
        if not re.fullmatch(r"[0-9]{1,9}", text):
            raise WrongUse(f"{name} is {text[:40]!r}.", "Give a whole number.")
        return int(text)

    def moment(self, name: str) -> datetime | None:
        """A moment that the query gives.

        Raises:
            WrongUse: it is none, or has no offset.
        """
        if name not in self.request.query_params:
            return None
        text = self.asked(name)
        try:
            # A plus that was not encoded comes as a space.
            found = datetime.fromisoformat(re.sub(r" (?=[0-9]{2}:?[0-9]{2}$)", "+", text) if "T" in text else text)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            raise WrongUse(f"{name} is {text[:40]!r}.", "Give a moment with its offset: 2026-01-31T06:00:00Z.")
        return found

    def condition(self, name: str) -> object:
        """A condition on rows that the query gives, as JSON; `transport.releases.dataset_reader` judges what it says.

        Raises:
            WrongUse: it is no JSON.
        """
        if name not in self.request.query_params:
            return None
        try:
            return strict_json.loads(self.asked(name))
        except ValueError:
            raise WrongUse(
                f"{name} is no JSON.",
                'Write for example {"month": {"ge": "2026-01-01"}}; curl -G --data-urlencode encodes it for you.',
            ) from None

    async def chunk(self, idle: float) -> tuple[bytes, bool] | None:
        """The next bytes of the body, and whether more may come; None when the server ends.

        Raises:
            TooSlow: none came for so long.
            ConnectionError: the sender went away.
        """
        if self.over:
            return None
        self.read = True
        try:
            async with asyncio.timeout(idle):
                message_in = await self.receive()
        except TimeoutError:
            raise TooSlow(f"Nothing came for {idle:.0f} seconds.", "Send it again; a retry is safe.") from None
        except asyncio.CancelledError:
            return None  # the server ends
        if message_in["type"] == "http.disconnect":
            message = "the sender went away"
            raise ConnectionResetError(message)
        return message_in.get("body", b""), message_in.get("more_body", False)

    async def left(self) -> None:
        """Wait until the caller goes away."""
        while (await self.receive())["type"] != "http.disconnect":
            pass


# --- what a request says ----------------------------------------------------------------------------------------------


def ending_of(call: Call) -> str:
    """The form of the body, as the ending by which the reader knows it.

    Raises:
        Answer: 415; none that is read here, or one that is packed, which could unfold to any size.
        WrongUse: `?format=` is none of the known.
    """
    packed = call.header("content-encoding").strip().lower()
    if packed not in ("", "identity"):
        mend = "Send it as it is; Parquet is compressed already (zstd within the file is fine)."
        raise Answer(
            415,
            Refused(f"The body is packed ({packed[:40]}); packed ones are not taken.", mend),
            Accept_Encoding="identity",
        )
    kind, _, more = call.header("content-type").partition(";")
    charset = re.search(r"charset\s*=\s*\"?([A-Za-z0-9_-]+)", more, re.IGNORECASE)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii"):
        raise Answer(415, Refused(f"The body is {charset[1][:40]}, not UTF-8.", "Send it in UTF-8."))
    named = ENDINGS[call.one_of("format", ENDINGS, "")] if "format" in call.request.query_params else None
    ending = CONTENT_TYPES.get(kind.strip().lower()) or named
    if ending is None:
        raise Answer(
            415,
            Refused(
                f"Content-Type {kind.strip()[:60]!r} is none that is read here.",
                f"Give one of {', '.join(CONTENT_TYPES)}; or ?format= one of {', '.join(ENDINGS)}.",
            ),
            Accept=", ".join(CONTENT_TYPES),
        )
    return ending


def content_sha256_of(call: Call) -> str:
    """What the digest of the canonical content must be; empty when the sender says none.

    Raises:
        WrongUse: it is no digest.
    """
    text = call.header("dif-content-sha256").strip()
    if text and not _SHA256.fullmatch(text):
        raise WrongUse("Dif-Content-Sha256 is no SHA-256.", "Give 64 hexadecimal digits, or leave it out.")
    return text.lower()


def digests_of(call: Call) -> dict[str, bytes]:
    """What the body's digest must be, by algorithm (RFC 9530); algorithms that we do not know are let by.

    The body is the representation, since nothing is packed: both headers say the same of it.

    Raises:
        WrongUse: a digest that cannot be read.
    """
    found: dict[str, bytes] = {}
    for name in ("content-digest", "repr-digest"):
        for value in call.request.headers.getlist(name):
            for one in value.split(","):
                if not one.strip().startswith(("sha-256", "sha-512")):
                    continue
                hit = _DIGEST.fullmatch(one)
                try:
                    said = base64.b64decode(hit[2], validate=True) if hit else b""
                except binascii.Error:
                    said = b""
                if hit is None or len(said) != (32 if hit[1] == "sha-256" else 64):
                    raise WrongUse(f"{name} cannot be read.", "Write `sha-256=:BASE64:`, or leave it out.")
                if found.setdefault(hit[1], said) != said:
                    raise WrongUse("Two digests of the body differ.", "Send one.")
    return found


def check_host(host: str) -> None:
    """While no token is needed, answer only to this machine's own names: a page elsewhere could point its name here.

    Raises:
        Forbidden: another name.
    """
    name = host.rpartition(":")[0] if re.search(r":[0-9]*$", host) else host
    if name.lower() not in ("localhost", "127.0.0.1", "[::1]"):
        raise Forbidden(
            "While no token is needed, only this machine is answered.", "Call it by the name localhost or 127.0.0.1."
        )


# --- answers ----------------------------------------------------------------------------------------------------------


def json_answer(value: Mapping[str, object], status: int = 200) -> Response:
    """An answer that says yes."""
    return Response(json.dumps(value, ensure_ascii=False), status, media_type="application/json")


def problem_answer(
    problem: SharingError, ref: str, status: int | None = None, headers: Mapping[str, str] | None = None
) -> Response:
    """A problem as RFC 9457 has it."""
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
    """The body of such an answer."""
    said: dict[str, object] = {
        "type": f"urn:dif:problem:{problem.kind}",
        "title": (type(problem).__doc__ or problem.kind).partition(".")[0],
        "status": status,
        "detail": problem.problem,
        "kind": problem.kind,
        "mend": problem.mend,
        "reference": ref,
    }
    if isinstance(problem, BadValue):
        said |= {"line": problem.line, "column": problem.column}
    return json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")


def headed(call: Call, send: Send) -> Send:
    """Send with the headers that every answer has."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            more = _HEADERS | {"Dif-Reference": call.reference}
            if call.request.url.scheme == "https":
                more["Strict-Transport-Security"] = "max-age=31536000"
            if call.header("expect") and not call.read:
                more["Connection"] = "close"  # whether the body still comes is the sender's choice
            headers = [(name.lower().encode(), value.encode("latin-1")) for name, value in more.items()]
            message = {**message, "headers": [*message.get("headers", ()), *headers]}
        await send(message)

    return sent
