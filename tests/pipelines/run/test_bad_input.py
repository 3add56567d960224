"""Bad input, by files as people and systems send them, through all of it: refused, set aside, held or mapped."""

import json
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from catalog.tables import conformed
from catalog.tables.quarantine import quarantine_of
from catalog.tables.streams import STREAMS
from pipelines.run import metrics
from transport.lake.tables import Lake

AS_OF = datetime(2026, 6, 15, 10, tzinfo=UTC)
OCTOBER, MARCH, AHEAD = date(2025, 10, 1), date(2026, 3, 1), date(2031, 1, 1)
OSLO, BERGEN, NO_MUNICIPALITY = "958935420", "964338531", "889640782"
"""The last is NAV's: a good number, and no municipality's."""

DISPATCHES = f"""
1,MOTTATT,2026-03-02T09:00:00+01:00,2026-03-02T09:00:00+01:00,svarut,{OSLO},SVARINN
1,LEST,2026-03-03T09:00:00+01:00,2026-03-02T09:00:00+01:00,svarut,{OSLO},SVARINN
2,LEST,2026-03-02T10:00:00+01:00,2026-03-02T10:00:00+01:00,svarut,{NO_MUNICIPALITY},SVARINN
3,LEST,2026-03-02T10:00:00+01:00,2026-03-02T10:00:00+01:00,svar-ut-pluss,{OSLO},SVARINN
4,LEST,2026-03-02T09:59:59+01:00,2026-03-02T10:00:00+01:00,svarut,{OSLO},SVARINN
5,LEST,2026-03-02T09:00:00+01:00,2026-03-02T10:00:00+01:00,svar-ut-pluss,123456789,FAKS
6,MOTTATT,2026-03-02T10:00:00+01:00,2026-03-02T10:00:00+01:00,svarut,{OSLO},SVARINN
6,LEST,2026-03-02T11:00:00+01:00,2026-03-02T10:00:00+01:00,svarut,{BERGEN},SVARINN
7,MOTTATT,2025-10-26T02:30:00+02:00,2025-10-26T02:30:00+02:00,svarut,{BERGEN},ALTINN
7,LEST,2025-10-26T02:30:00+01:00,2025-10-26T02:30:00+02:00,svarut,{BERGEN},ALTINN
8,LEST,2025-10-31T23:30:00Z,2025-10-31T23:30:00Z,svarut,{OSLO},SVARINN
9,LEST,2031-01-07T09:00:00+01:00,2031-01-07T09:00:00+01:00,svarut,{OSLO},SVARINN
"""
MEASUREMENTS = f"""
fiks-folkeregister,oppslag,2026-03-02,{OSLO},,api,12,2026-03-03T01:00:00Z
fiks-folkeregister,oppslag,2026-03-03,{OSLO},,api,12,2026-03-04T01:00:00Z
fiks-folkeregister,oppslag,2026-03-03,{OSLO},,api,13,2026-03-04T01:00:00Z
fiks-folkeregister,oppslag,2026-03-04,{OSLO},,api,-1,2026-03-05T01:00:00Z
fiks-folkeregister,oppslag,2031-01-07,{OSLO},,api,12,2026-03-05T01:00:00Z
"""
STEPS = """
aldri,svarut,9999,ANNEX_SIGNED,2026-03-02T12:00:00+01:00
gammel,svarut,1201,ANNEX_SIGNED,2026-03-02T12:00:00+01:00
nylig,svarut,1201,ANNEX_SIGNED,2020-03-02T12:00:00+01:00
haram,svarut,1534,ANNEX_SIGNED,2024-03-02T12:00:00+01:00
bydel,svarut,0312,ANNEX_SIGNED,2026-03-02T12:00:00+01:00
gyldig,svarut,4601,ANNEX_SIGNED,2026-03-02T12:00:00+01:00
"""
PERSON = "01018000055"
"""Has the form of an identity number."""
MESSAGES = f"""
minside,min-kommune,2026-03-20T08:00:00+01:00,2026-03-22T08:00:00+01:00,DEPENDENCY,id-porten,2026-03-22T09:00:00+01:00
minside,min-kommune,2026-03-21T08:00:00+01:00,2026-03-21T10:00:00+01:00,DEPENDENCY,id-porten,2026-03-22T09:00:00+01:00
minside,svar-ut-pluss,2026-03-20T08:00:00+01:00,2026-03-22T08:00:00+01:00,FAULT,,2026-03-22T09:00:00+01:00
svarut,SVARUT,2026-03-20T08:00:00+01:00,2026-03-19T08:00:00+01:00,FAULT,,2026-03-22T09:00:00+01:00
svarut,svarut,2026-03-31T08:00:00+02:00,,FAULT,storage,2026-04-01T08:00:00+02:00
svarut,svarut,2026-03-24T08:00:00+01:00,,FAULT,{PERSON} ringte,2026-03-24T09:00:00+01:00
"""
NO_OFFSET = f"""
10,LEST,2025-10-26T02:30:00+02:00,2025-10-26T02:30:00+02:00,svarut,{OSLO},SVARINN
11,LEST,2025-10-26T02:30:00,2025-10-26T02:30:00,svarut,{OSLO},SVARINN
"""


def put(home, place, header, lines, ending=""):
    """A CSV file in the inbox; a dispatch's number becomes its id."""
    said = [line for line in lines.split("\n") if line]
    if place.startswith("dispatch"):
        said = [f"00000000-0000-4000-8000-{int(n):012d},{rest}" for n, rest in (s.split(",", 1) for s in said)]
    path = home.settings.inbox / f"{place}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *(s + ending for s in said), ""]), "utf-8")


@pytest.fixture(scope="module")
def bad(once, home_of):
    """A home that got all of it, and its one release."""
    return home_of(once("bad", lambda folder: send_all(home_of(folder))))


def send_all(home):
    dispatch = (
        "dispatch_id,state,state_at,created_at,service,organisation_number,channel,"
        "account_id,recipient_kind,digital_only"
    )
    put(home, "dispatch/sak/uke10", dispatch, DISPATCHES, ",konto,PERSON,false")
    put(home, "dispatch/sak/uten-sone", dispatch, NO_OFFSET, ",konto,PERSON,false")
    put(
        home,
        "measurement/sak/mars",
        "service,measure,day,organisation_number,account_id,source,quantity,reported_at",
        MEASUREMENTS,
    )
    put(
        home,
        "adoption/sak/steg",
        "event_id,service,municipality_code,step,occurred_at,occurred_precision,source",
        STEPS,
        ",EXACT,liste",
    )
    put(
        home,
        "operational_message/drift/mars",
        "application,service,shown_from,shown_to,kind,cause,reported_at",
        MESSAGES,
    )
    home.run(as_of=AS_OF)


def rows_of(home, dataset, month=None):
    """A dataset of the release, or a month of it."""
    folder = home.current.folder / "parquet" / dataset
    return [
        r
        for p in sorted(folder.rglob("*.parquet"))
        if month is None or p.parent.name == str(month)
        for r in pq.ParquetFile(p).read().to_pylist()
    ]


def set_aside(home, stream):
    """The rows that were set aside: by their number in the file, the rules they broke."""
    parts = Lake(home.settings.lake).parts(quarantine_of(STREAMS[stream])).values()
    return {
        r["row_number"]: (r["rules"], r["detail"]) for p in parts for r in pq.ParquetFile(p.path).read().to_pylist()
    }


def test_each_bad_row_is_set_aside_with_every_rule_it_broke(bad):
    assert {n: rules for n, (rules, _) in set_aside(bad, "dispatch").items()} == {
        4: ["service_known"],
        5: ["created_at_not_after_state_at"],
        6: ["service_known", "channel_known", "organisation_number_modulus_11", "created_at_not_after_state_at"],
        7: ["fixed_field_changed"],
        8: ["fixed_field_changed"],
    }
    assert {n: rules for n, (rules, _) in set_aside(bad, "measurement").items()} == {
        2: ["conflict"],
        3: ["conflict"],
        4: ["quantity_at_least_0"],
    }


def test_a_message_that_is_wrong_is_set_aside_and_one_entered_twice_counts_once(bad):
    assert {n: rules for n, (rules, _) in set_aside(bad, "operational_message").items()} == {
        3: ["service_known"],
        4: ["shown_from_not_after_shown_to"],
        6: ["identity_number_masked"],
    }
    months = [
        (r["service"], r["month"], r["episodes"], r["hours_shown"]) for r in rows_of(bad, "usage.stability_month")
    ]
    assert sorted(months) == [
        ("min-kommune", MARCH, 1, Decimal(48)),
        ("svarut", MARCH, 1, Decimal(16)),
        ("svarut", date(2026, 4, 1), 0, Decimal(8)),
    ]
    released = [path.read_bytes() for path in bad.current.folder.rglob("*") if path.is_file()]
    assert not any(PERSON.encode() in content for content in released)


def test_a_code_of_another_year_is_mapped_where_that_is_sure_and_else_set_aside_with_the_likely_one(bad):
    steps = {r["event_id"]: (r["municipality_code"], r["resolution"]) for r in rows_of(bad, "uptake.step_event")}
    assert steps == {
        "nylig": ("4601", "CHANGED_WITHIN_TWELVE_MONTHS"),
        "haram": ("1580", "BRIDGE"),
        "bydel": ("0301", "CITY_DISTRICT"),
        "gyldig": ("4601", "VALID"),
    }
    aside = set_aside(bad, "adoption")
    assert aside[1] == (
        ["municipality_code_unresolved"],
        "9999 var ikke et kommunenummer 2026-03-02. Ingen kode ligner.",
    )
    assert aside[2] == (
        ["municipality_code_unresolved"],
        "1201 var ikke et kommunenummer 2026-03-02. Trolig ment: 4601 Bergen.",
    )


def test_the_hour_that_comes_twice_is_two_hours_and_a_time_without_an_offset_is_refused_by_line_and_column(bad):
    dispatch = pq.ParquetFile(Lake(bad.settings.lake).parts(conformed.DISPATCH)[OCTOBER].path).read().to_pylist()
    (twice,) = dispatch
    assert (twice["created_at"], twice["state_at"]) == (
        datetime(2025, 10, 26, 0, 30, tzinfo=UTC),
        datetime(2025, 10, 26, 1, 30, tzinfo=UTC),
    )
    assert (twice["state"], twice["day"]) == ("LEST", date(2025, 10, 26))
    (hours,) = rows_of(bad, "usage.delivery_time", OCTOBER)
    assert hours["p50_hours"] == 1
    reason = json.loads((bad.settings.inbox / "rejected/dispatch/sak/uten-sone.csv.reason.json").read_text("utf-8"))
    assert (reason["kind"], reason["line"], reason["column"]) == ("bad_value", 3, "state_at")
    assert "offset" in reason["mend"]


def test_a_month_far_ahead_is_held_and_in_no_dataset(bad):
    held = {(r["stream"], r["month"]): r["held"] for r in rows_of(bad, "quality.accounting") if r["held"]}
    assert held == {("dispatch", AHEAD): 1, ("measurement", AHEAD): 50}, "how many measurements came may count persons"
    assert bad.current.manifest["held"] == 51
    assert {r["day"].year for r in rows_of(bad, "usage.dispatch_day")} == {2025, 2026}


def test_who_is_no_municipality_counts_among_all_and_in_no_municipality(bad):
    month = rows_of(bad, "usage.dispatch_month", MARCH)
    assert {r["organisation_number"]: r["dispatches"] for r in month} == {OSLO: 1, NO_MUNICIPALITY: 1}
    then = [r for r in rows_of(bad, "usage.municipality_month", MARCH) if r["borders"] == "then"]
    assert {r["municipality_code"]: r["dispatches"] for r in then} == {"0301": 1}


def test_all_of_it_is_counted_once_and_each_rule_is_named_with_what_it_says(bad):
    with bad.begun() as run:
        exact, summary = (
            metrics.accounting(run.lake, run.session()).to_pylist(),
            metrics.quarantine_summary(run.lake, run.session(), exact=True).to_pylist(),
        )
    landed = Counter()
    for r in [*exact, *rows_of(bad, "quality.accounting")]:
        assert r["landed"] == r["conformed"] + r["superseded"] + r["quarantined"] + r["held"] + r["withdrawn"]
    for r in exact:
        landed[r["stream"]] += r["landed"]
    assert landed == {"dispatch": 12, "measurement": 5, "adoption": 6, "operational_message": 6}
    shown = {(r["stream"], r["rule"]): r["rows"] for r in rows_of(bad, "quality.quarantine_summary")}
    assert (shown["dispatch", "service_known"], shown["measurement", "conflict"]) == (50, 2), "such may be persons"
    assert shown["dispatch", "fixed_field_changed"] == 2, "of a service that is no secret"
    assert {(r["stream"], r["rule"]): r["rows"] for r in summary} == {
        ("dispatch", "service_known"): 2,
        ("dispatch", "channel_known"): 1,
        ("dispatch", "organisation_number_modulus_11"): 1,
        ("dispatch", "created_at_not_after_state_at"): 2,
        ("dispatch", "fixed_field_changed"): 2,
        ("measurement", "conflict"): 2,
        ("measurement", "quantity_at_least_0"): 1,
        ("adoption", "municipality_code_unresolved"): 2,
        ("operational_message", "service_known"): 1,
        ("operational_message", "shown_from_not_after_shown_to"): 1,
        ("operational_message", "identity_number_masked"): 1,
    }
    assert all(r["says"] and r["producer"] in ("sak", "drift") for r in summary)


@pytest.mark.slow("two runs; the tables have tests of their own")
def test_no_count_of_rows_tells_how_many_persons_a_batch_is_about_nor_who_supplies_whom(empty_home, lay):
    """Two batches of a sensitive service, by the organisation and by its supplier: four rows in force, and two not."""
    home, organisation = empty_home, BERGEN
    header = "service,measure,day,organisation_number,account_id,source,quantity,reported_at"
    for producer, good in ((organisation, 1), (f"{organisation}-974605171", 3)):
        lines = [
            f"fiks-digisos,soknader,2026-03-0{n + 1},{organisation},{producer},api,{quantity},2026-03-09T01:00:00Z"
            for n, quantity in enumerate([*[1] * good, -1])
        ]
        put(home, f"measurement/{producer}/mars", header, "\n".join(lines))
    lay(home, "invoice_line", "faktura", {"invoice_id": "F1", "amount_ore": 90_000})
    home.run(as_of=AS_OF)
    batches = {(r["stream"], r["producer"], r["rows"]) for r in rows_of(home, "quality.batch")}
    assert {b for b in batches if b[0] in {"measurement", "invoice_line"}} == {
        ("measurement", organisation, None),
        ("invoice_line", "system", None),
    }
    accounts = {r["stream"]: r for r in rows_of(home, "quality.accounting")}
    for stream, kept, aside in (("measurement", 50, 50), ("invoice_line", 50, 0)):
        counts = [accounts[stream][name] for name in ("landed", "conformed", "quarantined")]
        assert counts == [kept + aside, kept, aside]
    told = [(r["producer"], r["rule"], r["rows"]) for r in rows_of(home, "quality.quarantine_summary")]
    assert told == [(organisation, "quantity_at_least_0", 50)]
    with home.begun() as run:
        exact = metrics.quarantine_summary(run.lake, run.session(), exact=True).to_pylist()
    assert {(r["producer"], r["rows"]) for r in exact} == {(organisation, 1), (f"{organisation}-974605171", 1)}
