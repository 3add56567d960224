"""What a run checks, carries over, and publishes of it."""

import json
import re
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.quality import TABLE_RULES
from catalog.contracts.language import Audience
from catalog.tables import billing, quality
from catalog.tables.datasets import DATASETS
from pipelines.run import steps
from pipelines.run.check import check
from pipelines.run.tables import BUILDS
from transport.lake.tables import Lake, Part

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def test_a_release_has_the_suite_the_result_and_the_page_of_every_table_that_has_rows(published):
    release = published.current
    folder = release.folder / "quality"
    with published.begun() as run:
        tables = {b.contract.name for b in BUILDS if sum(p.rows or 0 for p in run.lake.parts(b.contract).values())}
    for kind, ending in (("expectations", "json"), ("validations", "json"), ("pages", "html")):
        assert {p.stem for p in (folder / kind).glob(f"*.{ending}")} - {"index"} == tables, kind
    assert {f.name for f in folder.iterdir()} == {"expectations", "validations", "pages"}
    index = (folder / "pages" / "index.html").read_text()
    assert set(re.findall(r'href="([a-z_.]+)\.html"', index)) == tables
    suite = json.loads((folder / "expectations" / "usage.dispatch_day.json").read_text())
    types = {e["type"] for e in suite["expectations"]}
    assert {
        "expect_column_values_to_be_in_set",
        "expect_no_key_to_repeat",
    } <= types
    assert published.releases.verify(release.name) == []


def test_no_release_says_how_many_rows_a_table_has_that_is_not_published(published):
    """Two releases would tell how many came: `conformed.billable_month` has as many rows as months of use."""
    folder = published.current.folder
    results = pq.read_table(folder / "parquet" / "quality.check_result" / "part.parquet").to_pylist()
    reading = {r.name for r in TABLE_RULES if any(c.audience is Audience.INTERNAL for c in r.inputs.values())}
    assert {"dispatches_tie", "ledger_ties"} <= reading
    for r in results:
        untold = r["dataset"] not in DATASETS or r["check_name"] in reading
        assert (r["examined"] is None) == untold, (r["dataset"], r["check_name"])
    inner = {r["dataset"] for r in results} - DATASETS.keys()
    assert {"conformed.billable_month", "conformed.use_month"} <= inner
    stated = {f.stem for f in (folder / "quality" / "validations").glob("*.json") if "element_count" in f.read_text()}
    assert "usage.dispatch_month" in stated
    assert stated & inner == set()
    index = (folder / "quality" / "pages" / "index.html").read_text()
    rows = dict(
        re.findall(r"<tr>\s*<td>(?:<a[^>]*>)?([a-z_.]+)(?:</a>)?</td>\s*<td>[^<]*</td>\s*<td>(\d*)</td>", index)
    )
    assert rows.keys() == {r["dataset"] for r in results}
    assert {name for name, count in rows.items() if count} & inner == set()
    assert rows["usage.dispatch_month"]


@pytest.mark.slow("three runs")
def test_inner_tables_are_checked_once_and_again_when_a_file_of_theirs_changed(home):
    inner = {b.contract.name for b in BUILDS if b.contract.audience is Audience.INTERNAL}
    with home.begun() as run:
        told = [
            r for r in check(run).results.to_pylist() if r["dataset"] in inner and run.lake.files(BY_NAME[r["dataset"]])
        ]
    assert {r["carried_from"] for r in told} == {home.current.name}
    assert {"conformed.arrival_day", "conformed.billable_month"} <= {r["dataset"] for r in told}

    lake = Lake(home.settings.lake)
    note = lake.folder / "_judged.json"
    whole = note.read_text("utf-8")
    for broken in ("", "[]", '{"release": "' + home.current.name + '"}', whole[: len(whole) // 2]):  # a power cut's
        note.write_text(broken, "utf-8")
        assert lake.checked_for(home.current.name) == {}
    note.write_text(whole, "utf-8")
    assert lake.checked_for(home.current.name)
    march, april = (lake.parts(quality.ARRIVAL_DAY)[month] for month in (MARCH, APRIL))
    other = april.path.with_name("part-0000.parquet")
    both = pa.concat_tables([pq.read_table(part.path, partitioning=None) for part in (march, april)])
    pq.write_table(both, other)
    lake.replace(quality.ARRIVAL_DAY, [Part(APRIL, other)])  # its key may be in two months
    damaged = lake.parts(billing.BILLABLE_MONTH)[MARCH].path
    rows = pq.read_table(damaged, partitioning=None)
    damaged.chmod(0o644)
    pq.write_table(pa.concat_tables([rows, rows]), damaged)  # no log says so: it is made again before it is checked
    with home.begun() as run:
        failed = steps.Downstream(run).finish()[0].failed
    assert failed == ("conformed.arrival_day key_unique",)
    assert pq.read_table(damaged, partitioning=None).num_rows == rows.num_rows


BY_NAME = {b.contract.name: b.contract for b in BUILDS}
