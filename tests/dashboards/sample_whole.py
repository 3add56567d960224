"""A release in which every page has numbers: what the other samples tell, in one, published as the pipeline does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog import facts
from catalog.tables import ledger as ledgers
from catalog.tables import price_calculation, projects, reconciliation, reference, self_cost, usage
from tests.dashboards import sample, sample_accounts, sample_data, sample_ledger, sample_report, sample_usage
from transport.releases.store import Content, Release, Releases

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

    from catalog.contracts.language import DatasetContract
    from transport.base.settings import Settings

BUNDLED = (*sample_report.OLD, reference.POPULATION, reference.PRICE_ELEMENT, reference.MEASURE)
OF_ACCOUNTS = (
    *(ledgers.PRODUCT_MONTH, ledgers.ENTRY, ledgers.UNMAPPED_COST, ledgers.PERIOD),
    *(price_calculation.PRICE_CALCULATION, price_calculation.PRICE_COST, price_calculation.PRICE_USE),
    *(projects.LOAN_MONTH, projects.PROJECT_MONTH, self_cost.SELF_COST_RULE, self_cost.SELF_COST_YEAR),
    *(reconciliation.RECONCILIATION, reconciliation.RECONCILIATION_PART, reconciliation.RECONCILIATION_PRODUCT),
)


def tables() -> dict[DatasetContract, pa.Table]:
    """Every dataset but the bundled facts and what describes the release."""
    made = sample_report.tables() | sample.calls() | sample_ledger.tables()
    made |= {contract: sample.rows_as(contract, rows) for contract, rows in sample_data.told().items()}
    made |= sample_usage.made()
    made |= {contract: sample_accounts.tables()[contract] for contract in OF_ACCOUNTS}
    made[usage.MEASURE_MONTH] = sample.rows_as(usage.MEASURE_MONTH, sample_usage.measured())
    exact = sample_usage.connections()
    made[usage.CONNECTION_EXACT_MONTH] = sample.rows_as(usage.CONNECTION_EXACT_MONTH, exact)
    made[usage.CONNECTION_MONTH] = sample.rows_as(usage.CONNECTION_MONTH, sample.in_bands(exact))
    made[usage.SYSTEM_MONTH] = sample.systems(exact, sample_usage.shielded())
    return {contract: table for contract, table in made.items() if contract not in BUNDLED}


def publish(
    settings: Settings, name: str = sample.RELEASE, *, ledger: bool = True, parent: str | None = None
) -> Release:
    """Publish the release; without `ledger`, one as they were before there were ledgers."""
    contents = [Content(c, table=facts.table(c.table, c.arrow_schema)) for c in BUNDLED]
    contents += [Content(c, table=t) for c, t in tables().items() if ledger or c.schema != "ledger"]
    published = sample_data.PUBLISHED.isoformat()
    said = sample_report.said() | {"published_at": published, "as_of": published}

    def described(known: Mapping[str, Mapping[str, object]]) -> list[Content]:
        return list(sample_data.described(known))

    return Releases(settings).publish(name, contents, described, said, parent=parent)
