"""Who calls, and what they may: tokens, the access list, and the checks that both servers make before anything else.

What lies in `DIF_HOME/access` decides: `tokens.json`, written by `dif token`, and `access.toml`, written by people (who
may send and read with a Maskinporten token). While neither is there the door is open to this machine only; once one has
been seen it stays closed for the life of the process, whatever becomes of the files. Files are read anew when they
change, so a revoke works at once. A file that cannot be read lets nobody in.

Source: RELIABILITY findings 4 and 12; RFC 8725 (pinned algorithms, audience, issuer); Digdir, "Maskinporten, API".
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import ipaddress
import json
import logging
import math
import os
import re
import secrets
import threading
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from types import MappingProxyType
from typing import IO, Final, NoReturn
from urllib.parse import urlsplit

import jwt
import pyarrow as pa
import pyarrow.compute as pc

from catalog.contracts import Audience, DatasetContract, StreamContract
from catalog.errors import Forbidden, SchemaMismatch, Unauthenticated, UnknownName, WrongType, WrongUse, nearest
from catalog.identity import is_organisation_number
from catalog.streams import REGISTER, STREAMS
from transport import durable
from transport.landing import PRODUCER
from transport.settings import Settings

ALL = "*"
OWN = "own"
WIRE_AUDIENCES = frozenset({Audience.OPEN, Audience.LEDGER})
"""What a token can open. OWN has files of its own, for each recipient; INTERNAL never leaves the lake."""
MAX_TOKEN = 8192
_LOG: Final = logging.getLogger(__name__)
_ORGANISATION, _SUPPLIER = "organisation_number", "supplier_number"
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Only such as have a public half: with a shared secret the key server's answer would be enough to forge."""
_LOCAL = re.compile(r"dif_([a-z0-9.-]{1,48})_([A-Za-z0-9_-]{43})")
_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_ISO6523 = re.compile(r"0192:([0-9]{9})")
"""0192 is the Norwegian register of organisations among the registers of ISO 6523."""
_NOBODY = hashlib.sha256(b"").hexdigest()
_PAUSE_SECONDS = 30.0
_KEYS_FRESH_SECONDS = 600.0
_FETCH_SECONDS = 4.0
_MAX_KEYS_BYTES = 262_144
_ASK = "Ask the operator for a token (`dif token add`), and send it as `Authorization: Bearer TOKEN`."


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what they may.

    Attributes:
        name: as logs say it; never a secret.
        producer: scope of batch ids, and the folder's name.
        consumer: number of the organisation that is acted for, where known.
        supplier: number of the supplier that acts by delegation, where there is one.
        send: streams it may send; `*` is all but `register`, which only people apply.
        organisations: whose rows it may send; None is anyone's.
        read: audiences it may read.
    """

    name: str
    producer: str
    consumer: str | None
    supplier: str | None
    send: frozenset[str]
    organisations: frozenset[str] | None
    read: frozenset[Audience]


@dataclass(frozen=True, slots=True)
class Rights:
    """What a token or a party of the access list gives. `organisations` None is anyone's rows."""

    producer: str
    streams: frozenset[str]
    organisations: frozenset[str] | None
    read: frozenset[Audience]


@dataclass(frozen=True, slots=True)
class Token:
    """A token issued here. The secret itself is kept nowhere; `sha256` is of 256 random bits, so it needs no salt."""

    id: str
    name: str
    rights: Rights
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    sha256: str = field(repr=False)

    def state(self, now: datetime) -> str:
        """`active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"

    def as_json(self) -> dict[str, object]:
        """As `tokens.json` has it."""
        rights = self.rights
        return {
            "id": self.id,
            "name": self.name,
            "producer": rights.producer,
            "streams": sorted(rights.streams),
            "organisations": [ALL] if rights.organisations is None else sorted(rights.organisations),
            "read": sorted(rights.read),
            "created_at": self.created_at.isoformat(),
            "expires_at": self.expires_at and self.expires_at.isoformat(),
            "revoked_at": self.revoked_at and self.revoked_at.isoformat(),
            "sha256": self.sha256,
        }


@dataclass(frozen=True, slots=True)
class _Maskinporten:
    """Which signed tokens are believed."""

    issuer: str
    audience: str
    jwks: str
    algorithms: tuple[str, ...]
    send_scope: str | None
    read_scope: str | None
    leeway_seconds: int
    max_age_seconds: int


_Parties = Mapping[tuple[str, str | None], Rights]
_Stamp = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class _List:
    """What the files said at one moment. `trouble` is what kept them from being read; then nobody is known."""

    stamp: _Stamp
    tokens: Mapping[str, Token] = MappingProxyType({})
    parties: _Parties = MappingProxyType({})
    maskinporten: _Maskinporten | None = None
    trouble: WrongUse | None = None


class Access:
    """The access of one home, as it is right now. One for each process; threads share it.

    Raises (on opening):
        WrongUse: a file cannot be read, may be read by others, or has a key or value that it cannot have.
    """

    def __init__(self, settings: Settings) -> None:
        """Read the files, so that a server does not start on broken ones."""
        self._folder = settings.home / "access"
        self._lock = threading.Lock()
        self._keys: _Keys | None = None
        self._closed = False
        self._list = _List(stamp=())
        trouble = self._current().trouble
        if trouble is not None:
            raise trouble

    @property
    def open(self) -> bool:
        """Nothing is configured: the server listens on loopback only and asks for no token. Never true again after."""
        self._current()
        return not self._closed

    @property
    def trouble(self) -> WrongUse | None:
        """Why nobody is let in just now, in the operator's words; None where all is well."""
        return self._current().trouble

    def caller(self, authorization: str | None, *, producer: str | None = None) -> Caller:
        """Say who sent the `Authorization` header.

        Args:
            authorization: the header's value, `Bearer <token>`.
            producer: what a client calls itself where no token is needed; a token says it itself.

        Raises:
            Unauthenticated: no token, or one that does not hold.
            Forbidden: a token that holds, of a caller who is not on the access list or lacks its scope.
            WrongUse: the door is open, and `producer` is no name.
        """
        known = self._current()
        if not self._closed:
            return _local(producer)
        if known.trouble is not None:
            raise Unauthenticated(
                "Nobody is let in just now: the access list cannot be read.", "Try again later; the operator is told."
            )
        token = _bearer(authorization)
        local = _LOCAL.fullmatch(token)
        if local:
            return _issued(known.tokens, local[1], local[2])
        if known.maskinporten is None or not _JWT.fullmatch(token):
            raise Unauthenticated("The token is of no kind that is taken here.", _ASK)
        claims = self._claims(known.maskinporten, token)
        return _listed(known.parties, known.maskinporten, claims)

    def may_send(self, caller: Caller, stream: StreamContract) -> None:
        """Hold the stream against what the caller may send, before any row is read.

        Raises:
            Forbidden: not this stream.
        """
        if stream.name == REGISTER.name:
            raise Forbidden("A register is never sent over the wire.", "People apply it: `dif register apply`.")
        if not caller.send & {ALL, stream.name}:
            raise Forbidden(
                f"{caller.name} may not send stream {stream.name}.",
                f"Ask the operator for {stream.name}; a Maskinporten token needs the scope for sending too.",
            )
        if caller.organisations is not None and not _has(stream, _ORGANISATION):
            raise Forbidden(
                f"Stream {stream.name} has no {_ORGANISATION}, and {caller.name} may send for named ones only.",
                "Ask the operator for a right to send for any organisation.",
            )

    def check_rows(self, caller: Caller, stream: StreamContract, chunk: pa.Table, *, first_row: int) -> None:
        """Hold every row against whom the caller may send for.

        Args:
            caller: who sends.
            stream: what is sent.
            chunk: some of its rows; text may be dictionary-encoded.
            first_row: the number of the chunk's first row.

        Raises:
            Forbidden: a row is another organisation's or names another supplier; the first such row is named.
            SchemaMismatch: one of the two columns is there twice or is no text.
        """
        self.may_send(caller, stream)
        rows_allowed(caller, stream, chunk, first_row=first_row)

    def may_read(self, caller: Caller, dataset: DatasetContract) -> None:
        """Hold the dataset's audience against the caller's.

        Raises:
            Forbidden: another audience. OWN and INTERNAL are given to nobody here.
        """
        if dataset.audience not in caller.read & WIRE_AUDIENCES:
            raise Forbidden(
                f"{caller.name} may not read {dataset.name}, which is for audience {dataset.audience}.",
                f"Ask the operator for a right to read {dataset.audience}."
                if dataset.audience in WIRE_AUDIENCES
                else "It is not given out over the wire.",
            )

    def _current(self) -> _List:
        """The files as they are, read anew where they changed."""
        stamp = _stamp(self._folder)
        if self._list.stamp == stamp:
            return self._list
        with self._lock:
            stamp = _stamp(self._folder)  # before reading: what changes meanwhile is read again at the next call
            if self._list.stamp != stamp:
                there = any(part is not None for part in stamp[1:])
                was_closed, self._closed = self._closed, self._closed or there
                starting = not self._list.stamp
                try:
                    self._list = _gone(self._folder, stamp) if was_closed and not there else _read(self._folder, stamp)
                except WrongUse as trouble:
                    self._list = _List(stamp, trouble=trouble)
                if self._list.trouble is not None:
                    self._closed = True
                if self._list.trouble is not None and not starting:
                    _LOG.error("access: nobody is let in. %s", self._list.trouble)
            return self._list

    def _claims(self, trusted: _Maskinporten, token: str) -> Mapping[str, object]:
        """The claims of a token that holds.

        Raises:
            Unauthenticated: it does not.
        """
        try:
            header = jwt.get_unverified_header(token)
            kid, algorithm = header.get("kid"), header.get("alg")
            if not isinstance(kid, str) or algorithm not in trusted.algorithms:
                raise Unauthenticated(
                    "The token's header names no key, or an algorithm that is not taken here.",
                    f"Get a token signed with {' or '.join(trusted.algorithms)} from {trusted.issuer}.",
                )
            key = self._keys_of(trusted).get(kid, algorithm)
            if key is None:
                raise Unauthenticated(
                    "The token is signed with a key that is not known here.",
                    f"Get a new token from {trusted.issuer}; if its keys were just changed, try again in a minute.",
                )
            claims = jwt.decode(
                token,
                key,
                algorithms=list(trusted.algorithms),
                audience=trusted.audience,
                issuer=trusted.issuer,
                leeway=trusted.leeway_seconds,
                options={"require": ["exp", "iat", "iss", "aud"], "enforce_minimum_key_length": True},
            )
        except jwt.ExpiredSignatureError:
            raise Unauthenticated("The token has expired.", f"Get a new one from {trusted.issuer}.") from None
        except jwt.ImmatureSignatureError:
            raise Unauthenticated("The token is not yet valid.", "Set the clock of the machine that made it.") from None
        except jwt.InvalidAudienceError:
            raise Unauthenticated(
                "The token was made for another audience.", f"Ask for one with audience {trusted.audience}."
            ) from None
        except jwt.InvalidIssuerError:
            raise Unauthenticated(
                "The token has another issuer than the one trusted here.", f"Get one from {trusted.issuer}."
            ) from None
        except jwt.MissingRequiredClaimError as missing:
            raise Unauthenticated(f"The token has no {missing.claim}.", f"Get one from {trusted.issuer}.") from None
        except (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
            raise Unauthenticated(
                "The token's signature or form does not hold.", f"Get a new one from {trusted.issuer}."
            ) from None
        age = _seconds(claims, "exp") - _seconds(claims, "iat")
        if not 0 < age <= trusted.max_age_seconds:
            raise Unauthenticated(
                f"The token's life, exp less iat, is not within {trusted.max_age_seconds} seconds.",
                "Ask the issuer for one of shorter life.",
            )
        return claims

    def _keys_of(self, trusted: _Maskinporten) -> _Keys:
        """The keys of the pinned address; the same ones for as long as the address is."""
        keys = self._keys
        if keys is None or keys.source != (trusted.jwks, trusted.algorithms):
            with self._lock:
                keys = self._keys
                if keys is None or keys.source != (trusted.jwks, trusted.algorithms):
                    keys = self._keys = _Keys(trusted.jwks, trusted.algorithms)
        return keys


class Tokens:
    """The tokens issued in one home, as `dif token` changes them. A second writer waits for the first."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is read or made yet."""
        self._folder = settings.home / "access"
        self._file = self._folder / "tokens.json"

    def all(self) -> list[Token]:
        """Every token, in the order they were made.

        Raises:
            WrongUse: the file cannot be read, or may be read by others.
        """
        return list(_read_tokens(self._file).values())

    def add(self, name: str, rights: Rights, *, now: datetime, days: int | None = None) -> tuple[Token, str, bool]:
        """Issue a token, and wait until it is durable.

        Returns:
            The token, its text (the only time there is one), and whether this closed a door that was open.

        Raises:
            WrongUse: the rights cannot be, or the file is broken; it is left as it is.
        """
        secret = secrets.token_urlsafe(32)
        with self._writing() as tokens:
            first = not tokens and not self._file.exists() and not (self._folder / "access.toml").exists()
            stem = re.sub(r"[^a-z0-9.-]", "-", name.lower())[:32]
            fresh = (f"{stem}-{secrets.token_hex(2)}" for _ in range(1000))
            token = Token(
                id=next(i for i in fresh if i not in tokens),
                name=name,
                rights=rights,
                created_at=now,
                expires_at=now + timedelta(days=days) if days else None,
                revoked_at=None,
                sha256=_digest(secret),
            )
            _token(_Table("token", "", token.as_json()))  # what could not be read again would close the door to all
            tokens[token.id] = token
        return token, f"dif_{token.id}_{secret}", first

    def revoke(self, token_id: str, *, now: datetime) -> Token:
        """Take a token back for good. Running servers refuse it from their next call on.

        Returns:
            The token; one that was revoked before keeps its first moment.

        Raises:
            UnknownName: no token has that id.
            WrongUse: the file is broken; it is left as it is.
        """
        with self._writing() as tokens:
            if token_id not in tokens:
                raise UnknownName("token", token_id[:60], known=tokens)
            token = tokens[token_id]
            tokens[token_id] = token = replace(token, revoked_at=token.revoked_at or now)
        return token

    @contextmanager
    def _writing(self) -> Iterator[dict[str, Token]]:
        """The tokens, to be changed by one process at a time; they are written when the block ends well."""
        made = not self._folder.exists()
        self._folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        if self._folder.stat().st_mode & 0o077:
            self._folder.chmod(0o700)
        if made:
            durable.sync_folder(self._folder.parent)
        with os.fdopen(os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            durable.sweep(self._folder)
            tokens = dict(_read_tokens(self._file))
            yield tokens
            text = json.dumps({"tokens": [t.as_json() for t in tokens.values()]}, ensure_ascii=False, indent=1)
            _write_private(self._file, text + "\n")


class _Keys:
    """The public keys of one pinned address, by key id and algorithm.

    They are fetched when first asked for, again when they are ten minutes old, and when a key is unknown; but after the
    first, at most once in thirty seconds, so that forged key ids make no storm. Keys that were fetched stay in use
    while the address does not answer. Those of a file are read when the file changes.
    """

    def __init__(self, address: str, algorithms: tuple[str, ...]) -> None:
        self.source = (address, algorithms)
        self._address = address
        self._algorithms = algorithms
        self._lock = threading.Lock()
        self._keys: Mapping[tuple[str, str], jwt.PyJWK] = {}
        self._fetched_at = -math.inf
        self._not_before = -math.inf
        self._stamp: object = None

    def get(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        """The key of that id for that algorithm, or None."""
        if _is_file(self._address):
            return self._from_file().get((kid, algorithm))
        found = self._keys.get((kid, algorithm))
        now = time.monotonic()
        if now < self._not_before or (found and now - self._fetched_at < _KEYS_FRESH_SECONDS):
            return found
        # Whose key is known does not wait for another's fetch; whose key is not has nothing else to do.
        if self._lock.acquire(blocking=found is None):
            try:
                found = self._keys.get((kid, algorithm))
                now = time.monotonic()
                if now >= self._not_before and not (found and now - self._fetched_at < _KEYS_FRESH_SECONDS):
                    self._fetch()
            finally:
                self._lock.release()
        return self._keys.get((kid, algorithm))

    def _fetch(self) -> None:
        first = not self._keys
        try:
            self._keys = _public_keys(_download(self._address), self._algorithms)
        except (OSError, HTTPException, ValueError) as problem:
            self._not_before = time.monotonic() + _PAUSE_SECONDS
            _LOG.warning("access: no keys from %s: %s", self._address, problem)
            return
        self._fetched_at = time.monotonic()
        # A key that was changed just after the start is found at once; from then on there is a pause.
        self._not_before = -math.inf if first else time.monotonic() + _PAUSE_SECONDS

    def _from_file(self) -> Mapping[tuple[str, str], jwt.PyJWK]:
        path = Path(self._address)
        with self._lock:
            try:
                stamp = _stamp_of(path)
                if stamp != self._stamp:
                    self._stamp = stamp
                    self._keys = {}
                    self._keys = _public_keys(_unchangeable(path), self._algorithms)
            except (OSError, ValueError) as problem:
                _LOG.warning("access: no keys in %s: %s", self._address, problem)
            return self._keys


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The key address is pinned: an answer that points elsewhere is no answer."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: object,
        newurl: str,
    ) -> None:
        del req, fp, code, msg, headers, newurl


def _download(address: str) -> bytes:
    """The key server's answer, within a few seconds and a quarter of a megabyte."""
    end = time.monotonic() + _FETCH_SECONDS
    parts = urlsplit(address)
    ways: list[urllib.request.BaseHandler] = [_NoRedirect()]
    if parts.scheme == "http":
        ways.append(urllib.request.ProxyHandler({}))  # loopback is not reached through a proxy
    opener = urllib.request.build_opener(*ways)
    body = b""
    try:
        with opener.open(address, timeout=_FETCH_SECONDS / 2) as answer:
            while part := answer.read1(65_536):
                body += part
                if len(body) > _MAX_KEYS_BYTES or time.monotonic() > end:
                    message = "the answer is too large or too slow"
                    raise ValueError(message)
    except urllib.error.HTTPError as refused:
        refused.close()
        message = f"the answer is {refused.code}"
        raise ValueError(message) from None
    return body


def _unchangeable(path: Path) -> bytes:
    """A key file, unless others could put their own key into it."""
    if path.stat().st_mode & 0o022:
        message = "others than its owner may change it"
        raise ValueError(message)
    with path.open("rb") as handle:
        return handle.read(_MAX_KEYS_BYTES + 1)


def _public_keys(text: bytes, algorithms: Collection[str]) -> dict[tuple[str, str], jwt.PyJWK]:
    """The signing keys of a key set, each bound to the pinned algorithms it can serve.

    Raises:
        ValueError: it has none, or is no key set.
    """
    if len(text) > _MAX_KEYS_BYTES:
        message = "the key set is too large"
        raise ValueError(message)
    try:
        said = json.loads(text)
    except RecursionError as deep:
        raise ValueError(str(deep)) from None
    keys = said.get("keys") if isinstance(said, dict) else None
    found: dict[tuple[str, str], jwt.PyJWK] = {}
    for key in keys if isinstance(keys, list) else []:
        if not isinstance(key, dict) or not isinstance(key.get("kid"), str) or key.get("use", "sig") != "sig":
            continue
        for algorithm in algorithms:
            if key.get("alg", algorithm) == algorithm and (key["kid"], algorithm) not in found:
                try:
                    found[key["kid"], algorithm] = jwt.PyJWK(key, algorithm)
                except (jwt.PyJWTError, ValueError, TypeError, KeyError):
                    continue  # of another kind than the algorithm's
    if not found:
        message = "no key in it can check a signature of the pinned algorithms"
        raise ValueError(message)
    return found


# --- callers ----------------------------------------------------------------------------------------------------------


def _local(producer: str | None) -> Caller:
    name = producer or "local"
    if not PRODUCER.fullmatch(name):
        raise WrongUse(f"Producer {name[:70]!r} is no 1–64 of A–Z a–z 0–9 . _ -.", "Rename it.")
    return Caller("local", name, None, None, frozenset({ALL}), None, WIRE_AUDIENCES)


def _bearer(authorization: str | None) -> str:
    if not authorization:
        raise Unauthenticated("There is no token.", _ASK)
    if len(authorization) > MAX_TOKEN + len("Bearer "):
        raise Unauthenticated(f"The token is longer than {MAX_TOKEN} characters.", _ASK)
    kind, _, token = authorization.partition(" ")
    token = token.strip(" ")
    if kind.lower() != "bearer" or not token or not token.isascii():
        raise Unauthenticated("The Authorization header is not `Bearer TOKEN`.", _ASK)
    return token


def _issued(tokens: Mapping[str, Token], token_id: str, secret: str) -> Caller:
    """The caller of a token issued here. What became of a token is told only to who has its secret."""
    token = tokens.get(token_id)
    right = hmac.compare_digest(_digest(secret), token.sha256 if token else _NOBODY)
    if token is None or not right:
        raise Unauthenticated("The token is not known here.", _ASK)
    state = token.state(datetime.now(UTC))
    if state != "active":
        raise Unauthenticated(f"The token {token.id} is {state}.", "Ask the operator for a new one (`dif token add`).")
    rights = token.rights
    return Caller(f"token {token.id}", rights.producer, None, None, rights.streams, rights.organisations, rights.read)


def _listed(parties: _Parties, trusted: _Maskinporten, claims: Mapping[str, object]) -> Caller:
    """The caller of a signed token: who is on the access list, within the token's scopes."""
    consumer = _actor(claims, "consumer")
    supplier = _actor(claims, "supplier") if "supplier" in claims else None
    if consumer is None:
        raise Unauthenticated("The token has no consumer.", f"Get one from {trusted.issuer}.")
    rights = parties.get((consumer, supplier))
    if rights is None:
        raise Forbidden(
            f"{consumer} is not on the access list."
            if supplier is None
            else f"{supplier} is not on the access list as acting for {consumer}.",
            "Ask the operator to add it; a delegation has to be listed too.",
        )
    said = claims.get("scope")
    scopes = frozenset(said.split()) if isinstance(said, str) else frozenset()
    send, read = trusted.send_scope in scopes, trusted.read_scope in scopes
    if not send and not read:
        wanted = " or ".join(s for s in (trusted.send_scope, trusted.read_scope) if s)
        raise Forbidden("The token has no scope for this service.", f"Ask the issuer for scope {wanted}.")
    return Caller(
        consumer,
        rights.producer,
        consumer,
        supplier,
        rights.streams if send else frozenset(),
        rights.organisations,
        rights.read if read else frozenset(),
    )


def _actor(claims: Mapping[str, object], name: str) -> str | None:
    """The organisation number in a claim of the form `{"authority": "iso6523-actorid-upis", "ID": "0192:…"}`."""
    said = claims.get(name)
    number = None
    if isinstance(said, dict) and said.get("authority") == "iso6523-actorid-upis":
        hit = _ISO6523.fullmatch(str(said.get("ID")))
        number = hit[1] if hit and is_organisation_number(hit[1]) else None
    if number is None:
        raise Unauthenticated(
            f"The token's {name} is no Norwegian organisation number.",
            'It has the form {"authority": "iso6523-actorid-upis", "ID": "0192:NNNNNNNNN"}; get one from the issuer.',
        )
    return number


def _seconds(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unauthenticated(f"The token's {name} is no moment.", "Get a new one from the issuer.")
    return value


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


# --- rows -------------------------------------------------------------------------------------------------------------


def rows_allowed(caller: Caller, stream: StreamContract, chunk: pa.Table, *, first_row: int) -> None:
    """What `Access.check_rows` looks at in the rows; needs no files, so that a reader process can do it.

    Raises:
        Forbidden, SchemaMismatch: as `Access.check_rows`.
    """
    if caller.organisations is not None:
        bad = _first_outside(chunk, _ORGANISATION, caller.organisations)
        if bad is not None:
            raise Forbidden(
                f"Row {first_row + bad[0]}: {caller.name} may not send for organisation_number {bad[1]}.",
                "Send only rows of organisations that the access list gives you; nothing of the batch was kept.",
            )
    if caller.supplier is not None and _has(stream, _SUPPLIER):
        bad = _first_outside(chunk, _SUPPLIER, {caller.supplier}, null=True)
        if bad is not None:
            raise Forbidden(
                f"Row {first_row + bad[0]}: supplier_number is {bad[1]}, and the token is {caller.supplier}'s.",
                "Leave supplier_number out, or give your own; nothing of the batch was kept.",
            )


def _has(stream: StreamContract, column: str) -> bool:
    return any(c.name == column for c in stream.columns)


def _first_outside(
    chunk: pa.Table, name: str, allowed: Collection[str], *, null: bool = False
) -> tuple[int, str] | None:
    """The first row whose value is not one of the allowed: its place, and the value as it may be shown.

    A dictionary is judged value by value and never spelled out: one long value with many indices would fill the memory.

    Args:
        chunk: the rows; a column that was left out is null in each.
        name: the column.
        allowed: what it may be.
        null: whether it may be missing.

    Raises:
        SchemaMismatch: there are two of the name, of which one would be checked and the other kept; or it is no text.
    """
    places = chunk.schema.get_all_field_indices(name)
    if len(places) > 1:
        raise SchemaMismatch(f"Column {name!r} is there {len(places)} times.", "Send it once.")
    if not places:
        return None if null or not chunk.num_rows else (0, _shown(None))
    column = chunk.column(places[0])
    encoded = pa.types.is_dictionary(column.type)
    kind = column.type.value_type if encoded else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        raise WrongType(name, str(column.type), "string")
    good = pa.array([*sorted(allowed), *([None] if null else [])], kind)
    before = 0
    for part in column.chunks:
        if encoded:
            inside = pc.fill_null(pc.take(pc.is_in(part.dictionary, value_set=good), part.indices), null)
        else:
            inside = pc.is_in(part, value_set=good)
        place = int(pc.index(inside, value=False).as_py())
        if place >= 0:
            return before + place, _shown(part[place].as_py())
        before += len(part)
    return None


def _shown(value: str | None) -> str:
    """A number that is public by nature; anything else may be a person's and is not repeated."""
    if value is None:
        return "(missing)"
    return value if is_organisation_number(value) else "(no organisation number)"


# --- files ------------------------------------------------------------------------------------------------------------


def _stamp_of(path: Path) -> tuple[object, ...] | None:
    """What changes when the file does; None where there is none."""
    try:
        now = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as problem:
        return ("unreadable", problem.errno)
    return (now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns)


def _stamp(folder: Path) -> _Stamp:
    try:
        mode: object = folder.stat().st_mode
    except OSError as problem:
        mode = problem.errno
    return (mode, _stamp_of(folder / "access.toml"), _stamp_of(folder / "tokens.json"))


def _gone(folder: Path, stamp: _Stamp) -> _List:
    return _List(
        stamp,
        trouble=WrongUse(
            f"The files in {folder} are gone.",
            "Restore them from the backup; to run without any, stop the server and start it again.",
        ),
    )


def _read(folder: Path, stamp: _Stamp) -> _List:
    """Both files.

    Raises:
        WrongUse: one of them cannot be used; the error names file and key.
    """
    if folder.is_dir() and folder.stat().st_mode & 0o022:
        raise WrongUse(f"Others may put files into {folder}.", f"chmod 700 {folder}")
    tokens = _read_tokens(folder / "tokens.json")
    trusted, parties = _read_list(folder / "access.toml")
    return _List(stamp, tokens, parties, trusted)


def _private_text(path: Path) -> str | None:
    """The text of a file that only its owner may read; None where there is none.

    Raises:
        WrongUse: others may read or change it, or it cannot be read.
    """
    try:
        with path.open("rb") as handle:
            if os.fstat(handle.fileno()).st_mode & 0o077:
                raise WrongUse(f"{path} may be read or changed by others than its owner.", f"chmod 600 {path}")
            return handle.read().decode("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except UnicodeDecodeError:
        raise WrongUse(f"{path.name} is not in UTF-8.", "Save it as UTF-8.") from None
    except OSError as problem:
        raise WrongUse(
            f"{path} cannot be read: {problem.strerror}.", "Let the user that runs the server own it, with mode 600."
        ) from None


def _write_private(path: Path, text: str) -> None:
    """Replace a file that only its owner may read, all of it or nothing, and wait until it is durable."""
    temporary = durable.temporary_beside(path)
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(path)
    durable.sync_folder(path.parent)


def _read_tokens(path: Path) -> Mapping[str, Token]:
    text = _private_text(path)
    if text is None:
        return {}
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        raise WrongUse(
            "tokens.json is no JSON.", "Restore it from the backup, or move it away and add the tokens anew."
        ) from None
    top = _Table("tokens.json", "", said)
    tokens = [_token(t) for t in top.tables("tokens")]
    top.end()
    return {t.id: t for t in tokens}


def _token(table: _Table) -> Token:
    token = Token(
        id=table.text("id"),
        name=table.text("name"),
        rights=_rights(table, producer=None, own=None),
        created_at=table.moment("created_at") or table.wrong("created_at", None, "a moment"),
        expires_at=table.moment("expires_at"),
        revoked_at=table.moment("revoked_at"),
        sha256=table.text("sha256"),
    )
    if not re.fullmatch(r"[0-9a-f]{64}", token.sha256):
        table.wrong("sha256", "…", "64 hexadecimal digits")
    table.end()
    return token


def _read_list(path: Path) -> tuple[_Maskinporten | None, _Parties]:
    text = _private_text(path)
    if text is None:
        return None, {}
    try:
        said = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise WrongUse(f"access.toml is no TOML: {problem}.", "Mend the line.") from None
    top = _Table("access.toml", "", said)
    trusted = None
    if "maskinporten" in top:
        trusted = _trusted(top.table("maskinporten"), path.parent)
    parties: dict[tuple[str, str | None], Rights] = {}
    for table in top.tables("party"):
        organisation = table.organisation("organisation")
        supplier = table.organisation("supplier") if "supplier" in table else None
        if (organisation, supplier) in parties:
            table.wrong("organisation", organisation, "a pair of organisation and supplier that is not listed already")
        parties[organisation, supplier] = _rights(table, producer=organisation, own=organisation)
        table.end()
    top.end()
    if parties and trusted is None:
        raise WrongUse(
            "access.toml lists parties, but has no [maskinporten] to know them by.",
            "Add it: issuer, jwks, audience and a scope.",
        )
    return trusted, parties


def _trusted(table: _Table, folder: Path) -> _Maskinporten:
    trusted = _Maskinporten(
        issuer=table.text("issuer"),
        audience=table.text("audience"),
        jwks=_key_address(table, folder),
        algorithms=tuple(dict.fromkeys(table.texts("algorithms", ("RS256",), known=_ALGORITHMS))),
        send_scope=table.text("send_scope") if "send_scope" in table else None,
        read_scope=table.text("read_scope") if "read_scope" in table else None,
        leeway_seconds=table.whole("leeway_seconds", 10, low=0, high=120),
        max_age_seconds=table.whole("max_age_seconds", 3600, low=60, high=86_400),
    )
    for name in ("send_scope", "read_scope"):
        scope = getattr(trusted, name)
        if scope is not None and len(scope.split()) != 1:
            table.wrong(name, scope, "one scope, without white space")
    if not trusted.algorithms:
        table.wrong("algorithms", [], f"one or more of {', '.join(_ALGORITHMS)}")
    if trusted.send_scope is None and trusted.read_scope is None:
        table.wrong("send_scope", None, "a scope here or in read_scope; without any, no token gives a right")
    table.end()
    return trusted


def _is_file(address: str) -> bool:
    return "://" not in address


def _key_address(table: _Table, folder: Path) -> str:
    """A pinned https address, http on loopback, or a file (relative to the access folder)."""
    said = table.text("jwks")
    if _is_file(said):
        path = folder / said
        try:
            mode = path.stat().st_mode
        except OSError:
            table.wrong("jwks", said, "an https address, or a file that is there")
        if mode & 0o022:
            raise WrongUse(f"{path} may be changed by others than its owner.", f"chmod 644 {path}")
        return str(path)
    try:
        parts = urlsplit(said)
        host = parts.hostname or ""
        good = bool(host) and parts.port != 0 and not parts.username and not parts.fragment
    except ValueError:
        good = False
    if not good or not (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))):
        table.wrong("jwks", said, "an https address, http on loopback, or a file")
    return said


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _rights(table: _Table, *, producer: str | None, own: str | None) -> Rights:
    """The four keys that say what may be done.

    Args:
        table: where they stand.
        producer: what stands in for a producer that is not given; None where it must be.
        own: the organisation that `"own"` means; None for a token issued here, where it means nobody.
    """
    name = table.text("producer") if "producer" in table or producer is None else producer
    if not PRODUCER.fullmatch(name):
        table.wrong("producer", name, "1–64 of A–Z a–z 0–9 . _ -, not beginning with . _ -")
    # A token outlives versions of the program: a stream that is no more gives no right, and breaks no file.
    known = (*(s for s in STREAMS if s != REGISTER.name), ALL) if own else ()
    streams = frozenset(table.texts("streams", (), known=known))
    said = table.texts("organisations", (OWN,) if own else ())
    organisations: frozenset[str] | None = None
    if ALL not in said:
        organisations = frozenset(own if number == OWN and own else number for number in said)
        for number in organisations:
            if not is_organisation_number(number):
                meant = "organisation numbers (nine digits, modulus 11)"
                table.wrong("organisations", number, f'"own", "*" or {meant}' if own else f'"*" or {meant}')
        for stream in sorted(streams & STREAMS.keys()) if own else ():
            if not _has(STREAMS[stream], _ORGANISATION):
                table.wrong("streams", stream, f'streams with {_ORGANISATION}, or organisations = ["*"] beside it')
    elif len(said) > 1:
        table.wrong("organisations", said, '"*" alone, or numbers without it')
    read = frozenset(Audience(a) for a in table.texts("read", (), known=tuple(Audience)))
    return Rights(name, streams, organisations, read)


class _Table:
    """A table of a file that people may have edited: each key is asked for by its kind, and none may be left over."""

    def __init__(self, file: str, where: str, said: object) -> None:
        self._file = file
        self._where = where
        if not isinstance(said, dict):
            raise WrongUse(f"{file}: {where or 'the whole'} is no table.", "See docs/access.md for its form.")
        self._said: dict[str, object] = said
        self._asked: set[str] = set()

    def __contains__(self, key: str) -> bool:
        self._asked.add(key)
        return self._said.get(key) is not None

    def wrong(self, key: str, value: object, expected: str) -> NoReturn:
        """Name file, key, value and what it should be."""
        is_missing = value is None
        raise WrongUse(
            f"{self._file}: {self._where}{key} {'is missing' if is_missing else f'is {str(value)[:80]!r}'}.",
            f"Give {expected}.",
        )

    def end(self) -> None:
        """Refuse what nobody asked for: a misspelt key would else be a right or a limit that does not hold."""
        for key in self._said:
            if key not in self._asked:
                near = nearest(key, self._asked)
                raise WrongUse(
                    f"{self._file}: there is no key {self._where}{key[:60]}.",
                    f"Did you mean {near!r}?" if near else f"There is: {', '.join(sorted(self._asked))}.",
                )

    def text(self, key: str) -> str:
        """A text, which must be there."""
        value = self._get(key)
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, value, "a text")
        return value

    def texts(self, key: str, default: Sequence[str], *, known: Sequence[str] = ()) -> list[str]:
        """A list of texts, each one of the known where such are given."""
        value = self._get(key)
        value = list(default) if value is None else value
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            self.wrong(key, value, "a list of texts in brackets")
        for one in value:
            if known and one not in known:
                near = nearest(one, known)
                self.wrong(key, one, f"{near!r}, if that is meant" if near else f"some of {', '.join(known)}")
        return value

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number within bounds."""
        value = self._get(key)
        value = default if value is None else value
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.wrong(key, value, f"a whole number from {low} to {high}")
        return value

    def organisation(self, key: str) -> str:
        """An organisation number, as text."""
        value = self._get(key)
        if not isinstance(value, str) or not is_organisation_number(value):
            self.wrong(key, value, 'an organisation number as text ("NNNNNNNNN", modulus 11)')
        return value

    def moment(self, key: str) -> datetime | None:
        """A moment with its zone, or None."""
        value = self._get(key)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.wrong(key, value, "a moment like 2026-01-31T12:00:00+00:00")
        if moment.tzinfo is None:
            self.wrong(key, value, "a moment with its zone")
        return moment

    def table(self, key: str) -> _Table:
        """A table below this one."""
        return _Table(self._file, f"{self._where}{key}.", self._get(key))

    def tables(self, key: str) -> list[_Table]:
        """A list of tables below this one; none where the key is not there."""
        value = self._get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, value, "a list of tables ([[…]])")
        return [_Table(self._file, f"{self._where}{key}[{i}].", v) for i, v in enumerate(value, 1)]

    def _get(self, key: str) -> object:
        self._asked.add(key)
        return self._said.get(key)
