"""The table of what calls for a decision, with its way to each page. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards.findings.board import address
from dashboards.tables import board

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.findings.board import Decision
    from dashboards.texts import Words


def decisions(found: Sequence[Decision], carried: Mapping[str, str], words: Words) -> str:
    """One row a matter: what, what is at stake, and a link to where it is looked into."""

    def link(one: Decision) -> str:
        return f'<a href="{escape(address(one, carried))}">{escape(words(f"overview.decide.to.{one.kind}"))}</a>'

    return board.decisions(found, link, words, kind="dif-list")
