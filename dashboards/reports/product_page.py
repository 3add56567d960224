"""A product's report as a page: one sheet of A4 on paper, and more under it on a screen. Pure: facts in, markup out."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from dashboards import findings, tables, wording
from dashboards.answers.ledger import CATEGORIES, twelve_months
from dashboards.charts import uptake as uptake_charts
from dashboards.charts.service import bars_svg, flow_svg
from dashboards.findings import Figure, service
from dashboards.findings import ledger as ledger_findings
from dashboards.findings import uptake as uptake_findings
from dashboards.reports import ledger as said
from dashboards.reports import sheet
from dashboards.tables import service as service_tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.answers.ledger import Loan, Price, System
    from dashboards.reports.facts import ProductFacts
    from dashboards.texts import Words

_MONTHS_SHOWN: Final = 36
_SYSTEMS_PRINTED: Final = 5
_SYSTEMS_SHOWN: Final = 20
_PRICES_PRINTED: Final = 4
_LOANS_PRINTED: Final = 2
_UNKNOWN_PRINTED: Final = 9
_ABOUT: Final = ("purpose", "conditions", "roles", "documentation")
"""What the council looks for, said to be missing where it is."""
_ALSO: Final = (
    *("description_nb", "background", "expected_use", "dependencies", "agreement_template", "agreement_version"),
    *("risk_template", "risk_version", "user_council", "launch_month", "adoptable_by"),
)
_USED: Final = (
    *("ledger.product_month", "ledger.entry", "usage.dispatch_month", "usage.measure_total_month"),
    *("usage.connection_month", "uptake.status_month", "uptake.funnel", "reference.product"),
)
_NOT_PAID_OFF: Final = frozenset(
    {"NO_LOAN", "PAID", "NOT_LAUNCHED", "NO_JOINING_FEE", "NO_FORECAST", "NOT_ENOUGH_JOINERS"}
)
"""Why a loan has no month in which it is paid off."""
_NAME_LETTERS: Final = 38
_LETTERS: Final = 52
"""Of what the catalogue says, as many as a line on the sheet holds; the rest stands on a screen."""


# ── What it says in words. Pure ──────────────────────────────────────────────────────────────────────────────────────


def answer(facts: ProductFacts, words: Words) -> str:
    """The report in one sentence: use, and economy."""
    year, total = str(facts.month.year), facts.book.year
    use = service.use_in_words(facts.use, facts.name, words)
    rows: list[object] = [*(facts.use.rows if facts.use else []), *([total] if total else [])]
    tail = findings.synthetic_sentence(words, synthetic=ledger_findings.synthetic(rows))
    if total is None:
        return words("product.answer.economy.none", use=use, year=year) + tail
    result = wording.kroner(total.result_ore, words.language)
    return words("product.answer.economy", use=use, result=result, year=year) + tail


def figures(facts: ProductFacts, words: Words) -> list[Figure]:
    """The report's key figures: customers, use, support, coverage; income, cost, result, balance."""
    return [
        service.customers_figure(facts.customers, facts.month, words),
        service.use_figure(facts.use, words),
        service.support_figure(facts.support, facts.service, words),
        service.coverage_figure(facts.book, words),
        *_economy(facts, words),
    ]


def _economy(facts: ProductFacts, words: Words) -> list[Figure]:
    book, language, year = facts.book, words.language, str(facts.month.year)
    income, cost, result = (words(f"product.figure.{x}", year=year) for x in ("income", "cost", "result"))
    balance = words("product.figure.balance")
    total = book.year
    if total is None:
        reason = words("ledger.none.year", year=year) if book.rows else words("ledger.none")
        named = (("income", income), ("cost", cost), ("result", result))
        found = [ledger_findings.missing(label, reason, metric) for metric, label in named]
    else:
        then = book.last_year

        def compared(now: int, before: int | None) -> str:
            return ledger_findings.last_year(now, before, book.begun, facts.month, words)

        budget = facts.budget_income_ore
        against = (
            [] if budget is None else [ledger_findings.against(total.income_ore, budget, words("ledger.budget"), words)]
        )
        earned = "; ".join([*against, compared(total.income_ore, then.income_ore if then else None)])
        spent = compared(total.cost_ore, then.cost_ore if then else None)
        found = [
            Figure(income, wording.kroner(total.income_ore, language), earned, total.synthetic, "income"),
            Figure(cost, wording.kroner(total.cost_ore, language), spent, total.synthetic, "cost"),
            service.result_figure(book, words),
        ]
    if book.balance_ore is None:
        return [*found, ledger_findings.missing(balance, words("ledger.none"), "balance_carried")]
    since = words("ledger.balance.words", month=wording.month(book.rows[0].month, language))
    kept = wording.kroner(book.balance_ore, language)
    return [*found, Figure(balance, kept, since, ledger_findings.synthetic(book.rows), "balance_carried")]


def unknown(facts: ProductFacts, words: Words) -> list[str]:
    """What is not known of the product, one sentence each."""
    basis = facts.history[0].active_basis if facts.history else None
    return [
        *service.unknown_use(facts.use, facts.month, words),
        *service.unknown_uptake(basis, words, annex_known="ANNEX_SIGNED" in facts.registered),
        *_unknown_economy(facts, words),
        *service.unknown_systems(facts.systems, words),
        *service.unknown_support(facts.support, facts.service, words),
        *service.unknown_catalogue(facts.catalogue, words),
    ]


def _unknown_economy(facts: ProductFacts, words: Words) -> list[str]:
    if not facts.book.rows:
        return [words("product.unknown.ledger")]
    total, found = facts.book.year, []
    if total is not None and total.budget_ore is None:
        found.append(words("product.unknown.budget"))
    elif facts.budget_income_ore is None:
        found.append(words("product.unknown.budget.income"))
    if facts.shared.amount_ore:
        amount = wording.kroner(facts.shared.amount_ore, words.language)
        found.append(words("product.unknown.shared", amount=amount, year=str(facts.month.year)))
    found += said.placed(facts.unmapped, "product.unknown.unmapped", words)
    return found + said.placed(facts.fee_gap, "product.unknown.fees", words)


# ── How it looks. Pure: facts in, markup out ─────────────────────────────────────────────────────────────────────────


def page(facts: ProductFacts, words: Words, *, contact: str = "") -> str:
    """The report as one HTML file: nothing in it is fetched, and nothing runs. On paper it is one sheet of A4.

    Args:
        facts: what it says.
        words: the texts.
        contact: the function address to ask at; empty says that none is set.
    """
    title = words("product.title", name=facts.name, month=wording.month(facts.month, words.language))
    ask = sheet.whom_to_ask(contact, words)
    figured = tables.key_figures(figures(facts, words), words)
    keys = [f"ledger.made.{x}" for x in (*said.MADE, "support")]
    keys += ["ledger.made.open"] if facts.unexplained else []
    basis = facts.history[0].active_basis if facts.history else None
    defined = [*([f"made.active.{basis}"] if basis else []), "ledger.made.coverage", "ledger.made.balance"]
    about = _about(facts, words, whole=False)
    left = [_use(facts, words), _flow(facts, words), _money(facts, words), *([about] if facts.systems else [])]
    right = [_uptake(facts, words), _systems(facts, words), *([] if facts.systems else [about]), _unknown(facts, words)]
    front = [
        *said.head(words("product.kicker"), title, answer(facts, words), words),
        sheet.freshness(facts.release, facts.month, words),
        *said.banners(facts.release, facts.attempt, _rows(facts), words),
        f'<section class="dif-key-figures dif-eight">{sheet.heading(words("uptake.figures"))}{figured}</section>',
        f'<div class="dif-columns"><div>{"".join(left)}</div><div>{"".join(right)}</div></div>',
        sheet.small_print([words(key) for key in defined], f"{words('ledger.rest')} {ask}"),
    ]
    more_systems = facts.systems[:_SYSTEMS_SHOWN]
    more = [
        _about(facts, words, whole=True),
        *_use_table(facts, words),
        *_months(facts, words),
        *([_systems_table(more_systems, words, whole=True)] if len(more_systems) > _SYSTEMS_PRINTED else []),
        said.made([*([f"made.active.{basis}"] if basis else []), *keys], _used(facts), facts.release, ask, words),
    ]
    return sheet.document(title, front, more, words, styles=said.STYLES)


def _used(facts: ProductFacts) -> list[str]:
    found = [*_USED]
    found += ["ledger.price_calculation"] if facts.prices is not None else []
    found += ["ledger.loan_month"] if any(one.project for one in facts.loans) else []
    found += ["ledger.reconciliation_product"] if facts.unexplained else []
    return found


def _rows(facts: ProductFacts) -> list[object]:
    """Whatever has numbers in it."""
    loose = [*([facts.unexplained] if facts.unexplained else [])]
    use = facts.use.rows if facts.use else []
    return [*facts.book.rows, *use, *facts.customers, *facts.systems, *facts.loans, *(facts.prices or []), *loose]


def _use(facts: ProductFacts, words: Words) -> str:
    """Use by month as bars."""
    use, month = facts.use, facts.month
    if use is None:
        return ""
    first = service.first_shown(use, month)
    rows = [one for one in use.rows if one.month >= first]
    told = service.bars_in_words(rows, service.title_of(use.rows[-1], words), words)
    quantities = [(one.month, one.quantity) for one in rows]
    drawn = bars_svg(quantities, first, month, twelve_months(month), told, words)
    head = sheet.heading(service.use_title(use, month, words), service.use_subtitle(use, month, words))
    return f'<section class="dif-drawn">{head}{drawn}{sheet.small(service.use_notes(use, month, words))}</section>'


def _uptake(facts: ProductFacts, words: Words) -> str:
    """The curve of the pages, and the steps from agreement to use in the last observed month."""
    if not facts.points or not facts.history:
        told = words("product.uptake.none.text")
        return f"<section>{sheet.heading(words('product.uptake.none'), told)}</section>"
    now, own = facts.history[0], facts.points
    until = max(facts.month, own[-1].month)
    basis = own[-1].active_basis
    subtitle = words(f"uptake.curve.subtitle.{basis}", area=words("area.country").lower())
    subtitle += findings.synthetic_sentence(words, synthetic=own[-1].synthetic)
    steps = ", ".join(
        f"{one.label.lower()} {wording.MISSING if one.count is None else wording.number(one.count, words.language)}"
        + (f" ({one.note})" if one.note else "")
        for one in uptake_findings.steps(now, facts.registered, words)
    )
    told = words("product.steps", month=wording.month(now.month, words.language), steps=steps, all=now.municipalities)
    dashed = words("uptake.curve.dashed") if any(one.active_basis == "EVENT" for one in own) else ""
    return (
        f'<section class="dif-drawn">{sheet.heading(uptake_findings.curve_title(own, basis, words), subtitle)}'
        + uptake_charts.curve_svg(
            own, facts.service, until, uptake_charts.curve_in_words(own, facts.service, until, words), words
        )
        + sheet.small(" ".join(x for x in (dashed, told) if x))
        + "</section>"
    )


def _flow(facts: ProductFacts, words: Words) -> str:
    """From income to result: a table with a bar a step, each from where the one before ended."""
    total, year, language = facts.book.year, str(facts.month.year), words.language
    if total is None:
        return f"<section>{sheet.heading(words('product.flow.title.none', year=year))}</section>"
    way = "surplus" if total.result_ore > 0 else "deficit" if total.result_ore < 0 else "zero"
    amount = wording.kroner(abs(total.result_ore), language)
    claim = words(f"product.flow.title.{way}", amount=amount, year=year)
    subtitle = words("product.flow.subtitle", months=ledger_findings.months(facts.month, words))
    subtitle += findings.synthetic_sentence(words, synthetic=total.synthetic)
    costs = [*((name, total.costs_ore[name]) for name in CATEGORIES), ("allocated", total.allocated_ore)]
    stands = [total.income_ore]
    for _, cost in costs:
        stands.append(stands[-1] - cost)
    low, high = min(0, *stands), max(0, *stands)
    steps = [("income", total.income_ore, 0, total.income_ore, "income")]
    steps += [
        (name, cost, before, after, "cost")
        for (name, cost), before, after in zip(costs, stands, stands[1:], strict=False)
    ]
    steps.append(("result", total.result_ore, 0, total.result_ore, "result"))
    then = facts.book.last_year
    before = {
        **(then.costs_ore if then else {}),
        **({"income": then.income_ore, "allocated": then.allocated_ore, "result": then.result_ore} if then else {}),
    }
    rows = [
        f'<tr{" class=dif-sum" if kind != "cost" else ""}><th scope="row">{escape(words(f"product.flow.{name}"))}</th>'
        f'<td class="dif-barcell">{flow_svg(start, end, low, high, kind=kind)}</td>'
        f"<td{tables.NUMBER}>{escape(wording.whole_kroner(amount_ore, language))}</td>"
        + (f"<td{tables.NUMBER}>{escape(wording.whole_kroner(before[name], language))}</td>" if then else "")
        + "</tr>"
        for name, amount_ore, start, end, kind in steps
    ]
    if total.budget_ore is not None:
        empty = f"<td{tables.NUMBER}></td>" if then else ""
        rows.append(
            f'<tr><th scope="row">{escape(words("product.flow.budget"))}</th><td class="dif-barcell"></td>'
            f"<td{tables.NUMBER}>{escape(wording.whole_kroner(total.budget_ore, language))}</td>{empty}</tr>"
        )
    columns = [(words("product.flow.post"), False), (words("product.flow.bar"), False)]
    columns += [(words("product.flow.year", year=year), True)]
    columns += [(words("product.flow.year", year=str(facts.month.year - 1)), True)] if then else []
    table = sheet.table("dif-flow", words("product.flow.caption"), columns, rows)
    return f"<section>{sheet.heading(claim, subtitle)}{table}</section>"


def _systems(facts: ProductFacts, words: Words) -> str:
    """Source systems and suppliers, those with most customers first."""
    if not facts.systems:
        return ""
    return _systems_table(facts.systems, words, whole=False)


def _systems_table(found: Sequence[System], words: Words, *, whole: bool) -> str:
    longest = None if whole else _NAME_LETTERS
    shown = found if whole else found[:_SYSTEMS_PRINTED]
    left = len(found) - len(shown)
    notes = [words("product.systems.more", n=left)] if left else []
    notes += [words("product.systems.hidden")] if any(one.some_hidden for one in shown) else []
    alike = all(one.synthetic for one in found)
    subtitle = words("product.systems.subtitle") + findings.synthetic_sentence(words, synthetic=alike)
    claim = words("product.systems.caption") if whole else service.systems_title(found, words, longest=longest)
    table = service_tables.systems(shown, words, longest=longest)
    return f"<section>{sheet.heading(claim, subtitle)}{table}{sheet.small(' '.join(notes))}</section>"


def _money(facts: ProductFacts, words: Words) -> str:
    """Price, loan and reconciliation, of what the release has."""
    told = [_loan(one, words) for one in facts.loans[:_LOANS_PRINTED]]
    if facts.unexplained:
        told.append(_open(facts, words))
    priced = "" if facts.prices is None else _prices(facts.prices, words)
    has = (("price", priced), ("loan", facts.loans), ("open", facts.unexplained))
    parts = [words(f"product.money.{name}") for name, found in has if found]
    if not parts:
        return ""
    title = wording.first(wording.listing(parts, words.language))
    return f"<section>{sheet.heading(title)}{priced}{said.listed(told) if told else ''}</section>"


def _loan(one: Loan, words: Words) -> str:
    language = words.language

    def month(value: date) -> str:
        return wording.month(value, language)

    if one.payoff_month_expected and one.payoff_month_high and one.payoff_month_low:
        early, late = month(one.payoff_month_high), month(one.payoff_month_low)
        payoff = words("product.loan.between", month=month(one.payoff_month_expected), early=early, late=late)
    elif one.payoff_month_expected:
        payoff = words("product.loan.paid", month=month(one.payoff_month_expected))
    else:
        reason = one.payoff_reason if one.payoff_reason in _NOT_PAID_OFF else "unknown"
        payoff = words(f"product.loan.{reason}")
    balance, drawn = (wording.kroner(x, language) for x in (one.balance_ore, one.drawn_ore))
    project = f" {one.project}" if one.project else ""
    told = words("product.loan", project=project, balance=balance, drawn=drawn, payoff=payoff)
    return told + findings.synthetic_sentence(words, synthetic=one.synthetic)


def _open(facts: ProductFacts, words: Words) -> str:
    one, language = facts.unexplained, words.language
    assert one is not None  # noqa: S101 - the caller asked
    over, under, billed = (wording.kroner(x, language) for x in (one.over_ore, one.under_ore, one.billed_ore))
    told = words("product.open", over=over, under=under, billed=billed, year=str(facts.month.year))
    if one.not_reconcilable_ore:
        told += " " + words("product.open.cannot", amount=wording.kroner(one.not_reconcilable_ore, language))
    return told + findings.synthetic_sentence(words, synthetic=one.synthetic)


def _prices(found: Sequence[Price], words: Words) -> str:
    if not found:
        return sheet.small(words("product.price.title.none"))
    left = len(found) - _PRICES_PRINTED
    noun = words("product.price.one" if left == 1 else "product.price.many")
    said_more = words("product.price.more", n=left, noun=noun)
    more = f'<p class="dif-small dif-print">{escape(said_more)}</p>' if left > 0 else ""
    more += sheet.small(words("product.price.unknown") if service.incalculable(found) else "")
    table = service_tables.prices(found, words, printed=_PRICES_PRINTED, longest=_NAME_LETTERS)
    return sheet.small(service.prices_subtitle(found, words)) + table + more


def _about(facts: ProductFacts, words: Words, *, whole: bool) -> str:
    """What the product catalogue says; on the sheet in short."""
    names = [*_ABOUT, *(_ALSO if whole else ())]
    longest = None if whole else _LETTERS
    listed = service_tables.about(facts.catalogue, names, words, missing=_ABOUT, longest=longest)
    where = "" if whole else ' class="dif-print"'
    return f"<section{where}>{sheet.heading(words('product.about.title'))}{listed}</section>"


def _unknown(facts: ProductFacts, words: Words) -> str:
    told = unknown(facts, words) or [words("product.unknown.none")]
    listed = "".join(
        f"<li{'' if place < _UNKNOWN_PRINTED else ' class=dif-screen'}>{escape(x)}</li>" for place, x in enumerate(told)
    )
    left = len(told) - _UNKNOWN_PRINTED
    more = f'<p class="dif-small dif-print">{escape(words("product.unknown.more", n=left))}</p>' if left > 0 else ""
    return f"<section>{sheet.heading(words('product.unknown.title'))}<ul>{listed}</ul>{more}</section>"


def _use_table(facts: ProductFacts, words: Words) -> list[str]:
    """The bars' numbers."""
    if facts.use is None:
        return []
    first = service.first_shown(facts.use, facts.month)
    rows = [
        f'<tr><th scope="row">{escape(wording.month(one.month, words.language))}</th>'
        f"<td{tables.NUMBER}>{escape(service.quantity(one.quantity, words))}</td></tr>"
        for one in reversed(facts.use.rows)
        if one.month >= first
    ]
    columns = [(words("column.month"), False), (service.title_of(facts.use.rows[-1], words), True)]
    table = sheet.table("dif-narrow", words("product.use.column"), columns, rows)
    return [f"<section>{sheet.heading(words('product.use.column'))}{table}</section>"]


def _months(facts: ProductFacts, words: Words) -> list[str]:
    """The ledger by month, the newest first."""
    if not facts.book.rows:
        return []

    def thousands(ore: int | None) -> str:
        told = wording.MISSING if ore is None else wording.thousands(ore, words.language)
        return f"<td{tables.NUMBER}>{escape(told)}</td>"

    rows = [
        f'<tr><th scope="row">{escape(wording.month(one.month, words.language))}</th>'
        + "".join(
            thousands(x)
            for x in (
                one.income_ore,
                one.income_ore - one.result_ore,
                one.result_ore,
                one.budget_ore,
                one.balance_carried_ore,
            )
        )
        + "</tr>"
        for one in list(reversed(facts.book.rows))[:_MONTHS_SHOWN]
    ]
    titles = ("product.flow.income", *(f"product.months.{x}" for x in ("cost", "result", "budget")))
    columns = [(words("column.month"), False), *((words(x), True) for x in (*titles, "product.figure.balance"))]
    table = sheet.table("dif-months", words("product.months.title"), columns, rows)
    return [
        f"<section>{sheet.heading(words('product.months.title'), words('product.months.subtitle'))}{table}</section>"
    ]
