"""A value written as text is read as what is written, or refused: a strict oracle over generated files."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from uuid import UUID

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.domain import calendar
from catalog.errors import Refused
from catalog.tables.streams import STREAMS
from tests.thorough import examples
from tests.transport.conftest import encoded, table_of
from transport.ingest import formats
from transport.ingest.batch_validator import BatchValidator

COLUMNS = {
    "decimal with 4": ("measurement", "quantity"),
    "decimal with 6": ("invoice_line", "unit_price"),
    "int32": ("dispatch", "page_count"),
    "int64": ("dispatch", "byte_count"),
    "date": ("invoice_line", "invoiced_on"),
    "timestamp": ("dispatch", "state_at"),
    "bool": ("dispatch", "digital_only"),
    "uuid": ("dispatch", "dispatch_id"),
    "text": ("adoption", "note"),
}
NO_VALUE = object()
"""The oracle's answer for a text that is no value of the type."""
LONG = re.compile(r".*([0-9]{20}|[eE][+-]?[0-9]{2})", re.DOTALL).match
"""Numbers and powers of ten so long may be refused though Python reads them."""


def meant(kind: pa.DataType, text: str, point: str) -> object:
    """What a text means: Python's exact types, behind the forms that docs/send-data.md names."""
    if pa.types.is_string(kind):
        return NO_VALUE if "\0" in text else text or None
    if not text:
        return None
    try:
        return _value(kind, text.strip(), re.escape(point))
    except (ValueError, ArithmeticError):
        return NO_VALUE


def _value(kind: pa.DataType, text: str, point: str) -> object:
    if pa.types.is_decimal(kind):
        form = rf"[+-]?([0-9]+({point}[0-9]*)?|{point}[0-9]+)([eE][+-]?[0-9]+)?"
        return _decimal(kind, text) if re.fullmatch(form, text) else NO_VALUE
    for is_kind, form, value, within in ORACLES:
        if is_kind(kind):
            good = re.fullmatch(form, text) and within(value(text), kind)
            return value(text) if good else NO_VALUE
    raise AssertionError(kind)


def _decimal(kind: pa.Decimal128Type, text: str) -> object:
    """The number in whole units of the type's last place, if there are such."""
    sign, digits, power = Decimal(text.replace(",", ".")).as_tuple()
    number, power = int("".join(map(str, digits))), power + kind.scale
    units, rest = (number * 10 ** min(power, 400), 0) if power >= 0 else divmod(number, 10 ** min(-power, 500))
    return NO_VALUE if rest or units >= 10**kind.precision else Decimal((-1) ** sign * units).scaleb(-kind.scale)


def in_calendar(moment: datetime, _kind: object) -> bool:
    return calendar.start_of(calendar.EARLIEST) <= moment < calendar.start_of(calendar.LATEST)


TRUTHS = dict.fromkeys(["true", "1", "ja", "sann"], True) | dict.fromkeys(["false", "0", "nei", "usann"], False)
ORACLES: list[tuple[Callable[..., bool], str, Callable[[str], object], Callable[..., bool]]] = [
    (pa.types.is_integer, "-?[0-9]+", int, lambda n, kind: -(2**kind.bit_width) <= 2 * n < 2**kind.bit_width),
    (
        pa.types.is_date, "[0-9]{4}-[0-9]{2}-[0-9]{2}", date.fromisoformat,
        lambda day, _: calendar.EARLIEST <= day < calendar.LATEST,
    ),
    (
        pa.types.is_timestamp, "[0-9-]{10}[T ][0-9:.]{5,15}(Z|[+-][0-9]{2}(:?[0-5][0-9])?)", datetime.fromisoformat,
        in_calendar,
    ),
    (pa.types.is_boolean, "[A-Za-z01]+", lambda text: TRUTHS.get(text.lower()), lambda truth, _: truth is not None),
    (
        lambda kind: kind == pa.uuid(), "[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", UUID,
        lambda *_: True,
    ),
]  # fmt: skip
"""By type: the form, and Python's value of it, with what bounds it."""


DIGITS = st.one_of(
    st.text("0123456789", max_size=8), st.text("09", max_size=60), st.integers(0, 2**130).map(str), st.just("0" * 41)
)
NUMBERS = st.builds(
    lambda sign, whole, point, part, power: f"{sign}{whole}{point}{part}{power}",
    st.sampled_from(["", "", "-", "+"]),
    DIGITS,
    st.sampled_from(["", ".", ","]),
    DIGITS,
    st.one_of(st.just(""), st.integers(-420, 420).map("e{}".format), st.sampled_from(["E+1", "e-3", "E2"])),
)
ASCII = st.characters(max_codepoint=127)
DAYS = st.one_of(st.dates().map(str), st.from_regex("[0-9]{4}-[01][0-9]-[0-3][0-9]", fullmatch=True, alphabet=ASCII))
TIMES = st.builds(
    lambda day, between, time, offset: f"{day}{between}{time}{offset}",
    st.one_of(DAYS, st.dates(date(1899, 12, 30), date(2100, 1, 3)).map(str)),
    st.sampled_from(["T", "T", " ", "t"]),
    st.one_of(
        st.times().map(str), st.sampled_from(["12:00", "24:00:00", "23:59:60", "12", "1:00", "12:00:00.1234567"])
    ),
    st.sampled_from(["Z", "+01:00", "-0530", "+00", "", "+24:00", "z", "+01:60", "-23:59", "+1"]),
)
WORDS = st.sampled_from(["true", "TRUE", "False", "ja", "Nei", "sann", "\u017fann", "usann", "1", "0", "2", "yes"])
IDS = st.uuids().flatmap(lambda u: st.sampled_from([str(u), u.hex, str(u).upper(), f"{{{u}}}", str(u)[:-1]]))
STRANGE = " \t\u00a0\x1f\u2003\0_x'\"\n\r;,.-+eE:TZ0\uff11\u0661\u00bd\u00b2é\U0001f600="
TEXTS = st.one_of(NUMBERS, NUMBERS, DAYS, TIMES, WORDS, IDS, st.text(max_size=6), st.text(STRANGE, max_size=4)).flatmap(
    lambda text: st.one_of(
        st.just(text),
        st.builds(lambda at, sign: text[:at] + sign + text[at:], st.integers(0, len(text)), st.sampled_from(STRANGE)),
    )
)


@cache
def _records(stream: str) -> tuple[dict[str, object], ...]:
    return tuple(json.loads(line) for line in encoded(table_of(stream, 1), ".jsonl").splitlines())


def csv_with(stream: str, column: str, text: str, delimiter: str = ",") -> bytes:
    record = {k: "" if v is None else str(v) for k, v in _records(stream)[0].items()}
    if delimiter == ";":
        record = {
            k: v.replace(".", ",") if STREAMS[stream][k].type.id == pa.decimal128(1).id else v
            for k, v in record.items()
        }
    writer = csv.DictWriter(out := io.StringIO(newline=""), list(record), delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerow(record | {column: text})
    return out.getvalue().encode()


def json_with(stream: str, column: str, literal: str) -> bytes:
    record = json.dumps(_records(stream)[0] | {column: "\u00a4"}, ensure_ascii=False)
    return record.replace('"\u00a4"', literal).encode()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts")


def read(folder: Path, stream: str, column: str, name: str, content: bytes) -> object:
    """The value that is taken in; NO_VALUE where the file is refused."""
    path = folder / name
    path.write_bytes(content)
    try:
        (chunk,) = formats.open_file(path, STREAMS[stream]).chunks
        with BatchValidator(STREAMS[stream], folder / "landed", producer="p") as door:
            door.add(chunk)
            door.close()
    except Refused:
        return NO_VALUE
    return chunk[column][0].as_py()


def xlsx_with(stream: str, column: str, text: str) -> bytes:
    record = _records(stream)[0] | {column: text}
    book = openpyxl.Workbook()
    for place, (name, value) in enumerate(record.items(), 1):
        book.active.cell(1, place, name)
        cell = book.active.cell(2, place, None if value is None else str(value))
        if value is not None:
            cell.data_type = "s"
    book.save(out := io.BytesIO())
    return out.getvalue()


def is_json_number(text: str) -> bool:
    return re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?", text) is not None


FORMS: dict[str, tuple[str, Callable[[str, str, str], bytes]]] = {
    "CSV": ("a.csv", csv_with),
    "CSV with ;": ("a.csv", lambda stream, column, text: csv_with(stream, column, text, ";")),
    "JSON": ("a.jsonl", lambda stream, column, text: json_with(stream, column, json.dumps(text))),
    "JSON number": ("a.jsonl", json_with),
    "XLSX": ("a.xlsx", xlsx_with),
}


def judged(folder: Path, form: str, kind: str, text: str) -> None:
    """Check that a file with the text in a column of that type is read as what is written, or refused."""
    stream, column = COLUMNS[kind]
    contract = STREAMS[stream][column]
    wanted = meant(contract.type, text, "," if form == "CSV with ;" else ".")
    name, content = FORMS[form]
    got = read(folder, stream, column, name, content(stream, column, text))
    if got is NO_VALUE:
        assert wanted is NO_VALUE or (wanted is None and not contract.null) or LONG(text)
    else:
        assert (got, type(got)) == (wanted, type(wanted))


@pytest.mark.long("ten thousand files when all is run")
@settings(max_examples=examples(10_000, quick=60))
@given(st.sampled_from(["CSV", "CSV with ;", "JSON", "JSON number"]), st.sampled_from(list(COLUMNS)), TEXTS)
def test_a_text_is_read_as_what_is_written_or_refused(folder: Path, form: str, kind: str, text: str) -> None:
    judged(folder, "JSON" if form == "JSON number" and not is_json_number(text) else form, kind, text)


WRITTEN = [
    ("decimal with 4", "341.283066920938463463374607431768211456"),
    ("decimal with 4", "123.45" + "0" * 41),
    ("decimal with 4", "99999.9999" + "0" * 39),
    ("decimal with 6", "1" + "0" * 38),
    ("decimal with 4", "1e-400"),
    ("decimal with 4", "1.234"),
    ("decimal with 4", "1,5"),
    ("date", "0000-01-01"),
    ("date", "1899-12-31"),
    ("date", "2099-12-31"),
    ("timestamp", "9999-12-31T23:59:59Z"),
    ("timestamp", "2000-01-01T12:00+01:60"),
    ("int32", "1.5e1"),
    ("int32", "15.0"),
    ("text", "1e2"),
    ("text", "-0"),
    ("text", "true"),
    ("text", "9" * 5_000),
    ("text", "0.10"),
]


def test_what_was_read_as_something_else_is_read_as_written_or_refused(folder: Path) -> None:
    for form, (kind, text) in itertools.product(FORMS, WRITTEN):
        if form != "JSON number" or is_json_number(text) or text == "true":
            judged(folder, form, kind, text)
