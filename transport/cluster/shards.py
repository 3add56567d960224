"""Journals by shard: on object storage, doors keep batches of different producers without waiting for each other.

All batches of a producer go to one shard, so a door that has read that shard to its end knows every batch that it must
compare with; a conditional put decides between two doors, as for the journal itself. A line is durable, and its batch
has a receipt, once it is in its shard. Whoever reads the journal gathers: it numbers the lines that are not in the
journal yet and appends them in one piece, in order of receipt, with a last line of kind `shards` that tells how far
each shard is gathered. Two who gather at once append at the same offset, so one of them is first, and no line is
gathered twice. So everything but a door knows one journal. Objects of a shard are never removed: a door that read long
ago must not be able to create one anew.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import accumulate
from typing import Any

from catalog.errors import Damaged
from transport.cluster.object_log import ObjectLog
from transport.storage.journal import SHARDS, journal_line, parsed_line

_TOGETHER = 8
_MARK = f'"kind":"{SHARDS}"'.encode()
_NUMBER = re.compile(rb'[,{]"number":(\d+)')


def piece_of(lines: Sequence[Mapping[str, object]]) -> bytes:
    """A piece of a shard. Each line tells which of how many it is, so that a piece that was cut is seen."""
    plain = ({k: v for k, v in line.items() if k != "number"} for line in lines)
    return b"".join(journal_line({**line, "piece": [nth, len(lines)]}) for nth, line in enumerate(plain, 1))


def lines_of(text: bytes, begin: int) -> list[tuple[dict[str, Any], int]]:
    """The lines of whole pieces of a shard, from an offset on, each with the offset of its end.

    Raises:
        Damaged: a line is not what was written, or a piece lacks its last lines.
    """
    lines, end, nth, of = list[tuple[dict[str, Any], int]](), begin, 0, 0
    for line in text.split(b"\n")[:-1]:
        value = parsed_line(line)
        place = value.pop("piece", None) if value else None
        if value is None or place is None or place != [nth + 1, of if nth else place[1]]:
            raise _damaged(end)
        nth, of = place
        nth = 0 if nth == of else nth
        end += len(line) + 1
        lines.append((value, end))
    if nth or end != begin + len(text):
        raise _damaged(end)
    return lines


def _damaged(at: int) -> Damaged:
    return Damaged(
        f"A shard of the journal is damaged at {at}.", "Bring the object back from an earlier version of the bucket."
    )


class ShardOffsets:
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
        self._sound = True

    def look(self, text: bytes) -> None:
        """Look at the lines of the journal from `looked` on.

        After a damaged line, or one that was cut, nothing is gathered any more: how far the shards are gathered may be
        told in what is lost. Whoever reads the lines says what is wrong.
        """
        self.looked += len(text)
        if text and not text.endswith(b"\n"):  # its last piece was cut
            self._sound = False
        for line in text.split(b"\n")[:-1]:
            number = _NUMBER.search(line)
            if not number or int(number[1]) != self._number + 1 or line[:8] != b"%08x" % zlib.crc32(line[9:]):
                self._sound = False
                return
            self._number += 1
            if _MARK in line and (value := parsed_line(line)) is not None:
                self.ends = value["ends"]

    def unmerged_lines(self, shards: Sequence[ObjectLog]) -> bytes:
        """The journal lines for what the shards have beyond `ends`; empty when there is nothing.

        Raises:
            Damaged: a piece of a shard is missing, or a line is not what was written.
        """
        if not shards or not self._sound:
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
