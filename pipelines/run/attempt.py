"""How a run goes: what has come of it so far, and the note that it leaves of how it ended."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from catalog.errors import SharingError
from pipelines.run.context import RunContext
from pipelines.run.judge import Verdict, disk_full, judge
from transport.base import atomic_files
from transport.ingest.inbox import Intake
from transport.releases.store import ATTEMPT, Release
from transport.storage import landing
from transport.storage.backends import is_full


@dataclass
class Attempt:
    """A run that is under way: what each step gave, for the steps and the screens after it.

    Attributes:
        run: what is known of it.
        intake: what was landed from the inbox.
        problem: what stopped the run; the first, where others followed from it.
        release: what was published; None also when there was nothing new.
    """

    run: RunContext
    intake: Intake | None = None
    problem: Exception | None = None
    release: Release | None = None
    _verdict: Verdict | None = None

    @property
    def checks(self) -> Verdict | None:
        """The verdict, once there is one."""
        return self._verdict

    def judge(self) -> Verdict:
        """The verdict; judged the first time that somebody asks."""
        if self._verdict is None:
            self._verdict = judge(self.run)
        return self._verdict

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Say in `last_attempt.json` when a step cannot be done, so that pages can tell; the error goes on."""
        try:
            yield
        except Exception as stopped:
            if self.problem is not None:
                raise self.problem from stopped  # it is noted; what followed from it is not it
            full = not isinstance(stopped, SharingError) and is_full(self.run.settings, stopped)
            self.problem = problem = disk_full() if full else stopped
            self._note_failed(problem)
            if problem is not stopped:
                raise problem from stopped
            raise

    def _note_failed(self, problem: Exception) -> None:
        """Say why the run broke off, in our words, as visitors of the pages read it; others' go to the run's log."""
        words = (
            problem.as_json()
            if isinstance(problem, SharingError)
            else {
                "kind": "broken",
                "problem": f"The run broke off ({type(problem).__name__}).",
                "mend": "`make up` shows the run's log in Dagster; the release before stays.",
            }
        )
        failed = [r for r in self._verdict.results.to_pylist() if not r["passed"]] if self._verdict else []
        checks = [{"dataset": r["dataset"], "check": r["check_name"], "unexpected": r["unexpected"]} for r in failed]
        note = {**words, "status": "failed", "failed_checks": checks}
        try:
            self._note(note)
        except OSError:  # a full disk: what was half made gives room, and the note from before must not stand
            run = self.run
            if self._verdict and self._verdict.draft:
                self._verdict.draft.discard()
            run.releases.sweep()
            atomic_files.sweep(run.settings.lake)
            shutil.rmtree(run.settings.scratch / "spill", ignore_errors=True)
            try:
                self._note(note)
            except OSError:
                (run.releases.folder / ATTEMPT).unlink(missing_ok=True)

    def note_success(self, release: Release | None) -> None:
        """Say in `last_attempt.json` that the run went well."""
        self.release = release
        status = "published" if release else "nothing_new"
        self._note({"status": status, "release": release.name if release else None, "failed_checks": []})

    def _note(self, note: Mapping[str, object]) -> None:
        if not self.run.replay:
            at = landing.utc_now().isoformat(timespec="seconds")
            self.run.releases.note_attempt({"release": None, **note, "at": at})
