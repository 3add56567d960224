"""Files of releases over HTTP: in ranges, not sent to who has them already, and text compressed for who asks."""

from __future__ import annotations

from typing import Final

from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send
from starlette_compress import CompressMiddleware, add_compress_type

from transport.releases.files import ReleaseFile
from transport.servers.http.call import Call

_NOT_STORED: Final = {"Cache-Control": "private, no-cache"}
"""A client may keep the file, and asks each time whether it is still the same."""
_COMPRESSED: Final = ("text/", "application/json")
add_compress_type("text/csv")  # which the library's list of types lacks


def headers_of(file: ReleaseFile) -> dict[str, str]:
    """The headers that tell which content it is."""
    weak = "W/" if file.content_type.startswith(_COMPRESSED) else ""  # the bytes sent are not always the same
    return {
        "ETag": f'{weak}"{file.etag}"',
        "Dif-Release": file.release,
        "Dif-Synthetic": "true" if file.synthetic else "false",
        "Vary": "Accept-Encoding, Authorization",
        **_NOT_STORED,
    }


def not_modified(call: Call, file: ReleaseFile) -> Response | None:
    """304 for a caller who has the content already; otherwise None."""
    tags = {tag.strip().removeprefix("W/") for tag in call.header("if-none-match").split(",")}
    return Response(status_code=304, headers=headers_of(file)) if tags & {f'"{file.etag}"', "*"} else None


class FileAnswer(Response):
    """Sends a file, or the range of it that is asked for; or a content that is no file, whole."""

    def __init__(self, call: Call, file: ReleaseFile, content: bytes | None = None) -> None:
        headers, kind = headers_of(file), file.content_type
        if content is None:
            self._plain: Response = FileResponse(file.path, headers=headers, media_type=kind, filename=file.name)
        else:
            headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
            self._plain = Response(content, headers=headers, media_type=kind)
        compressed = kind.startswith(_COMPRESSED) and not call.header("range")
        self._sends = CompressMiddleware(self._plain) if compressed else self._plain
        super().__init__(status_code=self._plain.status_code)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._sends(scope, receive, send)
