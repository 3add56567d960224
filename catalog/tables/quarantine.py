"""Quarantine: rows set aside with every rule they broke, what each rule says, and which register may mend it.

Rows never leave the lake in a release. A producer fetches its own over the wires, as `FETCHED`.
"""

from __future__ import annotations

import dataclasses
from functools import cache

from catalog.contracts import columns as c
from catalog.contracts.language import Audience, DatasetContract, StreamContract
from catalog.tables import registers
from catalog.text import Text, en, nb

QUARANTINE = DatasetContract(
    schema="conformed",
    table="quarantine",
    title=nb("Rader til kontroll") | en("Quarantine"),
    about=nb("Én rad per mottatt rad som brøt minst én regel, med alle de brutte reglene.")
    | en("One row per row received that broke at least one rule, with all the rules broken."),
    audience=Audience.INTERNAL,
    columns=(
        c.text("stream", "Strøm", "Stream", key=True),
        c.MONTH.but(null=True),
        c.text("batch_id", "Sending", "Batch", key=True),
        c.PRODUCER.but(key=True),
        c.int64("row_number", "Rad i sendingen", "Row in the batch", key=True).explained(
            "Telles fra 1.", "Counted from 1."
        ),
        c.texts("rules", "Brutte regler", "Rules broken"),
        c.text("detail", "Forklaring", "Explanation", null=True),
        c.text("record", "Raden", "The record").explained("Som JSON.", "As JSON."),
        c.SYNTHETIC,
    ),
)
FETCHED = DatasetContract(
    schema="conformed",
    table="quarantine_fetched",
    title=nb("Egne rader til kontroll") | en("Own rows in quarantine"),
    about=nb("Én rad per rad til kontroll som produsenten selv har sendt.")
    | en("One row per row in quarantine sent by the producer itself."),
    owner=QUARANTINE.owner,
    audience=Audience.INTERNAL,
    columns=(
        QUARANTINE["stream"],
        QUARANTINE["batch_id"],
        QUARANTINE["row_number"],
        c.timestamp("received_at", "Mottatt", "Received at", null=True),
        c.text("rules", "Brutte regler", "Rules broken").explained("Skilt med komma.", "Separated by commas."),
        c.text("says_nb", "Hva som er galt, på bokmål", "What is wrong, in Norwegian"),
        c.text("says_en", "Hva som er galt, på engelsk", "What is wrong, in English"),
        QUARANTINE["detail"],
        QUARANTINE["record"].explained(
            "Som JSON, slik raden er lagret: identitetsnumre er maskert.",
            "As JSON, the row as stored: identity numbers are masked.",
        ),
        c.SYNTHETIC,
    ),
)
"""What a producer fetches of its own rows."""
_CONFORM_RULES = {
    "identity_number_masked": nb("Et felt så ut som et fødselsnummer og ble maskert ved mottak.")
    | en("A field looked like a national identity number and was masked on arrival."),
    "fixed_field_changed": nb("Forsendelsen er mottatt med ulike verdier i felt som aldri skal endres.")
    | en("The dispatch was received with different values in a field that must never change."),
    "state_after_receipt": nb(
        "Statusen er datert etter at raden ble mottatt, så den har ikke skjedd ennå. Send den når den gjelder, "
        "eller rett klokken i kildesystemet og send den på nytt."
    )
    | en(
        "The state is dated after the row was received, so it has not happened yet. Send it when it applies, or "
        "correct the source system's clock and send it again."
    ),
    "counted_in_an_earlier_month": nb(
        "Samme id er sendt med opprettelsestidspunkt i flere måneder; den første måneden teller."
    )
    | en("The same id was sent with creation times in several months; the first month counts."),
    "conflict": nb("Samme nøkkel er sendt med ulikt innhold; alle utgavene venter på en avgjørelse.")
    | en("The same key was sent with different content; every version waits for a decision."),
    "municipality_code_unresolved": nb("Kommunenummeret lar seg ikke tolke for datoen.")
    | en("The municipality code cannot be resolved for the date."),
    "register_known": nb("Registeret finnes ikke.") | en("There is no such register."),
    "register_row_form": nb("Raden følger ikke registerets kontrakt.")
    | en("The row does not follow the contract of its register."),
    "register_fits_together": nb("Radene i utgaven er innbyrdes motstridende; forrige utgave gjelder fortsatt.")
    | en("The rows of the version are inconsistent; the previous version stays in force."),
}
"""The rules that conform itself has, besides those of a stream's contract."""


@cache
def part_of(contract: DatasetContract, stream: StreamContract) -> DatasetContract:
    """A stream's part of a table of all streams: a table of its own in the lake, by month if the stream has months."""
    return dataclasses.replace(
        contract,
        schema="conformed",
        table=f"{contract.table}_{stream.name}",
        columns=contract.columns if stream.partitioned else tuple(x for x in contract.columns if x.name != "month"),
        partitioned=stream.partitioned,
    )


def quarantine_of(stream: StreamContract) -> DatasetContract:
    """The stream's part of the quarantine."""
    return part_of(QUARANTINE, stream)


def says_of(stream: StreamContract) -> dict[str, Text]:
    """What is wrong with a row of the stream, by the name of the rule that it broke."""
    return _CONFORM_RULES | {rule.name: rule.says for rule in stream.rules}


def register_for(stream: StreamContract, rule: str) -> str | None:
    """The register that may mend what broke a rule; None where only the sender can, with a new batch.

    `service_alias` mends an unknown service only if the name means one of the catalogue's services.
    """
    if rule == "conflict" and stream.name in registers.DECIDABLE:
        return registers.DECISION.name
    if rule == "municipality_code_unresolved":
        return registers.CODE_DECISION.name
    if rule == "price_element_known":
        return registers.INVOICE_ITEM.name
    if rule == "service_known":
        return registers.SERVICE_ALIAS.name
    return next((of.lists[0] for of in stream.rules if of.name == rule and of.lists), None)
