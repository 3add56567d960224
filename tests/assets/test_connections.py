"""Connections: whose system it is, and that no name tells of child welfare."""

from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from assets import connections
from assets.build import BuildWindow
from catalog.contracts.scan import Values, empty
from catalog.tables import conformed, registers
from catalog.tables.quality import UNMAPPED_SYSTEM
from catalog.tables.usage import CONNECTION_MONTH, NOT_SETTLED, PROTECTED

OSLO, BERGEN = "958935420", "964338531"
A_SUPPLIER, ITS_NUMBER = "974760673", "889640782"
MONTH = date(2026, 3, 1)
SETTLED, RUNNING = datetime(2026, 9, 20, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC)
REGISTER = (
    {"source_system": "Sak", "system": "Saksystem", "supplier": "En leverandør"},
    {"source_system": "SAK v2", "system": "Saksystem", "supplier": "En leverandør", "supplier_number": ITS_NUMBER},
    {"source_system": "Familia", "system": "Familia Oppvekst", "supplier": "En annen", "sensitive": True},
    {"source_system": "fam-opp", "system": "Familia Oppvekst", "supplier": "En annen", "sensitive": False},
    {"source_system": "Trygg", "system": "Trygg barnevern", "supplier": "En annen", "sensitive": False},
)
NOTHING = empty(registers.HIDDEN_CELL.schema)


@pytest.fixture(scope="session")
def connected(rows_of, answer):
    """The connections of a month in which the dispatches were sent: (system, how many), or more of the row."""

    def connected(*sent, as_of=SETTLED, remembered=NOTHING):
        base = {"month": MONTH, "day": MONTH, "organisation_number": OSLO, "service": "svarut", "account_id": "konto-1"}
        rows = [
            base | {"source_system": system, "outcome": "delivered", "supplier_number": A_SUPPLIER} | dict(*more)
            for system, dispatches, *more in sent
            for _ in range(dispatches)
        ]
        scan = connections.connection_month.make(
            BuildWindow(as_of, MONTH),
            dispatch=rows_of(conformed.DISPATCH, *rows),
            source_system=Values(pa.Table.from_pylist([dict(r) for r in REGISTER], registers.SOURCE_SYSTEM.schema)),
            remembered=remembered,
        )
        return answer(scan, CONNECTION_MONTH)

    return connected


def test_a_name_is_mapped_when_the_register_has_just_that_name_but_for_white_space(connected):
    found = {
        r["source_system"]: (r["mapping"], r["system"], r["dispatches"])
        for r in connected((" Sak\t", 2), ("Sak\u00a0", 3), ("SAK v2", 9), ("sak", 7), ("Sak v3", 1))
    }
    assert found == {
        "Sak": ("MAPPED", "Saksystem", 5),
        "SAK v2": ("MAPPED", "Saksystem", 9),
        "sak": ("UNMAPPED", None, 7),
        "Sak v3": ("UNMAPPED", None, 1),
    }


def test_the_supplier_of_a_name_that_is_not_mapped_is_who_the_register_says_has_the_number(connected):
    known, other = {"supplier_number": ITS_NUMBER}, {"supplier_number": A_SUPPLIER}
    sent = (("Sak", 7, other), ("ukjent", 7, known), ("ukjent", 7, other), ("ukjent", 7, {"supplier_number": None}))
    found = {
        (r["source_system"], r["supplier_number"]): (r["mapping"], r["system"], r["supplier"])
        for r in connected(*sent, (None, 9, known), ("Familia", 9, known))
    }
    assert found == {
        ("Sak", A_SUPPLIER): ("MAPPED", "Saksystem", "En leverandør"),
        ("ukjent", ITS_NUMBER): ("UNMAPPED", None, "En leverandør"),
        ("ukjent", A_SUPPLIER): ("UNMAPPED", None, None),
        ("ukjent", None): ("UNMAPPED", None, None),
        (None, None): ("NOT_STATED", None, None),
    }


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Familia", id="marked"),
        pytest.param("fam-opp", id="another name of a marked system"),
        pytest.param("FAMILIA v4.2 PROD", id="unmapped, and holds a marked name"),
        pytest.param("Oslo_Familia_Oppvekst", id="unmapped, and holds a marked system"),
        pytest.param("Nytt Barnevern", id="unmapped, and says it"),
        pytest.param("Trygg", id="mapped to a system that says it"),
        pytest.param("NYTT BARNE VERN", id="says it with a space"),
        pytest.param("Nytt Brnevern", id="a letter too few"),
        pytest.param("Nytt Barrnevern", id="a letter too many"),
        pytest.param("Nytt Barnavern", id="another letter"),
        pytest.param(None, id="not stated"),
        pytest.param("  ", id="blank"),
    ],
)
def test_what_tells_of_child_welfare_stands_with_what_states_no_system(connected, name):
    folded, other = connected((name, 6), (None, 3), ("Sak", 40)), connected((None, 9), ("Sak", 40))
    assert folded == other, "nothing tells the one from the other"
    (row,) = [r for r in folded if r["mapping"] == "NOT_STATED"]
    assert row["dispatches"] == 9
    hidden = ("account_id", "source_system", "supplier_number", "system", "supplier", "failed", "last_seen")
    assert [row[c] for c in hidden] == [None] * len(hidden)


def test_other_systems_for_children_are_not_taken_for_child_welfare(connected):
    names = {r["source_system"] for r in connected(("Barnehage", 6), ("Familievern", 7), ("Oppvekst", 8))}
    assert names == {"Barnehage", "Familievern", "Oppvekst"}


def test_where_the_row_without_a_system_is_small_all_of_the_organisations_rows_are_hidden(connected):
    rows = connected((None, 3), ("Sak", 40), ("SAK v2", 9), (None, 2, {"organisation_number": BERGEN}))
    oslo = [r for r in rows if r["organisation_number"] == OSLO]
    assert [(r["dispatches"], r["failed"], r["dispatches_hidden"]) for r in oslo] == [(None, None, PROTECTED)] * 3
    assert {r["last_seen"] for r in oslo} == {None}, "days after the last of the others are the hidden row's alone"
    (bergen,) = [r for r in rows if r["organisation_number"] == BERGEN]
    assert bergen["dispatches"] == 2, "dispatch_month shows the same number, and nothing tells what it is of"
    assert bergen["last_seen"] == MONTH
    more = connected((None, 5), ("Sak", 40), ("SAK v2", 9))
    assert {r["last_seen"] for r in more if r["source_system"]} == {MONTH}


def test_where_all_are_ones_they_are_one_row(connected):
    rows = connected((None, 1), ("Sak", 1), ("SAK v2", 2, {"outcome": "failed"}))
    assert [(r["mapping"], r["dispatches"], r["failed"], r["dispatches_hidden"]) for r in rows] == [
        ("NOT_STATED", 4, 2, None)
    ]


def test_a_month_that_still_grows_hides_the_row_without_a_system_whatever_it_holds(connected):
    sent = (("A", 9), ("B", 9), ("C", 9))
    assert {r["dispatches"] for r in connected(*sent, as_of=RUNNING)} == {9}
    for folded in (2, 70):
        rows = {r["source_system"]: r for r in connected((None, folded), *sent, as_of=RUNNING)}
        assert {n: r["dispatches_hidden"] for n, r in rows.items()} == {
            None: NOT_SETTLED,
            "A": NOT_SETTLED,
            "B": NOT_SETTLED,
            "C": None,
        }


def test_what_was_hidden_stays_so(connected):
    cell = {"dataset": CONNECTION_MONTH.name, "month": MONTH, "cell": f"{OSLO}/svarut", "state": "HIDDEN"}
    remembered = Values(pa.Table.from_pylist([cell], registers.HIDDEN_CELL.schema))
    for sent in ([(None, 30), ("Sak", 40)], [("SAK v2", 30), ("Sak", 40)]):
        rows = connected(*sent, ("Sak", 5, {"service": "fiks-io"}), remembered=remembered)
        hidden = {(r["service"], r["dispatches_hidden"]) for r in rows}
        assert hidden == {("svarut", PROTECTED), ("fiks-io", None)}


def test_only_what_is_remembered_of_the_month_makes_it_anew():
    def print_of(*cells):
        rows = [
            {"dataset": CONNECTION_MONTH.name, "month": m, "cell": f"{OSLO}/svarut", "state": "HIDDEN"} for m in cells
        ]
        scans = {
            "dispatch": empty(conformed.DISPATCH.arrow_schema),
            "source_system": empty(registers.SOURCE_SYSTEM.schema),
            "remembered": Values(pa.Table.from_pylist(rows, registers.HIDDEN_CELL.schema)),
        }
        return connections.connection_month.make(BuildWindow(SETTLED, MONTH), **scans).fingerprint

    assert print_of() == print_of(date(2026, 2, 1))
    assert print_of(MONTH) != print_of()


def test_sensitive_services_have_no_connections(connected):
    assert connected(("Sak", 9, {"service": "fiks-digisos"}), ("Sak", 9, {"service": "fiks-bekymringsmelding"})) == []


def test_names_without_a_system_are_listed_with_their_share_of_all_that_twelve_whole_months_show(rows_of, answer):
    base = {"organisation_number": OSLO, "service": "svarut", "mapping": "UNMAPPED", "failed": 0}
    rows = [
        base | {"month": MONTH, "source_system": "sak", "dispatches": 30},
        base | {"month": date(2026, 8, 1), "source_system": "sak", "organisation_number": BERGEN, "dispatches": 10},
        base | {"month": MONTH, "source_system": "sak", "account_id": "2", "dispatches_hidden": PROTECTED},
        base | {"month": MONTH, "source_system": "arkiv", "account_id": "2", "dispatches_hidden": PROTECTED},
        base | {"month": date(2025, 8, 1), "source_system": "gammel", "dispatches": 10},
        base | {"month": date(2025, 9, 1), "source_system": "eldst", "dispatches": 6},
        base | {"month": date(2026, 9, 1), "source_system": "ny", "dispatches": 10},
        base | {"month": date(2026, 9, 1), "source_system": "sak", "dispatches": 10},
        base | {"month": MONTH, "source_system": "Sak", "mapping": "MAPPED", "dispatches": 20},
        base | {"month": MONTH, "mapping": "NOT_STATED", "dispatches": 54},
    ]
    scan = connections.unmapped_system.make(BuildWindow(SETTLED), connection_month=rows_of(CONNECTION_MONTH, *rows))
    found = [
        (r["source_system"], r["dispatches"], str(r["share"]), r["organisations"], r["last_month"])
        for r in answer(scan, UNMAPPED_SYSTEM)
    ]
    assert found == [
        ("arkiv", 0, "0.000000", 1, MONTH),
        ("eldst", 6, "0.050000", 1, date(2025, 9, 1)),
        ("sak", 40, "0.333333", 2, date(2026, 8, 1)),
    ]
