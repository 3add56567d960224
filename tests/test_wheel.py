"""The wheel is the product: it installs in an empty environment, and runs where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from catalog.version import VERSION
from transport.base.settings import PROJECT

ROOMS = ("assets", "catalog", "dashboards", "pipelines", "transport")


def run(*command: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """What a program prints, without our own environment; a failure shows its last words."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("DIF_", "PYTHON"))} | more
    done = subprocess.run(command, cwd=cwd, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    return done


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, installed: its packages, beside those that the tests have, and no editable install."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--quiet", "--no-input"]
    source = folder / "source"
    run("git", "clone", "--quiet", "--no-hardlinks", str(PROJECT), str(source), cwd=folder)
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(source), cwd=folder)
    run(sys.executable, "-m", "venv", "--without-pip", str(folder / "venv"), cwd=folder)
    python = folder / "venv" / "bin" / "python"
    wheel = next(folder.glob("*.whl"))
    run(*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel), cwd=folder)
    [packages] = folder.glob("venv/lib/python*/site-packages")
    others = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    for package in others.iterdir():  # what the product runs on, without downloading it again
        if not package.name.startswith(("__editable__", "dif_data", "pip", "_distutils")):
            (packages / package.name).symlink_to(package)
    for program in ("dagster", "dagster-webserver"):
        (folder / "venv" / "bin" / program).symlink_to(Path(sys.executable).with_name(program))
    return folder


@pytest.mark.slow("builds and installs a wheel, and makes a first release by it")
def test_a_wheel_holds_every_file_and_makes_a_first_release_without_a_checkout(installed: Path) -> None:
    [packages] = installed.glob("venv/lib/python*/site-packages")
    kept = run("git", "ls-files", *ROOMS, cwd=installed / "source").stdout.splitlines()
    assert [name for name in kept if not (packages / name).exists()] == []
    dif, home = installed / "venv" / "bin" / "dif", installed / "somebody"
    elsewhere = installed / "elsewhere"
    elsewhere.mkdir()
    commit = run("git", "rev-parse", "--short=12", "HEAD", cwd=installed / "source").stdout.strip()
    assert run(dif, "--version", cwd=elsewhere, HOME=str(home)).stdout == f"{VERSION} (commit {commit})\n"
    told = run(dif, "demo", "--dispatches", "2000", "--months", "1", cwd=elsewhere, HOME=str(home)).stdout
    assert "checks passed" in told
    assert "\n  dif up " in told
    python = installed / "venv" / "bin" / "python"
    run(python, "-c", "from pipelines.orchestration import instance; instance.WORKSPACE", cwd=elsewhere, HOME=str(home))
    assert (home / ".local" / "share" / "dif" / "releases" / "current").exists()
    assert list(elsewhere.iterdir()) == []
    beside = run(dif, "status", cwd=installed / "source", HOME=str(home)).stderr
    assert "This folder is a checkout" in beside
    assert ".venv/bin/dif" in beside
