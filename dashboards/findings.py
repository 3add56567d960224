"""What the numbers say, worked out and put in words. Pure: answers in, sentences and figures out.

Here, and nowhere else, is decided how a number may be called: `EVENT` is «aktivert», never «i bruk»; a step that no
source reports is inferred; a month that nobody observed is not compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from dashboards import wording

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from dashboards.questions import Area, CurvePoint, Funnel, Lacking, NetworkCell, NotYet
    from dashboards.texts import Words


MONTHS_OF_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: what, how much, and compared with what, in words."""

    label: str
    value: str
    words: str
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A step from agreement to use. No count: nothing measures it. `inferred`: no source reports it."""

    label: str
    count: int | None
    inferred: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Months that nobody observed, both included."""

    first: date
    last: date


def short(name: str) -> str:
    """A name without what stands in brackets after it."""
    return name.split(" (", maxsplit=1)[0]


def months_between(first: date, last: date) -> int:
    """How many months `last` is after `first`."""
    return (last.year - first.year) * 12 + last.month - first.month


def next_month(month: date) -> date:
    """The month after."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def previous_month(month: date) -> date:
    """The month before."""
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def earlier(history: Sequence[Funnel]) -> Funnel | None:
    """What the newest row of `history` is compared with: only a month of equal basis, as use and events do not compare.

    The same month of the year before; where nobody observed it, the last observed month before that; where there is
    none, the first observed month. None: the newest row is the only one of its basis.
    """
    now = history[0]
    before = [one for one in history[1:] if one.active_basis == now.active_basis]
    year_ago = date(now.month.year - 1, now.month.month, 1)
    return next((one for one in before if one.month <= year_ago), before[-1] if before else None)


def synthetic_note(words: Words, *, synthetic: bool) -> str:
    """` · syntetisk` where a number is; else nothing."""
    return f" · {words('app.synthetic')}" if synthetic else ""


def synthetic_sentence(words: Words, *, synthetic: bool) -> str:
    """` Syntetiske tall.` after a sentence about such numbers; else nothing."""
    return f" {words('app.synthetic.sentence')}" if synthetic else ""


def _change(now: int, then: int, month: date, words: Words) -> str:
    n, said = now - then, wording.month(month, words.language)
    if n == 0:
        return words("uptake.change.same", month=said)
    return words("uptake.change.more" if n > 0 else "uptake.change.fewer", n=abs(n), month=said)


def _incomparable(history: Sequence[Funnel], words: Words) -> str:
    """Why the newest row is compared with no month, in words; empty where there is no other month."""
    if len(history) == 1:
        return ""
    last = history[1]
    return words(f"uptake.change.other.{last.active_basis}", month=wording.month(last.month, words.language))


def _gap(history: Sequence[Funnel], then: Funnel, words: Words) -> str:
    """Why the newest row is compared with a month more than a year before; empty where it is not."""
    now = history[0]
    if months_between(then.month, now.month) <= MONTHS_OF_A_YEAR:
        return ""
    passed = any(
        one.month > then.month and months_between(one.month, now.month) >= MONTHS_OF_A_YEAR for one in history[1:]
    )
    return words("uptake.change.gap.basis" if passed else "uptake.change.gap")


def answer(history: Sequence[Funnel], service: str, area: str, words: Words) -> str:
    """The page's sentence: how many have it, how many people that is, and what changed."""
    now, then = history[0], earlier(history)
    marked = f"{words('app.synthetic.sentence')} " if now.synthetic else ""
    said = marked + words(
        f"uptake.answer.{now.active_basis}",
        active=now.active,
        all=now.municipalities,
        noun=words.municipalities(now.municipalities),
        area=area,
        service=service,
        month=wording.month(now.month, words.language),
        share=wording.percent(now.share_of_population, words.language),
    )
    if then is None:
        why = _incomparable(history, words)
        return f"{said} {words('uptake.change.sentence', change=why, gap='')}" if why else said
    gap = _gap(history, then, words)
    change = _change(now.active, then.active, then.month, words)
    return f"{said} {words('uptake.change.sentence', change=change, gap=gap)}"


def figures(
    history: Sequence[Funnel],
    registered: Collection[str],
    missing: Sequence[NotYet],
    networks: Sequence[tuple[Area, NetworkCell]],
    words: Words,
) -> list[Figure]:
    """The key figures of a service in an area.

    Args:
        history: observed months, newest first; the first is the one shown.
        registered: steps that a source reports for the service.
        missing: municipalities without the service.
        networks: the service's cell in each network.
        words: the texts.
    """
    now, then = history[0], earlier(history)
    language = words.language
    first = _incomparable(history, words) or words("uptake.change.first")
    points = first
    if then is not None:
        difference = (now.share_of_population - then.share_of_population) * 100
        sign = "+" if difference > 0 else ""
        points = words(
            "uptake.figure.share.points",
            points=f"{sign}{wording.tenths(difference, language)}",
            month=wording.month(then.month, language),
        )
    found = [
        Figure(
            words(f"uptake.figure.active.{now.active_basis}"),
            words("uptake.n_of_m", n=now.active, m=now.municipalities),
            _change(now.active, then.active, then.month, words) if then else first,
        ),
        Figure(words("uptake.figure.share"), wording.percent(now.share_of_population, language), points),
        Figure(
            words("uptake.figure.left"),
            wording.number(now.municipalities - now.active, language),
            _people(missing, now.month.year, words),
        ),
        _waiting(now, registered, words),
    ]
    if networks:
        found.append(_best_network(networks, words))
    return [Figure(one.label, one.value, one.words, now.synthetic) for one in found]


def _people(missing: Sequence[NotYet], year: int, words: Words) -> str:
    """How many people live where the service is missing; of how many municipalities nobody knows."""
    known = [one.inhabitants for one in missing if one.inhabitants is not None]
    unknown = len(missing) - len(known)
    counted = max((one.inhabitants_year for one in missing if one.inhabitants_year is not None), default=year)
    said = [words("uptake.figure.left.words", n=sum(known), year=str(counted))] if known or not missing else []
    if unknown:
        said.append(words("uptake.figure.left.unknown", n=unknown, noun=words.municipalities(unknown)))
    return "; ".join(said)


def _waiting(now: Funnel, registered: Collection[str], words: Words) -> Figure:
    label = words("uptake.figure.waiting" if now.measured else "uptake.figure.waiting.EVENT")
    if "ANNEX_SIGNED" not in registered:
        return Figure(label, wording.MISSING, words("uptake.figure.waiting.unknown"))
    return Figure(label, wording.number(now.annexed - now.active, words.language), words("uptake.figure.waiting.words"))


def _best_network(networks: Sequence[tuple[Area, NetworkCell]], words: Words) -> Figure:
    order = ranked(networks)
    (best, most), (worst, least) = order[0], order[-1]
    return Figure(
        words("uptake.figure.network"),
        wording.percent(share(most), words.language),
        words(
            "uptake.figure.network.words",
            best=short(best.name),
            n=most.active,
            m=most.municipalities,
            worst=short(worst.name),
            wn=least.active,
            wm=least.municipalities,
        ),
    )


def share(cell: NetworkCell) -> Decimal:
    """The share of an area's municipalities that have the product."""
    return Decimal(cell.active) / cell.municipalities if cell.municipalities else Decimal(0)


def steps(now: Funnel, registered: Collection[str], words: Words) -> list[Step]:
    """The four steps from agreement to use. Where only events tell of use, use is not measured and has no count."""

    def step(code: str, count: int) -> Step:
        inferred = code not in registered
        note = words("uptake.step.inferred") if inferred else ""
        return Step(words(f"uptake.step.{code}"), count, inferred, note)

    found = [
        step("ANNEX_SIGNED", now.annexed),
        step("CONFIGURED", now.configured),
        step("ACTIVATED", now.activated),
    ]
    if now.measured:
        return [*found, Step(words("uptake.step.ACTIVE"), now.active)]
    if now.active != now.activated:
        found.append(Step(words("uptake.step.STILL"), now.active))
    return [*found, Step(words("uptake.step.ACTIVE"), None, note=words("uptake.step.unmeasured"))]


def gaps(observed: Sequence[date], until: date) -> list[Gap]:
    """Months from the first observed one to `until` that nobody observed, as whole stretches in order."""
    known = sorted(observed)
    found = []
    for this, following in zip(known, [*known[1:], next_month(max(until, known[-1]))] if known else [], strict=True):
        if months_between(this, following) > 1:
            found.append(Gap(next_month(this), previous_month(following)))
    return found


def gaps_in_words(found: Sequence[Gap], words: Words) -> str:
    """Which months nobody observed; empty when there are none."""
    said = [
        wording.month(one.first, words.language)
        if one.first == one.last
        else f"{wording.month(one.first, words.language)}–{wording.month(one.last, words.language)}"
        for one in found
    ]
    return words("uptake.curve.gaps", gaps=wording.listing(said, words.language)) if said else ""


def curve_title(points: Sequence[CurvePoint], basis: str, words: Words) -> str:
    """What the chosen service's curve claims, of the months of one basis."""
    alike = [one for one in points if one.active_basis == basis]
    first, last = alike[0], alike[-1]
    last_month = wording.month(last.month, words.language)
    if first.month == last.month:
        noun = words.municipalities(last.active)
        return words(
            f"uptake.curve.title.one.{basis}", service=last.name, last=last.active, noun=noun, month=last_month
        )
    return words(
        f"uptake.curve.title.{basis}",
        service=last.name,
        first=first.active,
        noun=words.municipalities(first.active),
        first_month=wording.month(first.month, words.language),
        last=last.active,
        last_month=last_month,
    )


def network_title(networks: Sequence[tuple[Area, NetworkCell]], words: Words) -> str:
    """Which network has come furthest with the chosen service."""
    if not networks:
        return words("uptake.table.title.none")
    area, cell = ranked(networks)[0]
    said = words("uptake.table.title", best=short(area.name), service=cell.name, n=cell.active, m=cell.municipalities)
    return said + synthetic_note(words, synthetic=cell.synthetic)


def ranked(networks: Sequence[tuple[Area, NetworkCell]]) -> list[tuple[Area, NetworkCell]]:
    """The networks by share, highest first, then by name."""
    return sorted(networks, key=lambda pair: (-share(pair[1]), pair[0].name))


def lacking(found: Sequence[Lacking], missing: Sequence[NotYet], month: date, words: Words) -> str:
    """That deliveries are missing, how many municipalities they are of, and how many of these the list may wrong.

    Args:
        found: municipalities of the area that lack a delivery; at least one.
        missing: the list of those without the service.
        month: the month shown.
        words: the texts.
    """
    marked = sum(one.no_delivery_since is not None for one in missing)
    last = wording.day(max(one.missing_to for one in found), words.language)
    said = words("uptake.lacking", n=len(found), noun=words.municipalities(len(found)), day=last)
    if marked:
        more = words("uptake.lacking.listed", n=marked, noun=words.municipalities(marked))
    else:
        more = words("uptake.lacking.none", month=wording.month(month, words.language))
    return f"{said} {more}" + synthetic_sentence(words, synthetic=any(one.synthetic for one in found))


def lacking_since(found: Sequence[Lacking], month: date, words: Words) -> str:
    """That deliveries are missing about the time after the month shown; empty where none are."""
    if not found:
        return ""
    said = words(
        "uptake.lacking.later",
        n=len(found),
        noun=words.municipalities(len(found)),
        month=wording.month(month, words.language),
        day=wording.day(max(one.missing_to for one in found), words.language),
    )
    return said + synthetic_sentence(words, synthetic=any(one.synthetic for one in found))


def no_delivery(one: NotYet, words: Words) -> str:
    """The mark of a row that may be wrong, as no delivery came; empty where it is not so."""
    if one.no_delivery_since is None:
        return ""
    said = words("uptake.lacking.mark", day=wording.day(one.no_delivery_since, words.language))
    return said + synthetic_note(words, synthetic=one.synthetic)


def standing(one: NotYet, basis: str, words: Words) -> str:
    """How far a municipality without the service has come."""
    return words(f"standing.{one.step}.{basis}" if one.step == "ACTIVATED" else f"standing.{one.step}")


def wait(one: NotYet, words: Words) -> str:
    """How long it has stood there, `at least` where the source was first seen then.

    `.` where there is no step, and where it has activated: that wait is from its last use, which is not known here.
    """
    if one.step in {"NONE", "ACTIVATED"}:
        return "."
    if one.months_waiting is None:
        return wording.MISSING
    if one.precision_of_time == "NO_LATER_THAN":
        return words("value.at_least", n=one.months_waiting)
    return wording.number(one.months_waiting, words.language)
