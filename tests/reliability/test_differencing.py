"""R18, small: nothing that releases publish gives a hidden figure away."""

from __future__ import annotations

import pytest

from tests.reliability import differencing


@pytest.mark.slow("R18 of the scoreboard: five runs")
def test_no_small_figure_follows_from_all_that_five_releases_publish():
    made = differencing.r18(0.25, 20261128)
    assert made.failures == []
    assert made.passed, f"the control saw nothing: {made.control}"
