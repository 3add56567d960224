from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards import findings, questions
from dashboards.findings import Gap
from dashboards.questions import Area, Funnel, Lacking, NetworkCell, NotYet
from dashboards.texts import Words

NB, EN = Words("nb"), Words("en")
MAY, YEAR_AGO = date(2026, 5, 1), date(2025, 5, 1)
COUNTRY = Area("NO", "NO", "NO")


def funnel(
    month: date = MAY, active: int = 197, basis: str = "EVENT", *, synthetic: bool = False, activated: int = 197
) -> Funnel:
    return Funnel(month, 210, 200, activated, active, basis, 357, Decimal("0.7125"), synthetic)


def cell(area: str, active: int, municipalities: int) -> NetworkCell:
    return NetworkCell("svarut", "SvarUt", "NETWORK", area, MAY, active, "USE", municipalities, synthetic=False)


def not_yet(**changes: object) -> NotYet:
    row = {
        "municipality_code": "4601",
        "municipality": "Bergen",
        "county": "Vestland",
        "network": "DigiVestland",
        "step": "ANNEX_SIGNED",
        "step_month": date(2026, 1, 1),
        "precision_of_time": "EXACT",
        "months_waiting": 4,
        "inhabitants": 291_000,
        "inhabitants_year": 2026,
        "synthetic": False,
    }
    return NotYet(**{**row, **changes})


def test_the_answer_names_its_month_and_what_it_is_compared_with():
    said = findings.answer([funnel(), funnel(date(2020, 5, 1), 156)], "Fiks Digisos", "hele landet", NB)
    assert said == (
        "197 av 357 kommuner i hele landet hadde aktivert Fiks Digisos i mai 2026. 71 % av innbyggerne bor i dem. "
        "Det er 41 flere enn i mai 2020, som var forrige måned noen observerte."
    )


def test_measured_use_is_called_use_and_events_are_not():
    assert "brukte SvarUt" in findings.answer([funnel(basis="USE")], "SvarUt", "hele landet", NB)
    assert "bruk" not in findings.answer([funnel()], "SvarUt", "hele landet", NB)


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
    then = findings.earlier([funnel(month) for month in months])
    assert (then.month if then else None) == compared


OCTOBER, NOVEMBER = date(2025, 10, 1), date(2025, 11, 1)


def test_use_is_compared_with_use_also_where_the_year_before_has_events():
    history = [funnel(basis="USE"), funnel(date(2025, 12, 1), 190, "USE"), funnel(NOVEMBER, 90), funnel(YEAR_AGO, 50)]
    assert findings.answer(history, "SvarUt", "hele landet", NB).endswith("Det er 7 flere enn i desember 2025.")
    found = findings.figures(history, set(), [], [], NB)
    assert (found[0].words, found[1].words) == (
        "7 flere enn i desember 2025",
        "0,0 prosentpoeng siden desember 2025",
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
    assert findings.answer(history, "SvarUt", "hele landet", NB).endswith(f"bor i dem. Det er {why}.")
    assert [one.words for one in findings.figures(history, set(), [], [], NB)[:2]] == [why, why]


def test_a_month_is_not_called_the_last_observed_one_where_others_of_another_basis_came_after_it():
    history = [funnel(), funnel(date(2025, 4, 1), 90, "USE"), funnel(date(2025, 3, 1), 80)]
    said = findings.answer(history, "SvarUt", "hele landet", NB)
    assert said.endswith("117 flere enn i mars 2025, som var forrige måned som ble talt på samme måte.")


def test_an_area_of_one_municipality_is_told_in_the_singular():
    one = Funnel(MAY, 0, 0, 0, 0, "USE", 1, Decimal(0), synthetic=False)
    assert findings.answer([one], "SvarUt", "Oslo", NB).startswith("0 av 1 kommune i Oslo brukte SvarUt")
    assert findings.answer([one], "SvarUt", "Oslo", EN).startswith("0 of 1 municipality in Oslo used SvarUt")


def test_a_step_that_no_source_reports_is_inferred_and_unmeasured_use_has_no_count():
    steps = findings.steps(funnel(), {"ACTIVATED"}, NB)
    assert [(one.label, one.count, one.inferred) for one in steps] == [
        ("Vedlegg signert", 210, True),
        ("Satt opp", 200, True),
        ("Aktivert", 197, False),
        ("I bruk", None, False),
    ]


def test_who_has_stopped_again_is_seen_where_only_events_tell():
    assert "Fortsatt aktivert" in [one.label for one in findings.steps(funnel(active=190), {"ACTIVATED"}, NB)]


def test_annex_without_use_is_missing_not_zero_where_no_source_reports_annexes():
    found = findings.figures([funnel()], {"ACTIVATED"}, [], [], NB)
    assert found[3].value == ".."
    assert "mangler" in found[3].words


def test_key_figures_carry_unit_comparison_and_synthetic():
    networks = [
        (Area("NETWORK", "a", "Digi A (hele A)"), cell("a", 9, 10)),
        (Area("NETWORK", "b", "Digi B"), cell("b", 1, 10)),
    ]
    found = findings.figures(
        [funnel(synthetic=True), funnel(YEAR_AGO, 100)], {"ANNEX_SIGNED"}, [not_yet()], networks, NB
    )
    assert [one.value for one in found] == ["197 av 357", "71 %", "160", "13", "90 %"]
    assert found[0].words == "97 flere enn i mai 2025"
    assert found[2].words == "291\u00a0000 innbyggere (1.1.2026)"
    assert found[4].words == "Digi A, 9 av 10. Lavest: Digi B, 1 av 10"
    assert all(one.synthetic for one in found)


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ((100, 200), "300 innbyggere (1.1.2026)"),
        ((100, None), "100 innbyggere (1.1.2026); innbyggertall mangler for 1 kommune"),
        ((None, None), "innbyggertall mangler for 2 kommuner"),
        ((), "0 innbyggere (1.1.2026)"),
    ],
)
def test_people_that_nobody_counted_are_said_to_be_missing_and_not_counted_as_none(people, said):
    missing = [not_yet(inhabitants=n, inhabitants_year=n and 2026) for n in people]
    assert findings.figures([funnel()], set(), missing, [], NB)[2].words == said


def test_months_that_nobody_observed_are_gaps_up_to_the_end_of_the_release():
    observed = [date(2020, 4, 1), date(2020, 5, 1), MAY]
    found = findings.gaps(observed, date(2026, 10, 1))
    assert found == [Gap(date(2020, 6, 1), date(2026, 4, 1)), Gap(date(2026, 6, 1), date(2026, 10, 1))]
    assert findings.gaps_in_words(found, EN).startswith(
        "Not observed: June 2020–April 2026 and June 2026–October 2026."
    )
    assert findings.gaps_in_words([], EN) == ""


@given(st.sets(st.integers(0, 60), min_size=1), st.integers(0, 70))
def test_observed_months_and_gaps_make_up_the_whole_stretch(places, end):
    months = [date(2020 + n // 12, n % 12 + 1, 1) for n in range(80)]
    observed = [months[n] for n in places]
    last = max(*places, end)
    seen = set(observed)
    for gap in findings.gaps(observed, months[last]):
        month = gap.first
        while month <= gap.last:
            assert month not in seen
            seen.add(month)
            month = findings.next_month(month)
    assert seen == set(months[min(places) : last + 1])


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_the_month_before_the_next_month_is_the_month_itself(day):
    month = day.replace(day=1)
    assert findings.previous_month(findings.next_month(month)) == month


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (not_yet(), "4"),
        (not_yet(precision_of_time="NO_LATER_THAN"), "minst 4"),
        (not_yet(step="NONE", months_waiting=None), "."),
        (not_yet(step="SUSPENDED", months_waiting=None), ".."),
        (not_yet(step="ACTIVATED"), "."),
    ],
)
def test_a_wait_is_a_number_at_least_a_number_not_possible_or_missing(row, said):
    assert findings.wait(row, NB) == said


def test_questions_are_asked_of_the_release_and_come_back_in_the_order_they_promise(read_release):
    found = questions.not_yet(read_release, "svarut", COUNTRY, date(2026, 10, 1))
    order = ["ACTIVATED", "CONFIGURED", "ANNEX_SIGNED", "SUSPENDED", "TERMINATED", "NONE"]
    keys = [(order.index(one.step), -(one.months_waiting or 0), -(one.inhabitants or 0)) for one in found]
    assert keys == sorted(keys)
    assert {one.months_waiting for one in found if one.step == "ACTIVATED"} == {None}
    now = questions.funnel(read_release, "svarut", COUNTRY, date(2026, 10, 1))[0]
    assert len(found) == now.municipalities - now.active


@pytest.mark.parametrize("area", [COUNTRY, Area("COUNTY", "46", "Vestland"), Area("NETWORK", "digiviken-ost", "DVØ")])
def test_who_has_and_who_has_not_are_all_of_the_area(read_release, area):
    for service in questions.services(read_release):
        for month in questions.months(read_release, service.service, area)[::2]:
            now = questions.funnel(read_release, service.service, area, month)[0]
            assert len(questions.not_yet(read_release, service.service, area, month)) == now.municipalities - now.active


LAST = date(2026, 10, 1)
VESTLAND, OSLO = Area("COUNTY", "46", "Vestland"), Area("COUNTY", "03", "Oslo")


@pytest.mark.parametrize("area", [COUNTRY, VESTLAND])
def test_a_gap_stands_where_the_newest_delivery_that_was_due_by_the_end_of_the_month_is_missing(read_release, area):
    found = questions.lacking(read_release, "svarut", area, LAST)
    assert [(one.municipality_code, one.missing_from, one.missing_to) for one in found] == [
        ("4623", LAST, date(2026, 10, 30)),  # nothing of the month
        ("4621", date(2026, 10, 26), date(2026, 10, 30)),  # nor of the week
        ("4619", date(2026, 10, 29), date(2026, 10, 30)),
        ("4601", date(2026, 10, 30), date(2026, 10, 30)),
    ]
    assert all(one.synthetic for one in found)


def test_a_gap_is_of_the_area_the_month_and_the_streams_that_tell_of_the_service(read_release):
    assert questions.lacking(read_release, "svarut", OSLO, LAST) == []
    assert questions.lacking(read_release, "svarut", COUNTRY, date(2026, 9, 1)) == []
    november = {one.municipality_code for one in questions.lacking(read_release, "svarut", COUNTRY, date(2026, 11, 1))}
    assert november == {"4601", "4619", "4621", "4623", "4638"}
    assert [one.municipality_code for one in questions.lacking(read_release, "fiks-folkeregister", COUNTRY, LAST)] == [
        "4640"
    ]
    assert questions.lacking(read_release, "min-kommune", COUNTRY, LAST) == []
    assert questions.lacking(read_release, "svarut", COUNTRY, date(2027, 2, 1)) == []  # 90 days after, it is no matter


def test_rows_of_the_list_that_a_gap_may_wrong_are_marked_and_no_other(read_release):
    def marked(service, month):
        found = questions.not_yet(read_release, service, COUNTRY, month)
        return {one.municipality_code: one.no_delivery_since for one in found if one.no_delivery_since}

    assert marked("svarut", LAST) == {"4619": date(2026, 10, 29), "4621": date(2026, 10, 26), "4623": LAST}
    assert marked("fiks-folkeregister", LAST) == {}
    assert marked("fiks-digisos", MAY) == {}
    row = not_yet(no_delivery_since=date(2026, 10, 29))
    assert findings.no_delivery(row, NB) == "mangler levering siden 29.10.2026"
    assert findings.no_delivery(not_yet(no_delivery_since=LAST, synthetic=True), EN) == (
        "no delivery since 1 October 2026 · synthetic"
    )
    assert findings.no_delivery(not_yet(), NB) == ""


def test_a_gap_in_words_tells_how_many_and_how_many_of_them_may_be_wronged():
    gap = Lacking("4601", date(2026, 10, 26), date(2026, 10, 30), synthetic=False)
    said = findings.lacking([gap, gap], [not_yet(no_delivery_since=LAST), not_yet()], LAST, NB)
    assert said == (
        "For 2 kommuner mangler en levering som var ventet (siste 30.10.2026). Hull er ikke null bruk: de kan stå som "
        "ikke i bruk uten å være det. Merket i listen under: 1 kommune."
    )
    made_up = replace(gap, synthetic=True)
    assert findings.lacking([gap, made_up], [not_yet()], LAST, EN) == (
        "A delivery that was expected is missing for 2 municipalities (the latest 30 October 2026). A gap is not zero "
        "use. None of them stands as not in use in October 2026. Synthetic numbers."
    )
    assert findings.lacking_since([], LAST, NB) == ""
    assert findings.lacking_since([gap], LAST, NB) == (
        "Etter oktober 2026 mangler en levering som var ventet for 1 kommune (siste 30.10.2026). "
        "Det rører ikke tallene her."
    )


def test_months_that_nobody_observed_have_no_row(read_release):
    observed = questions.months(read_release, "fiks-digisos", COUNTRY)
    assert observed[:2] == [MAY, date(2020, 5, 1)]


def test_a_month_that_is_not_over_is_not_shown(read_release):
    assert questions.months(read_release, "svarut", COUNTRY)[0] == read_release.through_month
    assert max(one.month for one in questions.curve(read_release, "svarut", COUNTRY)) == read_release.through_month


def test_products_of_others_are_compared_with_and_nothing_else(read_release):
    assert {one.service for one in questions.curve(read_release, "svarut", COUNTRY)} == {"svarut", "altinn-3"}
    assert "altinn-3" not in {one.service for one in questions.network_table(read_release, MAY)}
