"""What the page says about the data themselves. Pure: query answers in, sentences and figures out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from catalog.domain.perturbation import METHOD
from catalog.tables.datasets import DATASETS
from catalog.tables.quarantine import register_for, says_of
from catalog.tables.registers import REGISTERS
from catalog.tables.streams import STREAMS
from dashboards.release.query import Row
from dashboards.shared.narrative import Figure, synthetic_note, synthetic_sentence
from dashboards.words import formatting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.contracts.language import DatasetContract
    from dashboards.page.file_delivery import Download
    from dashboards.words import Words

Checks = tuple[int, int]
"""How many checks passed and failed, upstream inputs included."""
FATES: Final = ("conformed", "superseded", "quarantined", "held", "withdrawn")
"""The possible fates of a landed row; together they cover every row."""


class Held(Row):
    """A dataset of the release, with texts in the page's language. `rows` is None for datasets about the release."""

    @property
    def contract(self) -> DatasetContract | None:
        """The dataset's contract; None if this version no longer has the dataset."""
        return DATASETS.get(self.dataset)


def answer(datasets: Sequence[Held], checks: Checks, expected: Mapping[str, Any], words: Words) -> str:
    """The state of the data in a sentence or two."""
    passed, failed = checks
    rows = sum(entry.rows or 0 for entry in datasets)
    key = "data.answer" if not failed else "data.answer.failed"
    opening = words(key, datasets=len(datasets), rows=rows, checks=passed + failed, failed=failed)
    if not expected:
        return opening
    lacking = expected["lacking"]
    key = "data.answer.lacking" if lacking else "data.answer.delivered"
    text = words(key, lacking=lacking, all=expected["organisations"])
    return f"{opening} {text}{synthetic_sentence(words, synthetic=bool(lacking) and expected['synthetic'])}"


def figures(
    checks: Checks,
    expected: Mapping[str, Any],
    accounting: Sequence[Mapping[str, Any]],
    differs: Mapping[str, Any],
    parent: str | None,
    words: Words,
) -> list[Figure]:
    """Checks, deliveries, rows set aside, and what changed since the release before, where there is one."""
    language = words.language
    passed, failed = checks
    numbers = [
        Figure(
            words("data.figure.checks"),
            words("data.figure.of", n=passed, all=passed + failed),
            words("data.figure.checks.words"),
            metric="checks",
        )
    ]
    if expected:
        numbers.append(
            Figure(
                words("data.figure.lacking"),
                formatting.number(expected["lacking"], language),
                words("data.figure.lacking.words", all=expected["organisations"]),
                synthetic=expected["synthetic"],
                metric="missing_reporters",
            )
        )
    landed, aside = (sum(row[name] for row in accounting) for name in ("landed", "quarantined"))
    share = formatting.hundredths(Decimal(aside) / landed, language) if landed else formatting.MISSING
    numbers.append(
        Figure(
            words("data.figure.aside"),
            formatting.number(aside, language),
            words("data.figure.aside.words", share=share, all=landed),
            metric="rows_set_aside",
        )
    )
    if parent:
        text = words("data.figure.changed.words", municipalities=differs["municipalities"], parent=parent)
        value = formatting.number(differs["figures"], language)
        numbers.append(
            Figure(
                words("data.figure.changed"),
                value,
                text,
                synthetic=differs["synthetic"],
                metric="changed_since_last_release",
            )
        )
    return numbers


TEAMS: Final = ("dif", "okonomi", "nettverk", "produkt")
"""Teams that have a name in the text catalogue."""


def stream(name: str, words: Words) -> str:
    """A stream's title for readers."""
    return STREAMS[name].title[words.language] if name in STREAMS else name


def owner(name: str, words: Words) -> str:
    """Who owns a dataset."""
    team = name.removeprefix("team:")
    return words("data.owner", name=words(f"data.team.{team}") if team in TEAMS else team)


def fresh(hours: int, words: Words) -> str:
    """How often a dataset is to be refreshed."""
    days, rest = divmod(hours, 24)
    if rest or days == 1:
        return words("data.fresh.hours", n=hours)
    return words("data.fresh.days", n=days)


def checked(entry: Held, words: Words) -> str:
    """How a dataset's checks went, in a few words."""
    if not entry.checks:
        return words("data.checked.none")
    return words(
        "data.checked.failed" if entry.failed else "data.checked.passed", failed=entry.failed, all=entry.checks
    )


def facts(entry: Held, at: str, words: Words) -> list[tuple[str, str]]:
    """The facts about a dataset, each with its name."""
    contract = entry.contract
    keys = ", ".join(contract.key) if contract else formatting.MISSING
    rows = words("data.rows.describes") if entry.rows is None else formatting.number(entry.rows, words.language)
    changed = [column.name for column in contract.columns if column.perturbed] if contract else []
    perturbed = words("data.perturbed", columns=formatting.listing(changed, words.language), method=METHOD)
    return [
        (words("data.fact.name"), entry.dataset),
        (words("data.fact.owner"), owner(entry.owner, words)),
        (words("data.fact.audience"), words(f"data.audience.{entry.audience}")),
        (words("data.fact.fresh"), words("data.fresh.updated", promise=fresh(entry.freshness_hours, words), at=at)),
        (words("data.fact.rows"), rows),
        (words("data.fact.checks"), checked(entry, words)),
        (words("data.fact.version"), formatting.number(entry.contract_version, words.language)),
        (words("data.fact.key"), keys),
        (words("data.fact.synthetic"), words("data.synthetic.yes" if entry.synthetic else "data.synthetic.no")),
        *([(words.column("perturbed"), perturbed)] if changed else []),
    ]


def neighbour(kind: str, name: str, words: Words) -> str:
    """The name of a source that is not a dataset: a stream or a register."""
    if kind == "STREAM":
        return words("data.lineage.stream", title=stream(name, words), name=name)
    title = REGISTERS[name].title[words.language] if name in REGISTERS else name
    return words("data.lineage.register", title=title, name=name)


def accounting(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """Whether the rows accounted for sum to the rows that landed."""
    landed = sum(row["landed"] for row in rows)
    accounted = sum(row[name] for row in rows for name in FATES)
    if landed == accounted:
        return words("data.accounting.sums", landed=landed)
    return words("data.accounting.left_out", landed=landed, told=accounted, rest=landed - accounted)


def offered(download: Download, words: Words) -> str:
    """The download's label, with its size."""
    size = formatting.size(download.size, words.language)
    return words("data.file.one" if download.parts == 1 else "data.file.many", size=size, parts=download.parts)


_DUCKDB: Final = """\
select *
from read_parquet('{file}'{hive})
limit 100;"""
_POLARS: Final = """\
import polars as pl

table = pl.scan_parquet("{file}"{hive})
print(table.head(100).collect())"""
_EXCEL: Final = """\
let
    Source = Csv.Document(File.Contents("{folder}\\{stem}.csv"), [Delimiter = ";", Encoding = 65001]),
    Rows = Table.PromoteHeaders(Source)
in
    Rows"""
_POWER_BI: Final = """\
let
    Rows = Parquet.Document(File.Contents("{folder}\\{stem}.parquet"))
in
    Rows"""
_POWER_BI_MANY: Final = """\
let
    Files = Folder.Files("{folder}\\{dataset}"),
    Rows = Table.Combine(List.Transform(Files[Content], each Parquet.Document(_)))
in
    Rows"""
_POWER_BI_FOLDERS: Final = """\
let
    Files = Folder.Files("{folder}\\{dataset}"),
    Months = Table.AddColumn(Files, "month", each Text.BetweenDelimiters([Folder Path], "month=", "\\")),
    Opened = Table.AddColumn(Months, "rows", each Parquet.Document([Content])),
    Kept = Table.SelectColumns(Opened, {{"month", "rows"}}),
    Rows = Table.ExpandTableColumn(Kept, "rows", Table.ColumnNames(Kept{{0}}[rows]))
in
    Rows"""


def code(dataset: str, release: str, download: Download | None, words: Words, *, small: bool) -> list[tuple[str, str]]:
    """How to open a dataset's file in each tool: its name and lines to paste. Excel is offered for small ones only."""
    many = download is not None and download.parts > 1
    stem = f"{dataset}_{release}"
    given = {"dataset": dataset, "stem": stem, "folder": words("data.code.folder")}
    file = f"{dataset}/**/*.parquet" if many else f"{stem}.parquet"
    duckdb, polars, power_bi = "", "", _POWER_BI_MANY if many else _POWER_BI
    if download is not None and many and download.months_in_folders:
        duckdb, polars, power_bi = ", hive_partitioning = true", ", hive_partitioning=True", _POWER_BI_FOLDERS
    return [
        ("DuckDB", _DUCKDB.format(file=file, hive=duckdb)),
        ("Polars", _POLARS.format(file=file, hive=polars)),
        *([("Excel", _EXCEL.format(**given))] if small else []),
        ("Power BI", power_bi.format(**given)),
    ]


def lacking(rows: Sequence[Mapping[str, Any]], missing: int, organisation: str, words: Words) -> str:
    """Who has not delivered, as a claim. `organisation` is the chosen one; empty means all."""
    synthetic = any(row["synthetic"] for row in rows)
    if organisation:
        row = next(iter(rows), None)
        if row is None:
            return words("data.lacking.title.nothing")
        key = "data.lacking.title.one" if row["days_missing"] else "data.lacking.title.one.none"
        text = words(key, name=row["organisation"], missing=row["days_missing"], due=row["days_due"])
    elif not missing:
        return words("data.lacking.title.none")
    else:
        text = words("data.lacking.title" if missing > 1 else "data.lacking.title.single", n=missing)
    return text + synthetic_note(words, synthetic=synthetic)


def set_aside(accounting: Sequence[Mapping[str, Any]], rules: Sequence[Mapping[str, Any]], words: Words) -> str:
    """How many rows were quarantined, by how many rules, as a claim."""
    aside = sum(row["quarantined"] for row in accounting)
    if not aside or not rules:
        return words("data.quarantine.title.none")
    return words("data.quarantine.title", n=aside, rules=len(rules))


def broken(rows: Sequence[Mapping[str, Any]], words: Words) -> list[str]:
    """What each quarantine rule found wrong; in the release's words where no contract has the rule."""
    rules = {(name, rule): text for name, stream in STREAMS.items() for rule, text in says_of(stream).items()}
    texts = [rules.get((row["stream"], row["rule"])) for row in rows]
    return [
        text[words.language] if text else row["says"] or formatting.MISSING
        for text, row in zip(texts, rows, strict=True)
    ]


def mends(rows: Sequence[Mapping[str, Any]], words: Words, *, by_oneself: bool) -> list[str]:
    """What mends each quarantine rule: a register, which a visitor edits or asks for, or a new batch."""

    def mend(row: Mapping[str, Any]) -> str:
        stream = STREAMS.get(row["stream"])
        register = register_for(stream, row["rule"]) if stream else None
        if stream is not None and not stream.pushed:
            return words("data.mend.version")
        if register is None:
            return words("data.mend.producer")
        return words("data.mend.register" if by_oneself else "data.mend.ask", register=register)

    return [mend(row) for row in rows]


def mending(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The commands by which registers let rows out of quarantine; none where no register can."""
    named = {register_for(STREAMS[row["stream"]], row["rule"]) for row in rows if row["stream"] in STREAMS} - {None}
    lines = [
        line
        for register in sorted(map(str, named))
        for line in (f"dif register export {register}", f'dif register apply {register} {register}.xlsx --reason "…"')
    ]
    return [*lines, "dif quarantine replay"] if lines else []


def unmapped(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """How many source system names the register lacks, as a claim."""
    if not rows:
        return words("data.unmapped.title.none")
    share = sum((row["share"] for row in rows), Decimal(0))
    synthetic = any(row["synthetic"] for row in rows)
    text = words("data.unmapped.title", n=len(rows), share=formatting.per_cent(share * 100, words.language))
    return text + synthetic_note(words, synthetic=synthetic)


def check_words(names: Sequence[str], entry: Held, words: Words) -> list[str]:
    """What each check looks for: its rule's text, or that it compares the dataset with others."""
    rules = {rule.name: rule.says[words.language] for rule in entry.contract.rules} if entry.contract else {}
    general = {name: words(f"data.check.{name}") for name in ("required_columns", "key_unique")}
    return [general.get(name) or rules.get(name) or words("data.check.across") for name in names]
