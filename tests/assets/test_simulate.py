"""Synthetic traffic is the same for the same plan, meets the contracts, and hangs together."""

import json
import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from assets.simulate import Plan, batches, demonstration, price_of_dispatch
from assets.simulate.adoption import REAL_RECORDS, uptakes
from assets.simulate.connections import connections
from assets.simulate.norwegian_year import busyness, moments
from assets.simulate.organisations import organisation_number, organisations
from assets.simulate.plan import BadPlan, month_after
from assets.simulate.source_systems import source_systems
from assets.simulate.stories import BELOW_COST, LAGS, WAITED_FOR, held_back, paces, silent
from assets.simulate.traffic import dispatches_a_day
from catalog.contracts.rows import typed_row
from catalog.facts import read
from catalog.tables.registers import REGISTERS
from catalog.tables.streams import STREAMS
from tests.thorough import some

PLAN = Plan(dispatches=3_000, months=3, last_month=date(2026, 2, 1), seed=7)
LARGER = Plan(dispatches=30_000, months=1, last_month=date(2026, 3, 1), seed=7)


@pytest.fixture(scope="module")
def sent():
    return list(batches(PLAN))


SHOWN = demonstration(date(2026, 2, 20), dispatches=20_000, months=13, seed=7)


@pytest.fixture(scope="module")
def larger():
    return list(batches(LARGER))


@pytest.fixture(scope="module")
def shown():
    return list(batches(SHOWN))


def table_of(sent, stream) -> pa.Table:
    return pa.concat_tables([b.table for b in sent if b.stream == stream])


def ask(sql, **tables):
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for name, table in tables.items():
            connection.register(name, table)
        return connection.sql(sql).fetchall()


def broken_condition(stream) -> str:
    return " or ".join(f"not coalesce({rule.condition}, true)" for rule in STREAMS[stream].rules) or "false"


def assert_only_planted_dirt(sent):
    for stream in {b.stream for b in sent}:
        condition = broken_condition(stream)
        [(broken,)] = ask(f"select count(*) from rows where {condition}", rows=table_of(sent, stream))
        assert broken == sum(b.planted for b in sent if b.stream == stream), stream


def test_the_same_plan_gives_the_same_batches(sent):
    again = list(batches(PLAN))
    assert [(b.stream, b.name, b.arrived_at, b.planted) for b in again] == [
        (b.stream, b.name, b.arrived_at, b.planted) for b in sent
    ]
    assert all(one.table.equals(other.table) for one, other in zip(again, sent, strict=True))


@pytest.mark.slow("makes it anew; that each plan sends what it is asked for is tried below")
def test_another_seed_gives_other_dispatches_of_the_same_number(sent):
    other = table_of(batches(Plan(dispatches=3_000, months=3, last_month=date(2026, 2, 1), seed=8)), "dispatch")
    ids = {str(i) for i in other["dispatch_id"].to_pylist()}
    assert len(ids) == 3_000
    assert not ids & {str(i) for i in table_of(sent, "dispatch")["dispatch_id"].to_pylist()}


def test_every_batch_has_exactly_the_schema_of_its_stream(sent):
    assert {b.stream for b in sent} >= set(STREAMS) - {"loan_entry", "operational_message"}
    for batch in sent:
        assert batch.table.schema.equals(STREAMS[batch.stream].schema), batch.name
        batch.table.validate(full=True)


def test_required_columns_are_never_null(larger):
    for batch in larger:
        lacking = [f.name for f in batch.table.schema if not f.nullable and batch.table[f.name].null_count]
        assert lacking == [], batch.name


def test_batches_come_in_order_of_arrival_under_names_of_their_own(sent):
    arrivals = [b.arrived_at for b in sent]
    assert arrivals == sorted(arrivals)
    assert all(a.tzinfo is UTC for a in arrivals)
    names = [b.name for b in sent]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,64}", name) for name in names)
    assert [b.stream for b in sent[:10]] == ["register"] * 10


def test_nothing_arrives_before_it_has_happened(sent):
    for batch in sent:
        moments_of = {"dispatch": "state_at", "measurement": "reported_at", "adoption": "occurred_at"}
        if column := moments_of.get(batch.stream):
            assert max(batch.table[column].to_pylist()) <= batch.arrived_at, batch.name


@pytest.mark.parametrize("dispatches", some([0, 1, 40, 3_000], [0, 40], "as many as another plan"))
def test_a_plan_sends_as_many_dispatches_as_it_is_asked_for(dispatches):
    plan = Plan(dispatches=dispatches, months=1, last_month=date(2025, 5, 1))
    assert sum(dispatches_a_day(plan).values()) == dispatches
    found = [b.table for b in batches(plan) if b.stream == "dispatch"]
    ids = pa.concat_tables(found)["dispatch_id"].to_pylist() if found else []
    assert len(set(ids)) == dispatches


def test_what_breaks_a_rule_is_what_was_planted_and_nothing_else(sent, larger):
    for traffic in (sent, larger):
        assert_only_planted_dirt(traffic)
    assert sum(b.planted for b in larger if b.stream == "dispatch") > 0


def test_the_dirt_planted_is_some_three_in_ten_thousand(larger):
    share = sum(b.planted for b in larger if b.stream == "dispatch") / table_of(larger, "dispatch").num_rows
    assert 0.0001 < share < 0.0006


def test_three_dispatches_say_two_things_about_what_cannot_change(sent):
    rows = ask(
        f"""
        select count(distinct organisation_number) > 1, count(distinct account_id) > 1, count(distinct created_at) > 1
        from rows where not ({broken_condition("dispatch")})
        group by dispatch_id
        having count(distinct (organisation_number, account_id, created_at, service)) > 1
        """,
        rows=table_of(sent, "dispatch"),
    )
    assert sorted(rows) == [(False, False, True), (False, True, False), (True, False, False)]


def test_states_follow_each_other_in_time_by_rank(larger):
    rank = pa.Table.from_pylist([{"state": r["state"], "rank": int(r["rank"])} for r in read("dispatch_status")])
    wrong = ask(
        f"""
        with dirty as (select dispatch_id from rows where {broken_condition("dispatch")}),
        steps as (
            select distinct dispatch_id, state_at, rank
            from rows join ranks using (state) where dispatch_id not in (from dirty)
        )
        select * from (
            select *, lag(rank) over (partition by dispatch_id order by state_at, rank) as before,
                count(*) over (partition by dispatch_id, rank) as times
            from steps
        ) where before >= rank or times > 1
        """,
        rows=table_of(larger, "dispatch"),
        ranks=rank,
    )
    assert wrong == []


def test_states_number_about_two_and_a_half_a_dispatch(larger):
    assert 2.4 < table_of(larger, "dispatch").num_rows / 30_000 < 2.8


def test_some_states_are_repeated_some_corrected_and_some_late(larger):
    numbered = [
        b.table.append_column("arrived", pa.array([b.arrived_at] * b.table.num_rows))
        for b in larger
        if b.stream == "dispatch"
    ]
    rows = pa.concat_tables(numbered)
    [(n, keys, contents, late)] = ask(
        """
        select count(*), count(distinct (dispatch_id, state, state_at)),
            count(distinct (dispatch_id, state, state_at, page_count)),
            count(*) filter (where arrived > state_at + interval 40 hours)
        from rows
        """,
        rows=rows,
    )
    assert 0.005 < (n - contents) / n < 0.02
    assert 0.001 < (contents - keys) / n < 0.006
    assert 0.01 < late / n < 0.05


def test_paper_costs_only_where_there_is_paper(larger):
    [(printed, costly, sheets_elsewhere)] = ask(
        """
        select count(*) filter (where state = 'PRINTET' and not digital_only),
            count(*) filter (where production_cost_ore > 0 and postage_ore > 0 and sheet_count > 0),
            count(*) filter (where sheet_count is not null and state not in ('SENDT_PRINT', 'PRINTET', 'BORTE'))
        from rows
        """,
        rows=table_of(larger, "dispatch"),
    )
    assert printed == costly > 0
    assert sheets_elsewhere == 0


def test_until_leaves_the_future_out_but_no_dispatch():
    plan = Plan.before(date(2026, 3, 3), dispatches=4_000, months=2, seed=3)
    assert plan.last_month == date(2026, 2, 1)
    cut = list(batches(plan))
    rows = table_of(cut, "dispatch")
    assert len(set(rows["dispatch_id"].to_pylist())) == 4_000
    oslo = ZoneInfo("Europe/Oslo")
    assert max(rows["state_at"].to_pylist()) < datetime.combine(plan.until, time(), oslo)
    assert max(b.arrived_at.date() for b in cut) <= plan.until
    assert_only_planted_dirt(cut)


def test_all_dispatches_are_made_in_the_period_in_oslo(sent):
    [(first, last)] = ask(
        f"""
        select min(timezone('Europe/Oslo', created_at))::date, max(timezone('Europe/Oslo', created_at))::date
        from rows where not ({broken_condition("dispatch")})
        """,
        rows=table_of(sent, "dispatch"),
    )
    assert PLAN.first_month <= first <= last < PLAN.end


@pytest.mark.slow("makes it anew; the rules of the streams judge what is sent each time")
def test_only_organisations_of_the_day_send():
    across = Plan(dispatches=20_000, months=2, last_month=date(2024, 1, 1))
    rows = table_of(batches(across), "dispatch")
    valid = pa.Table.from_pylist(
        [
            {"organisation_number": o.number, "begins": o.valid_from or date.min, "ends": o.valid_to or date.max}
            for o in organisations(across)
        ]
    )
    found = ask(
        f"""
        select organisation_number, min(timezone('Europe/Oslo', created_at)::date)
        from rows join valid using (organisation_number)
        where not ({broken_condition("dispatch")})
            and timezone('Europe/Oslo', created_at)::date not between begins and ends - 1
            and dispatch_id not in (
                select dispatch_id from rows group by all having count(distinct organisation_number) > 1
            )
        group by all
        """,
        rows=rows,
        valid=valid,
    )
    assert found == []
    assert {"920415288", "929911709"} <= set(rows["organisation_number"].to_pylist())


def test_real_organisations_are_the_facts_and_the_others_say_that_they_are_synthetic():
    found = organisations(PLAN)
    real = {row["organisation_number"] for row in read("organisation")}
    assert len(found) == 600
    for o in found:
        assert (o.number in real) != o.synthetic
        assert o.number[0] in ("23" if o.synthetic else "89")
        assert o.name.endswith("(syntetisk)") == o.synthetic
    assert len({o.number for o in found}) == 600


def test_who_sends_most_is_who_has_most_inhabitants(larger):
    rows = ask(
        """
        select organisation_number, count(distinct dispatch_id) / 30000
        from rows group by all order by 2 desc limit 1
        """,
        rows=table_of(larger, "dispatch"),
    )
    [(number, share)] = rows
    assert number == "958935420"  # Oslo
    assert 0.08 < share < 0.16


def test_synthetic_numbers_pass_modulus_11_and_are_never_real():
    numbers = [organisation_number(3, 1_000_000 + 10 * i) for i in range(500)]
    assert len(set(numbers)) == 500
    for number in numbers:
        assert sum(int(d) * w for d, w in zip(number, (3, 2, 7, 6, 5, 4, 3, 2, 1), strict=True)) % 11 == 0


def test_there_are_170_dirty_names_of_80_suppliers_most_of_them_mapped():
    names = source_systems(PLAN, organisations(PLAN))
    assert len({s.written for s in names}) == 170
    assert len({s.supplier for s in names}) == 80
    assert 0.7 < sum(s.mapped for s in names) / 170 < 0.9
    assert any(s.sensitive for s in names)


def test_connections_number_4500_each_organisation_account_and_source_system_once():
    found = organisations(PLAN)
    systems = source_systems(PLAN, found)
    made = connections(PLAN, found, systems, uptakes(PLAN, found, systems))
    triples = set(zip(made.organisation.tolist(), made.account.tolist(), made.system.tolist(), strict=True))
    assert len(triples) == 4_500
    assert set(made.organisation.tolist()) == set(range(600))


def test_an_account_is_one_organisations(larger):
    [(used, foreign)] = ask(
        f"""
        select count(distinct (organisation_number, account_id, source_system)),
            count(distinct account_id) filter (where organisations > 1)
        from (
            select *, count(distinct organisation_number) over (partition by account_id) as organisations
            from rows where not ({broken_condition("dispatch")})
        )
        """,
        rows=table_of(larger, "dispatch"),
    )
    assert 1_500 < used <= 4_502
    assert foreign <= 2


def test_services_with_real_records_are_never_simulated(sent):
    for batch in sent:
        if "service" in batch.table.schema.names:
            assert not REAL_RECORDS & set(batch.table["service"].to_pylist()), batch.name
        if batch.stream == "register" and not batch.name.startswith("register-product"):
            assert not REAL_RECORDS & {json.loads(v).get("service") for v in batch.table["values"].to_pylist()}


def test_registers_are_what_their_contracts_say(sent):
    for batch in (b for b in sent if b.stream == "register"):
        [name] = set(batch.table["register"].to_pylist())
        contract = REGISTERS[name]
        rows = [typed_row(contract.columns, json.loads(v)) for v in batch.table["values"].to_pylist()]
        assert rows, name
        keys = [tuple(row[k] for k in contract.key) for row in rows]
        assert len(set(keys)) == len(keys), name
        good = pa.Table.from_pylist(rows, schema=contract.schema)
        for rule in contract.rules:
            assert ask(f"select * from rows where not coalesce({rule.condition}, true)", rows=good) == [], rule.name


def rows_of_register(sent, name):
    contract = REGISTERS[name]
    values = [v for b in sent if b.name.startswith(f"register-{name}-") for v in b.table["values"].to_pylist()]
    return [typed_row(contract.columns, json.loads(v)) for v in values]


def test_most_municipalities_but_not_all_have_a_function_to_write_to_that_can_never_be_a_real_one(sent):
    rows = rows_of_register(sent, "contact")
    today = {r["code"] for r in read("municipality") if not r["valid_to"]}
    general = {r["municipality_code"] for r in rows if r["service"] is None}
    assert general < today
    assert 0.75 < len(general) / len(today) < 0.95
    assert {r["function"] for r in rows} == {"Digitaliseringsleder", "Arkivansvarlig"}
    assert {r["synthetic"] for r in rows} == {True}
    # RFC 2606: nobody can have a name under it
    assert all(re.fullmatch(r"(digitalisering|arkiv)@[a-z0-9-]+\.example", r["address"]) for r in rows)
    mine = {r["address"]: r["municipality_code"] for r in rows if r["service"] is None}
    assert len(mine) == len(general)
    assert mine["digitalisering@ostre-toten.example"] == "3442"


def test_suppliers_carry_a_service_promise_it_or_say_nothing(sent):
    rows = rows_of_register(sent, "supplier_support")
    carries = [r for r in rows if r["since"] < PLAN.end]
    promises = [r for r in rows if r["since"] > month_after(PLAN.end, 2)]
    assert len(carries) + len(promises) == len(rows)
    assert 0.1 < len(promises) / len(rows) < 0.4
    assert not {r["service"] for r in promises} & {"svarut", "svarinn", "fiks-io"}
    assert len(rows) < 0.8 * len({r["system"] for r in rows}) * len({r["service"] for r in rows})


def test_keys_of_money_and_adoption_never_conflict(sent):
    for stream in ("adoption", "invoice_line", "cost_entry", "loan_entry", "register"):
        parts = [b.table for b in sent if b.stream == stream]
        key = ", ".join(STREAMS[stream].key)
        for rows in [pa.concat_tables(parts)] if parts else []:
            assert ask(f"select {key} from rows group by all having count(*) > 1", rows=rows) == []


def test_a_measurement_is_reported_again_only_later(sent):
    again = ask(
        """
        select count(*), count(distinct reported_at)
        from rows where service is not null
        group by service, measure, day, organisation_number, account_id, source having count(*) > 1
        """,
        rows=table_of(sent, "measurement"),
    )
    assert again
    assert all(times == moments_told for times, moments_told in again)


def test_steps_of_adoption_come_in_order(sent):
    wrong = ask(
        """
        with steps as (
            select organisation_number, service,
                min(occurred_at) filter (where step = 'ANNEX_SIGNED') as annexed,
                min(occurred_at) filter (where step = 'CONFIGURED') as configured,
                min(occurred_at) filter (where step = 'ACTIVATED') as activated
            from rows where service is not null group by all
        )
        select * from steps
        where annexed is null or configured <= annexed or activated <= configured
            or (activated is not null and configured is null)
        """,
        rows=table_of(sent, "adoption"),
    )
    assert wrong == []


def test_main_agreements_come_before_the_first_annex(sent):
    wrong = ask(
        """
        select organisation_number from rows group by all
        having coalesce(min(occurred_at) filter (where service is null), 'infinity') > min(occurred_at)
        """,
        rows=table_of(sent, "adoption"),
    )
    assert wrong == []


def test_use_begins_after_activation_but_for_the_exceptions_planted(sent):
    rows = ask(
        f"""
        with used as (
            select organisation_number, service, min(day) as first_day, max(day) as last_day
            from measured where measure in ('oppslag', 'meldinger') group by all
            union all
            select organisation_number, service, min(created_at)::date, max(created_at)::date
            from sent where not ({broken_condition("dispatch")}) group by all
        ),
        activated as (
            select organisation_number, service, min(occurred_at)::date as activated
            from steps where step = 'ACTIVATED' group by all
        )
        select count(*), count(*) filter (where activated is null or activated > first_day)
        from used left join activated using (organisation_number, service)
        """,
        measured=table_of(sent, "measurement"),
        sent=table_of(sent, "dispatch"),
        steps=table_of(sent, "adoption"),
    )
    [(uses, exceptions)] = rows
    assert uses > 1_000
    assert 0 < exceptions < uses / 50


def test_what_is_billed_for_dispatches_is_what_was_sent(larger, sent):
    for traffic in (sent, larger):
        lines = ask(
            "select price_element, sum(quantity) from lines where service = 'svarut' group by all",
            lines=table_of(traffic, "invoice_line"),
        )
        [(total, altinn, svarinn)] = ask(
            """
            with ended as (
                select dispatch_id, arg_max({'state': state, 'channel': channel}, state_at) as final
                from rows where service = 'svarut' group by all
            )
            select count(*), count(*) filter (where final.channel = 'ALTINN'),
                count(*) filter (where final.channel = 'SVARINN')
            from ended where final.state not in ('AVVIST', 'IKKE_LEVERT', 'MANUELT_HANDTERT')
            """,
            rows=table_of(traffic, "dispatch"),
        )
        # Dirt and conflicts hide where a few dispatches ended.
        billed = dict(lines)
        assert billed["svarut-forsendelser"] == pytest.approx(total, abs=2)
        assert billed["svarut-altinn"] == pytest.approx(altinn, abs=12)
        assert billed["svarut-svarinn"] == pytest.approx(svarinn, abs=12)


def test_a_correction_takes_back_a_line_and_puts_the_right_one(larger, sent):
    rows = ask(
        "from rows where corrects_invoice_id is not null",
        rows=table_of(sent, "invoice_line").select(["corrects_invoice_id", "quantity", "amount_ore", "price_element"]),
    )
    assert rows
    invoices = set(table_of(sent, "invoice_line")["invoice_id"].to_pylist())
    for corrected, *_ in rows:
        assert corrected in invoices
    assert Counter(quantity > 0 for _, quantity, *_ in rows)[True] * 2 == len(rows)


def test_the_price_of_the_population_register_is_the_published_one(sent):
    prices = ask(
        "select distinct price_element, unit_price from rows where service = 'fiks-folkeregister' order by all",
        rows=table_of(sent, "invoice_line"),
    )
    assert prices == [
        ("folkeregister-fastpris-fylkeskommune", Decimal(30_000)),
        ("folkeregister-fastpris-liten-kommune", Decimal(10_000)),
        ("folkeregister-fastpris-mellomstor-kommune", Decimal(20_000)),
        ("folkeregister-fastpris-stor-kommune", Decimal(30_000)),
    ]


def test_vat_is_a_quarter_of_each_line(sent):
    assert (
        ask(
            "select * from rows where round(amount_ore::decimal(18,2) * 25 / 100) <> vat_ore",
            rows=table_of(sent, "invoice_line"),
        )
        == []
    )


def test_a_joining_fee_that_is_billed_repays_the_loan(sent):
    lines, loans = table_of(sent, "invoice_line"), table_of(sent, "loan_entry")
    billed = ask(
        "select invoice_id, amount_ore from rows where price_element like '%tilkobling%' order by all", rows=lines
    )
    repaid = "select invoice_id, amount_ore from rows where kind = 'REPAYMENT' and invoice_id is not null order by all"
    assert billed == ask(repaid, rows=loans)


def test_no_loan_is_drawn_beyond_its_grant(sent):
    granted = {
        json.loads(v)["project"]: json.loads(v)["granted_ore"]
        for b in sent
        if b.name.startswith("register-project")
        for v in b.table["values"].to_pylist()
    }
    drawn = ask(
        "select project, sum(amount_ore) from rows where kind = 'DRAWDOWN' group by all",
        rows=table_of(sent, "loan_entry"),
    )
    assert drawn
    assert all(0 < amount <= granted[project] for project, amount in drawn)


def test_a_demonstration_has_two_whole_years_and_as_many_dispatches_as_readme_says():
    plan = demonstration(date(2026, 11, 29))
    assert (plan.first_month, plan.last_month, plan.stop) == (date(2024, 1, 1), date(2026, 10, 1), date(2026, 11, 29))
    assert sum(n for day, n in dispatches_a_day(plan).items() if day.year == 2025) == pytest.approx(
        1_000_000, rel=0.001
    )
    assert demonstration(date(2027, 1, 3)).first_month == date(2025, 1, 1)
    assert price_of_dispatch(plan) == Decimal("11.3")
    assert price_of_dispatch(demonstration(date(2026, 11, 29), dispatches=200_000)) == 165
    assert "some 1 000 000 a year" in (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def test_a_demonstration_has_the_running_month_and_its_history_by_the_month(shown):
    rows = table_of(shown, "dispatch")
    assert len(set(rows["dispatch_id"].to_pylist())) == 20_000
    assert max(rows["created_at"].to_pylist()).date() == date(2026, 2, 19)
    assert_only_planted_dirt(shown)
    for stream, most in (("dispatch", 1), ("measurement", 2)):
        old = [b.name for b in shown if b.stream == stream and b.arrived_at.date() < SHOWN.daily_from]
        by_month = Counter(name[:-3] for name in old)
        assert len(by_month) >= 8
        assert max(by_month.values()) <= most
    days = {b.arrived_at.date() for b in shown if b.stream == "dispatch" and b.arrived_at.date() > SHOWN.daily_from}
    assert len(days) > 90
    assert {"cost_entry-2026-01", "invoice_line-2026-01"} <= {b.name for b in shown}


def money_of(shown):
    """Income and cost by service over the last twelve months, kroner; shared costs come on top."""
    center = {(row["account"], row["cost_center"]): row["service"] for row in rows_of_register(shown, "cost_mapping")}
    income, cost = Counter(), Counter()
    for row in table_of(shown, "invoice_line").to_pylist():
        if row["period"] > SHOWN.first_month and "tilkobling" not in row["price_element"]:
            income[row["service"]] += row["amount_ore"] / 100
    for row in table_of(shown, "cost_entry").to_pylist():
        if row["period"] > SHOWN.first_month and row["project"] is None:
            cost[row["service"] or center.get((row["account"], row["cost_center"]))] += row["amount_ore"] / 100
    return income, cost


def test_money_is_of_national_size_and_income_covers_the_cost_of_most_products(shown):
    income, cost = money_of(shown)
    assert 40e6 < income.total() < 60e6
    assert 0.9 < income.total() / cost.total() < 1.1
    assert set(income) == set(cost) - {None}
    covers = {service: income[service] / cost[service] for service in income}
    assert min(covers, key=covers.get) == BELOW_COST
    assert [service for service, cover in covers.items() if not 0.9 < cover < 1.5] == [BELOW_COST]


def test_prices_rise_each_january_but_the_published_ones_and_the_one_that_lags(shown):
    prices = {}
    for rule in rows_of_register(shown, "price_rule"):
        key = (rule["price_element"], rule["channel"], rule["size_low"])
        prices.setdefault(key, []).append((rule["valid_from"], rule["amount"], rule["service"], rule["synthetic"]))
    for dated in prices.values():
        amounts = [amount for _, amount, *_ in sorted(dated)]
        stands_still = dated[0][2] == LAGS or not dated[0][3]
        assert len(amounts) == (1 if stands_still else 3)
        assert amounts == sorted(set(amounts))


def test_the_product_catalogue_keeps_its_facts_and_says_of_each_invented_word_that_it_is(sent):
    facts, rows = {r["service"]: r for r in read("product")}, rows_of_register(sent, "product")
    assert {row["service"] for row in rows} == set(facts)
    invented = [
        (row["service"], value)
        for row in rows
        for name, value in row.items()
        if name != "external" and (value or "") != facts[row["service"]][name]
    ]
    assert len({service for service, _ in invented}) == 6
    assert all(value.endswith(" (syntetisk)") for _, value in invented)


def test_one_supplier_holds_five_municipalities_back(shown):
    found = organisations(SHOWN)
    numbers = [found[i].number for i in held_back(SHOWN, found)]
    steps = ask(
        f"select organisation_number, list(distinct step) from rows where service = '{WAITED_FOR}' group by all",
        rows=table_of(shown, "adoption"),
    )
    assert [(n, s) for n, s in sorted(steps) if n in numbers] == [(n, ["ANNEX_SIGNED"]) for n in sorted(numbers)]
    [promise] = [
        r
        for r in rows_of_register(shown, "supplier_support")
        if r["service"] == WAITED_FOR and r["since"] > SHOWN.until
    ]
    names = {r["source_system"] for r in rows_of_register(shown, "source_system") if r["system"] == promise["system"]}
    senders = ask(
        "select organisation_number, source_system from rows group by all order by all",
        rows=table_of(shown, "dispatch"),
    )
    assert {number for number, name in senders if name in names} == set(numbers)
    assert {name for number, name in senders if number in numbers} <= names


def test_four_municipalities_have_stopped_sending(shown):
    found = organisations(SHOWN)
    stopped = {found[i].number: since for i, since in silent(SHOWN, found).items()}
    assert len(stopped) == 4
    last = dict(
        ask(
            "select organisation_number, max(timezone('Europe/Oslo', created_at))::date from rows group by all",
            rows=table_of(shown, "dispatch"),
        )
    )
    assert all(last[number] < since for number, since in stopped.items())


def test_organisations_move_at_their_own_pace_and_some_take_in_a_system_or_give_one_up():
    found = organisations(SHOWN)
    moves = paces(SHOWN, found)
    assert set(moves.on(SHOWN.first_month)[moves.becomes == 1]) == {1.0}
    assert len({round(move, 2) for move in moves.on(SHOWN.until).tolist()}) > 20
    assert 0.98 < moves.on(SHOWN.until).mean() < 1.05
    turned = np.flatnonzero(moves.becomes != 1)
    assert 20 < len(turned) < 60
    assert {bool(up) for up in moves.becomes[turned] > 1} == {True, False}
    # what a connection carries follows: of one that takes in a system, far more from that day on
    up = int(turned[np.argmax(moves.becomes[turned])])
    through = connections(
        SHOWN, found, source_systems(SHOWN, found), uptakes(SHOWN, found, source_systems(SHOWN, found))
    )
    turn = date(1970, 1, 1) + timedelta(days=int(moves.turns[up]))
    before, after = (
        np.diff(through.carried(day), prepend=0)[through.organisation == up].sum() / through.carried(day)[-1]
        for day in (turn - timedelta(days=1), turn)
    )
    assert 1.25 * before < after
    few = Plan(dispatches=100, months=2, last_month=date(2026, 2, 1), organisations=20, connections=30)
    assert set(paces(few, organisations(few)).on(date(2026, 2, 1))) == {1.0}


def test_a_demonstration_is_of_real_size():
    found = organisations(SHOWN)
    systems = source_systems(SHOWN, found)
    through = connections(SHOWN, found, systems, uptakes(SHOWN, found, systems))
    assert (len(found), through.organisation.size) == (600, 4_500)
    assert (len(systems), len({s.supplier for s in systems})) == (170, 80)


def test_one_loan_is_nearly_paid_and_none_is_paid_twice(shown):
    owed = dict(
        ask(
            """
            select project, sum(case kind when 'DRAWDOWN' then amount_ore else -amount_ore end) / 100
            from rows group by all
            """,
            rows=table_of(shown, "loan_entry"),
        )
    )
    assert 0 < owed["DF-01"] < 0.1 * 5_500_000
    assert owed["DF-02"] > 9_000_000


def test_services_have_seasons_of_their_own(shown):
    used = {
        (service, month): float(quantity)
        for service, month, quantity in ask(
            "select service, month(day), sum(quantity) from rows where year(day) = 2025 group by all",
            rows=table_of(shown, "measurement"),
        )
    }
    vehicles, taxes = "fiks-kjoretoyregister", "fiks-skatte-og-inntektsopplysninger"
    assert used[vehicles, 6] > 1.3 * used[vehicles, 12]  # summer
    assert used[taxes, 4] > 1.3 * used[taxes, 12]  # when tax is settled
    assert used[vehicles, 6] / used[vehicles, 4] > used[taxes, 6] / used[taxes, 4]


def test_a_year_has_its_shape():
    assert busyness(date(2026, 7, 14)) < 0.7 * busyness(date(2026, 10, 13))
    assert busyness(date(2026, 5, 14)) < 0.2  # Ascension Day
    assert busyness(date(2025, 12, 29)) < 0.5
    assert busyness(date(2026, 3, 14)) < 0.2


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2025, 10, 26), date(2026, 6, 1)])
def test_moments_lie_within_the_day_in_oslo_also_when_clocks_change(day):
    oslo = ZoneInfo("Europe/Oslo")
    drawn = moments(day, 20_000, np.random.default_rng(1)).tolist()
    begin = datetime.combine(day, time(), oslo).timestamp() * 1e6
    end = datetime.combine(day + timedelta(days=1), time(), oslo).timestamp() * 1e6
    assert begin <= min(drawn)
    assert max(drawn) < end


@pytest.mark.parametrize(
    "wrong",
    [
        {"dispatches": -1},
        {"months": 0},
        {"seed": -1},
        {"last_month": date(2026, 2, 2)},
        {"last_month": date(2017, 2, 1)},
        {"organisations": 3},
        {"connections": 10},
        {"connections": 100_000},
        {"until": date(2026, 2, 15)},
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_the_mend(wrong):
    with pytest.raises(BadPlan, match="Give "):
        Plan(**({"dispatches": 10, "months": 1, "last_month": date(2026, 2, 1)} | wrong))
