"""What a link chooses on an organisation's page. The page and its panels ask alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboards.page import filters
from dashboards.page.filters import MONTH, ORGANISATION
from dashboards.shared.pages import MUNICIPALITY
from dashboards.views.organisation import queries
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboards.page.filters import Filter
    from dashboards.release.query import QueryResult, Row
    from dashboards.shared.opening import View


@dataclass(frozen=True, slots=True)
class Chosen:
    """An organisation and a month of its invoice basis.

    Attributes:
        organisation: its number; empty if the visitor may see none.
        names: those that may be chosen, by number.
        months: what it pays by month, as asked.
        paid: the same as values.
        month: None where the basis has nothing of the organisation.
        whose, when: the filters.
    """

    organisation: str
    names: Mapping[str, str]
    months: QueryResult | None
    paid: Sequence[Row]
    month: date | None
    whose: Filter
    when: Filter

    @property
    def name(self) -> str:
        """The organisation's name."""
        return self.names[self.organisation]


def chosen(page: View) -> Chosen:
    """What the link chooses: an organisation by its number, else the visitor's own, else that of its municipality."""
    names, link = queries.organisations(page), page.link
    own = page.visitor.organisation or (
        queries.of_municipality(page, link[MUNICIPALITY]) if MUNICIPALITY in link else None
    )
    whose = filters.single_choice(ORGANISATION, link, names, own if own in names else None, forgets=[MONTH])
    answer, paid = queries.months(page, whose.value) if whose.value else (None, [])
    labels = {filters.month_value(one.month): formatting.month(one.month, page.words.language) for one in paid[::-1]}
    when = filters.single_choice(MONTH, page.link, labels)
    month = next((one.month for one in paid if filters.month_value(one.month) == when.value), None)
    return Chosen(whose.value, names, answer, paid, month, whose, when)
