"""What a release is asked, and what it answers: one SQL file a query in `sql/`, and a plain value a row.

Neither DuckDB nor Streamlit: `reader` opens a release and asks it. The queries of a page stand in its folder, those
that several ask in `dashboards/shared/sql/`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import pyarrow as pa

_ROOM = Path(__file__).parent.parent
_PARTS = (*("area_member", "missing_delivery", "price_element_name", "seen_municipality", "usage/group_member"),)
"""Statements that several queries have within them, where they say `{name}`."""


GAPS: Final = "quality.expected_reporter"
"""Tells who should have delivered; releases from before it do not."""
LEDGER: Final = "ledger"
"""What the restricted database is attached as, and its file is called."""


def names() -> list[str]:
    """Every query: `usage/trend` of a page, `areas` of what several share; parts of others too."""
    files = [*_ROOM.glob("views/*/sql/*.sql"), *_ROOM.glob("shared/sql/*.sql")]
    return sorted(f"{f.parents[1].name}/{f.stem}" if f.parents[2].name == "views" else f.stem for f in files)


@functools.cache
def sql(name: str, *, gaps: bool = True) -> str:
    """The text of the query `name`, its parts in their places; without `gaps`, as if nothing were ever missing."""
    page, _, query = name.rpartition("/")
    folder = _ROOM / "views" / page if page else _ROOM / "shared"
    text = (folder / "sql" / f"{query}.sql").read_text("utf-8")
    for part in _PARTS:
        if f"{{{part}}}" in text:
            text = text.replace(f"{{{part}}}", sql(part if gaps or part != "missing_delivery" else f"{part}_untold"))
    return text


@dataclass(frozen=True, slots=True)
class QueryResult:
    """What a release answered, with the query: what a chart is drawn from, its table, and its files.

    Attributes:
        table: columns and row order as the SQL file says.
        sql: the query.
        parameters: what its `$parameters` were.
    """

    table: pa.Table
    sql: str
    parameters: Mapping[str, object]
    _rows: list[dict[str, Any]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as plain values; made once, so not to be changed."""
        if not self._rows:
            self._rows.extend(self.table.to_pylist())
        return self._rows

    @property
    def synthetic(self) -> bool:
        """Some row says that the simulator made it."""
        return "synthetic" in self.table.column_names and any(self.table["synthetic"].to_pylist())


@dataclass(frozen=True, slots=True)
class Service:
    """A product, and whether anyone has observed its uptake.

    Attributes:
        external: a product of others, shown for comparison only.
        last_month: the last observed month, also one that is not over; None where nobody ever looked.
        synthetic: its numbers were made by the simulator.
    """

    service: str
    name: str
    external: bool
    months: int
    last_month: date | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Area:
    """The country, a county or a network. `part`: a network that is part of another."""

    area_kind: str
    area: str
    name: str
    part: bool = False
    certainty: str | None = None

    @property
    def unsure(self) -> bool:
        """A network of which no source confirms that it exists."""
        return self.certainty in {"MENTIONED", "NOT_CONFIRMED"}
