"""Finishes erasures: removes everything made of erased rows once a release without them is published."""

from __future__ import annotations

import shutil
from collections.abc import Iterable

from catalog.tables.streams import STREAMS
from pipelines.run.context import RunContext
from pipelines.run.tables import BUILDS, LAKE, PUBLISHED, conformed_tables
from transport.base import atomic_files
from transport.releases.store import Release
from transport.storage import landing

_IN_SCRATCH = ("as-of", "rebuild", "replay", "files", "share")
"""Folders in scratch that may hold rows: lakes of killed replays, and files made for readers, which are made again. The
rest of scratch belongs to live processes."""


def contains_erased_rows(run: RunContext, release: Release | None) -> bool:
    """Whether a release contains rows erased since. The next one then reuses none of its databases."""
    return release is not None and not run.replay and run.releases.contains_erased_rows(release.name, run.landing)


def finish(run: RunContext) -> None:
    """Remove what still holds erased rows, then mark the erasures finished. Does nothing if there are none.

    Held releases and the current one stay; while they hold erased rows, the erasure stays unfinished.
    """
    if run.replay or not run.landing.unfinished:
        return
    run.reporter.step("erasure")
    run.landing.clear_erased()
    run.lake.forget(LAKE)
    atomic_files.sweep(run.settings.lake)
    held, current = run.releases.names_held(), run.releases.current_name()
    stays = []
    for name in run.releases.with_erased_rows(run.landing):
        if name in held or name == current:
            stays.append(name)
            continue
        run.releases.remove(name)
        run.reporter.done("erasure", f"release {name} was made of erased rows, and is removed")
    for name in _IN_SCRATCH:  # after the releases, from which a server could make the files again
        shutil.rmtree(run.settings.scratch / name, ignore_errors=True)
    if stays:
        run.reporter.done("erasure", f"not finished: {', '.join(stays)} still hold erased rows")
        return
    run.landing.finish_erasing(now=landing.utc_now())


def made_of(streams: Iterable[str]) -> list[str]:
    """The published datasets that depend on these streams, directly or through others."""
    reached = {table.name for stream in streams for table in conformed_tables(STREAMS[stream])}
    for build in BUILDS:
        if any(getattr(source, "name", "") in reached for source in build.inputs.values()):
            reached.add(build.contract.name)
    return sorted(reached & {build.contract.name for build in PUBLISHED})
