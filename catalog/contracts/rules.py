"""Rules over rows, as values: each has an SQL condition for a good row, and words for a broken one.

A rule on a stream sends broken rows to quarantine; on a dataset it is a check of the gate. The condition is plain SQL
over the row's own columns. A null condition counts as met, so optional columns need no guard.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from catalog import facts
from catalog.domain import calendar
from catalog.text import Text, en, nb


def quoted(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class InSet:
    """The column is one of these values."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The number is between two others, both included; None: no bound."""

    low: int | None = None
    high: int | None = None


@dataclass(frozen=True, slots=True)
class InOrder:
    """The first column is not above the second."""


Form = InSet | Between | InOrder
"""A rule in the common terms of data-quality tools; most rules have none."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: a stable name, a condition for a good row, and a message for the sender of a bad one.

    Attributes:
        name: stable, lower case; quarantine and check results carry it.
        condition: SQL that is true (or null) for a good row.
        columns: the columns it concerns.
        says: what a row must be, as a promise and as the mend for a broken row.
        lists: the register, and its column, that rows are checked against. The condition is true until a run has
            read the register (`with_register_values`): who tries a batch does not learn what the register holds.
        form: the same condition in common terms, if any; a test holds both to the same answer.
    """

    name: str
    condition: str
    columns: tuple[str, ...]
    says: Text
    lists: tuple[str, str] | None = None
    form: Form | None = None

    def with_register_values(self, rows: Sequence[Mapping[str, object]]) -> Rule:
        """The rule with its register's values. An empty register refuses nothing."""
        if self.lists is None:
            return self
        listed = sorted({str(row[self.lists[1]]) for row in rows if row[self.lists[1]] is not None})
        (column,) = self.columns
        condition = f"{column} in ({', '.join(map(quoted, listed))})" if listed else "true"
        return replace(self, condition=condition)


def one_of(column: str, values: Sequence[str]) -> Rule:
    """The column is one of the values."""
    listed = ", ".join(quoted(v) for v in values)
    examples = ", ".join(values[:15]) + (" …" if len(values) > 15 else "")  # noqa: PLR2004 - what fits a line
    return Rule(
        f"{column}_known",
        f"{column} in ({listed})",
        (column,),
        nb(f"{column} må være en av: {examples}.") | en(f"{column} must be one of: {examples}."),
        form=InSet(tuple(values)),
    )


@cache
def codes_of_now() -> tuple[str, ...]:
    """The codes of the municipalities in the current division, which is that of 2024."""
    return tuple(row["code"] for row in facts.read("municipality") if not row["valid_to"])


def of_now(column: str, *, only: str = "") -> Rule:
    """The municipality code is of the current division: an ended one counts the municipality twice, or not at all.

    Args:
        column: holds the code.
        only: SQL for the rows that are in the current division, where others are not.
    """
    codes = ", ".join(map(quoted, codes_of_now()))
    return Rule(
        f"{column}_of_now",
        f"{column} in ({codes})" + (f" or not {only}" if only else ""),
        (column,),
        nb(f"{column} må være et kommunenummer i dagens inndeling.")
        | en(f"{column} must be the code of a current municipality."),
        form=None if only else InSet(codes_of_now()),
    )


def refuse_lists(contract: str, rules: Sequence[Rule]) -> None:
    """Refuse rules that compare rows with a register where nothing reads the register: they would hold for every row.

    Raises:
        ValueError: a rule of the contract is such a rule.
    """
    if names := [rule.name for rule in rules if rule.lists]:
        message = f"{contract}: {', '.join(names)} compares rows with a register, which only a stream's rules can"
        raise ValueError(message)


def listed(column: str, register: str, of: str) -> Rule:
    """The column's value is listed in a register. For streams only, since the gate reads no register.

    Args:
        column: a text column of the stream.
        register: name of the register.
        of: the register's column.
    """
    return Rule(
        f"{column}_listed",
        "true",
        (column,),
        nb(f"{column} må stå i registeret {register} ({of}).") | en(f"{column} must be in register {register} ({of})."),
        lists=(register, of),
    )


def belongs(column: str, whole: str, whole_of: Mapping[str, str], wholes: Sequence[str]) -> Rule:
    """The part named in one column belongs to the whole named in the other. Unknown names are left to other rules.

    Args:
        column: the column that names the part.
        whole: the column that names the whole.
        whole_of: the only whole of each part.
        wholes: every valid name in `whole`.
    """
    parts, whole_names = (", ".join(map(quoted, names)) for names in (whole_of, wholes))
    pairs = ", ".join(quoted(f"{part} {of}") for part, of in whole_of.items())
    return Rule(
        f"{column}_of_{whole}",
        f"{column} || ' ' || {whole} in ({pairs}) or {column} not in ({parts}) or {whole} not in ({whole_names})",
        (column, whole),
        nb(f"{column} må høre til det som står i {whole}.") | en(f"{column} must belong to the value of {whole}."),
    )


def matches(column: str, pattern: str) -> Rule:
    """The column's full value matches the regular expression (RE2)."""
    return Rule(
        f"{column}_form",
        f"regexp_full_match({column}, {quoted(pattern)})",
        (column,),
        nb(f"{column} må ha formen {pattern}.") | en(f"{column} must have the form {pattern}."),
    )


def modulus_11(column: str) -> Rule:
    """The column is an organisation number: nine digits, the last a modulus 11 control digit.

    Source: Brønnøysundregistrene, weights 3 2 7 6 5 4 3 2.
    """
    weights = (3, 2, 7, 6, 5, 4, 3, 2)
    digits = " + ".join(f"{w} * (ascii(substr({column}, {i}, 1)) - 48)" for i, w in enumerate(weights, 1))
    control = f"(11 - ({digits}) % 11) % 11 = ascii(substr({column}, 9, 1)) - 48"
    return Rule(
        f"{column}_modulus_11",
        f"regexp_full_match({column}, '[0-9]{{9}}') and {control}",
        (column,),
        nb(f"{column} må være et organisasjonsnummer (ni siffer, modulus 11).")
        | en(f"{column} must be an organisation number (nine digits, modulus 11)."),
    )


def not_after(column: str, other: str) -> Rule:
    """The moment in `column` is not after that in `other`."""
    return Rule(
        f"{column}_not_after_{other}",
        f"{column} <= {other}",
        (column, other),
        nb(f"{column} kan ikke være etter {other}.") | en(f"{column} must not be after {other}."),
        form=InOrder(),
    )


def _begins(day: date, *, moment: bool) -> str:
    """A day as an SQL literal. For a moment: the start of the day in Oslo, as for every month here."""
    return quoted(calendar.start_of(day).isoformat(sep=" ") if moment else day.isoformat())


def not_before(column: str, day: date, *, moment: bool = False) -> Rule:
    """The column, a date or a moment, is on the day or after it."""
    return Rule(
        f"{column}_not_before_{day.year}",
        f"{column} >= {_begins(day, moment=moment)}",
        (column,),
        nb(f"{column} kan ikke være før {day}.") | en(f"{column} must not be before {day}."),
    )


def at_least(column: str, low: int) -> Rule:
    """The number is at least `low`."""
    return Rule(
        f"{column}_at_least_{low}".replace("-", "minus_"),
        f"{column} >= {low}",
        (column,),
        nb(f"{column} må være minst {low}.") | en(f"{column} must be at least {low}."),
        form=Between(low),
    )


def between(column: str, low: int, high: int) -> Rule:
    """The number is between the two, both included."""
    return Rule(
        f"{column}_between_{low}_{high}".replace("-", "minus_"),
        f"{column} between {low} and {high}",
        (column,),
        nb(f"{column} må være mellom {low} og {high}.") | en(f"{column} must be between {low} and {high}."),
        form=Between(low, high),
    )


def before(column: str, day: date, *, moment: bool = False) -> Rule:
    """The column, a date or a moment, is before the day."""
    return Rule(
        f"{column}_before_{day.year}",
        f"{column} < {_begins(day, moment=moment)}",
        (column,),
        nb(f"{column} må være før {day}.") | en(f"{column} must be before {day}."),
    )


def within(column: str, limit: int) -> Rule:
    """The number's absolute value is at most `limit`: larger ones are slips, and their sums would overflow."""
    return Rule(
        f"{column}_within_{limit:.0e}".replace("+", ""),
        f"{column} between -{limit} and {limit}",
        (column,),
        nb(f"Tallverdien av {column} må være høyst {limit:,}.".replace(",", " "))
        | en(f"The absolute value of {column} must be at most {limit:,}."),
        form=Between(-limit, limit),
    )


def any_of(*columns: str) -> Rule:
    """At least one of the columns has a value."""
    return Rule(
        "_or_".join(columns),
        f"coalesce({', '.join(f'{c}::varchar' for c in columns)}) is not null",
        columns,
        nb(f"En av {' og '.join(columns)} må ha verdi.") | en(f"One of {' and '.join(columns)} must have a value."),
    )


def first_of_month(column: str) -> Rule:
    """The date is the first of a month, as every month and period here is."""
    return Rule(
        f"{column}_is_month",
        f"day({column}) = 1",
        (column,),
        nb(f"{column} må være den første i en måned.") | en(f"{column} must be the first of a month."),
    )
