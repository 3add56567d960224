"""A product's report as a page: one sheet of A4 on paper, and more under it on a screen. Pure: facts in, markup out."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from catalog.reference import PRODUCT
from dashboards import findings, tables, wording
from dashboards import report_ledger_words as said
from dashboards import report_shell as shell
from dashboards.charts import uptake as uptake_charts
from dashboards.findings import Figure
from dashboards.findings import uptake as uptake_findings
from dashboards.report_ledger_facts import CATEGORIES, YEAR, per_100, twelve_months, year_before
from dashboards.report_pictures import bars_svg, flow_svg

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from dashboards.report_ledger_facts import Loan, Price, ProductFacts, System, Use, Used
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
_CATALOGUE: Final = tuple(name for name in _ALSO if not name.endswith("_version"))
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


def _title_of(one: Used, words: Words) -> str:
    return one.title_nb if words.language == "nb" else one.title_en


def _quantity(value: Decimal | None, words: Words) -> str:
    return ":" if value is None else wording.number(value, words.language)


def answer(facts: ProductFacts, words: Words) -> str:
    """The report in one sentence: use, and economy."""
    year, total = str(facts.month.year), facts.book.year
    use = _use_in_words(facts, words)
    rows: list[object] = [*(facts.use.rows if facts.use else []), *([total] if total else [])]
    tail = findings.synthetic_sentence(words, synthetic=said.synthetic(rows))
    if total is None:
        return words("product.answer.economy.none", use=use, year=year) + tail
    result = wording.kroner(total.result_ore, words.language)
    return words("product.answer.economy", use=use, result=result, year=year) + tail


def _use_in_words(facts: ProductFacts, words: Words) -> str:
    use = facts.use
    if use is None or not use.months:
        return words("product.answer.use.none", name=facts.name)
    if use.now is None:
        return words("product.answer.use.hidden", name=facts.name)
    grown = ""
    if use.grown:
        key = "product.answer.up" if use.grown > 0 else "product.answer.down"
        grown = words(key, share=wording.percent(abs(use.grown), words.language))
    some = ".some" if use.flow and use.months < YEAR else ""
    return words(
        f"product.answer.use.{'FLOW' if use.flow else 'STOCK'}{some}",
        name=facts.name,
        quantity=_quantity(use.now, words),
        unit=_title_of(use.rows[-1], words).lower(),
        n=use.months,
        month=wording.month(use.month, words.language),
        grown=grown,
    )


def figures(facts: ProductFacts, words: Words) -> list[Figure]:
    """The report's key figures: customers, use, support, coverage; income, cost, result, balance."""
    return [
        _customers(facts, words),
        _use_figure(facts, words),
        _support(facts, words),
        _coverage(facts, words),
        *_economy(facts, words),
    ]


def _customers(facts: ProductFacts, words: Words) -> Figure:
    if not facts.customers:
        return said.missing(words("product.figure.customers.USE"), words("product.figure.customers.none"))
    now = facts.customers[0]
    then = next((one for one in facts.customers if one.month == year_before(now.month)), None)
    if then is not None and then.active_basis == now.active_basis:
        n = now.active - then.active
        change = words("report.same" if n == 0 else "report.more" if n > 0 else "report.fewer", n=abs(n))
        year = words("product.figure.customers.year", change=change)
    else:
        year = words("product.figure.customers.no_year")
    if now.month != facts.month:
        year += words("product.figure.customers.month", month=wording.month(now.month, words.language))
    others = now.active - now.municipalities
    return Figure(
        words(f"product.figure.customers.{now.active_basis}"),
        wording.number(now.active, words.language),
        words("product.figure.customers.words", n=now.municipalities, others=others, year=year),
        now.synthetic,
    )


def _use_figure(facts: ProductFacts, words: Words) -> Figure:
    use = facts.use
    if use is None or not use.months:
        return said.missing(words("product.figure.use.none"), words("product.figure.use.unmeasured"))
    key = f"product.figure.use.{'FLOW' if use.flow else 'STOCK'}"
    label = words(key, title=_title_of(use.rows[-1], words), month=wording.month(use.month, words.language))
    if use.now is None:
        first = twelve_months(use.month) if use.flow else use.month
        n = use.hidden(first, use.month)
        noun = words("month.one" if n == 1 else "month.many")
        return Figure(label, ":", words("product.figure.use.hidden", n=n, noun=noun))
    synthetic = said.synthetic(use.rows)
    return Figure(label, _quantity(use.now, words), _grown_in_words(use, words), synthetic)


def _grown_in_words(use: Use, words: Words) -> str:
    language = words.language
    if use.flow and use.months < YEAR:
        return words("product.figure.use.some", n=use.months)
    if use.before is None or use.grown is None:
        if use.rows[0].month > twelve_months(year_before(use.month)):
            return words("product.figure.use.begun", month=wording.month(use.rows[0].month, language))
        return words("product.figure.use.gaps")
    before = _quantity(use.before, words)
    if use.grown == 0:
        return words("product.figure.use.same", before=before)
    direction = words(f"product.figure.use.{'more' if use.grown > 0 else 'less'}")
    share = wording.percent(abs(use.grown), language)
    return words("product.figure.use.grown", share=share, direction=direction, before=before)


def _support(facts: ProductFacts, words: Words) -> Figure:
    label, own = words("product.figure.support"), [one for one in facts.support if one.service == facts.service]
    mine, everyone = per_100(own), per_100(facts.support)
    if mine is None or everyone is None:
        return said.missing(label, words("product.figure.support.none"))
    key = "product.figure.support.words" if own[0].months == YEAR else "product.figure.support.some"
    told = words(
        key,
        n=_quantity(own[0].requests, words),
        months=own[0].months,
        all=wording.tenths(everyone, words.language),
    )
    return Figure(label, wording.tenths(mine, words.language), told, said.synthetic(facts.support))


def _coverage(facts: ProductFacts, words: Words) -> Figure:
    label, book = words("product.figure.coverage"), facts.book
    if not book.rows:
        return said.missing(label, words("ledger.none"))
    if book.rows[0].month > twelve_months(facts.month):
        return said.missing(label, words("ledger.coverage.short"))
    if book.twelve is None or book.coverage is None:
        return said.missing(label, words("ledger.coverage.no_cost"))
    told = words("ledger.coverage.words")
    return Figure(label, wording.per_cent(book.coverage, words.language), told, book.twelve.synthetic)


def _economy(facts: ProductFacts, words: Words) -> list[Figure]:
    book, language, year = facts.book, words.language, str(facts.month.year)
    income, cost, result = (words(f"product.figure.{x}", year=year) for x in ("income", "cost", "result"))
    balance = words("product.figure.balance")
    total = book.year
    if total is None:
        reason = words("ledger.none.year", year=year) if book.rows else words("ledger.none")
        found = [said.missing(label, reason) for label in (income, cost, result)]
    else:
        then = book.last_year

        def compared(now: int, before: int | None) -> str:
            return said.last_year(now, before, book.begun, facts.month, words)

        budget = facts.budget_income_ore
        against = [] if budget is None else [said.against(total.income_ore, budget, words("ledger.budget"), words)]
        earned = "; ".join([*against, compared(total.income_ore, then.income_ore if then else None)])
        spent = compared(total.cost_ore, then.cost_ore if then else None)
        held = words("ledger.no_budget")
        if total.budget_ore is not None:
            held = said.against(total.result_ore, total.budget_ore, words("ledger.budget"), words, result=True)
        found = [
            Figure(income, wording.kroner(total.income_ore, language), earned, total.synthetic),
            Figure(cost, wording.kroner(total.cost_ore, language), spent, total.synthetic),
            Figure(result, wording.kroner(total.result_ore, language), held, total.synthetic),
        ]
    if book.balance_ore is None:
        return [*found, said.missing(balance, words("ledger.none"))]
    since = words("ledger.balance.words", month=wording.month(book.rows[0].month, language))
    kept = wording.kroner(book.balance_ore, language)
    return [*found, Figure(balance, kept, since, said.synthetic(book.rows))]


def unknown(facts: ProductFacts, words: Words) -> list[str]:
    """What is not known of the product, one sentence each."""
    use = facts.use
    found = [words("product.unknown.use")] if use is None else _unknown_use(use, facts.month, words)
    if facts.history and not facts.history[0].measured:
        found.append(words("product.unknown.event"))
    if facts.history and "ANNEX_SIGNED" not in facts.registered:
        found.append(words("product.unknown.annex"))
    found += _unknown_economy(facts, words)
    if not facts.systems:
        found.append(words("product.unknown.systems.all"))
    unstated = sum(one.customers for one in facts.systems if one.mapping == "NOT_STATED")
    if unstated:
        found.append(words("product.unknown.systems", n=unstated))
    if not any(one.service == facts.service for one in facts.support):
        found.append(words("product.unknown.support"))
    lacks = [words(f"product.lacks.{name}") for name in _CATALOGUE if facts.told(name) is None]
    if lacks:
        found.append(words("product.unknown.catalogue", listed=wording.listing(lacks, words.language)))
    return found


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


def _unknown_use(use: Use, month: date, words: Words) -> list[str]:
    found = []
    first = _first_shown(use, month)
    hidden = use.hidden(first, month)
    if hidden:
        found.append(words("product.unknown.hidden", n=hidden))
    gaps = uptake_findings.gaps([one.month for one in use.rows if one.month >= first], month)
    if gaps:
        told = [
            wording.month(one.first, words.language)
            if one.first == one.last
            else f"{wording.month(one.first, words.language)}–{wording.month(one.last, words.language)}"
            for one in gaps
        ]
        found.append(words("product.unknown.gaps", months=wording.listing(told, words.language)))
    return found


def _column(name: str, words: Words) -> str:
    return PRODUCT[name].title[words.language]


# ── How it looks. Pure: facts in, markup out ─────────────────────────────────────────────────────────────────────────


def page(facts: ProductFacts, words: Words, *, contact: str = "") -> str:
    """The report as one HTML file: nothing in it is fetched, and nothing runs. On paper it is one sheet of A4.

    Args:
        facts: what it says.
        words: the texts.
        contact: the function address to ask at; empty says that none is set.
    """
    title = words("product.title", name=facts.name, month=wording.month(facts.month, words.language))
    ask = shell.whom_to_ask(contact, words)
    figured = tables.key_figures(figures(facts, words), words)
    keys = [f"ledger.made.{x}" for x in (*said.MADE, "support")]
    keys += ["ledger.made.open"] if facts.unexplained else []
    basis = facts.history[0].active_basis if facts.history else None
    defined = [*([f"made.active.{basis}"] if basis else []), "ledger.made.coverage", "ledger.made.balance"]
    about = _about(facts, words, whole=False)
    left = [_use(facts, words), _flow(facts, words), _money(facts, words), *([about] if facts.systems else [])]
    right = [_uptake(facts, words), _systems(facts, words), *([] if facts.systems else [about]), _unknown(facts, words)]
    sheet = [
        *said.head(words("product.kicker"), title, answer(facts, words), words),
        shell.freshness(facts.release, facts.month, words),
        *said.banners(facts.release, facts.attempt, _rows(facts), words),
        f'<section class="dif-key-figures dif-eight">{shell.heading(words("uptake.figures"))}{figured}</section>',
        f'<div class="dif-columns"><div>{"".join(left)}</div><div>{"".join(right)}</div></div>',
        shell.small_print([words(key) for key in defined], f"{words('ledger.rest')} {ask}"),
    ]
    more_systems = facts.systems[:_SYSTEMS_SHOWN]
    more = [
        _about(facts, words, whole=True),
        *_use_table(facts, words),
        *_months(facts, words),
        *([_systems_table(more_systems, words, whole=True)] if len(more_systems) > _SYSTEMS_PRINTED else []),
        said.made([*([f"made.active.{basis}"] if basis else []), *keys], _used(facts), facts.release, ask, words),
    ]
    return shell.document(title, sheet, more, words, styles=said.STYLES)


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


def _first_shown(use: Use, month: date) -> date:
    earliest = year_before(year_before(twelve_months(month)))
    return max(earliest, use.rows[0].month)


def _use(facts: ProductFacts, words: Words) -> str:
    """Use by month as bars."""
    use, language = facts.use, words.language
    if use is None:
        return ""
    first = _first_shown(use, facts.month)
    rows = [one for one in use.rows if one.month >= first]
    title = _title_of(use.rows[-1], words)
    if use.grown is None:
        claim = words("product.use.title", title=title, month=wording.month(first, language))
    elif use.grown == 0:
        claim = words("product.use.title.same")
    else:
        key = "product.use.title.up" if use.grown > 0 else "product.use.title.down"
        claim = words(key, share=wording.percent(abs(use.grown), language))
    subtitle = words(
        "product.use.subtitle",
        title=title,
        first=wording.month(first, language),
        last=wording.month(facts.month, language),
    ) + findings.synthetic_sentence(words, synthetic=said.synthetic(rows))
    drawn = bars_svg(
        [(one.month, one.quantity) for one in rows],
        first,
        facts.month,
        twelve_months(facts.month),
        use_in_words(rows, title, words),
        words,
    )
    shaded = use.hidden(first, facts.month) or uptake_findings.gaps([one.month for one in rows], facts.month)
    others = [
        words(
            "product.use.other",
            title=_title_of(one, words).lower(),
            quantity=_quantity(one.quantity, words),
            month=wording.month(one.month, language),
        )
        for one in use.others
    ]
    notes = [
        *([words("product.use.shaded")] if shaded else []),
        *([words("product.use.others", listed=wording.listing(others, language))] if others else []),
    ]
    small = shell.small(" ".join(notes))
    return f'<section class="dif-drawn">{shell.heading(claim, subtitle)}{drawn}{small}</section>'


def use_in_words(rows: Sequence[Used], title: str, words: Words) -> str:
    """What the bars say, for who does not see them."""
    known = [one for one in rows if one.quantity is not None]
    if not known:
        return words("product.use.words.hidden")
    most = max(known, key=lambda one: (one.quantity or 0, one.month))
    return words(
        "product.use.words",
        title=title,
        first=_quantity(known[0].quantity, words),
        first_month=wording.month(known[0].month, words.language),
        last=_quantity(known[-1].quantity, words),
        last_month=wording.month(known[-1].month, words.language),
        most=_quantity(most.quantity, words),
        most_month=wording.month(most.month, words.language),
    )


def _uptake(facts: ProductFacts, words: Words) -> str:
    """The curve of the pages, and the steps from agreement to use in the last observed month."""
    if not facts.points or not facts.history:
        told = words("product.uptake.none.text")
        return f"<section>{shell.heading(words('product.uptake.none'), told)}</section>"
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
        f'<section class="dif-drawn">{shell.heading(uptake_findings.curve_title(own, basis, words), subtitle)}'
        + uptake_charts.curve_svg(
            own, facts.service, until, uptake_charts.curve_in_words(own, facts.service, until, words), words
        )
        + shell.small(" ".join(x for x in (dashed, told) if x))
        + "</section>"
    )


def _flow(facts: ProductFacts, words: Words) -> str:
    """From income to result: a table with a bar a step, each from where the one before ended."""
    total, year, language = facts.book.year, str(facts.month.year), words.language
    if total is None:
        return f"<section>{shell.heading(words('product.flow.title.none', year=year))}</section>"
    way = "surplus" if total.result_ore > 0 else "deficit" if total.result_ore < 0 else "zero"
    amount = wording.kroner(abs(total.result_ore), language)
    claim = words(f"product.flow.title.{way}", amount=amount, year=year)
    subtitle = words("product.flow.subtitle", months=said.months(facts.month, words))
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
    table = shell.table("dif-flow", words("product.flow.caption"), columns, rows)
    return f"<section>{shell.heading(claim, subtitle)}{table}</section>"


def _cut(text: str) -> str:
    """As much of a name as the sheet has room for."""
    return text if len(text) <= _NAME_LETTERS else text[: _NAME_LETTERS - 1].rstrip() + "…"


def _short(text: str) -> str:
    return escape(_cut(text))


def _systems(facts: ProductFacts, words: Words) -> str:
    """Source systems and suppliers, those with most customers first."""
    if not facts.systems:
        return ""
    return _systems_table(facts.systems, words, whole=False)


def _systems_table(found: Sequence[System], words: Words, *, whole: bool) -> str:
    first = found[0]
    claim = words("product.systems.title.none")
    if first.system:
        noun = words("product.customer.one" if first.customers == 1 else "product.customer.many")
        claim = words("product.systems.title", system=_cut(first.system), n=first.customers, noun=noun)
    shown = found if whole else found[:_SYSTEMS_PRINTED]
    rows, alike = [], all(one.synthetic for one in found)
    for one in shown:
        marks = [words("app.synthetic")] if one.synthetic and not alike else []
        name = one.system or words(f"product.systems.{one.mapping}")
        dispatches = ":" if one.dispatches is None and one.some_hidden else tables.number(one.dispatches, words)
        rows.append(
            f'<tr><th scope="row">{escape(name) if whole else _short(name)}{tables.marks(marks)}</th>'
            f"<td>{_short(one.supplier or words('value.unregistered')) if one.system else '–'}</td>"
            f"<td{tables.NUMBER}>{escape(tables.number(one.customers, words))}</td>"
            f"<td{tables.NUMBER}>{escape(dispatches)}</td></tr>"
        )
    names = (("system", False), ("supplier", False), ("customers", True), ("dispatches", True))
    columns = [(words(f"product.systems.{name}"), number) for name, number in names]
    left = len(found) - len(shown)
    notes = [words("product.systems.more", n=left)] if left else []
    notes += [words("product.systems.hidden")] if any(one.some_hidden for one in shown) else []
    table = shell.table("dif-systems", words("product.systems.caption"), columns, rows)
    subtitle = words("product.systems.subtitle") + findings.synthetic_sentence(words, synthetic=alike)
    head = shell.heading(words("product.systems.caption") if whole else claim, subtitle)
    return f"<section>{head}{table}{shell.small(' '.join(notes))}</section>"


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
    return f"<section>{shell.heading(title)}{priced}{said.listed(told) if told else ''}</section>"


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
        return shell.small(words("product.price.title.none"))
    language, rows, alike = words.language, [], all(one.synthetic for one in found)
    for place, one in enumerate(found):
        channel = one.channel if one.channel and one.channel.casefold() != one.element.casefold() else ""
        several = sum((other.element, other.channel) == (one.element, one.channel) for other in found) > 1
        marks = [channel, words("product.price.from", n=one.size_low or 0) if several else ""]
        marks.append(words("app.synthetic") if one.synthetic and not alike else "")
        prices = (one.current_price, one.self_cost_price, one.proposed_price)
        told = [wording.MISSING if price is None else wording.price(price, language) for price in prices]
        told[0] = words("product.price.none") if one.current_price is None else told[0]
        cells = "".join(f"<td{tables.NUMBER}>{escape(x)}</td>" for x in told)
        row = "<tr>" if place < _PRICES_PRINTED else '<tr class="dif-screen">'
        name = f"{_short(one.element)}{tables.marks([x for x in marks if x])}"
        rows.append(f'{row}<th scope="row">{name}</th>{cells}</tr>')
    names = (("element", False), ("today", True), ("self_cost", True), ("proposed", True))
    columns = [(words(f"product.price.{name}"), number) for name, number in names]
    left = len(found) - _PRICES_PRINTED
    noun = words("product.price.one" if left == 1 else "product.price.many")
    said_more = words("product.price.more", n=left, noun=noun)
    more = f'<p class="dif-small dif-print">{escape(said_more)}</p>' if left > 0 else ""
    subtitle = words("product.price.subtitle", year=str(found[0].year))
    subtitle += findings.synthetic_sentence(words, synthetic=alike)
    lacks = any(one.self_cost_price is None or one.proposed_price is None for one in found)
    more += shell.small(words("product.price.unknown") if lacks else "")
    return shell.small(subtitle) + shell.table("dif-prices", words("product.price.title"), columns, rows) + more


def _about(facts: ProductFacts, words: Words, *, whole: bool) -> str:
    """What the product catalogue says; on the sheet in short."""
    names = [*_ABOUT, *(_ALSO if whole else ())]
    told = []
    for name in names:
        value = facts.told(name)
        if value is None:
            if name in _ABOUT:
                told.append((name, escape(words("product.about.unsaid"))))
            continue
        short = value if whole or len(value) <= _LETTERS else value[: _LETTERS - 1].rstrip() + "…"
        foreign = ' lang="nb"' if words.language != "nb" else ""
        told.append((name, f"<span{foreign}>{escape(short)}</span>"))
    rows = "".join(f"<div><dt>{escape(_column(name, words))}</dt><dd>{text}</dd></div>" for name, text in told)
    where = "" if whole else ' class="dif-print"'
    return f'<section{where}>{shell.heading(words("product.about.title"))}<dl class="dif-about">{rows}</dl></section>'


def _unknown(facts: ProductFacts, words: Words) -> str:
    told = unknown(facts, words) or [words("product.unknown.none")]
    listed = "".join(
        f"<li{'' if place < _UNKNOWN_PRINTED else ' class=dif-screen'}>{escape(x)}</li>" for place, x in enumerate(told)
    )
    left = len(told) - _UNKNOWN_PRINTED
    more = f'<p class="dif-small dif-print">{escape(words("product.unknown.more", n=left))}</p>' if left > 0 else ""
    return f"<section>{shell.heading(words('product.unknown.title'))}<ul>{listed}</ul>{more}</section>"


def _use_table(facts: ProductFacts, words: Words) -> list[str]:
    """The bars' numbers."""
    if facts.use is None:
        return []
    first = _first_shown(facts.use, facts.month)
    rows = [
        f'<tr><th scope="row">{escape(wording.month(one.month, words.language))}</th>'
        f"<td{tables.NUMBER}>{escape(_quantity(one.quantity, words))}</td></tr>"
        for one in reversed(facts.use.rows)
        if one.month >= first
    ]
    columns = [(words("column.month"), False), (_title_of(facts.use.rows[-1], words), True)]
    table = shell.table("dif-narrow", words("product.use.column"), columns, rows)
    return [f"<section>{shell.heading(words('product.use.column'))}{table}</section>"]


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
    table = shell.table("dif-months", words("product.months.title"), columns, rows)
    return [
        f"<section>{shell.heading(words('product.months.title'), words('product.months.subtitle'))}{table}</section>"
    ]
