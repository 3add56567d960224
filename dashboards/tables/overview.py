"""The table of what calls for a decision. Pure."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from dashboards import tables
from dashboards.findings.overview import address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.reports.board_page import Decision
    from dashboards.texts import Words


def decisions(found: Sequence[Decision], carried: Mapping[str, str], words: Words) -> str:
    """One row a matter: what, what is at stake, and a link to where it is looked into."""
    rows = []
    for one in found:
        mark = tables.marks([words("app.synthetic")] if one.synthetic else [])
        to = f'<a href="{escape(address(one, carried))}">{escape(words(f"overview.decide.to.{one.kind}"))}</a>'
        rows.append(f'<tr><th scope="row">{escape(one.what)}{mark}</th><td>{escape(one.stake)}</td><td>{to}</td></tr>')
    columns = [(words("board.decide.what"), False), (words("board.decide.stake"), False)]
    columns.append((words("overview.decide.where"), False))
    return tables.region(tables.table("dif-list", words("board.decide.caption"), columns, rows), words("table.region"))
