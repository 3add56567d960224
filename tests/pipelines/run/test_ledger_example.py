"""The worked example of docs/ledger-example.md: every answer that stands there is what the ledgers say."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog.tables.ledger import PRODUCT_MONTH
from pipelines.run import steps
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import registers
from transport.releases import sql
from transport.releases.store import Release
from transport.storage import landing

pytestmark = pytest.mark.slow("two runs, for the figures of one page of docs/")
PAGE = Path(__file__).resolve().parents[3] / "docs" / "ledger-example.md"
FILES = PAGE.with_suffix("")
STREAMS = ("adoption", "invoice_line", "cost_entry", "loan_entry", "measurement")
REGISTERS = ("price_rule", "cost_mapping", "project")
NOW = datetime(2026, 11, 26, 8, tzinfo=UTC)
_ASKED = re.compile(r"```sql\n(?P<query>.*?)\n```\n\n(?P<answer>(?:\|[^\n]*\n)*)", re.DOTALL)


def published(home: Path) -> tuple[Settings, Release]:
    """A release of the example's files, made as the page says."""
    settings = Settings(home=home, settle_seconds=0)
    for stream in STREAMS:
        file = settings.inbox / stream / "eksempel" / f"{stream}.csv"
        file.parent.mkdir(parents=True)
        file.with_name(f"{file.name}.synthetic").touch()
        shutil.copyfile(FILES / file.name, file)
    with atomic_files.locked(settings.home):
        kept = landing.open_landing(settings)
        for name in REGISTERS:
            contract = registers.contract_of(name)
            rows = registers.checked_rows(contract, FILES / f"{name}.csv")
            registers.apply(kept, contract, rows, reason="regneeksempel", by="okonomi", now=NOW)
        release = steps.run_all(steps.start(settings, NOW))
    assert release is not None
    return settings, release


def answered(settings: Settings, release: Release, query: str) -> str:
    """The answer as a table of Markdown."""
    table = sql.query(settings, release, query)
    rows = [table.column_names, ["---"] * table.num_columns, *(map(str, r.values()) for r in table.to_pylist())]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Release]:
    """The example's release."""
    return published(tmp_path_factory.mktemp("example"))


@pytest.mark.parametrize("asked", list(_ASKED.finditer(PAGE.read_text("utf-8"))), ids=lambda m: m["query"][:60])
def test_the_page_says_what_the_ledgers_say(asked: re.Match[str], made: tuple[Settings, Release]) -> None:
    assert asked["answer"] == answered(*made, asked["query"])


def test_every_row_that_is_made_up_says_so(made: tuple[Settings, Release]) -> None:
    for table in ("entry", "product_month", "invoice_basis", "reconciliation", "loan_month", "price_calculation"):
        said = sql.query(*made, f"select distinct synthetic from ledger.{table}").to_pylist()
        assert said == [{"synthetic": True}], table


def test_the_entries_of_each_cell_sum_to_it(made: tuple[Settings, Release]) -> None:
    columns = ", ".join(c.name for c in PRODUCT_MONTH.columns if c.name.startswith(("income_", "cost_", "allocated_")))
    cells = (
        f"select service, month, cell, ore from (unpivot ledger.product_month on {columns} into name cell value ore)"
    )
    summed = "select service, period, cell, sum(amount_ore) from ledger.entry_trace where cell is not null group by all"
    assert sql.query(*made, f"{cells} where ore <> 0 except all {summed}").num_rows == 0
    assert sql.query(*made, f"{summed} except all {cells}").num_rows == 0


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        its = published(Path(folder))
        text = _ASKED.sub(
            lambda m: f"```sql\n{m['query']}\n```\n\n{answered(*its, m['query'])}", PAGE.read_text("utf-8")
        )
    PAGE.write_text(text, "utf-8")
    sys.stdout.write(f"wrote {PAGE.name}\n")
