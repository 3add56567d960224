"""What can be held of plain language: no abbreviation unexplained, short sentences, and no text in the pages' code."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from statistics import mean

import pytest
from fluent.runtime import FluentResource
from fluent.runtime.errors import FluentReferenceError
from fluent.syntax import FluentSerializer
from fluent.syntax.ast import Message

from catalog.contracts.language import PERTURBED
from catalog.domain.calendar import PUBLISHED_AFTER
from catalog.domain.perturbation import JS, D
from catalog.metrics.metrics import METRICS
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from catalog.text import Text, nb
from dashboards.words import LANGUAGES, Words, files, formatting, named
from tests.dashboards.messages import MESSAGES, PLACE, messages

ABBREVIATIONS = frozenset(Words("nb").under("abbreviation"))
VIEWS = Path(__file__).parents[2] / "dashboards" / "views"
CATALOGUE = {
    **MESSAGES,
    **{f"metric {one.name}, title": one.title for one in METRICS},
    **{f"metric {one.name}, definition": one.definition for one in METRICS},
    **{f"sources of {name}": nb(", ".join(one.sources)) for name, one in DATASETS.items() if one.schema == "reference"},
}
"""The texts of the pages, and those of the contracts that the pages show as they are."""
NAMES = frozenset({"BI", "ID", "NETTVERK"})
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_on_changed_figures_is_the_contracts_own(language):
    assert Words(language)("app.perturbed") == PERTURBED[language]


def test_the_half_page_on_changed_figures_says_what_the_method_does():
    """The texts write these numbers in words."""
    assert (D, JS, PUBLISHED_AFTER) == (5, 2, 7)


def test_every_abbreviation_is_explained():
    """Explain it in `dashboards/views/definitions/glossary.nb.ftl`, or write it out."""
    unexplained = {
        f"{key}: {word}"
        for key, text in CATALOGUE.items()
        for word in _CAPITALS.findall(spoken(text))
        if word not in ABBREVIATIONS and word not in NAMES
    }
    assert sorted(unexplained) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_noun_after_a_number_is_in_the_singular_after_one_and_in_the_plural_after_others(language):
    words = Words(language)
    counted = [key for key, text in MESSAGES.items() if any(place[1] for place in PLACE.findall(text[language]))]
    assert len(counted) > 40
    for key in counted:
        for n, chosen in ((1, 2), (0, 3), (1200, 3)):
            said = words(key, **{place[0]: n for place in PLACE.findall(MESSAGES[key][language])})
            for place in PLACE.finditer(MESSAGES[key][language]):
                noun = place[chosen]
                written = (formatting.number(n, language), formatting.spelled(n, language))
                assert not noun or any(noun.replace("#", number).lower() in said.lower() for number in written)
    assert words("usage.print.title", cost="1 kr", n=1).endswith({"nb": "1 måned", "en": "1 month"}[language])


def test_nothing_is_shortened_that_could_be_written_out():
    assert sorted(f"{key}: {hit}" for key, text in CATALOGUE.items() for hit in _ABBREVIATED.findall(text.nb)) == []


def test_no_explanation_is_left_of_an_abbreviation_that_nobody_uses():
    """Rules and columns of the catalogue use some as well."""
    told = [spoken(text) for key, text in CATALOGUE.items() if not key.startswith("abbreviation-")]
    for contract in (*DATASETS.values(), *STREAMS.values()):
        told += [contract.about.nb, *(rule.says.nb for rule in contract.rules)]
        told += [one.description.nb for one in contract.columns]
    used = set(_CAPITALS.findall(" ".join(told)))
    english = set(_CAPITALS.findall(" ".join(text.en for text in CATALOGUE.values())))
    assert sorted(ABBREVIATIONS - used - english) == []


def test_no_running_text_names_a_command():
    """Commands stand in a block of their own (`layout.commands`)."""
    named = re.compile(r"\bdif [a-z]+")
    assert sorted(key for key, text in MESSAGES.items() if named.search(text.nb) or named.search(text.en)) == []


def test_sentences_are_short():
    counted = [(len(part.split()), key, part) for key, part in sentences()]
    too_long = sorted((one for one in counted if one[0] > LONGEST), reverse=True)
    assert [f"{count} words in {key}: {part}" for count, key, part in too_long] == []
    assert mean(count for count, _, _ in counted) <= MEAN


def test_every_text_is_in_both_languages_with_the_same_places():
    assert messages(junk=True) == {}
    wrong = [
        key
        for key, text in MESSAGES.items()
        if not text.nb
        or not text.en
        or {p[0] for p in PLACE.findall(text.nb)} != {p[0] for p in PLACE.findall(text.en)}
    ]
    assert wrong == []


BOKMAL = re.compile(
    r"\b(ikke|hva|hvem|hvor|hvordan|hvilke|noen|noe|kommuner|tjeneste[nr]?|måned(er|en)?|utgaven?|fra|mer|dekker|kunder"
    r"|endret|siden|et|en|bare|være|begynne|leverandører|sammenlign\w*)\b"
)


def test_nynorsk_is_nynorsk_and_has_the_places_of_bokmaal():
    """Where bokmål gets other places, write the text in nynorsk anew, or take it out: then bokmål stands there."""

    def written(language: str) -> dict[str, str]:
        bodies = [FluentResource(file.read_text("utf-8")).body for file in files(language)]
        return {
            part.id.name: FluentSerializer().serialize_entry(part)
            for x in bodies
            for part in x
            if isinstance(part, Message)
        }

    ours, theirs = written("nn"), written("nb")
    assert len(ours) > 2_000
    assert sorted(ours.keys() - theirs.keys()) == []
    assert [key for key in ours if {*re.findall(r"\$(\w+)", ours[key])} != {*re.findall(r"\$(\w+)", theirs[key])}] == []
    said = {key: re.sub(r"\{[^}]*\}", "", text.partition("=")[2]) for key, text in ours.items()}
    assert {key: hit[0] for key, text in said.items() if (hit := BOKMAL.search(text))} == {}
    assert Words("nn")("board.decide.title", n=2) == "To saker krev avgjerd"
    assert Words("nn")("product.kicker") == Words("nb")("product.kicker"), "what nynorsk lacks"


def _is_key(text: str) -> bool:
    """It may be the name of a message: words with dots between. A pattern of a sentence would fit any name."""
    return re.fullmatch(r"\w+(\.\w+)+", text) is not None


def asked_for() -> tuple[set[str], list[re.Pattern[str]]]:
    """The names that the code of pages and reports asks for, and the patterns of those that it puts together."""
    names, patterns = set(), []
    for file in (Path(__file__).parents[2] / "dashboards").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                names.add(named(node.value))
            elif isinstance(node, ast.JoinedStr):
                parts = [x.value if isinstance(x, ast.Constant) else None for x in node.values]
                if _is_key("".join("x" if x is None else x for x in parts)) and any(x and len(x) > 2 for x in parts):
                    patterns.append(re.compile("".join(".+" if x is None else re.escape(named(x)) for x in parts)))
    return names, patterns


def test_every_text_is_asked_for_and_every_text_that_is_asked_for_is_there():
    names, patterns = asked_for()
    made_up = ["uptake-nobody-asks-for-this", "calls-of-nobody-at-all", "nobody"]
    unused = [k for k in (*MESSAGES, *made_up) if k not in names and not any(p.fullmatch(k) for p in patterns)]
    assert unused == made_up
    called = {
        named(node.args[0].value)
        for file in (Path(__file__).parents[2] / "dashboards").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if isinstance(node.func, ast.Name) and node.func.id == "words"
    }
    assert len(called) > 500
    assert sorted(called - MESSAGES.keys()) == []


def test_a_place_that_nothing_is_given_for_is_an_error_and_so_is_an_unknown_text():
    with pytest.raises(FluentReferenceError):
        Words("nb")("uptake.change.more", n=1)
    with pytest.raises(KeyError):
        Words("nb")("uptake.nothing")


@pytest.mark.parametrize("view", sorted(VIEWS.rglob("page.py")), ids=lambda file: file.parent.name)
def test_a_page_holds_no_text_of_its_own(view):
    """A literal with a space and letters that is handed to Streamlit is text: it belongs in `dashboards/words`."""
    found = []
    for call in ast.walk(ast.parse(view.read_text("utf-8"))):
        if isinstance(call, ast.Call) and _drawn(call.func):
            given = [*call.args, *(one.value for one in call.keywords)]
            found += [f"{view.parent.name}:{one.lineno}: {text}" for part in given for one, text in _literals(part)]
    assert found == []


def _drawn(function: ast.expr) -> bool:
    """It is `st.something` or something of it, as `st.sidebar.title`; or of our frame."""
    while isinstance(function, ast.Attribute):
        function = function.value
    return isinstance(function, ast.Name) and function.id in {"st", "layout"}


def _literals(part: ast.expr) -> list[tuple[ast.Constant, str]]:
    """Text in an argument; what is handed to a call within it is the call's."""
    if isinstance(part, ast.Call):
        return []
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        text = _MARKUP.sub("", part.value)
        return [(part, part.value)] if " " in text.strip() and re.search(r"[^\W\d_]{2}", text) else []
    inner = [one for one in ast.iter_child_nodes(part) if isinstance(one, ast.expr)]
    return [hit for one in inner for hit in _literals(one)]


def test_no_text_hides_another_of_the_same_name():
    """Messages lie in many files, of which the first would win."""
    for language in LANGUAGES:
        names = Counter(
            part.id.name
            for file in files(language)
            for part in FluentResource(file.read_text("utf-8")).body
            if isinstance(part, Message)
        )
        assert [name for name, count in names.items() if count > 1] == []
