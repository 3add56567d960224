"""What Dagster's own pages get to know, asked of a real webserver over GraphQL as they ask it."""

import json
import os
import subprocess
import sys
import urllib.request
from contextlib import contextmanager, suppress

import pytest

from pipelines.run.tables import BUILDS
from tests.reliability.serving import wait_until

pytestmark = pytest.mark.slow("a run through Dagster and its webserver; the definitions are tested one by one")
COMMAND = "from pipelines.cli.main import main; import sys; main(sys.argv[1:])"


def environment(home) -> dict[str, str]:
    return {**os.environ, "DIF_HOME": str(home.settings.home), "DIF_SETTLE_SECONDS": "0"}


def answers(address) -> bool:
    with suppress(OSError):
        return bool(urllib.request.urlopen(f"{address}/server_info", timeout=5).read())
    return False


@contextmanager
def webserver(home):
    """The address of Dagster's pages over a home."""
    command = [sys.executable, "-P", "-c", COMMAND, "serve", "dagster", "--port", "0"]
    with subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, text=True) as process:
        try:
            address = process.stdout.readline().split()[-1]
            wait_until(lambda: answers(address), 60)
            yield address
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def ask(copy_of_published):
    home = copy_of_published("asked")
    ran = subprocess.run(
        [sys.executable, "-P", "-c", COMMAND, "run", "--month", "2026-03"], env=environment(home), check=False
    )
    assert ran.returncode == 0
    with webserver(home) as address:

        def asked(query, **variables):
            body = json.dumps({"query": query, "variables": variables}).encode()
            request = urllib.request.Request(f"{address}/graphql", body, {"content-type": "application/json"})
            answer = json.load(urllib.request.urlopen(request, timeout=120))
            assert "errors" not in answer, answer["errors"]
            return answer["data"]

        yield asked


def test_the_jobs_are_there_and_nothing_runs_by_itself(ask):
    [repository] = ask("""{ repositoriesOrError { ... on RepositoryConnection { nodes {
        jobs { name } schedules { name scheduleState { status } } sensors { name sensorState { status } } } } } }""")[
        "repositoriesOrError"
    ]["nodes"]
    jobs = {job["name"] for job in repository["jobs"]}
    assert {"run", "everything", "take_in", "remake", "judge", "publish", "as_known"} <= jobs
    states = {s["name"]: s["scheduleState"]["status"] for s in repository["schedules"]}
    states |= {s["name"]: s["sensorState"]["status"] for s in repository["sensors"]}
    assert states == {"daily": "STOPPED", "arrivals": "STOPPED", "analyses": "STOPPED"}


def test_the_launchpad_describes_what_a_person_may_choose(ask):
    schema = ask(
        """query($selector: PipelineSelector!) { runConfigSchemaOrError(selector: $selector) {
            ... on RunConfigSchema { allConfigTypes {
                ... on CompositeConfigType { fields { name description } } } } } }""",
        selector={
            "pipelineName": "everything",
            "repositoryName": "__repository__",
            "repositoryLocationName": "dif",
        },
    )["runConfigSchemaOrError"]
    fields = {f["name"]: f["description"] or "" for kind in schema["allConfigTypes"] for f in kind.get("fields", [])}
    for name, words in {
        "full": "anew",
        "months": "2026-03",
        "streams": "Take in files of these streams only",
    }.items():
        assert words in fields[name], name


ASSETS = """{ assetNodes { assetKey { path } groupName owners { ... on TeamAssetOwner { team } }
    dependencies { asset { assetKey { path } } }
    assetChecksOrError { ... on AssetChecks { checks { name blocking
        executionForLatestMaterialization { status evaluation { severity metadataEntries { label } } } } } }
    metadataEntries { label __typename ... on TableColumnLineageMetadataEntry {
        lineage { columnName columnDeps { assetKey { path } columnName } } } }
    assetMaterializations(limit: 1) { partition tags { key value } metadataEntries { label __typename
        ... on IntMetadataEntry { intValue } } }
} }"""


@pytest.fixture(scope="module")
def assets(ask):
    return {"/".join(node["assetKey"]["path"]): node for node in ask(ASSETS)["assetNodes"]}


def test_every_dataset_has_an_owner(assets):
    for build in BUILDS:
        node = assets[f"{build.contract.schema}/{build.contract.table}"]
        assert node["owners"] == [{"team": build.contract.owner.removeprefix("team:")}]


def test_a_table_says_where_its_columns_come_from(assets):
    entries = {entry["label"]: entry for entry in assets["usage/dispatch_day"]["metadataEntries"]}
    lineage = {line["columnName"]: line["columnDeps"] for line in entries["dagster/column_lineage"]["lineage"]}
    assert lineage["pages"] == [{"assetKey": {"path": ["conformed", "dispatch"]}, "columnName": "page_count"}]


def test_the_last_event_of_a_table_has_its_version_and_rows(assets):
    [event] = assets["usage/dispatch_day"]["assetMaterializations"]
    assert any(tag["key"] == "dagster/data_version" for tag in event["tags"])
    entries = {entry["label"]: entry for entry in event["metadataEntries"]}
    assert entries["dagster/row_count"]["intValue"] > 0
    assert entries["bytes"]["intValue"] > 0
    assert assets["reference/county"]["assetMaterializations"] == [], "what a run does not touch gets no event"


def test_every_check_of_what_was_made_has_its_verdict(assets):
    made = {name: node for name, node in assets.items() if node["assetMaterializations"]}
    checks = [(name, check) for name, node in made.items() for check in node["assetChecksOrError"].get("checks", [])]
    assert len(checks) > 20
    for name, check in checks:
        execution = check["executionForLatestMaterialization"]
        assert execution["status"] == "SUCCEEDED", (name, check["name"])
        labels = {entry["label"] for entry in execution["evaluation"]["metadataEntries"]}
        assert labels >= {"expectations", "failed"}, (name, check["name"])
