"""A large table is judged file by file: the same results and documents as whole, and each file is counted once."""

import re
import shutil

import pyarrow.parquet as pq
import pytest

from catalog.contracts.scan import Query
from catalog.tables import ledger, usage
from pipelines.quality import gate
from pipelines.run import judge_parts
from pipelines.run.context import RunContext
from pipelines.run.judge_ahead import judge_all
from pipelines.run.tables import BUILDS, JUDGED
from tests.pipelines.conftest import APRIL, MARCH

DAYS = usage.DISPATCH_DAY
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*|\d\d:\d\d:\d\d")
ORDER = "day, organisation_number, service, channel, outcome"
CHANGED = f"select * exclude n replace ({{}}) from (select *, row_number() over (order by {ORDER}) as n from was)"
FAULTS = {
    "none": {},
    "of each kind, in both months": {
        MARCH: CHANGED.format(
            "case when n = 2 then null else channel end as channel, case when n = 1 then -1 else sheets end as sheets, "
            "case when n = 3 then '123456789' else organisation_number end as organisation_number"
        ),
        APRIL: CHANGED.format(
            "case when n < 3 then 'fax' else channel end as channel, case when n < 4 then -2 else sheets end as sheets"
        )
        + " union all by name (from was order by all desc limit 2)",
    },
    "in one month": {MARCH: "from was union all by name (from was order by all limit 2)"},
    "days of another month": {APRIL: CHANGED.format("case when n < 3 then day - 31 else day end as day")},
}


@pytest.fixture
def run(home):
    """A run over a home of its own."""
    with home.begun() as run:
        yield run


def judged(run: RunContext, contracts, *, part_rows: int) -> tuple[list[gate.Result], dict[str, str]]:
    """Results and documents of tables, the latter without moments; files of so many rows are parts."""
    documents = gate.documents_of(run.settings)
    shutil.rmtree(documents, ignore_errors=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judge_parts, "PART_ROWS", part_rows)
        results = judge_all(run, [(c, [*run.lake.parts(c).values()]) for c in contracts])()
    texts = {str(p.relative_to(documents)): MOMENT.sub("", p.read_text()) for p in documents.rglob("*.*")}
    return sorted(results, key=lambda r: (r.dataset, r.check)), texts


WHOLE, BY_PARTS = 1 << 60, 0


def plant(run: RunContext, month, sql: str) -> None:
    """Put other rows in the place of a month."""
    scan = Query(sql, {"was": run.lake.scan(DAYS, month)})
    target = run.lake.target(DAYS, month, scan)
    run.session().write(scan, DAYS, target)
    run.lake.replace(DAYS, [target])


class Asked:
    """An engine that notes what it is asked for."""

    def __init__(self, run: RunContext) -> None:
        self.tasks: list[str] = []
        self._engine = run.engine
        vars(run)["engine"] = self

    def run(self, tasks, progress):
        self.tasks += [task.name for task in tasks]
        return self._engine.run(tasks, progress)


def test_faults_of_each_kind_are_told_the_same_by_parts_as_of_the_whole(run):
    sound = [*run.lake.parts(DAYS).values()]
    failed = {}
    for name, changed in FAULTS.items():
        for month, change in changed.items():
            plant(run, month, change)
        (whole, documents), by_parts = (judged(run, [DAYS], part_rows=rows) for rows in (WHOLE, BY_PARTS))
        assert by_parts[0] == whole, name
        failed[name] = {r.check: r.unexpected for r in whole if not r.passed}
        assert failed[name] or by_parts[1] == documents
        run.lake.replace(DAYS, sound)
    assert failed["of each kind, in both months"].keys() >= {
        *("required_columns", "key_unique", "channel_known", "sheets_at_least_0", "organisation_number_modulus_11")
    }
    assert (failed["none"], failed["in one month"]) == ({}, {"key_unique": 4})
    assert failed["days of another month"]["day_in_month"] == 2


def test_a_check_that_cannot_be_carried_out_is_told_as_of_the_whole(run):
    part = run.lake.parts(DAYS)[MARCH]
    lacking = part.path.with_name("part-lacking.parquet")
    pq.write_table(pq.read_table(part.path, partitioning=None).drop_columns(["dispatches"]), lacking)
    run.lake.replace(DAYS, [type(part)(MARCH, lacking)])
    (whole, _), (by_parts, _) = (judged(run, [DAYS], part_rows=rows) for rows in (WHOLE, BY_PARTS))
    assert by_parts == whole
    assert "dispatches" in next(r.detail for r in whole if r.check == "dispatches_at_least_1")


def test_a_file_is_counted_once_and_its_counts_go_with_it(run):
    engine, counts = Asked(run), JUDGED[DAYS.name]
    judged(run, [DAYS, ledger.ENTRY], part_rows=BY_PARTS)
    assert engine.tasks == [f"{counts.name} {MARCH}", f"{counts.name} {APRIL}"], "keys of entries do not have the month"
    judged(run, [DAYS], part_rows=BY_PARTS)
    assert len(engine.tasks) == 2
    before = run.lake.parts(counts)
    plant(run, APRIL, "from was limit 9")
    judged(run, [DAYS], part_rows=WHOLE)
    assert run.lake.parts(counts) == {MARCH: before[MARCH]}, "of a file that is gone nothing is kept"
    judged(run, [DAYS], part_rows=BY_PARTS)
    assert engine.tasks[2:] == [f"{counts.name} {APRIL}"]


def test_counts_that_are_damaged_are_made_again(run):
    counts = JUDGED[DAYS.name]
    first = judged(run, [DAYS], part_rows=BY_PARTS)
    part = run.lake.parts(counts)[MARCH]
    part.path.write_bytes(b"damaged")
    run.lake.sound.clear()
    assert judged(run, [DAYS], part_rows=BY_PARTS) == first
    assert run.lake.is_sound(run.lake.parts(counts)[MARCH])


@pytest.mark.slow("every table is judged twice, once with a file of counts for each of its files")
def test_every_table_of_a_world_is_judged_by_parts_as_whole(run):
    contracts = [build.contract for build in BUILDS]
    whole, by_parts = (judged(run, contracts, part_rows=rows) for rows in (WHOLE, BY_PARTS))
    assert by_parts == whole
    assert sum(bool(run.lake.parts(counts)) for counts in JUDGED.values()) > 12
