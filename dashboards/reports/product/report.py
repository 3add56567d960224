"""A product's report, for its council: its use and its economy on one page. Layout only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from catalog.errors import UnknownName
from dashboards.release.authorization import EVERYTHING
from dashboards.reports import sheet
from dashboards.reports.product import narrative
from dashboards.reports.product.models import product_facts
from dashboards.reports.reader import OF_LEDGERS, check_datasets, month_of, open_reader, reported
from dashboards.shared import pictures
from dashboards.shared import tables as shared_tables
from dashboards.shared.ledger.models import twelve_months
from dashboards.shared.ledger.narrative import rules_followed
from dashboards.views.service import charts as service_charts
from dashboards.views.service import narrative as service_narrative
from dashboards.views.service import tables as service_tables
from dashboards.views.uptake import charts as uptake_charts
from dashboards.views.uptake import narrative as uptake_narrative
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from dashboards.release.authorization import Visitor
    from dashboards.release.query import Row
    from dashboards.release.reader import ReleaseReader
    from dashboards.reports.product.models import ProductFacts
    from dashboards.words import Words
    from transport.base.settings import Settings

_SYSTEMS_SHOWN: Final = 5
_PRICES_PRINTED: Final = 4
_LOANS_PRINTED: Final = 1
_UNKNOWN_PRINTED: Final = 9
_NAME_LETTERS: Final = 38
_LETTERS: Final = 52
"""Letters of a catalogue text that fit on a line of the sheet; the full text is on screen."""
_ABOUT: Final = ("purpose", "conditions", "roles", "documentation")
"""What the council looks for; the report says if one is missing."""
_ALSO: Final = (
    *("description_nb", "background", "expected_use", "dependencies", "agreement_template", "agreement_version"),
    *("risk_template", "risk_version", "user_council", "launch_month", "adoptable_by"),
)
_USED: Final = (
    *("ledger.product_month", "ledger.entry", "usage.dispatch_month", "usage.measure_total_month"),
    *("usage.system_month", "usage.connection_month", "uptake.status_month", "uptake.funnel", "reference.product"),
)


# ── What is asked ────────────────────────────────────────────────────────────────────────────────────────────────────


def _product(reader: ReleaseReader, name: str) -> Mapping[str, str | None]:
    """The catalogue row of the product with that id or name, ignoring case.

    Raises:
        UnknownName: there is none, or it is an external product; the error names the nearest.
    """
    rows = [row for row in reader.rows("service/catalogue") if not row["external"]]
    sought = " ".join(name.split()).casefold()
    for row in rows:
        if sought in (row["service"].casefold(), (row["name_nb"] or "").casefold()):
            return row
    raise UnknownName("product", name, choices=sorted({str(x) for n in rows for x in (n["service"], n["name_nb"])}))


def gather(
    given: Settings,
    name: str,
    month: date | None = None,
    release_name: str | None = None,
    *,
    visitor: Visitor = EVERYTHING,
) -> ProductFacts:
    """Asks the release for everything in the report.

    Args:
        given: where the releases are.
        name: the product's name or id.
        month: which month; the last one of the release when not given.
        release_name: which release; the current one when not given.
        visitor: whom it is made for.

    Raises:
        Forbidden: the visitor may not see something in the report.
        UnknownName: there is no such product, or no such release.
        WrongUse: there is no release, it has no ledgers, or it ends before the month.
        Damaged: the pointer or the manifest is broken.
    """
    release, attempt = reported(given, release_name)
    reader = open_reader(release, ledger=True, visitor=visitor)
    check_datasets(reader, OF_LEDGERS)
    catalogue = _product(reader, name)
    return product_facts(reader, release, attempt, catalogue, month_of(release, month))


# ── How it is arranged ───────────────────────────────────────────────────────────────────────────────────────────────


def page(facts: ProductFacts, words: Words, *, contact: str = "") -> str:
    """The report as one HTML file that fetches nothing and runs nothing. On paper it is one A4 sheet.

    Args:
        facts: what the report says.
        words: the texts.
        contact: the role mailbox for questions; if empty, the report says that none is set.
    """
    title = words("product.title", name=facts.name, month=formatting.month(facts.month, words.language))
    ask = sheet.whom_to_ask(contact, words)
    figured = shared_tables.key_figures(narrative.figures(facts, words), words)
    changed = sheet.small(words("app.perturbed") if facts.perturbed else "")
    basis = [f"made.active.{facts.history[0].active_basis}"] if facts.history else []
    defined = [*basis, "ledger.made.coverage", "ledger.made.balance"]
    explanations = [*basis, *(f"ledger.made.{x}" for x in (*sheet.MADE_OF_LEDGERS, "support"))]
    explanations += ["made.accounts.at_stake"] if facts.unexplained else []
    about = _about(facts, words, whole=False)
    left = [_use(facts, words), _flow(facts, words), _money(facts, words), *([about] if facts.systems else [])]
    right = [_uptake(facts, words), _systems(facts, words), *([] if facts.systems else [about]), _unknown(facts, words)]
    front = [
        *sheet.head(words("product.kicker"), title, narrative.answer(facts, words), words, restricted=True),
        shared_tables.freshness(facts.release, words, through=facts.month),
        *sheet.banners(sheet.warnings(facts.release, facts.attempt, _rows(facts), "ledger", words)),
        sheet.part(words("uptake.figures"), "", figured, changed, kind="dif-key-figures dif-eight"),
        f'<div class="dif-columns"><div>{"".join(left)}</div><div>{"".join(right)}</div></div>',
        sheet.small_print([words(key) for key in defined], f"{words('ledger.rest')} {ask}"),
    ]
    more = [
        _about(facts, words, whole=True),
        sheet.how_made(
            explanations,
            _used(facts),
            facts.release,
            ask,
            words,
            also=f"{rules_followed(facts.rules, facts.month.year, words)} {words('ledger.made.rounding')}",
        ),
    ]
    return sheet.document(title, front, more, words, styles=sheet.OF_LEDGERS)


def _used(facts: ProductFacts) -> list[str]:
    datasets = [*_USED]
    datasets += ["ledger.price_calculation"] if facts.prices is not None else []
    datasets += ["ledger.loan_month"] if any(loan.project for loan in facts.loans) else []
    datasets += ["ledger.reconciliation_product"] if facts.unexplained else []
    return datasets


def _rows(facts: ProductFacts) -> list[object]:
    """Every row that the report has numbers from."""
    loose = [*([facts.unexplained] if facts.unexplained else [])]
    use = facts.use.rows if facts.use else []
    return [*facts.book.rows, *use, *facts.customers, *facts.systems, *facts.loans, *(facts.prices or []), *loose]


def _use(facts: ProductFacts, words: Words) -> str:
    """Use by month as bars."""
    use = facts.use
    if use is None:
        return ""
    month = use.month
    first = service_narrative.first_shown(use, month)
    rows = [row for row in use.rows if row.month >= first]
    title = service_narrative.title_of(use.rows[-1], words)
    return sheet.part(
        service_narrative.use_title(use, month, words),
        service_narrative.use_subtitle(use, month, words),
        pictures.on_paper(
            service_charts.use(rows, [], first, twelve_months(month), month, title, words),
            service_narrative.bars_in_words(rows, title, words),
        ),
        sheet.small(service_narrative.use_notes(use, month, words)),
        kind="dif-drawn",
    )


def _uptake(facts: ProductFacts, words: Words) -> str:
    """The pages' curve, and the steps from agreement to use in the last observed month."""
    if not facts.points or not facts.history:
        return sheet.part(words("product.uptake.none"), words("product.uptake.none.text"))
    now, own = facts.history[0], facts.points
    until = max(facts.month, own[-1].month)
    notes = [uptake_narrative.dashed(own, words), narrative.steps(now, facts.registered, words)]
    text = uptake_charts.curve_in_words(own, facts.service, until, words)
    return sheet.part(
        uptake_narrative.curve_title(own, own[-1].active_basis, words),
        uptake_narrative.curve_subtitle(own, words("area.country").lower(), words),
        pictures.on_paper(uptake_charts.curve(own, facts.service, until, words), text),
        sheet.small(" ".join(x for x in notes if x)),
        kind="dif-drawn",
    )


def _flow(facts: ProductFacts, words: Words) -> str:
    """From income to result: a table with one bar per step, each starting where the last ended."""
    book = facts.book
    title, subtitle = narrative.flow_title(book, words), narrative.flow_subtitle(book, words)
    return sheet.part(title, subtitle, service_tables.flow(book, words))


def _systems(facts: ProductFacts, words: Words) -> str:
    """Source systems and suppliers, most customers first."""
    systems, shown = facts.systems, facts.systems[:_SYSTEMS_SHOWN]
    if not shown:
        return ""
    left = len(systems) - len(shown)
    notes = [words("product.systems.more", n=left)] if left else []
    notes += service_narrative.systems_notes(shown, words)
    changed = [system.system or "" for system in shown if system.get("perturbed")]
    notes += [words("app.perturbed.of", names=formatting.listing(changed, words.language))] if changed else []
    return sheet.part(
        service_narrative.systems_title(systems, words, longest=_NAME_LETTERS),
        service_narrative.systems_subtitle(systems, words),
        service_tables.systems(shown, words, longest=_NAME_LETTERS),
        sheet.small(" ".join(notes)),
    )


def _money(facts: ProductFacts, words: Words) -> str:
    """Price, loan and reconciliation, where the release has them."""
    loans = [narrative.loan(loan, words) for loan in facts.loans]
    first, left = loans[:_LOANS_PRINTED], loans[_LOANS_PRINTED:]
    if facts.unexplained:
        first.append(narrative.unexplained(facts.unexplained, facts.month.year, words))
    priced = "" if facts.prices is None else _prices(facts.prices, words)
    has = (("price", priced), ("loan", facts.loans), ("open", facts.unexplained))
    parts = [words(f"product.money.{name}") for name, content in has if content]
    if not parts:
        return ""
    title = formatting.first(formatting.listing(parts, words.language))
    listed = sheet.listed([*first, *left], printed=len(first)) if first else ""
    more = sheet.printed(words("product.loan.more", n=len(left)) if left else "")
    return sheet.part(title, "", priced, listed, more)


def _prices(prices: Sequence[Row], words: Words) -> str:
    if not prices:
        return sheet.small(words("product.price.title.none"))
    left = len(prices) - _PRICES_PRINTED
    noun = words("product.price.one" if left == 1 else "product.price.many")
    return "".join(
        (
            sheet.small(service_narrative.prices_subtitle(prices, words)),
            service_tables.prices(prices, words, printed=_PRICES_PRINTED, longest=_NAME_LETTERS),
            sheet.printed(words("product.price.more", n=left, noun=noun) if left > 0 else ""),
            sheet.small(words("product.price.unknown") if service_narrative.incalculable(prices) else ""),
        )
    )


def _about(facts: ProductFacts, words: Words, *, whole: bool) -> str:
    """The product catalogue's texts; shortened on the sheet."""
    names = [*_ABOUT, *(_ALSO if whole else ())]
    longest = None if whole else _LETTERS
    listed = service_tables.about(facts.catalogue, names, words, missing=_ABOUT, longest=longest)
    return sheet.part(words("product.about.title"), "", listed, kind="" if whole else "dif-print")


def _unknown(facts: ProductFacts, words: Words) -> str:
    """What is not known; paper has the first sentences only."""
    sentences = narrative.unknown(facts, words) or [words("product.unknown.none")]
    left = len(sentences) - _UNKNOWN_PRINTED
    return sheet.part(
        words("product.unknown.title"),
        "",
        sheet.listed(sentences, printed=_UNKNOWN_PRINTED),
        sheet.printed(words("product.unknown.more", n=left) if left > 0 else ""),
    )


# ── The command ──────────────────────────────────────────────────────────────────────────────────────────────────────


def write(
    given: Settings,
    name: str,
    *,
    folder: Path,
    out: Path | None,
    month: date | None,
    release: str | None,
    words: Words,
) -> dict[str, str]:
    """Writes the report and returns what was written.

    Raises:
        SharingError: as `gather`.
    """
    facts = gather(given, name, month, release)
    path = out or folder / f"rapport-{facts.service}-{facts.month:%Y-%m}.html"
    path.write_text(page(facts, words, contact=given.contact), "utf-8")
    return {
        "report": str(path),
        "about": facts.name,
        "release": facts.release.name,
        "month": f"{facts.month:%Y-%m}",
    }
