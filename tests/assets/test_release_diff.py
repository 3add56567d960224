"""What changed between two releases, on small tables: each reason once, and parts that sum to the difference."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assets import reference, release_diff, usage
from assets.making import Span
from assets.release_diff import CHANGED, Asked, Counts, Moved
from catalog import calendar, conformed, facts
from catalog.quality import DIFF_REASONS, RELEASE_DIFF
from catalog.reference import MUNICIPALITY_OF
from catalog.scan import Values
from catalog.usage import DISPATCH_DAY, MUNICIPALITY_MONTH

MARCH, BEFORE_SPLIT = date(2026, 3, 1), date(2023, 10, 1)
NUMBER = {r["name"]: r["organisation_number"] for r in facts.read("organisation") if not r["successor_number"]}
OSLO, HALDEN, OLD_AALESUND = NUMBER["Oslo kommune"], NUMBER["Halden kommune"], "920415288"
COUNTY = next(r["organisation_number"] for r in facts.read("organisation") if r["kind"] == "COUNTY")
REFERENCE = {
    m.contract.table: m.make(Span(datetime(2026, 11, 1, tzinfo=UTC))) for m in reference.MAKINGS if not m.inputs
}
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
            Span(on(300, month), month), dispatch_day=day, municipality_of=municipality_of, **others
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
        asked = Asked("b", "a", as_of or on(20, month), turned, more.get("moved", "CORRECTED"))
        scan = release_diff.release_diff(a, b, moved, REFERENCE["municipality_to_now"], asked)
        found = answer(scan, RELEASE_DIFF)
        parts = Counter()
        for row in found:
            assert row["difference"] != 0
            assert row["reason"] in DIFF_REASONS
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
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
