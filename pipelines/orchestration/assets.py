"""A run's steps as Dagster's assets, made from the graph and the contracts: nothing is typed twice.

The tables of a schema are one op, which makes those that are selected (`can_subset`): an op costs Dagster a tenth of a
second, and a run with one for each table took longer in Dagster than in DuckDB.
"""

# No `from __future__ import annotations` here: Dagster reads the annotations of decorated functions as they are.
import inspect
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

import dagster as dg

from assets.build import Build
from assets.statements import Statement
from catalog.contracts.language import Column, DatasetContract, StreamContract
from catalog.errors import NoRoom, TryAgain, WrongUse
from catalog.tables import conformed
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from pipelines.run import batches, column_lineage
from pipelines.run.attempt import Attempt
from pipelines.run.context import BuildResult, RunContext
from pipelines.run.schedule import NODES, Node, plan
from pipelines.run.tables import BUILD_OF, STREAM_OF
from transport.base.settings import PROJECT
from transport.lake.session import sql_type
from transport.releases.store import Release

Results = Iterator[dg.MaterializeResult[Any]]
OPS = ("reference", "conformed", "usage", "uptake", "ledger", "quality")
"""Ops that make tables, in their order. Registers are conformed with the reference tables, which are made of them."""
CHECKED = dg.AssetKey(["quality", "check_result"])
RELEASE = dg.AssetKey(["release", "current"])
DATA_VERSION = "dagster/data_version"
"""Dagster's tag of the data version of a materialization."""
_VERSION_LENGTH = 16
"""Characters of a fingerprint in Dagster, which stores the versions of a table's inputs with each materialization."""
_RETRIES, _RETRY_SECONDS = 2, 5
warnings.filterwarnings("ignore", category=dg.BetaWarning)  # code references, and the policies of freshness
_DAY, _MONTH = timedelta(days=1), timedelta(days=31)


def landing_key(stream: str) -> dg.AssetKey:
    """The asset of a stream's landed batches."""
    return dg.AssetKey(["landing", stream])


def key_of(contract: DatasetContract) -> dg.AssetKey:
    """The asset of a table: `usage/dispatch_day`."""
    return dg.AssetKey([contract.schema, contract.table])


def nodes_of(keys: Collection[dg.AssetKey]) -> list[str]:
    """The nodes of the run's graph behind assets, with the reduced inputs that only they read."""
    names = {".".join(key.path) for key in keys}
    return [name for name in NODES if name in names or (name in _REDUCED and not names.isdisjoint(_readers(name)))]


def keys_of(names: Iterable[str]) -> set[dg.AssetKey]:
    """The assets of nodes; a reduced input has none."""
    return {key_of(NODES[name].tables[0]) for name in names if name not in _REDUCED}


_REDUCED = {how.contract.name for build in BUILD_OF.values() for how in build.reduced.values()}


@cache
def _readers(name: str) -> list[str]:
    return [node.name for node in NODES.values() if name in node.needs]


@cache
def op_of(name: str) -> str:
    """The op that makes a node: that of its schema; for an inner table, that of its first reader."""
    if name in STREAM_OF:
        return "conformed" if STREAM_OF[name].pushed else "reference"
    schema = name.partition(".")[0]
    return schema if schema != "conformed" else min(map(op_of, _readers(name)), key=OPS.index)


@contextmanager
def recording(context: dg.AssetExecutionContext | dg.OpExecutionContext, attempt: Attempt) -> Iterator[None]:
    """Record in `last_attempt.json` why an op failed; ask Dagster to try again what another moment may cure.

    Every op may be tried again: it makes only what is missing. A full disk does not clear in seconds, and any other
    error would only come again.
    """
    try:
        yield
    except Exception as problem:
        curable = isinstance(problem, TryAgain) and not isinstance(problem, NoRoom)
        if curable and context.retry_number < _RETRIES:
            raise dg.RetryRequested(max_retries=_RETRIES, seconds_to_wait=_RETRY_SECONDS) from problem
        with attempt.recording_failure():
            raise
    except BaseException:  # a person ended the run
        attempt.interrupted = True
        raise


def landing_assets() -> dg.AssetsDefinition:
    """One asset per stream, for its landed batches; it is materialized only when batches come."""
    specs = [
        dg.AssetSpec(
            landing_key(stream.name),
            group_name="landing",
            kinds={"parquet"},
            tags={"layer": "landing"},
            freshness_policy=_freshness(stream),
            **_described(stream),
        )
        for stream in STREAMS.values()
    ]

    @dg.multi_asset(name="landing", specs=specs, can_subset=True)
    def landing(context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]) -> Results:
        run, streams = attempt.run, {key.path[-1] for key in context.selected_asset_keys}
        with recording(context, attempt):
            attempt.land(streams if len(streams) < len(STREAMS) else ())
        for name in sorted(streams):
            landed = batches.seen(run, STREAMS[name])
            new = [entry for entry in landed if entry.number > run.released_upto]
            yield dg.MaterializeResult(
                asset_key=landing_key(name),
                metadata={
                    "dagster/row_count": sum(entry.rows for entry in landed),
                    "new batches": len(new),
                    "new rows": sum(entry.rows for entry in new),
                    "newest batch": str(landed[-1].received_at) if landed else "none",
                },
                data_version=dg.DataVersion(str(landed[-1].number) if landed else "0"),
            )

    return landing


def _freshness(stream: StreamContract) -> dg.FreshnessPolicy | None:
    """How old the newest batch may be: use is sent daily, and what accounts and registers hold monthly or never."""
    if not stream.pushed:
        return None
    usual = _DAY if stream.measures_use else _MONTH
    return dg.FreshnessPolicy.time_window(warn_window=usual + _DAY, fail_window=2 * usual + _DAY)


def table_assets() -> list[dg.AssetsDefinition]:
    """Every stream's rows in force and every built table: one op for each schema."""
    names = {op: [name for name in NODES if op_of(name) == op] for op in OPS}
    return [_tables(op, [NODES[name] for name in names[op] if name not in _REDUCED]) for op in OPS]


def _tables(op: str, nodes: Sequence[Node]) -> dg.AssetsDefinition:
    @dg.multi_asset(name=op, specs=[_spec(node) for node in nodes], can_subset=True)
    def tables(context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]) -> Results:
        with recording(context, attempt):
            for results in attempt.make(nodes_of(context.selected_asset_keys)):
                if results:  # a reduced input has no asset
                    key, facts, version = _made(attempt.run, results)
                    context.add_asset_metadata(facts, asset_key=key)  # an output's are stored with it once more
                    yield dg.MaterializeResult(asset_key=key, data_version=dg.DataVersion(version))

    return tables


def _spec(node: Node) -> dg.AssetSpec:
    table = node.tables[0]
    stream, build = STREAM_OF.get(table.name), BUILD_OF.get(table.name)
    layer = "conformed" if stream else "reference" if table.schema == "reference" else "mart"
    described = _described(table)
    described["metadata"] |= {"dagster/table_name": table.name} | column_lineage_of(table)
    if build:
        described["metadata"] |= _code(build)
    return dg.AssetSpec(
        key_of(table),
        deps=[*sorted(keys_of(_asset_needs(node))), *([landing_key(stream.name)] if stream else [])],
        group_name=table.schema,
        kinds={"duckdb", "deltalake"},
        tags={"layer": layer, "audience": str(table.audience)},
        **described,
    )


def _asset_needs(node: Node) -> set[str]:
    """The nodes that one needs; of a reduced input, those that it is made of."""
    needs = {name for name in node.needs if name not in _REDUCED}
    return needs.union(*(NODES[name].needs for name in node.needs & _REDUCED))


def _described(contract: DatasetContract | StreamContract) -> dict[str, Any]:
    return {
        "description": f"{contract.title.en}. {contract.about.en}",
        "owners": [contract.owner],
        "metadata": {"dagster/column_schema": _column_schema(contract.columns)},
    }


def _column_schema(columns: Sequence[Column]) -> dg.TableSchema:
    return dg.TableSchema(
        columns=[
            dg.TableColumn(
                column.name,
                sql_type(column.type),
                description=column.comment,
                constraints=dg.TableColumnConstraints(nullable=column.null, unique=False),
            )
            for column in columns
        ]
    )


def _code(build: Build) -> dict[str, dg.CodeReferencesMetadataValue]:
    """Where the table is made: its statements and functions."""
    references = []
    for code in build.code:
        if isinstance(code, Statement):
            path = PROJECT / code.file
            references.append(dg.LocalFileCodeReference(file_path=str(path), label=path.name))
        elif file := inspect.getsourcefile(inspect.unwrap(code)):
            line = inspect.unwrap(code).__code__.co_firstlineno
            references.append(dg.LocalFileCodeReference(file_path=file, line_number=line, label=code.__name__))
    return {"dagster/code_references": dg.CodeReferencesMetadataValue(code_references=references)}


def _made(run: RunContext, results: Sequence[BuildResult]) -> tuple[dg.AssetKey, dict[str, Any], str]:
    """A table's key, what changed in this run, and its data version: an unchanged table keeps it."""
    table, files = results[0], run.lake.files(results[0].contract)
    complete = all(part.rows is not None for part in files)
    rows, made = sum(part.rows or 0 for part in files), sum(table.rows.values())
    facts: dict[str, Any] = {  # the rest is said of the asset
        "dagster/row_count": rows if complete else None,
        "rows made": made if not complete or made < rows else None,  # else all of them
        "bytes": sum(part.size or 0 for part in files),
        "months made": ", ".join(f"{month:%Y-%m}" for month in sorted(filter(None, table.rows))),
        "seconds": round(table.seconds, 3),
        **_set_aside(results),
    }
    version = run.lake.scan_of(table.contract, files).fingerprint[:_VERSION_LENGTH] if files else "empty"
    return key_of(table.contract), {name: fact for name, fact in facts.items() if fact not in (None, "")}, version


def materialization(run: RunContext, results: Sequence[BuildResult]) -> dg.AssetMaterialization:
    """The event of a table that was made, where its step was not carried out since an earlier one failed."""
    key, facts, version = _made(run, results)
    return dg.AssetMaterialization(asset_key=key, metadata=facts, tags={DATA_VERSION: version})


def _set_aside(results: Sequence[BuildResult]) -> dict[str, float]:
    """For a stream: the number and share of rows in quarantine."""
    if len(results) == 1:
        return {}
    in_force, aside = (sum(each.rows.values()) for each in results[:2])
    share = aside / (in_force + aside) if aside else 0.0
    return {"rows in quarantine": aside, "share in quarantine": round(share, 6)}


def checked_asset() -> dg.AssetsDefinition:
    """The verdict on every table. An asset of its own, so that publication waits for it."""

    @dg.asset(
        key=CHECKED,
        deps=sorted(keys_of(name for name in NODES if not _readers(name))),  # all others come before these
        group_name="quality",
        kinds={"greatexpectations"},
        tags={"layer": "quality"},
        **_described(DATASETS["quality.check_result"]),
    )
    def check_result(
        context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]
    ) -> dg.MaterializeResult[Any]:
        with recording(context, attempt):
            verdict = attempt.check()
        facts = {"dagster/row_count": verdict.results.num_rows, "failed": len(verdict.failed)}
        return dg.MaterializeResult(metadata=facts)

    return check_result


def release_asset() -> dg.AssetsDefinition:
    """The release that readers open. Where a check of severity ERROR failed, the one before stays."""

    @dg.asset(
        key=RELEASE,
        deps=[CHECKED],
        group_name="release",
        kinds={"duckdb", "parquet"},
        owners=["team:dif"],
        tags={"layer": "release"},
        description="The current release: an immutable folder, and the pointer that readers follow. "
        "It is not made while a check of severity ERROR fails.",
    )
    def current(context: dg.AssetExecutionContext, attempt: dg.ResourceParam[Attempt]) -> dg.MaterializeResult[Any]:
        with recording(context, attempt):
            attempt.prepare()
            check_made(attempt)
            release = attempt.publish() or attempt.run.releases.current()
        context.add_asset_metadata(_published(release) if release else {})
        return dg.MaterializeResult(data_version=dg.DataVersion(release.name if release else "none"))

    return current


def check_made(attempt: Attempt) -> None:
    """Refuse to publish tables that are not made of all that has landed: a release says that it is.

    Raises:
        WrongUse: with the first of them.
    """
    unforced = replace(attempt.run, full=False, months=frozenset())  # what was made anew is as it should be
    stale = [] if attempt.plan is not None else plan(unforced)
    if stale:
        raise WrongUse(
            f"{len(stale)} tables are not made of all that has landed: {', '.join(stale[:3])} …",
            "Materialize them too (the job `everything`), or run the job `run`, which makes what is touched.",
        )


def _published(release: Release) -> dict[str, Any]:
    """What a release holds: each dataset with its rows and months."""
    rows = [
        dg.TableRecord({"dataset": name, "rows": entry["rows"], "months": len(entry["partitions"])})
        for name, entry in sorted(release.section("datasets").items())
    ]
    return {
        "release": release.name,
        "through": str(release.manifest["through_month"]),
        "checks passed": release.section("checks")["passed"],
        "datasets": dg.MetadataValue.table(rows),
    }


def column_lineage_of(contract: DatasetContract) -> dict[str, dg.TableColumnLineage]:
    """Metadata of the dataset's asset; nothing where no column's origin is known."""
    columns = column_lineage.of(contract) or _as_landed(contract)
    deps = {name: [_dependency(source) for source in sources] for name, sources in columns.items()}
    return {"dagster/column_lineage": dg.TableColumnLineage(deps_by_column=deps)} if deps else {}


def _as_landed(contract: DatasetContract) -> dict[str, list[str]]:
    """Of a stream's rows in force: each column that was sent, from itself as it landed."""
    stream = STREAMS.get(contract.table) if contract in conformed.TABLES else None
    sent = {column.name for column in stream.columns} if stream else set()
    return {c.name: [f"landing.{contract.table}.{c.name}"] for c in contract.columns if c.name in sent}


def _dependency(source: str) -> dg.TableColumnDep:
    schema, table, column = source.split(".")
    return dg.TableColumnDep(asset_key=dg.AssetKey([schema, table]), column_name=column)
