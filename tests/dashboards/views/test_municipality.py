"""A municipality and all services, and all municipalities of an area."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from dashboards.page.standing import in_words
from dashboards.release.authorization import EVERYTHING
from dashboards.release.query import Row
from dashboards.release.reader import through
from dashboards.server.first_words import first_words
from dashboards.shared import queries as shared_queries
from dashboards.shared.narrative import next_month
from dashboards.views.municipality import narrative, queries
from dashboards.words import Words, formatting
from tests.dashboards.conftest import asked_by
from tests.dashboards.rows import replace
from tests.thorough import some
from transport.base.settings import Settings


@pytest.fixture(scope="module")
def reading(whole_home):
    return asked_by(whole_home, EVERYTHING)


def rows_of(page) -> list[str]:
    (table,) = [one.value for one in page.html if "<tbody" in one.value]
    return re.findall("<tr.*?</tr>", table[table.index("<tbody") :])


def test_a_municipality_shows_every_service_that_somebody_observed(drawn, whole_home, reading):
    page = drawn(whole_home, "kommune", kommune="4601")
    assert [one.value for one in page.title] == ["Bergen"]
    standings = shared_queries.standings(reading, "4601", queries.months(reading)[0])
    assert len(rows_of(page)) == len(standings)
    rows = [next(row for row in rows_of(page) if f">{one.name}</a>" in row) for one in standings]
    for one, row in zip(standings, rows, strict=True):
        assert ("ikke kjent" in row) == (not one.observed), "what nobody observed is not called not begun"
    has = ["i bruk" in row or "aktivert" in row for row in rows_of(page)]
    assert has == sorted(has, reverse=True), "those that it has stand first"


def test_a_service_without_numbers_for_the_month_stands_as_in_its_last_one_which_is_named(
    open_at, drawn, whole_home, reading
):
    page = drawn(whole_home, "kommune", kommune="4601")
    (row,) = [row for row in rows_of(page) if ">Fiks Digisos</a>" in row]
    assert "ikke på kildens siste liste (mai 2026)" in row or "aktivert (mai 2026)" in row
    assert any("Siste tall for Fiks Digisos er fra mai 2026." in one.value for one in page.html)
    (svarut,) = [row for row in rows_of(page) if ">SvarUt</a>" in row]
    assert "i bruk<" in svarut, "no month beside what is of the page's own"
    of_area = "\n".join(one.value for one in open_at("kommune", whole_home, omrade="digivestland").html)
    assert "Fiks Digisos (mai 2026)" in of_area
    before = next(month for month in queries.months(reading) if month.year < 2026)
    then = next(one for one in shared_queries.standings(reading, "4601", before) if one.service == "fiks-digisos")
    assert then.month is not None
    assert then.month <= before, "never a month after the chosen one"
    of_product = open_at("tjeneste", whole_home, kommune="5601", tjeneste="fiks-digisos")
    said = "Alta aktiverte Fiks Digisos i desember 2018. Siste tall for Fiks Digisos er fra mai 2026. "
    assert any(said in one.value for one in of_product.html)


def test_use_is_that_of_the_usage_pages(reading):
    month = queries.months(reading)[0]
    use = queries.use(reading, "4601", month, "nb")
    (told,) = reading.rows("usage/trend", code="4601", service="svarut", borders="now", channel="", first=month,
                           last=month, peer_kind="COUNTRY", peer_group="NO")  # fmt: skip
    assert use["svarut"].quantity == told["dispatches"]


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_use_that_is_changed_at_random_is_said_with_the_name_of_its_service(open_at, whole_home, lang):
    words = Words(lang)
    said = "\n".join(one.value for one in open_at("kommune", whole_home, kommune="4601", lang=lang).html)
    assert words("app.perturbed.of", names="Fiks Digisos") in said
    assert said.count(words("app.perturbed")) == 1
    none = "\n".join(one.value for one in open_at("kommune", whole_home, kommune="4623", lang=lang).html)
    assert words("app.perturbed") not in none


def test_use_of_a_month_that_is_not_published_yet_is_awaited(reading):
    month = queries.months(reading)[0]
    standings = shared_queries.standings(reading, "4601", month)
    digisos = queries.use(reading, "4601", month, "nb")["fiks-digisos"]
    early = datetime.combine(next_month(month), time(12), tzinfo=UTC)
    for use, as_of, awaited in (
        (digisos, reading.release.as_of, False),
        (replace(digisos, quantity=None), reading.release.as_of, False),
        (replace(digisos, quantity=None), early, True),
    ):
        said = narrative.notes(standings, {"fiks-digisos": use}, month, as_of, Words("nb"))
        later = f"Fiks Digisos: Tallene for {formatting.month(month, 'nb')} kommer sju virkedager etter månedens slutt."
        assert said.startswith(later) is awaited


def test_the_answer_says_activated_too_since_some_services_are_known_by_events_alone(reading):
    month = queries.months(reading)[0]
    standings = shared_queries.standings(reading, "4601", month)
    standings = [replace(one, active_basis="EVENT") for one in standings]
    assert " i bruk eller aktivert i " in narrative.answer("Bergen", standings, month, Words("nb"))
    assert " in use or activated in " in narrative.answer("Bergen", standings, month, Words("en"))


def test_as_many_rows_say_in_use_or_activated_as_the_answer_counts(reading, nb):
    standings = shared_queries.standings(reading, "5601", queries.months(reading)[0])
    counted = {nb(f"municipality.standing.{step}") for step in ("IN_USE", "ACTIVATED")}
    silent = next(one for one in standings if one.standing == "IN_USE")
    for replaced in (silent, replace(silent, standing="ACTIVATED", active=False)):
        shown = [replaced if one is silent else one for one in standings]
        said = [narrative.standing(one.standing, one.active_basis, nb) for one in shown]
        assert sum(words in counted for words in said) == sum(bool(one.active) for one in shown)
        assert ("aktivert, uten bruk i 90 dager" in said) == (replaced is not silent)


@pytest.mark.parametrize("lang", ["nb", "en"])
def test_an_area_shows_each_of_its_municipalities_with_a_letter_and_its_words(open_at, whole_home, reading, lang):
    page = open_at("kommune", whole_home, omrade="digivestland", lang=lang)
    area = next(one for one in shared_queries.areas(reading) if one.area == "digivestland")
    cells = queries.matrix(reading, area, queries.months(reading)[0])
    rows = rows_of(page)
    assert len(rows) == len({cell.code for cell in cells})
    words, counts = Words(lang), narrative.active_by_municipality(cells)
    for cell in cells:
        row = next(row for row in rows if f">{cell.municipality}</a>" in row)
        assert narrative.standing(cell.standing, cell.active_basis, words) in row
        assert f">{counts[cell.code]}</td>" in row


SAID = [
    ("nb", "5601", "svarut", "Alta tok i bruk SvarUt i desember 2025. "),
    ("nb", "4623", "svarut", "Samnanger signerte vedlegget for SvarUt i oktober 2026, men hadde ikke tatt "),
    ("en", "4601", "fiks-folkeregister", "Bergen had not started using Fiks folkeregister in October 2026. "),
]


@pytest.mark.parametrize("at", ["tjeneste", "utbredelse"])
@pytest.mark.parametrize(("lang", "code", "service", "said"), some(SAID, SAID[:2], "the same in English"))
def test_a_service_is_told_from_the_municipality_of_the_link(open_at, whole_home, at, lang, code, service, said):
    page = open_at(at, whole_home, kommune=code, tjeneste=service, lang=lang)
    (answer,) = [one.value for one in page.html if 'class="dif-answer"' in one.value]
    assert f">{said}" in answer
    link = {"kommune": code, "tjeneste": service, "lang": lang}
    assert f">{said}" in first_words(Settings(home=whole_home), EVERYTHING, at, link, Words(lang))


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ("ACTIVATED", "aktiverte SvarUt senest i mars 2021, men brukte ikke tjenesten i oktober 2026."),
        ("SUSPENDED", "satte SvarUt på pause senest i mars 2021."),
        ("TERMINATED", "avsluttet SvarUt senest i mars 2021."),
        ("NOT_LISTED", "sto ikke på kildens siste liste over kommuner med SvarUt i oktober 2026."),
    ],
)
def test_the_step_of_a_municipality_is_said_and_what_no_source_tells_is_unknown(reading, nb, standing, said):
    month = queries.months(reading)[0]
    own = next(one for one in shared_queries.standings(reading, "5601", month) if one.service == "svarut")
    at = replace(own, standing=standing, active=False, since=date(2021, 3, 1), no_later=True)
    assert in_words("Alta", "SvarUt", at, month, nb) == f"Alta {said}"
    undated = in_words("Alta", "SvarUt", replace(own, since=None), month, nb)
    assert undated == "Alta tok i bruk SvarUt på et tidspunkt som ingen kilde oppgir."
    unknown = "Det er ikke kjent om Alta hadde tatt i bruk SvarUt i oktober 2026."
    assert in_words("Alta", "SvarUt", None, month, nb) == unknown


def test_without_a_municipality_or_an_area_the_page_says_what_to_choose(open_at, whole_home):
    page = open_at("kommune", whole_home)
    assert any("Velg en kommune" in one.value for one in page.html)
    tables = [one.value for one in page.html if "<tbody" in one.value]
    assert [re.findall("<caption>(.*?)</caption>", table) for table in tables] == [["Nettverk"], ["Fylker"]]


def test_each_area_is_told_by_its_services_per_municipality_and_what_is_furthest_behind(reading):
    month = queries.months(reading)[0]
    rows = {row.area: row for row in queries.areas_answered(reading, month).rows}
    areas = [area for area in shared_queries.areas(reading) if area.area in rows]
    assert len(areas) == len(rows)
    for area in areas:
        cells, row = queries.matrix(reading, area, month), rows[area.area]
        assert len({cell.code for cell in cells}) == row.municipalities
        assert abs(sum(cell.active for cell in cells) / row.municipalities - float(row.services_mean)) < 0.001
        if row.behind:
            own = [cell.active for cell in cells if cell.name == row.behind]
            assert abs(sum(own) / len(own) - float(row.behind_share)) < 0.001
            assert row.behind_share < row.country_share


def test_an_older_release_without_standings_says_so(open_at, sample_release, reader):
    page = open_at("kommune", sample_release)
    assert through(reader.release)
    assert queries.months(reader) or any("hvor langt hver kommune er kommet" in one.value for one in page.info)


def test_a_municipality_that_has_merged_leads_to_its_successor(open_at, whole_home):
    page = open_at("kommune", whole_home, kommune="1201")
    said = " ".join(one.value for one in page.warning).replace("\\", "")
    assert "1201 Bergen" in said
    assert "4601 Bergen" in said


def test_a_service_that_was_used_a_year_ago_and_is_silent_now_counts_in_the_change(nb):
    def sent(service, now, then):
        months = (then, None, now)
        return Row(
            service=service,
            measure="forsendelser",
            title="Forsendelser",
            kind="FLOW",
            quantity=now,
            year_before=then,
            months=months,
            perturbed=False,
            synthetic=False,
        )

    use = {"a": sent("a", Decimal(90), Decimal(60)), "b": sent("b", None, Decimal(40))}
    (told,) = [
        one for one in narrative.figures([], use, date(2026, 10, 1), nb) if one.metric == "municipality_dispatches"
    ]
    assert told.value == "90"
    assert told.words == "10 % mindre enn i samme måned året før"
    assert told.trend == (), "two services have no line in common"
    (told,) = narrative.figures([], {"a": use["a"]}, date(2026, 10, 1), nb)[-1:]
    assert told.words.startswith("50 % mer enn i")


def test_a_trend_has_a_place_for_each_month_and_none_where_nothing_was_sent(reading):
    month = queries.months(reading)[0]
    for use in queries.use(reading, "4601", month, "nb").values():
        assert len(use.months) == 13
        assert (use.months[0] is None) == (use.year_before is None)
        assert (use.months[-1] is None) == (use.quantity is None)
