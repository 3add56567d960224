"""The sentences and key figures about a month, for the board's report and the overview. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from dashboards.shared import pages
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.ledger.models import HIGH, LOW, kept_a_year_before
from dashboards.shared.narrative import Figure, a_year_before, basis, synthetic, synthetic_sentence
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.shared.board.models import BoardFacts
    from dashboards.shared.ledger.models import Late
    from dashboards.words import Words


@dataclass(frozen=True, slots=True)
class Decision:
    """A matter that calls for a decision, and what is at stake.

    Attributes:
        kind: `below`, `loan`, `annex`, `open` or `late`.
        service: the service most concerned; None where no single one is.
        chosen: further filters for the page that it links to.
    """

    kind: str
    service: str | None
    what: str
    stake: str
    synthetic: bool
    chosen: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Movement:
    """One of the biggest changes, in a sentence.

    Attributes:
        kind: `result`, `income` or `spread`.
        service: the service that changed; None where nothing compares, so that there is no link.
        chosen: further filters for the page that it links to.
    """

    kind: str
    service: str | None
    sentence: str
    chosen: Mapping[str, str] = field(default_factory=dict)


_PAGES: Final[Mapping[str, tuple[str, Mapping[str, str], str]]] = {
    "below": ("accounts", {}, ""),
    "loan": ("accounts.loans", {}, "#lan"),
    "annex": ("service", {}, ""),
    "open": ("accounts.loans", {}, "#avstemming"),
    "late": ("data", {"del": "leveranser"}, ""),
    "result": ("accounts", {}, ""),
    "income": ("accounts.result", {}, ""),
    "spread": ("uptake", {}, ""),
}
"""For each kind of matter and movement: the page that it links to, its filters, and the anchor."""


def address(matter: Decision | Movement, carried: Mapping[str, str]) -> str:
    """The link of a matter or a movement: its page with the service chosen. `carried`: language and release."""
    page, also, place = _PAGES[matter.kind]
    service = {pages.SERVICE: matter.service} if matter.service else {}
    return f"{pages.address(page)}?{urlencode({**carried, **also, **service, **matter.chosen})}{place}"


@dataclass(frozen=True, slots=True)
class Sums:
    """The products' economy in total. `budgeted` counts the products with a budget, whose result is compared with it.

    Attributes:
        income_before_ore: for the same months of the previous year; None where the ledgers were not kept then.
        coverage: of the last twelve months, for the products in the ledgers throughout them.
    """

    income_ore: int
    income_before_ore: int | None
    result_ore: int
    budgeted: int
    budgeted_result_ore: int
    budget_ore: int
    products: int
    coverage: Decimal | None
    synthetic: bool


def sums(facts: BoardFacts) -> Sums | None:
    """All products' economy so far this year; None where nothing is booked."""
    years = facts.years
    if not years:
        return None
    held = [(year.result_ore, year.budget_ore) for _, year in years.values() if year.budget_ore is not None]
    compares = kept_a_year_before(facts.begun, facts.month)
    before = [year.income_ore for book in facts.books.values() if (year := book.last_year) is not None]
    twelve = [whole for book in facts.books.values() if (whole := book.twelve) is not None]
    cost = sum(total.cost_ore for total in twelve)
    return Sums(
        income_ore=sum(year.income_ore for _, year in years.values()),
        income_before_ore=sum(before) if compares else None,
        result_ore=sum(year.result_ore for _, year in years.values()),
        budgeted=len(held),
        budgeted_result_ore=sum(result for result, _ in held),
        budget_ore=sum(budget for _, budget in held),
        products=len(years),
        coverage=Decimal(sum(total.income_ore for total in twelve) * 100) / cost if cost > 0 else None,
        synthetic=any(year.synthetic for _, year in years.values()),
    )


def _against_budget(sums: Sums, words: Words) -> str:
    """How the result compares with the budget, for the products that have one."""
    if not sums.budgeted:
        return words("ledger.no_budget")
    text = ledger_narrative.against(
        sums.budgeted_result_ore, sums.budget_ore, words("ledger.budget"), words, result=True
    )
    some = words("board.budget.some", k=sums.budgeted, all=sums.products)
    return text if sums.budgeted == sums.products else f"{text} ({some})"


def answer(facts: BoardFacts, words: Words) -> str:
    """The report in one sentence."""
    total, year = sums(facts), str(facts.month.year)
    if total is None:
        return words("board.answer.none", year=year)
    income, result = (formatting.kroner(x, words.language) for x in (total.income_ore, total.result_ore))
    tail = _shared(facts, words) + synthetic_sentence(words, synthetic=total.synthetic)
    if not total.budgeted:
        return words("board.answer.plain", income=income, result=result, year=year) + tail
    budget = _against_budget(total, words)
    return words("board.answer", income=income, result=result, budget=budget, year=year) + tail


def _shared(facts: BoardFacts, words: Words) -> str:
    """The shared cost that is not yet allocated, which makes the result look better than it is."""
    left = facts.shared.amount_ore
    return words("board.answer.shared", amount=formatting.kroner(left, words.language)) if left else ""


def outside(facts: BoardFacts) -> tuple[list[str], list[str]]:
    """The products below and above the limits of self-cost coverage, furthest off first."""
    coverages = {service: book.coverage for service, book in facts.books.items()}
    low = sorted((value, service) for service, value in coverages.items() if value is not None and value < LOW)
    high = sorted((-value, service) for service, value in coverages.items() if value is not None and value > HIGH)
    return [service for _, service in low], [service for _, service in high]


def figures(facts: BoardFacts, words: Words) -> list[Figure]:
    """Turnover, result and coverage, uptake, loans."""
    return [*_economy(facts, words), _uptake(facts, words), _loans(facts, words)]


def _economy(facts: BoardFacts, words: Words) -> list[Figure]:
    total, year, language = sums(facts), str(facts.month.year), words.language
    turnover, result = (words(f"board.figure.{x}", year=year) for x in ("turnover", "result"))
    if total is None:
        reason = words("ledger.none.year", year=year)
        return [
            ledger_narrative.missing(turnover, reason, "income"),
            ledger_narrative.missing(result, reason, "result"),
        ]
    budget = ledger_narrative.budgeted(total.income_ore, facts.budget_income_ore, words)
    before = ledger_narrative.last_year(total.income_ore, total.income_before_ore, facts.begun, facts.month, words)
    low, high = outside(facts)
    covered = words(
        "board.figure.result.words",
        budget=_against_budget(total, words),
        coverage=ledger_narrative.coverage(total.coverage, words),
        low=len(low),
        high=len(high),
    )
    if total.coverage is None:
        covered = f"{_against_budget(total, words)}; {words('accounts.coverage').lower()} " + words(
            "ledger.coverage.short"
        )
    return [
        Figure(
            turnover, formatting.kroner(total.income_ore, language), f"{before}; {budget}", total.synthetic, "income"
        ),
        Figure(result, formatting.kroner(total.result_ore, language), covered, total.synthetic, "result"),
    ]


def _uptake(facts: BoardFacts, words: Words) -> Figure:
    label = words("board.figure.uptake", basis=basis(facts.spreads, words))
    if not facts.spreads:
        return ledger_narrative.missing(label, words("product.figure.customers.none"), "services_in_use")
    active = formatting.number(sum(spread.active for spread in facts.spreads), words.language)
    return Figure(label, active, a_year_before(facts.spreads, words), synthetic(facts.spreads), "services_in_use")


def _loans(facts: BoardFacts, words: Words) -> Figure:
    label, language = words("board.figure.loans"), words.language
    if not facts.loans:
        return ledger_narrative.missing(label, words("board.figure.loans.none"), "loan_outstanding")
    owed = sum(loan.balance_ore for loan in facts.loans)
    before = sum(loan.balance_before_ore or 0 for loan in facts.loans)
    year = ""
    if any(loan.balance_before_ore is not None for loan in facts.loans):
        n = formatting.kroner(abs(owed - before), language)
        way = "same" if owed == before else "more" if owed > before else "less"
        year = words(f"board.figure.loans.{way}", amount=n)
    drawn, repaid = (formatting.kroner(sum(getattr(loan, x) for loan in facts.loans), language) for x in _FLOWS)
    text = words("board.figure.loans.words", drawn=drawn, repaid=repaid, year=year)
    made_up = synthetic(facts.loans)
    return Figure(label, formatting.kroner(owed, language), text, made_up, "loan_outstanding")


_FLOWS: Final = ("drawn_ore", "repaid_ore")


def decisions(facts: BoardFacts, words: Words) -> list[Decision]:
    """The matters that call for a decision: at most one of each kind, five in all."""
    candidates = (
        _below(facts, words),
        _behind(facts, words),
        _annex(facts, words),
        _open(facts, words),
        _late(facts, words),
    )
    return [decision for decision in candidates if decision is not None]


def _stake(kind: str, ore: int, every: Sequence[int], facts: BoardFacts, words: Words) -> str:
    """What is at stake for the service that the row links to, as on its page; and for all, where there are several."""
    language = words.language
    stake = words(
        f"board.decide.{kind}.stake",
        amount=formatting.kroner(ore, language),
        month=formatting.month(facts.month, language),
        months=ledger_narrative.months(facts.month, words),
    )
    if len(every) == 1:
        return stake
    return words("board.decide.all", stake=stake, amount=formatting.kroner(sum(every), language), n=len(every))


def _below(facts: BoardFacts, words: Words) -> Decision | None:
    """Products below cost: the one with the largest shortfall in kroner, and how many more there are."""
    short = {
        service: whole.cost_ore - whole.income_ore
        for service in outside(facts)[0]
        if (whole := facts.books[service].twelve) is not None
    }
    if not short:
        return None
    worst = max(short, key=lambda service: (short[service], service))
    book, more = facts.books[worst], len(short) - 1
    key = "board.decide.below.more" if more else "board.decide.below"
    return Decision(
        "below",
        worst,
        words(key, name=facts.names[worst], coverage=ledger_narrative.coverage(book.coverage, words), n=more),
        _stake("below", short[worst], list(short.values()), facts, words),
        any(synthetic(facts.books[service].rows) for service in short),
        _through(facts),
    )


def _of_year(facts: BoardFacts) -> dict[str, str]:
    """The month's year, for a page that has no filter on months."""
    return {pages.YEAR: str(facts.month.year)}


def _through(facts: BoardFacts) -> dict[str, str]:
    """The month's year, and its quarter where the quarter ends with the month.

    No quarter at the end of the year or of the release: the whole year shows the same months.
    """
    quarter, rest = divmod(facts.month.month, _QUARTER)
    goes_on = facts.month != facts.release.through_month and quarter < _QUARTERS
    return _of_year(facts) | ({pages.QUARTER: str(quarter)} if not rest and goes_on else {})


_QUARTER, _QUARTERS = 3, 4


def _behind(facts: BoardFacts, words: Words) -> Decision | None:
    loans = [loan for loan in facts.loans if loan.behind]
    if not loans:
        return None
    worst, more = max(loans, key=lambda loan: (loan.balance_ore, str(loan.project))), len(loans) - 1
    why = words("board.decide.loan.overdrawn" if worst.overdrawn else "board.decide.loan.joiners")
    name = worst.name or str(worst.project)
    return Decision(
        "loan",
        worst.service,
        words("board.decide.loan.more" if more else "board.decide.loan", name=name, why=why, n=more),
        _stake("loan", worst.balance_ore, [loan.balance_ore for loan in loans], facts, words),
        synthetic(loans),
        _of_year(facts),
    )


def _annex(facts: BoardFacts, words: Words) -> Decision | None:
    annexes = facts.without_annex
    if not annexes:
        return None
    most, more = annexes[0], len(annexes) - 1
    noun = words("product.customer.one" if most.customers == 1 else "product.customer.many")
    month = formatting.month(facts.month, words.language)
    stake = words("board.decide.annex.stake", n=most.customers, noun=noun, month=month)
    if more:
        stake = words("board.decide.all", stake=stake, amount=sum(annex.customers for annex in annexes), n=len(annexes))
    return Decision(
        "annex",
        most.service,
        words("board.decide.annex.more" if more else "board.decide.annex", name=most.name, n=more),
        stake,
        synthetic(annexes),
    )


def _open(facts: BoardFacts, words: Words) -> Decision | None:
    unexplaineds = [unexplained for unexplained in facts.unexplained or () if unexplained.at_stake_ore]
    if not unexplaineds:
        return None
    more = len(unexplaineds) - 1
    return Decision(
        "open",
        unexplaineds[0].service,
        words("board.decide.open.more" if more else "board.decide.open", name=unexplaineds[0].name, n=more),
        _stake(
            "open",
            unexplaineds[0].at_stake_ore,
            [unexplained.at_stake_ore for unexplained in unexplaineds],
            facts,
            words,
        ),
        synthetic(unexplaineds),
        _of_year(facts),
    )


def _late(facts: BoardFacts, words: Words) -> Decision | None:
    for late in facts.late:
        noun = words("board.organisation.one" if late.organisations == 1 else "board.organisation.many")
        return Decision(
            "late",
            None,
            words("board.decide.late", month=formatting.month(facts.month, words.language)),
            words("board.decide.late.stake", n=late.organisations, noun=noun),
            late.synthetic,
            _of_late(late),
        )
    return None


def _of_late(late: Late) -> dict[str, str]:
    """The filters that show these deliveries alone."""
    parameters = {pages.STREAM: late.stream, pages.ORGANISATION: late.organisation_number}
    return {name: value for name, value in parameters.items() if value}


def unjudged(facts: BoardFacts, words: Words) -> str:
    """What the release has no numbers to assess."""
    lacks = [
        *([] if facts.loans_followed else [words("board.decide.unjudged.loans")]),
        *([] if facts.unexplained is not None else [words("board.decide.unjudged.open")]),
    ]
    return words("board.decide.unjudged", listed=formatting.listing(lacks, words.language)) if lacks else ""


def movements(facts: BoardFacts, words: Words) -> list[Movement]:
    """Three sentences: the largest deviation from budget, and the largest changes in income and in uptake."""
    return [_most_off_budget(facts, words), _most_income(facts, words), _most_uptake(facts, words)]


def _most_off_budget(facts: BoardFacts, words: Words) -> Movement:
    off = {
        service: (year.result_ore, year.budget_ore)
        for service, (_, year) in facts.years.items()
        if year.budget_ore is not None
    }
    if not off:
        return Movement("result", None, words("board.moves.result.none"))
    most = max(off, key=lambda service: (abs(off[service][0] - off[service][1]), service))
    result, budget = off[most]
    amount = ledger_narrative.against(result, budget, words("ledger.budget"), words, result=True)
    text = words("board.moves.result", name=facts.names[most], amount=amount, year=str(facts.month.year))
    text += synthetic_sentence(words, synthetic=synthetic(facts.books[most].rows))
    return Movement("result", most, text, _of_year(facts))


def _most_income(facts: BoardFacts, words: Words) -> Movement:
    compared = {
        service: (year.income_ore, before.income_ore)
        for service, (book, year) in facts.years.items()
        if (before := book.last_year) is not None
    }
    if not compared:
        if facts.begun is None or kept_a_year_before(facts.begun, facts.month):
            return Movement("income", None, words("board.moves.income.empty"))
        month = formatting.month(facts.begun, words.language)
        return Movement("income", None, words("board.moves.income.none", year=str(facts.month.year - 1), month=month))
    most = max(compared, key=lambda service: (abs(compared[service][0] - compared[service][1]), service))
    now, then = compared[most]
    amount = ledger_narrative.against(now, then, words("ledger.last_year", year=str(facts.month.year - 1)), words)
    text = words(
        "board.moves.income",
        name=facts.names[most],
        amount=amount,
        before=formatting.kroner(then, words.language),
        now=formatting.kroner(now, words.language),
    )
    text += synthetic_sentence(words, synthetic=synthetic(facts.books[most].rows))
    return Movement("income", most, text, _of_year(facts))


def _most_uptake(facts: BoardFacts, words: Words) -> Movement:
    changed = [(spread.change, spread) for spread in facts.spreads if spread.change is not None]
    if not changed:
        return Movement("spread", None, words("board.moves.uptake.none"))
    change, spread = max(changed, key=lambda pair: (abs(pair[0]), pair[1].service))
    text = words(
        "board.moves.uptake",
        name=spread.name,
        change=formatting.signed(change, words.language),
        now=spread.active,
        all=spread.municipalities,
    )
    text += synthetic_sentence(words, synthetic=spread.synthetic)
    return Movement("spread", spread.service, text, {pages.MONTH: f"{spread.month:%Y-%m}"})


def products_title(facts: BoardFacts, words: Words) -> str:
    """How many products are below and above the limits of self-cost coverage."""
    low, high = outside(facts)
    covered = sum(book.coverage is not None for book in facts.books.values())
    if not covered:
        return words("board.products.caption")
    return words("board.products.title", low=len(low), high=len(high), all=covered)


def products_subtitle(facts: BoardFacts, words: Words, *, file: bool = False) -> str:
    """What the products' numbers cover, and why some are missing; a file has whole kroner."""
    return words(
        "board.products.file" if file else "board.products.subtitle",
        months=ledger_narrative.months(facts.month, words),
        observed=basis(facts.spreads, words),
        reasons=words("board.products.reasons"),
    )
