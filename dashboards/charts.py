"""Charts and what they say. Pure: answers in, an Altair chart out; `*_in_words` is the chart for who does not see it.

The claim and the subtitle are headings of the page, not of the chart, so that they wrap on a phone and are found by a
screen reader. No chart relies on colour alone, and bars begin at zero.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from dashboards import wording
from dashboards.findings import Gap, Step, gaps, gaps_in_words, months_between, next_month, synthetic_note

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.questions import CurvePoint
    from dashboards.texts import Words

TEXT: Final = "#00042e"
PRIMARY: Final = "#5a3bc4"
GREY: Final = "#6b6980"
"""Series and bars that are not the point: 5.3:1 on white."""
RULE: Final = "#d9d7e4"
BAND: Final = "#f4f2fb"
FONT: Final = "Inter, system-ui, sans-serif"

NUMBER_LOCALES: Final[dict[str, dict[str, Any]]] = {
    "nb": {"decimal": ",", "thousands": "\u00a0", "grouping": [3], "currency": ["", "\u00a0kr"], "percent": "\u00a0%"},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["NOK\u00a0", ""]},
}
TIME_LOCALES: Final[dict[str, dict[str, Any]]] = {
    "nb": {
        "dateTime": "%A %-d. %B %Y kl. %H.%M",
        "date": "%d.%m.%Y",
        "time": "%H.%M",
        "periods": ["", ""],
        "days": ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"],
        "shortDays": ["sø.", "ma.", "ti.", "on.", "to.", "fr.", "lø."],
        "months": [
            *("januar", "februar", "mars", "april", "mai", "juni"),
            *("juli", "august", "september", "oktober", "november", "desember"),
        ],
        "shortMonths": ["jan", "feb", "mars", "april", "mai", "juni", "juli", "aug", "sep", "okt", "nov", "des"],
    },
}


def _inline(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=[dict(row) for row in rows])


def themed(chart: alt.LayerChart | alt.FacetChart, language: str) -> alt.LayerChart:
    """The one theme: the house's text colour on everything that is read, and the language's numbers and dates."""
    embed: dict[str, Any] = {"formatLocale": NUMBER_LOCALES[language], "actions": False, "renderer": "svg"}
    if language in TIME_LOCALES:
        embed["timeFormatLocale"] = TIME_LOCALES[language]
    styled: alt.LayerChart = (
        chart.configure(font=FONT, background="#ffffff", padding=4)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=TEXT,
            titleColor=TEXT,
            labelFontSize=13,
            titleFontSize=13,
            titleFontWeight="normal",
            gridColor=RULE,
            domainColor=GREY,
            tickColor=GREY,
        )
        .properties(usermeta={"embedOptions": embed})
    )
    return styled


def funnel(steps: Sequence[Step], municipalities: int, words: Words) -> alt.LayerChart:
    """Bars of municipalities per step, from zero to all of the area, each with its number beside it."""
    rows = [
        {
            "step": one.label,
            "count": one.count,
            "label": _step_label(one, municipalities, words),
            "colour": GREY if one.inferred else PRIMARY,
            "known": one.count is not None,
        }
        for one in steps
    ]
    base = alt.Chart(_inline(rows)).encode(
        y=alt.Y(
            "step:N",
            sort=[one.label for one in steps],
            title=None,
            axis=alt.Axis(labelLimit=150, domain=False, ticks=False, labelPadding=8),
        ),
        tooltip=[
            alt.Tooltip("step:N", title=words("column.step")),
            alt.Tooltip("label:N", title=words("uptake.funnel.axis")),
        ],
    )
    scale = alt.Scale(domain=[0, municipalities], nice=False)
    axis = alt.Axis(values=[0, municipalities], grid=False, format="d", offset=14)
    bars = base.mark_bar(height=24, cornerRadiusEnd=2).encode(
        x=alt.X("count:Q", scale=scale, title=words("uptake.funnel.axis"), axis=axis),
        color=alt.Color("colour:N", scale=None),
    )
    # The number stands under its bar, where there is room whatever the bar's length; without a bar, in its place.
    under = base.transform_filter("datum.known").mark_text(align="left", baseline="top", dy=15, fontSize=13, color=TEXT)
    instead = base.transform_filter("!datum.known").mark_text(align="left", dx=4, fontSize=13, color=TEXT)
    numbers = [mark.encode(x=alt.value(0), text="label:N") for mark in (under, instead)]
    return themed(alt.layer(bars, *numbers).properties(height=62 * len(rows)), words.language)


def _step_label(one: Step, municipalities: int, words: Words) -> str:
    if one.count is None:
        return f"{wording.MISSING} ({one.note})"
    said = words("uptake.n_of_m", n=one.count, m=municipalities)
    return f"{said} ({one.note})" if one.note else said


def funnel_in_words(steps: Sequence[Step], municipalities: int, service: str, month: date, words: Words) -> str:
    """The funnel as a sentence."""
    said = [
        f"{one.label.lower()} {wording.MISSING if one.count is None else wording.number(one.count, words.language)}"
        + (f" ({one.note})" if one.note else "")
        for one in steps
    ]
    return words(
        "uptake.funnel.words",
        service=service,
        month=wording.month(month, words.language),
        all=municipalities,
        noun=words.municipalities(municipalities),
        steps=wording.listing(said, words.language),
    )


def _with_gaps(points: Sequence[CurvePoint], colour: str, label: str, words: Words) -> list[dict[str, Any]]:
    """Rows for a line: observed months, and one empty row in each gap, so that the line breaks there.

    Where the basis changes, another line (`run`) begins: use and events are not one curve. Events are grey beside use.
    """
    rows: list[dict[str, Any]] = []
    both = len({one.active_basis for one in points}) > 1
    run = 0
    for place, one in enumerate(points):
        before = points[place - 1] if place else one
        changed = before.active_basis != one.active_basis
        if place and not changed and next_month(before.month) != one.month:
            empty = {"month": next_month(before.month).isoformat(), "active": None}
            rows.append({**rows[-1], **empty, "alone": False, "last": ""})
        run += changed
        measured = one.active_basis == "USE"
        rows.append(
            {
                "series": label,
                "run": run,
                "measured": measured,
                "month": one.month.isoformat(),
                "active": one.active,
                "colour": GREY if both and not measured else colour,
                "when": wording.month(one.month, words.language),
                "alone": _alone(points, place),
                "last": label if place == len(points) - 1 else "",
            }
        )
    return rows


def _alone(points: Sequence[CurvePoint], place: int) -> bool:
    """No observed month of its basis beside it: without a larger dot nobody would see it."""
    here = points[place]
    near = [points[other] for other in (place - 1, place + 1) if 0 <= other < len(points)]
    return all(
        abs(months_between(here.month, other.month)) > 1 or other.active_basis != here.active_basis for other in near
    )


def series_label(point: CurvePoint, words: Words) -> str:
    """A curve's name with what the reader must know of it."""
    name = words("uptake.curve.external", name=point.name) if point.external else point.name
    return name + synthetic_note(words, synthetic=point.synthetic)


def curve(points: Sequence[CurvePoint], chosen: str, until: date, words: Words) -> alt.LayerChart:
    """Municipalities per month: the chosen service, others in grey. Months that nobody observed are shaded and empty.

    A whole line is measured use; a dashed one is events, and the line breaks where one follows the other.

    Args:
        points: observed months, by service and month.
        chosen: the service that is highlighted.
        until: the last month of the release.
        words: the texts.
    """
    by_service: dict[str, list[CurvePoint]] = {}
    for one in points:
        by_service.setdefault(one.service, []).append(one)
    own = by_service.get(chosen, [])
    rows = [
        row
        for service, series in by_service.items()
        for row in _with_gaps(series, PRIMARY if service == chosen else GREY, series_label(series[-1], words), words)
    ]
    municipalities = max(one.municipalities for one in points)
    found = gaps([one.month for one in own], until)
    bands = [_band(gap, words) for gap in found]
    months = [one.month for one in points]
    domain = [min(months).isoformat(), max(until, *months).isoformat()]
    x = alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(domain=domain, type="utc"),
        axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True),
    )
    y = alt.Y(
        "active:Q",
        title=words("uptake.funnel.axis"),
        scale=alt.Scale(domain=[0, municipalities], nice=False),
        axis=alt.Axis(format="d", tickCount=5, domain=False, ticks=False),
    )
    shaded = alt.Chart(_inline(bands))
    shading = shaded.mark_rect(color=BAND, aria=False).encode(x=alt.X("month:T"), x2="end:T")
    told = shaded.mark_text(aria=False, color=TEXT, fontSize=12, baseline="top", dy=6).encode(
        x=alt.X("middle:T"), y=alt.value(0), text="label:N"
    )
    base = alt.Chart(_inline(rows)).encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None), detail=["series:N", "run:N"]
    )
    tooltip = [
        alt.Tooltip("series:N", title=words("uptake.curve.chosen")),
        alt.Tooltip("when:N", title=words("column.month")),
        alt.Tooltip("active:Q", title=words("uptake.funnel.axis"), format="d"),
    ]
    observed = "isValid(datum.active)"
    lines = base.mark_line(strokeWidth=2.5, invalid="break-paths-filter-domains").encode(
        strokeDash=alt.condition("datum.measured", alt.value([1, 0]), alt.value([6, 4]))
    )
    dots = (
        base.transform_filter(observed)
        .mark_point(filled=True)
        .encode(
            size=alt.condition("datum.alone", alt.value(90), alt.value(18)),
            opacity=alt.condition("datum.measured || datum.alone", alt.value(1), alt.value(0)),  # else dashes fill up
            tooltip=tooltip,
        )
    )
    names = (
        base.transform_filter("datum.last != null && datum.last != ''")
        .mark_text(align="right", dy=-12, fontSize=13, fontWeight=600)
        .encode(text="last:N")
    )
    layers = [shading, told, lines, dots, names] if bands else [lines, dots, names]
    return themed(alt.layer(*layers).properties(height=310), words.language)


def _band(gap: Gap, words: Words) -> dict[str, str]:
    end = next_month(gap.last)
    middle = date.fromordinal((gap.first.toordinal() + end.toordinal()) // 2)
    wide = (end - gap.first).days > 365 * 1.5
    return {
        "month": gap.first.isoformat(),
        "end": end.isoformat(),
        "middle": middle.isoformat(),
        "label": words("uptake.curve.gap") if wide else "",
    }


def curve_in_words(points: Sequence[CurvePoint], chosen: str, until: date, words: Words) -> str:
    """The curves as sentences: where the chosen one begins and ends, its gaps, and what it is compared with."""
    own = [one for one in points if one.service == chosen]
    by_basis: dict[str, list[CurvePoint]] = {}
    for one in own:
        by_basis.setdefault(one.active_basis, []).append(one)
    said = [
        words(
            "uptake.curve.words",
            service=series_label(alike[-1], words),
            basis=words(f"uptake.table.basis.{basis}"),
            first=alike[0].active,
            noun=words.municipalities(alike[0].active),
            first_month=wording.month(alike[0].month, words.language),
            last=alike[-1].active,
            last_month=wording.month(alike[-1].month, words.language),
        )
        for basis, alike in by_basis.items()
    ]
    said.append(gaps_in_words(gaps([one.month for one in own], until), words))
    others = {one.service: one for one in points if one.service != chosen}  # the last point of each
    said += [
        words(
            "uptake.curve.words.external", name=one.name, n=one.active, month=wording.month(one.month, words.language)
        )
        for one in others.values()
    ]
    return " ".join(part for part in said if part)
