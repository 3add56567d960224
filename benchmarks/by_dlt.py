"""The other side of `benchmarks/transport.py`: `dlt` loads the same Arrow rows into DuckDB. Runs in dlt's own folder.

python -S by_dlt.py SCRATCH FILE…     with PYTHONPATH=.venv/bench/dlt; prints one line of JSON
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dlt
import duckdb
import pyarrow as pa


def main(scratch: Path, sources: list[Path]) -> None:
    """Load every file in one run with dlt's own defaults; say seconds from the first row to the committed load."""
    tables = [_plain(pa.ipc.open_file(pa.memory_map(str(p))).read_all()) for p in sources]

    def rows() -> Iterator[pa.Table]:
        for table in tables:
            yield from (pa.Table.from_batches([b]) for b in table.to_batches())

    database = scratch / "by_dlt.duckdb"
    began, used = time.perf_counter(), time.process_time()
    pipeline = dlt.pipeline(
        "bench",
        destination=dlt.destinations.duckdb(str(database)),
        dataset_name="bench",
        pipelines_dir=str(scratch / "pipelines"),
    )
    pipeline.run(dlt.resource(rows(), name="dispatch"))
    seconds, used = time.perf_counter() - began, time.process_time() - used
    with duckdb.connect(str(database), read_only=True) as connection:
        ((row_count,),) = connection.execute("select count(*) from bench.dispatch").fetchall()
    print(json.dumps({"seconds": seconds, "cpu_seconds": used, "rows": row_count, "version": dlt.__version__}))


def _plain(table: pa.Table) -> pa.Table:
    """Ids as plain binary: Arrow's UUID is an extension type, which dlt does not know."""
    ids = pa.chunked_array([c.storage.cast(pa.binary()) for c in table["dispatch_id"].chunks])
    return table.set_column(table.column_names.index("dispatch_id"), "dispatch_id", ids)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(p) for p in sys.argv[2:]])
