"""How two releases differ, and why, from the releases, the journal, the lake and the landing.

The manifest and the journal give the batches that a release counted, so batches that came or were withdrawn since are
known by name. Rows are read only for differing months in which a batch came or went or rows were held, and for
withdrawn batches. Other use is one small file per release; both are read if they differ.

Any two releases can be compared. The rows of the later one come from the lake if the lake is still what that release
was made of; otherwise its months are conformed again from the batches it counted, by today's rules. The result says
what could not be determined, and which reason is given instead.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from assets import release_diff
from assets.release_diff import CHANGED, Counts, DiffParameters, Moved, Uses, Versions
from catalog.contracts.language import Audience, DatasetContract, StreamContract
from catalog.contracts.scan import Files, LandedIn, Scan, Values, empty
from catalog.domain import calendar
from catalog.errors import Damaged, SharingError
from catalog.tables import conformed, reference, uptake, usage
from catalog.tables.quality import RELEASE_DIFF, RELEASE_DIFF_DATASET
from catalog.tables.streams import DISPATCH, MEASUREMENT
from pipelines.run.context import RunContext
from pipelines.run.tables import PUBLISHED
from transport.base.settings import Settings
from transport.lake.session import Session
from transport.lake.tables import Lake
from transport.releases import dataset_reader
from transport.releases.store import Release
from transport.storage.batch_file import landed_schema
from transport.storage.journal import Entry
from transport.storage.landing import Landing, fingerprint, is_fingerprint

_COMPARED = tuple(b.contract for b in PUBLISHED)
_READ = (
    usage.DISPATCH_DAY,
    usage.DISPATCH_MONTH,
    usage.MUNICIPALITY_MONTH,
    usage.MEASURE_MONTH,
    reference.MEASURE,
    reference.MUNICIPALITY_OF,
    reference.MUNICIPALITY_TO_NOW,
)
_ONCE_WITHOUT = (usage.DISPATCH_MONTH, usage.MEASURE_MONTH)
"""Datasets that old releases lack."""
_CONFORMED = {DISPATCH.name: conformed.DISPATCH, MEASUREMENT.name: conformed.MEASUREMENT}
_OTHER_RULES = "Rules changed between the two; a correction cannot be told from a new mapping."
_REPLAY = "asof-"
"""Prefix of the names of replay releases (`Releases.next_name`)."""


class _Part(NamedTuple):
    path: str
    made_of: str


@dataclass(frozen=True, slots=True)
class Side:
    """One side of the comparison: a release, or what a run is about to publish.

    Attributes:
        seen: numbers of the batches of dispatches and measurements that it knew of.
        live: those of `seen` that counted.
        parts: files by dataset and month.
        lake: names of the lake's files at publication; None if the side is the lake itself.
        doubt: why `seen` and `live` may be wrong; empty if the manifest confirms them.
        batches: the fingerprint of all batches that it counts, of every stream.
    """

    name: str
    as_of: datetime
    rules: str
    seen: frozenset[int]
    live: frozenset[int]
    parts: Mapping[str, Mapping[date | None, _Part]]
    lake: Collection[str] | None = None
    doubt: str = ""
    batches: str = ""

    def scan(self, contract: DatasetContract, months: Collection[date | None] | None = None) -> Scan:
        """The rows of a dataset, or those of some months."""
        parts = {m: p for m, p in self.parts[contract.name].items() if months is None or m in months}
        if not parts:
            return empty(contract.arrow_schema)
        ordered = sorted(parts.items(), key=lambda item: str(item[0]))
        identity = " ".join(f"{m}:{p.made_of}" for m, p in ordered)
        paths = tuple(p.path for _, p in ordered)
        by_month = contract.partitioned and dataset_reader.has_month_folders(paths)
        return Files(contract.arrow_schema, paths, identity, by_month=by_month)

    def columns(self, contract: DatasetContract) -> frozenset[str]:
        """The columns of a dataset's files; those of a release may be of an earlier version of the contract."""
        paths = [p.path for p in self.parts[contract.name].values()]
        if self.lake is None or not paths:
            return frozenset(c.name for c in contract.columns)
        types = {field.name: field.type for field in pq.read_schema(paths[0])}
        return frozenset(
            c.name for c in contract.columns if c.name == "month" or _alike(types.get(c.name, pa.null()), c.type)
        )

    @property
    def by_month(self) -> bool:
        """Whether the side has dispatches by month too; old releases lack them."""
        return self.parts[usage.DISPATCH_MONTH.name].keys() == self.parts[usage.DISPATCH_DAY.name].keys()

    def made_of(self, contract: DatasetContract) -> dict[date | None, str]:
        """The fingerprints of a dataset's files."""
        return {m: p.made_of for m, p in self.parts[contract.name].items()}


@dataclass(slots=True)
class Difference:
    """How two releases differ, and what could not be determined, in words.

    Attributes:
        table: `quality.release_diff`.
        datasets: `quality.release_diff_dataset` and `ledger.release_diff_dataset`, in one.
        untold: what could not be determined.
    """

    table: pa.Table
    datasets: pa.Table
    untold: list[str] = field(default_factory=list)

    @classmethod
    def nothing(cls) -> Difference:
        """No difference."""
        return cls(RELEASE_DIFF.arrow_schema.empty_table(), RELEASE_DIFF_DATASET.arrow_schema.empty_table())

    def datasets_of(self, audience: Audience) -> pa.Table:
        """The rows of `datasets` about datasets of this audience."""
        names = pa.array([c.name for c in _COMPARED if c.audience is audience], pa.string())
        return self.datasets.filter(pc.is_in(self.datasets["dataset"], names))


def since(parent: Release | None, run: RunContext, name: str) -> Difference:
    """How the release that a run is about to publish differs from the one before.

    Never stops a publication: on an error the difference is left empty, which is reported and recorded in `untold`.

    Args:
        parent: the release it follows; None for the first and for a replay, which differ from nothing.
        run: the run that made the lake to be published.
        name: the new release's name.
    """
    nothing = Difference.nothing()
    if parent is None:
        return nothing
    run.reporter.step(RELEASE_DIFF.name)
    try:
        difference = between(run.settings, run.landing, run.lake, of_release(parent, run.landing), of_run(run, name))
    except Exception as problem:  # noqa: BLE001 - whatever it is, the figures themselves are sound and are published
        text = problem.problem if isinstance(problem, SharingError) else f"{type(problem).__name__}: {problem}"
        nothing.untold.append(f"Left empty, because {parent.name} cannot be compared: {' '.join(text.split())[:200]}")
        run.reporter.done(RELEASE_DIFF.name, nothing.untold[0])
        return nothing
    cell = ("month", "municipality_code", "service", "measure")
    cells = len({tuple(r[k] for k in cell) for r in difference.table.to_pylist()})
    datasets = len(pc.unique(difference.datasets["dataset"]))
    counted = f"{cells} figures of use and {datasets} datasets differ from {parent.name}."
    run.reporter.done(RELEASE_DIFF.name, " ".join([counted, *difference.untold]))
    return difference


def between(settings: Settings, landing: Landing, lake: Lake, side: Side, other: Side) -> Difference:
    """How `other` differs from `side`, and why.

    Reasons always explain the change from the earlier to the later side. If `other` is the earlier one, the differences
    have the opposite sign.

    Raises:
        Damaged: a release lacks a file.
    """
    earlier, later = sorted((side, other), key=lambda s: (s.as_of, len(s.seen)))
    turned = earlier is other and later is side
    untold = [s.doubt for s in (earlier, later) if s.doubt]
    tables: list[pa.Table] = []
    for kind in (_Dispatches, _Measures):
        comparison = kind(settings, landing, lake, earlier, later)
        parameters = DiffParameters(other.name, side.name, earlier.as_of, turned, comparison.moved)
        tables += comparison.tables(parameters)
        untold += [u for u in comparison.untold if u not in untold]
    none = Difference.nothing()
    table = pa.concat_tables([none.table, *tables]).sort_by([(k, "ascending") for k in RELEASE_DIFF.key])
    with Session(settings, sound=lake.sound) as session:
        changed = datasets(session, side, other)
    if side.batches == other.batches and earlier.rules != later.rules:
        same_day = calendar.day_in_oslo(side.as_of) == calendar.day_in_oslo(other.as_of)
        cause = "the rules" if same_day else "the rules, or from the days on which they were made"
        untold = [u for u in untold if u != _OTHER_RULES]
        untold.append(f"Both count the same batches, by different rules: whatever differs comes from {cause}.")
    return Difference(table, changed, untold)


def datasets(session: Session, side: Side, other: Side) -> pa.Table:
    """How the datasets of two sides differ, of every audience (`quality.release_diff_dataset`)."""
    rows = [row for contract in _COMPARED for row in _of_dataset(session.cleared(), contract, side, other)]
    return pa.Table.from_pylist(rows, RELEASE_DIFF_DATASET.arrow_schema)


def statuses(session: Session, side: Side, other: Side) -> list[dict[str, Any]]:
    """The uptake statuses that differ between two sides: the rows of `assets.release_diff.of_statuses`."""
    contract = uptake.STATUS_MONTH
    if side.made_of(contract) == other.made_of(contract):
        return []
    scan = release_diff.of_statuses(side.scan(contract), other.scan(contract))
    rows: list[dict[str, Any]] = session.cleared().table(scan).to_pylist()
    return rows


def _of_dataset(session: Session, contract: DatasetContract, side: Side, other: Side) -> Iterator[dict[str, object]]:
    """The rows of a dataset in `quality.release_diff_dataset`; none if it does not differ."""
    a, b = side.made_of(contract), other.made_of(contract)
    months = {m for m in a.keys() | b.keys() if a.get(m) != b.get(m)}
    if not months:
        return
    columns = [s.columns(contract) for s in (side, other)]
    before, after = (
        Versions(has, s.scan(contract), s.scan(contract, months)) for has, s in zip(columns, (side, other), strict=True)
    )
    (row,) = session.table(release_diff.of_dataset(contract, before, after)).to_pylist()
    if not (row["removed"] or row["added"]) and columns[0] == columns[1]:
        return
    names = {
        "dataset": contract.name,
        "release": other.name,
        "compared_with": side.name,
        "synthetic": row["synthetic_before"] or row["synthetic_after"],
    }
    counts = {"removed": row["removed"], "added": row["added"]}
    yield names | counts | {"unit": "rader"} | _from_to(Decimal(row["rows_before"]), Decimal(row["rows_after"]))
    for nth, column in enumerate(release_diff.added_up(contract)):
        sums = _from_to(row[f"before_{nth}"], row[f"after_{nth}"])
        if sums["before"] != sums["after"]:
            yield names | {"column_name": column.name, "unit": column.unit} | sums


def _from_to(before: Decimal | None, after: Decimal | None) -> dict[str, Decimal | None]:
    both = None if before is None or after is None else after - before
    return {"before": before, "after": after, "difference": both}


def _alike(kind: pa.DataType, promised: pa.DataType) -> bool:
    """Whether a column of a file can be compared with the contract's: of the same kind, whatever its width."""
    kinds = (pa.types.is_integer, pa.types.is_decimal, pa.types.is_list)
    return bool(kind == promised or any(same(kind) and same(promised) for same in kinds))


def of_release(release: Release, landing: Landing) -> Side:
    """A kept release as one side.

    Raises:
        Damaged: it lacks a dataset or a file that a comparison reads.
    """
    manifest = release.manifest
    as_of = datetime.fromisoformat(str(manifest["as_of"]))
    made_of = manifest.get("made_of")
    last, live_then = made_of["journal"] if isinstance(made_of, Mapping) else (0, "")
    if release.name.startswith(_REPLAY):
        seen = [e for e in landing.entries if e.received_at <= as_of]
        live = [e for e in seen if landing.withdrawal(e, as_of=as_of) is None]
    else:
        seen = [e for e in landing.entries if e.number <= last]
        live = [e for e in seen if landing.withdrawal(e, upto=last) is None]
    doubt = ""
    if not is_fingerprint(live_then, live):
        erased = ", for rows of them were erased since" if landing.erased_since(last) else ""
        doubt = f"{release.name} counted other batches than the journal says{erased}; the journal decides what is late."
    lake = manifest.get("lake")
    return Side(
        release.name,
        as_of,
        str(manifest.get("rules")),
        _numbers(seen),
        _numbers(live),
        {c.name: _published(release, c) for c in _COMPARED},
        frozenset(lake) if isinstance(lake, Mapping) else (),
        doubt,
        fingerprint(live),
    )


def of_run(run: RunContext, name: str, lake: Lake | None = None) -> Side:
    """What a run is about to publish, or what another lake holds, as one side."""
    landing, lake = run.landing, lake or run.lake
    live = [e for e in landing.entries if landing.withdrawal(e) is None]
    parts = {c.name: {m: _Part(str(p.path), p.fingerprint) for m, p in lake.parts(c).items()} for c in _COMPARED}
    batches = fingerprint(live)
    return Side(name, run.as_of, run.rules, _numbers(landing.entries), _numbers(live), parts, batches=batches)


def _numbers(entries: Iterable[Entry]) -> frozenset[int]:
    return frozenset(e.number for e in entries if e.stream in _CONFORMED)


def _published(release: Release, contract: DatasetContract) -> dict[date | None, _Part]:
    datasets = release.manifest["datasets"]
    entry = datasets.get(contract.name) if isinstance(datasets, Mapping) else None
    if entry is None and (contract not in _READ or contract in _ONCE_WITHOUT):
        return {}
    if entry is None:
        raise Damaged(f"Release {release.name} has no {contract.name}.", "Compare with a release that has it.")
    parts: dict[date | None, _Part] = {}
    for month, part in entry["partitions"].items():
        folder = release.folder / "parquet" / contract.name
        # older releases have `month=` in folder names, and fingerprints in file names
        folders = [folder] if month == "all" else [folder / month, folder / f"month={month}"]
        path = next((file for f in folders for file in f.glob("part*.parquet")), None)
        if path is None:
            raise Damaged(
                f"Release {release.name} lacks {contract.name} for {month}.", "Run `dif doctor` to see what is left."
            )
        parts[None if month == "all" else date.fromisoformat(month)] = _Part(str(path), part["made_of"])
    return parts


_Scans = tuple[Scan, Scan, Scan, Scan, Scan]
"""A `Moved` without who sent before."""


class _Comparison(ABC):
    """The comparison of one stream: which batches came and went between the earlier and later side, and why.

    Attributes:
        untold: what could not be determined, in words.
    """

    stream: StreamContract

    def __init__(self, settings: Settings, landing: Landing, lake: Lake, earlier: Side, later: Side) -> None:
        self._settings, self._landing, self._lake = settings, landing, lake
        self._earlier, self._later = earlier, later
        entries = {e.number: e for e in landing.entries if e.stream == self.stream.name}

        def chosen(numbers: Iterable[int]) -> list[Entry]:
            return [entries[n] for n in sorted(numbers) if n in entries]

        self._live = chosen(later.live)
        self._both = chosen(later.live & earlier.live)
        self._came = chosen(later.live - earlier.live)
        self._reinstated = chosen((later.live - earlier.live) & earlier.seen)
        self._withdrawn = chosen((earlier.live - later.live) & later.seen)
        self._lost = [e for e in self._withdrawn if not landing.file(e).exists()]
        self._other_rules = earlier.rules != later.rules
        self.untold = [
            f"{e.file} was withdrawn and is lost; unexplained differences are attributed to it." for e in self._lost
        ]
        if self._other_rules:
            self.untold.append(_OTHER_RULES)

    @property
    def moved(self) -> str:
        """Why numbers moved between municipalities without a sender's number changing."""
        return "CORRECTED" if self._same_places and not self._other_rules else "NEW_MAPPING"

    def tables(self, parameters: DiffParameters) -> list[pa.Table]:
        """The differences, as tables of one or more months."""
        months = self._differing()
        anew = [m for m in months if self._stirred(m) and not self._in_lake(m)]
        rest = [m for m in months if m not in anew]
        return [self._of(group, parameters) for group in ([rest] if rest else []) + [[m] for m in anew]]

    @abstractmethod
    def _differing(self) -> list[date]:
        """The months in which the sides differ."""

    @abstractmethod
    def _scan(self, months: Sequence[date], moved: _Scans, parameters: DiffParameters) -> Scan:
        """The differences in some months."""

    @property
    def _same_places(self) -> bool:
        return all(self._same(c) for c in (reference.MUNICIPALITY_OF, reference.MUNICIPALITY_TO_NOW))

    def _same(self, contract: DatasetContract) -> bool:
        return self._earlier.made_of(contract) == self._later.made_of(contract)

    def _stirred(self, month: date) -> bool:
        """Whether rows of the month came or went, or may have been held; if not, its rows need not be read."""
        moved = _with([*self._came, *self._withdrawn], month)
        return bool(moved) or _end(month) > self._earlier.as_of

    def _in_lake(self, month: date) -> bool:
        """Whether the lake's rows of the month are those that the later side counts."""
        if self._later.lake is None:
            return True
        contract = _CONFORMED[self.stream.name]
        try:
            pieces = self._lake.files_by_month(contract).get(month, ())
        except Damaged:
            return False
        return (
            bool(pieces)
            and all(self._lake.name_of(piece) in self._later.lake for piece in pieces)
            and self._still_counts(month)
        )

    def _still_counts(self, month: date) -> bool:
        """Whether exactly the later side's batches count now; if not, the lake may again have an older file."""
        mine = _with((e for e in self._landing.entries if e.stream == self.stream.name), month)
        return [e for e in mine if self._landing.withdrawal(e) is None] == _with(self._live, month)

    def _of(self, months: Sequence[date], parameters: DiffParameters) -> pa.Table:
        """The difference in some months: any in the lake or without moved rows, or a single one conformed again."""
        rows, readable = self._rows([m for m in months if self._stirred(m)])
        changed = pa.Table.from_pylist([self._changed(m, readable=readable) for m in months], CHANGED)
        scans = (
            Values(changed),
            rows,
            self._landed(self._overlapping(changed)),
            self._landed([e for e in self._withdrawn if e not in self._lost]),
            self._landed(self._reinstated),
        )
        scan = self._scan(months, scans, parameters)
        with Session(self._settings, sound=self._lake.sound) as session:
            return session.table(scan).cast(RELEASE_DIFF.arrow_schema)

    def _changed(self, month: date, *, readable: bool) -> dict[str, object]:
        new_from = min((e.received_at for e in _with(self._came, month)), default=None)
        return {
            "month": month,
            "ends": _end(month),
            "new_from": new_from,
            "left_over": self._left_over(month, readable=readable),
        }

    def _left_over(self, month: date, *, readable: bool) -> str:
        """The reason for what arrivals and withdrawals do not explain; if rows cannot be read, the journal's guess."""
        came, withdrawn = _with(self._came, month), _with(self._withdrawn, month)
        if not readable and withdrawn and not came:
            return "WITHDRAWN"
        if not readable and came and not withdrawn:
            late = max(self._earlier.as_of, *(e.received_at for e in came)) >= _end(month)
            return "LATE" if late else "NEW"
        if not readable and not came and _end(month) > self._earlier.as_of:
            return "HELD_BEFORE"
        if self._other_rules:
            return "NEW_MAPPING"
        return "WITHDRAWN" if _with(self._lost, month) else "CORRECTED"

    def _rows(self, months: Sequence[date]) -> tuple[Scan, bool]:
        """The later side's rows of months with moved rows; False if some of their batches are missing."""
        contract = _CONFORMED[self.stream.name]
        if not months:
            return empty(contract.arrow_schema), True
        if all(self._in_lake(m) for m in months):
            return self._lake.scan(contract, *months), True
        [month] = months
        entries = _with(self._live, month)
        if not all(self._landing.file(e).exists() for e in entries):
            self.untold.append(
                f"Batches of {month:%Y-%m} are missing from the landing; the reasons are guessed from the journal."
            )
            return empty(contract.arrow_schema), False
        landed, none = self._landed(entries), self._landed([])
        return release_diff.conformed_anew(self.stream, landed, none, month, self._later.as_of), True

    def _overlapping(self, changed: pa.Table) -> list[Entry]:
        """Batches that both sides count, received no earlier than a new one, so that time alone does not decide."""
        begins = {r["month"].isoformat(): r["new_from"] for r in changed.to_pylist() if r["new_from"] is not None}
        return [e for e in self._both if any(e.received_at >= begins[m] for m in e.months if m in begins)]

    def _landed(self, entries: Sequence[Entry]) -> Scan:
        if not entries:
            return empty(landed_schema(self.stream, located=True))
        where = [
            LandedIn(str(self._landing.file(e)), e.file, e.received_at, e.number, packed=bool(e.packed_in))
            for e in entries
        ]
        return Files(
            landed_schema(self.stream),
            tuple(dict.fromkeys(w.path for w in where)),
            fingerprint(entries),
            batches=tuple(where),
        )


class _Dispatches(_Comparison):
    """Dispatches: their datasets have a file per month, so the files show which months differ."""

    stream = DISPATCH

    def _differing(self) -> list[date]:
        months: set[date] = set()
        for contract in (usage.DISPATCH_DAY, usage.MUNICIPALITY_MONTH):
            a, b = self._earlier.made_of(contract), self._later.made_of(contract)
            months |= {m for m in a.keys() | b.keys() if m is not None and a.get(m) != b.get(m)}
        return sorted(months)

    def _in_lake(self, month: date) -> bool:
        if self._later.lake is None:
            return True
        try:
            day = self._lake.parts(usage.DISPATCH_DAY).get(month)
        except Damaged:
            return False
        made_of = self._later.made_of(usage.DISPATCH_DAY).get(month)
        return day is not None and made_of == day.fingerprint and super()._in_lake(month)

    def _scan(self, months: Sequence[date], moved: _Scans, parameters: DiffParameters) -> Scan:
        before, after = self._counts(self._earlier, months), self._counts(self._later, months)
        whole = Moved(*moved, self._sent_before(before, after))
        return release_diff.of_dispatches(
            before, after, whole, self._later.scan(reference.MUNICIPALITY_TO_NOW), parameters
        )

    @property
    def _sums(self) -> DatasetContract:
        return usage.DISPATCH_MONTH if self._earlier.by_month and self._later.by_month else usage.DISPATCH_DAY

    def _counts(self, side: Side, months: Sequence[date]) -> Counts:
        return Counts(
            side.scan(self._sums, months),
            side.scan(usage.MUNICIPALITY_MONTH, months),
            side.scan(reference.MUNICIPALITY_OF),
        )

    def _sent_before(self, before: Counts, after: Counts) -> Scan:
        """The senders of the earlier side; its other months are read only if some sender may be new."""
        with Session(self._settings, sound=self._lake.sound) as session:
            asks = session.table(release_diff.possibly_new_senders(before, after)).num_rows
        return release_diff.senders(self._earlier.scan(self._sums) if asks else before.dispatches)


class _Measures(_Comparison):
    """Other use: one file per release, so both files are read to find the months that differ."""

    stream = MEASUREMENT

    def _differing(self) -> list[date]:
        a, b = (side.made_of(usage.MEASURE_MONTH) for side in (self._earlier, self._later))
        if not (a or b):
            return []
        if not (a and b):
            without = [s.name for s, parts in ((self._earlier, a), (self._later, b)) if not parts]
            self.untold.append(f"{without[0]} has no {usage.MEASURE_MONTH.name}; other use is not compared.")
            return []
        if a == b and self._same_places:
            return []
        before, after = self._uses
        everywhere = not self._same(reference.MUNICIPALITY_TO_NOW)
        scan = release_diff.months_of_use(before, after, everywhere=everywhere)
        with Session(self._settings, sound=self._lake.sound) as session:
            months: list[date] = session.table(scan)["month"].to_pylist()
        return months

    def _scan(self, months: Sequence[date], moved: _Scans, parameters: DiffParameters) -> Scan:
        del months  # the files hold all months; the first of `moved` says which ones are compared
        before, after = self._uses
        whole = Moved(*moved, release_diff.users(before.measure_month))
        return release_diff.of_measures(before, after, whole, self._measure, parameters)

    @property
    def _measure(self) -> Scan:
        return self._later.scan(reference.MEASURE)

    @property
    def _uses(self) -> tuple[Uses, Uses]:
        before, after = (
            Uses(s.scan(usage.MEASURE_MONTH), s.scan(reference.MUNICIPALITY_OF), s.scan(reference.MUNICIPALITY_TO_NOW))
            for s in (self._earlier, self._later)
        )
        return before, after


def _with(entries: Iterable[Entry], month: date) -> list[Entry]:
    return [e for e in entries if month.isoformat() in e.months]


def _end(month: date) -> datetime:
    return calendar.start_of(calendar.next_month(month)).astimezone(UTC)
