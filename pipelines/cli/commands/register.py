"""`dif register list, export, check, propose, apply, merge, history`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from catalog.contracts.language import RegisterContract
from catalog.domain.calendar import day_in_oslo
from catalog.errors import BadOption, UnknownName, WrongUse
from catalog.tables.quality import UNMAPPED_SYSTEM
from catalog.tables.reference import MUNICIPALITY, PRODUCT
from catalog.tables.registers import (
    COST_MAPPING,
    FOLLOW_UP,
    INVOICE_ITEM,
    REGISTERS,
    SAFT_ACCOUNT,
    SAFT_DIMENSION,
    SOURCE_SYSTEM,
)
from catalog.tables.streams import INVOICE_LINE
from catalog.tables.uptake_calls import DECLINED_TABLE, NOT_YET
from pipelines.cli.checks import require_release, require_text
from pipelines.cli.present.formats import counted, moment
from pipelines.cli.screen import Result, Table, command, say
from transport.base import atomic_files
from transport.base.settings import Settings, load
from transport.ingest import documents, registers
from transport.releases.dataset_reader import open_dataset
from transport.releases.store import Releases
from transport.storage.journal import Entry
from transport.storage.landing import open_landing, utc_now

_LISTS = (NOT_YET, DECLINED_TABLE)
_NO_ANSWER = "No row has an answer. Nothing was applied."


@command()
def list_registers() -> Result:
    """Every register, how many rows its latest version has and when that was applied."""
    landing = open_landing(load())
    rows = []
    for contract in REGISTERS.values():
        versions = registers.history(landing, contract.name)
        rows.append(
            {
                "register": contract.name,
                "title": contract.title.nb,
                "rows": registers.latest(landing, contract).num_rows,
                "applied": moment(versions[-1].applied_at)
                if versions
                else "bundled facts"
                if contract.seed
                else "empty",
                "owner": contract.owner,
            }
        )
    return Result(rows, [Table(rows)])


@command(None)
def export(name: str, /, out: Path | None = None, *, version: str | None = None) -> Result:
    """Write a register to a file for editing.

    Args:
        name: which register.
        out: a .csv or .xlsx file; `<name>.xlsx` in the working folder when not given.
        version: a version that was applied, as `dif register history` names it; the latest when not given.
    """
    contract = registers.contract_of(name)
    path = out or Path(f"{name}.xlsx")
    landing = open_landing(load())
    table = registers.version_rows(landing, contract, version) if version else registers.latest(landing, contract)
    registers.export(contract, table, path)
    edit = f'Edit it, then: dif register apply {name} {path} --reason "…"'
    return Result(lines=[f"{table.num_rows} rows in {path}. {edit}"])


@command()
def check(name: str, file: Path, /) -> Result:
    """Try an edited register; nothing is applied.

    Args:
        name: which register.
        file: the edited CSV or XLSX.
    """
    contract = registers.contract_of(name)
    rows = registers.checked_rows(contract, file, today=day_in_oslo(utc_now()))
    settings = load()
    registers.check_rules(settings, contract, rows)
    before = registers.latest(open_landing(settings), contract)
    back = _reaching_back(contract, before, rows)
    added, changed, removed = registers.changes(contract, before, rows)
    counts = {"rows": len(rows), "added": added, "changed": changed, "removed": removed}
    summary = f"{len(rows)} rows, all good; {_changes(contract, before, rows)}. Nothing was applied."
    return Result({"register": name, **counts, "reaching_back": back}, [summary, *back])


@command(None)
def apply(name: str, file: Path, /, *, reason: str, by: str = "drift") -> Result:
    """Apply an edited register as a new version; the next `dif run` remakes what it touches.

    Args:
        name: which register.
        file: the edited CSV or XLSX.
        reason: why, for the history.
        by: the function that applies it, not a person's name.
    """
    settings = load()
    contract = registers.contract_of(name)
    rows = registers.checked_rows(contract, file, today=day_in_oslo(utc_now()))
    with atomic_files.locked(settings.home):
        return Result(lines=land(settings, contract, rows, reason=reason, by=by))


@command(None)
def merge(name: str, file: Path, /, *, reason: str, by: str = "drift") -> Result:
    """Take the rows that a file answers for into the register as a new version; every other row stays in force.

    For a form that comes back, as a network's follow-up (`dif report network NAME --follow-up FILE`). A row without an
    answer (a status) is skipped. Nothing is taken away: that takes `export`, an edit and `apply`.

    Args:
        name: which register.
        file: the CSV or XLSX that came back, with the register's columns by name or title; others are left out.
        reason: why, for the history.
        by: the function that applies it, not a person's name.
    """
    contract = registers.contract_of(name)
    now = utc_now()
    form = registers.read_form(contract, file, today=day_in_oslo(now))
    settings = load()
    registers.check_rules(settings, contract, list(form.rows.values()), list(form.rows))
    if form.left_out:
        say(f"Columns that are not in the register are left out: {', '.join(form.left_out)}.")
    if form.skipped:
        say(f"{counted(form.skipped, 'row')} without an answer skipped.")
    if form.half:
        rows = ", ".join(map(str, form.half))
        say(f"Of these, partly filled in but without an answer: row {rows}. Fill in the rest to make it count.")
    for line in _off_the_list(settings, form.rows) if contract is FOLLOW_UP else ():
        say(line)
    with atomic_files.locked(settings.home):
        landing = open_landing(settings)
        earlier = registers.history(landing, name)
        answers = list(form.rows.values())
        done = registers.merge(settings, landing, contract, answers, by=by, reason=reason, now=utc_now())
    if done.entry is None:
        return Result(lines=["The register already has all of it. Nothing was applied." if form.rows else _NO_ANSWER])
    return Result(lines=_applied(contract, done.entry, done.before, done.after, earlier))


def _off_the_list(settings: Settings, rows: Mapping[int, Mapping[str, object]]) -> list[str]:
    """Warnings about follow-ups that are on no call list of the current release, so that they change nothing there.

    Empty if all are on a list, or no release has the lists.
    """
    release = Releases(settings).current()
    if release is None or {x.name for x in _LISTS} - release.section("datasets").keys():
        return []
    listed = {(r["municipality_code"], r["service"]) for x in _LISTS for r in open_dataset(release, x).rows()}
    called_about = {service for _, service in listed}
    external = {r["service"] for r in open_dataset(release, PRODUCT).rows() if r["external"]}
    today = {r["code"] for r in open_dataset(release, MUNICIPALITY).rows() if r["valid_to"] is None}
    lines = []
    for number, row in rows.items():
        code, service = registers.identity(FOLLOW_UP, row)
        if (code, service) in listed:
            continue
        if code not in today:
            why = "the code was split, so the follow-up belongs to no current municipality"
        elif service in external:
            why = "the service is an external product, and nobody is called about it"
        elif service not in called_about:
            why = "nobody is called about the service: all have it, none has begun, or it is not for municipalities"
        else:
            why = "the municipality already has the service"
        lines.append(f"  row {number}, {row['municipality_code']} {row['service']}: {why}")
    if not lines:
        return []
    many = counted(len(lines), "row")
    return [f"WARNING: {many} taken in anyway, but not on the call list of release {release.name}:", *lines]


@command(None)
def propose(
    name: str,
    /,
    *,
    of: Path | None = None,
    out: Path | None = None,
    at_least: float = 0.85,
    accepted: Path | None = None,
    reason: str = "",
    by: str = "drift",
) -> Result:
    """Propose rows of a register, from unknown names or a SAF-T file, or apply proposals that a person has marked.

    From names: source_system (names of systems that nobody has mapped) and invoice_item (items on
    invoices that are no price element). First `dif register propose NAME` writes a file: a row per unknown name, what
    it may stand for, and why. A person mends it and writes ja under accept; what is not marked stays unknown. Then
    `dif register propose NAME --accepted FILE --reason "…"` adds the marked rows to the latest version.

    `dif register propose saft_account --of FILE.xml` (or `saft_dimension`) writes the rows in force and a row per
    account (or dimension) of the SAF-T file that the register lacks. A person mends it and applies it.

    Args:
        name: which register: source_system, invoice_item, saft_account or saft_dimension.
        of: the SAF-T file (.xml or .zip), for saft_account and saft_dimension.
        out: a new .csv or .xlsx file; `NAME-proposals.xlsx` in the working folder when not given.
        at_least: how similar a name must be, 0 to 1; 1 means the same letters.
        accepted: the reviewed file; its marked rows become a new version.
        reason: why, for the history; with --accepted.
        by: the function that applies it, not a person's name; with --accepted.
    """
    contract = registers.contract_of(name)
    if contract in (SAFT_ACCOUNT, SAFT_DIMENSION):
        return _propose_of_saft(contract, of, out or Path(f"{name}-proposals.xlsx"))
    if contract not in (SOURCE_SYSTEM, INVOICE_ITEM):
        choices = [c.name for c in (SOURCE_SYSTEM, INVOICE_ITEM, SAFT_ACCOUNT, SAFT_DIMENSION)]
        raise UnknownName("register with proposals", name, choices=choices)
    if accepted is not None:
        return _apply_accepted(contract, accepted, reason=reason, by=by)
    if not 0 <= at_least <= 1:
        raise BadOption("--at-least", at_least, "a number from 0 to 1, such as 0.85")
    path = out or Path(f"{name}-proposals.xlsx")
    if path.exists():
        raise BadOption("--out", path, "the name of a new file: the existing one may hold a person's marks")
    write = _propose_items if contract is INVOICE_ITEM else _propose_systems
    rows, proposed = write(path, at_least)
    if not rows:
        return Result(lines=[_ALL_KNOWN[name]])
    return Result(
        lines=[
            (
                f"{counted(rows, _UNKNOWN[name])} in {path}: {proposed} with a proposal, "
                f"{rows - proposed} without. Nothing was applied."
            ),
            (
                "Write ja under accept where a row is right, then: "
                f'dif register propose {name} --accepted {path} --reason "…". What is not marked stays unmapped.'
            ),
        ]
    )


_UNKNOWN = {SOURCE_SYSTEM.name: "unmapped name", INVOICE_ITEM.name: "unknown item"}
_ALL_KNOWN = {
    SOURCE_SYSTEM.name: (
        "Every name sent within the last twelve whole months is mapped: nothing to propose, no file written."
    ),
    INVOICE_ITEM.name: "Every item on invoices is known: nothing to propose, no file written.",
}


def _propose_systems(path: Path, at_least: float) -> tuple[int, int]:
    """Write a row per unmapped name; how many there are, and how many with a proposal."""
    from assets import mapping  # its library is loaded for those who ask

    settings = load()
    rows = registers.latest(open_landing(settings), SOURCE_SYSTEM).to_pylist()
    proposals = mapping.propose(_unmapped(settings), rows, at_least=Decimal(str(at_least)))
    if proposals:
        registers.export(mapping.REVIEW, mapping.review(proposals), path)
    return len(proposals), sum(p.system is not None for p in proposals)


def _propose_items(path: Path, at_least: float) -> tuple[int, int]:
    """As `_propose_systems`, of items on the invoice lines that have landed."""
    from assets import invoice_items

    landing = open_landing(load())
    sent: list[tuple[str, str | None]] = []
    for entry in landing.of(INVOICE_LINE.name):
        if landing.withdrawal(entry) is None and landing.erasure(entry) is None:
            table = pq.read_table(landing.file(entry), columns=["price_element", "line_text"])
            sent += zip(table["price_element"].to_pylist(), table["line_text"].to_pylist(), strict=True)
    rows = registers.latest(landing, INVOICE_ITEM).to_pylist()
    proposals = invoice_items.propose(sent, rows, at_least=at_least)
    if proposals:
        registers.export(invoice_items.REVIEW, pa.Table.from_pylist(proposals, invoice_items.REVIEW.schema), path)
    return len(proposals), sum(p["price_element"] is not None for p in proposals)


def _propose_of_saft(contract: RegisterContract, of: Path | None, path: Path) -> Result:
    """Write the register in force with a row for each account or dimension of a SAF-T file that it lacks."""
    from transport.ingest import saft

    if of is None:
        raise BadOption("--of", "", "the SAF-T file, as .xml or .zip")
    if path.exists():
        raise BadOption("--out", path, "the name of a new file: the existing one may hold a person's edits")
    before = registers.latest(open_landing(load()), contract).to_pylist()
    key = contract.key[0]
    known_keys = {row[key] for row in before}
    new = [
        row
        for row in saft.proposed(contract.name, saft.tables_of(documents.parts_of(of)))
        if row[key] not in known_keys
    ]
    if not new:
        return Result(lines=[f"The register has everything that is in {of}: nothing to propose, no file written."])
    rows = [*before, *new]
    registers.export(contract, pa.Table.from_pylist(rows, contract.schema), path)
    return Result(
        lines=[
            f"{counted(len(new), 'new row')} in {path}, after {len(before)} in force. Nothing was applied.",
            f'Read them, mend them, then: dif register apply {contract.name} {path} --reason "…".',
        ]
    )


def _unmapped(settings: Settings) -> list[dict[str, object]]:
    """The names of the current release that the register lacked."""
    release = require_release(settings, "the unmapped names are not counted")
    if UNMAPPED_SYSTEM.name not in release.section("datasets"):
        raise WrongUse(
            f"Release {release.name} is older than {UNMAPPED_SYSTEM.name}.", "Make one that has it: dif run."
        )
    return open_dataset(release, UNMAPPED_SYSTEM).rows()


def _apply_accepted(contract: RegisterContract, file: Path, *, reason: str, by: str) -> Result:
    """Add the rows that a person marked to the register in force, as a new version."""
    from assets import invoice_items, mapping

    review = invoice_items.REVIEW if contract is INVOICE_ITEM else mapping.REVIEW
    accepted = invoice_items.accepted if contract is INVOICE_ITEM else mapping.accepted
    require_text("--reason", reason, "a reason, for the history")
    settings = load()
    reviewed = registers.checked_rows(review, file)
    with atomic_files.locked(settings.home):
        # read now, under the lock, so that what others applied since the file was written stays
        before = registers.latest(open_landing(settings), contract).to_pylist()
        rows = accepted(before, reviewed)
        if len(rows) == len(before):
            return Result(lines=["The register already has every marked row. Nothing was applied."])
        return Result(lines=land(settings, contract, rows, reason=reason, by=by))


def land(
    settings: Settings, contract: RegisterContract, rows: Sequence[Mapping[str, object]], *, reason: str, by: str
) -> list[str]:
    """Check rows and land them as a new version; the caller holds the lock.

    Returns:
        What changed and how to undo it, in words.

    Raises:
        RegisterRejected: a row breaks a rule; nothing was landed.
    """
    registers.check_rules(settings, contract, rows)
    landing = open_landing(settings)
    before, earlier = registers.latest(landing, contract), registers.history(landing, contract.name)
    entry = registers.apply(landing, contract, rows, by=by, reason=reason, now=utc_now())
    return _applied(contract, entry, before, rows, earlier)


def _applied(
    contract: RegisterContract,
    entry: Entry,
    before: pa.Table,
    rows: Sequence[Mapping[str, object]],
    earlier: Sequence[registers.Version],
) -> list[str]:
    """What a new version changed, and how to undo it."""
    name = contract.name
    if earlier:
        undo = f"dif register export {name} undo.xlsx --version {earlier[-1].batch_id}, and apply it"
    else:
        was = "the bundled facts were" if contract.seed else "nothing was"
        undo = f'dif withdraw {entry.batch_id} --reason "…": it is the first version, and {was} in force before'
    applied = f"{len(rows)} rows applied as {entry.batch_id}; {_changes(contract, before, rows)}. Now: dif run."
    return [applied, *_reaching_back(contract, before, rows), f"To undo: {undo}."]


def _changes(contract: RegisterContract, before: pa.Table, rows: Sequence[Mapping[str, object]]) -> str:
    """A summary of the edit's changes against the latest version."""
    added, changed, removed = registers.changes(contract, before, rows)
    return f"{added} added, {changed} changed, {removed} removed against the latest version"


def _reaching_back(contract: RegisterContract, before: pa.Table, rows: Sequence[Mapping[str, object]]) -> list[str]:
    """A warning that new and changed `cost_mapping` rows without a first month also remap earlier bookings."""
    if contract is not COST_MAPPING:
        return []
    stood = before.to_pylist()
    many = sum(dict(row) not in stood for row in rows if row["valid_from"] is None)
    if not many:
        return []
    some = f"{counted(many, 'new or changed row')} of {contract.name} without valid_from"
    return [f"{some}: costs of all earlier months are placed again too, but closed quarters keep their sums."]


@command()
def history(name: str, /) -> Result:
    """The versions that were applied: when, by whom and why.

    Args:
        name: which register.
    """
    contract = registers.contract_of(name)
    rows = [
        {
            "applied_at": moment(v.applied_at),
            "rows": v.rows,
            "by": v.applied_by,
            "reason": v.reason,
            "batch_id": v.batch_id,
        }
        for v in registers.history(open_landing(load()), name)
    ]
    none = f"{name} has no applied version" + (": the bundled facts are in force." if contract.seed else ".")
    return Result(rows, [Table(rows, empty=none)])
