"""What the price calculation says: the self-cost price, the decided one, and what-if. Pure."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.domain.pricing import PriceKind
from catalog.domain.self_cost import Calculation, change_percent
from dashboards.shared.narrative import Figure
from dashboards.views.accounts.narrative import as_told, rounded, signed_percent
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.domain.price_effects import Effect
    from catalog.domain.self_cost import Base, Priced, Result
    from dashboards.words import Words


def price_name(priced: Priced, elements: Mapping[str, str], words: Words) -> str:
    """A price's name, with channel and sizes."""
    name = _element(priced, elements, words)
    channel = words.word("channel", priced.channel or "")
    more = [channel] if channel and channel.casefold() != name.casefold() else []
    more += [words("accounts.price.beside")] if priced.kind == PriceKind.PER_CHANNEL else []
    more += [words("accounts.price.size.from", n=priced.size_low)] if priced.size_low is not None else []
    more += [words("accounts.price.size.under", n=priced.size_high)] if priced.size_high is not None else []
    return f"{name} ({', '.join(more)})" if more else name


def _element(priced: Priced, elements: Mapping[str, str], words: Words) -> str:
    """What the price is for: the invoice text, or the unit it counts where invoice texts vary."""
    text = elements.get(priced.price_element, priced.price_element)
    if text == priced.price_element and priced.kind in {"PER_ACCOUNT", "PER_MESSAGE_TYPE"}:
        text = words(f"organisation.kind.{priced.kind}")
    return formatting.first(words.word("element", text))


_NOTABLE: Final = Decimal("0.5")
"""Per cent by which prices must be too high before they are said to be able to fall; less is rounding."""


def price_title(calculation: Calculation, words: Words) -> str:
    """How much all prices must change, by the same per cent, for the service to break even."""
    year = str(calculation.base.year)
    change = change_of(calculation)
    if not calculation.results or (change is None and calculation.to_cover_ore > 0):
        return words("accounts.price.title", year=year)
    if calculation.to_cover_ore <= 0:
        return words("accounts.price.title.nothing", year=year)
    percent = as_told(change or Decimal(0))
    key = "up" if percent > 0 else "down" if percent <= -_NOTABLE else "same"
    return words(f"accounts.price.title.{key}", year=year, change=formatting.per_cent(abs(percent), words.language))


def growth(base: Base, words: Words) -> str:
    """Whether price growth is added to the booked cost, and by which deflator."""
    if base.deflator is None:
        return words("accounts.price.growth.none")
    percent = formatting.per_cent((base.price_growth - 1) * 100, words.language)
    return words("accounts.price.growth", percent=percent, deflator=base.deflator)


def decide(calculation: Calculation | None, balance_ore: int, words: Words) -> str:
    """What there is to decide: the prices, else what to do with the balance carried."""
    calculable = calculation is not None and (change_of(calculation) is not None or calculation.to_cover_ore <= 0)
    if calculation is None or calculation.status != "CALCULATED" or not calculable:
        key = ("none", "surplus", "deficit")[formatting.way(balance_ore)]
        return words(f"accounts.decide.{key}", amount=rounded(abs(balance_ore), words))
    return f"{price_title(calculation, words)}."


def answer(name: str, calculation: Calculation, words: Words) -> str:
    """What must happen to the prices, in a sentence."""
    if change_of(calculation) is None and calculation.to_cover_ore > 0:
        return words("accounts.pricing.answer.new", service=name, year=str(calculation.base.year))
    return words("accounts.pricing.answer", service=name, claim=price_title(calculation, words))


def figures(calculation: Calculation, elements: Mapping[str, str], words: Words) -> list[Figure]:
    """What the prices must cover, what today's bring in, and the self-cost price that bears most."""
    language, synthetic = words.language, calculation.base.synthetic
    cost = formatting.rounded_kroner(calculation.cost_base_ore, language)
    used = calculation.balance_used_ore
    key = ("even", "surplus", "deficit")[formatting.way(used)]
    settled = words(f"accounts.price.formula.{key}", balance=formatting.rounded_kroner(abs(used), language))
    key_figures = [
        Figure(
            words("accounts.pricing.figure.cover", year=str(calculation.base.year)),
            formatting.rounded_kroner(calculation.to_cover_ore, language),
            words("accounts.pricing.figure.cover.words", cost=cost, settled=settled),
            synthetic,
            "self_cost_price",
        )
    ]
    covers = calculation.levels["expected"].cover_today_percent if calculation.levels else None
    if covers is not None and change_of(calculation) is not None:
        income = formatting.rounded_kroner(calculation.levels["expected"].income_today_ore, language)
        label, value = words("accounts.pricing.figure.today"), formatting.per_cent(covers, language)
        text = words("accounts.pricing.figure.today.words", income=income)
        key_figures.append(Figure(label, value, text, synthetic, "cover_with_balance_percent"))
    if calculation.results:
        most = max(calculation.results, key=lambda x: x.share_ore)
        prices = (("decided", most.priced.decided), ("today", most.priced.current))
        beside = [
            words(f"accounts.pricing.figure.price.{key}", price=formatting.price(price, language))
            for key, price in prices
            if price is not None
        ]
        label = words("accounts.pricing.figure.price", element=price_name(most.priced, elements, words))
        price = formatting.price(most.self_cost, language)
        text = ", ".join(beside) or words("accounts.pricing.figure.price.none")
        key_figures.append(Figure(label, price, text, synthetic, "self_cost_price"))
    return key_figures


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
    covers = len(results) == len(calculation.results) and all(x.covered for x in results)
    return words(
        "accounts.price.decided.covers" if covers else "accounts.price.decided.gap",
        year=year,
        element=price_name(most.priced, elements, words),
        self_cost=formatting.price(most.self_cost, words.language),
        decided=formatting.price(most.priced.decided or Decimal(0), words.language),
    )


def changed(result: Result, words: Words) -> str:
    """The proposed price against today's, in per cent to a tenth."""
    return signed_percent(change_percent(result.priced.current, result.proposed), words)


def formula(calculation: Calculation, result: Result, elements: Mapping[str, str], words: Words) -> str:
    """A price's calculation in words: its share of what the prices must cover, divided by its units."""
    language = words.language
    share = Decimal(result.share_ore * 100) / calculation.to_cover_ore if calculation.to_cover_ore else Decimal(100)
    return words(
        "accounts.price.formula.one",
        element=price_name(result.priced, elements, words),
        cover=formatting.kroner(calculation.to_cover_ore, language),
        share=formatting.per_cent(share, language),
        units=formatting.number(result.units["expected"], language),
        unit=words("accounts.price.customers")
        if result.priced.of_customers
        else words("accounts.price.unit", unit=words.word("unit", result.priced.unit)),
        price=formatting.price(result.self_cost, language),
        proposed=formatting.price(result.proposed, language),
    )


def what_if_title(base: Calculation, calculation: Calculation, words: Words) -> str:
    """What a change of price brings, and what it covers; else how self-cost prices compare with the base case."""
    if calculation.assumptions.price is not None and calculation.levels:
        return _of_change(calculation, calculation.assumptions.price, words)
    if base.assumptions == calculation.assumptions or not base.results or not calculation.results:
        return words("accounts.what_if.title")
    pairs = [(x.share_ore, x.self_cost, y.self_cost) for x, y in zip(base.results, calculation.results, strict=True)]
    _, was, now = max(pairs)
    change = change_percent(was, now)
    if change is None:
        return words("accounts.what_if.title")
    percent = as_told(change)
    key = "up" if percent > 0 else "down" if percent <= -_NOTABLE else "same"
    return words(f"accounts.what_if.title.{key}", change=formatting.per_cent(abs(percent), words.language))


def _of_change(calculation: Calculation, change: Decimal, words: Words) -> str:
    """What a change of price does to the year's income at expected use, and how much of the cost it then covers."""
    level = calculation.levels["expected"]
    more = level.income_ore - level.income_today_ore
    key = ("same" if as_told(change) else "today", "up", "down")[formatting.way(more)]
    covers = level.cover_percent
    return words(
        f"accounts.what_if.change.{key}",
        change=signed_percent(change, words),
        amount=rounded(abs(more), words),
        coverage=formatting.MISSING if covers is None else formatting.per_cent(covers, words.language),
    )


def increases_title(effects: Sequence[Effect], prices: str, words: Words) -> str:
    """How many of the named customers pay more with the new prices, as a claim."""
    effects = [effect for effect in effects if effect.customer.organisation_number is not None]
    more = sum(formatting.way(effect.increase_ore) > 0 for effect in effects)
    if not more:
        return words(f"accounts.increases.title.none.{prices}")
    return words(f"accounts.increases.title.{prices}", n=more, all=len(effects))
