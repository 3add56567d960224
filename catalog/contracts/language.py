"""The language contracts are written in: columns, rules, streams, registers and datasets as frozen values.

A contract is the unit of sharing: schema, checks, comments, docs and catalogue entries derive from it, so no fact is
typed twice. The contracts themselves are in `streams`, `registers` and one module per subject.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import pyarrow as pa

from catalog.contracts.rules import Rule, refuse_lists
from catalog.text import Text, en, nb

_NOTHING = Text()
_NAME = re.compile("[a-z][a-z0-9_]*")


class Additivity(StrEnum):
    """How a number aggregates: summed over all axes, by its last value in time, or not at all."""

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
    """How rows with the same key and other content are handled."""

    TOTAL_ORDER = "TOTAL_ORDER"
    """The row that comes last in the stream's total order wins whole (`dispatch`)."""
    LATEST = "LATEST"
    """The row with the latest `ordered_by` wins; equal time with other content is a conflict (`measurement`)."""
    CONFLICT = "CONFLICT"
    """Every version goes to quarantine until a `decision` names the right one (all others)."""


class PythonCheck(StrEnum):
    """A check of a stream's rows in Python, because SQL over the row alone does not suffice."""

    MUNICIPALITY_CODES = "MUNICIPALITY_CODES"
    """Municipality codes of any year, resolved by the borders of that year and a register."""
    REGISTER_ROWS = "REGISTER_ROWS"
    """Rows of registers, each checked against its own register's contract."""


PERTURBED = nb(
    "Tallene er endret tilfeldig med noen få enheter av hensyn til personvernet. Summer kan derfor avvike litt."
) | en("Numbers are changed at random by a few units to protect privacy. Sums may therefore differ slightly.")
"""The one sentence beside every perturbed figure."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name and Arrow type are the interface; the rest describes it.

    Attributes:
        title: a few words, in both languages.
        about: a sentence, where the title is not enough.
        key: part of the row's identity (then never null).
        null: may be missing.
        unit: of a number (øre, timer, forsendelser …).
        additivity: for numbers; text and dates have none.
        perturbed: some of its figures are changed by a few units at random (`catalog/domain/perturbation.py`).
        free_text: people type here, so the identity scan checks each value; other text is checked by hit rate.
        internal: never leaves the landing.
        longest: characters of a text in a batch; a longer one is a slip, and would stand in every list and download.
    """

    name: str
    type: pa.DataType
    title: Text
    about: Text = _NOTHING
    key: bool = False
    null: bool = False
    unit: str | None = None
    additivity: Additivity | None = None
    perturbed: bool = False
    free_text: bool = False
    internal: bool = False
    longest: int = 4_000

    def but(self, **changes: object) -> Column:
        """This column with some of its properties changed: `MONTH.but(key=True)`."""
        return dataclasses.replace(self, **changes)  # type: ignore[arg-type]

    def explained(self, nb_about: str, en_about: str) -> Column:
        """This column with an explanatory sentence."""
        return dataclasses.replace(self, about=nb(nb_about) | en(en_about))

    @property
    def description(self) -> Text:
        """The full description: the title as a sentence, `about`, and a sentence about perturbation."""
        more = PERTURBED if self.perturbed else _NOTHING
        text = nb(f"{self.title.nb}. {self.about.nb} {more.nb}".strip())
        return text | en(f"{self.title.en}. {self.about.en} {more.en}".strip())

    @property
    def adds_up(self) -> bool:
        """Whether the column may be summed over dimensions other than time."""
        return self.additivity in (Additivity.SUM, Additivity.LAST)

    @property
    def field_metadata(self) -> dict[str, str]:
        """Metadata of the Arrow or Parquet field, by key; empty entries are left out."""
        texts = {
            "title_nb": self.title.nb,
            "title_en": self.title.en,
            "about_nb": self.about.nb,
            "about_en": self.about.en,
            "unit": self.unit or "",
            "additivity": self.additivity or "",
            "perturbed": "true" if self.perturbed else "",
        }
        return {key: value for key, value in texts.items() if value}

    @property
    def comment(self) -> str:
        """The text of `COMMENT ON COLUMN`, in Norwegian: description and unit."""
        return f"{self.description.nb} Enhet: {self.unit}." if self.unit else self.description.nb


def schema_of(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow schema of the columns."""
    return pa.schema([pa.field(c.name, c.type, nullable=c.null) for c in columns])


def described(columns: Iterable[Column], non_additive_across: Sequence[str] = ()) -> pa.Schema:
    """The same schema, with each column's description as field metadata, for outside readers.

    Never part of a fingerprint: changing a comma in a text would rebuild five years.

    Args:
        columns: the columns to describe.
        non_additive_across: as the dataset's; added to the columns that add up.
    """
    chosen = {"one_at_a_time": ", ".join(non_additive_across)} if non_additive_across else {}
    return pa.schema(
        [
            pa.field(c.name, c.type, nullable=c.null, metadata=c.field_metadata | (chosen if c.adds_up else {}))
            for c in columns
        ]
    )


def _check(name: str, columns: Sequence[Column], rules: Sequence[Rule], **columns_used: Sequence[str | None]) -> None:
    """Refuse a contract that disagrees with itself. The error lists every fault.

    Args:
        name: of the contract.
        columns: its columns.
        rules: its rules.
        columns_used: the columns that each field of the contract names.

    Raises:
        ValueError: it disagrees with itself.
    """
    names = [column.name for column in columns]
    wrong = [f"column {twice} is there twice" for twice in sorted({n for n in names if names.count(n) > 1})]
    called = [rule.name for rule in rules]
    wrong += [f"rule {twice} is there twice" for twice in sorted({n for n in called if called.count(n) > 1})]
    uses = {**columns_used, **{f"rule {rule.name}": rule.columns for rule in rules}}
    wrong += [
        f"{what} names column {column}, which it has not"
        for what, chosen in uses.items()
        for column in chosen
        if column is not None and column not in names
    ]
    if wrong:
        message = f"The contract of {name} disagrees with itself: {'; '.join(wrong)}."
        raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Deprecation:
    """A promise with an end: the contract holds through a day, and may then change or go.

    Attributes:
        until: the last day it holds.
        successor: the dataset or stream to use instead; None if there is none.
    """

    until: date
    successor: str | None = None


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
    """The column in which two versions must differ to conflict; the whole content when None."""
    rules: tuple[Rule, ...] = ()
    partitioned: bool = False
    version: int = 1
    pushed: bool = True
    """Whether producers send it. If not, it lands by a command (registers), and other streams are read with it."""
    is_personal: bool = False
    """Whether a row may concern a person. Published row counts leave out those of sensitive services."""
    measures_use: bool = False
    """Whether a month with rows counts as a month with known use."""
    bills_use: bool = False
    """Whether rows bill what was used."""
    python_check: PythonCheck | None = None
    """A check that SQL over the row alone cannot make."""
    duplicates_table: str | None = None
    """The dataset that lists keys sent in several months; a key counts in the first month. None: not listed."""
    deprecated: Deprecation | None = None

    def __post_init__(self) -> None:
        """Refuse a stream that disagrees with itself."""
        _check(
            f"stream {self.name}",
            self.columns,
            self.rules,
            month_of=[self.month_of],
            ordered_by=[self.ordered_by],
            conflict_on=[self.conflict_on],
        )
        if not _NAME.fullmatch(self.name):
            message = f"The stream {self.name} needs a name of a-z, 0-9 and _: it names folders, tables and addresses."
            raise ValueError(message)
        if not self.key:
            message = f"The stream {self.name} has no key: mark the columns that identify a record with key=True."
            raise ValueError(message)
        if not (pa.types.is_date(self[self.month_of].type) or pa.types.is_timestamp(self[self.month_of].type)):
            message = f"The stream {self.name} takes its months of {self.month_of}, which is no date and no time."
            raise ValueError(message)
        if self.repeats is Repeats.LATEST and self.ordered_by is None:
            message = f"The stream {self.name} keeps the latest version of a record, but names no ordered_by."
            raise ValueError(message)

    @property
    def key(self) -> tuple[str, ...]:
        """Names of the key's columns, in order."""
        return tuple(c.name for c in self.columns if c.key)

    @property
    def row_counts_are_public(self) -> bool:
        """Whether row counts may be published; at sensitive services they would count persons."""
        return not (self.is_personal or self.measures_use or self.bills_use)

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema a batch must have."""
        return schema_of(self.columns)

    @property
    def described_schema(self) -> pa.Schema:
        """The Arrow schema, with title, unit and text on each field."""
        return described(self.columns)

    def __getitem__(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: no such column.
        """
        return {c.name: c for c in self.columns}[name]


@dataclass(frozen=True, slots=True)
class RegisterContract:
    """A table that people maintain. It lands whole (or by part), as a new version, with who, when and why."""

    name: str
    title: Text
    about: Text
    columns: tuple[Column, ...]
    owner: str
    seed: str | None = None
    """The bundled table of facts used until somebody applies a version."""
    rules: tuple[Rule, ...] = ()
    part: str | None = None
    """The column by whose values a version replaces rows; None: a version replaces the whole register."""
    together: Callable[[Sequence[Mapping[str, object]]], list[str]] | None = None
    """Checks rows that are valid one by one: one sentence per fault, empty when sound."""

    def __post_init__(self) -> None:
        """Refuse a register that disagrees with itself, or has a rule that nothing could check."""
        _check(f"register {self.name}", self.columns, self.rules, part=[self.part])
        refuse_lists(self.name, self.rules)

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
    """A view in a release beside its dataset: the rows that meet a condition, without some columns.

    Attributes:
        condition: in SQL; every row when not given.
        more: derived columns beside the dataset's own, each with its SQL over them.
        only: a column and its single value in the view. A view defined by this alone is also read over the wires.
    """

    name: str
    title: Text
    condition: str = "true"
    without: tuple[str, ...] = ()
    more: tuple[tuple[Column, str], ...] = ()
    only: tuple[tuple[str, str], ...] = ()

    @property
    def where(self) -> str:
        """The full condition of its rows, in SQL."""
        chosen = [f"{column} = '{value}'" for column, value in self.only]
        return " and ".join(chosen if chosen and self.condition == "true" else [*chosen, self.condition])

    @property
    def is_read_over_wires(self) -> bool:
        """Whether a Parquet reader can serve it: it filters on one value of a column, with nothing derived in SQL."""
        return bool(self.only) and self.condition == "true" and not self.more


@dataclass(frozen=True, slots=True)
class DatasetContract:
    """A dataset of a release. `about` gives the grain: what one row is, and which rows are left out."""

    schema: str
    table: str
    title: Text
    about: Text
    columns: tuple[Column, ...]
    owner: str = "team:dif"
    audience: Audience = Audience.OPEN
    freshness_hours: int = 24
    partitioned: bool = False
    """Partitioned by `month`, which is then a column of the contract."""
    rules: tuple[Rule, ...] = ()
    views: tuple[View, ...] = ()
    sources: tuple[str, ...] = ()
    """Streams, registers and facts the dataset is made of, by name."""
    version: int = 1
    extra: Mapping[str, str] = field(default_factory=dict, hash=False)
    sort_by: tuple[str, ...] = ()
    """Sort columns of the rows in a file. Defaults to the key for published tables; otherwise unordered."""
    non_additive_across: tuple[str, ...] = ()
    """Key columns whose values repeat the same quantity: choose one value before summing."""
    of: DatasetContract | None = None
    """For a view: the dataset it views. A view has no files of its own."""
    only: tuple[tuple[str, str], ...] = ()
    """For a view: a column and its single value."""
    deprecated: Deprecation | None = None
    exact_counts: bool = False
    """Exact counts, which need their own right (`sharing.Right`); other readers get bands or perturbed counts."""
    replaces_at_once: str = ""
    """Why the former version is not published beside this one: it would reveal persons, or use an abolished rule."""

    def __post_init__(self) -> None:
        """Refuse a dataset that disagrees with itself, or has a rule that nothing could check."""
        _check(
            f"dataset {self.schema}.{self.table}",
            self.columns,
            self.rules,
            partitioned=["month"] if self.partitioned else [],
            sort_by=self.sort_by,
            non_additive_across=self.non_additive_across,
        )
        refuse_lists(f"{self.schema}.{self.table}", self.rules)

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
        """The Arrow schema of the dataset."""
        return schema_of(self.columns)

    @property
    def described_schema(self) -> pa.Schema:
        """The Arrow schema, with title, unit, text and additivity on each field."""
        return described(self.columns, self.non_additive_across)

    def comment_of(self, column: Column) -> str:
        """The text of `COMMENT ON COLUMN` here, in Norwegian, with what to choose before summing."""
        chosen = " og ".join(self.non_additive_across)
        return f"{column.comment} Summer innen én verdi av {chosen}." if chosen and column.adds_up else column.comment

    def seen_through(self, view: View) -> DatasetContract:
        """One of its views as a readable dataset: same audience, without the columns it leaves out."""
        return dataclasses.replace(
            self,
            table=view.name,
            title=view.title,
            columns=tuple(c for c in self.columns if c.name not in view.without),
            non_additive_across=tuple(c for c in self.non_additive_across if c not in dict(view.only)),
            rules=(),
            views=(),
            of=self,
            only=view.only,
        )

    def without(self, columns: Collection[str]) -> DatasetContract:
        """The dataset, or this view of it, without some columns; it is read as a view."""
        return dataclasses.replace(
            self,
            columns=tuple(c for c in self.columns if c.name not in columns),
            non_additive_across=tuple(name for name in self.non_additive_across if name not in columns),
            rules=(),
            views=(),
            sort_by=(),
            of=self.of or self,
        )

    def earlier(self, version: int, until: date, **changes: object) -> DatasetContract:
        """An earlier version, published beside this one until a day: `usage.dispatch_day_v1`, with its views.

        Args:
            version: of the earlier contract.
            until: the last day it is published.
            changes: the columns, key or rules that differ.
        """
        views = tuple(dataclasses.replace(view, name=f"{view.name}_v{version}") for view in self.views)
        changed = {"table": f"{self.table}_v{version}", "version": version, "views": views}
        return dataclasses.replace(self, **{**changed, "deprecated": Deprecation(until, self.name), **changes})  # type: ignore[arg-type]

    def __getitem__(self, name: str) -> Column:
        """The column of that name.

        Raises:
            KeyError: no such column.
        """
        return {c.name: c for c in self.columns}[name]
