"""The step that publishes what was made, if the gate passed it, prunes older releases, and finishes erasures."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assets.build import BuildWindow
from catalog.contracts.language import Audience
from catalog.domain import calendar
from catalog.errors import SharingError
from catalog.exports import describe
from catalog.tables import meta, quality
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from pipelines.quality import gate, suites
from pipelines.run import batches, check, metrics, release_diff
from pipelines.run.check import Verdict
from pipelines.run.context import BuildResult, RunContext, end_of_day
from pipelines.run.register_rows import versions
from pipelines.run.schedule import repairing
from pipelines.run.tables import BUILDS, LAKE, PUBLISHED, conformed_tables
from transport.base import atomic_files
from transport.ingest import inbox
from transport.ingest.registers import releases_named
from transport.lake.tables import ENGINE
from transport.operations import clock
from transport.releases.store import Content, Draft, Release
from transport.storage import landing

_PUBLISHED = [build.contract for build in PUBLISHED]
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


def up_to_date(run: RunContext) -> Release | None:
    """The current release, if a run could only make it again: nothing waits, same rules, same day."""
    current = run.releases.current()
    if (
        run.full
        or run.months
        or run.replay
        or current is None
        or run.landing.unfinished
        or inbox.pending(run.settings, run.streams)
    ):
        return None
    made_of = _sources(run, str(current.manifest.get("held_until_of")))
    return current if current.manifest.get("made_of") == made_of else None


class ReleaseWriter:
    """Writes the draft of a release on a thread: each published table as soon as it is made.

    It reads only the lake. The draft is used only if it equals the lake when the run ends.
    """

    def __init__(self, run: RunContext) -> None:
        """Begin nothing yet."""
        self._run = run
        self._before = None if run.replay else run.releases.current()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="release")
        self._draft: Draft | None = None
        self._added: list[Content] = []
        self._pending: list[Future[None]] = []

    def begin(self, results: Iterable[BuildResult]) -> None:
        """Add the tables that were just made to the draft."""
        if self._run.settings.lake_url:  # a file may still be with the worker that made it
            return
        for each in results:
            if each.rows and each.contract in _PUBLISHED:
                content = Content(each.contract, self._run.lake.files(each.contract))
                self._pending.append(self._thread.submit(self._add, content))

    def finish(self) -> Future[Draft | None]:
        """Add the other tables. Gives None if each is as in the release before."""
        return self._thread.submit(self._finish)

    def discard(self) -> None:
        """Stop, and remove a draft that was not published."""
        self._thread.shutdown(cancel_futures=True)
        self._drop()

    def _finish(self) -> Draft | None:
        contents = _tables(self._run)
        as_added = all(part in contents for part in self._added) and not any(f.exception() for f in self._pending)
        if not as_added:  # a file was damaged, and is another by now
            self._drop()
        if self._before is not None and not self._run.full and same_parts(self._before, contents):
            self._drop()
            return None
        try:
            for content in contents:
                self._add(content)
            draft = self._opened()
            order = [content.contract.name for content in contents]
            listed = {name: draft.datasets[name] for name in order}
            draft.datasets.clear()
            draft.datasets.update(listed)  # in the order of contracts, whichever table was made first
            draft.filled.checkpoint()
        except BaseException:
            self._drop()
            raise
        return draft

    def _add(self, content: Content) -> None:
        for part in content.parts:
            self._run.lake.is_sound(part)
        self._opened().add([content])
        self._added.append(content)

    def _opened(self) -> Draft:
        if self._draft is None:
            run, before = self._run, self._before
            anew = run.full or contains_erased_rows(run, before)
            now = run.releases.next_time(landing.utc_now())
            name = run.releases.next_name(now, as_of=run.as_of if run.replay else None)
            self._draft = run.releases.begin(name, before, rules=run.rules, anew=anew, sound=run.lake.sound)
        return self._draft

    def _drop(self) -> None:
        if self._draft is not None:
            self._draft.discard()
        self._draft, self._added, self._pending = None, [], []


def publish(run: RunContext, verdict: Verdict, draft: Draft | None) -> Release | None:
    """Publish the tables of the run.

    Args:
        run: the run.
        verdict: on every table.
        draft: of the `ReleaseWriter`.

    Returns:
        The new release, or None if it would hold exactly what the current one holds.

    Raises:
        GateFailed: a check failed; the previous release stays.
    """
    if verdict.failed:
        if draft:
            draft.discard()
        raise verdict.refusal
    with run.trace.span("release"):
        release = repairing(run, lambda: _published(run, verdict, draft))
        if not run.replay and (current := release or run.releases.current()):
            check.remember(run, current)
    finish_erasures(run)
    return release


def _tables(run: RunContext) -> list[Content]:
    """The published tables, as they are in the lake."""
    return [Content(build.contract, run.lake.files(build.contract)) for build in PUBLISHED]


def same_parts(current: Release, contents: Sequence[Content]) -> bool:
    """Whether a release was made of exactly these parts of the lake."""
    datasets = current.section("datasets")
    for content in contents:
        partitions = datasets.get(content.contract.name, {}).get("partitions", {})
        if {m: p.get("made_of") for m, p in partitions.items()} != {
            str(p.month or "all"): p.fingerprint for p in content.parts
        }:
            return False
    return True


def _same_content(current: Release, draft: Draft) -> bool:
    """Whether a release has the rows of a draft, whatever its parts were made of."""
    before = current.section("datasets")

    def held_by(entry: Mapping[str, Any]) -> object:
        partitions = {m: p.get("made_of") for m, p in entry.get("partitions", {}).items()}
        return entry.get("contract_version"), entry.get("content_hash") or partitions

    return all(held_by(before.get(name, {})) == held_by(entry) for name, entry in draft.datasets.items())


def _accounted(release: Release) -> list[dict[str, object]]:
    """The rows of a release's `quality.accounting`; fewer where a file cannot be read."""
    rows: list[dict[str, object]] = []
    for path in sorted((release.folder / "parquet" / quality.ACCOUNTING.name).glob("*.parquet")):
        with suppress(OSError, pa.ArrowException):
            rows += pq.read_table(path).to_pylist()
    return rows


def _published(run: RunContext, verdict: Verdict, draft: Draft | None) -> Release | None:
    run.reporter.step("release")
    results = verdict.results.to_pylist()
    current = draft.before if draft else None if run.replay else run.releases.current()
    contents = _tables(run)
    accounting = metrics.accounting(run.lake, run.session())
    held_until_of = _held_until_of(run, accounting)
    made_of = _sources(run, held_until_of)
    public_accounting = metrics.shown_accounting(accounting, run.lake, run.session())
    if (
        current is not None
        and (_same_content(current, draft) if draft else same_parts(current, contents))
        # a later moment alone, for which rows may be held, makes no other release
        and {**current.manifest.get("made_of", {}), "held_until": None} == {**made_of, "held_until": None}
        and _accounted(current) == public_accounting.to_pylist()
        and not run.full
    ):
        if draft:
            draft.discard()
        run.reporter.done("release", f"{current.name} already holds everything")
        return None
    now = run.releases.next_time(landing.utc_now())
    name = draft.name if draft else run.releases.next_name(now, as_of=run.as_of if run.replay else None)
    with run.trace.span("quality.release_diff"):
        # a difference would tell what the erased rows were
        erased = contains_erased_rows(run, current)
        difference = release_diff.since(None if erased else current, run, name)
    contents += [
        Content(quality.BATCH, table=metrics.shown_batches(metrics.batches(run))),
        Content(quality.ACCOUNTING, table=public_accounting),
        Content(quality.CHECK_RESULT, table=verdict.results),
        Content(quality.QUARANTINE_SUMMARY, table=metrics.quarantine_summary(run.lake, run.session(), exact=False)),
        Content(quality.RELEASE_DIFF, table=difference.table),
        Content(quality.RELEASE_DIFF_DATASET, table=difference.datasets_of(Audience.OPEN)),
        Content(quality.LEDGER_DIFF_DATASET, table=difference.datasets_of(Audience.LEDGER)),
    ]
    through = batches.last_whole_month(run, BuildWindow(run.as_of).through)
    synthetic = any(e.synthetic for e in batches.live(run))
    facts = {
        "published_at": now.isoformat(timespec="seconds"),
        "as_of": run.as_of.isoformat(),
        "through_month": through.isoformat() if through else None,
        "synthetic": synthetic,
        "checks": {"passed": len(results) - len(verdict.warned), "failed": 0, "warned": len(verdict.warned)},
        "registers": versions(run),
        "rules": run.rules,
        "engine": ENGINE,
        "secret": run.secret.id,
        "held": sum(r["held"] for r in public_accounting.to_pylist()),
        "held_until_of": held_until_of,
        "made_of": made_of,
        "diff_untold": difference.untold,
    }
    parent = current.name if current else None

    def described(manifest: Mapping[str, Mapping[str, object]]) -> list[Content]:
        checks = verdict.results.num_rows
        released = describe.release(name, parent, now, run.as_of, through=through, checks=checks, synthetic=synthetic)
        return [
            Content(meta.RELEASE, table=released),
            Content(meta.DATASET, table=describe.datasets(DATASETS.values(), manifest)),
            Content(meta.COLUMN_DEFINITION, table=describe.columns(DATASETS.values())),
            Content(meta.LINEAGE, table=describe.lineage({b.contract: b.inputs.values() for b in BUILDS})),
            Content(meta.METRIC, table=describe.metrics()),
            Content(meta.EXAMPLE_QUERY, table=describe.example_queries()),
            Content(meta.MACRO, table=describe.macros()),
        ]

    gate.write_index(run.settings, name, results)
    release = run.releases.publish(
        name,
        contents,
        described,
        facts,
        parent=parent,
        point=not run.replay,
        anew=run.full or erased,
        lake=run.lake.in_force(b.contract for b in PUBLISHED),
        sound=run.lake.sound,
        draft=draft,
        documents=gate.documents_of(run.settings),
        documents_stay={r["dataset"] for r in results if r["carried_from"]},
    )
    run.reporter.done("release", release.name)
    try:  # the release is published: trouble with older ones must not fail this run
        for gone in () if run.replay else prune(run):
            run.reporter.done("release", f"{gone} is no longer kept")
    except (SharingError, OSError) as problem:
        run.reporter.done("release", f"older releases stay: {problem}")
    return release


def prune(run: RunContext) -> list[str]:
    """Remove the releases that are no longer kept, and return their names; keep older databases as blocks."""
    gone = expired_releases(run)
    for name in gone:
        run.releases.remove(name)
    run.releases.split(referenced=releases_named(run.landing))
    return gone


def expired_releases(run: RunContext) -> list[str]:
    """The releases that the policy no longer keeps and that no register names, oldest first.

    Empty while the clock is known to have been set: by a clock that is ahead, all earlier releases would be too old.
    """
    if clock.step(run.settings):
        return []
    return run.releases.expired(now=landing.utc_now(), referenced=releases_named(run.landing))


def _sources(run: RunContext, held_until_of: str) -> dict[str, object]:
    this_month = BuildWindow(run.as_of).through
    last_month = calendar.month_of(date.fromordinal(this_month.toordinal() - 1))
    return {
        "journal": [run.landing.last_number, landing.fingerprint(batches.live(run))],
        "rules": run.rules,
        "expectations": suites.digest(),
        "day": calendar.day_in_oslo(run.as_of).isoformat(),
        "settled": [m.isoformat() for m in (last_month, this_month) if BuildWindow(run.as_of, m).provisional],
        "held_until": {"month": run.as_of, "day": end_of_day(run.as_of)}.get(held_until_of, _NEVER).isoformat(),
    }


def _held_until_of(run: RunContext, accounting: pa.Table) -> str:
    """When held rows may be let in: at any moment this month, the next day (streams without months), or later."""
    held_months = [row["month"] for row in accounting.to_pylist() if row["held"]]
    if any(month is not None and month <= BuildWindow(run.as_of).through for month in held_months):
        return "month"
    return "day" if None in held_months else "later"


# ── Erasures, finished once a release without the rows is published ───────────────────────────────────────────────────

_IN_SCRATCH = ("as-of", "rebuild", "replay", "files", "share")
"""Folders in scratch that may hold rows: lakes of killed replays, and files made for readers, which are made again. The
rest of scratch belongs to live processes."""


def contains_erased_rows(run: RunContext, release: Release | None) -> bool:
    """Whether a release contains rows erased since. The next one then reuses none of its databases."""
    return release is not None and not run.replay and run.releases.contains_erased_rows(release.name, run.landing)


def finish_erasures(run: RunContext) -> None:
    """Remove what still holds erased rows, then mark the erasures finished. Does nothing if there are none.

    Held releases and the current one stay; while they hold erased rows, the erasure stays unfinished.
    """
    if run.replay or not run.landing.unfinished:
        return
    run.reporter.step("erasure")
    run.landing.clear_erased()
    run.lake.forget(LAKE)
    atomic_files.sweep(run.settings.lake)
    held_names, current = run.releases.held_names(), run.releases.current_name()
    stays = []
    for name in run.releases.with_erased_rows(run.landing):
        if name in held_names or name == current:
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


def datasets_made_of(streams: Iterable[str]) -> list[str]:
    """The published datasets that depend on these streams, directly or through others."""
    reached = {table.name for stream in streams for table in conformed_tables(STREAMS[stream])}
    for build in BUILDS:
        if any(getattr(source, "name", "") in reached for source in build.inputs.values()):
            reached.add(build.contract.name)
    return sorted(reached & {build.contract.name for build in PUBLISHED})
