"""Each Python that README promises runs the product: every module is imported, and a first release is made.

`make test` has the oldest import, `make test-all` all of them do both. Makefile makes an environment for each version
that is installed here, with what the product runs on and nothing else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.thorough import some
from transport.base.settings import PROJECT

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
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


@pytest.mark.parametrize("version", some(VERSIONS, [VERSIONS[0]], "the same for a newer Python"))
@pytest.mark.long("another Python compiles every module")
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
