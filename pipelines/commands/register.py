"""`dif register list, export, check, apply, history`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from catalog.contracts import RegisterContract
from catalog.registers import REGISTERS
from pipelines.commands import screen
from pipelines.works import Works
from transport import durable, landing, registers
from transport.settings import Settings, load


def list_registers(*, json: bool = False) -> int:
    """Every register, how many rows it has and when its version in force was applied.

    Args:
        json: for a program.
    """
    works = Works(load(), landing.utc_now())
    rows = []
    for contract in REGISTERS.values():
        versions = registers.history(works.landing, contract.name)
        rows.append(
            {
                "register": contract.name,
                "title": contract.title.nb,
                "rows": works.register(contract).num_rows,
                "applied": versions[-1].applied_at.isoformat(timespec="seconds")
                if versions
                else ("bundled facts" if contract.seed else "empty"),
                "owner": contract.owner,
            }
        )
    if json:
        screen.as_json(rows)
    else:
        screen.table(rows)
    return 0


def export(name: str, /, out: Path | None = None, *, version: str | None = None) -> int:
    """Write a register to a file for editing.

    Args:
        name: which register.
        out: a .csv or .xlsx file; `<name>.xlsx` in the working folder when not given.
        version: a version that was applied, as `dif register history` names it; the one in force when not given.
    """
    contract = registers.known(name)
    path = out or Path(f"{name}.xlsx")
    works = Works(load(), landing.utc_now())
    table = registers.version_rows(works.landing, contract, version) if version else works.register(contract)
    registers.export(contract, table, path)
    screen.out(f'{table.num_rows} rows in {path}. Edit it, then: dif register apply {name} {path} --reason "…"')
    return 0


def check(name: str, file: Path, /) -> int:
    """Try an edited register; nothing is applied.

    Args:
        name: which register.
        file: the edited CSV or XLSX.
    """
    contract = registers.known(name)
    rows = registers.check(contract, file)
    settings = load()
    registers.check_rules(settings, contract, rows)
    screen.out(f"{len(rows)} rows, all good; {_changes(settings, contract, rows)}. Nothing was applied.")
    return 0


def apply(name: str, file: Path, /, *, reason: str, by: str = "dif") -> int:
    """Apply an edited register as a new version; the next `dif run` remakes what it touches.

    Args:
        name: which register.
        file: the edited CSV or XLSX.
        reason: why, for the history.
        by: the function that applies it, not a person's name.
    """
    settings = load()
    contract = registers.known(name)
    rows = registers.check(contract, file)
    registers.check_rules(settings, contract, rows)
    with durable.locked(settings.home):
        kept = landing.open_landing(settings)
        said = _changes(settings, contract, rows)
        before = registers.history(kept, name)
        entry = registers.apply(kept, contract, rows, by=by, reason=reason, now=landing.utc_now())
    screen.out(f"{len(rows)} rows applied as {entry.batch_id}; {said}. Now: dif run.")
    undo = f"dif register export {name} undo.xlsx --version {before[-1].batch_id}, and apply it" if before else ""
    screen.out(f"To undo: {undo}." if undo else "It is the first version; the bundled facts were in force before.")
    return 0


def _changes(settings: Settings, contract: RegisterContract, rows: Sequence[Mapping[str, object]]) -> str:
    """What the edit changes against the version in force."""
    before = Works(settings, landing.utc_now()).register(contract)
    added, changed, removed = registers.changes(contract, before, rows)
    return f"{added} added, {changed} changed, {removed} removed against the version in force"


def history(name: str, /, *, json: bool = False) -> int:
    """Which versions were applied, when, by whom and why.

    Args:
        name: which register.
        json: for a program.
    """
    contract = registers.known(name)
    works = Works(load(), landing.utc_now())
    rows = registers.history(works.landing, contract.name)
    shown = [
        {
            "applied_at": v.applied_at.isoformat(timespec="seconds"),
            "rows": v.rows,
            "by": v.applied_by,
            "reason": v.reason,
            "batch_id": v.batch_id,
        }
        for v in rows
    ]
    if json:
        screen.as_json(shown)
    else:
        screen.table(
            shown,
            empty=f"{name} has no applied version" + (": the bundled facts are in force." if contract.seed else "."),
        )
    return 0
