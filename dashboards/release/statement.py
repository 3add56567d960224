"""What a query names, read from its parse tree: tables, columns, parameters.

DuckDB parses the query (`json_serialize_sql`), so comments, quotes and spacing hide nothing, and constructs that this
module does not expect are refused. Nothing is bound or run here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import duckdb

from catalog.errors import Forbidden

_WORDS: Final = re.compile(r"[a-z_][a-z0-9_]*")
_OF_THE_SYSTEM: Final = frozenset({"information_schema"})
"""Schemas that list tables and columns, and hold no rows of a dataset."""
_FUNCTIONS: Final = frozenset({"duckdb_columns", "duckdb_tables", "duckdb_views", "generate_series", "range", "unnest"})
"""Functions that a query may read rows from. None opens a file, or a table named by an argument."""
_PARSER: Final = duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": False})


@dataclass(frozen=True, slots=True)
class Statement:
    """What a query names.

    Attributes:
        tables: `schema.table`, of tables and views.
        parameters: its `$parameters`.
        words: every word of its names and texts, in lower case: columns, aliases, constants.
        asks_for_all_columns: some `*` or `columns(…)` reads a table directly. A subquery names its own columns.
    """

    tables: frozenset[str]
    parameters: frozenset[str]
    words: frozenset[str]
    asks_for_all_columns: bool


@lru_cache(maxsize=500)
def parsed(text: str) -> Statement:
    """What a query names.

    Raises:
        Forbidden: it is not a single query, or it reads rows from a function that is not allowed.
    """
    with _PARSER.cursor() as cursor:
        [tree] = cursor.execute("select json_serialize_sql($text)", {"text": text}).fetchone() or ["{}"]
    syntax = json.loads(str(tree))
    if syntax.get("error") or len(syntax.get("statements", ())) != 1:
        raise Forbidden(f"The text is not a single query: {syntax.get('error_message', text[:80])}.", "Use one select.")
    tables, parameters, words = set[str](), set[str](), set[str]()
    for node in _nodes(syntax["statements"]):
        kind = node.get("type")
        if _is_table(node):
            tables.add(f"{node['schema_name']}.{node['table_name']}".lower())
        elif kind == "TABLE_FUNCTION" and node["function"]["function_name"].lower() not in _FUNCTIONS:
            raise Forbidden(f"Nobody may read rows from {node['function']['function_name']}.", "Ask for a dataset.")
        elif node.get("class") == "PARAMETER":
            parameters.add(node["identifier"].lower())
        for value in node.values():
            for name in [value] if isinstance(value, str) else value if isinstance(value, list) else []:
                if isinstance(name, str):
                    words.update(_WORDS.findall(name.lower()))
    star = any(_is_of_all_columns(node) for node in _nodes(syntax["statements"]) if node.get("type") == "SELECT_NODE")
    return Statement(frozenset(tables), frozenset(parameters), frozenset(words), asks_for_all_columns=star)


def _is_table(node: dict[str, Any]) -> bool:
    schema = node["schema_name"].lower() if node.get("type") == "BASE_TABLE" else ""
    return bool(schema) and schema not in _OF_THE_SYSTEM


def _is_of_all_columns(select: dict[str, Any]) -> bool:
    """Whether the select itself, not a subquery, has a star and reads a table."""
    own = list(_nodes(select, stop=frozenset({"SELECT_NODE"})))
    return any(node.get("class") == "STAR" for node in own) and any(_is_table(node) for node in own)


def _nodes(tree: Any, *, stop: frozenset[str] = frozenset()) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    """Every node of the tree, except nodes of a type in `stop` and all below them."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for value in tree:
            if not (isinstance(value, dict) and value.get("type") in stop):
                yield from _nodes(value, stop=stop)
