"""Judges Parquet tables with Great Expectations, run by DuckDB in one memory.

Importing this module imports Great Expectations, which takes seconds: import
it inside the function that runs checks, never at the top of a command line.

How it works:

* Every table is a DuckDB view over its Parquet files, in a database in memory
  of which the Great Expectations engine keeps the one connection it uses.
* A ``SQL`` rule (and whatever a stock expectation cannot say exactly) becomes
  a boolean column of a second view, expected to be true. So all row rules
  of a table share one aggregate query, one pass over the files, and the rule's
  text never goes through the templating of ``UnexpectedRowsExpectation``
  (braces, colons) nor through its two queries a rule.
* A ``UNIQUE`` rule is a one-row table that counts the rows of repeated keys by
  a plain GROUP BY, which DuckDB can spill to disk; nulls are values there.
* Only what fails is looked at again, for its examples; only a suite that
  breaks is run again check by check, to find which check is the broken one.
"""

from __future__ import annotations

import datetime as dt
import enum
import logging
import math
import os
import uuid
import warnings
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast

# Read by the versions of Great Expectations that still carry analytics.
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
_showwarning = warnings.showwarning

# The submodules by name: the packages re-export these in a way mypy refuses.
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.data_context.data_context.context_factory import get_context
from great_expectations.data_context.types.base import (
    DataContextConfig,
    InMemoryStoreBackendDefaults,
    ProgressBarsConfig,
)
from great_expectations.datasource.fluent.sql_datasource import SQLDatasource
from great_expectations.execution_engine.sqlalchemy_execution_engine import (
    SqlAlchemyExecutionEngine,
)
from great_expectations.expectations.core.expect_column_max_to_be_between import (
    ExpectColumnMaxToBeBetween,
)
from great_expectations.expectations.core.expect_column_values_to_be_between import (
    ExpectColumnValuesToBeBetween,
)
from great_expectations.expectations.core.expect_column_values_to_be_in_set import (
    ExpectColumnValuesToBeInSet,
)
from great_expectations.expectations.core.expect_column_values_to_not_be_null import (
    ExpectColumnValuesToNotBeNull,
)

# Great Expectations diverts the warnings of the whole process into logging as it
# is imported: undone, unless the house had already asked for that itself.
if warnings.showwarning is not _showwarning:
    logging.captureWarnings(False)
# It logs every broken check with its traceback; ours is in the result's error.
logging.getLogger("great_expectations").setLevel(logging.CRITICAL)

if TYPE_CHECKING:
    from pathlib import Path

    import sqlalchemy as sa
    from great_expectations.core import ExpectationValidationResult
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.expectations.expectation import Expectation

__all__ = ["Check", "CheckResult", "Kind", "judge"]

_LOG: Final = logging.getLogger(__name__)
# Spelt here because inside the data source the word `type` is a field.
_EngineClass: TypeAlias = type[SqlAlchemyExecutionEngine]
_PlainBound: TypeAlias = float | dt.date
_MOST_EXACT_FLOAT: Final = 2**53
_VALUE_WIDTH: Final = 60
_SAMPLE_WIDTH: Final = 400
_ERROR_WIDTH: Final = 500
# With no examples asked for, DuckDB answers GX's query for them without reading.
_COUNTS_ONLY: Final = {"result_format": "BASIC", "partial_unexpected_count": 0}


class Kind(enum.StrEnum):
    """What a check demands of its columns."""

    NOT_NULL = "not_null"
    """No column of the check is null."""
    UNIQUE = "unique"
    """The columns together are unique; a null is a value like any other."""
    ONE_OF = "one_of"
    """The column is one of the values; null counts as met."""
    BETWEEN = "between"
    """The column is between low and high, both included; null counts as met."""
    SQL = "sql"
    """The condition holds in every row; null counts as met."""


@dataclass(frozen=True)
class Check:
    """One rule for one table.

    Attributes:
        name: The rule's name, unique within its table.
        kind: What is demanded, a value of `Kind`.
        columns: The columns it looks at. For ``SQL`` they only choose what the
            examples show, and may be empty.
        values: The values allowed, for ``ONE_OF``.
        low: The lowest value allowed, for ``BETWEEN``; None for no bound.
        high: The highest value allowed, for ``BETWEEN``; None for no bound.
        sql: For ``SQL``, a DuckDB boolean expression over the table's columns
            that every row must meet, without aggregates or windows. It is pasted as it is, so it must come
            from code or reviewed configuration, never from data.
    """

    name: str
    kind: str
    columns: tuple[str, ...] = ()
    values: tuple[object, ...] = ()
    low: object | None = None
    high: object | None = None
    sql: str | None = None


@dataclass(frozen=True)
class CheckResult:
    """What became of one check.

    Attributes:
        dataset: The table's name.
        check: The check's name.
        passed: Whether the rule holds; False also where it could not be told.
        unexpected: How many rows break it. For ``UNIQUE``, all rows whose key
            occurs more than once.
        examined: How many rows the table has.
        sample: Up to three examples of broken rows as short text, or None.
        error: Why the check could not be evaluated, or None. This is news
            about the check or the files, not about the data's quality.
    """

    dataset: str
    check: str
    passed: bool
    unexpected: int
    examined: int
    sample: str | None = None
    error: str | None = None


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """An execution engine that keeps its one connection.

    The stock engine closes the connection before it fetches, which DuckDB does
    not survive (great_expectations issues 10738 and 11579).
    """

    @contextmanager
    def get_connection(self) -> Generator[sa.Connection, None, None]:
        """Lends the connection kept.

        Yields:
            The connection; a failed statement's transaction is rolled back, so
            that the next statement is not refused.
        """
        if self._connection is None:
            self._connection = self.engine.connect()
        try:
            yield self._connection
        except Exception:
            self._connection.rollback()
            raise

    def close(self) -> None:
        """Closes the connection, and with it the database in memory."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.engine.dispose()


class DuckDBDatasource(SQLDatasource):
    """A data source of DuckDB; defining it registers ``add_or_update_duckdb``."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]

    @property
    def execution_engine_type(self) -> _EngineClass:
        """The engine that keeps its connection."""
        return DuckDBExecutionEngine

    def get_engine(self) -> sa.Engine:
        """Gives the execution engine's own SQLAlchemy engine.

        The stock data source makes a second one for its connection tests, which
        for a database in memory would be a second, empty database.

        Returns:
            The engine of the one connection.
        """
        engine: sa.Engine = self.get_execution_engine().engine
        return engine


class _Session:
    """One data context over one DuckDB database in memory."""

    def __init__(self, memory_limit: str, threads: int, temp_directory: str) -> None:
        # With a config of our own GX makes no temporary folder for a docs site.
        self._context = get_context(
            mode="ephemeral",
            project_config=DataContextConfig(
                store_backend_defaults=InMemoryStoreBackendDefaults(),
                analytics_enabled=False,
                progress_bars=ProgressBarsConfig(globally=False, metric_calculations=False),
            ),
        )
        config = {
            "memory_limit": memory_limit,
            "threads": threads,
            "temp_directory": temp_directory,
            "autoinstall_known_extensions": False,
            "preserve_insertion_order": False,
        }
        # A name no one else has: the connections of one pool share the database,
        # two sessions of one process do not.
        self._source = self._context.data_sources.add_or_update_duckdb(
            name="house",
            connection_string=f"duckdb:///:memory:judge_{uuid.uuid4().hex}",
            kwargs={"connect_args": {"config": config}},
        )
        self._engine: DuckDBExecutionEngine = self._source.get_execution_engine()
        self.run("SET TimeZone = 'UTC'")

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Runs one statement as it is, past SQLAlchemy's and GX's templating."""
        with self._engine.get_connection() as connection:
            result = connection.exec_driver_sql(sql)
            rows = [tuple(row) for row in result] if result.returns_rows else []
            connection.commit()
            return rows

    def validate(self, view: str, expectations: Mapping[str, Expectation]) -> dict[str, _Outcome]:
        """Runs expectations on a view as one suite.

        Args:
            view: The view's name.
            expectations: The expectations by the name of their check.

        Returns:
            What became of each, by the same names. Never raises for one that
            breaks: its outcome says so.
        """
        suite = ExpectationSuite(name=view)
        for name, expectation in expectations.items():
            expectation.meta = {"check": name}
            suite.add_expectation(expectation)
        try:
            found = self._batch(view).validate(suite, result_format=_COUNTS_ONLY)
            # Great Expectations does not keep the suite's order.
            outcomes = {_check_name(result): _outcome(result) for result in found.results}
        except Exception as error:  # noqa: BLE001 - whatever breaks is the news
            return dict.fromkeys(expectations, _Outcome.broken(_reason(error)))
        missing = _Outcome.broken("Great Expectations gave no result")
        return {name: outcomes.get(name, missing) for name in expectations}

    def close(self) -> None:
        """Lets go of the database and its memory."""
        self._engine.close()

    def _batch(self, view: str) -> Batch:
        assets = {asset.name: asset for asset in self._source.assets}
        asset = assets.get(view) or self._source.add_table_asset(name=view, table_name=view)
        request = asset.build_batch_request()
        batch: Batch = asset.get_batch(request)
        return batch


@dataclass(frozen=True)
class _Outcome:
    """What a check came to, before examples are looked for."""

    passed: bool
    unexpected: int
    error: str | None = None

    @classmethod
    def broken(cls, error: str) -> _Outcome:
        return cls(passed=False, unexpected=0, error=error)


def judge(
    tables: Mapping[str, tuple[Sequence[str], Sequence[Check]]],
    *,
    memory_limit: str,
    threads: int,
    temp_directory: str | Path,
    by_month: Collection[str] = (),
    examples: int = 3,
) -> list[CheckResult]:
    """Judges tables by their checks.

    All tables are opened first, each under its own name, so a ``SQL`` check may
    look into another table of the same call, as in
    ``customer_id IN (SELECT id FROM customers)``.

    Args:
        tables: The Parquet files and the checks of each table, by its name. All
            files of a table have the same columns.
        memory_limit: What DuckDB may take, as in ``"2GB"``.
        threads: How many threads DuckDB may use.
        temp_directory: Where DuckDB spills what does not fit; made when needed.
        by_month: Tables whose files lie in folders ``month=…``, which give the
            column ``month``.
        examples: How many broken rows a sample shows; 0 for no samples, where
            values of the data must not reach a report.

    Returns:
        One result a check, in the order given. Files that cannot be read and
        checks that cannot be evaluated give results with an error.

    Raises:
        ValueError: If a table has no files, or two checks of one name.
    """
    for table, (files, checks) in tables.items():
        if not files:
            raise ValueError(f"table {table!r} has no Parquet files to judge")
        names = [check.name for check in checks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"table {table!r} has several checks named {', '.join(twice)}")
    session = _Session(memory_limit, threads, str(temp_directory))
    try:
        broken: dict[str, str] = {}
        for table, (files, _) in tables.items():
            try:
                session.run(
                    f"CREATE VIEW {_quoted(table)} AS SELECT * FROM read_parquet("
                    f"[{', '.join(map(_literal, files))}], "
                    f"union_by_name = false, {_hive(table in by_month)})"
                )
            except Exception as error:  # noqa: BLE001 - unreadable files are news, not a crash
                broken[table] = _reason(error)
        results: list[CheckResult] = []
        for number, (table, (_, checks)) in enumerate(tables.items()):
            if table in broken:
                results += [
                    CheckResult(
                        dataset=table,
                        check=check.name,
                        passed=False,
                        unexpected=0,
                        examined=0,
                        error=broken[table],
                    )
                    for check in checks
                ]
            elif checks:
                results += _TableJudge(session, table, f"__judge_{number}", examples).judge(checks)
        return results
    finally:
        session.close()


def _hive(by_month: bool) -> str:  # noqa: FBT001 - one caller
    return "hive_partitioning = true, hive_types = {'month': date}" if by_month else "hive_partitioning = false"


class _TableJudge:
    """Judges one table of a session."""

    def __init__(self, session: _Session, table: str, prefix: str, examples: int) -> None:
        self._session = session
        self._table = table
        self._source = _quoted(table)
        self._prefix = prefix
        self._examples = examples
        self._columns: list[str] = []

    def judge(self, checks: Sequence[Check]) -> list[CheckResult]:
        """Judges the table by all its checks.

        Args:
            checks: The checks, of different names.

        Returns:
            One result a check, in the same order.
        """
        try:
            described = self._session.run(f"DESCRIBE SELECT * FROM {self._source}")
            examined = int(self._session.run(f"SELECT count(*) FROM {self._source}")[0][0])
        except Exception as error:  # noqa: BLE001 - a file that breaks is news, not a crash
            failed = _Outcome.broken(_reason(error))
            return [self._result(check, failed, 0) for check in checks]
        self._columns = [str(row[0]) for row in described]
        outcomes: dict[str, _Outcome] = {}
        conditions: dict[str, str] = {}
        by_name = {check.name: check for check in checks}
        for check in checks:
            try:
                self._admit(check)
                if check.kind != Kind.UNIQUE:
                    conditions[check.name] = _condition(check)
            except ValueError as error:
                outcomes[check.name] = _Outcome.broken(str(error))
        row_checks = [by_name[name] for name in conditions]
        outcomes |= self._judge_rows(row_checks, conditions)
        for number, check in enumerate(checks):
            if check.name not in outcomes:
                outcomes[check.name] = self._judge_key(check, f"{self._prefix}_key_{number}")
        return [self._result(check, outcomes[check.name], examined) for check in checks]

    def _admit(self, check: Check) -> None:
        """Refuses a check that makes no sense for this table."""
        if check.kind not in set(Kind):
            raise ValueError(f"no such kind of check: {check.kind!r}")
        if absent := [column for column in check.columns if column not in self._columns]:
            raise ValueError(f"no such column in {self._table}: {', '.join(absent)}")
        if check.kind in {Kind.ONE_OF, Kind.BETWEEN} and len(check.columns) != 1:
            raise ValueError(f"a {check.kind} check takes one column, not {len(check.columns)}")
        if check.kind in {Kind.NOT_NULL, Kind.UNIQUE} and not check.columns:
            raise ValueError(f"a {check.kind} check takes at least one column")

    def _judge_rows(self, checks: Sequence[Check], conditions: Mapping[str, str]) -> dict[str, _Outcome]:
        """Judges the rules about single rows, all in one pass."""
        view = f"{self._prefix}_rows"
        # One column a check, by names of ours: the dialect quotes what Postgres
        # reserves, which is not what DuckDB does (``at``, for one).
        names: dict[str, str] = {}
        columns: dict[str, str] = {}
        for number, check in enumerate(checks):
            if _has_stock(check):
                name = f"column_{self._columns.index(check.columns[0])}"
                columns[name] = _quoted(check.columns[0])
            else:
                name = f"rule_{number}"
                # The line break keeps a trailing comment from eating the bracket.
                columns[name] = f"({conditions[check.name]}\n)"
            names[check.name] = name

        def run(some: Sequence[Check]) -> dict[str, _Outcome]:
            if not some:
                return {}
            shown = {names[check.name]: columns[names[check.name]] for check in some}
            if error := self._failure(f"CREATE OR REPLACE VIEW {view} AS {self._rows(shown)}"):
                return {check.name: _Outcome.broken(error) for check in some}
            expectations = {check.name: _expectation(check, names[check.name]) for check in some}
            return self._session.validate(view, expectations)

        outcomes = {check: _Outcome.broken(error) for check, error in self._unsound(names, columns).items()}
        pending = [check for check in checks if check.name not in outcomes]
        found = run(pending)
        if any(outcome.error for outcome in found.values()):
            # A rule that breaks on the data breaks the query that all rules
            # share: find it in DuckDB's own words, then judge by the rest.
            for check in pending:
                rows = f"SELECT count(*) FROM {self._source}"
                if error := self._failure(f"{rows} WHERE {_is_false(conditions[check.name])}"):
                    outcomes[check.name] = _Outcome.broken(error)
            pending = [check for check in pending if check.name not in outcomes]
            found = run(pending)
            for check in pending:
                if found[check.name].error and len(pending) > 1:
                    found |= run([check])
        return found | outcomes

    def _rows(self, columns: Mapping[str, str]) -> str:
        shown = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
        return f"SELECT {shown} FROM {self._source}"

    def _unsound(self, names: Mapping[str, str], columns: Mapping[str, str]) -> dict[str, str]:
        """Finds the checks whose condition is no sound SQL, without reading rows."""
        if not columns or not self._failure_of_rules(columns):
            return {}
        alone = {check: {name: columns[name]} for check, name in names.items()}
        failures = {check: self._failure_of_rules(column) for check, column in alone.items()}
        return {check: error for check, error in failures.items() if error}

    def _failure_of_rules(self, columns: Mapping[str, str]) -> str | None:
        rules = {name: sql for name, sql in columns.items() if name.startswith("rule_")}
        # In a WHERE as well, where aggregates and windows are refused: they
        # would not speak of single rows.
        where = "".join(f" AND {sql} IS NULL" for sql in rules.values())
        try:
            described = self._session.run(f"DESCRIBE {self._rows(columns)} WHERE TRUE{where}")
        except Exception as error:  # noqa: BLE001 - any failure is the answer
            return _reason(error)
        wrong = {str(row[1]) for row in described if row[0] in rules} - {"BOOLEAN"}
        return f"the condition gives {', '.join(sorted(wrong))}, not BOOLEAN" if wrong else None

    def _failure(self, sql: str) -> str | None:
        """Runs a statement only to see why it fails; None if it does not."""
        try:
            self._session.run(sql)
        except Exception as error:  # noqa: BLE001 - any failure is the answer
            return _reason(error)
        return None

    def _rule_column(self, number: int) -> str:
        name = f"__rule_{number}"
        while name in self._columns:
            name = f"_{name}"
        return name

    def _judge_key(self, check: Check, counted: str) -> _Outcome:
        """Judges one rule of uniqueness, by a one-row table made for it."""
        keys = ", ".join(map(_quoted, check.columns))
        column = "rows_of_repeated_keys"
        # A table, not a view: GX reads it several times, DuckDB counts once.
        error = self._failure(
            f"CREATE TABLE {counted} AS SELECT coalesce(sum(n), 0)::BIGINT AS {column} FROM "
            f"(SELECT count(*) AS n FROM {self._source} GROUP BY {keys} HAVING count(*) > 1)"
        )
        if error:
            return _Outcome.broken(error)
        none = ExpectColumnMaxToBeBetween(column=column, min_value=0, max_value=0)
        return self._session.validate(counted, {check.name: none})[check.name]

    def _result(self, check: Check, outcome: _Outcome, examined: int) -> CheckResult:
        sample = None
        if not outcome.passed and outcome.error is None and self._examples > 0:
            sample = self._sample(check)
        return CheckResult(
            dataset=self._table,
            check=check.name,
            passed=outcome.passed and outcome.error is None,
            unexpected=outcome.unexpected,
            examined=examined,
            sample=sample,
            error=outcome.error,
        )

    def _sample(self, check: Check) -> str | None:
        """Shows some rows that break a check that failed."""
        if check.kind == Kind.UNIQUE:
            names = [*check.columns, "rows"]
            keys = ", ".join(map(_quoted, check.columns))
            query = f"SELECT {keys}, count(*) FROM {self._source} GROUP BY {keys} HAVING count(*) > 1"
        else:
            names = list(check.columns)
            if check.kind in {Kind.NOT_NULL, Kind.SQL}:
                # The columns alone would not tell which row it is.
                names = list(dict.fromkeys([*names, *self._columns[:3]]))
            query = f"SELECT {', '.join(map(_quoted, names))} FROM {self._source} WHERE {_is_false(_condition(check))}"
        try:
            rows = self._session.run(f"{query} LIMIT {self._examples}")
        except Exception as error:  # noqa: BLE001 - the verdict stands without examples
            _LOG.warning("no examples for %s.%s: %s", self._table, check.name, _reason(error))
            return None
        shown = (
            ", ".join(f"{name}={_shortened(str(value), _VALUE_WIDTH)}" for name, value in zip(names, row, strict=True))
            for row in rows
        )
        return _shortened("; ".join(shown), _SAMPLE_WIDTH) or None


def _condition(check: Check) -> str:
    """Says a check about single rows in SQL; null counts as met."""
    columns = [_quoted(column) for column in check.columns]
    if check.kind == Kind.NOT_NULL:
        return " AND ".join(f"{column} IS NOT NULL" for column in columns)
    if check.kind == Kind.ONE_OF:
        values = [value for value in check.values if value is not None]
        if not values:
            raise ValueError("a one_of check takes at least one value that is not null")
        return f"{columns[0]} IN ({', '.join(map(_literal, values))})"
    if check.kind == Kind.BETWEEN:
        bounds = []
        if check.low is not None:
            bounds.append(f"{columns[0]} >= {_literal(check.low)}")
        if check.high is not None:
            bounds.append(f"{columns[0]} <= {_literal(check.high)}")
        if not bounds:
            raise ValueError("a between check takes a low or a high bound")
        return " AND ".join(bounds)
    if not check.sql or not check.sql.strip():
        raise ValueError("a sql check takes a condition")
    return check.sql


def _has_stock(check: Check) -> bool:
    """Tells whether a stock expectation says the check exactly.

    The one for bounds turns decimals and integers into floats and refuses text;
    SQLAlchemy turns decimals into floats.
    """
    if len(check.columns) != 1:
        return False
    if check.kind == Kind.NOT_NULL:
        return True
    if check.kind == Kind.ONE_OF:
        return not any(isinstance(value, Decimal) for value in check.values)
    bounds = [bound for bound in (check.low, check.high) if bound is not None]
    return check.kind == Kind.BETWEEN and all(map(_is_plain_bound, bounds))


def _is_plain_bound(bound: object) -> bool:
    if isinstance(bound, bool):
        return False
    if isinstance(bound, int):
        return abs(bound) <= _MOST_EXACT_FLOAT
    return isinstance(bound, float | dt.date)


def _expectation(check: Check, column: str) -> Expectation:
    """Gives the expectation that a column of the rows' view must meet."""
    if not _has_stock(check):
        return ExpectColumnValuesToBeInSet(column=column, value_set=[True])
    if check.kind == Kind.NOT_NULL:
        return ExpectColumnValuesToNotBeNull(column=column)
    if check.kind == Kind.ONE_OF:
        values = [value for value in check.values if value is not None]
        return ExpectColumnValuesToBeInSet(column=column, value_set=values)
    return ExpectColumnValuesToBeBetween(
        column=column,
        min_value=cast("_PlainBound | None", check.low),
        max_value=cast("_PlainBound | None", check.high),
    )


def _is_false(condition: str) -> str:
    return f"({condition}\n) IS FALSE"


def _check_name(result: ExpectationValidationResult) -> str:
    """Reads which check a result is about."""
    configuration = result.expectation_config
    return str(configuration.meta["check"]) if configuration and configuration.meta else ""


def _outcome(result: ExpectationValidationResult) -> _Outcome:
    """Reads what Great Expectations found."""
    if error := _raised(result.exception_info or {}):
        return _Outcome.broken(error)
    found: Mapping[str, Any] = result.result
    count = found.get("unexpected_count", found.get("observed_value"))
    if count is None:
        # The sum over no rows is null.
        if not result.success:
            return _Outcome.broken("Great Expectations gave no count")
        count = 0
    return _Outcome(passed=bool(result.success) and int(count) == 0, unexpected=int(count))


def _raised(info: Mapping[str, Any]) -> str | None:
    """Finds the message of an exception, which may be one level down."""
    if "raised_exception" in info:
        if not info["raised_exception"]:
            return None
        return _shortened(str(info.get("exception_message") or "unknown error"), _ERROR_WIDTH)
    messages = (_raised(part) for part in info.values() if isinstance(part, Mapping))
    return next((message for message in messages if message), None)


def _reason(error: Exception) -> str:
    """Says in one line why something broke, in DuckDB's own words if it can."""
    return _shortened(str(getattr(error, "orig", None) or error), _ERROR_WIDTH)


def _shortened(text: str, width: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _quoted(name: str) -> str:
    """Writes a name as an SQL identifier."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def _literal(value: object) -> str:
    """Writes a value as an exact SQL literal."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float() if math.isfinite(value):
            return f"{value!r}::DOUBLE"
        case float():
            return f"'{value}'::DOUBLE"
        case Decimal() if value.is_finite():
            return f"{value:f}"
        case dt.datetime() if value.tzinfo is not None:
            return f"TIMESTAMPTZ '{value.isoformat(sep=' ')}'"
        case dt.datetime():
            return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
        case dt.date():
            return f"DATE '{value.isoformat()}'"
        case dt.time():
            return f"TIME '{value.isoformat()}'"
        case uuid.UUID():
            return f"UUID '{value}'"
        case str():
            escaped = value.replace("'", "''")
            return f"'{escaped}'"
        case _:
            raise ValueError(f"no SQL literal for {type(value).__name__} {value!r}")
