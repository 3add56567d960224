"""`dif contract diff`: a release's contracts against those of the code or of a file, and what a difference touches."""

from __future__ import annotations

import json
import subprocess
import sys

import duckdb
import pytest

from catalog.contracts.sharing import Right
from catalog.exports import promised
from catalog.tables.datasets import DATASETS
from tests.pipelines.conftest import Home
from transport.auth.tokens import Recipient, Rights, Tokens
from transport.base.settings import PROJECT
from transport.releases.release import CONTRACTS
from transport.storage.landing import utc_now

ACCESS = """
[maskinporten]
issuer = "https://maskinporten.no/"
jwks = "https://maskinporten.no/jwk"
audience = "https://dif.example.no"
read_scope = "ks:dif.read"

[[party]]
organisation = "964338531"
read = ["OPEN"]
"""


@pytest.fixture
def at_home(published, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(published.settings.home))
    return published


@pytest.fixture
def file_of(tmp_path):
    """A file of the code's contracts, after a change."""

    def file_of(change=lambda _contracts: None):
        contracts = promised.contracts()
        change(contracts)
        file = tmp_path / "contracts.json"
        file.write_text(json.dumps(contracts))
        return file

    return file_of


def test_a_release_carries_the_contracts_of_what_it_holds(at_home, command):
    release = at_home.current
    contracts = release.contracts()
    views = {f"{d.schema}.{v.name}" for d in DATASETS.values() for v in d.views}
    assert contracts["datasets"].keys() - views == release.section("datasets").keys()
    assert at_home.releases.verify(release.name) == []
    assert command("contract", "diff") == (0, "No contract differs between current and code.\n", "")
    assert command("contract", "diff", release.name, release.folder / CONTRACTS)[0] == 0


def test_a_breaking_difference_ends_with_1_and_tells_what_it_touches(at_home, command, file_of):
    def changed(contracts):
        dataset = contracts["datasets"]["usage.dispatch_month"]
        dataset["columns"] = [c for c in dataset["columns"] if c["name"] != "dispatches"]
        contracts["streams"]["dispatch"]["rules"].pop()

    code, out, _ = command("contract", "diff", "current", file_of(changed))
    assert code == 1
    first = out.splitlines()[1].split()
    assert first[:4] == ["BREAKING", "usage.dispatch_month", "dispatches", "column_removed"]
    assert "COMPATIBLE" in out
    assert "usage.dispatch_month touches:" in out
    assert "overview" in out.split("\npage ")[1].splitlines()[0]
    assert "audience OPEN, 0 tokens" in out
    code, out, _ = command("contract", "diff", "current", file_of(changed), "--json")
    told = json.loads(out)
    assert (code, told["breaking"]) == (1, True)
    assert {d["kind"] for d in told["differences"]} == {"BREAKING", "COMPATIBLE"}
    assert {row["kind"] for row in told["touches"]["usage.dispatch_month"]} >= {"page", "report", "recipient"}


def test_a_stream_touches_the_datasets_made_of_it_and_who_sends_it(home, command, file_of, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    Tokens(home.settings).add("svarut", Rights("svarut", frozenset({"dispatch"}), None, frozenset()), now=utc_now())
    reader = Rights("analyse", frozenset(), None, frozenset({Right.OPEN}))
    Tokens(home.settings).add("analyse", reader, now=utc_now())
    for name, share in (("partner", "open"), ("kommune", "organisation")):
        rights = Rights(name, frozenset(), frozenset(), frozenset(), Recipient(frozenset({share}), "964338531"))
        Tokens(home.settings).add(name, rights, now=utc_now())

    listed = home.settings.home / "access" / "access.toml"
    listed.write_text(ACCESS)
    listed.chmod(0o600)

    def changed(contracts):
        for column in contracts["streams"]["dispatch"]["columns"]:
            column["unit"] = "ark" if column["name"] == "page_count" else column["unit"]
        del contracts["datasets"]["reference.county"]
        columns = contracts["datasets"]["uptake.not_yet"]["columns"]
        columns[:] = [c for c in columns if c["name"] != "supplier"]

    code, out, _ = command("contract", "diff", "current", file_of(changed), "--json")
    touches = {name: {r["kind"]: r["names"] for r in rows} for name, rows in json.loads(out)["touches"].items()}
    assert code == 1
    assert "usage.dispatch_day" in touches["dispatch"]["dataset made of it"]
    assert "uptake.funnel" not in touches["dispatch"]["dataset made of it"], "no column of it comes from it"
    assert touches["dispatch"]["producer"] == ["1 token (svarut)"]
    assert touches["reference.county"]["recipient"] == [
        *("audience OPEN", "1 token (analyse)", "1 party of the access list", "1 recipient of shares (partner)")
    ]
    assert touches["reference.county"]["share"] == ["public", "open"]
    assert touches["uptake.not_yet"]["share"] == ["organisation", "network", "connections"], "open withholds it"
    assert touches["uptake.not_yet"]["recipient"][-1] == "1 recipient of shares (kommune)"
    assert "uptake" in touches["reference.county"]["page"]


def test_what_cannot_be_compared_says_why(home, command, file_of, tmp_path, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    code, _, err = command("contract", "diff", "2020-01-01.1")
    assert (code, "No release" in err) == (2, True)
    assert "No file of contracts" in command("contract", "diff", tmp_path / "none.json")[2]
    (tmp_path / "text.json").write_text("not json")
    assert "cannot be compared" in command("contract", "diff", tmp_path / "text.json")[2]
    for value in (
        "[]",
        "{}",
        "[" * 100_000,
        '{"datasets": {"a": 1}, "streams": {}}',
        '{"datasets": [], "streams": []}',
    ):
        (tmp_path / "text.json").write_text(value)
        code, _, err = command("contract", "diff", "code", tmp_path / "text.json")
        assert (code, "it does not hold contracts" in err) == (2, True), value
    for part, value in (("key", [[]]), ("audience", "ANYBODY"), ("columns", [{"name": "a", "type": "b", "null": []}])):
        file = file_of(
            lambda contracts, part=part, value=value: contracts["datasets"]["reference.county"].update({part: value})
        )
        code, _, err = command("contract", "diff", file, "code")
        assert (code, "it does not hold contracts" in err) == (2, True), part
    manifest = home.current.folder / "manifest.json"
    held = json.loads(manifest.read_text())
    del held["files"][CONTRACTS]  # as of a release of before
    manifest.write_text(json.dumps(held))
    code, _, err = command("contract", "diff")
    assert (code, "was made before releases carried their contracts" in err) == (2, True)


def test_a_last_day_that_has_passed_is_told(at_home, command, file_of):
    def ended(contracts):
        contracts["datasets"]["reference.county"]["deprecated"] = {"until": "2020-01-31", "successor": None}

    code, _, err = command("contract", "diff", "code", file_of(ended))
    assert (code, "reference.county was promised through 2020-01-31: remove" in err) == (0, True)


SIDE_BY_SIDE = """
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from assets import usage as built
from assets.build import builds
from catalog.contracts.scan import Query
from catalog.tables import usage

fewer = (column.but(name="sent") if column.name == "dispatches" else column for column in usage.DISPATCH_MONTH.columns)
V1 = usage.DISPATCH_MONTH.earlier(1, date(2027, 5, 31), columns=tuple(fewer), rules=())
usage.DATASETS = (*usage.DATASETS, V1)


@builds(V1, new=usage.DISPATCH_MONTH)
def dispatch_month_v1(new):
    return Query("select * rename (dispatches as sent) from new", {"new": new})


built.BUILDS = (*built.BUILDS, dispatch_month_v1)

from catalog.tables.quality import CHECK_RESULT
from pipelines.run import steps
from pipelines.run.check import Verdict
from transport.base import atomic_files
from transport.base.settings import Settings

home = Settings(home=Path(sys.argv[1]), settle_seconds=0, memory_mb=500, threads=2)
with atomic_files.locked(home.home):
    run = steps.start(home, datetime(2026, 6, 16, 10, tzinfo=UTC))
    release = steps.run_all(run, check=lambda _run: Verdict(CHECK_RESULT.arrow_schema.empty_table(), ()))
print(release.name)
"""


@pytest.mark.slow("publishes a release in a process of its own")
def test_two_versions_of_a_dataset_are_published_side_by_side(home: Home, command, monkeypatch, tmp_path):
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    arguments = [sys.executable, "-c", SIDE_BY_SIDE, str(home.settings.home)]
    done = subprocess.run(arguments, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with duckdb.connect(home.current.folder / "dif.duckdb", read_only=True) as base:
        new = base.sql("select month, sum(dispatches) from usage.dispatch_month group by month order by month")
        old = base.sql("select month, sum(sent) from usage.dispatch_month_v1 group by month order by month")
        assert new.fetchall() == old.fetchall() != []
        [end] = base.sql(
            "select deprecated_until::text, successor, contract_version from meta.dataset "
            "where dataset = 'usage.dispatch_month_v1'"
        ).fetchall()
    assert end == ("2027-05-31", "usage.dispatch_month", 1)
    code, out, _ = command("contract", "diff")
    assert (code, "dataset_removed" in out) == (1, True), "this process does not have it"
