"""Writes `catalog/exports/readers.json`: which columns each page, report, metric, query and command reads.

SQL is parsed by sqlglot, so this is done by `make renew` and not when contracts are compared. A page has the queries of
its folder, and the shared ones that its code names, directly or through shared functions. Where Python names a dataset,
every column counts. What a visitor chooses (the rows shown on the data page) is not counted.
"""

from __future__ import annotations

import ast
import importlib
import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.optimizer.qualify import qualify
from sqlglot.schema import MappingSchema

from catalog.contracts.language import DatasetContract
from catalog.exports.promised import contracts
from catalog.exports.readers import ANY, READERS
from catalog.metrics.macros import MACROS
from catalog.metrics.metrics import EXAMPLE_QUERIES, METRICS
from dashboards.release import query
from transport.base.settings import PROJECT

_DIALECT = "duckdb"
_COLUMNS = {name: [c["name"] for c in d["columns"]] for name, d in contracts()["datasets"].items()}
_VIEW_OF = {name: d["view_of"] for name, d in contracts()["datasets"].items() if d["view_of"]}
_MACROS = {m.name: m for m in MACROS}
Reads = dict[str, set[str]]


@dataclass(frozen=True)
class Source:
    """A reader's statements, and the datasets that its code names."""

    statements: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()


def main() -> None:
    """Write the file."""
    READERS.write_text(written(), "utf-8")


def written() -> str:
    """The text of the file."""
    reads = {
        kind: {name: reads_of(s) for name, s in source_by_name.items()} for kind, source_by_name in sources().items()
    }
    return json.dumps(reads, indent=1, sort_keys=True) + "\n"


def sources() -> dict[str, dict[str, Source]]:
    """Every reader, by kind and name."""
    rooms = PROJECT / "dashboards"
    return {
        "page": {f.name: _of_room(f) for f in sorted((rooms / "views").iterdir()) if (f / "page.py").is_file()},
        "report": {f.name: _of_room(f) for f in sorted((rooms / "reports").iterdir()) if (f / "report.py").is_file()},
        "metric": {m.name: Source((m.sql,)) for m in METRICS},
        "example query": {q.name: Source((q.sql,)) for q in EXAMPLE_QUERIES},
        "function": {name: Source((_statement(m.body),)) for name, m in _MACROS.items()},
        "command": {
            str(f.relative_to(PROJECT)): source
            for room in ("pipelines/accounts", "pipelines/cli/commands", "pipelines/exports")
            for f in sorted((PROJECT / room).glob("*.py"))
            if (source := Source(datasets=tuple(sorted(_datasets_named(f))))).datasets
        },
    }


def reads_of(source: Source) -> dict[str, list[str]]:
    """The columns that a reader reads, by dataset; a view's columns count for its dataset too."""
    reads: Reads = {}
    for statement in source.statements:
        _add(reads, of_statement(statement))
    for dataset in source.datasets:
        _add(reads, {dataset: {ANY}})
    for view, dataset in _VIEW_OF.items():
        if view in reads:
            _add(reads, {dataset: {c for c in reads[view] if c == ANY or c in _COLUMNS[dataset]}})
    return {dataset: sorted(columns) for dataset, columns in sorted(reads.items())}


@cache
def of_statement(statement: str) -> Reads:
    """The columns that one statement reads, by dataset; where the table is unclear, those of each dataset in it."""
    reads: Reads = {}
    for name, macro in _MACROS.items():
        if re.search(rf"(?<![\w.]){re.escape(name)}\s*\(", statement):
            _add(reads, of_statement(_statement(macro.body)))
    tree = sqlglot.parse_one(statement, dialect=_DIALECT)
    qualified = qualify(tree, schema=_SCHEMA, dialect=_DIALECT, validate_qualify_columns=False)
    datasets: dict[str, set[str]] = {}
    for table in qualified.find_all(exp.Table):
        if (dataset := f"{table.db}.{table.name}") in _COLUMNS:
            datasets.setdefault(table.alias_or_name, set()).add(dataset)
    everything = set().union(*datasets.values())
    _add(reads, dict.fromkeys(everything, ()))
    for column in qualified.find_all(exp.Column):
        for dataset in datasets.get(column.table, ()) if column.table else everything:
            _add(reads, {dataset: {column.name} & {*_COLUMNS[dataset]}})
    return reads


def _statement(body: str) -> str:
    """A function's body as a statement: that of a value is in parentheses."""
    return f"select {body}" if body.lstrip().startswith("(") else body


_SCHEMA = MappingSchema(dialect=_DIALECT)
for _name, _columns in _COLUMNS.items():
    _SCHEMA.add_table(_name, dict.fromkeys(_columns, "text"))


def _add(reads: Reads, more: Mapping[str, Collection[str]]) -> None:
    for dataset, columns in more.items():
        reads.setdefault(dataset, set()).update(columns)


# --- what code names -------------------------------------------------------------------------------------------------


def _of_room(folder: Path) -> Source:
    """The queries of a page or a report: those in its own folder, and the shared ones that its code names."""
    own = {f"{folder.name}/{f.stem}" for f in folder.glob("sql/*.sql")}
    queries_named = {text for node, path in _reached(folder) for text in _texts(node)} & set(query.names())
    return Source(tuple(query.sql(name) for name in sorted((own | queries_named) - _CHOSEN)))


_CHOSEN = {"dataset"}
"""Queries of a dataset that the visitor chooses."""


def _reached(folder: Path) -> Iterator[tuple[ast.AST, Path]]:
    """The modules of a room, and the definitions of the rooms it shares that they use, directly or through others."""
    waiting: list[tuple[Path, str]] = [(path, "") for path in sorted(folder.rglob("*.py"))]
    visited: set[tuple[Path, str]] = set()
    while waiting:
        path, symbol = waiting.pop()
        if (path, symbol) in visited:
            continue
        visited.add((path, symbol))
        module = _Module.of(path)
        for node in module.definitions.get(symbol, ()) if symbol else [module.tree]:
            yield node, path
            for used in ast.walk(node):
                if isinstance(used, ast.Attribute) and isinstance(used.value, ast.Name):
                    waiting += module.imported(used.value.id, used.attr)
                elif isinstance(used, ast.Name):
                    waiting += [(path, used.id)] if symbol else []
                    waiting += module.imported(used.id)


_ROOMS = ("dashboards.shared", "dashboards.page", "dashboards.views", "dashboards.reports")


@dataclass(frozen=True)
class _Module:
    """A parsed module: its definitions by name, and where the names it imports come from."""

    tree: ast.Module
    definitions: Mapping[str, list[ast.stmt]]
    imports: Mapping[str, tuple[str, str]]

    @staticmethod
    @cache
    def of(path: Path) -> _Module:
        """The module in a file."""
        tree, definitions = ast.parse(path.read_text("utf-8")), dict[str, list[ast.stmt]]()
        for node in tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            names = [t.id for t in targets if isinstance(t, ast.Name)]
            for name in [getattr(node, "name", None), *names]:
                if name:
                    definitions.setdefault(name, []).append(node)
        imports = {
            alias.asname or alias.name: (node.module or "", alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith(_ROOMS)
            for alias in node.names
        }
        return _Module(tree, definitions, imports)

    def imported(self, name: str, attribute: str = "") -> list[tuple[Path, str]]:
        """Where an imported name is defined: in the module it comes from, or, of a module, its attribute."""
        if name not in self.imports:
            return []
        module, symbol = self.imports[name]
        inner, outer = _file(f"{module}.{symbol}"), _file(module)
        if inner is not None:
            return [(inner, attribute)] if attribute else []
        return [(outer, symbol)] if outer is not None else []


def _file(module: str) -> Path | None:
    at = PROJECT / module.replace(".", "/")
    return next((p for p in (at.with_suffix(".py"), at / "__init__.py") if p.is_file()), None)


def _texts(node: ast.AST) -> Iterator[str]:
    """The texts that may name a query: every one with `/` or `_`, and a single word where it is passed on."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield from (a.value for a in each.args if isinstance(a, ast.Constant) and isinstance(a.value, str))
        elif isinstance(each, ast.Constant) and isinstance(each.value, str) and re.search("[/_]", each.value):
            yield each.value


def _datasets_named(path: Path) -> set[str]:
    """The datasets that a module names: by their contracts, or in a text that is no docstring."""
    tree = ast.parse(path.read_text("utf-8"))
    prose = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and n not in prose]
    datasets_in_text = {name for name in _COLUMNS for text in texts if isinstance(text, str) and _names(text, name)}
    imported = [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and str(n.module).startswith(_TABLES)]
    members = {a.asname or a.name: _module_member(node.module or "", a.name) for node in imported for a in node.names}
    used = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)]
    values = [
        *members.values(),
        *(getattr(members.get(n.value.id), n.attr, None) for n in used if isinstance(n.value, ast.Name)),
    ]
    return datasets_in_text | {v.name for v in values if isinstance(v, DatasetContract) and v.name in _COLUMNS}


_TABLES = "catalog.tables"


def _module_member(module: str, name: str) -> object:
    """A module's member of that name: a contract, or a module of contracts."""
    of = importlib.import_module(module)
    return getattr(of, name) if hasattr(of, name) else importlib.import_module(f"{module}.{name}")


def _names(text: str, dataset: str) -> bool:
    return dataset in text and re.search(rf"(?<![\w.]){re.escape(dataset)}(?!\w)", text) is not None


if __name__ == "__main__":
    main()
