"""A run from beginning to end: land, plan, make, check, publish."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Self

from catalog.domain import calendar
from catalog.errors import BadOption, Damaged, TryAgain, UnknownName
from catalog.tables.streams import PUSHED
from pipelines.quality import gate
from pipelines.run.check import Checks, Verdict
from pipelines.run.context import BuildResult, Reporter, RunContext, SilentReporter
from pipelines.run.publish import ReleaseWriter, publish
from pipelines.run.schedule import make, plan, repair_tables, repairing
from pipelines.run.tables import LAKE
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import identity_across_batches, inbox
from transport.operations import alerts
from transport.operations import erasure as outside
from transport.releases.store import Draft, Release, Releases
from transport.storage import landing
from transport.storage.backends import check_room
from transport.storage.erasure import erased_batches
from transport.telemetry import traces

if TYPE_CHECKING:
    from transport.cluster.lease import Lease

WAIT_MINUTES = 60.0
"""How long a run waits for another one that holds the home, before it gives up."""
_ABANDONED = 3600
"""Seconds after which an unfinished arrival is abandoned: readers and streams have shorter time limits."""


@contextmanager
def exclusive_run(
    settings: Settings, *, doing: str = "", waits: Callable[[str], None] | None = None
) -> Iterator[Lease | None]:
    """Be the only run: of this home, and of all that share its releases.

    Args:
        settings: the home.
        doing: what a waiting run is told about this one.
        waits: gets a line when another run is waited for, up to `WAIT_MINUTES`; without it the run does not wait.

    Yields:
        The lease of a home that shares them.

    Raises:
        Busy: another run goes on.
    """
    patience, say = WAIT_MINUTES * 60 if waits else 0, waits or _say_nothing

    def say_waiting(holder: str) -> None:
        say(f"Another run holds this home ({holder}): waiting for it, {WAIT_MINUTES:g} minutes at most.")

    with atomic_files.locked(settings.home, doing=doing, patience=patience, on_waiting=say_waiting):
        if not settings.releases_url:
            yield None
            return
        seconds = settings.lease_seconds
        from transport.cluster import lease
        from transport.cluster.releases import folder_of

        with lease.hold(
            folder_of(settings), seconds, patience=max(patience, seconds * 1.5), on_waiting=say_waiting
        ) as own_lease:
            yield own_lease


def _say_nothing(_words: str) -> None:
    pass


def start(  # noqa: PLR0913 - the options of a run
    settings: Settings,
    as_of: datetime,
    reporter: Reporter | None = None,
    *,
    replay: bool = False,
    upto: int | None = None,
    full: bool = False,
    months: Collection[date] = (),
    streams: Collection[str] = (),
    lease: Lease | None = None,
) -> RunContext:
    """The context of a new run (`RunContext`). Call it in `exclusive_run`, and with what that gives.

    Raises:
        BadSetting: there is no such signing key, or traces or lineage are asked for that cannot be sent.
        WrongUse: others may read the signing key.
    """
    traces.check(settings)
    if settings.lineage_url:
        from transport.telemetry import lineage  # loads OpenLineage's client

        lineage.check(settings)
    Releases(settings).signer()  # a wrong key is refused now, not when all is made
    return RunContext(
        settings,
        as_of,
        reporter or SilentReporter(),
        replay=replay,
        upto=upto,
        full=full,
        months=frozenset(months),
        streams=frozenset(streams),
        lease=lease,
    )


def begin(
    settings: Settings,
    reporter: Reporter | None = None,
    *,
    as_of: str | None = None,
    full: bool = False,
    months: Sequence[str] = (),
    streams: Sequence[str] = (),
    lease: Lease | None = None,
) -> RunContext:
    """A run as a person chooses it, over everything landed or as known at the end of a day. Call it in `exclusive_run`.

    Args:
        settings: the home.
        reporter: receives the progress.
        as_of: a day; the run sees what was known at its end.
        full: make everything again.
        months: make these again, such as `2026-03`.
        streams: take in files of these only; of the streams, `months` makes these again.
        lease: what `exclusive_run` gives.

    Raises:
        BadOption: `as_of` is no day, is not over, or nothing had landed by its end; or a month cannot be read.
        UnknownName: there is no such stream.
    """
    chosen = [_month(month) for month in months]
    for stream in streams:
        if stream not in PUSHED:
            raise UnknownName("stream", stream, choices=PUSHED)
    if as_of is None:
        return start(settings, landing.utc_now(), reporter, full=full, months=chosen, streams=streams, lease=lease)
    if months or streams:
        raise BadOption("--as-of", as_of, "it without --month and --stream: it makes all months of all streams")
    try:
        day = date.fromisoformat(as_of)
    except ValueError:
        raise BadOption("--as-of", as_of, "a date like 2026-01-31") from None
    if day > calendar.day_in_oslo(landing.utc_now()):
        raise BadOption("--as-of", as_of, "today or an earlier date; nobody knows what will land later")
    end = calendar.start_of(day + timedelta(days=1)).astimezone(UTC) - timedelta(microseconds=1)
    scratch = settings.but(lake_folder=settings.scratch / "as-of")
    run = start(scratch, end, reporter, replay=True, full=full)
    if not any(e.received_at <= run.as_of for e in run.landing.entries):
        raise BadOption("--as-of", as_of, "a date by which something had landed")
    return run


def _month(text: str) -> date:
    try:
        return date.fromisoformat(text if text.count("-") > 1 else f"{text}-01").replace(day=1)
    except ValueError:
        raise BadOption("--month", text, "a month like 2026-03") from None


def run_all(run: RunContext, *, check: Callable[[RunContext], Verdict] | None = None) -> Release | None:
    """A whole run: land, plan, make, check, publish; without Dagster.

    Args:
        run: the run.
        check: decides whether what was made may be published, in place of the checks, for a test or a drill.

    Raises:
        SharingError: a step could not be done; the previous release stays.
    """
    with run.exit_stack:
        prepare(run)
        if not run.replay:
            take_in(run)
        with Downstream(run, check) as downstream:
            for results in make(run, plan(run)):
                downstream.begin(results)
            return publish(run, *downstream.finish())


class Downstream:
    """What stands downstream of tables: their checks, in another process, and the release that they will be in."""

    def __init__(self, run: RunContext, check: Callable[[RunContext], Verdict] | None = None) -> None:
        """Begin nothing yet; `check` stands in for the checks."""
        self._run = run
        self._checks = Checks(run)
        self._verdict = partial(check, run) if check else self._checks.finish
        self._begins_checks = check is None
        self._writer = ReleaseWriter(run)

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Remove a draft that was not published."""
        self._writer.discard()

    def begin(self, results: Sequence[BuildResult]) -> None:
        """Begin to check the tables that were just made, and add them to the draft."""
        if self._begins_checks:
            self._checks.begin(results)
        self._writer.begin(results)

    def finish(self) -> tuple[Verdict, Draft | None]:
        """The verdict on every table, and the release with all of them.

        Raises:
            Exception: the checks passed, and the release could not be filled.
        """
        repair_tables(self._run)
        filling = self._writer.finish()
        verdict = repairing(self._run, self._verdict)
        if verdict.failed and filling.exception():  # the error of the checks is the better one
            return verdict, None
        return verdict, filling.result()


def prepare(run: RunContext) -> None:
    """Remove what a dead process left half made, check that there is room, and start loading slow modules.

    Raises:
        Damaged: the landing is not the one that the current release was made of.
        NoRoom: the disk has less than the reserve.
    """
    if (other := run.releases.other_landing(run.landing)) is not None:
        raise other
    atomic_files.sweep(run.settings.landing, older_than=_ABANDONED)  # servers land files during a run
    atomic_files.sweep(run.settings.lake)
    run.releases.sweep()
    shutil.rmtree(run.settings.scratch / "spill", ignore_errors=True)
    check_room(run.settings)
    if not run.replay:
        run.landing.clear_erased()  # what a dead process left of it
    run.lake.refresh()
    for contract in LAKE:
        if wrong := run.lake.drop_missing_files(contract):
            run.reporter.done(contract.name, f"{wrong} It is rebuilt.")
    shutil.rmtree(gate.documents_of(run.settings), ignore_errors=True)
    gate.warm()


def take_in(run: RunContext, streams: Collection[str] = ()) -> inbox.Intake:
    """Land what waits in the inbox, of some streams or of those that the run was begun for."""
    run.reporter.step("landing")
    with run.trace.span("landing") as span:
        intake = inbox.take_in(
            run.settings,
            run.landing,
            streams=streams or run.streams,
            progress=lambda done, of: run.reporter.step("landing", f"{done} of {of} files"),
        )
        run.trace.wrote(span, intake.rows)
    landed = f"{len(intake.accepted)} batches, {intake.rows} rows"
    for words, files in (
        ("already known", intake.duplicate),
        ("rejected", intake.rejected),
        ("still growing", intake.waiting),
        ("cannot be taken in: see dif doctor", intake.stuck),
    ):
        landed += f", {len(files)} {words}" if files else ""
    run.reporter.done("landing", landed)
    _withdraw_identity_numbers(run)
    return intake


def _withdraw_identity_numbers(run: RunContext) -> None:
    """Withdraw batches in which identity numbers have since been recognised, send an alert, and mask the numbers."""
    for entry, column in identity_across_batches.found_later(run.landing, since=run.released_upto):
        reason = f"{column} har verdier som ser ut som fødselsnummer, sett sammen med andre sendinger"
        run.landing.withdraw(entry, by=identity_across_batches.BY, reason=reason, now=landing.utc_now())
        alerts.identity_number_seen(run.settings, f"{entry.stream}/{entry.producer}, sending nr. {entry.number}")
    try:
        purged = identity_across_batches.purge(run.landing, now=landing.utc_now())
    except (Damaged, TryAgain) as problem:  # they count nowhere, and the next run masks them
        run.reporter.done("erasure", f"identity numbers were withdrawn, not masked: {problem}")
    else:
        if purged:
            outside.remember_in(outside.known_folders(run.settings), erased_batches(run.landing))
            run.reporter.done("erasure", f"identity numbers masked in {len(purged)} withdrawn batches")
