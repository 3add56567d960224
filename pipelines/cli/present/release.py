"""What differs between two releases, or would in the next, for a person."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from catalog.domain.borders import borders
from catalog.domain.calendar import day_in_oslo
from catalog.facts import read
from pipelines.cli.present.formats import counted, month, plain, synthetic
from pipelines.cli.screen import Table
from transport.storage import landing

_SCREEN_ROWS = 40
"""How many rows fit a person's screen; --json and `quality.release_diff` have them all."""

Rows = Sequence[Mapping[str, Any]]


def difference(facts: Mapping[str, Any], *, selected: bool) -> Iterator[str | Table]:
    """The answer of `dif release diff`.

    Args:
        facts: what `--json` gives.
        selected: the rows are of one service, measure or municipality alone.
    """
    before, after, rows, also = (facts[name] for name in ("before", "after", "rows", "also_changed"))
    names = municipalities()
    yield Table(
        [
            {
                "month": month(r["month"]),
                "code": r["municipality_code"],
                "municipality": names.get(r["municipality_code"], "ikke kommune"),
                "service": r["service"],
                "measure": r["measure"],
                "reason": r["reason"],
                **{k: plain(r[k]) for k in ("difference", "before", "after")},
                "synthetic": synthetic(r),
            }
            for r in rows
        ],
        empty=_no_use_differs(f"between {before} and {after}", selected=selected, datasets=len(also)),
        limit=_SCREEN_ROWS,
        more=" rows; --json, --service, --measure or --municipality.",
    )
    for line in _sums(rows):
        yield f"{after} against {before}: {line}"
    if selected and also:
        yield f"Datasets that differ, whatever is selected: {', '.join(also)}."
    elif also:
        yield from datasets(facts["datasets"], also)
    yield from statuses(facts["statuses"])
    if beside := ", ".join(f"{r['dataset']} ({r['rows_before']} → {r['rows_after']} rows)" for r in facts["catalogue"]):
        yield f"\nOf the run and the catalogue, which have no content hash: {beside}."


def _no_use_differs(between: str, *, selected: bool, datasets: int) -> str:
    if selected:
        return f"No dispatches or measured quantities of the selection differ {between}."
    if not datasets:
        return f"Nothing differs {between}: every content hash is the same."
    others = counted(datasets, "other dataset does", "other datasets do")
    return f"No dispatches or measured quantities differ {between}; {others}."


def _sums(rows: Rows) -> Iterator[str]:
    """The differences by reason, a line per measure; none for stocks (accounts, adapters): they do not add up."""
    stocks = {r["measure"] for r in read("measure") if r["kind"] == "STOCK"}
    for measure in sorted({r["measure"] for r in rows} - stocks):
        of_measure = [r for r in rows if r["measure"] == measure]
        reasons = sorted({r["reason"] for r in of_measure})
        sums = {x: sum(r["difference"] for r in of_measure if r["reason"] == x) for x in reasons}
        yield f"{measure} " + ", ".join(f"{x} {plain(n):+}" for x, n in sums.items())


def datasets(rows: Rows, names: Collection[str] = ()) -> Iterator[str | Table]:
    """The rows and sums of datasets that differ.

    Args:
        rows: of `quality.release_diff_dataset`.
        names: of all datasets that differ.
    """
    if rows:
        yield "\nDatasets that differ, by their rows and by the sum of each amount, count and quantity:"
    yield Table(
        [
            {
                "dataset": r["dataset"],
                "of": r["column_name"] or "rows",
                "unit": r["unit"],
                **{k: None if r[k] is None else plain(r[k]) for k in ("before", "after", "difference")},
                **{k: r[k] for k in ("removed", "added")},
                "": synthetic(r),
            }
            for r in rows
        ]
    )
    if rest := sorted(set(names) - {r["dataset"] for r in rows}):
        yield f"Also differing, with no rows to compare: {', '.join(rest)}."


def statuses(rows: Rows) -> Iterator[str | Table]:
    """The uptake statuses that differ (`assets.release_diff.of_statuses`), as many as fit."""
    if not rows:
        return
    names = municipalities()
    yield f"\nUptake: {counted(len(rows), 'status differs', 'statuses differ')}."
    yield Table(
        [
            {
                "month": month(r["month"]),
                "code": r["municipality_code"],
                "customer": names.get(r["municipality_code"], r["organisation_number"]),
                "service": r["service"],
                **{side: _status(r[f"step_{side}"], active=r[f"active_{side}"]) for side in ("before", "after")},
                "": synthetic(r),
            }
            for r in rows
        ],
        limit=_SCREEN_ROWS,
        more=" statuses; --json.",
    )


def _status(step: str | None, *, active: bool | None) -> str:
    return "no row" if step is None else f"{step}, active" if active else step


def municipalities() -> dict[str, str]:
    """The names of municipalities of now, by code."""
    today = day_in_oslo(landing.utc_now())
    return {code: borders().municipalities[code].name for code in borders().codes_on(today)}
