"""Backups: consistent copies of a home while servers and runs keep using it, and how to restore them.

A backup folder has one pool of files named by their SHA-256, and a folder for each backup. Its manifest maps places in
a home to files of the pool. The manifest is written last, so an unfinished backup does not count. An unchanged file is
in the pool already and is not read again. The journal is read once: its lines are the cut, and only the files that
they name belong to the backup. The lake is derived and left out by default.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, Literal, cast

from catalog.errors import Busy, Damaged, SharingError, UnknownName, WrongUse
from transport.base import atomic_files
from transport.base.atomic_files import sha256_of
from transport.base.settings import Settings
from transport.ingest.registers import releases_named
from transport.lake.delta_log import table_files
from transport.releases import blocks
from transport.releases.storage import HOLDS_FILE
from transport.releases.store import STABLE, Releases
from transport.storage.backends import LocalBackend, StorageBackend, backend_of
from transport.storage.erasure import ErasedBatch, erase_again, erased_batches, remember, remembered
from transport.storage.journal import MEMBERS, Entry, packs_in, parsed_line
from transport.storage.landing import Landing, open_landing, utc_now

Which = Literal["kept", "current", "all"]
"""The releases that a backup takes."""
Progress = Callable[[str, int, int], None]
"""Called with the current subject, how many are done, and the total."""
_POOL = "pool"
_JOURNAL = "landing/journal"
_MEGABYTE = 1 << 20
_TRIES = 5
_RESTORING = ".restoring"
"""In a home: what a restore has not finished. Nothing opens it as a home, so erased rows are never read from it."""
_BEGINNING = timedelta(minutes=1)
"""How long a new backup may take to lock its folder."""


def no_progress(what: str, done: int, of: int) -> None:
    """Ignore progress."""


@dataclass(frozen=True, slots=True)
class BackupResult:
    """The content of one backup, and how much of it was new to the pool.

    Attributes:
        problems: files that were missing, or differed from the journal or a manifest.
        pruned: older backups that were removed.
        shrunk: an earlier backup that holds more batches, and how many; then none is removed.
    """

    stamp: str
    files: int
    bytes: int
    new_files: int
    new_bytes: int
    batches: int
    release: str | None
    problems: tuple[str, ...] = ()
    pruned: tuple[str, ...] = ()
    shrunk: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup in its folder.

    Attributes:
        folder: holds the pool and all backups.
        stamp: its name, a UTC time.
    """

    folder: Path
    stamp: str
    manifest: Mapping[str, Any] = field(repr=False)

    @property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        """Each file by its place in a home, with `sha256`, `bytes` and `mode`."""
        return cast("Mapping[str, Mapping[str, Any]]", self.manifest["files"])

    def file(self, place: str) -> Path | None:
        """The pool's path of a file of the home; None when the backup does not hold that place."""
        record = self.files.get(place)
        return pooled(self.folder, record["sha256"]) if record else None

    def journal(self) -> bytes:
        """The journal as it was; empty when it is damaged or absent."""
        path = self.file(_JOURNAL)
        return path.read_bytes() if path and sha256_of(path) == self.files[_JOURNAL]["sha256"] else b""

    def verify(self, progress: Progress = no_progress) -> list[str]:
        """Read every file back, and list those that are missing or changed."""
        wrong = []
        for done, (place, record) in enumerate(sorted(self.files.items()), 1):
            progress(place, done, len(self.files))
            path = pooled(self.folder, record["sha256"])
            if not path.is_file():
                wrong.append(f"{place}: missing")
            elif sha256_of(path) != record["sha256"]:
                wrong.append(f"{place}: changed since it was taken")
        return wrong


def stamps(folder: Path) -> list[str]:
    """Every complete backup in the folder, in the order in which they were taken."""
    if not folder.is_dir():
        return []
    names = (p.parent.name for p in folder.glob("*/manifest.json") if not p.parent.name.startswith("."))
    return sorted(names, key=lambda name: (moment_of(name), len(name), name))


def moment_of(stamp: str) -> str:
    """The moment in a backup's name, which may go on with a number."""
    return stamp.partition("-")[0]


def open_backup(folder: Path, at: str | None = None) -> Backup:
    """Open the newest backup, or the one with a given stamp; `folder` may also be the backup's own folder.

    Raises:
        UnknownName: there is no such backup.
        Damaged: its manifest is not what was written.
    """
    folder = folder.resolve()
    if at is None and (folder / "manifest.json").is_file() and (folder.parent / _POOL).is_dir():
        folder, at = folder.parent, folder.name
    names = stamps(folder)
    if not names or (at is not None and at not in names):
        raise UnknownName("backup", at or str(folder), choices=names)
    name = at or names[-1]
    text = (folder / name / "manifest.json").read_bytes()
    digest = folder / name / "manifest.sha256"
    if not digest.is_file() or digest.read_text("ascii", "replace").strip() != hashlib.sha256(text).hexdigest():
        older = ", ".join(k for k in names if k != name) or "none"
        raise Damaged(
            f"The manifest of backup {name} has changed since it was written.",
            f"`dif restore DIR --at` takes another ({older}).",
        )
    return Backup(folder, name, json.loads(text))


def pooled(folder: Path, sha256: str) -> Path:
    """The path in a backup folder's pool of the file with that hash."""
    return folder / _POOL / sha256[:2] / sha256


def back_up(
    settings: Settings,
    folder: Path,
    *,
    now: datetime,
    releases: Which = "kept",
    lake: bool = False,
    keep: int | None = None,
    configuration: Path | None = None,
    progress: Progress = no_progress,
) -> BackupResult:
    """Take a backup while servers and runs go on.

    A damaged file is not copied: the manifest names the pool's sound copy if there is one. Otherwise the file is listed
    as a problem, and no older backup is removed. None is removed either while an earlier backup holds more batches
    than this one: then it is most likely another home's. A lost batch that was withdrawn is no problem.

    Args:
        settings: of the home.
        folder: holds the pool; outside the home.
        now: gives the backup its name, unless the clock is behind the newest one's: then it goes on from that name.
        releases: those that readers may ask for by name (the current and the stable one, those that somebody holds,
            and those that a register names), the current one alone, or all.
        lake: include derived tables.
        keep: how many backups to keep.
        configuration: `dif.toml`, if there is one.
        progress: called for each file.

    Raises:
        WrongUse: nothing has landed in the home, the folder lies in it, or `keep` is below 1.
        Damaged: the journal is not what was written.
        Busy: another backup to the same folder is running.
    """
    folder = folder.resolve()
    if folder.is_relative_to(settings.home.resolve()):
        raise WrongUse(f"{folder} is inside the home that it would back up.", "Give a folder on another disk.")
    if keep is not None and keep < 1:
        raise WrongUse(f"--keep is {keep}.", "Give a number of at least 1.")
    landing = open_landing(settings)  # raises if the journal has lost lines
    if not backend_of(settings).journal():
        raise nothing_landed(settings)
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # it holds tokens' hashes, and perhaps a mail password
    with atomic_files.locked(folder):
        atomic_files.sweep(folder)
        remember(folder, erased_batches(landing))  # what a backup from before an erasure must not bring back
        taking = _BackupBuilder(folder, progress)
        current, listed = taking.releases(settings, releases, landing)
        batches = taking.landing(settings)  # last: its journal has every line that a release was made of
        for path in sorted((settings.home / "access").glob("*")):
            if path.is_file() and not path.name.startswith("."):
                taking.take(f"access/{path.name}", path)
        if configuration is not None and configuration.is_file():
            taking.take("dif.toml", configuration)
        if lake:
            taking.lake(settings.lake)
        stamp = _free(folder, f"{now:%Y%m%dT%H%M%SZ}")
        facts = {"taken_at": now.isoformat(), "batches": batches, "current": current, "releases": listed}
        _write_manifest(folder, stamp, {**facts, "problems": taking.problems, "files": taking.files})
        shrunk = _larger(folder, stamp, batches) if keep is not None else None
        prune = keep is not None and not taking.problems and shrunk is None
        pruned = _prune(folder, keep) if keep is not None and prune else []
    size = sum(int(f["bytes"]) for f in taking.files.values())
    return BackupResult(
        stamp,
        len(taking.files),
        size,
        taking.new_files,
        taking.new_bytes,
        batches,
        current,
        tuple(taking.problems),
        tuple(pruned),
        shrunk,
    )


@dataclass(frozen=True, slots=True)
class Last:
    """How the last backup of a home ended, as recorded in the home.

    Attributes:
        status: `taken`, `failed` or `running`; a killed backup stays `running`.
        at: when it ended, or began.
        taken_at: when the latest complete backup was taken; None if never.
        folder: where backups lie.
        problem: what went wrong; empty if nothing did.
    """

    status: str
    at: datetime
    taken_at: datetime | None
    folder: Path
    problem: str = ""

    def failed(self, now: datetime) -> bool:
        """Whether it ended incomplete; a `running` backup is alive as long as it holds the lock on its folder."""
        broke_off = abs(now - self.at) > _BEGINNING and not atomic_files.is_held(self.folder)
        return self.status == "failed" or (self.status == "running" and broke_off)


def last(settings: Settings) -> Last | None:
    """The home's record of its last backup; None when there never was one.

    Raises:
        ValueError: the record is not what a backup writes.
    """
    try:
        record = json.loads(_note_file(settings).read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as unreadable:
        message = f"backup.json cannot be read: {unreadable.strerror}"
        raise ValueError(message) from None
    try:
        at, taken_at = (datetime.fromisoformat(record[k]) if record[k] else None for k in ("at", "taken_at"))
        status, folder, problem = str(record["status"]), Path(record["folder"]), str(record["problem"])
    except (KeyError, TypeError):
        at = None
    if at is None or at.tzinfo is None:
        message = "backup.json is not what a backup writes"
        raise ValueError(message)
    return Last(status, at, taken_at, folder, problem)


@contextmanager
def recording_outcome(
    settings: Settings, folder: Path, now: Callable[[], datetime]
) -> Iterator[Callable[[BackupResult], None]]:
    """Record in the home how a backup ends, so that the watch sees one that failed or never came.

    A home in which nothing ever landed gets no record: most likely its name is mistyped. Failing to write the record
    does not fail the backup: a full disk has an alert of its own.

    Args:
        settings: of the home.
        folder: where backups lie.
        now: the clock, read at the start and at the end.

    Yields:
        A function to call with the backup taken; without that call the backup counts as failed.
    """
    try:
        before = last(settings)
    except ValueError:
        before = None
    taken_at = before.taken_at if before else None
    landed = settings.landing_url or (settings.landing / "journal").exists() or before is not None
    ended: list[BackupResult] = []

    def note(status: str, problem: str = "") -> None:
        if not landed or not settings.home.is_dir():
            return
        record = {"status": status, "at": now().isoformat(), "folder": str(folder.resolve()), "problem": problem}
        record["taken_at"] = taken_at.isoformat() if taken_at else ""
        with suppress(OSError):
            atomic_files.write_json(_note_file(settings), record)

    note("running")
    try:
        yield ended.append
    except Busy:
        # another backup is running and records its own end
        raise
    except BaseException as problem:
        note("failed", _in_short(problem))
        raise
    (backup,) = ended
    if backup.problems or backup.shrunk:
        note("failed", backup.problems[0] if backup.problems else "The backup holds fewer batches than an earlier one.")
    else:
        taken_at = now()
        note("taken")


def _in_short(problem: BaseException) -> str:
    if isinstance(problem, SharingError):
        return problem.problem
    if isinstance(problem, OSError):
        return f"{problem.strerror or problem} ({problem.filename})" if problem.filename else str(problem)
    return f"The backup stopped ({type(problem).__name__})."


def _note_file(settings: Settings) -> Path:
    return settings.home / "backup.json"


def nothing_landed(settings: Settings) -> WrongUse:
    """The error for a home that most likely is not the intended one."""
    return WrongUse(
        f"Nothing has landed in {settings.home}; is DIF_HOME right?",
        "Set the environment variable DIF_HOME, or `home` in dif.toml.",
    )


def missing_releases(releases: Releases, named_releases: Mapping[str, str]) -> dict[str, str]:
    """Releases that are gone although something keeps them: each with the reason to keep it.

    Args:
        releases: of the home.
        named_releases: the releases that a register names, each with the register.
    """
    keepers = {name: f"the register {register} names it" for name, register in named_releases.items()}
    for name, hold in releases.holds().items():
        keepers[hold.get("release", name)] = "it is the stable one" if name == STABLE else f"{hold.get('by')} holds it"
    present = {*releases.names()}
    return {name: why for name, why in sorted(keepers.items()) if name not in present}


def holds(backup: Backup, gone: Collection[ErasedBatch]) -> bool:
    """Whether a backup has the file of a batch as it was before it was erased, or a release made of such batches."""
    landing = landing_of(LocalBackend(backup.folder), backup.journal())
    names = {(g.stream, g.producer, g.batch_id): g.sha256 for g in gone}
    for entry in landing.entries:
        sha256 = names.get((entry.stream, entry.producer, entry.batch_id))
        if sha256 == entry.sha256 and landing.erasure(entry) is None:
            return True
    return False


def restore(backup: Backup, home: Path, *, progress: Progress = no_progress) -> list[Entry]:
    """Restore a backup into an empty home, comparing each file with the manifest as it is copied; the landing last.

    The landing of the new home lies on its own disk, wherever the old landing lay. What was erased since is erased
    again; releases and lake that were made of it are removed, and a run makes them anew. All of this happens in a
    hidden folder of the home. Whoever was killed before the end has left that folder, and the next restore starts
    afresh; whoever was killed at the end, while its parts were moved out, has left a home that is not empty.

    Returns:
        The batches that were erased again.

    Raises:
        WrongUse: the home is not empty or, for root, another user's; or the manifest names a place outside it.
        Busy: another process is restoring to the home.
        Damaged: a file of the backup is not what was taken; the home is left empty.
    """
    atomic_files.refuse_root(home)
    before = {*home.iterdir()} if home.exists() else set()
    if any(not p.name.startswith(".") for p in before):  # dot files, as in a new user's home, are ignored
        raise WrongUse(
            f"{home} is not empty; a restore never overwrites.",
            f"Move it away (`mv {home} {home}.old`), or restore elsewhere with `--to`, and switch DIF_HOME.",
        )
    if home.resolve().is_relative_to(backup.folder):
        raise WrongUse(f"{home} is inside the backup.", "Restore elsewhere with `--to`.")
    _refuse_unsafe(backup)
    is_new, staged = not home.exists(), home / _RESTORING
    filled = staged / "home"
    with atomic_files.locked(staged):
        try:
            staged.chmod(0o700)
            shutil.rmtree(filled, ignore_errors=True)
            filled.mkdir()
            (filled / "landing").mkdir(mode=0o700)  # batches hold what only the home's user may read
            gone = remembered(backup.folder)
            _fill(backup, filled, progress)
            again = _erase_again(Settings(home=filled), gone)
            for path in sorted(filled.iterdir(), key=lambda p: p.name == "landing"):
                path.rename(home / path.name)
            shutil.rmtree(staged)
            atomic_files.sync_folder(home)
        except BaseException:
            for path in {*home.iterdir()} - before | {staged}:
                atomic_files.remove(path)
            if is_new:
                home.rmdir()
            raise
    return again


def _refuse_unsafe(backup: Backup) -> None:
    unsafe = [p for p in backup.files if PurePosixPath(p).is_absolute() or ".." in PurePosixPath(p).parts]
    names = [str(r["name"]) for r in backup.manifest["releases"]] + [str(backup.manifest["current"] or "none")]
    unsafe += [name for name in names if PurePosixPath(name).name != name]
    if unsafe:
        raise WrongUse(
            f"Backup {backup.stamp} names the unsafe path {unsafe[0]!r}.", "It is not one of ours; choose another."
        )


def _erase_again(settings: Settings, gone: Collection[ErasedBatch]) -> list[Entry]:
    if not gone or not settings.landing.is_dir():
        return []
    landing = open_landing(settings)
    again = erase_again(landing, gone, now=utc_now())
    releases = Releases(settings)
    holding = releases.with_erased_rows(landing)
    if releases.current_name() in holding:
        (releases.folder / "current").unlink()
    for name, hold in releases.holds().items():
        if hold.get("release", name) in holding:
            releases.let_go(name)
    for name in holding:
        releases.remove(name)
    if again or holding:
        shutil.rmtree(settings.lake, ignore_errors=True)
    return again


def _fill(backup: Backup, home: Path, progress: Progress) -> None:
    places = sorted(p for p in backup.files if p != _JOURNAL)
    for done, place in enumerate(places, 1):
        progress(place, done, len(places))
        _put(backup, place, home / place)
    text = backup.journal()
    if _JOURNAL in backup.files and not text:
        raise _not_taken(backup, _JOURNAL)
    if text:
        LocalBackend(home / "landing").replace_journal(text)
    for folder in [*(p for p in home.rglob("*") if p.is_dir() and not p.is_symlink()), home]:
        atomic_files.sync_folder(folder)
    releases = Releases(Settings(home=home))
    if backup.manifest["current"]:
        releases.point(str(backup.manifest["current"]))
    with suppress(Damaged):  # held.json was damaged when it was taken: the doctor says so
        for name, hold in releases.holds().items():
            releases.keep_hold(name, hold)


def landing_of(backend: StorageBackend, text: bytes) -> Landing:
    """The landing as described by a journal's text; read-only."""
    return Landing(cast("StorageBackend", _GivenJournal(backend, text)))


@dataclass(frozen=True, slots=True)
class Place:
    """A file of the landing, according to the journal.

    Attributes:
        path: its place in a home whose landing is on its own disk.
        sha256: of its bytes; empty in lines older than the field.
        numbers: of the batches whose rows it holds.
    """

    path: str
    sha256: str
    bytes: int
    numbers: tuple[int, ...]


def places_of(landing: Landing, text: bytes) -> dict[str, Place]:
    """Every file that holds batches according to the journal, by its name in the backend; none of erased ones."""
    lines = (parsed_line(line) for line in text.split(b"\n")[:-1] if MEMBERS in line)
    packs = {pack["file"]: pack for value in lines for pack in packs_in(value)}
    places: dict[str, Place] = {}
    for entry in (e for e in landing.entries if landing.erasure(e) is None):
        name = landing.place(entry)
        if entry.packed_in:
            numbers = (*(places[name].numbers if name in places else ()), entry.number)
            places[name] = Place(f"landing/{name}", packs[name]["file_sha256"], packs[name]["bytes"], numbers)
        else:
            places[name] = Place(f"landing/{entry.file}", entry.file_sha256, entry.bytes, (entry.number,))
    return places


@dataclass(slots=True)
class _GivenJournal:
    """A backend whose journal is a given text; everything else is delegated."""

    backend: StorageBackend
    text: bytes

    def journal(self, since: int = 0) -> bytes:
        return self.text[since:]

    def twin(self) -> bytes:
        return b""

    def lost(self) -> bool:
        return False

    def exclusive(self) -> AbstractContextManager[None]:
        return nullcontext()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the backend has
        return getattr(self.backend, name)


@dataclass(slots=True)
class _BackupBuilder:
    """One backup being taken."""

    folder: Path
    progress: Progress
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    new_files: int = 0
    new_bytes: int = 0

    def landing(self, settings: Settings) -> int:
        """Take the journal and the files that it names; returns the number of batches.

        When a file was packed into a larger one meanwhile, the cut moves to a later journal, which names that one.
        """
        backend = backend_of(settings)
        text, files, problems = b"", self.files, self.problems
        for _ in range(_TRIES):
            text = backend.journal()
            text = text[: text.rfind(b"\n") + 1]
            landing = landing_of(backend, text)
            self.files, self.problems = dict(files), list(problems)
            places = places_of(landing, text)
            for done, (name, place) in enumerate(places.items(), 1):
                self.progress(place.path, done, len(places))
                copied = self.take(place.path, backend.local, name, sha256=place.sha256, mode=0o444)
                if not copied and all(landing.withdrawal(landing.entry(n)) is not None for n in place.numbers):
                    self.problems.pop()  # all its batches are withdrawn
            if self.problems == problems or len(backend.journal()) == len(text):
                break
        if text:
            half = atomic_files.temporary_beside(self.folder / "journal")
            half.write_bytes(text)
            self.take(_JOURNAL, half, mode=0o644)
            half.unlink()
        return len(landing.entries)

    def releases(
        self, settings: Settings, which: Which, landing: Landing
    ) -> tuple[str | None, list[dict[str, object]]]:
        """Take releases; returns the current one's name, and every name.

        A held release that is gone is a problem: an older backup may have it, so none is removed. Where a register
        cannot be read, all are taken.
        """
        releases = Releases(settings)
        current, names = releases.current(), releases.names() if which != "current" else []
        if which == "kept":
            with suppress(Damaged):
                kept_names = {*releases.held_names(), *releases_named(landing)}
                names = [name for name in names if name in kept_names]
                self.problems += [f"releases/{name}: missing" for name in missing_releases(releases, {})]
        self._holds(settings, releases)
        if current is not None and current.name not in names:
            names.append(current.name)
        listed: list[dict[str, object]] = []
        for name in names:
            release = releases.get(name)
            listing = release.manifest["files"]
            for file, record in listing.items() if isinstance(listing, dict) else ():
                self.progress(f"releases/{name}/{file}", len(listed), len(names))
                split = blocks.paths(release.folder, file) if not (release.folder / file).exists() else []
                if split and blocks.sha256(release.folder, file) != record["sha256"]:
                    self.problems.append(f"releases/{name}/{file}: changed since it was written")
                    continue
                for block in split:
                    self.take(f"releases/{block.relative_to(releases.folder)}", block)
                if not split:
                    self.take(f"releases/{name}/{file}", release.folder / file, sha256=record["sha256"])
            self.take(f"releases/{name}/manifest.json", release.folder / "manifest.json")
            listed.append({"name": name})
        return current.name if current else None, listed

    def _holds(self, settings: Settings, releases: Releases) -> None:
        """Take the list of held releases. That it cannot be read is a problem: an older backup may have it whole."""
        if settings.releases_url and (holds := releases.holds()):
            half = atomic_files.temporary_beside(self.folder / HOLDS_FILE)
            half.write_text(json.dumps(holds), "utf-8")
            self.take(f"releases/{HOLDS_FILE}", half, mode=0o644)
            half.unlink()
        elif (hold_file := releases.folder / HOLDS_FILE).is_file():
            try:
                releases.holds()
            except Damaged:
                self.problems.append(f"releases/{HOLDS_FILE}: cannot be read")
            self.take(f"releases/{HOLDS_FILE}", hold_file)

    def lake(self, folder: Path) -> None:
        """Take each table's log, then the files it names; never `_last_checkpoint`, which may be ahead of them."""
        for log in sorted(folder.glob("*/*/_delta_log")):
            table = log.parent.relative_to(folder)
            copies = {}
            for path in sorted(p for p in log.iterdir() if p.is_file() and p.name[:20].isdigit()):
                place = f"lake/{table}/_delta_log/{path.name}"
                if self.take(place, path):
                    copies[path.name] = pooled(self.folder, self.files[place]["sha256"])
            try:
                file_names = table_files(copies)
            except Damaged as broken:
                self.problems.append(f"lake/{table}: {broken.problem}")
                continue
            for done, path_in_table in enumerate(sorted(file_names), 1):
                self.progress(f"lake/{table}", done, len(file_names))
                self.take(f"lake/{table}/{path_in_table}", log.parent / path_in_table)

    def take(
        self,
        place: str,
        source: Path | Callable[[str], Path],
        name: str = "",
        *,
        sha256: str = "",
        mode: int | None = None,
    ) -> bool:
        """Put a file in the pool and list it; a file whose hash is given and pooled is not read."""
        try:
            if not sha256 or not pooled(self.folder, sha256).is_file():
                path = source if isinstance(source, Path) else source(name)
                mode = mode if mode is not None else path.stat().st_mode & 0o777
                sha256 = self._copy(path, sha256)
            size = pooled(self.folder, sha256).stat().st_size
        except FileNotFoundError:
            self.problems.append(f"{place}: missing")
            return False
        except Damaged:
            self.problems.append(f"{place}: changed since it was written")
            return False
        self.files[place] = {"sha256": sha256, "bytes": size, "mode": 0o644 if mode is None else mode}
        return True

    def _copy(self, source: Path, sha256: str) -> str:
        """Copy into the pool and return the hash; the file is durable before it gets its name.

        Raises:
            Damaged: its hash is not the expected one.
        """
        half = atomic_files.temporary_beside(self.folder / "file")
        digest = hashlib.sha256()
        try:
            with source.open("rb") as original, half.open("xb") as copy:
                while piece := original.read(_MEGABYTE):
                    digest.update(piece)
                    copy.write(piece)
                copy.flush()
                os.fsync(copy.fileno())
            actual_sha256 = digest.hexdigest()
            if sha256 and actual_sha256 != sha256:
                raise Damaged(source.name, "")
            target = pooled(self.folder, actual_sha256)
            if not target.is_file():
                if not target.parent.is_dir():
                    target.parent.mkdir(parents=True)
                    atomic_files.sync_folder(target.parent.parent)
                self.new_files, self.new_bytes = self.new_files + 1, self.new_bytes + half.stat().st_size
                half.chmod(0o400)
                half.replace(target)
                atomic_files.sync_folder(target.parent)
            return actual_sha256
        finally:
            half.unlink(missing_ok=True)


def _free(folder: Path, stamp: str) -> str:
    """An unused name, after all others: two backups may begin in the same second, and clocks are put back.

    By their names the newest is restored and the oldest give way.
    """
    used_names = {p.name for p in folder.iterdir()}
    before = [name for name in stamps(folder) if _OURS.fullmatch(name)][-1:]
    first = max([stamp, *map(moment_of, before)])
    turn = max((int(name.partition("-")[2] or 1) for name in before if moment_of(name) == first), default=0)
    names = (f"{first}-{n}" if n > 1 else first for n in itertools.count(turn + 1))
    return next(name for name in names if name not in used_names)


_OURS = re.compile(r"\d{8}T\d{6}Z(-\d+)?")


def _write_manifest(folder: Path, stamp: str, manifest: Mapping[str, object]) -> None:
    half = folder / f"{atomic_files.TEMPORARY}{stamp}"
    half.mkdir(mode=0o700)
    atomic_files.write_json(half / "manifest.json", manifest)
    atomic_files.write_text(half / "manifest.sha256", sha256_of(half / "manifest.json") + "\n")
    atomic_files.sync_folder(folder / _POOL) if (folder / _POOL).is_dir() else None
    half.rename(folder / stamp)
    atomic_files.sync_folder(folder)


def _larger(folder: Path, stamp: str, batches: int) -> tuple[str, int] | None:
    """The newest earlier backup that holds more batches, and how many; None when there is none."""
    for name in reversed([s for s in stamps(folder) if s != stamp]):
        with suppress(Damaged):
            count = int(open_backup(folder, name).manifest["batches"])
            if count > batches:
                return name, count
    return None


def _prune(folder: Path, keep: int) -> list[str]:
    """Remove the oldest backups beyond `keep`, then unlisted files of the pool; nothing if a kept one is damaged."""
    names = stamps(folder)
    gone = names[:-keep]
    try:
        needed = {f["sha256"] for name in names[-keep:] for f in open_backup(folder, name).files.values()}
    except Damaged:
        return []
    for name in gone:
        shutil.rmtree(folder / name)
    for path in (folder / _POOL).glob("*/*"):
        if path.name not in needed:
            path.unlink()
    return gone


def _put(backup: Backup, place: str, target: Path) -> None:
    """Copy a file out of the pool and compare the copy with the manifest."""
    record = backup.files[place]
    target.parent.mkdir(parents=True, exist_ok=True)
    if place.startswith("access/"):
        target.parent.chmod(0o700)
    try:
        shutil.copyfile(pooled(backup.folder, record["sha256"]), target)
    except FileNotFoundError:
        raise _not_taken(backup, place) from None
    atomic_files.sync_file(target)
    if sha256_of(target) != record["sha256"]:
        raise _not_taken(backup, place)
    target.chmod(int(record["mode"]))


def _not_taken(backup: Backup, place: str) -> Damaged:
    return Damaged(
        f"{place} of backup {backup.stamp} is missing or has changed since it was taken; nothing was restored.",
        "`dif restore DIR --check` lists all such files; take an older backup with `--at`.",
    )


def set_aside(backup: Backup, wrong: list[str]) -> int:
    """Take damaged files out of the pool, so that the next backup copies them again; returns the count."""
    count = 0
    for line in wrong:
        path = backup.file(line.rsplit(": ", 1)[0])
        if path is not None and path.is_file():
            path.replace(path.with_name(f"{atomic_files.TEMPORARY}damaged-{path.name}"))
            count += 1
    return count
