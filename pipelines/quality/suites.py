"""Expectations that people write: `catalog/expectations/<dataset>.json`, suites as Great Expectations writes them.

What does not belong here: Great Expectations itself. Whether it has an expectation, and takes its arguments, is found
where it is carried out (`engine`).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import catalog
from catalog.errors import UnknownName
from pipelines.quality.checks import ERROR, WARN, Check, Kind, Result, not_carried_out

FOLDER = Path(catalog.__file__).with_name("expectations")
SEVERITIES = {"critical": ERROR, "warning": WARN, "info": WARN, "ERROR": ERROR, "WARN": WARN}
"""What a file may say, Great Expectations' words or ours."""
_GX_SEVERITY = {ERROR: "critical", WARN: "warning"}
_COLUMNS = ("column", "column_A", "column_B", "column_list", "column_set")


class Suite:
    """One file, read.

    Attributes:
        text: of the file.
        checks: one for each of its expectations.
        broken: results of what cannot be read.
    """

    def __init__(self, path: Path, datasets: Collection[str]) -> None:
        """Read a file.

        Args:
            path: of the file, named for its dataset.
            datasets: names of the tables that can be checked.
        """
        self.dataset, self.file = path.stem, f"catalog/expectations/{path.name}"
        self.text = ""
        self.checks: list[Check] = []
        self.broken: list[Result] = []
        try:
            self.text = path.read_text("utf-8", "replace")
            suite = json.loads(self.text)
        except (OSError, ValueError) as problem:
            self._refuse("suite", f"it cannot be read as JSON: {problem}")
            return
        entries = suite.get("expectations") if isinstance(suite, dict) else None
        if self.dataset not in datasets:
            self._refuse("suite", str(UnknownName("dataset", self.dataset, choices=datasets)))
        elif not isinstance(entries, list):
            self._refuse("suite", "a suite is an object with a list named expectations")
        else:
            self._read(entries)

    def _read(self, entries: list[Any]) -> None:
        sound: dict[str, dict[str, Any]] = {}
        for number, entry in enumerate(entries, 1):
            if why := _wrong(entry):
                self._refuse(f"expectation_{number}", f"expectation {number} {why}")
            else:
                sound[json.dumps(entry, sort_keys=True)] = entry  # a repeated entry counts once
        name_counts = Counter(map(_name, sound.values()))
        for text, entry in sound.items():
            name = _name(entry)
            if name_counts[name] > 1:
                name = f"{name}_{hashlib.sha256(text.encode()).hexdigest()[:6]}"
            self.checks.append(_check(name, entry, self.file))

    def _refuse(self, check: str, why: str) -> None:
        self.broken.append(not_carried_out(self.dataset, check, f"{why} → {mend(self.file)}"))


def _wrong(entry: object) -> str:
    """What is wrong with an entry of a suite, if it is known without Great Expectations."""
    if not isinstance(entry, dict) or not isinstance(entry.get("type"), str):
        return "names no type"
    if not isinstance(entry.get("kwargs", {}), dict):
        return f"({entry['type']}) has kwargs that are no object"
    if str(severity := _severity(entry)) not in SEVERITIES:
        return f"({entry['type']}) has severity {severity!r}, not {', '.join(SEVERITIES)}"
    return ""


def _severity(entry: Mapping[str, Any]) -> object:
    return entry.get("severity") or "critical"


def _check(name: str, entry: Mapping[str, Any], file: str) -> Check:
    severity = SEVERITIES[str(_severity(entry))]
    texts = {key: entry[key] for key in ("meta", "notes", "description") if entry.get(key)}
    own = {"type": entry["type"], "kwargs": entry.get("kwargs", {}), "severity": _GX_SEVERITY[severity]}
    return Check(name, Kind.EXPECTATION, _columns(entry), severity=severity, expectation=own | texts, file=file)


def mend(file: str, of: str = "") -> str:
    """What to do about a file, or an expectation in it, that cannot be carried out."""
    if not of:
        return f"Mend {file} (catalog/expectations/README.md), or remove it."
    hint = next((words for part, words in _HINTS.items() if part in of), "")
    return f"Mend {of} in {file} (https://greatexpectations.io/expectations/{of}). {hint}".strip()


_ROWS_AT_FAULT = (
    "Great Expectations has none for DuckDB: use unexpected_rows_expectation, with a query such as "
    "select * from {batch} where not regexp_full_match(column, '[a-z]+')."
)
_HINTS = {
    "regex": _ROWS_AT_FAULT,
    "like_pattern": _ROWS_AT_FAULT,
    "_type": "Great Expectations reads no column types of DuckDB; the lake writes each column by its contract.",
}
"""The alternative to expectations that DuckDB's dialect lacks, by a part of their name."""


def read(datasets: Collection[str]) -> dict[str, Suite]:
    """Every file, by the dataset that it is named for."""
    return {path.stem: Suite(path, datasets) for path in _paths()}


def digest() -> str:
    """A hash of all files: another means that everything is to be checked, and the release made, again."""
    return hashlib.sha256(b"\0".join(part for p in _paths() for part in (p.name.encode(), _bytes(p)))).hexdigest()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # the check of the file says so
        return b""


def _paths() -> list[Path]:
    return sorted(path for path in FOLDER.glob("*.json") if path.is_file())


def _columns(entry: Mapping[str, Any]) -> tuple[str, ...]:
    columns: list[str] = []
    for key in _COLUMNS:
        value = entry.get("kwargs", {}).get(key)
        columns += [value] if isinstance(value, str) else [str(v) for v in value] if isinstance(value, list) else []
    return tuple(columns)


def _name(entry: Mapping[str, Any]) -> str:
    """The name of its check: type and columns, in the letters that Dagster allows."""
    return re.sub(r"\W", "_", "_".join((entry["type"], *_columns(entry))), flags=re.ASCII)[:120]
