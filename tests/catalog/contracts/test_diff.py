"""Two versions of a contract: every change of a single field is found, and judged for those who rely on it."""

from __future__ import annotations

import copy
import dataclasses
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.contracts import columns as c
from catalog.contracts import documents, rules
from catalog.contracts.diff import Kind, differences
from catalog.contracts.language import (
    Additivity,
    Audience,
    Column,
    DatasetContract,
    Deprecation,
    Repeats,
    StreamContract,
    View,
)
from catalog.exports import promised
from catalog.text import en, nb
from tests.thorough import examples
from tools import promises

QUANTITY = c.count("quantity", "Antall", "Quantity", "forsendelser", null=True)
WORDS = nb("annet") | en("other")
DATASET = DatasetContract(
    schema="usage",
    table="toy",
    title=nb("Prøve") | en("Toy"),
    about=nb("Én rad per måned og slag.") | en("One row per month and kind."),
    owner="team:dif",
    audience=Audience.LEDGER,
    columns=(
        c.MONTH.but(key=True),
        c.text("kind", "Slag", "Kind", key=True),
        QUANTITY,
        c.text("text", "Tekst", "Text"),
    ),
    rules=(rules.one_of("kind", ("A", "B")), rules.at_least("quantity", 0)),
    views=(View("toy_a", nb("Bare A") | en("A only"), without=("kind",), only=(("kind", "A"),)),),
)
STREAM = StreamContract(
    name="toy",
    title=nb("Prøve") | en("Toy"),
    about=nb("Én rad per dag og slag.") | en("One record per day and kind."),
    owner="team:dif",
    month_of="day",
    columns=(
        c.DAY.but(key=True),
        c.text("kind", "Slag", "Kind", key=True),
        QUANTITY,
        c.text("text", "Tekst", "Text"),
        c.timestamp("at", "Når", "When"),
    ),
    repeats=Repeats.LATEST,
    ordered_by="at",
    rules=(rules.one_of("kind", ("A", "B")), rules.between("quantity", 0, 5)),
)
BREAKING, NOTE, COMPATIBLE = Kind


def between(before, after):
    """The differences of two datasets or two streams, as what and kind by the part they concern."""
    of = promised.contracts
    one, other = (of([side], []) if isinstance(side, DatasetContract) else of([], [side]) for side in (before, after))
    found = differences(one, other)
    assert all(d.reason.endswith(".") for d in found)
    return {(d.column or d.rule, d.what): d.kind for d in found if d.contract in (before.name, after.name)}


def with_column(contract, changed, /, **changes):
    """The contract with one of its columns changed; the rules that name the former column go with it."""
    columns = tuple(col.but(**changes) if col.name == changed else col for col in contract.columns)
    return dataclasses.replace(contract, columns=columns)


# what is changed, and how readers and producers are judged to take it; None: the contract has no such field
OF_COLUMNS = [
    ("text", {"type": pa.int64()}, "column_type", BREAKING, BREAKING),
    ("text", {"null": True}, "column_null", BREAKING, COMPATIBLE),
    ("quantity", {"null": False}, "column_null", COMPATIBLE, BREAKING),
    ("quantity", {"unit": "øre"}, "column_unit", BREAKING, BREAKING),
    ("quantity", {"additivity": Additivity.LAST}, "column_additivity", BREAKING, None),
    ("quantity", {"perturbed": True}, "column_perturbed", NOTE, None),
    ("text", {"title": WORDS}, "column_title", NOTE, NOTE),
    ("text", {"about": WORDS}, "column_about", NOTE, NOTE),
    ("text", {"free_text": True}, "column_free_text", None, NOTE),
    ("text", {"internal": True}, "column_internal", None, NOTE),
    ("text", {"longest": 3_999}, "column_longest", None, BREAKING),
    ("text", {"longest": 4_001}, "column_longest", None, COMPATIBLE),
]


@pytest.mark.parametrize(("column", "change", "what", "for_readers", "for_producers"), OF_COLUMNS)
def test_a_changed_column_is_judged_for_readers_and_for_producers(column, change, what, for_readers, for_producers):
    for contract, kind in ((DATASET, for_readers), (STREAM, for_producers)):
        found = between(contract, with_column(contract, column, **change))
        assert found == ({(column, what): kind} if kind else {})


def test_the_table_of_changed_columns_has_every_property_of_a_column():
    told = {field for _, change, *_ in OF_COLUMNS for field in change}
    # a name is one column less and another more; a key is the contract's
    assert told | {"name", "key"} == {f.name for f in dataclasses.fields(Column)}


END = Deprecation(date(2027, 5, 31))
OF_DATASETS = {
    "schema": ("ledger", BREAKING),
    "table": ("toys", BREAKING),
    "title": (WORDS, NOTE),
    "about": (WORDS, NOTE),
    "columns": (DATASET.columns[:3], BREAKING),
    "owner": ("team:other", NOTE),
    "audience": (Audience.OWN, BREAKING),
    "freshness_hours": (48, NOTE),
    "partitioned": (True, BREAKING),
    "rules": (DATASET.rules[:1], NOTE),
    "views": ((), BREAKING),
    "sources": (("cost_entry",), NOTE),
    "version": (2, NOTE),
    "sort_by": (("month",), NOTE),
    "non_additive_across": (("kind",), BREAKING),
    "of": (DATASET, NOTE),
    "only": ((("kind", "A"),), BREAKING),
    "deprecated": (END, NOTE),
    "exact_counts": (True, BREAKING),
    "replaces_at_once": ("It told of persons.", None),  # how a change is made
    "extra": ({"facts": "toy"}, None),  # how it is made, which readers do not see
}
OF_STREAMS = {
    "name": ("toys", BREAKING),
    "title": (WORDS, NOTE),
    "about": (WORDS, NOTE),
    "columns": (STREAM.columns[:3] + STREAM.columns[4:], BREAKING),
    "owner": ("team:other", NOTE),
    "month_of": ("at", BREAKING),
    "repeats": (Repeats.CONFLICT, BREAKING),
    "ordered_by": ("text", BREAKING),
    "conflict_on": ("text", BREAKING),
    "rules": (STREAM.rules[:1], COMPATIBLE),
    "version": (2, NOTE),
    "deprecated": (END, NOTE),
    # how a run treats what has landed, which producers do not see; what is not pushed is no contract with them
    **dict.fromkeys(("partitioned", "is_personal", "measures_use", "bills_use", "pushed"), (True, None)),
    **dict.fromkeys(("python_check", "duplicates_table"), ("other", None)),
}


@pytest.mark.parametrize(("contract", "table"), [(DATASET, OF_DATASETS), (STREAM, OF_STREAMS)])
def test_every_field_of_a_contract_that_changes_is_found(contract, table):
    assert table.keys() == {f.name for f in dataclasses.fields(contract)}
    for field, (value, kind) in table.items():
        one, other = (
            promised.contracts([side], []) if contract is DATASET else promised.contracts([], [side])
            for side in (contract, dataclasses.replace(contract, **{field: value}))
        )
        kinds = [d.kind for d in differences(one, other)]
        assert (min(kinds, key=list(Kind).index) if kinds else None) == kind, field


def test_a_new_column_breaks_a_producer_only_when_it_is_required():
    new = c.text("new", "Ny", "New")
    for contract, optional, kind in (
        (DATASET, True, COMPATIBLE),
        (DATASET, False, COMPATIBLE),
        (STREAM, True, COMPATIBLE),
        (STREAM, False, BREAKING),
    ):
        more = dataclasses.replace(contract, columns=(*contract.columns, new.but(null=optional)))
        assert between(contract, more) == {("new", "column_added"): kind}


def test_another_key_and_another_name_break_both():
    for contract in (DATASET, STREAM):
        assert between(contract, with_column(contract, "text", key=True))[None, "key"] is BREAKING
        renamed = between(contract, with_column(contract, "text", name="words"))
        assert renamed["text", "column_removed"] is BREAKING


def test_the_order_of_columns_matters_to_who_selects_all():
    for contract, kind in ((DATASET, NOTE), (STREAM, COMPATIBLE)):
        turned = dataclasses.replace(contract, columns=(*contract.columns[:2], *reversed(contract.columns[2:])))
        assert between(contract, turned) == {(None, "column_order"): kind}


def test_more_allowed_values_are_told_to_readers_and_fewer_break_producers():
    for contract, more, fewer in ((DATASET, NOTE, COMPATIBLE), (STREAM, COMPATIBLE, BREAKING)):
        for values, found in (
            (("A", "B", "C"), {("kind", "values_added"): more}),
            (("A",), {("kind", "values_removed"): fewer}),
            (("A", "C"), {("kind", "values_added"): more, ("kind", "values_removed"): fewer}),
        ):
            other = dataclasses.replace(contract, rules=(rules.one_of("kind", values), contract.rules[1]))
            assert between(contract, other) == found


@pytest.mark.parametrize(
    ("rule", "kind"), [(rules.between("quantity", -1, 9), COMPATIBLE), (rules.between("quantity", 1, 9), BREAKING)]
)
def test_a_stricter_rule_breaks_producers_and_a_wider_one_does_not(rule, kind):
    assert between(STREAM, dataclasses.replace(STREAM, rules=(STREAM.rules[0], rule)))["quantity", "rule_added"] is kind


def test_to_be_open_to_fewer_breaks_and_to_be_open_to_more_is_told():
    for audience, kind in ((Audience.OPEN, NOTE), (Audience.OWN, BREAKING), (Audience.INTERNAL, BREAKING)):
        other = dataclasses.replace(DATASET, audience=audience)
        assert between(DATASET, other) == {(None, "audience"): kind}
        back = between(other, DATASET)[None, "audience"]
        assert back is (NOTE if audience is Audience.INTERNAL else BREAKING), "who had their own rows have them no more"


def test_an_end_may_be_put_off_and_not_brought_forward():
    ending, later = (
        dataclasses.replace(DATASET, deprecated=Deprecation(day)) for day in (date(2027, 5, 31), date(2027, 6, 1))
    )
    assert between(ending, later) == {(None, "deprecated"): NOTE}
    assert between(later, ending) == {(None, "deprecated"): BREAKING}
    assert between(later, DATASET) == {(None, "deprecated"): COMPATIBLE}


def test_a_view_is_read_as_a_dataset():
    found = differences(
        promised.contracts([DATASET], []), promised.contracts([with_column(DATASET, "text", unit="kr")], [])
    )
    assert {(d.contract, d.column) for d in found} == {("usage.toy", "text"), ("usage.toy_a", "text")}
    other = View("toy_a", nb("Bare B") | en("B only"), without=("kind",), only=(("kind", "B"),))
    found = differences(
        promised.contracts([DATASET], []), promised.contracts([dataclasses.replace(DATASET, views=(other,))], [])
    )
    assert {(d.what, d.kind) for d in found} == {("where", BREAKING), ("title", NOTE)}


# --- of every contract there is ---------------------------------------------------------------------------------------

NOW = promised.contracts()
SOME = {
    section: {n: d for n, d in named.items() if n in ("usage.dispatch_day", "uptake.funnel", "measurement")}
    for section, named in NOW.items()
}
NAMES = [(section, name) for section, named in SOME.items() for name in named]


def test_a_version_does_not_differ_from_itself_nor_from_itself_without_texts():
    assert differences(NOW, copy.deepcopy(NOW)) == []
    assert differences(NOW, promises.without_texts(NOW)) == differences(promises.without_texts(NOW), NOW) == []


@given(st.data())
@settings(max_examples=examples(60))
def test_both_directions_tell_of_the_same_columns(data):
    one, other = copy.deepcopy(SOME), copy.deepcopy(SOME)
    for side in (one, other):
        for section, name in data.draw(st.lists(st.sampled_from(NAMES), max_size=4, unique=True)):
            document = side[section][name]
            how = data.draw(st.sampled_from(("gone", "fewer columns", "other types", "null", "turned", "no rules")))
            if how == "gone":
                del side[section][name]
            elif how == "turned":
                document["columns"].reverse()
            elif how == "no rules":
                document["rules"] = []
            else:
                chosen = data.draw(st.sets(st.sampled_from([col["name"] for col in document["columns"]]), min_size=1))
                columns = [col for col in document["columns"] if how != "fewer columns" or col["name"] not in chosen]
                changed = {"other types": {"type": "other"}, "null": {"null": "turned"}}.get(how, {})
                document["columns"] = [col | (changed if col["name"] in chosen else {}) for col in columns]
    there, back = differences(one, other), differences(other, one)
    assert {(d.contract, d.column, d.rule) for d in there} == {(d.contract, d.column, d.rule) for d in back}
    assert (there == []) == (one == other)


def test_a_document_holds_what_the_contract_does():
    document = documents.of_dataset(DATASET)
    assert document["key"] == ["month", "kind"]
    assert document["rules"][0]["values"] == ["A", "B"]
    assert document["rules"][1]["between"] == [0, None]
