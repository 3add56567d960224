"""What the page about a result shows, as values: its first words and its panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.shared import events as shared_events
from dashboards.shared.narrative import synthetic_sentence
from dashboards.shared.opening import Opening
from dashboards.shared.pages import address
from dashboards.shared.panel import Panel
from dashboards.views.accounts import choice, queries
from dashboards.views.accounts.result import charts, narrative
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
    text = narrative.answer(selection.product.name, selection.sums, selection.then, selection.at, page.words)
    return Opening(
        text,
        narrative.figures(selection.sums, selection.then, selection.two_years, page.words),
        selection.rows[-1].month,
    )


PAGE: Final = address("accounts.result").strip("/")


def steps(page: View, selection: Chosen) -> Panel:
    """From income to result."""
    words, at = page.words, selection.at
    answer = queries.of(page, "steps", selection.product.service, first=at.first, last=at.last)
    subtitle = words("accounts.steps.subtitle", period=at.when(words))
    return Panel(
        f"{PAGE}/resultat",
        f"{selection.product.service}_resultat",
        narrative.steps_title(selection.sums, words),
        subtitle + synthetic_sentence(words, synthetic=selection.sums.synthetic),
        answer,
        ("ledger.product_month",),
        charts.steps(answer.rows, words),
        charts.steps_in_words(answer.rows, at.when(words), words),
        ("part", "amount_ore"),
    )


def months(page: View, selection: Chosen) -> Panel:
    """Income and cost by month."""
    words, rows = page.words, selection.two_years
    first, last = (formatting.month(rows[n]["month"], words.language) for n in (0, -1))
    subtitle = words("accounts.months.subtitle", first=first, last=last)
    events = shared_events.marks(page, words, selection.product.service, "", rows[0]["month"], rows[-1]["month"])
    happened = shared_events.in_words(events, words)
    return Panel(
        f"{PAGE}/maaneder",
        f"{selection.product.service}_regnskap",
        narrative.months_title(rows, words),
        subtitle + synthetic_sentence(words, synthetic=selection.months.synthetic),
        selection.months,
        ("ledger.product_month",),
        charts.months(rows, words, events),
        " ".join([charts.months_in_words(rows, words), *happened]),
        ("month", "income_ore", "cost_ore", "result_ore", "budget_ore", "balance_carried_ore"),
        marks=happened,
    )


def unplaced(page: View, selection: Chosen) -> Panel | None:
    """The cost of the period that is not placed, as a table: of the product, or of all for who may see every ledger."""
    words, at, every = page.words, selection.at, page.visitor.every_ledger
    if not queries.has(page, "unmapped_cost"):
        return None
    window = {"first": at.first, "last": at.last}
    answer = (
        queries.without_service(page, "unmapped", **window)
        if every
        else queries.of(page, "unmapped", selection.product.service, **window)
    )
    of_all = queries.unplaced(page, None if every else selection.product.service, at.first, at.last)
    if of_all is None or not answer.table.num_rows:
        return None
    subtitle = words(f"accounts.unmapped.subtitle.{'all' if every else 'own'}", period=at.when(words))
    return Panel(
        f"{PAGE}/uplassert",
        "uplassert_kostnad",
        words("accounts.unmapped.title", amount=formatting.rounded_kroner(of_all.amount_ore, words.language)),
        subtitle + synthetic_sentence(words, synthetic=answer.synthetic),
        answer,
        ("ledger.unmapped_cost",),
        columns=("reason", "booked_account", "cost_center", "service_name", "entries", "amount_ore"),
    )


def self_cost(page: View, selection: Chosen) -> Panel | None:
    """The self-cost account of the last years; None in a release from before there was one."""
    if not queries.has(page, "self_cost_year"):
        return None
    answer = queries.of(page, "self_cost", selection.product.service, year=selection.at.year)
    if not answer.rows:
        return None
    return Panel(
        f"{PAGE}/selvkost",
        f"{selection.product.service}_selvkost",
        narrative.self_cost_title(answer.rows[-1], page.words),
        page.words("accounts.self_cost.subtitle") + synthetic_sentence(page.words, synthetic=answer.synthetic),
        answer,
        ("ledger.self_cost_year",),
    )


PANELS: Final[Mapping[str, Callable[[View, Chosen], Panel | None]]] = {
    "resultat": steps,
    "maaneder": months,
    "uplassert": unplaced,
    "selvkost": self_cost,
}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key`, as `choice.panel`."""
    return choice.panel(page, PANELS[key])
