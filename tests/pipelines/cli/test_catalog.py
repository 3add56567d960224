"""`dif catalog export`: what it writes, beside what it describes, and what it refuses."""

import json
import subprocess
import sys
from pathlib import Path

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


def test_every_form_is_written_with_the_open_datasets_and_the_files_beside(published, command, to, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(published.settings.home))
    code, out, err = command("catalog", "export", str(to))
    assert (code, "public_url" in err) == (0, True)
    release = Releases(published.settings).get("current")
    made = set(release.section("datasets"))
    open_ones = {name for name in made if DATASETS[name].audience is Audience.OPEN}
    assert datasets_of(to) == open_ones
    assert f"of release {release.name}" in out
    package = json.loads((to / "datapackage.json").read_text("utf-8"))
    paths = (resource["path"] for resource in package["resources"])
    files = [path for each in paths for path in ([each] if isinstance(each, str) else each)]
    assert files
    assert all((to / path).read_bytes() == (release.folder / path).read_bytes() for path in files)
    assert not any((to / path).samefile(release.folder / path) for path in files)
    assert {p.name.removesuffix(".odcs.yaml") for p in (to / "odcs").iterdir()} == open_ones
    assert {p.name.removesuffix(".croissant.json") for p in to.glob("*.croissant.json")} == open_ones
    assert command("catalog", "export", str(to))[0] == 0, "again, over what is there"
    assert Releases(published.settings).verify("current") == [], "the release is as it was"


FRICTIONLESS = """
import json, os, sys
from frictionless import Package
os.chdir(sys.argv[1])
package = Package("datapackage.json")
csv = [r for r in package.resources if r.format == "csv"]
print(json.dumps({r.name: [e for e, in r.validate().flatten(["type"])] for r in csv}))
"""


@pytest.mark.slow("loads the official validator, and reads every dataset")
def test_frictionless_finds_each_csv_beside_the_package_valid(published, command, to, monkeypatch):
    client = Path(sys.prefix) / "clients" / "validators"
    if not client.is_dir():
        pytest.skip("not run: `make test-all` fetches the official validators")
    monkeypatch.setenv("DIF_HOME", str(published.settings.home))
    assert command("catalog", "export", str(to), "--format", "datapackage", "--csv", "--ledger")[0] == 0
    words = [sys.executable, "-c", FRICTIONLESS, str(to)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(client)})
    answer = json.loads(done.stdout.splitlines()[-1])
    assert len(answer) > 60
    assert {name: errors for name, errors in answer.items() if errors} == {}


def test_each_dataset_is_written_as_csv_too_when_that_is_asked_for(published, command, to, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(published.settings.home))
    assert command("catalog", "export", str(to), "--format", "datapackage", "--csv")[0] == 0
    package = json.loads((to / "datapackage.json").read_text("utf-8"))
    (county,) = (r for r in package["resources"] if r["name"] == "reference-county-csv")
    assert (county["path"], county["format"]) == ("csv/reference.county.csv", "csv")
    assert {f["name"]: f["type"] for f in county["schema"]["fields"]}["code"] == "string"
    lines = (to / county["path"]).read_text("utf-8").splitlines()
    assert lines[0].startswith("code,name,")
    assert any(line.startswith("03,Oslo,") for line in lines)
    assert len(package["resources"]) == 2 * len([*(to / "csv").iterdir()])


def test_ledgers_are_told_of_when_asked_for_and_a_form_that_there_is_not_is_refused(
    published, command, to, monkeypatch
):
    monkeypatch.setenv("DIF_HOME", str(published.settings.home))
    assert command("catalog", "export", str(to), "--format", "dcat", "--ledger")[0] == 0
    assert [p.name for p in sorted(to.iterdir())] == ["catalog.jsonld", "catalog.ttl"]
    assert any(DATASETS[name].audience is Audience.LEDGER for name in datasets_of(to))
    code, out, err = command("catalog", "export", str(to), "--format", "rdfa")
    assert (code, out) == (2, "")
    assert "one of dcat, datapackage, odcs, croissant" in err
