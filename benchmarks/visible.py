"""One command: `python -m benchmarks.visible`. From a push to a release that holds it, through servers and the sensor.

Makes a home with a year of traffic, starts everything as `make up` does, pushes a few dispatches at moments that the
sensor does not expect, and prints the seconds from the receipt until `current` holds them. Aim: under 60.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parent.parent
DIF = [sys.executable, "-c", "from pipelines.cli.main import main; main()"]


def main() -> int:
    """Measure, and print each push and the slowest."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.visible", description=__doc__)
    parser.add_argument("--dispatches", type=int, default=120_000)
    parser.add_argument("--pushes", type=int, default=3)
    parser.add_argument("--home", type=Path, help="a home with a release, to be used instead of a new one")
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="dif-visible-"))
    home = chosen.home or folder / "home"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "DIF_HOME": str(home), "DIF_SERVER": f"grpc://127.0.0.1:{port}"}
    try:
        if not (home / "releases" / "current").exists():
            demo = [*DIF, "demo", "--dispatches", str(chosen.dispatches)]
            subprocess.run(demo, env=environment, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        ports = ["--dashboards-port=0", "--dagster-port=0", f"--flight-port={port}", "--http-port=0"]
        with (folder / "up.log").open("wb") as log:
            up = subprocess.Popen(
                [*DIF, "up", *ports], env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )
        try:
            took = [_push(home, folder, environment, n) for n in range(chosen.pushes)]
        finally:
            os.killpg(up.pid, signal.SIGINT)
            up.wait(60)
        print(f"slowest of {len(took)}: {max(took):.1f} s from receipt to release")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if max(took) < _AIM else 1


_AIM = 60
_PATIENCE = 300


def _push(home: Path, folder: Path, environment: dict[str, str], n: int) -> float:
    file = folder / f"push-{n}.parquet"
    _write(home, file)
    receipt = _receipt(file, environment)
    began = time.monotonic()
    while not _has_batch(home, receipt["batch_id"]):
        if time.monotonic() - began > _PATIENCE:
            print((folder / "up.log").read_text("utf-8", "replace")[-3000:])
            raise SystemExit(f"push {n} is in no release after {_PATIENCE} s")
        time.sleep(0.2)
    seconds = time.monotonic() - began
    print(f"push {n + 1}: {receipt['rows']} rows visible after {seconds:.1f} s", flush=True)
    time.sleep(7 * n % 11)
    return seconds


def _write(home: Path, file: Path) -> None:
    """A few dispatches of yesterday, made of ones that are there, under ids of their own."""
    some = pq.read_table(next((home / "landing" / "dispatch").rglob("*.parquet"))).slice(0, 50)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    moments = pa.array([yesterday] * some.num_rows, pa.timestamp("us", "UTC"))
    ids = pa.array([uuid.uuid4().bytes for _ in range(some.num_rows)], pa.binary(16))
    some = some.drop_columns(["producer", "synthetic", "masked_fields"])
    for name, column in (("dispatch_id", ids), ("state_at", moments), ("created_at", moments)):
        some = some.set_column(some.column_names.index(name), name, column)
    pq.write_table(some, file)


def _receipt(file: Path, environment: dict[str, str]) -> dict[str, str]:
    """Push until the servers are up."""
    for _ in range(_PATIENCE):
        done = subprocess.run(
            [*DIF, "push", "dispatch", str(file), "--json", "--synthetic"],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            receipts = json.loads(done.stdout)
            return receipts[0] if isinstance(receipts, list) else receipts
        time.sleep(1)
    raise SystemExit(f"the push was refused: {done.stderr[-500:]}")


def _has_batch(home: Path, batch_id: str) -> bool:
    path = (home / "releases" / "current").resolve() / "parquet" / "quality.batch" / "part.parquet"
    return batch_id.rpartition("-")[0] in pq.read_table(path, columns=["batch_id"])["batch_id"].to_pylist()


if __name__ == "__main__":
    sys.exit(main())
