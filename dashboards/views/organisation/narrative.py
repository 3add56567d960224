"""What an organisation pays and why, in words. Pure. The parts of a change sum to it, to the øre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.domain.calendar import year_before
from catalog.domain.pricing import BY_UNIT
from catalog.tables.billing import PRICE_RULES_APART
from dashboards.shared.ledger.models import YEAR, twelve_months
from dashboards.shared.ledger.narrative import missing
from dashboards.shared.narrative import Figure, synthetic, synthetic_sentence
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from dashboards.release.query import Row
    from dashboards.views.organisation.models import Change, Line, ServiceYear
    from dashboards.words import Words

WHY: Final = ("price", "quantity", "new", "gone")
"""The parts of a change."""


def parts(changed: Iterable[Change | ServiceYear]) -> dict[str, int]:
    """The total of each reason, in øre."""
    changes = list(changed)
    return {name: sum(getattr(change, f"{name}_ore") for change in changes) for name in WHY}


def ready(lines: Iterable[Line], month: date) -> int:
    """The amount due for a month, in øre."""
    return sum(line.ready_ore for line in lines if line.month == month)


def compares(lines: Iterable[Line], month: date) -> bool:
    """Whether the basis has lines of the same month last year."""
    return any(line.month == year_before(month) for line in lines)


def answer(lines: Sequence[Line], month: date, name: str, words: Words) -> str:
    """The page's answer: how much, for how many services, and compared with the year before."""
    language, amount = words.language, ready(lines, month)
    services = len({line.service for line in lines if line.month == month and line.ready_ore})
    noun = words("organisation.service.one" if services == 1 else "organisation.service.many")
    text = formatting.rounded_kroner(amount, language)
    tail = synthetic_sentence(words, synthetic=synthetic(lines))
    when = formatting.month(month, language)
    if not compares(lines, month):
        return words("organisation.answer.new", name=name, amount=text, n=services, noun=noun, month=when) + tail
    change = _moved(amount - ready(lines, year_before(month)), month, words)
    return words("organisation.answer", name=name, amount=text, n=services, noun=noun, month=when, change=change) + tail


def _moved(by: int, month: date, words: Words) -> str:
    key = ("same", "more", "less")[formatting.way(by)]
    then = formatting.month(year_before(month), words.language)
    return words(f"organisation.{key}", amount=formatting.rounded_kroner(abs(by), words.language), then=then)


def figures(
    lines: Sequence[Line], months: Sequence[Row], changed: Sequence[Change], month: date, words: Words
) -> list[Figure]:
    """The amounts due for the month and the year, and what changed them."""
    language = words.language
    marked, then = synthetic(lines), formatting.month(year_before(month), language)
    amount = ready(lines, month)
    compared = compares(lines, month)
    moved = _moved(amount - ready(lines, year_before(month)), month, words)
    year = [paid for paid in months if twelve_months(month) <= paid.month <= month]
    first, last = formatting.month(twelve_months(month), language), formatting.month(month, language)
    whole = months and months[0].month <= twelve_months(month)
    text = (
        words("organisation.figure.year.words", first=first, last=last)
        if whole
        else words("organisation.figure.year.some", n=min(len(year), YEAR))
    )
    totals = [
        Figure(
            words("organisation.figure.month", month=last),
            formatting.rounded_kroner(amount, language),
            moved if compared else words("organisation.none", then=then),
            marked,
            "invoice_basis",
            [paid.amount_ore for paid in months if paid.month <= month][-2 * YEAR :],
        ),
        Figure(
            words("organisation.figure.year"),
            formatting.rounded_kroner(sum(paid.amount_ore for paid in year), language),
            text,
            synthetic(year),
            "invoice_basis",
        ),
    ]
    price, quantity = words("organisation.figure.price"), words("organisation.figure.quantity")
    if not compared:
        reason = words("organisation.figure.no_then", then=then)
        return [*totals, *(missing(label, reason, "payment_change") for label in (price, quantity))]
    change = parts(changed)
    why = {name: formatting.rounded_kroner(ore, language) for name, ore in change.items()}
    against = words("organisation.figure.against", then=then)
    beside = words("organisation.figure.quantity.words", new=why["new"], gone=why["gone"])
    beside = beside if any(formatting.way(change[name]) for name in ("new", "gone")) else against
    return [
        *totals,
        Figure(price, why["price"], against, marked, "payment_change"),
        Figure(quantity, why["quantity"], beside, marked, "payment_change"),
    ]


def months_title(months: Sequence[Row], month: date, words: Words) -> str:
    """The month's amount against the highest month, as a claim."""
    most = max(months, key=lambda month: (month.amount_ore, month.month))
    amount = next((paid.amount_ore for paid in months if paid.month == month), 0)
    when = formatting.first(formatting.month(month, words.language))
    text = formatting.rounded_kroner(amount, words.language)
    if most.month == month:
        return words("organisation.months.title.most", month=when, amount=text)
    top, name = formatting.rounded_kroner(most.amount_ore, words.language), formatting.month(most.month, words.language)
    return words("organisation.months.title", month=when, amount=text, most=name, top=top)


def months_in_words(months: Sequence[Row], words: Words) -> str:
    """The bars as a sentence."""
    language = words.language
    listed = [
        words(
            "organisation.months.one",
            month=formatting.month(month.month, language),
            amount=formatting.kroner(month.amount_ore, language),
        )
        for month in months
    ]
    return words("organisation.months.words", listed=formatting.listing(listed, language))


def lines_title(lines: Sequence[Line], month: date, words: Words) -> str:
    """The service with the largest amount, as a claim."""
    by_service: dict[str, int] = {}
    for line in lines:
        if line.month == month and line.ready_ore:
            by_service[line.name] = by_service.get(line.name, 0) + line.ready_ore
    if not by_service:
        return words("organisation.lines.title.none", month=formatting.month(month, words.language))
    name = max(by_service, key=lambda service: (by_service[service], service))
    return words(
        "organisation.lines.title", name=name, amount=formatting.rounded_kroner(by_service[name], words.language)
    )


def what(line: Line, words: Words) -> str:
    """What a line is for: its text on the invoice, or the kind of unit it counts, with its channel."""
    text = line.line_text
    if text is None:
        kind = f"organisation.kind.{line.kind}"
        text = words(kind) if line.kind in {"PER_ACCOUNT", "PER_MESSAGE_TYPE"} else line.price_element
    text = formatting.first(words.word("element", text))
    channel = words.word("channel", line.channel or "")
    return f"{text}, {channel}" if channel and channel.casefold() != text.casefold() else text


def rule(line: Line, words: Words) -> str:
    """From when the price rule of a line holds; files have its source too."""
    if line.price_rule is None:
        return words("organisation.rule.none")
    if line.rule_from is None:
        return words("organisation.rule.always")
    # rules for units that follow each other in one line have the same price
    changed = PRICE_RULES_APART in line.price_rule and line.kind not in BY_UNIT
    name = "organisation.rule.prorated" if changed else "organisation.rule"
    return words(name, day=formatting.day(line.rule_from, words.language))


def others(payments: Sequence[Row], month: date, words: Words) -> str:
    """What others pay for the organisation's use; empty if nobody does."""
    if not payments:
        return ""
    language = words.language
    listed = [
        words(
            "organisation.others.one",
            payer=other.payer,
            amount=formatting.kroner(other.amount_ore, language),
            name=other.name,
        )
        for other in payments
    ]
    text = words(
        "organisation.others", month=formatting.month(month, language), listed=formatting.listing(listed, language)
    )
    return text + synthetic_sentence(words, synthetic=synthetic(payments))


def changes_title(changed: Sequence[Change], month: date, words: Words) -> str:
    """How much the amount changed, and the largest reason in that direction."""
    then, by = formatting.month(year_before(month), words.language), sum(change.change_ore for change in changed)
    way = formatting.way(by)
    if not way:
        return words("organisation.changes.title.same", then=then)
    amounts = parts(changed)
    name = max(amounts, key=lambda reason: amounts[reason] * way)
    key = "organisation.changes.title.more" if by > 0 else "organisation.changes.title.less"
    amount = formatting.rounded_kroner(abs(by), words.language)
    return words(key, amount=amount, then=then, why=words(f"organisation.why.{name}"))


def years(month: date, words: Words) -> tuple[str, str]:
    """The names of the twelve months before the last twelve, and of these."""
    first = twelve_months(month)
    then, now = (
        "–".join(formatting.month(at, words.language) for at in ends)
        for ends in ((year_before(first), year_before(month)), (first, month))
    )
    return then, now


def year_title(year: Sequence[ServiceYear], words: Words) -> str:
    """What twelve months cost, against the twelve before, and the largest reason in that direction."""
    now, then = sum(of.now_ore for of in year), sum(of.then_ore for of in year)
    amount = formatting.rounded_kroner(now, words.language)
    by = now - then
    way = formatting.way(by)
    if not way:
        return words("organisation.year.title.same", amount=amount)
    amounts = parts(year)
    name = max(amounts, key=lambda reason: amounts[reason] * way)
    return words(
        "organisation.year.title.more" if by > 0 else "organisation.year.title.less",
        amount=amount,
        by=formatting.rounded_kroner(abs(by), words.language),
        why=words(f"organisation.why.{name}"),
    )


def deliveries_title(deliveries: Sequence[Row], words: Words) -> str:
    """Whether deliveries are missing."""
    lacking = sum(delivery.missing for delivery in deliveries)
    if not sum(delivery.due for delivery in deliveries):
        return words("organisation.deliveries.title.none")
    if lacking == 0:
        return words("organisation.deliveries.title.whole")
    return words(f"organisation.deliveries.title.missing{'.one' if lacking == 1 else ''}", n=lacking)


def connections_title(connections: Sequence[Row], words: Words) -> str:
    """How many connections there are."""
    if not connections:
        return words("organisation.connections.title.none")
    return words(f"organisation.connections.title{'.one' if len(connections) == 1 else ''}", n=len(connections))
