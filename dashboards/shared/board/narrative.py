"""What the board is told of a month, in words and key figures, by its report and by the pages' overview. Pure."""

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
    """What calls for a decision: the matter, and what is at stake.

    Attributes:
        kind: `below`, `loan`, `annex`, `open` or `late`.
        service: the one that it is most of; None where it is of none.
        chosen: what else its page is to show of it, by the page's filters.
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
        service: the one that it is of; None where nothing compares, and there is nowhere to look.
        chosen: what else its page is to show of it, by the page's filters.
    """

    kind: str
    service: str | None
    told: str
    chosen: Mapping[str, str] = field(default_factory=dict)


_PAGES: Final[Mapping[str, tuple[str, Mapping[str, str], str]]] = {
    "below": ("accounts", {}, ""),
    "loan": ("accounts", {}, "#loan"),
    "annex": ("service", {}, ""),
    "open": ("accounts", {}, "#reconciliation"),
    "late": ("data", {"del": "leveranser"}, ""),
    "result": ("accounts", {}, ""),
    "income": ("accounts", {}, ""),
    "spread": ("uptake", {}, ""),
}
"""On which page each kind of matter and movement is looked into, with what filters, and where on it."""


def address(one: Decision | Movement, carried: Mapping[str, str]) -> str:
    """Where a matter or a movement is looked into: the page, with the service chosen; language and release go along."""
    page, also, place = _PAGES[one.kind]
    service = {pages.SERVICE: one.service} if one.service else {}
    return f"{pages.address(page)}?{urlencode({**carried, **also, **service, **one.chosen})}{place}"


@dataclass(frozen=True, slots=True)
class Sums:
    """The products' economy as one. `budgeted`: how many have a budget, and of those what came of it.

    Attributes:
        income_before_ore: of the same months of the year before; None where the ledgers were not kept then.
        coverage: of the last twelve months, of the products that were in the ledgers through them.
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
    """How the result compares with the budget, of the products that have one."""
    if not sums.budgeted:
        return words("ledger.no_budget")
    text = ledger_narrative.against(
        sums.budgeted_result_ore, sums.budget_ore, words("ledger.budget"), words, result=True
    )
    some = words("board.budget.some", k=sums.budgeted, all=sums.products)
    return text if sums.budgeted == sums.products else f"{text} ({some})"


def answer(facts: BoardFacts, words: Words) -> str:
    """The report in one sentence."""
    found, year = sums(facts), str(facts.month.year)
    if found is None:
        return words("board.answer.none", year=year)
    income, result = (formatting.kroner(x, words.language) for x in (found.income_ore, found.result_ore))
    tail = _shared(facts, words) + synthetic_sentence(words, synthetic=found.synthetic)
    if not found.budgeted:
        return words("board.answer.plain", income=income, result=result, year=year) + tail
    budget = _against_budget(found, words)
    return words("board.answer", income=income, result=result, budget=budget, year=year) + tail


def _shared(facts: BoardFacts, words: Words) -> str:
    """That shared cost is left, without which a result looks better than it is."""
    left = facts.shared.amount_ore
    return words("board.answer.shared", amount=formatting.kroner(left, words.language)) if left else ""


def outside(facts: BoardFacts) -> tuple[list[str], list[str]]:
    """The products below and above the limits of self-cost coverage, the one furthest off first."""
    known = {service: book.coverage for service, book in facts.books.items()}
    low = sorted((value, service) for service, value in known.items() if value is not None and value < LOW)
    high = sorted((-value, service) for service, value in known.items() if value is not None and value > HIGH)
    return [service for _, service in low], [service for _, service in high]


def figures(facts: BoardFacts, words: Words) -> list[Figure]:
    """Turnover, result and coverage, uptake, loans."""
    return [*_economy(facts, words), _uptake(facts, words), _loans(facts, words)]


def _economy(facts: BoardFacts, words: Words) -> list[Figure]:
    found, year, language = sums(facts), str(facts.month.year), words.language
    turnover, result = (words(f"board.figure.{x}", year=year) for x in ("turnover", "result"))
    if found is None:
        reason = words("ledger.none.year", year=year)
        return [
            ledger_narrative.missing(turnover, reason, "income"),
            ledger_narrative.missing(result, reason, "result"),
        ]
    budget = ledger_narrative.budgeted(found.income_ore, facts.budget_income_ore, words)
    before = ledger_narrative.last_year(found.income_ore, found.income_before_ore, facts.begun, facts.month, words)
    low, high = outside(facts)
    covered = words(
        "board.figure.result.words",
        budget=_against_budget(found, words),
        coverage=ledger_narrative.coverage(found.coverage, words),
        low=len(low),
        high=len(high),
    )
    if found.coverage is None:
        covered = f"{_against_budget(found, words)}; {words('accounts.coverage').lower()} " + words(
            "ledger.coverage.short"
        )
    return [
        Figure(
            turnover, formatting.kroner(found.income_ore, language), f"{before}; {budget}", found.synthetic, "income"
        ),
        Figure(result, formatting.kroner(found.result_ore, language), covered, found.synthetic, "result"),
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
    """What calls for a decision, one row a kind at most: five in all."""
    found = (
        _below(facts, words),
        _behind(facts, words),
        _annex(facts, words),
        _open(facts, words),
        _late(facts, words),
    )
    return [decision for decision in found if decision is not None]


def _stake(kind: str, ore: int, every: Sequence[int], facts: BoardFacts, words: Words) -> str:
    """What is at stake for the one that the row leads to, as its page says it; and for all, where there are more."""
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
    """Products below cost: the one that lacks most kroner, and how many more there are."""
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
        any(synthetic(facts.books[one].rows) for one in short),
        _through(facts),
    )


def _of_year(facts: BoardFacts) -> dict[str, str]:
    """The month's year, for a page that has no filter on months."""
    return {pages.YEAR: str(facts.month.year)}


def _through(facts: BoardFacts) -> dict[str, str]:
    """The month's year; its quarter where that ends with the month and the year goes on, as a page of a year would."""
    quarter, rest = divmod(facts.month.month, _QUARTER)
    goes_on = facts.month != facts.release.through_month and quarter < _QUARTERS
    return _of_year(facts) | ({pages.QUARTER: str(quarter)} if not rest and goes_on else {})


_QUARTER, _QUARTERS = 3, 4


def _behind(facts: BoardFacts, words: Words) -> Decision | None:
    loans = [loan for loan in facts.loans if loan.behind]
    if not loans:
        return None
    worst, more = max(loans, key=lambda one: (one.balance_ore, str(one.project))), len(loans) - 1
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
    """What the page of deliveries can show of them alone."""
    told = {pages.STREAM: late.stream, pages.ORGANISATION: late.organisation_number}
    return {name: value for name, value in told.items() if value}


def unjudged(facts: BoardFacts, words: Words) -> str:
    """What the release has no numbers to judge."""
    lacks = [
        *([] if facts.loans_followed else [words("board.decide.unjudged.loans")]),
        *([] if facts.unexplained is not None else [words("board.decide.unjudged.open")]),
    ]
    return words("board.decide.unjudged", listed=formatting.listing(lacks, words.language)) if lacks else ""


def movements(facts: BoardFacts, words: Words) -> list[Movement]:
    """Three sentences: who differs most from the budget, whose income and whose uptake changed most."""
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
    change, one = max(changed, key=lambda pair: (abs(pair[0]), pair[1].service))
    text = words(
        "board.moves.uptake",
        name=one.name,
        change=formatting.signed(change, words.language),
        now=one.active,
        all=one.municipalities,
    )
    text += synthetic_sentence(words, synthetic=one.synthetic)
    return Movement("spread", one.service, text, {pages.MONTH: f"{one.month:%Y-%m}"})


def products_title(facts: BoardFacts, words: Words) -> str:
    """How many products are below and above the limits of self-cost coverage."""
    low, high = outside(facts)
    known = sum(book.coverage is not None for book in facts.books.values())
    if not known:
        return words("board.products.caption")
    return words("board.products.title", low=len(low), high=len(high), all=known)


def products_subtitle(facts: BoardFacts, words: Words, *, file: bool = False) -> str:
    """What the products' numbers are of, and why one is missing; in a file they are in whole kroner."""
    return words(
        "board.products.file" if file else "board.products.subtitle",
        months=ledger_narrative.months(facts.month, words),
        observed=basis(facts.spreads, words),
        reasons=words("board.products.reasons"),
    )
