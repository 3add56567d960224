"""Signed tokens: the public keys of one pinned address, and the claims of tokens signed with them.

The only module that loads `jwt`; a home that takes no signed tokens does not need it.
"""

from __future__ import annotations

import base64
import json
import logging
import math
import threading
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import jwt

from catalog.errors import Unauthenticated
from transport.auth.files import stamp_of
from transport.auth.parties import Trusted, is_file
from transport.base import strict_json
from transport.base.bind_address import is_loopback

_LOG: Final = logging.getLogger(__name__)
_PAUSE_SECONDS = 30.0
_KEYS_FRESH_SECONDS = 600.0
_FETCH_SECONDS = 4.0
_MOST_BYTES = 256 << 10
_LAST_SECOND = 253_402_300_800
"""The end of the year 9999. A JSON number may exceed any float, and comparing with NaN is always false."""


class Keys:
    """The public keys of one pinned address, by key id and algorithm.

    They are fetched on first use, when they are ten minutes old, and when a key is unknown. After the first fetch there
    is at most one in thirty seconds, so that forged key ids cause no storm. Fetched keys stay in use while the address
    does not answer. Keys in a file are read when the file changes.
    """

    def __init__(self, address: str, algorithms: tuple[str, ...]) -> None:
        self.source = (address, algorithms)
        self._address = address
        self._algorithms = algorithms
        if not is_file(address):  # its own cache forgets keys while the address does not answer
            self._client = _Client(address, cache_jwk_set=False, timeout=_FETCH_SECONDS)
        self._lock = threading.Lock()
        self._keys: Mapping[tuple[str, str], jwt.PyJWK] = {}
        self._fetched_at = -math.inf
        self._not_before = -math.inf
        self._stamp: object = None

    def get(self, kid: str, algorithm: str) -> jwt.PyJWK | None:
        """The key with that id for that algorithm, or None."""
        if is_file(self._address):
            return self._from_file().get((kid, algorithm))
        jwk = self._keys.get((kid, algorithm))
        now = time.monotonic()
        if now < self._not_before or (jwk and now - self._fetched_at < _KEYS_FRESH_SECONDS):
            return jwk
        # A caller with a known key does not wait for another's fetch; one without has to.
        if self._lock.acquire(blocking=jwk is None):
            try:
                jwk = self._keys.get((kid, algorithm))
                now = time.monotonic()
                if now >= self._not_before and not (jwk and now - self._fetched_at < _KEYS_FRESH_SECONDS):
                    self._fetch()
            finally:
                self._lock.release()
        return self._keys.get((kid, algorithm))

    def _fetch(self) -> None:
        first = not self._keys
        try:
            self._keys = _public_keys(self._client.fetch_data(), self._algorithms)
        except (jwt.PyJWTError, OSError, ValueError, RecursionError) as problem:
            self._not_before = time.monotonic() + _PAUSE_SECONDS
            _LOG.warning("access: no keys from %s: %s", self._address, problem)
            return
        self._fetched_at = time.monotonic()
        # After the first fetch there is no pause, so that a key changed just after the start is found at once.
        self._not_before = -math.inf if first else time.monotonic() + _PAUSE_SECONDS

    def _from_file(self) -> Mapping[tuple[str, str], jwt.PyJWK]:
        path = Path(self._address)
        with self._lock:
            try:
                stamp = stamp_of(path)
                if stamp != self._stamp:
                    self._stamp = stamp
                    self._keys = {}
                    self._keys = _public_keys(json.loads(_unchangeable(path)), self._algorithms)
            except (OSError, ValueError, RecursionError) as problem:
                _LOG.warning("access: no keys in %s: %s", self._address, problem)
            return self._keys


class _NoRedirects(HTTPRedirectHandler):
    """Takes a redirect for an error: keys come from the pinned address alone."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


class _Client(jwt.PyJWKClient):
    """PyJWT's client, which reads no endless answer, and asks an address on this machine without a proxy."""

    def fetch_data(self) -> object:
        """The key set.

        Raises:
            OSError, ValueError: it does not come, or is no JSON, or too long.
        """
        direct = [ProxyHandler({})] if is_loopback(urlsplit(self.uri).hostname or "") else []
        request = Request(self.uri, headers=self.headers)  # noqa: S310 - https, or this machine (`Trusted`)
        with build_opener(_NoRedirects, *direct).open(request, timeout=self.timeout) as answer:
            return json.loads(answer.read(_MOST_BYTES))


def _unchangeable(path: Path) -> bytes:
    """The bytes of a key file.

    Raises:
        ValueError: others could put their own key into it.
    """
    if path.stat().st_mode & 0o022:
        message = "users other than its owner can change it"
        raise ValueError(message)
    return path.read_bytes()


def _public_keys(key_set: object, algorithms: Collection[str]) -> dict[tuple[str, str], jwt.PyJWK]:
    """The signing keys of a key set, each bound to the pinned algorithms it can serve.

    Raises:
        ValueError: there is no usable key in it.
    """
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    public_keys: dict[tuple[str, str], jwt.PyJWK] = {}
    for key in keys if isinstance(keys, list) else []:
        if not isinstance(key, dict) or not isinstance(key.get("kid"), str) or not _checks_signatures(key):
            continue
        for algorithm in algorithms:
            if key.get("alg", algorithm) == algorithm and (key["kid"], algorithm) not in public_keys:
                try:
                    public_keys[key["kid"], algorithm] = jwt.PyJWK(key, algorithm)
                except (jwt.PyJWTError, ValueError, TypeError, KeyError):
                    continue  # the key type does not fit the algorithm
    if not public_keys:
        message = "it has no key for the pinned algorithms"
        raise ValueError(message)
    return public_keys


def _checks_signatures(key: Mapping[str, object]) -> bool:
    """Whether the key is declared for checking signatures, or for no use in particular.

    Source: RFC 7517, sections 4.2 and 4.3.
    """
    operations = key.get("key_ops", ["verify"])
    return key.get("use", "sig") == "sig" and isinstance(operations, list) and "verify" in operations


def _check_shallow(token: str) -> None:
    """Check that the token's header and claims are safe to parse, before anything says that they can be trusted."""
    for part in token.split(".")[:2]:
        strict_json.check_shallow(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def claims_of(token: str, trusted: Trusted, keys: Keys) -> Mapping[str, object]:
    """The claims of a valid token.

    Raises:
        Unauthenticated: the token is not valid.
    """
    try:
        _check_shallow(token)
        header = jwt.get_unverified_header(token)
        kid, algorithm = header.get("kid"), header.get("alg")
        if not isinstance(kid, str) or algorithm not in trusted.algorithms:
            raise Unauthenticated(
                "The token's header names no key, or an algorithm that the server does not accept.",
                f"Get a token signed with {' or '.join(trusted.algorithms)} from {trusted.issuer}.",
            )
        key = keys.get(kid, algorithm)
        if key is None:
            raise Unauthenticated(
                "The token is signed with an unknown key.",
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
        raise Unauthenticated("The token is not yet valid.", "Correct the clock of the machine that made it.") from None
    except jwt.InvalidAudienceError:
        raise Unauthenticated(
            "The token was made for another audience.", f"Ask for one with audience {trusted.audience}."
        ) from None
    except jwt.InvalidIssuerError:
        raise Unauthenticated(
            "The token's issuer is not the one that the server trusts.", f"Get one from {trusted.issuer}."
        ) from None
    except jwt.MissingRequiredClaimError as missing:
        raise Unauthenticated(f"The token has no {missing.claim}.", f"Get one from {trusted.issuer}.") from None
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise Unauthenticated(
            "The token's signature or format is invalid.", f"Get a new one from {trusted.issuer}."
        ) from None
    age = _seconds(claims, "exp") - _seconds(claims, "iat")
    if not 0 < age <= trusted.max_age_seconds:
        raise Unauthenticated(
            f"The token's lifetime, exp minus iat, is not between 0 and {trusted.max_age_seconds} seconds.",
            "Ask the issuer for one with a shorter lifetime.",
        )
    return claims


def _seconds(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < _LAST_SECOND:
        raise Unauthenticated(f"The token's {name} is not a time.", "Get a new one from the issuer.")
    return value
