"""Who made a change: the sentence, and that its figures are those of the release."""

from __future__ import annotations

from datetime import date

import pytest

from dashboards.release.authorization import EVERYTHING
from dashboards.shared import why
from tests.dashboards.conftest import asked_by


def row(part: str, name: str, before: int, now: int) -> dict[str, object]:
    return {"part": part, "id": name, "name": name, "before": before, "now": now}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (
            [
                *(row("service", "SvarUt", 100, 218), row("service", "Fiks IO", 50, 65)),
                *(row("municipality", name, 10, 30) for name in ("Oslo", "Bergen", "Bodø", "Alta")),
            ],
            "SvarUt står for 118 av økningen på 133. Økningen var størst i Oslo, Bergen og Bodø.",
        ),
        ([row("channel", "PRINT", 90, 50), row("channel", "x", 50, 60)], ""),
        ([row("channel", "x", 90, 50), row("channel", "y", 50, 40)], "x står for 40 av nedgangen på 50."),
        ([row("municipality", "Oslo", 9, 5), row("municipality", "Bodø", 1, 3)], "Nedgangen var størst i Oslo."),
        ([row("service", "SvarUt", 0, 5), row("service", "Fiks IO", 0, 2)], ""),
        ([row("service", "SvarUt", 5, 5), row("service", "Fiks IO", 2, 2)], ""),
        ([], ""),
    ],
)
def test_who_made_a_change_is_named_where_the_figures_allow(nb, rows, told):
    assert why.in_words(rows, nb) == told


def test_the_services_sum_to_the_change_of_all_dispatches(whole_home, nb):
    reader = asked_by(whole_home, EVERYTHING)
    window = {"first": date(2026, 1, 1), "last": date(2026, 10, 1)}
    before = {"first_before": date(2025, 1, 1), "last_before": date(2025, 10, 1)}
    rows = reader.rows("moved", service="", code="", **window, **before)
    months = reader.rows("overview/dispatches", first=before["first_before"], through=window["last"])
    for name, first, last in (("now", *window.values()), ("before", *before.values())):
        whole = sum(month["dispatches"] for month in months if first <= month["month"] <= last)
        assert sum(one[name] for one in rows if one["part"] == "service") == whole
    said = why.since_last_year(reader, *window.values(), nb)
    assert isinstance(said, str)


@pytest.mark.parametrize(
    ("parts", "change_ore", "told"),
    [
        (
            {"price": 5_000_00, "quantity": -9_000_00, "new": 1_000_00},
            -2_500_00,
            (
                "Endringen i inntekt skyldes mengde (−9 000 kr), pris (+5 000 kr) og nye kunder (+1 000 kr) etter "
                "fakturagrunnlaget, og ellers periodisering og avvik fra det (+500 kr)."
            ),
        ),
        ({"new": 700_00}, 700_49, "Endringen i inntekt skyldes nye kunder (+700 kr) etter fakturagrunnlaget."),
        ({}, 700_00, ""),
    ],
)
def test_the_causes_and_the_rest_sum_to_the_change_in_income(nb, parts, change_ore, told):
    causes = {f"{cause}_ore": parts.get(cause, 0) for cause in ("price", "quantity", "new", "gone")}
    assert why.income_in_words(causes, change_ore, nb).replace("\N{NO-BREAK SPACE}", " ") == told
