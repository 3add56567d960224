"""Count what somebody must keep, beside the aims: hand-written text, places inside libraries, settings, processes.

`python -m tools.weight` prints aim and now; `--against COMMIT` also counts another commit; `--insides` lists each place
that touches a library's insides; `--walk TEST` runs one test and counts the files and functions of ours that it passes.

Data and generated files are not counted. How many files a new dataset, stream or page touches is for tests of
CONTRIBUTING, and not counted here. A process is an item in the first column of "What runs" in docs/operator.md, except
`dif run`, which ends; Dagster's daemon, which `dif up` also starts, counts with Dagster's pages.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import io
import subprocess
import sys
import tarfile
import tempfile
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

PROJECT = Path(__file__).resolve().parents[1]
PACKAGES = ("catalog", "transport", "assets", "pipelines", "dashboards")
OTHER_TEXT = {"sql": "SQL", "ftl": "Fluent", "j2": "templates", "js": "scripts", "css": "styles"}
AIMS = {
    "code lines": 46_000,
    "test lines": 52_000,
    "places inside libraries": 5,
    "settings": 60,
    "kinds of process": 6,
}
_NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
_OURS = {*PACKAGES, "tools", "tests", "benchmarks"}
_DOCUMENTED = {
    "os._exit",
    "._replace",
    "streamlit.session_state =",
    "streamlit.query_params =",
    ".should_exit =",
    "sys.tracebacklimit =",
}
"""What looks private, or replaced, and is documented for use."""


# ── Lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def code_lines(source: str) -> int:
    """Count lines without blank lines, comments and docstrings (of modules, classes, functions and attributes)."""
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in _NO_CODE:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            lines.difference_update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return len(lines)


def _lines(folder: Path, suffix: str) -> int:
    return sum(len(path.read_text("utf-8").splitlines()) for path in folder.rglob(f"*.{suffix}"))


# ── Places inside libraries ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True, order=True)
class Inside:
    """A place that depends on a library's private parts.

    Attributes:
        file: path in the project.
        line: of its first use there.
        what: the private name, or what is replaced.
    """

    file: str
    line: int
    what: str


def insides(root: Path) -> list[Inside]:
    """Find private imports, private attributes, overridden private methods and replaced parts of libraries.

    A name counts once per file. A private name is ours where the module defines it, or any module for `self`. CSS,
    JavaScript and regular expressions over a library's files are not seen.
    """
    modules = {
        path.relative_to(root).as_posix(): ast.parse(path.read_text("utf-8"))
        for package in PACKAGES
        for path in sorted((root / package).rglob("*.py"))
    }
    ours = {name for tree in modules.values() for name in _defined(tree)}
    places: dict[tuple[str, str], Inside] = {}
    for file, tree in modules.items():
        for line, what in sorted(_insides_of(tree, ours)):
            if what not in _DOCUMENTED:
                places.setdefault((file, what.rpartition(".")[2]), Inside(file, line, what))
    return sorted(places.values())


def _private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__") and name != "_"


def _defined(tree: ast.Module) -> Iterator[str]:
    """Names that our code defines: functions, classes, variables, and attributes of `self` and `cls`."""
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name, ctx=ast.Store()):
                yield name


def _libraries(tree: ast.Module) -> dict[str, str]:
    """The names by which a module knows other libraries' modules, classes and functions, with their whole names."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                whole = alias.name if alias.asname else alias.name.partition(".")[0]
                names[alias.asname or whole] = whole
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return {name: whole for name, whole in names.items() if whole.partition(".")[0] not in {*_OURS, "__future__"}}


def _insides_of(tree: ast.Module, ours: set[str]) -> Iterator[tuple[int, str]]:
    libraries, own = _libraries(tree), set(_defined(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from ((node.lineno, alias.name) for alias in node.names if _private_path(alias.name))
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] not in {*_OURS, "__future__"}:
                names = [alias.name for alias in node.names if _private_path(f"{module}.{alias.name}")]
                if names:
                    yield node.lineno, f"{module}: {', '.join(names)}"
            case _:
                yield from _used(node, libraries, own, ours)


def _private_path(name: str) -> bool:
    return any(map(_private, name.split(".")))


def _is_self(value: ast.expr) -> bool:
    match value:
        case ast.Name(id="self" | "cls") | ast.Call(func=ast.Name(id="super" | "type")):
            return True
    return False


def _used(node: ast.AST, libraries: dict[str, str], own: set[str], ours: set[str]) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Attribute(value=value, attr=name, ctx=ast.Load()) if _private(name):
            if name not in (ours if _is_self(value) else own):
                yield node.lineno, _whole(node, libraries) or f".{name}"
        case ast.Attribute(ctx=ast.Store() | ast.Del()) | ast.Subscript(ctx=ast.Store() | ast.Del()):
            yield from _replaced(node, libraries, ours)
        case ast.ClassDef():
            yield from _overridden(node, libraries)
        case ast.Call(func=ast.Attribute(value=value, attr="__init__")) if _whole(value, libraries):
            yield node.lineno, f"{_whole(value, libraries)}.__init__"
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="sys"), attr="meta_path"))):
            yield node.lineno, "sys.meta_path"
        case ast.Call(func=ast.Name(id="getattr" | "setattr"), args=[_, ast.Constant(value=str(name)), *_]) if (
            _private(name) and name not in ours
        ):
            yield node.lineno, f".{name}"


def _whole(node: ast.expr, libraries: dict[str, str]) -> str:
    """The whole name of an attribute of a library, or an empty string for an attribute of another value."""
    match node:
        case ast.Name(id=name):
            return libraries.get(name, "")
        case ast.Attribute(value=value, attr=name):
            outer = _whole(value, libraries)
            return f"{outer}.{name}" if outer else ""
    return ""


def _replaced(
    target: ast.Attribute | ast.Subscript, libraries: dict[str, str], ours: set[str]
) -> Iterator[tuple[int, str]]:
    """The target of an assignment: `library.name =`, `vars(library)[…] =`, `x.part.name =` where no `name` is ours."""
    match target:
        case ast.Subscript(value=ast.Call(func=ast.Name(id="vars"), args=[value])) | ast.Subscript(value=value):
            whole = _whole(value, libraries)
        case ast.Attribute(value=ast.Attribute(), attr=name) if name not in ours:
            whole = _whole(target, libraries) or f".{name}"
        case _:
            whole = _whole(target, libraries)
    if whole:
        yield target.lineno, f"{whole} ="


def _overridden(node: ast.ClassDef, libraries: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Private methods and attributes that a class overrides, or uses, of the libraries' classes that it extends."""
    for base in node.bases:
        whole = _whole(base.value if isinstance(base, ast.Subscript) else base, libraries)
        inherited = _private_names(whole) if whole else set()
        for inner in ast.walk(node):
            match inner:
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name in inherited:
                    yield inner.lineno, f"{whole}.{name}"
                case ast.Attribute(value=ast.Name(id="self") | ast.Call(), attr=name) if name in inherited:
                    yield inner.lineno, f"{whole}.{name}"


def _private_names(whole: str) -> set[str]:
    module, _, name = whole.rpartition(".")
    if not module or module.partition(".")[0] in sys.stdlib_module_names:
        return set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            member = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError):
            return set()
    return {name for name in dir(member) if _private(name) and not name.startswith("__")}


# ── All of it ────────────────────────────────────────────────────────────────────────────────────────────────────────


def weigh(root: Path) -> dict[str, int]:
    """Count a checkout."""
    code = {
        package: sum(code_lines(path.read_text("utf-8")) for path in (root / package).rglob("*.py"))
        for package in PACKAGES
    }
    weights = {"code lines": sum(code.values())} | {f"  {package}": lines for package, lines in code.items()}
    weights["test lines"] = _lines(root / "tests", "py")
    weights["places inside libraries"] = len(insides(root))
    settings = next(
        node
        for node in ast.parse((root / "transport/base/settings.py").read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
    )
    weights["settings"] = sum(isinstance(node, ast.AnnAssign) for node in settings.body)
    table = (
        (root / "docs/operator.md").read_text("utf-8").partition("## What runs")[2].partition("\n\nIn `DIF_HOME`")[0]
    )
    rows = [row.split("|")[1] for row in table.splitlines() if row.startswith("| ")][1:]
    weights["kinds of process"] = sum(1 + row.count(" and ") for row in rows if "`dif run`" not in row)
    for package in PACKAGES:
        for suffix, kind in OTHER_TEXT.items():
            if lines := _lines(root / package, suffix):
                weights[f"{package}, {kind}"] = lines
    return weights


def at_commit(commit: str, folder: Path) -> Path:
    """Unpack a commit's files into a folder."""
    archive = subprocess.run(["git", "archive", commit], cwd=PROJECT, capture_output=True, check=True).stdout  # noqa: S607 - the developer's git
    with tarfile.open(fileobj=io.BytesIO(archive)) as packed:
        packed.extractall(folder, filter="data")
    return folder


def table(now: dict[str, int], before: dict[str, int] | None = None) -> str:
    """Aim, before and now of each weight, as a Markdown table."""
    titles = ["what", "aim", *(["before"] if before is not None else []), "now"]
    lines = [f"| {' | '.join(titles)} |", f"|---|{'---:|' * (len(titles) - 1)}"]
    for name in dict.fromkeys([*now, *(before or {})]):
        aim = f"≤ {AIMS[name]:,}".replace(",", " ") if name in AIMS else ""
        counts = [weights.get(name, 0) for weights in (before, now) if weights is not None]
        lines.append(f"| {name} | {aim} | {' | '.join(f'{count:,}'.replace(',', ' ') for count in counts)} |")
    return "\n".join(lines)


def walk(test: str) -> str:
    """Run one test in this process; count the product's functions and files that its threads pass, not its children."""
    import threading

    import pytest

    passed: set[tuple[str, int]] = set()
    roots = tuple(f"{PROJECT / package}/" for package in PACKAGES)

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(roots):
            passed.add((frame.f_code.co_filename, frame.f_code.co_firstlineno))

    class OnlyTheTest:
        """Record while the test itself runs: its fixtures and imports are not counted."""

        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_call(self) -> Iterator[None]:
            threading.setprofile(note)
            sys.setprofile(note)
            try:
                return (yield)
            finally:
                sys.setprofile(None)
                threading.setprofile(None)

    failed = pytest.main(["-q", "-n", "0", "-p", "no:randomly", test], plugins=[OnlyTheTest()])
    files = Counter(Path(file).relative_to(PROJECT).as_posix() for file, _ in passed)
    counts = "\n".join(f"{count:5} {file}" for file, count in sorted(files.items()))
    return f"{counts}\n{len(passed)} functions in {len(files)} files{' (the test failed)' if failed else ''}"


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tools.weight", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--against", metavar="COMMIT", help="count this commit too")
    parser.add_argument("--insides", action="store_true", help="list each place that touches a library's insides")
    parser.add_argument("--walk", metavar="TEST", help="count the files and functions that one test passes")
    arguments = parser.parse_args()
    if arguments.walk:
        sys.stdout.write(f"{walk(arguments.walk)}\n")
    elif arguments.insides:
        sys.stdout.writelines(f"{place.file}:{place.line}: {place.what}\n" for place in insides(PROJECT))
    else:
        before = None
        if arguments.against:
            with tempfile.TemporaryDirectory() as folder:
                before = weigh(at_commit(arguments.against, Path(folder)))
        sys.stdout.write(f"{table(weigh(PROJECT), before)}\n")


if __name__ == "__main__":
    main()
