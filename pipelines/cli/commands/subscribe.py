"""`dif subscribe list, send, remove`: who gets figures by mail."""

from __future__ import annotations

from catalog.errors import BadOption
from pipelines.cli.checks import require_home
from pipelines.cli.present.formats import counted, moment, month
from pipelines.cli.screen import Note, Result, command, records
from pipelines.run import subscribers
from transport.base.settings import load
from transport.operations import mail
from transport.operations.subscriptions import Subscription, Subscriptions
from transport.storage import landing


@command()
def list_subscriptions() -> Result:
    """Every subscription with its address masked, and how many have ended, by reason."""
    settings = load()
    register = Subscriptions(settings)
    listed = records([_row(s) for s in register.all()], empty="No subscriptions.")
    counts, is_set = register.counts(), mail.is_set(settings)
    lines = [*listed.lines]
    if ended := ", ".join(f"{n} {why}" for why, n in counts.items() if n):
        lines.append(f"Ended: {ended}.")
    if not is_set:
        lines.append(Note("Mail is not set up, so nobody can subscribe: set smtp_url."))
    return Result({"mail": is_set, "subscriptions": listed.facts, "ended": dict(counts)}, lines)


@command()
def send(*, dry_run: bool = False) -> Result:
    """Send subscribers what is due of the current release, each mail at most once; exit 1 when mails are left.

    Args:
        dry_run: only show what is due.
    """
    settings = load()
    require_home(settings)
    sent = subscribers.tell(settings, dry_run=dry_run)
    if dry_run:
        lines = [*records(sent["due"], empty="Nothing is due.").lines]
    else:
        words = subscribers.in_words(sent)
        lines = [f"{words[:1].upper()}{words[1:]}."]
    return Result(sent, lines, code=1 if sent["problem"] else 0)


@command(None)
def remove(address: str, /) -> Result:
    """Delete every subscription of an address, with the address; only a count stays.

    Args:
        address: the whole mail address.
    """
    whole = mail.address_of(address)
    if whole is None:
        raise BadOption("ADDRESS", address[:80], "a mail address")
    register = Subscriptions(load())
    subscriptions = register.of_address(whole)
    removed = register.end([s.id for s in subscriptions], "removed", now=landing.utc_now()) if subscriptions else 0
    return Result(lines=[f"{counted(removed, 'subscription')} of {mail.masked(address)} removed."])


def _row(subscription: Subscription) -> dict[str, object]:
    wish, last = subscription.wish, subscription.last_mail
    state = "awaits confirmation" if last is None else "without a role" if subscription.barred_at else "active"
    return {
        "address": mail.masked(wish.address),
        "subject": wish.subject.text,
        "frequency": str(wish.frequency),
        "language": wish.language,
        "state": state,
        "asked": moment(subscription.asked_at),
        "told_release": last and last.release,
        "told_month": last and last.month and month(last.month),
    }
