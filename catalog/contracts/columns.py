"""Columns that several contracts share, each told once.

A contract takes one as it is, or `.but(...)` for its own case.
"""

from __future__ import annotations

from typing import TypedDict, Unpack

import pyarrow as pa

from catalog.contracts.language import Additivity, Column
from catalog.text import Text, en, nb

TIMESTAMP = pa.timestamp("us", tz="UTC")
QUANTITY = pa.decimal128(18, 4)
SHARE = pa.decimal128(18, 6)


class Properties(TypedDict, total=False):
    """What a column may say of itself beside name, type, title and unit, as `Column` has it."""

    about: Text
    key: bool
    null: bool
    additivity: Additivity | None
    counts_persons: bool
    free_text: bool
    internal: bool


def _column(
    kind: pa.DataType, name: str, titles: tuple[str, str], properties: Properties, unit: str | None = None
) -> Column:
    return Column(name, kind, nb(titles[0]) | en(titles[1]), unit=unit, **properties)


def text(name: str, nb_title: str, en_title: str, **properties: Unpack[Properties]) -> Column:
    """A word, a code or free text."""
    return _column(pa.string(), name, (nb_title, en_title), properties)


def uuid(name: str, nb_title: str, en_title: str, **properties: Unpack[Properties]) -> Column:
    """An id that whoever sends it made, 128 bits."""
    return _column(pa.uuid(), name, (nb_title, en_title), properties)


def texts(name: str, nb_title: str, en_title: str, **properties: Unpack[Properties]) -> Column:
    """A list of words or codes."""
    return _column(pa.list_(pa.string()), name, (nb_title, en_title), properties)


def flag(name: str, nb_title: str, en_title: str, **properties: Unpack[Properties]) -> Column:
    """True or false."""
    return _column(pa.bool_(), name, (nb_title, en_title), properties)


def date(name: str, nb_title: str, en_title: str, **properties: Unpack[Properties]) -> Column:
    """A day of the calendar, Europe/Oslo."""
    return _column(pa.date32(), name, (nb_title, en_title), properties)


def timestamp(name: str, nb_title: str, en_title: str, **properties: Unpack[Properties]) -> Column:
    """A moment, in microseconds UTC."""
    return _column(TIMESTAMP, name, (nb_title, en_title), properties)


def int32(name: str, nb_title: str, en_title: str, unit: str | None = None, **properties: Unpack[Properties]) -> Column:
    """A whole number of 32 bits: a place in an order, a year, or a number with a unit."""
    return _column(pa.int32(), name, (nb_title, en_title), properties, unit)


def int64(name: str, nb_title: str, en_title: str, unit: str | None = None, **properties: Unpack[Properties]) -> Column:
    """A whole number of 64 bits that does not add up over every axis."""
    return _column(pa.int64(), name, (nb_title, en_title), properties, unit)


def count(name: str, nb_title: str, en_title: str, unit: str, **properties: Unpack[Properties]) -> Column:
    """A whole number that may be summed over every axis."""
    properties.setdefault("additivity", Additivity.SUM)
    return _column(pa.int64(), name, (nb_title, en_title), properties, unit)


def decimal(
    name: str,
    nb_title: str,
    en_title: str,
    unit: str | None = None,
    digits: int = 18,
    scale: int = 6,
    **properties: Unpack[Properties],
) -> Column:
    """An exact number with so many digits, `scale` of them decimals."""
    return _column(pa.decimal128(digits, scale), name, (nb_title, en_title), properties, unit)


def quantity(
    name: str, nb_title: str, en_title: str, unit: str, digits: int = 18, **properties: Unpack[Properties]
) -> Column:
    """A number with four decimals that may be summed over every axis."""
    properties.setdefault("additivity", Additivity.SUM)
    return decimal(name, nb_title, en_title, unit, digits, 4, **properties)


def amount(name: str, nb_title: str, en_title: str, **properties: Unpack[Properties]) -> Column:
    """Money in whole øre, without VAT unless the text says otherwise, that may be summed over every axis."""
    properties.setdefault("about", nb("Uten mva.") | en("Without VAT."))
    properties.setdefault("additivity", Additivity.SUM)
    return _column(pa.int64(), name, (nb_title, en_title), properties, "øre")


def price(name: str, nb_title: str, en_title: str, digits: int = 18, **properties: Unpack[Properties]) -> Column:
    """Kroner a unit, with six decimals; it does not add up."""
    properties.setdefault("additivity", Additivity.NONE)
    return decimal(name, nb_title, en_title, "kr", digits, 6, **properties)


def share(name: str, nb_title: str, en_title: str, scale: int = 6, **properties: Unpack[Properties]) -> Column:
    """A part of a whole as a fraction, 1 is all; it does not add up."""
    properties.setdefault("additivity", Additivity.NONE)
    return decimal(name, nb_title, en_title, "andel", 18, scale, **properties)


def percent(name: str, nb_title: str, en_title: str, digits: int = 18, **properties: Unpack[Properties]) -> Column:
    """A part of a whole in per cent, 100 is all, with two decimals; it does not add up."""
    properties.setdefault("additivity", Additivity.NONE)
    return decimal(name, nb_title, en_title, "prosent", digits, 2, **properties)


MONTH = date("month", "Måned", "Month").explained(
    "Den første i måneden, norsk tid.", "The first of the month, Europe/Oslo."
)
DAY = date("day", "Dag", "Day").explained("Norsk tid.", "Europe/Oslo.")
ORGANISATION_NUMBER = text("organisation_number", "Organisasjonsnummer", "Organisation number").explained(
    "Ni siffer, modulus 11.", "Nine digits, modulus 11."
)
SUPPLIER_NUMBER = text(
    "supplier_number", "Leverandørens organisasjonsnummer", "Organisation number of the supplier", null=True
).explained("Den som kaller på vegne av kunden.", "Who calls on behalf of the customer.")
MUNICIPALITY_CODE = text("municipality_code", "Kommunenummer", "Municipality code").explained(
    "Fire siffer som tekst; inndelingen følger av datasettet.",
    "Four digits as text; the division follows from the dataset.",
)
COUNTY_CODE = text("county_code", "Fylkesnummer", "County code")
SERVICE = text("service", "Tjeneste", "Service").explained(
    "Tjenestens id i produktkatalogen.", "The service's id in the product catalogue."
)
ACCOUNT_ID = text("account_id", "Konto", "Account").explained(
    "Konto på Fiks-plattformen; tilknytning er virksomhet × konto × fagsystem.",
    "Account on the Fiks platform; a connection is organisation × account × source system.",
)
SOURCE_SYSTEM = text("source_system", "Fagsystem som oppgitt", "Source system as sent", null=True).explained(
    "Navnet slik avsender skrev det, ikke vasket.", "The name as the sender wrote it, not cleaned."
)
CHANNEL = text("channel", "Kanal", "Channel").explained(
    "SVARINN, SDP, ALTINN, NHN, PRINT, eller UNKNOWN til kanalen er kjent.",
    "SVARINN, SDP, ALTINN, NHN, PRINT, or UNKNOWN until the channel is known.",
)
OUTCOME = text("outcome", "Utfall", "Outcome").explained(
    "open, delivered, failed eller closed; følger av siste status.",
    "open, delivered, failed or closed; follows from the latest state.",
)
PRODUCER = text("producer", "Produsent", "Producer").explained(
    "Hvem som sendte; nøkler gjelder innen én produsent.", "Who sent it; keys are scoped by producer."
)
SYNTHETIC = flag("synthetic", "Syntetisk", "Synthetic").explained(
    "Sann når noe av grunnlaget er laget av simulatoren, ikke målt.",
    "True when any of what the row rests on was made by the simulator, not measured.",
)


NEAREST_RANK = nb("Etter nærmeste rang: det minste tallet som minst så stor del ikke går over.") | en(
    "By nearest rank: the smallest figure that at least such a part does not exceed."
)
"""The one rule of every percentile, quartile and median."""


FORECAST_TRIED = (
    share("backtest_error", "Feil i etterprøving", "Back-tested error", null=True).explained(
        "Sum av absolutte avvik delt på sum av faktiske tall (WAPE), så langt fram som denne måneden er, to "
        "måneder mer eller mindre. Målt på måneder som ikke var med på å velge metode: før hver av dem er metoden "
        "valgt på nytt av månedene før. Tom lenger fram enn det er prøvd.",
        "Sum of absolute errors over sum of actual figures (WAPE), as far ahead as this month lies, two months "
        "more or less. Measured on months that took no part in choosing the method: before each of them it was "
        "chosen anew from the months before. Null farther ahead than was tried.",
    ),
    share("last_value_error", "Feil om siste måned gjaldt videre", "Error of the last value", null=True).explained(
        "Den samme feilen, om siste kjente måned hadde vært framskrivingen.",
        "The same error, had the last known month been the forecast.",
    ),
    share("mean_error", "Feil om snittet gjaldt videre", "Error of the mean", null=True).explained(
        "Den samme feilen, om snittet av det siste året hadde vært framskrivingen.",
        "The same error, had the mean of the last year been the forecast.",
    ),
    int32(
        "months_held_out", "Måneder holdt utenfor", "Months held out", "måneder", additivity=Additivity.NONE
    ).explained(
        "Så mange av de siste månedene er framskrevet uten å være kjent: en tredel, minst tre og høyst 24.",
        "So many of the last months were foreseen without being known: a third, at least three, at most 24.",
    ),
)
"""How far a forecast missed when tried, beside the simplest there are."""
