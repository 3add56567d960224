"""The language contracts are written in: columns, rules, streams, registers and datasets as frozen values.

A contract is the unit of sharing: schema, checks, comments, docs and catalogue entries derive from it, so that no fact
is typed twice. This module holds no contract of its own; those stand in `streams`, `registers` and one module a
subject.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

from catalog.contracts.rules import Rule
from catalog.text import Text, en, nb

_NOTHING = Text()


class Additivity(StrEnum):
    """How a number may be put together: over all axes, over none but the last in time, or not at all."""

    SUM = "sum"
    LAST = "last"
    NONE = "none"


class Audience(StrEnum):
    """Who may read a dataset, by file: OPEN in dif.duckdb, LEDGER in ledger.duckdb, OWN in recipients' files."""

    OPEN = "OPEN"
    LEDGER = "LEDGER"
    OWN = "OWN"
    INTERNAL = "INTERNAL"
    """Never leaves the lake: conformed rows and quarantine."""


FILES = {Audience.OPEN: "dif.duckdb", Audience.LEDGER: "ledger.duckdb"}
"""The database of a release that holds the datasets of an audience, in the order in which a client opens them."""


class Repeats(StrEnum):
    """What the same key with other content means."""

    TOTAL_ORDER = "TOTAL_ORDER"
    """The row that comes last in the stream's total order wins whole (`dispatch`)."""
    LATEST = "LATEST"
    """The row with the latest `ordered_by` wins; equal time with other content is a conflict (`measurement`)."""
    CONFLICT = "CONFLICT"
    """Every version goes to quarantine until a `decision` names the right one (all others)."""


class Outside(StrEnum):
    """What of a stream's rows is judged by more than the row itself says in SQL."""

    MUNICIPALITY_CODES = "MUNICIPALITY_CODES"
    """Municipality codes of any year, which the borders of that year and a register resolve."""
    REGISTER_ROWS = "REGISTER_ROWS"
    """Rows of registers, each held against its own register's contract."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and Arrow type are the interface; the rest is what the reader must know.

    Attributes:
        title: a few words, in both languages.
        about: a sentence where the title is not enough.
        key: part of the row's identity (then never null).
        null: may be missing.
        unit: of a number (øre, timer, forsendelser …).
        additivity: for numbers; text and dates have none.
        counts_persons: the measure counts people; small-cell rules apply.
        free_text: people type here, so the identity scan judges each value; other text is judged by hit rate.
        internal: never leaves the landing.
    """

    name: str
    type: pa.DataType
    title: Text
    about: Text = _NOTHING
    key: bool = False
    null: bool = False
    unit: str | None = None
    additivity: Additivity | None = None
    counts_persons: bool = False
    free_text: bool = False
    internal: bool = False

    def but(self, **changes: object) -> Column:
        """This column with some of its properties changed: `MONTH.but(key=True)`."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def explained(self, nb_about: str, en_about: str) -> Column:
        """This column with a sentence where its title is not enough."""
        return dataclasses.replace(self, about=nb(nb_about) | en(en_about))

    @property
    def description(self) -> Text:
        """What the column is, whole: its title as a sentence, then the sentence beside it."""
        text = nb(f"{self.title.nb}. {self.about.nb}".strip())
        return text | en(f"{self.title.en}. {self.about.en}".strip())

    @property
    def adds_up(self) -> bool:
        """Whether it may be summed over other columns than time."""
        return self.additivity in (Additivity.SUM, Additivity.LAST)

    @property
    def said_of_field(self) -> dict[str, str]:
        """What an Arrow or Parquet field says of the column beside name and type, by key; what is empty is left out."""
        said = {
            "title_nb": self.title.nb,
            "title_en": self.title.en,
            "about_nb": self.about.nb,
            "about_en": self.about.en,
            "unit": self.unit or "",
            "additivity": self.additivity or "",
        }
        return {key: value for key, value in said.items() if value}

    @property
    def comment(self) -> str:
        """What `COMMENT ON COLUMN` says, in Norwegian: description and unit."""
        return f"{self.description.nb} Enhet: {self.unit}." if self.unit else self.description.nb


def schema_of(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow schema that the columns promise."""
    return pa.schema([pa.field(c.name, c.type, nullable=c.null) for c in columns])


def described(columns: Iterable[Column], one_at_a_time: Sequence[str] = ()) -> pa.Schema:
    """The same schema, where each field says what its column is: for who reads it elsewhere.

    Never part of a fingerprint: a comma in a text would make five years anew.

    Args:
        columns: whose.
        one_at_a_time: as the dataset's, told of what adds up.
    """
    chosen = {"one_at_a_time": ", ".join(one_at_a_time)} if one_at_a_time else {}
    return pa.schema(
        [
            pa.field(c.name, c.type, nullable=c.null, metadata=c.said_of_field | (chosen if c.adds_up else {}))
            for c in columns
        ]
    )


@dataclass(frozen=True, slots=True)
class StreamContract:
    """What a producer may send. Grain and key are those of one record."""

    name: str
    title: Text
    about: Text
    columns: tuple[Column, ...]
    owner: str
    month_of: str
    """The column whose Europe/Oslo month a record belongs to."""
    repeats: Repeats = Repeats.CONFLICT
    ordered_by: str | None = None
    conflict_on: str | None = None
    """What two versions must differ in to be a conflict; the whole content when not said."""
    rules: tuple[Rule, ...] = ()
    partitioned: bool = False
    version: int = 1
    pushed: bool = True
    """Whether producers send it; if not, it lands by a command (registers), and the other streams are read by it."""
    measures_use: bool = False
    """Whether the months that it has rows of are months that use is known of."""
    judged_outside: Outside | None = None
    listed_in: str | None = None
    """The dataset that lists a key sent in several months: it counts in the first. None: each month is on its own."""

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key's columns, in order."""
        return tuple(c.name for c in self.columns if c.key)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema a batch must have."""
        return schema_of(self.columns)

    @property
    def described_schema(self) -> pa.Schema:
        """That schema with title, unit and text of each field."""
        return described(self.columns)

    def __getitem__(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: no such column.
        """
        return {c.name: c for c in self.columns}[name]


@dataclass(frozen=True, slots=True)
class RegisterContract:
    """A table that people keep. It lands whole (or by part), as a new version, with who, when and why."""

    name: str
    title: Text
    about: Text
    columns: tuple[Column, ...]
    owner: str
    seed: str | None = None
    """The bundled table of facts that stands in until somebody applies a version."""
    rules: tuple[Rule, ...] = ()
    part: str | None = None
    """A version replaces only the rows with a value of this column that it names; the whole register when not said."""
    together: Callable[[Sequence[Mapping[str, object]]], list[str]] | None = None
    """What is wrong with rows that are each good, a sentence a fault; none is good."""

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key's columns, in order."""
        return tuple(c.name for c in self.columns if c.key)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of the register's rows."""
        return schema_of(self.columns)


@dataclass(frozen=True, slots=True)
class View:
    """A view that a release gives beside a dataset: the rows that meet a condition, without the columns left out.

    Attributes:
        condition: in SQL; every row where it is not given.
        more: columns that it works out beside the dataset's own, each with its SQL over them.
        only: the one value of a column that its rows have. A view that is no more than this is read over the wires too.
    """

    name: str
    title: Text
    condition: str = "true"
    without: tuple[str, ...] = ()
    more: tuple[tuple[Column, str], ...] = ()
    only: tuple[tuple[str, str], ...] = ()

    @property
    def where(self) -> str:
        """What its rows meet, whole, in SQL."""
        chosen = [f"{column} = '{value}'" for column, value in self.only]
        return " and ".join(chosen if chosen and self.condition == "true" else [*chosen, self.condition])

    @property
    def is_read_over_wires(self) -> bool:
        """Whether a reader of Parquet can give it: rows by one value of a column, and nothing that SQL works out."""
        return bool(self.only) and self.condition == "true" and not self.more


@dataclass(frozen=True, slots=True)
class DatasetContract:
    """What a release holds. `about` says the grain: what one row is, and which rows are left out."""

    schema: str
    table: str
    title: Text
    about: Text
    columns: tuple[Column, ...]
    owner: str
    audience: Audience = Audience.OPEN
    freshness_hours: int = 24
    partitioned: bool = False
    """By `month`, which then is a column of the contract."""
    rules: tuple[Rule, ...] = ()
    views: tuple[View, ...] = ()
    sources: tuple[str, ...] = ()
    """Streams, registers and facts the dataset is made of, by name."""
    version: int = 1
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)
    lies_by: tuple[str, ...] = ()
    """Columns by which the rows of a file lie in order; where none, by the key if readers meet it, else in no order."""
    one_at_a_time: tuple[str, ...] = ()
    """Columns of the key that give the same thing again under another value: choose one value before summing."""
    of: DatasetContract | None = None
    """The dataset that this is a view of, where it is one: it has no files of its own."""
    only: tuple[tuple[str, str], ...] = ()
    """The one value of a column that a view's rows have."""

    @property
    def name(self) -> str:
        """`schema.table`, as analysts write it."""
        return f"{self.schema}.{self.table}"

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key's columns, in order."""
        return tuple(c.name for c in self.columns if c.key)

    @property
    def arrow_schema(self) -> pa.Schema:
        """The Arrow schema that the dataset promises."""
        return schema_of(self.columns)

    @property
    def described_schema(self) -> pa.Schema:
        """That schema with title, unit, text and additivity of each field."""
        return described(self.columns, self.one_at_a_time)

    def comment_of(self, column: Column) -> str:
        """What `COMMENT ON COLUMN` says of a column here, in Norwegian: with what to choose before it is summed."""
        chosen = " og ".join(self.one_at_a_time)
        return f"{column.comment} Summer innen én verdi av {chosen}." if chosen and column.adds_up else column.comment

    def seen_through(self, view: View) -> DatasetContract:
        """One of its views, as a dataset to read: for the same audience, without the columns that it leaves out."""
        return dataclasses.replace(
            self,
            table=view.name,
            title=view.title,
            columns=tuple(c for c in self.columns if c.name not in view.without),
            one_at_a_time=tuple(c for c in self.one_at_a_time if c not in dict(view.only)),
            rules=(),
            views=(),
            of=self,
            only=view.only,
        )

    def __getitem__(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: no such column.
        """
        return {c.name: c for c in self.columns}[name]
