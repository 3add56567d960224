"""R17: one flipped bit in what lies in the landing or the lake, then a run and a full run.

No release has a changed number or disagrees with its manifest: a damaged batch stops the run by its name, a damaged
table is made again. The doctor names each before. The control reads the same damaged files without looking.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

import duckdb

from catalog.errors import Damaged
from pipelines.run import steps
from tests.pipelines.conftest import unchecked
from tests.reliability.board import Figure, figure
from tests.reliability.restores import AS_OF, damage, hashes_of
from tests.reliability.zygote import home_in, keep, scratch
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.operations import doctor
from transport.releases.store import Release, Releases
from transport.storage.journal import Entry
from transport.storage.landing import open_landing

_BATCHES = 12
_AT_ONCE = 24
"""Files that are damaged before one run, each of another table: a run takes seconds."""


def ran(settings: Settings, day: int, *, full: bool = False) -> Release | None:
    """A run so many days later."""
    with atomic_files.locked(settings.home):
        return steps.run_all(steps.start(settings, AS_OF + timedelta(days=day), full=full), check=unchecked)


def flip(paths: Iterable[Path], chance: random.Random) -> dict[Path, bytes]:
    """One bit in each file, where it lies; what they held."""
    held = {path: path.read_bytes() for path in paths}
    for path in held:
        damage(path, "flipped", chance)
    return held


def read_without_looking(path: Path, right: bytes, beside: Path) -> str:
    """What a reader that compares no hash makes of a damaged file: refused, right, or wrong."""
    beside.write_bytes(right)
    with duckdb.connect() as connection:
        before = connection.execute("from read_parquet($path)", {"path": str(beside)}).fetchall()
        try:
            after = connection.execute("from read_parquet($path)", {"path": str(path)}).fetchall()
        except (duckdb.Error, UnicodeDecodeError, ValueError, OverflowError):
            return "refused"
    return "right" if repr(after) == repr(before) else "wrong"


class _House:
    """A home with one release, its twin's hashes, and what went wrong in it."""

    def __init__(self, folder: Path) -> None:
        self.settings = home_in(folder / "home").but(memory_mb=500, threads=2)
        landing = open_landing(self.settings)
        for number in range(_BATCHES):
            keep(landing, number)
        ran(self.settings, 0)
        self.whole = folder / "whole"
        subprocess.run(["cp", "-a", self.settings.home, self.whole], check=True)  # links stay links
        self.twin = {full: self._hashes(ran(self.settings, 1, full=full)) for full in (False, True)}
        self.wrong: list[str] = []
        self.bare: list[str] = []
        self.flips = 0
        self.restore()

    @staticmethod
    def _hashes(release: Release | None) -> dict[str, object]:
        assert release is not None
        return hashes_of(release)

    def restore(self) -> None:
        shutil.rmtree(self.settings.home)
        subprocess.run(["cp", "-a", self.whole, self.settings.home], check=True)

    def named(self, paths: Iterable[Path]) -> None:
        """Each damaged file is named by the doctor: the landed one itself, of the lake its table."""
        found = " ".join(f.where for f in doctor.examine(self.settings))
        for path in paths:
            place = path.relative_to(self.settings.home)
            said = str(place) if place.parts[0] == "landing" else "/".join(place.parts[:3])
            if said not in found:
                self.wrong.append(f"{place}: the doctor does not name it")

    def looked_at_bare(self, held: dict[Path, bytes]) -> None:
        beside = self.whole.parent / "right.parquet"
        self.bare += [read_without_looking(path, right, beside) for path, right in held.items()]

    def judged(self, release: Release | None, *, full: bool) -> None:
        """A release that was made has the twin's numbers, and is what its manifest says."""
        if release is None:
            self.wrong.append("no release was made, and nothing said why")
            return
        differ = [n for n, h in hashes_of(release).items() if self.twin[full].get(n) != h]
        self.wrong += [f"{release.name}: {name} has other numbers" for name in differ]
        self.wrong += [f"{release.name}: {line}" for line in Releases(self.settings).verify(release.name)]

    def lake(self, count: int, chance: random.Random) -> None:
        """Files of so many tables are damaged: the next run and a full one make what they would have made."""
        tables = sorted({p.parent for p in self.settings.lake.rglob("part-*.parquet")})
        chosen = chance.sample(tables, min(count, len(tables)))
        held = flip([chance.choice(sorted(t.glob("part-*.parquet"))) for t in chosen], chance)
        self.flips += len(held)
        self.looked_at_bare(held)
        self.named(held)
        self.judged(ran(self.settings, 1), full=False)
        self.judged(ran(self.settings, 1, full=True), full=True)
        self.restore()

    def landing(self, count: int, chance: random.Random) -> None:
        """Landed files are damaged: the next run and a full one stop, and readers keep the release they have."""
        before = Releases(self.settings).current()
        paths = sorted(self.settings.landing.rglob("*.parquet"))
        held = flip(chance.sample(paths, min(count, len(paths))), chance)
        self.flips += len(held)
        self.looked_at_bare(held)
        self.named(held)
        try:
            made = ran(self.settings, 1, full=True)
            self.wrong.append(f"a full run over {len(held)} damaged batches made {made.name if made else 'nothing'}")
        except Damaged as said:
            if not any(open_landing(self.settings).file(e) in held for e in _named(self.settings, said)):
                self.wrong.append(f"the run does not name what is damaged: {said.problem}")
        after = Releases(self.settings).current()
        if before is None or after is None or before.name != after.name:
            self.wrong.append("readers have another release after a run that stopped")
        for path, right in held.items():
            path.chmod(0o644)
            path.write_bytes(right)


def _named(settings: Settings, said: Damaged) -> list[Entry]:
    """The batches that an error speaks of."""
    text = f"{said.problem} {said.mend}"
    return [e for e in open_landing(settings).entries if f"{e.stream}/{e.producer}/{e.batch_id}" in text]


@figure("R17")
def r17(scale: float, seed: int) -> Figure:
    """A flipped bit at rest changes no number."""
    began, chance = time.monotonic(), random.Random(seed)
    with scratch() as folder:
        house = _House(folder)
        for _ in range(max(1, round(5 * scale))):
            house.lake(_AT_ONCE, chance)
        for _ in range(max(1, round(8 * scale))):
            house.landing(_AT_ONCE, chance)
    wrong = house.bare.count("wrong")
    return Figure(
        "R17",
        "a bit flipped in landed or lake files, then a run and a full run: no changed number, each named",
        house.flips,
        seed,
        time.monotonic() - began,
        house.wrong,
        control=f"read without looking: {wrong} of {house.flips} give other values",
        control_saw=wrong > 0,
        facts={"read without looking": {how: house.bare.count(how) for how in ("wrong", "right", "refused")}},
    )
