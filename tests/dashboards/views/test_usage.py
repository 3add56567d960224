"""Use per municipality: what it says, its charts, and the page in each of its states."""

from __future__ import annotations

import base64
import json
import re
import shutil
from datetime import date
from decimal import Decimal
from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import duckdb
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from streamlit.testing.v1 import AppTest

from catalog.domain.calendar import year_before
from catalog.errors import Forbidden
from catalog.tables import usage
from dashboards.page import downloads, layout
from dashboards.page.layout import SETTINGS_KEY
from dashboards.release import authorization
from dashboards.release import reader as release_reader
from dashboards.release.authorization import Role, Visitor
from dashboards.shared.charts import apart
from dashboards.views.usage import charts as usage_charts
from dashboards.views.usage import narrative as usage_narrative
from dashboards.views.usage import panels as usage_panels
from dashboards.views.usage import queries as usage_queries
from dashboards.views.usage import tables as usage_tables
from dashboards.views.usage.models import SENT, Counted, Group, Month, Municipality, Product, Scope, Series
from dashboards.words import Words
from tests.dashboards import sample, sample_usage
from tests.dashboards.conftest import added_up, headings, unfolded
from tests.dashboards.rows import replace
from tests.dashboards.sample_usage import BERGEN, DECEMBER_2023, HARAM, OCTOBER, SAMNANGER, SEPTEMBER
from transport.base.settings import Settings
from transport.releases.release import current_release

VIEW = Path(layout.__file__).parents[1] / "views" / "usage" / "page.py"
NB = Words("nb")
SVARUT = Product(service="svarut", name="SvarUt", external=False, months=6, sends=True, synthetic=True, counted=(SENT,))
COUNTY = Group(peer_kind="COUNTY", peer_group="46", name="Vestland", members=42)
SCOPE = Scope(
    Municipality(code=BERGEN, name="Bergen", valid_to=None),
    SVARUT,
    "",
    COUNTY,
    (),
    "now",
    sample_usage.NOVEMBER_2023,
    OCTOBER,
)
COUNTRY = replace(SCOPE, municipality=None, group=None)


@pytest.fixture(scope="module")
def home(usage_home):
    return usage_home


@pytest.fixture(scope="module")
def page(home):
    shown = current_release(home / "releases")
    return layout.Page(shown, authorization.EVERYTHING, NB, {}, None, Settings(home=home))


def opened_at(home: Path, **link: str) -> AppTest:
    """The page of a home by a link, run without the others."""
    shown = AppTest.from_file(VIEW, default_timeout=180)
    shown.secrets[SETTINGS_KEY] = {"home": str(home), "contact": ""}
    for name, value in link.items():
        shown.query_params[name] = value
    return added_up(shown.run())


@pytest.fixture
def bruk(home):
    return partial(opened_at, home)


def text(shown) -> str:
    """All that a reader sees."""
    said = [str(getattr(one, "value", "") or "") for one in shown.main]
    said += [f"{one.proto.title} {one.value}" for one in [*shown.warning, *shown.info, *shown.error]]
    return re.sub(r"<[^>]+>", " ", "\n".join(said)).replace("\u00a0", " ").replace("\\", "")


def sentence(shown) -> str:
    (said,) = [one.value for one in shown.html if '<p class="dif-answer"' in one.value]
    return re.sub(r"<[^>]+>", "", said).replace("\u00a0", " ")


def at(answer, month: date) -> dict:
    return next(row for row in answer.rows if row["month"] == month)


# what is asked


def test_a_month_that_nobody_told_of_is_empty_and_a_channel_that_was_not_used_is_none(page):
    rows = usage_queries.trend(page, SCOPE).rows
    assert len(rows) == 36
    assert rows[0]["month"] == sample_usage.NOVEMBER_2023
    assert at(usage_queries.trend(page, SCOPE), date(2025, 5, 1))["dispatches"] is None
    by_mail = usage_queries.trend(page, replace(SCOPE, channel="SDP"))
    assert at(by_mail, OCTOBER)["dispatches"] == 300
    assert at(by_mail, OCTOBER)["per_1000_median"] is None  # the median is of all channels
    unused = usage_queries.trend(page, replace(SCOPE, channel="NHN"))
    assert at(unused, OCTOBER)["dispatches"] == 0
    assert at(unused, date(2025, 5, 1))["dispatches"] is None


def test_figures_per_inhabitant_are_those_that_the_product_makes(page):
    trend = usage_queries.trend(page, SCOPE).rows
    made = {
        row["month"]: row
        for row in sample_usage.made()[sample_usage.usage.PEER_MONTH].to_pylist()
        if (row["municipality_code"], row["peer_kind"], row["service"]) == (BERGEN, "COUNTY", "svarut")
    }
    for row in trend:
        assert row["per_1000_inhabitants"] == made.get(row["month"], {}).get("per_1000_inhabitants")
        assert row["per_1000_median"] == made.get(row["month"], {}).get("per_1000_median")
    members = usage_queries.group(page, SCOPE).rows
    own = next(row for row in members if row["own"])
    assert own["per_1000_inhabitants"] == made[OCTOBER]["per_1000_inhabitants"]
    assert len(members) == 43
    assert [row["name"] for row in members if row["per_1000_inhabitants"] is None] == ["Samnanger"]


def test_use_on_the_borders_of_then_stands_where_it_was_and_on_those_of_now_where_it_is(page):
    def dispatches(code: str, borders: str) -> tuple[object, bool]:
        scope = replace(SCOPE, municipality=Municipality(code=code, name="", valid_to=None), borders=borders)
        row = at(usage_queries.trend(page, scope), DECEMBER_2023)
        return row["dispatches"], row["estimated"]

    assert dispatches("1507", "then") == (100, False)
    assert dispatches(HARAM, "then") == (None, False)
    assert dispatches("1507", "now") == (None, False)
    assert dispatches(HARAM, "now")[1]
    assert dispatches(HARAM, "now")[0] + dispatches("1508", "now")[0] == 100


MESSAGES = replace(
    SCOPE,
    municipality=Municipality(code="4613", name="Bømlo", valid_to=None),
    product=replace(SVARUT, service="fiks-io", name="Fiks IO", sends=False),
    counted=Counted("meldinger", "Meldinger"),
)


def test_other_use_stands_beside_the_group_as_the_product_makes_it(page):
    made = {
        row["month"]: row
        for row in sample_usage.made()[usage.PEER_MEASURE_MONTH].to_pylist()
        if (row["municipality_code"], row["peer_kind"], row["measure"]) == ("4613", "COUNTY", "meldinger")
    }
    rows = usage_queries.trend(page, MESSAGES).rows
    assert len(rows) == 36
    for name in ("per_1000_inhabitants", "per_1000_q1", "per_1000_median", "per_1000_q3", "n", "members"):
        assert [row[name] for row in rows] == [made.get(row["month"], {}).get(name) for row in rows], name
    assert rows[-1]["per_1000_q1"] < rows[-1]["per_1000_median"] < rows[-1]["per_1000_q3"]
    group = usage_queries.group(page, MESSAGES).rows
    assert [row["per_1000_inhabitants"] for row in group if row["own"]] == [made[OCTOBER]["per_1000_inhabitants"]]
    assert (len(group), sum(row["quantity"] is None for row in group)) == (43, 2)
    (one,) = usage_queries.chosen(page, replace(MESSAGES, compared=("4602",), first=OCTOBER)).rows
    assert (one["name"], one["month"]) == ("Kinn", OCTOBER)


APPLIED = replace(
    MESSAGES,
    municipality=SCOPE.municipality,
    product=replace(MESSAGES.product, service="fiks-digisos"),
    counted=Counted("soknader", "Søknader"),
)


def test_figures_of_a_sensitive_service_are_numbers_in_the_trend_in_the_group_and_in_the_median(page):
    own = at(usage_queries.trend(page, APPLIED), OCTOBER)
    assert (own["quantity"], own["perturbed"], own["n"]) == (44, True, 10)
    answer = usage_queries.group(page, APPLIED)
    shown = sorted(row["per_1000_inhabitants"] for row in answer.rows if row["quantity"] is not None and not row["own"])
    assert own["per_1000_median"] == shown[4], "the fifth of ten, by nearest rank"
    assert {row["name"]: row["quantity"] for row in answer.rows if row["name"] in {"Bergen", "Øygarden"}} == {
        "Bergen": 44,
        "Øygarden": 0,
    }
    assert usage_narrative.strip_title(APPLIED, answer.rows, NB).startswith("Bergen er nummer ")
    assert answer.perturbed
    assert not usage_queries.group(page, MESSAGES).perturbed


def test_other_use_of_a_municipality_that_was_split_stands_on_either_borders(page):
    def look_ups(code: str, borders: str) -> tuple[object, bool]:
        scope = replace(LOOKED_UP, municipality=Municipality(code=code, name="", valid_to=None), borders=borders)
        row = at(usage_queries.trend(page, scope), DECEMBER_2023)
        return row["quantity"], row["estimated"]

    assert look_ups("1507", "then") == (100_000, False)
    assert look_ups(HARAM, "then") == (None, False)
    assert look_ups(HARAM, "now")[1]
    assert look_ups(HARAM, "now")[0] + look_ups("1508", "now")[0] == 100_000


def test_what_a_municipality_uses_counts_what_is_no_dispatch_but_not_support_requests(page):
    series = series_of(page, SCOPE)
    assert set(series) == {
        ("svarut", "forsendelser"),
        ("fiks-folkeregister", "oppslag"),
        ("fiks-io", "kontoer"),
        ("min-kommune", "kontoer"),
        ("fiks-digisos", "soknader"),
    }
    assert series["min-kommune", "kontoer"].stock
    assert series["fiks-digisos", "soknader"].at(OCTOBER) == Month(OCTOBER, Decimal(44))
    assert series["fiks-folkeregister", "oppslag"].at(OCTOBER).quantity == 5_050


def series_of(page, scope) -> dict[tuple[str, str], Series]:
    answer = usage_queries.use(page, scope)
    listed = usage_queries.as_series(answer, scope.month, page.release.as_of, NB)
    return {(one.service, one.measure): one for one in listed}


def test_the_countrys_figure_of_a_sensitive_service_is_its_own_and_not_the_sum(page):
    series = series_of(page, COUNTRY)
    told = [one for one in sample_usage.measured() if one["measure"] == "soknader" and one["month"] == OCTOBER]
    of_all = sum(one["quantity"] for one in told)
    assert series["fiks-digisos", "soknader"].at(OCTOBER).quantity == of_all + sample_usage.OFF
    assert series["svarut", "forsendelser"].at(OCTOBER).quantity == sum(
        months.get(OCTOBER, 0) for months in sample_usage.sent().values()
    )


def test_connections_are_refused_to_who_may_not_see_them_before_they_are_asked_for(page):
    number = sample_usage.numbers()[BERGEN]
    reader = Visitor("", frozenset({Role.READER}))
    for visitor, may in (
        (reader, False),
        (replace(reader, organisation=number), True),
        (replace(reader, organisation=sample_usage.numbers()["4626"]), False),
        (replace(reader, networks=frozenset({"digivestland"})), True),
        (replace(reader, networks=frozenset({"digi-agder"})), False),
        (Visitor("", frozenset({Role.DIF})), True),
    ):
        looking = replace(page, visitor=visitor)
        assert usage_queries.sees_connections(looking, SCOPE) is may
        if may:
            assert usage_queries.connections(looking, SCOPE).rows[0]["system"] == "Sakssystem X"
        else:
            with pytest.raises(Forbidden):
                usage_queries.connections(looking, SCOPE)


@pytest.mark.parametrize(
    ("visitor", "exactly"),
    [
        (Visitor("", frozenset({Role.DIF})), True),
        (Visitor("", frozenset({Role.READER}), organisation=sample_usage.numbers()[BERGEN]), True),
        (Visitor("", frozenset({Role.NETWORK}), networks=frozenset({"digivestland"})), False),
        # whoever is both has exact numbers of its own organisation only
        (
            Visitor(
                "",
                frozenset({Role.NETWORK}),
                networks=frozenset({"digivestland"}),
                organisation=sample_usage.numbers()["4626"],
            ),
            False,
        ),
    ],
)
def test_connections_are_exact_for_the_organisation_itself_and_dif_and_in_bands_for_a_network(page, visitor, exactly):
    looking = replace(page, visitor=visitor)
    answer = usage_queries.connections(looking, SCOPE)
    told = [(row["system"], row["dispatches"], row["twelve_months"], row["failed"]) for row in answer.rows]
    numbers = [("Sakssystem X", 300, 300, 3), ("Fagsystem Z", 60, 60, 0), (None, 40, 40, 0)]
    bands = [
        ("Sakssystem X", "100-999", "100-999", "0-9"),
        ("Fagsystem Z", *["10-99"] * 2, "0-9"),
        (None, *["10-99"] * 2, "0-9"),
    ]
    assert told == (numbers if exactly else bands)
    assert ("usage.connection_exact_month" in authorization.datasets_in(answer.sql)) is exactly
    shown = usage_tables.connections(answer.rows, NB).replace("\u00a0", " ")
    assert (">100–999<" in shown) is not exactly
    assert ("15.10.2026" in shown) is exactly, "a network sees the month only"
    rows, title = answer.rows, usage_narrative.connections_title(SCOPE, answer.rows, NB)
    assert len(rows) == 3
    assert title.startswith("2 fagsystemer sendte med SvarUt")
    assert ("75" in title) is exactly, "no share is worked out of bands"


def test_a_network_awaits_the_connections_of_a_month_that_is_not_published_yet(page):
    network = Visitor("", frozenset({Role.NETWORK}), networks=frozenset({"digivestland"}))
    manifest = {**page.release.manifest, "as_of": sample_usage.AS_OF.isoformat()}
    early = replace(page.release, manifest=manifest)
    for release, awaited in ((page.release, False), (early, True)):
        looking = replace(page, visitor=network, release=release)
        rows = usage_queries.connections(looking, SCOPE).rows
        assert all((row["dispatches"] is None) is awaited for row in rows), "what is not known is no 0"
        notes = usage_narrative.connections_notes(SCOPE, NB, later=usage_queries.connections_awaited(looking, SCOPE))
        assert ("Tallene for oktober 2026 kommer sju virkedager etter månedens slutt." in notes) is awaited


def test_a_band_that_may_be_none_is_shown_as_such(page):
    network = Visitor("", frozenset({Role.NETWORK}), networks=frozenset({"digivestland"}))
    scope = replace(SCOPE, municipality=Municipality(code="4626", name="Øygarden", valid_to=None))
    rows = usage_queries.connections(replace(page, visitor=network), scope).rows
    assert [(row["system"], row["dispatches"]) for row in rows] == [("Sakssystem X", "1-9"), (None, "0-9")]
    assert ">0–9<" in usage_tables.connections(rows, NB)
    assert "0–9 kan bety ingen." in usage_narrative.connections_notes(scope, NB, later=False)[0]


def test_bands_are_added_over_accounts_and_months_and_written_as_numbers_are(home, tmp_path):
    older = shutil.copytree(home, tmp_path / "home", symlinks=True)
    with duckdb.connect(older / "releases" / "current" / "dif.duckdb") as connection:
        connection.execute(
            "insert into usage.connection_month "
            "select * replace (month - interval 1 month as month, '1000-9999' as dispatches) "
            "from usage.connection_month where source_system = 'Sakssystem X'"
        )
    shown = current_release(older / "releases")
    network = Visitor("", frozenset({Role.NETWORK}), networks=frozenset({"digivestland"}))
    rows = usage_queries.connections(layout.Page(shown, network, NB, {}, None, Settings(home=older)), SCOPE).rows
    assert (rows[0]["dispatches"], rows[0]["twelve_months"]) == ("100-999", "1100-10998")
    assert ">1 100–10 998<" in usage_tables.connections(rows, NB).replace("\u00a0", " ")


def test_a_question_runs_as_its_file_says_with_its_parameters_written_in(page):
    database = release_reader.database(str(page.release.database)).connection
    both = [
        ask(page, one)
        for ask in (usage_queries.trend, usage_queries.group, usage_queries.use)
        for one in (SCOPE, MESSAGES)
    ]
    for answer in both:
        written = downloads.as_sql(answer.sql, answer.parameters, {}).decode()
        assert database.cursor().sql(written).to_arrow_table().num_rows == answer.table.num_rows


# what it says


def row(month: date, own: str | None, median: str | None, **more) -> dict:
    """A month of the trend."""
    some = {
        "month": month,
        "dispatches": None if own is None else Decimal(own) * 100,
        "per_1000_inhabitants": None if own is None else Decimal(own),
        "per_1000_median": None if median is None else Decimal(median),
        "per_1000_q1": None if median is None else Decimal(median) - 1,
        "per_1000_q3": None if median is None else Decimal(median) + 1,
        "n": 9,
        "members": 10,
        "digital_share": None if own is None else Decimal("0.86"),
        "digital_share_provisional": False,
        "digital_share_median": Decimal("0.84"),
        "digital_share_q1": Decimal("0.80"),
        "digital_share_q3": Decimal("0.90"),
        "all_channels": None if own is None else Decimal(own) * 100,
        "printed": None if own is None else Decimal(10),
        "sheets": None if own is None else Decimal(20),
        "production_cost_ore": None if own is None else 3_000,
        "postage_ore": None if own is None else 20_000,
        "municipalities": 1,
        "estimated": False,
        "synthetic": False,
    }
    return some | more


def measured(month: date, own: str | None, median: str | None, **more) -> dict:
    """A month of the trend of look-ups."""
    some = row(month, own, median) | {"quantity": None if own is None else Decimal(own) * 100}
    some |= {"median_missing": None, "perturbed": False}
    return some | more


LOOKED_UP = replace(
    SCOPE,
    product=replace(SVARUT, service="fiks-folkeregister", sends=False),
    counted=Counted("oppslag", "Oppslag"),
)
AUGUST = date(2026, 8, 1)
THREE = [row(AUGUST, "1", "2"), row(SEPTEMBER, None, "2"), row(OCTOBER, "3", "2")]


@pytest.mark.parametrize(
    ("own", "said"),
    [("3", "over medianen på 2,00"), ("1", "under medianen på 2,00"), ("2.001", "på linje med medianen på 2,00")],
)
def test_the_answer_stands_beside_the_median_as_both_are_written(own, said):
    answer = usage_narrative.answer(SCOPE, [row(OCTOBER, own, "2")], NB, incomplete=False)
    assert f"Det er {said} for de andre kommunene i Vestland." in answer


def test_a_month_that_nobody_told_of_is_answered_as_a_gap_with_the_last_that_is_known():
    scope = replace(SCOPE, month=SEPTEMBER)
    answer = usage_narrative.answer(scope, THREE[:2], NB, incomplete=False)
    assert answer == (
        "Ingen har meldt forsendelser i SvarUt fra Bergen i september 2026. Manglende tall betyr ikke null bruk. "
        "Siste måned med tall er august 2026."
    )
    figure = usage_narrative.figures(scope, THREE[:2], [], NB)[0]
    assert (figure.value, figure.words) == ("..", "Ingen har meldt tall. Det betyr ikke null bruk.")


def test_a_delivery_that_is_missing_makes_the_answer_unsure():
    assert "Tallet kan være for lavt" in usage_narrative.answer(SCOPE, THREE, NB, incomplete=True)


def test_paper_is_of_the_months_that_somebody_told_of():
    paper = usage_narrative.printed(THREE, OCTOBER)
    assert (paper.months, paper.sheets, paper.cost_ore, paper.part) == (2, 40, 46_000, Decimal("0.05"))
    assert usage_narrative.print_title(paper, NB).replace("\u00a0", " ") == "Papirposten kostet 460 kr på 2 måneder"


def test_a_product_that_prints_nothing_has_no_cost_of_paper_to_tell_of():
    rows = [dict(one, printed=Decimal(0), sheets=Decimal(0), production_cost_ore=0, postage_ore=0) for one in THREE]
    paper = usage_narrative.printed([one for one in rows if one["all_channels"] is not None], OCTOBER)
    assert usage_narrative.print_title(paper, NB) == "Ingenting gikk på papir på 2 måneder"
    assert "0 kr" not in usage_narrative.print_subtitle(SCOPE, paper, NB)
    known = [one for one in rows if one["all_channels"] is not None]
    labels = [one.label for one in usage_narrative.figures(SCOPE, known, [], NB)]
    assert "Kostnad for papirpost" not in labels
    assert "Kostnad for papirpost" in [one.label for one in usage_narrative.figures(SCOPE, THREE[2:], [], NB)]


def test_a_channel_that_no_source_tells_is_not_called_the_largest():
    rows = [{"channel": "UNKNOWN", "twelve_months": Decimal(3)}, {"channel": "SDP", "twelve_months": Decimal(1)}]
    assert (
        usage_narrative.channel_title(rows, NB).replace("\u00a0", " ")
        == "Kanalen er ikke kjent for 75 % av forsendelsene"
    )
    assert usage_narrative.channel_title(rows[:1], NB) == "Ingen kilde sier hvilken kanal forsendelsene gikk i"


def test_names_at_the_ends_of_lines_stand_apart_and_off_the_lines():
    assert apart([100, 40, 40]) == [100, 32, 48]
    assert apart([0, 0, 20]) == pytest.approx([-28 / 3, 20 / 3, 68 / 3])
    spec = usage_charts.trend(THREE, usage_charts.RATE, SCOPE, NB).to_dict()
    names = next(one for one in spec["layer"] if one["mark"]["type"] == "text")
    assert (names["mark"]["align"], names["encoding"]["x"]["scale"]["range"][1]) == ("left", {"expr": "width - 59"})


def test_the_trend_says_in_how_many_months_it_was_above_the_median():
    assert usage_narrative.trend_title(SCOPE, THREE, NB) == (
        "Bergen lå over medianen i én av de to månedene med tall det siste året"
    )
    alone = [row(OCTOBER, "3", None)]
    assert usage_narrative.trend_title(SCOPE, alone, NB) == "Forsendelser med SvarUt, måned for måned"


def test_equals_share_a_place_and_who_has_no_figure_has_none():
    def member(value: str | None, *, own: bool = False) -> dict:
        return {"per_1000_inhabitants": None if value is None else Decimal(value), "own": own}

    assert usage_narrative.standing([member("3"), member("2", own=True), member("2"), member(None)]) == (2, 3)
    assert usage_narrative.standing([member("3"), member(None, own=True)]) == (None, 1)


def series(name: str, then: int | None, now: int | None) -> Series:
    told = ((year_before(OCTOBER), then), (OCTOBER, now))
    months = tuple(Month(month, Decimal(n)) for month, n in told if n is not None)
    return Series(name, name, "oppslag", "Oppslag", "FLOW", months, estimated=False, synthetic=False)


def test_what_changed_most_is_said_up_and_down_and_only_of_what_can_be_compared():
    use = [series("a", 100, 300), series("b", 100, 90), series("c", None, 50), series("d", 10, None), series("e", 0, 5)]
    few = series("f", 2, 8)
    assert (
        usage_narrative.changed([*use, few], OCTOBER, NB)
        == "Mest endret på ett år: a opp 200 % (oppslag) og b ned 10 % (oppslag)."
    )
    assert usage_narrative.changed([few], OCTOBER, NB) == "Mest endret på ett år: f opp fra 2 til 8 (oppslag)."
    assert usage_narrative.changed(use[2:], OCTOBER, NB) == "Endring kan ikke vises: ingen tall for oktober 2025."
    assert usage_narrative.changed([series("a", 10, 10)], OCTOBER, NB) == "Ingenting er endret på ett år."


def test_a_month_that_is_not_published_yet_says_when_its_numbers_come():
    later = "Tallene for oktober 2026 kommer sju virkedager etter månedens slutt."
    scope = replace(APPLIED, awaited=True)
    rows = [measured(SEPTEMBER, "5", "4"), measured(OCTOBER, None, None)]
    first, rate, *_ = usage_narrative.figures_measured(scope, rows, [], NB)
    assert (first.value, first.words) == ("..", later)
    assert (rate.value, rate.words) == ("..", later)
    assert (
        usage_narrative.answer(scope, rows, NB, incomplete=False) == f"{later} Siste måned med tall er september 2026."
    )
    assert usage_narrative.empty_months(scope, rows, NB) == later, "it is no gap"
    assert usage_narrative.without(scope, [{"name": "Bergen", "per_1000_inhabitants": None}], NB) == later


WHY = ["FEW_MEMBERS", "NOT_MEASURED", "FEW_FIGURES", "NO_INHABITANTS"]


@pytest.mark.parametrize("why", WHY)
def test_a_group_without_a_median_says_why_and_never_zero(why):
    assert list(usage.MEDIAN_MISSING).count(why) == 1
    rows = [measured(OCTOBER, "5", None, median_missing=why)]
    figure = usage_narrative.figures_measured(LOOKED_UP, rows, [], NB)[1]
    assert (figure.value, figure.words) == (
        "5,00",
        f"Ingen median for de andre kommunene i Vestland: {NB(f'usage.median.{why}')}.",
    )
    assert usage_narrative.without_median(LOOKED_UP, rows, NB) == f"1 måned uten median: {NB(f'usage.median.{why}')}."
    country = replace(LOOKED_UP, municipality=None, group=None)
    median = usage_narrative.figures_measured(country, rows, [], NB)[1]
    assert (median.value, median.words) == ("..", f"Ingen median: {NB(f'usage.median.{why}')}.")


def test_every_reason_for_no_median_has_its_words():
    assert set(WHY) == set(usage.MEDIAN_MISSING)


def test_a_median_says_of_how_many_it_is():
    figure = usage_narrative.figures_measured(LOOKED_UP, [measured(OCTOBER, "5", "4")], [], NB)[1]
    assert figure.words == "Median 4,00 for de andre kommunene i Vestland; 9 av 10 har tall."


@pytest.mark.parametrize(("value", "said"), [("0", "0,00"), ("0.0082", "0,0082"), ("0.0312", "0,031"), ("0.1", "0,10")])
def test_a_small_rate_is_not_written_as_nothing(value, said):
    assert usage_narrative.rate(Decimal(value), NB) == said


def test_the_digital_share_of_an_unsettled_month_is_called_provisional():
    rows = [*THREE[:2], row(OCTOBER, "3", "2", digital_share_provisional=True)]
    figure = next(one for one in usage_narrative.figures(SCOPE, rows, [], NB) if one.label == "Digital andel")
    assert figure.words.endswith("foreløpig")
    assert "Foreløpig for oktober 2026" in usage_narrative.provisional(rows, NB)


# charts


def drawn(chart) -> dict:
    return chart.to_dict()


def data_of(spec: dict) -> list[dict]:
    return [row for rows in spec["datasets"].values() for row in rows]


def test_the_trend_breaks_where_a_month_is_missing_and_highlights_one_line():
    spec = drawn(usage_charts.trend(THREE, usage_charts.RATE, SCOPE, NB))
    rows = data_of(spec)
    own = [one for one in rows if one.get("series") == "Bergen"]
    assert [one["value"] for one in own] == [1.0, None, 3.0]
    assert all(one["alone"] for one in own if one["value"] is not None)
    assert {one["colour"] for one in own} == {usage_charts.PRIMARY}
    line = next(layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert line["mark"]["invalid"] == "break-paths-filter-domains"
    assert [(one["low"], one["high"]) for one in rows if "low" in one] == [(1.0, 3.0)] * 3
    assert usage_charts.trend_in_words(THREE, usage_charts.RATE, SCOPE, NB).replace("\u00a0", " ") == (
        "Bergen, per 1 000 innbyggere: 1,00 i august 2026, 3,00 i oktober 2026. Medianen i gruppen er 2,00."
    )


def test_those_of_ones_own_choice_are_grey_and_no_name_stands_on_another():
    compared = [
        {"municipality_code": code, "name": name, "month": OCTOBER, "per_1000_inhabitants": Decimal("2.9")}
        for code, name in (("1103", "Stavanger"), ("0301", "Oslo"))
    ]
    spec = drawn(usage_charts.trend(THREE, usage_charts.RATE, SCOPE, NB, compared=compared))
    rows = data_of(spec)
    assert {one["colour"] for one in rows if one.get("series") in ("Stavanger", "Oslo")} == {usage_charts.GREY}
    assert [layer["mark"]["type"] for layer in spec["layer"]].count("text") == 1
    low, high = spec["layer"][1]["encoding"]["y"]["scale"]["domain"]
    assert low == 0
    assert high >= max(one["value"] for one in rows if one.get("value") is not None)
    ends = sorted((high - one["value"]) * 240 / (high - low) + one["dy"] for one in rows if one.get("last"))
    assert len(ends) == 4
    assert all(below - above >= 15 for above, below in pairwise(ends))


def test_a_months_number_that_may_change_has_an_open_dot():
    rows = data_of(drawn(usage_charts.trend(THREE, usage_charts.RATE, SCOPE, NB, unsure={OCTOBER})))
    assert [one["month"] for one in rows if one.get("unsure")] == ["2026-10-01"]


def test_numbers_and_months_in_a_chart_are_norwegian():
    locale = drawn(usage_charts.trend(THREE, usage_charts.RATE, SCOPE, NB))["config"]["locale"]
    assert locale["number"]["decimal"] == ","
    assert locale["time"]["shortMonths"][4] == "mai"
    assert (
        drawn(usage_charts.trend(THREE, usage_charts.RATE, SCOPE, Words("en")))["config"]["locale"]["number"]["decimal"]
        == "."
    )


def test_the_group_is_a_dot_each_with_the_own_one_highlighted_and_gaps_left_out(page):
    rows = usage_queries.group(page, replace(SCOPE, compared=("0301",))).rows
    spec = drawn(usage_charts.strip(rows, Decimal(2), NB))
    dots = [one for one in data_of(spec) if "tier" in one]
    assert len(dots) == sum(one["per_1000_inhabitants"] is not None for one in rows)
    assert [one["name"] for one in dots if one["colour"] == usage_charts.PRIMARY] == ["Bergen"]
    assert {"Bergen", "Oslo"} <= {one["name"] for one in dots if one["tier"] >= 0}
    assert len({(one["y"], one["value"]) for one in dots}) == len(dots)  # equals do not hide each other


def test_bars_of_paper_begin_at_zero_and_stand_on_each_other():
    spec = drawn(usage_charts.print_cost(THREE, NB))
    bars = data_of(spec)
    assert [(one["from"], one["to"]) for one in bars if one["month"] == "2026-10-01"] == [(0.0, 30.0), (30.0, 230.0)]
    assert not [one for one in bars if one["month"] == "2026-09-01"]
    assert spec["layer"][0]["encoding"]["y"]["scale"]["zero"]


def test_a_small_multiple_is_a_picture_that_breaks_where_nobody_told():
    months = (Month(AUGUST, Decimal(5)), Month(OCTOBER, Decimal(10)))
    own = Series("a", "A", "oppslag", "Oppslag", "FLOW", months, estimated=False, synthetic=False)
    picture = ET.fromstring(usage_charts.multiple_svg(own, replace(SCOPE, first=AUGUST)))
    assert [one.tag.rpartition("}")[2] for one in picture] == ["path", "circle", "circle", "circle"]
    heights = [float(one.get("cy")) for one in picture if one.tag.endswith("circle")]
    assert heights[0] > heights[-1], "more is higher"
    assert usage_charts.multiple_in_words(own, SCOPE, NB) == "A, Bergen, oppslag: 5 i august 2026, 10 i oktober 2026."


# the page


def test_without_a_municipality_the_page_opens_on_the_country_with_a_choice(bruk):
    shown = bruk()
    assert not shown.exception
    assert [one.value for one in shown.title] == ["Bruk per kommune"]
    assert sentence(shown).startswith("45 kommuner sendte ")
    assert "Medianen er " in sentence(shown)
    assert [(one.label, one.value) for one in shown.selectbox] == [
        ("Kommune", ""),
        ("Tjeneste", "svarut"),
        ("Måned", "2026-10"),
        ("Kanal", ""),
        ("Periode", "36"),
    ]


def test_a_municipality_stands_beside_those_alike_and_the_year_before(bruk):
    shown = bruk(kommune=BERGEN, gruppe="COUNTY")
    assert not shown.exception
    assert re.match(
        r"Bergen sendte 400 forsendelser med SvarUt i oktober 2026, 1,36 per 1 000 innbyggere\. "
        r"Det er under medianen på \d+,\d+ for de andre kommunene i Vestland og 100 % mer enn i oktober 2025\.",
        sentence(shown),
    )
    said = text(shown)
    assert "25 % av forsendelsene på 2 måneder gikk på papir" in said
    assert "produksjon 585 kr og porto 3 900 kr" in said
    assert "foreløpig" in said  # October is not settled
    headers = headings(shown)
    assert "2 fagsystemer sendte med SvarUt; Sakssystem X sto for 75 %" in headers
    assert [one.label for one in shown.multiselect] == ["Egne valg"]


def test_a_delivery_that_is_missing_is_warned_of_before_any_figure(bruk):
    shown = bruk(kommune=BERGEN)
    said = text(shown)
    assert "Forventede leveringer fra Bergen mangler i oktober 2026 (siste 30.10.2026)." in said
    assert "Tallet kan være for lavt" in sentence(shown)


def test_use_that_is_no_dispatch_counts_too(bruk):
    shown = bruk(kommune=SAMNANGER, tjeneste="fiks-folkeregister")
    assert not shown.exception
    assert "Samnanger hadde 140 oppslag med Fiks folkeregister i oktober 2026, 56,2 per 1 000" in sentence(shown)
    assert "Ingen har meldt" not in sentence(shown)
    assert "ingen har meldt tall fra de andre i gruppen" in text(shown)  # Bergen and Alver are not like Samnanger
    assert "Samnanger er nummer" in text(shown)
    cards = next(one.value for one in shown.html if "dif-cards" in one.value)
    assert "tjeneste=fiks-folkeregister" in cards
    picture = re.search(r"base64,([^\"]+)", cards)[1]
    assert ET.fromstring(base64.b64decode(picture)).tag.endswith("svg")


def test_other_use_is_compared_as_dispatches_are(bruk):
    shown = unfolded(bruk(kommune="4613", tjeneste="fiks-io", gruppe="COUNTY", sammenlign="4602"))
    assert not shown.exception
    assert re.match(
        r"Bømlo hadde 113 meldinger med Fiks IO i oktober 2026, \d+,\d+ per 1 000 innbyggere\. "
        r"Det er (over|under) medianen på \d+,\d+ for de andre kommunene i Vestland\.",
        sentence(shown),
    )
    headers = headings(shown)
    assert [one for one in headers if one.startswith("Bømlo lå")]
    assert [one for one in headers if one.startswith("Bømlo er nummer")]
    assert "Båndet er den midterste halvparten av de andre kommunene i Vestland" in text(shown)
    tables = [one.value for one in shown.html if "dif-plain" in one.value]
    assert "nedre kvartil" in tables[0]
    files = [one.label for one in shown.get("download_button")]
    assert files[:4] == [NB(f"download.{kind}") for kind in ("xlsx", "csv", "parquet", "sql")]


def test_what_use_is_counted_in_can_be_chosen_where_there_is_more_than_one(bruk):
    shown = bruk(kommune=BERGEN, tjeneste="fiks-io")
    assert "Bergen hadde 1 konto med Fiks IO" in sentence(shown), "the first that somebody told of here"
    (menu,) = [one for one in shown.selectbox if one.label == "Telles i"]
    assert menu.options == ["Meldinger", "Kontoer"]
    other = bruk(kommune="4602", tjeneste="fiks-io", maal="kontoer")
    assert "Kinn hadde 1 konto med" in sentence(other)
    cards = next(one.value for one in other.html if "dif-cards" in one.value)
    assert "?kommune=4602&amp;tjeneste=fiks-io&amp;maal=kontoer" in cards
    assert 'aria-current="true" aria-label="Fiks IO, kontoer"' in cards
    menu = other.selectbox(key="filter_tjeneste").select("svarut").run()
    assert "maal" not in menu.query_params


def test_a_product_that_is_counted_otherwise_here_says_so_and_leads_there(bruk):
    shown = bruk(kommune="4613", tjeneste="fiks-io", maal="kontoer")
    assert not shown.exception
    (said,) = [one for one in shown.info if "Ingen kontoer i Fiks IO fra Bømlo" in one.proto.title]
    assert "ingen har meldt kontoer fra Bømlo" in said.value
    assert "[Fiks IO](?kommune=4613&tjeneste=fiks-io)" in said.value


def test_the_country_has_a_median_of_other_use(bruk):
    shown = bruk(tjeneste="fiks-digisos")
    assert not shown.exception
    assert "Hele landet hadde 176 søknader med Fiks Digisos i oktober 2026." in sentence(shown)
    assert "Medianen er " in sentence(shown)


CHANGED = "Tallene er endret tilfeldig med noen få enheter av hensyn til personvernet. Summer kan derfor avvike litt."


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ({"tjeneste": "fiks-digisos"}, CHANGED),
        ({"tjeneste": "fiks-digisos", "kommune": BERGEN}, CHANGED),
        ({"kommune": BERGEN}, f"Fiks Digisos: {CHANGED}"),  # the chosen service is not, but one of the cards
        ({"kommune": SAMNANGER}, ""),
    ],
)
def test_a_page_with_figures_changed_at_random_says_so_and_no_other_does(bruk, link, told):
    shown = bruk(**link)
    assert not shown.exception
    assert (CHANGED in text(shown)) is bool(told)
    assert told in text(shown)


def test_a_file_with_figures_changed_at_random_says_so_and_no_other_does(page):
    for service, says in (("fiks-digisos", True), ("fiks-folkeregister", False)):
        asked = replace(page, link={"kommune": BERGEN, "tjeneste": service})
        shows = usage_panels.panel(asked, "maaneder")
        about = load_workbook(BytesIO(downloads.of_panel("xlsx", shows, asked, {}))).worksheets[1]
        noted = {row[0].value: row[1].value for row in about.iter_rows()}
        assert noted.get("Endret tilfeldig") == (CHANGED if says else None)
        held = pq.read_schema(BytesIO(downloads.of_panel("parquet", shows, asked, {}))).metadata
        assert (CHANGED.encode() in held.values()) is says
        assert (CHANGED in shows.caption(asked, NB).notes) is says, "its picture and its embed too"
        assert "Endret tilfeldig" in downloads.of_panel("csv", shows, asked, {}).decode("utf-8-sig").splitlines()[0]


def test_other_flows_of_a_sensitive_service_are_of_the_country_only_and_its_main_figure_comes_first(bruk):
    shown = bruk(tjeneste="fiks-digisos")
    (menu,) = [one for one in shown.selectbox if one.label == "Telles i"]
    assert menu.options == ["Søknader", "Oppslag"]
    other = bruk(tjeneste="fiks-digisos", maal="oppslag")
    assert not other.exception
    assert "Hele landet hadde 777 oppslag med Fiks Digisos i oktober 2026." in sentence(other)
    assert CHANGED in text(other)
    assert "Dette tallet vises bare for hele landet, av hensyn til personvernet." in text(other)
    assert "Median" not in "".join(one.value for one in other.html if "<dl" in one.value)
    bergen = bruk(tjeneste="fiks-digisos", kommune=BERGEN, maal="oppslag")
    assert not [one for one in bergen.selectbox if one.label == "Telles i"], "one figure, and nothing to choose"
    assert "Bergen hadde 44 søknader" in sentence(bergen)
    (said,) = [one.value for one in bergen.warning if one.proto.title == "Ugyldig valg i lenken"]
    assert said == "«oppslag» er ikke et gyldig valg for telles i. Siden viser Søknader."


def test_before_its_cut_off_a_month_of_a_sensitive_service_is_awaited_and_others_are_shown(home, tmp_path):
    early = shutil.copytree(home, tmp_path / "home", symlinks=True)
    folder = (early / "releases" / "current").resolve()
    noted = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(noted | {"as_of": sample_usage.AS_OF.isoformat()}))
    with duckdb.connect(folder / "dif.duckdb") as connection:
        for table in ("measure_month", "municipality_measure_month", "peer_measure_month", "measure_total_month"):
            connection.execute(f"delete from usage.{table} where perturbed and month = date '2026-10-01'")
    later = "Tallene for oktober 2026 kommer sju virkedager etter månedens slutt."
    shown = opened_at(early, kommune=BERGEN, tjeneste="fiks-digisos")
    assert not shown.exception
    assert sentence(shown).startswith(f"{later} Siste måned med tall er oktober 2025.")
    assert "Ingen har meldt" not in sentence(shown)
    cards = next(one.value for one in shown.html if "dif-cards" in one.value)
    assert "vises sju virkedager etter månedens slutt" in cards
    others = opened_at(early, kommune=BERGEN)
    assert later not in text(others)


def test_a_municipality_without_numbers_says_why_and_what_is_nearest(bruk):
    shown = bruk(kommune=SAMNANGER, tjeneste="svarut")
    assert not shown.exception
    (said,) = [one for one in shown.info if "Ingen tall for SvarUt i Samnanger" in one.proto.title]
    assert "ingen har meldt bruk fra Samnanger" in said.value
    assert "[Fiks folkeregister](?kommune=4623&tjeneste=fiks-folkeregister)" in said.value
    assert "<dl" not in "".join(one.value for one in shown.html)


def test_a_product_that_nobody_counts_says_so(bruk):
    shown = bruk(kommune=BERGEN, tjeneste="edialog")
    assert "Ingen melder bruk av denne tjenesten. Det betyr ikke at den ikke er i bruk." in text(shown)


def test_a_municipality_that_is_none_any_more_is_said_with_its_successor(bruk):
    shown = bruk(kommune="1534")
    (said,) = [one.value for one in shown.warning if one.proto.title == "Ugyldig valg i lenken"]
    assert said == "1534 Haram er ikke en kommune lenger. Siden viser Hele landet. Området hører nå til 1580 Haram."
    assert f"?kommune={HARAM}" in "".join(one.value for one in shown.html)
    split = bruk(kommune="1507")
    assert "Området hører nå til 1508 Ålesund og 1580 Haram." in text(split)


def test_on_the_borders_of_then_an_old_code_has_its_own_page(bruk):
    shown = bruk(kommune="1507", grenser="da", maned="2023-12")
    assert not shown.exception
    assert not [one for one in shown.warning if one.proto.title == "Ugyldig valg i lenken"]
    assert "Ålesund sendte 100 forsendelser med SvarUt i desember 2023." in sentence(shown)
    assert "Sammenligningen følger dagens grenser." in text(shown)
    now = bruk(kommune=HARAM, maned="2023-12")
    assert "Anslått for november 2023 til desember 2023" in text(now)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"kommune": "4699"}, "«4699» er ikke et gyldig valg for kommune. Siden viser Hele landet."),
        ({"kommune": "Bergen"}, "Mente du [4601 Bergen](?kommune=4601)?"),
        ({"maal": "antall"}, "«antall» er ikke et gyldig valg for telles i. Siden viser Forsendelser."),
        ({"kanal": "FAKS"}, "«FAKS» er ikke et gyldig valg for kanal. Siden viser Alle kanaler."),
        ({"kommune": BERGEN, "gruppe": "COUNTRI"}, "Mente du [Landet uten Oslo](?kommune=4601&gruppe=COUNTRY)?"),
        ({"kommune": BERGEN, "sammenlign": "9999,1103"}, "«9999» er ikke et gyldig valg for egne valg, og er utelatt."),
        ({"kommune": BERGEN, "sammenlign": "1534"}, "1534 Haram er ikke en kommune lenger, og er utelatt."),
        (
            {"kommune": BERGEN, "sammenlign": "0301,1101,1103,1106,1108,1111"},
            "Du kan velge inntil 5 om gangen. 1111 Sokndal er utelatt.",
        ),
        ({"grenser": "naar"}, "«naar» er ikke et gyldig valg for kommunegrenser."),
        ({"maned": "2025-05"}, "Tjenesten har ingen tall for mai 2025."),
        ({"kommune": "<script>alert(1)</script>"}, "«<script>alert(1)</script>» er ikke et gyldig valg"),
    ],
)
def test_an_unknown_value_in_the_link_is_said(bruk, link, said):
    shown = bruk(**link)
    assert not shown.exception
    assert said in "".join(one.value for one in shown.warning).replace("\\", "")


def test_the_group_of_a_network_can_be_asked_for_by_its_kind_or_its_id(bruk):
    for value in ("NETWORK", "digivestland"):
        shown = bruk(kommune=BERGEN, gruppe=value)
        assert "for de andre kommunene i DigiVestland" in sentence(shown)


def test_a_change_of_filter_is_written_to_the_link_and_a_choice_taken_back_leaves_it(bruk):
    shown = bruk(kommune=BERGEN)
    shown.multiselect[0].select("1103").run()
    assert shown.query_params["sammenlign"] in ("1103", ["1103"])
    shown.multiselect[0].unselect("1103").run()
    assert "sammenlign" not in shown.query_params
    shown.selectbox(key="filter_kommune").select("").run()
    assert "kommune" not in shown.query_params
    assert "kommuner sendte" in sentence(shown)


def test_a_release_from_before_numbers_per_municipality_says_which_it_has_not(template, home, tmp_path):
    shown = opened_at(template)
    assert not shown.exception
    assert [one.proto.title for one in shown.info] == ["Utgaven har ikke tall per kommune"]
    older = shutil.copytree(home, tmp_path / "home", symlinks=True)
    with duckdb.connect(older / "releases" / "current" / "dif.duckdb") as connection:
        connection.execute("drop table usage.municipality_measure_month")
    said = text(opened_at(older))
    assert "ble laget før den fikk tallene siden trenger: annen bruk per kommune og måned (usage.municip" in said
    assert "usage.peer_month" not in said
    assert "Dette er den nyeste utgaven. Tallene kommer med i neste utgave." in said


def test_the_page_is_in_english_too(bruk):
    shown = bruk(kommune=BERGEN, lang="en", sammenlign="0301", kanal="PRINT")
    assert not shown.exception
    assert "Bergen sent 100 dispatches on paper with SvarUt in October 2026" in sentence(shown)
    assert not re.search(r"\bforsendelser\b|\boppslag\b", re.sub(r"usage\.\S+|\(.*?\)", "", text(shown)))


def test_what_was_made_up_is_marked(bruk):
    shown = bruk(kommune=BERGEN)
    figures = next(one.value for one in shown.html if "<dl" in one.value)
    assert figures.startswith('<p class="dif-small">Tallene under er syntetiske.</p><dl')
    assert "· syntetisk" not in figures
    assert sample.RELEASE in text(shown)
