"""The log: one JSON line for each batch, each read (the audit) and each event of a server.

`home/log/batches-2026-11-25.jsonl`, `reads-…`, `server-…`: one file per UTC day, so that nobody ever renames a file
that another process writes to. A line is at most `LONGEST` bytes and is appended in one write, so that processes do not
tear each other's lines. Texts are masked, cut, and escaped to printable ASCII: what a stranger sends can neither begin
a line nor control a terminal. Logging never raises: a full disk must not turn an accepted batch into an error.

A line that goes to stderr too leaves the machine where containers' output is gathered: there the rows and bytes of a
batch are rounded up, as each row may be a person.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

from catalog.domain import identity, perturbation
from transport.base.settings import Settings

Kind = Literal["batches", "reads", "server"]
OUTCOMES = ("accepted", "duplicate", "checked", "refused", "failed", "ended")
"""How a batch ended: `checked` was only tried, `failed` is our fault, `ended` means that the sender went away."""
LONGEST = 4096
"""Bytes of a line; the texts of a longer one are cut further."""
DAY_LIMIT = 1 << 30
"""Bytes of a day's file. Beyond it only accepted batches and reads are logged: strangers can cause any number of
refusals."""
_BOUNDS = (400, 80, 20)
_ROUNDED = {"rows": perturbation.ROWS, "bytes": perturbation.BYTES}
"""What is rounded up to which step of a batch where its line leaves the machine."""
_FACTS = 30
_FILE = re.compile(r"(batches|reads|server)-(\d{4}-\d{2}-\d{2})\.jsonl")
_BEGINS = '{"at":'


class EventLog:
    """Appends to a home's log. Any number of processes and threads may log to the same home.

    Args (on opening):
        settings: where the home is.
        echo: also write each line to stderr.
    """

    def __init__(self, settings: Settings, *, echo: bool = False) -> None:
        """Open and create nothing until the first line."""
        self._folder = folder(settings)
        self._echo = echo or settings.log_stderr

    def batch(  # noqa: PLR0913 - a line's fields
        self,
        *,
        who: str,
        producer: str,
        stream: str,
        batch_id: str,
        outcome: str,
        rows: int = 0,
        bytes: int = 0,  # noqa: A002 - the name of the field
        ms: float,
        wire: str,
        kind: str = "",
        problem: str = "",
        reference: str = "",
    ) -> None:
        """Log how a batch ended.

        Args:
            who: the authenticated caller: a token's name or an organisation.
            producer: for whom it was sent.
            stream: as named by the sender, even if no such stream exists.
            batch_id: as named by the sender.
            outcome: one of `OUTCOMES`.
            rows: in the batch, where known.
            bytes: as kept, or as many as arrived.
            ms: from the first byte to the receipt or refusal.
            wire: flight, http or inbox.
            kind: of the error, when refused or failed.
            problem: of the error.
            reference: what the sender was told to quote.
        """
        facts = {"who": who, "producer": producer, "stream": stream, "batch": batch_id, "outcome": outcome}
        facts |= {"wire": wire, "kind": kind, "problem": problem, "reference": reference}
        self._say("batches", facts, {"rows": rows, "bytes": bytes, "ms": ms}, keep=outcome == "accepted")

    def read(  # noqa: PLR0913 - a line's fields
        self,
        *,
        who: str,
        dataset: str,
        release: str,
        outcome: str,
        rows: int = 0,
        ms: float,
        wire: str,
        kind: str = "",
        reference: str = "",
        tool: str = "",
    ) -> None:
        """Log who read what: the audit.

        Args:
            who: the authenticated caller.
            dataset: as named by the reader; several with commas between.
            release: the release read.
            outcome: served, refused, failed or ended.
            rows: sent.
            ms: how long it took.
            wire: flight, http, mcp or pages.
            kind: of the error, when refused or failed.
            reference: what the reader was told to quote.
            tool: of an assistant's call.
        """
        facts = {"who": who, "tool": tool, "dataset": dataset, "release": release, "outcome": outcome}
        facts |= {"wire": wire, "kind": kind, "reference": reference}
        self._say("reads", facts, {"rows": rows, "ms": ms}, keep=outcome != "refused")

    def event(self, name: str, /, **facts: object) -> None:
        """Log what a server or the watch did: started, restarted, stopped, sent an alert."""
        self._say("server", {"event": name} | dict(list(facts.items())[:_FACTS]) | {"event": name}, {}, keep=False)

    def _say(self, kind: Kind, facts: Mapping[str, object], numbers: Mapping[str, float], *, keep: bool) -> None:
        try:
            now = datetime.now(UTC)
            line = _line(now, facts, numbers)
            if self._echo:
                steps = _ROUNDED if kind == "batches" else {}
                rounded = {
                    **numbers,
                    **{name: perturbation.rounded_up(int(numbers[name]), step) for name, step in steps.items()},
                }
                with contextlib.suppress(OSError):
                    os.write(2, _line(now, facts, rounded))
            self._append(self._folder / f"{kind}-{now.date()}.jsonl", line, keep=keep)
        except Exception:  # noqa: BLE001 - what is logged about has happened, whether it can be logged or not
            with contextlib.suppress(OSError):
                os.write(2, b'{"event":"log_failed"}\n')

    def _append(self, path: Path, line: bytes, *, keep: bool) -> None:
        how = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        try:
            handle = os.open(path, how, 0o640)
        except FileNotFoundError:
            self._folder.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, how, 0o640)
        try:
            if keep or os.fstat(handle).st_size < DAY_LIMIT:
                os.write(handle, line)
        finally:
            os.close(handle)


def folder(settings: Settings) -> Path:
    """The folder of a home's log."""
    return settings.home / "log"


def lines(settings: Settings, kind: Kind, *, since: datetime) -> Iterator[dict[str, object]]:
    """The records from `since` on, oldest first. Incomplete lines, left by a full disk, are skipped."""
    for day, path in _days(settings, kind):
        if day >= since.astimezone(UTC).date():
            try:
                with path.open(encoding="utf-8", errors="replace", newline="\n") as handle:
                    for line in handle:
                        record = event_of(line)
                        if record is not None and _moment(record) >= since:
                            yield record
            except OSError:
                continue  # tidied away meanwhile


def newest(settings: Settings, kind: Kind, size: int = 1 << 18) -> list[str]:
    """The last lines of the newest file, unparsed; about `size` bytes of them."""
    for _, path in reversed(_days(settings, kind)):
        try:
            with path.open("rb") as handle:
                handle.seek(max(0, handle.seek(0, os.SEEK_END) - size))
                return handle.read(size).decode("utf-8", "replace").split("\n")
        except OSError:
            continue
    return []


def event_of(line: str) -> dict[str, object] | None:
    """A line as a record, or None. Half a line that a full disk left in front of it is skipped."""
    try:
        record = json.loads(line[max(0, line.rfind(_BEGINS)) :])
    except ValueError:
        return None
    return record if isinstance(record, dict) else None


def tidy(settings: Settings, now: datetime) -> int:
    """Remove files older than `log_days`, and audits older than `audit_days`.

    Returns:
        How many were removed.
    """
    removed = 0
    today = now.astimezone(UTC).date()
    for kind, days in (
        ("batches", settings.log_days),
        ("server", settings.log_days),
        ("reads", settings.audit_days),
    ):
        for day, path in _days(settings, kind):
            if day < today - timedelta(days=days):
                with contextlib.suppress(OSError):
                    path.unlink()
                    removed += 1
    return removed


def _days(settings: Settings, kind: str) -> list[tuple[date, Path]]:
    days = []
    try:
        paths = list(folder(settings).iterdir())
    except OSError:
        return []
    for path in paths:
        match = _FILE.fullmatch(path.name)
        if match and match[1] == kind:
            with contextlib.suppress(ValueError):
                days.append((date.fromisoformat(match[2]), path))
    return sorted(days)


def _moment(record: Mapping[str, object]) -> datetime:
    try:
        moment = datetime.fromisoformat(str(record.get("at")))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _line(now: datetime, facts: Mapping[str, object], numbers: Mapping[str, float]) -> bytes:
    """The line, of at most `LONGEST` bytes: `at` first, empty texts left out."""
    counted = {name: _number(value) for name, value in numbers.items()}
    line = b""
    for bound in _BOUNDS:
        bounded = {
            _text(name, 40): _plain(value, bound) for name, value in facts.items() if value is not None and value != ""
        }
        value = {"at": now.isoformat(timespec="milliseconds"), **bounded, **counted}
        value["at"] = now.isoformat(timespec="milliseconds")  # no fact may replace it
        line = json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("\x7f", "\\u007f").encode() + b"\n"
        if len(line) <= LONGEST:
            return line
    value = {"at": value["at"], "event": "log_line_too_long"}
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _number(value: float) -> float | None:
    if isinstance(value, int):
        return value
    return round(float(value), 1) if math.isfinite(value) else None


def _plain(value: object, bound: int) -> object:
    if isinstance(value, bool | int):
        return value
    return _number(value) if isinstance(value, float) else _text(value, bound)


def _text(value: object, bound: int) -> str:
    # masked before it is cut: a number that the cut would split is masked too
    return identity.mask(str(value)[: 8 * LONGEST])[:bound]
