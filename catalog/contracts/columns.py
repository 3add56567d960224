"""Columns that several contracts share, each told once.

A contract takes one as it is, or `.but(...)` for its own case.
"""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts.language import Additivity, Column
from catalog.text import Text, en, nb

TIMESTAMP = pa.timestamp("us", tz="UTC")
QUANTITY = pa.decimal128(18, 4)
SHARE = pa.decimal128(18, 6)

MONTH = Column(
    "month",
    pa.date32(),
    nb("Måned") | en("Month"),
    nb("Den første i måneden, norsk tid.") | en("The first of the month, Europe/Oslo."),
)
DAY = Column("day", pa.date32(), nb("Dag") | en("Day"), nb("Norsk tid.") | en("Europe/Oslo."))
ORGANISATION_NUMBER = Column(
    "organisation_number",
    pa.string(),
    nb("Organisasjonsnummer") | en("Organisation number"),
    nb("Ni siffer, modulus 11.") | en("Nine digits, modulus 11."),
)
SUPPLIER_NUMBER = Column(
    "supplier_number",
    pa.string(),
    nb("Leverandørens organisasjonsnummer") | en("Organisation number of the supplier"),
    nb("Den som kaller på vegne av kunden.") | en("Who calls on behalf of the customer."),
    null=True,
)
MUNICIPALITY_CODE = Column(
    "municipality_code",
    pa.string(),
    nb("Kommunenummer") | en("Municipality code"),
    nb("Fire siffer som tekst; inndelingen følger av datasettet.")
    | en("Four digits as text; the division follows from the dataset."),
)
COUNTY_CODE = Column("county_code", pa.string(), nb("Fylkesnummer") | en("County code"))
SERVICE = Column(
    "service",
    pa.string(),
    nb("Tjeneste") | en("Service"),
    nb("Tjenestens id i produktkatalogen.") | en("The service's id in the product catalogue."),
)
ACCOUNT_ID = Column(
    "account_id",
    pa.string(),
    nb("Konto") | en("Account"),
    nb("Konto på Fiks-plattformen; tilknytning er virksomhet × konto × fagsystem.")
    | en("Account on the Fiks platform; a connection is organisation × account × source system."),
)
SOURCE_SYSTEM = Column(
    "source_system",
    pa.string(),
    nb("Fagsystem som oppgitt") | en("Source system as sent"),
    nb("Navnet slik avsender skrev det, ikke vasket.") | en("The name as the sender wrote it, not cleaned."),
    null=True,
)
CHANNEL = Column(
    "channel",
    pa.string(),
    nb("Kanal") | en("Channel"),
    nb("SVARINN, SDP, ALTINN, NHN, PRINT, eller UNKNOWN til kanalen er kjent.")
    | en("SVARINN, SDP, ALTINN, NHN, PRINT, or UNKNOWN until the channel is known."),
)
OUTCOME = Column(
    "outcome",
    pa.string(),
    nb("Utfall") | en("Outcome"),
    nb("open, delivered, failed eller closed; følger av siste status.")
    | en("open, delivered, failed or closed; follows from the latest state."),
)
PRODUCER = Column(
    "producer",
    pa.string(),
    nb("Produsent") | en("Producer"),
    nb("Hvem som sendte; nøkler gjelder innen én produsent.") | en("Who sent it; keys are scoped by producer."),
)
SYNTHETIC = Column(
    "synthetic",
    pa.bool_(),
    nb("Syntetisk") | en("Synthetic"),
    nb("Sann når noe av grunnlaget er laget av simulatoren, ikke målt.")
    | en("True when any of what the row rests on was made by the simulator, not measured."),
)


NEAREST_RANK = nb("Etter nærmeste rang: det minste tallet som minst så stor del ikke går over.") | en(
    "By nearest rank: the smallest figure that at least such a part does not exceed."
)
"""The one rule of every percentile, quartile and median."""


def _error(name: str, title: Text, about: Text) -> Column:
    return Column(name, SHARE, title, about, null=True, unit="andel", additivity=Additivity.NONE)


FORECAST_TRIED = (
    _error(
        "backtest_error",
        nb("Feil i etterprøving") | en("Back-tested error"),
        nb(
            "Sum av absolutte avvik delt på sum av faktiske tall (WAPE), så langt fram som denne måneden er, to "
            "måneder mer eller mindre. Målt på måneder som ikke var med på å velge metode: før hver av dem er metoden "
            "valgt på nytt av månedene før. Tom lenger fram enn det er prøvd."
        )
        | en(
            "Sum of absolute errors over sum of actual figures (WAPE), as far ahead as this month lies, two months "
            "more or less. Measured on months that took no part in choosing the method: before each of them it was "
            "chosen anew from the months before. Null farther ahead than was tried."
        ),
    ),
    _error(
        "last_value_error",
        nb("Feil om siste måned gjaldt videre") | en("Error of the last value"),
        nb("Den samme feilen, om siste kjente måned hadde vært framskrivingen.")
        | en("The same error, had the last known month been the forecast."),
    ),
    _error(
        "mean_error",
        nb("Feil om snittet gjaldt videre") | en("Error of the mean"),
        nb("Den samme feilen, om snittet av det siste året hadde vært framskrivingen.")
        | en("The same error, had the mean of the last year been the forecast."),
    ),
    Column(
        "months_held_out",
        pa.int32(),
        nb("Måneder holdt utenfor") | en("Months held out"),
        nb("Så mange av de siste månedene er framskrevet uten å være kjent: en tredel, minst tre og høyst 24.")
        | en("So many of the last months were foreseen without being known: a third, at least three, at most 24."),
        unit="måneder",
        additivity=Additivity.NONE,
    ),
)
"""How far a forecast missed when tried, beside the simplest there are."""


def count(name: str, nb_title: str, en_title: str, unit: str, *, null: bool = False) -> Column:
    """A whole number that may be summed over every axis."""
    return Column(name, pa.int64(), nb(nb_title) | en(en_title), unit=unit, additivity=Additivity.SUM, null=null)


def amount(name: str, nb_title: str, en_title: str, *, null: bool = False) -> Column:
    """Money in whole øre without VAT."""
    return Column(
        name,
        pa.int64(),
        nb(nb_title) | en(en_title),
        nb("Uten mva.") | en("Without VAT."),
        unit="øre",
        additivity=Additivity.SUM,
        null=null,
    )
