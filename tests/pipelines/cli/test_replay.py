"""The way back from quarantine: the effect of a mended register is shown first, and then published."""

import json

import pytest

from catalog.tables.ledger import ENTRY
from catalog.tables.streams import COST_ENTRY, INVOICE_LINE
from pipelines.run import steps
from pipelines.run.schedule import make_one
from transport.lake.session import Session
from transport.lake.tables import Lake

NAME = "svar-ut 2"
LINE = {"amount_ore": 90_000, "service": NAME, "price_element": "svarut-forsendelser"}
LOST = {"invoice_id": "F8", "amount_ore": 100, "vat_ore": 99}
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),  # backfill_policy, in use for years
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),  # dagster's own
]


@pytest.fixture
def replayed(command):
    """`dif quarantine replay`, for a program."""

    def replayed(*words):
        code, out, err = command("quarantine", "replay", *words, "--json")
        assert code == 0, err
        return json.loads(out)

    return replayed


@pytest.fixture
def mend(command, tmp_path):
    """Say in the register what the unknown name means."""

    def mend():
        file = tmp_path / "alias.csv"
        assert command("register", "export", "service_alias", file)[0] == 0
        first, *rest = file.read_text("utf-8-sig").splitlines()
        row = {"alias": NAME, "service": "svarut"}
        line = ";".join(row.get(column, "") for column in first.split(";"))
        file.write_text("\n".join([first, *rest, line]), "utf-8")
        assert command("register", "apply", "service_alias", file, "--reason", "avklart")[0] == 0

    return mend


def _lake(home) -> dict[str, tuple[int, int]]:
    files = (p for p in home.settings.lake.rglob("*") if p.is_file())
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in files}


@pytest.mark.long("a run, and the replay makes every table that it would change")
def test_the_effect_is_shown_by_rule_with_kroner_and_municipality_and_nothing_is_changed(ledgers, laid, command, mend):
    laid("invoice_line", "navn", LINE | {"invoice_id": "F9"})
    laid("invoice_line", "mva", LOST)
    laid("cost_entry", "trukket", {"entry_id": "B9", "amount_ore": 5, "service": "?"})
    with ledgers.begun() as run:
        steps.take_in(run)
        for stream in (INVOICE_LINE, COST_ENTRY):
            make_one(run, f"conformed.{stream.name}")
    mend()
    laid("cost_entry", "ny", {"entry_id": "B10", "amount_ore": 7, "service": "??"})
    with ledgers.begun() as run:
        steps.take_in(run)
        [wrong] = [e.batch_id for e in run.landing.entries if e.batch_id.startswith("trukket")]
    assert command("withdraw", wrong, "--reason", "feil")[0] == 0
    before = _lake(ledgers)

    code, out, err = command("quarantine", "replay")
    assert code == 0, err
    said = " ".join(out.split())
    for words in (
        "2 rows would leave quarantine, 1 enter, 1 stay.",
        "leaves invoice_line 2026-01 service_known 1 900.00 syntetisk",
        "leaves: its batch was withdrawn cost_entry 2026-01 service_known 1 0.05 syntetisk",
        "enters: landed since the last release cost_entry 2026-01 service_known 1 0.07 syntetisk",
        "In force of invoice_line: +900.00 kr.",
        "Numbers of 1 municipality change: 0301 Oslo: ledger.entry",
        "invoice_line vat_ties 1 ",
        "a new batch from the producer syntetisk",
        "Would be made again: invoice_line (1 part), cost_entry (1 part)",
        "ledger.entry rows rader",
        "ledger.entry amount_ore øre",
        "The next `dif run` makes the same again in any case.",
    ):
        assert words in said, words
    assert _lake(ledgers) == before
    assert not (ledgers.settings.scratch / "replay").exists()


@pytest.mark.slow("a run; what it is told to do is tried above")
def test_with_yes_the_release_is_published_as_shown_and_then_there_is_nothing_to_do(
    ledgers, laid, command, replayed, mend
):
    laid("invoice_line", "navn", LINE | {"invoice_id": "F9"})
    with ledgers.begun() as run:
        steps.take_in(run)
        make_one(run, "conformed.invoice_line")
    mend()
    first = ledgers.current.name
    assert (
        "Of other streams, 1 row would leave or enter too."
        in command("quarantine", "replay", "--stream", "dispatch")[1]
    )
    code, out, err = command("quarantine", "replay", "--yes")
    assert code == 0, err
    release = ledgers.current
    assert "1 row would leave quarantine" in out
    assert (f"Published release {release.name}." in out, release.manifest["parent"]) == (True, first)
    with Session(ledgers.settings) as session:
        rows = session.table(Lake.of(ledgers.settings).scan(ENTRY)).to_pylist()
    assert [r["service"] for r in rows if r["source_key"] == "F9/1"] == ["svarut"]
    assert json.loads(command("quarantine", "list", "--json")[1]) == []

    code, out, _ = command("quarantine", "replay", "--yes")
    assert (code, f"Nothing to replay: {release.name}" in out) == (0, True)
    assert ledgers.current.name == release.name
    assert replayed() == {"done": False, "release": release.name}


@pytest.mark.slow("a second replay")
def test_rows_that_would_leave_the_numbers_are_told_too(ledgers, laid, replayed):
    """Of a key with two contents every version waits for a decision."""
    laid("invoice_line", "annen", {"invoice_id": "F1", "amount_ore": 95_000})
    with ledgers.begun() as run:
        steps.take_in(run)
    told = replayed("--stream", "invoice_line", "--rule", "conflict")
    assert {(r["fate"], r["rows"]) for r in told["rows"]} == {("ENTERS", 1), ("LANDED", 1)}
    assert {(r["fate"], r["rows"], r["amount_ore"], r["register"]) for r in told["rules"]} == {
        ("ENTERS", 1, 90_000, "decision"),
        ("LANDED", 1, 95_000, "decision"),
    }
    assert told["in_force_ore"] == {"invoice_line": -90_000}
    assert told["municipalities"] == [{"code": "0301", "name": "Oslo", "datasets": ["ledger.entry"]}]
    assert (told["done"], told["release"]) == (False, None)


def test_before_the_first_run_and_for_names_that_there_are_not_it_says_what_to_do(empty_home, command, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(empty_home.settings.home))
    code, _, err = command("quarantine", "replay")
    assert (code, "No run has been yet" in err, "dif run" in err) == (2, True, True)
    for words, said in ((("--stream", "invoice_lin"), "'invoice_line'"), (("--rule", "amount_tie"), "'amount_ties'")):
        code, _, err = command("quarantine", "replay", *words)
        assert (code, said in err) == (2, True)
