"""What a recipient sees of the tables of a share: which tables, which columns, and the files that hold just its rows.

Where a recipient may see a file of the release whole, that file is served. Otherwise a file with its rows and columns
alone is made, once for all recipients who may see the same; it can be removed at any time, and is then made again.
Small months that are all wanted are made into one file a year, since a reader pays for each file.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.contracts.language import DatasetContract
from catalog.contracts.sharing import MUNICIPALITY, Rows, ShareContract, owner_column
from catalog.errors import UnknownName
from catalog.tables.datasets import DATASETS
from catalog.tables.shares import SHARES
from transport.auth.tokens import Recipient
from transport.base.settings import Settings
from transport.releases import dataset_reader
from transport.releases.files import make_once
from transport.releases.intact import sha256_of, verified_path
from transport.releases.store import Release
from transport.servers.share.protocol import schema_string
from transport.servers.share.versions import Version

_MONTH: Final = "month"
_MEMBER: Final = DATASETS["reference.network_member"]
_MUNICIPALITY_OF: Final = DATASETS["reference.municipality_of"]
_YEAR: Final = len("2026")
_MOST_BYTES: Final = 64 << 20
"""The months of a year that are larger together are not made into one file: readers hold a file in memory."""
_MOST_RELEASES: Final = 4
"""Releases whose made files are kept on disk."""
_MOST_REMEMBERED: Final = 20_000
"""Files and tables whose facts are kept in memory; beyond it all are looked up anew."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a table as a recipient sees it; without rows it is not listed."""

    name: str
    """Its month, its year, or `all`."""
    months: tuple[str, ...]
    """The months that it is made of, in order; none where the table has no months."""
    path: Path
    size: int
    rows: int
    id: str


@dataclass(frozen=True, slots=True)
class Table:
    """A dataset of a release, as a share gives it to a recipient."""

    share: ShareContract
    contract: DatasetContract
    version: Version
    recipient: Recipient

    @property
    def key(self) -> tuple[str, str, str]:
        """The key of the table's files."""
        return self.version.release.name, self.share.name, self.contract.name


def shares_of(recipient: Recipient | None) -> dict[str, ShareContract]:
    """The shares that a recipient was given, by name; those that no longer exist are left out."""
    names = recipient.shares if recipient else frozenset()
    return {name: share for name, share in sorted(SHARES.items()) if name in names}


class Tables:
    """The tables of a home's releases. One instance per process; threads share it."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is read or made yet."""
        self._settings = settings
        self._folder = settings.scratch / "share"
        self._making = threading.Lock()
        self._parts: dict[tuple[object, ...], Part] = {}
        self._sources: dict[tuple[str, str, str], dict[str, pa.Schema]] = {}
        self._owners: dict[tuple[object, ...], tuple[str, ...]] = {}

    def listed(self, share: ShareContract, release: Release) -> list[DatasetContract]:
        """The datasets of a share that the release holds, by name."""
        datasets = release.section("datasets")
        return sorted((d for d in share.datasets if d.name in datasets), key=lambda d: d.name)

    def table(self, recipient: Recipient, share: ShareContract, name: str, version: Version) -> Table:
        """A table of a share, in a version.

        Args:
            recipient: who reads it.
            share: one that the recipient was given.
            name: of the dataset, in any case.
            version: the release.

        Raises:
            UnknownName: the share has no such dataset, or the release does not hold it.
        """
        datasets = {d.name: d for d in self.listed(share, version.release)}
        if name.lower() not in datasets:
            raise UnknownName(f"table of share {share.name}", name[:80], choices=datasets)
        return Table(share, datasets[name.lower()], version, recipient)

    def partitions(self, table: Table) -> list[str]:
        """The partition columns: the month, where a file of the release does not have it as a column."""
        bare = any(n != "all" and _MONTH not in schema.names for n, schema in self._source_schemas(table).items())
        return [_MONTH] if bare else []

    def names(self, table: Table) -> list[str]:
        """The parts that the release has of the dataset, by month."""
        return sorted(self._records(table))

    def compacted(self, table: Table, names: Sequence[str]) -> list[str]:
        """The same rows in fewer parts: a year in place of its months, where all of them are wanted and small."""
        wanted, years = set(names), self._years(table)
        whole = {year for year, months in years.items() if wanted.issuperset(months)}
        return sorted({year if (year := name[:_YEAR]) in whole else name for name in names})

    def schema(self, table: Table) -> str:
        """The schema: the columns that the release's files have and the share gives, described by the contract."""
        fields = table.contract.arrow_schema
        for name, schema in list(self._source_schemas(table).items())[:1]:
            fields = schema
            if name != "all" and _MONTH not in schema.names:  # of an older release: the folder has it
                fields = schema.append(pa.field(_MONTH, pa.date32()))
        shared_fields = [fields.field(n) for n in table.share.columns_of(table.contract) if n in fields.names]
        return schema_string(table.contract, shared_fields)

    def _source_schemas(self, table: Table) -> dict[str, pa.Schema]:
        """The schema of each of the release's files, by part."""
        if table.key not in self._sources:
            self._forget()
            self._sources[table.key] = {n: pq.read_schema(self._source(table, n)[0]) for n in self.names(table)}
        return self._sources[table.key]

    def _years(self, table: Table) -> dict[str, list[str]]:
        """The years whose months may be one file, with the months: they have one schema, and are small together."""
        schemas, files = self._source_schemas(table), table.version.release.section("files")
        years: dict[str, list[str]] = {}
        for name in () if self.partitions(table) or "all" in schemas else schemas:
            years.setdefault(name[:_YEAR], []).append(name)

        def size(name: str) -> int:
            return int(str(files[self._file_of(table, name)]["bytes"]))

        return {
            year: names
            for year, names in years.items()
            if len(names) > 1
            and all(schemas[name].equals(schemas[names[0]]) for name in names)
            and sum(map(size, names)) <= _MOST_BYTES
        }

    def part(self, table: Table, name: str) -> Part:
        """A file of the table with the recipient's rows and columns alone; made when it is not there.

        Raises:
            UnknownName: the release has no such part.
            NoRoom, TryAgain: as `make_once`.
            ChangedFile: the release's file is not as published.
        """
        names = [name] if name in self._records(table) else self._years(table).get(name)
        if names is None:
            raise UnknownName(f"part of {table.contract.name}", name[:40], choices=self._records(table))
        sources = [self._source(table, n) for n in names]
        owners = self._owner_values(table)
        key = (*table.key, name, owners)
        cached = self._parts.get(key)
        if cached is not None:
            with suppress(FileNotFoundError):
                if sha256_of(cached.path)[:32] == cached.id:
                    return cached
                cached.path.unlink()  # one of ours, which somebody changed
        self._forget()
        file_columns = set(pq.read_schema(sources[0][0]).names)
        columns = [n for n in table.share.columns_of(table.contract) if n in file_columns]
        months = tuple(n for n in names if n != "all")
        if len(sources) == 1 and owners is None and file_columns <= set(columns):
            [(source, sha256)] = sources
            rows = int(str(self._records(table)[name]["rows"]))
            part = Part(name, months, source, source.stat().st_size, rows, sha256[:32])
        else:
            path = self._written(table, name, [path for path, _ in sources], columns, owners)
            rows = pq.read_metadata(path).num_rows
            part = Part(name, months, path, path.stat().st_size, rows, sha256_of(path)[:32])
        self._parts[key] = part
        return part

    def _written(
        self, table: Table, name: str, sources: Sequence[Path], columns: Sequence[str], owners: tuple[str, ...] | None
    ) -> Path:
        """The file with some rows and columns of the release's files; written when it is not there."""
        scope = json.dumps([table.contract.name, list(columns), owners])
        folder = self._folder / table.version.release.name / hashlib.sha256(scope.encode()).hexdigest()[:32]
        path = folder / f"{name}.parquet"
        with self._making:  # one at a time: each takes memory
            if not path.exists():
                self._prune(table.version.release)
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                whose = owner_column(table.contract)
                make_once(self._settings, path, lambda to: _write_rows(sources, to, columns, whose, owners))
        return path

    def _prune(self, release: Release) -> None:
        """Remove files made from releases that are gone, and all but the most recently used of the others."""
        folders = list(self._folder.iterdir()) if self._folder.is_dir() else []
        folders.sort(key=lambda folder: (folder.name != release.name, -folder.stat().st_mtime))
        for nth, folder in enumerate(folders):
            if nth >= _MOST_RELEASES or not (release.folder.parent / folder.name).is_dir():
                shutil.rmtree(folder, ignore_errors=True)

    def _records(self, table: Table) -> dict[str, dict[str, object]]:
        """The parts of the dataset as the manifest has them, by name."""
        parts = table.version.release.section("datasets")[table.contract.name].get("partitions")
        return dict(parts) if isinstance(parts, dict) else {}

    def _source(self, table: Table, name: str) -> tuple[Path, str]:
        """The release's file of a part, and its SHA-256.

        Raises:
            ChangedFile: it is not as published.
        """
        file = self._file_of(table, name)
        record = table.version.release.section("files")[file]
        return verified_path(table.version.release, file), str(record["sha256"])

    def _file_of(self, table: Table, name: str) -> str:
        """The path of a part in the release; older releases named folders `month=`."""
        files, place = table.version.release.section("files"), f"parquet/{table.contract.name}"
        for folder in [""] if name == "all" else [f"{name}/", f"{_MONTH}={name}/"]:
            if isinstance(files.get(f"{place}/{folder}part.parquet"), dict):
                return f"{place}/{folder}part.parquet"
        raise UnknownName("file of the release", f"{table.contract.name} {name}", choices=[])

    def _owner_values(self, table: Table) -> tuple[str, ...] | None:
        """The values of the dataset's owner column that the recipient's rows have; None for every row."""
        rows, recipient, release = table.share.rows, table.recipient, table.version.release
        if rows is Rows.ALL:
            return None
        by_municipality = owner_column(table.contract) == MUNICIPALITY
        key = (release.name, rows, recipient.organisation, recipient.networks, by_municipality)
        if key not in self._owners:
            self._owners[key] = tuple(sorted(_owners(release, rows, recipient, by_municipality=by_municipality)))
        return self._owners[key]

    def _forget(self) -> None:
        for remembered in (self._parts, self._sources, self._owners):
            if len(remembered) > _MOST_REMEMBERED:
                remembered.clear()


def _owners(release: Release, rows: Rows, recipient: Recipient, *, by_municipality: bool) -> set[str]:
    """Municipality codes, or organisation numbers, whose rows a recipient sees.

    Members, and whose a municipality is, are those of now (`valid_to` is null), as on the pages.
    """
    if rows is Rows.ORGANISATION:
        if recipient.organisation is None:
            return set()
        if not by_municipality:
            return {recipient.organisation}
        return _texts(release, _MUNICIPALITY_OF, "municipality_code", "organisation_number", [recipient.organisation])
    codes = _texts(release, _MEMBER, "municipality_code", "network_id", sorted(recipient.networks))
    if by_municipality:
        return codes
    return _texts(release, _MUNICIPALITY_OF, "organisation_number", "municipality_code", sorted(codes))


def _texts(release: Release, contract: DatasetContract, wanted: str, column: str, values: list[str]) -> set[str]:
    """The values of a column in the rows of now with one of some values in another."""
    if not values or not dataset_reader.has(release, contract):
        return set()
    condition = {column: {"in": values}, "valid_to": {"null": True}}
    opened = dataset_reader.open_dataset(release, contract, [wanted], condition)
    return {value for batch in opened.batches for value in batch.column(0).to_pylist() if value is not None}


def _write_rows(
    sources: Sequence[Path], path: Path, columns: Sequence[str], owner: str | None, owners: tuple[str, ...] | None
) -> None:
    """Write the rows of files that belong to the owners (None: all), with some columns, in the files' order."""
    import pyarrow.dataset as pads  # imported late: it loads pandas if installed, and a server should start fast

    dataset = pads.dataset(list(map(str, sources)), format="parquet")
    is_owned = None if owners is None else pads.field(str(owner)).isin(pa.array(owners, pa.string()))
    scanner = dataset.scanner(
        columns=list(columns), filter=is_owned, batch_readahead=1, fragment_readahead=1, use_threads=False
    )
    with pq.ParquetWriter(path, scanner.projected_schema, compression="zstd") as writer:
        for batch in scanner.to_batches():
            if batch.num_rows:
                writer.write_batch(batch)
