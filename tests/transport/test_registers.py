"""Registers as files that people edit: out, in again unchanged, and every broken row by its number."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from catalog.errors import RegisterRejected, UnknownName, Unreadable
from catalog.tables.registers import GUIDE, REGISTERS
from tests.thorough import examples
from transport.ingest import registers

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)
HEAD = "municipality_code;service;status;followed_up_on;note\n"
ROW = "0301;svarut;PLANLAGT;2026-01-01;ring\n"
PIECES = st.sampled_from(
    ["=cmd|' /C calc'!A0", "=", "+1", "-1", "@x", "'", "''", "'=", '"', '""', ";", ",", "\n", "\r\n", "\t", "«»", "1,5",
     "æøå ÆØÅ", "0301", "true", "2026-01-01", "_x0041_", "&amp;", "<b>", "http://x.no", "漢", "😀", "#N/A", " "]
)  # fmt: skip
TEXT = (
    st.lists(PIECES | st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=3), min_size=1, max_size=4)
    .map("".join)
    .map(str.strip)
    .filter(bool)
)  # fmt: skip
VALUES = {
    pa.string(): TEXT,
    pa.int64(): st.integers(-(10**15), 10**15),
    pa.int32(): st.integers(-(2**31), 2**31 - 1),
    pa.bool_(): st.booleans(),
    pa.date32(): st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    pa.decimal128(18, 6): st.decimals(-(10**11), 10**11, places=6),
}


@st.composite
def filled(draw):
    contract = draw(st.sampled_from([r for r in REGISTERS.values() if all(c.type in VALUES for c in r.columns)]))
    keys, rows = set(), []
    for _ in range(draw(st.integers(1, 4))):
        row = {c.name: draw(VALUES[c.type] if not c.null else st.none() | VALUES[c.type]) for c in contract.columns}
        key = tuple(row[k] for k in contract.key)
        if key not in keys:
            keys.add(key)
            rows.append(row)
    return contract, pa.Table.from_pylist(rows, contract.schema)


def with_text(text: str):
    contract = REGISTERS["project"]
    row = {"project": text, "title": text, "financing": text, "granted_ore": None}
    return contract, pa.Table.from_pylist([row], contract.schema)


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@settings(max_examples=examples(80), suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(with_text("=1+1"))
@example(with_text("'=1"))
@example(with_text("''-1"))
@example(with_text("a\r\nb"))
@example(with_text("a\nb\n\nc"))
@example(with_text("_x0041_"))
@example(with_text('"a";"b"'))
@given(filled())
def test_a_register_that_is_exported_and_read_again_is_the_same(tmp_path, ending, made):
    contract, table = made
    file = tmp_path / f"register{ending}"
    registers.export(contract, table, file)
    assert registers.checked_rows(contract, file) == table.to_pylist()


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("text", ["=1+1", "+47 1", "-1", "@x", "'=1", "''=1"])
def test_no_exported_cell_is_run_by_a_spreadsheet(tmp_path, ending, text):
    contract, table = with_text(text)
    file = tmp_path / f"register{ending}"
    registers.export(contract, table, file)
    if ending == ".csv":
        cells = file.read_text("utf-8-sig").splitlines()[1].split(";")
    else:
        import openpyxl

        (row,) = openpyxl.load_workbook(file).worksheets[0].iter_rows(min_row=2)
        assert {c.data_type for c in row} <= {"s", "n"}
        cells = [c.value for c in row]
    assert cells[0] == f"'{text}"


def sheet(*rows) -> bytes:
    import openpyxl

    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def checked(tmp_path, name: str, content: bytes):
    file = tmp_path / name
    file.write_bytes(content)
    return registers.checked_rows(REGISTERS["follow_up"], file)


GOOD = [
    {
        "municipality_code": "0301",
        "service": "svarut",
        "status": "PLANLAGT",
        "followed_up_on": date(2026, 1, 1),
        "note": "ring",
    }
]


@pytest.mark.parametrize(
    "content",
    [
        HEAD + ROW,
        "\ufeff" + HEAD + ROW,
        (HEAD + ROW).replace(";", ","),
        (HEAD + ROW).replace("\n", "\r\n"),
        HEAD + "\n" + ROW + ";;;;\n\n",
        "status;municipality_code;note;service;followed_up_on\nPLANLAGT;0301;ring;svarut;2026-01-01\n",
        (HEAD + ROW).replace("status;", " status ;"),
    ],
    ids=["semicolons", "BOM", "commas", "CRLF", "empty rows", "another order", "spaces about a name"],
)
def test_csv_is_read_as_spreadsheets_write_it(tmp_path, content):
    assert checked(tmp_path, "a.csv", content.encode()) == GOOD


def test_a_spreadsheets_own_days_numbers_and_empty_columns_are_read(tmp_path):
    head = ["municipality_code", "service", "status", "followed_up_on", None, "note", None]
    row = ["0301", "svarut", "PLANLAGT", datetime(2026, 1, 1), None, "ring", None]  # noqa: DTZ001 - a spreadsheet has no offsets
    assert checked(tmp_path, "a.xlsx", sheet(head, row)) == GOOD


BROKEN = {
    "a day": (
        HEAD + ROW + ROW.replace("0301", "1103").replace("2026-01-01", "i fjor"), ["row 3, followed_up_on: 'i fjor'"],
    ),
    "a required value": (HEAD + ROW.replace("PLANLAGT", ""), ["row 2, status: a value is required"]),
    "an unknown column": (
        HEAD.replace("status", "statuss") + ROW, ["row 2, statuss: no such column; did you mean 'status'?"],
    ),
    "too many fields": (HEAD + ROW.strip() + ";x;y\n", ["row 2, (more fields than columns): no such column"]),
    "a key twice": (HEAD + ROW + "1103;svarut;PLANLAGT;;\n" + ROW, ["row 4: the same key as row 2"]),
    "several": (
        HEAD + ROW.replace("2026-01-01", "x") + ROW + ROW.replace("PLANLAGT", ""),
        ["row 2, followed_up_on", "row 4, status"],
    ),
    "no rows": (HEAD, ["the file has no rows"]),
    "nothing": ("", ["the file has no rows"]),
}  # fmt: skip


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize(("text", "faults"), BROKEN.values(), ids=BROKEN)
def test_a_broken_row_is_named_with_row_and_column_and_all_are_told(tmp_path, text, faults, ending):
    content = text.encode()
    if ending == ".xlsx":
        if "more fields" in faults[0]:
            faults = ["row 2, : no such column"]
        content = sheet(*([v or None for v in line.split(";")] for line in text.splitlines()))
    if ending == ".xlsx" and ";x;y" in text:
        content = sheet([*HEAD.strip().split(";"), None, None], [*ROW.strip().split(";"), "x", "y"])
    with pytest.raises(RegisterRejected) as rejected:
        checked(tmp_path, f"a{ending}", content)
    assert len(rejected.value.faults) == len(faults)
    for said, fault in zip(rejected.value.faults, faults, strict=True):
        assert said.startswith(fault)
    assert "apply the file again" in rejected.value.mend


OF_ANOTHER_DAY = {
    "a meaning now": (
        "code_decision",
        "producer;reported_code;municipality_code;reason\nnav;5302;3811;x\nnav;5303;3911;x\n",
        ["row 2, municipality_code: 3811 ended 2024-01-01; now 3911"],
    ),
    "a meaning now, of a municipality that was split": (
        "code_decision",
        "producer;reported_code;municipality_code;reason\nnav;5302;1507;x\n",
        ["row 2, municipality_code: 1507 ended 2024-01-01; now 1508 or 1580"],
    ),
    "a member from a later day": (
        "network_member",
        "network_id;municipality_code;valid_from;certainty\nd;3811;2024-01-01;CONFIRMED\nd;3811;2023-12-31;CONFIRMED\n",
        ["row 2, municipality_code: 3811 ended 2024-01-01; now 3911"],
    ),
    "an organisation from a later day": (
        "organisation",
        "organisation_number;name;kind;municipality_code;valid_from\n974760673;S;COMPANY;3811;2025-01-01\n",
        ["row 2, municipality_code: 3811 ended 2024-01-01; now 3911"],
    ),
}


@pytest.mark.parametrize(("name", "text", "faults"), OF_ANOTHER_DAY.values(), ids=OF_ANOTHER_DAY)
def test_a_municipality_that_had_ended_on_the_day_of_the_row_is_refused_with_the_one_of_now(
    tmp_path, name, text, faults
):
    file = tmp_path / "a.csv"
    file.write_text(text)
    with pytest.raises(RegisterRejected) as rejected:
        registers.checked_rows(REGISTERS[name], file)
    assert list(rejected.value.faults) == faults


UNREADABLE = {
    "latin-1": ("a.csv", (HEAD + ROW.replace("ring", "æ")).encode("latin-1"), "is not UTF-8"),
    "UTF-16": ("a.csv", (HEAD + ROW).encode("utf-16"), "not UTF-8"),
    "a field without end": ("a.csv", (HEAD + '"' + "x" * 200_000).encode(), "not valid CSV"),
    "another ending": ("a.txt", b"x", "neither .csv nor .xlsx"),
    "no spreadsheet": ("a.xlsx", b"x", "cannot be read as XLSX"),
}


@pytest.mark.parametrize(("name", "content", "says"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_answered_with_why(tmp_path, name, content, says):
    with pytest.raises(Unreadable, match=says) as refused:
        checked(tmp_path, name, content)
    assert refused.value.mend


def test_a_file_that_is_not_there_and_an_export_to_another_form_are_answered(tmp_path):
    with pytest.raises(Unreadable, match=r"no file nothing\.csv"):
        registers.checked_rows(REGISTERS["payer"], tmp_path / "nothing.csv")
    contract, table = with_text("x")
    with pytest.raises(Unreadable, match=r"neither \.csv nor \.xlsx"):
        registers.export(contract, table, tmp_path / "a.ods")


def test_amounts_of_a_closed_quarter_from_before_they_named_projects_are_still_read(tmp_path):
    file = tmp_path / "closed_amount.csv"
    head = "quarter;period;original_period;service;account;category;amount_ore"
    file.write_text(f"{head}\n2026-Q1;2026-01-01;2026-01-01;;LOAN;DRAWDOWN;900\n", "utf-8")
    [row] = registers.checked_rows(REGISTERS["closed_amount"], file)
    assert (row["project"], row["amount_ore"]) == (None, 900)


def test_a_price_of_an_element_under_a_service_that_does_not_have_it_is_refused(home):
    rule = {
        "kind": "PER_UNIT", "valid_from": date(2026, 1, 1), "unit": "stk", "amount": Decimal("1.5"),
        "price_element": "svarut-altinn",
    }  # fmt: skip
    registers.check_rules(home.settings, REGISTERS["price_rule"], [rule | {"service": "svarut"}])
    with pytest.raises(RegisterRejected) as rejected:
        registers.check_rules(home.settings, REGISTERS["price_rule"], [rule | {"service": "fiks-io"}])
    assert [fault.split(": ")[1] for fault in rejected.value.faults] == [
        "price_element must belong to the value of service"
    ]


def test_prices_for_use_that_differ_by_size_or_kind_of_customer_are_refused(home):
    use = {
        "price_element": "svarut-altinn", "service": "svarut", "kind": "PER_UNIT", "valid_from": date(2026, 1, 1),
        "unit": "stk", "amount": Decimal("1.5"),
    }  # fmt: skip
    for apart in ({"size_low": 10_000}, {"size_high": 10_000}, {"customer_kind": "COUNTY"}):
        with pytest.raises(RegisterRejected) as rejected:
            registers.check_rules(home.settings, REGISTERS["price_rule"], [use | apart])
        [fault] = rejected.value.faults
        assert "must not depend on inhabitants or kind of customer" in fault
    registers.check_rules(home.settings, REGISTERS["price_rule"], [use | {"kind": "SIZE_CLASS", "size_low": 10_000}])


def test_a_price_of_what_is_counted_each_month_is_refused_for_a_longer_time(home):
    account = {
        "price_element": "fiksio", "service": "fiks-io", "kind": "PER_ACCOUNT", "valid_from": date(2026, 1, 1),
        "unit": "konto per måned", "amount": Decimal(1200),
    }  # fmt: skip
    registers.check_rules(home.settings, REGISTERS["price_rule"], [account])
    for unit in ("konto per år", "konto per kvartal"):
        with pytest.raises(RegisterRejected) as rejected:
            registers.check_rules(home.settings, REGISTERS["price_rule"], [account | {"unit": unit}])
        [fault] = rejected.value.faults
        assert "State the monthly price" in fault


MAPPED = "account;cost_center;service;cost_category;allocation_key;valid_from;valid_to;synthetic\n"
SPANS = {
    "side by side": (["", "2026-04-01"], ["2026-04-01", ""], ""),
    "one in another": (["", ""], ["2026-04-01", ""], "two rows hold from 2026-04-01"),
    "a month in both": (["2026-01-01", "2026-05-01"], ["2026-04-01", ""], "two rows hold from 2026-04-01"),
    "both from the first": (["", ""], ["", "2026-04-01"], "two rows hold from the first"),
    "within a month": (["2026-04-15", ""], ["", "2026-04-01"], "valid_from must be the first of a month"),
    "backwards": (["2026-04-01", "2026-03-01"], ["2026-05-01", ""], "valid_to must be after valid_from"),
}


@pytest.mark.parametrize(("one", "other", "says"), SPANS.values(), ids=SPANS)
def test_two_rows_that_place_the_same_cost_in_a_month_are_refused(one, other, says, home, tmp_path):
    file = tmp_path / "cost_mapping.csv"
    # an empty cost centre and a missing one are the same
    rows = [f"6420;{center};svarut;DRIFT;;{';'.join(span)};" for center, span in (("", one), (" ", other))]
    file.write_text(MAPPED + "\n".join([*rows, "6420;4010;svarut;DRIFT;;;;", "6430;;svarut;DRIFT;;;;"]), "utf-8")
    typed = registers.checked_rows(REGISTERS["cost_mapping"], file)
    if not says:
        registers.check_rules(home.settings, REGISTERS["cost_mapping"], typed)
        return
    with pytest.raises(RegisterRejected, match=says):
        registers.check_rules(home.settings, REGISTERS["cost_mapping"], typed)


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["fixed_assets;svarut;2026-01-01;2027-01-01;;400000;økonomi"], "no rate holds in 2026"),
        (["settle_deficit_years;;2026-01-01;;;6;styret"], "value is from 1 to 5"),
        (["deficit;;2024-01-01;2025-01-01;CARRIED;;", "deficit;;2026-01-01;;COVERED;;styret"], "source"),
        (
            ["deficit;;2024-01-01;2025-01-01;CARRIED;;styret", "deficit;;2026-01-01;;COVERED;;styret"],
            "no row holds in 2025",
        ),
        (["price_deflator;;2027-01-01;2028-01-01;indeks;3,2;SSB", "deficit;;2026-01-01;;COVERED;;styret"], ""),
    ],
)
def test_rules_of_self_cost_are_refused_with_the_year_and_what_to_add(rows, says, home, tmp_path):
    file = tmp_path / "self_cost_rule.csv"
    file.write_text("rule;service;valid_from;valid_to;choice;value;source\n" + "\n".join(rows), "utf-8")
    with pytest.raises(RegisterRejected, match=says) if says else contextlib.nullcontext():
        typed = registers.checked_rows(REGISTERS["self_cost_rule"], file)
        registers.check_rules(home.settings, REGISTERS["self_cost_rule"], typed)


OLD_AALESUND, AALESUND = "920415288", "929911709"
FIRST, SECOND = "939461450", "939760946"
"""Numbers that no source gives to anybody here: the two organisations are made up."""


@pytest.mark.parametrize(
    ("successors", "says"),
    [
        ((AALESUND, AALESUND), ""),
        ((OLD_AALESUND, AALESUND), f"its successor {OLD_AALESUND} became part of {AALESUND}; name the organisation"),
        ((SECOND, AALESUND), f"its successor {SECOND} became part of {AALESUND}"),
    ],
)
def test_a_successor_that_has_itself_ended_is_refused_with_who_it_became_part_of(successors, says, home, tmp_path):
    rows = [
        f"{number};{name};MUNICIPALITY;1504;;;2020-01-01;{successor};true"
        for number, name, successor in zip((FIRST, SECOND), ("Første", "Andre"), successors, strict=True)
    ]
    head = "organisation_number;name;kind;municipality_code;county_code;valid_from;valid_to;successor_number;synthetic"
    file = tmp_path / "organisation.csv"
    file.write_text("\n".join([head, *rows]), "utf-8")
    typed = registers.checked_rows(REGISTERS["organisation"], file)
    with pytest.raises(RegisterRejected, match=says) if says else contextlib.nullcontext():
        registers.check_rules(home.settings, REGISTERS["organisation"], typed)


def test_a_mapping_of_cost_from_before_it_had_dates_is_still_read(tmp_path):
    file = tmp_path / "cost_mapping.csv"
    file.write_text("account;cost_center;service;cost_category\n6420;;svarut;DRIFT\n", "utf-8")
    [row] = registers.checked_rows(REGISTERS["cost_mapping"], file)
    assert (row["valid_from"], row["valid_to"]) == (None, None)


def test_an_unknown_register_is_answered_with_the_nearest():
    assert registers.contract_of("payer").name == "payer"
    with pytest.raises(UnknownName, match="Did you mean 'payer'"):
        registers.contract_of("payers")


def test_applied_rows_land_whole_as_a_version_with_who_when_and_why(home):
    contract = REGISTERS["price_rule"]
    row = {"price_element": "x", "service": "svarut", "kind": "k", "valid_from": date(2026, 1, 1), "unit": "stk"}
    row["amount"] = Decimal("1.5")
    for number, reason in enumerate(["først", "så"]):
        rows = [row | {"size_low": n} for n in range(number + 1)]
        registers.apply(home.landing, contract, rows, by="økonomi", reason=reason, now=NOW.replace(hour=8 + number))
    versions = registers.history(home.landing, "price_rule")
    assert [(v.applied_by, v.reason, v.rows, v.applied_at.hour) for v in versions] == [
        ("økonomi", "først", 1, 8), ("økonomi", "så", 2, 9),
    ]  # fmt: skip
    assert registers.history(home.landing, "payer") == []
    assert '"amount": "1.5"' in home.landed("register")["values"][0].as_py()
    assert len(home.landing.entries) == 2


VANISHING = {
    "a quote within a field": (HEAD + ROW.replace("ring", 'r"ing'), "Line 2 is not valid CSV"),
    "a quote that is not closed": (
        HEAD + ROW.replace("ring", '"ring') + ROW.replace("0301", "1103"),
        "Line 2 is not valid CSV",
    ),
    "a row without its last field": (HEAD + "0301;svarut;PLANLAGT\n", "row 2, .fewer fields than columns."),
    "a column twice": (HEAD.replace("followed_up_on", "note") + ROW, "Column 'note' appears twice"),
}


@pytest.mark.parametrize(("text", "says"), VANISHING.values(), ids=VANISHING)
def test_a_register_in_which_a_row_or_a_cell_would_be_lost_is_refused(tmp_path, text, says):
    with pytest.raises((RegisterRejected, Unreadable), match=says):
        checked(tmp_path, "a.csv", text.encode())


SHEET = [HEAD.strip().split(";"), *([f"{code:04}", "svarut", "PLANLAGT", "2026-01-01", "ring"] for code in range(20))]


def crafted(old: bytes, new: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sheet(*SHEET))) as whole, zipfile.ZipFile(out, "w") as made:
        for name in whole.namelist():
            said = whole.read(name)
            made.writestr(name, re.sub(old, new, said, count=1) if name.endswith("sheet1.xml") else said)
    return out.getvalue()


@pytest.mark.parametrize("size", [b"A1:E5", b"A1", b"A1:C21"])
def test_every_row_of_a_register_is_read_whatever_size_its_sheet_claims(tmp_path, size):
    assert len(checked(tmp_path, "a.xlsx", crafted(rb'(?<=<dimension ref=")[^"]+', size))) == 20


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (rb'(?<=<c r="E5") t="inlineStr"><is><t>ring</t></is>', rb"><f>1+1</f>", "E5 is a formula"),
        (rb'<row r="21"', rb'<row r="20"', "out of place"),
        (rb'(?<=<c r="E5") t="inlineStr"><is><t>ring</t></is>', rb' t="e"><v>#REF!</v>', "E5 holds the error #REF!"),
    ],
    ids=["a formula", "a row number twice", "an error"],
)
def test_a_cell_of_a_register_that_says_nothing_is_refused_by_its_place(tmp_path, old, new, says):
    with pytest.raises(Unreadable, match=says):
        checked(tmp_path, "a.xlsx", crafted(old, new))


def test_a_second_sheet_is_refused_and_the_guide_beside_a_form_is_not(tmp_path):
    contract = REGISTERS["follow_up"]
    form = registers.Sheet(
        titles={c.name: c.title.nb for c in contract.columns}, notes={}, fill=("status",), choices={}, wide=(),
        name="Oppfølging", guide=(GUIDE.nb, ["Skriv status."]), how="Se arket ved siden av.", refused="",
    )  # fmt: skip
    rows = [{"municipality_code": "0301", "service": "svarut"}]
    registers.write_form(contract, rows, form, tmp_path / "form.xlsx")
    assert registers.read_form(contract, tmp_path / "form.xlsx", today=NOW.date()).skipped == 1
    registers.write_form(contract, rows, replace(form, guide=("Mer", ["0301"])), tmp_path / "two.xlsx")
    with pytest.raises(Unreadable, match="Sheet 'Mer' is not empty"):
        registers.read_form(contract, tmp_path / "two.xlsx", today=NOW.date())


def followed(code: str, status: str) -> dict[str, object]:
    return {"municipality_code": code, "service": "svarut", "status": status, "followed_up_on": None, "note": None}


def test_a_merge_that_was_overtaken_applies_nothing_and_one_that_empties_a_register_withdraws_its_versions(home):
    contract, clock = REGISTERS["follow_up"], iter(range(60))

    def merge(*rows, **more):
        now = NOW.replace(minute=next(clock))
        return registers.merge(home.settings, home.landing, contract, rows, by="x", reason="y", now=now, **more)

    old, planned = followed("1201", "KONTAKTET"), followed("4601", "PLANLAGT")
    assert merge(old).entry
    assert merge(followed("4601", "KONTAKTET")).entry is not None, "the old code gives way to the one of now"
    overtaken = merge(planned, expected_rows={("4601", "svarut"): None})
    assert (overtaken.entry, [row["status"] for row in overtaken.overtaken]) == (None, ["KONTAKTET"])
    assert merge(planned, expected_rows={("4601", "svarut"): old}).entry, (
        "what was seen is what is in force, by any code"
    )
    assert merge(planned).entry is None
    assert merge(without=[("4601", "svarut")]).entry
    assert registers.latest(home.landing, contract).num_rows == 0
    assert merge(planned).after == [planned]
