"""Judge Parquet tables with Great Expectations, run by DuckDB in one memory.

What does not belong here: contracts (`gate` makes the checks), the lake, and what becomes of a result. Importing this
module imports Great Expectations, which takes seconds: import it in the function that judges.

How it works:

* Every table is a DuckDB view over its Parquet files, in a database in memory of which the Great Expectations engine
  keeps the one connection it uses.
* Each table is one suite over one view, so Great Expectations gets all its counts in one pass over the files.
* Where Great Expectations has the expectation, the suite has it: a value is not null, is one of a set, is between two
  numbers, is not above another column.
* A rule that only SQL says (`SQL`) becomes a column of the view, 1 where a row breaks it; its sum should be 0.
  So it shares the pass, and its text does not go through the templating of `UnexpectedRowsExpectation` (braces, colons)
  or its two queries a rule.
* A `UNIQUE` rule is a column there too, the same in every row: how many rows repeat a key, by a plain GROUP BY, which
  DuckDB can spill to disk; nulls are values there. Great Expectations would count in a window over all rows.
* Only what fails is looked at again, for its examples; only rules that break together are run one by one, to find
  which of them is the broken one.
"""

from __future__ import annotations

import logging
import uuid
import warnings
from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from pipelines.quality.checks import Check, Kind, quoted

_showwarning = warnings.showwarning
try:
    with warnings.catch_warnings():
        # Great Expectations 1.24 imports these, which Python deprecates: loaded here, where that is said to nobody.
        warnings.simplefilter("ignore", DeprecationWarning)
        import_module("sre_constants")
        import_module("sre_parse")
    import great_expectations as gx
    from great_expectations import expectations
    from great_expectations.compatibility.pydantic import PrivateAttr
    from great_expectations.core import ExpectationSuite, ExpectationValidationResult
    from great_expectations.data_context.types import base as gx_config
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from sqlalchemy.types import NullType

    from pipelines.quality import data_docs
finally:
    # It diverts the warnings of the whole process into logging: undone, unless the house had asked for that itself.
    if warnings.showwarning is not _showwarning:
        logging.captureWarnings(capture=False)

if TYPE_CHECKING:
    import sqlalchemy as sa

_LOG: Final = logging.getLogger(__name__)
# Spelt here because inside the data source the word `type` is a field.
_EngineClass: TypeAlias = type[SqlAlchemyExecutionEngine]
_Outcome: TypeAlias = int | str
"""How many rows break a check, or why that cannot be told."""
_JUDGED: Final = "__judged"
_NO_COUNT: Final = object()
_VALUE_WIDTH: Final = 60
_SAMPLE_WIDTH: Final = 400
_ERROR_WIDTH: Final = 500
# Asked for a count, Great Expectations also asks for examples, by a statement for each expectation.
_FAST: Final = "BOOLEAN_ONLY"
_COUNTED: Final = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What became of one check.

    Attributes:
        dataset: the table's name.
        check: the check's name.
        passed: whether the rule holds; False also where it could not be told.
        unexpected: how many rows break it. For `UNIQUE`, all rows whose key occurs more than once.
        examined: how many rows the table has.
        sample: some broken rows as short text, or None.
        error: why the check could not be evaluated, or None. This is news about the check or the files, not about
            the data's quality.
    """

    dataset: str
    check: str
    passed: bool
    unexpected: int
    examined: int
    sample: str | None = None
    error: str | None = None


def run_checks(  # noqa: PLR0913 - what may differ between judgements, each by its name
    tables: Mapping[str, tuple[Sequence[str], Sequence[Check]]],
    *,
    memory_limit: str,
    threads: int,
    temp_directory: str | Path,
    by_month: Collection[str] = (),
    of_rows: Mapping[str, int] = MappingProxyType({}),
    examples: int = 3,
    documents: Path | None = None,
    uncounted: Collection[str] = (),
) -> list[CheckResult]:
    """Judge tables by their checks.

    All tables are opened first, each under its own name, so a `SQL` check may look into another table of the same
    call, as in `customer_id IN (SELECT id FROM customers)`.

    Args:
        tables: the Parquet files and the checks of each table, by its name. All files of a table have the same columns.
        memory_limit: what DuckDB may take, as in `2GB`.
        threads: how many threads DuckDB may use.
        temp_directory: where DuckDB spills what does not fit; made when needed.
        by_month: tables whose files lie in folders `month=…`, which give the date column `month`.
        of_rows: of a table whose other files are known to meet every check: how many rows it has with them.
        examples: how many broken rows a sample shows; 0 for no samples, where values of the data must not reach a
            report.
        documents: a folder for each table's suite, its validation result and its page of Data Docs.
        uncounted: tables of which the documents do not say how many rows they have.

    Returns:
        One result a check, in the order given. Files that cannot be read and checks that cannot be evaluated give
        results with an error.

    Raises:
        ValueError: a table has no files, or two checks of one name.
    """
    for name, (files, checks) in tables.items():
        if not files:
            raise ValueError(f"table {name!r} has no Parquet files to judge")
        names = [check.name for check in checks]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"table {name!r} has several checks named {', '.join(twice)}")
    session = _Session(memory_limit, threads, str(temp_directory))
    try:
        opened = [
            (_Table(session, name, files, by_month=name in by_month, examples=examples), checks)
            for name, (files, checks) in tables.items()
        ]
        results = [result for table, checks in opened for result in table.judge(checks, of_rows.get(table.name))]
        if documents is not None:
            for table, _ in opened:
                if table.validated:
                    rows = None if table.name in uncounted else table.rows
                    data_docs.write(documents, table.name, table.validated, rows=rows)
        return results
    finally:
        session.close()


class _Broken(Exception):
    """A check or a file cannot be evaluated; the message says why, in one line."""


class _Table:
    """One table of a session: a view over its files, judged by checks."""

    def __init__(self, session: _Session, name: str, files: Sequence[str], *, by_month: bool, examples: int) -> None:
        self._session = session
        self.name = name
        self.validated: list[ExpectationValidationResult] = []
        """What Great Expectations found, once the table is judged."""
        self.rows = 0
        self._source = quoted(name)
        self._examples = examples
        self._columns: list[str] = []
        self._unreadable: _Broken | None = None
        paths = ", ".join(map(_literal, files))
        hive = "true, hive_types = {'month': date}" if by_month else "false"
        parquet = f"read_parquet([{paths}], union_by_name = false, hive_partitioning = {hive})"
        try:
            session.run(f"CREATE VIEW {self._source} AS {_select('*', parquet)}")
        except _Broken as error:
            self._unreadable = error

    def judge(self, checks: Sequence[Check], of_rows: int | None = None) -> list[CheckResult]:
        """Judge the table by checks of different names: one result a check, in the same order.

        Its other files, with which it has so many rows, meet every check.
        """
        if not checks:
            return []
        try:
            if self._unreadable:
                raise self._unreadable
            self._columns = [str(row[0]) for row in self._session.run(f"DESCRIBE {_select('*', self._source)}")]
            here = int(self._session.run(_select("count(*)", self._source))[0][0])
            examined = self.rows = here if of_rows is None else of_rows
        except _Broken as error:
            return [self._result(check, str(error), 0) for check in checks]
        outcomes: dict[str, _Outcome] = {}
        admitted = []
        for check in checks:
            try:
                self._admit(check)
                admitted.append(check)
            except _Broken as error:
                outcomes[check.name] = str(error)
        outcomes |= self._judge_all(admitted)
        return [self._result(check, outcomes[check.name], examined) for check in checks]

    def _admit(self, check: Check) -> None:
        """Refuse a check that makes no sense for this table."""
        if absent := [column for column in check.columns if column not in self._columns]:
            raise _Broken(f"no such column in {self.name}: {', '.join(absent)}")
        if check.kind not in (Kind.NOT_NULL, Kind.UNIQUE) and not (check.sql and check.sql.strip()):
            raise _Broken(f"a {check.kind} check takes a condition")
        if len(check.columns) < (least := _LEAST_COLUMNS.get(check.kind, 1)):
            raise _Broken(f"a {check.kind} check takes at least {'one column' if least == 1 else 'two columns'}")

    def _judge_all(self, checks: Sequence[Check]) -> dict[str, _Outcome]:
        """Judge all rules in one pass, or one by one if that breaks."""
        if not checks:
            return {}
        try:
            outcomes = self._judge_together(checks)
            if not any(isinstance(outcome, str) for outcome in outcomes.values()):
                return outcomes
        except _Broken as error:
            _LOG.debug("the rules of %s break together: %s", self.name, error)
        alone: dict[str, _Outcome] = {}
        self.validated = []
        for check in checks:
            try:
                # First without Great Expectations: a rule that breaks on the data is told in DuckDB's own words.
                if check.kind == Kind.UNIQUE:
                    self._session.run(f"SELECT {self._rows_of_repeated(check)}")
                else:
                    self._session.run(_select("count(*)", self._source, _where_false(check.condition)))
                alone |= self._judge_together([check])
            except _Broken as error:
                alone[check.name] = str(error)
        return alone

    def _judge_together(self, checks: Sequence[Check]) -> dict[str, _Outcome]:
        """Judge rules by one suite over a view that has a column more for each rule that only SQL says."""
        names = {check.name: self._column_of(check) for check in checks if check.kind in _OWN}
        # The line break keeps a trailing comment from eating the bracket.
        rules = {names[c.name]: f"({c.condition}\n)" for c in checks if c.kind == Kind.SQL}
        keys = {names[c.name]: self._rows_of_repeated(c) for c in checks if c.kind == Kind.UNIQUE}
        if rules:
            columns = ", ".join(f"{sql} AS {quoted(rule)}" for rule, sql in rules.items())
            # In a WHERE as well, where aggregates and windows are refused: they would not speak of single rows.
            where = " AND ".join(f"{sql} IS NULL" for sql in rules.values())
            described = self._session.run(f"DESCRIBE {_select(columns, self._source, f'WHERE {where}')}")
            if wrong := {str(row[1]) for row in described} - {"BOOLEAN"}:
                raise _Broken(f"the condition gives {', '.join(sorted(wrong))}, not BOOLEAN")
        broken = {rule: f"({sql} IS FALSE)::TINYINT" for rule, sql in rules.items()}
        more = [f"{sql} AS {quoted(rule)}" for rule, sql in (broken | keys).items()]
        expected = [(check.name, e) for check in checks for e in _expectations(check, names.get(check.name, ""))]
        by_check = self._session.validate(_select(", ".join(["*", *more]), self._source), expected)
        self.validated += [result for results in by_check.values() for result in results]
        return {check.name: self._outcome(check, by_check.get(check.name, [])) for check in checks}

    def _column_of(self, check: Check) -> str:
        """The name of the view's column for a rule: the rule's own, which the documentation shows."""
        taken = {column.casefold() for column in self._columns}
        return check.name if check.name.casefold() not in taken else f"rule {check.name}"

    def _outcome(self, check: Check, results: Sequence[ExpectationValidationResult]) -> _Outcome:
        """How many rows break a check, of which some are counted by column."""
        outcomes = [_outcome(result) for result in results] or ["Great Expectations gave no result"]
        if errors := [outcome for outcome in outcomes if isinstance(outcome, str)]:
            return errors[0]
        counts = [outcome for outcome in outcomes if isinstance(outcome, int)]
        if len(counts) == 1 or not any(counts):
            return counts[0]
        query = _select("count(*)", self._source, _where_false(check.condition))
        return int(self._session.run(query)[0][0])  # a row without two values is one row

    def _rows_of_repeated(self, check: Check) -> str:
        """Write how many rows have a key that occurs more than once."""
        repeated = self._repeated(check, "count(*) AS n")
        return f"({_select('coalesce(sum(n), 0)::BIGINT', f'({repeated})')})"

    def _result(self, check: Check, outcome: _Outcome, examined: int) -> CheckResult:
        unexpected, error = (0, outcome) if isinstance(outcome, str) else (outcome, None)
        return CheckResult(
            dataset=self.name,
            check=check.name,
            passed=not unexpected and error is None,
            unexpected=unexpected,
            examined=examined,
            sample=self._sample(check) if unexpected and self._examples > 0 else None,
            error=error,
        )

    def _sample(self, check: Check) -> str | None:
        """Show some rows that break a check that failed: the first by their values, whatever the order of the files."""
        if check.kind == Kind.UNIQUE:
            names = [*check.columns, "rows"]
            query = self._repeated(check, f"{_columns(check.columns)}, count(*)")
        else:
            # The columns alone would not tell which row it is.
            names = list(dict.fromkeys([*check.columns, *self._columns[:3]]))
            query = _select(_columns(names), self._source, _where_false(check.condition))
        try:
            rows = self._session.run(f"{query} ORDER BY ALL LIMIT {self._examples}")
        except _Broken as error:
            _LOG.warning("no examples for %s.%s: %s", self.name, check.name, error)
            return None
        shown = (
            ", ".join(f"{name}={_shortened(str(value), _VALUE_WIDTH)}" for name, value in zip(names, row, strict=True))
            for row in rows
        )
        return _shortened("; ".join(shown), _SAMPLE_WIDTH) or None

    def _repeated(self, check: Check, columns: str) -> str:
        """Write a query over the keys that occur more than once, one row a key."""
        return _select(columns, self._source, f"GROUP BY {_columns(check.columns)} HAVING count(*) > 1")


class _Session:
    """One data context over one DuckDB database in memory. What breaks in it is a `_Broken`, whoever raised it."""

    def __init__(self, memory_limit: str, threads: int, temp_directory: str) -> None:
        # Great Expectations logs every broken check with its traceback; ours is in the result's error.
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
        self._source = context.data_sources.add_or_update_duckdb(
            name="house",
            connection_string=f"duckdb:///:memory:judge_{uuid.uuid4().hex}",
            kwargs={"connect_args": {"config": config}},
        )
        self._engine: DuckDBExecutionEngine = self._source.get_execution_engine()
        self.run("SET TimeZone = 'UTC'")
        # One asset for the session: each one more has the context write down all that it knows anew.
        self.run(f"CREATE VIEW {_JUDGED} AS SELECT 0 AS nothing")
        self._asset = self._source.add_table_asset(name=_JUDGED, table_name=_JUDGED)

    def run(self, sql: str) -> list[tuple[Any, ...]]:
        """Run one statement as it is, past the templating of SQLAlchemy and Great Expectations."""
        try:
            with self._engine.get_connection() as connection:
                result = connection.exec_driver_sql(sql)
                rows = [tuple(row) for row in result] if result.returns_rows else []
                connection.commit()
                return rows
        except Exception as error:
            raise _Broken(_reason(error)) from error

    def validate(
        self, query: str, expectations: Sequence[tuple[str, Expectation]]
    ) -> dict[str, list[ExpectationValidationResult]]:
        """Run expectations, each with the name of its check, as one suite over the answer of a query.

        Gives what was found of each check; an expectation that breaks says so in its result.
        """
        self.run(f"CREATE OR REPLACE VIEW {_JUDGED} AS {query}")
        try:
            for check, expectation in expectations:
                expectation.meta = {"check": check}
            # Given at once: one by one, each is compared with all before it.
            suite = ExpectationSuite(name=_JUDGED, expectations=[expectation for _, expectation in expectations])
            batch = self._asset.get_batch(self._asset.build_batch_request())
            validation = batch.validate(suite, result_format=_FAST)
            if not validation.success:
                validation = batch.validate(suite, result_format=_COUNTED)
        except Exception as error:
            raise _Broken(_reason(error)) from error
        by_check: dict[str, list[ExpectationValidationResult]] = {}
        for result in validation.results:  # Great Expectations does not keep the suite's order
            by_check.setdefault(result.expectation_config.meta["check"], []).append(result)
        return by_check

    def close(self) -> None:
        """Let go of the database and its memory."""
        self._engine.close()


class _Kept(Expectation):
    """An expectation that keeps its configuration: Great Expectations asks each for it some fifty times.

    Writing it down takes a third of the time of a judgement, and who asks changes nothing in it.
    """

    _configuration: ExpectationConfiguration | None = PrivateAttr(default=None)

    @property
    def configuration(self) -> ExpectationConfiguration:
        """What it expects, as Great Expectations writes it down."""
        if self._configuration is None:
            self._configuration = super().configuration
        return self._configuration

    def __setattr__(self, name: str, value: object) -> None:
        super().__setattr__(name, value)
        if name != "_configuration":
            self._configuration = None


# Great Expectations' own, under their own names, which is how it knows them in suites and pages: it warns of each.
_REGISTRY = logging.getLogger("great_expectations.expectations.registry")
_REGISTRY.setLevel(logging.ERROR)


class ExpectColumnValuesToNotBeNull(_Kept, expectations.ExpectColumnValuesToNotBeNull):
    """Every row has a value in the column."""


class ExpectColumnValuesToBeInSet(_Kept, expectations.ExpectColumnValuesToBeInSet):
    """Every value of the column is one of a set."""


class ExpectColumnValuesToBeBetween(_Kept, expectations.ExpectColumnValuesToBeBetween):
    """Every value of the column is between two numbers."""


class ExpectColumnPairValuesAToBeGreaterThanB(_Kept, expectations.ExpectColumnPairValuesAToBeGreaterThanB):
    """In every row one column is not below another."""


_REGISTRY.setLevel(logging.NOTSET)


class ExpectRowsToMeetTheRule(_Kept, expectations.ExpectColumnSumToBeBetween):
    """Expect every row to meet a rule of the contract that only SQL says.

    The column says of each row whether it breaks the rule, so its sum is the number of rows that do; 0 is expected.
    """


class ExpectNoKeyToRepeat(_Kept, expectations.ExpectColumnMaxToBeBetween):
    """Expect no key to occur more than once, a null being a value like any other.

    The column says in each row how many rows of the table have a key that repeats; 0 is expected.
    """


_OWN = (Kind.SQL, Kind.UNIQUE)
"""Kinds of which Great Expectations has no expectation that shares one pass over the files."""
_LEAST_COLUMNS = {Kind.SQL: 0, Kind.IN_ORDER: 2}


def _expectations(check: Check, own_column: str) -> list[Expectation]:
    """A check as expectations; the column is that of a rule that only SQL says."""
    says = check.says or None
    match check.kind:
        case Kind.NOT_NULL:
            return [ExpectColumnValuesToNotBeNull(column=column) for column in check.columns]
        case Kind.UNIQUE:
            return [ExpectNoKeyToRepeat(column=own_column, min_value=0, max_value=0, description=says)]
        case Kind.IN_SET:
            return [ExpectColumnValuesToBeInSet(column=check.columns[0], value_set=[*check.values])]
        case Kind.BETWEEN:
            return [ExpectColumnValuesToBeBetween(column=check.columns[0], min_value=check.low, max_value=check.high)]
        case Kind.IN_ORDER:
            low, high = check.columns[:2]
            return [
                ExpectColumnPairValuesAToBeGreaterThanB(
                    column_A=high, column_B=low, or_equal=True, ignore_row_if="either_value_is_missing"
                )
            ]
        case Kind.SQL:
            return [ExpectRowsToMeetTheRule(column=own_column, min_value=0, max_value=0, description=says)]


class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):
    """An execution engine that keeps its one connection.

    The stock engine closes the connection before it fetches, which DuckDB does not survive (great_expectations issues
    10738 and 11579).
    """

    @contextmanager
    def get_connection(self) -> Generator[sa.Connection, None, None]:
        """Lend the connection kept.

        Yields:
            The connection; a failed statement's transaction is rolled back, so that the next one is not refused.
        """
        if self._connection is None:
            self.engine.dialect.get_pk_constraint = _no_key  # type: ignore[method-assign, assignment]
            self.engine.dialect.get_columns = _columns_of  # type: ignore[method-assign, assignment]
            # DuckDB reserves other words than Postgres, whose list the dialect has
            self.engine.dialect.identifier_preparer.reserved_words = _Everything()  # type: ignore[assignment]
            self._connection = self.engine.connect()
        try:
            yield self._connection
        except Exception:
            self._connection.rollback()
            raise

    def close(self) -> None:
        """Close the connection, and with it the database in memory."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self.engine.dispose()


class _Everything(frozenset[str]):
    """A set that has every word: all names are quoted."""

    def __contains__(self, _word: object) -> bool:
        return True


def _no_key(*_asked: object, **_more: object) -> dict[str, object]:
    """What is judged has no primary key; asking the catalogue takes longer than judging a small table."""
    return {"constrained_columns": [], "name": None}


class DuckDBDatasource(SQLDatasource):
    """A data source of DuckDB; defining it registers `add_or_update_duckdb`."""

    type: Literal["duckdb"] = "duckdb"  # type: ignore[assignment]

    @property
    def execution_engine_type(self) -> _EngineClass:
        """The engine that keeps its connection."""
        return DuckDBExecutionEngine

    def get_engine(self) -> sa.Engine:
        """Give the execution engine's own SQLAlchemy engine.

        The stock data source makes a second one for its connection tests, which for a database in memory would be a
        second, empty database.
        """
        engine: sa.Engine = self.get_execution_engine().engine
        return engine


def _columns_of(connection: sa.Connection, table: str, *_asked: object, **_more: object) -> list[dict[str, object]]:
    """The columns of what is judged; the dialect asks a catalogue of Postgres, which takes longer than judging."""
    described = connection.exec_driver_sql(f"DESCRIBE {quoted(table)}")
    return [{"name": str(row[0]), "type": NullType(), "nullable": True, "default": None} for row in described]


def _outcome(result: ExpectationValidationResult) -> _Outcome:
    """Read what Great Expectations found."""
    if error := _raised(result.exception_info or {}):
        return error
    if result.success and not result.result:
        return 0
    count = result.result.get("unexpected_count", result.result.get("observed_value", _NO_COUNT))
    if count is _NO_COUNT:
        return "Great Expectations gave no count"
    return int(count or 0)  # the sum over no rows is null


def _raised(info: Mapping[str, Any]) -> str | None:
    """Find the message of an exception, which may be one level down."""
    if "raised_exception" not in info:
        return next(filter(None, (_raised(part) for part in info.values() if isinstance(part, Mapping))), None)
    message = str(info.get("exception_message") or "unknown error")
    return _shortened(message, _ERROR_WIDTH) if info["raised_exception"] else None


def _reason(error: Exception) -> str:
    """Say in one line why something broke, in DuckDB's own words if it can."""
    return _shortened(str(getattr(error, "orig", None) or error) or type(error).__name__, _ERROR_WIDTH)


def _shortened(text: str, width: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 1]}…"


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
