"""`dif serve …` and `dif up`: servers as separate processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import NoReturn

from catalog.errors import WrongUse
from pipelines.cli.screen import out, say
from transport.auth import Access
from transport.base import atomic_files
from transport.base.bind_address import check_closed, handle_shutdown_signals, listening, tls_of
from transport.base.settings import PROJECT, Settings, environment, load


def dashboards(*, port: int = 8501, host: str = "127.0.0.1") -> NoReturn:
    """Become the dashboards and print their address.

    Args:
        port: 0 picks a free one.
        host: where they listen; beyond this machine only where visitors log in, over TLS (docs/access.md).
    """
    settings = load()
    argv = [sys.executable, "-m", "dashboards.server.start", "--home", str(settings.home), "--port", str(port)]
    argv += [*(["--contact", settings.contact] if settings.contact else ()), "--host", host]
    os.execv(argv[0], argv)  # noqa: S606 - a signal to a process that waited here would leave the pages serving


def transport(*, port: int = 8815, http_port: int = 8816, host: str = "127.0.0.1", http: bool = True) -> int:
    """Start the Flight server and the HTTP server, each a process of its own, and start them again when they end.

    Where systemd, compose or Kubernetes starts processes, let those start `dif serve flight` and `dif serve http`.

    Args:
        port: of Flight; 0 picks a free one.
        http_port: of HTTP, for batches, files, shares and assistants; 0 picks a free one.
        host: where both listen; beyond this machine only with tokens and TLS.
        http: `--no-http` leaves the HTTP server out.
    """
    from transport.servers.supervisor import Supervisor, main_signals

    settings = load()
    supervisor = Supervisor(settings, host=host, port=port, http_port=http_port if http else None, say=_say_now)
    _say_who_may_read(settings)
    main_signals(supervisor)
    return supervisor.run()


def flight(*, port: int = 8815, host: str = "127.0.0.1") -> NoReturn:
    """Become the Flight server: batches in, datasets out. Nothing here starts it again when it ends.

    Args:
        port: 0 picks a free one.
        host: where it listens; beyond this machine only with tokens and TLS.
    """
    _become("flight", host, port)


def http(*, port: int = 8816, host: str = "127.0.0.1") -> NoReturn:
    """Become the HTTP server: batches, files, shares and assistants. Nothing here starts it again when it ends.

    Args:
        port: 0 picks a free one.
        host: where it listens; beyond this machine only with tokens and TLS.
    """
    _become("http", host, port)


def _become(name: str, host: str, port: int) -> NoReturn:
    from transport.servers import processes

    settings = load()
    check_closed(settings, host, closed=not Access(settings).open)
    tls_of(settings)
    _say_who_may_read(settings)
    processes.become(settings, name, host=host, port=port)


def _say_who_may_read(settings: Settings) -> None:
    if Access(settings).open:
        say(
            "No tokens and no access list: the door is open to this machine only. `dif token add` closes it "
            "(docs/access.md)."
        )
    elif settings.open_access:
        say("Open access is on: callers without a token read what is public (docs/access.md).")
    else:
        say("Open access is off: callers without a token read nothing. Set open_access to let them (docs/access.md).")


def share(*, port: int = 8817, host: str = "127.0.0.1") -> int:
    """Serve shares alone, at an address of their own; `dif serve transport` has them beside the rest.

    Args:
        port: 0 picks a free one.
        host: where it listens; beyond this machine only with tokens and TLS.
    """
    from transport.servers.http.serving import serve
    from transport.servers.share.app import ShareApp

    return serve("share", ShareApp, ["--host", host, "--port", str(port)])


def dagster(*, port: int = 3000) -> NoReturn:
    """Become Dagster's pages, on this machine only. They show runs and start none: runs are the timer's.

    Args:
        port: 0 picks a free one.
    """
    from pipelines.orchestration import instance

    settings = load()
    atomic_files.refuse_root(settings.home)
    instance.open_instance(settings.home).dispose()
    port = port or _free_port()
    listening("127.0.0.1", port).close()  # Dagster says it after the address, in words of its own
    _say_now(f"Dagster     http://127.0.0.1:{port}")
    argv = [str(Path(sys.executable).with_name("dagster-webserver")), "-w", str(instance.WORKSPACE)]
    argv += ["--read-only", "-h", "127.0.0.1", "-p", str(port)]
    os.execve(argv[0], argv, _dagster_environment(settings))  # noqa: S606 - as the pages


def mcp(*, stdio: bool = False, port: int = 8818, host: str = "127.0.0.1") -> int:
    """Answer assistants alone (Model Context Protocol); `dif serve transport` does beside the rest (docs/ask.md).

    Args:
        stdio: speak over standard input and output to the assistant that started it, instead of over HTTP.
        port: of HTTP; 0 picks a free one.
        host: where it listens; beyond this machine only with tokens and TLS.
    """
    from transport.servers.http.serving import serve
    from transport.servers.mcp import door

    if stdio:
        return door.serve_stdio(load())
    return serve("mcp", door.McpApp, ["--host", host, "--port", str(port)])


def scheduler(*, host: str = "127.0.0.1", port: int = 8786, dashboard_port: int = 8787) -> int:
    """Be the scheduler that runs with `engine_address` give their tasks to. Mutual TLS, always.

    Args:
        host: where it listens.
        port: 0 picks a free one.
        dashboard_port: of Dask's own dashboard, which only this machine reaches; 0 picks a free one.
    """
    return int(_dask().serve_scheduler(load(), host=host, port=port, dashboard_port=dashboard_port, say=_say_now))


def worker(*, slots: int = 1) -> int:
    """Make parts of tables for the scheduler at `engine_address`.

    Args:
        slots: how many at a time, each in a process of its own.
    """
    return int(_dask().serve_workers(load(), slots=slots, say=_say_now))


def _dask() -> ModuleType:
    if find_spec("distributed") is None:
        raise WrongUse(
            "The engine on several machines is not installed.",
            "Install it beside the product: `pip install --require-hashes -r requirements/cluster.txt`.",
        )
    from pipelines.cluster import dask_servers

    return dask_servers


def _environment(settings: Settings, **more: str) -> dict[str, str]:
    """A server's environment. It starts in our folder, to read the same `dif.toml`; PYTHONPATH finds the code."""
    return environment({"PYTHONPATH": str(PROJECT), "DIF_HOME": str(settings.home), **more})


def _dagster_environment(settings: Settings, **more: str) -> dict[str, str]:
    from pipelines.orchestration import instance

    return _environment(settings, DAGSTER_HOME=str(instance.folder(settings.home)), **more)


def _say_now(line: str) -> None:
    out(line)
    sys.stdout.flush()


def up(
    *,
    dashboards_port: int = 8501,
    dagster_port: int = 3000,
    flight_port: int = 8815,
    http_port: int = 8816,
) -> int:
    """Start dashboards, Dagster and the servers together; Ctrl-C ends all.

    Args:
        dashboards_port: 0 picks a free one.
        dagster_port: 0 picks a free one.
        flight_port: 0 picks a free one.
        http_port: 0 picks a free one.
    """
    from pipelines.orchestration import instance

    settings = load()
    atomic_files.refuse_root(settings.home)
    for fixed_port in filter(None, (dashboards_port, dagster_port, flight_port, http_port)):
        listening("127.0.0.1", fixed_port).close()  # before anything is started, and says its address
    port = dagster_port or _free_port()
    instance.open_instance(settings.home).dispose()
    out(f"Dagster     http://127.0.0.1:{port}\nCtrl-C stops everything.")
    sys.stdout.flush()
    wait_for_shutdown = handle_shutdown_signals()

    def serve(*words: object) -> subprocess.Popen[bytes]:
        argv = [*_DIF, "serve", *map(str, words)]
        return subprocess.Popen(argv, env=_environment(settings), start_new_session=True)

    development = [str(Path(sys.executable).with_name("dagster")), "dev", "-w", str(instance.WORKSPACE)]
    started = {
        "The dashboards": serve("dashboards", "--port", dashboards_port),
        "The servers": serve("transport", "--port", flight_port, "--http-port", http_port),
        "Dagster": subprocess.Popen(
            [*development, "-h", "127.0.0.1", "-p", str(port)],
            env=_dagster_environment(settings, DIF_AUTOMATIC_RUNS="true"),
            start_new_session=True,
        ),
    }
    ended: list[str] = []
    for name, process in started.items():
        threading.Thread(target=_watch, args=(name, process, ended), daemon=True).start()
    try:
        wait_for_shutdown()
        alone = tuple(ended)
        say(f"{alone[0]} stopped, so everything was stopped." if alone else "Stopping.")
    finally:
        for process in started.values():
            _end(process)
    return 1 if alone else 0


_DIF = (sys.executable, "-P", "-c", "from pipelines.cli.main import main; main()")
"""The argv of our own command, from whichever folder."""


def _watch(name: str, process: subprocess.Popen[bytes], ended: list[str]) -> None:
    """Record a process that ended by itself, and end the others: half a platform looks like a whole one."""
    process.wait()
    ended.append(name)
    signal.raise_signal(signal.SIGTERM)


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(timeout=8)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
