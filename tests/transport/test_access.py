"""Who gets in: forged tokens × every way, the access list row by row, and files that change under a running server."""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pyarrow as pa
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import example, given
from hypothesis import strategies as st
from jwt.warnings import InsecureKeyLengthWarning

from catalog.contracts.language import Audience
from catalog.contracts.sharing import Right
from catalog.errors import (
    Forbidden,
    SchemaMismatch,
    SharingError,
    TryAgain,
    Unauthenticated,
    UnknownName,
    WrongType,
    WrongUse,
)
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from tests.transport.test_http import opened
from transport.auth import MAX_TOKEN, Access
from transport.auth.tokens import ALL, Rights, Tokens
from transport.base.settings import PROJECT, Settings
from transport.ingest.sample import sample

BERGEN, OSLO, SUPPLIER, STRANGER = "964338531", "958935420", "974605171", "971526920"
TENOR, TENORS_SUPPLIER = "210000003", "310000000"
"""Made up: they begin with 2 and 3 and have the right control digit, as Tenor's do."""
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ISSUER, AUDIENCE = "https://issuer.test/", "https://dif.test"
ANYONE = Rights("svarut", frozenset({ALL}), None, frozenset({Right.OPEN}))


class KeyServer:
    """A real key server on loopback: gives what `keys` says at the moment, and counts who asks."""

    def __init__(self):
        self.keys: list[dict] = []
        self.answer: tuple[int, dict[str, str], bytes] | None = None
        self.asked = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked += 1
                status, headers, body = outer.answer or (200, {}, json.dumps({"keys": outer.keys}).encode())
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/jwks"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def key_server():
    server = KeyServer()
    try:
        yield server
    finally:
        server.stop()


def public(key, kid: str, **more) -> dict:
    """The public half as a JSON Web Key."""
    algorithm = {rsa.RSAPrivateKey: "RS256", ec.EllipticCurvePrivateKey: "ES256"}
    name = next((a for kind, a in algorithm.items() if isinstance(key, kind)), "EdDSA")
    made = jwt.get_algorithm_by_name(name).to_jwk(key.public_key(), as_dict=True)
    return {k: v for k, v in made.items() if k != "key_ops"} | {"kid": kid, "use": "sig"} | more


def actor(number: str) -> dict:
    return {"authority": "iso6523-actorid-upis", "ID": f"0192:{number}"}


def b64(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


@dataclass
class Issuer:
    """An identity provider with one key in force, and what its tokens usually say."""

    key: rsa.RSAPrivateKey
    other: rsa.RSAPrivateKey
    server: KeyServer

    def claims(self, **more) -> dict:
        now = int(time.time())
        usual = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 120, "scope": "x:y dif:send dif:read"}
        return {k: v for k, v in (usual | {"consumer": actor(BERGEN)} | more).items() if v is not None}

    def token(self, *, key=None, algorithm="RS256", headers=None, **claims) -> str:
        return jwt.encode(self.claims(**claims), key or self.key, algorithm, {"kid": "k1"} | (headers or {}))


@dataclass
class Door:
    """A home, its access files, and the access of a server over them."""

    settings: Settings
    tokens: Tokens = field(init=False)

    def __post_init__(self):
        self.tokens = Tokens(self.settings)
        self.folder = self.settings.home / "access"

    def list(self, text: str, mode=0o600):
        """Write access.toml as a person would."""
        self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        file = self.folder / "access.toml"
        file.write_text(text, "utf-8")
        file.chmod(mode)

    def issue(self, name="svarut", rights=ANYONE, *, now=None, days=None) -> str:
        _, text, _ = self.tokens.add(name, rights, now=now or datetime.now(UTC), days=days)
        return f"Bearer {text}"


def listed(jwks: str, *, parties: str | None = None, more: str = "") -> str:
    """An access list that trusts the keys at an address."""
    head = f'[maskinporten]\nissuer = "{ISSUER}"\naudience = "{AUDIENCE}"\njwks = "{jwks}"\n'
    head += f'send_scope = "dif:send"\nread_scope = "dif:read"\n{more}\n'
    usual = f'[[party]]\norganisation = "{BERGEN}"\nstreams = ["dispatch", "measurement"]\nread = ["OPEN"]\n'
    return head + (usual if parties is None else parties)


@pytest.fixture(scope="module")
def private_keys():
    return [rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2)]


@pytest.fixture
def issuer(private_keys):
    with key_server() as server:
        server.keys = [public(private_keys[0], "k1")]
        yield Issuer(*private_keys, server)


@pytest.fixture
def door(tmp_path):
    return Door(Settings(home=tmp_path / "home"))


# --- the door open, and closed ----------------------------------------------------------------------------------------


def test_without_any_configuration_the_door_is_open_and_a_client_says_who_it_is(door):
    access = Access(door.settings)
    assert access.open
    caller = access.caller(None, producer="fagsystem")
    assert (caller.name, caller.producer, caller.organisations) == ("local", "fagsystem", None)
    assert caller.read == set(Right)
    assert access.caller(None).producer == "local"
    access.may_send(caller, STREAMS["cost_entry"])
    with pytest.raises(WrongUse, match="not 1–64 characters"):
        access.caller(None, producer="..")


def test_the_first_token_closes_a_door_that_stands_open_and_nothing_opens_it_again(door, caplog):
    access = Access(door.settings)
    assert access.open
    good = door.issue()
    assert not access.open
    with pytest.raises(Unauthenticated, match="no token"):
        access.caller(None, producer="svarut")
    assert access.caller(good, producer="svarut").producer == "svarut"
    for other, says in (("bergen", "not to bergen"), ("../x\n", "not to the one in the call")):
        with pytest.raises(Forbidden, match=f"^The token belongs to producer svarut, {says}"):
            access.caller(good, producer=other)

    (door.folder / "tokens.json").unlink()
    for authorization in (good, None) * 2:
        with pytest.raises(TryAgain, match="accepts no callers at the moment"):
            access.caller(authorization)
    assert not access.open
    assert [r.getMessage().count("are gone") for r in caplog.records] == [1], "the operator is told once"


@pytest.mark.parametrize("broken", ["{", "[]", '{"tokens": [{"id": 3}]}', '{"tokens": [], "more": 1}'])
def test_a_file_that_breaks_lets_nobody_in_until_it_is_mended(broken, door, caplog):
    good = door.issue()
    access = Access(door.settings)
    file = door.folder / "tokens.json"
    whole = file.read_text("utf-8")
    file.write_text(broken, "utf-8")
    for authorization in (good, None):
        with pytest.raises(TryAgain, match="accepts no callers at the moment") as told:
            access.caller(authorization)
        assert str(door.folder) not in str(told.value)
    assert "tokens.json" in str(access.trouble)
    assert "tokens.json" in caplog.text
    with pytest.raises(WrongUse, match=r"tokens\.json"):
        Access(door.settings)
    with pytest.raises(WrongUse):
        door.issue("another")
    assert file.read_text("utf-8") == broken, "a broken file is not written over"
    file.write_text(whole, "utf-8")
    assert access.caller(good).name.startswith("token svarut-")
    assert access.trouble is None


def test_files_are_made_for_their_owner_only_and_refused_when_others_may_read_them(door):
    old = os.umask(0)
    try:
        good = door.issue()
    finally:
        os.umask(old)
    assert door.folder.stat().st_mode & 0o777 == 0o700
    assert {f.stat().st_mode & 0o777 for f in door.folder.iterdir()} == {0o600}
    access = Access(door.settings)
    (door.folder / "tokens.json").chmod(0o640)
    with pytest.raises(TryAgain):
        access.caller(good)
    with pytest.raises(WrongUse, match="chmod 600"):
        Access(door.settings)
    (door.folder / "tokens.json").chmod(0o600)
    door.folder.chmod(0o770)
    with pytest.raises(WrongUse, match="chmod 700"):
        Access(door.settings)


# --- tokens issued here -----------------------------------------------------------------------------------------------


def test_a_token_is_kept_as_a_hash_and_says_who_calls(door):
    good = door.issue("svarut", Rights("fiks", frozenset({"dispatch"}), frozenset({BERGEN}), frozenset()), days=1)
    secret = good[-43:]
    assert secret not in (door.folder / "tokens.json").read_text("utf-8")
    caller = Access(door.settings).caller(good)
    assert caller.producer == "fiks"
    assert (caller.send, caller.organisations, caller.read) == ({"dispatch"}, {BERGEN}, frozenset())
    assert secret not in f"{caller} {door.tokens.all()}"
    assert Access(door.settings).caller(good.replace("Bearer", "bearer")).name == caller.name


def test_a_revoke_takes_effect_at_once_in_every_thread_of_a_running_server(door):
    good = door.issue()
    access = Access(door.settings)
    revoked, late, served = threading.Event(), [], threading.Event()

    def call():
        while True:
            was = revoked.is_set()
            try:
                access.caller(good)
            except Unauthenticated:
                return
            served.set()
            if was:
                late.append(good)
                return

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert served.wait(10)
    token = door.tokens.revoke(door.tokens.all()[0].id, now=NOW)
    revoked.set()
    for thread in threads:
        thread.join(10)
    assert late == []
    with pytest.raises(Unauthenticated, match="is revoked"):
        access.caller(good)
    assert door.tokens.revoke(token.id, now=NOW + timedelta(days=1)).revoked_at == NOW
    with pytest.raises(UnknownName, match=token.id):
        door.tokens.revoke(token.id[:-1], now=NOW)


def test_an_expired_token_and_one_of_a_wrong_secret_are_refused(door):
    old = door.issue(now=NOW - timedelta(days=400), days=30)
    good = door.issue()
    access = Access(door.settings)
    with pytest.raises(Unauthenticated, match="is expired"):
        access.caller(old)
    swapped = good[:-43] + old[-43:]
    flipped = good[:-1] + ("A" if good[-1] != "A" else "B")
    for forged in (swapped, flipped, good[:-1], good + "A", good.replace("dif_svarut", "dif_svarvt"), good[:-43]):
        with pytest.raises(Unauthenticated) as told:
            access.caller(forged)
        assert "svarut-" not in str(told.value), "who has no secret learns nothing of a token"
    assert access.caller(good)


def test_two_processes_that_add_tokens_at_once_lose_none(door):
    script = (
        "import sys; from datetime import *; from pathlib import Path; from transport.auth.tokens import *;"
        "from transport.base.settings import Settings;"
        "t = Tokens(Settings(home=Path(sys.argv[1]))); r = Rights('p', frozenset({'dispatch'}), None, frozenset());"
        "print('ready', flush=True); sys.stdin.readline();"
        "[print(t.add(sys.argv[2], r, now=datetime.now(UTC))[1]) for _ in range(25)]"
    )
    words = [sys.executable, "-c", script, str(door.settings.home)]
    started = [
        subprocess.Popen([*words, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for name in "ab"
    ]
    for process in started:
        assert process.stdout.readline() == "ready\n"
    for process in started:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [text for process in started for text in process.communicate(timeout=240)[0].split()]
    assert len(set(said)) == 50
    access = Access(door.settings)
    assert len({access.caller(f"Bearer {text}").name for text in said}) == 50
    assert not list(door.folder.glob(".tmp-*"))


# --- signed tokens ----------------------------------------------------------------------------------------------------


def test_a_good_signed_token_passes_by_the_keys_of_the_pinned_address(issuer, door):
    door.list(listed(issuer.server.address))
    access = Access(door.settings)
    caller = access.caller(f"Bearer {issuer.token()}")
    assert (caller.name, caller.producer, caller.consumer, caller.supplier) == (BERGEN, BERGEN, BERGEN, None)
    assert caller.send == {"dispatch", "measurement"}
    assert (caller.organisations, caller.read) == ({BERGEN}, {Right.OPEN})
    assert access.caller(f"Bearer {issuer.token(aud=['https://else.test', AUDIENCE])}") == caller
    assert access.caller(f"Bearer {issuer.token(scope='dif:send')}").read == frozenset()
    assert access.caller(f"Bearer {issuer.token(scope='dif:read')}").send == frozenset()
    assert issuer.server.asked == 1
    issuer.server.stop()
    assert access.caller(f"Bearer {issuer.token()}") == caller, "fetched keys work while their server is away"
    with pytest.raises(Unauthenticated, match="unknown key"):
        access.caller(f"Bearer {issuer.token(headers={'kid': 'k2'})}")


def hmac_signed(issuer: Issuer, **header) -> str:
    """Signed with the public key's text as if it were a shared secret."""
    pem = issuer.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signing = f"{b64({'alg': 'HS256', 'typ': 'JWT', 'kid': 'k1'} | header)}.{b64(issuer.claims())}"
    return f"{signing}.{b64(hmac.new(pem, signing.encode(), hashlib.sha256).digest())}"


def tampered(issuer: Issuer) -> str:
    head, _, sign = issuer.token().split(".")
    return f"{head}.{b64(issuer.claims(consumer=actor(OSLO)))}.{sign}"


def crafted(issuer: Issuer, claims: str | bytes) -> str:
    """Signed by the right key over claims that no library would write."""
    signing = f"{b64({'alg': 'RS256', 'kid': 'k1'})}.{b64(claims if isinstance(claims, bytes) else claims.encode())}"
    algorithm = jwt.get_algorithm_by_name("RS256")
    return f"{signing}.{b64(algorithm.sign(signing.encode(), issuer.key))}"


def soon() -> int:
    return int(time.time())


FORGED = {
    "alg none": lambda i: f"{b64({'alg': 'none', 'kid': 'k1'})}.{b64(i.claims())}.",
    "alg none with a signature": lambda i: f"{b64({'alg': 'none', 'kid': 'k1'})}.{b64(i.claims())}.AAAA",
    "alg NONE": lambda i: f"{b64({'alg': 'NoNe', 'kid': 'k1'})}.{b64(i.claims())}.AAAA",
    "no alg": lambda i: f"{b64({'kid': 'k1'})}.{b64(i.claims())}.AAAA",
    "alg a list": lambda i: f"{b64({'alg': ['RS256'], 'kid': 'k1'})}.{b64(i.claims())}.AAAA",
    "HS256 with the public key": hmac_signed,
    "HS256 that says RS256": lambda i: hmac_signed(i, alg="RS256"),
    "another algorithm of the right key": lambda i: i.token(algorithm="RS512"),
    "PSS of the right key": lambda i: i.token(algorithm="PS256"),
    "another key": lambda i: i.token(key=i.other),
    "another key and an unknown kid": lambda i: i.token(key=i.other, headers={"kid": "k9"}),
    "another key inside": lambda i: i.token(key=i.other, headers={"jwk": public(i.other, "k1")}),
    "no kid": lambda i: jwt.encode(i.claims(), i.key, "RS256"),
    "changed claims": tampered,
    "cut signature": lambda i: i.token()[:-3],
    "empty signature": lambda i: i.token().rpartition(".")[0] + ".",
    "unknown critical header": lambda i: i.token(headers={"crit": ["exp"], "exp": 1}),
    "detached payload": lambda i: f"{b64({'alg': 'RS256', 'kid': 'k1', 'b64': False, 'crit': ['b64']})}..AAAA",
    "five parts": lambda i: f"{i.token()}.AAAA.AAAA",
    "padded": lambda i: i.token() + "==",
    "expired": lambda i: i.token(iat=soon() - 900, exp=soon() - 600),
    "not yet valid": lambda i: i.token(nbf=soon() + 600),
    "issued in the future": lambda i: i.token(iat=soon() + 600, exp=soon() + 900),
    "valid for a year": lambda i: i.token(exp=soon() + 365 * 86_400),
    "ends before it begins": lambda i: i.token(iat=soon() + 5, exp=soon() - 5),
    "wrong audience": lambda i: i.token(aud="https://dif.test.evil"),
    "audience with a slash": lambda i: i.token(aud=AUDIENCE + "/"),
    "audience null in a list": lambda i: i.token(aud=[AUDIENCE, None]),
    "wrong issuer": lambda i: i.token(iss="https://issuer.test"),
    "no exp": lambda i: i.token(exp=None),
    "no iat": lambda i: i.token(iat=None),
    "no iss": lambda i: i.token(iss=None),
    "no aud": lambda i: i.token(aud=None),
    "exp as text": lambda i: i.token(exp=str(soon() + 60)),
    "exp true": lambda i: crafted(i, json.dumps(i.claims()).replace('"exp": ', '"exp": true, "x": ')),
    "exp without end": lambda i: crafted(i, json.dumps(i.claims(exp=1)).replace('"exp": 1', '"exp": 1e999')),
    "exp a number of 5000 digits": lambda i: crafted(i, '{"exp": %s}' % ("9" * 5000)),
    "exp beyond any float": lambda i: i.token(exp=10**400),
    "claims a list": lambda i: crafted(i, "[1]"),
    "claims nested deep": lambda i: crafted(i, "[" * 5000),
    "claims not UTF-8": lambda i: crafted(i, b"{\xff}"),
    "header nested deep": lambda i: f"{b64(b'[' * 5000)}.{b64(i.claims())}.AAAA",
    "kid a number": lambda i: f"{b64({'alg': 'RS256', 'kid': 1})}.{b64(i.claims())}.AAAA",
    "no consumer": lambda i: i.token(consumer=None),
    "consumer a text": lambda i: i.token(consumer=f"0192:{BERGEN}"),
    "consumer of another register": lambda i: i.token(consumer=actor(BERGEN) | {"ID": f"0007:{BERGEN}"}),
    "consumer of another authority": lambda i: i.token(consumer=actor(BERGEN) | {"authority": "me"}),
    "consumer without control digit": lambda i: i.token(consumer=actor("964338532")),
    "consumer with more behind": lambda i: i.token(consumer=actor(f"{BERGEN}\n")),
    "supplier that is none": lambda i: i.token(supplier={"authority": "iso6523-actorid-upis", "ID": "0192:1"}),
    "supplier false": lambda i: i.token(supplier=False),
    "too large": lambda i: i.token(more="x" * MAX_TOKEN),
    "spaces inside": lambda i: i.token().replace(".", ". "),
    "two tokens": lambda i: f"{i.token()}, Bearer {i.token()}",
}
"""Each makes a token that must never be a caller. Issuer and list would take its like."""


@pytest.mark.parametrize("way", FORGED)
def test_no_forged_token_is_a_caller(way, issuer, door):
    door.list(listed(issuer.server.address))
    access = Access(door.settings)
    forged = FORGED[way](issuer)
    assert access.caller(f"Bearer {issuer.token()}"), "the control: a good token passes the same door"
    with pytest.raises(Unauthenticated) as told:
        access.caller(f"Bearer {forged}")
    assert told.value.mend
    assert forged[:40] not in str(told.value)
    with pytest.raises(Unauthenticated):
        access.caller(forged)
    with pytest.raises(Unauthenticated):
        access.caller(f"Basic {issuer.token()}")


@pytest.mark.parametrize(
    "claims",
    [
        {"scope": "dif:sender xdif:send dif:send.x"},
        {"scope": "dif:send,dif:read"},
        {"scope": ""},
        {"scope": None},
        {"scope": ["dif:send"]},
        {"consumer": actor(OSLO)},
        {"supplier": actor(SUPPLIER)},
    ],
    ids=str,
)
def test_a_good_token_without_scope_or_listing_is_known_but_has_no_right(claims, issuer, door):
    door.list(listed(issuer.server.address))
    access = Access(door.settings)
    with pytest.raises(Forbidden):
        access.caller(f"Bearer {issuer.token(**claims)}")


def test_a_key_address_in_the_token_is_never_asked(issuer, door):
    door.list(listed(issuer.server.address))
    access = Access(door.settings)
    with key_server() as attacker:
        attacker.keys = [public(issuer.other, "k1"), public(issuer.other, "k2")]
        for kid in ("k1", "k2"):
            for name in ("jku", "x5u"):
                forged = issuer.token(key=issuer.other, headers={"kid": kid, name: attacker.address})
                with pytest.raises(Unauthenticated):
                    access.caller(f"Bearer {forged}")
        assert attacker.asked == 0


def test_a_key_server_that_points_elsewhere_is_not_followed(issuer, door):
    door.list(listed(issuer.server.address))
    with key_server() as elsewhere:
        elsewhere.keys = issuer.server.keys
        issuer.server.answer = (302, {"Location": elsewhere.address}, b"")
        with pytest.raises(Unauthenticated, match="unknown key"):
            Access(door.settings).caller(f"Bearer {issuer.token()}")
        assert (issuer.server.asked, elsewhere.asked) == (1, 0)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b'{"keys": {}}',
        b'{"keys": [1, {"kid": "k1"}]}',
        b"[" * 100_000,
        b'{"keys": [' + b" " * 300_000 + b"]}",
        json.dumps({"keys": [{"kty": "oct", "kid": "k1", "k": b64(b"s" * 32)}]}).encode(),
    ],
    ids=["empty", "text", "object", "no keys", "deep", "large", "shared secret"],
)
def test_a_key_server_that_answers_nonsense_lets_nobody_in(body, issuer, door):
    door.list(listed(issuer.server.address))
    issuer.server.answer = (200, {}, body)
    access = Access(door.settings)
    with pytest.raises(Unauthenticated):
        access.caller(f"Bearer {issuer.token()}")


def test_forged_key_ids_make_no_storm_and_a_changed_key_is_found(issuer, door):
    door.list(listed(issuer.server.address))
    access = Access(door.settings)
    assert access.caller(f"Bearer {issuer.token()}")
    issuer.server.keys.append(public(issuer.other, "k2"))
    assert access.caller(f"Bearer {issuer.token(key=issuer.other, headers={'kid': 'k2'})}")
    refused = []

    def storm(start: int):
        for i in range(start, start + 25):
            try:
                access.caller(f"Bearer {issuer.token(headers={'kid': f'forged-{i}'})}")
            except Unauthenticated as no:
                refused.append(no)

    threads = [threading.Thread(target=storm, args=(n * 100,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(refused) == 100
    assert issuer.server.asked == 2, "one at the start, one for the key that was new"
    assert access.caller(f"Bearer {issuer.token()}")


def test_keys_of_a_file_and_other_pinned_algorithms(issuer, door):
    curve, edwards = ec.generate_private_key(ec.SECP256R1()), ed25519.Ed25519PrivateKey.generate()
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    door.list(listed("keys.json", more='algorithms = ["ES256", "EdDSA", "PS256"]'), mode=0o600)
    file = door.folder / "keys.json"
    keys = [public(curve, "e"), public(edwards, "d"), public(issuer.key, "r", key_ops=["verify"]), public(weak, "w")]
    of_others = {"x": {"use": "enc"}, "s": {"key_ops": ["sign"]}, "n": {"key_ops": []}, "t": {"key_ops": "verify"}}
    file.write_text(json.dumps({"keys": [*keys, *(public(issuer.other, n, **said) for n, said in of_others.items())]}))
    file.chmod(0o644)
    access = Access(door.settings)
    for key, algorithm, kid in ((curve, "ES256", "e"), (edwards, "EdDSA", "d"), (issuer.key, "PS256", "r")):
        assert access.caller(f"Bearer {issuer.token(key=key, algorithm=algorithm, headers={'kid': kid})}")
    for key, algorithm, kid in (
        (issuer.key, "RS256", "r"),
        (curve, "ES256", "r"),
        (weak, "PS256", "w"),
        *((issuer.other, "PS256", name) for name in of_others),
    ):
        with pytest.warns(InsecureKeyLengthWarning) if kid == "w" else nullcontext():
            forged = issuer.token(key=key, algorithm=algorithm, headers={"kid": kid})
        with pytest.raises(Unauthenticated):
            access.caller(f"Bearer {forged}")
    file.write_text(json.dumps({"keys": [public(curve, "new")]}))
    assert access.caller(f"Bearer {issuer.token(key=curve, algorithm='ES256', headers={'kid': 'new'})}")
    with pytest.raises(Unauthenticated):
        access.caller(f"Bearer {issuer.token(key=curve, algorithm='ES256', headers={'kid': 'e'})}")
    file.chmod(0o666)
    with pytest.raises(Unauthenticated):
        access.caller(f"Bearer {issuer.token(key=curve, algorithm='ES256', headers={'kid': 'new'})}")
    with pytest.raises(WrongUse, match="chmod 644"):
        Access(door.settings)


@pytest.fixture(scope="module")
def closed(tmp_path_factory, private_keys):
    door = Door(Settings(home=tmp_path_factory.mktemp("closed")))
    door.issue()
    door.list(listed("keys.json"))
    (door.folder / "keys.json").write_text(json.dumps({"keys": [public(private_keys[0], "k1")]}))
    (door.folder / "keys.json").chmod(0o600)
    return Access(door.settings), door.tokens.all()[0].id


segment = st.one_of(st.binary(max_size=40).map(b64), st.text(max_size=20), st.just(b64({"alg": "RS256", "kid": "k1"})))


@given(
    st.one_of(
        st.text(),
        st.text().map(lambda t: f"Bearer {t}"),
        st.lists(segment, min_size=3, max_size=3).map(lambda s: f"Bearer {'.'.join(s)}"),
        st.recursive(st.none() | st.integers() | st.text(max_size=9), lambda x: st.dictionaries(st.text(), x)).map(
            lambda x: f"Bearer {b64(x)}.{b64(x)}.AAAA"
        ),
        st.from_regex(r"dif_[a-z0-9.-]{1,12}_[A-Za-z0-9_-]{43}", fullmatch=True).map(lambda t: f"Bearer {t}"),
    )
)
@example("Bearer \ud800")
@example("Bearer " + "dif_" * 4000)
@example("Bearer\u00a0x")
def test_random_text_is_never_a_caller(closed, text):
    access, token_id = closed
    with pytest.raises(Unauthenticated):
        access.caller(text)
    with pytest.raises(Unauthenticated):
        access.caller(f"Bearer dif_{token_id}_{text}")


# --- the access list --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[maskinporten", "not valid TOML"),
        ("[maskinport]\n", "maskinport.*maskinporten"),
        ('[[party]]\norganisation = "958935420"\n', "no \\[maskinporten\\]"),
        ("{head}jwk = 'x'\n", "maskinporten.jwk.*'jwks'"),
        ("{head}algorithms = ['HS256']\n", "maskinporten.algorithms is 'HS256'"),
        ("{head}algorithms = ['none']\n", "maskinporten.algorithms is 'none'"),
        ("{head}algorithms = []\n", "maskinporten.algorithms"),
        ("{head}leeway_seconds = 100000\n", "maskinporten.leeway_seconds.*0 to 120"),
        ("{head}max_age_seconds = true\n", "maskinporten.max_age_seconds"),
        ("{head}read_scope = 'a b'\n", "maskinporten.read_scope.*white space"),
        ("[maskinporten]\nissuer = 'i'\naudience = 'a'\njwks = 'http://127.0.0.1/'\n", "send_scope is missing"),
        ("[maskinporten]\naudience = 'a'\n", "maskinporten.issuer is missing"),
        ("[maskinporten]\nissuer = 'i'\naudience = 'a'\njwks = 'http://keys.test/'\n", "jwks.*https"),
        ("[maskinporten]\nissuer = 'i'\naudience = 'a'\njwks = 'file:///etc/keys'\n", "jwks.*https"),
        ("[maskinporten]\nissuer = 'i'\naudience = 'a'\njwks = 'nowhere.json'\n", "jwks.*existing file"),
        ("{head}[[party]]\norganisation = '958935421'\n", "party\\[1\\].organisation is '958935421'"),
        ("{head}[[party]]\norganisation = 958935420\n", "party\\[1\\].organisation.*as text"),
        ("{head}{oslo}{oslo}", "party\\[2\\].organisation.*not listed already"),
        ("{head}{oslo}streams = ['dispach']\n", "party\\[1\\].streams.*'dispatch'"),
        ("{head}{oslo}streams = ['register']\n", "party\\[1\\].streams is 'register'"),
        ("{head}{oslo}streams = 'dispatch'\n", "party\\[1\\].streams.*list"),
        ("{head}{oslo}streams = ['cost_entry']\n", "party\\[1\\].streams is 'cost_entry'"),
        ("{head}{oslo}organisations = ['*', 'own']\n", "party\\[1\\].organisations"),
        ("{head}{oslo}organisation_numbers = ['own']\n", "party\\[1\\].organisation_numbers.*'organisations'"),
        ("{head}{oslo}producer = '../x'\n", "party\\[1\\].producer"),
        ("{head}{oslo}read = ['open']\n", "party\\[1\\].read.*'OPEN'"),
        ("{head}{oslo}supplier = ''\n", "party\\[1\\].supplier"),
        ("party = 3\n", "party"),
    ],
)
def test_a_slip_in_the_access_list_is_named_with_its_key_and_the_mend(text, says, door):
    head = "[maskinporten]\nissuer = 'i'\naudience = 'a'\njwks = 'http://127.0.0.1/'\nsend_scope = 's'\n"
    door.list(text.replace("{head}", head).replace("{oslo}", f"[[party]]\norganisation = '{OSLO}'\n"))
    with pytest.raises(WrongUse, match=rf"(?s)access\.toml.*{says}") as told:
        Access(door.settings)
    assert told.value.mend


def test_the_access_list_that_the_page_for_operators_shows_is_one(door):
    page = (PROJECT / "docs" / "access.md").read_text("utf-8")
    door.list(page.split("```toml\n")[1].split("```")[0])
    assert not Access(door.settings).open


def test_a_change_of_the_access_list_works_at_once(issuer, door):
    door.list(listed(issuer.server.address))
    access = Access(door.settings)
    assert access.caller(f"Bearer {issuer.token()}")
    door.list(listed(issuer.server.address, parties=f'[[party]]\norganisation = "{OSLO}"\n'))
    with pytest.raises(Forbidden, match=f"{BERGEN} is not on the access list"):
        access.caller(f"Bearer {issuer.token()}")
    assert access.caller(f"Bearer {issuer.token(consumer=actor(OSLO))}").send == frozenset()
    assert issuer.server.asked == 1, "the same address, the same keys"


PARTIES = f"""
[[party]]
organisation = "{BERGEN}"
streams = ["*"]
[[party]]
organisation = "{BERGEN}"
supplier = "{SUPPLIER}"
producer = "leverandor"
streams = ["dispatch", "measurement"]
organisations = ["own", "{OSLO}"]
[[party]]
organisation = "{STRANGER}"
"""
NO, OK = "may not send stream", None
MATRIX = {  # by token and stream: what becomes of two rows of Bergen's, then one of Oslo's, then one of a stranger's
    "the team": {"dispatch": OK, "measurement": OK, "invoice_line": OK, "cost_entry": OK},
    "the municipality": {"dispatch": 12, "measurement": 12, "invoice_line": 12, "cost_entry": "no organisation_number"},
    "its supplier": {"dispatch": 13, "measurement": 13, "invoice_line": NO, "cost_entry": NO},
    "a narrow one": {"dispatch": NO, "measurement": 10, "invoice_line": NO, "cost_entry": NO},
}


@pytest.mark.parametrize("encoded", [False, True], ids=["plain", "dictionary"])
@pytest.mark.parametrize("token", MATRIX)
def test_who_may_send_what_for_whom_row_by_row(token, encoded, issuer, door, batch):
    door.list(listed(issuer.server.address, parties=PARTIES))
    access = Access(door.settings)
    narrow = Rights("oslo", frozenset({"measurement"}), frozenset({OSLO}), frozenset())
    caller = access.caller(
        {
            "the team": door.issue,
            "the municipality": lambda: f"Bearer {issuer.token()}",
            "its supplier": lambda: f"Bearer {issuer.token(supplier=actor(SUPPLIER))}",
            "a narrow one": lambda: door.issue("oslo", narrow),
        }[token]()
    )
    for stream, expected in MATRIX[token].items():
        contract = STREAMS[stream]
        numbers = pa.chunked_array([[BERGEN], [BERGEN, OSLO, STRANGER]])
        more = {"organisation_number": numbers.dictionary_encode() if encoded else numbers}
        table = batch(stream, 4, **(more if stream != "cost_entry" else {}))
        if expected is OK:
            access.may_send(caller, contract)
            access.check_rows(caller, contract, table, first_row=10)
        elif isinstance(expected, int):
            access.may_send(caller, contract)
            access.check_rows(caller, contract, table.slice(0, expected - 10), first_row=10)
            with pytest.raises(
                Forbidden, match=f"^Row {expected}: .*; the row's organisation_number is {numbers[expected - 10]}"
            ):
                access.check_rows(caller, contract, table, first_row=10)
        else:
            for deed in (access.may_send, lambda c, s, t=table: access.check_rows(c, s, t, first_row=10)):
                with pytest.raises(Forbidden, match=expected):
                    deed(caller, contract)
    with pytest.raises(Forbidden, match="never sent over the wire"):
        access.may_send(caller, STREAMS["register"])


def test_a_supplier_acts_only_by_a_listed_delegation_and_in_its_own_name(issuer, door, batch):
    door.list(listed(issuer.server.address, parties=PARTIES))
    access = Access(door.settings)
    for claims in (
        {"supplier": actor(OSLO)},
        {"supplier": actor(SUPPLIER), "consumer": actor(OSLO)},
        {"supplier": actor(SUPPLIER), "consumer": actor(STRANGER)},
        {"consumer": actor(SUPPLIER)},
    ):
        with pytest.raises(Forbidden, match="not on the access list"):
            access.caller(f"Bearer {issuer.token(**claims)}")
    caller = access.caller(f"Bearer {issuer.token(supplier=actor(SUPPLIER))}")
    assert (caller.producer, caller.consumer, caller.supplier) == ("leverandor", BERGEN, SUPPLIER)
    mine = {"organisation_number": pa.array([BERGEN] * 3)}
    for said, row in (
        (pa.array([None, SUPPLIER, STRANGER]), 3),
        (pa.array([None, STRANGER, SUPPLIER]).dictionary_encode(), 2),
        (pa.array([None, SUPPLIER, None]).dictionary_encode(), None),
        (pa.array([None, None, None], pa.string()), None),
        (None, None),
    ):
        table = batch("dispatch", 3, **mine, supplier_number=said)
        if row is None:
            access.check_rows(caller, STREAMS["dispatch"], table, first_row=1)
        else:
            with pytest.raises(Forbidden, match=f"^Row {row}: supplier_number is {STRANGER}"):
                access.check_rows(caller, STREAMS["dispatch"], table, first_row=1)


def test_suppliers_of_one_organisation_see_neither_receipts_nor_rows_of_each_other(issuer, door, batch):
    """What they send of a single service would count the other's persons."""
    other = STRANGER
    pair = f'[[party]]\norganisation = "{BERGEN}"\nstreams = ["dispatch"]\nsupplier = '
    own = f'[[party]]\norganisation = "{BERGEN}"\nstreams = ["dispatch"]\n'
    door.list(listed(issuer.server.address, parties=f'{own}{pair}"{SUPPLIER}"\n{pair}"{other}"\n'))
    bearers = {
        number: {"Authorization": f"Bearer {issuer.token(**({'supplier': actor(number)} if number else {}))}"}
        for number in (None, SUPPLIER, other)
    }
    rows = batch("dispatch", 3, organisation_number=pa.array([BERGEN] * 3))
    buffer = pa.BufferOutputStream()
    with pa.ipc.new_stream(buffer, rows.schema) as writer:
        writer.write_table(rows)
    body, kind = buffer.getvalue().to_pybytes(), {"Content-Type": "application/vnd.apache.arrow.stream"}
    path = "/v1/streams/dispatch/batches"
    with opened(door.settings.home) as http:
        assert http.call("PUT", f"{path}/first", body, **kind, **bearers[SUPPLIER]).status == 201
        listings = {number: http.call("GET", path, **of).json for number, of in bearers.items()}
        assert {number: said["producer"] for number, said in listings.items()} == {
            None: BERGEN,
            SUPPLIER: f"{BERGEN}-{SUPPLIER}",
            other: f"{BERGEN}-{other}",
        }
        assert {number: len(said["batches"]) for number, said in listings.items()} == {None: 0, SUPPLIER: 1, other: 0}
        assert http.call("GET", f"{path}/first", **bearers[SUPPLIER]).json["rows"] == 3
        assert [http.call("GET", f"{path}/first", **bearers[who]).status for who in (None, other)] == [404, 404]
    # what was sent as the organisation until then goes on as that where the list says so
    door.list(listed(issuer.server.address, parties=f'{pair}"{SUPPLIER}"\nproducer = "{BERGEN}"\n{pair}"{other}"\n'))
    callers = [Access(door.settings).caller(bearers[who]["Authorization"]) for who in (SUPPLIER, other)]
    assert [caller.producer for caller in callers] == [BERGEN, f"{BERGEN}-{other}"]


def test_a_row_that_names_nobody_is_refused_and_what_is_no_organisation_is_not_repeated(door, batch, number):
    access = Access(door.settings)
    rights = Rights("p", frozenset({"adoption"}), frozenset({BERGEN}), frozenset())
    caller = access.caller(door.issue("p", rights))
    contract = STREAMS["adoption"]
    nulls = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int32()), pa.array([BERGEN, None]))
    for column, says in (
        (pa.array([BERGEN, None]), r"Row 2: .* is missing"),
        (nulls, r"Row 2: .* is missing"),
        (pa.array([BERGEN, None]).dictionary_encode(), r"Row 2: .* is missing"),
        (pa.array([BERGEN, None], pa.large_string()), r"Row 2: .* is missing"),
        (None, r"Row 1: .* is missing"),
        (pa.array([BERGEN, number()]), r"Row 2: .* is not an organisation number"),
        (pa.array([f" {BERGEN}", BERGEN]), r"Row 1: .* is not an organisation number"),
    ):
        with pytest.raises(Forbidden, match=says) as told:
            access.check_rows(caller, contract, batch("adoption", 2, organisation_number=column), first_row=1)
        assert number() not in str(told.value)
    unused = pa.DictionaryArray.from_arrays(pa.array([0, 0], pa.int32()), pa.array([BERGEN, STRANGER]))
    access.check_rows(caller, contract, batch("adoption", 2, organisation_number=unused), first_row=1)
    access.check_rows(caller, contract, batch("adoption", 0), first_row=1)
    twice = batch("adoption", 1, organisation_number=pa.array([BERGEN]))
    twice = twice.append_column("organisation_number", pa.array([STRANGER]))
    with pytest.raises(SchemaMismatch, match="2 times"):
        access.check_rows(caller, contract, twice, first_row=1)
    with pytest.raises(WrongType):
        access.check_rows(
            caller, contract, batch("adoption", 1, organisation_number=pa.array([int(BERGEN)])), first_row=1
        )


def test_the_answer_names_whose_rows_may_be_sent_and_whose_the_row_is(door, batch):
    access = Access(door.settings)
    everyone = [BERGEN, OSLO, SUPPLIER, STRANGER, TENOR]
    for count, says in (
        (1, f"may not send for organisations other than {BERGEN}; the row's"),
        (2, f"may not send for organisations other than {OSLO} and {BERGEN}; the row's"),
        (3, f"may not send for organisations other than {OSLO}, {BERGEN} and {SUPPLIER}; the row's"),
        (5, f"may not send for organisations other than {TENOR}, {OSLO}, {BERGEN} and 2 more; the row's"),
    ):
        rights = Rights("p", frozenset({"adoption"}), frozenset(everyone[:count]), frozenset())
        caller = access.caller(door.issue("p", rights))
        for found, shown in (
            (TENORS_SUPPLIER, TENORS_SUPPLIER),
            (sample(STREAMS["adoption"], 1)["organisation_number"][0].as_py(), "3"),
            ("910000003", "not an organisation number"),
            ("123456789", "not an organisation number"),
        ):
            table = batch("adoption", 1, organisation_number=pa.array([found]))
            with pytest.raises(Forbidden) as told:
                access.check_rows(caller, STREAMS["adoption"], table, first_row=1)
            assert f"Row 1: {caller.name} {says} organisation_number is {shown}" in told.value.problem


def test_numbers_of_maskinportens_test_environment_are_organisations_too(issuer, door, batch):
    party = f'[[party]]\norganisation = "{TENOR}"\nsupplier = "{TENORS_SUPPLIER}"\nstreams = ["dispatch"]\n'
    door.list(listed(issuer.server.address, parties=party))
    access = Access(door.settings)
    caller = access.caller(f"Bearer {issuer.token(consumer=actor(TENOR), supplier=actor(TENORS_SUPPLIER))}")
    table = batch("dispatch", 2, organisation_number=pa.array([TENOR] * 2))
    access.check_rows(caller, STREAMS["dispatch"], table, first_row=1)
    for not_one in ("210000004", "110000006", "410000008"):
        with pytest.raises(Unauthenticated, match="not a Norwegian organisation number"):
            access.caller(f"Bearer {issuer.token(consumer=actor(not_one))}")


def test_the_checks_of_rows_load_nothing_that_judges_signatures():
    script = "import sys, transport.auth; print(sorted({'jwt', 'cryptography'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"


def test_one_long_value_behind_many_indices_is_judged_without_being_spelled_out(door, batch):
    access = Access(door.settings)
    rights = Rights("p", frozenset({"adoption"}), frozenset({BERGEN}), frozenset())
    caller = access.caller(door.issue("p", rights))
    rows = 1_000_000  # × 1 MB would be a terabyte
    bomb = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int8()), pa.array(["9" * 1_000_000]))
    with pytest.raises(Forbidden, match="Row 1: ") as told:
        access.check_rows(caller, STREAMS["adoption"], pa.table({"organisation_number": bomb}), first_row=1)
    assert len(str(told.value)) < 300


def test_the_payer_of_an_invoice_line_may_be_anyone(door, batch):
    access = Access(door.settings)
    rights = Rights("p", frozenset({"invoice_line"}), frozenset({BERGEN}), frozenset())
    caller = access.caller(door.issue("p", rights))
    own = pa.array([BERGEN] * 2)
    table = batch("invoice_line", 2, organisation_number=own, payer_number=pa.array([STRANGER, None]))
    access.check_rows(caller, STREAMS["invoice_line"], table, first_row=1)


@pytest.mark.parametrize("audience", [Audience.OWN, Audience.INTERNAL])
def test_nobody_reads_over_a_wire_what_no_right_gives(audience, door):
    access = Access(door.settings)
    caller = access.caller(door.issue("p", Rights("p", frozenset(), frozenset(), frozenset(Right))))
    for dataset in DATASETS.values():
        with pytest.raises(Forbidden, match=dataset.name):
            access.may_read(caller, replace(dataset, audience=audience))


def test_a_right_that_this_version_does_not_know_as_one_gives_nothing(door):
    door.issue("p", ANYONE)
    file = door.settings.home / "access" / "tokens.json"
    document = json.loads(file.read_text())
    document["tokens"][0]["read"] = ["INTERNAL", "OWN"]
    file.write_text(json.dumps(document))
    (token,) = Tokens(door.settings).all()
    assert token.rights.read == frozenset()


def test_every_refusal_says_the_mend_and_keeps_its_kind(door, issuer):
    door.list(listed(issuer.server.address))
    access = Access(door.settings)
    kinds = set()
    for authorization in (None, "", "Bearer", "Bearer x", f"Bearer {issuer.token(consumer=actor(OSLO))}"):
        with pytest.raises(SharingError) as told:
            access.caller(authorization)
        assert set(told.value.as_json()) == {"kind", "problem", "mend"}
        assert told.value.mend
        kinds.add(told.value.kind)
    assert kinds == {"unauthenticated", "forbidden"}
