"""Prices are effective-dated, whole øre, and rounded once with halves away from zero."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.facts import read
from catalog.pricing import (
    AmbiguousPrice,
    PriceKind,
    PriceRule,
    amount_ore,
    billable,
    half_away,
    in_force,
    price,
    share_of_year,
    vat_ore,
)


def rule(**changes) -> PriceRule:
    values = {
        "price_element": "svarut-forsendelser",
        "service": "svarut",
        "kind": PriceKind.PER_UNIT,
        "amount": Decimal("0.85"),
        "unit": "forsendelse",
        "valid_from": date(2025, 1, 1),
    }
    return PriceRule(**(values | changes))


@pytest.mark.parametrize(
    ("value", "whole"),
    [("0.5", 1), ("-0.5", -1), ("1.5", 2), ("2.5", 3), ("-2.5", -3), ("2.4999999999", 2), ("0", 0), ("-0.4", 0)],
)
def test_a_half_goes_away_from_zero(value, whole):
    assert half_away(Decimal(value)) == whole


@given(st.decimals("-1e9", "1e9", places=4), st.decimals(0, "1e6", places=6))
def test_a_line_of_opposite_sign_takes_back_exactly_what_it_corrects(quantity, unit_price):
    assert amount_ore(-quantity, unit_price) == -amount_ore(quantity, unit_price)
    assert vat_ore(-amount_ore(quantity, unit_price)) == -vat_ore(amount_ore(quantity, unit_price))


@given(st.integers(0, 10**12), st.integers(0, 10**9))
def test_an_amount_is_the_exact_product_rounded_once(quantity, unit_price):
    exact = quantity * unit_price * 100  # in units of 10^-10 kr-øre
    assert amount_ore(Decimal(quantity).scaleb(-4), Decimal(unit_price).scaleb(-6)) == (exact * 2 + 10**10) // (
        2 * 10**10
    )


def test_vat_is_a_quarter_rounded_by_itself():
    assert [vat_ore(a) for a in (100, 1, 2, 3, -2)] == [25, 0, 1, 1, -1]


def test_every_kind_of_the_facts_has_a_price():
    kinds = {row["kind"] for row in read("price_element")}
    assert kinds <= set(PriceKind)
    for kind in map(PriceKind, kinds):
        assert price(rule(kind=kind, amount=Decimal(10)), Decimal(3)) == (
            1000 if kind in {PriceKind.ACTIVE_MONTH, PriceKind.JOINING_FEE} else 3000
        )


@pytest.mark.parametrize(("lookups", "months"), [(0, 0), (9, 0), (10, 1), (5000, 1)])
def test_a_month_is_active_from_the_tenth_look_up(lookups, months):
    active = rule(kind=PriceKind.ACTIVE_MONTH, least=10, amount=Decimal(250))
    assert billable(active, Decimal(lookups)) == months
    assert price(active, Decimal(lookups)) == months * 25_000


def test_a_joining_fee_is_paid_once():
    fee = rule(kind=PriceKind.JOINING_FEE, amount=Decimal(25_000))
    assert [price(fee, Decimal(n)) for n in (0, 1, 7)] == [0, 2_500_000, 2_500_000]


@pytest.mark.parametrize(
    ("started", "share"),
    [
        (date(2020, 5, 1), "1"),
        (date(2021, 1, 1), "1"),
        (date(2021, 6, 30), "1"),
        (date(2021, 7, 1), "0.5"),
        (date(2022, 1, 1), "0"),
    ],
)
def test_who_joins_in_the_second_half_of_a_year_pays_half(started, share):
    assert share_of_year(started, 2021) == Decimal(share)


def test_a_price_holds_from_its_first_day_until_the_day_it_no_longer_does():
    old = rule(valid_to=date(2026, 1, 1))
    new = rule(valid_from=date(2026, 1, 1), amount=Decimal("0.90"))
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [in_force([old, new], "svarut-forsendelser", day) for day in days] == [None, old, old, new]


@pytest.mark.parametrize(("inhabitants", "amount"), [(0, 10), (9_999, 10), (10_000, 20), (49_999, 20), (50_000, 30)])
def test_a_size_class_holds_from_its_low_end_up_to_its_high_end(inhabitants, amount):
    classes = [
        rule(kind=PriceKind.SIZE_CLASS, amount=Decimal(10), size_high=10_000),
        rule(kind=PriceKind.SIZE_CLASS, amount=Decimal(20), size_low=10_000, size_high=50_000),
        rule(kind=PriceKind.SIZE_CLASS, amount=Decimal(30), size_low=50_000),
    ]
    found = in_force(classes, "svarut-forsendelser", date(2025, 1, 1), inhabitants=inhabitants)
    assert found is not None
    assert found.amount == amount
    assert in_force(classes, "svarut-forsendelser", date(2025, 1, 1)) is None


def test_a_price_for_a_channel_is_for_that_channel_only():
    altinn = rule(channel="ALTINN")
    assert altinn.holds(date(2025, 1, 1), channel="ALTINN")
    assert not altinn.holds(date(2025, 1, 1), channel="SVARINN")
    assert not altinn.holds(date(2025, 1, 1))


def test_two_prices_for_the_same_thing_are_refused_with_the_mend():
    with pytest.raises(AmbiguousPrice, match="Give all but one an earlier valid_to"):
        in_force([rule(), rule(amount=Decimal(2))], "svarut-forsendelser", date(2025, 6, 1))
