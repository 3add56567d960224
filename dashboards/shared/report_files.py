"""The addresses at which the pages' server makes reports of networks (with a form), products and municipalities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from dashboards.shared.pages import LANGUAGE, MONTH, RELEASE

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = "/filer/nettverk/"
"""Within the address of what pages deliver, so that only visitors who are let in get through to it."""
OF_PRODUCTS: Final = "/filer/produkt/"
"""The same for the reports of products."""
OF_MUNICIPALITIES: Final = "/filer/kommune/"
"""The same for the reports of municipalities."""
KINDS: Final[Mapping[str, str]] = {"report": "rapport", "form": "skjema"}
"""What is made, and the first part of its address's last name."""


def address(kind: str, network: str, release: str, language: str) -> str:
    """Where a network's report or form of a release is made."""
    return _address(FOLDER, kind, network, {RELEASE: release, LANGUAGE: language})


def of_municipality(code: str, release: str, language: str) -> str:
    """Where a municipality's report of a release is made."""
    return _address(OF_MUNICIPALITIES, "report", code, {RELEASE: release, LANGUAGE: language})


def of_product(service: str, release: str, month: str, language: str) -> str:
    """Where a product's report of a month, `2026-05`, is made."""
    return _address(OF_PRODUCTS, "report", service, {RELEASE: release, MONTH: month, LANGUAGE: language})


def _address(folder: str, kind: str, of: str, parameters: Mapping[str, str]) -> str:
    return f"{folder}{KINDS[kind]}-{quote(of, safe='')}?{urlencode(parameters)}"
