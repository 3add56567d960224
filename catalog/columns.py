"""Columns that several contracts share, each told once.

A contract takes one as it is, or `.but(...)` for its own case.
"""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts import Additivity, Column
from catalog.text import en, nb

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
