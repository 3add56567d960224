"""A name says what it holds."""

from __future__ import annotations

import ast

from transport.base.settings import PROJECT

PACKAGES = ("assets", "benchmarks", "catalog", "dashboards", "pipelines", "tools", "transport")
EMPTY = {"one", "found", "said", "told", "known", "its"}
"""Names that do not say what they hold."""


def empty_names(source: str) -> list[tuple[int, str]]:
    """The line and name of each variable, argument, function and class with such a name."""
    names = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                names.append((node.lineno, name))
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                names.append((node.lineno, name))
    return sorted(place for place in names if place[1].strip("_").lower() in EMPTY)


def test_a_variable_an_argument_a_function_and_a_class_are_seen():
    source = "def told(one, *, its):\n    for found, price in one: known: int = 1\nclass _Said: unknown = price"
    assert empty_names(source) == [(1, "its"), (1, "one"), (1, "told"), (2, "found"), (2, "known"), (3, "_Said")]


def test_each_name_says_what_it_holds():
    wrong = [
        f"{path.relative_to(PROJECT)}:{line}: {name}"
        for package in PACKAGES
        for path in sorted((PROJECT / package).rglob("*.py"))
        for line, name in empty_names(path.read_text("utf-8"))
    ]
    assert not wrong, "\n".join(["Call these by a noun for what they hold, such as rows, match or known_ids:", *wrong])
