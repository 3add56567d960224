"""`dif trace ledger, batch, receipt`: from a krone to its record, batches and receipts, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from assets import trace
from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Query, Scan
from catalog.domain import calendar, person_priced
from catalog.domain.products import SERVICES
from catalog.errors import BadOption, UnknownName, WrongUse
from catalog.tables import conformed
from catalog.tables import ledger as contracts
from catalog.tables.datasets import DATASETS
from catalog.tables.quarantine import quarantine_of, says_of
from catalog.tables.streams import STREAMS
from pipelines.cli.commands import screen
from pipelines.cli.commands.screen import kroner
from pipelines.cli.commands.send import the_one
from pipelines.run.batches import rows_of
from pipelines.run.context import RunContext
from pipelines.run.steps import start
from transport.base.settings import Settings, load
from transport.lake.session import Session
from transport.releases import dataset_reader
from transport.releases.store import Release, Releases
from transport.storage import landing
from transport.storage.journal import Entry
from transport.storage.landing import Kept

Row = dict[str, Any]
_ALLOCATION = "ledger.allocation"
_ORIGINS = {t.table: t for t in conformed.TABLES if t.table in contracts.LEDGER_STREAMS}


@dataclass
class _Books:
    """The ledgers of the current release, and their sources."""

    settings: Settings
    release: Release
    run: RunContext

    @classmethod
    def opened(cls) -> _Books:
        """Open the current release.

        Raises:
            WrongUse: there is none.
        """
        settings = load()
        release = Releases(settings).current()
        if release is None:
            raise WrongUse("There is no release yet, so there is no ledger to trace.", "Make one: dif run.")
        return cls(settings, release, start(settings, landing.utc_now()))

    @cached_property
    def entry(self) -> Scan:
        columns = _columns(contracts.ENTRY)
        return Query(f"select {columns} from whole", {"whole": dataset_reader.scan(self.release, contracts.ENTRY)})  # noqa: S608 - a contract's own words

    def rows(self, scan: Scan) -> list[Row]:
        with Session(self.settings) as session:
            rows: list[Row] = session.table(scan).to_pylist()
        return rows

    def dataset(self, name: str, condition: str, **parameters: str | date | None) -> list[Row]:
        """Rows of another dataset; none if the release does not have it."""
        contract = DATASETS.get(name)
        if contract is None or not dataset_reader.has(self.release, contract):
            return []
        sql = f"select {_columns(contract)} from dataset where {condition} order by all"  # noqa: S608 - conditions stand in this module
        return self.rows(Query(sql, {"dataset": dataset_reader.scan(self.release, contract)}, parameters))

    def there(self, entries: Iterable[Entry]) -> list[Entry]:
        """The batches whose file exists; the others are reported."""
        readable = []
        for entry in entries:
            if self.run.landing.file(entry).exists():
                readable.append(entry)
            else:
                screen.say(f"{entry.stem} is missing from the landing and was not searched: see dif doctor.")
        return readable

    def batch_facts(self, entry: Entry) -> Row:
        """The facts shown about a batch."""
        mark = self.run.landing.withdrawal(entry)
        made_of = self.release.manifest.get("made_of")
        upto = int(made_of["journal"][0]) if isinstance(made_of, Mapping) else 0
        return {
            "number": entry.number,
            "producer": entry.producer,
            "batch_id": entry.batch_id,
            "received_at": entry.received_at.isoformat(timespec="seconds"),
            "file": entry.file,
            "withdrawn": mark.reason if mark else None,
            "in_release": entry.number <= upto,
        }


def _columns(contract: DatasetContract) -> str:
    """The contract's own columns: a file that is read also has this machine's path and row numbers."""
    return ", ".join(f'"{c.name}"' for c in contract.columns)


def ledger(
    entry: str | None = None,
    /,
    *,
    service: str | None = None,
    month: str | None = None,
    limit: int = 20,
    json: bool = False,
) -> int:
    """What an entry of the ledger, or a month of a product, is made of.

    Args:
        entry: STREAM/KEY as in ledger.entry (cost_entry/B1, invoice_line/F1/2), or the key alone where it is unique.
        service: with --month: the entries that sum to this product's month, the largest first.
        month: such as 2026-03.
        limit: at most this many of them, for a person; --json has them all.
        json: for a program.
    """
    if limit < 1:
        raise BadOption("--limit", limit, "a number of at least 1")
    if entry is not None and service is None and month is None:
        return _entry(entry, json=json)
    if entry is None and service is not None and month is not None:
        return _cell(service, month, limit=limit, json=json)
    raise WrongUse(
        "A trace begins at one entry, or at one month of one product.",
        "Use dif trace ledger STREAM/KEY, or dif trace ledger --service svarut --month 2026-03.",
    )


def batch(batch: str, /, *, limit: int = 20, json: bool = False) -> int:
    """Which entries and months of the ledgers a batch is in.

    Args:
        batch: PRODUCER/BATCH_ID; the id alone where it is unique, STREAM/PRODUCER/BATCH_ID where needed.
        limit: at most this many entries, for a person; --json has them all.
        json: for a program.
    """
    books = _Books.opened()
    return _batch(books, the_one(books.run.landing, batch), limit=limit, json=json)


def receipt(number: int, /, *, limit: int = 20, json: bool = False) -> int:
    """Which entries and months of the ledgers a batch is in, by its number in the journal.

    Args:
        number: as `dif trace ledger` shows it.
        limit: at most this many entries, for a person; --json has them all.
        json: for a program.
    """
    books = _Books.opened()
    entries = [e for e in books.run.landing.entries if e.number == number]
    if not entries:
        numbers = [str(e.number) for e in books.run.landing.entries if e.stream in contracts.LEDGER_STREAMS]
        raise UnknownName("batch with the number", str(number), choices=numbers[-10:])
    return _batch(books, entries[0], limit=limit, json=json)


def _entry(text: str, *, json: bool) -> int:
    books = _Books.opened()
    rows = books.rows(trace.entries(books.entry, text))
    if not rows:
        if kept_out := _kept_out(books, text):
            return _tell_kept_out({"release": books.release.name, "entry": text, **kept_out}, json=json)
        names = [r["name"] for r in books.rows(trace.near(books.entry, text))]
        raise UnknownName(f"entry in the ledger of {books.release.name}:", text, choices=names)
    meant = sorted({f"{r['source_stream']}/{r['producer']}/{r['source_key']}" for r in rows})
    if len(meant) > 1:
        raise WrongUse(f"{len(meant)} entries are called {text!r}.", f"Say which: {', '.join(meant[:5])}.")
    first = rows[0]
    facts: Row = {"release": books.release.name, "entry": meant[0], "rows": rows, "cells": _cells(books, rows)}
    if first["source_stream"] == contracts.BY_CLOSING:
        facts["closing"] = _of_a_closing(books, first)
    else:
        facts |= {"record": _record(books, first), "batches": _batches(books, first)}
        if first["source_stream"] == "cost_entry":
            shares = books.dataset(_ALLOCATION, "entry_id = $entry", entry=first["source_key"])
            facts["allocation"] = [s for s in shares if s.get("producer") in (None, first["producer"])]
    if json:
        screen.as_json(facts)
    else:
        _tell_entry(facts)
    return 0


def _kept_out(books: _Books, text: str) -> Row:
    """The landed records of that key that are in no ledger: set aside in quarantine, or held; empty if none."""
    run, known_until = books.run, calendar.day_in_oslo(datetime.fromisoformat(str(books.release.manifest["as_of"])))
    set_aside: list[Row] = []
    held: list[Row] = []
    for name in contracts.LEDGER_STREAMS:
        stream, batches = STREAMS[name], run.landing.of(name)
        says = says_of(stream)
        by_name = {(e.producer, e.batch_id): e for e in batches}
        for row in books.rows(trace.set_aside_as(stream, run.lake.scan(quarantine_of(stream)), text)):
            batch = by_name.get((row["producer"], row["batch_id"]))
            rules = [{"rule": r, "says": says[r].nb if r in says else None} for r in row["rules"]]
            set_aside.append(row | {"rules": rules, "batch": books.batch_facts(batch) if batch else None})
        ahead = books.there(
            e for e in batches if calendar.day_in_oslo(e.latest) > known_until and not run.landing.withdrawal(e)
        )
        if not ahead:
            continue
        by_file = {e.file: e for e in ahead}
        waiting = books.rows(trace.held(stream, rows_of(run, stream, ahead), text, known_until))
        held += ({"stream": name, "batch": books.batch_facts(by_file[row.pop("filename")])} | row for row in waiting)
    return {"known_until": known_until, "set_aside": set_aside, "held": held} if set_aside or held else {}


def _record(books: _Books, row: Row) -> Row | None:
    """The record in force behind the entry, without free text."""
    contract = _ORIGINS[row["source_stream"]]
    scan = books.run.lake.scan(contract)
    rows = books.rows(trace.origin(contract.table, scan, row["producer"], row["source_key"]))
    if not rows:
        return None
    return {c.name: rows[0][c.name] for c in contract.columns if not (c.internal or c.free_text)}


def _batches(books: _Books, row: Row) -> list[Row]:
    """Every batch that a version of the record landed in, with its row number there and its receipt."""
    stream, kept = STREAMS[row["source_stream"]], books.run.landing
    entries = books.there(e for e in kept.of(stream.name) if e.producer == row["producer"])
    if not entries:
        return []
    scan = trace.landed(stream.name, rows_of(books.run, stream, entries), row["producer"], row["source_key"])
    by_file = {e.file: e for e in entries}
    return [
        books.batch_facts(by_file[r["filename"]])
        | {
            "row_number": r["row_number"],
            "receipt": kept.receipt_of(Kept(by_file[r["filename"]], "accepted")),
        }
        for r in sorted(books.rows(scan), key=lambda r: (by_file[r["filename"]].number, r["row_number"]))
    ]


def _cells(books: _Books, rows: Sequence[Row]) -> list[Row]:
    """The cells of `ledger.product_month` that the entries are in, with the entries' share of each."""
    parts: dict[tuple[str, date, str], int] = {}
    for row in rows:
        column = contracts.cell_column(row["account"], row["category"])
        if column and row["service"]:
            place = (row["service"], row["period"], column)
            parts[place] = parts.get(place, 0) + row["amount_ore"]
    if not parts:
        return []
    months = books.dataset(
        contracts.PRODUCT_MONTH.name,
        "month between $first and $last",
        first=min(m for _, m, _ in parts),
        last=max(m for _, m, _ in parts),
    )
    sums = {(r["service"], r["month"]): r for r in months}
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


def _of_a_closing(books: _Books, row: Row) -> Row:
    """The context of a row that keeps a closed month unchanged: its quarters' states, and the entries beside it."""
    quarters = books.dataset(
        contracts.PERIOD.name,
        "quarter in (year($of) || '-Q' || quarter($of), year($booked) || '-Q' || quarter($booked))",
        of=row["original_period"],
        booked=row["period"],
    )
    beside = books.rows(trace.behind(books.entry, row))
    return {"quarters": quarters, "beside": beside}


def _cell(service: str, month: str, *, limit: int, json: bool) -> int:
    if service not in SERVICES:
        raise UnknownName("service", service, choices=SERVICES)
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise BadOption("--month", month, "a month, such as 2026-03") from None
    books = _Books.opened()
    rows = books.rows(trace.cell(books.entry, service, first))
    cells = books.dataset(
        contracts.PRODUCT_MONTH.name, "service = $service and month = $month", service=service, month=first
    )
    if not cells:
        months = books.dataset(contracts.PRODUCT_MONTH.name, "service = $service", service=service)
        raise UnknownName(f"month of {service} in the ledger", month, choices=[f"{r['month']:%Y-%m}" for r in months])
    if json:
        screen.as_json({"release": books.release.name, "product_month": cells[0], "entries": rows})
        return 0
    screen.out(f"{service} {month} in release {books.release.name}, the largest entries first:")
    _tell_rows(rows, limit)
    sums: dict[str, int] = {}
    for row in rows:
        column = str(contracts.cell_column(row["account"], row["category"]))
        sums[column] = sums.get(column, 0) + row["amount_ore"]
    screen.out("")
    screen.table([{"column": c, "kr": kroner(ore), "in product_month": kroner(cells[0][c])} for c, ore in sums.items()])
    return 0


def _batch(books: _Books, entry: Entry, *, limit: int, json: bool) -> int:
    if entry.stream not in contracts.LEDGER_STREAMS:
        raise WrongUse(
            f"{entry.stem} belongs to stream {entry.stream}, which feeds no ledger.",
            f"Name a batch of a stream that feeds the ledgers: {', '.join(contracts.LEDGER_STREAMS)}.",
        )
    rows: list[Row] = []
    stream = STREAMS[entry.stream]
    if books.there([entry]):
        rows = books.rows(trace.of_batch(entry.stream, rows_of(books.run, stream, [entry]), books.entry))
    set_aside = books.rows(
        Query(
            "select count(*) as rows from set_aside where producer = $producer and batch_id = $batch",
            {"set_aside": books.run.lake.scan(quarantine_of(stream))},
            {"producer": entry.producer, "batch": entry.batch_id},
        )
    )[0]["rows"]
    facts: Row = {
        "release": books.release.name,
        "batch": books.batch_facts(entry) | {"stream": entry.stream, "rows": entry.rows, "set_aside": set_aside},
        "receipt": books.run.landing.receipt_of(Kept(entry, "accepted")),
        "entries": rows,
        "cells": _cells(books, rows),
    }
    if json:
        screen.as_json(facts)
        return 0
    _tell_batch(facts["batch"])
    screen.out(f"Entries in release {books.release.name}:")
    _tell_rows(rows, limit)
    _tell_cells(facts["cells"])
    return 0


def _tell_batch(row: Row) -> None:
    screen.out(f"Batch {row['number']}  {row['stream']}/{row['producer']}/{row['batch_id']}, {row['rows']} rows")
    screen.out(f"  received {row['received_at']}, {row['set_aside']} rows set aside")
    if row["withdrawn"]:
        screen.out(
            f"  WITHDRAWN: {row['withdrawn']}. Entries below come from other batches, or remain until the next dif run."
        )
    elif not row["in_release"]:
        screen.out("  It arrived after the release: dif run.")


def _tell_entry(facts: Row) -> None:
    screen.out(f"{facts['entry']} in release {facts['release']}:")
    _tell_rows(facts["rows"], len(facts["rows"]))
    _tell_cells(facts["cells"])
    if facts.get("allocation"):
        screen.out("\nAllocated:")
        screen.table(facts["allocation"])
    if "closing" in facts:
        screen.out("\nThe entry keeps a closed month unchanged. The quarters:")
        screen.table(facts["closing"]["quarters"])
        screen.out("\nEverything of the same month, service, account and category, the largest first:")
        _tell_rows(facts["closing"]["beside"], 20)
        return
    screen.out("\nThe record in force:")
    first = facts["rows"][0]
    if first["source_stream"] == "invoice_line" and first["organisation_number"] is None:
        rounded = first["source_key"].startswith(contracts.ROUNDED)
        few = f", rounded: fewer than {person_priced.FEWEST} payers have them" if rounded else ""
        screen.out(f"  A sum of several payers' invoice lines for use of a sensitive service{few}.")
        screen.out("  The lines are not listed: the amount of one would tell how many persons it is for.")
        return
    if facts["record"] is None:
        screen.out("  There is none: it was withdrawn or set aside after the release was made.")
    for name, value in (facts["record"] or {}).items():
        if value is not None:
            screen.out(f"  {name:<22} {value}")
    screen.out("\nIt landed in:")
    screen.table(
        [
            {
                **{k: b[k] for k in ("number", "producer", "batch_id", "row_number", "received_at", "file")},
                "": f"WITHDRAWN: {b['withdrawn']}"
                if b["withdrawn"]
                else ""
                if b["in_release"]
                else "after the release",
            }
            for b in facts["batches"]
        ],
        empty="  No batch that can be read.",
    )


def _tell_kept_out(facts: Row, *, json: bool) -> int:
    """Print why records are in no ledger; returns 1, since the requested entry is not there."""
    if json:
        screen.as_json(facts)
        return 1
    for row in facts["set_aside"]:
        screen.out(f"{_called(row)} is in no ledger of release {facts['release']}: it is set aside.")
        for broken in row["rules"]:
            screen.out(f"  {broken['rule']}" + (f": {broken['says']}" if broken["says"] else ""))
        if row["detail"]:
            screen.out(f"  {row['detail']}")
        _tell_whence(row)
    for row in facts["held"]:
        screen.out(
            f"{_called(row)} is in no ledger of release {facts['release']}: it is held, because its day is "
            f"{row['of_day']} and the release knows the days up to {facts['known_until']}."
        )
        _tell_whence(row)
    for stream in dict.fromkeys(r["stream"] for r in facts["set_aside"]):
        screen.out(f"To see the rows as received: dif quarantine show {stream}.")
    if facts["held"]:
        screen.out("The first dif run on that day or later books what is held.")
    return 1


def _called(row: Row) -> str:
    return f"{row['stream']}/{row['producer']}/{row['source_key']}"


def _tell_whence(row: Row) -> None:
    batch, ore = row["batch"], row["amount_ore"]
    of = f"{row['of_day']:%Y-%m}, " if row["of_day"] else ""
    kr = "no amount" if ore is None else f"{kroner(ore)} kr"
    screen.out(f"  {of}{kr}{' (synthetic)' if row['synthetic'] else ''}")
    if batch:
        screen.out(
            f"  row {row['row_number']} of batch {batch['number']}, {batch['producer']}/{batch['batch_id']}, "
            f"received {batch['received_at']}"
        )
        if batch["withdrawn"]:
            screen.out(f"  WITHDRAWN: {batch['withdrawn']}")
        elif not batch["in_release"]:
            screen.out("  The batch arrived after the release: dif run.")


def _tell_rows(rows: Sequence[Row], limit: int) -> None:
    screen.table(
        [
            {
                "entry": f"{r['source_stream']}/{r['source_key']}",
                "service": r["service"],
                "account": r["account"],
                "category": r["category"],
                "period": f"{r['period']:%Y-%m}",
                "of": f"{r['original_period']:%Y-%m}" if r["original_period"] != r["period"] else "",
                "kr": kroner(r["amount_ore"]),
                "": "syntetisk" if r["synthetic"] else "",
            }
            for r in rows[:limit]
        ],
        empty="  None.",
    )
    if len(rows) > limit:
        screen.out(f"… and {len(rows) - limit} more; --limit or --json.")


def _tell_cells(cells: Sequence[Row]) -> None:
    if cells:
        screen.out("\nIn ledger.product_month:")
        screen.table(
            [
                {
                    "service": c["service"],
                    "month": f"{c['month']:%Y-%m}",
                    "column": c["column"],
                    "kr": kroner(c["amount_ore"]),
                    "of kr": None if c["cell_ore"] is None else kroner(c["cell_ore"]),
                }
                for c in cells
            ]
        )
