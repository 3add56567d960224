"""Names that several pages share."""

from __future__ import annotations

from typing import Final

DISPATCHES: Final = "forsendelser"
"""The name of dispatches among the measures."""
