"""Follow-up registered on the page: by the register's own door, for who may, once, told of, and undone."""

from __future__ import annotations

import io
import shutil
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from catalog.errors import Forbidden
from catalog.tables.registers import FOLLOW_UP
from dashboards.access import visitors
from dashboards.release.authorization import EVERYTHING, Visitor
from dashboards.server import report_files as report_route
from dashboards.shared import report_files
from dashboards.views.uptake import call_list, follow_up
from dashboards.views.uptake.models import Answer
from tests.dashboards.conftest import headings, unfolded
from tests.dashboards.rows import replace
from tests.dashboards.sample import FOLLOWED
from tests.dashboards.views.test_narratives import call
from tests.dashboards.views.test_uptake import list_of, text
from transport.auth.roles import Role
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.ingest import registers
from transport.storage import landing

TODAY = follow_up.today()
UNTIL = datetime.now(UTC) + timedelta(hours=1)
DIF = Visitor("Kari", frozenset({Role.DIF}), until=UNTIL)
VESTLAND = Visitor("Ola", frozenset({Role.NETWORK}), networks=frozenset({"digivestland"}), until=UNTIL)
READER = Visitor("Per", frozenset({Role.READER}), until=UNTIL)
SOGNDAL = ("4640", "svarut")
CALLED = Answer("KONTAKTET", TODAY, "Ringer igjen")


@pytest.fixture(autouse=True)
def one_day(monkeypatch):
    """The page's day is that of these tests, also where midnight in Oslo passes between them."""
    monkeypatch.setattr(follow_up, "today", lambda: TODAY)


@pytest.fixture(scope="module")
def published_home(tmp_path_factory, whole_home):
    """A home with a release whose follow-up is that of its register."""
    given = Settings(home=tmp_path_factory.mktemp("follow_up") / "home")
    shutil.copytree(whole_home, given.home, symlinks=True)
    rows = [
        {"service": service, "municipality_code": code, "status": status, "followed_up_on": day, "note": note}
        for service, code, status, day, note in FOLLOWED
    ]
    before = datetime(2026, 10, 31, tzinfo=UTC)
    registers.apply(landing.open_landing(given), FOLLOW_UP, rows, by="nettverk", reason="runde", now=before)
    return given.home


@pytest.fixture
def given(tmp_path, published_home) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(published_home, home, symlinks=True)
    return Settings(home=home)


def versions(given: Settings) -> list[tuple[str, int]]:
    listed = registers.history(landing.open_landing(given), FOLLOW_UP.name)
    return [(version.applied_by, version.rows) for version in listed[1:]]


def register(given: Settings, answer: Answer | None, *, seen: Answer | None = None, by: str | None = "pages:DIF"):
    return follow_up.register(given, SOGNDAL, answer, seen=seen, by=by, today=TODAY)


def test_what_is_registered_is_a_version_of_the_register_with_every_other_row_as_it_was(given):
    assert register(given, CALLED).outcome == "done"
    rows = registers.latest(landing.open_landing(given), FOLLOW_UP).to_pylist()
    assert [row["note"] for row in rows if row["municipality_code"] == "4640"] == ["Ringer igjen"]
    assert versions(given) == [("pages:DIF", len(FOLLOWED) + 1)]
    assert follow_up.standing(given)[SOGNDAL] == CALLED


def test_a_second_click_registers_nothing_more_and_undoing_twice_neither(given):
    assert [register(given, CALLED).outcome for _ in range(2)] == ["done", "same"]
    assert [register(given, None, seen=CALLED).outcome for _ in range(2)] == ["done", "same"]
    assert SOGNDAL not in follow_up.standing(given)
    assert len(versions(given)) == 2


def test_who_registers_on_top_of_what_others_registered_meanwhile_is_told_and_changes_nothing(given):
    theirs = Answer("TAKKET_NEI", TODAY)
    assert register(given, theirs, by="pages:digivestland").outcome == "done"
    done = register(given, CALLED, seen=None)
    assert (done.outcome, done.now) == ("overtaken", theirs)
    assert follow_up.standing(given)[SOGNDAL] == theirs
    assert register(given, CALLED, seen=theirs).outcome == "done", "who has seen it may replace it"


def test_the_last_row_of_a_register_can_be_undone(tmp_path):
    given = Settings(home=tmp_path / "home")
    assert follow_up.standing(given) is None
    assert register(given, CALLED).outcome == "done"
    assert register(given, None, seen=CALLED).outcome == "done"
    assert follow_up.standing(given) == {}
    assert register(given, CALLED).outcome == "done"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [(Answer("RINGT", TODAY), "refused"), (Answer("KONTAKTET", TODAY + timedelta(days=1)), "refused")],
)
def test_the_registers_own_rules_hold_on_the_page_too(given, answer, outcome):
    assert register(given, answer).outcome == outcome
    assert versions(given) == []


def test_while_a_run_holds_the_home_the_visitor_is_asked_to_try_again(given, monkeypatch):
    monkeypatch.setattr(follow_up, "_PATIENCE", 0.0)
    with atomic_files.locked(given.home):
        assert register(given, CALLED).outcome == "busy"
    assert register(given, CALLED).outcome == "done"


def test_a_note_holds_no_identity_number_and_one_line():
    assert follow_up.answered("PLANLAGT", None, " ring \n 15076500565 ").note == "ring ***********"
    assert follow_up.answered("PLANLAGT", None, "  ").note is None


@pytest.mark.parametrize(
    ("visitor", "network", "by"),
    [
        (EVERYTHING, "", "pages:local"),
        (DIF, "", "pages:DIF"),
        (VESTLAND, "digivestland", "pages:digivestland"),
        (VESTLAND, "digi-agder", None),
        (VESTLAND, "", None),
        (READER, "digivestland", None),
    ],
)
def test_dif_registers_for_all_and_a_network_for_its_members_alone(given, visitor, network, by):
    assert follow_up.by_of(visitor, network) == by
    if by is None:
        with pytest.raises(Forbidden):
            register(given, CALLED, by=by)


def test_a_municipality_that_has_merged_since_counts_by_its_successor():
    assert follow_up.key_of("1201", "svarut") == ("4601", "svarut")
    assert (follow_up.successor("1201"), follow_up.successor("4601")) == ("Bergen", None)


def filled_in(page, status: str):
    """The form filled in for Sogndal, and sent."""
    page.selectbox(key="follow_up_who").select("4640")
    page.radio(key="follow_up_status").set_value(status)
    return page.button(key="follow_up_send").click().run()


def opened_for(open_at, given: Settings, visitor: Visitor = VESTLAND):
    return unfolded(open_at("utbredelse", given.home, visitor, tjeneste="svarut", omrade="digivestland"))


@pytest.fixture
def let_in(monkeypatch):
    """A visitor who stays let in while a page is open."""
    monkeypatch.setattr(visitors, "is_still", lambda *_: True)


@pytest.mark.usefixtures("let_in")
def test_a_network_registers_on_the_page_sees_that_it_counts_from_the_next_release_and_undoes_it(open_at, given):
    page = filled_in(opened_for(open_at, given), "KONTAKTET")
    day = f"{TODAY:%d.%m.%Y}"
    assert [one.value for one in page.success] == [
        f"Sogndal: kontaktet {day} er registrert, og teller fra neste utgave."
    ]
    assert f"Sogndal: Registrert: kontaktet {day} – teller fra neste utgave" in text(page)
    page.button(key="undo_4640").click().run()
    assert "er angret. Nå gjelder: ingen oppfølging." in page.success[0].value
    assert "Registrert siden utgaven" not in text(page)
    assert [by for by, _ in versions(given)] == ["pages:digivestland"] * 2


@pytest.mark.usefixtures("let_in")
def test_who_has_declined_leaves_the_list_at_once_and_the_count(open_at, given):
    page = opened_for(open_at, given)
    (before,) = [one for one in headings(page) if one.startswith("Ringeliste: ")]
    n = int(before.split()[1])
    page = filled_in(page, "TAKKET_NEI")
    (after,) = [one for one in headings(page) if one.startswith("Ringeliste: ")]
    assert after.startswith(f"Ringeliste: {n - 1} ")
    assert ">Sogndal<" not in list_of(page)
    assert page.button(key="undo_4640")


@pytest.mark.usefixtures("let_in")
def test_what_another_registers_while_the_page_is_open_is_told_before_anything_is_overwritten(open_at, given):
    page = opened_for(open_at, given)
    register(given, Answer("PLANLAGT", TODAY), by="pages:DIF")
    page = filled_in(page, "KONTAKTET")
    assert "Noen andre har registrert noe for Sogndal" in "".join(one.value for one in page.warning)
    assert follow_up.standing(given)[SOGNDAL].status == "PLANLAGT"


def test_a_visitor_whose_role_has_ended_registers_nothing_by_a_click(open_at, given, monkeypatch):
    page = opened_for(open_at, given)
    monkeypatch.setattr(visitors, "current", lambda _settings: READER)
    monkeypatch.setattr(visitors, "is_still", lambda before, *_: before == READER)
    filled_in(page, "KONTAKTET")
    assert versions(given) == []


def test_who_may_not_see_the_list_gets_no_form(open_at, given):
    page = opened_for(open_at, given, READER)
    assert not any(one.key == "follow_up_who" for one in page.selectbox)
    assert not [one for one in page.html if "dif-button" in one.value]


def test_a_network_has_buttons_for_its_report_and_its_form(open_at, given):
    page = opened_for(open_at, given)
    (buttons,) = [one.value for one in page.html if "dif-button" in one.value]
    assert ">Lag rapport for nettverket</a>" in buttons
    assert ">Last ned skjema (Excel)</a>" in buttons
    assert "/filer/nettverk/rapport-digivestland?utgave=" in buttons
    assert "dif report" not in text(page)
    assert all("<iframe" in one.value for one in page.code), "code to embed a chart, and no command"


@contextmanager
def asking(given: Settings, visitor: Visitor | None):
    with TestClient(Starlette(routes=[report_route.route(given, lambda _cookies: visitor)])) as client:
        yield client


@pytest.mark.parametrize(
    ("visitor", "network", "status"),
    [
        (None, "digivestland", 403),
        (READER, "digivestland", 403),
        (VESTLAND, "digi-agder", 403),
        (VESTLAND, "digivestland", 200),
        (DIF, "no-such-network", 410),
    ],
)
def test_a_networks_report_is_made_for_who_may_see_its_members(given, visitor, network, status):
    address = report_files.address("report", network, "current", "nb")
    with asking(given, visitor) as client:
        answer = client.get(address)
    assert answer.status_code == status
    if status == 200:
        assert "rapport-digivestland-2026-10.html" in answer.headers["content-disposition"]
        assert "skjema-digivestland-2026-10.xlsx" in answer.text, "the report names the form"


def test_the_form_comes_from_the_page_in_its_language_and_is_the_one_that_the_register_reads_back(given, tmp_path):
    with asking(given, VESTLAND) as client:
        answer = client.get(report_files.address("form", "digivestland", "current", "en"))
        assert client.get(f"{report_files.FOLDER}x-digivestland").status_code == 404
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert "How to fill it in" in book.sheetnames
    file = tmp_path / "form.xlsx"
    file.write_bytes(answer.content)
    form = registers.read_form(FOLLOW_UP, file, today=TODAY)
    assert not form.rows
    assert form.skipped > 0


def test_of_the_release_only_what_differs_has_been_registered_since(given):
    row = call(municipality_code="4640", municipality="Sogndal", service="svarut")
    declined = Answer("TAKKET_NEI", date(2026, 11, 1))
    assert follow_up.since([row], {SOGNDAL: declined}) == {SOGNDAL: declined}
    assert follow_up.since([row], {}) == {}
    assert follow_up.since([replace(row, follow_up="PLANLAGT")], {}) == {SOGNDAL: None}
    assert follow_up.since([replace(row, follow_up="PLANLAGT")], None) == {}


def test_what_the_register_has_of_a_merged_municipality_stands_on_the_row_of_its_successor_alone(nb):
    """Sogndal was 1420 until 2020. The register has both as 4640, and the release the follow-up on that row."""
    planned = Answer("PLANLAGT", date(2026, 11, 1), None)
    before = call(municipality_code="1420", municipality="Sogndal (før 2020)", service="svarut")
    now = replace(before, municipality_code="4640", municipality="Sogndal")
    told = replace(now, follow_up="PLANLAGT", followed_up_on=planned.day)
    assert follow_up.since([before, told], {SOGNDAL: planned}) == {}
    assert follow_up.since([before], {SOGNDAL: planned}) == {SOGNDAL: planned}  # no other row could tell it
    marks = call_list.marks([before, now], follow_up.since([before, now], {SOGNDAL: planned}), nb)
    assert marks["1420"] == "Nå en del av Sogndal"
    assert "lanlagt" in marks["4640"]
    assert "del av" not in marks["4640"]
