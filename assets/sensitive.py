"""Lists of sensitive services, and of all others, as slots of statements."""

from __future__ import annotations

from catalog.contracts.rules import quoted
from catalog.tables import usage

SENSITIVE = ", ".join(quoted(s) for s in usage.SENSITIVE_SERVICES)
TOLD_OPENLY = ", ".join(quoted(s) for s in usage.TOLD_OPENLY)
