"""Signed links to the files of a table: a link gives access to one file until it expires.

A link is signed for a recipient, and ends with the recipient's token: a revocation ends it at once. The key is private
to the home, in `access/share-link-key`; servers on several machines need the same.

Source: RFC 2104 (HMAC).
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from catalog.errors import Forbidden
from transport.auth.files import private_key
from transport.auth.signing import is_signature, signature
from transport.base.settings import Settings

SECONDS: Final = 3600
"""How long a link can be used."""
KEY: Final = "share-link-key"
_READ: Final = "r"
"""The signed permission (`sp`) of a link. Delta's kernel tells by a name like this that a URL is signed, and else looks
for the file on its own disk."""
_AGAIN: Final = "Query the table again for new links."


@dataclass(frozen=True, slots=True)
class Link:
    """The target of a link, and when it expires.

    Attributes:
        recipient: the id of the token that it was signed for.
        release: the release, by name.
        share: the share, by name.
        dataset: the dataset, by name.
        part: the file of the dataset: its month, its year, or `all`.
        expires: in seconds since 1970.
    """

    recipient: str
    release: str
    share: str
    dataset: str
    part: str
    expires: int

    def path(self, key: bytes) -> str:
        """Path and query of the link, from `files/` on."""
        names = "/".join(quote(name, safe="") for name in (self.release, self.share, self.dataset))
        parameters = {
            "recipient": self.recipient,
            "expires": self.expires,
            "sp": _READ,
            "signature": signature(key, *self._fields()),
        }
        return f"files/{names}/{quote(self.part, safe='')}.parquet?{urlencode(parameters)}"

    def _fields(self) -> tuple[str, ...]:
        return self.recipient, self.release, self.share, self.dataset, self.part, str(self.expires)

    @classmethod
    def opened(cls, names: tuple[str, ...], query: Mapping[str, str], key: bytes) -> Link:
        """The link of a call, if it is one of ours and still holds.

        Args:
            names: release, share, dataset and file of the path.
            query: of the call.
            key: as it was signed with.

        Raises:
            Forbidden: it is changed, incomplete or expired.
        """
        release, share, dataset, file = names
        expires = query.get("expires", "")
        whole = file.endswith(".parquet") and query.get("sp") == _READ
        whole = whole and expires.isascii() and expires.isdigit() and len(expires) <= len("9" * 12)
        link = cls(
            query.get("recipient", ""),
            release,
            share,
            dataset,
            file.removesuffix(".parquet"),
            int(expires) if whole else 0,
        )
        if not whole or not is_signature(query.get("signature", ""), key, *link._fields()):
            raise Forbidden("The link is incomplete or has been changed.", _AGAIN)
        if link.expires <= time.time():
            raise Forbidden("The link has expired.", _AGAIN)
        return link


def link_key(settings: Settings) -> bytes:
    """The key that links are signed with; made when there is none.

    Raises:
        WrongUse: the file is readable by others or too short, or cannot be made.
    """
    return private_key(settings.home / "access" / KEY)
