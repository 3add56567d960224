"""Mapping: which system an unmapped name may stand for, with reasons that a person can judge.

What does not belong here: applying anything. A proposal becomes a row of the register `source_system` only when a
person has marked it; unmarked names stay unmapped, with their share.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import pyarrow as pa
from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from catalog.contracts.columns import flag, text
from catalog.contracts.language import RegisterContract
from catalog.errors import RegisterRejected
from catalog.facts import read
from catalog.tables.registers import SOURCE_SYSTEM
from catalog.text import en, nb

AT_LEAST = Decimal("0.85")
"""The least similarity of the best match: one wrong letter in seven."""
_MARGIN = Decimal("0.08")
"""How much the best match must exceed the second, unless its letters are identical."""
_SENSITIVE_FROM = Decimal("0.70")
"""The similarity to a sensitive system that gives a caution: low, since it only makes a person look twice."""
_SHOWN_FROM = Decimal("0.50")
_SLIPS = 1
"""The most letters that may differ, however long the name: two systems of one supplier may be two letters apart."""
_LONG = 6
"""The fewest letters left where words are removed or letters may differ: «Sak» and «Bak» are one letter apart too."""
_CHILD_WELFARE = "barnevern"
_CHILD_WELFARE_FROM = 85
"""Similarity out of 100: the word with one letter wrong."""

_VERSION = re.compile(r"\bv(?:er(?:sjon)?)?\.?\s*\d+(?:\.\d+)*\b|\b\d+(?:\.\d+)+\b|\b(?:19|20)\d\d\b")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"\d+")
_ENVIRONMENTS = frozenset({"prod", "produksjon", "test"})
_OF_A_PLACE = frozenset({"kommune", "fylkeskommune"})
_OF_A_SUPPLIER = frozenset({"as", "asa", "syntetisk"})


REVIEW = RegisterContract(
    "source_system",
    nb("Forslag til fagsystemer") | en("Proposed source systems"),
    nb("Én rad per navn uten system; bare rader merket «ja» blir del av registeret.")
    | en("One row per unmapped name; only rows that are marked become part of the register."),
    (
        flag("accept", "Godtatt: skriv ja", "Accepted: write ja", null=True),
        *SOURCE_SYSTEM.columns,
        text("score", "Likhet, 1 er likt", "Similarity, 1 is identical", null=True),
        text("because", "Hvorfor", "Why", null=True),
        text("caution", "Se etter", "To check", null=True),
        text("dispatches", "Forsendelser siste tolv måneder", "Dispatches of the last twelve months", null=True),
        text("share", "Andel av alle forsendelser", "Share of all dispatches", null=True),
        text("organisations", "Virksomheter", "Organisations", null=True),
        text("last_month", "Sist sett i måneden", "Last seen in the month", null=True),
    ),
    SOURCE_SYSTEM.owner,
)
"""The file that a person reviews: the register's columns, the mark, and the evidence, which is not read back."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An unmapped name, and what it may stand for.

    Attributes:
        system: None where nothing is proposed; then supplier and supplier_number are None too.
        supplier: also None where the register's rows of the system disagree.
        sensitive: also None where a person must decide; see `caution`.
        score: of the best match, proposed or not; 0 to 1, None where nothing is similar.
        because: the evidence in words, Norwegian.
        caution: what to look at twice, Norwegian; empty where nothing.
    """

    source_system: str
    system: str | None
    supplier: str | None
    supplier_number: str | None
    sensitive: bool | None
    synthetic: bool
    score: Decimal | None
    because: str
    caution: str
    unmapped: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Form:
    """A name's letters and digits joined, and what was removed from it, in words."""

    letters: str
    without: tuple[str, ...] = ()
    supplier: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Match:
    system: str
    score: Decimal
    form: _Form
    written: str
    """The name in the register, or the system's own."""
    slips: int
    """Letters that differ."""


class _RegisterNames:
    """The register's contents, by the letters of its names and systems."""

    def __init__(self, register: Iterable[Mapping[str, object]]) -> None:
        """Read the rows in force. A name without a system stands for itself, and is not proposed."""
        self.rows: dict[str, list[Mapping[str, object]]] = {}
        self.suppliers: set[tuple[str, ...]] = set()
        self.written: dict[str, dict[str, str]] = {}
        for row in sorted(register, key=lambda r: str(r["source_system"])):
            name = str(row["source_system"])
            system = str(row["system"] or name)
            self.rows.setdefault(system, []).append(row)
            for written in (system, name):
                for form in _forms(written, ()):
                    self.written.setdefault(form.letters, {}).setdefault(system, written)
            if supplier := _supplier_words(row["supplier"]):
                self.suppliers.add(supplier)
        self.letters = list(self.written)

    def has_system(self, system: str) -> bool:
        """Whether a row names the system, as opposed to a name that stands for itself."""
        return any(r["system"] for r in self.rows[system])

    def is_sensitive(self, system: str) -> bool:
        """Whether any of the system's rows marks it sensitive."""
        return any(r["sensitive"] for r in self.rows.get(system, ()))

    def agreed(self, system: str, column: str) -> object:
        """The value in the system's rows, where they agree."""
        answers = {r[column] for r in self.rows.get(system, ()) if r[column] is not None}
        return answers.pop() if len(answers) == 1 else None

    def sensitivity(self, system: str) -> bool | None:
        """True when any row says so; False when none does and at least one denies it."""
        return self.is_sensitive(system) or (False if self.agreed(system, "sensitive") is False else None)

    def alike(self, name: str) -> list[_Match]:
        """Systems by similarity, most similar first, each once, with as little removed from the name as possible."""
        best: dict[str, _Match] = {}
        for form in _forms(name, self.suppliers):
            numbers = _DIGITS.findall(form.letters)
            matches = process.extract(
                form.letters,
                self.letters,
                scorer=DamerauLevenshtein.normalized_similarity,
                score_cutoff=float(_SHOWN_FROM),
                limit=None,
            )
            for letters, likeness, _ in matches:
                if letters != form.letters and len(form.letters) < _LONG:
                    continue
                if _DIGITS.findall(letters) != numbers:  # «Sak 2» is not a misspelling of «Sak 3»
                    continue
                for system, written in self.written[letters].items():
                    if form.supplier and form.supplier not in map(_supplier_words, self._suppliers_of(system)):
                        continue
                    slips = DamerauLevenshtein.distance(form.letters, letters)
                    match = _Match(system, round(Decimal(likeness), 3), form, written, slips)
                    if system not in best or match.score > best[system].score:
                        best[system] = match
        return sorted(best.values(), key=lambda m: (-m.score, m.system))

    def caution(self, name: str, system: str | None, alike: Sequence[_Match] | None = None) -> str:
        """Signs that a name is sensitive where its system is not."""
        if system is not None and self.is_sensitive(system):
            return ""
        whole = _forms(name, ())[0].letters
        reasons = []
        if fuzz.partial_ratio(whole, _CHILD_WELFARE) >= _CHILD_WELFARE_FROM and len(whole) >= _LONG:
            reasons.append("Navnet tyder på barnevern")
        near = {m.system for m in (self.alike(name) if alike is None else alike) if m.score >= _SENSITIVE_FROM}
        near |= {s for letters, of in self.written.items() if len(letters) >= _LONG and letters in whole for s in of}
        reasons += [f"navnet likner «{s}», som er merket følsomt" for s in sorted(near) if self.is_sensitive(s)]
        if not reasons:
            return ""
        ending = f"; «{system}» er ikke merket følsomt. Fyll ut sensitive." if system else ". Fyll ut sensitive."
        text = ", og ".join(reasons)
        return text[0].upper() + text[1:] + ending

    def _suppliers_of(self, system: str) -> set[object]:
        return {r["supplier"] for r in self.rows[system]}


def propose(
    unmapped: Iterable[Mapping[str, object]], register: Iterable[Mapping[str, object]], *, at_least: Decimal = AT_LEAST
) -> list[Proposal]:
    """Propose a system for each unmapped name, where one in the register is clearly the most similar.

    Case, blanks, punctuation and versions are ignored. Names of places and suppliers are removed where the rest is
    similar, and the row says so. A removed supplier must be that of the system. Nothing is proposed where the second is
    nearly as similar, where more than one letter or any number differs, or where little is left to compare.

    Args:
        unmapped: rows of `quality.unmapped_system`.
        register: rows of `source_system` in force.
        at_least: the least similarity of the best match, 0 to 1.

    Returns:
        A row per unmapped name that the register still lacks: proposed ones first, then the rest, each by most
        dispatches first, then name.
    """
    in_force = list(register)
    registered_names = {r["source_system"] for r in in_force}
    systems = _RegisterNames(in_force)
    rows = [_proposed(systems, row, at_least) for row in unmapped if row["source_system"] not in registered_names]
    return sorted(rows, key=lambda p: (p.system is None, -_whole(p.unmapped["dispatches"]), p.source_system))


def _proposed(systems: _RegisterNames, row: Mapping[str, object], at_least: Decimal) -> Proposal:
    name = str(row["source_system"])
    alike = systems.alike(name)
    best = alike[0] if alike else None
    second = alike[1] if len(alike) > 1 else None
    why_not = _why_not(systems, best, second, at_least)
    system = None if best is None or why_not else best.system
    caution = systems.caution(name, system, alike)
    supplier, number = (systems.agreed(system, c) if system else None for c in ("supplier", "supplier_number"))
    return Proposal(
        source_system=name,
        system=system,
        supplier=None if supplier is None else str(supplier),
        supplier_number=None if number is None else str(number),
        sensitive=systems.sensitivity(system) if system and not caution else None,
        synthetic=bool(row.get("synthetic"))
        or (system is not None and any(r.get("synthetic") for r in systems.rows[system])),
        score=best.score if best else None,
        because=why_not or _because(best, second),
        caution=caution,
        unmapped=row,
    )


def review(proposals: Iterable[Proposal]) -> pa.Table:
    """The proposals as the file that a person reviews, in order and unmarked."""
    return pa.Table.from_pylist(
        [
            {
                "accept": None,
                "source_system": p.source_system,
                "system": p.system,
                "supplier": p.supplier,
                "supplier_number": p.supplier_number,
                "sensitive": p.sensitive,
                "synthetic": p.synthetic or None,
                "score": None if p.score is None else _number(p.score),
                "because": p.because,
                "caution": p.caution or None,
                "dispatches": str(p.unmapped["dispatches"]),
                "share": f"{_number(Decimal(str(p.unmapped['share'])) * 100, 2)} %",
                "organisations": str(p.unmapped["organisations"]),
                "last_month": str(p.unmapped["last_month"])[:7],
            }
            for p in proposals
        ],
        REVIEW.schema,
    )


def accepted(
    register: Sequence[Mapping[str, object]], reviewed: Iterable[Mapping[str, object]]
) -> list[dict[str, object]]:
    """The register in force, followed by the rows that a person marked.

    Where the register has the system, an empty supplier, number or sensitivity in the marked row is filled from it. The
    evidence is not read: it is computed again.

    Raises:
        RegisterRejected: no row is marked; or a marked row has no system, is in the register with another meaning, or
            looks sensitive but maps to a system that is not and leaves `sensitive` empty. All faults are listed.
    """
    systems = _RegisterNames(register)
    by_name = {r["source_system"]: r for r in register}
    names = [c.name for c in SOURCE_SYSTEM.columns]
    rows, faults = [], []
    marked = [r for r in reviewed if r["accept"]]
    for row in marked:
        name, system = str(row["source_system"]), row["system"]
        if not isinstance(system, str):
            faults.append(f"row with key {name!r}: accepted, but system is empty")
            continue
        if name in by_name:
            if by_name[name]["system"] != system:
                other = by_name[name]["system"]
                faults.append(f"row with key {name!r}: the register already has it, as {other!r}; edit it there")
            continue
        if row["sensitive"] is None and systems.caution(name, system):
            faults.append(
                f"row with key {name!r}: looks sensitive, but {system!r} is not; write ja or nei in sensitive"
            )
            continue
        filled = {n: row[n] for n in names}
        for column, from_register in (
            ("supplier", systems.agreed(system, "supplier")),
            ("supplier_number", systems.agreed(system, "supplier_number")),
            ("sensitive", systems.sensitivity(system)),
        ):
            filled[column] = from_register if filled[column] is None else filled[column]
        rows.append(filled)
    if not marked:
        faults.append("no row is marked; write ja under accept in the rows that are right")
    if faults:
        raise RegisterRejected(REVIEW.name, faults)
    return [*map(dict, register), *rows]


def _forms(name: str, suppliers: Collection[tuple[str, ...]]) -> list[_Form]:
    """The comparable forms of a name, each with less in it, the fullest first; each once."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("_", " ")
    bare = _VERSION.sub(" ", text)
    words = _WORD.findall(bare)
    without = ("versjon",) if bare != text else ()
    if not words:  # a name of digits only
        return [_Form("".join(_WORD.findall(text)) or text)]
    forms = [_Form("".join(words), without)]
    if (rest := [w for w in words if w not in _ENVIRONMENTS]) != words:
        words, without = rest, (*without, "miljø")
        forms.append(_Form("".join(words), without))
    placeless, places = _without(words, _places())
    rest = [w for w in placeless if w not in _OF_A_PLACE]
    if rest != words:
        words, without = rest, (*without, f"kommunenavn ({', '.join(places)})" if places else "«kommune»")
        forms.append(_Form("".join(words), without))
    runs = {tuple(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    for supplier in sorted(run for run in runs if run in suppliers):
        rest, supplier_names = _without(words, {supplier})
        rest = [w for w in rest if w not in _OF_A_SUPPLIER]
        forms.append(_Form("".join(rest), (*without, f"leverandørnavn ({supplier_names[0]})"), supplier))
    return [forms[0], *(f for f in forms[1:] if len(f.letters) >= _LONG)]


def _without(
    words: Sequence[str], names: frozenset[tuple[str, ...]] | set[tuple[str, ...]]
) -> tuple[list[str], list[str]]:
    """The words outside the given names, and the names found; longer names are matched first."""
    longest = max(map(len, names), default=0)
    rest: list[str] = []
    removed: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            if tuple(words[at : at + length]) in names:
                removed.append(" ".join(words[at : at + length]).title())
                at += length
                break
        else:
            rest.append(words[at])
            at += 1
    return rest, removed


@cache
def _places() -> frozenset[tuple[str, ...]]:
    """Names of municipalities and counties, current and former, in each of their languages."""
    return frozenset(_names_of_places())


def _names_of_places() -> Iterator[tuple[str, ...]]:
    for table in ("municipality", "county", "organisation"):
        for row in read(table):
            for name in row["name"].split(" - "):
                words = tuple(w for w in _WORD.findall(name.casefold()) if w not in _OF_A_PLACE)
                if words:
                    yield words


def _supplier_words(supplier: object) -> tuple[str, ...]:
    words = _WORD.findall(unicodedata.normalize("NFKC", str(supplier or "")).casefold())
    return tuple(w for w in words if w not in _OF_A_SUPPLIER)


def _why_not(systems: _RegisterNames, best: _Match | None, second: _Match | None, at_least: Decimal) -> str:
    """Why nothing is proposed, in words; empty where there is a proposal."""
    if best is None:
        return "Ikke foreslått: ingenting i registeret likner."
    nearest = f"nærmest er «{best.system}» ({_number(best.score)})"
    if best.score < at_least:
        return f"Ikke foreslått: {nearest}, og det er ikke likt nok."
    if best.slips > _SLIPS:
        return f"Ikke foreslått: {nearest}, men mer enn én bokstav skiller."
    if second is not None and (best.score - second.score < _MARGIN if best.score < 1 else second.score == 1):
        return f"Ikke foreslått: {nearest}, men «{second.system}» ({_number(second.score)}) er nesten like nær."
    if not systems.has_system(best.system):
        return f"Ikke foreslått: {nearest}, som registeret ikke har noe system for."
    return ""


def _because(best: _Match | None, second: _Match | None) -> str:
    if best is None:
        return ""
    of = f"«{best.written}»" + (f" (systemet «{best.system}»)" if best.written != best.system else "")
    text = f"Likner {of}" if best.slips else f"Likt {of}"
    if best.form.without:
        text += f" når {_listed(best.form.without)} er tatt bort"
    elif not best.slips:
        text += " når store bokstaver, mellomrom og tegn ikke teller"
    if best.slips:
        text += f"; én bokstav skiller, likhet {_number(best.score)}"
    if second is not None and second.score < 1:
        return f"{text}. Nest likest er «{second.system}» ({_number(second.score)})."
    return f"{text}."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} og {words[-1]}"


def _number(value: Decimal, places: int = 2) -> str:
    return f"{value:.{places}f}".replace(".", ",")


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
