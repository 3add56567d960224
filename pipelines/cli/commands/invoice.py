"""`dif invoice basis, diff`."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Literal

from catalog.domain.rebilling import Change, compare, ready_ore
from catalog.errors import BadOption, UnknownName, WrongUse
from catalog.tables.registers import INVOICE_PARTY, INVOICE_RUN
from pipelines.cli.checks import require_release
from pipelines.cli.commands.register import land
from pipelines.cli.present.formats import counted, kroner
from pipelines.cli.present.formats import month as month_text
from pipelines.cli.screen import Result, Table, command, say
from pipelines.exports import ehf as drafts_of
from pipelines.exports import invoice_basis
from pipelines.exports.invoice_basis import Basis
from transport.base import atomic_files
from transport.base.settings import Settings, load
from transport.ingest import ehf, registers
from transport.releases.store import Release, Releases
from transport.storage.landing import open_landing, utc_now

_SCREEN_ROWS = 40
_kr = partial(kroner, grouped=False)
_NO_USE = "no use is known"
_SYNTHETIC = "Synthetic: some of the use or prices are made up."


@command("what it came to, for a program.")
def basis(
    quarter: str,
    /,
    *,
    month: str | None = None,
    out: Path | None = None,
    by: str = "økonomi",
    format: Literal["xlsx", "ehf"] = "xlsx",  # noqa: A002 - the name of the flag
) -> Result:
    """Write a quarter's invoice basis to XLSX and CSV, and hold the release it was made from.

    The register `invoice_run` says which release that was, for `dif invoice diff`. A single month is a look, and holds
    nothing.

    Args:
        quarter: such as 2026-Q4.
        month: only this month of it, such as 2026-11.
        out: the folder; the working folder when not given.
        by: the function that writes it, not a person's name.
        format: ehf also writes an EHF draft for each payer, of the lines that are ready; it needs the seller in the
            register invoice_party.
    """
    months = _months(quarter, month)
    settings = load()
    invoice = invoice_basis.basis_of(require_release(settings, _NO_USE), quarter, months)
    if invoice.provisional:
        say(
            f"{month or quarter} is not over in release {invoice.release}: this basis is provisional. Write it again "
            "when a release has been made after the period."
        )
    drafts = _drafts(settings, invoice, out or Path()) if format == "ehf" else None
    files = invoice_basis.write(invoice, out or Path())
    unpriced = sum(r["status"] == "NO_PRICE" for r in invoice.rows)
    facts = {
        "quarter": quarter,
        "months": [m.isoformat() for m in months],
        "files": [str(f) for f in files],
        "release": invoice.release,
        "content_hash": invoice.content_hash,
        "lines": len(invoice.rows),
        "ready_ore": invoice.ready_ore,
        "waiting_ore": invoice.waiting_ore,
        "without_price": unpriced,
        "provisional": invoice.provisional,
        "synthetic": invoice.synthetic,
        "held": month is None,
    }
    if drafts:
        facts["drafts"] = [str(f) for f in drafts.files]
        facts["official_rules"] = "met" if drafts.checked else "not run"
    lines = [
        f"{files[0]} and {files[1].name}: release {invoice.release}, content {invoice.content_hash[:16]}.",
        (
            f"{counted(len(invoice.rows), 'line')}: {_kr(invoice.ready_ore)} kr ready, {_kr(invoice.waiting_ore)} "
            f"kr waiting for an agreement, {unpriced} without a price; all without VAT."
        ),
    ]
    lines += _draft_lines(drafts) if drafts else []
    if invoice.synthetic:
        lines.append(_SYNTHETIC)
    if month is None and _hold(settings, invoice, by):
        lines.append(f"Held: release {invoice.release} for {quarter}. Later: dif invoice diff {quarter}")
    elif month is None:
        lines.append(f"Release {invoice.release} is already held for {quarter}.")
    return Result(facts, lines)


def _drafts(settings: Settings, invoice: Basis, folder: Path) -> drafts_of.Drafts:
    parties = registers.latest(open_landing(settings), INVOICE_PARTY).to_pylist()
    return drafts_of.write(invoice, parties, folder, ehf.rules_in(settings.schemas_folder))


def _draft_lines(drafts: drafts_of.Drafts) -> Iterator[str]:
    where = f" in {drafts.files[0].parent}" if drafts.files else ""
    yield f"{counted(len(drafts.files), 'EHF draft')}{where}: {_kr(drafts.amount_ore)} kr without VAT."
    if drafts.checked:
        yield "Every draft meets the official rules."
    else:
        names = " and ".join(ehf.RULE_FILES)
        yield (
            f"The official rules were NOT RUN: put {names} from {ehf.RULES_FROM} in the folder "
            "that the setting schemas_folder names (DIF_SCHEMAS_FOLDER)."
        )
    if drafts.without_reference:
        yield (
            f"{counted(len(drafts.without_reference), 'payer')} without a reference in register "
            f"{INVOICE_PARTY.name}: their drafts say «{drafts_of.NO_REFERENCE}»."
        )


@command("every part, for a program.")
def diff(quarter: str, /, *, held: str | None = None, out: Path | None = None) -> Result:
    """Compare a quarter as known when its basis was taken out with the same as known now, in parts by reason.

    NEW_AGREEMENT, AGREEMENT_ENDED: a customer came or went. PRICE_CHANGE: another price rule. OTHER_PAYER: another
    pays. LATE_STATE: use or a state that came late. CORRECTION: reported again. WITHDRAWN: its batch was taken back.
    ROUNDING: other lines, each rounded. UNEXPLAINED: none of these. The parts' amounts sum to the difference.

    Args:
        quarter: such as 2026-Q4.
        held: the release to compare with; the one last held for the quarter when not given.
        out: a CSV file for all the parts.
    """
    months = invoice_basis.months_of(quarter)
    settings = load()
    current = require_release(settings, _NO_USE)
    before = invoice_basis.basis_of(_held_release(settings, quarter, held), quarter, months)
    after = invoice_basis.basis_of(current, quarter, months)
    parts = compare(before.rows, after.rows)
    rows = [asdict(p) for p in parts]
    if out:
        with out.open("w", encoding="utf-8-sig", newline="") as handle:
            writer = csv.DictWriter(handle, list(Change.__slots__), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
    return Result(rows, _difference(before, after, parts))


def _difference(before: Basis, after: Basis, parts: Sequence[Change]) -> Iterator[str | Table]:
    was, is_now = ready_ore(before.rows), ready_ore(after.rows)
    yield (
        f"{after.quarter}: {_kr(was)} kr in release {before.release}, {_kr(is_now)} kr in {after.release}; "
        f"the difference is {_kr(is_now - was)} kr, without VAT."
    )
    if before.synthetic or after.synthetic:
        yield _SYNTHETIC
    by_reason: dict[str, list[Change]] = defaultdict(list)
    for part in parts:
        by_reason[part.reason].append(part)
    yield Table(
        [
            {"reason": reason, "parts": len(grouped), "kr": _kr(sum(p.amount_ore for p in grouped))}
            for reason, grouped in sorted(by_reason.items())
        ],
        empty="No line has changed.",
    )
    if not parts:
        return
    largest = sorted(parts, key=lambda p: -abs(p.amount_ore))[:_SCREEN_ROWS]
    dated = any(p.price_from for p in largest)
    yield Table(
        [
            {
                "month": month_text(p.month),
                "payer": p.payer_number,
                "organisation": p.organisation_number,
                "element": p.price_element,
                "channel": p.channel,
                **({"price from": str(p.price_from or "")} if dated else {}),
                "reason": p.reason.value,
                "quantity": str(p.quantity.normalize()),
                "kr": _kr(p.amount_ore),
            }
            for p in largest
        ]
    )
    if len(parts) > _SCREEN_ROWS:
        yield f"The {_SCREEN_ROWS} largest of {len(parts)}; --out FILE writes them all."


def _months(quarter: str, month: str | None) -> tuple[date, ...]:
    months = invoice_basis.months_of(quarter)
    chosen = [m for m in months if month in (None, month_text(m))]
    if not chosen:
        raise BadOption("--month", month, f"a month of {quarter}: {', '.join(map(month_text, months))}")
    return tuple(chosen)


def _held_release(settings: Settings, quarter: str, name: str | None) -> Release:
    runs = [r for r in _runs(settings) if r["quarter"] == quarter]
    if name is None:
        if not runs:
            raise WrongUse(f"No basis has been written for {quarter}.", f"Write it first: dif invoice basis {quarter}.")
        name = str(max(runs, key=lambda r: r["made_at"])["release"])
    try:
        return Releases(settings).get(name)
    except UnknownName as problem:
        raise WrongUse(
            f"Release {name}, which was held for {quarter}, is not in this home.",
            f"Restore it from a backup (dif restore), or name another with --held. {problem.mend}",
        ) from None


def _hold(settings: Settings, basis: Basis, by: str) -> bool:
    """Record in the register which release the quarter's basis was made from; False when that is recorded already."""
    row = {
        "quarter": basis.quarter,
        "release": basis.release,
        "content_hash": basis.content_hash,
        "lines": len(basis.rows),
        "amount_ore": basis.ready_ore,
        "waiting_ore": basis.waiting_ore,
        "provisional": basis.provisional,
        "made_by": by,
        "made_at": utc_now(),
        "synthetic": basis.synthetic,
    }
    with atomic_files.locked(settings.home):
        before = _runs(settings)
        if any(all(r[k] == row[k] for k in ("quarter", "release", "content_hash")) for r in before):
            return False
        reason = f"Fakturagrunnlag for {basis.quarter} tatt ut av utgave {basis.release}."
        land(settings, INVOICE_RUN, [*before, row], reason=reason, by=by)
    return True


def _runs(settings: Settings) -> list[dict[str, Any]]:
    """The rows of the register in force: which release each quarter's basis was made from."""
    rows: list[dict[str, Any]] = registers.latest(open_landing(settings), INVOICE_RUN).to_pylist()
    return rows
