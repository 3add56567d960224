"""What one file of a large table says of the checks of its contract: how many rows it has, and how many break each.

It follows from the file and the checks alone, so whoever has the file can count, and the counts of a table's files add
up. What does not belong here: Great Expectations, which judges the files in which something is wrong.
"""

from __future__ import annotations

from dataclasses import replace

from catalog.contracts import columns as c
from catalog.contracts.language import Audience, DatasetContract
from catalog.contracts.scan import Query, Scan
from pipelines.quality import gate
from pipelines.quality.checks import Check, Kind, quoted

_COLUMNS = (
    c.text("check_name", "Kontroll", "Check", key=True),
    c.count("examined", "Kontrollert", "Examined", "rader"),
    c.count("unexpected", "Avvik", "Unexpected rows", "rader"),
)


def add_up(contract: DatasetContract) -> bool:
    """Whether a table has a file a month, whose counts add up: its key has the month, or a day that is held to it."""
    days = "day" in contract.key and any(rule.name == "day_in_month" for rule in contract.rules)
    return contract.partitioned and (days or not contract.key or "month" in contract.key)


def counts_of(contract: DatasetContract) -> DatasetContract:
    """The contract of the counts of a table with months: a table of the lake, with a file for each of its files."""
    return replace(
        contract,
        schema="conformed",
        table=f"{contract.schema}_{contract.table}_judged",
        audience=Audience.INTERNAL,
        columns=(contract["month"].but(key=True), *_COLUMNS),
        rules=(),
        views=(),
        one_at_a_time=(),
        lies_by=(),
    )


def counts(contract: DatasetContract, file: Scan) -> Query:
    """How many rows of a file break each check of the contract: one pass, and one more for the key."""
    found = {check.name: _broken(check) for check in map(Check.of, gate.checks_of(contract))}
    names = ", ".join(f"'{name}'" for name in found)
    sums = ", ".join(found.values())
    found_in = f"select count(*) as examined, [{sums}] as broken from judged_file"  # noqa: S608 - of contracts
    rows = f"select unnest([{names}]) as check_name, examined, unnest(broken) as unexpected from ({found_in})"  # noqa: S608
    return Query(rows, {"judged_file": file})


def _broken(check: Check) -> str:
    """How many rows break a check; of a key, all rows whose key occurs more than once."""
    if check.kind != Kind.UNIQUE:
        # the line break keeps a trailing comment from eating the bracket
        return f"count(*) filter (where ({check.condition}\n) is false)"
    key = ", ".join(map(quoted, check.columns))
    again = f"select count(*) as n from judged_file group by {key} having count(*) > 1"  # noqa: S608 - of contracts
    return f"(select coalesce(sum(n), 0)::bigint from ({again}))"  # noqa: S608 - likewise
