"""A home that an earlier version left is read, run and verified by this one (`tests/kept` says how it was made)."""

from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from catalog.errors import WrongUse
from catalog.tables.streams import ADOPTION
from tests.pipelines.conftest import Home, settings_of
from tests.thorough import some
from transport.ingest.batch_validator import BatchValidator
from transport.storage.landing import Arrival, open_landing, utc_now

KEPT = Path(__file__).resolve().parents[2] / "kept"
VERSIONS = ("0.1.0", "0.2.0")


def unpacked(version: str, folder: Path) -> Home:
    """The home that the version left."""
    with tarfile.open(KEPT / f"{version}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return Home(settings_of(folder), as_of=utc_now())


def receipts(home: Home) -> list[dict]:
    """The receipts that the version gave."""
    return [json.loads(path.read_bytes()) for path in sorted(home.settings.inbox.rglob("*.receipt.json"))]


@pytest.mark.long("a home is made anew by other rules, once for each version")
@pytest.mark.parametrize("version", some(VERSIONS, ["0.2.0"], "the version before the last"))
def test_a_home_of_an_earlier_version_publishes_and_every_receipt_and_release_still_holds(version, tmp_path, dif_in):
    home = unpacked(version, tmp_path / "home")
    dif, before = dif_in(home.settings.home), home.releases.names()
    given = receipts(home)
    assert len(given) == 6
    kept = open_landing(home.settings)
    assert [kept.of(r["stream"])[0].receipt("accepted") for r in given] == given
    code, out, _ = dif("doctor")
    assert code == 0, out

    published = home.run()
    assert published is not None
    for name in (*before, published.name):
        code, out, _ = dif("release", "verify", name)
        assert (code, "every file matches what was published" in out) == (0, True)
    counted = dif("sql", "select sum(dispatches)::int as n from usage.dispatch_day", "--json")[1]
    assert json.loads(counted) == [{"n": 3}]
    code, out, _ = dif("doctor")
    assert code == 0, out


@pytest.mark.long("reads a home of another version")
def test_a_batch_that_landed_under_a_later_contract_stops_the_run_and_is_named_with_the_way_back(tmp_path):
    home = unpacked("0.1.0", tmp_path / "home")
    landing = open_landing(home.settings)
    later = replace(ADOPTION, version=ADOPTION.version + 1)
    (entry,) = landing.of("adoption")
    target = landing.temporary("adoption", "kept", "arriving")
    with BatchValidator(later, target, producer="kept") as validator:
        validator.add(pq.read_table(landing.file(entry), columns=[c.name for c in later.columns]).slice(0, 1))
        validated = validator.close()
    landing.keep([Arrival(target, validated, later, "kept", "later", named=True)], now=utc_now())
    with pytest.raises(WrongUse, match="Batch adoption/kept/later landed under version 2") as refused:
        home.run()
    assert "Upgrade, and back" in refused.value.mend
