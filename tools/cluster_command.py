"""`make cluster` and `make cluster-down`: a cluster on this machine that stays, and a release by it, equal to `local`.

What runs is kept in `cluster.json` of the folder, so that another process can end it. A process belongs to the cluster
when it is in a group that stands there and works in the folder: numbers of processes are given out again.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shlex
import shutil
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import psutil

from catalog.errors import SharingError
from catalog.tables.streams import ADOPTION
from pipelines.cli import screen
from pipelines.cli.present.formats import counted
from tools import engine_runs
from tools.cluster import PLACES, SHARED_SETTINGS, Cluster, remove_sockets
from transport.base.settings import PROJECT, Settings, environment
from transport.cluster.move import move
from transport.ingest.sample import encoded, sample
from transport.storage import landing

STATE, EXPORTS = "cluster.json", "exports.sh"
_HOMES = ("landed", "dask", "local")
_SHARDS = 16
_PATIENCE = 15.0
"""Seconds in which a process that is told to end may end by itself."""


@dataclass(frozen=True, slots=True)
class Running:
    """The cluster of a folder.

    Attributes:
        folder: where it works.
        processes: the group of each process by its name, in the order in which they end.
        exports: what a shell needs to be told to use it.
        ports: where a store listens.
    """

    folder: Path
    processes: dict[str, int] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)
    ports: tuple[int, ...] = ()

    @classmethod
    def of(cls, cluster: Cluster) -> Self:
        """The cluster that this process started."""
        exports = {f"DIF_{name.upper()}": str(getattr(cluster.settings, name)) for name in SHARED_SETTINGS}
        processes = {name: process.pid for name, process in cluster.processes.items()}
        return cls(cluster.folder, processes, exports | cluster.store_environment, cluster.store_ports)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The cluster that was started in a folder; without processes if none was started."""
        try:
            state = json.loads((folder / STATE).read_text("utf-8"))
        except FileNotFoundError:
            return cls(folder)
        return cls(folder, state["processes"], state["exports"], tuple(state["ports"]))

    def write(self) -> None:
        """Keep it for others, with its keys: for the owner alone."""
        texts = {
            STATE: json.dumps({**asdict(self), "folder": str(self.folder)}, indent=1),
            EXPORTS: "".join(f"export {name}={shlex.quote(value)}\n" for name, value in self.exports.items()),
        }
        for name, text in texts.items():
            (self.folder / name).touch(0o600)
            (self.folder / name).write_text(text, "utf-8")

    def members(self, name: str) -> list[psutil.Process]:
        """The processes of a group that live."""
        return [p for p in _of_group(self.processes[name]) if _works_in(p, self.folder)]

    def end(self) -> list[str]:
        """End everything, and remove the state.

        Returns:
            The names of the processes that were alive.
        """
        lived = []
        for name in self.processes:
            if members := self.members(name):
                lived.append(name)
                for sign in (signal.SIGTERM, signal.SIGKILL):
                    for member in members:
                        _tell(member, sign)
                    _, members = psutil.wait_procs(members, timeout=_PATIENCE)
        remove_sockets(self.ports)
        for name in (STATE, EXPORTS):
            (self.folder / name).unlink(missing_ok=True)
        return lived


def _of_group(group: int) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == group and process.status() != psutil.STATUS_ZOMBIE:
                yield process
        except (psutil.Error, OSError):
            continue


def _works_in(process: psutil.Process, folder: Path) -> bool:
    try:
        return Path(process.cwd()) == folder
    except psutil.Error:
        return False


def _tell(process: psutil.Process, sign: signal.Signals) -> None:
    try:
        process.send_signal(sign)
    except psutil.NoSuchProcess:
        return


def up(folder: Path, *, workers: int, doors: int, dispatches: int, store: bool) -> int:
    """Start a cluster that stays, make a release by it and one by `local`, and compare them."""
    running = Running.read(folder)
    if running.processes:
        return _already(running)
    if ours := sorted(name for name in environment({}) if name.startswith("DIF_")):
        screen.say(f"{', '.join(ours)}: set in this shell, so it would change what is compared. Unset it first.")
        return 1
    if find_spec("distributed") is None:
        screen.say("Dask is not installed. Run `make setup-dev`, then `make cluster` again.")
        return 1
    if folder.exists() and any(folder.iterdir()) and not (folder / _HOMES[0]).exists():
        screen.say(f"{folder} holds something else. Name an empty folder, or one that does not exist: --home FOLDER.")
        return 1
    for name in (*_HOMES, "store", "worker-*", "door-*"):  # an earlier store has another landing
        for left in folder.glob(name):
            shutil.rmtree(left, ignore_errors=True)
    (folder / _HOMES[0]).mkdir(parents=True)
    cluster = Cluster(Settings(home=folder / "dask", settle_seconds=0), folder)
    try:
        _started(cluster, workers, store=store)
        return _compared(cluster, dispatches, doors=doors if store else 0)
    except BaseException as problem:  # also Ctrl-C: nothing that was started stays
        cluster.end()
        Running.read(folder).end()
        if not isinstance(problem, SharingError | RuntimeError | KeyboardInterrupt):
            raise
        screen.say(
            f"{str(problem) or 'Interrupted.'}\nEverything that was started has ended. The logs are in {folder}."
        )
        return 1


def _started(cluster: Cluster, workers: int, *, store: bool) -> None:
    if store:
        address = cluster.start_store()["AWS_ENDPOINT_URL"]
        os.environ.update(cluster.store_environment)  # noqa: TID251 - the library reads its keys there
        screen.say(f"store      {address}, bucket `bucket`")
        places = {name: f"s3://bucket/{name.removesuffix('_url')}" for name in PLACES}
        cluster.settings = cluster.settings.but(shards=_SHARDS, **places)
    cluster.start_scheduler(again=True)
    screen.say(f"scheduler  {cluster.settings.engine_address}")
    screen.say(f"dashboard  {cluster.dashboard}")
    Running.of(cluster).write()
    for nth in range(workers):
        name, threads = f"worker-{nth}", max(1, (os.cpu_count() or 1) // workers)
        own = {"home": cluster.folder / name} if store else {}
        process = cluster.start_worker(name, threads=threads, **own)
        Running.of(cluster).write()
        screen.say(f"worker-{nth}   process {process.pid}")


def _compared(cluster: Cluster, dispatches: int, *, doors: int) -> int:
    folder = cluster.folder
    landed = Settings(home=folder / "landed", settle_seconds=0)
    screen.say(f"landing    {dispatches:,} synthetic dispatches ...")
    states = engine_runs.land(landed, dispatches=dispatches)
    as_of = landing.utc_now()
    if cluster.settings.landing_url:
        move(landed, landed.but(landing_url=cluster.settings.landing_url), (), progress=lambda *_: None)
        engine_runs.same_secret(landed, cluster.settings.home)
        screen.say(f"moved      what landed to {cluster.settings.landing_url}, where there is nothing else")
    environments = {
        "dask": cluster.environment(),
        "local": engine_runs.environment_of(landed.but(home=folder / "local"), "threads"),
    }
    pids = {name: process.pid for name, process in cluster.processes.items()}
    seconds, releases = {}, {}
    for engine, its_environment in environments.items():
        shared = engine == "dask" and cluster.settings.landing_url
        home = cluster.settings if shared else engine_runs.same_landing(landed, folder / engine)
        log = folder / f"run-{engine}.log"
        screen.say(f"{engine:<10} makes {states:,} states and all that follows; progress in {log} ...")
        run = engine_runs.make(its_environment, as_of=as_of, log=log, beside=pids if engine == "dask" else {})
        seconds[engine], releases[engine] = run.seconds, engine_runs.Release.of(home)
        by = [task["worker"] for task in run.tasks if ":" in task["worker"]]  # the others: threads of the run itself
        words = f", {len(by)} tasks by {counted(len({*by}), 'worker')}" if by else ""
        screen.say(f"{engine:<10} {run.seconds:.1f} s, {run.cpu:.1f} processor seconds{words}")
    differ = releases["dask"].differences(releases["local"])
    for line in differ:
        screen.out(f"differs: {line}")
    hashes, files = len(releases["dask"].hashes), len(releases["dask"].files)
    verdict = f"{len(differ)} of {hashes + files} differ" if differ else "the same by both engines"
    screen.out(f"{hashes} content hashes and {files} names of files: {verdict}.")
    screen.out(
        f"dask {seconds['dask']:.1f} s, local {seconds['local']:.1f} s with {landed.threads} threads: "
        f"{seconds['local'] / seconds['dask']:.2f} times as fast, on {counted(os.cpu_count() or 1, 'core')}"
        " that scheduler, workers and run share."
    )
    for nth in range(doors):
        cluster.start_door(f"door-{nth}")
        Running.of(cluster).write()
    if doors:
        answers = ", ".join(_sent(address) for address in cluster.addresses.values())
        screen.out(f"One batch, sent to each of {counted(doors, 'door')} in turn: {answers}.")
    if differ:
        screen.say("This is a fault. The homes are kept: compare their files, then end it with `make cluster-down`.")
    for name, address in cluster.addresses.items():
        screen.out(f"{name:<10} {address}")
    _how_to_use(Running.of(cluster))
    return 1 if differ else 0


def _sent(address: str) -> str:
    """A server's answer to a fixed batch."""
    rows = sample(ADOPTION)
    where = urlsplit(address)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=60)
    with closing(connection):
        headers = {"Content-Type": "application/vnd.apache.arrow.stream"}
        connection.request("PUT", "/v1/streams/adoption/batches/sent-to-each", encoded(rows, ".arrow"), headers)
        answer = json.loads(connection.getresponse().read())
    return str(answer.get("status") if "sha256" in answer else answer)


def _how_to_use(running: Running) -> None:
    screen.out(f"\nIn the background: {', '.join(running.processes)}; logs in {running.folder}. By hand:\n")
    for name, value in running.exports.items():
        line_shown = f"  export {name}={shlex.quote(value)}"
        screen.out(f"  # {name} is in {EXPORTS}" if "SECRET" in name else line_shown)
    screen.out(f"\n  or: . {shlex.quote(str(running.folder / EXPORTS))}")
    screen.out("\nThen `.venv/bin/dif run --full` runs over these workers. `make cluster-down` ends them.")


def _already(running: Running) -> int:
    dead = [name for name in running.processes if not running.members(name)]
    for name, group in running.processes.items():
        screen.out(f"{name:<10} {'is dead' if name in dead else f'runs, process {group}'}")
    if dead:
        screen.say("Part of the cluster is dead. `make cluster-down` ends the rest; then start it again.")
        return 1
    _how_to_use(running)
    return 0


def down(folder: Path) -> int:
    """End the cluster of a folder; its files stay."""
    running = Running.read(folder)
    if not running.processes:
        screen.out(f"No cluster runs in {folder}.")
        return 0
    lived = running.end()
    dead = [name for name in running.processes if name not in lived]
    screen.out(f"Ended: {', '.join(lived) or 'nothing'}." + (f" Dead before: {', '.join(dead)}." if dead else ""))
    screen.out(f"What was made is in {folder}; remove the folder if nobody needs it.")
    return 0


def main(words: Sequence[str] | None = None) -> int:
    """Start or end the cluster of a folder."""
    parser = argparse.ArgumentParser(prog="python -m tools.cluster_command", description="A cluster on this machine.")
    parser.add_argument("deed", choices=("up", "down"), help="start and compare; end")
    parser.add_argument("--home", type=Path, default=PROJECT / "data" / "cluster", help="the folder of everything")
    parser.add_argument("--workers", type=int, default=2, help="how many, each with one slot")
    parser.add_argument("--dispatches", type=int, default=200_000, help="synthetic dispatches in a year")
    parser.add_argument("--doors", type=int, default=2, help="how many machines take batches in")
    parser.add_argument(
        "--no-store", action="store_true", help="without object storage and doors, over one shared home"
    )
    chosen = parser.parse_args(words)
    for option in ("workers", "doors", "dispatches"):
        if getattr(chosen, option) < 1:
            parser.error(f"--{option} is at least 1")
    folder = chosen.home.resolve()
    if chosen.deed == "down":
        return down(folder)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # as Ctrl-C: nothing of it stays
    return up(
        folder, workers=chosen.workers, doors=chosen.doors, dispatches=chosen.dispatches, store=not chosen.no_store
    )


if __name__ == "__main__":
    sys.exit(main())
