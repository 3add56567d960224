"""What a benchmark writes by hand is the product's answer."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.long("a run each day, a restore, and all made anew")
@pytest.mark.slow("a home by its timers, of which each part has tests of its own")
def test_days_by_the_timers_publish_the_same_from_a_restored_home_and_every_waiting_file_is_kept_once(tmp_path):
    size = ("--days=3", "--dispatches=50", "--files=20", f"--scratch={tmp_path}")
    command = [sys.executable, "-m", "benchmarks.year", *size]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    assert "restored, and all made anew" in ran.stdout
    assert "20 waiting files taken in" in ran.stdout


@pytest.mark.long("every build of the ledgers, over a year of a nation's invoices")
@pytest.mark.slow("the ledgers of a whole nation, with a statement that shares nothing with the product")
def test_the_months_of_the_products_are_those_of_a_statement_by_hand(tmp_path):
    size = ("--times=1", "--months=14", "--entries=1000", "--unpublished", f"--scratch={tmp_path}")
    command = [sys.executable, "-m", "benchmarks.ledger", *size]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (0, "the answers are equal, cell by cell")
