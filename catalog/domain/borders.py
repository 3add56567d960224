"""The municipality history as a value: which code stood when, and what it is today.

Two questions are answered here. *Areas*: how a municipality of one day lies on the borders of 2024 (`to_now`,
`then_to_now_table`). *Reports*: which municipality a sender meant by a code that may be of another year, a city
district, or a mistake (`resolve`). What does not belong here: names for screens, population, and any file or table of
events; the facts come in as values.

A day is the day in Oslo. A validity includes its first day and excludes its last (`valid_from <= day < valid_to`).

Source: SSB KLASS 131 by way of FHI's csdata; see catalog/facts/README.md.
"""

from __future__ import annotations

import difflib
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import pyarrow as pa

from catalog import facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

GRACE_MONTHS = 12
"""How far outside its validity a code may be used and still resolve to its successor or forerunner."""
WEIGHT = pa.decimal128(18, 12)
"""Arrow type of a weight in a join table; exact for every declared weight and every product of two."""
THEN_TO_NOW = pa.schema(
    [
        pa.field("valid_from", pa.date32(), nullable=False),
        pa.field("valid_to", pa.date32()),
        pa.field("from_code", pa.string(), nullable=False),
        pa.field("to_code", pa.string(), nullable=False),
        pa.field("weight", WEIGHT, nullable=False),
        pa.field("estimated", pa.bool_(), nullable=False),
    ]
)
_FIRST_COVERED = date(2017, 1, 1)
_MONTHS_A_YEAR = 12
_STEP = Decimal("0.000000000001")
_LIKELY = 5
"""More suggestions than this help nobody."""
_ALIKE = 0.8


class How(StrEnum):
    """The rule that resolved a reported code, in the order in which the rules are tried."""

    VALID = "VALID"
    BRIDGE = "BRIDGE"
    CHANGED_WITHIN_TWELVE_MONTHS = "CHANGED_WITHIN_TWELVE_MONTHS"
    CITY_DISTRICT = "CITY_DISTRICT"
    UNRESOLVED = "UNRESOLVED"


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality code with its validity; `valid_to` is the first day no longer in force, None while it is."""

    code: str
    name: str
    county_code: str
    valid_from: date
    valid_to: date | None

    def stood(self, on: date) -> bool:
        """Whether the code was in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on < self.valid_to)


@dataclass(frozen=True, slots=True)
class Change:
    """An edge of the change graph: from this day on, `weight` of the old municipality belongs to the new code."""

    on: date
    to_code: str
    weight: Fraction


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a municipality on the borders of 2024.

    `estimated` is true where the path there passes a split, whose weights are declared, not counted.
    """

    code: str
    weight: Fraction
    estimated: bool


@dataclass(frozen=True, slots=True)
class Resolution:
    """The interpretation of a reported code.

    Attributes:
        code_on_date: the code in force on the day; None where unresolved, or where a code not yet in force stands for
            several older municipalities.
        code_now: the code of 2024; None where unresolved, or where the municipality was split since (see `shares`).
        how: the rule that settled it.
        likely: for an unresolved code, the codes in force on the day that were probably meant, the likeliest first.
        shares: the codes of 2024 with weights that sum to 1; empty where unresolved.
    """

    code_on_date: str | None
    code_now: str | None
    how: How
    likely: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class District:
    """A code that is not a municipality code but stands for (part of) a municipality, or for an office serving several.

    `city_district` is true for a city district, whose municipality the source itself names. Other office numbers
    are only suggestions: the source gives a name, or several.
    """

    code: str
    codes_now: tuple[str, ...]
    city_district: bool


@dataclass(frozen=True, slots=True)
class Borders:
    """Every municipality code since 2016, the changes between them, and what reported codes mean.

    Build it from the facts with `borders()`, or from values in a test.
    """

    municipalities: Mapping[str, Municipality]
    changes: Mapping[str, tuple[Change, ...]]
    """By the code that ended: its successors, in order of code."""
    bridges: Mapping[str, str]
    """Old code → code of 2024, for communities that must bypass the change graph."""
    districts: Mapping[str, District] = field(default_factory=lambda: MappingProxyType({}))
    organisations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Organisation number → code of 2024, without ended numbers: that of a split municipality stood for the whole."""
    _answers: dict[tuple[str, str, int], tuple[str, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Cached answers. Nothing changes between two days of border changes; such a period is an *era*."""
    _turns: tuple[date, ...] = field(default=(), init=False, repr=False, compare=False)
    """The days on which a border changed, in order."""

    def __post_init__(self) -> None:
        """Find the days on which a border changed."""
        days = {d for m in self.municipalities.values() for d in (m.valid_from, m.valid_to) if d is not None}
        days |= {c.on for changes in self.changes.values() for c in changes}
        object.__setattr__(self, "_turns", tuple(sorted(days)))

    def _cached(self, what: str, code: str, on: date, work_out: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        """The answer for the day's era, cached after the first call."""
        key = what, code, bisect_right(self._turns, on)
        if key not in self._answers:
            self._answers[key] = work_out()
        return self._answers[key]

    def valid(self, code: str, on: date) -> bool:
        """Whether a code was in force on a day. An unknown code was not."""
        municipality = self.municipalities.get(code)
        return municipality is not None and municipality.stood(on)

    def name_on(self, code: str, on: date) -> str | None:
        """Name of the municipality that had the code on a day; None where the code was not in force."""
        return self.municipalities[code].name if self.valid(code, on) else None

    def county_on(self, code: str, on: date) -> str | None:
        """County code of the municipality that had the code on a day; None where the code was not in force."""
        return self.municipalities[code].county_code if self.valid(code, on) else None

    def codes_on(self, on: date) -> tuple[str, ...]:
        """Every code in force on a day, sorted."""
        every_code = self.municipalities.items()
        return self._cached(
            "there", "", on, lambda: tuple(sorted(code for code, municipality in every_code if municipality.stood(on)))
        )

    def to_now(self, code: str, on: date) -> tuple[Share, ...]:
        """Lay a municipality of a day on the borders of 2024.

        Ordered by code. Weights are positive and sum to exactly 1; of a split, the last successor takes the remainder.
        A bridge takes precedence over the change graph (Haram before 2020 is Haram of 2024, not part of Ålesund). Empty
        where the code was not in force on the day: call `resolve` first.
        """
        return self._shares(code) if self.valid(code, on) else ()

    def _shares(self, code: str) -> tuple[Share, ...]:
        """As `to_now`, for a code of any day: a code names one area as long as it is in force."""
        if code in self.bridges:
            return (Share(self.bridges[code], Fraction(1), estimated=False),)
        successors = self.changes.get(code, ())
        if not successors:
            return (Share(code, Fraction(1), estimated=False),)
        weights: dict[str, Fraction] = {}
        estimated: dict[str, bool] = {}
        for successor, weight in _remainder_last(successors):
            for part in self._shares(successor):
                weights[part.code] = weights.get(part.code, Fraction(0)) + weight * part.weight
                # Parts that are joined again make a whole, and a whole is not an estimate.
                estimated[part.code] = weights[part.code] != 1
        return tuple(Share(part, weights[part], estimated[part]) for part in sorted(weights))

    def resolve(
        self,
        code: str,
        on: date,
        *,
        no_later_than: bool = False,
        organisation_number: str | None = None,
        name: str | None = None,
    ) -> Resolution:
        """Say which municipality a reported code means.

        The rules, in order: the code was in force on the day; the code has a bridge; the change graph, either way,
        within `GRACE_MONTHS`; a city district. Other codes are unresolved, with the likely codes.

        A bridge is for a place that left the municipality it had been merged into, not for a code whose name lives on:
        1504 Ålesund, used in March 2020, is the Ålesund of that day (1507, including Haram), by the change graph.

        Args:
            code: as reported, of any year.
            on: the day in Oslo that the report is about.
            no_later_than: the day is only an upper bound (`NO_LATER_THAN`). A code in force on any day up to it then
                counts as valid: an undated list holds codes of several years.
            organisation_number: who the report is about. Where the municipality has since been split, it decides which
                part is meant.
            name: what the sender called the municipality; only used to suggest, never to resolve.

        Source: docs/decisions/0002-code-decisions.md.
        """
        municipality = self.municipalities.get(code)
        if municipality is not None and (municipality.stood(on) or (no_later_than and municipality.valid_from <= on)):
            return self._resolved(How.VALID, self._on_date(code, on), self._shares(code), organisation_number)
        if municipality is not None:
            went_to = self._on_date(code, on) if municipality.valid_from <= on else None
            lives_on = went_to is not None and _same_name(self.municipalities[went_to].name, municipality.name)
            if code in self.bridges and not lives_on:
                return self._resolved(How.BRIDGE, went_to, self._shares(code), organisation_number)
            if _months_apart(municipality, on) <= GRACE_MONTHS:
                # A municipality that has ended resolves to its successor. A code still to come resolves to its
                # forerunner, provided there is only one.
                shares = self._shares(went_to) if went_to else self._shares(code)
                forerunner = went_to if municipality.valid_from <= on else self._forerunner(code, on)
                return self._resolved(How.CHANGED_WITHIN_TWELVE_MONTHS, forerunner, shares, organisation_number)
        district = self.districts.get(code)
        if district is not None and district.city_district:
            (now,) = district.codes_now
            return Resolution(
                self._forerunner(now, on), now, How.CITY_DISTRICT, (), (Share(now, Fraction(1), estimated=False),)
            )
        return Resolution(None, None, How.UNRESOLVED, self._likely(code, on, name))

    def _resolved(
        self, how: How, on_date: str | None, shares: tuple[Share, ...], organisation_number: str | None
    ) -> Resolution:
        by_organisation = self.organisations.get(organisation_number or "")
        if len(shares) > 1 and any(part.code == by_organisation for part in shares):
            shares = tuple(
                Share(part.code, Fraction(1), estimated=False) for part in shares if part.code == by_organisation
            )
        return Resolution(on_date, shares[0].code if len(shares) == 1 else None, how, (), shares)

    def _after(self, code: str, on: date) -> tuple[str, ...]:
        """The successors of a code that are in force on a day, the largest part first."""
        if self.valid(code, on):
            return (code,)
        ordered = sorted(self.changes.get(code, ()), key=lambda change: (-change.weight, change.to_code))
        return tuple(dict.fromkeys(c for change in ordered if change.on <= on for c in self._after(change.to_code, on)))

    def _before(self, code: str, on: date) -> tuple[str, ...]:
        """The codes in force on a day that later became a code still to come, sorted."""
        return self._cached("before", code, on, lambda: self._went_into(code, on))

    def _went_into(self, code: str, on: date) -> tuple[str, ...]:
        if self.valid(code, on):
            return (code,)
        into = sorted(
            old for old, changes in self.changes.items() if any(c.to_code == code and c.on > on for c in changes)
        )
        return tuple(dict.fromkeys(c for old in into for c in self._before(old, on)))

    def _on_date(self, code: str, on: date) -> str | None:
        after = self._after(code, on)
        return after[0] if len(after) == 1 else None

    def _forerunner(self, code: str, on: date) -> str | None:
        before = self._before(code, on)
        return before[0] if len(before) == 1 else None

    def _likely(self, code: str, on: date, name: str | None) -> tuple[str, ...]:
        """Suggest codes in force on the day: by the graph at any distance, by office, by name, by a typing error."""
        if not name:
            return self._cached("likely", code, on, lambda: self._suggested(code, on, None))
        return self._suggested(code, on, name)

    def _suggested(self, code: str, on: date, name: str | None) -> tuple[str, ...]:
        standing = self.codes_on(on)
        codes: list[str] = []
        if code in self.municipalities:
            codes += self._after(code, on) or self._before(code, on)
        if code in self.districts:
            codes += (c for now in self.districts[code].codes_now for c in self._before(now, on))
        if name:
            codes += (c for c in standing if _same_name(self.municipalities[c].name, name))
        if not codes and code.zfill(4) in standing:
            codes.append(code.zfill(4))
        if not codes and name:
            by_name = {_first_name(self.municipalities[c].name): c for c in standing}
            near = difflib.get_close_matches(_first_name(name), by_name, n=_LIKELY, cutoff=_ALIKE)
            codes += (by_name[n] for n in near)
        if not codes:
            codes += (c for c in standing if _differ_by_one_slip(code, c))
        return tuple(dict.fromkeys(codes))[:_LIKELY]

    def then_to_now_table(self) -> pa.Table:
        """The mapping of every code in force since 2017 to the borders of 2024, as a table to join with.

        Grain: one row per (from_code, to_code); join on `from_code` and
        `valid_from <= day and (valid_to is null or day < valid_to)`. Key: (from_code, valid_from, to_code). Ordered by
        from_code, to_code. `weight` has twelve decimals and sums to exactly 1 for each from_code: the last row takes
        the rounding. Nulls: `valid_to`, while the code is in force.
        """
        rows: list[dict[str, object]] = []
        for code, municipality in sorted(self.municipalities.items()):
            if municipality.valid_to is not None and municipality.valid_to <= _FIRST_COVERED:
                continue
            shares = self._shares(code)
            left = Decimal(1)
            for number, part in enumerate(shares, start=1):
                last = number == len(shares)
                weight = left if last else _decimal(part.weight)
                left -= weight
                rows.append(
                    {
                        "valid_from": municipality.valid_from,
                        "valid_to": municipality.valid_to,
                        "from_code": code,
                        "to_code": part.code,
                        "weight": weight,
                        "estimated": part.estimated,
                    }
                )
        return pa.Table.from_pylist(rows, schema=THEN_TO_NOW)


@cache
def borders() -> Borders:
    """Build the history from the bundled facts, once."""
    changes: dict[str, list[Change]] = {}
    for row in facts.read("municipality_change"):
        change = Change(date.fromisoformat(row["change_date"]), row["to_code"], Fraction(row["weight"]))
        changes.setdefault(row["from_code"], []).append(change)
    return Borders(
        municipalities=MappingProxyType(
            {
                row["code"]: Municipality(
                    row["code"],
                    row["name"],
                    row["county_code"],
                    date.fromisoformat(row["valid_from"]) if row["valid_from"] else date.min,
                    date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
                )
                for row in facts.read("municipality")
            }
        ),
        changes=MappingProxyType(
            {code: tuple(sorted(to, key=lambda change: change.to_code)) for code, to in changes.items()}
        ),
        bridges=MappingProxyType({row["from_code"]: row["to_code"] for row in facts.read("municipality_bridge")}),
        districts=MappingProxyType(_districts(facts.read("city_district"))),
        organisations=MappingProxyType(_organisations(facts.read("organisation"))),
    )


def _districts(rows: Iterable[Mapping[str, str]]) -> dict[str, District]:
    districts: dict[str, District] = {}
    for row in rows:
        before = districts[row["code"]].codes_now if row["code"] in districts else ()
        districts[row["code"]] = District(
            row["code"], (*before, row["municipality_code"]), city_district=row["kind"] == "CITY_DISTRICT"
        )
    return districts


def _organisations(rows: Iterable[Mapping[str, str]]) -> dict[str, str]:
    return {row["organisation_number"]: row["municipality_code"] for row in rows if row["municipality_code"]}


def _remainder_last(successors: tuple[Change, ...]) -> list[tuple[str, Fraction]]:
    *first, last = successors
    weights = [(change.to_code, change.weight) for change in first]
    return [*weights, (last.to_code, 1 - sum((weight for _, weight in weights), Fraction(0)))]


def _decimal(weight: Fraction) -> Decimal:
    return (Decimal(weight.numerator) / Decimal(weight.denominator)).quantize(_STEP, rounding=ROUND_DOWN)


def _months_apart(municipality: Municipality, on: date) -> float:
    """Calendar months between a day and the validity of a code; part of a month is counted in days."""
    if on < municipality.valid_from:
        return _months(on, municipality.valid_from)
    return _months(municipality.valid_to, on) if municipality.valid_to is not None else 0.0


def _months(early: date, late: date) -> float:
    whole = (late.year - early.year) * _MONTHS_A_YEAR + late.month - early.month
    return whole + (late.day - early.day) / 31


def _first_name(name: str) -> str:
    """The first name only: without parallel names after " - " or before a slash, and without a sender's comment."""
    text, _, _ = name.partition(" - ")
    text, _, _ = text.partition("//")
    return text.rpartition("/")[2].strip().casefold()


def _same_name(name: str, other: str) -> bool:
    parts = {_first_name(part) for part in name.split(" - ")}
    return not parts.isdisjoint({_first_name(part) for part in other.split(" - ")})


def _differ_by_one_slip(code: str, other: str) -> bool:
    """Whether the codes differ by one wrong, missing or extra digit, or by two swapped neighbours."""
    if len(code) == len(other):
        wrong = [i for i, (a, b) in enumerate(zip(code, other, strict=True)) if a != b]
        swapped = len(wrong) == 2 and wrong[1] - wrong[0] == 1 and code[wrong[0]] == other[wrong[1]]  # noqa: PLR2004
        return len(wrong) == 1 or (swapped and code[wrong[1]] == other[wrong[0]])
    shorter, longer = sorted((code, other), key=len)
    return len(longer) - len(shorter) == 1 and any(longer[:i] + longer[i + 1 :] == shorter for i in range(len(longer)))
