"""The charts of uptake and their descriptions in words. Pure."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import altair as alt

from dashboards.shared import events as shared_events
from dashboards.shared.charts import (
    BAND,
    GREY,
    PRIMARY,
    TEXT,
    WAITING,
    apart,
    inline,
    layered,
    nearest,
    on_ground,
)
from dashboards.shared.narrative import Gap, gaps, months_between, next_month, synthetic_note
from dashboards.shared.text_width import width
from dashboards.views.uptake.narrative import Step, gaps_in_words, steps_in_words
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from dashboards.release.query import Row
    from dashboards.shared.events import Marks
    from dashboards.words import Words


def funnel(steps: Sequence[Step], municipalities: int, words: Words) -> alt.LayerChart:
    """Bars of municipalities per step, from zero to all in the area, each with its number below it."""
    rows = [
        {
            "step": step.label,
            "count": step.count,
            "label": _step_label(step, municipalities, words),
            "colour": GREY if step.inferred else PRIMARY,
            "known": step.count is not None,
        }
        for step in steps
    ]
    base = alt.Chart(inline(rows)).encode(
        y=alt.Y(
            "step:N",
            sort=[step.label for step in steps],
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
    # The number stands below its bar, where there is room whatever its length; where there is no bar, in its place.
    under = base.transform_filter("datum.known").mark_text(align="left", baseline="top", dy=15, fontSize=13, color=TEXT)
    instead = base.transform_filter("!datum.known").mark_text(align="left", dx=4, fontSize=13, color=TEXT)
    numbers = [mark.encode(x=alt.XValue(0), text=alt.Text("label:N")) for mark in (under, instead)]
    return layered(bars, *numbers, height=62 * len(rows), language=words.language)


def _step_label(step: Step, municipalities: int, words: Words) -> str:
    if step.count is None:
        return f"{formatting.MISSING} ({step.note})"
    text = words("uptake.n_of_m", n=step.count, m=municipalities)
    return f"{text} ({step.note})" if step.note else text


def funnel_in_words(steps: Sequence[Step], municipalities: int, service: str, month: date, words: Words) -> str:
    """The funnel as a sentence."""
    return words(
        "uptake.funnel.words",
        service=service,
        month=formatting.month(month, words.language),
        all=municipalities,
        noun=words.municipalities(municipalities),
        steps=formatting.listing(steps_in_words(steps, words), words.language),
    )


def _with_gaps(points: Sequence[Row], colour: str, label: str, words: Words) -> list[dict[str, Any]]:
    """Rows for a line: the observed months, and an empty row in each gap, so that the line breaks there.

    A new line (`run`) begins where the basis changes: use and events are not one curve. Beside use, events are grey.
    """
    rows: list[dict[str, Any]] = []
    both = len({point.active_basis for point in points}) > 1
    run = 0
    for place, point in enumerate(points):
        before = points[place - 1] if place else point
        changed = before.active_basis != point.active_basis
        if place and not changed and next_month(before.month) != point.month:
            empty = {"month": next_month(before.month).isoformat(), "active": None}
            rows.append({**rows[-1], **empty, "alone": False, "last": ""})
        run += changed
        measured = point.active_basis == "USE"
        rows.append(
            {
                "series": label,
                "run": run,
                "measured": measured,
                "month": point.month.isoformat(),
                "active": point.active,
                "colour": GREY if both and not measured else colour,
                "when": formatting.month(point.month, words.language),
                "alone": _alone(points, place),
                "last": label if place == len(points) - 1 else "",
            }
        )
    return rows


def _alone(points: Sequence[Row], place: int) -> bool:
    """No adjacent month is observed on the same basis: it needs a larger dot to be visible."""
    here = points[place]
    near = [points[other] for other in (place - 1, place + 1) if 0 <= other < len(points)]
    return all(
        abs(months_between(here.month, other.month)) > 1 or other.active_basis != here.active_basis for other in near
    )


def series_label(point: Row, words: Words) -> str:
    """A curve's name; that of another party's service is marked. The subtitle marks the chosen one as synthetic."""
    if not point.external:
        return str(point.name)
    return words("uptake.curve.external", name=point.name) + synthetic_note(words, synthetic=point.synthetic)


def curve(
    points: Sequence[Row],
    chosen: str,
    until: date,
    words: Words,
    outlook: Sequence[Row] = (),
    events: Marks = shared_events.NOTHING,
) -> alt.LayerChart:
    """Municipalities per month: the chosen service, others in grey. Unobserved months are shaded and empty.

    A solid line is measured use, a dashed one events; the line breaks where one follows the other. A dotted line with a
    band shows the forecast.

    Args:
        points: observed months, by service and month.
        chosen: the service that is highlighted.
        until: the last month of the release.
        words: the texts.
        outlook: the chosen service's forecast months; none where they are not shown.
        events: months to mark.
    """
    by_service: dict[str, list[Row]] = {}
    for point in points:
        by_service.setdefault(point.service, []).append(point)
    own = by_service.get(chosen, [])
    rows = [
        row
        for service, series in by_service.items()
        for row in _with_gaps(series, PRIMARY if service == chosen else GREY, series_label(series[-1], words), words)
    ]
    municipalities = max(point.municipalities for point in points)
    ends = [row for row in rows if row["last"]]
    at = [_PLOT * (1 - row["active"] / municipalities) for row in ends]
    stand = apart([height - _OFF for height in at], (-_OFF, _PLOT - _OFF))
    for row, is_at, stands in zip(ends, at, stand, strict=True):
        row["dy"] = round(stands - is_at)
    above = len(by_service) > 1 and min(stand, default=0) < _OFF
    unobserved = gaps([point.month for point in own], until)
    bands = [_band(gap, words) for gap in unobserved]
    months = [point.month for point in points]
    first, last = min(months), max(until, *months, *(ahead.month for ahead in outlook))
    domain = [first.isoformat(), last.isoformat()]
    x = alt.X(
        "month:T",
        title=None,
        scale=alt.Scale(domain=domain, type="utc"),
        axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap=True, labelSeparation=6),
    )
    y = _municipalities("active:Q", municipalities, words)
    shaded = alt.Chart(inline(bands))
    shading = shaded.mark_rect(color=BAND).encode(x=alt.X("month:T"), x2=alt.X2("end:T"))
    gap_labels = shaded.mark_text(color=TEXT, fontSize=12, baseline="top", dy=6).encode(
        x=alt.X("middle:T"), y=alt.YValue(0), text=alt.Text("label:N")
    )
    base = alt.Chart(inline(rows)).encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None), detail=[alt.Detail("series:N"), alt.Detail("run:N")]
    )
    tooltip = [
        alt.Tooltip("series:N", title=words("uptake.curve.chosen")),
        alt.Tooltip("when:N", title=words("column.month")),
        alt.Tooltip("active:Q", title=words("uptake.funnel.axis"), format="d"),
    ]
    observed = "isValid(datum.active)"
    lines = base.mark_line(strokeWidth=2.5, invalid="break-paths-filter-domains").encode(
        strokeDash=alt.StrokeDashValue([6, 4], condition={"test": "datum.measured", "value": [1, 0]})
    )
    dots = nearest(
        base.transform_filter(observed)
        .mark_point(filled=True)
        .encode(
            size=alt.SizeValue(18, condition={"test": "datum.alone", "value": 90}),
            opacity=alt.OpacityValue(
                0, condition={"test": "datum.measured || datum.alone", "value": 1}
            ),  # else dashes fill up
            tooltip=tooltip,
        )
    )
    layers = [shading, gap_labels, lines, dots] if bands else [lines, dots]
    if len(by_service) > 1:  # else the title names it
        named = base.transform_filter("datum.last != null && datum.last != ''")
        layers.append(on_ground(named, "last:N", align="right", dy=alt.ExprRef("datum.dy")))
    if outlook:
        layers += _outlook(own, outlook, x, words)
    chart = layered(*layers, height=250, language=words.language)
    return shared_events.marked(chart, events, x, lift=_ABOVE if above else 0)


_ABOVE: Final = 20
"""What a name takes above the plot, in pixels, where its line ends at the top."""
_PLOT, _OFF = 190, 12
"""The approximate height of the curve's plot, and of a name above the end of its line, in pixels."""


def launched(rows: Sequence[Mapping[str, Any]], chosen: str, municipalities: int, words: Words) -> alt.LayerChart:
    """All services as curves from launch, each named at its end where there is room: the chosen one highlighted.

    Args:
        rows: by service and months since its launch.
        chosen: the highlighted service.
        municipalities: how many the area has.
        words: the texts.
    """
    names = _names_at_ends(rows, chosen, municipalities)
    data = [
        {
            "years": row["age_months"] / 12,
            "active": row["active"],
            "series": row["name"],
            "line": f"{row['service']}/{row['run']}/{row.get('active_basis')}",
            "own": row["service"] == chosen,
            "label": row["name"] if row["is_last"] and row["service"] in names else "",
            "colour": PRIMARY if row["service"] == chosen else GREY,
            **names.get(row["service"], {}),
            "when": words("uptake.launched.after", months=row["age_months"]),
        }
        for row in rows
    ]
    base = alt.Chart(inline(data)).encode(
        x=alt.X(
            "years:Q",
            title=words("uptake.launched.axis"),
            axis=alt.Axis(grid=False, format="d", tickMinStep=1),
            scale=alt.Scale(zero=True, nice=False),
        ),
        y=_municipalities("active:Q", municipalities, words),
        detail=alt.Detail("line:N"),
        tooltip=[
            alt.Tooltip("series:N", title=words("column.service")),
            alt.Tooltip("when:N", title=words("uptake.launched.since")),
            alt.Tooltip("active:Q", title=words("uptake.funnel.axis"), format="d"),
        ],
    )
    others = base.transform_filter("!datum.own").mark_line(color=GREY, strokeWidth=1.25, opacity=0.65)
    own = base.transform_filter("datum.own").mark_line(color=PRIMARY, strokeWidth=3)
    dots = nearest(base.mark_point(filled=True, color=PRIMARY, size=24)).encode(
        opacity=alt.OpacityValue(0, condition={"test": "datum.own", "value": 1})
    )
    named = base.transform_filter("datum.label != ''").encode(color=alt.Color("colour:N", scale=None))
    at = {name: alt.ExprRef(f"datum.{of}") for name, of in (("align", "side"), ("dx", "dx"), ("dy", "dy"))}
    name = on_ground(named, "label:N", baseline="middle", **at)
    return layered(others, own, dots, name, height=310, language=words.language)


def _names_at_ends(
    rows: Sequence[Mapping[str, Any]], chosen: str, municipalities: int
) -> dict[str, dict[str, int | str]]:
    """Where each name stands by the end of its line, for names that cover no other on a phone.

    A name follows its line, or stands by its last part where the plot ends. The chosen service has its name first, then
    those that have come furthest.
    """
    longest = max((row["age_months"] for row in rows), default=0) or 1
    spans: list[tuple[float, float, float]] = []
    points: dict[str, dict[str, int | str]] = {}
    for row in sorted(
        (row for row in rows if row["is_last"]), key=lambda row: (row["service"] != chosen, -row["active"])
    ):
        end, long = row["age_months"] / longest * _NARROWEST, width(row["name"], weight=600)
        follows = end + _GAP + long <= _NARROWEST
        begins = end + _GAP if follows else end - long
        for dy in (0, 8, -8) if follows else (-_OFF, _OFF):
            at = (1 - row["active"] / municipalities) * _FROM_LAUNCH + dy
            clear = all(
                begins > right or begins + long < left or abs(at - other) > _NAME for left, right, other in spans
            )
            if clear and begins >= 0:
                spans.append((begins, begins + long, at))
                points[row["service"]] = {
                    "dy": dy,
                    "dx": _GAP if follows else 0,
                    "side": "left" if follows else "right",
                }
                break
    return points


_NARROWEST, _FROM_LAUNCH, _NAME, _GAP = 270, 255, 14, 5
"""Pixels: what a phone has across and down for the lines from launch, how high a name is, how far from its line."""


def launched_in_words(rows: Sequence[Mapping[str, Any]], chosen: str, words: Words) -> str:
    """How far the chosen service has come, and how many others were further at the same age."""
    own = [row for row in rows if row["service"] == chosen]
    if not own:
        return words("uptake.launched.none")
    age, reached = own[-1]["age_months"], own[-1]["active"]
    best: dict[str, int] = {}
    older: set[str] = set()
    for row in rows:
        if row["service"] != chosen and row["age_months"] <= age:
            best[row["service"]] = row["active"]
        if row["service"] != chosen and row["age_months"] >= age:
            older.add(row["service"])
    further = sum(best.get(service, 0) > reached for service in older)
    return words(
        "uptake.launched.words" if older else "uptake.launched.words.oldest",
        name=own[-1]["name"],
        active=reached,
        noun=words.municipalities(reached),
        months=age,
        further=further,
        older=len(older),
    )


def _municipalities(field: str, all_of_them: int, words: Words) -> alt.Y:
    """The axis from zero to all municipalities of the area."""
    return alt.Y(
        field,
        title=words("uptake.funnel.axis"),
        scale=alt.Scale(domain=[0, all_of_them], nice=False),
        axis=alt.Axis(format="d", tickCount=5, domain=False, ticks=False),
    )


def _outlook(own: Sequence[Row], outlook: Sequence[Row], x: alt.X, words: Words) -> list[alt.Chart]:
    """The forecast's layers, from the last known month: a band from low to high, a dotted line, and its last number."""
    points = [point for point in own if point.month == outlook[0].last_known_month]
    rows: list[dict[str, Any]] = [
        {
            "month": point.month.isoformat(),
            "low": point.active,
            "expected": point.active,
            "high": point.active,
            "last": "",
        }
        for point in points
    ]
    rows += [
        {
            "month": row.month.isoformat(),
            "low": row.low,
            "expected": row.expected,
            "high": row.high,
            "when": formatting.month(row.month, words.language),
            "between": f"{formatting.number(row.low, words.language)}–{formatting.number(row.high, words.language)}",
            "last": formatting.number(row.expected, words.language) if row is outlook[-1] else "",
        }
        for row in outlook
    ]
    base = alt.Chart(inline(rows)).encode(x=x)
    all_of_them = own[-1].municipalities
    middle = base.encode(y=_municipalities("expected:Q", all_of_them, words))
    tooltip = [
        alt.Tooltip("when:N", title=words("column.month")),
        alt.Tooltip("expected:Q", title=words("forecast.expected"), format="d"),
        alt.Tooltip("between:N", title=words("forecast.between")),
    ]
    band = base.mark_area(color=WAITING, opacity=0.7).encode(
        y=_municipalities("low:Q", all_of_them, words), y2=alt.Y2("high:Q")
    )
    line = middle.mark_line(color=PRIMARY, strokeWidth=2.5, strokeDash=[2, 3])
    dots = middle.transform_filter("isValid(datum.when)").mark_point(filled=True, size=60, opacity=0, color=PRIMARY)
    number = (
        base.transform_filter("datum.last != ''")
        .mark_text(align="right", baseline="top", dy=8, fontSize=13, color=TEXT)
        .encode(y=_municipalities("low:Q", all_of_them, words), text=alt.Text("last:N"))
    )
    return [band, line, dots.encode(tooltip=tooltip), number]


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


def curve_in_words(points: Sequence[Row], chosen: str, until: date, words: Words) -> str:
    """The curves as sentences: the chosen one's start and end, its gaps, and the curves it is compared with."""
    own = [point for point in points if point.service == chosen]
    by_basis: dict[str, list[Row]] = {}
    for point in own:
        by_basis.setdefault(point.active_basis, []).append(point)
    sentences = [
        words(
            "uptake.curve.words",
            service=series_label(alike[-1], words),
            basis=words(f"uptake.table.basis.{basis}"),
            first=alike[0].active,
            noun=words.municipalities(alike[0].active),
            first_month=formatting.month(alike[0].month, words.language),
            last=alike[-1].active,
            last_month=formatting.month(alike[-1].month, words.language),
        )
        for basis, alike in by_basis.items()
    ]
    sentences.append(gaps_in_words(gaps([point.month for point in own], until), words))
    others = {point.service: point for point in points if point.service != chosen}  # the last point of each
    sentences += [
        words(
            "uptake.curve.words.external",
            name=point.name,
            n=point.active,
            month=formatting.month(point.month, words.language),
        )
        for point in others.values()
    ]
    return " ".join(part for part in sentences if part)


# ── For reports ──────────────────────────────────────────────────────────────────────────────────────────────────────


def standing_svg(active: int, waiting: int | None, members: int, country: Decimal) -> str:
    """A bar of an area's municipalities: those with the service, those waiting, and a mark at the country's share.

    The numbers stand beside it, so a screen reader skips it.

    Args:
        active: municipalities that have the service.
        waiting: those with only the annex signed; None where nobody reports annexes.
        members: how many the area has.
        country: the country's share.
    """
    long, height = 150, 16
    have = long * active / members if members else 0
    wait = long * (waiting or 0) / members if members else 0
    mark = min(max(float(country) * long, 1), long - 1)
    return (
        f'<svg class="dif-bar" aria-hidden="true" viewBox="0 0 {long} {height}" xmlns="http://www.w3.org/2000/svg">'
        f'<rect x="0.5" y="2.5" width="{long - 1}" height="11" fill="#ffffff" stroke="{GREY}"/>'
        f'<rect x="0" y="2" width="{have:.1f}" height="12" fill="{PRIMARY}"/>'
        f'<rect x="{have:.1f}" y="2" width="{wait:.1f}" height="12" fill="{WAITING}"/>'
        f'<path d="M{mark:.1f} 0V{height}" stroke="#ffffff" stroke-width="4"/>'
        f'<path d="M{mark:.1f} 0V{height}" stroke="{TEXT}" stroke-width="2"/></svg>'
    )
