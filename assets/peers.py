"""Peers: which municipalities are similar, and how each compares with others."""

from __future__ import annotations

import pyarrow as pa

from assets.build import BuildWindow, Step, from_sql, sql_step
from catalog import facts
from catalog.contracts.scan import Values
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


def _centre(_window: BuildWindow) -> Values:
    """The centre of each municipality."""
    return Values(facts.table("municipality_centre", _CENTRE))


def _spread(figures: Step) -> Step:
    """The distribution of a month's figures over the other members of each municipality's groups."""
    return sql_step(
        "usage/peer_spread",
        reference.MUNICIPALITY,
        reference.MUNICIPALITY_PEER,
        reference.MUNICIPALITY_TO_NOW,
        reference.NETWORK_MEMBER,
        told=figures,
    )


_dispatched = sql_step("usage/peer_dispatched", usage.MUNICIPALITY_MONTH, materialized=True)
_measured = sql_step("usage/peer_measured", usage.MUNICIPALITY_MEASURE_MONTH, materialized=True)

municipality_peer = from_sql(
    reference.MUNICIPALITY_PEER,
    reference.MUNICIPALITY,
    reference.POPULATION,
    centre=_centre,
    parameters={"peers": PEERS, "metres": _NEAR_METRES},
)
peer_month = from_sql(usage.PEER_MONTH, told=_dispatched, spread=_spread(_dispatched))
peer_measure_month = from_sql(usage.PEER_MEASURE_MONTH, told=_measured, spread=_spread(_measured))

BUILDS = (municipality_peer, peer_month, peer_measure_month)
