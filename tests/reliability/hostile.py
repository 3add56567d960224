"""R7: what strangers send that is broken or made to break things, through the inbox, Flight and the HTTP door.

Three sources: corpora of others (`../shared/corpora`, absent is not run), mutations of valid batches by a seed, and
texts made to hurt. A service may refuse or accept by contract; it may not end, hang, or refuse without a reason.
"""

from __future__ import annotations

import http.client
import json
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq

from tests.reliability.board import Figure, figure
from tests.reliability.serving import (
    DATA,
    GOAWAY,
    HEADERS,
    RST_STREAM,
    Conversation,
    Serving,
    frame,
    in_process,
    record,
)
from tests.transport.conftest import encoded, table_of
from transport.base.settings import PROJECT, Settings
from transport.ingest import inbox
from transport.servers.client import Client
from transport.storage.landing import open_landing

CORPORA = PROJECT.parent / "shared" / "corpora"
HANG_SECONDS = 10.0
FORMS = {
    ".parquet": "application/vnd.apache.parquet",
    ".arrows": "application/vnd.apache.arrow.stream",
    ".jsonl": "application/jsonl",
    ".csv": "text/csv",
}


@dataclass
class Judged:
    """What became of the cases so far."""

    n: int = 0
    failures: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)

    def note(self, door: str, case: str, outcome: str, *, bad: bool = False) -> None:
        """Count a case by door and outcome; a bad one is named."""
        self.n += 1
        self.outcomes[f"{door} {outcome}"] += 1
        if bad:
            self.failures.append(f"{door}: {case}: {outcome}")


# --- what is sent -----------------------------------------------------------------------------------------------------


def mutated(content: bytes, rng: random.Random) -> bytes:
    """A changed copy: bits flipped, cut, a piece moved over another, zeroed, doubled or with noise put in."""
    made = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8))):
        at, size = rng.randrange(len(made)), rng.randrange(1, 65)
        way = rng.randrange(6)
        if way <= 1:
            made[at] ^= 1 << rng.randrange(8)
        elif way == 2:
            made[at : at + size] = bytes(len(made[at : at + size]))
        elif way == 3:
            source = rng.randrange(len(made))
            piece = bytes(made[source : source + size])
            made[at : at + len(piece)] = piece
        elif way == 4:
            made[at : at + 4] = rng.choice((b"\xff" * 4, b"\xff\xff\xff\x7f", b"\0\0\0\x80", rng.randbytes(4)))
        elif len(made) > 2:
            made = made[: max(1, at)] if rng.random() < 0.5 else made[:at] + made[at // 2 :]
    return bytes(made)


def texts_that_hurt() -> dict[str, bytes]:
    """Text files by name: JSON and CSV made to break readers."""
    row = json.loads(encoded(table_of("adoption", 1), ".jsonl"))
    csv = encoded(table_of("adoption", 2), ".csv")
    header, first, *_ = csv.split(b"\n")

    def but(**changed: object) -> bytes:
        return json.dumps(row | changed).encode() + b"\n"

    deep = 200_000
    return {
        "deep-list.jsonl": b"[" * deep + b"]" * deep,
        "deep-object.jsonl": b'{"note":' * deep + b"1" + b"}" * deep,
        "deep-value.jsonl": but(note=0).replace(b'"note": 0', b'"note": ' + b"[" * deep + b"]" * deep),
        "huge-int.jsonl": but(note=0).replace(b'"note": 0', b'"note": ' + b"9" * 10_000),
        "huge-exponent.jsonl": but(note=0).replace(b'"note": 0', b'"note": 1e999999999'),
        "huge-negative.jsonl": but(note=0).replace(b'"note": 0', b'"note": -1e-999999999'),
        "nan.jsonl": but(note=0).replace(b'"note": 0', b'"note": NaN'),
        "twice.jsonl": but(note=0).replace(b'"note": 0', b'"note": "a", "note": "b"'),
        "surrogate.jsonl": but(note=0).replace(b'"note": 0', b'"note": "\\ud800"'),
        "nul.jsonl": but(note="\0"),
        "no-utf8.jsonl": but(note="x").replace(b'"x"', b'"\xff\xfe"'),
        "bom.jsonl": b"\xef\xbb\xbf" + but(),
        "utf16.jsonl": but().decode().encode("utf-16"),
        "many-keys.jsonl": json.dumps({f"k{i}": i for i in range(20_000)}).encode(),
        "long-key.jsonl": json.dumps({"k" * 1_000_000: 1}).encode(),
        "no-newline.jsonl": but().rstrip(),
        "only-newlines.jsonl": b"\n" * 100_000,
        "list.jsonl": b"[1,2,3]\n",
        "number.jsonl": b"1\n",
        "empty.jsonl": b"",
        "long-text.jsonl": but(note="x" * 5_000_000),
        "open-quote.csv": header + b'\n"' + first,
        "no-header.csv": first + b"\n",
        "many-columns.csv": b",".join(b"c%d" % i for i in range(100_000)) + b"\n" + b"," * 99_999 + b"\n",
        "long-header.csv": b"x" * 3_000_000 + b"\n1\n",
        "nul.csv": header + b"\n" + first.replace(b"svarut", b"\0svarut") + b"\n",
        "carriage.csv": csv.replace(b"\n", b"\r"),
        "ragged.csv": header + b"\n" + first + b",1,2,3\n",
        "short.csv": header + b"\na\n",
        "formula.csv": header + b"\n" + first.replace(b"svarut", b"=cmd|' /C calc'!A0") + b"\n",
        "latin1.csv": header + b"\n" + first.replace(b"svarut", "svært".encode("latin-1")) + b"\n",
        "utf16.csv": csv.decode().encode("utf-16"),
        "huge-field.csv": header + b"\n" + first.replace(b"svarut", b"x" * 5_000_000) + b"\n",
        "quotes.csv": header + b"\n" + b'"' * 100_001 + b"\n",
        "empty.csv": b"",
        "header-only.csv": header + b"\n",
        "twice.csv": header + b"," + header + b"\n",
        "binary.csv": bytes(range(256)) * 100,
        "year.csv": header + b"\n" + first.replace(b"2026", b"999999999") + b"\n",
    }


def made_files(rng: random.Random, count: int) -> Iterator[tuple[str, str, bytes]]:
    """Stream, name and content: texts that hurt, then so many mutations of valid files of every form."""
    for name, content in texts_that_hurt().items():
        yield "adoption", name, content
    good = [
        (stream, ending, encoded(table_of(stream, 40), ending))
        for stream in ("dispatch", "measurement", "adoption")
        for ending in (".parquet", ".arrow", ".arrows", ".csv", ".jsonl", ".xlsx")
    ]
    for number in range(count):
        stream, ending, content = good[number % len(good)]
        yield stream, f"m{number:05}{ending}", mutated(content, rng)


def corpus_files() -> list[tuple[str, str, bytes]]:
    """Every file of the corpora, under each ending that would have it opened; empty where they are not."""
    found = [("dispatch", f"c-{p.stem}.parquet", p.read_bytes()) for p in sorted((CORPORA / "parquet-bad").glob("*"))]
    for path in sorted((CORPORA / "arrow-stream").glob("*")):
        found += [("dispatch", f"c-{path.name}{ending}", path.read_bytes()) for ending in (".arrows", ".arrow")]
    return found


def naughty_tables() -> list[tuple[str, pa.Table]]:
    """Each naughty string in every text field of a stream, as tables; empty where the corpus is not."""
    file = CORPORA / "naughty-strings.json"
    if not file.is_file():
        return []
    strings = [s for s in json.loads(file.read_text("utf-8")) if s]
    plain = [s.encode("utf-8", "replace").decode() for s in strings]
    made = []
    for stream in ("adoption", "dispatch", "measurement"):
        table = table_of(stream, len(plain))
        for place, name in enumerate(table.column_names):
            if pa.types.is_string(table.schema.field(place).type):
                made.append((stream, table.set_column(place, name, pa.array(plain, pa.string()))))
    return made


# --- where it is sent -------------------------------------------------------------------------------------------------


def through_the_inbox(files: list[tuple[str, str, bytes]], folder: Path, judged: Judged) -> None:
    """Take the files in; each must leave a receipt or a reason, and none may have been ended by the clock."""
    settings = Settings(home=folder, settle_seconds=0, reader_seconds=int(HANG_SECONDS), disk_reserve_mb=0)
    for stream, name, content in files:
        place = settings.inbox / stream / "stranger"
        place.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    inbox.take_in(settings, open_landing(settings))
    for stream, name, _ in files:
        reason = settings.inbox / "rejected" / stream / "stranger" / f"{name}.reason.json"
        if (settings.inbox / stream / "stranger" / f"{name}.receipt.json").is_file():
            judged.note("inbox", name, "accepted")
        elif reason.is_file():
            said = json.loads(reason.read_text("utf-8"))
            timed = "signal 9" in said["problem"] or "signal 24" in said["problem"] or "no answer" in said["problem"]
            judged.note("inbox", name, said["kind"] if not timed else "hang", bad=timed or not said.get("mend"))
        else:
            judged.note("inbox", name, "neither receipt nor reason", bad=True)
    _check_kept(settings, judged)


def _check_kept(settings: Settings, judged: Judged) -> None:
    """What was accepted can be read, and has as many rows as its receipt says."""
    landing = open_landing(settings)
    landing.refresh()
    for entry in landing.entries:
        if pq.read_metadata(landing.file(entry)).num_rows != entry.rows:
            judged.failures.append(f"{entry.batch_id}: the kept file is not what the receipt says")


def answered(port: int, said: bytes, stream: int) -> str:
    """Send raw bytes to a Flight server, and wait for the end of the call: `answered`, `cut` or `hang`."""
    with socket.create_connection(("127.0.0.1", port), timeout=HANG_SECONDS) as end:
        got, have = bytearray(), 0
        with suppress(OSError):
            end.sendall(said)
        try:
            while True:
                while len(got) - have >= 9:
                    size = int.from_bytes(got[have : have + 3], "big")
                    kind, flags = got[have + 3], got[have + 4]
                    number = int.from_bytes(got[have + 5 : have + 9], "big")
                    if kind == GOAWAY or (number == stream and (kind == RST_STREAM or (kind == HEADERS and flags & 1))):
                        return "answered"
                    if len(got) - have < 9 + size:
                        break
                    have += 9 + size
                more = end.recv(1 << 16)
                if not more:
                    return "cut"
                got += more
        except TimeoutError:
            return "hang"
        except OSError:
            return "cut"


def changed(said: Conversation, name: str, rng: random.Random) -> bytes:
    """The conversation with bytes of the batch changed, each frame as long as it was, so that Arrow gets to read it."""
    frames = list(said.frames)
    for _ in range(rng.choice((1, 1, 3))):
        place = rng.choice([p for p in said.data if len(frames[p]) > 16])
        body = bytearray(frames[place][9:])
        keep = 5 if rng.random() < 0.95 else 0
        other = mutated(bytes(body[keep:]), rng)[: len(body) - keep].ljust(len(body) - keep, b"\0")
        frames[place] = frames[place][:9] + bytes(body[:keep]) + other
    return said.preface + b"".join(frames).replace(said.name, name.encode())


def _varint(number: int) -> bytes:
    made = bytearray()
    while number > 0x7F:
        made.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(made + bytes((number,)))


def _flight_data(header: bytes, body: bytes, path: tuple[str, ...] = ()) -> bytes:
    """One message of a DoPut, as gRPC frames it: a FlightData of these bytes, which nobody has looked at."""
    said = b"\x08\x01" + b"".join(b"\x1a" + _varint(len(p)) + p.encode() for p in path)
    made = b"\x0a" + _varint(len(said)) + said if path else b""
    made += b"\x12" + _varint(len(header)) + header
    made += b"\xc2\x3e" + _varint(len(body)) + body if body else b""
    return b"\0" + len(made).to_bytes(4, "big") + made


def raw_corpus(said: Conversation) -> Iterator[tuple[str, bytes]]:
    """Each file of the Arrow corpus as a conversation: its messages as they are, and its batches behind our schema.

    No Arrow library reads them on this side, so nothing is put right or held back before it is sent.
    """
    first = said.data[0]
    whole = b"".join(said.frames[p][9:] for p in said.data)
    ours = whole[: 5 + int.from_bytes(whole[1:5], "big")]
    for number, path in enumerate(sorted((CORPORA / "arrow-stream").glob("*"))):
        messages = []
        with suppress(pa.ArrowException, OSError, StopIteration, EOFError):
            reader = pa.ipc.MessageReader.open_stream(path.read_bytes())
            while len(messages) < 60:
                message = reader.read_next_message()
                body = message.body.to_pybytes() if message.body is not None else b""
                messages.append((message.type, message.metadata.to_pybytes(), body))
        for way in range(2):
            name = f"r{way}-{number:06}"
            sent = b"" if way == 0 else ours.replace(said.name, name.encode())
            for place, (kind, header, body) in enumerate(messages):
                if way == 0 or kind != "schema":
                    named = ("dispatch", name) if way == 0 and place == 0 else ()
                    sent += _flight_data(header, body, named)
            frames = [frame(DATA, 0, said.stream, sent[a : a + 16_000]) for a in range(0, len(sent), 16_000)]
            end = frame(DATA, 1, said.stream, b"")
            yield f"{name} {path.name}", said.preface + b"".join(said.frames[:first]) + b"".join(frames) + end


SENDER = """
import sys, json, pyarrow as pa
from pathlib import Path
from pyarrow import flight
sys.path.insert(0, sys.argv[2])
from tests.transport.conftest import table_of
client = flight.FlightClient(sys.argv[1])
good = table_of("dispatch", 400)
def put(name, schema, batches):
    try:
        path, options = flight.FlightDescriptor.for_path("dispatch", name), flight.FlightCallOptions(timeout=10)
        w, r = client.do_put(path, schema, options)
        try:
            for b in batches:
                w.write_batch(b)
            w.done_writing(); r.read()
        finally:
            w.close()
        print(json.dumps([name, "accepted"]), flush=True)
    except Exception as problem:
        print(json.dumps([name, str(problem).split(":")[0][:60] or type(problem).__name__]), flush=True)
for line in sys.stdin:
    path = Path(line.strip())
    print(json.dumps([path.name, ""]), flush=True)
    try:
        reader = pa.ipc.open_stream(path.read_bytes())
        batches = []
        for _ in range(20):
            try: batches.append(reader.read_next_batch())
            except StopIteration: break
            except Exception: continue
        put("as-it-is", reader.schema, batches)
        for n, b in enumerate(batches[:5]):
            for i in range(min(b.num_columns, 12)):
                column = b.column(i)
                if 0 < len(column) <= 400:
                    for name in good.column_names:
                        if good[name].type == column.type:
                            fixed = good.slice(0, len(column)).combine_chunks().to_batches()[0]
                            columns = [column if c == name else fixed.column(c) for c in fixed.schema.names]
                            changed = pa.RecordBatch.from_arrays(columns, schema=fixed.schema)
                            put(f"in-{n}-{i}-{name}", fixed.schema, [changed])
    except Exception as problem:
        print(json.dumps(["unreadable", type(problem).__name__]), flush=True)
"""
"""A child that reads files of the Arrow corpus without validating, and sends what it got: that may end a client too."""


class _Service:
    """A server process that is started again when it died, which is a failure."""

    def __init__(self, settings: Settings, module: str, judged: Judged) -> None:
        self._settings, self._module, self._judged = settings, module, judged
        self._stack = ExitStack()
        self.serving = self._started()

    def _started(self) -> Serving:
        return self._stack.enter_context(in_process(self._settings, module=self._module, disk_reserve_mb=0))

    def check_alive(self, case: str) -> None:
        assert self.serving.process is not None
        if self.serving.process.poll() is not None:
            self._judged.failures.append(f"{self._module} ended ({self.serving.process.returncode}) of {case}")
            self.serving = self._started()

    def end(self) -> None:
        self._stack.close()


def through_flight(rng: random.Random, count: int, folder: Path, judged: Judged, *, corpora: bool = True) -> None:
    """Changed bytes on the wire, and the corpora's batches; after each the process must be the same."""
    service = _Service(Settings(home=folder, disk_reserve_mb=0), "transport.servers.flight_server", judged)
    try:
        for stream_rows in (40, 300):
            said = record(
                service.serving.port, f"good-{stream_rows:05}", table_of("dispatch", stream_rows), chunk_rows=25
            )
            for number in range(count // 2):
                name = f"f{stream_rows:03}-{number:05}"
                how = answered(service.serving.port, changed(said, name, rng), said.stream)
                judged.note("flight", name, how, bad=how == "hang")
                service.check_alive(name)
        said = record(service.serving.port, "recorded0", table_of("dispatch", 40), chunk_rows=25)
        for name, raw in raw_corpus(said) if corpora else ():
            how = answered(service.serving.port, raw, said.stream)
            judged.note("flight raw corpus", name, how, bad=how == "hang")
            service.check_alive(name)
        if corpora:
            _send_corpus(service, judged)
        with Client(service.serving.location, producer="honest") as client:
            for number, (stream, table) in enumerate(naughty_tables() if corpora else ()):
                _naughty(client, stream, number, table, judged)
            client.send("dispatch", "after", table_of("dispatch", 3))
        service.check_alive("naughty strings")
    finally:
        service.end()
    _check_kept(Settings(home=folder), judged)


def _send_corpus(service: _Service, judged: Judged) -> None:
    """Send every file of the Arrow corpus; a file that ends its own sender is passed by."""
    waiting = [str(p) for p in sorted((CORPORA / "arrow-stream").glob("*"))]
    while waiting:
        words = [sys.executable, "-c", SENDER, service.serving.location, str(PROJECT)]
        done = subprocess.run(
            words, input="\n".join(waiting), capture_output=True, text=True, check=False, timeout=120, cwd=PROJECT
        )
        began = 0
        for name, outcome in map(json.loads, done.stdout.splitlines()):
            if outcome:
                judged.note("flight corpus", name, outcome, bad="imeout" in outcome or "Deadline" in outcome)
            else:
                began += 1
        last, waiting = waiting[max(0, began - 1)], waiting[max(1, began) :]
        if done.returncode < 0:
            judged.note("flight corpus", last, "ended its own sender")
        elif done.returncode > 0:
            judged.failures.append(f"the sender broke off: {done.stderr[-200:]}")
        service.check_alive(last)


def _naughty(client: Client, stream: str, number: int, table: pa.Table, judged: Judged) -> None:
    try:
        receipt = client.send(stream, f"naughty-{number}", table)
    except Exception as problem:  # noqa: BLE001 - whatever comes is judged
        kind = getattr(problem, "kind", type(problem).__name__)
        judged.note("flight", f"naughty {number}", kind, bad=kind not in ("bad_value", "refused", "too_large"))
    else:
        judged.note("flight", f"naughty {number}", receipt["status"], bad=receipt["rows"] != table.num_rows)


def through_http(files: list[tuple[str, str, bytes]], folder: Path, judged: Judged) -> None:
    """The same files by PUT; each answer is a receipt or a problem with its kind and mend."""
    service = _Service(Settings(home=folder, disk_reserve_mb=0), "transport.servers.http.door", judged)
    try:
        for number, (stream, name, content) in enumerate(files):
            form = FORMS.get(Path(name).suffix)
            if form is None:
                continue
            began = time.monotonic()
            call = http.client.HTTPConnection("127.0.0.1", service.serving.port, timeout=2 * HANG_SECONDS)
            try:
                call.request("PUT", f"/v1/streams/{stream}/batches/h{number}", content, {"Content-Type": form})
                answer = call.getresponse()
                said = json.loads(answer.read())
            except TimeoutError:
                judged.note("http", name, "hang", bad=True)
            except (OSError, http.client.HTTPException, ValueError) as problem:
                judged.note("http", name, type(problem).__name__, bad=True)
            else:
                slow = time.monotonic() - began > HANG_SECONDS
                good = answer.status in (200, 201) or (said.get("kind") and said.get("mend") and answer.status < 500)
                judged.note("http", name, str(said.get("kind", answer.status)), bad=slow or not good)
            finally:
                call.close()
            service.check_alive(name)
    finally:
        service.end()
    _check_kept(Settings(home=folder), judged)


# --- the figure -------------------------------------------------------------------------------------------------------

BARE = """
import pyarrow as pa, struct
batch = pa.record_batch([pa.array(["aaaa", "bbbb", "cccc"])], names=["a"])
sink = pa.BufferOutputStream()
with pa.ipc.new_stream(sink, batch.schema) as writer:
    writer.write_batch(batch)
sent = bytearray(sink.getvalue().to_pybytes())
at = sent.find(struct.pack("<4i", 0, 4, 8, 12))
sent[at : at + 16] = struct.pack("<4i", 0, 2**30, 2**30 + 7, 2**30 + 9)
table = pa.ipc.open_stream(bytes(sent)).read_all()
table.column(0).to_pylist()
"""


def a_bare_reader_dies() -> bool:
    """The control: the same kind of batch ends a process that does not validate it."""
    done = subprocess.run([sys.executable, "-c", BARE], capture_output=True, check=False, timeout=240)
    return done.returncode < 0


def judge(scale: float, seed: int) -> Judged:
    """All doors; of the corpora every file that is there."""
    rng, judged = random.Random(seed), Judged()
    files = [*corpus_files(), *made_files(rng, round(700 * scale))]
    with TemporaryDirectory() as folder:
        for number, (stream, table) in enumerate(naughty_tables()):
            files += [(stream, f"n{number}{e}", encoded(table, e)) for e in (".csv", ".jsonl", ".parquet")]
        through_the_inbox(files, Path(folder) / "inbox", judged)
        through_flight(rng, round(900 * scale), Path(folder) / "flight", judged)
        through_http(files[:: 1 if scale >= 1 else 5], Path(folder) / "http", judged)
    return judged


@figure("R7")
def r7(scale: float, seed: int) -> Figure:
    """Hostile files at every door."""
    title = "hostile files: 0 crashes, each refused or accepted with a reason, 0 hangs"
    began = time.monotonic()
    if not CORPORA.is_dir():
        return Figure("R7", title, 0, seed, 0.0, not_run="corpus absent, 0 files judged")
    judged = judge(scale, seed)
    saw = a_bare_reader_dies()
    facts: dict[str, object] = {"outcomes": dict(judged.outcomes), "corpus files": len(corpus_files())}
    return Figure(
        "R7",
        title,
        judged.n,
        seed,
        time.monotonic() - began,
        judged.failures,
        control="a bare Arrow reader of bad offsets ends" if saw else "a bare Arrow reader lived",
        control_saw=saw,
        facts=facts,
    )
