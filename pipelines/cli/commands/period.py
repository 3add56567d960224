"""`dif period list, show, close, reopen`: quarters that do not move once they are closed."""

from __future__ import annotations

from contextlib import nullcontext

from catalog.domain import calendar
from catalog.errors import BadOption
from pipelines.accounts import periods
from pipelines.accounts.periods import Closing, Periods
from pipelines.cli.checks import require_positive, require_release, require_text
from pipelines.cli.present import period as present
from pipelines.cli.screen import Result, command
from transport.base import atomic_files
from transport.base.settings import Settings, load


def _opened(settings: Settings) -> Periods:
    return Periods.of(settings, require_release(settings, "there are no periods"))


@command()
def list_periods() -> Result:
    """Each quarter: its status, by which function, when, in which release, and what came after it was closed."""
    rows = periods.listed(_opened(load()))
    return Result(rows, present.listed(rows))


@command()
def show(quarter: str, /, *, limit: int = 40) -> Result:
    """The entries of a quarter that are booked in a later period, the largest first.

    Args:
        quarter: such as 2026-Q3.
        limit: at most this many, for a person; --json has them all.
    """
    _check_quarter(quarter)
    require_positive("--limit", limit)
    books = _opened(load())
    rows = periods.booked_later(books, quarter)
    empty = f"Nothing of {quarter} is booked in a later period in {books.release.name}."
    return Result(rows, [present.booked_later(rows, limit, empty=empty)])


@command()
def close(quarter: str, /, *, by: str, reason: str = "", earlier: bool = False, yes: bool = False) -> Result:
    """Close a quarter: what comes later is booked in the first open month. Without --yes it only shows what it closes.

    Args:
        quarter: such as 2026-Q3.
        by: the function that closes it, not a person's name.
        reason: a note for the history.
        earlier: also close every earlier quarter that is still open, as when the ledger begins.
        yes: close it.
    """
    _check_quarter(quarter)
    function = require_text("--by", by, "the function that closes it, such as økonomi")
    settings = load()
    with atomic_files.locked(settings.home) if yes else nullcontext():
        closing = Closing(_opened(settings), quarter, earlier=earlier)
        if yes:
            closing.close(by=function, reason=reason.strip())
    lines = ["Nothing was closed. To close it, run the same command with --yes."]
    if yes:
        verb = "are" if len(closing.quarters) > 1 else "is"
        quarters, release = ", ".join(closing.quarters), closing.facts["release"]
        lines = [
            f"{quarters} {verb} closed by {function}, as in {release}. Now: dif run.",
            f'To undo: dif period reopen {quarter} --by {function} --reason "…".',
        ]
    return Result(closing.facts | {"closed": yes}, [*present.closing(closing.facts), *lines])


@command()
def reopen(quarter: str, /, *, by: str, reason: str) -> Result:
    """Open the quarter that was closed last: from the next run on, what came later is booked in its own month again.

    Args:
        quarter: such as 2026-Q3.
        by: the function that opens it, not a person's name.
        reason: why, for the history.
    """
    _check_quarter(quarter)
    function = require_text("--by", by, "the function that opens it, such as økonomi")
    why = require_text("--reason", reason, "a reason, for the history")
    settings = load()
    with atomic_files.locked(settings.home):
        row = periods.reopen(_opened(settings), quarter, by=function, reason=why)
    return Result(row, [f"{quarter} is open again. Now: dif run. To close it again: dif period close {quarter}."])


def _check_quarter(text: str) -> None:
    """Refuse what is no quarter.

    Raises:
        BadOption: it has another form.
    """
    try:
        calendar.months_of_quarter(text)
    except ValueError:
        raise BadOption("QUARTER", text, "a year and a quarter, such as 2026-Q3") from None
