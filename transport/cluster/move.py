"""Move landing, lake and releases between a home's own folders and object storage. Nothing is removed where they were.

Names and hashes stay the same, so the next run finds everything up to date. A move that stopped half way resumes. The
caller holds the home's lock, and stops the servers meanwhile.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.contracts.language import DatasetContract
from catalog.errors import Damaged, WrongUse
from transport.base.settings import Settings
from transport.cluster.lake import ObjectLake
from transport.cluster.releases import SharedReleases
from transport.lake.tables import Lake
from transport.releases.store import Releases
from transport.storage import landing
from transport.storage.backends import StorageBackend, backend_of
from transport.storage.landing import Landing

Progress = Callable[[str, int, int], None]
"""Called with what is moved, how many are done, and the total."""
_LINES = 4 << 20
"""Bytes of the journal that are appended at once."""


@dataclass(frozen=True, slots=True)
class MoveResult:
    """Inventory of the destination."""

    batches: int
    tables: int
    releases: tuple[str, ...]


def move(source: Settings, target: Settings, tables: Sequence[DatasetContract], *, progress: Progress) -> MoveResult:
    """Copy what the two settings place differently; compare landing and releases by hash, the lake by length.

    Args:
        source: where things are.
        target: the same home, with other places.
        tables: of the lake.
        progress: receives the progress.

    Raises:
        WrongUse: there is another landing at the target, or both settings say the same.
        Damaged: something is not what was written, here or there.
    """
    moves_landing = source.landing_url != target.landing_url
    moves_rest = (source.lake_url, source.releases_url) != (target.lake_url, target.releases_url)
    if not moves_landing and not moves_rest:
        raise WrongUse("Everything is there already.", "Name another place: --landing-url, --lake-url, --releases-url.")
    source_landing = landing.open_landing(source)
    if moves_landing:
        _move_landing(source_landing, backend_of(target), progress)
    releases: list[str] = []
    if moves_rest:
        _move_lake(Lake.of(source), Lake.of(target), tables, progress)
        releases = _move_releases(Releases(source), Releases(target), progress)
    return MoveResult(len(source_landing.entries), len(tables) if moves_rest else 0, tuple(releases))


def _move_landing(source: Landing, target: StorageBackend, progress: Progress) -> None:
    """Copy the files of the batches, then the journal, so that a line there always has its file."""
    text = source.backend.journal()
    have = target.journal()
    if not text.startswith(have):
        raise WrongUse("There is another landing at that place.", "Name an empty place, or restore that one first.")
    places = {source.place(e): e for e in source.entries if source.erasure(e) is None}
    with target.exclusive():
        for nth, (place, entry) in enumerate(places.items(), 1):
            progress("landing", nth, len(places))
            name = entry.packed_in or target.name(entry.stem, entry.file_sha256)
            path = source.backend.local(place)
            if not path.is_file():
                raise Damaged(f"{place} is missing from the landing.", "`dif doctor` says how to mend it; then move.")
            if target.size(name) == path.stat().st_size:
                continue
            temporary = target.temporary(str(Path(name).with_suffix("")))
            shutil.copyfile(path, temporary)
            target.ready(temporary)
            target.put([(temporary, name)])
            target.discard(temporary)
        at = len(have)
        while at < len(text):
            end = len(text) if len(text) - at <= _LINES else text.rindex(b"\n", at, at + _LINES) + 1
            if not target.append(at, text[at:end]):
                raise Damaged("Somebody wrote to the landing meanwhile.", "Stop the servers, and move again.")
            at = end
    moved = Landing(target)
    for nth, entry in enumerate(moved.entries, 1):
        progress("comparing the landing", nth, len(moved.entries))
        if not source.erasure(entry) and source.is_whole(entry) and not moved.is_whole(entry):
            raise Damaged(f"{entry.file} is not there what it is here.", "Move again.")


def _move_lake(source: Lake, target: Lake, tables: Sequence[DatasetContract], progress: Progress) -> None:
    source.refresh()
    for nth, contract in enumerate(tables, 1):
        progress("lake", nth, len(tables))
        parts = source.files(contract)
        source.bring(parts)
        if isinstance(target, ObjectLake) and parts:
            table = target.folder_of(contract)
            target.mirror.forget(table)  # what is noted there is of another place
            target.mirror.share(table, (p.path for p in parts))
            if not target.mirror.has(table, [p.path for p in parts]):
                raise Damaged(f"{contract.name} is not there what it is here.", "Move again.")


def _move_releases(source: Releases, target: Releases, progress: Progress) -> list[str]:
    current = source.current()
    movable = source.storage.names() if isinstance(source.storage, SharedReleases) else source.names()
    names = [name for name in source.names() if name in movable]
    for nth, name in enumerate(names, 1):
        progress("releases", nth, len(names))
        source.get(name)
        if isinstance(target.storage, SharedReleases):
            target.storage.push(name)
            target.storage.check(name)
        if wrong := target.verify(name):
            raise Damaged(f"{name} is not there what it is here: {wrong[0]}.", "Move again.")
    for name, hold in source.holds().items():
        target.keep_hold(name, hold)
    if current is not None:
        target.point(current.name)
    return names
