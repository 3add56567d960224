"""Small counts: the counts of sensitive services and shielded systems, and how they are perturbed.

They count what had been received when the month was last published, so that single arrivals change nothing in between.
`catalog/domain/perturbation.py` has the method; docs/protection.md says why.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa

from assets import conform
from assets.build import BuildWindow, builds, by_value, python_step, sql_step
from assets.sensitive import SENSITIVE
from assets.statements import statement
from catalog import facts
from catalog.contracts.columns import QUANTITY
from catalog.contracts.language import StreamContract
from catalog.contracts.rules import quoted
from catalog.contracts.scan import Parameter, Query, Scan, Values
from catalog.domain import calendar, perturbation
from catalog.domain.perturbation import LEADING_FLOW, Secret
from catalog.tables import conformed, registers, streams, usage

_LEADING = ", ".join(quoted(f"{service}/{flow}") for service, flow in LEADING_FLOW.items())
_FLOWS = ", ".join(quoted(row["measure"]) for row in facts.read("measure") if row["kind"] == "FLOW")
_CHILD_WELFARE = "barnevern"
"""A name with this word, even with one letter wrong, is sensitive whatever the register says."""


def _with_a_slip(word: str) -> str:
    """A pattern for the word, exact or with one letter extra, missing or wrong."""
    places = range(len(word))
    written = [word, *(f"{word[:i]}.?{word[i + 1 :]}" for i in places), *(f"{word[:i]}.{word[i:]}" for i in places)]
    return "|".join(written)


system_names = sql_step(
    "usage/system_name",
    registers.SOURCE_SYSTEM,
    written_name=sql_step("usage/written_name", conformed.DISPATCH, materialized=True),
    parameters={"child_welfare": _with_a_slip(_CHILD_WELFARE)},
    materialized=True,
)


def band_of(column: str) -> str:
    """SQL for the band of a count: `0`, `1-9`, `10-99`, `100-999` and so on."""
    digits = f"length(({column})::bigint::varchar)"
    return (
        f"case when {column} = 0 then '0' when {column} < 10 then '1-9'"
        f" else concat('1', repeat('0', {digits} - 1), '-', repeat('9', {digits})) end"
    )


# --- what counts -----------------------------------------------------------------------------------------------------


def _sum_of(column: str) -> str:
    """SQL for the sum of 64-bit hashes modulo 2⁶⁴."""
    return f"(sum({column}::hugeint) % {1 << 64}::hugeint)::decimal(20,0)"


_OPEN = timedelta(days=1)
"""How long a month stays open, and unpublished, when its first batch comes after its last publication."""


def _moments(span: BuildWindow, landed: Query) -> dict[str, Parameter]:
    """When the month was last published; and `as_of` while what came since may still be open, else null.

    A month that is loaded late is not published while it comes in: each single batch would show.
    """
    last_at = landed.parameters["last_at"]
    is_open = isinstance(last_at, datetime) and span.as_of < last_at + _OPEN
    return {"published_at": _published_at(span), "known_at": span.as_of if is_open else None}


def _published_at(span: BuildWindow) -> datetime:
    assert span.month is not None  # noqa: S101 - the tables have months
    return calendar.last_revised_at(span.month, span.as_of) or calendar.first_published_at(span.month)


def _is_settled(span: BuildWindow, landed: Query) -> bool:
    """Whether no batch with rows of the month came, or was withdrawn, after it was last published."""
    last_at = landed.parameters["last_at"]
    return not isinstance(last_at, datetime) or last_at < _published_at(span)


def _is_published(span: BuildWindow) -> bool:
    assert span.month is not None  # noqa: S101 - the tables have months
    return calendar.first_published_at(span.month) <= span.as_of


@builds(
    usage.PROTECTED_DISPATCH_MONTH,
    conformed.DISPATCH,
    registers.SOURCE_SYSTEM,
    registers.SERVICE_ALIAS,
    twice=by_value(conformed.DISPATCH_TWICE),
    landed=streams.DISPATCH,
)
def protected_dispatch_month(
    window: BuildWindow, dispatch: Scan, twice: Scan, landed: Query, source_system: Scan, service_alias: Scan
) -> Scan:
    """The month from its conformed rows, or from the rows received when it was last published."""
    if not _is_published(window):
        return Values(usage.PROTECTED_DISPATCH_MONTH.arrow_schema.empty_table())
    assert window.month is not None  # noqa: S101 - the table has months
    # what conform made holds what counts, if nothing of the month came or went since, nor in a month before it
    if _is_settled(window, landed) and window.month not in _table(twice)["month"].to_pylist():
        return _counted_dispatches(dispatch, system_names(dispatch=dispatch, source_system=source_system))
    names = system_names(dispatch=landed, source_system=source_system)
    ids = Query(
        statement("usage/protected_id"),
        {"row_of_month": landed, "sent_as": _sent_as(service_alias), "system_name": names},
        {"month_from": window.month_from, "month_to": window.month_to} | _moments(window, landed),
        materialized=True,
    )
    # ids first, by themselves: few, which the engine must know to keep them, not the month's rows, in memory
    both = {"row_of_month": landed, "protected_id": ids}
    counted = Query(statement("usage/protected_landed"), both, materialized=True)
    return _counted_dispatches(_in_force(streams.DISPATCH, counted, window, service_alias), names)


def _counted_dispatches(in_force: Scan, names: Scan) -> Scan:
    sql = statement("conformed/protected_dispatch_month", sensitive=SENSITIVE, sum_of_hash=_sum_of("hash"))
    return Query(sql, {"conformed_dispatch": in_force, "system_name": names})


@builds(
    usage.PROTECTED_MEASURE_MONTH,
    conformed.MEASUREMENT,
    registers.SERVICE_ALIAS,
    registers.DECISION,
    landed=streams.MEASUREMENT,
)
def protected_measure_month(
    window: BuildWindow, measurement: Scan, landed: Query, service_alias: Scan, decision: Scan
) -> Scan:
    """As `protected_dispatch_month`."""
    if not _is_published(window):
        return Values(usage.PROTECTED_MEASURE_MONTH.arrow_schema.empty_table())
    assert window.month is not None  # noqa: S101 - the table has months
    in_force = measurement
    if not _is_settled(window, landed):
        counted = Query(
            statement("usage/protected_landed_measured"),
            {"row_of_month": landed, "sent_as": _sent_as(service_alias)},
            {"month": window.month, "next_month": calendar.next_month(window.month)} | _moments(window, landed),
            materialized=True,
        )
        in_force = _in_force(streams.MEASUREMENT, counted, window, service_alias, decision)
    return Query(
        statement("conformed/protected_measure_month", sensitive=SENSITIVE, flows=_FLOWS),
        {"conformed_measurement": in_force},
        {"month": window.month.isoformat()},
    )


def _in_force(
    stream: StreamContract, landed: Scan, span: BuildWindow, service_alias: Scan, decision: Scan | None = None
) -> Scan:
    lookups = conform.Lookups(
        decisions=conform.decided(stream, _table(decision)) if decision else None, aliases=_table(service_alias)
    )
    none = Query("from counted_rows limit 0", {"counted_rows": landed})
    return conform.conform(stream, landed, withdrawn=none, month=span.month, as_of=None, lookups=lookups).rows


def _sent_as(service_alias: Scan) -> Values:
    """The names under which sensitive services are sent."""
    names = conform.names_of(usage.SENSITIVE_SERVICES, _table(service_alias))
    written = pa.array(names, pa.string()), pa.array(names.values(), pa.string())
    return Values(pa.Table.from_arrays([*written], ["written", "service"]))


def _table(register: Scan) -> pa.Table:
    assert isinstance(register, Values)  # noqa: S101 - registers are small tables in memory
    return register.table


# --- what is published -----------------------------------------------------------------------------------------------

_CELL = pa.schema(
    [
        ("month", pa.date32()),
        ("service", pa.string()),
        ("measure", pa.string()),
        ("organisation_number", pa.string()),
        ("system", pa.string()),
        ("quantity", QUANTITY),
        ("organisations", pa.int64()),
        ("synthetic", pa.bool_()),
    ]
)


_ENOUGH = 20
"""So many organisations have some of a flow whose sum is published beside the leading flow."""


def perturbed(cells: pa.Table, secret: Secret | None) -> pa.Table:
    """Cells with their figures perturbed: the only place where exact counts become published ones.

    Args:
        cells: month, service, measure, quantity, unit, digest_xor, digest_sum and synthetic; organisation_number,
            system and organisations where there are any.
        secret: the home's.

    Raises:
        ValueError: there is no secret.
    """
    if secret is None:
        message = "Counts of sensitive services cannot be published without a secret."
        raise ValueError(message)
    rows = cells.to_pylist()
    for row in rows:
        digest = int(row["digest_xor"]), int(row["digest_sum"])
        count = _whole(row["quantity"])
        key = perturbation.cell_key(secret, row["service"], row["measure"], digest, count)
        row["quantity"] = perturbation.published(count, key, row["unit"])
    return pa.Table.from_pylist(rows, _CELL)


def _whole(quantity: object) -> int:
    """The nearest whole number: hours may have decimals, cases have none."""
    return int(Decimal(str(quantity)).quantize(Decimal(1), ROUND_HALF_UP))


published_flows = python_step(
    perturbed,
    cells=sql_step(
        "usage/protected_cells",
        usage.PROTECTED_DISPATCH_MONTH,
        usage.PROTECTED_MEASURE_MONTH,
        slots={"sensitive": SENSITIVE, "leading": _LEADING, "sum_of_digest": _sum_of("digest_sum")},
        parameters={"dispatches": usage.DISPATCHES, "enough": _ENOUGH},
    ),
)
"""The published flows of sensitive services: the leading one by organisation, and each for the country.

Grain: one row per (month, service, measure, organisation_number), and one with a null organisation_number for the
country, which has a key of its own and is not the sum of the others. Whole numbers. A flow that is not the leading
one has a row if at least twenty organisations have some of it: of few it would tell as much as their own flows.
"""
published_systems = python_step(
    perturbed,
    cells=sql_step(
        "usage/shielded_cells",
        usage.PROTECTED_DISPATCH_MONTH,
        slots={"sum_of_digest": _sum_of("digest_sum")},
        parameters={"dispatches": usage.DISPATCHES},
    ),
)
"""The published dispatches of shielded systems in services that are not sensitive, for the country.

Grain: one row per (month, service, system).
"""

BUILDS = (protected_dispatch_month, protected_measure_month)
