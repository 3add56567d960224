"""The output of `dif price`: to a person in bokmål or English, and to a program.

Headings are the titles of the contracts. Texts that a release has only in Norwegian, such as formulas and customer
sizes, stay Norwegian in both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from catalog.contracts.language import DatasetContract
from catalog.domain import price_effects
from catalog.domain.price_effects import Effect, Paid
from catalog.domain.self_cost import (
    BY_CUSTOMER,
    LEVELS,
    MUNICIPALITIES,
    SOURCES,
    Assumptions,
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
from pipelines.cli.commands import screen

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
    "supposed.balance": nb("Forutsatt: {percent} % av det akkumulerte resultatet brukes.")
    | en("Assumed: {percent} % of the carried balance is used."),
    "months": nb("{first} til {last}") | en("{first} to {last}"),
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
    "sizes": nb("Hva en kunde betaler i året for samme bruk, i snitt etter størrelse, kr ({months})")
    | en("What a customer pays in a year for the same use, mean by size, kr ({months})"),
    "sizes.none": nb("Ingen er fakturert i disse månedene.") | en("Nobody was billed in these months."),
    "largest.kr": nb("De ti største økningene i kroner") | en("The ten largest increases in kroner"),
    "largest.percent": nb("De ti største økningene i prosent") | en("The ten largest increases in per cent"),
    "largest.none": nb("Ingen navngitt kunde betaler mer.") | en("No named customer pays more."),
    "from": nb("fra {n} innbyggere") | en("from {n} inhabitants"),
    "under": nb("under {n} innbyggere") | en("under {n} inhabitants"),
    "fixed": nb("fast") | en("fixed"),
    "million": nb("mill.") | en("million"),
    "kr": nb("Kr i året") | en("Kr a year"),
    "as_now": nb("ingen: som nå") | en("none: as now"),
    "change": nb("Endring") | en("Change"),
    "reproduced": nb("ingen") | en("none"),
    "level": nb("Bruk") | en("Use"),
    "cost": nb("Kostnad, kr") | en("Cost, kr"),
    "income.proposed": nb("Inntekt, foreslått pris, kr") | en("Income, proposed price, kr"),
    "cover.proposed": nb("Dekning med saldo, foreslått pris") | en("Coverage with balance, proposed price"),
    "income.today": nb("Inntekt, dagens pris, kr") | en("Income, today's price, kr"),
    "size": nb("Størrelse") | en("Size"),
    "customers": nb("Kunder") | en("Customers"),
    "today": nb("I dag") | en("Today"),
    "then": nb("Da") | en("Then"),
    "organisation": nb("Virksomhet") | en("Organisation"),
    "name": nb("Navn") | en("Name"),
    "more": nb("Mer") | en("More"),
    "percent": nb("Prosent") | en("Per cent"),
    "decided": nb("{price}: {amount} kr per {unit} i {year}") | en("{price}: {amount} kr per {unit} in {year}"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A calculation and its inputs.

    Attributes:
        first: the first month of the window of cost and of what customers paid.
        paid: what customers were billed in the window.
        effects: what they will pay, by customer.
        drivers: the service's rows of `ledger.price_use`.
    """

    release: str
    calculation: Calculation
    first: date
    last: date
    paid: Sequence[Paid]
    effects: Sequence[Effect]
    drivers: Sequence[Mapping[str, Any]]


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

    def kroner(self, ore: int) -> str:
        """Øre as kroner, with millions as a word; figures are in Norwegian notation in both languages."""
        return kroner(ore).replace("mill.", self("million"))


# --- for a person -----------------------------------------------------------------------------------------------------


def show(report: Told, words: Words) -> None:
    """Print the calculation, from the assumptions to who pays more."""
    calculation, base = report.calculation, report.calculation.base
    marked = words("synthetic") if base.synthetic else ""
    screen.out(words("title", service=base.service, year=base.year, release=report.release, synthetic=marked))
    if base.year > report.last.year + 1:
        screen.out(f"  {words('far')}")
    for line in (*_supposed(calculation.assumptions, words), *_paying(report, words)):
        screen.out(f"  {line}")
    months = words("months", first=f"{report.first:%Y-%m}", last=f"{report.last:%Y-%m}")
    screen.out(f"\n{words.column(PRICE_CALCULATION, 'cost_base_ore')}, {months}")
    screen.table(_cost_rows(calculation, words))
    sums = {"fixed": calculation.fixed_ore, "variable": calculation.variable_ore, "base": calculation.cost_base_ore}
    screen.out(f"  {words('cost.sum', **{name: words.kroner(ore) for name, ore in sums.items()})}")
    way = "surplus" if base.balance_ore >= 0 else "deficit"
    carried, used = words.kroner(abs(base.balance_ore)), words.kroner(abs(calculation.balance_used_ore))
    for line in _balance(report, words):
        screen.out(f"  {line}")
    what = "balance" if base.balance_now_ore is None else "expected"
    screen.out(f"  {words(f'{what}.{way}', balance=carried, used=used, cover=words.kroner(calculation.to_cover_ore))}")
    screen.out(f"\n{words('use')}")
    screen.table(_use_rows(report, words))
    screen.out(f"\n{words('prices')}")
    screen.table(_price_rows(calculation, words))
    screen.out(f"\n{words.column(PRICE_CALCULATION, 'formula')}")
    for result in calculation.results:
        screen.out(f"  {_named(result.priced, words)}: {result.formula}")
    screen.out(f"\n{words('levels')}")
    screen.table(_level_rows(calculation, words))
    if calculation.assumptions.volume and not calculation.moves_with_use:
        screen.out(f"  {words('still')}")
    screen.out(f"\n{words('sizes', months=months)}")
    screen.table(_size_rows(report, words), empty=words("sizes.none"))
    for kind in ("kr", "percent"):
        screen.out(f"\n{words(f'largest.{kind}')}")
        largest = price_effects.largest(report.effects, percent=kind == "percent")
        screen.table([_effect_row(effect, words) for effect in largest], empty=words("largest.none"))


def _balance(report: Told, words: Words) -> list[str]:
    """The current and expected carried balance; empty if the release has no current balance."""
    base = report.calculation.base
    if base.balance_now_ore is None:
        return []
    now, expected = words.kroner(base.balance_now_ore), words.kroner(base.balance_ore)
    lines = [words("balance.now", now=now, month=f"{report.last:%Y-%m}", expected=expected, year=base.year - 1)]
    if base.balance_months_missing:
        lines.append(words("balance.missing", n=base.balance_months_missing))
    return lines


def _supposed(supposed: Assumptions, words: Words) -> list[str]:
    lines = []
    if supposed.municipalities is not None:
        lines.append(words("supposed.municipalities", n=supposed.municipalities))
    if supposed.volume:
        lines.append(words("supposed.volume", percent=_signed(supposed.volume)))
    lines += [
        words("supposed.cost", percent=_signed(percent), category=category)
        for category, percent in sorted(supposed.cost.items())
    ]
    if supposed.balance != 100:  # noqa: PLR2004 - all of it
        lines.append(words("supposed.balance", percent=number(supposed.balance)))
    return lines or [words("supposed.none")]


def _paying(report: Told, words: Words) -> list[str]:
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


def _signed(value: Decimal) -> str:
    return f"+{number(value)}" if value > 0 else number(value)


def _named(priced: Priced, words: Words) -> str:
    more = [priced.channel] if priced.channel else []
    more += [words("from", n=priced.size_low)] if priced.size_low is not None else []
    more += [words("under", n=priced.size_high)] if priced.size_high is not None else []
    return f"{priced.price_element} ({', '.join(more)})" if more else priced.price_element


def _cost_rows(calculation: Calculation, words: Words) -> list[dict[str, object]]:
    def called(name: str) -> str:
        return words.column(PRICE_COST, name)

    return [
        {
            called("category"): line.category,
            called("source"): _source(line, words),
            called("varies_with"): line.varies_with or words("fixed"),
            words("kr"): whole_kroner(line.year_ore),
            called("months"): line.months,
        }
        for line in calculation.base.costs
    ]


def _source(line: Cost, words: Words) -> str:
    text = SOURCES["ACCOUNT" if line.account else line.source][words.language]
    return f"{text} {line.account}" if line.account else text


def _use_rows(report: Told, words: Words) -> list[dict[str, object]]:
    def called(name: str) -> str:
        return words.column(PRICE_USE, name)

    base = report.calculation.base
    asked = {p.driver for p in base.prices} | {line.varies_with for line in base.costs}
    asked.add(MUNICIPALITIES)
    return [
        {
            called("driver"): u["driver"],
            **{called(name): number(u[name]) for name in ("now", *LEVELS)},
            called("method"): u["method"] or words("as_now"),
            called("backtest_error"): "" if u["backtest_error"] is None else _percent(u["backtest_error"] * 100),
            called("months_missing"): u["months_missing"] or "",
            called("months_foreseen"): u["months_foreseen"],
        }
        for u in report.drivers
        if u["driver"] in asked
    ]


def _percent(value: Decimal | None) -> str:
    return "" if value is None else f"{number(value.quantize(Decimal('0.01')))} %"


def _price_rows(calculation: Calculation, words: Words) -> list[dict[str, object]]:
    def called(name: str) -> str:
        return words.column(PRICE_CALCULATION, name)

    def price(value: Decimal | None) -> str:
        return "" if value is None else number(value)

    return [
        {
            called("price_element"): _named(x.priced, words),
            called("unit"): x.priced.unit,
            called("units_now"): number(x.priced.units_now),
            called("units_expected"): number(x.units["expected"]),
            called("self_cost_price"): number(x.self_cost),
            called("current_price"): price(x.priced.current),
            called("proposed_price"): number(x.proposed),
            words("change"): _percent(change_percent(x.priced.current, x.proposed)),
            called("decided_price"): price(x.priced.decided),
            called("gap"): words("reproduced") if x.reproduced else _gap(x.gap, x.gap_percent),
        }
        for x in calculation.results
    ]


def _gap(gap: Decimal | None, percent: Decimal | None) -> str:
    if gap is None:
        return ""
    return number(gap) if percent is None else f"{number(gap)} ({_percent(percent)})"


def _level_rows(calculation: Calculation, words: Words) -> list[dict[str, object]]:
    today = words.column(PRICE_CALCULATION, "cover_with_balance_today_percent")
    return [
        {
            words("level"): words.column(PRICE_USE, name),
            words("cost"): whole_kroner(calculation.levels[name].cost_ore),
            words("income.proposed"): whole_kroner(calculation.levels[name].income_ore),
            words("cover.proposed"): _percent(calculation.levels[name].cover_percent),
            words("income.today"): whole_kroner(calculation.levels[name].income_today_ore),
            today: _percent(calculation.levels[name].cover_today_percent),
        }
        for name in LEVELS
    ]


def _size_rows(report: Told, words: Words) -> list[dict[str, object]]:
    return [
        {
            words("size"): s.size,
            words("customers"): s.customers,
            words("today"): whole_kroner(s.mean_today_ore),
            words("then"): whole_kroner(s.mean_then_ore),
            words("change"): whole_kroner(s.mean_then_ore - s.mean_today_ore),
        }
        for s in price_effects.by_size(report.effects)
    ]


def _effect_row(effect: Effect, words: Words) -> dict[str, object]:
    return {
        words("organisation"): effect.customer.organisation_number,
        words("name"): effect.customer.name,
        words("today"): whole_kroner(effect.today_ore),
        words("then"): whole_kroner(effect.then_ore),
        words("more"): whole_kroner(effect.increase_ore),
        words("percent"): _percent(effect.increase_percent),
    }


def show_decided(rows: Sequence[Mapping[str, Any]], year: int, words: Words) -> None:
    """Print the prices that were decided for a year."""
    for row in rows:
        amount = number(row["price"])
        screen.out(words("decided", price=row["price_element"], amount=amount, unit=row["unit"], year=year))


# --- for a program ----------------------------------------------------------------------------------------------------


def price_json(report: Told) -> dict[str, object]:
    """All output for a program: amounts in øre, prices in kr as text."""
    calculation = report.calculation

    def of(effect: Effect) -> dict[str, object]:
        return {
            "organisation_number": effect.customer.organisation_number,
            "name": effect.customer.name,
            "today_ore": effect.today_ore,
            "then_ore": effect.then_ore,
            "increase_ore": effect.increase_ore,
            "increase_percent": effect.increase_percent,
        }

    return {
        "service": calculation.base.service,
        "year": calculation.base.year,
        "release": report.release,
        "synthetic": calculation.base.synthetic,
        "assumptions": calculation.assumptions.as_json(),
        "first_month": report.first,
        "last_month": report.last,
        "costs": [
            {
                "category": line.category,
                "source": line.source,
                "account": line.account,
                "varies_with": line.varies_with,
                "amount_ore": line.amount_ore,
                "months": line.months,
                "year_ore": line.year_ore,
            }
            for line in calculation.base.costs
        ],
        "cost_by_category_ore": dict(calculation.costs_ore),
        "cost_fixed_ore": calculation.fixed_ore,
        "cost_variable_ore": calculation.variable_ore,
        "cost_base_ore": calculation.cost_base_ore,
        "balance_now_ore": calculation.base.balance_now_ore,
        "balance_carried_ore": calculation.base.balance_ore,
        "balance_months_missing": calculation.base.balance_months_missing,
        "balance_used_ore": calculation.balance_used_ore,
        "to_cover_ore": calculation.to_cover_ore,
        "use": [dict(u) for u in report.drivers],
        "prices": [
            {
                "price_element": x.priced.price_element,
                "channel": x.priced.channel,
                "size_low": x.priced.size_low,
                "size_high": x.priced.size_high,
                "kind": x.priced.kind,
                "unit": x.priced.unit,
                "driver": x.priced.driver,
                "units_source": x.priced.units_source,
                "units_now": x.priced.units_now,
                "units": dict(x.units),
                "self_cost_price": x.self_cost,
                "current_price": x.priced.current,
                "proposed_price": x.proposed,
                "decided_price": x.priced.decided,
                "gap": x.gap,
                "gap_percent": x.gap_percent,
                "income_ore": dict(x.income_ore),
                "formula": x.formula,
            }
            for x in calculation.results
        ],
        "levels": {
            k: {
                "cost_ore": level.cost_ore,
                "income_ore": level.income_ore,
                "cover_with_balance_percent": level.cover_percent,
                "income_today_ore": level.income_today_ore,
                "cover_with_balance_today_percent": level.cover_today_percent,
            }
            for k, level in calculation.levels.items()
        },
        "by_size": [
            {
                "size": s.size,
                "customers": s.customers,
                "mean_today_ore": s.mean_today_ore,
                "mean_then_ore": s.mean_then_ore,
            }
            for s in price_effects.by_size(report.effects)
        ],
        "largest_increases_kr": [of(e) for e in price_effects.largest(report.effects)],
        "largest_increases_percent": [of(e) for e in price_effects.largest(report.effects, percent=True)],
    }
