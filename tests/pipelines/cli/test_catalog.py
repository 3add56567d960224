"""`dif catalog export`: what it writes, beside what it describes, and what it refuses."""

import csv
import hashlib
import json

import pytest
import rdflib
from rdflib.namespace import DCAT

from catalog.contracts.language import Audience
from catalog.tables.datasets import DATASETS
from transport.releases.store import Releases


@pytest.fixture
def to(tmp_path):
    return tmp_path / "katalog"


def datasets_of(to) -> set[str]:
    graph = rdflib.Graph().parse(to / "catalog.ttl")
    return {str(node).rpartition(":")[2] for node in graph.subjects(rdflib.RDF.type, DCAT.Dataset)}


@pytest.mark.slow("writes every form; each form has tests of its own")
def test_every_form_is_written_with_the_open_datasets_and_the_files_beside(published, command, to, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(published.settings.home))
    code, out, err = command("catalog", "export", str(to))
    assert (code, "public_url" in err) == (0, True)
    release = Releases(published.settings).get("current")
    made = release.section("datasets")
    open_ones = {name for name in made if DATASETS[name].audience is Audience.OPEN}
    without_months = {name for name in open_ones if not made[name]["partitions"]}
    assert datasets_of(to) == open_ones
    assert f"of release {release.name}" in out
    package = json.loads((to / "datapackage.json").read_text("utf-8"))
    files = [p.relative_to(to) for p in (to / "parquet").rglob("*.parquet")]
    assert files
    assert len(package["resources"]) == len(open_ones - without_months) + len(files)
    for resource in package["resources"]:
        content = (to / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
        if resource["type"] == "table":
            header = next(csv.reader(content.decode().splitlines()))
            assert header == [field["name"] for field in resource["schema"]["fields"]]
    assert all((to / path).read_bytes() == (release.folder / path).read_bytes() for path in files)
    assert not any((to / path).samefile(release.folder / path) for path in files)
    assert {p.name.removesuffix(".odcs.yaml") for p in (to / "odcs").iterdir()} == open_ones
    assert {p.name.removesuffix(".croissant.json") for p in to.glob("*.croissant.json")} == open_ones
    assert command("catalog", "export", str(to))[0] == 0, "again, over what is there"
    assert Releases(published.settings).verify("current") == [], "the release is as it was"


def test_ledgers_are_told_of_when_asked_for_and_a_form_that_there_is_not_is_refused(
    published, command, to, monkeypatch
):
    monkeypatch.setenv("DIF_HOME", str(published.settings.home))
    assert command("catalog", "export", str(to), "--format", "dcat", "--ledger")[0] == 0
    assert [p.name for p in sorted(to.iterdir())] == ["catalog.jsonld", "catalog.ttl"]
    assert any(DATASETS[name].audience is Audience.LEDGER for name in datasets_of(to))
    code, out, err = command("catalog", "export", str(to), "--format", "rdfa")
    assert (code, out) == (2, "")
    assert "some of dcat, datapackage, odcs, croissant" in err
