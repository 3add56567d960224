"""The inbox: files dropped in `inbox/<stream>/[<producer>/]` become batches, or are set aside with a reason.

A file that was taken in is removed, and a receipt `<file>.receipt.json` stands in its place. A file that was refused
moves to `inbox/rejected/<stream>/…` beside `<file>.reason.json`. Names and folders that begin with a dot and names that
end in `.part` are left alone, and a file that still grows is waited for. One bad file never stops the others.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog import identity
from catalog.errors import BadValue, NoRoom, SharingError, UnknownName, Unreadable
from catalog.streams import STREAMS
from transport import durable, reading
from transport.door import Parcel
from transport.eventlog import EventLog
from transport.landing import PRODUCER, Arrival, Entry, Kept, Landing, utc_now
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
        if folder.name == "rejected":
            continue
        if folder.is_dir():
            found += [p for p in folder.rglob("*") if p.is_file() and is_arrival(p.relative_to(settings.inbox))]
        elif is_arrival(Path(folder.name)):
            found.append(folder)
    stamped = {path: stamp for path in found if (stamp := _stamp(path)) is not None}
    return sorted(stamped, key=lambda p: (stamped[p][1], str(p)))


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
    arrivals: list[_Read] = []
    with Readers(settings) as readers:
        for path in files:
            try:
                requests.append(_request(settings, landing, path))
            except SharingError as problem:
                _reject(settings, readers, path, problem, intake)
        done = len(files) - len(requests)
        stamps = {r.path: _stamp(r.path) for r in requests}
        for request, result in readers.read(requests):
            done += 1
            if _stamp(request.path) != stamps[request.path]:
                request.target.unlink(missing_ok=True)  # it was written to while it was read
                intake.waiting.append(_shown(settings, request.path))
            elif isinstance(result, NoRoom):
                intake.waiting.append(_shown(settings, request.path))  # nothing is wrong with the file
            elif isinstance(result, SharingError):
                _reject(settings, readers, request.path, result, intake)
            else:
                arrivals.append(_Read(request, result, stamps[request.path]))
            if len(arrivals) >= _TOGETHER:
                _keep(settings, landing, readers, arrivals, intake)
                arrivals = []
            progress(done, len(files))
        _keep(settings, landing, readers, arrivals, intake)
    return intake


def is_arrival(path: Path) -> bool:
    """Whether a file of that name is one to take in, and not an answer, a digest, or one still being written."""
    return not (
        any(part.startswith(".") for part in path.parts)
        or path.name.endswith((".part", ".receipt.json", ".reason.json", ".sha256"))
    )


def _stamp(path: Path) -> tuple[int, int] | None:
    """Size and time of a file, by which a change is seen; None when it is gone."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_size, found.st_mtime_ns


def _shown(settings: Settings, path: Path) -> str:
    """A file's place in the inbox as text: any bytes may be a name, and an identity number may stand in one."""
    return identity.mask(os.fsencode(path.relative_to(settings.inbox)).decode("utf-8", "replace"))


def _settled(settings: Settings, files: Sequence[Path], intake: Intake) -> list[Path]:
    """The files that nobody writes to. Those that changed within `settle_seconds` wait for the next look."""
    stamps = {p: _stamp(p) for p in files}
    since = (time.time() - settings.settle_seconds) * 1e9
    young = {p: stamp for p, stamp in stamps.items() if stamp is None or stamp[1] > since}
    if young:
        time.sleep(settings.settle_seconds)
    growing = {p for p, stamp in young.items() if stamp is None or _stamp(p) != stamp}
    intake.waiting += [_shown(settings, p) for p in files if p in growing]
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
    if len(parts) > 3 or not PRODUCER.fullmatch(producer):  # noqa: PLR2004
        raise Unreadable(
            "The file lies too deep, or its producer's name has other signs than A–Z a–z 0–9 . _ -.",
            "Use inbox/<stream>/<producer>/<file>.",
        )
    if path.is_symlink():
        raise Unreadable("It is a link, not a file.", "Put the file itself there.")
    if "\ufffd" in _shown(settings, path):
        raise Unreadable("The file's name is not UTF-8.", "Rename it.")
    digest = _digest(path)
    if digest.is_file() and _beginning(digest).lower().split()[:1] != [_sha256(path)]:
        raise Unreadable("The file is not what its .sha256 says.", "It changed on the way; send both again.")
    return Request(path, parts[0], producer, landing.temporary(parts[0], producer, "arriving"))


def _keep(
    settings: Settings,
    landing: Landing,
    readers: Readers,
    arrivals: Sequence[_Read],
    intake: Intake,
) -> None:
    named = [
        Arrival(
            a.request.target,
            a.parcel,
            STREAMS[a.request.stream],
            a.request.producer,
            batch_name(a.request.path, a.parcel.sha256),
            named=False,
        )
        for a in arrivals
    ]
    for arrival, result in zip(arrivals, landing.keep(named, now=utc_now()), strict=True):
        request = arrival.request
        shown = _shown(settings, request.path)
        if isinstance(result, Kept):
            receipt = result.entry.receipt(result.status)
            # not waited for: a receipt that a power cut takes is given again when the file is sent again
            durable.write_json(_beside(request.path, ".receipt.json"), receipt, wait=False)
            _done_with(request.path, arrival.stamp)
            (intake.accepted if result.status == "accepted" else intake.duplicate).append(shown)
            intake.rows += result.entry.rows if result.status == "accepted" else 0
            _log(settings, request.stream, request.producer, result.entry.batch_id, result.status, result.entry)
        else:
            _reject(settings, readers, request.path, result, intake)


@dataclass(frozen=True, slots=True)
class _Read:
    """A file that was read, and what it looked like then."""

    request: Request
    parcel: Parcel
    stamp: tuple[int, int] | None


def _done_with(path: Path, stamp: tuple[int, int] | None) -> None:
    """Remove a file that is kept, unless another has come in its place since it was read: that one waits."""
    aside = path.with_name(f".{uuid.uuid4().hex[:12]}.kept")
    try:
        path.rename(aside)
    except FileNotFoundError:
        return
    if _stamp(aside) == stamp:
        aside.unlink()
        _digest(path).unlink(missing_ok=True)
    elif path.exists():
        aside.rename(path.with_name(f"{path.stem}-{uuid.uuid4().hex[:6]}{path.suffix}"))
    else:
        aside.rename(path)


def _log(
    settings: Settings,
    stream: str,
    producer: str,
    batch_id: str,
    outcome: str,
    entry: Entry | None = None,
    problem: SharingError | None = None,
) -> None:
    """One line a file, as for a batch that came over a wire."""
    rows, size = (entry.rows, entry.bytes) if entry else (0, 0)
    EventLog(settings).batch(
        who="inbox",
        producer=producer,
        stream=stream,
        batch_id=batch_id,
        outcome=outcome,
        rows=rows,
        bytes=size,
        ms=0,
        wire="inbox",
        kind=problem.kind if problem else "",
        problem=problem.problem if problem else "",
    )


def _digest(path: Path) -> Path:
    """Where the sender's digest of a file lies; a name too long for an ending has none."""
    return path.with_name(os.fsdecode(os.fsencode(path.name)[: 255 - len(".sha256")]) + ".sha256")


def _beside(path: Path, ending: str) -> Path:
    """The name of an answer beside its file: cut to what a file system takes, and without an identity number."""
    name = os.fsencode(path.name)[: 255 - len(ending)].decode("utf-8", "ignore")
    return path.with_name(identity.mask(name).replace("*", "x") + ending)


def batch_name(path: Path, sha256: str) -> str:
    """The batch id of a dropped file: its name, made plain, and a part of its content's hash."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", identity.mask(path.stem))[:47].strip("-._") or "file"
    return f"{plain}-{sha256[:12]}"


def _reject(settings: Settings, readers: Readers, path: Path, problem: SharingError, intake: Intake) -> None:
    """Move a refused file aside and say why. A file in which an identity number can be seen is not kept."""
    shown = _shown(settings, path)
    reason: dict[str, object] = {**problem.as_json(), "file": shown, "at": utc_now().isoformat(timespec="seconds")}
    if isinstance(problem, BadValue):
        reason |= {"line": problem.line, "column": problem.column}
    intake.rejected.append(shown)
    stream, producer = (*path.relative_to(settings.inbox).parts[:-1], "", "")[:2]
    _log(settings, stream, producer or DEFAULT_PRODUCER, shown, "refused", problem=problem)
    digest = _digest(path)
    try:
        target = _aside(settings, path)
        if path.is_symlink():
            reason["kept"] = "no: it was a link, and what it points to was not looked at"
            path.unlink()
        elif readers.shows_identity_number(path):
            reason["kept"] = "no: the file holds what looks like a national identity number"
            path.unlink()
            digest.unlink(missing_ok=True)
        else:
            path.replace(target)
            if digest.is_file():
                digest.replace(_beside(target, ".sha256"))
    except FileNotFoundError:
        reason["kept"] = "no: the file was gone"
    durable.write_json(_beside(target, ".reason.json"), _without_identity(reason))


def _aside(settings: Settings, path: Path) -> Path:
    """Where a refused file goes: the same place below `rejected`, or beside it when something else has that name."""
    target = _beside(settings.inbox / "rejected" / path.relative_to(settings.inbox), "")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        target = settings.inbox / "rejected" / ".other" / target.name
        target.parent.mkdir(parents=True, exist_ok=True)
    return target.with_name(f"{target.name}.file") if target.is_dir() else target


def _without_identity(reason: dict[str, object]) -> dict[str, object]:
    return {k: identity.mask(v) if isinstance(v, str) and k != "at" else v for k, v in reason.items()}


def _beginning(path: Path) -> str:
    with path.open("rb") as handle:
        return handle.read(4096).decode("utf-8", "replace")


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
