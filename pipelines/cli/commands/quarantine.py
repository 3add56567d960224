"""`dif quarantine list, show, replay`: rows that were set aside, with every rule they broke, and their way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from catalog.contracts.scan import Query
from catalog.errors import BadOption, UnknownName
from catalog.tables.quarantine import quarantine_of, register_for, says_of
from catalog.tables.streams import PUSHED, STREAMS
from pipelines.cli.commands import screen
from pipelines.cli.commands.release import tell_of_datasets, tell_of_statuses
from pipelines.cli.commands.run import carried_out
from pipelines.cli.commands.screen import kroner
from pipelines.run import metrics
from pipelines.run.attempt import Attempt
from pipelines.run.publish import up_to_date
from pipelines.run.replay import TOLD_OF, Effect, effect
from pipelines.run.steps import alone, begin, start
from transport.base.settings import load
from transport.ingest import inbox
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.releases.store import Release
from transport.storage import landing


def list_quarantine(*, json: bool = False) -> int:
    """How many rows were set aside, by stream, month, producer and rule.

    Args:
        json: for a program.
    """
    run = start(load(), landing.utc_now())
    rows = metrics.quarantine_summary(run.lake, run.session(), exact=True).to_pylist()
    rows.sort(key=lambda row: (row["stream"], str(row["month"] or ""), row["producer"], row["rule"]))
    if json:
        screen.as_json(rows)
        return 0
    says = {name: says_of(contract) for name, contract in STREAMS.items()}
    shown = [{**r, "says": s.en if (s := says[r["stream"]].get(r["rule"])) else r["says"]} for r in rows]
    screen.table(shown, empty="Nothing is in quarantine.")
    return 0


def show(stream: str, /, *, rule: str | None = None, limit: int = 20, json: bool = False) -> int:
    """The rows that a stream has in quarantine.

    Args:
        stream: whose.
        rule: only rows that broke this rule.
        limit: at most this many.
        json: for a program.
    """
    if limit < 1:
        raise BadOption("--limit", limit, "a number of at least 1")
    settings = load()
    contract = quarantine_of(landing.known_stream(stream))
    sql = (
        "select * from set_aside where $rule is null or list_contains(rules, $rule) "
        "order by batch_id, row_number limit $limit"
    )
    with Session(settings) as session:
        rows = session.table(
            Query(sql, {"set_aside": Lake.of(settings).scan(contract)}, {"rule": rule, "limit": limit})
        ).to_pylist()
    if json:
        screen.as_json(rows)
        return 0
    says = says_of(STREAMS[stream])
    for row in rows:
        screen.out(f"{row['batch_id']} row {row['row_number']} from {row['producer']}: {', '.join(row['rules'])}")
        for broken in row["rules"]:
            if broken in says:
                screen.out(f"    {says[broken].en}")
        if row["detail"]:
            screen.out(f"    {row['detail']}")
        screen.out(f"    {row['record']}")
    if not rows:
        screen.out(f"Stream {stream} has nothing in quarantine{f' for {rule}' if rule else ''}.")
    return 0


_FATES = {
    "LEAVES": "leaves",
    "WITHDRAWN": "leaves: its batch was withdrawn",
    "ENTERS": "enters",
    "LANDED": "enters: landed since the last release",
}
_SHOWN = 30


def replay(*, stream: str | None = None, rule: str | None = None, yes: bool = False, json: bool = False) -> int:
    """What mended rules and registers let out of quarantine: rows, kroner, what differs. --yes makes the release.

    Without --yes nothing is changed: the touched months are made in a copy of the lake, which is thrown away. With it,
    the release is made and published as by `dif run`, which makes every touched month again, of all streams.

    Args:
        stream: tell of this stream only; with --yes, take in waiting files of it only.
        rule: tell of the rows that broke this rule only.
        yes: make the release.
        json: for a program.
    """
    _check_names(stream, rule)
    settings = load()
    with alone(settings) as held:
        current = up_to_date(start(settings, landing.utc_now(), held=held))
        told = None if current else effect(settings, landing.utc_now(), screen.Progress())
        if told is None or not told.changes:
            return _nothing(current, told, stream, rule, json=json)
        if not json:
            _tell(told, stream, rule)
        release = None
        if yes:
            streams = [stream] if stream in PUSHED else []
            with Attempt(begin(settings, screen.Progress(), streams=streams, held=held)) as attempt:
                release = carried_out(attempt)
    if json:
        screen.as_json(_as_json(told, stream, rule) | {"done": yes, "release": release.name if release else None})
    elif yes:
        screen.out(f"Published release {release.name}." if release else "Done. Readers' numbers are the same.")
    else:
        waiting = len(inbox.pending(settings))
        files = f" It also takes in {screen.counted(waiting, 'waiting file')}." if waiting else ""
        screen.out(f"Nothing was changed. The next `dif run` makes the same again in any case.{files}")
        screen.out("To make and publish it now, run the same command with --yes.")
    return 0


def _check_names(stream: str | None, rule: str | None) -> None:
    """Refuse a stream or a rule that there is not.

    Raises:
        UnknownName: there is no such stream, or none of its rules is called that.
    """
    streams = [landing.known_stream(stream)] if stream else STREAMS.values()
    rules = {name for one in streams for name in says_of(one)}
    if rule is not None and rule not in rules:
        raise UnknownName(f"rule{f' of stream {stream}' if stream else ''}", rule, choices=rules)


def _nothing(current: Release | None, told: Effect | None, stream: str | None, rule: str | None, *, json: bool) -> int:
    if json:
        facts = _as_json(told, stream, rule) if told else {}
        screen.as_json(facts | {"done": False, "release": current.name if current else None})
        return 0
    if current:
        screen.out(f"Nothing to replay: {current.name} was made by the rules and registers of now.")
    else:
        screen.out("Nothing to replay: no row would leave or enter quarantine.")
        screen.out("Other changes wait, or the last run was stopped (dif status): dif run.")
    if told:
        _tell_what_stays(told, stream, rule)
    return 0


def _tell(told: Effect, stream: str | None, rule: str | None) -> None:
    each = Counter[str]()
    for row in told.of(stream, rule):
        each[row["fate"]] += row["rows"]
    out, back = each["LEAVES"] + each["WITHDRAWN"], each["ENTERS"] + each["LANDED"]
    whose = f" of stream {stream}" if stream else ""
    under = f" for {rule}" if rule else ""
    screen.out(
        f"{screen.counted(out, 'row')}{whose} would leave quarantine{under}, {back} enter, {each['STAYS']} stay."
    )
    moved = [r for r in _by_rule(told, stream, rule) if r["fate"] != "STAYS"]
    screen.table(
        [
            {
                "row": _FATES[r["fate"]],
                "stream": r["stream"],
                "month": _month(r),
                "rule": r["rule"],
                "rows": r["rows"],
                "kr": "" if r["amount_ore"] is None else kroner(r["amount_ore"]),
                "": "syntetisk" if r["synthetic"] else "",
            }
            for r in moved
        ],
        empty="None of them.",
    )
    other = sum(r["rows"] for r in told.of(None, None) if r["fate"] != "STAYS" and r["stream"] != stream)
    if stream and other:
        screen.out(f"Of other streams, {screen.counted(other, 'row')} would leave or enter too.")
    for name, ore in told.ledger_ore.items():
        if stream in (None, name):
            screen.out(f"In force of {name}: {'+' if ore >= 0 else '-'}{kroner(abs(ore))} kr.")
    _tell_of_municipalities(told)
    if told.datasets:
        tell_of_datasets(told.datasets)
    else:
        screen.out("No dataset changes.")
    tell_of_statuses(told.statuses)
    _tell_what_stays(told, stream, rule)
    made = [f"{n} ({screen.counted(count, 'part')})" for n, count in told.months.items() if stream in (None, n)]
    if made:
        screen.out(f"Would be made again: {', '.join(made)}.")


def _tell_of_municipalities(told: Effect) -> None:
    many = len(told.municipalities)
    if not many:
        screen.out(f"No row of a municipality changes in {', '.join(c.name for c in TOLD_OF)}.")
        return
    screen.out(f"Numbers of {screen.counted(many, 'municipality', 'municipalities')} change:")
    for one in told.municipalities[:_SHOWN]:
        screen.out(f"  {one['code']} {one['name']}: {', '.join(one['datasets'])}")
    if many > _SHOWN:
        screen.out(f"  … and {many - _SHOWN} more; --json.")


def _tell_what_stays(told: Effect, stream: str | None, rule: str | None) -> None:
    """Why rows stay, by rule, and what mends them."""
    stay: dict[tuple[str, str], dict[str, Any]] = {}
    for row in _by_rule(told, stream, rule):
        if row["fate"] == "STAYS":
            one = stay.setdefault((row["stream"], row["rule"]), {"rows": 0, "synthetic": False})
            one["rows"] += row["rows"]
            one["synthetic"] |= row["synthetic"]
    if not stay:
        return
    screen.out("Rows that stay:")
    screen.table(
        [
            {
                "stream": name,
                "rule": broken,
                "rows": one["rows"],
                "why": _says(name, broken),
                "mend": _mend(name, broken),
                "": "syntetisk" if one["synthetic"] else "",
            }
            for (name, broken), one in stay.items()
        ]
    )


def _by_rule(told: Effect, stream: str | None, rule: str | None) -> Sequence[dict[str, Any]]:
    return [r for r in told.rows if r["rule"] and rule in (None, r["rule"]) and stream in (None, r["stream"])]


def _says(stream: str, rule: str) -> str:
    text = says_of(STREAMS[stream]).get(rule)
    return text.en if text else ""


def _mend(stream: str, rule: str) -> str:
    if not STREAMS[stream].pushed:
        return "apply a corrected version"
    register = register_for(STREAMS[stream], rule)
    return f"register {register}, or a new batch" if register else "a new batch from the producer"


def _month(row: Mapping[str, Any]) -> str:
    return f"{row['month']:%Y-%m}" if row["month"] else ""


def _as_json(told: Effect, stream: str | None, rule: str | None) -> dict[str, Any]:
    """Each fate by stream and month (rows), the same by rule (rules), and what follows."""
    return {
        "rows": [{k: v for k, v in r.items() if k != "rule"} for r in told.of(stream, rule)],
        "rules": [
            r | {"says": _says(r["stream"], r["rule"]), "register": register_for(STREAMS[r["stream"]], r["rule"])}
            for r in _by_rule(told, stream, rule)
        ],
        "in_force_ore": {n: ore for n, ore in told.ledger_ore.items() if stream in (None, n)},
        "municipalities": told.municipalities,
        "datasets": told.datasets,
        "statuses": told.statuses,
        "months": {n: count for n, count in told.months.items() if stream in (None, n)},
    }
