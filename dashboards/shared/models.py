"""Names that several pages share."""

from __future__ import annotations

from typing import Final

from dashboards.release.query import Row

DISPATCHES: Final = "forsendelser"
"""The name of dispatches among the measures."""
STANDING: Final = "uptake.standing"
"""How each municipality stands with each service; older releases lack it."""


class Standing(Row):
    """How the municipality stands with a service.

    Attributes:
        standing: the step, such as `IN_USE`; None where nobody has observed the service.
        since: the month in which it came to that step; None where it is not known.
        no_later: it came there in that month or before.
        month: the last month in which somebody observed the service, up to the one asked for; None if nobody has.
        similar_known: how many of the municipalities most like it are observed.
        similar_active: how many of these have the service.
    """

    @property
    def observed(self) -> bool:
        """Whether somebody has observed the service."""
        return self.active_basis is not None
