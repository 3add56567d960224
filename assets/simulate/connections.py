"""Connections that dispatches come through (organisation × account × source system), and how much each carries."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from assets.simulate.adoption import NEVER
from assets.simulate.norwegian_year import ordinal
from assets.simulate.organisations import MUNICIPALITY
from assets.simulate.plan import Kind
from assets.simulate.source_systems import common, main_systems
from assets.simulate.stories import Paces, held_back, paces, silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    import numpy.typing as npt

    from assets.simulate.adoption import Uptake
    from assets.simulate.organisations import Organisation
    from assets.simulate.plan import Plan
    from assets.simulate.source_systems import SourceSystem

SERVICES = ("svarut", "svarinn", "fiks-io")
"""The services that carry dispatches; a connection's service is an index into this."""
NULL = -1
"""No system, supplier or code."""
CODES = 400
"""The number of different accounting codes."""
_NO_CODE_PERCENT, _NO_SYSTEM_PERCENT, _NO_SUPPLIER_PERCENT = 20, 3, 10
_NEW_PERCENT, _ENDED_PERCENT = 12, 4
_FINE = 1_000_000
_CARRIES = (100, 70, 90)
"""The relative weight of a connection of each service. Synthetic."""


@dataclass(frozen=True, slots=True)
class Connections:
    """Parallel arrays with one element per connection; positions index the plan's organisations and systems.

    Attributes:
        system: NULL where the sender does not say.
        supplier: the system whose supplier calls, NULL where unspecified.
        code: accounting code, NULL without.
        weight: how much it carries while it exists.
        first, last: days since 1970; from the first, until before the last.
        digital: the digital leaning, out of 256.
        account_ids: every account's id, indexed by `account`.
        paces: how the use of the plan's organisations moves.
    """

    organisation: npt.NDArray[np.int16]
    account: npt.NDArray[np.int16]
    system: npt.NDArray[np.int16]
    supplier: npt.NDArray[np.int16]
    service: npt.NDArray[np.int8]
    code: npt.NDArray[np.int16]
    main_type: npt.NDArray[np.int8]
    weight: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]
    digital: npt.NDArray[np.int64]
    account_ids: tuple[str, ...]
    paces: Paces

    def carried(self, day: date) -> npt.NDArray[np.int64]:
        """Cumulative sum of what each connection carries on a day; all connections where none exists yet."""
        number = ordinal(day)
        weight = (self.weight * self.paces.on(day)[self.organisation]).astype(np.int64)
        weights = np.where((self.first <= number) & (number < self.last), weight, 0).cumsum()
        return weights if weights[-1] else self.weight.cumsum()


def connections(
    plan: Plan, organisations: Sequence[Organisation], systems: Sequence[SourceSystem], uptakes: Iterable[Uptake]
) -> Connections:
    """The plan's connections: at least one per organisation, more for the larger, the first of each for SvarUt."""
    random = plan.random(Kind.CONNECTIONS)
    uses = {(u.organisation, u.service): u for u in uptakes}
    per_organisation = _share(plan.connections, [o.weight for o in organisations])
    rows: list[tuple[int, ...]] = []
    accounts: dict[tuple[int, int, int], int] = {}
    pairs: set[tuple[int, int]] = set()
    own = {o.number: [i for i, s in enumerate(systems) if s.only_for == o.number] for o in organisations}
    names = common(systems)
    mains = main_systems(plan, organisations, systems)
    waiting, quiet = held_back(plan, organisations), silent(plan, organisations)
    for i, organisation in enumerate(organisations):
        # Later connections carry less of what the organisation sends.
        parts = [_FINE // (nth + 2) for nth in range(per_organisation[i])]
        usable = [s for s in range(len(SERVICES)) if s == 0 or (i, SERVICES[s]) in uses]
        for nth in range(per_organisation[i]):
            service = 0 if nth == 0 else usable[int(np.searchsorted((0.7, 0.88), random.random())) % len(usable)]
            system = mains[i] if nth == 0 else _system(random, organisation, own[organisation.number], names)
            reported_system = NULL if random.integers(100) < _NO_SYSTEM_PERCENT else system
            if i in waiting:
                system = reported_system = mains[i]
            account = (i, service, int(random.integers(max(1, per_organisation[i] * 2 // 3))))
            while (accounts.setdefault(account, len(accounts)), reported_system) in pairs:
                account = (i, service, account[2] + 1)
            pairs.add((accounts[account], reported_system))
            first, last = _span(random, plan, organisation, uses.get((i, SERVICES[service])), nth)
            last = min(last, ordinal(quiet[i])) if i in quiet else last
            carries = organisation.weight * _CARRIES[service] * _FINE * parts[nth] // sum(parts)
            rows.append(
                (
                    i,
                    accounts[account],
                    reported_system,
                    NULL if random.integers(100) < _NO_SUPPLIER_PERCENT else system,
                    service,
                    NULL if random.integers(100) < _NO_CODE_PERCENT else int(random.integers(CODES)),
                    int(random.integers(8)),
                    carries,
                    first,
                    last,
                    int(random.integers(40, 200)),
                )
            )
    columns = np.array(rows, dtype=np.int64).T
    return Connections(
        organisation=columns[0].astype(np.int16),
        account=columns[1].astype(np.int16),
        system=columns[2].astype(np.int16),
        supplier=columns[3].astype(np.int16),
        service=columns[4].astype(np.int8),
        code=columns[5].astype(np.int16),
        main_type=columns[6].astype(np.int8),
        weight=columns[7],
        first=columns[8],
        last=columns[9],
        digital=columns[10],
        account_ids=tuple(str(uuid.UUID(bytes=random.bytes(16), version=4)) for _ in accounts),
        paces=paces(plan, organisations),
    )


def _share(total: int, weights: Sequence[int]) -> list[int]:
    """One each; the rest by the square root of the weight, by largest remainder."""
    roots = [round(1000 * w**0.5) for w in weights]
    rest = total - len(weights)
    whole = [rest * r // sum(roots) for r in roots]
    by_remainder = sorted(range(len(roots)), key=lambda i: (-(rest * roots[i] % sum(roots)), i))
    for i in by_remainder[: rest - sum(whole)]:
        whole[i] += 1
    return [1 + w for w in whole]


def _system(random: np.random.Generator, organisation: Organisation, own: list[int], common: list[int]) -> int:
    """A source system; the first names are used most, and names with a municipality's name only by that one."""
    if own and organisation.kind == MUNICIPALITY and random.integers(3) == 0:
        return own[int(random.integers(len(own)))]
    return common[int(min(random.integers(len(common)), random.integers(len(common))))]


def _span(
    random: np.random.Generator, plan: Plan, organisation: Organisation, use: Uptake | None, nth: int
) -> tuple[int, int]:
    """The period in which a connection carries, within the organisation's use and lifetime."""
    begin, end = ordinal(plan.first_month), ordinal(plan.end)
    within = int(random.integers(begin, end))
    is_new, has_ended = nth > 0 and random.integers(100) < _NEW_PERCENT, random.integers(100) < _ENDED_PERCENT
    first = within if is_new else 0
    last = within if has_ended and not is_new and nth > 0 else ordinal(NEVER)
    if use is None:
        return ordinal(NEVER), ordinal(NEVER)
    first = max(first, ordinal(use.first_use))
    last = min(last, ordinal(use.last_use))
    if organisation.valid_from is not None:
        first = max(first, ordinal(organisation.valid_from + timedelta(days=1)))
    if organisation.valid_to is not None:
        last = min(last, ordinal(organisation.valid_to))
    return first, last
