"""`dif first-month`: what lacks before each figure of the first month can be trusted, and the command that mends it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date

from assets import closing
from catalog.contracts.language import RegisterContract, StreamContract
from catalog.tables import conformed
from catalog.tables.ledger import UNMAPPED_COST
from catalog.tables.quality import QUARANTINE_SUMMARY, UNMAPPED_SYSTEM
from catalog.tables.registers import (
    BUDGET,
    COST_MAPPING,
    INVOICE_PARTY,
    PRICE_RULE,
    PROJECT,
    SOURCE_SYSTEM,
    SUPPLIER_SUPPORT,
)
from catalog.tables.streams import (
    ADOPTION,
    COST_ENTRY,
    DISPATCH,
    INVOICE_LINE,
    LOAN_ENTRY,
    MEASUREMENT,
    OPERATIONAL_MESSAGE,
)
from pipelines.cli.screen import Result, command
from transport.base.settings import Settings, load
from transport.ingest import registers
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.releases.dataset_reader import open_dataset
from transport.releases.store import Release, Releases
from transport.storage.landing import Landing, open_landing


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of the pages, and what it is made of.

    Attributes:
        name: in Norwegian, with the page that shows it.
        streams: any one of them is enough.
        registers: all of them are needed.
    """

    name: str
    streams: tuple[StreamContract, ...]
    registers: tuple[RegisterContract, ...] = ()


FIGURES = (
    Figure("Kostnader per tjeneste (Produktregnskap)", (COST_ENTRY,), (COST_MAPPING,)),
    Figure("Inntekter per tjeneste (Produktregnskap)", (INVOICE_LINE,)),
    Figure("Avvik fra budsjett (Produktregnskap)", (COST_ENTRY, INVOICE_LINE), (BUDGET,)),
    Figure("Lån og prosjekter (Produktregnskap)", (LOAN_ENTRY,), (PROJECT,)),
    Figure("Fakturagrunnlag (Min organisasjon)", (DISPATCH, MEASUREMENT, ADOPTION), (PRICE_RULE,)),
    Figure("Avstemming av faktura mot grunnlag (Produktregnskap)", (INVOICE_LINE,), (PRICE_RULE,)),
    Figure("Utkast til faktura som EHF (dif invoice basis)", (DISPATCH, MEASUREMENT, ADOPTION), (INVOICE_PARTY,)),
    Figure("Forsendelser per kommune (Bruk)", (DISPATCH,)),
    Figure("Forsendelser per fagsystem og leverandør (Bruk)", (DISPATCH,), (SOURCE_SYSTEM,)),
    Figure("Oppslag, meldinger og andre målinger (Bruk)", (MEASUREMENT,)),
    Figure("Hvem som har tatt i bruk hva (Utbredelse)", (ADOPTION,)),
    Figure("Kommuner som venter på leverandøren (Utbredelse)", (ADOPTION,), (SOURCE_SYSTEM, SUPPLIER_SUPPORT)),
    Figure("Driftsmeldinger (Tjeneste)", (OPERATIONAL_MESSAGE,)),
)
_FROM_DOCUMENTS = {
    COST_ENTRY.name: "Fra SAF-T: foreslå først kontoer og dimensjoner, dif register propose saft_account --of FIL",
    INVOICE_LINE.name: "Fra EHF: dif push invoice_line MAPPE",
}
_PROPOSED = {SOURCE_SYSTEM.name}
"""Registers for which the tool proposes rows from what has landed."""
_MAX_NUMBERS = 10
"""Numbers of invoices that a line names."""


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that lacks, and its mend; both in Norwegian.

    Attributes:
        of: the name of the stream, register or dataset.
    """

    of: str
    problem: str
    mend: str


@command()
def first_month() -> Result:
    """Say which stream or register each figure of the first month lacks, in Norwegian, and the command that mends it.

    Made-up rows do not count as landed. Exit 0 when nothing lacks.
    """
    settings = load()
    landing = open_landing(settings)
    release = Releases(settings).current()
    lacks = {figure.name: list(_lacks(figure, landing)) for figure in FIGURES}
    rows = [{"figure": name, "lacks": [asdict(lack) for lack in of]} for name, of in lacks.items()]
    waiting = [*_to_check(release), *_odd_invoices(settings)] if release else []
    facts = {"figures": rows, "to_check": [asdict(lack) for lack in waiting]}
    return Result(facts, _lines(lacks, waiting), code=1 if waiting or any(lacks.values()) else 0)


def _lacks(figure: Figure, landing: Landing) -> Iterator[Lack]:
    landed = {s.name: _landed(landing, s) for s in figure.streams}
    if True not in landed.values():
        names = " eller ".join(f"{s.title.nb} ({s.name})" for s in figure.streams)
        only = "bare oppdiktede rader" if False in landed.values() else "ingen rader"
        name = figure.streams[0].name
        more = f". {_FROM_DOCUMENTS[name]}" if name in _FROM_DOCUMENTS else ""
        yield Lack(name, f"{names}: {only} har kommet.", f"dif push {name} FIL{more}")
    for register in figure.registers:
        rows = registers.latest(landing, register).to_pylist()
        if all(row.get("synthetic") for row in rows):
            only = "bare oppdiktede rader" if rows else "ingen rader"
            yield Lack(
                register.name, f"Registeret {register.title.nb} ({register.name}) har {only}.", _fill_in(register)
            )


def _landed(landing: Landing, stream: StreamContract) -> bool | None:
    """Whether real rows of a stream count, or only made-up ones; None where there are none at all."""
    synthetic = {e.synthetic for e in landing.entries if e.stream == stream.name and landing.withdrawal(e) is None}
    return (False in synthetic) if synthetic else None


def _fill_in(register: RegisterContract) -> str:
    if register.name in _PROPOSED:
        return f"dif run, og så dif register propose {register.name}"
    file = f"{register.name}.xlsx"
    return (
        f'dif register export {register.name}, fyll ut {file}, dif register apply {register.name} {file} --reason "…"'
    )


def _to_check(release: Release) -> Iterator[Lack]:
    """What the release itself says is not placed: rows in quarantine, costs and systems that a register lacks."""
    datasets = release.section("datasets")
    aside: dict[str, set[str]] = {}
    for row in open_dataset(release, QUARANTINE_SUMMARY).rows():
        aside.setdefault(str(row["stream"]), set()).add(str(row["rule"]))
    for stream, rules in sorted(aside.items()):
        yield Lack(
            stream,
            f"Rader av {stream} er satt til kontroll og teller ikke: {', '.join(sorted(rules))}.",
            f"dif quarantine show {stream}",
        )
    if unplaced := datasets.get(UNMAPPED_COST.name, {}).get("rows"):
        yield Lack(
            COST_MAPPING.name,
            f"{unplaced} bilag er ikke ferdig plassert ({UNMAPPED_COST.name}).",
            _fill_in(COST_MAPPING),
        )
    if unknown := datasets.get(UNMAPPED_SYSTEM.name, {}).get("rows"):
        yield Lack(
            SOURCE_SYSTEM.name,
            f"{unknown} navn på fagsystemer mangler i registeret.",
            f"dif register propose {SOURCE_SYSTEM.name}",
        )


def _odd_invoices(settings: Settings) -> Iterator[Lack]:
    """What counts as it was sent, but may be wrong: an invoice under two numbers, a credit note for nothing."""
    lines, always = Lake.of(settings).scan(conformed.INVOICE_LINE), (date.min, date.max)
    with Session(settings) as session:
        (twice,) = session.table(closing.billed_twice(lines, *always)).to_pylist()
        (nothing,) = session.table(closing.correcting_nothing(lines, *always)).to_pylist()
    if numbers := twice["numbers"]:
        more = f" og {len(numbers) - _MAX_NUMBERS} til" if len(numbers) > _MAX_NUMBERS else ""
        yield Lack(
            INVOICE_LINE.name,
            f"Fakturaer med samme linjer som et annet nummer; begge teller: {', '.join(numbers[:_MAX_NUMBERS])}{more}.",
            "Er det samme faktura, krediter den ene og send kreditnotaen: dif push invoice_line FIL",
        )
    if nothing["rows"]:
        yield Lack(
            INVOICE_LINE.name,
            f"Fakturalinjer som retter en faktura som ikke har kommet, eller sin egen: {nothing['rows']}.",
            "Send fakturaen de retter: dif push invoice_line FIL",
        )


def _lines(lacks: dict[str, list[Lack]], waiting: Sequence[Lack]) -> Iterator[str]:
    for name, of_figure in lacks.items():
        yield f"{'Mangler' if of_figure else 'Klart':<9}{name}"
        yield from _problem_lines(of_figure)
    if waiting:
        yield "\nSe over før tallene brukes:"
        yield from _problem_lines(waiting)


def _problem_lines(lacks: Sequence[Lack]) -> Iterator[str]:
    for lack in lacks:
        yield f"{'':<9}{lack.problem}"
        yield f"{'':<9}→ {lack.mend}"
