"""Whom to call: who waits for which service, on what evidence the supplier is ready, and who is alike and active."""

import random
from datetime import UTC, date, datetime, timedelta

import hypothesis
import pyarrow as pa
import pytest
from hypothesis import strategies as st

from assets import reference, uptake_calls
from assets.build import BuildWindow
from catalog import facts
from catalog.contracts.scan import Query, Values
from catalog.domain.calendar import day_in_oslo, month_of, start_of
from catalog.domain.products import SERVICES
from catalog.tables import registers
from catalog.tables.reference import MUNICIPALITY, MUNICIPALITY_PEER, NETWORK_MEMBER, ORGANISATION, POPULATION, PRODUCT
from catalog.tables.uptake import STATUS_MONTH, STEP_EVENT
from catalog.tables.uptake_calls import DECLINED_TABLE, NOT_YET, SUPPLIER_GAP
from catalog.tables.usage import CONNECTION_MONTH
from tests.thorough import examples
from transport.lake.session import Session

AS_OF = datetime(2026, 11, 24, 11, tzinfo=UTC)
TODAY = date(2026, 11, 24)
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)
REFERENCE = {m.contract.table: m.make(BuildWindow(AS_OF)) for m in reference.BUILDS if not m.inputs}
OSLO, AALESUND, HALDEN, BERGEN, VOSS, ALTA, HAMMERFEST = "0301", "1508", "3101", "4601", "4621", "5601", "5603"
PEOPLE = {
    OSLO: 700_000,
    AALESUND: 58_000,
    HALDEN: 30_000,
    BERGEN: 290_000,
    VOSS: 16_000,
    ALTA: 21_000,
    HAMMERFEST: 11_000,
}
NAME = {
    r["code"]: r["name"].split(" - ")[0]
    for r in facts.read("municipality")
    if r["code"] in PEOPLE and not r["valid_to"]
}
COUNTY = {r["code"]: r["county_code"] for r in facts.read("municipality") if r["code"] in PEOPLE and not r["valid_to"]}
NUMBER = {r["municipality_code"]: r["organisation_number"] for r in facts.read("organisation")}
PRODUCTS = (
    {"service": "svarut", "name_nb": "SvarUt", "external": False, "adoptable_by": "ukjent"},
    {"service": "fiks-io", "name_nb": "Fiks IO", "external": False, "adoptable_by": "COUNTY;MUNICIPALITY"},
    {"service": "fiks-plan", "name_nb": "Fiks Plan", "external": False, "adoptable_by": "COUNTY"},
    {"service": "fiks-digisos", "name_nb": "Fiks Digisos", "external": False, "adoptable_by": "MUNICIPALITY"},
    {"service": "altinn-3", "name_nb": "Altinn 3", "external": True, "adoptable_by": "MUNICIPALITY"},
)
APART = [s for s in SERVICES if s not in {p["service"] for p in PRODUCTS}]
"""Services that cases of one making have each for its own; all are called SvarUt here."""
NOT_KNOWN = "Ingen kjent tilkobling siste tolv måneder."


def stands(code: str | None, step: str = "ANNEX_SIGNED", **more) -> dict:
    """Where a municipality stands at svarut in November."""
    row = {
        "month": NOVEMBER,
        "municipality_code": code,
        "organisation_number": NUMBER.get(code),
        "customer_kind": "MUNICIPALITY" if code else "COMPANY",
        "service": "svarut",
        "step": step,
        "active": False,
        "active_basis": "USE",
        "estimated": False,
    }
    return row | more


def active(*codes: str, **more) -> list[dict]:
    return [stands(c, "ACTIVATED", active=True, **more) for c in codes]


def step(kind: str, when: str, code: str = ALTA, **more) -> dict:
    """A step taken at noon in Oslo, or at a moment."""
    moment = datetime.fromisoformat(when) if "T" in when else start_of(date.fromisoformat(when)) + timedelta(hours=12)
    row = {
        "producer": "kundesenter",
        "event_id": f"{code}-{kind}-{when}",
        "service": "svarut",
        "organisation_number": NUMBER[code],
        "municipality_code": code,
        "estimated": False,
        "customer_kind": "MUNICIPALITY",
        "step": kind,
        "occurred_at": moment,
        "occurred_precision": "EXACT",
        "month": month_of(day_in_oslo(moment)),
        "source": "kundesenter",
    }
    return row | more


def sent(code: str, system: str | None = "Websak", **more) -> dict:
    """A connection of October at svarut."""
    row = {
        "month": OCTOBER,
        "organisation_number": NUMBER[code],
        "account_id": "konto",
        "source_system": system,
        "service": "svarut",
        "system": system,
        "supplier": system and "Acos",
        "mapping": "MAPPED" if system else "NOT_STATED",
        "dispatches": "1-9",
        "failed": "0",
        "last_seen": OCTOBER,
    }
    return row | more


def support(since: date | None, system: str = "Websak", **more) -> dict:
    return {"system": system, "supplier": "Acos", "service": "svarut", "since": since} | more


def asked(code: str, status: str, on: date | None = None, **more) -> dict:
    return {"municipality_code": code, "service": "svarut", "status": status, "followed_up_on": on} | more


def peers(code: str, *others: str) -> list[dict]:
    return [
        {"municipality_code": code, "peer_code": o, "rank": n, "distance": 0, "inhabitants_within_50_km": 1}
        for n, o in enumerate(others, 1)
    ]


def register(contract, rows) -> Values:
    return Values(pa.Table.from_pylist(list(rows), contract.schema))


@pytest.fixture(scope="session")
def inputs(rows_of):
    """Everything that the makings read, few municipalities among it, as a test wants it."""

    def inputs(
        status=(), steps=(), connections=(), peer=(), members=(), supports=(), contacts=(), followed=(), extra=()
    ) -> dict[str, Values]:
        places = [
            *({"code": c, "name": NAME[c], "county_code": COUNTY[c], "valid_from": date(2020, 1, 1)} for c in PEOPLE),
            {"code": "2012", "name": "Alta", "county_code": "20", "valid_to": date(2020, 1, 1)},
        ]
        organisations = [
            {"organisation_number": NUMBER[c], "name": NAME[c], "kind": "MUNICIPALITY", "municipality_code": c}
            for c in PEOPLE
        ]
        people = [
            {"municipality_code": c, "year": y, "inhabitants": n + 2026 - y, "estimated": False}
            for c, n in PEOPLE.items()
            for y in (2024, 2026, 2025)
        ]
        return {
            "status_month": rows_of(STATUS_MONTH, *status),
            "step_event": rows_of(STEP_EVENT, *steps),
            "product": rows_of(PRODUCT, *PRODUCTS, *(PRODUCTS[0] | {"service": s} for s in APART)),
            "municipality": rows_of(MUNICIPALITY, *places),
            "county": REFERENCE["county"],
            "population": rows_of(POPULATION, *people),
            "municipality_peer": rows_of(MUNICIPALITY_PEER, *peer),
            "municipality_to_now": REFERENCE["municipality_to_now"],
            "network": REFERENCE["network"],
            "network_member": rows_of(NETWORK_MEMBER, *({"certainty": "CONFIRMED"} | m for m in members)),
            "organisation": rows_of(ORGANISATION, *({"confirmed": True} | o for o in [*organisations, *extra])),
            "connection_month": rows_of(CONNECTION_MONTH, *connections),
            "supplier_support": register(registers.SUPPLIER_SUPPORT, supports),
            "contact": register(registers.CONTACT, contacts),
            "follow_up": register(registers.FOLLOW_UP, followed),
        }

    return inputs


def of(making, scans):
    return making.make(BuildWindow(AS_OF), **{n: scans[n] for n in making.inputs})


@pytest.fixture(scope="session")
def listed(inputs, answer):
    """The call list by service and municipality."""

    def listed(*status, **others):
        rows = answer(of(uptake_calls.not_yet, inputs(status, **others)), NOT_YET)
        return {(r["service"], r["municipality_code"]): r for r in rows}

    return listed


@pytest.fixture(scope="session")
def alta(listed):
    """The row of Alta at svarut."""

    def alta(*status, **others):
        return listed(*status, **others)["svarut", ALTA]

    return alta


@pytest.fixture(scope="session")
def each(listed):
    """The row of Alta in each of several cases, made at once: what a case says of svarut is said of its own service."""

    def each(cases, **shared):
        assert len(cases) <= len(APART)
        said: dict[str, list[dict]] = {}
        for service, case in zip(APART, cases, strict=False):
            for name, rows in case.items():
                said.setdefault(name, []).extend(
                    r | {"service": service if r["service"] == "svarut" else r["service"]} for r in rows
                )
        found = listed(*said.pop("status"), **said, **shared)
        return [found[service, ALTA] for service, _ in zip(APART, cases, strict=False)]

    return each


@pytest.fixture(scope="session")
def declined(inputs, answer):
    def declined(*status, **others):
        return answer(of(uptake_calls.declined, inputs(status, **others)), DECLINED_TABLE)

    return declined


@pytest.fixture(scope="session")
def gaps(inputs, answer, rows_of):
    def gaps(*status, **others):
        scans = inputs(status, **others)
        waiting = rows_of(NOT_YET, *answer(of(uptake_calls.not_yet, scans), NOT_YET))
        return answer(of(uptake_calls.supplier_gap, scans | {"not_yet": waiting}), SUPPLIER_GAP)

    return gaps


# --- who is on the list ----------------------------------------------------------------------------------------------


def test_whoever_is_not_active_in_the_last_observed_month_waits_in_that_month(listed):
    september = date(2026, 9, 1)
    rows = listed(*active(ALTA, month=september), stands(ALTA), *active(HAMMERFEST), stands(BERGEN, month=september))
    assert {code for _, code in rows} == set(PEOPLE) - {HAMMERFEST}
    assert {r["month"] for r in rows.values()} == {NOVEMBER}
    assert rows["svarut", BERGEN]["step"] == "NONE"


def test_each_service_has_a_last_month_of_its_own(listed):
    rows = listed(stands(ALTA), *active(ALTA, service="fiks-io", month=OCTOBER), stands(None, service="fiks-io"))
    assert rows["fiks-io", ALTA]["month"] == NOVEMBER
    rows = listed(stands(ALTA), *active(ALTA, service="fiks-io", month=OCTOBER))
    assert ("fiks-io", ALTA) not in rows
    assert rows["fiks-io", OSLO]["month"] == OCTOBER


@pytest.mark.parametrize(
    ("service", "by", "waits"),
    [
        ("svarut", ALTA, True),
        ("svarut", None, False),
        ("fiks-io", ALTA, True),
        ("fiks-io", None, True),
        ("fiks-plan", ALTA, False),
        ("altinn-3", ALTA, False),
    ],
)
def test_a_service_is_listed_where_municipalities_may_or_where_that_is_unknown_and_one_has(service, by, waits, listed):
    rows = listed(stands(by, service=service))
    assert {s for s, _ in rows} == ({service} if waits else set())
    assert len(rows) == (len(PEOPLE) if waits else 0)


def test_a_service_that_nobody_observed_has_no_rows(listed):
    assert listed() == {}
    assert {s for s, _ in listed(stands(ALTA))} == {"svarut"}


def test_a_municipality_stands_where_its_furthest_customer_stands_and_is_active_if_any_is(listed):
    rows = listed(
        stands(ALTA, "CONFIGURED"),
        stands(ALTA, "TERMINATED", organisation_number="974760673"),
        stands(VOSS, "ANNEX_SIGNED"),
        stands(VOSS, "ACTIVATED", active=True, organisation_number="974760673"),
    )
    assert rows["svarut", ALTA]["step"] == "CONFIGURED"
    assert ("svarut", VOSS) not in rows


def test_what_is_known_of_the_municipality_is_of_now(alta):
    row = alta(stands(ALTA), members=[{"network_id": "digitrofi", "municipality_code": "2012"}])
    assert (row["municipality"], row["county"], row["inhabitants"]) == ("Alta", "Finnmark", 21_000)
    assert row["network"] == "DigiTroFi"


def test_networks_are_those_it_is_a_member_of_today_and_not_parts_of_them(alta):
    def member(network, code=ALTA, valid_from=None, valid_to=None):
        return {"network_id": network, "municipality_code": code, "valid_from": valid_from, "valid_to": valid_to}

    row = alta(
        stands(ALTA),
        members=[
            member("digitrofi", valid_from=TODAY),
            member("digivestland"),
            member("digivesteralen"),
            member("digi-agder", valid_to=TODAY),
            member("digi-rogaland", valid_from=TODAY + timedelta(1)),
        ],
    )
    assert row["network"] == "DigiTroFi, DigiVestland"


# --- since when ------------------------------------------------------------------------------------------------------

LATE = {"occurred_precision": "NO_LATER_THAN"}


SINCE = [
    ("ANNEX_SIGNED", [step("ANNEX_SIGNED", "2026-03-31")], 8, "i mars 2026"),
    ("ANNEX_SIGNED", [step("ANNEX_SIGNED", "2026-03-31T22:30:00+00:00")], 7, "i april 2026"),
    ("ANNEX_SIGNED", [step("ANNEX_SIGNED", "2026-11-23")], 0, "i november 2026"),
    ("ANNEX_SIGNED", [step("ANNEX_SIGNED", "2025-01-10"), step("ANNEX_SIGNED", "2026-05-10")], 6, "i mai 2026"),
    ("ANNEX_SIGNED", [step("ANNEX_SIGNED", "2026-03-10", **LATE)], None, "senest i mars 2026"),
    (
        "ANNEX_SIGNED",
        [step("ANNEX_SIGNED", "2026-03-10", **LATE), step("ANNEX_SIGNED", "2026-05-10", **LATE)],
        None,
        "senest i mars 2026",
    ),
    (
        "ANNEX_SIGNED",
        [step("ANNEX_SIGNED", "2026-03-10"), step("ANNEX_SIGNED", "2026-05-10", **LATE)],
        8,
        "i mars 2026",
    ),
    (
        "ANNEX_SIGNED",
        [
            step("ANNEX_SIGNED", "2024-03-10"),
            step("TERMINATED", "2025-01-10"),
            step("ANNEX_SIGNED", "2026-05-10", **LATE),
        ],
        None,
        "senest i mai 2026",
    ),
    ("SUSPENDED", [step("ACTIVATED", "2024-03-10"), step("SUSPENDED", "2026-02-10")], 9, "i februar 2026"),
    (
        "SUSPENDED",
        [step("SUSPENDED", "2024-03-10"), step("RESUMED", "2025-01-10"), step("SUSPENDED", "2026-02-10", **LATE)],
        None,
        "senest i februar 2026",
    ),
    ("TERMINATED", [step("CONFIGURED", "2024-03-10"), step("TERMINATED", "2025-11-10")], None, "i november 2025"),
    ("ACTIVATED", [step("ACTIVATED", "2024-03-10"), step("SUSPENDED", "2024-05-10")], None, None),
    ("ACTIVATED", [step("SUSPENDED", "2024-05-10"), step("RESUMED", "2024-06-10")], None, "i juni 2024"),
    ("ANNEX_SIGNED", [], None, None),
    ("ANNEX_SIGNED", [step("ANNEX_SIGNED", "2026-12-01")], None, None),
    ("ANNEX_SIGNED", [step("ANNEX_SIGNED", "2026-03-10", organisation_number="974760673")], None, None),
    ("ANNEX_SIGNED", [step("ANNEX_SIGNED", "2026-03-10", service="fiks-io")], None, None),
]


@pytest.fixture(scope="session")
def since(each):
    """The rows of the cases, whatever the order of their steps."""
    cases = [{"status": [stands(ALTA, stand)], "steps": steps} for stand, steps, *_ in SINCE]
    rows = each(cases)
    assert rows == each([c | {"steps": c["steps"][::-1]} for c in cases])
    return rows


@pytest.mark.parametrize(("case", "months", "said"), [(n, *expected) for n, (_, _, *expected) in enumerate(SINCE)])
def test_months_are_counted_from_the_step_it_stands_on_where_that_is_told_exactly(case, months, said, since):
    row = since[case]
    assert row["months_waiting"] == months
    assert (f" {said}" in row["sentence"]) if said else not any(c.isdigit() for c in row["sentence"].split("90")[0])


def test_customers_without_a_number_are_told_apart_by_their_municipality(alta):
    nobody = {"organisation_number": None}
    steps = [step("ANNEX_SIGNED", "2026-03-10", **nobody), step("ANNEX_SIGNED", "2026-08-10", VOSS, **nobody)]
    assert alta(stands(ALTA, **nobody), stands(VOSS, **nobody), steps=steps)["months_waiting"] == 8


def test_who_has_taken_no_step_waits_for_nothing(alta):
    row = alta(*active(HAMMERFEST))
    assert (row["step"], row["months_waiting"], row["priority"]) == ("NONE", None, 4)


# --- is the supplier ready? ------------------------------------------------------------------------------------------

CARRIERS = (HALDEN, BERGEN, VOSS)


def carried(n: int, **more) -> dict:
    """Alta was seen with Websak, and so many others are active on svarut with it."""
    codes = CARRIERS[:n]
    return {"connections": [sent(ALTA, **more), *(sent(c) for c in codes)]}


CARRIED = [
    (
        0,
        "UNKNOWN",
        "Websak er ikke sett med tjenesten hos noen som er i gang.",
        "Websak was not seen with the service at anyone who uses it.",
    ),
    (
        1,
        "UNKNOWN",
        "Websak leverer tjenesten bare for én annen.",
        "Websak delivers the service only for one other.",
    ),
    (
        2,
        "UNKNOWN",
        "Websak leverer tjenesten bare for 2 andre.",
        "Websak delivers the service only for 2 others.",
    ),
    (3, "YES", "Websak leverer tjenesten for 3 andre.", "Websak delivers the service for 3 others."),
]


def test_a_system_seen_here_that_carries_the_service_for_three_others_is_ready(each):
    rows = each([{"status": active(*CARRIERS), **carried(others)} for others, *_ in CARRIED])
    assert [(r["supplier_carries"], r["supplier_ready"]) for r in rows] == [case[:2] for case in CARRIED]
    for row, (_, ready, evidence, in_english) in zip(rows, CARRIED, strict=True):
        assert row["supplier_evidence"] == f"Sett med Websak her i oktober 2026; {evidence}"
        assert row["supplier_evidence_en"] == f"Seen with Websak here in October 2026; {in_english}"
        assert (row["source_system"], row["supplier"]) == ("Websak", "Acos")
        assert ("Websak" in row["sentence"]) == (ready == "YES")


def test_it_may_have_been_seen_here_with_another_service(alta):
    assert alta(*active(*CARRIERS), **carried(3, service="fiks-io"))["supplier_ready"] == "YES"


def test_who_is_active_with_the_system_at_another_service_only_or_sends_without_being_active_is_not_carried(alta):
    rows = [sent(ALTA), sent(HALDEN), sent(BERGEN, service="fiks-io"), sent(VOSS)]
    row = alta(*active(HALDEN, BERGEN), stands(VOSS, "ACTIVATED"), connections=rows)
    assert (row["supplier_carries"], row["supplier_ready"]) == (1, "UNKNOWN")


@pytest.mark.parametrize(
    ("month", "known"),
    [(date(2025, 12, 1), True), (date(2025, 11, 1), False)],
)
def test_a_system_last_seen_more_than_twelve_months_ago_is_not_known(month, known, alta):
    row = alta(*active(*CARRIERS), **carried(3, month=month))
    assert row["supplier_ready"] == ("YES" if known else "UNKNOWN")
    assert (row["supplier_evidence"] == NOT_KNOWN) is not known
    late = [sent(c, month=month) for c in CARRIERS]
    assert alta(*active(*CARRIERS), connections=[sent(ALTA), *late])["supplier_carries"] == (3 if known else 0)


def test_names_that_are_not_mapped_are_not_guessed(alta):
    rows = [sent(ALTA, None, source_system="Websak 8", mapping="UNMAPPED"), *(sent(c) for c in CARRIERS)]
    row = alta(*active(*CARRIERS), connections=rows, supports=[support(date(2020, 1, 1), "Websak 8")])
    assert (row["supplier_ready"], row["supplier_evidence"]) == ("UNKNOWN", NOT_KNOWN)
    assert row["supplier_evidence_en"] == "No known connection in the last twelve months."
    assert (row["supplier"], row["source_system"], row["supplier_carries"]) == (None, None, None)


REGISTERED = [
    (
        TODAY,
        0,
        "YES",
        "Websak støtter tjenesten siden 24.11.2026, sier registeret.",
        "Websak has supported the service since 24 November 2026, says the register.",
    ),
    (
        TODAY + timedelta(1),
        0,
        "NO",
        "Websak støtter tjenesten først fra 25.11.2026, sier registeret.",
        "Websak supports the service only from 25 November 2026, says the register.",
    ),
    (
        date(2020, 3, 1),
        2,
        "YES",
        "Websak støtter tjenesten siden 01.03.2020, sier registeret.",
        "Websak has supported the service since 1 March 2020, says the register.",
    ),
    (
        date(2020, 3, 1),
        3,
        "YES",
        "Websak leverer tjenesten for 3 andre, og støtter den siden 01.03.2020, sier registeret.",
        "Websak delivers the service for 3 others, and has supported it since 1 March 2020, says the register.",
    ),
    (
        date(2027, 1, 1),
        3,
        "YES",
        "Websak leverer tjenesten for 3 andre.",
        "Websak delivers the service for 3 others.",
    ),
    (
        None,
        2,
        "UNKNOWN",
        "Websak leverer tjenesten bare for 2 andre.",
        "Websak delivers the service only for 2 others.",
    ),
]


def test_the_register_says_it_too_of_a_system_seen_here(each):
    rows = each(
        [
            {"status": active(*CARRIERS), **carried(others), "supports": [support(since)]}
            for since, others, *_ in REGISTERED
        ]
    )
    assert [(r["supplier_ready"], r["supplier_evidence"]) for r in rows] == [
        (ready, f"Sett med Websak her i oktober 2026; {evidence}") for *_, ready, evidence, _ in REGISTERED
    ]
    assert [r["supplier_evidence_en"] for r in rows] == [
        f"Seen with Websak here in October 2026; {in_english}" for *_, in_english in REGISTERED
    ]


def test_the_register_says_nothing_of_a_system_that_was_not_seen_here_or_of_another_service(alta):
    rows = [support(date(2020, 1, 1), "Elements"), support(date(2020, 1, 1), service="fiks-io")]
    row = alta(*active(*CARRIERS), **carried(0), supports=rows)
    assert (row["source_system"], row["supplier_ready"]) == ("Websak", "UNKNOWN")


@pytest.mark.parametrize(
    ("supports", "chosen"),
    [
        ([], "Websak"),
        ([support(date(2027, 1, 1), "Elements")], "Elements"),
        ([support(date(2027, 1, 1), "Elements"), support(date(2020, 1, 1), "Acos Plan")], "Acos Plan"),
        ([support(date(2020, 1, 1), "Elements"), support(date(2020, 1, 1), "Acos Plan")], "Acos Plan"),
        ([support(date(2020, 1, 1), "Elements"), support(date(2020, 1, 1))], "Websak"),
    ],
)
def test_of_several_systems_the_best_evidence_then_the_most_carried_then_the_name_counts(supports, chosen, alta):
    seen = [sent(ALTA, s) for s in ("Websak", "Elements", "Acos Plan")]
    carries = [sent(HALDEN), sent(BERGEN), sent(VOSS, "Elements"), sent(HALDEN, "Acos Plan")]
    row = alta(*active(*CARRIERS), connections=[*seen, *carries], supports=supports)
    assert row["source_system"] == chosen


def test_a_number_that_ended_counts_for_its_successor_and_a_company_for_no_municipality(alta):
    old, company = "964830533", "974760673"
    extra = [
        {"organisation_number": old, "name": "Gamle Alta", "kind": "MUNICIPALITY", "successor_number": NUMBER[ALTA]},
        {"organisation_number": company, "name": "Selskap", "kind": "COMPANY", "municipality_code": ALTA},
    ]
    others = [sent(c) for c in CARRIERS]
    found = alta(*active(*CARRIERS), connections=[sent(ALTA, organisation_number=old), *others], extra=extra)
    assert found["supplier_ready"] == "YES"
    found = alta(*active(*CARRIERS), connections=[sent(ALTA, organisation_number=company), *others], extra=extra)
    assert found["supplier_evidence"] == NOT_KNOWN


def test_of_a_sensitive_service_only_the_register_tells(listed):
    status = active(*CARRIERS, service="fiks-digisos")
    row = listed(*status, **carried(3))["fiks-digisos", ALTA]
    assert (row["supplier_ready"], row["supplier_carries"]) == ("UNKNOWN", None)
    assert row["supplier_evidence"].endswith("Websak kan ikke vurderes: tjenesten måles ikke per fagsystem.")
    assert row["supplier_evidence_en"].endswith(
        "Websak cannot be judged: the service is not measured by source system."
    )
    told = [support(date(2020, 1, 1), service="fiks-digisos")]
    row = listed(*status, **carried(3), supports=told)["fiks-digisos", ALTA]
    assert (row["supplier_ready"], row["supplier_carries"]) == ("YES", None)


# --- who is alike ----------------------------------------------------------------------------------------------------

DIGITROFI = [{"network_id": "digitrofi", "municipality_code": c} for c in (ALTA, OSLO, HALDEN)]


def test_the_nearest_is_the_first_peer_that_is_active_else_one_of_network_or_county(each):
    alike = "lik i størrelse og innbyggere innen 50 km"
    cases = [
        ([BERGEN, VOSS, HAMMERFEST], VOSS, alike),
        ([BERGEN, OSLO, HAMMERFEST], BERGEN, "ligner mest i størrelse og innbyggere innen 50 km"),
        ([OSLO, AALESUND], OSLO, "samme nettverk (DigiTroFi)"),
        ([OSLO, HAMMERFEST], HAMMERFEST, "samme fylke"),
        ([HALDEN, HAMMERFEST], HALDEN, "samme nettverk (DigiTroFi)"),
        ([HAMMERFEST, AALESUND], HAMMERFEST, "samme fylke"),
        ([AALESUND], None, None),
        ([], None, None),
    ]
    given = [{"status": [stands(ALTA), *active(*others)]} for others, *_ in cases]
    rows = each(given, peer=peers(ALTA, VOSS, BERGEN), members=DIGITROFI)
    assert [(r["nearest"], r["nearest_municipality"], r["nearest_reason"]) for r in rows] == [
        (nearest, NAME.get(nearest), reason) for _, nearest, reason in cases
    ]


def test_who_is_in_the_same_network_and_county_is_of_the_network(alta):
    members = [{"network_id": "digitrofi", "municipality_code": c} for c in (ALTA, HAMMERFEST)]
    assert alta(stands(ALTA), *active(HAMMERFEST), members=members)["nearest_reason"] == "samme nettverk (DigiTroFi)"


def test_a_network_is_named_before_a_part_of_one(alta):
    members = [
        {"network_id": n, "municipality_code": c} for n in ("digivesteralen", "digivestland") for c in (ALTA, OSLO)
    ]
    assert alta(stands(ALTA), *active(OSLO), members=members)["nearest_reason"] == "samme nettverk (DigiVestland)"


def test_only_those_active_on_the_same_service_are_near(alta):
    row = alta(stands(ALTA), *active(HAMMERFEST, service="fiks-io"), peer=peers(ALTA, HAMMERFEST))
    assert row["nearest"] is None


# --- use is told of the month that was measured -----------------------------------------------------------------------


def through_the_turn(code: str, step: str, *, used: bool, then: str | None = None) -> list[dict]:
    """A customer in October, of which use tells, and in November, which goes on and of which only events tell."""
    october = stands(code, step, month=OCTOBER, active=used)
    return [october, stands(code, then or step, active=(then or step) == "ACTIVATED", active_basis="EVENT")]


def test_in_a_month_that_goes_on_who_is_active_is_told_by_the_last_month_that_was_measured(listed):
    rows = listed(
        *through_the_turn(ALTA, "ACTIVATED", used=False),
        *through_the_turn(VOSS, "ACTIVATED", used=True),
        *through_the_turn(HAMMERFEST, "ACTIVATED", used=True, then="SUSPENDED"),
        *through_the_turn(BERGEN, "ANNEX_SIGNED", used=True),
        stands(OSLO, "ACTIVATED", active=True, active_basis="EVENT"),
        peer=peers(ALTA, VOSS),
    )
    rows = {code: r for (service, code), r in rows.items() if service == "svarut"}
    assert not {VOSS, BERGEN} & set(rows), "in use in October"
    assert {c: (rows[c]["step"], rows[c]["priority"]) for c in (ALTA, OSLO)} == dict.fromkeys(
        (ALTA, OSLO), ("ACTIVATED", 1)
    )
    assert rows[HAMMERFEST]["step"] == "SUSPENDED"
    assert {(r["month"], r["active_month"]) for r in rows.values()} == {(NOVEMBER, OCTOBER)}
    assert rows[ALTA]["sentence"].startswith("Alta har aktivert SvarUt, men ikke brukt tjenesten de siste 90 dagene;")
    assert rows[ALTA]["sentence"].endswith("Voss, som er omtrent like stor, er i gang.")


def test_use_that_was_measured_long_ago_does_not_tell_of_now(listed):
    long_ago = stands(ALTA, "ACTIVATED", month=date(2026, 8, 1), active=False)
    now = stands(ALTA, "ACTIVATED", active=True, active_basis="EVENT")
    assert ("svarut", ALTA) not in listed(long_ago, now)


def test_nobody_is_called_about_what_is_not_launched(listed, inputs, answer):
    given = inputs([stands(ALTA)])
    products = given["product"].table.to_pylist()
    for launch, there in (("2026-11", True), ("2026-12", False), ("2026-12 (plan)", False), ("ukjent", True)):
        rows = [r | {"launch_month": launch} for r in products]
        scans = given | {"product": Values(pa.Table.from_pylist(rows, given["product"].table.schema))}
        assert any(r["municipality_code"] == ALTA for r in answer(of(uptake_calls.not_yet, scans), NOT_YET)) == there


# --- priority --------------------------------------------------------------------------------------------------------


STEPS = ("ANNEX_SIGNED", "CONFIGURED", "ACTIVATED", "SUSPENDED", "TERMINATED", "NONE")


@pytest.mark.parametrize(
    ("ready", "near", "later"), [(True, True, 2), (True, False, 3), (False, True, 4), (False, False, 4)]
)
def test_priority_follows_from_step_then_supplier_then_someone_alike(ready, near, later, each):
    others = active(*CARRIERS)
    rows = each(
        [
            {
                "status": others if stand == "NONE" else [stands(ALTA, stand), *others],
                "connections": [sent(ALTA), *(sent(c) for c in CARRIERS[: 3 if ready else 2])],
            }
            for stand in STEPS
        ],
        peer=peers(ALTA, VOSS) if near else [],
    )
    assert [(r["step"], r["priority"]) for r in rows] == list(zip(STEPS, [1, 1, 1, later, later, later], strict=True))


def test_one_of_the_same_county_is_near_but_not_similar(alta):
    row = alta(*active(*CARRIERS, HAMMERFEST), connections=[sent(ALTA), *(sent(c) for c in CARRIERS)])
    assert (row["supplier_ready"], row["nearest_reason"], row["priority"]) == ("YES", "samme fylke", 3)


# --- sentences -------------------------------------------------------------------------------------------------------


def test_one_is_called_similar_in_size_when_it_is_within_a_quarter(listed):
    near = {VOSS: "som er omtrent like stor", BERGEN: "som er mest lik"}
    for other, said in near.items():
        row = listed(stands(ALTA), *active(other), peer=peers(ALTA, other))["svarut", ALTA]
        assert f"{NAME[other]}, {said}, er i gang." in row["sentence"]
        assert (abs(PEOPLE[other] - PEOPLE[ALTA]) * 4 <= PEOPLE[ALTA]) == (other == VOSS)


def test_the_sentence_says_step_supplier_and_who_is_alike(alta):
    row = alta(
        stands(ALTA),
        *active(*CARRIERS, HAMMERFEST),
        steps=[step("ANNEX_SIGNED", "2026-03-10")],
        **carried(3),
        peer=peers(ALTA, HAMMERFEST),
    )
    assert row["sentence"] == (
        "Alta signerte vedlegget i mars 2026, men har ikke tatt SvarUt i bruk; Websak leverer til 3 andre; "
        "Hammerfest, som er mest lik, er i gang."
    )
    assert row["sentence_en"] == (
        "Alta signed the annex in March 2026 but has not taken SvarUt into use; Websak delivers to 3 others; "
        "Hammerfest, the most similar, is using it."
    )


def test_where_only_events_tell_the_sentence_says_activated_and_nothing_of_use(alta):
    row = alta(
        stands(ALTA, active_basis="EVENT"),
        *active(HAMMERFEST, active_basis="EVENT"),
        steps=[step("ANNEX_SIGNED", "2026-03-10")],
    )
    assert row["sentence"] == (
        "Alta signerte vedlegget for SvarUt i mars 2026, men er ikke aktivert; Hammerfest, i samme fylke, er aktivert."
    )
    assert row["sentence_en"] == (
        "Alta signed the annex for SvarUt in March 2026 but is not activated; "
        "Hammerfest, in the same county, is activated."
    )


SAID = [
    ("NONE", "USE", "har ikke begynt med SvarUt", "has not begun with SvarUt"),
    ("TERMINATED", "USE", "sa opp SvarUt i mai 2026", "terminated SvarUt in May 2026"),
    ("SUSPENDED", "EVENT", "satte SvarUt på pause i mai 2026", "suspended SvarUt in May 2026"),
    (
        "ACTIVATED",
        "USE",
        "aktiverte SvarUt i mai 2026, men har ikke brukt tjenesten de siste 90 dagene",
        "activated SvarUt in May 2026 but has not used it in the last 90 days",
    ),
    (
        "CONFIGURED",
        "USE",
        "satte opp SvarUt i mai 2026, men har ikke tatt tjenesten i bruk",
        "configured SvarUt in May 2026 but has not taken it into use",
    ),
    (
        "CONFIGURED",
        "EVENT",
        "satte opp SvarUt i mai 2026, men er ikke aktivert",
        "configured SvarUt in May 2026 but is not activated",
    ),
]


def test_what_is_not_known_is_left_out_of_the_sentence(each):
    rows = each(
        [
            {
                "status": [stands(ALTA, stand, active_basis=basis)] * (stand != "NONE")
                + active(BERGEN, active_basis=basis),
                "steps": [step(stand, "2026-05-10")] * (stand != "NONE"),
            }
            for stand, basis, *_ in SAID
        ]
    )
    assert [(r["sentence"], r["sentence_en"]) for r in rows] == [(f"Alta {nb}.", f"Alta {en}.") for *_, nb, en in SAID]


@pytest.mark.parametrize(
    ("since", "said", "in_english"),
    [
        (date(2020, 1, 1), "Websak støtter tjenesten", "Websak supports the service"),
        (
            date(2027, 1, 1),
            "Websak støtter tjenesten først fra 1. januar 2027",
            "Websak supports the service only from 1 January 2027",
        ),
    ],
)
def test_the_sentence_says_what_the_register_says(since, said, in_english, alta):
    row = alta(*active(BERGEN), **carried(0), supports=[support(since)])
    assert row["sentence"] == f"Alta har ikke begynt med SvarUt; {said}."
    assert row["sentence_en"] == f"Alta has not begun with SvarUt; {in_english}."


def test_a_step_known_only_as_no_later_than_is_by_then_in_english(alta):
    row = alta(stands(ALTA), steps=[step("ANNEX_SIGNED", "2026-03-10", **LATE)])
    assert row["sentence_en"] == "Alta signed the annex by March 2026 but has not taken SvarUt into use."


# --- change, follow-up and contact -----------------------------------------------------------------------------------


CHANGES = [
    ([], [], None),
    ([step("ANNEX_SIGNED", "2026-11-20")], [], "Vedlegg signert 20.11.2026"),
    ([step("ANNEX_SIGNED", "2026-11-18")], [], "Vedlegg signert 18.11.2026"),
    ([step("ANNEX_SIGNED", "2026-11-17")], [], None),
    ([step("ANNEX_SIGNED", "2026-11-17T23:00:00+00:00")], [], "Vedlegg signert 18.11.2026"),
    ([step("ANNEX_SIGNED", "2026-11-20", **LATE)], [], None),
    ([step("AGREEMENT_SIGNED", "2026-11-20")], [], None),
    ([step("ANNEX_SIGNED", "2026-11-20", service="fiks-io")], [], None),
    ([step("ANNEX_SIGNED", "2026-11-20", code=VOSS)], [], None),
    ([], [asked(ALTA, "KONTAKTET", date(2026, 11, 23))], "Kontaktet 23.11.2026"),
    ([], [asked(ALTA, "PLANLAGT", date(2026, 11, 18))], "Planlagt 18.11.2026"),
    ([], [asked(ALTA, "PLANLAGT", date(2026, 11, 17))], None),
    ([], [asked(ALTA, "PLANLAGT")], None),
    (
        [step(k, f"2026-11-{d}") for k, d in (("TERMINATED", 21), ("RESUMED", 20), ("SUSPENDED", 20))]
        + [step("TERMINATED", "2026-11-21", event_id="again")],
        [asked(ALTA, "KONTAKTET", date(2026, 11, 20))],
        "Satt på pause 20.11.2026; Gjenopptatt 20.11.2026; Kontaktet 20.11.2026; Sagt opp 21.11.2026",
    ),
]


@pytest.fixture(scope="session")
def changed(each):
    return each([{"status": [stands(ALTA)], "steps": steps, "followed": f} for steps, f, _ in CHANGES])


@pytest.mark.parametrize(("case", "change"), [(n, change) for n, (*_, change) in enumerate(CHANGES)])
def test_steps_and_follow_ups_of_the_last_seven_days_are_told(case, change, changed):
    assert changed[case]["change_since_last_week"] == change


def test_what_changed_is_told_in_english_too(changed):
    told = {r["change_since_last_week"]: r["change_since_last_week_en"] for r in changed}
    assert told == {
        None: None,
        "Vedlegg signert 20.11.2026": "Annex signed 20 November 2026",
        "Vedlegg signert 18.11.2026": "Annex signed 18 November 2026",
        "Kontaktet 23.11.2026": "Contacted 23 November 2026",
        "Planlagt 18.11.2026": "Planned 18 November 2026",
        "Satt på pause 20.11.2026; Gjenopptatt 20.11.2026; Kontaktet 20.11.2026; Sagt opp 21.11.2026": (
            "Suspended 20 November 2026; Resumed 20 November 2026; Contacted 20 November 2026; "
            "Terminated 21 November 2026"
        ),
    }


def test_seven_days_go_back_into_the_month_before(inputs, answer):
    steps = [step("CONFIGURED", "2026-11-27"), step("ANNEX_SIGNED", "2026-11-26")]
    scans = inputs([stands(ALTA)], steps)
    third = BuildWindow(datetime(2026, 12, 3, 11, tzinfo=UTC))
    rows = answer(uptake_calls.not_yet.make(third, **{n: scans[n] for n in uptake_calls.not_yet.inputs}), NOT_YET)
    assert {r["change_since_last_week"] for r in rows} == {"Satt opp 27.11.2026", None}


def test_a_follow_up_stands_beside_the_row(alta):
    row = alta(stands(ALTA), followed=[asked(ALTA, "PLANLAGT", date(2026, 9, 1), note="venter på opplæring")])
    assert (row["follow_up"], row["followed_up_on"], row["follow_up_note"]) == (
        "PLANLAGT",
        date(2026, 9, 1),
        "venter på opplæring",
    )


def test_a_follow_up_on_an_older_code_counts_where_the_code_of_now_has_none(each):
    old, older = "5403", "2012"
    cases = [
        ([asked(older, "KONTAKTET")], "KONTAKTET"),
        ([asked(old, "PLANLAGT", date(2021, 1, 1)), asked(older, "KONTAKTET", date(2019, 1, 1))], "PLANLAGT"),
        ([asked(old, "PLANLAGT", date(2019, 1, 1)), asked(older, "KONTAKTET", date(2021, 1, 1))], "KONTAKTET"),
        ([asked(old, "PLANLAGT", date(2026, 1, 1)), asked(ALTA, "KONTAKTET", date(2019, 1, 1))], "KONTAKTET"),
    ]
    rows = each([{"status": [stands(ALTA)], "followed": followed} for followed, _ in cases])
    assert [r["follow_up"] for r in rows] == [said for _, said in cases]


def address(function, code=ALTA, service=None, **more):
    mail = f"{function}@{code}.example"
    return {"municipality_code": code, "service": service, "function": function, "address": mail, **more}


def test_the_contact_is_the_services_else_the_municipalitys_and_on_an_older_code_where_there_is_no_other(listed):
    said = {
        OSLO: ([], None),
        VOSS: ([address("post", VOSS), address("arkiv", VOSS, "fiks-io")], "post: post@4621.example"),
        BERGEN: ([address("post", BERGEN), address("arkiv", BERGEN, "svarut")], "arkiv: arkiv@4601.example"),
        HAMMERFEST: (
            [address("post", HAMMERFEST), address("arkiv", HAMMERFEST)],
            "arkiv: arkiv@5603.example, post: post@5603.example",
        ),
        ALTA: ([address("post", "2012")], "post: post@2012.example"),
        HALDEN: ([address("arkiv", "3001"), address("post", HALDEN)], "post: post@3101.example"),
    }
    rows = listed(stands(ALTA), contacts=[c for contacts, _ in said.values() for c in contacts])
    assert {c: rows["svarut", c]["contact"] for c in said} == {code: text for code, (_, text) in said.items()}


@pytest.mark.parametrize("code", ["1507", "9999"])
def test_what_is_written_on_a_code_that_was_split_is_nobodys(code, listed, declined):
    others = {"contacts": [address("post", code)], "followed": [asked(code, "TAKKET_NEI")]}
    rows = listed(stands(ALTA), **others)
    assert len(rows) == len(PEOPLE)
    assert {r["contact"] for r in rows.values()} == {None}
    assert declined(stands(ALTA), **others) == []


# --- those that declined ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["TAKKET_NEI", "IKKE_AKTUELT"])
def test_who_declined_is_off_the_list_and_counted(status, listed, declined):
    others = {"followed": [asked("2012", status, date(2026, 11, 20), note="har annet")]}
    rows = listed(stands(ALTA, synthetic=True), **others)
    assert {code for _, code in rows} == set(PEOPLE) - {ALTA}
    assert declined(stands(ALTA, synthetic=True), **others) == [
        {
            "service": "svarut",
            "municipality_code": ALTA,
            "municipality": "Alta",
            "follow_up": status,
            "followed_up_on": date(2026, 11, 20),
            "follow_up_note": "har annet",
            "inhabitants": 21_000,
            "synthetic": True,
        }
    ]


def test_who_declined_and_would_not_be_on_the_list_is_not_counted(declined):
    followed = [
        asked(ALTA, "TAKKET_NEI"),
        asked(VOSS, "KONTAKTET"),
        asked(OSLO, "TAKKET_NEI", service="fiks-io"),
        asked(OSLO, "TAKKET_NEI", service="altinn-3"),
    ]
    assert declined(*active(ALTA), stands(OSLO, service="altinn-3"), followed=followed) == []


# --- one call that opens many ----------------------------------------------------------------------------------------


def test_a_supplier_has_how_many_are_active_with_its_system_and_how_many_wait(gaps):
    seen = [sent(c) for c in (HALDEN, BERGEN, VOSS, ALTA, OSLO)] + [sent(HAMMERFEST, service="fiks-io")]
    followed = [asked(OSLO, "TAKKET_NEI")]
    [row] = gaps(*active(*CARRIERS), connections=[*seen, sent(HALDEN, account_id="k2")], followed=followed)
    assert row == {
        "service": "svarut",
        "supplier": "Acos",
        "source_system": "Websak",
        "active": 3,
        "waiting": 2,
        "inhabitants": 32_000,
        "supplier_ready": "YES",
        "supplier_evidence": "Websak leverer tjenesten for 3 kommuner.",
        "supplier_evidence_en": "Websak delivers the service for 3 municipalities.",
        "municipality_codes": [ALTA, HAMMERFEST],
        "synthetic": False,
    }


def test_a_system_that_nobody_waiting_was_seen_with_has_no_row(gaps):
    connections = [sent(VOSS), sent(ALTA, "Elements"), sent(OSLO, "Elements", month=date(2025, 11, 1))]
    [row] = gaps(*active(VOSS), connections=connections)
    assert (row["source_system"], row["active"], row["municipality_codes"]) == ("Elements", 0, [ALTA])
    assert row["supplier_evidence"] == "Elements er ikke sett med tjenesten hos noen som er i gang."


def test_a_supplier_that_is_not_known_is_null_and_one_that_is_known_anywhere_stands_for_all(gaps):
    unknown = {"supplier": None}
    seen = [sent(ALTA, **unknown), sent(OSLO, **unknown), sent(ALTA, "Elements", **unknown)]
    rows = gaps(*active(VOSS), connections=[*seen, sent(VOSS)])
    assert [(r["source_system"], r["supplier"], r["waiting"], r["active"]) for r in rows] == [
        ("Websak", "Acos", 2, 1),
        ("Elements", None, 1, 0),
    ]
    rows = gaps(*active(VOSS), connections=seen, supports=[support(None, supplier="Acos AS")])
    assert {r["source_system"]: r["supplier"] for r in rows} == {"Websak": "Acos AS", "Elements": None}


def test_of_a_service_that_no_connection_tells_of_nobody_knows_who_is_active_with_the_system(gaps):
    rows = gaps(*active(VOSS, service="fiks-digisos"), connections=[sent(ALTA), sent(VOSS)])
    assert [(r["service"], r["active"], r["waiting"]) for r in rows] == [("fiks-digisos", None, 1)]


@pytest.mark.parametrize(("since", "ready"), [(date(2020, 1, 1), "YES"), (date(2027, 1, 1), "NO"), (None, "UNKNOWN")])
def test_a_supplier_is_ready_when_the_register_says_so(since, ready, gaps):
    [row] = gaps(*active(VOSS), **carried(1), supports=[support(since)])
    assert row["supplier_ready"] == ready


# --- synthetic, and order --------------------------------------------------------------------------------------------


def resting(made_up: str | None) -> dict[str, list[dict]]:
    """A row of Alta on all that a row may rest on, of which something was made up."""

    def synthetic(*what):
        return {"synthetic": made_up in what}

    return {
        "status": [
            *([] if made_up == "service" else [stands(ALTA, **synthetic("own"))]),
            *active(*CARRIERS, **synthetic("service")),
            *active(HAMMERFEST, **synthetic("nearest")),
        ],
        "steps": [step("ANNEX_SIGNED", "2026-11-20", **synthetic("change"))],
        "connections": [sent(ALTA, **synthetic("seen")), *(sent(c, **synthetic("carrier")) for c in CARRIERS)],
        "supports": [support(date(2020, 1, 1), **synthetic("register"))],
        "contacts": [address("post", service="svarut", **synthetic("contact"))],
    }


def test_a_row_is_synthetic_when_anything_it_rests_on_is(each, alta):
    cases = ["own", "service", "carrier", "register", "nearest", "change", "contact", None]
    assert [r["synthetic"] for r in each([resting(c) for c in cases])] == [c is not None for c in cases]
    assert alta(*active(VOSS, synthetic=True))["synthetic"] is True, "no step: what is known of the service"
    seen = resting("seen")
    assert alta(*seen.pop("status"), **seen)["synthetic"] is True


def test_what_a_row_does_not_rest_on_does_not_make_it_synthetic(alta):
    row = alta(
        stands(ALTA),
        *active(HAMMERFEST),
        *active(VOSS, synthetic=True),
        connections=[sent(ALTA), sent(OSLO, "Elements", synthetic=True)],
    )
    assert row["synthetic"] is False


SHUFFLED = {
    "status": [
        *active(*CARRIERS, HAMMERFEST),
        stands(ALTA),
        stands(ALTA, organisation_number="974760673"),
        stands(OSLO, "TERMINATED"),
        stands(ALTA, "CONFIGURED", service="fiks-io"),
        *active(VOSS, service="fiks-io"),
    ],
    "steps": [
        step("ANNEX_SIGNED", "2026-11-20"),
        step("ANNEX_SIGNED", "2026-03-20", **LATE),
        step("CONFIGURED", "2026-11-20", service="fiks-io"),
        step("TERMINATED", "2026-11-20", OSLO),
    ],
    "connections": [
        *(sent(c, s, supplier=p) for c in PEOPLE for s, p in (("Websak", "Acos"), ("Elements", "Sikri")) if c != OSLO),
        sent(ALTA, supplier="ACOS AS", account_id="k2"),
        sent(ALTA, "Elements", supplier=None, account_id="k2"),
    ],
    "peer": [*peers(ALTA, HAMMERFEST, VOSS), *peers(OSLO, BERGEN, VOSS)],
    "members": [*DIGITROFI, {"network_id": "digivestland", "municipality_code": ALTA}],
    "supports": [support(date(2020, 1, 1)), support(date(2020, 1, 1), "Elements")],
    "contacts": [address("post"), address("arkiv"), address("post", "2012"), address("post", "5403")],
    "followed": [
        asked("2012", "KONTAKTET", TODAY),
        asked("5403", "PLANLAGT", TODAY),
        asked(BERGEN, "IKKE_AKTUELT", service="fiks-io"),
    ],
}


@pytest.fixture(scope="session")
def made(inputs, answer, rows_of):
    """The three tables of the rows above, in another order if chance has it so."""

    def made(chance: random.Random | None):
        given = {n: chance.sample(rows, len(rows)) if chance else rows for n, rows in SHUFFLED.items()}
        scans = inputs(**given)
        waiting = answer(of(uptake_calls.not_yet, scans), NOT_YET)
        gap = answer(of(uptake_calls.supplier_gap, scans | {"not_yet": rows_of(NOT_YET, *waiting)}), SUPPLIER_GAP)
        return waiting, gap, answer(of(uptake_calls.declined, scans), DECLINED_TABLE)

    return made


@pytest.fixture(scope="session")
def in_order(made):
    return made(None)


@hypothesis.settings(max_examples=examples(4))
@hypothesis.given(st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(made, in_order, chance):
    assert all(in_order)
    assert made(chance) == in_order


def test_what_is_made_keeps_the_contracts_rules(in_order, settings):
    with Session(settings) as session:
        for rows, contract in zip(in_order, (NOT_YET, SUPPLIER_GAP, DECLINED_TABLE), strict=True):
            broken = " or ".join(f"not coalesce({rule.condition}, true)" for rule in contract.rules)
            scan = Values(pa.Table.from_pylist(rows, contract.arrow_schema))
            made = Query(f"select * from made where {broken}", {"made": scan})
            assert session.cleared().table(made).num_rows == 0
            assert len({tuple(r[k] for k in contract.key) for r in rows}) == len(rows)
