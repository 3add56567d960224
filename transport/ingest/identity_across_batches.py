"""Judges a producer's recent batches together, to find identity numbers that no single batch reveals.

An identifier that passes as an identity number may do so by chance, as one in 430 does; two of two do not. A producer
that sends one row per batch gives the validator nothing to compare. So its columns with such values are noted
(`Entry.suspects`), and all that the same producer sent in the same column is judged as if it had come at once. No value
is stored for this.
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
"""The newest batches of one producer and stream that are examined."""


def found_later(landing: Landing, *, since: int) -> list[tuple[Entry, str]]:
    """Batches with identity numbers, revealed by the producer's other batches; each with the column.

    Args:
        landing: whose batches.
        since: a journal line number; only producers that sent something suspect after it are judged.
    """
    suspect: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
    for entry in landing.entries:
        if landing.withdrawal(entry) is None:
            for column in entry.suspects:
                suspect[entry.stream, entry.producer, column].append(entry)
    findings: list[tuple[Entry, str]] = []
    for (stream, producer, column), entries in suspect.items():
        if len(entries) > 1 and entries[-1].number > since:
            sent = [e for e in landing.of(stream) if e.producer == producer and landing.withdrawal(e) is None][-_MOST:]
            if identity.judge_identifiers(chain.from_iterable(_column(landing, e, column) for e in sent)):
                findings += [(e, column) for e in entries]
    return findings


def _column(landing: Landing, entry: Entry, column: str) -> Iterator[str]:
    for rows in rows_of(landing.file(entry), entry):
        yield from rows[column].drop_null().unique().to_pylist()
