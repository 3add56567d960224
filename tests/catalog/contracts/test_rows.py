"""Values of an edited register are typed or refused, and no short text can make a long number."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pyarrow as pa
import pytest

from catalog.contracts.language import Column
from catalog.contracts.rows import RowFault, typed_row
from catalog.contracts.rules import listed
from catalog.tables.registers import CONTACT
from catalog.tables.usage import DISPATCH_DAY
from catalog.text import en, nb


def column(kind: pa.DataType) -> tuple[Column]:
    return (Column("value", kind, nb("Verdi") | en("Value")),)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (pa.int64(), "12", 12),
        (pa.int64(), "1e3", 1000),
        (pa.int64(), str(2**63 - 1), 2**63 - 1),
        (pa.decimal128(18, 6), "1,25", Decimal("1.25")),
        (pa.decimal128(18, 6), "1.2500000000", Decimal("1.25")),
        (pa.bool_(), "Ja", True),
    ],
)
def test_a_value_is_read_as_its_columns_type(kind: pa.DataType, text: str, value: object) -> None:
    assert typed_row(column(kind), {"value": text}) == {"value": value}


@pytest.mark.parametrize(("null", "mend"), [(True, "write ja or nei, or leave it empty"), (False, "write ja or nei")])
def test_what_is_no_answer_is_told_what_an_answer_is(null: bool, mend: str) -> None:
    answer = Column("accept", pa.bool_(), nb("Godtatt") | en("Accepted"), null=null)
    with pytest.raises(RowFault) as fault:
        typed_row([answer], {"accept": "x"})
    assert str(fault.value) == f"accept: 'x' is neither ja nor nei: {mend}"


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (pa.int64(), "1e999999999"),
        (pa.int64(), "1.5"),
        (pa.int64(), "1,000"),
        (pa.int64(), "1_000"),
        (pa.int64(), "\uff11\uff12"),
        (pa.decimal128(18, 6), "1_000,5"),
        (pa.date32(), "2026-W05-6"),
        (pa.date32(), "2026-01-31 or later"),
        (pa.int64(), str(2**63)),
        (pa.int64(), "NaN"),
        (pa.decimal128(18, 6), "1e999999999"),
        (pa.decimal128(18, 6), "0.0000001"),
        (pa.decimal128(18, 6), "Infinity"),
        (pa.bool_(), "kanskje"),
        (pa.timestamp("us", "UTC"), "2026-01-01T12:00:00"),
    ],
)
def test_a_value_that_its_column_cannot_hold_is_refused_with_the_column(kind: pa.DataType, text: str) -> None:
    with pytest.raises(RowFault, match="value: "):
        typed_row(column(kind), {"value": text})


def test_a_rule_that_nothing_could_check_is_refused_where_it_is_written():
    """A dataset's rules are judged without registers: one that needs a register would hold for every row."""
    with pytest.raises(ValueError, match=r"usage\.dispatch_day: channel_listed compares rows with a register"):
        replace(DISPATCH_DAY, rules=(listed("channel", "contact", "function"),))
    with pytest.raises(ValueError, match="contact: function_listed"):
        replace(CONTACT, rules=(listed("function", "contact", "function"),))
