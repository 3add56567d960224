"""Billed against measured: each difference has its reasons, and they sum to it, in units and to the øre."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import billing, quality, reconciliation, reference
from assets.build import BuildWindow
from catalog import facts
from catalog.contracts.scan import Query, Values
from catalog.domain.pricing import amount_ore, in_force, rules_of
from catalog.tables import conformed, usage
from catalog.tables import reference as reference_contracts
from catalog.tables.billing import BILLABLE_MONTH, CUSTOMER_CHARGE, CUSTOMER_SPAN, INVOICE_BASIS, LATE_USE
from catalog.tables.reconciliation import (
    REASONS,
    RECONCILIATION,
    RECONCILIATION_CELL,
    RECONCILIATION_PART,
    RECONCILIATION_PRODUCT,
    STATES,
)
from catalog.tables.registers import PAYER, PRICE_RULE
from tests.thorough import examples, some
from transport.base.settings import PROJECT
from transport.lake.session import Session

NOW = datetime(2026, 9, 15, 12, tzinfo=UTC)
ELEMENT = next(m for m in reference.BUILDS if m.contract.table == "price_element").make(BuildWindow(NOW))
JANUARY, FEBRUARY, MARCH, APRIL, MAY, JUNE = (date(2026, m, 1) for m in range(1, 7))
OSLO, BERGEN, TROMSO = "958935420", "964338531", "940101808"
PAGE = (PROJECT / "docs" / "ledger-reconciliation.md").read_text("utf-8")
UNITS = {"service": "svarut", "price_element": "svarut-forsendelser"}
ACCOUNTS = {"service": "fiks-io", "price_element": "fiksio"}
PLACES = [r["organisation_number"] for r in facts.read("organisation") if r["kind"] == "MUNICIPALITY"]
LETTERS = {"service": "fiks-digisos", "price_element": "digisos-gammel-losning-digisosforsendelser"}


def line(month: date, quantity: str | int, price: str = "2.5", invoice: str | None = None, **more) -> dict:
    row = {
        "producer": "faktura",
        "invoice_id": invoice or f"F-{month}",
        "line_number": 1,
        "organisation_number": OSLO,
        "period": month,
        "quantity": Decimal(quantity),
        "unit": "stk",
        "unit_price": Decimal(price),
        "amount_ore": amount_ore(Decimal(quantity), Decimal(price)),
        "vat_ore": 0,
        "invoiced_on": month,
    }
    return UNITS | row | more


def use(month: date, quantity: str | int, price: str | None = "2.5", **more) -> dict:
    row = {
        "payer_number": more.get("organisation_number", OSLO),
        "organisation_number": OSLO,
        "month": month,
        "quantity": Decimal(quantity),
        "unit": "stk",
        "unit_price": None if price is None else Decimal(price),
        "amount_ore": None if price is None else amount_ore(Decimal(quantity), Decimal(price)),
        "status": "READY" if price else "NO_PRICE",
    }
    return UNITS | row | more


def late(month: date, quantity: str | int, known_on: date | None = None, **more) -> dict:
    row = {
        "organisation_number": OSLO,
        "month": month,
        "known_on": known_on or month + timedelta(days=45),
        "quantity": Decimal(quantity),
    }
    return UNITS | row | more


@pytest.fixture(scope="session")
def reconcile(rows_of, answers, session):
    """Rows of the reconciliation, their parts and the products' months, which tie as the gate judges it."""

    def reconcile(lines=(), basis=(), late=()):
        span = BuildWindow(NOW)
        billed = rows_of(conformed.INVOICE_LINE, *lines)
        measured = rows_of(INVOICE_BASIS, *basis)
        streams = {"invoice_line": billed, "invoice_basis": measured}
        found = {}

        def made(contract, making, **inputs):
            # each reads what was written of the one before, as in a run
            [found[contract]] = answers((making.make(span, **inputs), replace(contract, partitioned=False)))
            return rows_of(contract, *found[contract])

        cell = made(RECONCILIATION_CELL, reconciliation.reconciliation_cell, element=ELEMENT, **streams)
        late_use = rows_of(LATE_USE, *late)
        part = made(
            RECONCILIATION_PART,
            reconciliation.reconciliation_part,
            reconciliation_cell=cell,
            late_use=late_use,
            **streams,
        )
        both = {"reconciliation_cell": cell, "reconciliation_part": part}
        whole = made(RECONCILIATION, reconciliation.reconciled, **both)
        summed = {"reconciliation": whole, "reconciliation_part": part}
        product = made(RECONCILIATION_PRODUCT, reconciliation.reconciliation_product, **summed)
        tables = (RECONCILIATION_CELL, RECONCILIATION_PART, RECONCILIATION, RECONCILIATION_PRODUCT)
        scans = {c.table: scan for c, scan in zip(tables, (cell, part, whole, product), strict=True)}
        for rule in quality.TABLE_RULES:
            if rule.name in {"parts_tie", "billed_ties"}:
                broken = rule.broken(scans | {"invoice_line": billed})
                assert session.cleared().table(broken).to_pylist() == [], rule.name
        broken = " union all ".join(
            f"select '{c.table}' as broken, '{rule.name}' as rule from {c.table} where not ({rule.condition})"
            for c in tables
            for rule in c.rules
        )
        assert session.cleared().table(Query(broken, scans)).to_pylist() == []
        return SimpleNamespace(
            cells=found[RECONCILIATION_CELL],
            rows=found[RECONCILIATION],
            parts=found[RECONCILIATION_PART],
            products=found[RECONCILIATION_PRODUCT],
        )

    return reconcile


def states(found) -> dict:
    """Status by organisation and month."""
    return {(r["organisation_number"], r["month"]): r["status"] for r in found.rows}


def reasons(found, organisation=OSLO) -> dict:
    """Units and øre by month and reason."""
    return {
        (p["month"], p["reason"]): (p["quantity"], p["amount_ore"])
        for p in found.parts
        if p["organisation_number"] == organisation
    }


def test_what_is_billed_as_measured_is_reconciled_and_has_no_parts(reconcile):
    found = reconcile([line(MARCH, 10), line(APRIL, 4)], [use(MARCH, 10), use(APRIL, 4)])
    assert set(states(found).values()) == {"RECONCILED"}
    assert not found.parts
    [march, april] = found.products
    assert (march["billed_ore"], march["expected_ore"], march["at_stake_ore"]) == (2500, 2500, 0)
    assert april["cells"] == 1


def test_what_is_billed_a_month_late_explains_both_months(reconcile):
    found = reconcile([line(APRIL, 10)], [use(MARCH, 10)])
    assert set(states(found).values()) == {"EXPLAINED"}
    assert reasons(found) == {(MARCH, "MONTH_SHIFT"): (-10, -2500), (APRIL, "MONTH_SHIFT"): (10, 2500)}


def test_a_month_pairs_with_the_month_before_it_first_and_never_overshoots(reconcile):
    lines = [line(MARCH, 10), line(APRIL, 6), line(MAY, 10)]
    basis = [use(FEBRUARY, 1), use(MARCH, 6), use(APRIL, 13), use(MAY, 7)]
    found = reconcile([*lines, line(FEBRUARY, 1)], basis)
    assert reasons(found) == {
        (MARCH, "MONTH_SHIFT"): (4, 1000),
        (APRIL, "MONTH_SHIFT"): (-7, -1750),
        (MAY, "MONTH_SHIFT"): (3, 750),
    }


def test_months_that_are_not_beside_each_other_are_not_paired(reconcile):
    found = reconcile([line(MARCH, 10), line(JUNE, 10)], [use(MARCH, 10), use(APRIL, 10)])
    assert reasons(found) == {(APRIL, "UNEXPLAINED"): (-10, -2500), (JUNE, "UNEXPLAINED"): (10, 2500)}
    assert states(found) == {(OSLO, MARCH): "RECONCILED", (OSLO, APRIL): "OPEN", (OSLO, JUNE): "OPEN"}


def test_each_month_of_a_shift_costs_what_it_cost_in_that_month(reconcile):
    found = reconcile([line(APRIL, 10, "3")], [use(MARCH, 10, "2")])
    assert reasons(found) == {(MARCH, "MONTH_SHIFT"): (-10, -2000), (APRIL, "MONTH_SHIFT"): (10, 3000)}


def test_what_was_billed_for_the_month_before_the_first_measured_one_is_of_that_month(reconcile):
    found = reconcile([line(FEBRUARY, 10)], [use(MARCH, 10)])
    assert {p["reason"] for p in found.parts} == {"MONTH_SHIFT"}


def test_measured_use_that_came_after_the_invoice_explains_no_more_than_came_late(reconcile):
    came = [late(MARCH, 1), late(MARCH, 1, JUNE), late(MAY, 5)]
    found = reconcile([line(MARCH, 7), line(MAY, 2)], [use(MARCH, 10), use(MAY, 3)], late=came)
    assert reasons(found) == {
        (MARCH, "LATE_STATE"): (-2, -500),
        (MARCH, "UNEXPLAINED"): (-1, -250),
        (MAY, "LATE_STATE"): (-1, -250),
    }
    assert states(found) == {(OSLO, MARCH): "OPEN", (OSLO, MAY): "EXPLAINED"}


def reasons_of_what_came(reconcile, lines, **came) -> set:
    """The reasons for ten dispatches that were known on 20 April and not billed."""
    found = reconcile(lines, [use(MARCH, 10)], late=[late(MARCH, 10, date(2026, 4, 20), **came)])
    return {p["reason"] for p in found.parts if p["month"] == MARCH and p["price_element"] == UNITS["price_element"]}


@pytest.mark.parametrize(
    ("invoiced_on", "reason"), [(date(2026, 4, 19), "LATE_STATE"), (date(2026, 4, 20), "UNEXPLAINED")]
)
def test_late_is_after_the_elements_first_invoice_or_else_after_the_services(reconcile, invoiced_on, reason):
    altinn = line(MARCH, 1, price_element="svarut-altinn", invoiced_on=invoiced_on)
    assert reasons_of_what_came(reconcile, [altinn]) == {reason}
    early = line(MARCH, 1, price_element="svarut-altinn", invoiced_on=date(2026, 4, 1))
    assert reasons_of_what_came(reconcile, [early, line(MARCH, 0, invoice="F2", invoiced_on=invoiced_on)]) == {reason}
    correction = line(MARCH, 0, invoice="F3", invoiced_on=date(2026, 4, 1), corrects_invoice_id="F0")
    assert reasons_of_what_came(reconcile, [altinn, correction]) == {reason}


def test_what_nobody_has_been_invoiced_for_is_not_late(reconcile):
    assert reasons_of_what_came(reconcile, [line(APRIL, 1)]) == {"MONTH_SHIFT", "UNEXPLAINED"}


def test_a_month_that_was_loaded_after_it_was_invoiced_is_not_called_late(reconcile):
    lines = [line(MARCH, 0, invoiced_on=date(2026, 4, 10))]
    assert reasons_of_what_came(reconcile, lines, reported_from=date(2026, 4, 20)) == {"UNEXPLAINED"}
    assert reasons_of_what_came(reconcile, lines, reported_from=date(2026, 4, 10)) == {"LATE_STATE"}


def dispatch(number: int, made: datetime, delivered: datetime, received: datetime) -> dict:
    return {
        "month": date(made.year, made.month, 1),
        "producer": "svarut",
        "dispatch_id": bytes([number]) * 16,
        "state": "LEST",
        "state_at": delivered,
        "created_at": made,
        "service": "svarut",
        "organisation_number": OSLO,
        "account_id": "a",
        "channel": "ALTINN",
        "recipient_kind": "PERSON",
        "digital_only": False,
        "day": made.date(),
        "outcome": "delivered",
        "first_delivered_at": delivered,
        "states": 2,
        "first_received_at": received,
    }


def test_a_dispatch_delivered_after_it_was_invoiced_explains_what_was_not_billed(reconcile, rows_of, answers):
    made = datetime(2026, 3, 30, 9, tzinfo=UTC)
    sent = [dispatch(n, made, delivered=made, received=made) for n in (1, 2)]
    sent += [dispatch(3, made, delivered=datetime(2026, 4, 12, tzinfo=UTC), received=made)]
    price = UNITS | {"kind": "PER_UNIT", "amount": Decimal("2.5"), "unit": "stk", "measure": "forsendelser"}
    price |= {"valid_from": date(2020, 1, 1), "outcome": "delivered", "synthetic": False}
    span, none = BuildWindow(NOW, MARCH), rows_of(usage.CONNECTION_MONTH)
    prices = Values(pa.Table.from_pylist([price], PRICE_RULE.schema))
    month = billing.billable_month.make(
        span, dispatch=rows_of(conformed.DISPATCH, *sent), connection_month=none, price_rule=prices
    )
    [counted] = answers((month, BILLABLE_MONTH))
    billable = rows_of(BILLABLE_MONTH, *({"month": MARCH} | r for r in counted))
    scans = {
        "billable_month": billable,
        "billable_all": billable,
        "measurement": rows_of(conformed.MEASUREMENT),
        "price_rule": prices,
    }
    basis = billing.invoice_basis.make(
        span,
        customer_span=rows_of(CUSTOMER_SPAN),
        customer_charge=rows_of(CUSTOMER_CHARGE),
        organisation=rows_of(reference_contracts.ORGANISATION),
        payer=Values(PAYER.schema.empty_table()),
        **scans,
    )
    rows, came = answers((basis, INVOICE_BASIS), (billing.late_use.make(span, **scans), LATE_USE))
    found = reconcile(
        [line(MARCH, 2, invoiced_on=date(2026, 4, 10))],
        [{"month": MARCH} | r for r in rows],
        late=[{"month": MARCH} | r for r in came],
    )
    assert states(found) == {(OSLO, MARCH): "EXPLAINED"}
    assert reasons(found) == {(MARCH, "LATE_STATE"): (-1, -250)}


ELEVENTH = MARCH.replace(day=11)
BY_DAY = [use(MARCH, 103, "1", price_from=MARCH), use(MARCH, 4, "2", price_from=ELEVENTH)]
"""103 units until 10 March at 1 kr, 4 from then on at 2 kr, as in docs/ledger-reconciliation.md."""


@pytest.mark.parametrize("text", re.findall(r"^\| (\d+ × .*) \|$", PAGE, re.MULTILINE))
def test_the_page_says_what_a_price_that_changes_within_a_month_is_reconciled_to(reconcile, text):
    billed, billed_kr, expected_kr, difference_kr, part = (cell.strip() for cell in text.split("|"))
    prices = [
        line(MARCH, quantity.replace("−", "-"), price, line_number=n)
        for n, (quantity, price) in enumerate(re.findall(r"(−?\d+) × ([\d.]+)", billed), 1)
    ]
    # each unit at the price of its day, as the page lists them
    days = re.findall(r"^\| (2026-03-\d+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \|$", PAGE, re.MULTILINE)
    rules = rules_of(
        [
            UNITS | {"kind": "PER_UNIT", "amount": Decimal(kr), "unit": "stk", "valid_from": first, "valid_to": after}
            for kr, first, after in (("1", JANUARY, ELEVENTH), ("2", ELEVENTH, None))
        ]
    )
    owed = 0
    for day, quantity, price, kr in days:
        held = in_force(rules, UNITS["price_element"], date.fromisoformat(day))
        assert held.amount == Decimal(price)
        assert amount_ore(Decimal(quantity), held.amount) == Decimal(kr) * 100
        owed += amount_ore(Decimal(quantity), held.amount)
    [cell] = (found := reconcile(prices, BY_DAY)).rows
    assert owed == cell["expected_ore"] == Decimal(expected_kr) * 100
    assert (cell["billed_ore"], cell["difference_ore"]) == (
        Decimal(billed_kr) * 100,
        Decimal(difference_kr.replace("−", "-")) * 100,
    )
    said = {(MARCH, part.split("`")[1]): (0, cell["difference_ore"])} if part != "none" else {}
    assert reasons(found) == said
    assert cell["status"] == ("EXPLAINED" if said else "RECONCILED")


def test_one_days_units_are_credited_at_the_price_of_that_day_after_it_changed(reconcile):
    lines = [line(MARCH, 108, "1", invoice="F1"), line(MARCH, 4, "2", invoice="F1", line_number=2)]
    credit = {"invoice": "K1", "corrects_invoice_id": "F1"}
    # within the month, and in June, when the price is 2 kr
    assert not reconcile([*lines, line(MARCH, -5, "1", **credit)], BY_DAY).parts
    june = [use(JUNE, 3, "2"), *BY_DAY]
    found = reconcile([*lines, line(JUNE, 3, "2", invoice="F2"), line(JUNE, -5, "1", **credit)], june)
    assert reasons(found) == {(MARCH, "CORRECTION"): (5, 500), (JUNE, "CORRECTION"): (-5, -500)}
    assert set(states(found).values()) == {"EXPLAINED"}
    # at the price of June 5 kr too much is credited
    found = reconcile([*lines, line(JUNE, 3, "2", invoice="F2"), line(JUNE, -5, "2", **credit)], june)
    assert reasons(found)[JUNE, "UNJUSTIFIED_CREDIT"] == (0, -500)


def test_a_correction_within_the_month_leaves_nothing_to_explain(reconcile):
    lines = [
        line(MARCH, 11),
        line(MARCH, -11, invoice="K1", corrects_invoice_id=f"F-{MARCH}"),
        line(MARCH, 10, invoice="K1", line_number=2, corrects_invoice_id=f"F-{MARCH}"),
    ]
    found = reconcile(lines, [use(MARCH, 10)])
    assert set(states(found).values()) == {"RECONCILED"}


def test_a_correction_of_an_older_invoice_explains_the_month_it_stands_in_and_the_one_it_corrects(reconcile):
    lines = [
        line(MARCH, 11, invoice="F1"),
        line(JUNE, 5, invoice="F2"),
        line(JUNE, -11, invoice="K1", corrects_invoice_id="F1"),
        line(JUNE, 10, invoice="K1", line_number=2, corrects_invoice_id="F1"),
    ]
    found = reconcile(lines, [use(MARCH, 10), use(JUNE, 5)])
    assert reasons(found) == {(MARCH, "CORRECTION"): (1, 250), (JUNE, "CORRECTION"): (-1, -250)}
    assert set(states(found).values()) == {"EXPLAINED"}


def test_a_correction_of_the_price_alone_explains_the_money_of_both_months(reconcile):
    lines = [
        line(MARCH, 10, "3", invoice="F1"),
        line(JUNE, -10, "3", invoice="K1", corrects_invoice_id="F1"),
        line(JUNE, 10, "2.5", invoice="K1", line_number=2, corrects_invoice_id="F1"),
    ]
    found = reconcile(lines, [use(MARCH, 10)])
    assert reasons(found) == {(MARCH, "CORRECTION"): (0, 500), (JUNE, "CORRECTION"): (0, -500)}
    assert set(states(found).values()) == {"EXPLAINED"}


def test_a_correction_at_the_price_of_then_has_its_own_money(reconcile):
    lines = [
        line(MARCH, 11, "2", invoice="F1"),
        line(JUNE, 5, "3", invoice="F2"),
        line(JUNE, -1, "2", invoice="K1", corrects_invoice_id="F1"),
    ]
    found = reconcile(lines, [use(MARCH, 10, "2"), use(JUNE, 5, "3")])
    assert reasons(found) == {(MARCH, "CORRECTION"): (1, 200), (JUNE, "CORRECTION"): (-1, -200)}


def test_a_credit_beyond_what_it_brings_nearer_is_unjustified_and_stays_open_with_its_kroner(reconcile):
    credit = line(MARCH, -3, invoice="K1", corrects_invoice_id=f"F-{MARCH}")
    found = reconcile([line(MARCH, 10), credit], [use(MARCH, 10)])
    assert reasons(found) == {(MARCH, "UNJUSTIFIED_CREDIT"): (-3, -750)}
    assert set(states(found).values()) == {"OPEN"}
    assert found.products[0]["at_stake_ore"] == 750
    assert not reconcile([line(MARCH, 13), credit], [use(MARCH, 10)]).parts
    assert reasons(reconcile([line(MARCH, 11), credit], [use(MARCH, 10)])) == {
        (MARCH, "UNJUSTIFIED_CREDIT"): (-2, -500)
    }


def test_a_charge_beyond_what_it_brings_nearer_is_unjustified_too(reconcile):
    more = line(MARCH, 2, invoice="K1", corrects_invoice_id=f"F-{MARCH}")
    assert reasons(reconcile([line(MARCH, 10), more], [use(MARCH, 10)])) == {(MARCH, "UNJUSTIFIED_CHARGE"): (2, 500)}


def test_a_credit_of_an_older_invoice_explains_what_that_month_had_too_much_and_no_more(reconcile):
    credit = line(JUNE, -3, invoice="K1", corrects_invoice_id="F1")
    lines = [line(MARCH, 11, invoice="F1"), line(JUNE, 5, invoice="F2"), credit]
    assert reasons(reconcile(lines, [use(MARCH, 10), use(JUNE, 5)])) == {
        (MARCH, "CORRECTION"): (1, 250),
        (JUNE, "CORRECTION"): (-1, -250),
        (JUNE, "UNJUSTIFIED_CREDIT"): (-2, -500),
    }


def test_a_credit_of_the_price_beyond_the_right_one_is_unjustified_in_kroner_alone(reconcile):
    lines = [
        line(MARCH, 11, invoice="F1"),
        line(JUNE, -11, invoice="K1", corrects_invoice_id="F1"),
        line(JUNE, 10, "2", invoice="K1", line_number=2, corrects_invoice_id="F1"),
    ]
    assert reasons(reconcile(lines, [use(MARCH, 10)]))[JUNE, "UNJUSTIFIED_CREDIT"] == (0, -500)


def test_credits_of_one_error_share_it_in_the_order_of_their_months(reconcile):
    lines = [line(MARCH, 13, invoice="F1")]
    lines += [line(m, -2, invoice=f"K-{m}", corrects_invoice_id="F1") for m in (MAY, JUNE)]
    assert reasons(reconcile(lines, [use(MARCH, 10)])) == {
        (MARCH, "CORRECTION"): (3, 750),
        (MAY, "CORRECTION"): (-2, -500),
        (JUNE, "CORRECTION"): (-1, -250),
        (JUNE, "UNJUSTIFIED_CREDIT"): (-1, -250),
    }


@pytest.mark.parametrize("named", some(["nowhere", "K1"], 1, "told as such by the same condition"))
def test_a_correction_of_an_invoice_that_nobody_sent_or_of_its_own_is_told_as_such_and_left_open(reconcile, named):
    corrects = {"invoice": "K1", "corrects_invoice_id": named}
    found = reconcile([line(MARCH, 10), line(MARCH, -3, **corrects)], [use(MARCH, 10)])
    assert reasons(found) == {(MARCH, "CORRECTS_NOTHING"): (-3, -750)}
    assert set(states(found).values()) == {"OPEN"}
    [march] = found.products
    assert (march["explained_ore"], march["under_ore"], march["at_stake_ore"]) == (0, 750, 750)
    # no further than the difference, and in money where it is the price that it corrects
    further = reconcile([line(MARCH, 10), line(MARCH, -3, **corrects)], [use(MARCH, 8)])
    assert reasons(further) == {(MARCH, "CORRECTS_NOTHING"): (-1, -250)}
    lines = [line(MARCH, 10), line(MARCH, -10, "3", **corrects), line(MARCH, 10, line_number=2, **corrects)]
    assert reasons(reconcile(lines, [use(MARCH, 10)])) == {(MARCH, "CORRECTS_NOTHING"): (0, -500)}


def test_what_is_open_of_one_row_is_at_stake_as_one_sum(reconcile):
    corrects = {"invoice": "K1", "corrects_invoice_id": "nowhere"}
    lines = [line(MARCH, 9), line(MARCH, -10, **corrects), line(MARCH, 10, "3", line_number=2, **corrects)]
    found = reconcile(lines, [use(MARCH, 10)])
    assert reasons(found) == {(MARCH, "CORRECTS_NOTHING"): (0, 500), (MARCH, "UNEXPLAINED"): (-1, -250)}
    [march] = found.products
    assert (march["over_ore"], march["under_ore"], march["at_stake_ore"], march["open_cells"]) == (250, 0, 250, 1)


def test_an_invoice_of_several_months_is_corrected_in_the_month_that_the_correction_is_of(reconcile):
    lines = [line(m, 11, invoice="Q1", line_number=m.month) for m in (JANUARY, FEBRUARY, MARCH)]
    lines += [line(MARCH, -1, invoice="K1", corrects_invoice_id="Q1")]
    found = reconcile(lines, [use(JANUARY, 10), use(FEBRUARY, 11), use(MARCH, 10)])
    assert reasons(found) == {(JANUARY, "UNEXPLAINED"): (1, 250)}


def test_an_organisation_of_the_same_payer_has_what_another_lacks(reconcile):
    lines = [
        line(MARCH, 10, invoice="F1", payer_number=OSLO),
        line(MARCH, 4, invoice="F2", organisation_number=BERGEN, payer_number=OSLO),
    ]
    basis = [use(MARCH, 7), use(MARCH, 8, organisation_number=BERGEN, payer_number=OSLO)]
    found = reconcile(lines, basis)
    assert reasons(found) == {(MARCH, "OTHER_PAYER"): (3, 750)}
    assert reasons(found, BERGEN) == {
        (MARCH, "OTHER_PAYER"): (-3, -750),
        (MARCH, "UNEXPLAINED"): (-1, -250),
    }


def test_the_payer_billed_in_the_users_place_is_found_by_who_pays(reconcile):
    lines = [line(MARCH, 10, organisation_number=BERGEN)]
    found = reconcile(lines, [use(MARCH, 10, payer_number=BERGEN)])
    assert {p["reason"] for p in found.parts} == {"OTHER_PAYER"}
    assert {(p["organisation_number"], p["quantity"]) for p in found.parts} == {(OSLO, -10), (BERGEN, 10)}


def test_organisations_with_other_payers_are_not_paired(reconcile):
    found = reconcile([line(MARCH, 10, organisation_number=BERGEN)], [use(MARCH, 10)])
    assert {p["reason"] for p in found.parts} == {"UNEXPLAINED"}


def test_a_change_of_payer_alone_is_no_difference_of_who_used(reconcile):
    found = reconcile([line(MARCH, 10, payer_number=BERGEN)], [use(MARCH, 10, payer_number=TROMSO)])
    assert states(found) == {(OSLO, MARCH): "RECONCILED"}


def test_what_is_billed_on_an_account_that_nothing_is_measured_of_is_told_apart(reconcile):
    lines = [
        line(MARCH, 1, invoice="F1", account_id="a", **ACCOUNTS),
        line(MARCH, 2, invoice="F2", account_id="nobody", **ACCOUNTS),
        line(MARCH, 1, invoice="F3", **ACCOUNTS),
    ]
    found = reconcile(lines, [use(MARCH, 1, account_id="a", **ACCOUNTS)])
    assert reasons(found) == {(MARCH, "UNKNOWN_ACCOUNT"): (2, 500), (MARCH, "UNEXPLAINED"): (1, 250)}


def test_an_account_is_not_unknown_where_some_use_is_told_of_without_its_account(reconcile):
    lines = [line(MARCH, 3, account_id="hidden")]
    basis = [use(MARCH, 1), use(MARCH, 1, account_id="a", organisation_number=BERGEN)]
    assert {p["reason"] for p in reconcile(lines, basis).parts if p["organisation_number"] == OSLO} == {"UNEXPLAINED"}


def test_a_price_raised_in_june_that_was_billed_as_before_is_a_change_of_price(reconcile):
    found = reconcile([line(MAY, 10, "2"), line(JUNE, 10, "2")], [use(MAY, 10, "2"), use(JUNE, 10, "2.25")])
    assert reasons(found) == {(JUNE, "PRICE_CHANGE"): (0, -250)}
    assert states(found) == {(OSLO, MAY): "RECONCILED", (OSLO, JUNE): "EXPLAINED"}


def test_a_wrong_price_and_a_wrong_quantity_are_told_apart(reconcile):
    found = reconcile([line(MARCH, 12, "2")], [use(MARCH, 10, "2.5")])
    assert reasons(found) == {(MARCH, "PRICE_CHANGE"): (0, -600), (MARCH, "UNEXPLAINED"): (2, 500)}


def test_rounding_of_many_lines_is_reconciled_and_its_oere_are_told(reconcile):
    lines = [line(MARCH, "0.1", "0.25", invoice=f"F{n}") for n in range(4)]  # 2.5 øre, 3 on each line
    found = reconcile(lines, [use(MARCH, "0.4", "0.25")])
    assert states(found) == {(OSLO, MARCH): "RECONCILED"}
    assert reasons(found) == {(MARCH, "ROUNDING"): (0, 2)}
    [march] = found.products
    assert (march["explained_ore"], march["open_ore"]) == (2, 0)


def test_what_nothing_explains_is_open_and_stands_at_stake_however_it_offsets(reconcile):
    lines = [line(MARCH, 14), line(MARCH, 3, organisation_number=BERGEN)]
    found = reconcile(lines, [use(MARCH, 10), use(MARCH, 6, organisation_number=BERGEN)])
    assert set(states(found).values()) == {"OPEN"}
    [march] = found.products
    assert (march["over_ore"], march["under_ore"], march["open_ore"], march["at_stake_ore"]) == (1000, 750, 250, 1750)
    assert march["open_cells"] == 2


def test_a_fixed_sum_that_nothing_measures_is_not_reconcilable(reconcile):
    fixed = {"service": "fiks-del-dokument", "price_element": "del-dokument-fastpris"}
    found = reconcile([line(JANUARY, 1, "5000", **fixed), line(JANUARY, 2)], [use(JANUARY, 2)])
    [row] = [r for r in found.rows if r["service"] == "fiks-del-dokument"]
    assert row["status"] == "NOT_RECONCILABLE"
    assert [row[c] for c in ("measured_quantity", "difference", "expected_ore", "difference_ore")] == [None] * 4
    [product] = [p for p in found.products if p["service"] == "fiks-del-dokument"]
    assert (product["not_reconcilable_ore"], product["at_stake_ore"]) == (500_000, 0)


def test_a_fixed_sum_that_the_basis_tells_of_is_reconciled(reconcile):
    fixed = {"service": "fiks-del-dokument", "price_element": "del-dokument-fastpris"}
    found = reconcile([line(JANUARY, "0.5", "5000", **fixed)], [use(JANUARY, "0.5", "5000", **fixed)])
    assert set(states(found).values()) == {"RECONCILED"}


def test_an_element_that_nobody_used_is_measured_where_others_that_count_the_same_are(reconcile):
    by_channel = {"service": "svarut", "price_element": "svarut-altinn"}
    found = reconcile([line(MARCH, 5, **by_channel), line(MARCH, 5)], [use(MARCH, 5)])
    assert {(p["price_element"], p["reason"]) for p in found.parts} == {("svarut-altinn", "UNEXPLAINED")}


def test_months_before_anything_was_measured_are_not_reconcilable(reconcile):
    lines = [line(m, 10) for m in (JANUARY, FEBRUARY, MARCH)]
    found = reconcile(lines, [use(MARCH, 10)])
    assert list(states(found).values()) == ["NOT_RECONCILABLE", "NOT_RECONCILABLE", "RECONCILED"]


def test_use_that_was_never_billed_and_bills_without_use_are_open(reconcile):
    found = reconcile(
        [line(MARCH, 5, organisation_number=BERGEN)],
        [use(MARCH, 8), use(JANUARY, 2, organisation_number=TROMSO, price=None)],
    )
    assert reasons(found) == {(MARCH, "UNEXPLAINED"): (-8, -2000)}
    assert reasons(found, BERGEN) == {(MARCH, "UNEXPLAINED"): (5, 1250)}
    assert reasons(found, TROMSO) == {(JANUARY, "UNEXPLAINED"): (-2, 0)}
    [tromso] = [r for r in found.rows if r["organisation_number"] == TROMSO]
    assert (tromso["expected_ore"], tromso["status"]) == (0, "OPEN")


def test_more_credited_than_was_billed_is_a_negative_quantity_like_any_other(reconcile):
    found = reconcile([line(MARCH, -3)], [use(MARCH, 2), use(APRIL, -1)])
    assert reasons(found) == {
        (MARCH, "MONTH_SHIFT"): (-1, -250),
        (MARCH, "UNEXPLAINED"): (-4, -1000),
        (APRIL, "MONTH_SHIFT"): (1, 250),
    }


def test_use_that_awaits_its_invoice_is_not_at_stake_before_the_quarter_is_invoiced(reconcile):
    basis = [
        use(FEBRUARY, 8),
        use(FEBRUARY, 3, organisation_number=BERGEN),
        use(FEBRUARY, 1, organisation_number=TROMSO),
    ]
    billed = [line(FEBRUARY, 8), line(MARCH, 1, organisation_number=TROMSO)]
    found = reconcile(billed, basis)
    assert {r["organisation_number"]: r["awaits_invoice"] for r in found.rows if r["month"] == FEBRUARY} == {
        OSLO: False,
        BERGEN: True,
        TROMSO: False,
    }
    [february] = [p for p in found.products if p["month"] == FEBRUARY]
    assert (february["awaits_invoice_ore"], february["under_ore"], february["at_stake_ore"]) == (750, 0, 0)
    found = reconcile([billed[0] | {"invoiced_on": date(2026, 4, 10)}, billed[1]], basis)
    [february] = [p for p in found.products if p["month"] == FEBRUARY]
    assert (february["awaits_invoice_ore"], february["under_ore"], february["at_stake_ore"]) == (0, 750, 750)


MESSAGES = {"service": "min-kommune", "price_element": "minside-innsyn"}


def of_types(*types, month=MARCH):
    return [use(month, q, price, channel=name, **MESSAGES) for name, q, price in types]


def test_a_message_type_that_was_not_billed_costs_its_own_price(reconcile):
    basis = of_types(("Byggesak", 10, "2"), ("Barnehage", 4, "0.5"))
    found = reconcile([line(MARCH, 10, "2", **MESSAGES)], basis)
    assert reasons(found) == {(MARCH, "UNEXPLAINED"): (-4, -200)}


def test_a_message_type_billed_at_another_price_is_a_change_of_price(reconcile):
    basis = of_types(("Byggesak", 10, "2"), ("Barnehage", 10, "1"))
    lines = [line(MARCH, 10, "2", **MESSAGES), line(MARCH, 10, "1.3", invoice="F2", **MESSAGES)]
    found = reconcile(lines, basis)
    assert reasons(found) == {(MARCH, "PRICE_CHANGE"): (0, 300)}


def test_of_a_message_type_at_another_price_units_and_price_are_told_apart(reconcile):
    basis = of_types(("Byggesak", 10, "2"), ("Barnehage", 10, "1"))
    lines = [line(MARCH, 10, "2", **MESSAGES), line(MARCH, 8, "1.3", invoice="F2", **MESSAGES)]
    assert reasons(reconcile(lines, basis)) == {
        (MARCH, "PRICE_CHANGE"): (0, 240),
        (MARCH, "UNEXPLAINED"): (-2, -200),
    }


def of_letters(month: date, payers: int, quantity: int = 3, first: int = 0, **more) -> tuple[list[dict], list[dict]]:
    """Lines and basis of letters at a sensitive service, by so many payers; of each as much is billed as measured."""
    places = PLACES[first : first + payers]
    lines = [line(month, quantity, invoice=f"{month}/{n}", organisation_number=n, **LETTERS | more) for n in places]
    return lines, [use(month, quantity, organisation_number=n, **LETTERS) for n in places]


def of_country(found) -> list[tuple]:
    assert {r["organisation_number"] for r in (*found.rows, *found.parts)} <= {None}
    assert found.products == [], "readers of the products may not see what is measured exactly"
    return [(r["month"], r["span"], r["billed_quantity"], r["measured_quantity"], r["status"]) for r in found.rows]


def test_use_of_a_sensitive_service_is_reconciled_by_organisation_and_told_for_the_country(reconcile):
    lines, basis = of_letters(MARCH, 20)
    over, under = (line(MARCH, n, invoice=f"F{n}", organisation_number=PLACES[n], **LETTERS) for n in (2, -2))
    found = reconcile([*lines, over, under, line(APRIL, 5, organisation_number=PLACES[0], **LETTERS)], basis)
    # what one has too much and another too little of is told of neither; a month of one payer stands with no other
    assert of_country(found) == [(MARCH, "MONTH", 60, 60, "RECONCILED")]
    assert found.parts == []
    found = reconcile([*lines, over, line(MARCH, 0, "0", invoice="F0", organisation_number=BERGEN, **LETTERS)], basis)
    assert of_country(found) == [(MARCH, "MONTH", 62, 60, "OPEN")]
    assert [(p["month"], p["reason"], p["quantity"], p["amount_ore"]) for p in found.parts] == [
        (MARCH, "UNEXPLAINED", 2, 500)
    ]


@pytest.mark.parametrize(
    ("months", "told"),
    [
        ({JANUARY: (0, 20), FEBRUARY: (0, 19)}, [(JANUARY, "MONTH", 60)]),
        ({JANUARY: (0, 10), FEBRUARY: (10, 10), MARCH: (0, 20)}, [(FEBRUARY, "QUARTER", 60), (MARCH, "MONTH", 60)]),
        ({JANUARY: (0, 10), APRIL: (10, 10)}, [(APRIL, "YEAR", 60)]),
        ({JANUARY: (0, 10), APRIL: (0, 10)}, []),
    ],
)
def test_a_month_of_few_payers_stands_with_others_or_not_at_all(reconcile, months, told):
    sides = [of_letters(month, payers, first=first) for month, (first, payers) in months.items()]
    found = reconcile([r for lines, _ in sides for r in lines], [r for _, basis in sides for r in basis])
    assert [row[:3] for row in of_country(found)] == told


def test_a_month_that_few_payers_are_billed_for_is_not_told_though_many_are_measured(reconcile):
    lines, basis = of_letters(MARCH, 25)
    assert of_country(reconcile(lines[:19], basis)) == []
    assert of_country(reconcile(lines, basis[:19])) == []
    assert of_country(reconcile([], basis)) == [(MARCH, "MONTH", 0, 75, "OPEN")]
    assert [r["measured_quantity"] for r in reconcile(lines, []).rows] == [None]


def test_what_rests_on_simulated_rows_says_so_on_both_sides_of_a_shift(reconcile):
    found = reconcile([line(APRIL, 10), line(JUNE, 1)], [use(MARCH, 10, synthetic=True), use(JUNE, 1)])
    assert {r["month"]: r["synthetic"] for r in found.rows} == {MARCH: True, APRIL: True, JUNE: False}
    assert all(p["synthetic"] for p in found.parts)


def test_a_part_that_does_not_sum_and_a_line_that_is_left_out_are_found_by_the_gate(rows_of, reconcile, settings):
    found = reconcile([line(MARCH, 14)], [use(MARCH, 10)])
    whole, [row], [part] = rows_of(RECONCILIATION, *found.rows), found.rows, found.parts
    cell = rows_of(RECONCILIATION_CELL, *found.cells)
    broken = {
        "parts_tie": [
            {"reconciliation": whole, "reconciliation_part": rows_of(RECONCILIATION_PART, *parts)}
            for parts in (
                [part | {"amount_ore": 999}],
                [part | {"quantity": Decimal(3)}],
                [],
                [part, part | {"month": MAY}],
            )
        ],
        "billed_ties": [
            {
                "reconciliation": rows_of(RECONCILIATION, *rows),
                "reconciliation_cell": cell,
                "invoice_line": rows_of(conformed.INVOICE_LINE, *lines),
            }
            for rows, lines in (
                (found.rows, []),
                (found.rows, [line(MARCH, 14), line(MAY, 1)]),
                (found.rows, [line(MARCH, 13)]),
                ([row | {"billed_ore": 1}], [line(MARCH, 14)]),
            )
        ],
    }
    with Session(settings) as session:
        for rule in quality.TABLE_RULES:
            for scans in broken.get(rule.name, []):
                assert session.cleared().table(rule.broken(scans)).num_rows == 1


def test_the_page_explains_every_status_and_reason():
    assert [word for word in (*STATES, *REASONS) if f"| `{word}` |" not in PAGE] == []


quantities = st.integers(-300, 3000).map(lambda n: Decimal(n) / 100)
prices = st.sampled_from(["0.333333", "1.15", "2.5"])
months = st.sampled_from([JANUARY, FEBRUARY, MARCH, APRIL, MAY])
organisations = st.sampled_from([OSLO, BERGEN, TROMSO])
accounts = st.sampled_from([None, "a", "b"])


@st.composite
def billed_lines(draw):
    rows = []
    for n in range(draw(st.integers(0, 14))):
        corrects = draw(st.none() | st.integers(0, 14).map(lambda i: f"F{i}"))
        more = {
            "organisation_number": draw(organisations),
            "payer_number": draw(st.none() | st.just(OSLO)),
            "account_id": draw(accounts),
            "corrects_invoice_id": corrects,
        }
        rows.append(line(draw(months), draw(quantities), draw(prices), invoice=f"F{n}", **more))
    return rows


@st.composite
def basis_rows(draw):
    keys = draw(st.lists(st.tuples(organisations, months, accounts), unique=True, max_size=14))
    rows = []
    for organisation, month, account in keys:
        payer = draw(st.sampled_from([OSLO, organisation]))
        price = draw(st.none() | prices)
        more = {"organisation_number": organisation, "payer_number": payer, "account_id": account}
        rows.append(use(month, draw(quantities), price, **more))
    return rows


@settings(max_examples=examples(8))
@given(lines=billed_lines(), basis=basis_rows(), data=st.data())
def test_parts_sum_to_every_difference_and_no_part_goes_further_than_it_whatever_the_order(
    reconcile, lines, basis, data
):
    halves = [
        late(row["month"], row["quantity"] / 2, date(2026, 8, n), organisation_number=row["organisation_number"])
        for n, row in enumerate(basis, 1)
        if row["quantity"] > 0
    ]
    found = reconcile(lines, basis, late=halves)  # the fixture holds that the parts sum
    gap = {(r["organisation_number"], r["month"]): r["difference"] for r in found.rows}
    shifted = dict.fromkeys([OSLO, BERGEN, TROMSO], 0)
    of_payers = dict.fromkeys([JANUARY, FEBRUARY, MARCH, APRIL, MAY], 0)
    for part in found.parts:
        assert part["quantity"] * gap[part["organisation_number"], part["month"]] >= 0
        assert part["reason"] in REASONS
        shifted[part["organisation_number"]] += part["quantity"] if part["reason"] == "MONTH_SHIFT" else 0
        of_payers[part["month"]] += part["quantity"] if part["reason"] == "OTHER_PAYER" else 0
    assert not any(shifted.values())
    assert not any(of_payers.values())
    order = data.draw(st.permutations(range(len(basis))))
    again = reconcile(data.draw(st.permutations(lines)), [basis[i] for i in order], late=halves[::-1])
    assert (again.rows, again.parts, again.products) == (found.rows, found.parts, found.products)
