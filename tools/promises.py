"""Holds what the contracts promise to those outside against a frozen copy, `catalog/exports/promised.json`.

The copy is what was promised last, without texts, so that a comma changes nothing there. A test holds the code against
it: a change that breaks somebody needs a new version of the contract, a last day of the former one, and a line in
CHANGELOG.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from catalog.contracts.diff import Difference, Kind, Side, differences, of_contract
from catalog.contracts.documents import Json
from catalog.exports.promised import TEXTS, read
from transport.base.settings import PROJECT

PROMISED: Final = PROJECT / "catalog" / "exports" / "promised.json"
NOTICE: Final = timedelta(days=180)
"""How long readers have to change over to a new version, at least (docs/read-data.md)."""


def promised() -> Json:
    """The frozen copy."""
    return read(PROMISED.read_text("utf-8"))


def without_texts(contracts: Json) -> Json:
    """The same contracts without titles and descriptions."""

    def bare(value: object) -> object:
        if isinstance(value, Mapping):
            return {name: bare(inner) for name, inner in value.items() if name not in TEXTS}
        return [bare(inner) for inner in value] if isinstance(value, list) else value

    return {section: {n: bare(d) for n, d in documents.items()} for section, documents in contracts.items()}


def faults(before: Json, after: Json, *, changelog: str, today: date) -> list[str]:
    """The requirements that breaking changes between two versions do not meet yet: a sentence with its mend for each.

    A breaking change needs three things:

    - a higher `version` of the contract;
    - a last day of the former version. Either that is published beside the new one as `<name>_v<version>`, with an end
      after the notice and without breaking what was promised, or it was promised through a day that has passed, or the
      new one says why it replaces it at once;
    - an unreleased entry of the changelog that says `<name> version <number>`, or `<name> removed`.

    The version and the entry of a view are those of its dataset.

    Args:
        before: what was promised.
        after: what is promised now.
        changelog: the text of CHANGELOG.md.
        today: the day on which an end has passed or not.
    """
    broken: dict[tuple[Side, str], list[str]] = {}
    for each in differences(before, after):
        if each.kind is Kind.BREAKING:
            broken.setdefault((each.side, each.contract), []).append(_in_words(each))
    entries, missing = _unreleased(changelog), [s for d in _documents(after) for s in _astray(d, after)]
    for (side, name), breaks in broken.items():
        was, new = before[f"{side}s"][name], after[f"{side}s"].get(name)
        lacks = [*_end(side, was, after, today=today)]
        if (side, was.get("view_of")) not in broken:
            lacks = [*_version(was, new), *lacks, *_entry(was, new, entries)]
        missing += [f"{name} breaks what was promised ({', '.join(breaks)}). {each}" for each in lacks]
    return missing


def _in_words(difference: Difference) -> str:
    return " ".join(filter(None, (difference.what, difference.column or difference.rule)))


def _documents(contracts: Json) -> Iterator[Json]:
    for side in Side:
        yield from contracts[f"{side}s"].values()


def _version(was: Json, new: Json | None) -> Iterator[str]:
    if new is not None and new["version"] <= was["version"]:
        yield f"Raise the version of its contract to {was['version'] + 1}."


def _entry(was: Json, new: Json | None, entries: Iterable[str]) -> Iterator[str]:
    """The missing changelog entry. An entry for a dataset whose name only begins with this one's does not count."""
    words = "removed" if new is None else f"version {max(new['version'], was['version'] + 1)}"
    name = rf"(?<![\w.]){re.escape(was['name'])}(?![\w.]*\w)"
    if not any(re.search(name, entry) and re.search(rf"\b{words}\b", entry) for entry in entries):
        yield f"Add a line to the unreleased part of CHANGELOG.md that says “{was['name']} {words}”."


def _end(side: Side, was: Json, after: Json, *, today: date) -> Iterator[str]:
    """What the former version lacks before it can end."""
    end, new = was["deprecated"], after[f"{side}s"].get(was["name"])
    at_once = new and new.get("replaces_at_once")
    if at_once and at_once != was.get(
        "replaces_at_once"
    ):  # what was said of an earlier change says nothing of this one
        return
    if end and date.fromisoformat(end["until"]) < today:
        return
    name = f"{was['name']}_v{was['version']}"
    earlier = after[f"{side}s"].get(name)
    if earlier is None:
        until = (
            f"It is promised through {end['until']}: keep it until then" if end else "Give the former version an end"
        )
        yield f"{until}, or publish it as {name} (`earlier` in catalog/contracts/language.py)."
        return
    if not earlier["deprecated"]:
        yield f"{name} has no end: give it `deprecated`, with the last day it is published."
    elif date.fromisoformat(earlier["deprecated"]["until"]) < today + NOTICE:
        first = today + NOTICE
        yield f"{name} ends on {earlier['deprecated']['until']}; readers are promised six months, so {first} or later."
    for each in of_contract(side, was, earlier):
        if each.kind is Kind.BREAKING:
            yield f"{name} does not keep what was promised either ({_in_words(each)})."


def _astray(document: Json, after: Json) -> Iterator[str]:
    successor = (document["deprecated"] or {}).get("successor")
    if successor and not any(successor in after[f"{side}s"] for side in Side):
        yield f"{document['name']} names the successor {successor}, which does not exist: mend its `deprecated`."


def _unreleased(changelog: str) -> list[str]:
    """The entries of the changelog's first section, each with its continuation lines."""
    section = re.split(r"^## ", changelog, flags=re.MULTILINE)[1:2]
    return [" ".join(entry.split()) for text in section for entry in re.split(r"^- ", text, flags=re.MULTILINE)[1:]]
