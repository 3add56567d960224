"""What a network's report says of its uptake in a month, in words and key figures. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dashboards.shared.narrative import (
    Figure,
    a_year_before,
    basis,
    names,
    short,
    synthetic,
    synthetic_note,
    synthetic_sentence,
)
from dashboards.views.uptake.models import share_of
from dashboards.views.uptake.narrative import declined
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.views.uptake.models import Supplier
    from dashboards.views.uptake.network import NetworkFacts, Standing
    from dashboards.words import Words

_NAMES_SHOWN: Final = 8


def answer(facts: NetworkFacts, words: Words) -> str:
    """The report in one sentence."""
    name = short(facts.network.name)
    if not facts.standings:
        return words("report.empty", network=name)
    waiting = sum(standing.waiting or 0 for standing in facts.standings)
    text = words(
        f"report.answer{'.waiting' if waiting else ''}{'.one' if waiting == 1 else ''}",
        members=len(facts.members),
        network=name,
        active=sum(standing.active for standing in facts.standings),
        possible=sum(standing.members for standing in facts.standings),
        basis=basis(facts.standings, words),
        waiting=waiting,
    )
    return text + synthetic_sentence(words, synthetic=synthetic(facts.standings))


def figures(facts: NetworkFacts, words: Words) -> list[Figure]:
    """The report's key figures: services in use, share against the country, waiting, calls, declined."""
    services = []
    if facts.standings:
        services = _figures_of_services(facts.standings, words)
    first = sum(call.priority == 1 for call in facts.calls)
    said_no = sum(row.rows_declined for row in facts.declined)
    return [
        *services,
        Figure(
            words("report.figure.calls"),
            formatting.number(len(facts.calls), words.language),
            words("report.figure.calls.words", n=first),
            synthetic(facts.calls),
            "call_list",
        ),
        Figure(
            words("report.figure.declined"),
            formatting.number(said_no, words.language),
            words("report.figure.declined.words"),
            synthetic(facts.declined),
            "declined",
        ),
    ]


def _figures_of_services(standings: Sequence[Standing], words: Words) -> list[Figure]:
    made_up = synthetic(standings)
    active, possible = (sum(getattr(standing, name) for standing in standings) for name in ("active", "members"))
    country = share_of(sum(x.country_active for x in standings), sum(x.country_municipalities for x in standings))
    counts = [standing.waiting for standing in standings if standing.waiting is not None]
    waiting = Figure(
        words("report.figure.waiting"),
        formatting.number(sum(counts), words.language) if counts else formatting.MISSING,
        words("report.figure.waiting.words" if counts else "report.figure.waiting.unknown"),
        made_up and bool(counts),
        "annex_without_use",
    )
    share = words("report.figure.share.words", share=formatting.percent(country, words.language))
    return [
        Figure(
            words("report.figure.active", basis=basis(standings, words)),
            words("uptake.n_of_m", n=active, m=possible),
            a_year_before(standings, words),
            made_up,
            "services_in_use",
        ),
        Figure(
            words("report.figure.share"),
            formatting.percent(share_of(active, possible), words.language),
            share,
            made_up,
            "services_in_use",
        ),
        waiting,
    ]


def furthest_behind(standings: Sequence[Standing]) -> list[Standing]:
    """The services by how far they trail the country, furthest first."""
    return sorted(standings, key=lambda standing: (standing.share - standing.country, standing.name))


def services_title(standings: Sequence[Standing], words: Words) -> str:
    """The service that trails the country the most, as a claim."""
    behind = furthest_behind(standings)[0]
    if behind.share >= behind.country:
        return words("report.services.title.none")
    share, country = (formatting.percent(part, words.language) for part in (behind.share, behind.country))
    text = words("report.services.title", service=behind.name, share=share, country=country)
    return text + synthetic_note(words, synthetic=behind.synthetic)


def next_suppliers(suppliers: Sequence[Supplier], words: Words) -> str:
    """Whom to call after the first supplier; empty if there is no other."""
    listed = [words("report.suppliers.one", supplier=x.name, n=x.waiting, service=x.service_name) for x in suppliers]
    return words("report.suppliers.next", listed=formatting.listing(listed, words.language)) if listed else ""


def be_aware(facts: NetworkFacts, words: Words) -> list[str]:
    """What the reader must know beyond the numbers: who declined, and which deliveries are missing."""
    sentences = [declined(facts.declined, words)]
    if facts.lacking:
        who = sorted(facts.members.get(row.municipality_code, row.municipality_code) for row in facts.lacking)
        lacking = words(
            "report.lacking",
            n=len(who),
            noun=words.municipalities(len(who)),
            day=formatting.day(max(row.missing_to for row in facts.lacking), words.language),
            names=names(who, _NAMES_SHOWN, words),
        )
        sentences.append(lacking + synthetic_sentence(words, synthetic=synthetic(facts.lacking)))
    elif facts.lacking is not None:
        sentences.append(words("report.lacking.none"))
    if facts.network.unsure:
        sentences.append(words("report.certainty"))
    return sentences
