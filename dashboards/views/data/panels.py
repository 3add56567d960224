"""What the page about data shows, as values: what its link asks for, its first words and its panels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.errors import Forbidden
from catalog.tables import quality
from dashboards.page import filters
from dashboards.release.query import GAPS
from dashboards.shared.opening import Opening
from dashboards.shared.pages import DATASET, ORGANISATION, STREAM, address
from dashboards.shared.panel import Panel
from dashboards.views.data import narrative, queries
from dashboards.words import formatting

if TYPE_CHECKING:
    from catalog.contracts.language import DatasetContract
    from dashboards.page.filters import Filter, Unknown
    from dashboards.release.query import QueryResult
    from dashboards.shared.opening import View
    from dashboards.views.data.narrative import Held


PART: Final = "del"
PARTS: Final = ("katalog", "leveranser", "karantene", "endringer")
DATASETS: Final = ("quality.check_result", "quality.accounting", "quality.quarantine_summary", "quality.release_diff")
CATALOGUE: Final = "meta.dataset"


def chosen(page: View, datasets: list[Held], has: frozenset[str], part_of: str = "") -> dict[str, Filter]:
    """The filters with the link's values, in drawing order.

    Args:
        page: the release and the link.
        datasets: its datasets.
        has: their names.
        part_of: the part of the page, where it is not the link's.
    """
    link, words = {**page.link, **({PART: part_of} if part_of else {})}, page.words
    names = {part: words(f"data.part.{part}") for part in PARTS}
    part = filters.single_choice(PART, link, names)
    choices = {PART: part}
    if part.value == "katalog":
        every = {"": words("data.every.dataset")} | {
            entry.dataset: f"{entry.title} ({entry.dataset})" for entry in datasets
        }
        choices[DATASET] = filters.single_choice(DATASET, link, every)
    if part.value == "leveranser" and GAPS in has:
        organisations = {"": words("data.every.organisation")} | queries.senders(page)
        choices[ORGANISATION] = filters.single_choice(ORGANISATION, link, organisations)
    if part.value == "leveranser":
        choices[STREAM] = streams(page, ("dispatch", "measurement"))
    if part.value == "karantene":
        landed = [row["stream"] for row in page.rows("data/accounting", stream=None)]
        choices[STREAM] = streams(page, tuple(landed))
    if part.value == "endringer":
        changed = {"": words("data.every.service")} | queries.changed_services(page)
        choices[filters.SERVICE] = filters.single_choice(filters.SERVICE, link, changed)
    return choices


def streams(page: View, stream_names: tuple[str, ...]) -> Filter:
    """The stream filter."""
    names = {"": page.words("data.every.stream")} | {name: narrative.stream(name, page.words) for name in stream_names}
    return filters.single_choice(STREAM, page.link, names)


def opening(page: View) -> Opening:
    """How many datasets there are and how they were checked; nothing in a release from before they were told."""
    has, words, release = page.datasets, page.words, page.release
    if not has.issuperset({CATALOGUE, *DATASETS}):
        return Opening()
    expected = queries.expected(page) if GAPS in has else {}
    checked = (release.passed, release.failed)
    accounting = page.rows("data/accounting", stream=None)
    figures = narrative.figures(checked, expected, accounting, queries.differs(page), queries.parent(page), words)
    return Opening(narrative.answer(queries.datasets(page, words.language), checked, expected, words), figures)


PAGE: Final = address("data").strip("/")


def sample(page: View, entry: Held, contract: DatasetContract) -> Panel:
    """The first rows of a dataset.

    Raises:
        Forbidden: the visitor may not see all of it; no file is opened.
    """
    return _dataset(entry, page.whole(contract, queries.SAMPLE))


def _dataset(entry: Held, answer: QueryResult) -> Panel:
    return Panel(f"{PAGE}/datasett", entry.dataset, entry.title, entry.about, answer, (entry.dataset,))


def lacking(page: View, stream: str, organisation: str) -> Panel:
    """Who has not delivered in four weeks; an empty stream or organisation means all."""
    words, days = page.words, queries.days(page.release)
    answer = queries.lacking(page, stream, organisation)
    missing = sum(1 for row in answer.rows if row["days_missing"])
    first, last = (formatting.day(days[n], words.language) for n in (0, -1))
    return Panel(
        f"{PAGE}/leveranser",
        "leveranser",
        narrative.lacking(answer.rows, missing, organisation, words),
        words("data.lacking.subtitle", first=first, last=last),
        answer,
        (GAPS,),
    )


def received(page: View) -> Panel:
    """The latest delivery of each stream and producer."""
    words, answer = page.words, page.ask("data/received")
    title, subtitle = words("data.received.title"), words("data.received.subtitle")
    return Panel(f"{PAGE}/mottatt", "mottatt", title, subtitle, answer, ("quality.batch",))


def quarantine(page: View, stream: str) -> Panel:
    """Rows that broke a rule, by rule."""
    words, answer = page.words, page.ask("data/quarantine", stream=stream or None)
    title = narrative.set_aside(page.ask("data/accounting", stream=stream or None).rows, answer.rows, words)
    subtitle = words("data.quarantine.subtitle")
    return Panel(f"{PAGE}/karantene", "karantene", title, subtitle, answer, _SET_ASIDE)


_SET_ASIDE: Final = ("quality.quarantine_summary",)


def quarantine_months(page: View, stream: str) -> Panel:
    """Rows that broke a rule, by month and producer."""
    words, answer = page.words, page.ask("data/quarantine_months", stream=stream or None)
    title = words("data.aside_months.title")
    return Panel(f"{PAGE}/karantene-maneder", "karantene_maned", title, "", answer, _SET_ASIDE)


def accounting(page: View, stream: str) -> Panel:
    """The accounting of all rows."""
    words, answer = page.words, page.ask("data/accounting", stream=stream or None)
    title, subtitle = words("data.accounting.title"), narrative.accounting(answer.rows, words)
    return Panel(f"{PAGE}/radregnskap", "radregnskap", title, subtitle, answer, ("quality.accounting",))


def unmapped(page: View) -> Panel:
    """Source system names that the register lacks.

    Raises:
        Forbidden: the visitor may not see all of them; no file is opened.
    """
    words, contract = page.words, quality.UNMAPPED_SYSTEM
    if not page.visitor.may_see_whole(contract):
        raise Forbidden(f"{contract.name} is not open to this role.", "Ask DIF for access.")
    answer = page.ask("data/unmapped")
    title, subtitle = narrative.unmapped(answer.rows, words), words("data.unmapped.subtitle")
    return Panel(f"{PAGE}/fagsystemnavn", "fagsystemnavn", title, subtitle, answer, (contract.name,))


def changed(page: View, service: str) -> Panel:
    """What differs from the previous release, by reason; an empty service means all."""
    words, answer = page.words, page.ask("data/changed", service=service or None)
    columns = ("reason", "measure", "difference", "municipalities", "months")
    title = words("data.changed.caption")
    return Panel(f"{PAGE}/endringer-arsak", "endringer_arsak", title, "", answer, _DIFF, columns=columns)


_DIFF: Final = ("quality.release_diff",)


def changes(page: View, service: str) -> Panel:
    """What differs from the previous release, number by number; an empty service means all."""
    words, answer = page.words, page.ask("data/changes", service=service or None)
    return Panel(f"{PAGE}/endringer", "endringer", words("data.changes.title"), "", answer, _DIFF)


def changed_datasets(page: View, contract: DatasetContract) -> Panel:
    """The datasets that differ from the previous release, by rows and sums: the open ones, or those of the ledgers.

    Raises:
        Forbidden: the visitor may not see the ledgers; no file is opened.
    """
    if not page.visitor.may_see_whole(contract):
        raise Forbidden(f"{contract.name} is not open to this role.", "Ask DIF for access.")
    ledger = contract is quality.LEDGER_DIFF_DATASET
    key = next(key for key, of in DIFFERING.items() if of is contract)
    answer = page.ask("data/changed_ledgers" if ledger else "data/changed_datasets")
    title = contract.title[page.words.language]
    subtitle = page.words("data.changed_datasets.subtitle")
    return Panel(f"{PAGE}/{key}", key.replace("-", "_"), title, subtitle, answer, (contract.name,))


DIFFERING: Final = {
    "endringer-datasett": quality.RELEASE_DIFF_DATASET,
    "endringer-regnskap": quality.LEDGER_DIFF_DATASET,
}
PARTS_OF: Final = {
    "datasett": "katalog",
    **dict.fromkeys(("leveranser", "mottatt"), "leveranser"),
    **dict.fromkeys(("karantene", "karantene-maneder", "radregnskap", "fagsystemnavn"), "karantene"),
    **dict.fromkeys(("endringer-arsak", "endringer", *DIFFERING), "endringer"),
}
"""The part of the page that each panel is in; a link to a panel need not name it."""
PARAMETERS: Final = frozenset({DATASET, ORGANISATION, PART, STREAM, filters.SERVICE})
"""The link's parameters that the panels follow, besides language and release."""
PANELS: Final = frozenset(PARTS_OF)


def panel(page: View, key: str) -> Panel | Unknown | None:
    """The panel `key` of what the page's link asks for; None where there is nothing to show.

    Raises:
        KeyError: the page has no such panel.
        Forbidden: the visitor may not see it; no file is opened for it.
    """
    has, part = page.datasets, PARTS_OF[key]
    if not has.issuperset({CATALOGUE, *DATASETS}):
        return None
    datasets = queries.datasets(page, page.words.language)
    choices = chosen(page, datasets, has, part)
    unknown = next((unknown for item in choices.values() for unknown in item.unknown), None)
    if unknown:
        return unknown
    parameters = {name: choice.value for name, choice in choices.items() if name != PART}
    if key == "datasett":
        entry = next((row for row in datasets if row.dataset == parameters[DATASET]), None)
        if entry is None or entry.contract is None or (entry.rows or 0) > queries.SPREADSHEET:
            return None
        return _dataset(entry, queries.whole(page, entry.contract)())
    if key in DIFFERING:
        contract = DIFFERING[key]
        return changed_datasets(page, contract) if contract.name in {row.dataset for row in datasets} else None
    return _of_part(page, key, parameters)


def _of_part(page: View, key: str, parameters: dict[str, str]) -> Panel | None:
    if key == "leveranser":
        return lacking(page, parameters[STREAM], parameters[ORGANISATION]) if GAPS in page.datasets else None
    if key == "fagsystemnavn":
        return unmapped(page) if quality.UNMAPPED_SYSTEM.name in page.datasets else None
    if key == "mottatt":
        return received(page)
    of_stream = {"karantene": quarantine, "karantene-maneder": quarantine_months, "radregnskap": accounting}
    if key in of_stream:
        return of_stream[key](page, parameters[STREAM])
    return {"endringer-arsak": changed, "endringer": changes}[key](page, parameters[filters.SERVICE])
