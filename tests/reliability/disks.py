"""R3 and R5: a disk that fills, and what is on the disk before there is a receipt.

RLIMIT_FSIZE stands in for the full disk: a write beyond it fails half-way (EFBIG), at a size that can be chosen, so
that each file of a batch and of a release is met in the middle of its writing.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import SharingError
from tests.reliability.board import Figure, figure
from tests.reliability.crashes import contents_of, follow, has_strace, mixed, publish_version
from tests.reliability.zygote import (
    PRODUCER,
    batch,
    batch_id,
    client_at,
    home_in,
    keep,
    run,
    scratch,
    serving,
    wrongs,
)
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.releases.store import Releases
from transport.storage.landing import open_landing

# --- R3: a disk that fills --------------------------------------------------------------------------------------------

_UNLIMITED = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)


def limited(said: int, home: str, size: int, deed: str) -> None:
    """Do a deed where no file may grow beyond a size; say how it ended."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    settings = home_in(Path(home))
    landing = open_landing(settings)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
    try:
        if deed == "keep":
            keep(landing, 500)
        elif deed == "publish":
            publish_version(settings, 2)
        elif deed == "inbox":
            inbox.take_in(settings, landing)
        else:
            pq.write_table(batch(0, 3000), Path(home) / "published.parquet", compression="none")
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is told
        os.write(said, f"full {type(problem).__name__}\n".encode())
    else:
        os.write(said, b"done\n")


def _sizes(count: int, largest: int) -> list[int]:
    """Sizes from nothing to just short of the largest file, closer together where they are small."""
    return sorted({round((largest - 1) * (step / max(1, count - 1)) ** 2) for step in range(count)})


def full_for_a_batch(folder: Path, count: int) -> tuple[int, list[str], dict[str, int]]:
    """The disk is full at so many sizes while a batch comes in."""
    template, had = folder / "template", range(24)
    landing = open_landing(home_in(template))
    for number in had:
        keep(landing, number)
    journal = (template / "landing" / "journal").stat().st_size
    wrong, ended = [], {}
    for size in _sizes(count, journal + 450):  # the journal is the larger file: its line is cut at some sizes
        home = folder / str(size)
        shutil.copytree(template, home)
        settings = home_in(home)
        (said,) = run("disks:limited", home=str(home), size=size, deed="keep")
        ended[said] = ended.get(said, 0) + 1
        # a whole file without a line in the journal has no receipt; the retry takes its place
        found = wrongs(settings, [*had, 500] if said == "done" else had, retried=False)
        landing = open_landing(settings)
        if said != "done" and landing.entry_named("dispatch", PRODUCER, batch_id(500)):
            found.append("a batch that was refused is kept")
        if said not in ("done", "full NoRoom", "full OSError"):  # the latter is the door's, before the landing
            found.append(f"the disk is full, and what came is {said!r}")
        if half := [p.name for p in (home / "landing").rglob(f"{atomic_files.TEMPORARY}*")]:
            found.append(f"left half made: {half[0]}")
        if keep(landing, 500) != ["duplicate" if said == "done" else "accepted"]:
            found.append("the batch is not taken in when there is room again")
        wrong += [f"batch, {size} bytes: {w}" for w in found + wrongs(settings, [*had, 500])]
        shutil.rmtree(home)
    return count, wrong, ended


def full_for_a_release(folder: Path, count: int) -> tuple[int, list[str], dict[str, int]]:
    """The disk is full at so many sizes while a release is published."""
    template = folder / "template"
    first = publish_version(home_in(template), 1)
    before = contents_of(template / "releases" / first)
    wrong, ended = [], {}
    for size in _sizes(count, max(len(content) for content in before.values())):
        home = folder / str(size)
        shutil.copytree(template, home, symlinks=True)
        settings, releases = home_in(home), Releases(home_in(home))
        (said,) = run("disks:limited", home=str(home), size=size, deed="publish")
        ended[said] = ended.get(said, 0) + 1
        found = [] if said != "done" else ["a release was published that does not fit"]
        if releases.names() != [first] or releases.get("current").name != first:
            found.append("something is published under a name")
        if contents_of(home / "releases" / first) != before:
            found.append("the published release was changed")
        found += mixed(settings, {1})
        releases.sweep()
        publish_version(settings, 3)
        wrong += [f"release, {size} bytes: {w}" for w in found + mixed(settings, {3})]
        shutil.rmtree(home)
    return count, wrong, ended


def full_for_a_server(settings: Settings, count: int) -> tuple[int, list[str], dict[str, int]]:
    """The disk fills under the running server, so many times, and empties again."""
    wrong: list[str] = []
    ended: dict[str, int] = {}
    rows = 3000
    with serving(settings) as servers, client_at(servers.place()) as client:
        assert servers.child is not None
        client.send("dispatch", batch_id(0), batch(0, rows))
        (entry,) = open_landing(settings).entries
        for number, size in enumerate(_sizes(count, entry.bytes * 9 // 10), 1):
            resource.prlimit(servers.child.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
            try:
                said = str(client.send("dispatch", batch_id(number), batch(number, rows))["status"])
            except SharingError as problem:
                said = type(problem).__name__
            ended[said] = ended.get(said, 0) + 1
            if said == "accepted":
                wrong.append(f"server, {size} bytes: a batch that does not fit has a receipt")
            elif said != "NoRoom":
                wrong.append(f"server, {size} bytes: the sender is not told that the disk is full, but {said}")
            resource.prlimit(servers.child.pid, resource.RLIMIT_FSIZE, _UNLIMITED)
            if half := [p.name for p in settings.landing.rglob(f"{atomic_files.TEMPORARY}*")]:
                wrong.append(f"server, {size} bytes: left half made: {half[0]}")
            if client.send("dispatch", batch_id(number), batch(number, rows))["status"] != "accepted":
                wrong.append(f"server, {size} bytes: the batch is not taken in when there is room again")
    return count, wrong + wrongs(settings, range(count + 1), rows), ended


def full_for_the_inbox(folder: Path, count: int) -> tuple[int, list[str], dict[str, int]]:
    """The disk is full at so many sizes while a dropped file is taken in; its sender hears of nothing."""
    wrong, ended = [], {}
    largest = 6000
    for size in _sizes(count, largest):
        settings = home_in(folder / str(size))
        path = inbox.drop(settings.inbox, "dispatch", PRODUCER, "file", batch(500, 200))
        (said,) = run("disks:limited", home=str(settings.home), size=size, deed="inbox")
        ended[said] = ended.get(said, 0) + 1
        if not path.exists() and not open_landing(settings).entries:
            wrong.append(f"inbox, {size} bytes: the disk was full, and the file was taken away from its sender")
        elif not open_landing(settings).entries:
            taken = inbox.take_in(settings, open_landing(settings))
            if len(taken.accepted) != 1:
                wrong.append(f"inbox, {size} bytes: the file is not taken in when there is room again")
    return count, wrong, ended


def full_without_protection(folder: Path) -> bool:
    """Write onto the published name on a full disk; whether that destroyed it."""
    folder.mkdir()
    path = folder / "published.parquet"
    pq.write_table(batch(0, 3000), path, compression="none")
    before = path.read_bytes()
    run("disks:limited", home=str(folder), size=len(before) // 2, deed="overwrite")
    try:
        return not pq.read_table(path).equals(pq.read_table(pa.BufferReader(before)))
    except (pa.ArrowException, OSError):
        return True


@figure("R3")
def r3(scale: float, seed: int) -> Figure:
    """A disk that fills, at each of so many sizes."""
    began, count = time.monotonic(), max(4, round(20 * scale))
    n, wrong, facts = 0, [], {}
    with scratch() as folder:
        for name, tried, times in (
            ("batch", full_for_a_batch, count),
            ("release", full_for_a_release, count),
            ("inbox", full_for_the_inbox, max(2, count // 4)),
        ):
            tries, found, ended = tried(folder / name, times)
            n, wrong, facts = n + tries, wrong + found, facts | {f"{name}: how it ended": ended}
        tries, found, ended = full_for_a_server(home_in(folder / "server"), count)
        n, wrong, facts = n + tries, wrong + found, facts | {"server: what the sender was told": ended}
        destroyed = full_without_protection(folder / "bare")
    return Figure(
        "R3",
        f"disk full (RLIMIT_FSIZE at {count} sizes) for a batch, a release, a dropped file and a server",
        n,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"written onto the published name: {'destroyed' if destroyed else 'survived'}",
        control_saw=destroyed,
        facts=facts,
    )


# --- R5: on the disk before the receipt -------------------------------------------------------------------------------

_TRACED = "?fsync,?fdatasync,?link,?linkat,?rename,?renameat,?renameat2,?write,?writev,?sendmsg,?sendto"
_MOST_ADDED = 5.0
"""Milliseconds; looked at only at full size, never in `make test`."""
_SLACK = 1.5
"""A disk is slow, and not we, where what is added is less than so many times the same three fsyncs alone."""
_LINE = re.compile(r"^(?P<thread>\d+) +(?P<at>[0-9.]+) (?P<call>[a-z0-9_]+)\((?P<words>.*)$")
_FD = re.compile(r"^\d+<(?P<path>[^>]*)>")


def trace_of_a_batch(settings: Settings, log: Path, *, synced: bool, number: int = 0) -> list[tuple[str, str]]:
    """What the real server does with one batch, as calls and what they are done to, in the order of their ends."""
    with serving(settings, synced=synced) as servers, client_at(servers.place()) as client:
        assert servers.child is not None
        client.health()
        tracer = follow(servers.child.pid, "-y", "-s", "4096", "-ttt", "-o", str(log), "-e", f"trace={_TRACED}")
        client.send("dispatch", batch_id(number), batch(number))
        tracer.terminate()
        tracer.wait()
    calls: list[tuple[str, str]] = []
    begun: dict[str, tuple[str, str]] = {}
    for line in log.read_text("utf-8", "replace").splitlines():
        thread, _, rest = line.partition(" ")
        rest = rest.strip().partition(" ")[2]
        if resumed := re.match(r"<\.\.\. ([a-z0-9_]+) resumed>", rest):
            if thread in begun and begun[thread][0] == resumed[1]:
                calls.append(begun.pop(thread))  # it counts from its end on
            continue
        if (found := _LINE.match(line)) is None:
            continue
        call = found["call"], found["words"]
        if "<unfinished ...>" in line and "send" not in call[0]:
            begun[thread] = call
        else:
            calls.append(call)
    return calls


def out_of_order(calls: list[tuple[str, str]], number: int = 0) -> list[str]:
    """What is not as it must be in the trace of a batch: each step is there, after the one before."""
    final = f"/dispatch/{PRODUCER}/{batch_id(number)}.parquet"

    def on(call: str, words: str) -> str:
        found = _FD.match(words)
        return found["path"] if found and call != "link" else ""

    steps: list[tuple[str, Callable[[str, str], bool]]] = [
        ("the file is written", lambda c, w: c == "write" and atomic_files.TEMPORARY in on(c, w)),
        ("fsync of the file", lambda c, w: c == "fsync" and atomic_files.TEMPORARY in on(c, w)),
        ("an exclusive link to its name", lambda c, w: c.startswith("link") and final in w),
        ("fsync of its folder", lambda c, w: c == "fsync" and on(c, w).endswith(f"/dispatch/{PRODUCER}")),
        ("the line of the journal", lambda c, w: c == "write" and on(c, w).endswith("/landing/journal")),
        ("fsync of the journal", lambda c, w: c == "fsync" and on(c, w).endswith("/landing/journal")),
        ("the receipt is sent", lambda c, w: c.startswith(("sendmsg", "sendto", "write")) and '\\"accepted\\"' in w),
    ]
    place, wrong = -1, []
    for name, is_step in steps:
        found = [i for i, (call, words) in enumerate(calls) if is_step(call, words)]
        later = [i for i in found if i > place]
        if not later:
            wrong.append(f"{name}: {'too early' if found else 'not seen'}")
        else:
            place = later[-1] if name == "the file is written" else later[0]
    writes = [i for i, (call, words) in enumerate(calls) if steps[0][1](call, words)]
    syncs = [i for i, (call, words) in enumerate(calls) if steps[1][1](call, words)]
    if writes and syncs and max(writes) > max(syncs):
        wrong.append("the file was written to after its fsync")
    receipts = [i for i, (call, words) in enumerate(calls) if steps[-1][1](call, words)]
    if receipts and place >= 0 and min(receipts) < place:
        wrong.append("a receipt was sent before the journal was on disk")
    return wrong


def new_folders_unsynced(calls: list[tuple[str, str]]) -> list[str]:
    """Which of the folders that a first batch makes have no fsync of what they lie in."""
    synced = {_FD.match(words)["path"] for call, words in calls if call == "fsync" and _FD.match(words)}  # type: ignore[index]
    return [end for end in ("/landing", "/landing/dispatch") if not any(path.endswith(end) for path in synced)]


def timed(said: int, home: str, count: int) -> None:
    """By turns land a batch, one without waiting for the disk, and do the three fsyncs alone; say the milliseconds."""
    waits = os.fsync
    with_wait = open_landing(home_in(Path(home) / "with"))
    without = open_landing(home_in(Path(home) / "without"))
    bare = Path(home) / "bare"
    bare.mkdir(parents=True)
    for number in range(count):
        for landing, fsync in ((with_wait, waits), (without, lambda _handle: None)):
            os.fsync = fsync
            began = time.perf_counter()
            keep(landing, number)
            os.write(said, f"{(time.perf_counter() - began) * 1000:.3f} ".encode())
        os.fsync = waits
        began = time.perf_counter()
        (bare / str(number)).write_bytes(bytes(4096))
        atomic_files.sync_file(bare / str(number))
        atomic_files.sync_folder(bare)
        with (bare / "journal").open("ab") as handle:
            handle.write(bytes(400))
        atomic_files.sync_file(bare / "journal")
        os.write(said, f"{(time.perf_counter() - began) * 1000:.3f}\n".encode())


def p50(folder: Path, count: int) -> tuple[float, float, float]:
    """Median milliseconds of a batch with and without waiting, and of the three fsyncs alone; not of the first few."""
    said = run("disks:timed", home=str(folder), count=count + 10)[10:]
    columns = zip(*([float(word) for word in line.split()] for line in said), strict=True)
    waiting, not_waiting, bare = (statistics.median(column) for column in columns)
    return waiting, not_waiting, bare


@figure("R5")
def r5(scale: float, seed: int) -> Figure:
    """Fsync of file and folder before the receipt, as the kernel saw it."""
    began, title = time.monotonic(), "fsync of file, folder and journal before the receipt"
    if missing := has_strace():
        return Figure("R5", title, 0, seed, 0.0, not_run=missing)
    with scratch() as folder:
        settings = home_in(folder / "home")
        first = trace_of_a_batch(settings, folder / "first", synced=True)
        wrong = [f"first batch: {w}" for w in out_of_order(first)]
        wrong += [f"first batch: no fsync of {w}" for w in new_folders_unsynced(first)]
        tries = max(1, round(5 * scale))
        for number in range(1, tries + 1):
            calls = trace_of_a_batch(settings, folder / "more", synced=True, number=number)
            wrong += [f"batch {number}: {w}" for w in out_of_order(calls, number)]
        without = out_of_order(trace_of_a_batch(home_in(folder / "bare"), folder / "bare.log", synced=False))
        count = max(20, round(300 * scale))
        waiting, not_waiting, bare = p50(folder / "timed", count)
    added = waiting - not_waiting
    slow_disk = added < _SLACK * bare
    if scale >= 1 and added >= _MOST_ADDED and not slow_disk:
        wrong.append(f"waiting for the disk adds {added:.1f} ms at p50; the fsyncs alone take {bare:.1f} ms here")
    return Figure(
        "R5",
        title,
        tries + 1,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"a server without fsync: {len(without)} steps missing",
        control_saw=bool(without),
        facts={
            "added p50": f"{added:.2f} ms ({waiting:.2f} with, {not_waiting:.2f} without, {count} batches; "
            f"target {_MOST_ADDED:g} ms{', missed: this disk is slow or busy' if added >= _MOST_ADDED else ''})",
            "three fsyncs and nothing else, p50": f"{bare:.2f} ms",
        },
    )
