"""The lake of several machines: object storage has its files and its logs, and the lake's folder holds copies.

A change is made locally and then uploaded: files first, then the log entry by entry, each only if no entry has its
number. So a second writer is detected, and readers see whole commits. An entry that only a dead run's folder has does
not count and is removed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from catalog.contracts.language import DatasetContract
from catalog.errors import LeaseLost
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.cluster.landing import bring_landed
from transport.cluster.mirror import ObjectStoreMirror
from transport.lake.tables import KEPT_HOURS, Lake, Part

LOG = "_delta_log"
_SHARED = "_shared"
"""File beside a table's log: the entries known to be uploaded. Delta ignores names that begin with `_`."""


def _always_allowed() -> None:
    """Let this machine write: it holds no lease."""


class LakeMirror:
    """A lake's folder as a copy of the objects in the store."""

    def __init__(self, shared: ObjectStoreMirror, folder: Path) -> None:
        """Send no request yet."""
        self._shared = shared
        self._folder = folder
        self._sizes: dict[str, int] = {}
        self.guard: Callable[[], None] = _always_allowed
        """Called before each change to the store; raises if this machine may not write."""

    def pull(self) -> None:
        """Replace the local logs of all tables by those in the store."""
        self._sizes, tags = self._shared.sizes(), self._shared.tags()
        tables = {Path(name).parts[:2] for name in self._sizes} | {
            path.relative_to(self._folder).parts[:2] for path in self._folder.glob(f"*/*/{LOG}")
        }
        for table in sorted(tables):
            below = f"{'/'.join(table)}/"
            names_in_store = {n for n in self._sizes if n.startswith((f"{below}{LOG}/", f"{below}_"))}
            known_tags = self._known_tags(self._folder / below)
            for path in (*(self._folder / below).glob(f"{LOG}/*"), *(self._folder / below).glob("_[a-z]*")):
                name = str(path.relative_to(self._folder))
                # a rebuilt table has other entries under the same numbers
                same = name in names_in_store and known_tags.get(path.name) == tags.get(name)
                if path.is_file() and path.name != _SHARED and not same:
                    path.unlink()
            if not names_in_store:
                shutil.rmtree(self._folder / below / LOG, ignore_errors=True)
                continue
            self._shared.fetch(names_in_store)
            self._note(
                self._folder / below,
                {Path(n).name: tags.get(n, "") for n in names_in_store if (self._folder / n).is_file()},
            )

    def share(self, table: Path, files: Iterable[Path] = ()) -> None:
        """Upload a table's new files, then its log.

        Raises:
            LeaseLost: another machine has changed the table.
        """
        self.guard()
        mine = [self._name(path) for path in files if path.is_file()]
        self._shared.put(mine)
        self._sizes |= {name: (self._folder / name).stat().st_size for name in mine}
        known_tags = self._known_tags(table)
        entries = sorted(path for path in (table / LOG).iterdir() if path.is_file())
        for path in entries:
            if path.name in known_tags:
                continue
            # entries are put once; the pointer to a checkpoint is replaced
            if path.suffix == ".json" and path.stem.isdigit():
                if not self._shared.put_new(self._name(path)):
                    raise LeaseLost
            else:
                self._shared.put([self._name(path)])
        self._shared.put(self._name(path) for path in table.glob("_[a-z]*") if path.is_file() and path.name != _SHARED)
        now = {path.name for path in entries}
        gone = {name for name in known_tags if name[0].isdigit()} - now  # the library has tidied its log
        self._shared.remove(f"{self._name(table / LOG)}/{name}" for name in gone)
        tags = self._shared.tags(f"{self._name(table)}/{LOG}/")
        self._note(table, {Path(n).name: tag for n, tag in tags.items() if Path(n).name in now - {_LAST}})

    def tidy(self, table: Path, used: Iterable[Path], *, retention: timedelta) -> None:
        """Remove unreferenced files from the store, unless they are so recent that somebody may still read them."""
        self.guard()
        below = f"{self._name(table)}/"
        old = self._shared.older(below, datetime.now(UTC) - retention) - {self._name(path) for path in used}
        gone = {name for name in old if f"/{LOG}/" not in name and Path(name).suffix == ".parquet"}
        self._shared.remove(gone)
        for name in gone:
            self._sizes.pop(name, None)

    def drop(self, table: Path, keep: Iterable[Path] = ()) -> None:
        """Remove a table from the store, except these files; it will be rebuilt."""
        self.guard()
        names_to_keep = {self._name(path) for path in keep}
        gone = self._shared.sizes(f"{self._name(table)}/").keys() - names_to_keep
        self._shared.remove(gone)
        (table / _SHARED).unlink(missing_ok=True)
        for name in gone:
            self._sizes.pop(name, None)

    def size(self, path: Path) -> int | None:
        """The size of a file in the store; None if it did not exist when this process first listed the store."""
        if not self._sizes:
            self._sizes = self._shared.sizes()
        return self._sizes.get(self._name(path))

    def wrote(self, path: Path, size: int) -> None:
        """Record that a worker has uploaded this file."""
        self._sizes[self._name(path)] = size

    def bring(self, paths: Iterable[Path]) -> None:
        """Download missing files. Files absent from the store fail when read."""
        self._shared.fetch(self._name(path) for path in paths if path.is_relative_to(self._folder))

    def bring_again(self, path: Path) -> None:
        """Download a file again, in place of a damaged copy."""
        if path.is_relative_to(self._folder):
            self._shared.fetch_again(self._name(path))

    def put(self, path: Path) -> None:
        """Upload a file. Names are fingerprints, so an existing object has equal rows."""
        self._shared.put([self._name(path)])

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self._folder))

    def forget(self, table: Path) -> None:
        """Forget which log entries are uploaded; the next `share` uploads all."""
        (table / _SHARED).unlink(missing_ok=True)

    def has(self, table: Path, files: Iterable[Path]) -> bool:
        """Whether the store has these files and the table's log, with their sizes."""
        sizes_in_store = self._shared.sizes(f"{self._name(table)}/")
        entries = [path for path in (table / LOG).iterdir() if path.is_file()]
        return all(sizes_in_store.get(self._name(path)) == path.stat().st_size for path in [*files, *entries])

    def _known_tags(self, table: Path) -> dict[str, str]:
        file = table / _SHARED
        try:
            tags: dict[str, str] = json.loads(file.read_text("utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return tags

    def _note(self, table: Path, tags: Mapping[str, str]) -> None:
        if table.is_dir():
            atomic_files.write_json(table / _SHARED, dict(tags))


class ObjectLake(Lake):
    """The lake of several machines: each change of the local folder is made on object storage too."""

    def __init__(self, settings: Settings) -> None:
        """Send no request yet.

        Raises:
            BadSetting: the URL names no store.
        """
        super().__init__(settings.lake)
        self.mirror = lake_mirror(settings)

    def refresh(self) -> None:
        """Read what other machines have committed."""
        self.mirror.pull()

    def is_elsewhere(self, part: Part) -> bool:
        """Whether the store has the file, in its length."""
        return self.mirror.size(part.path) == part.size

    def is_sound(self, part: Part) -> bool:
        """Whether the file's bytes are those that were written. A damaged copy is fetched again."""
        if part.path not in self.sound and part.sha256:
            self.mirror.bring([part.path])
            if not super().is_sound(part):
                self.mirror.bring_again(part.path)
        return super().is_sound(part)

    def bring(self, parts: Iterable[Part]) -> None:
        """Download the files, for readers that open them by path."""
        self.mirror.bring(part.path for part in parts)

    def record_inputs(self, contract: DatasetContract, fingerprint: str) -> None:
        """Note that the files present were computed from this fingerprint."""
        super().record_inputs(contract, fingerprint)
        if self.files_by_month(contract):
            self.mirror.share(self.folder_of(contract))

    def replace(self, contract: DatasetContract, parts: Iterable[Part]) -> None:
        """Replace these months of the table; files with a hash were put by workers already."""
        parts = list(parts)
        for part in (p for p in parts if p.sha256):
            self.mirror.wrote(part.path, part.size or 0)
            if part.path.is_file() and atomic_files.sha256_of(part.path) != part.sha256:
                part.path.unlink()  # a copy that has the same rows in other bytes
        super().replace(contract, parts)
        if parts:
            self.mirror.share(self.folder_of(contract), (p.path for p in parts if not p.sha256))

    def begin_anew(self, folder: Path, keep: Collection[Path]) -> None:
        """Remove a table's log and its files, except these."""
        self.mirror.drop(folder, keep)
        super().begin_anew(folder, keep)

    def tidy(self, folder: Path, used: Collection[Path]) -> None:
        """Remove files that nobody reads any more."""
        super().tidy(folder, used)
        self.mirror.tidy(folder, used, retention=timedelta(hours=KEPT_HOURS))

    def keep_only(self, contract: DatasetContract, months: Iterable[date]) -> None:
        """Drop all other months; a table left without months is removed."""
        before = self.files_by_month(contract)
        super().keep_only(contract, months)
        if before != (left := self.files_by_month(contract)) and left:
            self.mirror.share(self.folder_of(contract))

    def drop(self, contract: DatasetContract) -> None:
        """Remove the table; it will be rebuilt."""
        self.mirror.drop(self.folder_of(contract))
        super().drop(contract)

    def forget(self, contracts: Sequence[DatasetContract]) -> None:
        """Remove every file that these tables no longer name, at once, and every other table."""
        for folder in self.others(contracts):
            self.mirror.drop(folder)
        super().forget(contracts)
        for contract in contracts:
            self.mirror.tidy(self.folder_of(contract), (p.path for p in self.files(contract)), retention=timedelta(0))


def bring(settings: Settings, paths: Collection[Path], *, landed: bool) -> None:
    """Download files that a query reads and this disk lacks. A file that the store lacks fails when it is read.

    Args:
        settings: where the stores are.
        paths: which.
        landed: they are files of the landing.
    """
    if _has_mirror(settings):
        lake_mirror(settings).bring(paths)
    if landed and settings.landing_url:
        bring_landed(settings, paths)


def bring_again(settings: Settings, path: Path) -> None:
    """Download a file of the lake again, in place of a damaged copy."""
    if _has_mirror(settings):
        lake_mirror(settings).bring_again(path)


def _has_mirror(settings: Settings) -> bool:
    return bool(settings.lake_url) and settings.lake_folder is None


def lake_mirror(settings: Settings) -> LakeMirror:
    """The mirror of the lake that the settings name.

    Raises:
        BadSetting: the URL names no store.
    """
    return LakeMirror(ObjectStoreMirror.at(settings.lake_url, settings.lake, "lake_url", "The lake"), settings.lake)


def fetch_log(settings: Settings, table: Path, folder: Path) -> None:
    """Download a table's log from the store into a folder, below the table's name."""
    mirror = ObjectStoreMirror.at(settings.lake_url, folder, "lake_url", "The lake")
    mirror.fetch(mirror.sizes(f"{table / LOG}/"))


_LAST = "_last_checkpoint"
"""Moves with each checkpoint, so it is put again each time."""
