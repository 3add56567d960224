"""Databases for readers of fewer rights: of releases by other versions of the program, and when they are made again."""

from __future__ import annotations

import dataclasses
import shutil

import duckdb
import pytest

from catalog.contracts import sharing
from catalog.contracts.sharing import Right
from catalog.tables.datasets import DATASETS, VIEWS
from tests.test_rights import NOW, published  # noqa: F401 - a fixture
from tests.transport.test_http import opened
from transport.auth.tokens import Rights, Tokens
from transport.base.settings import Settings
from transport.releases import narrowed
from transport.releases.store import Releases

OPEN = frozenset({Right.OPEN})


@pytest.fixture
def settings(published, tmp_path):  # noqa: F811 - the fixture
    return Settings(home=shutil.copytree(published, tmp_path / "home", symlinks=True), disk_reserve_mb=0)


def columns(path, table):
    with duckdb.connect(str(path), read_only=True) as connection:
        return [name for name, *_ in connection.execute(f"describe {table}").fetchall()]


def with_columns(monkeypatch, name, *kept):
    """A version of the program whose contract has these columns."""
    contract = DATASETS[name]
    monkeypatch.setitem(DATASETS, name, dataclasses.replace(contract, columns=kept))


def test_a_release_from_before_a_column_was_there_is_narrowed_too(settings, monkeypatch):
    contract = DATASETS["quality.batch"]
    younger = dataclasses.replace(contract.columns[-1], name="younger")
    with_columns(monkeypatch, "quality.batch", *contract.columns, younger)
    (path,) = narrowed.databases(settings, Releases(settings).get("current"), OPEN)
    assert columns(path, "quality.batch") == [c.name for c in contract.columns]


def test_a_column_that_no_contract_has_any_longer_is_not_given(settings, monkeypatch):
    contract = DATASETS["quality.batch"]
    with_columns(monkeypatch, "quality.batch", *contract.columns[:-1])
    (path,) = narrowed.databases(settings, Releases(settings).get("current"), OPEN)
    assert columns(path, "quality.batch") == [c.name for c in contract.columns[:-1]]


def test_a_view_of_a_dataset_with_columns_that_are_withheld_has_the_others(settings):
    (path,) = narrowed.databases(settings, Releases(settings).get("current"), {Right.PUBLIC})
    given = sharing.columns_for(VIEWS["usage.municipality_month_now"], {Right.PUBLIC})
    assert columns(path, "usage.municipality_month_now") == list(given)
    assert "postage_ore" not in given


def test_a_database_made_when_less_was_withheld_is_not_given_again(settings, monkeypatch):
    release = Releases(settings).get("current")
    (before,) = narrowed.databases(settings, release, OPEN)
    assert "nearest_reason" in columns(before, "uptake.not_yet")
    withheld = sharing.connection_columns
    monkeypatch.setattr(sharing, "connection_columns", lambda d: withheld(d) | {"nearest_reason"})
    (after,) = narrowed.databases(settings, release, OPEN)
    assert "nearest_reason" not in columns(after, "uptake.not_yet")


def test_an_open_database_that_is_made_again_has_another_tag_unless_its_bytes_are_the_same(settings):
    token = Tokens(settings).add("t", Rights("t", frozenset(), None, OPEN), now=NOW)[1]
    asked = ("GET", "/releases/current/open.duckdb")
    with opened(settings.home) as door:
        first = door.call(*asked, Authorization=f"Bearer {token}")
        tag = first.headers["etag"]
        assert door.call(*asked, **{"Authorization": f"Bearer {token}", "If-None-Match": tag}).status == 304
        shutil.rmtree(settings.scratch / "files")
        again = door.call(*asked, Authorization=f"Bearer {token}")
        assert (again.headers["etag"] == tag) == (again.body == first.body)
