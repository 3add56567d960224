"""All errors of the product, as one tree. Each error carries what is wrong and how to fix it.

    SharingError
    ├── WrongUse                     the caller asked for something that does not exist (exit 2)
    │   ├── UnknownName              a stream, dataset, register, release … that we do not have, with the nearest name
    │   ├── BadSetting               a setting is missing or cannot be read
    │   ├── RemovedSetting           a setting of an earlier version is set
    │   ├── BadOption                a command's option has a value that cannot be used
    │   ├── BadPlan                  traffic that cannot be simulated (`assets.simulate.plan`)
    │   └── AmbiguousPrice           two price rules hold at once (`catalog.domain.pricing`)
    ├── Refused                      a batch was refused on receipt; nothing was kept
    │   ├── Unreadable               the bytes are not the format they claim
    │   │   └── ReaderDied           the reader was stopped by its limits
    │   ├── SchemaMismatch           readable, but not what the contract says
    │   │   ├── UnknownColumn
    │   │   ├── MissingColumn
    │   │   └── WrongType
    │   ├── BadValue                 a value the type or the key cannot hold, with line and column where known
    │   │   └── BadElement           the same in an XML document, with line and element
    │   ├── TooLarge                 over a cap on rows, columns or bytes
    │   ├── NoRows                   a batch without rows
    │   ├── WrongDigest              what arrived is not what the sender says was sent
    │   └── BatchConflict            the same batch id with other content
    │       ├── PeriodOverlap        a file of months of which an earlier file holds some, and others
    │       └── BatchErased          a batch that was erased, sent again
    ├── Unauthenticated              no token, or an invalid one
    ├── Forbidden                    a valid token without the right to this
    ├── TryAgain                     not now: the same call may succeed later
    │   ├── OverQuota                the caller has sent as much as it may for now
    │   ├── NoRoom                   the disk is nearly full
    │   ├── TooSlow                  the sender was silent too long
    │   └── Unreachable              no server answers
    ├── BatchNotFound                no batch of that name is kept
    ├── Fault                        a fault of ours; its details are only in the log
    ├── RegisterRejected             an edited register has broken rows; none of it was applied
    ├── Busy                         another process holds DIF_HOME
    ├── LeaseLost                    another machine has taken the lease that this run held
    ├── Damaged                      stored data differs from the journal or the manifest
    │   ├── ChangedFile              a file of a release is not what was published
    │   └── DamagedInput             a file that a run reads is not what was written (`pipelines.engine`)
    ├── GateFailed                   a check failed; the last good release stays
    ├── StatementFailed              a statement of the product failed on what it was given
    ├── WorkerMismatch               a worker has another version of the product than the run
    ├── ReleaseMoved                 somebody published in between
    ├── ReleaseTooOld                a page needs something newer than the release (`dashboards.release`)
    ├── ReleaseGone                  the release was removed while in use (`dashboards.release`)
    ├── ReleaseDamaged               a database of the release differs from what was written (`dashboards.release`)
    └── QueryFailed                  a reader's SQL was wrong, too slow or too large

`kind` is stable and crosses every wire (Flight, HTTP, reason files); words may change, kinds may not.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Sequence
from typing import Self, TypeVar

Raised = TypeVar("Raised", bound="SharingError")


class SharingError(Exception):
    """Something the product cannot do, said so that the reader can mend it.

    Attributes:
        kind: a stable identifier for programs.
        problem: what is wrong, with the value at fault.
        mend: the next thing to do.
        reference: its reference in the log; empty where nothing was logged.
    """

    kind = "failed"
    exit_code = 1
    reference = ""

    def __init__(self, problem: str, mend: str) -> None:
        """Keep both halves; `str()` joins them."""
        super().__init__(f"{problem} {mend}".strip())
        self.problem = problem
        self.mend = mend

    def again(self) -> Self:
        """A copy of the error, to raise for another caller with the same problem."""
        return _as_raised(type(self), self.problem, self.mend, self.__dict__)

    def __reduce__(self) -> tuple[Callable[..., SharingError], tuple[object, ...]]:
        """The same error in another process, whatever its class is made of."""
        return _as_raised, (type(self), self.problem, self.mend, self.__dict__)

    def as_json(self) -> dict[str, str]:
        """The form that crosses a wire: kind, problem, mend. Never a trace."""
        return {"kind": self.kind, "problem": self.problem, "mend": self.mend}


def _as_raised(kind: type[Raised], problem: str, mend: str, state: dict[str, object]) -> Raised:
    error = kind.__new__(kind)
    SharingError.__init__(error, problem, mend)
    error.__dict__.update(state)
    return error


def nearest(name: str, names: Collection[str]) -> str | None:
    """The known name most like `name`, of those that begin with it where any does; None when none is alike."""
    begun = [begun_name for begun_name in names if begun_name.lower().startswith(name.lower())]
    near = difflib.get_close_matches(name.lower(), [k.lower() for k in begun or names], n=1, cutoff=0.6)
    return next((k for k in names if near and k.lower() == near[0]), None)


class WrongUse(SharingError):
    """The caller asked for something that cannot be; nothing was tried."""

    kind = "wrong_use"
    exit_code = 2


class UnknownName(WrongUse):
    """A name that we do not have: stream, dataset, register, release, command word."""

    kind = "unknown_name"

    def __init__(self, what: str, name: str, *, choices: Collection[str]) -> None:
        """Suggest the nearest of the names that there are, or list them."""
        near = nearest(name, choices)
        listed = ", ".join(sorted(choices)[:40]) or "none yet"
        super().__init__(f"No {what} {name!r}.", f"Did you mean {near!r}?" if near else f"Available: {listed}.")


class BadSetting(WrongUse):
    """A setting is missing or has a value that cannot be used."""

    kind = "bad_setting"

    def __init__(self, name: str, value: object, expected: str) -> None:
        """Name both ways to set it."""
        super().__init__(
            f"Setting {name} is {value!r}; expected {expected}.",
            f"Set the environment variable DIF_{name.upper()}, or {name!r} in dif.toml.",
        )


class RemovedSetting(WrongUse):
    """A setting of an earlier version is set."""

    kind = "removed_setting"

    def __init__(self, name: str, mend: str) -> None:
        """Name both places where it may stand."""
        super().__init__(f"Setting {name} (DIF_{name.upper()}, or {name!r} in dif.toml) was removed.", mend)


class BadOption(WrongUse):
    """An option of a command has a value that cannot be used."""

    kind = "bad_option"

    def __init__(self, option: str, value: object, expected: str) -> None:
        """Say what the option accepts."""
        super().__init__(f"{option} is {str(value)[:80]!r}.", f"Give {expected}.")


class Refused(SharingError):
    """The door said no to a batch. Nothing of it was kept."""

    kind = "refused"


class Unreadable(Refused):
    """The bytes are not the format that the file's name or the sender claims."""

    kind = "unreadable"


class ReaderDied(Unreadable):
    """The child process that read the file was ended by its limits, or died of the file."""

    kind = "reader_died"

    def __init__(self, how: str) -> None:
        """Say how the reader ended."""
        super().__init__(
            f"The reader stopped on this file: {how}.",
            "Write it again with a current Parquet, Arrow or CSV library, in files of at most a few million rows.",
        )


class SchemaMismatch(Refused):
    """The batch can be read but is not what the stream's contract says."""

    kind = "schema_mismatch"


class UnknownColumn(SchemaMismatch):
    """A column that the contract does not have."""

    kind = "unknown_column"

    def __init__(self, column: str, stream: str, *, columns: Collection[str]) -> None:
        """Name the nearest column of the contract."""
        near = nearest(column, columns)
        super().__init__(
            f"Stream {stream} has no column {column[:80]!r}.",
            f"Did you mean {near!r}?" if near else f"Its columns are: {', '.join(columns)}.",
        )

    @classmethod
    def repeated(cls, column: str, stream: str) -> Self:
        """A column of the contract that the file has more than once."""
        error = cls.__new__(cls)
        SharingError.__init__(
            error,
            f"The file has column {column[:80]!r} more than once; stream {stream} has it once.",
            "Remove one of them.",
        )
        return error


class MissingColumn(SchemaMismatch):
    """Columns that the contract requires are not there."""

    kind = "missing_column"

    def __init__(self, columns: Sequence[str], stream: str, *, sample: bool = True) -> None:
        """Name every missing column. All sent columns are known by now, so none of them is a misspelling.

        Args:
            columns: the missing columns.
            stream: the stream.
            sample: `dif sample` shows a batch of the stream.
        """
        single, listed = len(columns) == 1, ", ".join(map(repr, columns))
        super().__init__(
            f"{'Column' if single else 'Columns'} {listed} of stream {stream} {'is' if single else 'are'} missing.",
            f"Add {'it; it is' if single else 'them; they are'} required."
            + (f" `dif sample {stream}` shows a complete batch." if sample else ""),
        )


class WrongType(SchemaMismatch):
    """A column of a type that is not the contract's and cannot become it without loss."""

    kind = "wrong_type"

    def __init__(self, column: str, got: str, wanted: str) -> None:
        """Say both types."""
        super().__init__(f"Column {column!r} is {got[:80]}; the contract says {wanted}.", f"Send {column} as {wanted}.")


class BadValue(Refused):
    """One value cannot be read as its column's type, or a required value is missing."""

    kind = "bad_value"

    def __init__(self, column: str, what: str, mend: str, *, line: int | None = None) -> None:
        """Name line and column where known."""
        where = f"Line {line}, column {column!r}" if line else f"Column {column!r}"
        super().__init__(f"{where}: {what}.", mend)
        self.line = line
        self.column = column


class BadElement(BadValue):
    """An element of a document is missing, or has a value that cannot be; in Norwegian, for who exported it."""

    kind = "bad_element"

    def __init__(self, line: int | None, element: str, what: str, mend: str) -> None:
        """Name line and element."""
        where = f"Linje {line}, <{element}>" if line else f"<{element}>"
        SharingError.__init__(self, f"{where}: {what}.", mend)
        self.line = line
        self.column = element


class TooLarge(Refused):
    """Over a cap on rows, columns or bytes."""

    kind = "too_large"


class NoRows(Refused):
    """A batch without rows: there is nothing to keep, and mostly something went wrong before it was sent."""

    kind = "no_rows"

    def __init__(self) -> None:
        """Say the same of each."""
        super().__init__("The batch has no rows.", "Send it when it has rows.")


class WrongDigest(Refused):
    """What arrived is not what the sender says was sent: it changed on the way."""

    kind = "wrong_digest"

    def __init__(self, what: str) -> None:
        """Name the digest."""
        super().__init__(f"The batch does not match its {what}.", "It changed in transit; send it again.")


class BatchConflict(Refused):
    """A batch id that is taken, with other content. Never says what the other content is."""

    kind = "conflict"

    def __init__(self, batch_id: str) -> None:
        """Offer both ways forward."""
        super().__init__(
            f"Batch {batch_id!r} is already kept with different content.",
            "Send the new content under a new batch id; withdraw the old batch if it is wrong.",
        )


class PeriodOverlap(BatchConflict):
    """A file of whole months of which some count already; in Norwegian, for who exported it."""

    kind = "period_overlap"

    def __init__(
        self, batch_id: str, *, company: str, months: tuple[str, str], months_kept: tuple[str, str], producer: str = ""
    ) -> None:
        """Name both periods, and the ways forward; `producer` is another sender that has sent them."""
        first, last = months_kept
        if producer:
            SharingError.__init__(
                self,
                f"Filen gjelder {months[0]}–{months[1]} for {company}, og {producer} har sendt {first}–{last} allerede "
                f"({batch_id!r}): begge ville blitt talt.",
                f"Send filen som {producer}, så erstatter den. Eller ta tilbake den forrige: dif withdraw {batch_id} "
                "--reason «…».",
            )
            return
        SharingError.__init__(
            self,
            f"Filen gjelder {months[0]}–{months[1]} for {company}, men {batch_id!r} holder {first}–{last}: bare en "
            "del av den ville blitt erstattet.",
            f"Eksporter hele {min(months[0], first)}–{max(months[1], last)} på nytt; da erstattes alt. Eller ta "
            f"tilbake den forrige: dif withdraw {batch_id} --reason «…».",
        )


class BatchErased(BatchConflict):
    """A batch that was erased: it is not kept again, whatever id it is sent under."""

    kind = "erased"

    def __init__(self, batch_id: str, *, erased_on: str) -> None:
        """Say when, and whom to ask."""
        SharingError.__init__(
            self,
            f"Batch {batch_id!r}, or its rows, were erased on {erased_on}; it is not kept again.",
            "Do not send it again. If it should count after all, ask the platform's operator.",
        )


class Unauthenticated(SharingError):
    """No token, or one that does not hold: forged, expired, revoked, or made for another audience."""

    kind = "unauthenticated"


class Forbidden(SharingError):
    """A good token, but the access list gives its holder no right to this."""

    kind = "forbidden"


class TryAgain(SharingError):
    """Not now. Nothing was kept; the same call, later, may go through."""

    kind = "try_again"


class OverQuota(TryAgain):
    """The caller has sent as much as it may for now."""

    kind = "over_quota"


class NoRoom(TryAgain):
    """The disk is nearly full; batches are refused before it is."""

    kind = "no_room"


class TooSlow(TryAgain):
    """The sender was silent longer than a stream may be."""

    kind = "too_slow"


class Unreachable(TryAgain):
    """No server answers at an address."""

    kind = "unreachable"


class Fault(SharingError):
    """A fault of ours. What it was stands in the log under the reference, and only there."""

    kind = "fault"

    def __init__(self) -> None:
        """Say the same of each."""
        super().__init__("The server failed; nothing was kept.", "Try again, and give the operator the reference.")


class BatchNotFound(SharingError):
    """No batch of that name is kept for this producer."""

    kind = "not_kept"

    def __init__(self, stream: str, batch_id: str) -> None:
        """Name what was asked for."""
        super().__init__(f"No batch {batch_id[:64]!r} of stream {stream} is kept for you.", "Send it; a retry is safe.")


class RegisterRejected(SharingError):
    """An edited register has broken rows. None of it was applied."""

    kind = "register_rejected"

    def __init__(self, name: str, faults: Collection[str]) -> None:
        """List the first faults, each with row and column."""
        listed = "; ".join(list(faults)[:10])
        more = f" (and {len(faults) - 10} more)" if len(faults) > 10 else ""  # noqa: PLR2004 - ten faults fit a screen
        super().__init__(f"Register {name}: {listed}{more}.", "Correct these rows, and apply the file again.")
        self.faults = tuple(faults)


class Busy(SharingError):
    """Another process writes to DIF_HOME."""

    kind = "busy"

    def __init__(self, holder: str, waited: float = 0) -> None:
        """Say who holds the lock, and how long it was waited for."""
        for_nothing = f", also after {waited:.0f} s of waiting" if waited >= 1 else ""
        super().__init__(f"Another run holds this home ({holder}){for_nothing}.", "Wait for it to end, then run again.")


class LeaseLost(SharingError):
    """Another machine has taken the lease that this run held; nothing of it was published."""

    kind = "lease_lost"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This run lost its lease: it was stopped or cut off for too long, and another machine may run.",
            "Nothing half made was published. Run again; what was made is kept.",
        )


class Damaged(SharingError):
    """Something at rest is not what the journal or the manifest says it is."""

    kind = "damaged"


class ChangedFile(Damaged):
    """A file of a release is not what was published, so nobody is given it."""

    kind = "changed_file"

    def __init__(self, path: str, release: str) -> None:
        """Name the file and its release."""
        super().__init__(
            f"{path} of release {release} is not what was published.",
            f"Ask for another release, and tell the publisher: `dif release verify {release}` lists what has changed, "
            "and `dif doctor --mend` mends it.",
        )


class GateFailed(SharingError):
    """One or more checks said no; the last good release stays the current one."""

    kind = "gate_failed"

    def __init__(self, failed: Collection[str], *, not_carried_out: Sequence[str] = ()) -> None:
        """Name the checks that failed, and say why some of them were not carried out."""
        problem = f"{len(failed)} {'check' if len(failed) == 1 else 'checks'} failed: {'; '.join([*failed][:8])}."
        mend = "See `dif status` and `dif quarantine list`, fix the source, and run again."
        if not_carried_out:
            problem += "".join(f" {why}" for why in dict.fromkeys(not_carried_out[:3]))
        super().__init__(problem, f"The previous release stays. {mend}")


class StatementFailed(SharingError):
    """A statement of the product failed on what it was given; nothing was published."""

    kind = "statement_failed"

    def __init__(self, statement: str, inputs: Collection[str], reason: str, *, table: str = "") -> None:
        """Name the statement's file, the tables it read, and the engine's own words without their excerpt of SQL."""
        super().__init__(
            f"{table or 'A table'} could not be made: {statement}, over {', '.join(sorted(inputs)) or 'no table'}, "
            f"failed: {' '.join(reason.partition('LINE ')[0].split())[:300]}",
            "The previous release stays. Fix the statement or the tables it reads, and run again.",
        )


class WorkerMismatch(SharingError):
    """A worker has other code, facts or another engine than the run, so it would make other rows."""

    kind = "other_rules"

    def __init__(self, mine: str, of_run: str) -> None:
        """Say both."""
        super().__init__(
            f"A worker has the rules {mine}, the run {of_run}: they run different versions.",
            "Deploy one version to all, restart the workers, and run again.",
        )


class ReleaseMoved(SharingError):
    """The current release changed while this one was being made."""

    kind = "release_moved"

    def __init__(self, expected: str | None, current: str | None) -> None:
        """Say which release was expected to be the parent."""
        super().__init__(f"The current release is {current}, not {expected}, the parent of this one.", "Run again.")


class QueryFailed(SharingError):
    """A reader's SQL was wrong, took too long or asked for too much."""

    kind = "query_failed"
