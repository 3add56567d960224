from __future__ import annotations

from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.tables.uptake_calls import NOT_YET
from dashboards.release import query as release_query
from dashboards.release.query import Area, Row
from dashboards.shared import narrative
from dashboards.shared import queries as shared_queries
from dashboards.shared.narrative import Gap, is_useful
from dashboards.views.uptake import narrative as uptake_narrative
from dashboards.views.uptake import queries as uptake_queries
from dashboards.words import Words
from tests.dashboards.rows import point, replace
from tests.thorough import some

NB, EN = Words("nb"), Words("en")
MAY, YEAR_AGO = date(2026, 5, 1), date(2025, 5, 1)
COUNTRY = Area(area_kind="NO", area="NO", name="NO", part=False, certainty=None)


def funnel(
    month: date = MAY, active: int = 197, basis: str = "EVENT", *, synthetic: bool = False, activated: int = 197
) -> Row:
    return Row(
        month=month,
        annexed=210,
        configured=200,
        activated=activated,
        active=active,
        active_basis=basis,
        municipalities=357,
        share_of_population=Decimal("0.7125"),
        synthetic=synthetic,
    )


def cell(area: str, active: int, municipalities: int) -> Row:
    return Row(
        service="svarut",
        name="SvarUt",
        area_kind="NETWORK",
        area=area,
        network=area,
        month=MAY,
        active=active,
        active_basis="USE",
        municipalities=municipalities,
        synthetic=False,
    )


def call(**changes: object) -> Row:
    """Bergen, which has waited four months with the annex for SvarUt."""
    row = (
        {column.name: None for column in NOT_YET.columns}
        | {"no_delivery_since": None}
        | {
            "service": "svarut",
            "municipality_code": "4601",
            "municipality": "Bergen",
            "month": MAY,
            "active_month": MAY,
            "priority": 1,
            "sentence": "Bergen har signert vedlegg.",
            "sentence_en": "Bergen signed the annex.",
            "step": "ANNEX_SIGNED",
            "months_waiting": 4,
            "inhabitants": 291_000,
            "supplier_ready": "UNKNOWN",
            "supplier_evidence": "Ingen kjent tilkobling.",
            "supplier_evidence_en": "No known connection.",
            "synthetic": False,
        }
    )
    return Row(**{**row, **changes})


NOBODY = Row(municipalities=0, inhabitants=None, uncounted=0, year=None)


def test_the_answer_names_its_month_and_what_it_is_compared_with():
    said = uptake_narrative.answer([funnel(), funnel(date(2020, 5, 1), 156)], "Fiks Digisos", "hele landet", NB)
    assert said == (
        "197 av 357 kommuner i hele landet hadde aktivert Fiks Digisos i mai 2026. "
        "Det er 41 flere enn i mai 2020, som var forrige måned med tall. 71 % av innbyggerne bor der."
    )


@pytest.mark.parametrize(("until", "marked"), [(date(2020, 5, 1), True), (None, False)])
def test_a_comparison_over_a_change_of_source_is_marked_as_an_estimate(until, marked):
    history = [funnel(), funnel(date(2020, 5, 1), 156)]
    lists = [
        Row(source="history", observed_from=date(2018, 10, 1), observed_to=until),
        Row(source="list", observed_from=date(2026, 5, 1), observed_to=date(2026, 5, 1)),
    ]
    said = uptake_narrative.answer(history, "Fiks Digisos", "hele landet", NB, lists)
    assert ("med tall. Kilden er en annen nå, så forskjellen er et anslag. 71 %" in said) is marked


@pytest.mark.parametrize(
    ("share", "told"),
    [
        ("1", "100 %"),
        ("0.996", "Over 99 %"),
        ("0.995", "Over 99 %"),
        ("0.994", "99 %"),
        ("0.004", "Under 1 %"),
        ("0", "0 %"),
    ],
)
def test_nearly_all_are_not_called_all(share, told):
    assert uptake_narrative.part_of(Decimal(share), NB).replace("\u00a0", " ") == told


def test_measured_use_is_called_use_and_events_are_not():
    assert "hadde SvarUt i bruk" in uptake_narrative.answer([funnel(basis="USE")], "SvarUt", "hele landet", NB)
    assert "bruk" not in uptake_narrative.answer([funnel()], "SvarUt", "hele landet", NB)


@pytest.mark.parametrize(
    ("months", "compared"),
    [
        ([MAY], None),
        ([MAY, date(2026, 4, 1), YEAR_AGO], YEAR_AGO),
        ([MAY, date(2026, 4, 1), date(2020, 5, 1)], date(2020, 5, 1)),
        ([MAY, date(2026, 4, 1), date(2026, 1, 1)], date(2026, 1, 1)),
    ],
)
def test_it_is_compared_with_a_year_before_or_the_last_observed_month_before_that(months, compared):
    then = uptake_narrative.earlier([funnel(month) for month in months])
    assert (then.month if then else None) == compared


OCTOBER, NOVEMBER = date(2025, 10, 1), date(2025, 11, 1)


def test_use_is_compared_with_use_also_where_the_year_before_has_events():
    history = [funnel(basis="USE"), funnel(date(2025, 12, 1), 190, "USE"), funnel(NOVEMBER, 90), funnel(YEAR_AGO, 50)]
    assert " Det er 7 flere enn i desember 2025. " in uptake_narrative.answer(history, "SvarUt", "hele landet", NB)
    found = uptake_narrative.figures(history, set(), NOBODY, NB)
    assert (found[0].words, found[1].words) == (
        "7 flere enn i desember 2025",
        "uendret siden desember 2025",
    )


@pytest.mark.parametrize(
    ("basis", "other", "why"),
    [
        ("USE", "EVENT", "ikke sammenlignbart: til og med november 2025 ble aktiverte talt"),
        ("EVENT", "USE", "ikke sammenlignbart: til og med november 2025 ble bruk talt"),
    ],
)
def test_a_month_with_none_of_its_basis_before_it_is_compared_in_words_never_with_a_number(basis, other, why):
    history = [funnel(date(2025, 12, 1), basis=basis), funnel(NOVEMBER, 90, other), funnel(OCTOBER, 80, other)]
    said = uptake_narrative.answer(history, "SvarUt", "hele landet", NB)
    assert said.endswith(f". Det er {why}. 71 % av innbyggerne bor der.")
    assert [one.words for one in uptake_narrative.figures(history, set(), NOBODY, NB)[:2]] == [why, why]


def test_a_month_is_not_called_the_last_observed_one_where_others_of_another_basis_came_after_it():
    history = [funnel(), funnel(date(2025, 4, 1), 90, "USE"), funnel(date(2025, 3, 1), 80)]
    said = uptake_narrative.answer(history, "SvarUt", "hele landet", NB)
    assert " Det er 117 flere enn i mars 2025, forrige måned som ble talt på samme måte. " in said


def test_an_area_of_one_municipality_is_told_in_the_singular():
    one = Row(
        month=MAY,
        annexed=0,
        configured=0,
        activated=0,
        active=0,
        active_basis="USE",
        municipalities=1,
        share_of_population=Decimal(0),
        synthetic=False,
    )
    assert uptake_narrative.answer([one], "SvarUt", "Oslo", NB).startswith("0 av 1 kommune i Oslo hadde SvarUt i bruk")
    assert uptake_narrative.answer([one], "SvarUt", "Oslo", EN).startswith(
        "0 of 1 municipality in Oslo had SvarUt in use"
    )


def test_a_step_that_no_source_reports_is_inferred_and_unmeasured_use_has_no_count():
    steps = uptake_narrative.steps(funnel(), {"ACTIVATED"}, NB)
    assert [(one.label, one.count, one.inferred) for one in steps] == [
        ("Vedlegg signert", 210, True),
        ("Satt opp", 200, True),
        ("Aktivert", 197, False),
        ("I bruk", None, False),
    ]


def test_who_has_stopped_again_is_seen_where_only_events_tell():
    assert "Fortsatt aktivert" in [one.label for one in uptake_narrative.steps(funnel(active=190), {"ACTIVATED"}, NB)]


def test_annex_without_use_is_missing_not_zero_where_no_source_reports_annexes():
    found = uptake_narrative.figures([funnel()], {"ACTIVATED"}, NOBODY, NB)
    assert found[3].value == ".."
    assert "mangler" in found[3].words


def test_key_figures_carry_unit_comparison_and_synthetic():
    history = [funnel(synthetic=True), funnel(YEAR_AGO, 100)]
    found = uptake_narrative.figures(
        history, {"ANNEX_SIGNED"}, Row(municipalities=1, inhabitants=291_000, uncounted=0, year=2026), NB
    )
    assert [one.value for one in found] == ["197 av 357", "71 %", "160", "13"]
    assert [value for value in found[0].trend if value is not None] == [100, 197]
    assert len(found[0].trend) == 24
    assert found[0].words == "97 flere enn i mai 2025"
    assert found[2].words == "291\u00a0000 innbyggere (1.1.2026)"
    assert all(one.synthetic for one in found)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (Row(municipalities=2, inhabitants=300, uncounted=0, year=2026), "300 innbyggere (1.1.2026)"),
        (
            Row(municipalities=2, inhabitants=100, uncounted=1, year=2026),
            "100 innbyggere (1.1.2026); innbyggertall mangler for 1 kommune",
        ),
        (Row(municipalities=2, inhabitants=None, uncounted=2, year=None), "innbyggertall mangler for 2 kommuner"),
        (NOBODY, "0 innbyggere (1.1.2026)"),
    ],
)
def test_people_that_nobody_counted_are_said_to_be_missing_and_not_counted_as_none(left, said):
    assert uptake_narrative.figures([funnel()], set(), left, NB)[2].words == said


def test_months_that_nobody_observed_are_gaps_up_to_the_end_of_the_release():
    observed = [date(2020, 4, 1), date(2020, 5, 1), MAY]
    found = narrative.gaps(observed, date(2026, 10, 1))
    assert found == [Gap(date(2020, 6, 1), date(2026, 4, 1)), Gap(date(2026, 6, 1), date(2026, 10, 1))]
    assert uptake_narrative.gaps_in_words(found, EN).startswith(
        "No numbers: June 2020–April 2026 and June 2026–October 2026."
    )
    assert uptake_narrative.gaps_in_words([], EN) == ""


@given(st.sets(st.integers(0, 60), min_size=1), st.integers(0, 70))
def test_observed_months_and_gaps_make_up_the_whole_stretch(places, end):
    months = [date(2020 + n // 12, n % 12 + 1, 1) for n in range(80)]
    observed = [months[n] for n in places]
    last = max(*places, end)
    seen = set(observed)
    for gap in narrative.gaps(observed, months[last]):
        month = gap.first
        while month <= gap.last:
            assert month not in seen
            seen.add(month)
            month = narrative.next_month(month)
    assert seen == set(months[min(places) : last + 1])


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_the_month_before_the_next_month_is_the_month_itself(day):
    month = day.replace(day=1)
    assert narrative.previous_month(narrative.next_month(month)) == month


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (call(), ""),
        (call(follow_up="PLANLAGT"), "planlagt"),
        (call(follow_up="KONTAKTET", followed_up_on=date(2026, 11, 20)), "kontaktet 20.11.2026"),
    ],
)
def test_what_was_done_about_a_row_is_said_with_its_day(row, said):
    assert uptake_narrative.follow_up(row, NB) == said


def test_who_declined_is_counted_by_answer():
    assert uptake_narrative.declined([], NB) == "Ingen har takket nei."
    found = [
        Row(follow_up="TAKKET_NEI", rows_declined=2, synthetic=False),
        Row(follow_up="IKKE_AKTUELT", rows_declined=1, synthetic=True),
    ]
    assert uptake_narrative.declined(found, NB) == (
        "Takket nei: 2. Ikke aktuelt: 1. De står ikke på ringelisten. Syntetiske tall."
    )


def outlook(**changes: object) -> Row:
    row = Row(
        month=date(2027, 10, 1),
        low=171,
        expected=182,
        high=195,
        active_basis="USE",
        backtest_error=Decimal("0.0312"),
        last_known_month=date(2026, 10, 1),
        synthetic=False,
        last_value_error=Decimal("0.0949"),
        mean_error=Decimal("0.2"),
        past_forecasts=12,
        past_inside=9,
    )
    return replace(row, **changes)


def points(*months: date, basis: str = "USE") -> list[Row]:
    return [point(month, 90, basis) for month in months]


UNTRIED = {"backtest_error": None, "last_value_error": None, "mean_error": None}


def test_the_forecast_in_words_is_that_of_its_last_month_with_its_range_and_its_error_beside_the_simplest():
    known = points(date(2026, 10, 1))
    found = [outlook(month=date(2026, 11, 1), expected=150), outlook()]
    assert uptake_narrative.outlook(found, known, MAY, NB) == (
        "Forventet i oktober 2027: 182 av 357 kommuner (mellom 171 og 195). Testet 2 måneder fram bommet metoden med "
        "3 %. Siste måned videreført ville bommet med 9 %, snittet av siste år med 20 %. "
        "Båndet holdt i 9 av 12 tidligere anslag like langt fram. Fra og med november 2027 er "
        "det ikke anslått: så langt fram er metoden ikke testet, eller den slo verken siste måned eller snittet."
    )
    whole = [outlook()] * 12
    assert uptake_narrative.outlook(whole, known, MAY, NB).endswith(" like langt fram.")
    assert "bommet metoden med under 1\u00a0%. " in uptake_narrative.outlook(
        [outlook(backtest_error=Decimal("0.004"))], known, MAY, NB
    )
    assert uptake_narrative.outlook([outlook(**UNTRIED, past_forecasts=None, synthetic=True)], known, MAY, EN) == (
        "Expected in October 2027: 182 of 357 municipalities (between 171 and 195). "
        "From November 2027 on there is no forecast: so far ahead "
        "the method is not tested, or it beat neither the last month nor the average. Synthetic numbers."
    )


def test_farther_ahead_than_was_tried_the_error_is_that_of_the_farthest_month_tried():
    near, farthest, beyond = outlook(backtest_error=Decimal("0.02")), outlook(), outlook(**UNTRIED)
    said = uptake_narrative.outlook([near, farthest, beyond], points(MAY), MAY, EN)
    assert "Tested 2 months ahead, the method missed by 3%. Carrying the last month forward" in said


@pytest.mark.parametrize(
    ("error", "last_value", "why"),
    [
        ("0.30", "0.31", ""),
        ("0.31", "0.50", "bommet metoden med 31 %. Over 30 % er for usikkert"),
        ("0.20", "0.20", "traff ikke bedre enn å anta at siste måned gjentar seg (avvik 20 % mot 20 %)"),
    ],
)
def test_a_forecast_that_missed_too_much_is_not_told_but_why(error, last_value, why):
    found = [outlook(backtest_error=Decimal(error), last_value_error=Decimal(last_value)), outlook(**UNTRIED)]
    said = uptake_narrative.outlook(found, points(MAY), MAY, NB).replace("\u00a0", " ")
    assert is_useful(found) is (not why)
    assert why in said
    assert ("Forventet" in said) is (not why)
    assert is_useful([outlook(**UNTRIED)])


def test_a_release_that_is_older_than_the_simplest_forecasts_tells_its_one_error_as_of_known_months():
    older = outlook(last_value_error=None, mean_error=None, past_forecasts=None)
    said = uptake_narrative.outlook([older] * 12, points(MAY), MAY, NB)
    assert said.endswith(" Testet på kjente måneder bommet metoden med 3 %.")


FEW = "Ingen framskriving: Bare {} på rad er talt på samme måte. Det trengs minst 8."


@pytest.mark.parametrize(
    ("known", "why"),
    [
        (points(date(2020, 4, 1), date(2020, 5, 1), MAY), FEW.format("1 måned")),
        (
            points(date(2026, 1, 1), date(2026, 2, 1), basis="EVENT") + points(*(date(2026, n, 1) for n in (3, 4, 5))),
            FEW.format("3 måneder"),
        ),
        (
            points(*(date(2020, n, 1) for n in range(1, 9))),
            "Ingen framskriving: Siste måned med tall, august 2020, er for gammel.",
        ),
        (
            points(*(date(2025, n, 1) for n in range(5, 13))),
            (
                "Ingen framskriving: Metoden traff ikke bedre enn siste måned eller snittet da den ble testet, "
                "eller tallene var null."
            ),
        ),
    ],
)
def test_where_nothing_is_foreseen_it_says_why(known, why):
    assert uptake_narrative.outlook([], known, date(2026, 2, 1), NB) == why


@pytest.mark.parametrize(
    "area",
    some(
        [
            COUNTRY,
            Area(area_kind="COUNTY", area="46", name="Vestland", part=False, certainty=None),
            Area(area_kind="NETWORK", area="digiviken-ost", name="DVØ", part=False, certainty=None),
        ],
        1,
        "another area",
    ),
)
def test_the_call_list_and_the_declined_are_those_of_the_release_in_the_area_in_the_order_of_calling(reader, area):
    for service in shared_queries.services(reader):
        found = uptake_queries.calls(reader, service.service, area).rows
        keys = [
            (one.priority, -(-1 if one.months_waiting is None else one.months_waiting), -(one.inhabitants or 0))
            for one in found
        ]
        assert keys == sorted(keys)
        assert {one.month for one in found} <= {service.last_month}
        if service.last_month and not service.external:
            now = uptake_queries.funnel(reader, service.service, area, service.last_month)[0]
            declined = sum(one.rows_declined for one in uptake_queries.declined(reader, service.service, area))
            assert len(found) + declined == now.municipalities - now.active


def test_suppliers_are_counted_among_those_that_wait_in_the_area(reader):
    for area in (COUNTRY, VESTLAND):
        waiting = uptake_queries.calls(reader, "svarut", area).rows
        found = [one for one in uptake_queries.suppliers(reader, area) if one.service == "svarut"]
        assert found
        for one in found:
            mine = [row for row in waiting if row.source_system == one.source_system]
            assert one.waiting == len(mine)
            assert one.inhabitants == sum(row.inhabitants for row in mine)
            assert sorted(one.municipalities) == sorted(row.municipality for row in mine)


@pytest.mark.parametrize(
    "area",
    some(
        [
            COUNTRY,
            Area(area_kind="COUNTY", area="46", name="Vestland", part=False, certainty=None),
            Area(area_kind="NETWORK", area="digiviken-ost", name="DVØ", part=False, certainty=None),
        ],
        2,
        "another area",
    ),
)
def test_who_has_and_who_has_not_are_all_of_the_area(reader, area):
    for service in shared_queries.services(reader):
        for month in uptake_queries.months(reader, service.service, area)[::2]:
            now = uptake_queries.funnel(reader, service.service, area, month)[0]
            left = uptake_queries.left(reader, service.service, area, month)
            assert left.municipalities == now.municipalities - now.active
            assert left.uncounted == 0


LAST = date(2026, 10, 1)
VESTLAND, OSLO = (
    Area(area_kind="COUNTY", area="46", name="Vestland", part=False, certainty=None),
    Area(area_kind="COUNTY", area="03", name="Oslo", part=False, certainty=None),
)


@pytest.mark.parametrize("area", [COUNTRY, VESTLAND])
def test_a_gap_stands_where_the_newest_delivery_that_was_due_by_the_end_of_the_month_is_missing(reader, area):
    found = uptake_queries.lacking(reader, "svarut", area, LAST)
    assert [(one.municipality_code, one.missing_from, one.missing_to) for one in found] == [
        ("4623", LAST, date(2026, 10, 30)),  # nothing of the month
        ("4621", date(2026, 10, 26), date(2026, 10, 30)),  # nor of the week
        ("4619", date(2026, 10, 29), date(2026, 10, 30)),
        ("4601", date(2026, 10, 30), date(2026, 10, 30)),
    ]
    assert all(one.synthetic for one in found)


def test_a_gap_is_of_the_area_the_month_and_the_streams_that_tell_of_the_service(reader):
    assert uptake_queries.lacking(reader, "svarut", OSLO, LAST) == []
    assert uptake_queries.lacking(reader, "svarut", COUNTRY, date(2026, 9, 1)) == []
    november = {one.municipality_code for one in uptake_queries.lacking(reader, "svarut", COUNTRY, date(2026, 11, 1))}
    assert november == {"4601", "4619", "4621", "4623", "4638"}
    assert [one.municipality_code for one in uptake_queries.lacking(reader, "fiks-folkeregister", COUNTRY, LAST)] == [
        "4640"
    ]
    assert uptake_queries.lacking(reader, "min-kommune", COUNTRY, LAST) == []
    assert uptake_queries.lacking(reader, "svarut", COUNTRY, date(2027, 2, 1)) == []  # 90 days after, it is no matter


def test_rows_of_the_list_that_a_gap_may_wrong_are_marked_and_no_other(reader):
    def marked(service):
        found = uptake_queries.calls(reader, service, COUNTRY).rows
        return {one.municipality_code: one.no_delivery_since for one in found if one.no_delivery_since}

    # the list is of November, which is not over: 4619 has begun, 4638 lacks a later one; 4621 declined
    assert marked("svarut") == {"4623": LAST, "4638": date(2026, 11, 20)}
    assert marked("fiks-folkeregister") == {}
    assert marked("fiks-digisos") == {}
    row = call(no_delivery_since=date(2026, 10, 29))
    assert uptake_narrative.no_delivery(row, NB) == "mangler levering siden 29.10.2026"
    assert uptake_narrative.no_delivery(call(no_delivery_since=LAST, synthetic=True), EN) == (
        "no delivery since 1 October 2026 · synthetic"
    )
    assert uptake_narrative.no_delivery(call(), NB) == ""


def test_a_gap_in_words_tells_how_many_and_how_many_of_them_may_be_wronged():
    gap = Row(
        municipality_code="4601",
        missing_from=date(2026, 10, 26),
        missing_to=date(2026, 10, 30),
        active=False,
        synthetic=False,
    )
    said = uptake_narrative.lacking([gap, replace(gap, active=True)], LAST, NB)
    assert said == (
        "Den nyeste leveringen mangler for 2 kommuner (siste 30.10.2026). 1 av dem kan ha brukt tjenesten likevel: "
        "Manglende tall betyr ikke null bruk."
    )
    made_up = replace(gap, active=True, synthetic=True)
    assert uptake_narrative.lacking([made_up, made_up], LAST, EN) == (
        "The newest delivery is missing for 2 municipalities (the latest 30 October 2026). This does not affect the "
        "numbers for October 2026. Synthetic numbers."
    )
    assert uptake_narrative.lacking_since([], LAST, NB) == ""
    assert uptake_narrative.lacking_since([gap], LAST, NB) == (
        "Etter oktober 2026 mangler leveringer for 1 kommune (siste 30.10.2026). Det påvirker ikke tallene her."
    )


def test_months_that_nobody_observed_have_no_row(reader):
    observed = uptake_queries.months(reader, "fiks-digisos", COUNTRY)
    assert observed[:2] == [MAY, date(2020, 5, 1)]


def test_a_month_that_is_not_over_is_not_shown(reader):
    assert uptake_queries.months(reader, "svarut", COUNTRY)[0] == reader.release.through_month
    assert max(one.month for one in uptake_queries.curve(reader, "svarut", COUNTRY)) == reader.release.through_month


@pytest.mark.parametrize(("had", "drawn"), [(2, {"svarut"}), (4, {"svarut", "altinn-3"})])
def test_a_product_of_others_that_hardly_any_had_is_no_line_on_the_axis(had, drawn):
    with duckdb.connect() as connection:
        connection.execute("create schema uptake; create schema reference")
        connection.execute("create table reference.product (service text, name_nb text, external boolean)")
        connection.execute("insert into reference.product values ('svarut', 'A', false), ('altinn-3', 'B', true)")
        connection.execute(
            "create table uptake.funnel as select service, 'NO' as area_kind, 'NO' as area, "
            "date '2026-05-01' as month, active, 'EVENT' as active_basis, 357 as municipalities, false as synthetic "
            "from (values ('svarut', 0), ('altinn-3', $had)) as of(service, active)",
            {"had": had},
        )
        asked = {"service": "svarut", "area_kind": "NO", "area": "NO", "through": MAY}
        rows = connection.execute(release_query.sql("curve").replace("collate no", ""), asked).fetchall()
    assert {row[0] for row in rows} == drawn


def test_products_of_others_are_compared_with_and_nothing_else(reader):
    assert {one.service for one in uptake_queries.curve(reader, "svarut", COUNTRY)} == {"svarut", "altinn-3"}
    assert "altinn-3" not in {one.service for one in uptake_queries.network_table(reader, MAY)}


def test_the_table_of_networks_is_of_the_last_month_in_which_a_service_was_observed(reader):
    cells = [cell for cell in uptake_queries.network_table(reader, MAY) if cell.area == "NO"]
    history = {cell.service: uptake_queries.funnel(reader, cell.service, COUNTRY, MAY) for cell in cells}
    assert any(len(months) > 1 and months[0].active != months[-1].active for months in history.values())
    assert {c.service: (c.month, c.active) for c in cells} == {s: (m[0].month, m[0].active) for s, m in history.items()}
