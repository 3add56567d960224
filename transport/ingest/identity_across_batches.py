"""What a producer sent lately, judged together: identity numbers that no single batch told.

An identifier that passes as an identity number may be chance, one in 430 is; two of two are none. Whoever sends a row a
batch gives the door nothing to compare, so its columns with such values are kept in mind (`Entry.suspects`), and what
the same producer sent in the same column is judged as if it had come at once. No value is kept for it anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from catalog.domain import identity
from transport.storage.batch_file import rows_of
from transport.storage.journal import Entry
from transport.storage.landing import Landing

_MOST = 2000
"""Batches of one producer and stream that are looked at, the newest."""


def found_later(landing: Landing, *, since: int) -> list[tuple[Entry, str]]:
    """Batches that hold identity numbers, known by what else their producer sent; each with the column they stand in.

    Args:
        landing: whose.
        since: only of producers that sent something suspect after this line of the journal.
    """
    suspect: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in landing.entries:
        if landing.withdrawal(entry) is None:
            for column in entry.suspects:
                suspect[entry.stream, entry.producer, column].append(entry)
    found: list[tuple[Entry, str]] = []
    for (stream, producer, column), entries in suspect.items():
        if len(entries) > 1 and entries[-1].number > since:
            sent = [e for e in landing.of(stream) if e.producer == producer and landing.withdrawal(e) is None][-_MOST:]
            if identity.judge_identifiers(chain.from_iterable(_column(landing, e, column) for e in sent)):
                found += [(e, column) for e in entries]
    return found


def _column(landing: Landing, entry: Entry, column: str) -> Iterator[str]:
    for rows in rows_of(landing.file(entry), entry):
        yield from rows[column].drop_null().unique().to_pylist()
