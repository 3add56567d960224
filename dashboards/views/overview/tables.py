"""What calls for a decision and what changed most, each linked to a page. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards.shared.board import tables as board_tables
from dashboards.shared.board.narrative import address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.shared.board.narrative import Decision, Movement
    from dashboards.words import Words


def decisions(matters: Sequence[Decision], month: date, carried: Mapping[str, str], words: Words) -> str:
    """One row per matter: what, what is at stake, and a link to the page that covers it."""
    return board_tables.decisions(
        matters, month, lambda matter: _link(matter, carried, words), words, kind="dif-list dif-decide"
    )


def movements(moves: Sequence[Movement], sentences: Sequence[str], carried: Mapping[str, str], words: Words) -> str:
    """One sentence per movement, linked to the page that covers it; no link unless it concerns a service."""
    lines = (
        escape(sentence) + (f" {_link(movement, carried, words)}" if movement.service else "")
        for movement, sentence in zip(moves, sentences, strict=True)
    )
    return f'<ul class="dif-listed">{"".join(f"<li>{line}</li>" for line in lines)}</ul>'


def _link(subject: Decision | Movement, carried: Mapping[str, str], words: Words) -> str:
    return f'<a href="{escape(address(subject, carried))}">{escape(words(f"overview.decide.to.{subject.kind}"))}</a>'
