"""The facts about a network's uptake in a month: the queries to one release, and their values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.release.query import GAPS, Row
from dashboards.views.uptake.models import Supplier, share_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal

    from dashboards.release.attempt import Attempt
    from dashboards.release.query import Area
    from dashboards.release.reader import ReleaseReader
    from transport.releases.release import Release


class Standing(Row):
    """How many of a network's members have a product in its last observed month, and the country's numbers then."""

    @property
    def waiting(self) -> int | None:
        """Members with the annex signed that do not have it; None where no source reports annexes."""
        return self.annexed - self.active if self.annex_known else None

    @property
    def not_begun(self) -> int | None:
        """Members without the annex; None where no source reports annexes."""
        return self.members - self.annexed if self.annex_known else None

    @property
    def share(self) -> Decimal:
        """The share of the members."""
        return share_of(self.active, self.members)

    @property
    def country(self) -> Decimal:
        """The country's share."""
        return share_of(self.country_active, self.country_municipalities)


@dataclass(frozen=True, slots=True)
class Shown:
    """The service whose charts are shown."""

    service: str
    name: str
    history: Sequence[Row]
    registered: frozenset[str]
    points: Sequence[Row]


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """Everything in a network's report, from one release. None: the release does not know."""

    release: Release
    attempt: Attempt | None
    network: Area
    month: date
    members: Mapping[str, str]
    standings: Sequence[Standing]
    calls: Sequence[Row]
    suppliers: Sequence[Supplier]
    declined: Sequence[Row]
    lacking: Sequence[Row] | None
    shown: Shown | None


def network_facts(
    reader: ReleaseReader, release: Release, attempt: Attempt | None, network: Area, month: date
) -> NetworkFacts:
    """The facts about a network in a month."""
    here = {"area_kind": network.area_kind, "area": network.area}
    standings = [Standing(row) for row in reader.rows("network_services", network=network.area, through=month)]
    of_all = {**here, "service": None}
    calls = reader.rows("calls", **of_all, month=month)
    return NetworkFacts(
        release=release,
        attempt=attempt,
        network=network,
        month=month,
        members={row["code"]: row["name"] for row in reader.rows("members", **here)},
        standings=standings,
        calls=calls,
        suppliers=[Supplier(row) for row in reader.rows("suppliers", **here)],
        declined=reader.rows("declined", **of_all),
        lacking=_lacking(reader, network, standings),
        shown=_shown(reader, network, standings, calls, month),
    )


def _lacking(reader: ReleaseReader, network: Area, standings: Sequence[Standing]) -> list[Row] | None:
    """Members with a missing delivery for a measured service; None where the release does not know."""
    if GAPS not in reader.datasets:
        return None
    by_code: dict[str, Row] = {}
    for standing in standings:
        if standing.active_basis == "USE":
            here = {"area_kind": network.area_kind, "area": network.area}
            for lack in reader.rows("lacking", service=standing.service, **here, month=standing.month):
                kept = by_code.get(lack.municipality_code, lack)
                by_code[lack.municipality_code] = max(kept, lack, key=lambda gap: gap.missing_to)
    return list(by_code.values())


def _shown(
    reader: ReleaseReader, network: Area, standings: Sequence[Standing], calls: Sequence[Row], until: date
) -> Shown | None:
    """The service with numbers that has the most rows in the call list; else the first by name."""
    if not standings:
        return None
    counted = Counter(call.service for call in calls)
    chosen = min(standings, key=lambda standing: (-counted[standing.service], standing.name))
    area = {"area_kind": network.area_kind, "area": network.area}
    history = reader.rows("funnel", service=chosen.service, **area, month=chosen.month)
    steps = reader.rows("registered_steps", service=chosen.service, month=chosen.month)
    points = reader.rows("curve", service=chosen.service, **area, through=until)
    return Shown(chosen.service, chosen.name, history, frozenset(row["step"] for row in steps), points)
