"""The end of an erasure: once a release without the erased rows is published, nothing that was made of them stays."""

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
"""What may hold rows in scratch: lakes that a replay left if it was killed, and files made for readers and recipients,
which are made again. The rest of scratch belongs to live processes."""


def contains_erased_rows(run: RunContext, release: Release | None) -> bool:
    """Whether a release was made of rows that were erased since; the next one then reuses nothing of its databases."""
    return release is not None and not run.replay and run.releases.contains_erased_rows(release.name, run.landing)


def finish(run: RunContext) -> None:
    """Remove what still holds erased rows, then note that the erasures are finished. Does nothing when they are.

    A held release stays, and so does the current one if no other was published: the erasure then stays unfinished.
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
    for name in _IN_SCRATCH:  # after the releases: a server would make the files again from one that is still there
        shutil.rmtree(run.settings.scratch / name, ignore_errors=True)
    if stays:
        run.reporter.done("erasure", f"not finished: {', '.join(stays)} still hold erased rows")
        return
    run.landing.finish_erasing(now=landing.utc_now())


def made_of(streams: Iterable[str]) -> list[str]:
    """The datasets of a release that are made of these streams, directly or through others."""
    reached = {table.name for stream in streams for table in conformed_tables(STREAMS[stream])}
    for build in BUILDS:
        if any(getattr(source, "name", "") in reached for source in build.inputs.values()):
            reached.add(build.contract.name)
    return sorted(reached & {build.contract.name for build in PUBLISHED})
