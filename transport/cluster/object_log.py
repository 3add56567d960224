"""A text on object storage to which several machines append: objects named by their offset, each created once.

Of two writers who have read to the same offset, one is first, and the other reads on.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from obstore import exceptions

from catalog.errors import Damaged
from transport.cluster.object_store import Store, asking, at_once

_WRITER = "writer"
"""Attribute of an object that identifies its writer, in case the answer to its put is lost."""
_TOGETHER = 8


class ObjectLog:
    """The pieces of one text. When `create` returns, its piece is durable.

    Raises (from every request to the store):
        TryAgain: it could not be reached, was too slow or failed.
        SharingError: it refuses our keys, or the bucket does not exist.
    """

    def __init__(self, store: Store, folder: str) -> None:
        """Send no request yet.

        Args:
            store: of the landing.
            folder: of the pieces, such as `journal`.
        """
        self.store = store
        self.folder = folder

    def listed(self, since: int) -> list[tuple[int, int]]:
        """Offset and length of each piece that begins at `since` or later."""
        after = self._name(since - 1) if since else None
        with asking("The landing"):
            metas = [o for chunk in self.store.list(f"{self.folder}/", offset=after) for o in chunk]
        matches = (re.fullmatch(rf"{self.folder}/(\d{{20}})", o["path"]) for o in metas)
        return [(int(match[1]), o["size"]) for match, o in zip(matches, metas, strict=True) if match]

    def end_of(self, pieces: Iterable[tuple[int, int]], begin: int) -> int:
        """The offset at which these pieces end.

        Raises:
            Damaged: one is missing after `begin`, or its length does not fit the next one's name.
        """
        end = begin
        for at, size in pieces:
            if not size:
                raise Damaged(
                    f"A piece of the {self.folder} is empty, at {at}.",
                    "Bring the object back from an earlier version of the bucket.",
                )
            if at != end:
                missing = f"The {self.folder} has nothing at {end}, but continues at {at}." if at > end else ""
                raise Damaged(
                    missing or f"Two pieces of the {self.folder} overlap at {at}.",
                    "Bring the object back from an earlier version of the bucket, or `dif restore` from a backup.",
                )
            end = at + size
        return end

    def fetched(self, places: Sequence[int]) -> list[bytes]:
        """The pieces at these offsets, several at a time."""
        if not places:
            return []
        with asking("The landing"), ThreadPoolExecutor(min(_TOGETHER, len(places))) as pool:
            return list(pool.map(lambda at: bytes(self.store.get(self._name(at)).bytes()), places))

    def read(self, since: int, last: int | None = None) -> tuple[bytes, int | None]:
        """The text from the beginning of a piece on, and where its last piece begins.

        Args:
            since: where a piece begins.
            last: where the piece before that begins, if the caller knows: it must still be there.

        Raises:
            Damaged: a piece is missing, or its length does not fit the next one's name.
        """
        pieces = self.listed(since if last is None else last)
        if last is not None and pieces[:1] != [(last, since - last)]:
            raise Damaged(
                f"The {self.folder} became shorter while it was in use.",
                "Stop whatever writes to the landing; restore its objects from an earlier version of the bucket.",
            )
        pieces = pieces if last is None else pieces[1:]
        self.end_of(pieces, since)
        return b"".join(self.fetched([at for at, _ in pieces])), pieces[-1][0] if pieces else last

    def create(self, at: int, text: bytes) -> bool:
        """Create the piece that begins at `at`; False if there is one: somebody was first."""
        writer = uuid.uuid4().hex
        with asking("The landing"):
            try:
                self.store.put(self._name(at), text, mode="create", attributes={_WRITER: writer})
            except exceptions.AlreadyExistsError:
                # the library repeats a put whose answer got lost, and then finds its own object
                try:
                    return self.store.get(self._name(at)).attributes.get(_WRITER) == writer
                except FileNotFoundError:
                    raise at_once("The landing") from None
        return True

    def _name(self, at: int) -> str:
        return f"{self.folder}/{at:020}"
