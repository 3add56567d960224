"""What a product's accounts say: its answer, figures, periods, prices, what-if, loans, reconciliation. Pure.

Amounts are integer øre without VAT; sums are of integers, and prices are calculated by `catalog.domain.self_cost`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from catalog.domain import price_effects
from catalog.domain.calendar import quarter_number, year_before
from catalog.domain.pricing import half_away
from catalog.domain.self_cost import BY_CUSTOMER, Assumptions, Calculation, change_percent
from dashboards.shared.ledger import narrative as ledger_narrative
from dashboards.shared.ledger.models import CATEGORIES, HIGH, LOW, Account, Total, total
from dashboards.shared.narrative import MONTHS_OF_A_YEAR, Figure, months_between
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.domain.price_effects import Customer, Paid
    from catalog.domain.self_cost import Priced, Result
    from dashboards.words import Words

QUARTER: Final = 3
QUARTERS: Final = ("1", "2", "3", "4")
WHOLE: Final = "hele"
"""The quarter filter's value for the whole year."""
SIZES: Final = (*(name for _, name in price_effects.SIZES), price_effects.NO_MUNICIPALITY, price_effects.UNNAMED)
COSTS: Final = ("brukerstotte", "drift", "forvaltning", "administrasjon")
"""The costs that may be changed, as named in the link; the calculation uses the same names in capitals."""


def in_kroner(ore: int) -> Decimal:
    """An amount in exact kroner."""
    return Decimal(ore) / 100


# --- periods ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """A year or quarter, up to the last complete month.

    Attributes:
        quarter: None for the year.
        last: its last complete month.
        whole: whether all its months are complete.
    """

    year: int
    quarter: int | None
    first: date
    last: date

    @property
    def whole(self) -> bool:
        """Whether all its months are complete."""
        return months_between(self.first, self.last) + 1 == (QUARTER if self.quarter else MONTHS_OF_A_YEAR)

    def name(self, words: Words) -> str:
        """`2026`, or `3. kvartal 2026`."""
        year = str(self.year)
        return words("accounts.quarter.named", n=self.quarter, year=year) if self.quarter else year

    def when(self, words: Words) -> str:
        """`i 2026, til og med oktober 2026`."""
        if self.whole:
            return words("accounts.in", period=self.name(words))
        month = formatting.month(self.last, words.language)
        return words("accounts.in.so_far", period=self.name(words), month=month)


def period(year: int, quarter: int | None, through: date) -> Period:
    """The period, up to `through`, the last complete month."""
    first = date(year, (quarter - 1) * QUARTER + 1, 1) if quarter else date(year, 1, 1)
    end = date(year, quarter * QUARTER, 1) if quarter else date(year, MONTHS_OF_A_YEAR, 1)
    return Period(year, quarter, first, min(end, through))


def year_labels(months: Sequence[date], words: Words) -> dict[str, str]:
    """The years of the ledger, newest first; an unfinished last year says how far it has come."""
    labels = {}
    for year in sorted({month.year for month in months}, reverse=True):
        last = max(month for month in months if month.year == year)
        text = str(year)
        if last == months[-1] and last.month < MONTHS_OF_A_YEAR:
            text = words("accounts.year_so_far", year=text, month=formatting.month(last, words.language).split(" ")[0])
        labels[str(year)] = text
    return labels


def quarter_labels(months: Sequence[date], year: int, words: Words) -> dict[str, str]:
    """The whole year, and the quarters that the ledger has."""
    there = {quarter_number(month) for month in months if month.year == year}
    named = {quarter: words("accounts.quarter", n=int(quarter)) for quarter in QUARTERS if int(quarter) in there}
    return {WHOLE: words("accounts.whole_year"), **named}


# --- the answer and the figures ---------------------------------------------------------------------------------------


def answer(service: str, sums: Total, balance_ore: int, at: Period, words: Words) -> str:
    """The page's answer: result, cost coverage, and the balance carried."""
    language, when = words.language, at.when(words)
    amount = formatting.kroner(abs(sums.result_ore), language)
    if sums.coverage is None:
        income = formatting.kroner(sums.income_ore, language)
        text = words("accounts.answer.no_cost", service=service, amount=income, when=when)
    elif sums.result_ore == 0:
        text = words("accounts.answer.even", service=service, when=when)
    else:
        key = "accounts.answer.surplus" if sums.result_ore > 0 else "accounts.answer.deficit"
        coverage = formatting.per_cent(sums.coverage, language)
        text = words(key, service=service, amount=amount, when=when, coverage=coverage)
    if balance_ore:
        key = "surplus" if balance_ore > 0 else "deficit"
        carried = formatting.kroner(abs(balance_ore), language)
        month = formatting.month(at.last, language)
        text += " " + words(f"accounts.answer.carried.{key}", amount=carried, month=month)
    return text


def before(rows: Sequence[Account], at: Period) -> Total | None:
    """The same months of the year before; None if the ledger lacks any of them."""
    first, last = year_before(at.first), year_before(at.last)
    there = sum(first <= account.month <= last for account in rows)
    return total(rows, first, last) if there == months_between(first, last) + 1 else None


def figures(
    sums: Total,
    budget_income_ore: int | None,
    then: Total | None,
    twelve: Total | None,
    balance_ore: int,
    at: Period,
    words: Words,
) -> list[Figure]:
    """Income, cost, result, self-cost coverage and balance carried, each compared.

    Args:
        sums: the sums of the period.
        budget_income_ore: budgeted income; None where a month has no budget.
        then: the same months of the year before.
        twelve: the twelve months that end with the period, as the board sees; None if there are fewer.
        balance_ore: the balance carried.
        at: the period.
        words: the texts.
    """
    language, marked = words.language, sums.synthetic
    coverage = formatting.MISSING if sums.coverage is None else formatting.per_cent(sums.coverage, language)
    return [
        Figure(
            words("accounts.income"),
            formatting.kroner(sums.income_ore, language),
            ledger_narrative.budgeted(sums.income_ore, budget_income_ore, words),
            marked,
            "income",
        ),
        Figure(
            words("accounts.cost"),
            formatting.kroner(sums.cost_ore, language),
            _against_before(sums.cost_ore, then.cost_ore if then else None, words),
            marked,
            "cost",
        ),
        Figure(
            words("accounts.result"),
            formatting.kroner(sums.result_ore, language),
            ledger_narrative.budgeted(sums.result_ore, sums.budget_ore, words, result=True),
            marked,
            "result",
        ),
        Figure(
            words("accounts.coverage"),
            coverage,
            _coverage_in_words(sums.coverage, words) + _of_twelve(twelve, at, words),
            marked,
            "self_cost_percent",
        ),
        Figure(
            words("accounts.carried"),
            formatting.kroner(balance_ore, language),
            _carried(balance_ore, at, words),
            marked,
            "balance_carried",
        ),
    ]


def _against_before(amount_ore: int, then_ore: int | None, words: Words) -> str:
    if not then_ore:
        return words("accounts.no_year_before")
    change = change_percent(Decimal(then_ore), Decimal(amount_ore)) or Decimal(0)
    if not change:
        return words("accounts.same")
    key = "accounts.more" if change > 0 else "accounts.less"
    return words(key, change=formatting.per_cent(abs(change), words.language))


def _coverage_in_words(coverage: Decimal | None, words: Words) -> str:
    if coverage is None:
        return words("accounts.coverage.none")
    place = "low" if coverage < LOW else "high" if coverage > HIGH else "good"
    return words(f"accounts.coverage.{place}", low=int(LOW), high=int(HIGH))


def _of_twelve(twelve: Total | None, at: Period, words: Words) -> str:
    """The coverage of twelve months, and the shortfall in kroner."""
    if twelve is None or twelve.coverage is None:
        return ""
    language, lacks = words.language, twelve.cost_ore - twelve.income_ore
    return words(
        "accounts.coverage.twelve.short" if lacks > 0 else "accounts.coverage.twelve",
        coverage=formatting.per_cent(twelve.coverage, language),
        amount=formatting.kroner(lacks, language),
        month=formatting.month(at.last, language),
    )


def _carried(balance_ore: int, at: Period, words: Words) -> str:
    key = "surplus" if balance_ore > 0 else "deficit" if balance_ore < 0 else "none"
    return words(f"accounts.carried.{key}", month=formatting.month(at.last, words.language))


def budget_income(rows: Sequence[Mapping[str, Any]], at: Period) -> int | None:
    """Budgeted income; None where a month of the period has no budget."""
    budgets = [
        row["budget_income_ore"]
        for row in rows
        if at.first <= row["month"] <= at.last and row["budget_income_ore"] is not None
    ]
    return sum(budgets) if len(budgets) == months_between(at.first, at.last) + 1 else None


# --- from income to result, and by month and quarter ------------------------------------------------------------------


def steps_title(sums: Total, words: Words) -> str:
    """The largest cost, as a claim."""
    costs = {**{name: sums.costs_ore[name] for name in CATEGORIES}, "allocated": sums.allocated_ore}
    if sums.cost_ore <= 0:
        return words("accounts.steps.title.no_cost")
    most = max(costs, key=lambda name: costs[name])
    return words(
        "accounts.steps.title",
        step=words(f"value.part.{most}"),
        amount=formatting.kroner(costs[most], words.language),
        all=formatting.kroner(sums.cost_ore, words.language),
    )


def development_title(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The result against the budget at the end of the months, as a claim."""
    last, n = rows[-1], len(rows)
    if last["budget_so_far_ore"] is None:
        amount = formatting.kroner(last["result_so_far_ore"], words.language)
        return words("accounts.development.title.none", n=n, amount=amount)
    over = last["result_so_far_ore"] - last["budget_so_far_ore"]
    key = "better" if over > 0 else "worse" if over < 0 else "same"
    return words(f"accounts.development.title.{key}", n=n, amount=formatting.kroner(abs(over), words.language))


@dataclass(frozen=True, slots=True)
class Stated:
    """A year or quarter of the statement; `label` says if it is incomplete."""

    at: Period
    label: str
    sums: Total
    balance_ore: int


def statement(rows: Sequence[Account], words: Words) -> list[Stated]:
    """The years of a ledger, newest first, each followed by its quarters, newest first."""
    stateds: list[Stated] = []
    through = rows[-1].month
    for year in sorted({account.month.year for account in rows}, reverse=True):
        there = sorted({quarter_number(account.month) for account in rows if account.month.year == year}, reverse=True)
        for quarter in (None, *there):
            at = period(year, quarter, through)
            within = [account for account in rows if at.first <= account.month <= at.last]
            sums = total(rows, at.first, at.last)
            if sums is not None:
                stateds.append(Stated(at, _stated(at, within, words), sums, within[-1].balance_carried_ore))
    return stateds


def _stated(at: Period, within: Sequence[Account], words: Words) -> str:
    text = formatting.first(at.name(words))
    if within[0].month > at.first:
        text = words("accounts.statement.from", period=text, month=formatting.month(within[0].month, words.language))
    if not at.whole:
        text = words("accounts.statement.partly", period=text, month=formatting.month(at.last, words.language))
    return text


def statement_title(stateds: Sequence[Stated], words: Words) -> str:
    """How many quarters ended in surplus, as a claim."""
    quarters = [stated for stated in stateds if stated.at.quarter]
    return words(
        "accounts.statement.title", n=sum(quarter.sums.result_ore > 0 for quarter in quarters), all=len(quarters)
    )


# --- prices -----------------------------------------------------------------------------------------------------------


def price_name(priced: Priced, elements: Mapping[str, str], words: Words) -> str:
    """A price's name, with channel and sizes."""
    name = _element(priced, elements, words)
    channel = words.word("channel", priced.channel or "")
    more = [channel] if channel and channel.casefold() != name.casefold() else []
    more += [words("accounts.price.size.from", n=priced.size_low)] if priced.size_low is not None else []
    more += [words("accounts.price.size.under", n=priced.size_high)] if priced.size_high is not None else []
    return f"{name} ({', '.join(more)})" if more else name


def _element(priced: Priced, elements: Mapping[str, str], words: Words) -> str:
    """What the price is for: the invoice text, or the unit it counts where invoice texts vary."""
    text = elements.get(priced.price_element, priced.price_element)
    if text == priced.price_element and priced.kind in {"PER_ACCOUNT", "PER_MESSAGE_TYPE"}:
        text = words(f"organisation.kind.{priced.kind}")
    return formatting.first(words.word("element", text))


def price_title(calculation: Calculation, words: Words) -> str:
    """How much all prices must change, by the same per cent, for the service to break even."""
    year = str(calculation.base.year)
    change = change_of(calculation)
    if not calculation.results or (change is None and calculation.to_cover_ore > 0):
        return words("accounts.price.title", year=year)
    if calculation.to_cover_ore <= 0:
        return words("accounts.price.title.nothing", year=year)
    key = "up" if change and change > 0 else "down" if change and change < 0 else "same"
    return words(
        f"accounts.price.title.{key}", year=year, change=formatting.per_cent(abs(change or Decimal(0)), words.language)
    )


def change_of(calculation: Calculation) -> Decimal | None:
    """Per cent from today's price to the self-cost price, for the price with the largest share; None if unknown."""
    results = [x for x in calculation.results if x.priced.current]
    if not results:
        return None
    most = max(results, key=lambda x: x.share_ore)
    return change_percent(most.priced.current, most.self_cost)


def decided(calculation: Calculation, elements: Mapping[str, str], words: Words) -> str:
    """Whether the calculation reproduces the decided prices, or how far it is from them."""
    year = str(calculation.base.year)
    results = [x for x in calculation.results if x.priced.decided is not None]
    if not results:
        return words("accounts.price.decided.none", year=year)
    if all(x.reproduced for x in results):
        return words("accounts.price.decided.all", year=year)
    most = max(results, key=lambda x: (abs(x.gap_percent or Decimal(0)), abs(x.gap or Decimal(0))))
    return words(
        "accounts.price.decided.gap",
        year=year,
        element=price_name(most.priced, elements, words),
        self_cost=formatting.price(most.self_cost, words.language),
        decided=formatting.price(most.priced.decided or Decimal(0), words.language),
    )


def gap(result: Result, words: Words) -> str:
    """How far a price is from the decided one: equal, or in kroner and per cent."""
    if result.gap is None:
        return formatting.MISSING
    if result.reproduced:
        return words("accounts.price.reproduced")
    text = signed_price(result.gap, words)
    return text if result.gap_percent is None else f"{text} ({signed_percent(result.gap_percent, words)})"


def signed_price(value: Decimal, words: Words) -> str:
    """A difference of prices, with its sign."""
    return _sign(value) + formatting.price(abs(value), words.language)


def signed_percent(value: Decimal | None, words: Words) -> str:
    """A change in per cent, with its sign; `..` where it is not known."""
    return formatting.MISSING if value is None else _sign(value) + formatting.per_cent(abs(value), words.language)


def signed_kroner(ore: int, words: Words) -> str:
    """A change in kroner, with its sign."""
    return _sign(Decimal(ore)) + formatting.kroner(abs(ore), words.language)


def _sign(value: Decimal) -> str:
    return "+" if value > 0 else "\u2212" if value < 0 else ""


def formula(calculation: Calculation, result: Result, elements: Mapping[str, str], words: Words) -> str:
    """A price's calculation in words: (cost less surplus) times its share, divided by its units."""
    language, used = words.language, calculation.balance_used_ore
    share = Decimal(result.share_ore * 100) / calculation.to_cover_ore if calculation.to_cover_ore else Decimal(100)
    customers = result.priced.kind in BY_CUSTOMER
    return words(
        "accounts.price.formula.one",
        element=price_name(result.priced, elements, words),
        cost=formatting.kroner(calculation.cost_base_ore, language),
        sign="+" if used < 0 else "\u2212",
        balance=formatting.kroner(abs(used), language),
        share=formatting.per_cent(share, language),
        units=formatting.number(result.units["expected"], language),
        unit=words("accounts.price.customers")
        if customers
        else words("accounts.price.unit", unit=words.word("unit", result.priced.unit)),
        price=formatting.price(result.self_cost, language),
        proposed=formatting.price(result.proposed, language),
    )


# --- what if ----------------------------------------------------------------------------------------------------------


def supposed(assumptions: Assumptions, words: Words) -> str:
    """The assumptions in a sentence."""
    language, clauses = words.language, []
    if assumptions.municipalities is not None:
        clauses.append(words("accounts.what_if.supposed.municipalities", n=assumptions.municipalities))
    changes = [(words("accounts.what_if.use"), assumptions.volume)]
    changes += [(words(f"value.part.{cost}").lower(), assumptions.cost.get(cost.upper(), Decimal(0))) for cost in COSTS]
    for what, percent in changes:
        if percent:
            key = "more" if percent > 0 else "less"
            text = formatting.per_cent(abs(percent), language)
            clauses.append(words(f"accounts.what_if.supposed.{key}", percent=text, what=what))
    if not clauses:
        return words("accounts.what_if.supposed.none")
    return words("accounts.what_if.supposed", what=formatting.listing(clauses, language))


def what_if_title(base: Calculation, calculation: Calculation, words: Words) -> str:
    """How the self-cost prices compare with the base case."""
    if base.assumptions == calculation.assumptions or not base.results or not calculation.results:
        return words("accounts.what_if.title")
    pairs = [(x.share_ore, x.self_cost, y.self_cost) for x, y in zip(base.results, calculation.results, strict=True)]
    _, was, now = max(pairs)
    change = change_percent(was, now)
    if change is None:
        return words("accounts.what_if.title")
    key = "up" if change > 0 else "down" if change < 0 else "same"
    return words(f"accounts.what_if.title.{key}", change=formatting.per_cent(abs(change), words.language))


def command(service: str, assumptions: Assumptions, words: Words) -> str:
    """The command that writes the same calculation to a workbook."""
    parts = ["dif price", service]
    if assumptions.municipalities is not None:
        parts.append(f"--municipalities {assumptions.municipalities}")
    if assumptions.volume:
        parts.append(f"--volume {_percent_option(assumptions.volume)}")
    parts += [
        f"--cost {name}={_percent_option(percent)}" for name, percent in sorted(assumptions.cost.items()) if percent
    ]
    return " ".join([*parts, "--out", words("accounts.what_if.file")])


def _percent_option(value: Decimal) -> str:
    return f"{'+' if value > 0 else ''}{value.normalize():f}%"


def size(name: str, words: Words) -> str:
    """A customer size class in the page's language."""
    return words(f"accounts.size.{SIZES.index(name)}")


# --- what a municipality pays -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PaidOfSize:
    """What the municipalities of a size class paid: their number, the total, the least and the most."""

    size: str
    municipalities: int
    amount_ore: int
    least_ore: int
    most_ore: int
    inhabitants: int

    @property
    def mean_ore(self) -> int:
        """Mean per municipality."""
        return half_away(Decimal(self.amount_ore) / self.municipalities)

    @property
    def each_ore(self) -> int:
        """Mean per inhabitant."""
        return half_away(Decimal(self.amount_ore) / self.inhabitants)


def by_municipality(paid: Sequence[Paid]) -> dict[Customer, int]:
    """What each municipality of known size paid, smallest first."""
    sums: dict[Customer, int] = {}
    for payment in paid:
        if payment.customer.inhabitants:
            sums[payment.customer] = sums.get(payment.customer, 0) + payment.amount_ore
    return dict(sorted(sums.items(), key=lambda x: (x[0].inhabitants or 0, x[0].organisation_number or "")))


def paid_by_size(paid: Mapping[Customer, int]) -> list[PaidOfSize]:
    """The municipalities summed by size class, smallest first."""
    groups = []
    for _, name in price_effects.SIZES:
        of = {who: ore for who, ore in paid.items() if who.size == name}
        if of:
            people = sum(who.inhabitants or 0 for who in of)
            groups.append(PaidOfSize(name, len(of), sum(of.values()), min(of.values()), max(of.values()), people))
    return groups


def paid_title(sizes: Sequence[PaidOfSize], words: Words) -> str:
    """What a small and a large municipality pay, as a claim."""
    smallest, largest = price_effects.SIZES[0][1], price_effects.SIZES[-1][1]
    means = {size.size: formatting.kroner(size.mean_ore, words.language) for size in sizes}
    if smallest in means and largest in means:
        return words("accounts.paid.title", small=means[smallest], large=means[largest])
    return words("accounts.paid.title.plain")


# --- loans ------------------------------------------------------------------------------------------------------------


def loan_title(row: Mapping[str, Any], words: Words) -> str:
    """The balance of a project's loan, and its expected payoff."""
    balance = formatting.kroner(row["balance_ore"], words.language)
    if row["balance_ore"] <= 0:
        return words("accounts.loan.title.paid", project=row["project_title"])
    if row["payoff_month_expected"]:
        month = formatting.month(row["payoff_month_expected"], words.language)
        return words("accounts.loan.title.when", project=row["project_title"], balance=balance, month=month)
    return words("accounts.loan.title", project=row["project_title"], balance=balance)


def payoff(row: Mapping[str, Any], words: Words) -> str:
    """A project loan's expected payoff, and what is wrong with the loan."""
    months = {level: row[f"payoff_month_{level}"] for level in ("low", "expected", "high")}
    extended = row["payoff_basis"] == "EXTENDED"
    return ledger_narrative.payoff(months, row["payoff_reason"], words, extended=extended, overdrawn=row["overdrawn"])


# --- reconciliation, unmapped cost, periods ---------------------------------------------------------------------------


def summed(rows: Sequence[Mapping[str, Any]], name: str) -> int:
    """The sum of a column of øre."""
    return sum(int(row[name]) for row in rows)


def reconciliation_title(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The amount at stake, as a claim."""
    stake = summed(rows, "at_stake_ore")
    if not stake:
        return words("accounts.reconciliation.title.none")
    return words("accounts.reconciliation.title", amount=formatting.kroner(stake, words.language))


def ties(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """The billed amount as a sum of its parts."""
    named = {
        "billed": "billed_ore",
        "expected": "expected_ore",
        "explained": "explained_ore",
        "open": "open_ore",
        "not_rec": "not_reconcilable_ore",
    }
    amounts = {part: formatting.kroner(summed(rows, name), words.language) for part, name in named.items()}
    return words("accounts.reconciliation.ties", **amounts)


def periods_title(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """Which quarter was closed last."""
    closed = [row["quarter"] for row in rows if row["status"] == "CLOSED"]
    if not closed:
        return words("accounts.periods.title.none")
    return words("accounts.periods.title", quarter=words.quarter(max(closed)))
