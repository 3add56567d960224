"""A price calculation for a person, in bokmål or English.

Headings are the titles of the contracts. Texts that a release has only in Norwegian, such as formulas and customer
sizes, stay Norwegian in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from catalog.contracts.language import DatasetContract
from catalog.domain import price_effects, self_cost
from catalog.domain.self_cost import (
    BY_CUSTOMER,
    LEVELS,
    MUNICIPALITIES,
    SOURCES,
    Assumptions,
    Base,
    Calculation,
    Cost,
    Priced,
    change_percent,
    kroner,
    number,
    whole_kroner,
)
from catalog.tables.price_calculation import PRICE_CALCULATION, PRICE_COST, PRICE_USE
from catalog.text import Text, en, nb
from pipelines.accounts.price import Report
from pipelines.cli.present.formats import month
from pipelines.cli.screen import Table

TEXTS: Final[Mapping[str, Text]] = {
    "title": nb("{service}, {year}: priskalkyle fra utgave {release}{synthetic}. Uten mva.")
    | en("{service}, {year}: price calculation from release {release}{synthetic}. Excl. VAT."),
    "synthetic": nb(", syntetisk") | en(", synthetic"),
    "far": nb(
        "Ingenting er framskrevet så langt fram: bruken er som de neste tolv månedene, kostnaden som de siste, og "
        "hvert år til da gir samme resultat som det siste."
    )
    | en(
        "No forecast reaches that far: use is that of the next twelve months, cost that of the last twelve, and each "
        "year until then has the same result as the last."
    ),
    "supposed.none": nb("Ingenting er forutsatt: kostnaden som den var, bruken som framskrevet.")
    | en("Nothing assumed: cost as it was, use as forecast."),
    "supposed.municipalities": nb("Forutsatt: {n} kommuner har tjenesten, og bruken følger.")
    | en("Assumed: {n} municipalities have it, and use follows."),
    "supposed.differ": nb("Nå er {used} i bruk, og {paying} betaler: de betalende vokser i samme forhold som bruken.")
    | en("Now {used} use it and {paying} pay: payers grow in proportion to users."),
    "supposed.volume": nb("Forutsatt: {percent} % bruk mot framskrivingen.")
    | en("Assumed: {percent} % use compared with the forecast."),
    "supposed.cost": nb("Forutsatt: {percent} % kostnad, {category}.") | en("Assumed: {percent} % cost, {category}."),
    "supposed.years": nb("Forutsatt: det akkumulerte resultatet gjøres opp over {years} år.")
    | en("Assumed: the carried balance is settled over {years} years."),
    "rule.years": nb("Det akkumulerte resultatet gjøres opp over {years} år, om ikke annet er valgt.")
    | en("The carried balance is settled over {years} years unless chosen otherwise."),
    "supposed.price": nb("Forutsatt: {percent} % på dagens priser, som da er de foreslåtte.")
    | en("Assumed: {percent} % on today's prices, which are then the proposed ones."),
    "growth": nb("Den bokførte kostnaden har fått prisvekst til {year}: {percent} %, {name}.")
    | en("Price growth is added to the booked cost until {year}: {percent} %, {name}."),
    "growth.none": nb("Kostnaden er fjorårets: ingen prisvekst er lagt til.")
    | en("The cost is last year's: no price growth is added."),
    "decided.covers": nb("De vedtatte prisene dekker allerede det som skal dekkes.")
    | en("The decided prices already cover what must be covered."),
    "months": nb("{first} til {last}") | en("{first} to {last}"),
    "cost.growth": nb("prisvekst") | en("price growth"),
    "cost.assumed": nb("forutsatt endring i kostnad") | en("assumed change in cost"),
    "cost.use": nb("endret bruk") | en("changed use"),
    "cost.sum": nb("Fast {fixed}, varierer med bruk {variable}, til sammen {base}")
    | en("Fixed {fixed}, varies with use {variable}, total {base}"),
    "balance.now": nb("Akkumulert resultat {now} til og med {month}, ventet {expected} ved utgangen av {year}")
    | en("Carried balance {now} through {month}, expected {expected} at the end of {year}"),
    "balance.missing": nb("Måneder fram til da uten regnskap året før, regnet som null: {n}")
    | en("Months until then without accounts for the year before, counted as zero: {n}"),
    "balance.surplus": nb("Akkumulert overskudd {balance}, {used} av det trekkes fra; skal dekkes {cover}")
    | en("Carried surplus {balance}, of which {used} is subtracted; to be covered {cover}"),
    "balance.deficit": nb("Akkumulert underskudd {balance}, {used} av det legges til; skal dekkes {cover}")
    | en("Carried deficit {balance}, of which {used} is added; to be covered {cover}"),
    "expected.surplus": nb("Ventet overskudd {balance}, {used} av det trekkes fra; skal dekkes {cover}")
    | en("Expected surplus {balance}, of which {used} is subtracted; to be covered {cover}"),
    "expected.deficit": nb("Ventet underskudd {balance}, {used} av det legges til; skal dekkes {cover}")
    | en("Expected deficit {balance}, of which {used} is added; to be covered {cover}"),
    "use": nb("Ventet bruk") | en("Expected use"),
    "prices": nb("Priser, kr") | en("Prices, kr"),
    "levels": nb("Dekning og inntekt med foreslåtte priser og med dagens")
    | en("Coverage and income, at the proposed prices and at today's"),
    "still": nb("Ingen av prisene eller kostnadene telles etter bruk, så --volume endrer ingenting.")
    | en("None of its prices or costs depends on use, so --volume changes nothing."),
    "sizes": nb("Hva en kunde betaler for samme bruk, i snitt etter størrelse, kr ({months})")
    | en("What a customer pays for the same use, mean by size, kr ({months})"),
    "sizes.none": nb("Ingen har brukt tjenesten i disse månedene.") | en("Nobody used the service in these months."),
    "largest.kr": nb("De ti største økningene i kroner") | en("The ten largest increases in kroner"),
    "largest.percent": nb("De ti største økningene i prosent") | en("The ten largest increases in per cent"),
    "largest.none": nb("Ingen navngitt kunde betaler mer.") | en("No named customer pays more."),
    "from": nb("fra {n} innbyggere") | en("from {n} inhabitants"),
    "under": nb("under {n} innbyggere") | en("under {n} inhabitants"),
    "fixed": nb("fast") | en("fixed"),
    "kr": nb("Kr i året") | en("Kr a year"),
    "as_now": nb("ingen: som nå") | en("none: as now"),
    "change": nb("Endring") | en("Change"),
    "reproduced": nb("ingen") | en("none"),
    "unchanged": nb("uendret") | en("unchanged"),
    "level": nb("Bruk") | en("Use"),
    "cost": nb("Kostnad, kr") | en("Cost, kr"),
    "income.proposed": nb("Inntekt, foreslått pris, kr") | en("Income, proposed price, kr"),
    "cover.proposed": nb("Dekning med saldo, foreslått pris") | en("Coverage with balance, proposed price"),
    "income.today": nb("Inntekt, dagens pris, kr") | en("Income, today's price, kr"),
    "size": nb("Størrelse") | en("Size"),
    "customers": nb("Kunder i fakturagrunnlaget") | en("Customers in the invoice basis"),
    "today": nb("I dag") | en("Today"),
    "then": nb("Da") | en("Then"),
    "organisation": nb("Virksomhet") | en("Organisation"),
    "name": nb("Navn") | en("Name"),
    "more": nb("Mer") | en("More"),
    "percent": nb("Prosent") | en("Per cent"),
    "decided": nb("{price}: {amount} kr per {unit} i {year}") | en("{price}: {amount} kr per {unit} in {year}"),
}
_WHOLE = 100

Cells = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Words:
    """The texts in one language, as `words("use")`, and the contracts' titles of columns."""

    language: str

    def __call__(self, key: str, **parts: object) -> str:
        """The text `key` with its placeholders filled."""
        return TEXTS[key][self.language].format(**parts)

    def column(self, contract: DatasetContract, name: str) -> str:
        """A column's title in its contract."""
        return contract[name].title[self.language]

    def headed(self, cells: Cells, contract: DatasetContract | None = None) -> dict[str, object]:
        """Cells under their headings: the contract's title of a column, or the text of that name."""
        columns = {c.name for c in contract.columns} if contract else set()
        return {self.column(contract, n) if contract and n in columns else self(n): v for n, v in cells.items()}


def calculation(report: Report, words: Words) -> Iterator[str | Table]:
    """The calculation, from the assumptions to who pays more."""
    whole, base = report.calculation, report.calculation.base
    mark = words("synthetic") if base.synthetic else ""
    yield words("title", service=base.service, year=base.year, release=report.release, synthetic=mark)
    if base.year > report.last.year + 1:
        yield f"  {words('far')}"
    for line in (*_assumed(base, whole.assumptions, words), *_paying(report, words)):
        yield f"  {line}"
    months = words("months", first=month(report.first), last=month(report.last))
    yield f"\n{words.column(PRICE_CALCULATION, 'cost_base_ore')}, {months}"
    yield Table([words.headed(cells, PRICE_COST) for cells in _costs(whole, words)])
    sums = {"fixed": whole.fixed_ore, "variable": whole.variable_ore, "base": whole.cost_base_ore}
    yield f"  {words('cost.sum', **{name: kroner(ore) for name, ore in sums.items()})}"
    for line in _balance(report, words):
        yield f"  {line}"
    yield f"\n{words('use')}"
    drivers = {p.driver for p in base.prices} | {line.varies_with for line in base.costs} | {MUNICIPALITIES}
    yield Table([words.headed(_use(u, words), PRICE_USE) for u in report.drivers if u["driver"] in drivers])
    yield f"\n{words('prices')}"
    yield Table([words.headed(_price(x, words), PRICE_CALCULATION) for x in whole.results])
    if whole.results and all(x.covered for x in whole.results):
        yield f"  {words('decided.covers')}"
    yield f"\n{words.column(PRICE_CALCULATION, 'formula')}"
    for result in whole.results:
        yield f"  {_name(result.priced, words)}: {result.formula}"
    yield f"\n{words('levels')}"
    yield Table([words.headed(_level(whole, name, words), PRICE_CALCULATION) for name in LEVELS])
    if whole.assumptions.volume and not whole.moves_with_use:
        yield f"  {words('still')}"
    used_in = months
    if report.used_from and report.used_to:
        used_in = words("months", first=month(report.used_from), last=month(report.used_to))
    yield f"\n{words('sizes', months=used_in)}"
    sizes = [words.headed(_size(s)) for s in price_effects.by_size(report.effects)]
    yield Table(sizes, empty=words("sizes.none"))
    for kind in ("kr", "percent"):
        yield f"\n{words(f'largest.{kind}')}"
        largest = price_effects.largest(report.effects, percent=kind == "percent")
        yield Table([words.headed(_effect(e, words)) for e in largest], empty=words("largest.none"))


def decided(rows: Sequence[Mapping[str, Any]], year: int, words: Words) -> list[str]:
    """The prices that were decided for a year."""
    return [
        words("decided", price=row["price_element"], amount=number(row["price"]), unit=row["unit"], year=year)
        for row in rows
    ]


def _assumed(base: Base, assumptions: Assumptions, words: Words) -> list[str]:
    lines = []
    if assumptions.price is not None:
        lines.append(words("supposed.price", percent=_signed(assumptions.price)))
    if assumptions.municipalities is not None:
        lines.append(words("supposed.municipalities", n=assumptions.municipalities))
    if assumptions.volume:
        lines.append(words("supposed.volume", percent=_signed(assumptions.volume)))
    lines += [
        words("supposed.cost", percent=_signed(percent), category=category)
        for category, percent in sorted(assumptions.cost.items())
    ]
    as_usual = assumptions.years == base.settle_years
    settled = words("rule.years" if as_usual else "supposed.years", years=assumptions.years)
    growth = words("growth.none")
    if base.deflator:
        percent = _signed((base.price_growth - 1) * _WHOLE)
        growth = words("growth", name=base.deflator, percent=percent, year=base.year)
    return [*(lines or [words("supposed.none")] if as_usual else lines), settled, growth]


def _paying(report: Report, words: Words) -> list[str]:
    """A note if paying and using municipalities differ, when their count is assumed: the count is of users."""
    base, here = report.calculation.base, report.calculation.base.uses.get(MUNICIPALITIES)
    by_customer = {p.price_element for p in base.prices if p.driver == MUNICIPALITIES and p.kind in BY_CUSTOMER}
    paying = {
        line.customer.organisation_number
        for line in report.paid
        if line.price_element in by_customer and line.customer.inhabitants is not None
    }
    if report.calculation.assumptions.municipalities is None or here is None or not paying or here.now == len(paying):
        return []
    return [words("supposed.differ", used=number(here.now), paying=len(paying))]


def _balance(report: Report, words: Words) -> Iterator[str]:
    """The current and expected carried balance, where the release has it, and how much of it the prices take in."""
    whole, base = report.calculation, report.calculation.base
    kind = "balance" if base.balance_now_ore is None else "expected"
    if base.balance_now_ore is not None:
        now, expected = kroner(base.balance_now_ore), kroner(base.balance_ore)
        yield words("balance.now", now=now, month=month(report.last), expected=expected, year=base.year - 1)
        if base.balance_months_missing:
            yield words("balance.missing", n=base.balance_months_missing)
    # a balance that is shown as 0 kr is no deficit
    way = "deficit" if whole_kroner(base.balance_ore).startswith("-") else "surplus"
    carried, used = kroner(abs(base.balance_ore)), kroner(abs(whole.balance_used_ore))
    yield words(f"{kind}.{way}", balance=carried, used=used, cover=kroner(whole.to_cover_ore))


def _signed(value: Decimal) -> str:
    return f"+{number(value)}" if value > 0 else number(value)


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{number(value.quantize(Decimal('0.01')))} %"


def _number(value: Decimal | None) -> str:
    return "" if value is None else number(value)


def _name(priced: Priced, words: Words) -> str:
    more = [priced.channel] if priced.channel else []
    more += [words("from", n=priced.size_low)] if priced.size_low is not None else []
    more += [words("under", n=priced.size_high)] if priced.size_high is not None else []
    return f"{priced.price_element} ({', '.join(more)})" if more else priced.price_element


def _cost(line: Cost, words: Words) -> Cells:
    source = SOURCES["ACCOUNT" if line.account else line.source][words.language]
    return {
        "category": line.category,
        "source": f"{source} {line.account}" if line.account else source,
        "varies_with": line.varies_with or words("fixed"),
        "kr": whole_kroner(line.year_ore),
        "months": line.months,
    }


def _costs(whole: Calculation, words: Words) -> list[Cells]:
    """The lines of the cost base, and what price growth, assumptions and expected use add: they sum to it."""
    added = (
        ("cost.growth", whole.price_growth_ore),
        ("cost.assumed", whole.assumed_cost_ore),
        ("cost.use", whole.changed_use_ore),
    )
    return [
        *(_cost(line, words) for line in whole.base.costs),
        *(
            {"category": "", "source": words(name), "varies_with": "", "kr": whole_kroner(ore), "months": ""}
            for name, ore in added
            if ore
        ),
    ]


def _use(row: Mapping[str, Any], words: Words) -> Cells:
    error = row["backtest_error"]
    return {
        "driver": row["driver"],
        **{name: number(row[name]) for name in ("now", *LEVELS)},
        "method": row["method"] or words("as_now"),
        "backtest_error": _percent(None if error is None else error * _WHOLE),
        "months_missing": row["months_missing"] or "",
        "months_foreseen": row["months_foreseen"],
    }


def _price(x: self_cost.Result, words: Words) -> Cells:
    gap = _number(x.rounded_gap) + (f" ({_percent(x.gap_percent)})" if x.gap_percent is not None else "")
    change = change_percent(x.priced.current, x.proposed)
    return {
        "price_element": _name(x.priced, words),
        "unit": x.priced.unit,
        "units_now": number(x.priced.units_now),
        "units_expected": number(x.units["expected"]),
        "self_cost_price": number(x.self_cost),
        "current_price": _number(x.priced.current),
        "proposed_price": number(x.proposed),
        "change": words("unchanged") if change == 0 else _percent(change),
        "decided_price": _number(x.priced.decided),
        "gap": words("reproduced") if x.reproduced else gap,
    }


def _level(whole: Calculation, name: str, words: Words) -> Cells:
    level = whole.levels[name]
    return {
        "level": words.column(PRICE_USE, name),
        "cost": whole_kroner(level.cost_ore),
        "income.proposed": whole_kroner(level.income_ore),
        "cover.proposed": _percent(level.cover_percent),
        "income.today": whole_kroner(level.income_today_ore),
        "cover_with_balance_today_percent": _percent(level.cover_today_percent),
    }


def _size(size: price_effects.SizeGroup) -> Cells:
    return {
        "size": size.size,
        "customers": size.customers,
        "today": whole_kroner(size.mean_today_ore),
        "then": whole_kroner(size.mean_then_ore),
        "change": whole_kroner(size.mean_then_ore - size.mean_today_ore),
    }


def _effect(effect: price_effects.Effect, words: Words) -> Cells:
    return {
        "organisation": effect.customer.organisation_number,
        "name": effect.customer.name,
        "today": whole_kroner(effect.today_ore),
        "then": whole_kroner(effect.then_ore),
        "more": whole_kroner(effect.increase_ore),
        "percent": words("unchanged") if effect.increase_percent == 0 else _percent(effect.increase_percent),
    }
