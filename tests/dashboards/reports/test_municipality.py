"""A municipality's report: what it says, to whom it tells of payments, and that it is one file."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from catalog.errors import UnknownName
from dashboards.release.authorization import Visitor
from dashboards.reports.municipality import report
from dashboards.server import report_files as report_route
from dashboards.shared import report_files
from dashboards.views.organisation.models import ServiceYear
from dashboards.words import Words
from tests.dashboards.reports.reading import Reader, text_of
from tests.dashboards.rows import replace
from tests.dashboards.totals import unfooted
from transport.auth.roles import Role
from transport.base.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

NB, EN = Words("nb"), Words("en")


@pytest.fixture(scope="module")
def facts(whole_home: Path) -> report.MunicipalityFacts:
    return report.gather(Settings(home=whole_home), "0301", language="nb", payments=True)


def test_the_sheet_says_what_the_municipality_has_uses_and_lacks(facts):
    said = text_of(report.page(facts, NB, contact="data@example.no"))
    assert said.startswith("Oslo, ")
    assert re.search(r"Oslo hadde \d+ av \d+ tjenester i bruk eller aktivert i ", said)
    assert "Tjenestene i Oslo" in said
    assert {one.name for one in facts.standings if one.name not in said} == set()
    assert all(call.municipality_code == "0301" for call in facts.calls)
    assert "Spørsmål om tallene: data@example.no" in said


def test_a_municipality_is_found_by_its_name_and_an_unknown_one_is_refused(whole_home):
    given = Settings(home=whole_home)
    assert report.gather(given, "bergen", language="nb").code == "4601"
    with pytest.raises(UnknownName, match="Bergn"):
        report.gather(given, "Bergn", language="nb")


def test_payments_are_for_who_may_see_them_and_then_the_sheet_says_so(facts, whole_home):
    reader = Visitor("", frozenset({Role.READER}))
    told = report.gather(Settings(home=whole_home), "0301", language="nb", payments=True, visitor=reader)
    assert told.pays is None
    assert told.calls is None
    assert "uten mva" not in text_of(report.page(told, NB))
    year = [ServiceYear("SvarUt", 20000, 33000, price_ore=3000, quantity_ore=10000, synthetic=True)]
    paid = report.page(replace(facts, pays=year, pays_until=date(2026, 10, 1)), NB)
    assert "Tolv måneder koster 330 kr, 130 kr mer enn de tolv før, mest på grunn av mengde" in text_of(paid)
    assert "Bare for kommunen selv og for DIFs økonomi." in text_of(paid)


def test_the_page_makes_the_sheet_for_whoever_is_let_in(whole_home):
    for visitor, code, status in (
        (None, "0301", 403),
        (Visitor("", frozenset({Role.READER})), "0301", 200),
        (Visitor("", frozenset({Role.READER})), "0000", 410),
    ):
        route = report_route.municipality_route(Settings(home=whole_home), lambda _cookies, v=visitor: v)
        with TestClient(Starlette(routes=[route])) as client:
            answer = client.get(report_files.of_municipality(code, "current", "nb"))
            assert client.get(f"{report_files.OF_MUNICIPALITIES}skjema-0301").status_code == 404
        assert answer.status_code == status
        if status == 200:
            assert "rapport-0301-" in answer.headers["content-disposition"]
            assert "Tjenestene i Oslo" in answer.text


@pytest.mark.parametrize("words", [NB, EN], ids=["nb", "en"])
def test_the_sheet_is_one_file_that_fetches_nothing_and_links_nowhere(facts, words):
    page = report.page(facts, words)
    assert unfooted([page]) == []
    assert Reader(page).tags.isdisjoint({"script", "link", "img", "iframe", "form"})
    assert all(link.startswith("mailto:") for link in re.findall(r'<a href="([^"]+)"', page))
    assert set(re.findall(r"https?://[^\"' )]+", page)) <= {"http://www.w3.org/2000/svg"}
