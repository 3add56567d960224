"""A release with what it says of itself: checks, accounting, rows set aside, who has not delivered, what changed.

Uptake and ledgers are those of `sample_ledger`. `usage.municipality_month` is of two months, a file each.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq

from catalog import facts as bundled
from catalog.exports import describe
from catalog.tables import conformed, meta, quality, reference, uptake, usage
from catalog.tables.datasets import DATASETS
from tests.dashboards import sample, sample_ledger, sample_report
from transport.lake.tables import Part
from transport.releases.store import Content, Release, Releases

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from catalog.contracts.language import DatasetContract
    from transport.base.settings import Settings

PUBLISHED = datetime(2026, 11, 24, 5, tzinfo=UTC)
BEFORE = "2026-11-23.1"
LAST = date(2026, 11, 24)
OSLO, BERGEN, HARAM = "958935420", "964338531", "829912252"
MADE_OF = {usage.DISPATCH_MONTH: [conformed.DISPATCH], uptake.FUNNEL: [uptake.STATUS_MONTH, reference.POPULATION]}


def checks() -> list[dict[str, object]]:
    told = {"passed": True, "unexpected": 0, "examined": 12, "judged_at": PUBLISHED, "severity": "ERROR"}
    return [
        told | {"dataset": dataset, "check_name": check}
        for dataset in ("usage.dispatch_month", "uptake.funnel", "ledger.entry")
        for check in ("key_unique", "required_columns", "service_known")
    ]


def accounting() -> list[dict[str, object]]:
    none = {"superseded": 0, "quarantined": 0, "held": 0, "withdrawn": 0}
    return [
        none
        | {"stream": "dispatch", "month": sample.THROUGH, "landed": 100, "conformed": 90, "quarantined": 4}
        | {"superseded": 5, "held": 1},
        none | {"stream": "adoption", "landed": 7, "conformed": 7},
    ]


def set_aside() -> list[dict[str, object]]:
    base = {"stream": "dispatch", "month": sample.THROUGH, "producer": "sample"}
    return [
        base | {"rule": "amount_ties", "rows": 3, "says": "Mengde × enhetspris må være lik beløpet."},
        base | {"rule": "service_known", "rows": 2, "says": "Tjenesten er ukjent."},
    ]


def deliveries() -> list[dict[str, object]]:
    """Oslo lacks three working days but one that is not due; Bergen came late; Haram delivered; one has time."""
    due = {"stream": "dispatch", "expected": True, "expected_because": "RHYTHM", "covers": "DAY", "synthetic": True}

    def day(number: str, back: int, status: str, **more: object) -> dict[str, object]:
        on = LAST - timedelta(days=back)
        received = status in {"LATE", "RECEIVED"}
        told = {"producer": "sample", "organisation_number": number, "day": on, "due_on": on + timedelta(days=2)}
        return due | told | {"received": received, "status": status} | more

    return [
        day(OSLO, 5, "MISSING", late_days=3),
        day(OSLO, 4, "MISSING", late_days=2),
        day(OSLO, 1, "NOT_YET_DUE"),
        day(OSLO, 6, "RECEIVED", late_days=0),
        day(OSLO, 60, "MISSING", late_days=58),
        day(BERGEN, 7, "LATE", late_days=2),
        day(BERGEN, 6, "RECEIVED", late_days=0),
        day(HARAM, 6, "RECEIVED", late_days=0),
        day(HARAM, 6, "RECEIVED", late_days=0, stream="measurement"),
        day("971045698", 1, "NOT_YET_DUE"),
    ]


def changed() -> list[dict[str, object]]:
    base: dict[str, object] = {"month": sample.THROUGH, "service": "svarut", "measure": "forsendelser"}
    base |= {"release": "2026-11-24.1", "compared_with": BEFORE, "synthetic": True}
    return [
        base
        | {"municipality_code": "4601", "reason": "LATE", "difference": Decimal(7)}
        | {"before": Decimal(10), "after": Decimal(17)},
        base | {"reason": "CORRECTED", "difference": Decimal(-2), "before": Decimal(5), "after": Decimal(3)},
    ]


def changed_datasets(dataset: str, column: str, unit: str) -> list[dict[str, object]]:
    base: dict[str, object] = {"dataset": dataset, "release": "2026-11-24.1", "compared_with": BEFORE}
    base |= {"synthetic": True}
    rows = {"before": Decimal(40), "after": Decimal(41), "difference": Decimal(1), "removed": 0, "added": 1}
    sums = {"before": Decimal(100), "after": Decimal(54788), "difference": Decimal(54688)}
    return [base | {"unit": "rader"} | rows, base | {"column_name": column, "unit": unit} | sums]


def batches() -> list[dict[str, object]]:
    told: dict[str, object] = {"stream": "dispatch", "producer": "sample", "rows": None}
    told |= {"contract_version": 1, "masked_rows": 0, "synthetic": True}
    measured = told | {"stream": "measurement", "rows": 50}
    return [
        told | {"journal_number": 1, "batch_id": "a", "received_at": PUBLISHED - timedelta(days=3)},
        told | {"journal_number": 2, "batch_id": "b", "received_at": PUBLISHED - timedelta(days=2)},
        told | {"journal_number": 3, "batch_id": "c", "received_at": PUBLISHED, "withdrawn_at": PUBLISHED},
        measured | {"journal_number": 4, "batch_id": "d", "received_at": PUBLISHED - timedelta(days=2)},
        measured | {"journal_number": 5, "batch_id": "e", "received_at": PUBLISHED, "withdrawn_at": PUBLISHED},
    ]


def connections() -> list[dict[str, object]]:
    return sample.in_bands(sample.connections()[:1])


def told() -> dict[DatasetContract, list[dict[str, object]]]:
    unmapped = {"source_system": "Sak v2", "dispatches": 3, "share": Decimal("0.185"), "organisations": 1}
    return {
        quality.CHECK_RESULT: checks(),
        quality.ACCOUNTING: accounting(),
        quality.QUARANTINE_SUMMARY: set_aside(),
        quality.EXPECTED_REPORTER: deliveries(),
        quality.RELEASE_DIFF: changed(),
        quality.RELEASE_DIFF_DATASET: changed_datasets("usage.dispatch_day", "pages", "sider"),
        quality.LEDGER_DIFF_DATASET: changed_datasets("ledger.entry", "amount_ore", "øre"),
        quality.BATCH: batches(),
        quality.UNMAPPED_SYSTEM: [unmapped | {"last_month": sample.THROUGH, "synthetic": True}],
        usage.CONNECTION_MONTH: connections(),
    }


def in_months(folder: Path) -> Content:
    """Dispatches of two months, as the lake keeps them: a file a month, which says it."""
    parts = []
    for month in (date(2026, 9, 1), sample.THROUGH):
        row: dict[str, Any] = {"borders": "now", "municipality_code": "4601", "service": "svarut", "channel": "PRINT"}
        row |= {"month": month, "dispatches": Decimal(month.month), "sheets": Decimal(1), "estimated": False}
        row |= {"production_cost_ore": Decimal(100), "postage_ore": Decimal(0), "digital_share_provisional": False}
        file = folder / f"month={month}" / "part-a.parquet"
        file.parent.mkdir(parents=True)
        pq.write_table(sample.rows_as(usage.MUNICIPALITY_MONTH, [row | {"synthetic": True}]), file)
        parts.append(Part(month, file))
    return Content(usage.MUNICIPALITY_MONTH, parts=parts)


def described(known: Mapping[str, Mapping[str, object]]) -> Iterable[Content]:
    release = describe.release(
        "2026-11-24.1", BEFORE, PUBLISHED, PUBLISHED, through=sample.THROUGH, checks=9, synthetic=True
    )
    held = [contract for name, contract in DATASETS.items() if name in known or contract.schema == "meta"]
    return [
        Content(meta.RELEASE, table=release),
        Content(meta.DATASET, table=describe.datasets(held, known)),
        Content(meta.COLUMN_DEFINITION, table=describe.columns(held)),
        Content(meta.LINEAGE, table=describe.lineage(MADE_OF)),
        Content(meta.METRIC, table=describe.metrics()),
        Content(meta.EXAMPLE_QUERY, table=describe.example_queries()),
        Content(meta.MACRO, table=describe.macros()),
    ]


def publish(settings: Settings, *without: DatasetContract) -> Release:
    """Publish the release; `without` some of its datasets, as an older one."""
    tables = sample_report.tables() | sample_ledger.tables()
    tables |= {contract: sample.rows_as(contract, rows) for contract, rows in told().items()}
    contents = [Content(c, table=bundled.table(c.table, c.arrow_schema)) for c in sample_report.OLD]
    contents += [Content(c, table=t) for c, t in tables.items() if c not in {*without, usage.MUNICIPALITY_MONTH}]
    contents.append(in_months(settings.home / "made"))
    said = sample_report.said() | {"published_at": PUBLISHED.isoformat(), "as_of": PUBLISHED.isoformat()}
    said |= {"checks": {"passed": 9, "failed": 0}}

    def kept(known: Mapping[str, Mapping[str, object]]) -> list[Content]:
        return [one for one in described(known) if one.contract not in without]

    return Releases(settings).publish("2026-11-24.1", contents, kept, said, parent=None)
