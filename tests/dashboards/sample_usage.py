"""A small release with use per municipality, made of dispatches by the product's own makings; the rest is of `sample`.

Few months, with years between that nobody told of. `svarut` is sent by the municipalities of Vestland and some more,
never by Samnanger; `fiks-folkeregister`, `min-kommune` and `fiks-digisos` have use that is no dispatch; that of
`fiks-digisos` is changed at random. In 2023 Ålesund was what is now Ålesund and Haram. All of it is made up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from assets import measures, peers
from assets import reference as reference_makings
from assets import usage as usage_makings
from assets.build import BuildWindow
from catalog import facts
from catalog.contracts.language import schema_of
from catalog.contracts.scan import Values
from catalog.tables import reference, registers, usage
from tests.dashboards import sample
from transport.base.settings import Settings
from transport.lake.session import Session

if TYPE_CHECKING:
    from catalog.contracts.language import DatasetContract, RegisterContract
    from catalog.contracts.scan import Scan

AS_OF = datetime(2026, 11, 5, 11, tzinfo=UTC)
"""Before October's digital share is settled."""
NOVEMBER_2023, DECEMBER_2023, JANUARY_2024 = date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1)
OCTOBER_2025, SEPTEMBER, OCTOBER = date(2025, 10, 1), date(2026, 9, 1), date(2026, 10, 1)
MONTHS = (NOVEMBER_2023, DECEMBER_2023, JANUARY_2024, OCTOBER_2025, SEPTEMBER, OCTOBER)
BERGEN, SAMNANGER, HARAM = "4601", "4623", "1580"
SENT = {
    BERGEN: dict(zip(MONTHS, (100, 110, 120, 200, 380, 400), strict=True)),
    "1508": dict.fromkeys((NOVEMBER_2023, DECEMBER_2023, OCTOBER), 100),  # in 2023 with Haram
    "0301": dict.fromkeys(MONTHS, 2_000),
    "1103": dict.fromkeys((SEPTEMBER, OCTOBER), 300),
}
"""By municipality and month; in Vestland but Samnanger each sends besides as many as its code says."""
OFF = Decimal(3)
"""What the country's figure of a sensitive service differs by from the sum of the municipalities'."""
PRINTED_OF = 4
"""One in so many goes on paper."""


def numbers() -> dict[str, str]:
    """Municipality → organisation number."""
    return {
        row["municipality_code"]: row["organisation_number"]
        for row in facts.read("organisation")
        if row["kind"] == "MUNICIPALITY"
    }


def vestland() -> list[str]:
    """The municipalities of Vestland but the two that stand for themselves, by code."""
    return sorted(code for code in numbers() if code.startswith("46") and code not in (BERGEN, SAMNANGER))


def sent() -> dict[str, dict[date, int]]:
    return SENT | {code: dict.fromkeys((SEPTEMBER, OCTOBER), int(code[2:]) + 2) for code in vestland()}


def days() -> list[dict[str, object]]:
    """Dispatches by day: a fourth on paper, each of two sheets for 3 kr and a postage of 20 kr."""
    number = numbers()
    rows: list[dict[str, object]] = []
    for code, months in sent().items():
        for month, n in months.items():
            paper = n // PRINTED_OF
            for channel, some in (("SDP", n - paper), ("PRINT", paper)):
                if not some:
                    continue
                on_paper = some if channel == "PRINT" else 0
                rows.append(
                    {
                        "month": month,
                        "day": month.replace(day=15),
                        "organisation_number": number[code],
                        "service": "svarut",
                        "channel": channel,
                        "outcome": "delivered",
                        "dispatches": some,
                        "documents": some,
                        "pages": some,
                        "sheets": 2 * on_paper,
                        "bytes": some,
                        "production_cost_ore": 300 * on_paper,
                        "postage_ore": 2_000 * on_paper,
                        "synthetic": True,
                    }
                )
    return rows


def measured() -> list[dict[str, object]]:
    """Use that is no dispatch."""
    number = numbers()

    def row(month: date, code: str, service: str, measure: str, n: int):
        return {
            "month": month,
            "organisation_number": number[code],
            "service": service,
            "measure": measure,
            "quantity": Decimal(n),
            "perturbed": service == sample.DIGISOS,
            "synthetic": True,
        }

    looked_up = [
        row(month, code, "fiks-folkeregister", "oppslag", n + 10 * MONTHS.index(month))
        for code, n in ((BERGEN, 5_000), (SAMNANGER, 90), ("4626", 700))
        for month in MONTHS
    ]
    messages = [
        *(
            row(month, code, "fiks-io", "meldinger", 100 + int(code[2:]))
            for code in vestland()
            for month in MONTHS[-2:]
        ),
        *(row(OCTOBER, code, "fiks-io", "kontoer", 1) for code in (BERGEN, "4602")),
    ]
    applied = [row(OCTOBER, code, "fiks-digisos", "soknader", 20) for code in vestland()[2:8]]
    applied += [row(OCTOBER, code, "fiks-digisos", "soknader", 3) for code in vestland()[8:11]]
    return [
        *looked_up,
        row(DECEMBER_2023, "1508", "fiks-folkeregister", "oppslag", 100_000),  # then with Haram
        *messages,
        *applied,
        row(OCTOBER, BERGEN, "min-kommune", "kontoer", 3),
        row(OCTOBER_2025, BERGEN, "fiks-digisos", "soknader", 40),
        row(OCTOBER, BERGEN, "fiks-digisos", "soknader", 44),
        row(OCTOBER, "4626", "fiks-digisos", "soknader", 0),
        row(OCTOBER, BERGEN, "svarut", "henvendelser", 7),  # support requests are no use
    ]


def totals() -> list[dict[str, object]]:
    """The country's; that of a sensitive service is changed by itself, and is not the sum of the municipalities."""
    some: dict[tuple[object, object, object], Decimal] = {}
    for one in measured():
        key = (one["month"], one["service"], one["measure"])
        some[key] = some.get(key, OFF if one["perturbed"] else Decimal(0)) + one["quantity"]
    some[OCTOBER, sample.DIGISOS, "oppslag"] = Decimal(777)  # another flow, of the country only
    return [
        {
            "month": month,
            "service": service,
            "measure": measure,
            "quantity": quantity,
            "perturbed": service == sample.DIGISOS,
            "organisations": 1,
            "synthetic": True,
        }
        for (month, service, measure), quantity in some.items()
    ]


def connections() -> list[dict[str, object]]:
    """Bergen's: two systems, and what states none. Those of two neighbours."""
    number = numbers()

    def row(code: str, system: str | None, supplier: str | None, n: int):
        return {
            "month": OCTOBER,
            "organisation_number": number[code],
            "account_id": "konto" if system else None,
            "source_system": system,
            "service": "svarut",
            "system": system,
            "supplier": supplier,
            "mapping": "MAPPED" if system else "NOT_STATED",
            "dispatches": n,
            "failed": n // 100,
            "last_seen": OCTOBER.replace(day=15),
            "synthetic": True,
        }

    return [
        row(BERGEN, "Sakssystem X", "Leverandør A", 300),
        row(BERGEN, "Fagsystem Z", None, 60),
        row(BERGEN, None, None, 40),
        row("4626", "Sakssystem X", "Leverandør A", 5),
        row("4626", None, None, 3),
        row("4602", "Sakssystem X", "Leverandør A", 1_200),
        row("4602", None, None, 12),
    ]


def shielded() -> list[dict[str, object]]:
    """What a shielded system sent, which is among what states none."""
    of_all = {"month": OCTOBER, "service": "svarut", "system": "Sakssystem Q", "synthetic": True}
    digests = {"digest_xor": Decimal(7), "digest_sum": Decimal(7)}
    return [
        of_all | digests | {"organisation_number": numbers()[code], "dispatches": n}
        for code, n in ((BERGEN, 30), ("4602", 8))
    ]


@cache
def made() -> dict[DatasetContract, pa.Table]:
    """What the product makes of it, by contract."""
    span = BuildWindow(AS_OF)
    given: dict[DatasetContract | RegisterContract, Scan] = {
        m.contract: m.make(span) for m in reference_makings.BUILDS if not m.inputs
    }
    given |= {contract: Values(facts.table(contract.table, contract.arrow_schema)) for contract in sample.BUNDLED}
    given[registers.ORGANISATION] = Values(pa.Table.from_pylist([], schema_of(registers.ORGANISATION.columns)))
    found: dict[DatasetContract, list[pa.Table]] = {}
    with TemporaryDirectory() as folder, Session(Settings(home=Path(folder), threads=2, memory_mb=500)) as session:

        def make(making, at: BuildWindow) -> None:
            scan = making.make(at, **{name: given[contract] for name, contract in making.inputs.items()})
            schema = making.contract.arrow_schema
            table = session.cleared().table(scan).select(schema.names).cast(schema)
            given[making.contract] = Values(table)
            found.setdefault(making.contract, []).append(table)

        for one in (reference_makings.municipality_to_now, reference_makings.municipality_of, peers.municipality_peer):
            make(one, span)
        given[usage.MEASURE_MONTH] = Values(sample.rows_as(usage.MEASURE_MONTH, measured()))
        make(measures.municipality_measure_month, span)
        other_use = found[usage.MUNICIPALITY_MEASURE_MONTH][0]
        for month in MONTHS:
            of_month = pc.equal(other_use["month"], pa.scalar(month))
            given[usage.MUNICIPALITY_MEASURE_MONTH] = Values(other_use.filter(of_month))
            make(peers.peer_measure_month, BuildWindow(AS_OF, month))
            some = [row for row in days() if row["month"] == month]
            given[usage.DISPATCH_DAY] = Values(sample.rows_as(usage.DISPATCH_DAY, some))
            make(usage_makings.municipality_month, BuildWindow(AS_OF, month))
            make(peers.peer_month, BuildWindow(AS_OF, month))
    return {contract: pa.concat_tables(tables) for contract, tables in found.items()}


def make_release(home: Path, **more: object) -> Path:
    """The release of `sample` with use per municipality in it; returns its folder."""
    folder = sample.make_release(home, **more)
    tables = made() | {
        reference.MEASURE: facts.table(reference.MEASURE.table, reference.MEASURE.arrow_schema),
        usage.MEASURE_MONTH: sample.rows_as(usage.MEASURE_MONTH, measured()),
        usage.MEASURE_TOTAL_MONTH: sample.rows_as(usage.MEASURE_TOTAL_MONTH, totals()),
        usage.CONNECTION_EXACT_MONTH: sample.rows_as(usage.CONNECTION_EXACT_MONTH, connections()),
        usage.CONNECTION_MONTH: sample.rows_as(usage.CONNECTION_MONTH, sample.in_bands(connections())),
        usage.SYSTEM_MONTH: sample.systems(connections(), shielded()),
    }
    with duckdb.connect(folder / "dif.duckdb") as connection:
        for contract, table in tables.items():
            connection.register("given", table)
            connection.execute(f"create or replace table {contract.name} as from given")
            connection.unregister("given")
            for view in contract.views:
                left_out = ", ".join(view.without)
                connection.execute(
                    f"create view {contract.schema}.{view.name} as "
                    f"select * exclude ({left_out}) from {contract.name} where {view.where}"
                )
    return folder
