"""A contract that disagrees with itself, or builds that cannot run in their order, are refused at import."""

import dataclasses
import re

import pytest

from catalog.contracts import columns as c
from catalog.contracts import rules
from catalog.contracts.language import DatasetContract, Repeats, StreamContract
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import PUSHED, STREAMS, by_name
from catalog.text import en, nb
from pipelines.run.tables import BUILDS, check_built, check_order, check_streams
from transport.ingest.sample import check_samples

TOY = StreamContract(
    name="toy",
    title=nb("Prøve") | en("Toy"),
    about=nb("Én rad per dag.") | en("One record per day."),
    owner="team:dif",
    month_of="day",
    columns=(c.DAY.but(key=True), c.int64("quantity", "Antall", "Quantity")),
)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"month_of": "dag"}, "month_of names column dag, which it has not"),
        ({"rules": (rules.at_least("amount", 0),)}, "rule amount_at_least_0 names column amount"),
        ({"rules": (rules.at_least("quantity", 0),) * 2}, "rule quantity_at_least_0 is there twice"),
        ({"columns": (*TOY.columns, TOY.columns[0])}, "column day is there twice"),
        ({"columns": (c.DAY, TOY.columns[1])}, "has no key: mark the columns"),
        ({"repeats": Repeats.LATEST}, "names no ordered_by"),
        ({"name": "Toy-1"}, "needs a name of a-z, 0-9 and _"),
        ({"month_of": "quantity"}, "takes its months of quantity, which is no date and no time"),
    ],
)
def test_a_stream_that_disagrees_with_itself_is_refused_where_it_is_written(change, says):
    with pytest.raises(ValueError, match=says):
        dataclasses.replace(TOY, **change)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"rules": (rules.listed("quantity", "contacts", "service"),)}, "column service of register contacts"),
        ({"rules": (rules.listed("quantity", "contact", "area"),)}, "column area of register contact"),
        ({"duplicates_table": "conformed.toy_twice"}, "toy asks for the table conformed.toy_twice"),
    ],
)
def test_a_stream_that_names_what_is_not_there_is_refused(change, says):
    check_streams([TOY])
    with pytest.raises(ValueError, match=f"Streams name what is not there: .*{says}"):
        check_streams([TOY, dataclasses.replace(TOY, **change)])


def test_two_streams_of_one_name_are_refused():
    with pytest.raises(ValueError, match="Two of these streams have one name: toy, toy"):
        by_name(TOY, TOY)


def test_a_stream_without_a_sample_is_refused_where_the_doors_describe_their_streams():
    check_samples(PUSHED.values())
    with pytest.raises(ValueError, match=r"No sample of toy: add a made-up row to .*sample.py"):
        check_samples([*PUSHED.values(), TOY])


def test_a_stream_whose_sample_has_nothing_made_up_that_is_required_is_refused():
    without_id = dataclasses.replace(TOY, name="cost_entry")
    with pytest.raises(ValueError, match=r"sample of cost_entry looks like measured rows: .*write 'syntetisk' in"):
        check_samples([without_id])
    only_number = dataclasses.replace(TOY, name="loan_entry", columns=(*TOY.columns, c.ORGANISATION_NUMBER))
    with pytest.raises(ValueError, match="sample of loan_entry looks like measured rows"):
        check_samples([only_number])


def test_a_dataset_by_month_has_the_column_and_what_it_is_sorted_by():
    days = DATASETS["usage.dispatch_day"]
    without = tuple(column for column in days.columns if column.name != "month")
    with pytest.raises(ValueError, match="partitioned names column month, which it has not"):
        dataclasses.replace(days, columns=without, rules=())
    with pytest.raises(ValueError, match="sort_by names column moon"):
        dataclasses.replace(days, sort_by=("moon",))


def test_a_dataset_that_nothing_makes_is_refused():
    builds = [build for build in BUILDS if build.contract.name != "usage.dispatch_day"]
    with pytest.raises(ValueError, match=r"Nothing makes usage.dispatch_day: declare it"):
        check_built(DATASETS, builds)


def test_a_build_that_reads_what_nothing_makes_before_it_is_refused():
    funnel = next(b for b in BUILDS if b.contract.name == "uptake.funnel")
    inputs = [source for source in funnel.inputs.values() if isinstance(source, DatasetContract)]
    check_order([funnel], inputs)
    with pytest.raises(ValueError, match=r"uptake.funnel reads .*, which nothing makes before it: list it later"):
        check_order([funnel], inputs[1:])
    with pytest.raises(ValueError, match=r"uptake.funnel is built twice"):
        check_order([funnel, funnel], inputs)


def test_a_rule_reads_as_a_promise_where_it_holds():
    """Dagster, Data Docs and the catalogue show it beside a check that passed, and producers where a row breaks it."""
    told = {rule.says.en for contract in (*DATASETS.values(), *STREAMS.values()) for rule in contract.rules}
    assert len(told) > len(DATASETS)
    fault = re.compile(r"\b(?:is|are|does|do) not\b|\bis (?:under|over|above|before|after|outside)\b")
    assert [text for text in told if fault.search(text)] == []


_CALCULATED = ("ledger.price_calculation", "ledger.price_use")
"""Where `status` and `about` of the dataset tell what could not be calculated."""


def test_a_figure_that_may_be_null_says_when_it_is():
    silent = [
        f"{contract.name}.{column.name}"
        for contract in DATASETS.values()
        if contract.schema in ("reference", "usage", "uptake", "ledger") and contract.name not in _CALCULATED
        for column in contract.columns
        if column.null and column.additivity is not None
        if not (re.search(r"\b[Tt]om", column.about.nb) and re.search("[Nn]ull|[Mm]issing", column.about.en))
    ]
    assert silent == []


def test_the_titles_of_cost_are_words_and_not_codes():
    titles = {
        c.name: (c.title.nb, c.title.en) for c in DATASETS["ledger.product_month"].columns if c.name.startswith("cost_")
    }
    assert titles["cost_brukerstotte_ore"] == ("Kostnad, brukerstøtte", "Cost, user support")
    calculated = {c.name: (c.title.nb, c.title.en) for c in DATASETS["ledger.price_calculation"].columns}
    assert titles == {name: calculated[name] for name in titles}


def test_every_code_of_the_current_division_is_held_to_it():
    """A dataset says that a municipality's code is of now; only a rule makes it so."""
    lacking = [
        f"{dataset.name}.{column.name}"
        for dataset in DATASETS.values()
        if dataset.schema != "quality"  # made from these, beside the gate
        for column in dataset.columns
        if column.name in ("municipality_code", "peer_code")
        and ("dagens inndeling" in f"{column.about or ''}{dataset.about}".casefold() or dataset.name in BOTH_DIVISIONS)
        and f"{column.name}_of_now" not in {rule.name for rule in dataset.rules}
    ]
    assert lacking == []


BOTH_DIVISIONS = ("usage.municipality_month", "usage.municipality_measure_month")
