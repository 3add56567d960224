"""What explains a break in a chart: from facts, from prices and from a register; marked, numbered and told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import altair as alt
import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import facts
from catalog.tables import reference
from dashboards.release.query import sql
from dashboards.shared import events
from dashboards.shared.charts import inline, layered
from dashboards.shared.events import Event, Marks
from dashboards.words import Words
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

    def __init__(self, noted=(), priced=(), lacks=()) -> None:
        self.lacks = lacks
        self.connection = duckdb.connect()
        self.connection.execute("create schema reference")
        of = reference
        tables = {c: facts.table(c.table, c.arrow_schema) for c in (of.MUNICIPALITY, of.MUNICIPALITY_CHANGE)}
        tables |= {of.ANNOTATION: rows_as(of.ANNOTATION, list(noted)), of.PRICE_RULE: rows_as(of.PRICE_RULE, priced)}
        for contract, table in tables.items():
            given = table
            assert isinstance(given, pa.Table)
            self.connection.register("given", given)
            self.connection.execute(f"create table {contract.name} as from given")

    def has(self, name: str) -> bool:
        return not any(name.startswith(lack) for lack in self.lacks)

    def rows(self, name: str, **asked: object) -> list[dict]:
        return self.connection.sql(sql(name), params=asked).to_arrow_table().to_pylist()

    def marks(self, service: str = "svarut", code: str = "", first: date = date(2026, 1, 1)) -> Marks:
        return events.marks(self, NB, service, code, first, LAST)


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
    assert told.marks(*holds[0]).events == (Event(MARCH, "Stans i to døgn."),)


def test_a_price_is_told_when_it_becomes_another_and_not_when_it_begins():
    def priced(month: int, amount: str, **more: object) -> dict:
        return {**PRICED, "valid_from": date(2026, month, 1), "amount": Decimal(amount), **more}

    told = Told(priced=[priced(1, "1"), priced(3, "2"), priced(5, "2"), priced(7, "3", synthetic=True)])
    assert told.marks().events == (
        Event(MARCH, "Prisen ble endret."),
        Event(date(2026, 7, 1), "Prisen ble endret (syntetisk)."),
    )
    assert told.marks("fiks-io").events == ()


def test_a_merger_is_told_to_the_municipality_that_it_made_and_counted_for_the_country():
    old = date(2019, 1, 1)
    assert Told().marks(code="4640", first=old).events == (
        Event(date(2020, 1, 1), "Balestrand, Leikanger og Sogndal ble til Sogndal."),
    )
    assert "kommuner ble slått sammen eller delt" in Told().marks(first=old).events[0].text
    assert Told().marks(code="0301", first=old).events == ()


def test_an_older_release_tells_what_it_has():
    lacking = Told([NOTED], lacks=("reference.annotation", "reference.municipality_change", "reference.price_rule"))
    assert lacking.marks(first=date(2012, 1, 1)) == Marks()


def test_three_months_are_marked_and_the_rest_counted():
    told = Told([{**NOTED, "month": date(2026, month, 1), "text_nb": f"{month}."} for month in (1, 2, 3, 4, 5)]).marks()
    assert [event.text for event in told.events] == ["3.", "4.", "5."]
    assert events.in_words(told, NB)[-1] == "2 tidligere måneder med hendelser er ikke merket."
    assert events.in_words(told, NB)[0] == "Merke 1, mars 2026: 3."
    chart = layered(
        alt.Chart(inline([{"month": "2026-03-01"}])).mark_bar().encode(x="month:T"), height=9, language="nb"
    )
    x = alt.X("month:T")
    assert len(events.marked(chart, Marks(), x, 12).layer) == 1
    drawn = events.marked(chart, told, x, 12).to_dict()
    assert [layer["mark"]["type"] for layer in drawn["layer"]] == ["rule", "bar", "text"]
    assert [row["number"] for row in drawn["datasets"][events.ROWS]] == ["1", "2", "3"]


MONTHS = st.integers(2, 400).flatmap(
    lambda span: st.tuples(st.just(span), st.lists(st.integers(0, span), min_size=1, max_size=events.MOST, unique=True))
)


@given(MONTHS, st.floats(1, 6))
def test_no_number_covers_another_or_the_rule_of_another_at_any_width(of, wider):
    span, places = of
    places = sorted(places)
    told = Marks(tuple(Event(date(1990 + n // 12, n % 12 + 1, 1), "") for n in places))
    rows = events.rows(told, span, lift=20)
    wide = events.NARROW * wider / span
    at = [place * wide for place in places]
    boxes = []
    for x, row in zip(at, rows, strict=True):
        begins = {"left": x, "center": x - events.WIDE / 2, "right": x - events.WIDE}[row["side"]] + row["dx"]
        boxes.append((begins, begins + events.WIDE, row["up"]))
    for n, (begins, ends, up) in enumerate(boxes):
        for m, (other_begins, other_ends, other_up) in enumerate(boxes):
            if n == m:
                continue
            assert up != other_up or ends < other_begins or other_ends < begins, "a number covers another"
            reaches = other_up > up  # a rule goes up to its own number
            assert not reaches or not begins < at[m] < ends, "a rule runs through a number"
    assert all(row["up"] >= 20 for row in rows)
