"""Run the scoreboard: `make reliability`, or `python -m tests.reliability --only R1 R3 --seed 7 --scale 0.2`."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import random
import sys
import time
import traceback
from pathlib import Path

from tests.reliability.board import FIGURES, Figure

_SLOWEST = 60.0
_SAID = 8
"""Failures of one figure that are written out."""
_WIDTHS = (4, 9, 6, 8, 11, 8)


def register() -> dict[str, str]:
    """Import every module of this package, so that each registers its figures; the ones that could not be, and why."""
    broken: dict[str, str] = {}
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if not module.name.startswith(("test_", "__")):
            try:
                importlib.import_module(f"tests.reliability.{module.name}")
            except Exception:  # noqa: BLE001 - the figures of the others are still worth having
                broken[module.name] = traceback.format_exc(limit=-1).strip()
    return broken


def run(name: str, scale: float, seed: int) -> Figure:
    """One figure; a figure that breaks off has failed."""
    began = time.monotonic()
    try:
        return FIGURES[name](scale, seed)
    except Exception:  # noqa: BLE001 - the next figures are still worth having
        said = traceback.format_exc(limit=-6).strip()
        return Figure(name, "broke off", 0, seed, time.monotonic() - began, failures=[said])


def outcome(made: Figure) -> str:
    """One word."""
    return "not run" if made.not_run else "passed" if made.passed else "FAILED"


def row(made: Figure) -> str:
    """The figure's line of the table."""
    said = (made.id, outcome(made), str(made.n), str(len(made.failures)), str(made.seed), f"{made.seconds:.1f} s")
    cells = "  ".join(text.ljust(width) for text, width in zip(said, _WIDTHS, strict=True))
    control = {None: "", True: f"saw it: {made.control}", False: f"SAW NOTHING: {made.control}"}[made.control_saw]
    return f"{cells}  {made.title}{f'  [control {control}]' if control else ''}"


def tell(made: Figure) -> None:
    """What else is to be said of a figure, below its line."""
    if made.not_run:
        print(f"      not run: {made.not_run}")
    for name, value in made.facts.items():
        print(f"      {name}: {value}")
    for failure in made.failures[:_SAID]:
        print(f"      FAILED: {failure}")
    if len(made.failures) > _SAID:
        print(f"      and {len(made.failures) - _SAID} more")
    if made.seconds > _SLOWEST:
        print(f"      slower than {_SLOWEST:.0f} s")


def by_number(name: str) -> tuple[int, str]:
    """R2 before R10."""
    digits = "".join(c for c in name if c.isdigit())
    return int(digits or 0), name


def main(arguments: list[str] | None = None) -> int:
    """Run, tell, and fail if a figure failed; one that was not run is told, and is not a pass."""
    words = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    words.add_argument("--only", nargs="+", metavar="R", help="these figures")
    words.add_argument("--seed", type=int, help="repeat a run")
    words.add_argument("--scale", type=float, default=1.0, help="1 is full size")
    given = words.parse_args(arguments)
    seed = given.seed if given.seed is not None else random.SystemRandom().randrange(1 << 31)
    broken = register()
    names = sorted(given.only or FIGURES, key=by_number)
    if unknown := [name for name in names if name not in FIGURES]:
        print(f"No figure {', '.join(unknown)}; there are {', '.join(sorted(FIGURES, key=by_number))}.")
        for module, said in broken.items():
            print(f"tests/reliability/{module}.py cannot be imported:\n{said}")
        return 2
    print(f"seed {seed}, scale {given.scale:g}\n")
    made = []
    for name in names:
        one = run(name, given.scale, seed)
        print(row(one))
        tell(one)
        sys.stdout.flush()
        made.append(one)
    print(
        "\n" + "  ".join(t.ljust(w) for t, w in zip(("", "", "N", "failed", "seed", "seconds"), _WIDTHS, strict=True))
    )
    for one in made:
        print(row(one))
    for module, said in broken.items():
        print(f"\ntests/reliability/{module}.py cannot be imported:\n{said}")
    counts = {word: sum(outcome(one) == word for one in made) for word in ("passed", "FAILED", "not run")}
    print("\n" + ", ".join(f"{count} {word}" for word, count in counts.items()))
    if counts["FAILED"] or broken:
        print(f'Again: make reliability RELIABILITY="--seed {seed} --scale {given.scale:g}"')
    return 1 if counts["FAILED"] or broken else 0


if __name__ == "__main__":
    sys.exit(main())
