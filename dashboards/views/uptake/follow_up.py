"""Follow-up registered on the page, in the register `follow_up`: by the same door as a form that comes back.

A release is immutable, so what is registered counts from the next one. Until then the page shows it beside the list
(`since`). Without Streamlit.
"""

from __future__ import annotations

import functools
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from catalog.contracts.rows import RowFault, typed_row
from catalog.domain.borders import borders
from catalog.domain.calendar import day_in_oslo
from catalog.domain.identity import mask
from catalog.errors import Busy, Forbidden, NoRoom, RegisterRejected
from catalog.tables.registers import FOLLOW_UP
from catalog.tables.streams import REGISTER
from dashboards.views.uptake.models import Answer
from transport.auth.roles import Role
from transport.base import atomic_files
from transport.ingest import registers
from transport.storage import landing
from transport.storage.backends import read_without_lock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from dashboards.release.authorization import Visitor
    from dashboards.release.query import Row
    from transport.base.settings import Settings
    from transport.storage.landing import Landing

Key = tuple[str, str]
"""Municipality, by its current code, and service."""
REASON: Final = "Registrert på siden Utbredelse"
LONGEST_NOTE: Final = 200
"""Characters of a note."""
_PATIENCE: Final = 10.0
"""Seconds to wait for whoever holds the home: another click takes a tenth of a second, a run minutes."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What came of registering.

    Attributes:
        outcome: `done`; `same`, the register had it; `overtaken`, others registered something else meanwhile; `busy`, a
            run holds the home; `refused`, the register's rules say no; `closed`, the home cannot be written to.
        now: what is registered now; None for nothing.
    """

    outcome: Literal["done", "same", "overtaken", "busy", "refused", "closed"]
    now: Answer | None = None


def by_of(visitor: Visitor, network: str) -> str | None:
    """The function that registers, for the register's history; None for who may not.

    DIF may for all municipalities, a network for its members. Open pages run only on the machine that has the files:
    who uses it may.

    Args:
        visitor: who asks.
        network: the id of the network whose members are registered for; empty where it is none.
    """
    if visitor.until is None and Role.DIF in visitor.roles:
        return "pages:local"
    if Role.DIF in visitor.roles:
        return "pages:DIF"
    return f"pages:{network}" if network and network in visitor.networks else None


def key_of(code: str, service: str) -> Key:
    """The key of a municipality and a service: one that was merged whole counts by its successor."""
    row = {"municipality_code": code, "service": service}
    successor, _ = registers.identity(FOLLOW_UP, row)
    return str(successor), service


def successor(code: str) -> str | None:
    """The name of the municipality that a merged one is part of now; None for one that stands."""
    now, _ = key_of(code, "")
    return None if now == code else borders().municipalities[now].name


def standing(given: Settings) -> Mapping[Key, Answer] | None:
    """What is registered, also since the last run; None where nobody has registered anything in this home."""
    if not given.landing_url and not (given.landing / "journal").is_file():
        return None
    with read_without_lock():
        kept = _landing(given)
        kept.refresh()
        versions = tuple(e.batch_id for e in kept.of(REGISTER.name) if kept.withdrawal(e) is None)
        return _answers(given, versions)


@functools.lru_cache(maxsize=2)
def _landing(given: Settings) -> Landing:
    return landing.open_landing(given)


@functools.lru_cache(maxsize=2)
def _answers(given: Settings, versions: tuple[str, ...]) -> Mapping[Key, Answer] | None:
    """The rows in force when these versions had landed."""
    del versions
    kept = _landing(given)
    if not registers.history(kept, FOLLOW_UP.name):
        return None
    rows = registers.latest(kept, FOLLOW_UP).to_pylist()
    return {key_of(row["municipality_code"], row["service"]): _answer(row) for row in rows}


def rows_of(listed: Sequence[Row]) -> dict[Key, Row]:
    """The row that tells the follow-up of each key: the municipality's own, else that of one merged into it."""
    rows: dict[Key, Row] = {}
    for call in listed:
        key = key_of(call.municipality_code, call.service)
        if key == (call.municipality_code, call.service) or key not in rows:
            rows[key] = call
    return rows


def since(listed: Sequence[Row], registered: Mapping[Key, Answer] | None) -> dict[Key, Answer | None]:
    """What was registered since the release about the rows of its list; None where a follow-up was removed.

    The register knows a merged municipality by its successor. Where both are listed, what is registered is of the
    successor: the release tells it on that row alone.
    """
    if registered is None:
        return {}
    rows = rows_of(listed)
    return {key: registered.get(key) for key, call in rows.items() if registered.get(key) != of_release(call)}


def of_release(call: Row) -> Answer | None:
    """The follow-up of a row as the release has it."""
    return Answer(call.follow_up, call.followed_up_on, call.follow_up_note) if call.follow_up else None


def register(
    given: Settings, key: Key, answer: Answer | None, *, seen: Answer | None, by: str | None, today: date
) -> Registered:
    """Register what was done; None removes it. The same answer twice is one version.

    Args:
        given: the home.
        key: of the row.
        answer: what was done.
        seen: what the visitor saw; where others have registered something else since, nothing is applied.
        by: the function that registers (`by_of`).
        today: in Oslo; no day on which something was done may be later.

    Raises:
        Forbidden: the visitor may not.
    """
    if by is None:
        raise Forbidden("This visitor may not register follow-up here.", "Ask the operator for a grant.")
    if answer is not None and answer.day is not None and answer.day > today:
        return Registered("refused")
    try:
        rows = [] if answer is None else [_row(key, answer)]
        before = None if seen is None else _row(key, seen)
        with _alone(given):
            done = registers.merge(
                given,
                landing.open_landing(given),
                FOLLOW_UP,
                rows,
                by=by,
                reason=REASON,
                now=landing.utc_now(),
                without=[] if rows else [key],
                expected_rows={key: before},
            )
    except (RegisterRejected, RowFault):
        return Registered("refused")
    except Busy:
        return Registered("busy")
    except (OSError, NoRoom):
        return Registered("closed")
    if done.overtaken:
        (now,) = done.overtaken
        return Registered("overtaken", _answer(now) if now else None)
    return Registered("done" if done.entry else "same", answer)


def answered(status: str, day: date | None, note: str) -> Answer:
    """An answer as the register keeps it: on one line, with identity numbers masked."""
    return Answer(status, day, mask(" ".join(note.split())[:LONGEST_NOTE], either=True) or None)


def today() -> date:
    """The day in Oslo."""
    return day_in_oslo(landing.utc_now())


def _row(key: Key, answer: Answer) -> dict[str, object]:
    code, service = key
    row = {"municipality_code": code, "service": service, "status": answer.status}
    return typed_row(FOLLOW_UP.columns, {**row, "followed_up_on": answer.day, "note": answer.note})


def _answer(row: Mapping[str, object]) -> Answer:
    day, note = row["followed_up_on"], row["note"]
    return Answer(str(row["status"]), day, str(note) if note else None)  # type: ignore[arg-type]


@contextmanager
def _alone(given: Settings) -> Iterator[None]:
    """Hold the home for a moment, while others wait; wait in turn for who holds it.

    Raises:
        Busy: a run goes on.
    """
    until = time.monotonic() + _PATIENCE
    with ExitStack() as locks:
        while True:
            try:
                locks.enter_context(atomic_files.locked(given.home, doing=atomic_files.TIDYING))
                break
            except Busy:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
        yield
