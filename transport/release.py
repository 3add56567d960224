"""Releases: immutable folders that readers open, and the pointer `current` that moves by one rename.

A release is made under a temporary name, made durable, named, and only then pointed at, and only if `current` is still
its parent. Readers resolve the pointer and open the real path; they see all of one release or all of another.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from catalog import calendar
from catalog.contracts import Audience, DatasetContract
from catalog.datasets import DATASETS, HASHED
from catalog.errors import Damaged, ReleaseMoved, UnknownName, WrongUse
from catalog.macros import MACROS, MacroKind
from transport import durable
from transport.lake import Part, sql_type
from transport.settings import Settings

OPEN_FILE = "dif.duckdb"
LEDGER_FILE = "ledger.duckdb"
STORAGE = "v1.0.0"
"""DuckDB's storage version that clients from 1.0 on read; 2.0's default cannot be opened by 1.5."""


@dataclass(frozen=True, slots=True)
class Content:
    """What one dataset of a release is: its files from the lake, or a small table."""

    contract: DatasetContract
    parts: Sequence[Part] = ()
    table: pa.Table | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A release on disk."""

    folder: Path
    manifest: Mapping[str, object] = field(repr=False)

    @property
    def name(self) -> str:
        """Its id, as people say it: `2026-11-24.1`."""
        return self.folder.name


class Releases:
    """The releases of one home."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened yet."""
        self._settings = settings
        self.folder = settings.releases

    def names(self) -> list[str]:
        """Every release, oldest first."""
        if not self.folder.is_dir():
            return []
        made = [
            p
            for p in self.folder.iterdir()
            if p.is_dir() and not p.is_symlink() and (p / "manifest.json").is_file() and not p.name.startswith(".")
        ]
        return [p.name for p in sorted(made, key=lambda p: (p.stat().st_mtime, _counted(p.name)))]

    def current(self) -> Release | None:
        """The release that readers are to open, or None before the first."""
        pointer = self.folder / "current"
        return self._open(pointer.resolve()) if pointer.is_symlink() and pointer.exists() else None

    def get(self, name: str) -> Release:
        """The release of that id, or `current`.

        Raises:
            UnknownName: there is none.
        """
        if name == "current":
            release = self.current()
            if release is None:
                raise UnknownName("release", name, known=self.names())
            return release
        if name not in self.names():
            raise UnknownName("release", name, known=self.names())
        return self._open(self.folder / name)

    def next_name(self, now: datetime, *, as_of: datetime | None = None) -> str:
        """The next free id of the day in Oslo; a release as known then is named for its date."""
        stem = f"asof-{calendar.day_in_oslo(as_of)}" if as_of else str(calendar.day_in_oslo(now))
        taken = [int(n.rsplit(".", 1)[1]) for n in self.names() if n.rsplit(".", 1)[0] == stem]
        return f"{stem}.{max(taken, default=0) + 1}"

    def publish(
        self,
        name: str,
        contents: Iterable[Content],
        describe: Callable[[Mapping[str, Mapping[str, object]]], Iterable[Content]],
        facts: Mapping[str, object],
        *,
        parent: str | None,
        point: bool = True,
    ) -> Release:
        """Make a release and point to it.

        Args:
            name: its id.
            contents: every dataset it holds, but for those that describe them.
            describe: gives these, told rows, content hash and synthetic of each dataset.
            facts: what else the manifest says.
            parent: the release it follows; `current` must still be that one.
            point: whether `current` moves; a release as known then never moves it.

        Raises:
            ReleaseMoved: `current` is another than `parent` by now; nothing was published.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        half = self.folder / f"{durable.TEMPORARY}{name}"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        before = self.get(parent) if parent else None
        maker = _Maker(self._settings, half, before)
        datasets = {c.contract.name: maker.add(c) for c in contents}
        datasets |= {c.contract.name: maker.add(c) for c in describe(datasets)}
        maker.close()
        manifest: dict[str, object] = {
            **facts,
            "release": name,
            "parent": parent,
            "datasets": datasets,
            "files": maker.files(),
        }
        manifest["lake"] = _lake_files(self._settings, before)
        durable.write_json(half / "manifest.json", {**manifest, "digest": _digest(manifest)})
        _sync_tree(half)
        if point and (found := self.current()) is not None and found.name != parent:
            shutil.rmtree(half)
            raise ReleaseMoved(parent, found.name)
        half.rename(self.folder / name)
        durable.sync_folder(self.folder)
        if point:
            self.point(name)
        return self._open(self.folder / name)

    def point(self, name: str) -> None:
        """Let `current` be the release, by one rename."""
        half = self.folder / f"{durable.TEMPORARY}current"
        half.unlink(missing_ok=True)
        half.symlink_to(name)
        half.replace(self.folder / "current")
        durable.sync_folder(self.folder)

    def remove(self, name: str) -> None:
        """Remove a release that `current` does not point at.

        Raises:
            WrongUse: it is the current one.
        """
        current = self.current()
        if current is not None and current.name == name:
            raise WrongUse(f"{name} is the current release.", "Roll back to another first.")
        shutil.rmtree(self.get(name).folder)

    def verify(self, name: str, *, hashes: dict[tuple[int, int], str] | None = None) -> list[str]:
        """What is wrong with the files of a release; nothing when all are what the manifest says.

        Args:
            name: its id, or `current`.
            hashes: SHA-256 by device and inode of files read already; releases share most of theirs.
        """
        release = self.get(name)
        wrong = [] if _is_sealed(release.manifest) else ["manifest.json: not what was published"]
        files = release.manifest.get("files")
        for path, said in sorted(files.items()) if isinstance(files, dict) else ():
            file = release.folder / path
            if not file.is_file():
                wrong.append(f"{path}: missing")
            elif hash_once(file, {} if hashes is None else hashes) != said.get("sha256"):
                wrong.append(f"{path}: not what was published")
        known = set(files if isinstance(files, dict) else ()) | {"manifest.json"}
        wrong += [
            f"{p.relative_to(release.folder)}: not in the manifest"
            for p in sorted(release.folder.rglob("*"))
            if p.is_file() and str(p.relative_to(release.folder)) not in known
        ]
        return wrong

    def sweep(self) -> None:
        """Remove what an ended process left half made; call only under the lock."""
        for half in self.folder.glob(f"{durable.TEMPORARY}*"):
            if half.is_dir() and not half.is_symlink():
                shutil.rmtree(half)
            else:
                half.unlink()

    def note_attempt(self, attempt: Mapping[str, object]) -> None:
        """Say how the last run ended, for the pages: `last_attempt.json`."""
        durable.write_json(self.folder / "last_attempt.json", dict(attempt))

    def last_attempt(self) -> Mapping[str, object]:
        """How the last run ended; empty before the first."""
        file = self.folder / "last_attempt.json"
        return json.loads(file.read_text("utf-8")) if file.is_file() else {}

    def _open(self, folder: Path) -> Release:
        try:
            manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        except (OSError, ValueError) as problem:
            raise Damaged(
                f"Release {folder.name} has no readable manifest ({type(problem).__name__}).",
                "`dif release rollback` to another, or `dif run --full`.",
            ) from None
        return Release(folder, manifest)


class _Maker:
    """Fills the folder of a release."""

    def __init__(self, settings: Settings, folder: Path, before: Release | None) -> None:
        self._folder = folder
        self._before = before
        was = before.manifest.get("datasets", {}) if before else {}
        self._was: Mapping[str, Mapping[str, object]] = was if isinstance(was, dict) else {}
        self._files: dict[str, dict[str, object]] = {}
        self._held: set[str] = set()
        self._connection = duckdb.connect(
            config={
                "memory_limit": f"{settings.memory_mb}MB",
                "threads": settings.threads,
                "temp_directory": str(settings.scratch / "spill"),
            }
        )
        self._connection.execute("set TimeZone = 'UTC'")
        for file, alias in ((OPEN_FILE, "dif"), (LEDGER_FILE, "books")):
            self._connection.execute(
                f"attach '{str(folder / file).replace(chr(39), chr(39) * 2)}' as {alias} (storage_version '{STORAGE}')"
            )

    def add(self, content: Content) -> dict[str, object]:
        """Put a dataset in its database and beside it as Parquet; say what it is.

        In one transaction: a comment of its own costs as much as a small table.
        """
        self._connection.execute("begin")
        said = self._added(content)
        self._connection.execute("commit")
        return said

    def _added(self, content: Content) -> dict[str, object]:
        contract = content.contract
        twin = self._folder / "parquet" / contract.name
        twin.mkdir(parents=True)
        partitions: dict[str, dict[str, object]] = {}
        if content.table is not None:
            self._connection.register("this_table", content.table)
            file = _escaped(twin / "part.parquet")
            copied = f"copy (select {_cast(contract)} from this_table) to '{file}' (format parquet, compression zstd)"
            self._connection.execute(copied)
            self._connection.unregister("this_table")
            partitions["all"] = {"rows": content.table.num_rows, "made_of": None}
        for part in content.parts:
            folder = twin / part.path.parent.name if part.month else twin
            folder.mkdir(exist_ok=True)
            _link(part.path, folder / part.path.name)
            partitions[str(part.month or "all")] = self._described(contract, part)
        source = (
            f"read_parquet('{_escaped(twin)}/**/*.parquet', hive_partitioning = true, hive_types = {{'month': date}})"
            if contract.partitioned
            else f"read_parquet('{_escaped(twin)}/*.parquet')"
        )
        empty = not any(twin.rglob("*.parquet"))
        place = self._table(contract)
        columns = ", ".join(f'"{c.name}" {sql_type(c.type)}' for c in contract.columns)
        self._connection.execute(f"create table {place} ({columns})")
        self._held.add(contract.name)
        if not empty:
            # the lake's files are in the order of their keys, and are read in the order of their months
            order = f" order by {', '.join(contract.key)}" if contract.key and content.table is not None else ""
            self._connection.execute(f"insert into {place} select {_cast(contract)} from {source}{order}")
        self._comment(contract, place)
        marked = any(c.name == "synthetic" for c in contract.columns)
        any_synthetic = "coalesce(bool_or(synthetic), false)" if marked else "false"
        ((rows, synthetic),) = self._connection.execute(f"select count(*), {any_synthetic} from {place}").fetchall()
        hashes = "\n".join(f"{m} {p.get('content_hash')}" for m, p in sorted(partitions.items()))
        return {
            "rows": rows,
            "content_hash": hashlib.sha256(hashes.encode()).hexdigest() if contract.schema in HASHED else None,
            "contract_version": contract.version,
            "audience": str(contract.audience),
            "synthetic": synthetic,
            "partitions": partitions,
        }

    def close(self) -> None:
        """Add the functions and finish both databases; each then is one file."""
        self._macros()
        for alias in ("dif", "books"):
            self._connection.execute(f"checkpoint {alias}")
            self._connection.execute(f"detach {alias}")
        self._connection.close()

    def files(self) -> dict[str, dict[str, object]]:
        """Every file with size and SHA-256; a file that the parent has too is not read again."""
        was = self._before.manifest.get("files", {}) if self._before else {}
        listed: dict[str, dict[str, object]] = {}
        for path in sorted(self._folder.rglob("*")):
            if not path.is_file():
                continue
            name, size = str(path.relative_to(self._folder)), path.stat().st_size
            known = was.get(name) if isinstance(was, dict) and "/part-" in name else None
            old = self._before.folder / name if self._before else None
            same = known is not None and old is not None and old.is_file() and old.samefile(path)
            listed[name] = known if same and known is not None else {"bytes": size, "sha256": _sha256(path)}
        return listed

    def _described(self, contract: DatasetContract, part: Part) -> dict[str, object]:
        """Rows and content hash of one file; taken over from the parent when it is the same file."""
        was = self._was.get(contract.name, {}).get("partitions", {})
        known = was.get(str(part.month or "all")) if isinstance(was, dict) else None
        if known and known.get("made_of") == part.fingerprint:
            return dict(known)
        names = [c.name for c in contract.columns if not (contract.partitioned and c.name == "month")]
        text = ", ".join(f'coalesce("{n}"::varchar, chr(0))' for n in names)
        rows_of_file = f"read_parquet('{_escaped(part.path)}', hive_partitioning = false)"
        hashed = f"select md5(concat_ws(chr(31), {text})) as row from {rows_of_file}"
        content_hash = "sha256(coalesce(string_agg(row, '' order by row), ''))" if contract.schema in HASHED else "null"
        ((rows, content),) = self._connection.execute(f"select count(*), {content_hash} from ({hashed})").fetchall()
        return {"rows": rows, "content_hash": content, "made_of": part.fingerprint}

    def _table(self, contract: DatasetContract) -> str:
        if contract.audience is Audience.LEDGER:
            return f'books.main."{contract.table}"'
        self._connection.execute(f'create schema if not exists dif."{contract.schema}"')
        return f'dif."{contract.schema}"."{contract.table}"'

    def _comment(self, contract: DatasetContract, place: str) -> None:
        self._connection.execute(f"comment on table {place} is {_literal(f'{contract.title.nb}. {contract.about.nb}')}")
        for column in contract.columns:
            self._connection.execute(f'comment on column {place}."{column.name}" is {_literal(column.comment)}')
        for view in contract.views:
            kept = ", ".join(f'"{c.name}"' for c in contract.columns if c.name not in view.without)
            name = place.rsplit(".", 1)[0] + f'."{view.name}"'
            inner = place.removeprefix("dif.").removeprefix("books.")
            self._connection.execute(f"use {place.split('.', 1)[0]}")
            self._connection.execute(
                f"create view {name.split('.', 1)[1]} as select {kept} from {inner} where {view.condition}"
            )
            self._connection.execute("use memory")
            self._connection.execute(f"comment on view {name} is {_literal(view.title.nb)}")
            for column in contract.columns:
                if column.name not in view.without:
                    said = _literal(column.comment)
                    self._connection.execute(f'comment on column {name}."{column.name}" is {said}')

    def _macros(self) -> None:
        """Create the functions whose datasets the release holds.

        Their bodies name tables without the database, whatever name a client gives it: a client that has only attached
        the file must `use` it. Their parameters have no types, which the storage version of old clients cannot hold.
        """
        self._connection.execute("use dif")
        for macro in MACROS:
            if {d.name for d in macro.reads} <= self._held:
                rows = macro.kind is MacroKind.TABLE
                name = f'"{macro.schema}"."{macro.function}"'
                given = ", ".join(f'"{p.name}"' for p in macro.parameters)
                self._connection.execute(f"create macro {name}({given}) as {'table ' if rows else ''}{macro.body}")
                kind = "macro table" if rows else "macro"
                self._connection.execute(f"comment on {kind} {name} is {_literal(macro.comment)}")
        self._connection.execute("use memory")


def _cast(contract: DatasetContract) -> str:
    return ", ".join(f'cast("{c.name}" as {sql_type(c.type)}) as "{c.name}"' for c in contract.columns)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")


def _link(source: Path, target: Path) -> None:
    """The same bytes under another name; copied where the two lie on different disks."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def hash_once(path: Path, hashes: dict[tuple[int, int], str]) -> str:
    """The SHA-256 of a file; what was read under another name is not read again."""
    found = path.stat()
    key = found.st_dev, found.st_ino
    if key not in hashes:
        hashes[key] = _sha256(path)
    return hashes[key]


def _digest(manifest: Mapping[str, object]) -> str:
    """The manifest's own hash, over all that it says but this."""
    said = {k: v for k, v in manifest.items() if k != "digest"}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _is_sealed(manifest: Mapping[str, object]) -> bool:
    """Whether the manifest is what was published; one older than the digest is taken for it.

    A changed bit may stand in the digest's name too: any other field that looks like a digest is that.
    """
    if "digest" in manifest or any(_LOOKS_LIKE_DIGEST.fullmatch(v) for v in manifest.values() if isinstance(v, str)):
        return manifest.get("digest") == _digest(manifest)
    return True


_LOOKS_LIKE_DIGEST = re.compile("[0-9a-f]{64}")


def _lake_files(settings: Settings, before: Release | None) -> dict[str, dict[str, object]]:
    """What the home's lake is at this moment, so that the doctor can see a changed bit in it later.

    Inode and time of change tell a file that is still the same from one that was made anew under its name.
    """
    if settings.lake_folder is not None:
        return {}
    was = before.manifest.get("lake", {}) if before else {}
    listed: dict[str, dict[str, object]] = {}
    hashes: dict[tuple[int, int], str] = {}
    for path in sorted([*settings.lake.rglob("part-*.parquet"), *settings.lake.glob("*/*/_delta_log/*.json")]):
        found = path.stat()
        name = str(path.relative_to(settings.lake))
        same: dict[str, object] = {"bytes": found.st_size, "inode": found.st_ino, "mtime_ns": found.st_mtime_ns}
        known = was.get(name) if isinstance(was, dict) else None
        if isinstance(known, dict) and {k: known.get(k) for k in same} == same:
            listed[name] = known
        else:
            listed[name] = {**same, "sha256": hash_once(path, hashes)}
    return listed


def _sync_tree(folder: Path) -> None:
    for path in folder.rglob("*"):
        durable.sync_file(path)
    durable.sync_folder(folder)


def _counted(name: str) -> int:
    tail = name.rsplit(".", 1)[-1]
    return int(tail) if tail.isdigit() else 0


def month_of(release: Release) -> date | None:
    """The last whole month that the release's figures go to, where it has any."""
    said = release.manifest.get("through_month")
    return date.fromisoformat(str(said)) if said else None


def age_hours(release: Release, now: datetime) -> float:
    """Hours since the release was published."""
    return (now - datetime.fromisoformat(str(release.manifest["published_at"])).astimezone(UTC)).total_seconds() / 3600


def audience_file(contract: DatasetContract) -> str:
    """The database file that holds the dataset."""
    return LEDGER_FILE if contract.audience is Audience.LEDGER else OPEN_FILE


__all__ = ["DATASETS", "Content", "Release", "Releases", "age_hours", "audience_file", "month_of"]
