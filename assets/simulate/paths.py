"""The paths of a dispatch: its states, channel and delays, and how often each state is reported.

Shares, delays and how often a state is reported are synthetic; states, ranks and the two working days before an unread
letter in Altinn goes to print are SvarUt's. Source: KS's open API description (see the bundled `dispatch_status`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from assets.simulate.connections import SERVICES
from catalog.tables.streams import CHANNELS, STATES

STEPS = 5
"""The length of the longest path."""
RECIPIENTS = ("PERSON", "ORGANISATION", "UNKNOWN")
NO_CHANNEL = -1
_FINE = 1000
"""Shares are per thousand."""
_SECOND = 1_000_000
_HOUR = 3600 * _SECOND


class Delay(IntEnum):
    """What a step waits for."""

    NONE = 0
    SECONDS = 1
    MINUTES = 2
    FETCH = 3
    """A receiver system fetches."""
    MAILBOX = 4
    READ = 5
    """A person opens a letter, within days."""
    BY_HAND = 6
    BEFORE_DEADLINE = 7
    """Read before two working days are over."""
    AT_DEADLINE = 8
    """Not read in two working days."""
    PRINTER = 9
    """Printed on the working day after the day it was sent."""
    PRINTER_AFTER_DEADLINE = 10


_MEDIAN_AND_SPREAD: dict[Delay, tuple[float, float]] = {
    Delay.SECONDS: (4, 0.8),
    Delay.MINUTES: (90, 1.0),
    Delay.FETCH: (2.2 * 3600, 1.3),
    Delay.MAILBOX: (240, 1.1),
    Delay.READ: (16 * 3600, 1.2),
    Delay.BY_HAND: (60 * 3600, 0.5),
    Delay.AT_DEADLINE: (1200, 0.7),
    Delay.PRINTER: (5 * 3600, 0.35),
    Delay.PRINTER_AFTER_DEADLINE: (5 * 3600, 0.35),
}
"""Seconds; the delays are log-normal."""
_LONGEST = 12 * 24 * 3600.0
QUANTILES = 1024


def _normal_quantile(p: float) -> float:
    """The quantile of the normal distribution. Source: Abramowitz and Stegun 26.2.23."""
    t = math.sqrt(-2 * math.log(min(p, 1 - p)))
    x = t - (2.515517 + 0.802853 * t + 0.010328 * t**2) / (1 + 1.432788 * t + 0.189269 * t**2 + 0.001308 * t**3)
    return x if p > 0.5 else -x  # noqa: PLR2004 - the median


def _delay_table() -> npt.NDArray[np.int64]:
    """Microseconds by delay and quantile. Whole milliseconds, so the platform's `exp` does not affect the result."""
    table = np.zeros((len(Delay), QUANTILES + 1), dtype=np.int64)
    for delay, (median, spread) in _MEDIAN_AND_SPREAD.items():
        for q in range(QUANTILES + 1):
            seconds = median * math.exp(spread * _normal_quantile((q + 0.5) / (QUANTILES + 1)))
            table[delay, q] = round(min(seconds, _LONGEST) * 1000) * 1000
    return table


DELAYS = _delay_table()


@dataclass(frozen=True, slots=True)
class Step:
    """One state on a path. `reported` is per cent: not every intermediate state is reported."""

    state: str
    delay: Delay
    channel: str | None
    reported: int = 100


@dataclass(frozen=True, slots=True)
class Path:
    """A path from MOTTATT to its end, for one service and kind of recipient.

    Attributes:
        share: per thousand of the service's dispatches.
    """

    service: str
    recipient: str
    share: int
    steps: tuple[Step, ...]
    digital_only: bool = False

    @property
    def channel(self) -> str | None:
        """The channel on which the path ends."""
        return self.steps[-1].channel

    @property
    def is_printed(self) -> bool:
        """Whether it gives paper, postage and the like."""
        return self.steps[-1].state == "PRINTET"


def _path(service: str, recipient: str, share: int, *steps: Step, digital_only: bool = False) -> Path:
    received = (Step("MOTTATT", Delay.NONE, None, 22), Step("AKSEPTERT", Delay.SECONDS, None, 46))
    return Path(service, recipient, share, (*received, *steps), digital_only)


def _step(state: str, delay: Delay, channel: str | None, reported: int = 100) -> Step:
    return Step(state, delay, channel, reported)


_D = Delay
_NOTICED = _step("VARSLET", _D.MINUTES, "ALTINN", 74)
_READ_IN_ALTINN = _step("LEST", _D.BEFORE_DEADLINE, "ALTINN")
_UNREAD = (_step("SENDT_PRINT", _D.AT_DEADLINE, "PRINT", 70), _step("PRINTET", _D.PRINTER_AFTER_DEADLINE, "PRINT"))
_PRINT = (_step("SENDT_PRINT", _D.MINUTES, "PRINT", 70), _step("PRINTET", _D.PRINTER, "PRINT"))
_MAILBOX = (_step("SENDT_SDP", _D.SECONDS, "SDP", 66), _step("LEVERT_SDP", _D.MAILBOX, "SDP"))
_FETCHED = (_step("KLAR_FOR_MOTTAK", _D.SECONDS, "SVARINN", 76), _step("LEST", _D.FETCH, "SVARINN"))
_PERSON, _ORGANISATION, _UNKNOWN = RECIPIENTS
_SVARUT, _SVARINN, _FIKS_IO = SERVICES

PATHS = (
    # The digital paths first, the printed last: a sender's leaning moves along this order.
    _path(_SVARUT, _ORGANISATION, 170, *_FETCHED),
    _path(_SVARUT, _PERSON, 190, *_MAILBOX),
    _path(_SVARUT, _PERSON, 60, *_MAILBOX, _step("LEST", _D.READ, "SDP")),
    _path(_SVARUT, _PERSON, 165, _NOTICED, _READ_IN_ALTINN),
    _path(_SVARUT, _ORGANISATION, 75, _NOTICED, _READ_IN_ALTINN),
    _path(_SVARUT, _ORGANISATION, 25, _step("LEST", _D.FETCH, "NHN")),
    _path(_SVARUT, _PERSON, 30, _NOTICED, _READ_IN_ALTINN, digital_only=True),
    _path(_SVARUT, _PERSON, 22, _NOTICED, _step("SENDT_DIGITALT", _D.AT_DEADLINE, "ALTINN"), digital_only=True),
    _path(
        _SVARUT,
        _PERSON,
        9,
        _NOTICED,
        _step("SENDT_DIGITALT", _D.AT_DEADLINE, "ALTINN", 80),
        _step("LEST", _D.READ, "ALTINN"),
        digital_only=True,
    ),
    _path(_SVARUT, _PERSON, 5, _step("IKKE_LEVERT", _D.MINUTES, None), digital_only=True),
    _path(_SVARUT, _UNKNOWN, 4, _step("AVVIST", _D.MINUTES, None)),
    _path(_SVARUT, _ORGANISATION, 2, _FETCHED[0], _step("MANUELT_HANDTERT", _D.BY_HAND, "SVARINN")),
    _path(_SVARUT, _ORGANISATION, 23, _NOTICED, *_UNREAD),
    _path(_SVARUT, _PERSON, 130, _NOTICED, *_UNREAD),
    _path(_SVARUT, _PERSON, 70, *_PRINT),
    _path(_SVARUT, _UNKNOWN, 20, *_PRINT),
    _path(_SVARINN, _ORGANISATION, 990, *_FETCHED),
    _path(_SVARINN, _ORGANISATION, 6, _FETCHED[0], _step("MANUELT_HANDTERT", _D.BY_HAND, "SVARINN")),
    _path(_SVARINN, _ORGANISATION, 4, _step("AVVIST", _D.MINUTES, None)),
    _path(_FIKS_IO, _ORGANISATION, 985, _step("KLAR_FOR_MOTTAK", _D.SECONDS, None, 60), _step("LEST", _D.FETCH, None)),
    _path(_FIKS_IO, _ORGANISATION, 15, _step("AVVIST", _D.MINUTES, None)),
)


def _matrix(of_step: object) -> npt.NDArray[np.int64]:
    table = np.full((len(PATHS), STEPS), -1, dtype=np.int64)
    for p, path in enumerate(PATHS):
        for k, step in enumerate(path.steps):
            table[p, k] = of_step(step)  # type: ignore[operator]
    return table


STATE_OF = _matrix(lambda s: STATES.index(s.state))
CHANNEL_OF = _matrix(lambda s: NO_CHANNEL if s.channel is None else CHANNELS.index(s.channel))
DELAY_OF = _matrix(lambda s: int(s.delay))
REPORTED_OF = _matrix(lambda s: s.reported * 65536 // 100)
LAST_STEP = np.array([len(p.steps) - 1 for p in PATHS])
_DELIVERED = frozenset({"SENDT_DIGITALT", "LEVERT_SDP", "LEST", "PRINTET"})
ENDS_OR_DELIVERS = _matrix(lambda s: s.state in _DELIVERED) > 0
ENDS_OR_DELIVERS[np.arange(len(PATHS)), LAST_STEP] = True
"""The steps that history has: the last, and the one that delivered."""
RECIPIENT_OF = np.array([RECIPIENTS.index(p.recipient) for p in PATHS], dtype=np.int8)
DIGITAL_ONLY = np.array([p.digital_only for p in PATHS])
IS_PRINTED = np.array([p.is_printed for p in PATHS])


def _path_table() -> npt.NDArray[np.int8]:
    """The path by service and per-thousand draw."""
    table = np.empty((len(SERVICES), _FINE), dtype=np.int8)
    for s, service in enumerate(SERVICES):
        ways = [(p, path.share) for p, path in enumerate(PATHS) if path.service == service]
        table[s] = np.repeat([p for p, _ in ways], [share for _, share in ways])
    return table


PATH_BY_SHARE = _path_table()
SHARES = _FINE
NO_BILL, BY_ALTINN, BY_SVARINN, BY_NONE = -1, 1, 2, 0


_NOT_DELIVERED = frozenset({"AVVIST", "IKKE_LEVERT", "MANUELT_HANDTERT"})


def _billing_class(path: Path) -> int:
    if path.service != _SVARUT or path.steps[-1].state in _NOT_DELIVERED:
        return NO_BILL
    return {"ALTINN": BY_ALTINN, "SVARINN": BY_SVARINN}.get(path.channel or "", BY_NONE)


BILLED_AS = np.array([_billing_class(p) for p in PATHS])
"""How a dispatch is billed: not at all, as a dispatch only, or by the channel it was delivered on as well."""
