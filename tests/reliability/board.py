"""The scoreboard: what each reliability figure is, and how it is told.

`make reliability` runs every figure at full size and prints one table; `make test` runs the quick ones, small. Each
figure has a control where one can be had: the same attack on something without the protection, which must fail, so that
the figure is known to see the fault that it looks for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the scoreboard.

    Attributes:
        n: how many cases were tried.
        failures: what went wrong, in words; empty is what is wanted.
        control: what the control did, in words; empty when the figure has none.
        control_saw: whether the control failed as it must; None when there is none.
        not_run: why nothing was tried (a corpus or a tool that is not here); it then neither passed nor failed.
        facts: further counts, by name.
    """

    id: str
    title: str
    n: int
    seed: int
    seconds: float
    failures: list[str] = field(default_factory=list)
    control: str = ""
    control_saw: bool | None = None
    not_run: str = ""
    facts: dict[str, object] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether it was run, nothing failed, and the control saw the fault."""
        return not self.not_run and self.n > 0 and not self.failures and self.control_saw is not False


Run = Callable[[float, int], Figure]
"""A figure's function: told a scale (1.0 is full size) and a seed."""
FIGURES: dict[str, Run] = {}


def figure(name: str) -> Callable[[Run], Run]:
    """Register a figure's function under its number on the scoreboard: `@figure("R1")`."""

    def registered(run: Run) -> Run:
        FIGURES[name] = run
        return run

    return registered
