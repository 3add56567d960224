"""The kept releases as versions of every table, in order of publication.

A version's number is the release's name: `2026-11-24.3` is 202611240003. So it needs no record, and stays what it is
when older releases are pruned, on every machine. As-of releases are no versions; neither are releases after `current`,
which somebody rolled back from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from catalog.errors import UnknownName, WrongUse
from transport.releases.store import Release, Releases

_NAME: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})\.(\d{1,4})")
_TIME: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:?\d{2})?")


@dataclass(frozen=True, slots=True)
class Version:
    """A release as a version of its tables."""

    number: int
    release: Release

    @property
    def published_at(self) -> datetime:
        """When it was published."""
        return datetime.fromisoformat(str(self.release.manifest["published_at"])).astimezone(UTC)

    @property
    def timestamp(self) -> int:
        """When it was published, in milliseconds since 1970."""
        return int(self.published_at.timestamp() * 1000)


def number_of(release: str) -> int | None:
    """The version that a release of that name is; None for an as-of release."""
    match = _NAME.fullmatch(release)
    return int("{}{}{}{:0>4}".format(*match.groups())) if match else None


def moment_of(text: str, parameter: str) -> datetime:
    """A timestamp of the protocol, in UTC where it says no zone.

    Raises:
        WrongUse: it is not a time.
    """
    parts = _TIME.fullmatch(text.strip())
    try:
        if parts is not None:
            year, month, day, hour, minute, second, fraction, zone = parts.groups()
            written = f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}:{minute}:{second}{fraction or ''}{zone or 'Z'}"
            return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise WrongUse(f"{parameter} is {text[:40]!r}.", "Give a time, in UTC: 2026-01-31T06:00:00Z.")


class Versions:
    """The versions of a home. One instance per process; threads share it."""

    def __init__(self, releases: Releases) -> None:
        """Nothing is read yet."""
        self._releases = releases

    def current(self) -> Version:
        """The version that `current` points to.

        Raises:
            UnknownName: nothing is published yet.
        """
        name = self._releases.current_name()
        if name is None:
            raise UnknownName("release", "current", choices=[])
        return self._open(name)

    def at(self, number: int) -> Version:
        """The version of that number.

        Raises:
            WrongUse: no kept release has it.
        """
        numbers = self._numbers()
        if number not in numbers:
            raise WrongUse(f"Version {number} does not exist, or its release is no longer kept.", _among(list(numbers)))
        return self._open(numbers[number])

    def of_release(self, release: str) -> Version:
        """The version that a release of that name is.

        Raises:
            UnknownName: the release is no longer kept.
        """
        if release not in self._releases.names():
            gone = UnknownName("release", release[:80], choices=())
            gone.mend = "Query the table again for links to releases that are kept."
            raise gone
        return self._open(release)

    def as_of(self, moment: datetime) -> Version:
        """The version that was the newest at that moment.

        Raises:
            WrongUse: every kept release is younger.
        """
        times = self._releases.storage.times()
        older = [n for n, name in self._numbers().items() if times[name] <= moment]
        if not older:
            raise WrongUse(f"No kept release was published by {moment:%Y-%m-%dT%H:%M:%SZ}.", self._span())
        return self.at(older[-1])

    def since(self, moment: datetime) -> Version:
        """The first version published at that moment or later.

        Raises:
            WrongUse: every release is older.
        """
        times = self._releases.storage.times()
        younger = [n for n, name in self._numbers().items() if times[name] >= moment]
        if not younger:
            raise WrongUse(f"No release was published at {moment:%Y-%m-%dT%H:%M:%SZ} or later.", self._span())
        return self.at(younger[0])

    def before(self, version: Version) -> Version | None:
        """The kept version before; None when it is the oldest."""
        older = [n for n in self._numbers() if n < version.number]
        return self.at(older[-1]) if older else None

    def between(self, first: Version, last: Version) -> Sequence[Version]:
        """The kept versions from one to another, both included, oldest first."""
        return [self.at(n) for n in self._numbers() if first.number <= n <= last.number]

    def _numbers(self) -> dict[int, str]:
        """The release of each version up to the current one, oldest first."""
        current = number_of(self._releases.current_name() or "") or 0
        numbers = {n: name for name in self._releases.names() if (n := number_of(name)) is not None and n <= current}
        return dict(sorted(numbers.items()))

    def _span(self) -> str:
        numbers = list(self._numbers())
        first, last = (self.at(n).published_at for n in (numbers[0], numbers[-1]))
        return f"Releases are kept from {first:%Y-%m-%dT%H:%M:%SZ} to {last:%Y-%m-%dT%H:%M:%SZ}."

    def _open(self, name: str) -> Version:
        return Version(number_of(name) or 0, self._releases.get(name))


def _among(numbers: Sequence[int]) -> str:
    newest = [str(n) for n in numbers[-10:]]
    return f"The newest are {', '.join(newest)}." if newest else "Nothing is published yet."
