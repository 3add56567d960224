"""Who took up which service when: logistic curves in time, moved by network, supplier, size and chance.

Services with real adoption records are never simulated. A few exceptions that lists should find are planted: use
without annex, annex without use, use after termination.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from assets.simulate.norwegian_year import day_of, ordinal, oslo_us
from assets.simulate.organisations import COUNTY, MUNICIPALITY
from assets.simulate.plan import Kind, month_after
from assets.simulate.source_systems import main_systems
from assets.simulate.stories import WAITED_FOR, held_back
from catalog.facts import read
from catalog.tables import streams

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from assets.simulate.organisations import Organisation
    from assets.simulate.plan import Plan
    from assets.simulate.source_systems import SourceSystem

REAL_RECORDS = frozenset({"fiks-digisos", "altinn-3"})
"""Services with real adoption records: no synthetic adoption, measurement or invoice line, ever."""
SOURCE = "simulert"
NEVER = date.max
SUPPORTED, PROMISED = 0.2, 0.0
"""How much a system helps when it carries a service, and when it promises to."""
_HOUR_OF_EVENTS = 10
_LARGE, _SMALL = 20_000, 3_000


@dataclass(frozen=True, slots=True)
class Curve:
    """How a service spreads: half of its `ceiling` (per cent) by `half`, most of it within ± `width` days."""

    service: str
    launch: date
    half: date
    width: int
    ceiling: int
    kinds: tuple[str, ...] = (MUNICIPALITY,)


_ALL = (MUNICIPALITY, COUNTY, "COMPANY", "OTHER")
_BOTH = (MUNICIPALITY, COUNTY)
CURVES = (
    Curve("svarut", date(2012, 6, 1), date(2014, 3, 1), 420, 99, _ALL),
    Curve("svarinn", date(2013, 3, 1), date(2016, 1, 1), 500, 94, _BOTH),
    Curve("fiks-io", date(2019, 2, 1), date(2021, 9, 1), 520, 82, _BOTH),
    Curve("fiks-folkeregister", date(2021, 1, 1), date(2022, 2, 1), 380, 93, _BOTH),
    Curve("kontaktregisteret", date(2017, 5, 1), date(2020, 6, 1), 640, 70, _BOTH),
    Curve("fiks-kjoretoyregister", date(2019, 12, 1), date(2022, 6, 1), 620, 48),
    Curve("fiks-dokumentlager", date(2018, 9, 1), date(2022, 1, 1), 700, 60, _BOTH),
    Curve("min-kommune", date(2022, 3, 1), date(2025, 4, 1), 560, 64),
    Curve("fiks-bekymringsmelding", date(2019, 11, 1), date(2021, 10, 1), 460, 76),
    Curve("fiks-digiorden", date(2021, 1, 1), date(2025, 1, 1), 640, 64),
    Curve("fiks-arkiv", date(2021, 5, 1), date(2025, 6, 1), 620, 55, _BOTH),
    Curve("fiks-del-dokument", date(2022, 6, 1), date(2025, 1, 1), 540, 38),
    Curve("fiks-skatte-og-inntektsopplysninger", date(2022, 12, 1), date(2025, 2, 1), 480, 52),
)
SIMULATED = tuple(curve.service for curve in CURVES)


@dataclass(frozen=True, slots=True)
class Uptake:
    """One organisation's adoption of one service. Dates from the day the plan stops have not happened.

    Attributes:
        organisation: position among the plan's organisations.
        first_use: when use begins; NEVER for an annex without use.
        last_use: the first day without use.
        annex_reported: false for a planted use without annex, which no event reports.
    """

    organisation: int
    service: str
    annex: date
    configured: date
    activated: date
    first_use: date
    last_use: date
    suspended: date | None
    terminated: date | None
    annex_reported: bool


def supports(plan: Plan, systems: Sequence[SourceSystem]) -> dict[tuple[str, str], float]:
    """How much each system helps its users adopt each service, by system and service. Above `SUPPORTED`: carried."""
    random = plan.random(Kind.ADOPTION, 1)
    names = sorted({s.system for s in systems})
    drawn = random.normal(0, 0.6, (len(CURVES), len(names))).tolist()
    return {
        (name, curve.service): help_
        for curve, of_service in zip(CURVES, drawn, strict=True)
        for name, help_ in zip(names, of_service, strict=True)
    }


def supported_since(curve: Curve, help_: float) -> date:
    """The day from which a system has carried the service: the more it helps, the earlier."""
    return max(curve.launch, curve.half - timedelta(days=round(curve.width * (0.5 + help_)))).replace(day=1)


def promised_from(plan: Plan, help_: float) -> date:
    """The day from which a system promises to carry a service: the more it helps, the sooner after the plan."""
    return month_after(plan.end, 3 + round(18 * (1 - help_ / SUPPORTED)))


def uptakes(plan: Plan, organisations: Sequence[Organisation], systems: Sequence[SourceSystem]) -> tuple[Uptake, ...]:
    """Every uptake of a simulated service that begins before the plan ends, by service and organisation."""
    random = plan.random(Kind.ADOPTION)
    networks = sorted({n for o in organisations for n in o.networks})
    of_network = dict(zip(networks, random.normal(0, 0.5, len(networks)).tolist(), strict=True))
    of_system = supports(plan, systems)
    mains = [systems[i].system for i in main_systems(plan, organisations, systems)]
    waiting = held_back(plan, organisations)
    begun = []
    for curve in CURVES:
        draws = random.random((len(organisations), 8)).tolist()
        chance = random.logistic(0, 0.5, len(organisations)).tolist()
        for i, organisation in enumerate(organisations):
            if curve.service == WAITED_FOR and i in waiting:
                begun.append(_waiting(plan, i, waiting.index(i)))
                continue
            if organisation.kind not in curve.kinds or draws[i][0] * 100 >= curve.ceiling:
                continue
            size = 0.25 if organisation.weight > _LARGE else -0.15 if organisation.weight < _SMALL else 0.0
            # A network moves together, and a supplier that carries the service opens it for all its customers.
            lead = size + sum(of_network[n] for n in organisation.networks[:1]) + of_system[mains[i], curve.service]
            activated = curve.half + timedelta(days=round(curve.width * (chance[i] - lead)))
            uptake = _steps(curve, i, organisation, activated, draws[i])
            if uptake.annex < plan.stop:
                begun.append(uptake)
    return tuple(begun)


def _waiting(plan: Plan, i: int, nth: int) -> Uptake:
    """An annex signed a year ago or so, and nothing since: the supplier does not carry the service."""
    annex = month_after(plan.last_month, -11 - nth) + timedelta(days=9 + 3 * nth)
    return Uptake(i, WAITED_FOR, annex, NEVER, NEVER, NEVER, NEVER, None, None, annex_reported=True)


def _steps(curve: Curve, i: int, organisation: Organisation, activated: date, draw: list[float]) -> Uptake:
    first = max(curve.launch, organisation.valid_from or curve.launch)
    to_annex, to_configured, to_use = 20 + round(230 * draw[1] ** 2), 5 + round(90 * draw[2] ** 2), round(60 * draw[3])
    annex = max(first, activated - timedelta(days=to_annex + to_configured))
    configured = max(annex + timedelta(days=3), activated - timedelta(days=to_configured))
    activated = max(activated, configured + timedelta(days=1))
    suspended = activated + timedelta(days=200 + round(900 * draw[4])) if draw[5] < 0.01 else None  # noqa: PLR2004
    terminated = activated + timedelta(days=500 + round(1500 * draw[4])) if draw[5] > 0.985 else None  # noqa: PLR2004
    keeps_on = timedelta(days=75 if draw[6] < 0.15 else -4)  # noqa: PLR2004 - planted: some go on after termination
    return Uptake(
        organisation=i,
        service=curve.service,
        annex=annex,
        configured=configured,
        activated=activated,
        first_use=NEVER if draw[7] < 0.015 else activated + timedelta(days=to_use),  # noqa: PLR2004 - annex, no use
        last_use=terminated + keeps_on if terminated else NEVER,
        suspended=suspended if suspended and suspended + timedelta(days=90) < (terminated or NEVER) else None,
        terminated=terminated,
        annex_reported=draw[6] < 0.996,  # noqa: PLR2004 - use without annex
    )


def events(plan: Plan, organisations: Sequence[Organisation], uptakes: Iterable[Uptake]) -> pa.Table:
    """The steps that have happened before the plan stops.

    Grain: one row per step of an organisation. Order: time, event id. The municipality code is the one in force on the
    day, and missing where the organisation had another code then.
    """
    spans = {r["code"]: (r["valid_from"], r["valid_to"]) for r in read("municipality")}
    first_annex: dict[int, date] = {}
    rows: list[tuple[int, str | None, str, date]] = []
    for u in uptakes:
        if not u.annex_reported:
            continue
        first_annex[u.organisation] = min(u.annex, first_annex.get(u.organisation, u.annex))
        steps: list[tuple[str, date | None]] = [
            ("ANNEX_SIGNED", u.annex),
            ("CONFIGURED", u.configured),
            ("ACTIVATED", u.activated),
            ("SUSPENDED", u.suspended),
            ("RESUMED", u.suspended + timedelta(days=60) if u.suspended else None),
            ("TERMINATED", u.terminated),
        ]
        rows += [(u.organisation, u.service, step, day) for step, day in steps if day is not None]
    rows += [(i, None, "AGREEMENT_SIGNED", _before(day, organisations[i])) for i, day in first_annex.items()]
    happened = sorted(  # by time and id, which is unique, so the rest is never compared
        (ordinal(day), f"sim-{organisations[i].number}-{service or 'hovedavtale'}-{step.lower()}", i, service, step)
        for i, service, step, day in rows
        if day < min(plan.stop, organisations[i].valid_to or NEVER)
    )
    return pa.table(
        [
            pa.array([event for _, event, *_ in happened], pa.string()),
            pa.array([service for *_, service, _ in happened], pa.string()),
            pa.array([organisations[i].number for _, _, i, *_ in happened], pa.string()),
            pa.array([_code_on(organisations[i], day_of(n), spans) for n, _, i, *_ in happened], pa.string()),
            pa.array([step for *_, step in happened], pa.string()),
            pa.array([oslo_us(day_of(n), _HOUR_OF_EVENTS) for n, *_ in happened], pa.int64()).cast(
                streams.ADOPTION["occurred_at"].type
            ),
            pa.array(["EXACT"] * len(happened), pa.string()),
            pa.array([SOURCE] * len(happened), pa.string()),
            pa.nulls(len(happened), pa.string()),
        ],
        schema=streams.ADOPTION.schema,
    )


def _before(annex: date, organisation: Organisation) -> date:
    """The main agreement is signed some weeks before the first annex, but not before the organisation exists."""
    return max(annex - timedelta(days=14), organisation.valid_from or date.min)


def _code_on(organisation: Organisation, day: date, spans: dict[str, tuple[str, str]]) -> str | None:
    """The organisation's municipality code on a day, where that is its code of now or of 2020."""
    for code in (organisation.municipality_code, organisation.code_2020):
        if code is not None and code in spans:
            start, end = spans[code]
            if (not start or date.fromisoformat(start) <= day) and (not end or day < date.fromisoformat(end)):
                return code
    return None
