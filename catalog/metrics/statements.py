"""The queries of metrics and examples, kept in `sql/`, and the files of a release that a query reads."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from catalog.contracts.language import FILES, Audience
from catalog.tables.datasets import DATASETS

_SQL = Path(__file__).parent / "sql"


@cache
def query_text(kind: str, name: str) -> str:
    """The query of a metric or an example, as an analyst copies it."""
    return (_SQL / kind / f"{name}.sql").read_text("utf-8").rstrip().removesuffix(";")


def files_of(sql: str) -> tuple[str, ...]:
    """The files of a release that a query needs: open the first, and attach the other as `ledger`.

    A word `schema.name` is a table of `ledger.duckdb` where a contract says so; otherwise it is a table, a view or a
    function of `dif.duckdb`. An alias is neither.
    """
    ledgers = {name for name, d in DATASETS.items() if d.audience is Audience.LEDGER}
    schemas = {d.schema for d in DATASETS.values()}
    tables = {word for word in re.findall(r"\b[a-z_]+\.[a-z_0-9]+\b", sql) if word.partition(".")[0] in schemas}
    audiences = {Audience.LEDGER if word in ledgers else Audience.OPEN for word in tables}
    return tuple(file for audience, file in FILES.items() if audience in audiences)
