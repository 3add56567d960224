"""Price rules of the simulated elements, from published prices where known.

Published prices are as they were published, for all years. The synthetic ones make a year turn over
some 50 MNOK, as KS Digitale fellestjenester did in 2021. They rise each January, and next year's are decided already.
The price of a dispatch is of `DISPATCHES_A_YEAR`: SvarUt costs about the same however many are sent.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from assets.simulate.stories import LAGS
from catalog.domain.pricing import PriceKind, PriceRule, in_force
from catalog.domain.products import PRICE_ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from assets.simulate.plan import Plan

SMALL, LARGE = 10_000, 50_000
"""The size classes of Fiks folkeregister. Source: see `published_price`."""
_KS_FREG = "ks.no, ofte stilte spørsmål om modernisert folkeregister (2021)"
_KS_DIGIORDEN = "ks.no, hva koster det å ta i bruk Digiorden (2021)"
_SINCE = date(2018, 1, 1)
_FROM_2021 = date(2021, 1, 1)
_RISE, _OF_YEAR = Decimal("1.03"), 2025
_PER_DISPATCH = "forsendelse"
DISPATCHES_A_YEAR = 1_000_000
"""A demonstration's dispatches in 2025. Chosen for what a first run takes in within a minute or so, not measured; the
prices of a dispatch follow from it."""
MESSAGE_TYPES = (("Byggesak", 50), ("Barnehage", 30), ("Eiendomsskatt", 20))
"""Subjects of messages in Min kommune, and their per cent. Synthetic."""

JOINING_FEE = "digiorden-tilkoblingspris"
FOLKEREGISTER_COUNTY = "folkeregister-fastpris-fylkeskommune"
FOLKEREGISTER_BY_SIZE = (
    "folkeregister-fastpris-liten-kommune",
    "folkeregister-fastpris-mellomstor-kommune",
    "folkeregister-fastpris-stor-kommune",
)


def _synthetic(
    element: str, service: str, kind: PriceKind, kr: str, unit: str, measure: str | None = None, **more: object
) -> PriceRule:
    """A price as in 2025."""
    return PriceRule(element, service, kind, Decimal(kr), unit, _SINCE, measure=measure, **more)  # type: ignore[arg-type]


def _published(
    element: str, service: str, kind: PriceKind, kr: str, unit: str, source: str, **more: object
) -> PriceRule:
    return PriceRule(
        element,
        service,
        kind,
        Decimal(kr),
        unit,
        _FROM_2021,
        source=source,
        synthetic=False,
        **more,  # type: ignore[arg-type]
    )


_K = PriceKind
_FOLKEREGISTER = ("fiks-folkeregister", _K.SIZE_CLASS)
_DIGIORDEN = "fiks-digiorden"
_DELIVERED = {"outcome": "delivered"}
"""What failed is not billed. Synthetic, as these prices are."""
_ALL = (
    _synthetic(
        "svarut-forsendelser", "svarut", _K.PER_UNIT, "11", "forsendelse", "forsendelser", **_DELIVERED
    ),
    *(
        _synthetic(
            f"svarut-{channel.lower()}", "svarut", _K.PER_CHANNEL, kr, "forsendelse", "forsendelser",
            channel=channel, **_DELIVERED,
        )
        for channel, kr in (("ALTINN", "8.50"), ("SVARINN", "5.50"))
    ),
    _synthetic("fiksio", "fiks-io", _K.PER_ACCOUNT, "1200", "konto per måned", "kontoer"),
    _synthetic("dokumentlager", "fiks-dokumentlager", _K.PER_ACCOUNT, "1250", "konto per måned", "kontoer"),
    _published(
        FOLKEREGISTER_BY_SIZE[0], *_FOLKEREGISTER, "10000", "år", _KS_FREG, measure="innbyggere", size_high=SMALL
    ),
    _published(
        FOLKEREGISTER_BY_SIZE[1], *_FOLKEREGISTER, "20000", "år", _KS_FREG, measure="innbyggere",
        size_low=SMALL, size_high=LARGE,
    ),
    _published(
        FOLKEREGISTER_BY_SIZE[2], *_FOLKEREGISTER, "30000", "år", _KS_FREG, measure="innbyggere", size_low=LARGE
    ),
    _published(
        FOLKEREGISTER_COUNTY, *_FOLKEREGISTER, "30000", "år", _KS_FREG, measure="kundetype", customer_kind="COUNTY"
    ),
    *(
        _synthetic("minside-innsyn", "min-kommune", _K.PER_MESSAGE_TYPE, kr, "melding", "meldinger", channel=about)
        for (about, _), kr in zip(MESSAGE_TYPES, ("0.90", "0.50", "0.70"), strict=True)
    ),
    _synthetic("minside-fastpris-per-maned", "min-kommune", _K.FIXED_MONTHLY, "3800", "måned"),
    # the add-on applies to customers with an account for it
    _synthetic("minside-matrikkel-fastpris-per-maned", "min-kommune", _K.FIXED_MONTHLY, "1500", "måned", "kontoer"),
    _synthetic(
        "kjoretoyregister-maned-med-minst-10-oppslag", "fiks-kjoretoyregister", _K.ACTIVE_MONTH, "1500",
        "måned", "oppslag", least=10,
    ),
    _synthetic(
        "bekymringsmelding-fastpris-pr-svarinn-adapter", "fiks-bekymringsmelding", _K.PER_ADAPTER, "1150",
        "adapter per måned", "adaptere",
    ),
    _synthetic("del-dokument-fastpris", "fiks-del-dokument", _K.FIXED, "18000", "år"),
    *(
        _published(JOINING_FEE, _DIGIORDEN, _K.JOINING_FEE, kr, "engangs", _KS_DIGIORDEN, size_low=low, size_high=high)
        for kr, low, high in (("25000", None, 5_000), ("40000", 5_000, SMALL), ("60000", SMALL, None))
    ),
    _published("digiorden-fastpris-per-maned", _DIGIORDEN, _K.FIXED_MONTHLY, "500", "måned", _KS_DIGIORDEN),
    _published(
        "digiorden-innbyggere", _DIGIORDEN, _K.PER_INHABITANT, "0.125", "innbygger per måned", _KS_DIGIORDEN,
        measure="innbyggere",
    ),
)  # fmt: skip
_IN_VOCABULARY = tuple(rule for rule in _ALL if rule.price_element in PRICE_ELEMENTS)
"""The prices of elements in the vocabulary; others are not billed."""
PRICED = frozenset(rule.service for rule in _IN_VOCABULARY)
"""The services with a price of their own."""


def price_rules(plan: Plan, dispatches_a_year: float) -> tuple[PriceRule, ...]:
    """The plan's price list: what was published as it was, and synthetic prices by the year, up to the next.

    The fewer dispatches a year (as in 2025), the dearer each is, so that they pay what SvarUt costs.
    """
    dearer = Decimal(DISPATCHES_A_YEAR / dispatches_a_year if dispatches_a_year else 1)
    return tuple(dated for rule in _IN_VOCABULARY for dated in _dated(rule, plan, dearer))


def _dated(rule: PriceRule, plan: Plan, dearer: Decimal) -> Iterator[PriceRule]:
    if not rule.synthetic or rule.service == LAGS:
        yield rule
        return
    years = range(plan.first_month.year, plan.stop.year + 2)
    if rule.unit == _PER_DISPATCH:
        rule = replace(rule, amount=rule.amount * dearer)
    for year in years:
        yield replace(
            rule,
            amount=_round(rule.amount * _RISE ** (year - _OF_YEAR)),
            valid_from=_SINCE if year == years[0] else date(year, 1, 1),
            valid_to=None if year == years[-1] else date(year + 1, 1, 1),
        )


def _round(kr: Decimal) -> Decimal:
    """As prices are written: to whole øre, ten øre, or five kroner."""
    step = Decimal("0.01") if kr < 10 else Decimal("0.1") if kr < 100 else Decimal(5)  # noqa: PLR2004 - kroner
    return (kr / step).quantize(Decimal(1)) * step


class Prices:
    """A price list to look up in, where a price holds for a whole calendar year."""

    def __init__(self, rules: Sequence[PriceRule]) -> None:
        """Store the rules by element."""
        self.rules = tuple(rules)
        self._of = {element: [r for r in rules if r.price_element == element] for element in PRICE_ELEMENTS}
        self._found: dict[tuple[str, int, str | None, int, str], PriceRule | None] = {}

    def of(
        self, element: str, year: int, inhabitants: int, kind: str, *, channel: str | None = None
    ) -> PriceRule | None:
        """The price of an element for a customer in a year; None where it has none."""
        key = (element, year, channel, inhabitants, kind)
        if key not in self._found:
            self._found[key] = in_force(
                self._of.get(element, ()), element, date(year, 12, 1), channel=channel, inhabitants=inhabitants,
                customer_kind=kind,
            )  # fmt: skip
        return self._found[key]
