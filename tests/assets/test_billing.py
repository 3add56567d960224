"""What a month's use and agreements come to: quantities, prices, payers, and why a line is not ready."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import billing, reference
from assets.build import BuildWindow
from catalog.contracts.scan import Values
from catalog.domain import calendar
from catalog.domain.borders import borders
from catalog.domain.pricing import amount_ore, in_force, rules_of, spread
from catalog.tables import conformed, usage
from catalog.tables.billing import BILLABLE_MONTH, CUSTOMER_CHARGE, CUSTOMER_SPAN, INVOICE_BASIS, LATE_USE
from catalog.tables.reference import ORGANISATION
from catalog.tables.registers import PAYER, PRICE_RULE
from catalog.tables.uptake import STEP_EVENT
from tests.thorough import examples

NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
POPULATION = next(m for m in reference.BUILDS if m.contract.table == "population").make(BuildWindow(NOW))
JANUARY, MARCH, AUGUST = date(2026, 1, 1), date(2026, 3, 1), date(2026, 8, 1)
OSLO, UTSIRA, COUNTY, COMPANY = "958935420", "864979462", "921693230", "310000000"
OLD_AALESUND, AALESUND, HARAM, SPLIT_ON = "920415288", "929911709", "829912252", date(2024, 1, 1)
ORGANISATIONS = [
    {"organisation_number": OSLO, "name": "Oslo", "kind": "MUNICIPALITY", "municipality_code": "0301"},
    {"organisation_number": UTSIRA, "name": "Utsira", "kind": "MUNICIPALITY", "municipality_code": "1151"},
    {"organisation_number": COUNTY, "name": "Rogaland", "kind": "COUNTY", "county_code": "11"},
    {"organisation_number": COMPANY, "name": "Havn (syntetisk)", "kind": "COMPANY"},
    {"organisation_number": OLD_AALESUND, "name": "Ålesund", "kind": "MUNICIPALITY"}
    | {"valid_to": SPLIT_ON, "successor_number": AALESUND},
    {"organisation_number": AALESUND, "name": "Ålesund", "kind": "MUNICIPALITY", "municipality_code": "1508"}
    | {"valid_from": SPLIT_ON},
    {"organisation_number": HARAM, "name": "Haram", "kind": "MUNICIPALITY", "municipality_code": "1580"}
    | {"valid_from": SPLIT_ON},
]
MERGED_ON = date(2020, 1, 1)
NORDRE_FOLLO, SKI, OPPEGAARD = "922092648", "310000017", "310000025"
# a municipality takes over three in the middle of a month, as none has in fact
MID_MONTH = date(2019, 7, 15)
ASKER, OLD_ASKER, ROEYKEN, HURUM = "920125298", "310000043", "310000051", "310000078"
FORMER = {
    SKI: ("0213", MERGED_ON, NORDRE_FOLLO),
    OPPEGAARD: ("0217", MERGED_ON, NORDRE_FOLLO),
    OLD_ASKER: ("0220", MID_MONTH, ASKER),
    ROEYKEN: ("0627", MID_MONTH, ASKER),
    HURUM: ("0628", MID_MONTH, ASKER),
}
NOW_CODES = {NORDRE_FOLLO: "3207", ASKER: "3203"}
ORGANISATIONS += [
    *(
        {"organisation_number": number, "name": code, "kind": "MUNICIPALITY", "municipality_code": code}
        for number, code in NOW_CODES.items()
    ),
    *(
        {"organisation_number": number, "name": f"{code} (syntetisk)", "kind": "MUNICIPALITY"}
        | {"municipality_code": NOW_CODES[successor], "valid_to": ended, "successor_number": successor}
        for number, (code, ended, successor) in FORMER.items()
    ),
]
WHERE = {
    "population": POPULATION,
    "municipality_of": Values(
        pa.concat_tables(
            [
                reference.bundled_places(),
                pa.Table.from_pylist(
                    [
                        {"organisation_number": number, "municipality_code": code, "estimated": False}
                        | {"valid_from": date(2012, 1, 1), "valid_to": ended}
                        for number, (code, ended, _) in FORMER.items()
                    ],
                    reference.bundled_places().schema,
                ),
            ]
        )
    ),
    "municipality_to_now": Values(borders().then_to_now_table()),
}
PEOPLE = {(r["municipality_code"], r["year"]): r["inhabitants"] for r in POPULATION.table.to_pylist()}


def register(contract, *rows):
    return Values(pa.Table.from_pylist([dict(r) for r in rows], contract.schema))


def rule(element="svarut-forsendelser", kind="PER_UNIT", amount="1.15", **more):
    row = {
        "price_element": element,
        "service": "svarut",
        "kind": kind,
        "valid_from": date(2020, 1, 1),
        "amount": Decimal(amount),
        "unit": "stk",
        "measure": "forsendelser",
        "synthetic": False,
    }
    return row | more


def sent(dispatches, organisation=OSLO, account="konto-1", **more):
    row = {
        "month": MARCH,
        "organisation_number": organisation,
        "account_id": account,
        "service": "svarut",
        "channel": "ALTINN",
        "outcome": "delivered",
        "delivered_month": MARCH,
        "dispatches": dispatches,
    }
    return row | more


def measured(quantity, measure="oppslag", service="fiks-kjoretoyregister", day=date(2026, 3, 10), **more):
    row = {
        "month": day.replace(day=1),
        "producer": "fiks",
        "service": service,
        "measure": measure,
        "day": day,
        "organisation_number": OSLO,
        "source": "logg",
        "quantity": Decimal(quantity),
        "reported_at": NOW,
        "first_received_at": NOW,
    }
    return row | more


def step(step, day, service="fiks-digiorden", organisation=OSLO, **more):
    row = {
        "producer": "kundesenter",
        "event_id": f"{organisation}-{service}-{step}-{day}",
        "service": service,
        "organisation_number": organisation,
        "estimated": False,
        "customer_kind": "MUNICIPALITY",
        "step": step,
        "occurred_at": datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
        "occurred_precision": "EXACT",
        "month": day.replace(day=1),
        "source": "kundesenter",
    }
    return row | more


@pytest.fixture(scope="session")
def agreed(rows_of, answer):
    """Customers and what each owes for time, from steps and rules; the last are kept for the next month of theirs."""
    last = [((), ()), (rows_of(CUSTOMER_SPAN), rows_of(CUSTOMER_CHARGE))]
    nothing = last[1]

    def agreed(steps, rules, organisation):
        if not steps:
            return nothing
        if last[0] != (steps, rules):
            # a step is told of today's customer, and keeps in the lake the number that it was reported under
            of_now = (
                {"organisation_number": FORMER[s["organisation_number"]][2]}
                if s["organisation_number"] in FORMER
                else {}
                for s in steps
            )
            reported = ({n: s[n] for n in ("producer", "event_id", "organisation_number")} for s in steps)
            scan = billing.customer_span.make(
                BuildWindow(NOW),
                step_event=rows_of(STEP_EVENT, *(s | now for s, now in zip(steps, of_now, strict=True))),
                adoption=rows_of(conformed.ADOPTION, *reported),
                organisation=organisation,
                municipality_of=WHERE["municipality_of"],
            )
            customers = rows_of(CUSTOMER_SPAN, *answer(scan, CUSTOMER_SPAN))
            scan = billing.customer_charge.make(
                BuildWindow(NOW),
                customer_span=customers,
                organisation=organisation,
                price_rule=register(PRICE_RULE, *rules),
                **WHERE,
            )
            charges = rows_of(CUSTOMER_CHARGE, *answer(scan, replace(CUSTOMER_CHARGE, partitioned=False)))
            last[:] = (steps, rules), (customers, charges)
        return last[1]

    return agreed


@pytest.fixture(scope="session")
def organisation(rows_of):
    return rows_of(ORGANISATION, *({"confirmed": True} | o for o in ORGANISATIONS))


@pytest.fixture(scope="session")
def charged(agreed, organisation):
    """The months of 2026 in which something is owed for time, by steps and rules."""

    def charged(steps, rules):
        _, charges = agreed(steps, rules, organisation)
        return [r["month"].month for r in charges.table.to_pylist() if r["month"].year == 2026 and r["no_fit"] is None]

    return charged


@pytest.fixture(scope="session")
def basis(rows_of, answer, agreed, organisation):
    """The lines of a month, from dispatches counted, measurements, steps, rules and payers."""

    def basis(month=MARCH, *, dispatches=(), measurements=(), steps=(), rules=(), payers=()):
        customers, charges = agreed(steps, rules, organisation)
        scan = billing.invoice_basis.make(
            BuildWindow(NOW, month),
            billable_month=rows_of(BILLABLE_MONTH, *(d for d in dispatches if d["month"] == month)),
            billable_all=rows_of(BILLABLE_MONTH, *dispatches),
            measurement=rows_of(conformed.MEASUREMENT, *measurements),
            customer_span=customers,
            customer_charge=charges,
            organisation=organisation,
            price_rule=register(PRICE_RULE, *rules),
            payer=register(PAYER, *payers),
        )
        return answer(scan, INVOICE_BASIS)

    return basis


def told(lines, *names):
    return [tuple(str(row[n]) if isinstance(row[n], Decimal) else row[n] for n in names) for row in lines]


# --- dispatches -------------------------------------------------------------------------------------------------------


def test_a_price_per_unit_counts_every_channel_and_one_per_channel_its_own(basis):
    rules = [rule(), rule("svarut-altinn", "PER_CHANNEL", "0.55", channel="ALTINN")]
    lines = basis(dispatches=[sent(3), sent(4, channel="PRINT")], rules=rules)
    assert told(lines, "price_element", "channel", "quantity", "amount_ore", "price_rule", "status") == [
        ("svarut-altinn", "ALTINN", "3.0000", 165, "svarut-altinn/2020-01-01/ALTINN//", "READY"),
        ("svarut-forsendelser", None, "7.0000", 805, "svarut-forsendelser/2020-01-01///", "READY"),
    ]


def test_only_the_outcome_that_the_rule_asks_for_counts(basis):
    counted = [sent(3), sent(4, outcome="failed", delivered_month=None)]
    [line] = basis(dispatches=counted, rules=[rule(outcome="delivered")])
    assert line["quantity"] == 3


def test_a_dispatch_counts_in_the_month_it_was_made_or_delivered_as_the_rule_says(basis):
    counted = [sent(3), sent(4, month=date(2026, 2, 1)), sent(5, delivered_month=date(2026, 4, 1))]
    [line] = basis(dispatches=counted, rules=[rule(counted_on="DELIVERED")])
    assert line["quantity"] == 3 + 4
    [line] = basis(dispatches=counted, rules=[rule(counted_on="CREATED")])
    assert line["quantity"] == 3 + 5


def test_accounts_are_lines_of_their_own_each_rounded_by_itself(basis):
    counted = [sent(1, account="a"), sent(1, account="b"), sent(1, account=None)]
    lines = basis(dispatches=counted, rules=[rule(amount="0.005")])
    assert told(lines, "account_id", "amount_ore") == [(None, 1), ("a", 1), ("b", 1)]


def test_no_account_tells_of_a_sensitive_source_system(answer, landed, rows_of):
    dispatch = rows_of(
        conformed.DISPATCH,
        *(
            {
                "month": MARCH,
                "producer": "svarut",
                "dispatch_id": bytes([n]) * 16,
                "state": "LEST",
                "state_at": NOW,
                "created_at": datetime(2026, 3, 5, tzinfo=UTC),
                "service": service,
                "organisation_number": organisation,
                "account_id": account,
                "channel": "ALTINN",
                "recipient_kind": "PERSON",
                "digital_only": False,
                "day": date(2026, 3, 5),
                "outcome": "delivered",
                "first_delivered_at": datetime(2026, 3, 31, 23, tzinfo=UTC),
                "states": 1,
                "first_received_at": NOW,
            }
            for n, (service, organisation, account) in enumerate(
                [
                    ("svarut", OSLO, "a"),
                    ("svarut", OSLO, "barnevern"),
                    ("svarut", UTSIRA, "b"),
                    ("fiks-digisos", UTSIRA, "c"),
                ]
            )
        ),
    )
    connection = {"organisation_number": OSLO, "service": "svarut", "mapping": "NOT_STATED", "month": MARCH}
    scan = billing.billable_month.make(
        BuildWindow(NOW, MARCH),
        dispatch=dispatch,
        connection_month=rows_of(usage.CONNECTION_MONTH, connection),
        price_rule=register(PRICE_RULE),
    )
    rows = answer(scan, BILLABLE_MONTH)
    assert told(rows, "organisation_number", "service", "account_id", "dispatches") == [
        (UTSIRA, "fiks-digisos", None, 1),
        (UTSIRA, "svarut", "b", 1),
        (OSLO, "svarut", None, 2),
    ]
    assert {r["delivered_month"] for r in rows} == {date(2026, 4, 1)}, "a month is one of Europe/Oslo"
    assert {(r["received_on"], r["known_on"]) for r in rows} == {(NOW.date(), NOW.date())}


@pytest.mark.parametrize(
    ("received", "delivered", "told_on"),
    [
        (datetime(2026, 3, 31, 21, tzinfo=UTC), None, (None, None)),
        (datetime(2026, 3, 31, 22, tzinfo=UTC), None, (date(2026, 4, 1), date(2026, 4, 1))),
        (datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 4, 12, tzinfo=UTC), (None, date(2026, 4, 12))),
        (datetime(2026, 4, 9, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC), (date(2026, 4, 9), date(2026, 4, 9))),
    ],
)
def test_days_of_knowing_are_told_apart_only_after_the_month(answer, rows_of, received, delivered, told_on):
    row = {
        "month": MARCH,
        "producer": "svarut",
        "dispatch_id": bytes(16),
        "state": "LEST",
        "state_at": NOW,
        "created_at": datetime(2026, 3, 5, tzinfo=UTC),
        "service": "svarut",
        "organisation_number": OSLO,
        "account_id": "a",
        "channel": "ALTINN",
        "recipient_kind": "PERSON",
        "digital_only": False,
        "day": date(2026, 3, 5),
        "outcome": "delivered",
        "first_delivered_at": delivered,
        "states": 1,
        "first_received_at": received,
    }
    scan = billing.billable_month.make(
        BuildWindow(NOW, MARCH),
        dispatch=rows_of(conformed.DISPATCH, row),
        connection_month=rows_of(usage.CONNECTION_MONTH),
        price_rule=register(PRICE_RULE),
    )
    assert told(answer(scan, BILLABLE_MONTH), "received_on", "known_on") == [told_on]


def test_what_is_used_of_a_sensitive_service_is_exact_for_who_pays_and_without_account(basis):
    old = rule("digisos-gammel-losning-digisosforsendelser", service="fiks-digisos")
    lines = basis(dispatches=[sent(3, service="fiks-digisos", account=None)], rules=[old])
    assert told(lines, "payer_number", "account_id", "quantity", "amount_ore") == [(OSLO, None, "3.0000", 345)]


def test_accounts_of_measured_use_of_a_sensitive_service_are_one_line(basis, monkeypatch):
    element = "digisos-innbyggere"
    monkeypatch.setattr(billing.billing, "PERSON_PRICED", (element,))
    price = rule(element, "PER_UNIT", "10", service="fiks-digisos", measure="soknader")
    reported = [measured(n, "soknader", "fiks-digisos", account_id=a) for n, a in ((2, "a"), (1, "b"))]
    assert told(basis(measurements=reported, rules=[price]), "account_id", "quantity") == [(None, "3.0000")]


# --- other use --------------------------------------------------------------------------------------------------------


def test_what_stands_counts_as_on_its_last_day_in_the_month(basis):
    account = {"service": "fiks-io", "measure": "kontoer", "account_id": "k1"}
    reported = [measured(1, **account), measured(3, day=date(2026, 3, 20), **account)]
    price = rule("fiksio", "PER_ACCOUNT", "95", service="fiks-io", measure="kontoer", unit="konto per måned")
    [line] = basis(measurements=reported, rules=[price])
    assert (line["account_id"], line["quantity"], line["amount_ore"]) == ("k1", 3, 28_500)


@pytest.mark.parametrize(("lookups", "months"), [((4, 5), 0), ((4, 6), 1), ((500, 1), 1)])
def test_a_month_is_billed_from_the_tenth_look_up_on(basis, lookups, months):
    element = "kjoretoyregister-maned-med-minst-10-oppslag"
    price = rule(element, "ACTIVE_MONTH", "250", service="fiks-kjoretoyregister", measure="oppslag", least=10)
    reported = [measured(n, day=date(2026, 3, d)) for d, n in enumerate(lookups, 1)]
    lines = basis(measurements=reported, rules=[price])
    assert told(lines, "quantity", "amount_ore") == [("1.0000", 25_000)] * months


def test_messages_are_priced_by_what_they_are_about_and_those_without_a_price_are_listed(basis):
    messages = {"measure": "meldinger", "service": "min-kommune"}
    price = {"kind": "PER_MESSAGE_TYPE", "service": "min-kommune", "measure": "meldinger"}
    reported = [measured(10, source="Byggesak", **messages), measured(7, source="Barnehage", **messages)]
    lines = basis(measurements=reported, rules=[rule("minside-innsyn", amount="0.35", channel="Byggesak", **price)])
    assert told(lines, "channel", "amount_ore", "status") == [("Byggesak", 350, "READY")]
    lines = basis(measurements=reported, rules=[rule("minside-innsyn", amount="0.35", **price)])
    assert told(lines, "channel", "amount_ore") == [("Barnehage", 245), ("Byggesak", 350)]
    lines = basis(measurements=reported)
    assert told(lines, "channel", "quantity", "amount_ore", "status", "note") == [
        ("Barnehage", "7.0000", None, "NO_PRICE", "NO_RULE"),
        ("Byggesak", "10.0000", None, "NO_PRICE", "NO_RULE"),
    ]


def test_a_fixed_price_with_a_measure_is_for_those_who_have_something_of_it(basis):
    element = "minside-matrikkel-fastpris-per-maned"
    price = rule(element, "FIXED_MONTHLY", "350", service="min-kommune", measure="kontoer", unit="måned")
    steps = [step("ACTIVATED", date(2025, 1, 5), "min-kommune"), step("ACTIVATED", JANUARY, "min-kommune", UTSIRA)]
    has = measured(4, "kontoer", "min-kommune")
    lines = [r for r in basis(measurements=[has], steps=steps, rules=[price]) if r["price_element"] == element]
    assert told(lines, "organisation_number", "quantity", "amount_ore") == [(OSLO, "1.0000", 35_000)]


# --- customers --------------------------------------------------------------------------------------------------------

YEARLY = rule("del-dokument-fastpris", "FIXED", "3600", service="fiks-del-dokument", measure=None, unit="år")


@pytest.mark.parametrize(
    ("joined", "month", "amounts"),
    [
        (date(2025, 9, 3), JANUARY, [360_000]),
        (date(2025, 9, 3), MARCH, []),
        (date(2026, 3, 31), MARCH, [360_000]),
        (date(2026, 8, 20), AUGUST, [180_000]),
        (date(2026, 1, 20), JANUARY, [360_000]),
        (date(2026, 8, 20), MARCH, []),
    ],
)
def test_a_yearly_price_is_due_in_january_or_when_joining_with_half_from_july_on(basis, joined, month, amounts):
    lines = basis(month, steps=[step("ACTIVATED", joined, "fiks-del-dokument")], rules=[YEARLY])
    assert [r["amount_ore"] for r in lines] == amounts


@pytest.mark.parametrize(
    ("steps", "due"),
    [
        ([("ACTIVATED", date(2025, 9, 3))], [1, 4, 7, 10]),
        ([("ACTIVATED", date(2026, 2, 20))], [2, 4, 7, 10]),
        ([("ACTIVATED", date(2026, 8, 20))], [8, 10]),
        (
            [("ACTIVATED", date(2025, 9, 3)), ("TERMINATED", date(2026, 1, 20)), ("ACTIVATED", date(2026, 3, 2))],
            [1, 4, 7, 10],
        ),
    ],
)
def test_a_price_for_a_quarter_is_due_whole_once_a_quarter_from_the_month_of_joining(basis, charged, steps, due):
    taken, rules = [step(s, d, "fiks-del-dokument") for s, d in steps], [YEARLY | {"unit": "kvartal"}]
    assert charged(taken, rules) == due
    lines = [basis(date(2026, m, 1), steps=taken, rules=rules) for m in (due[0], due[0] + 1)]
    assert [[r["amount_ore"] for r in rows] for rows in lines] == [[360_000], []]


def test_a_monthly_price_is_due_from_activation_to_termination_and_again(basis):
    price = rule("digiorden-fastpris-per-maned", "FIXED_MONTHLY", "500", service="fiks-digiorden", measure=None)
    steps = [
        step("ANNEX_SIGNED", date(2025, 11, 1)),
        step("ACTIVATED", date(2025, 12, 10)),
        step("SUSPENDED", date(2026, 1, 10)),
        step("TERMINATED", date(2026, 2, 10)),
        step("ACTIVATED", date(2026, 8, 2)),
    ]
    months = [date(2025, 11, 1), date(2025, 12, 1), JANUARY, date(2026, 2, 1), MARCH, AUGUST]
    due = [[r for r in basis(m, steps=steps, rules=[price]) if r["status"] == "READY"] for m in months]
    assert [len(lines) for lines in due] == [0, 1, 1, 1, 0, 1]


@pytest.mark.parametrize(
    ("ended", "due"),
    [
        ("2026-02-28T22:59:59.999999+00:00", [1, 0, 0]),
        ("2026-02-28T23:00:00+00:00", [1, 0, 0]),
        ("2026-02-28T23:00:00.000001+00:00", [1, 1, 0]),
        ("2026-03-31T22:00:00+00:00", [1, 1, 0]),
    ],
)
def test_an_agreement_that_ends_as_a_month_begins_owes_nothing_for_it(charged, ended, due):
    price = rule("digiorden-fastpris-per-maned", "FIXED_MONTHLY", "500", service="fiks-digiorden", measure=None)
    at = datetime.fromisoformat(ended)
    end = step("TERMINATED", at.astimezone(calendar.OSLO).date()) | {"occurred_at": at}
    steps = [step("ACTIVATED", JANUARY), end]
    assert [charged(steps, [price]).count(month) for month in (2, 3, 4)] == due


def test_a_yearly_price_is_not_due_from_an_agreement_that_ends_at_the_turn_of_the_year(basis):
    turn = datetime(2025, 12, 31, 23, tzinfo=UTC)
    for at, due in ((turn, []), (turn + timedelta(microseconds=1), [360_000])):
        end = step("TERMINATED", JANUARY, "fiks-del-dokument") | {"occurred_at": at}
        steps = [step("ACTIVATED", date(2024, 2, 29), "fiks-del-dokument"), end]
        assert [r["amount_ore"] for r in basis(JANUARY, steps=steps, rules=[YEARLY])] == due


def test_use_after_an_agreement_that_ended_as_the_month_began_has_no_agreement(basis):
    end = step("TERMINATED", MARCH, "svarut") | {"occurred_at": datetime(2026, 2, 28, 23, tzinfo=UTC)}
    [line] = basis(dispatches=[sent(3)], steps=[step("ANNEX_SIGNED", JANUARY, "svarut"), end], rules=[rule()])
    assert (line["status"], line["note"]) == ("NO_AGREEMENT", "TERMINATED")


def test_a_price_for_time_that_changes_within_a_month_is_prorated_by_days(basis):
    monthly = rule("digiorden-fastpris-per-maned", "FIXED_MONTHLY", "300", service="fiks-digiorden", measure=None)
    accounts = rule("fiksio", "PER_ACCOUNT", "31", service="fiks-io", measure="kontoer", unit="konto per måned")
    turns = date(2026, 3, 16)  # 15 of 31 days at the former price
    former = [r | {"valid_to": turns} for r in (monthly, accounts)]
    later = [r | {"valid_from": turns, "amount": 2 * r["amount"]} for r in (monthly, accounts)]
    has = measured(2, "kontoer", "fiks-io", account_id="k1")
    lines = basis(measurements=[has], steps=[step("ACTIVATED", JANUARY)], rules=former + later)
    both = "{0}/2020-01-01/// + {0}/2026-03-16///"
    assert told([r for r in lines if r["unit_price"]], "unit_price", "amount_ore", "price_rule", "price_from") == [
        ("454.838710", 45_484, both.format("digiorden-fastpris-per-maned"), None),
        ("47.000000", 9_400, both.format("fiksio"), None),
    ]


ELEVENTH = date(2026, 3, 11)


def two_prices(first="1", then="2", turns=ELEVENTH, **more):
    """A price per dispatch, and the one that follows it."""
    return [rule(amount=first, valid_to=turns, **more), rule(amount=then, valid_from=turns, **more)]


@pytest.fixture(scope="session")
def priced(basis, answer, rows_of):
    """The lines of March from dispatches by day of creation (and of delivery), counted and priced as in a run."""

    def priced(days, rules, organisation=OSLO, **more):
        rows = [
            {
                "month": made.replace(day=1),
                "producer": "svarut",
                "dispatch_id": n.to_bytes(16, "big"),
                "created_at": on(made),
                "service": "svarut",
                "organisation_number": organisation,
                "channel": channel,
                "day": made,
                "outcome": "delivered" if delivered else "pending",
                "first_delivered_at": on(delivered) if delivered else None,
                "first_received_at": on(made),
            }
            for n, (made, delivered, channel) in enumerate(days)
        ]
        counted = []
        for month in {r["month"] for r in rows}:
            scan = billing.billable_month.make(
                BuildWindow(NOW, month),
                dispatch=rows_of(conformed.DISPATCH, *(r for r in rows if r["month"] == month)),
                connection_month=rows_of(usage.CONNECTION_MONTH),
                price_rule=register(PRICE_RULE, *rules),
            )
            counted += [{"month": month} | r for r in answer(scan, BILLABLE_MONTH)]
        return basis(dispatches=counted, rules=rules, **more)

    return priced


def made(day, times=1, delivered=None, channel="ALTINN"):
    return [(day, delivered, channel)] * times


@pytest.mark.parametrize(
    ("days", "lines"),
    [
        (made(date(2026, 3, 2), 100), [(MARCH, "100.0000", "1.000000", 10_000)]),
        (
            made(date(2026, 3, 10), 10) + made(ELEVENTH, 11),
            [(MARCH, "10.0000", "1.000000", 1_000), (ELEVENTH, "11.0000", "2.000000", 2_200)],
        ),
    ],
)
def test_each_dispatch_has_the_price_of_its_day(priced, days, lines):
    assert told(priced(days, two_prices()), "price_from", "quantity", "unit_price", "amount_ore") == lines


def test_a_dispatch_that_counts_when_delivered_has_the_price_of_the_day_of_delivery(priced):
    early, late = date(2026, 3, 5), date(2026, 3, 20)
    days = made(date(2026, 2, 20), 2, early) + made(early, 3, late) + made(late, 5, date(2026, 4, 2))
    lines = priced(days, two_prices(counted_on="DELIVERED"))
    assert told(lines, "price_from", "quantity", "amount_ore") == [(MARCH, "2.0000", 200), (ELEVENTH, "3.0000", 600)]


def test_days_of_a_month_without_a_price_are_listed_without_kroner(priced):
    days = made(date(2026, 3, 2), 3) + made(ELEVENTH, 4)
    begins = told(priced(days, [rule(valid_from=ELEVENTH)]), "price_from", "quantity", "amount_ore", "note")
    assert begins == [(MARCH, "3.0000", None, "NO_RULE"), (ELEVENTH, "4.0000", 460, None)]
    ends = told(priced(days, [rule(valid_to=ELEVENTH)]), "price_from", "quantity", "amount_ore", "note")
    assert ends == [(MARCH, "3.0000", 345, None), (ELEVENTH, "4.0000", None, "NO_RULE")]


def test_dispatches_of_every_channel_are_listed_where_the_prices_of_all_have_lapsed(priced):
    per_channel = {"price_element": "svarut-altinn", "kind": "PER_CHANNEL", "valid_to": ELEVENTH}
    rules = [
        rule(**per_channel, channel="ALTINN", valid_from=JANUARY),
        rule(**per_channel, channel="PRINT", valid_from=date(2026, 2, 1)),
    ]
    days = made(ELEVENTH, 7) + made(ELEVENTH, 3, channel="PRINT")
    assert {("ALTINN", "7.0000", "NO_RULE"), ("PRINT", "3.0000", "NO_RULE")} <= set(
        told(priced(days, rules), "channel", "quantity", "note")
    )


def test_a_dispatch_counts_once_where_the_day_that_it_counts_by_changes(priced):
    rules = [
        rule(amount="1", valid_to=ELEVENTH),
        rule(amount="2", valid_from=ELEVENTH, counted_on="DELIVERED"),
    ]
    days = made(date(2026, 3, 2), 5, date(2026, 3, 20)) + made(date(2026, 3, 15), 7, date(2026, 3, 20))
    assert told(priced(days, rules), "price_from", "quantity") == [(MARCH, "5.0000"), (ELEVENTH, "7.0000")]


def test_rules_that_follow_each_other_at_one_price_are_one_line(priced):
    [line] = priced(made(date(2026, 3, 2), 3) + made(ELEVENTH, 4), two_prices("1", "1"))
    key = "svarut-forsendelser/{}///".format
    assert told([line], "price_from", "quantity", "price_rule") == [
        (None, "7.0000", f"{key('2020-01-01')} + {key('2026-03-11')}")
    ]


def test_a_price_that_changes_in_a_split_month_holds_for_each_part_on_its_day(priced):
    for organisation in (AALESUND, HARAM):
        pays_it = [{"organisation_number": HARAM, "payer_number": AALESUND, "valid_from": JANUARY}]
        days = made(date(2026, 3, 2), 2) + made(date(2026, 3, 31), 1)
        lines = priced(days, two_prices(), organisation, payers=pays_it)
        assert told(lines, "payer_number", "organisation_number", "price_from", "amount_ore") == [
            (AALESUND, organisation, MARCH, 200),
            (AALESUND, organisation, ELEVENTH, 200),
        ]


def test_messages_have_the_price_of_their_day_and_a_months_sum_has_none_where_it_changes(basis):
    messages = {"measure": "meldinger", "service": "min-kommune"}
    rules = [r | {"price_element": "minside-innsyn", "kind": "PER_MESSAGE_TYPE"} | messages for r in two_prices()]
    by_day = [measured(n, day=d, source="Byggesak", **messages) for n, d in ((5, MARCH), (7, date(2026, 3, 30)))]
    # one count on the first has its day, since another organisation tells that the source reports by day
    by_day.append(measured(1, organisation_number=UTSIRA, day=MARCH, source="Byggesak", **messages))
    in_one_sum = measured(9, day=date(2026, 3, 15), source="Barnehage", **messages)
    lines = basis(measurements=[*by_day, in_one_sum], rules=rules)
    assert told(lines, "channel", "price_from", "quantity", "amount_ore", "note") == [
        ("Byggesak", MARCH, "1.0000", 100, None),
        ("Barnehage", None, "9.0000", None, "NO_DAY"),
        ("Byggesak", MARCH, "5.0000", 500, None),
        ("Byggesak", ELEVENTH, "7.0000", 1_400, None),
    ]
    [line] = basis(measurements=[in_one_sum], rules=[rules[0] | {"valid_to": None}])
    assert (line["amount_ore"], line["note"]) == (900, None), "at one price all month the day does not matter"


days_of_march = st.integers(1, 31).map(lambda n: date(2026, 3, n))


@settings(max_examples=examples(8))
@given(
    days=st.lists(st.tuples(days_of_march, st.sampled_from(["ALTINN", "PRINT"])), min_size=1, max_size=20),
    turns=st.sets(days_of_march.filter(lambda d: d.day > 1), max_size=3).map(sorted),
)
def test_a_month_comes_to_the_sum_of_each_unit_at_the_price_in_force_on_its_day(priced, days, turns):
    edges = [date(2020, 1, 1), *turns, None]
    rules = [
        rule(amount=str(n + 1), valid_from=first, valid_to=after) for n, (first, after) in enumerate(pairwise(edges))
    ]
    lines = priced([(day, None, channel) for day, channel in days], rules)
    each = [in_force(rules_of(rules), "svarut-forsendelser", day) for day, _ in days]
    assert sum(r["amount_ore"] for r in lines) == sum(amount_ore(Decimal(1), price.amount) for price in each)
    assert sum(r["quantity"] for r in lines) == len(days)


@pytest.mark.parametrize("unit", ["kommune per år", "kommune per kvartal"])
def test_a_price_due_once_is_that_of_the_first_of_its_month_whenever_it_changes(basis, unit):
    turns, price = date(2026, 3, 16), YEARLY | {"unit": unit}
    rules = [price | {"valid_to": turns}, price | {"valid_from": turns, "amount": Decimal(9999)}]
    lines = basis(steps=[step("ACTIVATED", date(2026, 3, 20), "fiks-del-dokument")], rules=rules)
    assert told(lines, "amount_ore") == [(360_000,)]


FEE = "digiorden-tilkoblingspris"
FEES = [
    rule(FEE, "JOINING_FEE", kr, service="fiks-digiorden", measure=None, size_low=low, size_high=high)
    for kr, low, high in (("25000", None, 5_000), ("40000", 5_000, 10_000), ("60000", 10_000, None))
]


def test_a_joining_fee_is_due_once_by_size_and_not_where_the_day_is_not_known(basis):
    steps = [
        step("ACTIVATED", MARCH),
        step("ACTIVATED", date(2026, 3, 5), organisation=UTSIRA),
        step("TERMINATED", date(2026, 4, 1)),
        step("ACTIVATED", AUGUST),
    ]
    fees = told(
        [r for r in basis(steps=steps, rules=FEES) if r["price_element"] == FEE], "organisation_number", "amount_ore"
    )
    assert fees == [(UTSIRA, 2_500_000), (OSLO, 6_000_000)]
    assert [r for r in basis(AUGUST, steps=steps, rules=FEES) if r["price_element"] == FEE] == []
    early = [step("ACTIVATED", MARCH, occurred_precision="NO_LATER_THAN")]
    assert [r for r in basis(steps=early, rules=FEES) if r["price_element"] == FEE] == []


def freg(element, kr, **more):
    return rule(
        element, "SIZE_CLASS", kr, service="fiks-folkeregister", unit="år", **({"measure": "innbyggere"} | more)
    )


CLASSES = [
    freg("folkeregister-fastpris-liten-kommune", "10000", size_high=10_000),
    freg("folkeregister-fastpris-mellomstor-kommune", "20000", size_low=10_000, size_high=50_000),
    freg("folkeregister-fastpris-stor-kommune", "30000", size_low=50_000),
    freg("folkeregister-fastpris-fylkeskommune", "30000", measure="kundetype"),
]


def test_a_customer_has_one_size_class_and_one_that_none_is_for_is_listed(basis):
    steps = [step("ACTIVATED", date(2022, 1, 5), "fiks-folkeregister", o) for o in (OSLO, UTSIRA, COUNTY, COMPANY)]
    lines = basis(JANUARY, steps=steps, rules=CLASSES)
    assert told(lines, "organisation_number", "price_element", "amount_ore", "note") == [
        (COMPANY, "folkeregister-fastpris-fylkeskommune", None, "NO_RULE"),
        (UTSIRA, "folkeregister-fastpris-liten-kommune", 1_000_000, None),
        (COUNTY, "folkeregister-fastpris-fylkeskommune", 3_000_000, None),
        (OSLO, "folkeregister-fastpris-stor-kommune", 3_000_000, None),
    ]


def test_inhabitants_are_those_of_the_year_and_a_county_has_those_of_its_municipalities(basis):
    each = rule("digiorden-innbyggere", "PER_INHABITANT", "0.125", service="fiks-digiorden", measure="innbyggere")
    each |= {"unit": "innbygger per måned"}
    steps = [step("ACTIVATED", date(2022, 1, 5), organisation=o) for o in (UTSIRA, COUNTY)]
    rules = [each, each | {"customer_kind": "COUNTY"}]
    county = sum(n for (code, year), n in PEOPLE.items() if code.startswith("11") and year == 2026)
    wanted = {date(2025, 3, 1): PEOPLE["1151", 2025], MARCH: PEOPLE["1151", 2026]}
    for month, people in wanted.items():
        lines = [r for r in basis(month, steps=steps, rules=rules) if r["price_element"] == "digiorden-innbyggere"]
        by_customer = {r["organisation_number"]: r["quantity"] for r in lines}
        assert by_customer[UTSIRA] == people
        assert {r["organisation_number"]: r["amount_ore"] for r in lines}[UTSIRA] == (people * 125 + 5) // 10
    assert by_customer[COUNTY] == county


@pytest.mark.parametrize(
    ("month", "due"),
    [
        (date(2023, 6, 1), [(OLD_AALESUND, OLD_AALESUND, "67524.0000", 844_050)]),
        (date(2023, 12, 1), [(OLD_AALESUND, OLD_AALESUND, "67524.0000", 844_050)]),
        (date(2024, 1, 1), [(COMPANY, AALESUND, "58509.0000", 731_363), (HARAM, HARAM, "9357.0000", 116_963)]),
    ],
)
def test_before_a_split_the_whole_owes_for_all_its_inhabitants_and_after_it_each_part_for_its_own(month, due, basis):
    each = rule("digiorden-innbyggere", "PER_INHABITANT", "0.125", service="fiks-digiorden", measure="innbyggere")
    each |= {"unit": "innbygger per måned"}
    of_both = {"estimated": True, "organisation_number": None}
    agreed = [
        step("ACTIVATED", date(2022, 1, 5), event_id=code)
        | of_both
        | {"organisation_number": number, "municipality_code": code}
        for code, number in (("1508", AALESUND), ("1580", HARAM))
    ]
    lines = basis(month, steps=agreed, rules=[each], payers=[pays(COMPANY) | {"organisation_number": AALESUND}])
    lines = [r for r in lines if r["price_element"] == "digiorden-innbyggere"]
    assert told(lines, "payer_number", "organisation_number", "quantity", "amount_ore") == due


@pytest.fixture(scope="session")
def owed(agreed, basis, organisation):
    """What is owed for time in a year: the month, the organisation and the kroner of each line."""

    def owed(year, steps, rules):
        _, charges = agreed(steps, rules, organisation)
        months = {r["month"] for r in charges.table.to_pylist() if r["month"].year == year and r["no_fit"] is None}
        return [
            (month.month, line["organisation_number"], Decimal(line["amount_ore"]) / 100)
            for month in sorted(months)
            for line in basis(month, steps=steps, rules=rules)
            if line["status"] == "READY"
        ]

    return owed


BOTH = (
    step("ACTIVATED", date(2018, 3, 5), "fiks-del-dokument", SKI),
    step("ACTIVATED", date(2019, 8, 5), "fiks-del-dokument", OPPEGAARD),
)


@pytest.mark.parametrize(
    "steps",
    [
        BOTH,
        # a list that names them by the codes of then, not by their numbers
        tuple(s | {"organisation_number": None, "municipality_code": "3207", "reported_code": code}
              for s, code in zip(BOTH, ("0213", "0217"), strict=True)),
    ],
)  # fmt: skip
def test_each_municipality_owes_its_own_yearly_price_until_they_merge_and_the_new_one_from_then(owed, steps):
    # the example of docs/decisions/0047-each-unit-on-its-day.md
    price = YEARLY | {"valid_from": date(2017, 1, 1)}
    assert owed(2018, steps, [price]) == [(3, SKI, 3600)]
    assert owed(2019, steps, [price]) == [(1, SKI, 3600), (8, OPPEGAARD, 1800)]
    assert owed(2020, steps, [price]) == [(1, NORDRE_FOLLO, 3600)]
    assert owed(2021, steps, [price]) == [(1, NORDRE_FOLLO, 3600)]


def test_a_new_municipality_owes_for_a_month_what_one_of_the_former_had_until_it_ends_it(owed):
    price = YEARLY | {"valid_from": date(2017, 1, 1), "unit": "kommune per måned", "kind": "FIXED_MONTHLY"}
    steps = (
        *BOTH,
        step("TERMINATED", date(2019, 10, 15), "fiks-del-dokument", SKI),
        step("TERMINATED", date(2020, 2, 15), "fiks-del-dokument", NORDRE_FOLLO),
    )
    every = [who for _, who, _ in owed(2019, steps, [price])]
    assert (every.count(SKI), every.count(OPPEGAARD), every.count(NORDRE_FOLLO)) == (10, 5, 0)
    assert [(month, who) for month, who, _ in owed(2020, steps, [price])] == [
        (1, NORDRE_FOLLO),
        (2, NORDRE_FOLLO),
    ]


@pytest.mark.parametrize(
    ("ended", "due_2020"),
    [((SKI,), [(1, NORDRE_FOLLO, 3600)]), ((SKI, OPPEGAARD), [])],
)
def test_what_one_of_the_former_ends_at_the_midnight_of_the_merger_is_its_own(owed, ended, due_2020):
    # 31 December at 23 in UTC is midnight in Oslo
    midnight = {"occurred_at": datetime(2019, 12, 31, 23, tzinfo=UTC), "month": MERGED_ON}
    steps = (*BOTH, *(step("TERMINATED", MERGED_ON, "fiks-del-dokument", who) | midnight for who in ended))
    price = YEARLY | {"valid_from": date(2017, 1, 1)}
    assert owed(2019, steps, [price]) == [(1, SKI, 3600), (8, OPPEGAARD, 1800)]
    assert owed(2020, steps, [price]) == due_2020


@pytest.mark.parametrize(
    ("unit", "own", "whole"),
    [
        # no time is paid for twice, and none is left out
        ("kommune per måned", range(1, 8), range(8, 13)),
        ("kommune per kvartal", (1, 4, 7), (10,)),
        ("kommune per år", (1,), ()),
    ],
)
def test_three_that_merge_within_a_month_owe_for_it_and_the_new_one_from_the_next(
    agreed, organisation, unit, own, whole
):
    price = YEARLY | {"valid_from": date(2017, 1, 1), "unit": unit}
    price |= {"kind": "FIXED_MONTHLY"} if unit.endswith("måned") else {}
    joined = tuple(step("ACTIVATED", date(2018, 3, 5), "fiks-del-dokument", who) for who in (OLD_ASKER, ROEYKEN, HURUM))
    # one is out and back before they merge
    out = step("TERMINATED", date(2018, 5, 5), "fiks-del-dokument", HURUM)
    back = step("ACTIVATED", date(2018, 9, 5), "fiks-del-dokument", HURUM)
    _, charges = agreed((*joined, out, back), [price], organisation)
    due = {(r["month"].month, r["organisation_number"]) for r in charges.table.to_pylist() if r["month"].year == 2019}
    former = {(month, who) for month in own for who in (OLD_ASKER, ROEYKEN, HURUM)}
    assert due == former | {(month, ASKER) for month in whole}


@pytest.mark.parametrize(
    ("steps", "standing"),
    [
        # one has ended its agreement and the other goes on, and so does the new one
        ([(SKI, "ANNEX_SIGNED", date(2018, 1, 2)), (OPPEGAARD, "ANNEX_SIGNED", date(2018, 1, 2)),
          (OPPEGAARD, "TERMINATED", date(2018, 9, 5))], ("READY", "TERMINATED", "READY")),
        # of one that has not signed, the other's agreement is none
        ([(OPPEGAARD, "ANNEX_SIGNED", date(2018, 1, 2))], ("NO_ANNEX", "READY", "READY")),
        # what both have ended is not the new one's
        ([(SKI, "ANNEX_SIGNED", date(2018, 1, 2)), (OPPEGAARD, "ANNEX_SIGNED", date(2018, 1, 2)),
          (SKI, "TERMINATED", date(2018, 9, 5)), (OPPEGAARD, "TERMINATED", date(2018, 9, 5))],
         ("TERMINATED", "TERMINATED", "NO_ANNEX")),
    ],
)  # fmt: skip
def test_use_stands_on_the_agreement_of_who_was_there(basis, steps, standing):
    told_of = tuple(step(name, day, "svarut", who) for who, name, day in steps)
    used = [
        sent(1, who, month=month, delivered_month=month)
        for month, who in ((date(2019, 6, 1), SKI), (date(2019, 6, 1), OPPEGAARD), (MERGED_ON, NORDRE_FOLLO))
    ]
    lines = [
        line
        for month in (date(2019, 6, 1), MERGED_ON)
        for line in basis(month, dispatches=used, steps=told_of, rules=[rule(valid_from=date(2017, 1, 1))])
    ]
    of = {line["organisation_number"]: line["note"] or line["status"] for line in lines}
    assert tuple(of[who] for who in (SKI, OPPEGAARD, NORDRE_FOLLO)) == standing


def test_each_that_merged_later_pays_its_own_joining_fee_and_the_new_one_none(owed):
    steps = tuple(s | {"service": "fiks-digiorden"} for s in BOTH)
    fee = rule(FEE, "JOINING_FEE", "25000", service="fiks-digiorden", measure=None, valid_from=date(2017, 1, 1))
    assert owed(2018, steps, [fee]) == [(3, SKI, 25_000)]
    assert owed(2019, steps, [fee]) == [(8, OPPEGAARD, 25_000)]
    assert owed(2020, steps, [fee]) == []


def test_inhabitants_that_are_not_known_of_one_that_merged_are_listed_without_kroner(basis):
    each = rule("digiorden-innbyggere", "PER_INHABITANT", "0.125", service="fiks-digiorden", measure="innbyggere")
    each |= {"unit": "innbygger per måned", "valid_from": date(2017, 1, 1)}
    steps = tuple(s | {"service": "fiks-digiorden"} for s in BOTH)
    before, after = (basis(month, steps=steps, rules=[each]) for month in (date(2019, 12, 1), MERGED_ON))
    of_people = [[r for r in lines if r["price_element"] == "digiorden-innbyggere"] for lines in (before, after)]
    assert [told(lines, "organisation_number", "quantity", "amount_ore", "note") for lines in of_people] == [
        [(SKI, "0.0000", None, "NO_INHABITANTS"), (OPPEGAARD, "0.0000", None, "NO_INHABITANTS")],
        [(NORDRE_FOLLO, str(Decimal(PEOPLE["3207", 2020]).quantize(Decimal("0.0001"))),
          (PEOPLE["3207", 2020] * 125 + 5) // 10, None)],
    ]  # fmt: skip


@pytest.mark.parametrize("back", [date(2026, 4, 5), date(2026, 8, 20)])
@pytest.mark.parametrize("measure", [None, "kontoer"])
def test_a_yearly_price_is_due_once_a_year_and_who_is_out_and_back_has_paid(basis, charged, back, measure):
    told_of = (("ACTIVATED", date(2025, 9, 3)), ("TERMINATED", date(2026, 3, 20)), ("ACTIVATED", back))
    steps = [step(s, d, "fiks-del-dokument") for s, d in told_of]
    rules = [YEARLY | {"measure": measure}]
    assert charged(steps, rules) == [1]
    assert [[r["amount_ore"] for r in basis(m, steps=steps, rules=rules)] for m in (JANUARY, AUGUST)] == [[360_000], []]


def test_a_yearly_price_stands_on_the_agreement_whatever_was_measured(basis):
    # nothing of it is measured in January, and what is measured in March asks for no second payment
    use = [measured(4, "kontoer", "fiks-del-dokument")]
    steps, rules = [step("ACTIVATED", date(2025, 9, 3), "fiks-del-dokument")], [YEARLY | {"measure": "kontoer"}]
    assert basis(MARCH, measurements=use, steps=steps, rules=rules) == []
    assert told(basis(JANUARY, steps=steps, rules=rules), "amount_ore") == [(360_000,)]


def test_a_yearly_price_by_size_before_a_split_is_the_class_of_the_whole(basis):
    agreed = [step("ACTIVATED", date(2021, 1, 5), "fiks-folkeregister", o) for o in (AALESUND, HARAM)]
    lines = basis(date(2023, 1, 1), steps=agreed, rules=CLASSES)
    assert told(lines, "organisation_number", "price_element") == [
        (OLD_AALESUND, "folkeregister-fastpris-stor-kommune")
    ]
    lines = basis(date(2024, 1, 1), steps=agreed, rules=CLASSES)
    assert told(lines, "organisation_number", "price_element") == [
        (HARAM, "folkeregister-fastpris-liten-kommune"),
        (AALESUND, "folkeregister-fastpris-stor-kommune"),
    ]


def test_brackets_are_lines_of_their_own_that_hold_every_inhabitant_once(basis):
    edges = ((None, 5_000, "4"), (5_000, 20_000, "2"), (20_000, None, "0.5"))
    rules = [
        rule(
            "digiorden-innbyggere", "INHABITANT_BRACKET", kr, service="fiks-digiorden", measure="innbyggere",
            unit="innbygger per år", size_low=low, size_high=high,
        )
        for low, high, kr in edges
    ]  # fmt: skip
    steps = [step("ACTIVATED", date(2022, 1, 5), organisation=o) for o in (OSLO, UTSIRA)]
    lines = [r for r in basis(JANUARY, steps=steps, rules=rules) if r["price_element"] == "digiorden-innbyggere"]
    assert [r["channel"] for r in lines if r["organisation_number"] == OSLO] == ["0–5000", "20000–", "5000–20000"]
    oslo = [r["quantity"] for r in lines if r["organisation_number"] == OSLO]
    assert sum(oslo) == PEOPLE["0301", 2026]
    assert [r["quantity"] for r in lines if r["organisation_number"] == UTSIRA] == [PEOPLE["1151", 2026]]


def test_base_funding_is_spread_over_its_group_to_the_ore(basis):
    fund = rule(
        "vaksine-fastpris", "BASE_FUNDING", "1000000", service="fiks-vaksine-vaksinestatus", measure="innbyggere",
        unit="år",
    )  # fmt: skip
    steps = [step("ACTIVATED", date(2022, 1, 5), "fiks-vaksine-vaksinestatus", o) for o in (OSLO, UTSIRA, COUNTY)]
    lines = basis(JANUARY, steps=steps, rules=[fund])
    shared = {r["organisation_number"]: r["amount_ore"] for r in lines if r["status"] == "READY"}
    assert shared == spread(100_000_000, {OSLO: PEOPLE["0301", 2026], UTSIRA: PEOPLE["1151", 2026]})
    assert basis(MARCH, steps=steps, rules=[fund]) == []


# --- payer, standing, price -------------------------------------------------------------------------------------------


def pays(payer, service=None, valid_from=date(2020, 1, 1), **more):
    row = {"organisation_number": OSLO, "payer_number": payer, "service": service, "valid_from": valid_from}
    return row | more


@pytest.mark.parametrize(
    ("payers", "payer"),
    [
        ([], OSLO),
        ([pays(COMPANY)], COMPANY),
        ([pays(COMPANY), pays(UTSIRA, "svarut")], UTSIRA),
        ([pays(COMPANY), pays(UTSIRA, "fiks-io")], COMPANY),
        ([pays(COMPANY, valid_to=date(2026, 3, 1)), pays(UTSIRA, valid_from=date(2026, 3, 1))], UTSIRA),
        ([pays(COMPANY, valid_from=date(2026, 4, 1))], OSLO),
        ([pays(COMPANY, valid_from=None)], COMPANY),
        ([pays(COMPANY, valid_from=None), pays(UTSIRA)], UTSIRA),
    ],
)
def test_the_payer_of_the_service_pays_before_the_one_of_all_else_who_used(basis, payers, payer):
    [line] = basis(dispatches=[sent(1)], rules=[rule()], payers=payers)
    assert (line["payer_number"], line["organisation_number"]) == (payer, OSLO)


@pytest.mark.parametrize(
    ("steps", "standing"),
    [
        ([], ("READY", None)),
        ([step("ANNEX_SIGNED", MARCH, "svarut", UTSIRA)], ("NO_AGREEMENT", "NO_ANNEX")),
        ([step("ANNEX_SIGNED", date(2026, 3, 31), "svarut")], ("READY", None)),
        ([step("ANNEX_SIGNED", date(2026, 4, 1), "svarut")], ("NO_AGREEMENT", "NO_ANNEX")),
        (
            [step("ANNEX_SIGNED", date(2026, 4, 1), "svarut", occurred_precision="NO_LATER_THAN")],
            ("READY", None),
        ),
        (
            [step("ANNEX_SIGNED", JANUARY, "svarut"), step("TERMINATED", date(2026, 2, 20), "svarut")],
            ("NO_AGREEMENT", "TERMINATED"),
        ),
        ([step("ANNEX_SIGNED", JANUARY, "svarut"), step("TERMINATED", date(2026, 3, 2), "svarut")], ("READY", None)),
    ],
)
def test_use_without_an_annex_in_force_waits_with_its_kroner(basis, steps, standing):
    [line] = basis(dispatches=[sent(2)], rules=[rule()], steps=steps)
    assert (line["status"], line["note"], line["amount_ore"]) == (*standing, 230)


def test_use_that_two_rules_price_or_none_is_listed_without_kroner(basis):
    clash = [rule(), rule(valid_from=date(2026, 1, 1), amount="2")]
    [line] = basis(dispatches=[sent(2)], rules=clash)
    assert (line["quantity"], line["amount_ore"], line["note"]) == (2, None, "AMBIGUOUS_PRICE")
    [line] = basis(dispatches=[sent(2)], rules=[rule(valid_to=date(2026, 2, 1))])
    assert (line["quantity"], line["status"], line["note"]) == (2, "NO_PRICE", "NO_RULE")
    assert basis(rules=[rule()]) == []


def test_the_price_is_the_one_in_force_on_the_first_of_the_month(basis):
    rules = [rule(valid_to=MARCH), rule(valid_from=MARCH, amount="2")]
    assert [r["amount_ore"] for r in basis(dispatches=[sent(1)], rules=rules)] == [200]


def test_a_line_is_synthetic_when_use_price_or_payer_is(basis):
    made_up = [
        {"dispatches": [sent(1, synthetic=True)], "rules": [rule()]},
        {"dispatches": [sent(1)], "rules": [rule(synthetic=True)]},
        {"dispatches": [sent(1)], "rules": [rule()], "payers": [pays(COMPANY, synthetic=True)]},
    ]
    assert [basis(**m)[0]["synthetic"] for m in made_up] == [True, True, True]
    assert basis(dispatches=[sent(1)], rules=[rule()])[0]["synthetic"] is False


def test_a_later_price_or_payer_leaves_a_month_as_it_was(rows_of):
    def made(rules, payers):
        names = billing.invoice_basis.inputs
        scans = {n: rows_of(names[n]) for n in names if n not in ("price_rule", "payer")}
        prices, who = register(PRICE_RULE, *rules), register(PAYER, *payers)
        return billing.invoice_basis.make(BuildWindow(NOW, MARCH), price_rule=prices, payer=who, **scans).fingerprint

    assert made([rule(valid_to=AUGUST)], []) == made(
        [rule(), rule(valid_from=AUGUST)][:1], [pays(COMPANY, None, AUGUST)]
    )
    assert made([rule()], []) != made([rule(amount="2")], [])


# --- what was known late ----------------------------------------------------------------------------------------------

EASTER, MAY = date(2026, 4, 5), date(2026, 5, 2)


@pytest.fixture(scope="session")
def late(rows_of, answer):
    """What of a month's use was known after it."""

    def late(*, dispatches=(), measurements=(), rules=()):
        scan = billing.late_use.make(
            BuildWindow(NOW, MARCH),
            billable_month=rows_of(BILLABLE_MONTH, *(d for d in dispatches if d["month"] == MARCH)),
            billable_all=rows_of(BILLABLE_MONTH, *dispatches),
            measurement=rows_of(conformed.MEASUREMENT, *measurements),
            price_rule=register(PRICE_RULE, *rules),
        )
        return told(answer(scan, LATE_USE), "organisation_number", "known_on", "quantity", "reported_from")

    return late


def on(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def test_a_dispatch_is_late_from_its_delivery_only_where_the_price_asks_for_it(late):
    came = [sent(2), sent(3, known_on=EASTER), sent(4, received_on=EASTER, known_on=MAY)]
    assert late(dispatches=came, rules=[rule(outcome="delivered")]) == [
        (OSLO, EASTER, "3.0000", None),
        (OSLO, MAY, "4.0000", None),
    ]
    assert late(dispatches=came, rules=[rule()]) == [(OSLO, EASTER, "4.0000", None)]


def test_a_dispatch_that_counts_when_delivered_is_late_after_the_month_of_that(late):
    february = {"month": date(2026, 2, 1)}
    came = [sent(3, known_on=date(2026, 3, 9), **february), sent(5, received_on=EASTER, known_on=EASTER, **february)]
    assert late(dispatches=came, rules=[rule(counted_on="DELIVERED")]) == [(OSLO, EASTER, "5.0000", None)]


def test_a_measurement_is_late_when_it_was_first_received_after_the_month(late):
    price = rule("fiksio", "PER_ACCOUNT", "95", service="fiks-io", measure="kontoer")
    account = {"service": "fiks-io", "measure": "kontoer"}
    came = [
        measured(1, account_id="a", first_received_at=on(date(2026, 3, 12)), **account),
        measured(3, account_id="b", first_received_at=on(EASTER), **account),
    ]
    assert late(measurements=came, rules=[price]) == [(OSLO, EASTER, "3.0000", None)]
    assert late(measurements=came[1:], rules=[price]) == [(OSLO, EASTER, "3.0000", EASTER)], "nobody's came before"


def test_a_month_is_active_late_from_the_day_that_made_it_so(late):
    element = "kjoretoyregister-maned-med-minst-10-oppslag"
    price = rule(element, "ACTIVE_MONTH", "250", service="fiks-kjoretoyregister", measure="oppslag", least=10)
    first, days = measured(4, first_received_at=on(date(2026, 3, 12))), (date(2026, 3, 11), date(2026, 3, 12))
    came = [measured(6, day=d, first_received_at=on(k)) for d, k in zip(days, (EASTER, MAY), strict=True)]
    assert late(measurements=[first, *came], rules=[price]) == [(OSLO, EASTER, "1.0000", None)]
    assert late(measurements=[first, came[1]], rules=[price]) == [(OSLO, MAY, "1.0000", None)]
    assert late(measurements=[first], rules=[price]) == []


def test_a_fixed_price_is_never_late(late):
    element = "minside-matrikkel-fastpris-per-maned"
    price = rule(element, "FIXED_MONTHLY", "350", service="min-kommune", measure="kontoer", unit="måned")
    has = measured(4, "kontoer", "min-kommune", first_received_at=on(MAY))
    assert late(measurements=[has], rules=[price]) == []


def test_what_is_used_of_a_sensitive_service_is_late_like_any_other_use(late):
    old = rule("digisos-gammel-losning-digisosforsendelser", service="fiks-digisos")
    came = [sent(9, service="fiks-digisos", account=None, received_on=EASTER, known_on=EASTER)]
    assert late(dispatches=came, rules=[old]) == [(OSLO, EASTER, "9.0000", EASTER)]


knowing = st.lists(
    st.tuples(
        st.sampled_from([OSLO, UTSIRA]),
        st.sampled_from(["a", None]),
        st.sampled_from([None, EASTER, MAY]),
        st.sampled_from([None, EASTER, MAY]),
        st.sampled_from(["delivered", "failed"]),
    ),
    max_size=10,
    unique=True,
)


@settings(max_examples=examples(8))
@given(found=knowing, outcome=st.sampled_from([None, "delivered"]))
def test_no_more_is_late_than_the_basis_has_and_all_is_where_all_came_late(basis, late, found, outcome):
    counted, rules = [], [rule(outcome=outcome)]
    for n, (organisation, account, received, delivered, what) in enumerate(found, 1):
        known = max((d for d in (received, delivered) if d), default=None)
        counted.append(sent(n, organisation, account, received_on=received, known_on=known, outcome=what))
    whole, part = {OSLO: 0, UTSIRA: 0}, {OSLO: 0, UTSIRA: 0}
    for row in basis(dispatches=counted, rules=rules):
        whole[row["organisation_number"]] += row["quantity"]
    for organisation, _, quantity, _ in late(dispatches=counted, rules=rules):
        part[organisation] += Decimal(quantity)
    assert all(part[o] <= whole[o] for o in whole)
    all_late = [d | {"received_on": MAY, "known_on": MAY} for d in counted]
    assert {o: Decimal(q) for o, _, q, _ in late(dispatches=all_late, rules=rules)} == {
        o: q for o, q in whole.items() if q
    }


counts = st.lists(
    st.tuples(
        st.sampled_from([OSLO, UTSIRA, COMPANY]),
        st.sampled_from(["a", "b", None]),
        st.sampled_from(["ALTINN", "PRINT"]),
    ),
    max_size=12,
    unique=True,
).flatmap(lambda keys: st.tuples(st.just(keys), st.permutations(keys)))


@settings(max_examples=examples(8))
@given(counts)
def test_the_lines_hold_each_dispatch_once_whatever_the_order(basis, keys):
    def of(found):
        counted = [sent(keys[0].index(k) + 1, k[0], k[1], channel=k[2]) for k in found]
        return basis(dispatches=counted, rules=[rule(), rule("svarut-altinn", "PER_CHANNEL", channel="ALTINN")])

    lines = of(keys[0])
    assert lines == of(keys[1])
    units = [r["quantity"] for r in lines if r["price_element"] == "svarut-forsendelser"]
    assert sum(units) == sum(range(1, len(keys[0]) + 1))


def test_a_customer_that_two_rules_price_is_one_line_without_kroner(basis):
    steps = [step("ACTIVATED", MARCH)]
    lines = basis(steps=steps, rules=[*FEES, FEES[2] | {"valid_from": date(2021, 1, 1)}])
    assert told([r for r in lines if r["price_element"] == FEE], "quantity", "amount_ore", "note") == [
        ("1.0000", None, "AMBIGUOUS_PRICE")
    ]
