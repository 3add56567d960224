"""Expectations that a person adds by Great Expectations' docs are checked and shown, and warn or stop a release."""

import json
import re

import pyarrow.parquet as pq
import pytest

from catalog.errors import GateFailed
from pipelines.quality import suites
from pipelines.run.attempt import Attempt
from pipelines.run.publish import up_to_date
from pipelines.run.schedule import plan
from transport.base.settings import PROJECT

pytestmark = pytest.mark.filterwarnings("ignore:module 'sre_:DeprecationWarning")  # imported by Great Expectations


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of expectations, which others may read meanwhile."""
    folder = tmp_path / "expectations"
    folder.mkdir()
    monkeypatch.setattr(suites, "FOLDER", folder)
    return folder


def run(home):
    """A run as `dif run` makes it, which notes what failed."""
    with home.begun() as begun, (attempt := Attempt(begun)).recording_failure():
        attempt.land()
        for _ in attempt.make(plan(begun)):
            pass
        return attempt.publish()


def results_of(release, dataset):
    rows = pq.read_table(release.folder / "parquet" / "quality.check_result" / "part.parquet").to_pylist()
    return {row["check_name"]: row for row in rows if row["dataset"] == dataset}


@pytest.mark.slow("four runs; expectations are carried out in test_suites.py, broken promises in test_run.py")
def test_an_expectation_warns_or_stops_and_the_next_run_sees_that_a_file_changed(home, folder, capsys):
    def nothing_new():
        with home.begun() as run:
            return up_to_date(run)

    assert nothing_new()
    readme = (PROJECT / "catalog" / "expectations" / "README.md").read_text("utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    exec(compile(block, "README.md", "exec"), {})
    file = folder / "usage.dispatch_month.json"
    file.write_text(capsys.readouterr().out, "utf-8")
    assert nothing_new() is None

    warns = "expect_table_row_count_to_be_between"
    text = file.read_text("utf-8").replace('"min_value": 100', '"min_value": 123456789')
    file.write_text(text, "utf-8")
    release = run(home)
    said = results_of(release, "usage.dispatch_month")
    assert {(name, r["passed"], r["severity"]) for name, r in said.items() if name.startswith("expect_")} == {
        (warns, False, "WARN"),
        ("expect_column_max_to_be_between_dispatches", True, "ERROR"),
    }
    rows = said["required_columns"]["examined"]
    assert str(rows) not in said[warns]["detail"]
    assert release.manifest["checks"]["warned"] == 1
    page = (release.folder / "quality" / "pages" / "usage.dispatch_month.html").read_text("utf-8")
    assert "123456789" in page.replace(",", "")
    assert said["required_columns"]["carried_from"] is None, "a table with a file is always looked at"
    assert results_of(release, "usage.municipality_month")["required_columns"]["carried_from"]
    assert nothing_new().name == release.name

    file.write_text(text.replace('"warning"', '"critical"'), "utf-8")
    with pytest.raises(GateFailed, match=f"usage.dispatch_month {warns}"):
        run(home)
    assert home.current.name == release.name
    noted = home.releases.last_attempt()
    assert {"dataset": "usage.dispatch_month", "check": warns, "unexpected": 0} in noted["failed_checks"]

    file.unlink()
    after = run(home)
    assert not any(name.startswith("expect_") for name in results_of(after, "usage.dispatch_month"))
    suite = json.loads((after.folder / "quality" / "expectations" / "usage.dispatch_month.json").read_text("utf-8"))
    assert warns not in {e["type"] for e in suite["expectations"]}


@pytest.mark.slow("two runs; test_suites.py holds what is refused")
def test_a_file_that_cannot_be_carried_out_stops_publication_in_the_same_words_and_an_inner_table_can_have_one(
    home, folder
):
    file = folder / "conformed.dispatch.json"
    file.write_text("{", "utf-8")
    with pytest.raises(GateFailed) as stopped:
        run(home)
    words = "not carried out: it cannot be read as JSON: Expecting property name"
    assert words in str(stopped.value)
    assert "→ Mend catalog/expectations/conformed.dispatch.json" in str(stopped.value)
    noted = home.releases.last_attempt()
    assert words in noted["problem"]
    assert [c["dataset"] for c in noted["failed_checks"]] == ["conformed.dispatch"]

    least = {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 10**9}, "severity": "WARN"}
    file.write_text(json.dumps({"name": "conformed.dispatch", "expectations": [least]}), "utf-8")
    release = run(home)
    (said,) = results_of(release, "conformed.dispatch").values()
    assert (said["passed"], said["severity"], said["unexpected"], said["examined"]) == (False, "WARN", 0, None)
    found = json.loads((release.folder / "quality" / "validations" / "conformed.dispatch.json").read_text("utf-8"))
    assert [r["result"] for r in found["results"]] == [{}], "nobody is told how many rows it has"
