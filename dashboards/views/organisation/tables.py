"""The tables of an organisation's payments: lines and changes. Pure. Amounts are to the øre, so that they sum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.domain.calendar import year_before
from dashboards.page.downloads import in_kroner
from dashboards.shared import tables
from dashboards.shared.panel import Composed
from dashboards.shared.tables import Cell, noted
from dashboards.views.organisation.narrative import WHY, ready, rule, what
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from dashboards.shared import panel
    from dashboards.shared.tables import Column
    from dashboards.views.organisation.models import Change, Line, ServiceYear
    from dashboards.words import Words


def _amount(value: Decimal, words: Words) -> str:
    whole = value == value.to_integral_value()
    return formatting.number(value, words.language) if whole else formatting.tenths(value, words.language)


def lines(basis: Sequence[Line], month: date, words: Words) -> str:
    """The lines of a month: what, amount, quantity, price and price rule, with their sum."""
    rows, language = [], words.language
    for line in basis:
        if line.month != month:
            continue
        amount = formatting.MISSING if line.amount_ore is None else formatting.exact_kroner(line.amount_ore, language)
        price = formatting.MISSING
        if line.unit_price is not None:
            unit = words.word("unit", line.unit or "")
            price = words("organisation.lines.per", price=formatting.price(line.unit_price, language), unit=unit)
        why = words(f"organisation.note.{line.note}") if line.note else ""
        for_what = Cell(noted(what(line, words), why))
        rows.append([line.name, for_what, amount, _amount(line.quantity, words), price, rule(line, words)])
    due = ready(basis, month)
    waits = sum(line.amount_ore for line in basis if line.month == month and line.amount_ore is not None) - due
    sums = [("waits", waits), ("sum", due)] if waits else [("sum", due)]
    rows += [
        [words(f"organisation.lines.{name}"), "", formatting.exact_kroner(ore, language), "", "", ""]
        for name, ore in sums
    ]
    names = (
        ("service", False),
        ("what", False),
        ("amount", True),
        ("quantity", True),
        ("price", False),
        ("rule", "dif-wide"),
    )
    columns = [(words(f"organisation.lines.{name}"), number) for name, number in names]
    return _listed(words("organisation.lines.caption"), columns, rows, words)


def services(basis: Sequence[Line], month: date, words: Words) -> str:
    """What each service costs in the month, the dearest first, beside the same month of the year before."""
    language, then = words.language, year_before(month)
    amounts: dict[str, dict[date, int]] = {}
    for line in basis:
        of = amounts.setdefault(line.name, {})
        of[line.month] = of.get(line.month, 0) + line.ready_ore

    def row(name: str, of: Mapping[date, int]) -> list[str]:
        return [name, *(formatting.exact_kroner(of.get(x, 0), language) for x in (month, then))]

    rows = [
        row(name, of)
        for name, of in sorted(amounts.items(), key=lambda service: (-service[1].get(month, 0), service[0]))
    ]
    sums = {x: ready(basis, x) for x in (month, then)}
    rows.append(row(words("organisation.lines.sum"), sums))
    named = [(formatting.first(formatting.month(x, language)), True) for x in (month, then)]
    columns = [(words("organisation.lines.service"), False), *named]
    return _listed(words("organisation.services.caption"), columns, rows, words)


def _listed(caption: str, columns: Sequence[Column], rows: Sequence[Sequence[str | Cell]], words: Words) -> str:
    """A table whose last row is the sum."""
    kinds, label = {len(rows) - 1: "dif-sum"}, words("table.region")
    return tables.table("dif-list", caption, columns, rows, words, label=label, kinds=kinds)


def changes(changed: Sequence[Change], month: date, words: Words) -> str:
    """From the same month last year to this one, line by line; the parts stand between and sum to the change."""
    then, now = (formatting.first(formatting.month(x, words.language)) for x in (year_before(month), month))
    named = [(change.line.name, what(change.line, words)) for change in changed]
    heads = (words("organisation.lines.service"), words("organisation.lines.what"))
    return _moved(changed, named, heads, (then, now), words("organisation.changes.caption"), words)


def year(of_services: Sequence[ServiceYear], heads: Sequence[str], words: Words) -> str:
    """From one year to the next, service by service; the parts stand between and sum to the change."""
    named = [(of.name,) for of in of_services]
    caption = words("organisation.year.caption")
    return _moved(of_services, named, (words("organisation.lines.service"),), heads, caption, words)


def _moved(
    rows: Sequence[Change] | Sequence[ServiceYear],
    named: Sequence[Sequence[str]],
    heads: Sequence[str],
    times: Sequence[str],
    caption: str,
    words: Words,
) -> str:
    """A table of amounts then, their changes by reason where there are any, and amounts now, with a row of sums."""
    why = [name for name in WHY if any(getattr(row, f"{name}_ore") for row in rows)]

    amounts = [(row.then_ore, *(getattr(row, f"{name}_ore") for name in why), row.now_ore) for row in rows]
    named = [*named, (words("organisation.changes.sum"), *[""] * (len(heads) - 1))]
    sums = [sum(column) for column in zip(*amounts, strict=True)]
    shown = [
        [*texts, *(formatting.exact_kroner(ore, words.language) for ore in of)]
        for texts, of in zip(named, [*amounts, sums], strict=True)
    ]
    columns = [*((head, False) for head in heads), (times[0], True)]
    columns += [(words(f"organisation.changes.{name}"), True) for name in why]
    return _listed(caption, [*columns, (times[1], True)], shown, words)


# ── The same as files ────────────────────────────────────────────────────────────────────────────────────────────────


def change_rows(changes: Sequence[Change], month: date, release: str, words: Words) -> Composed:
    """Changes since the same month last year, line by line, in kroner to the øre; the parts stand between the two.

    No total row: anyone summing the column would count it twice.

    Args:
        changes: the changes.
        month: the month that is compared with the same month last year.
        release: repeated on each row so that a row can be pasted elsewhere.
        words: the texts.
    """
    then, now = (formatting.first(formatting.month(day, words.language)) for day in (year_before(month), month))
    header = [
        *(words(f"organisation.lines.{x}") for x in ("service", "what")),
        *(f"{x} (kr)" for x in (then, *(words(f"organisation.changes.{x}") for x in WHY), now)),
        *(words(f"column.{x}") for x in ("release", "synthetic")),
    ]
    rows: list[list[panel.Cell]] = [
        [
            change.line.name,
            what(change.line, words),
            *(in_kroner(ore) for ore in (change.then_ore, *(getattr(change, f"{x}_ore") for x in WHY), change.now_ore)),
            release,
            words("value.yes" if change.synthetic else "value.no"),
        ]
        for change in changes
    ]
    return Composed(header, rows, any(change.synthetic for change in changes))


def year_rows(year: Sequence[ServiceYear], heads: Sequence[str], release: str, words: Words) -> Composed:
    """What each service costs in two years, in kroner to the øre; the parts stand between the two. No total row.

    Args:
        year: the services.
        heads: the names of the two years.
        release: repeated on each row so that a row can be pasted elsewhere.
        words: the texts.
    """
    header = [
        words("organisation.lines.service"),
        *(f"{x} (kr)" for x in (heads[0], *(words(f"organisation.changes.{x}") for x in WHY), heads[1])),
        *(words(f"column.{x}") for x in ("release", "synthetic")),
    ]
    rows: list[list[panel.Cell]] = [
        [
            of.name,
            *(in_kroner(ore) for ore in (of.then_ore, *(getattr(of, f"{x}_ore") for x in WHY), of.now_ore)),
            release,
            words("value.yes" if of.synthetic else "value.no"),
        ]
        for of in year
    ]
    return Composed(header, rows, any(of.synthetic for of in year))
