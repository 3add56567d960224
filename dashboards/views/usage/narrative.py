"""Use in words: the answer, what stands out, and what can be compared."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from catalog.domain.calendar import year_before
from dashboards.release.query import Row
from dashboards.shared.narrative import MONTHS_OF_A_YEAR, Figure, months_between, names, short
from dashboards.views.usage.models import THEN
from dashboards.words import formatting
from dashboards.words.change import change_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboards.views.usage.models import Counted, Group, Product, Scope, Series
    from dashboards.words import Words
    from dashboards.words.change import Change


def quantity(value: Decimal | None, words: Words) -> str:
    """A number as text, rounded: split municipalities have fractions. Missing is `..`."""
    return formatting.MISSING if value is None else formatting.number(value.quantize(Decimal(1)), words.language)


def rounded(value: Decimal | None, words: Words) -> str:
    """A number for the answer, a key figure or a card; tables have the exact one (`quantity`)."""
    return formatting.MISSING if value is None else formatting.rounded(value, words.language)


def rate(value: Decimal | None, words: Words) -> str:
    """A number per 1 000 inhabitants."""
    return formatting.MISSING if value is None else formatting.rate(value, words.language)


def share(value: Decimal | None, words: Words) -> str:
    """A share of one as a whole per cent."""
    return formatting.MISSING if value is None else formatting.percent(value, words.language)


def noun(of: str, n: int, words: Words) -> str:
    """The noun after the number `n`, for services, systems or months."""
    return words(f"usage.{of}.{'one' if n == 1 else 'many'}")


def place(scope: Scope, words: Words) -> str:
    """The name of the place, within a sentence."""
    return scope.municipality.name if scope.municipality else words("area.in.country")


def group_in_text(group: Group, words: Words) -> str:
    """A group, after `median for`."""
    return words(f"usage.group.in.{group.peer_kind}", name=short(group.name or ""), n=group.members)


def group_label(group: Group, words: Words) -> str:
    """A group in a menu."""
    return words(f"usage.group.{group.peer_kind}", name=group.name or "", n=group.members)


def at(rows: Sequence[Row], month: date) -> Row:
    """The trend's row for a month; every month of the window has one."""
    return next(row for row in rows if row["month"] == month)


def what(scope: Scope, words: Words, n: Decimal | None = None) -> str:
    """What is counted, inflected for the number `n` where one is given: dispatches, those of a channel, or look-ups."""
    if not scope.counted.sent:
        return words.counted(scope.counted.measure, scope.counted.title, n)
    dispatches = words.counted(scope.counted.measure, words("usage.dispatches"), n)
    return dispatches + (words(f"usage.channel.in.{scope.channel}") if scope.channel else "")


def answer(scope: Scope, rows: Sequence[Row], words: Words, *, incomplete: bool) -> str:
    """The month's use, compared with the group and the previous year."""
    now = at(rows, scope.month)
    parts = {
        "name": place(scope, words),
        "what": what(scope, words),
        "service": scope.product.name,
        "month": formatting.month(scope.month, words.language),
    }
    if now[scope.counted.column] is None:
        last = max((row["month"] for row in rows if is_reported(row, scope)), default=None)
        text = awaited(scope, words) or words("usage.answer.none", **parts)
        if last:
            text += " " + words("usage.answer.last", month=formatting.month(last, words.language))
        return text
    counted = now[scope.counted.column]
    parts |= {"n": rounded(counted, words), "what": what(scope, words, counted)}
    did = "usage.answer.sent" if scope.counted.sent else "usage.answer.measured"
    if scope.municipality is None and scope.counted.sent:
        n = now["municipalities"]
        text = words("usage.answer.country", municipalities=n, noun=words.municipalities(n), **parts)
    elif now["per_1000_inhabitants"] is None:
        text = words(did, **parts)
    else:
        text = words(f"{did}.rate", rate=rate(now["per_1000_inhabitants"], words), **parts)
    compared = [_beside_group(scope, now, words), _beside_year(scope, rows, now, words)]
    if some := [clause for clause in compared if clause]:
        text += " " + words("usage.answer.compared", what=formatting.listing(some, words.language))
    if scope.municipality is None and now["per_1000_median"] is not None:
        text += " " + words("usage.answer.country.median", median=rate(now["per_1000_median"], words))
    return formatting.first(text) + (" " + words("usage.answer.incomplete") if incomplete else "")


def is_reported(row: Row, scope: Scope) -> bool:
    """Whether the month was reported."""
    return row[scope.counted.column] is not None


def awaited(scope: Scope, words: Words) -> str:
    """When the month's numbers come, where they are not published yet; else empty."""
    return words("app.awaited", month=formatting.month(scope.month, words.language)) if scope.awaited else ""


def _beside_group(scope: Scope, now: Row, words: Words) -> str:
    own, median, group = now["per_1000_inhabitants"], now["per_1000_median"], scope.group
    if own is None or median is None or group is None:
        return ""
    return words(_side(own, median), median=rate(median, words), group=group_in_text(group, words))


def _side(own: Decimal, median: Decimal) -> str:
    """Above, below or at the median, by the rounded figures, so that 1,68 is not above 1,68."""
    ours, theirs = formatting.rounded_rate(own), formatting.rounded_rate(median)
    return "usage.at" if ours == theirs else "usage.above" if ours > theirs else "usage.below"


def _beside_year(scope: Scope, rows: Sequence[Row], now: Row, words: Words) -> str:
    before = year_before(scope.month)
    then = next((row[scope.counted.column] for row in rows if row["month"] == before), None)
    changed = change_of(then, now[scope.counted.column])
    return changed.since_month(formatting.month(before, words.language), words) if changed else ""


@dataclass(frozen=True, slots=True)
class Printed:
    """Printing in the reported months among the last twelve.

    Attributes:
        months: how many months were reported.
        sheets: whole sheets of paper.
        part: the printed share of the dispatches; None where there were none.
    """

    months: int
    printed: Decimal
    sheets: Decimal
    production_cost_ore: int
    postage_ore: int
    part: Decimal | None

    @property
    def cost_ore(self) -> int:
        """Production and postage."""
        return self.production_cost_ore + self.postage_ore


def printed(rows: Sequence[Row], month: date) -> Printed:
    """Printing in the twelve months up to `month`."""
    reported = [
        row
        for row in rows
        if row["all_channels"] is not None and 0 <= months_between(row["month"], month) < MONTHS_OF_A_YEAR
    ]
    sent = sum((row["all_channels"] for row in reported), Decimal(0))
    paper = sum((row["printed"] for row in reported), Decimal(0))
    return Printed(
        len(reported),
        paper,
        sum((row["sheets"] for row in reported), Decimal(0)),
        sum(row["production_cost_ore"] for row in reported),
        sum(row["postage_ore"] for row in reported),
        paper / sent if sent else None,
    )


def figures(scope: Scope, rows: Sequence[Row], use: Sequence[Series], words: Words) -> list[Figure]:
    """The key figures of a product that sends dispatches."""
    now, group = at(rows, scope.month), scope.group
    synthetic = bool(now["synthetic"])
    month = formatting.month(scope.month, words.language)
    key_figures = [
        Figure(
            words("usage.figure.sent", what=formatting.first(what(scope, words)), month=month),
            rounded(now["dispatches"], words),
            _beside_year(scope, rows, now, words)
            or words("usage.figure.gap" if now["dispatches"] is None else "usage.figure.no_year"),
            synthetic,
            "municipality_dispatches",
        )
    ]
    if scope.municipality is None:
        key_figures.append(
            Figure(
                words("usage.figure.median"),
                rate(now["per_1000_median"], words),
                _spread_words(now, words),
                synthetic,
                "country_median",
            )
        )
        key_figures.append(
            Figure(
                words("usage.figure.municipalities"),
                quantity(Decimal(now["municipalities"] or 0) if now["municipalities"] else None, words),
                words("usage.figure.municipalities.words", service=scope.product.name, month=month),
                synthetic,
                "municipalities_sending",
            )
        )
    else:
        key_figures.append(
            Figure(
                words("usage.figure.rate"),
                rate(now["per_1000_inhabitants"], words),
                _group_words(now, group, "per_1000_median", "n", words)
                if not scope.channel
                else words("usage.figure.channel_only"),
                synthetic,
                "dispatches_per_1000",
            )
        )
        key_figures.append(
            Figure(
                words("usage.figure.digital"),
                share(now["digital_share"], words),
                _group_words(now, group, "digital_share_median", "n", words)
                + (" · " + words("usage.provisional") if now["digital_share_provisional"] else ""),
                synthetic,
                "digital_share",
            )
        )
    paper = printed(rows, scope.month)
    if paper.printed or not paper.months:  # a product that prints nothing has no cost to show, not a cost of 0
        part = Figure(
            words("usage.figure.print"),
            formatting.rounded_kroner(paper.cost_ore, words.language) if paper.months else formatting.MISSING,
            words(
                "usage.figure.print.words",
                n=paper.months,
                sheets=formatting.rounded(paper.sheets, words.language),
                part=share(paper.part, words),
            ),
            synthetic,
            "print_cost",
        )
        key_figures.append(part)
    return [*key_figures, in_use(scope, use, words)]


def _group_words(now: Row, group: Group | None, median: str, n: str, words: Words) -> str:
    """The group's median and how many it covers; or why there is none."""
    if group is None:
        return words("usage.figure.no_group")
    text = group_in_text(group, words)
    if now[median] is None:
        why = now.get("median_missing")
        if why:
            return words("usage.figure.no_median.because", group=text, why=words(f"usage.median.{why}"))
        return words("usage.figure.no_median", group=text)
    value = rate(now[median], words) if median.startswith("per_1000") else share(now[median], words)
    return words("usage.figure.group", median=value, group=text, n=now[n], members=now["members"])


def figures_measured(scope: Scope, rows: Sequence[Row], use: Sequence[Series], words: Words) -> list[Figure]:
    """The key figures of use that is not counted in dispatches."""
    now = at(rows, scope.month)
    synthetic, later = bool(now["synthetic"]), awaited(scope, words)
    month = formatting.month(scope.month, words.language)
    metric = "measured_use" if scope.municipality is None else "municipality_measured"
    why = later or words("usage.figure.gap")
    figures = [
        Figure(
            words("usage.figure.sent", what=formatting.first(what(scope, words)), month=month),
            rounded(now["quantity"], words),
            why if now["quantity"] is None else _beside_year(scope, rows, now, words) or words("usage.figure.no_year"),
            synthetic,
            metric,
        )
    ]
    if scope.municipality is None and not scope.of_the_country:
        median = Figure(
            words("usage.figure.median"),
            rate(now["per_1000_median"], words),
            later or _spread_words(now, words),
            synthetic,
            "measured_country_median",
        )
        figures += [median, _measured_by(scope, now, words)]
    elif scope.municipality is not None:
        figures.append(
            Figure(
                words("usage.figure.rate"),
                rate(now["per_1000_inhabitants"], words),
                later or _group_words(now, scope.group, "per_1000_median", "n", words),
                synthetic,
                "measured_per_1000",
            )
        )
    if not any(series.stock for series in use if (series.service, series.measure) == key(scope)):
        year = [row for row in rows if 0 <= months_between(row["month"], scope.month) < MONTHS_OF_A_YEAR]
        quantities = [row["quantity"] for row in year if row["quantity"] is not None]
        figures.append(
            Figure(
                words("usage.figure.year"),
                rounded(sum(quantities, Decimal(0)) if quantities else None, words),
                words("usage.figure.year.words", n=len(quantities)),
                any(bool(row["synthetic"]) for row in year),
                metric,
            )
        )
    return [*figures, in_use(scope, use, words)]


def key(scope: Scope) -> tuple[str, str]:
    """The product and what it is counted in."""
    return scope.product.service, scope.counted.measure


def _spread_words(now: Row, words: Words) -> str:
    """The range of the middle half of the country's municipalities; or why there is no median."""
    if why := now.get("median_missing"):
        return words("usage.figure.no_median.country", why=words(f"usage.median.{why}"))
    if now["per_1000_q1"] is None:
        return words("usage.figure.no_quartiles")
    return words("usage.figure.quartiles", q1=rate(now["per_1000_q1"], words), q3=rate(now["per_1000_q3"], words))


def _measured_by(scope: Scope, now: Row, words: Words) -> Figure:
    """How many municipalities have the measure reported."""
    n = now["municipalities"]
    return Figure(
        words("usage.figure.municipalities.measured"),
        quantity(None if n is None else Decimal(n), words),
        words(
            "usage.figure.municipalities.words",
            service=scope.product.name,
            month=formatting.month(scope.month, words.language),
        ),
        bool(now["synthetic"]),
        "municipalities_measured",
    )


def in_use(scope: Scope, use: Sequence[Series], words: Words) -> Figure:
    """How many products have any use in the month, whatever it is counted in."""
    month, before = scope.month, year_before(scope.month)
    now = {series.service for series in use if series.at(month)}
    then = {series.service for series in use if series.at(before)}
    compares = any(series.at(before) for series in use)
    return Figure(
        words("usage.figure.products"),
        quantity(Decimal(len(now)), words) if now else formatting.MISSING,
        words("usage.figure.products.words", n=len(then), month=formatting.month(before, words.language))
        if compares
        else words("usage.figure.no_year"),
        any(series.synthetic for series in use),
        "services_with_use",
    )


def standing(group: Sequence[Row]) -> tuple[int | None, int]:
    """The municipality's rank by figure per 1 000, 1 the highest, and how many have one. Ties share the better rank."""
    rates = [row["per_1000_inhabitants"] for row in group if row["per_1000_inhabitants"] is not None]
    own = next((row["per_1000_inhabitants"] for row in group if row["own"]), None)
    return (None if own is None else 1 + sum(other > own for other in rates), len(rates))


def trend_title(scope: Scope, rows: Sequence[Row], words: Words) -> str:
    """In how many of the last twelve months the municipality was above the median."""
    year = [row for row in rows if 0 <= months_between(row["month"], scope.month) < MONTHS_OF_A_YEAR]
    if scope.municipality is None:
        return _country_title(scope, rows, words)
    both = [row for row in year if row["per_1000_inhabitants"] is not None and row["per_1000_median"] is not None]
    if len(both) <= 1:
        return _counted_title(scope, rows, words)
    above = sum(row["per_1000_inhabitants"] > row["per_1000_median"] for row in both)
    if not above:
        return words("usage.trend.title.never", name=place(scope, words), n=len(both))
    return words("usage.trend.title", name=place(scope, words), above=above, n=len(both))


def _counted_title(scope: Scope, rows: Sequence[Row], words: Words) -> str:
    """The change since the previous year; where that is unknown, what the chart shows."""
    before = year_before(scope.month)
    months = {row["month"]: row[scope.counted.column] for row in rows}
    changed = change_of(months.get(before), months.get(scope.month))
    parts = {"what": formatting.first(what(scope, words)), "service": scope.product.name}
    if changed is None:
        return words("usage.trend.title.plain", **parts)
    beside = changed.since_month(formatting.month(before, words.language), words)
    return words("usage.trend.title.change", change=beside, **parts)


def _country_title(scope: Scope, rows: Sequence[Row], words: Words) -> str:
    with_median = [row for row in rows if row["per_1000_median"] is not None]
    if not with_median or with_median[-1]["month"] != scope.month or len(with_median) == 1:
        return _counted_title(scope, rows, words)
    then = next((row for row in with_median if row["month"] == year_before(scope.month)), with_median[0])
    return words(
        "usage.trend.title.country",
        now=rate(with_median[-1]["per_1000_median"], words),
        then=rate(then["per_1000_median"], words),
        month=formatting.month(then["month"], words.language),
    )


def trend_subtitle(scope: Scope, rows: Sequence[Row], words: Words, *, counted: bool) -> str:
    """Measure, unit, period and place; and what the band and the median cover, or why there are none."""
    first, last = (formatting.month(month, words.language) for month in (scope.first, scope.month))
    parts = {"service": scope.product.name, "first": first, "last": last, "name": place(scope, words)}
    if counted:
        sentences = [words("usage.trend.subtitle.count", what=what(scope, words), **parts)]
    else:
        sentences = [words("usage.trend.subtitle", what=formatting.first(what(scope, words)), **parts)]
    if scope.borders == THEN:
        sentences.append(words("usage.trend.then"))
    elif scope.channel:
        sentences.append(words("usage.trend.channel"))
    elif any(row["per_1000_q1"] is not None for row in rows):
        group = group_in_text(scope.group, words) if scope.group else ""
        sentences.append(words("usage.trend.band", group=group) if group else words("usage.trend.band.country"))
    elif any(row["per_1000_median"] is not None for row in rows):
        sentences.append(words("usage.trend.median"))
    return " ".join(sentences)


def without_median(scope: Scope, rows: Sequence[Row], words: Words) -> str:
    """In how many months of the window the measure has no group median, and why."""
    if scope.borders == THEN or scope.counted.sent:
        return ""
    why = Counter(row["median_missing"] for row in rows if row["median_missing"])
    return " ".join(
        words("usage.trend.no_median", n=n, months=noun("month", n, words), why=words(f"usage.median.{reason}"))
        for reason, n in why.most_common()
    )


def strip_subtitle(scope: Scope, words: Words) -> str:
    """What the dots show."""
    return words(
        "usage.strip.subtitle",
        what=formatting.first(what(scope, words)),
        service=scope.product.name,
        month=formatting.month(scope.month, words.language),
        group=group_in_text(scope.group, words) if scope.group else words("usage.all_municipalities"),
    )


def without(scope: Scope, rows: Sequence[Row], words: Words) -> str:
    """Who in the group has no figure for the month: left out, not zero. Or when the month's figures come."""
    empty = [row["name"] for row in rows if row["per_1000_inhabitants"] is None]
    if not empty:
        return ""
    return awaited(scope, words) or words("usage.strip.missing", names=names(empty, _NAMED, words))


_NAMED: Final = 5
"""How many names are listed before the rest are counted."""


def strip_title(scope: Scope, group: Sequence[Row], words: Words) -> str:
    """The municipality's rank in the group; for the country, the range from lowest to highest."""
    if scope.municipality is None:
        rates = [row["per_1000_inhabitants"] for row in group if row["per_1000_inhabitants"] is not None]
        if not rates:
            return words("usage.strip.title.none")
        return words("usage.strip.title.country", least=rate(min(rates), words), most=rate(max(rates), words))
    rank, of = standing(group)
    month = formatting.month(scope.month, words.language)
    if rank is None:
        return words("usage.strip.title.missing", name=scope.municipality.name, month=month)
    return words("usage.strip.title", name=scope.municipality.name, rank=rank, n=of, month=month)


def digital_title(scope: Scope, rows: Sequence[Row], words: Words) -> str:
    """The month's digital share compared with the group's."""
    now = at(rows, scope.month)
    own, median = now["digital_share"], now["digital_share_median"]
    if scope.municipality is None and median is not None:
        return words("usage.digital.title.country", part=share(median, words))
    if own is None:
        return words("usage.digital.title.none")
    if median is None:
        return words("usage.digital.title.alone", part=share(own, words))
    return words("usage.digital.title", part=share(own, words), median=share(median, words))


def print_title(paper: Printed, words: Words) -> str:
    """The cost of paper in a year."""
    if not paper.months:
        return words("usage.print.title.none")
    if not paper.printed:
        return words("usage.print.title.nothing", n=paper.months)
    cost = formatting.rounded_kroner(paper.cost_ore, words.language)
    return words("usage.print.title", cost=cost, n=paper.months, part=share(paper.part, words))


def print_subtitle(scope: Scope, paper: Printed, words: Words) -> str:
    """What was printed and its cost by part; or that nothing was."""
    if not paper.printed and paper.months:
        return words("usage.print.subtitle.nothing", service=scope.product.name, name=place(scope, words))
    production, postage = (
        formatting.kroner(ore, words.language) for ore in (paper.production_cost_ore, paper.postage_ore)
    )
    return words(
        "usage.print.subtitle",
        service=scope.product.name,
        name=place(scope, words),
        part=share(paper.part, words),
        n=paper.months,
        sheets=int(paper.sheets),
        production=production,
        postage=postage,
    )


UNKNOWN: Final = "UNKNOWN"
"""The channel of dispatches whose source states none."""


def channel_title(rows: Sequence[Row], words: Words) -> str:
    """Which channel has the most dispatches."""
    total = sum((row["twelve_months"] for row in rows), Decimal(0))
    if not rows or not total:
        return words("usage.channels.title.none")
    first = rows[0]
    if first["channel"] == UNKNOWN:
        key = "usage.channels.title.unknown" if first["twelve_months"] < total else "usage.channels.title.untold"
        return words(key, part=share(first["twelve_months"] / total, words))
    part = share(first["twelve_months"] / total, words)
    return words("usage.channels.title", channel=words(f"usage.channel.{first['channel']}"), part=part)


@dataclass(frozen=True, slots=True)
class Moved:
    """A series and its change since the previous year."""

    series: Series
    change: Change


def moved(use: Sequence[Series], month: date) -> list[Moved]:
    """The series that compare with the same month of the previous year, the largest rise first.

    Changes too small in number for a percentage are left out where others compare.
    """
    compared = []
    for series in use:
        now, then = series.at(month), series.at(year_before(month))
        changed = change_of(then.quantity if then else None, now.quantity if now else None)
        if changed is not None:
            compared.append(Moved(series, changed))
    large = [moved for moved in compared if moved.change.percent] or compared

    def size(moved: Moved) -> Decimal:
        exact = moved.change.percent
        return Decimal(moved.change.now) - moved.change.before if exact is None else exact

    return sorted(large, key=lambda moved: (-size(moved), moved.series.name, moved.series.measure))


def changed(use: Sequence[Series], month: date, words: Words) -> str:
    """The largest rise and fall in a year, in a sentence."""
    moveds = moved(use, month)
    up = [moved for moved in moveds if moved.change.direction > 0][:1]
    down = [moved for moved in reversed(moveds) if moved.change.direction < 0][:1]
    if not moveds:
        return words("usage.changed.unknown", month=formatting.month(year_before(month), words.language))
    if not up and not down:
        return words("usage.changed.none")
    clauses = [
        words(
            "usage.changed.one",
            name=moved.series.name,
            what=moved.series.title.lower(),
            change=moved.change.moved(words),
        )
        for moved in (*up, *down)
    ]
    return words("usage.changed", what=formatting.listing(clauses, words.language))


def products_title(scope: Scope, use: Sequence[Series], words: Words) -> str:
    """How many products have use in the month."""
    now = {series.service for series in use if series.at(scope.month)}
    key = "usage.products.title" if scope.municipality else "usage.products.title.country"
    return words(key, name=place(scope, words), n=len(now), noun=noun("service", len(now), words))


def products_subtitle(scope: Scope, words: Words) -> str:
    """What the small multiples show."""
    first, month = (formatting.month(bound, words.language) for bound in (scope.first, scope.month))
    text = words("usage.products.subtitle", first=first, last=month, month=month, name=place(scope, words))
    return text if scope.municipality else f"{text} {words('usage.products.country')}"


def connections_title(scope: Scope, rows: Sequence[Row], words: Words) -> str:
    """How many systems send; of exact numbers, also which sends most."""
    named = [row for row in rows if row["system"]]
    if not named:
        return words("usage.connections.title.none", service=scope.product.name)
    first, systems = named[0], noun("system", len(named), words)
    if not isinstance(first["twelve_months"], int):
        return words("usage.connections.title", n=len(named), noun=systems, service=scope.product.name)
    total = sum(row["twelve_months"] for row in rows)
    part = formatting.percent(Decimal(first["twelve_months"]) / Decimal(total), words.language)
    return words(
        "usage.connections.title.most",
        n=len(named),
        noun=systems,
        service=scope.product.name,
        system=first["system"],
        part=part,
    )


def connections_notes(scope: Scope, words: Words, *, later: bool) -> tuple[str, ...]:
    """What connections in bands are, and when the month's come, where they are not published yet."""
    month = formatting.month(scope.month, words.language)
    return (words("usage.connections.bands"), *((words("app.awaited", month=month),) if later else ()))


def gap_warning(scope: Scope, gaps: Sequence[Row], words: Words) -> str:
    """The warning that deliveries are missing: in which months, and that their numbers may be too low."""
    months = formatting.listing([formatting.month(gap.month, words.language) for gap in gaps], words.language)
    if scope.municipality is None:
        most = max(gap.municipalities for gap in gaps)
        return words("usage.gaps.country", n=most, noun=words.municipalities(most), months=months)
    last = formatting.day(max(gap.missing_to for gap in gaps), words.language)
    return words("usage.gaps", name=scope.municipality.name, months=months, day=last)


def estimated(rows: Sequence[Row], words: Words) -> str:
    """The note that some months of a split municipality follow declared weights."""
    some = [row["month"] for row in rows if row["estimated"]]
    if not some:
        return ""
    first, last = (formatting.month(month, words.language) for month in (min(some), max(some)))
    return words("usage.estimated", first=first, last=last)


def provisional(rows: Sequence[Row], words: Words) -> str:
    """Which months have a provisional digital share."""
    some = [formatting.month(row["month"], words.language) for row in rows if row["digital_share_provisional"]]
    return words("usage.digital.provisional", months=formatting.listing(some, words.language)) if some else ""


def empty_months(scope: Scope, rows: Sequence[Row], words: Words) -> str:
    """How many months of the window nobody reported: missing, not zero. And when the last one's numbers come."""
    n = sum(not is_reported(row, scope) and not (scope.awaited and row["month"] == scope.month) for row in rows)
    return " ".join(text for text in (words("usage.trend.empty", n=n) if n else "", awaited(scope, words)) if text)


def usual(product: Product, use: Sequence[Series]) -> Counted | None:
    """The default unit for a product's use: its first with numbers in `use`, else its first."""
    here = {series.measure for series in use if series.service == product.service}
    return next((counted for counted in product.counted if counted.measure in here), next(iter(product.counted), None))


def counted_label(counted: Counted, words: Words) -> str:
    """The name of a unit of use, in a menu."""
    return formatting.first(words("usage.dispatches")) if counted.sent else counted.title
