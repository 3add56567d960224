"""Validate Parquet tables with Great Expectations, run by DuckDB in memory.

What does not belong here: contracts (`gate` makes their checks), the lake, and what becomes of a result. Importing this
module imports Great Expectations, which takes seconds: `gate` has a process of its own do it.

How it works:

* Every table is a DuckDB view over all its Parquet files, in a database in memory.
* A contract's checks are one suite over one view, so Great Expectations gets its counts in one pass over the files.
  Expectations of a file are a suite of their own over the table as it is.
* Where Great Expectations has the expectation, the suite has it: a value is one of a set, is between two numbers, is
  not above another column.
* A rule that only SQL says, and that all required columns have values, becomes a column of the view, 1 where a row
  breaks it; its sum should be 0. So it shares the pass; `UnexpectedRowsExpectation` runs two queries for each, and an
  expectation for each required column takes as long as all else together.
* A key is a column too, the same in every row: how many rows repeat a key, by a plain GROUP BY, which DuckDB can spill
  to disk; nulls are values there. It is counted once, before, as each statement of Great Expectations over the view
  would count it again; its own expectation counts in a window over all rows.
"""

from __future__ import annotations

import logging
import re
import uuid
import warnings
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

with warnings.catch_warnings():
    # Great Expectations 1.24 imports modules that Python deprecates, and has logging catch the process's warnings.
    warnings.simplefilter("ignore")
    import great_expectations as gx
    from great_expectations import expectations
    from great_expectations.core import ExpectationSuite, ExpectationValidationResult
    from great_expectations.data_context.types import base as gx_config
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from pipelines.quality import data_docs, suites
from pipelines.quality.checks import Check, Kind, Result, Table, in_words, not_carried_out, quoted, sample, shortened

if TYPE_CHECKING:
    import sqlalchemy as sa

_LOG: Final = logging.getLogger(__name__)
# Spelt here because inside the data source the word `type` is a field.
_EngineClass: TypeAlias = type[SqlAlchemyExecutionEngine]
_CHECKED: Final = "checked"
_ERROR_WIDTH: Final = 300
_EXAMPLES: Final = 3
# Asked for counts, Great Expectations also asks for examples, by a statement for each expectation.
_MET_OR_NOT: Final = "BOOLEAN_ONLY"
_COUNTED: Final = {"result_format": "BASIC", "partial_unexpected_count": 0}
_WITH_EXAMPLES: Final = {"result_format": "BASIC", "partial_unexpected_count": _EXAMPLES}


def run_checks(
    tables: Mapping[str, Table],
    *,
    memory_limit: str,
    threads: int,
    temp_directory: str | Path,
    documents: Path | None = None,
) -> list[Result]:
    """Check tables.

    All tables are opened first, each under its own name, so a check may look into another table of the same call, as in
    `customer_id IN (SELECT id FROM customers)`.

    Args:
        tables: by name.
        memory_limit: what DuckDB may take, as in `2GB`.
        threads: how many threads DuckDB may use.
        temp_directory: where DuckDB spills what does not fit; made when needed.
        documents: a folder for each table's suite, its validation result and its page of Data Docs.

    Returns:
        One result a check, in the order given. Files that cannot be read and checks that cannot be evaluated give
        results that say so.

    Raises:
        ValueError: a table has neither files nor columns, or two checks of one name.
    """
    for name, table in tables.items():
        if not table.files and not table.columns:
            raise ValueError(f"table {name!r} has no Parquet files to check")
        names = [check.name for check in table.checks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"table {name!r} has several checks named {', '.join(twice)}")
    with _lent(memory_limit, threads, str(temp_directory)) as session:
        views = [_View(session, name, table) for name, table in tables.items()]
        results = [result for view in views for result in view.results()]
        if documents is not None:
            for view in views:
                if view.validated:
                    rows = view.rows if view.table.counted else None
                    data_docs.write(documents, view.name, view.validated, rows=rows)
        return results


class _Broken(Exception):
    """A check or a file cannot be evaluated; the message says why, in one line."""


class _View:
    """A table of a session."""

    def __init__(self, session: _Session, name: str, table: Table) -> None:
        self._session = session
        self.name, self.table = name, table
        self.validated: list[ExpectationValidationResult] = []
        """What Great Expectations found."""
        self.rows = 0
        self._source = quoted(name)
        self._columns: list[str] = []
        self._unreadable = ""
        try:
            session.run(f"CREATE VIEW {self._source} AS {self._rows_of_files()}")
            if "." in name:  # as everywhere else in the product
                schema, _, short = name.partition(".")
                session.run(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
                session.run(f"CREATE VIEW {quoted(schema)}.{quoted(short)} AS {_select('*', self._source)}")
        except _Broken as problem:
            self._unreadable = str(problem)

    def _rows_of_files(self) -> str:
        if not self.table.files:
            columns = ", ".join(f"NULL::{kind} AS {quoted(name)}" for name, kind in self.table.columns.items())
            return f"SELECT {columns} WHERE false"
        paths = ", ".join(map(_literal, self.table.files))
        hive = "true, hive_types = {'month': date}" if self.table.by_month else "false"
        return _select("*", f"read_parquet([{paths}], union_by_name = false, hive_partitioning = {hive})")

    def results(self) -> list[Result]:
        """One result for each check, in the same order."""
        if not self.table.checks:
            return []
        if self._unreadable:
            return [not_carried_out(self.name, check.name, self._unreadable) for check in self.table.checks]
        try:
            self._columns = [str(row[0]) for row in self._session.run(f"DESCRIBE {_select('*', self._source)}")]
            self.rows = int(self._session.run(_select("count(*)", self._source))[0][0])
            of_file = [check for check in self.table.checks if check.kind == Kind.EXPECTATION]
            by_name = self._by_contract([check for check in self.table.checks if check not in of_file])
            by_name |= {check.name: self._by_expectation(check) for check in of_file}
        except _Broken as problem:
            return [not_carried_out(self.name, check.name, str(problem)) for check in self.table.checks]
        return [by_name[check.name] for check in self.table.checks]

    # --- checks of the contract --------------------------------------------------------------------------------------

    def _by_contract(self, checks: Sequence[Check]) -> dict[str, Result]:
        """The results of a contract's checks, from one suite over a view with a column more for each SQL rule."""
        broken: dict[str, Result] = {}
        own: dict[str, str] = {}
        for check in checks:
            try:
                own[check.name] = self._own_column(check)
            except _Broken as problem:
                broken[check.name] = not_carried_out(self.name, check.name, str(problem))
        sound = [check for check in checks if check.name in own]
        by_check = self._validated(sound, own)
        if any(_raised(result) for results in by_check.values() for result in results):
            # a condition that breaks on a row breaks the view for all: it is left out
            broken |= {check.name: result for check in sound if (result := self._broken_on_a_row(check))}
            sound = [check for check in sound if check.name not in broken]
            by_check = self._validated(sound, own)
        self.validated += [result for results in by_check.values() for result in results]
        return broken | {check.name: self._result(check, by_check.get(check.name, [])) for check in sound}

    def _validated(
        self, checks: Sequence[Check], own: Mapping[str, str]
    ) -> dict[str, list[ExpectationValidationResult]]:
        more = [f"{own[check.name]} AS {quoted(self._column_of(check))}" for check in checks if own[check.name]]
        suite = [(check.name, _expectation(check, self._column_of(check))) for check in checks]
        return self._session.validate(_select(", ".join(["*", *more]), self._source), suite)

    def _broken_on_a_row(self, check: Check) -> Result | None:
        try:
            if check.kind == Kind.SQL:
                self._session.run(_select("count(*)", self._source, _where_false(check.condition)))
        except _Broken as problem:
            return not_carried_out(self.name, check.name, str(problem))
        return None

    def _own_column(self, check: Check) -> str:
        """SQL of the column that a check adds to the view, or nothing.

        Raises:
            _Broken: the check makes no sense for this table.
        """
        if absent := [column for column in check.columns if column not in self._columns]:
            raise _Broken(f"no such column in {self.name}: {', '.join(absent)}")
        if len(check.columns) < (least := _LEAST_COLUMNS.get(check.kind, 1)):
            raise _Broken(f"a {check.kind} check takes at least {'one column' if least == 1 else 'two columns'}")
        if check.kind == Kind.UNIQUE:
            rows = _select("coalesce(sum(n), 0)::BIGINT AS n", f"({self._repeated(check, 'count(*) AS n')})")
            repeats = quoted(f"repeats of {check.name}")
            self._session.run(f"CREATE OR REPLACE TABLE {repeats} AS {rows}")
            return f"({_select('n', repeats)})"
        if check.kind != Kind.NOT_NULL and not (check.sql and check.sql.strip()):
            raise _Broken(f"a {check.kind} check takes a condition")
        if check.kind not in (Kind.SQL, Kind.NOT_NULL):
            return ""
        # The line break keeps a trailing comment from eating the bracket. Described in a WHERE as well, where
        # aggregates and windows are refused: they would not speak of single rows.
        sql = f"({check.condition}\n)"
        ((_, kind, *_),) = self._session.run(f"DESCRIBE {_select(sql, self._source, f'WHERE {sql} IS NULL')}")
        if kind != "BOOLEAN":
            raise _Broken(f"the condition gives {kind}, not BOOLEAN")
        return f"({sql} IS FALSE)::TINYINT"

    def _column_of(self, check: Check) -> str:
        """The column that a rule is computed into: it has the rule's name, which suites then show."""
        column_names = {column.casefold() for column in self._columns}
        return check.name if check.name.casefold() not in column_names else f"rule {check.name}"

    def _result(self, check: Check, results: Sequence[ExpectationValidationResult]) -> Result:
        counts = [_count(result) for result in results] or [None]
        if None in counts:
            why = next(filter(None, map(_raised, results)), "Great Expectations gave no result")
            return not_carried_out(self.name, check.name, _in_duckdbs_words(why))
        unexpected = sum(count or 0 for count in counts)
        samples = self._samples(check) if unexpected else ()
        return Result(
            self.name,
            check.name,
            passed=not unexpected,
            unexpected=unexpected,
            examined=self.rows,
            detail=in_words(samples),
            severity=check.severity,
            samples=samples,
        )

    def _samples(self, check: Check) -> tuple[dict[str, str], ...]:
        """Some rows that break a check that failed: the first by their values, whatever the order of the files."""
        if check.kind == Kind.UNIQUE:
            names = [*check.columns, "rows"]
            query = self._repeated(check, f"{_columns(check.columns)}, count(*)")
        else:
            # The columns alone would not tell which row it is.
            names = list(dict.fromkeys([*check.columns, *self._columns[:3]]))
            query = _select(_columns(names), self._source, _where_false(check.condition))
        try:
            rows = self._session.run(f"{query} ORDER BY ALL LIMIT {_EXAMPLES}")
        except _Broken as problem:
            _LOG.warning("no examples for %s.%s: %s", self.name, check.name, problem)
            return ()
        return tuple(self._sample(dict(zip(names, row, strict=True))) for row in rows)

    def _sample(self, row: Mapping[str, object]) -> dict[str, str]:
        return sample({name: "…" if name in self.table.untold else value for name, value in row.items()})

    def _repeated(self, check: Check, columns: str) -> str:
        """Write a query over the keys that occur more than once, one row a key.

        Only rows whose hash another row has are grouped by their texts: of a sound table none.
        """
        hashed = f"hash({_columns(check.columns)})"
        several = _select(hashed, self._source, "GROUP BY ALL HAVING count(*) > 1")
        grouped = f"GROUP BY {_columns(check.columns)} HAVING count(*) > 1"
        return _select(columns, self._source, f"WHERE {hashed} IN ({several}) {grouped}")

    # --- expectations of a file --------------------------------------------------------------------------------------

    def _by_expectation(self, check: Check) -> Result:
        """The result of a file's expectation, validated alone, so that an error in it does not affect the others."""
        try:
            result = self._evaluated(check, _COUNTED)
            detailed = result if result.success else self._evaluated(check, _WITH_EXAMPLES)
        except _Broken as problem:
            of = check.expectation["type"]
            why = f"{of} in {check.file}: {_QUOTED.sub(_unquoted, str(problem))} → {suites.mend(check.file, of)}"
            return not_carried_out(self.name, check.name, why)
        self.validated.append(result)
        samples = () if result.success else self._observed(check, detailed.result)
        return Result(
            self.name,
            check.name,
            passed=bool(result.success),
            unexpected=0 if result.success else _rows_at_fault(check, result),
            examined=self.rows,
            detail=in_words(samples),
            severity=check.severity,
            samples=samples,
        )

    def _evaluated(self, check: Check, result_format: Mapping[str, Any]) -> ExpectationValidationResult:
        try:
            expectation = ExpectationConfiguration(**check.expectation).to_domain_obj()
        except Exception as problem:
            raise _Broken(_reason(problem)) from problem
        results = self._session.validate(_select("*", self._source), [(check.name, expectation)], result_format)
        ((result,),) = results.values()
        if why := _raised(result):
            raise _Broken(_in_duckdbs_words(why))
        return result

    def _observed(self, check: Check, result: Mapping[str, Any]) -> tuple[dict[str, str], ...]:
        """What Great Expectations found: values at fault, or the one value that it looked at."""
        columns = check.columns or ("value",)
        if (of := result.get("observed_value")) is not None:
            return (sample({"observed": "…" if {*columns} & {*self.table.untold} else of}),)
        rows: list[Mapping[str, object]] = []
        for value in result.get("partial_unexpected_list") or ():
            if isinstance(value, Mapping):
                rows.append(value)
            else:
                several = isinstance(value, list | tuple) and len(value) == len(columns)
                rows.append(dict(zip(columns, value if several else [value], strict=False)))
        return tuple(map(self._sample, rows))


class _Session:
    """One data context over one DuckDB database in memory. What breaks in it is a `_Broken`, whoever raised it."""

    broke = False
    """Whether any statement or validation failed."""

    def __init__(self, memory_limit: str, threads: int, temp_directory: str) -> None:
        # Great Expectations logs every broken check with its traceback; ours is in the result.
        logging.getLogger("great_expectations").setLevel(logging.CRITICAL)
        # With a config of our own it makes no temporary folder for a docs site.
        context = gx.get_context(
            mode="ephemeral",
            project_config=gx_config.DataContextConfig(
                store_backend_defaults=gx_config.InMemoryStoreBackendDefaults(),
                analytics_enabled=False,
                progress_bars=gx_config.ProgressBarsConfig(globally=False, metric_calculations=False),
            ),
        )
        config = {
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": temp_directory,
            "autoinstall_known_extensions": False,
            "preserve_insertion_order": False,
        }
        # A name no one else has: the connections of one pool share the database, two sessions of one process do not.
        source = context.data_sources.add_or_update_duckdb(
            name="lake",
            connection_string=f"duckdb:///:memory:{uuid.uuid4().hex}",
            kwargs={"connect_args": {"config": config}},
        )
        self._engine: DuckDBExecutionEngine = source.get_execution_engine()
        self.run("SET TimeZone = 'UTC'")
        self.run(f"CREATE VIEW {_CHECKED} AS SELECT 0 AS nothing")
        # Made once for the session: each has the context write down all that it knows anew. Of a table the columns
        # are looked up in three ways, a third of a contract's time; of a query not all expectations can be carried out.
        self._query = source.add_query_asset(name="query", query=_select("*", _CHECKED))
        self._table = source.add_table_asset(name="table", table_name=_CHECKED)

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one statement as it is, past the templating of SQLAlchemy and Great Expectations."""
        try:
            with self._engine.get_connection() as connection:
                result = connection.exec_driver_sql(sql)
                rows = [tuple(row) for row in result] if result.returns_rows else []
                connection.commit()
                return rows
        except Exception as problem:
            self.broke = True
            raise _Broken(_reason(problem)) from problem

    def validate(
        self,
        query: str,
        expected: Sequence[tuple[str, Expectation]],
        result_format: str | Mapping[str, Any] = "",
    ) -> dict[str, list[ExpectationValidationResult]]:
        """Validate the answer of a query by expectations, each with the name of its check, as one suite.

        Gives the results of each check; an expectation that breaks says so in its result. Without a format, as for a
        contract, it asks whether all are met, and counts where they are not.
        """
        self.run(f"CREATE OR REPLACE VIEW {_CHECKED} AS {query}")
        try:
            for check, expectation in expected:
                expectation.meta = {**(expectation.meta or {}), "check": check}
            # Given at once: one by one, each is compared with all before it.
            suite = ExpectationSuite(name=_CHECKED, expectations=[expectation for _, expectation in expected])
            asset = self._table if result_format else self._query
            batch = asset.get_batch(asset.build_batch_request())
            validation = batch.validate(suite, result_format=result_format or _MET_OR_NOT)
            if not validation.success and not result_format:
                validation = batch.validate(suite, result_format=_COUNTED)
        except Exception as problem:
            self.broke = True
            raise _Broken(_reason(problem)) from problem
        by_check: dict[str, list[ExpectationValidationResult]] = {}
        for result in validation.results:  # Great Expectations does not keep the suite's order
            by_check.setdefault(result.expectation_config.meta["check"], []).append(result)
        return by_check

    def clear(self) -> None:
        """Remove the views of tables, so that the next tables do not see them."""
        views = self.run("SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal")
        for schema, view in views:
            if view != _CHECKED:
                self.run(f"DROP VIEW {quoted(schema)}.{quoted(view)}")

    def close(self) -> None:
        """Let go of the database and its memory."""
        self._engine.close()


@cache
def _cached_session(memory_limit: str, threads: int, temp_directory: str) -> _Session:
    return _Session(memory_limit, threads, temp_directory)


@contextmanager
def _lent(*limits: Any) -> Generator[_Session, None, None]:
    """Lend the process's session with these limits: making one takes as long as checking a small table.

    Yields:
        The session. One in which anything broke is not used again.
    """
    session = _cached_session(*limits)
    try:
        yield session
        session.clear()
    except BaseException:
        session.broke = True
        raise
    finally:
        if session.broke:
            session.close()
            _cached_session.cache_clear()


class ExpectRowsToMeetTheRule(expectations.ExpectColumnSumToBeBetween):
    """Expect every row to meet a rule of the contract that only SQL says.

    The column says of each row whether it breaks the rule, so its sum is the number of rows that do; 0 is expected.
    """


class ExpectNoKeyToRepeat(expectations.ExpectColumnMaxToBeBetween):
    """Expect no key to occur more than once, a null being a value like any other.

    The column says in each row how many rows of the table have a key that repeats; 0 is expected.
    """


_LEAST_COLUMNS = {Kind.SQL: 0, Kind.IN_ORDER: 2}


def _expectation(check: Check, own_column: str) -> Expectation:
    """A contract's check as an expectation; a rule that only SQL can say has a column of its own."""
    says = check.says or None
    match check.kind:
        case Kind.UNIQUE:
            return ExpectNoKeyToRepeat(column=own_column, min_value=0, max_value=0, description=says)
        case Kind.IN_SET:
            return expectations.ExpectColumnValuesToBeInSet(column=check.columns[0], value_set=[*check.values])
        case Kind.BETWEEN:
            (column,) = check.columns
            return expectations.ExpectColumnValuesToBeBetween(column=column, min_value=check.low, max_value=check.high)
        case Kind.IN_ORDER:
            low, high = check.columns[:2]
            return expectations.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=high, column_B=low, or_equal=True, ignore_row_if="either_value_is_missing"
            )
        case _:
            return ExpectRowsToMeetTheRule(column=own_column, min_value=0, max_value=0, description=says)


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """An execution engine that keeps its one connection.

    The stock engine closes the connection before it fetches, which DuckDB does not survive (great_expectations issues
    10738 and 11579).
    """

    own_connection: sa.Connection | None = None

    @contextmanager
    def get_connection(self) -> Generator[sa.Connection, None, None]:
        """Lend the connection kept.

        Yields:
            The connection; a failed statement's transaction is rolled back, so that the next one is not refused.
        """
        if self.own_connection is None:
            self.own_connection = self.engine.connect()
        try:
            yield self.own_connection
        except Exception:
            self.own_connection.rollback()
            raise

    def close(self) -> None:
        """Close the connection, and with it the database in memory."""
        if self.own_connection is not None:
            self.own_connection.close()
            self.own_connection = None
        super().close()


class DuckDBDatasource(SQLDatasource):
    """A data source of DuckDB; defining it registers `add_or_update_duckdb`."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]

    @property
    def execution_engine_type(self) -> _EngineClass:
        """The engine that keeps its connection."""
        return DuckDBExecutionEngine


def _count(result: ExpectationValidationResult) -> int | None:
    """How many rows break an expectation; None where it was not evaluated."""
    if _raised(result):
        return None
    if result.success and not result.result:
        return 0
    return int(result.result.get("unexpected_count", result.result.get("observed_value")) or 0)  # a sum of no rows


def _rows_at_fault(check: Check, result: ExpectationValidationResult) -> int:
    """How many rows break an expectation of a file; 0 where it says nothing of single rows."""
    of = "observed_value" if check.expectation["type"] == "unexpected_rows_expectation" else "unexpected_count"
    return int(result.result.get(of) or 0)


def _raised(result: ExpectationValidationResult) -> str | None:
    """The message of the exception that an expectation ended with, if it did."""
    info = result.exception_info or {}
    for part in (info, *info.values()):  # Great Expectations has it one level down where a query broke
        if isinstance(part, Mapping) and part.get("raised_exception"):
            return str(part.get("exception_message") or "unknown error")
    return None


def _in_duckdbs_words(message: str) -> str:
    """An error as DuckDB or Great Expectations says it, without what SQLAlchemy adds."""
    words = re.sub(r"^.*\(_?duckdb[\w.]*\) ", "", message.partition("[SQL:")[0], flags=re.DOTALL)
    return shortened(words, _ERROR_WIDTH)


def _reason(problem: Exception) -> str:
    """Say in one line why something broke, in DuckDB's own words if it can."""
    return shortened(str(getattr(problem, "orig", None) or problem) or type(problem).__name__, _ERROR_WIDTH)


_QUOTED = re.compile("string '[^']*'|value '[^']*'")
"""What DuckDB quotes of the data."""


def _unquoted(match: re.Match[str]) -> str:
    return match[0].partition("'")[0] + "'…'"


def _where_false(condition: str) -> str:
    return f"WHERE ({condition}\n) IS FALSE"


def _select(columns: str, source: str, rest: str = "") -> str:
    return f"SELECT {columns} FROM {source} {rest}"  # noqa: S608 - quoted names, and conditions of contracts


def _columns(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names))


def _literal(text: str) -> str:
    """Write a text as an SQL literal."""
    escaped = text.replace("'", "''")
    return f"'{escaped}'"
