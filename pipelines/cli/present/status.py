"""`dif status` on one screen: its facts as lines, each under the word in the margin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.cli.present.formats import counted
from pipelines.cli.screen import Table

_MOST_STUCK = 10
"""How many stuck files of the inbox a screen has room for; `dif doctor` lists them all."""


def status(facts: Mapping[str, Any]) -> Iterator[str | Table]:
    """The screen, from what `--json` gives."""
    for margin, text in _lines(facts):
        yield f"{margin:<16}{text}"
    yield ""
    nothing = "What has landed is not known meanwhile." if facts["streams"] is None else "Nothing has landed."
    yield Table(facts["streams"] or (), empty=nothing)


def _lines(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Home", facts["home"]
    for store in facts["stores_away"]:
        where = f" at {store['endpoint']}" if store["endpoint"] else ""
        yield "Store", f"{store['address']} ({store['setting']}){where}: {store['problem']}"
    yield from _release(facts)
    if saved := facts["last_backup"]:
        yield "Last backup", f"{saved['status']} at {saved['at']}  {saved['problem']}".rstrip()
    rejected = counted(facts["rejected_files"], "was rejected", "were rejected")
    yield "Inbox", f"{counted(facts['waiting_files'], 'file waits', 'files wait')}, {rejected} (see inbox/rejected/)"
    for stuck in facts["stuck_files"][:_MOST_STUCK]:
        yield "", f"inbox/{stuck['file']}: {stuck['problem']}"
    for ignored in facts["ignored_files"][:_MOST_STUCK]:
        yield "", f"inbox/{ignored['file']}: {ignored['why']}"
    if engine := facts["engine"]:
        yield from _engine(engine)
    yield "Servers", _server(facts["servers"])
    if holder := facts["landing_held_by"]:
        yield "Landing", held_lock(holder)
    if problem := facts["nobody_let_in"]:
        yield "Access", f"nobody is let in (see `dif doctor`): {problem['problem']}"
    yield from _rows(facts)
    yield "Disk", f"{facts['disk_free_bytes'] / 1e9:.1f} GB free"
    yield from _alerts(facts["alerts"])


def _release(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if facts["release"]:
        yield "Release", facts["release"]
        age = f"{facts['age_hours']} hours old" if facts["age_hours"] >= 0 else "dated ahead of the clock"
        passed = facts["checks"].get("passed") if isinstance(facts["checks"], dict) else 0
        yield "", f"{age}, figures through {str(facts['through_month'])[:7]}, {passed} checks passed"
    elif any(store["setting"] == "releases_url" for store in facts["stores_away"]):
        yield "Release", "no copy here"
    else:
        yield "Release", "none yet: `dif demo` or `dif run` makes the first"
    if attempt := facts["last_attempt"]:
        yield "Last run", f"{attempt['status']} at {attempt['at']}"
        if attempt["status"] == "failed":
            yield "", attempt["problem"]
            yield "", f"→ {attempt['mend']}"


def _engine(engine: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    line = engine["engine"]
    if "workers" in engine:
        line += f" at {engine['address']}: {counted(engine['workers'], 'worker')}, {counted(engine['tasks'], 'task')}"
    if engine.get("dashboard"):
        yield "Engine", line
        line = f"{engine['dashboard']}, on the scheduler's machine"
    if engine.get("run_by"):
        line += f"; a run goes on ({engine['run_by']})"
    yield "" if engine.get("dashboard") else "Engine", line
    if engine["problem"]:
        yield "", engine["problem"]


def _server(servers: Mapping[str, Any] | None) -> str:
    if servers is None:
        return "none run here"
    if "problem" in servers:
        return str(servers["problem"])
    if servers["gone"]:
        whole = len(servers["gone"]) == len(servers["processes"])
        names = "" if whole else f"{', '.join(servers['gone'])} "
        mend = "transport" if whole else servers["gone"][0]
        return f"{names}gone without a shutdown (started {servers['started_at']}): `dif serve {mend}`"
    addresses = ", ".join(f"{name} {address}" for name, address in servers["addresses"].items())
    token = "a token" if servers["token_needed"] else "no token"
    return f"{addresses}, up since {servers['started_at']}, {token} needed"


def held_lock(holder: str) -> str:
    """The message when the landing's lock could not be acquired."""
    return (
        f"{holder} holds its lock and does not release it: no batch is kept meanwhile. Check what it waits for (`ps`)."
    )


def _rows(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What came, what waits for the next release, what is late and what is erased."""
    day = facts["last_24_hours"]
    received = f"{_batches(day)} received"
    yield (
        "Last 24 hours",
        f"{received}, {day['duplicate']} known before, {day['refused']} refused (from this home's log)",
    )
    if pending := facts["pending"]:
        waiting = [f"{_batches(pending)} {'waits' if pending['batches'] == 1 else 'wait'} for the next release"]
        if count := pending["withdrawals"]:
            waiting.append(f"{counted(count, 'withdrawal waits', 'withdrawals wait')} for `dif run`")
        if count := pending["undone"]:
            again = counted(count, "batch that counts again waits", "batches that count again wait")
            waiting.append(f"{again} for `dif run`")
        yield "Pending", "; ".join(waiting)
    if missing := facts["missing_deliveries"]:
        yield "Deliveries", _missing(missing)
    if (erased := facts["erased"]) and erased["rows"]:
        more = "; not finished: `dif run` goes on" if erased["unfinished"] else ""
        many = counted(erased["batches"], "batch", "batches")
        yield "Erased", f"{many}, {counted(erased['rows'], 'row')} in all{more}"


def _batches(of: Mapping[str, Any]) -> str:
    return f"{counted(of['batches'], 'batch', 'batches')} with {counted(of['rows'], 'row')}"


def _missing(missing: Mapping[str, Any]) -> str:
    if not missing["organisations"]:
        return "all deliveries due by the release have arrived"
    lack = counted(missing["organisations"], "organisation lacks its", "organisations lack their")
    marked = " (synthetic)" if missing["synthetic"] else ""
    return f"{lack} newest due delivery, the first since {missing['late_from']}{marked}: a gap, not zero use"


def _alerts(firing: list[Mapping[str, Any]] | None) -> Iterator[tuple[str, str]]:
    if firing is None:
        yield "Alerts", "not checked while a store is away"
        return
    yield "Alerts", f"{len(firing)} (see `dif alerts`)" if firing else "none"
    for alert in firing:
        yield "", f"{alert['urgency']}: {alert['what']}"
