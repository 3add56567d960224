"""The page of a product: what it says, its charts, its states, and whom it tells."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
import pytest

from catalog.domain import perturbation
from catalog.errors import Forbidden
from catalog.tables import ledger, usage
from dashboards.page import downloads
from dashboards.release import authorization
from dashboards.release.authorization import EVERYTHING, Visitor
from dashboards.release.query import Row, sql
from dashboards.shared.charts import PRIMARY
from dashboards.shared.ledger.models import Use, twelve_months
from dashboards.shared.opening import View
from dashboards.views.service import charts as service_charts
from dashboards.views.service import narrative as service_narrative
from dashboards.views.service import panels as service_panels
from dashboards.views.service import queries as service_queries
from dashboards.views.service import tables as service_tables
from dashboards.words import Words
from tests.dashboards import sample, sample_ledger, sample_usage
from tests.dashboards.conftest import asked_by, headings, unfolded
from tests.dashboards.rows import replace
from tests.dashboards.views.test_uptake import text
from transport.auth.roles import Role
from transport.base.settings import Settings
from transport.releases.store import Releases

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

NB, EN = Words("nb"), Words("en")
JUNE, OCTOBER = date(2026, 6, 1), date(2026, 10, 1)
READER = Visitor("", frozenset({Role.READER}))
CHANGED = NB("app.perturbed")


@pytest.fixture(scope="module")
def home(sample_of_ledgers, tmp_path_factory) -> Path:
    folder = shutil.copytree(sample_of_ledgers, tmp_path_factory.mktemp("service") / "home", symlinks=True)
    sample_ledger.calculate(Releases(Settings(home=folder)).get("current"))
    return folder


def plain(said: str) -> str:
    return said.replace("\xa0", " ")


def values(spec: dict[str, Any], layer: int) -> list[dict[str, Any]]:
    """The rows that a layer draws."""
    data = spec["layer"][layer].get("data") or spec["data"]
    found: list[dict[str, Any]] = spec["datasets"][data["name"]]
    return found


def headed(page: AppTest) -> str:
    return plain("\n".join([*headings(page), *headings(page, 3), *(one.label for one in page.expander)]))


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_answers_with_use_and_customers_and_says_how_fresh_it_is(drawn, home):
    page = drawn(home, "tjeneste", tjeneste="svarut")
    said = plain(text(page))
    assert re.search(
        r"SvarUt hadde [\d ]+ forsendelser siste tolv måneder .*, og \d+ kunder hadde tjenesten i bruk i", said
    )
    assert page.title[0].value == "SvarUt"
    assert "Alle 14 kontroller bestått" in said


def test_each_part_of_the_page_claims_something_under_a_heading(drawn, home):
    found = headed(drawn(home, "tjeneste", tjeneste="svarut"))
    for claim in (
        r"Bruken har gått opp",
        r"Forventet bruk: 15 600 forsendelser de neste 12 månedene",
        r"298 kunder hadde tjenesten i bruk i oktober 2026, 183 flere enn for ett år siden",
        r"\d+ kunder har signert vedlegg for SvarUt",
        r"henvendelser i måneden per 100 kunder; [01] av 1 annen tjeneste har flere",
        r"brukes av flest: \d+ kunder",
        r"Halvparten er levert innen 4 minutter med digital postkasse, og innen 3,1 døgn med brev på papir",
        r"Tjenesten har et resultat på .* så langt i 2026",
        r"Om tjenesten",
    ):
        assert re.search(claim, found), claim


def test_what_is_missing_is_one_line_at_the_end_that_opens_to_the_rest(open_at, home):
    page = open_at("tjeneste", home, tjeneste="svarut")
    closed = [one.label for one in page.expander]
    assert re.fullmatch(r"Produktkatalogen mangler \d+ av 15 opplysninger(, og .* ikke kjent)?", closed[-2])
    assert not [one.value for one in page.html if "dif-about" in one.value and "ikke oppgitt" in one.value]
    unknown = next(one.value for one in unfolded(page).html if "Ikke oppgitt i produktkatalogen" in one.value)
    assert "formål" in unknown
    assert "forventet bruk" in unknown


def test_a_product_that_nobody_measures_or_observes_says_so_and_has_no_chart(open_at, home):
    page = open_at("tjeneste", home, tjeneste="signeringstjeneste")
    assert page.title[0].value == "Signeringstjeneste"
    assert "Ingen kilde måler bruken av Signeringstjeneste" in text(page)
    assert [*headings(page)] == ["Om tjenesten", "Slik er tallene laget"]
    assert not page.get("vega_lite_chart")
    said = text(unfolded(page))
    for missing in ("ingen kilde måler det", "ingen henvendelser er meldt", "ingen bilag er ført på tjenesten"):
        assert missing in said


def test_two_products_stand_side_by_side_and_one_link_closes_it(open_at, home):
    page = open_at("tjeneste", home, tjeneste="svarut", sammenlign="fiks-folkeregister")
    assert page.title[0].value == "SvarUt og Fiks folkeregister"
    assert list(headings(page)) == ["SvarUt", "Fiks folkeregister", "Slik er tallene laget"]
    first, other = (one for one in page.columns if headings(one))
    for place, coverage in ((first, "108,2 %"), (other, "81,9 %")):
        assert len(place.get("vega_lite_chart")) >= 1
        assert coverage in plain("".join(one.value for one in place.html))
    said = text(page)
    assert '<a href="?tjeneste=svarut">Lukk sammenligningen</a>' in said
    assert '<a href="?tjeneste=fiks-folkeregister">Se alt om Fiks folkeregister</a>' in said
    assert "Kunder og vedlegg" not in said
    (choice,) = [one for one in page.selectbox if one.label == "Sammenlign med"]
    assert "SvarUt" not in choice.options
    assert choice.options[0] == "ingen annen tjeneste"


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ("svarut", "SvarUt kan ikke sammenlignes med seg selv."),
        ("xyzzy", "«xyzzy» er ikke et gyldig valg for tjeneste, og er utelatt."),
        ("altinn-3", "«altinn-3» er ikke et gyldig valg for tjeneste, og er utelatt."),
    ],
)
def test_a_product_that_cannot_stand_beside_is_said_and_the_page_is_of_one(open_at, home, beside, said):
    page = open_at("tjeneste", home, tjeneste="svarut", sammenlign=beside)
    assert said in "".join(one.value for one in page.warning).replace("\\", "")
    assert page.title[0].value == "SvarUt"


def test_a_reader_compares_without_the_accounts(open_at, home):
    page = open_at("tjeneste", home, READER, tjeneste="svarut", sammenlign="fiks-folkeregister")
    assert "Finansiell dekningsgrad" not in text(page)


def test_what_only_events_tell_is_called_activated_and_use_of_a_sensitive_service_is_changed_at_random(open_at, home):
    page = unfolded(open_at("tjeneste", home, tjeneste="fiks-digisos"))
    assert "hadde aktivert tjenesten i mai 2026" in text(page)
    table = next(one.value for one in page.html if "<table" in one.value and "juni 2026" in one.value)
    assert re.search(r"juni 2026</th><td[^>]*>700</td>", table)
    assert CHANGED in text(page)
    assert "Tallene for oktober 2026 kommer sju virkedager etter månedens slutt." in text(page)
    assert "Skraverte måneder" not in text(page), "the month that is not published yet is no gap"
    listed = next(one.value for one in page.html if "Kunder og vedlegg" in one.value)
    assert "i bruk" not in listed


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("svarutt", "«svarutt» er ikke et gyldig valg for tjeneste. Siden viser"),
        ("altinn-3", "Altinn 3 leveres av andre"),
        ("<script>", "er ikke et gyldig valg for tjeneste"),
    ],
)
def test_an_unknown_service_in_the_link_is_said(open_at, home, given, said):
    page = open_at("tjeneste", home, tjeneste=given)
    assert said in "".join(one.value for one in page.warning).replace("\\", "")


def test_an_older_release_is_shown_without_what_it_has_not(open_at, tmp_path):
    given = Settings(home=tmp_path / "home")
    sample_ledger.publish(given, usage.FORECAST, usage.DELIVERY_TIME)
    page = open_at("tjeneste", given.home, tjeneste="svarut")
    assert "levert innen" not in headed(page)
    assert "ingen pris er beregnet" in text(page)
    assert "Forventet bruk: framskriving krever" in text(unfolded(page))


@pytest.mark.parametrize(
    "younger", [(), ("last_value_error", "mean_error", "months_held_out", "past_forecasts", "past_inside")]
)
def test_what_is_foreseen_is_read_also_where_the_simplest_forecasts_are_not_told(younger):
    told = pa.Table.from_pylist(sample_ledger.forecast(), usage.FORECAST.arrow_schema).drop_columns(list(younger))
    with duckdb.connect() as connection:
        connection.register("given", told)
        connection.execute("create schema usage")
        connection.execute("create table usage.forecast as from given")
        asked = {"service": "svarut", "measure": "forsendelser"}
        rows = connection.sql(sql("service/forecast"), params=asked).to_arrow_table().to_pylist()
    assert len(rows) == 12
    assert {row.get("last_value_error") is None for row in rows} == {bool(younger)}


def test_a_release_without_ledgers_says_so(open_at, without_ledgers):
    page = open_at("tjeneste", without_ledgers, tjeneste="svarut")
    assert f"Utgave {sample.RELEASE} har ikke produktregnskap." in text(page)


def test_the_page_speaks_english(open_at, home):
    page = open_at("tjeneste", home, tjeneste="svarut", lang="en")
    assert "SvarUt had" in text(page)
    assert "Half is delivered within 4 minutes by digital mailbox" in headed(page)


# ── Whom it tells ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reader_sees_neither_suppliers_nor_accounts_and_is_told_of_the_first(open_at, home):
    page = open_at("tjeneste", home, READER, tjeneste="svarut")
    assert "Leverandører og fagsystemer vises ikke for rollen din" in headed(page)
    assert "resultat" not in headed(page)
    assert "Leverandør A" not in text(page)


def test_the_questions_refuse_what_the_visitor_may_not_see(home):
    page = asked_by(home, READER)
    for question in (service_queries.systems, service_queries.book):
        with pytest.raises(Forbidden):
            question(page, "svarut", OCTOBER)
    with pytest.raises(Forbidden):
        service_queries.prices(page, "svarut")


def test_a_product_owner_sees_the_accounts_of_own_products_only(home):
    page = asked_by(home, Visitor("", frozenset({Role.PRODUCT_OWNER}), products=frozenset({"svarut"})))
    assert service_queries.book(page, "svarut", OCTOBER)[1].rows
    with pytest.raises(Forbidden):
        service_queries.book(page, "fiks-folkeregister", OCTOBER)


def test_a_network_sees_the_suppliers_of_its_members_only(home):
    everyone = sum(one.customers for one in service_queries.systems(asked_by(home, EVERYTHING), "svarut", OCTOBER)[1])
    network = Visitor("", frozenset({Role.NETWORK}), networks=frozenset({"digivestland"}))
    members = sum(one.customers for one in service_queries.systems(asked_by(home, network), "svarut", OCTOBER)[1])
    assert everyone == 357
    assert members == 43
    assert "medlemmer av nettverkene dine" in service_narrative.whose(network.seen(), NB)
    own = Visitor("", frozenset({Role.READER}), organisation=sample_ledger.OSLO)
    assert sum(one.customers for one in service_queries.systems(asked_by(home, own), "svarut", OCTOBER)[1]) == 1


def test_what_is_sent_by_each_system_is_told_of_the_country_and_to_those_who_see_all_connections(whole_home):
    everything, network, own = (
        asked_by(whole_home, visitor)
        for visitor in (
            Visitor("", frozenset({Role.DIF})),
            Visitor("", frozenset({Role.NETWORK}), networks=frozenset({"digivestland"})),
            Visitor("", frozenset({Role.READER}), organisation=sample_usage.numbers()["4602"]),
        )
    )
    answer, systems = service_queries.systems(everything, "svarut", OCTOBER)
    told = {one.system or one.mapping: (one.customers, one.dispatches, one.dispatches_band) for one in systems}
    assert told.pop("Sakssystem X") == (3, 1_550, None), "1 505, in whole fifties"
    assert told.pop("Fagsystem Z") == (1, None, "10-99"), "of one organisation"
    assert told.pop("NOT_STATED") == (2, None, "10-99"), "which the shielded one is among; of one it may be none"
    ((name, (customers, changed, band)),) = told.items()
    assert (name, customers, band) == ("Sakssystem Q", None, None)
    assert abs(changed - 38) <= perturbation.D
    assert [one.system for one in systems if one.perturbed] == [name]
    panel = service_panels.systems(View(everything.release, everything.visitor, NB, {}), "svarut", OCTOBER)
    assert f"Sakssystem Q: {CHANGED}" in panel.captions(NB)
    assert "Forsendelsene er rundet opp til hele femti for hver måned." in panel.captions(NB)
    assert "Skjermede fagsystemer er ikke rundet opp, og er også med i «Fagsystem ikke oppgitt»." in panel.captions(NB)
    table = service_tables.systems(systems, NB).replace("\u00a0", " ")
    assert ">1 550<" in table
    assert ">10–99<" in table
    assert "usage.connection_exact_month" not in authorization.datasets_in(answer.sql)
    for some in (network, own):
        answer, systems = service_queries.systems(some, "svarut", OCTOBER)
        assert authorization.datasets_in(answer.sql).isdisjoint({"usage.system_month", "usage.connection_exact_month"})
        assert all(one.keys().isdisjoint({"dispatches", "dispatches_band"}) for one in systems)
        assert "Forsendelser" not in service_tables.systems(systems, NB)
        assert service_panels.systems_of(View(some.release, some.visitor, NB, {})) == ("usage.connection_month",)
        with pytest.raises(Forbidden):
            some.ask("service/systems_country", service="svarut", first=OCTOBER, through=OCTOBER)


def test_the_sql_of_a_download_runs_with_who_may_see_written_in():
    query = "select $seen_all, $seen_organisation, $seen_networks"
    told = downloads.as_sql(query, {**READER.seen(), "seen_networks": ["a", "b'c"]}, {})
    assert told.decode() == "select false, null, ['a', 'b''c']"


# ── Charts and words ─────────────────────────────────────────────────────────────────────────────────────────────────


def used(month: date, quantity: int) -> Row:
    return Row(
        measure="soknader",
        title_nb="Søknader",
        title_en="Applications",
        kind="FLOW",
        month=month,
        quantity=Decimal(quantity),
        perturbed=True,
        synthetic=True,
    )


@pytest.mark.parametrize(
    ("before", "now", "answer", "figure"),
    [
        (266, 267, "", "uendret fra året før, 266"),
        (267, 267, "", "uendret fra året før, 267"),
        (2, 8, " (opp fra 2 til 8 siden året før)", "opp fra 2 til 8 siden året før"),
        (266, 260, " (2 % mindre enn året før)", "2 % mindre enn året før, 266"),
    ],
)
def test_a_change_that_rounds_to_nothing_is_not_called_more_or_less(before, now, answer, figure):
    levels = [replace(used(month, n), kind="STOCK") for month, n in ((date(2025, 10, 1), before), (OCTOBER, now))]
    use = Use(levels, [], OCTOBER)
    said = service_narrative.use_in_words(use, "X", NB).replace("\u00a0", " ")
    assert said == f"X hadde {now} søknader i oktober 2026{answer}"
    assert service_narrative.use_figure(use, NB).words.replace("\u00a0", " ") == figure


def foreseen(month: date) -> Row:
    return Row(
        month=month,
        low=Decimal(5),
        expected=Decimal(8),
        high=Decimal(12),
        method="THETA",
        backtest_error=Decimal("0.1"),
        last_known_month=OCTOBER,
        synthetic=True,
        last_value_error=Decimal("0.2"),
        mean_error=Decimal("0.3"),
    )


def test_use_is_bars_from_zero_with_the_forecast_light_and_unmeasured_months_shaded():
    rows = [used(date(2026, 8, 1), 7), used(OCTOBER, 9)]
    spec = service_charts.use(
        rows, [foreseen(date(2026, 11, 1))], date(2026, 7, 1), date(2026, 10, 1), OCTOBER, "Søknader", NB
    ).to_dict()
    _, bars, spread, _ = spec["layer"]
    assert [one["month"] for one in values(spec, 0)] == ["2026-07-01", "2026-09-01"]
    assert bars["encoding"]["y2"]["field"] == "zero"
    assert bars["encoding"]["y"]["scale"]["zero"] is True
    colours = [one["colour"] for one in values(spec, 1)]
    assert len(set(colours)) == 3
    assert spread["encoding"]["y2"]["field"] == "high"
    assert spec["config"]["locale"]["number"]["decimal"] == ","


def test_support_is_ranked_and_only_the_chosen_service_stands_out():
    found = [
        Row(
            service=name.lower(),
            name=name,
            months_known=12,
            requests=Decimal(n),
            customer_months=100,
            per_100=Decimal(n),
            perturbed=False,
            synthetic=False,
        )
        for name, n in (("A", 3), ("B", 9), ("C", 5))
    ]
    spec = service_charts.support(found, "c", NB).to_dict()
    assert [one["name"] for one in values(spec, 0)] == ["B", "C", "A"]
    assert [one["colour"] == PRIMARY for one in values(spec, 0)] == [False, True, False]
    assert service_charts.support_in_words(found, NB).endswith("B 9,0, C 5,0 og A 3,0.")
    assert service_narrative.support_title(found, "c", NB).endswith("1 av 2 andre tjenester har flere")


@pytest.mark.parametrize(
    ("hours", "said"),
    [("0.001", "1 minutt"), ("0.0706", "4 minutter"), ("12.06", "12,1 timer"), ("74.9", "3,1 døgn")],
)
def test_a_delivery_time_is_told_in_the_unit_that_fits(hours, said):
    assert service_narrative.duration(Decimal(hours), NB) == said


def test_one_channel_is_told_without_comparing_it():
    one = Row(
        month=OCTOBER,
        channel="SVARINN",
        dispatches=3,
        p50_hours=Decimal(2),
        p90_hours=Decimal(3),
        p99_hours=Decimal(4),
        synthetic=False,
        provisional=None,
    )
    assert service_narrative.delivery_title([one], NB) == "Halvparten av forsendelsene er levert innen 2,0 timer"


def test_a_channel_whose_dispatches_may_still_be_delivered_is_provisional_on_the_page(open_at, home):
    said = text(unfolded(open_at("tjeneste", home, tjeneste="svarut")))
    assert "Foreløpig for brev på papir: det som ikke er levert ennå" in said


@pytest.mark.parametrize("younger", [(), ("provisional",)])
def test_delivery_times_are_read_also_where_nobody_knows_whether_they_may_rise(younger):
    told = pa.Table.from_pylist(sample_ledger.deliveries(), usage.DELIVERY_TIME.arrow_schema)
    with duckdb.connect() as connection:
        connection.register("given", told.drop_columns(list(younger)))
        connection.execute("create schema usage")
        connection.execute("create table usage.delivery_time as from given")
        asked = {"service": "svarut", "through": OCTOBER}
        rows = [Row(row) for row in connection.sql(sql("service/delivery"), params=asked).to_arrow_table().to_pylist()]
    found = {row["channel"]: row.get("provisional") for row in rows}
    assert found == ({"SDP": None, "PRINT": None} if younger else {"SDP": False, "PRINT": True})
    noted = service_narrative.delivery_note(rows, NB)
    assert noted.startswith("Foreløpig for ") is not bool(younger)


@pytest.mark.parametrize(
    ("version", "age"),
    [
        (None, ".."),
        ("1.2", "framgår ikke av utgaven"),
        ("1.2 (2024-03)", "2 år og 8 måneder"),
        ("2026-10-02", "1 måned"),
        ("2027-01", "gjelder fra en senere dato"),
    ],
)
def test_a_templates_age_is_read_from_its_version(version, age):
    assert service_narrative.age_of(version, datetime(2026, 11, 26, tzinfo=UTC).date(), NB) == age


def test_templates_stand_with_name_version_and_age_and_escape_what_people_typed():
    told = {"agreement_template": "<b>Avtale</b>", "agreement_version": "3 (2025-11)", "risk_template": "ukjent"}
    found = service_tables.templates({**told, "risk_version": None}, date(2026, 11, 26), NB)
    assert "&lt;b&gt;Avtale" in found
    assert "1 år og 0 måneder" in found
    assert found.count("ikke oppgitt") == 2


def test_customers_are_counted_by_kind_and_none_is_left_out():
    one = Row(
        customer_kind="MUNICIPALITY",
        municipality_code="4601",
        organisation_number="1",
        customer="Bergen",
        customer_standing="IN_USE",
        annexed_on=None,
        month=OCTOBER,
        synthetic=False,
    )
    found = [one, replace(one, customer_kind="COMPANY"), replace(one, customer_kind="OTHER")]
    assert service_narrative.kinds_in_words(found, NB) == "1 kommune og 2 andre kunder"
    assert service_narrative.customers_title(found, "X", annex_known=False, words=NB).startswith(
        "3 kunder har tatt i bruk X"
    )
    listed = [replace(one, customer_standing=standing) for standing in ("ACTIVATED", "NOT_LISTED", "ACTIVATED")]
    title = service_narrative.customers_title(listed, "X", annex_known=False, words=NB)
    assert title.startswith("2 kunder har aktivert X")
    assert "også 1, som ikke er på kildens siste liste" in service_narrative.unlisted(listed, NB)
    assert service_narrative.unlisted(found, NB) == ""


def test_an_outlook_says_how_it_was_made_and_a_level_is_not_summed(home):
    page = asked_by(home, EVERYTHING)
    use = service_queries.use(page, "svarut", OCTOBER)
    assert use is not None
    level = replace(use, rows=[replace(one, kind="STOCK") for one in use.rows])
    later = [foreseen(date(2026, 11, 1)), foreseen(date(2026, 12, 1))]
    assert service_narrative.outlook_title(later, level, NB) == "Forventet bruk: 8 forsendelser i desember 2026"
    said = service_narrative.outlook_in_words(later, NB)
    assert "bommet metoden med 10 %. Siste måned videreført ville bommet med 20 %" in said
    untried = [replace(one, backtest_error=None, last_value_error=None, mean_error=None) for one in later]
    assert "Feilen er ikke kjent" in service_narrative.outlook_in_words(untried, NB)
    assert twelve_months(OCTOBER) == date(2025, 11, 1)
    assert ledger.PRODUCT_MONTH.name == "ledger.product_month"


# ── Operational messages ─────────────────────────────────────────────────────────────────────────────────────────────


def test_messages_are_listed_with_what_they_do_not_say_and_do_not_explain_synthetic_use(open_at, home):
    page = open_at("tjeneste", home, tjeneste="svarut")
    assert "3 kjente driftsmeldinger om SvarUt, den siste fra juni 2026" in headed(page)
    said = plain(text(unfolded(page)))
    assert "Tiden sier ikke hvor lenge noe var nede" in said
    assert "2 driftsmeldinger i perioden er ikke merket: ekte meldinger forklarer ikke syntetiske tall." in said


def test_a_service_without_messages_says_that_this_is_not_a_service_without_faults(open_at, home):
    page = open_at("tjeneste", home, tjeneste="fiks-digisos")
    said = "Ingen driftsmelding om Fiks Digisos er kjent. Det betyr ikke at tjenesten ikke har hatt feil."
    assert said in plain(text(unfolded(page)))


def test_the_table_of_messages_is_offered_as_other_tables_are(home):
    asked = asked_by(home, EVERYTHING)
    shows = service_panels.messages(View(asked.release, asked.visitor, NB, {}), "svarut", OCTOBER)
    assert shows is not None
    assert [row["message_cause"] for row in shows.answer.rows] == [None, "id-porten", "id-porten"]
    assert shows.answer.synthetic is False


def test_customers_of_one_month_are_told_once():
    told = [
        Row(month=date(2026, month, 1), active=190 + month, municipalities=190, active_basis="EVENT", synthetic=False)
        for month in (4, 5)
    ]
    assert service_narrative.uptake_in_words(told[1:], Words("nb")) == "Kunder: 195 i mai 2026."
    assert service_narrative.uptake_in_words(told, Words("nb")) == "Kunder per måned: 194 i april 2026, 195 i mai 2026."
