"""Counts about a run: its batches, the fate of every landed row, and the rules that quarantined rows."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa

from assets import conform, quality
from catalog.contracts.language import DatasetContract, StreamContract
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query
from catalog.domain.perturbation import published_count, rounded_up
from catalog.tables import conformed, usage
from catalog.tables import quality as quality_contracts
from catalog.tables.quarantine import quarantine_of, says_of
from catalog.tables.streams import DISPATCH, STREAMS
from pipelines.quality import gate
from pipelines.run.batches import seen as seen_batches
from pipelines.run.batches import withdrawal as withdrawal_of
from pipelines.run.context import RunContext
from transport.base import names
from transport.lake.session import Session
from transport.lake.tables import Lake


def batches(run: RunContext) -> pa.Table:
    """`quality.batch`: one row per batch that the run sees, with its withdrawal, if any."""
    withdrawals = ((e, withdrawal_of(run, e)) for e in seen_batches(run))
    rows = [
        {
            "journal_number": e.number,
            "stream": e.stream,
            "producer": e.producer,
            "batch_id": _OF_CONTENT.sub("", e.batch_id),
            "rows": e.rows,
            "received_at": e.received_at,
            "contract_version": e.contract_version,
            "masked_rows": e.masked_rows,
            "synthetic": e.synthetic,
            "withdrawn_at": withdrawal.received_at if withdrawal else None,
            "withdrawn_because": withdrawal.reason if withdrawal else None,
        }
        for e, withdrawal in withdrawals
    ]
    return pa.Table.from_pylist(rows, quality_contracts.BATCH.arrow_schema)


_OF_CONTENT = re.compile("-[0-9a-f]{12}$")
"""The end of the batch id of a file: part of the content hash, from which a small batch can be guessed."""


def accounting(lake: Lake, session: Session) -> pa.Table:
    """`quality.accounting`: one row per stream and month. Order: by stream, then month."""
    rows: list[dict[str, object]] = []
    for part in _existing(lake, [conform.accounting_of(s) for s in STREAMS.values()]):
        rows += session.cleared().table(_summed(lake, part)).to_pylist()
    rows.sort(key=lambda r: (str(r["stream"]), str(r.get("month"))))
    return pa.Table.from_pylist(rows, quality_contracts.ACCOUNTING.arrow_schema)


def _summed(lake: Lake, contract: DatasetContract) -> Query:
    """The accounting of a stream by month. Sums the files of a month that has several."""
    keys = [c.name for c in contract.columns if c.key]
    sums = [f"sum({c.name})::bigint as {c.name}" for c in contract.columns if not c.key]
    sql = f"select {', '.join([*keys, *sums])} from piece group by all"  # noqa: S608 - a contract's own names
    return Query(sql, {"piece": lake.scan(contract)})


def shown_batches(whole: pa.Table) -> pa.Table:
    """`quality.batch` for readers, without row counts of dispatches, measurements and invoice lines.

    `usage.dispatch_day` has the dispatches of other services, so the difference would be the sensitive ones. A batch of
    four measurements or invoice lines reveals a figure of at least four. Suppliers are left out: they need their own
    right.
    """
    rows = whole.to_pylist()
    for row in rows:
        row["producer"] = names.without_supplier(row["producer"])
        if row["stream"] in _UNTOLD:
            row |= {"rows": None, "masked_rows": rounded_up(row["masked_rows"])}
    return pa.Table.from_pylist(rows, whole.schema)


def shown_accounting(whole: pa.Table, lake: Lake, session: Session) -> pa.Table:
    """`quality.accounting` for readers, without sensitive dispatches in force; quarantined ones are rounded.

    Otherwise a month's excess over `usage.dispatch_day` would be the exact sensitive total. Measurements and invoice
    lines are rounded whole: two releases would show a batch's rows, and their services are unknown.
    """
    per_month = """
        select
            month, quarantined_apart, held_apart, withdrawn_apart,
            sum(dispatches) as dispatches, sum(states) as states
        from account left join sensitive using (month)
        group by all
    """
    of_dispatches = {
        "account": _summed(lake, conform.accounting_of(DISPATCH)),
        "sensitive": lake.scan(usage.SENSITIVE_DISPATCH_MONTH),
    }
    apart = {r["month"]: r for r in session.cleared().table(Query(per_month, of_dispatches)).to_pylist()}
    aside = {name: _set_aside_apart(STREAMS[name], lake, session) for name in _UNTOLD - _OF_PERSONS}
    rows = []
    for row in whole.to_pylist():
        if row["stream"] in _OF_PERSONS:
            of_month = apart[row["month"]]
            dispatches, states = int(of_month["dispatches"] or 0), int(of_month["states"] or 0)
            row["conformed"] -= dispatches
            row["superseded"] -= states - dispatches
            row |= {name: published_count(row[name], of_month[f"{name}_apart"]) for name in _ASIDE}
        elif row["stream"] in _UNTOLD:
            row |= {name: rounded_up(row[name]) for name in (*_COUNTED, "held", "withdrawn")}
            row["quarantined"] = published_count(row["quarantined"], aside[row["stream"]].get(row["month"], 0))
        row["landed"] = sum(row[name] for name in (*_COUNTED, *_ASIDE))
        rows.append(row)
    return pa.Table.from_pylist(rows, whole.schema)


def _set_aside_apart(stream: StreamContract, lake: Lake, session: Session) -> dict[object, int]:
    """By month, the number of quarantined rows of sensitive or unknown services."""
    contract = quarantine_of(stream)
    if not lake.files_by_month(contract):
        return {}
    month = "month" if contract.partitioned else "null::date as month"
    openly = ", ".join(quoted(service) for service in usage.TOLD_OPENLY)
    apart = f"count(*) filter (not coalesce((record ->> 'service') in ({openly}), false))"
    sql = f"select {month}, {apart} as apart from set_aside group by all"  # noqa: S608 - words of ours
    rows = session.cleared().table(Query(sql, {"set_aside": lake.scan(contract)})).to_pylist()
    return {row["month"]: row["apart"] for row in rows}


_UNTOLD = frozenset(name for name, stream in STREAMS.items() if not stream.row_counts_are_public)
_OF_PERSONS = frozenset(name for name, stream in STREAMS.items() if stream.is_personal)
_COUNTED, _ASIDE = ("conformed", "superseded"), ("quarantined", "held", "withdrawn")


def quarantine_summary(lake: Lake, session: Session, *, exact: bool) -> pa.Table:
    """`quality.quarantine_summary` with the text of each rule, for readers or `exact`.

    For readers, suppliers are left out and counts of rows that may be persons are rounded.
    """
    producer = "producer" if exact else f"regexp_replace(producer, '{names.OF_SUPPLIER}', '\\1') as producer"
    rows: list[dict[str, object]] = []
    for stream in STREAMS.values():
        contract, texts = quarantine_of(stream), says_of(stream)
        if not lake.files_by_month(contract):
            continue
        month = "month" if contract.partitioned else "null::date as month"
        sql = f"select stream, {month}, {producer}, rules, record from set_aside"  # noqa: S608 - words of ours
        listed = Query(sql, {"set_aside": lake.scan(contract)})
        summary = session.cleared().table(quality.quarantine_summary(listed)).to_pylist()
        for row in summary:
            row["says"] = texts[row["rule"]].nb if row["rule"] in texts else None
            if row["stream"] in _UNTOLD and not exact:
                row["rows"] = published_count(row["rows"], row["apart"])
        rows += summary
    return pa.Table.from_pylist(sorted(rows, key=str), quality_contracts.QUARANTINE_SUMMARY.arrow_schema)


def conformed_rows(lake: Lake) -> pa.Table:
    """The number of rows of each conformed table, from its files' footers."""
    rows = [{"stream": t.table, "rows": gate.rows_in(lake.files(t))} for t in _existing(lake, conformed.TABLES)]
    return pa.Table.from_pylist(rows, pa.schema([("stream", pa.string()), ("rows", pa.int64())]))


def _existing(lake: Lake, contracts: Sequence[DatasetContract]) -> list[DatasetContract]:
    return [c for c in contracts if lake.files_by_month(c)]
