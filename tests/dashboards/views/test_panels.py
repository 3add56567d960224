"""A chart or a table that is added to a page leaves it too: as a panel with an embed, pictures and an address.

`tests/dashboards/server/test_embeds.py` asks for each of them.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from dashboards.server import embeds
from dashboards.shared.pages import PAGES, VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DRAWN = {"alt.LayerChart", "Chart", "Drawing"}
"""What a function that makes a chart returns."""
ALSO_DRAWN = {
    "accounts.charts.two_lines": "the part that three charts share",
    "uptake.maps.geographic_map": "the page's own of the map's panel, which links and fetches the borders",
}
"""Functions that make charts, and are not called by a `panels.py`."""
PAID = "produktregnskap-kunder/pris-per-kommune"
DERIVED = {
    "accounts.pricing.tables.increases": (PAID, "produktregnskap-pris/priskalkyle"),
    "accounts.customers.tables.paid": (PAID,),
    "accounts.pricing.tables.cost_base": ("produktregnskap-pris/priskalkyle",),
    "accounts.pricing.tables.levels": ("produktregnskap-pris/hva-om-bruk",),
    "accounts.pricing.tables.prices": ("produktregnskap-pris/priskalkyle",),
    "accounts.pricing.tables.sizes": (PAID, "produktregnskap-pris/priskalkyle"),
    "accounts.pricing.tables.uses": ("produktregnskap-pris/hva-om-bruk",),
    "accounts.pricing.tables.what_if_prices": ("produktregnskap-pris/hva-om-priser",),
    "accounts.result.tables.self_cost": ("produktregnskap-resultat/selvkost",),
    "uptake.tables.suppliers_by_service": ("utbredelse/leverandorer",),
    "accounts.result.tables.categories": ("produktregnskap-resultat/maaneder",),
    "accounts.result.tables.statement": ("produktregnskap-resultat/maaneder",),
    "data.tables.calendar": ("data/leveranser",),
    "municipality.tables.areas": ("kommune/omrader",),
    "municipality.tables.matrix": ("kommune/kommuner",),
    "municipality.tables.services": ("kommune/tjenester",),
    "organisation.tables.changes": ("min/endringer",),
    "organisation.tables.lines": ("min/fakturagrunnlag",),
    "organisation.tables.services": ("min/fakturagrunnlag",),
    "overview.tables.decisions": ("oversikt/beslutninger",),
    "service.tables.delivery": ("tjeneste/leveringstid",),
    "service.tables.systems": ("tjeneste/fagsystemer",),
    "uptake.maps.county_table": ("utbredelse/kart",),
    "uptake.tables.calls": ("utbredelse/ringeliste",),
    "uptake.tables.network_table": ("utbredelse/nettverk",),
    "uptake.tables.suppliers": ("utbredelse/leverandorer",),
    "usage.tables.connections": ("bruk/fagsystemer",),
}
"""The tables that pages draw by themselves, and the panels whose tables have their numbers."""
NO_NUMBERS = {
    "data.tables.overview": "the datasets, which the catalogue lists for machines",
    "data.tables.file": "a link to a file",
    "definitions.tables.numbers": "definitions: the dataset meta.metric",
    "service.tables.about": "the product catalogue in words: tjeneste/katalog",
    "service.tables.expected": "the product catalogue in words: tjeneste/katalog",
    "service.tables.templates": "the product catalogue in words: tjeneste/katalog",
    "service.tables.prices": "the price calculation: produktregnskap-pris/priskalkyle",
}
ON_PAPER = {"service.tables.flow", "service.tables.months", "service.tables.use", "uptake.tables.standings"}
ON_PAPER |= {"uptake.tables.first_calls"}
"""Tables of reports, which are files themselves."""
OFFERED = {f"{page.path}/{name}" for page in PAGES if (offered := embeds.panels_of(page)) for name in offered.PANELS}


SAYING_ONLY = {"about", "definitions"}
"""Pages with first words and no panels."""


def modules(name: str) -> Iterator[tuple[str, Path, ast.Module]]:
    for file in sorted(VIEWS.rglob(f"{name}.py")):
        yield ".".join(file.relative_to(VIEWS).with_suffix("").parts), file, ast.parse(file.read_text("utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"))


def called(tree: ast.AST) -> set[str]:
    """The functions that are called, as `charts.months` or `table`."""
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def drawing() -> list[str]:
    """Every function of a view that makes a chart."""
    found = []
    for name in ("charts", "maps", "map_picture"):
        for module, _, tree in modules(name):
            made = [f for f in functions(tree) if f.returns and ast.unparse(f.returns) in DRAWN]
            found += [f"{module}.{function.name}" for function in made]
    return found


@pytest.mark.parametrize("chart", drawing())
def test_a_chart_of_a_page_is_of_a_panel(chart):
    module, _, function = chart.rpartition(".")
    view, _, part = module.rpartition(".")
    calls = {call for at, _, tree in modules("panels") if at == f"{view}.panels" for call in called(tree)}
    assert f"{part}.{function}" in calls or chart in ALSO_DRAWN, "make a panel of it: else no embed or file has it"


def test_there_are_charts_to_hold():
    assert len(drawing()) > 15


@pytest.mark.parametrize(
    ("module", "tree"),
    [(module, tree) for module, _, tree in modules("panels") if module.split(".")[0] not in SAYING_ONLY],
)
def test_each_panel_of_a_module_is_offered(module, tree):
    page = next(page for page in PAGES if f"{page.key}.panels" == module)
    made = [
        node.args[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Panel", "ComposedPanel"}
    ]
    keys = {ast.unparse(key).removeprefix("f'{PAGE}/").removesuffix("'") for key in made}
    names = embeds.panels_of(page).PANELS
    composed = {key for key in keys if "{" in key}  # a part shared by two, as `hva-om-{of}`
    assert keys - composed <= set(names)
    for key in composed:
        assert any(name.startswith(key.split("{")[0]) for name in names)


def test_panels_are_made_where_they_are_offered_and_nowhere_else():
    for file in VIEWS.rglob("*.py"):
        if file.name != "panels.py":
            assert not called(ast.parse(file.read_text("utf-8"))) & {"Panel", "ComposedPanel"}, file


def tabulating() -> list[str]:
    """Every function of a view that makes an HTML table."""
    return [
        f"{module}.{function.name}"
        for name in ("tables", "maps")
        for module, _, tree in modules(name)
        for function in functions(tree)
        if called(function) & {"table", "tables.table", "listed", "tables.listed"} and function.name != "listed"
    ]


def test_a_table_of_a_page_has_an_address_or_its_numbers_come_from_one_that_has():
    told = {*DERIVED, *NO_NUMBERS, *ON_PAPER}
    assert set(tabulating()) - told == set(), "say which panel has its numbers"
    assert {panel for panels in DERIVED.values() for panel in panels} <= OFFERED
