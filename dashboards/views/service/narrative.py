"""What a product's numbers say, in words and key figures, for its page and its report. Pure.

This module decides how use is shown: an unmeasured quantity is `..`, and is not compared with anything.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.domain.calendar import months_before, months_between, year_before
from dashboards.shared.ledger.models import YEAR, catalogue_text, per_100, twelve_months
from dashboards.shared.ledger.narrative import budgeted, missing
from dashboards.shared.models import DISPATCHES
from dashboards.shared.narrative import (
    MONTHS_OF_A_YEAR,
    Figure,
    compared,
    ends_early,
    gaps,
    is_useful,
    missed,
    past,
    stretches,
    synthetic,
    synthetic_note,
    synthetic_sentence,
    useless,
)
from dashboards.shared.narrative import months_between as apart
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dashboards.release.query import Row
    from dashboards.shared.ledger.models import Book, Use
    from dashboards.words import Words

ABOUT: Final = (
    *("description_nb", "purpose", "background", "dependencies", "conditions", "roles"),
    *("documentation", "user_council", "launch_month", "adoptable_by"),
)
"""The catalogue columns on the page, in order; expected use and templates have parts of their own."""
CATALOGUE: Final = (
    *("description_nb", "background", "expected_use", "dependencies", "agreement_template"),
    *("risk_template", "user_council", "launch_month", "adoptable_by"),
)
"""The catalogue columns whose absence is listed in one sentence."""
CATALOGUE_TEXTS: Final = ("purpose", "conditions", "roles", "documentation", *CATALOGUE)
"""The same, plus the columns that the report covers in a part of its own."""
TEMPLATES: Final = (("agreement_template", "agreement_version"), ("risk_template", "risk_version"))
_DATED: Final = re.compile(r"(?<!\d)(20\d\d)-(0[1-9]|1[0-2])(?:-\d\d)?(?!\d)")
_MINUTES_SAID: Final = Decimal("1.5")
_HOURS_SAID: Final = 48
_HOUR, _DAY = 60, 24


def title_of(used: Row, words: Words) -> str:
    """A measure's title in the page's language."""
    return str(used.title_nb if words.language == "nb" else used.title_en)


def unit_of(use: Use, n: Decimal | int | None, words: Words) -> str:
    """The unit of use, inflected for the number `n`."""
    last = use.rows[-1]
    return words.counted(last.title_nb, title_of(last, words), n)


def trend(by_month: Mapping[date, Decimal | int | None], month: date) -> list[Decimal | int | None]:
    """Values by month for two years; None for a month that is not observed."""
    return [by_month.get(day) for day in months_between(months_before(month, 2 * MONTHS_OF_A_YEAR - 1), month)]


def use_in_words(use: Use | None, name: str, words: Words) -> str:
    """How much a product is used, as the start of a sentence."""
    if use is None or use.now is None:
        return words("product.answer.use.none", name=name)
    grown = ""
    if use.grown is not None and use.grown.direction:
        grown = f" ({use.grown.since_year(words)})"
    some = ".some" if use.flow and use.months < YEAR else ""
    return words(
        f"product.answer.use.{'FLOW' if use.flow else 'STOCK'}{some}",
        name=name,
        quantity=formatting.rounded(use.now, words.language),
        unit=unit_of(use, use.now, words),
        n=use.months,
        month=formatting.month(use.month, words.language),
        grown=grown,
    )


def answer(use: Use | None, customers: Sequence[Row], name: str, words: Words) -> str:
    """The page's answer: how much the product is used, and by how many."""
    text = use_in_words(use, name, words)
    rows: list[object] = [*(use.rows if use else []), *customers[:1]]
    tail = synthetic_sentence(words, synthetic=synthetic(rows))
    if not customers:
        return words("service.answer.unobserved", use=text) + tail
    now = customers[0]
    month = formatting.month(now.month, words.language)
    if use is None or use.now is None:
        who = words("service.municipalities" if now.active == now.municipalities else "service.customers", n=now.active)
        return words(f"service.answer.unmeasured.{now.active_basis}", who=who, name=name, month=month) + tail
    noun = words("product.customer.one" if now.active == 1 else "product.customer.many")
    return words(f"service.answer.{now.active_basis}", use=text, n=now.active, noun=noun, month=month) + tail


def customers_figure(customerses: Sequence[Row], month: date, words: Words) -> Figure:
    """How many customers there are, by kind, and a year before. `customerses` is newest first."""
    if not customerses:
        return missing(words("product.figure.customers.USE"), words("product.figure.customers.none"), "customers")
    now = customerses[0]
    then = next((customers for customers in customerses if customers.month == year_before(now.month)), None)
    if then is not None and then.active_basis == now.active_basis:
        year = words("product.figure.customers.year", change=compared(now.active - then.active, words))
    else:
        year = words("product.figure.customers.no_year")
    if now.month != month:
        year += words("product.figure.customers.month", month=formatting.month(now.month, words.language))
    others = now.active - now.municipalities
    return Figure(
        words(f"product.figure.customers.{now.active_basis}"),
        formatting.number(now.active, words.language),
        words("product.figure.customers.words", n=now.municipalities, others=others, year=year),
        now.synthetic,
        "customers",
        trend({point.month: point.active for point in customerses if point.active_basis == now.active_basis}, month),
    )


def use_figure(use: Use | None, words: Words) -> Figure:
    """How much the product is used, compared with the year before."""
    if use is None or use.now is None:
        return missing(words("product.figure.use.none"), words("product.figure.use.unmeasured"), "measured_use")
    key = f"product.figure.use.{'FLOW' if use.flow else 'STOCK'}"
    label = words(key, title=title_of(use.rows[-1], words), month=formatting.month(use.month, words.language))
    metric = "dispatches" if use.rows[-1].measure == DISPATCHES else "measured_use"
    months = trend({used.month: used.quantity for used in use.rows}, use.month)
    now = formatting.rounded(use.now, words.language)
    return Figure(label, now, _grown_in_words(use, words), synthetic(use.rows), metric, months)


def _grown_in_words(use: Use, words: Words) -> str:
    language = words.language
    if use.flow and use.months < YEAR:
        return words("product.figure.use.some", n=use.months)
    if use.before is None or use.grown is None:
        if use.rows[0].month > twelve_months(year_before(use.month)):
            return words("product.figure.use.begun", month=formatting.month(use.rows[0].month, language))
        return words("product.figure.use.gaps")
    before = formatting.rounded(use.before, language)
    if use.grown.direction and use.grown.percent is None:
        return use.grown.since_year(words)
    return words("product.figure.use.grown", change=use.grown.since_year(words), before=before)


def support_figure(supports: Sequence[Row], service: str, words: Words) -> Figure:
    """Support requests per 100 customers, compared with all services."""
    label, own = words("product.figure.support"), [support for support in supports if support.service == service]
    mine, everyone = per_100(own), per_100(supports)
    if mine is None or everyone is None:
        return missing(label, words("product.figure.support.none"), "support_requests")
    key = "product.figure.support.words" if own[0].months_known == YEAR else "product.figure.support.some"
    text = words(
        key,
        n=formatting.number(own[0].requests, words.language),
        months=own[0].months_known,
        all=formatting.tenths(everyone, words.language),
    )
    return Figure(label, formatting.tenths(mine, words.language), text, synthetic(supports), "support_requests")


def coverage_figure(book: Book, words: Words) -> Figure:
    """Self-cost coverage of the last twelve months."""
    label, metric = words("accounts.coverage"), "self_cost_percent"
    if not book.rows:
        return missing(label, words("ledger.none"), metric)
    if book.rows[0].month > twelve_months(book.month):
        return missing(label, words("ledger.coverage.short"), metric)
    if book.twelve is None or book.coverage is None:
        return missing(label, words("ledger.coverage.no_cost"), metric)
    text = words("ledger.coverage.words")
    return Figure(label, formatting.per_cent(book.coverage, words.language), text, book.twelve.synthetic, metric)


def result_figure(book: Book, words: Words) -> Figure:
    """The result so far this year, compared with budget."""
    year, total = str(book.month.year), book.year
    label = words("board.figure.result", year=year)
    if total is None:
        return missing(label, words("ledger.none.year", year=year) if book.rows else words("ledger.none"), "result")
    comparison = budgeted(total.result_ore, total.budget_ore, words, result=True)
    return Figure(
        label, formatting.rounded_kroner(total.result_ore, words.language), comparison, total.synthetic, "result"
    )


# ── Use by month, and its forecast ──── ───────────────────────────────────────────────────────────────────────────────


def first_shown(use: Use, month: date) -> date:
    """The first month that is drawn: three years back, or the first measured month."""
    first: date = use.rows[0].month
    return max(first, year_before(year_before(twelve_months(month))))


def use_title(use: Use, month: date, words: Words) -> str:
    """The title of use by month, as a claim."""
    if use.grown is None:
        first = formatting.month(first_shown(use, month), words.language)
        return words("product.use.title", title=title_of(use.rows[-1], words), month=first)
    if not use.grown.direction:
        return words("product.use.title.same")
    return words("product.use.title.moved", change=use.grown.moved(words))


def use_subtitle(use: Use, month: date, words: Words) -> str:
    """The measure and span of use by month."""
    first = first_shown(use, month)
    return words(
        "product.use.subtitle",
        title=title_of(use.rows[-1], words),
        first=formatting.month(first, words.language),
        last=formatting.month(month, words.language),
    ) + synthetic_sentence(words, synthetic=synthetic(row for row in use.rows if row.month >= first))


def use_notes(use: Use, month: date, words: Words) -> str:
    """Notes on use by month: whether any are shaded, when the last one comes, and what else is measured."""
    first = first_shown(use, month)
    shaded = gaps([row.month for row in use.rows if row.month >= first], month)
    others = [
        words(
            "product.use.other",
            title=title_of(used, words).lower(),
            quantity=formatting.number(used.quantity, words.language),
            month=formatting.month(used.month, words.language),
        )
        for used in use.others
    ]
    awaited = [words("app.awaited", month=formatting.month(use.awaited, words.language))] if use.awaited else []
    notes = [
        *awaited,
        *([words("product.use.shaded")] if shaded else []),
        *([words("product.use.others", listed=formatting.listing(others, words.language))] if others else []),
    ]
    return " ".join(notes)


def bars_in_words(rows: Sequence[Row], title: str, words: Words) -> str:
    """The bars in words, for readers who cannot see them."""
    first, last, most = rows[0], rows[-1], max(rows, key=lambda used: (used.quantity, used.month))
    return words(
        "product.use.words",
        title=title,
        first=formatting.number(first.quantity, words.language),
        first_month=formatting.month(first.month, words.language),
        last=formatting.number(last.quantity, words.language),
        last_month=formatting.month(last.month, words.language),
        most=formatting.number(most.quantity, words.language),
        most_month=formatting.month(most.month, words.language),
    )


def outlook_title(foreseen: Sequence[Row], use: Use, words: Words) -> str:
    """The forecast's title: its sum, or its last month where the measure is a level."""
    language = words.language
    if not is_useful(foreseen):
        return words("service.outlook.title.none")
    expected = sum((row.expected for row in foreseen), Decimal(0)) if use.flow else foreseen[-1].expected
    parts = {"quantity": formatting.rounded(expected, language), "unit": unit_of(use, round(expected), words)}
    if use.flow:
        return words("service.outlook.title.FLOW", **parts, n=len(foreseen))
    return words("service.outlook.title.STOCK", **parts, month=formatting.month(foreseen[-1].month, language))


def outlook_in_words(foreseen: Sequence[Row], words: Words) -> str:
    """The forecast's method, range and backtest error."""
    if not is_useful(foreseen):
        return useless(foreseen, words)
    first, last, language = foreseen[0], foreseen[-1], words.language
    error = missed(foreseen, words) or words("service.outlook.untried")
    text = words(
        "service.outlook.words",
        first=formatting.month(first.month, language),
        last=formatting.month(last.month, language),
        low=formatting.number(last.low, language),
        high=formatting.number(last.high, language),
        method=words(f"service.method.{first.method}"),
        error=" ".join(filter(None, [error, past(foreseen, words), ends_early(foreseen, words)])),
    )
    return text + synthetic_sentence(words, synthetic=first.synthetic)


def actual(use: Use | None, words: Words) -> str:
    """Actual use, to show beside the expected."""
    if use is None or use.now is None:
        return words("service.actual.none")
    if not use.flow:
        period = words("service.actual.month", month=formatting.month(use.month, words.language))
    elif use.months < YEAR:
        period = words("service.actual.some", n=use.months)
    else:
        period = words("service.actual.twelve")
    unit = unit_of(use, use.now, words)
    text = words("service.actual.words", quantity=formatting.number(use.now, words.language), unit=unit, period=period)
    return text + synthetic_note(words, synthetic=synthetic(use.rows))


def price_figure(prices: Sequence[Row], words: Words) -> Figure:
    """Today's price and the self-cost price: the base price, else the one that brings most."""
    if not prices:
        return missing(words("service.price.today"), words("service.price.none"), "self_cost_price")
    price, language = prices[0], words.language
    label = words(f"service.price.{'base' if price.base else 'today'}")
    today = (
        words("product.price.none") if price.current_price is None else formatting.price(price.current_price, language)
    )
    must = formatting.MISSING if price.self_cost_price is None else formatting.price(price.self_cost_price, language)
    key = f"service.price.words{'.more' if len(prices) > 1 else ''}"
    text = words(key, element=price.element, self_cost=must, year=str(price.year), n=len(prices) - 1)
    return Figure(label, today, text, price.synthetic, "self_cost_price")


def accounts_title(book: Book, words: Words) -> str:
    """The accounts' title, as a claim."""
    year, total = str(book.month.year), book.year
    if total is None:
        return words("service.accounts.title.none", year=year)
    return words(
        "service.accounts.title", result=formatting.rounded_kroner(total.result_ore, words.language), year=year
    )


# ── Delivery ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def duration(hours: Decimal, words: Words) -> str:
    """A duration in words: `4 minutter`, `12,1 timer`, `3,1 døgn`."""
    if hours < _MINUTES_SAID:
        n = max(int((hours * _HOUR).to_integral_value()), 1)
        return words("service.minutes.one" if n == 1 else "service.minutes", n=n)
    if hours < _HOURS_SAID:
        return words("service.hours", n=formatting.tenths(hours, words.language))
    return words("service.days", n=formatting.tenths(hours / _DAY, words.language))


def channel(name: str | None, words: Words) -> str:
    """A channel in words."""
    return words(f"service.channel.{name or 'UNKNOWN'}")


def delivery_title(deliveries: Sequence[Row], words: Words) -> str:
    """The title of delivery times: the quickest and the slowest channel, by median."""
    quick, slow = (pick(deliveries, key=lambda delivery: delivery.p50_hours) for pick in (min, max))
    if quick is slow:
        return words("service.delivery.title.one", time=duration(quick.p50_hours, words))
    return words(
        "service.delivery.title",
        quick=duration(quick.p50_hours, words),
        by_quick=channel(quick.channel, words),
        slow=duration(slow.p50_hours, words),
        by_slow=channel(slow.channel, words),
    )


def delivery_note(deliveries: Sequence[Row], words: Words) -> str:
    """The channels whose times may still rise; empty if none, or if the release does not say."""
    waiting = [channel(delivery.channel, words) for delivery in deliveries if delivery.get("provisional")]
    if not waiting:
        return ""
    return words("service.delivery.note", channels=formatting.listing(waiting, words.language))


# ── Customers, support, suppliers ────────────────────────────────────────────────────────────────────────────────────


def customers_title(customers: Sequence[Row], name: str, *, annex_known: bool, words: Words) -> str:
    """The customer list's title: how many have the annex, or that it is unknown."""
    if not annex_known:
        measured = any(customer.customer_standing in {"IN_USE", "IDLE"} for customer in customers)
        key = f"service.customers.title.{'unknown' if measured else 'EVENT'}"
        taken = sum(customer.customer_standing in _TAKEN for customer in customers)
        return words(key, n=taken, noun=_customers(taken, words), name=name)
    signed = sum(customer.annexed_on is not None for customer in customers)
    return words("service.customers.title", n=signed, noun=_customers(signed, words), name=name)


_TAKEN: Final = frozenset({"IN_USE", "IDLE", "ACTIVATED"})
"""The standings of those who have taken a service into use; one that a later list lacks is not known to."""


def unlisted(customers: Iterable[Row], words: Words) -> str:
    """How many stand in the table though the source's latest list lacks them; empty where none does."""
    n = sum(customer.customer_standing == "NOT_LISTED" for customer in customers)
    return f" {words('service.customers.unlisted', n=n)}" if n else ""


def _customers(n: int, words: Words) -> str:
    return words("product.customer.one" if n == 1 else "product.customer.many")


def kinds_in_words(customers: Iterable[Row], words: Words) -> str:
    """How many municipalities, counties and others there are."""
    counted = dict.fromkeys(("MUNICIPALITY", "COUNTY", "OTHER"), 0)
    for customer in customers:
        counted[customer.customer_kind if customer.customer_kind in counted else "OTHER"] += 1
    counts = [words(f"service.kind.{kind}{'.one' if n == 1 else ''}", n=n) for kind, n in counted.items() if n]
    return formatting.listing(counts, words.language)


def support_title(supports: Sequence[Row], service: str, words: Words) -> str:
    """The service's support rate, compared with others."""
    own = per_100([support for support in supports if support.service == service]) or Decimal(0)
    more = sum(support.per_100 > own for support in supports if support.service != service)
    rate = formatting.tenths(own, words.language)
    return words("service.support.title", rate=rate, n=more, all=len(supports) - 1)


def systems_title(systems: Sequence[Row], words: Words, *, longest: int | None = None) -> str:
    """The most used system, or that none is known."""
    if not systems or not systems[0].system or not systems[0].customers:
        return words("product.systems.title.none")
    name, n = systems[0].system, systems[0].customers
    return words("product.systems.title", system=cut(name, longest), n=n, noun=_customers(n, words))


def systems_subtitle(systems: Sequence[Row], words: Words) -> str:
    """How the systems are counted."""
    alike = all(system.synthetic for system in systems)
    return words("product.systems.subtitle") + synthetic_sentence(words, synthetic=alike)


def systems_notes(systems: Sequence[Row], words: Words) -> tuple[str, ...]:
    """That counts are rounded, why some are in bands, and that shielded systems count twice."""
    noted = {
        "rounded": any(system.get("dispatches") is not None and not system.perturbed for system in systems),
        "bands": any(system.get("dispatches_band") for system in systems),
        "shielded": any(system.get("perturbed") for system in systems),
    }
    return tuple(words(f"product.systems.{name}") for name, holds in noted.items() if holds)


def prices_subtitle(prices: Sequence[Row], words: Words) -> str:
    """The year of the prices."""
    text = words("product.price.subtitle", year=str(prices[0].year))
    return text + synthetic_sentence(words, synthetic=all(price.synthetic for price in prices))


def incalculable(prices: Iterable[Row]) -> bool:
    """Whether some price cannot be calculated."""
    return any(price.self_cost_price is None or price.proposed_price is None for price in prices)


def whose(seen: Mapping[str, object], words: Words) -> str:
    """Whose connections are counted; empty if everyone's."""
    if seen["seen_all"]:
        return ""
    owners = [words("service.systems.own")] if seen["seen_organisation"] else []
    owners += [words("service.systems.members")] if seen["seen_networks"] else []
    return words("service.systems.some", whose=formatting.listing(owners, words.language))


def cut(text: str, longest: int | None) -> str:
    """A text cut to at most `longest` letters; uncut if None."""
    return text if longest is None or len(text) <= longest else text[: longest - 1].rstrip() + "…"


# ── What the catalogue says ──────────────────────────────────────────────────────────────────────────────────────────


def lacking(catalogue: Mapping[str, str | None]) -> tuple[int, int]:
    """How many of the fields the council looks for are missing from the product catalogue, and of how many."""
    names = (*ABOUT, "expected_use", *(name for pair in TEMPLATES for name in pair))
    return sum(catalogue_text(catalogue, name) is None for name in names), len(names)


def gaps_title(lacks: tuple[int, int], others: int, words: Words) -> str:
    """The line about what is missing: of the product catalogue, and of other things; empty where nothing is.

    Args:
        lacks: as `lacking`.
        others: how many other things are not known.
        words: the texts.
    """
    n, every = lacks
    catalogue = words("service.gaps.catalogue", n=n, all=every) if n else ""
    if not others:
        return catalogue
    rest = words("service.gaps.others", n=others)
    return words("service.gaps.both", catalogue=catalogue, others=rest) if n else formatting.first(rest)


def uptake_title(customerses: Sequence[Row], words: Words) -> str:
    """How many customers there are, and how many more than a year before, as a claim. Newest first; one or more."""
    now = customerses[0]
    noun, month = _customers(now.active, words), formatting.month(now.month, words.language)
    text = words(f"service.uptake.title.{now.active_basis}", n=now.active, noun=noun, month=month)
    then = next((point for point in customerses if point.month == year_before(now.month)), None)
    if then is None or then.active_basis != now.active_basis:
        return text
    return words("service.uptake.title.year", text=text, change=compared(now.active - then.active, words))


def points_shown(customerses: Sequence[Row], month: date) -> list[Row]:
    """The months of the curve, oldest first: three years back, as use, or the last that was observed."""
    since = months_before(month, 3 * MONTHS_OF_A_YEAR - 1)
    return [point for point in reversed(customerses) if point.month >= since] or [customerses[0]]


def uptake_in_words(points: Sequence[Row], words: Words) -> str:
    """The curve of customers as a sentence: its first and last month. Oldest first; one or more."""
    first, last = points[0], points[-1]
    return words(
        f"service.uptake.words{'.one' if first is last else ''}",
        first=formatting.number(first.active, words.language),
        first_month=formatting.month(first.month, words.language),
        last=formatting.number(last.active, words.language),
        last_month=formatting.month(last.month, words.language),
    )


def age_of(version: str | None, as_of: date, words: Words) -> str:
    """How old a template is, by the month in its version, or that the version has none."""
    if version is None:
        return formatting.MISSING
    dated = _DATED.search(version)
    if dated is None:
        return words("service.template.undated")
    months = apart(date(int(dated[1]), int(dated[2]), 1), as_of)
    if months < 0:
        return words("service.template.ahead")
    years, rest = divmod(months, YEAR)
    if years == 0:
        return words("service.template.months.one" if rest == 1 else "service.template.months", n=rest)
    return words("service.template.years.one" if years == 1 else "service.template.years", n=years, months=rest)


def unknown_use(use: Use | None, month: date, words: Words) -> list[str]:
    """Which months of use are not known."""
    if use is None:
        return [words("product.unknown.use")]
    first = first_shown(use, month)
    unmeasured = gaps([row.month for row in use.rows if row.month >= first], use.month)
    return [words("product.unknown.gaps", months=stretches(unmeasured, words))] if unmeasured else []


def unknown_systems(systems: Sequence[Row], words: Words) -> list[str]:
    """How many customers' systems are unknown."""
    sentences = [] if systems else [words("product.unknown.systems.all")]
    unstated = sum(system.customers or 0 for system in systems if system.mapping == "NOT_STATED")
    return sentences + ([words("product.unknown.systems", n=unstated)] if unstated else [])


def unknown_support(supports: Sequence[Row], service: str, words: Words) -> list[str]:
    """Says if nobody reports support requests for the service."""
    return [] if any(support.service == service for support in supports) else [words("product.unknown.support")]


def unknown_catalogue(
    catalogue: Mapping[str, str | None], words: Words, *, names: Sequence[str] = CATALOGUE
) -> list[str]:
    """What the product catalogue lacks, in one sentence."""
    lacks = [words(f"product.lacks.{name}") for name in names if catalogue_text(catalogue, name) is None]
    return [words("product.unknown.catalogue", listed=formatting.listing(lacks, words.language))] if lacks else []


def unknown_uptake(basis: str | None, words: Words, *, annex_known: bool) -> list[str]:
    """Says if uptake is seen by events only, and if nobody reports annexes. No basis: uptake is not observed."""
    sentences = [words("product.unknown.event")] if basis == "EVENT" else []
    return sentences + ([words("product.unknown.annex")] if basis is not None and not annex_known else [])
