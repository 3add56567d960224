"""The scheduler and the workers as processes: `dif serve scheduler` and `dif serve worker`.

A worker is a process of its own, and ends with its scheduler, since Dask has no reconnection; whoever started it starts
it again. Dask's own supervisor of workers (its nanny) loses connections under TLS (dask/distributed#9052), so the
command supervises them itself.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import dask
import distributed

from pipelines.cluster.dask_engine import config, security
from transport.base.bind_address import handle_shutdown_signals
from transport.base.settings import PROJECT, Settings, environment, load

_LOOPBACK = "127.0.0.1"
_PAUSE = 1.0
"""Seconds before a worker that ended is started again."""


def serve_scheduler(
    settings: Settings, *, host: str, port: int, dashboard_port: int, say: Callable[[str], None]
) -> int:
    """Be the scheduler until told to end.

    Args:
        settings: the certificates.
        host: where it listens.
        port: 0 picks a free one.
        dashboard_port: of Dask's own dashboard, on this machine only; 0 picks a free one.
        say: gets the addresses.
    """

    async def serve() -> None:
        scheduler = distributed.Scheduler(
            host=host,
            port=port,
            protocol="tls",
            security=security(settings),
            dashboard=True,
            dashboard_address=f"{_LOOPBACK}:{dashboard_port}",  # in the clear, so for this machine alone
        )
        async with scheduler:
            say(f"scheduler  {scheduler.address}")
            say(f"dashboard  http://{_LOOPBACK}:{scheduler.services['dashboard'].port}/status")
            await _ended(scheduler.finished())

    return _run(serve)


def serve_workers(settings: Settings, *, slots: int, say: Callable[[str], None]) -> int:
    """Run the workers of one machine until told to end, and start again those that end.

    Args:
        settings: the scheduler's address and the certificates, which every worker reads for itself.
        slots: how many workers.
        say: gets what was started.
    """
    security(settings)  # said here, and not by each worker again and again
    wait_for_shutdown = handle_shutdown_signals()
    ending = threading.Event()
    running: dict[int, subprocess.Popen[bytes]] = {}

    def keep(slot: int) -> None:
        command = [sys.executable, "-P", "-m", __name__]
        while not ending.is_set():
            # its input is a pipe that ends with this process, however it ends
            running[slot] = subprocess.Popen(
                command, stdin=subprocess.PIPE, env=environment({"PYTHONPATH": str(PROJECT)})
            )
            running[slot].wait()
            ending.wait(_PAUSE)

    keepers = [threading.Thread(target=keep, args=(slot,), daemon=True) for slot in range(slots)]
    for keeper in keepers:
        keeper.start()
    say(f"{slots} worker{'s' if slots > 1 else ''} of {settings.engine_address}")
    wait_for_shutdown()
    ending.set()
    for process in running.values():
        process.kill()  # another worker redoes its task; nothing was committed
    for keeper in keepers:
        keeper.join(5)
    return 0


def _serve_worker(settings: Settings) -> int:
    """Be one worker, until its scheduler or whoever started it is gone."""
    limit = settings.worker_memory_mb << 20
    resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    threading.Thread(target=_end_with_input, daemon=True).start()

    async def serve() -> None:
        worker = distributed.Worker(
            settings.engine_address,
            nthreads=1,
            memory_limit=0,  # the limit of the process holds
            security=security(settings),
            protocol="tls",
            local_directory=str(settings.scratch / "worker"),
            dashboard=False,
            dashboard_address=f"{_LOOPBACK}:0",
        )
        async with worker:
            await _ended(worker.finished())

    return _run(serve)


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


async def _ended(other: Coroutine[Any, Any, Any]) -> None:
    """Wait for a signal to end.

    Raises:
        _Gone: the other end, scheduler or worker, ended first.
    """
    signalled = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, signalled.set)
    waits = [asyncio.ensure_future(signalled.wait()), asyncio.ensure_future(other)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
    if not signalled.is_set():
        raise _PeerEnded


class _PeerEnded(Exception):
    """What a process served, or was served by, has ended."""


def _run(serve: Callable[[], Coroutine[Any, Any, None]]) -> int:
    dask.config.set(config())
    try:
        asyncio.run(serve())
    except _PeerEnded:
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(_serve_worker(load()))
