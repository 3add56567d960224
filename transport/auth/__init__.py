"""Who calls, and what they may do: tokens, the access list, and the checks that both servers make first.

The files in `DIF_HOME/access` decide: `tokens.json`, written by `dif token`, and `access.toml`, written by people (who
may send and read with a Maskinporten token). While neither exists, access is open to this machine only. Once one has
been seen, access stays closed for the life of the process, whatever becomes of the files. Changed files are reread, so
a revoke works at once. An unreadable file lets nobody in.

`transport.auth.tokens` and `transport.auth.parties` read the files; `transport.auth.keys` verifies signatures.

Source: RFC 8725 (pinned algorithms, audience, issuer); Digdir, "Maskinporten, API".
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc

from catalog.contracts.language import DatasetContract, StreamContract
from catalog.contracts.sharing import Right, Rows, lacking, narrowed_to, right_to
from catalog.domain.identity import is_organisation_number
from catalog.errors import Forbidden, SchemaMismatch, TryAgain, Unauthenticated, WrongType, WrongUse
from catalog.tables.shares import PUBLIC, SHARES
from transport.auth.files import Watched
from transport.auth.parties import Parties, Trusted, read_list
from transport.auth.tokens import ALL, ORGANISATION, Recipient, Token, digest, has_column, read_tokens
from transport.base.names import PRODUCER, check_producer
from transport.base.settings import Settings

if TYPE_CHECKING:
    from transport.auth.keys import Keys

ANYBODY: Final = "public"
"""What stands for a token in the public profile: clients of Delta Sharing always send one. No token has this id."""
MAX_TOKEN = 8192
"""Characters; a longer text is not a token."""
_SUPPLIER = "supplier_number"
_LOCAL = re.compile(r"dif_([a-z0-9.-]{1,48})_([A-Za-z0-9_-]{43})")
_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_ISO6523 = re.compile(r"0192:([0-9]{9})")
"""0192 is the ISO 6523 code of the Norwegian register of organisations."""
_NOBODY = hashlib.sha256(b"").hexdigest()
_MOST_LISTED = 3
"""The most organisations that an answer names."""
ASK = "Ask the operator for a token (`dif token add`), and send it as `Authorization: Bearer TOKEN`."


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, and what they may do.

    Attributes:
        name: as shown in logs; never a secret.
        producer: scope of batch ids, and the folder's name.
        consumer: number of the organisation acted for, where known.
        supplier: number of the supplier acting by delegation, if any.
        send: streams it may send; `*` is all but `register`, which only people apply.
        organisations: whose rows it may send; None means anyone's.
        read: its rights to read.
        token: the id of its token, if issued here; empty otherwise.
        recipient: what it reads over Delta Sharing; None for all but recipients.
        metrics: it may read the servers' figures.
    """

    name: str
    producer: str
    consumer: str | None
    supplier: str | None
    send: frozenset[str]
    organisations: frozenset[str] | None
    read: frozenset[Right]
    token: str = ""
    recipient: Recipient | None = None
    metrics: bool = False

    @property
    def anonymous(self) -> bool:
        """Whether it has no token, and reads what anybody may."""
        return self.token == ANYBODY

    @property
    def turns(self) -> str:
        """In whose name it waits for a turn: callers without a token wait for each other, not others for them."""
        return self.token if self.anonymous else self.name


@dataclass(frozen=True, slots=True)
class _List:
    """The files' content at one moment."""

    tokens: Mapping[str, Token] = field(default_factory=dict)
    parties: Parties = field(default_factory=dict)
    maskinporten: Trusted | None = None


class Access:
    """The current access rules of one home. One instance per process; threads share it.

    Raises (on opening):
        WrongUse: a file cannot be read, is readable by others, or has an invalid key or value.
    """

    def __init__(self, settings: Settings) -> None:
        """Read the files, so that a server does not start on broken ones."""
        folder = settings.home / "access"
        gone = WrongUse(
            f"The files in {folder} are gone.",
            "Restore them from the backup; to run without any, stop the server and start it again.",
        )
        self._files = Watched(folder, "access.toml", "tokens.json", read=lambda: _read(folder), gone=gone, who="access")
        self._open_access = settings.open_access
        self._lock = threading.Lock()
        self._keys: Keys | None = None
        if (trouble := self.trouble) is not None:
            raise trouble

    @property
    def open(self) -> bool:
        """True while nothing is configured: the server listens on loopback only and asks for no token.

        Once false, it stays false.
        """
        if not self._files.closed:
            self._files.now()
        return not self._files.closed

    @property
    def trouble(self) -> WrongUse | None:
        """Why nobody is let in at present, worded for the operator; None when all is well."""
        return self._files.now()[1]

    def caller(self, authorization: str | None, *, producer: str | None = None) -> Caller:
        """Return who sent the `Authorization` header.

        Args:
            authorization: the header's value, `Bearer <token>`.
            producer: what the client calls itself; it must match the token's producer.

        Raises:
            Unauthenticated: the token is missing or invalid.
            Forbidden: the token is valid, but its caller is not on the access list, lacks the scope, or claims another
                producer.
            TryAgain: the files cannot be read, so nobody is known.
            WrongUse: access is open, and `producer` is not a valid name.
        """
        if self.open:
            return _local(producer)
        access_list = self._current()
        caller = self._bearer_of(access_list, _bearer(authorization))
        if producer and producer != caller.producer:
            text = producer if PRODUCER.fullmatch(producer) else "the one in the call"
            raise Forbidden(
                f"The token belongs to producer {caller.producer}, not to {text}.",
                "Leave the producer out (Dif-Producer, --producer): the token has it. To send as another, ask for its "
                "token.",
            )
        return caller

    def reader(self, authorization: str | None, *, address: str) -> Caller | None:
        """Return the caller without a token, where `open_access` is set; None where the call has one, or needs one.

        Args:
            authorization: as for `caller`; the token of the public profile is none.
            address: whom the quota and the audit count it as.

        Raises:
            TryAgain: the files cannot be read, so nobody is let in.
        """
        if not self._open_access or self.open or authorization not in (None, "", f"Bearer {ANYBODY}"):
            return None
        self._current()
        return _anybody(address)

    def holder(self, token_id: str, *, address: str = "") -> Caller:
        """Return the holder of a token, for a link that was signed for it; the local caller has the id "".

        Args:
            token_id: of the token.
            address: whom the quota and the audit count a caller without a token as.

        Raises:
            Unauthenticated: the token is unknown, expired or revoked.
            TryAgain: the files cannot be read, so nobody is known.
        """
        if self.open and not token_id:
            return _local(None)
        access_list = self._current()
        if token_id == ANYBODY and self._open_access:
            return _anybody(address)
        token = access_list.tokens.get(token_id)
        if token is None:
            raise Unauthenticated("The token is unknown.", ASK)
        return _active(token)

    def check_token(self, caller: Caller) -> None:
        """Check that the token of a call that has lasted a while still holds. Signed tokens end by themselves.

        Raises:
            Unauthenticated: it has expired or was revoked since the call began.
            TryAgain: the files cannot be read, so nobody is known.
        """
        if caller.token:
            self.holder(caller.token)

    def _bearer_of(self, access_list: _List, token: str) -> Caller:
        local = _LOCAL.fullmatch(token)
        if local:
            return _issued(access_list.tokens, local[1], local[2])
        if access_list.maskinporten is None or not _JWT.fullmatch(token):
            raise Unauthenticated("The server does not accept this kind of token.", ASK)
        return _listed(access_list.parties, access_list.maskinporten, self._claims(access_list.maskinporten, token))

    def may_send(self, caller: Caller, stream: StreamContract) -> None:
        """Check that the caller may send the stream, before any row is read.

        Raises:
            Forbidden: the caller may not.
        """
        if not stream.pushed:
            raise Forbidden("A register is never sent over the wire.", "Apply it with `dif register apply`.")
        if not caller.send & {ALL, stream.name}:
            raise Forbidden(
                f"{caller.name} may not send stream {stream.name}.",
                f"Ask the operator for the right to send {stream.name}; a Maskinporten token also needs the scope.",
            )
        if caller.organisations is not None and not has_column(stream, ORGANISATION):
            raise Forbidden(
                f"Stream {stream.name} has no {ORGANISATION}, and {caller.name} may send only for named organisations.",
                "Ask the operator for the right to send for any organisation.",
            )

    def sends(self, caller: Caller, stream: StreamContract) -> bool:
        """Whether the caller may send the stream."""
        try:
            self.may_send(caller, stream)
        except Forbidden:
            return False
        return True

    def check_rows(self, caller: Caller, stream: StreamContract, chunk: pa.Table, *, first_row: int) -> None:
        """Check each row against the organisations that the caller may send for.

        Args:
            caller: who sends.
            stream: what is sent.
            chunk: some of its rows; text may be dictionary-encoded.
            first_row: the number of the chunk's first row.

        Raises:
            Forbidden: a row belongs to another organisation or names another supplier; names the first such row.
            SchemaMismatch: one of the two columns occurs twice or is not text.
        """
        self.may_send(caller, stream)
        rows_allowed(caller, stream, chunk, first_row=first_row)

    def may_read(self, caller: Caller, dataset: DatasetContract) -> DatasetContract:
        """The dataset as the caller may read it: whole, or a view without the columns of connections.

        Raises:
            Forbidden: the caller may not read it. Nobody may read what no right gives.
        """
        readable = narrowed_to(dataset, caller.read)
        if readable is None:
            right = right_to(dataset)
            if right is None:
                raise Forbidden(f"{dataset.name} is not available over the wire.", "Ask for another dataset.")
            self.check_rights(caller, {right}, dataset.name)
        return readable or dataset

    def check_rights(self, caller: Caller, rights: Collection[Right], what: str) -> None:
        """Check that the caller has all rights that something needs.

        Raises:
            Forbidden: a right is missing; names those that are.
        """
        missing = ", ".join(sorted(lacking(rights, caller.read)))
        if missing:
            raise Forbidden(
                f"{caller.name} may not read {what}, which needs {missing}.",
                f"Ask the operator for the right to read {missing}.",
            )

    def _current(self) -> _List:
        """The files' content.

        Raises:
            TryAgain: they cannot be used, so nobody is known.
        """
        content, trouble = self._files.now()
        if trouble is not None:
            # Not Unauthenticated: that would tell the client to give up.
            raise TryAgain(
                "The server accepts no callers at the moment; the operator is alerted.", "Try again in a few minutes."
            )
        return content or _List()

    def _claims(self, trusted: Trusted, token: str) -> Mapping[str, object]:
        """The claims of a valid token. The keys are those of the pinned address, kept until the address changes.

        Raises:
            Unauthenticated: the token is not valid.
        """
        from transport.auth.keys import Keys, claims_of

        keys = self._keys
        if keys is None or keys.source != (trusted.jwks, trusted.algorithms):
            with self._lock:
                keys = self._keys
                if keys is None or keys.source != (trusted.jwks, trusted.algorithms):
                    keys = self._keys = Keys(trusted.jwks, trusted.algorithms)
        return claims_of(token, trusted, keys)


# --- callers ----------------------------------------------------------------------------------------------------------


def _local(producer: str | None) -> Caller:
    name = producer or "local"
    check_producer(name)
    recipient = Recipient(frozenset(name for name, share in SHARES.items() if share.rows is Rows.ALL))
    everything = frozenset({ALL}), None, frozenset(Right)
    return Caller("local", name, None, None, *everything, recipient=recipient, metrics=True)


def _anybody(address: str) -> Caller:
    nothing, reads = frozenset[str](), frozenset({Right.PUBLIC})
    name = f"anonymous {address}".strip()
    return Caller(name, ANYBODY, None, None, nothing, nothing, reads, ANYBODY, Recipient(frozenset({PUBLIC.name})))


def _bearer(authorization: str | None) -> str:
    if not authorization:
        raise Unauthenticated("The call has no token.", ASK)
    if len(authorization) > MAX_TOKEN + len("Bearer "):
        raise Unauthenticated(f"The token is longer than {MAX_TOKEN} characters.", ASK)
    kind, _, token = authorization.partition(" ")
    token = token.strip(" ")
    if kind.lower() != "bearer" or not token or not token.isascii():
        raise Unauthenticated("The Authorization header is not `Bearer TOKEN`.", ASK)
    return token


def _issued(tokens: Mapping[str, Token], token_id: str, secret: str) -> Caller:
    """The caller of a token issued here. Only a holder of its secret learns that it has expired or been revoked."""
    token = tokens.get(token_id)
    right = hmac.compare_digest(digest(secret), token.sha256 if token else _NOBODY)
    if token is None or not right:
        raise Unauthenticated("The token is unknown.", ASK)
    return _active(token)


def _active(token: Token) -> Caller:
    state, rights = token.state(datetime.now(UTC)), token.rights
    if state != "active":
        again = "dif share profile" if rights.recipient else "dif token add"
        raise Unauthenticated(f"The token {token.id} is {state}.", f"Ask the operator for a new one (`{again}`).")
    return Caller(
        f"token {token.id}",
        rights.producer,
        None,
        None,
        rights.streams,
        rights.organisations,
        rights.read,
        token.id,
        rights.recipient,
        rights.metrics,
    )


def _listed(parties: Parties, trusted: Trusted, claims: Mapping[str, object]) -> Caller:
    """The caller of a signed token: a party on the access list, limited to the token's scopes."""
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
    claim = claims.get("scope")
    scopes = frozenset(claim.split()) if isinstance(claim, str) else frozenset()
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
    claim = claims.get(name)
    number = None
    if isinstance(claim, dict) and claim.get("authority") == "iso6523-actorid-upis":
        hit = _ISO6523.fullmatch(str(claim.get("ID")))
        number = hit[1] if hit and is_organisation_number(hit[1], or_made_up=True) else None
    if number is None:
        raise Unauthenticated(
            f"The token's {name} is not a Norwegian organisation number.",
            'It has the form {"authority": "iso6523-actorid-upis", "ID": "0192:NNNNNNNNN"}; get one from the issuer.',
        )
    return number


# --- rows -------------------------------------------------------------------------------------------------------------


def rows_allowed(caller: Caller, stream: StreamContract, chunk: pa.Table, *, first_row: int) -> None:
    """The row checks of `Access.check_rows`. They need no access files, so a reader process can run them.

    Raises:
        Forbidden, SchemaMismatch: as `Access.check_rows`.
    """
    if caller.organisations is not None:
        bad = _first_outside(chunk, ORGANISATION, caller.organisations)
        if bad is not None:
            raise Forbidden(
                f"Row {first_row + bad[0]}: {caller.name} may not send for {_others(caller.organisations)}; the row's "
                f"{ORGANISATION} is {bad[1]}.",
                "Leave out the rows of others, or ask the operator for the right to send them; nothing was kept.",
            )
    if caller.supplier is not None and has_column(stream, _SUPPLIER):
        bad = _first_outside(chunk, _SUPPLIER, {caller.supplier}, null=True)
        if bad is not None:
            raise Forbidden(
                f"Row {first_row + bad[0]}: supplier_number is {bad[1]}, but the token belongs to {caller.supplier}.",
                "Leave supplier_number out, or give your own; nothing was kept.",
            )


def row_allowed(caller: Caller, row: Mapping[str, object]) -> bool:
    """Whether the caller may send a kept row; a caller sees only rows that it may send.

    Args:
        caller: who asks, and may send the stream.
        row: by column; one that the stream lacks is not there.
    """
    if caller.organisations is not None and row.get(ORGANISATION) not in caller.organisations:
        return False
    return caller.supplier is None or row.get(_SUPPLIER) in (None, caller.supplier)


def _first_outside(
    chunk: pa.Table, name: str, allowed: Collection[str], *, null: bool = False
) -> tuple[int, str] | None:
    """The first row whose value is not allowed: its index, and the value as it may be shown.

    A dictionary is checked value by value, never decoded: one long value with many indices would exhaust memory.

    Args:
        chunk: the rows; an omitted column is null in each.
        name: the column.
        allowed: its allowed values.
        null: whether it may be missing.

    Raises:
        SchemaMismatch: the column is not text, or occurs twice: one would be checked and the other kept.
    """
    places = chunk.schema.get_all_field_indices(name)
    if len(places) > 1:
        raise SchemaMismatch(f"Column {name!r} appears {len(places)} times.", "Send it once.")
    if not places:
        return None if null or not chunk.num_rows else (0, _printable(None))
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
            return before + place, _printable(part[place].as_py())
        before += len(part)
    return None


def _others(own: Collection[str]) -> str:
    """The organisations that a caller may not send for, phrased by those it may send for."""
    if not own:
        return "any organisation"
    listed = sorted(own)[:_MOST_LISTED]
    more = [f"{len(own) - _MOST_LISTED} more"] if len(own) > _MOST_LISTED else []
    *before, last = listed + more
    return f"organisations other than {', '.join(before)}{' and ' if before else ''}{last}"


def _printable(value: str | None) -> str:
    """The value if it is an organisation number, real or made up; anything else may be a person's and is not shown."""
    if value is None:
        return "missing"
    return value if is_organisation_number(value, or_made_up=True) else "not an organisation number"


# --- files ------------------------------------------------------------------------------------------------------------


def _read(folder: Path) -> _List:
    """Read both files.

    Raises:
        WrongUse: a file is unusable; the error names file and key.
    """
    if folder.is_dir() and folder.stat().st_mode & 0o022:
        raise WrongUse(f"Other users can write to {folder}.", f"chmod 700 {folder}")
    tokens = read_tokens(folder / "tokens.json")
    trusted, parties = read_list(folder / "access.toml")
    return _List(tokens, parties, trusted)
