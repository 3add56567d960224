"""R10: forged tokens × every call of Flight, HTTP and Delta Sharing. None reaches a handler; a good one reaches all."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

import pyarrow as pa
from cryptography.hazmat.primitives.asymmetric import rsa
from pyarrow import flight

from catalog.contracts.sharing import Right
from tests.reliability.board import Figure, figure
from tests.reliability.serving import COUNTY, in_process, kept_in, lines_of, publish
from tests.transport import test_access
from tests.transport.conftest import encoded, table_of
from transport.auth.tokens import ALL, Recipient, Rights, Tokens
from transport.base.settings import Settings
from transport.servers.flight_server import Server
from transport.servers.http.routes import Permission
from transport.servers.share.routes import ROUTES

Headers = list[tuple[bytes, bytes]]
_PUBLIC = ("/livez", "/readyz", "/openapi.json", "/metrics", "/catalog.ttl", "/catalog.jsonld", "/feeds/{feed}")
"""Routes that answer without a token; a forged one must get no more of them than none."""


class Spied(Server):
    """The server, which notes each handler that is reached."""

    reached: ClassVar[list[str]] = []


def _noting(name: str) -> Callable[..., object]:
    handler = getattr(Server, name)

    def noted(self: Spied, *call: object) -> object:
        self.reached.append(name)
        return handler(self, *call)

    return noted


HANDLERS = (
    "do_put",
    "do_get",
    "do_exchange",
    "do_action",
    "list_actions",
    "list_flights",
    "get_flight_info",
    "get_schema",
)
for _name in HANDLERS:
    setattr(Spied, _name, _noting(_name))


@dataclass
class Ground:
    """A closed home with a release, and tokens of both kinds: good ones, and all that are forged."""

    settings: Settings
    good: dict[str, str] = field(default_factory=dict)
    forged: dict[str, Headers] = field(default_factory=dict)


def prepare(home: Path) -> Ground:
    """Make the home, an issuer whose keys it trusts, a token issued here, and everything that looks like one."""
    ground = Ground(Settings(home=home, disk_reserve_mb=0))
    publish(ground.settings)
    keys = [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]
    issuer = test_access.Issuer(*keys, server=None)
    rights = Rights("p", frozenset({ALL}), None, frozenset({Right.OPEN}))
    tokens = Tokens(ground.settings)
    now = datetime.now(UTC)
    _, issued, _ = tokens.add("good", rights, now=now)
    _, expired, _ = tokens.add("old", rights, now=now - timedelta(days=9), days=1)
    taken_back, revoked, _ = tokens.add("revoked", rights, now=now)
    tokens.revoke(taken_back.id, now=now)
    folder = home / "access"
    (folder / "jwks.json").write_text(json.dumps({"keys": [test_access.public(keys[0], "k1")]}), "utf-8")
    (folder / "jwks.json").chmod(0o600)
    (folder / "access.toml").write_text(test_access.listed("jwks.json"), "utf-8")
    (folder / "access.toml").chmod(0o600)
    ground.good = {"issued": issued, "signed": issuer.token()}
    for way, forge in test_access.FORGED.items():
        ground.forged[f"signed: {way}"] = _bearer(forge(issuer))
    swapped = issued[:-43] + revoked[-43:]
    for way, token in {
        "expired": expired,
        "revoked": revoked,
        "another's secret": swapped,
        "cut": issued[:-1],
        "longer": issued + "A",
        "without secret": issued[:-43],
        "upper case": issued.upper(),
        "of no kind": "x" * 60,
        "null": "null",
        "a star": "*",
    }.items():
        ground.forged[f"issued: {way}"] = _bearer(token)
    ground.forged |= {
        "header: none": [],
        "header: empty": [(b"authorization", b"")],
        "header: Bearer alone": [(b"authorization", b"Bearer")],
        "header: basic": [(b"authorization", b"Basic " + issued.encode())],
        "header: no scheme": [(b"authorization", issued.encode())],
        "header: two tokens": _bearer(issued) + _bearer(issued),
        "header: good behind forged": _bearer("x" * 60) + _bearer(issued),
        "header: another name": [(b"x-authorization", f"Bearer {issued}".encode())],
        "header: a producer": [(b"dif-producer", b"p")],
        "header: a cookie": [(b"cookie", f"authorization=Bearer {issued}".encode())],
    }
    return ground


def _bearer(token: str) -> Headers:
    return [(b"authorization", f"Bearer {token}".encode())]


# --- Flight -----------------------------------------------------------------------------------------------------------


class _Basic(flight.ClientAuthHandler):  # type: ignore[misc]
    """Flight's older handshake, with a token in it."""

    def authenticate(self, outgoing: flight.ClientAuthSender, incoming: flight.ClientAuthReader) -> None:
        outgoing.write(b"Bearer x")
        incoming.read()

    def get_token(self) -> bytes:
        return b"x"


def _put(client: flight.FlightClient, options: flight.FlightCallOptions) -> None:
    table = table_of("dispatch", 2)
    writer, reader = client.do_put(flight.FlightDescriptor.for_path("dispatch", "forged"), table.schema, options)
    try:
        with contextlib.suppress(pa.ArrowException, OSError):
            writer.write_table(table)
            writer.done_writing()
        reader.read()
    finally:
        writer.close()


def _exchange(client: flight.FlightClient, options: flight.FlightCallOptions) -> None:
    writer, reader = client.do_exchange(flight.FlightDescriptor.for_path("dispatch", "forged"), options)
    try:
        with contextlib.suppress(pa.ArrowException, OSError):
            writer.begin(table_of("dispatch", 1).schema)
            writer.done_writing()
        reader.read_chunk()
    finally:
        writer.close()


def _action(name: str, body: bytes = b"") -> Callable[[flight.FlightClient, flight.FlightCallOptions], object]:
    return lambda client, options: list(client.do_action(flight.Action(name, body), options))


_PATH = flight.FlightDescriptor.for_path
CALLS: dict[str, Callable[[flight.FlightClient, flight.FlightCallOptions], object]] = {
    "DoPut": _put,
    "DoGet": lambda c, o: c.do_get(flight.Ticket(json.dumps({"dataset": COUNTY}).encode()), o).read_all(),
    "ListFlights": lambda c, o: list(c.list_flights(b"", o)),
    "GetFlightInfo of a stream": lambda c, o: c.get_flight_info(_PATH("dispatch"), o),
    "GetFlightInfo of a dataset": lambda c, o: c.get_flight_info(_PATH(COUNTY), o),
    "GetSchema": lambda c, o: c.get_schema(_PATH("dispatch"), o),
    "DoAction health": _action("health"),
    "DoAction receipt": _action("receipt", b'{"stream": "dispatch", "batch_id": "forged"}'),
    "DoAction pending": _action("pending"),
    "DoAction of none": _action("shutdown"),
    "ListActions": lambda c, o: c.list_actions(o),
    "DoExchange": _exchange,
}


@contextmanager
def spied(settings: Settings) -> Iterator[Spied]:
    """A server that notes what is reached."""
    server = Spied(settings)
    Spied.reached.clear()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()


def over_flight(ground: Ground, ways: list[str]) -> tuple[int, list[str], list[str]]:  # noqa: C901, PLR0912 - one list of checks
    """Every call with every forged token: how many, what went wrong; and what good tokens did not reach."""
    tried, failures, missed = 0, [], []
    with spied(ground.settings) as server, flight.FlightClient(f"grpc://127.0.0.1:{server.port}") as client:
        for way in ways:
            options = flight.FlightCallOptions(headers=ground.forged[way], timeout=80)
            for name, call in CALLS.items():
                tried += 1
                try:
                    call(client, options)
                    failures.append(f"{name} with {way} was answered")
                except (pa.ArrowException, OSError) as problem:
                    words = str(problem)
                    if "Traceback" in words or ".py" in words:
                        failures.append(f"{name} with {way} was told a trace")
                    said_no = isinstance(problem, flight.FlightUnauthenticatedError) or "unauthenticated" in words
                    if not said_no and "too large" not in way:  # gRPC itself takes no headers as large as that
                        failures.append(f"{name} with {way}: {type(problem).__name__} {words[:80]}")
        for token in ("x", ground.good["issued"]):
            tried += 1
            with flight.FlightClient(f"grpc://127.0.0.1:{server.port}") as other:
                try:
                    other.authenticate(
                        _Basic(), flight.FlightCallOptions(headers=_bearer(token)[: token == "x"], timeout=80)
                    )
                    if token == "x":
                        failures.append("a handshake was answered")
                except (pa.ArrowException, OSError):
                    pass
        failures += [f"{name} was reached" for name in Spied.reached]
        Spied.reached.clear()
        for kind in ("batches", "reads"):
            failures += [f"{kind} log: {line}" for line in lines_of(ground.settings, kind)]
        if kept_in(ground.settings):
            failures.append("something was kept")
        for whose, token in ground.good.items():
            for name, call in CALLS.items():
                Spied.reached.clear()
                with contextlib.suppress(pa.ArrowException, OSError):
                    call(client, flight.FlightCallOptions(headers=_bearer(token), timeout=80))
                if not Spied.reached:
                    missed.append(f"{name} with the good {whose} token")
    return tried, failures, missed


# --- HTTP -------------------------------------------------------------------------------------------------------------


def _asked(port: int, method: str, path: str, headers: Headers, body: bytes | None = None) -> tuple[int, bytes]:
    call = http.client.HTTPConnection("127.0.0.1", port, timeout=80)
    try:
        call.putrequest(method, path)
        for name, value in headers:
            call.putheader(name.decode(), value.decode("latin-1"))
        if body is not None:
            call.putheader("Content-Type", "application/jsonl")
            call.putheader("Content-Length", str(len(body)))
        call.endheaders(body)
        answer = call.getresponse()
        return answer.status, answer.read()
    finally:
        call.close()


_IN_PATH = {
    "stream": "dispatch",
    "batch_id": "forged",
    "dataset": COUNTY,
    "release": "current",
    "file": "dif.duckdb",
    "feed": "releases.atom",
    "metric": "municipalities_active.csv",
    "month": "2026-01-01",
    "part": "part.parquet",
}


def over_http(ground: Ground, ways: list[str]) -> tuple[int, list[str], list[str]]:  # noqa: C901 - one list of checks
    """Every route of the OpenAPI document with every forged token."""
    tried, failures, missed = 0, [], []
    body = encoded(table_of("dispatch", 2), ".jsonl")
    before = {kind: len(lines_of(ground.settings, kind)) for kind in ("batches", "reads")}
    kept = kept_in(ground.settings)  # what the good tokens sent over Flight
    with in_process(ground.settings, module="transport.servers.http.door", disk_reserve_mb=0) as serving:
        good = _bearer(ground.good["issued"])
        document = json.loads(_asked(serving.port, "GET", "/openapi.json", good)[1])
        routes = []
        shares = {route.path for route in ROUTES}  # tried by themselves, with a recipient's token
        for path, methods in ((path, its) for path, its in document["paths"].items() if path not in shares):
            filled = path.format_map(_IN_PATH)
            known = ("get", "put", "post", "delete", "patch", "head")
            routes += [(path, filled, m.upper()) for m in methods if m in known]
        public = {path: _asked(serving.port, "GET", path.format_map(_IN_PATH), [])[0] for path in _PUBLIC}
        for way in ways:
            for path, filled, method in routes:
                tried += 1
                try:
                    status, said = _asked(
                        serving.port, method, filled, ground.forged[way], body if method == "PUT" else None
                    )
                except (OSError, http.client.HTTPException):
                    continue  # cut before it was answered
                if path in _PUBLIC:
                    if status != public[path] and status not in (400, 401, 431):
                        failures.append(f"{method} {path} with {way}: {status}, and {public[path]} without a token")
                elif status not in (400, 401, 431):
                    failures.append(f"{method} {path} with {way}: {status} {said[:80]!r}")
        for kind, count in before.items():
            lines = lines_of(ground.settings, kind)[count:]
            failures += [f"{kind} log over http: {line}" for line in lines if line.get("kind") != "unauthenticated"]
        if kept_in(ground.settings) != kept:
            failures.append("something was kept over http")
        for path, filled, method in routes:
            status, _ = _asked(serving.port, method, filled, good, body if method == "PUT" else None)
            if status == 401 or (status == 400 and path != "/mcp"):  # whose protocol says 400 to what is no message
                missed.append(f"{method} {path}: {status}")
    return tried, failures, missed


def over_share(ground: Ground, ways: list[str]) -> tuple[int, list[str], list[str]]:
    """Every route of the share server with every forged token; a recipient's token reaches them all."""
    tried, failures, missed = 0, [], []
    rights = Rights("recipient", frozenset(), frozenset(), frozenset(), Recipient(frozenset({"open"})))
    _, recipient, _ = Tokens(ground.settings).add("recipient", rights, now=datetime.now(UTC))
    schema, table = COUNTY.split(".")
    named = {"{share}": "open", "{schema}": schema, "{table}": table}
    with in_process(ground.settings, module="transport.servers.http.door", disk_reserve_mb=0) as serving:
        for route in (route for route in ROUTES if route.operation != "file"):  # whose links are tried above
            path = "/" + "/".join(named.get(part, part) for part in route.segments)
            body = b"{}" if route.method == "POST" else None
            public = _asked(serving.port, route.method, path, [])[0] if route.access is Permission.ANYBODY else None
            for way in ways:
                tried += 1
                with contextlib.suppress(OSError, http.client.HTTPException):  # cut before it was answered
                    status, said = _asked(serving.port, route.method, path, ground.forged[way], body)
                    if status not in (public, 400, 401, 431):
                        failures.append(f"{route.method} {route.path} with {way}: {status} {said[:80]!r}")
            asked = f"{path}?startingVersion=1" if route.operation == "changes" else path
            status, said = _asked(serving.port, route.method, asked, _bearer(recipient), body)
            if status not in (http.client.OK, public) and b"no longer kept" not in said:
                missed.append(f"{route.method} {route.path}: {status}")
    return tried, failures, missed


@figure("R10")
def r10(scale: float, seed: int) -> Figure:
    """Forged tokens × every call."""
    began = time.monotonic()
    with TemporaryDirectory() as folder:
        ground = prepare(Path(folder) / "home")
        ways = list(ground.forged)
        if scale < 1:
            ways = random.Random(seed).sample(ways, max(4, round(len(ways) * scale)))
        tried, failures, missed = over_flight(ground, ways)
        calls = {"over Flight": tried}
        over, more, unreached = over_http(ground, ways)
        tried, failures, missed = tried + over, failures + more, missed + unreached
        calls["over HTTP"] = over
        over, more, unreached = over_share(ground, ways)
        tried, failures, missed = tried + over, failures + more, missed + unreached
        calls["over Delta Sharing"] = over
    return Figure(
        "R10",
        "forged tokens x every call: 0 reach a handler",
        tried,
        seed,
        time.monotonic() - began,
        failures,
        control="good tokens reach every handler" if not missed else f"not reached: {', '.join(missed[:5])}",
        control_saw=not missed,
        facts={"ways to forge": len(ways), **calls},
    )
