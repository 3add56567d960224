"""A regional network's report: one page to mail on the first of the month. Layout only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.errors import BadOption, UnknownName
from dashboards.release.authorization import EVERYTHING
from dashboards.release.query import GAPS, Area
from dashboards.reports import sheet
from dashboards.reports.network import narrative
from dashboards.reports.network.form import write_form
from dashboards.reports.reader import check_datasets, month_of, open_reader, reported
from dashboards.shared import narrative as shared_narrative
from dashboards.shared import pictures
from dashboards.shared import queries as shared_queries
from dashboards.shared import tables as shared_tables
from dashboards.views.uptake import charts as uptake_charts
from dashboards.views.uptake import narrative as uptake_narrative
from dashboards.views.uptake import tables as uptake_tables
from dashboards.views.uptake.models import CALLS
from dashboards.views.uptake.network import network_facts
from dashboards.words import formatting

if TYPE_CHECKING:
    from pathlib import Path

    from dashboards.release.authorization import Visitor
    from dashboards.release.reader import ReleaseReader
    from dashboards.views.uptake.network import NetworkFacts, Shown
    from dashboards.words import Words
    from transport.base.settings import Settings

_NEEDED: Final = ("uptake.network_month", *CALLS)
_USED: Final = ("uptake.network_month", "uptake.funnel", *CALLS)
_MOST_CALLS: Final = 10
_FEWEST_CALLS: Final = 3
_SERVICES_PRINTED: Final = 16
_SUPPLIERS_SHOWN: Final = 5
_SUPPLIERS_NAMED: Final = 4
_LINES: Final = 44.0
"""Lines of text that fit on the sheet between the key figures and the curve."""
_WIDE, _NARROW, _HALF, _ACROSS_BANNER = 95, 30, 60, 140
"""Letters per line: in the call list's two columns, half a sheet, and a frame."""
_BESIDE_CURVE: Final = 12
"""Lines of text that fit beside the curve."""


# ── What is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


def _network(reader: ReleaseReader, name: str) -> Area:
    """The network of that id or name, ignoring case, with or without the part in brackets.

    Raises:
        UnknownName: there is none; the error names the nearest.
    """
    areas = [area for area in shared_queries.areas(reader) if area.area_kind == "NETWORK"]
    sought = " ".join(name.split()).casefold()
    for area in areas:
        if sought in (area.area.casefold(), area.name.casefold(), shared_narrative.short(area.name).casefold()):
            return area
    raise UnknownName(
        "network", name, choices=sorted({x for n in areas for x in (n.area, shared_narrative.short(n.name))})
    )


def gather(
    given: Settings, name: str, release_name: str | None = None, *, visitor: Visitor = EVERYTHING
) -> NetworkFacts:
    """Asks the release for everything in the report.

    Args:
        given: where the releases are.
        name: the network's name or id.
        release_name: which release; the current one when not given.
        visitor: whom it is made for.

    Raises:
        Forbidden: the visitor may not see something in the report.
        UnknownName: there is no such network, or no such release.
        WrongUse: there is no release, or it is older than the datasets that the report needs.
        Damaged: the pointer or the manifest is broken.
    """
    release, attempt = reported(given, release_name)
    reader = open_reader(release, visitor=visitor)
    check_datasets(reader, _NEEDED)
    return network_facts(reader, release, attempt, _network(reader, name), month_of(release))


# ── How it is arranged ───────────────────────────────────────────────────────────────────────────────────────────────


def page(facts: NetworkFacts, words: Words, *, contact: str = "", form: str = "") -> str:
    """The report as one HTML file that fetches nothing and runs nothing. On paper it is one A4 sheet.

    What does not fit on the sheet stands below it on a screen, and the sheet says so.

    Args:
        facts: what the report says.
        words: the texts.
        contact: the role mailbox for questions; if empty, the report says that none is set.
        form: the file name of the follow-up form; empty if there is none.
    """
    name = shared_narrative.short(facts.network.name)
    title = words("report.title", network=name, month=formatting.month(facts.month, words.language))
    ask = sheet.whom_to_ask(contact, words)
    figured = shared_tables.key_figures(narrative.figures(facts, words), words)
    curve = _curve(facts, facts.shown, words) if facts.shown and facts.shown.points else ""
    aware = sheet.listed(narrative.be_aware(facts, words))
    beside = "".join([*_first_supplier(facts, words), sheet.part(words("report.also.title"), "", aware)])
    front = [
        *sheet.head(words("report.kicker"), title, narrative.answer(facts, words), words),
        shared_tables.freshness(facts.release, words, through=facts.month),
        *sheet.banners(_warnings(facts, words)),
        sheet.part(words("uptake.figures"), "", figured, kind="dif-key-figures"),
        *([_services(facts, words)] if facts.standings else []),
        _calls(facts, words, form, contact),
        f'<div class="dif-pair"><div>{curve}</div><div>{beside}</div></div>' if curve else beside,
        _small_print(facts, words, ask),
    ]
    more = [
        *([_funnel(facts, facts.shown, words)] if facts.shown and facts.shown.history else []),
        *_suppliers(facts, words),
        _made(facts, words, ask),
    ]
    return sheet.document(title, front, more, words)


def _warnings(facts: NetworkFacts, words: Words) -> list[tuple[str, str]]:
    rows = [*facts.standings, *facts.calls, *facts.suppliers, *facts.declined]
    return sheet.warnings(facts.release, facts.attempt, rows, "report", words)


def _services(facts: NetworkFacts, words: Words) -> str:
    """Each service with the members' steps; if there are many, paper has those furthest behind the country."""
    behind = narrative.furthest_behind(facts.standings)
    printed = {standing.service for standing in behind[:_SERVICES_PRINTED]}
    subtitle = words(
        "report.services.subtitle",
        network=shared_narrative.short(facts.network.name),
        month=formatting.month(facts.month, words.language),
    )
    unknown = any(standing.waiting is None for standing in facts.standings)
    left = len(facts.standings) - len(printed)
    return sheet.part(
        narrative.services_title(facts.standings, words),
        "",
        f'<div class="dif-under">{sheet.small(subtitle)}{uptake_tables.standings_key(words)}</div>',
        uptake_tables.standings(facts.standings, facts.month, printed, words),
        sheet.small(words("report.services.unknown") if unknown else ""),
        sheet.printed(words("report.services.more", n=left) if left else ""),
    )


def _funnel(facts: NetworkFacts, shown: Shown, words: Words) -> str:
    """The pages' funnel, for the service most frequent in the call list."""
    now, place = shown.history[0], shared_narrative.short(facts.network.name)
    steps = uptake_narrative.steps(now, shown.registered, words)
    text = uptake_charts.funnel_in_words(steps, now.municipalities, shown.name, now.month, words)
    inferred = any(step.inferred for step in steps)
    return sheet.part(
        f"{shown.name}: {uptake_narrative.funnel_title(now, words)}",
        uptake_narrative.funnel_subtitle(now, place, words),
        pictures.drawn_svg(uptake_charts.funnel(steps, now.municipalities, words), pictures.PAPER_WIDE).markup(text),
        sheet.small(words("uptake.funnel.inferred") if inferred else ""),
    )


def _curve(facts: NetworkFacts, shown: Shown, words: Words) -> str:
    """The pages' curve, for the service most frequent in the call list."""
    own = [point for point in shown.points if point.service == shown.service]
    if not own:
        return ""
    most = any(call.service == shown.service for call in facts.calls)
    until = max(facts.month, own[-1].month)
    gaps = uptake_narrative.gaps_in_words(shared_narrative.gaps([point.month for point in own], until), words)
    notes = [words("report.chosen.why", service=shown.name) if most else ""]
    notes += [uptake_narrative.dashed(shown.points, words), gaps]
    return sheet.part(
        uptake_narrative.curve_title(own, own[-1].active_basis, words),
        uptake_narrative.curve_subtitle(own, shared_narrative.short(facts.network.name), words),
        pictures.on_paper(
            uptake_charts.curve(shown.points, shown.service, until, words),
            uptake_charts.curve_in_words(shown.points, shown.service, until, words),
        ),
        sheet.small(" ".join(x for x in notes if x)),
    )


def _calls(facts: NetworkFacts, words: Words, form: str, contact: str) -> str:
    """The call list in short: as many calls as fit, how many more there are, and where to find them."""
    if not facts.calls:
        return sheet.part(words("report.calls.title.none"), "")
    shown = facts.calls[: calls_that_fit(facts, words)]
    more = len(facts.calls) - len(shown)
    title = words("report.calls.title" if more else "report.calls.title.all", shown=len(shown), all=len(facts.calls))
    subtitle = words("calls.order")
    if form:
        subtitle += " " + words("report.calls.form.more" if more else "report.calls.form", n=more, file=form)
    elif more:
        subtitle += " " + words("report.calls.more", n=more, contact=contact or words("report.calls.sender"))
    return sheet.part(title, subtitle, uptake_tables.first_calls(shown, words))


def calls_that_fit(facts: NetworkFacts, words: Words) -> int:
    """How many rows of the call list fit on the A4 sheet beside everything else, estimated in lines of text.

    The estimate errs low: an unfilled sheet does no harm, but a second sheet does.
    """
    room = _LINES
    room -= 1.2 * sum(_lines(text, _ACROSS_BANNER) + 0.8 for _, text in _warnings(facts, words))
    room -= 1.25 * len(facts.standings[:_SERVICES_PRINTED])
    room -= any(standing.waiting is None for standing in facts.standings)
    aware = sum(_lines(text, _HALF) for text in narrative.be_aware(facts, words))
    supplier = _lines(uptake_narrative.suppliers_title(facts.suppliers, words), _HALF) if facts.suppliers else 0
    room -= max(aware + 1.2 * supplier - _BESIDE_CURVE, 0)
    for place, call in enumerate(facts.calls[:_MOST_CALLS]):
        notes = [*uptake_tables.call_marks(call, words), uptake_narrative.change(call, words)]
        head = f"{call.municipality}: {call.service_name} {' · '.join(notes)}"
        wide = _lines(head, _WIDE) + _lines(uptake_narrative.sentence(call, words), _WIDE)
        room -= max(wide, _lines(call.contact or "", _NARROW)) + 0.45
        if room < 0:
            return max(place, _FEWEST_CALLS)
    return _MOST_CALLS


def _lines(text: str, across: int) -> int:
    return -(-len(text) // across)


def _first_supplier(facts: NetworkFacts, words: Words) -> list[str]:
    """The supplier to call first, and those next."""
    if not facts.suppliers:
        return []
    following = narrative.next_suppliers(facts.suppliers[1:_SUPPLIERS_NAMED], words)
    return [sheet.part(uptake_narrative.suppliers_title(facts.suppliers, words), following)]


def _suppliers(facts: NetworkFacts, words: Words) -> list[str]:
    if not facts.suppliers:
        return []
    place = shared_narrative.short(facts.network.name)
    title, subtitle = words("report.suppliers.title", network=place), words("suppliers.subtitle", area=place)
    table = uptake_tables.suppliers(facts.suppliers[:_SUPPLIERS_SHOWN], words, services=True)
    return [sheet.part(title, subtitle, table)]


def _defined(facts: NetworkFacts) -> list[str]:
    """Text keys for what having a service means, one for each basis observed."""
    return [
        f"made.active.{basis}"
        for basis in sorted({standing.active_basis for standing in facts.standings}, reverse=True)
    ]


def _small_print(facts: NetworkFacts, words: Words, ask: str) -> str:
    """On paper: the essential definitions, whom to ask, and where the rest is."""
    keys = [*_defined(facts), "report.made.standing", "made.priority"]
    return sheet.small_print([words(key) for key in keys], f"{words('report.rest')} {ask}")


def _made(facts: NetworkFacts, words: Words, ask: str) -> str:
    """Definitions, sources, limits, revisions, and whom to ask."""
    defined = _defined(facts)
    shows_lacking = facts.lacking is not None and "made.active.USE" in defined
    keys = [*defined, *(["made.lacking"] if shows_lacking else []), "report.made.possible"]
    keys += ["report.made.standing", "made.steps", "made.priority"]
    return sheet.how_made(keys, (*_USED, GAPS) if shows_lacking else _USED, facts.release, ask, words)


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def write(
    given: Settings, name: str, *, folder: Path, out: Path | None, form: Path | None, release: str | None, words: Words
) -> dict[str, str]:
    """Writes the report, and the form if asked for; returns what was written.

    Raises:
        BadOption: the form's name does not end in .xlsx, or the file exists and may be filled in.
        SharingError: as `gather`.
    """
    if form is not None and form.suffix.lower() != ".xlsx":
        raise BadOption("--follow-up", form.name, "a name that ends in .xlsx")
    if form is not None and form.exists():
        raise BadOption("--follow-up", form.name, "the name of a new file: the existing one may be filled in")
    facts = gather(given, name, release)
    path = out or folder / f"rapport-{facts.network.area}-{facts.month:%Y-%m}.html"
    text = page(facts, words, contact=given.contact, form=form.name if form else "")
    path.write_text(text, "utf-8")
    if form is not None:
        write_form(facts, words, form)
    written = {"report": str(path), "about": facts.network.name, "release": facts.release.name}
    written |= {"month": f"{facts.month:%Y-%m}", "calls": str(len(facts.calls))}
    return written | ({"form": str(form)} if form else {})
