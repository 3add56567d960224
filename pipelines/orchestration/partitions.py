"""Months as Dagster's partitions: which months a table reads to make one, and which months a person picked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

import dagster as dg

from assets.build import Build
from catalog.contracts.language import DatasetContract, RegisterContract
from catalog.tables import conformed
from catalog.tables.streams import STREAMS
from pipelines.run.tables import BUILDS, LISTS, conformed_tables, tables_of

AUTO = "dif/auto"
"""Tag of a run that finds out for itself which months are touched, because nobody picked any."""
OWN_EVENTS = "dagster/defer_asset_events"
"""Dagster's tag for runs that say themselves what they made: no event is planned for a month that is not touched."""
MONTHS = dg.MonthlyPartitionsDefinition(start_date="2012-01-01", timezone="Europe/Oslo", end_offset=1)
_MONTH = "dagster/partition"
_RANGE = ("dagster/asset_partition_range_start", "dagster/asset_partition_range_end")


def _by_month(builds: Iterable[Build]) -> Iterator[str]:
    """Of tables with months, those whose every month is made of the same month of all that it reads by month."""
    found = {table.name for table in conformed.TABLES if table.partitioned}
    yield from found
    for build in builds:
        read = {n: s for n, s in build.inputs.items() if not isinstance(s, RegisterContract) and s.partitioned}
        same = all(build.reads_by_month(n) and all(t.name in found for t in tables_of(s)) for n, s in read.items())
        if build.contract.partitioned and read and same:
            found.add(build.contract.name)
            yield build.contract.name


BY_MONTH = frozenset(_by_month(BUILDS))
"""Tables whose months are partitions in Dagster. The others with months are made of all months, so that no month of
them can be made alone: a backfill of one month would ask for all of theirs since the first, and the gate for all."""


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


_MADE_BESIDE = {made.name: conformed_tables(STREAMS[stream])[0] for stream, made in LISTS.items()}
"""Tables without an asset of their own, with the table whose asset makes them."""


def dependencies(build: Build) -> list[dg.AssetDep]:
    """What a build reads: of an input with months, the same month, or all months."""
    by_month = build.contract.name in BY_MONTH
    deps: dict[dg.AssetKey, dg.AssetDep] = {}
    for source in build.inputs.values():
        for table in tables_of(source):
            if isinstance(source, RegisterContract) or table.name in _MADE_BESIDE:
                key = key_of(_MADE_BESIDE.get(table.name, table))
                deps.setdefault(key, dg.AssetDep(key))
            else:
                deps[key_of(table)] = dependency(table, by_month=by_month)
    return list(deps.values())


def dependency(source: DatasetContract, *, by_month: bool = False) -> dg.AssetDep:
    """A table that another one reads: its same month, or all of it."""
    if source.name not in BY_MONTH:
        return dg.AssetDep(key_of(source))
    same_month, all_months = dg.TimeWindowPartitionMapping(), dg.AllPartitionMapping()
    return dg.AssetDep(key_of(source), partition_mapping=same_month if by_month else all_months)


def whole(sources: Iterable[DatasetContract]) -> list[dg.AssetDep]:
    """Tables of which all months are read."""
    return [dependency(source) for source in sources]
