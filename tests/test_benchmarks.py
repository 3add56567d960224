"""What a benchmark writes by hand is the product's answer."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.long("every build of the ledgers, over a year of a nation's invoices")
@pytest.mark.slow("the ledgers of a whole nation, with a statement that shares nothing with the product")
def test_the_months_of_the_products_are_those_of_a_statement_by_hand(tmp_path):
    size = ("--times=1", "--months=14", "--entries=1000", "--unpublished", f"--scratch={tmp_path}")
    command = [sys.executable, "-m", "benchmarks.ledger", *size]
    ran = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    assert (ran.returncode, ran.stdout.splitlines()[-1]) == (0, "the answers are equal, cell by cell")
