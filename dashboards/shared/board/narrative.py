"""The sentences and key figures about a month, for the board's report and the overview. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from dashboards.shared import pages, why
from dashboards.shared.board import story
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.ledger.models import kept_a_year_before
from dashboards.shared.narrative import Figure, a_year_before, basis, synthetic, synthetic_sentence
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.release.query import Row
    from dashboards.shared.board.models import BoardFacts
    from dashboards.shared.ledger.models import Spread
    from dashboards.words import Words


@dataclass(frozen=True, slots=True)
class Decision:
    """A matter that calls for a decision, and what is at stake.

    Attributes:
        kind: `below`, `above`, `loan`, `annex`, `open` or `late`.
        service: the service most concerned; None where no single one is.
        chosen: further filters for the page that it links to.
        stake_ore: the kroner at stake for all that the matter is about; None where it is not about an amount.
        several: it is about more than one.
    """

    kind: str
    service: str | None
    what: str
    stake: str
    synthetic: bool
    chosen: Mapping[str, str] = field(default_factory=dict)
    stake_ore: int | None = None
    several: bool = False


@dataclass(frozen=True, slots=True)
class Movement:
    """One of the biggest changes, in a sentence.

    Attributes:
        kind: `result`, `income` or `spread`.
        service: the service that changed; None where nothing compares, so that there is no link.
        chosen: further filters for the page that it links to.
        synthetic: its numbers are.
    """

    kind: str
    service: str | None
    sentence: str
    chosen: Mapping[str, str] = field(default_factory=dict)
    synthetic: bool = False


_PAGES: Final[Mapping[str, tuple[str, Mapping[str, str], str]]] = {
    "below": ("accounts", {}, ""),
    "above": ("accounts", {}, ""),
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
    pairs = [(year.result_ore, year.budget_ore) for _, year in years.values() if year.budget_ore is not None]
    compares = kept_a_year_before(facts.begun, facts.month)
    before = [year.income_ore for book in facts.books.values() if (year := book.last_year) is not None]
    twelve = [whole for book in facts.books.values() if (whole := book.twelve) is not None]
    cost = sum(total.cost_ore for total in twelve)
    return Sums(
        income_ore=sum(year.income_ore for _, year in years.values()),
        income_before_ore=sum(before) if compares else None,
        result_ore=sum(year.result_ore for _, year in years.values()),
        budgeted=len(pairs),
        budgeted_result_ore=sum(result for result, _ in pairs),
        budget_ore=sum(budget for _, budget in pairs),
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
    if sums.budgeted == sums.products:
        return text
    return words("board.budget.some", text=text, k=sums.budgeted, all=sums.products)


def answer(facts: BoardFacts, words: Words) -> str:
    """What a board must know: how many products cover their cost, and what to decide."""
    total = sums(facts)
    if total is None:
        return words("board.answer.none", year=str(facts.month.year))
    text = f"{_covered(facts, words)} {to_decide(facts, words)}"
    return text + synthetic_sentence(words, synthetic=total.synthetic)


def _covered(facts: BoardFacts, words: Words) -> str:
    """How many products cover their cost."""
    low, high = (len(services) for services in story.outside(facts))
    every = story.covered(facts)
    if not every:
        return words("board.story.short")
    if low:
        return words("board.story.low", low=low, all=every)
    return words("board.story.high", high=high, all=every) if high else words("board.story.inside", all=every)


def uptake_moved(spreads: Sequence[Spread], words: Words) -> str:
    """The service whose uptake changed most; empty where none changed."""
    changed = [(spread.change, spread) for spread in spreads if spread.change]
    if not changed:
        return ""
    change, spread = max(changed, key=lambda pair: (abs(pair[0]), pair[1].service))
    return words(f"board.story.moved.{'more' if change > 0 else 'fewer'}", name=spread.name, n=abs(change))


def to_decide(facts: BoardFacts, words: Words) -> str:
    """How many matters need a decision, and the first of them."""
    matters = decisions(facts, words)
    if not matters:
        return words("board.story.decide.none")
    first = matters[0]
    several = ".more" if first.kind == "loan" and first.several else ""
    name = facts.names.get(first.service or "", "") or _loan_name(facts)
    text = words(f"board.story.first.{first.kind}{several}", name=name)
    return words("board.story.decide.one" if len(matters) == 1 else "board.story.decide", n=len(matters), first=text)


def _loan_name(facts: BoardFacts) -> str:
    return next((str(loan.name or loan.project) for loan in facts.loans if loan.behind), "")


def beside(facts: BoardFacts, words: Words) -> str:
    """The shared cost that is not yet allocated, which makes the results look better than they are."""
    left = facts.shared.amount_ore
    amount = formatting.rounded_kroner(left, words.language)
    return words("board.shared", amount=amount) if formatting.way(left) else ""


def figures(facts: BoardFacts, words: Words) -> list[Figure]:
    """Turnover, result and coverage, uptake, loans."""
    return [*_economy(facts, words), uptake(facts, words), _loans(facts, words)]


def _economy(facts: BoardFacts, words: Words) -> list[Figure]:
    total, year, language = sums(facts), str(facts.month.year), words.language
    turnover, result = (words(f"board.figure.{x}", year=year) for x in ("turnover", "result"))
    if total is None:
        reason = words("ledger.none.year", year=year)
        return [
            ledger_narrative.missing(turnover, reason, "income"),
            ledger_narrative.missing(result, reason, "result"),
        ]
    before = ledger_narrative.last_year(total.income_ore, total.income_before_ore, facts.begun, facts.month, words)
    planned = facts.budget_income_ore
    budget = [] if planned is None else [ledger_narrative.budgeted(total.income_ore, planned, words)]
    income, kept = (formatting.rounded_kroner(x, language) for x in (total.income_ore, total.result_ore))
    return [
        Figure(turnover, income, "; ".join([*budget, before]), total.synthetic, "income"),
        Figure(result, kept, _result_in_words(facts, total, words), total.synthetic, "result"),
    ]


def _result_in_words(facts: BoardFacts, total: Sums, words: Words) -> str:
    """The result against the budget, and without the product that explains it; else the coverage of all."""
    budget = _against_budget(total, words)
    results = {service: year.result_ore for service, (_, year) in facts.years.items()}
    if who := story.explains(results):
        rest = formatting.rounded_kroner(sum(results.values()) - results[who], words.language)
        return words("board.figure.result.without", budget=budget, name=facts.names[who], rest=rest)
    if total.coverage is None:
        return f"{budget}; {words('accounts.coverage').lower()} {words('ledger.coverage.short')}"
    coverage = ledger_narrative.coverage(total.coverage, words)
    return words("board.figure.result.covered", budget=budget, coverage=coverage)


def uptake(facts: BoardFacts, words: Words) -> Figure:
    """Services in use, all municipalities together."""
    label = formatting.first(words("board.figure.uptake", basis=basis(facts.spreads, words)))
    if not facts.spreads:
        return ledger_narrative.missing(label, words("product.figure.customers.none"), "services_in_use")
    active = formatting.rounded(sum(spread.active for spread in facts.spreads), words.language)
    change = f"{words('board.figure.uptake.all')}; {a_year_before(facts.spreads, words)}"
    return Figure(label, active, change, synthetic(facts.spreads), "services_in_use", story.uptake(facts))


def _loans(facts: BoardFacts, words: Words) -> Figure:
    label, language = words("board.figure.loans"), words.language
    if not facts.loans:
        return ledger_narrative.missing(label, words("board.figure.loans.none"), "loan_outstanding")
    owed = sum(loan.balance_ore for loan in facts.loans)
    before = sum(loan.balance_before_ore or 0 for loan in facts.loans)
    parts = []
    if any(loan.balance_before_ore is not None for loan in facts.loans):
        n = formatting.rounded_kroner(abs(owed - before), language)
        way = ("same", "more", "less")[formatting.way(owed - before)]
        parts.append(words(f"board.figure.loans.{way}", amount=n))
    drawn, repaid = (formatting.rounded_kroner(sum(getattr(loan, x) for loan in facts.loans), language) for x in _FLOWS)
    parts.append(words("board.figure.loans.words", drawn=drawn, repaid=repaid))
    value, made_up = formatting.rounded_kroner(owed, language), synthetic(facts.loans)
    return Figure(label, value, "; ".join(parts), made_up, "loan_outstanding", story.loans(facts))


_FLOWS: Final = ("drawn_ore", "repaid_ore")


def decisions(facts: BoardFacts, words: Words) -> list[Decision]:
    """The matters that need a decision, at most one of each kind: those with most kroner at stake first.

    Matters that are not about an amount come last.
    """
    low, high = story.outside(facts)
    candidates = (
        _outside("below", low, facts, words),
        _outside("above", high, facts, words),
        _behind(facts, words),
        _open(facts, words),
        _annex(facts, words),
        _late(facts, words),
    )
    matters = [decision for decision in candidates if decision is not None]
    return sorted(matters, key=lambda matter: -1 if matter.stake_ore is None else matter.stake_ore, reverse=True)


def synthetic_note(matters: Sequence[Decision], words: Words) -> str:
    """The note under the matters where all are synthetic; else empty."""
    return synthetic_sentence(words, synthetic=all(matter.synthetic for matter in matters)).strip()


def _stake(kind: str, ore: int, every: Sequence[int], words: Words) -> str:
    """What is at stake for the service that the row links to, as on its page; and for all, where there are several."""
    language = words.language
    stake = words(f"board.decide.{kind}.stake", amount=formatting.kroner(ore, language))
    if len(every) == 1:
        return stake
    return words("board.decide.all", stake=stake, amount=formatting.kroner(sum(every), language), n=len(every))


def _outside(kind: str, services: Sequence[str], facts: BoardFacts, words: Words) -> Decision | None:
    """Products below or above cost: the one that is off by most kroner, and how many more there are."""
    results = story.of_twelve_months(facts)
    off = {service: abs(results[service]) for service in services if service in results}
    if not off:
        return None
    worst = max(off, key=lambda service: (off[service], service))
    book, more = facts.books[worst], len(off) - 1
    key = f"board.decide.{kind}{'.more' if more else ''}"
    return Decision(
        kind,
        worst,
        words(key, name=facts.names[worst], coverage=ledger_narrative.coverage(book.coverage, words), n=more),
        _stake(kind, off[worst], list(off.values()), words),
        any(synthetic(facts.books[service].rows) for service in off),
        _through(facts),
        sum(off.values()),
        several=more > 0,
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
        _stake("loan", worst.balance_ore, [loan.balance_ore for loan in loans], words),
        synthetic(loans),
        _of_year(facts),
        sum(loan.balance_ore for loan in loans),
        several=more > 0,
    )


def _annex(facts: BoardFacts, words: Words) -> Decision | None:
    annexes = facts.without_annex
    if not annexes:
        return None
    most, more = annexes[0], len(annexes) - 1
    noun = words("product.customer.one" if most.customers == 1 else "product.customer.many")
    stake = words("board.decide.annex.stake", n=most.customers, noun=noun)
    if more:
        stake = words("board.decide.all", stake=stake, amount=sum(annex.customers for annex in annexes), n=len(annexes))
    return Decision(
        "annex",
        most.service,
        words("board.decide.annex.more" if more else "board.decide.annex", name=most.name, n=more),
        stake,
        synthetic(annexes),
        several=more > 0,
    )


def _open(facts: BoardFacts, words: Words) -> Decision | None:
    unexplaineds = [row for row in facts.unexplained or () if formatting.way(row.at_stake_ore)]
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
            words,
        ),
        synthetic(unexplaineds),
        _of_year(facts),
        sum(unexplained.at_stake_ore for unexplained in unexplaineds),
        several=more > 0,
    )


def _late(facts: BoardFacts, words: Words) -> Decision | None:
    for late in facts.late:
        noun = words("board.organisation.one" if late.organisations == 1 else "board.organisation.many")
        return Decision(
            "late",
            None,
            words("board.decide.late"),
            words(
                "board.decide.late.stake",
                n=late.organisations,
                noun=noun,
                month=formatting.month(facts.month, words.language),
            ),
            late.synthetic,
            _of_late(late),
        )
    return None


def _of_late(late: Row) -> dict[str, str]:
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


def movement_sentences(moves: Sequence[Movement], words: Words) -> tuple[list[str], str]:
    """The sentences of the movements, and a note under them where all of their numbers are synthetic."""
    alike = all(movement.synthetic for movement in moves if movement.service)
    sentences = [
        movement.sentence + synthetic_sentence(words, synthetic=movement.synthetic and not alike) for movement in moves
    ]
    return sentences, synthetic_sentence(words, synthetic=alike and synthetic(moves)).strip()


def _off_budget(facts: BoardFacts) -> tuple[str | None, dict[str, tuple[int, int]]]:
    """Each product's result and budget, and the product that is furthest off; None where none has a budget."""
    off = {
        service: (year.result_ore, year.budget_ore)
        for service, (_, year) in facts.years.items()
        if year.budget_ore is not None
    }
    return max(off, key=lambda service: (abs(off[service][0] - off[service][1]), service), default=None), off


def _most_off_budget(facts: BoardFacts, words: Words) -> Movement:
    most, off = _off_budget(facts)
    if most is None:
        return Movement("result", None, words("board.moves.result.none"))
    amount = ledger_narrative.against(*off[most], words("ledger.budget"), words, result=True)
    text = words("board.moves.result", name=facts.names[most], amount=amount, year=str(facts.month.year))
    return Movement("result", most, text, _of_year(facts), synthetic(facts.books[most].rows))


def _income_changes(facts: BoardFacts) -> tuple[str | None, dict[str, tuple[int, int]]]:
    """Each product's income now and a year before, and the product that changed most; None where none compares."""
    compared = {
        service: (year.income_ore, before.income_ore)
        for service, (book, year) in facts.years.items()
        if (before := book.last_year) is not None
    }
    return max(
        compared, key=lambda service: (abs(compared[service][0] - compared[service][1]), service), default=None
    ), compared


def _most_income(facts: BoardFacts, words: Words) -> Movement:
    most, compared = _income_changes(facts)
    if most is None:
        if facts.begun is None or kept_a_year_before(facts.begun, facts.month):
            return Movement("income", None, words("board.moves.income.empty"))
        month = formatting.month(facts.begun, words.language)
        return Movement("income", None, words("board.moves.income.none", year=str(facts.month.year - 1), month=month))
    now, then = compared[most]
    amount = ledger_narrative.against(now, then, words("ledger.last_year", year=str(facts.month.year - 1)), words)
    text = words(
        "board.moves.income",
        name=facts.names[most],
        amount=amount,
        way=("same", "up", "down")[formatting.way(now - then)],
        before=formatting.rounded_kroner(then, words.language),
        now=formatting.rounded_kroner(now, words.language),
    )
    causes = facts.income_moved.get(most)
    text += f" {why.income_in_words(causes, now - then, words)}" if causes else ""
    return Movement("income", most, text, _of_year(facts), synthetic(facts.books[most].rows))


def _most_uptake(facts: BoardFacts, words: Words) -> Movement:
    changed = [(spread.change, spread) for spread in facts.spreads if spread.change is not None]
    if not changed:
        return Movement("spread", None, words("board.moves.uptake.none"))
    change, spread = max(changed, key=lambda pair: (abs(pair[0]), pair[1].service))
    way = "same" if not change else "more" if change > 0 else "fewer"
    of = (
        {}
        if not change
        else {"name": spread.name, "n": abs(change), "now": spread.active, "all": spread.municipalities}
    )
    text = words(f"board.moves.uptake.{way}", **of)
    return Movement("spread", spread.service, text, {pages.MONTH: f"{spread.month:%Y-%m}"}, spread.synthetic)


def products_title(facts: BoardFacts, words: Words) -> str:
    """How many products are below and above the limits of self-cost coverage."""
    low, high = story.outside(facts)
    if not story.covered(facts):
        return words("board.products.caption")
    return words("board.products.title", low=len(low), high=len(high), all=story.covered(facts))


def unbooked(facts: BoardFacts, words: Words) -> str:
    """The products that nothing is booked on, each with its municipalities; empty where a table has them as rows."""
    listed = []
    for line, spread in facts.unbooked:
        text = words("board.products.unbooked.one", name=line.name, n=spread.active)
        if spread.month != facts.month:
            text += f" {words('board.products.unbooked.month', month=formatting.month(spread.month, words.language))}"
        elif spread.change is not None:
            text += f" ({formatting.signed(spread.change, words.language)})"
        listed.append(text)
    if not listed:
        return ""
    return words("board.products.unbooked.all", listed=formatting.listing(listed, words.language))


def products_subtitle(facts: BoardFacts, words: Words, *, file: bool = False) -> str:
    """What the products' numbers cover, and why some are missing; a file has whole kroner."""
    return words(
        "board.products.file" if file else "board.products.subtitle",
        months=ledger_narrative.months(facts.month, words),
        observed=basis(facts.spreads, words),
        reasons=words("board.products.reasons"),
    ) + synthetic_sentence(words, synthetic=all(line.synthetic for line in facts.products))
