"""Writes anew what is made from contracts and statements and what tests hold of it; tells what changed: `make renew`.

A change that breaks what was promised is refused first, with what is missing for it; then nothing is renewed.
"""

from __future__ import annotations

import difflib
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from catalog.domain.calendar import day_in_oslo
from catalog.exports import promised
from catalog.exports.readers import READERS
from pipelines.run.column_lineage import FILE
from tools import access_table, column_lineage, contract_readers, contracts_page, promises, reference
from transport.base.settings import PROJECT

CONTRACTS, ACCESS = PROJECT / "docs" / "contracts.md", PROJECT / "docs" / "access.md"
TESTS_WITH_FILES = (
    "tests/pipelines/orchestration/test_definitions.py::test_the_graph_is_the_one_that_was_reviewed",
    "tests/pipelines/cli/test_interface.py",
    "tests/dashboards/test_words.py::test_a_page_says_the_same",
)
"""The tests that hold files beside them: assets of Dagster, contents of a release, command line, words of pages."""


def main() -> int:
    """Renew everything; 1 where something could not be."""
    changelog = (PROJECT / "CHANGELOG.md").read_text("utf-8")
    contracts = promises.without_texts(promised.contracts())
    today = day_in_oslo(datetime.now(UTC))
    if missing := promises.faults(promises.promised(), contracts, changelog=changelog, today=today):
        sys.stderr.write("\n".join(missing) + "\n")
        return 1
    before = _texts()
    promises.PROMISED.write_text(promised.written(contracts).rstrip("\n") + "\n", "utf-8")
    CONTRACTS.write_text(contracts_page.contracts_page(), "utf-8")
    ACCESS.write_text(access_table.written_into(ACCESS.read_text("utf-8")), "utf-8")
    reference.main()
    column_lineage.main()
    contract_readers.main()
    # thorough: in Norwegian and English
    tests = ["env", "RENEW=1", sys.executable, "-m", "pytest", "-q", "--thorough", *TESTS_WITH_FILES]
    code = subprocess.run(tests, cwd=PROJECT, check=False).returncode
    sys.stdout.write(f"\n{_difference(before, _texts())}\n")
    return code


def _texts() -> dict[Path, str]:
    beside = {(PROJECT / test.partition("::")[0]).parent for test in TESTS_WITH_FILES}
    files = [
        CONTRACTS,
        ACCESS,
        reference.COMMANDS,
        reference.SETTINGS,
        FILE,
        READERS,
        promises.PROMISED,
        *(f for folder in beside for f in folder.rglob("*.txt")),
    ]
    return {file: file.read_text("utf-8") for file in files}


def _difference(before: dict[Path, str], after: dict[Path, str]) -> str:
    changed = [file for file in sorted(after) if before.get(file) != after[file]]
    lines = []
    for file in changed:
        was, now = before.get(file, "").splitlines(), after[file].splitlines()
        signs = [line[0] for line in difflib.unified_diff(was, now, n=0, lineterm="") if line[:3] not in ("---", "+++")]
        lines.append(f"{file.relative_to(PROJECT)}  +{signs.count('+')} -{signs.count('-')}")
    return "\n".join([*lines, "Read them with `git diff`." if changed else "Nothing has changed."])


if __name__ == "__main__":
    sys.exit(main())
