"""The progress of a run: the thread that makes its tables, what it has produced, and the note of its outcome."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Self

from catalog.errors import NoRoom, SharingError, StatementFailed
from pipelines.quality.checks import ERROR
from pipelines.run import subscribers
from pipelines.run.check import Verdict, disk_full
from pipelines.run.context import BuildResult, RunContext
from pipelines.run.publish import publish
from pipelines.run.schedule import Outcome, make, plan
from pipelines.run.steps import Downstream, prepare, take_in
from transport.base import atomic_files
from transport.base.bind_address import shutdown_requested
from transport.ingest.inbox import Intake
from transport.releases.storage import ATTEMPT
from transport.releases.store import Draft, Release
from transport.storage import landing
from transport.storage.backends import is_full
from transport.telemetry import traces

if TYPE_CHECKING:
    from pipelines.run.lineage import RunLineage
from concurrent.futures import Future

from pipelines.run.schedule import outcomes


class Background:
    """The thread that leads a run: it makes nodes until all are made, or nothing more can be."""

    def __init__(
        self, run: RunContext, plan: Collection[str], on_made: Callable[[Sequence[BuildResult]], None]
    ) -> None:
        """Begin.

        Args:
            run: the run. Until this ends, nothing else may ask for its session.
            plan: the nodes.
            on_made: called on that thread with the tables of each node.
        """
        self._run, self._plan, self._on_made = run, plan, on_made
        self._untold: dict[str, Outcome] = {}
        self._changed = threading.Condition()
        self._stop = Future[None]()
        self._ended = False
        self._problem: BaseException | None = None
        self._thread = threading.Thread(target=self._lead, name="lead")
        self._thread.start()

    def _lead(self) -> None:
        try:
            for outcome in outcomes(self._run, self._plan, stop=self._stop):
                self._on_made(outcome.results)
                with self._changed:
                    self._untold[outcome.name] = outcome
                    self._changed.notify_all()
        except BaseException as problem:  # noqa: BLE001 - for whoever waits
            self._problem = problem
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def outcomes(self, names: Collection[str]) -> Iterator[Outcome]:
        """Yield the outcome of each node once, as soon as it is known. Nodes that need a failed one have none.

        Raises:
            BaseException: what ended the thread before all was made, such as a full disk.
        """
        left = {*names}
        while left:
            with self._changed:
                self._changed.wait_for(lambda: self._ended or not left.isdisjoint(self._untold))
                ready = [self._untold.pop(name) for name in [*self._untold] if name in left]
            left.difference_update(outcome.name for outcome in ready)
            yield from ready
            if not ready:
                break
        if left and self._problem is not None:
            raise self._problem

    def end(self) -> list[Outcome]:
        """Stop making nodes, and return the outcomes that nobody has asked for."""
        if not self._stop.done():
            self._stop.set_result(None)
        self._thread.join()
        return [*self._untold.values()]


@dataclass
class Attempt:
    """A run in progress: what each step produced, for later steps and for the screens.

    Attributes:
        run: its context.
        intake: what was landed from the inbox.
        problem: the error that stopped the run; the first, if others followed from it.
        release: the published release; also None when there was nothing new.
        interrupted: a person or the machine ended the run.
        plan: the nodes to make, in a run that goes on to a release; None when single tables are made.
    """

    run: RunContext
    intake: Intake | None = None
    problem: Exception | None = None
    release: Release | None = None
    interrupted: bool = False
    plan: Collection[str] | None = None
    _prepared: bool = False
    _checked: tuple[Verdict, Draft | None] | None = None
    _background: Background | None = None
    _lineage: RunLineage | None = None
    _until_end: ExitStack = field(default_factory=ExitStack)
    _told_to_end: Callable[[], bool] = lambda: False

    def __enter__(self) -> Self:
        """Begin to tell of the run, where the settings say so."""
        if threading.current_thread() is threading.main_thread():
            self._told_to_end = self._until_end.enter_context(shutdown_requested())
        if self.run.settings.lineage_url:
            from pipelines.run.lineage import RunLineage  # loads OpenLineage's client

            self._lineage = RunLineage(self.run)
        return self

    def __exit__(self, _kind: object, stopped: BaseException | None, _trace: object) -> None:
        """Tell how the run ended, and leave nothing of a replay's lake."""
        self.interrupted |= stopped is not None and not isinstance(stopped, Exception)
        self.remaining()
        try:
            if self.interrupted and self.problem is None:
                self._note_interrupted()
                traces.end_run(self.run.trace, self.run.settings, problem="interrupted")
            if self._lineage:
                problem = self.problem or (stopped if isinstance(stopped, Exception) else None)
                self._lineage.end(self.verdict, self.release, problem, interrupted=self.interrupted)
        finally:
            self._until_end.close()
            self.run.exit_stack.close()
            if self.run.replay:
                self.run.lake.clear()

    @property
    def verdict(self) -> Verdict | None:
        """The verdict, once there is one."""
        return self._checked[0] if self._checked else None

    def prepare(self) -> None:
        """Remove what a dead process left, and check that there is room; once."""
        if not self._prepared:
            prepare(self.run)
            self._prepared = True

    def land(self, streams: Collection[str] = ()) -> None:
        """Land the files in the inbox, of these streams or of those that the run was begun for; once."""
        self.prepare()
        if self.intake is None and not self.run.replay:
            self.intake = take_in(self.run, streams)

    def begin(self) -> None:
        """Begin a run that goes on to a release: land, plan, and begin to make the planned nodes; once.

        The checks of each table, and its place in the release, begin when it is made.
        """
        if self.plan is None:
            if not self.run.replay:
                self.run.releases.note_begun(landing.utc_now())
            self.land()
            self.plan = plan(self.run)
            self._background = Background(self.run, self.plan, self._downstream.begin)

    def make(self, names: Collection[str]) -> Iterator[Sequence[BuildResult]]:
        """Yield the tables of nodes of the run's graph, as they are made.

        Raises:
            Exception: the first problem of these nodes, when all others that can be made are made.
        """
        self.prepare()
        if isinstance(self.problem, NoRoom):
            raise self.problem  # nothing more is made
        left, problems = {*names}, list[Exception]()
        for outcome in self._background.outcomes(names) if self._background else ():
            left.remove(outcome.name)
            if outcome.problem is None:
                yield outcome.results
            else:
                problems.append(outcome.problem)
        if problems:
            raise problems[0]
        yield from make(self.run, left)  # there is no plan; or a step is tried again, and most is made

    def remaining(self) -> list[Outcome]:
        """Stop making nodes, and return the outcomes of those whose step was skipped because an earlier one failed."""
        return self._background.end() if self._background else []

    def check(self) -> Verdict:
        """The verdict; the first call checks the remaining tables, and fills the release meanwhile."""
        self.prepare()
        if self._checked is None:
            self._checked = self._downstream.finish()
        return self._checked[0]

    @cached_property
    def _downstream(self) -> Downstream:
        return self._until_end.enter_context(Downstream(self.run))

    def publish(self) -> Release | None:
        """Publish the tables, where the verdict says yes, and record it.

        Raises:
            GateFailed: a check failed; the previous release stays.
        """
        self.check()
        assert self._checked is not None  # noqa: S101 - checked just now
        (verdict, draft), self._checked = self._checked, (self._checked[0], None)
        release = publish(self.run, verdict, draft)
        self.note_success(release)
        return release

    def refuse(self, problem: Exception) -> None:
        """Record that the run stops here. Only the first problem counts, if others follow from it."""
        if self.problem is None:
            self.problem = problem
            self._note_failed(problem)
            kind = problem.kind if isinstance(problem, SharingError) else "broken"
            traces.end_run(self.run.trace, self.run.settings, problem=kind)

    @contextmanager
    def recording_failure(self) -> Iterator[None]:
        """Record a failing step in `last_attempt.json`, for the pages to show, and re-raise its error.

        Raises:
            KeyboardInterrupt: a signal ended the run. DuckDB, Arrow and Dagster make errors of their own of it.
        """
        try:
            yield
        except Exception as stopped:
            if self._told_to_end():
                self.interrupted = True
                raise KeyboardInterrupt from stopped
            if self.problem is not None:
                raise self.problem from stopped  # already recorded; this error only followed from it
            ours = isinstance(stopped, SharingError) and not isinstance(stopped, StatementFailed)
            full = not ours and is_full(self.run.settings, stopped)
            problem = disk_full() if full else stopped
            self.refuse(problem)
            if problem is not stopped:
                raise problem from stopped
            raise

    def _note_failed(self, problem: Exception) -> None:
        """Record why the run broke off, in our words: visitors of the pages read it. Foreign errors go to the log."""
        words = (
            problem.as_json()
            if isinstance(problem, SharingError)
            else {
                "kind": "broken",
                "problem": f"The run stopped unexpectedly ({type(problem).__name__}).",
                "mend": "See the run's log in Dagster (`dif up`). The previous release stays.",
            }
        )
        results = self.verdict.results.to_pylist() if self.verdict else []
        failed = [r for r in results if not r["passed"] and r["severity"] == ERROR]
        checks = [
            {"dataset": r["dataset"], "check": r["check_name"]}
            | ({} if r["examined"] is None else {"unexpected": r["unexpected"]})  # or rows that nobody may count
            for r in failed
        ]
        note = {**words, "status": "failed", "failed_checks": checks}
        try:
            self._note(note)
        except OSError:  # a full disk: remove half-made files for room, since the previous note must not stay
            run = self.run
            run.exit_stack.close()
            if self._checked and self._checked[1]:
                self._checked[1].discard()
            run.releases.sweep()
            atomic_files.sweep(run.settings.lake)
            shutil.rmtree(run.settings.scratch / "spill", ignore_errors=True)
            try:
                self._note(note)
            except OSError:
                (run.releases.folder / ATTEMPT).unlink(missing_ok=True)

    def _note_interrupted(self) -> None:
        words = {
            "kind": "broken",
            "problem": "The run was ended from outside before it was done.",
            "mend": "`dif run` goes on where it ended; the previous release stays.",
        }
        with suppress(OSError, SharingError):  # a run that recorded nothing is reported in nearly the same words
            self._note({**words, "status": "failed", "failed_checks": []})

    def note_success(self, release: Release | None) -> None:
        """Record in `last_attempt.json` that the run succeeded."""
        self.release = release
        traces.end_run(self.run.trace, self.run.settings, release=release.name if release else "")
        status = "published" if release else "nothing_new"
        self._note({"status": status, "release": release.name if release else None, "failed_checks": []})
        if not self.run.replay and (words := subscribers.notify(self.run.settings, published=release is not None)):
            self.run.reporter.done("subscribers", words)

    def _note(self, note: Mapping[str, object]) -> None:
        if not self.run.replay:
            at = landing.utc_now().isoformat(timespec="seconds")
            self.run.releases.note_attempt({"release": None, **note, "at": at})
