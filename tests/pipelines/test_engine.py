"""By what name a run knows the rules that tables are made by: of what they do, not of how they are explained."""

import shutil
from importlib import resources

import pytest

from catalog.contracts.scan import normalized_code, normalized_sql
from pipelines import engine

STATEMENT, CODE = "assets/sql/usage/dispatch_day.sql", "assets/usage.py"
FACT, CONTRACT = "catalog/facts/measure.csv", "catalog/tables/usage.py"


@pytest.fixture
def rules(home_of, tmp_path, monkeypatch):
    """Change a file of the product and see what its rules are called."""
    for package in ("catalog", "assets"):
        shutil.copytree(resources.files(package), tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(engine.resources, "files", lambda package: tmp_path / package)

    def rules(file=CODE, old="", new=""):
        place = tmp_path / file
        text = place.read_text("utf-8")
        assert old in text
        place.write_text(text.replace(old, new, 1), "utf-8")
        with home_of(tmp_path).begun() as run:
            name = run.rules
        place.write_text(text, "utf-8")
        return name

    return rules


def test_a_changed_comment_or_docstring_is_no_other_rule_and_a_changed_statement_rule_or_fact_is(rules):
    before = rules()
    assert rules(CODE, '"""Usage:', '# why\n"""Of usage:') == before
    assert rules(STATEMENT, "select\n", "-- of each day\nselect\n") == before
    assert rules(CONTRACT, "SENSITIVE_SERVICES = ", "# those of rule 8\nSENSITIVE_SERVICES = ") == before
    assert rules("catalog/facts/README.md", "", "More of where this is from.") == before
    others = [
        rules(STATEMENT, "sum(pages)", "sum(pages) + 1"),
        rules(CODE, "all_months=True", "all_months=False"),
        rules(FACT, "meldinger", "beskjeder"),
        rules(CONTRACT, "first_of_month", "modulus_11"),
        rules("catalog/facts/protected_service.csv", "fiks-bekymringsmelding", "svarut"),
    ]
    assert len({before, *others}) == 1 + len(others)


@pytest.mark.parametrize(
    ("was", "now", "same"),
    [
        ("a = 1", "a = 1  # one", True),
        ('def f():\n    """F."""\n    return 1', 'def f():\n    """The F."""\n\n    return 1', True),
        ('A = 1\n"""What A is."""', 'A = 1\n"""What an A is."""', True),
        ('class A:\n    """An A."""', "class A:\n    pass", False),
        ('A = "text"', 'A = "other text"', False),
        ("a = 1", "a = 2", False),
        ("assert a", "assert not a", False),
    ],
)
def test_code_is_what_it_does(was, now, same):
    assert (normalized_code(was) == normalized_code(now)) is same


def test_a_statement_is_what_it_asks():
    assert normalized_sql("-- why\nselect '--'\n  -- where from\nfrom t") == "select '--'\nfrom t"
