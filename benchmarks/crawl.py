"""`python -m benchmarks.crawl --home HOME`: how long a harvester's whole crawl takes.

A harvester reads the catalogue and asks for the head of each of its addresses, one after the other over one connection,
without a token. The server is a process as `dif serve transport` starts it, over the releases of the home, with open
access. The second crawl finds the catalogue made.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from rdflib import Graph
from rdflib.namespace import DCAT

from catalog.contracts.sharing import Right
from transport.auth.tokens import Rights, Tokens
from transport.base.settings import PROJECT, environment, load

_ADDRESS = "https://tall.example.no"
"""Where the catalogue says that the server is."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crawl", description=__doc__)
    parser.add_argument("--home", type=Path, default=load().home)
    chosen = parser.parse_args(arguments)
    with served(chosen.home) as port:
        for name in ("first crawl", "and again"):
            begun = time.perf_counter()
            addresses, read = _catalogue(port)
            durations, statuses = _heads(port, addresses)
            whole = time.perf_counter() - begun
            print(
                f"{name:<12}{whole:6.2f} s  catalogue {read:5.2f} s  {len(addresses)} heads {sum(durations):5.2f} s  "
                f"p50 {1000 * statistics.median(durations):.1f} ms  max {1000 * max(durations):.0f} ms  "
                f"{dict(statuses)}"
            )
    return 0


def _catalogue(port: int) -> tuple[list[str], float]:
    """Every address of the catalogue, and the seconds that it took to get."""
    begun = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        connection.request("GET", "/catalog.ttl")
        text = connection.getresponse().read()
    read = time.perf_counter() - begun
    graph = Graph().parse(data=text, format="turtle")
    urls = {str(at) for predicate in (DCAT.accessURL, DCAT.downloadURL) for at in graph.objects(None, predicate)}
    return sorted(at.removeprefix(_ADDRESS) for at in urls), read


def _heads(port: int, addresses: Sequence[str]) -> tuple[list[float], Counter[int]]:
    """The seconds that each head took, and how many had each status."""
    durations, statuses = [], Counter[int]()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        for address in addresses:
            begun = time.perf_counter()
            connection.request("HEAD", address)
            answer = connection.getresponse()
            answer.read()
            durations.append(time.perf_counter() - begun)
            statuses[answer.status] += 1
    return durations, statuses


@contextmanager
def served(home: Path, **more: bool) -> Iterator[int]:
    """A server of the home's releases with open access and these settings, in a home of its own; gives its port."""
    with tempfile.TemporaryDirectory(prefix="crawl-") as folder:
        own = Path(folder) / "home"
        own.mkdir()
        (own / "releases").symlink_to(home.resolve() / "releases")
        settings = load().but(home=own, open_access=True, public_url=_ADDRESS)
        reads = Rights("t", frozenset(), frozenset(), frozenset({Right.OPEN}))
        Tokens(settings).add("t", reads, now=datetime.now(UTC))  # closed: open access is for more than this machine
        variables = {"DIF_OPEN_ACCESS": "true", "DIF_PUBLIC_URL": _ADDRESS}
        variables |= {f"DIF_{name.upper()}": str(value).lower() for name, value in more.items()}
        argv = [sys.executable, "-m", "transport.servers.http.door", "--home", str(own)]
        with subprocess.Popen(
            argv, env=environment(variables), cwd=PROJECT, stdout=subprocess.PIPE, text=True
        ) as server:
            assert server.stdout is not None
            try:
                yield urlsplit(server.stdout.readline().split()[-1]).port or 0
            finally:
                server.terminate()


if __name__ == "__main__":
    sys.exit(main())
