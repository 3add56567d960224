"""`dif quarantine list, show`: rows that were set aside, with every rule they broke."""

from __future__ import annotations

from assets import conform
from catalog.contracts.scan import Query
from catalog.errors import BadOption
from catalog.tables.streams import STREAMS
from pipelines.cli.commands import screen
from pipelines.run import metrics
from pipelines.run.steps import start
from transport.base.settings import load
from transport.lake.tables import Lake, Session
from transport.storage import landing


def list_quarantine(*, json: bool = False) -> int:
    """How many rows were set aside, by stream, month, producer and rule.

    Args:
        json: for a program.
    """
    run = start(load(), landing.utc_now())
    rows = metrics.quarantine_summary(run.lake, run.session(), exact=True).to_pylist()
    if json:
        screen.as_json(rows)
    else:
        screen.table(rows, empty="Nothing is in quarantine.")
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
    contract = conform.quarantine_of(landing.known_stream(stream))
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
    says = {r.name: r.says.en for r in STREAMS[stream].rules}
    for row in rows:
        screen.out(f"{row['batch_id']} row {row['row_number']} from {row['producer']}: {', '.join(row['rules'])}")
        for broken in row["rules"]:
            if broken in says:
                screen.out(f"    {says[broken]}")
        if row["detail"]:
            screen.out(f"    {row['detail']}")
        screen.out(f"    {row['record']}")
    if not rows:
        screen.out(f"Stream {stream} has nothing in quarantine{f' for {rule}' if rule else ''}.")
    return 0
