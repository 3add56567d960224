"""From agreement to use: the ladder of steps, 90 days of use, and municipalities by area."""

import itertools
import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import reference, uptake
from assets.build import BuildWindow
from catalog import facts
from catalog.contracts.scan import Values
from catalog.domain.calendar import day_in_oslo, month_of, months_between, next_month, start_of
from catalog.tables import conformed
from catalog.tables.reference import NETWORK_MEMBER, ORGANISATION
from catalog.tables.uptake import (
    FUNNEL,
    MEASURED_MONTH,
    NETWORK_MONTH,
    STANDING,
    STANDINGS,
    STATUS_MONTH,
    STEP_EVENT,
    USE_MONTH,
)
from catalog.tables.usage import DISPATCH_DAY, SENSITIVE_DISPATCH_MONTH
from tests.thorough import examples
from transport.base.settings import Settings
from transport.lake.session import Session
from transport.lake.tables import Part

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
REFERENCE = {m.contract.table: m.make(BuildWindow(NOW)) for m in reference.BUILDS if not m.inputs}
OSLO = "958935420"
HALDEN = next(r["organisation_number"] for r in facts.read("organisation") if r["municipality_code"] == "3101")
OLD_AALESUND, AALESUND, HARAM = "920415288", "929911709", "829912252"
PARTED = [
    {"organisation_number": number, "name": name, "kind": "MUNICIPALITY", "confirmed": True} | more
    for number, name, more in (
        (OLD_AALESUND, "Ålesund", {"valid_to": date(2024, 1, 1), "successor_number": AALESUND}),
        (AALESUND, "Ålesund", {"municipality_code": "1508", "valid_from": date(2024, 1, 1)}),
        (HARAM, "Haram", {"municipality_code": "1580", "valid_from": date(2024, 1, 1)}),
    )
]
JUNE = date(2026, 6, 1)


def at(text: str) -> datetime:
    """A day in Oslo, at noon, or a moment."""
    return datetime.fromisoformat(text) if "T" in text else start_of(date.fromisoformat(text)) + timedelta(hours=12)


def step(kind: str, when: str, **more) -> dict:
    moment = at(when)
    row = {
        "producer": "kundesenter",
        "event_id": f"{kind}-{when}",
        "service": "fiks-io",
        "organisation_number": OSLO,
        "municipality_code": "0301",
        "estimated": False,
        "customer_kind": "MUNICIPALITY",
        "step": kind,
        "occurred_at": moment,
        "occurred_precision": "EXACT",
        "month": month_of(day_in_oslo(moment)),
        "source": "kundesenter",
    }
    return row | more


def used(day: date, **more) -> dict:
    row = {
        "producer": "logg",
        "month": day.replace(day=1),
        "service": "fiks-io",
        "measure": "meldinger",
        "day": day,
        "organisation_number": OSLO,
        "source": "logg",
        "quantity": Decimal(1),
        "reported_at": NOW,
    }
    return row | more


@pytest.fixture(scope="session")
def status(rows_of, answer):
    """Rows of status_month by month, of the one customer asked about."""

    def status(*steps, measured=(), sent=(), now=NOW):
        organisation = rows_of(ORGANISATION, *PARTED)
        of_use = {
            "dispatch_day": rows_of(DISPATCH_DAY, *sent),
            "sensitive_dispatch_month": rows_of(SENSITIVE_DISPATCH_MONTH),
            "measurement": rows_of(conformed.MEASUREMENT, *measured),
        }
        used = uptake.use_month.make(
            BuildWindow(now),
            **of_use,
            organisation=organisation,
            municipality_of=Values(reference.bundled_places()),
            municipality_to_now=REFERENCE["municipality_to_now"],
        )
        return answer(
            uptake.status_month.make(
                BuildWindow(now),
                step_event=rows_of(STEP_EVENT, *steps),
                use_month=used,
                measured_month=uptake.measured_month.make(BuildWindow(now), **of_use),
                adoption_source=REFERENCE["adoption_source"],
            ),
            STATUS_MONTH,
        )

    return status


def by_month(rows):
    return {r["month"]: r["step"] for r in rows}


# --- step_event ------------------------------------------------------------------------------------------------------


def adoption(**more) -> dict:
    row = {
        "producer": "nav",
        "event_id": "e",
        "service": "fiks-io",
        "step": "ACTIVATED",
        "occurred_at": at("2021-05-03"),
        "occurred_precision": "EXACT",
        "source": "s",
        "month": date(2021, 5, 1),
        "customer_kind": "MUNICIPALITY",
    }
    return row | more


@pytest.fixture(scope="session")
def placed(rows_of, answer):
    """Rows of step_event, from conformed rows."""

    def placed(*rows):
        organisation = rows_of(ORGANISATION, *PARTED)
        scan = uptake.step_event.make(
            BuildWindow(NOW), adoption=rows_of(conformed.ADOPTION, *rows), organisation=organisation
        )
        return answer(scan, STEP_EVENT)

    return placed


SPLIT = {"municipality_code": "1507", "municipality_codes_now": ["1508", "1580"]}


def test_an_event_of_a_municipality_that_was_split_has_a_row_for_each_part(placed):
    found = placed(
        adoption(event_id="split", **SPLIT),
        adoption(event_id="whole", municipality_code="3001", municipality_codes_now=["3101"], customer=HALDEN),
        adoption(event_id="company", organisation_number=OSLO, customer=OSLO, customer_kind="COMPANY"),
    )
    assert [
        (r["event_id"], r["municipality_code"], r["estimated"], r["reported_code"], r["organisation_number"])
        for r in found
    ] == [
        ("company", None, False, None, OSLO),
        ("split", "1508", True, "1507", AALESUND),
        ("split", "1580", True, "1507", HARAM),
        ("whole", "3101", False, "3001", HALDEN),
    ]


def test_an_event_of_an_organisation_that_ended_is_its_successors(placed):
    [found] = placed(adoption(organisation_number=OLD_AALESUND, customer=AALESUND, municipality_codes_now=["1508"]))
    assert found["organisation_number"] == AALESUND


def test_from_its_own_first_event_on_a_part_is_told_of_by_its_own_alone(placed):
    own = {"municipality_code": "1580", "municipality_codes_now": ["1580"], "customer": HARAM}
    found = placed(
        adoption(event_id="before", **SPLIT),
        adoption(event_id="own", step="TERMINATED", occurred_at=at("2024-05-03"), **own),
        adoption(event_id="list", occurred_at=at("2026-05-31"), occurred_precision="NO_LATER_THAN", **SPLIT),
        adoption(event_id="of another", occurred_at=at("2026-05-31"), service="svarut", **SPLIT),
    )
    told = {(r["event_id"], r["municipality_code"], r["organisation_number"]) for r in found}
    assert told == {
        ("before", "1508", AALESUND), ("before", "1580", HARAM), ("own", "1580", HARAM), ("list", "1508", AALESUND),
        ("of another", "1508", AALESUND), ("of another", "1580", HARAM),
    }  # fmt: skip


def test_the_parts_of_a_split_municipality_stand_as_in_use_by_what_each_sends_and_a_termination_ends_its_own(
    placed, status
):
    events = placed(
        adoption(event_id="split", **SPLIT),
        adoption(
            event_id="end", step="TERMINATED", occurred_at=at("2026-05-20"), month=date(2026, 5, 1), customer=HARAM
        )
        | {"municipality_code": "1580", "municipality_codes_now": ["1580"]},
    )
    use = [
        *measured_all_along(),
        *(used(date(2026, n, 3), organisation_number=o) for n in (4, 5) for o in (AALESUND, HARAM)),
    ]
    before = [used(date(2023, n, 3), organisation_number=OLD_AALESUND) for n in range(1, 13)]
    rows = status(*events, measured=[*use, *before])
    found = {
        (r["month"], r["municipality_code"]): (r["organisation_number"], r["step"], r["active"], r["active_basis"])
        for r in rows
    }
    april, may = date(2026, 4, 1), date(2026, 5, 1)
    assert {r["estimated"] for r in rows} == {True}
    assert found[april, "1508"] == (AALESUND, "ACTIVATED", True, "USE")
    assert found[april, "1580"] == (HARAM, "ACTIVATED", True, "USE")
    assert (found[may, "1508"][2], found[may, "1580"][1:3]) == (True, ("TERMINATED", False))
    assert {found[date(2023, 6, 1), code][2:] for code in ("1508", "1580")} == {(True, "USE")}, (
        "each part did what the whole did"
    )


# --- the ladder ------------------------------------------------------------------------------------------------------


STANDS = (
    ("ANNEX_SIGNED", "ANNEX_SIGNED"),
    ("ANNEX_SIGNED CONFIGURED", "CONFIGURED"),
    ("ANNEX_SIGNED CONFIGURED ACTIVATED", "ACTIVATED"),
    ("ACTIVATED", "ACTIVATED"),
    ("ACTIVATED CONFIGURED ANNEX_SIGNED", "ACTIVATED"),
    ("CONFIGURED CONFIGURED ANNEX_SIGNED", "CONFIGURED"),
    ("ACTIVATED ACTIVATED", "ACTIVATED"),
    ("ACTIVATED SUSPENDED", "SUSPENDED"),
    ("ACTIVATED SUSPENDED CONFIGURED", "SUSPENDED"),
    ("ACTIVATED SUSPENDED RESUMED", "ACTIVATED"),
    ("ACTIVATED SUSPENDED RESUMED SUSPENDED", "SUSPENDED"),
    ("ACTIVATED TERMINATED", "TERMINATED"),
    ("ACTIVATED SUSPENDED TERMINATED", "TERMINATED"),
    ("ACTIVATED TERMINATED SUSPENDED", "TERMINATED"),
    ("ACTIVATED TERMINATED ANNEX_SIGNED", "ANNEX_SIGNED"),
    ("ACTIVATED SUSPENDED TERMINATED ANNEX_SIGNED CONFIGURED", "CONFIGURED"),
    ("ACTIVATED TERMINATED ANNEX_SIGNED ACTIVATED", "ACTIVATED"),
    ("TERMINATED", "TERMINATED"),
)
"""Steps of customers in order, and where they stand then."""


def test_the_step_a_customer_stands_on_follows_from_its_steps_in_order(status):
    taken = [
        step(kind, f"2026-05-{day:02}", organisation_number=str(customer))
        for customer, (steps, _) in enumerate(STANDS)
        for day, kind in enumerate(steps.split(), 1)
    ]
    for told in (taken, taken[::-1]):
        found = status(*told)
        for customer, (steps, stands) in enumerate(STANDS):
            months = by_month(r for r in found if r["organisation_number"] == str(customer))
            assert months == {date(2026, 5, 1): stands, JUNE: stands}, steps


def test_a_customer_has_a_row_for_every_month_from_its_first_step_to_the_month_that_is_known(status):
    rows = status(step("ANNEX_SIGNED", "2026-02-10"), step("CONFIGURED", "2026-04-01"), step("ACTIVATED", "2026-07-01"))
    assert by_month(rows) == {
        date(2026, 2, 1): "ANNEX_SIGNED",
        date(2026, 3, 1): "ANNEX_SIGNED",
        date(2026, 4, 1): "CONFIGURED",
        date(2026, 5, 1): "CONFIGURED",
        JUNE: "CONFIGURED",
    }


def test_a_step_on_the_first_of_a_month_in_oslo_is_of_that_month(status):
    rows = status(step("ANNEX_SIGNED", "2026-04-10"), step("CONFIGURED", "2026-05-31T22:30:00+00:00"))
    assert by_month(rows)[date(2026, 5, 1)] == "ANNEX_SIGNED"
    assert by_month(rows)[JUNE] == "CONFIGURED"


def test_a_main_agreement_puts_nobody_on_a_step_of_a_service(status):
    assert status(step("AGREEMENT_SIGNED", "2026-04-10", service=None)) == []


def test_of_a_sensitive_service_whole_months_of_use_are_told_and_of_others_days(rows_of, answer):
    march = date(2026, 3, 1)
    seen = {
        "month": march,
        "organisation_number": OSLO,
        "service": "fiks-bekymringsmelding",
        "dispatches": 2,
        "states": 2,
    }
    scan = uptake.use_month.make(
        BuildWindow(NOW),
        dispatch_day=rows_of(DISPATCH_DAY),
        sensitive_dispatch_month=rows_of(
            SENSITIVE_DISPATCH_MONTH, seen | {"first_day": date(2026, 3, 9), "last_day": date(2026, 3, 11)}
        ),
        measurement=rows_of(
            conformed.MEASUREMENT, used(date(2026, 2, 10)), used(date(2026, 2, 10), service="fiks-digisos")
        ),
        organisation=rows_of(ORGANISATION, *PARTED),
        municipality_of=Values(reference.bundled_places()),
        municipality_to_now=REFERENCE["municipality_to_now"],
    )
    assert {r["service"]: (r["first_day"], r["last_day"]) for r in answer(scan, USE_MONTH)} == {
        "fiks-bekymringsmelding": (march, date(2026, 3, 31)),
        "fiks-digisos": (date(2026, 2, 1), date(2026, 2, 28)),
        "fiks-io": (date(2026, 2, 10), date(2026, 2, 10)),
    }


@pytest.mark.parametrize(("day", "told"), [(9, False), (14, True)])
def test_a_month_of_a_sensitive_service_is_told_whole_and_when_it_is_published(rows_of, answer, day, told):
    """Read daily, a month that turns active would say on which day the first case came."""
    march = date(2026, 3, 1)
    window = BuildWindow(datetime(2026, 4, day, tzinfo=UTC), march)
    of_use = {
        "dispatch_day": rows_of(DISPATCH_DAY),
        "sensitive_dispatch_month": rows_of(SENSITIVE_DISPATCH_MONTH),
        "measurement": rows_of(
            conformed.MEASUREMENT, used(date(2026, 3, 10)), used(date(2026, 3, 10), service="fiks-digisos")
        ),
    }
    use = uptake.use_month.make(
        window,
        **of_use,
        organisation=rows_of(ORGANISATION, *PARTED),
        municipality_of=Values(reference.bundled_places()),
        municipality_to_now=REFERENCE["municipality_to_now"],
    )
    for scan, contract in ((use, USE_MONTH), (uptake.measured_month.make(window, **of_use), MEASURED_MONTH)):
        days = {r["service"]: (r["first_day"], r["last_day"]) for r in answer(scan, contract)}
        assert days.pop("fiks-io") == (date(2026, 3, 10), date(2026, 3, 10))
        assert days == ({"fiks-digisos": (march, date(2026, 3, 31))} if told else {})


def test_months_that_nobody_observed_are_missing_for_digisos(status):
    rows = status(
        step("ACTIVATED", "2020-01-03", service="fiks-digisos", source="nav-digisos-history"),
        step("ACTIVATED", "2026-05-31T21:59:59+00:00", service="fiks-digisos", source="nav-digisos-list"),
    )
    observed = [*months_between(date(2020, 1, 1), date(2020, 5, 1)), date(2026, 5, 1)]
    assert [r["month"] for r in rows] == observed
    assert {r["step"] for r in rows} == {"ACTIVATED"}


def test_a_producer_that_reports_as_it_happens_is_observed_from_its_first_report_on(status):
    rows = status(
        step("ACTIVATED", "2020-01-03", service="fiks-digisos", source="nav-digisos-history"),
        step("SUSPENDED", "2026-06-10", service="fiks-digisos", source="kundesenter"),
    )
    assert rows[-1]["month"] == JUNE
    assert (rows[-1]["step"], rows[-2]["month"]) == ("SUSPENDED", date(2026, 5, 1))


def test_a_service_without_use_is_active_by_the_events_word_only(status):
    rows = status(step("ACTIVATED", "2026-04-10"), step("SUSPENDED", "2026-06-01"))
    assert [(r["active"], r["active_basis"]) for r in rows] == [(True, "EVENT"), (True, "EVENT"), (False, "EVENT")]


def test_a_step_that_rests_on_a_split_municipalitys_event_says_so(status):
    rows = status(
        step("ANNEX_SIGNED", "2026-04-10", municipality_code="1508", estimated=True),
        step("ACTIVATED", "2026-05-10", municipality_code="1508"),
    )
    assert {r["estimated"] for r in rows} == {True}
    assert {r["estimated"] for r in status(step("ANNEX_SIGNED", "2026-04-10"))} == {False}


def test_who_was_on_the_list_before_and_is_not_on_the_latest_is_not_listed(status):
    listed = {"service": "fiks-digisos", "source": "nav-digisos-list", "producer": "nav-digisos"}
    steps = [
        step("ACTIVATED", "2026-04-30", **listed),
        step("ACTIVATED", "2026-05-31", **listed, organisation_number=HALDEN, municipality_code="3101"),
    ]
    may = {r["municipality_code"]: r["step"] for r in status(*steps) if r["month"] == date(2026, 5, 1)}
    assert may == {"0301": "NOT_LISTED", "3101": "ACTIVATED"}


# --- 90 days of use --------------------------------------------------------------------------------------------------

LAST = date(2026, 5, 31)
SOMEBODY = "964338531"


def measured_all_along(*days: date):
    """Somebody else's use measures the service from January to June."""
    return [used(d, organisation_number=SOMEBODY) for d in (date(2026, 1, 2), date(2026, 6, 2))] + [
        used(d) for d in days
    ]


@pytest.mark.parametrize(("days_before", "active"), [(0, True), (88, True), (89, True), (90, False), (91, False)])
def test_active_is_a_day_of_use_among_the_90_that_end_with_the_month(days_before, active, status):
    use = measured_all_along(LAST - timedelta(days=days_before))
    rows = {r["month"]: r for r in status(step("ACTIVATED", "2025-06-01"), measured=use)}
    assert (rows[date(2026, 5, 1)]["active"], rows[date(2026, 5, 1)]["active_basis"]) == (active, "USE")


days_of_use = st.lists(st.dates(date(2024, 1, 1), date(2026, 6, 1)), max_size=12)


@settings(max_examples=examples(15))
@given(days_of_use)
def test_every_month_is_active_by_its_own_90_days_however_use_pauses_and_begins_again(status, days):
    measures = [used(d, organisation_number=SOMEBODY) for d in (date(2023, 1, 2), date(2026, 6, 30))]
    rows = status(step("ANNEX_SIGNED", "2024-01-05"), measured=[*measures, *map(used, days)])
    ends = {r["month"]: next_month(r["month"]) - timedelta(days=1) for r in rows}
    assert len(rows) == len(ends) == 30
    assert {r["month"]: r["active"] for r in rows} == {
        month: any(end - timedelta(days=89) <= day <= end for day in days) for month, end in ends.items()
    }


def test_use_after_the_month_does_not_make_the_month_active(status):
    use = [*measured_all_along(date(2026, 6, 1)), used(date(2026, 6, 30), organisation_number=SOMEBODY)]
    rows = {r["month"]: r for r in status(step("CONFIGURED", "2025-06-01"), measured=use)}
    assert (rows[date(2026, 5, 1)]["active"], rows[JUNE]["active"]) == (False, True)


def test_a_day_on_which_nobody_used_a_service_is_measured_when_somebody_says_so(status):
    use = [*measured_all_along(date(2026, 5, 20)), used(date(2026, 6, 30), organisation_number=SOMEBODY, quantity=0)]
    june = {r["month"]: r for r in status(step("ACTIVATED", "2025-06-01"), measured=use)}[JUNE]
    assert (june["active"], june["active_basis"]) == (True, "USE")


@pytest.mark.parametrize("measured_through", [date(2026, 6, 14), date(2026, 6, 29), date(2026, 6, 30)])
def test_the_month_that_goes_on_is_told_by_use_only_when_its_last_day_was_measured(measured_through, status):
    # 88 days before 14 June, and 104 before the 30th
    use = [*measured_all_along(date(2026, 3, 18)), used(measured_through, organisation_number=SOMEBODY)]
    june = {r["month"]: r for r in status(step("ACTIVATED", "2025-06-01"), measured=use)}[JUNE]
    whole = measured_through == date(2026, 6, 30)
    assert (june["active"], june["active_basis"]) == ((False, "USE") if whole else (True, "EVENT"))


@pytest.mark.parametrize("end", ["SUSPENDED", "TERMINATED"])
def test_a_customer_that_was_suspended_or_has_left_is_not_active_whatever_its_use(end, status):
    rows = status(step("ACTIVATED", "2026-01-05"), step(end, "2026-05-20"), measured=measured_all_along(LAST))
    assert {r["month"]: r["active"] for r in rows}[date(2026, 5, 1)] is False


def test_use_tells_of_a_month_only_when_its_90_days_were_measured_and_the_month_too(status):
    use = [used(date(2026, 1, 30)), used(date(2026, 5, 31))]
    rows = status(step("ACTIVATED", "2025-12-01"), measured=use)
    # 90 days that end with April begin on 31 January; with March, on 1 January
    told = {12: "EVENT", 1: "EVENT", 2: "EVENT", 3: "EVENT", 4: "USE", 5: "USE", 6: "EVENT"}
    assert {r["month"].month: r["active_basis"] for r in rows} == told
    rows = status(step("ACTIVATED", "2025-12-01"), measured=[use[0], used(date(2026, 5, 30))])
    assert {r["month"].month: r["active_basis"] for r in rows} == told | {5: "EVENT"}, "the 31st was not measured"


MEASURES = {r["measure"]: r for r in facts.read("measure")}


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_is_use_where_the_catalogue_says_so(measure, status):
    rows = status(step("ACTIVATED", "2026-01-05"), measured=[*measured_all_along(), used(LAST, measure=measure)])
    assert {r["month"]: r["active"] for r in rows}[date(2026, 5, 1)] is (MEASURES[measure]["is_use"] == "true")


def test_what_only_stands_measures_no_use(status):
    there = [used(d, measure="adaptere") for d in (date(2026, 1, 1), date(2026, 5, 1), date(2026, 6, 30))]
    rows = status(step("ACTIVATED", "2026-01-05"), measured=there)
    assert {(r["active"], r["active_basis"]) for r in rows} == {(True, "EVENT")}


def test_dispatches_are_use_and_support_requests_and_zero_counts_are_not(status):
    nothing = [used(LAST, measure="henvendelser"), used(LAST, quantity=Decimal(0))]
    rows = status(step("ACTIVATED", "2026-05-01"), measured=[*measured_all_along(), *nothing])
    assert {r["active"] for r in rows if r["month"] < JUNE} == {False}
    amounts = dict.fromkeys(("documents", "pages", "sheets", "bytes", "production_cost_ore", "postage_ore"), 0)
    dispatch = {
        "month": date(2026, 5, 1),
        "day": LAST,
        "organisation_number": OSLO,
        "service": "fiks-io",
        "channel": "PRINT",
        "outcome": "open",
        "dispatches": 1,
    }
    rows = status(step("ACTIVATED", "2026-05-01"), measured=measured_all_along(), sent=[dispatch | amounts])
    assert {r["active"] for r in rows if r["month"] < JUNE} == {True}


def test_the_use_of_an_organisation_that_ended_is_its_successors(status):
    use = [*measured_all_along(), used(LAST, organisation_number=OLD_AALESUND)]
    taken = step("ACTIVATED", "2026-01-05", organisation_number=AALESUND, municipality_code="1508")
    assert {r["month"]: r["active"] for r in status(taken, measured=use)}[date(2026, 5, 1)] is True


def test_use_of_another_service_is_no_use_of_this(status):
    use = [*measured_all_along(), used(LAST, service="fiks-folkeregister", measure="oppslag")]
    rows = status(step("ACTIVATED", "2026-01-05"), measured=use)
    assert {r["month"]: r["active"] for r in rows}[date(2026, 5, 1)] is False


@pytest.mark.parametrize(
    ("annexed", "first_used", "days"),
    [
        ("2026-04-10", date(2026, 4, 10), {4: 0, 5: 0, 6: 0}),
        ("2026-04-10", date(2026, 5, 20), {4: None, 5: 40, 6: 40}),
        ("2026-04-10", date(2026, 4, 9), {4: None, 5: None, 6: None}),
        # annexed at 00:30 on the eleventh, Oslo
        ("2026-04-10T22:30:00+00:00", date(2026, 4, 11), {4: 0, 5: 0, 6: 0}),
    ],
)
def test_days_from_annex_to_use_are_told_from_the_month_of_first_use(annexed, first_used, days, status):
    use = [used(date(2026, 6, 1)), used(first_used)]
    rows = status(step("ANNEX_SIGNED", annexed), measured=[*measured_all_along(), *use])
    assert {r["month"].month: r["days_annex_to_use"] for r in rows} == days


def test_an_annex_from_before_anything_was_measured_does_not_say_how_long_it_took_to_use(status):
    use = [used(date(2026, 3, 1)), used(date(2026, 4, 2), organisation_number=SOMEBODY)]
    assert {r["days_annex_to_use"] for r in status(step("ANNEX_SIGNED", "2026-02-10"), measured=use)} == {None}


kinds = st.sampled_from(["ANNEX_SIGNED", "CONFIGURED", "ACTIVATED", "SUSPENDED", "RESUMED", "TERMINATED"])
taken = st.lists(st.tuples(kinds, st.dates(date(2026, 1, 1), date(2026, 6, 15))), min_size=1, max_size=8, unique=True)


@settings(max_examples=examples(15))
@given(taken, st.randoms(use_true_random=False))
def test_the_order_in_which_steps_are_told_and_repeats_change_nothing(status, taken, chance):
    steps = [step(k, str(d)) for k, d in taken]
    again = steps + chance.sample(steps, len(steps) // 2)
    chance.shuffle(again)
    assert status(*again) == status(*steps)


def test_status_is_written_in_the_order_of_its_key_as_promised_with_nulls_last(rows_of, tmp_path):
    customers = [
        {"service": service, "organisation_number": number, "municipality_code": code}
        for service in ("svarut", "fiks-io")
        for code, number in (("3101", HALDEN), ("0301", None), (None, SOMEBODY), ("0301", OSLO), ("0301", HALDEN))
    ]
    made = uptake.status_month.make(
        BuildWindow(NOW),
        step_event=rows_of(STEP_EVENT, *(step("ACTIVATED", "2026-04-10", **c) for c in customers)),
        use_month=rows_of(USE_MONTH),
        measured_month=rows_of(MEASURED_MONTH),
        adoption_source=REFERENCE["adoption_source"],
    )
    with Session(Settings(home=tmp_path)) as session:
        session.write(made, STATUS_MONTH, Part(None, tmp_path / "status.parquet"))
    written = pq.read_table(tmp_path / "status.parquet").select(list(STATUS_MONTH.key)).to_pylist()
    assert len(written) == 30
    assert written == sorted(written, key=lambda row: [(v is None, v) for v in row.values()])


# --- funnel ----------------------------------------------------------------------------------------------------------

CODES = sorted(r["code"] for r in facts.read("municipality") if not r["valid_to"])
INHABITANTS = {(r["municipality_code"], int(r["year"])): int(r["inhabitants"]) for r in facts.read("population")}


def stands(code: str, step: str, **more) -> dict:
    row = {
        "month": date(2025, 5, 1),
        "municipality_code": code,
        "organisation_number": f"of {code}",
        "customer_kind": "MUNICIPALITY",
        "service": "fiks-io",
        "step": step,
        "active": False,
        "active_basis": "USE",
    }
    return row | more


@pytest.fixture(scope="session")
def funnel(rows_of, answer):
    def funnel(*rows, members=()):
        bundled = facts.table("network_member", NETWORK_MEMBER.arrow_schema)
        others = pa.Table.from_pylist(list(members), NETWORK_MEMBER.arrow_schema)
        scan = uptake.funnel.make(
            BuildWindow(NOW),
            status_month=rows_of(STATUS_MONTH, *rows),
            municipality=REFERENCE["municipality"],
            network_member=Values(pa.concat_tables([bundled, others])),
            municipality_to_now=REFERENCE["municipality_to_now"],
            population=REFERENCE["population"],
        )
        return {(r["month"], r["service"], r["area_kind"], r["area"]): r for r in answer(scan, FUNNEL)}

    return funnel


STEPS = ("annexed", "configured", "activated", "active")


def counts(row):
    return tuple(row[s] for s in STEPS)


def test_a_step_counts_those_who_are_further_along_and_none_who_was_suspended_or_has_left(funnel):
    found = funnel(
        stands("0301", "ANNEX_SIGNED"),
        stands("3101", "CONFIGURED"),
        stands("3103", "ACTIVATED"),
        stands("3105", "ACTIVATED", active=True),
        stands("3107", "SUSPENDED"),
        stands("3110", "TERMINATED"),
    )
    month = date(2025, 5, 1)
    country = found[month, "fiks-io", "NO", "NO"]
    assert counts(country) == (4, 3, 2, 1)
    assert country["municipalities"] == 357
    assert counts(found[month, "fiks-io", "COUNTY", "03"]) == (1, 0, 0, 0)
    assert counts(found[month, "fiks-io", "COUNTY", "31"]) == (3, 3, 2, 1)
    assert counts(found[month, "fiks-io", "NETWORK", "digiviken-ost"]) == (3, 3, 2, 1)
    assert counts(found[month, "fiks-io", "COUNTY", "56"]) == (0, 0, 0, 0)


def test_use_without_an_activation_counts_on_every_step(funnel):
    found = funnel(stands("0301", "ANNEX_SIGNED", active=True))
    assert counts(found[date(2025, 5, 1), "fiks-io", "NO", "NO"]) == (1, 1, 1, 1)


def test_of_several_customers_in_a_municipality_the_furthest_counts_and_others_than_municipalities_do_not(funnel):
    found = funnel(
        stands("0301", "ANNEX_SIGNED"),
        stands("0301", "ACTIVATED", organisation_number="other"),
        stands("0301", "TERMINATED", organisation_number="third"),
        stands("3101", "ACTIVATED", customer_kind="COMPANY"),
        stands(None, "ACTIVATED", customer_kind="COUNTY"),
    )
    assert counts(found[date(2025, 5, 1), "fiks-io", "NO", "NO"]) == (1, 1, 1, 0)


def test_the_share_of_population_is_of_those_in_municipalities_that_are_active(funnel):
    found = funnel(stands("0301", "ACTIVATED", active=True), stands("3101", "ACTIVATED"))
    everybody = sum(INHABITANTS[c, 2025] for c in CODES)
    expected = round(Decimal(INHABITANTS["0301", 2025]) / everybody, 6)
    assert found[date(2025, 5, 1), "fiks-io", "NO", "NO"]["share_of_population"] == expected
    assert found[date(2025, 5, 1), "fiks-io", "COUNTY", "03"]["share_of_population"] == 1
    assert found[date(2025, 5, 1), "fiks-io", "COUNTY", "31"]["share_of_population"] == 0


def test_dormant_is_who_stands_and_was_once_active_and_where_use_is_not_measured_nobody_knows(funnel):
    april, may = date(2025, 4, 1), date(2025, 5, 1)
    found = funnel(
        *(stands("0301", "ACTIVATED", month=m, active=m == april) for m in (april, may)),
        *(stands("3101", "ACTIVATED", month=m, active=True) for m in (april, may)),
        stands("3103", "ACTIVATED"),
        *(stands("3105", s, month=m, active=s == "ACTIVATED") for m, s in ((april, "ACTIVATED"), (may, "TERMINATED"))),
        *(
            stands("0301", "ACTIVATED", month=m, active=m == april, active_basis="EVENT", service="svarut")
            for m in (april, may)
        ),
    )
    assert {m: found[m, "fiks-io", "NO", "NO"]["dormant"] for m in (april, may)} == {april: 0, may: 1}
    assert found[may, "fiks-io", "COUNTY", "03"]["dormant"] == 1
    assert found[may, "fiks-io", "COUNTY", "56"]["dormant"] == 0
    assert found[may, "svarut", "NO", "NO"]["dormant"] is None


# --- standing --------------------------------------------------------------------------------------------------------

SPRING = [date(2026, n, 1) for n in range(1, 7)]
seen = st.lists(
    st.tuples(
        st.sampled_from(["0301", "3101"]),
        st.sampled_from(["of a company", "of the municipality"]),
        st.sampled_from(["fiks-io", "svarut"]),
        st.sampled_from(SPRING),
        st.sampled_from(["ANNEX_SIGNED", "CONFIGURED", "ACTIVATED", "SUSPENDED", "TERMINATED"]),
        st.booleans(),
    ),
    unique_by=lambda one: one[:4],
    max_size=12,
)
measured_in = st.sets(st.sampled_from(SPRING))


@settings(max_examples=examples(20))
@given(seen, measured_in)
def test_stretches_follow_on_each_other_without_a_gap_and_tell_of_each_month_what_its_rows_do(
    rows_of, answer, funnel, seen, measured_in
):
    told = [
        stands(code, step, month=month, service=service, organisation_number=number, active=active)
        | {"active_basis": "USE" if month in measured_in else "EVENT"}
        for code, number, service, month, step, active in seen
    ]
    funnels = funnel(*told)
    scan = uptake.standing.make(
        BuildWindow(NOW),
        funnel=rows_of(FUNNEL, *funnels.values()),
        status_month=rows_of(STATUS_MONTH, *told),
        step_event=rows_of(STEP_EVENT),
        municipality=REFERENCE["municipality"],
    )
    stretches: dict[tuple[str, str], list[dict]] = {}
    for row in answer(scan, STANDING):
        stretches.setdefault((row["service"], row["municipality_code"]), []).append(row)
    observed = {(service, month) for month, service, kind, _ in funnels if kind == "NO"}
    assert set(stretches) == {(service, code) for service, _ in observed for code in CODES}
    for (service, code), of_it in stretches.items():
        of_it.sort(key=lambda row: row["first_month"])
        first = min(month for of, month in observed if of == service)
        assert (of_it[0]["first_month"], of_it[-1]["last_month"]) == (first, JUNE)
        assert all(next_month(one["last_month"]) == then["first_month"] for one, then in itertools.pairwise(of_it))
        for month in SPRING[SPRING.index(first) :]:
            (row,) = (one for one in of_it if one["first_month"] <= month <= one["last_month"])
            rows = [r for r in told if (r["service"], r["municipality_code"], r["month"]) == (service, code, month)]
            furthest = max(
                (STANDINGS.index("IN_USE" if r["active"] and month in measured_in else r["step"]) for r in rows),
                default=0,
            )
            expected = STANDINGS[furthest] if (service, month) in observed else None
            assert (row["standing"], row["active"]) == (expected, any(r["active"] for r in rows))


@pytest.mark.parametrize(
    ("days", "median", "known"), [([10, 20], None, 2), ([10, 21, 90], 21, 3), ([10, 20, 31, 90], 20, 4), ([], None, 0)]
)
def test_days_from_annex_to_use_are_told_of_three_or_more(days, median, known, funnel):
    rows = [stands(c, "ACTIVATED", active=True, days_annex_to_use=d) for c, d in zip(CODES, days, strict=False)]
    country = funnel(*rows, stands(CODES[-1], "ANNEX_SIGNED"))[date(2025, 5, 1), "fiks-io", "NO", "NO"]
    assert (country["median_days_annex_to_use"], country["days_known"]) == (median, known)


@settings(max_examples=examples(10))
@given(st.lists(st.integers(0, 3000), min_size=3, max_size=40))
def test_the_median_of_the_days_is_by_nearest_rank(funnel, days):
    rows = [stands(c, "ACTIVATED", active=True, days_annex_to_use=d) for c, d in zip(CODES, days, strict=False)]
    country = funnel(*rows)[date(2025, 5, 1), "fiks-io", "NO", "NO"]
    assert country["median_days_annex_to_use"] == sorted(days)[math.ceil(len(days) / 2) - 1]


def test_a_network_stands_beside_the_country_and_beside_itself_a_year_before(funnel, rows_of, answer):
    months = [date(y, 5, 1) for y in (2024, 2025)]
    found = funnel(
        *(stands("3101", "ACTIVATED", month=m, active=m == months[1]) for m in months),
        *(stands("0301", "ACTIVATED", month=m, active=True) for m in months),
        stands("3103", "ANNEX_SIGNED"),
    )
    scan = uptake.network_month.make(
        BuildWindow(NOW), funnel=rows_of(FUNNEL, *found.values()), network=REFERENCE["network"]
    )
    rows = {(r["month"], r["network_id"]): r for r in answer(scan, NETWORK_MONTH)}
    before, now = (rows[m, "digiviken-ost"] for m in months)
    assert (now["network"], now["service"]) == ("DigiViken Øst (DVØ)", "fiks-io")
    assert [now[k] for k in ("annexed", "activated", "active", "waiting", "active_year_before")] == [2, 1, 1, 1, 0]
    assert before["active_year_before"] is None
    by_events = [r | {"active_basis": "EVENT"} if r["month"] == months[0] else r for r in found.values()]
    scan = uptake.network_month.make(BuildWindow(NOW), funnel=rows_of(FUNNEL, *by_events), network=REFERENCE["network"])
    assert {r["active_year_before"] for r in answer(scan, NETWORK_MONTH)} == {None}, "use is not compared with events"
    assert now["share_of_members"] == round(Decimal(1) / now["members"], 6)
    assert now["share_in_country"] == round(Decimal(2) / 357, 6)


def test_a_year_that_was_not_counted_yet_takes_the_last_one_that_was(funnel):
    last = max(year for _, year in INHABITANTS)
    month = date(last + 2, 3, 1)
    found = funnel(stands("0301", "ACTIVATED", active=True, month=month))
    everybody = sum(INHABITANTS[c, last] for c in CODES)
    expected = round(Decimal(INHABITANTS["0301", last]) / everybody, 6)
    assert found[month, "fiks-io", "NO", "NO"]["share_of_population"] == expected


def test_the_basis_of_an_area_where_nobody_stands_is_that_of_its_month(funnel):
    months = [date(2025, m, 1) for m in range(1, 7)]
    bases = ["EVENT", "USE", "EVENT", "USE", "USE", "EVENT"]
    found = funnel(*(stands("0301", "ACTIVATED", month=m, active_basis=b) for m, b in zip(months, bases, strict=True)))
    for month, basis in zip(months, bases, strict=True):
        assert {r["active_basis"] for (m, *_), r in found.items() if m == month} == {basis}


def test_a_network_counts_its_members_of_the_month(funnel):
    before, after = date(2021, 11, 1), date(2022, 1, 1)
    found = funnel(*(stands("3101", "ACTIVATED", month=m) for m in (before, after)))
    assert (before, "fiks-io", "NETWORK", "digiviken") not in found, "DigiViken was founded on 3 December 2021"
    assert found[after, "fiks-io", "NETWORK", "digiviken"]["municipalities"] == 51


def test_a_member_by_a_code_of_then_counts_once_as_the_municipality_that_it_became(funnel):
    membership = {"network_id": "prøve", "certainty": "CONFIRMED"}
    members = [membership | {"municipality_code": code} for code in ("3811", "3911", "3801")]
    found = funnel(stands("3911", "ACTIVATED"), members=members)[date(2025, 5, 1), "fiks-io", "NETWORK", "prøve"]
    assert (found["municipalities"], counts(found)) == (2, (1, 1, 1, 0))


@settings(max_examples=examples(10))
@given(
    st.dictionaries(
        st.sampled_from(CODES),
        st.tuples(
            st.sampled_from(["ANNEX_SIGNED", "CONFIGURED", "ACTIVATED", "SUSPENDED", "TERMINATED"]), st.booleans()
        ),
        min_size=1,
        max_size=60,
    )
)
def test_steps_nest_in_every_area_and_counties_sum_to_the_country(funnel, standing):
    rows = [stands(c, s, active=a and s not in ("SUSPENDED", "TERMINATED")) for c, (s, a) in standing.items()]
    found = funnel(*rows)
    for row in found.values():
        assert row["municipalities"] >= row["annexed"] >= row["configured"] >= row["activated"] >= row["active"] >= 0
    country = found[date(2025, 5, 1), "fiks-io", "NO", "NO"]
    counties = [r for (_, _, kind, _), r in found.items() if kind == "COUNTY"]
    for name in ("municipalities", *STEPS):
        assert country[name] == sum(r[name] for r in counties)
    assert country["annexed"] == sum(s not in ("SUSPENDED", "TERMINATED") for s, _ in standing.values())
