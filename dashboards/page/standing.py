"""How the municipality that a link carries stands with a service: what a page about the service says first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.page import filters
from dashboards.shared import narrative, queries
from dashboards.shared.models import STANDING
from dashboards.shared.pages import MUNICIPALITY
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.page.filters import Unknown
    from dashboards.release.query import Service
    from dashboards.shared.models import Standing
    from dashboards.shared.opening import View
    from dashboards.words import Words


def unknown(page: View) -> Sequence[Unknown]:
    """The municipality of the link, where it is none."""
    return filters.municipality(page, page.words("stands.nobody")).unknown


def sources(page: View) -> Sequence[str]:
    """The dataset that the sentence rests on; none where the page says none."""
    return [STANDING] if page.link.get(MUNICIPALITY) and STANDING in page.datasets else []


def before(answer: str, page: View, service: Service, month: date, *, synthetic: bool) -> str:
    """The page's answer after how the municipality of the link stands; the answer alone where the link has none.

    Args:
        answer: what the page says of the service.
        page: what the link asks.
        service: the service.
        month: the month that the page tells of.
        synthetic: the answer says at its end that its numbers are synthetic, which the sentence then need not.
    """
    municipality = filters.municipality(page, "")
    if not municipality.value or not sources(page):
        return answer
    standings = queries.standings(page, municipality.value, month)
    own = next((standing for standing in standings if standing.service == service.service), None)
    name = queries.municipalities(page)[municipality.value]
    sentence = in_words(name, service.name, own, month, page.words)
    marked = own is not None and own.synthetic and not synthetic
    mark = narrative.synthetic_sentence(page.words, synthetic=marked)
    return f"{sentence}{mark} {answer}".strip()


def in_words(name: str, service: str, own: Standing | None, month: date, words: Words) -> str:
    """Whether a municipality has a service and since when, or the step it was at; what no source tells is unknown."""
    latest = month if own is None or own.month is None else own.month
    when = formatting.month(latest, words.language)
    if own is None or not own.observed or own.standing is None:
        return words("stands.unknown", name=name, service=service, month=when)
    since = words("stands.undated")
    if own.since is not None:
        key = "stands.no_later" if own.no_later else "stands.since"
        since = words(key, month=formatting.month(own.since, words.language))
    idle = own.standing == "ACTIVATED" and not own.active
    step = "IDLE" if idle else own.standing
    sentence = words(f"stands.{step}", name=name, service=service, since=since, month=when)
    if latest == month or step not in _UNDATED:
        return sentence
    return f"{sentence} {words('stands.latest', services=service, month=when)}"


_UNDATED: Final = {"IN_USE", "ACTIVATED", "SUSPENDED", "TERMINATED"}
"""Steps whose sentence does not say of which month the numbers are."""
