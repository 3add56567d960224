"""The first words of a product's page: its name, its use and its uptake; or those of two. No Streamlit call."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboards.page import standing
from dashboards.shared.narrative import synthetic
from dashboards.shared.opening import Opening
from dashboards.views.service import narrative, queries
from dashboards.views.service.chosen import choice, month_of
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.release.query import Row, Service
    from dashboards.shared.ledger.models import Use
    from dashboards.shared.narrative import Figure
    from dashboards.shared.opening import View
    from dashboards.words import Words


@dataclass(frozen=True, slots=True)
class Facts:
    """What a product's first words rest on.

    Attributes:
        customers: by month, newest first.
        supports: of every service.
    """

    service: Service
    month: date
    use: Use | None
    customers: Sequence[Row]
    supports: Sequence[Row]

    def answer(self, page: View, words: Words) -> str:
        """How the municipality of the link stands with the product, how much it is used, and by how many."""
        said = narrative.answer(self.use, self.customers, self.service.name, words)
        view = replace(page, words=words)
        return standing.before(said, view, self.service, self.month, synthetic=self.synthetic)

    @property
    def synthetic(self) -> bool:
        """The simulator made some of it."""
        return synthetic([*(self.use.rows if self.use else []), *self.customers[:1]])

    @property
    def perturbed(self) -> bool:
        """Its figures are changed at random for privacy."""
        supports = any(support.perturbed for support in self.supports if support.service == self.service.service)
        return supports or (self.use is not None and self.use.perturbed)

    def figures(self, words: Words) -> list[Figure]:
        """Customers, use and support requests."""
        return [
            narrative.customers_figure(self.customers, self.month, words),
            narrative.use_figure(self.use, words),
            narrative.support_figure(self.supports, self.service.service, words),
        ]


def facts(page: View, service: Service) -> Facts:
    """What a product's first words rest on."""
    month, key = month_of(page), service.service
    supports = queries.support(page, month)[1]
    return Facts(service, month, queries.use(page, key, month), queries.customers(page, key, month), supports)


def title(page: View) -> str:
    """The product's name; two names where two are compared."""
    link = choice(page)
    if link.beside is None:
        return str(link.service.name)
    return page.words("service.compare.title", one=link.service.name, other=link.beside.name)


def opening(page: View) -> Opening:
    """The product's name, use and uptake; of two, without key figures, which stand side by side."""
    link, words = choice(page), page.words
    one = facts(page, link.service)
    if link.beside is None:
        note = words("app.perturbed") if one.perturbed else ""
        return Opening(one.answer(page, words), one.figures(words), title=title(page), note=note)
    other = facts(page, link.beside)
    once = replace(words, marks=False)  # both are synthetic, or neither: the second says it for both
    alike = one.synthetic == other.synthetic
    first = one.answer(page, once if alike else words)
    changed = [each.service.name for each in (one, other) if each.perturbed]
    note = words("app.perturbed.of", names=formatting.listing(changed, words.language)) if changed else ""
    return Opening(
        words("service.compare.answer", one=first, other=other.answer(page, words)), title=title(page), note=note
    )
