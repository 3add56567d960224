"""Small cells: which figures are hidden so that no other published figure reveals a small one.

A *group* is the cells of a published sum: a service's measure in a month, by municipality, under the national
total. In a group at a sensitive service, each figure from 1 to 4 is hidden, and others with it (*covers*), so that
neither the total, nor a municipality's own figure, nor the rules in this module bound a small one more tightly than 1
to 4. The measures of a service in a month are judged together, since one may be a fixed multiple of another.
`docs/decisions/0009-small-cells.md` gives the reasons for each rule.

Everything here is a pure function of cells and of remembered cells; the order of rows never matters.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
from pyarrow import compute

from assets.build import BuildWindow
from assets.statements import statement
from catalog import facts
from catalog.contracts.columns import QUANTITY
from catalog.contracts.rows import RowFault, typed_row
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Query, Scan, Values
from catalog.domain import calendar
from catalog.tables import usage
from catalog.tables.registers import HIDDEN_CELL

SMALL = 5
"""Figures above 0 and below this are small."""
COVERS = 2
"""How many non-small figures are hidden with the small ones: two, since whoever sent one knows it."""
_ROOM = SMALL - 2
"""How far each small figure must be free to vary, even for someone who knows one hidden figure: from 1 to 4."""
SENSITIVE = ", ".join(quoted(s) for s in usage.SENSITIVE_SERVICES)
TOLD_OPENLY = ", ".join(quoted(s) for s in usage.TOLD_OPENLY)
COUNT_PERSONS = ", ".join(
    quoted(m)
    for m in (usage.DISPATCHES, *(r["measure"] for r in facts.read("measure") if r["counts_persons"] == "true"))
)
_NONE = Decimal(0)
_Rows = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Group:
    """The cells of one published sum.

    Attributes:
        cells: figures by name, in the order in which they are taken as covers. The order must not depend on the
            figures: a cover known to be the smallest would be bounded by those shown.
        rest: the part of the sum without a cell, which must not be revealed either; others are assumed to know it.
        rest_of: who the rest belongs to.
        hidden_before: cells that an earlier release hid, and that therefore stay hidden.
        shown_before: an earlier release showed the sum.
        sum_hidden_before: an earlier release hid the sum.
    """

    cells: Mapping[str, Decimal]
    rest: Decimal = _NONE
    rest_of: frozenset[str] = frozenset()
    hidden_before: frozenset[str] = frozenset()
    shown_before: bool = False
    sum_hidden_before: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """Which cells of a group are hidden, and whether its sum is."""

    hidden: frozenset[str]
    sum_hidden: bool


def is_small(figure: Decimal) -> bool:
    """Whether the figure must be hidden for its own sake. A reported 0 concerns nobody, and is shown."""
    return 0 < figure < SMALL


def judge(group: Group) -> Judged:
    """Decide what to hide in a group.

    A previously published group keeps its hidden cells. Where another cell must then be hidden, the sum is hidden: its
    change since the release before would equal the new cell.
    """
    small = frozenset(name for name, figure in group.cells.items() if is_small(figure))
    hidden = small | group.hidden_before
    if group.sum_hidden_before:
        return Judged(hidden, sum_hidden=True)
    if group.shown_before or group.hidden_before:
        alive = sum(group.cells.get(name, _NONE) > 0 for name in group.hidden_before)
        given_away = (group.hidden_before or group.rest > 0) and alive < COVERS
        return Judged(hidden, sum_hidden=bool(small - group.hidden_before or given_away))
    if not small and group.rest <= 0:
        return Judged(frozenset(), sum_hidden=False)
    covers = _covers([(name, figure) for name, figure in group.cells.items() if figure >= SMALL])
    return Judged(small | frozenset(covers), sum_hidden=not _enough([group.cells[c] for c in covers]))


def judge_together(groups: Mapping[str, Group]) -> dict[str, Judged]:
    """Decide what to hide of one service's measures in one month, where one may be a fixed multiple of another.

    Shown figures of two measures give the multiple. So what is hidden in one is hidden in all, and where the sum of one
    must be hidden, so are the sums of all it may be linked with. The sums must also be hidden where the hidden
    organisations behind two sums differ: the multiple and both sums would reveal those in one measure only. Measures
    whose shown figures rule out a multiple keep their own sums. Judging again with the hidden cells changes nothing.

    Args:
        groups: by measure.
    """
    alone = {measure: judge(group) for measure, group in groups.items()}
    everywhere = frozenset[str]().union(*(verdict.hidden for verdict in alone.values()))
    hidden = {m: alone[m].hidden | everywhere.intersection(group.cells) for m, group in groups.items()}
    behind = {m: everywhere.intersection(group.cells) | group.rest_of for m, group in groups.items()}
    linked = {
        m: {n for n in groups if n != m and _may_be_linked(group, groups[n], everywhere)} for m, group in groups.items()
    }
    sums = {
        m
        for m, group in groups.items()
        if alone[m].sum_hidden
        or (hidden[m] and sum(group.cells.get(name, _NONE) > 0 for name in hidden[m]) < COVERS)
        or any(behind[m] != behind[n] for n in linked[m])
    }
    while more := {m for m in groups if m not in sums and linked[m] & sums}:
        sums |= more
    return {m: Judged(hidden[m], sum_hidden=m in sums) for m in groups}


def _may_be_linked(group: Group, other: Group, hidden: frozenset[str]) -> bool:
    """Whether one may be a multiple of the other: at least half of the cells shown in both have the same ratio."""
    both = [(group.cells[n], other.cells[n]) for n in group.cells.keys() & other.cells.keys() - hidden]
    multiples = Counter(Fraction(a) / Fraction(b) for a, b in both if a and b)
    return not multiples or 2 * max(multiples.values()) >= multiples.total()


def _covers(candidates: Sequence[tuple[str, Decimal]]) -> list[str]:
    """The first candidates that cover; all of them when even together they do not, none when there are too few.

    The number taken depends on the candidates alone, so it says nothing about the small figures.
    """
    if len(candidates) < COVERS:
        return []
    for taken in range(COVERS, len(candidates) + 1):
        if _enough([figure for _, figure in candidates[:taken]]):
            return [name for name, _ in candidates[:taken]]
    return [name for name, _ in candidates]


def _enough(covers: Sequence[Decimal]) -> bool:
    """Whether the covers leave the small figures room, even for someone who knows the largest cover."""
    over = sorted(figure - SMALL for figure in covers)
    return len(over) >= COVERS and sum(over[:-1], _NONE) >= _ROOM


# --- other use by month ----------------------------------------------------------------------------------------------

_CELL = pa.schema(
    [
        ("month", pa.date32()),
        ("service", pa.string()),
        ("measure", pa.string()),
        ("organisation_number", pa.string()),
        ("quantity", QUANTITY),
        ("quantity_hidden", pa.string()),
        ("organisations", pa.int64()),
        ("synthetic", pa.bool_()),
    ]
)


def judged_measures(cells: pa.Table, remembered: pa.Table, unsettled_from: date) -> pa.Table:
    """Judge every group of the measures that count persons at sensitive services.

    Args:
        cells: month, service, measure, organisation_number, quantity, municipal, inhabitants, synthetic; one row each.
            Organisations other than municipalities have no cell of their own: they are in the sum only.
        remembered: rows of the register `hidden_cell`.
        unsettled_from: from this month on nothing is shown: in a month that still grows, each new person would appear
            as the difference between two days' releases.

    Returns:
        One row per cell, and one per group with a null organisation_number: the sum, before anything is hidden. A
        cell once hidden that no longer has a figure is included, hidden.
    """
    rows: dict[tuple[date, str], dict[str, list[dict[str, object]]]] = defaultdict(lambda: defaultdict(list))
    for row in cells.to_pylist():
        rows[row["month"], row["service"]][row["measure"]].append(row)
    memory = _memory(remembered)
    for month, service, measure in memory.hidden:
        rows[month, service].setdefault(measure, [])
    judged = [
        row
        for (month, service), by_measure in sorted(rows.items())
        for row in _judged_service(month, service, by_measure, memory, settled=month < unsettled_from)
    ]
    return pa.Table.from_pylist(judged, _CELL)


@dataclass(frozen=True, slots=True)
class _Memory:
    """What earlier releases hid and showed, by (month, service, measure)."""

    hidden: Mapping[tuple[date, str, str], frozenset[str]]
    sums_hidden: frozenset[tuple[date, str, str]]
    sums_shown: frozenset[tuple[date, str, str]]


def _memory(remembered: pa.Table) -> _Memory:
    hidden: dict[tuple[date, str, str], set[str]] = defaultdict(set)
    sums: dict[str, set[tuple[date, str, str]]] = {"HIDDEN": set(), "SHOWN": set()}
    for row in remembered.to_pylist():
        parts = row["cell"].split("/")
        if row["dataset"] == usage.MEASURE_MONTH.name and row["state"] == "HIDDEN":
            organisation, service, measure = parts
            hidden[row["month"], service, measure].add(organisation)
        elif row["dataset"] == usage.MEASURE_TOTAL_MONTH.name:
            service, measure = parts
            sums[row["state"]].add((row["month"], service, measure))
    return _Memory(
        {key: frozenset(organisations) for key, organisations in hidden.items()},
        frozenset(sums["HIDDEN"]),
        frozenset(sums["SHOWN"]),
    )


def _judged_service(
    month: date, service: str, by_measure: Mapping[str, _Rows], memory: _Memory, *, settled: bool
) -> Iterator[dict[str, object]]:
    groups = {m: _group(by_measure[m], memory, (month, service, m)) for m in sorted(by_measure)}
    if settled:
        verdicts, reason = judge_together(groups), usage.PROTECTED
    else:
        reason = usage.NOT_SETTLED
        verdicts = {m: Judged(frozenset(g.cells) | g.hidden_before, sum_hidden=True) for m, g in groups.items()}
    for measure, group in groups.items():
        synthetic = {str(r["organisation_number"]): bool(r["synthetic"]) for r in by_measure[measure]}
        verdict = verdicts[measure]
        same = {"month": month, "service": service, "measure": measure}
        organisations = sorted({*group.cells, *group.hidden_before})
        for organisation in organisations:
            yield same | {
                "organisation_number": organisation,
                "quantity": group.cells.get(organisation, _NONE),
                "quantity_hidden": reason if organisation in verdict.hidden else None,
                "synthetic": synthetic.get(organisation, any(synthetic.values())),
            }
        yield same | {
            "organisation_number": None,
            "quantity": sum(group.cells.values(), group.rest),
            "quantity_hidden": reason if verdict.sum_hidden else None,
            "organisations": len(organisations),
            "synthetic": any(synthetic.values()),
        }


def _group(rows: _Rows, memory: _Memory, key: tuple[date, str, str]) -> Group:
    # by size of municipality: it tells who is present, not how much they used
    placed = sorted((r for r in rows if r["municipal"]), key=_public_order)
    others = {str(r["organisation_number"]): _decimal(r["quantity"]) for r in rows if not r["municipal"]}
    return Group(
        {str(r["organisation_number"]): _decimal(r["quantity"]) for r in placed},
        sum(others.values(), _NONE),
        frozenset(others),
        hidden_before=memory.hidden.get(key, frozenset()),
        shown_before=key in memory.sums_shown,
        sum_hidden_before=key in memory.sums_hidden,
    )


def _public_order(row: Mapping[str, object]) -> tuple[bool, int, str]:
    inhabitants = row["inhabitants"]
    return inhabitants is None, inhabitants if isinstance(inhabitants, int) else 0, str(row["organisation_number"])


def _decimal(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(str(value))


# --- the memory ------------------------------------------------------------------------------------------------------


def unsettled_from(span: BuildWindow) -> date:
    """The first month whose figures may still change: until seven working days after it."""
    month = span.through
    while BuildWindow(span.as_of, before := calendar.month_of(month - timedelta(days=1))).provisional:
        month = before
    return month


def remembered_of(remembered: Scan, *datasets: str, month: date | None = None) -> Values:
    """The remembered cells of some datasets, or of one month of them, so that others cause no rebuild.

    Raises:
        TypeError: the scan is not a register, which is a small table in memory.
    """
    if not isinstance(remembered, Values):
        message = f"the register {HIDDEN_CELL.name} is given as {type(remembered).__name__}, not as values"
        raise TypeError(message)
    table = remembered.table.select(HIDDEN_CELL.schema.names)
    mine = compute.is_in(table["dataset"], pa.array(datasets, pa.string()))
    if month is not None:
        mine = compute.and_(mine, compute.equal(table["month"], pa.scalar(month, pa.date32())))
    return Values(table.filter(mine).sort_by([(name, "ascending") for name in HIDDEN_CELL.key]))


def landed_cells(rows: pa.Table) -> pa.Table:
    """The register `hidden_cell`: unlike other registers the union of all landed versions, so that none removes a cell.

    Args:
        rows: `register` and `values` of conformed rows of registers.
    """
    cells = set()
    for row in rows.select(["register", "values"]).to_pylist():
        if row["register"] != HIDDEN_CELL.name:
            continue
        try:
            values = typed_row(HIDDEN_CELL.columns, json.loads(row["values"]))
        except (RowFault, ValueError):
            continue  # conform has quarantined it with its reason; only a row of an older contract can get here
        cells.add(tuple(values[k] for k in HIDDEN_CELL.key))
    ordered = [dict(zip(HIDDEN_CELL.key, cell, strict=True)) for cell in sorted(cells, key=str)]
    return pa.Table.from_pylist(ordered, HIDDEN_CELL.schema)


def newly_hidden(remembered: Scan, **tables: Scan) -> Scan:
    """The hidden cells and shown national totals of these tables that are not in the register `hidden_cell`.

    Rows of the register, in key order. Without rows there is nothing to land: rebuilding the tables with the register
    then gives the same tables.

    Args:
        remembered: the register.
        tables: `measure_month`, `measure_total_month` and `connection_month` as built, `measure` of reference, and
            `measure_month_shown` and `measure_total_month_shown`, as shown in the release before.
    """
    inputs = {"remembered": remembered, **tables}
    return Query(statement("usage/suppress_newly_hidden", sensitive=SENSITIVE), inputs)
