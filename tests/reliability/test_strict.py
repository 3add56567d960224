"""R16, small: what is accepted is strictly read."""

from __future__ import annotations

from tests.reliability.strict import r16, strict


def test_whatever_is_accepted_of_polluted_files_is_what_a_strict_reading_has():
    made = r16(0.05, 20261128)
    assert made.failures == []
    assert made.passed, f"the control saw nothing: {made.control}"
    assert made.facts["CSV accepted"]


def test_the_strict_reading_itself_knows_quotes_and_line_ends():
    assert strict('a,b\r\n"x ""y""\r\nz",2\n\n', ",") == [["a", "b"], ['x "y"\r\nz', "2"]]
    assert strict("a,\n,b", ",") == [["a", ""], ["", "b"]]
    for broken in ('a,b\n"x,1', 'a\nx"y"', 'a\n"x"y', "a\rb"):
        assert strict(broken, ",") is None, broken
