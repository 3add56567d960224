"""Journals by shard: on object storage, doors keep batches of different producers without waiting for each other.

All batches of a producer go to one shard, so a door that has read that shard to its end knows every batch that it must
compare with; a conditional put decides between two doors, as for the journal itself. A line is durable, and its batch
has a receipt, once it is in its shard. Whoever reads the journal gathers: it numbers the lines that are not in the
journal yet and appends them in one piece, in order of receipt, with a last line of kind `shards` that tells how far
each shard is gathered. Two who gather at once append at the same offset, so one of them is first, and no line is
gathered twice. So everything but a door knows one journal. Pieces of a shard are never removed: a door that read long
ago must not be able to create one anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import accumulate
from typing import Any

from catalog.errors import Damaged
from transport.storage.journal import SHARDS, journal_line, parsed_line
from transport.storage.pieces import Pieces

_TOGETHER = 8
_MARK = f'"kind":"{SHARDS}"'.encode()


def shard_of(producer: str, count: int) -> int:
    """The shard of a producer's batches."""
    return int.from_bytes(hashlib.sha256(producer.encode()).digest()[:8]) % count


def lines_of(text: bytes, begin: int) -> list[tuple[dict[str, Any], int]]:
    """The lines of a shard's text that begins at an offset, each with the offset of its end.

    Raises:
        Damaged: a line is not what was written.
    """
    lines, end = [], begin
    for line in text.split(b"\n")[:-1]:
        value = parsed_line(line)
        if value is None:
            raise Damaged(
                f"A line of a shard of the journal is damaged, at {end}.",
                "Bring the object back from an earlier version of the bucket.",
            )
        end += len(line) + 1
        lines.append((value, end))
    return lines


class Gathered:
    """How far each shard is gathered, read from the journal itself.

    Attributes:
        ends: of each shard, up to which its lines are in the journal; empty while the journal has no shards.
        looked: how far the journal was looked at.
    """

    def __init__(self) -> None:
        """Nothing looked at yet."""
        self.ends: list[int] = []
        self.looked = 0
        self._number = 0

    def look(self, text: bytes) -> None:
        """Look at the lines of the journal from `looked` on. Damaged ones are left to whoever reads all of them."""
        if not text:
            return
        self.looked += len(text)
        lines = text.split(b"\n")[:-1]
        last = parsed_line(lines[-1])
        self._number = int(last["number"]) if last else 0
        mark = next((line for line in reversed(lines) if _MARK in line), None)
        if mark is not None and (value := parsed_line(mark)) is not None:
            self.ends = value["ends"]

    def fresh(self, shards: Sequence[Pieces]) -> bytes:
        """The journal lines for what the shards have beyond `ends`; empty when there is nothing.

        Raises:
            Damaged: a piece of a shard is missing, or a line is not what was written.
        """
        if not shards or not self._number:
            return b""
        with ThreadPoolExecutor(_TOGETHER) as pool:
            texts = list(pool.map(lambda shard, end: shard.read(end)[0], shards, self.ends))
        if not any(texts):
            return b""
        of_shard = [[v for v, _ in lines_of(t, end)] for t, end in zip(texts, self.ends, strict=True)]
        values = sorted(
            ((at, shard, nth), value)
            for shard, lines in enumerate(of_shard)
            for nth, (at, value) in enumerate(_in_order(lines))
        )
        ends = [end + len(text) for end, text in zip(self.ends, texts, strict=True)]
        last = {"kind": SHARDS, "ends": ends, "received_at": values[-1][0][0].isoformat()}
        numbered = enumerate([*(value for _, value in values), last], self._number + 1)
        return b"".join(journal_line({**value, "number": number}) for number, value in numbered)


def _in_order(lines: Sequence[dict[str, Any]]) -> list[tuple[datetime, dict[str, Any]]]:
    """Each line of a shard with a moment to sort by, which never runs back: a shard keeps its own order."""
    moments = accumulate((datetime.fromisoformat(value["received_at"]) for value in lines), max)
    return list(zip(moments, lines, strict=True))
