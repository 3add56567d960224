"""What a user may call things: municipalities of any year, services, areas, months; the nearest of a misspelt name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz, process, utils

from catalog.domain.borders import Municipality, borders
from catalog.errors import UnknownName, WrongUse

LONGEST_NAME = 200
"""Characters of a name that is looked for."""
_NEAR, _MOST_NEAR = 60, 5
"""How alike a suggested name is at least, in per cent, and how many are suggested."""
_KIND_OF_AREA = r"(?i)(\s+(fylke|fylkeskommune|county|nettverk|network)|-nettverket)$"
"""What a user says after the name of an area."""
_LIKELY = 85
"""How alike a name is that is taken for the one meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality of now, and the earlier one that was asked for, if it was one."""

    code: str
    name: str
    earlier: Municipality | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A network or a county of now, with the codes of its municipalities."""

    area_kind: str
    area: str
    name: str
    codes: tuple[str, ...]


COUNTRY = Area("NO", "NO", "Norge", ())


def unknown(what: str, wanted: str, names: Mapping[str, str]) -> UnknownName:
    """The error for an unknown name; it suggests the nearest known names.

    Args:
        what: the kind of thing.
        wanted: as written.
        names: names by id.
    """
    labels = {key: key if key == name else f"{key} ({name})" for key, name in names.items()}
    error = UnknownName(what, wanted[:80], choices=())  # its own suggestion takes no names in words
    text = wanted[:LONGEST_NAME]
    near = {
        key: score
        for choices in (names, {key: key for key in names})
        for _, score, key in process.extract(
            text, choices, scorer=fuzz.ratio, processor=utils.default_process, score_cutoff=_NEAR, limit=_MOST_NEAR
        )
    }
    if near:
        best = sorted(near, key=lambda key: -near[key])[:_MOST_NEAR]
        error.mend = f"Nearest: {'; '.join(labels[key] for key in best)}. Ask for one of them."
    else:
        error.mend = "`find` looks names up by words."
    return error


def by_name(what: str, wanted: str, names: Mapping[str, str]) -> str:
    """The id for an id or a name, in any letter case.

    Args:
        what: the kind of thing, for the error.
        wanted: as written.
        names: names by id.

    Raises:
        UnknownName: there is none; the error names the nearest.
    """
    text = re.sub(_KIND_OF_AREA, "", wanted.strip()[:LONGEST_NAME])
    folded = text.casefold()
    exact = [key for key, name in names.items() if folded in (key.casefold(), name.casefold())]
    if exact:
        return exact[0]
    worded = [key for key, name in names.items() if folded in name.casefold().split()]
    near = [key for *_, key in process.extract(text, names, scorer=fuzz.ratio, score_cutoff=_LIKELY, limit=2)]
    for likely in (worded, near):
        if len(likely) == 1:
            return likely[0]
    raise unknown(what, text, names)


def municipality(wanted: str) -> Place:
    """The municipality of now that a code or name of any year since 2016 means.

    Raises:
        UnknownName: no municipality has had that code or name; the error names the nearest.
        WrongUse: it was split into several, or several have the name; the error names them.
    """
    text = re.sub(r"(?i)\s+(kommune|municipality)$", "", wanted.strip()[:LONGEST_NAME])
    everyone = borders().municipalities
    if coded := re.match(r"([0-9]{4})(?![0-9])", text):
        if coded[1] not in everyone:
            raise unknown("municipality", coded[1], {code: m.name for code, m in everyone.items()})
        return _now([everyone[coded[1]]], text)
    folded = text.casefold()
    matches = [m for m in everyone.values() if folded in {part.casefold() for part in (m.name, *m.name.split(" - "))}]
    standing = [m for m in matches if m.valid_to is None]
    if not matches:
        raise unknown("municipality", text, {m.code: m.name for m in everyone.values() if m.valid_to is None})
    return _now(standing or matches, text)


def _now(meant: Iterable[Municipality], text: str) -> Place:
    municipality_by_code = {part.code: m for m in meant for part in borders().to_now(m.code, m.valid_from)}
    names = {code: borders().municipalities[code].name for code in municipality_by_code}
    if len(municipality_by_code) != 1:
        several = "; ".join(f"{code} {name}, county {code[:2]}" for code, name in sorted(names.items()))
        raise WrongUse(f"{text[:80]!r} is several municipalities of now.", f"Ask for one of them by code: {several}.")
    ((code, earlier),) = municipality_by_code.items()
    return Place(code, names[code], earlier if earlier.code != code else None)


def month(text: str) -> date:
    """The first of a month written `2026-05` or `2026-05-01`.

    Raises:
        WrongUse: it is not a month.
    """
    hit = re.fullmatch(r"([0-9]{4})-([0-9]{2})(-[0-9]{2})?", text.strip())
    try:
        if hit:
            return date(int(hit[1]), int(hit[2]), 1)
    except ValueError:
        pass
    raise WrongUse(f"{text[:40]!r} is no month.", "Write a month as 2026-05.")
