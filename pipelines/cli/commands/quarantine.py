"""`dif quarantine list, show, replay`: rows that were set aside, with every rule they broke, and their way back."""

from __future__ import annotations

from typing import Any

from catalog.contracts.scan import Query
from catalog.tables.quarantine import quarantine_of, register_for, says_of
from catalog.tables.streams import PUSHED, STREAMS
from pipelines.cli.checks import require_known, require_positive
from pipelines.cli.commands.run import carried_out
from pipelines.cli.present import quarantine as present
from pipelines.cli.present.formats import counted
from pipelines.cli.screen import Progress, Result, Table, command
from pipelines.cli.screen import show as show_lines
from pipelines.run import metrics
from pipelines.run.attempt import Attempt
from pipelines.run.publish import up_to_date
from pipelines.run.replay import Effect, effect
from pipelines.run.steps import begin, exclusive_run, start
from transport.base.settings import load
from transport.ingest import inbox
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.storage import landing


@command()
def list_quarantine() -> Result:
    """How many rows were set aside, by stream, month, producer and rule."""
    run = start(load(), landing.utc_now())
    rows = metrics.quarantine_summary(run.lake, run.session(), exact=True).to_pylist()
    rows.sort(key=lambda row: (row["stream"], str(row["month"] or ""), row["producer"], row["rule"]))
    table_rows = [{**r, "says": present.says(r["stream"], r["rule"]) or r["says"]} for r in rows]
    return Result(rows, [Table(table_rows, empty="Nothing is in quarantine.")])


@command()
def show(stream: str, /, *, rule: str | None = None, limit: int = 20) -> Result:
    """The rows that a stream has in quarantine.

    Args:
        stream: whose.
        rule: only rows that broke this rule.
        limit: at most this many.
    """
    require_positive("--limit", limit)
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
    return Result(rows, present.rows(rows, stream, rule))


@command()
def replay(*, stream: str | None = None, rule: str | None = None, yes: bool = False, json: bool = False) -> Result:
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
    with exclusive_run(settings) as lease:
        if current := up_to_date(start(settings, landing.utc_now(), lease=lease)):
            unchanged = f"Nothing to replay: {current.name} was made by the rules and registers of now."
            return Result({"done": False, "release": current.name}, [unchanged])
        change = effect(settings, landing.utc_now(), Progress())
        facts = _facts(change, stream, rule)
        if not change.changes:
            lines = [
                "Nothing to replay: no row would leave or enter quarantine.",
                "Other changes wait, or the last run was stopped (dif status): dif run.",
                *present.staying(change, stream, rule),
            ]
            return Result(facts | {"done": False, "release": None}, lines)
        if not json:  # before the run, which takes long
            show_lines(present.changes(change, stream, rule))
        release = None
        if yes:
            streams = [stream] if stream in PUSHED else []
            with Attempt(begin(settings, Progress(), streams=streams, lease=lease)) as attempt:
                release = carried_out(attempt)
    if yes:
        lines = [f"Published release {release.name}." if release else "Done. Readers' numbers are the same."]
    else:
        waiting = len(inbox.pending(settings))
        files = f" It also takes in {counted(waiting, 'waiting file')}." if waiting else ""
        lines = [
            f"Nothing was changed. The next `dif run` makes the same again in any case.{files}",
            "To make and publish it now, run the same command with --yes.",
        ]
    return Result(facts | {"done": yes, "release": release.name if release else None}, lines)


def _check_names(stream: str | None, rule: str | None) -> None:
    """Refuse an unknown stream or rule.

    Raises:
        UnknownName: there is no such stream, or none of its rules is called that.
    """
    streams = [landing.known_stream(stream)] if stream else STREAMS.values()
    rules = {name for contract in streams for name in says_of(contract)}
    require_known(f"rule{f' of stream {stream}' if stream else ''}", rule, rules)


def _facts(change: Effect, stream: str | None, rule: str | None) -> dict[str, Any]:
    """Each fate by stream and month (rows), the same by rule (rules), and what follows."""
    return {
        "rows": [{k: v for k, v in r.items() if k != "rule"} for r in change.of(stream, rule)],
        "rules": [
            r
            | {
                "says": present.says(r["stream"], r["rule"]),
                "register": register_for(STREAMS[r["stream"]], r["rule"]),
            }
            for r in present.by_rule(change, stream, rule)
        ],
        "in_force_ore": {n: ore for n, ore in change.ledger_ore.items() if stream in (None, n)},
        "municipalities": change.municipalities,
        "datasets": change.datasets,
        "statuses": change.statuses,
        "months": {n: count for n, count in change.months.items() if stream in (None, n)},
    }
