"""What an organisation pays and why, in words. Pure. Parts of a change sum to it, to the øre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards import wording
from dashboards.answers.ledger import YEAR, twelve_months, year_before
from dashboards.findings import Figure, synthetic, synthetic_sentence
from dashboards.findings.ledger import missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from dashboards.answers.mine import Change, Connection, Delivery, Line, Paid, PaidByOther
    from dashboards.texts import Words

WHY: Final = ("price", "quantity", "new", "gone")
"""The parts of a change."""


def parts(found: Iterable[Change]) -> dict[str, int]:
    """What each reason comes to, in øre."""
    told = list(found)
    return {name: sum(getattr(one, f"{name}_ore") for one in told) for name in WHY}


def ready(lines: Iterable[Line], month: date) -> int:
    """What is to be paid for a month."""
    return sum(one.ready_ore for one in lines if one.month == month)


def compares(lines: Iterable[Line], month: date) -> bool:
    """The basis has lines of the year before."""
    return any(one.month == year_before(month) for one in lines)


def answer(lines: Sequence[Line], month: date, name: str, words: Words) -> str:
    """The page's sentence: how much, for how many services, and against the year before."""
    language, amount = words.language, ready(lines, month)
    services = len({one.service for one in lines if one.month == month and one.ready_ore})
    noun = words("mine.service.one" if services == 1 else "mine.service.many")
    told = wording.kroner(amount, language)
    tail = synthetic_sentence(words, synthetic=synthetic(lines))
    when = wording.month(month, language)
    if not compares(lines, month):
        return words("mine.answer.new", name=name, amount=told, n=services, noun=noun, month=when) + tail
    change = _moved(amount - ready(lines, year_before(month)), month, words)
    return words("mine.answer", name=name, amount=told, n=services, noun=noun, month=when, change=change) + tail


def _moved(by: int, month: date, words: Words) -> str:
    key = "mine.same" if by == 0 else "mine.more" if by > 0 else "mine.less"
    then = wording.month(year_before(month), words.language)
    return words(key, amount=wording.kroner(abs(by), words.language), then=then)


def figures(
    lines: Sequence[Line], months: Sequence[Paid], changed: Sequence[Change], month: date, words: Words
) -> list[Figure]:
    """What is to be paid for the month and for the year, and what moved it."""
    language = words.language
    marked, then = synthetic(lines), wording.month(year_before(month), language)
    amount = ready(lines, month)
    compared = compares(lines, month)
    moved = _moved(amount - ready(lines, year_before(month)), month, words)
    year = [one for one in months if twelve_months(month) <= one.month <= month]
    first, last = wording.month(twelve_months(month), language), wording.month(month, language)
    whole = months and months[0].month <= twelve_months(month)
    told = (
        words("mine.figure.year.words", first=first, last=last)
        if whole
        else words("mine.figure.year.some", n=min(len(year), YEAR))
    )
    found = [
        Figure(
            words("mine.figure.month", month=last),
            wording.kroner(amount, language),
            moved if compared else words("mine.none", then=then),
            marked,
            "invoice_basis",
        ),
        Figure(
            words("mine.figure.year"),
            wording.kroner(sum(one.amount_ore for one in year), language),
            told,
            synthetic(year),
            "invoice_basis",
        ),
    ]
    price, quantity = words("mine.figure.price"), words("mine.figure.quantity")
    if not compared:
        reason = words("mine.figure.no_then", then=then)
        return [*found, *(missing(label, reason, "payment_change") for label in (price, quantity))]
    why = {name: wording.kroner(ore, language) for name, ore in parts(changed).items()}
    beside = words("mine.figure.quantity.words", new=why["new"], gone=why["gone"])
    against = words("mine.figure.against", then=then)
    return [
        *found,
        Figure(price, why["price"], against, marked, "payment_change"),
        Figure(quantity, why["quantity"], beside, marked, "payment_change"),
    ]


def months_title(months: Sequence[Paid], month: date, words: Words) -> str:
    """How the month stands among the months."""
    most = max(months, key=lambda one: (one.amount_ore, one.month))
    amount = next((one.amount_ore for one in months if one.month == month), 0)
    when = wording.first(wording.month(month, words.language))
    said = wording.kroner(amount, words.language)
    if most.month == month:
        return words("mine.months.title.most", month=when, amount=said)
    top, name = wording.kroner(most.amount_ore, words.language), wording.month(most.month, words.language)
    return words("mine.months.title", month=when, amount=said, most=name, top=top)


def months_in_words(months: Sequence[Paid], words: Words) -> str:
    """The bars as a sentence."""
    language = words.language
    listed = [
        words(
            "mine.months.one",
            month=wording.month(one.month, language),
            amount=wording.kroner(one.amount_ore, language),
        )
        for one in months
    ]
    return words("mine.months.words", listed=wording.listing(listed, language))


def lines_title(lines: Sequence[Line], month: date, words: Words) -> str:
    """For which service most is paid."""
    by_service: dict[str, int] = {}
    for one in lines:
        if one.month == month and one.ready_ore:
            by_service[one.name] = by_service.get(one.name, 0) + one.ready_ore
    if not by_service:
        return words("mine.lines.title.none", month=wording.month(month, words.language))
    name = max(by_service, key=lambda one: (by_service[one], one))
    return words("mine.lines.title", name=name, amount=wording.kroner(by_service[name], words.language))


def what(one: Line, words: Words) -> str:
    """What a line is for: its text on the invoice, or what kind of thing it counts, with its channel."""
    text = one.line_text
    if text is None:
        kind = f"mine.kind.{one.kind}"
        text = words(kind) if one.kind in {"PER_ACCOUNT", "PER_MESSAGE_TYPE"} else one.price_element
    text = wording.first(words.word("element", text))
    channel = words.word("channel", one.channel or "")
    return f"{text}, {channel}" if channel and channel.casefold() != text.casefold() else text


def rule(one: Line, words: Words) -> str:
    """By which price rule."""
    if one.price_rule is None:
        return words("mine.rule.none")
    said = words("mine.rule.always")
    if one.rule_from is not None:
        said = words("mine.rule", day=wording.day(one.rule_from, words.language))
    return f"{said}; {words('mine.rule.source', source=one.rule_source)}" if one.rule_source else said


def others(found: Sequence[PaidByOther], month: date, words: Words) -> str:
    """What others pay for the organisation's use; empty where nobody does."""
    if not found:
        return ""
    language = words.language
    listed = [
        words("mine.others.one", payer=one.payer, amount=wording.kroner(one.amount_ore, language), name=one.name)
        for one in found
    ]
    said = words("mine.others", month=wording.month(month, language), listed=wording.listing(listed, language))
    return said + synthetic_sentence(words, synthetic=synthetic(found))


def changes_title(changed: Sequence[Change], month: date, words: Words) -> str:
    """How much it changed, and the reason that moved it furthest the same way."""
    then, by = wording.month(year_before(month), words.language), sum(one.change_ore for one in changed)
    if by == 0:
        return words("mine.changes.title.same", then=then)
    told = parts(changed)
    way = 1 if by > 0 else -1
    name = max(told, key=lambda one: told[one] * way)
    key = "mine.changes.title.more" if by > 0 else "mine.changes.title.less"
    amount = wording.kroner(abs(by), words.language)
    return words(key, amount=amount, then=then, why=words(f"mine.why.{name}"))


def deliveries_title(found: Sequence[Delivery], words: Words) -> str:
    """Whether deliveries are missing."""
    lacking = sum(one.missing for one in found)
    if not sum(one.due for one in found):
        return words("mine.deliveries.title.none")
    if lacking == 0:
        return words("mine.deliveries.title.whole")
    return words(f"mine.deliveries.title.missing{'.one' if lacking == 1 else ''}", n=lacking)


def connections_title(found: Sequence[Connection], words: Words) -> str:
    """How many connections there are."""
    if not found:
        return words("mine.connections.title.none")
    return words(f"mine.connections.title{'.one' if len(found) == 1 else ''}", n=len(found))
