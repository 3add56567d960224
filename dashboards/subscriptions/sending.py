"""Sends each subscriber what is due, at most once: a subscription is marked as told before its mail goes out.

Killed in between, or cut off before the mail server has answered, a mail is lost rather than sent twice. One that the
server refuses is taken back, and due again at the next sending.
"""

from __future__ import annotations

import smtplib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from catalog.errors import Damaged, SharingError, WrongUse
from dashboards.subscriptions import letters, news
from dashboards.words import Words
from transport.auth.roles import Pages, Role
from transport.operations import mail
from transport.operations.subscriptions import BARRED, Frequency, Kind, LastMail, Links, Subscriptions, roles_left
from transport.releases.release import current_release, release_named, release_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from dashboards.subscriptions.letters import Letter
    from dashboards.subscriptions.news import Matter
    from transport.base.settings import Settings
    from transport.operations.subscriptions import Subject, Subscription
    from transport.releases.release import Release

LEDGERS: Final = frozenset({Role.ECONOMY, Role.LEADERSHIP})
"""The roles that are told of the matters of the ledgers, at the form and at each sending."""


@dataclass(slots=True)
class Sent:
    """How a sending went.

    Attributes:
        release: the release that mails tell of; empty where there is none.
        due: to whom, as the screen may show it.
        sent, refused, unsure: how many mails; those refused are due again, those unsure are not.
        ended, barred: subscriptions whose subject is no more, and those whose role has ended.
        problem: why the sending stopped, or why mails were refused; empty when all went well.
    """

    release: str = ""
    due: list[dict[str, str]] = field(default_factory=list)
    sent: int = 0
    refused: int = 0
    unsure: int = 0
    ended: int = 0
    barred: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class _Due:
    subscription: Subscription
    letter: Letter
    ends: bool = False


def address_of(given: Settings) -> str:
    """The pages' address, as links in mails have it."""
    rules = Pages(given).rules
    return (rules.login.address if rules else None) or given.pages_url.rstrip("/")


def send(given: Settings, *, now: datetime, dry_run: bool = False) -> Sent:
    """Send what is due. One process at a time does; a second one is refused.

    Raises:
        WrongUse: mail is not set up.
        TryAgain: another process sends.
        Damaged: the current release cannot be read.
    """
    if not dry_run and not mail.is_set(given):
        raise WrongUse("Mail to subscribers is not set up.", "Set smtp_url (docs/subscriptions.md).")
    register = Subscriptions(given)
    register.sweep(now=now)
    release = current_release(given.releases)
    if release is None or not any(s.confirmed for s in register.all()):
        return Sent(release.name if release else "")
    with register.sending():
        confirmed = [s for s in register.all() if s.confirmed]  # as another sending has left them
        rounds = _Round(given, register, release, now)
        due = rounds.due(confirmed, dry_run=dry_run)
        if due and not dry_run:
            rounds.deliver(due)
    return rounds.sent


class _Round:
    """One sending: what is due of a release, and its delivery."""

    def __init__(self, given: Settings, register: Subscriptions, release: Release, now: datetime) -> None:
        self._given, self._register, self._release, self._now = given, register, release, now
        self._links, self._address = Links(given), address_of(given)
        self._reader = news.open_for_all(release)
        self._subjects = news.subjects(self._reader)
        self._matters: dict[tuple[str, Subject], Sequence[Matter]] = {}
        self.sent = Sent(release.name)

    @property
    def _this_mail(self) -> LastMail:
        return LastMail(self._release.name, self._release.published_at, self._release.through_month)

    def due(self, confirmed: Sequence[Subscription], *, dry_run: bool) -> list[_Due]:
        """The letters that are due. Whoever is up to date without one is marked at once, whose role ended is barred."""
        due: list[_Due] = []
        up_to_date: list[Subscription] = []
        barred: list[Subscription] = []
        gone: list[Subscription] = []
        for subscription, allowed in self._allowed(confirmed).items():
            if not allowed:
                since = subscription.barred_at or self._now
                (gone if since <= self._now - BARRED else barred).append(replace(subscription, barred_at=since))
                continue
            try:
                letter, ends = self._letter(subscription)
            except SharingError as problem:  # such as a release that lacks a dataset
                self.sent.problem = problem.problem
                continue
            if letter is not None:
                due.append(_Due(replace(subscription, barred_at=None), letter, ends))
            elif self._is_newer(subscription) or subscription.barred_at:
                up_to_date.append(replace(subscription, last_mail=self._next(subscription), barred_at=None))
        self.sent.barred = len(barred) + len(gone)
        if not dry_run:
            self._register.end([s.id for s in gone], "role_ended", now=self._now)
            self._register.change([*up_to_date, *barred], now=self._now)
        self.sent.due = [
            {"to": mail.masked(d.subscription.wish.address), "about": d.subscription.wish.subject.text}
            | {"title": d.letter.title}
            for d in due
        ]
        return due

    def _allowed(self, confirmed: Sequence[Subscription]) -> Mapping[Subscription, bool]:
        """Whether each may have mail now: everybody where the pages are open, else those with a grant in force."""
        pages = Pages(self._given)
        if pages.open:  # also where a file of rules is gone: whoever logged in then waits until there are rules again
            return {subscription: not subscription.wish.grants for subscription in confirmed}
        if pages.rules is None:
            raise WrongUse("Nobody is let in at present, so no mail is sent.", "Run `dif doctor`.")
        allowed = {}
        for subscription in confirmed:
            roles = roles_left(subscription.wish.grants, pages.rules.grants, self._links.key)
            ledgers = subscription.wish.subject.kind is Kind.LEADERSHIP
            allowed[subscription] = bool(roles & LEDGERS if ledgers else roles)
        return allowed

    def _is_newer(self, subscription: Subscription) -> bool:
        last_mail = subscription.last_mail
        return last_mail is not None and self._release.published_at > last_mail.published_at

    def _next(self, subscription: Subscription) -> LastMail:
        """What counts as told once this release is; a month that was told is not told again after a rollback."""
        months = [m for m in (self._this_mail.month, subscription.last_mail and subscription.last_mail.month) if m]
        return replace(self._this_mail, month=max(months, default=None))

    def _letter(self, subscription: Subscription) -> tuple[Letter | None, bool]:
        """The letter that is due, and whether it is the last."""
        last_mail, wish = subscription.last_mail, subscription.wish
        words = Words(wish.language)
        if last_mail is None or not self._is_newer(subscription):
            return None, False
        name = self._subjects.get(wish.subject)
        if name is None and wish.subject.kind is not Kind.LEADERSHIP:
            return letters.of_end(news.ended(self._reader, wish.subject), self._address, words), True
        name = letters.named(wish.subject, name, words)
        if wish.frequency is Frequency.MONTHLY:
            return self._of_month(wish.subject, name, last_mail, words), False
        before = self._before(last_mail, wish.subject)
        new = [matter for matter in self._of_release(self._release, wish.subject) if matter.key not in before]
        return letters.of_decisions(wish.subject, name, new, self._address, words) if new else None, False

    def _of_month(self, subject: Subject, name: str, last_mail: LastMail, words: Words) -> Letter | None:
        month = self._release.through_month
        if month is None or (last_mail.month is not None and month <= last_mail.month):
            return None
        if subject.kind is Kind.LEADERSHIP:
            return letters.of_month(subject, name, month, [], self._address, words)
        if subject.kind is Kind.MUNICIPALITY:
            return letters.of_month(subject, name, month, news.has(self._reader, subject, month), self._address, words)
        figures = news.standings(self._reader, subject, month)
        return letters.of_month(subject, name, month, figures, self._address, words)

    def _before(self, last_mail: LastMail, subject: Subject) -> frozenset[tuple[str, ...]]:
        """The matters that were there when the subscriber was told last; none where no kept release knows."""
        baseline = self._baseline(last_mail)
        try:
            return frozenset(matter.key for matter in self._of_release(baseline, subject)) if baseline else frozenset()
        except SharingError:  # older than a dataset, or damaged: told once more rather than never
            return frozenset()

    def _baseline(self, last_mail: LastMail) -> Release | None:
        """The release told of, else the newest kept one before it, else the oldest; None if only this one is kept."""
        kept = []
        for name in release_names(self._given.releases):
            with suppress(Damaged):
                release = release_named(self._given.releases, name)
                if release is not None and release.name != self._release.name:
                    kept.append(release)
        kept.sort(key=lambda release: release.published_at)
        before = [r for r in kept if r.name == last_mail.release or r.published_at <= last_mail.published_at]
        return before[-1] if before else kept[0] if kept else None

    def _of_release(self, release: Release, subject: Subject) -> Sequence[Matter]:
        key = (release.name, subject)
        if key not in self._matters:
            self._matters[key] = news.matters(release, subject)
        return self._matters[key]

    def deliver(self, due: Sequence[_Due]) -> None:
        """Send the letters over one connection, until it breaks."""
        try:
            server = mail.connected(self._given)
        except (OSError, smtplib.SMTPException) as problem:
            self.sent.problem = mail.why(problem)
            return
        try:
            for each in due:
                if not self._delivered(server, each):
                    return
        finally:
            with suppress(OSError, smtplib.SMTPException):  # what was sent is sent, however the server parts
                server.quit()

    def _delivered(self, server: smtplib.SMTP, each: _Due) -> bool:
        """Send one letter; returns whether the connection still holds."""
        subscription = each.subscription
        message = letters.subscribed(each.letter, subscription, self._links, self._address, self._given)
        try:
            server.noop()  # before the mark: on a connection that is gone nothing is lost
        except (OSError, smtplib.SMTPException) as problem:
            self.sent.problem = mail.why(problem)
            return False
        if not self._register.change([replace(subscription, last_mail=self._next(subscription))], now=self._now):
            return True  # unsubscribed meanwhile
        try:
            server.send_message(message)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as problem:
            self.sent.problem = mail.why(problem)
            self.sent.refused += 1
            self._register.change([subscription], now=self._now)
            return True
        except (OSError, smtplib.SMTPException) as problem:
            self.sent.problem = mail.why(problem)
            self.sent.unsure += 1
            return False
        self.sent.sent += 1
        if each.ends:
            self.sent.ended += self._register.end([subscription.id], "subject_ended", now=self._now)
        return True
