"""Mapping: which system an unmapped name may stand for, in words that a person can judge.

What does not belong here: to apply anything. A proposal becomes a row of the register `source_system` when a person has
marked it, and not before; what nobody marked stays unmapped, with its share.
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
"""How alike the best must be: one wrong letter in seven."""
_MARGIN = Decimal("0.08")
"""How much more alike the best must be than the second, where it is not the very same letters."""
_SENSITIVE_FROM = Decimal("0.70")
"""How alike a name must be to a sensitive system before that is said: wide, since it only makes a person look twice."""
_SHOWN_FROM = Decimal("0.50")
_SLIPS = 1
"""Letters that may differ, however long the name: two systems of one supplier may be two letters apart."""
_LONG = 6
"""Letters that must be left where words were taken out, or may differ: «Sak» and «Bak» are one letter apart too."""
_CHILD_WELFARE = "barnevern"
_CHILD_WELFARE_FROM = 85
"""Of 100: the word with one letter wrong."""

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
        text("score", "Likhet, 1 er likt", "Likeness, 1 is alike", null=True),
        text("because", "Hvorfor", "Why", null=True),
        text("caution", "Se etter", "Look twice", null=True),
        text("dispatches", "Forsendelser siste tolv måneder", "Dispatches of the last twelve months", null=True),
        text("share", "Andel av alle forsendelser", "Share of all dispatches", null=True),
        text("organisations", "Virksomheter", "Organisations", null=True),
        text("last_month", "Sist sett i måneden", "Last seen in the month", null=True),
    ),
    SOURCE_SYSTEM.owner,
)
"""The file that a person reviews: the register's columns, the mark, and the evidence, which is text and never read."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name without a system, and what it may stand for.

    Attributes:
        system: None where nothing is proposed; then so are supplier and supplier_number.
        supplier: also None where the register's rows of the system do not agree.
        sensitive: also None where a person has to say it, which `caution` tells.
        score: of the most alike, proposed or not; 0 to 1, None where nothing is alike.
        because: the evidence in words, Norwegian.
        caution: what to look twice at, Norwegian; empty where nothing is.
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
    """A name's letters and digits run together, and what was taken out of it, in words."""

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


class _Known:
    """What the register knows, by the letters of its names and systems."""

    def __init__(self, register: Iterable[Mapping[str, object]]) -> None:
        """Read the rows in force. A name that has no system stands for itself, and is not proposed."""
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
        """Whether a row says the system, and not only a name that stands for itself."""
        return any(r["system"] for r in self.rows[system])

    def is_sensitive(self, system: str) -> bool:
        """Whether any of the system's rows says so."""
        return any(r["sensitive"] for r in self.rows.get(system, ()))

    def agreed(self, system: str, column: str) -> object:
        """What the system's rows say, where they say one thing."""
        said = {r[column] for r in self.rows.get(system, ()) if r[column] is not None}
        return said.pop() if len(said) == 1 else None

    def sensitivity(self, system: str) -> bool | None:
        """True when one row says so, False when one denies it and none says so."""
        return self.is_sensitive(system) or (False if self.agreed(system, "sensitive") is False else None)

    def alike(self, name: str) -> list[_Match]:
        """Systems by how alike they are, the most alike first; each once, with as little as possible taken out."""
        best: dict[str, _Match] = {}
        for form in _forms(name, self.suppliers):
            numbers = _DIGITS.findall(form.letters)
            found = process.extract(
                form.letters,
                self.letters,
                scorer=DamerauLevenshtein.normalized_similarity,
                score_cutoff=float(_SHOWN_FROM),
                limit=None,
            )
            for letters, likeness, _ in found:
                if letters != form.letters and len(form.letters) < _LONG:
                    continue
                if _DIGITS.findall(letters) != numbers:  # «Sak 2» is no slip of the pen for «Sak 3»
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
        """What tells that a name is sensitive where the system it goes to is not."""
        if system is not None and self.is_sensitive(system):
            return ""
        whole = _forms(name, ())[0].letters
        said = []
        if fuzz.partial_ratio(whole, _CHILD_WELFARE) >= _CHILD_WELFARE_FROM and len(whole) >= _LONG:
            said.append("Navnet tyder på barnevern")
        near = {m.system for m in (self.alike(name) if alike is None else alike) if m.score >= _SENSITIVE_FROM}
        near |= {s for letters, of in self.written.items() if len(letters) >= _LONG and letters in whole for s in of}
        said += [f"navnet likner «{s}», som er merket følsomt" for s in sorted(near) if self.is_sensitive(s)]
        if not said:
            return ""
        ending = f"; «{system}» er ikke merket følsomt. Fyll ut sensitive." if system else ". Fyll ut sensitive."
        text = ", og ".join(said)
        return text[0].upper() + text[1:] + ending

    def _suppliers_of(self, system: str) -> set[object]:
        return {r["supplier"] for r in self.rows[system]}


def propose(
    unmapped: Iterable[Mapping[str, object]], register: Iterable[Mapping[str, object]], *, at_least: Decimal = AT_LEAST
) -> list[Proposal]:
    """Propose a system for each unmapped name, where one of the register's is clearly the most alike.

    Case, blanks, signs and versions are never told apart. Names of places and suppliers are taken out where what is
    left is alike, and the row says so. The supplier taken out must be that of the system. Nothing is proposed where
    the second is nearly as alike, where more than one letter or any number differs, or where little is left to compare.

    Args:
        unmapped: rows of `quality.unmapped_system`.
        register: rows of `source_system` in force.
        at_least: how alike the best must be, 0 to 1.

    Returns:
        A row per unmapped name that the register still lacks: proposed ones first, then the rest, each by dispatches,
        most first, and name.
    """
    in_force = list(register)
    there = {r["source_system"] for r in in_force}
    known = _Known(in_force)
    rows = [_proposed(known, row, at_least) for row in unmapped if row["source_system"] not in there]
    return sorted(rows, key=lambda p: (p.system is None, -_whole(p.unmapped["dispatches"]), p.source_system))


def _proposed(known: _Known, row: Mapping[str, object], at_least: Decimal) -> Proposal:
    name = str(row["source_system"])
    alike = known.alike(name)
    best = alike[0] if alike else None
    second = alike[1] if len(alike) > 1 else None
    why_not = _why_not(known, best, second, at_least)
    system = None if best is None or why_not else best.system
    caution = known.caution(name, system, alike)
    supplier, number = (known.agreed(system, c) if system else None for c in ("supplier", "supplier_number"))
    return Proposal(
        source_system=name,
        system=system,
        supplier=None if supplier is None else str(supplier),
        supplier_number=None if number is None else str(number),
        sensitive=known.sensitivity(system) if system and not caution else None,
        synthetic=bool(row.get("synthetic"))
        or (system is not None and any(r.get("synthetic") for r in known.rows[system])),
        score=best.score if best else None,
        because=why_not or _because(best, second),
        caution=caution,
        unmapped=row,
    )


def review(proposals: Iterable[Proposal]) -> pa.Table:
    """The proposals as the file that a person reviews; in their order, none of them marked."""
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
    """The register in force and, after its rows, those that a person marked.

    Where the register has the system, what the marked row leaves empty of supplier, number and sensitivity is taken
    from there. The evidence is not read: what is said of the name is looked up again.

    Raises:
        RegisterRejected: no row is marked; or a marked row has no system, is in the register with another meaning, or
            looks sensitive, is mapped to a system that is not, and leaves `sensitive` empty. All faults are listed.
    """
    known = _Known(register)
    there = {r["source_system"]: r for r in register}
    names = [c.name for c in SOURCE_SYSTEM.columns]
    rows, faults = [], []
    marked = [r for r in reviewed if r["accept"]]
    for row in marked:
        name, system = str(row["source_system"]), row["system"]
        if not isinstance(system, str):
            faults.append(f"row with key {name!r}: accepted, and system is empty")
            continue
        if name in there:
            if there[name]["system"] != system:
                other = there[name]["system"]
                faults.append(f"row with key {name!r}: the register has it already, as {other!r}; edit it there")
            continue
        if row["sensitive"] is None and known.caution(name, system):
            faults.append(
                f"row with key {name!r}: looks sensitive, and {system!r} is not; write ja or nei in sensitive"
            )
            continue
        filled = {n: row[n] for n in names}
        for column, said in (
            ("supplier", known.agreed(system, "supplier")),
            ("supplier_number", known.agreed(system, "supplier_number")),
            ("sensitive", known.sensitivity(system)),
        ):
            filled[column] = said if filled[column] is None else filled[column]
        rows.append(filled)
    if not marked:
        faults.append("no row is marked; write ja under accept in the rows that are right")
    if faults:
        raise RegisterRejected(REVIEW.name, faults)
    return [*map(dict, register), *rows]


def _forms(name: str, suppliers: Collection[tuple[str, ...]]) -> list[_Form]:
    """What may be compared of a name: with less and less in it, the fullest first; each once."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("_", " ")
    bare = _VERSION.sub(" ", text)
    words = _WORD.findall(bare)
    without = ("versjon",) if bare != text else ()
    if not words:  # a name of numbers alone
        return [_Form("".join(_WORD.findall(text)) or text)]
    forms = [_Form("".join(words), without)]
    if (kept := [w for w in words if w not in _ENVIRONMENTS]) != words:
        words, without = kept, (*without, "miljø")
        forms.append(_Form("".join(words), without))
    placeless, places = _without(words, _places())
    kept = [w for w in placeless if w not in _OF_A_PLACE]
    if kept != words:
        words, without = kept, (*without, f"kommunenavn ({', '.join(places)})" if places else "«kommune»")
        forms.append(_Form("".join(words), without))
    runs = {tuple(words[i:j]) for i in range(len(words)) for j in range(i + 1, len(words) + 1)}
    for supplier in sorted(run for run in runs if run in suppliers):
        kept, found = _without(words, {supplier})
        kept = [w for w in kept if w not in _OF_A_SUPPLIER]
        forms.append(_Form("".join(kept), (*without, f"leverandørnavn ({found[0]})"), supplier))
    return [forms[0], *(f for f in forms[1:] if len(f.letters) >= _LONG)]


def _without(
    words: Sequence[str], names: frozenset[tuple[str, ...]] | set[tuple[str, ...]]
) -> tuple[list[str], list[str]]:
    """The words that are no part of such a name, and the names that were found; the longest name first."""
    longest = max(map(len, names), default=0)
    kept: list[str] = []
    found: list[str] = []
    at = 0
    while at < len(words):
        for length in range(min(longest, len(words) - at), 0, -1):
            if tuple(words[at : at + length]) in names:
                found.append(" ".join(words[at : at + length]).title())
                at += length
                break
        else:
            kept.append(words[at])
            at += 1
    return kept, found


@cache
def _places() -> frozenset[tuple[str, ...]]:
    """Names of municipalities and counties, now and before, in each of their languages."""
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


def _why_not(known: _Known, best: _Match | None, second: _Match | None, at_least: Decimal) -> str:
    """Why nothing is proposed, in words; empty where something is."""
    if best is None:
        return "Ikke foreslått: ingenting i registeret likner."
    nearest = f"nærmest er «{best.system}» ({_number(best.score)})"
    if best.score < at_least:
        return f"Ikke foreslått: {nearest}, og det er ikke likt nok."
    if best.slips > _SLIPS:
        return f"Ikke foreslått: {nearest}, men mer enn én bokstav skiller."
    if second is not None and (best.score - second.score < _MARGIN if best.score < 1 else second.score == 1):
        return f"Ikke foreslått: {nearest}, men «{second.system}» ({_number(second.score)}) er nesten like nær."
    if not known.has_system(best.system):
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
