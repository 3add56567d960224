"""How many planted faults the suite sees: `make mutants`, or `python -m tests.mutants --seed 14 --count 60`.

Half of the faults are planted in SQL and in rules of contracts, half in Python, as many in each room. They are chosen
by the seed alone, from every place where one of the changes below can be made: nobody picks those that are easy to see.
Each is planted in a clone of the last commit, and the tests run there until one fails: first those that name what was
changed, then all. What survives is told with its place and its change, for a reader to judge: a fault that changes
nothing that anybody can see is not a gap.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

ROOMS = ("catalog", "transport", "assets", "pipelines", "dashboards")
ROOT = Path(__file__).parents[1]
_PATIENCE = 900
"""Seconds for the tests of one fault: one that makes them hang is seen too."""

_NEAREST, _NEAR = 3, 12
"""How many modules are tried first, and how many before all are."""
_ALIKE = 6
"""Letters that two names begin with alike, as those of `reconciliation_late` and its tests do."""


@dataclass(frozen=True)
class Mutant:
    """One fault: in `path`, the bytes from `start` to `end` become `after`."""

    path: str
    line: int
    start: int
    end: int
    before: str
    after: str

    def __str__(self) -> str:
        said = f"{self.before} -> {self.after or '(nothing)'}"
        return f"{self.path}:{self.line}  {said if len(said) < 90 else said[:89] + '…'}"


# ── Faults in SQL ────────────────────────────────────────────────────────────────────────────────────────────────────

_ASIDE = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\{\{.*?\}\}", re.DOTALL)
_IN_SQL = {
    r"(?<=\s)<=(?=\s)": "<",
    r"(?<=\s)<(?=\s)": "<=",
    r"(?<=\s)>=(?=\s)": ">",
    r"(?<=\s)>(?=\s)": ">=",
    r"(?<=\s)=(?=\s)": "<>",
    r"(?<=\s)<>(?=\s)": "=",
    r"(?<=\s)\+(?=\s)": "-",
    r"(?<=\s)-(?=\s)": "+",
    r"(?<=\s)\*(?=\s)": "/",
    r"(?<=\s)/(?=\s)": "*",
    r"(?<=\s)and(?=\s)": "or",
    r"(?<=\s)or(?=\s)": "and",
    r"\bleft join\b": "join",
    r"(?<!left )(?<!full )(?<!cross )(?<!asof )\bjoin\b": "left join",
    r"\bmin(?=\()": "max",
    r"\bmax(?=\()": "min",
    r"\bsum(?=\()": "max",
    r"\bcount\(distinct\b": "count(",
    r"\bunion all\b": "union",
    r"\bis null\b": "is not null",
    r"\bis not null\b": "is null",
    r"\bnot exists\b": "exists",
    r"\bnot in\b": "in",
    r" desc\b": "",
    r"\btrue\b": "false",
    r"\bfalse\b": "true",
    r"\bbool_or\b": "bool_and",
    r"\bbool_and\b": "bool_or",
    r"(?<=[\s(,])\d+(?=[\s),])": lambda found: str(int(found[0]) + 1),
}


def in_sql(path: str, text: str) -> Iterator[Mutant]:
    """Every fault that a statement can be given: an operator, a join, an aggregate or a number for its neighbour."""
    bare = _ASIDE.sub(lambda found: re.sub(r"[^\n]", "_", found[0]), text)
    for pattern, instead in _IN_SQL.items():
        for found in re.finditer(pattern, bare):
            after = instead(found) if callable(instead) else instead
            yield _mutant(path, text, found.start(), found.end(), after)


def _mutant(path: str, text: str, start: int, end: int, after: str) -> Mutant:
    return Mutant(path, text.count("\n", 0, start) + 1, start, end, text[start:end], after)


# ── Faults in Python ─────────────────────────────────────────────────────────────────────────────────────────────────

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
_REACHED: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+", ast.Mult: "//", ast.FloorDiv: "*", ast.Div: "*"}
_TURNED = {"min": "max", "max": "min", "any": "all", "all": "any"}


class _Faults(ast.NodeVisitor):
    """Walks a module, docstrings, annotations and messages aside."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text, self.found = path, text, list[Mutant]()
        lines = text.splitlines(keepends=True)
        self._begins = [0]
        for line in lines:
            self._begins.append(self._begins[-1] + len(line))
        self._lines = lines

    def _place(self, line: int, column: int) -> int:
        return self._begins[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        return self._place(node.lineno, node.col_offset), self._place(node.end_lineno, node.end_col_offset)

    def _between(self, left: ast.expr, right: ast.expr, after: str) -> None:
        start, end = self._span(left)[1], self._span(right)[0]
        if found := re.fullmatch(r"([\s)]*)([^\s()]+(?: (?:in|not))?)([\s(]*)", self.text[start:end]):
            begin = start + len(found[1])
            self.found.append(_mutant(self.path, self.text, begin, begin + len(found[2]), after))

    def _instead(self, node: ast.expr | ast.stmt, after: str) -> None:
        self.found.append(_mutant(self.path, self.text, *self._span(node), after))

    def visit_arg(self, node: ast.arg) -> None:
        """No fault in an annotation."""

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value:
            self.visit(node.value)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for default in [*node.args.defaults, *(d for d in node.args.kw_defaults if d)]:
            self.visit(default)
        for statement in node.body:
            self.visit(statement)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self._instead(node, "pass")
            self.visit(node.value)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._instead(node, "pass")

    def visit_Return(self, node: ast.Return) -> None:
        if node.value and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self._instead(node.value, "None")
            self.visit(node.value)

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return  # for the type checker alone
        self._instead(node.test, f"not ({ast.get_source_segment(self.text, node.test)})")
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            self._between(left, right, _COMPARED[type(operator)])
            left = right
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._between(left, right, "or" if isinstance(node.op, ast.And) else "and")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in _REACHED:
            self._between(node.left, node.right, _REACHED[type(node.op)])
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._instead(node, ast.get_source_segment(self.text, node.operand) or "None")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name) and node.func.id in _TURNED:
            self._instead(node.func, _TURNED[node.func.id])
        self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """No fault in a message."""

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, bool):
            self._instead(node, str(not node.value))
        elif isinstance(node.value, int):
            self._instead(node, str(node.value + 1))


def in_python(path: str, text: str) -> list[Mutant]:
    """Every fault that a module can be given: a condition, an operator, a number, a call or a result left out."""
    walked = _Faults(path, text)
    walked.visit(ast.parse(text))
    return walked.found


def in_rules(path: str, text: str) -> Iterator[Mutant]:
    """Every rule of a contract, left out."""
    for found in re.finditer(r"\br\.[a-z_0-9]+\((?:[^()]|\([^()]*\))*\),?", text):
        yield _mutant(path, text, *found.span(), "")


# ── Choose, plant, run ───────────────────────────────────────────────────────────────────────────────────────────────


def chosen(root: Path, seed: int, count: int) -> list[Mutant]:
    """So many faults: half in SQL and rules, half in Python, as many in each room. The same for the same seed."""
    drawn = random.Random(seed)
    files = sorted(f for room in ROOMS for f in (root / room).rglob("*") if f.suffix in {".py", ".sql"})
    texts = {f.relative_to(root).as_posix(): f.read_text("utf-8") for f in files}
    stated = [m for path, text in texts.items() if path.endswith(".sql") for m in in_sql(path, text)]
    stated += [m for path, text in texts.items() if path.startswith("catalog/") for m in in_rules(path, text)]
    made = drawn.sample(stated, count - count // 2)
    for number, room in enumerate(ROOMS):
        share = (count // 2 + number) // len(ROOMS)
        code = [m for path, text in texts.items() if path.startswith(f"{room}/") and path.endswith(".py")
                for m in in_python(path, text)]  # fmt: skip
        made += drawn.sample(code, share)
    return made


_GUARDS = {
    "catalog": ("tests/pipelines/cli/test_interface.py", "tests/pipelines/cli/test_same_number.py"),
    "assets": ("tests/pipelines/cli/test_interface.py",),
    "pipelines": ("tests/pipelines/cli/test_interface.py",),
    "dashboards": ("tests/dashboards/test_words.py", "tests/pipelines/cli/test_same_number.py"),
}
"""What compares a whole release, or every page, with what was kept: any fault that changes an answer shows there."""


def near(root: Path, mutant: Mutant) -> list[str]:
    """The test modules that are tried first.

    Those named for what was changed, for its folder, or for the module that reads the statement; then what guards the
    room as a whole; then those that mention it.
    """
    place = Path(mutant.path)
    stem = place.parent.name if place.stem == "__init__" else place.stem
    folder = place.parents[1] if place.parent.name == "sql" else place.parent
    subjects = {stem, folder.name} - set(ROOMS)
    if place.suffix == ".sql":
        spoken = re.compile(rf'[/"]{stem}"')
        modules = (root / place.parts[0]).rglob("*.py")
        subjects |= {module.stem for module in modules if spoken.search(module.read_text("utf-8"))}
    found: list[tuple[tuple[bool, ...], str]] = []
    for test in (root / "tests").rglob("test_*.py"):
        about = test.stem.removeprefix("test_")
        told = re.search(rf"\b{stem}\b", test.read_text("utf-8")) is not None
        named = about in subjects or about[:_ALIKE] == stem[:_ALIKE]
        if told or named:
            rank = ("browser" in about, not named, place.parts[0] not in test.parts, not told)
            found.append((rank, test.relative_to(root).as_posix()))
    tests = [test for _, test in sorted(found)]
    guards = [guard for guard in _GUARDS.get(place.parts[0], ()) if guard not in tests[:_NEAREST]]
    return list(dict.fromkeys([*tests[:_NEAREST], *guards, *tests[_NEAREST:]]))[:_NEAR]


def failed(clone: Path, words: list[str]) -> tuple[int, list[str]]:
    """How pytest ended there, and which tests failed."""
    command = [clone / ".venv/bin/python", "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", *words]
    with subprocess.Popen(command, cwd=clone, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        try:
            out, _ = process.communicate(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return 124, ["(timed out)"]
    return process.returncode, re.findall(r"^(?:FAILED|ERROR) (\S+)", out, re.MULTILINE)


def tried(clone: Path, mutant: Mutant, words: list[str], *, whole: bool) -> dict[str, object]:
    """Plant it, run the tests until one fails, take it away; what saw it."""
    file = clone / mutant.path
    text = file.read_text("utf-8")
    began = time.monotonic()
    file.write_text(text[: mutant.start] + mutant.after + text[mutant.end :], "utf-8")
    try:
        tests = near(clone, mutant)
        rounds = [tests[:_NEAREST], tests[_NEAREST:], *([["tests"]] if whole else [])]
        code, seen = 5, list[str]()
        for modules in rounds:
            if modules and code in {0, 5}:
                code, seen = failed(clone, [*words, "-x", *modules])
    finally:
        file.write_text(text, "utf-8")
    return asdict(mutant) | {"seen": code not in {0, 5}, "by": seen[:5], "seconds": round(time.monotonic() - began, 1)}


def main() -> int:
    """Plant each, print a line for each, and the share that was seen."""
    words = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    words.add_argument("--seed", type=int, default=14)
    words.add_argument("--count", type=int, default=60)
    words.add_argument("--list", action="store_true", help="only tell which faults would be planted")
    words.add_argument("--only", type=int, nargs="+", metavar="N", help="these of them, by number")
    words.add_argument("--near", action="store_true", help="only the tests that name what was changed")
    words.add_argument("--clone", type=Path, default=ROOT / "build" / "mutants", help="where to plant them")
    words.add_argument("--pytest", default="", help="words for pytest, such as -m ''")
    given = words.parse_args()
    clone = given.clone.resolve()
    if not clone.exists():
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    for command in (["fetch", "--quiet", str(ROOT), "HEAD"], ["reset", "--quiet", "--hard", "FETCH_HEAD"]):
        subprocess.run(["git", *command], cwd=clone, check=True)
    made = list(enumerate(chosen(clone, given.seed, given.count), 1))
    if given.only:
        made = [(number, mutant) for number, mutant in made if number in given.only]
    if given.list:
        print(*(f"{number:3}  {mutant}" for number, mutant in made), sep="\n")
        return 0
    subprocess.run(["make", "--silent", "setup-dev", "clients"], cwd=clone, check=True)
    seen = 0
    with (clone.parent / f"{clone.name}.jsonl").open("a") as kept:
        for number, mutant in made:
            told = {"number": number} | tried(clone, mutant, given.pytest.split(), whole=not given.near)
            seen += bool(told["seen"])
            kept.write(json.dumps(told) + "\n")
            kept.flush()
            by = told["by"][0] if told["by"] else ""
            print(
                f"{number:3}  {'seen' if told['seen'] else 'SURVIVED':9}{told['seconds']:>6} s  {mutant}  {by}",
                flush=True,
            )
    print(f"\n{seen} of {len(made)} seen; seed {given.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
