"""`dif token add, list, revoke`: tokens issued here, for machines without an identity provider."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from catalog.contracts.sharing import Right
from catalog.domain.identity import is_organisation_number
from catalog.errors import BadOption, nearest
from catalog.tables.streams import PUSHED, STREAMS
from pipelines.cli.present.formats import moment
from pipelines.cli.screen import Result, command, records
from transport.auth.tokens import ALL, Rights, Token, Tokens
from transport.base import names
from transport.base.settings import load
from transport.storage.landing import utc_now

NAME = "1–64 of A–Z a–z 0–9 . _ -, beginning with a letter or a digit"
CLOSED = "The door is closed now: from here on every call needs a token, even from this machine."
_LONGEST_DAYS = 3660


@command()
def add(
    name: str,
    /,
    *,
    producer: str | None = None,
    send: Annotated[list[str] | None, Parameter(consume_multiple=True, negative="")] = None,
    organisations: Annotated[list[str] | None, Parameter(name="--for", consume_multiple=True, negative="")] = None,
    read: Annotated[list[str] | None, Parameter(consume_multiple=True, negative="")] = None,
    metrics: bool = False,
    days: int = 365,
) -> Result:
    """Issue a token and print it, once; only its hash is kept. The first one closes the door to calls without a token.

    Args:
        name: what the token is for; a system, not a person.
        producer: whose batches it sends; the name when not given.
        send: streams it may send, or `all`.
        organisations: organisation numbers it may send rows of, or `any`.
        read: what it may read: PUBLIC (what anybody may where there is open access), OPEN (the open datasets, what is
            public within), CONNECTIONS (everybody's source systems and suppliers), CONNECTION_COUNTS (how much each
            connection sends, exactly), LEDGER (the ledgers), CUSTOMERS (what single customers pay). Each is given by
            name.
        metrics: it may read /metrics, which tells how much everybody sends: for the operator's Prometheus.
        days: days until it expires; 0 never.
    """
    if not names.PRODUCER.fullmatch(name):
        raise BadOption("NAME", name, NAME)
    if producer is not None and not names.PRODUCER.fullmatch(producer):
        raise BadOption("--producer", producer, NAME)
    check_days(days)
    if not (send or read or metrics):
        raise BadOption("--send", "", "the streams it may send, or --read with what it may read")
    numbers = _organisations(organisations, send=bool(send))
    rights = Rights(producer or name, _streams(send or [], numbers), numbers, _read(read or []), metrics=metrics)
    token, text, first = Tokens(load()).add(name, rights, now=utc_now(), days=days or None)
    notes = [
        f"Token {token.id} {_in_words(token)}.",
        "It is shown only this once: only its hash is kept. Give it to the system that will use it.",
        *([CLOSED] if first else ()),
    ]
    if token.expires_at is not None:
        notes.append(f"It holds for {days} days; add another before that. For another time: --days N, or 0 for no end.")
    notes.append(f"To revoke it: dif token revoke {token.id}")
    return Result({"token": text, **_row(token)}, [text], notes)


@command()
def list_tokens() -> Result:
    """Every token and its state, never its secret; recipients' are in `dif share list`."""
    rows = [_row(token) for token in Tokens(load()).all() if token.rights.recipient is None]
    return records(rows, empty="No tokens. `dif token add NAME --send STREAM --for any` makes one.")


@command(None)
def revoke(token_id: str, /) -> Result:
    """Take a token back, at once and for good.

    Args:
        token_id: its id, as `dif token list` shows it.
    """
    token = Tokens(load()).revoke(token_id, now=utc_now())
    when = f"{token.revoked_at:%Y-%m-%d %H:%M:%S} UTC"
    return Result(lines=[f"Token {token.id} was revoked at {when}; servers refuse it."])


def check_days(days: int) -> None:
    """Refuse days of validity that cannot be used.

    Raises:
        BadOption: they are out of range.
    """
    if not 0 <= days <= _LONGEST_DAYS:
        raise BadOption("--days", days, f"a number from 1 to {_LONGEST_DAYS}, or 0 for no end")


def moments(token: Token) -> dict[str, object]:
    """When a token was issued, when it expires and when it was revoked."""
    return {
        "created": moment(token.created_at),
        "expires": moment(token.expires_at),
        "revoked": moment(token.revoked_at),
    }


def until(token: Token) -> str:
    """How long a token is valid, in words."""
    return f"until {token.expires_at:%Y-%m-%d %H:%M} UTC" if token.expires_at else "until it is revoked"


def _organisations(numbers: list[str] | None, *, send: bool) -> frozenset[str] | None:
    if not numbers:
        if send:
            raise BadOption("--for", "", "whose rows it may send: organisation numbers, or any")
        return frozenset()
    if numbers == ["any"]:
        return None
    for number in numbers:
        if not is_organisation_number(number, or_made_up=True):
            raise BadOption("--for", number, "organisation numbers (nine digits, modulus 11), or any alone")
    return frozenset(numbers)


def _streams(streams: list[str], organisations: frozenset[str] | None) -> frozenset[str]:
    pushed = list(PUSHED)
    if streams in (["all"], [ALL]):
        return frozenset({ALL})
    for stream in streams:
        if stream in STREAMS and stream not in PUSHED:
            raise BadOption("--send", stream, "another stream; people apply registers: dif register apply")
        if stream not in pushed:
            near = nearest(stream, pushed)
            raise BadOption(
                "--send", stream, f"{near!r}, if you meant that" if near else f"all, or some of {', '.join(pushed)}"
            )
        if organisations is not None and "organisation_number" not in STREAMS[stream].schema.names:
            raise BadOption("--send", stream, "--for any with it: its rows name no organisation")
    return frozenset(streams)


def _read(rights: list[str]) -> frozenset[Right]:
    for right in rights:
        if right.upper() not in Right.__members__:
            raise BadOption("--read", right, f"some of {', '.join(Right)}")
    return frozenset(Right(right.upper()) for right in rights)


def _row(token: Token) -> dict[str, object]:
    rights = token.rights
    return {
        "id": token.id,
        "state": token.state(utc_now()),
        "name": token.name,
        "producer": rights.producer,
        "send": ["all"] if ALL in rights.streams else sorted(rights.streams),
        "for": ["any"] if rights.organisations is None else sorted(rights.organisations),
        "read": sorted(rights.read),
        "metrics": rights.metrics,
        **moments(token),
    }


def _in_words(token: Token) -> str:
    rights = token.rights
    parts = []
    if rights.streams:
        streams = "every stream" if ALL in rights.streams else ", ".join(sorted(rights.streams))
        whose = "anyone's" if rights.organisations is None else f"{', '.join(sorted(rights.organisations))}'s"
        parts.append(f"may send {streams} as {rights.producer}, {whose} rows")
    if rights.read:
        parts.append(f"may read {', '.join(sorted(rights.read))}")
        if Right.CONNECTIONS not in rights.read:
            parts[-1] += " (no connections or suppliers)"
    if rights.metrics:
        parts.append("may read /metrics")
    return f"{' and '.join(parts)}, {until(token)}"
