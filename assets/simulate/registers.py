"""The registers that go with the traffic: one batch each, applied before anything else arrives."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pyarrow as pa

from assets.simulate.adoption import CURVES, PROMISED, SUPPORTED, promised_from, supported_since, supports
from assets.simulate.connections import SERVICES as CARRIED
from assets.simulate.costs import (
    CATEGORIES,
    COST_CENTERS,
    COVERAGE,
    PROJECTS,
    SHARED,
    SHARED_CENTER,
    Books,
    account_of,
)
from assets.simulate.organisations import MUNICIPALITY
from assets.simulate.plan import Batch, Kind, Plan, month_after
from assets.simulate.source_systems import OF_THE_HELD_BACK
from assets.simulate.stories import WAITED_FOR
from catalog.domain.pricing import PriceKind
from catalog.facts import read
from catalog.tables import streams
from catalog.tables.registers import REGISTERS

if TYPE_CHECKING:
    from assets.simulate.organisations import Organisation
    from assets.simulate.source_systems import SourceSystem
    from catalog.domain.pricing import PriceRule

_APPLIED_BY = "simulator"
_REASON = "Syntetisk grunnlag for simulert trafikk: {n} forsendelser, {months} måneder, frø {seed}"
_MONTHS_TO_WAIT = 5
_DAYS_BEFORE = 30
_HOUR = 8
_HAVE_CONTACT_PERCENT, _HAVE_ARCHIVE_CONTACT_PERCENT = 85, 25
_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t"})
Row = Mapping[str, object]


def _about(purpose: str, expected_use: str, conditions: str, user_council: str, version: str) -> Row:
    """Words for a service's row of the product catalogue. All are invented, and say so."""
    texts = {
        "purpose": purpose,
        "expected_use": expected_use,
        "conditions": conditions,
        "roles": "Produkteier, forvalter, brukerstøtte",
        "agreement_template": "Tjenestevedlegg",
        "agreement_version": version,
        "risk_template": "Mal for risikovurdering",
        "risk_version": version,
        "user_council": user_council,
    }
    return {name: f"{text} (syntetisk)" for name, text in texts.items()}


_MEMBERS = "Hovedavtale og tjenestevedlegg"
_ABOUT: Mapping[str, Row] = {
    "svarut": _about(
        "Én vei ut for brev, digitalt når mottakeren kan", "Alle kommuner og fylkeskommuner",
        _MEMBERS, "Brukerråd for meldinger, to møter i året", "3.1",
    ),
    "fiks-io": _about(
        "Trygg utveksling av meldinger mellom systemer", "Fire av fem kommuner",
        _MEMBERS, "Brukerråd for meldinger, to møter i året", "2.0",
    ),
    "fiks-folkeregister": _about(
        "Oppslag i Folkeregisteret etter rolle", "Alle kommuner og fylkeskommuner",
        f"{_MEMBERS}, og hjemmel for oppslagene", "Brukerråd for registre, to møter i året", "2.3",
    ),
    "fiks-dokumentlager": _about(
        "Kryptert lagring for de andre tjenestene", "Tre av fem kommuner",
        _MEMBERS, "Brukerråd for meldinger, to møter i året", "1.4",
    ),
    "min-kommune": _about(
        "Ett sted der innbyggeren ser sakene sine", "To av tre kommuner",
        _MEMBERS, "Brukerråd for innbyggertjenester, fire møter i året", "1.2",
    ),
    "fiks-arkiv": _about(
        "Fagsystemer arkiverer likt, uansett arkiv", "Halvparten av kommunene",
        f"{_MEMBERS}, og en leverandør som støtter protokollen", "Brukerråd for arkiv, to møter i året", "1.0",
    ),
}  # fmt: skip


def register_batches(
    plan: Plan,
    organisations: Sequence[Organisation],
    systems: Sequence[SourceSystem],
    payers: Mapping[str, str],
    books: Books,
    rules: Sequence[PriceRule],
) -> Iterator[Batch]:
    """Every register, ordered so that later ones refer to earlier ones; a month before the period, seconds apart."""
    tables: Mapping[str, list[Row]] = {
        "organisation": _organisations(organisations),
        "price_rule": _price_rules(rules),
        "source_system": _source_systems(systems),
        "supplier_support": _supplier_support(plan, systems),
        "contact": _contacts(plan, organisations),
        "payer": _payers(plan, payers),
        "cost_mapping": _cost_mapping(),
        "budget": books.budget(),
        "project": _projects(plan),
        "product": _products(),
    }  # fmt: skip
    begin = datetime.combine(plan.first_month - timedelta(days=_DAYS_BEFORE), time(_HOUR), UTC)
    reason = _REASON.format(n=plan.dispatches, months=plan.months, seed=plan.seed)
    for n, (name, rows) in enumerate(tables.items()):
        applied_at = begin + timedelta(seconds=n)
        table = _table(name, rows, applied_at, reason)
        yield Batch("register", f"register-{name}-{plan.first_month:%Y-%m}", applied_at, table)


def _table(register: str, rows: Sequence[Row], applied_at: datetime, reason: str) -> pa.Table:
    n = len(rows)
    schema = streams.REGISTER.schema
    marked = {"synthetic": True} if any(c.name == "synthetic" for c in REGISTERS[register].columns) else {}
    columns = (
        [register] * n,
        [applied_at] * n,
        list(range(1, n + 1)),
        [_APPLIED_BY] * n,
        [reason] * n,
        [json.dumps({**marked, **row}, ensure_ascii=False, separators=(",", ":")) for row in rows],
    )
    return pa.table([pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)], schema=schema)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _organisations(organisations: Sequence[Organisation]) -> list[Row]:
    """The synthetic organisations only: the real ones are in the bundled facts."""
    return [
        {
            "organisation_number": o.number, "name": o.name, "kind": o.kind, "municipality_code": o.municipality_code,
            "county_code": o.county_code, "valid_from": _day(o.valid_from), "valid_to": _day(o.valid_to),
        }
        for o in organisations
        if o.synthetic
    ]  # fmt: skip


def _price_rules(rules: Sequence[PriceRule]) -> list[Row]:
    return [
        {
            "price_element": r.price_element, "service": r.service, "kind": r.kind.value,
            "valid_from": _day(r.valid_from), "valid_to": _day(r.valid_to), "amount": str(r.amount), "unit": r.unit,
            "channel": r.channel, "size_low": r.size_low, "size_high": r.size_high, "measure": r.measure,
            "customer_kind": r.customer_kind, "outcome": r.outcome, "counted_on": r.counted_on.value,
            "least": r.least if r.kind is PriceKind.ACTIVE_MONTH else None,
            "rounding": "HALF_AWAY", "source": r.source, "synthetic": r.synthetic,
        }
        for r in rules
    ]  # fmt: skip


def _source_systems(systems: Sequence[SourceSystem]) -> list[Row]:
    return [
        {
            "source_system": s.written, "system": s.system, "supplier": s.supplier,
            "supplier_number": s.supplier_number, "sensitive": s.sensitive,
        }
        for s in systems
        if s.mapped
    ]  # fmt: skip


def _supplier_support(plan: Plan, systems: Sequence[SourceSystem]) -> list[Row]:
    """Which system carries or will carry which service, and from when. Systems by name, services in their order.

    Of the others, those nearest to carrying a service promise it for a month after the period; none promises a service
    that already carries dispatches. The register omits the rest.
    """
    helps = supports(plan, systems)
    holding = systems[OF_THE_HELD_BACK].system
    rows: list[Row] = []
    for system, supplier in sorted({(s.system, s.supplier) for s in systems}):
        for curve in CURVES:
            help_ = helps[system, curve.service]
            if curve.service == WAITED_FOR and system == holding:
                since = month_after(plan.end, _MONTHS_TO_WAIT)  # the only one that promises it
            elif help_ > SUPPORTED:
                since = supported_since(curve, help_)
            elif help_ > PROMISED and curve.service not in (*CARRIED, WAITED_FOR):
                since = promised_from(plan, help_)
            else:
                continue
            rows.append(
                {
                    "system": system, "supplier": supplier, "service": curve.service, "since": _day(since),
                    "source": "syntetisk",
                }
            )  # fmt: skip
    return rows


def _contacts(plan: Plan, organisations: Sequence[Organisation]) -> list[Row]:
    """Contacts of most municipalities: functions, never persons, at domains that can never be real.

    In the organisations' order; some have a separate function for the archive. Source of the ending `.example`:
    RFC 2606, section 2.
    """
    random = plan.random(Kind.REGISTER)
    homes = [o for o in organisations if o.kind == MUNICIPALITY and o.municipality_code and o.valid_to is None]
    name_counts = Counter(home.name for home in homes)
    rows: list[Row] = []
    for home, (general, archive) in zip(homes, random.integers(100, size=(len(homes), 2)).tolist(), strict=True):
        of_home: list[tuple[str, str | None, str]] = []
        if general < _HAVE_CONTACT_PERCENT:
            of_home.append(("Digitaliseringsleder", None, "digitalisering"))
        if archive < _HAVE_ARCHIVE_CONTACT_PERCENT:
            of_home.append(("Arkivansvarlig", "fiks-arkiv", "arkiv"))
        rows += [
            {
                "municipality_code": home.municipality_code, "service": service, "function": function,
                "address": f"{box}@{_domain(home, alone=name_counts[home.name] == 1)}",
            }
            for function, service, box in of_home
        ]  # fmt: skip
    return rows


def _domain(home: Organisation, *, alone: bool) -> str:
    """A municipality's name as a domain name; with its code, unless the name is unique."""
    plain = home.name.removesuffix(" kommune").lower().translate(_LETTERS)
    plain += "" if alone else f" {home.municipality_code}"
    bare = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", bare).strip("-") + ".example"


def _payers(plan: Plan, payers: Mapping[str, str]) -> list[Row]:
    return [
        {
            "organisation_number": user, "payer_number": payer, "service": None,
            "valid_from": _day(plan.first_month), "valid_to": None,
        }
        for user, payer in payers.items()
    ]  # fmt: skip


def _cost_mapping() -> list[Row]:
    of_services: list[Row] = [
        {
            "account": account_of(category), "cost_center": center, "service": service, "cost_category": category,
            "allocation_key": None,
        }
        for service, center in zip(COVERAGE, COST_CENTERS, strict=True)
        for category in CATEGORIES
    ]  # fmt: skip
    shared: list[Row] = [
        {
            "account": account_of(category), "cost_center": SHARED_CENTER, "service": None, "cost_category": category,
            "allocation_key": key,
        }
        for _, category, key, _ in SHARED
    ]  # fmt: skip
    return of_services + shared


def _products() -> list[Row]:
    """The whole catalogue, which replaces the bundled one: its facts, and invented words for some services."""
    return [
        {
            **{name: value or None for name, value in row.items()},
            "external": row["external"] == "true",
            **_ABOUT.get(row["service"], {}),
        }
        for row in read("product")
    ]


def _projects(plan: Plan) -> list[Row]:
    return [
        {
            "project": p.project, "title": p.title,
            "service": p.service if p.launch is None or p.launch <= 0 else None,
            "financing": p.financing, "phase": p.phase, "granted_ore": p.granted_kr * 100,
            "decided_on": _day(month_after(plan.last_month, p.decided)),
            "launch_month": None if p.launch is None else _day(month_after(plan.last_month, p.launch)),
            "expected_adopters": p.expected_adopters,
        }
        for p in PROJECTS
    ]  # fmt: skip
