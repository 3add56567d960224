"""The functions of a release, asked in SQL over a published file, and held against the borders in Python."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from catalog import facts
from catalog.domain.borders import borders
from catalog.metrics.macros import MACROS, MacroKind
from catalog.tables import reference
from transport.base.settings import Settings
from transport.releases import sql
from transport.releases.store import Content, Release, Releases

B = borders()
YEARS = range(2017, 2027)
NEW_YEARS = "(select code, make_date(year, 1, 1) as day from range(2017, 2027) as years(year), reference.municipality)"
D = Decimal


def tables():
    """The reference tables that the functions read, as the pipeline makes them where no register says otherwise."""
    return {
        reference.MUNICIPALITY: facts.table("municipality", reference.MUNICIPALITY.arrow_schema),
        reference.MUNICIPALITY_TO_NOW: B.then_to_now_table().cast(reference.MUNICIPALITY_TO_NOW.arrow_schema),
        reference.NETWORK_MEMBER: facts.table("network_member", reference.NETWORK_MEMBER.arrow_schema),
    }


def publish(settings: Settings, contents: list[Content]) -> Release:
    told = {"published_at": datetime.now(UTC).isoformat()}
    return Releases(settings).publish("2026-11-24.1", contents, lambda _said: [], told, parent=None)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def release(settings: Settings) -> Release:
    return publish(settings, [Content(contract, table=table) for contract, table in tables().items()])


@pytest.fixture(scope="module")
def ask(release: Release):
    with duckdb.connect(release.folder / "dif.duckdb", read_only=True) as connection:
        yield lambda query: connection.execute(query).fetchall()


def test_the_municipalities_of_each_year_are_as_many_as_there_were(ask):
    found = ask(
        f"select year(day), count(reference.name_on(code, day)), count(reference.county_on(code, day)) "
        f"from {NEW_YEARS} group by all order by all"
    )
    counts = [426, 422, 422, 356, 356, 356, 356, 357, 357, 357]
    assert found == [(year, count, count) for year, count in zip(YEARS, counts, strict=True)]


def test_each_code_on_each_new_years_day_is_what_the_borders_say(ask):
    found = ask(
        f"select code, day, reference.to_now(code, day), reference.name_on(code, day), reference.county_on(code, day) "
        f"from {NEW_YEARS}"
    )
    assert len(found) == 10 * len(B.municipalities)
    for code, day, now, name, county in found:
        shares = B.to_now(code, day)
        assert now == (shares[0].code if len(shares) == 1 else None), (code, day)
        assert (name, county) == (B.name_on(code, day), B.county_on(code, day)), (code, day)


def test_the_parts_of_each_code_on_each_new_years_day_are_what_the_borders_say(ask):
    found = ask(
        f"select asked.code, asked.day, part.to_code, part.weight, part.estimated "
        f"from {NEW_YEARS} as asked, reference.to_now(asked.code, asked.day) as part"
    )
    shares = [
        (code, day, share.code, D(share.weight.numerator) / D(share.weight.denominator), share.estimated)
        for day in (date(year, 1, 1) for year in YEARS)
        for code in B.codes_on(day)
        for share in B.to_now(code, day)
    ]
    assert sorted(found) == sorted(shares)


@pytest.mark.parametrize(
    ("code", "day", "now"),
    [
        ("1534", "2019-05-01", "1580"),  # Haram is Haram again, by the bridge
        ("1504", "2019-05-01", "1508"),
        ("1507", "2021-05-01", None),  # the Ålesund that was split
        ("1507", "2019-05-01", None),  # not yet
        ("5012", "2019-05-01", None),  # Snillfjord, in three
        ("1850", "2019-05-01", None),  # Tysfjord, in two
        ("1001", "2019-05-01", "4204"),  # Kristiansand with Songdalen and Søgne
        ("1017", "2019-05-01", "4204"),
        ("1018", "2019-05-01", "4204"),
        ("1018", "2012-02-29", "4204"),  # the years before stand in the division of 2017
        ("4204", "2012-02-29", None),
        ("9999", "2024-01-01", None),
    ],
)
def test_a_code_of_a_day_becomes_the_code_of_now_or_nothing(ask, code, day, now):
    assert ask(f"select reference.to_now('{code}', date '{day}')") == [(now,)]


@pytest.mark.parametrize(
    ("code", "day", "parts"),
    [
        ("1507", "2023-05-01", [("1508", D("0.8621"), True), ("1580", D("0.1379"), True)]),
        ("5012", "2019-05-01", [("5055", D("0.35"), True), ("5056", D("0.35"), True), ("5059", D("0.3"), True)]),
        ("1850", "2016-05-01", [("1806", D("0.5"), True), ("1875", D("0.5"), True)]),
        ("1534", "2019-12-31", [("1580", D(1), False)]),
        ("1534", "2020-01-01", []),
    ],
)
def test_a_split_municipality_gives_its_parts_with_weights(ask, code, day, parts):
    assert ask(f"from reference.to_now('{code}', date '{day}') order by to_code") == parts


def test_a_figure_times_its_weight_does_not_overflow(ask):
    """DuckDB multiplies two decimal(18) into a decimal(18), which 212 dispatches with four decimals already burst."""
    quantities = "(values (212::decimal(18,4)), (99999999999999.9999::decimal(18,4))) as given(quantity)"
    found = ask(
        f"select quantity, sum(quantity * weight) from {quantities}, reference.to_now('1507', date '2023-05-01') "
        "group by all order by quantity"
    )
    assert [whole for whole, _ in found] == [parts for _, parts in found]


def test_a_name_is_that_of_the_day(ask):
    assert ask(
        "select reference.name_on('1507', date '2020-01-01'), reference.name_on('1507', date '2024-01-01'), "
        "reference.name_on('1507', null), reference.name_on(null, date '2024-01-01')"
    ) == [("Ålesund", None, None, None)]


def test_the_networks_of_a_municipality_are_those_of_the_day(ask):
    days = [
        date(2017, 1, 1),
        date(2020, 1, 1),
        date(2021, 12, 2),
        date(2021, 12, 3),
        date(2024, 1, 1),
        date(2026, 6, 1),
    ]
    listed = ", ".join(f"date '{day}'" for day in days)
    found = ask(
        f"select asked.code, asked.day, member.network_id from (select code, unnest([{listed}]) as day "
        "from reference.municipality) as asked, reference.networks_on(asked.code, asked.day) as member"
    )
    members = [
        (row["municipality_code"], day, row["network_id"])
        for row in facts.read("network_member")
        for day in days
        if B.valid(row["municipality_code"], day)
        and (not row["valid_from"] or date.fromisoformat(row["valid_from"]) <= day)
        and (not row["valid_to"] or day < date.fromisoformat(row["valid_to"]))
    ]
    assert sorted(found) == sorted(members)
    assert len({day for _, day, _ in found}) == len(days)


@pytest.mark.parametrize("alias", ["asked", "way", "stood", "municipality", "x"])
def test_what_the_caller_calls_its_own_tables_and_columns_does_not_matter(ask, alias):
    """A name in the caller's words must not be taken for a column of the table that the function reads."""
    day = "date '2019-05-01'"
    plain = ask(f"select reference.name_on(code, {day}), reference.to_now(code, {day}) from reference.municipality")
    assert sum(name is not None for name, _ in plain) == 422
    for code in ("code", "from_code", "asked_code"):
        named = (
            f"select reference.name_on({alias}.{code}, valid_from), reference.to_now({code}, {alias}.valid_from) "
            f"from (select code as {code}, {day} as valid_from from reference.municipality) as {alias}"
        )
        assert sorted(ask(named), key=str) == sorted(plain, key=str), code


def test_a_day_may_be_text_or_a_moment_and_arguments_may_be_named(ask):
    assert ask(
        "select reference.to_now('1534', '2019-05-01'), "
        "reference.to_now(day := timestamp '2019-05-01 23:00:00', code := '1534')"
    ) == [("1580", "1580")]


def test_the_locked_query_answers_them_too(settings, release):
    found = sql.query(
        settings,
        release,
        "select reference.name_on('1507', day) as name, reference.county_on('1507', day) as county, to_code "
        "from (select date '2023-05-01' as day) as given, reference.to_now('1507', day) as part order by to_code",
    )
    assert found.to_pylist() == [
        {"name": "Ålesund", "county": "15", "to_code": "1508"},
        {"name": "Ålesund", "county": "15", "to_code": "1580"},
    ]


def test_each_says_in_the_file_what_it_is(ask):
    said = ask(
        "select schema_name || '.' || function_name, function_type, comment, parameters from duckdb_functions() "
        "where schema_name = 'reference'"
    )
    kinds = {"macro": MacroKind.SCALAR, "table_macro": MacroKind.TABLE}
    assert {(name, kinds[kind], comment, tuple(given)) for name, kind, comment, given in said} == {
        (m.name, m.kind, m.comment, tuple(p.name for p in m.parameters)) for m in MACROS
    }


@pytest.mark.parametrize("macro", MACROS, ids=lambda m: f"{m.name}-{m.kind}")
def test_each_is_told_in_both_languages_and_its_example_gives_an_answer(ask, macro):
    texts = (macro.title, macro.about, macro.returns, *(p.about for p in macro.parameters))
    assert all(text.nb and text.en for text in texts)
    assert macro.name in macro.example
    assert all(value is not None for row in ask(macro.example) for value in row)
    assert ask(macro.example)


def test_a_client_that_attaches_the_file_under_any_name_must_use_it(release):
    with duckdb.connect() as connection:
        connection.execute(f"attach '{release.folder / 'dif.duckdb'}' as anything (read_only)")
        question = "select anything.reference.to_now('1534', date '2019-05-01')"
        with pytest.raises(duckdb.CatalogException):
            connection.execute(question)
        connection.execute("use anything")
        assert connection.execute(question.replace("anything.", "")).fetchall() == [("1580",)]


def test_a_release_without_their_tables_goes_without_them(tmp_path: Path):
    small = publish(Settings(home=tmp_path), [Content(reference.MUNICIPALITY, table=tables()[reference.MUNICIPALITY])])
    with duckdb.connect(small.folder / "dif.duckdb", read_only=True) as connection:
        found = connection.execute(
            "select function_name from duckdb_functions() where schema_name = 'reference' order by 1"
        ).fetchall()
    assert found == [("county_on",), ("name_on",)]
