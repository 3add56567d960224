"""What is foreseen of use: through the build for what is known, through `outlook` for what follows from it."""

import itertools
import math
import random
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assets import forecast as forecasts
from assets.build import BuildWindow
from assets.forecast import FEWEST_ATTEMPTS, METHODS, Calibration, Outlook, calibrated, outlook
from catalog.domain.calendar import next_month
from catalog.tables.reference import MEASURE
from catalog.tables.usage import DISPATCH_MONTH, FORECAST, FORECAST_METHODS, MEASURE_TOTAL_MONTH
from tests.thorough import examples

MID_APRIL = datetime(2026, 4, 20, 12, tzinfo=UTC)
MARCH = date(2026, 3, 1)
MONTHS_TRIED = dict(
    zip(range(5, 37), [1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 3, 4, 5, *[6] * 13, 7, 8, 9, 10, 11, 12], strict=True)
)
KINDS = [{"measure": "kontoer", "kind": "STOCK"}, {"measure": "oppslag", "kind": "FLOW"}]


def months_to(last: date, count: int) -> list[date]:
    first = date(last.year - 10, last.month, 1)
    months = list(itertools.islice(itertools.accumulate(itertools.repeat(first), lambda m, _: next_month(m)), 121))
    return months[len(months) - count :]


def sent(quantities, *, last=MARCH, **more) -> list[dict]:
    months = months_to(last, len(quantities))
    row = {"service": "svarut", "organisation_number": "1", "channel": "SDP", "outcome": "delivered"}
    return [row | {"month": m, "dispatches": q} | more for m, q in zip(months, quantities, strict=True)]


def measured(quantities, *, last=MARCH, **more) -> list[dict]:
    months = months_to(last, len(quantities))
    row = {"service": "fiks-folkeregister", "measure": "oppslag"}
    return [
        row | {"month": m, "quantity": Decimal(q), "perturbed": False} | more
        for m, q in zip(months, quantities, strict=True)
    ]


def rising_year(months: int, *, noise: float = 0.02, seed: int = 1) -> list[int]:
    """Use with a season, a trend and some noise, the same for the same seed."""
    chance = random.Random(seed)
    return [
        round((4000 + 40 * t) * (1 + 0.3 * math.sin(t * math.pi / 6)) * chance.gauss(1, noise)) for t in range(months)
    ]


def bands_of(*found: Outlook) -> list[list[tuple[int, int, int]]]:
    """The bands of series that end in the same month, calibrated together."""
    calibration = calibrated((0, seen) for seen in found)
    return [seen.bands(calibration, 0) for seen in found]


def decimals(quantities) -> list[Decimal]:
    return [Decimal(q) for q in quantities]


@pytest.fixture(scope="session")
def foresee(rows_of, answer):
    def foresee(*, dispatches=(), measures=(), as_of=MID_APRIL) -> list[dict]:
        scan = forecasts.forecast.make(
            BuildWindow(as_of),
            dispatch_month=rows_of(DISPATCH_MONTH, *dispatches),
            measure_total_month=rows_of(MEASURE_TOTAL_MONTH, *measures),
            measure=rows_of(MEASURE, *KINDS),
        )
        return answer(scan, FORECAST)

    return foresee


def test_each_service_and_measure_has_the_twelve_months_after_its_last_known_one(foresee):
    found = foresee(
        dispatches=[*sent([700] * 60), *sent([300] * 60, organisation_number="2", channel="PRINT")],
        measures=[*measured([20] * 60), *measured([7] * 60, measure="kontoer")],
    )
    months = months_to(date(2027, 3, 1), 12)
    series = [
        ("fiks-folkeregister", "kontoer", 7),
        ("fiks-folkeregister", "oppslag", 20),
        ("svarut", "forsendelser", 1000),
    ]
    assert [(r["service"], r["measure"], r["month"], r["expected"]) for r in found] == [
        (service, measure, month, expected) for service, measure, expected in series for month in months
    ]
    assert {(r["last_known_month"], r["months_known"]) for r in found} == {(MARCH, 60)}
    # each was foreseen so far ahead from the months of the last four years that it could be, and nothing was missed
    scores = [(48, 47, 46, 45, 43, 39, 35, 31, 27, 23, 19, 15)] * len(series)
    for column in ("past_forecasts", "past_inside"):
        assert [tuple(r[column] for r in found if r["measure"] == measure) for _, measure, _ in series] == scores


@pytest.mark.parametrize(("day", "last_known"), [(13, date(2026, 2, 1)), (14, MARCH)])
def test_a_month_is_known_seven_working_days_after_it(foresee, day, last_known):
    # Easter: 1 April and 7 to 14 April without the weekend are the seven working days
    found = foresee(dispatches=sent(rising_year(30)), as_of=datetime(2026, 4, day, 10, tzinfo=UTC))
    assert {r["last_known_month"] for r in found} == {last_known}


def test_figures_of_months_that_are_not_over_change_nothing(foresee):
    dispatches, measures = sent(rising_year(40)), measured(rising_year(30, seed=2))
    coming = date(2026, 6, 1)
    later = sent([1, 10**9, 5], last=coming), measured([10**9, 0, 3], last=coming)
    known = foresee(dispatches=dispatches, measures=measures)
    assert known
    assert foresee(dispatches=[*later[0], *dispatches], measures=[*later[1], *measures]) == known


def test_the_order_of_rows_changes_nothing(foresee):
    dispatches = sent(rising_year(40)) + sent(rising_year(30, seed=4), organisation_number="2")
    measures = measured(rising_year(26, seed=5)) + measured([3, 9, 4, 1, 5, 8, 2, 7, 6], measure="kontoer")
    once = foresee(dispatches=dispatches, measures=measures)
    chance = random.Random(6)
    for _ in range(3):
        chance.shuffle(dispatches)
        chance.shuffle(measures)
        assert foresee(dispatches=dispatches, measures=measures) == once


@pytest.mark.parametrize("last", [date(2025, 5, 1), date(2025, 6, 1)])
def test_after_a_gap_only_what_follows_is_known(foresee, last):
    before = measured([90_000] * 20, last=last)
    found = foresee(measures=[*before, *measured([50] * 8)])
    assert {(r["expected"], r["months_known"], r["months_held_out"]) for r in found} == {(50, 8, 3)}
    # no farther than it was tried
    assert [(r["backtest_error"], r["last_value_error"], r["mean_error"]) for r in found] == [(0, 0, 0)] * 3
    assert {(r["past_forecasts"], r["past_inside"]) for r in found} == {(0, 0)}


def test_figures_of_persons_are_foreseen_as_they_are_published(foresee):
    of_persons = {"service": "fiks-digisos", "measure": "soknader", "perturbed": True}
    found = foresee(measures=measured([60] * 12, **of_persons))
    assert {(r["service"], r["measure"], r["expected"]) for r in found} == {("fiks-digisos", "soknader", 60)}


def test_too_few_months_give_no_forecast_also_where_a_gap_makes_them_few(foresee):
    gap = [*measured([5] * 20, last=date(2025, 7, 1)), *measured([5] * 7)]
    assert foresee(dispatches=sent(range(10, 17)), measures=gap) == []
    assert foresee() == []
    assert len(foresee(dispatches=sent(range(10, 18)))) == 3


def test_a_series_of_which_neither_the_last_value_nor_the_mean_is_beaten_has_no_forecast(foresee):
    # a season that was seen once: what is chosen before it turns goes on the wrong way
    once = rising_year(16)
    assert foresee(measures=measured(once)) == []
    assert len(foresee(measures=measured(rising_year(30)))) == 10


def test_what_is_missed_of_a_flow_grows_with_it_and_of_a_level_it_does_not(foresee):
    doubled = [round(q * (1 + t / 40)) for t, q in enumerate(rising_year(40, noise=0.1))]
    found = foresee(measures=[*measured(doubled), *measured(doubled, measure="kontoer")])
    flow, level = ([r for r in found if r["measure"] == m] for m in ("oppslag", "kontoer"))
    assert [r["expected"] for r in flow] == [r["expected"] for r in level]
    assert all(a["high"] - a["low"] > b["high"] - b["low"] for a, b in zip(flow, level, strict=True))
    assert [r["backtest_error"] for r in flow] == [r["backtest_error"] for r in level]


@pytest.mark.parametrize(("last", "rows"), [(date(2026, 1, 1), 4), (date(2025, 12, 1), 0)])
def test_figures_may_be_two_months_late_and_a_series_that_is_silent_for_longer_has_ended(foresee, last, rows):
    found = foresee(measures=measured([40] * 10, last=last))
    assert len(found) == rows
    assert all(r["month"] > r["last_known_month"] == last for r in found)


def test_a_forecast_is_synthetic_when_any_month_it_rests_on_is(foresee):
    mixed = [*sent([5] * 8, last=date(2026, 2, 1)), *sent([5], synthetic=True)]
    before_the_gap = [*measured([5] * 9, last=date(2025, 6, 1), synthetic=True), *measured([5] * 8)]
    found = foresee(dispatches=mixed, measures=before_the_gap)
    assert {(r["measure"], r["synthetic"]) for r in found} == {("forsendelser", True), ("oppslag", False)}


def test_a_series_of_zeros_has_no_error_to_tell_and_no_forecast(foresee):
    assert foresee(measures=measured([0] * 30)) == []


def test_the_forecast_is_made_anew_when_a_month_is_settled_and_not_before(rows_of):
    inputs = {
        "dispatch_month": rows_of(DISPATCH_MONTH),
        "measure_total_month": rows_of(MEASURE_TOTAL_MONTH),
        "measure": rows_of(MEASURE, *KINDS),
    }
    days = [datetime(2026, 4, 14, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 30, tzinfo=UTC)]
    april, may, later = (forecasts.forecast.make(BuildWindow(d), **inputs).fingerprint for d in days)
    assert april == may != later


def test_the_engine_serves_series_of_any_name():
    known = pa.table(
        {
            "area": ["NO"] * 20,
            "month": months_to(MARCH, 20),
            "quantity": pa.array(decimals(range(20)), pa.decimal128(18, 4)),
            "synthetic": [False] * 20,
        }
    )
    found = forecasts.foreseen(known, MARCH).to_pylist()
    assert [(r["area"], r["expected"]) for r in found[:3]] == [("NO", 20), ("NO", 21), ("NO", 22)]


def test_the_contract_names_the_methods():
    assert tuple(METHODS) == FORECAST_METHODS


# --- outlook ---------------------------------------------------------------------------------------------------------

quantities = st.integers(0, 10**7)
series = st.lists(quantities, min_size=8, max_size=40)


@given(quantities, st.integers(8, 60))
def test_a_constant_series_stays_what_it_is(quantity, months):
    found = outlook(decimals([quantity] * months))
    reached = min(12, max(3, math.ceil(months / 3))) if quantity else 0
    assert bands_of(found) == [[(quantity,) * 3] * reached]
    assert {tried.error for tried in found.tried} <= {0}


@settings(max_examples=examples(60))
@given(series)
@example([4, 17, 9, 17, 28, 1, 23, 7, 0, 9, 27, 16])  # missed less further ahead
def test_low_expected_and_high_lie_in_order_never_below_zero_and_never_nearer_with_distance(known):
    [ahead] = bands_of(outlook(decimals(known)))
    assert len(ahead) <= 12
    assert all(0 <= low <= expected <= high for low, expected, high in ahead)
    widths = [high - expected for _, expected, high in ahead]
    assert widths == sorted(widths)


@pytest.mark.parametrize("months", [24, 36, 48, 60])
def test_a_season_is_foreseen_nearer_than_by_the_last_month_or_the_year_before(months):
    whole = rising_year(months + 12)
    known, coming = whole[:months], whole[months:]

    def missed(guesses):
        return sum(abs(g - c) for g, c in zip(guesses, coming, strict=True))

    expected = outlook(decimals(known)).expected
    coming = coming[: len(expected)]
    reached = len(coming)
    assert reached == min(12, math.ceil(months / 3))
    assert missed(expected) < missed(known[-12:][:reached]) < missed([known[-1]] * reached)
    assert missed(expected) / sum(coming) < 0.05


def test_growth_from_year_to_year_goes_on_but_not_that_of_a_launch():
    growth = METHODS["SEASONAL_GROWTH"]
    assert growth([100.0] * 12 + [150.0] * 12) == [225.0] * 12
    assert growth([100.0] * 12 + [201.0] * 12) is None
    assert growth([100.0] * 12 + [49.0] * 12) is None


def test_a_season_around_a_steady_level_comes_back_whole():
    year = [90.0, 100, 110, 100, 95, 85, 40, 100, 120, 130, 125, 105]
    assert METHODS["SEASONAL_THETA"]([y * 7 for y in year * 3]) == pytest.approx([y * 7 for y in year])


def test_a_steady_rise_goes_on():
    assert list(outlook(decimals(range(100, 136))).expected) == list(range(136, 148))


def chosen_by_hand(known: list[int]) -> str:
    """The method that misses least in the last of the months; each forecast sees only what was before."""
    count = len(known)
    best = None
    for name, method in METHODS.items():
        missed = Fraction(0)
        applies = method([float(k) for k in known]) is not None
        for first in range(count - MONTHS_TRIED.get(count, 12), count):
            guesses = method([float(k) for k in known[:first]])
            applies = applies and guesses is not None
            for month in range(first, count) if applies else ():
                missed += abs(rounded(guesses[month - first]) - known[month])
        if applies and (best is None or missed < best[1]):
            best = (name, missed)
    return best[0]


def rounded(guess: float) -> int:
    return max(0, math.floor(Fraction(guess) + Fraction(1, 2)))


def missed_by_hand(name: str, known: list[int], origin: int) -> list[int]:
    """By how much a method that knows the months before an origin misses those after it, up to a year of them."""
    guesses = METHODS[name]([float(k) for k in known[:origin]])
    return [abs(rounded(guess) - came) for guess, came in zip(guesses, known[origin:], strict=False)]


def near(missed: list[list[int]], ahead: int) -> list[int]:
    """Of each origin, what was missed so many months ahead, two more or less."""
    return [error for of_origin in missed for error in of_origin[max(0, ahead - 3) : ahead + 2]]


def scales_by_hand(missed: list[list[int]], months: int) -> list[float]:
    scales = [0.0]
    for ahead in range(1, months + 1):
        errors = near(missed, ahead)
        scales.append(max(scales[-1], (sum(errors) + 1) / (len(errors) + 1)))
    return scales[1:]


@settings(max_examples=examples(40))
@given(st.data(), st.integers(8, 62))
def test_choice_errors_and_interval_are_those_of_held_out_months_by_hand(data, count):
    known = data.draw(st.lists(st.integers(0, 10**6), min_size=count, max_size=count))
    held_out = min(count - 5, 24, max(3, math.ceil(count / 3)))
    origins = range(count - held_out, count)
    # before each origin the method is chosen by the months before it alone
    own = [missed_by_hand(chosen_by_hand(known[:o]), known, o) for o in origins]
    simplest = [[missed_by_hand(name, known, o) for o in origins] for name in ("LAST_VALUE", "MEAN")]
    found = outlook(decimals(known), flow=False)
    assert (found.method, found.origins) == (chosen_by_hand(known), held_out)
    for ahead in range(1, len(found.expected) + 2):
        actual = sum(came for o in origins for came in known[o : o + 12][max(0, ahead - 3) : ahead + 2])
        of_own, *of_simplest = (sum(near(missed, ahead)) for missed in (own, *simplest))
        holds = ahead <= min(12, held_out) and actual and (not of_own or of_own < max(of_simplest))
        assert bool(holds) == (ahead <= len(found.expected))
        if holds:
            tried = found.tried[ahead - 1]
            told = (tried.error, tried.last_value_error, tried.mean_error)
            for share, total in zip(told, (of_own, *of_simplest), strict=True):
                assert abs(Fraction(share) - Fraction(total, actual)) <= Fraction(1, 2_000_000)
    assert list(found.scales) == scales_by_hand(own, len(found.expected))
    # the attempts of one series are too few to calibrate by
    assert bands_of(found) == [
        [
            (max(0, e - w), e, e + w)
            for e, w in ((e, math.floor(s * 1.6 + 0.5)) for e, s in zip(found.expected, found.scales, strict=True))
        ]
    ]


@settings(max_examples=examples(20))
@given(st.lists(quantities, min_size=9, max_size=40), st.data())
def test_an_attempt_is_the_forecast_that_would_have_been_made(known, data):
    origin = data.draw(st.integers(8, len(known) - 1))
    then = outlook(decimals(known[:origin]))
    made = [a for a in outlook(decimals(known)).attempts if len(known) - a.back - a.ahead == origin]
    came = known[origin : origin + 12]
    assert [(a.ahead, a.missed, a.scale) for a in made] == [
        (ahead, abs(e - c), s) for ahead, (e, s, c) in enumerate(zip(then.expected, then.scales, came, strict=False), 1)
    ]


def test_a_factor_is_the_least_that_eighty_of_a_hundred_attempts_of_the_year_before_would_have_needed():
    scores = [float(n) for n in range(FEWEST_ATTEMPTS)]
    calibration = Calibration(
        {
            (100, 1): scores[::2],
            (89, 1): scores[1::2],
            (88, 1): [99.0] * 50,
            (101, 1): [99.0] * 50,
            (100, 2): scores[1:],
        }
    )
    assert calibration.factor(100, 1) == 15.0  # the 16th of 20
    assert calibration.factor(100, 2) == calibration.factor(100, 12) == 15.0  # 19 are too few
    assert calibration.factor(88 + 24, 1) == 99.0
    assert calibration.factor(87, 1) == 1.6


@pytest.mark.parametrize("seed", range(5))
def test_theta_is_simple_exponential_smoothing_with_half_the_slope_as_drift(seed):
    """Hyndman and Billah, "Unmasking the Theta method" (2003), prove so; one of our weights must give the figures."""
    known = [float(k) for k in rising_year(30, noise=0.1, seed=seed)]
    count = len(known)
    times = sum(t * k for t, k in enumerate(known)) - (count - 1) / 2 * sum(known)
    slope = 12 * times / (count * (count * count - 1))

    def with_drift(weight):
        level = known[0]
        for value in known[1:]:
            level = weight * value + (1 - weight) * level
        start = 1 / weight - (1 - weight) ** count / weight
        return [level + slope / 2 * (ahead + start) for ahead in range(12)]

    assert any(METHODS["THETA"](known) == pytest.approx(with_drift(step / 20)) for step in range(1, 21))


@pytest.mark.slow("a score of sixty made-up series; the bands of one are counted by hand above")
def test_about_eighty_of_a_hundred_months_lie_between_low_and_high_at_each_distance():
    wholes = [rising_year(36 + seed % 25 + 12, noise=0.03 + seed % 5 / 50, seed=seed) for seed in range(60)]
    within = [[] for _ in range(12)]
    bands = bands_of(*(outlook(decimals(whole[:-12])) for whole in wholes))
    for whole, ahead in zip(wholes, bands, strict=True):
        for nth, ((low, _, high), actual) in enumerate(zip(ahead, whole[-12:], strict=False)):
            within[nth].append(low <= actual <= high)
    for near_by in (within[:4], within[4:8], within[8:]):
        assert 0.7 < sum(map(sum, near_by)) / sum(map(len, near_by)) < 0.92
