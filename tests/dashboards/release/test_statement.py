"""What a query names, however it is written; and what is refused as no query of ours."""

from __future__ import annotations

import pytest

from catalog.errors import Forbidden
from dashboards.release import query
from dashboards.release.statement import parsed


@pytest.mark.parametrize(
    "text",
    [
        "select service from ledger.entry",
        'select service from "ledger"."entry"',
        "select service from ledger -- . nothing\n . entry",
        "select service from LEDGER/* uptake.funnel */.Entry",
        "from ledger.entry select service",
        "with a as (from ledger.entry select service) select service from a where service in (select service from a)",
        "select (select max(service) from ledger.entry) as service",
        "select 'uptake.funnel' as service from ledger.entry",
    ],
)
def test_a_table_is_named_whatever_stands_around_it(text):
    assert parsed(text).tables == {"ledger.entry"}


@pytest.mark.parametrize(
    ("text", "all_columns"),
    [
        ("select * from ledger.entry", True),
        ("from ledger.entry", True),
        ("select e.* from ledger.entry as e", True),
        ("select columns(c -> c like 'p%') from ledger.entry", True),
        ("select * exclude (service) from uptake.funnel join ledger.entry using (service)", True),
        ("select part from (unpivot ledger.entry on amount_ore into name part value amount)", True),
        ("select * from (select service from ledger.entry)", False),
        ("with a as (select service from ledger.entry) from a", False),
        ("select count(*) from ledger.entry", False),
    ],
)
def test_all_columns_are_asked_for_where_a_star_is_of_a_table_itself(text, all_columns):
    assert parsed(text).asks_for_all_columns is all_columns


def test_parameters_and_every_word_are_named():
    read = parsed(
        "select payer_number as x from ledger.entry where service = $service and list_contains($seen_all, 'Kode')"
    )
    assert read.parameters == {"service", "seen_all"}
    assert {"payer_number", "x", "service", "kode"} <= read.words


@pytest.mark.parametrize(
    "text",
    [
        "select 1; select 2",
        "copy (select 1) to '/tmp/x'",
        "attach '/tmp/x'",
        "from query_table('ledger.entry')",
        "from query('from ledger.entry')",
        "from read_csv('/etc/passwd')",
        "select",
        "",
    ],
)
def test_what_is_no_single_query_or_reads_what_no_contract_tells_of_is_refused(text):
    with pytest.raises(Forbidden):
        parsed(text)


def test_every_query_of_the_pages_can_be_read():
    assert all(parsed(query.sql(name).replace("{dataset}", "uptake.funnel")) for name in query.names())
