"""`dif share add, list, revoke, profile`: recipients, who read shares over Delta Sharing."""

from __future__ import annotations

import json as json_text
from datetime import UTC
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from cyclopts import Parameter

from catalog.contracts.sharing import Rows
from catalog.domain.identity import is_organisation_number
from catalog.errors import BadOption, UnknownName, WrongUse
from catalog.tables.datasets import DATASETS
from catalog.tables.shares import SHARES
from pipelines.cli.commands.token import CLOSED, NAME, check_days, moments, until
from pipelines.cli.screen import Result, command, records
from transport.auth.files import write_private
from transport.auth.tokens import Recipient, Rights, Token, Tokens
from transport.base import names
from transport.base.bind_address import is_loopback
from transport.base.settings import Settings, load
from transport.releases.dataset_reader import open_dataset
from transport.releases.store import Releases
from transport.storage.landing import utc_now

_LOCAL = "http://127.0.0.1:8816/delta-sharing"


@command(None)
def add(
    name: str,
    /,
    *,
    share: Annotated[list[str], Parameter(consume_multiple=True, negative="")],
    organisation: str | None = None,
    network: Annotated[list[str] | None, Parameter(consume_multiple=True, negative="")] = None,
    days: int | None = 365,
    endpoint: str | None = None,
    out: Path | None = None,
) -> Result:
    """Register a recipient and print its profile, once; only a hash of the secret is kept.

    Args:
        name: who receives; an organisation or a system, not a person.
        share: the shares that it may read: public, open, organisation, network, connections, ledger.
        organisation: the number of the organisation whose own rows it reads; with the share `organisation`.
        network: ids of the networks whose members' rows it reads; with the share `network`.
        days: days until it expires; 0 never.
        endpoint: where the recipient reaches the server; `/delta-sharing` below `public_url` when not given.
        out: write the profile to this file, which only you can read, instead of printing it.
    """
    settings, now = load(), utc_now()
    if not names.PRODUCER.fullmatch(name):
        raise BadOption("NAME", name, NAME)
    recipient = Recipient(_shares(share), organisation, frozenset(network or ()))
    _check_scope(settings, recipient)
    tokens = Tokens(settings)
    if any(t.state(now) == "active" for t in _of(tokens, name)):
        raise WrongUse(f"There is a recipient {name} already.", f"`dif share profile {name}` gives it a new profile.")
    return _issue(settings, name, recipient, days=days, endpoint=endpoint, out=out)


@command(None)
def profile(name: str, /, *, endpoint: str | None = None, days: int | None = None, out: Path | None = None) -> Result:
    """Give a recipient a new profile, with a new secret: secrets are not kept, so the old one cannot be shown again.

    The profiles it has stay valid until they expire or are revoked.

    Args:
        name: of the recipient, as `dif share list` shows it.
        endpoint: where the recipient reaches the server; `/delta-sharing` below `public_url` when not given.
        days: days until it expires; 0 never; as long as the recipient's last profile when not given.
        out: write the profile to this file, which only you can read, instead of printing it.
    """
    settings = load()
    tokens = Tokens(settings)
    active = [t for t in _of(tokens, name) if t.state(utc_now()) == "active"]
    if not active:
        choices = {t.name for t in _recipients(tokens) if t.state(utc_now()) == "active"}
        raise UnknownName("active recipient", name[:60], choices=choices)
    last = active[-1]
    lasted = (last.expires_at - last.created_at).days if last.expires_at else 0
    assert last.rights.recipient is not None  # noqa: S101 - `_of` gives recipients only
    return _issue(
        settings, name, last.rights.recipient, days=lasted if days is None else days, endpoint=endpoint, out=out
    )


@command()
def list_recipients() -> Result:
    """Every recipient, what it may read, and its state; never its secret."""
    rows = [_row(token) for token in _recipients(Tokens(load()))]
    return records(rows, empty="No recipients. `dif share add NAME --share open` registers one.")


@command(None)
def revoke(name: str, /) -> Result:
    """Revoke a recipient's profiles, or a single one, at once and for good; links to files end with them.

    Args:
        name: of the recipient, for all its profiles; or the id of one, as `dif share list` shows it.
    """
    tokens, now = Tokens(load()), utc_now()
    profiles = _of(tokens, name) or [t for t in _recipients(tokens) if t.id == name]
    if not profiles:
        raise UnknownName("recipient", name[:60], choices={t.name for t in _recipients(tokens)})
    revoked = [tokens.revoke(token.id, now=now) for token in profiles]
    return Result(
        lines=[f"Profile {t.id} of {t.name} was revoked at {t.revoked_at:%Y-%m-%d %H:%M:%S} UTC." for t in revoked]
    )


def _issue(
    settings: Settings, name: str, recipient: Recipient, *, days: int | None, endpoint: str | None, out: Path | None
) -> Result:
    """Issue a secret, and hand its profile out."""
    check_days(days or 0)
    address = _endpoint(settings, endpoint)
    if out is not None and out.exists():
        raise BadOption("--out", out, "a file that is not there yet")
    rights = Rights(name, frozenset(), frozenset(), frozenset(), recipient)
    token, secret, first = Tokens(settings).add(name, rights, now=utc_now(), days=days or None)
    content: dict[str, object] = {"shareCredentialsVersion": 1, "endpoint": address, "bearerToken": secret}
    if token.expires_at is not None:
        content["expirationTime"] = token.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.0Z")
    text = json_text.dumps(content, indent=1)
    notes = [f"{name} may read {', '.join(sorted(recipient.shares))}{_scope(recipient)}, {until(token)}."]
    if out is not None:
        write_private(out, text + "\n")
        notes.insert(0, f"The profile is in {out}.")
    if is_loopback(urlsplit(address).hostname or ""):
        notes.append(f"Only this machine reaches {address}: for others, give --endpoint or set public_url.")
    notes.append("The profile has a secret and is shown only this once: give it to the recipient over a safe channel.")
    notes += [*([CLOSED] if first else ()), f"To revoke it: dif share revoke {token.id}"]
    return Result(lines=[] if out else [text], notes=notes)


def _shares(shares: list[str]) -> frozenset[str]:
    for share in shares:
        if share not in SHARES:
            raise UnknownName("share", share[:60], choices=SHARES)
    return frozenset(shares)


def _check_scope(settings: Settings, recipient: Recipient) -> None:
    """Check that each share with narrowed rows says whose, and that whoever is named is meant by a share."""
    rows = {SHARES[name].rows for name in recipient.shares}
    number = recipient.organisation
    if number is not None and not is_organisation_number(number, or_made_up=True):
        raise BadOption("--organisation", number, "an organisation number (nine digits, modulus 11)")
    for option, value, kind, share in (
        ("--organisation", number, Rows.ORGANISATION, "organisation"),
        ("--network", " ".join(sorted(recipient.networks)), Rows.NETWORK, "network"),
    ):
        if kind in rows and not value:
            raise WrongUse(
                f"The share {share} gives the rows of whom you name.", f"Add {option}, or leave out --share {share}."
            )
        if value and kind not in rows:
            raise WrongUse(f"No share that you give needs {option}.", f"Add --share {share}, or leave out {option}.")
    current = Releases(settings).current() if recipient.networks else None
    if current is not None:
        networks = {r["network_id"] for r in open_dataset(current, DATASETS["reference.network"]).rows()}
        for network in sorted(recipient.networks - networks):
            raise UnknownName("network", network[:60], choices=networks)


def _endpoint(settings: Settings, endpoint: str | None) -> str:
    """Where the recipient reaches the server, without a slash at the end."""
    public = settings.public_url and f"{settings.public_url.rstrip('/')}/delta-sharing"
    address = (endpoint or public or _LOCAL).rstrip("/")
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if not safe or not parts.hostname or not parts.path.endswith("/delta-sharing"):
        raise BadOption(
            "--endpoint", address, "an https address that ends in /delta-sharing (http on this machine alone)"
        )
    return address


def _recipients(tokens: Tokens) -> list[Token]:
    return [t for t in tokens.all() if t.rights.recipient is not None]


def _of(tokens: Tokens, name: str) -> list[Token]:
    return [t for t in _recipients(tokens) if t.name == name]


def _scope(recipient: Recipient) -> str:
    owners = [recipient.organisation] if recipient.organisation else []
    owners += [f"the members of {network}" for network in sorted(recipient.networks)]
    return f" (rows of {' and '.join(owners)})" if owners else ""


def _row(token: Token) -> dict[str, object]:
    recipient = token.rights.recipient or Recipient(frozenset())
    return {
        "name": token.name,
        "id": token.id,
        "state": token.state(utc_now()),
        "shares": sorted(recipient.shares),
        "organisation": recipient.organisation,
        "networks": sorted(recipient.networks),
        **moments(token),
    }
