"""The pages: their addresses and audiences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from catalog.contracts.language import Audience

if TYPE_CHECKING:
    from collections.abc import Collection

    from dashboards.release.authorization import Visitor

SETTINGS_KEY: Final = "dif"
"""The Streamlit secret by which `serve` passes settings to pages: `{"home": …, "contact": …, "map_geometry": …}`."""
SERVICE: Final = "tjeneste"
"""The link parameter for the service, on every page that shows one at a time."""
MUNICIPALITY: Final = "kommune"
AREA: Final = "omrade"
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
SUBSCRIBE: Final = "/abonner"
"""The address of the form for mail, which takes the parameters of a service, an area, a municipality and a language."""
VIEWS: Final = Path(__file__).parent.parent / "views"


@dataclass(frozen=True, slots=True)
class PageAt:
    """A page: `views/<key>/`, titled `<key>.title` in its texts.

    A page `<key>.<part>` is a part of the page `<key>`: it lies in that page's folder, is linked to from it, and is not
    in the menu.

    Attributes:
        key: its name in the code.
        path: its address, after the slash. The first page is also what `/` shows.
        audience: what a visitor must be allowed to read to see it.
        numbers: the datasets behind most of its numbers; none for a page about the platform itself.
    """

    key: str
    path: str
    audience: Audience = Audience.OPEN
    numbers: tuple[str, ...] = ()

    @property
    def view(self) -> Path:
        """The page's script."""
        return VIEWS.joinpath(*self.key.split("."), "page.py")

    @property
    def in_menu(self) -> bool:
        """Whether the menu has it, for those who may see it."""
        return "." not in self.key


_USE: Final = ("usage.dispatch_month", "usage.measure_total_month")
_UPTAKE: Final = "uptake.funnel"
_LEDGER: Final = "ledger.product_month"
PAGES: Final = (
    PageAt("overview", "oversikt", numbers=(*_USE, _UPTAKE, _LEDGER)),
    PageAt("municipality", "kommune", numbers=(*_USE, _UPTAKE)),
    PageAt("usage", "bruk", numbers=_USE),
    PageAt("uptake", "utbredelse", numbers=(_UPTAKE,)),
    PageAt("service", "tjeneste", numbers=(*_USE, _UPTAKE)),
    PageAt("accounts", "produktregnskap", Audience.LEDGER, (_LEDGER,)),
    PageAt("accounts.result", "produktregnskap-resultat", Audience.LEDGER, (_LEDGER,)),
    PageAt("accounts.pricing", "produktregnskap-pris", Audience.LEDGER, (_LEDGER,)),
    PageAt("accounts.customers", "produktregnskap-kunder", Audience.LEDGER, (_LEDGER,)),
    PageAt("accounts.loans", "produktregnskap-lan-og-avstemming", Audience.LEDGER, (_LEDGER,)),
    PageAt("organisation", "min", Audience.OWN, (_LEDGER,)),
    PageAt("data", "data"),
    PageAt("definitions", "definisjoner"),
    PageAt("about", "om"),
)


def shown_to(visitor: Visitor) -> tuple[PageAt, ...]:
    """The pages that the visitor may see."""
    return tuple(page for page in PAGES if visitor.may_read(page.audience))


def marks(page: PageAt, real: Collection[str]) -> bool:
    """Whether the page marks synthetic numbers one by one: some of its numbers are real, or it shows no numbers.

    Args:
        page: the page.
        real: the datasets of the release that have real rows.
    """
    return not page.numbers or any(dataset in real for dataset in page.numbers)


def address(key: str) -> str:
    """The path of a page, for links."""
    return next((f"/{page.path}" for page in PAGES if page.key == key), "/")


def has(key: str) -> bool:
    """There is a page with that key."""
    return any(page.key == key for page in PAGES)
