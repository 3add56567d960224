"""The cell key method: a published count of a protected cell is the true one and a small noise, drawn by a key.

The key belongs to the *set of records counted*: the same set gives the same number wherever and whenever it is
published; one record more or less gives an independent noise. The noise is at most D either way, with mean 0 and
variance V for every count but 0. Zero stays zero, nothing is published below zero, and 1 to JS never.

What does *not* belong here: which records a cell counts, where a table is perturbed (assets), and where the secret lies
(transport).

Source: Fraser and Wooton 2005; Thompson, Broadfoot and Elazar 2013; Enderle, Giessing and Tent 2020. The table of noise
is made by `tools/perturbation_table.py`.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Final, Self, TypeAlias

from catalog.facts import read

D, V, JS = 5, 3, 2
"""The largest noise either way, its variance, and the largest of the small counts that are never published."""
METHOD = f"cell key method, D={D}, V={V}, js={JS}"
"""How contracts name it to programs."""
TOTAL = 2**32
"""What the weights of each row sum to."""
ORIGINS = 6
"""At least so many true counts can give each published one."""
PROTECTED_SERVICES: tuple[str, ...] = tuple(row["service"] for row in read("protected_service"))
"""Services whose flows tell of single persons."""
LEADING_FLOW: dict[str, str] = {row["service"]: row["leading_flow"] for row in read("protected_service")}
"""By protected service: its one flow that is published by organisation. The others are published for the country."""
Digest: TypeAlias = tuple[int, int]
"""Of a set of records: the exclusive or, and the sum modulo 2⁶⁴, of their hashes. `merge` joins those of its parts."""
Row: TypeAlias = tuple[tuple[int, int], ...]
"""Of a true count: each value that may be published for it with its weight, in order of value."""
_WORD = 8
_KEYS = 2 ** (8 * _WORD)
_BETWEEN = "\x1f"
_SECRET_BYTES = 32
_SECRET_DIGITS = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class NoiseTable:
    """The values that may be published for each true count, and how often.

    Attributes:
        rows: by true count from 0. The last row serves every larger count too, moved by the difference.
    """

    rows: tuple[Row, ...]

    @classmethod
    def read(cls) -> Self:
        """The bundled table, unchecked."""
        rows: dict[int, list[tuple[int, int]]] = {}
        for line in read("perturbation"):
            rows.setdefault(int(line["true"]), []).append((int(line["published"]), int(line["weight"])))
        return cls(tuple(tuple(row) for _, row in sorted(rows.items())))

    @cached_property
    def _bounds(self) -> tuple[tuple[int, ...], ...]:
        return tuple(tuple(accumulate(weight for _, weight in row)) for row in self.rows)

    def published(self, count: int, draw: int) -> int:
        """The value for a true count and a draw, from 0 to below `TOTAL`, by the inverse distribution function."""
        true = min(count, len(self.rows) - 1)
        return self.rows[true][bisect_right(self._bounds[true], draw)][0] + count - true


def check(table: NoiseTable) -> None:
    """Check each documented property, exactly.

    Raises:
        ValueError: one is broken; the message names it.
    """
    for problem in _problems(table.rows):
        raise ValueError(f"The noise table is broken: {problem}.")


def _problems(rows: Sequence[Row]) -> Iterator[str]:
    """The faults, worst first; after a fault, later ones may be meaningless."""
    last = D + JS + 1
    if len(rows) != last + 1:
        yield f"it has {len(rows)} rows, not those of 0 to {last}"
    if rows[0] != ((0, TOTAL),):
        yield "0 does not stay 0"
    for true, row in enumerate(rows):
        yield from (f"{problem}, in the row of {true}" for holds, problem in _properties(true, row) if not holds)
    large = {value - last: weight for value, weight in rows[last]}
    if any(large.get(-noise) != weight for noise, weight in large.items()):
        yield "the last row is not symmetric"
    values_of = [{value for value, _ in row} for row in rows]
    values_of += [{value + more for value in values_of[last]} for more in range(1, 2 * D + 1)]
    for value in set().union(*values_of[: last + 1]):
        if sum(value in values for values in values_of) < ORIGINS:
            yield f"fewer than {ORIGINS} true counts give {value}"


def _properties(true: int, row: Row) -> tuple[tuple[bool, str], ...]:
    """Each property of a row: whether it holds, and what is wrong if not."""
    values, weights = [value for value, _ in row], [weight for _, weight in row]
    mean, variance = (sum(w * (v - true) ** power for v, w in row) for power in (1, 2))
    return (
        (values == sorted(set(values)), "values are not in order, each once"),
        (sum(weights) == TOTAL, "the weights do not sum to 2³²"),
        (all(weight > 0 for weight in weights), "a weight is not positive"),
        (all(value >= 0 for value in values), "a value is below 0"),
        (all(abs(value - true) <= D for value in values), f"a noise is larger than {D}"),
        (not any(0 < value <= JS for value in values), f"a value is 1 to {JS}"),
        (mean == 0, "the mean of the noise is not 0"),
        (variance == (V * TOTAL if true else 0), f"the variance of the noise is not {V}"),
    )


TABLE = NoiseTable.read()
check(TABLE)


class Secret:
    """The 32 random bytes that every key is made with; whoever has them can take the noise away. Never printed."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        """Take 32 bytes.

        Raises:
            ValueError: not so many.
        """
        if len(raw) != _SECRET_BYTES:
            raise ValueError(f"A secret has {_SECRET_BYTES} bytes, not {len(raw)}.")
        self._raw = bytes(raw)

    @classmethod
    def new(cls) -> Self:
        """A new one."""
        return cls(secrets.token_bytes(_SECRET_BYTES))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` gave; white space around it is ignored.

        Raises:
            ValueError: the text is damaged; the message does not repeat it.
        """
        digits, _, checksum = text.strip().partition("-")
        if _SECRET_DIGITS.fullmatch(digits) and (secret := cls(bytes.fromhex(digits))).id == checksum:
            return secret
        raise ValueError("The secret is damaged: it is not 64 hexadecimal digits, a hyphen and their checksum.")

    def to_text(self) -> str:
        """The secret as it is kept: in hexadecimal, with `id` after it as a checksum."""
        return f"{self._raw.hex()}-{self.id}"

    @property
    def id(self) -> str:
        """Tells secrets apart without giving them away: safe to publish and to log."""
        return hashlib.sha256(b"dif-secret-id" + self._raw).hexdigest()[:16]

    def hashed(self, data: bytes) -> bytes:
        """SHA-256 of the secret and the data after it."""
        return hashlib.sha256(self._raw + data).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and secrets.compare_digest(self._raw, other._raw)

    def __hash__(self) -> int:
        return hash(self.id)

    def __repr__(self) -> str:
        return f"<Secret {self.id}>"


def record_hash(*fields: str) -> int:
    """The 64-bit hash of a record, stable over engines and versions: of what identifies it, as text without U+001F.

    In DuckDB, where no field is null: `('0x' || sha256(concat_ws(chr(31), …))[:16])::ubigint`.
    """
    return int.from_bytes(hashlib.sha256(_BETWEEN.join(fields).encode()).digest()[:_WORD], "big")


def digest(hashes: Iterable[int]) -> Digest:
    """The digest of a set of records, from the hash of each, once, in any order.

    In DuckDB: `bit_xor(hash)` and `(sum(hash) % 18446744073709551616::hugeint)::ubigint`.
    """
    return merge((record_hash, record_hash) for record_hash in hashes)


def merge(digests: Iterable[Digest]) -> Digest:
    """The digest of a set from those of parts that have no record in common, however it is parted."""
    either = total = 0
    for part, part_total in digests:
        either, total = either ^ part, (total + part_total) % _KEYS
    return either, total


def cell_key(secret: Secret, service: str, flow: str, digest: Digest, count: int) -> int:
    """The key of a cell, from 0 to below 2⁶⁴. It depends on what is counted and the set of records, never on a table.

    The count is part of it: a sender who chooses ids could find a set of them that leaves the digest as it was, and so
    read the same draw for two counts.

    Raises:
        OverflowError: the count, or a part of the digest, is below 0 or has more than 64 bits.
    """
    texts = (text.encode() for text in (service, flow))
    message = b"".join(len(text).to_bytes(4, "big") + text for text in texts)
    message += b"".join(part.to_bytes(_WORD, "big") for part in (*digest, count))
    return int.from_bytes(secret.hashed(message)[:_WORD], "big")


def published(count: int, key: int, unit: int = 1) -> int:
    """The published value for a true count: the count and the noise that the first 32 bits of its key draw.

    Args:
        count: the true count.
        key: of the cell.
        unit: about how much of the flow belongs to one case, an odd number. Where it is above 1, so many times the
            noise of a large count is drawn, and the last 32 bits of the key fill the gaps between: noise of single
            units would not hide a case that has twelve of them.

    Raises:
        ValueError: the count is below 0, the key is none of `cell_key`'s, or the unit is even or below 1.
    """
    if count < 0 or not 0 <= key < _KEYS:
        raise ValueError("A count is 0 or more, and a key has 64 bits.")
    if unit < 1 or unit % 2 == 0:
        raise ValueError("A unit is odd, so that the noise has mean 0.")
    draw, rest = divmod(key, TOTAL)
    if unit == 1:
        return TABLE.published(count, draw)
    large = len(TABLE.rows)
    return count + unit * (TABLE.published(large, draw) - large) + rest * unit // TOTAL - unit // 2


# ── Counts of rows, rounded where each row may be a person ────────────────────────────────────────────────────────────

ROWS: Final = 50
"""Counts are rounded up to a multiple of this, which hides even four dispatches with a dozen states each."""
BYTES: Final = 1 << 16
"""Sizes are rounded up to a multiple of this: a small batch's says how many rows it has."""


def rounded_up(number: int, step: int = ROWS) -> int:
    """Round up to the next multiple of a step; rows to the next fifty."""
    return -(-number // step) * step


def published_count(rows: int, apart: int) -> int:
    """A count of rows for publication: rounds `apart`, the rows that may be persons, up to the next fifty.

    The sum is not rounded: the number of other rows is known, and would bound a rounded sum.
    """
    return rows - apart + rounded_up(apart)
