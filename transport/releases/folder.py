"""The contents of a release's folder: two databases, and every dataset beside them as Parquet.

The databases start as copies of the parent's, and only changes are written: adding a day to five years of history does
not rewrite five years. They are rebuilt from the Parquet files if the parent's are damaged, come from another engine or
other rules, or have doubled in size.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.contracts.language import Audience, DatasetContract
from catalog.contracts.scan import Values
from catalog.contracts.sharing import Right, rights_to_whole
from catalog.errors import Damaged
from catalog.exports import promised
from catalog.metrics.macros import MACROS, MacroKind
from catalog.tables.datasets import DATASETS, HASHED
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.lake.session import schema_option, sql_type
from transport.lake.tables import ENGINE, Part
from transport.releases.release import CONTRACTS, LEDGER_FILE, OPEN_FILE, Release

STORAGE = "v1.0.0"
"""The DuckDB storage version that clients from 1.0 on can read; 1.5 cannot open 2.0's default."""
DOCUMENTS = "quality"
"""The folder of a release with the expectations of each dataset and their results: suites, results, pages."""
SUMS = {Audience.OPEN: "SHA256SUMS", Audience.LEDGER: "SHA256SUMS.ledger"}
"""The lists of a signed release's files, for `sha256sum`, one for each audience."""
RELEASE_FILE = "RELEASE"
"""The file of a signed release with its name, parent and time; each list includes it."""
SIGNATURE = ".sig"
"""Ends the name of a list's signature."""
_FILES = {"dif": OPEN_FILE, "books": LEDGER_FILE}
_PART = "part.parquet"
_GROWN = 2
"""A database that has grown by this factor is made anew, since DuckDB does not give back space within the file."""


@dataclass(frozen=True, slots=True)
class Content:
    """The content of one dataset of a release: files from the lake, or a small table."""

    contract: DatasetContract
    parts: Sequence[Part] = ()
    table: pa.Table | None = None


def rights_of(path: str, audiences: Mapping[str, str]) -> frozenset[Right]:
    """The rights to every row and column of a release's file.

    A dataset without a contract needs all rights of its audience, because its columns are unknown.

    Args:
        path: its path in the release.
        audiences: of the release's datasets, by name.
    """
    first, _, rest = path.partition("/")
    dataset = DATASETS.get(rest.partition("/")[0]) if first == "parquet" else None
    if dataset is not None:
        return rights_to_whole(dataset)
    if path == RELEASE_FILE:
        return frozenset()  # readers of either list need it
    if path.removesuffix(SIGNATURE) == SUMS[Audience.OPEN]:
        return frozenset({Right.OPEN})
    if audience_of(path, audiences) is Audience.OPEN:
        return frozenset({Right.OPEN, Right.CONNECTIONS, Right.CONNECTION_COUNTS})
    return frozenset({Right.LEDGER, Right.CUSTOMERS})


def audience_of(path: str, audiences: Mapping[str, str]) -> Audience:
    """Whether a file belongs to the open half of a release or to the ledgers.

    Args:
        path: its path in the release.
        audiences: of the release's datasets, by name.
    """
    first, _, rest = path.partition("/")
    if first == "parquet":
        is_open = audiences.get(rest.partition("/")[0]) == Audience.OPEN
    else:
        is_open = path.removesuffix(SIGNATURE) in {OPEN_FILE, RELEASE_FILE, SUMS[Audience.OPEN]}
    return Audience.OPEN if is_open else Audience.LEDGER


_COUNTED = ("rows", "synthetic", "real", "months")
"""What a manifest tells of a dataset's rows."""


class ReleaseFolder:
    """Fills the folder of a release: `add` each dataset, then `close`."""

    def __init__(
        self,
        settings: Settings,
        folder: Path,
        before: Release | None,
        *,
        rules: str,
        anew: bool,
        sound: Collection[Path] = (),
    ) -> None:
        """Begin with the parent's databases, or with empty ones.

        Args:
            settings: bounds of memory and threads.
            folder: an empty one.
            before: the parent.
            rules: identifies the code and facts that make the tables, with their columns and texts.
            anew: reuse nothing from the parent's databases.
            sound: files of the lake whose hashes were verified already.
        """
        self._sound = sound
        self._folder = folder
        self._before = before
        self._was = before.section("datasets") if before else {}
        self._files_were = before.section("files") if before else {}
        self._added: dict[str, DatasetContract] = {}
        self._hashes: dict[tuple[int, int], str] = {}
        self._form = _form(rules)
        self._whole = 0, 0
        self._goes_on = not anew and self._taken_over()
        self._whole_connection = self._connection = duckdb.connect(
            config={
                "memory_limit": f"{settings.memory_mb}MB",
                "threads": settings.threads,
                "temp_directory": str(settings.scratch / "spill"),
            }
        )
        for alias, file in _FILES.items():
            self._whole_connection.execute(
                f"attach '{_escaped(folder / file)}' as {alias} (storage_version '{STORAGE}')"
            )
        self._writing: dict[str, duckdb.DuckDBPyConnection] = {}

    def _taken_over(self) -> bool:
        """Copy and verify the parent's databases, if they can be reused. Returns whether they were."""
        database = self._before.section("database") if self._before else {}
        whole = database.get("whole")
        if self._before is None or database.get("form") != self._form or not isinstance(whole, list):
            return False
        sizes = [self._files_were.get(file, {}).get("bytes") for file in _FILES.values()]
        if any(not isinstance(s, int) or s > w * _GROWN for s, w in zip(sizes, whole, strict=True)):
            return False
        self._whole = whole[0], whole[1]
        for file in _FILES.values():
            source = self._before.folder / file
            if not source.is_file() or _copied(source, self._folder / file) != self._files_were[file].get("sha256"):
                for half in _FILES.values():
                    (self._folder / half).unlink(missing_ok=True)
                return False
        return True

    def add(self, content: Content) -> dict[str, object]:
        """Write a dataset to its database and beside it as Parquet; returns its entry for the manifest."""
        contract = content.contract
        self._write_in("books" if contract.audience is Audience.LEDGER else "dif")
        self._added[contract.name] = contract
        twin = self._folder / "parquet" / contract.name
        twin.mkdir(parents=True)
        was = self._was.get(contract.name, {}) if self._goes_on else {}
        if content.table is not None:
            return self._add_table(contract, content.table, twin, was)
        partitions: dict[str, dict[str, object]] = {}
        places = self._places(content, twin)
        for part, place_of_part in places.items():
            place_of_part.parent.mkdir(exist_ok=True)
            if part.path in self._sound:
                self._hashes[inode_of(part.path)] = part.sha256
            if part.sha256 and self._sha256(part.path) != part.sha256:
                raise Damaged(
                    f"{part.path.name} of {contract.name} has changed since it was written, so no release may hold it.",
                    "It is derived: the next run makes it again.",
                )
            atomic_files.link(part.path, place_of_part)
            partitions[str(part.month or "all")] = self._described(contract, part, place_of_part)
        place = self._table(contract, exists=bool(was))
        before = was.get("partitions")
        before = before if isinstance(before, dict) else {}
        changed = {
            m: p.path
            for p in content.parts
            if before.get(m := str(p.month or "all"), {}).get("made_of") != p.fingerprint
            or not self._as_before(p, places[p])
        }
        gone = [m for m in before if m not in partitions or m in changed]
        if gone and "all" in (*gone, *changed):
            self._connection.execute(f"delete from {place}")
        elif gone:
            self._connection.execute(f"delete from {place} where month in ({', '.join(map(_literal, gone))})")
        if changed:
            # the lake's files are sorted by key, and are read in order of month
            files = ", ".join(_literal(str(path)) for _, path in sorted(changed.items()))
            hive = "true, hive_types = {'month': date}" if contract.partitioned else "false"
            source = f"read_parquet([{files}], hive_partitioning = {hive})"
            self._connection.execute(f"insert into {place} select {_cast(contract)} from {source}")
        if not (changed or gone) and "months" in was:  # older manifests lack it
            counted = {name: was[name] for name in _COUNTED}
        else:
            counted = self._counted(contract, place)
        hashes = "\n".join(f"{m} {p.get('content_hash')}" for m, p in sorted(partitions.items()))
        content_hash = hashlib.sha256(hashes.encode()).hexdigest() if contract.schema in HASHED else None
        return self._entry(contract, counted, content_hash, partitions)

    def _places(self, content: Content, twin: Path) -> dict[Part, Path]:
        """The target path of each file of a dataset: each month in a folder named for it.

        All files have the same name: the lake's names follow their inputs, and would reveal a hidden change.

        The files hold the column `month`. A folder `month=…` would repeat it as another type, and pandas and pyarrow
        could not read the dataset. Files of an older version lack the column; then the folders hold it.
        """
        months = {p: twin / str(p.month) / _PART for p in content.parts if p.month}
        parent_files = self._files_were.keys()
        if not all(
            str(place.relative_to(self._folder)) in parent_files or "month" in pq.read_schema(part.path).names
            for part, place in months.items()
        ):
            months = {p: twin / f"month={p.month}" / _PART for p in months}
        return {p: months.get(p, twin / _PART) for p in content.parts}

    def _as_before(self, part: Part, place: Path) -> bool:
        """Whether the part's file equals the parent's byte for byte. Equal names do not suffice."""
        name = str(place.relative_to(self._folder))
        return bool(self._sha256(part.path) == self._files_were.get(name, {}).get("sha256"))

    def _sha256(self, path: Path) -> str:
        """The SHA-256 of a file's present bytes, read once per inode."""
        return hash_once(path, self._hashes)

    def _add_table(
        self, contract: DatasetContract, table: pa.Table, twin: Path, was: Mapping[str, object]
    ) -> dict[str, object]:
        """Add a small table. Links the parent's file if it is equal."""
        file = twin / _PART
        partition = {"rows": table.num_rows, "made_of": None, "values": Values(table).fingerprint}
        old = self._before.folder / file.relative_to(self._folder) if self._before else file
        place = self._table(contract, exists=bool(was))
        sha256 = self._files_were.get(str(file.relative_to(self._folder)), {}).get("sha256")
        if was.get("partitions") == {"all": partition} and old.is_file() and self._sha256(old) == sha256:
            atomic_files.link(old, file)
            return dict(was)
        self._connection.register("this_table", table)
        rows_of_table = f"select {_cast(contract)} from this_table"
        how = f"format parquet, compression zstd, {schema_option(contract.columns, contract.non_additive_across)}"
        copied = f"copy ({rows_of_table}) to '{_escaped(file)}' ({how})"
        self._connection.execute(copied)
        if was:
            self._connection.execute(f"delete from {place}")
        order = f" order by {', '.join(contract.key)}" if contract.key else ""
        self._connection.execute(f"insert into {place} {rows_of_table}{order}")
        self._connection.unregister("this_table")
        return self._entry(contract, self._counted(contract, place), None, {"all": partition})

    def _counted(self, contract: DatasetContract, place: str) -> dict[str, object]:
        """The number of rows, whether some are synthetic and some real, and their first and last month."""
        columns = {c.name for c in contract.columns}
        kinds = "bool_or(synthetic), bool_or(not synthetic)" if "synthetic" in columns else "false, count(*) > 0"
        span = "min(month)::varchar, max(month)::varchar" if "month" in columns else "null, null"
        statement = f"select count(*), {kinds}, {span} from {place}"
        ((rows, synthetic, real, *months),) = self._connection.execute(statement).fetchall()
        counts = rows, bool(synthetic), bool(real), months if months[0] else None
        return dict(zip(_COUNTED, counts, strict=True))

    def _entry(
        self,
        contract: DatasetContract,
        counted: Mapping[str, object],
        content_hash: str | None,
        partitions: Mapping[str, Mapping[str, object]],
    ) -> dict[str, object]:
        was = self._was.get(contract.name)
        return {
            **counted,
            # the day of its first release; not known of one that was published before releases said it
            "issued": was.get("issued") if was else datetime.now(UTC).date().isoformat(),
            "content_hash": content_hash,
            "contract_version": contract.version,
            "audience": str(contract.audience),
            "partitions": partitions,
        }

    def checkpoint(self) -> None:
        """Write the datasets added so far to the databases' files. More may be added afterwards."""
        for writing in self._writing.values():
            writing.execute("commit")
            writing.close()
        self._writing.clear()
        for alias in _FILES:
            self._whole_connection.execute(f"checkpoint {alias}")

    def close(self) -> bool:
        """Finish both databases, each as one file.

        Returns:
            False if the parent's databases hold other datasets: the release must be rebuilt.
        """
        fits = not self._goes_on or set(self._was) == set(self._added)
        if fits and not self._goes_on:
            self._write_in("dif")
            self._macros()
        self.checkpoint()
        for alias in _FILES:
            self._whole_connection.execute(f"detach {alias}")
        self._whole_connection.close()
        if not self._goes_on:
            dif, books = ((self._folder / file).stat().st_size for file in _FILES.values())
            self._whole = dif, books
        return fits

    def document(self, documents: Path, stay: Collection[str]) -> None:
        """Copy documents about quality to `quality/`. Links the parent's for the datasets in `stay`."""
        for file in (p for p in documents.rglob("*") if p.is_file()):
            target = self._folder / DOCUMENTS / file.relative_to(documents)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        if self._before is None:
            return
        older = self._before.folder / DOCUMENTS
        for file in (p for p in older.rglob("*") if p.is_file() and p.stem in stay):
            target = self._folder / DOCUMENTS / file.relative_to(older)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                atomic_files.link(file, target)

    def promise(self) -> None:
        """Write the contracts of the added datasets. Links the parent's file if it is equal."""
        file, text = self._folder / CONTRACTS, promised.written(promised.contracts(self._added.values())) + "\n"
        older = self._before.folder / CONTRACTS if self._before else file
        if older.is_file() and older.read_text("utf-8") == text:
            atomic_files.link(older, file)
        else:
            file.write_text(text, "utf-8")

    def leave(self) -> None:
        """Close the unfinished databases of a discarded release."""
        for connection in (*self._writing.values(), self._whole_connection):
            connection.close()

    def database(self) -> dict[str, object]:
        """What the next release needs to build on these databases; call after `close`."""
        return {"form": self._form, "whole": list(self._whole)}

    def files(self) -> dict[str, dict[str, object]]:
        """Every file with its size and SHA-256. Files hashed before linking are not read again."""
        return self.records(p for p in sorted(self._folder.rglob("*")) if p.is_file())

    def records(self, files: Iterable[Path]) -> dict[str, dict[str, object]]:
        """Size and SHA-256 of these files."""
        start = len(f"{self._folder}/")
        return {str(p)[start:]: {"bytes": p.stat().st_size, "sha256": self._sha256(p)} for p in files}

    def _described(self, contract: DatasetContract, part: Part, place: Path) -> dict[str, object]:
        """Rows and content hash of one file; copied from the parent's manifest when the file is the same."""
        was = self._was.get(contract.name, {}).get("partitions", {})
        record = was.get(str(part.month or "all")) if isinstance(was, dict) else None
        if record and record.get("made_of") == part.fingerprint and self._as_before(part, place):
            return dict(record)
        names = [c.name for c in contract.columns if not (contract.partitioned and c.name == "month")]
        text = ", ".join(f'coalesce("{n}"::varchar, chr(0))' for n in names)
        rows_of_file = f"read_parquet('{_escaped(part.path)}', hive_partitioning = false)"
        hashed = f"select md5(concat_ws(chr(31), {text})) as row from {rows_of_file}"
        content_hash = "sha256(coalesce(string_agg(row, '' order by row), ''))" if contract.schema in HASHED else "null"
        ((rows, content),) = self._connection.execute(f"select count(*), {content_hash} from ({hashed})").fetchall()
        return {"rows": rows, "content_hash": content, "made_of": part.fingerprint}

    def _write_in(self, alias: str) -> None:
        """Switch to writing in this database.

        One transaction spans all datasets of a database: a commit costs as much as a small table.
        """
        if alias not in self._writing:
            self._writing[alias] = self._whole_connection.cursor()
            self._writing[alias].execute("set TimeZone = 'UTC'")
            self._writing[alias].execute("begin")
        self._connection = self._writing[alias]

    def _table(self, contract: DatasetContract, *, exists: bool) -> str:
        """The dataset's table in its database; created with its comments if missing."""
        ledger = contract.audience is Audience.LEDGER
        place = f'books.main."{contract.table}"' if ledger else f'dif."{contract.schema}"."{contract.table}"'
        if not exists:
            if not ledger:
                self._connection.execute(f'create schema if not exists dif."{contract.schema}"')
            columns = ", ".join(f'"{c.name}" {sql_type(c.type)}' for c in contract.columns)
            self._connection.execute(f"create table {place} ({columns})")
            self._comment(contract, place)
        return place

    def _comment(self, contract: DatasetContract, place: str) -> None:
        self._connection.execute(f"comment on table {place} is {_literal(f'{contract.title.nb}. {contract.about.nb}')}")
        for column in contract.columns:
            self._connection.execute(
                f'comment on column {place}."{column.name}" is {_literal(contract.comment_of(column))}'
            )
        for view in contract.views:
            plain_columns = [c for c in contract.columns if c.name not in view.without]
            selected = ", ".join(
                [*(f'"{c.name}"' for c in plain_columns), *(f'{sql} as "{c.name}"' for c, sql in view.more)]
            )
            name = place.rsplit(".", 1)[0] + f'."{view.name}"'
            inner = place.removeprefix("dif.").removeprefix("books.")
            self._connection.execute(f"use {place.split('.', 1)[0]}")
            self._connection.execute(
                f"create view {name.split('.', 1)[1]} as select {selected} from {inner} where {view.where}"
            )
            self._connection.execute("use memory")
            self._connection.execute(f"comment on view {name} is {_literal(view.title.nb)}")
            through = contract.seen_through(view)
            for column in [*plain_columns, *(c for c, _ in view.more)]:
                text = _literal(through.comment_of(column))
                self._connection.execute(f'comment on column {name}."{column.name}" is {text}')

    def _macros(self) -> None:
        """Create the macros whose datasets the release holds.

        Their bodies name tables without the database, so that they work under any alias: a client that has only
        attached the file must `use` it. Their parameters are untyped: old clients' storage version cannot hold types.
        """
        self._connection.execute("use dif")
        for macro in MACROS:
            if {d.name for d in macro.reads} <= self._added.keys():
                rows = macro.kind is MacroKind.TABLE
                name = f'"{macro.schema}"."{macro.function}"'
                parameters = ", ".join(f'"{p.name}"' for p in macro.parameters)
                self._connection.execute(f"create macro {name}({parameters}) as {'table ' if rows else ''}{macro.body}")
                kind = "macro table" if rows else "macro"
                self._connection.execute(f"comment on {kind} {name} is {_literal(macro.comment)}")
        self._connection.execute("use memory")


def inode_of(path: Path) -> tuple[int, int]:
    """The device and inode of a file, which its hard links share."""
    status = path.stat()
    return status.st_dev, status.st_ino


def hash_once(path: Path, hashes: dict[tuple[int, int], str]) -> str:
    """The SHA-256 of a file; a file already read under another name is not read again."""
    inode = inode_of(path)
    if inode not in hashes:
        hashes[inode] = atomic_files.sha256(path)
    return hashes[inode]


def _form(rules: str) -> str:
    """Identifies how the databases are made: new code, rules or engine make them anew."""
    return hashlib.sha256(f"{ENGINE}\n{STORAGE}\n{rules}\n".encode() + Path(__file__).read_bytes()).hexdigest()[:16]


def _copied(source: Path, target: Path) -> str:
    """Copy a file and return the SHA-256 of the bytes read."""
    digest = hashlib.sha256()
    with source.open("rb") as read, target.open("wb") as write:
        while block := read.read(1 << 20):
            digest.update(block)
            write.write(block)
    return digest.hexdigest()


def _cast(contract: DatasetContract) -> str:
    return ", ".join(f'cast("{c.name}" as {sql_type(c.type)}) as "{c.name}"' for c in contract.columns)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")
