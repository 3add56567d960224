"""An invoice basis then and now: the parts sum to the difference, and each says what of the line differs."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.domain.pricing import amount_ore
from catalog.domain.rebilling import compare, ready_ore

MARCH = date(2026, 3, 1)


def line(quantity="10", price="1.15", element="svarut-forsendelser", **more):
    unpriced = price is None
    row = {
        "payer_number": "p1",
        "organisation_number": "o1",
        "account_id": None,
        "service": "svarut",
        "price_element": element,
        "channel": None,
        "month": MARCH,
        "price_from": None,
        "quantity": Decimal(quantity),
        "unit_price": None if unpriced else Decimal(price),
        "price_rule": None if unpriced else f"{element}/{price}",
        "amount_ore": None if unpriced else amount_ore(Decimal(quantity), Decimal(price)),
        "status": "NO_PRICE" if unpriced else "READY",
    }
    return row | more


def told(held, now):
    return [(p.reason.value, p.payer_number, p.quantity, p.amount_ore) for p in compare(held, now)]


WAITING = {"status": "NO_AGREEMENT"}
IO, DIGI = {"element": "fiksio"}, {"element": "digiorden-fastpris-per-maned"}


@pytest.mark.parametrize(
    ("held", "now", "parts"),
    [
        ([line()], [line()], []),
        ([line()], [line("12")], [("LATE_STATE", "p1", 2, 230)]),
        ([line()], [line("8")], [("WITHDRAWN", "p1", -2, -230)]),
        ([line(element="svarut-altinn")], [line("8", element="svarut-altinn")], [("LATE_STATE", "p1", -2, -230)]),
        ([line(**IO)], [line("8", **IO)], [("CORRECTION", "p1", -2, -230)]),
        ([line(**IO)], [], [("WITHDRAWN", "p1", -10, -1150)]),
        ([], [line(**IO)], [("LATE_STATE", "p1", 10, 1150)]),
        ([], [line(**DIGI)], [("NEW_AGREEMENT", "p1", 10, 1150)]),
        ([line(**DIGI)], [], [("AGREEMENT_ENDED", "p1", -10, -1150)]),
        ([line()], [line(price="2")], [("PRICE_CHANGE", "p1", 0, 850)]),
        ([line(price=None)], [line()], [("PRICE_CHANGE", "p1", 0, 1150)]),
        ([line()], [line(amount_ore=1151)], [("UNEXPLAINED", "p1", 0, 1)]),
        ([line()], [line(price=None)], [("PRICE_CHANGE", "p1", 0, -1150)]),
        ([line(**WAITING)], [line()], [("NEW_AGREEMENT", "p1", 0, 1150)]),
        ([line()], [line(**WAITING)], [("AGREEMENT_ENDED", "p1", 0, -1150)]),
        (
            [line()],
            [line(payer_number="p2")],
            [("OTHER_PAYER", "p1", -10, -1150), ("OTHER_PAYER", "p2", 10, 1150)],
        ),
        (
            [line()],
            [line("12", "2")],
            [("LATE_STATE", "p1", 2, 400), ("PRICE_CHANGE", "p1", 0, 850)],
        ),
        # the organisation's first dispatch of a sensitive source system: all are counted without account since
        ([line("4", account_id="a"), line("6", account_id="b")], [line()], []),
        (
            [line("1", "0.005", account_id="a"), line("1", "0.005", account_id="b")],
            [line("2", "0.005")],
            [("ROUNDING", "p1", 0, -1)],
        ),
        ([line(amount_ore=1150)], [line(amount_ore=1250)], [("UNEXPLAINED", "p1", 0, 100)]),
    ],
)
def test_each_part_says_what_of_the_line_differs(held, now, parts):
    assert told(held, now) == parts


def of_days(first, then, last="", **more):
    """The lines of a month whose price changes on the eleventh and twenty-first, as quantities at 1, 2 and 3.005 kr."""
    return [
        line(quantity, price, price_from=date(2026, 3, day), **more)
        for quantity, price, day in ((first, "1", 1), (then, "2", 11), (last, "3.005", 21))
        if quantity
    ]


@pytest.mark.parametrize(
    ("held", "now", "parts"),
    [
        (of_days("10", "11"), of_days("10", "11"), []),
        (of_days("", "11"), of_days("3", "11"), [("LATE_STATE", "p1", 3, 300)]),
        (of_days("10", "11"), of_days("5", "12"), [("WITHDRAWN", "p1", -5, -500), ("LATE_STATE", "p1", 1, 200)]),
        # a further price that was decided after the invoice, or taken back
        (of_days("10", "11"), of_days("10", "8", "3"), [("PRICE_CHANGE", "p1", 0, 302)]),
        (of_days("10", "8", "3"), of_days("10", "11"), [("PRICE_CHANGE", "p1", 0, -302)]),
        (of_days("10", "11"), of_days("10", "11", "3"), [("LATE_STATE", "p1", 3, 902)]),
        ([line("21", "1")], of_days("10", "11"), [("PRICE_CHANGE", "p1", 0, 1100)]),
        (of_days("10", "11"), [line("21", "1")], [("PRICE_CHANGE", "p1", 0, -1100)]),
        (of_days("10", "11", payer_number="p1"), [line("21", "1", **WAITING)], [("AGREEMENT_ENDED", "p1", 0, -3200)]),
    ],
)
def test_units_of_a_month_with_two_prices_are_held_against_those_of_the_same_days(held, now, parts):
    assert told(held, now) == parts


keys = st.tuples(
    st.sampled_from(["o1", "o2"]),
    st.sampled_from(
        [("svarut-forsendelser", None), ("svarut-altinn", "ALTINN"), ("fiksio", None), *[(DIGI["element"], None)]]
    ),
    st.sampled_from([None, "a", "b"]),
)
said = st.tuples(
    st.integers(0, 500), st.sampled_from([None, "1.15", "0.005", "2"]), st.booleans(), st.sampled_from(["p1", "p2"])
)


def lines(found):
    rows = []
    for (organisation, (element, channel), account), (quantity, price, agreed, payer) in found.items():
        # the payer and the price of an element are the same for all accounts of an organisation
        row = line(str(quantity), price, element, organisation_number=organisation, channel=channel, account_id=account)
        rows.append(row | {"payer_number": payer} | ({} if agreed or price is None else WAITING))
    same = {}
    for row in rows:
        first = same.setdefault((row["organisation_number"], row["price_element"]), row)
        kept = {k: first[k] for k in ("payer_number", "unit_price", "price_rule", "status")}
        price = first["unit_price"]
        row.update(kept, amount_ore=None if price is None else amount_ore(row["quantity"], price))
    return rows


bases = st.dictionaries(keys, said, max_size=8).map(lines)


@given(bases, bases)
def test_the_parts_sum_to_the_difference_for_each_payer_and_go_back_again(held, now):
    parts = compare(held, now)
    assert sum(p.amount_ore for p in parts) == ready_ore(now) - ready_ore(held)
    by_payer = defaultdict(int)
    for rows, sign in ((now, 1), (held, -1)):
        for row in rows:
            by_payer[row["payer_number"]] += sign * ready_ore([row])
    for part in parts:
        by_payer[part.payer_number] -= part.amount_ore
    assert not any(by_payer.values())
    quantity = sum(r["quantity"] for r in now) - sum(r["quantity"] for r in held)
    assert sum(p.quantity for p in parts) == quantity
    assert -sum(p.amount_ore for p in compare(now, held)) == sum(p.amount_ore for p in parts)
    assert compare(now, now) == []


@given(bases, bases, st.randoms())
def test_the_order_of_the_lines_does_not_matter(held, now, random):
    mixed = random.sample(now, len(now))
    assert compare(held, mixed) == compare(held, now)
