"""Reads a dataset of a release: chosen columns and rows, in constant memory.

Reads the release's Parquet files, as anyone can. Callers check who may read what.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from catalog.contracts.language import DatasetContract, described
from catalog.contracts.scan import Files, Query, Scan, empty
from catalog.contracts.sharing import rights_to_whole
from catalog.errors import Forbidden, UnknownName, WrongUse
from transport.releases.intact import verified_path
from transport.releases.store import Release

if TYPE_CHECKING:
    import pyarrow.dataset as pads

ROWS = 65_536
_OPERATIONS = ("eq", "ne", "lt", "le", "gt", "ge", "in", "null")


@dataclass(frozen=True, slots=True)
class OpenedDataset:
    """A dataset being read.

    Attributes:
        release: its name, also when `current` was asked for.
        schema: of every batch; each field has its title, unit and text from the present contract.
        batches: can be read once, lazily; `close` closes the files before the end.
    """

    release: str
    schema: pa.Schema
    batches: Generator[pa.RecordBatch]

    def rows(self) -> list[dict[str, Any]]:
        """All rows, each by the names of its columns."""
        return [row for batch in self.batches for row in batch.to_pylist()]


def open_dataset(
    release: Release, contract: DatasetContract, columns: object = None, condition: object = None
) -> OpenedDataset:
    """Open a dataset.

    Args:
        release: where to read.
        contract: of the dataset, or of a view of it.
        columns: a list of names; None means all, in the contract's order.
        condition: by column, a value, a list of values, or `{"ge": …, "lt": …}`; all must hold. None means every row.

    Raises:
        UnknownName: a column or operation does not exist, or the release does not have the dataset.
        WrongUse: the columns are no list of names, or a value does not fit its column.
        ChangedFile: a file of the dataset is not as published.
    """
    import pyarrow.dataset as pads  # imported late: it loads pandas if installed, and a server should start fast

    names = _names(contract, columns)
    folder = _folder(release, contract)
    schema = described((contract[n] for n in names), contract.non_additive_across)
    whole = contract.of or contract
    begin = f"parquet/{whole.name}/"
    files = [str(verified_path(release, path)) for path in sorted(release.section("files")) if path.startswith(begin)]
    months = pads.partitioning(pa.schema([("month", pa.date32())]), flavor="hive")
    by_month = months if _lies_by_month(contract, files) else None
    dataset = pads.dataset(
        files, schema=whole.arrow_schema, format="parquet", partitioning=by_month, partition_base_dir=str(folder)
    )
    scanner = dataset.scanner(
        columns=names,
        filter=_with_only(contract, expression_of(contract, condition)),
        batch_size=ROWS,
        batch_readahead=1,
        fragment_readahead=1,
        use_threads=False,
    )
    return OpenedDataset(release.name, schema, (b.cast(schema) for b in scanner.to_batches() if b.num_rows))


def has(release: Release, contract: DatasetContract) -> bool:
    """Whether the release holds the dataset; a release older than the dataset does not."""
    return (release.folder / "parquet" / (contract.of or contract).name).is_dir()


def scan(release: Release, contract: DatasetContract) -> Scan:
    """The dataset's rows, for a session to query. Columns newer than the release are null.

    Raises:
        UnknownName: the release does not have the dataset.
    """
    paths = tuple(str(p) for p in sorted(_folder(release, contract).rglob("*.parquet")))
    schema = contract.arrow_schema
    if not paths:
        return empty(schema)
    by_month = _lies_by_month(contract, paths)
    files = Files(schema, paths, f"{release.name} {contract.name}", by_month=by_month)
    younger = missing_columns(release, contract)
    if not younger:
        return files
    from transport.lake.session import sql_type  # imported late: servers read without a lake

    columns = ", ".join(f'cast(null as {sql_type(schema.field(n).type)}) as "{n}"' for n in younger)
    return Query(f"select *, {columns} from released", {"released": files})  # noqa: S608 - names and types of a contract


def missing_columns(release: Release, contract: DatasetContract) -> list[str]:
    """Columns of the contract that an older release lacks; empty if its file is damaged."""
    import pyarrow.parquet as pq

    paths = sorted(_folder(release, contract).rglob("*.parquet"))
    try:
        file_columns = {*pq.read_schema(paths[0]).names, "month"} if paths else set(contract.arrow_schema.names)
    except (pa.ArrowException, OSError, ValueError):  # Arrow's errors for a damaged footer
        return []  # reading the rows reports the damage
    return [c.name for c in contract.columns if c.name not in file_columns]


def _lies_by_month(contract: DatasetContract, files: Sequence[str]) -> bool:
    """Whether the folders' names hold the months; otherwise `month` is an ordinary column."""
    return contract.partitioned and has_month_folders(files)


def has_month_folders(files: Sequence[str]) -> bool:
    """Whether folders hold the column `month`, as in the lake and in old releases; in new ones the files do."""
    return all(Path(f).parent.name.startswith("month=") for f in files)


def _folder(release: Release, contract: DatasetContract) -> Path:
    if not has(release, contract):
        listed = release.manifest.get("datasets")
        raise UnknownName("dataset", contract.name, choices=list(listed) if isinstance(listed, Mapping) else [])
    return release.folder / "parquet" / (contract.of or contract).name


def _names(contract: DatasetContract, columns: object) -> list[str]:
    names = [c.name for c in contract.columns]
    if columns is None:
        return names
    if not isinstance(columns, list) or not columns or not all(isinstance(c, str) for c in columns):
        raise WrongUse("columns is not a list of names.", f"{contract.name} has {', '.join(names)}.")
    for name in columns:
        _check_column(contract, name)
    return list(dict.fromkeys(columns))


def _check_column(contract: DatasetContract, name: str) -> None:
    """Check that a dataset, or a view of it, has a column.

    Raises:
        Forbidden: the caller's rights do not cover the column.
        UnknownName: there is no such column.
    """
    names = [c.name for c in contract.columns]
    if name in names:
        return
    if contract.of is not None and contract.of.name == contract.name and name in contract.of.arrow_schema.names:
        needed = ", ".join(sorted(rights_to_whole(contract.of)))
        raise Forbidden(f"{contract.name} is given without {name}.", f"Ask the operator for the right {needed}.")
    raise UnknownName(f"{contract.name} column", name[:80], choices=names)


def expression_of(contract: DatasetContract, condition: object) -> pads.Expression | None:
    """A reader's condition as a filter over the dataset's files; None for no condition.

    Raises:
        UnknownName: a column or operation does not exist.
        Forbidden: the caller's rights do not give the column.
        WrongUse: a value does not fit its column.
    """
    for name in condition if isinstance(condition, dict) else ():
        _check_column(contract, str(name))
    return _expression(contract.name, {c.name: c.type for c in contract.columns}, condition)


def filter_rows(table: pa.Table, name: str, condition: object) -> pa.Table:
    """The rows of a table that meet a reader's condition.

    Args:
        table: the rows.
        name: of the table, for errors.
        condition: as for a dataset.

    Raises:
        UnknownName, WrongUse: as `expression_of`.
    """
    expression = _expression(name, dict(zip(table.column_names, table.schema.types, strict=True)), condition)
    return table if expression is None else table.filter(expression)


def _expression(name: str, columns: Mapping[str, pa.DataType], condition: object) -> pads.Expression | None:
    if condition is None or condition == {}:
        return None
    if not isinstance(condition, dict):
        raise WrongUse(
            "filter is not an object by column.",
            'Write for example {"service": ["svarut"], "month": {"ge": "2026-01-01"}}.',
        )
    import pyarrow.dataset as pads

    whole: pads.Expression | None = None
    for column, wanted in condition.items():
        if column not in columns:
            raise UnknownName(f"{name} column", column[:80], choices=columns)
        tests = wanted if isinstance(wanted, dict) else {"in": wanted} if isinstance(wanted, list) else {"eq": wanted}
        if not tests:
            raise WrongUse(f"The filter on {column} has no test.", 'Write for example {"ge": "2026-01-01"}.')
        for operation, value in tests.items():
            if operation not in _OPERATIONS:
                raise UnknownName("filter operation", str(operation)[:40], choices=_OPERATIONS)
            test = _test(pads.field(column), operation, value, columns[column])
            whole = test if whole is None else whole & test
    return whole


def _with_only(contract: DatasetContract, expression: pads.Expression | None) -> pads.Expression | None:
    """The reader's filter, limited to the view's rows."""
    import pyarrow.dataset as pads

    for name, value in contract.only:
        test = pads.field(name) == value
        expression = test if expression is None else expression & test
    return expression


def _test(field: pads.Expression, operation: str, value: object, kind: pa.DataType) -> pads.Expression:
    if operation == "null":
        if not isinstance(value, bool):
            raise WrongUse("null takes true or false.", 'Write {"null": true} for rows without a value.')
        return field.is_null() if value else field.is_valid()
    if operation == "in":
        if not isinstance(value, list) or len(value) > ROWS:
            raise WrongUse("in takes a list of values.", 'Write {"in": ["a", "b"]}.')
        return field.isin(pa.array([_value(v, kind).as_py() for v in value], kind))
    if value is None:
        if operation not in ("eq", "ne"):
            raise WrongUse(f"{operation} takes a value, not null.", 'Rows without a value are {"null": true}.')
        return field.is_null() if operation == "eq" else field.is_valid()
    wanted = _value(value, kind)
    return {
        "eq": field == wanted,
        "ne": field != wanted,
        "lt": field < wanted,
        "le": field <= wanted,
        "gt": field > wanted,
        "ge": field >= wanted,
    }[operation]


def _value(value: object, kind: pa.DataType) -> pa.Scalar:
    try:
        written = value
        if isinstance(value, float):  # Arrow cuts 7.5 to 7 for a column of whole numbers
            written = f"{Decimal(repr(value)).normalize():f}"
        elif isinstance(value, int) and pa.types.is_temporal(kind):  # Arrow takes it as time since 1970
            written = str(value)
        if isinstance(written, str) and not pa.types.is_string(kind):
            if pa.types.is_decimal(kind):
                pa.scalar(Decimal(written), kind)  # refuses what does not fit; a cast of many digits wraps
            return pa.scalar(written).cast(kind)
        return pa.scalar(value, kind)
    except (pa.ArrowException, TypeError, ValueError, ArithmeticError):
        mend = "Write dates as 2026-01-31 and numbers as numbers."
        if pa.types.is_string(kind):
            mend = 'Texts need quotation marks, codes too: they are texts, such as "0301".'
        raise WrongUse(f"{repr(value)[:60]} is not a valid {kind}.", mend) from None
