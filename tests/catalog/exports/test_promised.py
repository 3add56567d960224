"""The contracts keep what was promised last, or say in time that they no longer will.

A change that is meant is kept by `make renew`, once nothing is missing for it.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.contracts import documents
from catalog.contracts.language import Deprecation
from catalog.domain.calendar import day_in_oslo
from catalog.exports import describe, odcs, promised
from catalog.exports.published import Published, PublishedDataset
from catalog.tables import streams, usage
from tests.golden import holds
from tools import contracts_page, promises
from transport.base.settings import PROJECT

TODAY = date(2026, 11, 29)
DAY = usage.DISPATCH_DAY
FEWER = tuple(column for column in DAY.columns if column.name != "pages")
OLD = DAY.earlier(1, date(2027, 5, 31))
NEW = dataclasses.replace(DAY, columns=FEWER, version=2)
SAID = "# Changes\n\n## Unreleased\n\n- Other news.\n- `usage.dispatch_day` has no pages\n  (version 2).\n\n## 0.2.0\n"


def test_the_code_keeps_what_is_promised():
    today, changelog = day_in_oslo(datetime.now(UTC)), (PROJECT / "CHANGELOG.md").read_text("utf-8")
    now = promises.without_texts(promised.contracts())
    missing = promises.faults(promises.promised(), now, changelog=changelog, today=today)
    assert not missing, "\n".join(missing)  # before the copy is renewed, so that nothing is renewed past it
    changed = holds(promises.PROMISED, promised.written(now))
    assert not changed, f"Nothing is missing: `make renew` keeps this.\n{changed}"


def test_nothing_is_renewed_past_a_change_for_which_something_is_missing(monkeypatch, tmp_path):
    held = promises.promised()
    held["datasets"]["usage.dispatch_day"]["columns"].append({"name": "gone", "type": "string", "null": False})
    text = promised.written(held)
    (tmp_path / "promised.json").write_text(text)
    monkeypatch.setattr(promises, "PROMISED", tmp_path / "promised.json")
    monkeypatch.setenv("RENEW", "1")
    with pytest.raises(AssertionError, match=r"usage.dispatch_day breaks what was promised \(column_removed gone\)"):
        test_the_code_keeps_what_is_promised()
    assert (tmp_path / "promised.json").read_text() == text


def faults(before, after, changelog=SAID, today=TODAY):
    """What is missing for a change of datasets."""
    return promises.faults(
        promised.contracts(before, []), promised.contracts(after, []), changelog=changelog, today=today
    )


def test_a_breaking_change_with_all_three_things_passes():
    assert faults([DAY], [NEW, OLD]) == []


@pytest.mark.parametrize(
    ("after", "changelog", "says"),
    [
        ([dataclasses.replace(NEW, version=1), OLD], SAID, "Raise the version of its contract to 2."),
        ([NEW], SAID, "Give the former version an end, or publish it as usage.dispatch_day_v1"),
        ([NEW, dataclasses.replace(OLD, deprecated=None)], SAID, "usage.dispatch_day_v1 has no end"),
        (
            [NEW, DAY.earlier(1, date(2027, 5, 27))],
            SAID,
            "usage.dispatch_day_v1 ends on 2027-05-27; readers are promised",
        ),
        ([NEW, DAY.earlier(1, OLD.deprecated.until, columns=FEWER)], SAID, "promised either (column_removed pages)."),
        ([NEW, OLD], SAID.replace("version 2", "version 3"), "says “usage.dispatch_day version 2”."),
        ([NEW, OLD], SAID.replace("dispatch_day", "dispatch_day_v1"), "says “usage.dispatch_day version 2”."),
        ([NEW, OLD], SAID.replace("- Other", "\n## 0.2.1\n\n- Other"), "says “usage.dispatch_day version 2”."),
    ],
)
def test_each_thing_that_is_missing_fails_with_its_mend(after, changelog, says):
    [sentence] = faults([DAY], after, changelog)
    assert sentence.startswith("usage.dispatch_day breaks what was promised (column_removed pages). ")
    assert says in sentence


def test_a_change_that_says_why_it_replaces_at_once_needs_no_former_version_and_the_next_one_does():
    at_once = dataclasses.replace(NEW, replaces_at_once="It told of persons.")
    assert faults([DAY], [at_once]) == []
    [untold] = faults([DAY], [at_once], changelog="")
    assert "says “usage.dispatch_day version 2”." in untold
    fewer = tuple(column for column in FEWER if column.name != "documents")
    next_one = dataclasses.replace(at_once, columns=fewer, version=3)
    [sentence] = faults([at_once], [next_one], SAID.replace("version 2", "version 3"))
    assert "Give the former version an end, or publish it as usage.dispatch_day_v2" in sentence
    for_a_reason = dataclasses.replace(next_one, replaces_at_once="Documents told of persons too.")
    assert faults([at_once], [for_a_reason], SAID.replace("version 2", "version 3")) == []


def test_what_breaks_nobody_needs_nothing():
    more = dataclasses.replace(DAY, columns=(*DAY.columns, DAY.columns[-1].but(name="more")))
    assert faults([DAY], [more], changelog="") == []


def test_a_dataset_that_was_announced_may_go_when_its_last_day_has_passed():
    gone = "# Changes\n\n## Unreleased\n\n- usage.dispatch_day is removed.\n"
    ending = dataclasses.replace(DAY, deprecated=Deprecation(TODAY))
    assert faults([DAY], [ending], changelog="") == []
    [early] = faults([ending], [], gone)
    assert "It is promised through 2026-11-29: keep it until then" in early
    assert faults([ending], [], gone, today=TODAY + timedelta(1)) == []
    [untold] = faults([ending], [], "", today=TODAY + timedelta(1))
    assert "says “usage.dispatch_day removed”." in untold


def test_the_views_of_a_dataset_follow_it_and_are_kept_with_the_earlier_version():
    month = usage.MUNICIPALITY_MONTH
    without = tuple(column for column in month.columns if column.name != "sheets")
    new = dataclasses.replace(month, columns=without, version=2)
    said = SAID.replace("dispatch_day", "municipality_month")
    assert faults([month], [new, month.earlier(1, date(2027, 5, 31))], said) == []
    bare = dataclasses.replace(month.earlier(1, date(2027, 5, 31)), views=())
    assert [s.partition(" ")[0] for s in faults([month], [new, bare], said)] == [
        "usage.municipality_month_then",
        "usage.municipality_month_now",
    ]
    assert {"usage.municipality_month_now_v1", "usage.municipality_month_now"} <= promised.contracts(
        [new, month.earlier(1, date(2027, 5, 31))], []
    )["datasets"].keys()


def test_a_stream_is_held_for_its_producers():
    column = streams.DISPATCH.columns[-1]
    stricter = dataclasses.replace(
        streams.DISPATCH, columns=(*streams.DISPATCH.columns, column.but(name="new", null=False))
    )
    one, other = (promised.contracts([], [side]) for side in (streams.DISPATCH, stricter))
    found = promises.faults(one, other, changelog="", today=TODAY)
    assert len(found) == 3
    assert all(s.startswith("dispatch breaks what was promised (column_added new). ") for s in found)


def test_a_successor_that_does_not_exist_is_refused():
    astray = dataclasses.replace(DAY, deprecated=Deprecation(date(2027, 5, 31), "usage.nothing"))
    assert faults([DAY], [astray]) == [
        "usage.dispatch_day names the successor usage.nothing, which does not exist: mend its `deprecated`."
    ]


def test_a_last_day_that_has_passed_is_told():
    contracts = promised.contracts([NEW, OLD], [])
    assert promised.overdue(contracts, date(2027, 5, 31)) == []
    [told] = promised.overdue(contracts, date(2027, 6, 1))
    assert told.startswith("usage.dispatch_day_v1 was promised through 2027-05-31: remove")


def test_what_is_written_is_read_back_with_a_column_to_a_line():
    contracts = promised.contracts()
    text = promised.written(contracts)
    assert json.loads(text) == contracts
    assert all(text.count(f'{{"name": "{column.name}", "type": ') for column in DAY.columns)


def test_an_end_is_shown_wherever_a_dataset_is_described():
    [row] = describe.datasets([OLD], {}).to_pylist()
    assert (row["deprecated_until"], row["successor"]) == (date(2027, 5, 31), "usage.dispatch_day")
    at = datetime(2026, 11, 29, tzinfo=UTC)
    of = PublishedDataset(OLD, 1, synthetic=True, first_month=None, last_month=None, files=())
    told = odcs.contract(of, Published("2026-11-29.1", at, (of,)))
    assert (told["status"], told["version"]) == ("deprecated", "1")
    assert {"property": "successor", "value": "usage.dispatch_day"} in told["customProperties"]
    assert "**deprecated: it holds through 2027-05-31; use usage.dispatch_day instead**" in contracts_page.page_of(OLD)
    document = documents.of_dataset(OLD)
    assert document["deprecated"] == {"until": "2027-05-31", "successor": "usage.dispatch_day"}
