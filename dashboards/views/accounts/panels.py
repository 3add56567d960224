"""What the summary of Produktregnskap shows, as values: its first words, and the result month by month."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.domain.self_cost import calculate
from dashboards.shared import events as shared_events
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import report_files, why
from dashboards.shared.ledger.models import twelve_months
from dashboards.shared.opening import Opening
from dashboards.shared.pages import address
from dashboards.shared.panel import Panel
from dashboards.views.accounts import charts, choice, narrative, queries
from dashboards.views.accounts.pricing import narrative as pricing
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboards.page.filters import Unknown
    from dashboards.shared.opening import View
    from dashboards.views.accounts.choice import Chosen


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to show."""
    selection = choice.open_accounts(page)
    return opening_of(page, selection) if selection else Opening()


def opening_of(page: View, selection: Chosen) -> Opening:
    """The first words about what the link chooses."""
    words, sums = page.words, selection.sums
    prices = queries.prices(page, selection.product.service)
    text = narrative.answer(selection.product.name, sums, selection.twelve, selection.at, words)
    moved = [narrative.moved(sums, selection.then, words)]
    if selection.then:
        rows = why.income_rows(page, selection.at.first, selection.at.last, service=selection.product.service)
        change = sums.income_ore - selection.then.income_ore
        moved += [why.income_in_words(row, change, words) for row in rows.values()]
    decide = pricing.decide(calculate(prices.base) if prices else None, selection.balance_ore, words)
    budget = narrative.budget_income(selection.months.rows, selection.at)
    figures = narrative.figures(
        sums, budget, selection.twelve, selection.balance_ore, selection.at, selection.rows, words
    )
    note = " ".join(filter(None, moved))
    return Opening(f"{text} {decide}", figures, selection.rows[-1].month, reports=offered(page, selection), note=note)


def offered(page: View, selection: Chosen) -> list[tuple[str, str]]:
    """The council's report of the product, for who may see what each customer pays."""
    if not page.visitor.every_customer:
        return []
    of = (selection.product.service, page.release.name, f"{selection.at.last:%Y-%m}", page.words.language)
    return [(page.words("accounts.report.make"), report_files.of_product(*of))]


PAGE: Final = address("accounts").strip("/")


def development(page: View, selection: Chosen) -> Panel:
    """The result of the chosen period, month by month, beside the budget; of twelve months where it has only one.

    Raises:
        Forbidden: the visitor may not see the ledger of the product.
    """
    words, last, service = page.words, selection.at.last, selection.product.service
    since = selection.at.first if selection.at.first < last else twelve_months(last)
    answer = queries.of(page, "development", service, first=since, last=last)
    first, until = (formatting.month(answer.rows[n]["month"], words.language) for n in (0, -1))
    events = shared_events.marks(page, words, service, "", answer.rows[0]["month"], answer.rows[-1]["month"])
    happened = shared_events.in_words(events, words)
    return Panel(
        f"{PAGE}/budsjett",
        f"{service}_budsjett",
        narrative.development_title(answer.rows, words),
        words("accounts.development.subtitle", first=first, last=until)
        + shared_narrative.synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        ("ledger.product_month",),
        charts.development(answer.rows, words, events),
        " ".join([charts.development_in_words(answer.rows, words), *happened]),
        ("month", "income_ore", "budget_income_ore", "result_ore", "budget_ore"),
        marks=happened,
    )


PANELS: Final[Mapping[str, Callable[[View, Chosen], Panel]]] = {"budsjett": development}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key`, as `choice.panel`."""
    return choice.panel(page, PANELS[key])
