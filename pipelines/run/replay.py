"""What the next run would change in quarantine, told before it runs.

A run already makes again every month whose rules, registers or batches have changed. So the effect is found by taking
the same steps, but for the checks, in a copy of the lake, and comparing the two. The copy shares the
lake's files, which never change, so it costs what the touched months cost.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from assets import replay
from catalog.contracts.language import DatasetContract, StreamContract
from catalog.contracts.scan import Query, Scan
from catalog.errors import WrongUse
from catalog.tables import ledger, uptake, usage
from catalog.tables.quarantine import quarantine_of
from catalog.tables.reference import MUNICIPALITY, MUNICIPALITY_OF
from catalog.tables.streams import PUSHED, STREAMS
from pipelines.run import batches, release_diff
from pipelines.run.context import BuildResult, Reporter, RunContext
from pipelines.run.schedule import make, plan
from pipelines.run.steps import start
from pipelines.run.tables import LAKE, SENT, conformed_tables
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.releases.store import Releases

BY_MUNICIPALITY = (usage.MUNICIPALITY_MONTH, usage.MUNICIPALITY_MEASURE_MONTH, uptake.STEP_EVENT, ledger.ENTRY)
"""Datasets in which a changed row changes a number of that municipality, and of no other."""
_AMOUNT = "amount_ore"


@dataclass(frozen=True, slots=True)
class Effect:
    """What a run would change.

    Attributes:
        rows: the rows of `assets.replay.fates`, each with its stream; amounts are whole øre.
        ledger_ore: by stream that kroner come from, how much more or less would be in force.
        municipalities: code, name and datasets of each municipality whose numbers would change.
        months: by stream, how many months (or wholes) would be made again.
        datasets: how each dataset would differ: rows of `quality.release_diff_dataset`.
        statuses: the uptake statuses that would differ.
    """

    rows: list[dict[str, Any]]
    ledger_ore: Mapping[str, int]
    municipalities: list[dict[str, Any]]
    months: Mapping[str, int] = field(default_factory=dict)
    datasets: Sequence[Mapping[str, Any]] = ()
    statuses: Sequence[Mapping[str, Any]] = ()

    @property
    def changes(self) -> bool:
        """Whether any row would leave or enter quarantine."""
        return any(row["fate"] != "STAYS" for row in self.rows)

    def of(self, stream: str | None, rule: str | None) -> list[dict[str, Any]]:
        """The rows of one stream and rule; of all rules, each row once."""
        return [r for r in self.rows if r["rule"] == rule and stream in (None, r["stream"])]


def effect(settings: Settings, as_of: datetime, reporter: Reporter) -> Effect:
    """What a run would change at this moment, besides what waits in the inbox. Call it in `steps.exclusive_run`.

    Raises:
        WrongUse: no run has been yet.
    """
    release = Releases(settings).current()
    lake = Lake.of(settings)
    lake.refresh()
    if release is None or not any(lake.files_by_month(quarantine_of(stream)) for stream in STREAMS.values()):
        raise WrongUse("No run has been yet, so nothing has been set aside.", "Make a release: dif run.")
    trial = start(settings.but(lake_folder=settings.scratch / "replay", engine_address=""), as_of, reporter)
    try:
        _copy(lake, trial.lake)
        months = _months_made(trial)
        made_of = release.section("made_of").get("journal")
        last_number = int(made_of[0]) if isinstance(made_of, list) else 0
        before, after = (release_diff.of_run(trial, name, of) for name, of in ((release.name, lake), ("", trial.lake)))
        with Session(trial.settings, sound=trial.lake.sound) as session:
            return Effect(
                [row for stream in STREAMS.values() for row in _fates(trial, session, lake, stream, last_number)],
                _in_force(session, lake, trial.lake),
                _municipalities(session, lake, trial.lake),
                months,
                release_diff.datasets(session, before, after).to_pylist(),
                release_diff.statuses(session, before, after),
            )
    finally:
        trial.exit_stack.close()
        trial.lake.clear()


def _copy(lake: Lake, copy: Lake) -> None:
    """Copy a lake: its logs, and links to its files."""
    copy.clear()
    for contract in LAKE:
        lake.bring(lake.files(contract))
    unfinished = shutil.ignore_patterns(f"{atomic_files.TEMPORARY}*")
    shutil.copytree(lake.folder, copy.folder, copy_function=_link_or_copy, ignore=unfinished)
    for contract in LAKE:
        copy.drop_missing_files(contract)


def _link_or_copy(source: str, target: str) -> str:
    """Link a file of rows, which is never written to; copy it where it lies on another disk, and copy logs."""
    if source.endswith(".parquet") and Path(source).parent.name != "_delta_log":
        try:
            Path(target).hardlink_to(source)
        except OSError:
            shutil.copyfile(source, target)
    else:
        shutil.copyfile(source, target)
    return target


def _months_made(trial: RunContext) -> dict[str, int]:
    """Conform every stream and build every table; return the number of months made of each stream."""
    sent = {conformed_tables(stream)[0].name: stream.name for stream in SENT}
    months = {
        sent[name]: len(results[1].rows) for results in make(trial, plan(trial)) if (name := _name_of(results)) in sent
    }
    return {stream.name: months[stream.name] for stream in SENT if months.get(stream.name)}


def _name_of(results: Sequence[BuildResult]) -> str:
    return results[0].contract.name if results else ""


def _fates(
    trial: RunContext, session: Session, lake: Lake, stream: StreamContract, last_number: int
) -> Iterable[dict[str, Any]]:
    entries, contract = trial.landing.of(stream.name), quarantine_of(stream)
    scan = replay.fates(
        stream,
        lake.scan(contract),
        trial.lake.scan(contract),
        withdrawn=_batch_table([e for e in entries if batches.withdrawal(trial, e)]),
        landed=_batch_table([e for e in entries if e.number > last_number]),
    )
    has_kroner = _AMOUNT in stream.schema.names
    for row in session.cleared().table(scan).to_pylist():
        yield {"stream": stream.name, **row, _AMOUNT: int(row[_AMOUNT] or 0) if has_kroner else None}


def _batch_table(entries: Iterable[Any]) -> pa.Table:
    return pa.Table.from_pylist([{"producer": e.producer, "batch_id": e.batch_id} for e in entries], replay.BATCHES)


def _in_force(session: Session, before: Lake, after: Lake) -> dict[str, int]:
    def ore(scan: Scan) -> int:
        total = Query(f"select coalesce(sum({_AMOUNT}), 0)::varchar as ore from in_force", {"in_force": scan})  # noqa: S608 - our own word
        return int(session.cleared().table(total)["ore"][0].as_py())

    tables = {name: conformed_tables(s)[0] for name, s in PUSHED.items() if _AMOUNT in s.schema.names}
    changed = {
        name: ore(after.scan(contract)) - ore(before.scan(contract))
        for name, contract in tables.items()
        if _differing(before, after, contract)
    }
    return {name: difference for name, difference in changed.items() if difference}


def _municipalities(session: Session, before: Lake, after: Lake) -> list[dict[str, Any]]:
    """The municipalities whose rows differ, from the files that differ."""
    changed: dict[tuple[str, str], list[str]] = {}
    places = {"municipality": after.scan(MUNICIPALITY), "municipality_of": after.scan(MUNICIPALITY_OF)}
    for contract in BY_MUNICIPALITY:
        months = _differing(before, after, contract)
        if not months:
            continue
        before_rows, after_rows = (
            lake.scan_of(contract, [p for p in lake.files(contract) if p.month in months]) for lake in (before, after)
        )
        scan = replay.changed_municipalities(contract, before_rows, after_rows, **places)
        for row in session.cleared().table(scan).to_pylist():
            changed.setdefault((row["municipality_code"], row["name"]), []).append(contract.name)
    return [{"code": code, "name": name, "datasets": sets} for (code, name), sets in sorted(changed.items())]


def _differing(before: Lake, after: Lake, contract: DatasetContract) -> set[date | None]:
    """The months of a table whose files differ. A file's name says what it was made of."""
    was, stands = (
        {m: {p.path.name for p in of} for m, of in lake.files_by_month(contract).items()} for lake in (before, after)
    )
    return {month for month in was.keys() | stands.keys() if was.get(month) != stands.get(month)}
