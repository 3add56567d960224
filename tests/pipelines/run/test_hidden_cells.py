"""Small cells through whole runs: nothing that a release holds beside a hidden figure gives it back."""

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta

import duckdb
import pyarrow as pa
import pytest

from catalog import facts
from catalog.tables import streams
from pipelines.run.context import SilentReporter
from transport.ingest import inbox

NUMBERS = [
    row["organisation_number"]
    for row in facts.read("organisation")
    if row["kind"] == "MUNICIPALITY" and row["municipality_code"] and not row["successor_number"]
]
ANNEX, SEPTEMBER = datetime(2026, 8, 3, 9, tzinfo=UTC), datetime(2026, 9, 10, 9, tzinfo=UTC)
FIRST, LATER, NOW = (datetime(2026, 11, day, 12, tzinfo=UTC) for day in (3, 5, 7))


def sent(home, name, arrived_at, service="fiks-digisos", **dispatches):
    """One batch: so many dispatches of September by the municipality of that place in the list (`of_3=2`)."""
    rows = [
        {
            "dispatch_id": uuid.uuid5(uuid.NAMESPACE_URL, f"{name}/{service}/{place}/{n}").bytes,
            "state": "LEST",
            "state_at": SEPTEMBER + timedelta(hours=1),
            "created_at": SEPTEMBER,
            "service": service,
            "organisation_number": NUMBERS[int(place.removeprefix("of_"))],
            "account_id": "k",
            "recipient_kind": "PERSON",
            "digital_only": False,
            "channel": "SVARINN",
        }
        for place, count in dispatches.items()
        for n in range(count)
    ]
    table = pa.Table.from_pylist(rows, streams.DISPATCH.schema)
    inbox.drop(home.settings.inbox, "dispatch", "p", name, table, synthetic=True, arrived_at=arrived_at)


def ask(release, sql):
    with duckdb.connect(str(release.folder / "dif.duckdb"), read_only=True) as base:
        return base.sql(sql).fetchall()


class Made(SilentReporter):
    """Counts how often rows of a table were made."""

    def __init__(self):
        object.__setattr__(self, "times", Counter())

    def done(self, name, detail):
        if " rows made in " in detail and not detail.startswith("0 rows"):
            self.times[name] += 1


CELLS = "select organisation_number, quantity from usage.measure_month where service = 'fiks-digisos'"


@pytest.fixture
def home(empty_home):
    """Three municipalities with many, and one with three, from a release of the third of November on."""
    home = empty_home
    home.as_of = FIRST
    event = {
        "event_id": "e1",
        "service": "fiks-digisos",
        "organisation_number": NUMBERS[3],
        "step": "ANNEX_SIGNED",
        "occurred_at": ANNEX,
        "occurred_precision": "EXACT",
        "source": "kundesenter",
    }
    table = pa.Table.from_pylist([event], streams.ADOPTION.schema)
    inbox.drop(
        home.settings.inbox, "adoption", "p", "annex", table, synthetic=True, arrived_at=FIRST - timedelta(days=2)
    )
    sent(home, "first", FIRST - timedelta(days=1), of_10=30, of_11=20, of_12=9)
    sent(home, "others", FIRST - timedelta(days=1), service="svarut", of_3=9)
    return home


def test_nothing_beside_a_hidden_figure_gives_it_back(home):
    sent(home, "small", FIRST - timedelta(days=1), of_3=3)
    made = Made()
    release = home.run(reporter=made)
    twice = {name for name, times in made.times.items() if times > 1}
    assert twice == {"usage.measure_month", "usage.measure_total_month"}, "hidden before anything is made of them"
    hidden = {number for number, quantity in ask(release, CELLS) if quantity is None}
    assert NUMBERS[3] in hidden
    [(conformed,)] = ask(release, "select sum(conformed) from quality.accounting where stream = 'dispatch'")
    [(counted,)] = ask(release, "select sum(dispatches) from usage.dispatch_day")
    assert conformed == counted == 9
    parts = "conformed + superseded + quarantined + held + withdrawn"
    assert ask(release, f"select bool_and(landed = {parts}) from quality.accounting") == [(True,)]
    used = "select count(*), count(days_annex_to_use) from uptake.status_month where service = 'fiks-digisos'"
    [(months, told)] = ask(release, used)
    assert (months > 0, told) == (True, 0)
    placed = "select quantity, per_1000_inhabitants, quantity_hidden from usage.municipality_measure_month_now"
    cells = ask(release, f"{placed} where service = 'fiks-digisos'")
    assert sorted(cells, key=str).count((None, None, "PROTECTED")) == len(hidden) == len(cells) - 1
    of_groups = "select distinct n, n_hidden, per_1000_median, median_missing from usage.peer_measure_month"
    asked = f"{of_groups} where service = 'fiks-digisos' and peer_kind = 'COUNTRY' and municipality_code = '0301'"
    assert ask(release, asked) == [(1, len(hidden), None, "PROTECTED")], "of the hidden, how many they are and no more"
    assert home.run() is None, "what is remembered is nothing new"


@pytest.mark.slow("two runs; that what is hidden stays so is tried in tests/assets/test_suppression.py")
def test_what_is_hidden_stays_hidden(home):
    sent(home, "small", FIRST - timedelta(days=1), of_3=3)
    hidden = {number for number, quantity in ask(home.run(), CELLS) if quantity is None}
    assert NUMBERS[3] in hidden
    sent(home, "more", NOW - timedelta(days=1), of_3=40)
    home.as_of = NOW
    assert hidden <= {number for number, quantity in ask(home.run(), CELLS) if quantity is None}


@pytest.mark.slow("two runs")
def test_a_release_as_known_then_hides_what_has_been_hidden_since(home):
    sent(home, "small", LATER, of_3=1)
    home.as_of = NOW
    hidden = {number for number, quantity in ask(home.run(), CELLS) if quantity is None}
    assert len(hidden) > 1, "the small one, and those that cover it"
    replay = dict(ask(home.run(as_of=FIRST, replay=True), CELLS))
    shown = {number for number, quantity in replay.items() if quantity is not None}
    assert {NUMBERS[n] for n in (10, 11, 12)} <= replay.keys()
    assert not hidden & shown
