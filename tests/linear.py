"""What follows of figures that one cannot see from what is known of their sums: exact bounds, by linear programming."""

from __future__ import annotations

from collections.abc import Hashable, Mapping


class Linear:
    """Unseen figures, what they lie between, and sums of them.

    Unlike bounds that are tightened equation by equation, these are the tightest there are for figures that need not be
    whole numbers.
    """

    def __init__(self) -> None:
        self._between: dict[Hashable, tuple[float, float | None]] = {}
        self._sums: list[tuple[Mapping[Hashable, float], float, float | None]] = []

    def figure(self, name: Hashable, low: float, high: float | None = None) -> None:
        """A figure lies between these; what was said of it before holds too."""
        low_before, high_before = self._between.get(name, (low, high))
        highs = [h for h in (high, high_before) if h is not None]
        self._between[name] = max(low, low_before), min(highs, default=None)

    def total(self, terms: Mapping[Hashable, float], low: float, high: float | None = None) -> None:
        """So many times these figures sum to something from `low` to `high`; to `low` where no `high` is given."""
        self._sums.append((terms, low, high))

    def bounds(self, name: Hashable) -> tuple[float, float]:
        """The least and the most that the figure can be.

        Raises:
            ValueError: what is known holds of no figures at all.
        """
        from scipy.optimize import linprog  # half a second, for the few tests that ask

        names = {n: i for i, n in enumerate(self._between)}
        equal, equals, under, unders = [], [], [], []
        for terms, low, high in self._sums:
            row = [0.0] * len(names)
            for term, factor in terms.items():
                row[names[term]] += factor
            if high is None:
                equal, equals = [*equal, row], [*equals, low]
            else:
                under, unders = [*under, row, [-f for f in row]], [*unders, high, -low]
        ends = []
        for sign in (1.0, -1.0):
            goal = [0.0] * len(names)
            goal[names[name]] = sign
            found = linprog(
                goal,
                A_ub=under or None,
                b_ub=unders or None,
                A_eq=equal or None,
                b_eq=equals or None,
                bounds=list(self._between.values()),
            )
            if found.status == _UNBOUNDED:
                ends.append(float("inf"))
            elif found.status:
                message = f"what is known of {name} contradicts itself: {found.message}"
                raise ValueError(message)
            else:
                ends.append(round(sign * found.fun, 6))
        return ends[0], ends[1]


_UNBOUNDED = 3
