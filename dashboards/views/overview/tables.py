"""What calls for a decision and what changed most, each with its way to a page. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards.shared.board import tables as board_tables
from dashboards.shared.board.narrative import address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.shared.board.narrative import Decision, Movement
    from dashboards.words import Words


def decisions(found: Sequence[Decision], carried: Mapping[str, str], words: Words) -> str:
    """One row a matter: what, what is at stake, and a link to where it is looked into."""
    return board_tables.decisions(found, lambda one: _link(one, carried, words), words, kind="dif-list")


def movements(found: Sequence[Movement], carried: Mapping[str, str], words: Words) -> str:
    """A sentence each, and a link to where it is looked into; none where it is of no service."""
    told = (
        escape(movement.told) + (f" {_link(movement, carried, words)}" if movement.service else "")
        for movement in found
    )
    return f'<ul class="dif-listed">{"".join(f"<li>{one}</li>" for one in told)}</ul>'


def _link(one: Decision | Movement, carried: Mapping[str, str], words: Words) -> str:
    return f'<a href="{escape(address(one, carried))}">{escape(words(f"overview.decide.to.{one.kind}"))}</a>'
