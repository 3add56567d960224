"""Perturbed figures through whole runs: drawn by the home's secret, which no release, log or lake holds."""

import logging
import pickle
import uuid
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from catalog import facts
from catalog.domain.perturbation import Secret, cell_key, digest, published, record_hash
from catalog.errors import WrongUse
from catalog.tables import streams
from pipelines.cli.commands.run import differences
from pipelines.run import steps
from tests.pipelines.conftest import SECRET, copied, keep_secret
from transport.auth import perturbation_key
from transport.ingest import inbox
from transport.operations import doctor
from transport.storage import landing

NUMBERS = [
    row["organisation_number"]
    for row in facts.read("organisation")
    if row["kind"] == "MUNICIPALITY" and row["municipality_code"] and not row["successor_number"]
]
SENT_BY = dict(zip(NUMBERS, (1, 2, 3, 9, 30), strict=False))
CHILD = "fiks-bekymringsmelding"
SEPTEMBER = datetime(2026, 9, 10, 9, tzinfo=UTC)
BEFORE_CUT_OFF, FIRST, LATER = (datetime(2026, 10, day, 12, tzinfo=UTC) for day in (8, 20, 22))
REVISED = datetime(2027, 1, 1, 12, tzinfo=UTC)
OTHER = Secret(bytes(range(1, 33)))
CELLS = """
    select organisation_number, quantity::integer from usage.measure_month where perturbed
    union all
    select null, quantity::integer from usage.measure_total_month where perturbed
"""


def an_id(number: int, nth: int) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{NUMBERS[number]}/{nth}")


def send(home, name: str, arrived_at: datetime, *ids: tuple[int, int], service: str = CHILD) -> None:
    """One batch of dispatches of September, each by the municipality of that place in the list."""
    rows = [
        {
            "dispatch_id": an_id(number, nth).bytes,
            "state": "LEST",
            "state_at": SEPTEMBER + timedelta(hours=1),
            "created_at": SEPTEMBER,
            "service": service,
            "organisation_number": NUMBERS[number],
            "account_id": "k",
            "recipient_kind": "PERSON",
            "digital_only": False,
            "channel": "SVARINN",
        }
        for number, nth in ids
    ]
    table = pa.Table.from_pylist(rows, streams.DISPATCH.schema)
    inbox.drop(home.settings.inbox, "dispatch", "p", name, table, synthetic=True, arrived_at=arrived_at)


def cells(release) -> dict:
    with duckdb.connect(str(release.folder / "dif.duckdb"), read_only=True) as base:
        return dict(base.sql(CELLS).fetchall())


def key_of(home):
    return home.settings.home / "access" / perturbation_key.FILE


def doctors(home) -> list:
    """What `dif doctor` has to say of the secret."""
    return [f for f in doctor.examine(home.settings) if f.where == f"access/{perturbation_key.FILE}"]


SENT = [(number, nth) for number, count in enumerate(SENT_BY.values()) for nth in range(count)]
"""Reports of concern of September, one to thirty of a municipality."""


@pytest.fixture
def home(empty_home):
    """A home that has got them."""
    send(empty_home, "first", SEPTEMBER, *SENT)
    empty_home.as_of = FIRST
    return empty_home


@pytest.fixture(scope="module")
def first_released(once, home_of):
    """The same with its first release, which drew the secret; take a copy by `released`."""

    def fill(folder):
        home = home_of(folder)
        send(home, "first", SEPTEMBER, *SENT)
        with (folder / "said").open("w") as said, redirect_stdout(said), redirect_stderr(said):
            logging.getLogger().addHandler(log := logging.StreamHandler(said))
            home.run(as_of=FIRST)
            logging.getLogger().removeHandler(log)

    return once("perturbed", fill) / "home"


@pytest.fixture
def released(first_released, tmp_path):
    home = copied(first_released, tmp_path / "home")
    home.as_of = FIRST
    return home


@pytest.mark.slow("reads every file of a home")
def test_a_release_names_its_secret_and_nothing_holds_it(first_released, released):
    home, release = released, released.current
    text = key_of(home).read_text().strip()
    secret = Secret.from_text(text)
    assert release.manifest["secret"] == secret.id
    assert key_of(home).stat().st_mode & 0o777 == 0o600
    forms = (text[:64].encode(), bytes.fromhex(text[:64]))
    holds = [f for f in home.settings.home.rglob("*") if f.is_file() and any(s in f.read_bytes() for s in forms)]
    assert holds == [key_of(home)]
    assert text[:16] not in (first_released.parent / "said").read_text()

    def drawn(*numbers: int) -> int:
        records = [record_hash("p", str(an_id(n, i))) for n in numbers for i in range([*SENT_BY.values()][n])]
        key = cell_key(secret, CHILD, "forsendelser", digest(records), len(records))
        return published(len(records), key)

    every = range(len(SENT_BY))
    assert cells(release) == {None: drawn(*every)} | {NUMBERS[n]: drawn(n) for n in every}
    assert home.run() is None
    assert doctors(home) == []


def remade(home, secret: Secret):
    """A release of the same in other batches, in another order."""
    keep_secret(home.settings, secret)
    send(home, "second", SEPTEMBER, *SENT[:-21:-1])
    send(home, "third", SEPTEMBER, *SENT[-21::-1])
    return home.run(as_of=FIRST)


@pytest.mark.slow("a whole run; a renewed secret, below, gives other figures too")
def test_another_secret_gives_other_protected_figures_and_no_others(released, home_of, tmp_path):
    other = remade(home_of(tmp_path / "other"), OTHER)
    changed = {d for d in differences(released.current, other) if not d.startswith("quality.")}
    assert {"usage.measure_month", "usage.measure_total_month", "usage.municipality_measure_month"} <= changed
    assert not changed & {"usage.dispatch_day", "uptake.status_month", "usage.connection_month"}
    assert cells(released.current) != cells(other)


@pytest.mark.slow("two runs; test_perturbation_key.py refuses without one")
def test_a_run_without_the_secret_of_its_release_is_refused_and_readers_keep_what_they_have(released):
    home, before = released, released.current
    first, was = key_of(home).read_text(), cells(before)
    key_of(home).unlink()
    send(home, "more", LATER - timedelta(hours=1), (7, 0))
    home.as_of = LATER
    with pytest.raises(WrongUse, match=f"is gone: it holds the secret {before.manifest['secret']}"):
        home.run()
    keep_secret(home.settings, OTHER)
    with pytest.raises(WrongUse, match=f"holds the secret {OTHER.id}; the current release was made with"):
        home.run()
    (finding,) = doctors(home)
    assert OTHER.id in finding.problem
    assert "dif protection renew" in finding.mend
    assert home.current.name == before.name
    assert key_of(home).read_text() == f"{OTHER.to_text()}\n", "a run never writes over one"
    key_of(home).write_text(first)
    after = home.run()
    assert (after.manifest["secret"], cells(after)) == (before.manifest["secret"], was)


class Sending:
    """Keeps what other machines would be sent."""

    def __init__(self, engine) -> None:
        self.engine = engine
        self.sent: dict[str, bytes] = {}

    def submit(self, tasks):
        self.sent |= {task.name: pickle.dumps(task) for task in tasks if not (task.here or task.compute)}
        return self.engine.submit(tasks)


@pytest.mark.slow("a whole run")
def test_no_worker_is_sent_the_secret(home):
    keep_secret(home.settings)
    with home.begun() as run:
        engine = vars(run)["engine"] = Sending(run.engine)
        assert cells(steps.run_all(run))
    assert {"conformed.protected_dispatch_month 2026-09-01", "usage.dispatch_day 2026-09-01"} <= engine.sent.keys()
    digits = SECRET.to_text()[:64]
    holds = {name for name, task in engine.sent.items() if digits.encode() in task or bytes.fromhex(digits) in task}
    assert holds == set()


@pytest.mark.slow("two whole runs; tests/transport tries what a renewed secret replaces")
def test_a_renewed_secret_changes_every_protected_figure_once(released):
    home, before = released, released.current
    was = cells(before)
    renewed = perturbation_key.renew(home.settings, made_with=home.releases.secret_of_current())
    after = home.run()
    assert after.manifest["secret"] == renewed.id != before.manifest["secret"]
    assert cells(after) != was
    assert home.run() is None


@pytest.mark.slow("five whole runs; tests/assets tries each moment at which a row comes or goes")
def test_a_month_is_published_at_its_cut_off_revised_at_the_quarters_end_and_the_same_as_known_then(home):
    home.as_of = BEFORE_CUT_OFF
    assert cells(home.run()) == {}
    home.as_of = FIRST
    first = cells(home.run())
    assert first.keys() == {None, *SENT_BY}
    send(home, "late", LATER - timedelta(hours=1), *((5, n) for n in range(40)))
    home.as_of = LATER
    assert cells(home.run()) == first
    home.as_of = REVISED
    revised = cells(home.run())
    assert revised.keys() == {None, *SENT_BY, NUMBERS[5]}
    assert {n: revised[n] for n in SENT_BY} == {n: first[n] for n in SENT_BY}
    assert cells(home.run(as_of=FIRST, replay=True)) == first


def billed(number: int, quantity: int) -> dict:
    return {
        "invoice_id": f"F{number}",
        "organisation_number": NUMBERS[number],
        "service": "fiks-digisos",
        "price_element": "digisos-gammel-losning-digisosforsendelser",
        "period": datetime(2026, 3, 1, tzinfo=UTC).date(),
        "quantity": Decimal(quantity),
        "unit_price": Decimal("2.5"),
        "amount_ore": 250 * quantity,
    }


def told_of_digisos(release) -> dict:
    with duckdb.connect(str(release.folder / "ledger.duckdb"), read_only=True) as base:
        return dict(
            base.sql("select source_key, amount_ore from ledger.entry where service = 'fiks-digisos'").fetchall()
        )


@pytest.mark.slow("three runs; tests of the table hold the rule")
def test_an_invoice_that_is_withdrawn_changes_no_sum_of_payers_by_its_amount(empty_home, lay):
    """Its invoice's other lines would say whose the change is."""
    for number in range(21):
        lay(empty_home, "invoice_line", f"faktura-{number}", billed(number, number + 1))
    before = told_of_digisos(empty_home.run())
    with empty_home.begun() as run:
        entry = next(e for e in run.landing.entries if e.batch_id.startswith("faktura-3-"))
        run.landing.withdraw(entry, by="drift", reason="feil faktura", now=landing.utc_now())
    assert told_of_digisos(empty_home.run()) == before
    assert sum(before.values()) >= 250 * sum(range(1, 21))
