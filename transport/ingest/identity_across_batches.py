"""Judges recent batches together, to find identity numbers that no single batch reveals, and purges them.

An identifier that passes as an identity number may do so by chance, as one in 430 does; two of two do not. A sender of
one row per batch gives the validator nothing to compare. So its columns with such values are noted (`Entry.suspects`),
and are judged as if all had come at once: what one producer sent in one column; and the small batches of all producers
in that column, of that producer in whatever columns, and of everybody everywhere. No value is stored for this.

Where batches of several senders or columns are judged together, a batch is taken only if it alone, and all that its
producer sent in that column, have more such values than is usual: nobody's numbers make another's batch of ordinary
identifiers suspect, also where the other sends one of them per batch, of which every chance hit is striking.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache

from catalog.domain import identity
from transport.ingest.batch_validator import candidates_in
from transport.storage import erasure
from transport.storage.batch_file import rows_of
from transport.storage.journal import Entry
from transport.storage.landing import Landing

BY = "identitetskontroll"
"""The function that withdraws such batches and masks them."""
_MOST = 2000
"""Batches that are judged together: the newest, and as many at a time of those that came since the last run."""
_SMALL = 1000
"""Rows of a batch at most that is judged with others' and with other columns: a larger one is judged by itself, and its
identifiers of eleven digits by nature would hide the numbers in small ones."""

_Pool = tuple[str | None, str | None, str | None]
"""Stream, producer and column that are judged together; None is any."""
_Values = Callable[[int, str], list[str]]
"""Gives the values of a batch's column, by the batch's number."""


def found_later(landing: Landing, *, since: int) -> list[tuple[Entry, str]]:
    """Batches with identity numbers, revealed by other batches; each with the column, in the order of the journal.

    Args:
        landing: whose batches.
        since: a journal line number; only what is judged together with something suspect after it is judged.
    """
    pools: dict[_Pool, list[tuple[Entry, str]]] = defaultdict(list)
    for entry in landing.entries:
        if entry.suspects and landing.withdrawal(entry) is None:
            for column in entry.suspects:
                for pool in _pools(entry, column):
                    pools[pool].append((entry, column))
    values = _reader_of(landing)
    is_striking = _judge_of(landing, values)
    findings: dict[tuple[int, str], tuple[Entry, str]] = {}
    for pool, suspects in pools.items():
        if len(suspects) > 1 and suspects[-1][0].number > since:
            judged = _judged(landing, pool, suspects, values, since)
            findings |= {
                (entry.number, column): (entry, column)
                for entry, column in suspects
                if entry.number in judged and (None not in pool or is_striking(entry, column))
            }
    return [findings[key] for key in sorted(findings)]


def purge(landing: Landing, *, now: datetime) -> list[Entry]:
    """Mask the numbers in the batches that were withdrawn for them, as an erasure does; returns the batches.

    A batch that is damaged, and what its operator reinstated, is left.

    Raises:
        Damaged, TryAgain: as `erasure.erase`; nothing of the batches at hand was masked.
    """
    purged = {r.of for e in landing.erasures if e.by == BY for r in e.rewritten}
    by_columns: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
    for entry in landing.entries:
        mark = landing.withdrawal(entry) if entry.suspects and entry.number not in purged else None
        if mark and mark.by == BY and landing.erasure(entry) is None and landing.is_whole(entry):
            by_columns[tuple(entry.suspects)].append(entry)
    entries: list[Entry] = []
    for columns, some in by_columns.items():
        change = erasure.IdentityColumns(columns)
        affected = erasure.holding(landing, change, among=some)
        if affected:
            erasure.erase(landing, affected, change, by=BY, reason="fødselsnummer er maskert", now=now)
            entries += [a.entry for a in affected]
    return entries


def _pools(entry: Entry, column: str) -> Iterable[_Pool]:
    yield entry.stream, entry.producer, column
    if entry.rows <= _SMALL:
        yield entry.stream, None, column
        yield None, entry.producer, None
        yield None, None, None


def _judged(
    landing: Landing,
    pool: _Pool,
    suspects: Iterable[tuple[Entry, str]],
    values: _Values,
    since: int,
) -> set[int]:
    """The batches of a pool that holds more numbers than chance explains, by their lines in the journal; else none."""
    stream, producer, _ = pool
    columns: dict[str, set[str]] = defaultdict(set)
    for entry, column in suspects:
        columns[entry.stream].add(column)
    sent = [
        entry
        for entry in _sent(landing, stream, producer)
        if entry.stream in columns and (entry.rows <= _SMALL or None not in pool)
    ]
    judged: set[int] = set()
    for start in range(len(sent) - _MOST, -_MOST, -_MOST):
        some = sent[max(start, 0) :][:_MOST]
        if start < len(sent) - _MOST and sent[start + _MOST - 1].number <= since:
            break  # judged by earlier runs
        texts = (
            value
            for entry in some
            for column in sorted(columns[entry.stream])
            for value in values(entry.number, column)
        )
        if identity.judge_identifiers(texts):
            judged |= {entry.number for entry in some}
    return judged


def _sent(landing: Landing, stream: str | None, producer: str | None) -> Iterable[Entry]:
    """The batches of a stream and a producer (None: any) that were not withdrawn."""
    return (
        entry
        for entry in landing.entries
        if stream in (None, entry.stream) and producer in (None, entry.producer) and landing.withdrawal(entry) is None
    )


def _reader_of(landing: Landing) -> _Values:
    """Reads the distinct values of a batch's column that may hold an identity number; each column once."""

    @cache
    def values(number: int, column: str) -> list[str]:
        entry, candidates = landing.entry(number), list[str]()
        for rows in rows_of(landing.file(entry), entry):
            texts = rows[column].drop_null().unique()
            candidates += texts.filter(candidates_in(texts)).to_pylist()
        return candidates

    return values


def _judge_of(landing: Landing, values: _Values) -> Callable[[Entry, str], bool]:
    """Tells whether a batch's column has more numbers than is usual, by itself and with all its producer sent there."""

    @cache
    def of_producer(stream: str, producer: str, column: str) -> bool:
        sent = [*_sent(landing, stream, producer)][-_MOST:]
        return identity.is_striking(value for entry in sent for value in values(entry.number, column))

    def is_striking(entry: Entry, column: str) -> bool:
        alone = identity.is_striking(values(entry.number, column))
        return alone and of_producer(entry.stream, entry.producer, column)

    return is_striking
