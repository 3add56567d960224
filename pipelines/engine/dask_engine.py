"""The engine of many machines: tasks go to the workers of a Dask scheduler. Nothing else imports `distributed`.

Connections are mutual TLS, always: whoever can speak to a scheduler can run code on its workers. What is done is what
the store has: a worker or a scheduler that dies costs the tasks that it held, and these are made again.
"""

from __future__ import annotations

import atexit
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import dask
import distributed
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker

from catalog.errors import BadSetting, SharingError, TryAgain
from pipelines.engine.tasks import Done, Engine, Finish, Task
from pipelines.engine.worker import Order, carry_out
from transport.base.settings import Settings

_GIVEN_UP: Final = 3
"""Schedulers that a run loses before it gives up."""
_GATHERED: Final = 10.0
"""Seconds in which the worker that made a task says what came of it; it says little."""
_LOOK: Final = 2.0
"""Seconds after which a run that waits looks whether there are workers."""


def config(settings: Settings) -> dict[str, object]:
    """How Dask's scheduler, workers and clients are to behave."""
    return {
        "distributed.scheduler.worker-ttl": "30s",
        "distributed.scheduler.allowed-failures": settings.engine_retries,
        "distributed.comm.timeouts.connect": "10s",
    }


def security(settings: Settings) -> distributed.Security:
    """The certificates of this process, which all three roles present and demand.

    Raises:
        BadSetting: one is not set, or is no file.
    """
    names = ("engine_tls_ca", "engine_tls_cert", "engine_tls_key")
    files = {name: getattr(settings, name) for name in names}
    for name, file in files.items():
        if file is None or not file.is_file():
            raise BadSetting(name, file or "", "a PEM file: an engine on several machines always uses mutual TLS")
    ca, cert, key = map(str, files.values())
    roles = ("scheduler", "worker", "client")
    pairs = {f"tls_{role}_{kind}": path for role in roles for kind, path in (("cert", cert), ("key", key))}
    return distributed.Security(require_encryption=True, tls_ca_file=ca, **pairs)


class DaskEngine:
    """Makes tasks on the workers of the scheduler that the settings name."""

    def __init__(
        self, settings: Settings, *, run: str, rules: str, repair: Callable[[Path], None], local: Engine
    ) -> None:
        """Connect to nothing yet.

        Args:
            settings: the home, the scheduler's address and the certificates.
            run: names the run.
            rules: what its tables are made by.
            repair: called with a damaged file; makes it again, or raises.
            local: makes what is too small to be sent: the way costs more than the work.
        """
        self._settings = settings
        self._local = local
        self._order = Order(run, rules, settings.home)
        self._repair = repair
        self._sent = 0

    works_ahead = True

    def run(self, tasks: Sequence[Task], progress: Callable[[str], None]) -> list[Done]:
        """Make the files of every task, as many at a time as there are workers, and the small ones here.

        Raises:
            TryAgain: no scheduler or no worker could be reached.
            SharingError: a task failed, or each worker that took it died.
        """
        return self.begin(tasks)(progress)

    def begin(self, tasks: Sequence[Task]) -> Finish:
        """Give tasks to the workers; the small ones are made here once all are waited for.

        Raises:
            TryAgain: no scheduler could be reached.
        """
        large = {n: task for n, task in enumerate(tasks) if task.reads >= self._settings.engine_task_mb << 20}
        asked = None
        with suppress(*_GONE):  # whoever waits asks again
            asked = self._asked_for(large) if large else None
        return partial(self._finish, tasks, large, asked)

    def _finish(
        self, tasks: Sequence[Task], large: dict[int, Task], asked: _Asked | None, progress: Callable[[str], None]
    ) -> list[Done]:
        small = [nth for nth in range(len(tasks)) if nth not in large]
        done = dict(zip(small, self._local.run([tasks[nth] for nth in small], progress), strict=True))
        lost = 0
        while len(done) < len(tasks):
            try:
                if asked is None or asked.client is not _CLIENTS.get(self._settings):
                    asked = self._asked_for({nth: task for nth, task in large.items() if nth not in done})
                damaged = self._made(asked, done, progress, of=len(tasks))
            except _GONE as gone:
                lost += 1
                if lost > _GIVEN_UP:
                    raise _unreachable(self._settings) from gone
                progress("lost the scheduler, and asks it again")
                disconnect(self._settings)
                damaged = set()
            asked = None
            for path in damaged - self._order.repaired:
                progress(f"{path.name} is damaged and is made again")
                self._repair(path)
                self._order = replace(self._order, repaired=self._order.repaired | {path})
        return [done[nth] for nth in range(len(tasks))]

    def _asked_for(self, tasks: dict[int, Task]) -> _Asked:
        """Send tasks to the scheduler."""
        client = connect(self._settings)
        scheduler, _ = _scheduler(client)
        self._sent += 1
        futures = {
            client.submit(
                carry_out, task, self._order, key=f"{task.name}-{self._order.run}-{self._sent}-{nth}", pure=False
            ): nth
            for nth, task in tasks.items()
        }
        return _Asked(client, scheduler, futures, tasks)

    def _made(self, asked: _Asked, done: dict[int, Done], progress: Callable[[str], None], *, of: int) -> set[Path]:
        """Wait for tasks; gives the files that workers found damaged, for which some were not made."""
        damaged = set[Path]()
        waiting, alone_since = set(asked.futures), 0.0
        try:
            while waiting:
                try:
                    ended, waiting = distributed.wait(waiting, timeout=_LOOK, return_when="FIRST_COMPLETED")
                except TimeoutError:
                    now, workers = _scheduler(asked.client)
                    if now != asked.scheduler:  # what was sent while it was away is lost, and nobody says so
                        raise CommClosedError from None
                    alone_since = 0.0 if workers else _without_workers(self._settings, alone_since)
                    continue
                for future in ended:
                    nth = asked.futures[future]
                    made = _result(future, asked.tasks[nth])
                    if made is not None and made.damaged:
                        damaged.add(made.damaged)
                    elif made is not None:
                        done[nth] = made
                    progress(f"{len(done)} of {of}")
        finally:
            if asked.client.status == "running":  # with a scheduler that is gone it would wait
                asked.client.cancel([*waiting])
        return damaged


@dataclass(frozen=True, slots=True)
class _Asked:
    """Tasks that were sent: to which scheduler, by which client, and what will be known of each, by number."""

    client: distributed.Client
    scheduler: str
    futures: dict[distributed.Future[Done], int]
    tasks: dict[int, Task]


_GONE = (CommClosedError, CancelledError, distributed.client.FutureCancelledError, OSError)
"""What a client meets when its scheduler is gone."""
_CLIENTS: dict[Settings, distributed.Client] = {}


class _Client(distributed.Client):
    """A client of one scheduler: it ends with it, and a run makes another.

    Dask's own goes to whoever answers next at the address, with what it meant to send to the first; a scheduler that
    then cannot answer it drops the worker that it hears from.
    """

    async def _reconnect(self) -> None:
        await self._close(fast=True)


@atexit.register
def _disconnect_all() -> None:
    for settings in [*_CLIENTS]:
        disconnect(settings)


def connect(settings: Settings) -> distributed.Client:
    """This process's connection to the scheduler; waits for one that is starting.

    Raises:
        TryAgain: no scheduler answers.
    """
    dask.config.set(config(settings))
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what it meets, the run says
    client = _CLIENTS.get(settings)
    if client is not None and client.status == "running":
        return client
    own, until = security(settings), time.monotonic() + settings.engine_wait_seconds
    while True:
        try:
            wait = min(10, settings.engine_wait_seconds)
            client = _Client(settings.engine_address, security=own, timeout=wait)  # type: ignore[no-untyped-call]
        except (OSError, TimeoutError) as problem:
            if time.monotonic() > until:
                raise _unreachable(settings) from problem
            time.sleep(1)
        else:
            _CLIENTS[settings] = client
            return client


def workers_of(settings: Settings, *, within: float = 3) -> tuple[dict[str, int], str]:
    """The workers by address, each with the tasks that it makes or that wait for it.

    Returns:
        Them, and where Dask's own dashboard is, on the scheduler's machine; empty when it has none.

    Raises:
        TryAgain: no scheduler answers in so many seconds.
    """
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    own = security(settings)
    try:
        with _Client(settings.engine_address, security=own, timeout=within) as client:  # type: ignore[no-untyped-call]
            info = _identity(client)
            busy = client.processing()
    except (OSError, TimeoutError, ValueError) as problem:
        raise _unreachable(settings) from problem
    port = info.get("services", {}).get("dashboard")
    return (
        {address: len(busy.get(address, ())) for address in info["workers"]},
        f"http://127.0.0.1:{port}/status" if port else "",
    )


def disconnect(settings: Settings) -> None:
    """Let go of the scheduler, if this process is connected."""
    client = _CLIENTS.pop(settings, None)
    if client is not None:
        with suppress(Exception):
            client.close(timeout=2)


def _result(future: distributed.Future[Done], task: Task) -> Done | None:
    """What came of a task; None when the worker that knows has died meanwhile, so that it is asked again.

    Raises:
        SharingError: the task failed, or each worker that took it died.
    """
    try:
        made: Done = future.result(timeout=_GATHERED)
    except TimeoutError:
        return None
    except KilledWorker as killed:
        raise SharingError(
            f"{task.name} was given up: the workers that made it died, each in turn.",
            "Look at the workers' memory and logs, then run again: what was made is kept.",
        ) from killed
    return made


def _scheduler(client: distributed.Client) -> tuple[str, int]:
    """Which scheduler answers, and how many workers it has.

    Raises:
        OSError: none does.
    """
    info = _identity(client)
    return str(info["id"]), len(info["workers"])


def _identity(client: distributed.Client) -> Mapping[str, Any]:
    """What the scheduler says of itself and its workers.

    Raises:
        OSError: none answers.
    """
    info = client.scheduler_info(n_workers=-1) if client.status == "running" else {}
    if not info:  # the scheduler died after it was asked, and the client closed
        raise CommClosedError
    return info


def _without_workers(settings: Settings, since: float) -> float:
    """Since when the scheduler has had no worker, as seen here.

    Raises:
        TryAgain: for too long.
    """
    now = time.monotonic()
    if since and now - since > settings.engine_wait_seconds:
        raise TryAgain(
            f"The scheduler at {settings.engine_address} has no worker.",
            "Start one with `dif serve worker`, or set `engine` to local, and run again.",
        )
    return since or now


def _unreachable(settings: Settings) -> TryAgain:
    return TryAgain(
        f"No scheduler answers at {settings.engine_address or 'engine_address, which is not set'}.",
        "Start it with `dif serve scheduler`, check `engine_address` and the certificates (`engine_tls_ca`, "
        "`engine_tls_cert`, `engine_tls_key`), or set `engine` to local; then run again.",
    )
