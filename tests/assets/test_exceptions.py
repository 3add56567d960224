"""What does not add up: use without annex, after termination, without invoice; an invoice without use."""

from datetime import UTC, date, datetime

import pytest

from assets import uptake
from assets.build import BuildWindow
from catalog.tables import conformed
from catalog.tables.reference import MUNICIPALITY_TO_NOW, ORGANISATION, PRICE_ELEMENT, PRODUCT
from catalog.tables.uptake import MEASURED_MONTH, STEP_EVENT, USE_MONTH
from catalog.tables.uptake_calls import EXCEPTION

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
A, B, OLD_A = "958935420", "964338531", "920415288"
MAY = date(2026, 5, 1)


def month(number: int, year: int = 2026) -> date:
    return date(year, number, 1)


def use(number: str, when: date, **more) -> dict:
    row = {"month": when, "organisation_number": number, "service": "svarut"}
    return row | {"first_day": when, "last_day": when.replace(day=20)} | more


def step(kind: str, when: date, **more) -> dict:
    row = {
        "producer": "kundesenter",
        "event_id": f"{kind}-{when}",
        "service": "svarut",
        "organisation_number": A,
        "step": kind,
        "occurred_at": datetime(when.year, when.month, when.day, 10, tzinfo=UTC),
        "occurred_precision": "EXACT",
        "estimated": False,
        "month": when.replace(day=1),
    }
    return row | more


def line(number: str, period: date, amount: int = 1000, **more) -> dict:
    row = {"producer": "okonomi", "invoice_id": f"{number}-{period}", "line_number": 1, "organisation_number": number}
    return row | {"service": "svarut", "period": period, "amount_ore": amount} | more


@pytest.fixture(scope="session")
def exceptions(rows_of, answer):
    """What is found, by exception and customer: first month, last month, months."""

    def exceptions(*, used=(), steps=(), lines=(), launch="ukjent", kind="PER_UNIT", sentences=False):
        scan = uptake.exception.make(
            BuildWindow(NOW),
            use_month=rows_of(USE_MONTH, *used),
            measured_month=rows_of(
                MEASURED_MONTH, *({k: v for k, v in u.items() if k != "organisation_number"} for u in used)
            ),
            step_event=rows_of(STEP_EVENT, *({k: v for k, v in s.items() if k != "told"} for s in steps)),
            adoption=rows_of(
                conformed.ADOPTION,
                *(
                    {"producer": s["producer"], "event_id": s["event_id"], "organisation_number": s["told"]}
                    for s in steps
                    if "told" in s
                ),
            ),
            municipality_to_now=rows_of(
                MUNICIPALITY_TO_NOW,
                *({"from_code": code, "to_code": "5601", "valid_to": date(2024, 1, 1)} for code in ("2011", "2012")),
                {"from_code": "5401", "to_code": "5601", "valid_from": date(2024, 1, 1)},
            ),
            invoice_line=rows_of(conformed.INVOICE_LINE, *lines),
            organisation=rows_of(
                ORGANISATION,
                {"organisation_number": A, "name": "Alta kommune", "kind": "MUNICIPALITY", "municipality_code": "5601"},
                {"organisation_number": B, "name": "Bodø kommune", "municipality_code": "1804"},
                {"organisation_number": OLD_A, "name": "Gamle Alta", "successor_number": A},
            ),
            element=rows_of(PRICE_ELEMENT, {"service": "svarut", "kind": kind}),
            product=rows_of(PRODUCT, {"service": "svarut", "name_nb": "SvarUt", "launch_month": launch}),
        )
        rows = answer(scan, EXCEPTION)
        if sentences:
            return {r["exception"]: (r["sentence"], r["sentence_en"]) for r in rows}
        return {
            (r["exception"], r["organisation_number"]): (r["first_month"].month, r["last_month"].month, r["months"])
            for r in rows
        }

    return exceptions


ANNEX_OF_B = step("ANNEX_SIGNED", date(2025, 1, 2), organisation_number=B)


def test_use_without_any_step_is_use_without_annex_where_annexes_are_reported(exceptions):
    used = [use(A, month(4)), use(A, month(5)), use(B, month(5))]
    assert exceptions(used=used, steps=[ANNEX_OF_B]) == {("USE_WITHOUT_ANNEX", A): (4, 5, 2)}
    activated = step("ACTIVATED", date(2025, 1, 2), organisation_number=B)
    assert exceptions(used=used, steps=[activated]) == {}, "nobody reports annexes of the service"


def test_use_before_the_first_step_is_without_annex_and_later_use_is_not(exceptions):
    used = [use(A, month(3)), use(A, month(5))]
    assert exceptions(used=used, steps=[ANNEX_OF_B, step("ANNEX_SIGNED", date(2026, 4, 2))]) == {
        ("USE_WITHOUT_ANNEX", A): (3, 3, 1)
    }


def test_a_step_that_names_the_municipality_alone_stands_for_its_organisation(exceptions):
    named = step("ANNEX_SIGNED", date(2026, 1, 2), organisation_number=None, municipality_code="5601")
    assert exceptions(used=[use(A, MAY)], steps=[named]) == {}


def test_a_day_of_use_after_a_termination_that_nothing_followed(exceptions):
    left = [step("ANNEX_SIGNED", date(2025, 1, 2)), step("TERMINATED", date(2026, 3, 20))]
    used = [use(A, month(3)), use(A, month(4), last_day=date(2026, 4, 1)), use(A, month(5))]
    assert exceptions(used=used, steps=left) == {("USE_AFTER_TERMINATION", A): (4, 5, 2)}
    assert exceptions(used=used, steps=[*left, step("ANNEX_SIGNED", date(2026, 4, 1))]) == {}


def test_use_of_a_sensitive_service_is_after_a_termination_from_the_next_month_on(exceptions):
    of = {"service": "fiks-digisos"}
    left = [step("ANNEX_SIGNED", date(2025, 1, 2), **of), step("TERMINATED", date(2026, 3, 20), **of)]
    # as `use_month` tells of it: by whole months
    used = [use(A, month(3), last_day=date(2026, 3, 31), **of), use(A, month(4), last_day=date(2026, 4, 30), **of)]
    assert exceptions(used=used[:1], steps=left) == {}
    assert exceptions(used=used, steps=left) == {("USE_AFTER_TERMINATION", A): (4, 4, 1)}


def test_use_is_without_invoice_up_to_the_last_period_that_is_billed(exceptions):
    used = [use(A, month(2)), use(A, month(5)), use(B, month(2))]
    lines = [line(B, month(1)), line(B, month(3))]
    assert exceptions(used=used, lines=lines) == {("USE_WITHOUT_INVOICE", A): (2, 2, 1)}
    assert exceptions(used=used, lines=[*lines, line(OLD_A, month(1))]) == {}, "its old number was billed"
    assert exceptions(used=used) == {}, "the service is not billed"
    for kind in ("ACTIVE_MONTH", "JOINING_FEE"):
        assert exceptions(used=used, lines=lines, kind=kind) == {}, "not billed to all who use it"


@pytest.mark.parametrize(
    ("of_one", "of_other"),
    [({"told": OLD_A}, {"told": A}), ({"reported_code": "2011"}, {"reported_code": "2012"})],
    ids=["number", "code"],
)
def test_each_of_those_that_merged_had_an_agreement_of_its_own(exceptions, of_one, of_other):
    """Both stand for the customer of now, which did not sign twice, and goes on where only one of them ended."""
    where = {"municipality_code": "5601"}
    one = step("ANNEX_SIGNED", date(2021, 1, 2), **where, **of_one)
    other = step("ANNEX_SIGNED", date(2022, 1, 2), **where, **of_other)
    end = step("TERMINATED", date(2026, 3, 20), **where, **of_one)
    assert exceptions(steps=[one, other]) == {}
    assert exceptions(used=[use(A, MAY)], steps=[one, other, end]) == {}
    both = [one, other, end, end | {"event_id": "også"} | of_other]
    assert exceptions(used=[use(A, MAY)], steps=both) == {("USE_AFTER_TERMINATION", A): (5, 5, 1)}
    again = one | {"event_id": "igjen", "occurred_at": datetime(2026, 4, 1, tzinfo=UTC), "month": month(4)}
    assert exceptions(steps=[one, other, again]) == {("SIGNED_TWICE", A): (4, 4, 1)}


def test_a_code_that_was_only_renumbered_is_the_same_municipality(exceptions):
    where = {"municipality_code": "5601"}
    signed = step("ANNEX_SIGNED", date(2025, 1, 2), reported_code="5401", **where)
    end = step("TERMINATED", date(2026, 3, 20), reported_code="5601", **where)
    assert exceptions(used=[use(A, MAY)], steps=[signed, end]) == {("USE_AFTER_TERMINATION", A): (5, 5, 1)}


def test_who_is_billed_and_used_nothing_for_a_year_pays_without_use(exceptions):
    throughout = [use(B, month(6, 2025)), use(B, month(5))]
    lines = [line(A, month(1)), line(A, month(4)), line(B, month(1))]
    assert exceptions(used=throughout, lines=lines) == {("PAYS_WITHOUT_USE", A): (1, 4, 2)}
    assert exceptions(used=[*throughout, use(A, month(9, 2025))], lines=lines) == {}
    credited = line(A, month(1), -1000, invoice_id="kredit")
    assert exceptions(used=throughout, lines=[lines[0], credited, lines[2]]) == {}, "nothing is left of it"
    assert exceptions(used=[use(B, month(9, 2025)), use(B, month(5))], lines=lines) == {}, "measured for too short"


def test_a_step_before_launch_is_listed_where_the_launch_is_known(exceptions):
    early = [step("ANNEX_SIGNED", date(2026, 2, 3)), step("CONFIGURED", date(2026, 3, 3))]
    assert exceptions(steps=early) == {}
    for said in ("2026-03", "2026-03 (plan)"):
        assert exceptions(steps=early, launch=said) == {("STEP_BEFORE_LAUNCH", A): (2, 2, 1)}
    planned = exceptions(steps=early, launch="2026-03 (plan)", sentences=True)["STEP_BEFORE_LAUNCH"]
    assert planned[0].endswith("(02.2026) før planlagt lansering (03.2026).")
    assert planned[1].endswith("(02.2026) before its planned launch (03.2026).")


def test_a_termination_of_nothing_and_an_annex_signed_twice_are_listed(exceptions):
    end, again = step("TERMINATED", date(2026, 3, 20)), step("ANNEX_SIGNED", date(2026, 4, 1))
    assert exceptions(steps=[end, again]) == {("TERMINATED_BEFORE_SIGNED", A): (3, 3, 1)}
    first = step("ANNEX_SIGNED", date(2025, 1, 2))
    assert exceptions(steps=[first, end, again]) == {}
    assert exceptions(steps=[first, again]) == {("SIGNED_TWICE", A): (4, 4, 1)}
    third = step("ANNEX_SIGNED", date(2026, 5, 3))
    said = exceptions(steps=[first, again, third], sentences=True)["SIGNED_TWICE"][0]
    assert said.endswith("på nytt (04.2026–05.2026) uten oppsigelse siden 02.01.2025.")
    assert exceptions(steps=[first | {"estimated": True}, again]) == {}, "that of the municipality it was split from"
    told_by_another = first | {"producer": "nav", "occurred_at": first["occurred_at"].replace(hour=14)}
    assert exceptions(steps=[first, told_by_another]) == {}


def test_a_step_that_is_only_known_to_be_no_later_may_be_older_than_anything(exceptions):
    listed = step("ANNEX_SIGNED", date(2026, 5, 20), occurred_precision="NO_LATER_THAN")
    end, first = step("TERMINATED", date(2026, 3, 20)), step("ANNEX_SIGNED", date(2025, 1, 2))
    assert exceptions(used=[use(A, month(4))], steps=[ANNEX_OF_B, listed]) == {}
    assert exceptions(steps=[end, listed]) == {}
    assert exceptions(steps=[first, listed]) == {}


def test_a_step_of_one_municipality_under_the_number_of_another_is_listed(exceptions):
    own, other = (step("ACTIVATED", date(2026, 2, 3), municipality_code=c) for c in ("5601", "1804"))
    assert exceptions(steps=[own]) == {}
    assert exceptions(steps=[other]) == {("STEP_OF_ANOTHER_MUNICIPALITY", A): (2, 2, 1)}


def test_the_month_that_goes_on_and_what_is_older_than_a_year_count_nowhere(exceptions):
    used = [use(A, month(6)), use(A, month(5, 2025))]
    assert exceptions(used=used, steps=[ANNEX_OF_B]) == {}


def test_each_exception_is_a_sentence_in_both_languages(exceptions):
    left = [ANNEX_OF_B, step("ANNEX_SIGNED", date(2025, 1, 2)), step("TERMINATED", date(2026, 3, 20))]
    found = exceptions(used=[use(A, month(4)), use(A, month(5))], steps=left, lines=[line(B, month(5))], sentences=True)
    assert found == {
        "USE_AFTER_TERMINATION": (
            "Alta kommune brukte SvarUt i 2 måneder (04.2026–05.2026) etter oppsigelsen 20.03.2026.",
            "Alta kommune used SvarUt in 2 months (04.2026–05.2026) after terminating it on 20.03.2026.",
        ),
        "USE_WITHOUT_INVOICE": (
            "Alta kommune brukte SvarUt i 2 måneder (04.2026–05.2026), men er ikke fakturert.",
            "Alta kommune used SvarUt in 2 months (04.2026–05.2026), but was not billed.",
        ),
    }
    steps = [step("TERMINATED", date(2026, 1, 9)), *(step("ANNEX_SIGNED", date(2026, 2, d)) for d in (3, 5))]
    assert exceptions(steps=steps, launch="2026-03", sentences=True) == {
        "STEP_BEFORE_LAUNCH": (
            "Alta kommune tok et steg for SvarUt (01.2026–02.2026) før den ble lansert (03.2026).",
            "Alta kommune took a step for SvarUt (01.2026–02.2026) before its launch (03.2026).",
        ),
        "TERMINATED_BEFORE_SIGNED": (
            "Alta kommune sa opp SvarUt 09.01.2026 uten å ha tatt noe steg før.",
            "Alta kommune terminated SvarUt on 09.01.2026 without any step before.",
        ),
        "SIGNED_TWICE": (
            "Alta kommune har signert vedlegg for SvarUt på nytt (02.2026) uten oppsigelse siden 03.02.2026.",
            "Alta kommune signed the annex of SvarUt again (02.2026) without terminating it since 03.02.2026.",
        ),
    }
