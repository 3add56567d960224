"""What an erasure meets outside the landing: files in the inbox, damaged files set aside, backups, and readers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from catalog.contracts.language import FILES
from catalog.errors import SharingError
from catalog.tables.datasets import DATASETS, VIEWS
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest.inbox import DEFAULT_PRODUCER
from transport.operations import backup as backups
from transport.storage.erasure import ErasedBatch, remember
from transport.telemetry import event_log


def dropped_by(settings: Settings, producer: str, streams: Iterable[str]) -> list[Path]:
    """All the sender's files in the inbox: waiting, refused or answered."""
    paths = []
    for stream in streams:
        for folder in (settings.inbox / stream, settings.inbox / "rejected" / stream):
            mine = folder.glob("*") if producer == DEFAULT_PRODUCER else (folder / producer).rglob("*")
            paths += [p for p in mine if p.is_file() or p.is_symlink()]
    return sorted(paths)


def in_inbox(settings: Settings) -> list[Path]:
    """Every file with rows in the inbox, waiting or refused."""
    paths = settings.inbox.rglob("*") if settings.inbox.is_dir() else ()
    return sorted(p for p in paths if p.is_file() and p.suffix not in (".json", ".sha256", ".synthetic"))


def set_aside(settings: Settings) -> list[Path]:
    """Files that `dif doctor --mend` set aside and that hold rows: all but journals."""
    paths = (settings.home / "damaged").rglob("*")
    return sorted(p for p in paths if (p.is_file() or p.is_symlink()) and p.name != "journal")


def remove(paths: Iterable[Path], *, below: Path) -> None:
    """Remove files, and the folders that are empty then, up to `below`."""
    for path in paths:
        path.unlink(missing_ok=True)
        with suppress(OSError):  # the first folder that is not empty, or is gone
            for folder in path.parents:
                if folder == below or not folder.is_relative_to(below):
                    break
                folder.rmdir()


def backups_with(folders: Iterable[Path], gone: Collection[ErasedBatch]) -> list[tuple[Path, str]]:
    """The backups that still hold an erased batch: each with its path and, where it cannot be checked, the reason."""
    holding = []
    for folder in folders:
        if not folder.is_dir():
            holding.append((folder, "is not there now"))
            continue
        for stamp in backups.stamps(folder):
            try:
                if backups.holds(backups.open_backup(folder, stamp), gone):
                    holding.append((folder / stamp, ""))
            except SharingError as problem:
                holding.append((folder / stamp, problem.problem))
    return holding


def known_folders(settings: Settings) -> list[Path]:
    """The folder of the home's last backup, as the home remembers it. Others it does not know."""
    try:
        last = backups.last(settings)
    except ValueError:
        last = None
    return [last.folder] if last else []


def remember_in(folders: Iterable[Path], gone: Sequence[ErasedBatch]) -> list[Path]:
    """Leave the tombstones beside the backups; returns the folders where that was not possible now."""
    missed = []
    for folder in folders:
        try:
            if not folder.is_dir():
                raise FileNotFoundError(folder)
            with atomic_files.locked(folder):
                remember(folder, gone)
        except (OSError, SharingError):
            missed.append(folder)
    return missed


def readers(settings: Settings, datasets: Collection[str], *, since: datetime) -> dict[str, list[str]]:
    """The datasets, of these, that each recipient has read rows of, by the audit of reads.

    A database counts, whole or in part, since it holds every dataset of its audience, and so does an answer that ended
    early or was made of several datasets.
    """
    wanted = {*datasets, *(FILES[DATASETS[name].audience] for name in datasets if DATASETS[name].audience in FILES)}
    wanted |= {name for name, view in VIEWS.items() if view.of is not None and view.of.name in datasets}
    datasets_of: dict[str, set[str]] = defaultdict(set)
    for line in event_log.lines(settings, "reads", since=since):
        if line.get("outcome") == "served" or line.get("rows"):
            names = {name.strip() for name in str(line.get("dataset", "")).split(",")}
            datasets_of[_called(line)] |= names & wanted
    return {who: sorted(names) for who, names in sorted(datasets_of.items()) if names}


def _called(line: Mapping[str, object]) -> str:
    """The reader in a line of the audit; visitors of the pages are recorded by their rights."""
    who = str(line.get("who"))
    return f"visitors of the pages with the rights {who}" if line.get("wire") == "pages" else who
