"""Queries of a release and their results: one SQL file per query in `sql/`, and plain values per row.

Depends on neither DuckDB nor Streamlit: `reader` opens a release and runs the queries. A page's queries are in its
folder; those that several pages share are in `dashboards/shared/sql/`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyarrow as pa

_ROOM = Path(__file__).parent.parent
_PARTS = (
    *(
        "area_member",
        "last_observed",
        "missing_delivery",
        "price_element_name",
        "seen_municipality",
        "usage/group_member",
    ),
)
"""Statements that queries include as `{name}`."""


GAPS: Final = "quality.expected_reporter"
"""Lists who should have delivered; older releases lack it."""
LEDGER: Final = "ledger"
"""The restricted database's name, both as a file and as attached."""


def names() -> list[str]:
    """Every query: `usage/trend` of a page, `areas` of those shared by several; included parts too."""
    files = [*_ROOM.glob("views/*/sql/*.sql"), *_ROOM.glob("shared/sql/*.sql")]
    return sorted(f"{f.parents[1].name}/{f.stem}" if f.parents[2].name == "views" else f.stem for f in files)


@functools.cache
def sql(name: str, *, gaps: bool = True) -> str:
    """The text of the query `name` with its parts filled in; without `gaps`, as if nothing were ever missing."""
    page, _, query = name.rpartition("/")
    folder = _ROOM / "views" / page if page else _ROOM / "shared"
    text = (folder / "sql" / f"{query}.sql").read_text("utf-8")
    for part in _PARTS:
        if f"{{{part}}}" in text:
            text = text.replace(f"{{{part}}}", sql(part if gaps or part != "missing_delivery" else f"{part}_untold"))
    return text


class Row(dict[str, Any]):
    """A row of an answer: its columns by name, also as attributes. The head of the SQL file tells what they are."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the column holds
        """The value of a column.

        Raises:
            AttributeError: the answer has no such column.
        """
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True, slots=True)
class QueryResult:
    """A query and its result: the source of a chart, its table and its files. Shared by all who ask the same.

    Attributes:
        table: columns and row order as in the SQL file.
        sql: the query.
        parameters: the values of its `$parameters`.
    """

    table: pa.Table
    sql: str
    parameters: Mapping[str, object]
    _rows: list[Row] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def rows(self) -> list[Row]:
        """The rows as plain values. Made once and shared, so do not change them."""
        rows = self._rows
        if rows is None:
            rows = [Row(row) for row in self.table.to_pylist()]
            object.__setattr__(self, "_rows", rows)  # at once: another thread may be at it too
        return rows

    @property
    def synthetic(self) -> bool:
        """Whether the simulator made any row."""
        return self._says("synthetic")

    @property
    def perturbed(self) -> bool:
        """Whether the figures of any row are changed at random for privacy."""
        return self._says("perturbed")

    def _says(self, mark: str) -> bool:
        return mark in self.table.column_names and any(self.table[mark].to_pylist())


class Service(Row):
    """A product, and whether anyone has observed its uptake.

    Attributes:
        external: another party's product, shown for comparison only.
        last_month: the last observed month, even if it is not over; None if never observed.
        synthetic: its numbers were made by the simulator.
        tells: how many kinds of numbers it has: uptake, use of any kind, dispatches.
        active: municipalities that have it, in the last observed month.
        remaining: municipalities that have not, in the same month.
    """


class Area(Row):
    """The country, a county or a network. `part` marks a network that is part of another."""

    @property
    def unsure(self) -> bool:
        """Whether no source confirms that the network exists."""
        return self.certainty in {"MENTIONED", "NOT_CONFIRMED"}
