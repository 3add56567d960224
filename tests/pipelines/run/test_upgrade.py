"""A home that an earlier version left is read, run and verified by this one (`tests/kept` says how it was made)."""

from __future__ import annotations

import json
import tarfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.contracts.language import StreamContract
from catalog.contracts.scan import Query
from catalog.errors import WrongUse
from catalog.tables.streams import ADOPTION, PUSHED
from pipelines.run.schedule import make_one
from tests.pipelines.conftest import Home, settings_of
from tests.thorough import examples, some
from transport.ingest.batch_validator import BatchValidator
from transport.ingest.sample import sample
from transport.operations import doctor
from transport.storage import compaction
from transport.storage.landing import Arrival, LandedBatch, Landing, open_landing, utc_now

KEPT = Path(__file__).resolve().parents[2] / "kept"
VERSIONS = ("0.1.0", "0.2.0")
APRIL = datetime(2026, 4, 7, 8, tzinfo=UTC)


def unpacked(version: str, folder: Path) -> Home:
    """The home that the version left."""
    with tarfile.open(KEPT / f"{version}.tar.xz") as archive:
        archive.extractall(folder, filter="data")
    return Home(settings_of(folder), as_of=utc_now())


def receipts(home: Home) -> list[dict]:
    """The receipts that the version gave."""
    return [json.loads(path.read_bytes()) for path in sorted(home.settings.inbox.rglob("*.receipt.json"))]


def keep(landing: Landing, contract: StreamContract, batch: str, rows: pa.Table, now: datetime | None = None) -> str:
    """Land rows as the code that knew this contract did; what the receipt says."""
    target = landing.temporary(contract.name, "kept", "arriving")
    with BatchValidator(contract, target, producer="kept") as validator:
        validator.add(rows.select(contract.schema.names).cast(contract.schema))
        arrival = Arrival(target, validator.close(), contract, "kept", batch, named=True)
    (kept,) = landing.keep([arrival], now=now or utc_now())
    assert isinstance(kept, LandedBatch)
    return kept.status


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
    rows = pq.read_table(landing.file(entry), columns=[c.name for c in later.columns]).slice(0, 1)
    keep(landing, later, "later", rows)
    with pytest.raises(WrongUse, match="Batch adoption/kept/later landed under version 2") as refused:
        home.run()
    assert "Upgrade, and back" in refused.value.mend


def before(stream: StreamContract, added: set[str]) -> StreamContract:
    """The contract before these columns were added, and the rules about them."""
    columns = tuple(c for c in stream.columns if c.name not in added)
    return replace(stream, columns=columns, rules=tuple(r for r in stream.rules if not added & set(r.columns)))


def conformed(home: Home, stream: str) -> list[list[dict]]:
    """The rows in force, the quarantine and the accounting."""
    tables = []
    with home.begun() as run:
        for made in make_one(run, f"conformed.{stream}"):
            columns = ", ".join(made.contract.arrow_schema.names)
            scan = Query(f"select {columns} from made order by all", {"made": run.lake.scan(made.contract)})
            tables.append(run.session().cleared().table(scan).to_pylist())
    return tables


@pytest.mark.long("a stream is landed and conformed twice for each example")
@settings(max_examples=examples(8))
@given(data=st.data(), stream=st.sampled_from(sorted(PUSHED)), batches=st.lists(st.booleans(), min_size=2, max_size=4))
def test_batches_from_before_columns_were_added_count_as_if_those_were_null(tmp_path_factory, data, stream, batches):
    contract = PUSHED[stream]
    nullable = [c.name for c in contract.columns if c.null and c.name != contract.conflict_on]
    added = data.draw(st.sets(st.sampled_from(nullable), min_size=1))
    rows = sample(contract, len(batches))
    for name in added:
        rows = rows.set_column(rows.column_names.index(name), name, pa.nulls(rows.num_rows, contract[name].type))
    homes = [Home(settings_of(tmp_path_factory.mktemp("home"))) for _ in range(2)]
    for home, versions in zip(homes, ((before(contract, added), contract), (contract, contract)), strict=True):
        landing = open_landing(home.settings)
        for number, later in enumerate(batches):
            keep(landing, versions[later], f"b{number}", rows.slice(number, 1), APRIL)
        if data.draw(st.booleans(), label="packed"):
            compaction.pack(landing, now=homes[0].as_of, fewest=1)
        assert {keep(landing, contract, f"b{n}", rows.slice(n, 1)) for n in range(len(batches))} == {"duplicate"}
        assert doctor.examine(home.settings) == []
    assert conformed(homes[0], stream) == conformed(homes[1], stream)
