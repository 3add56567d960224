"""The doctor: checks stored files against the journal and the manifests, and repairs them from sound copies.

Landing and journal are the source of truth. They are repaired from the journal's twin, the mirror or a backup; batches
that no copy has are listed for sending again. Lake and releases are derived: damaged parts are removed or set aside,
and the next run makes them again. Files of the landing and releases are never deleted but moved to `home/damaged/`.

Not detected: a missing newest commit of a table's log (the next run then makes the table again); a pointer that was
moved to another whole release; damage to `lake/_judged.json`, which only saves work: it names files that the gate need
not judge again, by hashes that a run compares with the files, and how the logs of inner tables were.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.domain import calendar
from catalog.errors import Damaged, SharingError, WrongUse
from transport.auth import perturbation_key
from transport.auth.roles import FILE, read_pages
from transport.base import atomic_files
from transport.base.atomic_files import sha256_of
from transport.base.content_hash import BLOCK
from transport.base.settings import Settings
from transport.ingest.registers import releases_named
from transport.lake.delta_log import hash_and_rows, recorded_logs, table_files
from transport.operations import clock
from transport.operations.backup import (
    Backup,
    Place,
    Progress,
    landing_of,
    missing_releases,
    no_progress,
    open_backup,
    places_of,
    pooled,
)
from transport.operations.housekeeping import janitor
from transport.operations.server_state import nobody_let_in
from transport.releases import blocks
from transport.releases.folder import hash_once
from transport.releases.storage import HOLDS_FILE
from transport.releases.store import Releases, is_sealed
from transport.storage.backends import TWIN, LocalBackend, StorageBackend, backend_of
from transport.storage.batch_file import content_sha256_of
from transport.storage.compaction import take_out
from transport.storage.erasure import erase_again, remembered, to_mask_again
from transport.storage.journal import (
    CLOCK_TOLERANCE,
    ERASE,
    JOURNAL,
    MEMBERS,
    PACK,
    Entry,
    journal_line,
    packs_in,
    parsed_line,
)
from transport.storage.landing import Landing, open_landing, utc_now

_RUN = "The next run makes it again (`dif run --full` at once)."


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem found.

    Attributes:
        where: the path below the home; `mirror/…` is below the mirror.
        mend: the next step, for a person.
        mendable: whether the function `mend` repairs it here, without a producer sending again.
        kind: `journal`, `twin`, `backup`, `batch`, `pack`, `unknown`, `mirror`, `lake`, `release`, `gone` (a release),
            `held` (the list of them), `pointer`, `access`, `clock` or `dated` (batches).
    """

    where: str
    problem: str
    mend: str
    mendable: bool
    kind: str

    def as_json(self) -> dict[str, object]:
        """As JSON."""
        return dataclasses.asdict(self)


def examine(
    settings: Settings,
    *,
    backup: Path | None = None,
    progress: Progress = no_progress,
) -> list[Finding]:
    """Every problem of a home; empty when there is none. Changes nothing; servers and runs may go on.

    A batch that is lost and withdrawn is no problem: `withdrawn_and_damaged` lists it.

    Args:
        settings: of the home.
        backup: a backup folder, as a further source for repairs.
        progress: called for each item examined.
    """
    look = _Look(settings, open_backup(backup) if backup else None, progress)
    return [
        *look.journal_and_batches(),
        *look.erasures(),
        *look.clock(),
        *look.lake(),
        *look.releases(),
        *look.gone(),
        *look.pointer(),
        *look.access(),
    ]


def withdrawn_and_damaged(settings: Settings) -> list[Entry]:
    """Batches that are missing or damaged and withdrawn: they count nowhere and need no repair."""
    backend = backend_of(settings)
    text = backend.journal()
    landing = landing_of(backend, _put_together(text, {"twin": b""}).best)
    marked = {m.of for m in landing.marks if m.kind == "withdraw"}
    withdrawn = (e for e in landing.entries if e.number in marked and landing.withdrawal(e) and not landing.erasure(e))
    return [e for e in withdrawn if not landing.is_whole(e) and _content(landing.file(e), e)]


def mend(
    settings: Settings, findings: Iterable[Finding], *, backup: Path | None = None, progress: Progress = no_progress
) -> list[str]:
    """Repair what can be, in an order where each step finds what it needs; call only under the run lock.

    Args:
        settings: of the home.
        findings: from `examine`.
        backup: a backup folder to repair from.
        progress: called for each item repaired.

    Returns:
        A line for each action, and for each batch that somebody must send again.
    """
    mending = _Mending(settings, open_backup(backup) if backup else None, progress)
    findings = list(findings)
    in_landing = ("journal", "twin", "clock", "erased", "pack", "batch", "unknown", "mirror")
    for kind in (*in_landing, "lake", "release", "pointer"):
        mine = [f for f in findings if f.kind == kind]
        for done, finding in enumerate(mine, 1):
            progress(finding.where, done, len(mine))
            with mending.backend.exclusive() if kind in in_landing and finding.mendable else nullcontext():
                getattr(mending, kind)(finding)
    if mending.backup:
        landing, gone = open_landing(settings), remembered(mending.backup.folder)
        again = erase_again(landing, gone, now=datetime.now(UTC))
        mending.done += [f"landing/{e.file}: was erased, and is erased again. {_RUN}" for e in again]
        mending.done += [
            f"landing/{e.file}: an identity number in it was masked, and is back. `dif erase --identity` masks it."
            for e in to_mask_again(landing, gone)
        ]
    for finding in (f for f in findings if f.kind == "gone"):
        mending.gone(finding)
    count = janitor(settings)
    return mending.done + ([f"{count} abandoned temporary files were removed."] if count else [])


# --- the journal -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Journal:
    """The local journal, and the longest journal that can be assembled.

    Attributes:
        here: the local journal's complete lines.
        best: every line that any copy has; a lost line is replaced by a line of kind `lost`.
        lost: numbers of lines that no copy has.
        conflicting: copies whose lines differ from this journal's.
        twin_agrees: the twin is a prefix of `best`.
        twin_lacks: how many lines of `best` the twin does not have.
    """

    here: bytes
    best: bytes
    lost: tuple[int, ...]
    conflicting: tuple[str, ...]
    twin_agrees: bool
    twin_lacks: int

    @property
    def twin_problem(self) -> str:
        """What is wrong with the twin; empty when nothing is. A crash may cost it the last line; the next brings it."""
        if not self.twin_agrees:
            return "differs from the journal"
        return f"lacks its last {self.twin_lacks} lines" if self.twin_lacks > 1 else ""

    @property
    def problem(self) -> str:
        """What is wrong with the local journal; empty when nothing is."""
        if self.here == self.best:
            return ""
        if not self.here:
            return "is missing or empty"
        lines = self.here.split(b"\n")[:-1]
        bad = next((n for n, line in enumerate(lines, 1) if _number(line) != n), None)
        missing = self.best.count(b"\n") - len(lines)
        problem = f"line {bad} is damaged" if bad else f"lacks its last {missing} lines"
        lost = (
            f"; {len(self.lost)} lines are in no copy (number {', '.join(map(str, self.lost[:5]))})"
            if self.lost
            else ""
        )
        return problem + lost

    @property
    def taken_back(self) -> dict[int, str]:
        """Lost lines whose batch was withdrawn, with the reason given."""
        marks = (v for line in self.best.split(b"\n")[:-1] if (v := parsed_line(line)) and v.get("of") in self.lost)
        last = {v["of"]: v for v in marks if v.get("kind") in ("withdraw", "reinstate")}
        return {number: str(v["reason"]) for number, v in last.items() if v["kind"] == "withdraw"}


def _journal(settings: Settings, backend: StorageBackend, backup: Backup | None) -> _Journal:
    """Read the copies, then the journal, so that it has every line that a copy got meanwhile."""
    copies = {"twin": backend.twin()}
    if settings.mirror and not settings.landing_url:
        mirror = LocalBackend(settings.mirror)
        copies |= {"mirror": mirror.journal(), "mirror's twin": mirror.twin()}
    if backup:
        copies["backup"] = backup.journal()
    return _put_together(backend.journal(), copies)


def _number(line: bytes) -> int | None:
    value = parsed_line(line)
    return int(value["number"]) if value else None


def _numbered(text: bytes) -> dict[int, bytes]:
    """The sound lines of a journal, by number."""
    return {n: line for line in text.split(b"\n")[:-1] if (n := _number(line)) is not None}


def _put_together(text: bytes, copies: Mapping[str, bytes]) -> _Journal:
    lines = _numbered(text)
    conflicting = []
    for name, copy in copies.items():
        others = _numbered(copy)
        if any(lines.get(n, line) != line for n, line in others.items()):
            conflicting.append(name)
        else:
            lines = others | lines
    highest = max(lines, default=0)
    lost = tuple(n for n in range(1, highest + 1) if n not in lines)
    best = b"".join(_line(n, lines, lost) for n in range(1, highest + 1))
    here = text[: text.rfind(b"\n") + 1]
    lacks = best.count(b"\n") - copies["twin"].count(b"\n")
    return _Journal(here, best, lost, tuple(conflicting), best.startswith(copies["twin"]), lacks)


def _line(number: int, lines: Mapping[int, bytes], lost: tuple[int, ...]) -> bytes:
    """A line as it was; a lost line, or one that refers to a lost batch, is replaced by a line that can be parsed."""
    if number in lines:
        value = parsed_line(lines[number]) or {}
        if value.get("kind") == PACK and any(m["of"] in lost for m in value["members"]):
            return journal_line(_without(value, lost))
        if value.get("kind") == ERASE and lost:
            packs = [_without(pack, lost) for pack in value["packs"]]
            rewritten = [r for r in value["rewritten"] if r["of"] not in lost]
            batches = [n for n in value["batches"] if n not in lost]
            return journal_line(value | {"batches": batches, "rewritten": rewritten, "packs": packs})
        if value.get("kind") != "mend" or value["of"] not in lost:
            return lines[number] + b"\n"
    following = parsed_line(lines[min(n for n in lines if n >= number)]) or {}
    lost_line = {"kind": "lost", "of": 0, "by": "doctor", "reason": "no copy of this line is left"}
    return journal_line({**lost_line, "number": number, "received_at": following["received_at"]})


def _without(pack: Mapping[str, Any], lost: tuple[int, ...]) -> dict[str, Any]:
    """A packed file's fields without the members whose lines are lost."""
    return {**pack, "members": [m for m in pack["members"] if m["of"] not in lost]}


# --- looking ---------------------------------------------------------------------------------------------------------


def _content(path: Path, entry: Entry) -> str:
    """The fault of a batch's rows: reads all of them, checks every page's checksum, and hashes them anew."""
    try:
        sha256 = content_sha256_of(path, entry)
    except FileNotFoundError:
        return "is missing"
    except (pa.ArrowException, OSError, ValueError) as problem:
        return f"cannot be read: {str(problem)[:120]}"
    return "" if sha256 == entry.sha256 else "has changed since it landed"


@dataclass
class _Look:
    """One examination."""

    settings: Settings
    backup: Backup | None
    progress: Progress
    hashes: dict[tuple[int, int], str] = field(default_factory=dict)
    backend: StorageBackend = field(init=False)
    book: _Journal = field(init=False)
    landing: Landing = field(init=False)
    places: dict[str, Place] = field(init=False)

    def __post_init__(self) -> None:
        self.backend = backend_of(self.settings)
        self.read()

    def read(self) -> None:
        """Read the most complete journal that there is."""
        self.book = _journal(self.settings, self.backend, self.backup)
        self.landing = landing_of(self.backend, self.book.best)
        self.places = places_of(self.landing, self.book.best)

    def journal_and_batches(self) -> list[Finding]:
        """Check the journal, its twin, the batches, files that no line names, and the mirror."""
        findings = self._landing(self.places)
        if findings and (not isinstance(self.backend, LocalBackend) or self.settings.landing.is_dir()):
            suspects = {f.where for f in findings}
            # a batch may have been named or packed meanwhile: look at these again under the lock, while senders wait
            with self.backend.exclusive():
                self.read()
                findings = self._landing({n: p for n, p in self.places.items() if self._is_suspect(n, p, suspects)})
        return findings

    def _landing(self, places: Mapping[str, Place]) -> list[Finding]:
        names = set(self.backend.names())
        mirror = self.settings.mirror if self.book.best and not self.settings.landing_url else None
        of_mirror = self._mirror(mirror, places) if mirror else ()
        return [*self._books(names), *self._batches(places), *self._unknown(names), *of_mirror]

    def _is_suspect(self, name: str, place: Place, suspects: set[str]) -> bool:
        files = {place.path, f"mirror/{name}", *(f"landing/{self.landing.entry(n).file}" for n in place.numbers)}
        return not files.isdisjoint(suspects)

    def erasures(self) -> Iterator[Finding]:
        """Report erasures that did not come to their end."""
        for erasure in self.landing.unfinished:
            problem = f"an erasure of {erasure.touched} batches is not finished"
            mend = "`dif run` removes what is left of them, and so does the same `dif erase` again."
            yield Finding(f"landing/journal, line {erasure.number}", problem, mend, mendable=False, kind="erasure")

    def clock(self) -> Iterator[Finding]:
        """Report a clock that was put, and lines of the journal that are dated after it."""
        now = utc_now()
        accept = "Set the clock if it is wrong. If it is right, `dif doctor --mend` accepts it"
        if put := clock.step(self.settings):
            how = "forward" if put > timedelta() else "back"
            problem = f"was put {how} by {in_words(put)} while the machine was running"
            yield Finding("this machine's clock", problem, f"{accept}.", mendable=True, kind="clock")
        if self.landing.newest is not None and self.landing.newest - now > CLOCK_TOLERANCE:
            problem = f"is behind the newest line of the journal by {in_words(self.landing.newest - now)}"
            mend = f"{accept}; until then whatever arrives gets the time of that line, {_minute(self.landing.newest)}."
            yield Finding("this machine's clock", problem, mend, mendable=True, kind="clock")
        if ahead := self.landing.dated_in_the_future(now):
            many = "1 batch is" if len(ahead) == 1 else f"{len(ahead)} batches are"
            problem = f"{many} dated after now, up to {_minute(max(e.received_at for e in ahead))}"
            first = f"{ahead[0].stream}/{ahead[0].producer}/{ahead[0].batch_id}"
            mend = (
                "If the clock is right now: have them sent again under other names, and `dif withdraw` these, first "
                f"{first}."
            )
            yield Finding(f"landing/journal, line {ahead[0].number}", problem, mend, mendable=False, kind="dated")

    def _books(self, names: set[str]) -> Iterator[Finding]:
        local = isinstance(self.backend, LocalBackend)
        if self.book.problem:
            lost = " A batch whose line is lost must be sent again." if self.book.lost else ""
            lost += f" {_never_again(self.book.taken_back)}" if self.book.taken_back else ""
            says = f"`dif doctor --mend` rebuilds it from its copies.{lost}"
            yield Finding("landing/journal", self.book.problem, says if local else _ASK_STORAGE, local, "journal")
        elif not self.book.best and names:
            says = "Restore it with `dif doctor --mend --from BACKUP` or from a mirror, or have every batch sent again."
            problem = f"has no line, but the landing has {len(names)} files"
            yield Finding("landing/journal", problem, says, mendable=False, kind="journal")
        else:
            with suppress(SharingError):  # releases that cannot be read are reported with them
                if (other := Releases(self.settings).other_landing(self.landing)) is not None:
                    yield Finding("landing/journal", other.problem, other.mend, mendable=False, kind="journal")
        if self.backup and "backup" in self.book.conflicting:
            says = "Nothing is restored from its journal. Give a backup of this home: `--from FOLDER/STAMP`."
            problem = "differs from this landing: it belongs to another home, or predates a restore or repair here"
            yield Finding(f"backup {self.backup.stamp}", problem, says, mendable=False, kind="backup")
        if local and self.book.twin_problem:
            says = "`dif doctor --mend` writes it from the journal."
            yield Finding("landing/journal.twin", self.book.twin_problem, says, mendable=True, kind="twin")

    def _batches(self, places: Mapping[str, Place]) -> Iterator[Finding]:
        for done, (name, place) in enumerate(places.items(), 1):
            self.progress(place.path, done, len(places))
            sha256 = self._hash(self.backend, name)
            if place.sha256 and sha256 == place.sha256:
                continue
            entries = [self.landing.entry(n) for n in place.numbers]
            problems = {e.number: p for e in entries if (p := _content(self.backend.local(name), e))}
            ill = [e for e in entries if e.number in problems]
            broken = [self._batch(e, problems[e.number]) for e in ill]
            pairs = zip(ill, broken, strict=True)  # what is withdrawn, and has no copy left, needs no repair
            nobody_waits = [f for e, f in pairs if not f.mendable and self.landing.withdrawal(e) is not None]
            yield from (f for f in broken if f not in nobody_waits)
            if not sha256 and broken and len(nobody_waits) == len(entries):
                continue
            mendable = all(f.mendable for f in broken)
            if (entries[0].packed_in and (sha256 or mendable)) or (place.sha256 and not broken):
                # the bit may lie where no reader looks today, or in the statistics by which readers skip rows
                problem = "has the right rows, but a bit of the file has changed"
                if broken:
                    problem = f"is damaged: {len(broken)} of its {len(entries)} batches" if sha256 else "is missing"
                kind = "pack" if entries[0].packed_in else "batch"
                says = "`dif doctor --mend` puts back a sound copy, or writes its sound batches to files of their own."
                yield Finding(place.path, problem, says, mendable, kind)

    def _hash(self, backend: StorageBackend, name: str) -> str:
        """The SHA-256 of a landed file; empty when it is missing or unreadable."""
        try:
            return hash_once(backend.local(name), self.hashes) if backend.size(name) is not None else ""
        except OSError:
            return ""

    def _batch(self, entry: Entry, problem: str) -> Finding:
        mendable = next(sound_copies(self.settings, self.landing, self.book.best, entry, self.backup), None) is not None
        says = "`dif doctor --mend` puts back a sound copy." if mendable else _send_again(entry)
        return Finding(f"landing/{entry.file}", problem, says, mendable, "batch")

    def _unknown(self, names: set[str]) -> Iterator[Finding]:
        says = (
            "It never led to a receipt, or its line is lost; `dif doctor --mend` sets it aside. {} may send it again."
        )
        packed = {self.backend.name(e.stem, e.file_sha256) for e in self.landing.entries if e.packed_in}
        back = self._taken_back()
        for name in sorted(names - set(self.places)):
            if self.landing.was_emptied(name):
                yield Finding(f"landing/{name}", "holds rows that were erased", _REMOVED, mendable=True, kind="erased")
                continue
            if name in packed:
                mend = "Its batch is now in a larger file; `dif doctor --mend` sets this one aside."
                yield Finding(f"landing/{name}", "is left over from packing", mend, mendable=True, kind="unknown")
                continue
            producer = name.split("/")[1] if name.count("/") > 1 else "Its producer"
            sure = bool(self.book.best)
            problem = "is in no line of the journal"
            mend = says.format(producer) + (f" {_never_again(back)}" if back else "")
            yield Finding(f"landing/{name}", problem, mend, sure, "unknown")

    def _taken_back(self) -> dict[int, str]:
        """Withdrawn batches whose line is lost, now or before an earlier repair, with the reason."""
        missing = {m.number for m in self.landing.marks if m.kind == "lost"}
        last = {m.of: m for m in self.landing.marks if m.of in missing and m.kind in ("withdraw", "reinstate")}
        return {number: m.reason for number, m in last.items() if m.kind == "withdraw"}

    def _mirror(self, folder: Path, places: Mapping[str, Place]) -> Iterator[Finding]:
        """Check the mirror: files that the journal names, and the journal."""
        mirror = LocalBackend(folder)
        says = "`dif doctor --mend` copies it from the landing."
        if not folder.is_dir():
            says = "Check that its disk is mounted; `dif doctor --mend` then fills it."
            yield Finding("mirror/journal", "there is no mirror", says, mendable=True, kind="mirror")
            return
        theirs = _numbered(mirror.journal())
        if theirs and 1 in theirs and not self.book.best.startswith(theirs[1] + b"\n"):
            says = "Set DIF_MIRROR to this home's own folder, or to one that does not exist yet."
            yield Finding("mirror/journal", "belongs to another landing", says, mendable=False, kind="mirror")
            return
        for done, (name, place) in enumerate(places.items(), 1):
            self.progress(f"mirror/{name}", done, len(places))
            withdrawn = all(self.landing.withdrawal(self.landing.entry(n)) is not None for n in place.numbers)
            if (
                withdrawn
                and place.sha256
                and self._hash(self.backend, name) != place.sha256 != self._hash(mirror, name)
            ):
                continue  # given up: neither has a sound copy
            if mirror.size(name) is None:
                yield Finding(f"mirror/{name}", "is missing", says, mendable=True, kind="mirror")
            elif self._hash(mirror, name) != (place.sha256 or self._hash(self.backend, name)):
                yield Finding(f"mirror/{name}", "has changed since it landed", says, mendable=True, kind="mirror")
        for name in mirror.names():
            if name not in self.places and self.landing.was_emptied(name):
                problem = "holds rows that were erased"
                yield Finding(f"mirror/{name}", problem, _REMOVED, mendable=True, kind="erased")
        text = mirror.journal()  # read last: it may have grown meanwhile, but never lost lines read above
        if not text.startswith(self.book.best):
            short = self.book.best.startswith(text[: text.rfind(b"\n") + 1]) and b"\0" not in text
            problem = "lacks lines of the journal" if short else "differs from the journal"
            yield Finding("mirror/journal", problem, says, mendable=True, kind="mirror")

    def lake(self) -> Iterator[Finding]:
        """Check each table's log and files: size, SHA-256 where recorded, else every page."""
        recorded: dict[str, Mapping[str, Any]] = {}
        for name in Releases(self.settings).names() if self.settings.lake_folder is None else ():
            with suppress(SharingError):
                release = Releases(self.settings).get(name)
                # a changed manifest is reported elsewhere; its record of the lake proves nothing
                recorded |= release.section("lake") if is_sealed(release.manifest) else {}
        recorded |= recorded_logs(self.settings.lake)
        folders = sorted(p for p in self.settings.lake.glob("*/*") if p.is_dir())
        for done, folder in enumerate(folders, 1):
            table = folder.relative_to(self.settings.lake)
            self.progress(f"lake/{table}", done, len(folders))
            problem = self._table(folder, recorded)
            if problem:
                says = f"It is derived: `dif doctor --mend` drops the table. {_RUN}"
                # `dif run --full` writes files under their old names
                at_work = atomic_files.is_held(self.settings.home)
                if at_work:
                    says = "A run is at work, and may be making it again: look once more when it has ended."
                yield Finding(f"lake/{table}", problem, says, mendable=not at_work, kind="lake")

    def _table(self, folder: Path, recorded: Mapping[str, Mapping[str, Any]]) -> str:
        """The first problem of a table; empty when there is none."""
        log = folder / "_delta_log"
        if not log.is_dir():
            return "has files but no log" if any(folder.rglob("part-*.parquet")) else ""
        table = folder.relative_to(self.settings.lake)
        from transport.lake.tables import problem_of  # imported late: what only reads the landing needs no engine

        try:
            versions = {p.name: p for p in log.iterdir() if p.is_file()}
            for name, path in versions.items():
                self._is_recorded(path, recorded.get(f"{table}/_delta_log/{name}"))
            for name, action in table_files(versions).items():
                if self.settings.lake_url and not (folder / name).exists():
                    continue  # a copy that nobody has needed here
                self._lake_file(folder / name, action, recorded.get(f"{table}/{name}"))
        except Damaged as broken:
            return broken.problem
        problem = problem_of(folder)  # opens it as a run would
        return f"cannot be opened: {problem}" if problem else ""

    def _is_recorded(self, file: Path, recorded: Mapping[str, Any] | None) -> bool:
        """Whether a release recorded this very file, so that its pages need no check; a new file of that name does not.

        Raises:
            Damaged: its SHA-256 differs from the recorded one.
        """
        status = file.stat()
        if not recorded or not {"inode", "mtime_ns", "sha256"} <= set(recorded):
            return False
        if status.st_ino != recorded["inode"] and status.st_mtime_ns != recorded["mtime_ns"]:
            return False
        if hash_once(file, self.hashes) != recorded["sha256"]:
            raise Damaged(f"{file.name} has changed since it was written.", "")
        return True

    def _lake_file(self, file: Path, action: Mapping[str, Any], recorded: Mapping[str, Any] | None) -> None:
        """Check one file of the lake.

        Raises:
            Damaged: the file is missing, changed or unreadable.
        """
        try:
            if file.stat().st_size != action["size"]:
                raise Damaged(f"{file.name} has changed in length.", "")
            written, _ = hash_and_rows(action)
            if written and hash_once(file, self.hashes) != written:
                raise Damaged(f"{file.name} has changed since it was written.", "")
            if written or self._is_recorded(file, recorded):
                return
            opened = pq.ParquetFile(file, page_checksum_verification=True)
            for batch in opened.iter_batches(batch_size=BLOCK):
                batch.validate(full=True)
        except FileNotFoundError:
            raise Damaged(f"it lacks {file.name}.", "") from None
        except (pa.ArrowException, OSError, ValueError) as problem:
            raise Damaged(f"{file.name} cannot be read ({type(problem).__name__}).", "") from None

    def releases(self) -> Iterator[Finding]:
        """Check every release's files against its manifest, and the manifest against its own digest."""
        folders = release_folders(self.settings)
        for done, folder in enumerate(folders, 1):
            self.progress(f"releases/{folder.name}", done, len(folders))
            says = (
                "`dif doctor --mend` puts back what the backup has, or sets the release aside. "
                "It can be made again: `dif run --full`."
            )
            for line in wrong_with_release(self.settings, folder.name, self.hashes):
                yield Finding(f"releases/{folder.name}", line, says, mendable=True, kind="release")

    def gone(self) -> Iterator[Finding]:
        """Report releases that readers may ask for by name, and that are not there.

        One that a register names, and that is from before the last erasure, is not missed: it may have gone by it.
        """
        releases = Releases(self.settings)
        erased = max((calendar.day_in_oslo(e.received_at).isoformat() for e in self.landing.erasures), default="")
        named_releases: dict[str, str] = {}
        with suppress(Damaged):  # the batch is reported elsewhere
            named_releases = {
                name: register for name, register in releases_named(self.landing).items() if name > erased
            }
        try:
            missing = missing_releases(releases, named_releases)
        except Damaged as lost:
            problem = "cannot be read; no release is removed"
            yield Finding(f"releases/{HOLDS_FILE}", problem, lost.mend, mendable=False, kind="held")
            return
        for name, why in missing.items():
            mendable = self.backup is not None and self.backup.file(f"releases/{name}/manifest.json") is not None
            mend = "`dif doctor --mend` puts it back."
            if not mendable:
                mend = "`dif doctor --mend --from BACKUP` puts it back, from a backup that has it."
            if "holds it" in why:
                mend += f" If none does: `dif release hold {name} --off`."
            yield Finding(f"releases/{name}", f"is gone, and {why}", mend, mendable=mendable, kind="gone")

    def pointer(self) -> Iterator[Finding]:
        """Check the pointer, if there is a release to point at."""
        problem = _wrong_with_pointer(self.settings)
        if problem:
            says = (
                "`dif doctor --mend` points at the newest whole release; `dif run` then makes a new one, "
                "and `dif release rollback` chooses another."
            )
            yield Finding("releases/current", problem, says, mendable=True, kind="pointer")

    def access(self) -> Iterator[Finding]:
        """Report files in `access/` that keep everybody out."""
        trouble = nobody_let_in(self.settings)
        if trouble is not None:
            problem = f"nobody is let in: {trouble.problem}"
            yield Finding("access", problem, trouble.mend, mendable=False, kind="access")
        try:
            read_pages(self.settings.home / "access" / FILE)
        except WrongUse as trouble:
            problem = f"no visitor of the pages is let in: {trouble.problem}"
            yield Finding(f"access/{FILE}", problem, trouble.mend, mendable=False, kind="access")
        key = self.settings.home / "access" / perturbation_key.FILE
        if self.settings.releases_url and not key.exists():
            return  # a machine that makes no release needs none
        with suppress(SharingError):  # releases that cannot be read are reported with them
            made_with = Releases(self.settings).secret_of_current()
            if wrong := perturbation_key.problem_of(self.settings, made_with=made_with):
                problem = f"no run can publish: {wrong.problem}"
                yield Finding(f"access/{perturbation_key.FILE}", problem, wrong.mend, mendable=False, kind="access")


_ASK_STORAGE = "Put back an earlier version of the object in the storage, or `dif restore` a backup into another home."


_REMOVED = "`dif doctor --mend` removes it."


def in_words(span: timedelta) -> str:
    """A span of time without its sign, in the largest unit that fits."""
    seconds = abs(span).total_seconds()
    for unit, size in (("days", 86_400), ("hours", 3600)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 60:.0f} minutes"


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _never_again(taken_back: Mapping[int, str]) -> str:
    """A warning about withdrawn batches whose line, and so name, is lost: they would be accepted again."""
    lines = ", ".join(f"line {number} (because: {reason})" for number, reason in taken_back.items())
    return (
        f"Do not send withdrawn batches again: {lines}. Their names are lost, so they would be accepted as new and "
        "count; withdraw them if they arrive."
    )


def _send_again(entry: Entry) -> str:
    return (
        f"No sound copy is known: give one with `--from BACKUP`; have {entry.producer} send {entry.batch_id} again "
        f"(it is accepted again); or give it up with "
        f"`dif withdraw {entry.stream}/{entry.producer}/{entry.batch_id} --reason …`."
    )


def release_folders(settings: Settings) -> list[Path]:
    """Every release's folder, including those whose manifest is gone."""
    paths = settings.releases.iterdir() if settings.releases.is_dir() else ()
    return sorted(
        p for p in paths if p.is_dir() and not p.is_symlink() and not p.name.startswith(".") and p.name != "current"
    )


def wrong_with_release(settings: Settings, name: str, hashes: dict[tuple[int, int], str]) -> list[str]:
    """The faults of a release's files or manifest."""
    try:
        return Releases(settings).verify(name, hashes=hashes)
    except SharingError as problem:
        return [problem.problem if (settings.releases / name / "manifest.json").exists() else "manifest.json: missing"]
    except OSError as problem:
        return [f"a file cannot be read: {problem.strerror}"]
    except (KeyError, TypeError, AttributeError, ValueError):
        return ["manifest.json: changed since it was published"]


def _wrong_with_pointer(settings: Settings) -> str:
    pointer = settings.releases / "current"
    if not pointer.is_symlink():
        if pointer.exists():
            return "is not a pointer"
        usual = [p for p in release_folders(settings) if not p.name.startswith("asof-")]
        return "is missing" if usual else ""
    if not pointer.exists():
        return "points at a release that is gone"
    target = pointer.resolve()
    inside = target.parent == settings.releases.resolve() and (target / "manifest.json").is_file()
    return "" if inside else "points at something that is not a release"


def sound_copies(
    settings: Settings, landing: Landing, text: bytes, entry: Entry, backup: Backup | None
) -> Iterator[tuple[Path, Entry]]:
    """Sound files that hold a batch's rows; each with the entry that locates the rows in it.

    Copies of the batch's own file come first: those that match it byte for byte, or whose rows at least are sound. Then
    the larger files that it was packed in.
    """
    own = dataclasses.replace(entry, packed_in="", first_row=0)
    candidates = [(landing.place(own), f"landing/{entry.file}", own)]
    for line in text.split(b"\n")[:-1]:
        for pack in packs_in(parsed_line(line)) if MEMBERS in line else ():
            for member in pack["members"]:
                if member["of"] == entry.number:
                    packed = dataclasses.replace(entry, packed_in=pack["file"], first_row=member["first_row"])
                    candidates.append((pack["file"], f"landing/{pack['file']}", packed))
    for name, place, as_entry in candidates:
        files = [settings.mirror / name] if settings.mirror and not settings.landing_url else []
        files += [f] if backup and (f := backup.file(place)) else []
        files += [landing.backend.local(name)] if landing.backend.size(name) is not None else []
        for path in files:
            exact = not as_entry.packed_in and entry.file_sha256 and sha256_of(path) == entry.file_sha256
            if path.is_file() and (exact or not _content(path, as_entry)):
                yield path, as_entry


# --- mending ---------------------------------------------------------------------------------------------------------


@dataclass
class _Mending:
    """One round of repairs; each method handles the findings of its kind."""

    settings: Settings
    backup: Backup | None
    progress: Progress
    done: list[str] = field(default_factory=list)
    aside: Path = field(init=False)
    landing: Landing | None = None

    def __post_init__(self) -> None:
        now = datetime.now(UTC)
        self.aside = self.settings.home / "damaged" / f"{now:%Y%m%dT%H%M%S.%fZ}"
        self.backend = backend_of(self.settings)

    def journal(self, finding: Finding) -> None:
        """Replace the journal by the longest one that its copies give, keeping the damaged one."""
        if not isinstance(self.backend, LocalBackend):
            self.done.append(f"{finding.where}: not repaired here. {_ASK_STORAGE}")
            return
        book = _journal(self.settings, self.backend, self.backup)
        if not book.problem:
            return
        self._copy_aside(self.backend.folder / JOURNAL, "landing/journal")
        self._replace_journal(self.backend, book.best)
        lines = book.best.count(b"\n")
        self.done.append(f"landing/journal: rebuilt, {lines} lines, {len(book.lost)} of them lost.")
        if book.taken_back:
            self.done.append(f"landing/journal: {_never_again(book.taken_back)}")

    def clock(self, finding: Finding) -> None:
        """Accept the clock as it is, which a person has seen to be right."""
        clock.note(self.settings, anew=True)
        landing, now = open_landing(self.settings), utc_now()
        if landing.newest is not None and landing.newest - now > CLOCK_TOLERANCE:
            landing.trust_clock(by="drift", reason="the clock was ahead", now=now)
        self.done.append(f"{finding.where}: {_minute(now)} is accepted as the right time.")

    def twin(self, finding: Finding) -> None:
        """Rewrite the twin from the journal."""
        if isinstance(self.backend, LocalBackend):
            book = _journal(self.settings, self.backend, None)
            if not book.problem and book.twin_problem:
                self._replace_journal(self.backend, book.best)
            self.done.append(f"{finding.where}: written from the journal.")

    def pack(self, finding: Finding) -> None:
        """Write the sound batches of a pack, from wherever they are, to own files, and set it aside."""
        landing, text = self._read()
        for name, place in places_of(landing, text).items():
            if place.path == finding.where:
                count = sum(self._put_back(landing, text, landing.entry(number)) for number in place.numbers)
                files = f"{count} of its {len(place.numbers)} batches have files of their own now."
                self.done.append(f"{finding.where}: {files}")
                self._set_aside(name)

    def batch(self, finding: Finding) -> None:
        """Replace a batch by a sound copy, or set it aside and name the producer who must send it again."""
        landing, text = self._read()
        entry = next((e for e in landing.entries if f"landing/{e.file}" == finding.where), None)
        if entry is None or (landing.is_whole(entry) and not _content(landing.file(entry), entry)):
            return
        if self._put_back(landing, text, entry):
            self.done.append(f"{finding.where}: put back.")
            return
        if not entry.packed_in:
            self._set_aside(landing.place(entry))
        self.done.append(
            f"{finding.where}: have {entry.producer} send {entry.batch_id} again (it is accepted again), "
            f"or `dif withdraw {entry.stream}/{entry.producer}/{entry.batch_id} --reason …`."
        )

    def unknown(self, finding: Finding) -> None:
        """Set an unlisted file aside."""
        name = finding.where.removeprefix("landing/")
        if finding.mendable:
            landing, _ = self._read()
            if name not in {landing.place(e) for e in landing.entries}:
                self._set_aside(name)

    def erased(self, finding: Finding) -> None:
        """Remove a file with rows that were erased, here and in the mirror."""
        name, (landing, _) = finding.where.partition("/")[2], self._read()
        if landing.was_emptied(name) and name not in {
            landing.place(e) for e in landing.entries if not landing.erasure(e)
        }:
            self.backend.remove(name)
            self.done.append(f"{finding.where}: removed; its rows were erased.")

    def mirror(self, finding: Finding) -> None:
        """Copy a file from the landing, if it is sound there."""
        if self.settings.mirror is None or not finding.mendable:
            return
        mirror, name = LocalBackend(self.settings.mirror), finding.where.removeprefix("mirror/")
        landing, text = self._read()
        places = places_of(landing, text)
        if name != JOURNAL:
            self._fill_mirror(mirror, name, places)
            return
        for each in places:
            if mirror.size(each) is None:
                self._fill_mirror(mirror, each, places)
        self._copy_aside(self.settings.mirror / JOURNAL, "mirror/journal")
        mirror.replace_journal(text)
        self.done.append("mirror/journal: written from the journal.")

    def lake(self, finding: Finding) -> None:
        """Drop the table."""
        shutil.rmtree(self.settings.lake / finding.where.removeprefix("lake/"), ignore_errors=True)
        self.done.append(f"{finding.where}: dropped. {_RUN}")

    def release(self, finding: Finding) -> None:
        """Mend a release from its own blocks, or set it aside and restore it from the backup."""
        name = finding.where.removeprefix("releases/")
        folder = self.settings.releases / name
        if not folder.is_dir() or not wrong_with_release(self.settings, name, {}):
            return
        blocks.mend(folder)
        if not wrong_with_release(self.settings, name, {}):
            self.done.append(f"{finding.where}: its databases were joined again from their blocks.")
            return
        target = self._aside(finding.where)
        folder.replace(target)
        atomic_files.sync_folder(self.settings.releases)
        self.done.append(f"{finding.where}: set aside in {target.relative_to(self.settings.home)}.")
        self.gone(finding)
        self.pointer(finding)

    def gone(self, finding: Finding) -> None:
        """Put a release back from the backup, unless it was made of rows that were erased since."""
        name = finding.where.removeprefix("releases/")
        folder = self.settings.releases / name
        listed = {r["name"] for r in self.backup.manifest["releases"]} if self.backup else set()
        if self.backup is None or name not in listed or folder.exists():
            return
        half = self.settings.releases / f"{atomic_files.TEMPORARY}{name}"
        shutil.rmtree(half, ignore_errors=True)
        begin = f"releases/{name}/"
        for place, record in self.backup.files.items():
            if place.startswith(begin):
                target = half / place.removeprefix(begin)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(pooled(self.backup.folder, record["sha256"]), target)
                target.chmod(int(record["mode"]))
                atomic_files.sync_file(target)
        half.rename(folder)
        atomic_files.sync_folder(self.settings.releases)
        wrong = wrong_with_release(self.settings, name, {})
        if wrong or Releases(self.settings).contains_erased_rows(name, self._read()[0]):
            shutil.rmtree(folder)
            why = "it is not what was published" if wrong else "it was made of rows that were erased since"
            self.done.append(f"{finding.where}: not put back, because {why}.")
            return
        self.done.append(f"{finding.where}: put back from the backup.")

    def pointer(self, finding: Finding) -> None:  # noqa: ARG002 - as the others
        """Point at the newest sound release, if the pointer is wrong."""
        if not _wrong_with_pointer(self.settings):
            return
        releases = Releases(self.settings)
        pointer = self.settings.releases / "current"
        whole = (
            n
            for n in reversed(releases.names())
            if not n.startswith("asof-") and n != "current" and not wrong_with_release(self.settings, n, {})
        )
        name = next(whole, None)
        if pointer.is_dir() and not pointer.is_symlink():
            pointer.replace(self._aside("releases/current"))
        if name is None:
            pointer.unlink(missing_ok=True)
            self.done.append("releases/current: no release is whole. `dif run --full` makes one.")
            return
        releases.point(name)
        self.done.append(
            f"releases/current: readers now open {name}. `dif run` makes a new release if it lacks anything."
        )

    def _read(self) -> tuple[Landing, bytes]:
        if self.landing is None:
            self.landing = open_landing(self.settings)
        self.landing.refresh()
        text = self.backend.journal()
        return self.landing, text[: text.rfind(b"\n") + 1]

    def _put_back(self, landing: Landing, text: bytes, entry: Entry) -> bool:
        """Restore a batch from a sound copy, as a file of its own; returns whether there was one."""
        path, as_entry = next(sound_copies(self.settings, landing, text, entry, self.backup), (None, None))
        if path is None or as_entry is None:
            return False
        now = datetime.now(UTC)
        if not as_entry.packed_in and sha256_of(path) == entry.file_sha256:
            landing.put_back(entry, path, now=now)
            return True
        self.settings.scratch.mkdir(parents=True, exist_ok=True)
        copy = atomic_files.temporary_beside(self.settings.scratch / "batch.parquet")
        try:
            take_out(path, as_entry, copy)
            landing.put_back(entry, copy, now=now)
        finally:
            copy.unlink(missing_ok=True)
        return True

    def _fill_mirror(self, mirror: LocalBackend, name: str, places: Mapping[str, Place]) -> None:
        place = places.get(name)
        here = self.backend.local(name)
        if place is None or self.backend.size(name) is None or (place.sha256 and sha256_of(here) != place.sha256):
            return
        copy = mirror.temporary(name.removesuffix(".parquet"))
        shutil.copyfile(here, copy)
        mirror.ready(copy)
        mirror.put([(copy, name)])
        self.done.append(f"mirror/{name}: copied from the landing.")

    def _aside(self, where: str) -> Path:
        target = self.aside / where
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def _replace_journal(self, backend: LocalBackend, text: bytes) -> None:
        """Write the journal and its twin, setting a folder aside that stands in the twin's place."""
        place = backend.folder / TWIN
        if place.is_dir():
            place.replace(self._aside("landing/journal.twin"))
        backend.replace_journal(text)

    def _copy_aside(self, path: Path, where: str) -> None:
        if path.is_file():
            shutil.copyfile(path, self._aside(where))

    def _set_aside(self, name: str) -> None:
        """Copy a landed file out of the landing, then remove it there."""
        if self.backend.size(name) is None:
            return
        target = self._aside(f"landing/{name}")
        shutil.copyfile(self.backend.local(name), target)
        self.backend.remove(name)
        self.done.append(f"landing/{name}: set aside in {target.relative_to(self.settings.home)}.")
