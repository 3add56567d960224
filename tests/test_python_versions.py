"""Each Python that README promises runs the product: every module is imported, and a first release is made.

`make test` lets the oldest read every module, and mypy and ruff hold them to its library; `make test-all` lets all of
them import every module and make a release, in an environment for each with what the product runs on, and no more.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from transport.base.settings import PROJECT

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
ROOMS = ("catalog", "transport", "assets", "pipelines", "dashboards")
READ_ALL = """
import ast, sys
files = sys.stdin.read().splitlines()
for file in files:
    with open(file, "rb") as source:
        ast.parse(source.read(), file)
print(len(files))
"""
IMPORT_ALL = """
import importlib, logging, pkgutil
logging.disable()  # pages that run outside their server say so once a widget
modules = [
    module.name
    for room in ("catalog", "transport", "assets", "pipelines", "dashboards")
    for module in pkgutil.walk_packages(importlib.import_module(room).__path__, room + ".")
    if not module.name.endswith("__main__")
]
without_dask = [name for name in modules if not name.startswith("pipelines.cluster.dask_")]  # requirements/cluster.txt
for name in sorted(without_dask, key=lambda name: name.endswith("sql_worker")):  # that process does without numpy
    importlib.import_module(name)
print(len(without_dask))
"""


def python_of(version):
    """The interpreter of that version with the product installed; skips where the version is not installed."""
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return Path(sys.executable)
    python = PROJECT / ".venv" / f"python{version}" / "bin" / "python"
    if not python.exists():
        pytest.skip(f"not run: Python {version} is not installed")
    return python


def answer(folder, program, *words):
    """What a program prints, in an empty home."""
    environment = os.environ | {"DIF_HOME": str(folder)}
    done = subprocess.run([program, *words], check=False, env=environment, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout + done.stderr


def test_the_oldest_promised_python_reads_every_module():
    oldest = sys.executable if sys.version_info[:2] == (3, 11) else shutil.which(f"python{VERSIONS[0]}")
    if oldest is None:
        pytest.skip(f"not run: Python {VERSIONS[0]} is not installed")
    files = [str(path) for room in ROOMS for path in (PROJECT / room).rglob("*.py")]
    done = subprocess.run([oldest, "-c", READ_ALL], input="\n".join(files), check=True, capture_output=True, text=True)
    assert int(done.stdout) == len(files) > 300


@pytest.mark.slow("each Python compiles and imports every module; what it cannot read the test before shows")
@pytest.mark.parametrize("version", VERSIONS)
def test_a_promised_python_imports_every_module(version, tmp_path):
    assert int(answer(tmp_path, python_of(version), "-W", "ignore", "-c", IMPORT_ALL).split()[-1]) > 300


@pytest.mark.slow("a whole run in processes of another Python; what it cannot do shows when it imports")
@pytest.mark.parametrize("version", VERSIONS)
def test_a_promised_python_makes_a_first_release(version, tmp_path):
    dif = python_of(version).with_name("dif")
    (tmp_path / "inbox" / "dispatch" / "sample").mkdir(parents=True)
    answer(tmp_path, dif, "sample", "dispatch", "--out", tmp_path / "inbox" / "dispatch" / "sample" / "one.csv")
    assert "checks passed" in answer(tmp_path, dif, "run")
    statement = "select 'batches ' || count(*) from quality.batch where stream = 'dispatch'"
    assert "batches 1" in answer(tmp_path, dif, "sql", statement)


def test_the_oldest_promised_python_is_the_one_that_the_package_asks_for():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == f">={VERSIONS[0]}"
    assert f"Python {VERSIONS[0]} to {VERSIONS[-1]}" in (PROJECT / "README.md").read_text()
