"""R1 and R2: processes that are killed while they take a batch in, or publish.

R1 kills at random moments: children that land batches side by side, and the real Flight server under load from clients
that retry. R2 kills before each data system call there is, one by one, from arrival to receipt in each way a batch can
come in, and through a publication.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import SharingError
from tests.reliability.board import Figure, figure
from tests.reliability.zygote import (
    NOW,
    Child,
    Servers,
    batch,
    batch_id,
    client_at,
    digest_of,
    fork,
    home_in,
    keep,
    scratch,
    serving,
    wrongs,
)
from tests.small_release import contents
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.lake.tables import Part
from transport.releases.store import Releases
from transport.storage import compaction
from transport.storage.landing import open_landing

LANES = 2
PER_LANE = 100_000
"""Batch numbers of one lane of a figure."""


# --- R1: at random moments --------------------------------------------------------------------------------------------


def ingest(said: int, home: str, first: int, group: int) -> None:
    """Land one batch after another; say each receipt."""
    landing = open_landing(home_in(Path(home)))
    number = first
    while True:
        numbers = range(number, number + group)
        for one, status in zip(numbers, keep(landing, *numbers), strict=True):
            os.write(said, f"{one} {status}\n".encode())
        number += group


def naive(said: int, home: str, first: int) -> None:
    """The same without protection: onto its name, no journal, and a retry is another file."""
    folder = Path(home)
    folder.mkdir(parents=True, exist_ok=True)
    number = first
    while True:
        pq.write_table(batch(number), folder / f"{batch_id(number)}-{os.getpid()}.parquet")
        os.write(said, f"{number} accepted\n".encode())
        number += 1


@dataclass
class _Lane:
    """Batches in order, each retried until it has a receipt."""

    first: int
    done: int = 0
    again: int = 0
    """Receipts that said `duplicate`: the batch was kept, and the receipt before was lost."""

    @property
    def next(self) -> int:
        return self.first + self.done

    @property
    def acknowledged(self) -> range:
        return range(self.first, self.next)

    def heard(self, number: int, status: str) -> str:
        """Note a receipt; what is wrong with it."""
        if number != self.next or status not in ("accepted", "duplicate"):
            return f"{batch_id(number)} was answered {status!r} in the place of {batch_id(self.next)}"
        self.done += 1
        self.again += status == "duplicate"
        return ""


def _killed(child: Child, lane: _Lane, after: float) -> list[str]:
    """Let a child begin, kill it so many seconds later, and note what it acknowledged."""
    child.go()
    time.sleep(after)
    child.kill()
    wrong = []
    for line in child.rest():
        number, _, status = line.partition(" ")
        wrong.append(lane.heard(int(number), status) if number.isdigit() else line)
    return [w for w in wrong if w]


def kill_children(
    settings: Settings, kills: int, chance: random.Random, job: str, **words: int
) -> tuple[list[str], list[_Lane]]:
    """Two children at a time land on one home and are killed at moments of their own, so many times."""
    lanes = [_Lane(PER_LANE * n) for n in range(LANES)]
    wrong: list[str] = []

    def worn(lane: _Lane, seed: int) -> None:
        mine = random.Random(seed)
        for _ in range(kills // LANES):
            more = {"group": mine.choice((1, 1, 1, 3))} if job.endswith("ingest") else {}
            child = fork(job, home=str(settings.home), first=lane.next, **more, **words)
            wrong.extend(_killed(child, lane, mine.uniform(0.002, 0.06)))

    with ThreadPoolExecutor(LANES) as both:
        for done in [both.submit(worn, lane, chance.randrange(1 << 30)) for lane in lanes]:
            done.result()
    return wrong, lanes


def kill_servers(settings: Settings, kills: int, chance: random.Random) -> tuple[list[str], list[_Lane]]:
    """The real server is killed under clients that send and retry, so many times."""
    lanes = [_Lane(PER_LANE * (10 + n)) for n in range(3)]
    wrong: list[str] = []
    end = threading.Event()

    def sends(lane: _Lane, servers: Servers) -> None:
        place = ""
        while not end.is_set():
            place = servers.place(other_than=place)
            with client_at(place) as client, suppress(SharingError):
                while not end.is_set():
                    number = lane.next
                    receipt = client.send("dispatch", batch_id(number), batch(number))
                    if receipt["sha256"] != digest_of(number):
                        wrong.append(f"{batch_id(number)} has a receipt of other content")
                    if fault := lane.heard(number, receipt["status"]):
                        wrong.append(fault)

    with serving(settings) as servers, ThreadPoolExecutor(len(lanes)) as senders:
        sending = [senders.submit(sends, lane, servers) for lane in lanes]
        for _ in range(kills):
            time.sleep(chance.uniform(0.02, 0.2))
            servers.kill()
            servers.start()
        before = [lane.done for lane in lanes]
        until = time.monotonic() + 20
        while any(lane.done <= was for lane, was in zip(lanes, before, strict=True)) and time.monotonic() < until:
            time.sleep(0.01)
        end.set()
        for one in sending:
            one.result()
    if any(lane.done <= was for lane, was in zip(lanes, before, strict=True)):
        wrong.append("a client was not served after the last restart")
    return wrong, lanes


def finish(settings: Settings, lanes: list[_Lane]) -> list[str]:
    """Retry what has no receipt, as a producer would; what a kill left half made is swept up then."""
    landing = open_landing(settings)
    wrong = []
    for lane in lanes:
        for _ in range(3):  # a group of three may be under way
            number = lane.next
            wrong.append(lane.heard(number, keep(landing, number)[0]))
    atomic_files.sweep(settings.landing)
    return [w for w in wrong if w]


@figure("R1")
def r1(scale: float, seed: int) -> Figure:
    """Kill the ingest at random points, then retry."""
    began, chance = time.monotonic(), random.Random(seed)
    children, servers = max(8, round(150 * scale) // 2 * 2), max(3, round(60 * scale))
    with scratch() as folder:
        at_rest, behind = home_in(folder / "children"), home_in(folder / "server")
        wrong, lanes = kill_children(at_rest, children, chance, "crashes:ingest")
        wrong += finish(at_rest, lanes)
        wrong += wrongs(at_rest, [n for lane in lanes for n in lane.acknowledged])
        more, others = kill_servers(behind, servers, chance)
        wrong += more + finish(behind, others)
        wrong += wrongs(behind, [n for lane in others for n in lane.acknowledged])
        unseen = sum(lane.again for lane in [*lanes, *others])
        if not unseen and children + servers >= 200:
            wrong.append("no commit without a receipt was seen, so the retry was not tried where it matters")
        torn, doubled, naive_kills = _naive(folder / "naive", max(20, round(40 * scale)), chance)
    return Figure(
        "R1",
        "kill -9 of the ingest at random points, then retry",
        children + servers,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"no exclusive name, no journal: {doubled} rows doubled, {torn} files torn in {naive_kills} kills",
        control_saw=bool(torn or doubled),
        facts={
            "kills of a child that lands": children,
            "kills of the Flight server": servers,
            "batches acknowledged": sum(lane.done for lane in [*lanes, *others]),
            "commits without a receipt, answered `duplicate` at the retry": unseen,
        },
    )


def _naive(folder: Path, kills: int, chance: random.Random) -> tuple[int, int, int]:
    kill_children(home_in(folder), kills, chance, "crashes:naive")
    torn, seen = 0, Counter[bytes]()
    for path in folder.glob("*.parquet"):
        try:
            seen.update(pq.read_table(path)["dispatch_id"].combine_chunks().cast(pa.binary(16)).to_pylist())
        except (pa.ArrowException, OSError):
            torn += 1
    return torn, sum(count - 1 for count in seen.values()), kills


# --- R2: before each data system call ---------------------------------------------------------------------------------

_TRACED = (
    "?open,?openat,?creat,?write,?pwrite64,?writev,?pwritev,?pwritev2,?fsync,?fdatasync,?sync_file_range,?link,?linkat,"
    "?rename,?renameat,?renameat2,?unlink,?unlinkat,?truncate,?ftruncate,?fallocate,?mkdir,?mkdirat,?rmdir,?symlink,"
    "?symlinkat,?chmod,?fchmod,?fchmodat,?copy_file_range,?sendfile,?flock,?utimensat"
)
"""The system calls by which anything reaches a disk, or by which a writer takes its turn."""
_CALL = re.compile(r"^(\d+) +([a-z0-9_]+)\(([^,)]*)")
_CHANGES = re.compile("O_CREAT|O_WRONLY|O_RDWR|O_TRUNC")


def has_strace() -> str:
    """Why calls cannot be traced here; empty when they can."""
    if shutil.which("strace") is None:
        return "strace is not installed (apt-get install strace)"
    tried = subprocess.run(["strace", "-qq", "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    return f"strace may not trace here: {tried.stderr.strip()[:120]}" if tried.returncode else ""


def follow(pid: int, *words: str) -> subprocess.Popen[bytes]:
    """Have strace follow a process and its threads; returns once it does."""
    tracer = subprocess.Popen(["strace", "-f", "-qq", *words, "-p", str(pid)], stderr=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while time.monotonic() < until:
        tasks = list(Path(f"/proc/{pid}/task").glob("*/status"))
        if tasks and all("TracerPid:\t0" not in task.read_text() for task in tasks):
            return tracer
        if tracer.poll() is not None:
            break
        time.sleep(0.001)
    tracer.kill()
    tracer.wait()
    raise RuntimeError(f"strace could not follow process {pid}")


def calls_of(job: str, log: Path, chance: random.Random, **words: object) -> tuple[list[tuple[str, int]], list[str]]:
    """The data calls of a job, each as its name and the so-manieth of that name in its thread; and what the job said.

    Opening to read changes nothing and is left out, as is a call that fails. Of the many small writes by which one file
    is filled, the first, the last and one between them stand for all.
    """
    child = fork(job, **words)
    tracer = follow(child.pid, "-o", str(log), "-e", f"trace={_TRACED}")
    child.go()
    said = child.rest()
    tracer.wait()
    made: Counter[tuple[str, str]] = Counter()
    runs: list[tuple[str, list[tuple[str, int]]]] = []
    for line in log.read_text("utf-8", "replace").splitlines():
        if (found := _CALL.match(line)) is None:
            continue
        thread, call, first = found.groups()
        made[thread, call] += 1
        point = call, made[thread, call]
        if " = -1 " in line or (call.startswith("open") and not _CHANGES.search(line)):
            continue
        same = f"{thread} {call} {first}" if "write" in call else ""
        if same and runs and runs[-1][0] == same:
            runs[-1][1].append(point)
        else:
            runs.append((same, [point]))
    points: set[tuple[str, int]] = set()
    for _, run in runs:
        points |= {run[0], run[-1], *chance.sample(run, 1)}
    return sorted(points), said


def killed_at(job: str, call: str, number: int, **words: object) -> tuple[bool, list[str]]:
    """Do a job and kill it before its so-manieth call of that name; whether it came so far, and what it said."""
    child = fork(job, **words)
    injected = f"inject={call}:signal=KILL:when={number}"
    tracer = follow(child.pid, "-o", os.devnull, "-e", f"trace={call}", "-e", injected)
    child.go()
    said = child.rest()
    tracer.wait()
    return "done" not in said, said


_OVERWRITTEN = 4
Prepare = Callable[[Settings], None]


@dataclass(frozen=True)
class _Way:
    """One way in which a batch comes in, or something else is done to the landing.

    Attributes:
        prepare: what there is before.
        had: batches that have a receipt already.
        sent: batches that are sent.
    """

    name: str
    prepare: Prepare
    had: range
    sent: range
    deed: str = "keep"
    mirrored: bool = False


def _few(settings: Settings) -> None:
    landing = open_landing(settings)
    for number in range(3):
        keep(landing, number)


def _damaged(settings: Settings) -> None:
    _few(settings)
    landing = open_landing(settings)
    path = landing.file(landing.entries[1])
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:100])


def _many(settings: Settings) -> None:
    landing = open_landing(settings)
    for number in range(8):
        keep(landing, number)


WAYS = (
    _Way("first batch of an empty home", lambda _settings: None, range(0), range(1)),
    _Way("one more batch", _few, range(3), range(3, 4)),
    _Way("three batches with one wait", _few, range(3), range(3, 6)),
    _Way("a batch that is sent again", _few, range(3), range(2, 3)),
    _Way("a batch whose file was damaged", _damaged, range(3), range(1, 2)),
    _Way("one more batch, mirrored", _few, range(3), range(3, 4), mirrored=True),
    _Way("a batch that is taken back", _few, range(3), range(0), deed="withdraw"),
    _Way("eight batches are packed", _many, range(8), range(0), deed="pack"),
)


def arrive(said: int, home: str, mirror: str, sent: list[int], deed: str) -> None:
    """One deed on a landing, then `done`."""
    settings = home_in(Path(home), mirror=Path(mirror) if mirror else None)
    landing = open_landing(settings)
    if deed == "keep":
        for number, status in zip(sent, keep(landing, *sent), strict=True):
            os.write(said, f"{number} {status}\n".encode())
    elif deed == "withdraw":
        landing.withdraw(landing.entries[0], by="team:x", reason="wrong month", now=NOW)
    else:
        compaction.pack(landing, now=datetime(2027, 1, 5, tzinfo=UTC))
    os.write(said, b"done\n")


def _after(way: _Way, settings: Settings, said: list[str]) -> list[str]:
    """Open the landing again after a kill, retry, and look."""
    acknowledged = {int(n) for n, _, s in (line.partition(" ") for line in said) if s in ("accepted", "duplicate")}
    wrong = [line for line in said if line.startswith("fault")]
    had = [n for n in way.had if not (way.deed == "keep" and n in way.sent)]
    wrong += wrongs(settings, [*had, *acknowledged], retried=False)
    wrong = [w for w in wrong if not (w.startswith("torn") and way.prepare is _damaged)]
    try:
        landing = open_landing(settings)
        if way.deed == "pack":
            compaction.pack(landing, now=datetime(2027, 1, 5, tzinfo=UTC))
        elif way.deed == "keep":
            for number in way.sent:
                (status,) = keep(landing, number)
                if number in acknowledged and status != "duplicate":
                    wrong.append(f"{batch_id(number)} had a receipt and was answered {status!r}")
        keep(landing, 900)
        atomic_files.sweep(settings.landing)
        leftovers = way.deed != "pack"  # a batch's own file may outlive its packing; its rows count once
        wrong += wrongs(settings, [*way.had, *way.sent, 900], retried=leftovers)
        if settings.mirror:
            wrong += [f"mirror: {w}" for w in wrongs(Settings(home=settings.home.parent / "m"), [*way.had, 900])]
    except SharingError as problem:
        wrong.append(f"the retry was refused: {problem.problem}")
    return wrong


def _each_point(
    points: list[tuple[str, int]], tried: Callable[[str, int], tuple[bool, list[str]]]
) -> tuple[int, list[str]]:
    reached, wrong = 0, []
    with ThreadPoolExecutor(LANES) as both:
        for (call, number), (came, found) in zip(points, both.map(lambda p: tried(*p), points), strict=True):
            reached += came
            wrong += [f"killed at {call} {number}: {w}" for w in found]
    return reached, wrong


def points_of_arrival(way: _Way, folder: Path, share: float, chance: random.Random) -> tuple[int, list[str]]:
    """Kill at each call of one way in; how many points there were, and what was wrong after them."""
    template = folder / "template"
    words = {"sent": list(way.sent), "deed": way.deed}

    def place(name: str) -> tuple[Settings, dict[str, object]]:
        home = folder / name / "home"
        mirror = folder / name / "m" / "landing" if way.mirrored else None
        if name != "template":
            shutil.copytree(template, folder / name)
        return home_in(home, mirror=mirror), {"home": str(home), "mirror": str(mirror or ""), **words}

    way.prepare(place("template")[0])
    template.mkdir(exist_ok=True)
    points, said = calls_of("crashes:arrive", folder / "calls", chance, **place("whole")[1])
    if said[-1:] != ["done"]:
        return 0, [f"{way.name}: {said}"]

    def tried(call: str, number: int) -> tuple[bool, list[str]]:
        name = f"{call}-{number}"
        settings, told = place(name)
        came, heard = killed_at("crashes:arrive", call, number, **told)
        wrong = _after(way, settings, heard)
        shutil.rmtree(folder / name)
        return came, wrong

    reached, wrong = _each_point(_sampled(points, share, chance), tried)
    return reached, [f"{way.name}: {w}" for w in wrong]


def _sampled(points: list[tuple[str, int]], share: float, chance: random.Random) -> list[tuple[str, int]]:
    return points if share >= 1 else sorted(chance.sample(points, max(2, round(len(points) * share))))


def publish_version(settings: Settings, version: int) -> str:
    """Publish a small release in which everything says the version; its name."""
    releases = Releases(settings)
    current = releases.current()
    lake = settings.lake / "usage.month_sum" / "month=2026-03-01"
    lake.mkdir(parents=True, exist_ok=True)
    part = lake / f"part-{version}.parquet"
    pq.write_table(pa.table({"n": pa.array([version], pa.int64())}), part)
    made = contents(version, [Part(date(2026, 3, 1), part)])
    facts = {"published_at": NOW.isoformat(), "version": version}
    name = releases.next_name(NOW)
    parent = current.name if current else None
    return releases.publish(name, made, lambda _told: [], facts, parent=parent).name


def publish(said: int, home: str, version: int) -> None:
    """Publish, then `done`."""
    os.write(said, f"published {publish_version(home_in(Path(home)), version)}\ndone\n".encode())


def mixed(settings: Settings, versions: set[int]) -> list[str]:
    """What is wrong with the releases of a home: each is whole, all of one version, and `current` is one of these."""
    releases = Releases(settings)
    wrong = [f"{name}: {line}" for name in releases.names() for line in releases.verify(name)]
    current = releases.current()
    if current is None:
        return [*wrong, "there is no current release"]
    if current.manifest["version"] not in versions:
        wrong.append(f"current is of version {current.manifest['version']}")
    parquet = current.folder / "parquet"
    seen = {
        *pq.read_table(parquet / "usage.count_day" / "part.parquet")["version"].to_pylist(),
        *pq.read_table(parquet / "ledger.entry" / "part.parquet")["version"].to_pylist(),
        *(
            n
            for p in (parquet / "usage.month_sum").rglob("*.parquet")
            for n in pq.ParquetFile(p).read()["n"].to_pylist()
        ),
        current.manifest["version"],
    }
    if len(seen) > 1:
        wrong.append(f"mixed: the current release has versions {sorted(seen)}")
    return wrong


def contents_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by name."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def points_of_publication(folder: Path, share: float, chance: random.Random) -> tuple[int, list[str]]:
    """Kill at each call of a publication; how many points there were, and what was wrong after them."""
    template = folder / "template"
    first = publish_version(home_in(template), 1)
    before = contents_of(template / "releases" / first)

    def copied(name: str) -> Path:
        shutil.copytree(template, folder / name, symlinks=True)
        return folder / name

    points, said = calls_of("crashes:publish", folder / "calls", chance, home=str(copied("whole")), version=2)
    if said[-1:] != ["done"]:
        return 0, [f"publication: {said}"]

    def tried(call: str, number: int) -> tuple[bool, list[str]]:
        home = copied(f"{call}-{number}")
        settings, releases = home_in(home), Releases(home_in(home))
        came, heard = killed_at("crashes:publish", call, number, home=str(home), version=2)
        wrong = [line for line in heard if line.startswith("fault")]
        acknowledged = any(line.startswith("published") for line in heard)
        wrong += mixed(settings, {2} if acknowledged else {1, 2})
        if contents_of(home / "releases" / first) != before:
            wrong.append("the release before was changed")
        releases.sweep()
        publish_version(settings, 3)
        wrong += [f"published again: {w}" for w in mixed(settings, {3})]
        if left := list(releases.folder.glob(f"{atomic_files.TEMPORARY}*")):
            wrong.append(f"left over: {left[0].name}")
        shutil.rmtree(home)
        return came, wrong

    reached, wrong = _each_point(_sampled(points, share, chance), tried)
    return reached, [f"publication: {w}" for w in wrong]


def overwrite(said: int, path: str) -> None:
    """The control: write onto the published name, then `done`."""
    pq.write_table(batch(1), path)
    os.write(said, b"done\n")


def torn_by_overwriting(folder: Path, calls: int) -> int:
    """Kill before each of the first writes onto a published name; after how many of them it can be read no more."""
    path, torn = folder / "published.parquet", 0
    for number in range(1, calls + 1):
        pq.write_table(batch(0), path)
        killed_at("crashes:overwrite", "write", number, path=str(path))
        try:
            pq.read_table(path)
        except (pa.ArrowException, OSError):
            torn += 1
    return torn


@figure("R2")
def r2(scale: float, seed: int) -> Figure:
    """Kill at each data system call."""
    began, title = time.monotonic(), "kill at every data system call of arrive → receipt and of publish"
    if missing := has_strace():
        return Figure("R2", title, 0, seed, 0.0, not_run=missing)
    chance, wrong, facts, n = random.Random(seed), [], {}, 0
    for way in WAYS:
        with scratch() as folder:
            reached, found = points_of_arrival(way, folder, scale, chance)
        n, wrong, facts = n + reached, wrong + found, facts | {way.name: reached}
    with scratch() as folder:
        reached, found = points_of_publication(folder, scale, chance)
    n, wrong, facts = n + reached, wrong + found, facts | {"publication": reached}
    with scratch() as folder:
        torn = torn_by_overwriting(folder, _OVERWRITTEN)
    if scale >= 1 and n < 100:
        wrong.append(f"only {n} points were reached")
    return Figure(
        "R2",
        title,
        n,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"written onto the published name: torn after {torn} of {_OVERWRITTEN} kills",
        control_saw=torn > 0,
        facts=facts,
    )
