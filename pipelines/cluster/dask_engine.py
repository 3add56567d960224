"""The engine of many machines: tasks go to the workers of a Dask scheduler. Nothing else imports `distributed`.

Connections are mutual TLS, always: whoever can speak to a scheduler can run code on its workers. What is done is what
the store has: a worker or a scheduler that dies costs the tasks that it held, and these are made again.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import dask
import distributed
from distributed.comm.core import CommClosedError
from distributed.scheduler import KilledWorker

from catalog.errors import BadSetting, SharingError, TryAgain
from pipelines.cluster.worker import Order, carry_out
from pipelines.engine import DamagedInput, Engine, Task, TaskResult
from transport.base.settings import Settings

_GIVEN_UP: Final = 3
"""Schedulers that a run loses before it gives up."""
_GATHERED: Final = 10.0
"""Timeout for fetching a task's small result, in seconds."""
WAIT_SECONDS = 120.0
"""How long a run waits for a scheduler, or for the first worker, before it gives up."""
_RETRIES: Final = 3
"""Workers that a task may outlive before the run fails and names it."""
_LOOK: Final = 2.0
"""Seconds between looks at the scheduler and its workers while tasks are waited for."""


def config() -> dict[str, object]:
    """How Dask's scheduler, workers and clients are to behave."""
    return {
        "distributed.scheduler.worker-ttl": "30s",
        "distributed.scheduler.allowed-failures": _RETRIES,
        "distributed.comm.timeouts.connect": "10s",
    }


def security(settings: Settings) -> distributed.Security:
    """The certificates of this process, which all three roles present and demand.

    Raises:
        BadSetting: one is not set, or is no file.
    """
    folder = settings.engine_tls
    files = [folder / name for name in ("ca.crt", "tls.crt", "tls.key")] if folder else []
    if not files or not all(file.is_file() for file in files):
        expected = "a folder with ca.crt, tls.crt and tls.key: an engine on several machines always uses mutual TLS"
        raise BadSetting("engine_tls", folder or "", expected)
    ca, cert, key = map(str, files)
    roles = ("scheduler", "worker", "client")
    pairs = {f"tls_{role}_{kind}": path for role in roles for kind, path in (("cert", cert), ("key", key))}
    return distributed.Security(require_encryption=True, tls_ca_file=ca, **pairs)


class DaskEngine:
    """Makes tasks on the workers of the scheduler that the settings name."""

    def __init__(self, settings: Settings, *, run: str, rules: str, local: Engine) -> None:
        """Connect to nothing yet.

        Args:
            settings: the home, the scheduler's address and the certificates.
            run: names the run.
            rules: what its tables are made by.
            local: makes what is too small to be sent: the way costs more than the work.
        """
        self._settings = settings
        self._local = local
        self._order = Order(run, rules, settings.home)
        self._sent = 0
        self._connecting = threading.Lock()

    def submit(self, tasks: Sequence[Task]) -> list[Future[TaskResult]]:
        """Give the large tasks to the workers, and make the small ones here."""
        large = {
            nth: task
            for nth, task in enumerate(tasks)
            if task.reads >= self._settings.engine_task_mb << 20 and not task.here and not task.compute
        }
        small = [nth for nth in range(len(tasks)) if nth not in large]
        futures = dict(zip(small, self._local.submit([tasks[nth] for nth in small]), strict=True))
        if large:
            sent = {nth: Future[TaskResult]() for nth in large}
            futures |= sent
            threading.Thread(target=self._wait, args=(large, sent), name="workers", daemon=True).start()
        return [futures[nth] for nth in range(len(tasks))]

    def _wait(self, tasks: dict[int, Task], futures: dict[int, Future[TaskResult]]) -> None:
        """Submit tasks and report their results. Submits again to a new scheduler when one is lost."""
        lost = 0
        try:
            while left := {nth: task for nth, task in tasks.items() if not futures[nth].done()}:
                try:
                    self._follow(self._send(left), futures)
                except _GONE as gone:
                    lost += 1
                    if lost > _GIVEN_UP:
                        raise _unreachable(self._settings) from gone
                    with self._connecting:
                        disconnect(self._settings)
        except BaseException as problem:  # noqa: BLE001 - whoever waits must hear of it
            for future in futures.values():
                if not future.done():
                    future.set_exception(problem)

    def _send(self, tasks: dict[int, Task]) -> _Submission:
        """Send tasks to the scheduler."""
        with self._connecting:
            client = connect(self._settings)
            self._sent += 1
            sending = self._sent
        scheduler, _ = _scheduler(client)
        futures = {
            client.submit(
                carry_out, task, self._order, key=f"{task.name}-{self._order.run}-{sending}-{nth}", pure=False
            ): nth
            for nth, task in tasks.items()
        }
        return _Submission(client, scheduler, futures, tasks)

    def _follow(self, sent: _Submission, futures: dict[int, Future[TaskResult]]) -> None:
        """Wait for tasks that were sent; of one whose result was lost with its worker nothing is said."""
        waiting, alone_since = set(sent.futures), 0.0
        try:
            while waiting:
                try:
                    ended, waiting = distributed.wait(waiting, timeout=_LOOK, return_when="FIRST_COMPLETED")
                except TimeoutError:
                    now, workers = _scheduler(sent.client)
                    if now != sent.scheduler:  # a restarted scheduler has forgotten the tasks
                        raise CommClosedError from None
                    alone_since = 0.0 if workers else _without_workers(self._settings, alone_since)
                    continue
                except ValueError:  # Dask finds no client: this one closed when its scheduler died
                    if sent.client.status == "running":
                        raise
                    raise CommClosedError from None
                for future in ended:
                    nth = sent.futures[future]
                    _tell(futures[nth], future, sent.tasks[nth])
        finally:
            if sent.client.status == "running":  # with a scheduler that is gone it would wait
                sent.client.cancel([*waiting])


@dataclass(frozen=True, slots=True)
class _Submission:
    """Tasks that were sent: to which scheduler, by which client, and Dask's future of each, by number."""

    client: distributed.Client
    scheduler: str
    futures: dict[distributed.Future[TaskResult], int]
    tasks: dict[int, Task]


def _tell(future: Future[TaskResult], of_dask: distributed.Future[TaskResult], task: Task) -> None:
    """Pass on the result of a task, or its error."""
    try:
        done = _result(of_dask, task)
    except _GONE:
        raise
    except Exception as problem:  # noqa: BLE001 - whoever waits must hear of it
        future.set_exception(problem)
        return
    if done is not None and done.damaged:
        future.set_exception(DamagedInput(done.damaged))
    elif done is not None:
        future.set_result(done)


_GONE = (CommClosedError, CancelledError, distributed.client.FutureCancelledError, OSError)
"""What a client meets when its scheduler is gone."""
_CLIENTS: dict[Settings, distributed.Client] = {}


class _Client(distributed.Client):
    """A client of one scheduler, which ends with it; a run then makes another.

    Dask's own client reconnects to whichever scheduler answers next at the address, and sends it messages meant for the
    first; that scheduler cannot handle them, and drops the worker they come from.
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
    dask.config.set(config())
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # the run reports these errors itself
    client = _CLIENTS.get(settings)
    if client is not None and client.status == "running":
        return client
    own, until = security(settings), time.monotonic() + WAIT_SECONDS
    while True:
        try:
            wait = min(10, WAIT_SECONDS)
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


def _result(future: distributed.Future[TaskResult], task: Task) -> TaskResult | None:
    """The result of a task; None when the worker that held it has died, and the task is submitted again.

    Raises:
        SharingError: the task failed, or each worker that took it died.
    """
    try:
        result: TaskResult = future.result(timeout=_GATHERED)
    except TimeoutError:
        return None
    except KilledWorker as killed:
        raise SharingError(
            f"{task.name} was given up: the workers that made it died, each in turn.",
            "Look at the workers' memory and logs, then run again: what was made is kept.",
        ) from killed
    return result


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
    """The time at which this process first saw no workers.

    Raises:
        TryAgain: for too long.
    """
    now = time.monotonic()
    if since and now - since > WAIT_SECONDS:
        raise TryAgain(
            f"The scheduler at {settings.engine_address} has no worker.",
            "Start one with `dif serve worker`, or take `engine_address` out, and run again.",
        )
    return since or now


def _unreachable(settings: Settings) -> TryAgain:
    return TryAgain(
        f"No scheduler answers at {settings.engine_address or 'engine_address, which is not set'}.",
        "Start it with `dif serve scheduler`, check `engine_address` and the certificates (`engine_tls`), or "
        "take `engine_address` out; then run again.",
    )
