"""Who gets figures by mail: the register of subscriptions, and the signed links that confirm and end them.

An address is personal data, so as little as possible is kept of it: `DIF_HOME/subscriptions/`, for its owner only,
has the address, what it subscribes to, and what its last mail was about. No backup takes the folder, or a restore
would bring back addresses that were deleted. An address that nobody confirms is deleted after seven days, and one that
unsubscribes at once; only a count stays.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

from catalog.errors import OverQuota, TryAgain, WrongUse
from transport.auth.files import Table, private_key, private_text, write_private
from transport.auth.roles import Grant, Role, values_of
from transport.auth.signing import signature, token_signer
from transport.auth.tokens import ALL
from transport.base import atomic_files
from transport.base.settings import Settings

FOLDER: Final = "subscriptions"
UNCONFIRMED: Final = timedelta(days=7)
"""How long an address is kept that nobody has confirmed, and the link that confirms it."""
BARRED: Final = timedelta(days=30)
"""How long a subscription is kept whose role has ended; a mistake in `pages.toml` is mended sooner."""
_FORM_SECONDS: Final = 4 * 3600
_A_DAY: Final = timedelta(days=1)
_AN_HOUR: Final = timedelta(hours=1)
MOST_A_DAY: Final = 3
"""Confirmations that one mailbox is sent in a day."""
MOST_OF_DOMAIN: Final = 50
"""Confirmations that the addresses of one domain are sent in an hour."""
MOST_AN_HOUR: Final = 200
"""Confirmations that all addresses together are sent in an hour, so that nobody makes us flood others."""
ENDED: Final = ("unsubscribed", "removed", "subject_ended", "role_ended", "unconfirmed")
"""Why a subscription ended: what is counted."""


class Kind(StrEnum):
    """What a subscription is about."""

    SERVICE = "service"
    NETWORK = "network"
    COUNTY = "county"
    MUNICIPALITY = "municipality"
    LEADERSHIP = "leadership"
    """What calls for a decision in the ledgers, for roles that see them all. A mail says only that something does."""


class Frequency(StrEnum):
    """When mail is sent."""

    MONTHLY = "monthly"
    """After the first release in which a new month is through."""
    DECISION = "decision"
    """When something newly calls for a decision."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a subscription is about; `name` is a service, a network's id or a code, and empty for the leadership."""

    kind: Kind
    name: str = ""

    @property
    def text(self) -> str:
        """As in forms and lists: `service:svarut`, `leadership`."""
        return f"{self.kind}:{self.name}" if self.name else str(self.kind)

    @classmethod
    def of(cls, text: str) -> Subject | None:
        """The subject of such a text; None for another text."""
        kind, _, name = text.partition(":")
        if kind not in list(Kind) or bool(name) == (kind == Kind.LEADERSHIP):
            return None
        subject = cls(Kind(kind), name)
        return subject if subject.text == text else None


@dataclass(frozen=True, slots=True)
class LastMail:
    """What the last mail was about: the release, when it was published, and the last month with figures."""

    release: str
    published_at: datetime
    month: date | None


@dataclass(frozen=True, slots=True)
class Wish:
    """The content of a submitted form.

    Attributes:
        address: as `mail.address_of` gives it.
        grants: digests of the grants that let the visitor in (`grants_of`); none where the pages are open.
    """

    address: str
    subject: Subject
    frequency: Frequency
    language: str
    grants: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Subscription:
    """A wish with its state.

    Attributes:
        id: random; what links are signed for.
        last_mail: what the last mail was about; None until the subscription is confirmed.
        barred_at: when it was first found without a grant in force.
    """

    id: str
    wish: Wish
    asked_at: datetime
    last_mail: LastMail | None = None
    barred_at: datetime | None = None

    @property
    def confirmed(self) -> bool:
        """Whether the owner of the address has said yes."""
        return self.last_mail is not None

    def as_json(self) -> dict[str, object]:
        """As in the file."""
        wish, last_mail = self.wish, self.last_mail
        return {
            "id": self.id,
            "address": wish.address,
            "subject": wish.subject.text,
            "frequency": wish.frequency,
            "language": wish.language,
            "grants": sorted(wish.grants),
            "asked_at": self.asked_at.isoformat(),
            "barred_at": self.barred_at and self.barred_at.isoformat(),
            "told": last_mail
            and {
                "release": last_mail.release,
                "published_at": last_mail.published_at.isoformat(),
                "month": last_mail.month and last_mail.month.isoformat(),
            },
        }


class Subscriptions:
    """The register of one home. A second writer waits for the first."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is read or made yet."""
        self._folder = settings.home / FOLDER
        self._file = self._folder / "subscriptions.json"

    def all(self) -> list[Subscription]:
        """Every subscription, the oldest first.

        Raises:
            WrongUse: the file cannot be read, or is readable by others.
        """
        return list(self._read()[0].values())

    def counts(self) -> Mapping[str, int]:
        """How many subscriptions have ended, by reason (`ENDED`)."""
        return self._read()[1]

    def ask(self, wish: Wish, *, now: datetime) -> Subscription | None:
        """Note a wish that its address has yet to confirm.

        Returns:
            The subscription to send the link of; None where the mailbox has been sent enough links today.

        Raises:
            OverQuota: too many have asked in the last hour, of all or of this domain.
        """
        with self._writing(now) as (subscriptions, _):
            mailbox, domain = _mailbox(wish.address)
            lately = [_mailbox(s.wish.address) for s in subscriptions.values() if s.asked_at > now - _AN_HOUR]
            if len(lately) >= MOST_AN_HOUR or sum(of == domain for _, of in lately) >= MOST_OF_DOMAIN:
                raise OverQuota("Too many have asked for mail in the last hour.", "Try again in an hour.")
            today = [_mailbox(s.wish.address) for s in subscriptions.values() if s.asked_at > now - _A_DAY]
            if today.count((mailbox, domain)) >= MOST_A_DAY:
                return None
            subscription = Subscription(secrets.token_urlsafe(12), wish, now)
            subscriptions[subscription.id] = subscription
        return subscription

    def confirm(self, name: str, last_mail: LastMail, *, now: datetime) -> Subscription | None:
        """Begin a subscription, in place of an earlier one of the address to the same.

        Args:
            name: its id.
            last_mail: where the subscription starts: the first mail is about what comes after it.
            now: the time.

        Returns:
            The subscription; None if it is unknown, or was not confirmed in time.
        """
        with self._writing(now) as (subscriptions, _):
            subscription = subscriptions.get(name)
            if subscription is None or subscription.confirmed:
                return subscription
            for other in list(subscriptions.values()):
                if (
                    _same(other.wish.address, subscription.wish.address)
                    and other.wish.subject == subscription.wish.subject
                ):
                    del subscriptions[other.id]
            subscriptions[name] = subscription = replace(subscription, last_mail=last_mail)
        return subscription

    def end(self, names: Collection[str], why: str, *, now: datetime) -> int:
        """Delete subscriptions with their addresses, and count them under `why`; returns how many there were."""
        with self._writing(now) as (subscriptions, counts):
            gone = [name for name in names if subscriptions.pop(name, None)]
            counts[why] += len(gone)
        return len(gone)

    def of_address(self, address: str) -> list[Subscription]:
        """The subscriptions of an address, in any letter case."""
        return [s for s in self.all() if _same(s.wish.address, address)]

    def change(self, changed: Sequence[Subscription], *, now: datetime) -> bool:
        """Write what each subscriber was last told, durably, before the mail goes out, or take it back.

        Returns:
            Whether all of them were still there; those that had ended stay ended.
        """
        with self._writing(now) as (subscriptions, _):
            present = [s for s in changed if s.id in subscriptions]
            subscriptions.update((s.id, s) for s in present)
            return len(present) == len(changed)

    def sweep(self, *, now: datetime) -> None:
        """Delete what nobody confirmed in time; creates nothing where nobody ever asked."""
        if any(_lapsed(s, now) for s in self.all()):
            with self._writing(now):
                pass  # deletes them

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Hold the lock for sending, which one process has at a time.

        Raises:
            TryAgain: another process sends.
        """
        self._make_folder()
        with (self._folder / "sending").open("a", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise TryAgain("Another process sends mail to subscribers.", "Wait for it to end.") from None
            yield

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        if self._folder.stat().st_mode & 0o077:
            self._folder.chmod(0o700)

    @contextmanager
    def _writing(self, now: datetime) -> Iterator[tuple[dict[str, Subscription], Counter[str]]]:
        """Lock the register for one change; what changed is written when the block ends without error."""
        self._make_folder()
        with os.fdopen(os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600), "r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            atomic_files.sweep(self._folder)
            subscriptions, counts = self._read()
            lapsed = [s.id for s in subscriptions.values() if _lapsed(s, now)]
            for name in lapsed:
                del subscriptions[name]
            counts["unconfirmed"] += len(lapsed)
            yield subscriptions, counts
            document = {
                "subscriptions": [s.as_json() for s in subscriptions.values()],
                "ended": {n: counts[n] for n in ENDED},
            }
            write_private(self._file, json.dumps(document, indent=1) + "\n")

    def _read(self) -> tuple[dict[str, Subscription], Counter[str]]:
        text = private_text(self._file)
        if text is None:
            return {}, Counter()
        try:
            top = Table(self._file.name, "", json.loads(text))
        except (ValueError, RecursionError):
            raise WrongUse(
                f"{self._file} is not valid JSON.", "Move it away; whoever wants mail must subscribe again."
            ) from None
        ended = top.table("ended")
        counts = Counter({name: ended.whole(name, 0, low=0, high=1 << 60) for name in ENDED})
        read = [_subscription(table) for table in top.tables("subscriptions")]
        return {s.id: s for s in read}, counts


def _same(address: str, other_address: str) -> bool:
    return address.casefold() == other_address.casefold()


def _mailbox(address: str) -> tuple[str, str]:
    """The mailbox that an address most likely leads to, and its domain, to count by and never to send to.

    Many servers ignore what comes after `+` (RFC 5233), and some ignore points.
    """
    local, _, domain = address.casefold().rpartition("@")
    return local.partition("+")[0].replace(".", ""), domain


def _lapsed(subscription: Subscription, now: datetime) -> bool:
    return not subscription.confirmed and subscription.asked_at <= now - UNCONFIRMED


def _subscription(table: Table) -> Subscription:
    subject = Subject.of(table.text("subject")) or table.wrong("subject", table.text("subject"), "a subject")
    wish = Wish(
        table.text("address"),
        subject,
        Frequency(table.text("frequency")),
        table.text("language"),
        frozenset(table.texts("grants", ())),
    )
    last_mail = None
    if "told" in table:
        of = table.table("told")
        at = of.moment("published_at") or of.wrong("published_at", None, "a time")
        month = date.fromisoformat(of.text("month")) if "month" in of else None
        last_mail = LastMail(of.text("release"), at, month)
    asked_at = table.moment("asked_at") or table.wrong("asked_at", None, "a time")
    return Subscription(table.text("id"), wish, asked_at, last_mail, table.moment("barred_at"))


# --- the role of a subscriber -----------------------------------------------------------------------------------------


def grants_of(claims: Mapping[str, object], grants: Iterable[Grant], key: bytes) -> frozenset[str]:
    """Digests of the grants that let a visitor in, by the value that did. They tell nobody who the visitor is."""
    digests = set()
    for grant in grants:
        texts = set(values_of(claims, grant.claim))
        digests |= {_digest(grant, value, key) for value in grant.values if value in texts or (value == ALL and texts)}
    return frozenset(digests)


def roles_left(digests: Collection[str], grants: Iterable[Grant], key: bytes) -> frozenset[Role]:
    """The roles of those grants that are in force now.

    What has changed at the login provider is not known here, so no mail holds more than open figures.
    """
    return frozenset(
        grant.role for grant in grants if any(_digest(grant, value, key) in digests for value in grant.values)
    )


def _digest(grant: Grant, value: str, key: bytes) -> str:
    return signature(key, str(grant.role), grant.claim, value)[:32]


# --- links ------------------------------------------------------------------------------------------------------------


class Links:
    """Signs and reads what stands in links and forms. A link names a subscription, never its address.

    The key is `DIF_HOME/subscriptions/key`; links to the form are proofs of a visit, and hold for a few hours.
    """

    def __init__(self, settings: Settings) -> None:
        """Make the key when there is none.

        Raises:
            WrongUse: the key's file is readable by others, or cannot be made.
        """
        self.key = private_key(settings.home / FOLDER / "key")

    def confirming(self, name: str) -> str:
        """The token that confirms a subscription, for seven days."""
        return self._signer("confirm").dumps(name)

    def ending(self, name: str) -> str:
        """The token that ends a subscription, for as long as it lasts."""
        return self._signer("end").dumps(name)

    def form(self, visitor: str) -> str:
        """The token of a form that a visitor was given."""
        return self._signer("form").dumps(visitor)

    def confirmed_by(self, token: str) -> str | None:
        """The id of the subscription that a token confirms; None for a forged or expired one."""
        return self._read("confirm", token, int(UNCONFIRMED.total_seconds()))

    def ended_by(self, token: str) -> str | None:
        """The id of the subscription that a token ends; None for a forged one."""
        return self._read("end", token, None)

    def is_form_of(self, token: str, visitor: str) -> bool:
        """Whether the visitor was given this form lately."""
        return self._read("form", token, _FORM_SECONDS) == visitor

    def _signer(self, what: str) -> URLSafeTimedSerializer:
        return token_signer(self.key, what)

    def _read(self, what: str, token: str, seconds: int | None) -> str | None:
        try:
            value = self._signer(what).loads(token, max_age=seconds)
        except BadData:
            return None
        return value if isinstance(value, str) else None
