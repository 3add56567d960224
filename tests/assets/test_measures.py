"""Other use by organisation, and by municipality: where it is placed on either borders."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from assets import measures, quality, reference
from assets.build import BuildWindow
from catalog import facts
from catalog.contracts.scan import Query, Values, empty
from catalog.domain.perturbation import Secret
from catalog.tables import conformed
from catalog.tables.reference import MUNICIPALITY_OF
from catalog.tables.usage import (
    MEASURE_MONTH,
    MEASURE_TOTAL_MONTH,
    MUNICIPALITY_MEASURE_MONTH,
    PROTECTED_DISPATCH_MONTH,
    PROTECTED_MEASURE_MONTH,
)
from tests.thorough import examples
from transport.lake.session import Session

SPAN = BuildWindow(datetime(2026, 11, 1, tzinfo=UTC), secret=Secret(bytes(range(32))))
REFERENCE = {m.contract.table: m.make(SPAN) for m in reference.BUILDS if not m.inputs}
NUMBER = {r["name"]: r["organisation_number"] for r in facts.read("organisation") if not r["successor_number"]}
PEOPLE = {(r["municipality_code"], int(r["year"])): int(r["inhabitants"]) for r in facts.read("population")}
OLD_AALESUND, OSLO, ASKER = "920415288", NUMBER["Oslo kommune"], NUMBER["Asker kommune"]
ROEYKEN = "900000006"
"""Merged with Asker in 2020; the number is made up, as the facts have none and a register would add it."""
JUNE_2019, OCTOBER_2023, MARCH = date(2019, 6, 1), date(2023, 10, 1), date(2026, 3, 1)
PLACES = [
    *reference.bundled_places().to_pylist(),
    {
        "organisation_number": ROEYKEN,
        "municipality_code": "0627",
        "valid_from": date(1900, 1, 1),
        "valid_to": date(2020, 1, 1),
        "estimated": False,
    },
]
WAYS = REFERENCE["municipality_to_now"].table.to_pylist()
COUNTY = next(r["organisation_number"] for r in facts.read("organisation") if r["kind"] == "COUNTY")


def used(month: date, number: str, quantity: object, **more) -> dict:
    """A municipality's look-ups of a month."""
    row = {"month": month, "organisation_number": number, "service": "fiks-folkeregister", "measure": "oppslag"}
    return row | {"quantity": Decimal(str(quantity)), "perturbed": False} | more


# --- by organisation -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def counted(rows_of, answers):
    """The month's other use, and the country's, of measurements."""
    scans = {
        "measure": REFERENCE["measure"],
        "protected_dispatch_month": empty(PROTECTED_DISPATCH_MONTH.arrow_schema),
        "protected_measure_month": empty(PROTECTED_MEASURE_MONTH.arrow_schema),
    }

    def counted(*rows):
        base = {"month": MARCH, "day": MARCH, "service": "fiks-folkeregister", "measure": "oppslag", "source": "logg"}
        measurement = rows_of(
            conformed.MEASUREMENT, *(base | r | {"quantity": Decimal(str(r["quantity"]))} for r in rows)
        )
        return answers(
            (measures.measure_month.make(SPAN, measurement=measurement, **scans), MEASURE_MONTH),
            (measures.measure_total_month.make(SPAN, measurement=measurement, **scans), MEASURE_TOTAL_MONTH),
        )

    return counted


def test_flow_is_summed_and_what_stands_counts_as_on_the_last_day_of_each_account(counted):
    day = [date(2026, 3, d) for d in (1, 2, 3)]
    oslo = {"organisation_number": OSLO}
    looked_up = [oslo | {"day": d, "quantity": 3} for d in day]
    accounts = [
        oslo | {"measure": "kontoer", "day": day[0], "account_id": "a", "quantity": 7},
        oslo | {"measure": "kontoer", "day": day[2], "account_id": "a", "quantity": 2},
        oslo | {"measure": "kontoer", "day": day[1], "account_id": "b", "quantity": 4},
        oslo | {"measure": "kontoer", "day": day[1], "source": "liste", "quantity": 5},
    ]
    cells, totals = counted(*looked_up, *accounts)
    assert {r["measure"]: (r["quantity"], r["perturbed"]) for r in cells} == {
        "oppslag": (9, False),
        "kontoer": (11, False),
    }
    assert {r["measure"]: (r["quantity"], r["organisations"], r["perturbed"]) for r in totals} == {
        "oppslag": (9, 1, False),
        "kontoer": (11, 1, False),
    }


def test_each_organisation_has_a_row_under_its_own_number_whether_a_municipality_or_not(counted):
    numbers = {OLD_AALESUND: 4, OSLO: 70, COUNTY: 40, "999999999": 1}
    cells, totals = counted(*({"organisation_number": n, "quantity": q} for n, q in numbers.items()))
    assert {r["organisation_number"]: r["quantity"] for r in cells} == numbers
    assert [(r["quantity"], r["organisations"]) for r in totals] == [(115, 4)]


def test_a_measured_zero_is_a_row_and_nothing_measured_is_none(counted):
    cells, totals = counted({"organisation_number": OSLO, "quantity": 0})
    assert [(r["organisation_number"], r["quantity"]) for r in cells] == [(OSLO, 0)]
    assert [(r["quantity"], r["organisations"]) for r in totals] == [(0, 1)]
    assert counted() == [[], []]


# --- by municipality -------------------------------------------------------------------------------------------------


TOLD_OF = {
    "municipality_of": Values(pa.Table.from_pylist(PLACES, MUNICIPALITY_OF.arrow_schema)),
    "municipality_to_now": REFERENCE["municipality_to_now"],
}


@pytest.fixture(scope="session")
def by_municipality(rows_of, answer, session):
    """The rows by month, borders, code and measure; the gate must find them to tie, and each to be as its contract."""

    def by_municipality(*rows):
        told = rows_of(MEASURE_MONTH, *rows)
        scan = measures.municipality_measure_month.make(
            SPAN, measure_month=told, population=REFERENCE["population"], **TOLD_OF
        )
        found = answer(scan, replace(MUNICIPALITY_MEASURE_MONTH, partitioned=False))
        made = Values(pa.Table.from_pylist(found, MUNICIPALITY_MEASURE_MONTH.arrow_schema))
        broken = " or ".join(f"not coalesce({rule.condition}, true)" for rule in MUNICIPALITY_MEASURE_MONTH.rules)
        assert untied(session.cleared(), told, made) == []
        wrong = Query(f"select * from made where {broken}", {"made": made})
        assert session.cleared().table(wrong).to_pylist() == []
        return {(r["month"], r["borders"], r["municipality_code"], r["service"], r["measure"]): r for r in found}

    return by_municipality


def untied(session, told: Values, made: Values) -> list[dict]:
    rule = next(r for r in quality.TABLE_RULES if r.name == "measures_tie")
    scans = {"measure_month": told, "municipality_measure_month": made, "measure": REFERENCE["measure"], **TOLD_OF}
    return session.cleared().table(rule.broken(scans)).to_pylist()


def figures(found, month: date) -> dict:
    return {(b, c): r["quantity"] for (m, b, c, *_), r in found.items() if m == month}


def test_a_split_follows_the_weights_the_last_takes_the_rest_and_large_figures_fit(by_municipality):
    found = by_municipality(used(OCTOBER_2023, OLD_AALESUND, 20_000_001))
    told = figures(found, OCTOBER_2023)
    assert set(told) == {("then", "1507"), ("now", "1508"), ("now", "1580")}
    weight = next(w["weight"] for w in WAYS if (w["from_code"], w["to_code"]) == ("1507", "1508"))
    first = (20_000_001 * weight).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    assert told["now", "1508"] == first
    assert told["now", "1580"] == 20_000_001 - first
    assert {k[1]: r["estimated"] for k, r in found.items() if k[2] != "1508"} == {"then": False, "now": True}


def test_of_municipalities_that_merged_the_figure_is_their_sum(by_municipality):
    found = by_municipality(used(JUNE_2019, ASKER, 70), used(JUNE_2019, ROEYKEN, 30))
    assert figures(found, JUNE_2019) == {("then", "0220"): 70, ("then", "0627"): 30, ("now", "3203"): 100}


def test_a_sum_or_a_split_is_made_of_published_figures_and_says_whether_any_of_them_is_perturbed(by_municipality):
    of_persons = {"service": "fiks-digisos", "measure": "soknader", "perturbed": True}
    found = by_municipality(
        used(JUNE_2019, ASKER, 70, **of_persons),
        used(JUNE_2019, ROEYKEN, 3, **of_persons),
        used(OCTOBER_2023, OLD_AALESUND, 41, **of_persons),
        used(MARCH, OSLO, 9),
    )
    assert figures(found, JUNE_2019)["now", "3203"] == 73
    assert sum(q for (borders, _), q in figures(found, OCTOBER_2023).items() if borders == "now") == 41
    assert {(service, r["perturbed"]) for (*_, service, _), r in found.items()} == {
        ("fiks-digisos", True),
        ("fiks-folkeregister", False),
    }


def test_support_requests_hours_and_those_that_are_no_municipality_are_left_out(by_municipality):
    rows = [used(MARCH, OSLO, 9, measure=m) for m in ("henvendelser", "timer", "kontoer")]
    found = by_municipality(*rows, used(MARCH, COUNTY, 8))
    assert {k[4] for k in found} == {"kontoer"}
    assert by_municipality() == {}


@pytest.mark.parametrize(
    ("month", "quantity", "counted"), [(MARCH, 12345, True), (MARCH, 0, True), (date(2027, 1, 1), 5, False)]
)
def test_a_figure_per_inhabitant_is_of_those_of_the_year_and_missing_where_they_are_not_counted(
    month, quantity, counted, by_municipality
):
    exact = None
    if counted:
        exact = (Decimal(quantity) * 1000 / PEOPLE["0301", month.year]).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    rows = by_municipality(used(month, OSLO, quantity)).values()
    assert [r["per_1000_inhabitants"] for r in rows] == [exact] * 2


NUMBERS = sorted({r["organisation_number"] for r in PLACES})
SOME = st.dictionaries(
    st.tuples(
        st.sampled_from([JUNE_2019, OCTOBER_2023, MARCH, date(2014, 2, 1)]),
        st.sampled_from([*NUMBERS[::9], OLD_AALESUND, ASKER, ROEYKEN]),
        st.sampled_from(["oppslag", "kontoer"]),
    ),
    st.decimals(0, 10**9, places=4),
    max_size=60,
)


@trying(max_examples=examples(8))
@given(SOME)
def test_every_row_is_what_plain_python_makes_of_the_places_and_the_ways(by_municipality, said):
    rows = [used(month, number, value, measure=measure) for (month, number, measure), value in said.items()]
    then: dict = defaultdict(list)
    for (month, number, measure), value in said.items():
        for place in PLACES:
            if place["organisation_number"] == number and holds(place, month):
                then[month, "then", place["municipality_code"], measure].append(value)
    now: dict = defaultdict(list)
    for (month, _, code, measure), values in then.items():
        total = sum(values)
        ways = [w for w in WAYS if w["from_code"] == code and holds(w, max(month, date(2017, 1, 1)))]
        left = total
        for way in sorted(ways, key=lambda w: w["to_code"]):
            part = (total * way["weight"]).quantize(Decimal("0.0001"), ROUND_HALF_UP)
            if way is max(ways, key=lambda w: w["to_code"]):
                part = left
            left -= part
            now[month, "now", way["to_code"], measure].append(part)
    expected = {key: sum(values) for key, values in (then | now).items()}
    found = by_municipality(*rows)
    assert {(m, b, c, x): r["quantity"] for (m, b, c, _, x), r in found.items()} == expected
    for (month, borders, code, *_), row in found.items():
        people = PEOPLE.get((code, month.year)) if borders == "now" else row["inhabitants"]
        assert row["inhabitants"] == people
        if people:
            assert abs(Fraction(row["per_1000_inhabitants"]) - Fraction(row["quantity"]) * 1000 / people) <= Fraction(
                1, 20_000
            )


def holds(row: dict, day: date) -> bool:
    return (row["valid_from"] is None or row["valid_from"] <= day) and (
        row["valid_to"] is None or day < row["valid_to"]
    )


def test_the_gate_finds_what_does_not_tie(by_municipality, rows_of, settings):
    rows = [
        used(OCTOBER_2023, OSLO, 50),
        used(OCTOBER_2023, OLD_AALESUND, 40),
        used(JUNE_2019, ASKER, 70),
        used(JUNE_2019, ROEYKEN, 8, service="fiks-digisos", measure="soknader", perturbed=True),
    ]
    found = by_municipality(*rows)
    wrong = {
        "one more than was reported": (("then", "0301"), {"quantity": Decimal(51)}),
        "not all of a split": (("now", "1580"), {"quantity": Decimal(1)}),
        "the exact figure in place of the published one": (("then", "0627"), {"quantity": Decimal(7)}),
    }
    with Session(settings) as session:
        for what, (at, change) in wrong.items():
            changed = [r | change if key[1:3] == at else r for key, r in found.items()]
            made = Values(pa.Table.from_pylist(changed, MUNICIPALITY_MEASURE_MONTH.arrow_schema))
            assert untied(session, rows_of(MEASURE_MONTH, *rows), made), what
