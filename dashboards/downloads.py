"""The list as a file: XLSX, CSV for Norwegian Excel, Parquet, and the SQL that gives it. Pure: answers in, bytes out.

A cell that a spreadsheet would run as a formula is written as text. Every file says the release, the month and, where
it is so, that the numbers are synthetic.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import xlsxwriter

from catalog.domain.self_cost import change_percent
from catalog.tables.uptake_calls import NOT_YET, SUPPLIER_GAP
from dashboards import wording
from dashboards.answers.ledger import year_before
from dashboards.findings.accounts import price_name
from dashboards.findings.mine import WHY, what
from dashboards.findings.uptake import standing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

    from catalog.domain.self_cost import Calculation
    from dashboards.answers.board import BoardFacts, ProductLine
    from dashboards.answers.mine import Change
    from dashboards.findings.board import Decision
    from dashboards.texts import Words

Cell = str | int | Decimal | None
Rows = tuple[list[str], list[list[Cell]]]
"""A header, and rows as long as it."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutral(value: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula.

    Source: OWASP, CSV injection.
    """
    return f"'{value}" if value.startswith(_FORMULA) else value


def call_rows(answer: pa.Table, basis: str, release: str, words: Words) -> Rows:
    """Header and rows of the call list, with all its columns. A missing value is an empty cell: machines read it.

    Args:
        answer: the list, as the release gave it.
        basis: `USE` or `EVENT`.
        release: repeated on each row so that a row can be pasted elsewhere.
        words: the texts.
    """
    known = {one.name: one.title[words.language] for one in NOT_YET.columns}
    known["no_delivery_since"] = words("column.no_delivery_since")
    return _of_release(answer, known, basis, release, words)


def supplier_rows(answer: pa.Table, words: Words, release: str) -> Rows:
    """Header and rows of the suppliers that those who wait were seen with: all who wait are named, with commas between.

    Args:
        answer: the suppliers, as the release gave them.
        words: the texts.
        release: repeated on each row so that a row can be pasted elsewhere.
    """
    known = {one.name: one.title[words.language] for one in SUPPLIER_GAP.columns}
    known |= {name: words(f"suppliers.{name}") for name in ("active", "waiting")}  # of all, and of the area
    known["municipalities"] = known["municipality_codes"]
    return _of_release(answer, known, "", release, words)


@dataclass(frozen=True, slots=True)
class Composed:
    """A table that was put together of several answers, so that there is no query that gives it.

    Attributes:
        header: what its columns are called.
        rows: as long as the header.
        synthetic: some row is of numbers that the simulator made.
    """

    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    synthetic: bool


def decision_rows(found: Sequence[Decision], month: date, release: str, words: Words) -> Composed:
    """What calls for a decision, one row a matter: what, what is at stake, where to look; month and release on each."""
    titles = (*(f"board.decide.{x}" for x in ("what", "stake", "where")), "column.month", "column.release")
    rows: list[list[Cell]] = [
        [
            one.what,
            one.stake,
            words(f"overview.decide.to.{one.kind}"),
            _month(month),
            release,
            words("value.yes" if one.synthetic else "value.no"),
        ]
        for one in found
    ]
    header = [words(x) for x in (*titles, "column.synthetic")]
    return Composed(header, rows, any(one.synthetic for one in found))


def product_rows(facts: BoardFacts, words: Words) -> Composed:
    """All products in the order of their table: amounts in kroner, coverage in per cent with one decimal.

    Their sum is left out, as it would be one product more to who adds them up. A missing value is an empty cell.
    """
    header = [
        *(words(x) for x in ("board.products.product", "column.month")),
        *(f"{words(f'accounts.{x}')} (kr)" for x in ("income", "cost", "result")),
        f"{words('accounts.coverage')} (%)",
        f"{words('board.products.balance')} (kr)",
        *(words(f"board.products.{x}") for x in ("municipalities", "change", "observed")),
        *(words(f"column.{x}") for x in ("release", "synthetic")),
    ]
    found = facts.products
    rows = [_product(one, facts, words) for one in found]
    return Composed(header, rows, any(one.synthetic for one in found))


def _product(one: ProductLine, facts: BoardFacts, words: Words) -> list[Cell]:
    book, spread = one.book, one.spread
    year, coverage = (book.year, book.coverage) if book else (None, None)
    return [
        one.name,
        _month(facts.month),
        *(_kroner(getattr(year, f"{x}_ore", None)) for x in ("income", "cost", "result")),
        _tenths(coverage),
        _kroner(book.balance_ore if book else None),
        *((spread.active, spread.change, _month(spread.month)) if spread else (None, None, None)),
        facts.release.name,
        words("value.yes" if one.synthetic else "value.no"),
    ]


def change_rows(found: Sequence[Change], month: date, release: str, words: Words) -> Composed:
    """What changed from the month of the year before, line by line, in kroner to the øre; the parts stand between.

    Their sum is left out, as it would be one line more to who adds them up.

    Args:
        found: the changes.
        month: the month that is compared with that of the year before.
        release: repeated on each row so that a row can be pasted elsewhere.
        words: the texts.
    """
    then, now = (wording.first(wording.month(one, words.language)) for one in (year_before(month), month))
    header = [
        *(words(f"mine.lines.{x}") for x in ("service", "what")),
        *(f"{x} (kr)" for x in (then, *(words(f"mine.changes.{x}") for x in WHY), now)),
        *(words(f"column.{x}") for x in ("release", "synthetic")),
    ]
    rows: list[list[Cell]] = [
        [
            one.line.name,
            what(one.line, words),
            *(_kroner(ore) for ore in (one.then_ore, *(getattr(one, f"{x}_ore") for x in WHY), one.now_ore)),
            release,
            words("value.yes" if one.synthetic else "value.no"),
        ]
        for one in found
    ]
    return Composed(header, rows, any(one.synthetic for one in found))


def supposed_prices(
    base: Calculation, found: Calculation, elements: Mapping[str, str], supposed: str, page: tuple[str, Words]
) -> Composed:
    """Each price with and without what is supposed, in kroner.

    Args:
        base: nothing supposed.
        found: with what is supposed.
        elements: what the prices are for.
        supposed: what is, in a sentence; repeated on each row, as the numbers are worth nothing without it.
        page: the release, repeated too, and the texts.
    """
    release, words = page
    prices = ("what_if.base", "price.self_cost", "price.proposed", "price.today")
    header = [
        words("accounts.price.element"),
        *(f"{words(f'accounts.{x}')} (kr)" for x in prices),
        f"{words('accounts.price.change')} (%)",
    ]
    rows: list[list[Cell]] = [
        [
            price_name(x.priced, elements, words),
            was.self_cost,
            x.self_cost,
            x.proposed,
            x.priced.current,
            _tenths(change_percent(x.priced.current, x.proposed)),
        ]
        for was, x in zip(base.results, found.results, strict=True)
    ]
    return _supposed(header, rows, supposed, release, words, synthetic=found.base.synthetic)


def supposed_levels(found: Calculation, supposed: str, page: tuple[str, Words]) -> Composed:
    """Cost and income in kroner and cover in per cent, at low, expected and high use; as `supposed_prices`."""
    release, words = page
    titles = (("cost", "kr"), ("income", "kr"), ("coverage", "%"), ("income_today", "kr"), ("coverage_today", "%"))
    header = [words("accounts.what_if.level"), *(f"{words(f'accounts.what_if.{x}')} ({unit})" for x, unit in titles)]
    rows: list[list[Cell]] = [
        [
            words(f"accounts.level.{name}"),
            _kroner(level.cost_ore),
            _kroner(level.income_ore),
            _tenths(level.cover_percent),
            _kroner(level.income_today_ore),
            _tenths(level.cover_today_percent),
        ]
        for name, level in found.levels.items()
    ]
    return _supposed(header, rows, supposed, release, words, synthetic=found.base.synthetic)


def _supposed(
    header: list[str], rows: Sequence[list[Cell]], supposed: str, release: str, words: Words, *, synthetic: bool
) -> Composed:
    last = [supposed, release, words("value.yes" if synthetic else "value.no")]
    titles = (words(x) for x in ("accounts.what_if.assumptions", "column.release", "column.synthetic"))
    return Composed([*header, *titles], [[*row, *last] for row in rows], synthetic)


def _tenths(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def _month(month: date) -> str:
    return f"{month:%Y-%m}"


def _kroner(ore: int | None) -> Decimal | None:
    return None if ore is None else Decimal(ore) / 100


def _of_release(answer: pa.Table, known: Mapping[str, str], basis: str, release: str, words: Words) -> Rows:
    """Header and rows with what each column is called, the release and whether it is synthetic last on each row."""
    names = [name for name in answer.column_names if name not in {"service_name", "synthetic"}]
    header = [*(known[name] for name in names), *(words(f"column.{name}") for name in ("release", "synthetic"))]
    rows: list[list[Cell]] = [
        [
            *(_cell(name, row[name], basis, words) for name in names),
            release,
            words("value.yes" if row["synthetic"] else "value.no"),
        ]
        for row in answer.to_pylist()
    ]
    return header, rows


def _cell(name: str, value: object, basis: str, words: Words) -> Cell:
    """A value of the list in the reader's words; a month as `2026-05`, a day as `2026-05-31`."""
    if value is None:
        return None
    if name == "step":
        return standing(str(value), basis, words)
    if name in {"supplier_ready", "follow_up"}:
        return words(f"{'ready' if name == 'supplier_ready' else name}.{value}")
    if isinstance(value, date):
        return _month(value) if name == "month" else value.isoformat()
    if isinstance(value, list):
        return ", ".join(value)
    return value if isinstance(value, int) else str(value)


def all_rows(answer: pa.Table, words: Words) -> Rows:
    """Header and rows of any answer, with all its columns. Amounts are in kroner; a missing value is an empty cell."""
    names = answer.column_names
    header = [f"{words.column(name)} (kr)" if name.endswith("_ore") else words.column(name) for name in names]
    return header, [[_value(name, row[name], words) for name in names] for row in answer.to_pylist()]


def _value(name: str, value: object, words: Words) -> Cell:
    if isinstance(value, bool):
        return words("value.yes" if value else "value.no")
    if isinstance(value, int | float | Decimal):
        exact = value if isinstance(value, int) else Decimal(str(value))
        return Decimal(exact) / 100 if name.endswith("_ore") else exact
    if isinstance(value, date):
        return _month(value) if name == "month" else value.isoformat()
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value)
    return None if value is None else words.word(name, str(value))


def _in_csv(cell: Cell) -> str | int | None:
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")  # as Norwegian Excel reads it
    return neutral(cell) if isinstance(cell, str) else cell


def as_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """Semicolons, CRLF and a byte-order mark: what Norwegian Excel opens with one click."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutral(name) for name in header])
    writer.writerows([_in_csv(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(
    header: Sequence[str], rows: Sequence[Sequence[Cell]], about: Mapping[str, str], words: Words, sheet: str
) -> bytes:
    """One sheet with the rows, frozen and filtered, and one that says what they are. Text stays text.

    Args:
        header: what the columns are called.
        rows: as long as the header.
        about: what the file says of itself.
        words: the texts.
        sheet: the key of what the first sheet is called.
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        listed = book.add_worksheet(words(sheet))
        listed.write_row(0, 0, header, bold)
        for place, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int | Decimal):
                    listed.write_number(place, column, float(cell))
                elif cell is not None:
                    listed.write_string(place, column, cell)
        listed.freeze_panes(1, 2)
        listed.autofilter(0, 0, max(len(rows), 1), len(header) - 1)
        listed.autofit()
        told = book.add_worksheet(words("download.about"))
        for place, (name, value) in enumerate(about.items()):
            told.write_string(place, 0, name, bold)
            told.write_string(place, 1, value)
        told.autofit()
    return file.getvalue()


def as_parquet(answer: pa.Table, about: Mapping[str, str]) -> bytes:
    """The list as it is in the release, codes and all; what it is about stands in the file's metadata."""
    file = io.BytesIO()
    pq.write_table(answer.replace_schema_metadata(dict(about)), file)
    return file.getvalue()


def as_sql(query: str, parameters: Mapping[str, object], about: Mapping[str, str]) -> bytes:
    """The query with its parameters written in, so that it runs as it is in `dif sql` or any DuckDB.

    Raises:
        KeyError: the query has a `$parameter` that was not given.
    """
    told = "".join(f"-- {name}: {' '.join(value.split())}\n" for name, value in about.items())
    filled = re.sub(r"\$(\w+)", lambda found: _literal(parameters[found[1]]), query)
    return f"{told}{filled}".encode()


def _literal(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_literal(one) for one in value)}]"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    if isinstance(value, int):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"


def file_name(words_of_name: Sequence[str], month: date, suffix: str) -> str:
    """`fiks-digisos_NO_2026-05.csv`: ids and the month, so that files sort."""
    return "_".join([*words_of_name, f"{month:%Y-%m}"]) + f".{suffix}"


def defined(*texts: str) -> str:
    """Definitions as a file says them: as on the page, without its bold type."""
    return " ".join(texts).replace("**", "")


def about(service: str, area: str, month: date, release: str, words: Words) -> dict[str, str]:
    """What a file is about, by name in the page's language."""
    return {
        words("column.service"): service,
        words("filter.omrade"): area,
        words("column.month"): wording.month(month, words.language),
        words("column.release"): release,
    }
