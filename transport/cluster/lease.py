"""The right to change what is shared: one machine at a time has it, and a number that grows with each holder.

On one machine the home's lock is enough. Machines that share object storage agree by one small object, moved by
conditional puts. Who waits judges by its own clock: a lease that has not changed for its whole time is free. A holder
that was stopped and wakes up finds that it has lost it: the next holder moves the object, and then the pointer of
the releases, so that what the first was about to publish no longer fits.
"""

from __future__ import annotations

import json
import os
import platform
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from catalog.errors import Busy, LeaseLost, SharingError
from transport.cluster.lake import ObjectLake
from transport.cluster.mirror import ObjectStoreMirror, Version
from transport.cluster.releases import SharedReleases
from transport.lake.tables import Lake
from transport.releases.store import Releases

LEASE = "lease/run"


class Lease:
    """A lease that is held.

    Attributes:
        fence: grows with each holder.
    """

    def __init__(self, shared: ObjectStoreMirror, version: Version, fence: int, holder: str, seconds: float) -> None:
        """Keep the version that was written."""
        self.fence = fence
        self._shared = shared
        self._version: Version | None = version
        self._holder = holder
        self._seconds = seconds
        self._good_until = time.monotonic() + seconds
        self._turn = threading.Lock()

    def check(self) -> None:
        """See that it is still held.

        Raises:
            LeaseLost: another machine has taken it, or it could not be renewed in time.
        """
        if self._version is None or time.monotonic() > self._good_until:
            raise LeaseLost

    def guard(self, lake: Lake) -> None:
        """Let nothing be written to a shared lake once the lease is lost."""
        if isinstance(lake, ObjectLake):
            lake.mirror.guard = self.check

    def take_over(self, releases: Releases) -> None:
        """Keep earlier holders from publishing.

        Raises:
            LeaseLost: a later holder has done so.
            BadSetting: this home has releases and the store has none.
        """
        if isinstance(releases.storage, SharedReleases):
            releases.storage.take_over(self.fence)

    def renew(self) -> None:
        """Write it anew, so that those who wait see that the holder lives."""
        with self._turn:
            if self._version is None:
                return
            before_request = time.monotonic()
            written = self._shared.swap(LEASE, _content(self._holder, self.fence, self._seconds), self._version)
            if written is None:  # taken; or an earlier renewal was answered with an error, and is there
                now = self._shared.read(LEASE)
                written = now if now and json.loads(now.content)["fence"] == self.fence else None
            self._version = written
            if written is not None:
                self._good_until = before_request + self._seconds

    def give_back(self) -> None:
        """Let others have it at once."""
        with self._turn:
            if self._version is not None:
                self._shared.swap(LEASE, _content("", self.fence, 0), self._version)
                self._version = None


def holder_of(shared: ObjectStoreMirror) -> str:
    """The holder of the lease, dead or alive; empty when it is free."""
    now = shared.read(LEASE)
    return str(json.loads(now.content)["holder"]) if now else ""


@contextmanager
def hold(
    shared: ObjectStoreMirror,
    seconds: float,
    *,
    patience: float | None = None,
    on_waiting: Callable[[str], None] = lambda _holder: None,
) -> Iterator[Lease]:
    """Take the lease, and renew it until the block ends.

    Args:
        shared: where the lease lies.
        seconds: how long it holds without being renewed.
        patience: how long to wait for another holder; by default as long as it takes to know that it is dead.
        on_waiting: called with who holds it, once for each holder that is waited for.

    Raises:
        Busy: another machine holds it.
    """
    lease = take(shared, seconds, seconds * 1.5 if patience is None else patience, on_waiting)
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(seconds / 3):
            try:
                lease.renew()
            except SharingError:  # the store is away: the next turn tries again, until the time is over
                continue

    renewer = threading.Thread(target=renew, name="lease", daemon=True)
    renewer.start()
    try:
        yield lease
    finally:
        ended.set()
        renewer.join()
        with suppress(SharingError):  # it ends by itself
            lease.give_back()


def take(
    shared: ObjectStoreMirror, seconds: float, patience: float, on_waiting: Callable[[str], None] = lambda _holder: None
) -> Lease:
    """Take the lease, which ends by itself unless it is renewed. `hold` renews it, and describes the arguments.

    Raises:
        Busy: another machine holds it.
        SharingError: the store ignores the conditions of puts, so that nobody can hold anything.
    """
    holder = f"{platform.node()} {os.getpid()}"
    began = looked = time.monotonic()
    last_version: Version | None = None
    reported = ""
    while True:
        now = shared.read(LEASE)
        content: dict[str, Any] = json.loads(now.content) if now else {"holder": "", "fence": 0}
        if now != last_version:
            last_version, looked = now, time.monotonic()
        if not content["holder"] or time.monotonic() - looked > max(seconds, float(content.get("seconds", 0))):
            fence = int(content["fence"]) + 1
            written = shared.swap(LEASE, _content(holder, fence, seconds), now)
            if written is not None:
                _check_conditions(shared, now)
                return Lease(shared, written, fence, holder, seconds)
        elif time.monotonic() - began > patience:
            raise Busy(str(content["holder"]), time.monotonic() - began)
        elif content["holder"] != reported:
            reported = str(content["holder"])
            on_waiting(reported)
        time.sleep(min(0.2, seconds / 10))


def _check_conditions(shared: ObjectStoreMirror, was: Version | None) -> None:
    """See that the store refuses what must be refused: some that speak S3 take every put, and lose batches.

    Raises:
        SharingError: it does not.
    """
    again = [None] if was is None else [None, was]
    if any(shared.swap(LEASE, _content("", 0, 0), outdated) is not None for outdated in again):
        raise SharingError(
            "The object storage takes puts that it must refuse (If-None-Match, If-Match), so two machines could run.",
            "Use a store that knows conditional puts (docs/deploy.md, Kubernetes); stop the doors until then.",
        )


def _content(holder: str, fence: int, seconds: float) -> bytes:
    # a new value each time: some stores name equal content by an equal tag
    return json.dumps({"holder": holder, "fence": fence, "seconds": seconds, "renewed": uuid.uuid4().hex}).encode()
