"""A release with what a network's report rests on, published as the pipeline publishes it, made through the contracts.

Uptake is that of `sample`. The call list is made of it: whoever lacks a service in its last whole month, with suppliers
that are made up.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from catalog import facts
from catalog.tables import quality, reference, uptake, uptake_calls
from tests.dashboards import sample
from transport.releases.store import Content, Releases

if TYPE_CHECKING:
    from catalog.contracts.language import DatasetContract
    from transport.base.settings import Settings
    from transport.releases.store import Release

PUBLISHED = datetime(2026, 11, 1, 5, tzinfo=UTC)
SUPPLIERS = {"svarut": "Leverandør A", "fiks-folkeregister": "Leverandør B", "min-kommune": "Leverandør A"}
OLD = (reference.NETWORK, reference.NETWORK_MEMBER, reference.MUNICIPALITY, reference.COUNTY, reference.PRODUCT)


def names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in facts.read("municipality") if not row["valid_to"]}


def products() -> dict[str, str]:
    return {row["service"]: row["name_nb"] for row in facts.read("product")}


def network_month(funnel: list[dict[str, Any]]) -> list[dict[str, object]]:
    called = {row["network_id"]: row["name"] for row in facts.read("network")}
    country = {(r["service"], r["month"]): r for r in funnel if r["area_kind"] == "NO"}
    before = {(r["service"], r["area"], r["month"]): r["active"] for r in funnel}
    found: list[dict[str, object]] = []
    for row in funnel:
        if row["area_kind"] == "NETWORK":
            whole = country[row["service"], row["month"]]
            month = row["month"]
            found.append(
                {
                    **{n: row[n] for n in ("month", "service", "annexed", "configured", "activated", "active")},
                    "network_id": row["area"],
                    "network": called[row["area"]],
                    "members": row["municipalities"],
                    "active_basis": row["active_basis"],
                    "waiting": row["annexed"] - row["active"],
                    "active_year_before": before.get((row["service"], row["area"], month.replace(year=month.year - 1))),
                    "share_of_members": sample.Decimal(row["active"]) / row["municipalities"],
                    "share_in_country": sample.Decimal(whole["active"]) / whole["municipalities"],
                    "synthetic": row["synthetic"],
                }
            )
    return [{n: _rounded(v) for n, v in row.items()} for row in found]


def _rounded(value: object) -> object:
    return value.quantize(sample.Decimal("0.000001")) if isinstance(value, sample.Decimal) else value


def calls(status: list[dict[str, Any]]) -> list[dict[str, object]]:
    last = {sample.DIGISOS: date(2026, 5, 1), **dict.fromkeys(SUPPLIERS, sample.THROUGH)}
    people = {r["municipality_code"]: int(r["inhabitants"]) for r in facts.read("population") if r["year"] == "2025"}
    found: list[dict[str, object]] = []
    for service, month in last.items():
        rows = {r["municipality_code"]: r for r in status if (r["service"], r["month"]) == (service, month)}
        first = next(code for code, r in sorted(rows.items()) if r["active"])
        for code, name in names().items():
            row = rows.get(code, {"step": uptake_calls.NOT_STARTED, "active": False})
            if row["active"]:
                continue
            supplier = SUPPLIERS.get(service) if people[code] % 3 else None
            stands = row["step"] != uptake_calls.NOT_STARTED
            product = products()[service]
            has = "har signert vedlegg i mars" if stands else "har ikke signert vedlegg"
            ready = f"; {supplier} leverer alt for 14 andre" if supplier else ""
            found.append(
                {
                    "service": service,
                    "municipality_code": code,
                    "municipality": name,
                    "county": None,
                    "network": None,
                    "month": month,
                    "active_month": month,
                    "priority": 1 if stands else 2 if supplier else 4,
                    "sentence": f"{name} {has}, men ikke tatt i bruk {product}{ready}.",
                    "sentence_en": f"{name} has not taken up {product}.",
                    "step": row["step"],
                    "months_waiting": people[code] % 9 if stands else None,
                    "inhabitants": people[code],
                    "supplier_ready": "YES" if supplier else "UNKNOWN",
                    "supplier": supplier,
                    "source_system": "Sakssystem X" if supplier else None,
                    "supplier_carries": 14 if supplier else None,
                    "supplier_evidence": "sett siste tolv måneder" if supplier else "ingen",
                    "supplier_evidence_en": "seen within twelve months" if supplier else "none",
                    "nearest": first,
                    "nearest_municipality": names()[first],
                    "nearest_reason": "lik størrelse, samme fylke",
                    "contact": "postmottak@kommune.example.no" if people[code] % 2 else None,
                    "change_since_last_week": "Vedlegg signert 28.10.2026" if people[code] % 5 == 0 else None,
                    "change_since_last_week_en": "Annex signed 28 October 2026" if people[code] % 5 == 0 else None,
                    "follow_up": "KONTAKTET" if people[code] % 7 == 0 else None,
                    "followed_up_on": date(2026, 10, 20) if people[code] % 7 == 0 else None,
                    "follow_up_note": None,
                    "synthetic": service != sample.DIGISOS,
                }
            )
    return found


def suppliers(rows: list[dict[str, Any]]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for service, supplier in SUPPLIERS.items():
        waiting = [r for r in rows if r["service"] == service and r["supplier"]]
        found.append(
            {
                "service": service,
                "supplier": supplier,
                "source_system": "Sakssystem X",
                "active": 14,
                "waiting": len(waiting),
                "inhabitants": sum(r["inhabitants"] for r in waiting),
                "supplier_ready": "YES",
                "supplier_evidence": "sett siste tolv måneder",
                "supplier_evidence_en": "seen within twelve months",
                "municipality_codes": [r["municipality_code"] for r in waiting],
                "synthetic": True,
            }
        )
    return found


@cache
def tables() -> dict[DatasetContract, pa.Table]:
    """Every dataset of the release but those that are the bundled facts as they are."""
    told = sample.story()
    funnel = [{"days_known": 0, **row} for row in told.funnel()]
    called = calls(told.status)
    made: dict[DatasetContract, list[dict[str, object]]] = {
        uptake.STATUS_MONTH: [{"estimated": False, **row} for row in told.status],
        uptake.STEP_EVENT: told.events,
        uptake.FUNNEL: funnel,
        uptake.NETWORK_MONTH: network_month(funnel),
        uptake_calls.NOT_YET: called,
        uptake_calls.SUPPLIER_GAP: suppliers(called),
        uptake_calls.DECLINED_TABLE: [
            {
                "service": "svarut",
                "municipality_code": code,
                "municipality": names()[code],
                "follow_up": answer,
                "synthetic": True,
            }
            for code, answer in (("4601", "TAKKET_NEI"), ("4602", "IKKE_AKTUELT"), ("0301", "TAKKET_NEI"))
        ],
        quality.EXPECTED_REPORTER: sample.expected(),
        **sample.some_use(),
    }
    found = {contract: sample.rows_as(contract, rows) for contract, rows in made.items()}
    return found | {reference.ORGANISATION: sample.organisations(), uptake.STANDING: sample.told_standing()}


def said() -> dict[str, object]:
    """What the manifest says."""
    return {
        "published_at": PUBLISHED.isoformat(),
        "as_of": PUBLISHED.isoformat(),
        "through_month": sample.THROUGH.isoformat(),
        "checks": {"passed": 14, "failed": 0},
        "synthetic": True,
        "rules": "",
    }


def publish(settings: Settings, *without: DatasetContract, parent: str | None = None) -> Release:
    """Publish a release; `without` some of its datasets, as an older one."""
    contents = [Content(c, table=facts.table(c.table, c.arrow_schema)) for c in OLD]
    contents += [Content(c, table=t) for c, t in tables().items() if c not in without]
    releases = Releases(settings)
    return releases.publish(releases.next_name(PUBLISHED), contents, lambda _told: [], said(), parent=parent)
