"""The eighteen holes that attacks found in the suppression of small counts: none is there any more.

Eight are of older rounds, ten of the last. Each test tries the attack on what is published now, and on the exact counts
as a control, which must recover. Three are tested where the part is that leaked:

15. rows by stream at `/metrics`, read around a batch: tests/transport/test_http.py
16. suppliers of one organisation that see each other's receipts: tests/transport/test_access.py
17. rows that checks examined in tables that are not published: tests/pipelines/run/test_check.py

R14 of tests/reliability tries all of them together, in ten releases of a home.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from assets import connections, measures, perturbation, reference, uptake
from assets.build import BuildWindow
from assets.simulate.organisations import organisation_number
from catalog import facts
from catalog.contracts.scan import Query, Values, empty
from catalog.domain import calendar, person_priced
from catalog.domain.perturbation import Secret, digest, record_hash
from catalog.tables import conformed, registers
from catalog.tables.reference import MUNICIPALITY_OF
from catalog.tables.usage import (
    CONNECTION_EXACT_MONTH,
    CONNECTION_MONTH,
    DISPATCH_DAY,
    PROTECTED_DISPATCH_MONTH,
    PROTECTED_MEASURE_MONTH,
    SENSITIVE_DISPATCH_MONTH,
)
from tests.reliability.inference import Month, Noise, Sum, possible
from tests.thorough import some

MARCH = date(2026, 3, 1)
FIRST, QUARTER_END = calendar.first_published_at(MARCH), datetime(2026, 6, 30, 22, tzinfo=UTC)
LONG_AFTER = datetime(2026, 9, 20, tzinfo=UTC)
FAMILY, CHILD = "fiks-digisos", "fiks-bekymringsmelding"
SMALL = range(1, 5)
NAMES = [organisation_number(3, 4_000_000 + 10 * n) for n in range(60)]
SECRETS = [Secret(bytes([n] * 32)) for n in range(40)]
"""Each is as good as another month: the attacks are tried with every one."""


@pytest.fixture(scope="session")
def told(session):
    """What is published of a month's exact flows, by measure and organisation; None is the country. Exact as a control.

    By measure, what each organisation has, in order of their names.
    """

    def told(secret=None, **flows):
        rows = []
        for measure, counts in flows.items():
            for name, count in zip(NAMES, counts, strict=False):
                xor, total = digest([record_hash(FAMILY, measure, name, "2026-03-01", f"{count}.0000")])
                sums = {"quantity": Decimal(count), "digest_xor": Decimal(xor), "digest_sum": Decimal(total)}
                row = {"month": MARCH, "service": FAMILY, "measure": measure, "organisation_number": name}
                rows.append(row | sums | {"synthetic": False})
        table = pa.Table.from_pylist(rows, PROTECTED_MEASURE_MONTH.arrow_schema)
        if secret is None:
            exact = {(r["measure"], r["organisation_number"]): int(r["quantity"]) for r in rows}
            return exact | {(m, None): sum(counts) for m, counts in flows.items()}
        none = empty(PROTECTED_DISPATCH_MONTH.arrow_schema)
        scans = {"protected_measure_month": Values(table), "protected_dispatch_month": none}
        found = session.cleared().table(perturbation.published_flows(BuildWindow(LONG_AFTER, None, secret), **scans))
        return {(r["measure"], r["organisation_number"]): int(r["quantity"]) for r in found.to_pylist()}

    return told


def read(published, noise, counts) -> Month:
    """What the leading flow says of each organisation and of the country; who used the service is known."""
    cells = {name: noise.told(published["soknader", name]) for name, _ in zip(NAMES, counts, strict=False)}
    return Month(cells, [Sum(noise.told(published["soknader", None]))])


def recovered(told, counts, *, exact: bool) -> int:
    """How many small counts follow from the cells and the country's sum."""
    found = 0
    for secret in [None] if exact else SECRETS:
        bounds = possible(read(told(secret, soknader=counts), Noise(on=not exact), counts))
        for name, count in zip(NAMES, counts, strict=False):
            low, high = bounds[name]
            assert low <= count <= high
            found += low == high and count in SMALL
    return found


# --- eight of older rounds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "counts",
    some(
        [[3, 20, 9, 70], [3, 20], [3], [1, 1, 1], [4, 30, 40, 2]],
        [[3, 20, 9, 70], [3]],
        "another total",
    ),
    ids=[
        "1: a total less all others",
        "2: a total of two",
        "2: a total of one",
        "2: a total of three that have one each",
        "3: what those that are no municipality leave of a total",
    ],
)
def test_no_small_count_follows_from_a_total(told, counts):
    assert recovered(told, counts, exact=False) == 0
    assert recovered(told, counts, exact=True) == sum(c in SMALL for c in counts)


def test_4_no_count_that_came_or_went_alone_follows_from_two_totals(told):
    before = (5, 20, 30, 50)
    totals = {secret: told(secret, soknader=before)["soknader", None] for secret in SECRETS[:15]}
    for more in (1, 4):
        after = (5, 20, 30, 50 + more)
        steps = {told(secret, soknader=after)["soknader", None] - total for secret, total in totals.items()}
        assert len(steps) > 5, "any of them may be of any count"
        exact = [told(soknader=counts)["soknader", None] for counts in (before, after)]
        assert exact[1] - exact[0] == more


def test_5_a_flow_that_is_a_multiple_is_told_of_many_alone_and_with_noise_of_whole_cases(told):
    few = (3, 20, 9)
    for secret in SECRETS[:3]:
        published = told(secret, soknader=few, oppslag=[12 * c for c in few])
        assert {measure for measure, _ in published} == {"soknader"}
    before, after = [5] * 30, [5] * 29 + [8]
    noise, cases = Noise(), set()
    for secret in SECRETS:
        one, other = (
            told(secret, soknader=counts, oppslag=[12 * c for c in counts])["oppslag", None]
            for counts in (before, after)
        )
        cases.add(round((other - one) / 12))
        assert len(noise.told(other, per=12, unit=13).counts) > 8
    assert len(cases) > 5
    exact = [told(soknader=c, oppslag=[12 * n for n in c])["oppslag", None] for c in (before, after)]
    assert (exact[1] - exact[0]) / 12 == 3


def test_6_what_was_set_aside_and_is_sent_anew_shows_when_the_quarter_ends(counted):
    """A service that nobody knows tells of no month; sent again by its name, it waits as all else does."""
    first = [dispatch(n, NAMES[n % 3]) for n in range(30)]
    wrong = [dispatch(90 + n, NAMES[0], service="fiks-bekymringsmeldin") for n in range(2)]
    right = [dispatch(90 + n, NAMES[0], received_at=FIRST + timedelta(days=2)) for n in range(2)]
    assert counted(first, FIRST) == counted(first + wrong, FIRST) == counted(first + right, QUARTER_END - timedelta(1))
    after = counted(first + right, QUARTER_END)
    assert after[NAMES[0]] - counted(first, FIRST)[NAMES[0]] == 2


def test_7_one_who_knows_the_rules_and_tries_every_group_is_left_with_all_small_counts():
    """The rules of hiding told that what is hidden is small. A published value may be of five counts or more."""
    noise = Noise()
    values = {value for count in SMALL for value in noise.of(count)}
    left = {value: [n for n in noise.told(value).counts if n] for value in values}
    assert min(map(len, left.values())) >= 5
    control = Noise(on=False)
    assert [control.told(count).counts for count in SMALL] == [range(n, n + 1) for n in SMALL]


def test_8_no_small_number_without_a_system_follows_from_bands_and_sums(in_bands):
    for dispatches in SMALL:
        rows, whole = [connection("Sak", 1), connection(None, dispatches, failed=1)], 1 + dispatches
        (openly,) = (r for r in in_bands(rows) if r["mapping"] == "MAPPED")
        assert (openly["dispatches"], openly["failed"]) == ("1-9", "0-9")
        assert in_bands(rows) == in_bands([connection("Sak", whole - 1, failed=1), connection(None, 1)])
        assert in_bands(rows) == in_bands([connection("Sak", whole, failed=1)]), "it may be none"
        assert whole - rows[0]["dispatches"] == dispatches, "exact rows tell it"


# --- ten of the last round -------------------------------------------------------------------------------------------


def summed(lines, fewest) -> int:
    """What the ledger tells exactly of lines."""
    found = person_priced.sums(lines, calendar.next_month(MARCH), fewest)
    whole = (person_priced.Kind.ROUNDED, None)
    return sum(line.amount_ore for line, made in zip(lines, found, strict=True) if (made and made.kind) not in whole)


def billed(count, *, apart):
    moments = [LONG_AFTER + apart * n for n in range(count)]
    return [person_priced.Line(name, MARCH, 250 * 3, at) for name, at in zip(NAMES, moments, strict=False)]


def test_9_invoices_that_come_alone_name_no_municipality():
    lines = billed(19, apart=timedelta(hours=1))
    assert [summed(lines[:n], person_priced.FEWEST) for n in range(20)] == [0] * 20
    assert [summed(lines[:n], 1) for n in range(20)] == [750 * n for n in range(20)]


def test_10_the_ledger_tells_no_total_of_few():
    lines = billed(2, apart=timedelta(0))
    assert summed(lines, person_priced.FEWEST) == 0
    assert summed(lines, 1) - 250 * 3 == 250 * 3, "the sum less what one of them knows"


def test_11_rows_of_connections_that_stand_apart_say_nothing_of_what_is_left(in_bands):
    """The same sum, parted otherwise: readers see the same."""
    seen = [in_bands([connection("Sak", 30 - n), *([connection(None, n)] if n else [])]) for n in range(10)]
    assert all(rows == seen[0] for rows in seen)


def test_12_connections_of_the_running_month_are_not_told_day_by_day(in_bands):
    days = [[connection("Sak", 5)], [connection("Sak", 5), connection(None, 1)]]
    assert [in_bands(rows, FIRST - timedelta(1)) for rows in days] == [[], []]
    settled = [in_bands(rows) for rows in days]
    assert settled[0] == settled[1] != []


def test_12_what_states_no_system_follows_from_no_sum_of_the_country(by_system):
    """Exact systems, and how many senders state none, would tell whose a day's only dispatch without a system is."""
    others = [connection("Sak", 41, organisation_number=name) for name in NAMES[:4]]
    before = by_system(others)
    after = by_system([*others, connection(None, 1, organisation_number=NAMES[5])])
    systems = {k: v for k, v in after.items() if k[1] != "NOT_STATED"}
    assert systems == before
    assert after[None, "NOT_STATED"] == (None, "1-9", None)
    assert before["Sak", "MAPPED"] == (200, "100-999", 4), "of 164"


def test_13_what_counts_no_persons_at_a_sensitive_service_is_not_told_by_organisation(session, rows_of):
    flows = [r["measure"] for r in facts.read("measure") if r["kind"] == "FLOW"]
    used = [
        {"month": MARCH, "day": MARCH, "service": service, "measure": flow, "source": "logg", "quantity": Decimal(3)}
        | {"organisation_number": name}
        for service in (FAMILY, "fiks-folkeregister")
        for flow in flows
        for name in NAMES[:3]
    ]
    measure = next(
        m.make(BuildWindow(LONG_AFTER)) for m in reference.BUILDS if m.contract is reference.reference.MEASURE
    )
    scan = measures.measure_month.make(
        BuildWindow(LONG_AFTER, None, SECRETS[0]),
        measurement=rows_of(conformed.MEASUREMENT, *used),
        measure=measure,
        protected_dispatch_month=empty(PROTECTED_DISPATCH_MONTH.arrow_schema),
        protected_measure_month=empty(PROTECTED_MEASURE_MONTH.arrow_schema),
    )
    rows = session.cleared().table(scan).to_pylist()
    assert {(r["service"], r["measure"]) for r in rows} == {("fiks-folkeregister", flow) for flow in flows}


@pytest.mark.parametrize("day", some([1, 30, 70], [30], "another day"))
def test_14_as_of_any_day_before_the_quarter_ends_a_late_batch_is_not_there(counted, day):
    """As-of releases of two days, and a release before a rollback beside one after it, differ by no late batch."""
    first = [dispatch(n, NAMES[n % 3]) for n in range(30)]
    late = [dispatch(90, NAMES[1], received_at=FIRST + timedelta(hours=12))]
    without, as_of = counted(first, FIRST), FIRST + timedelta(days=day)
    assert counted(first + late, as_of) == without
    assert counted(first + late, QUARTER_END)[NAMES[1]] == without[NAMES[1]] + 1


def test_18_use_of_a_sensitive_service_is_told_by_whole_months(session, rows_of):
    used = {"month": MARCH, "organisation_number": NAMES[0], "synthetic": False}

    def seen(first, last, service):
        days = {"first_day": MARCH.replace(day=first), "last_day": MARCH.replace(day=last)}
        openly = [{"day": day, "service": service} for day in days.values()]
        sensitive = service == CHILD
        scan = uptake.use_month.make(
            BuildWindow(LONG_AFTER),
            dispatch_day=rows_of(DISPATCH_DAY, *(used | r for r in openly if not sensitive)),
            sensitive_dispatch_month=rows_of(
                SENSITIVE_DISPATCH_MONTH, *([used | days | {"service": service}] if sensitive else [])
            ),
            measurement=empty(conformed.MEASUREMENT.arrow_schema),
            organisation=ORGANISATIONS,
            municipality_of=Values(pa.Table.from_pylist([], MUNICIPALITY_OF.arrow_schema)),
            municipality_to_now=reference.municipality_to_now.make(BuildWindow(LONG_AFTER)),
        )
        (row,) = session.cleared().table(scan).to_pylist()
        return row["first_day"], row["last_day"]

    assert seen(3, 9, CHILD) == seen(17, 18, CHILD) == (MARCH, date(2026, 3, 31))
    assert seen(3, 9, "svarut") != seen(17, 18, "svarut")


# --- what the tests above read ---------------------------------------------------------------------------------------

ORGANISATIONS = reference.organisation.make(
    BuildWindow(LONG_AFTER),
    register=empty(registers.ORGANISATION.schema),
    municipality_to_now=reference.municipality_to_now.make(BuildWindow(LONG_AFTER)),
)


def dispatch(number, organisation, **more) -> dict:
    """A landed report of concern, received in time."""
    row = {"dispatch_id": (4 << 76 | 2 << 62 | number).to_bytes(16, "big"), "service": CHILD}
    return row | {"organisation_number": organisation, "received_at": FIRST - timedelta(days=1)} | more


def connection(system, dispatches, failed=0, **more) -> dict:
    """A row of exact connections; without a system it is of none."""
    mapping = "MAPPED" if system else "NOT_STATED"
    row = {"month": MARCH, "organisation_number": NAMES[0], "service": "svarut", "source_system": system}
    sums = {"dispatches": dispatches, "failed": failed, "last_seen": MARCH}
    return row | {"mapping": mapping, "system": system} | sums | more


@pytest.fixture(scope="session")
def in_bands(rows_of, answer):
    """Connections as others than the sender read them."""

    def in_bands(rows, as_of=LONG_AFTER):
        exact = rows_of(CONNECTION_EXACT_MONTH, *rows)
        return answer(connections.connection_month.make(BuildWindow(as_of, MARCH), connection=exact), CONNECTION_MONTH)

    return in_bands


@pytest.fixture(scope="session")
def by_system(rows_of, session):
    """The country's systems: dispatches, their band, and how many organisations."""

    def by_system(rows):
        scan = connections.system_month.make(
            BuildWindow(LONG_AFTER, None, SECRETS[0]),
            connection=rows_of(CONNECTION_EXACT_MONTH, *rows),
            protected_dispatch_month=empty(PROTECTED_DISPATCH_MONTH.arrow_schema),
        )
        found = session.cleared().table(scan).to_pylist()
        return {(r["system"], r["mapping"]): (r["dispatches"], r["dispatches_band"], r["organisations"]) for r in found}

    return by_system


@pytest.fixture(scope="session")
def counted(landed, session):
    """The exact counts of reports that are published as of a moment, by organisation."""

    def counted(rows, as_of):
        table = landed(
            "dispatch", *({"file": f"b{n}"} | r for n, r in enumerate(rows) if r["received_at"] <= as_of)
        ).table
        table = table.append_column("withdrawn_at", pa.nulls(table.num_rows, pa.timestamp("us", "UTC")))
        scan = perturbation.protected_dispatch_month.make(
            BuildWindow(as_of, MARCH),
            dispatch=empty(conformed.DISPATCH.arrow_schema),
            twice=empty(conformed.DISPATCH_TWICE.arrow_schema),
            landed=Query("from sent_row", {"sent_row": Values(table)}, {"last_at": as_of}),
            source_system=empty(registers.SOURCE_SYSTEM.schema),
            service_alias=Values(facts.table("service_alias", registers.SERVICE_ALIAS.schema)),
        )
        return {r["organisation_number"]: r["dispatches"] for r in session.cleared().table(scan).to_pylist()}

    return counted
