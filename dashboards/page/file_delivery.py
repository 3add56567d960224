"""Files delivered by a link: those of a release as they are on disk, and those that a page made.

A dataset may be larger than memory, so its files are streamed: one file as it is, several as a ZIP that is written
while it is read. The link is signed with a key that lives as long as the process, names one dataset of one release, and
is valid for half an hour. It grants no access: the visitor who follows it is checked again, so a forwarded link, or a
role revoked in the meantime, opens nothing.

Streamlit delivers the files that a page made of an answer, under its own address. They are for the visitor they were
made for, and for others who may see exactly the same.
"""

from __future__ import annotations

import functools
import io
import os
import re
import secrets
import threading
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from itsdangerous import BadData
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from streamlit.runtime.memory_media_file_storage import _calculate_file_id

from catalog.errors import ChangedFile, Damaged, UnknownName
from catalog.tables.datasets import DATASETS
from dashboards.words import Words
from transport.auth.signing import token_signer
from transport.releases.intact import verified_path
from transport.releases.store import Releases

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from itsdangerous import URLSafeTimedSerializer
    from starlette.requests import Request

    from dashboards.release.authorization import Visitor
    from transport.base.settings import Settings
    from transport.releases.release import Release

_PAGE: Final = re.compile("[a-z_.]{1,80}")
PATH: Final = "/filer/"
CHECKS: Final = "quality/pages"
"""The folder of a release with the page of each dataset's checks, and `index`."""
GOOD_FOR: Final = timedelta(minutes=30)
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Download:
    """A dataset's Parquet files, and how to get them.

    Attributes:
        link: the address.
        name: the file's name.
        size: in bytes.
        parts: how many Parquet files it has; more than one come in a ZIP, in folders named for their month.
        months_in_folders: only the folders say the months; in older releases no file did.
    """

    link: str
    name: str
    size: int
    parts: int
    months_in_folders: bool = False


def download_of(release: Release, dataset: str, language: str) -> Download | None:
    """A link to a dataset's files, for a visitor who may read them; None if the release has none."""
    paths = _files(release.folder, dataset)
    if not paths:
        return None
    name = f"{dataset}_{release.name}.{'parquet' if len(paths) == 1 else 'zip'}"
    size = sum(file.stat().st_size for file in paths)
    in_folders = any(file.parent.name.startswith("month=") for file in paths)
    return Download(f"{PATH}{_token(release, dataset, language)}/{name}", name, size, len(paths), in_folders)


def checks_of(release: Release, dataset: str, language: str) -> str | None:
    """A link to the page of a dataset's checks; None where the release has none. It holds counts only."""
    if not (release.folder / CHECKS / f"{dataset}.html").is_file():
        return None
    return f"{PATH}{_token(release, dataset, language)}/{dataset}.html"


def route(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> Route:
    """The route that delivers the files.

    Args:
        given: where the releases are.
        visitor_of: the visitor, from the cookies of a request; None is nobody.
    """

    def give(request: Request) -> Response:
        token, name = str(request.path_params["token"]), str(request.path_params["name"])
        return _file_response(token, name, given, visitor_of(request.cookies))

    return Route(f"{PATH}{{token}}/{{name}}", give, methods=["GET", "HEAD"])


def record_file(file: bytes, mime: str, name: str, visitor: Visitor) -> str:
    """Record who a page made a file for, and return the id in the file's address at Streamlit."""
    called = _calculate_file_id(file, mime, name)
    with _noting:
        _made_for.setdefault(called, set()).add(visitor.key)
        while len(_made_for) > _MOST_NOTED:
            del _made_for[next(iter(_made_for))]
    return called


def is_for(visitor: Visitor | None, path: str) -> bool:
    """Whether this visitor may have the file at a path of Streamlit's or ours, judging by the path; None is nobody.

    Streamlit's files are only for those a page made them for: a name that is unknown or forgotten is nobody's.
    """
    if visitor is None or path.startswith(PATH):
        return visitor is not None  # our own route checks again
    keys = _made_for.get(os.path.splitext(path.rsplit("/", 1)[-1])[0], ())  # noqa: PTH122 - what Streamlit takes for the name
    return visitor.key in keys


_made_for: dict[str, set[str]] = {}
_noting = threading.Lock()
_MOST_NOTED: Final = 10_000
"""The most files recorded. They live no longer than the page that made them."""


@functools.cache
def _key() -> bytes:
    return secrets.token_bytes(32)


def _signer() -> URLSafeTimedSerializer:
    return token_signer(_key(), "file")


def _token(release: Release, dataset: str, language: str) -> str:
    return str(_signer().dumps([release.name, dataset, language]))


def _file_response(token: str, asked: str, given: Settings, visitor: Visitor | None) -> Response:
    try:
        (name, dataset, language), made_at = _signer().loads(token, return_timestamp=True)
    except BadData:
        return PlainTextResponse(Words("nb")("delivery.unknown"), status_code=404)
    words = Words(language)
    if datetime.now(UTC) > made_at + GOOD_FOR:
        return PlainTextResponse(words("delivery.expired"), status_code=410)
    page = asked.removesuffix(".html") if asked.endswith(".html") else ""
    if visitor is None or not (page or visitor.may_see_whole(DATASETS[dataset])):
        return PlainTextResponse(words("delivery.forbidden"), status_code=403)
    changed = False
    try:
        release = Releases(given).get(name)
        asked_for = [_page(release.folder, page)] if page else _files(release.folder, dataset)
        paths = [verified_path(release, str(path.relative_to(release.folder))) for path in asked_for]
    except (Damaged, UnknownName) as problem:
        paths, changed = [], isinstance(problem, ChangedFile)
    if not paths:
        key, status = ("delivery.changed", 409) if changed else ("delivery.gone", 410)
        return PlainTextResponse(words(key), status_code=status)
    called = f"{dataset}_{release.name}"
    if len(paths) == 1:
        kind = "text/html; charset=utf-8" if page else "application/vnd.apache.parquet"
        return FileResponse(paths[0], filename=None if page else f"{called}.parquet", media_type=kind, headers=_HEADERS)
    headers = {**_HEADERS, "content-disposition": f'attachment; filename="{called}.zip"'}
    return StreamingResponse(_packed(paths, release.folder / "parquet"), media_type="application/zip", headers=headers)


def _page(folder: Path, name: str) -> Path:
    """A page of checks; its links lead to others of the same release, by the same token."""
    return folder / CHECKS / (f"{name}.html" if _PAGE.fullmatch(name) else "none")


_HEADERS: Final = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}


def _files(folder: Path, dataset: str) -> list[Path]:
    return sorted((folder / "parquet" / dataset).rglob("*.parquet"))


class _Through(io.RawIOBase):
    """A buffer that a ZIP is written to; it keeps bytes only until they are passed on."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        before = len(self.waiting)
        self.waiting += bytes(memoryview(piece))  # type: ignore[arg-type]
        return len(self.waiting) - before

    def drain(self) -> bytes:
        piece = bytes(self.waiting)
        self.waiting.clear()
        return piece


def _packed(files: list[Path], root: Path) -> Iterator[bytes]:
    """A ZIP of files under their paths in the release, stored uncompressed: Parquet is already compressed."""
    through = _Through()
    with zipfile.ZipFile(through, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.relative_to(root).as_posix(), (1980, 1, 1, 0, 0, 0))
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
                    yield through.drain()
    yield through.drain()
