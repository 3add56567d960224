"""Peers: which municipalities are similar, and how each compares with others."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from assets.build import BuildWindow, builds
from assets.statements import statement
from catalog import facts
from catalog.contracts.scan import Query, Scan, Values
from catalog.tables import reference, usage

PEERS = 10
"""The number of similar municipalities for each.

Enough for quartiles, which need five figures, when half of them lack one; few enough to read as a list.
Kolada, where Swedish municipalities compare themselves, lists up to twenty of the most alike.

Source: http://rka.nu/tjanster/anvandarstodkolada/liknandekommunerochlandsting.2271.html
"""
_NEAR_METRES = 50_000
"""The distance from a centre for `inhabitants_within_50_km`."""
_CENTRE = pa.schema(
    [pa.field("code", pa.string(), nullable=False), ("latitude", pa.float64()), ("longitude", pa.float64())]
)


@builds(reference.MUNICIPALITY_PEER, municipality=reference.MUNICIPALITY, population=reference.POPULATION)
def municipality_peer(span: BuildWindow, municipality: Scan, population: Scan) -> Scan:
    """The ten municipalities most similar to each, by size and by inhabitants within 50 km.

    Similarity is a short distance in the two natural logarithms, with the population of the last year. Within 50 km are
    the municipalities whose centre is that near its own, including itself. Distances are rounded to a millionth, and
    ties follow the code, so that a machine with other last digits gives the same list.

    Grain: one row per municipality of now and peer, ranked from 1. A municipality without a centre or population has no
    peers and is nobody's peer. The relation is not symmetric.
    """
    del span
    inputs = {
        "municipality": municipality,
        "population": population,
        "centre": Values(facts.table("municipality_centre", _CENTRE)),
    }
    return Query(statement("reference/municipality_peer"), inputs, {"peers": PEERS, "metres": _NEAR_METRES})


@builds(
    usage.PEER_MONTH,
    municipality_month=usage.MUNICIPALITY_MONTH,
    municipality=reference.MUNICIPALITY,
    municipality_peer=reference.MUNICIPALITY_PEER,
    municipality_to_now=reference.MUNICIPALITY_TO_NOW,
    network_member=reference.NETWORK_MEMBER,
)
def peer_month(span: BuildWindow, municipality_month: Scan, **groups: Scan) -> Scan:
    """Each municipality's month against the median and quartiles of others, on the borders of now.

    Grain: one row per (month, municipality_code, service, peer_kind, peer_group), for every municipality of now and
    every service that any of them used in the month. A municipality is not a member of its own group. It has a row for
    each network it is in on the first of the month, and for a group without other members.

    Units: dispatches per 1 000 inhabitants over all channels, and the digital share of delivered ones. Quartiles are
    taken by nearest rank of the rounded figures, so each is one of them.

    Nulls: own figures where it did not use the service, quartiles with fewer than five figures, and the median with
    fewer than three. A municipality that did not use the service is a gap, counted in `members` but not in `n`, never
    as zero. Sensitive services are not in `municipality_month`, and so not here.
    """
    used = Query(statement("usage/peer_dispatched"), {"municipality_month": municipality_month}, kept=True)
    return Query(statement("usage/peer_month"), _spread(span, used, groups), {"month": span.month})


@builds(
    usage.PEER_MEASURE_MONTH,
    municipality_measure_month=usage.MUNICIPALITY_MEASURE_MONTH,
    municipality=reference.MUNICIPALITY,
    municipality_peer=reference.MUNICIPALITY_PEER,
    municipality_to_now=reference.MUNICIPALITY_TO_NOW,
    network_member=reference.NETWORK_MEMBER,
)
def peer_measure_month(span: BuildWindow, municipality_measure_month: Scan, **groups: Scan) -> Scan:
    """Each municipality's month of other use against the median and quartiles of others, on the borders of now.

    Grain: one row per (month, municipality_code, service, measure, peer_kind, peer_group), for every municipality of
    now and every measure of a service that any of them has a row for in the month; groups as in `peer_month`.

    Units: the measure's, per 1 000 inhabitants; quartiles as in `peer_month`.

    Nulls: as in `peer_month`; `median_missing` says why there is no median. It reads `municipality_measure_month`,
    which is made of published figures, so no statistic tells more than they do.
    """
    used = Query(
        statement("usage/peer_measured"), {"municipality_measure_month": municipality_measure_month}, kept=True
    )
    return Query(statement("usage/peer_measure_month"), _spread(span, used, groups), {"month": span.month})


def _spread(span: BuildWindow, scan: Scan, groups: Mapping[str, Scan]) -> dict[str, Scan]:
    """A month's figures, and the distribution of the other members of each municipality's groups."""
    inputs = {"told": scan, **groups}
    return {"told": scan, "spread": Query(statement("usage/peer_spread"), inputs, {"month": span.month})}


BUILDS = (municipality_peer, peer_month, peer_measure_month)
