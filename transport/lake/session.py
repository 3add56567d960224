"""The session: runs scans in DuckDB, out of core, and writes their answers as files of the lake's tables."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Self, TypeAlias

import duckdb
import pyarrow as pa

from catalog.contracts.language import Audience, Column, DatasetContract, described
from catalog.contracts.scan import Computed, Files, LandedIn, Query, Scan, Values
from catalog.errors import Damaged, StatementFailed
from transport.base import atomic_files
from transport.base.atomic_files import sha256_of
from transport.base.settings import Settings
from transport.lake.tables import Part, check_places, says_its_month
from transport.storage.batch_file import FROM_FILE, FROM_ROW
from transport.telemetry.traces import HASH, STATEMENT, Trace

_SESSION = "set TimeZone = 'UTC'; set parquet_metadata_cache = true"  # many statements of a run read the same footers

Relation: TypeAlias = duckdb.DuckDBPyRelation


def relation_of(rows: object) -> Relation:
    """Arrow data as a relation of a connection of its own."""
    return duckdb.connect().from_arrow(rows)


_OF_STATEMENTS = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.OutOfMemoryException)


class Session:
    """A DuckDB connection that runs scans with limited memory and spills to the home's scratch folder.

    One session may serve a whole run: opening one takes longer than making a small table. Call `cleared` between
    builds.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        sound: set[Path] | None = None,
        damaged: Callable[[Path], None] | None = None,
        trace: Trace | None = None,
    ) -> None:
        """Open the connection.

        Args:
            settings: its limits.
            sound: files already verified, shared with others who verify files.
            damaged: called with a file whose hash differs, before it is read; rebuilds it, or raises.
            trace: gets a span for each statement.
        """
        self._settings = settings
        check_places(settings)
        self._sound = set() if sound is None else sound
        self._damaged = damaged or _refuse
        self.trace = trace or Trace()
        settings.scratch.mkdir(parents=True, exist_ok=True)
        self._connection = duckdb.connect(
            config={
                "memory_limit": f"{settings.memory_mb}MB",
                "threads": settings.threads,
                "temp_directory": str(settings.scratch / "spill"),
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self._connection.execute(_SESSION)
        self._threads = settings.threads
        self._bound: dict[str, Scan] = {}
        self._named_queries: dict[str, Query] = {}
        self._left: list[tuple[str, str]] = []
        self._running = Query("")

    def __enter__(self) -> Self:
        """Use as a context manager."""
        return self

    def __exit__(self, *problem: object) -> None:
        """Close the connection; everything it kept is lost."""
        self._connection.close()

    def interrupt(self) -> None:
        """End the statement that runs on another thread, if one does."""
        self._connection.interrupt()

    def cleared(self) -> Self:
        """Forget every scan: free the names and drop their tables."""
        for name, kind in reversed(self._left):
            if kind == "registered":
                self._connection.unregister(name)
            else:
                where = "" if kind == "table" else "temp."
                self._connection.execute(f'drop {kind} if exists {where}"{name}"')
        self._left.clear()
        self._bound.clear()
        self._named_queries.clear()
        return self

    def table(self, scan: Scan) -> pa.Table:
        """A small answer, as an Arrow table."""
        with self._naming(_name_of(scan)):
            sql, parameters = self._prepared(scan)
            return self._connection.sql(sql, params=dict(parameters)).to_arrow_table()

    def relation(self, scan: Scan) -> Relation:
        """A lazy answer; the relation keeps the connection alive."""
        with self._naming(_name_of(scan)):
            sql, parameters = self._prepared(scan)
            return self._connection.sql(sql, params=dict(parameters))

    def write(self, scan: Scan, contract: DatasetContract, part: Part) -> int:
        """Write the answer to the part's file, with the contract's columns, types and order.

        A query that is `ordered` is not sorted again: it may sort by one number instead of several texts, which takes
        half as long.

        Returns:
            Rows written.
        """
        of_month = f"{contract.name} of {part.month:%Y-%m}" if part.month else contract.name
        with self._naming(_name_of(scan), of_month):
            return _copied(self._connection, *self._prepared(scan), contract, part, _order(scan, contract))

    def write_together(self, answers: Sequence[tuple[Scan, Part]], contract: DatasetContract) -> list[int]:
        """Write many small answers, each as `write` does, several at the same time.

        A month is too small for DuckDB to split among its threads, so each thread takes whole months.

        Args:
            answers: scans and the file of each. Their inputs must be materialized: other cursors see only tables.
            contract: of the table.

        Returns:
            Rows written for each.
        """
        with self._naming(f"prepare {contract.name}", contract.name):
            prepared = [(*self._prepared(scan), contract, part, _order(scan, contract)) for scan, part in answers]

        def written(nth: int) -> list[int]:
            with self._connection.cursor() as connection:
                connection.execute(_SESSION)
                return [_copied(connection, *answer) for answer in prepared[nth :: self._threads]]

        rows = [0] * len(prepared)
        # DuckDB's own threads would contend with these for work, which costs a quarter of the time
        self._connection.execute("set threads = 1")
        try:
            with (
                self._naming(f"write {contract.name}", contract.name),
                ThreadPoolExecutor(self._threads, thread_name_prefix="session") as pool,
            ):
                for nth, counts in enumerate(pool.map(written, range(self._threads))):
                    rows[nth :: self._threads] = counts
        finally:
            self._connection.execute(f"set threads = {self._threads}")
        return rows

    @contextmanager
    def _naming(self, statement: str, table: str = "") -> Iterator[None]:
        """Time the statement. If it fails, raise an error with its name and inputs.

        Passes the engine's words on only if they are about the statement. Others repeat values or paths, which readers
        of a run's log may not see.
        """
        try:
            with self.trace.span(statement, STATEMENT):
                yield
        except duckdb.Error as problem:
            spoken_of = isinstance(problem, _OF_STATEMENTS)
            words = str(problem) if spoken_of else str(problem).partition(":")[0]
            failed = self._at_fault() if spoken_of else self._running
            # a conversion error quotes the value, which no log or trace may hold
            cause = problem if spoken_of or isinstance(problem, duckdb.OperationalError) else None
            raise StatementFailed(_name_of(failed), failed.inputs.keys(), words, table=table) from cause

    def _prepared(self, scan: Scan) -> tuple[str, Mapping[str, object]]:
        if isinstance(scan, Query):
            for name, source in scan.inputs.items():
                self._bind(name, source)
            self._running = scan
            return self._whole(scan), {k: v for k, v in scan.parameters.items() if f"${k}" in scan.sql}
        self._bind("this_scan", scan, anew=True)
        return "from this_scan", {}

    def _bind(self, name: str, scan: Scan, *, anew: bool = False) -> None:
        """Give the scan its name in this connection.

        Raises:
            ValueError: the name belongs to another scan: two inputs of one build share a name.
        """
        bound = self._bound.get(name)
        if bound is scan or (bound is not None and not anew and bound.fingerprint == scan.fingerprint):
            return
        if bound is not None and not anew:
            message = f"two scans are called {name!r} in one build"
            raise ValueError(message)
        kind = "view"
        if isinstance(scan, Values):
            kind = self._register(name, scan.table)
        elif isinstance(scan, Computed):
            tables = {n: self.table(source) for n, source in scan.inputs.items()}
            kind = self._register(name, scan.make(**tables, **scan.parameters))
        elif isinstance(scan, Files):
            self._bring(scan)
            self._look_at(scan)
            paths = ", ".join(f"'{_escaped(Path(p))}'" for p in scan.paths)
            hive = (
                "hive_partitioning = true, hive_types = {'month': date}"
                if scan.by_month
                else "hive_partitioning = false"
            )
            # batches from before a column was added lack it; columns that no file has are null
            by_name = ", union_by_name = true" if scan.batches else ""
            columns = "*" if scan.by_month else "*, filename, file_row_number"
            view = f"select {columns} from read_parquet([{paths}], {hive}{by_name})"
            if scan.batches:
                self._left.append((f"batches_of_{name}", self._register(f"batches_of_{name}", _places(scan.batches))))
                nulls = ", ".join(f"null::{sql_type(f.type)} as {_quoted(f.name)}" for f in scan.schema)
                view = f"select {nulls} where false union all by name {view}"
                # rows of a packed file carry their batch and their row number in it
                columns, row, same = "* exclude (path, batch, within)", "file_row_number", "filename = path"
                if any(b.packed for b in scan.batches):
                    columns = f"* exclude (path, batch, within, {FROM_FILE}, {FROM_ROW})"
                    row = f"coalesce({FROM_ROW}, file_row_number)"
                    same = f"filename = path and coalesce({FROM_FILE}, '') = within"
                view = (
                    f"select {columns} replace (batch as filename, {row} as file_row_number) "
                    f'from ({view}) as files join "batches_of_{name}" on {same}'
                )
            self._connection.execute(f'create or replace temp view "{name}" as {view}')
        else:
            sql, parameters = self._prepared(scan)
            if not (scan.materialized or parameters):
                self._bound[name] = self._named_queries[name] = scan
                return
            kind = "table"  # not a temporary one, which other cursors of the connection do not see
            self._connection.execute(f'create or replace table "{name}" as {sql}', parameters)
        self._bound[name] = scan
        self._left.append((name, kind))

    def _whole(self, scan: Query) -> str:
        """The statement, with the queries that it reads before it.

        As views they would be bound again for each mention and within each other, half the time of a small build.
        """
        before: dict[str, str] = {}

        def find(query: Query) -> None:
            for name in query.inputs:
                if name in self._named_queries and name not in before:
                    find(self._named_queries[name])
                    before[name] = f'"{name}" as not materialized ({self._named_queries[name].sql})'

        find(scan)
        return f"with {', '.join(before.values())} from ({scan.sql})" if before else scan.sql

    def _at_fault(self) -> Query:
        """The query that the engine cannot plan: the one that ran, or one of its inputs."""
        for query in self._named_queries.values():  # inputs come first
            try:
                self._connection.execute(f"explain {self._whole(query)}")
            except duckdb.Error:
                return query
        return self._running

    def _bring(self, scan: Files) -> None:
        """Fetch the files that are not on this disk from object storage."""
        if not (self._settings.lake_url or self._settings.landing_url):
            return
        if missing := [path for path in map(Path, scan.paths) if not path.is_file()]:
            from transport.cluster.lake import bring

            bring(self._settings, missing, landed=bool(scan.batches))

    def _look_at(self, scan: Files) -> None:
        """Verify each file once by its hash, since DuckDB checks no page checksums.

        Raises:
            Damaged: a file has another hash and cannot be rebuilt.
        """
        unseen = {Path(p): s for p, s in zip(scan.paths, scan.sums, strict=False) if s and Path(p) not in self._sound}
        if not unseen:
            return
        with (
            self.trace.span("hash files", HASH),
            ThreadPoolExecutor(self._threads, thread_name_prefix="hash") as pool,  # hashing releases the GIL
        ):
            hashes = dict(zip(unseen, pool.map(sha256_of, unseen), strict=True))
        for path, text in unseen.items():
            if hashes[path] != text and self._settings.lake_url:
                from transport.cluster.lake import bring_again

                bring_again(self._settings, path)
                hashes[path] = sha256_of(path)
            if hashes[path] != text:
                self._damaged(path)
            self._sound.add(path)

    def _register(self, name: str, table: pa.Table) -> str:
        self._connection.register(name, table)
        return "registered"


def _name_of(scan: Scan) -> str:
    """The name of a statement's file, or the beginning of SQL without a file."""
    if not isinstance(scan, Query):
        return "copy"
    return str(getattr(scan.sql, "file", "")) or f"«{' '.join(scan.sql.split())[:80]}»"


def _refuse(path: Path) -> None:
    raise Damaged(f"{path.name} has changed since it was written.", "`dif doctor` shows the damage and the fix.")


def _order(scan: Scan, contract: DatasetContract) -> list[str]:
    """Columns to sort by. Defaults to the key for published tables, so that no release re-sorts years of rows."""
    if isinstance(scan, Query) and scan.ordered:
        return []
    key = contract.key if contract.audience is not Audience.INTERNAL else ()
    return [c for c in contract.sort_by or key if not (contract.partitioned and c == "month")]


def _copied(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    parameters: Mapping[str, object],
    contract: DatasetContract,
    part: Part,
    order: Sequence[str],
) -> int:
    part.path.parent.mkdir(parents=True, exist_ok=True)
    temporary = atomic_files.temporary_beside(part.path)
    says = says_its_month(contract) and part.month is not None
    inside = [c for c in contract.columns if says or not (contract.partitioned and c.name == "month")]
    literals = {"month": f"'{part.month}'"} if says else {}
    columns = ", ".join(
        f'cast({literals.get(c.name) or _quoted(c.name)} as {sql_type(c.type)}) as "{c.name}"' for c in inside
    )
    by = ", ".join(f'"{c}"' for c in order)
    # light compression: files are a hundredth larger than at zstd's default level, and written a tenth faster
    how = "format parquet, compression zstd, compression_level 1"
    if contract.audience is not Audience.INTERNAL:
        how += f", {schema_option(inside, contract.non_additive_across)}"
    copied = f"copy (select {columns} from ({sql}){by and f' order by {by}'}) to '{_escaped(temporary)}' ({how})"
    rows = connection.execute(copied, parameters).fetchall()
    temporary.replace(part.path)
    return int(rows[0][0])


def schema_option(columns: Iterable[Column], non_additive_across: Sequence[str] = ()) -> str:
    """The option of `copy … (format parquet)` that stores the columns' descriptions in the file's fields.

    It holds the schema where Arrow's own writers put it and every Arrow reader looks for it. A file keeps the
    descriptions of the day it was made.
    """
    schema = base64.b64encode(described(columns, non_additive_across).serialize()).decode("ascii")
    return f"kv_metadata {{'ARROW:schema': '{schema}'}}"


def _places(batches: Iterable[LandedIn]) -> pa.Table:
    rows = [
        {
            "path": b.path,
            "batch": b.batch,
            "within": b.batch if b.packed else "",
            "received_at": b.received_at,
            "journal_number": b.number,
        }
        for b in batches
    ]
    names = [(c, pa.string()) for c in ("path", "batch", "within")]
    return pa.Table.from_pylist(
        rows, pa.schema([*names, ("received_at", pa.timestamp("us", tz="UTC")), ("journal_number", pa.int64())])
    )


def sql_type(kind: pa.DataType) -> str:
    """DuckDB's name for an Arrow type that contracts use.

    Raises:
        KeyError: contracts do not use this type.
    """
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    if pa.types.is_list(kind):
        return f"{sql_type(kind.value_type)}[]"
    return _SQL_TYPES[str(kind)]


_SQL_TYPES = {
    "string": "varchar",
    "int32": "integer",
    "int64": "bigint",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us, tz=UTC]": "timestamptz",
    "extension<arrow.uuid>": "uuid",
}


def _quoted(name: str) -> str:
    return f'"{name}"'


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
