"""What follows of unseen whole numbers from what is known of their sums: exact bounds, by integer programming."""

from __future__ import annotations

from collections.abc import Hashable, Mapping


class Integers:
    """Unseen whole numbers, what they lie between, and sums of them. The bounds are the tightest there are."""

    def __init__(self) -> None:
        self._between: dict[Hashable, tuple[float, float]] = {}
        self._sums: list[tuple[Mapping[Hashable, float], float, float]] = []

    def number(self, name: Hashable, low: float, high: float) -> None:
        """A number lies between these; what was said of it before holds too."""
        low_before, high_before = self._between.get(name, (low, high))
        self._between[name] = max(low, low_before), min(high, high_before)

    def total(self, terms: Mapping[Hashable, float], low: float, high: float) -> None:
        """So many times these numbers sum to something from `low` to `high`."""
        self._sums.append((terms, low, high))

    def bounds(self, *names: Hashable) -> list[tuple[int, int]]:
        """The least and the most that each of some numbers can be.

        Raises:
            ValueError: what is known holds of no numbers at all.
        """
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp  # half a second, for the few tests that ask
        from scipy.sparse import csr_array

        places = {name: n for n, name in enumerate(self._between)}
        cells = [(row, places[n], f) for row, (terms, _, _) in enumerate(self._sums) for n, f in terms.items()]
        rows, columns, factors = ([cell[n] for cell in cells] for n in range(3))
        sums = csr_array((factors, (rows, columns)), shape=(len(self._sums), len(places)))
        low, high = ([ends[end] for _, *ends in self._sums] for end in (0, 1))
        within = Bounds(*map(np.array, zip(*self._between.values(), strict=True)))
        found = []
        for name in names:
            ends = []
            for sign in (1.0, -1.0):
                goal = np.zeros(len(places))
                goal[places[name]] = sign
                answer = milp(goal, integrality=1, bounds=within, constraints=LinearConstraint(sums, low, high))
                if answer.x is None:
                    message = f"what is known of {name} contradicts itself: {answer.message}"
                    raise ValueError(message)
                ends.append(round(sign * answer.fun))
            found.append((ends[0], ends[1]))
        return found
