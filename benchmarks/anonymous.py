"""`python -m benchmarks.anonymous --home HOME`: 200 readers without a token of one Parquet file, here and of nginx.

Each reader has an address and a connection of its own, and asks for the file again as soon as it has it. The server is
a process as `dif serve transport` starts it, behind no proxy, with open access; nginx is one process that sends the
same file. Both are measured in turn, three times: machines are noisy, the ratio less so. Where there is no nginx, it is
said.
"""

from __future__ import annotations

import argparse
import asyncio
import functools
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.crawl import served
from catalog.contracts.sharing import Right
from transport.base.bind_address import listening
from transport.base.settings import load
from transport.releases.folder import rights_of
from transport.releases.store import Release, Releases

_READERS = 200
_SECONDS = 5.0
_NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr error;
events {{ worker_connections 1024; }}
http {{
    access_log {folder}/access.log;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; location /releases/current/ {{ alias {release}/; }} }}
}}
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anonymous", description=__doc__)
    parser.add_argument("--home", type=Path, default=load().home)
    parser.add_argument("--file", help="of the release, as its manifest names it; the largest that is public if none")
    parser.add_argument("--nginx", default=shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"))
    chosen = parser.parse_args(arguments)
    release = Releases(load().but(home=chosen.home)).get("current")
    file = chosen.file or _largest(release)
    print(f"{file}, {release.file(file).stat().st_size / 1e3:,.0f} kB, {_READERS} readers")
    own, nginx = [], []
    with served(chosen.home, tls_elsewhere=True) as port:
        for _ in range(3):
            own.append(_measured("here", port, file))
            if chosen.nginx:
                with _nginx(chosen.nginx, release) as other:
                    nginx.append(_measured("nginx", other, file))
    if not nginx:
        print("nginx: not run, there is none here (Debian: nginx-light)")
        return 0
    print(f"here of nginx: {statistics.median(own) / statistics.median(nginx):.2f}")
    return 0


def _largest(release: Release) -> str:
    """The largest Parquet file that anybody may read."""
    audiences = {name: str(entry["audience"]) for name, entry in release.section("datasets").items()}
    files = release.section("files")
    public = [f for f in files if f.startswith("parquet/") and rights_of(f, audiences) == {Right.PUBLIC}]
    return max(public, key=lambda path: int(str(files[path]["bytes"])))


@dataclass
class _Reader(asyncio.BufferedProtocol):
    """A connection that asks for the file again and again, and keeps nothing of it."""

    request: bytes
    took: list[float]
    read: list[int]
    left: int = 0
    head: bytes = b""
    began: float = 0.0
    buffer: bytearray = field(default_factory=lambda: bytearray(1 << 18))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the first time."""
        self.transport = transport
        self._ask()

    def _ask(self) -> None:
        self.began, self.head, self.left = time.perf_counter(), b"", 0
        self.transport.write(self.request)  # type: ignore[attr-defined] - it is one that writes

    def get_buffer(self, sizehint: int) -> bytearray:  # noqa: ARG002 - the protocol's signature
        """Where the next bytes go."""
        return self.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Count bytes; ask again after the last."""
        if not self.left:
            self.head += self.buffer[:nbytes]
            head, separator, body = self.head.partition(b"\r\n\r\n")
            if not separator:
                return
            status, *lines = head.decode("latin-1").split("\r\n")
            if " 200 " not in status:
                message = f"{status}: {body[:300]!r}"
                raise RuntimeError(message)
            fields = dict(line.lower().split(": ", 1) for line in lines)
            self.left, nbytes = int(fields["content-length"]), len(body)
            self.read[0] += self.left
        self.left -= nbytes
        if not self.left:
            self.took.append(time.perf_counter() - self.began)
            self._ask()


def _measured(name: str, port: int, file: str) -> float:
    """Files a second that all readers get together; prints the figures."""
    took, read = asyncio.run(_read(port, file))
    took.sort()
    print(
        f"{name:<6}{len(took) / _SECONDS:8,.0f} files/s {read / _SECONDS / 1e6:8,.0f} MB/s  "
        f"p50 {1000 * took[len(took) // 2]:6.0f} ms  p95 {1000 * took[len(took) * 95 // 100]:6.0f} ms"
    )
    return len(took) / _SECONDS


async def _read(port: int, file: str) -> tuple[list[float], int]:
    took: list[float] = []
    read = [0]
    loop = asyncio.get_running_loop()
    readers = []
    for nth in range(_READERS):
        lines = [f"GET /releases/current/{file} HTTP/1.1", "Host: tall.example.no", f"X-Forwarded-For: 10.0.0.{nth}"]
        reader = _Reader("\r\n".join([*lines, "", ""]).encode(), took, read)
        transport, _ = await loop.create_connection(functools.partial(_itself, reader), "127.0.0.1", port)
        readers.append(transport)
    took.clear()  # answers that came while others connected
    read[0] = 0
    await asyncio.sleep(_SECONDS)
    for transport in readers:
        transport.abort()
    return list(took), read[0]


def _itself(reader: _Reader) -> _Reader:
    return reader


@contextmanager
def _nginx(command: str, release: Release) -> Iterator[int]:
    """An nginx that sends the release's files; gives its port."""
    with tempfile.TemporaryDirectory(prefix="nginx-") as folder:
        with listening("127.0.0.1", 0) as free:
            port = free.getsockname()[1]
        config = Path(folder) / "nginx.conf"
        text = _NGINX.format(folder=folder, port=port, release=release.folder.resolve())
        config.write_text(text, "utf-8")
        with subprocess.Popen([command, "-p", folder, "-c", str(config), "-e", "stderr"]) as server:
            try:
                time.sleep(1)
                yield port
            finally:
                server.terminate()


if __name__ == "__main__":
    sys.exit(main())
