"""`dif subscribe list, send, remove`: who gets figures by mail."""

from __future__ import annotations

from catalog.errors import BadOption
from pipelines.cli.commands import screen
from pipelines.cli.commands.care import see_that_there_is_a_home
from pipelines.run import subscribers
from transport.base.settings import load
from transport.operations import mail
from transport.operations.subscriptions import Subscription, Subscriptions
from transport.storage import landing


def list_subscriptions(*, json: bool = False) -> int:
    """Every subscription with its address masked, and how many have ended, by reason.

    Args:
        json: for a program.
    """
    settings = load()
    register = Subscriptions(settings)
    rows = [_row(s) for s in register.all()]
    counts = register.counts()
    if json:
        screen.as_json({"mail": mail.is_set(settings), "subscriptions": rows, "ended": dict(counts)})
        return 0
    screen.records(rows, json=False, empty="No subscriptions.")
    ended = ", ".join(f"{n} {why}" for why, n in counts.items() if n)
    if ended:
        screen.out(f"Ended: {ended}.")
    if not mail.is_set(settings):
        screen.say("Mail is not set up, so nobody can subscribe: set smtp_host and mail_from.")
    return 0


def send(*, dry_run: bool = False, json: bool = False) -> int:
    """Send subscribers what is due of the current release, each mail at most once; exit 1 when mails are left.

    Args:
        dry_run: only show what is due.
        json: for a program.
    """
    settings = load()
    see_that_there_is_a_home(settings)
    sent = subscribers.tell(settings, dry_run=dry_run)
    if json:
        screen.as_json(sent)
    elif dry_run:
        screen.records(sent["due"], json=False, empty="Nothing is due.")
    else:
        words = subscribers.in_words(sent)
        screen.out(f"{words[:1].upper()}{words[1:]}.")
    return 1 if sent["problem"] else 0


def remove(address: str, /) -> int:
    """Delete every subscription of an address, with the address; only a count stays.

    Args:
        address: the whole mail address.
    """
    if mail.address_of(address) is None:
        raise BadOption("ADDRESS", address[:80], "a mail address")
    register = Subscriptions(load())
    found = register.of_address(str(mail.address_of(address)))
    gone = register.end([s.id for s in found], "removed", now=landing.utc_now()) if found else 0
    screen.out(f"{screen.counted(gone, 'subscription')} of {mail.masked(address)} removed.")
    return 0


def _row(subscription: Subscription) -> dict[str, object]:
    wish, told = subscription.wish, subscription.told
    state = "awaits confirmation" if told is None else "without a role" if subscription.barred_at else "active"
    return {
        "address": mail.masked(wish.address),
        "subject": wish.subject.text,
        "frequency": str(wish.frequency),
        "language": wish.language,
        "state": state,
        "asked": subscription.asked_at.isoformat(timespec="seconds"),
        "told_release": told and told.release,
        "told_month": told and told.month and f"{told.month:%Y-%m}",
    }
