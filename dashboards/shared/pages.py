"""The pages: their addresses and audiences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from catalog.contracts.language import Audience

if TYPE_CHECKING:
    from dashboards.release.authorization import Visitor

SETTINGS_KEY: Final = "dif"
"""The Streamlit secret by which `serve` passes settings to pages: `{"home": …, "contact": …, "map_geometry": …}`."""
SERVICE: Final = "tjeneste"
"""The link parameter for the service, on every page that shows one at a time."""
MONTH: Final = "maned"
YEAR: Final = "ar"
QUARTER: Final = "kvartal"
ORGANISATION: Final = "organisasjon"
STREAM: Final = "strom"
DATASET: Final = "datasett"
"""Link parameters that choose what a page shows, on the pages that have them."""
RELEASE: Final = "utgave"
LANGUAGE: Final = "lang"
"""Link parameters that follow from page to page."""
VIEWS: Final = Path(__file__).parent.parent / "views"


@dataclass(frozen=True, slots=True)
class PageAt:
    """A page: `views/<key>/`, titled `<key>.title` in its texts.

    Attributes:
        key: its name in the code.
        path: its address, after the slash. The first page is also what `/` shows.
        audience: what a visitor must be allowed to read to see it.
    """

    key: str
    path: str
    audience: Audience = Audience.OPEN

    @property
    def view(self) -> Path:
        """The page's script."""
        return VIEWS / self.key / "page.py"


PAGES: Final = (
    PageAt("overview", "oversikt"),
    PageAt("usage", "bruk"),
    PageAt("uptake", "utbredelse"),
    PageAt("service", "tjeneste"),
    PageAt("accounts", "produktregnskap", Audience.LEDGER),
    PageAt("organisation", "min", Audience.OWN),
    PageAt("data", "data"),
    PageAt("definitions", "definisjoner"),
    PageAt("about", "om"),
)


def shown_to(visitor: Visitor) -> tuple[PageAt, ...]:
    """The pages that the visitor may see."""
    return tuple(page for page in PAGES if visitor.may_read(page.audience))


def address(key: str) -> str:
    """The path of a page, for links."""
    return next((f"/{page.path}" for page in PAGES if page.key == key), "/")


def has(key: str) -> bool:
    """There is a page with that key."""
    return any(page.key == key for page in PAGES)
