"""Files that hold what users and other programs rely on: what differs is read by a person before it is kept."""

from __future__ import annotations

import difflib
import os
from pathlib import Path

RENEW = "RENEW"
_SHOWN = 60
"""Lines of a difference that a failure tells."""


def holds(file: Path, now: str) -> str:
    """What the file holds that is another now, as a difference; empty when it is the same.

    With `RENEW=1` in the environment the file is written anew, and version control shows the difference.
    """
    now = now.rstrip("\n") + "\n"
    if os.environ.get(RENEW):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(now, encoding="utf-8")
    was = file.read_text(encoding="utf-8") if file.is_file() else ""
    lines = list(difflib.unified_diff(was.splitlines(), now.splitlines(), file.name, "now", lineterm="", n=1))
    more = [f"… and {len(lines) - _SHOWN} lines more"] if len(lines) > _SHOWN else []
    return "\n".join([*lines[:_SHOWN], *more])
