"""A network's report as a page: one sheet of A4 on paper, and more under it on a screen. Pure: facts in, markup out."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, Final

from catalog.uptake_calls import NOT_YET
from dashboards import findings, tables, wording
from dashboards.answers import GAPS
from dashboards.answers.uptake import CALLS
from dashboards.charts import uptake as uptake_charts
from dashboards.findings import Figure
from dashboards.findings import uptake as uptake_findings
from dashboards.reports import sheet
from dashboards.reports.facts import share_of
from dashboards.tables import uptake as uptake_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.answers.uptake import Call
    from dashboards.reports.facts import Facts, Shown, Standing
    from dashboards.texts import Words

_MOST_CALLS: Final = 10
_FEWEST_CALLS: Final = 3
_SERVICES_PRINTED: Final = 16
_SUPPLIERS_SHOWN: Final = 5
_SUPPLIERS_NAMED: Final = 4
_NAMES_SHOWN: Final = 8
_LINES: Final = 44.0
"""Lines of text that a sheet holds between the key figures and the curve."""
_WIDE, _NARROW, _HALF, _ACROSS_BANNER = 95, 30, 60, 140
"""Letters on a line: of the call list's columns, of half a sheet, of a frame."""
_BESIDE_CURVE: Final = 12
"""Lines of text that stand beside the curve without making it longer."""
_USED = ("uptake.network_month", "uptake.funnel", *CALLS)


# ── What it says in words. Pure ──────────────────────────────────────────────────────────────────────────────────────


def _basis(standings: Sequence[Standing], words: Words) -> str:
    """How the sum over services may be called: use and events are not the same."""
    bases = {one.active_basis for one in standings}
    return words(f"report.basis.{bases.pop() if len(bases) == 1 else 'BOTH'}")


def answer(facts: Facts, words: Words) -> str:
    """The report in one sentence."""
    name = findings.short(facts.network.name)
    if not facts.standings:
        return words("report.empty", network=name)
    waiting = sum(one.waiting or 0 for one in facts.standings)
    said = words(
        f"report.answer{'.waiting' if waiting else ''}{'.one' if waiting == 1 else ''}",
        members=len(facts.members),
        network=name,
        active=sum(one.active for one in facts.standings),
        possible=sum(one.members for one in facts.standings),
        basis=_basis(facts.standings, words),
        waiting=waiting,
    )
    return said + findings.synthetic_sentence(words, synthetic=_is_synthetic(facts.standings))


def _is_synthetic(rows: Sequence[Any]) -> bool:
    return any(one.synthetic for one in rows)


def figures(facts: Facts, words: Words) -> list[Figure]:
    """The report's key figures: what they have, against the country, who waits, whom to call, who said no."""
    found = []
    if facts.standings:
        found = _figures_of_services(facts.standings, words)
    first = sum(one.priority == 1 for one in facts.calls)
    declined = sum(one.rows_declined for one in facts.declined)
    return [
        *found,
        Figure(
            words("report.figure.calls"),
            wording.number(len(facts.calls), words.language),
            words("report.figure.calls.words", n=first),
            _is_synthetic(facts.calls),
        ),
        Figure(
            words("report.figure.declined"),
            wording.number(declined, words.language),
            words("report.figure.declined.words"),
            _is_synthetic(facts.declined),
        ),
    ]


def _figures_of_services(standings: Sequence[Standing], words: Words) -> list[Figure]:
    synthetic = _is_synthetic(standings)
    active, possible = (sum(getattr(one, name) for one in standings) for name in ("active", "members"))
    country = share_of(sum(x.country_active for x in standings), sum(x.country_municipalities for x in standings))
    known = [one.waiting for one in standings if one.waiting is not None]
    waiting = Figure(
        words("report.figure.waiting"),
        wording.number(sum(known), words.language) if known else wording.MISSING,
        words("report.figure.waiting.words" if known else "report.figure.waiting.unknown"),
        synthetic and bool(known),
    )
    share = words("report.figure.share.words", share=wording.percent(country, words.language))
    return [
        Figure(
            words("report.figure.active", basis=_basis(standings, words)),
            words("uptake.n_of_m", n=active, m=possible),
            _year(standings, words),
            synthetic,
        ),
        Figure(
            words("report.figure.share"), wording.percent(share_of(active, possible), words.language), share, synthetic
        ),
        waiting,
    ]


def _year(standings: Sequence[Standing], words: Words) -> str:
    """What changed in a year, of the services that were observed then too."""
    known = [(one.active, one.active_year_before) for one in standings if one.active_year_before is not None]
    if not known:
        return words("report.figure.year.none")
    n = sum(now - then for now, then in known)
    change = words("report.same" if n == 0 else "report.more" if n > 0 else "report.fewer", n=abs(n))
    key = "report.figure.year" if len(known) == len(standings) else "report.figure.year.some"
    return words(key, change=change, k=len(known), all=len(standings))


def services_title(standings: Sequence[Standing], words: Words) -> str:
    """Which service is furthest behind the country."""
    behind = min(standings, key=lambda one: (one.share - one.country, one.name))
    if behind.share >= behind.country:
        return words("report.services.title.none")
    share, country = (wording.percent(part, words.language) for part in (behind.share, behind.country))
    said = words("report.services.title", service=behind.name, share=share, country=country)
    return said + findings.synthetic_note(words, synthetic=behind.synthetic)


def be_aware(facts: Facts, words: Words) -> list[str]:
    """What the reader must know beside the numbers: who said no, which deliveries are missing."""
    said = [uptake_findings.declined(facts.declined, words)]
    if facts.lacking:
        names = sorted(facts.members.get(one.municipality_code, one.municipality_code) for one in facts.lacking)
        lacking = words(
            "report.lacking",
            n=len(names),
            noun=words.municipalities(len(names)),
            day=wording.day(max(one.missing_to for one in facts.lacking), words.language),
            names=findings.names(names, _NAMES_SHOWN, words),
        )
        said.append(lacking + findings.synthetic_sentence(words, synthetic=_is_synthetic(facts.lacking)))
    elif facts.lacking is not None:
        said.append(words("report.lacking.none"))
    if facts.network.unsure:
        said.append(words("report.certainty"))
    return said


# ── How it looks. Pure: facts in, markup out ─────────────────────────────────────────────────────────────────────────


def page(facts: Facts, words: Words, *, contact: str = "", form: str = "") -> str:
    """The report as one HTML file: nothing in it is fetched, and nothing runs. On paper it is one sheet of A4.

    What a sheet has no room for stands under it on a screen, and the sheet says so.

    Args:
        facts: what it says.
        words: the texts.
        contact: the function address to ask at; empty says that none is set.
        form: the name of the follow-up form that goes with it, where there is one.
    """
    name = findings.short(facts.network.name)
    title = words("report.title", network=name, month=wording.month(facts.month, words.language))
    ask = sheet.whom_to_ask(contact, words)
    figured = tables.key_figures(figures(facts, words), words)
    curve = _curve(facts, facts.shown, words) if facts.shown and facts.shown.points else ""
    beside = "".join([*_first_supplier(facts, words), _aware(facts, words)])
    front = [
        f'<p class="dif-kicker">{escape(words("report.kicker"))}</p><h1>{escape(title)}</h1>',
        f'<p class="dif-answer">{escape(answer(facts, words))}</p>',
        sheet.freshness(facts.release, facts.month, words),
        *sheet.banners(_told(facts, words)),
        f'<section class="dif-key-figures">{sheet.heading(words("uptake.figures"))}{figured}</section>',
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


def _told(facts: Facts, words: Words) -> list[tuple[str, str]]:
    """What stands in a frame: a run that failed, and numbers that were made up."""
    found = sheet.failed_run(facts.release, facts.attempt, words)
    rows: list[Any] = [*facts.standings, *facts.calls, *facts.suppliers, *facts.declined]
    if _is_synthetic(rows):
        key = "report.synthetic.all" if all(one.synthetic for one in rows) else "report.synthetic.some"
        found.append((words("report.synthetic.title"), words(key)))
    return found


def _services(facts: Facts, words: Words) -> str:
    """Each service with the members' steps; of many, a sheet holds those that are furthest behind the country."""
    language = words.language
    behind = sorted(facts.standings, key=lambda one: (one.share - one.country, one.name))
    printed = {one.service for one in behind[:_SERVICES_PRINTED]}
    rows = []
    for one in facts.standings:
        marks = [words(f"uptake.table.basis.{one.active_basis}")]
        marks += [wording.month(one.month, language)] if one.month != facts.month else []
        marks += [words("app.synthetic")] if one.synthetic else []
        bar = uptake_charts.standing_svg(one.active, one.waiting, one.members, one.country)
        counts = "".join(f"<td{tables.NUMBER}>{escape(_count(n, one.members, words))}</td>" for n in _counts(one))
        row = "<tr>" if one.service in printed else '<tr class="dif-screen">'
        rows.append(
            f'{row}<th scope="row">{escape(one.name)}{tables.marks(marks)}</th>'
            f'<td class="dif-barcell">{bar}</td>{counts}'
            f"<td{tables.NUMBER}>{escape(wording.percent(one.country, language))}</td></tr>"
        )
    columns = [("column.service", False), ("report.services.bar", False)]
    columns += [(f"report.services.{x}", True) for x in ("have", "waiting", "not_begun", "country")]
    table = sheet.table(
        "dif-services", words("report.services.caption"), [(words(key), number) for key, number in columns], rows
    )
    place, month = findings.short(facts.network.name), wording.month(facts.month, language)
    legend = "".join(
        f'<span><span class="dif-key dif-key-{x}"></span>{escape(words(f"report.services.{x}"))}</span>'
        for x in ("have", "waiting", "not_begun", "country")
    )
    unknown = any(one.waiting is None for one in facts.standings)
    note = sheet.small(words("report.services.unknown")) if unknown else ""
    if left := len(facts.standings) - len(printed):
        note += f'<p class="dif-small dif-print">{escape(words("report.services.more", n=left))}</p>'
    return (
        f"<section>{sheet.heading(services_title(facts.standings, words))}"
        f'<div class="dif-under">{sheet.small(words("report.services.subtitle", network=place, month=month))}'
        f'<p class="dif-legend" aria-hidden="true">{legend}</p></div>{table}{note}</section>'
    )


def _counts(one: Standing) -> tuple[int | None, ...]:
    return one.active, one.waiting, one.not_begun


def _count(n: int | None, members: int, words: Words) -> str:
    if n is None:
        return wording.MISSING
    return f"{tables.number(n, words)} ({wording.percent(share_of(n, members), words.language)})"


def _funnel(facts: Facts, shown: Shown, words: Words) -> str:
    """The pages' steps, of the service that the call list is most about."""
    now, place = shown.history[0], findings.short(facts.network.name)
    month = wording.month(now.month, words.language)
    steps = uptake_findings.steps(now, shown.registered, words)
    said = uptake_charts.funnel_in_words(steps, now.municipalities, shown.name, now.month, words)
    lost = now.annexed - now.active
    subtitle = words("uptake.funnel.subtitle", month=month, area=place)
    subtitle += findings.synthetic_sentence(words, synthetic=now.synthetic)
    claim = words(f"uptake.funnel.title.{now.active_basis}", active=now.active, all=now.municipalities, lost=lost)
    return (
        f"<section>{sheet.heading(f'{shown.name}: {claim}', subtitle)}"
        + uptake_charts.funnel_svg(steps, now.municipalities, said, words)
        + sheet.small(words("uptake.funnel.inferred") if any(one.inferred for one in steps) else "")
        + "</section>"
    )


def _curve(facts: Facts, shown: Shown, words: Words) -> str:
    """The pages' curve, of the service that the call list is most about."""
    own = [one for one in shown.points if one.service == shown.service]
    if not own:
        return ""
    until = max(facts.month, own[-1].month)
    most = any(one.service == shown.service for one in facts.calls)
    why = words("report.chosen.why", service=shown.name) if most else ""
    subtitle = words(f"uptake.curve.subtitle.{own[-1].active_basis}", area=findings.short(facts.network.name))
    subtitle += findings.synthetic_sentence(words, synthetic=own[-1].synthetic)
    dashed = words("uptake.curve.dashed") if any(one.active_basis == "EVENT" for one in shown.points) else ""
    gaps = uptake_findings.gaps_in_words(uptake_findings.gaps([one.month for one in own], until), words)
    said = uptake_charts.curve_in_words(shown.points, shown.service, until, words)
    return (
        f"<section>{sheet.heading(uptake_findings.curve_title(own, own[-1].active_basis, words), subtitle)}"
        + uptake_charts.curve_svg(shown.points, shown.service, until, said, words)
        + sheet.small(" ".join(x for x in (why, dashed, gaps) if x))
        + "</section>"
    )


def _calls(facts: Facts, words: Words, form: str, contact: str) -> str:
    """The call list in short: as many as a sheet has room for, how many more there are, and where all are."""
    if not facts.calls:
        return f"<section>{sheet.heading(words('report.calls.title.none'))}</section>"
    shown = facts.calls[: calls_that_fit(facts, words)]
    more = len(facts.calls) - len(shown)
    title = words("report.calls.title" if more else "report.calls.title.all", shown=len(shown), all=len(facts.calls))
    subtitle = words("calls.order")
    if form:
        subtitle += " " + words("report.calls.form.more" if more else "report.calls.form", n=more, file=form)
    elif more:
        subtitle += " " + words("report.calls.more", n=more, contact=contact or words("report.calls.sender"))
    columns = [
        (NOT_YET[name].title[words.language] if name else words("report.calls.what"), name == "priority")
        for name in _CALL_COLUMNS
    ]
    table = sheet.table("dif-calls", words("report.calls.caption"), columns, [_call(one, words) for one in shown])
    return f"<section>{sheet.heading(title, subtitle)}{table}</section>"


_CALL_COLUMNS = ("priority", "", "supplier", "nearest", "contact")


def _call(one: Call, words: Words) -> str:
    unknown = words("value.unregistered")
    system = one.source_system or "" if one.supplier else ""
    contact = escape(one.contact or unknown).replace(": ", ":<br>").replace("@", "@<wbr>")
    return (
        f"<tr><td{tables.NUMBER}>{one.priority}</td>"
        f'<th scope="row">{escape(one.municipality)}: {escape(one.service_name)}'
        f"{tables.marks(_marks(one, words))}{_change(one, words)}"
        f'<span class="dif-sentence">{escape(uptake_findings.sentence(one, words))}</span></th>'
        f"<td>{tables.noted(one.supplier or one.source_system or unknown, system)}</td>"
        f"<td>{escape(one.nearest_municipality or unknown)}</td>"
        f"<td>{contact}</td></tr>"
    )


def _marks(one: Call, words: Words) -> list[str]:
    wait = ""
    if one.months_waiting:
        noun = words("month.one" if one.months_waiting == 1 else "month.many")
        wait = words("report.calls.waited", n=one.months_waiting, noun=noun)
    synthetic = words("app.synthetic") if one.synthetic else ""
    return [x for x in (wait, uptake_findings.follow_up(one, words), synthetic) if x]


def _change(one: Call, words: Words) -> str:
    """What is new of a row."""
    said = uptake_findings.change(one, words)
    return f'<span class="dif-mark"> · {escape(words("report.calls.new"))} {escape(said)}</span>' if said else ""


def calls_that_fit(facts: Facts, words: Words) -> int:
    """How many rows of the call list a sheet of A4 has room for beside all else, reckoned in lines of text.

    A few lines too careful rather than one too many: a sheet that is not full is no harm, one that is two is.
    """
    room = _LINES
    room -= 1.2 * sum(_lines(text, _ACROSS_BANNER) + 0.8 for _, text in _told(facts, words))
    services = sorted(facts.standings, key=lambda one: (one.share - one.country, one.name))[:_SERVICES_PRINTED]
    room -= 1.25 * len(services)
    room -= any(one.waiting is None for one in facts.standings)
    aware = sum(_lines(text, _HALF) for text in be_aware(facts, words))
    supplier = _lines(uptake_findings.suppliers_title(facts.suppliers, words), _HALF) if facts.suppliers else 0
    room -= max(aware + 1.2 * supplier - _BESIDE_CURVE, 0)
    for place, one in enumerate(facts.calls[:_MOST_CALLS]):
        told = [*_marks(one, words), uptake_findings.change(one, words)]
        head = f"{one.municipality}: {one.service_name} {' · '.join(told)}"
        wide = _lines(head, _WIDE) + _lines(uptake_findings.sentence(one, words), _WIDE)
        room -= max(wide, _lines(one.contact or "", _NARROW)) + 0.45
        if room < 0:
            return max(place, _FEWEST_CALLS)
    return _MOST_CALLS


def _lines(text: str, across: int) -> int:
    return -(-len(text) // across)


def _suppliers_next(facts: Facts, words: Words) -> str:
    following = [
        words("report.suppliers.one", supplier=one.name, n=one.waiting, service=one.service_name)
        for one in facts.suppliers[1:_SUPPLIERS_NAMED]
    ]
    return words("report.suppliers.next", listed=wording.listing(following, words.language)) if following else ""


def _first_supplier(facts: Facts, words: Words) -> list[str]:
    """The one to call first, and who come next."""
    if not facts.suppliers:
        return []
    title, following = uptake_findings.suppliers_title(facts.suppliers, words), _suppliers_next(facts, words)
    return [f"<section>{sheet.heading(title, following)}</section>"]


def _suppliers(facts: Facts, words: Words) -> list[str]:
    if not facts.suppliers:
        return []
    place = findings.short(facts.network.name)
    title, subtitle = words("report.suppliers.title", network=place), words("suppliers.subtitle", area=place)
    table = uptake_tables.suppliers(facts.suppliers[:_SUPPLIERS_SHOWN], words, services=True)
    return [f"<section>{sheet.heading(title, subtitle)}{table}</section>"]


def _aware(facts: Facts, words: Words) -> str:
    told = "".join(f"<li>{escape(x)}</li>" for x in be_aware(facts, words))
    return f"<section>{sheet.heading(words('report.also.title'))}<ul>{told}</ul></section>"


def _small_print(facts: Facts, words: Words, ask: str) -> str:
    """On paper: the words that the sheet cannot do without, whom to ask, and where the rest is."""
    bases = sorted({one.active_basis for one in facts.standings}, reverse=True)
    keys = [*(f"made.active.{basis}" for basis in bases), "report.made.standing", "made.priority"]
    return sheet.small_print([words(key) for key in keys], f"{words('report.rest')} {ask}")


def _made(facts: Facts, words: Words, ask: str) -> str:
    """Definitions, sources, limits, revisions, and whom to ask."""
    bases = sorted({one.active_basis for one in facts.standings}, reverse=True)
    told = facts.lacking is not None and "USE" in bases
    keys = [*(f"made.active.{basis}" for basis in bases), *(["made.lacking"] if told else []), "report.made.possible"]
    keys += ["report.made.standing", "made.steps", "made.priority"]
    used = (*_USED, GAPS) if told else _USED
    rest = [
        sheet.sources(used, words),
        (words("made.limits.title"), words("made.limits")),
        (words("made.revisions.title"), words("report.made.revisions", release=facts.release.name)),
        (words("app.contact.title"), ask),
    ]
    return sheet.made([words(key) for key in keys], rest, words)
