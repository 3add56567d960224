"""R14 and R18, small: nothing that releases publish gives a small count away."""

from __future__ import annotations

import pytest

from tests.reliability import differencing, published


@pytest.mark.slow("R18 of the scoreboard: months of a thousand cells")
def test_no_small_count_follows_from_all_that_four_releases_tell_of_it():
    made = differencing.r18(0.1, 20261128)
    assert made.failures == []
    assert made.passed, f"the control saw nothing: {made.control}"


@pytest.mark.slow("R14 of the scoreboard: thirteen runs")
def test_no_small_count_follows_from_all_that_ten_releases_of_a_home_publish():
    made = published.r14(1, 20261128)
    assert made.failures == []
    assert made.passed, f"the control saw nothing: {made.control}"
