"""What a recipient sees of the tables of a share: which tables, which columns, and the files that hold just its rows.

Where a recipient may see a file of the release whole, that file is served. Otherwise a file with its rows and columns
alone is made, once for all recipients who may see the same; it can be removed at any time, and is then made again.
Months that follow each other are told as one file, which is made while it is sent (`joined`).
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
from catalog.errors import TryAgain, UnknownName
from catalog.tables.datasets import DATASETS
from catalog.tables.shares import SHARES
from transport.auth.tokens import Recipient
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.releases import dataset_reader
from transport.releases.intact import sha256_of, verified_path
from transport.releases.store import Release
from transport.servers.share.joined import Joined, join
from transport.servers.share.protocol import schema_string
from transport.servers.share.versions import Version

_MONTH: Final = "month"
_TO: Final = "_"
_MEMBER: Final = DATASETS["reference.network_member"]
_MUNICIPALITY_OF: Final = DATASETS["reference.municipality_of"]
_MOST_REMEMBERED: Final = 20_000
"""Files and tables whose facts are kept in memory; beyond it all are looked up anew."""
_MOST_JOINED: Final = 250
"""Tables whose joined files are kept in memory: their footers take some ten kilobytes a month."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file of a table as a recipient sees it; without rows it is not listed."""

    name: str
    """Its month, its first and last month with a `_` between, or `all`."""
    path: Path
    """Where it is, or the first of those that it is made of."""
    size: int
    rows: int
    id: str
    joined: Joined | None = None
    """What it is made of, if of several."""

    @property
    def months(self) -> tuple[str, str] | None:
        """The first and the last month that it has rows of; None where the table has no months."""
        first, _, last = self.name.partition(_TO)
        return None if self.name == "all" else (first, last or first)


@dataclass(frozen=True, slots=True)
class Table:
    """A dataset of a release, as a share gives it to a recipient."""

    share: ShareContract
    contract: DatasetContract
    version: Version
    recipient: Recipient

    @property
    def key(self) -> tuple[str, str, str]:
        """What decides how the table is described."""
        return self.version.release.name, self.share.name, self.contract.name


def shares_of(recipient: Recipient | None) -> dict[str, ShareContract]:
    """The shares that a recipient was given, by name; those that no longer exist are left out."""
    given = recipient.shares if recipient else frozenset()
    return {name: share for name, share in sorted(SHARES.items()) if name in given}


class Tables:
    """The tables of a home's releases. One instance per process; threads share it."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is read or made yet."""
        self._folder = settings.scratch / "share"
        self._making = threading.Lock()
        self._parts: dict[tuple[object, ...], Part] = {}
        self._joined: dict[tuple[object, ...], list[Part]] = {}
        self._schemas: dict[tuple[str, str, str], str] = {}
        self._partitions: dict[tuple[str, str, str], list[str]] = {}
        self._owners: dict[tuple[object, ...], tuple[str, ...]] = {}

    def listed(self, share: ShareContract, release: Release) -> list[DatasetContract]:
        """The datasets of a share that the release holds, by name."""
        there = release.section("datasets")
        return sorted((d for d in share.datasets if d.name in there), key=lambda d: d.name)

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
        found = {d.name: d for d in self.listed(share, version.release)}
        if name.lower() not in found:
            raise UnknownName(f"table of share {share.name}", name[:80], choices=found)
        return Table(share, found[name.lower()], version, recipient)

    def partitions(self, table: Table) -> list[str]:
        """The partition columns: the month, where the files do not have it as a column."""
        if table.key not in self._partitions:
            self._forget()
            names = self.names(table)
            bare = any(n != "all" and _MONTH not in pq.read_schema(self._source(table, n)[0]).names for n in names)
            self._partitions[table.key] = [_MONTH] if bare else []
        return self._partitions[table.key]

    def names(self, table: Table) -> list[str]:
        """The parts that the release has of the dataset, by month."""
        return sorted(self._records(table))

    def schema(self, table: Table) -> str:
        """The schema: the columns that the release's files have and the share gives, described by the contract."""
        if table.key not in self._schemas:
            self._forget()
            names, fields = self.names(table), table.contract.arrow_schema
            if names:
                whole = pq.read_schema(self._source(table, names[0])[0])
                if names[0] != "all" and _MONTH not in whole.names:  # of an older release: the folder has it
                    whole = whole.append(pa.field(_MONTH, pa.date32()))
                fields = whole
            given = [fields.field(n) for n in table.share.columns_of(table.contract) if n in fields.names]
            self._schemas[table.key] = schema_string(table.contract, given)
        return self._schemas[table.key]

    def together(self, table: Table, parts: Sequence[Part]) -> list[Part]:
        """The same rows in as few files as may be: each is of months that follow each other in the table.

        Raises:
            TryAgain: an erasure, or the end of the release, removed one meanwhile.
        """
        if len(parts) < 2 or self.partitions(table):  # noqa: PLR2004 - nothing to join
            return list(parts)
        key = (*table.key, self._whose(table), *(part.name for part in parts))
        made = self._joined.get(key)
        if made is None or not all(path.exists() for part in made for path in _paths(part)):
            if len(self._joined) > _MOST_JOINED:
                self._joined.clear()
            made = self._joined[key] = [one for run in self._runs(table, parts) for one in _together(run)]
        return made

    def _runs(self, table: Table, parts: Sequence[Part]) -> list[list[Part]]:
        """Parts between which the table has no other with rows of the recipient."""
        wanted = {part.name: part for part in parts}
        runs: list[list[Part]] = [[]]
        for name in self.names(table):
            if name in wanted:
                runs[-1].append(wanted[name])
            elif runs[-1] and self.part(table, name).rows:
                runs.append([])
        return [run for run in runs if run]

    def part(self, table: Table, name: str) -> Part:
        """A file of the table with the recipient's rows and columns alone; made when it is not there.

        Raises:
            UnknownName: the release has no such part.
            TryAgain: an erasure, or the end of the release, removed it meanwhile.
            ChangedFile: the release's file is not as published.
        """
        first, to, last = name.partition(_TO)
        if to and {first, last} <= self._records(table).keys():
            between = [self.part(table, n) for n in self.names(table) if first <= n <= last]
            made = self.together(table, [part for part in between if part.rows])
            if [part.name for part in made] == [name]:
                return made[0]
        if name not in self._records(table):
            raise UnknownName(f"part of {table.contract.name}", name[:40], choices=self._records(table))
        source, sha256 = self._source(table, name)
        owners = self._whose(table)
        key = (*table.key, name, owners)
        known = self._parts.get(key)
        if known is not None:
            with suppress(FileNotFoundError):
                if sha256_of(known.path)[:32] == known.id:
                    return known
                known.path.unlink()  # one of ours, which somebody changed
        self._forget()
        there = set(pq.read_schema(source).names)
        columns = [n for n in table.share.columns_of(table.contract) if n in there]
        if owners is None and there <= set(columns):
            rows = int(str(self._records(table)[name]["rows"]))
            part = Part(name, source, source.stat().st_size, rows, sha256[:32])
        else:
            part = self._narrowed(table, name, source, columns, owners)
        self._parts[key] = part
        return part

    def _narrowed(
        self, table: Table, name: str, source: Path, columns: Sequence[str], owners: tuple[str, ...] | None
    ) -> Part:
        scope = json.dumps([table.contract.name, list(columns), owners])
        folder = self._folder / table.version.release.name / hashlib.sha256(scope.encode()).hexdigest()[:32]
        path = folder / f"{name}.parquet"
        with self._making:  # one at a time: each takes memory
            if not path.exists():
                self._prune(table.version.release)
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
                try:
                    _write_rows(source, path, columns, owner_column(table.contract), owners)
                except FileNotFoundError:
                    raise TryAgain("The file was removed while it was made.", "Query the table again.") from None
        rows = pq.read_metadata(path).num_rows
        return Part(name, path, path.stat().st_size, rows, sha256_of(path)[:32])

    def _prune(self, release: Release) -> None:
        """Remove files made from releases that are gone."""
        for made in self._folder.iterdir() if self._folder.is_dir() else ():
            if not (release.folder.parent / made.name).is_dir():
                shutil.rmtree(made, ignore_errors=True)

    def _records(self, table: Table) -> dict[str, dict[str, object]]:
        """The parts of the dataset as the manifest has them, by name."""
        parts = table.version.release.section("datasets")[table.contract.name].get("partitions")
        return dict(parts) if isinstance(parts, dict) else {}

    def _source(self, table: Table, name: str) -> tuple[Path, str]:
        """The release's file of a part, and its SHA-256.

        Raises:
            ChangedFile: it is not as published.
        """
        files, place = table.version.release.section("files"), f"parquet/{table.contract.name}"
        for folder in [""] if name == "all" else [f"{name}/", f"{_MONTH}={name}/"]:
            record = files.get(f"{place}/{folder}part.parquet")
            if isinstance(record, dict):
                return verified_path(table.version.release, f"{place}/{folder}part.parquet"), str(record["sha256"])
        raise UnknownName("file of the release", f"{table.contract.name} {name}", choices=[])

    def _whose(self, table: Table) -> tuple[str, ...] | None:
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
        for remembered in (self._parts, self._schemas, self._partitions, self._owners):
            if len(remembered) > _MOST_REMEMBERED:
                remembered.clear()


def _paths(part: Part) -> list[Path]:
    return [piece.path for piece in part.joined.pieces] if part.joined else [part.path]


def _together(parts: Sequence[Part]) -> list[Part]:
    """Join the files of parts that follow each other.

    Raises:
        TryAgain: one was removed meanwhile.
    """
    try:
        files = join([part.path for part in parts])
    except FileNotFoundError:
        raise TryAgain("The file was removed while it was made.", "Query the table again.") from None
    made: list[Part] = []
    rest = list(parts)
    for file in files:
        of, rest = rest[: file.count], rest[file.count :]
        if file.count == 1:
            made.append(of[0])
            continue
        name = f"{of[0].name}{_TO}{of[-1].name}"
        told = hashlib.sha256(" ".join(part.id for part in of).encode()).hexdigest()[:32]
        made.append(Part(name, of[0].path, file.size, sum(part.rows for part in of), told, file))
    return made


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
    source: Path, path: Path, columns: Sequence[str], owner: str | None, owners: tuple[str, ...] | None
) -> None:
    """Write the rows of a file that belong to the owners (None: all), with some of its columns."""
    import pyarrow.dataset as pads  # imported late: it loads pandas if installed, and a server should start fast

    dataset = pads.dataset(source, format="parquet")
    kept = None if owners is None else pads.field(str(owner)).isin(pa.array(owners, pa.string()))
    scanner = dataset.scanner(
        columns=list(columns), filter=kept, batch_readahead=1, fragment_readahead=1, use_threads=False
    )
    temporary = atomic_files.temporary_beside(path)
    try:
        with pq.ParquetWriter(temporary, scanner.projected_schema, compression="zstd") as writer:
            for batch in scanner.to_batches():
                if batch.num_rows:
                    writer.write_batch(batch)
        temporary.replace(path)
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()
