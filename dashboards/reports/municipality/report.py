"""A municipality's report: one page to print before a meeting. Layout only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from catalog.errors import Forbidden, UnknownName, WrongUse
from dashboards.release.authorization import EVERYTHING
from dashboards.release.query import LEDGER, Row
from dashboards.reports import sheet
from dashboards.reports.reader import check_datasets, open_reader, reported
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import queries as shared_queries
from dashboards.shared import tables as shared_tables
from dashboards.shared.models import STANDING
from dashboards.views.municipality import narrative, queries, tables
from dashboards.views.organisation import narrative as organisation_narrative
from dashboards.views.organisation import queries as organisation_queries
from dashboards.views.organisation import tables as organisation_tables
from dashboards.views.uptake import tables as uptake_tables
from dashboards.views.uptake.models import CALLS
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from dashboards.release.attempt import Attempt
    from dashboards.release.authorization import Visitor
    from dashboards.release.reader import ReleaseReader
    from dashboards.shared.models import Standing
    from dashboards.views.organisation.models import ServiceYear
    from dashboards.words import Words
    from transport.base.settings import Settings
    from transport.releases.release import Release

_NEEDED: Final = (STANDING, "usage.municipality_month", "usage.municipality_measure_month", *CALLS)
_MOST_CALLS: Final = 6


@dataclass(frozen=True, slots=True)
class MunicipalityFacts:
    """Everything in a municipality's report, from one release.

    Attributes:
        month: the last month in which somebody observed a service.
        calls: the rows of the call list about it, the first to call first; None where the visitor may not see them.
        pays: what each service costs it a year, beside the year before; None where that is not asked for, the visitor
            may not see it, or the invoice basis does not go two years back.
        pays_until: the last month of that year.
    """

    release: Release
    attempt: Attempt | None
    code: str
    name: str
    month: date
    standings: Sequence[Standing]
    use: Mapping[str, Row]
    calls: Sequence[Row] | None
    pays: Sequence[ServiceYear] | None
    pays_until: date | None


def gather(
    given: Settings,
    name: str,
    release_name: str | None = None,
    *,
    language: str,
    payments: bool = False,
    visitor: Visitor = EVERYTHING,
) -> MunicipalityFacts:
    """Asks the release for everything in the report.

    Args:
        given: where the releases are.
        name: the municipality's number or name.
        release_name: which release; the current one when not given.
        language: of the titles of what is measured.
        payments: with what the municipality pays.
        visitor: whom it is made for.

    Raises:
        Forbidden: the visitor may not see something in the report.
        UnknownName: there is no such municipality, or no such release.
        WrongUse: there is no release, it is older than the datasets that the report needs, or has no ledgers.
        Damaged: the pointer or the manifest is broken.
    """
    release, attempt = reported(given, release_name)
    reader = open_reader(release, visitor=visitor)
    check_datasets(reader, _NEEDED)
    code, called = _municipality(reader, name)
    months = queries.months(reader)
    if not months:
        raise WrongUse(f"Release {release.name} has no whole month of use or steps.", "Make one that has: dif run.")
    pays, until = _payments(open_reader(release, ledger=True, visitor=visitor), code) if payments else (None, None)
    return MunicipalityFacts(
        release=release,
        attempt=attempt,
        code=code,
        name=called,
        month=months[0],
        standings=shared_queries.standings(reader, code, months[0]),
        use=queries.use(reader, code, months[0], language),
        calls=_calls(reader, code, months[0]),
        pays=pays,
        pays_until=until,
    )


def _municipality(reader: ReleaseReader, wanted: str) -> tuple[str, str]:
    """The number and the name of the municipality of that number or name, ignoring case."""
    names = shared_queries.municipalities(reader)
    sought = " ".join(wanted.split()).casefold()
    for code, name in names.items():
        if sought in (code, name.casefold(), f"{code} {name}".casefold()):
            return code, name
    raise UnknownName("municipality", wanted, choices=[*names, *names.values()])


def _calls(reader: ReleaseReader, code: str, month: date) -> list[Row] | None:
    county = {"area_kind": "COUNTY", "area": code[:2], "service": None}
    try:
        calls = reader.rows("calls", **county, month=month)
    except Forbidden:  # the rest of the sheet is for anybody
        return None
    return [call for call in calls if call.municipality_code == code]


def _payments(reader: ReleaseReader, code: str) -> tuple[list[ServiceYear] | None, date | None]:
    try:
        number = organisation_queries.of_municipality(reader, code)
        if number is None:
            return None, None
        _, paid = organisation_queries.months(reader, number)
        until = paid[-1].month if paid else None
        return (organisation_queries.year(reader, number, until) if until else None), until
    except Forbidden:  # the rest of the sheet is for anybody
        return None, None


def page(facts: MunicipalityFacts, words: Words, *, contact: str = "") -> str:
    """The report as one HTML file that fetches nothing and runs nothing; on paper an A4 sheet, or two with payments.

    Args:
        facts: what the report says.
        words: the texts.
        contact: the role mailbox for questions; if empty, the report says that none is set.
    """
    month = formatting.month(facts.month, words.language)
    title = words("report.municipality.title", name=facts.name, month=month)
    ask = sheet.whom_to_ask(contact, words)
    answer = narrative.answer(facts.name, facts.standings, facts.month, words)
    rows = [*facts.standings, *facts.use.values(), *(facts.calls or ()), *(facts.pays or ())]
    figures = shared_tables.key_figures(narrative.figures(facts.standings, facts.use, facts.month, words), words)
    used = (*_NEEDED, f"{LEDGER}.invoice_basis") if facts.pays else _NEEDED
    front = [
        *sheet.head(words("report.municipality.kicker"), title, answer, words),
        shared_tables.freshness(facts.release, words, through=facts.month),
        *sheet.banners(sheet.warnings(facts.release, facts.attempt, rows, "report", words)),
        sheet.part(words("report.municipality.figures"), "", figures, kind="dif-key-figures"),
        sheet.part(
            words("municipality.services.title", name=facts.name),
            words("municipality.services.subtitle", n=shared_queries.SIMILAR),
            tables.services(facts.standings, facts.use, facts.code, facts.month, None, words),
            sheet.small(narrative.notes(facts.standings, facts.use, facts.month, facts.release.as_of, words)),
        ),
        *_lacks(facts, words),
        *_pays(facts, words),
        f'<footer class="dif-print dif-small-print"><p>{sheet.bold(ask)}</p></footer>',
    ]
    explanations = [f"municipality.made.{name}" for name in ("standing", "similar", "use")]
    explanations += ["made.mine.basis", "made.mine.change"] if facts.pays else []
    return sheet.document(title, front, [sheet.how_made(explanations, used, facts.release, ask, words)], words)


def _lacks(facts: MunicipalityFacts, words: Words) -> list[str]:
    """What is left to take into use, why, and whom to ask about it."""
    if facts.calls is None:
        return []
    if not facts.calls:
        return [sheet.part(words("report.municipality.lacks.none", name=facts.name), "")]
    shown = facts.calls[:_MOST_CALLS]
    left = [call.service_name for call in facts.calls[_MOST_CALLS:]]
    more = words("report.municipality.lacks.more", services=shared_narrative.names(left, 8, words)) if left else ""
    key = "report.municipality.lacks.one" if len(facts.calls) == 1 else "report.municipality.lacks"
    title = words(key, name=facts.name, n=len(facts.calls))
    listed = uptake_tables.first_calls(shown, words)
    return [sheet.part(title, words("report.municipality.whom"), listed, sheet.small(more))]


def _pays(facts: MunicipalityFacts, words: Words) -> list[str]:
    """What the municipality pays a year by service, beside the year before."""
    if facts.pays is None or facts.pays_until is None:
        return []
    heads = organisation_narrative.years(facts.pays_until, words)
    title = organisation_narrative.year_title(facts.pays, words)
    title += shared_narrative.synthetic_note(words, synthetic=shared_narrative.synthetic(facts.pays))
    subtitle = words("organisation.year.subtitle", then=heads[0], now=heads[1])
    subtitle += " " + words("report.municipality.restricted")
    return [sheet.part(title, subtitle, organisation_tables.year(facts.pays, heads, words))]


def write(
    given: Settings,
    name: str,
    *,
    folder: Path,
    out: Path | None,
    release: str | None,
    payments: bool,
    words: Words,
) -> dict[str, str]:
    """Writes the report; returns what was written.

    Raises:
        SharingError: as `gather`.
    """
    facts = gather(given, name, release, language=words.language, payments=payments)
    path = out or folder / f"rapport-{facts.code}-{facts.month:%Y-%m}.html"
    path.write_text(page(facts, words, contact=given.contact), "utf-8")
    written = {"report": str(path), "about": facts.name, "release": facts.release.name}
    return written | {"month": f"{facts.month:%Y-%m}"}
