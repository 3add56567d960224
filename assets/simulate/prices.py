"""Price rules of the simulated elements, from published prices where known.

The level of the synthetic prices is set so that ten million dispatches in the first year give a turnover of 19 MNOK.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from catalog.domain.pricing import PriceKind, PriceRule
from catalog.domain.products import PRICE_ELEMENTS

SMALL, LARGE = 10_000, 50_000
"""The size classes of Fiks folkeregister. Source: see `published_price`."""
_KS_FREG = "ks.no, ofte stilte spørsmål om modernisert folkeregister (2021)"
_KS_DIGIORDEN = "ks.no, hva koster det å ta i bruk Digiorden (2021)"
_SINCE = date(2018, 1, 1)
_FROM_2021 = date(2021, 1, 1)
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
        "svarut-forsendelser", "svarut", _K.PER_UNIT, "1.15", "forsendelse", "forsendelser", **_DELIVERED
    ),
    *(
        _synthetic(
            f"svarut-{channel.lower()}", "svarut", _K.PER_CHANNEL, kr, "forsendelse", "forsendelser",
            channel=channel, **_DELIVERED,
        )
        for channel, kr in (("ALTINN", "0.55"), ("SVARINN", "0.34"))
    ),
    _synthetic("fiksio", "fiks-io", _K.PER_ACCOUNT, "95", "konto per måned", "kontoer"),
    _synthetic("dokumentlager", "fiks-dokumentlager", _K.PER_ACCOUNT, "140", "konto per måned", "kontoer"),
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
        for (about, _), kr in zip(MESSAGE_TYPES, ("0.35", "0.20", "0.275"), strict=True)
    ),
    _synthetic("minside-fastpris-per-maned", "min-kommune", _K.FIXED_MONTHLY, "600", "måned"),
    # the add-on applies to customers with an account for it
    _synthetic("minside-matrikkel-fastpris-per-maned", "min-kommune", _K.FIXED_MONTHLY, "350", "måned", "kontoer"),
    _synthetic(
        "kjoretoyregister-maned-med-minst-10-oppslag", "fiks-kjoretoyregister", _K.ACTIVE_MONTH, "250",
        "måned", "oppslag", least=10,
    ),
    _synthetic(
        "bekymringsmelding-fastpris-pr-svarinn-adapter", "fiks-bekymringsmelding", _K.PER_ADAPTER, "200",
        "adapter per måned", "adaptere",
    ),
    _synthetic("del-dokument-fastpris", "fiks-del-dokument", _K.FIXED, "3600", "år"),
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
RULES: tuple[PriceRule, ...] = tuple(rule for rule in _ALL if rule.price_element in PRICE_ELEMENTS)
"""The rules of elements in the vocabulary; others are not billed."""
