"""`dif first-month`: which stream or register each figure lacks, and the command that mends it."""

import json
from datetime import date

import pyarrow as pa
import pytest

from catalog.tables.streams import COST_ENTRY
from transport.base import atomic_files
from transport.ingest import inbox
from transport.storage.landing import open_landing

COSTS = "Kostnader per tjeneste (Produktregnskap)"
ENTRY = {
    "entry_id": "B1",
    "booked_on": date(2026, 2, 1),
    "period": date(2026, 1, 1),
    "service": "svarut",
    "cost_category": "DRIFT",
    "amount_ore": 30_000,
}


@pytest.fixture
def settings(empty_home):
    empty_home.settings.home.mkdir(parents=True)
    return empty_home.settings


@pytest.fixture
def dif(dif_in, settings):
    return dif_in(settings.home)


def lacking(answer: str) -> dict[str, list[str]]:
    """By figure, the names of what it lacks."""
    return {f["figure"]: [lack["of"] for lack in f["lacks"]] for f in json.loads(answer)["figures"]}


def land(settings, name, *, synthetic):
    table = pa.Table.from_pylist([ENTRY | {"entry_id": name}], COST_ENTRY.schema)
    inbox.drop(settings.inbox, "cost_entry", "okonomi", name, table, synthetic=synthetic)
    with atomic_files.locked(settings.home):
        assert inbox.take_in(settings, open_landing(settings)).rows == 1


def test_an_empty_home_lacks_everything_and_says_how_to_begin(dif):
    code, out, _ = dif("first-month")
    assert code == 1
    assert f"Mangler  {COSTS}" in out
    assert "→ dif push cost_entry FIL" in out
    assert "dif register apply cost_mapping cost_mapping.xlsx" in out
    assert "Klart" not in out


def test_a_figure_is_ready_when_real_rows_and_registers_are_there(dif, settings, tmp_path):
    land(settings, "oppdiktet", synthetic=True)
    assert "bare oppdiktede rader har kommet" in dif("first-month")[1]
    land(settings, "ekte", synthetic=False)
    assert lacking(dif("first-month", "--json")[1])[COSTS] == ["cost_mapping"]
    file = tmp_path / "cost_mapping.csv"
    assert dif("register", "export", "cost_mapping", file)[0] == 0
    header = file.read_text("utf-8-sig").splitlines()[0]
    values = {"account": "6700", "cost_center": "100", "service": "svarut", "cost_category": "DRIFT"}
    row = ";".join(values.get(name.strip('"'), "") for name in header.split(";"))
    file.write_text(f"{header}\n{row}\n", "utf-8")
    assert dif("register", "apply", "cost_mapping", file, "--reason", "første måned")[0] == 0
    code, out, _ = dif("first-month")
    assert (code, f"Klart    {COSTS}" in out) == (1, True)


def test_what_a_release_set_aside_or_could_not_place_is_told(published, dif_in):
    told = json.loads(dif_in(published.settings.home)("first-month", "--json")[1])["to_check"]
    assert {"dispatch", "cost_mapping", "source_system"} <= {lack["of"] for lack in told}
    assert {lack["mend"] for lack in told if lack["of"] == "dispatch"} == {"dif quarantine show dispatch"}
