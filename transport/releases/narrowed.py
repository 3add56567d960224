"""A release's databases without the datasets and columns that a reader has no right to.

SQL can read a column in ways that no check of its text foresees (`select t from t`, `natural join`, renamed columns).
So a reader's queries run on a file without the withheld columns.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Collection
from pathlib import Path
from typing import Final

import duckdb

from catalog.contracts.language import FILES, Audience
from catalog.contracts.sharing import Right, columns_for, lacking
from catalog.tables.datasets import DATASETS
from transport.base.settings import Settings
from transport.releases.files import ReleaseFile, make_once, own_file
from transport.releases.folder import STORAGE, rights_of
from transport.releases.intact import sha256_of, verified_path
from transport.releases.store import Release

OPEN_DATABASE: Final = "open.duckdb"
"""The name of the open database without connections."""


def databases(settings: Settings, release: Release, rights: Collection[Right]) -> tuple[Path, ...]:
    """The databases for these rights, the open one first. Narrowed copies are made at the first call.

    Raises:
        ChangedFile: a database of the release is not as published.
        NoRoom, TryAgain: as `make_once`.
    """
    return tuple(
        database(settings, release, audience, rights)
        for audience, file in FILES.items()
        if _may_read(audience, rights) and (release.folder / file).is_file()
    )


def _may_read(audience: Audience, rights: Collection[Right]) -> bool:
    """Whether these rights give a right to a database, or to a copy with less."""
    needed = rights_of(FILES[audience], {})
    return bool(needed & {*rights, *([Right.OPEN] if Right.PUBLIC in rights else [])})


def open_database(settings: Settings, release: Release) -> ReleaseFile:
    """The open database without connections, as a file made on request.

    Raises:
        ChangedFile: the release's own database is not as published.
    """
    whole = own_file(release, FILES[Audience.OPEN])
    rights = frozenset({Right.OPEN})
    path = _place(settings, release, Audience.OPEN, rights)
    try:
        etag = sha256_of(path)  # DuckDB writes the same rows as other bytes each time
    except OSError:
        etag = ""  # not made yet
    return dataclasses.replace(
        whole,
        name=f"open_{release.name}.duckdb",
        dataset=OPEN_DATABASE,
        rights=rights,
        etag=etag[:32],
        path=path,
        write=lambda target: _copy(settings, whole.path, target, Audience.OPEN, rights),
    )


def database(settings: Settings, release: Release, audience: Audience, rights: Collection[Right]) -> Path:
    """The database of an audience for these rights: the release's own, or a narrowed copy in scratch.

    Raises:
        ChangedFile, NoRoom, TryAgain: as `databases`.
    """
    whole = verified_path(release, FILES[audience])
    needed = rights_of(FILES[audience], {})
    if not lacking(needed, rights):
        return whole
    path = _place(settings, release, audience, rights)
    make_once(settings, path, lambda target: _copy(settings, whole, target, audience, rights))
    return path


def _place(settings: Settings, release: Release, audience: Audience, rights: Collection[Right]) -> Path:
    return settings.scratch / "files" / release.name / _shape(release, audience, rights) / FILES[audience]


def _shape(release: Release, audience: Audience, rights: Collection[Right]) -> str:
    """Identifies a narrowed database by the published one and the columns that today's contracts give.

    A later version of the program may withhold more; older copies are then not used.
    """
    whole = release.section("files")[FILES[audience]]["sha256"]
    columns = {name: columns_for(d, rights) for name, d in sorted(DATASETS.items()) if d.audience is audience}
    return hashlib.sha256(json.dumps([whole, columns]).encode()).hexdigest()[:32]


def _copy(settings: Settings, whole: Path, target: Path, audience: Audience, rights: Collection[Right]) -> None:
    """Copy tables, comments, views and macros, drop what is withheld, then copy the rows."""
    spill = settings.scratch / "spill"
    limits: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{settings.memory_mb}MB",
        "threads": settings.threads,
        "temp_directory": str(spill),
    }
    with duckdb.connect(config=limits) as connection:
        for path, alias, how in ((whole, "whole", "read_only"), (target, "given", f"storage_version '{STORAGE}'")):
            connection.execute(f"attach '{str(path).replace(chr(39), chr(39) * 2)}' as {alias} ({how})")
        connection.execute("copy from database whole to given (schema)")
        for schema, table in connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'given'"
        ).fetchall():
            contract = DATASETS.get(f"{'ledger' if audience is Audience.LEDGER else schema}.{table}")
            place = f'"{schema}"."{table}"'
            # an older release may have other columns: give those that both have
            columns = [name for name, *_ in connection.execute(f"describe given.{place}").fetchall()]
            rightful = {*columns_for(contract, rights)} if contract else set()
            names = [name for name in columns if name in rightful]
            if not names or contract is None:
                for view in contract.views if contract else ():
                    connection.execute(f'drop view if exists given."{schema}"."{view.name}"')
                connection.execute(f"drop table given.{place}")
                continue
            for name in columns:
                if name not in rightful:
                    connection.execute(f'alter table given.{place} drop column "{name}"')
            for view in contract.views if len(names) < len(columns) else ():  # as published it names what was dropped
                selected = ", ".join(f'"{name}"' for name in names if name not in view.without)
                text = f'"{schema}"."{view.name}" as select {selected} from {place} where {view.where}'
                connection.execute(f"use given; create or replace view {text}; use memory")
            column_list = ", ".join(f'"{name}"' for name in names)
            connection.execute(f"insert into given.{place} ({column_list}) select {column_list} from whole.{place}")
        connection.execute("checkpoint given")
