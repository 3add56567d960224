"""How the process of a server begins: for `dif serve flight` and `dif serve http`, and for the supervisor.

A server's limits are its process's own (`run_server`); what must hold before Python starts is here.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import NoReturn

from transport.base.settings import PROJECT, Settings, environment
from transport.telemetry import counters

MODULES = {"flight": "transport.servers.flight_server", "http": "transport.servers.http.door"}
"""The servers by name, and what each runs."""
_STACK = 1 << 20
"""Bytes of a thread's stack: four hundred idle calls are four hundred threads, and stacks count as memory."""


def command(settings: Settings, name: str, *, host: str, port: int) -> list[str]:
    """The argv of a server. Start it in our working directory, so that its dif.toml applies."""
    words = ["--home", str(settings.home), "--host", host, "--port", str(port)]
    return [sys.executable, "-P", "-m", MODULES[name], *words]


def variables(settings: Settings, name: str) -> dict[str, str]:
    """The whole environment of a server."""
    return environment(
        counters.variables(settings, name)
        | {
            "PYTHONPATH": str(PROJECT),
            "PYTHONUTF8": "1",
            "ARROW_DEFAULT_MEMORY_POOL": "system",
            "MALLOC_ARENA_MAX": "4",
        }
    )


def small_stacks() -> None:
    """Limit the stacks of threads of what this process becomes."""
    _, hard = resource.getrlimit(resource.RLIMIT_STACK)
    resource.setrlimit(resource.RLIMIT_STACK, (_STACK, hard))


def become(settings: Settings, name: str, *, host: str, port: int) -> NoReturn:
    """Be the server from here on, so that a signal meets it and no process waits beside it."""
    sys.stdout.flush()
    sys.stderr.flush()
    small_stacks()
    argv = command(settings, name, host=host, port=port)
    os.execve(argv[0], argv, variables(settings, name))  # noqa: S606 - nothing of a stranger is in the words
