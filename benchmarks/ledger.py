"""`python -m benchmarks.ledger`: the ledgers of five years of a nation's billing, all made anew.

600 organisations × 40 lines a month × 60 months of invoice lines, beside prices of a year and joining fees, 50 000 cost
entries (three of ten to be placed by the register, one of ten shared, over every key), and the tables of use and uptake
that they are allocated by: all made up. Then every build of the ledgers' modules is run as a run of the pipeline runs
it, and a hand-written statement makes `ledger.product_month` alone of the same files, as the limit; the answers are
compared. Each part is a process of its own, in the same call: machines are noisy, ratios are less so. Last, the same
lines and entries go through the inbox to a release, and one month's correction after them.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import chain, cycle, islice
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from assets import billing, closing, ledger, price_calculation, projects, reconciliation, reference
from assets.build import Build
from assets.simulate.organisations import organisation_number
from catalog import facts
from catalog.contracts.language import DatasetContract, RegisterContract, StreamContract
from catalog.contracts.scan import Query, Scan, Values
from catalog.domain import calendar
from catalog.domain.allocation import KEYS
from catalog.tables import conformed, uptake, usage
from catalog.tables import ledger as contracts
from catalog.tables import reference as reference_contracts
from catalog.tables.streams import COST_ENTRY, INVOICE_LINE
from pipelines.run import build, steps
from pipelines.run.context import RunContext
from pipelines.run.schedule import make_one
from pipelines.run.tables import BUILDS as EVERY_BUILD
from transport.base import atomic_files
from transport.base.settings import Settings
from transport.lake.session import Session
from transport.lake.tables import Lake

NOW = datetime(2026, 11, 24, 6, tzinfo=UTC)
ORGANISATIONS, MONTHS, ENTRIES, LINES = 600, 60, 50_000, 40
LAST = date(2026, 10, 1)
MODULES = (ledger, closing, projects, billing, reconciliation, price_calculation)
_OF_LEDGERS = [*ledger.BUILDS_OF_THE_LEDGER, *(build for module in MODULES for build in module.BUILDS)]
BUILDS: tuple[Build, ...] = tuple(build for build in EVERY_BUILD if build in _OF_LEDGERS)
"""Of the ledgers, in the order of a run."""
BY_HAND = Path(__file__).with_suffix(".sql")
PARTS = ("give", "make", "by-hand", "published")

SOURCES = (
    conformed.INVOICE_LINE,
    conformed.COST_ENTRY,
    conformed.LOAN_ENTRY,
    reference_contracts.PRICE_ELEMENT,
    usage.MEASURE_TOTAL_MONTH,
    usage.DISPATCH_MONTH,
    uptake.STATUS_MONTH,
)
"""The tables that the statement by hand reads, beside the registers."""
GIVEN = Path(__file__).with_name("given")
"""Statements that make up the inputs of the builds; an input without one is a reference table, or empty."""


def _register(run: RunContext, contract: RegisterContract) -> pa.Table:
    """The made-up rows, or the register's bundled facts: the lake was filled without a landing."""
    path = run.settings.home / "registers" / f"{contract.name}.parquet"
    if path.exists():
        return pq.read_table(path)
    return facts.table(contract.seed, contract.schema) if contract.seed else contract.schema.empty_table()


build.register = _register


class _Stopwatch:
    """Seconds from step to step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def step(self, name: str, detail: str = "") -> None:
        """A step begins."""
        del name, detail
        self._last = time.monotonic()

    def done(self, name: str, detail: str) -> None:
        """A step ended."""
        del detail
        self.seconds[name] = time.monotonic() - self._last


def main() -> int:
    """Make it, and print what each table took."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ledger", description=__doc__)
    parser.add_argument("--scratch", type=Path, help="a folder with room")
    parser.add_argument("--times", type=int, default=3, help="so often, of which the quickest is told as well")
    parser.add_argument("--months", type=int, default=MONTHS, help="so many, up to October 2026")
    parser.add_argument("--entries", type=int, default=ENTRIES, help="so many cost entries")
    parser.add_argument("--unpublished", action="store_true", help="without the way from the inbox to a release")
    parser.add_argument("--part", choices=PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.part:
        parts = {"give": _give, "make": _make, "by-hand": _by_hand, "published": _published}
        result = parts[chosen.part](chosen.folder, Size(chosen.months, chosen.entries))
        used = resource.getrusage(resource.RUSAGE_SELF)
        result["peak_mb"], result["cpu"] = used.ru_maxrss / 1024, used.ru_utime + used.ru_stime
        print(json.dumps(result))
        return 0
    with tempfile.TemporaryDirectory(prefix="dif-bench-", dir=chosen.scratch) as folder:
        size = f"--months={chosen.months}", f"--entries={chosen.entries}"
        inputs = _part("give", folder, *size)
        print(", ".join(f"{rows:,} {table}" for table, rows in inputs["rows"].items()))
        if inputs["empty"]:
            print(f"empty here: {', '.join(inputs['empty'])}")
        rounds = [(_part("make", folder), _part("by-hand", folder)) for _ in range(chosen.times)]
        _tell(rounds)
        published = {} if chosen.unpublished else _part("published", folder, *size)["seconds"]
        for name, seconds in published.items():
            print(f"{name:<44}{seconds:>6.1f} s", flush=True)
        same = all(hand["same"] for _, hand in rounds)
        print(f"the answers are {'equal' if same else 'NOT EQUAL'}, cell by cell")
    return 0 if same else 1


@dataclass(frozen=True, slots=True)
class Size:
    """How much is made up."""

    months: int
    entries: int

    def each_month(self) -> list[date]:
        """The months, the last of which is over."""
        return [calendar.months_before(LAST, n) for n in reversed(range(self.months))]


def _part(name: str, folder: str, *size: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "benchmarks.ledger", "--part", name, "--folder", folder, *size]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return result


def _tell(rounds: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    for builds, hand in rounds:
        ours, limit = sum(builds["seconds"].values()), hand["seconds"]
        print(
            f"all {ours:.2f} s ({builds['cpu']:.1f} s of cores, with the process's start), {builds['peak_mb']:,.0f} MB "
            f"at most; product_month by hand {limit:.2f} s ({hand['cpu']:.1f} s of cores), {hand['peak_mb']:,.0f} MB; "
            f"ratio {ours / limit:.2f}"
        )
    best, _ = min(rounds, key=lambda r: sum(r[0]["seconds"].values()))
    print("the quickest:")
    for table, seconds in best["seconds"].items():
        rows = best["rows"][table]
        print(f"  {table:<32}{seconds:>6.2f} s{rows:>12,} rows{rows / seconds:>14,.0f} rows/s")


def _settings(folder: Path) -> Settings:
    return Settings(home=folder, settle_seconds=0)


def _give(folder: Path, size: Size) -> dict[str, object]:
    """Make up what the builds ask for."""
    run = steps.start(_settings(folder), NOW)
    for declared in reference.BUILDS:
        make_one(run, declared.contract.name)[0]
    made_here = {m.contract for m in (*reference.BUILDS, *BUILDS)}
    sources = {source for m in BUILDS for source in m.inputs.values() if not isinstance(source, StreamContract)}
    sources -= made_here
    rows, empty = {}, []
    with Session(run.settings) as session:
        for source in sorted(sources, key=lambda s: s.name):
            if isinstance(source, RegisterContract):
                if _statement_of(source).exists():
                    path = folder / "registers" / f"{source.name}.parquet"
                    path.parent.mkdir(exist_ok=True)
                    table = session.cleared().table(Query(_statement_of(source).read_text("utf-8"), _ground(size)))
                    pq.write_table(table.cast(source.schema), path)
                    rows[source.name] = table.num_rows
            elif _statement_of(source).exists():
                rows[source.name] = _written(session, run.lake, source, size)
            else:
                empty.append(source.name)
    return {"rows": rows, "empty": empty}


def _statement_of(source: DatasetContract | RegisterContract) -> Path:
    """The statement that makes it up, if any."""
    return GIVEN / f"{source.table if isinstance(source, DatasetContract) else source.name}.sql"


def _written(session: Session, lake: Lake, contract: DatasetContract, size: Size) -> int:
    row_count, parts = 0, []
    for month in size.each_month() if contract.partitioned else [None]:
        parameters = {"of": month, "months": size.months, "entries": size.entries, "keys": len(KEYS)}
        scan = Query(_statement_of(contract).read_text("utf-8"), _ground(size), parameters)
        part = lake.target(contract, month, scan)
        row_count += session.cleared().write(scan, contract, part)
        parts.append(part)
    lake.replace(contract, parts)
    return row_count


def _ground(size: Size) -> dict[str, Scan]:
    """Organisations, services, the lines of an invoice, months, measures and keys, which all is made up from."""
    numbers = [
        r["organisation_number"]
        for r in facts.read("organisation")
        if r["kind"] == "MUNICIPALITY" and not r["valid_to"]
    ]
    numbers += [organisation_number(2, 8_000_000 + 10 * n) for n in range(ORGANISATIONS - len(numbers))]
    elements = [r for r in facts.read("price_element") if r["service"] in contracts.OWN_SERVICES]
    by_month = [r for r in elements if r["kind"] not in {"JOINING_FEE", "FIXED", "SIZE_CLASS"}]
    several = cycle(r for r in by_month if r["kind"] in {"PER_ACCOUNT", "PER_MESSAGE_TYPE"})
    lines = [(r["service"], r["price_element"], "MONTH") for r in islice(chain(by_month, several), LINES)]
    lines += [(r["service"], r["price_element"], "YEAR") for r in elements if r["kind"] in {"FIXED", "SIZE_CLASS"}]
    lines += [(r["service"], r["price_element"], "ONCE") for r in elements if r["kind"] == "JOINING_FEE"]
    services, priced, invoiced = zip(*lines, strict=True)
    priced_lines = {
        "line": range(1, len(lines) + 1),
        "service": services,
        "price_element": priced,
        "invoiced": invoiced,
    }
    own = sorted(contracts.OWN_SERVICES)
    return {
        "organisation": Values(pa.table({"n": range(len(numbers)), "number": numbers})),
        "service": Values(pa.table({"line": range(1, len(own) + 1), "service": own})),
        "priced_line": Values(pa.table(priced_lines)),
        "month": Values(pa.table({"at_month": range(size.months), "month": size.each_month()})),
        "measure": Values(pa.table({"measure": [r["measure"] for r in facts.read("measure")]})),
        "key": Values(pa.table({"at_key": range(len(KEYS)), "key": list(KEYS)})),
    }


def _make(folder: Path, size: Size) -> dict[str, object]:
    """Run every build in the order of a run, made before or not; their inputs stay."""
    stopwatch = _Stopwatch()
    del size
    run = steps.start(_settings(folder), NOW, stopwatch, full=True)
    for declared in reference.BUILDS:
        make_one(run, declared.contract.name)[0]
    stopwatch.seconds.clear()
    results = [make_one(run, declared.contract.name)[0] for declared in BUILDS]
    return {"seconds": stopwatch.seconds, "rows": {m.contract.name: sum(m.rows.values()) for m in results}}


def _by_hand(folder: Path, size: Size) -> dict[str, object]:
    """One statement from the files to the months of the products, and whether ours are the same."""
    del size
    settings = _settings(folder)
    lake = Lake(settings.lake)
    with duckdb.connect(config={"threads": settings.threads, "memory_limit": f"{settings.memory_mb}MB"}) as connection:
        began = time.monotonic()
        tables = {c.table: [str(p.path) for p in lake.parts(c).values()] for c in SOURCES}
        tables |= {p.stem: [str(p)] for p in (folder / "registers").iterdir()}
        for name, files in tables.items():
            if files:
                read = ", ".join(f"'{f}'" for f in files)
                connection.execute(f"create view {name} as from read_parquet([{read}], hive_partitioning = true)")
        target = folder / "by-hand.parquet"
        connection.execute(f"copy ({BY_HAND.read_text('utf-8')}) to '{target}' (format parquet, compression zstd)")
        seconds = time.monotonic() - began
        theirs = connection.sql(f"from '{target}'").fetchall()
        [ours] = lake.parts(contracts.PRODUCT_MONTH).values()
        columns = ", ".join(c.name for c in contracts.PRODUCT_MONTH.columns)
        mine = connection.sql(f"select {columns} from '{ours.path}'").fetchall()
    return {"seconds": seconds, "same": sorted(map(_plain, theirs)) == sorted(map(_plain, mine)), "rows": len(theirs)}


def _published(folder: Path, size: Size) -> dict[str, object]:
    """All of it from the inbox to a release; then a line that corrects one of a month, from the inbox to the next."""
    source_settings, settings = _settings(folder), _settings(folder / "home")
    with Session(source_settings) as session:
        for stream, contract in ((INVOICE_LINE, conformed.INVOICE_LINE), (COST_ENTRY, conformed.COST_ENTRY)):
            names = ", ".join(c.name for c in stream.columns if not c.internal)
            for month in size.each_month():
                sql = f"select {names} from given where period = $of"
                of_month = Query(sql, {"given": Lake(source_settings.lake).scan(contract)}, {"of": month})
                file = settings.inbox / stream.name / "faktura" / f"{month}.parquet"
                file.parent.mkdir(parents=True, exist_ok=True)
                file.with_name(f"{file.name}.synthetic").touch()
                pq.write_table(session.cleared().table(of_month), file)
    seconds = {"five years from the inbox to a release": _run(settings)}
    file = settings.inbox / INVOICE_LINE.name / "faktura" / "correction.csv"
    file.with_name(f"{file.name}.synthetic").touch()
    file.write_text(
        "invoice_id,line_number,organisation_number,service,price_element,period,quantity,unit,unit_price,amount_ore,"
        "vat_ore,invoiced_on,corrects_invoice_id\n"
        "K-1,1,958935420,svarut,svarut-forsendelser,2026-09-01,-1,stk,0.5,-50,-12,2026-11-01,F202609-1\n",
        "utf-8",
    )
    return {"seconds": seconds | {"one month's correction published": _run(settings)}}


def _run(settings: Settings) -> float:
    began, stopwatch = time.monotonic(), _Stopwatch()
    with atomic_files.locked(settings.home):
        release = steps.run_all(steps.start(settings, NOW, stopwatch))
    assert release is not None
    took = time.monotonic() - began
    for step, seconds in stopwatch.seconds.items():
        if seconds >= _LEAST_SECONDS:
            sys.stderr.write(f"  {step:<36}{seconds:>6.2f} s\n")
    return took


_LEAST_SECONDS = 0.2


def _plain(row: tuple[object, ...]) -> tuple[str, ...]:
    """A row's values as text, by which numbers of any type are equal that are equal."""
    return tuple(str(v.normalize()) if isinstance(v, Decimal) else str(v) for v in row)


if __name__ == "__main__":
    sys.exit(main())
