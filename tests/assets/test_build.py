"""Declarations: an input is named once, a window is used where it is named, and what does not fit is refused."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from assets import ledger, reconciliation, uptake, usage
from assets.build import BuildWindow, by_value, from_python, from_sql, sql_step, whole
from catalog.contracts.scan import Computed, Values
from catalog.tables import conformed, reference
from catalog.tables import usage as contracts

MARCH, APRIL = (BuildWindow(datetime(2026, 5, day, 12, tzinfo=UTC), date(2026, day - 9, 1)) for day in (12, 13))


def rows_of(build):
    return {
        name: Values((source.schema if not hasattr(source, "arrow_schema") else source.arrow_schema).empty_table())
        for name, source in build.inputs.items()
    }


@pytest.mark.parametrize(
    ("build", "named"),
    [
        (usage.dispatch_month, set()),
        (usage.municipality_month, {"month", "provisional"}),
        (usage.delivery_time, {"today", "settled"}),
        (uptake.standing, {"through"}),
        (ledger.product_month, {"through"}),
    ],
    ids=lambda value: value.contract.name if hasattr(value, "contract") else "",
)
def test_a_statement_is_given_the_parts_of_the_window_that_it_names_and_no_others(build, named):
    made = build.make(MARCH, **rows_of(build))
    assert set(made.parameters) == named
    assert all(value == getattr(MARCH, name) for name, value in made.parameters.items())
    assert (made.fingerprint == build.make(APRIL, **rows_of(build)).fingerprint) is not bool(named - {"through"})


def test_the_last_settled_month_ended_seven_working_days_ago():
    assert [BuildWindow(datetime(2026, 5, day, 12, tzinfo=UTC)).settled for day in (11, 13)] == [
        date(2026, 3, 1),
        date(2026, 4, 1),
    ]


def test_an_input_has_the_name_of_its_table_and_says_itself_how_it_is_read():
    assert uptake.exception.inputs["use_month"].name == "conformed.use_month"
    assert uptake.exception.inputs["element"] is reference.PRICE_ELEMENT
    assert uptake.exception.whole == {"use_month", "measured_month"}
    assert usage.dispatch_month.reads_by_month("dispatch_day")
    made = sql_step("usage/dispatch_month", by_value(contracts.DISPATCH_DAY)).leaves()
    assert made["dispatch_day"].by_value


def test_the_inputs_of_a_dataset_are_those_of_its_steps_too_and_each_step_is_made_once():
    part = reconciliation.reconciliation_part
    assert sorted(part.inputs) == ["invoice_basis", "invoice_line", "late_use", "reconciliation_cell"]
    made = part.make(MARCH, **rows_of(part))
    assert made.inputs["differing"] is made.inputs["price"].inputs["differing"]


def counted(dispatch_month: pa.Table, through: date) -> pa.Table:
    return dispatch_month.slice(0, through.day - 1)


def test_a_function_of_small_tables_is_given_what_it_names():
    build = from_python(contracts.DISPATCH_MONTH, counted, whole(contracts.DISPATCH_MONTH))
    made = build.make(MARCH, **rows_of(build))
    assert isinstance(made, Computed)
    assert (set(made.inputs), made.parameters) == ({"dispatch_month"}, {"through": date(2026, 5, 1)})


@pytest.mark.parametrize(
    ("declare", "says"),
    [
        (lambda: from_sql(contracts.DISPATCH_MONTH, reference.COUNTY), "dispatch_month.sql does not read county"),
        (lambda: sql_step("ledger/price_balance"), r"price_balance.sql asks for \$last, which neither the window nor"),
        (lambda: sql_step("ledger/billed"), "billed.sql has a slot left unfilled"),
        (
            lambda: sql_step(
                "ledger/dispatched",
                billable_month=conformed.DISPATCH,
                billable_all=sql_step("ledger/dispatched", billable_month=contracts.DISPATCH_DAY),
            ).leaves(),
            "billable_month is two things in dispatched",
        ),
    ],
)
def test_a_declaration_that_does_not_fit_its_statement_is_refused(declare, says):
    with pytest.raises(ValueError, match=says):
        declare()
