"""The inbox: files dropped in `inbox/<stream>/[<producer>/]` become batches, or are set aside with a reason.

A file that was taken in is removed, and a receipt `<file>.receipt.json` stands in its place. A file that was refused
moves to `inbox/rejected/<stream>/…` beside `<file>.reason.json`. Names that begin with a dot or end in `.part` are
left alone, and a file that still grows is waited for. One bad file never stops the others.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog import identity
from catalog.errors import BadValue, SharingError, UnknownName, Unreadable
from catalog.streams import STREAMS
from transport import durable, reading
from transport.door import Parcel
from transport.landing import NAME, Kept, Landing, utc_now
from transport.readers import Readers, Request
from transport.settings import Settings

DEFAULT_PRODUCER = "inbox"
"""Who sent a file that lies directly in its stream's folder."""
_TOGETHER = 32
"""Batches that share one wait for the disk."""
_TEXT = (".csv", ".jsonl", ".ndjson")


@dataclass(slots=True)
class Intake:
    """What one look into the inbox did, as files relative to it."""

    accepted: list[str] = field(default_factory=list)
    duplicate: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    rows: int = 0


def pending(settings: Settings) -> list[Path]:
    """Files that wait to be taken in, oldest first; receipts, digests, dot files and `.part` files do not."""
    if not settings.inbox.is_dir():
        return []
    found = []
    for folder in settings.inbox.iterdir():
        if folder.is_dir() and folder.name != "rejected" and not folder.name.startswith("."):
            found += [p for p in folder.rglob("*") if p.is_file() and _is_arrival(p)]
        elif folder.is_file() and _is_arrival(folder):
            found.append(folder)
    return sorted(found, key=lambda p: (p.stat().st_mtime, str(p)))


def take_in(
    settings: Settings, landing: Landing, *, progress: Callable[[int, int], None] = lambda _done, _all: None
) -> Intake:
    """Land everything that waits; the caller holds the lock.

    Args:
        settings: where the inbox is, and the readers' limits.
        landing: where batches are kept.
        progress: told how many of how many files are done.
    """
    intake = Intake()
    files = _settled(settings, pending(settings), intake)
    requests: list[Request] = []
    for path in files:
        try:
            requests.append(_request(settings, landing, path))
        except SharingError as problem:
            _reject(settings, path, problem, intake)
    done = len(files) - len(requests)
    arrivals: list[tuple[Request, Parcel]] = []
    with Readers(settings) as readers:
        for request, result in readers.read(requests):
            done += 1
            if isinstance(result, SharingError):
                _reject(settings, request.path, result, intake)
            else:
                arrivals.append((request, result))
            if len(arrivals) >= _TOGETHER:
                _keep(settings, landing, arrivals, intake)
                arrivals = []
            progress(done, len(files))
    _keep(settings, landing, arrivals, intake)
    return intake


def _is_arrival(path: Path) -> bool:
    return not (path.name.startswith(".") or path.name.endswith((".part", ".receipt.json", ".reason.json", ".sha256")))


def _settled(settings: Settings, files: Sequence[Path], intake: Intake) -> list[Path]:
    """The files that nobody writes to. Those that changed within `settle_seconds` wait for the next look."""
    young = {p: p.stat().st_size for p in files if time.time() - p.stat().st_mtime < settings.settle_seconds}
    if young:
        time.sleep(settings.settle_seconds)
    growing = {p for p, size in young.items() if not p.exists() or p.stat().st_size != size}
    intake.waiting += [str(p.relative_to(settings.inbox)) for p in files if p in growing]
    return [p for p in files if p not in growing]


def _request(settings: Settings, landing: Landing, path: Path) -> Request:
    parts = path.relative_to(settings.inbox).parts
    if len(parts) == 1:
        raise Unreadable(
            "The file lies in no stream's folder.", f"Put it in inbox/<stream>/; streams are {', '.join(STREAMS)}."
        )
    if parts[0] not in STREAMS:
        raise UnknownName("stream", parts[0], known=STREAMS)
    producer = parts[1] if len(parts) > 2 else DEFAULT_PRODUCER  # noqa: PLR2004 - stream, producer, file
    if len(parts) > 3 or not NAME.fullmatch(producer):  # noqa: PLR2004
        raise Unreadable(
            "The file lies too deep, or its producer's name has other signs than A–Z a–z 0–9 . _ -.",
            "Use inbox/<stream>/<producer>/<file>.",
        )
    digest = path.with_name(path.name + ".sha256")
    if digest.is_file() and (said := digest.read_text("utf-8", "replace").split()) and said[0].lower() != _sha256(path):
        raise Unreadable("The file is not what its .sha256 says.", "It changed on the way; send both again.")
    return Request(path, parts[0], producer, landing.temporary(parts[0], producer, "arriving"))


def _keep(settings: Settings, landing: Landing, arrivals: Sequence[tuple[Request, Parcel]], intake: Intake) -> None:
    named = [(r.target, p, STREAMS[r.stream], r.producer, batch_name(r.path, p.sha256)) for r, p in arrivals]
    for (request, _), result in zip(arrivals, landing.keep(named, now=utc_now()), strict=True):
        shown = str(request.path.relative_to(settings.inbox))
        if isinstance(result, Kept):
            receipt = result.entry.receipt(result.status)
            # not waited for: a receipt that a power cut takes is given again when the file is sent again
            durable.write_json(request.path.with_name(request.path.name + ".receipt.json"), receipt, wait=False)
            request.path.unlink()
            request.path.with_name(request.path.name + ".sha256").unlink(missing_ok=True)
            (intake.accepted if result.status == "accepted" else intake.duplicate).append(shown)
            intake.rows += result.entry.rows if result.status == "accepted" else 0
        else:
            _reject(settings, request.path, result, intake)


def batch_name(path: Path, sha256: str) -> str:
    """The batch id of a dropped file: its name, made plain, and a part of its content's hash."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", path.stem)[:47].strip("-.") or "file"
    return f"{plain}-{sha256[:12]}"


def _reject(settings: Settings, path: Path, problem: SharingError, intake: Intake) -> None:
    """Move a refused file aside and say why. A file in which an identity number can be seen is not kept."""
    relative = path.relative_to(settings.inbox)
    target = settings.inbox / "rejected" / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    reason: dict[str, object] = {
        **problem.as_json(),
        "file": str(relative),
        "at": utc_now().isoformat(timespec="seconds"),
    }
    if isinstance(problem, BadValue):
        reason |= {"line": problem.line, "column": problem.column} if hasattr(problem, "column") else {}
    if _shows_identity_number(path):
        reason["kept"] = "no: the file holds what looks like a national identity number"
        path.unlink()
    else:
        path.replace(target)
    durable.write_json(target.with_name(target.name + ".reason.json"), _without_identity(reason))
    intake.rejected.append(str(relative))


def _shows_identity_number(path: Path) -> bool:
    with path.open("rb") as handle:
        before = ""
        while chunk := handle.read(1 << 20):
            text = before + chunk.decode("latin-1")
            if identity.find_in_text(text):
                return True
            before = text[-16:]
    return False


def _without_identity(reason: dict[str, object]) -> dict[str, object]:
    return {k: identity.mask(v) if isinstance(v, str) and k != "at" else v for k, v in reason.items()}


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def drop(
    folder: Path,
    stream: str,
    producer: str,
    name: str,
    table: pa.Table,
    *,
    synthetic: bool = False,
    arrived_at: datetime | None = None,
) -> Path:
    """Lay a batch in an inbox as a Parquet file, all of it or nothing.

    Args:
        folder: the inbox, or a folder of the same shape.
        stream: of which stream.
        producer: whose.
        name: of the file, without ending.
        table: of the stream's contract.
        synthetic: say so in the file, all the way to the page.
        arrived_at: of a synthetic batch, when it arrived in the simulated world.
    """
    target = folder / stream / producer / f"{name}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    said = {reading.SYNTHETIC: b"true"} if synthetic else {}
    if synthetic and arrived_at:
        said[reading.ARRIVED_AT] = arrived_at.isoformat().encode()
    half = target.with_name(f".{target.name}.part")
    pq.write_table(table.replace_schema_metadata(said), half, compression="zstd", write_page_checksum=True)
    if arrived_at:
        os.utime(half, (arrived_at.timestamp(), arrived_at.timestamp()))
    half.replace(target)
    return target
