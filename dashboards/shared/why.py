"""Why a number changed, in a sentence: who made a change in use, and whether price or quantity made one in income."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from catalog.domain.calendar import year_before
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.release.reader import ReleaseReader
    from dashboards.words import Words

NAMED: Final = 3
"""The most municipalities that are named."""


def since_last_year(
    reader: ReleaseReader, first: date, last: date, words: Words, *, service: str = "", code: str = ""
) -> str:
    """Who made the change in dispatches since the same months of the year before; empty where nothing compares.

    Args:
        reader: the release; one from before municipalities by month tells nothing.
        first: the first month.
        last: the last month, of the same year.
        words: the texts.
        service: the service; empty for all.
        code: the municipality, of a service; empty for all.
    """
    if not reader.has("usage.municipality_month_now"):
        return ""
    before = {"first_before": year_before(first), "last_before": year_before(last)}
    return in_words(reader.rows("moved", service=service, code=code, first=first, last=last, **before), words)


def in_words(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The part that explains most of the change, and the municipalities that moved most the same way.

    A part is given in figures of the whole only where it went the same way and no further: else others outweigh it.

    Args:
        rows: the parts with `part`, `id`, `name`, `before` and `now`, the largest change first within each kind.
        words: the texts.
    """
    kinds = {kind: [row for row in rows if row["part"] == kind] for kind in ("service", "channel", "municipality")}
    whole = next((of for of in kinds.values() if of), [])
    change = sum(_change(row) for row in whole)
    if not change or not any(row["before"] for row in whole):
        return ""
    way = "up" if change > 0 else "down"
    same = {kind: [row for row in of if _change(row) * change > 0] for kind, of in kinds.items()}
    sentences = []
    for kind, of in kinds.items():
        if kind != "municipality" and len(of) > 1 and abs(_change(same[kind][0])) <= abs(change):
            most = same[kind][0]
            sentences.append(
                words(
                    f"why.part.{way}",
                    name=words.word("channel", most["id"]) if kind == "channel" else most["name"],
                    n=formatting.rounded(abs(_change(most)), words.language),
                    change=formatting.rounded(abs(change), words.language),
                )
            )
    if kinds["municipality"] and (moved := same["municipality"][:NAMED]):
        names = formatting.listing([str(row["name"]) for row in moved], words.language)
        sentences.append(words(f"why.municipalities.{way}", names=names))
    return " ".join(sentences)


def income_rows(
    reader: ReleaseReader, first: date, last: date, *, service: str | None = None
) -> dict[str, Mapping[str, Any]]:
    """By service, what made the change in what customers pay since the same months of the year before.

    Args:
        reader: the release; empty for a visitor who may not see what each customer pays.
        first: the first month.
        last: the last month.
        service: the service; None for each.
    """
    if not reader.visitor.every_customer or not reader.with_ledger().has("ledger.invoice_basis"):
        return {}
    before = {"first_before": year_before(first), "through_before": year_before(last)}
    rows = reader.rows("ledger_income_moved", service=service, first=first, through=last, **before)
    return {row["service"]: row for row in rows}


def income_in_words(row: Mapping[str, Any], change_ore: int, words: Words) -> str:
    """The causes of a change in income by the invoice basis, the largest first, and the rest; empty without a cause.

    The basis has what customers are to pay for the months. Income has yearly prices in the months that they are for,
    and what was invoiced otherwise than the basis: that is the rest, so that all of it sums to the change.

    Args:
        row: the causes, of `income_rows`.
        change_ore: the change in income of the same months.
        words: the texts.
    """

    def signed(ore: int) -> str:
        return ("+" if ore > 0 else "\u2212") + formatting.rounded_kroner(abs(ore), words.language)

    causes = sorted(((row[f"{cause}_ore"], cause) for cause in _CAUSES), key=lambda pair: -abs(pair[0]))
    sentences = [words(f"why.income.{cause}", amount=signed(ore)) for ore, cause in causes if formatting.way(ore)]
    if not sentences:
        return ""
    rest = change_ore - sum(ore for ore, _ in causes)
    key = "why.income.rest" if formatting.way(rest) else "why.income"
    return words(key, causes=formatting.listing(sentences, words.language), rest=signed(rest))


_CAUSES: Final = ("price", "quantity", "new", "gone")


def _change(row: Mapping[str, Any]) -> Decimal:
    return Decimal(row["now"]) - Decimal(row["before"])
