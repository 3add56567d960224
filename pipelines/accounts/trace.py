"""From an entry of the ledger to its record, batches and receipts, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from assets import trace
from catalog.contracts.scan import Query, Scan
from catalog.domain import calendar
from catalog.errors import UnknownName, WrongUse
from catalog.tables import conformed
from catalog.tables import ledger as contracts
from catalog.tables.datasets import DATASETS
from catalog.tables.quarantine import quarantine_of, says_of
from catalog.tables.streams import STREAMS
from pipelines.accounts.ledgers import Ledgers, Row, own_columns
from pipelines.run.batches import rows_of
from transport.storage.journal import Entry
from transport.storage.landing import LandedBatch

_ORIGINS = {t.table: t for t in conformed.TABLES if t.table in contracts.LEDGER_STREAMS}


@dataclass
class Traced(Ledgers):
    """The ledgers of a release, whose entries are traced to their batches.

    Attributes:
        warn: is called with what could not be searched.
    """

    warn: Callable[[str], None] = field(default=lambda _text: None)

    @cached_property
    def entry(self) -> Scan:  # kept: each step of a trace asks for it
        """The entries of the release, with the contract's columns alone."""
        whole = {"whole": super().entry}
        return Query(f"select {own_columns(contracts.ENTRY)} from whole", whole)  # noqa: S608 - a contract's own words

    def readable(self, entries: Iterable[Entry]) -> list[Entry]:
        """The batches whose file exists; the others are reported."""
        existing = []
        for entry in entries:
            if self.run.landing.file(entry).exists():
                existing.append(entry)
            else:
                self.warn(f"{entry.stem} is missing from the landing and was not searched: see dif doctor.")
        return existing

    def batch_facts(self, entry: Entry) -> Row:
        """The facts shown about a batch."""
        mark = self.run.landing.withdrawal(entry)
        return {
            "number": entry.number,
            "producer": entry.producer,
            "batch_id": entry.batch_id,
            "received_at": entry.received_at.isoformat(timespec="seconds"),
            "file": entry.file,
            "withdrawn": mark.reason if mark else None,
            "in_release": entry.number <= self.last_line,
        }


def entry(books: Traced, name: str) -> Row:
    """What an entry of the ledger is made of; of a record in no ledger, why it is not (`set_aside`, `held`).

    Raises:
        UnknownName: there is no such entry or record.
        WrongUse: several entries have the name.
    """
    rows = books.rows(trace.entries(books.entry, name))
    if not rows:
        if kept_out := _records_in_no_ledger(books, name):
            return {"release": books.release.name, "entry": name, **kept_out}
        choices = [r["name"] for r in books.rows(trace.near(books.entry, name))]
        raise UnknownName(f"entry in the ledger of {books.release.name}:", name, choices=choices)
    full_names = sorted({f"{r['source_stream']}/{r['producer']}/{r['source_key']}" for r in rows})
    if len(full_names) > 1:
        raise WrongUse(f"{len(full_names)} entries are called {name!r}.", f"Say which: {', '.join(full_names[:5])}.")
    first = rows[0]
    facts: Row = {"release": books.release.name, "entry": full_names[0], "rows": rows, "cells": _cells(books, rows)}
    if first["source_stream"] == contracts.BY_CLOSING:
        return facts | {"closing": _of_a_closing(books, first)}
    facts |= {"record": _record(books, first), "batches": _batches(books, first)}
    if first["source_stream"] == "cost_entry":
        allocation = DATASETS.get("ledger.allocation")
        shares = books.dataset(allocation, "entry_id = $entry", entry=first["source_key"])
        facts["allocation"] = [s for s in shares if s.get("producer") in (None, first["producer"])]
    return facts


def _records_in_no_ledger(books: Traced, name: str) -> Row:
    """The landed records of that key that are in no ledger: set aside in quarantine, or held; empty if none."""
    run, known_until = books.run, calendar.day_in_oslo(datetime.fromisoformat(str(books.release.manifest["as_of"])))
    set_aside: list[Row] = []
    held_records: list[Row] = []
    for stream_name in contracts.LEDGER_STREAMS:
        stream, batches = STREAMS[stream_name], run.landing.of(stream_name)
        says = says_of(stream)
        by_name = {(e.producer, e.batch_id): e for e in batches}
        for row in books.rows(trace.set_aside_as(stream, run.lake.scan(quarantine_of(stream)), name)):
            batch = by_name.get((row["producer"], row["batch_id"]))
            rules = [{"rule": r, "says": says[r].nb if r in says else None} for r in row["rules"]]
            set_aside.append(row | {"rules": rules, "batch": books.batch_facts(batch) if batch else None})
        ahead = books.readable(
            e for e in batches if calendar.day_in_oslo(e.latest) > known_until and not run.landing.withdrawal(e)
        )
        if not ahead:
            continue
        by_file = {e.file: e for e in ahead}
        waiting = books.rows(trace.held_records(stream, rows_of(run, stream, ahead), name, known_until))
        held_records += (
            {"stream": stream_name, "batch": books.batch_facts(by_file[row.pop("filename")])} | row for row in waiting
        )
    return (
        {"known_until": known_until, "set_aside": set_aside, "held": held_records} if set_aside or held_records else {}
    )


def _record(books: Traced, row: Row) -> Row | None:
    """The record in force behind the entry, without free text."""
    contract = _ORIGINS[row["source_stream"]]
    scan = books.run.lake.scan(contract)
    rows = books.rows(trace.origin(contract.table, scan, row["producer"], row["source_key"]))
    if not rows:
        return None
    return {c.name: rows[0][c.name] for c in contract.columns if not (c.internal or c.free_text)}


def _batches(books: Traced, row: Row) -> list[Row]:
    """Every batch that a version of the record landed in, with its row number there and its receipt."""
    stream, landing = STREAMS[row["source_stream"]], books.run.landing
    entries = books.readable(e for e in landing.of(stream.name) if e.producer == row["producer"])
    if not entries:
        return []
    scan = trace.landed(stream.name, rows_of(books.run, stream, entries), row["producer"], row["source_key"])
    by_file = {e.file: e for e in entries}
    return [
        books.batch_facts(by_file[r["filename"]])
        | {
            "row_number": r["row_number"],
            "receipt": landing.receipt_of(LandedBatch(by_file[r["filename"]], "accepted")),
        }
        for r in sorted(books.rows(scan), key=lambda r: (by_file[r["filename"]].number, r["row_number"]))
    ]


def _cells(books: Traced, rows: Sequence[Row]) -> list[Row]:
    """The cells of `ledger.product_month` that the entries are in, with the entries' share of each."""
    parts: dict[tuple[str, date, str], int] = {}
    for row in rows:
        column = contracts.cell_column(row["account"], row["category"])
        if column and row["service"]:
            place = (row["service"], row["period"], column)
            parts[place] = parts.get(place, 0) + row["amount_ore"]
    if not parts:
        return []
    months = [month for _, month, _ in parts]
    between = "month between $first and $last"
    of_months = books.dataset(contracts.PRODUCT_MONTH, between, first=min(months), last=max(months))
    sums = {(r["service"], r["month"]): r for r in of_months}
    return [
        {
            "dataset": contracts.PRODUCT_MONTH.name,
            "service": service,
            "month": month,
            "column": column,
            "amount_ore": ore,
            "cell_ore": sums.get((service, month), {}).get(column),
        }
        for (service, month, column), ore in sorted(parts.items())
    ]


def _of_a_closing(books: Traced, row: Row) -> Row:
    """The context of a row that keeps a closed month unchanged: its quarters' states, and the entries beside it."""
    condition = "quarter in (year($of) || '-Q' || quarter($of), year($booked) || '-Q' || quarter($booked))"
    quarters = books.dataset(contracts.PERIOD, condition, of=row["original_period"], booked=row["period"])
    return {"quarters": quarters, "beside": books.rows(trace.behind(books.entry, row))}


def product_month(books: Traced, service: str, month: date) -> Row:
    """A product's month and the entries that sum to it, the largest first.

    Raises:
        UnknownName: the ledger has no such month of the service.
    """
    condition = "service = $service and month = $month"
    cells = books.dataset(contracts.PRODUCT_MONTH, condition, service=service, month=month)
    if not cells:
        months = books.dataset(contracts.PRODUCT_MONTH, "service = $service", service=service)
        choices = [f"{r['month']:%Y-%m}" for r in months]
        raise UnknownName(f"month of {service} in the ledger", f"{month:%Y-%m}", choices=choices)
    rows = books.rows(trace.cell(books.entry, service, month))
    return {"release": books.release.name, "product_month": cells[0], "entries": rows}


def batch(books: Traced, entry: Entry) -> Row:
    """Which entries and months of the ledgers a batch is in.

    Raises:
        WrongUse: its stream feeds no ledger.
    """
    if entry.stream not in contracts.LEDGER_STREAMS:
        raise WrongUse(
            f"{entry.stem} belongs to stream {entry.stream}, which feeds no ledger.",
            f"Name a batch of a stream that feeds the ledgers: {', '.join(contracts.LEDGER_STREAMS)}.",
        )
    stream, rows = STREAMS[entry.stream], list[Row]()
    if books.readable([entry]):
        rows = books.rows(trace.of_batch(entry.stream, rows_of(books.run, stream, [entry]), books.entry))
    (set_aside,) = books.rows(
        Query(
            "select count(*) as rows from set_aside where producer = $producer and batch_id = $batch",
            {"set_aside": books.run.lake.scan(quarantine_of(stream))},
            {"producer": entry.producer, "batch": entry.batch_id},
        )
    )
    more = {"stream": entry.stream, "rows": entry.rows, "set_aside": set_aside["rows"]}
    return {
        "release": books.release.name,
        "batch": books.batch_facts(entry) | more,
        "receipt": books.run.landing.receipt_of(LandedBatch(entry, "accepted")),
        "entries": rows,
        "cells": _cells(books, rows),
    }
