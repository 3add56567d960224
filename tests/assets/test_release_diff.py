"""What changed between two releases, on small tables: each reason once, and parts that sum to the difference."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets import measures, reference, release_diff, usage
from assets.build import BuildWindow
from assets.release_diff import CHANGED, Counts, DiffParameters, Moved, Uses
from catalog import facts
from catalog.contracts.scan import Values
from catalog.domain import calendar
from catalog.domain.perturbation import Secret
from catalog.tables import conformed
from catalog.tables.billing import INVOICE_BASIS, PERSON_PRICED
from catalog.tables.quality import DIFF_REASONS, RELEASE_DIFF
from catalog.tables.reference import MUNICIPALITY_OF
from catalog.tables.usage import (
    DISPATCH_DAY,
    MEASURE_MONTH,
    MUNICIPALITY_MONTH,
    PROTECTED_DISPATCH_MONTH,
    PROTECTED_MEASURE_MONTH,
    SENSITIVE_SERVICES,
)
from tests.thorough import examples, some

MARCH, BEFORE_SPLIT = date(2026, 3, 1), date(2023, 10, 1)
NUMBER = {r["name"]: r["organisation_number"] for r in facts.read("organisation") if not r["successor_number"]}
OSLO, HALDEN, OLD_AALESUND = NUMBER["Oslo kommune"], NUMBER["Halden kommune"], "920415288"
COUNTY = next(r["organisation_number"] for r in facts.read("organisation") if r["kind"] == "COUNTY")
REFERENCE = {
    m.contract.table: m.make(BuildWindow(datetime(2026, 11, 1, tzinfo=UTC))) for m in reference.BUILDS if not m.inputs
}
REFERENCE["municipality_of"] = Values(reference.bundled_places())
SENT = pa.schema([("organisation_number", pa.string()), ("service", pa.string())])
ZERO = ("documents", "pages", "sheets", "bytes", "production_cost_ore", "postage_ore")


def on(day: int, month: date = MARCH, hour: int = 9) -> datetime:
    """A moment of the month, or after it: day 40 is in the month after."""
    return datetime(month.year, month.month, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)


def dispatch(
    number: int, organisation_number: str = OSLO, *, received: int = 10, created: int = 5, month=MARCH, **more
):
    """A conformed dispatch, received and created on a day of its month."""
    return {
        "month": month,
        "producer": "system",
        "dispatch_id": number.to_bytes(16, "big"),
        "organisation_number": organisation_number,
        "service": "svarut",
        "created_at": on(created, month),
        "first_received_at": on(received, month),
    } | more


@pytest.fixture(scope="session")
def counts(rows_of, answer):
    """What a release says that counts these dispatches, by the makings themselves; channels spread the rounding."""

    def counts(month, dispatches, municipality_of=REFERENCE["municipality_of"]):
        channels = ("SVARINN", "PRINT", "SDP")
        by = Counter(
            (d["organisation_number"], d["service"], channels[n % 3], d.get("synthetic", False))
            for n, d in enumerate(sorted(dispatches, key=lambda d: d["dispatch_id"]))
        )
        rows = [
            dict.fromkeys(ZERO, 0)
            | {
                "month": month,
                "day": month,
                "organisation_number": o,
                "service": s,
                "channel": c,
                "outcome": "delivered",
                "dispatches": n,
                "synthetic": y,
            }
            for (o, s, c, y), n in by.items()
        ]
        day = rows_of(DISPATCH_DAY, *rows)
        others = {n: REFERENCE[n] for n in ("municipality_to_now", "population")}
        made = usage.municipality_month.make(
            BuildWindow(on(300, month), month), dispatch_day=day, municipality_of=municipality_of, **others
        )
        by_month = [r | {"month": month} for r in answer(made, MUNICIPALITY_MONTH)]
        return Counts(day, rows_of(MUNICIPALITY_MONTH, *by_month), municipality_of)

    return counts


@pytest.fixture(scope="session")
def diff(rows_of, landed, answer, counts):
    """Compare: the rows by municipality, service, reason; that parts sum to after − before always is checked."""

    def diff(before, after, *, month=MARCH, new_from=None, as_of=None, left_over="CORRECTED", turned=False, **more):
        a = counts(month, before, **({"municipality_of": more["of_before"]} if "of_before" in more else {}))
        b = counts(month, after)
        end = calendar.start_of(calendar.next_month(month))
        changed = {"month": month, "ends": end, "new_from": new_from and on(new_from, month), "left_over": left_over}
        moved = Moved(
            Values(pa.Table.from_pylist([changed], CHANGED)),
            rows_of(conformed.DISPATCH, *after),
            *(landed("dispatch", *more.get(n, ())) for n in ("known", "withdrawn", "reinstated")),
            Values(
                pa.Table.from_pylist(
                    [{"organisation_number": o, "service": "svarut"} for o in more.get("sent_before", (OSLO, HALDEN))],
                    SENT,
                )
            ),
        )
        parameters = DiffParameters("b", "a", as_of or on(20, month), turned, more.get("moved", "CORRECTED"))
        scan = release_diff.of_dispatches(a, b, moved, REFERENCE["municipality_to_now"], parameters)
        found = answer(scan, RELEASE_DIFF)
        parts = Counter()
        for row in found:
            assert row["difference"] != 0
            assert row["reason"] in DIFF_REASONS
            assert row["measure"] == "forsendelser"
            parts[row["municipality_code"], row["service"]] += row["difference"]
        for row in found:
            assert parts[row["municipality_code"], row["service"]] == row["after"] - row["before"]
        sign = -1 if turned else 1
        total = sum(d["service"] == "svarut" for d in after) - sum(d["service"] == "svarut" for d in before)
        assert sum(parts.values()) == sign * total
        return found

    return diff


def said(found, *more):
    return [tuple(r[k] for k in ("municipality_code", "reason", "difference", *more)) for r in found]


OLD = dispatch(1, received=3, created=2)


def landed_of(d, **more):
    """The landed row of a dispatch."""
    kept = ("dispatch_id", "organisation_number", "service", "created_at", "producer")
    return {k: d[k] for k in kept} | {"state_at": d["created_at"]} | more


@pytest.mark.parametrize(
    ("fresh", "more", "reason"),
    [
        (dispatch(2, received=25), {"new_from": 21}, "NEW"),
        (dispatch(2, received=33), {"new_from": 21}, "LATE"),
        (dispatch(2, received=25), {"new_from": 21, "as_of": on(50)}, "LATE"),
        (dispatch(2, received=33), {"new_from": 21, "sent_before": ()}, "NEW_SENDER"),
        (dispatch(2, created=24, received=15), {"new_from": 21}, "HELD_BEFORE"),
        (dispatch(2, received=15), {"new_from": 21}, "CORRECTED"),
        (dispatch(2, received=15), {"left_over": "NEW_MAPPING"}, "NEW_MAPPING"),
        (dispatch(2, received=33), {"new_from": 5, "known": [landed_of(dispatch(2))]}, "CORRECTED"),
        (dispatch(2, received=33), {"new_from": 5, "known": [landed_of(dispatch(2), masked_fields="x")]}, "LATE"),
        (dispatch(2, received=6), {"new_from": 5, "reinstated": [landed_of(dispatch(2))]}, "WITHDRAWN"),
    ],
    ids=[
        "while the month goes on",
        "after it",
        "in time, but landed when the month was over for readers",
        "of somebody new",
        "dated ahead, and there already",
        "seen before and not counted",
        "by other rules",
        "of a batch both saw, though the clock says otherwise",
        "of a batch both saw, where the row broke a rule",
        "of a batch that counts again",
    ],
)
def test_a_dispatch_more_has_its_reason(fresh, more, reason, diff):
    found = diff([OLD], [OLD, fresh], **more)
    assert said(found, "before", "after", "release", "compared_with") == [("0301", reason, 1, 1, 2, "b", "a")]


def test_a_withdrawn_batch_takes_away_what_no_other_batch_tells_of(diff):
    gone, sent_twice = dispatch(2), dispatch(3)
    ahead = dispatch(4, created=29)
    withdrawn = [landed_of(d) for d in (gone, sent_twice, ahead)]
    found = diff([OLD, gone, sent_twice], [OLD, sent_twice], withdrawn=withdrawn)
    assert said(found) == [("0301", "WITHDRAWN", -1)]


def test_a_batch_withdrawn_and_sent_again_is_no_difference(diff):
    again = dispatch(2) | {"first_received_at": on(40)}
    assert diff([OLD, dispatch(2)], [OLD, again], new_from=21, withdrawn=[landed_of(dispatch(2))]) == []


def test_several_reasons_stand_side_by_side_also_where_they_cancel_out(diff):
    late, held = dispatch(3, received=34), dispatch(4, created=22, received=12)
    found = diff([OLD, dispatch(2)], [OLD, late, held], new_from=21, withdrawn=[landed_of(dispatch(2))])
    assert said(found) == [("0301", "HELD_BEFORE", 1), ("0301", "LATE", 1), ("0301", "WITHDRAWN", -1)]
    found = diff([OLD, dispatch(2)], [OLD, late], new_from=21, withdrawn=[landed_of(dispatch(2))])
    assert said(found, "before", "after") == [("0301", "LATE", 1, 2, 2), ("0301", "WITHDRAWN", -1, 2, 2)]


def test_asked_the_other_way_round_the_signs_turn_and_the_reasons_stay(diff):
    found = diff([OLD], [OLD, dispatch(2, received=33)], new_from=21, turned=True)
    assert said(found, "before", "after") == [("0301", "LATE", -1, 2, 1)]


def test_organisations_that_are_no_municipality_stand_without_a_code(diff):
    found = diff([OLD], [OLD, dispatch(2, COUNTY, received=33)], new_from=21, sent_before=(COUNTY,))
    assert said(found, "before", "after") == [(None, "LATE", 1, 0, 1)]


def test_a_split_follows_the_weights_and_its_parts_still_sum_up(diff):
    before = [dispatch(n, OLD_AALESUND, month=BEFORE_SPLIT) for n in range(7)]
    late = [dispatch(10 + n, OLD_AALESUND, month=BEFORE_SPLIT, received=40) for n in range(1_111)]
    found = diff(before, [*before[1:], *late], month=BEFORE_SPLIT, new_from=21, sent_before=(OLD_AALESUND,))
    assert [r[:2] for r in said(found)] == [
        ("1508", "CORRECTED"),
        ("1508", "LATE"),
        ("1580", "CORRECTED"),
        ("1580", "LATE"),
    ]
    assert sum(r["difference"] for r in found if r["reason"] == "LATE") == pytest.approx(
        Decimal(1_111), abs=Decimal("0.01")
    )


def test_an_organisation_that_is_placed_elsewhere_is_a_new_mapping(diff, rows_of):
    was = {
        "organisation_number": HALDEN,
        "municipality_code": "0301",
        "valid_from": date(2012, 1, 1),
        "estimated": False,
    }
    oslo = was | {"organisation_number": OSLO}
    of_before = rows_of(MUNICIPALITY_OF, was, oslo)
    sent = [OLD, dispatch(2, HALDEN), dispatch(3, HALDEN)]
    found = diff(sent, [*sent, dispatch(4, HALDEN, received=33)], new_from=21, of_before=of_before, moved="NEW_MAPPING")
    assert said(found) == [("0301", "NEW_MAPPING", -2), ("3101", "LATE", 1), ("3101", "NEW_MAPPING", 2)]


def test_sensitive_services_are_left_out(diff):
    found = diff([OLD], [OLD, dispatch(2, received=33, service="fiks-digisos")], new_from=21)
    assert found == []


def test_what_rests_on_the_simulator_says_so(diff):
    found = diff([OLD], [OLD, dispatch(2, received=33, synthetic=True), dispatch(3, HALDEN, received=33)], new_from=21)
    assert {r["municipality_code"]: r["synthetic"] for r in found} == {"0301": True, "3101": False}


@given(
    st.lists(
        st.tuples(
            st.sampled_from((OLD_AALESUND, OSLO, COUNTY)),
            st.sampled_from(("before", "after", "both")),
            st.integers(1, 45),
            st.integers(1, 28),
            st.booleans(),
        ),
        max_size=12,
    )
)
@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parts_always_sum_to_the_difference(diff, made):
    rows = [
        (where, taken, dispatch(n, o, received=received, created=created, month=BEFORE_SPLIT))
        for n, (o, where, received, created, taken) in enumerate(made)
    ]
    diff(
        [d for where, _, d in rows if where != "after"],
        [d for where, _, d in rows if where != "before"],
        month=BEFORE_SPLIT,
        new_from=21,
        withdrawn=[landed_of(d) for where, taken, d in rows if taken and where == "before"],
        sent_before=(OSLO,),
    )


# --- other use --------------------------------------------------------------------------------------------------------

LOOKED_UP = ("fiks-folkeregister", "oppslag")
FLOWS = {r["measure"] for r in facts.read("measure") if r["kind"] == "FLOW"}


def measurement(day: int, quantity, organisation_number: str = OSLO, *, received: int = 10, reported: int = 9, **more):
    """A conformed measurement of a day of its month."""
    month = more.pop("month", MARCH)
    service, measure = more.pop("of", LOOKED_UP)
    return {
        "month": month,
        "producer": "system",
        "service": service,
        "measure": measure,
        "day": on(day, month).date(),
        "organisation_number": organisation_number,
        "source": "logg",
        "quantity": Decimal(quantity),
        "reported_at": on(reported, month),
        "first_received_at": on(received, month),
    } | more


def landed_measurement(m, **more):
    """The landed row of a measurement."""
    return {k: v for k, v in m.items() if k not in ("month", "first_received_at")} | more


@pytest.fixture(scope="session")
def uses(rows_of, answer):
    """What a release says that holds these measurements, by the making itself."""

    def uses(measurements, municipality_of=REFERENCE["municipality_of"]):
        of_persons = [
            {n: m[n] for n in ("month", "service", "measure", "organisation_number", "quantity")}
            | {"digest_xor": Decimal(n), "digest_sum": Decimal(n)}
            for n, m in enumerate(measurements)
            if m["service"] in SENSITIVE_SERVICES and m["measure"] in FLOWS
        ]
        made = measures.measure_month.make(
            BuildWindow(on(300), secret=Secret(bytes(range(32)))),
            measurement=rows_of(conformed.MEASUREMENT, *measurements),
            measure=REFERENCE["measure"],
            protected_dispatch_month=rows_of(PROTECTED_DISPATCH_MONTH),
            protected_measure_month=rows_of(PROTECTED_MEASURE_MONTH, *of_persons),
        )
        said = rows_of(MEASURE_MONTH, *answer(made, MEASURE_MONTH))
        return Uses(said, municipality_of, REFERENCE["municipality_to_now"])

    return uses


@pytest.fixture(scope="session")
def use_diff(rows_of, landed, answer, uses):
    """Compare other use; that parts sum to after − before of what was measured always is checked."""

    def use_diff(before, after, *, month=MARCH, new_from=None, as_of=None, left_over="CORRECTED", turned=False, **more):
        a = uses(before, **({"municipality_of": more["of_before"]} if "of_before" in more else {}))
        b = uses(after)
        end = calendar.start_of(calendar.next_month(month))
        changed = {"month": month, "ends": end, "new_from": new_from and on(new_from, month), "left_over": left_over}
        moved = Moved(
            Values(pa.Table.from_pylist([changed], CHANGED)),
            rows_of(conformed.MEASUREMENT, *after),
            *(landed("measurement", *more.get(n, ())) for n in ("known", "withdrawn", "reinstated")),
            release_diff.users(a.measure_month),
        )
        parameters = DiffParameters("b", "a", as_of or on(20, month), turned, more.get("moved", "CORRECTED"))
        scan = release_diff.of_measures(a, b, moved, REFERENCE["measure"], parameters)
        found = answer(scan, RELEASE_DIFF)
        parts, by_measure = Counter(), Counter()
        for row in found:
            assert row["difference"] != 0
            assert row["reason"] in DIFF_REASONS
            parts[row["municipality_code"], row["service"], row["measure"]] += row["difference"]
            by_measure[row["measure"]] += row["difference"]
        for row in found:
            cell = row["municipality_code"], row["service"], row["measure"]
            assert parts[cell] == row["after"] - row["before"]
        wanted = Counter()
        for sign, side in ((1, b), (-1, a)):
            for row in side.measure_month.table.to_pylist():
                if row["service"] not in SENSITIVE_SERVICES or row["measure"] not in FLOWS:
                    wanted[row["measure"]] += sign * row["quantity"] * (-1 if turned else 1)
        assert {m: n for m, n in by_measure.items() if n} == {m: n for m, n in wanted.items() if n}
        return found

    return use_diff


KNOWN = measurement(3, 100, received=4)


@pytest.mark.parametrize(
    ("fresh", "more", "reason"),
    some(
        [
            (measurement(5, 7, received=25), {"new_from": 21}, "NEW"),
            (measurement(5, 7, received=33), {"new_from": 21}, "LATE"),
            (measurement(5, 7, received=25), {"new_from": 21, "as_of": on(50)}, "LATE"),
            (measurement(24, 7, received=15), {"new_from": 21}, "HELD_BEFORE"),
            (measurement(5, 7, received=15), {"new_from": 21}, "CORRECTED"),
            (measurement(5, 7, received=15), {"left_over": "NEW_MAPPING"}, "NEW_MAPPING"),
            (
                measurement(5, 7, received=33),
                {"new_from": 5, "known": [landed_measurement(measurement(5, 3))]},
                "CORRECTED",
            ),
            (
                measurement(5, 7, received=6),
                {"new_from": 5, "reinstated": [landed_measurement(measurement(5, 7))]},
                "WITHDRAWN",
            ),
        ],
        4,
        "what came of a dispatch is told by the same reasons",
    ),
    ids=[
        "while the month goes on",
        "after it",
        "in time, but landed when the month was over for readers",
        "dated ahead, and there already",
        "seen before and not counted",
        "by other rules",
        "of a batch both saw, though the clock says otherwise",
        "of a batch that counts again",
    ],
)
@pytest.mark.parametrize("account", some([None, "konto-1"], 1, "no account is harder to compare"))
def test_other_use_that_came_has_its_reason(account, fresh, more, reason, use_diff):
    rows = {n: [r | {"account_id": account} for r in more[n]] for n in ("known", "reinstated") if n in more}
    found = use_diff([KNOWN], [KNOWN, fresh | {"account_id": account}], **(more | rows))
    assert said(found, "measure", "before", "after") == [("0301", reason, 7, "oppslag", 100, 107)]


def test_who_had_none_of_the_measure_in_any_month_is_a_new_sender(use_diff):
    fresh = [measurement(5, 7, HALDEN, received=33), account(5, 2, organisation_number=HALDEN, received=33)]
    found = use_diff([KNOWN], [KNOWN, *fresh], new_from=21)
    assert said(found, "measure") == [("3101", "NEW_SENDER", 7, "oppslag"), ("3101", "NEW_SENDER", 2, "kontoer")]
    long_ago = measurement(1, 1, HALDEN, month=date(2025, 3, 1))
    found = use_diff([KNOWN, long_ago], [KNOWN, long_ago, *fresh], new_from=21)
    assert said(found, "measure") == [("3101", "LATE", 7, "oppslag"), ("3101", "NEW_SENDER", 2, "kontoer")]


def test_a_later_report_of_a_day_that_was_counted_is_a_correction_beside_what_came_late(use_diff):
    corrected = measurement(3, 90, received=4, reported=33)
    found = use_diff([KNOWN], [corrected, measurement(4, 25, received=33)], new_from=21)
    assert said(found) == [("0301", "CORRECTED", -10), ("0301", "LATE", 25)]


def test_a_withdrawn_batch_takes_away_its_days_and_lets_the_report_before_stand_again(use_diff):
    gone, stands_again = measurement(4, 30), measurement(3, 100, received=4, reported=5)
    taken = measurement(3, 80, reported=15)
    ahead = measurement(29, 11)
    found = use_diff(
        [taken | {"first_received_at": stands_again["first_received_at"]}, gone],
        [stands_again],
        withdrawn=[landed_measurement(m) for m in (taken, gone, ahead)],
    )
    assert said(found) == [("0301", "WITHDRAWN", -10)]


def test_other_use_withdrawn_and_sent_again_is_no_difference_and_sent_again_otherwise_a_correction(use_diff):
    again = measurement(4, 30, received=25, reported=25)
    withdrawn = [landed_measurement(measurement(4, 30))]
    assert use_diff([KNOWN, measurement(4, 30)], [KNOWN, again], new_from=21, withdrawn=withdrawn) == []
    other = again | {"quantity": Decimal(32)}
    found = use_diff([KNOWN, measurement(4, 30)], [KNOWN, other], new_from=21, withdrawn=withdrawn)
    assert said(found) == [("0301", "CORRECTED", 2)]


def account(day, number, name="konto-1", **more):
    return measurement(day, number, of=("svarut", "kontoer"), account_id=name, **more)


@pytest.mark.parametrize(
    ("after", "more", "reason"),
    [
        ([account(10, 4), account(22, 6, received=23)], {"new_from": 21}, "NEW"),
        ([account(10, 4), account(22, 6, received=33)], {"new_from": 21}, "LATE"),
        ([account(10, 4), account(24, 6, received=15)], {"new_from": 21}, "HELD_BEFORE"),
        ([account(10, 6, received=10, reported=33)], {"new_from": 21}, "CORRECTED"),
        (
            [account(10, 5, received=10, reported=33), account(11, 1, "konto-2", received=34)],
            {"new_from": 21},
            "LATE",
        ),
    ],
    ids=["a later day", "a later day, late", "held", "corrected", "the newest row decides"],
)
def test_of_what_stands_the_difference_is_of_the_months_last_value(after, more, reason, use_diff):
    found = use_diff([account(10, 4)], after, **more)
    assert said(found, "measure", "before", "after") == [("0301", reason, 2, "kontoer", 4, 6)]


def test_of_what_stands_a_day_before_that_came_late_is_no_difference_and_a_day_taken_back_is_withdrawn(use_diff):
    before = [account(10, 4), account(12, 9)]
    assert use_diff(before, [*before, account(11, 7, received=33)], new_from=21) == []
    found = use_diff(before, before[:1], withdrawn=[landed_measurement(before[1])])
    assert said(found) == [("0301", "WITHDRAWN", -5)]
    corrected = account(12, 8, reported=33)
    found = use_diff(before, [corrected], withdrawn=[landed_measurement(before[0])])
    assert said(found) == [("0301", "CORRECTED", -1)], "the day that was taken back did not count"


def test_measures_stand_beside_each_other_and_those_that_are_no_municipality_without_a_code(use_diff):
    before = [KNOWN, account(10, 4)]
    after = [
        *before,
        account(11, 5, received=33),
        measurement(5, 1, received=33),
        measurement(5, 2, COUNTY, received=33),
    ]
    found = use_diff(before, after, new_from=21)
    assert said(found, "measure") == [
        ("0301", "LATE", 1, "oppslag"),
        ("0301", "LATE", 1, "kontoer"),
        (None, "NEW_SENDER", 2, "oppslag"),
    ]
    turned = use_diff(before, after, new_from=21, turned=True)
    assert [r["difference"] for r in turned] == [-r["difference"] for r in found]


def test_other_use_of_what_was_split_since_follows_the_weights_and_still_sums_up(use_diff):
    seen = {"month": BEFORE_SPLIT}
    before = [measurement(n, "33.3333", OLD_AALESUND, **seen) for n in range(1, 6)]
    late = [measurement(n, "0.0007", OLD_AALESUND, received=40, **seen) for n in range(6, 20)]
    corrected = before[0] | {"quantity": Decimal("31.1111"), "reported_at": on(39, BEFORE_SPLIT)}
    found = use_diff(before, [corrected, *before[1:], *late], month=BEFORE_SPLIT, new_from=21)
    assert [r[:2] for r in said(found)] == [
        ("1508", "CORRECTED"),
        ("1508", "LATE"),
        ("1580", "CORRECTED"),
        ("1580", "LATE"),
    ]


def test_other_use_of_an_organisation_that_is_placed_elsewhere_is_a_new_mapping(use_diff, rows_of):
    was = {"municipality_code": "0301", "valid_from": date(2012, 1, 1), "estimated": False}
    of_before = rows_of(MUNICIPALITY_OF, *(was | {"organisation_number": o} for o in (OSLO, HALDEN)))
    before = [KNOWN, measurement(3, 20, HALDEN)]
    after = [*before, measurement(4, 5, HALDEN, received=33)]
    found = use_diff(before, after, new_from=21, of_before=of_before, moved="NEW_MAPPING")
    assert said(found) == [("0301", "NEW_MAPPING", -20), ("3101", "LATE", 5), ("3101", "NEW_MAPPING", 20)]


def test_of_sensitive_services_only_what_stands_is_told(use_diff, uses):
    def of(measure, quantity, **more):
        return measurement(5, quantity, of=("fiks-digisos", measure), **more)

    before = [of("soknader", 40), of("meldinger", 3), of("oppslag", 10), of("kontoer", 10)]
    after = [of(m["measure"], m["quantity"] + 7, reported=33) for m in before]
    shown = {r["measure"] for r in uses(after).measure_month.table.to_pylist()}
    assert shown == {"soknader", "kontoer"}, "of the flows the leading one is in the release itself"
    found = use_diff(before, after, new_from=21)
    assert said(found, "measure") == [("0301", "CORRECTED", 7, "kontoer")]


def test_the_months_that_may_differ_have_other_rows_or_somebody_who_lies_elsewhere(uses, rows_of, session):
    february, january = date(2026, 2, 1), date(2026, 1, 1)
    same = [KNOWN, measurement(3, 1, HALDEN, month=february), measurement(3, 1, month=january)]
    place = {"municipality_code": "0301", "valid_from": date(2012, 1, 1), "estimated": False}
    here = rows_of(MUNICIPALITY_OF, *(place | {"organisation_number": o} for o in (OSLO, HALDEN)))
    elsewhere = rows_of(
        MUNICIPALITY_OF,
        place | {"organisation_number": OSLO},
        place | {"organisation_number": HALDEN, "municipality_code": "3101"},
    )

    def months(before, after, *, everywhere=False):
        scan = release_diff.months_of_use(before, after, everywhere=everywhere)
        return session.cleared().table(scan)["month"].to_pylist()

    was = uses(same, here)
    assert months(was, uses(same, here)) == []
    assert months(was, uses([*same, measurement(4, 1)], here)) == [MARCH]
    assert months(was, uses(same[:2], elsewhere)) == [january, february]
    assert months(was, uses(same, here), everywhere=True) == [january, february, MARCH]


@given(
    st.lists(
        st.tuples(
            st.sampled_from((OLD_AALESUND, OSLO, COUNTY)),
            st.sampled_from(("oppslag", "kontoer")),
            st.sampled_from(("before", "after", "both")),
            st.integers(1, 45),
            st.integers(1, 28),
            st.decimals(0, 1000, places=4),
            st.booleans(),
        ),
        max_size=12,
        unique_by=lambda r: (r[0], r[1], r[4]),
    )
)
@settings(max_examples=examples(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_parts_of_other_use_always_sum_to_the_difference(use_diff, made):
    rows = [
        (
            where,
            taken,
            measurement(day, quantity, o, received=received, month=BEFORE_SPLIT, of=("fiks-folkeregister", measure)),
        )
        for o, measure, where, received, day, quantity, taken in made
    ]
    again = [m | {"quantity": m["quantity"] + 1} if taken and where == "both" else m for where, taken, m in rows]
    use_diff(
        [m for where, _, m in rows if where != "after"],
        [m for (where, _, _), m in zip(rows, again, strict=True) if where != "before"],
        month=BEFORE_SPLIT,
        new_from=21,
        withdrawn=[landed_measurement(m) for where, taken, m in rows if taken and where != "after"],
    )


def test_what_single_customers_pay_for_use_of_a_protected_service_is_in_no_sum_of_the_ledgers(rows_of, session):
    def basis(digisos, svarut):
        price = {"unit_price": Decimal(1), "unit": "stk", "status": "READY", "payer_number": OSLO} | {
            "organisation_number": OSLO,
            "month": MARCH,
        }
        elements = [("fiks-digisos", PERSON_PRICED[0], digisos), ("svarut", "svarut-forsendelser", svarut)]
        rows = [
            price | {"service": s, "price_element": e, "quantity": Decimal(n), "amount_ore": n * 100}
            for s, e, n in elements
        ]
        scan = rows_of(INVOICE_BASIS, *rows)
        return release_diff.Versions(INVOICE_BASIS.arrow_schema.names, scan, scan)

    names = [c.name for c in release_diff.added_up(INVOICE_BASIS)]
    for after, added, sums in ((basis(7, 10), 0, (10, 10)), (basis(7, 12), 1, (10, 12))):
        [row] = session.cleared().table(release_diff.of_dataset(INVOICE_BASIS, basis(3, 10), after)).to_pylist()
        nth = names.index("quantity")
        assert (row["rows_after"], row["added"], row[f"before_{nth}"], row[f"after_{nth}"]) == (1, added, *sums)
