"""The numbers of uptake in words. Pure: answers in, sentences and figures out.

Only this module decides what a number may be called: `EVENT` is «aktivert», never «i bruk»; a step that no source
reports is inferred; an unobserved month is never compared with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.domain.calendar import year_before
from dashboards.shared.narrative import (
    MONTHS_OF_A_YEAR,
    Figure,
    Gap,
    ends_early,
    is_useful,
    missed,
    months_between,
    past,
    previous_month,
    short,
    stretches,
    synthetic_note,
    synthetic_sentence,
    useless,
)
from dashboards.views.uptake.models import Answer, share_of
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from dashboards.release.query import Area, Row
    from dashboards.views.uptake.models import Supplier
    from dashboards.words import Words


MONTHS_FOR_A_FORECAST: Final = 8
"""As in `uptake.forecast`: no forecast with fewer known months."""
LATEST_FOR_A_FORECAST: Final = 2
"""How many months late the last known one may be."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step from agreement to use. No count: it is not measured. `inferred`: no source reports it."""

    label: str
    count: int | None
    inferred: bool = False
    note: str = ""


def earlier(history: Sequence[Row]) -> Row | None:
    """The row that the newest row of `history` is compared with, of the same basis: use and events do not compare.

    The same month of the previous year; if unobserved, the last observed month before it; if there is none, the first
    observed month. None: the newest row is the only one of its basis.
    """
    now = history[0]
    before = [funnel for funnel in history[1:] if funnel.active_basis == now.active_basis]
    year_ago = year_before(now.month)
    return next((funnel for funnel in before if funnel.month <= year_ago), before[-1] if before else None)


def _change(now: int, then: int, month: date, words: Words) -> str:
    n, text = now - then, formatting.month(month, words.language)
    if n == 0:
        return words("uptake.change.same", month=text)
    return words("uptake.change.more" if n > 0 else "uptake.change.fewer", n=abs(n), month=text)


def _incomparable(history: Sequence[Row], words: Words) -> str:
    """Why the newest row has no month to compare with, in words; empty where there is no other month."""
    if len(history) == 1:
        return ""
    last = history[1]
    return words(f"uptake.change.other.{last.active_basis}", month=formatting.month(last.month, words.language))


def _gap(history: Sequence[Row], then: Row, words: Words) -> str:
    """Why the newest row is compared with a month more than a year earlier; empty where it is not."""
    now = history[0]
    if months_between(then.month, now.month) <= MONTHS_OF_A_YEAR:
        return ""
    passed = any(
        funnel.month > then.month and months_between(funnel.month, now.month) >= MONTHS_OF_A_YEAR
        for funnel in history[1:]
    )
    return words("uptake.change.gap.basis" if passed else "uptake.change.gap")


def _of_other_lists(lists: Sequence[Row], then: date, now: date) -> bool:
    """Whether no source that observed the one month observed the other: then their difference is estimated."""
    before, after = (
        {
            source_list.source
            for source_list in lists
            if source_list.observed_from <= month <= (source_list.observed_to or month)
        }
        for month in (then, now)
    )
    return bool(before and after) and before.isdisjoint(after)


def answer(history: Sequence[Row], service: str, area: str, words: Words, lists: Sequence[Row] = ()) -> str:
    """The page's answer: how many have the service, the change, and their share of the population.

    Args:
        history: observed months, newest first; the first is the one shown.
        service: its name.
        area: its name, as it stands in a sentence.
        words: the texts.
        lists: who observed the service when; a change from one source to another is marked.
    """
    now, then = history[0], earlier(history)
    text = words(
        f"uptake.answer.{now.active_basis}",
        active=now.active,
        all=now.municipalities,
        noun=words.municipalities(now.municipalities),
        area=area,
        service=service,
        month=formatting.month(now.month, words.language),
    )
    change = _incomparable(history, words) if then is None else _change(now.active, then.active, then.month, words)
    gap = "" if then is None else _gap(history, then, words)
    if then is not None and _of_other_lists(lists, then.month, now.month):
        gap += words("uptake.change.list")
    compared = f" {words('uptake.change.sentence', change=change, gap=gap)}" if change else ""
    share = words("uptake.answer.share", share=part_of(now.share_of_population, words))
    return f"{text}{compared} {share}{synthetic_sentence(words, synthetic=now.synthetic)}"


def part_of(share: Decimal, words: Words) -> str:
    """A share as a whole per cent, that is all of it or none of it only where it is."""
    if 0 < share < _LEAST:
        return words("uptake.share.under")
    return words("uptake.share.over") if 1 - _LEAST <= share < 1 else formatting.percent(share, words.language)


_LEAST: Final = Decimal("0.005")
"""A smaller part of the inhabitants would be written as 0 %, and the others as 100 %."""


def figures(
    history: Sequence[Row],
    registered: Collection[str],
    left: Row,
    words: Words,
    lists: Sequence[Row] = (),
) -> list[Figure]:
    """The key figures of a service in an area.

    Args:
        history: observed months, newest first; the first is the one shown.
        registered: steps that a source reports for the service.
        left: the municipalities without the service.
        words: the texts.
        lists: as of `answer`.
    """
    now, then = history[0], earlier(history)
    language = words.language
    change = points = _incomparable(history, words) or words("uptake.change.first")
    if then is not None:
        difference = (now.share_of_population - then.share_of_population) * 100
        sign, written = "+" if difference > 0 else "", formatting.tenths(difference, language)
        points = words(
            "uptake.figure.share.points" if round(difference, 1) else "uptake.figure.share.same",
            points=f"{sign}{written}",
            month=formatting.month(then.month, language),
        )
        change = _change(now.active, then.active, then.month, words)
        if _of_other_lists(lists, then.month, now.month):
            change, points = (words("uptake.figure.estimated", change=text) for text in (change, points))
    alike = {funnel.month: funnel for funnel in history if funnel.active_basis == now.active_basis}
    trend = [alike.get(month) for month in _last_months(now.month)]
    key_figures = [
        Figure(
            words(f"uptake.figure.active.{now.active_basis}"),
            words("uptake.n_of_m", n=now.active, m=now.municipalities),
            change,
            metric="municipalities_active",
            trend=[funnel.active if funnel else None for funnel in trend],
        ),
        Figure(
            words("uptake.figure.share"),
            part_of(now.share_of_population, words),
            points,
            metric="population_share_active",
            trend=[funnel.share_of_population if funnel else None for funnel in trend],
        ),
        Figure(
            words("uptake.figure.left"),
            formatting.number(now.municipalities - now.active, language),
            _people(left, now.month.year, words),
            metric="municipalities_left",
        ),
        _waiting(now, registered, words),
    ]
    return [replace(figure, synthetic=now.synthetic) for figure in key_figures]


def _last_months(month: date) -> list[date]:
    """The months of two years up to this one."""
    months = [month]
    while len(months) < 2 * MONTHS_OF_A_YEAR:
        months.insert(0, previous_month(months[0]))
    return months


def _people(left: Row, year: int, words: Words) -> str:
    """How many people live where the service is missing, and how many municipalities have no population count."""
    clauses = []
    if left.inhabitants is not None or not left.municipalities:
        clauses.append(words("uptake.figure.left.words", n=left.inhabitants or 0, year=str(left.year or year)))
    if left.uncounted:
        noun = words.municipalities(left.uncounted)
        clauses.append(words("uptake.figure.left.unknown", n=left.uncounted, noun=noun))
    return "; ".join(clauses)


def _waiting(now: Row, registered: Collection[str], words: Words) -> Figure:
    label = words("uptake.figure.waiting" if now.active_basis == "USE" else "uptake.figure.waiting.EVENT")
    if "ANNEX_SIGNED" not in registered:
        return Figure(label, formatting.MISSING, words("uptake.figure.waiting.unknown"), metric="annex_without_use")
    waiting = formatting.number(now.annexed - now.active, words.language)
    return Figure(label, waiting, words("uptake.figure.waiting.words"), metric="annex_without_use")


def steps(now: Row, registered: Collection[str], words: Words) -> list[Step]:
    """The four steps from agreement to use. Where only events tell of use, it is not measured and has no count."""

    def step(code: str, count: int) -> Step:
        inferred = code not in registered
        note = words("uptake.step.inferred") if inferred else ""
        return Step(words(f"uptake.step.{code}"), count, inferred, note)

    reached = [
        step("ANNEX_SIGNED", now.annexed),
        step("CONFIGURED", now.configured),
        step("ACTIVATED", now.activated),
    ]
    if now.active_basis == "USE":
        return [*reached, Step(words("uptake.step.ACTIVE"), now.active)]
    if now.active != now.activated:
        reached.append(Step(words("uptake.step.STILL"), now.active))
    return [*reached, Step(words("uptake.step.ACTIVE"), None, note=words("uptake.step.unmeasured"))]


def steps_in_words(steps: Sequence[Step], words: Words) -> list[str]:
    """Each step with its count: `vedlegg signert 12`, `i bruk .. (måles ikke ennå)`."""
    return [
        f"{step.label.lower()} "
        + (formatting.MISSING if step.count is None else formatting.number(step.count, words.language))
        + (f" ({step.note})" if step.note else "")
        for step in steps
    ]


def gaps_in_words(gaps: Sequence[Gap], words: Words) -> str:
    """Which months nobody observed; empty when there are none."""
    return words("uptake.curve.gaps", gaps=stretches(gaps, words)) if gaps else ""


def dashed(points: Iterable[Row], words: Words) -> str:
    """What a dashed line means, where events draw one; else nothing."""
    return words("uptake.curve.dashed") if any(point.active_basis == "EVENT" for point in points) else ""


def curve_subtitle(own: Sequence[Row], area: str, words: Words) -> str:
    """What a service's curve shows, by its latest basis."""
    text = words(f"uptake.curve.subtitle.{own[-1].active_basis}", area=area)
    return text + synthetic_sentence(words, synthetic=own[-1].synthetic)


def funnel_title(now: Row, words: Words) -> str:
    """How many have the service, and how many dropped off on the way."""
    lost = now.annexed - now.active
    basis = now.active_basis if lost or now.active_basis != "USE" else "none"
    return words(f"uptake.funnel.title.{basis}", active=now.active, all=now.municipalities, lost=lost)


def funnel_subtitle(now: Row, area: str, words: Words) -> str:
    """What the steps show."""
    text = words("uptake.funnel.subtitle", month=formatting.month(now.month, words.language), area=area)
    return text + synthetic_sentence(words, synthetic=now.synthetic)


def curve_title(points: Sequence[Row], basis: str, words: Words) -> str:
    """The claim of the chosen service's curve, for the months of one basis."""
    alike = [point for point in points if point.active_basis == basis]
    first, last = alike[0], alike[-1]
    last_month = formatting.month(last.month, words.language)
    if not any(point.active for point in alike):
        return words(f"uptake.curve.title.none.{basis}", service=last.name)
    if first.month == last.month:
        noun = words.municipalities(last.active)
        return words(
            f"uptake.curve.title.one.{basis}", service=last.name, last=last.active, noun=noun, month=last_month
        )
    return words(
        f"uptake.curve.title.{'same.' if first.active == last.active else ''}{basis}",
        service=last.name,
        first=first.active,
        noun=words.municipalities(first.active),
        first_month=formatting.month(first.month, words.language),
        last=last.active,
        last_month=last_month,
    )


def network_title(networks: Sequence[tuple[Area, Row]], words: Words) -> str:
    """Which network has come furthest with the chosen service."""
    if not networks:
        return words("uptake.table.title.none")
    area, cell = ranked(networks)[0]
    return words("uptake.table.title", best=short(area.name), service=cell.name, n=cell.active, m=cell.municipalities)


def ranked(networks: Sequence[tuple[Area, Row]]) -> list[tuple[Area, Row]]:
    """The networks by share, highest first, then by name."""
    return sorted(networks, key=lambda pair: (-share_of(pair[1].active, pair[1].municipalities), pair[0].name))


def lacking(municipalities: Sequence[Row], month: date, words: Words) -> str:
    """The warning of missing deliveries: from how many municipalities, and how many of these may be counted wrongly.

    Args:
        municipalities: those of the area with a missing delivery; at least one.
        month: the month shown.
        words: the texts.
    """
    wronged = sum(not municipality.active for municipality in municipalities)
    last = formatting.day(max(municipality.missing_to for municipality in municipalities), words.language)
    text = words("uptake.lacking", n=len(municipalities), noun=words.municipalities(len(municipalities)), day=last)
    key = "uptake.lacking.listed" if wronged else "uptake.lacking.none"
    shown = formatting.month(month, words.language)
    more = words(key, n=wronged, noun=words.municipalities(wronged), month=shown)
    return f"{text} {more}" + synthetic_sentence(
        words, synthetic=any(municipality.synthetic for municipality in municipalities)
    )


def off_list(municipalities: Sequence[Row], words: Words) -> str:
    """The municipalities for which the count differs from its source, and how; empty where none do."""
    sentences = []
    for key, off in (("uptake.off_list", True), ("uptake.off_list.split", False)):
        names = [municipality.name for municipality in municipalities if municipality.off_list is off]
        if names:
            listed = formatting.listing(names, words.language)
            sentences.append(words(key, names=listed, n=len(names)) if off else words(key, names=listed))
    return " ".join(sentences) + synthetic_sentence(
        words, synthetic=any(municipality.synthetic for municipality in municipalities)
    )


def lacking_since(municipalities: Sequence[Row], month: date, words: Words) -> str:
    """The warning of deliveries missing after the month shown; empty where none are."""
    if not municipalities:
        return ""
    text = words(
        "uptake.lacking.later",
        n=len(municipalities),
        noun=words.municipalities(len(municipalities)),
        month=formatting.month(month, words.language),
        day=formatting.day(max(municipality.missing_to for municipality in municipalities), words.language),
    )
    return text + synthetic_sentence(words, synthetic=any(municipality.synthetic for municipality in municipalities))


def no_delivery(call: Row, words: Words) -> str:
    """The mark of a row that may be wrong because a delivery is missing; else empty."""
    if call.no_delivery_since is None:
        return ""
    text = words("uptake.lacking.mark", day=formatting.day(call.no_delivery_since, words.language))
    return text + synthetic_note(words, synthetic=call.synthetic)


def standing(step: str, basis: str, words: Words) -> str:
    """How far a municipality without the service has come."""
    return words(f"standing.{step}.{basis}" if step == "ACTIVATED" else f"standing.{step}")


def sentence(call: Row, words: Words) -> str:
    """Why a row is on the list, in the reader's language."""
    return str(call.sentence if words.language == "nb" else call.sentence_en)


def evidence(row: Row, words: Words) -> str:
    """The evidence for whether the supplier is ready, in the reader's language."""
    return str(row.supplier_evidence if words.language == "nb" else row.supplier_evidence_en)


def change(call: Row, words: Words) -> str:
    """What is new in a row, in the reader's language; empty where nothing is."""
    text = call.change_since_last_week if words.language == "nb" else call.change_since_last_week_en
    return text or ""


def follow_up(call: Row, words: Words) -> str:
    """What has been done about a row of the list; empty where nothing has."""
    return answered(Answer(call.follow_up, call.followed_up_on), words) if call.follow_up else ""


def answered(answer: Answer, words: Words) -> str:
    """What was done, and when: `kontaktet 29.11.2026`."""
    status = words(f"follow_up.{answer.status}")
    if answer.day is None:
        return status
    return words("follow_up.on", status=status, day=formatting.day(answer.day, words.language))


def registered(answer: Answer | None, words: Words) -> str:
    """What was registered since the release, and that it counts from the next one; None: a follow-up was removed."""
    return words("follow_up.registered", done=answered(answer, words) if answer else words("follow_up.removed"))


def declined(rows: Sequence[Row], words: Words) -> str:
    """How many are off the list because they declined or are not relevant."""
    answers = {row.follow_up: row.rows_declined for row in rows}
    no, not_relevant = (answers.get(name, 0) for name in ("TAKKET_NEI", "IKKE_AKTUELT"))
    text = words("declined" if answers else "declined.none", no=no, not_relevant=not_relevant)
    return text + synthetic_sentence(words, synthetic=any(row.synthetic for row in rows))


def suppliers_title(suppliers: Sequence[Supplier], words: Words) -> str:
    """Whom to call first: the supplier that holds back most who have signed, else the one with most waiting."""
    first = suppliers[0]
    key, n = ("suppliers.title.no", first.signed) if first.held else ("suppliers.title", first.waiting)
    text = words(key, supplier=short(first.name), n=n, service=first.service_name)
    return text + synthetic_note(words, synthetic=first.synthetic)


def outlook(outlooks: Sequence[Row], own: Sequence[Row], until: date, words: Words) -> str:
    """The forecast for its last month; where there is none, why.

    Args:
        outlooks: the forecast.
        own: the service's observed months; at least one.
        until: the last month that could be observed.
        words: the texts.
    """
    if not outlooks:
        return _no_outlook(own, until, words)
    if not is_useful(outlooks):
        return useless(outlooks, words)
    last, municipalities = outlooks[-1], own[-1].municipalities
    text = words(
        "forecast.sentence",
        month=formatting.month(last.month, words.language),
        expected=last.expected,
        all=municipalities,
        noun=words.municipalities(municipalities),
        low=last.low,
        high=last.high,
    )
    sentence = [sentence(outlooks, words) for sentence in (missed, past, ends_early)]
    return " ".join([text, *filter(None, sentence)]) + synthetic_sentence(words, synthetic=last.synthetic)


def _no_outlook(own: Sequence[Row], until: date, words: Words) -> str:
    last = own[-1]
    row = 0  # consecutive months at the end with the same basis
    for point in reversed(own):
        if point.active_basis != last.active_basis or months_between(point.month, last.month) != row:
            break
        row += 1
    if row < MONTHS_FOR_A_FORECAST:
        noun = words("month.one" if row == 1 else "month.many")
        return words("forecast.few", n=row, noun=noun, least=MONTHS_FOR_A_FORECAST)
    if months_between(last.month, until) <= LATEST_FOR_A_FORECAST:
        return words("forecast.beaten")
    return words("forecast.old", month=formatting.month(last.month, words.language))
