"""Numbers that identify: organisation numbers, which are public, and identity numbers, which must never be kept.

The detector knows the form of a Norwegian national identity number (fødselsnummer, D-number, H-number, synthetic
numbers) and nothing else: it neither looks one up nor keeps one. No function here logs a number it finds, or puts it
in an error; callers get positions and counts.

Rate of false hits on random eleven-digit numbers: 0.23 % look right by the control digits used until 2032, 0.96 % by
the wider rule from 2032. Both rates were measured; `OLD_RATE` and `NEW_RATE` hold them.

Source: Skatteetaten, "Fødselsnummer"; Skatteetaten, "Nytt fødselsnummer fra 2032" (PID); Norsk Helsenett, H-nummer.
"""

from __future__ import annotations

import base64
import bisect
import html
import math
import quopri
import re
import unicodedata
import urllib.parse
from collections.abc import Iterable, Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

ORGANISATION_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
OLD_RATE = 0.0023
"""Share of random eleven-digit numbers that look like an identity number by the control digits until 2032."""
NEW_RATE = 0.0096
"""The same by either rule."""
OLD_RATE_OF_DATES, NEW_RATE_OF_DATES = 0.0083, 0.0331
"""The same of numbers that all begin with a date: the control digits alone are chance."""
SURPRISE = 1e-5
"""A column is judged to hold identity numbers when the probability of as many hits by chance is below this."""
_STRIKING = 0.05
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
_APART, _DATE_APART, _BROKEN = "[ b:+]{1,10}", "[ b+]{1,4}", "b{0,3}"
"""Between date and personal number; between other parts; and between digits of an unbroken number. Fewer than the stars
of a mask, so that what stands on both sides of one is never read as a number."""


def _written(apart: str, date_apart: str, broken: str) -> str:
    """The ways in which a number is written, given what may stand between its digits.

    Unbroken, also over line breaks or with invisible characters; split after the sixth digit; after the sixth and the
    ninth; with the date in parts, as 15.06.85 12345; each digit by itself; with the century in the date.
    """
    day = date_apart.join(["[0-9]{2}"] * 3)
    dated = f"(?:[0-9]{{4}}|[0-9]{{2}}{date_apart}[0-9]{{2}}{date_apart})(?:18|19|20)[0-9]{{2}}"
    return "|".join(
        (
            f"[0-9](?:{broken}[0-9]){{10}}",
            f"[0-9]{{6}}{apart}[0-9]{{5}}",
            f"[0-9]{{6}}{apart}[0-9]{{3}}{apart}[0-9]{{2}}",
            f"{day}{date_apart}[0-9]{{5}}",
            f"{day}{date_apart}[0-9]{{3}}{date_apart}[0-9]{{2}}",
            f"[0-9](?:{date_apart}[0-9]){{10}}",
            f"{dated}(?:{apart})?[0-9]{{5}}",
        )
    )


_GROUPED = f"(?=[0-9]+(?P<between>{_DATE_APART}))[0-9](?:(?P=between)?[0-9]){{10}}"
"""Eleven digits in groups of any size with the same between them; `_candidates` judges the sizes."""
_CANDIDATE = re.compile(
    rf"(?<![0-9])(?=[0-9])(?=(?:0{{0,32}}?|(?:(?<=\+)|00)47)"
    f"(?P<number>{_written(_APART, _DATE_APART, _BROKEN)}|{_GROUPED})(?![0-9]))"
)
_INNOCENT_GROUPS = ((4, 2, 5), (2, 2, 4, 3), (4, 2, 2, 3))
"""A bank account, and a date with a counter of three digits."""
_FEWEST_GROUPS = 3
_LOST_ZERO = re.compile(r"\s*([1-9]([., '\u00a0\u202f]?)[0-9]{3}(?:\2[0-9]{3}){2})(?:[.,]0+)?\s*")
"""The text of a number of ten digits, as a spreadsheet or JSON has an identity number that began with 0."""
_NO_DIGIT = re.compile("[^0-9]+")
_ESCAPED = re.compile(
    r"%[0-7][0-9A-Fa-f]|(?:%[89A-Fa-f][0-9A-Fa-f])+"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});?"
    r"|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[abfnrtv]"
    r"|<[^<>]{0,200}>|\s{1,4}og\s{1,4}"
)
"""Escapes of addresses, HTML and programs; tags; and the word between two halves."""
_QUOTED = re.compile(r"=[0-7][0-9A-F]|(?:=[89A-F][0-9A-F])+|=\r?\n")
"""Escapes of mail (quoted-printable). Apart from the others, since `=01` is also the beginning of a value."""
_ROUNDS = 3
"""So many times over is an escape itself escaped, at most, as `%2530`."""
_BASE64_DIGITS = "[MNO][DTjz][AEIMQUYcgk][w-z0-5]"
"""Three digits in base64: a number has them, wherever in the text it begins."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{15,}")
_HAS_BASE64 = re.compile(_BASE64_DIGITS)
_HEX = re.compile("(?:3[0-9]|2[0dDeEfF]|0[aAdD]){11,}")
"""The bytes of digits and of the separators between them, in hexadecimal."""
_SEPARATORS, _LINE_BREAKS, _FAR_SEPARATORS = "[^0-9A-Za-z]{0,4}", r"[\n\r\x0b\x0c]{0,3}", "[^0-9A-Za-z]{1,10}"
SIEVE = (
    r"(?:^|[^0-9])(?:0{0,32}|(?:00)?47)"
    f"(?:[0-9](?:{_SEPARATORS}[0-9]){{10}}|[0-9]{{6}}{_FAR_SEPARATORS}[0-9]{{3}}(?:{_FAR_SEPARATORS})?[0-9]{{2}}"
    f"|[0-9]{{2}}{_SEPARATORS}[0-9]{{2}}{_SEPARATORS}(?:18|19|20)[0-9]{{2}}(?:{_FAR_SEPARATORS})?[0-9]{{5}})(?:[^0-9]|$)"
)
"""A cheap RE2 filter for Arrow's `match_substring_regex`: a text it does not match holds no number in ASCII digits.

It matches more than the detector finds; what matches goes to `find_in_text`.
"""
ENCODED_SIEVE = (
    rf"{_BASE64_DIGITS}|(?:3[0-9]){{5}}|^\s*[1-9][., ']?[0-9]{{3}}[., ']?[0-9]{{3}}[., ']?[0-9]{{3}}(?:[.,]0+)?\s*$"
)
"""The same for texts with a number in base64 or hexadecimal, or one that lost its zero."""
ESCAPED_SIEVE = (
    r"[0-9][^0-9A-Za-z]{0,10}(?:%[0-9A-Fa-f]|=[0-9A-F\r\n]|&[#A-Za-z]|\\[a-z]|<[/!A-Za-z]|\bog\b)"
    r"|%(?:25)*3[0-9]|=3[0-9]|&(?:amp;)*#|\\(?:u00|x)3[0-9]"
)
"""The same for texts with at least eleven digits of which some are escaped, or have an escape after them."""
ANY_DIGIT = r"[\p{Nd}\p{No}]"
"""A text with fewer than eleven of these holds no number, unless it is encoded."""


class _Signs(dict[int, str]):
    """Maps a character to its role: its digit; b, a break or invisible; x, a letter; a colon, a plus, or a space."""

    def __missing__(self, code: int) -> str:
        sign, kind = chr(code), unicodedata.category(chr(code))
        digit = unicodedata.digit(sign, None)
        text = " " if kind[0] not in "LN" else "x"
        text = "b" if sign in _BREAKS or kind in {"Cf", "Mn", "Mc", "Me"} else ":" if sign in ":\uff1a" else text
        text = "+" if sign in "+\uff0b" else text
        self[code] = simplified = text if digit is None else str(digit)
        return simplified


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
    if not _has_second_control(number) or first % _MODULUS not in _NEW_REMAINDERS:
        return None
    if first % _MODULUS == 0 and _born(number, _century(number)):
        return Regime.OLD
    return Regime.FROM_2032 if any(_born(number, century) for century in (1900, 2000)) else None


def _has_second_control(number: str) -> bool:
    return (_sum(number[:10], SECOND_WEIGHTS) + int(number[10])) % _MODULUS == 0


class _Candidate(NamedTuple):
    """Eleven digits that may be a number, and where a text has them.

    Attributes:
        dated: its form makes it likelier than among random digits that the first six are a date.
    """

    start: int
    end: int
    number: str
    dated: bool = False


class Tally(NamedTuple):
    """Counts of the distinct candidates in a column.

    Attributes:
        candidates: all of them.
        old, either: those right by the old rule, and by either.
        expected_old, expected_either: how many of them are right by chance.
    """

    candidates: int
    old: int
    either: int
    expected_old: float
    expected_either: float

    @property
    def is_no_chance(self) -> bool:
        """Whether more candidates are right, by the old rule or by either, than chance explains."""
        return self.chance < SURPRISE

    @property
    def chance(self) -> float:
        """The probability of as many right ones, by the old rule or by either, if all are there by chance."""
        by_rule = (self.old, self.expected_old), (self.either, self.expected_either)
        return min(
            (_tail(self.candidates, hits, expected / self.candidates) for hits, expected in by_rule if hits),
            default=1.0,
        )


def find_in_text(text: str) -> list[tuple[int, int]]:
    """Find identity numbers in free text: start and end of each, in order.

    A number is eleven digits that are not part of a longer run, however they are written: see docs/send-data.md.
    In free text one hit by the old rule is enough: this also masks 0.23 % of innocent eleven-digit numbers,
    which costs less than keeping one person's number. The wider rule from 2032 is not used here, since it would mask
    four times as many; numbers valid only by that rule do not exist before 2032.
    """
    return _right(_candidates(text), either=False)


def mask(text: str, *, either: bool = False, cell: bool = False) -> str:
    """Replace each identity number in a text with eleven stars. The rest is unchanged; masking is idempotent.

    Args:
        text: any text.
        either: also mask what looks right by the rule from 2032: for a column judged to hold such numbers.
        cell: the text is a whole value, so ten digits alone may be a number that lost its zero.
    """
    while spans := _right(_candidates(text, cell=cell), either=either):  # again: what is masked may have hidden another
        text = _starred(text, spans)
    return text


def mask_number(text: str, number: str) -> str:
    """Replace one number, valid or not, with eleven stars wherever a value holds it, in any way of writing it."""
    while spans := _merged((c.start, c.end) for c in _candidates(text, cell=True) if c.number == number):
        text = _starred(text, spans)
    return text


def judge_identifiers(values: Iterable[str | None]) -> bool:
    """Say whether a column of identifiers holds identity numbers.

    Other identifiers may also have eleven digits (an account, a case). By chance, 0.23 % of them look like identity
    numbers by the old rule, and 0.96 % by either rule. One hit proves nothing; too many do. The hits by each rule are
    counted among the distinct values of eleven digits. The column is judged to hold identity numbers when chance alone
    gives at least so many hits less often than once in a hundred thousand (`SURPRISE`, a binomial tail): 1 of 1 is no
    proof (0.23 %), 2 of 2 by the old rule are, 20 of 1 000 are, 5 of 1 000 are not. Repeats count once: one account
    repeated a thousand times is one draw. Of values of ten digits, and of dates with a century, every one may begin
    with a date, so more of them are right by chance: 3 of 3 prove it.

    A value with text around the digits is free text: use `find_in_text`.
    """
    return tally(values).is_no_chance


def is_striking(values: Iterable[str | None]) -> bool:
    """Whether a column has more numbers than one innocent column in twenty: by itself too little to judge it."""
    return tally(values).chance < _STRIKING


def tally(values: Iterable[str | None]) -> Tally:
    """Count the distinct candidates of a column.

    Bank accounts and some payment references (KID) have the second control digit by nature. Where more of those that
    are no identity numbers have it than chance explains, that control tells nothing, and eleven times as many are right
    by chance.
    """
    candidates = {c.number: c.dated for value in values if value for c in _candidates(value, cell=True)}
    rules = {number: regime(number) for number in candidates}
    distinct, dated = len(rules), sum(candidates.values())
    others = [number for number, rule in rules.items() if rule is None]
    controlled = sum(_has_second_control(number) for number in others)
    by_nature = _tail(len(others), controlled, 1 / _MODULUS) < SURPRISE
    factor = _MODULUS * (distinct - len(others) + controlled) / distinct if by_nature else 1.0
    return Tally(
        distinct,
        sum(rule is Regime.OLD for rule in rules.values()),
        sum(rule is not None for rule in rules.values()),
        factor * ((distinct - dated) * OLD_RATE + dated * OLD_RATE_OF_DATES),
        factor * ((distinct - dated) * NEW_RATE + dated * NEW_RATE_OF_DATES),
    )


def _candidates(text: str, *, cell: bool = False) -> Iterator[_Candidate]:
    """The possible numbers in a text: as it stands, with its escapes decoded, and in its base64 and hexadecimal.

    A candidate may come several times, and candidates may overlap.
    """
    if cell and (lost := _LOST_ZERO.fullmatch(text)):
        yield _Candidate(*lost.span(), "0" + _NO_DIGIT.sub("", lost[1]), dated=True)
    yield from _in_view(text)
    quoted = _decoded(text, _QUOTED)
    for view in {_decoded(text, _ESCAPED), quoted, _decoded(quoted, _ESCAPED)}:
        if isinstance(view, _View):
            for candidate in _in_view(view.text):
                start, end = view.span(candidate.start, candidate.end)
                yield candidate._replace(start=start, end=end)


def _in_view(text: str) -> Iterator[_Candidate]:
    yield from _plain(text)
    if _HAS_BASE64.search(text):
        for token in _BASE64.finditer(text):
            yield from _in_base64(token[0], token.start())
    for run in _HEX.finditer(text):
        for candidate in _plain(bytes.fromhex(run[0]).decode("ascii")):
            yield candidate._replace(start=run.start() + 2 * candidate.start, end=run.start() + 2 * candidate.end)


def _plain(text: str) -> Iterator[_Candidate]:
    """The possible numbers in a text as it stands."""
    for hit in _CANDIDATE.finditer(text.translate(_SIGNS)):
        groups = _NO_DIGIT.split(hit["number"])
        if hit["between"]:
            sizes = tuple(map(len, groups))
            begin, between = hit.start("number"), _NO_DIGIT.finditer(hit["number"])
            signs = {text[begin + sign.start() : begin + sign.end()] for sign in between}
            if len(sizes) < _FEWEST_GROUPS or sizes in _INNOCENT_GROUPS or len(signs) > 1:
                continue
        digits = "".join(groups)
        dated = len(digits) > DIGITS
        yield _Candidate(*hit.span("number"), digits[:4] + digits[6:] if dated else digits, dated)


def _in_base64(token: str, at: int) -> Iterator[_Candidate]:
    """The possible numbers in a word of base64, beginning anywhere in the word."""
    signs = token.replace("-", "+").replace("_", "/")
    for first in range(4):
        rest = signs[first:-1] if (len(signs) - first) % 4 == 1 else signs[first:]
        plain = base64.b64decode(rest + "=" * (-len(rest) % 4)).decode("ascii", "replace")
        for candidate in _plain(plain):
            begin, end = at + first + candidate.start // 3 * 4, at + first + -(-candidate.end // 3) * 4
            yield candidate._replace(start=begin, end=min(end, at + len(token)))


class _View:
    """A text with escapes decoded, and where in the text as it was each of its characters stands."""

    def __init__(self, before: _View | str, escapes: re.Pattern[str]) -> None:
        """Decode the escapes of a text or of another view."""
        self._before = None if isinstance(before, str) else before
        text: str = before if isinstance(before, str) else before.text
        parts: list[str] = []
        self._places, self._spans, length, done = [0], [(0, 0)], 0, 0
        for hit in escapes.finditer(text):
            plain = _unescaped(hit[0])
            parts += (text[done : hit.start()], plain)
            self._places += (length, length + hit.start() - done)
            self._spans += ((done, done), hit.span())
            length, done = self._places[-1] + len(plain), hit.end()
        self._places.append(length)
        self._spans.append((done, done))
        self.text: str = "".join((*parts, text[done:]))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span, in the original text, of a part that is not empty."""
        begin, last = self._of(start)[0], self._of(end - 1)[1]
        return self._before.span(begin, last) if self._before else (begin, last)

    def _of(self, place: int) -> tuple[int, int]:
        piece = bisect.bisect_right(self._places, place) - 1
        start, end = self._spans[piece]
        after = start + place - self._places[piece]
        return (start, end) if start < end else (after, after + 1)


def _decoded(view: _View | str, escapes: re.Pattern[str]) -> _View | str:
    """The text with escapes decoded, also those that are escaped themselves; itself where it has none."""
    for _ in range(_ROUNDS):
        if not escapes.search(view if isinstance(view, str) else view.text):
            break
        view = _View(view, escapes)
    return view


def _unescaped(escape: str) -> str:
    match escape[0]:
        case "%":
            return urllib.parse.unquote(escape, errors="replace")
        case "&":
            return html.unescape(escape)
        case "=":
            return quopri.decodestring(escape).decode("utf-8", "replace")
        case "\\":
            return escape.encode().decode("unicode_escape")
        case "<":
            return ""
        case _:
            return " "


def _right(candidates: Iterable[_Candidate], *, either: bool) -> list[tuple[int, int]]:
    """The places of candidates that are right by the old rule, or by either."""
    rules = {Regime.OLD, Regime.FROM_2032} if either else {Regime.OLD}
    return _merged((c.start, c.end) for c in candidates if regime(c.number) in rules)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order; those that overlap as one."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _starred(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts: list[str] = []
    done = 0
    for start, end in spans:
        parts += (text[done:start], "*" * DIGITS)
        done = end
    return "".join((*parts, text[done:]))


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
