"""Conformed tables: each stream's good rows, one per key, with derived columns for the marts.

They never leave the lake.
"""

from __future__ import annotations

from catalog.contracts import columns as c
from catalog.contracts.language import Audience, Column, DatasetContract, StreamContract
from catalog.tables import streams
from catalog.text import en, nb

_RECEIVED = c.timestamp("first_received_at", "Først mottatt", "First received at").explained(
    "Da den første raden med nøkkelen ble mottatt.", "When the first row with the key was received."
)


def _of(
    stream: StreamContract, *more: Column, key: tuple[str, ...] | None = None, first: tuple[str, ...] = ()
) -> DatasetContract:
    """The conformed table of a stream: producer, the stream's columns, then derived columns.

    Args:
        stream: the stream.
        more: columns that conform adds.
        key: the row key beside the producer, where it differs from the stream's.
        first: sort columns ahead of the key, for consumers that need that order.
    """
    keys = ("producer", *(key or stream.key))
    columns = [c.PRODUCER, *(col for col in stream.columns if not col.internal), *more, c.SYNTHETIC]
    if stream.partitioned:
        columns.insert(0, c.MONTH)
    return DatasetContract(
        schema="conformed",
        table=stream.name,
        title=stream.title,
        about=nb("Én rad per nøkkel: den gjeldende versjonen.") | en("One row per key: the version in force."),
        columns=tuple(col.but(key=col.name in keys) for col in columns),
        owner=stream.owner,
        audience=Audience.INTERNAL,
        partitioned=stream.partitioned,
        sources=(stream.name,),
        sort_by=(*first, *keys) if first else (),
    )


DISPATCH = _of(
    streams.DISPATCH,
    c.DAY.explained("Dagen den ble opprettet, norsk tid.", "The day it was created, Europe/Oslo."),
    c.OUTCOME,
    c.timestamp("first_delivered_at", "Først levert", "First delivered at", null=True).explained(
        "Første status med utfall delivered.", "The first state whose outcome is delivered."
    ),
    c.count("states", "Mottatte statusendringer", "State changes received", "rader"),
    _RECEIVED,
    key=("dispatch_id",),
)
MEASUREMENT = _of(streams.MEASUREMENT, _RECEIVED)
ADOPTION = _of(
    streams.ADOPTION,
    c.MONTH.explained("Måneden da steget ble tatt.", "The month of the step."),
    c.text("resolution", "Tolkning av kommunenummeret", "Municipality code resolution", null=True).explained(
        "VALID, BRIDGE, CHANGED_WITHIN_TWELVE_MONTHS, CITY_DISTRICT, "
        "DECISION (registeret code_decision) eller ORGANISATION.",
        "VALID, BRIDGE, CHANGED_WITHIN_TWELVE_MONTHS, CITY_DISTRICT, "
        "DECISION (the register code_decision) or ORGANISATION.",
    ),
    c.texts(
        "municipality_codes_now",
        "Kommunenumre i dagens inndeling",
        "Current municipality codes",
        null=True,
    ).explained("Flere hvis kommunen senere er delt.", "Several if the municipality has since been split."),
    c.text("customer", "Kunde", "Customer", null=True).explained("Organisasjonsnummer.", "Organisation number."),
    c.text("customer_kind", "Kundetype", "Kind of customer"),
)
INVOICE_LINE = _of(streams.INVOICE_LINE, _RECEIVED, first=("period",))
COST_ENTRY = _of(streams.COST_ENTRY, _RECEIVED)
LOAN_ENTRY = _of(streams.LOAN_ENTRY, _RECEIVED)
REGISTER = _of(streams.REGISTER)

DISPATCH_TWICE = DatasetContract(
    schema="conformed",
    table="dispatch_twice",
    title=nb("Forsendelser i flere måneder") | en("Dispatches in several months"),
    about=nb("Én rad per forsendelse og måned når samme id er opprettet i flere måneder. Den første teller.")
    | en("One row per dispatch and month where the same id was created in several months. The first counts."),
    owner=DISPATCH.owner,
    audience=Audience.INTERNAL,
    sources=(streams.DISPATCH.name,),
    columns=(
        c.PRODUCER.but(key=True),
        c.uuid("dispatch_id", "Forsendelsens id", "Dispatch id", key=True),
        c.MONTH.but(key=True),
        c.flag("counted", "Teller", "Counts"),
        c.text("batch_id", "Første sending", "First batch"),
        c.count("rows", "Mottatte rader", "Rows received", "rader"),
        c.SYNTHETIC,
    ),
)

_BY_TABLE = {contract.table: contract for contract in [*globals().values()] if isinstance(contract, DatasetContract)}
_OF = {name: _BY_TABLE.get(name) or _of(stream, _RECEIVED) for name, stream in streams.STREAMS.items()}
TABLES = tuple(_OF.values())
"""The conformed table of each stream, in the streams' order.

A new stream needs no line here unless conform derives columns for it. A dataset that reads it declares `of(stream)`.
"""


def of(stream: StreamContract) -> DatasetContract:
    """The conformed table of a stream."""
    return _OF[stream.name]
