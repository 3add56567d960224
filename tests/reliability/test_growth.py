"""R21, small: nothing grows for ever, and the first failed backup wakes somebody."""

from __future__ import annotations

import pytest

from tests.reliability import growth
from tests.reliability.zygote import home_in


def test_thirty_backups_that_fail_wake_somebody_at_the_first_and_hide_no_last_success(tmp_path):
    assert growth.failed_backups(home_in(tmp_path / "home"), 5) == []


@pytest.mark.slow("R21 of the scoreboard")
def test_releases_and_runs_are_bounded_by_the_policy():
    made = growth.r21(0.05, 20261128)
    assert made.failures == []
    assert made.passed, f"the control saw nothing: {made.control}"
