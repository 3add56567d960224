"""What the overview shows, as values: the month of its link, its first words and its panels. No Streamlit call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from catalog.errors import Forbidden
from dashboards.page import downloads, filters
from dashboards.shared import events as shared_events
from dashboards.shared import why
from dashboards.shared.board import narrative as board_narrative
from dashboards.shared.opening import Opening
from dashboards.shared.pages import MONTH, address
from dashboards.shared.panel import ComposedPanel, Panel
from dashboards.views.overview import charts, narrative, queries
from dashboards.views.overview import tables as overview_tables
from dashboards.words import formatting

if TYPE_CHECKING:
    from datetime import date

    from dashboards.page.filters import Filter, Unknown
    from dashboards.release.query import QueryResult
    from dashboards.shared.board.models import BoardFacts
    from dashboards.shared.opening import View


def chosen(page: View) -> tuple[date, Filter] | None:
    """The month that the link asks for, else the last one, and its filter; None where no month is over."""
    months = queries.months(page)
    if not months:
        return None
    item = filters.single_choice(filters.MONTH, page.link, narrative.month_labels(months, page.words))
    return next(month for month in months if filters.month_value(month) == item.value), item


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page rests on: its month, and the answers about it.

    Attributes:
        month: the month that the link asks for, else the last one.
        chosen: its filter.
        used: dispatches by month.
        economy: the visitor may read every ledger, and the release has them.
    """

    month: date
    chosen: Filter
    facts: BoardFacts
    used: QueryResult
    economy: bool


def overview(page: View) -> Overview | None:
    """What the page rests on; None where the release has no month that is over."""
    selection = chosen(page)
    if selection is None:
        return None
    month, item = selection
    return Overview(
        month, item, queries.facts(page, month), queries.dispatches(page, month), queries.tells_economy(page)
    )


def opening(page: View) -> Opening:
    """The story and its key figures; nothing where there is no month to tell of."""
    rests_on = overview(page)
    return opening_of(page, rests_on) if rests_on else Opening()


def opening_of(page: View, rests_on: Overview) -> Opening:
    """The story and its key figures, of answers that are there."""
    words, facts, rows = page.words, rests_on.facts, rests_on.used.rows
    figures = board_narrative.figures(facts, words)
    if rests_on.economy:
        return Opening(board_narrative.answer(facts, words), figures)
    use = narrative.use(rows, rests_on.month, words)
    services = queries.services(page, rests_on.month).rows
    answer = narrative.answer(facts, rows, services, words)
    return Opening(answer, [use, board_narrative.uptake(facts, words), narrative.late(facts, words)])


PAGE: Final = address("overview").strip("/")


def dispatches(page: View, month: date) -> Panel:
    """Dispatches by month."""
    words, answer = page.words, queries.dispatches(page, month)
    first, last = (words.value("month", answer.rows[n]["month"]) if answer.rows else "" for n in (0, -1))
    begins = answer.rows[0]["month"] if answer.rows else month
    events = shared_events.marks(page, words, "", "", begins, month)
    happened = shared_events.in_words(events, words)
    _, before = narrative.this_year(answer.rows, month)
    made_by = why.since_last_year(page, month.replace(month=1), month, words) if before else ""
    return Panel(
        f"{PAGE}/forsendelser",
        "forsendelser",
        narrative.dispatches_title(answer.rows, month, words),
        " ".join(filter(None, [made_by, words("overview.use.subtitle", first=first, last=last, year=str(month.year))])),
        answer,
        ("usage.dispatch_month",),
        charts.dispatches(answer.rows, month, words, events),
        " ".join([charts.dispatches_in_words(answer.rows, words), *happened]),
        marks=happened,
    )


def decisions(page: View, facts: BoardFacts) -> ComposedPanel:
    """What needs a decision: the more, the more the visitor may read."""
    words, open_matters = page.words, board_narrative.decisions(facts, page.words)
    economy = queries.tells_economy(page)
    about = {words("column.month"): formatting.month(facts.month, words.language)}
    if economy:
        about[words("made.definition.title")] = downloads.defined(words("board.made.decide"))
    return ComposedPanel(
        f"{PAGE}/beslutninger",
        f"beslutninger_{facts.month:%Y-%m}",
        words("board.decide.title", n=len(open_matters)) if open_matters else words("board.decide.title.none"),
        (*OPEN, *(LEDGER if economy else ())),
        partial(overview_tables.decision_rows, open_matters, facts.month, page.release.name, words),
        about,
    )


def products(page: View, facts: BoardFacts) -> ComposedPanel:
    """All products with their accounts and uptake.

    Raises:
        Forbidden: the visitor may not read every ledger, or the release has none.
    """
    if not queries.tells_economy(page):
        raise Forbidden("The accounts of all products are not open to this role.", "Ask DIF for access.")
    words = page.words
    explanations = (words(f"ledger.made.{key}") for key in ("income", "coverage", "balance"))
    defined = downloads.defined(board_narrative.products_subtitle(facts, words, file=True), *explanations)
    return ComposedPanel(
        f"{PAGE}/produkter",
        f"produkter_{facts.month:%Y-%m}",
        board_narrative.products_title(facts, words),
        LEDGER,
        partial(overview_tables.product_rows, facts, words),
        {
            words("column.month"): formatting.month(facts.month, words.language),
            words("made.definition.title"): defined,
        },
    )


OPEN: Final = ("usage.dispatch_month", "uptake.funnel", "uptake.exception", "quality.expected_reporter")
LEDGER: Final = ("ledger.product_month", "ledger.entry", "ledger.loan_month", "ledger.reconciliation_product")
_COMPOSED: Final = {"beslutninger": decisions, "produkter": products}
PARAMETERS: Final = frozenset({MONTH})
"""The link's parameters that the panels follow, besides language and release."""
PANELS: Final = ("forsendelser", *_COMPOSED)


def panel(page: View, key: str) -> Panel | ComposedPanel | Unknown | None:
    """The panel `key` of the month that the page's link asks for; None where no month is over.

    A month that the release lacks is returned as unknown.

    Raises:
        KeyError: the page has no such panel.
        Forbidden: the visitor may not see it; no file is opened for it.
    """
    selection = chosen(page)
    if selection is None:
        return None
    month, item = selection
    if item.unknown:
        return item.unknown[0]
    return dispatches(page, month) if key == "forsendelser" else _COMPOSED[key](page, queries.facts(page, month))
