"""What every wire does with a call: reads its headers and caller, maps its errors, writes its line of the audit.

Unknown headers and values are refused: with a misspelt `dif-check`, a dry run would be real.
"""

from __future__ import annotations

import asyncio
import time
import traceback
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from catalog.errors import (
    BadSetting,
    BatchConflict,
    BatchNotFound,
    Busy,
    ChangedFile,
    Damaged,
    Forbidden,
    OverQuota,
    QueryFailed,
    Refused,
    RegisterRejected,
    SharingError,
    TooLarge,
    TooSlow,
    TryAgain,
    Unauthenticated,
    UnknownName,
    WrongUse,
)
from transport.auth import Access, Caller
from transport.base.settings import Settings
from transport.ingest.ingest_service import IngestService, Upload, reference
from transport.releases.store import Releases
from transport.telemetry import counters
from transport.telemetry.event_log import EventLog

Headers = Mapping[str, Sequence[str]]
"""The values of each header, by its name in lower case."""
HEADERS: Mapping[str, tuple[str, ...]] = {
    "dif-producer": (),
    "dif-content-sha256": (),
    "dif-priority": ("live", "bulk"),
    "dif-check": ("true", "false"),
    "dif-synthetic": ("true", "false"),
}
"""Our headers that a call may set, and their allowed values; empty means any."""
STATUS: Mapping[type[SharingError], int] = {
    SharingError: 500,
    WrongUse: 400,
    UnknownName: 404,
    BadSetting: 500,
    Refused: 422,
    TooLarge: 413,
    BatchConflict: 409,
    Unauthenticated: 401,
    Forbidden: 403,
    TryAgain: 503,
    OverQuota: 429,
    TooSlow: 408,
    BatchNotFound: 404,
    RegisterRejected: 422,
    Busy: 503,
    Damaged: 503,
    ChangedFile: 409,  # not 5xx: clients would try again for minutes, and then hide why
    QueryFailed: 400,
}
"""The HTTP status of an error; errors that are not listed have that of their base class."""
T = TypeVar("T")


def of_class(answers: Mapping[type[SharingError], T], problem: type[SharingError]) -> T:
    """A table's entry for an error, or for its nearest base class.

    Raises:
        StopIteration: the table has neither.
    """
    return next(answers[cls] for cls in problem.__mro__ if cls in answers)


# --- what a call says -------------------------------------------------------------------------------------------------


def check_headers(headers: Headers, allowed: Mapping[str, tuple[str, ...]] = HEADERS) -> None:
    """Check each header whose name begins as ours do.

    Raises:
        UnknownName: there is no such header.
        WrongUse: its value is not allowed, or it is sent twice.
    """
    for name, values in headers.items():
        if not name.startswith("dif"):
            continue
        if name not in allowed:
            raise UnknownName("header", name.title()[:40], choices=[header.title() for header in allowed])
        if len(values) > 1:
            raise WrongUse(f"Header {name.title()!r} is sent more than once.", "Send it once.")
        if allowed[name] and word(headers, name) not in allowed[name]:
            mend = f"Give {' or '.join(allowed[name])}."
            raise WrongUse(f"{name.title()} is {word(headers, name)[:40]!r}.", mend)


def header(headers: Headers, name: str) -> str:
    """A header's value; empty when it was not sent."""
    return next(iter(headers.get(name, ())), "")


def word(headers: Headers, name: str) -> str:
    """A header's value, in lower case."""
    return header(headers, name).strip().lower()


def caller_of(access: Access, headers: Headers) -> Caller:
    """Authenticate who calls.

    Raises:
        Unauthenticated, Forbidden, TryAgain: as `Access.caller`; or two tokens were sent.
        WrongUse: two producers were sent.
    """
    if len(headers.get("authorization", ())) > 1:
        raise Unauthenticated("More than one token was sent.", "Send one.")
    if len(headers.get("dif-producer", ())) > 1:
        raise WrongUse("More than one producer was sent.", "Send one dif-producer.")
    return access.caller(header(headers, "authorization") or None, producer=header(headers, "dif-producer") or None)


def upload_of(headers: Headers, stream: str, batch_id: str, wire: str, *, digest: str, **more: bool) -> Upload:
    """The batch that a call wants kept.

    Args:
        headers: of the call.
        stream: as the address says.
        batch_id: likewise.
        wire: flight or http.
        digest: SHA-256 of the canonical content as sent; empty when the sender gave none.
        more: `synthetic` and `try_only`, where something beside the headers says them.
    """
    return Upload(
        stream=stream,
        batch_id=batch_id,
        wire=wire,
        bulk=word(headers, "dif-priority") == "bulk",
        synthetic=more.get("synthetic", False) or word(headers, "dif-synthetic") == "true",
        digest=digest,
        try_only=more.get("try_only", False) or word(headers, "dif-check") == "true",
        traceparent=",".join(headers.get("traceparent", ())),  # two are of no form that the standard allows
    )


def check_landing(ingest: IngestService, releases: Releases) -> None:
    """Refuse the first batch of a landing that a release says was not empty: when its disk is mounted, it is hidden.

    Raises:
        Damaged: it is not the one that the current release was made of.
    """
    if not ingest.landing.last:
        ingest.landing.refresh()
        other = None
        with suppress(
            Damaged
        ):  # a release that cannot be read tells nothing of the landing, and the doctor tells of it
            other = releases.other_landing(ingest.landing)
        if other is not None:
            raise other


def moment(name: str, text: str) -> datetime:
    """A time that a call gives.

    Raises:
        WrongUse: it is not a time, or has no offset.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise WrongUse(f"{name} is {text[:40]!r}.", "Give a time with its offset: 2026-01-31T06:00:00Z.")
    return instant


def whole_number(name: str, value: object) -> int | None:
    """A whole number of a JSON document; None where there is none.

    Raises:
        WrongUse: it is something else, or negative.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 63:
        raise WrongUse(f"{name} is {str(value)[:40]!r}.", "Give a whole number.")
    return value


# --- callers without a token ------------------------------------------------------------------------------------------

_WAITING_OF_ONE_ADDRESS = 16


class OneByOne:
    """Lets each caller without a token do one costly thing at a time: it waits for itself, and others not for it.

    They wait in the event loop, where that costs no thread; one instance belongs to one loop.
    """

    def __init__(self, settings: Settings) -> None:
        """Nobody is busy."""
        self._seconds = settings.queue_seconds
        self._locks: dict[str, asyncio.Lock] = {}
        self._here: Counter[str] = Counter()

    @asynccontextmanager
    async def of(self, caller: Caller) -> AsyncIterator[None]:
        """Wait until the caller does nothing else; a caller with a token never waits here.

        Raises:
            TryAgain: its turn did not come within `queue_seconds`, or too many of its calls wait.
        """
        name = caller.name
        if not caller.anonymous:
            yield
            return
        if self._here[name] > _WAITING_OF_ONE_ADDRESS:
            raise TryAgain("Too many calls of this address wait.", "Send one at a time, or ask for a token.")
        lock = self._locks.setdefault(name, asyncio.Lock())
        self._here[name] += 1
        try:
            try:
                async with asyncio.timeout(self._seconds):
                    await lock.acquire()
            except TimeoutError:
                raise TryAgain(
                    f"Other calls of this address took {self._seconds:.0f} seconds.",
                    "Send one at a time, or ask for a token.",
                ) from None
            try:
                yield
            finally:
                lock.release()
        finally:
            self._here[name] -= 1
            if not self._here[name]:
                del self._here[name], self._locks[name]


# --- what is written of it --------------------------------------------------------------------------------------------


@dataclass
class Read:
    """A call that reads datasets, and its line in the audit.

    Attributes:
        who: calls; empty while that is not known.
        dataset: the name that was asked for.
        release: likewise, then the one that was read.
        outcome: ended (by the caller, before its end), served, refused or failed.
        kind: of the problem, if there was one.
        tool: of the MCP server.
    """

    log: EventLog
    wire: str
    who: str
    dataset: str = ""
    release: str = ""
    rows: int = 0
    outcome: str = "ended"
    kind: str = ""
    tool: str = ""
    reference: str = field(default_factory=reference)
    began: float = field(default_factory=time.monotonic)

    def write(self, outcome: str = "", problem: BaseException | None = None) -> None:
        """Write the line, and count the read.

        Args:
            outcome: how it ended, where it is not noted yet.
            problem: why it was not served.
        """
        self.outcome = outcome or self.outcome
        if problem is not None:
            self.kind = problem.kind if isinstance(problem, SharingError) else "fault"
        self.log.read(
            who=self.who,
            dataset=self.dataset,
            release=self.release,
            outcome=self.outcome,
            rows=0 if self.outcome == "refused" else self.rows,
            ms=(time.monotonic() - self.began) * 1000,
            wire=self.wire,
            kind=self.kind,
            reference=self.reference,
            **({"tool": self.tool} if self.tool else {}),
        )
        for dataset in self.dataset.split(", "):
            counters.observe_read(dataset=dataset, outcome=self.outcome, wire=self.wire)

    @contextmanager
    def audited(self) -> Iterator[Read]:
        """Write one audit line when the block ends, also on error; errors are reraised with the line's reference."""
        try:
            yield self
        except SharingError as problem:
            problem.reference = self.reference
            self.write("refused", problem)
            raise
        except Exception as problem:
            self.write("failed", problem)
            raise
        self.write("served")


def log_fault(log: EventLog, wire: str, problem: BaseException, ref: str, **facts: str) -> None:
    """Log a fault of ours: its place in the code, and no values."""
    frames = traceback.extract_tb(problem.__traceback__, limit=-5)
    where = " < ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in reversed(frames))
    log.event("fault", wire=wire, kind=type(problem).__name__, where=where, reference=ref, **facts)
