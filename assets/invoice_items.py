"""Proposes what an invoicing system's items stand for, from their names; a person decides.

Pure functions over rows; the register is `invoice_item`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, utils

from catalog.contracts.columns import flag, text
from catalog.contracts.language import RegisterContract
from catalog.domain.products import SERVICE_OF_ELEMENT
from catalog.errors import RegisterRejected
from catalog.facts import read
from catalog.tables.registers import INVOICE_ITEM
from catalog.text import en, nb

REVIEW = RegisterContract(
    INVOICE_ITEM.name,
    nb("Forslag til varer på faktura") | en("Proposed items on invoices"),
    nb("Én rad per ukjent vare; bare rader merket «ja» blir del av registeret.")
    | en("One row per unknown item; only rows that are marked become part of the register."),
    (
        flag("accept", "Godtatt: skriv ja", "Accepted: write ja", null=True),
        *(column.but(null=not column.key) for column in INVOICE_ITEM.columns),
        text("because", "Hvorfor", "Why", null=True),
        text("lines", "Linjer", "Lines", null=True),
    ),
    INVOICE_ITEM.owner,
)
"""The file that a person reviews: the register's columns, the mark, and the evidence, which is not read back."""
_CLOSE = 5.0
"""How many points of a hundred the best match must be ahead of the next."""


def propose(
    sent: Iterable[tuple[str, str | None]], register: Sequence[Mapping[str, object]], *, at_least: float
) -> list[dict[str, object]]:
    """A row of `REVIEW` for each item sent that nothing explains, those of most lines first.

    Args:
        sent: the item and the name of each line.
        register: the rows in force.
        at_least: how similar a name must be to the service's and element's, 0 to 1; words may come in any order.
    """
    known_items = {str(row["item"]) for row in register} | set(SERVICE_OF_ELEMENT)
    lines = Counter[str]()
    names: dict[str, Counter[str]] = {}
    for item, name in sent:
        if item not in known_items:
            lines[item] += 1
            names.setdefault(item, Counter())[name or item] += 1
    rows: list[dict[str, object]] = []
    for item, count in sorted(lines.items(), key=lambda pair: (-pair[1], pair[0])):
        name = min(names[item], key=lambda text, of=names[item]: (-of[text], text))  # type: ignore[misc]
        (first, score), (_, second) = _nearest(name)
        sure = score >= at_least * 100 and score - second >= _CLOSE
        what = f"Likner {first} ({score:.0f} av 100)" if score else "Likner ingen priselementer"
        why = (
            ""
            if sure
            else "; for usikkert til å foreslås"
            if score < at_least * 100
            else "; et annet er nesten like nær"
        )
        rows.append(
            {
                "accept": None,
                "item": item,
                "service": SERVICE_OF_ELEMENT[first] if sure else None,
                "price_element": first if sure else None,
                "name": name,
                "synthetic": None,
                "because": f"{what}{why}.",
                "lines": str(count),
            }
        )
    return rows


def accepted(
    register: Sequence[Mapping[str, object]], reviewed: Iterable[Mapping[str, object]]
) -> list[dict[str, object]]:
    """The register in force, followed by the rows that a person marked.

    Raises:
        RegisterRejected: no row is marked; or a marked one has no price element, or is there with another meaning.
    """
    by_item = {row["item"]: row for row in register}
    names = [column.name for column in INVOICE_ITEM.columns]
    marked = [row for row in reviewed if row["accept"]]
    faults = [] if marked else ["no row is marked; write ja under accept in the rows that are right"]
    rows = []
    for row in marked:
        element, existing = row["price_element"], by_item.get(row["item"])
        if not isinstance(element, str):
            faults.append(f"row with key {row['item']!r}: accepted, but price_element is empty")
        elif existing and existing["price_element"] != element:
            faults.append(
                f"row with key {row['item']!r}: the register has it as {existing['price_element']!r}; edit it there"
            )
        elif not existing:
            rows.append({n: row[n] for n in names} | {"service": row["service"] or SERVICE_OF_ELEMENT.get(element)})
    if faults:
        raise RegisterRejected(REVIEW.name, faults)
    return [*map(dict, register), *rows]


def _nearest(name: str) -> list[tuple[str, float]]:
    """The two price elements whose names are most like a name, with their likeness of a hundred."""
    scores = [
        (
            row["price_element"],
            max(
                fuzz.token_sort_ratio(name, f"{row['service_on_invoice']} {row['line_text_nb']}", processor=_plain),
                fuzz.token_sort_ratio(name, row["price_element"].replace("-", " "), processor=_plain),
            ),
        )
        for row in read("price_element")
    ]
    return sorted(scores, key=lambda score: (-score[1], score[0]))[:2]


def _plain(words: str) -> str:
    return utils.default_process(words)
