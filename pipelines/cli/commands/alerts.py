"""`dif alerts`: what somebody should act on now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from catalog.domain.calendar import OSLO
from pipelines.cli.checks import require_home
from pipelines.cli.present.formats import counted
from pipelines.cli.present.status import held_lock
from pipelines.cli.screen import Result, command, say
from transport.base.settings import Settings, load
from transport.operations import alerts as watch
from transport.storage import landing
from transport.storage.backends import read_without_lock

_NO_CHANNEL = "No channel is set, so alerts reach nobody: set `alert_urls`."


@command()
def alerts(*, json: bool = False, send: bool = False, mended: bool = False, test: bool = False) -> Result:  # noqa: ARG001 - the first option of the help
    """List what fires now; exit 1 when something of it cannot wait until morning, or a channel fails.

    Args:
        json: for a program.
        send: also send what is new over every channel, and the heartbeat where nothing is urgent.
        mended: mark identity numbers as dealt with; a place that still shows one fires again.
        test: only send a test message over every channel.
    """
    settings = load()
    watch.check_channels(settings)
    if test:
        return _test(settings)
    require_home(settings)
    now = landing.utc_now()
    if mended:
        count = watch.identity_numbers_mended(settings)
        say(f"{counted(count, 'place')} with an identity number marked as dealt with.")
    with read_without_lock() as held_by:
        firing, notices = watch.watch(settings, now) if send else (watch.firing(settings, now), [])
    if held_by:
        say(f"The landing: {held_lock(held_by[0])}")
    waiting = {a.key: until for a in firing if (until := watch.waits_until(settings, a, now)) is not None}
    facts = [{**a.as_json(), "waits_until": _minute(waiting.get(a.key))} for a in firing]
    notes = [
        f"{n.channel}: "
        + (
            f"not sent: {n.problem}"
            if n.problem
            else f"sent {counted(n.began + n.lasting, 'alert')}, {n.over} resolved"
        )
        for n in notices
    ]
    if send and not watch.has_channel(settings):
        notes.append(_NO_CHANNEL)
    elif send and not notices:
        notes.append("Nothing new to send.")
    fails = any(a.urgency == "now" for a in firing) or any(n.problem for n in notices)
    return Result(facts, _lines(firing, waiting), notes, code=int(fails))


def _test(settings: Settings) -> Result:
    notices = watch.try_channels(settings)
    lines = [f"{n.channel}: {n.problem or 'sent'}" for n in notices]
    fails = not notices or any(n.problem for n in notices)
    return Result(lines=lines, notes=[] if notices else [_NO_CHANNEL], code=int(fails))


def _lines(firing: Sequence[watch.Alert], waiting: Mapping[str, datetime]) -> Iterator[str]:
    for alert in firing:
        until = waiting.get(alert.key)
        waits = f", waits until {until.astimezone(OSLO):%Y-%m-%d %H:%M} in Oslo" if until else ""
        yield f"{alert.key} ({alert.urgency}), since {alert.since:%Y-%m-%d %H:%M} UTC{waits}"
        yield f"  {alert.what}\n  {alert.touches}\n  → {alert.next}    ({alert.runbook})"
    if not firing:
        yield "Nothing fires."


def _minute(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None
