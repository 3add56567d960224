"""Files that are given out by a link: those of a release as they lie on disk, and those that a page made.

A dataset may be larger than memory, so its files are passed on piece by piece: one file as it is, several as a ZIP that
is written while it is read. The link is signed with a key that lives as long as the process, names one dataset of one
release, and holds for half an hour. It gives nobody a right: who follows it is asked for anew, and a link that was sent
on, or a role that was taken away meanwhile, opens nothing.

What a page made of an answer, Streamlit gives out under an address of its own. It is for whom it was made, and others
who may see just as much.
"""

from __future__ import annotations

import base64
import functools
import hmac
import io
import json
import os
import secrets
import threading
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from streamlit.runtime.memory_media_file_storage import _calculate_file_id

from catalog.errors import Damaged
from catalog.tables.datasets import DATASETS
from dashboards.release import published
from dashboards.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from starlette.requests import Request

    from dashboards.release.authorization import Visitor
    from dashboards.release.published import Release
    from transport.base.settings import Settings

PATH: Final = "/filer/"
GOOD_FOR: Final = timedelta(minutes=30)
_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Download:
    """A dataset's Parquet files, and how to get them.

    Attributes:
        link: the address.
        name: what the file is called.
        size: in bytes.
        parts: how many Parquet files it is; more than one come in a ZIP, in folders named for their month.
        months_in_folders: only the folders say the months; in older releases no file did.
    """

    link: str
    name: str
    size: int
    parts: int
    months_in_folders: bool = False


def download_of(release: Release, dataset: str, language: str) -> Download | None:
    """A link to a dataset's files, for who has been found to may read them; None where the release has none."""
    paths = _files(release, dataset)
    if not paths:
        return None
    name = f"{dataset}_{release.name}.{'parquet' if len(paths) == 1 else 'zip'}"
    until = datetime.now(UTC) + GOOD_FOR
    said = [release.name, dataset, language, int(until.timestamp())]
    text = base64.urlsafe_b64encode(json.dumps(said).encode()).decode()
    size = sum(file.stat().st_size for file in paths)
    in_folders = any(file.parent.name.startswith("month=") for file in paths)
    return Download(f"{PATH}{text}.{_signed(text)}/{name}", name, size, len(paths), in_folders)


def route(given: Settings, visitor_of: Callable[[Mapping[str, str]], Visitor | None]) -> Route:
    """The address that gives the files out.

    Args:
        given: where the releases are.
        visitor_of: who visits, by the cookies of a request; None is nobody.
    """

    def give(request: Request) -> Response:
        return _given(str(request.path_params["token"]), given, visitor_of(request.cookies))

    return Route(f"{PATH}{{token}}/{{name}}", give, methods=["GET", "HEAD"])


def made(file: bytes, mime: str, name: str, visitor: Visitor) -> str:
    """Note for whom a page made a file that Streamlit is to give out; how its address will call it."""
    called = _calculate_file_id(file, mime, name)
    with _noting:
        _made_for.setdefault(called, set()).add(visitor.key)
        while len(_made_for) > _MOST_NOTED:
            del _made_for[next(iter(_made_for))]
    return called


def is_for(visitor: Visitor | None, path: str) -> bool:
    """Whether what Streamlit or we have under a path is for this visitor, as far as the path tells; None is nobody.

    What Streamlit has is for those alone whom a page made it for: a name that is not known, or no more, is nobody's.
    """
    if visitor is None or path.startswith(PATH):
        return visitor is not None  # ours look for themselves
    keys = _made_for.get(os.path.splitext(path.rsplit("/", 1)[-1])[0], ())  # noqa: PTH122 - what Streamlit takes for the name
    return visitor.key in keys


_made_for: dict[str, set[str]] = {}
_noting = threading.Lock()
_MOST_NOTED: Final = 10_000
"""Of files that live no longer than the page that made them."""


@functools.cache
def _key() -> bytes:
    return secrets.token_bytes(32)


def _signed(text: str) -> str:
    return hmac.digest(_key(), text.encode(), "sha256").hex()


def _given(token: str, given: Settings, visitor: Visitor | None) -> Response:
    text, _, signature = token.partition(".")
    if not hmac.compare_digest(signature.encode(), _signed(text).encode()):  # as text it takes ASCII only
        return PlainTextResponse(Words("nb")("handing.unknown"), status_code=404)
    name, dataset, language, until = json.loads(base64.urlsafe_b64decode(text))
    words = Words(language)
    if datetime.now(UTC).timestamp() > until:
        return PlainTextResponse(words("handing.expired"), status_code=410)
    if visitor is None or not visitor.may_see_whole(DATASETS[dataset]):
        return PlainTextResponse(words("handing.forbidden"), status_code=403)
    try:
        release = published.named(given.releases, name)
    except Damaged:
        release = None
    paths = _files(release, dataset) if release else []
    if not release or not paths:
        return PlainTextResponse(words("handing.gone"), status_code=410)
    headers = {"cache-control": "private, no-store", "x-content-type-options": "nosniff"}
    called = f"{dataset}_{release.name}"
    if len(paths) == 1:
        return FileResponse(
            paths[0], filename=f"{called}.parquet", media_type="application/vnd.apache.parquet", headers=headers
        )
    headers["content-disposition"] = f'attachment; filename="{called}.zip"'
    return StreamingResponse(_packed(paths, release.folder / "parquet"), media_type="application/zip", headers=headers)


def _files(release: Release, dataset: str) -> list[Path]:
    folder = release.folder / "parquet" / dataset
    return sorted(folder.rglob("*.parquet"))


class _Through(io.RawIOBase):
    """What a ZIP is written to: kept only until it is passed on."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        before = len(self.waiting)
        self.waiting += bytes(memoryview(piece))  # type: ignore[arg-type]
        return len(self.waiting) - before

    def taken(self) -> bytes:
        piece = bytes(self.waiting)
        self.waiting.clear()
        return piece


def _packed(files: list[Path], root: Path) -> Iterator[bytes]:
    """A ZIP of files, each stored as it is under its place in the release: Parquet is compressed already."""
    through = _Through()
    with zipfile.ZipFile(through, "w", zipfile.ZIP_STORED) as archive:
        for file in files:
            entry = zipfile.ZipInfo(file.relative_to(root).as_posix(), (1980, 1, 1, 0, 0, 0))
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(_PIECE):
                    target.write(piece)
                    yield through.taken()
    yield through.taken()
