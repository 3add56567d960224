"""R17 and R19, small: what rots at rest changes no number, and no identity number is in any store."""

from __future__ import annotations

import pytest

from tests.reliability.numbers import forms, numbers, r19, shown
from tests.reliability.rot import r17


@pytest.mark.slow("R17 of the scoreboard")
def test_a_flipped_bit_at_rest_changes_no_number_and_is_named():
    made = r17(0.12, 20261128)
    assert made.failures == []


@pytest.mark.slow("R19 of the scoreboard")
def test_no_identity_number_is_in_any_store_however_it_was_written_and_sent():
    made = r19(0.1, 20261128)
    assert made.failures == []
    assert made.passed, f"the control saw nothing: {made.control}"


def test_the_search_finds_a_number_in_every_form_and_in_no_other_number(tmp_path):
    one, other = numbers(2)
    for place, written in enumerate(forms(one).values()):
        (tmp_path / f"{place}.txt").write_bytes(f"sak {written} er lukket".encode().replace(b"\r\n", b" "))
        found = shown(tmp_path, {one: written})
        assert found == {f"{place}.txt": 1} or len(written.replace("\r\n", " ").splitlines()) > 1, written
        assert shown(tmp_path, {other: ""}) == {}, written
        (tmp_path / f"{place}.txt").unlink()
