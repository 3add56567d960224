"""The figure of who sees what on the pages, small; `make reliability` tries every dataset."""

from __future__ import annotations

from tests.reliability.visitors import r11


def test_no_role_gets_a_row_beyond_its_audience_and_each_gets_all_within():
    figure = r11(0.1, 20261126)
    assert figure.failures == []
    assert figure.passed, f"the control saw nothing: {figure.control}"
