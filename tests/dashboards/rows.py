"""Values with something changed, for tests: rows of an answer, and dataclasses."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from dashboards.release.query import Row

if TYPE_CHECKING:
    from datetime import date


def replace(value: Any, **changes: Any) -> Any:
    """The same with these columns or fields changed."""
    return type(value)(value, **changes) if isinstance(value, Row) else dataclasses.replace(value, **changes)


def point(month: date, active: int, basis: str = "USE", *, service: str = "x", municipalities: int = 357) -> Row:
    """A month of a curve: how many municipalities had a service."""
    name, known = service.title(), {"external": False, "synthetic": False}
    found = {"service": service, "name": name, "month": month, "active": active, "active_basis": basis}
    return Row(found, municipalities=municipalities, **known)
