"""A municipality and its services in words. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.shared import narrative
from dashboards.shared.narrative import Figure
from dashboards.words import formatting
from dashboards.words.change import Change, change_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from dashboards.release.query import Row
    from dashboards.shared.models import Standing
    from dashboards.words import Words


def answer(name: str, standings: Sequence[Standing], month: date, words: Words) -> str:
    """How many services the municipality has, and what waits."""
    observed = [service for service in standings if service.observed]
    waiting = [service.name for service in observed if service.standing in {"ANNEX_SIGNED", "CONFIGURED"}]
    text = words(
        "municipality.answer",
        name=name,
        n=sum(bool(service.active) for service in observed),
        all=len(observed),
        month=formatting.month(month, words.language),
    )
    if waiting:
        text += " " + words("municipality.answer.waiting", services=narrative.names(waiting, 3, words))
    text += latest(observed, month, words)
    return text + narrative.synthetic_sentence(words, synthetic=narrative.synthetic(observed))


def latest(rows: Sequence[Standing | Row], month: date, words: Words) -> str:
    """Of which services the last numbers are older than the month, a sentence per month; empty where of none."""
    services: dict[date, list[str]] = {}
    for name, of in sorted({(row.name, row.month) for row in rows if row.month and row.month != month}):
        services.setdefault(of, []).append(name)
    return "".join(
        " "
        + words(
            "stands.latest",
            services=formatting.listing(names, words.language),
            month=formatting.month(of, words.language),
        )
        for of, names in sorted(services.items(), reverse=True)
    )


def of_month(text: str, of: date | None, month: date, words: Words) -> str:
    """The text, with the month of its numbers where that is another than the page's: `aktivert (mai 2026)`."""
    if of is None or of == month:
        return text
    return words("municipality.of_month", text=text, month=formatting.month(of, words.language))


def area_answer(cells: Sequence[Row], place: str, month: date, words: Words) -> str:
    """Which municipality of the area has most services, and which fewest."""
    counts = active_by_municipality(cells)
    if not counts:
        return ""
    names = {cell.code: cell.municipality for cell in cells}
    most, fewest = max(counts.values()), min(counts.values())
    text = words(
        "municipality.area.answer",
        place=place,
        month=formatting.month(month, words.language),
        n=len(counts),
        most=most,
        most_names=narrative.names(
            sorted((names[code] for code, n in counts.items() if n == most), key=formatting.collated), 2, words
        ),
        fewest=fewest,
        fewest_names=narrative.names(
            sorted((names[code] for code, n in counts.items() if n == fewest), key=formatting.collated), 2, words
        ),
    )
    return (
        text + latest(cells, month, words) + narrative.synthetic_sentence(words, synthetic=narrative.synthetic(cells))
    )


def active_by_municipality(cells: Sequence[Row]) -> dict[str, int]:
    """How many services each municipality has, by code."""
    counts: dict[str, int] = {}
    for cell in cells:
        counts[cell.code] = counts.get(cell.code, 0) + cell.active
    return counts


def figures(standings: Sequence[Standing], use: Mapping[str, Row], month: date, words: Words) -> list[Figure]:
    """Services that the municipality has, those that similar ones have and it has not, and what it sent."""
    observed = [service for service in standings if service.observed]
    synthetic = narrative.synthetic(observed)
    active = sum(bool(service.active) for service in observed)
    ahead = [
        service.name
        for service in observed
        if not service.active and 2 * service.similar_active > service.similar_known
    ]
    shown = [
        Figure(
            words("municipality.figure.active"),
            words("municipality.n_of_m", n=active, m=len(observed)),
            words("municipality.figure.active.words", n=sum(service.month != month for service in standings)),
            synthetic,
            "services_in_use",
        ),
        Figure(
            words("municipality.figure.ahead"),
            formatting.number(len(ahead), words.language),
            narrative.names(ahead, 3, words) if ahead else words("municipality.figure.ahead.none"),
            synthetic,
            "uptake_steps",
        ),
    ]
    sent = [service for service in use.values() if service.measure == "forsendelser"]
    if any(service.quantity is not None for service in sent):
        # the services of both months: one that was used a year ago and is silent now counts too
        now, then = sum(service.quantity or 0 for service in sent), sum(service.year_before or 0 for service in sent)
        trend = sent[0].months if len(sent) == 1 else ()
        when = words("municipality.month_before")
        change = Change(then, now).since_month(when, words) if then else ""
        shown.append(
            Figure(
                words("municipality.figure.sent"),
                formatting.rounded(now, words.language),
                change or words("municipality.no_year"),
                narrative.synthetic(sent),
                "municipality_dispatches",
                trend,
            )
        )
    return shown


def step(standing: str, basis: str | None) -> str:
    """The step as the page tells it: where use is measured, activated alone is not in use."""
    return "ACTIVATED_UNUSED" if standing == "ACTIVATED" and basis == "USE" else standing


def standing(code: str | None, basis: str | None, words: Words) -> str:
    """The step in words; a service that nobody observed is unknown, never not in use."""
    if basis is None or code is None:
        return words("municipality.unknown")
    return words(f"municipality.standing.{step(code, basis)}")


def quantity(use: Row | None, words: Words) -> str:
    """The month's use with its unit, as `45 099 meldinger`; unknown is `..`."""
    if use is None or use.quantity is None:
        return formatting.MISSING
    n = formatting.number(use.quantity, words.language)
    return f"{n} {words.counted(use.measure, use.title, use.quantity)}"


def notes(standings: Sequence[Standing], use: Mapping[str, Row], month: date, as_of: datetime, words: Words) -> str:
    """Of which services the use is changed at random for privacy, and of which the month's use is not published yet."""
    used = [(row.name, use[row.service]) for row in standings if row.service in use]
    changed = [name for name, row in used if row.perturbed]
    later = [
        name for name, row in used if row.quantity is None and narrative.awaits(row.service, row.measure, month, as_of)
    ]
    sentences = []
    if later:
        named = formatting.listing(later, words.language)
        sentences.append(words("app.awaited.of", names=named, month=formatting.month(month, words.language)))
    if changed:
        sentences.append(words("app.perturbed.of", names=formatting.listing(changed, words.language)))
    return " ".join(sentences)


def change(use: Row | None, words: Words) -> str:
    """The change from the same month of the year before."""
    changed = change_of(use.year_before, use.quantity) if use else None
    return changed.signed(words) if changed else formatting.MISSING
