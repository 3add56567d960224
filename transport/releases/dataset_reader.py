"""The shelf: reading a dataset of a release row by row, chosen columns and rows, in constant memory.

Reads the release's Parquet files, like anyone else. Who may read what is settled before.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from catalog.contracts.language import DatasetContract, described
from catalog.contracts.scan import Files, Query, Scan, empty
from catalog.errors import UnknownName, WrongUse
from transport.releases.store import Release

if TYPE_CHECKING:
    import pyarrow.dataset as pads

ROWS = 65_536
_OPERATIONS = ("eq", "ne", "lt", "le", "gt", "ge", "in", "null")


@dataclass(frozen=True, slots=True)
class Opened:
    """A dataset that is being read.

    Attributes:
        release: its name, also where `current` was asked for.
        schema: of every batch; each field says its title, unit and text, as the contract has them now.
        batches: read once, as they are asked for; `close` lets go of the files before the end.
    """

    release: str
    schema: pa.Schema
    batches: Generator[pa.RecordBatch]


def open_dataset(
    release: Release, contract: DatasetContract, columns: object = None, condition: object = None
) -> Opened:
    """Open a dataset.

    Args:
        release: which one.
        contract: the dataset's, or that of a view of it.
        columns: a list of names; None is all, in the contract's order.
        condition: by column, a value, a list of values, or `{"ge": …, "lt": …}`; all must hold. None is every row.

    Raises:
        UnknownName: a column or an operation that there is not, or a dataset that the release does not have.
        WrongUse: something else than names, or a value that is none of its column's.
    """
    import pyarrow.dataset as pads  # it loads pandas where that is installed: a server should be up at once

    names = _names(contract, columns)
    folder = _folder(release, contract)
    schema = described((contract[n] for n in names), contract.one_at_a_time)
    whole = contract.of or contract
    files = [str(p) for p in sorted(folder.rglob("*.parquet"))]
    months = pads.partitioning(pa.schema([("month", pa.date32())]), flavor="hive")
    by_month = months if _lies_by_month(contract, files) else None
    found = pads.dataset(
        files, schema=whole.arrow_schema, format="parquet", partitioning=by_month, partition_base_dir=str(folder)
    )
    scanner = found.scanner(
        columns=names,
        filter=_with_only(contract, _expression(contract, condition)),
        batch_size=ROWS,
        batch_readahead=1,
        fragment_readahead=1,
        use_threads=False,
    )
    return Opened(release.name, schema, (b.cast(schema) for b in scanner.to_batches() if b.num_rows))


def has(release: Release, contract: DatasetContract) -> bool:
    """Whether the release holds the dataset; one that is older than the dataset does not."""
    return (release.folder / "parquet" / (contract.of or contract).name).is_dir()


def scan(release: Release, contract: DatasetContract) -> Scan:
    """The dataset's rows, for a session to ask. Columns that are younger than the release are null.

    Raises:
        UnknownName: the release does not have the dataset.
    """
    paths = tuple(str(p) for p in sorted(_folder(release, contract).rglob("*.parquet")))
    schema = contract.arrow_schema
    if not paths:
        return empty(schema)
    by_month = _lies_by_month(contract, paths)
    files = Files(schema, paths, f"{release.name} {contract.name}", by_month=by_month)
    younger = younger_columns(release, contract)
    if not younger:
        return files
    from transport.lake.tables import sql_type  # servers read without a lake

    columns = ", ".join(f'cast(null as {sql_type(schema.field(n).type)}) as "{n}"' for n in younger)
    return Query(f"select *, {columns} from released", {"released": files})  # noqa: S608 - names and types of a contract


def younger_columns(release: Release, contract: DatasetContract) -> list[str]:
    """Columns of the contract that the release does not have, since it is older."""
    import pyarrow.parquet as pq

    paths = sorted(_folder(release, contract).rglob("*.parquet"))
    there = {*pq.read_schema(paths[0]).names, "month"} if paths else set(contract.arrow_schema.names)
    return [c.name for c in contract.columns if c.name not in there]


def _lies_by_month(contract: DatasetContract, files: Sequence[str]) -> bool:
    """Whether the months are folders' names; in a table that was given whole they are a column like any other."""
    return contract.partitioned and lies_in_folders_of_months(files)


def lies_in_folders_of_months(files: Sequence[str]) -> bool:
    """Whether folders give the files the column `month`, as in the lake and in releases of once; now files hold it."""
    return all(Path(f).parent.name.startswith("month=") for f in files)


def _folder(release: Release, contract: DatasetContract) -> Path:
    if not has(release, contract):
        said = release.manifest.get("datasets")
        raise UnknownName("dataset", contract.name, known=list(said) if isinstance(said, Mapping) else [])
    return release.folder / "parquet" / (contract.of or contract).name


def _names(contract: DatasetContract, columns: object) -> list[str]:
    known = [c.name for c in contract.columns]
    if columns is None:
        return known
    if not isinstance(columns, list) or not columns or not all(isinstance(c, str) for c in columns):
        raise WrongUse("columns is no list of names.", f"{contract.name} has {', '.join(known)}.")
    for name in columns:
        if name not in known:
            raise UnknownName(f"column in {contract.name}", name[:80], known=known)
    return list(dict.fromkeys(columns))


def _expression(contract: DatasetContract, condition: object) -> pads.Expression | None:
    if condition is None or condition == {}:
        return None
    if not isinstance(condition, dict):
        raise WrongUse(
            "filter is no object by column.",
            'Write for example {"service": ["svarut"], "month": {"ge": "2026-01-01"}}.',
        )
    import pyarrow.dataset as pads

    whole: pads.Expression | None = None
    for name, said in condition.items():
        _names(contract, [name])
        column = contract[name]
        tests = said if isinstance(said, dict) else {"in": said} if isinstance(said, list) else {"eq": said}
        if not tests:
            raise WrongUse(f"The filter on {name} has no test.", 'Write for example {"ge": "2026-01-01"}.')
        for operation, value in tests.items():
            if operation not in _OPERATIONS:
                raise UnknownName("operation in a filter", str(operation)[:40], known=_OPERATIONS)
            one = _one(pads.field(name), operation, value, column.type)
            whole = one if whole is None else whole & one
    return whole


def _with_only(contract: DatasetContract, asked: pads.Expression | None) -> pads.Expression | None:
    """What was asked for, of the rows that a view has."""
    import pyarrow.dataset as pads

    for name, value in contract.only:
        one = pads.field(name) == value
        asked = one if asked is None else asked & one
    return asked


def _one(field: pads.Expression, operation: str, value: object, kind: pa.DataType) -> pads.Expression:
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
        if isinstance(value, str) and not pa.types.is_string(kind):
            return pa.scalar(value).cast(kind)
        return pa.scalar(value, kind)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        raise WrongUse(
            f"{str(value)[:60]!r} is no {kind}.", "Write dates as 2026-01-31 and numbers as numbers."
        ) from None
