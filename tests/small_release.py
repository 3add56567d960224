"""A small release in which everything says its version: what tests of publication publish."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from catalog.contracts.language import Audience, Column, DatasetContract, View
from catalog.text import en, nb
from transport.lake.tables import Part
from transport.releases.store import Content

COUNTS = DatasetContract(
    schema="usage",
    table="count_day",
    title=nb("Tall d'or") | en("Numbers"),
    about=nb("Én rad per n."),
    columns=(
        Column("n", pa.int64(), nb("Nummer") | en("Number"), key=True, unit="stk"),
        Column("version", pa.int32(), nb("Utgave") | en("Version")),
    ),
    owner="team:x",
    views=(View("count_even", nb("Partall") | en("Even"), "n % 2 = 0", without=("version",)),),
)
SECRETS = DatasetContract(
    schema="ledger",
    table="entry",
    title=nb("Poster") | en("Entries"),
    about=nb("Én rad per post."),
    columns=(Column("version", pa.int32(), nb("Utgave") | en("Version"), key=True),),
    owner="team:x",
    audience=Audience.LEDGER,
)
MONTHLY = DatasetContract(
    schema="usage",
    table="month_sum",
    title=nb("Måneder") | en("Months"),
    about=nb("Én rad per måned."),
    columns=(
        Column("month", pa.date32(), nb("Måned") | en("Month"), key=True),
        Column("n", pa.int64(), nb("Antall") | en("Count")),
    ),
    owner="team:x",
    partitioned=True,
)


def contents(version: int, parts: Sequence[Part] = ()) -> list[Content]:
    """A public table, a ledger, and with parts a table by month."""
    numbers = pa.table({"n": pa.array(range(100)), "version": pa.array([version] * 100, pa.int32())})
    secrets = pa.table({"version": pa.array([version], pa.int32())})
    return [
        Content(COUNTS, table=numbers),
        Content(SECRETS, table=secrets),
        *([Content(MONTHLY, parts=parts)] if parts else []),
    ]
