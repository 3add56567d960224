"""Reference tables: bundled facts, current registers, and tables derived from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from assets.build import Build, BuildWindow, builds, from_sql, sql_step
from assets.statements import statement
from catalog import facts
from catalog.contracts.language import DatasetContract, RegisterContract
from catalog.contracts.scan import Query, Scan, Values
from catalog.domain.borders import Borders, borders
from catalog.tables import reference, registers

_FIRST = date(2012, 1, 1)
"""SvarUt's first year: no data is older."""
_2020, _2024 = date(2020, 1, 1), date(2024, 1, 1)


@cache
def bundled_places() -> pa.Table:
    """`municipality_of` from the bundled facts alone."""
    rows: list[dict[str, object]] = []
    history = borders()
    heirs = {row["organisation_number"]: row["municipality_code"] for row in facts.read("organisation")}
    for row in facts.read("organisation"):
        if row["kind"] != "MUNICIPALITY":
            continue
        number, code_now, code_2020 = (
            row["organisation_number"],
            row["municipality_code"],
            row["municipality_code_2020"],
        )
        code_now = code_now or heirs[row["successor_number"]]
        code_2020 = code_2020 or _only_before(history, code_now)
        for code, valid_from, valid_to, estimated in _periods(history, row, code_2020, code_now):
            rows.append(
                {
                    "organisation_number": number,
                    "municipality_code": code,
                    "valid_from": valid_from,
                    "valid_to": valid_to,
                    "estimated": estimated,
                }
            )
    return pa.Table.from_pylist(rows, reference.MUNICIPALITY_OF.arrow_schema)


def _only_before(history: Borders, code_now: str) -> str:
    """The code of 2020–2023 of a municipality that the facts have only from 2024 on."""
    before = [c for c in history.codes_on(_2020) if any(s.code == code_now for s in history.to_now(c, _2020))]
    return before[0] if before else code_now


def _periods(
    history: Borders, row: Mapping[str, str], code_2020: str, code_now: str
) -> list[tuple[str, date, date | None, bool]]:
    periods: list[tuple[str, date, date | None, bool]] = []
    starts = sorted(
        {_FIRST, _2020, _2024} | {c.on for changes in history.changes.values() for c in changes if c.on < _2020}
    )
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        if start >= _2024:
            code, estimated = code_now, False
        elif start >= _2020:
            code, estimated = code_2020, False
        else:
            code, estimated = _forerunner(history, code_2020, start, row["name"])
        if periods and periods[-1][0] == code and periods[-1][3] == estimated:
            periods[-1] = (code, periods[-1][1], end, estimated)
        else:
            periods.append((code, start, end, estimated))
    return periods


def _forerunner(history: Borders, code_2020: str, on: date, name: str) -> tuple[str, bool]:
    day = max(on, date(2017, 1, 1))
    before = _before(day).get(code_2020, ())
    if len(before) == 1:
        return before[0], False
    plain = name.removesuffix(" kommune").casefold()
    same = [c for c in before if (history.name_on(c, day) or "").casefold() == plain]
    if same:
        return same[0], True
    return (before[0], True) if before else (code_2020, True)


@cache
def _before(day: date) -> Mapping[str, tuple[str, ...]]:
    """The codes of a day, by the codes of 2020–2023 that they became."""
    history = borders()
    before: dict[str, tuple[str, ...]] = {}
    for code in history.codes_on(day):
        for after in _became(history, code):
            before[after] = (*before.get(after, ()), code)
    return before


def _became(history: Borders, code: str) -> set[str]:
    """The codes of 2020–2023 that a code became."""
    if history.valid(code, _2020):
        return {code}
    return {
        c for change in history.changes.get(code, ()) if change.on <= _2020 for c in _became(history, change.to_code)
    }


def _bundled_organisations(_window: BuildWindow) -> Values:
    schema = pa.schema([f for f in reference.ORGANISATION.arrow_schema if f.name != "synthetic"])
    return Values(facts.table("organisation", schema))


def _from_facts(contract: DatasetContract) -> Build:
    """A dataset that is a bundled table of facts, unchanged."""

    @builds(contract)
    def make() -> Scan:
        return Values(facts.table(contract.extra["facts"], contract.arrow_schema))

    return make


def from_register(contract: DatasetContract, register: RegisterContract) -> Build:
    """A dataset that is a register, unchanged, with its contract's columns by name; a missing flag is false."""
    names = {c.name for c in register.columns}
    columns = ", ".join(
        (f'coalesce("{c.name}", false) as "{c.name}"' if pa.types.is_boolean(c.type) else f'"{c.name}"')
        if c.name in names
        else f'false as "{c.name}"'
        for c in contract.columns
    )

    @builds(contract, register=register)
    def make(register: Scan) -> Scan:
        return Query(f"select {columns} from register", {"register": register})  # noqa: S608 - names of contracts

    return make


@builds(reference.MUNICIPALITY_TO_NOW)
def municipality_to_now() -> Scan:
    """Every code in force since 2017 and its successors in the division of now, with weights that sum to 1."""
    return Values(borders().then_to_now_table())


@builds(reference.MUNICIPALITY_OF, register=registers.ORGANISATION)
def municipality_of(register: Scan) -> Scan:
    """Which municipality code each municipal organisation had, and when; see the statement."""
    if isinstance(register, Values):
        # a company's change of name is no reason to rebuild the placement
        register = Values(register.table.filter(pc.equal(register.table["kind"], "MUNICIPALITY")))
    inputs = {"bundled_places": Values(bundled_places()), "register": register}
    return Query(statement("reference/municipality_of"), inputs, {"first": _FIRST})


organisation = from_sql(
    reference.ORGANISATION,
    reference.MUNICIPALITY_TO_NOW,
    register=registers.ORGANISATION,
    bundled=_bundled_organisations,
)
parts = sql_step(
    "reference/organisation_part",
    reference.ORGANISATION,
    reference.MUNICIPALITY_OF,
    reference.MUNICIPALITY_TO_NOW,
    materialized=True,
)

BUILDS: tuple[Build, ...] = (
    *(
        _from_facts(d)
        for d in (
            reference.MUNICIPALITY,
            reference.MUNICIPALITY_CHANGE,
            reference.COUNTY,
            reference.POPULATION,
            reference.NETWORK,
            reference.MEASURE,
            reference.PRICE_ELEMENT,
            reference.ADOPTION_EVENT_STEP,
            reference.ADOPTION_SOURCE,
            reference.DISPATCH_STATUS,
        )
    ),
    municipality_to_now,
    municipality_of,
    organisation,
    *(
        from_register(d, registers.REGISTERS[d.table])
        for d in (
            reference.PRODUCT,
            reference.NETWORK_MEMBER,
            reference.PRICE_RULE,
            reference.SOURCE_SYSTEM,
            reference.SERVICE_ALIAS,
            reference.ANNOTATION,
        )
    ),
)
