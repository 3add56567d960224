"""The inbox: files dropped in `inbox/<stream>/[<producer>/]` become batches, or are set aside with a reason.

An accepted file is replaced by a receipt, `<file>.receipt.json`. A refused file moves to `inbox/rejected/<stream>/…`
beside `<file>.reason.json`, unless it shows an identity number or is too large to be searched for one: then the reason
alone stays. Text formats cannot carry the mark of made-up rows in a schema as Parquet and Arrow do; for them, an empty
file `<file>.synthetic` is the mark. Names and folders that begin with a dot, names that end in `.part` and files that
programs keep beside people's (`~$a.xlsx`, `Thumbs.db`) are ignored, and a file that still grows has to wait. One bad
file never stops the others: a file that cannot be read, moved or answered is left where it is, and a person is told.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.domain import identity
from catalog.errors import (
    BadValue,
    BatchErased,
    NoRoom,
    Refused,
    SharingError,
    TooLarge,
    TryAgain,
    UnknownName,
    Unreadable,
)
from catalog.tables.streams import STREAMS
from transport.base import atomic_files
from transport.base.names import PRODUCER, check_producer
from transport.base.settings import Settings
from transport.ingest import formats, registers, sample
from transport.ingest.workers import Readers, Request
from transport.storage.backends import check_room
from transport.storage.batch_file import ValidatedBatch
from transport.storage.journal import Entry
from transport.storage.landing import Arrival, LandedBatch, Landing, no_room, utc_now
from transport.telemetry import traces
from transport.telemetry.event_log import EventLog

DEFAULT_PRODUCER = "inbox"
"""The producer of a file directly in its stream's folder."""
_TOGETHER = 32
"""Batches per fsync."""
_ORPHANED = 86_400
"""Seconds after which the file of a mark or a digest is not waited for."""
MARK = ".synthetic"
"""Suffix of the mark beside a file whose rows are made up. The mark's content is not read."""
_OF_PROGRAMS = ("thumbs.db", "desktop.ini")
"""What Windows keeps in a folder that somebody looked at."""


@dataclass(slots=True)
class Intake:
    """The outcome of one pass over the inbox, as file names relative to it.

    Attributes:
        waiting: files that still grow, or changed while they were read; nothing is wrong with them.
        stuck: what cannot be taken in or answered until a person has acted; each with the reason.
    """

    accepted: list[str] = field(default_factory=list)
    duplicate: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    rows: int = 0


_Stamp = tuple[int, int, int, int]
"""A file's inode, size, modification time and its mark's modification time: shows a changed or replaced file.

The mark is included so that a file marked while it is read waits, and a mark laid for the next file stays.
"""
_ASIDE_PREFIX = ".kept-"
"""Prefix of the folder that holds a file between its receipt and its removal."""


@dataclass(frozen=True, slots=True)
class _Contents:
    """The contents of the inbox.

    Attributes:
        files: files to take in.
        stuck: what cannot be taken in, with the reason.
        left: folders in which an ended process left a file.
        ignored: what nobody sent, and what its file is missing for; each with the reason.
    """

    files: dict[Path, _Stamp] = field(default_factory=dict)
    stuck: dict[Path, str] = field(default_factory=dict)
    left: list[Path] = field(default_factory=list)
    ignored: dict[Path, str] = field(default_factory=dict)


def pending(settings: Settings, streams: Collection[str] = ()) -> list[Path]:
    """Files that wait to be taken in, oldest first; without receipts, digests, dot files and `.part` files.

    Args:
        settings: where the inbox is.
        streams: only the files of these; empty means all.
    """
    contents = _look(settings)
    left = [file for folder in contents.left for file in _listed(folder) if is_arrival(Path(file.name))]
    arrived = _of_streams(settings, contents.files, streams)
    return [*left, *sorted(arrived, key=lambda p: (arrived[p][2], str(p)))]


def _of_streams(settings: Settings, files: Mapping[Path, _Stamp], streams: Collection[str]) -> dict[Path, _Stamp]:
    return {
        path: stamp
        for path, stamp in files.items()
        if not streams or _stream_and_producer(settings, path)[0] in streams
    }


def stuck(settings: Settings) -> list[tuple[str, str]]:
    """Files that wait for a person: each path in the inbox, with the reason."""
    return [(_display_path(settings, path), why) for path, why in _look(settings).stuck.items()]


def ignored(settings: Settings) -> list[tuple[str, str]]:
    """Ignored files: of programs, and marks and digests without a file. Each path, with the reason."""
    return [(_display_path(settings, path), why) for path, why in _look(settings).ignored.items()]


def take_in(
    settings: Settings,
    landing: Landing,
    *,
    streams: Collection[str] = (),
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Intake:
    """Land every waiting file; the caller holds the lock.

    Args:
        settings: where the inbox is, and the readers' limits.
        landing: where batches are kept.
        streams: take in only the files of these, and leave the others waiting; empty means all.
        progress: called with the number of files done and the number in all.

    Raises:
        NoRoom: the disk is full, or has less than the reserve. A batch kept without a receipt gets it in the next run.
        TryAgain: another process holds the landing's lock for too long.
    """
    check_room(settings)
    intake = Intake()
    for folder in _look(settings).left:
        _give_back_from(folder)
    contents = _look(settings)
    for path, why in contents.stuck.items():
        _leave(settings, path, why, intake)
    stamps = _settled(settings, _of_streams(settings, contents.files, streams), intake)
    arrivals: list[_ReadFile] = []
    with Readers(settings) as readers:
        requests = _requests(settings, landing, readers, stamps, intake)
        done = len(stamps) - len(requests)
        for request, read in readers.read(requests):
            result = _marked_if_sample(request, read)
            done += 1
            stamp = stamps[request.path]
            if _stamp(request.path) != stamp:
                request.target.unlink(missing_ok=True)  # the file changed while it was read
                intake.waiting.append(_display_path(settings, request.path))
            elif isinstance(result, TryAgain):
                intake.waiting.append(_display_path(settings, request.path))  # nothing is wrong with the file
            elif isinstance(result, SharingError):
                _reject(settings, readers, request.path, stamp, result, intake)
            else:
                arrivals.append(_ReadFile(request, result, stamp))
            if len(arrivals) >= _TOGETHER:
                _keep(settings, landing, readers, arrivals, intake)
                arrivals = []
                check_room(settings)
            progress(done, len(stamps))
        _keep(settings, landing, readers, arrivals, intake)
    _remove_what_shows_numbers(settings)
    return intake


def _requests(
    settings: Settings, landing: Landing, readers: Readers, stamps: Mapping[Path, _Stamp], intake: Intake
) -> list[Request]:
    """The requests to the readers. Files that can be refused unread are refused."""
    requests = []
    for path, stamp in stamps.items():
        try:
            stream, producer = _place_of(settings, path)
            if stamp[1] > settings.max_body_mb << 20:
                raise TooLarge(f"The file is over {settings.max_body_mb} MB.", "Split it.")
            check_room(settings, stamp[1])
            _check_digest(path)
        except NoRoom as problem:
            why = f"It has {stamp[1] >> 20} MB, and there is no room for it beside the reserve. {problem.mend}"
            _leave(settings, path, why, intake)
        except SharingError as problem:
            _reject(settings, readers, path, stamp, problem, intake)
        except OSError as problem:
            _leave(settings, path, problem, intake)
        else:
            target = landing.temporary(stream, producer, "arriving")
            inputs = registers.reader_inputs(settings, landing, stream, path)
            requests.append(Request(path, stream, producer, target, synthetic=is_marked(path), inputs=inputs))
    return requests


def _marked_if_sample(request: Request, read: ValidatedBatch | SharingError) -> ValidatedBatch | SharingError:
    """The result of reading, or a refusal if the file is an unmarked sample."""
    if isinstance(read, SharingError):
        return read
    beside = identity.mask(mark_of(request.path).name)
    mend = f"Put an empty file {beside} in the folder first, then the file itself; or send your own rows."
    try:
        sample.check_marked(read, request.target, STREAMS[request.stream], mend=mend)
    except Refused as problem:
        request.target.unlink(missing_ok=True)
        return problem
    return read


def is_arrival(path: Path) -> bool:
    """Whether a file of that name is to be taken in; false for an answer, a digest, or a file still being written."""
    return not (
        any(part.startswith(".") for part in path.parts)
        or _is_of_program(path)
        or path.name.endswith((".part", ".receipt.json", ".reason.json", ".sha256", MARK))
    )


def _is_of_program(path: Path) -> bool:
    """Whether a program keeps the file for itself: Office while a workbook is open, or Windows in a folder."""
    return path.name.startswith("~$") or path.name.lower() in _OF_PROGRAMS


def _look(settings: Settings) -> _Contents:
    """List the inbox without opening any file."""
    contents = _Contents()
    if settings.inbox.is_dir():
        _look_in(settings.inbox, contents, outermost=True)
    return contents


def _look_in(folder: Path, contents: _Contents, *, outermost: bool = False) -> None:
    try:
        inside = _listed(folder)
    except OSError as problem:
        contents.stuck[folder] = f"It cannot be listed ({problem.strerror}): give this user access to it."
        return
    beside = {
        companion for path in inside if is_arrival(Path(path.name)) for companion in (mark_of(path), _digest(path))
    }
    for path in inside:
        try:
            if outermost and path.name == "rejected":
                if not path.is_dir():
                    contents.stuck[path] = "It is not a folder, so refused files have nowhere to go: remove it."
            elif path.is_dir() and (outermost or not path.is_symlink()):
                _look_at_folder(path, contents)
            elif is_arrival(Path(path.name)):
                _look_at(path, contents)
            elif why := _why_ignored(path, beside):
                contents.ignored[path] = why
        except FileNotFoundError:
            continue
        except OSError as problem:
            contents.stuck[path] = f"It cannot be examined ({problem.strerror}): give this user access to its folder."


def _why_ignored(path: Path, beside: Collection[Path]) -> str:
    """Why a file is left alone, if people should know; `beside` are the marks and digests of files that are there."""
    if _is_of_program(path):
        return "A program keeps it for itself, so it is left alone."
    if path.name.endswith((MARK, ".sha256")) and path not in beside:
        return "The file that it belongs to is not there: send that too, or remove this."
    return ""


def _look_at_folder(path: Path, contents: _Contents) -> None:
    if path.name.startswith(_ASIDE_PREFIX):
        contents.left.append(path)
    elif not path.name.startswith("."):
        _look_in(path, contents)


def _look_at(path: Path, contents: _Contents) -> None:
    stamp, mode = _stamp(path), path.lstat().st_mode
    if why := _obstacle(path, mode):
        contents.stuck[path] = why
    elif stamp is not None:
        contents.files[path] = stamp


def _listed(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def _obstacle(path: Path, mode: int) -> str:
    """Why a file cannot be taken in and answered until a person has acted; empty when nothing prevents it."""
    digest, mark = _digest(path), mark_of(path)
    linked = stat.S_ISLNK(mode)
    looks = {
        "This user may not write to its folder, so it can get no receipt: give this user write access.": (
            not os.access(path.parent, os.W_OK | os.X_OK)
        ),
        "It is a link to a folder, which is not followed: put the files themselves there.": linked and path.is_dir(),
        "It is a broken link: remove it, and put the file itself there.": linked and not path.exists(),
        "It is not a file: remove it, and put a file there.": not linked and not stat.S_ISREG(mode),
        "This user may not read it: give this user read access.": not linked and not os.access(path, os.R_OK),
        "A folder has the name of its receipt: remove the folder.": _answer_path(path, ".receipt.json").is_dir(),
        "Its .sha256 cannot be read as a file: correct or remove the .sha256.": (
            os.path.lexists(digest) and not (digest.is_file() and os.access(digest, os.R_OK))
        ),
        f"Its {MARK} is not a file: remove the {MARK}.": os.path.lexists(mark) and not mark.is_file(),
    }
    return next((why for why, so in looks.items() if so), "")


def _stamp(path: Path) -> _Stamp | None:
    """The stamp of a file, or of a link itself; None when it is gone."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return None
    try:
        marked = mark_of(path).lstat().st_mtime_ns
    except FileNotFoundError:
        marked = -1
    return status.st_ino, status.st_size, status.st_mtime_ns, marked


def _display_path(settings: Settings, path: Path) -> str:
    """A file's path in the inbox as text: decoded, since a name may be any bytes, and with identity numbers masked."""
    return identity.mask(os.fsencode(path.relative_to(settings.inbox)).decode("utf-8", "replace"))


def _settled(settings: Settings, files: Mapping[Path, _Stamp], intake: Intake) -> dict[Path, _Stamp]:
    """The files that nobody writes to, oldest first; files that changed within `settle_seconds` wait."""
    since = (time.time() - settings.settle_seconds) * 1e9
    young = {path for path, (_, _, at, _) in files.items() if at > since}
    if young:
        time.sleep(settings.settle_seconds)
    growing = {path for path in young if _stamp(path) != files[path]}
    intake.waiting += [_display_path(settings, path) for path in files if path in growing]
    settled = sorted(files.keys() - growing, key=lambda p: (files[p][2], str(p)))
    return {path: files[path] for path in settled}


def _place_of(settings: Settings, path: Path) -> tuple[str, str]:
    """The stream and the producer of a file.

    Raises:
        Unreadable, UnknownName: its place or name is not accepted.
    """
    parts = path.relative_to(settings.inbox).parts
    if len(parts) == 1:
        raise Unreadable(
            "The file is not in the folder of a stream.",
            f"Put it in inbox/<stream>/; streams are {', '.join(STREAMS)}.",
        )
    if parts[0] not in STREAMS:
        raise UnknownName("stream", parts[0], choices=STREAMS)
    producer = parts[1] if len(parts) > 2 else DEFAULT_PRODUCER  # noqa: PLR2004 - stream, producer, file
    if len(parts) > 3 or not PRODUCER.fullmatch(producer):  # noqa: PLR2004
        raise Unreadable(
            "The file is too deep in the inbox, or its producer's name has characters other than A–Z a–z 0–9 . _ -.",
            "Use inbox/<stream>/<producer>/<file>.",
        )
    check_producer(producer)
    if path.is_symlink():
        raise Unreadable("It is a link, not a file.", "Put the file itself there.")
    if "\ufffd" in _display_path(settings, path):
        raise Unreadable("The file's name is not UTF-8.", "Rename it.")
    return parts[0], producer


def _check_digest(path: Path) -> None:
    """Compare a file with the digest beside it, if there is one.

    Raises:
        Unreadable: they do not match, or one of them is not a file.
        OSError: one of them cannot be read.
    """
    digest = _digest(path)
    if digest.exists() and _beginning(digest).lower().split()[:1] != [_sha256(path)]:
        raise Unreadable("The file does not match its .sha256.", "It changed in transit; send both again.")


def _keep(
    settings: Settings,
    landing: Landing,
    readers: Readers,
    arrivals: Sequence[_ReadFile],
    intake: Intake,
) -> None:
    to_land = [
        Arrival(
            a.request.target,
            a.validated,
            STREAMS[a.request.stream],
            a.request.producer,
            batch_name(a.request.path, a.validated.sha256),
            named=False,
        )
        for a in arrivals
    ]
    for arrival, result in zip(arrivals, landing.keep(to_land, now=utc_now()), strict=True):
        request = arrival.request
        if not isinstance(result, LandedBatch):
            _reject(settings, readers, request.path, arrival.stamp, result, intake)
            continue
        display_path = _display_path(settings, request.path)
        (intake.accepted if result.status == "accepted" else intake.duplicate).append(display_path)
        intake.rows += result.entry.rows if result.status == "accepted" else 0
        _log(settings, request.stream, request.producer, result.entry.batch_id, result.status, result.entry)
        try:
            # no fsync: a receipt lost in a power cut is given again when the file is sent again
            receipt = landing.receipt_of(result) | _document_notes(arrival.validated)
            atomic_files.write_json(_answer_path(request.path, ".receipt.json"), receipt, wait=False)
            _remove_finished(request.path, arrival.stamp)
        except OSError as problem:
            _leave(settings, request.path, problem, intake)  # the batch is kept, and gets its receipt in the next run


def _document_notes(validated: ValidatedBatch) -> dict[str, object]:
    """The notes of a document, for the receipt."""
    return {"of_file": dict(validated.notes)} if validated.notes else {}


@dataclass(frozen=True, slots=True)
class _ReadFile:
    """A file that was read, with the stamp that it had then."""

    request: Request
    validated: ValidatedBatch
    stamp: _Stamp


def _remove_finished(path: Path, stamp: _Stamp) -> None:
    """Remove a file that is done, unless another has taken its place since it was read: that one waits.

    The file keeps its name in the folder aside, so that one left there by a killed process gets its place back.
    """
    aside = path.with_name(f"{_ASIDE_PREFIX}{uuid.uuid4().hex[:12]}")
    aside.mkdir()
    try:
        path.rename(aside / path.name)
        with suppress(FileNotFoundError):
            mark_of(path).rename(mark_of(aside / path.name))
    except FileNotFoundError:
        aside.rmdir()
        return
    except OSError:
        aside.rmdir()
        raise
    if _stamp(aside / path.name) != stamp:
        _give_back_from(aside)
        return
    (aside / path.name).unlink()
    mark_of(aside / path.name).unlink(missing_ok=True)
    aside.rmdir()
    _digest(path).unlink(missing_ok=True)


def _give_back_from(aside: Path) -> None:
    """Put an unfinished file back, or beside the file that has taken its name."""
    with suppress(OSError):
        for file in _listed(aside):
            if not is_arrival(Path(file.name)):
                continue
            path = aside.with_name(file.name)
            target = _numbered(path, uuid.uuid4().hex[:6]) if os.path.lexists(path) else path
            with suppress(FileNotFoundError):
                mark_of(file).rename(mark_of(target))  # before its file, which must never appear without it
            file.rename(target)
        for mark in _listed(aside):
            mark.unlink()  # its file is done
        aside.rmdir()


def _numbered(path: Path, number: object) -> Path:
    """The name with a number, short enough that its answer's name stays distinct."""
    stem = os.fsencode(path.stem)[:190].decode("utf-8", "ignore")
    return path.with_name(f"{stem}-{number}{os.fsencode(path.suffix)[:32].decode('utf-8', 'ignore')}")


def _leave(settings: Settings, path: Path, why: OSError | str, intake: Intake) -> None:
    """Leave a file where it is, for a person to act on, and go on with the others.

    Raises:
        NoRoom: the disk is full, which is not this file's fault.
    """
    if isinstance(why, FileNotFoundError):
        intake.waiting.append(_display_path(settings, path))  # its producer removed it, or is about to replace it
        return
    if isinstance(why, OSError):
        if isinstance(full := no_room(why), NoRoom):
            raise full from why
        why = f"It cannot be processed ({why.strerror or type(why).__name__}): check its permissions and its folder's."
    display_path = _display_path(settings, path)
    intake.stuck.append(f"{display_path}: {why}")
    _log(settings, *_stream_and_producer(settings, path), display_path, "failed", problem=why)


def _stream_and_producer(settings: Settings, path: Path) -> tuple[str, str]:
    """Stream and producer of a file according to its path, for the log."""
    stream, producer = (*path.relative_to(settings.inbox).parts[:-1], "", "")[:2]
    return stream, producer or DEFAULT_PRODUCER


def _log(
    settings: Settings,
    stream: str,
    producer: str,
    batch_id: str,
    outcome: str,
    entry: Entry | None = None,
    problem: SharingError | str = "",
) -> None:
    """Log one line per file, as for a batch sent over a wire."""
    rows, size = (entry.rows, entry.bytes) if entry else (0, 0)
    kind = problem.kind if isinstance(problem, SharingError) else ""
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
        kind=kind,
        problem=problem.problem if isinstance(problem, SharingError) else problem,
    )
    batch = (stream, producer, batch_id)
    traces.end_batch(
        traces.begin_batch(settings, batch),
        batch,
        wire="inbox",
        outcome=outcome,
        rows=rows,
        bytes=size,
        problem=kind or ("broken" if problem else ""),
    )


def _digest(path: Path) -> Path:
    """The path of the sender's digest of a file; a name too long for a suffix has none."""
    return _named_for(path, ".sha256")


def mark_of(path: Path) -> Path:
    """The path of the mark that says that a file's rows are made up."""
    return _named_for(path, MARK)


def is_marked(path: Path) -> bool:
    """Whether a file is marked as made up."""
    return mark_of(path).is_file()


def _named_for(path: Path, ending: str) -> Path:
    return path.with_name(os.fsdecode(os.fsencode(path.name)[: 255 - len(ending)]) + ending)


def _answer_path(path: Path, ending: str) -> Path:
    """The path of an answer beside its file, cut to the file system's limit and without identity numbers."""
    name = os.fsencode(path.name)[: 255 - len(ending)].decode("utf-8", "ignore")
    return path.with_name(identity.mask(name).replace("*", "x") + ending)


def batch_name(path: Path, sha256: str) -> str:
    """The batch id of a dropped file: its simplified name and a part of its content's hash."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", identity.mask(path.stem))[:47].strip("-._") or "file"
    names = (f"{plain}-{sha256[at : at + 12]}" for at in range(0, len(sha256) - 11, 12))
    return next(name for name in names if not identity.find_in_text(name))  # a hash may look like a number too


def _reject(
    settings: Settings, readers: Readers, path: Path, stamp: _Stamp, problem: SharingError, intake: Intake
) -> None:
    """Move a refused file aside and write the reason. A file that shows an identity number is not kept.

    A file that has changed since it was judged, or cannot be moved, waits for the next run.
    """
    display_path = _display_path(settings, path)
    if _stamp(path) != stamp:
        intake.waiting.append(display_path)
        return
    reason: dict[str, object] = {
        **problem.as_json(),
        "file": display_path,
        "at": utc_now().isoformat(timespec="seconds"),
    }
    if isinstance(problem, BadValue):
        reason |= {"line": problem.line, "column": problem.column}
    try:
        target = _aside(settings, path)
        if isinstance(problem, BatchErased):
            _remove_finished(path, stamp)  # or the home would hold again what was erased
            reason["kept"] = "no: its rows were erased"
        elif not_kept := _set_aside(readers, path, stamp, target):
            reason["kept"] = f"no: {not_kept}"
        atomic_files.write_json(_answer_path(target, ".reason.json"), _without_identity(reason))
    except (Unreadable, TryAgain):
        intake.waiting.append(
            display_path
        )  # a link or a pipe has taken its place; or its search was ended from outside
        return
    except OSError as broken:
        _leave(settings, path, broken, intake)
        return
    intake.rejected.append(display_path)
    _log(settings, *_stream_and_producer(settings, path), display_path, "refused", problem=problem)


def _remove_what_shows_numbers(settings: Settings) -> None:
    """Remove folders that are empty, and marks and digests whose file does not come, if names show identity numbers."""
    inside = sorted(settings.inbox.rglob("*"), reverse=True) if settings.inbox.is_dir() else ()  # folders last
    for path in inside:
        if not any(map(identity.find_in_text, path.relative_to(settings.inbox).parts)):
            continue
        with suppress(OSError):  # a folder that is not empty, or what is gone
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            elif (
                path.name.endswith((MARK, ".sha256"))
                and path.lstat().st_mtime < time.time() - _ORPHANED
                and not os.path.lexists(path.with_suffix(""))
            ):
                path.unlink()


def _set_aside(readers: Readers, path: Path, stamp: _Stamp, target: Path) -> str:
    """Move a refused file, or remove it. Returns why it was not kept; empty when it was.

    Raises:
        Unreadable, OSError: it cannot be examined or moved, and stays in place.
    """
    try:
        if path.is_symlink():
            _remove_finished(path, stamp)
            return "it was a link, and its target was not read"
        if why := readers.reason_to_discard(path):
            _remove_finished(path, stamp)
            return why
        path.replace(target)
    except FileNotFoundError:
        return "the file was gone"
    digest = _digest(path)
    if digest.is_file():
        digest.replace(_answer_path(target, ".sha256"))
    with suppress(FileNotFoundError):
        mark_of(path).replace(_answer_path(target, MARK))
    return ""


def _aside(settings: Settings, path: Path) -> Path:
    """The target for a refused file: the same path below `rejected`, under an unused name."""
    place = Path(*(identity.mask(part).replace("*", "x") for part in path.relative_to(settings.inbox).parts))
    target = _answer_path(settings.inbox / "rejected" / place, "")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError:  # something else has the name of the folder
        target = settings.inbox / "rejected" / ".other" / target.name
        target.parent.mkdir(parents=True, exist_ok=True)
    free, number = target, 1
    while os.path.lexists(free) or os.path.lexists(_answer_path(free, ".reason.json")):
        number += 1
        free = _numbered(target, number)
    return free


def _without_identity(reason: dict[str, object]) -> dict[str, object]:
    return {k: identity.mask(v) if isinstance(v, str) and k != "at" else v for k, v in reason.items()}


def _beginning(path: Path) -> str:
    with formats.StrangersFile(path) as file, file.path.open("rb") as handle:
        return handle.read(4096).decode("utf-8", "replace")


def _sha256(path: Path) -> str:
    with formats.StrangersFile(path) as file, file.path.open("rb") as handle:
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
    """Atomically drop a batch in an inbox as a Parquet file.

    Args:
        folder: the inbox, or a folder of the same layout.
        stream: of the batch.
        producer: of the batch.
        name: of the file, without suffix.
        table: of the stream's contract.
        synthetic: mark the file as synthetic; the mark follows the rows all the way to the pages.
        arrived_at: when a synthetic batch arrived in the simulated world.
    """
    target = folder / stream / producer / f"{name}.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    metadata = {formats.SYNTHETIC: b"true"} if synthetic else {}
    if synthetic and arrived_at:
        metadata[formats.ARRIVED_AT] = arrived_at.isoformat().encode()
    half = target.with_name(f".{target.name}.part")
    pq.write_table(table.replace_schema_metadata(metadata), half, compression="zstd", write_page_checksum=True)
    if arrived_at:
        os.utime(half, (arrived_at.timestamp(), arrived_at.timestamp()))
    half.replace(target)
    return target
