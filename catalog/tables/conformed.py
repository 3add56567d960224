"""Conformed tables: each stream's good rows, one per key, with what the marts need worked out.

They never leave the lake.
"""

from __future__ import annotations

import pyarrow as pa

from catalog.contracts import columns as c
from catalog.contracts.language import Audience, Column, DatasetContract, StreamContract
from catalog.tables import streams
from catalog.text import en, nb

_RECEIVED = Column(
    "first_received_at",
    c.TIMESTAMP,
    nb("Først mottatt") | en("First received at"),
    nb("Da den første raden med nøkkelen ble mottatt.") | en("When the first row of the key was received."),
)


def _of(
    stream: StreamContract, *more: Column, key: tuple[str, ...] | None = None, first: tuple[str, ...] = ()
) -> DatasetContract:
    """The conformed table of a stream: producer, the stream's columns, then what conform works out.

    Args:
        stream: whose rows.
        more: columns that conform adds.
        key: of a row beside its producer, where it is not the stream's.
        first: columns by which the rows lie in order before their key, for those who go on with them by these.
    """
    keys = ("producer", *(key or stream.key))
    kept = [c.PRODUCER, *(col for col in stream.columns if not col.internal), *more, c.SYNTHETIC]
    if stream.partitioned:
        kept.insert(0, c.MONTH)
    return DatasetContract(
        schema="conformed",
        table=stream.name,
        title=stream.title,
        about=nb("Én rad per nøkkel, den gjeldende versjonen.") | en("One row per key, the version in force."),
        columns=tuple(col.but(key=col.name in keys) for col in kept),
        owner=stream.owner,
        audience=Audience.INTERNAL,
        partitioned=stream.partitioned,
        sources=(stream.name,),
        lies_by=(*first, *keys) if first else (),
    )


DISPATCH = _of(
    streams.DISPATCH,
    c.DAY.but(about=nb("Dagen den ble opprettet, norsk tid.") | en("The day it was created, Europe/Oslo.")),
    c.OUTCOME,
    Column(
        "first_delivered_at",
        c.TIMESTAMP,
        nb("Først levert") | en("First delivered at"),
        nb("Første status med utfall delivered.") | en("The first state whose outcome is delivered."),
        null=True,
    ),
    c.count("states", "Landede statusendringer", "Landed changes of state", "rader"),
    _RECEIVED,
    key=("dispatch_id",),
)
MEASUREMENT = _of(streams.MEASUREMENT, _RECEIVED)
ADOPTION = _of(
    streams.ADOPTION,
    c.MONTH.but(about=nb("Måneden steget ble tatt.") | en("The month of the step.")),
    Column(
        "resolution",
        pa.string(),
        nb("Slik ble kommunenummeret tolket") | en("How the municipality code was resolved"),
        nb(
            "VALID, BRIDGE, CHANGED_WITHIN_TWELVE_MONTHS, CITY_DISTRICT, "
            "DECISION (registeret code_decision) eller ORGANISATION."
        )
        | en(
            "VALID, BRIDGE, CHANGED_WITHIN_TWELVE_MONTHS, CITY_DISTRICT, "
            "DECISION (the register code_decision) or ORGANISATION."
        ),
        null=True,
    ),
    Column(
        "municipality_codes_now",
        pa.list_(pa.string()),
        nb("Kommunenummer i dagens inndeling") | en("Municipality codes in the division of now"),
        nb("Flere når kommunen er delt siden.") | en("Several where the municipality was split since."),
        null=True,
    ),
    Column(
        "customer",
        pa.string(),
        nb("Kunde") | en("Customer"),
        nb("Organisasjonsnummer.") | en("Organisation number."),
        null=True,
    ),
    Column("customer_kind", pa.string(), nb("Kundetype") | en("Kind of customer")),
)
INVOICE_LINE = _of(streams.INVOICE_LINE, _RECEIVED, first=("period",))
COST_ENTRY = _of(streams.COST_ENTRY, _RECEIVED)
LOAN_ENTRY = _of(streams.LOAN_ENTRY, _RECEIVED)
REGISTER = _of(streams.REGISTER)

QUARANTINE = DatasetContract(
    schema="conformed",
    table="quarantine",
    title=nb("Rader til kontroll") | en("Quarantine"),
    about=nb("Én rad per landet rad som brøt minst én regel, med alle reglene.")
    | en("One row per landed row that broke at least one rule, with all of them."),
    owner="team:dif",
    audience=Audience.INTERNAL,
    columns=(
        Column("stream", pa.string(), nb("Strøm") | en("Stream"), key=True),
        c.MONTH.but(null=True),
        Column("batch_id", pa.string(), nb("Sending") | en("Batch"), key=True),
        c.PRODUCER.but(key=True),
        Column(
            "row_number",
            pa.int64(),
            nb("Rad i sendingen") | en("Row in the batch"),
            nb("Fra 1.") | en("From 1."),
            key=True,
        ),
        Column("rules", pa.list_(pa.string()), nb("Brutte regler") | en("Rules broken")),
        Column("detail", pa.string(), nb("Forklaring") | en("Explanation"), null=True),
        Column("record", pa.string(), nb("Raden") | en("The record"), nb("Som JSON.") | en("As JSON.")),
        c.SYNTHETIC,
    ),
)

DISPATCH_TWICE = DatasetContract(
    schema="conformed",
    table="dispatch_twice",
    title=nb("Forsendelser i flere måneder") | en("Dispatches in several months"),
    about=nb("Én rad per forsendelse og måned, der samme id er opprettet i flere måneder. Den første teller.")
    | en("One row per dispatch and month, where an id came with creation in several months. The first counts."),
    owner=DISPATCH.owner,
    audience=Audience.INTERNAL,
    sources=(streams.DISPATCH.name,),
    columns=(
        c.PRODUCER.but(key=True),
        Column("dispatch_id", pa.uuid(), nb("Forsendelsens id") | en("Dispatch id"), key=True),
        c.MONTH.but(key=True),
        Column("counted", pa.bool_(), nb("Teller") | en("Counts")),
        Column("batch_id", pa.string(), nb("Første sending") | en("First batch")),
        c.count("rows", "Landede rader", "Landed rows", "rader"),
        c.SYNTHETIC,
    ),
)

_NAMED = {t.table: t for t in (DISPATCH, MEASUREMENT, ADOPTION, INVOICE_LINE, COST_ENTRY, LOAN_ENTRY, REGISTER)}
TABLES = tuple(_NAMED.get(name) or _of(stream, _RECEIVED) for name, stream in streams.STREAMS.items())
"""One a stream; a new one needs no line here until conform is to work something out for it."""
"""The conformed table of each stream, in the streams' order."""
