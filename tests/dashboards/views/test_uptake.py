"""The page in each of its states, run as Streamlit runs it."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from dashboards.page import filters
from dashboards.release.authorization import EVERYTHING
from dashboards.release.reader import ReleaseReader
from dashboards.shared import queries as shared_queries
from dashboards.shared import tables
from dashboards.views.uptake import queries as uptake_queries
from dashboards.words import Words
from tests.dashboards import sample
from tests.dashboards.conftest import asked_by, headings, unfolded
from tests.dashboards.sample import RELEASE
from transport.releases.release import current_release


def text(page) -> str:
    """All that a reader sees, in order."""
    said = []
    for one in page.main:
        said.append(str(getattr(one, "label", "") or ""))
        said.append(str(getattr(one, "value", "") or ""))
    return "\n".join(said) + "\n".join(
        f"{one.proto.title} {one.value}" for one in [*page.warning, *page.info, *page.error]
    )


def files_of_the_list(page) -> list[str]:
    """The call list's files."""
    return [one.label for one in page.get("download_button") if str(one.key or "").startswith("download_ringeliste")]


def link_of(page) -> dict[str, str]:
    """The parameters of the page's address."""
    return {name: value if isinstance(value, str) else value[-1] for name, value in page.query_params.items()}


def test_without_a_choice_the_service_is_the_one_that_most_municipalities_have_not(open_at, whole_home):
    services = [one for one in shared_queries.services(asked_by(whole_home, EVERYTHING)) if one.active]
    most = max(one.remaining for one in services if not one.external)
    page = open_at("utbredelse", whole_home)
    (shown,) = [one for one in services if one.service == page.selectbox(key="filter_tjeneste").value]
    assert shown.remaining == most > shown.active
    of_product = open_at("tjeneste", whole_home).selectbox(key="filter_tjeneste").value
    assert of_product == filters.default_service(services).service != shown.service, "other pages open as they did"


def test_without_a_release_the_page_says_how_to_make_one(opened, tmp_path):
    page = opened(tmp_path)
    assert [one.value for one in page.title] == ["Utbredelse"]
    assert "dif demo" in page.code[0].value
    assert str(tmp_path / "releases") in page.info[0].value
    assert not page.exception


def test_the_page_answers_in_one_sentence_and_says_how_fresh_it_is(drawn, template):
    page = drawn(template)
    said = text(page)
    assert not page.exception
    assert "197 av 357 kommuner i hele landet hadde aktivert Fiks Digisos i mai 2026." in said
    assert "41 flere enn i mai 2020, som var forrige måned med tall" in said
    for part in ("Tall til og med oktober 2026", "Oppdatert ", "Alle 14 kontroller bestått", f"Utgave {RELEASE}"):
        assert part in said
    assert "Siste måned med tall for denne tjenesten: mai 2026" in said
    assert "Stiplet: aktivert, ikke målt bruk" in said
    assert not page.warning


def test_a_service_observed_through_the_release_has_no_month_of_its_own(drawn, template):
    assert "Sist observert" not in text(drawn(template, tjeneste="svarut"))


def test_a_release_from_before_the_maps_numbers_shows_the_page_and_says_why_there_is_no_map(opened, sample_release):
    with duckdb.connect(sample_release / "releases" / "current" / "dif.duckdb") as connection:
        connection.execute("drop table uptake.standing")
    page = opened(sample_release, tjeneste="svarut")
    (lacks,) = [one.value for one in page.info if "kom med i utgavene" in one.value]
    said = f"Utgave {RELEASE} ble laget før disse tallene kom med i utgavene."
    assert lacks == f"{said} Dette er den nyeste utgaven. Tallene kommer med i neste utgave."
    assert [one for one in headings(page) if "på kartet" in one] == ["SvarUt på kartet"]
    assert [one for one in page.html if "dif-heat" in one.value], "the rest of the page stands"


@pytest.mark.parametrize(("until", "marks"), [("2020-05-01", 3), ("2026-05-01", 0)])
def test_a_comparison_over_a_change_of_source_is_an_estimate_in_the_answer_and_the_figures(
    opened, sample_release, until, marks
):
    with duckdb.connect(sample_release / "releases" / "current" / "dif.duckdb") as connection:
        connection.execute(f"""create table reference.adoption_source as from (values
            ('history', 'fiks-digisos', date '2018-10-01', date '{until}'),
            ('list', 'fiks-digisos', date '2026-05-01', date '2026-05-01')
        ) as seen(source, service, observed_from, observed_to)""")
    assert text(opened(sample_release)).count("et anslag") == marks


def test_every_filter_is_labelled_and_stands_on_what_the_page_shows(drawn, template):
    page = drawn(template)
    assert [(one.label, one.value) for one in page.selectbox] == [
        ("Tjeneste", "fiks-digisos"),
        ("Område", "NO"),
        ("Måned", "2026-05"),
    ]


def test_what_only_events_tell_is_never_called_use(drawn, template):
    page = drawn(template)
    figures = next(one.value for one in page.html if "dif-figures" in one.value)
    assert "Kommuner som har aktivert" in figures
    assert "i bruk" not in figures.lower()
    assert "197 av 357 har aktivert" in "".join(headings(page))


def test_a_product_of_others_is_in_no_list_and_no_table_but_that_of_the_curve_it_is_compared_in(opened, sample_release):
    page = unfolded(opened(sample_release))
    tables = [one.value for one in page.html if "<table" in one.value or "dif-figures" in one.value]
    (compared,) = [one for one in tables if "Altinn" in one]
    external = re.findall(r'<th scope="row"[^>]*>Altinn 3</th><td[^>]*>ja</td>', compared)
    assert len(external) == compared.count("Altinn")
    assert "<caption>Tallene i diagrammet</caption>" in compared
    assert all("altinn-3" not in one.options for one in page.selectbox)


def test_a_filter_that_changes_is_written_to_the_link_and_forgets_the_month(opened, sample_release):
    page = opened(sample_release, maned="2020-05")
    page.selectbox(key="filter_tjeneste").select("svarut").run()
    assert link_of(page) == {"tjeneste": "svarut"}
    assert "SvarUt" in text(page)
    page.selectbox(key="filter_omrade").select("digivestland").run()
    assert link_of(page) == {"tjeneste": "svarut", "omrade": "digivestland"}
    assert "i DigiVestland" in text(page)


def test_the_link_decides_what_the_page_shows(drawn, template):
    page = drawn(template, tjeneste="svarut", omrade="46", maned="2026-03")
    assert [one.value for one in page.selectbox] == ["svarut", "46", "2026-03"]
    assert "av 43 kommuner i Vestland hadde SvarUt i bruk i mars 2026" in text(page)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"tjeneste": "fiks-dgisos"}, "«fiks-dgisos» er ikke et gyldig valg for tjeneste. Siden viser Min kommune"),
        ({"tjeneste": "fiks-dgisos"}, "Mente du [Fiks Digisos](?tjeneste=fiks-digisos)?"),
        ({"tjeneste": "fiks-foldregister"}, "[Fiks folkeregister (syntetisk)](?tjeneste=fiks-folkeregister)?"),
        ({"tjeneste": "altinn-3"}, "Altinn 3 leveres av andre"),
        ({"omrade": "digivestlnd"}, "Mente du [Nettverk: DigiVestland](?tjeneste=fiks-digisos&omrade=digivestland)?"),
        ({"maned": "2023-01"}, "Tjenesten har ingen tall for januar 2023. Siden viser mai 2026."),
        ({"maned": "2021-01"}, "Nærmeste måned med tall er mai 2020."),
        ({"maned": "i går"}, "«i går» er ikke et gyldig valg for måned."),
        ({"lang": "de"}, "«de» er ikke et gyldig valg for språk."),
    ],
)
def test_an_unknown_value_in_the_link_is_said(drawn, template, link, said):
    page = drawn(template, **link)
    assert said in "".join(one.value for one in page.warning).replace("\\", "")
    assert link.items() <= link_of(page).items()  # the link stands as it was given
    assert not page.exception


def test_a_value_in_the_link_is_not_read_as_markup(drawn, template):
    page = drawn(template, tjeneste="<b>[x](http://evil)</b>")
    assert "[x](http" not in page.warning[0].value
    assert "<b>" not in page.warning[0].value


def test_a_service_that_nobody_observed_says_why_and_what_is_nearest(drawn, template):
    page = drawn(template, tjeneste="edialog", lang="nb")
    assert "Ingen kilde har meldt" in page.info[0].value
    assert "tjeneste=fiks-digisos" in page.info[0].value
    assert [one.label for one in page.selectbox] == ["Tjeneste", "Område"]


def test_synthetic_numbers_say_so_once_where_they_stand_together(drawn, template):
    page = drawn(template, tjeneste="svarut")
    answer = next(one.value for one in page.html if "dif-answer" in one.value)
    figures = next(one.value for one in page.html if "dif-figures" in one.value)
    heat = next(one.value for one in page.html if "dif-networks" in one.value)
    missing = list_of(page)
    assert answer.endswith(" Syntetiske tall.</p>")
    assert figures.startswith('<p class="dif-small">Tallene under er syntetiske.</p><dl')
    assert "syntetisk" in missing
    assert "· syntetisk" not in figures  # all in them are, and their head says so
    assert "syntetiske tall, unntatt for" in heat  # most in it are
    assert "SvarUt (syntetisk)" in page.selectbox[0].options


def said_of_gaps(page) -> list[str]:
    starts = ('<p class="dif-small">Den nyeste leveringen mangler', '<p class="dif-small">The newest delivery')
    return [one.value.removeprefix('<p class="dif-small">') for one in page.html if one.value.startswith(starts)]


def test_deliveries_that_are_missing_are_warned_of_above_the_figures_and_in_the_list(opened, sample_release):
    page = whole_list(opened(sample_release, tjeneste="svarut"))
    (said,) = said_of_gaps(page)
    assert said.startswith(
        "Den nyeste leveringen mangler for 4 kommuner (siste 30.10.2026). 3 av dem kan ha brukt tjenesten likevel: "
        "Manglende tall betyr ikke null bruk. Syntetiske tall."
    )
    order = [str(getattr(one, "value", "")) for one in page.main]
    figures = next(place for place, one in enumerate(order) if 'class="dif-figures"' in one)
    assert order.index(f'<p class="dif-small">{said}') < figures
    missing = list_of(page)
    assert missing.count("mangler levering siden") == 2  # the third declined
    assert "Levering mangler for 2 kommuner, som kan ha brukt tjenesten." in text(page)
    assert "**Mangler levering**" in text(page)
    assert "Ringelisten; Har takket nei; Forventede og mottatte leveringer, utgave" in text(page)


@pytest.mark.parametrize(
    "link",
    [
        {"tjeneste": "svarut", "omrade": "03"},
        {"tjeneste": "svarut", "maned": "2026-09"},
        {"tjeneste": "min-kommune"},
        {},
    ],
)
def test_nothing_is_said_of_gaps_that_do_not_touch_what_the_page_shows(drawn, template, link):
    page = drawn(template, **link)
    assert said_of_gaps(page) == []
    assert "mangler levering siden" not in text(page)


def test_gaps_that_began_after_the_month_are_told_apart_from_those_that_touch_it(opened, tmp_path):
    sample.make_release(tmp_path, published_at=datetime(2026, 11, 24, 6, tzinfo=UTC))
    later = "Etter oktober 2026 mangler leveringer for 1 kommune (siste 20.11.2026). Det påvirker ikke tallene her."
    assert later in text(opened(tmp_path, tjeneste="svarut"))
    assert "Etter oktober" not in text(opened(tmp_path, tjeneste="svarut", maned="2026-09"))


def test_the_line_of_freshness_says_for_which_month_deliveries_are_missing(reader):
    """Elsewhere the last four weeks are counted, which gives another number on the same page."""
    for late, said in ((2, "2 virksomheter mangler levering for oktober 2026"), (0, None)):
        line = tables.freshness(reader.release, Words("nb"), through=date(2026, 10, 1), late=late)
        assert ("mangler levering" in line) is bool(said)
        assert (said or "") in line


def test_the_line_of_freshness_counts_a_check_that_warns_among_those_that_did_not_pass(reader):
    checks = {"passed": 476, "failed": 0, "warned": 1}
    release = replace(reader.release, manifest={**reader.release.manifest, "checks": checks})
    line = tables.freshness(release, Words("nb"), through=date(2026, 10, 1)).replace("\xa0", " ")
    assert "1 av 477 kontroller ikke bestått" in line


def test_a_release_that_does_not_tell_who_should_have_delivered_shows_nothing_of_it(opened, tmp_path):
    sample.make_release(tmp_path, expects=False)
    page = opened(tmp_path, tjeneste="svarut")
    assert said_of_gaps(page) == []
    assert not page.error
    assert "298 av 357" in text(page)
    assert "mangler levering" not in text(page).lower()


def whole_list(page):
    """The page with all rows of its call list."""
    return page.button(key="calls_all").click().run()


def headers(page) -> list[str]:
    return [*headings(page)]


def list_of(page) -> str:
    return "".join(one.value for one in page.html if "dif-list" in one.value and "<table" in one.value)


def test_the_call_list_is_that_of_the_release_with_who_declined_and_how_to_answer(drawn, template):
    page = drawn(template, tjeneste="svarut", omrade="digivestland")
    said, rows = text(page), list_of(page)
    (title,) = [one for one in headers(page) if one.startswith("Ringeliste: ")]
    assert "ringe · syntetisk</caption>" in rows
    assert f"Ringeliste: {rows.count('<tr role=') - 1} kommuner er ikke i gang med SvarUt" in title
    assert "DigiVestland, per november 2026." in said
    assert "November 2026 er ikke over, så tallene kan avvike." in said
    assert ">Samnanger<" in rows
    assert ">Voss<" not in rows
    assert "Takket nei: 1. Ikke aktuelt: 0." in said
    assert not page.code
    assert "dif report" not in said
    assert files_of_the_list(page) == ["Excel (XLSX)", "CSV for norsk Excel", "Parquet", "Spørringen (SQL)"]


def test_the_list_is_never_shown_as_that_of_an_older_month(drawn, template):
    page = drawn(template, tjeneste="svarut", omrade="46", maned="2026-03")
    assert list_of(page) == ""
    assert "Ringelisten og leverandørene gjelder siste måned, ikke mars 2026." in text(page)
    assert "(?tjeneste=svarut&omrade=46)" in text(page)
    assert "Kommuner som gjenstår" in text(page)
    assert files_of_the_list(page) == []
    assert list_of(drawn(template, tjeneste="svarut", omrade="46"))


def test_a_release_from_before_the_call_list_says_so_and_the_page_stays_up(opened, tmp_path):
    sample.make_release(tmp_path, calls_made=False)
    page = opened(tmp_path, tjeneste="svarut")
    assert not page.error
    assert f"Utgave {RELEASE} ble laget før ringelisten fantes." in page.info[0].value
    assert f"Ingen framskriving: Utgave {RELEASE} ble laget før framskrivingene." in text(page)
    assert "298 av 357" in text(page)
    assert "Prioritet" not in text(page)


def test_who_waits_is_not_called_synthetic_where_only_a_supplier_is(opened, sample_release):
    page = opened(sample_release)
    assert "Ringeliste: 160 kommuner er ikke i gang med Fiks Digisos" in headers(page)
    assert list_of(page).count("<tr role=") == 10 + 1
    rows = list_of(whole_list(page))
    assert 0 < rows.count("Prioritet 4 · syntetisk") < 160


def test_suppliers_stand_beside_the_list(opened, sample_release):
    page = unfolded(opened(sample_release, tjeneste="svarut"))
    (title,) = [one for one in headers(page) if "kommuner med fagsystem fra" in one]
    assert re.search(r" venter på .*\u00a0· syntetisk$", title)
    matrix = next(one.value for one in page.html if "Har signert, men må vente" in one.value)
    assert re.search(r"<th[^>]*>[^/]*Har signert.*?SvarUt<", matrix), "the chosen service is the first column"
    table = next(one.value for one in page.html if "dif-suppliers" in one.value and "<table" in one.value)
    for system in sample.SYSTEMS:
        assert system in table
    assert "leverer tjenesten for" in table


def test_where_no_connection_tells_of_the_service_it_says_so(drawn, template):
    page = drawn(template)
    assert "Vi mangler fagsystemdata for Fiks Digisos" in text(page)
    assert not any("dif-suppliers" in one.value and "<table" in one.value for one in page.html)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"tjeneste": "svarut"}, "Forventet i juni 2027: "),
        ({"tjeneste": "svarut", "lang": "en"}, "Expected in June 2027: "),
        ({}, "Ingen framskriving: Bare 1 måned på rad er talt på samme måte"),
    ],
)
def test_the_curve_goes_on_to_what_is_expected_or_says_why_not(drawn, template, link, said):
    assert said in text(drawn(template, **link))


@pytest.mark.parametrize("link", [{"omrade": "46"}, {"maned": "2026-09"}])
def test_a_forecast_is_of_the_country_and_of_the_last_month_only(drawn, template, link):
    said = text(drawn(template, tjeneste="svarut", **link))
    assert "Forventet i" not in said
    assert "Ingen framskriving" not in said


def test_a_release_that_is_older_than_the_simplest_forecasts_shows_its_own(opened, tmp_path):
    release = sample.make_release(tmp_path)
    with duckdb.connect(release / "dif.duckdb") as connection:
        for column in ("last_value_error", "mean_error", "months_held_out", "past_forecasts", "past_inside"):
            connection.execute(f"alter table uptake.forecast drop column {column}")
    said = text(opened(tmp_path, tjeneste="svarut"))
    assert "Forventet i juni 2027: " in said
    assert "Testet på kjente måneder bommet metoden med " in said


def test_a_failed_run_is_told_with_its_checks_and_the_page_stays_up(opened, sample_release, attempted):
    checks = [
        {"dataset": "uptake.funnel", "check": "steps_nest", "unexpected": 3},
        {"dataset": "conformed.use_month", "check": "key_unique"},  # not published, so nobody may count its rows
    ]
    attempted(sample_release, status="failed", failed_checks=checks)
    page = opened(sample_release)
    told = page.warning[0]
    assert told.proto.title.startswith("Siste oppdatering ble stoppet ")
    assert "uptake.funnel, steps_nest (3 avvik) og conformed.use_month, key_unique." in told.value.replace("\\", "")
    assert "Kontrollene gjelder tall på denne siden." in told.value
    assert "197 av 357" in text(page)


def test_a_failed_check_elsewhere_is_told_as_such(opened, sample_release, attempted):
    attempted(
        sample_release, status="failed", failed_checks=[{"dataset": "ledger.entry", "check": "x", "unexpected": 1}]
    )
    assert "Kontrollene gjelder ikke tall på denne siden." in opened(sample_release).warning[0].value


def test_a_run_that_broke_is_told_with_its_reason(opened, sample_release, attempted):
    attempted(sample_release, status="failed", failed_checks=[], problem="No room on the disk.")
    assert "No room on the disk." in opened(sample_release).warning[0].value.replace("\\", "")


def test_old_numbers_are_warned_about(opened, sample_release, aged):
    aged(sample_release, timedelta(days=9, hours=1))
    assert opened(sample_release).warning[0].proto.title == "Tallene er 9 dager gamle"


def test_numbers_are_not_old_when_a_run_found_nothing_new(opened, sample_release, aged, attempted):
    aged(sample_release, timedelta(days=9))
    attempted(sample_release, status="nothing_new")
    assert not opened(sample_release).warning


def test_english_is_english_all_through(drawn, template):
    page = drawn(template, lang="en")
    said = text(page)
    assert [one.value for one in page.title] == ["Uptake"]
    assert "197 of 357 municipalities in the whole country had activated Fiks Digisos in May 2026." in said
    assert "Numbers through October 2026" in said
    assert [one.label for one in page.selectbox] == ["Service", "Area", "Month"]
    said = re.sub(r'<span[^>]* lang="nb">[^<]*</span>', "", said)  # what the release says in Norwegian only
    for norwegian in ("kommuner", "innbygger", "Kilde", "Nettverkene"):
        assert norwegian not in said.replace("Kommune", "")


def test_the_other_language_keeps_the_rest_of_the_link(drawn, template):
    page = drawn(template, tjeneste="svarut")
    assert 'href="?tjeneste=svarut&amp;lang=en"' in "".join(one.value for one in page.html)


def test_an_error_has_a_reference_and_no_trace(opened, sample_release, caplog):
    (sample_release / "releases" / "current" / "manifest.json").write_text("{")
    with caplog.at_level(logging.ERROR, logger="dashboards.page.layout"):
        page = opened(sample_release)
    assert not page.exception
    reference = caplog.records[0].getMessage().rsplit(" ", 1)[-1]
    assert reference in page.error[0].value
    assert "manifest" not in page.error[0].value
    assert caplog.records[0].exc_info


def test_the_page_follows_the_pointer_to_the_next_release(opened, sample_release):
    page = opened(sample_release)
    sample.make_release(sample_release, name="2026-11-25.1")
    page.run()
    assert "Utgave 2026-11-25.1" in text(page)


def test_headings_come_in_order_and_each_chart_has_words(opened, sample_release):
    page = unfolded(opened(sample_release))
    assert len(page.title) == 1
    assert not headings(page, 3)
    assert len(page.get("vega_lite_chart")) == 3
    words = [html.proto.body for html in page.get("html") if "dif-chart-words" in html.proto.body]
    assert len(words) == 3
    assert all("Fiks Digisos" in of_chart for of_chart in words)


def test_filters_know_the_parameters_that_the_page_uses():
    assert (filters.SERVICE, filters.AREA, filters.MONTH, filters.LANGUAGE) == ("tjeneste", "omrade", "maned", "lang")


def test_how_services_spread_in_a_network_counts_that_network_alone(template):
    reader = ReleaseReader(current_release(template / "releases"), EVERYTHING)
    network = next(area for area in shared_queries.areas(reader) if area.area_kind == "NETWORK")
    rows = uptake_queries.launched(reader, network).rows
    assert rows
    assert len({(row["service"], row["month"]) for row in rows}) == len(rows)


def test_the_call_list_of_a_county_names_municipalities_of_that_county_alone(whole_home):
    reader = ReleaseReader(current_release(whole_home / "releases"), EVERYTHING)
    county = next(area for area in shared_queries.areas(reader) if area.area_kind == "COUNTY")
    codes = uptake_queries.calls(reader, "fiks-digisos", county).table.column("municipality_code").to_pylist()
    assert codes
    assert {code[:2] for code in codes} == {county.area}
