"""SAF-T Financial as cost entries: compared with an independent reading, and what is refused, with line and mend."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as st

from assets.simulate import saft as simulated
from catalog.errors import BadElement, NoRows, Refused, SharingError, WrongUse
from catalog.tables.registers import REGISTERS
from catalog.tables.streams import COST_ENTRY
from tests.transport.test_documents import packed
from transport.base.settings import Settings
from transport.ingest import documents, formats, inbox, registers, saft
from transport.ingest.opened_file import ReaderInputs
from transport.storage.landing import open_landing, utc_now

COMPANY, SUPPLIER = "999999999", "974760673"
NS = f"{{{saft.NAMESPACE}}}"
VENDOR = Path(__file__).parents[2].parent / "shared" / "vendor" / "saf-t"
"""Skatteetaten's examples and schemas, which the project may not carry."""
ACCOUNTS = [{"account": a, "taken": a[0] in "4567"} for a in ("4000", "5000", "6300", "2400", "2710", "2740", "1925")]
DIMENSIONS = [
    {"analysis_type": "A", "use": "COST_CENTER"},
    {"analysis_type": "P", "use": "PROJECT"},
    {"analysis_type": "B", "use": "NONE"},
]


def known(**more: object) -> ReaderInputs:
    """What the reader is given."""
    return ReaderInputs(COMPANY, registers={saft.ACCOUNTS: ACCOUNTS, saft.DIMENSIONS: DIMENSIONS}, **more)  # type: ignore[arg-type]


def entry(number: int, amount_ore: int, *, account: str = "6300", month: int = 1, **more: object) -> dict[str, object]:
    """A cost entry to be written."""
    period = date(2026, month, 1)
    row = {"entry_id": f"B{number}", "booked_on": date(2026, month, 28), "period": period, "account": account}
    return row | {"cost_center": "100", "project": None, "amount_ore": amount_ore, "supplier_number": SUPPLIER} | more


ENTRIES = [
    entry(1, 10_000_00),
    entry(2, -333, account="5000", project="P7"),
    entry(3, 4, month=2, supplier_number=None),
]


def text_of(entries=ENTRIES, *, version: str = "1.3", last: int = 3) -> str:
    """A file of these entries, of January to `last`."""
    span = {"first": date(2026, 1, 1), "last": date(2026, last, 1)}
    return "".join(simulated.written(entries, company=COMPANY, version=version, **span))


def rows_of(path: Path, given_more: ReaderInputs | None = None) -> tuple[list[dict[str, object]], formats.OpenedFile]:
    """The rows of a file, and the opened file."""
    opened = formats.open_file(path, COST_ENTRY, inputs=given_more or known())
    return [row for chunk in opened.chunks for row in chunk.to_pylist()], opened


def read_independently(text: str) -> list[tuple[object, ...]]:
    """The same cells (`CELLS`), by the standard library's tree."""
    tree = ET.fromstring(text)
    find = lambda e, path: e.findtext("/".join(NS + p for p in path.split("/")))  # noqa: E731
    numbers = {find(s, "SupplierID"): find(s, "RegistrationNumber") for s in tree.iter(NS + "Supplier")}
    rows = []
    for journal in tree.iter(NS + "Journal"):
        for booked in journal.iter(NS + "Transaction"):
            year, month = int(find(booked, "PeriodYear")), int(find(booked, "Period"))
            named = {find(line, "SupplierID") for line in booked.iter(NS + "Line")} - {None}
            for line in booked.iter(NS + "Line"):
                if find(line, "AccountID")[0] not in "4567":
                    continue
                dims = {find(a, "AnalysisType"): find(a, "AnalysisID") for a in line.iter(NS + "Analysis")}
                debit, credit = find(line, "DebitAmount/Amount") or "0", find(line, "CreditAmount/Amount") or "0"
                rows.append(
                    (
                        f"{year}/{find(journal, 'JournalID')}/{find(booked, 'TransactionID')}/{find(line, 'RecordID')}",
                        date.fromisoformat(find(booked, "GLPostingDate")),
                        date(year, month, 1),
                        find(line, "AccountID"),
                        dims.get("A"),
                        dims.get("P"),
                        int((Decimal(debit) - Decimal(credit)) * 100),
                        numbers[next(iter(named))] if len(named) == 1 else None,
                    )
                )
    return rows


CELLS = ("entry_id", "booked_on", "period", "account", "cost_center", "project", "amount_ore", "supplier_number")


def cells(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    """The columns that the independent reading has."""
    return [tuple(row[c] for c in CELLS) for row in rows]


@pytest.mark.skipif(not VENDOR.is_dir(), reason="Skatteetaten's files are beside the project only where they were laid")
def test_the_official_example_is_read_cell_by_cell_and_by_the_official_schema():
    path = VENDOR / "example_999999999.xml"
    rows, opened = rows_of(path, known(schemas=str(VENDOR)))
    assert cells(rows) == read_independently(path.read_text("utf-8-sig"))
    assert [(r["entry_id"], r["amount_ore"], r["cost_center"], r["project"]) for r in rows] == [
        ("2015/A/4567/1", 10_000_00, "100", "2000")
    ]
    assert opened.covers == (COMPANY, "2015-01", "2015-12")
    assert opened.notes["lines_left_out"] == 4
    assert opened.notes["balances_that_differ_count"] == 1


@pytest.mark.skipif(not VENDOR.is_dir(), reason="Skatteetaten's files are beside the project only where they were laid")
@pytest.mark.parametrize("version", ["1.1", "1.2", "1.3"])
def test_what_the_simulator_writes_meets_the_official_schema_and_what_breaks_it_is_named(tmp_path, version):
    path, strict = tmp_path / "a.xml", known(schemas=str(VENDOR))
    path.write_text(text_of(version=version))
    assert len(rows_of(path, strict)[0]) == 3
    path.write_text(text_of(version=version).replace("<AccountType>GL", "<AccountType>XX", 1))
    with pytest.raises(BadElement, match="følger ikke skjemaet") as refused:
        rows_of(path, strict)
    assert refused.value.column == "AccountType"
    assert "<AccountType>XX" in path.read_text().splitlines()[(refused.value.line or 0) - 1]


@pytest.mark.skipif(not VENDOR.is_dir(), reason="Skatteetaten's files are beside the project only where they were laid")
def test_the_official_dummy_without_a_namespace_is_refused_by_its_namespace():
    with pytest.raises(SharingError, match="navnerommet «»") as refused:
        rows_of(VENDOR / "example_1.3.xml")
    assert saft.NAMESPACE in refused.value.mend


amounts = st.integers(-(10**10), 10**10)
entries = st.lists(
    st.builds(
        dict,
        amount_ore=amounts,
        account=st.sampled_from(("4000", "5000", "6300", "2740")),
        month=st.integers(1, 3),
        cost_center=st.sampled_from(("100", "æ & <ø>", None)),
        project=st.sampled_from(("P7", None)),
        supplier_number=st.sampled_from((SUPPLIER, None)),
    ),
    min_size=1,
    max_size=8,
)


@given(entries=entries, version=st.sampled_from(("1.1", "1.2", "1.3")))
@tried(max_examples=40, deadline=None)
def test_any_tree_is_read_as_an_independent_reader_reads_it(tmp_path_factory, entries, version):
    path = tmp_path_factory.mktemp("saft") / "a.xml"
    text = text_of([entry(n, **e) for n, e in enumerate(entries)], version=version)
    path.write_text(text)
    expected = read_independently(text)
    if not expected:
        with pytest.raises(NoRows):
            rows_of(path)
        return
    rows, opened = rows_of(path)
    assert cells(rows) == expected
    assert opened.notes["lines"] == 3 * len(entries)
    assert [text.splitlines()[line - 1] for line in opened.lines] == ["<Line>"] * len(rows)


def change(old: str, new: str):
    """A change of the first such text in the file."""
    return lambda text: text.replace(old, new, 1)


BROKEN = {
    "version": (change("1.30<", "2.00<"), "AuditFileVersion", "versjon «2.00»"),
    "currency": (change(">NOK<", ">EUR<"), "DefaultCurrencyCode", "valuta er «EUR»"),
    "company": (change(f">{COMPANY}<", ">974760673<"), "", "regnskapet til 974760673"),
    "half a month": (
        lambda t: re.sub(
            r"<PeriodStart>.*</PeriodEndYear>",
            "<SelectionStartDate>2026-01-01</SelectionStartDate><SelectionEndDate>2026-03-15</SelectionEndDate>",
            t,
            flags=re.DOTALL,
        ),
        "SelectionStartDate",
        "ikke hele måneder",
    ),
    "no selection": (
        lambda t: re.sub("<SelectionCriteria>.*</SelectionCriteria>", "", t, flags=re.DOTALL),
        "SelectionCriteria",
        "hvilken periode",
    ),
    "month": (
        lambda t: re.sub("<PeriodEnd>[0-9]+<", "<PeriodEnd>1_2<", t),
        "SelectionCriteria",
        "perioden kan ikke leses",
    ),
    "outside": (change("<Period>2<", "<Period>5<"), "Period", "utenfor filens utvalg"),
    "unbalanced": (change("<Amount>10000.00<", "<Amount>10000.01<"), "Transaction", "går ikke i null: debet 12 500,01"),
    "amount": (change("<Amount>10000.00<", "<Amount>10 000,00<"), "Amount", "ikke et beløp"),
    "no account": (change("<AccountID>6300</AccountID>\n<Analysis>", "<Analysis>"), "AccountID", "mangler"),
    "account": (change("<AccountID>6300</AccountID>\n", "<AccountID>6399</AccountID>\n"), "AccountID", "kontoplan"),
    "dimension": (change("<Analysis><AnalysisType>A<", "<Analysis><AnalysisType>X<"), "AnalysisType", "«X»"),
    "value": (
        change("<AnalysisID>100</AnalysisID></Analysis>", "<AnalysisID>1</AnalysisID></Analysis>"),
        "AnalysisID",
        "«1»",
    ),
    "twice": (change("<TransactionID>B2<", "<TransactionID>B1<"), "TransactionID", "står to ganger"),
    "count": (change("<NumberOfEntries>3<", "<NumberOfEntries>4<"), "NumberOfEntries", "sier 4, men har 3"),
    "total": (change("<TotalDebit>", "<TotalDebit>1"), "TotalDebit", "men har 12 504,22"),
    "cut": (lambda t: t[: len(t) * 3 // 4], "", "ikke gyldig XML"),
    "entity": (change("?>\n", '?>\n<!DOCTYPE AuditFile [<!ENTITY x "y">]>\n'), "", "DOCTYPE"),
    "date": (change("<GLPostingDate>2026-01-28", "<GLPostingDate>28.01.2026"), "GLPostingDate", "ikke en dato"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_line_element_and_mend(tmp_path, name):
    alter, element, why = BROKEN[name]
    path = tmp_path / "a.xml"
    altered = alter(text_of())
    assert altered != text_of()
    path.write_text(altered)
    with pytest.raises(SharingError, match=re.escape(why)) as refused:
        rows_of(path)
    assert refused.value.mend
    if element:
        assert isinstance(refused.value, BadElement)
        assert refused.value.column == element
        assert (refused.value.line or 0) > 0


def test_a_line_in_another_currency_counts_by_the_files_own_kroner(tmp_path):
    path, foreign = tmp_path / "a.xml", "<CurrencyCode>EUR</CurrencyCode><CurrencyAmount>850</CurrencyAmount>"
    path.write_text(text_of().replace("<Amount>10000.00</Amount>", f"<Amount>10000.00</Amount>{foreign}", 1))
    assert rows_of(path)[0][0]["amount_ore"] == 10_000_00


def test_parts_come_in_one_zip_and_a_part_alone_is_refused(tmp_path):
    parts = {
        f"SAF-T Financial_{COMPANY}_20260401120000_{n}_2.xml": text_of(half).encode()
        for n, half in ((1, ENTRIES[:1]), (2, ENTRIES[1:]))
    }
    (tmp_path / "all.zip").write_bytes(packed(parts))
    assert len(rows_of(tmp_path / "all.zip")[0]) == 3
    name, content = next(iter(parts.items()))
    (tmp_path / name).write_bytes(content)
    (tmp_path / "half.zip").write_bytes(packed({name: content}))
    for alone in (name, "half.zip"):
        with pytest.raises(Refused, match="Eksporten har 2 deler, og bare 1 er her"):
            rows_of(tmp_path / alone)
    (tmp_path / "twice.zip").write_bytes(packed({"a.xml": content, "b.xml": content}))
    with pytest.raises(BadElement, match="står to ganger"):
        rows_of(tmp_path / "twice.zip")


def test_a_part_of_master_files_alone_has_no_controls_and_an_export_of_such_parts_is_refused(tmp_path):
    masters = re.sub("<GeneralLedgerEntries>.*</GeneralLedgerEntries>", "", text_of(), flags=re.DOTALL).encode()
    (tmp_path / "all.zip").write_bytes(packed({"a_1_2.xml": masters, "a_2_2.xml": text_of().encode()}))
    assert len(rows_of(tmp_path / "all.zip")[0]) == 3
    (tmp_path / "none.zip").write_bytes(packed({"a_1_2.xml": masters, "a_2_2.xml": masters}))
    with pytest.raises(BadElement, match="kontrollsummer"):
        rows_of(tmp_path / "none.zip")


def test_a_year_and_a_month_at_the_end_of_a_name_are_no_part_of_an_export(tmp_path):
    for name in ("saft_2026_03.xml", "regnskap_1_12.xml"):
        (tmp_path / name).write_text(text_of())
        assert len(rows_of(tmp_path / name)[0]) == 3


def test_a_member_that_is_damaged_within_its_zip_is_refused(tmp_path):
    content = bytearray(packed({"a.xml": text_of().encode()}))
    at = content.index(b"a.xml") + 200
    content[at : at + 40] = bytes(40)
    (tmp_path / "damaged.zip").write_bytes(content)
    with pytest.raises(SharingError, match=r"skadet i zip-filen|ikke gyldig XML"):
        rows_of(tmp_path / "damaged.zip")


def test_an_export_of_closing_entries_alone_would_replace_its_month_and_is_refused(tmp_path):
    path = tmp_path / "a.xml"
    for period in ("13", "0"):
        text = re.sub("<PeriodStart>[0-9]+<", f"<PeriodStart>{period}<", text_of())
        path.write_text(re.sub("<PeriodEnd>[0-9]+<", f"<PeriodEnd>{period}<", text))
        with pytest.raises(BadElement, match="bare åpnings- eller avslutningsposter"):
            rows_of(path)


def test_registers_are_proposed_from_the_files_own_tables_and_none_is_guessed_when_empty(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text(text_of())
    tables = saft.tables_of(documents.parts_of(path))
    assert {r["account"]: r["taken"] for r in saft.proposed(saft.ACCOUNTS, tables)} == {
        "2400": False,
        "2710": False,
        "5000": True,
        "6300": True,
    }
    assert {r["analysis_type"]: r["use"] for r in saft.proposed(saft.DIMENSIONS, tables)} == {
        "A": "COST_CENTER",
        "P": "PROJECT",
    }
    kostra = saft.Tables(accounts={n: ("", "KA_K", n, None) for n in ("010", "429", "470", "47²", "500", "700")})
    assert [r["account"] for r in saft.proposed(saft.ACCOUNTS, kostra) if r["taken"]] == ["010", "470"]
    with pytest.raises(Refused, match="tar ikke med noen konto"):
        rows_of(path, ReaderInputs(COMPANY))
    with pytest.raises(Refused, match="company_number er ikke satt"):
        rows_of(path, ReaderInputs())


def test_a_month_exported_again_replaces_what_it_held_and_never_a_part_of_it(tmp_path):
    """Through the inbox and the reader's process: changed, new and gone lines, with a reason in the journal."""
    home = Settings(home=tmp_path, company_number=COMPANY, settle_seconds=0.0, disk_reserve_mb=0)
    landing = open_landing(home)
    for name, rows in ((saft.ACCOUNTS, ACCOUNTS), (saft.DIMENSIONS, DIMENSIONS)):
        full = [{c.name: row.get(c.name) for c in REGISTERS[name].columns} for row in rows]
        registers.apply(landing, REGISTERS[name], full, by="okonomi", reason="first", now=utc_now())

    def drop(name: str, text: str) -> Path:
        folder = home.inbox / "cost_entry" / "regnskap"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
        return folder

    def counting() -> dict[str, int]:
        entries = [e for e in open_landing(home).of("cost_entry") if open_landing(home).withdrawal(e) is None]
        rows = [row for e in entries for row in pq.read_table(open_landing(home).file(e)).to_pylist()]
        assert len({r["entry_id"] for r in rows}) == len(rows)
        return {str(r["entry_id"]): r["amount_ore"] for r in rows}

    folder = drop("q1.xml", text_of())
    assert inbox.take_in(home, landing).accepted
    receipt = json.loads((folder / "q1.xml.receipt.json").read_text())
    assert receipt["of_file"] | {"lines": 9, "lines_left_out": 6} == receipt["of_file"]
    assert counting() == {"2026/K/B1/1": 10_000_00, "2026/K/B2/1": -333, "2026/K/B3/1": 4}

    drop("again.xml", text_of())
    assert inbox.take_in(home, landing).duplicate  # the same content is the same batch

    drop("q1-mended.xml", text_of([entry(1, 11_000_00), entry(4, 7)]))
    assert inbox.take_in(home, landing).accepted
    assert counting() == {"2026/K/B1/1": 11_000_00, "2026/K/B4/1": 7}
    (mark,) = [m for m in open_landing(home).marks if m.kind == "withdraw"]
    assert "a later export of 999999999 for 2026-01 to 2026-03" in mark.reason

    drop("january.xml", text_of([entry(1, 12_000_00)], last=1))
    assert inbox.take_in(home, landing).rejected
    reason = json.loads(next((home.inbox / "rejected").rglob("january.xml.reason.json")).read_text())
    assert reason["kind"] == "period_overlap"
    assert "Eksporter hele 2026-01–2026-03 på nytt" in reason["mend"]

    drop("year.xml", text_of([entry(1, 12_000_00)], last=12))
    assert inbox.take_in(home, landing).accepted
    assert counting() == {"2026/K/B1/1": 12_000_00}

    landing = open_landing(home)
    first = next(e for e in landing.of("cost_entry") if landing.withdrawal(e))
    with pytest.raises(WrongUse, match="both would count"):
        landing.reinstate(first, by="okonomi", reason="undone", now=utc_now())

    elsewhere = home.inbox / "cost_entry" / "lonn"
    elsewhere.mkdir(parents=True)
    (elsewhere / "same.xml").write_text(text_of([entry(1, 12_000_01)], last=12))
    assert inbox.take_in(home, landing).rejected
    reason = json.loads(next((home.inbox / "rejected").rglob("same.xml.reason.json")).read_text())
    assert (reason["kind"], "Send filen som regnskap" in reason["mend"]) == ("period_overlap", True)
    assert counting() == {"2026/K/B1/1": 12_000_00}

    drop("bad.xml", text_of().replace("<Period>1<", "<Period>x<", 1))
    assert inbox.take_in(home, landing).rejected
    reason = json.loads(next((home.inbox / "rejected").rglob("bad.xml.reason.json")).read_text())
    assert (reason["kind"], reason["column"]) == ("bad_element", "Period")
    assert reason["line"] > 0
