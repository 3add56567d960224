"""A network's report: what it says, that it is one file, and that it is fit to print."""

from __future__ import annotations

import re
import shutil
from datetime import date
from decimal import Decimal
from itertools import pairwise

import openpyxl
import pytest

from catalog.errors import BadOption, UnknownName, WrongUse
from catalog.tables import uptake, uptake_calls
from dashboards.release.attempt import Attempt
from dashboards.release.query import Row
from dashboards.reports.network import form
from dashboards.reports.network import narrative as network_narrative
from dashboards.reports.network import report as network_report
from dashboards.shared import pictures
from dashboards.views.uptake import charts as uptake_charts
from dashboards.views.uptake import narrative as uptake_narrative
from dashboards.views.uptake.network import NetworkFacts
from dashboards.words import Words
from tests.dashboards import sample_report
from tests.dashboards.browser import BROWSER
from tests.dashboards.reports.reading import PARTS, Reader, pages_of, text_of
from tests.dashboards.rows import replace
from tests.dashboards.totals import unfooted
from tests.thorough import some
from transport.base.settings import Settings

NB, EN = Words("nb"), Words("en")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Settings:
    """A home with one release."""
    given = Settings(home=tmp_path_factory.mktemp("report") / "home")
    sample_report.publish(given)
    return given


@pytest.fixture(scope="module")
def facts(home) -> NetworkFacts:
    return network_report.gather(home, "digivestland")


def test_the_report_answers_in_one_sentence_and_says_how_fresh_it_is(facts):
    said = text_of(network_report.page(facts, NB, contact="data@example.no"))
    assert network_narrative.answer(facts, NB) == (
        "De 43 kommunene i DigiVestland har til sammen 74 av 172 mulige tjenester i bruk eller aktivert, og i 18 "
        "tilfeller er vedlegget signert uten at tjenesten er i gang. Syntetiske tall."
    )
    assert "Innføring av fellestjenester DigiVestland, oktober 2026 De 43" in said
    for part in ("Tall til og med oktober 2026", "Oppdatert 01.11.2026 kl. 06.00", "Alle 14 kontroller bestått"):
        assert part in said
    assert "Utgave 2026-11-01.1" in said
    assert "Spørsmål om tallene: data@example.no" in said


def test_one_that_waits_is_said_as_one(facts):
    [one, *_] = [x for x in facts.standings if x.waiting is not None]
    alone = replace(facts, standings=[replace(one, annexed=one.active + 1)])
    assert "og i ett tilfelle er vedlegget signert" in network_narrative.answer(alone, NB)


def test_use_and_events_are_not_called_the_same(facts):
    events = replace(facts, standings=[one for one in facts.standings if one.active_basis == "EVENT"])
    assert (
        network_narrative.answer(events, NB)
        == "De 43 kommunene i DigiVestland har til sammen 20 av 43 mulige tjenester aktivert."
    )
    use = replace(facts, standings=[one for one in facts.standings if one.active_basis == "USE"])
    assert "54 av 129 mulige tjenester i bruk, og" in network_narrative.answer(use, NB)
    assert network_narrative.answer(replace(facts, standings=[]), NB) == (
        "Ingen kilde har meldt innføring av tjenester i DigiVestland ennå."
    )


def test_key_figures_compare_with_the_country_and_the_year_before(facts):
    told = {one.label: (one.value, one.words) for one in network_narrative.figures(facts, NB)}
    assert told == {
        "Tjenester i bruk eller aktivert": (
            "74 av 172",
            "32 flere enn for ett år siden (3 av 4 tjenester kan sammenlignes)",
        ),
        "Andel av mulige tjenester": ("43 %", "landet, de samme tjenestene: 47 %"),
        "Vedlegg signert, ikke i gang": ("18", "nærmest å komme i gang"),
        "På ringelisten": ("98", "18 med prioritet 1"),
        "Takket nei eller ikke aktuelt": ("2", "står ikke på ringelisten"),
    }


def test_where_nobody_reports_annexes_who_waits_is_missing_and_not_zero(facts):
    digisos = next(one for one in facts.standings if one.service == "fiks-digisos")
    assert (digisos.waiting, digisos.not_begun) == (None, None)
    figures = network_narrative.figures(replace(facts, standings=[digisos]), NB)
    assert [(one.value, one.words) for one in figures if "Vedlegg" in one.label] == [
        ("..", "mangler: ingen kilde melder vedlegg")
    ]
    said = text_of(network_report.page(facts, NB))
    assert "Fiks Digisos · aktivert · mai 2026 20 (47 %) .. .. 55 %" in said
    assert "«..» betyr at ingen kilde melder vedlegg for tjenesten" in said


def test_members_stand_beside_the_country_and_sum_to_all(facts):
    for one in facts.standings:
        if one.waiting is not None and one.not_begun is not None:
            assert one.active + one.waiting + one.not_begun == one.members == 43
    assert network_narrative.services_title(facts.standings, NB) == (
        "Lengst etter landet: Fiks folkeregister, 30 % mot 40 % · syntetisk"
    )
    ahead = [replace(one, country_active=0) for one in facts.standings]
    assert network_narrative.services_title(ahead, NB) == "Ingen tjeneste ligger etter landet"


def test_the_list_shows_by_priority_and_wait_what_a_sheet_holds_and_says_how_many_more_there_are_and_where(facts):
    order = [(one.priority, -(one.months_waiting or -1)) for one in facts.calls]
    assert order == sorted(order)
    said = text_of(network_report.page(facts, NB, form="oppfolging.xlsx"))
    shown = network_report.calls_that_fit(facts, NB)
    assert f"Ring disse først: {shown} av 98 på ringelisten" in said
    assert f"De {98 - shown} andre er i oppfolging.xlsx. Fyll inn hva dere har gjort" in said
    assert said.count(" · ventet ") == shown
    assert f"De {98 - shown} andre får dere som regneark fra data@example.no." in text_of(
        network_report.page(facts, NB, contact="data@example.no")
    )
    assert f"De {98 - shown} andre får dere som regneark fra den som sendte rapporten." in text_of(
        network_report.page(facts, NB)
    )
    first = facts.calls[0]
    assert f"{first.municipality}: {first.service_name} · ventet 8 måneder · syntetisk" in said
    assert first.sentence in said
    assert "Ring disse: 3 på ringelisten" in text_of(network_report.page(replace(facts, calls=facts.calls[:3]), NB))
    assert "Ingen står på ringelisten" in text_of(network_report.page(replace(facts, calls=[]), NB))


def test_a_supplier_is_counted_among_the_members_only(facts):
    for one in facts.suppliers:
        mine = [call for call in facts.calls if (call.service, call.supplier) == (one.service, one.supplier)]
        assert one.waiting == len(mine)
    assert "29 kommuner med fagsystem fra Leverandør A venter på Min kommune" in text_of(network_report.page(facts, NB))


def test_a_supplier_or_a_count_that_nobody_knows_is_said_so(facts):
    unknown = replace(facts.suppliers[0], supplier=None, source_system="Sakssystem Y", active=None, supplier_ready="NO")
    unknown = replace(unknown, inhabitants=None, signed=0)
    call = replace(facts.calls[0], supplier=None, source_system=None, contact=None, nearest_municipality=None)
    said = text_of(network_report.page(replace(facts, suppliers=[unknown], calls=[call]), NB))
    assert "29 kommuner med fagsystem fra Sakssystem Y" in said
    assert "Sakssystem Y Min kommune · syntetisk 29 .. .. Ikke ennå sett siste tolv måneder" in said
    assert said.count("ikke registrert") == 2
    assert said.count("Kontaktadresse mangler") == 1


def test_it_says_who_declined_and_which_deliveries_are_missing(facts):
    declined, lacking = network_narrative.be_aware(facts, NB)
    assert declined == "Takket nei: 1. Ikke aktuelt: 1. De står ikke på ringelisten. Syntetiske tall."
    assert lacking.startswith(
        "Forventede leveringer mangler for 5 kommuner (siste 30.10.2026): Bergen, Eidfjord, Samnanger, Sogndal og Voss."
    )
    many = replace(facts, lacking=[facts.lacking[0]] * 12)
    assert "og 4 andre" in network_narrative.be_aware(many, NB)[1]
    nothing = replace(facts, lacking=[], declined=[])
    assert network_narrative.be_aware(nothing, NB) == [
        "Ingen har takket nei.",
        "Alle har levert den siste forventede leveringen.",
    ]
    unsure = replace(nothing, lacking=None, network=replace(facts.network, certainty="NOT_CONFIRMED"))
    assert "Ingen kilde bekrefter" in network_narrative.be_aware(unsure, NB)[1]


def test_the_pictures_say_what_the_pages_charts_say(facts):
    shown, page = facts.shown, network_report.page(facts, NB)
    now = shown.history[0]
    steps = uptake_narrative.steps(now, shown.registered, NB)
    assert uptake_charts.funnel_in_words(steps, 43, "Min kommune", date(2026, 10, 1), NB) in page
    assert uptake_charts.curve_in_words(shown.points, shown.service, facts.month, NB) in page
    assert uptake_narrative.curve_title(
        [one for one in shown.points if one.service == shown.service], "USE", NB
    ) in text_of(page)


@pytest.mark.parametrize("points", [1, 2])
def test_a_curve_of_a_month_or_two_is_drawn(facts, points):
    own = [one for one in facts.shown.points if one.service == facts.shown.service][:points]
    picture = pictures.on_paper(uptake_charts.curve(own, facts.shown.service, own[-1].month, NB), "kort")
    assert "nan" not in picture.lower()
    assert 'class="dif-chart"' in picture
    assert 'aria-label="kort"' in picture


@pytest.mark.parametrize(
    ("active", "waiting", "members", "country"), [(0, 0, 0, 0), (43, 0, 43, 1), (10, None, 43, "0.5")]
)
def test_a_bar_stays_within_itself(active, waiting, members, country):
    bar = uptake_charts.standing_svg(active, waiting, members, Decimal(country))
    for x, width in re.findall(r'x="([\d.]+)" y="2" width="([\d.]+)"', bar):
        assert 0 <= float(x) + float(width) <= 150


def test_the_report_is_one_file_that_fetches_nothing_and_runs_nothing(facts):
    page = network_report.page(facts, NB)
    assert unfooted([page]) == []
    read = Reader(page)
    assert read.tags.isdisjoint({"script", "link", "img", "iframe", "form"})
    links = re.findall(r'<a href="([^"]+)"', page)
    assert links
    assert all(link.startswith("mailto:") for link in links), "a contact is a link, which fetches nothing"
    addresses = set(re.findall(r"https?://[^\"' )]+", page))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert re.findall(r"url\((?!data:)", page) == []
    assert "default-src 'none'" in page
    assert len(page) < 175_000


def test_what_the_release_says_is_text_and_never_markup(facts):
    evil = "<script>alert(1)</script>"
    call = replace(
        facts.calls[0], sentence=evil, supplier=evil, contact=evil, change_since_last_week=evil, municipality=evil
    )
    supplier = replace(facts.suppliers[0], supplier=evil, source_system=evil)
    told = replace(facts, calls=[call], suppliers=[supplier], network=replace(facts.network, name=evil))
    page = network_report.page(told, NB, contact=evil, form=f"{evil}.xlsx")
    assert "<script" not in page
    assert Reader(page).tags.isdisjoint({"script"})


def test_in_english_nothing_is_norwegian_but_names(facts):
    page = network_report.page(facts, EN)
    assert '<html lang="en">' in page
    assert "new in the last week: Annex signed 28 October 2026" in page
    said = text_of(page)
    assert "The 43 municipalities of DigiVestland have 74 of 172 possible services in use or activated" in said
    assert facts.calls[0].sentence_en in said
    for word in ("kommuner", "Ringelisten", "syntetisk"):
        assert word not in said


@pytest.mark.parametrize("page_of", [NB, EN], ids=["nb", "en"])
def test_every_part_of_the_report_is_marked_where_it_is_synthetic(facts, page_of):
    said = text_of(network_report.page(facts, page_of))
    assert page_of("report.synthetic.some") in said
    real = replace(
        facts,
        standings=[one for one in facts.standings if not one.synthetic],
        calls=[one for one in facts.calls if not one.synthetic],
        suppliers=[],
        declined=[],
        lacking=[],
        shown=None,
    )
    assert page_of("app.synthetic") not in text_of(network_report.page(real, page_of)).lower()
    wholly = replace(facts, standings=[one for one in facts.standings if one.synthetic], calls=[])
    assert page_of("report.synthetic.all") in text_of(network_report.page(wholly, page_of))


@pytest.mark.parametrize("name", ["digitrofi", "DIGITROFI", "DigiTroFi", " digitrofi (Digi Troms og  Finnmark) "])
def test_a_network_goes_by_its_id_or_its_name(home, name):
    assert network_report.gather(home, name).network.area == "digitrofi"


def test_an_unknown_network_is_answered_with_the_nearest(home):
    with pytest.raises(UnknownName, match="Did you mean 'DigiVestland'"):
        network_report.gather(home, "digivestlnd")
    with pytest.raises(UnknownName, match=r"Available: .*digi-agder"):
        network_report.gather(home, "xyz")


def test_a_release_is_named_or_the_current_one_and_one_too_old_says_what_it_lacks(tmp_path):
    given = Settings(home=tmp_path)
    with pytest.raises(WrongUse, match="no release yet"):
        network_report.gather(given, "digivestland")
    old = sample_report.publish(given, uptake.NETWORK_MONTH, uptake_calls.NOT_YET)
    new = sample_report.publish(given, parent=old.name)
    assert network_report.gather(given, "digivestland").release.name == new.name
    assert network_report.gather(given, "digivestland", new.name).month == date(2026, 10, 1)
    with pytest.raises(WrongUse, match=r"is older than uptake.network_month, uptake.not_yet\. Make one"):
        network_report.gather(given, "digivestland", old.name)
    with pytest.raises(UnknownName, match=f"Did you mean '{new.name}'|Available: "):
        network_report.gather(given, "digivestland", "2026-11-01.9")


def test_a_run_that_failed_since_is_told(facts, home, tmp_path):
    shutil.copytree(home.home, tmp_path / "home", symlinks=True)
    given = Settings(home=tmp_path / "home")
    (given.releases / "last_attempt.json").write_text('{"status": "failed", "at": "2026-11-02T05:00:00+00:00"}')
    said = text_of(network_report.page(network_report.gather(given, "digivestland"), NB))
    assert "Siste oppdatering ble stoppet 02.11.2026 kl. 06.00" in said
    assert "ble stoppet" not in text_of(network_report.page(facts, NB))


def test_the_form_holds_the_whole_list_and_is_locked_but_for_the_answers(facts, tmp_path):
    file = tmp_path / "oppfolging.xlsx"
    form.write_form(facts, NB, file)
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    header = [cell.value for cell in sheet[1]]
    assert header[:4] == ["Kommunenummer", "Kommune", "Tjeneste", "Hvorfor den står på listen"]
    assert header[-3:] == ["Status", "Fulgt opp", "Merknad"]
    assert "(followed_up_on)" in sheet["H1"].comment.text
    assert sheet.max_row == 1 + len(facts.calls)
    assert [cell.protection.locked for cell in sheet[2]] == [True] * 6 + [False] * 3
    assert sheet.protection.sheet
    [choices] = sheet.data_validations.dataValidation
    assert choices.formula1 == '"Kontaktet,Planlagt,Takket nei,Ikke aktuelt"'
    assert "send filen tilbake" in choices.prompt
    assert str(choices.sqref) == f"G2:G{1 + len(facts.calls)}"
    assert {row[5].value or "" for row in sheet.iter_rows(min_row=2)} == {"", "kontaktet 20.10.2026"}
    told = " ".join(str(row[0].value) for row in book.worksheets[1].iter_rows())
    assert "ringelisten til DigiVestland (oktober 2026, utgave 2026-11-01.1)" in told
    assert "Ikke skriv navn" in told
    assert "«Takket nei» og «Ikke aktuelt» tar kommunen av ringelisten" in told
    assert "send den tilbake" in told


def test_the_form_is_headed_in_english_for_those_who_ask_in_english(facts, tmp_path):
    file = tmp_path / "follow-up.xlsx"
    form.write_form(facts, EN, file)
    sheet = openpyxl.load_workbook(file).worksheets[0]
    assert [cell.value for cell in sheet[1]][-3:] == ["Status", "Followed up on", "Note"]
    assert sheet.data_validations.dataValidation[0].formula1 == '"Contacted,Planned,Declined,Not relevant"'


def test_a_form_that_may_be_filled_in_is_never_written_over(home, tmp_path):
    filled = tmp_path / "oppfolging.xlsx"
    filled.write_bytes(b"svar")
    asked = {"folder": tmp_path, "out": None, "release": None, "words": NB}
    with pytest.raises(BadOption, match="may be filled in"):
        network_report.write(home, "digivestland", form=filled, **asked)
    with pytest.raises(BadOption, match=r"ends in \.xlsx"):
        network_report.write(home, "digivestland", form=tmp_path / "oppfolging.csv", **asked)
    assert [file.name for file in tmp_path.iterdir()] == ["oppfolging.xlsx"]
    assert filled.read_bytes() == b"svar"


@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="not run: no browser")
@pytest.mark.parametrize("name", some(["digiviken", "digiviken-ost"], ["digiviken"], "the smallest, after the largest"))
@pytest.mark.parametrize(("words", "file"), some([(NB, "oppfolging.xlsx"), (EN, "")], 1, "the same in English"))
def test_it_prints_on_one_page_that_is_full_whatever_there_is_to_say(home, tab, name, words, file):
    told = network_report.gather(home, name)
    first = told.standings[0]
    many = [replace(first, service=f"s{n}", name=f"Fiks skatte- og inntektsopplysninger {n}") for n in range(30)]
    attempt = Attempt("failed", told.release.published_at)
    lacks = Row(
        municipality_code="4601",
        missing_from=date(2026, 10, 1),
        missing_to=date(2026, 10, 30),
        active=False,
        synthetic=True,
    )
    cases = {
        "as it is": told,
        "many services": replace(told, standings=many),
        "two services": replace(told, standings=told.standings[:2]),
        "a failed run, and deliveries that lack": replace(told, attempt=attempt, lacking=[lacks] * 9),
        "nobody to call": replace(told, calls=[], suppliers=[]),
        "nothing": replace(told, standings=[], calls=[], suppliers=[], shown=None, lacking=None),
    }
    tab.emulate_media(media="print")
    tab.set_viewport_size({"width": 711, "height": 1062})  # A4 within its margins
    for case, one in cases.items():
        tab.set_content(network_report.page(one, words, contact="data@example.no", form=file))
        assert pages_of(tab.pdf(prefer_css_page_size=True)) == 1, case
        # nothing stands on anything else, or is cut off; the last line stands at the foot
        parts = tab.evaluate(PARTS)
        assert all(above[1] <= below[0] + 1 for above, below in pairwise(sorted(parts))), (case, parts)
        assert 1030 < parts[-1][1] <= 1062, case
        assert tab.evaluate("document.documentElement.scrollWidth") <= 711, case


@pytest.mark.slow("looks of the report; that it prints on one page is tried each time")
@pytest.mark.browser
@pytest.mark.skipif(BROWSER is None, reason="not run: no browser")
def test_it_fits_a_phone_and_axe_finds_nothing(facts, tab, tmp_path):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="not run: no axe-playwright-python")
    said: list[str] = []
    tab.on("console", lambda line: said.append(line.text))
    tab.on("request", lambda asked: said.append(asked.url) if asked.url.startswith("http") else None)
    for words in (NB, EN):
        file = tmp_path / f"{words.language}.html"
        file.write_text(network_report.page(facts, words), "utf-8")
        tab.goto(file.as_uri())
        assert tab.evaluate("document.fonts.check('16px Inter')")
        for width in (1280, 320):
            tab.set_viewport_size({"width": width, "height": 900})
            assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
            found = [x for x in axe.Axe().run(tab).response["violations"] if x["impact"] in {"serious", "critical"}]
            assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []
    assert said == []
