"""R4 and R15: what is damaged at rest is found and put right, and a backup taken under load comes back whole."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from catalog.errors import Damaged, SharingError
from tests.reliability.bits import flipped
from tests.reliability.board import Figure, figure
from tests.reliability.crashes import mixed, publish_version
from tests.reliability.zygote import (
    NOW,
    batch,
    batch_id,
    client_at,
    home_in,
    keep,
    scratch,
    serving,
    wrongs,
)
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.operations import doctor
from transport.operations.backup import back_up, open_backup, restore
from transport.releases.store import Release, Releases
from transport.storage import compaction
from transport.storage.landing import open_landing

AS_OF = datetime(2027, 1, 10, 9, tzinfo=UTC)
DAMAGES = ("cut", "zeroed", "flipped", "missing")
_HAD = range(5)
_EACH_WAY = 0.5
"""Below this scale each place is damaged in two ways of the four."""


def damage(path: Path, kind: str, chance: random.Random) -> None:
    """Damage a file where it lies, as a bad disk does: the same inode, and no new time of change."""
    found = path.stat()
    content = path.read_bytes()
    if kind == "missing":
        path.unlink()
        return
    changed = {
        "cut": lambda: content[: chance.randrange(len(content))],
        "zeroed": lambda: bytes(len(content)),
        "flipped": lambda: flipped(content, chance.randrange(len(content) * 8)),
    }[kind]()
    path.chmod(0o644)
    with path.open("r+b") as handle:
        handle.write(changed)
        handle.truncate(len(changed))
    path.chmod(found.st_mode & 0o777)
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))


def found_at(findings: list[doctor.Finding], *places: str) -> bool:
    """Whether the doctor speaks of each of the places."""
    return all(any(f.where.startswith(p) for f in findings) for p in places)


def mended(settings: Settings, findings: list[doctor.Finding], backup: Path | None = None) -> list[str]:
    """Mend under the run lock; what was done."""
    with atomic_files.locked(settings.home):
        return doctor.mend(settings, findings, backup=backup)


# --- R4: landing and journal ------------------------------------------------------------------------------------------


@contextmanager
def _house(folder: Path, *, copy: str) -> Iterator[tuple[Settings, Path | None]]:
    """A home with a few batches and, by `copy`, a mirror, a backup, or neither; the newest batch is what is damaged."""
    settings = home_in(folder / "home", mirror=folder / "mirror" if copy == "mirror" else None)
    landing = open_landing(settings)
    for number in _HAD:
        keep(landing, number)
    backup = folder / "backup" if copy == "backup" else None
    if backup:
        back_up(settings, backup, now=NOW)
    yield settings, backup
    shutil.rmtree(folder)


def damaged_batch(folder: Path, kind: str, copy: str, chance: random.Random) -> list[str]:
    """The newest landed file is damaged."""
    wrong: list[str] = []
    newest = max(_HAD)
    with _house(folder, copy=copy) as (settings, backup):
        entry = open_landing(settings).entries[-1]
        damage(settings.landing / entry.file, kind, chance)
        findings = doctor.examine(settings, backup=backup)
        if not found_at(findings, f"landing/{entry.file}"):
            wrong.append("the doctor does not find it")
        said = mended(settings, findings, backup)
        landing = open_landing(settings)
        if copy:
            if not landing.is_whole(landing.entries[-1]):
                wrong.append(f"it was not put back from the {copy}: {said}")
            if keep(landing, newest) != ["duplicate"]:
                wrong.append("the mended batch is not known")
        elif any(line.endswith("put back.") for line in said):  # only a bit was flipped where no reader looks
            if kind != "flipped" or not landing.is_whole(landing.entries[-1]):
                wrong.append(f"it is said to be put back, and there is no other copy: {said}")
        else:
            if not any(entry.batch_id in line and "again" in line for line in said):
                wrong.append(f"nobody is told to send it again: {said}")
            if keep(landing, newest) != ["accepted"]:
                wrong.append("it was answered `duplicate` while it was damaged")
        wrong += [f"afterwards: {f.where} {f.problem}" for f in doctor.examine(settings, backup=backup)]
        wrong += wrongs(settings, _HAD)
    return wrong


def damaged_and_sent_again(folder: Path, kind: str, _copy: str, chance: random.Random) -> list[str]:
    """The newest landed file is damaged, and the producer sends the batch again before any doctor comes."""
    with _house(folder, copy="") as (settings, _):
        landing = open_landing(settings)
        damage(landing.file(landing.entries[-1]), kind, chance)
        wrong = [] if keep(landing, max(_HAD)) == ["accepted"] else ["answered `duplicate` while it was damaged"]
        return wrong + [f"{f.where} {f.problem}" for f in doctor.examine(settings)] + wrongs(settings, _HAD)


def damaged_journal(folder: Path, kind: str, copy: str, chance: random.Random) -> list[str]:
    """The journal is damaged; where there is a mirror or a backup its twin is lost with it."""
    wrong: list[str] = []
    with _house(folder, copy=copy) as (settings, backup):
        damage(settings.landing / "journal", kind, chance)
        if copy:
            (settings.landing / "journal.twin").unlink()
        else:
            with suppress(Damaged):
                wrong.append(f"it opens, and answers {keep(open_landing(settings), max(_HAD))}")
        findings = doctor.examine(settings, backup=backup)
        if not found_at(findings, "landing/journal"):
            wrong.append(f"the doctor does not find it: {[f.where for f in findings]}")
        mended(settings, findings, backup)
        try:
            landing = open_landing(settings)
        except Damaged as problem:
            return [*wrong, f"it does not open after mending: {problem.problem}"]
        for number in _HAD:
            (status,) = keep(landing, number)
            if status != "duplicate":
                wrong.append(f"{batch_id(number)} was forgotten")
        wrong += [f"afterwards: {f.where} {f.problem}" for f in doctor.examine(settings, backup=backup)]
        wrong += wrongs(settings, _HAD)
    return wrong


def damaged_in_use(folder: Path, kind: str, _copy: str, chance: random.Random) -> list[str]:
    """The journal is damaged under a process that has it open and goes on; what it acknowledges must last."""
    wrong: list[str] = []
    with _house(folder, copy="") as (settings, _):
        landing = open_landing(settings)
        damage(settings.landing / "journal", kind, chance)
        acknowledged = list(_HAD)
        for number in (100, 101):
            with suppress(SharingError):
                if keep(landing, number) == ["accepted"]:
                    acknowledged.append(number)
        findings = doctor.examine(settings)
        if not found_at(findings, "landing/journal"):
            wrong.append("the doctor does not find it")
        mended(settings, findings)
        wrong += wrongs(settings, acknowledged, retried=False)
    return wrong


def damaged_pointer(folder: Path, kind: str, _copy: str, chance: random.Random) -> list[str]:
    """`current` is damaged."""
    settings = home_in(folder)
    publish_version(settings, 1)
    name = publish_version(settings, 2)
    pointer = settings.releases / "current"
    pointer.unlink()
    if kind == "cut":
        pointer.symlink_to(name[: chance.randrange(1, len(name))])
    elif kind == "zeroed":
        pointer.write_bytes(bytes(len(name)))
    elif kind == "flipped":
        place = chance.randrange(len(name))
        pointer.symlink_to(name[:place] + chr(ord(name[place]) ^ 1) + name[place + 1 :])
    return _mended_release(settings, "releases/current", 2)


def damaged_release(folder: Path, kind: str, _copy: str, chance: random.Random) -> list[str]:
    """A file of the newest release is damaged; readers get the one before until the next run."""
    settings = home_in(folder)
    publish_version(settings, 1)
    name = publish_version(settings, 2)
    at = settings.releases / name
    files = sorted(p for p in at.rglob("*") if p.is_file() and p.stat().st_nlink == 1)
    damage(chance.choice(files), kind, chance)
    return _mended_release(settings, f"releases/{name}", 1)


def _mended_release(settings: Settings, place: str, version: int) -> list[str]:
    findings = [f for f in doctor.examine(settings) if f.where.startswith("releases")]
    wrong = [] if found_at(findings, place) else ["the doctor does not find it"]
    mended(settings, findings)
    wrong += mixed(settings, {version})
    wrong += [f"afterwards: {f.where} {f.problem}" for f in doctor.examine(settings) if f.where.startswith("releases")]
    publish_version(settings, 3)
    return wrong + mixed(settings, {3})


PLACES: tuple[tuple[str, Callable[[Path, str, str, random.Random], list[str]], str], ...] = (
    ("landing", damaged_batch, ""),
    ("landing, sent again at once", damaged_and_sent_again, ""),
    ("landing with a mirror", damaged_batch, "mirror"),
    ("landing with a backup", damaged_batch, "backup"),
    ("journal", damaged_journal, ""),
    ("journal and twin with a mirror", damaged_journal, "mirror"),
    ("journal and twin with a backup", damaged_journal, "backup"),
    ("journal in use", damaged_in_use, ""),
    ("pointer", damaged_pointer, ""),
    ("release", damaged_release, ""),
)


# --- R4: lake and release, remade by a run ----------------------------------------------------------------------------


def made(settings: Settings, *, upto: int | None = None) -> Release:
    """A real run over a home, from its landing to a release; up to a number of the journal, in a lake of its own."""
    from pipelines.run import steps

    mine = settings.but(memory_mb=500, threads=2)
    replay = upto is not None
    if replay:
        mine = mine.but(lake_folder=settings.home / "tmp" / "lake-of-replay")
    with atomic_files.locked(settings.home):
        release = steps.run_all(steps.start(mine, AS_OF, replay=replay, upto=upto))
    assert release is not None
    return release


def hashes_of(release: Release) -> dict[str, object]:
    """The content hash of each dataset that has one."""
    said = release.manifest["datasets"]
    assert isinstance(said, dict)
    return {name: d["content_hash"] for name, d in said.items() if d["content_hash"]}


def remade(settings: Settings, chance: random.Random) -> tuple[int, list[str]]:
    """Damage lake and release of a real home: each is found, then mended, and a run makes the same content again."""
    landing = open_landing(settings)
    for number in _HAD:
        keep(landing, number)
    first = made(settings)
    before, wrong = hashes_of(first), [f"before: {f.where} {f.problem}" for f in doctor.examine(settings)]
    tables = sorted({p.parent for p in settings.lake.rglob("part-*.parquet")})
    chosen = chance.sample([t for t in tables if t.parent.parent.name == "lake"], len(DAMAGES))
    for kind, table in zip(DAMAGES, chosen, strict=True):
        damage(chance.choice(sorted(table.glob("part-*.parquet"))), kind, chance)
    findings = doctor.examine(settings)
    for kind, table in zip(DAMAGES, chosen, strict=True):
        if not found_at(findings, f"lake/{table.relative_to(settings.lake)}"):
            wrong.append(f"lake, {kind}: the doctor does not find {table.name}")
    damage(first.folder / "dif.duckdb", chance.choice(DAMAGES), chance)
    findings = doctor.examine(settings)
    if not found_at(findings, f"releases/{first.name}"):
        wrong.append("release: the doctor does not find it")
    mended(settings, findings)
    again = made(settings)
    if hashes_of(again) != before:
        wrong.append("what was made again has other content")
    wrong += [f"afterwards: {f.where} {f.problem}" for f in doctor.examine(settings)]
    return len(DAMAGES) + 1, wrong


@figure("R4")
def r4(scale: float, seed: int) -> Figure:
    """Damage each place in each way."""
    began, chance = time.monotonic(), random.Random(seed)
    n, wrong, facts = 0, [], {}
    rounds = max(1, round(2 * scale))
    for place, tried, copy in PLACES:
        for kind in DAMAGES * rounds if scale >= _EACH_WAY else chance.sample(DAMAGES, 2):
            with scratch() as folder:
                wrong += [f"{place}, {kind}: {w}" for w in tried(folder / "x", kind, copy, chance)]
            n += 1
    if scale >= 1:
        with scratch() as folder:
            more, found = remade(home_in(folder / "home"), chance)
        n, wrong = n + more, wrong + found
        facts["lake and release"] = "made again by a run, with equal content hashes"
    else:
        facts["lake"] = "damaged and made again by a run only at full size"
    missed = _by_size_alone(chance)
    return Figure(
        "R4",
        "cut, zeroed, flipped, missing × landing, journal, lake, release, pointer",
        n,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"looking at names and sizes alone misses {', '.join(missed)}",
        control_saw=bool(missed),
        facts=facts,
    )


def _by_size_alone(chance: random.Random) -> list[str]:
    missed = []
    with scratch() as folder:
        for kind in DAMAGES:
            path = folder / kind
            path.write_bytes(b"x" * 1000)
            damage(path, kind, chance)
            if path.exists() and path.stat().st_size == 1000:
                missed.append(kind)
    return missed


# --- R15: a backup under load -----------------------------------------------------------------------------------------


@dataclass
class _Load:
    """Clients that send to a real server, a publisher and a packer, until told to end."""

    settings: Settings
    acknowledged: list[int] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    end: threading.Event = field(default_factory=threading.Event)

    def sends(self, place: str, first: int) -> None:
        with client_at(place, tries=5) as client:
            number = first
            while not self.end.is_set():
                client.send("dispatch", batch_id(number), batch(number))
                self.acknowledged.append(number)
                number += 1

    def publishes(self) -> None:
        version = 1
        while not self.end.is_set():
            version += 1
            with atomic_files.locked(self.settings.home):
                publish_version(self.settings, version)
                compaction.pack(open_landing(self.settings), now=AS_OF)

    def wait_for(self, more: int) -> None:
        """Until so many more batches have a receipt."""
        goal, until = len(self.acknowledged) + more, time.monotonic() + 30
        while len(self.acknowledged) < goal and time.monotonic() < until:
            time.sleep(0.005)


@contextmanager
def _under_load(settings: Settings) -> Iterator[_Load]:
    load = _Load(settings)
    publish_version(settings, 1)
    with serving(settings) as servers, ThreadPoolExecutor(3) as at_work:
        jobs = [at_work.submit(load.sends, servers.place(), first) for first in (0, 100_000)]
        jobs.append(at_work.submit(load.publishes))
        try:
            load.wait_for(30)
            yield load
        finally:
            load.end.set()
            for job in jobs:
                job.result()


def copied_naively(load: _Load, to: Path) -> list[str]:
    """The control: copy the files, then the journal, while batches come in."""
    home = load.settings.home
    with suppress(shutil.Error):  # a file that was packed meanwhile is gone; the others are copied all the same
        shutil.copytree(
            home / "landing", to / "landing", ignore=shutil.ignore_patterns("journal*", ".tmp-*", ".packed")
        )
    load.wait_for(3)
    shutil.copyfile(home / "landing" / "journal", to / "landing" / "journal")
    return wrongs(home_in(to), [])


def restored(load: _Load, backup: Path, home: Path) -> tuple[list[str], int]:
    """Take a backup while the load goes on, restore it into another home, and compare; how many batches it has."""
    before = list(load.acknowledged)
    taken = back_up(load.settings, backup, now=datetime.now(UTC))
    wrong = [f"the backup says: {p}" for p in taken.problems]
    if len(load.acknowledged) == len(before):
        load.wait_for(1)
    restore(open_backup(backup, taken.stamp), home)
    settings = home_in(home)
    wrong += wrongs(settings, before)
    here, there = open_landing(settings), open_landing(load.settings)
    if [(e.number, e.batch_id, e.sha256) for e in here.entries] != [
        (e.number, e.batch_id, e.sha256) for e in there.entries[: len(here.entries)]
    ]:
        wrong.append("the restored journal is no beginning of the first one's")
    current = Releases(settings).get("current")
    wrong += [f"{current.name}: {line}" for line in Releases(settings).verify("current")]
    with suppress(SharingError):
        if hashes_of(current) != hashes_of(Releases(load.settings).get(current.name)):
            wrong.append(f"{current.name} has other content hashes")
    wrong += mixed(settings, set(range(1, 10_000)))
    findings = (f for f in doctor.examine(settings) if f.kind not in ("clock", "dated"))  # packs are dated next month
    wrong += [f"doctor: {f.where} {f.problem}" for f in findings if not f.where.startswith("lake")]
    return wrong, len(here.entries)


@figure("R15")
def r15(scale: float, seed: int) -> Figure:
    """The restore half: a backup under load comes back with equal content. The other half is `R15e`."""
    began = time.monotonic()
    wrong: list[str] = []
    rounds, batches = max(1, round(4 * scale)), 0
    with scratch() as folder:
        settings = home_in(folder / "home")
        with _under_load(settings) as load:
            for number in range(rounds):
                found, batches = restored(load, folder / "backup", folder / f"restored-{number}")
                wrong += [f"backup {number + 1}: {w}" for w in found]
                load.wait_for(5)
            missing = copied_naively(load, folder / "naive")
        facts: dict[str, object] = {"batches in the last backup": batches, "sent meanwhile": len(load.acknowledged)}
        if scale >= 1:
            back = home_in(folder / f"restored-{rounds - 1}")
            upto = open_landing(back).last
            if hashes_of(made(settings, upto=upto)) != hashes_of(made(back, upto=upto)):
                wrong.append("runs over the first home and the restored one give other content")
            facts["runs over both homes"] = f"compared up to line {upto}"
            landing = open_landing(back)
            if keep(landing, 900_000) != ["accepted"] or keep(landing, 0) != ["duplicate"]:
                wrong.append("the restored home does not go on")
    return Figure(
        "R15",
        "restore half: a backup taken under load, restored elsewhere, equal content hashes",
        rounds,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"files copied first and the journal last: {len(missing)} batches not whole",
        control_saw=bool(missing),
        facts=facts,
    )
