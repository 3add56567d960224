"""Months as Dagster's partitions: which months a table reads to make one, and which months a person picked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import dagster as dg

from assets.build import Build
from catalog.contracts.language import DatasetContract, RegisterContract
from catalog.tables.streams import REGISTER

AUTO = "dif/auto"
"""Tag of a run that finds out for itself which months are touched, because nobody picked any."""
OWN_EVENTS = "dagster/defer_asset_events"
"""Dagster's tag for runs that say themselves what they made: no event is planned for a month that is not touched."""
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2012-01-01", timezone="Europe/Oslo", end_offset=1)
_MONTH = "dagster/partition"
_RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


def auto_tags() -> dict[str, str]:
    """Tags of a run that finds its months. Any one valid month stands in the range: without it, Dagster refuses."""
    last = MONTHS.get_last_partition_key() or "2012-01-01"
    return {AUTO: "true", OWN_EVENTS: "true", **dict.fromkeys(_RANGE, last)}


def find_months(tags: dict[str, str]) -> None:
    """Give a run of one of our jobs the tags of a run that finds its months, unless a person picked some.

    The job itself cannot have them: a picked partition beside a range is refused by Dagster.
    """
    if OWN_EVENTS in tags and not {_MONTH, *_RANGE} & tags.keys():
        tags.update(auto_tags())


def key_of(contract: DatasetContract) -> dg.AssetKey:
    """The asset of a dataset: `usage/dispatch_day`."""
    return dg.AssetKey([contract.schema, contract.table])


def picked_months(context: dg.AssetExecutionContext) -> list[date] | None:
    """The months a person picked in the UI or a backfill; None when the run finds out for itself."""
    if AUTO in context.run.tags:
        return None
    if context.assets_def.partitions_def is None or not (context.has_partition_key or context.has_partition_key_range):
        return None
    return [date.fromisoformat(key) for key in context.partition_keys]


def dependencies(build: Build) -> list[dg.AssetDep]:
    """What a build reads: of an input with months, the same month, or all months.

    An input under two names, once by month and once whole, is read whole.
    """
    deps: dict[dg.AssetKey, dg.AssetDep] = {}
    for name, source in build.inputs.items():
        if isinstance(source, RegisterContract):
            key = dg.AssetKey(["conformed", REGISTER.name])
            deps.setdefault(key, dg.AssetDep(key))
        elif key_of(source) not in deps or not build.reads_by_month(name):
            deps[key_of(source)] = dependency(source, by_month=build.reads_by_month(name))
    return list(deps.values())


def dependency(source: DatasetContract, *, by_month: bool = False) -> dg.AssetDep:
    """A table that another one reads: its same month, or all of it."""
    if not source.partitioned:
        return dg.AssetDep(key_of(source))
    same_month, all_months = dg.TimeWindowPartitionMapping(), dg.AllPartitionMapping()
    return dg.AssetDep(key_of(source), partition_mapping=same_month if by_month else all_months)


def whole(sources: Iterable[DatasetContract]) -> list[dg.AssetDep]:
    """Tables of which all months are read."""
    return [dependency(source) for source in sources]
