"""Real servers for the figures and tests: in a thread, in a process, under the supervisor; and what a client sent."""

from __future__ import annotations

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import flight

from catalog.tables.datasets import DATASETS
from transport.base.settings import PROJECT, Settings, environment
from transport.releases.store import Content, Release, Releases
from transport.servers.flight_server import Server
from transport.servers.supervisor import Supervisor
from transport.storage.landing import open_landing


def wait_until(true: Callable[[], object], seconds: float = 10.0) -> bool:
    """Look again and again; says whether it became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return bool(true())


@dataclass
class Serving:
    """A server that listens, and what its home says of it."""

    settings: Settings
    port: int
    scheme: str = "grpc"
    server: Server | None = None
    process: subprocess.Popen[str] | None = None

    @property
    def location(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def plain(self, **more: object) -> flight.FlightClient:
        """A client of bare pyarrow."""
        return flight.FlightClient(self.location, **more)

    def lines(self, kind: str) -> list[dict[str, Any]]:
        """The log so far: batches, reads or server."""
        return lines_of(self.settings, kind)

    def kept(self) -> dict[str, int]:
        """Batches that are kept, with their rows."""
        return kept_in(self.settings)

    def half_made(self) -> list[str]:
        """Temporary files below the home."""
        found = (p for p in self.settings.home.rglob("*") if p.name.startswith((".tmp-", "arriving")))
        return [str(p.relative_to(self.settings.home)) for p in found]


def lines_of(settings: Settings, kind: str) -> list[dict[str, Any]]:
    """The lines of a home's log of that kind."""
    files = sorted((settings.home / "log").glob(f"{kind}-*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def kept_in(settings: Settings) -> dict[str, int]:
    """What a home's landing keeps: rows by batch."""
    landing = open_landing(settings)
    landing.refresh()
    return {e.batch_id: e.rows for e in landing.entries}


@contextmanager
def in_thread(settings: Settings) -> Iterator[Serving]:
    """A server in a thread of this process."""
    server = Server(settings)
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield Serving(settings, server.port, "grpc+tls" if settings.tls_cert else "grpc", server)
    finally:
        server.shutdown()
        thread.join()


@contextmanager
def in_process(
    settings: Settings, *, module: str = "transport.servers.flight_server", **more: object
) -> Iterator[Serving]:
    """A server as a process of its own; `more` are settings given by the environment."""
    words = [sys.executable, "-P", "-m", module, "--home", str(settings.home), "--port", "0"]
    given = {f"DIF_{name.upper()}": str(value) for name, value in more.items()}
    with subprocess.Popen(
        words,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # gRPC tells there of every attack
        text=True,
        env=environment({"PYTHONPATH": str(PROJECT), "ARROW_DEFAULT_MEMORY_POOL": "system"} | given),
    ) as process:
        try:
            assert process.stdout is not None
            said = process.stdout.readline()
            scheme, _, rest = said.split()[-1].partition("://")
            yield Serving(settings.but(**more), int(rest.rpartition(":")[2]), scheme, process=process)
        finally:
            process.kill()


@dataclass
class Supervised:
    """A supervisor with a real Flight process below it."""

    settings: Settings
    supervisor: Supervisor
    said: list[str] = field(default_factory=list)

    @property
    def location(self) -> str:
        return self.supervisor.servers[0].address.split()[-1]

    @property
    def port(self) -> int:
        return int(self.location.rpartition(":")[2])

    def restarts(self) -> int:
        """How often the server was started again."""
        return sum(line["event"] == "restarted" for line in lines_of(self.settings, "server"))


@contextmanager
def supervised(settings: Settings) -> Iterator[Supervised]:
    """The supervisor in a process of its own: it changes limits of its process. Ends it, and its server, at the end."""
    script = (
        "import sys; from pathlib import Path; from transport.base.settings import load;"
        "from transport.servers.supervisor import Supervisor, main_signals;"
        "s = Supervisor(load().but(home=Path(sys.argv[1])), http_port=None, say=lambda t: print(t, flush=True));"
        "main_signals(s); sys.exit(s.run())"
    )
    changed = {
        f"DIF_{name.upper()}": str(getattr(settings, name))
        for name, field in Settings.model_fields.items()
        if getattr(settings, name) != field.default and getattr(settings, name)
    }
    with subprocess.Popen(
        [sys.executable, "-c", script, str(settings.home)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # gRPC tells there of every attack
        text=True,
        env=environment({"PYTHONPATH": str(PROJECT)} | changed),
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().rstrip()
            held = Supervised(settings, Supervisor(settings, http_port=None))
            held.supervisor.servers[0].address = address
            threading.Thread(target=_drain, args=(process.stdout, held.said), daemon=True).start()
            yield held
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _drain(out: Any, said: list[str]) -> None:
    with suppress(ValueError):
        said.extend(line.rstrip() for line in out)


# --- a release --------------------------------------------------------------------------------------------------------

COUNTY, ENTRY, TEXTS = "reference.county", "ledger.entry", "quality.quarantine_summary"
_SAMPLE: dict[Any, Callable[[int], object]] = {
    pa.string(): lambda i: f"text {i}",
    pa.date32(): lambda i: date(2026, 1 + i % 12, 1),
    pa.bool_(): lambda i: i % 2 == 0,
    pa.int64(): lambda i: i,
    pa.int32(): lambda i: i,
}


def rows_of(dataset: str, count: int, **columns: pa.Array) -> pa.Table:
    """Rows of a dataset's contract, by their number."""
    made = {}
    for column in DATASETS[dataset].columns:
        value = _SAMPLE.get(column.type, lambda i: datetime(2026, 1, 1 + i % 28, tzinfo=UTC))
        made[column.name] = pa.array([value(i) for i in range(count)], column.type)
    return pa.table(made | columns, schema=DATASETS[dataset].arrow_schema)


def publish(settings: Settings, **tables: pa.Table) -> Release:
    """A small release: counties and ledger entries; `tables` by `schema__table`."""
    releases = Releases(settings)
    settings.scratch.mkdir(parents=True, exist_ok=True)
    contents = [Content(DATASETS[n], table=rows_of(n, 12)) for n in (COUNTY, ENTRY)]
    contents += [Content(DATASETS[n.replace("__", ".")], table=t) for n, t in tables.items()]
    current = releases.current()
    name = releases.next_name(datetime(2026, 3, 5, 8, tzinfo=UTC))
    parent = current.name if current else None
    return releases.publish(name, contents, lambda _told: [], {"published_at": "2026-03-05"}, parent=parent)


# --- what a client sent, frame by frame -------------------------------------------------------------------------------

_PREFACE = 24
_HEAD = 9
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7


@dataclass(frozen=True)
class Conversation:
    """The bytes by which a real client sent a batch, as HTTP/2 frames: to be sent again, in part, or changed."""

    preface: bytes
    frames: tuple[bytes, ...]
    name: bytes

    @property
    def data(self) -> list[int]:
        """Places of the frames that carry the batch."""
        return [i for i, f in enumerate(self.frames) if f[3] == DATA]

    @property
    def stream(self) -> int:
        """The number of the call's stream."""
        return int.from_bytes(self.frames[self.data[0]][5:9], "big")

    def until(self, place: int, name: str) -> bytes:
        """All before a frame, with the batch named anew; the name must be as long as the recorded one."""
        assert len(name) == len(self.name)
        return self.preface + b"".join(self.frames[:place]).replace(self.name, name.encode())

    def reset(self) -> bytes:
        """The frame by which a client gives the call up while its connection lives on."""
        return frame(RST_STREAM, 0, self.stream, struct.pack(">I", 8))


def frame(kind: int, flags: int, stream: int, body: bytes) -> bytes:
    """An HTTP/2 frame."""
    return struct.pack(">I", len(body))[1:] + bytes((kind, flags)) + struct.pack(">I", stream) + body


def record(serving_port: int, name: str, table: pa.Table, *, chunk_rows: int) -> Conversation:
    """Send a batch with a plain pyarrow client, and keep its bytes."""
    got = bytearray()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        relay = threading.Thread(target=_relay, args=(listener, serving_port, got), daemon=True)
        relay.start()
        with flight.FlightClient(f"grpc://127.0.0.1:{listener.getsockname()[1]}") as client:
            put(client, "dispatch", name, table, chunk_rows=chunk_rows)
        relay.join(5)
    said = bytes(got)
    frames, at = [], _PREFACE
    while at < len(said):
        size = int.from_bytes(said[at : at + 3], "big") + _HEAD
        frames.append(said[at : at + size])
        at += size
    return Conversation(said[:_PREFACE], tuple(frames), name.encode())


def _relay(listener: socket.socket, port: int, got: bytearray) -> None:
    near, _ = listener.accept()
    with near, socket.create_connection(("127.0.0.1", port)) as far:

        def back() -> None:
            with suppress(OSError):
                while said := far.recv(1 << 16):
                    near.sendall(said)

        threading.Thread(target=back, daemon=True).start()
        with suppress(OSError):
            while said := near.recv(1 << 16):
                got.extend(said)
                far.sendall(said)


def put(
    client: flight.FlightClient,
    stream: str,
    name: str,
    table: pa.Table,
    *,
    chunk_rows: int = 65_536,
    headers: list[tuple[bytes, bytes]] | None = None,
    timeout: float | None = 30.0,
) -> dict[str, Any]:
    """The ten lines of a client that knows nothing of us: no digest, no number of rows."""
    options = flight.FlightCallOptions(headers=headers or [], timeout=timeout)
    writer, reader = client.do_put(flight.FlightDescriptor.for_path(stream, name), table.schema, options)
    try:
        writer.write_table(table, max_chunksize=chunk_rows)
        writer.done_writing()
        answer = reader.read()
    finally:
        writer.close()
    assert answer is not None
    said: dict[str, Any] = json.loads(answer.to_pybytes())
    return said


def memory_mb(process: int) -> dict[str, int]:
    """A process's resident memory now and at its highest, and its threads."""
    text = Path(f"/proc/{process}/status").read_text("ascii")
    said = dict(line.split(":", 1) for line in text.splitlines())
    return {
        "now": int(said["VmRSS"].split()[0]) >> 10,
        "most": int(said["VmHWM"].split()[0]) >> 10,
        "threads": int(said["Threads"]),
    }


def is_alive(process: int) -> bool:
    """Whether there is such a process."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
