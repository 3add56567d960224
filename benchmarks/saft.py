"""How fast and in how much memory a gigabyte of SAF-T becomes a validated batch: `python -m benchmarks.saft`.

Writes a synthetic file of version 1.3 (`assets.simulate.saft`), has a process of its own read it as the inbox does,
and prints seconds, rows and peak memory. `--schemas FOLDER` also checks the official schema, which the project may not
carry.
"""

from __future__ import annotations

import argparse
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

COMPANY = "999999999"
_BLOCK = 2_000


def main() -> None:
    """Measure, in a child for the reading."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--schemas", default="")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.read:
        print(json.dumps(_read(chosen.read, chosen.schemas)))
        return
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        path = Path(folder) / "saft.xml"
        _write(path, chosen.megabytes << 20)
        words = ["--read", str(path), "--schemas", chosen.schemas]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.saft", *words], check=True, capture_output=True, text=True
        )
        print(done.stdout.strip())


def _write(path: Path, size: int) -> None:
    """A file of that size: one block of transactions, repeated under numbers of its own."""
    from assets.simulate import saft

    def rows() -> Iterator[dict[str, object]]:
        for number in itertools.count():
            month = date(2026, number % 12 + 1, 1)
            amounts = {"amount_ore": 4 * (number % 99_991) + 100, "supplier_number": "974760673"}
            places = {"account": str(6000 + number % 100), "cost_center": str(100 + number % 40), "project": None}
            yield {"entry_id": f"V{number:09}", "booked_on": month, "period": month} | places | amounts

    block = list(itertools.islice(rows(), _BLOCK))
    text = "".join(saft.written(block, company=COMPANY, first=date(2026, 1, 1), last=date(2026, 12, 1)))
    head, body = text.split("<Transaction>\n", 1)
    body, tail = body.rsplit("</Transaction>\n", 1)
    # as wide as exports are: longer texts, and the elements that most systems write
    wide = "<Description>Bilag " + "x" * 180 + "</Description>"
    body = f"<Transaction>\n{body}</Transaction>\n".replace("<Description>Bilag</Description>", wide)
    extra = "<Description>" + "Kostnad " * 24 + "</Description>"
    for name in ("Kostnad", "Mva.", "Gjeld"):
        body = body.replace(f"<Description>{name}</Description>", extra)
    times = max(1, size // len(body.encode()))
    for name in ("NumberOfEntries", "TotalDebit", "TotalCredit"):
        before, value = head.split(f"<{name}>", 1)
        value, after = value.split("</", 1)
        whole = int(value) * times if name == "NumberOfEntries" else f"{int(value.replace('.', '')) * times / 100:.2f}"
        head = f"{before}<{name}>{whole}</{after}"
    with path.open("w") as handle:
        handle.write(head)
        for time_ in range(times):
            handle.write(body.replace("<TransactionID>V", f"<TransactionID>{time_}-"))
        handle.write(tail)


def _read(path: Path, schemas: str) -> dict[str, object]:
    """Read the file into a landed file, as a reader process does."""
    from catalog.tables.streams import COST_ENTRY
    from transport.ingest import formats
    from transport.ingest.batch_validator import BatchValidator
    from transport.ingest.opened_file import ReaderInputs

    registers = {
        "saft_account": [{"account": str(n), "taken": True} for n in range(6000, 6100)],
        "saft_dimension": [{"analysis_type": "A", "use": "COST_CENTER"}, {"analysis_type": "P", "use": "PROJECT"}],
    }
    began = time.monotonic()
    opened = formats.open_file(path, COST_ENTRY, inputs=ReaderInputs(COMPANY, schemas, registers))
    with BatchValidator(COST_ENTRY, path.with_suffix(".parquet"), producer="bench") as batch:
        for chunk in opened.chunks:
            batch.add(chunk)
        validated = batch.close()
    seconds = time.monotonic() - began
    size, lines = path.stat().st_size / (1 << 20), int(str(opened.notes["lines"]))
    return {
        "megabytes": round(size),
        "lines": lines,
        "rows": validated.rows,
        "schema": opened.notes["schema_checked"],
        "seconds": round(seconds, 1),
        "megabytes_per_second": round(size / seconds, 1),
        "lines_per_second": round(lines / seconds),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
    }


if __name__ == "__main__":
    main()
