"""The frame of every page: what follows the reader from page to page, and what stands at the top."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape
from urllib.parse import urlsplit

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from streamlit.util import calc_hash

from dashboards.release.authorization import EVERYTHING, PUBLIC
from dashboards.server.first_words import first_words
from dashboards.shared import charts, frame, tables
from dashboards.shared.narrative import Figure
from dashboards.words import Words, formatting
from tests.dashboards.conftest import headings
from tests.thorough import examples
from transport.base.settings import Settings


def gone_to(page, path: str):
    """The same tab after a click in the menu, which drops the link's parameters."""
    for name in list(page.query_params):
        del page.query_params[name]
    page._page_hash = calc_hash(path)  # noqa: SLF001 - `switch_page` takes a file, which pages share
    return page.run()


def link_of(page) -> dict[str, str]:
    return {name: value if isinstance(value, str) else value[-1] for name, value in page.query_params.items()}


def test_whom_and_what_a_reader_looks_at_follows_through_the_menu(opened, whole_home):
    asked = {"kommune": "4601", "tjeneste": "svarut", "maned": "2026-09", "lang": "en"}
    page = opened(whole_home, "bruk", **asked)
    for path in ("utbredelse", "om", "tjeneste", "kommune"):
        assert link_of(gone_to(page, path)) == asked
    assert [one.value for one in page.title] == ["Bergen"]


def test_what_is_removed_on_a_page_is_not_carried_on(opened, whole_home):
    page = opened(whole_home, "bruk", kommune="4601", tjeneste="svarut", maned="2026-09")
    del page.query_params["maned"]
    assert link_of(page.run()) == {"kommune": "4601", "tjeneste": "svarut"}
    assert link_of(gone_to(page, "om")) == {"kommune": "4601", "tjeneste": "svarut"}


def test_a_choice_that_the_next_page_lacks_is_told_in_small_print(opened, whole_home):
    page = opened(whole_home, "om", maned="2001-01")
    gone_to(page, "kommune")
    assert not [one for one in page.warning if "2001" in one.value]
    assert any("2001-01 kan ikke velges som måned her." in one.value for one in page.html)
    given_in_a_link = opened(whole_home, "kommune", maned="2001-01")
    assert any("2001-01" in one.value.replace("\\", "") for one in given_in_a_link.warning)


def test_the_top_leads_to_search_to_the_other_releases_and_to_exactly_this_view(opened, whole_home):
    page = opened(whole_home, "bruk", kommune="4601")
    (top,) = [one.value for one in page.html if "dif-top" in one.value]
    release = re.search(r"Utgave ([\d.-]+)", top)[1]
    assert f'href="?kommune=4601&amp;utgave={release}"' in top
    assert f">{release}</a> · nyeste" in top
    assert 'href="/data?del=endringer"' in top
    assert 'href="/sok?lang=nb"' in top


def test_the_headings_of_a_page_are_listed_with_links_to_where_they_stand(opened, whole_home):
    page = opened(whole_home, "kommune", kommune="4601")
    (listed,) = [one.value for one in page.html if 'nav class="dif-contents"' in one.value]
    anchors = re.findall(r'href="#([\w-]+)"', listed)
    assert anchors == ["tjenester", "definisjoner"]
    assert {*headings(page).values()} >= set(anchors)


def places(page) -> dict[str, int]:
    """The place on the page of the part that each heading with an anchor is in."""
    found, left = {}, list(page.main.children.items())
    while left:
        at, node = left.pop()
        left += [(at, child) for child in getattr(node, "children", {}).values()]
        found |= dict.fromkeys(re.findall(r'<h2 id="([\w-]+)', str(getattr(node, "value", ""))), at)
    return found


@pytest.mark.parametrize(
    ("at", "link", "changed"),
    [
        ("bruk", {"kommune": "4601"}, {"maned": "1999-01"}),
        ("bruk", {"kommune": "4601", "tjeneste": "svarut"}, {"tjeneste": "fiks-digisos"}),
        ("utbredelse", {"tjeneste": "svarut"}, {"maned": "2026-03"}),
        ("tjeneste", {"tjeneste": "svarut"}, {"tjeneste": "fiks-digisos"}),
        ("produktregnskap", {"tjeneste": "svarut"}, {"ar": "1999"}),
    ],
)
def test_what_stands_under_both_choices_keeps_its_place_when_a_note_or_a_part_comes_or_goes(
    opened, whole_home, at, link, changed
):
    before, after = (places(opened(whole_home, at, **asked)) for asked in (link, link | changed))
    both = before.keys() & after.keys()
    assert len(both) > 1
    assert {anchor: before[anchor] for anchor in both} == {anchor: after[anchor] for anchor in both}


def links_without_scripts(home, visitor, path: str, **link: str) -> list[str]:
    sent = first_words(Settings(home=home), visitor, path, link, Words("nb"))
    return re.findall(r"href=\"(.*?)\">(.*?)</a>", "".join(re.findall(r"<noscript>.*?</noscript>", sent)))


def test_without_scripts_a_page_has_links_to_its_reports_for_who_may_have_them(whole_home):
    own = links_without_scripts(whole_home, EVERYTHING, "utbredelse", omrade="digivestland")
    assert [(urlsplit(unescape(to)).path, text) for to, text in own] == [
        ("/filer/nettverk/rapport-digivestland", "Lag rapport for nettverket"),
        ("/filer/nettverk/skjema-digivestland", "Last ned skjema (Excel)"),
    ]
    every = links_without_scripts(whole_home, EVERYTHING, "utbredelse")
    assert "Lag rapport for DigiVestland" in [text for _, text in every]
    ((council, text),) = links_without_scripts(whole_home, EVERYTHING, "produktregnskap", tjeneste="svarut")
    assert council.startswith("/filer/produkt/rapport-svarut?")
    assert text == "Lag rapport for brukerrådet"
    assert links_without_scripts(whole_home, PUBLIC, "utbredelse", omrade="digivestland") == []


@pytest.mark.parametrize("mixed", [True, False])
def test_the_strip_says_whether_all_numbers_are_synthetic_or_those_that_are_marked(nb, mixed):
    assert ("merket" in frame.strip(nb, mixed=mixed)) == mixed


def test_a_page_whose_numbers_are_all_synthetic_says_so_once(opened, whole_home):
    page = opened(whole_home, "bruk", kommune="4601")
    text = " ".join(one.value for one in page.html if "dif-" in one.value)
    assert "Tallene er laget av en simulator, ikke målt." in text
    assert "Én forsendelse står for" not in text
    (figures,) = [one.value for one in page.html if "dif-figures" in one.value]
    assert "syntetisk" not in figures


@pytest.mark.parametrize(
    ("ore", "nb", "en"),
    [
        (1_268_927_500, "12,7 mill. kr", "NOK 12.7 million"),
        (-36_127_300, "−361 000 kr", "−NOK 361,000"),
        (99_999_900, "1 mill. kr", "NOK 1 million"),
        (123_456, "1 235 kr", "NOK 1,235"),
        (0, "0 kr", "NOK 0"),
    ],
)
def test_an_amount_in_a_headline_has_three_figures(ore, nb, en):
    assert formatting.rounded_kroner(ore, "nb").replace("\u00a0", " ") == nb
    assert formatting.rounded_kroner(ore, "en").replace("\u00a0", " ") == en


@given(st.integers(-(10**13), 10**13))
def test_a_rounded_count_is_within_half_a_per_cent(n):
    text = formatting.rounded(n, "en")
    number, _, unit = text.replace("\u2212", "-").replace(",", "").partition(" ")
    told = Decimal(number) * {"": 1, "million": 10**6}[unit]
    assert abs(told - n) <= abs(n) * Decimal("0.005") + (0 if unit else Decimal("0.5"))


@settings(max_examples=examples(30))
@given(st.lists(st.text("kbBzæøåÅéE", min_size=1, max_size=6), max_size=8))
def test_texts_are_sorted_as_sql_sorts_them(texts):
    """Those that differ in capitals or accents only may come in either order."""
    texts.append("z")
    with duckdb.connect() as connection:
        rows = connection.execute("select t from unnest($texts) as x(t) order by t collate no", {"texts": texts})
        by_sql = [text for (text,) in rows.fetchall()]
    keys = [formatting.collated(text) for text in by_sql]
    assert keys == sorted(keys)


@given(st.lists(st.none() | st.integers(-5, 10**9), max_size=24))
def test_the_line_of_a_trend_stays_within_its_picture(values):
    drawn = charts.trend_svg(values)
    assert bool(drawn) == (sum(value is not None for value in values) >= 3)
    for x, y in re.findall(r"[ML]([\d.-]+) ([\d.-]+)", drawn):
        assert 0 <= float(x) <= 96
        assert 0 <= float(y) <= 28


def test_a_figure_that_the_release_before_told_otherwise_says_so(nb):
    now = [Figure("Use", "12", ""), Figure("Share", "5 %", ""), Figure("New", "1", "")]
    before = [Figure("Use", "11", ""), Figure("Share", "5 %", "")]
    told = tables.revised_values(now, before)
    assert told == {"Use": "11"}
    markup = tables.key_figures(now, nb, {}, {}, told)
    assert markup.count("Endret siden forrige utgave, som hadde 11") == 1
    assert "dif-before" not in tables.key_figures(now, nb, {}, {}, {})


def test_two_figures_of_one_metric_have_a_definition_each(nb):
    figures = [Figure(label, "1", "", False, "payment_change") for label in ("Endret pris", "Endret antall")]
    markup = tables.key_figures(figures, nb, {}, {"payment_change": "Hva endringen er."})
    places = re.findall(r'id="([^"]+)"', markup)
    assert len(places) == len({*places}) == 2
    assert re.findall(r'aria-describedby="([^" ]+)"', markup) == places


@pytest.mark.parametrize(
    ("link", "subject"),
    [
        ({"kommune": "4601", "omrade": "46"}, "kommune=4601&amp;lang=nb"),
        ({"omrade": "NO", "tjeneste": "svarut"}, "tjeneste=svarut&amp;lang=nb"),
        ({}, "?lang=nb"),
    ],
)
def test_a_reader_can_follow_what_the_page_is_about(nb, read_release, link, subject):
    assert f'{subject}"' in frame.top(link, read_release, [], nb)
