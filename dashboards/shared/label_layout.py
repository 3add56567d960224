"""Where labels and dots stand, so that none covers another, in charts whose width the page decides. Pure.

Everything is placed for the narrowest chart. A wider one only moves dots apart, so what is clear of each other there
stays so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Side = Literal["left", "center", "right"]
"""How a label is aligned to its leader: it begins there, has it in its middle, or ends there."""
OFF: Final = 4
"""Pixels from a leader to a label beside it."""
_GAP: Final = 3
"""Pixels between a label and a leader that passes it, and between two labels."""
_TRIALS: Final = 2_000
"""The most positions that are tried before the last label is left out."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A label below its dot, at the end of a vertical leader.

    Attributes:
        at: the leader's place across.
        wide: the label's width.
        tier: the row it stands in; 0 is nearest to the dots.
        side: its alignment.
    """

    at: float
    wide: float
    tier: int
    side: Side

    @property
    def begins(self) -> float:
        """Its left edge. A label beside its leader stands a little off it."""
        return {
            "left": self.at + OFF,
            "center": self.at - self.wide / 2,
            "right": self.at - self.wide - OFF,
        }[self.side]

    @property
    def ends(self) -> float:
        """Its right edge."""
        return self.begins + self.wide

    def clear_of(self, other: Placed) -> bool:
        """Neither covers the other nor its leader, here and in every wider chart, where dots only move apart.

        So the order across counts: in a tier, the label of the dot to the left stands to the left; and a leader that
        passes beside a label from its dot's side, rather than past its far end, stays there.
        """
        if self.tier == other.tier:
            first, second = sorted((self, other), key=lambda label: (label.at, label.begins))
            return max(first.ends, first.at) + _GAP <= min(second.begins, second.at)
        upper, lower = sorted((self, other), key=lambda label: label.tier)
        if (upper.side == "left" and lower.at <= upper.at) or (upper.side == "right" and lower.at >= upper.at):
            return True
        before, after = lower.at < upper.at, lower.at > upper.at
        return (before and lower.at <= upper.begins - _GAP) or (after and lower.at >= upper.ends + _GAP)


def labels(wanted: Sequence[tuple[float, float]], wide: float) -> list[Placed | None]:
    """Place labels below their dots in as few tiers as possible.

    Args:
        wanted: the place across and the width of each label, the most important first.
        wide: the chart's least width.

    Returns:
        As many as wanted, in order; None for a label that finds no room, the least important first.
    """
    for n in range(len(wanted), 0, -1):
        for tiers in range(1, n + 1):
            labels = _fitted(wanted[:n], wide, tiers)
            if labels:
                return [*labels, *[None] * (len(wanted) - n)]
    return [None] * len(wanted)


def _fitted(wanted: Sequence[tuple[float, float]], wide: float, tiers: int) -> list[Placed] | None:
    """All labels in so many tiers; None if they find no room, or none was found soon enough."""
    left = _TRIALS

    def rest(placed: dict[int, Placed], free: dict[int, list[Placed]]) -> dict[int, Placed] | None:
        nonlocal left
        if not free:
            return placed
        tightest = min(free, key=lambda n: len(free[n]))
        for label in free[tightest]:
            left -= 1
            if left < 0:
                return None
            others = {n: [o for o in some if o.clear_of(label)] for n, some in free.items() if n != tightest}
            if all(others.values()):
                whole = rest({**placed, tightest: label}, others)
                if whole is not None:
                    return whole
        return None

    free = {n: list(_positions(at, long, wide, tiers)) for n, (at, long) in enumerate(wanted)}
    labels = rest({}, free) if all(free.values()) else None
    return None if labels is None else [labels[n] for n in range(len(wanted))]


def _positions(at: float, long: float, wide: float, tiers: int) -> Iterator[Placed]:
    """Where a label may stand by itself, the best first."""
    for tier in range(tiers):
        for side in _SIDES:
            label = Placed(at, long, tier, side)
            if label.begins >= 0 and label.ends <= wide:
                yield label


_SIDES: Final[tuple[Side, ...]] = ("center", "left", "right")


def swarm(places: Sequence[float], radii: Sequence[float]) -> list[float]:
    """Heights above a line for dots that must not cover each other, each as low as it can be.

    Args:
        places: where each dot stands across, those that must stand lowest first.
        radii: the radius of each.

    Returns:
        The height of each dot's middle above the line.
    """
    heights: list[float] = []
    for place, radius in zip(places, radii, strict=True):
        # beside another it must stand above or below it: it rests on the line, or on the first one with room above
        spans = sorted(
            (height - apart, height + apart)
            for across, height, other in zip(places, heights, radii, strict=False)
            if (apart := max((other + radius) ** 2 - (across - place) ** 2, 0) ** 0.5)
        )
        rest = radius
        for low, high in spans:
            if low >= rest - _TOUCH:
                break
            rest = max(rest, high)
        heights.append(rest)
    return heights


_TOUCH: Final = 1e-10
"""Dots that touch are apart, whatever the last digit of a square root is."""
