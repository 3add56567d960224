"""`dif trace ledger, batch, receipt`: from a krone to its record, batches and receipts, and back."""

from __future__ import annotations

from datetime import date

from catalog.domain.products import SERVICES
from catalog.errors import BadOption, UnknownName, WrongUse
from catalog.tables import ledger as contracts
from pipelines.accounts import trace
from pipelines.accounts.trace import Traced
from pipelines.cli.checks import require_known, require_positive, require_release
from pipelines.cli.commands.send import batch_named
from pipelines.cli.present import trace as present
from pipelines.cli.screen import Result, command, say
from transport.base.settings import load


def _opened() -> Traced:
    settings = load()
    books = Traced.of(settings, require_release(settings, "there is no ledger to trace"))
    books.warn = say
    return books


@command()
def ledger(
    entry: str | None = None, /, *, service: str | None = None, month: str | None = None, limit: int = 20
) -> Result:
    """What an entry of the ledger, or a month of a product, is made of.

    Args:
        entry: STREAM/KEY as in ledger.entry (cost_entry/B1, invoice_line/F1/2), or the key alone where it is unique.
        service: with --month: the entries that sum to this product's month, the largest first.
        month: such as 2026-03.
        limit: at most this many of them, for a person; --json has them all.
    """
    require_positive("--limit", limit)
    if entry is not None and service is None and month is None:
        facts = trace.entry(_opened(), entry)
        if "rows" not in facts:
            return Result(facts, present.left_out(facts), code=1)
        return Result(facts, present.entry(facts))
    if entry is None and service is not None and month is not None:
        first = _first_day(service, month)
        facts = trace.product_month(_opened(), service, first)
        return Result(facts, present.product_month(facts, service, limit))
    raise WrongUse(
        "A trace begins at one entry, or at one month of one product.",
        "Use dif trace ledger STREAM/KEY, or dif trace ledger --service svarut --month 2026-03.",
    )


def _first_day(service: str, month: str) -> date:
    require_known("service", service, SERVICES)
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise BadOption("--month", month, "a month, such as 2026-03") from None


@command()
def batch(batch: str, /, *, limit: int = 20) -> Result:
    """Which entries and months of the ledgers a batch is in.

    Args:
        batch: PRODUCER/BATCH_ID; the id alone where it is unique, STREAM/PRODUCER/BATCH_ID where needed.
        limit: at most this many entries, for a person; --json has them all.
    """
    books = _opened()
    facts = trace.batch(books, batch_named(books.run.landing, batch))
    return Result(facts, present.batch(facts, limit))


@command()
def receipt(number: int, /, *, limit: int = 20) -> Result:
    """Which entries and months of the ledgers a batch is in, by its number in the journal.

    Args:
        number: as `dif trace ledger` shows it.
        limit: at most this many entries, for a person; --json has them all.
    """
    books = _opened()
    entry = next((e for e in books.run.landing.entries if e.number == number), None)
    if entry is None:
        numbers = [str(e.number) for e in books.run.landing.entries if e.stream in contracts.LEDGER_STREAMS]
        raise UnknownName("batch with the number", str(number), choices=numbers[-10:])
    facts = trace.batch(books, entry)
    return Result(facts, present.batch(facts, limit))
