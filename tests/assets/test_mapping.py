"""Proposals: what an unmapped name may stand for, why, and that nothing becomes a mapping without a person's mark."""

from datetime import date
from decimal import Decimal

import pytest

from assets import mapping, simulate
from assets.simulate.organisations import organisations
from assets.simulate.source_systems import source_systems
from catalog.errors import RegisterRejected

REGISTER = (
    ("Tindrell Sak", "Tindrell Sak", "Tindrell AS", "200000001", False),
    ("TINDRELL_SAK v2.0.1", "Tindrell Sak", "Tindrell AS", "200000001", None),
    ("Tindrell Arkiv", "Tindrell Arkiv", "Tindrell AS", "200000001", False),
    ("Brelunde Oppvekst", "Brelunde Oppvekst", "Brelunde AS", "200000002", True),
    ("Vasslund Faktura 2", "Vasslund Faktura 2", "Vasslund AS", "200000003", False),
    ("Innsynsløsningen", "Innsynsløsningen", "Morkholte Data AS", "200000004", False),
    ("Sky", "Sky", "Skyfirma AS", "200000005", False),
    ("Ukjent portal", None, None, None, None),
)
COLUMNS = ("source_system", "system", "supplier", "supplier_number", "sensitive")


def register(*more):
    return [{**dict(zip(COLUMNS, row, strict=True)), "synthetic": None} for row in (*REGISTER, *more)]


def unmapped(*names, dispatches=100):
    return [
        {
            "source_system": name,
            "dispatches": dispatches - n,
            "share": Decimal("0.012345"),
            "organisations": 2,
            "last_month": date(2026, 3, 1),
            "synthetic": False,
        }
        for n, name in enumerate(names)
    ]


def proposed(name, *more, **options):
    [row] = mapping.propose(unmapped(name), register(*more), **options)
    return row


def reviewed(*rows):
    """Rows of a reviewed file: name, system, and more of the row; all marked."""
    empty = dict.fromkeys((c.name for c in mapping.REVIEW.columns), None)
    return [empty | {"accept": True, "source_system": n, "system": s} | dict(*more) for n, s, *more in rows]


def simulated(seed, *, without=lambda system: False):
    """The simulator's register, the names it lacks, and what every name stands for."""
    plan = simulate.Plan(
        dispatches=1_000, months=2, last_month=date(2026, 4, 1), seed=seed, organisations=400, connections=600
    )
    names = source_systems(plan, organisations(plan))
    known = [s for s in names if s.mapped and not without(s.system)]
    rows = [{c: getattr(s, c, s.written) for c in COLUMNS} | {"synthetic": True} for s in known]
    there = {r["source_system"] for r in rows}
    lacking = unmapped(*(s.written for s in names if s.written not in there))
    return rows, lacking, {s.written: s.system for s in names}


# --- how good they are -----------------------------------------------------------------------------------------------


def test_what_is_proposed_for_the_simulators_dirty_names_is_right_and_little_is_missed():
    right = wrong = possible = 0
    for seed in range(8):
        rows, lacking, truth = simulated(seed)
        systems = {r["system"] for r in rows}
        possible += sum(truth[r["source_system"]] in systems for r in lacking)
        for row in mapping.propose(lacking, rows):
            right += row.system == truth[row.source_system]
            wrong += row.system not in (None, truth[row.source_system])
    assert right / (right + wrong) >= 0.98
    assert right / possible >= 0.95, "of the names whose system the register knows"


def test_a_system_that_the_register_does_not_know_is_not_taken_for_another_of_its_supplier():
    wrong, all_proposed = [], 0
    for seed in range(8):
        # every second system is new, and its nearest neighbour differs in the supplier's ending alone
        rows, lacking, truth = simulated(seed, without=lambda system: len(system) % 2 == 0)
        found = [p for p in mapping.propose(lacking, rows) if p.system]
        all_proposed += len(found)
        wrong += [p for p in found if p.system != truth[p.source_system]]
    assert all_proposed > 100
    assert len(wrong) / all_proposed <= 0.02, wrong


# --- what is alike, and the evidence ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("tindrell-sak", "Likt «Tindrell Sak» når store bokstaver, mellomrom og tegn ikke teller."),
        ("TindrellSak", "Likt «Tindrell Sak» når store bokstaver, mellomrom og tegn ikke teller."),
        ("Tindrell Sak v3.2.1", "Likt «Tindrell Sak» når versjon er tatt bort."),
        ("Tindrell Sak versjon 4", "Likt «Tindrell Sak» når versjon er tatt bort."),
        ("TINDRELL SAK/2024.3  PROD", "Likt «Tindrell Sak» når versjon og miljø er tatt bort."),
        ("Nordre Follo_Tindrell_Sak", "Likt «Tindrell Sak» når kommunenavn (Nordre Follo) er tatt bort."),
        ("Tindrell Sak - Nordre Follo kommune", "Likt «Tindrell Sak» når kommunenavn (Nordre Follo) er tatt bort."),
        ("Kautokeino Tindrell Sak 5.1", "Likt «Tindrell Sak» når versjon og kommunenavn (Kautokeino) er tatt bort."),
        ("Tindrel Sak", "Likner «Tindrell Sak»; én bokstav skiller, likhet 0,91."),
    ],
)
def test_a_name_is_proposed_with_what_it_is_like_and_what_was_taken_out(name, because):
    row = proposed(name)
    assert (row.system, row.supplier, row.supplier_number) == ("Tindrell Sak", "Tindrell AS", "200000001")
    assert row.because.startswith(because)
    assert (row.sensitive, row.caution) == (False, "")


def test_a_suppliers_name_is_taken_out_only_for_a_system_of_that_supplier():
    row = proposed("Morkholte Data AS Innsynsløsningen")
    assert row.system == "Innsynsløsningen"
    assert "leverandørnavn (Morkholte Data) er tatt bort" in row.because
    assert proposed("Tindrell AS Innsynsløsningen").system is None


def test_a_name_of_the_register_stands_for_its_system_in_the_evidence():
    row = proposed("sakstorget 1.2", ("Sakstorget", "Tindrell Sak", "Tindrell AS", "200000001", False))
    assert row.system == "Tindrell Sak"
    assert "«Sakstorget» (systemet «Tindrell Sak»)" in row.because


@pytest.mark.parametrize(
    ("name", "because"),
    [
        ("Helt noe annet", "ingenting i registeret likner"),
        ("Tindrell Byggesak", "ikke likt nok"),
        ("Brelund Oppvkst", "mer enn én bokstav"),
        ("Vasslund Faktura 3", "ingenting"),  # another number is another thing
        ("Sku", "ingenting"),  # one letter of three
        ("Oslo Sky", "ingenting"),  # little is left without the place
        ("ukjent  portal", "ikke har noe system"),
        ("42", "ingenting"),
        ("v2.1", "ingenting"),
        ("?!", "ingenting"),
        ("kommune", "ingenting"),
    ],
)
def test_a_name_that_is_not_clearly_like_one_system_gets_no_proposal_and_says_why(name, because):
    row = proposed(name)
    assert (row.system, row.supplier, row.supplier_number, row.sensitive) == (None, None, None, None)
    assert row.because.startswith("Ikke foreslått: ")
    assert because in row.because


def test_two_systems_that_are_nearly_as_alike_get_no_proposal_and_are_both_named():
    other = ("Tindrell Sav", "Tindrell Sav", "Tindrell AS", "200000001", False)
    row = proposed("Tindrell Sab", other)
    assert row.system is None
    assert "«Tindrell Sak» (0,91), men «Tindrell Sav» (0,91) er nesten like nær" in row.because
    assert proposed("Tindrell-Sav", other).system == "Tindrell Sav", "the very same letters need no margin"
    twice = ("tindrell.sak", "Noe annet", "Tindrell AS", "200000001", False)
    assert proposed("TINDRELL SAK", twice).system is None, "one name that the register gives two meanings"


def test_more_likeness_may_be_asked_for():
    assert proposed("Tindrel Sak", at_least=Decimal("0.95")).system is None
    assert proposed("Tindrell-Sak", at_least=Decimal(1)).system == "Tindrell Sak"


def test_suppliers_that_the_register_does_not_agree_on_are_left_empty():
    row = proposed("Tindrell Sak 3.0", ("TS", "Tindrell Sak", "Et annet AS", "200000001", False))
    assert (row.system, row.supplier, row.supplier_number) == ("Tindrell Sak", None, "200000001")


def test_names_that_the_register_has_by_now_are_left_out_and_the_most_used_come_first():
    rows = mapping.propose(unmapped("Ukjent noe", "Tindrell Sak", "tindrell sak", "tindrell arkiv"), register())
    assert [r.source_system for r in rows] == ["tindrell sak", "tindrell arkiv", "Ukjent noe"]
    assert mapping.propose(unmapped("Sak"), []) == [
        mapping.Proposal(
            "Sak", None, None, None, None, False, None,
            "Ikke foreslått: ingenting i registeret likner.", "", unmapped("Sak")[0],
        )
    ]  # fmt: skip


# --- what tells of child welfare -------------------------------------------------------------------------------------


def test_a_name_like_a_sensitive_system_is_proposed_as_sensitive():
    row = proposed("brelunde oppvekst 2.0")
    assert (row.system, row.sensitive, row.caution) == ("Brelunde Oppvekst", True, "")


@pytest.mark.parametrize(
    ("name", "more", "caution"),
    [
        ("barnevern-portal", ("Barnevernportal", "Barnevernportal", "X AS", None, False), "tyder på barnevern"),
        ("Barnvernportal 2.0", ("Barnvernportal", "Barnvernportal", "X AS", None, False), "tyder på barnevern"),
        ("brelunde-oppvask", ("Brelunde Oppvask", "Brelunde Oppvask", "X AS", None, False), "«Brelunde Oppvekst»"),
    ],
)
def test_a_name_that_looks_sensitive_never_goes_to_another_system_without_saying_so(name, more, caution):
    row = proposed(name, more)
    assert row.system == more[1]
    assert caution in row.caution
    assert row.sensitive is None, "a person has to say it"

    [said] = mapping.review([row]).to_pylist()
    assert (said["sensitive"], said["caution"]) == (None, row.caution)
    with pytest.raises(RegisterRejected, match="looks sensitive"):
        mapping.accepted(register(more), [said | {"accept": True, "caution": None}])
    for answer in (True, False):
        rows = mapping.accepted(register(more), [said | {"accept": True, "sensitive": answer}])
        assert (rows[-1]["source_system"], rows[-1]["sensitive"]) == (name, answer)


def test_a_name_without_a_proposal_also_says_that_it_looks_sensitive():
    assert "tyder på barnevern" in proposed("Barnevern i Lyngtorva").caution


# --- what a person marks ---------------------------------------------------------------------------------------------


def test_the_review_has_the_registers_columns_the_share_and_no_mark():
    [row] = mapping.review(mapping.propose(unmapped("tindrell sak"), register())).to_pylist()
    assert row == {
        "accept": None,
        "source_system": "tindrell sak",
        "system": "Tindrell Sak",
        "supplier": "Tindrell AS",
        "supplier_number": "200000001",
        "sensitive": False,
        "synthetic": None,
        "score": "1,00",
        "because": "Likt «Tindrell Sak» når store bokstaver, mellomrom og tegn ikke teller. "
        "Nest likest er «Tindrell Arkiv» (0,69).",
        "caution": None,
        "dispatches": "100",
        "share": "1,23 %",
        "organisations": "2",
        "last_month": "2026-03",
    }


def test_only_marked_rows_are_added_after_those_in_force_and_known_systems_are_filled_in():
    before = register()
    rows = reviewed(
        ("tindrell", "Tindrell Sak"), ("Ny", "Et nytt system", {"supplier": "Ny AS"}), ("brel", "Brelunde Oppvekst")
    )
    left_out = [r | {"source_system": f"ikke {n}", "accept": n} for n, r in zip((None, False), rows, strict=False)]
    after = mapping.accepted(before, [*rows, *left_out])
    assert after[: len(before)] == before
    assert [tuple(r[c] for c in COLUMNS) for r in after[len(before) :]] == [
        ("tindrell", "Tindrell Sak", "Tindrell AS", "200000001", False),
        ("Ny", "Et nytt system", "Ny AS", None, None),
        ("brel", "Brelunde Oppvekst", "Brelunde AS", "200000002", True),
    ]
    assert mapping.accepted(after, rows) == after, "the same file once more changes nothing"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ((), "no row is marked"),
        ((("ny", None),), "system is empty"),
        ((("Tindrell Sak", "Noe annet"),), "already has it, as 'Tindrell Sak'"),
    ],
)
def test_marks_that_cannot_hold_are_refused_with_the_row(rows, says):
    with pytest.raises(RegisterRejected, match=says):
        mapping.accepted(register(), reviewed(*rows))
