"""The figures of storage, small: what is acknowledged is kept, once and whole, whatever ends, fills, flips or repeats.

`make reliability` runs them at full size. The targets, and why each has a control, stand in `board.py`.
"""

from __future__ import annotations

import pyarrow as pa
import pytest

from catalog.errors import Unreadable
from catalog.tables.streams import DISPATCH
from tests.reliability.bits import r8
from tests.reliability.board import Figure
from tests.reliability.crashes import r1, r2
from tests.reliability.disks import r3, r5
from tests.reliability.repeats import r6
from tests.reliability.restores import r4, r15
from tests.reliability.zygote import batch
from transport.ingest import formats

SEED = 20261125


def passed(figure: Figure) -> None:
    if figure.not_run:
        pytest.skip(f"not run: {figure.not_run}")
    assert figure.failures == []
    assert figure.passed, f"the control saw nothing: {figure.control}"


def test_nothing_acknowledged_is_lost_doubled_or_torn_by_kill_9():
    passed(r1(0.08, SEED))


@pytest.mark.slow("R2 of the scoreboard")
def test_a_kill_before_any_call_to_the_disk_leaves_what_a_retry_completes():
    passed(r2(0.06, SEED))


@pytest.mark.slow("R3 of the scoreboard")
def test_a_full_disk_changes_nothing_that_is_published_and_passes():
    passed(r3(0.2, SEED))


def test_damage_at_rest_is_found_and_mended_or_the_batch_is_named_for_sending_again():
    passed(r4(0.2, SEED))


def test_a_receipt_is_sent_after_file_folder_and_journal_are_on_the_disk():
    passed(r5(0.1, SEED))


@pytest.mark.slow("R6 of the scoreboard")
def test_a_batch_that_many_send_at_once_is_accepted_once():
    passed(r6(0.1, SEED))


@pytest.mark.slow("R8 of the scoreboard")
def test_a_changed_bit_is_never_kept_as_a_wrong_value():
    passed(r8(0.05, SEED))


def test_a_backup_taken_under_load_comes_back_with_equal_content():
    passed(r15(0.2, SEED))


def test_a_schema_whose_names_a_flipped_bit_made_no_text_is_refused_and_is_no_fault():
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch(0).schema):
        pass
    changed = bytearray(sink.getvalue().to_pybytes())
    changed[changed.index(b"source_system") + 5] ^= 0x80
    with pytest.raises(Unreadable, match="not UTF-8"):
        formats.check_exact(pa.ipc.open_stream(bytes(changed)).schema, DISPATCH, max_columns=200)
