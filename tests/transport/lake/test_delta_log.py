"""What a table's log says its files are, read without the library that wrote it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog.errors import Damaged
from transport.lake.delta_log import hash_and_rows, table_files


def add(path: str, **more) -> dict:
    return {"add": {"path": path, "size": 1, **more}}


def remove(path: str) -> dict:
    return {"remove": {"path": path}}


@pytest.fixture
def log(tmp_path):
    def log(*versions) -> dict[str, Path]:
        files = {}
        for number, actions in enumerate(versions):
            name = f"{number:020}.json"
            files[name] = tmp_path / name
            files[name].write_text("\n".join(map(json.dumps, actions)))
        return files

    return log


@pytest.mark.parametrize("turn", [1, -1])
def test_a_file_that_is_made_again_under_its_name_is_of_the_table_in_whatever_order_its_version_says_so(log, turn):
    assert list(table_files(log([add("a"), add("b")], [remove("a"), add("a", size=2)][::turn]))) == ["b", "a"]
    assert list(table_files(log([add("a"), add("b")], [remove("a"), add("c")][::turn]))) == ["b", "c"]


def test_a_name_is_given_as_it_lies_on_the_disk_with_what_was_written(log):
    said = {"numRecords": 3, "sha256": "ab"}
    found = table_files(log([add("month%3D2026-01-01/part.parquet", stats=json.dumps(said))]))
    assert hash_and_rows(found["month=2026-01-01/part.parquet"]) == ("ab", 3)
    assert hash_and_rows({}) == ("", 0)


def test_an_empty_a_missing_and_a_broken_version_are_damage(log):
    files = log([add("a")], [], [add("b")])
    with pytest.raises(Damaged, match="empty version"):
        table_files(files)
    files = log([add("a")], [add("b")], [add("c")])
    del files[f"{1:020}.json"]
    with pytest.raises(Damaged, match="lacks a version"):
        table_files(files)
    files = log([add("a")])
    files[f"{0:020}.json"].write_bytes(b"{\0")
    with pytest.raises(Damaged, match="cannot be read"):
        table_files(files)
