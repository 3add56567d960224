"""The first words of Produktregnskap: whether a product covers its cost, why, and what to decide. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.domain.self_cost import calculate
from dashboards.shared import report_files, why
from dashboards.shared.opening import Opening
from dashboards.views.accounts import choice, narrative, queries
from dashboards.views.accounts.pricing import narrative as pricing

if TYPE_CHECKING:
    from dashboards.shared.opening import View
    from dashboards.views.accounts.choice import Chosen


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to show."""
    found = choice.open_accounts(page)
    return of(page, found) if found else Opening()


def of(page: View, found: Chosen) -> Opening:
    """The first words about what the link chooses."""
    words, sums = page.words, found.sums
    prices = queries.prices(page, found.product.service)
    text = narrative.answer(found.product.name, sums, found.twelve, found.at, words)
    moved = [narrative.moved(sums, found.then, words)]
    if found.then:
        rows = why.income_rows(page, found.at.first, found.at.last, service=found.product.service)
        change = sums.income_ore - found.then.income_ore
        moved += [why.income_in_words(row, change, words) for row in rows.values()]
    decide = pricing.decide(calculate(prices.base) if prices else None, found.balance_ore, words)
    budget = narrative.budget_income(found.months.rows, found.at)
    figures = narrative.figures(sums, budget, found.twelve, found.balance_ore, found.at, found.rows, words)
    note = " ".join(filter(None, moved))
    return Opening(f"{text} {decide}", figures, found.rows[-1].month, reports=offered(page, found), note=note)


def offered(page: View, found: Chosen) -> list[tuple[str, str]]:
    """The council's report of the product, for who may see what each customer pays."""
    if not page.visitor.every_customer:
        return []
    of = (found.product.service, page.release.name, f"{found.at.last:%Y-%m}", page.words.language)
    return [(page.words("accounts.report.make"), report_files.of_product(*of))]
