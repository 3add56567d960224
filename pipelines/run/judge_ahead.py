"""The checks of contracts begin while the run still builds: another process judges a table as soon as it is built.

A verdict counts only for the files that it was given: a table that was built again is judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from catalog.contracts.language import Audience, DatasetContract
from pipelines.quality import gate
from pipelines.quality.parts import add_up
from pipelines.run import judge_parts
from pipelines.run.context import RunContext
from pipelines.run.tables import BUILDS
from transport.lake.tables import Part
from transport.releases.store import Release, was_in

_TOGETHER = 12
"""Tables that are judged at once, so that the judge's own costs are paid a few times in a run."""


@dataclass
class Ahead:
    """What a run asked so far.

    Attributes:
        allowed: the run goes on to a verdict.
        waiting: tables that were built and not asked for yet.
        asked: the files of each table that the judge was given, and where its results will be.
    """

    allowed: bool = False
    waiting: dict[str, DatasetContract] = field(default_factory=dict)
    asked: dict[str, tuple[set[tuple[Path, str]], gate.Judging]] = field(default_factory=dict)


def allow(run: RunContext) -> None:
    """This run goes on to a verdict, so that tables may be judged as they are built."""
    run.own(Ahead).allowed = True


def begin(run: RunContext, contract: DatasetContract) -> None:
    """Have a table judged that was just built, with others that wait, when the judge is free."""
    ahead = run.own(Ahead)
    if not ahead.allowed:
        return
    ahead.waiting[contract.name] = contract
    if len(ahead.waiting) >= _TOGETHER and all(judging.done() for _, judging in ahead.asked.values()):
        before = judged_before(run)
        found = [(c, to_judge(run, c, before)) for c in ahead.waiting.values()]
        parts = [(c, files) for c, files in found if not judge_parts.pay(c, files)]  # large ones wait for `judge_all`
        judging = _asked(run, parts, beside_others=True)
        ahead.asked |= {c.name: (_files(files), judging) for c, files in parts}
        ahead.waiting.clear()


def judge_all(
    run: RunContext, parts: Sequence[tuple[DatasetContract, Sequence[Part]]]
) -> Callable[[], list[gate.Result]]:
    """Have these files of every table judged; where the judge was given the same files before, its results count.

    Returns:
        What waits for the results.
    """
    asked = run.own(Ahead).asked
    done = {c.name: asked[c.name][1] for c, files in parts if c.name in asked and asked[c.name][0] == _files(files)}
    left = [(c, files) for c, files in parts if c.name not in done]
    large = [(c, files) for c, files in left if judge_parts.pay(c, files)]
    rest = _asked(run, [(c, files) for c, files in left if not judge_parts.pay(c, files)])
    seen, of_rows = judge_parts.to_look_at(run, large)
    of_large = _asked(run, seen, of_rows=of_rows)

    def results() -> list[gate.Result]:
        judgings = {id(judging): judging for judging in done.values()}.values()
        ahead = [r for judging in judgings for r in judging.results() if done.get(r.dataset) is judging]
        return ahead + rest.results() + of_large.results()

    return results


def _asked(
    run: RunContext,
    parts: judge_parts.Tables,
    *,
    beside_others: bool = False,
    of_rows: Mapping[str, int] = MappingProxyType({}),
) -> gate.Judging:
    """Have these files judged, as `gate.judge_contracts` does, once they are on this disk."""
    run.lake.bring(part for _, files in parts for part in files)
    return gate.judge_contracts(run.settings, parts, beside_others=beside_others, of_rows=of_rows)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was judged before, and whose verdicts still hold.

    Attributes:
        release: the current one.
        fingerprints: of the published parts that it judged under these rules, by dataset and month.
        inner: of the files among them that never leave the lake, by name, the SHA-256 of their bytes.
    """

    release: Release | None = None
    fingerprints: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    inner: Mapping[str, str] = field(default_factory=dict)


def judged_before(run: RunContext) -> Judged:
    """What the current release judged under these rules."""
    current = run.releases.current() if not (run.replay or run.full) else None
    if current is None or current.manifest.get("rules") != run.rules:
        return Judged(current)
    fingerprints = {
        name: {month: part.get("made_of", "") for month, part in entry.get("partitions", {}).items()}
        for name, entry in current.section("datasets").items()
    }
    return Judged(current, fingerprints, run.lake.judged_for(current.name))


def to_judge(run: RunContext, contract: DatasetContract, before: Judged) -> list[Part]:
    """The parts of a table that were not judged before; all of it, where a key may be in two months and one changed."""
    there = run.lake.parts(contract)
    left = [p for p in there.values() if not _is_as_judged(run.lake.name_of(p), contract, p, before)]
    whole = left and contract.partitioned and not add_up(contract)
    return [*there.values()] if whole else left


def _is_as_judged(name: str, contract: DatasetContract, part: Part, before: Judged) -> bool:
    """Whether these bytes of a part were judged; that it has them still, `check_lake` sees to."""
    if contract.audience is Audience.INTERNAL:
        return before.inner.get(name) == part.sha256
    known = before.fingerprints.get(contract.name, {}).get(str(part.month or "all"))
    return before.release is not None and known == part.fingerprint and was_in(before.release, name, part.sha256)


def remember(run: RunContext, release: Release) -> None:
    """Note which files of inner tables were judged for a release; what it publishes, it says itself."""
    inner = [b.contract for b in BUILDS if b.contract.audience is Audience.INTERNAL]
    run.lake.note_judged(release.name, inner, listed=release.section("lake"))


def _files(parts: Sequence[Part]) -> set[tuple[Path, str]]:
    return {(part.path, part.sha256) for part in parts}
