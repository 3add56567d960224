"""The access list, `DIF_HOME/access/access.toml`: which signed tokens are accepted, and for what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from catalog.errors import WrongUse
from transport.auth.files import Table, toml_table
from transport.auth.tokens import Rights, rights_of
from transport.base.bind_address import is_loopback
from transport.base.names import of_supplier

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Asymmetric algorithms only: with a shared secret, the key server's answer would be enough to forge a token."""


@dataclass(frozen=True, slots=True)
class Trusted:
    """Which signed tokens are trusted."""

    issuer: str
    audience: str
    jwks: str
    algorithms: tuple[str, ...]
    send_scope: str | None
    read_scope: str | None
    leeway_seconds: int
    max_age_seconds: int


Parties = Mapping[tuple[str, str | None], Rights]
"""Rights by organisation and the supplier that acts for it, or None."""


def read_list(path: Path) -> tuple[Trusted | None, Parties]:
    """Whose signatures are trusted, and the rights of each party; none when there is no file.

    Raises:
        WrongUse: the file is unusable; the error names the key.
    """
    top = toml_table(path)
    if top is None:
        return None, {}
    trusted = None
    if "maskinporten" in top:
        trusted = _trusted(top.table("maskinporten"), path.parent)
    parties: dict[tuple[str, str | None], Rights] = {}
    for table in top.tables("party"):
        organisation = table.organisation("organisation")
        supplier = table.organisation("supplier") if "supplier" in table else None
        if (organisation, supplier) in parties:
            table.wrong("organisation", organisation, "a pair of organisation and supplier that is not listed already")
        producer = organisation if supplier is None else of_supplier(organisation, supplier)
        parties[organisation, supplier] = rights_of(table, producer=producer, own=organisation)
        table.end()
    top.end()
    if parties and trusted is None:
        raise WrongUse(
            "access.toml lists parties, but has no [maskinporten] to identify them.",
            "Add it: issuer, jwks, audience and a scope.",
        )
    return trusted, parties


def _trusted(table: Table, folder: Path) -> Trusted:
    trusted = Trusted(
        issuer=table.text("issuer"),
        audience=table.text("audience"),
        jwks=_key_address(table, folder),
        algorithms=tuple(dict.fromkeys(table.texts("algorithms", ("RS256",), allowed=ALGORITHMS))),
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
        table.wrong("algorithms", [], f"one or more of {', '.join(ALGORITHMS)}")
    if trusted.send_scope is None and trusted.read_scope is None:
        table.wrong("send_scope", None, "a scope here or in read_scope; without a scope, no token gives access")
    table.end()
    return trusted


def is_file(address: str) -> bool:
    """Whether the keys are in a file rather than at an address."""
    return "://" not in address


def _key_address(table: Table, folder: Path) -> str:
    """A pinned https address, http on loopback, or a file (relative to the access folder)."""
    text = table.text("jwks")
    if is_file(text):
        path = folder / text
        try:
            mode = path.stat().st_mode
        except OSError:
            table.wrong("jwks", text, "an https address, or an existing file")
        if mode & 0o022:
            raise WrongUse(f"Users other than the owner can change {path}.", f"chmod 644 {path}")
        return str(path)
    if not may_be_asked(text):
        table.wrong("jwks", text, "an https address, http on loopback, or a file")
    return text


def may_be_asked(address: str) -> bool:
    """Whether we may fetch from an address: https, or http on loopback, without a user name or fragment."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        good = bool(host) and parts.port != 0 and not parts.username and not parts.fragment
    except ValueError:
        return False
    return good and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))
