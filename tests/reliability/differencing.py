"""R18: what follows of small counts from all that releases publish of them, for one who knows how they are perturbed.

The attacker knows the method and its table, who used what when, who sent, took back or was erased between releases and
whether he did so alone, which rows came from the sender beside the others, the flow of fixed ratio and the mean of the
varying one, the distribution that counts were drawn from, and the exact sum of a month with twenty payers (the
ledger's). He does not know the secret. The control publishes the same without noise.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.reliability.board import Figure, figure
from tests.reliability.cells import FIXED, MORE, NONE, PRIOR, RELEASES, VARYING, Group, Publisher, Told, world
from tests.reliability.inference import (
    Belief,
    Month,
    Noise,
    Pairs,
    Sum,
    believed,
    both,
    collected,
    possible,
)
from tests.reliability.shielded import shielded
from tests.reliability.usefulness import useful
from tests.reliability.zygote import scratch

SMALL = range(1, 5)
PAYERS = 20
"""So many payers' sum is exact in the ledger."""
SURE, AT_MOST = 0.8, 0.002
"""Nobody may be surer than this of more than so many small cells."""


@dataclass(frozen=True, slots=True)
class Attack:
    """One month of a service, as an attacker sees it."""

    group: Group
    told: Sequence[Told]
    noise: Noise

    def month(self) -> Month:
        """What he knows of the month's cells and sums."""
        group = self.group
        alone = len(group.changed) <= 1
        cells, changed, erased = {}, ("", {(0, 0): 1.0}), ("", Belief(0, np.ones(1)))
        for name in group.senders:
            how = group.changed.get(name, "")
            if how and alone:
                changed = (name, self.pairs(name, how))
            elif how == "new":
                pass
            elif how:
                cells[name] = collected((before, w) for (before, _), w in self.pairs(name, how).items())
            elif name == group.erased:
                erased = (name, self.own(name))
            else:
                cells[name] = self.own(name)
        return Month(cells, [*self.sums(alone=alone)], changed, erased)

    def beside(self, release: int) -> Mapping[str, int]:
        """Rows of the sender beside the others."""
        return self.group.counted(release, known=True)

    def own(self, name: str) -> Belief:
        """What a cell's own published values say, each set of records once."""
        sets = {self.beside(r).get(name, 0): t.cells[name] for r, t in enumerate(self.told) if name in t.cells}
        prior = Belief(0, np.append(NONE, (1 - NONE) * PRIOR.weights)) if name in self.group.beside else PRIOR
        return both([prior, *(self.noise.told(value, beside=known) for known, value in sets.items())])

    def pairs(self, name: str, how: str) -> Pairs:
        """Of a cell that changed before the second release: what its values before and after say."""
        before, after = (t.cells.get(name) for t in self.told[:2])
        first, then = (Belief(0, np.ones(1)) if told is None else self.noise.told(told) for told in (before, after))
        found = {}
        for one, weight in zip(first.counts, first.weights, strict=True):
            for other, chance in zip(then.counts, then.weights, strict=True):
                prior = before_and_after(how, one, other)
                if prior * weight * chance:
                    found[one, other] = float(prior * weight * chance)
        flows = [t.country.get(VARYING[0]) for t in self.told[:2]]
        if len(self.group.changed) > 1 or None in flows:
            return found
        moved = self.moved(flows[1] - flows[0])  # type: ignore[operator]
        return {pair: w for pair, weight in found.items() if (w := weight * moved(pair[1] - pair[0]))}

    def moved(self, difference: int):
        """The chance of a difference of the country's two values of the varying flow, by the difference of cases."""
        unit = odd(VARYING[1])
        noises = self.noise.of(1000, unit)
        low = min(noises) - 1000
        weights = np.array([noises[n] for n in sorted(noises)])
        of_two = Belief(low - (max(noises) - 1000), np.convolve(weights, weights[::-1]))
        known = VARYING[1] * (sum(self.beside(1).values()) - sum(self.beside(0).values()))

        def chance(cases: int) -> float:
            mean = VARYING[1] * abs(cases)
            more = np.arange(6 * mean + 30)
            logs = more * np.log(max(mean, 1e-9)) - mean - np.cumsum(np.log(np.maximum(more, 1)))
            left = difference - known - np.sign(cases) * more
            return float(sum(of_two.within(int(x), int(x))[0] * p for x, p in zip(left, np.exp(logs), strict=True)))

        return chance

    def sums(self, *, alone: bool) -> Iterator[Sum]:
        """What each release says of the country's sum; where several changed, the first alone. Of one sender it says no
        more than the cell, which is the same set of records."""
        for release in range(RELEASES if alone else 1):
            country, known = self.told[release].country, sum(self.beside(release).values())
            found = [self.noise.told(country[""], beside=known)] if len(self.told[release].cells) > 1 else []
            if FIXED[0] in country:
                found.append(self.noise.told(country[FIXED[0]], beside=known, per=FIXED[1], unit=odd(FIXED[1])))
            truth = self.group.counted(0)
            if release == 0 and len(truth) >= PAYERS:
                found.append(Belief(sum(truth.values()), np.ones(1)))
            if found:
                yield Sum(both(found), after=release > 0, gone=release > 1)

    def truths(self) -> dict[str, tuple[int, str]]:
        """The true count of each name of the month, and what kind of cell it is."""
        before, after = self.group.counted(0), self.group.counted(1)
        few = "of a month with fewer than twenty" if len(self.group.senders) < PAYERS else "that stayed"
        found = {}
        for name in self.group.senders:
            how = self.group.changed.get(name, "")
            kind = "with a sender beside" if name in self.group.beside else few
            kind = "that was erased" if name == self.group.erased else kind
            if how:
                kind = f"that changed {'alone' if len(self.group.changed) == 1 else 'among others'}"
                found[f"{name}, after"] = (after.get(name, 0), kind)
            found[name] = (before.get(name, 0), kind)
        return found


def before_and_after(how: str, before: int, after: int) -> float:
    """The chance of a cell's counts before and after it changed, before anything is seen."""
    more = MORE.within(abs(after - before), abs(after - before))[0]
    chances = {
        "new": PRIOR.within(after, after)[0] * (before == 0),
        "late": PRIOR.within(before, before)[0] * more * (after > before),
        "withdrawn": PRIOR.within(after, after)[0] * more * (after < before),
        "gone": PRIOR.within(before, before)[0] * (after == 0),
    }
    return float(chances[how])


def odd(ratio: int) -> int:
    """The unit of a flow's noise."""
    return ratio + 1 - ratio % 2


@dataclass
class Verdict:
    """What an attack found of small cells.

    Attributes:
        small: how many there were, by kind.
        determined: those of which one count is left.
        sure: those of which he is surer than `SURE`, by kind.
        said: how sure he was of his guess at each cell, and whether it was right.
    """

    small: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    determined: list[str] = field(default_factory=list)
    sure: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    said: list[tuple[float, bool]] = field(default_factory=list)

    def take(self, attack: Attack) -> None:
        """Attack a month, and compare with what is true."""
        month = attack.month()
        bounds, beliefs = possible(month), believed(month)
        for name, (truth, kind) in attack.truths().items():
            if name not in beliefs:
                continue
            low, high = bounds[name]
            if not low <= truth <= high:
                raise AssertionError(f"{name} is {truth}, and was taken to be {low} to {high}")
            guess, share = beliefs[name].surest
            self.said.append((share, guess == truth))
            if truth in SMALL:
                self.small[kind] += 1
                self.sure[kind] += share > SURE
                if low == high:
                    self.determined.append(f"{attack.group.service} {attack.group.month:%Y-%m} {name}: {truth}")

    def boasts(self) -> list[str]:
        """Where he is right more often than he says, by tenths: then there is more to know than he was told."""
        found = []
        for tenth in range(10):
            said = [(s, right) for s, right in self.said if tenth <= 10 * s < tenth + 1 or (tenth == 9 and s == 1)]
            if said:
                expected = sum(s for s, _ in said)
                spread = np.sqrt(sum(s * (1 - s) for s, _ in said))
                if (right := sum(r for _, r in said)) > expected + 3 * spread + 1:
                    found.append(
                        f"{right} of {len(said)} guesses are right that are said to be so {expected:.0f} times"
                    )
        return found


DRAWS = (1, 2, 3, 5, 9)


def redrawn(seed: int, tried: int = 2000) -> str:
    """Of how many small cells somebody is surer than `SURE` who has them drawn anew, by a row of his own each time."""
    chance, noise, sure = np.random.default_rng((seed, 18)), Noise(), dict.fromkeys(DRAWS, 0)
    for _ in range(tried):
        truth, known = int(chance.integers(SMALL.start, SMALL.stop)), PRIOR
        for beside in range(max(DRAWS)):
            values = noise.of(truth + beside)
            value = int(chance.choice(list(values), p=list(values.values())))
            known = both([known, noise.told(value, beside=beside)])
            if beside + 1 in sure:
                sure[beside + 1] += known.surest[1] > SURE
    return ", ".join(f"{draws}: {count / tried:.1%}" for draws, count in sure.items())


@figure("R18")
def r18(scale: float, seed: int) -> Figure:
    """Months with a thousand senders and with few, four releases each."""
    began = time.monotonic()
    with scratch() as folder:
        publisher = Publisher(folder)
        groups = world(max(2, round(24 * scale)), seed)
        published = publisher.publish(groups)
        found, control = Verdict(), Verdict()
        for group, releases in zip(groups, published, strict=True):
            found.take(Attack(group, [told for told, _ in releases], Noise()))
            control.take(Attack(group, [exact for _, exact in releases], Noise(on=False)))
        uses, misuses = useful(publisher, seed)
        systems, followed, followed_by_control = shielded(publisher, seed)
    small, sure = sum(found.small.values()), sum(found.sure.values())
    wrong = [f"determined: {cell}" for cell in [*found.determined, *followed]] + found.boasts() + misuses
    if sure > AT_MOST * small:
        wrong.append(f"of {sure} of {small} small cells he is surer than {SURE}")
    kinds = {kind: f"{found.sure[kind]} of {count} surer than {SURE}" for kind, count in found.small.items()}
    return Figure(
        "R18",
        f"small cells in {RELEASES} releases: {len(found.determined)} determined, {sure} with a posterior over {SURE}",
        small,
        seed,
        time.monotonic() - began,
        wrong,
        control=f"without noise {len(control.determined)} of {sum(control.small.values())} are determined, "
        f"and {followed_by_control} counts of shielded systems where each has a row",
        control_saw=len(control.determined) == sum(control.small.values()) > 0 < followed_by_control,
        facts={f"cells {kind}": told for kind, told in kinds.items()}
        | {f"surer than {SURE} of cells that he has drawn so often, by rows of his own": redrawn(seed)}
        | systems
        | uses,
    )
