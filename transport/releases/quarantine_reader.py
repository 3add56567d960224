"""Reads a producer's own quarantined rows, in constant memory.

Quarantine is a table of the lake and in no release. Its log and files are read without the lake's engine. Callers check
who may send the stream; rows that a caller may not send are not shown. Identity numbers are masked at landing and again
here.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa

from catalog.contracts.language import StreamContract
from catalog.domain import identity
from catalog.errors import Damaged, TryAgain, UnknownName
from catalog.tables.quarantine import FETCHED, quarantine_of, says_of
from transport.auth import Caller, row_allowed
from transport.base.settings import Settings
from transport.lake.delta_log import table_files
from transport.releases.dataset_reader import OpenedDataset
from transport.releases.store import Releases
from transport.storage.landing import Landing

_LOG = "_delta_log"
_READ = ("batch_id", "row_number", "rules", "detail", "record", "synthetic")
_ROWS = 4096
"""Rows read at a time: as Python values with their records they take a hundred times the memory."""
_MASKED = "*" * identity.DIGITS
_NUMBERS = range(10 ** (identity.DIGITS - 2), 10**identity.DIGITS)
"""Numbers that could be an identity number, which may have lost a leading zero."""


@dataclass(frozen=True, slots=True)
class OpenedQuarantine(OpenedDataset):
    """Rows of a producer in quarantine, being read.

    Attributes:
        facts: which run the rows are of: `release`, the current one, and its `as_of`; and `made_at`, when a run last
            changed the stream's quarantine, which is later than the release where the gate stopped that run. They are
            the schema's metadata too.
    """

    facts: Mapping[str, str]


def open_quarantine(
    settings: Settings,
    releases: Releases,
    landing: Landing,
    caller: Caller,
    stream: StreamContract,
    *,
    since: datetime | None = None,
    rule: str | None = None,
    limit: int | None = None,
) -> OpenedQuarantine:
    """Open a producer's quarantined rows of a stream, the newest month first.

    Args:
        settings: of the home.
        releases: its releases.
        landing: its landing.
        caller: sees rows of its own producer, and only those of organisations that it may send for.
        stream: which.
        since: only rows received at this time or later.
        rule: only rows that broke this rule.
        limit: at most this many rows.

    Raises:
        UnknownName: no run has been yet, or the stream has no such rule.
        TryAgain: the lake cannot be read now.
    """
    says = says_of(stream)
    if rule is not None and rule not in says:
        raise UnknownName(f"rule of stream {stream.name}", rule[:80], choices=says)
    release = releases.current()
    if release is None:
        no = UnknownName("release", "current", choices=())
        no.mend = "No run has been yet, so nothing is set aside. Ask again after the operator's next run."
        raise no
    files = _files(settings, stream)
    made_at = max((int(add["modificationTime"]) for add in files.values()), default=None)
    facts = {"release": release.name, "as_of": str(release.manifest["as_of"])}
    if made_at is not None:
        facts["made_at"] = datetime.fromtimestamp(made_at / 1000, UTC).isoformat(timespec="seconds")
    landing.refresh()
    received = {e.batch_id: e.received_at for e in landing.of(stream.name) if e.producer == caller.producer}
    wanted = None if since is None else [batch for batch, at in received.items() if at >= since]
    schema = FETCHED.described_schema.with_metadata({**facts})
    batches = _batches(files, stream, caller, wanted)
    rows = _rows_for_producer(batches, stream, caller, received, rule, schema)
    return OpenedQuarantine(release.name, schema, _limited(rows, limit), facts)


def _files(settings: Settings, stream: StreamContract) -> dict[Path, Mapping[str, Any]]:
    """The table's files by its log, the newest month first; empty before the stream's first run."""
    contract = quarantine_of(stream)
    table = Path(contract.schema) / contract.table
    try:
        added = _fetched(settings, table) if settings.lake_url else _logged(settings.lake / table)
    except (Damaged, FileNotFoundError):  # a run is replacing the table, or will make it again
        raise _not_now() from None
    return {settings.lake / table / name: added[name] for name in sorted(added, reverse=True)}


def _logged(folder: Path) -> dict[str, Mapping[str, Any]]:
    log = folder / _LOG
    return table_files({path.name: path for path in log.iterdir() if path.is_file()}) if log.is_dir() else {}


def _fetched(settings: Settings, table: Path) -> dict[str, Mapping[str, Any]]:
    """The files of a table on object storage, downloaded; its log is read from there."""
    from transport.cluster.lake import fetch_log, lake_mirror

    settings.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.scratch) as folder:
        fetch_log(settings, table, Path(folder))
        added = _logged(Path(folder) / table)
    lake_mirror(settings).bring(settings.lake / table / name for name in added)
    return added


def _not_now() -> TryAgain:
    return TryAgain("The rows set aside cannot be read at the moment.", "Try again when the operator's run has ended.")


def _batches(
    files: Collection[Path], stream: StreamContract, caller: Caller, wanted: Collection[str] | None
) -> Generator[pa.RecordBatch]:
    import pyarrow.dataset as pads  # imported late, as in dataset_reader

    schema = quarantine_of(stream).arrow_schema
    dataset = pads.dataset([str(path) for path in files], schema=schema, format="parquet")
    mine = pads.field("producer") == caller.producer
    if wanted is not None:
        mine &= pads.field("batch_id").isin(pa.array(wanted, pa.string()))
    scanner = dataset.scanner(
        columns=list(_READ),
        filter=mine,
        batch_size=_ROWS,
        batch_readahead=1,
        fragment_readahead=1,
        use_threads=False,
    )
    try:
        yield from (batch for batch in scanner.to_batches() if batch.num_rows)
    except (pa.ArrowException, OSError):
        raise _not_now() from None


def _rows_for_producer(
    batches: Iterable[pa.RecordBatch],
    stream: StreamContract,
    caller: Caller,
    received: Mapping[str, datetime],
    rule: str | None,
    schema: pa.Schema,
) -> Generator[pa.RecordBatch]:
    """The rows as the producer gets them."""
    says = says_of(stream)
    for batch in batches:
        rows = [r for r in batch.to_pylist() if rule is None or rule in r["rules"]]
        records = [json.loads(r["record"], parse_float=Decimal) for r in rows]
        allowed_rows = [(row, record) for row, record in zip(rows, records, strict=True) if row_allowed(caller, record)]
        if not allowed_rows:
            continue
        texts = _masked(allowed_rows, stream)
        output_rows = [
            {
                **{name: row[name] for name in ("batch_id", "row_number", "synthetic")},
                "stream": stream.name,
                "received_at": received.get(row["batch_id"]),
                "rules": ", ".join(row["rules"]),
                "says_nb": " ".join(says[name].nb for name in row["rules"] if name in says),
                "says_en": " ".join(says[name].en for name in row["rules"] if name in says),
                "detail": detail,
                "record": record,
            }
            for (row, _), (detail, record) in zip(allowed_rows, texts, strict=True)
        ]
        yield pa.RecordBatch.from_pylist(output_rows, schema)


def _masked(rows: Sequence[tuple[Mapping[str, Any], dict[str, Any]]], stream: StreamContract) -> list[tuple[str, str]]:
    """The detail and the record of each row, without any value that looks like an identity number.

    A value that looks like one is masked whatever its column, also a number: the row's batch and number still say which
    row it is.
    """
    exact = {column.name for column in stream.columns if column.type == pa.uuid()}
    masked_rows = []
    for row, record in rows:
        masked = {name: value if name in exact else _masked_value(value) for name, value in record.items()}
        text = row["record"] if masked == record else json.dumps(masked, ensure_ascii=False, default=str)
        masked_rows.append((_masked_value(row["detail"]), text))
    return masked_rows


def _masked_value(value: Any) -> Any:  # noqa: ANN401 - of any type that JSON has
    if isinstance(value, str):
        return identity.mask(value)
    return _MASKED if _is_number(value) else value


def _is_number(value: object) -> bool:
    """Whether a number looks like an identity number, whose leading zero a number loses."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value != int(value):
        return False
    return int(value) in _NUMBERS and identity.regime(f"{int(value):011d}") is identity.Regime.OLD


def _limited(batches: Generator[pa.RecordBatch], limit: int | None) -> Generator[pa.RecordBatch]:
    left = limit
    for batch in batches:
        if left is not None and left <= batch.num_rows:
            yield batch.slice(0, left)
            batches.close()
            return
        left = None if left is None else left - batch.num_rows
        yield batch
