"""A dataset as a Polars LazyFrame: what is asked of the server, and that the answer is what the whole dataset gives."""

from datetime import UTC, date, datetime
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.errors import WrongUse
from tests.thorough import examples
from transport.releases import dataset_reader
from transport.servers import lazy_frame

KINDS = pa.schema(
    [
        ("service", pa.string()),
        ("day", pa.date32()),
        ("n", pa.int64()),
        ("share", pa.decimal128(9, 3)),
        ("at", pa.timestamp("us", "UTC")),
        ("weight", pa.float64()),
    ]
)
TABLE = pa.table(
    [
        ["svarut", "svarinn", None, "svarut", "fiks"],
        [date(2026, 3, 1), date(2026, 3, 2), date(2026, 4, 1), None, date(2026, 5, 1)],
        [1, None, 3, 4, 5],
        [Decimal("0.125"), Decimal("0.5"), None, Decimal(1), Decimal("0.25")],
        [datetime(2026, 3, n + 1, 12, tzinfo=UTC) for n in range(5)],
        [1.5, 2.5, None, 0.0, 1.5],
    ],
    schema=KINDS,
)
N, SERVICE, DAY = pl.col("n"), pl.col("service"), pl.col("day")


class Contract:
    """What the server's filter asks of a dataset's contract."""

    name = "t"
    columns = tuple(KINDS)

    def __getitem__(self, name):
        return KINDS.field(name)


class Served:
    """A client over one table: it answers as a server does, and keeps what it was asked."""

    def __init__(self):
        self.asked = []

    def schema(self, _name):
        return KINDS

    def read(self, dataset, *, release, columns, where):
        self.asked.append((dataset, release, columns, where))
        yield from filtered(where).select(columns).to_batches(max_chunksize=2)


def filtered(where):
    """The rows that a server sends for a filter, by the server's own reading of it."""

    expression = dataset_reader.expression_of(Contract(), dict(where))
    return TABLE if expression is None else TABLE.filter(expression)


@pytest.mark.parametrize(
    ("predicate", "where"),
    [
        ((N > 1) & (SERVICE == "svarut"), {"n": {"gt": 1}, "service": {"eq": "svarut"}}),
        (pl.lit(3) >= N, {"n": {"le": 3}}),
        (SERVICE.is_in(["svarut", "fiks"]), {"service": {"in": ["svarut", "fiks"]}}),
        (DAY.is_between(date(2026, 3, 1), date(2026, 4, 1)), {"day": {"ge": "2026-03-01", "le": "2026-04-01"}}),
        (SERVICE.is_null(), {"service": {"null": True}}),
        (pl.col("share") == Decimal("0.5"), {"share": {"eq": "0.5"}}),
        ((SERVICE == "svarut") | (N == 1), {}),
        (pl.col("weight") > 1.0, {}),
        (N > 1.5, {}),
        (pl.col("share") < N, {}),
        ((SERVICE.str.to_uppercase() == "FIKS") & (N == 5), {"n": {"eq": 5}}),
    ],
)
def test_what_the_server_can_decide_is_asked_of_it_and_the_rest_is_done_here(predicate, where):
    served = Served()
    answer = lazy_frame.scan(served, "t", "current").filter(predicate).collect()
    assert answer.equals(pl.DataFrame(TABLE).filter(predicate))
    [(_, _, _, asked)] = served.asked
    assert {c: {k: str(v) for k, v in t.items()} for c, t in asked.items()} == {
        c: {k: str(v) for k, v in t.items()} for c, t in where.items()
    }


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        ({"share": {"ge": 0.25}}, 3),
        ({"share": 0.5}, 1),
        ({"n": {"le": 4.0}}, 3),
        ({"n": 1e0}, 1),
        ({"weight": 1.5}, 2),
        ({"weight": {"lt": 2}}, 3),
    ],
)
def test_a_number_of_json_is_what_it_is_written_as_in_a_column_of_any_kind_of_numbers(where, rows):
    assert filtered(where).num_rows == rows


@pytest.mark.parametrize("number", [1e308, "1" + "0" * 38, 0.1234, float("nan"), float("inf"), "x"])
def test_a_number_that_its_column_cannot_hold_is_refused_in_a_filter(number):
    with pytest.raises(WrongUse, match="is not a valid decimal"):
        filtered({"share": {"lt": number}})


def test_only_the_columns_that_are_used_are_asked_for():
    served = Served()
    lazy_frame.scan(served, "t", "2026-11-25.1").filter(N > 1).select("service").collect()
    [(dataset, release, columns, _)] = served.asked
    assert (dataset, release, set(columns)) == ("t", "2026-11-25.1", {"service", "n"})
    assert lazy_frame.scan(served, "t", "current").select(pl.len()).collect().item() == TABLE.num_rows


def test_the_first_rows_are_taken_before_or_after_the_filter_as_the_query_says():
    whole, lazy = pl.DataFrame(TABLE).lazy(), lazy_frame.scan(Served(), "t", "current")
    for ask in (
        lambda rows: rows.head(3).filter(SERVICE == "svarut"),
        lambda rows: rows.filter(SERVICE == "svarut").head(1),
        lambda rows: rows.head(4).filter(N > 1).head(1),
        lambda rows: rows.slice(1, 2).filter(N.is_not_null()),
        lambda rows: rows.filter(SERVICE.map_batches(lambda s: s == "fiks", return_dtype=pl.Boolean)),
        lambda rows: rows.filter(N.is_in([*range(2_000)])),
    ):
        assert ask(lazy).collect().equals(ask(whole).collect())


def test_a_head_stops_reading_and_an_answer_without_rows_has_its_columns():
    lazy = lazy_frame.scan(Served(), "t", "current")
    assert lazy.head(3).collect().equals(pl.DataFrame(TABLE).head(3))
    nothing = lazy.filter(N == 99).collect()
    assert (nothing.height, nothing.schema) == (0, pl.DataFrame(TABLE).schema)


TESTS = st.one_of(
    st.builds(
        lambda column, name, value: getattr(pl.col(column), name)(value),
        st.just("n"),
        st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge", "eq_missing", "ne_missing"]),
        st.integers(0, 6),
    ),
    st.builds(
        lambda name, value: getattr(SERVICE, name)(value),
        st.sampled_from(["eq", "ne", "gt", "le", "ne_missing"]),
        st.sampled_from(["svarut", "svarinn", "fiks", ""]),
    ),
    st.builds(SERVICE.is_in, st.lists(st.sampled_from(["svarut", "fiks", "x"]), max_size=3)),
    st.builds(
        lambda low, days, closed: DAY.is_between(low, date.fromordinal(low.toordinal() + days), closed=closed),
        st.dates(date(2026, 2, 20), date(2026, 5, 2)),
        st.integers(0, 60),
        st.sampled_from(["both", "left", "right", "none"]),
    ),
    st.sampled_from([SERVICE.is_null(), SERVICE.is_not_null(), N.is_null(), pl.col("share") > Decimal("0.2")]),
)
PREDICATES = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds(lambda a, b: a & b, inner, inner),
        st.builds(lambda a, b: a | b, inner, inner),
        st.builds(lambda a: ~a, inner),
    ),
    max_leaves=5,
)


@settings(max_examples=examples(60), deadline=None)
@given(PREDICATES)
def test_any_predicate_gives_what_it_gives_over_the_whole_dataset(predicate):
    answer = lazy_frame.scan(Served(), "t", "current").filter(predicate).collect()
    assert answer.equals(pl.DataFrame(TABLE).filter(predicate))
