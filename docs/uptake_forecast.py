# What it finds is what it prints.
# ruff: noqa: T201
"""Draw the pictures of docs/uptake-forecast.md, and print its tables: `.venv/bin/python docs/uptake_forecast.py`.

The bundled real records are landed in a home of their own and made into tables as in any run. Then each forecast is
made as it would have been made when the months that are held out had not come.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

DOCS = Path(__file__).resolve().parent
sys.path.insert(0, str(DOCS.parent))

from assets import bundled, forecast, reference, uptake, uptake_forecast  # noqa: E402 - the path comes first
from assets.forecast import Series  # noqa: E402
from assets.making import Span  # noqa: E402
from assets.statements import statement  # noqa: E402
from catalog import conformed  # noqa: E402
from catalog import uptake as contracts  # noqa: E402
from catalog.reference import ADOPTION_SOURCE, MUNICIPALITY, ORGANISATION  # noqa: E402
from catalog.scan import Query, Scan, empty  # noqa: E402
from catalog.streams import ADOPTION, REGISTER  # noqa: E402
from pipelines.works import Works  # noqa: E402
from transport import durable, inbox  # noqa: E402
from transport.lake import Lake, Workshop  # noqa: E402
from transport.settings import Settings  # noqa: E402

HELD_OUT = (12, 6)
THROUGH = datetime(2026, 7, 20, 10, tzinfo=UTC)
"""Both sources had been seen to their ends by then."""
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
    """A forecast from the months before those held out, and what came in them."""

    known: list[tuple[date, int]]
    came: list[tuple[date, int]]
    method: str
    ahead: list[tuple[int, int, int]]

    @property
    def inside(self) -> int:
        """Months that came between low and high."""
        return sum(low <= count <= high for (low, _, high), (_, count) in zip(self.ahead, self.came, strict=True))


def main() -> None:
    """Make the tables once, then try each series twice."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), settle_seconds=0, memory_mb=500, threads=2)
        made = _tables(settings)
        with Workshop(settings) as workshop:
            series = {
                "digisos": _counted(workshop, made["status_month"], _MUNICIPALITIES, "of_municipalities"),
                "altinn": _counted(workshop, made["status_month"], _CUSTOMERS, "of_customers"),
            }
            for months in HELD_OUT:
                counts = series["digisos"]
                known = _as_known(workshop, made, counts[-months - 1][0])
                _show("digisos", _try(known, counts, months), "Municipalities with Digisos activated")
        for months in HELD_OUT:
            counts = series["altinn"]
            _show(
                "altinn", _try(_all_dated(counts[:-months]), counts, months), "Organisations in production on Altinn 3"
            )


def _tables(settings: Settings) -> dict[str, Scan]:
    for name, producer, table in bundled.adoption_batches():
        inbox.drop(settings.inbox, "adoption", producer, name, table)
    with durable.locked(settings.home):
        works = Works(settings, THROUGH)
        works.prepare()
        works.take_in()
        works.conform(REGISTER)
        for making in reference.MAKINGS:
            works.make(making)
        works.conform(ADOPTION)
    lake, span = Lake(settings.lake), Span(THROUGH)
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


def _counted(workshop: Workshop, status_month: Scan, sql: str, name: str) -> list[tuple[date, int]]:
    rows = workshop.table(Query(sql, {name: status_month})).to_pylist()
    return [(row["month"], row["quantity"]) for row in rows]


def _as_known(workshop: Workshop, made: dict[str, Scan], last: date) -> Series:
    """Digisos as the making knows it when `last` is its last month."""
    known = workshop.table(Query(statement("uptake/forecast_input"), made, {"settled": last}))
    [series] = [
        s for s in forecast.series_of(known, last, ("service", "active_basis")) if s.name["service"] == "fiks-digisos"
    ]
    return series


def _all_dated(counts: list[tuple[date, int]]) -> Series:
    """Organisations that are no municipalities: the making does not count them, so they are given to its methods."""
    return Series(
        {},
        [
            {"month": m, "quantity": Decimal(n), "undated": 0, "municipalities": 357, "synthetic": False}
            for m, n in counts
        ],
    )


def _try(known: Series, counts: list[tuple[date, int]], months: int) -> Trial:
    came = counts[-months:]
    methods = uptake_forecast.methods_for(known)
    found = forecast.outlook(known.values, methods, ceiling=357)
    if found is None:
        raise AssertionError("too few months")
    print(f"\n{months} held out, {len(known.rows)} known; error in the back-test {found.backtest_error}")
    for name, method in methods.items():
        foreseen = method([float(v) for v in known.values])
        if foreseen is None:
            print(f"  {name:10} not tried")
            continue
        missed = sum(abs(min(357, max(0, round(f))) - n) for f, (_, n) in zip(foreseen, came, strict=False))
        print(f"  {name:10} {missed / sum(n for _, n in came):.3f}{' chosen' if name == found.method else ''}")
    return Trial(counts[:-months], came, found.method, list(found.ahead[:months]))


# --- drawing ---------------------------------------------------------------------------------------------------------

_HEAD = 'xmlns="http://www.w3.org/2000/svg" role="img" font-family="sans-serif" font-size="12"'
_KNOWN = 'fill="none" stroke="#222" stroke-width="2"'
_EXPECTED = 'fill="none" stroke="#08519c" stroke-width="2" stroke-dasharray="5 4"'
_BAND = 'fill="#9ecae1" fill-opacity=".5"'
_CAME = 'r="3" fill="#d94801"'
WIDE, HIGH, LEFT, TOP, RIGHT, BOTTOM = 720, 300, 44, 34, 16, 30


def _show(name: str, trial: Trial, what: str) -> None:
    file = DOCS / "pictures" / f"uptake-forecast-{name}-{len(trial.came)}.svg"
    file.parent.mkdir(exist_ok=True)
    file.write_text(_drawn(trial, what), "utf-8")
    print(f"  {trial.inside} of {len(trial.came)} months inside; expected {[e for _, e, _ in trial.ahead]}")
    for end, at in (("low", 0), ("high", 2)):
        print(f"  {end} {[of_month[at] for of_month in trial.ahead]}")
    print(f"  came {[n for _, n in trial.came]}")


def _drawn(trial: Trial, what: str) -> str:
    months = [m for m, _ in trial.known + trial.came]
    most = max([n for _, n in trial.known + trial.came] + [high for _, _, high in trial.ahead])
    step = next(s for s in (5, 10, 25, 50, 100) if most / s <= 6)  # noqa: PLR2004 - lines that a picture can bear
    top = -(-most // step) * step

    def x(index: float) -> float:
        return round(LEFT + index * (WIDE - LEFT - RIGHT) / (len(months) - 1), 1)

    def y(count: float) -> float:
        return round(HIGH - BOTTOM - count * (HIGH - TOP - BOTTOM) / top, 1)

    def line(points: list[tuple[int, int]]) -> str:
        return " ".join(f"{x(i)},{y(n)}" for i, n in points)

    last = len(trial.known) - 1
    start = (last, trial.known[-1][1])
    coming = range(last + 1, len(months))
    lows = [start, *((i, low) for i, (low, _, _) in zip(coming, trial.ahead, strict=True))]
    highs = [start, *((i, high) for i, (_, _, high) in zip(coming, trial.ahead, strict=True))]
    expected = [start, *((i, middle) for i, (_, middle, _) in zip(coming, trial.ahead, strict=True))]
    known = [(i, n) for i, (_, n) in enumerate(trial.known)]
    years = [i for i, m in enumerate(months) if m.month == 1]
    title = f"{what}: known to {months[last]:%B %Y}, foreseen by {trial.method}, and what came"
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
        f'<polyline points="{line(known)}" {_KNOWN}/>',
        *(f'<circle cx="{x(i)}" cy="{y(n)}" {_CAME}/>' for i, (_, n) in zip(coming, trial.came, strict=True)),
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
