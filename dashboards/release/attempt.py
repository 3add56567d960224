"""The outcome of the last run, as the pages tell it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from transport.releases.release import MALFORMED, broken, instant
from transport.releases.storage import ATTEMPT, last_finished

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from transport.releases.release import Release


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that failed in the last attempt; of a table that is not published, it is not told in how many rows."""

    dataset: str
    check: str
    unexpected: int | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """The outcome of the last finished run: `published`, `failed`, `nothing_new` or `rolled_back`."""

    status: str
    at: datetime
    failed_checks: tuple[FailedCheck, ...] = ()
    problem: str = ""

    @property
    def failed(self) -> bool:
        """The run published nothing because something was wrong."""
        return self.status == "failed"

    def touches(self, datasets: frozenset[str]) -> bool:
        """A failed check concerns one of `datasets`."""
        return any(check.dataset in datasets for check in self.failed_checks)


def last_attempt(releases: Path) -> Attempt | None:
    """The outcome of the last run, or None when no run has recorded one.

    Raises:
        Damaged: the file exists but cannot be read.
    """
    file = releases / ATTEMPT
    if not file.exists():
        return None
    try:
        attempt = last_finished(json.loads(file.read_text("utf-8")), releases)
        if not attempt:
            return None  # the first run is not finished
        return Attempt(
            status=str(attempt["status"]),
            at=instant(attempt["at"]),
            failed_checks=tuple(
                FailedCheck(str(check["dataset"]), str(check["check"]), None if count is None else int(count))
                for check in attempt.get("failed_checks") or ()
                for count in [check.get("unexpected")]
            ),
            problem=str(attempt.get("problem") or ""),
        )
    except (OSError, RecursionError, *MALFORMED) as problem:
        raise broken(file, f"lacks or misstates {problem}") from problem


def fresh_at(release: Release, attempt: Attempt | None) -> datetime:
    """The last time that a run looked for new data and the numbers were up to date."""
    looked = attempt.at if attempt and attempt.status in {"published", "nothing_new"} else release.published_at
    return max(looked, release.published_at)
