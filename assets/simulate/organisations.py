"""The senders: the real municipalities and counties of the facts, and synthetic organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assets.simulate.plan import Kind
from catalog.facts import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from assets.simulate.plan import Plan

MUNICIPALITY, COUNTY, COMPANY, OTHER = "MUNICIPALITY", "COUNTY", "COMPANY", "OTHER"
_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_NO_CONTROL_DIGIT = 10
_SYNTHETIC_SHARE_OF_A_SMALL_PLAN = 5
_COUNTY_SHARE = 0.25
"""A county writes to its inhabitants a quarter as often as their municipality. Synthetic."""
_COMPANIES = (
    ("avfall og gjenvinning", COMPANY),
    ("brann og redning", COMPANY),
    ("vann og avløp", COMPANY),
    ("legevakt", COMPANY),
    ("arkiv", COMPANY),
    ("kirkelige fellesråd", OTHER),
    ("havn", COMPANY),
    ("boligstiftelse", OTHER),
    ("kommunerevisjon", COMPANY),
    ("krisesenter", OTHER),
)


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that may use the services.

    Attributes:
        municipality_code: on the division of 2024; None where the organisation is no municipality or no longer is one.
        code_2020: its code from 2020 to 2023.
        inhabitants: on 1 January of the plan's last year, 0 where it has none.
        weight: how much it uses, in inhabitants of a municipality.
        valid_from: its first day; None where the facts lack it.
        valid_to: the first day it no longer exists; None while it does.
    """

    number: str
    name: str
    kind: str
    municipality_code: str | None
    code_2020: str | None
    county_code: str | None
    inhabitants: int
    weight: int
    valid_from: date | None = None
    valid_to: date | None = None
    networks: tuple[str, ...] = ()
    synthetic: bool = False

    def is_valid(self, day: date) -> bool:
        """Whether the organisation exists on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day < self.valid_to)


def organisation_number(first_digit: int, serial: int) -> str:
    """A number that passes modulus 11 and cannot be real, since real ones begin with 8 or 9.

    A serial without a control digit is replaced by the next with one: keep serials 10 apart.
    """
    while True:
        digits = f"{first_digit}{serial:07d}"
        control = (11 - sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11) % 11
        if control != _NO_CONTROL_DIGIT:
            return f"{digits}{control}"
        serial += 1


def organisations(plan: Plan) -> tuple[Organisation, ...]:
    """The plan's organisations: real ones that exist on some day of the period, then synthetic ones.

    Order: as in the facts, then by number. A plan of fewer organisations than the country has takes an even sample.
    """
    real = [o for o in _real(plan) if _lives(o, plan)]
    if plan.organisations <= len(real):
        wanted = plan.organisations - plan.organisations // _SYNTHETIC_SHARE_OF_A_SMALL_PLAN
        by_size = sorted(real, key=lambda o: (-o.weight, o.number))
        sample = {by_size[i * len(by_size) // wanted].number for i in range(wanted)}
        real = [o for o in real if o.number in sample]
    return (*real, *_synthetic(plan, real, plan.organisations - len(real)))


def _lives(organisation: Organisation, plan: Plan) -> bool:
    begun = organisation.valid_from is None or organisation.valid_from < plan.end
    return begun and (organisation.valid_to is None or organisation.valid_to > plan.first_month)


def _real(plan: Plan) -> Iterator[Organisation]:
    year = str(min(max(plan.last_month.year, 2005), 2026))
    people = {r["municipality_code"]: int(r["inhabitants"]) for r in read("population") if r["year"] == year}
    parts: dict[str, list[str]] = {}
    for change in read("municipality_change"):
        if change["kind"] == "split":
            parts.setdefault(change["from_code"], []).append(change["to_code"])
    county_of = {r["code"]: r["county_code"] for r in read("municipality") if not r["valid_to"]}
    networks: dict[str, list[str]] = {}
    for member in read("network_member"):
        networks.setdefault(member["municipality_code"], []).append(member["network_id"])
    in_county: dict[str, int] = {}
    for code, county in county_of.items():
        in_county[county] = in_county.get(county, 0) + people.get(code, 0)
    for row in read("organisation"):
        code, code_2020 = row["municipality_code"], row["municipality_code_2020"]
        if row["kind"] == MUNICIPALITY:
            inhabitants = people.get(code) or sum(people.get(part, 0) for part in parts.get(code_2020, ()))
            weight = inhabitants
        else:
            inhabitants = in_county.get(row["county_code"], 0)
            weight = round(inhabitants * _COUNTY_SHARE)
        yield Organisation(
            number=row["organisation_number"],
            name=row["name"],
            kind=row["kind"],
            municipality_code=code or None,
            code_2020=code_2020 or None,
            county_code=row["county_code"] or None,
            inhabitants=inhabitants,
            weight=max(weight, 100),
            valid_from=date.fromisoformat(row["valid_from"]) if row["valid_from"] else None,
            valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            networks=tuple(networks.get(code, ())),
        )


def _synthetic(plan: Plan, real: list[Organisation], n: int) -> Iterator[Organisation]:
    """Intermunicipal companies, parishes and the like, each near a real municipality."""
    random = plan.random(Kind.ORGANISATIONS)
    homes = [o for o in real if o.kind == MUNICIPALITY]
    for i in range(n):
        home = homes[int(random.integers(len(homes)))]
        subject, kind = _COMPANIES[i % len(_COMPANIES)]
        form = " IKS" if kind == COMPANY else ""
        place = home.name.removesuffix(" kommune")
        yield Organisation(
            number=organisation_number(3, 1_000_000 + 1_370 * i),
            name=f"{place} {subject}{form} {i + 1} (syntetisk)",
            kind=kind,
            municipality_code=None,
            code_2020=None,
            county_code=home.county_code,
            inhabitants=0,
            weight=int(random.integers(900, 2_500)),
            networks=home.networks,
            synthetic=True,
        )
