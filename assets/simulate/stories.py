"""What a reader can find: a few stories, planted in each plan that is large enough for them.

| story | where it shows |
|---|---|
| `BELOW_COST` is sold clearly below what it costs | its self-cost coverage, year after year |
| the fee of `LAGS` stands still while its cost grows | its coverage falls; its price list has one price |
| one supplier holds five municipalities back | `WAITED_FOR` in the call list: signed, supplier not ready |
| four municipalities have stopped delivering | deliveries that lack, where the running month is seen |
| each organisation grows or shrinks at a pace of its own | its own series beside its peers' |
| one municipality in six takes in a system, or gives one up | its use is another from one month to the next |
| one loan is paid back as planned, another will not be | the loans (see `costs.PROJECTS`) |

All of it is synthetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from assets.simulate.norwegian_year import ordinal
from assets.simulate.plan import Kind, month_after

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from assets.simulate.organisations import Organisation
    from assets.simulate.plan import Plan

BELOW_COST = "fiks-dokumentlager"
LAGS = "fiks-bekymringsmelding"
WAITED_FOR = "fiks-arkiv"
"""The service that the five municipalities wait for."""
_HELD_BACK, _SILENT = 5, 4
_FEWEST = 100
"""A plan with fewer organisations than this has no story about some of them."""
_SMALL, _LARGE = 4_000, 30_000
_LONG_AGO = date(2020, 2, 1)
_SILENT_SINCE = (12, 16, 20, 31)
"""How many days before the plan's last each of the silent was heard of last."""
_PACE, _FASTEST = 0.05, 0.12
"""How far paces are spread, and the most, a year."""
_TURNS_EVERY = 6
_GIVES_UP, _TAKES_IN = (0.55, 0.75), (1.3, 1.7)
"""What use becomes when a system is given up or taken in."""
_DAYS_A_YEAR = 365.25


def held_back(plan: Plan, organisations: Sequence[Organisation]) -> tuple[int, ...]:
    """Positions of the municipalities that wait for their supplier, in the same county where it has as many."""
    candidates = _ordinary(organisations)
    if not candidates:
        return ()
    first = candidates[int(plan.random(Kind.STORY).integers(len(candidates)))]
    near = [i for i in candidates if organisations[i].county_code == organisations[first].county_code]
    return tuple(sorted([*near, *(i for i in candidates if i not in near)][:_HELD_BACK]))


def silent(plan: Plan, organisations: Sequence[Organisation]) -> dict[int, date]:
    """Positions of the silent organisations, and the first day without data; empty without a running month."""
    waiting, candidates = held_back(plan, organisations), _ordinary(organisations)
    if not plan.running or not candidates:
        return {}
    free = [i for i in candidates if i not in waiting]
    chosen = plan.random(Kind.STORY, 1).choice(len(free), _SILENT, replace=False).tolist()
    return {free[n]: plan.stop - timedelta(days=days) for n, days in zip(chosen, _SILENT_SINCE, strict=True)}


@dataclass(frozen=True, slots=True)
class Paces:
    """How each organisation's use moves beside the country's, as parallel arrays.

    Attributes:
        begins: the plan's first day, in days since 1970, on which all are at 1.
        yearly: the growth beside the country's, per year.
        turns: the day from which a system was taken in or given up.
        becomes: what use is multiplied with from then on; 1 for most.
    """

    begins: int
    yearly: npt.NDArray[np.float64]
    turns: npt.NDArray[np.int64]
    becomes: npt.NDArray[np.float64]

    def on(self, day: date) -> npt.NDArray[np.float64]:
        """Each organisation's use on a day, as a multiple of use without a story."""
        number = ordinal(day)
        moved: npt.NDArray[np.float64] = (1 + self.yearly) ** ((number - self.begins) / _DAYS_A_YEAR)
        return moved * np.where(number >= self.turns, self.becomes, 1.0)


def paces(plan: Plan, organisations: Sequence[Organisation]) -> Paces:
    """The pace of each organisation; all alike in a plan too small for stories."""
    n = len(organisations)
    random = plan.random(Kind.STORY, 2)
    turns, becomes = np.full(n, ordinal(plan.first_month)), np.ones(n)
    yearly = np.zeros(n) if n < _FEWEST else np.clip(random.normal(0, _PACE, n), -_FASTEST, _FASTEST)
    for i in _ordinary(organisations):
        month, turning, up, how_far = random.random(4).tolist()
        if turning * _TURNS_EVERY < 1:
            low, high = _TAKES_IN if up < 0.5 else _GIVES_UP  # noqa: PLR2004 - as many of one as of the other
            turns[i] = ordinal(month_after(plan.first_month, 1 + int(month * (plan.months - 1))))
            becomes[i] = low + (high - low) * how_far
    return Paces(ordinal(plan.first_month), yearly, turns, becomes)


def _ordinary(organisations: Sequence[Organisation]) -> list[int]:
    """Municipalities of a middle size that are there throughout."""
    if len(organisations) < _FEWEST:
        return []
    return [
        i
        for i, o in enumerate(organisations)
        if o.municipality_code and _SMALL <= o.inhabitants < _LARGE and o.is_valid(_LONG_AGO) and o.valid_to is None
    ]
