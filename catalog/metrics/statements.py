"""The queries of metrics and examples, kept in `sql/`; the files of a release and the rights that a query needs."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from catalog.contracts.language import FILES, Audience
from catalog.contracts.sharing import Right, connection_columns, is_public, right_to, work_columns
from catalog.tables.datasets import DATASETS, READABLE

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


@cache
def rights_of(sql: str) -> frozenset[Right]:
    """The rights that one of our own queries needs: for its tables, and for columns of connections that it names.

    Not for a stranger's query, which may read a column without naming it.
    """
    words = {*re.findall(r"[a-z_][a-z_0-9]*", sql)}
    read = [READABLE[name] for name in {*re.findall(r"\b[a-z_]+\.[a-z_0-9]+\b", sql)} & READABLE.keys()]
    rights = {right_to(dataset) for dataset in read}
    withheld = {column for dataset in read for column in work_columns(dataset.of or dataset)}
    reads_it = withheld and (words & withheld or re.search(r"(select\s+|\.)\*", sql))
    if read and all(is_public(dataset.of or dataset) for dataset in read) and not reads_it:
        rights = {Right.PUBLIC}
    if any(not words.isdisjoint(connection_columns(dataset.of or dataset)) for dataset in read):
        rights.add(Right.CONNECTIONS)
    return frozenset(right or Right.CUSTOMERS for right in rights)
