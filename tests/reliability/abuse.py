"""R13: abuse of the Flight port. After each attack a good client, with its retries, is served within two seconds."""

from __future__ import annotations

import contextlib
import random
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from pyarrow import flight

from catalog.errors import SharingError
from tests.reliability.board import Figure, figure
from tests.reliability.serving import Conversation, Supervised, frame, in_process, kept_in, record, supervised
from tests.transport.conftest import table_of
from transport.base.settings import PROJECT, Settings
from transport.servers.client import Client

SERVED_SECONDS = 2.0
_MEMORY_MB = 700
Attack = Callable[["Field"], None]
ATTACKS: dict[str, Attack] = {}


class Field:
    """What an attack may use: the server's port, a recorded conversation, and a place for sockets that stay open."""

    def __init__(self, port: int, said: Conversation, rng: random.Random) -> None:
        self.port = port
        self.said = said
        self.rng = rng
        self.held = contextlib.ExitStack()

    def connect(self) -> socket.socket:
        """A bare connection, closed when the attack is over."""
        return self.held.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=5))

    def client(self) -> flight.FlightClient:
        """A bare client."""
        return self.held.enter_context(flight.FlightClient(f"grpc://127.0.0.1:{self.port}"))

    def put(self, batch: pa.RecordBatch, name: str = "bomb", **options: object) -> None:
        """Send one batch and wait for the answer, whatever it is; a child does it, for it may end too."""
        with contextlib.suppress(pa.ArrowException, OSError, MemoryError):
            call = flight.FlightCallOptions(
                timeout=8, write_options=pa.ipc.IpcWriteOptions(**options) if options else None
            )
            writer, reader = self.client().do_put(
                flight.FlightDescriptor.for_path("dispatch", name), batch.schema, call
            )
            with contextlib.suppress(pa.ArrowException, OSError):
                writer.write_batch(batch)
                writer.done_writing()
                reader.read()
            writer.close()


def attack(what: str) -> Callable[[Attack], Attack]:
    """Register an attack under the words for it."""

    def registered(run: Attack) -> Attack:
        ATTACKS[what] = run
        return run

    return registered


def _dispatch(rows: int, **columns: pa.Array) -> pa.RecordBatch:
    (batch,) = table_of("dispatch", rows, **columns).combine_chunks().to_batches()
    return batch


# --- in Arrow ---------------------------------------------------------------------------------------------------------


@attack("offsets that point out of the buffer")
def bad_offsets(there: Field) -> None:
    """The three rows that ended a bare server."""
    for offsets in ([0, 2**30, 7, 9], [0, -5, 7, 9], [9, 7, 3, 9], [-(2**31), 1, 2, 9]):
        made = pa.array(offsets, pa.int32()).buffers()[1]
        with contextlib.suppress(pa.ArrowInvalid):
            bad = pa.Array.from_buffers(pa.string(), 3, [None, made, pa.py_buffer(b"x" * 20)])
            there.put(_with(_dispatch(3), "service", bad))


def _with(batch: pa.RecordBatch, name: str, column: pa.Array) -> pa.RecordBatch:
    columns = [column if n == name else batch.column(n) for n in batch.schema.names]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


@attack("buffers changed on the wire")
def changed_buffers(there: Field) -> None:
    """Bytes of the messages changed under their headers."""
    from tests.reliability.hostile import answered, changed

    for number in range(40):
        answered(there.port, changed(there.said, f"w-{number:06}", there.rng), there.said.stream)


@attack("a compressed bomb")
def compressed_bomb(there: Field) -> None:
    """Some kilobytes that become a gigabyte."""
    big = pa.array([b"\0".decode() * (1 << 20)])
    column = pa.concat_arrays([big] * 900)
    batch = _dispatch(900)
    there.put(_with(batch, "service", column), compression="zstd")  # more than the process may hold


@attack("one message of 400 MB")
def one_large_message(there: Field) -> None:
    """No limit of gRPC's holds it back."""
    column = pa.concat_arrays([pa.array(["x" * (1 << 20)])] * 400)
    there.put(_with(_dispatch(400), "service", column))


@attack("five such messages in a row")
def one_after_the_other(there: Field) -> None:
    """Each may end the process; that it ended often is no reason to stay away."""
    for _ in range(5):
        one_large_message(there)
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", there.port), timeout=1):
                break
            time.sleep(0.02)


@attack("a null column of 2^31 rows")
def null_rows(there: Field) -> None:
    """Rows in no bytes; the schema says so before the first of them."""
    rows = 2**31 - 1
    batch = pa.RecordBatch.from_arrays([pa.nulls(rows)], names=["service"])
    there.put(batch)
    batch = pa.RecordBatch.from_arrays([pa.nulls(rows)], names=["dispatch_id"])
    there.put(batch)


@attack("ten thousand columns")
def many_columns(there: Field) -> None:
    """A schema larger than any batch."""
    there.put(pa.RecordBatch.from_arrays([pa.array([1])] * 10_000, names=[f"c{i}" for i in range(10_000)]))


@attack("long words in a ticket, an action, a path and metadata")
def long_words(there: Field) -> None:
    """Eight megabytes of each."""
    client, words = there.client(), b"[" * (8 << 20)
    call = flight.FlightCallOptions(timeout=8)
    for run in (
        lambda: client.do_get(flight.Ticket(words), call).read_all(),
        lambda: list(client.do_action(flight.Action("receipt", words), call)),
        lambda: client.get_flight_info(flight.FlightDescriptor.for_path("x" * (8 << 20)), call),
        lambda: client.get_flight_info(flight.FlightDescriptor.for_command(words), call),
        lambda: list(client.list_flights(words, call)),
    ):
        with contextlib.suppress(pa.ArrowException, OSError):
            run()


# --- in HTTP/2 --------------------------------------------------------------------------------------------------------


@attack("400 streams that say nothing more")
def idle_streams(there: Field) -> None:
    """Each with a call under way: half of them have sent a descriptor and rows."""
    for number in range(400):
        end = there.connect()
        cut = there.said.data[0 if number % 2 else 2]
        end.sendall(there.said.until(cut, f"i-{number:06}"))


@attack("random bytes")
def random_bytes(there: Field) -> None:
    """On the port, alone and after the preface."""
    for number in range(60):
        end = there.connect()
        with contextlib.suppress(OSError):
            end.sendall((there.said.preface if number % 2 else b"") + there.rng.randbytes(4096))


@attack("TLS where there is none")
def tls_garbage(there: Field) -> None:
    """A handshake on a port that speaks in the clear."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(20):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", there.port), timeout=1) as end:
            context.wrap_socket(end)


@attack("half-open connections")
def half_open(there: Field) -> None:
    """Three hundred that never say a word, and some that shut their side."""
    for number in range(300):
        end = there.connect()
        if number % 3 == 0:
            end.shutdown(socket.SHUT_WR)


@attack("a flood of headers")
def header_flood(there: Field) -> None:
    """Continuations without end, and pings and settings by the thousand."""
    for _ in range(5):
        end = there.connect()
        with contextlib.suppress(OSError):
            end.sendall(there.said.preface + b"".join(there.said.frames[:2]) + frame(1, 0, 1, b"\x40" + b"\x01a\x01b"))
            for _ in range(2000):
                end.sendall(frame(9, 0, 1, b"\x40\x7f\x80\x07" + b"a" * 255))
    for kind, body in ((6, b"12345678"), (4, b"\0\x03\0\0\0\x64")):
        end = there.connect()
        with contextlib.suppress(OSError):
            end.sendall(there.said.preface + b"".join(there.said.frames[:2]))
            end.sendall(frame(kind, 0, 0, body) * 20_000)


@attack("calls that are opened and reset at once")
def rapid_reset(there: Field) -> None:
    """Thousands on one connection."""
    end = there.connect()
    head = next(f for f in there.said.frames if f[3] == 1)
    with contextlib.suppress(OSError):
        end.sendall(there.said.until(there.said.frames.index(head), "r-000000"))
        for number in range(3000):
            stream = 1 + 2 * number
            end.sendall(frame(1, 4, stream, head[9:]) + frame(3, 0, stream, b"\0\0\0\x08"))


@attack("many calls at the same time")
def many_calls(there: Field) -> None:
    """Fifty clients with batches of their own, more than there are turns, left in the middle."""
    table = pa.concat_tables([table_of("dispatch", 1000)] * 20)

    def send(number: int) -> None:
        client = flight.FlightClient(f"grpc://127.0.0.1:{there.port}")
        with client, contextlib.suppress(pa.ArrowException, OSError):
            call = flight.FlightCallOptions(timeout=0.7)
            path = flight.FlightDescriptor.for_path("dispatch", f"m-{number}")
            writer, reader = client.do_put(path, table.schema, call)
            with contextlib.suppress(pa.ArrowException, OSError):
                writer.write_table(table, max_chunksize=500)
                reader.read()
            writer.close()

    threads = [threading.Thread(target=send, args=(n,)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


# --- TLS --------------------------------------------------------------------------------------------------------------


def _certificates(folder: Path) -> dict[str, Path]:
    """Ours and another authority's certificate and key for localhost, each signed by itself."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    made = {}
    for whose in ("ours", "other"):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, whose)])
        now = datetime.now(UTC)
        cert = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(key, hashes.SHA256())
        )
        made[f"{whose}.cert"] = folder / f"{whose}.cert"
        made[f"{whose}.key"] = folder / f"{whose}.key"
        made[f"{whose}.cert"].write_bytes(cert.public_bytes(serialization.Encoding.PEM))
        made[f"{whose}.key"].write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
    return made


def wrong_certificates(folder: Path, rng: random.Random) -> tuple[float, list[str]]:
    """A mutual-TLS server: garbage, no certificate, another's, the clear; then a good client."""
    folder.mkdir(parents=True)
    files = _certificates(folder)
    ours_cert = files["ours.cert"].read_bytes()
    ours = {"tls_root_certs": ours_cert}
    other = {"cert_chain": files["other.cert"].read_bytes(), "private_key": files["other.key"].read_bytes()}
    failures = []
    tls = {"tls_cert": files["ours.cert"], "tls_key": files["ours.key"], "tls_client_ca": files["ours.cert"]}
    with in_process(Settings(home=folder / "home"), disk_reserve_mb=0, **tls) as serving:
        location = f"grpc+tls://localhost:{serving.port}"
        mine = {"roots": ours["tls_root_certs"], "cert": ours_cert, "key": files["ours.key"].read_bytes()}
        usual = min(_good(location, f"before-{n}", **mine)[0] for n in range(2))
        for number, wrong in enumerate((ours, ours | other, {"tls_root_certs": files["other.cert"].read_bytes()})):
            with flight.FlightClient(location, **wrong) as client:
                try:
                    list(client.list_flights(b"", flight.FlightCallOptions(timeout=3)))
                    failures.append(f"wrong certificate {number} was let in")
                except flight.FlightError:
                    pass
        for number in range(50):
            hello = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" if number % 2 else b""
            end = socket.create_connection(("127.0.0.1", serving.port), timeout=2)
            with end, contextlib.suppress(OSError):
                end.sendall(hello + rng.randbytes(600))
        took, problem = _good(location, "good", **mine)
    if problem:
        failures.append(f"wrong certificates: the good client got {problem}")
    elif took > (most := _longest(usual)):
        failures.append(f"wrong certificates: the good client was served after {took:.1f} s, and not {most:.1f}")
    return took, failures


# --- the figure -------------------------------------------------------------------------------------------------------


def _longest(usual: float, seconds: float = SERVED_SECONDS) -> float:
    """Seconds that a good client may wait after an attack; on a busy machine some times what it waits without one."""
    return max(seconds, 5 * usual)


def _good(location: str, name: str, **words: Any) -> tuple[float, str]:
    """Seconds from the start of a good client's attempt to its receipt; and what went wrong."""
    began = time.monotonic()
    with Client(location, producer="good", timeout=30, **words) as client:
        try:
            client.send("dispatch", name, table_of("dispatch", 200))
        except SharingError as problem:
            return time.monotonic() - began, f"{problem.kind}: {problem.problem[:150]}"
    return time.monotonic() - began, ""


def under(
    settings: Settings, rng: random.Random, chosen: list[str], *, within: float = SERVED_SECONDS
) -> tuple[dict[str, float], list[str], int]:
    """Each attack in turn against a supervised server: seconds till a good client was served, failures, restarts."""
    seconds: dict[str, float] = {}
    failures: list[str] = []
    with supervised(settings) as there:
        said = record(there.port, "x-000000", table_of("dispatch", 200), chunk_rows=20)
        usual = min(_good(there.location, f"before-{n}")[0] for n in range(2))
        for number, what in enumerate(chosen):
            place = Field(there.port, said, rng)
            with place.held:
                with contextlib.suppress(OSError, pa.ArrowException):  # the server may cut it off in the middle
                    ATTACKS[what](place)
                seconds[what], problem = _good(there.location, f"good-{number}")
            if problem:
                failures.append(f"{what}: the good client got {problem}")
            elif seconds[what] > _longest(usual, within):
                failures.append(f"{what}: the good client was served after {seconds[what]:.1f} s")
        restarts = there.restarts()
        if _half_kept(there):
            failures.append("something of an attack was kept")
    return seconds, failures, restarts


def _half_kept(there: Supervised) -> set[str]:
    """Batches that are kept and were not sent whole by anybody."""
    return {n for n in kept_in(there.settings) if n.startswith(("i-", "r-", "m-", "bomb"))}


BARE = """
import sys
import pyarrow as pa
from pyarrow import flight
class Bare(flight.FlightServerBase):
    def do_put(self, context, descriptor, reader, writer):
        reader.read_all()
    def list_flights(self, context, criteria):
        return iter([])
server = Bare("grpc://127.0.0.1:0")
print(server.port, flush=True)
server.serve()
"""


def a_bare_server_is_lost() -> bool:
    """The control: without a supervisor and limits, a server that a message ends serves nobody any more."""
    batch = _dispatch(700)
    column = pa.concat_arrays([pa.array(["x" * (1 << 20)])] * 700)
    script = f"import resource; resource.setrlimit(resource.RLIMIT_DATA, ({_MEMORY_MB} << 20,) * 2)\n{BARE}"
    words = [sys.executable, "-c", script]
    with subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            port = int(process.stdout.readline())
            place = Field(port, None, random.Random(1))  # type: ignore[arg-type]
            with place.held:
                place.put(_with(batch, "service", column))
            deadline = time.monotonic() + SERVED_SECONDS
            with flight.FlightClient(f"grpc://127.0.0.1:{port}") as client:
                while time.monotonic() < deadline:
                    try:
                        list(client.list_flights(b"", flight.FlightCallOptions(timeout=1)))
                    except (pa.ArrowException, OSError):
                        time.sleep(0.1)
                    else:
                        return process.poll() is not None
            return True
        finally:
            process.kill()


@figure("R13")
def r13(scale: float, seed: int) -> Figure:
    """Abuse of the Flight port."""
    rng = random.Random(seed)
    began = time.monotonic()
    chosen = list(ATTACKS)
    if scale < 1:
        chosen = chosen[:: max(1, round(1 / max(scale, 0.1)))]
    with TemporaryDirectory() as folder:
        settings = Settings(
            home=Path(folder) / "home",
            disk_reserve_mb=0,
            server_memory_mb=_MEMORY_MB,
            idle_seconds=5.0,
            queue_seconds=1.0,
        )
        seconds, failures, restarts = under(settings, rng, chosen)
        took, more = wrong_certificates(Path(folder) / "tls", rng)
    seconds["wrong certificates"] = took
    facts: dict[str, object] = {"slowest": f"{max(seconds.values()):.2f} s", "restarts": restarts}
    saw = a_bare_server_is_lost()
    return Figure(
        "R13",
        "Flight abuse: a good client is served within 2 s after each",
        len(seconds),
        seed,
        time.monotonic() - began,
        failures + more,
        control="a bare server that a message ends stays away" if saw else "a bare server served on",
        control_saw=saw,
        facts=facts | {what: f"{took:.2f} s" for what, took in seconds.items()},
    )
