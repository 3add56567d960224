"""What a product's report tells its council of a month, in words and key figures. Pure.

Texts shared with the product's page are in `service`; texts about any ledger, in `ledger`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.narrative import Figure, synthetic, synthetic_sentence
from dashboards.views.service import narrative as service_narrative
from dashboards.views.uptake import narrative as uptake_narrative
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Collection

    from dashboards.release.query import Row
    from dashboards.reports.product.models import ProductFacts
    from dashboards.shared.ledger.models import Book, Loan, Unexplained
    from dashboards.words import Words


def answer(facts: ProductFacts, words: Words) -> str:
    """The report in one sentence: use and economy."""
    year, total = str(facts.month.year), facts.book.year
    use = service_narrative.use_in_words(facts.use, facts.name, words)
    rows: list[object] = [*(facts.use.rows if facts.use else []), *([total] if total else [])]
    tail = synthetic_sentence(words, synthetic=synthetic(rows))
    if total is None:
        return words("product.answer.economy.none", use=use, year=year) + tail
    result = formatting.rounded_kroner(total.result_ore, words.language)
    return words("product.answer.economy", use=use, result=result, year=year) + tail


def figures(facts: ProductFacts, words: Words) -> list[Figure]:
    """The report's key figures: customers, use, support, coverage; income, cost, result, balance."""
    return [
        service_narrative.customers_figure(facts.customers, facts.month, words),
        service_narrative.use_figure(facts.use, words),
        service_narrative.support_figure(facts.support, facts.service, words),
        service_narrative.coverage_figure(facts.book, words),
        *_economy(facts, words),
    ]


def _economy(facts: ProductFacts, words: Words) -> list[Figure]:
    book, language, year = facts.book, words.language, str(facts.month.year)
    income, cost = (words(f"product.figure.{x}", year=year) for x in ("income", "cost"))
    balance = words("accounts.carried")
    total = book.year
    if total is None:
        reason = words("ledger.none.year", year=year) if book.rows else words("ledger.none")
        figures = [
            ledger_narrative.missing(label, reason, metric) for metric, label in (("income", income), ("cost", cost))
        ]
    else:
        then = book.last_year

        def compared(now: int, before: int | None) -> str:
            return ledger_narrative.last_year(now, before, book.begun, facts.month, words)

        budget = facts.budget_income_ore
        comparisons = [] if budget is None else [ledger_narrative.budgeted(total.income_ore, budget, words)]
        earned = "; ".join([*comparisons, compared(total.income_ore, then.income_ore if then else None)])
        spent = compared(total.cost_ore, then.cost_ore if then else None)
        figures = [
            Figure(income, formatting.rounded_kroner(total.income_ore, language), earned, total.synthetic, "income"),
            Figure(cost, formatting.rounded_kroner(total.cost_ore, language), spent, total.synthetic, "cost"),
        ]
    figures.append(service_narrative.result_figure(book, words))
    if book.balance_ore is None:
        return [*figures, ledger_narrative.missing(balance, words("ledger.none"), "balance_carried")]
    since = words("ledger.balance.words", month=formatting.month(book.rows[0].month, language))
    kept = formatting.rounded_kroner(book.balance_ore, language)
    return [*figures, Figure(balance, kept, since, synthetic(book.rows), "balance_carried")]


def unknown(facts: ProductFacts, words: Words) -> list[str]:
    """What is not known about the product, one sentence each."""
    basis = facts.history[0].active_basis if facts.history else None
    return [
        *service_narrative.unknown_use(facts.use, facts.month, words),
        *service_narrative.unknown_uptake(basis, words, annex_known="ANNEX_SIGNED" in facts.registered),
        *_unknown_economy(facts, words),
        *service_narrative.unknown_systems(facts.systems, words),
        *service_narrative.unknown_support(facts.support, facts.service, words),
        *service_narrative.unknown_catalogue(facts.catalogue, words),
    ]


def _unknown_economy(facts: ProductFacts, words: Words) -> list[str]:
    if not facts.book.rows:
        return [words("product.unknown.ledger")]
    total, sentences = facts.book.year, []
    if total is not None and total.budget_ore is None:
        sentences.append(words("product.unknown.budget"))
    elif facts.budget_income_ore is None:
        sentences.append(words("product.unknown.budget.income"))
    if formatting.way(facts.shared.amount_ore):
        amount = formatting.kroner(facts.shared.amount_ore, words.language)
        sentences.append(words("product.unknown.shared", amount=amount, year=str(facts.month.year)))
    sentences += ledger_narrative.placed(facts.unmapped, "product.unknown.unmapped", words)
    return sentences + ledger_narrative.placed(facts.fee_gap, "product.unknown.fees", words)


def steps(now: Row, registered: Collection[str], words: Words) -> str:
    """The steps from agreement to use in a sentence, for use beside the curve."""
    text = ", ".join(uptake_narrative.steps_in_words(uptake_narrative.steps(now, registered, words), words))
    month = formatting.month(now.month, words.language)
    return words("product.steps", month=month, steps=text, all=now.municipalities)


def flow_title(book: Book, words: Words) -> str:
    """Whether income exceeds cost so far this year, as a claim."""
    year = str(book.month.year)
    if book.year is None:
        return words("product.flow.title.none", year=year)
    result = book.year.result_ore
    way = ("zero", "surplus", "deficit")[formatting.way(result)]
    return words(f"product.flow.title.{way}", amount=formatting.rounded_kroner(abs(result), words.language), year=year)


def flow_subtitle(book: Book, words: Words) -> str:
    """The months covered by the steps from income to result; empty if there are none."""
    if book.year is None:
        return ""
    text = words("product.flow.subtitle", months=ledger_narrative.months(book.month, words))
    return text + synthetic_sentence(words, synthetic=book.year.synthetic)


def loan(row: Loan, words: Words) -> str:
    """A loan's balance, and when it will be paid off."""
    language = words.language
    balance, drawn = (formatting.kroner(x, language) for x in (row.balance_ore, row.drawn_ore))
    project = f" {row.project}" if row.project else ""
    text = words("product.loan", project=project, balance=balance, drawn=drawn)
    payoff = ledger_narrative.payoff(
        row.payoff_months, row.payoff_reason, words, extended=row.payoff_basis == "EXTENDED"
    )
    payoff = payoff or words("product.loan.unknown")
    return f"{text} {payoff}" + synthetic_sentence(words, synthetic=row.synthetic)


def unexplained(row: Unexplained, year: int, words: Words) -> str:
    """Billing that measured use does not explain, and billing that nothing measures."""
    language = words.language
    over, under, billed = (formatting.kroner(x, language) for x in (row.over_ore, row.under_ore, row.billed_ore))
    text = words("product.open", over=over, under=under, billed=billed, year=str(year))
    if formatting.way(row.not_reconcilable_ore):
        text += " " + words("product.open.cannot", amount=formatting.kroner(row.not_reconcilable_ore, language))
    return text + synthetic_sentence(words, synthetic=row.synthetic)
