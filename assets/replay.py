"""Replay: what other rules and registers do to the rows in quarantine, and to the numbers of municipalities."""

from __future__ import annotations

import pyarrow as pa

from assets.statements import statement
from catalog.contracts.language import DatasetContract, StreamContract
from catalog.contracts.scan import Query, Scan, Values

BATCHES = pa.schema([("producer", pa.string()), ("batch_id", pa.string())])
"""Names of batches."""


def fates(stream: StreamContract, before: Scan, after: Scan, *, withdrawn: pa.Table, landed: pa.Table) -> Scan:
    """What becomes of each row that is in a stream's quarantine before or after.

    Grain: one row per fate, month and rule, and one with the rule null that counts each row once. A row that broke
    several rules counts under each. The fates are LEAVES, WITHDRAWN (it leaves because its batch no longer counts),
    STAYS, ENTERS and LANDED (it enters, and its batch landed since). Unit of amount_ore: øre without VAT, as text; null
    for streams without kroner. The month is null where unreadable.

    Args:
        stream: the stream.
        before: its quarantine in the lake.
        after: its quarantine by the rules and registers of now.
        withdrawn: batches that no longer count (BATCHES).
        landed: batches that the lake's last release did not see (BATCHES).
    """
    inputs = {"quarantine_before": before, "quarantine_after": after}
    batches = {"withdrawn": Values(withdrawn), "landed": Values(landed)}
    return Query(statement("quality/replayed", month=_month(stream)), {**inputs, **batches})


def changed_municipalities(
    contract: DatasetContract, before: Scan, after: Scan, *, municipality: Scan, municipality_of: Scan
) -> Scan:
    """The municipalities of now whose rows differ between two versions of a table: code and name.

    Args:
        contract: of the table, which names a municipality or else an organisation.
        before: some of its months.
        after: the same months.
        municipality: reference.municipality.
        municipality_of: reference.municipality_of, by which an organisation is a municipality.
    """
    names = [c.name for c in contract.columns]
    place = (
        "join municipality on municipality.code = changed.municipality_code"
        if "municipality_code" in names
        else "join municipality_of using (organisation_number)\n"
        "join municipality on municipality.code = municipality_of.municipality_code"
    )
    sql = statement("quality/changed_municipalities", columns=", ".join(f'"{n}"' for n in names), place=place)
    tables = {"table_before": before, "table_after": after}
    return Query(sql, {**tables, "municipality": municipality, "municipality_of": municipality_of})


def _month(stream: StreamContract) -> str:
    """SQL for the month of a row in quarantine; that of a stream without months is in its record."""
    if stream.partitioned:
        return "month"
    moment = f"record ->> '{stream.month_of}'"
    day = f"try_cast({moment} as date)"
    if pa.types.is_timestamp(stream[stream.month_of].type):
        day = f"timezone('Europe/Oslo', try_cast({moment} as timestamptz))"
    return f"cast(date_trunc('month', {day}) as date)"
