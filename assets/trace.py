"""Trace: from an entry of the ledger to the records and batches that it came from, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from assets.statements import statement
from catalog.contracts.language import StreamContract
from catalog.contracts.scan import Query, Scan

_SOURCE_KEY = {
    "invoice_line": "invoice_id || '/' || line_number",
    "cost_entry": "entry_id",
    "loan_entry": "entry_id",
}
"""How an entry's source key is formed from its record, as in booked_entry.sql."""


def entries(entry: Scan, text: str) -> Scan:
    """The entries with that key, from all streams and producers, in the order of stream, producer and key."""
    return Query(statement("ledger/trace_entry"), {"entry": entry}, {"said": text})


def near(entry: Scan, text: str) -> Scan:
    """The five names (stream/key) most similar to the text, the nearest first."""
    return Query(statement("ledger/trace_near"), {"entry": entry}, {"said": text})


def set_aside(stream: StreamContract, quarantine: Scan) -> Scan:
    """A stream's rows in quarantine as the ledger would have booked them.

    Grain: one row per row in quarantine, with its key, rules, day and amount (øre without VAT). The last two are null
    where unreadable.
    """
    sql = statement("ledger/set_aside", source_key=_SOURCE_KEY[stream.name], month_of=stream.month_of)
    return Query(sql, {"quarantine": quarantine})


def set_aside_as(stream: StreamContract, quarantine: Scan, text: str) -> Scan:
    """The rows of `set_aside` with that key."""
    return Query(statement("ledger/trace_set_aside"), {"set_aside": set_aside(stream, quarantine)}, {"said": text})


def held_records(stream: StreamContract, rows: Scan, text: str, last_day: date) -> Scan:
    """The landed rows with that key whose day is after the last known day, and where each is stored."""
    sql = statement(
        "ledger/trace_held", source_key=_SOURCE_KEY[stream.name], month_of=stream.month_of, stream=stream.name
    )
    return Query(sql, {"landed_rows": rows}, {"said": text, "known": last_day})


def cell(entry: Scan, service: str, month: date) -> Scan:
    """The entries of a service's month in `ledger.product_month`, the largest first."""
    return Query(statement("ledger/trace_cell"), {"entry": entry}, {"service": service, "month": month})


def behind(entry: Scan, row: Mapping[str, object]) -> Scan:
    """The entries behind a row of a closing: those with its original month, service, project, account and category."""
    original = row["original_period"]
    key = {k: None if row[k] is None else str(row[k]) for k in ("service", "project", "account", "category")}
    when = original if isinstance(original, date) else None
    return Query(statement("ledger/trace_behind"), {"entry": entry}, {**key, "original_period": when})


def origin(stream: str, conformed: Scan, producer: str, source_key: str) -> Scan:
    """The record in force; none when it has since been withdrawn or quarantined."""
    sql = statement("ledger/trace_origin", source_key=_SOURCE_KEY[stream])
    return Query(sql, {"origin": conformed}, {"producer": producer, "source_key": source_key})


def landed(stream: str, rows: Scan, producer: str, source_key: str) -> Scan:
    """The batches (`filename`) and rows of every landed version of the record."""
    sql = statement("ledger/trace_landed", source_key=_SOURCE_KEY[stream])
    return Query(sql, {"landed_rows": rows}, {"producer": producer, "source_key": source_key})


def of_batch(stream: str, rows: Scan, entry: Scan) -> Scan:
    """The entries from the records in a batch's rows, the largest first."""
    sql = statement("ledger/trace_batch", source_key=_SOURCE_KEY[stream])
    return Query(sql, {"landed_rows": rows, "entry": entry}, {"stream": stream})
