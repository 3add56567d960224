"""The words of every page stay as they are, however the house is rebuilt.

A difference that is meant is kept by `make renew`; the commit shows it.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from dashboards.release.authorization import EVERYTHING
from dashboards.server.first_words import first_words
from dashboards.shared.pages import PAGES
from dashboards.words import Words
from tests.dashboards.conftest import headings
from tests.dashboards.sample_ledger import OSLO
from tests.dashboards.totals import unfooted
from tests.golden import holds
from tests.thorough import some
from transport.base.settings import Settings

HELD = Path(__file__).with_name("words")
ASKED = {"min": {"organisasjon": OSLO}}


def seen(page) -> str:
    """Words that stand on a page, in order: titles, choices, sentences, heads of tables. Numbers change with data."""
    said = []
    for one in page.main:
        said += [str(getattr(one, name, None) or "") for name in ("label", "value", "body")]
    text = re.sub(r"<wbr>|<(style|script|svg).*?</\1>", "", "\n".join(said), flags=re.DOTALL)
    lines = (re.sub(r"\d+([ .,:]\d+)*", "#", line).strip() for line in re.sub(r"<[^>]+>", "\n", text).splitlines())
    return "\n".join(dict.fromkeys(line for line in lines if re.search(r"[a-zæøå]", line)))


@pytest.mark.parametrize("lang", some(["nb", "en"], 1, "the other language"))
@pytest.mark.parametrize("path", [one.path for one in PAGES])
def test_a_page_says_the_same(whole_home, open_at, path, lang):
    page = open_at(path, whole_home, **ASKED.get(path, {}), **({"lang": lang} if lang == "en" else {}))
    assert not holds(HELD / f"{path}.{lang}.txt", seen(page))
    assert all(headings(page).values()), "each heading is in the list at the top"
    assert unfooted(one.value for one in page.html) == [], "a line with a total is the sum of those above it"
    listed = [
        label for one in page.html if "<nav class" in one.value for label in re.findall("<li>(.*?)</li>", one.value)
    ]
    assert [label for label in listed if len(inner(label)) > 40] == [], "and has a short name there"
    said = [one.value for one in page.html if "dif-answer" in one.value]
    sent = first_words(Settings(home=whole_home), EVERYTHING, path, {"lang": lang, **ASKED.get(path, {})}, Words(lang))
    assert [inner(one) for one in said] == re.findall(r'<p class="dif-said">(.*?)</p>', sent), "the page before scripts"
    assert [one.value for one in page.title] == [unescape(inner(one)) for one in re.findall("<h1>.*?</h1>", sent)]


@pytest.mark.parametrize(
    ("path", "link", "says"),
    [
        ("bruk", {"tjeneste": "fiks-digisos"}, True),
        ("bruk", {"tjeneste": "svarut"}, False),
        ("tjeneste", {"tjeneste": "fiks-digisos"}, True),
        ("tjeneste", {"tjeneste": "svarut"}, False),
        ("tjeneste", {"tjeneste": "svarut", "sammenlign": "fiks-digisos"}, True),
        ("kommune", {"kommune": "4601"}, True),
        ("kommune", {"kommune": "4623"}, False),
    ],
)
def test_first_words_with_figures_changed_at_random_say_so_and_no_others_do(whole_home, path, link, says):
    words = Words("nb")
    sent = first_words(Settings(home=whole_home), EVERYTHING, path, link, words)
    assert sent
    assert (words("app.perturbed") in sent) is says


def inner(markup: str) -> str:
    return re.sub(r"<[^>]+>", "", markup)
