"""What can be held of plain language: no abbreviation unexplained, short sentences, and no text in the pages' code."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from statistics import mean
from types import ModuleType

import pytest

from catalog.metrics.metrics import METRICS
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from catalog.text import Text, nb
from dashboards import texts, wording
from dashboards.texts import LANGUAGES, TEXTS
from dashboards.texts.glossary import ABBREVIATIONS

VIEWS = Path(__file__).parents[2] / "dashboards" / "views"
CATALOGUE = {
    **TEXTS,
    **{f"metric {one.name}, title": one.title for one in METRICS},
    **{f"metric {one.name}, definition": one.definition for one in METRICS},
    **{f"sources of {name}": nb(", ".join(one.sources)) for name, one in DATASETS.items() if one.schema == "reference"},
}
"""The texts of the pages, and those of the contracts that the pages show as they are."""
NAMES = frozenset({"BI", "NETTVERK"})
"""What is written so and stands for nothing else: a part of a product's name, and a place in a command to fill in."""
MEAN, LONGEST = 12, 32
"""Words in a sentence: of all texts on average, and in any."""
_QUOTED = re.compile(r"`[^`]*`|\{[^}]*\}|\]\([^)]*\)")
_CAPITALS = re.compile(r"(?<![\w])(?:[A-ZÆØÅ][A-ZÆØÅ_]*[A-ZÆØÅ]|mva)(?![\w])")
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n+")
_MARKUP = re.compile(r":material/\w+:|<[^>]*(?:>|$)|^[^<>]*\">")
"""Icons and tags, of which an f-string holds the halves."""
_ABBREVIATED = re.compile(r"\b(?:bl\.a|dvs|e\.l|evt|f\.eks|ifm|iht|jf|m\.m|mht|mtp|osv|pga|vha)\b\.?", re.IGNORECASE)


def spoken(text: Text) -> str:
    """The Norwegian text without code, places to fill and addresses."""
    return _QUOTED.sub("", text.nb)


def sentences() -> list[tuple[str, str]]:
    """Every sentence of the catalogue of four words or more, with the key of its text."""
    found = [(key, part) for key, text in CATALOGUE.items() for part in _SENTENCE.split(spoken(text))]
    return [(key, part) for key, part in found if len(part.split()) > 3]


def test_every_abbreviation_is_explained():
    """Explain it in `dashboards/texts/glossary.py`, or write it out."""
    unexplained = {
        f"{key}: {word}"
        for key, text in CATALOGUE.items()
        for word in _CAPITALS.findall(spoken(text))
        if word not in ABBREVIATIONS and word not in NAMES
    }
    assert sorted(unexplained) == []


_PLACES = re.compile(r"\{(\w+)(?::(=?)([^|}]+)\|([^|}]+))?\}")
"""A place in a text, and the nouns that follow its number."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_noun_after_a_number_is_in_the_singular_after_one_and_in_the_plural_after_others(language):
    words = texts.Words(language)
    counted = [key for key, text in TEXTS.items() if any(place[2] for place in _PLACES.findall(text[language]))]
    assert len(counted) > 40
    for key in counted:
        for n, chosen in ((1, 2), (0, 3), (1200, 3)):
            places = {place[0]: n for place in _PLACES.findall(TEXTS[key][language])}
            said = words(key, **places)
            for place in _PLACES.finditer(TEXTS[key][language]):
                noun = place[chosen + 1]
                assert not noun or (noun if place[2] else f"{wording.number(n, language)} {noun}") in said
    assert words("usage.print.title", cost="1 kr", n=1).endswith({"nb": "1 måned", "en": "1 month"}[language])


def test_nothing_is_shortened_that_could_be_written_out():
    assert sorted(f"{key}: {hit}" for key, text in CATALOGUE.items() for hit in _ABBREVIATED.findall(text.nb)) == []


def test_no_explanation_is_left_of_an_abbreviation_that_nobody_uses():
    """Rules and columns of the catalogue use some as well."""
    told = [spoken(text) for key, text in CATALOGUE.items() if not key.startswith("abbreviation.")]
    for contract in (*DATASETS.values(), *STREAMS.values()):
        told += [contract.about.nb, *(rule.says.nb for rule in contract.rules)]
        told += [one.description.nb for one in contract.columns]
    used = set(_CAPITALS.findall(" ".join(told)))
    english = set(_CAPITALS.findall(" ".join(text.en for text in CATALOGUE.values())))
    assert sorted(ABBREVIATIONS.keys() - used - english) == []


def test_no_running_text_names_a_command():
    """Commands stand in a block of their own (`frame.commands`)."""
    named = re.compile(r"\bdif [a-z]+")
    assert sorted(key for key, text in TEXTS.items() if named.search(text.nb) or named.search(text.en)) == []


def test_sentences_are_short():
    counted = [(len(part.split()), key, part) for key, part in sentences()]
    too_long = sorted((one for one in counted if one[0] > LONGEST), reverse=True)
    assert [f"{count} words in {key}: {part}" for count, key, part in too_long] == []
    assert mean(count for count, _, _ in counted) <= MEAN


def test_every_text_is_in_both_languages_with_the_same_places():
    wrong = [
        key
        for key, text in TEXTS.items()
        if not text.nb or not text.en or set(re.findall(r"\{(\w+)", text.nb)) != set(re.findall(r"\{(\w+)", text.en))
    ]
    assert wrong == []


@pytest.mark.parametrize("view", sorted(VIEWS.glob("*.py")), ids=lambda file: file.stem)
def test_a_page_holds_no_text_of_its_own(view):
    """A literal with a space and letters that is handed to Streamlit is text: it belongs in `dashboards/texts`."""
    found = []
    for call in ast.walk(ast.parse(view.read_text("utf-8"))):
        if isinstance(call, ast.Call) and _drawn(call.func):
            given = [*call.args, *(one.value for one in call.keywords)]
            found += [f"{view.name}:{one.lineno}: {text}" for part in given for one, text in _literals(part)]
    assert found == []


def _drawn(function: ast.expr) -> bool:
    """It is `st.something` or something of it, as `st.sidebar.title`; or of our frame."""
    while isinstance(function, ast.Attribute):
        function = function.value
    return isinstance(function, ast.Name) and function.id in {"st", "frame"}


def _literals(part: ast.expr) -> list[tuple[ast.Constant, str]]:
    """Text in an argument; what is handed to a call within it is the call's."""
    if isinstance(part, ast.Call):
        return []
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        text = _MARKUP.sub("", part.value)
        return [(part, part.value)] if " " in text.strip() and re.search(r"[^\W\d_]{2}", text) else []
    inner = [one for one in ast.iter_child_nodes(part) if isinstance(one, ast.expr)]
    return [hit for one in inner for hit in _literals(one)]


def test_no_text_hides_another_of_the_same_key():
    """The catalogue is of many modules, of which the last would win."""
    seen: dict[str, list[str]] = {}
    modules = {one for one in vars(texts).values() if isinstance(one, ModuleType) and hasattr(one, "TEXTS")}
    for module in modules:
        for key in module.TEXTS:
            seen.setdefault(key, []).append(module.__name__)
    assert {key: names for key, names in seen.items() if len(names) > 1} == {}
