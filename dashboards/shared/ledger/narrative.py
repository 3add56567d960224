"""How the ledgers' amounts compare, in words, for pages and reports. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.shared.ledger.models import kept_a_year_before
from dashboards.shared.narrative import Figure
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from catalog.domain.self_cost_rules import Rules
    from dashboards.release.query import Row
    from dashboards.words import Words


def against(amount: int, than: int, of: str, words: Words, *, result: bool = False) -> str:
    """How an amount compares, rounded: `1,2 mill. kr mer enn budsjettert`; a result is better or worse."""
    way = formatting.way(amount - than)
    if not way:
        return words("ledger.same", than=of)
    more, less = ("ledger.better", "ledger.worse") if result else ("ledger.more", "ledger.less")
    by = formatting.rounded_kroner(abs(amount - than), words.language)
    return words(more if way > 0 else less, amount=by, than=of)


def budgeted(amount: int, budget: int | None, words: Words, *, result: bool = False) -> str:
    """How an amount compares with the budget, or that there is no budget."""
    if budget is None:
        return words("ledger.no_budget" if result else "ledger.no_budget.income")
    return against(amount, budget, words("ledger.budget"), words, result=result)


def last_year(now: int, then: int | None, begun: date | None, month: date, words: Words) -> str:
    """How an amount compares with the same months of the previous year, or why it does not."""
    year = str(month.year - 1)
    if then is not None:
        return against(now, then, words("ledger.last_year", year=year), words)
    if begun is None or kept_a_year_before(begun, month):
        return words("ledger.new", year=year)
    return words("ledger.begun", year=year, month=formatting.month(begun, words.language))


def months(month: date, words: Words) -> str:
    """The months of the year so far: `januar–oktober 2026`."""
    last = formatting.month(month, words.language)
    return last if month.month == 1 else words("ledger.months", month=last)


def coverage(value: Decimal | None, words: Words) -> str:
    """Self-cost coverage, or that it is missing."""
    return formatting.MISSING if value is None else formatting.per_cent(value, words.language)


def rules_followed(rules: Rules, year: int, words: Words) -> str:
    """Which rules of self-cost are followed in a year, in a line."""
    growth = rules.deflator(year)
    parts = (
        (rules.has_capital(year), words("ledger.rules.capital")),
        (rules.balance_bears_interest(year), words("ledger.rules.interest")),
        (
            growth is not None,
            words("ledger.rules.growth.named", name=growth) if growth else words("ledger.rules.growth"),
        ),
    )
    included = [what for followed, what in parts if followed]
    left = [what for followed, what in parts if not followed]
    listed = (
        *((("with", included),) if included else ()),
        *((("without", left),) if left else ()),
        *((("missing", named_rules(rules.without_value(year), words)),) if rules.without_value(year) else ()),
    )
    sentences = [words("ledger.rules", year=str(year), n=rules.settle_years(year))]
    sentences += [words(f"ledger.rules.{key}", what=formatting.listing(what, words.language)) for key, what in listed]
    sentences += [] if rules.carries_deficit(year) else [words("ledger.rules.covered")]
    return " ".join(sentences)


def named_rules(rules: Iterable[str], words: Words) -> list[str]:
    """Rules of self-cost by the names that pages give them."""
    return [words(f"ledger.rules.name.{rule}") for rule in rules]


def placed(listed: Row | None, key: str, words: Words) -> list[str]:
    """A sentence about cost that is not placed, or joining fees that do not tie; none where nothing is listed."""
    if listed is None or not listed.entries:
        return []
    return [words(key, amount=formatting.rounded_kroner(listed.amount_ore, words.language), n=listed.entries)]


def bridge(of: Row | None, words: Words) -> str:
    """How income follows from what was invoiced, to the øre; empty where nothing is income of another month."""
    if of is None or not (of.ahead_ore or of.before_ore):
        return ""
    parts = {"income": of.income_ore, "invoiced": of.invoiced_ore, "ahead": of.ahead_ore, "before": of.before_ore}
    return words("ledger.bridge", **{n: formatting.exact_kroner(ore, words.language) for n, ore in parts.items()})


def payoff(
    months: Mapping[str, date | None], reason: str | None, words: Words, *, extended: bool, overdrawn: bool = False
) -> str:
    """When a loan is expected to be paid off at low, expected and high uptake, and why a month is missing.

    Args:
        months: the payoff months by `low`, `expected` and `high`.
        reason: why one of them is missing.
        words: the texts.
        extended: one of the months lies beyond the forecast.
        overdrawn: more is drawn than was granted.
    """
    sentences = []
    if any(months.values()):
        named = {
            level: formatting.month(month, words.language) if month else words("accounts.loan.not_reached")
            for level, month in months.items()
        }
        sentences.append(words("accounts.loan.payoff", **named))
    if reason:
        sentences.append(words(f"accounts.loan.reason.{reason}"))
    if extended:
        sentences.append(words("accounts.loan.extended"))
    if overdrawn:
        sentences.append(words("accounts.loan.overdrawn"))
    return " ".join(sentences)


def missing(label: str, reason: str, metric: str = "") -> Figure:
    """A key figure that is unknown, and why. `metric`: its definition."""
    return Figure(label, formatting.MISSING, reason, metric=metric)
