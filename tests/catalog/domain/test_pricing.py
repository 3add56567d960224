"""Prices are effective-dated, whole øre, and rounded once with halves away from zero."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.pricing import (
    AmbiguousPrice,
    PriceKind,
    PriceRule,
    amount_ore,
    billable,
    clash,
    faults,
    half_away,
    in_force,
    priced,
    share_of_year,
    spread,
    vat_ore,
)
from catalog.errors import WrongUse
from catalog.facts import read


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
        assert priced(rule(kind=kind, amount=Decimal(10)), Decimal(3)) == (
            1000 if kind in {PriceKind.ACTIVE_MONTH, PriceKind.JOINING_FEE} else 3000
        )


@pytest.mark.parametrize(("lookups", "months"), [(0, 0), (9, 0), (10, 1), (5000, 1)])
def test_a_month_is_active_from_the_tenth_look_up(lookups, months):
    active = rule(kind=PriceKind.ACTIVE_MONTH, least=10, amount=Decimal(250))
    assert billable(active, Decimal(lookups)) == months
    assert priced(active, Decimal(lookups)) == months * 25_000


def test_a_joining_fee_is_paid_once():
    fee = rule(kind=PriceKind.JOINING_FEE, amount=Decimal(25_000))
    assert [priced(fee, Decimal(n)) for n in (0, 1, 7)] == [0, 2_500_000, 2_500_000]


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


# --- the kinds, by real examples --------------------------------------------------------------------------------------

PUBLISHED = read("published_price")


def published(service: str, customer: str, element: str) -> Decimal:
    """The one published amount."""
    [amount] = [
        Decimal(row["amount"])
        for row in PUBLISHED
        if row["service"] == service and row["customer"] == customer and row["price_element"].startswith(element)
    ]
    return amount


def joining_fee_of_digiorden() -> list[PriceRule]:
    classes = (("kommune <5000 innb", None, 5_000), ("kommune 5000-10000 innb", 5_000, 10_000))
    return [
        rule(
            price_element="digiorden-tilkoblingspris",
            service="fiks-digiorden",
            kind=PriceKind.JOINING_FEE,
            amount=published("Fiks digiorden", customer, "tilkobling"),
            size_low=low,
            size_high=high,
        )
        for customer, low, high in (*classes, ("kommune >10000 innb", 10_000, None))
    ]


@pytest.mark.parametrize(("inhabitants", "kr"), [(4_999, 25_000), (5_000, 40_000), (9_999, 40_000), (10_000, 60_000)])
def test_the_joining_fee_of_digiorden_follows_the_size_of_the_municipality(inhabitants, kr):
    fee = in_force(joining_fee_of_digiorden(), "digiorden-tilkoblingspris", date(2025, 3, 1), inhabitants=inhabitants)
    assert fee is not None
    assert priced(fee, Decimal(1)) == kr * 100


def test_digiorden_is_500_kr_a_month_and_an_eighth_of_a_krone_an_inhabitant():
    fixed = rule(kind=PriceKind.FIXED_MONTHLY, amount=published("Fiks digiorden", "kommune", "drift fast"))
    each = rule(
        kind=PriceKind.PER_INHABITANT,
        amount=published("Fiks digiorden", "kommune", "drift per"),
        unit="innbygger per måned",
    )
    assert each.monthly
    assert priced(fixed, Decimal(1)) == 50_000
    assert priced(each, Decimal(12_345)) == 154_313, "1 543.125 kr: a half øre goes up"


def folkeregister_2021() -> list[PriceRule]:
    """Half of the yearly price for the first half of 2021, as two rules that follow each other."""
    classes = (("kommune <10000 innb", None, 10_000), ("kommune 10000-50000 innb", 10_000, 50_000))
    found = []
    for customer, low, high in (*classes, ("kommune >=50000 innb", 50_000, None)):
        whole = rule(
            price_element="folkeregister",
            kind=PriceKind.SIZE_CLASS,
            amount=published("Fiks folkeregister", customer, "årspris"),
            unit="år",
            size_low=low,
            size_high=high,
            valid_from=date(2021, 7, 1),
        )
        half = replace(whole, amount=whole.amount / 2, valid_from=date(2021, 1, 1), valid_to=date(2021, 7, 1))
        found += [half, whole]
    return found


@pytest.mark.parametrize(
    ("inhabitants", "on", "kr"),
    [
        (9_999, date(2021, 1, 1), 5_000),
        (10_000, date(2021, 6, 30), 10_000),
        (9_999, date(2022, 1, 1), 10_000),
        (10_000, date(2022, 1, 1), 20_000),
        (50_000, date(2022, 1, 1), 30_000),
    ],
)
def test_folkeregister_had_half_the_price_of_its_size_class_in_the_first_half_of_2021(inhabitants, on, kr):
    found = in_force(folkeregister_2021(), "folkeregister", on, inhabitants=inhabitants)
    assert found is not None
    assert priced(found, share_of_year(date(2021, 1, 1), on.year)) == kr * 100
    assert faults(folkeregister_2021()) == []


def test_smittesporing_was_ten_thousand_a_year_and_two_kroner_an_inhabitant():
    fixed = rule(kind=PriceKind.FIXED, amount=published("Fiks smittesporing", "kommune", "årspris fast"), unit="år")
    each = rule(kind=PriceKind.PER_INHABITANT, amount=published("Fiks smittesporing", "kommune", "per innbygger"))
    assert priced(fixed, Decimal(1)) + priced(each, Decimal(7_000)) == 24_000_00
    assert not each.monthly


def test_a_county_pays_a_price_of_its_own_whatever_its_size():
    county = rule(
        price_element="folkeregister",
        kind=PriceKind.SIZE_CLASS,
        amount=published("Fiks folkeregister", "fylkeskommune", "årspris"),
        measure="kundetype",
        valid_from=date(2021, 1, 1),
    )
    on = date(2022, 1, 1)
    rules = [*folkeregister_2021(), county]
    found = in_force(rules, "folkeregister", on, inhabitants=300_000, customer_kind="COUNTY")
    assert found == county
    assert in_force(rules, "folkeregister", on, inhabitants=300_000) != county


weights = st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 10**7), min_size=1, max_size=12)


@given(st.integers(-(10**12), 10**12), weights.filter(lambda w: sum(w.values()) > 0))
def test_base_funding_is_spread_to_the_ore_in_any_order_and_no_one_is_more_than_an_ore_off(amount, by_weight):
    parts = spread(amount, by_weight)
    whole = sum(by_weight.values())
    assert sum(parts.values()) == amount
    assert all(abs(parts[k] * whole - amount * w) < whole for k, w in by_weight.items())
    assert spread(amount, dict(reversed(by_weight.items()))) == parts


def test_an_amount_is_not_spread_over_nobody():
    with pytest.raises(WrongUse, match="no customer has a weight"):
        spread(100, {"a": 0})


@given(
    st.lists(st.decimals(0, "1e7", places=4), min_size=1, max_size=8),
    st.decimals(0, "1e4", places=6),
)
def test_a_quantity_on_many_lines_costs_the_same_within_half_an_ore_a_line(parts, unit_price):
    lines = [priced(rule(amount=unit_price), q) for q in parts]
    assert 2 * abs(sum(lines) - priced(rule(amount=unit_price), sum(parts, Decimal(0)))) <= len(parts) + 1
    assert len(parts) != 2 or abs(sum(lines) - priced(rule(amount=unit_price), sum(parts, Decimal(0)))) <= 1


# --- gaps and overlaps ------------------------------------------------------------------------------------------------


def test_rules_that_follow_each_other_have_no_fault():
    one = rule(valid_to=date(2026, 1, 1))
    assert faults([one, rule(valid_from=date(2026, 1, 1))]) == []
    assert faults([]) == []


def test_an_overlap_and_a_gap_are_told_with_their_days_and_the_mend():
    first = rule(valid_to=date(2025, 7, 1))
    second = rule(valid_from=date(2025, 5, 1), valid_to=date(2025, 12, 1))
    third = rule(valid_from=date(2026, 2, 1))
    overlap, gap = faults([third, first, second])
    assert (overlap.kind, overlap.starts, overlap.ends) == ("OVERLAP", date(2025, 5, 1), date(2025, 7, 1))
    assert (gap.kind, gap.starts, gap.ends) == ("GAP", date(2025, 12, 1), date(2026, 2, 1))
    assert "give the earlier rule the later one's valid_from as valid_to" in overlap.sentence
    assert "svarut-forsendelser has no price from 2025-12-01 to 2026-02-01" in gap.sentence


def test_prices_of_other_channels_sizes_and_customers_neither_overlap_nor_fill_a_gap():
    apart = [rule(channel="ALTINN"), rule(channel="SVARINN"), rule(channel="SDP", customer_kind="COUNTY")]
    assert faults(apart) == []
    assert faults(joining_fee_of_digiorden()) == []
    late = [rule(channel="ALTINN", valid_from=date(2026, 1, 1)), rule(channel="ALTINN", valid_to=date(2025, 6, 1))]
    [gap] = faults([*late, rule(channel="SVARINN")])
    assert (gap.kind, gap.about) == ("GAP", "ALTINN")
    [overlap] = faults([rule(), rule(channel="ALTINN")])
    assert (overlap.kind, overlap.about) == ("OVERLAP", "ALTINN")


months = st.integers(0, 12).map(lambda n: date(2025 + n // 12, n % 12 + 1, 1))
spans = st.tuples(months, st.none() | months).filter(lambda s: s[1] is None or s[0] < s[1])
sizes = st.sampled_from([(None, None), (None, 10), (10, None), (5, 20)])


@given(st.lists(st.tuples(spans, sizes, st.sampled_from([None, "ALTINN"])), min_size=1, max_size=4))
def test_rules_overlap_just_where_no_price_can_be_said(said):
    rules = [
        rule(valid_from=a, valid_to=b, size_low=low, size_high=high, channel=channel)
        for (a, b), (low, high), channel in said
    ]
    ambiguous = False
    for day in (date(2025 + n // 12, n % 12 + 1, 1) for n in range(14)):
        for size in (0, 5, 10, 20):
            for channel in (None, "ALTINN"):
                try:
                    in_force(rules, "svarut-forsendelser", day, channel=channel, inhabitants=size)
                except AmbiguousPrice:
                    ambiguous = True
    assert any(f.kind == "OVERLAP" for f in faults(rules)) == ambiguous
    assert any(clash(a, b) for a, b in combinations(rules, 2)) == ambiguous
