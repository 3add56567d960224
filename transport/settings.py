"""Settings: one frozen value, built once from the environment and `dif.toml`, and passed in. The only reader of either.

A setting is given as the environment variable `DIF_<NAME>` or as `name = value` in `dif.toml` in the working folder;
the environment wins.
"""

from __future__ import annotations

import dataclasses
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_type_hints

from catalog.errors import BadSetting, UnknownName

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are and how much they may take.

    Attributes:
        home: DIF_HOME, an absolute folder that one writer at a time changes.
        lake_folder: where derived tables lie; None is `home/lake`. A rebuild works in another.
        memory_mb: what one DuckDB connection may hold before it spills to disk.
        threads: how many threads a computation takes.
        readers: how many child processes read arriving files at once.
        reader_memory_mb: a reader's limit on its own memory; a file that needs more is refused.
        reader_seconds: how long one file may take to read.
        settle_seconds: how long an arriving file must have been left alone before it is taken in.
        max_columns: more columns than this in an arriving file are refused unread.
        max_rows: more rows than this in one batch are refused.
        query_memory_mb, query_seconds, query_rows: bounds of a reader's SQL.
        contact: the function address that pages show; empty says that none is set.
    """

    home: Path = PROJECT / "data"
    lake_folder: Path | None = None
    memory_mb: int = 1200
    threads: int = 2
    readers: int = 2
    reader_memory_mb: int = 1500
    reader_seconds: int = 900
    settle_seconds: float = 2.0
    max_columns: int = 200
    max_rows: int = 50_000_000
    query_memory_mb: int = 1000
    query_seconds: int = 30
    query_rows: int = 1_000_000
    contact: str = ""

    @property
    def inbox(self) -> Path:
        """Where producers drop files: `inbox/<stream>/[<producer>/]`."""
        return self.home / "inbox"

    @property
    def landing(self) -> Path:
        """Immutable batch files and the journal: the truth."""
        return self.home / "landing"

    @property
    def lake(self) -> Path:
        """Derived tables; may be removed and made again."""
        return self.lake_folder or self.home / "lake"

    @property
    def releases(self) -> Path:
        """Immutable releases and the pointer `current`."""
        return self.home / "releases"

    @property
    def scratch(self) -> Path:
        """Spill and half-made files; emptied at the start of a run."""
        return self.home / "tmp"

    def but(self, **changes: object) -> Settings:
        """These settings with some changed."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]


def _parsed(name: str, kind: object, value: object) -> object:
    try:
        if kind is int:
            return int(str(value))
        if kind is float:
            return float(str(value))
    except ValueError:
        raise BadSetting(name, value, "a number") from None
    return str(value) if kind is str else Path(str(value)).expanduser().resolve()


def load(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read the settings of this process.

    Args:
        environment: stands in for the process's environment.
        folder: where `dif.toml` is looked for; the working folder when not given.

    Raises:
        UnknownName: `dif.toml` names a setting that does not exist.
        BadSetting: a value cannot be read.
    """
    environment = os.environ if environment is None else environment
    kinds = get_type_hints(Settings)
    given: dict[str, object] = {}
    file = (folder or Path.cwd()) / "dif.toml"
    if file.is_file():
        try:
            given = dict(tomllib.loads(file.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
            raise BadSetting("dif.toml", str(problem), "a TOML file in UTF-8") from None
        for name in given:
            if name not in kinds:
                raise UnknownName("setting", name, known=kinds)
    given |= {name: environment[key] for name in kinds if (key := f"DIF_{name.upper()}") in environment}
    return Settings(**{name: _parsed(name, kinds[name], value) for name, value in given.items()})  # type: ignore[arg-type]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment for a process of ours: this one's, and more."""
    return {**os.environ, **more}
