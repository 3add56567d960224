"""Quality: what was taken in, what was checked, and what was set aside."""

from __future__ import annotations

import pyarrow as pa

from catalog import columns as c
from catalog.contracts import Column, DatasetContract
from catalog.text import en, nb

_OWNER = "team:dif"

BATCH = DatasetContract(
    schema="quality",
    table="batch",
    title=nb("Sendinger") | en("Batches"),
    about=nb("Én rad per landet sending, fra journalen.") | en("One row per landed batch, from the journal."),
    owner=_OWNER,
    columns=(
        Column("journal_number", pa.int64(), nb("Nummer i journalen") | en("Journal number"), key=True),
        Column("stream", pa.string(), nb("Strøm") | en("Stream")),
        c.PRODUCER,
        Column("batch_id", pa.string(), nb("Sending") | en("Batch")),
        c.count("rows", "Rader", "Rows", "rader"),
        c.count("bytes", "Størrelse", "Size", "byte"),
        Column(
            "sha256",
            pa.string(),
            nb("Kontrollsum") | en("Checksum"),
            nb("Av det kanoniske innholdet.") | en("Of the canonical content."),
        ),
        Column("received_at", c.TIMESTAMP, nb("Mottatt") | en("Received at")),
        Column("contract_version", pa.int32(), nb("Kontraktens utgave") | en("Contract version")),
        Column("masked_rows", pa.int64(), nb("Rader med maskert felt") | en("Rows with a masked field"), unit="rader"),
        Column(
            "withdrawn_at",
            c.TIMESTAMP,
            nb("Trukket tilbake") | en("Withdrawn at"),
            nb("Da teller ingen av radene.") | en("Then none of its rows count."),
            null=True,
        ),
        Column("withdrawn_because", pa.string(), nb("Begrunnelse") | en("Reason for it"), null=True),
        c.SYNTHETIC,
    ),
)
CHECK_RESULT = DatasetContract(
    schema="quality",
    table="check_result",
    title=nb("Kontroller") | en("Check results"),
    about=nb("Én rad per datasett og kontroll i denne utgaven.") | en("One row per dataset and check of this release."),
    owner=_OWNER,
    columns=(
        Column("dataset", pa.string(), nb("Datasett") | en("Dataset"), key=True),
        Column("check_name", pa.string(), nb("Kontroll") | en("Check"), key=True),
        Column("passed", pa.bool_(), nb("Bestått") | en("Passed")),
        c.count("unexpected", "Avvik", "Unexpected rows", "rader"),
        c.count("examined", "Kontrollert", "Examined", "rader"),
        Column("detail", pa.string(), nb("Forklaring") | en("Explanation"), null=True),
        Column("judged_at", c.TIMESTAMP, nb("Kontrollert tidspunkt") | en("Judged at")),
    ),
)
QUARANTINE_SUMMARY = DatasetContract(
    schema="quality",
    table="quarantine_summary",
    title=nb("Rader til kontroll, samlet") | en("Quarantine, summed up"),
    about=nb("Én rad per strøm, måned, produsent og regel. En rad som brøt flere regler, telles under hver.")
    | en("One row per stream, month, producer and rule. A row that broke several rules counts under each."),
    owner=_OWNER,
    columns=(
        Column("stream", pa.string(), nb("Strøm") | en("Stream"), key=True),
        c.MONTH.but(key=True, null=True),
        c.PRODUCER.but(key=True),
        Column("rule", pa.string(), nb("Regel") | en("Rule"), key=True),
        c.count("rows", "Rader", "Rows", "rader"),
        Column("says", pa.string(), nb("Hva som er galt") | en("What is wrong"), null=True),
    ),
)
ACCOUNTING = DatasetContract(
    schema="quality",
    table="accounting",
    title=nb("Radregnskap") | en("Accounting of rows"),
    about=nb("Én rad per strøm og måned: landet = gjeldende + erstattet + til kontroll + holdt tilbake + trukket.")
    | en("One row per stream and month: landed = conformed + superseded + quarantined + held + withdrawn."),
    owner=_OWNER,
    columns=(
        Column("stream", pa.string(), nb("Strøm") | en("Stream"), key=True),
        c.MONTH.but(key=True, null=True),
        c.count("landed", "Landet", "Landed", "rader"),
        c.count("conformed", "Gjeldende", "Conformed", "rader"),
        c.count("superseded", "Erstattet", "Superseded", "rader"),
        c.count("quarantined", "Til kontroll", "Quarantined", "rader"),
        c.count("held", "Holdt tilbake", "Held", "rader"),
        c.count("withdrawn", "Trukket", "Withdrawn", "rader"),
    ),
)

DATASETS = (BATCH, ACCOUNTING, CHECK_RESULT, QUARANTINE_SUMMARY)
