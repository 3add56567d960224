"""`dif alerts`: what somebody should act on now."""

from __future__ import annotations

from pipelines.commands import screen
from transport import alerts as watch
from transport import landing
from transport.settings import load


def alerts(*, json: bool = False, send: bool = False, mended: bool = False) -> int:
    """List what fires now; exit 1 when something of it cannot wait until morning.

    Args:
        json: for a program.
        send: also tell it by webhook and mail, what was not told before.
        mended: say that an identity number which was seen is seen to; what still shows one fires again.
    """
    settings = load()
    now = landing.utc_now()
    if mended:
        screen.say(f"{watch.identity_numbers_mended(settings)} places with an identity number are seen to.")
    found = watch.check(settings, now)
    told = watch.notify(settings, found, now) if send else []
    if json:
        screen.as_json([a.as_json() for a in found])
    elif not found:
        screen.out("Nothing fires.")
    for alert in () if json else found:
        screen.out(f"{alert.key} ({alert.urgency}), since {alert.since:%Y-%m-%d %H:%M} UTC")
        screen.out(f"  {alert.what}\n  {alert.touches}\n  → {alert.next}    ({alert.runbook})")
    for one in told:
        done = f"not told: {one.problem}" if one.problem else f"told {one.began + one.lasting} alerts, {one.over} over"
        screen.say(f"{one.channel}: {done}")
    if send and not told:
        screen.say("Nothing new to tell, or no channel is set (`alert_webhook`; `smtp_host` and `alert_mail_to`).")
    return 1 if any(a.urgency == "now" for a in found) or any(t.problem for t in told) else 0
