"""The invoice basis of a quarter as files for people: a spreadsheet and a CSV, which name their release."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from catalog.contracts.columns import text
from catalog.contracts.language import RegisterContract
from catalog.domain import calendar
from catalog.domain.pricing import VAT_PERCENT, vat_ore
from catalog.domain.rebilling import ready_ore
from catalog.errors import BadOption, UnknownName, WrongUse
from catalog.tables.billing import INVOICE_BASIS
from catalog.tables.reference import ORGANISATION
from transport.ingest import registers
from transport.releases import dataset_reader
from transport.releases.store import Release

_ORE = 100
Row = Mapping[str, object]


def months_of(quarter: str) -> tuple[date, ...]:
    """The three months of a quarter like 2026-Q4.

    Raises:
        BadOption: it has another form.
    """
    try:
        return calendar.months_of_quarter(quarter)
    except ValueError:
        raise BadOption("QUARTER", quarter, "a year and a quarter, such as 2026-Q4") from None


@dataclass(frozen=True, slots=True)
class Basis:
    """The invoice basis of a quarter, or of a month of it, in a release.

    Attributes:
        rows: of `ledger.invoice_basis`, in order of the key.
        names: of organisations, by number.
        provisional: the release was made before the last of the months was over.
    """

    quarter: str
    months: tuple[date, ...]
    release: str
    as_of: str
    rows: Sequence[Row]
    names: Mapping[str, str]
    provisional: bool

    @property
    def content_hash(self) -> str:
        """A hash of the lines with all their columns."""
        text = "\n".join(repr([str(row[c.name]) for c in INVOICE_BASIS.columns]) for row in self.rows)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def ready_ore(self) -> int:
        """The amount that may be billed, without VAT."""
        return ready_ore(self.rows)

    @property
    def waiting_ore(self) -> int:
        """The amount that is priced but waits for an agreement; lines without a price have no amount."""
        return sum(_ore(r) for r in self.rows) - self.ready_ore

    @property
    def synthetic(self) -> bool:
        """Whether any line is synthetic."""
        return any(bool(r["synthetic"]) for r in self.rows)


def basis_of(release: Release, quarter: str, months: Sequence[date]) -> Basis:
    """The basis of some months, read from a release.

    Raises:
        WrongUse: the release is older than the dataset, or has nothing to bill in these months.
    """
    listed = {"month": {"in": [m.isoformat() for m in months]}}
    try:
        opened = dataset_reader.open_dataset(release, INVOICE_BASIS, condition=listed)
    except UnknownName:
        raise WrongUse(
            f"Release {release.name} has no {INVOICE_BASIS.name}: it is older than the dataset.",
            "Make a new one: dif run.",
        ) from None
    rows = opened.rows()
    as_of = str(release.manifest["as_of"])
    last_month = release.manifest.get("through_month")
    if not rows:
        period = f"{months[0]:%Y-%m}" + (f" to {months[-1]:%Y-%m}" if len(months) > 1 else "")
        raise WrongUse(
            f"There is nothing to bill in {period}: release {release.name} has no measured use there.",
            f'The release ends with {last_month}. `dif sql "from ledger.invoice_basis"` shows the months it has.',
        )
    organisations = dataset_reader.open_dataset(release, ORGANISATION, columns=["organisation_number", "name"])
    names = {r["organisation_number"]: r["name"] for r in organisations.rows()}
    over = calendar.day_in_oslo(datetime.fromisoformat(as_of)) >= calendar.next_month(months[-1])
    in_order = sorted(rows, key=lambda r: tuple(str(r[k] or "") for k in INVOICE_BASIS.key))
    return Basis(quarter, tuple(months), release.name, as_of, in_order, names, provisional=not over)


def write(basis: Basis, folder: Path) -> tuple[Path, Path]:
    """Write the spreadsheet and the CSV; the same basis gives the same names and content."""
    folder.mkdir(parents=True, exist_ok=True)
    period = basis.quarter if len(basis.months) > 1 else f"{basis.months[0]:%Y-%m}"
    stem = f"fakturagrunnlag-{period}-{basis.release}"
    sheet, text = folder / f"{stem}.xlsx", folder / f"{stem}.csv"
    _write_sheet(basis, sheet)
    more = {"release": basis.release, "content_hash": basis.content_hash}
    rows = [{**{c.name: r[c.name] for c in INVOICE_BASIS.columns}, **more} for r in basis.rows]
    registers.export(_FILE, pa.Table.from_pylist(rows, _FILE.schema), text)
    return sheet, text


_FILE = RegisterContract(
    INVOICE_BASIS.table,
    INVOICE_BASIS.title,
    INVOICE_BASIS.about,
    (
        *INVOICE_BASIS.columns,
        text("release", "Utgave", "Release"),
        text("content_hash", "Innholdssum", "Content hash"),
    ),
    INVOICE_BASIS.owner,
)


def _ore(row: Row) -> int:
    amount = row["amount_ore"]
    return amount if isinstance(amount, int) else 0


def _kr(ore: int) -> Decimal:
    return Decimal(ore) / _ORE


def _write_sheet(basis: Basis, path: Path) -> None:
    from transport.base import spreadsheets

    # the same basis must give the same file, byte for byte
    with spreadsheets.workbook(path, {}, created=_as_of(basis), title=f"Fakturagrunnlag {basis.quarter}") as book:
        formats = {
            "bold": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "warn": book.add_format({"bold": True, "font_color": "#9c1c1c"}),
            "kr": book.add_format({"num_format": "#,##0.00"}),
            "month": book.add_format({"num_format": "yyyy-mm"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        }
        for name, head, rows in (
            ("Summer", _SUMS_HEAD, list(_sums(basis))),
            (
                "Linjer",
                [f"{c.title.nb}, {c.unit}" if c.unit in ("kr", "øre") else c.title.nb for c in _LINE_COLUMNS],
                list(_lines(basis)),
            ),
            ("Om grunnlaget", ["", "", "", "", ""], list(_about(basis))),
        ):
            sheet = book.add_worksheet(name)
            at = 0
            for warning in _warnings(basis):
                sheet.write_string(at, 0, warning, formats["warn"])
                at += 1
            for column, title in enumerate(head):
                sheet.write_string(at, column, title, formats["bold"])
            sheet.freeze_panes(at + 1, 0)
            for number, row in enumerate(rows, at + 1):
                for column, value in enumerate(row):
                    _put(sheet, number, column, value, formats, day="day" if head[column] == _PRICE_FROM else "month")
            if rows and any(head):
                sheet.autofilter(at, 0, at + len(rows), len(head) - 1)
            sheet.set_column(0, len(head) - 1, 20)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(at)


def _as_of(basis: Basis) -> datetime:
    return datetime.fromisoformat(basis.as_of).replace(tzinfo=None)


def _put(sheet: object, row: int, column: int, value: object, formats: Mapping[str, object], *, day: str) -> None:
    write = sheet  # a worksheet; its library has no types
    if value is None:
        return
    if isinstance(value, date):
        write.write_datetime(row, column, value, formats[day])  # type: ignore[attr-defined]
    elif isinstance(value, Decimal):
        # a quantity is shown with the decimals that it has
        form = formats["kr"] if value.as_tuple().exponent == -2 else None  # noqa: PLR2004 - øre
        write.write_number(row, column, value, form)  # type: ignore[attr-defined]
    elif isinstance(value, int):
        write.write_number(row, column, value)  # type: ignore[attr-defined]
    else:
        write.write_string(row, column, str(value))  # type: ignore[attr-defined]


def _warnings(basis: Basis) -> list[str]:
    texts = []
    if basis.synthetic:
        texts.append("Syntetiske tall: noe av grunnlaget er laget av simulatoren eller priset med en syntetisk pris.")
    if basis.provisional:
        texts.append("Foreløpig: perioden var ikke over da utgaven ble laget.")
    return texts


_SUMS_HEAD = (
    "Betaler", "Navn", "Tjeneste", "Linjer", "Klart, kr uten mva.", f"Mva. {VAT_PERCENT} %", "Klart, kr med mva.",
    "Ikke klart, kr uten mva.", "Linjer uten pris", "Syntetisk",
)  # fmt: skip


def _sums(basis: Basis) -> Iterable[Sequence[object]]:
    """A row per payer and service, and their sum last."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in basis.rows:
        groups[str(row["payer_number"]), str(row["service"])].append(row)
    for (payer, service), rows in sorted(groups.items()):
        yield (payer, basis.names.get(payer, ""), service, *_summed(rows))
    yield ("Sum", "", "", *_summed(basis.rows))


def _summed(rows: Sequence[Row]) -> tuple[object, ...]:
    ready = ready_ore(rows)
    # VAT is computed and rounded per line, as on the invoice
    vat = sum(vat_ore(_ore(r)) for r in rows if r["status"] == "READY")
    waiting = sum(_ore(r) for r in rows) - ready
    unpriced = sum(r["status"] == "NO_PRICE" for r in rows)
    marked = "ja" if any(bool(r["synthetic"]) for r in rows) else "nei"
    return len(rows), _cents(ready), _cents(vat), _cents(ready + vat), _cents(waiting), unpriced, marked


def _cents(ore: int) -> Decimal:
    return _kr(ore).quantize(Decimal("0.01"))


_LINE_COLUMNS = INVOICE_BASIS.columns
_PRICE_FROM = next(c.title.nb for c in _LINE_COLUMNS if c.name == "price_from")


def _lines(basis: Basis) -> Iterable[Sequence[object]]:
    for row in basis.rows:
        yield [_cell_value(c.name, row[c.name]) for c in _LINE_COLUMNS]


def _cell_value(name: str, value: object) -> object:
    if isinstance(value, bool):
        return "ja" if value else "nei"
    if name == "amount_ore" and isinstance(value, int):
        return value
    return value.normalize() if isinstance(value, Decimal) else value


def _about(basis: Basis) -> Iterable[Sequence[object]]:
    """The source of the basis, and what is not ready."""
    yield ("Utgave", basis.release)
    yield ("Innholdssum", basis.content_hash)
    yield ("Kjent per", basis.as_of)
    yield ("Kvartal", basis.quarter)
    yield ("Måneder", ", ".join(f"{m:%Y-%m}" for m in basis.months))
    yield ("Linjer", len(basis.rows))
    yield ("Klart, kr uten mva.", _cents(basis.ready_ore))
    yield ("Ikke klart, kr uten mva.", _cents(basis.waiting_ore))
    yield ("Syntetiske tall", "ja" if basis.synthetic else "nei")
    yield ("Foreløpig", "ja" if basis.provisional else "nei")
    yield ()
    yield ("Ikke klart: status", "Hvorfor", "Priselement", "Linjer", "Kr uten mva.")
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in basis.rows:
        if row["status"] != "READY":
            groups[str(row["status"]), str(row["note"]), str(row["price_element"])].append(row)
    for (status, note, element), rows in sorted(groups.items()):
        priced = status != "NO_PRICE"
        amount = _cents(sum(_ore(r) for r in rows)) if priced else "mangler pris"
        yield (status, _WHY.get(note, note), element, len(rows), amount)


_WHY = {
    "NO_RULE": "Ingen prisregel gjelder for kunden og dagen",
    "NO_DAY": "Prisen endres i måneden, og bruken er meldt samlet: be produsenten melde den per dag",
    "AMBIGUOUS_PRICE": "Flere prisregler gjelder samtidig",
    "NO_INHABITANTS": "Innbyggertallet mangler",
    "NO_ANNEX": "Bruk uten signert tjenestevedlegg",
    "TERMINATED": "Bruk etter oppsigelse",
}
