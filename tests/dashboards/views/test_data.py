"""The pages about the data themselves, run as Streamlit runs them on a release as the pipeline publishes it."""

from __future__ import annotations

import ast
import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import escape
from pathlib import Path

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from catalog import facts
from catalog.contracts.language import Audience
from catalog.domain.perturbation import METHOD
from catalog.errors import Forbidden
from catalog.metrics.metrics import METRICS
from catalog.tables import ledger, meta, quality, usage
from catalog.tables.datasets import DATASETS
from catalog.tables.usage import SENSITIVE_SERVICES
from dashboards.access import visitors
from dashboards.page import downloads, file_delivery
from dashboards.page.layout import Page
from dashboards.release import reader
from dashboards.release.authorization import EVERYTHING, Role, Visitor
from dashboards.release.reader import ReleaseReader
from dashboards.shared.pages import SETTINGS_KEY, VIEWS
from dashboards.views.data import narrative as data_narrative
from dashboards.views.data import queries as data_queries
from dashboards.views.data import tables as data_tables
from dashboards.views.definitions import narrative as definitions_narrative
from dashboards.words import Words, named
from tests.dashboards import sample_data
from tests.dashboards.conftest import headings, unfolded
from tests.dashboards.messages import MESSAGES
from tests.dashboards.views.test_uptake import link_of, text
from transport.base.settings import Settings
from transport.releases.release import current_release

NB, EN = Words("nb"), Words("en")
READER = Visitor("", frozenset({Role.READER}))
ECONOMY = Visitor("", frozenset({Role.ECONOMY}))


@pytest.fixture(scope="module")
def home(data_home) -> Path:
    return data_home


@pytest.fixture(scope="module")
def held(home):
    found = current_release(home / "releases")
    assert found is not None
    return found


@pytest.fixture
def page_of(home, held):
    def make(visitor: Visitor) -> Page:
        return Page(held, visitor, NB, {}, None, Settings(home=home))

    return make


@pytest.fixture
def view(home):
    """Open a page of the release by a link."""

    def show(key: str, at: Path = home, **link: str) -> AppTest:
        page = AppTest.from_file(VIEWS / key / "page.py", default_timeout=180)
        page.secrets[SETTINGS_KEY] = {"home": str(at), "contact": "tall@example.no"}
        for name, value in link.items():
            page.query_params[name] = value
        page.run()
        assert not page.exception
        return page

    return show


def warned(page: AppTest) -> str:
    return "".join(one.value for one in page.warning).replace("\\", "")


def tables_of(page: AppTest) -> str:
    return "\n".join(one.value for one in page.html)


# --- the catalogue ----------------------------------------------------------------------------------------------------


def test_the_page_answers_how_the_data_are_in_one_sentence(view):
    said = text(view("data"))
    assert "og alle 9 kontroller er bestått. De siste fire ukene mangler 1 av 3 virksomheter minst én levering." in said
    assert "Syntetiske tall." in said
    assert "Utgave 2026-11-24.1" in said
    assert "tall@example.no" in said


def test_each_key_figure_leads_to_its_definition(view, home):
    figures = next(one for one in tables_of(view("data")).split("\n") if "dif-figures" in one)
    led_to = re.findall(r"/definisjoner\?lang=nb#(\w+)", figures)
    assert led_to == ["checks", "missing_reporters", "rows_set_aside", "changed_since_last_release"]
    assert set(led_to) <= {one.name for one in METRICS}
    assert "4" in figures and "3,74\u00a0% av 107 mottatte rader" in figures  # noqa: PT018 - one figure


def test_every_dataset_is_in_the_catalogue_with_a_link_to_it(view, held):
    told = tables_of(view("data"))
    for one in data_queries.datasets(ReleaseReader(held, EVERYTHING), "nb"):
        assert f"datasett={one.dataset}" in told
    assert "Økonomi og ledelse" in told
    assert "Alle 3 bestått" in told


def test_a_dataset_is_shown_whole(view):
    page = view("data", datasett="usage.dispatch_month")
    assert "Laget av" in text(page)
    assert "Statusendringer for forsendelser (dispatch)" in tables_of(page)
    page = view("data", datasett="uptake.status_month", lang="en")
    told = tables_of(page)
    assert "uptake.funnel" in told  # what is made of it
    assert "The columns of uptake.status_month" in told
    assert "Download Parquet (" in told
    assert [one.label for one in page.get("download_button")] == ["Excel (XLSX)", "CSV (semicolon)", "The query (SQL)"]
    assert len(page.code) == 4


@pytest.mark.parametrize(("dataset", "says"), [("usage.measure_total_month", True), ("usage.dispatch_month", False)])
def test_a_dataset_says_which_of_its_columns_are_changed_at_random_and_its_sample_that_they_are(
    view, monkeypatch, dataset, says
):
    monkeypatch.setattr(data_queries, "SAMPLE", 500)
    shown = tables_of(view("data", datasett=dataset))
    assert (f"Gjelder quantity. Metode: {METHOD}." in shown) is says
    assert (NB("app.perturbed") in re.findall(r'<p class="dif-small">(?:Syntetiske tall. )?([^<]*)</p>', shown)) is says


@pytest.mark.parametrize("key", ["about", "definitions"])
def test_what_is_changed_at_random_is_told_in_half_a_page(view, key):
    page = unfolded(view(key))
    said = text(page)
    named = headings(page) if key == "definitions" else [fold.label for fold in page.expander]
    assert NB("protection.title") in named
    for service in SENSITIVE_SERVICES:
        name = next(row["name_nb"] for row in facts.read("product") if row["service"] == service)
        assert f"**{name}**: " in said
    assert "/data?datasett=usage.measure_month" in said
    assert "skjult" not in said.replace("Det som ikke er skjult", "")


def test_a_dataset_that_the_release_lacks_is_said_with_the_nearest(view):
    page = view("data", datasett="usage.dispatch_dag")
    assert "«usage.dispatch_dag» er ikke et gyldig valg for datasett." in warned(page)
    assert "Mente du" in warned(page)


def test_a_script_in_a_link_is_text(view):
    page = view("data", datasett="<script>alert(1)</script>", **{"del": "leveranser"})
    assert "<script>" not in tables_of(page)
    page = view("definitions", sok="<script>alert(1)</script>")
    assert "alert(1)" not in tables_of(page)


def test_a_filter_that_is_taken_back_leaves_the_link(view):
    page = view("data", datasett="usage.dispatch_month")
    page.selectbox(key="filter_datasett").select("").run()
    assert link_of(page) == {}
    (parts,) = [of.value for of in page.html if "dif-parts" in of.value]
    assert 'href="/data?del=karantene"' in parts


@pytest.mark.parametrize("without", [meta.DATASET, quality.RELEASE_DIFF])
def test_an_older_release_is_said_to_be_older(view, tmp_path, without):
    sample_data.publish(Settings(home=tmp_path), without)
    assert "er laget før katalogen" in view("data", tmp_path).info[0].value


def test_a_release_that_does_not_tell_who_should_deliver_says_so(view, tmp_path):
    sample_data.publish(Settings(home=tmp_path), quality.EXPECTED_REPORTER)
    assert "mangler" not in text(view("data", tmp_path)).split("Slik er tallene laget", maxsplit=1)[0]
    assert "før utgavene viste hvem" in view("data", tmp_path, **{"del": "leveranser"}).info[0].value


# --- who may read -----------------------------------------------------------------------------------------------------


def test_rows_of_a_restricted_dataset_are_only_for_who_may_read_them(page_of):
    assert page_of(ECONOMY).whole(ledger.ENTRY, 3).table.num_rows == 3
    assert page_of(READER).whole(usage.DISPATCH_MONTH, 3).table.num_rows == 3
    for closed in (ledger.ENTRY, ledger.PRODUCT_MONTH, usage.CONNECTION_MONTH):
        with pytest.raises(Forbidden):
            page_of(READER).whole(closed, 3)


def test_a_visitor_who_may_not_read_a_dataset_sees_what_it_is_and_none_of_its_rows(view, monkeypatch):
    monkeypatch.setattr(visitors, "current", lambda _: READER)
    page = view("data", datasett="ledger.entry")
    assert "Kolonnene i ledger.entry" in tables_of(page)
    assert "Rollen din har ikke tilgang til" in page.info[0].value
    assert file_delivery.PATH not in tables_of(page)
    assert not page.get("download_button")
    assert "De første" not in tables_of(page)


def test_nobody_who_is_not_let_in_is_shown_a_release(view, monkeypatch):
    monkeypatch.setattr(visitors, "current", lambda _: None)
    for key in ("data", "definitions", "about"):
        assert "2026-11-24.1" not in text(view(key))


def test_what_single_customers_pay_is_for_economy_alone():
    for contract in [one for one in DATASETS.values() if one.audience is Audience.LEDGER]:
        leader, owner = (Visitor("", frozenset({role})) for role in (Role.LEADERSHIP, Role.PRODUCT_OWNER))
        of_one = {"organisation_number", "payer_number"} & {column.name for column in contract.columns}
        assert leader.may_see_whole(contract) == (not of_one), contract.name
        assert not owner.may_see_whole(contract), contract.name
        assert ECONOMY.may_see_whole(contract), contract.name
        assert EVERYTHING.may_see_whole(contract), contract.name


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def served(home):
    with TestClient(Starlette(routes=[file_delivery.route(Settings(home=home), lambda _: EVERYTHING)])) as client:
        yield client


def test_a_file_is_given_as_it_lies(served, held):
    download = file_delivery.download_of(held, "usage.dispatch_month", "nb")
    given = served.get(download.link)
    (lies,) = (held.folder / "parquet" / "usage.dispatch_month").rglob("*.parquet")
    assert given.content == lies.read_bytes()
    assert download.size == len(given.content)
    assert 'filename="usage.dispatch_month_2026-11-24.1.parquet"' in given.headers["content-disposition"]
    assert given.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("older", [False, True], ids=["files say their months", "folders say them, as they did once"])
def test_months_come_in_one_archive_that_the_code_beside_it_opens(older, served, held, tmp_path, monkeypatch):
    download = file_delivery.download_of(held, "usage.municipality_month", "nb")
    assert (download.parts, download.name) == (2, "usage.municipality_month_2026-11-24.1.zip")
    with zipfile.ZipFile(io.BytesIO(served.get(download.link).content)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    assert not download.months_in_folders
    if older:
        download = replace(download, months_in_folders=True)
        for file in [*tmp_path.rglob("*.parquet")]:
            pq.write_table(pq.read_table(file).drop_columns("month"), file)
            file.parent.rename(file.parent.with_name(f"month={file.parent.name}"))
    monkeypatch.chdir(tmp_path)
    code = dict(data_narrative.code("usage.municipality_month", held.name, download, NB, small=True))
    assert ("month=" in code["Power BI"]) is older
    rows = duckdb.sql(code["DuckDB"].replace("select *", "select month, dispatches").replace("limit 100", ""))
    assert sorted(rows.fetchall()) == [(date(2026, 9, 1), Decimal(9)), (date(2026, 10, 1), Decimal(10))]
    known: dict[str, object] = {}
    exec(code["Polars"], known)
    table = known["table"]
    assert isinstance(table, pl.LazyFrame)
    assert table.select(pl.col("dispatches").sum()).collect().item() == Decimal(19)
    assert table.collect_schema()["month"] == pl.Date


def test_the_code_for_one_file_opens_it(served, held, tmp_path, monkeypatch):
    download = file_delivery.download_of(held, "usage.dispatch_month", "nb")
    (tmp_path / download.name).write_bytes(served.get(download.link).content)
    monkeypatch.chdir(tmp_path)
    code = dict(data_narrative.code("usage.dispatch_month", held.name, download, NB, small=False))
    assert len(duckdb.sql(code["DuckDB"]).fetchall()) == 34
    exec(code["Polars"], {})
    assert list(code) == ["DuckDB", "Polars", "Power BI"]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: "x" + t[1:],
        # The last letter of a signature holds bits that say nothing, so another is changed.
        lambda t: t[:-2] + ("0" if t[-2] != "0" else "1") + t[-1],
        lambda _: "eyJ.ab",
        lambda _: "%C3%A6.%C3%A6",
    ],
)
def test_a_link_that_nobody_made_gives_nothing(served, held, change):
    link = file_delivery.download_of(held, "ledger.entry", "nb").link
    token, name = link.removeprefix(file_delivery.PATH).split("/")
    given = served.get(f"{file_delivery.PATH}{change(token)}/{name}")
    assert given.status_code == 404
    assert "ikke gyldig" in given.text


def test_an_old_link_gives_nothing(served, held, monkeypatch):
    monkeypatch.setattr(file_delivery, "GOOD_FOR", -file_delivery.GOOD_FOR)
    given = served.get(file_delivery.download_of(held, "ledger.entry", "en").link)
    assert (given.status_code, given.text) == (410, EN("delivery.expired"))


@pytest.mark.parametrize(
    ("visitor", "status"),
    [(None, 403), (READER, 403), (Visitor("", frozenset({Role.LEADERSHIP})), 403), (ECONOMY, 200)],
)
def test_a_link_that_was_sent_on_gives_only_what_its_receiver_may_see(home, held, visitor, status):
    link = file_delivery.download_of(held, "ledger.entry", "nb").link
    with TestClient(Starlette(routes=[file_delivery.route(Settings(home=home), lambda _: visitor)])) as client:
        given = client.get(link)
    assert given.status_code == status
    assert (given.text == NB("delivery.forbidden")) is (status == 403)


def test_a_release_that_is_gone_gives_nothing(tmp_path):
    settings = Settings(home=tmp_path)
    sample_data.publish(settings)
    there = current_release(settings.releases)
    link = file_delivery.download_of(there, "usage.dispatch_month", "nb").link
    manifest = there.folder / "manifest.json"
    with TestClient(Starlette(routes=[file_delivery.route(settings, lambda _: EVERYTHING)])) as client:
        manifest.chmod(0o600)
        manifest.write_text("{")
        assert client.get(link).status_code == 410
        there.folder.rename(tmp_path / "gone")
        assert client.get(link).status_code == 410
    assert file_delivery.download_of(there, "usage.dispatch_month", "nb") is None


def test_names_of_systems_as_their_senders_wrote_them_are_for_who_may_see_connections(open_at, home):
    """Many a sender writes itself into them."""
    dif = Visitor("", frozenset({Role.DIF}))
    assert "Sak v2" in tables_of(open_at("data", home, dif, **{"del": "karantene"}))
    closed = open_at("data", home, READER, **{"del": "karantene"})
    assert "Sak v2" not in text(closed)
    assert any("Rollen din har ikke tilgang til Ukjente fagsystemnavn" in one.value for one in closed.info)


def test_the_query_of_a_file_runs_as_it_stands(page_of, held):
    page = page_of(ECONOMY)
    answer = data_queries.lacking(page, "", "")
    told = downloads.as_sql(answer.sql, answer.parameters, {}).decode()
    listed = page.ask("data/lacking_days", through=date(2026, 11, 24), stream=None, organisations=["1", "2"])
    also = downloads.as_sql(listed.sql, listed.parameters, {}).decode()
    with reader.database(str(held.database)).connection.cursor() as connection:
        assert len(connection.sql(told).fetchall()) == answer.table.num_rows == 2
        assert connection.sql(also).fetchall() == []


# --- deliveries, rows set aside, changes ------------------------------------------------------------------------------


def test_who_has_not_delivered_is_shown_by_day_and_in_words(view):
    page = view("data", **{"del": "leveranser"})
    assert "Minst én levering mangler fra én virksomhet\u00a0· syntetisk" in headings(page)
    calendar = next(one.value for one in page.html if "dif-calendar" in one.value and "<table" in one.value)
    assert "Mangler 2 av 3 forventede dager. Første manglende dag: 19.11.2026." in calendar
    assert "1 kom for sent." in calendar
    assert calendar.count(">M</td>") == 2
    assert calendar.count('class="dif-late">S</td>') == 1
    assert "Haram" not in calendar
    assert calendar.count('scope="col"') == 2 + 28
    assert '12.<span class="dif-note">nov</span>' in calendar


def test_one_organisation_is_shown_also_where_it_has_delivered(view):
    page = view("data", **{"del": "leveranser", "organisasjon": sample_data.HARAM})
    assert any("har levert alt som var forventet" in one for one in headings(page))
    nothing = view("data", **{"del": "leveranser", "organisasjon": sample_data.BERGEN, "strom": "measurement"})
    assert "Ingenting var forventet fra virksomheten" in headings(nothing)


def test_batches_that_were_taken_back_are_not_what_came_last(page_of):
    rows = page_of(ECONOMY).ask("data/received").rows
    assert [(r["stream"], r["batches"], r["rows"]) for r in rows] == [("dispatch", 2, None), ("measurement", 1, 50)]
    assert all(r["received_at"] < sample_data.PUBLISHED for r in rows)


def test_that_dispatches_have_no_number_of_rows_is_said_with_why(view):
    page = view("data", **{"del": "leveranser"})
    assert "Antall rader vises ikke for forsendelser" in text(page)


def test_rows_set_aside_are_told_by_rule_and_the_accounting_sums(view):
    page = view("data", **{"del": "karantene"})
    said = text(page)
    assert "4 rader er satt til side, etter 2 regler" in said
    assert "Mengde × enhetspris må være lik beløpet." in tables_of(page)
    assert "Regnskapet går opp: alle 107 mottatte rader er gjort rede for." in tables_of(page)
    assert "1 fagsystemnavn er ukjent, 18,5\u00a0% av forsendelsene" in said


def test_what_mends_a_rule_is_a_command_for_dif_and_whom_to_ask_for_others(open_at, home):
    dif = open_at("data", home, Visitor("", frozenset({Role.DIF})), **{"del": "karantene"})
    assert "Avklares i registeret service_alias" in tables_of(dif)
    [commands] = [block.value for block in dif.code]
    assert commands.splitlines() == [
        "dif register export service_alias",
        'dif register apply service_alias service_alias.xlsx --reason "…"',
        "dif quarantine replay",
    ]
    other = open_at("data", home, READER, **{"del": "karantene"})
    assert "Spør DIF: Det kan avklares i registeret service_alias." in tables_of(other)
    assert "Produsenten retter og sender på nytt." in tables_of(other)
    assert not other.code
    assert "Rader til kontroll etter måned og produsent" in tables_of(unfolded(other))


def test_a_register_s_own_rows_are_mended_by_whoever_applied_it():
    rows = [{"stream": "register", "rule": "register_row_form"}, {"stream": "gone", "rule": "conflict"}]
    assert data_narrative.mends(rows, NB, by_oneself=True) == [
        "Den som la inn registeret, legger inn en rettet versjon.",
        "Produsenten retter og sender på nytt.",
    ]


def test_what_the_accounting_leaves_out_is_said():
    row = {"landed": 10, "conformed": 7, "superseded": 0, "quarantined": 1, "held": 0, "withdrawn": 0}
    assert "De siste 2 gjelder følsomme tjenester" in data_narrative.accounting([row], NB)


def test_what_changed_is_told_by_reason_and_place(view):
    page = view("data", **{"del": "endringer"})
    told = tables_of(page)
    assert "Bruk som er endret siden utgave 2026-11-23.1" in text(page)
    assert "kom for sent" in told
    assert "Bergen" in told
    nothing = view("data", **{"del": "endringer", "tjeneste": "fiks-io"})
    assert "«fiks-io» er ikke et gyldig valg" in warned(nothing)


def test_every_dataset_that_changed_is_told_and_those_of_the_ledgers_to_their_readers_alone(open_at, home):
    economy = open_at("data", home, ECONOMY, **{"del": "endringer"})
    assert "usage.dispatch_day" in tables_of(economy)
    assert "ledger.entry" in tables_of(economy)
    reader = open_at("data", home, READER, **{"del": "endringer"})
    assert "usage.dispatch_day" in tables_of(reader)
    assert "ledger.entry" not in tables_of(reader)
    assert any("har ikke tilgang til Regnskapsdatasett som er endret" in one.value for one in reader.info)


def test_the_first_release_has_no_figure_of_what_changed():
    none = {"figures": 0, "municipalities": 0, "synthetic": False}
    figures = data_narrative.figures((1, 0), {}, [], none, None, NB)
    assert "changed_since_last_release" not in [figure.metric for figure in figures]


def test_lineage_leads_to_datasets_and_names_the_rest():
    rows = [
        {"made_from_it": False, "kind": "REGISTER", "neighbour": "source_system"},
        {"made_from_it": True, "kind": "DATASET", "neighbour": "a.b"},
    ]
    before, after = data_tables.lineage(rows, {"a.b": "<Tittel>"}, lambda name: f"?d={name}", NB)
    assert "Registeret" in before
    assert '<a href="?d=a.b">&lt;Tittel&gt;</a> (a.b)' in after


# --- definitions and about --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_number_is_defined_with_an_anchor_and_its_query(view, language):
    told = tables_of(view("definitions", lang=language))
    for one in METRICS:
        assert f'<section id="{one.name}"' in told
        assert escape(one.title[language]) in told
    assert told.count("<details>") == len(METRICS)
    titles = [Words(language)(f"{page}.title") for page in ("usage", "uptake", "accounts", "data")]
    assert re.findall(r"<h3[^>]*>([^<]+)</h3>", told) == titles
    assert set(re.findall(r'href="#(of-\w+)"', told)) == set(re.findall(r'<h3 id="([^"]+)"', told))


def test_no_definition_names_a_column_a_dataset_or_a_code():
    texts = [one.definition[language] for one in METRICS for language in ("nb", "en")]
    assert [one for one in texts if re.search(r"\w_\w|[A-Z]{4,}|\b(usage|uptake|ledger|quality)\.", one)] == []


def test_what_a_rule_says_is_in_the_language_of_the_page():
    rows = [
        {"stream": "dispatch", "rule": "page_count_at_least_0", "says": "page_count må være minst 0."},
        {"stream": "dispatch", "rule": "of_no_contract", "says": "Noe annet."},
    ]
    assert data_narrative.broken(rows, NB) == ["page_count må være minst 0.", "Noe annet."]
    assert data_narrative.broken(rows, Words("en")) == ["page_count must be at least 0.", "Noe annet."]


def test_every_source_of_a_reference_table_is_said_in_norwegian():
    sources = {", ".join(one.sources) for one in DATASETS.values() if one.schema == "reference" and one.sources}
    assert sorted(one for one in sources if named(f"value.sources.{one}") not in MESSAGES) == []


def test_every_figure_of_the_pages_names_a_definition_that_there_is():
    known, findings = {one.name for one in METRICS}, Path(data_narrative.__file__).parents[2]
    made = [
        (path.name, node)
        for path in findings.rglob("narrative.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute)
        if (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) in {"Figure", "missing"}
    ]
    named = {one.value for _, node in made for one in ast.walk(node) if isinstance(one, ast.Constant)} & known
    assert len(made) > 40
    assert [(name, node.lineno) for name, node in made if not _defines(node, known)] == []
    assert named >= {"income", "payment_change", "country_median", "annex_without_use", "services_with_use"}


def _defines(call: ast.Call, known: set[str]) -> bool:
    """The call names a definition, or passes on one that it is given."""
    given = [*call.args, *(one.value for one in call.keywords)]
    return any(
        (isinstance(one, ast.Constant) and one.value in known) or (isinstance(one, ast.Name) and one.id == "metric")
        for one in given
    )


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_unit_is_said_in_the_language_of_the_page(language):
    units = {one.unit for one in METRICS} | {x.unit for one in DATASETS.values() for x in one.columns if x.unit}
    missing = sorted(one for one in units if named(f"value.unit.{one}") not in MESSAGES)
    assert missing == [], "write their words in dashboards/words/units.*.ftl"
    assert MESSAGES["value-unit-kommuner"][language] == {"nb": "kommuner", "en": "municipalities"}[language]


def test_the_query_of_each_definition_is_one_that_its_dataset_is_in():
    assert [one.name for one in METRICS if one.dataset not in one.sql and f"{one.dataset}_now" not in one.sql] == []


def test_a_search_finds_numbers_words_and_abbreviations(view):
    page = view("definitions", sok="postkasse")
    told = tables_of(page)
    assert "SDP" in told
    assert '<section id="delivery_time"' in told
    assert '<section id="income"' not in told
    nothing = view("definitions", sok="finnes ikke i det hele tatt")
    assert "Ingenting passer med «finnes ikke i det hele tatt»" in text(nothing)
    assert nothing.text_input[0].value == "finnes ikke i det hele tatt"


def test_a_search_is_written_to_the_link(view):
    page = view("definitions")
    page.text_input[0].set_value("andel").run()
    assert link_of(page) == {"sok": "andel"}
    page.text_input[0].set_value("").run()
    assert link_of(page) == {}


def test_a_search_takes_every_word_in_any_case():
    assert definitions_narrative.holds("Digital POSTKASSE", ["digital", "postkasse"])
    assert not definitions_narrative.holds("digital brev", ["digital", "postkasse"])


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_page_about_the_pages_says_what_is_synthetic_and_that_the_statement_is_a_draft(view, language):
    words = Words(language)
    page = view("about", lang=language)
    said = text(page) + "".join(one.value for one in page.markdown)
    assert words("about.synthetic.title") in said
    assert words("about.accessibility.draft") in said
    assert "tall@example.no" in said


@pytest.mark.parametrize("key", ["data", "definitions", "about"])
def test_without_a_release_each_page_says_so(view, tmp_path, key):
    assert "dif demo" in view(key, tmp_path).code[0].value


def test_the_sample_of_an_empty_dataset_is_said_to_be_empty(view):
    page = view("data", datasett="uptake.declined")
    assert NB("data.sample.title") in text(page)
    assert downloads.MIME.keys() >= {"xlsx", "csv", "sql"}
