"""R8: one bit that changes, at rest and on the way in.

On the way means: in the bytes of the connection (a proxy flips a bit anywhere between the client's first byte and its
last), in the body of an HTTP request whose Content-Digest was computed before, in a dropped file beside its `.sha256`.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import io
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import SharingError
from catalog.tables.streams import DISPATCH
from tests.reliability.board import Figure, figure
from tests.reliability.zygote import (
    PRODUCER,
    Servers,
    batch,
    batch_id,
    client_at,
    digest_of,
    home_in,
    keep,
    landed_rows,
    run,
    scratch,
    serving,
)
from transport.base.settings import PROJECT, Settings, environment
from transport.ingest import inbox
from transport.operations import doctor
from transport.storage.landing import open_landing

_AT_ONCE = 4
_DEADLINE = 2.0
"""Seconds of a call whose frames may have become nonsense."""


def flipped(content: bytes, bit: int) -> bytes:
    """The same bytes but for one bit."""
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _some_bit(content: bytes, chance: random.Random) -> bytes:
    return flipped(content, chance.randrange(len(content) * 8))


def wrong_values(settings: Settings, numbers: range) -> tuple[list[str], Counter[str]]:
    """Batches that are kept and do not say what was sent, and how the others stand."""
    landing = open_landing(settings)
    wrong: list[str] = []
    how: Counter[str] = Counter()
    contents = {digest_of(number): number for number in numbers}
    for entry in landing.entries:
        number = contents.get(entry.sha256)
        if number is None:
            wrong.append(f"{entry.file} was kept with other content than any batch that was sent")
            continue
        rows = landed_rows(landing, entry).select(DISPATCH.schema.names)
        if rows.to_pylist() != batch(number).to_pylist():
            wrong.append(f"{entry.file} was kept with wrong values")
        right = entry.batch_id == batch_id(number) and entry.producer == PRODUCER
        how["kept as sent" if right else "kept as sent, under another name"] += 1
    return wrong, how


# --- at rest ----------------------------------------------------------------------------------------------------------


def at_rest(settings: Settings, count: int, chance: random.Random) -> list[str]:
    """Flip a bit in a landed file: it is seen, the batch is not answered `duplicate`, and a retry mends it."""
    wrong: list[str] = []
    landing = open_landing(settings)
    numbers = range(10)
    for number in numbers:
        keep(landing, number)
    looked_at = 0
    while looked_at < count:
        by_doctor = looked_at % 40 == 0
        damaged = numbers if by_doctor else [chance.choice(numbers)]
        for number in damaged:
            path = landing.file(landing.entries[number])
            path.chmod(0o644)
            path.write_bytes(_some_bit(path.read_bytes(), chance))
            looked_at += 1
        if by_doctor:
            found = " ".join(str(f) for f in doctor.examine(settings))
            wrong += [f"the doctor does not see {batch_id(n)}" for n in damaged if batch_id(n) not in found]
        for number in damaged:
            if landing.is_whole(landing.entries[number]):
                wrong.append(f"a changed bit in {batch_id(number)} is not seen")
            (status,) = keep(landing, number)
            if status == "duplicate":
                wrong.append(f"{batch_id(number)} was answered `duplicate` while it was damaged")
            if not landing.is_whole(landing.entries[number]):
                wrong.append(f"{batch_id(number)} is not whole after it was sent again")
    return wrong + wrong_values(settings, numbers)[0]


# --- on the wire ------------------------------------------------------------------------------------------------------


class FlippingProxy:
    """Passes one connection on, and flips one bit of what the client sends."""

    def __init__(self, to: str, bit: int | None) -> None:
        """Listen; `bit` counts from the connection's first byte."""
        parts = urlsplit(to)
        self._to = parts.hostname, parts.port
        self._bit = bit
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.place = f"grpc://127.0.0.1:{self._listener.getsockname()[1]}"
        self.passed = 0
        self._open: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """End it and its connections."""
        for one in self._open:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                ours, _ = self._listener.accept()
                theirs = socket.create_connection(self._to)
                self._open += [ours, theirs]
                threading.Thread(target=self._pass, args=(ours, theirs, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(theirs, ours, False), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, flips: bool) -> None:
        with suppress(OSError):
            while content := source.recv(1 << 16):
                sent = content
                if flips:
                    if self._bit is not None and 0 <= self._bit // 8 - self.passed < len(content):
                        sent = flipped(content, self._bit - self.passed * 8)
                    self.passed += len(content)
                target.sendall(sent)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


def on_the_wire(settings: Settings, count: int, chance: random.Random) -> tuple[list[str], Counter[str]]:
    """Flip a bit anywhere in the connection over which a batch comes, with its digest in a header."""
    answers: Counter[str] = Counter()
    mending = threading.Lock()

    def told(servers: Servers, number: int, bit: int | None) -> tuple[str, int]:
        proxy = FlippingProxy(servers.place(), bit)
        try:
            with client_at(proxy.place, timeout=_DEADLINE) as client:
                receipt = client.send("dispatch", batch_id(number), batch(number))
                said = "accepted" if receipt["batch_id"] == batch_id(number) else "receipt of another name"
        except SharingError as problem:
            said = type(problem).__name__
        except ValueError:
            said = "unreadable receipt"
        finally:
            proxy.close()
        with mending:
            if servers.ended:
                servers.kill()
                servers.start()
                said = "the server ended and was started again"
        return said, proxy.passed

    with serving(settings) as servers, ThreadPoolExecutor(_AT_ONCE) as senders:
        said, length = told(servers, 0, None)
        bits = [chance.randrange(length * 8) for _ in range(count)]
        sent = [senders.submit(told, servers, number, bit) for number, bit in enumerate(bits, 1)]
        for one in sent:
            answers[one.result()[0]] += 1
    if said != "accepted":
        return [f"with no bit flipped the batch is answered {said}"], answers
    wrong, how = wrong_values(settings, range(count + 1))
    return wrong, answers + Counter({f"in the landing: {k}": v for k, v in how.items()})


@contextmanager
def http_door(home: Path) -> Iterator[http.client.HTTPConnection]:
    """A connection to a real HTTP door of a home."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "transport.servers.http.door", "--home", str(home), "--port", "0"],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment({"PYTHONPATH": str(PROJECT), "DIF_DISK_RESERVE_MB": "1", "DIF_QUOTA_PER_MINUTE": "0"}),
    )
    assert process.stdout is not None
    with process.stdout:
        place = urlsplit(process.stdout.readline().decode().split()[-1])
        assert place.hostname
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
        try:
            yield connection
        finally:
            connection.close()
            process.kill()
            process.wait()


def over_http(home: Path, count: int, chance: random.Random) -> tuple[list[str], Counter[str]]:
    """Flip a bit of a body whose Content-Digest goes along."""
    answers: Counter[str] = Counter()
    wrong: list[str] = []
    with http_door(home) as connection:
        for number in range(count + 1):
            body = _parquet(batch(number))
            digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
            said = {"content-type": "application/vnd.apache.parquet", "dif-producer": PRODUCER}
            said |= {"content-digest": f"sha-256=:{digest}:"}
            content = _some_bit(body, chance) if number else body
            connection.request("PUT", f"/v1/streams/dispatch/batches/{batch_id(number)}", body=content, headers=said)
            answer = connection.getresponse()
            words = answer.read()
            answers[str(answer.status)] += 1
            if (answer.status in (200, 201)) != (number == 0):
                what = "a changed body" if number else "a sound body"
                wrong.append(f"HTTP: {what} was answered {answer.status} {words[:200]!r}")
    return wrong + wrong_values(home_in(home), range(count + 1))[0], answers


def dropped(settings: Settings, count: int, chance: random.Random) -> tuple[list[str], Counter[str]]:
    """Flip a bit of a dropped file beside its `.sha256`."""
    for number in range(count + 1):
        path = inbox.drop(settings.inbox, "dispatch", PRODUCER, f"file-{number}", batch(number))
        content = path.read_bytes()
        path.with_name(f"{path.name}.sha256").write_text(f"{hashlib.sha256(content).hexdigest()}  {path.name}\n")
        path.write_bytes(_some_bit(content, chance) if number else content)
    taken = inbox.take_in(settings, open_landing(settings))
    answers = Counter({"accepted": len(taken.accepted), "rejected": len(taken.rejected)})
    wrong = (
        [] if taken.accepted == [f"dispatch/{PRODUCER}/file-0.parquet"] else [f"the inbox accepted {taken.accepted}"]
    )
    return wrong + wrong_values(settings, range(count + 1))[0], answers


# --- the control: bare libraries --------------------------------------------------------------------------------------


def _parquet(table: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink)
    return sink.getvalue()


def _ipc(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def reads_bare(said: int, form: str, seed: int, first: int, count: int) -> None:
    """Flip a bit of a file and read it with the library alone; say of each flip what came of it."""
    right = batch(0)
    content = _parquet(right) if form == "parquet" else _ipc(right)
    for place in range(first, count):
        changed = _some_bit(content, random.Random(seed * 1_000_003 + place))
        os.write(said, f"{place} begun\n".encode())
        try:
            table = pq.read_table(io.BytesIO(changed)) if form == "parquet" else pa.ipc.open_stream(changed).read_all()
            table.validate(full=True)
            how = "right" if table.select(right.column_names).to_pylist() == right.to_pylist() else "wrong"
        except Exception:  # noqa: BLE001 - whatever the library says no with
            how = "refused"
        os.write(said, f"{place} {how}\n".encode())


def bare(form: str, count: int, seed: int) -> Counter[str]:
    """What the library alone makes of so many changed files."""
    how: Counter[str] = Counter()
    first = 0
    while first < count:
        said = run("bits:reads_bare", form=form, seed=seed, first=first, count=count)
        how.update(line.split()[1] for line in said if line[0].isdigit() and not line.endswith("begun"))
        began = max(int(line.split()[0]) for line in said if line.endswith("begun"))
        if f"{began} " in said[-1] and said[-1].endswith("begun"):
            how["crashed"] += 1
        first = began + 1
    return how


@figure("R8")
def r8(scale: float, seed: int) -> Figure:
    """One-bit changes, at rest and on the way in."""
    began, chance = time.monotonic(), random.Random(seed)
    rest, wire, http_bodies, files = (
        max(least, round(n * scale)) for n, least in ((400, 50), (300, 20), (100, 5), (200, 5))
    )
    with scratch() as folder:
        wrong = at_rest(home_in(folder / "rest"), rest, chance)
        more, on_wire = on_the_wire(home_in(folder / "wire"), wire, chance)
        wrong += more
        more, over = over_http(folder / "http", http_bodies, chance)
        wrong += more
        more, in_inbox = dropped(home_in(folder / "inbox"), files, chance)
        wrong += more
    tries = max(40, round(200 * scale))
    parquet, ipc = bare("parquet", tries, seed), bare("ipc", tries, seed)
    return Figure(
        "R8",
        "one-bit changes: at rest, on the Flight connection, in HTTP bodies, in dropped files",
        rest + wire + http_bodies + files,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"bare libraries take wrong values: Parquet {parquet['wrong']}, Arrow {ipc['wrong']} of {tries} each",
        control_saw=bool(parquet["wrong"] and ipc["wrong"]),
        facts={
            "at rest": rest,
            "Flight: answers": dict(on_wire),
            "HTTP: answers": dict(over),
            "inbox": dict(in_inbox),
            "bare Parquet": dict(parquet),
            "bare Arrow stream": dict(ipc),
        },
    )
