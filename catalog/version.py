"""The version of the product, and the commit it was made from. Everything that names either takes it from here."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

VERSION: Final = "1.0.0"
"""By semantic versioning; pyproject.toml, the image, the chart and the documents take their number from here."""
COMMIT_FILE: Final = Path(__file__).with_name("commit.txt")
"""Where the build of a wheel or an image writes the commit; a checkout has none, and asks git."""


def commit() -> str:
    """The commit that this code is of, with `-dirty` where files were changed; empty where nobody knows."""
    if COMMIT_FILE.exists():
        return COMMIT_FILE.read_text("utf-8").strip()
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    folder = COMMIT_FILE.parents[1]
    if not (folder / ".git").exists():  # beside an installed product, git would tell of somebody else's code
        return ""
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except OSError:  # no git
        return ""
    return done.stdout.strip()


def whole_version() -> str:
    """The version with its commit, for people: `1.0.0 (commit 53c4b4c5bd2a)`."""
    return f"{VERSION} (commit {commit() or 'unknown'})"
