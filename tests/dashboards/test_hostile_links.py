"""What an attacker, or a bad day, does to the pages: they stay up, say it in words, and give out nothing."""

from __future__ import annotations

import shutil

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from dashboards import filters, handing, release
from dashboards.login import FilesForVisitors
from dashboards.pages import PAGES
from dashboards.visitors import EVERYTHING
from tests.dashboards import sample_ledger
from tests.dashboards.test_page_states import text
from tests.dashboards.test_visitors import PEOPLE
from transport.settings import Settings

PLACES = {f"{code:04}": f"{code:04} Sted" for code in range(357)}


def test_of_a_link_that_asks_for_thousands_of_unknown_values_a_few_are_told():
    found = filters.many("sammenlign", {"sammenlign": ",".join(f"x{n}" for n in range(3_000))}, PLACES, most=5)
    assert len(found.unknown) <= 10


def test_a_very_long_value_is_told_of_in_short():
    _, unknown = filters.pick("kommune", "æ" * 10_000, PLACES, "0001")
    assert unknown is not None
    assert len(unknown.given) < 100


def test_a_value_may_be_written_as_the_menu_has_it_and_one_that_is_two_things_is_asked_about():
    assert filters.pick("kommune", "0007 Sted", PLACES, "0001") == ("0007", None)
    value, unknown = filters.pick("tjeneste", "Arkiv", {"a": "Arkiv", "b": "Arkiv", "c": "Annet"}, "c")
    assert (value, unknown and unknown.given) == ("c", "Arkiv")


@pytest.fixture(scope="module")
def with_ledgers(tmp_path_factory):
    home = tmp_path_factory.mktemp("ledgers")
    sample_ledger.publish(Settings(home=home))
    return home


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_the_front_page_is_for_everyone_who_is_let_in(open_at, with_ledgers, who):
    page = open_at("oversikt", with_ledgers, PEOPLE[who])
    assert not any("for færre" in one.value for one in page.warning)
    assert len(page.header) > 1


@pytest.mark.parametrize("at", [one.path for one in PAGES if one.key in {"overview", "usage", "uptake", "data"}])
@pytest.mark.parametrize(
    "name", ["../..", "current", ".tmp", "/etc", "<script>alert(1)</script>", "a\x00b", "x" * 10_000]
)
def test_a_release_that_a_link_makes_up_is_said_and_never_a_path(open_at, sample_release, at, name):
    page = open_at(at, sample_release, utgave=name)
    assert any("utgave" in one.value for one in page.warning)
    assert str(sample_release) not in text(page)


def test_while_the_newest_release_is_damaged_the_last_whole_one_is_shown(opened, sample_release):
    releases = sample_release / "releases"
    whole = release.current(releases)
    assert whole is not None
    broken = releases / "2099-01-01.1"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    (releases / "current").unlink()
    (releases / "current").symlink_to(broken.name)
    page = opened(sample_release)
    assert not page.error
    assert any(f"siste hele utgaven, {whole.name}" in one.value for one in page.warning)


def test_while_the_newest_database_is_cut_short_the_last_whole_release_is_shown(opened, sample_release):
    releases = sample_release / "releases"
    whole = release.current(releases)
    assert whole is not None
    cut = releases / "2099-01-01.1"
    shutil.copytree(whole.folder, cut)
    with (cut / "dif.duckdb").open("r+b") as file:
        file.truncate(20_000)
    (releases / "current").unlink()
    (releases / "current").symlink_to(cut.name)
    page = opened(sample_release)
    assert not page.error
    assert any(f"siste hele utgaven, {whole.name}" in one.value for one in page.warning)


def test_a_link_to_a_damaged_release_shows_the_newest_and_says_so(opened, sample_release):
    broken = sample_release / "releases" / "2020-01-01.1"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    page = opened(sample_release, utgave=broken.name)
    assert not page.error
    assert any(broken.name in one.value for one in page.warning)


def test_files_of_a_release_are_for_who_is_let_in_also_by_a_link_of_another(sample_release):
    given = Settings(home=sample_release)
    held = release.current(given.releases)
    assert held is not None
    file = held.folder / "parquet" / "uptake.funnel" / "funnel.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"PAR1")
    offer = handing.offer(held, "uptake.funnel", "nb")
    assert offer is not None
    for lets_in, status in ((False, 403), (True, 200)):
        guard = Middleware(FilesForVisitors, lets_in=lambda _claims, answer=lets_in: answer)
        with TestClient(Starlette(routes=[handing.route(given, lambda _: EVERYTHING)], middleware=[guard])) as client:
            assert client.get(offer.link).status_code == status
