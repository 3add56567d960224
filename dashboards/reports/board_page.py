"""The board's report as a page: one sheet of A4 on paper, and its definitions under it on a screen. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Final

from dashboards import findings, tables, wording
from dashboards.answers.ledger import HIGH, LOW, kept_a_year_before
from dashboards.charts.service import flow_svg
from dashboards.findings import Figure
from dashboards.findings import ledger as ledger_findings
from dashboards.reports import ledger as said
from dashboards.reports import sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.answers.ledger import Book, Loan, Spread, Total
    from dashboards.reports.facts import BoardFacts
    from dashboards.texts import Words

_MANY: Final = 20
"""Products from which the table is set closer, so that it is still on the sheet."""
_USED: Final = (
    *("ledger.product_month", "ledger.entry", "uptake.funnel", "uptake.exception"),
    "quality.expected_reporter",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What calls for a decision: the matter, what is at stake, and where to look.

    Attributes:
        kind: `below`, `loan`, `annex`, `open` or `late`.
        service: the one that it is most of; None where it is of none.
    """

    kind: str
    service: str | None
    what: str
    stake: str
    where: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Sums:
    """The products' economy as one. `budgeted`: how many have a budget, and of those what came of it.

    Attributes:
        income_before_ore: of the same months of the year before; None where the ledgers were not kept then.
        coverage: of the last twelve months, of the products that were in the ledgers through them.
    """

    income_ore: int
    income_before_ore: int | None
    result_ore: int
    budgeted: int
    budgeted_result_ore: int
    budget_ore: int
    products: int
    coverage: Decimal | None
    synthetic: bool


# ── What it says in words. Pure ──────────────────────────────────────────────────────────────────────────────────────


def _years(facts: BoardFacts) -> dict[str, tuple[Book, Total]]:
    """The products that have entries this year."""
    return {service: (book, year) for service, book in facts.books.items() if (year := book.year) is not None}


def sums(facts: BoardFacts) -> Sums | None:
    """All products' economy so far this year; None where nothing is booked."""
    years = _years(facts)
    if not years:
        return None
    held = [(year.result_ore, year.budget_ore) for _, year in years.values() if year.budget_ore is not None]
    compares = kept_a_year_before(facts.begun, facts.month)
    before = [year.income_ore for book in facts.books.values() if (year := book.last_year) is not None]
    twelve = [whole for book in facts.books.values() if (whole := book.twelve) is not None]
    cost = sum(one.cost_ore for one in twelve)
    return Sums(
        income_ore=sum(year.income_ore for _, year in years.values()),
        income_before_ore=sum(before) if compares else None,
        result_ore=sum(year.result_ore for _, year in years.values()),
        budgeted=len(held),
        budgeted_result_ore=sum(result for result, _ in held),
        budget_ore=sum(budget for _, budget in held),
        products=len(years),
        coverage=Decimal(sum(one.income_ore for one in twelve) * 100) / cost if cost > 0 else None,
        synthetic=any(year.synthetic for _, year in years.values()),
    )


def _against_budget(found: Sums, words: Words) -> str:
    """How the result compares with the budget, of the products that have one."""
    if not found.budgeted:
        return words("ledger.no_budget")
    told = ledger_findings.against(
        found.budgeted_result_ore, found.budget_ore, words("ledger.budget"), words, result=True
    )
    some = words("board.budget.some", k=found.budgeted, all=found.products)
    return told if found.budgeted == found.products else f"{told} ({some})"


def answer(facts: BoardFacts, words: Words) -> str:
    """The report in one sentence."""
    found, year = sums(facts), str(facts.month.year)
    if found is None:
        return words("board.answer.none", year=year)
    income, result = (wording.kroner(x, words.language) for x in (found.income_ore, found.result_ore))
    tail = _shared(facts, words) + findings.synthetic_sentence(words, synthetic=found.synthetic)
    if not found.budgeted:
        return words("board.answer.plain", income=income, result=result, year=year) + tail
    budget = _against_budget(found, words)
    return words("board.answer", income=income, result=result, budget=budget, year=year) + tail


def _shared(facts: BoardFacts, words: Words) -> str:
    """That shared cost is left, without which a result looks better than it is."""
    left = facts.shared.amount_ore
    return words("board.answer.shared", amount=wording.kroner(left, words.language)) if left else ""


def outside(facts: BoardFacts) -> tuple[list[str], list[str]]:
    """The products below and above the limits of self-cost coverage, the one furthest off first."""
    known = {service: book.coverage for service, book in facts.books.items()}
    low = sorted((value, service) for service, value in known.items() if value is not None and value < LOW)
    high = sorted((-value, service) for service, value in known.items() if value is not None and value > HIGH)
    return [service for _, service in low], [service for _, service in high]


def figures(facts: BoardFacts, words: Words) -> list[Figure]:
    """Turnover, result and coverage, uptake, loans."""
    return [*_economy(facts, words), _uptake(facts, words), _loans(facts, words)]


def _economy(facts: BoardFacts, words: Words) -> list[Figure]:
    found, year, language = sums(facts), str(facts.month.year), words.language
    turnover, result = (words(f"board.figure.{x}", year=year) for x in ("turnover", "result"))
    if found is None:
        reason = words("ledger.none.year", year=year)
        return [
            ledger_findings.missing(turnover, reason, "income"),
            ledger_findings.missing(result, reason, "result"),
        ]
    budget = facts.budget_income_ore
    against = words("ledger.no_budget.income")
    if budget is not None:
        against = ledger_findings.against(found.income_ore, budget, words("ledger.budget"), words)
    before = ledger_findings.last_year(found.income_ore, found.income_before_ore, facts.begun, facts.month, words)
    low, high = outside(facts)
    covered = words(
        "board.figure.result.words",
        budget=_against_budget(found, words),
        coverage=ledger_findings.coverage(found.coverage, words),
        low=len(low),
        high=len(high),
    )
    if found.coverage is None:
        covered = f"{_against_budget(found, words)}; {words('product.figure.coverage').lower()} " + words(
            "ledger.coverage.short"
        )
    return [
        Figure(turnover, wording.kroner(found.income_ore, language), f"{before}; {against}", found.synthetic, "income"),
        Figure(result, wording.kroner(found.result_ore, language), covered, found.synthetic, "result"),
    ]


def _basis(spreads: Sequence[Spread], words: Words) -> str:
    bases = {one.active_basis for one in spreads}
    return words(f"report.basis.{bases.pop() if len(bases) == 1 else 'BOTH'}")


def _uptake(facts: BoardFacts, words: Words) -> Figure:
    label = words("board.figure.uptake", basis=_basis(facts.spreads, words))
    if not facts.spreads:
        return ledger_findings.missing(label, words("product.figure.customers.none"), "services_in_use")
    changes = [one.change for one in facts.spreads if one.change is not None]
    if not changes:
        told = words("report.figure.year.none")
    else:
        n = sum(changes)
        change = words("report.same" if n == 0 else "report.more" if n > 0 else "report.fewer", n=abs(n))
        key = "report.figure.year" if len(changes) == len(facts.spreads) else "report.figure.year.some"
        told = words(key, change=change, k=len(changes), all=len(facts.spreads))
    active = sum(one.active for one in facts.spreads)
    synthetic = ledger_findings.synthetic(facts.spreads)
    return Figure(label, wording.number(active, words.language), told, synthetic, "services_in_use")


def _loans(facts: BoardFacts, words: Words) -> Figure:
    label, language = words("board.figure.loans"), words.language
    if not facts.loans:
        return ledger_findings.missing(label, words("board.figure.loans.none"), "loan_outstanding")
    owed = sum(one.balance_ore for one in facts.loans)
    before = sum(one.balance_before_ore or 0 for one in facts.loans)
    year = ""
    if any(one.balance_before_ore is not None for one in facts.loans):
        n = wording.kroner(abs(owed - before), language)
        way = "same" if owed == before else "more" if owed > before else "less"
        year = words(f"board.figure.loans.{way}", amount=n)
    drawn, repaid = (wording.kroner(sum(getattr(one, x) for one in facts.loans), language) for x in _FLOWS)
    told = words("board.figure.loans.words", drawn=drawn, repaid=repaid, year=year)
    synthetic = ledger_findings.synthetic(facts.loans)
    return Figure(label, wording.kroner(owed, language), told, synthetic, "loan_outstanding")


_FLOWS: Final = ("drawn_ore", "repaid_ore")


def decisions(facts: BoardFacts, words: Words) -> list[Decision]:
    """What calls for a decision, one row a kind at most: five in all."""
    found = (
        _below(facts, words),
        _behind(facts, words),
        _annex(facts, words),
        _open(facts, words),
        _late(facts, words),
    )
    return [one for one in found if one is not None]


def _below(facts: BoardFacts, words: Words) -> Decision | None:
    """Products below cost: the one that lacks most kroner, and how many more there are."""
    short = {
        service: whole.cost_ore - whole.income_ore
        for service in outside(facts)[0]
        if (whole := facts.books[service].twelve) is not None
    }
    if not short:
        return None
    worst = max(short, key=lambda service: (short[service], service))
    book, more = facts.books[worst], len(short) - 1
    key = "board.decide.below.more" if more else "board.decide.below"
    return Decision(
        "below",
        worst,
        words(key, name=facts.names[worst], coverage=ledger_findings.coverage(book.coverage, words), n=more),
        words("board.decide.below.stake", amount=wording.kroner(sum(short.values()), words.language)),
        f"dif report product {worst}",
        synthetic=any(ledger_findings.synthetic(facts.books[one].rows) for one in short),
    )


def _behind(facts: BoardFacts, words: Words) -> Decision | None:
    found = [one for one in facts.loans if one.behind]
    if not found:
        return None
    worst, more = max(found, key=lambda one: (one.balance_ore, str(one.project))), len(found) - 1
    why = words("board.decide.loan.overdrawn" if worst.overdrawn else "board.decide.loan.joiners")
    name = worst.name or str(worst.project)
    return Decision(
        "loan",
        worst.service,
        words("board.decide.loan.more" if more else "board.decide.loan", name=name, why=why, n=more),
        words(
            "board.decide.loan.stake",
            amount=wording.kroner(sum(one.balance_ore for one in found), words.language),
        ),
        "ledger.loan_month",
        ledger_findings.synthetic(found),
    )


def _annex(facts: BoardFacts, words: Words) -> Decision | None:
    found = facts.without_annex
    if not found:
        return None
    services = words("board.service.one" if len(found) == 1 else "board.service.many", n=len(found))
    n = sum(one.customers for one in found)
    noun = words("product.customer.one" if n == 1 else "product.customer.many")
    return Decision(
        "annex",
        found[0].service,
        words("board.decide.annex", services=services),
        words("board.decide.annex.stake", n=n, noun=noun),
        "uptake.exception",
        ledger_findings.synthetic(found),
    )


def _open(facts: BoardFacts, words: Words) -> Decision | None:
    found = [one for one in facts.unexplained or () if one.at_stake_ore]
    if not found:
        return None
    more, amount = len(found) - 1, wording.kroner(sum(one.at_stake_ore for one in found), words.language)
    return Decision(
        "open",
        found[0].service,
        words("board.decide.open.more" if more else "board.decide.open", name=found[0].name, n=more),
        words("board.decide.open.stake", amount=amount, year=str(facts.month.year)),
        "ledger.reconciliation_product",
        ledger_findings.synthetic(found),
    )


def _late(facts: BoardFacts, words: Words) -> Decision | None:
    found = facts.late
    if not found:
        return None
    more, n = len(found) - 1, sum(one.organisations for one in found)
    month = wording.month(facts.month, words.language)
    noun = words("board.organisation.one" if n == 1 else "board.organisation.many")
    key = "board.decide.late.more" if more else "board.decide.late"
    return Decision(
        "late",
        None,
        words(key, producer=found[0].producer, n=more, month=month),
        words("board.decide.late.stake", n=n, noun=noun),
        "quality.expected_reporter",
        ledger_findings.synthetic(found),
    )


def unjudged(facts: BoardFacts, words: Words) -> str:
    """What the release has no numbers to judge."""
    lacks = [
        *([] if facts.loans_followed else [words("board.decide.unjudged.loans")]),
        *([] if facts.unexplained is not None else [words("board.decide.unjudged.open")]),
    ]
    return words("board.decide.unjudged", listed=wording.listing(lacks, words.language)) if lacks else ""


def movements(facts: BoardFacts, words: Words) -> list[str]:
    """Three sentences: who differs most from the budget, whose income and whose uptake changed most."""
    return [_most_off_budget(facts, words), _most_income(facts, words), _most_uptake(facts, words)]


def _most_off_budget(facts: BoardFacts, words: Words) -> str:
    off = {
        service: (year.result_ore, year.budget_ore)
        for service, (_, year) in _years(facts).items()
        if year.budget_ore is not None
    }
    if not off:
        return words("board.moves.result.none")
    most = max(off, key=lambda service: (abs(off[service][0] - off[service][1]), service))
    result, budget = off[most]
    amount = ledger_findings.against(result, budget, words("ledger.budget"), words, result=True)
    told = words("board.moves.result", name=facts.names[most], amount=amount, year=str(facts.month.year))
    return told + findings.synthetic_sentence(words, synthetic=ledger_findings.synthetic(facts.books[most].rows))


def _most_income(facts: BoardFacts, words: Words) -> str:
    compared = {
        service: (year.income_ore, before.income_ore)
        for service, (book, year) in _years(facts).items()
        if (before := book.last_year) is not None
    }
    if not compared:
        if facts.begun is None or kept_a_year_before(facts.begun, facts.month):
            return words("board.moves.income.empty")
        month = wording.month(facts.begun, words.language)
        return words("board.moves.income.none", year=str(facts.month.year - 1), month=month)
    most = max(compared, key=lambda service: (abs(compared[service][0] - compared[service][1]), service))
    now, then = compared[most]
    amount = ledger_findings.against(now, then, words("ledger.last_year", year=str(facts.month.year - 1)), words)
    told = words(
        "board.moves.income",
        name=facts.names[most],
        amount=amount,
        before=wording.kroner(then, words.language),
        now=wording.kroner(now, words.language),
    )
    return told + findings.synthetic_sentence(words, synthetic=ledger_findings.synthetic(facts.books[most].rows))


def _most_uptake(facts: BoardFacts, words: Words) -> str:
    changed = [(one.change, one) for one in facts.spreads if one.change is not None]
    if not changed:
        return words("board.moves.uptake.none")
    change, one = max(changed, key=lambda pair: (abs(pair[0]), pair[1].service))
    told = words(
        "board.moves.uptake", name=one.name, change=_signed(change, words), now=one.active, all=one.municipalities
    )
    return told + findings.synthetic_sentence(words, synthetic=one.synthetic)


def _signed(n: int, words: Words) -> str:
    return f"+{wording.number(n, words.language)}" if n > 0 else wording.number(n, words.language)


# ── How it looks. Pure: facts in, markup out ─────────────────────────────────────────────────────────────────────────


def page(facts: BoardFacts, words: Words, *, contact: str = "") -> str:
    """The report as one HTML file: nothing in it is fetched, and nothing runs. On paper it is one sheet of A4.

    Args:
        facts: what it says.
        words: the texts.
        contact: the function address to ask at; empty says that none is set.
    """
    title = words("board.title.month", month=wording.month(facts.month, words.language))
    ask = sheet.whom_to_ask(contact, words)
    figured = tables.key_figures(figures(facts, words), words)
    bases = sorted({one.active_basis for one in facts.spreads}, reverse=True)
    keys = [f"ledger.made.{x}" for x in said.MADE] + [f"made.active.{x}" for x in bases]
    keys += ["board.made.decide", *(["ledger.made.open"] if facts.unexplained else [])]
    used = [*_USED, *(["ledger.loan_month"] if facts.loans_followed else [])]
    used += ["ledger.reconciliation_product"] if facts.unexplained is not None else []
    front = [
        *said.head(words("board.kicker"), title, answer(facts, words), words),
        sheet.freshness(facts.release, facts.month, words),
        *said.banners(facts.release, facts.attempt, _rows(facts), words),
        f'<section class="dif-key-figures dif-four">{sheet.heading(words("uptake.figures"))}{figured}</section>',
        _decide(facts, words),
        _moves(facts, words),
        _products(facts, words),
        sheet.small_print(
            [words(f"ledger.made.{x}") for x in ("income", "coverage", "balance")],
            f"{words('ledger.rest')} {ask}",
        ),
    ]
    more = [*_loan_table(facts, words), said.made(keys, used, facts.release, ask, words)]
    return sheet.document(title, front, more, words, styles=said.STYLES)


def _rows(facts: BoardFacts) -> list[object]:
    """Whatever has numbers in it."""
    accounts = [one for book in facts.books.values() for one in book.rows]
    loans: Sequence[Loan] = facts.loans
    return [*accounts, *facts.spreads, *loans, *facts.without_annex, *(facts.unexplained or ()), *facts.late]


def _moves(facts: BoardFacts, words: Words) -> str:
    """The biggest movements, and beside them what is not in the numbers."""
    moves = f"<section>{sheet.heading(words('board.moves.title'))}{said.listed(movements(facts, words))}</section>"
    aware = said.placed(facts.unmapped, "board.unmapped", words) + said.placed(facts.fee_gap, "board.fees", words)
    if facts.shared.amount_ore:
        aware.insert(0, words("board.shared", amount=wording.kroner(facts.shared.amount_ore, words.language)))
    if not aware:
        return moves
    beside = f"<section>{sheet.heading(words('report.also.title'))}{said.listed(aware)}</section>"
    return f'<div class="dif-pair dif-moves"><div>{moves}</div><div>{beside}</div></div>'


def _decide(facts: BoardFacts, words: Words) -> str:
    found, lacks = decisions(facts, words), unjudged(facts, words)
    if not found:
        return f"<section>{sheet.heading(words('board.decide.title.none'), lacks)}</section>"
    rows = []
    for one in found:
        marks = [words("app.synthetic")] if one.synthetic else []
        rows.append(
            f'<tr><th scope="row">{escape(one.what)}{tables.marks(marks)}</th><td>{escape(one.stake)}</td>'
            f"<td><code>{escape(one.where)}</code></td></tr>"
        )
    columns = [(words(f"board.decide.{x}"), False) for x in ("what", "stake", "where")]
    table = sheet.table("dif-decide", words("board.decide.caption"), columns, rows)
    title = words("board.decide.title", n=len(found))
    return f"<section>{sheet.heading(title)}{table}{sheet.small(lacks)}</section>"


def _loan_table(facts: BoardFacts, words: Words) -> list[str]:
    """Where each loan stands: by project where the release knows it, else by service."""
    if not facts.loans:
        return []
    language, rows = words.language, []
    for one in facts.loans:
        name = " · ".join(x for x in (one.project, one.name or words("board.loans.unlaunched")) if x)
        amounts = (one.granted_ore, one.drawn_ore, one.repaid_ore, one.balance_ore)
        told = [wording.MISSING if ore is None else wording.whole_kroner(ore, language) for ore in amounts]
        payoff = one.payoff_month_expected
        told.append(wording.MISSING if payoff is None else wording.month(payoff, language))
        marks = tables.marks([words("app.synthetic")] if one.synthetic else [])
        cells = "".join(f"<td{tables.NUMBER}>{escape(x)}</td>" for x in told)
        rows.append(f'<tr><th scope="row">{escape(name)}{marks}</th>{cells}</tr>')
    names = ("project", "granted", "drawn", "repaid", "balance", "payoff")
    columns = [(words(f"board.loans.{x}"), x != "project") for x in names]
    title = words("board.loans.title")
    return [f"<section>{sheet.heading(title)}{sheet.table('dif-months', title, columns, rows)}</section>"]


def _products(facts: BoardFacts, words: Words) -> str:
    title, subtitle, table = products(facts, words)
    return f"<section>{sheet.heading(title, subtitle)}{table}</section>"


def products(facts: BoardFacts, words: Words) -> tuple[str, str, str]:
    """All products, those with most income first: the claim, what it is of, and the table."""
    spreads = {one.service: one for one in facts.spreads}
    years = _years(facts)
    services = sorted(
        {*facts.books, *spreads},
        key=lambda one: (one not in years, -years[one][1].income_ore if one in years else 0, facts.names[one]),
    )
    results = [0, *(year.result_ore for _, year in years.values())]
    ends = min(results), max(results)
    rows = [_product(service, facts, spreads.get(service), ends, words) for service in services]
    found = sums(facts)
    if found is not None:
        total = [found.income_ore, found.income_ore - found.result_ore, found.result_ore]
        balances = [x for book in facts.books.values() if (x := book.balance_ore) is not None]
        changes = [one.change for one in facts.spreads if one.change is not None]
        cells = [wording.thousands(x, words.language) for x in total]
        cells += [ledger_findings.coverage(found.coverage, words), wording.thousands(sum(balances), words.language)]
        cells += [wording.number(sum(one.active for one in facts.spreads), words.language)]
        cells += [_signed(sum(changes), words) if changes else wording.MISSING]
        total_row = f'<tr class="dif-sum"><th scope="row">{escape(words("board.products.sum"))}</th>'
        rows.append(f"{total_row}{_cells(cells, '')}</tr>")
    low, high = outside(facts)
    known = sum(book.coverage is not None for book in facts.books.values())
    title = words("board.products.title.none")
    if known:
        title = words("board.products.title", low=len(low), high=len(high), all=known)
    subtitle = words(
        "board.products.subtitle",
        months=ledger_findings.months(facts.month, words),
        observed=_basis(facts.spreads, words),
        reasons=words("board.products.reasons"),
    )
    names = ("product", "income", "cost", "result", "bar", "coverage", "balance", "municipalities", "change")
    columns = [(words(f"board.products.{x}"), x not in {"product", "bar"}) for x in names]
    kind = "dif-products dif-many" if len(services) > _MANY else "dif-products"
    return title, subtitle, sheet.table(kind, words("board.products.caption"), columns, rows)


_BAR: Final = 3
"""After so many numbers stands the bar of the result."""


def _cells(told: Sequence[str], bar: str) -> str:
    cells = [f"<td{tables.NUMBER}>{escape(x)}</td>" for x in told]
    return "".join([*cells[:_BAR], f'<td class="dif-barcell">{bar}</td>', *cells[_BAR:]])


def _product(service: str, facts: BoardFacts, spread: Spread | None, ends: tuple[int, int], words: Words) -> str:
    book, language = facts.books.get(service), words.language
    year = book.year if book else None

    def thousands(ore: int | None) -> str:
        return wording.MISSING if ore is None else wording.thousands(ore, language)

    cells = [
        thousands(year.income_ore if year else None),
        thousands(year.cost_ore if year else None),
        thousands(year.result_ore if year else None),
        ledger_findings.coverage(book.coverage if book else None, words),
        thousands(book.balance_ore if book else None),
        tables.number(spread.active if spread else None, words),
        wording.MISSING if spread is None or spread.change is None else _signed(spread.change, words),
    ]
    marks = []
    if spread is not None and spread.month != facts.month:
        marks.append(wording.month(spread.month, language))
    if ledger_findings.synthetic([*(book.rows if book else []), *([spread] if spread else [])]):
        marks.append(words("app.synthetic"))
    bar = flow_svg(0, year.result_ore, *ends, kind="result") if year else ""
    return f'<tr><th scope="row">{escape(facts.names[service])}{tables.marks(marks)}</th>{_cells(cells, bar)}</tr>'
