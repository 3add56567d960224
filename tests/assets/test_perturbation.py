"""Counts of sensitive services: which rows count when, and how the figures are perturbed that are published."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets import conform, measures, perturbation, quality, reference
from assets.build import BuildWindow
from catalog import facts
from catalog.contracts.columns import TIMESTAMP
from catalog.contracts.scan import Query, Values, empty
from catalog.domain import calendar
from catalog.domain.perturbation import LEADING_FLOW, D, Secret, cell_key, digest, merge, published, record_hash
from catalog.tables import conformed, registers
from catalog.tables.streams import STREAMS
from catalog.tables.usage import (
    MEASURE_MONTH,
    MEASURE_TOTAL_MONTH,
    PROTECTED_DISPATCH_MONTH,
    PROTECTED_MEASURE_MONTH,
)
from tests.thorough import all_is_run, examples, some

SECRET, ANOTHER = Secret(bytes(range(32))), Secret(bytes(32))
MARCH = date(2026, 3, 1)
CUT_OFF = datetime(2026, 4, 13, 22, tzinfo=UTC)
"""Of March: Easter took three of the days of April; the moment is midnight in Oslo."""
QUARTER_END = datetime(2026, 6, 30, 22, tzinfo=UTC)
INSTANT, DAY = timedelta(microseconds=1), timedelta(days=1)
IN_TIME, LATE = CUT_OFF - INSTANT, CUT_OFF
BEFORE_REVISION, LONG_AFTER = QUARTER_END - INSTANT, datetime(2026, 12, 1, tzinfo=UTC)
NUMBER = {r["name"]: r["organisation_number"] for r in facts.read("organisation") if not r["successor_number"]}
OSLO, HALDEN, MOSS = (NUMBER[f"{name} kommune"] for name in ("Oslo", "Halden", "Moss"))
COUNTY = NUMBER["Rogaland fylkeskommune"]
MANY = sorted(NUMBER.values())[:40]
MEASURE = next(m.make(BuildWindow(LONG_AFTER)) for m in reference.BUILDS if m.contract is reference.reference.MEASURE)
SYSTEMS = (
    {"source_system": "Sak", "system": "Saksystem", "supplier": "En leverandør", "sensitive": False},
    {"source_system": "Familia", "system": "Familia Oppvekst", "supplier": "En annen", "sensitive": True},
)
CHILD, FAMILY = "fiks-bekymringsmelding", "fiks-digisos"


def an_id(number: int) -> uuid.UUID:
    return uuid.UUID(int=(4 << 76) | (2 << 62) | number)


def dispatch(number: int, organisation: str = OSLO, **more) -> dict:
    """A landed state of a dispatch of a report of concern, received in time."""
    row = {"dispatch_id": an_id(number).bytes, "service": CHILD, "organisation_number": organisation}
    return row | {"received_at": IN_TIME} | more


def measured(quantity: object, organisation: str = OSLO, **more) -> dict:
    """A landed measurement of a day's applications, received in time."""
    row = {"service": FAMILY, "measure": "soknader", "organisation_number": organisation, "received_at": IN_TIME}
    return row | {"quantity": Decimal(str(quantity))} | more


@pytest.fixture(scope="session")
def counts(landed, answer, rows_of):
    """What counts of March as of a moment: landed rows of a batch each, or of the one they name as their `file`.

    It is worked out from the landing; where nothing came or went since, what conform made must give the same, which is
    asked when all is run, or where `again` says so.
    """
    aliases = Values(facts.table("service_alias", registers.SERVICE_ALIAS.schema))
    registered = Values(pa.Table.from_pylist([dict(r) for r in SYSTEMS], registers.SOURCE_SYSTEM.schema))
    undecided = Values(registers.DECISION.schema.empty_table())

    def counted(contract, landed, conformed_rows, window, *twice):
        if contract is PROTECTED_DISPATCH_MONTH:
            told_twice = rows_of(conformed.DISPATCH_TWICE, *({"month": month} for month in twice))
            more = {"dispatch": conformed_rows, "twice": told_twice, "source_system": registered}
            scan = perturbation.protected_dispatch_month.make(window, landed=landed, service_alias=aliases, **more)
        else:
            scan = perturbation.protected_measure_month.make(
                window, measurement=conformed_rows, landed=landed, service_alias=aliases, decision=undecided
            )
        return answer(scan, contract)

    def of_stream(name, made, contract, rows, window, again):
        if not rows:
            return []
        sent = [{"file": f"batch-{n}"} | r for n, r in enumerate(rows)]
        sent = landed(name, *({k: v for k, v in r.items() if k != "withdrawn_at"} for r in sent)).table
        taken_back = [r.get("withdrawn_at") for r in rows]
        scan = Values(sent.append_column("withdrawn_at", pa.array(taken_back, TIMESTAMP)))
        moments = [m for r in rows for m in (r["received_at"], r.get("withdrawn_at")) if m]
        last_at = max(moments, default=None)

        def as_landed(moment):
            return Query("from sent_row", {"sent_row": scan}, {"last_at": moment})

        found = counted(contract, as_landed(datetime(2099, 1, 1, tzinfo=UTC)), rows_of(made), window)
        if again and last_at and last_at < (calendar.last_revised_at(MARCH, window.as_of) or CUT_OFF):
            kept = Values(sent.filter(pa.array([moment is None for moment in taken_back])))
            none = empty(kept.table.schema)
            in_force = conform.conform(STREAMS[name], kept, withdrawn=none, month=MARCH, as_of=window.as_of).rows
            settled = rows_of(made, *({"month": MARCH} | r for r in answer(in_force, made)))
            assert counted(contract, as_landed(last_at), settled, window) == found
            if made is conformed.DISPATCH:  # which lacks what counts in an earlier month
                assert counted(contract, as_landed(last_at), rows_of(made), window, MARCH) == found
        return found

    def counts(dispatches=(), measurements=(), *, as_of=LONG_AFTER, again=None):
        again = all_is_run() if again is None else again
        window = BuildWindow(as_of, MARCH)
        return (
            of_stream("dispatch", conformed.DISPATCH, PROTECTED_DISPATCH_MONTH, dispatches, window, again),
            of_stream("measurement", conformed.MEASUREMENT, PROTECTED_MEASURE_MONTH, measurements, window, again),
        )

    return counts


@pytest.fixture(scope="session")
def tables(rows_of):
    """The two tables of what counts, as scans."""

    def tables(sent, used):
        return {
            "protected_dispatch_month": rows_of(PROTECTED_DISPATCH_MONTH, *({"month": MARCH} | r for r in sent)),
            "protected_measure_month": rows_of(PROTECTED_MEASURE_MONTH, *({"month": MARCH} | r for r in used)),
        }

    return tables


@pytest.fixture(scope="session")
def publish(counts, tables, rows_of, answers):
    """What is published of March of landed rows: by service, measure and organisation; None is the country."""

    def publish(dispatches=(), measurements=(), *, secret=SECRET, standing=(), **more):
        scans = tables(*counts(dispatches, measurements, **more))
        scans |= {"measurement": rows_of(conformed.MEASUREMENT, *standing), "measure": MEASURE}
        window = BuildWindow(more.get("as_of", LONG_AFTER), secret=secret)
        cells, totals = answers(
            (measures.measure_month.make(window, **scans), MEASURE_MONTH),
            (measures.measure_total_month.make(window, **scans), MEASURE_TOTAL_MONTH),
        )
        rows = [*cells, *({"organisation_number": None} | r for r in totals)]
        assert all(r["perturbed"] is (r["measure"] not in ("kontoer", "adaptere")) for r in rows)
        assert len({r["month"] for r in rows}) <= 1
        return {(r["service"], r["measure"], r["organisation_number"]): r["quantity"] for r in rows}

    return publish


def sent_by(rows) -> dict:
    return {(r["service"], r["organisation_number"], r["system"]): r["dispatches"] for r in rows}


# --- the cut-off -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("as_of", "there"), [(CUT_OFF - INSTANT, False), (CUT_OFF, True), (LONG_AFTER, True)])
def test_a_month_has_no_row_before_its_cut_off(counts, as_of, there):
    sent, used = counts([dispatch(1)], [measured(5)], as_of=as_of)
    assert (bool(sent), bool(used)) == (there, there)


@pytest.mark.parametrize(
    ("received_at", "as_of", "counted"),
    [
        pytest.param(IN_TIME, BEFORE_REVISION, 2, id="in time"),
        pytest.param(LATE, LATE + DAY, 1, id="after the cut-off"),
        pytest.param(LATE, BEFORE_REVISION, 1, id="until the quarter ends"),
        pytest.param(LATE, QUARTER_END, 2, id="when it has ended"),
        pytest.param(QUARTER_END, LONG_AFTER - 70 * DAY, 1, id="after that, until the next ends"),
        pytest.param(QUARTER_END, LONG_AFTER, 2, id="when that has ended"),
    ],
)
def test_a_row_after_the_cut_off_waits_for_the_end_of_the_quarter(counts, received_at, as_of, counted):
    sent, used = counts(
        [dispatch(1), dispatch(2, received_at=received_at)],
        [measured(1), measured(1, day=date(2026, 3, 11), received_at=received_at)],
        as_of=as_of,
    )
    assert [r["dispatches"] for r in sent] == [counted]
    assert [r["quantity"] for r in used] == [counted]


@pytest.mark.parametrize(
    ("withdrawn_at", "as_of", "counted"),
    [
        pytest.param(IN_TIME, LATE, 1, id="in time"),
        pytest.param(LATE, LATE + DAY, 2, id="after the cut-off"),
        pytest.param(LATE, BEFORE_REVISION, 2, id="until the quarter ends"),
        pytest.param(LATE, QUARTER_END, 1, id="when it has ended"),
    ],
)
def test_what_is_taken_back_after_the_cut_off_counts_until_the_end_of_the_quarter(counts, withdrawn_at, as_of, counted):
    sent, used = counts(
        [dispatch(1), dispatch(2, withdrawn_at=withdrawn_at)],
        [measured(1), measured(1, day=date(2026, 3, 11), withdrawn_at=withdrawn_at)],
        as_of=as_of,
    )
    assert [r["dispatches"] for r in sent] == [counted]
    assert [r["quantity"] for r in used] == [counted]


@pytest.mark.parametrize(
    ("received_at", "as_of", "counted"),
    [(IN_TIME, LATE, 12), (LATE, BEFORE_REVISION, 7), (LATE, QUARTER_END, 12)],
    ids=["in time", "after the cut-off", "when the quarter has ended"],
)
def test_a_correction_counts_as_any_other_row(counts, received_at, as_of, counted):
    corrected = measured(12, reported_at=datetime(2026, 3, 20, tzinfo=UTC), received_at=received_at)
    _, used = counts(measurements=[measured(7), corrected], as_of=as_of)
    assert [r["quantity"] for r in used] == [counted]


def test_a_row_that_is_sent_again_is_the_same_record(counts):
    once = counts([dispatch(1)], [measured(3)])
    assert counts([dispatch(1), dispatch(1)], [measured(3), measured(3)], again=True) == once
    delivered = dispatch(1, state="LEST", state_at=datetime(2026, 3, 12, tzinfo=UTC))
    assert counts([dispatch(1), delivered], [measured(3)]) == once, "a dispatch is one record, whatever its states"


def test_of_a_batch_that_is_sent_again_after_it_was_taken_back_one_counts(counts):
    sent, used = counts(
        [dispatch(1, withdrawn_at=LATE), dispatch(1, received_at=LATE)],
        [measured(3, withdrawn_at=LATE), measured(3, received_at=LATE)],
        again=True,
    )
    assert ([r["dispatches"] for r in sent], [r["quantity"] for r in used]) == ([1], [3])


@pytest.mark.parametrize(
    ("as_of", "counted"),
    [
        pytest.param(datetime(2026, 5, 2, 9, tzinfo=UTC), 2, id="a day later"),
        pytest.param(BEFORE_REVISION, 2, id="until the quarter ends"),
        pytest.param(QUARTER_END, 3, id="when it has ended"),
    ],
)
def test_a_month_that_is_sent_late_as_a_whole_is_open_for_a_day(counts, as_of, counted):
    first = datetime(2026, 5, 1, 9, tzinfo=UTC)
    received = (first, first + DAY - INSTANT, first + DAY)
    sent, used = counts(
        [dispatch(n, received_at=at) for n, at in enumerate(received)],
        [measured(1, day=date(2026, 3, 10 + n), received_at=at) for n, at in enumerate(received)],
        as_of=as_of,
    )
    assert [r["dispatches"] for r in sent] == [counted]
    assert [r["quantity"] for r in used] == [counted]


def test_a_month_that_is_sent_late_is_not_published_while_it_is_open(publish):
    """Each batch that came alone would show: the country's number before it and after."""
    first = datetime(2026, 5, 1, 9, tzinfo=UTC)
    rows = [dispatch(n, o, received_at=first + n * timedelta(minutes=1)) for n, o in enumerate((OSLO, HALDEN, MOSS))]
    use = [measured(7, r["organisation_number"], received_at=r["received_at"]) for r in rows]

    def known(minutes):
        until = first + timedelta(minutes=minutes)
        return publish(*([r for r in came if r["received_at"] <= until] for came in (rows, use)), as_of=until)

    assert [known(minutes) for minutes in (0, 1, 2, 60, 24 * 60 - 1)] == [{}] * 5
    told = publish(rows, use, as_of=first + DAY)
    assert {o for *_, o in told} == {OSLO, HALDEN, MOSS, None}
    assert told == publish(rows, use, as_of=BEFORE_REVISION)


def test_a_service_that_is_sent_late_opens_no_other_one(counts):
    late = {"received_at": datetime(2026, 5, 1, tzinfo=UTC)}
    sent, _ = counts(
        [dispatch(1), dispatch(2, **late), dispatch(3, service=FAMILY, **late)], as_of=datetime(2026, 5, 3, tzinfo=UTC)
    )
    assert sent_by(sent) == {(CHILD, OSLO, None): 1, (FAMILY, OSLO, None): 1}


def test_rows_of_another_month_count_in_that(counts):
    rows = [dispatch(n, created_at=at, state_at=at) for n, at in enumerate(edges(MARCH))]
    assert [r["dispatches"] for r in counts(rows)[0]] == [2]
    days = [measured(1, day=day) for day in (date(2026, 2, 28), MARCH, date(2026, 3, 31), date(2026, 4, 1))]
    assert [r["quantity"] for r in counts(measurements=days)[1]] == [2]


def edges(month: date) -> tuple[datetime, ...]:
    """The last instant before a month, its first and its last, and the one after."""
    start, end = calendar.start_of(month), calendar.start_of(calendar.next_month(month))
    return start - INSTANT, start, end - INSTANT, end


def test_a_dispatch_in_two_services_or_of_two_senders_is_set_aside(counts):
    again = {"state": "LEST", "state_at": datetime(2026, 3, 12, tzinfo=UTC)}
    rows = [
        *(dispatch(1), dispatch(1, service="svarut", **again)),
        *(dispatch(2), dispatch(2, HALDEN, **again)),
        dispatch(3),
    ]
    assert sent_by(counts(rows)[0]) == {(CHILD, OSLO, None): 1}


def test_a_row_that_breaks_a_rule_and_a_synthetic_one_are_treated_as_elsewhere(counts):
    rows = [dispatch(1), dispatch(2, organisation_number="123"), dispatch(3, HALDEN, synthetic=True)]
    sent, _ = counts(rows)
    assert {r["organisation_number"]: (r["dispatches"], r["synthetic"]) for r in sent} == {
        OSLO: (1, False),
        HALDEN: (1, True),
    }


def test_names_that_a_service_goes_by_count_as_that_service(counts):
    alias = next(r["alias"] for r in facts.read("service_alias") if r["service"] == CHILD)
    assert sent_by(counts([dispatch(1), dispatch(2, service=alias)])[0]) == {(CHILD, OSLO, None): 2}


# --- systems ---------------------------------------------------------------------------------------------------------


def test_of_other_services_what_shielded_systems_sent_counts_and_of_sensitive_ones_everything(counts):
    openly = {"service": "svarut"}
    rows = [
        dispatch(1, source_system="Familia"),
        dispatch(2, source_system="Sak"),
        *(dispatch(n, source_system="Familia", **openly) for n in (3, 4)),
        dispatch(5, source_system="Nytt Barnevern", **openly),
        dispatch(6, source_system="Sak", **openly),
        dispatch(7, **openly),
    ]
    assert sent_by(counts(rows)[0]) == {
        (CHILD, OSLO, None): 2,
        ("svarut", OSLO, "Familia Oppvekst"): 2,
        ("svarut", OSLO, None): 1,
    }


def test_what_shielded_systems_sent_waits_for_the_cut_off_too(counts):
    shielded = {"service": "svarut", "source_system": "Familia"}
    rows = [dispatch(1, received_at=IN_TIME, **shielded), dispatch(2, received_at=LATE, **shielded)]
    assert counts(rows, as_of=CUT_OFF - INSTANT)[0] == []
    assert [r["dispatches"] for r in counts(rows, as_of=BEFORE_REVISION)[0]] == [1]
    assert [r["dispatches"] for r in counts(rows, as_of=QUARTER_END)[0]] == [2]


def test_nothing_of_another_service_is_published_as_other_use(publish):
    assert publish([dispatch(1, service="svarut", source_system="Familia")]) == {}


# --- the records -----------------------------------------------------------------------------------------------------


def of_dispatches(*numbers: int) -> tuple[int, int]:
    """The digest of dispatches of the system `system`."""
    return digest(record_hash("system", str(an_id(n))) for n in numbers)


def of_sums(measure: str, **sums: int) -> tuple[int, int]:
    """The digest of what organisations measured in March."""
    return digest(record_hash(FAMILY, measure, o, "2026-03-01", f"{q}.0000") for o, q in sums.items())


def test_the_digest_of_a_cell_is_that_of_its_records_as_python_makes_it(counts):
    sent, used = counts([dispatch(n) for n in (1, 2, 3)], [measured(4), measured(3, day=date(2026, 3, 12))])
    assert [(r["digest_xor"], r["digest_sum"]) for r in sent] == [of_dispatches(1, 2, 3)]
    assert [(r["digest_xor"], r["digest_sum"]) for r in used] == [of_sums("soknader", **{OSLO: 7})]


def test_a_published_figure_is_drawn_by_secret_service_flow_and_the_set_of_records(publish):
    rows = [*(dispatch(n) for n in range(9)), *(dispatch(n, HALDEN) for n in range(20, 60))]
    messages = {o: n for n, o in enumerate(MANY)}
    use = [measured(3), measured(70, HALDEN), *(measured(q, o, measure="meldinger") for o, q in messages.items())]

    def drawn(service, flow, count, digest, unit=1):
        return published(count, cell_key(SECRET, service, flow, digest, count), unit)

    sums, some = {OSLO: 3, HALDEN: 70}, {o: n for o, n in messages.items() if n}
    assert publish(rows, use) == {
        (CHILD, "forsendelser", OSLO): drawn(CHILD, "forsendelser", 9, of_dispatches(*range(9))),
        (CHILD, "forsendelser", HALDEN): drawn(CHILD, "forsendelser", 40, of_dispatches(*range(20, 60))),
        (CHILD, "forsendelser", None): drawn(CHILD, "forsendelser", 49, of_dispatches(*range(9), *range(20, 60))),
        (FAMILY, "soknader", OSLO): drawn(FAMILY, "soknader", 3, of_sums("soknader", **{OSLO: 3})),
        (FAMILY, "soknader", HALDEN): drawn(FAMILY, "soknader", 70, of_sums("soknader", **{HALDEN: 70})),
        (FAMILY, "soknader", None): drawn(FAMILY, "soknader", 73, of_sums("soknader", **sums)),
        # 780 messages of 73 applications: eleven each
        (FAMILY, "meldinger", None): drawn(FAMILY, "meldinger", 780, of_sums("meldinger", **some), unit=11),
    }


@pytest.mark.parametrize("count", some([*range(1, 9), 40], [1, 3, 40], "another count"))
def test_the_country_is_told_as_the_one_organisation_that_has_any_whoever_reports_none(publish, count):
    """Another number for the same records would be a second look at them."""
    for zeros in ([], [measured(0, HALDEN), measured(0, MOSS)]):
        told = publish([dispatch(n) for n in range(count)], [measured(count), *zeros])
        assert told[CHILD, "forsendelser", None] == told[CHILD, "forsendelser", OSLO]
        assert told[FAMILY, "soknader", None] == told[FAMILY, "soknader", OSLO]


def test_a_figure_stays_from_one_publication_to_the_next_where_no_record_came_or_went(publish):
    rows = [dispatch(n) for n in range(30)]
    first = publish(rows, as_of=CUT_OFF)
    late = dispatch(30, received_at=LATE)
    assert publish([*rows, late], as_of=BEFORE_REVISION) == first
    assert publish(rows, as_of=LONG_AFTER) == first
    revised = publish([*rows, late], as_of=QUARTER_END)
    assert revised[CHILD, "forsendelser", OSLO] == published(
        31, cell_key(SECRET, CHILD, "forsendelser", of_dispatches(*range(31)), 31)
    )


def test_one_record_more_or_less_draws_other_noise(publish):
    of_many = publish([dispatch(1000 * o + n, number) for o, number in enumerate(MANY) for n in range(20 + o)])
    noises = {of_many[CHILD, "forsendelser", number] - 20 - o for o, number in enumerate(MANY)}
    assert min(noises) < 0 < max(noises)
    assert len(noises) > D
    assert max(map(abs, noises)) <= D
    grown = [publish([dispatch(n) for n in range(count)])[CHILD, "forsendelser", OSLO] for count in range(20, 26)]
    assert {b - a for a, b in pairwise(grown)} != {1}


def test_another_secret_draws_other_noise(publish):
    rows = [dispatch(50 * o + n, number) for o, number in enumerate((OSLO, HALDEN, MOSS)) for n in range(40)]
    assert publish(rows) == publish(rows)
    assert publish(rows) != publish(rows, secret=ANOTHER)


ROWS = [
    *(dispatch(n, o, state=s) for n, o in enumerate((OSLO, OSLO, HALDEN, COUNTY)) for s in ("MOTTATT", "LEST")),
    *(dispatch(n, service="svarut", source_system="Familia", withdrawn_at=LATE) for n in (7, 8)),
    dispatch(9, received_at=LATE),
]
USE = [measured(q, o, day=date(2026, 3, d)) for q, o, d in ((1, OSLO, 2), (4, OSLO, 3), (2, HALDEN, 2), (0, MOSS, 9))]


@settings(max_examples=examples(15))
@given(
    st.permutations(ROWS + ROWS[:3]),
    st.permutations(USE + USE[:2]),
    st.lists(st.integers(0, 3), min_size=20, max_size=20),
)
def test_rows_in_any_order_split_in_any_way_and_sent_twice_give_the_same_tables(counts, rows, use, batches):
    def split(sent):
        batch_of = zip(sent, batches, strict=False)
        # a batch is received, and taken back, as a whole
        return [r | {"file": f"{n}-{r['received_at']}-{r.get('withdrawn_at')}"} for r, n in batch_of]

    once = counts(ROWS, USE, as_of=BEFORE_REVISION)
    assert counts(split(rows), split(use), as_of=BEFORE_REVISION, again=True) == once


@pytest.mark.parametrize("parts", some(["001122001122", "000000000001"], 1, "other parts"))
def test_the_digest_of_parts_joined_is_that_of_the_whole(counts, parts):
    whole = counts([dispatch(n, month) for n, month in enumerate([OSLO] * 12)])[0]
    found = []
    for part in set(parts):
        sent, _ = counts([dispatch(n) for n, of in enumerate(parts) if of == part])
        found += [(int(r["digest_xor"]), int(r["digest_sum"])) for r in sent]
    assert [merge(found)] == [(r["digest_xor"], r["digest_sum"]) for r in whole]


# --- what is published -----------------------------------------------------------------------------------------------


def test_by_organisation_there_is_the_leading_flow_alone_and_of_the_country_every_flow(publish):
    flows = [r["measure"] for r in facts.read("measure") if r["kind"] == "FLOW"]
    use = [
        measured(30, o, service=service, measure=flow)
        for service in (FAMILY, CHILD)
        for flow in flows
        for o in (*MANY, COUNTY)
    ]
    sent = [dispatch(n, o, service=FAMILY) for n, o in enumerate((*MANY, COUNTY))]
    told = publish([dispatch(100), *sent], use)
    by_organisation = {(service, flow) for service, flow, o in told if o}
    assert by_organisation == {(CHILD, "forsendelser"), (FAMILY, "soknader")} == set(LEADING_FLOW.items())
    assert {o for *_, o in told if o} == {OSLO, *MANY, COUNTY}, "whether a municipality or not"
    assert {(service, flow) for service, flow, o in told if not o} == {
        (service, flow) for service in (CHILD, FAMILY) for flow in (*flows, "forsendelser")
    }


@pytest.mark.parametrize(("users", "others", "there"), [(20, 0, True), (19, 5, False), (1, 0, False)])
def test_another_flow_is_published_for_the_country_where_twenty_organisations_have_some_of_it(
    publish, users, others, there
):
    """Of fewer it would tell how many cases they had: thirty look-ups of one municipality's are three applications."""
    use = [measured(30 if n < users else 0, o, measure="oppslag") for n, o in enumerate(MANY[: users + others])]
    told = publish(measurements=[*use, measured(3, MANY[0])])
    assert ((FAMILY, "oppslag", None) in told) is there
    assert (FAMILY, "soknader", None) in told


def test_figures_are_whole_numbers_also_of_hours(publish):
    hours = [measured("2.75", o, measure="timer") for o in MANY]
    told = publish(measurements=[*hours, measured("8.4", HALDEN), measured("1.3")])
    assert {q == int(q) for q in told.values()} == {True}
    assert set(told) == {(FAMILY, "timer", None), *((FAMILY, "soknader", o) for o in (OSLO, HALDEN, None))}


def test_zero_stays_zero_and_one_and_two_are_never_published(publish):
    told = publish(measurements=[measured(0)])
    assert told == {(FAMILY, "soknader", OSLO): 0, (FAMILY, "soknader", None): 0}
    few = [measured(1 + n % 4, organisation) for n, organisation in enumerate(sorted(NUMBER.values()))]
    of_few = publish(measurements=few)
    assert min(of_few.values()) == 0
    assert {1, 2}.isdisjoint(of_few.values())
    exact = sum(1 + n % 4 for n in range(len(few)))
    assert abs(of_few[FAMILY, "soknader", None] - exact) <= D, "the country has a key of its own"
    assert sum(q for (*_, o), q in of_few.items() if o) != of_few[FAMILY, "soknader", None]


def test_what_stands_is_exact_and_there_before_the_cut_off(publish):
    standing = {
        "month": MARCH,
        "day": MARCH,
        "service": FAMILY,
        "measure": "kontoer",
        "organisation_number": OSLO,
        "source": "liste",
        "quantity": Decimal(2),
    }
    told = publish([dispatch(1)], standing=[standing], as_of=CUT_OFF - INSTANT)
    assert told == {(FAMILY, "kontoer", OSLO): 2, (FAMILY, "kontoer", None): 2}


def test_nothing_is_published_without_a_secret(publish):
    with pytest.raises(ValueError, match="without a secret"):
        publish([dispatch(1)], secret=None)


def test_the_secret_is_in_no_fingerprint_and_tells_whose_figures_are_made_again(tables):
    def fingerprint(secret):
        return perturbation.published_flows(BuildWindow(LONG_AFTER, secret=secret), **tables([], [])).fingerprint

    assert fingerprint(SECRET) == fingerprint(Secret(bytes(range(32)))) != fingerprint(ANOTHER)
    assert SECRET.to_text().partition("-")[0] not in fingerprint(SECRET)


# --- the gate --------------------------------------------------------------------------------------------------------


def test_the_gate_finds_a_figure_that_the_method_cannot_give(counts, tables, rows_of, answers, session):
    rows = [*(dispatch(n) for n in range(30)), dispatch(50, HALDEN)]
    scans = tables(*counts(rows, [measured(0), *(measured(9, o, measure="meldinger") for o in MANY[:20])]))
    window = BuildWindow(LONG_AFTER, secret=SECRET)
    makes = {"measurement": rows_of(conformed.MEASUREMENT), "measure": MEASURE}
    cells, totals = answers(
        (measures.measure_month.make(window, **makes, **scans), MEASURE_MONTH),
        (measures.measure_total_month.make(window, **makes, **scans), MEASURE_TOTAL_MONTH),
    )
    rule = next(r for r in quality.TABLE_RULES if r.name == "perturbation_holds")

    def found(cells=cells, totals=totals, **more):
        told = scans | {
            "measure_month": rows_of(MEASURE_MONTH, *cells),
            "measure_total_month": rows_of(MEASURE_TOTAL_MONTH, *totals),
        }
        return session.cleared().table(rule.broken(told | more)).to_pylist()

    def changed(rows, of, **change):
        assert any((r["service"], r["measure"]) == of for r in rows)
        return [r | change if (r["service"], r["measure"]) == of else r for r in rows]

    reports, applications, messages = (CHILD, "forsendelser"), (FAMILY, "soknader"), (FAMILY, "meldinger")
    assert found() == []
    assert found(cells=changed(cells, reports, quantity=Decimal(36))), "too far from what counts"
    assert found(totals=changed(totals, reports, quantity=Decimal(24))), "the country's too"
    assert found(cells=changed(cells, applications, quantity=Decimal(3))), "of none there is none"
    assert found(totals=changed(totals, messages, quantity=Decimal(243))), "too far, where a user has nine"
    assert found(totals=[r for r in totals if r["measure"] != "meldinger"]), "a flow that is missing"
    assert found(cells=[r for r in cells if r["organisation_number"] != HALDEN]), "and one of an organisation"
    assert found(**tables([], [])), "a figure of nothing that counts"


# --- bands -----------------------------------------------------------------------------------------------------------


def test_the_band_of_a_count_is_all_that_has_as_many_digits_and_zero_alone(session):
    asked = Query(f"select {perturbation.band_of('count')} as band from range(1000001) as counted(count)", {})
    bands = session.cleared().table(asked)["band"].to_pylist()
    assert bands[:1] == ["0"]
    for low in (10**n for n in range(6)):
        assert set(bands[low : 10 * low]) == {f"{low}-{10 * low - 1}"}
    assert bands[1_000_000] == "1000000-9999999"
