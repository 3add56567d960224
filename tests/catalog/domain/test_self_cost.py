"""What a service must cost: the self-cost price, how it moves, and what it means to those who pay."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.domain import calendar
from catalog.domain.price_effects import Customer, Used, by_size, effects, largest
from catalog.domain.self_cost import (
    CATEGORIES,
    LEVELS,
    MUNICIPALITIES,
    Assumptions,
    Balance,
    Base,
    Cost,
    Priced,
    Use,
    at_decided_prices,
    calculate,
    expected_balance,
    kroner,
    number,
    rounded_up,
    rows_of,
)
from catalog.tables.price_calculation import PRICE_CALCULATION
from tests.thorough import examples

D = Decimal
RULE_SHEET = Path(__file__).resolve().parents[3] / "docs" / "self-cost.md"


def use(now, low=None, expected=None, high=None):
    expected = now if expected is None else expected
    return Use(D(now), D(expected if low is None else low), D(expected), D(expected if high is None else high))


def a_price(current="100", units="10", **more):
    said = {"price_element": "digisos-innbyggere", "kind": "FIXED", "unit": "år", "driver": MUNICIPALITIES}
    current = None if current is None else D(current)
    return Priced(**(said | {"current": current, "decided": current, "units_now": D(units)} | more))


A_THOUSAND_KR = (Cost("DRIFT", 100_000),)


def a_base(costs=A_THOUSAND_KR, prices=None, uses=None, balance=0):
    prices = [a_price()] if prices is None else prices
    return Base("fiks-digisos", 2027, costs, prices, uses or {MUNICIPALITIES: use(10)}, balance)


def use_of(customer, quantity, element="digisos-innbyggere", channel=None, ore=0):
    return Used(customer, element, channel, D(quantity), ore)


def self_cost(base, **supposed):
    return calculate(base, Assumptions(**supposed)).results[0].self_cost


def test_the_self_cost_price_is_cost_less_surplus_by_units():
    found = calculate(a_base([Cost("DRIFT", 390_000_000)], [a_price(units="280")], balance=60_000_000))
    [result] = found.results
    assert result.self_cost == D("13214.285714")
    assert result.proposed == D(13_300)
    assert result.formula == "(3 900 000 kr kostnad − 200 000 kr opptjent overskudd) ÷ 280 kunder = 13 214,29 kr"


def test_a_deficit_is_covered_over_three_years_or_as_many_as_is_said():
    base = a_base(balance=-60_000)
    assert [self_cost(base, years=n) for n in (1, 2, 3, 5)] == [160, 130, 120, 112]
    assert self_cost(base) == 120
    assert "+ 200 kr underskudd som dekkes inn" in calculate(base).results[0].formula
    assert calculate(a_base([Cost("DRIFT", 44_900)])).results[0].formula.endswith("= 44,90 kr")


def test_the_rule_sheets_example_is_what_the_calculation_gives():
    page = " ".join(RULE_SHEET.read_text("utf-8").split())
    base = a_base([Cost("DRIFT", 10_000_000)], [a_price("400", "280")], balance=-6_000_000)
    [three], [one] = calculate(base).results, calculate(base, Assumptions(years=1)).results
    # in whole millionths of a krone, rounded half up
    by_hand = [((100_000 + deficit) * 2 * 10**6 // 280 + 1) // 2 for deficit in (20_000, 60_000)]
    assert [int(x.self_cost * 10**6) for x in (three, one)] == by_hand
    told = (f"{three.self_cost} kr a customer", f"160 000 ÷ 280 = {one.self_cost} kr", f"price is {three.proposed} kr")
    assert [text for text in told if text not in page] == []
    assert f"{calculate(base).levels['expected'].cover_today_percent} %" in page
    assert f"{D(280 * 400 * 100) / 100_000:.2f} %" in page


def test_a_surplus_larger_than_the_cost_gives_no_price_below_zero():
    found = calculate(a_base(balance=999_999_999))
    assert (found.results[0].self_cost, found.to_cover_ore, found.balance_used_ore) == (0, 0, 100_000)
    assert found.levels["expected"].cover_percent == 100


def test_months_without_a_figure_are_no_growth_of_cost_or_of_what_was_billed_and_what_is_expected_stands():
    # nine of twelve months have a figure, and nothing is foreseen to change
    with_gaps = {"oppslag": Use(D(90), D(120), D(120), D(120), compared=D("0.75"))}
    costs = [Cost("DRIFT", 120_000, varies_with="oppslag")]

    def units_by(source, now):
        price = a_price(units=now, kind="PER_UNIT", unit="stk", driver="oppslag", units_source=source)
        found = calculate(a_base(costs, [price], with_gaps))
        assert found.variable_ore == 120_000
        return found.results[0].units["expected"]

    assert units_by("BILLED", "118") == 118
    assert units_by("MEASURED", "90") == 120


def test_cost_that_varies_follows_its_measure_and_the_rest_is_fixed():
    costs = [Cost("DRIFT", 60_000, varies_with="oppslag"), Cost("FORVALTNING", 40_000)]
    found = calculate(a_base(costs, uses={MUNICIPALITIES: use(10), "oppslag": use(100, 50, 150, 200)}))
    assert (found.fixed_ore, found.variable_ore, found.cost_base_ore) == (40_000, 90_000, 130_000)
    assert [found.levels[k].cost_ore for k in LEVELS] == [70_000, 130_000, 160_000]
    assert found.results[0].self_cost == 130


def test_a_new_service_is_reckoned_to_twelve_months():
    assert self_cost(a_base([Cost("DRIFT", 25_000, months=3)])) == 100


def test_municipalities_change_both_customers_and_the_use_that_follows_them():
    costs = [Cost("DRIFT", 60_000, varies_with="oppslag"), Cost("FORVALTNING", 40_000)]
    base = a_base(costs, uses={MUNICIPALITIES: use(10, expected=20), "oppslag": use(100)})
    found = calculate(base, Assumptions(municipalities=10))
    assert found.variable_ore == 30_000, "half of the municipalities foreseen, half of the use"
    assert [found.results[0].units[k] for k in LEVELS] == [10, 10, 10]
    assert found.results[0].self_cost == 70


def test_volume_changes_what_is_counted_and_not_those_who_are_there():
    counted = a_price(driver="oppslag", kind="PER_UNIT", unit="oppslag")
    base = a_base(prices=[counted], uses={MUNICIPALITIES: use(10), "oppslag": use(10)})
    assert self_cost(base, volume=D(25)) == 80
    assert self_cost(a_base(), volume=D(25)) == 100


def test_a_cost_is_supposed_by_its_category():
    costs = [Cost("DRIFT", 60_000), Cost("FORDELT", 40_000, source="ALLOCATED")]
    found = calculate(a_base(costs), Assumptions(cost={"DRIFT": D("-5"), "FORDELT": D(10)}))
    assert (found.costs_ore["DRIFT"], found.costs_ore["FORDELT"]) == (57_000, 44_000)


def test_several_prices_change_by_the_same_per_cent():
    prices = [
        a_price("10000", "219", price_element="folkeregister-fastpris-liten-kommune", size_high=10_000),
        a_price("20000", "82", price_element="folkeregister-fastpris-mellomstor-kommune", size_low=10_000),
        a_price("30000", "18", price_element="folkeregister-fastpris-stor-kommune", size_low=50_000),
    ]
    found = calculate(a_base([Cost("DRIFT", 387_200_000)], prices))
    income = 219 * 10_000 + 82 * 20_000 + 18 * 30_000
    for result in found.results:
        assert abs(result.self_cost / result.priced.current - D(3_872_000) / income) < D("0.000001")
    assert abs(sum(r.share_ore for r in found.results) - found.to_cover_ore) <= 1


def test_the_gap_to_the_decided_price_is_told_in_kroner_and_per_cent():
    [result] = calculate(a_base(prices=[a_price("80", decided=D(80))])).results
    assert (result.gap, result.gap_percent) == (20, 25)
    [result] = calculate(a_base(prices=[a_price("80", decided=None)])).results
    assert (result.gap, result.gap_percent) == (None, None)


def test_at_decided_prices_the_year_brings_what_they_bring_and_todays_where_none_is_decided():
    prices = [a_price("80", units="10", decided=D(120)), a_price("40", units="5", decided=None)]
    calculation = calculate(a_base(prices=prices))
    decided = at_decided_prices(calculation)
    units = [result.units["expected"] for result in calculation.results]
    assert [result.proposed for result in decided.results] == [120, 40]
    assert decided.levels["expected"].income_ore == units[0] * 12_000 + units[1] * 4_000
    assert decided.levels["expected"].cost_ore == calculation.levels["expected"].cost_ore
    unchanged = [replace(price, decided=price.current) for price in prices]
    for level in at_decided_prices(calculate(a_base(prices=unchanged))).levels.values():
        assert (level.income_ore, level.cover_percent) == (level.income_today_ore, level.cover_today_percent)
    assert at_decided_prices(calculate(a_base(prices=[a_price("80", decided=None)]))) is None


@pytest.mark.parametrize(
    ("base", "status"),
    [
        (a_base(prices=[]), "NO_PRICE"),
        (a_base(costs=[]), "NO_COST"),
        (a_base(costs=[Cost("DRIFT", -5)]), "NO_COST"),
        (a_base(prices=[a_price(units="0")]), "NO_USE"),
    ],
)
def test_what_cannot_be_calculated_says_why_and_has_a_row_all_the_same(base, status):
    found = calculate(base)
    rows = rows_of(found, "BASE")
    assert (found.status, found.results) == (status, ())
    assert [(r["status"], r.get("self_cost_price")) for r in rows] == [(status, None)]
    assert {k for r in rows for k in r} <= {c.name for c in PRICE_CALCULATION.columns}


@pytest.mark.parametrize(
    ("price", "told"),
    [
        ("0.0771", "0.078"),
        ("0.125", "0.125"),
        ("1.151", "1.16"),
        ("9.999", "10"),
        ("95.000001", "96"),
        ("13214.29", "13300"),
        ("0", "0"),
    ],
)
def test_a_price_is_proposed_upwards_in_steps_of_its_size(price, told):
    assert rounded_up(D(price)) == D(told)


@pytest.mark.parametrize(
    ("price", "today", "told"),
    [
        ("29.01", "28.30", "29.1"),
        ("29.01", "28", "30"),
        ("45.02", "44.90", "45.1"),
        ("1.151", "0.125", "1.151"),
        ("505", "500", "505"),
        ("13214.29", "13250", "13220"),
        ("13214.29", "13255", "13215"),
        ("0.0771", "10000", "0.078"),
    ],
)
def test_a_price_is_rounded_as_todays_is_where_that_is_finer(price, today, told):
    assert rounded_up(D(price), D(today)) == D(told)


def test_a_cost_divided_by_next_to_nothing_still_fits_its_column():
    found = calculate(a_base([Cost("DRIFT", 10**17)], [a_price("0.000001", "0.0001")]))
    [row] = rows_of(found, "BASE")
    for column in PRICE_CALCULATION.columns:
        assert pa.scalar(row.get(column.name), column.type).type == column.type


def test_kroner_are_told_as_norwegians_write_them():
    assert [kroner(390_000_000), kroner(41_000_000), kroner(-150)] == ["3 900 000 kr", "410 000 kr", "-2 kr"]
    assert [number(D("13214.50")), number(D(0)), number(D(1000))] == ["13 214,5", "0", "1 000"]


def test_assumptions_come_back_from_the_register_as_they_were():
    supposed = Assumptions(280, D("10.5"), {"DRIFT": D(-5)}, 5, price=D("2.5"))
    assert Assumptions.from_json(supposed.as_json()) == supposed
    assert Assumptions.from_json(None) == Assumptions()
    broken_ones = ("[]", "{", '{"volume_percent": "mye"}', '{"volume_percent": "NaN"}', '{"municipalities": 0}')
    for broken in (
        *broken_ones,
        '{"balance_percent": "-1"}',
        '{"balance_percent": "101"}',
        '{"years": 0}',
        '{"years": 2.9}',
        '{"years": true}',
        '{"years": 6}',
        '{"cost_percent": {"DRIFT": "-100"}}',
    ):
        with pytest.raises(ValueError, match=r"."):
            Assumptions.from_json(broken)


@pytest.mark.parametrize(("part", "years"), [("100", 1), ("50", 2), ("25", 4), ("20", 5)])
def test_the_part_of_the_balance_in_earlier_assumptions_is_read_as_years(part, years):
    assert Assumptions.from_json(f'{{"balance_percent": "{part}"}}').years == years


@pytest.mark.parametrize("part", ["0", "75", "33.3333"])
def test_another_part_of_the_balance_in_earlier_assumptions_is_kept(part):
    supposed = Assumptions.from_json(f'{{"balance_percent": "{part}"}}')
    assert supposed.part == D(part)
    assert Assumptions.from_json(supposed.as_json()) == supposed


# --- the balance ------------------------------------------------------------------------------------------------------


def account(first, last):
    """Months of which each comes to its number of the year, and after which a thousand is carried."""
    months = [*calendar.months_between(first, last)]
    return [
        {
            "month": m,
            "income_ore": 0,
            "result_ore": m.month,
            "balance_carried_ore": 1000 - sum(later.month for later in months if later > m),
        }
        for m in months
    ]


@pytest.mark.parametrize(
    ("last", "year", "expected"),
    [
        (date(2026, 9, 1), 2027, 1000 + 10 + 11 + 12),
        (date(2026, 12, 1), 2027, 1000),
        (date(2027, 3, 1), 2027, 1000),
        (date(2026, 12, 1), 2028, 1000 + 78),
        (date(2026, 9, 1), 2028, 1000 + 10 + 11 + 12 + 78),
    ],
)
def test_the_balance_is_reckoned_on_to_the_end_of_the_year_before_by_the_same_months_of_the_year_before(
    last, year, expected
):
    # the month after the window has its cost and not its income, and is not read
    after = {"month": calendar.next_month(last), "income_ore": 0, "result_ore": -999, "balance_carried_ore": 1}
    months = account(calendar.months_before(last, 11), last)
    assert expected_balance([after, *months], last, year) == Balance(expected, 1000, 0)


def test_months_that_no_account_tells_of_count_as_zero_and_are_counted():
    last = date(2026, 9, 1)
    assert expected_balance(account(date(2025, 12, 1), last), last, 2027) == Balance(1012, 1000, 2)
    assert expected_balance([], last, 2027) == Balance(0, 0, 3)


# --- whatever the amounts ---------------------------------------------------------------------------------------------

ore = st.integers(1, 10**11)
units = st.integers(1, 10**7)
percents = st.integers(-90, 200).map(D)
costs = st.lists(
    st.builds(Cost, st.sampled_from(CATEGORIES), ore, st.sampled_from([None, "oppslag"]), months=st.integers(1, 12)),
    min_size=1,
    max_size=6,
)
uses_of = st.tuples(units, units).map(lambda n: use(n[0], min(n), max(n)))
prices_of = st.lists(
    st.builds(
        a_price,
        st.integers(1, 10**5).map(str),
        units.map(str),
        driver=st.sampled_from([None, MUNICIPALITIES, "oppslag"]),
    ),
    min_size=1,
    max_size=4,
)
bases = st.builds(
    lambda c, p, k, o, b: a_base(c, p, {MUNICIPALITIES: k, "oppslag": o}, b),
    costs,
    prices_of,
    uses_of,
    uses_of,
    st.integers(-(10**10), 10**10),
)


@settings(max_examples=examples(80))
@given(bases)
def test_supposing_nothing_is_the_base(base):
    nothing = Assumptions(volume=D(0), cost=dict.fromkeys(CATEGORIES, D(0)), years=3)
    assert calculate(base, nothing).results == calculate(base).results
    assert calculate(base, nothing).levels == calculate(base).levels


@settings(max_examples=examples(80))
@given(bases)
def test_at_the_self_cost_price_and_expected_use_the_cost_is_covered(base):
    found = calculate(base)
    income = sum(r.units["expected"] * r.self_cost * 100 for r in found.results)
    # each price is rounded to a millionth of a krone
    off = sum(r.units["expected"] for r in found.results) * D("0.00005") + 1
    assert abs(income - found.to_cover_ore) <= off
    assert found.levels["expected"].income_ore >= found.to_cover_ore - off, "proposed prices are rounded up"


@settings(max_examples=examples(80))
@given(bases, st.sampled_from(CATEGORIES), percents, percents)
def test_more_cost_never_gives_a_lower_price(base, category, one, other):
    low, high = (calculate(base, Assumptions(cost={category: p})) for p in sorted((one, other)))
    for before, after in zip(low.results, high.results, strict=False):
        assert before.self_cost <= after.self_cost


@settings(max_examples=examples(80))
@given(st.lists(ore, min_size=1, max_size=4), units, percents, percents)
def test_the_price_falls_when_use_rises_and_all_cost_is_fixed(amounts, now, one, other):
    counted = a_price(driver="oppslag", units=str(now))
    base = a_base([Cost("DRIFT", n) for n in amounts], [counted], {"oppslag": use(now)})
    less, more = (self_cost(base, volume=p) for p in sorted((one, other)))
    assert less >= more


@settings(max_examples=examples(60))
@given(bases)
def test_the_base_cost_is_its_categories_and_its_fixed_and_variable_parts(base):
    found = calculate(base)
    assert sum(found.costs_ore.values()) == found.cost_base_ore == found.levels["expected"].cost_ore
    assert found.to_cover_ore == found.cost_base_ore - found.balance_used_ore


@settings(max_examples=examples(40))
@given(bases, st.randoms(use_true_random=False))
def test_the_order_of_cost_lines_does_not_matter(base, random):
    shuffled = list(base.costs)
    random.shuffle(shuffled)
    assert calculate(replace(base, costs=shuffled)).results == calculate(base).results


# --- those who pay ----------------------------------------------------------------------------------------------------

SMALL, LARGE, OTHER = Customer("1", "Lite", 4_000), Customer("2", "Stort", 60_000), Customer("3", "Selskap")


def test_what_customers_pay_follows_the_price_of_their_size():
    small = a_price("100", "10", size_high=10_000)
    large = a_price("300", "10", size_low=10_000)
    found = calculate(a_base([Cost("DRIFT", 800_000)], [small, large]))
    assert [r.proposed for r in found.results] == [200, 600]
    told = effects(found, [use_of(SMALL, 1), use_of(LARGE, 1)])
    assert [(e.customer, e.today_ore, e.then_ore, e.increase_percent) for e in told] == [
        (SMALL, 10_000, 20_000, 100),
        (LARGE, 30_000, 60_000, 100),
    ]
    assert [(s.size, s.customers, s.mean_today_ore, s.mean_then_ore) for s in by_size(told)] == [
        ("under 10 000 innbyggere", 1, 10_000, 20_000),
        ("50 000 innbyggere og over", 1, 30_000, 60_000),
    ]


def test_the_same_use_is_its_quantity_at_each_price_whatever_it_was_billed_at():
    paper = a_price("2", "6", kind="PER_CHANNEL", channel="PRINT")
    digital = a_price("1", "4", kind="PER_CHANNEL", channel="SDP")
    found = calculate(a_base([Cost("DRIFT", 3_200)], [paper, digital]))
    billed_last_year = [use_of(SMALL, 3, channel="PRINT", ore=450), use_of(SMALL, 5, channel="SDP", ore=400)]
    (told,) = effects(found, billed_last_year)
    assert (told.today_ore, told.then_ore) == (1_100, 2_200)


@pytest.mark.parametrize(("kind", "then"), [("FIXED", 20_000), ("BASE_FUNDING", 0)])
def test_what_is_free_today_costs_the_proposed_price_and_a_share_of_nothing_is_nothing(kind, then):
    found = calculate(a_base([Cost("DRIFT", 200_000)], [a_price("0", kind=kind)]))
    (told,) = effects(found, [use_of(SMALL, 1)])
    assert (told.today_ore, told.then_ore, told.increase_percent) == (0, then, None)


def test_a_free_channel_counts_among_those_that_are_not_told_apart():
    paper = a_price("2", "6", kind="PER_CHANNEL", channel="PRINT")
    free = a_price("0", "4", kind="PER_CHANNEL", channel="SDP")
    found = calculate(a_base([Cost("DRIFT", 2_400)], [paper, free]))
    (told,) = effects(found, [use_of(SMALL, 10)])
    assert (told.today_ore, told.then_ore) == (1_200, 2_400)


def test_each_inhabitant_is_priced_by_its_own_bracket():
    low = a_price("10", "5000", kind="INHABITANT_BRACKET", size_high=5_000)
    high = a_price("5", "15000", kind="INHABITANT_BRACKET", size_low=5_000)
    found = calculate(a_base([Cost("DRIFT", 250_000)], [low, high]))
    (told,) = effects(found, [use_of(LARGE, 5_000, channel="0–5000"), use_of(LARGE, 15_000, channel="5000–")])
    assert told.today_ore == 12_500_000


def test_lines_assumptions_and_changed_use_sum_to_the_cost_base():
    base = a_base([Cost("DRIFT", 200_001, varies_with="forsendelser"), Cost("FORVALTNING", 90_000, months=7)])
    found = calculate(base, Assumptions(volume=D("12.5"), cost={"DRIFT": D("3.3")}))
    assert found.assumed_cost_ore == 6_600
    lines = sum(line.year_ore for line in base.costs)
    assert lines + found.assumed_cost_ore + found.changed_use_ore == found.cost_base_ore


def test_the_largest_increases_are_ten_named_customers_and_never_the_nameless():
    found = calculate(a_base([Cost("DRIFT", 200_000)]))
    many = [use_of(Customer(f"{n:09}", f"K{n}", 10), n) for n in range(1, 15)]
    told = effects(found, [*many, use_of(Customer(None, "uten navn"), 10**7)])
    assert [e.increase_ore for e in largest(told)] == [n * 10_000 for n in range(14, 4, -1)]
    assert len(largest(told, percent=True)) == 10
    cheaper = calculate(a_base([Cost("DRIFT", 50_000)]))
    assert largest(effects(cheaper, many)) == []


def test_an_element_without_a_price_of_today_is_left_out_on_both_sides():
    found = calculate(a_base())
    assert effects(found, [use_of(OTHER, 5, "svarut-forsendelser")]) == []
