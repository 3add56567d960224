"""`dif alerts`: what somebody should act on now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from catalog.domain.calendar import OSLO
from pipelines.cli.commands import screen
from pipelines.cli.commands.care import see_that_there_is_a_home
from pipelines.cli.commands.look import held_words
from transport.base.settings import Settings, load
from transport.operations import alerts as watch
from transport.operations import clock
from transport.storage import landing
from transport.storage.looking import only_looking

_NO_CHANNEL = (
    "No channel is set, so alerts reach nobody: set `alert_webhook`, `alert_urls`, or `smtp_host`, `alert_mail_to` and "
    "`alert_mail_from`."
)


def alerts(*, json: bool = False, send: bool = False, mended: bool = False, test: bool = False) -> int:
    """List what fires now; exit 1 when something of it cannot wait until morning, or a channel fails.

    Args:
        json: for a program.
        send: also send what is new over every channel.
        mended: mark identity numbers as dealt with; a place that still shows one fires again.
        test: only send a test message over every channel.
    """
    settings = load()
    watch.check_channels(settings)
    if test:
        return _try(settings)
    see_that_there_is_a_home(settings)
    now = landing.utc_now()
    if send:
        clock.note(settings)
    if mended:
        count = watch.identity_numbers_mended(settings)
        screen.say(f"{count} {'place' if count == 1 else 'places'} with an identity number marked as dealt with.")
    with only_looking() as held_by:
        firing = watch.firing(settings, now)
    if held_by:
        screen.say(f"The landing: {held_words(held_by[0])}")
    notices = watch.notify(settings, firing, now) if send else []
    waiting = {a.key: until for a in firing if (until := watch.waits_until(settings, a, now)) is not None}
    if json:
        screen.as_json([{**a.as_json(), "waits_until": _iso(waiting.get(a.key))} for a in firing])
    elif not firing:
        screen.out("Nothing fires.")
    for alert in () if json else firing:
        waits = f", waits until {_clock(waiting[alert.key])}" if alert.key in waiting else ""
        screen.out(f"{alert.key} ({alert.urgency}), since {alert.since:%Y-%m-%d %H:%M} UTC{waits}")
        screen.out(f"  {alert.what}\n  {alert.touches}\n  → {alert.next}    ({alert.runbook})")
    _tell(notices)
    if send and not watch.has_channel(settings):
        screen.say(_NO_CHANNEL)
    elif send and not notices:
        screen.say("Nothing new to send.")
    return 1 if any(a.urgency == "now" for a in firing) or any(t.problem for t in notices) else 0


def _try(settings: Settings) -> int:
    notices = watch.try_channels(settings)
    for notice in notices:
        screen.out(f"{notice.channel}: {notice.problem or 'sent'}")
    if not notices:
        screen.say(_NO_CHANNEL)
    return 1 if not notices or any(t.problem for t in notices) else 0


def _tell(notices: Iterable[watch.Told]) -> None:
    for notice in notices:
        done = f"sent {screen.counted(notice.began + notice.lasting, 'alert')}, {notice.over} resolved"
        screen.say(f"{notice.channel}: {f'not sent: {notice.problem}' if notice.problem else done}")


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone(OSLO):%Y-%m-%d %H:%M} in Oslo"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None
