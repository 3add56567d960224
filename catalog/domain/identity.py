"""Numbers that identify: organisation numbers, which are public, and identity numbers, which must never be kept.

The detector knows the form of a Norwegian national identity number (fødselsnummer, D-number, H-number, synthetic
numbers) and nothing else: it neither looks one up nor keeps one. No function here logs a number it finds, or puts it
in an error; callers get positions and counts.

Rate of false hits on random eleven-digit numbers: 0.23 % look right by the control digits used until 2032, 0.96 % by
the wider rule from 2032. Both rates were measured; `OLD_RATE` and `NEW_RATE` hold them.

Source: Skatteetaten, "Fødselsnummer"; Skatteetaten, "Nytt fødselsnummer fra 2032" (PID); Norsk Helsenett, H-nummer.
"""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ORGANISATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
OLD_RATE = 0.0023
"""Share of random eleven-digit numbers that look like an identity number by the control digits until 2032."""
NEW_RATE = 0.0096
"""The same by either rule."""
SURPRISE = 1e-5
"""A column is judged to hold identity numbers when the probability of as many hits by chance is below this."""
_ORGANISATION_DIGITS = 9
_ORGANISATION_FIRST = "89"
_MADE_UP_ORGANISATION_FIRST = "23"
DIGITS = 11
_MODULUS = 11
_NEW_REMAINDERS = range(4)
_D_NUMBER_DAY = 40
_H_NUMBER_MONTH = 40
_SYNTHETIC_MONTHS = (80, 65)
_MONTHS = 12
_BREAKS = "\n\r\v\f\x85\u2028\u2029"
_APART, _DATE_APART, _BROKEN = "[ b:]{1,4}", "[ b]{1,4}", "b{0,3}"


def _written(apart: str, date_apart: str, broken: str) -> str:
    """The ways in which eleven digits are written as one number, given what may stand between them.

    Unbroken, also over line breaks or with invisible characters; split after the sixth digit; after the sixth and the
    ninth; with the date in parts, as 15.06.85 12345; each digit by itself. Not 1234.56.78901, which is a bank account.
    """
    day = date_apart.join(["[0-9]{2}"] * 3)
    return "|".join(
        (
            f"[0-9](?:{broken}[0-9]){{10}}",
            f"[0-9]{{6}}{apart}[0-9]{{5}}",
            f"[0-9]{{6}}{apart}[0-9]{{3}}{apart}[0-9]{{2}}",
            f"{day}{date_apart}[0-9]{{5}}",
            f"{day}{date_apart}[0-9]{{3}}{date_apart}[0-9]{{2}}",
            f"[0-9](?:{date_apart}[0-9]){{10}}",
        )
    )


_CANDIDATE = re.compile(f"(?<![0-9])(?=({_written(_APART, _DATE_APART, _BROKEN)})(?![0-9]))")
_NO_DIGIT = re.compile("[^0-9]+")
_SEEN, _UNSEEN = "[^0-9A-Za-z]{1,4}", r"[\n\r\x0b\x0c]{0,3}"
ASCII_SIEVE = f"(?:^|[^0-9])(?:{_written(_SEEN, _SEEN, _UNSEEN)})(?:[^0-9]|$)"
"""A cheap RE2 filter for Arrow's `match_substring_regex`: an ASCII text it does not match holds no number.

It matches more than the detector finds; what matches goes to `find_in_text`.
"""
ANY_DIGIT = r"[\p{Nd}\p{No}]"
"""For non-ASCII texts: a text with fewer than eleven of these holds no number."""


class _Signs(dict[int, str]):
    """Maps a character to its role: its digit, in any script; b, a break or invisible; x, a letter; or a space."""

    def __missing__(self, code: int) -> str:
        sign, kind = chr(code), unicodedata.category(chr(code))
        digit = unicodedata.digit(sign, None)
        text = " " if kind[0] not in "LN" else "x"
        text = "b" if sign in _BREAKS or kind in {"Cf", "Mn", "Mc", "Me"} else ":" if sign in ":\uff1a" else text
        self[code] = made = text if digit is None else str(digit)
        return made


_SIGNS = _Signs()


class Regime(StrEnum):
    """The control digits by which a number looks right. OLD numbers also look right by the rule from 2032."""

    OLD = "OLD"
    FROM_2032 = "FROM_2032"


def is_organisation_number(text: str, *, or_made_up: bool = False) -> bool:
    """Whether a text is nine digits, begins with 8 or 9, and has the right modulus-11 control digit.

    9.1 % of random nine-digit numbers have the right control digit: this finds slips, but does not prove existence.

    Args:
        text: any text.
        or_made_up: also accept synthetic numbers, which begin with 2 or 3 as no real one does: Tenor's, used in tokens
            of Maskinporten's test environment, and those of our samples.

    Source: Brønnøysundregistrene, "Organisasjonsnummeret"; Skatteetaten, "Tenor testdata".
    """
    first = _ORGANISATION_FIRST + (_MADE_UP_ORGANISATION_FIRST if or_made_up else "")
    if len(text) != _ORGANISATION_DIGITS or not _digits(text) or text[0] not in first:
        return False
    return _control(text[:-1], ORGANISATION_WEIGHTS) == int(text[-1])


def regime(number: str) -> Regime | None:
    """The rule by which eleven digits look like an identity number; None where they do not.

    Checks the two control digits, and that the first six can be a date of birth (day + 40 for D-numbers, month + 40 for
    H-numbers, + 80 or + 65 for synthetic numbers) in the century given by the individual number. From 2032 the
    individual number gives no century, and the first control may leave a remainder of 0–3.
    """
    if len(number) != DIGITS or not _digits(number):
        return None
    first = _sum(number[:9], FIRST_WEIGHTS) + int(number[9])
    second = _sum(number[:10], SECOND_WEIGHTS) + int(number[10])
    if second % _MODULUS != 0 or first % _MODULUS not in _NEW_REMAINDERS:
        return None
    if first % _MODULUS == 0 and _born(number, _century(number)):
        return Regime.OLD
    return Regime.FROM_2032 if any(_born(number, century) for century in (1900, 2000)) else None


def find_in_text(text: str) -> list[tuple[int, int]]:
    """Find identity numbers in free text: start and end of each, in order.

    A number is eleven digits, also with a space or a dash after the sixth, that are not part of a longer run of
    digits. In free text one hit by the old rule is enough: this also masks 0.23 % of innocent eleven-digit numbers,
    which costs less than keeping one person's number. The wider rule from 2032 is not used here, since it would mask
    four times as many; numbers valid only by that rule do not exist before 2032.
    """
    return [(start, end) for start, end, _ in _found(text, either=False)]


def numbers_in(text: str) -> list[str]:
    """The eleven digits of each candidate in a text, valid or not."""
    return [_NO_DIGIT.sub("", hit[1]) for hit in _CANDIDATE.finditer(text.translate(_SIGNS))]


def _found(text: str, *, either: bool) -> Iterator[tuple[int, int, Regime]]:
    """The positions of the numbers, without overlaps, and the rule by which each is right."""
    done = 0
    for hit in _CANDIDATE.finditer(text.translate(_SIGNS)):
        right = regime(_NO_DIGIT.sub("", hit[1])) if hit.start(1) >= done else None
        if right is Regime.OLD or (either and right is not None):
            done = hit.end(1)
            yield hit.start(1), done, right


def mask(text: str, *, either: bool = False) -> str:
    """Replace each identity number in a text with eleven stars. The rest is unchanged; masking is idempotent.

    Args:
        text: any text.
        either: also mask what looks right by the rule from 2032: for a column judged to hold such numbers.
    """
    parts: list[str] = []
    done = 0
    for start, end, _ in _found(text, either=either):
        parts += (text[done:start], "*" * DIGITS)
        done = end
    return "".join((*parts, text[done:]))


def mask_number(text: str, number: str) -> str:
    """Replace one number, valid or not, with eleven stars wherever a text holds it, in any way of writing it."""
    parts: list[str] = []
    done = 0
    for hit in _CANDIDATE.finditer(text.translate(_SIGNS)):
        if hit.start(1) >= done and _NO_DIGIT.sub("", hit[1]) == number:
            parts += (text[done : hit.start(1)], "*" * DIGITS)
            done = hit.end(1)
    return "".join((*parts, text[done:]))


def judge_identifiers(values: Iterable[str | None]) -> bool:
    """Say whether a column of identifiers holds identity numbers.

    Other identifiers may also have eleven digits (an account, a case). By chance, 0.23 % of them look like identity
    numbers by the old rule, and 0.96 % by either rule. One hit proves nothing; too many do. The hits by each rule are
    counted among the distinct values of eleven digits. The column is judged to hold identity numbers when chance alone
    gives at least so many hits less often than once in a hundred thousand (`SURPRISE`, a binomial tail): 1 of 1 is no
    proof (0.23 %), 2 of 2 by the old rule are, 20 of 1 000 are, 5 of 1 000 are not. Repeats count once: one account
    repeated a thousand times is one draw.

    A value with text around the digits is free text: use `find_in_text`.
    """
    return no_chance(*tally(values))


def no_chance(seen: int, old: int, either: int) -> bool:
    """Whether the candidates have more hits, by the old rule or by either, than chance explains."""
    return _tail(seen, old, OLD_RATE) < SURPRISE or _tail(seen, either, NEW_RATE) < SURPRISE


def tally(values: Iterable[str | None]) -> tuple[int, int, int]:
    """Counts of distinct candidates in a column, of those right by the old rule, and of those right by either."""
    candidates = {number for value in values if value for number in numbers_in(value)}
    regimes = [regime(number) for number in candidates]
    return len(regimes), sum(f is Regime.OLD for f in regimes), sum(f is not None for f in regimes)


def _digits(text: str) -> bool:
    # isdigit() alone also takes superscripts and the digits of other scripts.
    return text.isascii() and text.isdigit()


def _sum(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))


def _control(digits: str, weights: tuple[int, ...]) -> int:
    """The control digit; 10, which no digit equals, where the number cannot have one."""
    return -_sum(digits, weights) % _MODULUS


def _century(number: str) -> int:
    """The century of birth by the individual number, from Skatteetaten's ranges."""
    individual, year = int(number[6:9]), int(number[4:6])
    if individual < 500:  # noqa: PLR2004 - the ranges are the rule
        return 1900
    if individual < 750 and year >= 54:  # noqa: PLR2004
        return 1800
    return 1900 if individual >= 900 and year >= 40 else 2000  # noqa: PLR2004


def _born(number: str, century: int) -> bool:
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    if day > _D_NUMBER_DAY:
        day -= _D_NUMBER_DAY
    for added in (0, _H_NUMBER_MONTH, *_SYNTHETIC_MONTHS):
        if 1 <= month - added <= _MONTHS:
            try:
                date(century + year, month - added, day)
            except ValueError:
                continue
            return True
    return False


def _tail(draws: int, hits: int, rate: float) -> float:
    """The probability of at least so many hits by chance.

    Summed term by term from the first, in logarithms so that large columns do not underflow. The terms shrink, since
    this is only called where hits exceed the expected number.
    """
    if hits == 0 or hits <= draws * rate:
        return 1.0
    log_term = (
        math.lgamma(draws + 1)
        - math.lgamma(hits + 1)
        - math.lgamma(draws - hits + 1)
        + hits * math.log(rate)
        + (draws - hits) * math.log1p(-rate)
    )
    term = total = math.exp(log_term)
    for k in range(hits, draws):
        term *= (draws - k) / (k + 1) * rate / (1 - rate)
        total += term
        if term <= total * 1e-12:
            break
    return total
