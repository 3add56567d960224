"""What several pages call the same."""

from __future__ import annotations

from typing import Final

DISPATCHES: Final = "forsendelser"
