"""What an analyst meets: the metrics and questions of a release, how its numbers add up, and the notebook."""

from __future__ import annotations

import importlib.util
import re
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from catalog import facts
from catalog.contracts.language import Additivity, Audience, DatasetContract
from catalog.domain.borders import borders
from catalog.exports import describe
from catalog.metrics.metrics import EXAMPLE_QUERIES, METRICS
from catalog.tables import meta, quality, reference, usage
from catalog.tables.datasets import DATASETS
from pipelines.cli import screen
from tests.thorough import some
from transport.base.settings import PROJECT, Settings
from transport.lake.tables import Part
from transport.releases.store import Content, Releases

OPEN = [d for d in DATASETS.values() if d.audience is not Audience.INTERNAL]
THROUGH = date(2026, 4, 1)
AT = datetime(2026, 5, 20, 6, tzinfo=UTC)
HARAM = "1580"
TOO_SMALL = {
    *("municipalities_dormant", "payment_change"),
    "Which connections fell silent: in use three months ago, not in the last whole month with numbers?",
    "Which municipalities send less than three of four similar ones?",
}
"""What a first release, of two months and 24 organisations, need not find in tables that have rows."""
SENT_MOST = next(q.sql for q in EXAMPLE_QUERIES if q.name == "source_systems_that_sent_most")
FALLEN_SILENT = next(q.sql for q in EXAMPLE_QUERIES if q.name == "connections_fallen_silent")
THROUGH_X_IN_Y = next(q.sql for q in EXAMPLE_QUERIES if "supplier X in network Y" in q.question.en)
NO_SYSTEM = next(m.sql for m in METRICS if m.name == "no_system_share")


def rows_as(folder: Path, contract: DatasetContract, *rows: dict[str, object]) -> Content:
    """The rows under the contract's schema; a name that the contract lacks is an error, and so is a missing value."""
    schema = contract.arrow_schema
    assert {name for row in rows for name in row} <= set(schema.names)
    table = pa.Table.from_pylist(list(rows), schema)
    for field in schema:
        assert field.nullable or not table[field.name].null_count, f"{contract.name}.{field.name}"
    if not contract.partitioned:
        return Content(contract, table=table)
    parts = []
    for month in sorted({row["month"] for row in rows}, key=str):
        path = folder / contract.name / f"month={month}" / "part-a.parquet"
        path.parent.mkdir(parents=True)
        pq.write_table(table.filter(pc.field("month") == month).drop_columns("month"), path)
        parts.append(Part(month, path))
    return Content(contract, parts=parts)


def dispatches(code: str, month: date, borders_of: str, number: int, **more: object) -> dict[str, object]:
    said = {"sheets": 0, "production_cost_ore": 0, "postage_ore": 0, "digital_share": 1, "estimated": False}
    kind = {"service": "svarut", "channel": "SVARINN", "digital_share_provisional": False, "synthetic": True}
    where = {"month": month, "borders": borders_of, "municipality_code": code, "dispatches": Decimal(number)}
    return where | said | kind | more


def connections() -> list[dict[str, object]]:
    """Haram's systems; one fell silent: it sent through two suppliers in January, and not since."""
    base = {"organisation_number": "829912252", "service": "svarut", "account_id": "1", "synthetic": True}
    base |= {"dispatches": "10-99", "failed": "0"}
    sak = base | {"source_system": "Sak", "system": "Saksystem", "supplier": "En", "mapping": "MAPPED"}
    unknown = base | {"source_system": "ukjent", "supplier": "En", "mapping": "UNMAPPED"}
    silent = base | {"source_system": "Stille", "system": "Stille", "mapping": "MAPPED"}
    january, may = date(2026, 1, 1), date(2026, 5, 1)
    rows = [
        sak | {"month": THROUGH},
        sak | {"month": THROUGH, "service": "fiks-io"},
        sak | {"month": THROUGH, "account_id": "2", "dispatches": "1-9"},
        unknown | {"month": THROUGH},
        unknown | {"month": THROUGH, "supplier": "En annen", "dispatches": "1-9"},
        base | {"account_id": None, "mapping": "NOT_STATED", "month": THROUGH, "dispatches": "1-9"},
        unknown | {"month": may},
        silent | {"month": january, "supplier_number": "829912252", "dispatches": "1000-9999"},
        silent | {"month": january, "supplier_number": "974760673", "dispatches": "100-999"},
    ]
    return [row | {"last_seen": row["month"]} for row in rows]


def systems() -> list[dict[str, object]]:
    """The country's systems in twelve whole months, the month before them and the one that goes on."""
    base = {"month": THROUGH, "service": "svarut", "perturbed": False, "synthetic": True}
    sak = base | {"system": "Saksystem", "mapping": "MAPPED", "supplier": "En"}
    unknown = base | {"mapping": "UNMAPPED"}
    return [
        sak | {"dispatches": 50, "dispatches_band": "10-99", "organisations": 3},
        sak | {"month": date(2026, 3, 1), "dispatches": None, "dispatches_band": "1-9", "organisations": 1},
        sak | {"system": "Skjermet", "perturbed": True, "dispatches": 7, "dispatches_band": "1-9"},
        unknown | {"dispatches": 50, "dispatches_band": "10-99", "organisations": 4},
        base | {"mapping": "NOT_STATED", "dispatches_band": "10-99"},
        unknown | {"month": date(2025, 4, 1), "dispatches": 900, "dispatches_band": "100-999", "organisations": 9},
        unknown | {"month": date(2026, 5, 1), "dispatches": 900, "dispatches_band": "100-999", "organisations": 9},
    ]


def sent() -> dict[str, object]:
    counts = ("documents", "pages", "sheets", "bytes", "production_cost_ore", "postage_ore")
    of_whom = {"organisation_number": "829912252", "service": "svarut", "channel": "SDP", "outcome": "delivered"}
    return {"month": THROUGH, "dispatches": 100, "synthetic": True} | of_whom | dict.fromkeys(counts, 0)


def told(folder: Path) -> list[Content]:
    """Haram's year, made up: before 2020 a municipality, then a part of Ålesund, from 2024 a municipality again."""
    old, merged, march = date(2019, 5, 1), date(2021, 5, 1), date(2026, 3, 1)
    again = [dispatches(HARAM, m, "then", n) for m, n in ((march, 70), (THROUGH, 90))]
    people = {"inhabitants": 10_000}
    peer = {"municipality_code": HARAM, "service": "svarut", "members": 10, "n_share": 0, "synthetic": True}
    late = {"producer": "p", "organisation_number": "829912252", "stream": "dispatch", "expected": True}
    because = {"expected_because": "RHYTHM", "synthetic": True}
    diff = {"municipality_code": HARAM, "service": "svarut", "measure": usage.DISPATCHES}
    diff |= {"release": "2026-05-20.1", "compared_with": "2026-05-19.1"}
    return [
        Content(reference.MUNICIPALITY, table=facts.table("municipality", reference.MUNICIPALITY.arrow_schema)),
        Content(reference.MUNICIPALITY_TO_NOW, table=borders().then_to_now_table()),
        Content(reference.NETWORK_MEMBER, table=facts.table("network_member", reference.NETWORK_MEMBER.arrow_schema)),
        rows_as(
            folder,
            reference.ORGANISATION,
            {
                "organisation_number": "829912252",
                "name": "HARAM KOMMUNE",
                "kind": "MUNICIPALITY",
                "municipality_code": HARAM,
                "confirmed": True,
                "synthetic": False,
            },
        ),
        rows_as(
            folder,
            usage.MUNICIPALITY_MONTH,
            dispatches("1534", old, "then", 40),
            dispatches(HARAM, old, "now", 40),
            dispatches("1507", merged, "then", 1000, synthetic=False),
            dispatches(HARAM, merged, "now", 137, estimated=True, synthetic=False),
            *again,
            *(row | {"borders": "now"} | people for row in again),
        ),
        rows_as(
            folder,
            usage.PEER_MONTH,
            peer
            | {"month": THROUGH, "peer_kind": "SIMILAR", "peer_group": HARAM, "per_1000_inhabitants": 9, "n": 10}
            | {"per_1000_q1": 10, "per_1000_median": 12, "per_1000_q3": 15},
            peer | {"month": THROUGH, "peer_kind": "COUNTY", "peer_group": "15", "per_1000_inhabitants": 9, "n": 2},
        ),
        rows_as(
            folder,
            usage.DELIVERY_TIME,
            {"month": THROUGH, "service": "svarut", "channel": "SVARINN", "dispatches": 500, "synthetic": True}
            | {"p50_hours": Decimal("0.5"), "p90_hours": 4, "p99_hours": 40, "provisional": False},
        ),
        rows_as(folder, usage.CONNECTION_MONTH, *connections()),
        rows_as(folder, usage.SYSTEM_MONTH, *systems()),
        rows_as(folder, usage.DISPATCH_MONTH, sent()),
        rows_as(
            folder,
            quality.RELEASE_DIFF,
            diff | {"month": THROUGH, "reason": "LATE", "difference": 3, "before": 87, "after": 90, "synthetic": True},
        ),
        rows_as(
            folder,
            quality.EXPECTED_REPORTER,
            late | because | {"day": date(2026, 4, 2), "received": False, "late_days": 48, "status": "MISSING"},
            late | because | {"day": date(2026, 4, 3), "received": True, "late_days": 2, "status": "LATE"},
            late | because | {"day": date(2026, 4, 4), "received": True, "late_days": 0, "status": "RECEIVED"},
        ),
        Content(
            meta.RELEASE,
            table=describe.release("2026-05-20.1", None, AT, AT, through=THROUGH, checks=1, synthetic=True),
        ),
    ]


def publish(home: Path, contents: list[Content]) -> Path:
    """A release of these, and of every other dataset without rows."""
    given = {c.contract.name for c in contents}
    contents += [Content(d) for d in OPEN if d.name not in given]
    facts_of = {"published_at": AT.isoformat()}
    return Releases(Settings(home=home)).publish("2026-05-20.1", contents, lambda _: [], facts_of, parent=None).folder


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    """As an analyst opens a release, with the ledgers beside."""
    connection = duckdb.connect(folder / "dif.duckdb", read_only=True)
    connection.execute(f"attach '{folder / 'ledger.duckdb'}' as ledger (read_only)")
    return connection


@pytest.fixture(scope="module")
def nothing(tmp_path_factory):
    with opened(publish(tmp_path_factory.mktemp("nothing"), [])) as connection:
        yield connection


@pytest.fixture(scope="module")
def home_of_haram(tmp_path_factory):
    home = tmp_path_factory.mktemp("haram")
    publish(home, told(home / "lake"))
    return home


@pytest.fixture(scope="module")
def real(published):
    with opened(published.current.folder) as connection:
        yield connection


def test_every_metric_and_question_is_answered_from_the_contracts_alone(nothing):
    """A column that a contract no longer has fails here, and rows that come of nothing show."""
    for query in (*METRICS, *EXAMPLE_QUERIES):
        answer = nothing.execute(query.sql)
        names = [column[0] for column in answer.description]
        assert len(set(names)) == len(names), query.name
        assert len(answer.fetchall()) <= 1, query.name


def test_a_metric_is_marked_as_its_dataset_is_and_its_counts_are_whole_numbers_of_a_type_that_every_reader_has(nothing):
    """A sum that is not cast is a HUGEINT: text in JSON, and a decimal or a float in Parquet."""
    for metric in METRICS:
        said = dict(nothing.execute(f"select column_name, column_type from (describe {metric.sql})").fetchall())
        contract = DATASETS[metric.dataset]
        assert ("synthetic" in said) is any(c.name == "synthetic" for c in contract.columns), metric.name
        assert not {"HUGEINT", "DOUBLE", "FLOAT"} & set(said.values()), metric.name


def test_every_metric_and_question_is_answered_from_a_real_release(real):
    asked = real.execute(
        "select metric, sql from meta.metric union all select question_en, sql from meta.example_query"
    )
    asked = dict(asked.fetchall())
    assert set(asked) == {m.name for m in METRICS} | {q.question.en for q in EXAMPLE_QUERIES}

    def has_rows(table: str) -> bool:
        return bool(real.execute(f"from {table} limit 1").fetchall())

    unanswered = {name for name, sql in asked.items() if not real.execute(sql).fetchall()}
    unanswered = {name for name in unanswered if all(map(has_rows, real.get_table_names(asked[name], qualified=True)))}
    assert unanswered <= TOO_SMALL, "they read tables that have rows, and find none"


def test_the_functions_of_a_real_release_stand_in_meta(real):
    said = real.execute("select macro, kind, example from meta.macro").fetchall()
    made = real.execute(
        "select schema_name || '.' || function_name, if(function_type = 'macro', 'SCALAR', 'TABLE') "
        "from duckdb_functions() where schema_name = 'reference'"
    ).fetchall()
    assert sorted((name, kind) for name, kind, _ in said) == sorted(made)
    for _, _, example in said:
        assert real.execute(example).fetchall()


@pytest.mark.slow("a run of its own; tests of the tables hold the rule")
def test_dispatches_of_then_brought_to_now_by_the_function_are_those_of_the_pipeline(real):
    ours, theirs = real.execute("""
        select
            (select list((month, code, dispatches) order by month, code) from (
                select old.month, part.to_code as code, sum(round(old.dispatches * part.weight, 4)) as dispatches
                from usage.municipality_month_then as old, reference.to_now(old.municipality_code, old.month) as part
                where not part.estimated group by all)),
            (select list((month, code, dispatches) order by month, code) from (
                select month, municipality_code as code, sum(dispatches) as dispatches
                from usage.municipality_month_now group by all having not bool_or(estimated)))
    """).fetchone()
    assert ours == theirs
    assert len(ours) > 10


def test_every_number_says_how_it_adds_up_or_is_no_quantity():
    """`sum`, `last` or `none`; a number without a word of it is a part of the key, a version, a rank or a limit."""
    silent = {
        f"{d.name}.{c.name}"
        for d in OPEN
        for c in d.columns
        if (pa.types.is_integer(c.type) or pa.types.is_decimal(c.type)) and not c.key and c.additivity is None
    }
    words = ("_version", ".rank", ".position", "_hours", "size_high", "months_known")
    assert [name for name in sorted(silent) if not name.endswith(words)] == []


def test_a_number_that_is_a_rate_a_percentile_or_an_average_is_never_summed():
    for d in OPEN:
        for c in d.columns:
            if c.unit in {"andel", "prosent", "timer"} and c.additivity and d.name != "quality.unmapped_system":
                assert c.additivity is Additivity.NONE, f"{d.name}.{c.name}"


def test_a_key_that_gives_the_same_thing_twice_says_which_columns_to_choose_one_value_of():
    """As the page for analysts has it; and no key holds one of these columns without saying it."""
    page = (PROJECT / "docs" / "read-data.md").read_text("utf-8").partition("| one value of |")[2].partition("\n\n")[0]
    told_of = {
        (dataset, column)
        for column, datasets in re.findall(r"^\| `(\w+)` \|[^|]*\|(.*)\|$", page.replace("`STOCK`", ""), re.MULTILINE)
        for dataset in re.findall(r"`([\w.]+)`", datasets)
    }
    assert told_of == {(d.name, column) for d in OPEN for column in d.non_additive_across}
    for d in OPEN:
        assert set(d.non_additive_across) <= set(d.key)
        twice = {"borders", "measure", "peer_kind", "area_kind", "network_id", "rule"} & set(d.key)
        assert twice <= set(d.non_additive_across) or not any(c.adds_up for c in d.columns), d.name


def test_what_to_choose_before_a_sum_stands_in_meta_and_in_the_comment(real):
    said = real.execute("select dataset, column_name, one_at_a_time from meta.column_definition").fetchall()
    assert {(dataset, column): chosen for dataset, column, chosen in said if chosen} == {
        (d.name, c.name): ", ".join(d.non_additive_across)
        for d in OPEN
        if d.non_additive_across
        for c in d.columns
        if c.adds_up
    }
    comments = real.execute(
        "select table_name, comment from duckdb_columns() where column_name = 'dispatches' and schema_name = 'usage' "
        "and table_name like 'municipality_month%' order by table_name"
    ).fetchall()
    chosen = [(name, comment.endswith("Summer innen én verdi av borders.")) for name, comment in comments]
    names = ("municipality_month", "municipality_month_now", "municipality_month_then")
    assert chosen == [(name, name == "municipality_month") for name in names]


def test_the_sql_of_the_page_is_answered_as_it_is_written(home_of_haram):
    page = (PROJECT / "docs" / "read-data.md").read_text("utf-8")
    blocks = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    with opened(home_of_haram / "releases" / "current") as connection:
        answers = [
            connection.execute(statement).fetchall()
            for block in blocks
            for statement in connection.extract_statements(block)
        ]
    assert answers[3:6] == [
        [("1580",)],
        [("1508", Decimal("0.8621"), True), ("1580", Decimal("0.1379"), True)],
        [("Ålesund",)],
    ]
    assert answers[6]
    assert (date(2021, 5, 1), HARAM, Decimal("137.9"), True) in answers[7]
    examples = re.findall(r"^\| `?(sum|last|none|null)`? \|.*\| `(.+)\.(\w+)` \|$", page, re.MULTILINE)
    assert [said for said, _, _ in examples] == ["sum", "last", "none", "null"]
    for said, dataset, column in examples:
        assert (DATASETS[dataset][column].additivity or "null") == said


def notebook(monkeypatch, home: Path, *words: str) -> dict[str, object]:
    """What the cells of the notebook made, run as a script is."""
    path = PROJECT / "docs" / "municipality_year.py"
    monkeypatch.setattr(sys, "argv", [str(path), "--home", str(home), *words])
    spec = importlib.util.spec_from_file_location("municipality_year", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "municipality_year", module)
    spec.loader.exec_module(module)
    outputs, made = module.app.run()
    made["base"].close()
    return {**made, "page": "\n".join(o.text for o in outputs if hasattr(o, "text"))}


def test_the_notebook_tells_a_municipality_of_its_year(home_of_haram, monkeypatch):
    made = notebook(monkeypatch, home_of_haram)
    assert made["municipality"].value == HARAM
    assert made["months"].select("month", "dispatches", "per_1000_inhabitants", "synthetic").rows() == [
        (date(2026, 3, 1), 70, 7, True),
        (THROUGH, 90, 9, True),
    ]
    assert made["then"].select("year", "code_then", "name_then", "dispatches_now", "estimated", "synthetic").rows() == [
        (2019, "1534", "Haram", 40, False, True),
        (2021, "1507", "Ålesund", Decimal("137.9"), True, False),
        (2026, HARAM, "Haram", 160, False, True),
    ]
    assert made["peers"].select("peer_kind", "per_1000_median", "n").rows() == [
        ("COUNTY", None, 2),
        ("SIMILAR", 12, 10),
    ]
    assert made["delivery"].select("p50_hours", "p90_hours", "p99_hours").rows() == [(Decimal("0.5"), 4, 40)]
    assert made["changed"].select("reason", "difference").rows() == [("LATE", 3)]
    assert made["gaps"].select("month", "due", "late", "missing").rows() == [(THROUGH, 3, 1, 1)]
    assert "2026-05-20.1" in made["page"]
    assert made["page"].count("<h2") == 6
    assert made["page"].count("Syntetiske tall:") == 5
    assert made["page"].count("Noen av tallene er syntetiske") == 1


def test_what_systems_sent_is_as_sure_as_its_months_and_no_shielded_one_is_added_to_what_states_none(home_of_haram):
    with opened(home_of_haram / "releases" / "current") as connection:
        most = connection.sql(SENT_MOST).to_arrow_table().to_pylist()
        (shares,) = connection.execute(NO_SYSTEM).fetchall()
    assert [
        (r["system"], r["mapping"], r["dispatches"], r["at_least"], r["at_most"], r["perturbed"]) for r in most
    ] == [
        ("Saksystem", "MAPPED", None, 11, 59, False),
        (None, "UNMAPPED", 50, 10, 50, False),
        (None, "NOT_STATED", None, 10, 99, False),
        ("Skjermet", "MAPPED", 7, 7, 7, True),
    ]
    assert shares == (Decimal("0.41"), Decimal("0.89"), 100, True)


def test_a_connection_that_fell_silent_is_told_with_its_last_band(home_of_haram):
    with opened(home_of_haram / "releases" / "current") as connection:
        (silent,) = connection.sql(FALLEN_SILENT).to_arrow_table().to_pylist()
    assert (silent["source_system"], silent["last_month"], silent["dispatches"]) == (
        "Stille",
        date(2026, 1, 1),
        "1000-9999",
    )


def test_the_connections_through_a_supplier_in_a_network_are_found_unmapped_names_too(home_of_haram):
    with opened(home_of_haram / "releases" / "current") as connection:
        found = connection.sql(THROUGH_X_IN_Y).to_arrow_table().to_pylist()
    assert {(r["name"], r["supplier"], r["network_id"]) for r in found} == {
        ("HARAM KOMMUNE", "En", "digi-more-og-romsdal")
    }
    assert sorted((r["mapping"], r["account_id"], r["dispatches"]) for r in found if r["service"] == "svarut") == [
        ("MAPPED", "1", "10-99"),
        ("MAPPED", "2", "1-9"),
        ("UNMAPPED", "1", "10-99"),
    ]


OTHERS = {
    "1534": "gjelder ikke lenger; i dag: Haram (1580). Viser Haram (1580).",
    "1507": "i dag: Ålesund (1508), Haram (1580). Viser Haram (1580).",  # it was split
    "1504": "Den du spurte om, har ingen forsendelser",  # nor has its successor
    "0301": "Den du spurte om, har ingen forsendelser",
    "9999": "Ukjent nummer: 9999. Viser Haram (1580).",
    HARAM: "",
}
"""Municipalities that the notebook is asked for, and what it says before it shows Haram."""


@pytest.mark.parametrize(
    ("asked", "says"),
    some(
        OTHERS.items(),
        [(asked, OTHERS[asked]) for asked in ("1507", HARAM)],
        "the notebook is run once more",
    ),
)
def test_the_notebook_says_so_when_it_shows_another_municipality_than_was_asked_for(
    home_of_haram, monkeypatch, asked, says
):
    page = notebook(monkeypatch, home_of_haram, "--municipality", asked)["page"]
    assert says in page
    assert ("marimo-callout" in page) == bool(says)


def test_a_missing_value_in_a_table_is_not_taken_for_an_empty_text(capsys):
    screen.show([screen.Table([{"a": "", "b": None}], null="NULL"), screen.Table([{"a": "", "b": None}])])
    said = capsys.readouterr().out.splitlines()
    assert [line.split() for line in said] == [["a", "b"], ["NULL"], ["a", "b"], []]


def test_the_notebook_says_so_when_a_release_has_no_whole_month(tmp_path, monkeypatch):
    about = describe.release("2026-05-20.1", None, AT, AT, through=None, checks=1, synthetic=False)
    publish(tmp_path, [Content(meta.RELEASE, table=about)])
    made = notebook(monkeypatch, tmp_path)
    assert "ingen hele måneder" in made["page"]
    assert "months" not in made


def test_the_notebook_reads_a_real_release_and_the_municipality_that_is_asked_for(published, real, monkeypatch):
    ((code, sent),) = real.execute(
        "select municipality_code, sum(dispatches) as sent from usage.municipality_month_now group by 1 "
        "order by sent, 1 limit 1"
    ).fetchall()
    made = notebook(monkeypatch, published.settings.home, "--municipality", code)
    assert made["municipality"].value == code
    assert made["months"]["dispatches"].sum() == sent
    assert made["months"]["synthetic"].all()
    assert made["peers"].height > 0
    assert made["delivery"].height > 0
