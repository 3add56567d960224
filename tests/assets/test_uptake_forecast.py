"""How many municipalities will have a service: through the making for what is known, by curves that are known whole."""

import importlib.util
import inspect
import itertools
import random
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assets import bundled, forecast, reference, uptake, uptake_forecast
from assets.build import BuildWindow
from assets.uptake_forecast import s_curve
from catalog.contracts import scan
from catalog.contracts.scan import empty
from catalog.domain.calendar import next_month, start_of
from catalog.tables import conformed
from catalog.tables.reference import ADOPTION_SOURCE, MUNICIPALITY, ORGANISATION
from catalog.tables.uptake import FORECAST, FORECAST_METHODS, MEASURED_MONTH, STATUS_MONTH, STEP_EVENT, USE_MONTH
from pipelines.run import steps
from pipelines.run.schedule import make_one
from tests.thorough import examples
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import inbox
from transport.lake.tables import Lake

MID_APRIL = datetime(2026, 4, 20, 12, tzinfo=UTC)
MARCH = date(2026, 3, 1)
ALL = 357
CODES = [f"{n:04}" for n in range(1, ALL + 1)]
MUNICIPALITIES = [{"code": c, "name": c, "county_code": c[:2], "valid_from": date(2024, 1, 1)} for c in CODES]
ENDED = {"code": "9999", "name": "ended", "county_code": "99", "valid_to": date(2024, 1, 1)}
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "uptake-forecast.md"


def months_to(last: date, count: int) -> list[date]:
    first = date(last.year - 15, last.month, 1)
    return list(itertools.islice(itertools.accumulate(itertools.repeat(first), lambda m, _: next_month(m)), 181))[
        -count:
    ]


def stands(counts, *, last=MARCH, codes=CODES, also=1, **more) -> list[dict]:
    """Status rows in which the first municipalities of the list are active, and some more have an annex only."""
    row = {"service": "fiks-io", "customer_kind": "MUNICIPALITY", "active_basis": "EVENT", "estimated": False}
    return [
        row
        | {"month": month, "municipality_code": code, "active": place < count}
        | {"step": "ACTIVATED" if place < count else "ANNEX_SIGNED"}
        | more
        for month, count in zip(months_to(last, len(counts)), counts, strict=True)
        for place, code in enumerate(codes[: min(count + also, len(codes))])
    ]


def began(code: str, month: date, precision: str = "EXACT", **more) -> dict:
    row = {
        "producer": "nav",
        "event_id": f"{code}-{month}-{precision}",
        "service": "fiks-io",
        "municipality_code": code,
        "estimated": False,
        "customer_kind": "MUNICIPALITY",
        "step": "ACTIVATED",
        "occurred_at": start_of(month),
        "occurred_precision": precision,
        "month": month,
        "source": "nav",
    }
    return row | more


def rounded(levels, start=0.0) -> list[int]:
    return [round(start + level) for level in levels]


def logistic(months: int, *, ceiling=210, growth=0.12, middle=30) -> list[int]:
    return rounded(ceiling / (1 + 2.718281828 ** (-growth * (t - middle))) for t in range(months))


def bass(months: int, *, ceiling=240, alone=0.01, among=0.12) -> list[int]:
    def share(t):
        left = 2.718281828 ** (-(alone + among) * t)
        return (1 - left) / (1 + among / alone * left)

    return rounded(ceiling * share(t) for t in range(months))


@pytest.fixture(scope="session")
def foresee(rows_of, answer):
    def foresee(status, events=(), *, as_of=MID_APRIL) -> list[dict]:
        scan = uptake_forecast.forecast.make(
            BuildWindow(as_of),
            status_month=rows_of(STATUS_MONTH, *status),
            step_event=rows_of(STEP_EVENT, *events),
            municipality=rows_of(MUNICIPALITY, *MUNICIPALITIES, ENDED),
        )
        return answer(scan, FORECAST)

    return foresee


def one(rows, column):
    [value] = {r[column] for r in rows}
    return value


# --- through the making ----------------------------------------------------------------------------------------------


def test_a_logistic_curve_is_given_back_with_its_ceiling(foresee):
    whole = logistic(60)
    found = foresee(stands(whole[:42]))
    assert (one(found, "method"), one(found, "months_known")) == ("LOGISTIC", 42)
    assert abs(one(found, "ceiling") - 210) <= 0.03 * 210
    assert all(abs(r["expected"] - came) <= 3 for r, came in zip(found, whole[42:], strict=False))


def test_a_bass_curve_is_given_back_with_its_ceiling(foresee):
    whole = bass(60)
    found = foresee(stands(whole[:40]))
    assert one(found, "method") == "BASS"
    assert abs(one(found, "ceiling") - 240) <= 5
    assert all(abs(r["expected"] - came) <= 3 for r, came in zip(found, whole[40:], strict=False))


@pytest.mark.parametrize("steep", [4, 9, 15])
def test_growth_never_goes_past_the_municipalities_there_are(foresee, steep):
    found = foresee(stands([min(340, 10 + steep * t) for t in range(24)]))
    assert len(found) == 8
    assert max(r["high"] for r in found) <= ALL
    assert all(r["low"] <= r["expected"] <= r["high"] for r in found)


def test_growth_that_came_to_a_plateau_stays_there(foresee):
    found = foresee(stands([*range(10, 130, 6), *[130] * 18]))
    assert one(found, "expected") == 130
    assert found[0]["high"] == 130
    assert found[-1]["high"] <= 130 + 6  # one more step as before


def test_a_flat_series_stays_what_it_is_by_its_last_value(foresee):
    found = foresee(stands([50] * 20))
    assert {(r["low"], r["expected"], r["high"]) for r in found} == {(50, 50, 50)}
    assert (one(found, "method"), one(found, "months_held_out"), one(found, "ceiling")) == ("LAST_VALUE", 7, None)
    # seven months were held out, so nothing farther ahead was tried
    assert [(r["backtest_error"], r["last_value_error"], r["mean_error"]) for r in found] == [(0, 0, 0)] * 7


def test_nobody_active_yet_has_no_error_to_tell_and_no_forecast(foresee):
    assert foresee(stands([0] * 8)) == []


def test_too_few_months_give_no_forecast(foresee):
    assert foresee([]) == []
    assert foresee(stands(range(10, 17))) == []
    assert [r["month"] for r in foresee(stands(range(10, 18)))] == months_to(date(2026, 6, 1), 3)


def test_before_a_year_is_known_no_s_curve_is_tried(foresee):
    assert one(foresee(stands(logistic(31)[-11:])), "method") not in uptake_forecast.S_CURVES


def test_after_months_that_nobody_observed_only_what_follows_is_known(foresee):
    before = stands(range(100, 120), last=date(2025, 5, 1))
    found = foresee([*before, *stands([50] * 8)])
    assert (one(found, "months_known"), one(found, "expected")) == (8, 50)


def test_a_list_that_was_seen_once_after_years_is_no_series(foresee):
    assert foresee([*stands(range(100, 120), last=date(2020, 5, 1)), *stands([199])]) == []


@pytest.mark.parametrize(("last", "rows"), [(date(2026, 1, 1), 4), (date(2025, 12, 1), 0)])
def test_a_series_that_is_silent_for_more_than_two_months_has_no_forecast(foresee, last, rows):
    assert len(foresee(stands([40] * 10, last=last))) == rows


def test_where_use_begins_to_tell_the_series_begins_anew(foresee):
    by_event = stands([300] * 30, last=date(2025, 7, 1))
    found = foresee([*by_event, *stands([120] * 8, active_basis="USE")])
    assert (one(found, "active_basis"), one(found, "months_known"), one(found, "expected")) == ("USE", 8, 120)


def test_months_that_use_is_not_reported_for_yet_are_not_mixed_with_those_it_is(foresee):
    by_use = stands([120] * 9, last=date(2026, 1, 1), active_basis="USE")
    found = foresee([*by_use, *stands([300] * 2)])
    assert (one(found, "active_basis"), one(found, "last_known_month")) == ("USE", date(2026, 1, 1))


def test_a_municipality_with_several_customers_counts_once_and_a_county_not_at_all(foresee):
    company = stands([30] * 8, organisation_number="958935420")
    county = stands([3] * 8, customer_kind="COUNTY", municipality_code=None, organisation_number="921693230")
    assert one(foresee([*stands([40] * 8), *company, *county]), "expected") == 40
    assert foresee(county) == []


def test_a_first_snapshot_stands_in_the_level_and_does_not_bend_the_curve(foresee):
    dated, snapshot = stands(logistic(42)), CODES[250:340]
    seen = stands([len(snapshot)] * 10, codes=snapshot, also=0)
    events = [began(c, months_to(MARCH, 10)[0], "NO_LATER_THAN") for c in snapshot]
    alone, found = foresee(dated), foresee([*dated, *seen], events)
    assert (one(found, "method"), one(found, "ceiling")) == ("LOGISTIC", one(alone, "ceiling") + 90)
    assert [r["expected"] for r in found] == [r["expected"] + 90 for r in alone]
    assert [r["high"] - r["low"] for r in found] == [r["high"] - r["low"] for r in alone]
    # and had they begun that month, it would have
    assert foresee([*dated, *seen], [e | {"occurred_precision": "EXACT"} for e in events]) != found


def test_what_has_an_exact_beginning_is_no_snapshot_whatever_list_finds_it_later(foresee):
    known = stands([*range(10, 34)])
    events = [began(c, months_to(MARCH, 24)[0]) for c in CODES[:10]]
    later = [began(c, months_to(MARCH, 5)[0], "NO_LATER_THAN") for c in CODES[:10]]
    assert foresee(known, [*events, *later]) == foresee(known, events)


def test_where_use_tells_a_snapshot_is_not_supposed_to_have_been_active(foresee):
    known = stands(bass(30), active_basis="USE")
    events = [began(c, months_to(MARCH, 3)[0], "NO_LATER_THAN") for c in CODES[:100]]
    assert foresee(known, events) == foresee(known)


def test_a_snapshot_that_ended_is_a_fall_and_not_counted_further(foresee):
    snapshot, events = CODES[100:150], [began(c, months_to(MARCH, 10)[0], "NO_LATER_THAN") for c in CODES[100:150]]
    found = foresee([*stands([20] * 20), *stands([50] * 5 + [10] * 5, codes=snapshot, also=40)], events)
    assert one(found, "expected") == 30


def test_figures_of_months_that_are_not_over_change_nothing(foresee):
    status, events = stands(bass(30)), [began("0300", MARCH, "NO_LATER_THAN")]
    coming, may = date(2026, 4, 1), date(2026, 5, 1)
    later = stands([300, 1], last=may)
    known = foresee(status, events)
    assert known
    assert foresee([*later, *status], [*events, *(began(c, coming, "NO_LATER_THAN") for c in CODES[200:])]) == known


@pytest.mark.parametrize(("day", "last_known"), [(13, date(2026, 2, 1)), (14, MARCH)])
def test_a_month_is_known_seven_working_days_after_it(foresee, day, last_known):
    found = foresee(stands(bass(20)), as_of=datetime(2026, 4, day, 10, tzinfo=UTC))
    assert one(found, "last_known_month") == last_known


def test_the_order_of_rows_changes_nothing(foresee):
    status = stands(bass(20)) + stands([1, 4, 4, 9, 12, 14, 17, 19, 25], service="fiks-digisos")
    events = [began(c, months_to(MARCH, 10)[0], p) for c in CODES[:9] for p in ("EXACT", "NO_LATER_THAN")]
    once = foresee(status, events)
    chance = random.Random(6)
    chance.shuffle(status)
    chance.shuffle(events)
    assert foresee(status, events) == once


def test_a_forecast_is_synthetic_when_any_month_it_rests_on_is(foresee):
    mixed = [*stands([4] * 6, last=date(2026, 1, 1)), *stands([4] * 2, synthetic=True)]
    other = {"service": "fiks-digisos"}
    before_the_gap = stands([4] * 9, last=date(2025, 6, 1), synthetic=True, **other)
    found = foresee([*mixed, *before_the_gap, *stands([4] * 8, **other)])
    assert {(r["service"], r["synthetic"]) for r in found} == {("fiks-io", True), ("fiks-digisos", False)}


def test_the_forecast_is_made_anew_when_a_month_is_settled_or_a_rule_changes_and_not_before(rows_of, monkeypatch):
    def asked(day):
        return uptake_forecast.forecast.make(
            BuildWindow(day),
            status_month=rows_of(STATUS_MONTH),
            step_event=rows_of(STEP_EVENT),
            municipality=rows_of(MUNICIPALITY),
        ).fingerprint

    april, may, later = (asked(datetime(2026, *d, tzinfo=UTC)) for d in ((4, 14), (5, 1), (5, 30)))
    assert april == may != later
    real = inspect.getsource

    def asked_with(more):
        changed = lambda module: real(module) + (more if module is forecast else "")  # noqa: E731
        with monkeypatch.context() as patched:
            patched.setattr(scan.inspect, "getsource", changed)
            scan.code_of.cache_clear()
            try:
                return asked(datetime(2026, 4, 14, tzinfo=UTC))
            finally:
                scan.code_of.cache_clear()

    assert asked_with("\nMONTHS_HELD_OUT = 9") != april, "the back-test lies in another module"
    assert asked_with("# another word for it") == april


def test_the_contract_names_the_methods_from_the_simplest_on():
    known = uptake_forecast.Series({}, [{"undated": 0, "municipalities": ALL, "quantity": Decimal(1)}])
    assert tuple(uptake_forecast.methods_for(known)) == FORECAST_METHODS
    assert set(uptake_forecast.S_CURVES) < set(FORECAST_METHODS)


# --- the curves ------------------------------------------------------------------------------------------------------


@settings(max_examples=examples(80))
@given(st.lists(st.integers(0, ALL), min_size=2, max_size=40), st.booleans())
@example([0, 0, 0, 1], False)
@example([0] * 12, True)
@example([ALL] * 12, False)
@example([300, 200, 100], False)
@example([0, ALL], False)
def test_a_curve_goes_on_from_the_last_month_up_to_its_ceiling_and_never_past_or_back(known, imitation_only):
    curve = s_curve(known, ALL, imitation_only=imitation_only)
    assert known[-1] <= curve.ceiling <= ALL
    levels = [known[-1], *curve.onwards(known[-1], 60)]
    assert all(a <= b <= curve.ceiling for a, b in itertools.pairwise(levels))


@settings(max_examples=examples(40))
@given(st.lists(st.integers(0, 60), min_size=6, max_size=20))
@example([0, 0, 0, 0, 1, 0])
def test_no_other_ceiling_near_by_or_among_those_tried_gives_less_squared_errors(known):
    curve = s_curve(known, 60, imitation_only=False)

    def missed(ceiling, alone, among):
        return sum((a + (ceiling - a) * (alone + among * a) - b) ** 2 for a, b in itertools.pairwise(known))

    least = missed(curve.ceiling, curve.alone, curve.among)
    lowest = max(known[-1], 1)  # a curve has somebody to reach
    for alone, among in itertools.product((0.9, 1, 1.1), repeat=2):
        for ceiling in {c for c in (curve.ceiling - 1, curve.ceiling, curve.ceiling + 1) if lowest <= c <= 60}:
            assert least <= missed(ceiling, curve.alone * alone, curve.among * among) + 1e-6


# --- the real records ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory, answer):
    """The forecasts as they would have been on a day, from the bundled records through the inbox."""
    home = Settings(home=tmp_path_factory.mktemp("real"), settle_seconds=0, memory_mb=500, threads=1)
    for name, producer, table in bundled.adoption_batches():
        inbox.drop(home.inbox, "adoption", producer, name, table)
    with atomic_files.locked(home.home):
        run = steps.start(home, datetime(2026, 7, 20, tzinfo=UTC))
        steps.prepare(run)
        steps.take_in(run)
        make_one(run, "conformed.register")
        for making in reference.BUILDS:
            make_one(run, making.contract.name)[0]
        make_one(run, "conformed.adoption")
    lake = Lake(home.lake)

    def real(as_of: datetime) -> dict[str, list[dict]]:
        step_event = uptake.step_event.make(
            BuildWindow(as_of), adoption=lake.scan(conformed.ADOPTION), organisation=lake.scan(ORGANISATION)
        )
        status_month = uptake.status_month.make(
            BuildWindow(as_of),
            step_event=step_event,
            use_month=empty(USE_MONTH.arrow_schema),
            measured_month=empty(MEASURED_MONTH.arrow_schema),
            adoption_source=lake.scan(ADOPTION_SOURCE),
        )
        scan = uptake_forecast.forecast.make(
            BuildWindow(as_of), status_month=status_month, step_event=step_event, municipality=lake.scan(MUNICIPALITY)
        )
        found: dict[str, list[dict]] = {}
        for row in answer(scan, FORECAST):
            found.setdefault(row["service"], []).append(row)
        return found

    return real


def test_digisos_as_it_was_foreseen_in_december_2019_is_as_the_page_tells(real):
    found = real(datetime(2019, 12, 15, tzinfo=UTC))["fiks-digisos"]
    assert (one(found, "last_known_month"), one(found, "months_known")) == (date(2019, 11, 1), 14)
    assert not one(found, "synthetic")
    assert [r["expected"] for r in found[:6]] == [115, 123, 131, 139, 147]
    came = [111, 114, 115, 149, 156]
    inside = sum(r["low"] <= count <= r["high"] for r, count in zip(found, came, strict=False))
    assert len(found) == one(found, "months_held_out") == 5
    told = sum(r["backtest_error"] * count for r, count in zip(found, came, strict=True)) / sum(came)
    missed = Decimal(sum(abs(r["expected"] - count) for r, count in zip(found, came, strict=True))) / sum(came)
    text = DOCUMENT.read_text("utf-8")
    assert f"{inside} of the 5 months" in text
    assert f"| 2019-11 | 14 | {one(found, 'method')} | {inside} of 5 | {told:.3f} | {missed:.3f} |" in text


@pytest.mark.slow("every month of both real series is an origin once, and has origins of its own")
def test_over_every_origin_of_the_real_series_the_band_and_the_error_hold_and_the_page_shows_all(tmp_path):
    spec = importlib.util.spec_from_file_location("uptake_forecast_page", DOCUMENT.parent / "uptake_forecast.py")
    page = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = page  # its dataclasses look themselves up
    spec.loader.exec_module(page)
    found = page.trials(Settings(home=tmp_path, settle_seconds=0, memory_mb=500, threads=1))
    text = DOCUMENT.read_text("utf-8")
    for told in (page.summary(found), *map(page.every_origin, found.values()), page.every_method(found)):
        assert told in text
    assert {name: len(of_series) for name, of_series in found.items()} == {"digisos": 12, "altinn": 75}
    for of_series in found.values():
        shown = [t for t in of_series if t.outlook]
        within = [low <= n <= high for t in shown for (low, _, high), (_, n) in zip(t.ahead, t.reached, strict=True)]
        assert 0.7 <= sum(within) / len(within) <= 0.9
        told, missed = (sum(t.told_and_missed[at] for t in shown) for at in (0, 1))
        assert told >= missed, "what is told is not too little"


def test_of_2026_digisos_has_a_single_month_and_no_forecast_and_altinn_few_municipalities(real):
    found = real(datetime(2026, 6, 20, tzinfo=UTC))
    assert set(found) == {"altinn-3"}
    assert {r["expected"] for r in found["altinn-3"]} <= {2, 3}
