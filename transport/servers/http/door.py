"""The HTTP door, for those who won't learn Flight. Its process is `python -m transport.servers.http.door`.

`transport.servers.http.app` answers requests; `transport.servers.http.serving` serves it.
"""

from __future__ import annotations

import argparse
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from catalog.errors import SharingError
from transport.base.bind_address import raise_open_files
from transport.base.settings import Settings, load
from transport.servers.http.app import HttpApp
from transport.servers.http.serving import AsgiServer, end_on_signals

_MB = 1 << 20


class HttpServer(AsgiServer):
    """The server of one home. Make it, `run()`, and `stop()`; it listens on `port`."""

    def __init__(self, settings: Settings, host: str = "127.0.0.1", port: int = 0) -> None:
        """Bind.

        Raises:
            WrongUse: it would be open to other machines without a token, or the port is taken.
            Damaged: the journal is not what was written.
        """
        self.door = HttpApp(settings)
        super().__init__(self.door, settings, host, port, closed=not self.door.ingest.access.open)
        self.door.end = self.stop

    def run(self, say: Callable[[str], None] = lambda _address: None) -> None:
        """Serve until `stop` or a signal; arriving batches get some seconds to finish."""
        with self.door:
            super().run(say)


def main(arguments: list[str] | None = None) -> int:
    """Serve until told to end; prints the address on stdout once the server listens."""
    words = argparse.ArgumentParser(prog="transport.servers.http.door")
    words.add_argument("--home", type=Path)
    words.add_argument("--host", default="127.0.0.1")
    words.add_argument("--port", type=int, default=0)
    given = words.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    raise_open_files()
    try:
        settings = load()
        if given.home:
            settings = settings.but(home=given.home)
        memory = settings.server_memory_mb * _MB
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
        server = HttpServer(settings, given.host, given.port)
    except SharingError as problem:
        sys.stderr.write(f"{problem.problem}\n  → {problem.mend}\n")
        return 1

    server.door.end = lambda: signal.raise_signal(signal.SIGTERM)  # bounds this shutdown too

    def say(address: str) -> None:
        sys.stdout.write(f"http    {address}\n")
        sys.stdout.flush()

    end_on_signals()
    server.run(say)
    return 0


if __name__ == "__main__":
    sys.exit(main())
