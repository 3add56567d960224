"""Connections: whose system it is, and that no name tells of child welfare."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest

from assets import connections
from assets.build import BuildWindow
from catalog.contracts.scan import Values
from catalog.domain.perturbation import Secret, cell_key, published
from catalog.tables import conformed, registers
from catalog.tables.quality import UNMAPPED_SYSTEM
from catalog.tables.usage import CONNECTION_EXACT_MONTH, CONNECTION_MONTH, PROTECTED_DISPATCH_MONTH, SYSTEM_MONTH

OSLO, BERGEN = "958935420", "964338531"
A_SUPPLIER, ITS_NUMBER = "974760673", "889640782"
MONTH = date(2026, 3, 1)
AS_OF = datetime(2026, 9, 20, tzinfo=UTC)
REGISTER = (
    {"source_system": "Sak", "system": "Saksystem", "supplier": "En leverandør"},
    {"source_system": "SAK v2", "system": "Saksystem", "supplier": "En leverandør", "supplier_number": ITS_NUMBER},
    {"source_system": "Familia", "system": "Familia Oppvekst", "supplier": "En annen", "sensitive": True},
    {"source_system": "fam-opp", "system": "Familia Oppvekst", "supplier": "En annen", "sensitive": False},
    {"source_system": "Trygg", "system": "Trygg barnevern", "supplier": "En annen", "sensitive": False},
)


def band(count: int) -> str:
    """The band of a count: all that has as many digits, and zero alone."""
    low = 10 ** (len(str(count)) - 1)
    return f"{low}-{10 * low - 1}" if count else "0"


@pytest.fixture(scope="session")
def in_bands(rows_of, answer):
    """The connections of a month as they are published, made of exact ones."""

    def in_bands(exact, as_of=AS_OF):
        rows = rows_of(CONNECTION_EXACT_MONTH, *({"month": MONTH} | r for r in exact))
        return answer(connections.connection_month.make(BuildWindow(as_of, MONTH), connection=rows), CONNECTION_MONTH)

    return in_bands


@pytest.fixture(scope="session")
def connected(rows_of, answer, in_bands):
    """The connections of a month in which the dispatches were sent: (system, how many), or more of the row.

    In exact numbers; each but a few of no system is in the band that everybody may read.
    """

    def connected(*sent):
        base = {"month": MONTH, "day": MONTH, "organisation_number": OSLO, "service": "svarut", "account_id": "konto-1"}
        rows = [
            base | {"source_system": system, "outcome": "delivered", "supplier_number": A_SUPPLIER} | dict(*more)
            for system, dispatches, *more in sent
            for _ in range(dispatches)
        ]
        scan = connections.connection_exact_month.make(
            BuildWindow(AS_OF, MONTH),
            dispatch=rows_of(conformed.DISPATCH, *rows),
            source_system=Values(pa.Table.from_pylist([dict(r) for r in REGISTER], registers.SOURCE_SYSTEM.schema)),
        )
        exact = answer(scan, CONNECTION_EXACT_MONTH)
        openly = [r for r in exact if r["mapping"] != "NOT_STATED" or r["dispatches"] >= 10 or len(exact) == 1]
        failed = "0-9" if any(r["failed"] for r in exact) else "0"
        told = [r for r in in_bands(exact) if r["dispatches"] != "0-9"]
        assert told == [r | {"dispatches": band(r["dispatches"]), "failed": failed, "last_seen": MONTH} for r in openly]
        return exact

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


TELLING = {
    "marked": "Familia",
    "another name of a marked system": "fam-opp",
    "unmapped, and holds a marked name": "FAMILIA v4.2 PROD",
    "unmapped, and holds a marked system": "Oslo_Familia_Oppvekst",
    "unmapped, and says it": "Nytt Barnevern",
    "mapped to a system that says it": "Trygg",
    "says it with a space": "NYTT BARNE VERN",
    "a letter too few": "Nytt Brnevern",
    "a letter too many": "Nytt Barrnevern",
    "another letter": "Nytt Barnavern",
    "blank": "  ",
}


def test_what_tells_of_child_welfare_stands_with_what_states_no_system(connected):
    folded = connected(*((name, 6) for name in TELLING.values()), (None, 3), ("Sak", 40))
    assert folded == connected((None, 6 * len(TELLING) + 3), ("Sak", 40)), "nothing tells the one from the other"
    (row,) = [r for r in folded if r["mapping"] == "NOT_STATED"]
    assert row["dispatches"] == 6 * len(TELLING) + 3
    of_a_sender = ("account_id", "source_system", "supplier_number", "system", "supplier")
    assert [row[c] for c in of_a_sender] == [None] * len(of_a_sender)


def test_other_systems_for_children_are_not_taken_for_child_welfare(connected):
    names = {r["source_system"] for r in connected(("Barnehage", 6), ("Familievern", 7), ("Oppvekst", 8))}
    assert names == {"Barnehage", "Familievern", "Oppvekst"}


def test_of_exact_rows_none_is_hidden_or_folded_however_small(connected):
    rows = connected((None, 1), ("Sak", 1), ("SAK v2", 2, {"outcome": "failed"}))
    assert [(r["source_system"], r["dispatches"], r["failed"]) for r in rows] == [
        (None, 1, 0),
        ("SAK v2", 2, 2),
        ("Sak", 1, 0),
    ]


@pytest.mark.parametrize(
    ("dispatches", "failed", "told"),
    [
        (1, 0, ("1-9", "0")),
        (9, 9, ("1-9", "0-9")),
        (10, 1, ("10-99", "0-9")),
        (99, 10, ("10-99", "10-99")),
        (100, 99, ("100-999", "10-99")),
        (999, 100, ("100-999", "100-999")),
        (1000, 0, ("1000-9999", "0")),
        (123_456_789, 0, ("100000000-999999999", "0")),
    ],
)
def test_others_read_bands_and_the_month_in_which_a_system_was_last_seen(in_bands, dispatches, failed, told):
    exact = {
        "organisation_number": OSLO,
        "service": "svarut",
        "source_system": "Sak",
        "mapping": "MAPPED",
        "dispatches": dispatches,
        "failed": failed,
        "last_seen": date(2026, 3, 17),
    }
    (row,) = (r for r in in_bands([exact]) if r["source_system"])
    assert (row["dispatches"], row["failed"]) == told
    assert row["last_seen"] == MONTH


def a_connection(system, dispatches, failed=0, **more) -> dict:
    """A row of exact connections; without a system it is of none."""
    mapping = "MAPPED" if system else "NOT_STATED"
    row = {"organisation_number": OSLO, "service": "svarut", "source_system": system, "mapping": mapping}
    return row | {"dispatches": dispatches, "failed": failed, "last_seen": MONTH} | more


def test_others_read_of_a_month_when_it_is_settled(in_bands):
    """Day by day the sum and the rows would tell what came alone: a sum of five and one row, of six and two."""
    rows = [a_connection("Sak", 5), a_connection(None, 12)]
    cut_off = datetime(2026, 4, 13, 22, tzinfo=UTC)
    assert in_bands(rows, cut_off - timedelta(microseconds=1)) == []
    assert len(in_bands(rows, cut_off)) == 2


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([("Sak", 1), (None, 1)], [(None, "0-9"), ("Sak", "1-9")], id="one: its row is there anyway"),
        pytest.param([("Sak", 2)], [(None, "0-9"), ("Sak", "1-9")], id="none"),
        pytest.param([("Sak", 40), (None, 9)], [(None, "0-9"), ("Sak", "10-99")], id="nine"),
        pytest.param([("Sak", 40), (None, 10)], [(None, "10-99"), ("Sak", "10-99")], id="ten"),
        pytest.param([(None, 3)], [(None, "1-9")], id="all of it, which the sum tells"),
    ],
)
def test_beside_others_there_is_always_a_row_of_no_system_which_may_be_empty(in_bands, rows, told):
    elsewhere = [a_connection("Sak", 7, service="fiks-io"), a_connection("Sak", 7, organisation_number=BERGEN)]
    found = in_bands([*(a_connection(*row) for row in rows), *elsewhere])
    of_oslo = [r for r in found if (r["organisation_number"], r["service"]) == (OSLO, "svarut")]
    assert [(r["source_system"], r["dispatches"]) for r in of_oslo] == told
    assert len(found) == len(told) + 2 * len(elsewhere)


def test_a_row_has_none_failed_for_certain_only_where_nothing_of_the_service_has(in_bands):
    """Of one failed, a row that has none would leave it to the row without a system."""
    rows = [a_connection("Sak", 40), a_connection(None, 12, failed=1), a_connection("Sak", 40, service="fiks-io")]
    told = {(r["service"], r["source_system"]): r["failed"] for r in in_bands(rows)}
    assert told == {
        ("svarut", "Sak"): "0-9", ("svarut", None): "0-9", ("fiks-io", "Sak"): "0", ("fiks-io", None): "0",
    }  # fmt: skip


def test_sensitive_services_have_no_connections(connected):
    assert connected(("Sak", 9, {"service": "fiks-digisos"}), ("Sak", 9, {"service": "fiks-bekymringsmelding"})) == []


def test_names_without_a_system_are_listed_with_their_share_of_all_that_twelve_whole_months_show(rows_of, answer):
    base = {"organisation_number": OSLO, "service": "svarut", "mapping": "UNMAPPED", "failed": 0, "last_seen": MONTH}
    rows = [
        base | {"month": MONTH, "source_system": "sak", "dispatches": 130},
        base | {"month": date(2026, 8, 1), "source_system": "sak", "organisation_number": BERGEN, "dispatches": 10},
        base | {"month": MONTH, "source_system": "arkiv", "account_id": "2", "dispatches": 50},
        base | {"month": date(2025, 8, 1), "source_system": "gammel", "dispatches": 10},
        base | {"month": date(2025, 9, 1), "source_system": "eldst", "dispatches": 1},
        base | {"month": date(2026, 9, 1), "source_system": "ny", "dispatches": 10},
        base | {"month": date(2026, 9, 1), "source_system": "sak", "dispatches": 10},
        base | {"month": MONTH, "source_system": "Sak", "mapping": "MAPPED", "dispatches": 9},
        base | {"month": MONTH, "mapping": "NOT_STATED", "dispatches": 600},
    ]

    def listed(*rows):
        scan = connections.unmapped_system.make(
            BuildWindow(AS_OF), connection_month=rows_of(CONNECTION_EXACT_MONTH, *rows)
        )
        return [
            (r["source_system"], r["dispatches"], str(r["share"]), r["organisations"], r["last_month"])
            for r in answer(scan, UNMAPPED_SYSTEM)
        ]

    assert listed(*rows) == [
        ("arkiv", 50, "0.062500", 1, MONTH),
        ("eldst", 50, "0.062500", 1, date(2025, 9, 1)),
        ("sak", 150, "0.187500", 2, date(2026, 8, 1)),
    ]
    assert listed(rows[4]) == [("eldst", 50, "1.000000", 1, date(2025, 9, 1))], "no share is over the whole"


# --- the country's systems -------------------------------------------------------------------------------------------

SECRET = Secret(bytes(range(32)))
OTHERS = ("817920632", "921234554", "820710592")


@pytest.fixture(scope="session")
def by_system(rows_of, answer):
    """The country's systems: of connections (system, mapping, organisation, dispatches) and of protected dispatches."""

    def by_system(*connected, shielded=(), secret=SECRET):
        base = {"month": MONTH, "service": "svarut", "failed": 0, "last_seen": MONTH}
        sent = [
            base
            | dict(zip(("system", "mapping", "organisation_number", "dispatches"), row, strict=False))
            | {"source_system": row[0], "supplier": "En leverandør" if row[1] == "MAPPED" else None}
            for row in connected
        ]
        protected = [
            {"month": MONTH, "service": "svarut", "system": system, "organisation_number": number}
            | {"dispatches": count, "digest_xor": Decimal(xor), "digest_sum": Decimal(xor)}
            for system, number, count, xor in shielded
        ]
        scan = connections.system_month.make(
            BuildWindow(AS_OF, None, secret),
            connection=rows_of(CONNECTION_EXACT_MONTH, *sent),
            protected_dispatch_month=rows_of(PROTECTED_DISPATCH_MONTH, *protected),
        )
        rows = answer(scan, replace(SYSTEM_MONTH, partitioned=False))
        return {
            (r["system"], r["mapping"]): (r["dispatches"], r["dispatches_band"], r["organisations"], r["perturbed"])
            for r in rows
        }

    return by_system


def test_a_system_that_three_organisations_use_is_counted_in_fifties_and_one_of_fewer_is_given_as_a_band(by_system):
    three = [("Sak", "MAPPED", number, 40) for number in OTHERS]
    two = [("Arkiv", "MAPPED", number, 40) for number in OTHERS[:2]]
    unmapped = [(None, "UNMAPPED", OTHERS[0], 7)]
    assert by_system(*three, *two, *unmapped) == {
        ("Sak", "MAPPED"): (150, "100-999", 3, False),
        ("Arkiv", "MAPPED"): (None, "10-99", 2, False),
        (None, "UNMAPPED"): (None, "1-9", 1, False),
    }


@pytest.mark.parametrize(("senders", "told"), [(1, "1-9"), (3, "10-99")])
def test_what_states_no_system_is_a_band_of_how_many_nobody_says(by_system, senders, told):
    three = [("Sak", "MAPPED", number, 40) for number in OTHERS]
    assert by_system(*three, *((None, "NOT_STATED", number, 4) for number in OTHERS[:senders])) == {
        ("Sak", "MAPPED"): (150, "100-999", 3, False),
        (None, "NOT_STATED"): (None, told, None, False),
    }, "an exact system would leave its sum, and a number of senders whose it is, from one day to the next"


def test_a_shielded_system_is_told_of_for_the_country_alone_and_perturbed(by_system):
    one, other = ("Familia Oppvekst", OTHERS[0], 4, 7), ("Familia Oppvekst", OTHERS[1], 30, 12)
    key = cell_key(SECRET, "svarut", "forsendelser", (7 ^ 12, 7 + 12), 34)
    told = published(34, key)
    found = by_system((None, "NOT_STATED", OTHERS[0], 4), shielded=(one, other))
    assert found["Familia Oppvekst", "MAPPED"] == (told, band(told), None, True)
    assert found == by_system((None, "NOT_STATED", OTHERS[0], 4), shielded=(other, one)), "in any order"
    in_no_system = by_system(shielded=((None, OTHERS[0], 4, 7),))
    assert in_no_system == {}, "a name that says it, and is not mapped, has no row of its own"
