"""A release with what the reports of products and of the board rest on: the network report's, and product ledgers.

Ledgers from January 2024 of three products: `svarut` a little over its cost, `fiks-folkeregister` below it and without
a budget for one month, `fiks-digisos` with one month only. Use of each; that of a sensitive one is changed at random,
and its last month is not published yet. Tables that other releases have are added by `follow_loans`, `calculate`,
`reconcile`, `list_unmapped`, `list_fee_gaps` and `budget_income`.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from catalog import facts as bundled
from catalog.tables import billing, ledger, reference, uptake_calls, usage
from tests.dashboards import sample, sample_report
from transport.releases.store import Content, Releases

if TYPE_CHECKING:
    from catalog.contracts.language import DatasetContract
    from transport.base.settings import Settings
    from transport.releases.store import Release

MONTH = sample.THROUGH
SINCE = date(2024, 1, 1)
PUBLISHED = datetime(2026, 11, 1, 5, tzinfo=UTC)
OSLO = "958935420"


def accounts() -> list[dict[str, object]]:
    """Each product's ledger by month: round kroner that grow, and øre that do not."""
    found: list[dict[str, object]] = []
    for service, income, cost, first in (
        ("svarut", 1_000_000_49, 950_000_00, SINCE),
        ("fiks-folkeregister", 300_000_00, 400_000_33, SINCE),
        ("fiks-digisos", 0, 12_345_67, MONTH),
    ):
        balance = 0
        for n, month in enumerate(sample.months(first, MONTH)):
            earned = income + n * 1_000_01
            costs = {name: cost * part // 100 for name, part in zip(_CATEGORIES, (20, 45, 20, 5), strict=True)}
            allocated = cost - sum(costs.values())
            result = earned - cost
            balance += result
            # a year of fiks-folkeregister is invoiced in January
            yearly = service == "fiks-folkeregister"
            invoiced = 12 * earned * (month.month == 1) if yearly else earned
            no_budget = service == "fiks-folkeregister" and month == date(2026, 4, 1)
            found.append(
                {
                    "service": service,
                    "month": month,
                    "income_ore": earned,
                    "invoiced_ore": invoiced,
                    "invoiced_ahead_ore": max(invoiced - earned, 0),
                    "invoiced_before_ore": max(earned - invoiced, 0),
                    **{f"cost_{name}_ore": amount for name, amount in costs.items()},
                    "allocated_ore": allocated,
                    "result_ore": result,
                    "budget_ore": None if no_budget else 40_000_00,
                    "self_cost_percent": (Decimal(earned * 100) / cost).quantize(Decimal("0.01")),
                    "balance_carried_ore": balance,
                    "synthetic": service != "fiks-digisos",
                }
            )
    return found


_CATEGORIES = ("brukerstotte", "drift", "forvaltning", "administrasjon")


def entries() -> list[dict[str, object]]:
    """Loans, and shared cost that no service carries."""
    kinds = (
        ("loan_entry", "fiks-folkeregister", "LOAN", "DRAWDOWN", 5_000_000_00, date(2025, 3, 1)),
        ("loan_entry", "fiks-folkeregister", "LOAN", "REPAYMENT", -750_000_50, date(2026, 2, 1)),
        ("loan_entry", None, "LOAN", "DRAWDOWN", 1_000_000_00, date(2026, 9, 1)),
        ("loan_entry", None, "LOAN", "DRAWDOWN", 9_000_000_00, date(2026, 11, 1)),  # after the month
        (
            "invoice_line",
            "fiks-folkeregister",
            "JOINING_FEE_RECEIVABLE",
            "folkeregister-tilkobling",
            750_000_50,
            date(2026, 2, 1),
        ),
        ("cost_entry", None, "COST", "DRIFT", 200_000_00, date(2026, 5, 1)),
        ("cost_entry", None, "ALLOCATED_COST", "DRIFT", -150_000_00, date(2026, 5, 1)),
        ("cost_entry", None, "COST", "DRIFT", 1_00, date(2025, 5, 1)),  # of another year
    )
    return [
        {
            "source_stream": stream,
            "producer": "sample",
            "source_key": str(n),
            "service": service,
            "month": period,
            "period": period,
            "original_period": period,
            "account": account,
            "category": category,
            "amount_ore": amount,
            "synthetic": True,
        }
        for n, (stream, service, account, category, amount, period) in enumerate(kinds)
    ]


def use() -> dict[DatasetContract, list[dict[str, object]]]:
    """Dispatches of svarut, look-ups, applications that are changed at random; support requests of two."""
    counts = dict.fromkeys(("documents", "pages", "sheets", "bytes", "production_cost_ore", "postage_ore"), 0)
    sent = [
        {"month": month, "organisation_number": OSLO, "service": "svarut", "channel": "PRINT", "outcome": "delivered"}
        | {"dispatches": 1000 + 10 * n, "synthetic": True}
        | counts
        for n, month in enumerate(sample.months(SINCE, MONTH))
    ]
    totals: list[dict[str, object]] = [
        {
            "month": month,
            "service": service,
            "measure": measure,
            "quantity": Decimal(amount),
            "perturbed": service == sample.DIGISOS,
            "organisations": 3,
            "synthetic": True,
        }
        for service, measure, amount, first, last in (
            ("fiks-digisos", "soknader", 700, date(2026, 1, 1), date(2026, 9, 1)),  # October's are not published yet
            ("svarut", "henvendelser", 60, date(2025, 1, 1), MONTH),
            ("fiks-folkeregister", "henvendelser", 90, date(2025, 11, 1), MONTH),
            ("fiks-folkeregister", "oppslag", 5_000, date(2026, 3, 1), MONTH),
        )
        for month in sample.months(first, last)
    ]
    return {
        usage.DISPATCH_MONTH: sent,
        usage.MEASURE_TOTAL_MONTH: totals,
        usage.CONNECTION_EXACT_MONTH: sample.connections(),
        usage.CONNECTION_MONTH: sample.in_bands(sample.connections()),
        usage.FORECAST: forecast(),
        usage.DELIVERY_TIME: deliveries(),
        usage.OPERATIONAL_MESSAGE: messages(),
    }


def forecast() -> list[dict[str, object]]:
    """Twelve months to come of svarut."""
    return [
        {
            "service": "svarut",
            "measure": "forsendelser",
            "month": month,
            "low": Decimal(1100),
            "expected": Decimal(1300),
            "high": Decimal(1600),
            "method": "DRIFT",
            "backtest_error": Decimal("0.125"),
            "last_value_error": Decimal("0.2"),
            "mean_error": Decimal("0.25"),
            "months_held_out": 8,
            "past_forecasts": 12,
            "past_inside": 10,
            "last_known_month": MONTH,
            "months_known": 24,
            "synthetic": True,
        }
        for month in sample.months(date(2026, 11, 1), date(2027, 10, 1))
    ]


def deliveries() -> list[dict[str, object]]:
    """svarut's delivery times in two months, of which the last is shown."""
    times = (("SDP", "0.0706", "0.2757", "0.8479"), ("PRINT", "74.9", "122.6", "127.2"))
    return [
        {"month": month, "service": "svarut", "channel": channel, "dispatches": 300, "synthetic": True}
        | {"provisional": month == MONTH and channel == "PRINT"}
        | dict(zip(("p50_hours", "p90_hours", "p99_hours"), map(Decimal, hours), strict=True))
        for month in (date(2026, 9, 1), MONTH)
        for channel, *hours in times
    ]


def messages() -> list[dict[str, object]]:
    """Three real operational messages about svarut, of which one overlaps an earlier one, and one still stands."""

    def shown(day: int, hours: int, **more: object) -> dict[str, object]:
        begins = datetime(2026, 6, day, 8, tzinfo=UTC)
        ends = begins + timedelta(hours=hours)
        return {
            "producer": "ks-driftsmeldinger",
            "application": "svarut",
            "service": "svarut",
            "shown_from": begins,
            "shown_to": ends,
            "kind": "DEPENDENCY",
            "cause": "id-porten",
            "reported_at": ends,
            "month": date(2026, 6, 1),
            "hours_shown": Decimal(hours),
            "overlapping": False,
            "synthetic": False,
            **more,
        }

    return [
        shown(20, 48),
        shown(21, 2, application="forvaltning", overlapping=True),
        shown(25, 3, shown_to=None, kind="FAULT", cause=None),
    ]


def exceptions() -> list[dict[str, object]]:
    """Use without an annex that goes on, and some that ended."""
    rows = (("svarut", MONTH), ("svarut", MONTH), ("min-kommune", MONTH), ("min-kommune", date(2026, 8, 1)))
    return [
        {
            "exception": "USE_WITHOUT_ANNEX",
            "service": service,
            "organisation_number": OSLO,
            "organisation": f"Kunde {n}",
            "municipality_code": "0301",
            "first_month": date(2026, 7, 1),
            "last_month": last,
            "months": 2,
            "sentence": "Bruker uten vedlegg.",
            "sentence_en": "Uses without an annex.",
            "synthetic": True,
        }
        for n, (service, last) in enumerate(rows)
    ]


BERGEN = "964338531"
"""Has a line of its own in the invoice basis, and one that Oslo pays."""


def basis() -> list[dict[str, object]]:
    """What is to be paid: price and quantity move in a year, lines come and go, and some are not ready."""
    then, january, now = date(2025, 10, 1), date(2026, 1, 1), MONTH
    sent, channel, account = ("svarut", "svarut-forsendelser"), ("svarut", "svarut-svarinn"), ("fiks-io", "fiksio")
    lines = (
        (then, OSLO, OSLO, "a", sent, None, 1000, "1.15", "READY"),
        (now, OSLO, OSLO, "a", sent, None, 1200, "1.15", "READY"),  # more of it
        (now, OSLO, OSLO, "b", sent, None, 100, "1.15", "READY"),
        (then, OSLO, OSLO, "a", channel, "SVARINN", 300, "0.30", "READY"),
        (now, OSLO, OSLO, "a", channel, "SVARINN", 401, "0.34", "READY"),  # both
        (now, OSLO, OSLO, "a", account, None, 3, "95", "READY"),  # new
        (then, OSLO, OSLO, None, ("fiks-del-dokument", "del-dokument-fastpris"), None, 1, "3600", "READY"),  # gone
        (now, OSLO, OSLO, None, ("fiks-digisos", "digisos-innbyggere"), None, 700000, None, "NO_PRICE"),
        (now, OSLO, OSLO, "c", account, None, 1, "95", "NO_AGREEMENT"),
        (january, OSLO, OSLO, "a", sent, None, 900, "1.15", "READY"),
        (now, BERGEN, BERGEN, "a", sent, None, 77, "1.15", "READY"),
        (now, OSLO, BERGEN, "d", account, None, 2, "95", "READY"),
    )
    return [
        {
            "month": month,
            "payer_number": payer,
            "organisation_number": organisation,
            "account_id": account_id,
            "service": service,
            "price_element": element,
            "channel": way,
            "quantity": Decimal(quantity),
            "unit": None if price is None else "stykk",
            "unit_price": None if price is None else Decimal(price),
            "price_rule": None if price is None else _keys(element, way, changed=month == january),
            "amount_ore": None if price is None else int(Decimal(price) * quantity * 100),
            "status": status,
            "note": {"NO_PRICE": "NO_RULE", "NO_AGREEMENT": "NO_ANNEX"}.get(status),
            "synthetic": True,
        }
        for month, payer, organisation, account_id, (service, element), way, quantity, price, status in lines
    ]


def _keys(element: str, way: str | None, *, changed: bool) -> str:
    """The key of a line's price rule; after another's where the price changed within the month."""
    first, last = (f"{element}/{day}/{way or ''}//" for day in ("2017-01-01", "2018-01-01"))
    return f"{first} + {last}" if changed else last


def rules() -> list[dict[str, object]]:
    """The rule of the lines that are counted by dispatch."""
    return [
        {
            "price_element": "svarut-forsendelser",
            "valid_from": date(2018, 1, 1),
            "service": "svarut",
            "kind": "PER_UNIT",
            "amount": Decimal("1.15"),
            "unit": "forsendelse",
            "counted_on": "CREATED",
            "rounding": "HALF_AWAY",
            "source": "syntetisk",
            "synthetic": True,
        }
    ]


@cache
def tables() -> dict[DatasetContract, pa.Table]:
    """The ledgers and what they stand beside."""
    made: dict[DatasetContract, list[dict[str, object]]] = {
        ledger.PRODUCT_MONTH: accounts(),
        ledger.ENTRY: entries(),
        billing.INVOICE_BASIS: basis(),
        reference.PRICE_RULE: rules(),
        uptake_calls.EXCEPTION: exceptions(),
        **use(),
    }
    found = {contract: sample.rows_as(contract, rows) for contract, rows in made.items()}
    measures = bundled.table(reference.MEASURE.table, reference.MEASURE.arrow_schema)
    elements = bundled.table(reference.PRICE_ELEMENT.table, reference.PRICE_ELEMENT.arrow_schema)
    found[usage.SYSTEM_MONTH] = sample.systems(sample.connections())
    return found | {reference.MEASURE: measures, reference.PRICE_ELEMENT: elements}


def publish(settings: Settings, *without: DatasetContract, parent: str | None = None) -> Release:
    """Publish a release; `without` some of its datasets, as an older one."""
    contents = [Content(c, table=bundled.table(c.table, c.arrow_schema)) for c in sample_report.OLD]
    contents += [Content(c, table=t) for c, t in (sample_report.tables() | tables()).items() if c not in without]
    releases = Releases(settings)
    return releases.publish(
        releases.next_name(PUBLISHED), contents, lambda _told: [], sample_report.said(), parent=parent
    )


def _add(release: Release, *statements: str) -> None:
    file = release.folder / "ledger.duckdb"
    file.chmod(0o644)
    with duckdb.connect(str(file)) as connection:
        for one in statements:
            connection.execute(one)
    noted = release.folder / "manifest.json"  # says how large it is
    manifest = json.loads(noted.read_text("utf-8"))
    manifest["files"][file.name]["bytes"] = file.stat().st_size
    noted.chmod(0o644)
    noted.write_text(json.dumps(manifest), "utf-8")


def follow_loans(release: Release) -> None:
    """Loans by month: one that is paid off at expected uptake, and one that too few are left to pay off."""
    _add(
        release,
        """create table loan_month as select
            'DF-01' as project, 'svarut' as service, month, 100000000::bigint as granted_ore,
            90000000::bigint as drawn_to_date_ore, 15000050::bigint as repaid_to_date_ore,
            74999950::bigint - datediff('month', month, date '2026-10-01') as balance_ore, false as overdrawn,
            case month when date '2026-11-01' then date '2029-08-01' end as payoff_month_low,
            case month when date '2026-11-01' then date '2028-02-01' end as payoff_month_expected,
            case month when date '2026-11-01' then date '2027-05-01' end as payoff_month_high,
            case month when date '2026-11-01' then 'EXTENDED' end as payoff_basis,
            case month when date '2026-11-01' then null else 'EARLIER_MONTH' end as payoff_reason,
            true as synthetic
        from (select unnest(generate_series(date '2025-01-01', date '2026-11-01', interval 1 month))::date as month)""",
        """insert into loan_month values ('DF-02', null, '2026-10-01', 200, 300, 0, 300, true, null, null, null,
            null, 'NOT_LAUNCHED', true)""",
    )


def calculate(release: Release) -> None:
    """A calculation of prices for two years and of a scenario, of which the first year of BASE is shown."""
    _add(
        release,
        """create table price_calculation as
        select 'svarut' as service, 'svarut-forsendelser' as price_element, null::varchar as channel,
            null::bigint as size_low, null::bigint as size_high, year::integer as year, scenario,
            0.55::decimal(18, 6) as current_price, 0.483217::decimal(18, 6) as self_cost_price,
            0.484::decimal(18, 6) as proposed_price, 'PER_UNIT' as kind,
            4_840_000_00 as income_expected_ore, true as synthetic
        from (values (2027, 'BASE'), (2028, 'BASE'), (2027, 'flere')) as wanted (year, scenario)""",
    )


def reconcile(release: Release) -> None:
    """A reconciliation in which too much in a month and too little in another do not offset each other."""
    _add(
        release,
        """create table reconciliation_product as
        select 'svarut' as service, month::date as month, 50000000::bigint as billed_ore,
            open::bigint as open_ore, greatest(open, 0)::bigint as over_ore, greatest(-open, 0)::bigint as under_ore,
            0::bigint as explained_ore, 1250000::bigint as not_reconcilable_ore,
            true as synthetic
        from (values ('2026-03-01', 1000050), ('2026-04-01', -300000), ('2025-12-01', 99)) as told (month, open)""",
    )


def list_unmapped(release: Release) -> None:
    """An entry with two reasons, which counts once, and one of another year."""
    _add(
        release,
        """create table unmapped_cost as
        select 'sample' as producer, entry_id, reason, period::date as period, 'svarut' as service,
            amount::bigint as amount_ore, true as synthetic
        from (values ('1', 'NO_KEY', '2026-02-01', 7700), ('1', 'NO_CATEGORY', '2026-02-01', 7700),
            ('2', 'NO_KEY', '2025-02-01', 5)) as told (entry_id, reason, period, amount)""",
    )


def list_fee_gaps(release: Release) -> None:
    """A fee above its repayment, one below, and one of another year."""
    _add(
        release,
        """create table joining_fee_gap as
        select invoice_id, period::date as period, 'svarut' as service, apart::bigint as difference_ore,
            true as synthetic
        from (values ('F1', '2026-02-01', 4000), ('F2', '2026-03-01', -500), ('F3', '2025-02-01', 5))
            as told (invoice_id, period, apart)""",
    )


def budget_income(release: Release) -> None:
    """What was budgeted to be earned."""
    _add(
        release,
        "alter table product_month add column if not exists budget_income_ore bigint",
        "update product_month set budget_income_ore = 99000000",
    )
