"""What an attacker, or a bad day, does to the pages: they stay up, say it in words, and give out nothing."""

from __future__ import annotations

import json
import shutil

import duckdb
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

from catalog.errors import Damaged
from dashboards.access.login import FilesForVisitors
from dashboards.page import file_delivery, filters, layout
from dashboards.release import reader
from dashboards.release.authorization import EVERYTHING
from dashboards.shared import queries as shared_queries
from dashboards.shared.pages import PAGES
from tests.dashboards import sample
from tests.dashboards.access.test_visitors import PEOPLE
from tests.dashboards.conftest import headings
from tests.dashboards.views.test_uptake import text
from tests.thorough import some
from tests.transport.conftest import as_if_published, spoilt
from transport.base.settings import Settings
from transport.releases.release import current_release, newest_sound

PLACES = {f"{code:04}": f"{code:04} Sted" for code in range(357)}


def test_of_a_link_that_asks_for_thousands_of_unknown_values_a_few_are_told():
    found = filters.multiple_choice(
        "sammenlign", {"sammenlign": ",".join(f"x{n}" for n in range(3_000))}, PLACES, most=5
    )
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
def with_ledgers(sample_of_ledgers, tmp_path_factory):
    return shutil.copytree(sample_of_ledgers, tmp_path_factory.mktemp("ledgers") / "home", symlinks=True)


@pytest.mark.parametrize("who", some(sorted(PEOPLE), 3, "another role"))
def test_the_front_page_is_for_everyone_who_is_let_in(open_at, with_ledgers, who):
    page = open_at("oversikt", with_ledgers, PEOPLE[who])
    assert not any("for færre" in one.value for one in page.warning)
    assert len(headings(page)) > 1


@pytest.mark.parametrize(
    ("at", "name"),
    some(
        [
            (page.path, name)
            for name in ("../..", "current", ".tmp", "/etc", "<script>alert(1)</script>", "a\x00b", "x" * 10_000)
            for page in PAGES
            if page.key in {"overview", "usage", "uptake", "data"}
        ],
        4,
        "another name, or another page",
    ),
)
def test_a_release_that_a_link_makes_up_is_said_and_never_a_path(open_at, sample_release, at, name):
    page = open_at(at, sample_release, utgave=name)
    assert any("utgave" in one.value for one in page.warning)
    assert str(sample_release) not in text(page)


def test_while_the_newest_release_is_damaged_the_last_whole_one_is_shown(opened, sample_release):
    releases = sample_release / "releases"
    whole = current_release(releases)
    assert whole is not None
    broken = releases / "2099-01-01.1"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    (releases / "current").unlink()
    (releases / "current").symlink_to(broken.name)
    page = opened(sample_release)
    assert not page.error
    assert any(f"siste utgaven som kan leses, {whole.name}" in one.value for one in page.warning)


NEXT = "2099-01-01.1"


def follow(home, **said):
    """A release after the home's own, a copy of it, that `current` points to; its manifest says what is given."""
    releases = home / "releases"
    made = releases / NEXT
    shutil.copytree(releases / sample.RELEASE, made)
    manifest = json.loads((made / "manifest.json").read_text()) | {"release": NEXT} | said
    (made / "manifest.json").write_text(json.dumps(manifest))
    (releases / "current").unlink()
    (releases / "current").symlink_to(NEXT)
    return made


def shows_the_one_before(page) -> bool:
    assert not page.error
    return any(f"siste utgaven som kan leses, {sample.RELEASE}" in one.value for one in page.warning)


def cut(file, by: int = 1) -> None:
    with file.open("r+b") as opened:
        opened.truncate(file.stat().st_size - by)


def sizes(folder) -> dict[str, dict[str, int]]:
    return {file.name: {"bytes": file.stat().st_size} for file in folder.glob("*.duckdb")}


@pytest.mark.parametrize("lost", [1, 200_000_000])
def test_while_the_newest_database_is_cut_short_the_last_whole_release_is_shown(opened, sample_release, lost):
    made = follow(sample_release, files=sizes(sample_release / "releases" / sample.RELEASE))
    cut(made / "dif.duckdb", min(lost, (made / "dif.duckdb").stat().st_size - 20_000))
    assert shows_the_one_before(opened(sample_release))


@pytest.mark.parametrize("harm", [cut, lambda file: file.unlink()])
def test_a_release_whose_ledgers_are_cut_short_or_gone_is_not_whole(sample_release, harm):
    made = follow(sample_release)
    shutil.copy(made / "dif.duckdb", made / "ledger.duckdb")
    shutil.rmtree(sample_release / "releases" / sample.RELEASE)
    shutil.copytree(made, sample_release / "releases" / sample.RELEASE)
    (sample_release / "releases" / sample.RELEASE / "manifest.json").write_text(
        (made / "manifest.json").read_text().replace(NEXT, sample.RELEASE)
    )
    manifest = json.loads((made / "manifest.json").read_text()) | {"files": sizes(made)}
    (made / "manifest.json").write_text(json.dumps(manifest))
    assert newest_sound(sample_release / "releases", reader.opens)[1] is False
    harm(made / "ledger.duckdb")
    found, fallen_back = newest_sound(sample_release / "releases", reader.opens)
    assert (found.name, fallen_back) == (sample.RELEASE, True)


def test_what_a_question_finds_damaged_is_shown_no_more(opened, sample_release):
    """Of a database with its size, its head and its catalogue whole: only who reads the block meets it."""
    made = follow(sample_release)
    with duckdb.connect(str(made / "dif.duckdb"), read_only=True) as connection:
        rows = connection.sql(
            "select block_id from pragma_storage_info('uptake.funnel') where block_id >= 0"
        ).fetchall()
    with (made / "dif.duckdb").open("r+b") as file:
        file.seek(3 * 4096 + max(rows)[0] * (1 << 18) + 1000)
        file.write(b"\xff" * 5000)
    newest = current_release(sample_release / "releases")
    assert newest is not None
    assert reader.opens(newest)
    assert shows_the_one_before(opened(sample_release))
    assert not reader.opens(newest)
    page = opened(sample_release, utgave=NEXT)
    assert any(NEXT in one.value for one in page.warning)


@pytest.mark.parametrize(
    "said",
    [
        "[" * 100_000,
        '{"checks": [1]}',
        '{"checks": {"passed": 1e999}}',
        '{"published_at": "9999-12-31T23:59:59+00:00"}',
        '{"files": {"dif.duckdb": 5}}',
        '{"release": "2020-02-02.2"}',
    ],
    ids=["too deep", "another form", "no number", "is out of range", "no size", "another's"],
)
def test_a_manifest_that_misstates_something_is_damaged_whatever_it_is(sample_release, said):
    file = sample_release / "releases" / sample.RELEASE / "manifest.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | json.loads(said)) if said.startswith("{") else said)
    with pytest.raises(Damaged):
        current_release(sample_release / "releases")


@pytest.mark.parametrize("said", ["{", '{"status": "failed", "at": "2026-11-24T05:00:00+00:00", "failed_checks": 5}'])
def test_while_it_cannot_be_read_how_the_last_run_went_the_numbers_stand_and_it_is_said(opened, sample_release, said):
    (sample_release / "releases" / "last_attempt.json").write_text(said)
    page = opened(sample_release)
    assert not page.error
    assert "197 av 357" in text(page)
    assert any("ukjent hvordan siste oppdatering gikk" in one.proto.title for one in page.warning)


def test_a_release_in_the_place_of_one_of_its_name_is_read_anew(sample_release):
    """As when one is rolled back from, removed, and the next of the day has its name."""
    found = current_release(sample_release / "releases")
    assert found is not None

    def named() -> set[str]:
        return {one.name for one in shared_queries.services(reader.ReleaseReader(found, EVERYTHING))}

    before = named()
    other = found.database.with_name("other.duckdb")
    shutil.copy(found.database, other)
    with duckdb.connect(str(other)) as connection:
        connection.execute("update reference.product set name_nb = name_nb || ' ny'")
    other.replace(found.database)
    assert named() == {f"{one} ny" for one in before}


def test_a_database_that_others_pushed_out_of_the_cache_answers_whom_it_was_opened_for(sample_release):
    folder = sample_release / "releases" / sample.RELEASE
    held = reader.database(str(folder / "dif.duckdb"))
    for n in range(7):
        shutil.copy(folder / "dif.duckdb", folder / f"{n}.duckdb")
        reader.database(str(folder / f"{n}.duckdb"))
    assert held.connection.cursor().sql("select 1").fetchall() == [(1,)]


HOSTILE = "![a](https://evil.example/b.png) <b>[c](https://evil.example)"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("![a](b) [c](d)", "!\\[a\\](b) \\[c\\](d)"),
        ("https://evil.example", "https:\u2060//evil.example"),
        ("WWW.evil.example", "WWW\u2060.evil.example"),
        ("a@evil.example", "a\u2060@evil.example"),
        ("a\u202eb\x00c", "abc"),
        ("~~a~~ $b$", "\\~\\~a\\~\\~ \\$b\\$"),
    ],
)
def test_what_a_link_or_a_sender_wrote_is_no_markdown_no_link_and_turns_no_text(given, told):
    assert layout.plain(given) == told


def test_a_heading_says_the_name_of_a_supplier_as_it_stands(opened, sample_release):
    with duckdb.connect(str(sample_release / "releases" / sample.RELEASE / "dif.duckdb")) as connection:
        connection.execute("update uptake.supplier_gap set supplier = ?", [f"\u202e{HOSTILE}"])
    page = opened(sample_release, tjeneste="svarut")
    (title,) = [one for one in headings(page) if "evil" in one]
    assert HOSTILE in title
    assert "\u202e" not in title


def test_a_link_to_a_damaged_release_shows_the_newest_and_says_so(opened, sample_release):
    broken = sample_release / "releases" / "2020-01-01.1"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    page = opened(sample_release, utgave=broken.name)
    assert not page.error
    assert any(broken.name in one.value for one in page.warning)


def test_files_of_a_release_are_for_who_is_let_in_also_by_a_link_of_another(sample_release):
    given = Settings(home=sample_release)
    held = current_release(given.releases)
    assert held is not None
    file = held.folder / "parquet" / "uptake.funnel" / "funnel.parquet"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"PAR1")
    as_if_published(file, held.folder)
    download = file_delivery.download_of(held, "uptake.funnel", "nb")
    assert download is not None
    for lets_in, status in ((False, 403), (True, 200)):
        guard = Middleware(FilesForVisitors, are_for=lambda _claims, _path, answer=lets_in: answer)
        with TestClient(
            Starlette(routes=[file_delivery.route(given, lambda _: EVERYTHING)], middleware=[guard])
        ) as client:
            assert client.get(download.link).status_code == status
            with spoilt(file):
                assert client.get(download.link).status_code == (409 if lets_in else status), "it is not as published"


def test_the_page_of_a_datasets_checks_is_for_any_visitor_and_for_nobody_else(sample_release):
    given = Settings(home=sample_release)
    held = current_release(given.releases)
    assert file_delivery.checks_of(held, "ledger.entry", "nb") is None, "an older release has none"
    for name in ("index", "ledger.entry", "uptake.funnel"):
        page = held.folder / "quality" / "pages" / f"{name}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(f"<title>{name}</title>", "utf-8")
        as_if_published(page, held.folder)
    link = file_delivery.checks_of(held, "ledger.entry", "nb")
    for visitor, status in ((None, 403), (PEOPLE["reader"], 200)):
        with TestClient(Starlette(routes=[file_delivery.route(given, lambda _, who=visitor: who)])) as client:
            assert client.get(link).status_code == status
            if visitor:
                answer = client.get(link.replace("ledger.entry.html", "uptake.funnel.html"))
                assert (answer.text, answer.headers["content-type"]) == (
                    "<title>uptake.funnel</title>",
                    "text/html; charset=utf-8",
                )
                assert client.get(link.replace("ledger.entry.html", "none.html")).status_code == 410
                assert client.get(link.replace("ledger.entry.html", "..%2f..%2fmanifest.html")).status_code in (
                    404,
                    410,
                )
                assert client.get(link.replace("ledger.entry.html", "x.parquet")).status_code == 403


def test_a_file_that_a_page_made_is_for_whom_it_was_made_and_who_may_see_as_much():
    one = file_delivery.record_file(b"tall", "text/csv", "tall.csv", PEOPLE["economy"])
    for who in ("economy", "reader"):
        other = file_delivery.record_file(b"annet", "text/csv", "annet.csv", PEOPLE[who])
    for who, visitor in PEOPLE.items():
        assert file_delivery.is_for(visitor, f"/media/{one}.csv") is (who == "economy")
        assert file_delivery.is_for(visitor, f"/media/{other}.csv") is (who in {"economy", "reader"})
        assert not file_delivery.is_for(visitor, "/media/that-nobody-made.csv")
    assert not file_delivery.is_for(None, f"/media/{one}.csv")


def test_a_file_that_was_made_before_ten_thousand_others_is_nobodys_rather_than_everybodys():
    first = file_delivery.record_file(b"tall nr. 0", "text/csv", "tall.csv", PEOPLE["economy"])
    for n in range(1, 10_001):
        file_delivery.record_file(b"tall nr. %d" % n, "text/csv", "tall.csv", PEOPLE["economy"])
    assert not any(file_delivery.is_for(visitor, f"/media/{first}.csv") for visitor in PEOPLE.values())


def test_what_streamlit_calls_a_file_is_what_we_note_it_under():
    store = MemoryMediaFileStorage("/media")
    for size in (10, 3 << 20):
        noted = file_delivery.record_file(b"x" * size, "text/csv", "a.csv", EVERYTHING)
        assert noted == store.load_and_get_id(b"x" * size, "text/csv", MediaFileKind.DOWNLOADABLE, "a.csv")


@pytest.mark.parametrize("token", ["æ.ø", "x.\u0141", ".", "a.b.c"])
def test_a_forged_link_to_a_file_is_answered_whatever_signs_it_is_made_of(sample_release, token):
    route = file_delivery.route(Settings(home=sample_release), lambda _: EVERYTHING)
    with TestClient(Starlette(routes=[route])) as client:
        assert client.get(f"{file_delivery.PATH}{token}/fil.parquet").status_code == 404
