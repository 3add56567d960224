"""Who looks at the pages, and what they may see."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from catalog.contracts import Audience

if TYPE_CHECKING:
    from transport.settings import Settings


class Role(Enum):
    """What somebody is to the shared services."""

    READER = "READER"
    NETWORK = "NETWORK"
    PRODUCT_OWNER = "PRODUCT_OWNER"
    ECONOMY = "ECONOMY"
    LEADERSHIP = "LEADERSHIP"
    DIF = "DIF"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who looks.

    Attributes:
        name: as the page shows it; empty when nobody logs in.
        roles: what they are.
        organisation: number of the organisation they act for; None where not known.
        networks: networks whose members' connections they may see; `*` is all.
        products: whose ledgers a product owner may see; `*` is all.
    """

    name: str
    roles: frozenset[Role]
    organisation: str | None = None
    networks: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()

    def may_read(self, audience: Audience) -> bool:
        """Whether files of that audience may be opened for them at all."""
        ledger = self.roles & {Role.ECONOMY, Role.LEADERSHIP, Role.PRODUCT_OWNER, Role.DIF}
        return audience is Audience.OPEN or (audience is Audience.LEDGER and bool(ledger))

    @property
    def key(self) -> str:
        """What answers are kept by, beside the release: two with equal keys may see the same."""
        parts = (sorted(one.value for one in self.roles), sorted(self.networks), sorted(self.products))
        return f"{parts}{self.organisation or ''}"


OPEN: Final = Visitor("", frozenset(Role), networks=frozenset({"*"}), products=frozenset({"*"}))
"""On a machine of one's own, where nobody logs in."""


def current(_settings: Settings) -> Visitor | None:
    """Who looks at this page now; None: not let in."""
    return OPEN
