"""What the page about loans shows, as values: its first words and its panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.page import filters
from dashboards.shared import events as shared_events
from dashboards.shared.narrative import synthetic_sentence
from dashboards.shared.opening import Opening
from dashboards.shared.pages import address
from dashboards.shared.panel import Panel
from dashboards.views.accounts import choice, queries
from dashboards.views.accounts.loans import charts, narrative
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dashboards.page.filters import Unknown
    from dashboards.release.query import QueryResult, Row
    from dashboards.shared.opening import View
    from dashboards.views.accounts.choice import Chosen


def opening(page: View) -> Opening:
    """The first words of the page; no answer if there is nothing to show."""
    selection = choice.open_accounts(page)
    return opening_of(page, selection) if selection else Opening()


def opening_of(page: View, selection: Chosen) -> Opening:
    """The first words about what the link chooses."""
    words, service = page.words, selection.product.service
    projects = queries.loans(page, service)
    owed = narrative.owed(projects.rows, words) if projects else words("accounts.loans.unknown")
    billed = queries.billed(page, service, selection.at.first, selection.at.last)
    stake = narrative.stake(billed.rows if billed else None, selection.at, words)
    return Opening(f"{selection.product.name}: {owed} {stake}".rstrip(), observed=selection.rows[-1].month)


PAGE: Final = address("accounts.loans").strip("/")


PROJECT: Final = "prosjekt"
"""The link parameter of a loan's address: a product may have several."""
PROJECTS: Final = (
    *("project_title", "phase", "granted_ore", "drawn_to_date_ore", "spent_to_date_ore", "repaid_to_date_ore"),
    "balance_ore",
)


def loans(page: View, selection: Chosen) -> list[Panel]:
    """The balance of each of the product's loans by month; none where the release does not follow them."""
    projects = queries.loans(page, selection.product.service)
    if projects is None:
        return []
    history = queries.of(page, "loans", selection.product.service, through=queries.through(page))
    return [
        _loan(page, selection.product.service, history, rows, project)
        for project in projects.rows
        if (rows := [row for row in history.rows if row["project"] == project["project"]])
    ]


def _loan(page: View, service: str, history: QueryResult, rows: list[Row], project: Row) -> Panel:
    words, name = page.words, project["project"]
    ahead = project["payoff_month_expected"] or project["payoff_month_high"]
    subtitle = words("accounts.loan.subtitle" if ahead else "accounts.loan.subtitle.plain")
    payoff = narrative.payoff(project, words)
    events = shared_events.marks(page, words, service, "", rows[0]["month"], rows[-1]["month"])
    happened = shared_events.in_words(events, words)
    return Panel(
        f"{PAGE}/lan",
        f"lan_{name}",
        narrative.loan_title(project, words),
        subtitle + synthetic_sentence(words, synthetic=bool(project["synthetic"])),
        history,
        ("ledger.loan_month", "ledger.project_month"),
        charts.loan(rows, project, words, events),
        " ".join([charts.loan_in_words(rows, project, words), *happened]),
        notes=(*([payoff] if payoff else []), narrative.bridge(project, words)),
        marks=happened,
        asked={PROJECT: name},
    )


def _one_loan(page: View, selection: Chosen) -> Panel | Unknown | None:
    """The loan that the link names, else the first."""
    every = {shows.asked[PROJECT]: shows for shows in loans(page, selection)}
    named = {name: shows.title for name, shows in every.items() if name}
    if not named:
        return None
    project = filters.single_choice(PROJECT, page.link, named)
    return project.unknown[0] if project.unknown else every[project.value]


def projects(page: View, selection: Chosen) -> Panel | None:
    """The product's projects as a table; None where it has none."""
    answer, columns = queries.loans(page, selection.product.service), (*PROJECTS, "payoff_month_expected")
    return _projects(page, answer, "prosjekter", selection.product.service, columns) if answer else None


def without_service(page: View, _selection: Chosen) -> Panel | None:
    """The projects of no product as a table.

    Raises:
        Forbidden: the visitor may not see every ledger; no file is opened.
    """
    answer = queries.without_service(page, "projects", through=queries.through(page))
    return _projects(page, answer, "prosjekter-uten-tjeneste", "uten_tjeneste", PROJECTS)


def _projects(page: View, answer: QueryResult, key: str, name: str, columns: tuple[str, ...]) -> Panel | None:
    if not answer.table.num_rows:
        return None
    month = formatting.month(answer.rows[0]["month"], page.words.language)
    title = page.words("accounts.projects.caption", month=month)
    source = ("ledger.project_month", "ledger.loan_month")
    columns = tuple(name for name in columns if any(row[name] is not None for row in answer.rows))
    return Panel(f"{PAGE}/{key}", f"prosjekter_{name}", title, "", answer, source, columns=columns)


def reasons(page: View, selection: Chosen) -> Panel | None:
    """Billed against measured by reason; None where nothing differs, or the visitor may not see every customer."""
    words, service, at = page.words, selection.product.service, selection.at
    months = queries.billed(page, service, at.first, at.last)
    if months is None or not months.table.num_rows:
        return None
    answer = queries.reconciled(page, "reasons", service, first=at.first, last=at.last)
    if not answer.table.num_rows:
        return None
    return Panel(
        f"{PAGE}/arsaker",
        f"{service}_arsaker",
        narrative.reconciliation_title(months.rows, words),
        words("accounts.reconciliation.subtitle", period=at.when(words))
        + synthetic_sentence(words, synthetic=months.synthetic),
        answer,
        ("ledger.reconciliation_part",),
        charts.reasons(answer.rows, words),
        charts.reasons_in_words(answer.rows, words),
        ("reason", "differences", "over_ore", "under_ore", "difference_ore"),
    )


def by_month(page: View, selection: Chosen) -> Panel | None:
    """Billed against measured by month, as a table."""
    service = selection.product.service
    answer = queries.billed(page, service, selection.at.first, selection.at.last)
    if answer is None or not answer.table.num_rows:
        return None
    return Panel(
        f"{PAGE}/avstemming",
        f"{service}_avstemming",
        page.words("accounts.reconciliation.months.caption"),
        "",
        answer,
        ("ledger.reconciliation_product",),
        columns=(
            *("month", "billed_ore", "expected_ore", "explained_ore", "open_ore", "not_reconcilable_ore"),
            *("awaits_invoice_ore", "at_stake_ore"),
        ),
    )


def unexplained(page: View, selection: Chosen) -> Panel | None:
    """The largest differences that nothing explains, as a table."""
    service, at = selection.product.service, selection.at
    if queries.billed(page, service, at.first, at.last) is None:
        return None
    answer = queries.reconciled(page, "unexplained", service, first=at.first, last=at.last)
    if not answer.table.num_rows:
        return None
    return Panel(
        f"{PAGE}/uforklart",
        f"{service}_uforklart",
        page.words("accounts.unexplained.caption"),
        "",
        answer,
        ("ledger.reconciliation", "ledger.reconciliation_part"),
        columns=(
            *("organisation", "element", "month", "billed_quantity", "measured_quantity"),
            *("billed_ore", "expected_ore", "unexplained_ore"),
        ),
    )


def periods(page: View, selection: Chosen) -> Panel | None:
    """Which quarters are closed, and what was booked later, as a table."""
    service = selection.product.service
    answer = (
        queries.of(page, "periods", service, through=queries.through(page)) if queries.has(page, "period") else None
    )
    if answer is None or not answer.table.num_rows:
        return None
    return Panel(
        f"{PAGE}/perioder",
        f"{service}_perioder",
        page.words("accounts.periods.caption"),
        page.words("accounts.periods.subtitle", service=selection.product.name),
        answer,
        ("ledger.period", "ledger.entry"),
        columns=("quarter", "status", "closed_by", "changed_at", "release", "later_entries", "later_ore"),
    )


PANELS: Final[Mapping[str, Callable[[View, Chosen], Panel | Unknown | None]]] = {
    "lan": _one_loan,
    "prosjekter": projects,
    "prosjekter-uten-tjeneste": without_service,
    "arsaker": reasons,
    "avstemming": by_month,
    "uforklart": unexplained,
    "perioder": periods,
}


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key`, as `choice.panel`."""
    return choice.panel(page, PANELS[key])
