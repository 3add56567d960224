"""The tokens issued in one home: `DIF_HOME/access/tokens.json`, changed by `dif token`; secrets only as hashes."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from catalog.contracts.language import Audience, StreamContract
from catalog.contracts.sharing import Right
from catalog.domain.identity import is_organisation_number
from catalog.errors import UnknownName, WrongUse
from catalog.tables.streams import PUSHED, STREAMS
from transport.auth.files import Table, private_text, write_private
from transport.base import atomic_files
from transport.base.names import PRODUCER
from transport.base.settings import Settings

ALL = "*"
OWN = "own"
ORGANISATION = "organisation_number"
"""The column with the organisation that a row belongs to."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A reader over Delta Sharing, and what it may read.

    Attributes:
        shares: names of `catalog.tables.shares`; one that no longer exists gives no right.
        organisation: whose own rows it reads.
        networks: it reads the rows of their members.
    """

    shares: frozenset[str]
    organisation: str | None = None
    networks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rights:
    """The rights of a token or a party of the access list.

    Attributes:
        organisations: whose rows it may send; None means anyone's.
        recipient: what it reads over Delta Sharing; None for all but recipients.
        metrics: it may read the servers' figures, for the operator's Prometheus.
    """

    producer: str
    streams: frozenset[str]
    organisations: frozenset[str] | None
    read: frozenset[Right]
    recipient: Recipient | None = None
    metrics: bool = False


@dataclass(frozen=True, slots=True)
class Token:
    """A token issued here. The secret itself is never stored; `sha256` hashes 256 random bits, so it needs no salt."""

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
        """The token as stored in `tokens.json`."""
        rights = self.rights
        return {
            "id": self.id,
            "name": self.name,
            "producer": rights.producer,
            "streams": sorted(rights.streams),
            "organisations": [ALL] if rights.organisations is None else sorted(rights.organisations),
            "read": sorted(rights.read),
            **({"recipient": _recipient_as_json(rights.recipient)} if rights.recipient else {}),
            **({"metrics": True} if rights.metrics else {}),
            "created_at": self.created_at.isoformat(),
            "expires_at": self.expires_at and self.expires_at.isoformat(),
            "revoked_at": self.revoked_at and self.revoked_at.isoformat(),
            "sha256": self.sha256,
        }


class Tokens:
    """The tokens issued in one home, for `dif token` to change. A second writer waits for the first."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is read or made yet."""
        self._folder = settings.home / "access"
        self._file = self._folder / "tokens.json"

    def all(self) -> list[Token]:
        """Every token, in order of creation.

        Raises:
            WrongUse: the file cannot be read, or is readable by others.
        """
        return list(read_tokens(self._file).values())

    def add(self, name: str, rights: Rights, *, now: datetime, days: int | None = None) -> tuple[Token, str, bool]:
        """Issue a token, and wait until it is durable.

        Returns:
            The token, its text (available only now), and whether this closed access that was open.

        Raises:
            WrongUse: the rights are invalid, or the file is broken; it is left as it is.
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
                sha256=digest(secret),
            )
            _token(Table("token", "", token.as_json()))  # an unreadable token would lock everybody out
            tokens[token.id] = token
        return token, f"dif_{token.id}_{secret}", first

    def revoke(self, token_id: str, *, now: datetime) -> Token:
        """Revoke a token for good. Running servers refuse it from their next call on.

        Returns:
            The token; one revoked earlier keeps its first revocation time.

        Raises:
            UnknownName: no token has that id.
            WrongUse: the file is broken; it is left as it is.
        """
        with self._writing() as tokens:
            if token_id not in tokens:
                raise UnknownName("token", token_id[:60], choices=tokens)
            token = tokens[token_id]
            tokens[token_id] = token = replace(token, revoked_at=token.revoked_at or now)
        return token

    @contextmanager
    def _writing(self) -> Iterator[dict[str, Token]]:
        """The tokens, for one process at a time to change; they are written when the block ends without error."""
        atomic_files.refuse_root(self._folder.parent)
        is_new = not self._folder.exists()
        self._folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        if self._folder.stat().st_mode & 0o077:
            self._folder.chmod(0o700)
        if is_new:
            atomic_files.sync_folder(self._folder.parent)
        with os.fdopen(os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            atomic_files.sweep(self._folder)
            tokens = dict(read_tokens(self._file))
            yield tokens
            text = json.dumps({"tokens": [t.as_json() for t in tokens.values()]}, ensure_ascii=False, indent=1)
            write_private(self._file, text + "\n")


def read_tokens(path: Path) -> Mapping[str, Token]:
    """The tokens of a file, by id; none when there is no file.

    Raises:
        WrongUse: the file is unusable.
    """
    text = private_text(path)
    if text is None:
        return {}
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise WrongUse(
            "tokens.json is not valid JSON.", "Restore it from the backup, or move it away and add the tokens again."
        ) from None
    top = Table("tokens.json", "", document)
    tokens = [_token(t) for t in top.tables("tokens")]
    top.end()
    return {t.id: t for t in tokens}


def _recipient_as_json(recipient: Recipient) -> dict[str, object]:
    return {
        "shares": sorted(recipient.shares),
        "organisation": recipient.organisation,
        "networks": sorted(recipient.networks),
    }


def _recipient(table: Table) -> Recipient:
    shares = frozenset(table.texts("shares", ()))
    organisation = table.organisation("organisation") if "organisation" in table else None
    networks = frozenset(table.texts("networks", ()))
    table.end()
    return Recipient(shares, organisation, networks)


def _token(table: Table) -> Token:
    recipient = _recipient(table.table("recipient")) if "recipient" in table else None
    rights = replace(rights_of(table, producer=None, own=None), recipient=recipient, metrics=table.yes("metrics"))
    token = Token(
        id=table.text("id"),
        name=table.text("name"),
        rights=rights,
        created_at=table.moment("created_at") or table.wrong("created_at", None, "a time"),
        expires_at=table.moment("expires_at"),
        revoked_at=table.moment("revoked_at"),
        sha256=table.text("sha256"),
    )
    if not re.fullmatch(r"[0-9a-f]{64}", token.sha256):
        table.wrong("sha256", "…", "64 hexadecimal digits")
    table.end()
    return token


def rights_of(table: Table, *, producer: str | None, own: str | None) -> Rights:
    """Read the four keys that state rights.

    Args:
        table: holds the keys.
        producer: the default producer; None when one must be given.
        own: the organisation that `"own"` means; None for a token issued here, where it means nobody.
    """
    name = table.text("producer") if "producer" in table or producer is None else producer
    if not PRODUCER.fullmatch(name):
        table.wrong("producer", name, "1–64 of A–Z a–z 0–9 . _ -, not beginning with . _ -")
    # A token outlives versions of the program: a stream that no longer exists gives no right and breaks no file.
    allowed = (*PUSHED, ALL) if own else ()
    streams = frozenset(table.texts("streams", (), allowed=allowed))
    listed = table.texts("organisations", (OWN,) if own else ())
    organisations: frozenset[str] | None = None
    if ALL not in listed:
        organisations = frozenset(own if number == OWN and own else number for number in listed)
        for number in organisations:
            if not is_organisation_number(number, or_made_up=True):
                meant = "organisation numbers (nine digits, modulus 11)"
                table.wrong("organisations", number, f'"own", "*" or {meant}' if own else f'"*" or {meant}')
        for stream in sorted(streams & STREAMS.keys()) if own else ():
            if not has_column(STREAMS[stream], ORGANISATION):
                table.wrong("streams", stream, f'streams with {ORGANISATION}, or organisations = ["*"] beside it')
    elif len(listed) > 1:
        table.wrong("organisations", listed, '"*" alone, or numbers without it')
    listed_rights = table.texts("read", (), allowed=tuple(dict.fromkeys(map(str, (*Right, *Audience)))))
    read = frozenset(
        Right(name) for name in listed_rights if name in Right.__members__
    )  # audiences OWN, INTERNAL: to nobody
    return Rights(name, streams, organisations, read)


def has_column(stream: StreamContract, column: str) -> bool:
    """Whether the stream's contract has the column."""
    return any(c.name == column for c in stream.columns)


def digest(secret: str) -> str:
    """The SHA-256 of a secret, as in `Token.sha256`."""
    return hashlib.sha256(secret.encode()).hexdigest()
