"""The doctor: what is at rest, held against what the journal and the manifests say. Changes nothing."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.errors import SharingError
from catalog.streams import STREAMS
from transport import durable
from transport.canonical import BLOCK, ContentHash
from transport.landing import Entry, Landing
from transport.release import Releases
from transport.settings import Settings

Finding = tuple[str, str, str]
"""Where, what is wrong, and the mend."""


def examine(settings: Settings) -> list[Finding]:
    """Everything wrong with a home; nothing when all is well.

    Raises:
        Damaged: the journal itself cannot be read.
    """
    return [*_landing(settings), *_releases(settings)]


def _landing(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    kept = Landing(settings.landing)
    for entry in kept.entries:
        problem = _batch(kept, entry)
        if problem:
            found.append(
                (
                    f"landing/{entry.file}",
                    problem,
                    f"Restore it from a backup or a mirror, or have {entry.producer} send {entry.batch_id} again.",
                )
            )
    known = {kept.file(e) for e in kept.entries}
    files = sorted(settings.landing.rglob("*.parquet")) if settings.landing.is_dir() else []
    unknown = (p for p in files if p not in known and not p.name.startswith(durable.TEMPORARY))
    mend = "It never led to a receipt; the next run that gets it again replaces it."
    found += [(f"landing/{p.relative_to(settings.landing)}", "is in no line of the journal", mend) for p in unknown]
    return found


def _batch(kept: Landing, entry: Entry) -> str:
    """What is wrong with a landed file: read whole, page by page, and hashed anew."""
    path = kept.file(entry)
    if not path.is_file():
        return "is missing"
    stream = STREAMS[entry.stream]
    with path.open("rb") as handle:
        whole_file = hashlib.file_digest(handle, "sha256").hexdigest()
    content = ContentHash(stream.schema)
    names = [c.name for c in stream.columns]
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
        waiting: list[pa.Table] = []
        # every column is read, also those that the hash does not cover, so that each page's checksum is looked at
        for batch in file.iter_batches(batch_size=BLOCK):
            waiting.append(pa.Table.from_batches([batch]).select(names))
            if sum(t.num_rows for t in waiting) >= BLOCK:
                whole = pa.concat_tables(waiting)
                content.update(whole.slice(0, BLOCK).combine_chunks())
                waiting = [whole.slice(BLOCK)]
        if sum(t.num_rows for t in waiting):
            content.update(pa.concat_tables(waiting).combine_chunks())
    except (pa.ArrowException, OSError) as problem:
        return f"cannot be read: {str(problem)[:120]}"
    except KeyError:
        return "is not what was landed"
    if content.hexdigest() != entry.sha256:
        return "is not what was landed"
    # such a bit may stand where no reader looks today, or in the statistics by which readers skip rows
    changed = entry.file_sha256 and whole_file != entry.file_sha256
    return "has the right rows, but a bit of the file has changed" if changed else ""


def _releases(settings: Settings) -> list[Finding]:
    releases = Releases(settings)
    found: list[Finding] = []
    pointer = settings.releases / "current"
    if pointer.is_symlink() and not pointer.exists():
        found.append(
            (
                "releases/current",
                "points at a release that is gone",
                "`dif release rollback` to another, or `dif run --full`.",
            )
        )
    for name in releases.names():
        try:
            wrong = releases.verify(name)
        except SharingError as problem:
            wrong = [problem.problem]
        found += [
            (
                f"releases/{name}",
                line,
                "It can be made again: `dif run --full`, then `dif release rollback` if readers need it now.",
            )
            for line in wrong
        ]
    return found
