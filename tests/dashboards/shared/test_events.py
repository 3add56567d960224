"""What explains a break in a chart: from facts, from prices and from a register; named on the chart and told."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

import altair as alt
import duckdb
import pyarrow as pa
import pytest
import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from catalog import facts
from catalog.tables import reference, usage
from dashboards.release.query import sql
from dashboards.shared import events
from dashboards.shared.charts import inline, layered
from dashboards.shared.events import Event, Marks
from dashboards.words import Words
from tests.dashboards import sample_ledger
from tests.dashboards.sample import rows_as

NB = Words("nb")
MARCH, LAST = date(2026, 3, 1), date(2026, 12, 1)
NOTED = {"month": MARCH, "kind": "OUTAGE", "text_nb": "Stans i to døgn.", "text_en": "Out for two days."}
PRICED = {
    "price_element": "svarut-digital",
    "service": "svarut",
    "kind": "PER_UNIT",
    "unit": "forsendelse",
    "valid_to": None,
    "synthetic": False,
}


class Told:
    """A release with these annotations and price rules, and the bundled municipalities."""

    def __init__(self, noted=(), priced=(), lacks=(), messages=()) -> None:
        self.lacks = lacks
        self.connection = duckdb.connect()
        self.connection.execute("create schema reference; create schema usage")
        of = reference
        tables = {c: facts.table(c.table, c.arrow_schema) for c in (of.MUNICIPALITY, of.MUNICIPALITY_CHANGE)}
        tables |= {of.ANNOTATION: rows_as(of.ANNOTATION, list(noted)), of.PRICE_RULE: rows_as(of.PRICE_RULE, priced)}
        tables[usage.OPERATIONAL_MESSAGE] = rows_as(usage.OPERATIONAL_MESSAGE, list(messages))
        for contract, table in tables.items():
            given = table
            assert isinstance(given, pa.Table)
            self.connection.register("given", given)
            self.connection.execute(f"create table {contract.name} as from given")

    def has(self, name: str) -> bool:
        return not any(name.startswith(lack) for lack in self.lacks)

    def rows(self, name: str, **asked: object) -> list[dict]:
        return self.connection.sql(sql(name), params=asked).to_arrow_table().to_pylist()

    def marks(self, service="svarut", code="", first=date(2026, 1, 1), *, synthetic: bool | None = None) -> Marks:
        return events.marks(self, NB, service, code, first, LAST, synthetic=synthetic)


def said(of: Marks) -> list[tuple[date, str]]:
    return [(event.month, event.text) for event in of.events]


@pytest.mark.parametrize(
    ("about", "holds"),
    [
        ({}, [("svarut", ""), ("svarut", "4601"), ("fiks-io", "0301")]),
        ({"service": "svarut"}, [("svarut", ""), ("svarut", "4601")]),
        ({"area_kind": "MUNICIPALITY", "area": "4601"}, [("svarut", "4601")]),
        ({"area_kind": "COUNTY", "area": "46"}, [("svarut", "4601")]),
    ],
)
def test_what_is_noted_is_told_where_it_holds(about, holds):
    told = Told([{**NOTED, **about}])
    asked = [("svarut", ""), ("svarut", "4601"), ("fiks-io", "0301")]
    assert [one for one in asked if told.marks(*one).events] == holds
    assert told.marks(*holds[0]).events == (Event(MARCH, "Stans i to døgn.", "mars 2026: Stans i to døgn"),)


def test_a_price_is_told_when_it_becomes_another_and_not_when_it_begins():
    def priced(month: int, amount: str, **more: object) -> dict:
        return {**PRICED, "valid_from": date(2026, month, 1), "amount": Decimal(amount), **more}

    told = Told(priced=[priced(1, "1"), priced(3, "2"), priced(5, "2"), priced(7, "3", synthetic=True)])
    assert said(told.marks()) == [
        (MARCH, "Prisen ble endret."),
        (date(2026, 7, 1), "Prisen ble endret (syntetisk)."),
    ]
    assert told.marks("fiks-io").events == ()


def test_a_merger_is_told_to_the_municipality_that_it_made_and_counted_for_the_country():
    old = date(2019, 1, 1)
    assert said(Told().marks(code="4640", first=old)) == [
        (date(2020, 1, 1), "Balestrand, Leikanger og Sogndal ble til Sogndal.")
    ]
    assert "kommuner ble slått sammen eller delt" in Told().marks(first=old).events[0].text
    split = [(date(2024, 1, 1), "Ålesund ble delt i Haram og Ålesund.")]
    for code in ("", "1508", "1580"):
        assert said(Told().marks(code=code, first=date(2023, 2, 1))) == split
    assert Told().marks(code="0301", first=old).events == ()


def test_an_older_release_tells_what_it_has():
    lacking = Told(
        [NOTED], lacks=("reference.annotation", "reference.municipality_change", "reference.price_rule", "usage")
    )
    assert lacking.marks(first=date(2012, 1, 1), synthetic=False) == Marks()


def test_a_message_is_named_by_its_days_and_its_cause_on_a_chart_that_is_as_real_as_it_is():
    told = Told(messages=sample_ledger.messages())
    [event] = told.marks(synthetic=False).events
    assert event.name == "20.–22. juni: innlogging via ID-porten; 25. juni: feil"
    assert "Driftsmelding 20.–22. juni: innlogging via ID-porten. Tidsrommet viser når meldingen lå ute" in event.text
    assert told.marks("fiks-io", synthetic=False) == told.marks() == Marks()
    assert told.marks(synthetic=True) == Marks(unlike=2)
    assert events.unlike_in_words(told.marks(synthetic=True), NB) == (
        "2 driftsmeldinger i perioden er ikke merket: ekte meldinger forklarer ikke syntetiske tall."
    )
    assert (events.in_words(told.marks(synthetic=True), NB), events.unlike_in_words(Marks(), NB)) == ((), "")
    unknown = [{**sample_ledger.messages()[0], "cause": "strøm i kjelleren"}]
    assert Told(messages=unknown).marks(synthetic=False).events[0].name == "20.–22. juni: strøm i kjelleren"


def test_the_longest_message_has_room_where_much_else_happened_and_messages_fill_what_is_left():
    def message(month: int, hours: int) -> dict:
        shown = {"month": date(2026, month, 1), "hours_shown": Decimal(hours)}
        return {**sample_ledger.messages()[0], **shown, "application": f"a{month}"}

    noted = [{**NOTED, "month": date(2026, month, 1)} for month in (1, 2, 3, 4)]
    sent = [message(7, 5), message(8, 50), message(9, 4), message(10, 6)]

    def marked(*others: dict) -> tuple[list[int], int]:
        found = Told(others, messages=sent).marks(synthetic=False)
        return [event.month.month for event in found.events], found.left_out

    assert marked(*noted) == ([3, 4, 8], 5)
    assert marked(noted[0]) == ([1, 8, 10], 2)
    assert marked() == ([7, 8, 10], 1)


def test_three_months_are_marked_and_the_rest_counted():
    told = Told([{**NOTED, "month": date(2026, month, 1), "text_nb": f"{month}."} for month in (1, 2, 3, 4, 5)]).marks()
    assert [event.text for event in told.events] == ["3.", "4.", "5."]
    assert events.in_words(told, NB)[-1] == "2 andre måneder med hendelser er ikke merket."
    assert events.in_words(told, NB)[0] == "Mars 2026: 3."
    chart = layered(
        alt.Chart(inline([{"month": "2026-03-01"}])).mark_bar().encode(x="month:T"), height=9, language="nb"
    )
    x = alt.X("month:T")
    assert len(events.marked(chart, Marks(), x).layer) == 1
    drawn = events.marked(chart, told, x).to_dict()
    assert [layer["mark"]["type"] for layer in drawn["layer"]] == ["rule", "bar", "text"]
    named = drawn["datasets"][drawn["layer"][-1]["data"]["name"]]
    assert [row["name"] for row in named] == ["mars 2026: 3", "april 2026: 4", "mai 2026: 5"]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=events.MOST, unique=True), st.integers(0, 30))
def test_no_name_stands_beside_another_and_what_takes_room_above_the_plot_stays_clear(places, lift):
    told = Marks(tuple(Event(date(1990 + n // 12, n % 12 + 1, 1), "") for n in sorted(places)))
    tiers = [row["up"] for row in events.rows(told, lift)]
    assert all(before - after >= events.TIER for before, after in itertools.pairwise(tiers))
    assert lift <= tiers[-1]
    assert tiers[0] < lift + events.TIER * len(told.events)


def test_the_names_are_drawn_in_a_picture_within_its_edges():
    """Where the plot ends a name is cut, so a picture is as wide with a long name as with a short one."""
    chart = layered(
        alt.Chart(inline([{"month": f"2026-{month:02}-01", "n": month} for month in range(1, 13)]))
        .mark_bar()
        .encode(x=alt.X("month:T"), y="n:Q"),
        height=90,
        language="nb",
    )
    names = [(date(2026, 3, 1), "kort"), (date(2026, 10, 1), "22.–24. oktober: " + "en lang årsak " * 20)]
    told = Marks(tuple(Event(month, "", name) for month, name in names))
    svg = vl_convert.vegalite_to_svg(events.marked(chart, told, alt.X("month:T")).properties(width=220).to_dict())
    assert ">kort<" in svg
    assert "22.–24. oktober: en lang" in svg
    assert "en lang årsak " * 20 not in svg
