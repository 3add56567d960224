"""The tables of the board's report and the overview. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dashboards.shared import tables
from dashboards.shared.board import charts, narrative
from dashboards.shared.charts import flow_svg
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.narrative import synthetic_caption, synthetic_marks
from dashboards.shared.tables import Cell, marks
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from dashboards.shared.board.models import BoardFacts, ProductLine
    from dashboards.shared.board.narrative import Decision
    from dashboards.shared.ledger.models import Loan, Spread
    from dashboards.words import Words

_MANY: Final = 20
"""With more products than this, the table is set tighter, to fit on the sheet."""
_COLUMNS: Final = (
    ("board.products.product", False),
    ("accounts.income", True),
    ("accounts.cost", True),
    ("accounts.result", True),
    ("board.products.bar", "dif-barcell"),
    ("accounts.coverage", True),
    ("board.products.balance", True),
    ("board.products.municipalities", True),
    ("board.products.change", True),
)
"""The columns of the product table: heading, and whether they hold numbers, or their class."""
_BAR: Final = 3
"""The bar of the result stands after this many numbers."""


def decisions(
    matters: Sequence[Decision], month: date, where: Callable[[Decision], str], words: Words, *, kind: str
) -> str:
    """The matters that need a decision, one row each: what, what is at stake, and where to look.

    Args:
        matters: the rows, in order.
        month: of which month they are.
        where: gives the markup of a matter's link or reference.
        words: the texts.
        kind: the table's CSS class.
    """
    alike = all(decision.synthetic for decision in matters)
    rows = []
    for decision in matters:
        mark = marks(synthetic_marks(words, synthetic=decision.synthetic and not alike))
        rows.append((Cell(f"{escape(decision.what)}{mark}"), decision.stake, Cell(where(decision))))
    columns = [(words(f"board.decide.{x}"), of) for x, of in (("what", False), ("stake", False), ("where", "dif-when"))]
    caption = formatting.first(words("board.decide.caption", month=formatting.month(month, words.language)))
    return tables.table(f"{kind} {tables.STACKED}", caption, columns, rows)


def products(facts: BoardFacts, words: Words) -> str:
    """All products with their accounts and uptake, highest income first, and their total.

    Those that nothing is booked on are one row, and named below.
    """
    lines, folded = facts.products, facts.unbooked
    unmarked, own = synthetic_caption(words, [(line.name, line.synthetic) for line in lines])
    results = [0, *(year.result_ore for _, year in facts.years.values())]
    ends = min(results), max(results)
    hidden = [line for line, _ in folded]
    rows = [_product(line, facts.month, ends, own) for line in lines if line not in hidden]
    if folded:
        spread = _spread([spread for _, spread in folded], words)
        name = words("board.products.unbooked", n=len(folded))
        rows.append([name, *[formatting.MISSING] * _BAR, "", *[formatting.MISSING] * 2, *spread])
    sums = _sum(facts, words)
    columns = [(words(name), of) for name, of in _COLUMNS]
    kind = "dif-products dif-many" if len(lines) > _MANY else "dif-products"
    caption = " · ".join(filter(None, [words("board.products.caption"), unmarked]))
    markup = tables.table(kind, caption, columns, [*rows, *sums], kinds={len(rows): "dif-sum"})
    named = narrative.unbooked(facts, words)
    return f'{markup}<p class="dif-small">{escape(named)}</p>' if named else markup


def _product(line: ProductLine, month: date, ends: tuple[int, int], words: Words) -> list[str | Cell]:
    book, spread, language = line.book, line.spread, words.language
    year = book.year if book else None
    cells = [
        tables.thousands(year.income_ore if year else None, words),
        tables.thousands(year.cost_ore if year else None, words),
        tables.thousands(year.result_ore if year else None, words),
        ledger_narrative.coverage(book.coverage if book else None, words),
        tables.thousands(book.balance_ore if book else None, words),
        tables.number(spread.active if spread else None, words),
        formatting.MISSING if spread is None or spread.change is None else formatting.signed(spread.change, language),
    ]
    noted = []
    if spread is not None and spread.month != month:
        noted.append(formatting.month(spread.month, language))
    noted += synthetic_marks(words, synthetic=line.synthetic)
    bar = flow_svg(0, year.result_ore, *ends, kind="result") if year else ""
    return [Cell(f"{escape(line.name)}{marks(noted)}"), *cells[:_BAR], Cell(bar), *cells[_BAR:]]


def _sum(facts: BoardFacts, words: Words) -> list[list[str]]:
    """The total row; none where nothing is booked."""
    sums = narrative.sums(facts)
    if sums is None:
        return []
    balances = [x for book in facts.books.values() if (x := book.balance_ore) is not None]
    cells = [
        *(tables.thousands(x, words) for x in (sums.income_ore, sums.income_ore - sums.result_ore, sums.result_ore)),
        ledger_narrative.coverage(sums.coverage, words),
        tables.thousands(sum(balances), words),
        *_spread(facts.spreads, words),
    ]
    return [[words("board.products.sum"), *cells[:_BAR], "", *cells[_BAR:]]]


def _spread(spreads: Sequence[Spread], words: Words) -> list[str]:
    """The municipalities of some products together, and their change."""
    changes = [spread.change for spread in spreads if spread.change is not None]
    active = formatting.number(sum(spread.active for spread in spreads), words.language)
    return [active, formatting.signed(sum(changes), words.language) if changes else formatting.MISSING]


def trend(facts: BoardFacts, words: Words) -> str:
    """The numbers of the trend, newest month first; months without any are left out."""
    panels, language = charts.panels(facts, words), words.language
    columns = [(words("column.month"), False), *((head, True) for panel in panels for head in panel.heads)]
    rows = []
    for place, month in reversed(list(enumerate(facts.months))):
        values = [(panel, line[place]) for panel in panels for _, line in panel.lines]
        if any(value is not None for _, value in values):
            texts = (formatting.MISSING if x is None else panel.exact(x, language) for panel, x in values)
            rows.append([formatting.month(month, language), *texts])
    caption = words("board.trend.caption")
    return tables.table("dif-months dif-by-month", caption, columns, rows)


def loans(listed: Sequence[Loan], words: Words) -> str:
    """Where each loan stands, and when it is expected to be paid off."""
    language, alike = words.language, all(loan.synthetic for loan in listed)
    rows: list[list[str | Cell]] = []
    for loan in listed:
        name = " · ".join(x for x in (loan.project, loan.name or words("board.loans.unlaunched")) if x)
        amounts = (loan.granted_ore, loan.drawn_ore, loan.repaid_ore, loan.balance_ore)
        texts = [formatting.MISSING if ore is None else formatting.whole_kroner(ore, language) for ore in amounts]
        payoff = loan.payoff_month_expected
        texts.append(formatting.MISSING if payoff is None else formatting.month(payoff, language))
        mark = marks(synthetic_marks(words, synthetic=loan.synthetic and not alike))
        rows.append([Cell(f"{escape(name)}{mark}"), *texts])
    names = ("granted", "drawn", "repaid", "balance", "payoff")
    columns = [(words("column.project_title"), False), *((words(f"board.loans.{x}"), True) for x in names)]
    caption = words("board.loans.title")
    return tables.table("dif-months", caption, columns, rows)
