"""R15, the erasing half: what a sender sent is searched for in everything below a home, before and after it is erased.

The search reads bytes and values: raw bytes of every file, what compressed files unpack to, every cell of every Parquet
file, and every cell of every table of a DuckDB file. That it sees what is there is shown before: the same markers must
be found in each kind of place.
"""

from __future__ import annotations

import gzip
import os
import random
import signal
import time
import zipfile
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from catalog.tables.streams import DISPATCH
from tests.reliability.board import Figure, figure
from tests.reliability.restores import AS_OF, hashes_of, made
from tests.reliability.zygote import NOW, batch, home_in, keep, scratch
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest.batch_validator import BatchValidator
from transport.operations import doctor
from transport.operations.backup import back_up, open_backup, restore
from transport.releases.store import Releases
from transport.storage import erasure
from transport.storage.landing import Arrival, LandedBatch, Landing, open_landing

LEAVER = "leaver"
MARK = "Sporbartsystem"
"""Begins every text that only the sender to be erased has sent."""
WRONG = "974605170"
"""An organisation number that breaks a rule: its rows go to quarantine."""
LEFT = range(3)
"""The numbers of that sender's batches."""
_DIGEST = 0x5EED0000
"""Begins the dispatch ids of that sender."""


# --- the search -------------------------------------------------------------------------------------------------------


def places_with(folder: Path, markers: Collection[bytes], *, decoded: bool = True) -> dict[str, set[str]]:
    """The files below a folder that hold a marker, each with how it was seen: `bytes`, `unpacked`, or `values`.

    Args:
        folder: every file in it is read, hidden ones too.
        markers: in UTF-8.
        decoded: also look into what files unpack to; without, compressed pages hide what they hold.
    """
    found: dict[str, set[str]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink()):
        raw = path.read_bytes()
        seen = {"bytes"} if _any(raw, markers) else set()
        if decoded:
            seen |= {"unpacked"} if any(_any(text, markers) for text in _unpacked(path, raw)) else set()
            seen |= {"values"} if any(_any(cells, markers) for cells in _values(path, raw)) else set()
        if seen:
            found[str(path.relative_to(folder))] = seen
    return found


def _any(text: bytes, markers: Collection[bytes]) -> bool:
    return any(marker in text for marker in markers)


def _unpacked(path: Path, raw: bytes) -> Iterator[bytes]:
    if raw[:2] == b"\x1f\x8b":
        with suppress(OSError, EOFError, zlib.error):
            yield gzip.decompress(raw)
    if raw[:4] == b"PK\x03\x04":
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(path) as packed:
            yield from (packed.read(name) for name in packed.namelist())


def _values(path: Path, raw: bytes) -> Iterator[bytes]:
    if raw[:4] == b"PAR1":
        with suppress(pa.ArrowException, OSError):
            file = pq.ParquetFile(path)
            yield from (
                b"\n".join(_cells(rows)) for rows in (file.read_row_group(g) for g in range(file.num_row_groups))
            )
    if raw[8:12] == b"DUCK":
        with duckdb.connect(str(path), read_only=True) as connection:
            tables = connection.sql("select database_name, schema_name, table_name from duckdb_tables()").fetchall()
            for table in tables:
                name = ".".join(f'"{part}"' for part in table)
                yield b"\n".join(_cells(connection.sql(f"from {name}").to_arrow_table()))


def _cells(rows: pa.Table) -> Iterator[bytes]:
    for column in rows.columns:
        for chunk in column.chunks:
            plain = chunk.storage if isinstance(chunk, pa.ExtensionArray) else chunk
            for value in plain.to_pylist():
                if value is not None:
                    yield value if isinstance(value, bytes) else str(value).encode()


# --- a home with a sender who leaves ----------------------------------------------------------------------------------


def leavers_batch(number: int, rows: int = 40) -> pa.Table:
    """A batch of which every row has a marker in a text and in its id; every tenth row breaks a rule."""
    table = batch(number, rows)
    ids = [(_DIGEST + number).to_bytes(8, "big") + row.to_bytes(8, "big") for row in range(rows)]
    changed = {
        "dispatch_id": pa.ExtensionArray.from_storage(pa.uuid(), pa.array(ids, pa.binary(16))),
        "source_system": pa.array([f"{MARK} {number}"] * rows),
        "organisation_number": pa.array([WRONG if row % 10 == 9 else "974605171" for row in range(rows)]),
    }
    for name, column in changed.items():
        table = table.set_column(table.column_names.index(name), name, column)
    return table


def markers_of(numbers: Sequence[int]) -> list[bytes]:
    """What is searched for: the texts, and the beginnings of the ids in bytes and as written."""
    ids = [(_DIGEST + number).to_bytes(8, "big") for number in numbers]
    return [*(f"{MARK} {number}".encode() for number in numbers), *ids]


def keep_leavers(landing: Landing, number: int, *, batch_id: str = "") -> str:
    """Send one; how it was answered."""
    target = landing.temporary("dispatch", LEAVER, "arriving")
    with BatchValidator(DISPATCH, target, producer=LEAVER) as door:
        door.add(leavers_batch(number))
        validated = door.close()
    arrival = Arrival(target, validated, DISPATCH, LEAVER, batch_id or f"s-{number}")
    (kept,) = landing.keep([arrival], now=NOW + timedelta(minutes=number))
    return kept.status if isinstance(kept, LandedBatch) else kept.kind


def killed_while_erasing(settings: Settings, after: int) -> bool:
    """Erase in a child that is killed when it is about to remove a file, after so many; whether it was killed."""
    child = os.fork()
    if child == 0:
        removed = 0
        landing = open_landing(settings)
        remove = landing.backend.remove

        def counted(name: str) -> None:
            nonlocal removed
            if removed == after:
                os.kill(os.getpid(), signal.SIGKILL)
            removed += 1
            remove(name)

        try:
            landing.backend.remove = counted  # type: ignore[method-assign]
            affected = erasure.of_sender(landing, LEAVER)
            later = NOW + timedelta(hours=1)
            erasure.erase(landing, affected, None, by="drift", reason="Avtalen er avsluttet", now=later)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


KINDS = {
    "landing": "landing/dispatch/",
    "lake": "lake/conformed/dispatch/",
    "quarantine": "lake/conformed/quarantine_dispatch/",
    "mart": "lake/usage/",
    "release, Parquet": "/parquet/",
    "release, database": "/dif.duckdb",
}
"""Each kind of place that must be seen to hold a marker before anything is erased: part of its path."""


def unseen(found: Collection[str]) -> list[str]:
    """The kinds of places in which nothing was found."""
    return [kind for kind, part in KINDS.items() if not any(part in path for path in found)]


def erased(
    settings: Settings, markers: Collection[bytes], without: dict[str, object], chance: random.Random
) -> list[str]:
    """Erase, killed on the way, then run; what is wrong afterwards."""
    wrong: list[str] = []
    with atomic_files.locked(settings.home):
        if not killed_while_erasing(settings, chance.randrange(len(LEFT))):
            wrong.append("it was not killed on the way")
    if keep_leavers(open_landing(settings), 0) != "erased":
        wrong.append("between tombstone and removal the batch is kept again")
    after = hashes_of(made(settings))
    for folder in (settings.home, settings.mirror):
        found = places_with(folder, markers) if folder else {}
        wrong += [f"{path} still holds it ({', '.join(sorted(how))})" for path, how in found.items()]
    if after != without:
        wrong.append("the figures are not those of a home that never had the sender")
    landing = open_landing(settings)
    for how, name in (("the same id", ""), ("another id", "elsewhere")):
        if (answer := keep_leavers(landing, 1, batch_id=name)) != "erased":
            wrong.append(f"sent again under {how} it is answered {answer}")
    if landing.unfinished or len(landing.erasures) != 1:
        wrong.append("the erasure is not finished, or there are two")
    return wrong + [f"doctor: {f.where} {f.problem}" for f in doctor.examine(settings)]


def restored(settings: Settings, backup: Path, stamp: str, home: Path, markers: Collection[bytes]) -> list[str]:
    """Restore the backup from before the erasure, which the folder of backups knows of; what is wrong with the home."""
    back_up(settings, backup, now=AS_OF)
    again = restore(open_backup(backup, stamp), home)
    wrong = [] if len(again) == len(LEFT) else [f"restored: {len(again)} batches were erased again"]
    return wrong + [f"restored: {path} holds it again" for path in places_with(home, markers)]


@figure("R15e")
def r15e(_scale: float, seed: int) -> Figure:
    """Erase one sender from a home with a mirror, a backup and releases from before and after; killed on the way."""
    began, chance = time.monotonic(), random.Random(seed)
    markers = markers_of(LEFT)
    with scratch() as folder:
        settings = home_in(folder / "home", mirror=folder / "mirror")
        landing = open_landing(settings)
        for number in range(4):
            keep(landing, number)
        without = hashes_of(made(settings))
        for number in LEFT:
            keep_leavers(landing, number)
        made(settings)
        stamp = back_up(settings, folder / "backup", now=NOW, releases="all").stamp
        before = places_with(settings.home, markers)
        missed = unseen(before)
        blind = unseen(places_with(settings.home, markers, decoded=False))
        wrong = [f"the search does not see it in {kind}" for kind in missed]
        wrong += erased(settings, markers, without, chance)
        wrong += restored(settings, folder / "backup", stamp, folder / "restored", markers)
        facts: dict[str, object] = {"kept releases": len(Releases(settings).names())}
    return Figure(
        "R15e",
        "erase one sender: decoded search of landing, mirror, lake, releases; killed on the way; a repeat; a restore",
        len(before),
        seed,
        time.monotonic() - began,
        wrong,
        control=f"before, a search of raw bytes alone misses {', '.join(blind)}; the decoded one misses nothing",
        control_saw=bool(blind) and not missed,
        facts=facts,
    )
