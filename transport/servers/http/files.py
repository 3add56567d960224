"""Files and texts over HTTP: in ranges, not sent to who has them already, and text compressed for who asks."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from transport.releases.files import ReleaseFile
from transport.servers.http.call import Call

_NOT_STORED: Final = {"Cache-Control": "private, no-cache"}
"""A client may keep the file, and asks each time whether it is still the same."""
_RANGE: Final = re.compile(r"(?=.*[0-9])([0-9]{0,18})-([0-9]{0,18})")
_COMPRESSED: Final = ("text/", "application/json", "application/ld+json", "application/atom+xml", "image/svg+xml")
for _kind in ("text/csv", "text/turtle"):  # which the library's list of types lacks
    add_compress_type(_kind)


def entity_tag(tag: str, kind: str) -> str:
    """The `ETag` of a content: weak where it may be compressed, since the bytes sent are not always the same."""
    return f'{"W/" if kind.startswith(_COMPRESSED) else ""}"{tag}"'


def has_already(header: str, tag: str) -> bool:
    """Whether a caller's `If-None-Match` names the content of this `ETag`, weak or not (RFC 9110, 13.1.2)."""
    return not {tag.removeprefix("W/"), "*"}.isdisjoint(part.strip().removeprefix("W/") for part in header.split(","))


def headers_of(file: ReleaseFile) -> dict[str, str]:
    """The headers that tell which content it is."""
    return {
        "ETag": entity_tag(file.etag, file.content_type),
        "Dif-Release": file.release,
        "Dif-Synthetic": "true" if file.synthetic else "false",
        "Vary": "Accept-Encoding, Authorization",
        **_NOT_STORED,
    }


def not_modified(call: Call, file: ReleaseFile) -> Response | None:
    """304 for a caller who has the content already; otherwise None."""
    headers = headers_of(file)
    return (
        Response(status_code=304, headers=headers)
        if has_already(call.header("if-none-match"), headers["ETag"])
        else None
    )


def head_of_unmade(file: ReleaseFile) -> Response:
    """The answer to HEAD for a file that is made at the first GET: its length is not known, and nothing is made."""
    headers = headers_of(file) | {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Accept-Ranges": "bytes",
    }
    answer = Response(headers=headers, media_type=file.content_type)
    del answer.headers["content-length"]
    return answer


class RangedFile(FileResponse):
    """A file, or the range of it that is asked for; whole where the header says no range (RFC 9110, 14.2)."""

    chunk_size = 1 << 18
    """Bytes read at a time: a change of threads for each. 200 readers hold 50 MB."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; an invalid `Range` is ignored."""
        range_header = Headers(scope=scope).get("range")
        if range_header is not None and not _is_range(range_header):
            scope = {**scope, "headers": [(name, value) for name, value in scope["headers"] if name != b"range"]}
        await super().__call__(scope, receive, send)


def _is_range(text: str) -> bool:
    """Whether a header names byte ranges, each of which ends after it begins."""
    unit, _, ranges = text.partition("=")
    pairs = [_RANGE.fullmatch(part.strip()) for part in ranges.split(",")]
    well = all(pair and (not pair[1] or not pair[2] or int(pair[1]) <= int(pair[2])) for pair in pairs)
    return unit.strip().lower() == "bytes" and well


class FileAnswer(Response):
    """Sends a file, or the range of it that is asked for; or a content that is no file, whole. Make it in a thread."""

    def __init__(self, call: Call, file: ReleaseFile, content: bytes | None = None) -> None:
        headers, kind = headers_of(file), file.content_type
        if content is None:
            status = file.path.stat()
            self._plain: Response = RangedFile(
                file.path, headers=headers, media_type=kind, filename=file.name, stat_result=status
            )
        else:
            headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
            self._plain = Response(content, headers=headers, media_type=kind)
        compressed = kind.startswith(_COMPRESSED) and not call.header("range")
        self._sends = CompressMiddleware(self._plain) if compressed else self._plain
        super().__init__(status_code=self._plain.status_code)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._sends(scope, receive, send)


class TextAnswer(Response):
    """Sends a public text, compressed on request; 304 to a caller who has it already."""

    def __init__(self, call: Call, content: bytes, kind: str) -> None:
        headers = {
            "ETag": entity_tag(hashlib.sha256(content).hexdigest()[:32], kind),
            "Cache-Control": "no-cache",
            "Vary": "Accept-Encoding",
        }
        is_cached = has_already(call.header("if-none-match"), headers["ETag"])
        plain = (
            Response(status_code=304, headers=headers)
            if is_cached
            else Response(content, media_type=kind, headers=headers)
        )
        self._sends = CompressMiddleware(plain)
        super().__init__(status_code=plain.status_code)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._sends(scope, receive, send)
