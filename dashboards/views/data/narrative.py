"""What is to be said of the data themselves, in words. Pure: answers in, sentences and figures out."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from catalog.tables.registers import REGISTERS
from catalog.tables.streams import STREAMS
from dashboards.words import formatting
from dashboards.shared.narrative import Figure, synthetic_note, synthetic_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dashboards.views.data.models import Held
    from dashboards.page.file_delivery import Download
    from dashboards.words import Words

Checks = tuple[int, int]
"""How many passed and how many failed, those of what the datasets are made of among them."""
FATES: Final = ("conformed", "superseded", "quarantined", "held", "withdrawn")
"""What becomes of a row that landed; together they are all of them."""


def answer(held: Sequence[Held], checks: Checks, expected: Mapping[str, Any], words: Words) -> str:
    """The state of the data in a sentence or two."""
    passed, failed = checks
    rows = sum(one.rows or 0 for one in held)
    key = "data.answer" if not failed else "data.answer.failed"
    said = words(key, datasets=len(held), rows=rows, checks=passed + failed, failed=failed)
    if not expected:
        return said
    lacking = expected["lacking"]
    key = "data.answer.lacking" if lacking else "data.answer.delivered"
    text = words(key, lacking=lacking, all=expected["organisations"])
    return f"{said} {text}{synthetic_sentence(words, synthetic=bool(lacking) and expected['synthetic'])}"


def figures(
    checks: Checks,
    expected: Mapping[str, Any],
    accounting: Sequence[Mapping[str, Any]],
    differs: Mapping[str, Any],
    parent: str | None,
    words: Words,
) -> list[Figure]:
    """Checks, deliveries, rows set aside, and what changed."""
    language = words.language
    passed, failed = checks
    found = [
        Figure(
            words("data.figure.checks"),
            words("data.figure.of", n=passed, all=passed + failed),
            words("data.figure.checks.words"),
            metric="checks",
        )
    ]
    if expected:
        found.append(
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
    found.append(
        Figure(
            words("data.figure.aside"),
            formatting.number(aside, language),
            words("data.figure.aside.words", share=share, all=landed),
            metric="rows_set_aside",
        )
    )
    text = words("data.figure.changed.first")
    if parent:
        text = words("data.figure.changed.words", municipalities=differs["municipalities"], parent=parent)
    found.append(
        Figure(
            words("data.figure.changed"),
            formatting.number(differs["figures"], language) if parent else formatting.NOT_POSSIBLE,
            text,
            synthetic=differs["synthetic"],
            metric="changed_since_last_release",
        )
    )
    return found


TEAMS: Final = ("dif", "okonomi", "nettverk", "produkt")
"""Those with a name of their own in the catalogue."""


def stream(name: str, words: Words) -> str:
    """A stream as a reader knows it."""
    return STREAMS[name].title[words.language] if name in STREAMS else name


def owner(name: str, words: Words) -> str:
    """Who owns a dataset."""
    team = name.removeprefix("team:")
    return words("data.owner", name=words(f"data.team.{team}") if team in TEAMS else team)


def fresh(hours: int, words: Words) -> str:
    """How often a dataset is to be made anew."""
    days, rest = divmod(hours, 24)
    if rest or days == 1:
        return words("data.fresh.hours", n=hours)
    return words("data.fresh.days", n=days)


def checked(one: Held, words: Words) -> str:
    """How a dataset's checks went, in a few words."""
    if not one.checks:
        return words("data.checked.none")
    return words("data.checked.failed" if one.failed else "data.checked.passed", failed=one.failed, all=one.checks)


def facts(one: Held, at: str, words: Words) -> list[tuple[str, str]]:
    """What there is to know of a dataset, each with its name."""
    contract = one.contract
    keys = ", ".join(contract.key) if contract else formatting.MISSING
    rows = words("data.rows.describes") if one.rows is None else formatting.number(one.rows, words.language)
    return [
        (words("data.fact.name"), one.dataset),
        (words("data.fact.owner"), owner(one.owner, words)),
        (words("data.fact.audience"), words(f"data.audience.{one.audience}")),
        (words("data.fact.fresh"), words("data.fresh.updated", promise=fresh(one.freshness_hours, words), at=at)),
        (words("data.fact.rows"), rows),
        (words("data.fact.checks"), checked(one, words)),
        (words("data.fact.version"), formatting.number(one.contract_version, words.language)),
        (words("data.fact.key"), keys),
        (words("data.fact.synthetic"), words("data.synthetic.yes" if one.synthetic else "data.synthetic.no")),
    ]


def neighbour(kind: str, name: str, words: Words) -> str:
    """What a dataset that is no dataset of the release is made of: a stream or a register."""
    if kind == "STREAM":
        return words("data.lineage.stream", title=stream(name, words), name=name)
    title = REGISTERS[name].title[words.language] if name in REGISTERS else name
    return words("data.lineage.register", title=title, name=name)


def accounting(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """Whether what became of the rows sums to what landed."""
    landed = sum(row["landed"] for row in rows)
    told = sum(row[name] for row in rows for name in FATES)
    if landed == told:
        return words("data.accounting.sums", landed=landed)
    return words("data.accounting.left_out", landed=landed, told=told, rest=landed - told)


def offered(download: Download, words: Words) -> str:
    """What a file of a dataset is called to a reader, with its size."""
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
    """How to open a dataset's file, for each tool: its name and lines to paste. A spreadsheet only opens small ones."""
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
    """Who has not delivered, as a claim. `organisation`: the one that is asked for; empty where all are."""
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
    """How many rows were set aside, and what for, as a claim."""
    aside = sum(row["quarantined"] for row in accounting)
    if not aside or not rules:
        return words("data.quarantine.title.none")
    return words("data.quarantine.title", n=aside, rules=len(rules))


def broken(rows: Sequence[Mapping[str, Any]], words: Words) -> list[str]:
    """What is wrong with rows that each rule set aside; as the release says it where no contract has the rule."""
    told = {(stream.name, rule.name): rule.says for stream in STREAMS.values() for rule in stream.rules}
    texts = [told.get((row["stream"], row["rule"])) for row in rows]
    return [
        text[words.language] if text else row["says"] or formatting.MISSING for text, row in zip(texts, rows, strict=True)
    ]


def unmapped(rows: Sequence[Mapping[str, Any]], words: Words) -> str:
    """How many names of source systems the register lacks, as a claim."""
    if not rows:
        return words("data.unmapped.title.none")
    share = sum((row["share"] for row in rows), Decimal(0))
    synthetic = any(row["synthetic"] for row in rows)
    text = words("data.unmapped.title", n=len(rows), share=formatting.per_cent(share * 100, words.language))
    return text + synthetic_note(words, synthetic=synthetic)


def check_words(names: Sequence[str], one: Held, words: Words) -> list[str]:
    """What checks look for, each in a sentence: what its rule says, or that it holds the dataset against others."""
    rules = {rule.name: rule.says[words.language] for rule in one.contract.rules} if one.contract else {}
    known = {name: words(f"data.check.{name}") for name in ("required_columns", "key_unique")}
    return [known.get(name) or rules.get(name) or words("data.check.across") for name in names]
