"""The ledgers of a release, and the landing and lake that they were made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from catalog.contracts.language import DatasetContract
from catalog.contracts.scan import Query, Scan
from catalog.tables import ledger
from pipelines.run.context import RunContext
from pipelines.run.steps import start
from transport.base.settings import Settings
from transport.lake.session import Session
from transport.releases import dataset_reader
from transport.releases.store import Release
from transport.storage import landing

Row = dict[str, Any]


@dataclass
class Ledgers:
    """The ledgers of a release, and their sources."""

    settings: Settings
    release: Release
    run: RunContext

    @classmethod
    def of(cls, settings: Settings, release: Release) -> Self:
        """The ledgers of a release of the home."""
        return cls(settings, release, start(settings, landing.utc_now()))

    @property
    def entry(self) -> Scan:
        """The entries of the release."""
        return dataset_reader.scan(self.release, ledger.ENTRY)

    @property
    def last_line(self) -> int:
        """The last line of the journal that the release saw."""
        journal = self.release.section("made_of").get("journal")
        return int(journal[0]) if journal else 0

    def rows(self, scan: Scan) -> list[Row]:
        """The rows of a scan."""
        with Session(self.settings) as session:
            rows: list[Row] = session.table(scan).to_pylist()
        return rows

    def dataset(
        self, contract: DatasetContract | None, condition: str, columns: str = "", **parameters: str | date | None
    ) -> list[Row]:
        """Rows of a dataset of the release; none if the release does not have it.

        Args:
            contract: of the dataset; None has no rows.
            condition: which rows.
            columns: what is selected; the contract's columns when not given, in their order.
            parameters: of the condition.
        """
        if contract is None or not dataset_reader.has(self.release, contract):
            return []
        order = "" if columns else " order by all"
        sql = f"select {columns or own_columns(contract)} from dataset where {condition}{order}"  # noqa: S608 - the words of our own modules
        return self.rows(Query(sql, {"dataset": dataset_reader.scan(self.release, contract)}, parameters))


def own_columns(contract: DatasetContract) -> str:
    """The contract's own columns: a file that is read also has this machine's path and row numbers."""
    return ", ".join(f'"{c.name}"' for c in contract.columns)
