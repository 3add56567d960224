"""What a process that `dif` starts answers on its output: one JSON object, also of what went wrong."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from catalog.errors import SharingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def answered(make: Callable[[], Mapping[str, object]]) -> int:
    """Print what `make` gives, or what went wrong and how to mend it; returns the exit code."""
    code = 0
    try:
        output = dict(make())
    except SharingError as error:
        output, code = {**error.as_json(), "exit_code": error.exit_code}, error.exit_code
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        mend = "Check that the folder exists, is writable and has room."
        output, code = {"problem": f"{error.strerror or error}{where}.", "mend": mend, "exit_code": 1}, 1
    sys.stdout.write(json.dumps(output, ensure_ascii=False) + "\n")
    return code
