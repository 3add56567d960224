"""The release is filled while tables are made; what it holds counts for the files that the lake has in the end."""

import time
from dataclasses import replace

from catalog.tables import usage
from pipelines.run import draft_ahead, steps
from pipelines.run.tables import PUBLISHED
from transport.base import atomic_files


def half_made(home) -> list:
    return [*home.settings.releases.glob(f"{atomic_files.TEMPORARY}*")]


def test_a_release_is_filled_ahead_and_begun_anew_if_a_table_has_changed_since(home):
    contract = usage.DISPATCH_MONTH
    with home.begun(full=True) as run:
        steps.prepare(run)
        for build in reversed(PUBLISHED):
            draft_ahead.begin(run, build.contract)
        draft = draft_ahead.filled(run)
        assert [*draft.datasets] == [build.contract.name for build in PUBLISHED]
        assert half_made(home) == [draft.folder]
        draft.discard()

    with home.begun(full=True) as run:
        steps.prepare(run)
        month, part = min(run.lake.parts(contract).items())
        draft_ahead.begin(run, contract)
        other = replace(part, path=part.path.with_name("part-0000.parquet"), sha256="")
        other.path.write_bytes(part.path.read_bytes())
        run.lake.replace(contract, [other])
        draft_ahead.begin(run, contract)
        draft = draft_ahead.filled(run)
        assert draft.datasets[contract.name]["partitions"][str(month)]["made_of"] == "0000"
        draft.discard()

    with home.begun(full=True) as run:
        steps.prepare(run)
        draft_ahead.begin(run, contract)
        patience = time.monotonic() + 30
        while not half_made(home) and time.monotonic() < patience:
            time.sleep(0.01)
        assert half_made(home)
    assert not half_made(home), "of a run that was broken off nothing stays"
