"""The figures of who sees what, on the pages and in shares, small; `make reliability` tries every dataset."""

from __future__ import annotations

from tests.reliability.recipients import r11s
from tests.reliability.visitors import r11


def test_no_role_gets_a_row_beyond_its_audience_and_each_gets_all_within():
    figure = r11(0.1, 20261126)
    assert figure.failures == []
    assert figure.passed, f"the control saw nothing: {figure.control}"


def test_no_recipient_gets_a_row_beyond_its_shares_and_each_gets_all_within():
    figure = r11s(0.1, 20261129)
    assert figure.failures == []
    assert figure.passed, f"the control saw nothing: {figure.control}"
