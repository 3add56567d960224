"""The scoreboard, small, and the parts that its figures judge by; `make reliability` runs every figure at full size.

The targets, and why each has a control, stand in `board.py`. R7 and R13 are tried part by part in `test_hostile.py`.
"""

from __future__ import annotations

import pyarrow as pa
import pytest

from catalog.errors import Unreadable
from catalog.tables.streams import DISPATCH
from tests.reliability import growth
from tests.reliability.__main__ import register, run
from tests.reliability.board import FIGURES
from tests.reliability.numbers import forms, numbers, shown
from tests.reliability.strict import strict
from tests.reliability.zygote import batch, home_in
from transport.ingest import formats

SEED = 20261128
EACH_TIME = {"R11": 0.1, "R16": 0.05}
"""How large a figure of `make test` is, of 1."""
AT_NIGHT = {
    "R1": 0.03, "R2": 0.06, "R3": 0.2, "R4": 0.2, "R5": 0.1, "R6": 0.1, "R8": 0.05, "R10": 0.25, "R11s": 0.1, "R14": 1,
    "R15": 0.2, "R17": 0.12, "R18": 0.1, "R19": 0.1, "R21": 0.05,
}  # fmt: skip
"""The same of `make test-all`. Tests of doctor and backup have most of R4 and R15, `test_rights.py` most of R11s,
`test_access.py` and `test_login.py` the forged tokens of R10."""
IN_PARTS = {"R7", "R13", "R15e"}


@pytest.mark.parametrize(
    ("name", "scale"),
    [*EACH_TIME.items(), *(pytest.param(*f, marks=pytest.mark.slow("on the scoreboard")) for f in AT_NIGHT.items())],
)
def test_a_figure_passes_and_its_control_sees_the_fault(name, scale):
    assert register() == {}
    made = run(name, scale, SEED)
    if made.not_run:
        pytest.skip(f"not run: {made.not_run}")
    assert made.failures == []
    assert made.passed, f"the control saw nothing: {made.control}"


def test_every_figure_is_tried_small():
    assert register() == {}
    assert FIGURES.keys() == EACH_TIME.keys() | AT_NIGHT.keys() | IN_PARTS


def test_thirty_backups_that_fail_wake_somebody_at_the_first_and_hide_no_last_success(tmp_path):
    assert growth.failed_backups(home_in(tmp_path / "home"), 5) == []


def test_the_search_finds_a_number_in_every_form_and_in_no_other_number(tmp_path):
    one, other = numbers(2)
    for place, written in enumerate(forms(one).values()):
        (tmp_path / f"{place}.txt").write_bytes(f"sak {written} er lukket".encode().replace(b"\r\n", b" "))
        found = shown(tmp_path, {one: written})
        assert found == {f"{place}.txt": 1} or len(written.replace("\r\n", " ").splitlines()) > 1, written
        assert shown(tmp_path, {other: ""}) == {}, written
        (tmp_path / f"{place}.txt").unlink()


def test_the_strict_reading_itself_knows_quotes_and_line_ends():
    assert strict('a,b\r\n"x ""y""\r\nz",2\n\n', ",") == [["a", "b"], ['x "y"\r\nz', "2"]]
    assert strict("a,\n,b", ",") == [["a", ""], ["", "b"]]
    for broken in ('a,b\n"x,1', 'a\nx"y"', 'a\n"x"y', "a\rb"):
        assert strict(broken, ",") is None, broken


def test_a_schema_whose_names_a_flipped_bit_made_no_text_is_refused_and_is_no_fault():
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch(0).schema):
        pass
    changed = bytearray(sink.getvalue().to_pybytes())
    changed[changed.index(b"source_system") + 5] ^= 0x80
    with pytest.raises(Unreadable, match="not UTF-8"):
        formats.check_exact(pa.ipc.open_stream(bytes(changed)).schema, DISPATCH)
