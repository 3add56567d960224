# The output is printed.
# ruff: noqa: T201
"""Draws the pictures of docs/uptake-forecast.md, and prints its tables: `.venv/bin/python docs/uptake_forecast.py`.

The bundled real records are landed in a home of their own and built into tables as in any run. Then a forecast is
made from every possible month, as if the later months were unknown.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from assets import bundled, forecast, reference, uptake, uptake_forecast  # noqa: E402 - the path comes first
from assets.build import BuildWindow  # noqa: E402
from assets.forecast import Method, Outlook, Series  # noqa: E402
from assets.statements import statement  # noqa: E402
from catalog.contracts.scan import Query, Scan, empty  # noqa: E402
from catalog.tables import conformed  # noqa: E402
from catalog.tables import uptake as contracts  # noqa: E402
from catalog.tables.reference import ADOPTION_SOURCE, MUNICIPALITY, ORGANISATION  # noqa: E402
from pipelines.run import steps  # noqa: E402
from pipelines.run.schedule import make_one  # noqa: E402
from transport.base import atomic_files  # noqa: E402
from transport.base.settings import Settings  # noqa: E402
from transport.ingest import inbox  # noqa: E402
from transport.lake.session import Session  # noqa: E402
from transport.lake.tables import Lake  # noqa: E402

DRAWN = {"digisos": (8, 14), "altinn": (71, 77)}
"""The origins to draw, by the number of known months."""
WHAT = {"digisos": "Municipalities with Digisos activated", "altinn": "Organisations in production on Altinn 3"}
THROUGH = datetime(2026, 7, 20, 10, tzinfo=UTC)
"""By then both sources had been read to their ends."""
ALL = 357
"""The number of municipalities: the ceiling of every forecast."""
_CUSTOMERS = """
    select month, count(distinct organisation_number) filter (where active) as quantity
    from of_customers where service = 'altinn-3' group by month order by month
"""
_MUNICIPALITIES = """
    select month, count(distinct municipality_code) filter (where active) as quantity
    from of_municipalities where service = 'fiks-digisos' and month < date '2020-06-01' group by month order by month
"""


@dataclass(frozen=True)
class Trial:
    """A forecast from the months before those held out, and what came in the twelve after.

    Attributes:
        before: the months before, with their counts.
        came: up to twelve months after.
        outlook: the forecast; None where it reaches no month.
        methods: the methods that the forecast chose among.
        values: the known counts as the methods see them.
    """

    before: list[tuple[date, int]]
    came: list[tuple[date, int]]
    outlook: Outlook | None
    methods: Mapping[str, Method]
    values: list[float]

    @property
    def ahead(self) -> list[tuple[int, int, int]]:
        """Low, expected and high of the months that came, with bands calibrated on this series alone."""
        if self.outlook is None:
            return []
        last = forecast.month_number(self.before[-1][0])
        return self.outlook.bands(forecast.calibrated([(last, self.outlook)]), last)[: len(self.came)]

    @property
    def reached(self) -> list[tuple[date, int]]:
        """The months that came and the forecast reached."""
        return self.came[: len(self.ahead)]

    @property
    def inside(self) -> int:
        """The number of months that came between low and high."""
        return sum(low <= count <= high for (low, _, high), (_, count) in zip(self.ahead, self.reached, strict=True))

    @property
    def told_and_missed(self) -> tuple[Decimal, Decimal] | None:
        """Sums of absolute errors, stated and actual."""
        if self.outlook is None:
            return None
        stated = missed = Decimal(0)
        for tried, (_, expected, _), (_, count) in zip(self.outlook.tried, self.ahead, self.reached, strict=False):
            if tried.error is not None:
                stated, missed = stated + tried.error * count, missed + abs(expected - count)
        return stated, missed

    @property
    def counted(self) -> int:
        """The sum of what came in the months that the forecast reached."""
        return sum(n for _, n in self.reached)


def main() -> None:
    """Try each series from every month on, print the tables, and draw some."""
    with tempfile.TemporaryDirectory() as folder:
        by_series = trials(Settings(home=Path(folder), settle_seconds=0, memory_mb=500, threads=2))
    print(summary(by_series))
    for name, of_series in by_series.items():
        print(f"\n{name}\n{every_origin(of_series)}")
    print(f"\n{every_method(by_series)}")
    for name, of_series in by_series.items():
        for trial in of_series:
            if len(trial.before) in DRAWN[name]:
                _show(name, trial)


def trials(settings: Settings) -> dict[str, list[Trial]]:
    """The trials of each series from every possible month, in a home of its own."""
    made = _tables(settings)
    with Session(settings) as session:
        digisos = _counted(session, made["status_month"], _MUNICIPALITIES, "of_municipalities")
        altinn = _counted(session, made["status_month"], _CUSTOMERS, "of_customers")
        return {
            "digisos": [
                _try(_as_known(session, made, digisos[months - 1][0]), digisos, months)
                for months in range(forecast.SHORTEST, len(digisos))
            ],
            "altinn": [
                _try(_all_dated(altinn[:months]), altinn, months) for months in range(forecast.SHORTEST, len(altinn))
            ],
        }


def summary(by_series: dict[str, list[Trial]]) -> str:
    """All origins of each series in one row."""
    lines = [
        "| series | origins | not shown | months inside | error told | error that came |",
        "|---|---|---|---|---|---|",
    ]
    for name, of_series in by_series.items():
        shown = [t for t in of_series if t.outlook]
        inside, months = sum(t.inside for t in shown), sum(len(t.reached) for t in shown)
        stated, missed = (sum(t.told_and_missed[at] for t in shown if t.told_and_missed) for at in (0, 1))
        counted = sum(t.counted for t in shown)
        lines.append(
            f"| {name.capitalize()} | {len(of_series)} | {len(of_series) - len(shown)} | {inside} of {months}, "
            f"{inside / months:.1%} | {stated / counted:.3f} | {missed / counted:.3f} |"
        )
    return "\n".join(lines)


def every_origin(of_series: list[Trial]) -> str:
    """One row per origin of a series."""
    lines = ["| known to | months | method | inside | told | came |", "|---|---|---|---|---|---|"]
    for trial in of_series:
        start = f"| {trial.before[-1][0]:%Y-%m} | {len(trial.before)} |"
        if trial.outlook is None or trial.told_and_missed is None:
            lines.append(f"{start} not shown | | | |")
            continue
        stated, missed = (f"{total / trial.counted:.3f}" if trial.counted else "–" for total in trial.told_and_missed)
        lines.append(f"{start} {trial.outlook.method} | {trial.inside} of {len(trial.reached)} | {stated} | {missed} |")
    return "\n".join(lines)


def every_method(by_series: dict[str, list[Trial]]) -> str:
    """The error of each method from the drawn origins."""
    names = list(by_series["digisos"][0].methods)
    lines = [f"| series | known | chosen | {' | '.join(names)} |", "|---" * (len(names) + 3) + "|"]
    for name, of_series in by_series.items():
        for trial in (t for t in of_series if len(t.before) in DRAWN[name]):
            chosen = trial.outlook.method if trial.outlook else "not shown"
            cells = " | ".join(_missed(trial, method) for method in trial.methods.values())
            lines.append(f"| {name.capitalize()} | {len(trial.before)} | {chosen} | {cells} |")
    return "\n".join(lines)


def _missed(trial: Trial, method: Method) -> str:
    foreseen = method(trial.values)
    if foreseen is None:
        return "–"
    missed = sum(abs(min(ALL, max(0, round(f))) - n) for f, (_, n) in zip(foreseen, trial.came, strict=False))
    return f"{missed / sum(n for _, n in trial.came):.3f}"


def _tables(settings: Settings) -> dict[str, Scan]:
    for name, producer, table in bundled.adoption_batches():
        inbox.drop(settings.inbox, "adoption", producer, name, table)
    with atomic_files.locked(settings.home):
        run = steps.start(settings, THROUGH)
        steps.prepare(run)
        steps.take_in(run)
        make_one(run, "conformed.register")
        for declared in reference.BUILDS:
            make_one(run, declared.contract.name)[0]
        make_one(run, "conformed.adoption")
    lake, span = Lake(settings.lake), BuildWindow(THROUGH)
    step_event = uptake.step_event.make(
        span, adoption=lake.scan(conformed.ADOPTION), organisation=lake.scan(ORGANISATION)
    )
    return {
        "step_event": step_event,
        "status_month": uptake.status_month.make(
            span,
            step_event=step_event,
            use_month=empty(contracts.USE_MONTH.arrow_schema),
            measured_month=empty(contracts.MEASURED_MONTH.arrow_schema),
            adoption_source=lake.scan(ADOPTION_SOURCE),
        ),
        "municipality": lake.scan(MUNICIPALITY),
    }


def _counted(session: Session, status_month: Scan, sql: str, name: str) -> list[tuple[date, int]]:
    rows = session.table(Query(sql, {name: status_month})).to_pylist()
    return [(row["month"], row["quantity"]) for row in rows]


def _as_known(session: Session, made: dict[str, Scan], last: date) -> Series:
    """Digisos as in the build when `last` is its last month."""
    counts = session.table(Query(statement("uptake/forecast_input"), made, {"settled": last}))
    [series] = [
        s for s in forecast.series_of(counts, last, ("service", "active_basis")) if s.name["service"] == "fiks-digisos"
    ]
    return series


def _all_dated(counts: list[tuple[date, int]]) -> Series:
    """A series of organisations that are not municipalities, which the build does not count, for its methods."""
    return Series(
        {},
        [
            {"month": m, "quantity": Decimal(n), "undated": 0, "municipalities": ALL, "synthetic": False}
            for m, n in counts
        ],
    )


def _try(series: Series, counts: list[tuple[date, int]], known_months: int) -> Trial:
    methods = uptake_forecast.methods_for(series)
    forecasted = forecast.outlook(series.values, methods, ceiling=ALL, flow=False)
    came = counts[known_months : known_months + forecast.HORIZON]
    shown = forecasted if forecasted and forecasted.expected else None
    return Trial(counts[:known_months], came, shown, methods, [float(v) for v in series.values])


# --- drawing ---------------------------------------------------------------------------------------------------------

_HEAD = 'xmlns="http://www.w3.org/2000/svg" role="img" font-family="sans-serif" font-size="12"'
_KNOWN = 'fill="none" stroke="#222" stroke-width="2"'
_EXPECTED = 'fill="none" stroke="#08519c" stroke-width="2" stroke-dasharray="5 4"'
_BAND = 'fill="#9ecae1" fill-opacity=".5"'
_CAME = 'r="3" fill="#d94801"'
WIDE, HIGH, LEFT, TOP, RIGHT, BOTTOM = 720, 300, 44, 34, 16, 30


def _show(name: str, trial: Trial) -> None:
    if trial.outlook is None:
        print(f"{name}, {len(trial.before)} known: not shown, so not drawn")
        return
    file = DOCS / "pictures" / f"uptake-forecast-{name}-{len(trial.came)}.svg"
    file.parent.mkdir(exist_ok=True)
    file.write_text(_drawn(trial, trial.outlook.method, WHAT[name]), "utf-8")
    print(f"{file.name}: {trial.inside} of {len(trial.reached)} inside; expected {[e for _, e, _ in trial.ahead]}")
    for end, at in (("low", 0), ("high", 2)):
        print(f"  {end} {[of_month[at] for of_month in trial.ahead]}")
    print(f"  came {[n for _, n in trial.came]}")


def _drawn(trial: Trial, method: str, what: str) -> str:
    months = [m for m, _ in trial.before + trial.came]
    most = max([n for _, n in trial.before + trial.came] + [high for _, _, high in trial.ahead])
    step = next(s for s in (5, 10, 25, 50, 100) if most / s <= 6)  # noqa: PLR2004 - lines that a picture can bear
    top = -(-most // step) * step

    def x(index: float) -> float:
        return round(LEFT + index * (WIDE - LEFT - RIGHT) / (len(months) - 1), 1)

    def y(count: float) -> float:
        return round(HIGH - BOTTOM - count * (HIGH - TOP - BOTTOM) / top, 1)

    def line(points: list[tuple[int, int]]) -> str:
        return " ".join(f"{x(i)},{y(n)}" for i, n in points)

    last = len(trial.before) - 1
    start = (last, trial.before[-1][1])
    coming = range(last + 1, last + 1 + len(trial.ahead))
    lows = [start, *((i, low) for i, (low, _, _) in zip(coming, trial.ahead, strict=True))]
    highs = [start, *((i, high) for i, (_, _, high) in zip(coming, trial.ahead, strict=True))]
    expected = [start, *((i, middle) for i, (_, middle, _) in zip(coming, trial.ahead, strict=True))]
    measured = [(i, n) for i, (_, n) in enumerate(trial.before)]
    years = [i for i, m in enumerate(months) if m.month == 1]
    title = f"{what}: known to {months[last]:%B %Y}, foreseen by {method}, and what came"
    parts = [
        f'<svg {_HEAD} viewBox="0 0 {WIDE} {HIGH}">',
        f"<title>{title}</title>",
        f'<rect width="{WIDE}" height="{HIGH}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18" font-size="13">{title}</text>',
        *(
            f'<path d="M{LEFT} {y(n)}H{WIDE - RIGHT}" stroke="#ddd"/>'
            f'<text x="{LEFT - 6}" y="{y(n) + 4}" text-anchor="end" fill="#555">{n}</text>'
            for n in range(0, top + 1, step)
        ),
        *(
            f'<path d="M{x(i)} {HIGH - BOTTOM}v5" stroke="#555"/>'
            f'<text x="{x(i)}" y="{HIGH - 10}" text-anchor="middle" fill="#555">{months[i].year}</text>'
            for i in years
        ),
        f'<polygon points="{line(lows)} {line(highs[::-1])}" {_BAND}/>',
        f'<polyline points="{line(expected)}" {_EXPECTED}/>',
        f'<polyline points="{line(measured)}" {_KNOWN}/>',
        *(f'<circle cx="{x(i)}" cy="{y(n)}" {_CAME}/>' for i, (_, n) in enumerate(trial.came, last + 1)),
        f'<g transform="translate({LEFT + 12} {TOP + 14})">',
        f'<path d="M0 0h22" {_KNOWN}/><text x="28" y="4">known</text>',
        f'<path d="M0 18h22" {_EXPECTED}/><text x="28" y="22">expected</text>',
        f'<rect y="30" width="22" height="11" {_BAND}/><text x="28" y="40">low to high (80 %)</text>',
        f'<circle cx="11" cy="54" {_CAME}/><text x="28" y="58">what came</text>',
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    main()
