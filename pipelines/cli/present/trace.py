"""Traces of the ledgers for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.domain import person_priced
from catalog.tables import ledger as contracts
from pipelines.cli.present.formats import kroner, month, synthetic
from pipelines.cli.screen import Table

Row = Mapping[str, Any]
_BESIDE = 20


def entry(facts: Row) -> Iterator[str | Table]:
    """An entry, and what it is made of."""
    yield f"{facts['entry']} in release {facts['release']}:"
    yield _entries(facts["rows"])
    yield from _cells(facts["cells"])
    if facts.get("allocation"):
        yield "\nAllocated:"
        yield Table(facts["allocation"])
    if "closing" in facts:
        yield "\nThe entry keeps a closed month unchanged. The quarters:"
        yield Table(facts["closing"]["quarters"])
        yield "\nEverything of the same month, service, account and category, the largest first:"
        yield _entries(facts["closing"]["beside"], _BESIDE)
    else:
        yield "\nThe record in force:"
        yield from _record(facts)


def _record(facts: Row) -> Iterator[str | Table]:
    first = facts["rows"][0]
    if first["source_stream"] == "invoice_line" and first["organisation_number"] is None:
        rounded = first["source_key"].startswith(contracts.ROUNDED)
        few = f", rounded: fewer than {person_priced.FEWEST} payers have them" if rounded else ""
        yield f"  A sum of several payers' invoice lines for use of a sensitive service{few}."
        yield "  The lines are not listed: the amount of one would tell how many persons it is for."
        return
    if facts["record"] is None:
        yield "  There is none: it was withdrawn or set aside after the release was made."
    for name, value in (facts["record"] or {}).items():
        if value is not None:
            yield f"  {name:<22} {value}"
    yield "\nIt landed in:"
    columns = ("number", "producer", "batch_id", "row_number", "received_at", "file")
    yield Table(
        [{**{k: b[k] for k in columns}, "": _state(b)} for b in facts["batches"]],
        empty="  No batch that can be read.",
    )


def _state(batch: Row) -> str:
    if batch["withdrawn"]:
        return f"WITHDRAWN: {batch['withdrawn']}"
    return "" if batch["in_release"] else "after the release"


def left_out(facts: Row) -> Iterator[str]:
    """Why records are in no ledger."""
    for row in facts["set_aside"]:
        yield f"{_name(row)} is in no ledger of release {facts['release']}: it is set aside."
        for broken in row["rules"]:
            yield f"  {broken['rule']}" + (f": {broken['says']}" if broken["says"] else "")
        if row["detail"]:
            yield f"  {row['detail']}"
        yield from _origin(row)
    for row in facts["held"]:
        yield (
            f"{_name(row)} is in no ledger of release {facts['release']}: it is held, because its day is "
            f"{row['of_day']} and the release knows the days up to {facts['known_until']}."
        )
        yield from _origin(row)
    for stream in dict.fromkeys(r["stream"] for r in facts["set_aside"]):
        yield f"To see the rows as received: dif quarantine show {stream}."
    if facts["held"]:
        yield "The first dif run on that day or later books what is held."


def _name(row: Row) -> str:
    return f"{row['stream']}/{row['producer']}/{row['source_key']}"


def _origin(row: Row) -> Iterator[str]:
    batch, ore = row["batch"], row["amount_ore"]
    of_month = f"{month(row['of_day'])}, " if row["of_day"] else ""
    kr = "no amount" if ore is None else f"{kroner(ore)} kr"
    yield f"  {of_month}{kr}{' (synthetic)' if row['synthetic'] else ''}"
    if batch:
        name = f"{batch['producer']}/{batch['batch_id']}"
        yield f"  row {row['row_number']} of batch {batch['number']}, {name}, received {batch['received_at']}"
        if batch["withdrawn"]:
            yield f"  WITHDRAWN: {batch['withdrawn']}"
        elif not batch["in_release"]:
            yield "  The batch arrived after the release: dif run."


def product_month(facts: Row, service: str, limit: int) -> Iterator[str | Table]:
    """A product's month as the sum of its entries."""
    cells, rows = facts["product_month"], facts["entries"]
    yield f"{service} {month(cells['month'])} in release {facts['release']}, the largest entries first:"
    yield _entries(rows, limit)
    sums: dict[str, int] = {}
    for row in rows:
        column = str(contracts.cell_column(row["account"], row["category"]))
        sums[column] = sums.get(column, 0) + row["amount_ore"]
    yield ""
    yield Table([{"column": c, "kr": kroner(ore), "in product_month": kroner(cells[c])} for c, ore in sums.items()])


def batch(facts: Row, limit: int) -> Iterator[str | Table]:
    """A batch, and the entries and months that it is in."""
    row = facts["batch"]
    yield f"Batch {row['number']}  {row['stream']}/{row['producer']}/{row['batch_id']}, {row['rows']} rows"
    yield f"  received {row['received_at']}, {row['set_aside']} rows set aside"
    if row["withdrawn"]:
        remain = "Entries below come from other batches, or remain until the next dif run."
        yield f"  WITHDRAWN: {row['withdrawn']}. {remain}"
    elif not row["in_release"]:
        yield "  It arrived after the release: dif run."
    yield f"Entries in release {facts['release']}:"
    yield _entries(facts["entries"], limit)
    yield from _cells(facts["cells"])


def _entries(rows: Sequence[Row], limit: int | None = None) -> Table:
    table_rows = [
        {
            "entry": f"{r['source_stream']}/{r['source_key']}",
            **{k: r[k] for k in ("service", "account", "category")},
            "period": month(r["period"]),
            "of": month(r["original_period"]) if r["original_period"] != r["period"] else "",
            "kr": kroner(r["amount_ore"]),
            "": synthetic(r),
        }
        for r in rows
    ]
    return Table(table_rows, empty="  None.", limit=limit)


def _cells(cells: Sequence[Row]) -> Iterator[str | Table]:
    if not cells:
        return
    yield "\nIn ledger.product_month:"
    yield Table(
        [
            {
                "service": c["service"],
                "month": month(c["month"]),
                "column": c["column"],
                "kr": kroner(c["amount_ore"]),
                "of kr": None if c["cell_ore"] is None else kroner(c["cell_ore"]),
            }
            for c in cells
        ]
    )
