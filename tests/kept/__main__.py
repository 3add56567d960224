"""Makes a kept home: `python -m tests.kept COMMIT VERSION [--release]`, in a clone that has the commit.

That commit's own code takes in its sample of each stream and publishes a release. What can be rebuilt stays out (lake,
scratch, Dagster's runs), and the release too unless asked for: it alone packs to half a megabyte.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

_HERE = Path(__file__).parent
_STREAMS = ("adoption", "cost_entry", "dispatch", "invoice_line", "loan_entry", "measurement")
_MAIN = {"0.1.0": "pipelines.cli"}
"""Where the command line was, before it was a package."""


def main() -> None:
    """Make the home with the commit's code, and pack it as `VERSION.tar.xz` beside this module."""
    parser = argparse.ArgumentParser(prog="python -m tests.kept", description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("version")
    parser.add_argument("--release", action="store_true", help="keep the release too")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dif-kept-") as scratch:
        code, home = Path(scratch) / "code", Path(scratch) / "home"
        subprocess.run(["git", "worktree", "add", "--detach", code, chosen.commit], check=True)
        try:
            _fill(home, code, _MAIN.get(chosen.version, "pipelines.cli.main"))
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", code], check=True)
        parts = ["access", "inbox", "landing", "log", *(["releases"] if chosen.release else [])]
        with tarfile.open(_HERE / f"{chosen.version}.tar.xz", "w:xz", preset=9) as archive:
            for part in sorted(p for p in parts if (home / p).exists()):
                archive.add(home / part, part)


def _fill(home: Path, code: Path, module: str) -> None:
    """Take in a sample of each stream and publish, by that code."""
    command = [sys.executable, "-c", f"from {module} import main; main()"]
    given = os.environ | {"DIF_HOME": str(home), "DIF_SETTLE_SECONDS": "0", "PYTHONPATH": "."}
    for stream in _STREAMS:
        folder = home / "inbox" / stream / "kept"
        folder.mkdir(parents=True)
        words = ["sample", stream, "--out", str(folder / f"{stream}.csv")]
        subprocess.run([*command, *words], cwd=code, env=given, check=True)
    subprocess.run([*command, "run"], cwd=code, env=given, check=True)


if __name__ == "__main__":
    main()
