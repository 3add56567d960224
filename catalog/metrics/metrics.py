"""The numbers on the pages and an analyst's first questions: each is a file in `sql/`, with its words and its query.

A file begins with comments, `-- title.nb: …`, of which a line may go on in the next; a blank line ends them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

from catalog.contracts.language import FILES, Audience
from catalog.contracts.sharing import Right, connection_columns, is_public, right_to, work_columns
from catalog.tables.datasets import DATASETS, READABLE
from catalog.text import Text

_SQL = Path(__file__).parent / "sql"


def _read(kind: str, name: str) -> tuple[dict[str, str], str]:
    """The words of a file by name, and its query, as an analyst copies it."""
    head, _, query = (_SQL / kind / f"{name}.sql").read_text("utf-8").partition("\n\n")
    words = re.findall(r"^-- (\S+): (.*(?:\n--   .*)*)", head, re.MULTILINE)
    return {key: value.replace("\n--  ", "") for key, value in words}, query.rstrip().removesuffix(";")


def files_of(sql: str) -> tuple[str, ...]:
    """The files of a release that a query needs: open the first, and attach the other as `ledger`.

    A word `schema.name` is a table of `ledger.duckdb` where a contract says so; otherwise it is a table, a view or a
    function of `dif.duckdb`. An alias is neither.
    """
    ledgers = {name for name, d in DATASETS.items() if d.audience is Audience.LEDGER}
    schemas = {d.schema for d in DATASETS.values()}
    tables = {word for word in re.findall(r"\b[a-z_]+\.[a-z_0-9]+\b", sql) if word.partition(".")[0] in schemas}
    audiences = {Audience.LEDGER if word in ledgers else Audience.OPEN for word in tables}
    return tuple(file for audience, file in FILES.items() if audience in audiences)


@cache
def rights_of(sql: str) -> frozenset[Right]:
    """The rights that one of our own queries needs: for its tables, and for columns of connections that it names.

    Not for a stranger's query, which may read a column without naming it.
    """
    words = {*re.findall(r"[a-z_][a-z_0-9]*", sql)}
    read = [READABLE[name] for name in {*re.findall(r"\b[a-z_]+\.[a-z_0-9]+\b", sql)} & READABLE.keys()]
    rights = {right_to(dataset) for dataset in read}
    withheld = {column for dataset in read for column in work_columns(dataset.of or dataset)}
    reads_it = withheld and (words & withheld or re.search(r"(select\s+|\.)\*", sql))
    if read and all(is_public(dataset.of or dataset) for dataset in read) and not reads_it:
        rights = {Right.PUBLIC}
    if any(not words.isdisjoint(connection_columns(dataset.of or dataset)) for dataset in read):
        rights.add(Right.CONNECTIONS)
    return frozenset(right or Right.CUSTOMERS for right in rights)


@dataclass(frozen=True, slots=True)
class ExampleQuery:
    """A question that a release answers, by one SELECT."""

    name: str
    question: Text
    sql: str

    @classmethod
    def read(cls, name: str) -> Self:
        """The question of that name."""
        words, query = _read("examples", name)
        return cls(name, Text(words["question.nb"], words["question.en"]), query)


@dataclass(frozen=True, slots=True)
class Metric:
    """A number on a page: its definition in words, its unit, its source dataset, and the SELECT that computes it."""

    name: str
    title: Text
    definition: Text
    unit: str
    dataset: str
    sql: str

    @classmethod
    def read(cls, name: str) -> Self:
        """The metric of that name."""
        words, query = _read("metrics", name)
        title, definition = (Text(words[f"{key}.nb"], words[f"{key}.en"]) for key in ("title", "definition"))
        return cls(name, title, definition, words["unit"], words["dataset"], query)

    @property
    def rights(self) -> frozenset[Right]:
        """The rights that the query needs; see `rights_of`."""
        return rights_of(self.sql)


METRICS = tuple(
    map(
        Metric.read,
        (
            "municipalities_active",
            "population_share_active",
            "municipalities_dormant",
            "days_annex_to_use",
            "call_list",
            "uptake_forecast",
            "municipalities_left",
            "uptake_steps",
            "annex_without_use",
            "services_in_use",
            "network_share",
            "supplier_waiting",
            "declined",
            "uptake_exceptions",
            "customers",
            "support_requests",
            "print_cost",
            "connections",
            "dispatches",
            "municipality_dispatches",
            "municipalities_sending",
            "digital_share",
            "dispatches_per_1000",
            "peers_median",
            "country_median",
            "delivery_time",
            "operational_messages",
            "message_hours",
            "measured_use",
            "municipality_measured",
            "measured_per_1000",
            "measured_peers_median",
            "measured_country_median",
            "municipalities_measured",
            "services_with_use",
            "forecast",
            "checks",
            "rows_set_aside",
            "missing_reporters",
            "changed_since_last_release",
            "unmapped_share",
            "no_system_share",
            "income",
            "cost",
            "result",
            "balance_carried",
            "unmapped_cost",
            "loan_outstanding",
            "invoice_basis",
            "payment_change",
            "self_cost_price",
            "self_cost_percent",
            "self_cost_ratio_percent",
            "cover_with_balance_percent",
            "at_stake",
        ),
    )
)
"""In the order in which they are listed."""
EXAMPLE_QUERIES = tuple(
    map(
        ExampleQuery.read,
        (
            "use_of_each_service",
            "not_activated_in_network",
            "dispatches_per_1000_inhabitants",
            "dispatches_by_channel",
            "self_cost_this_year",
            "unexplained_by_product",
            "differences_by_reason",
            "differences_to_look_at_first",
            "cost_not_placed",
            "joining_fees_against_loan",
            "shared_cost_by_service",
            "set_aside",
            "organisations_that_sent_most",
            "measured_use_of_municipalities",
            "municipalities_then_and_now",
            "figures_brought_to_now",
            "dispatches_by_network",
            "lower_than_three_of_four_peers",
            "source_systems_that_sent_most",
            "connections_through_supplier",
            "connections_fallen_silent",
            "delivery_time_by_channel",
            "dispatch_forecast",
            "whom_to_call",
            "networks_against_the_country",
            "one_municipality",
            "suppliers_that_open_most",
            "agreement_use_and_invoice",
            "uptake_a_year_from_now",
            "annex_to_use",
            "missing_deliveries",
            "changed_since_last_release",
            "source_system_names_to_learn",
            "entries_behind_a_cell",
            "closed_quarters",
            "what_may_be_summed",
        ),
    )
)
"""In the order in which they are listed."""
