"""The lake: derived Delta tables of files that DuckDB wrote. A door of deltalake.

A file is named for its inputs, so the table itself shows which partitions are up to date. A published table that is
one file is named for its content instead, so that what reads it is left alone when it comes out as it was. Files are
committed as they are, all changed partitions of a table in one atomic commit. A damaged table is removed and rebuilt.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import deltalake
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from deltalake.transaction import AddAction, create_table_with_add_actions

from catalog.contracts.language import Audience, DatasetContract
from catalog.contracts.scan import Files, Query, Scan, Values, empty
from catalog.errors import BadSetting, Damaged
from transport.base import atomic_files
from transport.base.atomic_files import sha256_of
from transport.base.settings import Settings
from transport.lake.delta_log import NOTE, digest_of, hash_and_rows, log_records, recorded_logs, table_files

ENGINE = f"duckdb {duckdb.__version__}"
"""Part of every fingerprint: another engine may order or hash differently, so tables are rebuilt."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a table: its month (None if the table has none) and its path, with a fingerprint in the name.

    A month is one file, but for months of landed streams that have more rows than one task should make.

    Attributes:
        sha256: of its bytes when written, from the table's log; empty while it is not in the table.
        rows: written, from the same log; None if unknown.
        size: in bytes, from the same log; None if unknown.
    """

    month: date | None
    path: Path
    sha256: str = field(default="", compare=False)
    rows: int | None = field(default=None, compare=False)
    size: int | None = field(default=None, compare=False)

    @property
    def fingerprint(self) -> str:
        """What the file is named for: its inputs, or its content (see `Lake.named_by_content`)."""
        return self.path.stem.removeprefix("part-")


class Lake:
    """The tables of one lake folder. One process at a time may write; anyone may read."""

    def __init__(self, folder: Path) -> None:
        """Open nothing yet."""
        self.folder = folder
        self._tables: dict[str, dict[date | None, tuple[Part, ...]]] = {}
        self.committed: set[Path] = set()
        """Files that this process has committed."""
        self.sound: set[Path] = set()
        """Files that this process has verified by hash, including landed ones; each is read once."""

    @staticmethod
    def of(settings: Settings) -> Lake:
        """The lake that the settings name.

        Raises:
            BadSetting: only one of lake and releases is on object storage.
        """
        check_places(settings)
        if settings.lake_url and not settings.lake_folder:
            from transport.cluster.lake import ObjectLake

            return ObjectLake(settings)
        return Lake(settings.lake)

    def refresh(self) -> None:
        """Read what other machines have committed; one machine alone has read it."""

    def parts(self, contract: DatasetContract) -> dict[date | None, Part]:
        """The file of each month of a table whose months are one file each; none if the table does not exist.

        Raises:
            Damaged: the table's log cannot be read, or names a missing file.
        """
        return {month: part for month, (part,) in self.files_by_month(contract).items()}

    def files_by_month(self, contract: DatasetContract) -> dict[date | None, tuple[Part, ...]]:
        """The files of each month of any table; none if the table does not exist.

        Raises:
            Damaged: the table's log cannot be read, or names a missing file.
        """
        if contract.name not in self._tables:
            self._tables[contract.name] = self._files_by_month(contract)
        return self._tables[contract.name]

    def files(self, contract: DatasetContract) -> list[Part]:
        """Every file of a table, by month.

        Raises:
            Damaged: as above.
        """
        by_month = sorted(self.files_by_month(contract).items(), key=lambda item: str(item[0]))
        return [part for _, parts in by_month for part in parts]

    def _files_by_month(self, contract: DatasetContract) -> dict[date | None, tuple[Part, ...]]:
        folder = self.folder_of(contract)
        if not (folder / "_delta_log").is_dir():
            return {}
        listed = self._listed(contract)
        for part in listed:
            if not part.path.is_file() and not self.is_elsewhere(part):
                raise Damaged(f"Table {contract.name} of the lake lacks {part.path.name}.", _REMAKE)
        return _by_month(listed)

    def is_elsewhere(self, part: Part) -> bool:  # noqa: ARG002 - of a lake on object storage
        """Whether a file that is not on this disk can be fetched."""
        return False

    def _listed(self, contract: DatasetContract) -> list[Part]:
        """The table's files according to its log, whether or not they exist."""
        folder = self.folder_of(contract)
        if problem := problem_of(folder):
            raise Damaged(f"Table {contract.name} of the lake cannot be read: {problem}.", _REMAKE)
        log = {p.name: p for p in (folder / "_delta_log").iterdir() if p.is_file()}
        actions = {folder / name: add for name, add in table_files(log).items()}
        if any((path.parent != folder) is not contract.partitioned for path in actions):
            return []  # an older version partitioned it differently; it is rebuilt
        listed = []
        try:
            for path, add in actions.items():
                month = date.fromisoformat(path.parent.name.removeprefix("month=")) if contract.partitioned else None
                sha256, rows = hash_and_rows(add)
                listed.append(Part(month, path, sha256, rows, int(add["size"])))
        except (ValueError, TypeError, KeyError) as problem:
            raise Damaged(f"Table {contract.name} of the lake cannot be read: {problem}.", _REMAKE) from None
        return listed

    def drop_missing_files(self, contract: DatasetContract) -> str:
        """Keep only what a run can build on; the rest is derived, and is rebuilt.

        A table whose log cannot be read is dropped; a file that is missing or has another length is ignored.

        Returns:
            What was wrong; empty when nothing was.
        """
        if not (self.folder_of(contract) / "_delta_log").is_dir():
            return ""
        try:
            listed = self._listed(contract)
        except Damaged as damaged:
            self.drop(contract)
            return damaged.problem
        present = []
        for part in listed:
            if part.path.is_file() and part.path.stat().st_size == part.size:
                present.append(part)
            elif self.is_elsewhere(part):
                part.path.unlink(missing_ok=True)
                present.append(part)
        self._tables[contract.name] = _by_month(present)
        lost = len(listed) - len(present)
        return f"Table {contract.name} of the lake lacks {lost} of its {len(listed)} files." if lost else ""

    def is_sound(self, part: Part) -> bool:
        """Whether the file's bytes are those that were written; a verified file is not read again."""
        if part.path not in self.sound and part.sha256 and sha256_of(part.path) == part.sha256:
            self.sound.add(part.path)
        return part.path in self.sound

    def bring(self, parts: Iterable[Part]) -> None:
        """Make sure that the files are on this disk, for readers that open them by path."""

    def bytes_of(self, contract: DatasetContract, months: Iterable[date | None]) -> int:
        """The size of the files of these months."""
        pieces = self.files_by_month(contract)
        return sum(part.size or 0 for month in months for part in pieces.get(month, ()))

    def scan(self, contract: DatasetContract, *months: date | None) -> Scan:
        """The table's rows, or those of some months."""
        chosen = {*months} - {None}
        return self.scan_of(contract, [p for p in self.files(contract) if not chosen or p.month in chosen])

    def scan_of(self, contract: DatasetContract, parts: Sequence[Part]) -> Scan:
        """The rows of these files of a table."""
        if not parts:
            return empty(contract.arrow_schema)
        identity = " ".join(f"{p.month}:{p.fingerprint}" for p in parts)
        return Files(
            contract.arrow_schema,
            tuple(str(p.path) for p in parts),
            identity,
            by_month=contract.partitioned,
            sums=tuple(p.sha256 for p in parts),
        )

    def target(self, contract: DatasetContract, month: date | None, scan: Scan) -> Part:
        """The file for the scan's answer: an equal path means that it need not be made again."""
        layout_query = Query(ENGINE, {"made": scan, "as": Values(pa.table({"as": [_layout(contract)]}))})
        folder = (
            self.folder_of(contract) / f"month={month.isoformat()}"
            if contract.partitioned and month
            else self.folder_of(contract)
        )
        return Part(month, folder / f"part-{layout_query.fingerprint[:_NAME]}.parquet")

    def month_of(self, contract: DatasetContract, month: date, rows: Mapping[str, object]) -> Part:
        """The file of a month that is named for its rows, not for their inputs.

        Args:
            contract: of a table with months.
            month: of the file.
            rows: what distinguishes the rows from others.
        """
        basis = pa.table({"said": [ENGINE, _layout(contract), json.dumps(rows, default=str, sort_keys=True)]})
        folder = self.folder_of(contract) / f"month={month.isoformat()}"
        return Part(month, folder / f"part-{Values(basis).fingerprint[:_NAME]}.parquet")

    def named_by_content(self, contract: DatasetContract, written: Part) -> Part:
        """The file, named for its content where the table is one file that is published.

        Its bytes say what it holds: published rows lie in the order of their key, however many threads wrote them.
        """
        if not named_for_content(contract):
            return written
        path = written.path.with_name(f"part-{atomic_files.sha256(written.path)[:_NAME]}.parquet")
        if written.path in {p.path for p in self.files(contract)}:  # as older versions named it: read until the commit
            shutil.copyfile(written.path, path)
        else:
            written.path.replace(path)
        return replace(written, path=path)

    def is_up_to_date(self, contract: DatasetContract, fingerprint: str) -> bool:
        """Whether the files present are exactly those computed from this fingerprint."""
        noted = self.folder_of(contract) / _WORKED_OUT
        return noted.is_file() and noted.read_bytes() == self._worked_out(contract, fingerprint).encode()

    def record_inputs(self, contract: DatasetContract, fingerprint: str) -> None:
        """Note that the files present were computed from this fingerprint."""
        if self.files_by_month(contract):
            noted = self.folder_of(contract) / _WORKED_OUT
            # a note that a power cut loses costs a making
            atomic_files.write_text(noted, self._worked_out(contract, fingerprint), wait=False)

    def _worked_out(self, contract: DatasetContract, fingerprint: str) -> str:
        return "".join(f"{line}\n" for line in [fingerprint, *sorted(self.name_of(p) for p in self.files(contract))])

    def name_of(self, part: Part) -> str:
        """The file's name as a release lists it."""
        return str(part.path).removeprefix(f"{self.folder}/")  # asked hundreds of times a run; `relative_to` is slow

    def in_force(self, contracts: Iterable[DatasetContract]) -> dict[str, str]:
        """The files of these tables, by name, each with the SHA-256 of its bytes.

        A release lists published tables only: the content of a small inner one could be guessed from its hash by trying
        all.
        """
        return {self.name_of(p): p.sha256 for contract in contracts for p in self.files(contract)}

    def note_checked(self, release: str, tables: Mapping[str, str], *, listed: Collection[str]) -> None:
        """Record which tables a release checked; its public manifest must not list the internal ones.

        Records the logs of those tables too, so that the doctor finds damage in them.
        """
        tables_here = {str(log.parent.relative_to(self.folder)) for log in self.folder.glob("*/*/_delta_log")}
        inner = tables_here - {name.partition("/_delta_log/")[0] for name in listed}
        logs = log_records(self.folder, inner, recorded_logs(self.folder))
        note = {"release": release, "tables": tables, "logs": logs, "digest": digest_of(logs)}
        atomic_files.write_json(self.folder / NOTE, note, wait=False)  # lost by a power cut, it costs a check

    def checked_for(self, release: str) -> dict[str, str]:
        """The fingerprints of the tables that this release checked, by name.

        Empty if the note is missing or broken, as after a power cut: then the tables are checked again.
        """
        try:
            noted = json.loads((self.folder / NOTE).read_text("utf-8"))
            return dict(noted["tables"]) if noted["release"] == release else {}
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return {}

    def replace(self, contract: DatasetContract, parts: Iterable[Part]) -> None:
        """Replace these months of the table by these files, in one commit; other months stay.

        Of a month that is several files, all of them are to be given.
        """
        parts = list(parts)
        if not parts:
            return
        here = {p.path for p in parts if not p.sha256}  # the others were written and hashed by another process
        parts = [p if p.sha256 else as_written(p) for p in parts]
        current = self.files_by_month(contract)
        others = [p for p in self.files(contract) if p.month not in {q.month for q in parts}]
        self._tables.pop(contract.name, None)
        self._commit(contract, parts, others)
        self._tables[contract.name] = current | _by_month(parts)
        self.committed |= here
        self.sound -= {p.path for p in parts}
        self.sound |= here

    def _commit(self, contract: DatasetContract, parts: list[Part], others: list[Part]) -> None:
        folder = self.folder_of(contract)
        actions = [_add(folder, p) for p in parts]
        schema = _delta_schema(contract)
        by = ["month"] if contract.partitioned else []
        table = deltalake.DeltaTable(folder) if (folder / "_delta_log").is_dir() else None
        if table is not None and table.metadata().partition_columns != by:
            table = None
            self.begin_anew(folder, [p.path for p in parts])
        if table is None:
            create_table_with_add_actions(
                str(folder), schema, actions, partition_by=by, name=contract.name, configuration=_LOGS_KEPT
            )
            return
        if table.schema().to_json() != schema.to_json():
            other_files = [_add(folder, p) for p in others]
            create_table_with_add_actions(
                str(folder),
                schema,
                actions + other_files,
                mode="overwrite",
                partition_by=by,
                name=contract.name,
                configuration=_LOGS_KEPT,
            )
            return
        months = [str(p.month) for p in parts]
        filters = [("month", "in", months)] if by else None
        table.create_write_transaction(actions, "overwrite", schema, partition_by=by, partition_filters=filters)  # type: ignore[arg-type]
        if (table.version() + 1) % _TIDIED_EVERY == 0:
            # after the commit: before it, a file that the table had long ago and has again would be removed
            self.tidy(folder, [p.path for p in [*parts, *others]])

    def begin_anew(self, folder: Path, keep: Collection[Path]) -> None:
        """Remove a table's log and its files, except these."""
        shutil.rmtree(folder / "_delta_log")
        for left in {*folder.rglob("part-*.parquet")} - {*keep}:
            left.unlink()

    def tidy(self, folder: Path, used: Collection[Path]) -> None:  # noqa: ARG002 - of a lake on object storage
        """Remove files that nobody reads any more, write a checkpoint, and remove older log files.

        Args:
            folder: of the table.
            used: the files that it will have.
        """
        table = deltalake.DeltaTable(folder)
        table.vacuum(retention_hours=KEPT_HOURS, dry_run=False, enforce_retention_duration=False)
        if table.metadata().configuration.items() < _LOGS_KEPT.items():  # made by an older version
            table.alter.set_table_properties(_LOGS_KEPT)
        table.create_checkpoint()
        table.cleanup_metadata()

    def keep_only(self, contract: DatasetContract, months: Iterable[date]) -> None:
        """Drop all other months; a table left without months is removed."""
        parts = self.files_by_month(contract)
        gone = set(parts) - set(months)
        if gone and gone == set(parts):
            self.drop(contract)
        elif gone:
            table = deltalake.DeltaTable(self.folder_of(contract))
            listed = ", ".join(f"'{m}'" for m in sorted(gone, key=str))
            self._tables.pop(contract.name, None)
            table.delete(f"month in ({listed})")
            self._tables[contract.name] = {m: p for m, p in parts.items() if m not in gone}

    def drop(self, contract: DatasetContract) -> None:
        """Remove the table; it will be rebuilt."""
        folder = self.folder_of(contract)
        self._tables.pop(contract.name, None)
        if folder.exists():
            shutil.rmtree(folder, ignore_errors=True)
            self.sound.difference_update([p for p in self.sound if p.is_relative_to(folder)])

    def others(self, contracts: Iterable[DatasetContract]) -> list[Path]:
        """The folders of other tables: of analyses, or of an older version."""
        own_files = {self.folder_of(contract) for contract in contracts}
        return sorted(
            log.parent for log in self.folder.rglob("_delta_log") if log.is_dir() and log.parent not in own_files
        )

    def forget(self, contracts: Sequence[DatasetContract]) -> None:
        """Remove every file that these tables no longer name, at once, and every other table.

        Earlier versions of the tables cannot be opened any more.
        """
        for folder in self.others(contracts):
            shutil.rmtree(folder)
        (self.folder / NOTE).unlink(missing_ok=True)
        used = {part.path for contract in contracts for part in self.files(contract)}
        for path in {p for p in self.folder.rglob("*.parquet") if p.parent.name != "_delta_log"} - used:
            path.unlink()

    def clear(self) -> None:
        """Remove every table, once a temporary lake (a rebuild, a replay) is no longer needed."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self._tables.clear()

    def folder_of(self, contract: DatasetContract) -> Path:
        """The folder of a table."""
        return self.folder / contract.schema / contract.table


def _by_month(parts: Iterable[Part]) -> dict[date | None, tuple[Part, ...]]:
    months: dict[date | None, tuple[Part, ...]] = {}
    for part in sorted(parts, key=lambda p: p.path.name):
        months[part.month] = (*months.get(part.month, ()), part)
    return months


_NAME = 40
"""Hexadecimal digits of a fingerprint in a file's name."""
_WORKED_OUT = "_worked_out"
"""File beside a table's files: what they were computed from. Delta ignores names that begin with `_`."""
_TIDIED_EVERY = 25
KEPT_HOURS = 7 * 24
"""Files of older versions are kept for a week, and removed at every 25th change of a table."""
_LOGS_KEPT = {"delta.logRetentionDuration": "interval 1 days"}
"""How long a table's log is kept after a checkpoint: longer than a backup takes to read it."""
_REMAKE = "It is derived: `dif run --full` makes it again from the landing."


def check_places(settings: Settings) -> None:
    """Check that lake and releases are both on object storage, or neither.

    Raises:
        BadSetting: only one is.
    """
    if bool(settings.lake_url) is not bool(settings.releases_url):
        name = "releases_url" if settings.lake_url else "lake_url"
        raise BadSetting(name, "", "a URL too: lake and releases are shared together")


def named_for_content(contract: DatasetContract) -> bool:
    """Whether the table's file is named for its content: published tables that are one file."""
    return contract.audience is not Audience.INTERNAL and not contract.partitioned


def problem_of(folder: Path) -> str:
    """Why deltalake cannot open a table; empty when it can."""
    try:
        deltalake.DeltaTable(folder).file_uris()
    except Exception as problem:  # noqa: BLE001 - whatever it is, no run goes on with it
        return str(problem)[:200]
    return ""


def as_written(part: Part) -> Part:
    """A file that has just been written, with its hash and rows."""
    rows, size = int(pq.read_metadata(part.path).num_rows), part.path.stat().st_size
    return replace(part, sha256=atomic_files.sha256(part.path), rows=rows, size=size)


def _add(folder: Path, part: Part) -> AddAction:
    values = {"month": part.month.isoformat()} if part.month else {}
    return AddAction(
        path=str(part.path.relative_to(folder)),
        size=part.size or 0,
        partition_values=values,
        modification_time=int((part.path.stat().st_mtime if part.path.is_file() else time.time()) * 1000),
        data_change=True,
        stats=json.dumps({"numRecords": part.rows, "sha256": part.sha256}),
    )


def _delta_schema(contract: DatasetContract) -> deltalake.Schema:
    """The table's Delta schema. Delta has no UUID type, so a UUID is 16 bytes of binary."""
    fields = [
        pa.field(c.name, pa.binary() if c.type == pa.uuid() else c.type, nullable=c.null) for c in contract.columns
    ]
    return deltalake.Schema.from_arrow(pa.schema(fields))


def says_its_month(contract: DatasetContract) -> bool:
    """Whether each file of the table also has `month` as a column: a reader of one file does not see its folder."""
    return contract.partitioned and contract.audience is not Audience.INTERNAL


def _layout(contract: DatasetContract) -> str:
    """The layout of the table's files: their columns, and whether these include the month."""
    return f"{contract.arrow_schema}{' with month' if says_its_month(contract) else ''}"
