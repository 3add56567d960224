"""What users and other programs meet stays as it is, however the house is rebuilt.

A difference that is meant is kept by `make renew`; the commit shows it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog import errors
from dashboards.shared.pages import PAGES
from tests.catalog.test_errors import load_all
from tests.golden import holds
from transport.base.settings import PROJECT
from transport.servers.http.door import description

HELD = Path(__file__).with_name("interface")
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),
]


def shape(value: Any, place: str = "") -> Iterator[str]:
    """The keys of what is nested, with the type of each value; what is keyed by names of datasets or files is one."""
    if isinstance(value, dict) and value:
        named = any("." in k or "-" in k or k == "all" for k in value)
        for key, held in list(value.items())[: 1 if named else None]:
            yield from shape(held, f"{place}.{'*' if named else key}".removeprefix("."))
    elif isinstance(value, list) and value:
        yield from shape(value[0], f"{place}[]")
    else:
        yield f"{place}: {type(value).__name__}"


def test_the_same_that_landed_comes_to_the_same_content(published):
    said = published.current.manifest["datasets"]
    lines = [f"{name} {d['rows']} rows {d['content_hash']}" for name, d in sorted(said.items()) if d["content_hash"]]
    assert not holds(HELD / "content.txt", "\n".join(lines))


def test_the_manifest_says_the_same_things(published):
    manifest = json.loads((published.current.folder / "manifest.json").read_text())
    assert not holds(HELD / "manifest.txt", "\n".join(sorted({*shape(manifest)})))


EVERY_HELP = """
import contextlib
from pipelines.cli import main as cli

def show(app, words=()):
    print(f"$ dif {' '.join(words)} --help", flush=True)
    with contextlib.suppress(SystemExit):
        cli.main([*words, "--help"])
    print(flush=True)
    for name in app:
        if not name.startswith("-"):
            show(app[name], (*words, name))

show(cli.app)
"""


def test_every_command_has_the_same_help():
    """In a process of its own: what was called before in one may show in its help."""
    environment = {**os.environ, "COLUMNS": "120", "TERM": "dumb", "PYTHONUTF8": "1", "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-c", EVERY_HELP], env=environment, cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert not holds(HELD / "help.txt", "\n".join(line.rstrip() for line in done.stdout.splitlines()))


SHOWS = {"list", "show", "diff", "history", "check", "verify", "status", "alerts", "doctor", "sql", "basis", "ledger"}
SHOWS |= {"batch", "receipt", "price"}


def test_every_command_that_lists_or_shows_does_so_for_a_program():
    said = (HELD / "help.txt").read_text("utf-8")
    helped = dict(part.split(" --help\n", 1) for part in said.split("$ dif ")[1:] if " --help\n" in part)
    assert {name for name in helped if name.rpartition(" ")[2] in SHOWS and "--json" not in helped[name]} == set()


def kinds(cls: type[errors.SharingError], depth: int = 0) -> Iterator[str]:
    """The tree of errors by their kinds, which cross the wires."""
    yield f"{'  ' * depth}{cls.kind}"
    for below in sorted(cls.__subclasses__(), key=lambda c: c.kind):
        yield from kinds(below, depth + 1)


def test_errors_have_the_same_kinds():
    load_all()
    assert not holds(HELD / "kinds.txt", "\n".join(kinds(errors.SharingError)))


def properties(schema: Any, place: str) -> Iterator[str]:
    """What a JSON schema names."""
    if isinstance(schema, dict):
        for name, held in schema.get("properties", {}).items():
            yield f"{place}.{name}"
            yield from properties(held, f"{place}.{name}")
        yield from properties(schema.get("items"), f"{place}[]")


def test_the_door_answers_at_the_same_addresses_in_the_same_words():
    said = description()
    lines = [f"page /{page.path} {page.audience}" for page in PAGES]
    for path, methods in sorted(said["paths"].items()):
        for method, operation in sorted(methods.items()):
            if isinstance(operation, dict) and "responses" in operation:
                lines.append(f"{method.upper()} {path} {' '.join(sorted(map(str, operation['responses'])))}")
    for name, schema in sorted(said.get("components", {}).get("schemas", {}).items()):
        lines += properties(schema, name)
    assert not holds(HELD / "routes.txt", "\n".join(lines))
