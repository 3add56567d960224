"""Make the noise table of `catalog.domain.perturbation`. Run by hand when its parameters change.

    python -m tools.perturbation_table

A row gives the distribution of what is published for a true count: the one of maximum entropy among those with mean 0
and variance V that move at most D either way, publish nothing below 0, and never 1 to JS. Zero stays zero. From
D + JS + 1 on no value is barred, so that row is symmetric and serves every larger count. The variance is V exactly in
every row but the first: for D = 5, V = 3 and JS = 2 each small count can have it, and nothing is relaxed. Where none
can, the tool stops and names the row.

Solved by Newton's method on the dual, in decimals, which are the same on every machine. Weights are whole numbers out
of 2³². After rounding, three neighbouring weights take up what is left, a few tens of units at most, so that the sum,
the mean and the variance are exact.

Source: Fraser and Wooton 2005; Giessing 2016, as in the R package ptable.
"""

from __future__ import annotations

import csv
import decimal
import io
from decimal import Decimal
from pathlib import Path

from catalog import facts

D, V, JS = 5, 3, 2
"""As in `catalog.domain.perturbation`, which cannot be imported while the table does not fit it; a test compares."""
TOTAL = 2**32
_CONTEXT = decimal.Context(prec=60, traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow])
_CLOSE = Decimal("1e-40")
_STEPS = 100


def row(true: int) -> dict[int, int]:
    """The weight of each value that may be published for a true count.

    Raises:
        ArithmeticError: no distribution over the values that are left has mean 0 and variance V.
    """
    if true == 0:
        return {0: TOTAL}
    noises = [value - true for value in range(max(true - D, 0), true + D + 1) if not 0 < value <= JS]
    with decimal.localcontext(_CONTEXT):
        try:
            shares = _maximum_entropy(noises)
        except ArithmeticError as error:
            raise ArithmeticError(f"No noise of variance {V} for a count of {true}.") from error
        weights = {noise: int((share * TOTAL).to_integral_value()) for noise, share in shares.items()}
    return {true + noise: weight for noise, weight in _exact(weights).items()}


def _maximum_entropy(noises: list[int]) -> dict[int, Decimal]:
    """Shares proportional to exp(a·x + b·x²), with a and b such that the mean is 0 and the variance V."""
    a, b = Decimal(0), Decimal(-1) / (2 * V)
    for _ in range(_STEPS):
        shares = {x: (a * x + b * x * x).exp() for x in noises}
        total = sum(shares.values())
        shares = {x: share / total for x, share in shares.items()}
        first, second, third, fourth = (
            sum((share * x**power for x, share in shares.items()), Decimal(0)) for power in range(1, 5)
        )
        off = second - V
        if max(abs(first), abs(off)) < _CLOSE:
            return shares
        aa, ab, bb = second - first * first, third - first * second, fourth - second * second
        determinant = aa * bb - ab * ab
        a -= (bb * first - ab * off) / determinant
        b -= (aa * off - ab * first) / determinant
    raise ArithmeticError("Newton's method does not converge.")


def _exact(weights: dict[int, int]) -> dict[int, int]:
    """Correct rounded weights at the likeliest three neighbouring noises, so that sum, mean and variance are exact.

    The halves are whole: x² - x is always even, and so are the mean and the variance wanted, in units.
    """
    middle = max((x for x in weights if {x - 1, x + 1} <= weights.keys()), key=lambda x: weights[x])
    left, left_mean, left_variance = (
        wanted * TOTAL - sum(weight * (x - middle) ** power for x, weight in weights.items())
        for power, wanted in enumerate((1, -middle, V + middle * middle))
    )
    below, above = (left_variance - left_mean) // 2, (left_variance + left_mean) // 2
    corrections = {middle - 1: below, middle: left - left_variance, middle + 1: above}
    return {x: weight + corrections.get(x, 0) for x, weight in weights.items()}


def text() -> str:
    """The table as it stands in the file."""
    stream = io.StringIO()
    written = csv.writer(stream, lineterminator="\n")
    written.writerow(("true", "published", "weight"))
    for true in range(D + JS + 2):
        written.writerows((true, value, weight) for value, weight in row(true).items())
    return stream.getvalue()


def main() -> None:
    """Write the table into the facts."""
    Path(facts.__file__).with_name("perturbation.csv").write_text(text(), encoding="utf-8", newline="")


if __name__ == "__main__":
    main()
