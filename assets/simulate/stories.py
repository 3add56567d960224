"""What a reader can find: a few stories, planted in each plan that is large enough for them.

| story | where it shows |
|---|---|
| `BELOW_COST` is sold clearly below what it costs | its self-cost coverage, year after year |
| the fee of `LAGS` stands still while its cost grows | its coverage falls; its price list has one price |
| one supplier holds five municipalities back | `WAITED_FOR` in the call list: signed, supplier not ready |
| four municipalities have stopped delivering | deliveries that lack, where the running month is seen |
| one loan is paid back as planned, another will not be | the loans (see `costs.PROJECTS`) |

All of it is synthetic.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from assets.simulate.plan import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def held_back(plan: Plan, organisations: Sequence[Organisation]) -> tuple[int, ...]:
    """Positions of the municipalities that wait for their supplier, in the same county where it has as many."""
    there = _ordinary(organisations)
    if not there:
        return ()
    first = there[int(plan.random(Kind.STORY).integers(len(there)))]
    near = [i for i in there if organisations[i].county_code == organisations[first].county_code]
    return tuple(sorted([*near, *(i for i in there if i not in near)][:_HELD_BACK]))


def silent(plan: Plan, organisations: Sequence[Organisation]) -> dict[int, date]:
    """Positions of those that have stopped delivering, and the first day without; none where no month is running."""
    held, there = held_back(plan, organisations), _ordinary(organisations)
    if not plan.running or not there:
        return {}
    free = [i for i in there if i not in held]
    chosen = plan.random(Kind.STORY, 1).choice(len(free), _SILENT, replace=False).tolist()
    return {free[n]: plan.stop - timedelta(days=days) for n, days in zip(chosen, _SILENT_SINCE, strict=True)}


def _ordinary(organisations: Sequence[Organisation]) -> list[int]:
    """Municipalities of a middle size that are there throughout."""
    if len(organisations) < _FEWEST:
        return []
    return [
        i
        for i, o in enumerate(organisations)
        if o.municipality_code and _SMALL <= o.inhabitants < _LARGE and o.is_valid(_LONG_AGO) and o.valid_to is None
    ]
