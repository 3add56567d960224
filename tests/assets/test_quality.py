"""Rules that warn: much set aside, and a month with far fewer rows than usual."""

from datetime import date

import pyarrow as pa
import pytest

from assets import quality
from catalog.contracts.scan import Values
from catalog.tables.quality import ACCOUNTING

NOTHING = {"conformed": 0, "superseded": 0, "quarantined": 0, "held": 0, "withdrawn": 0}


@pytest.fixture
def broken(session):
    """The rows that break a rule, of an accounting."""

    def broken(name, *rows):
        (rule,) = (rule for rule in quality.TABLE_RULES if rule.name == name)
        assert rule.severity == "WARN"
        table = pa.Table.from_pylist([NOTHING | row for row in rows], ACCOUNTING.arrow_schema)
        return session.cleared().table(rule.broken({"accounting": Values(table)})).to_pylist()

    return broken


def landed(stream: str, rows: int, month: date | None = None, **more: int) -> dict[str, object]:
    return {"stream": stream, "month": month, "landed": rows, **more}


def test_more_than_one_row_in_twenty_set_aside_is_told_unless_few_landed(broken):
    rows = [landed("a", 100, quarantined=5), landed("b", 100, quarantined=6), landed("c", 99, quarantined=99)]
    assert [row["stream"] for row in broken("few_rows_set_aside", *rows)] == ["b"]


def test_a_month_with_less_than_half_of_the_usual_rows_is_told_but_not_the_last_nor_without_a_habit(broken):
    def year(stream, *counts):
        return [landed(stream, rows, date(2026, month, 1)) for month, rows in enumerate(counts, 1)]

    rows = [
        *year("falls", 100, 90, 110, 49, 100),
        *year("holds", 100, 90, 110, 50, 100),
        *year("goes on", 100, 90, 110, 1),
        *year("is new", 100, 1, 100, 100),
        landed("whole", 1),
    ]
    assert broken("volume_holds", *rows) == [
        {"stream": "falls", "month": date(2026, 4, 1), "landed": 49, "usual": 100.0}
    ]
