"""Half a page for everybody: which numbers are changed at random before they are shown, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from catalog import facts
from catalog.tables.usage import DISPATCHES, MEASURE_MONTH
from dashboards.page import filters, layout
from dashboards.shared.pages import DATASET, address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.page.layout import Page
    from dashboards.words import Words

ANCHOR: Final = "endrede-tall"
_PARTS: Final = ("what", "how", "when", "connections", "open")


def show(page: Page) -> None:
    """The heading and the text."""
    layout.header(page.words("protection.title"), anchor=ANCHOR)
    text(page)


def text(page: Page) -> None:
    """The text alone, for a page that has its own heading or folds it."""
    st.markdown("\n\n".join(paragraphs(page.words, layout.carried(page))))


def paragraphs(words: Words, kept: Mapping[str, str]) -> list[str]:
    """The text, with a list of the services.

    Args:
        words: the texts.
        kept: the parameters that links keep.
    """
    names = {row["service"]: row["name_nb"] for row in facts.read("product")}
    measures = {row["measure"]: row[f"title_{words.language}"].lower() for row in facts.read("measure")}
    measures[DISPATCHES] = words("usage.dispatches")
    listed = "\n".join(
        "- "
        + words(
            "protection.service",
            name=names[row["service"]],
            reason=row[f"reason_{words.language}"],
            flow=measures[row["leading_flow"]],
        )
        for row in facts.read("protected_service")
    )
    data = address("data") + filters.link(kept, {DATASET: MEASURE_MONTH.name})
    paragraphs_after = [words(f"protection.{name}") for name in _PARTS]
    return [words("protection.why"), listed, *paragraphs_after, words("protection.more", data=data)]
