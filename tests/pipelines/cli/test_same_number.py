"""Each key figure of the pages is what the query of its metric gives: an analyst who copies it gets the same number."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from decimal import Decimal
from html import unescape
from pathlib import Path

import duckdb
import pytest
from streamlit.testing.v1 import AppTest

from catalog.contracts.language import FILES
from catalog.metrics.metrics import METRICS
from dashboards.shared.pages import PAGES
from dashboards.words import formatting
from tests.dashboards.conftest import open_at, opened, set_as_served  # noqa: F401 - fixtures
from tests.dashboards.sample_ledger import OSLO

LINKS = {
    "min": {"organisasjon": OSLO},
    "bruk": {"tjeneste": "svarut"},
    **{
        path: {"tjeneste": "fiks-io"}
        for path in ("utbredelse", "tjeneste", "produktregnskap", "produktregnskap-resultat")
    },
}
SQL = {metric.name: metric.sql for metric in METRICS}
FIKS_IO = "service = 'fiks-io'"
SVARUT = "service = 'svarut'"
COST = "cost_brukerstotte_ore + cost_drift_ore + cost_forvaltning_ore + cost_administrasjon_ore + allocated_ore"
LAST = "month = date '2026-04-01'"


def number(value: Decimal) -> str:
    return formatting.number(value, "nb")


def kroner(value: int) -> str:
    return formatting.kroner(value, "nb")


def rounded(value: int) -> str:
    return formatting.rounded_kroner(value, "nb")


def rounded_count(value: Decimal) -> str:
    return formatting.rounded(value, "nb")


def whole_percent(value: Decimal) -> str:
    return formatting.percent(Decimal(str(value)), "nb")


def per_cent(value: Decimal) -> str:
    return formatting.per_cent(Decimal(str(value)), "nb")


def price(value: Decimal) -> str:
    return formatting.price(value, "nb")


def tenths(value: Decimal) -> str:
    return formatting.tenths(Decimal(str(value)), "nb")


def rate(value: Decimal) -> str:
    return formatting.rate(Decimal(str(value)), "nb")


SHOWN = [
    ("oversikt", "income", "sum(income_ore)", "true", rounded),
    ("oversikt", "result", "sum(result_ore)", "true", rounded),
    ("oversikt", "services_in_use", "in_use", LAST, number),
    ("oversikt", "loan_outstanding", "sum(balance_ore)", LAST, rounded),
    ("bruk", "municipality_dispatches", "sum(dispatches)", f"{SVARUT} and {LAST}", number),
    ("bruk", "country_median", "per_1000_median", f"{SVARUT} and {LAST}", rate),
    ("bruk", "municipalities_sending", "municipalities", f"{SVARUT} and {LAST}", number),
    ("bruk", "print_cost", "sum(print_cost_ore)", SVARUT, kroner),
    ("bruk", "services_with_use", "services", f"municipality_code is null and {LAST}", number),
    ("utbredelse", "municipalities_active", "active", f"{FIKS_IO} and {LAST}", number),
    ("utbredelse", "population_share_active", "share_of_population", f"{FIKS_IO} and {LAST}", whole_percent),
    ("utbredelse", "municipalities_left", "municipalities_left", f"{FIKS_IO} and {LAST}", number),
    ("utbredelse", "annex_without_use", "annex_without_use", f"area_kind = 'NO' and {FIKS_IO} and {LAST}", number),
    ("tjeneste", "customers", "customers", f"{FIKS_IO} and {LAST}", number),
    ("tjeneste", "measured_use", "sum(quantity)", f"{FIKS_IO} and measure = 'meldinger'", rounded_count),
    ("tjeneste", "support_requests", "sum(requests) * 100 / sum(customers)", FIKS_IO, tenths),
    ("tjeneste", "result", "sum(result_ore)", FIKS_IO, rounded),
    ("produktregnskap", "income", "sum(income_ore)", FIKS_IO, rounded),
    ("produktregnskap-resultat", "income", "sum(income_ore)", FIKS_IO, rounded),
    ("produktregnskap-resultat", "cost", f"sum({COST})", FIKS_IO, rounded),
    ("produktregnskap-resultat", "result", "sum(result_ore)", FIKS_IO, rounded),
    ("produktregnskap", "result", "sum(result_ore)", FIKS_IO, rounded),
    ("produktregnskap", "self_cost_percent", "sum(income_ore) * 100 / sum(cost_base_ore)", FIKS_IO, per_cent),
    ("produktregnskap", "balance_carried", "balance_carried_ore", f"{FIKS_IO} and {LAST}", rounded),
    (
        "produktregnskap-pris",
        "self_cost_price",
        "self_cost_price",
        f"{SVARUT} and price_element = 'svarut-forsendelser'",
        price,
    ),
    ("produktregnskap-pris", "cover_with_balance_percent", "cover_with_balance_today_percent", SVARUT, per_cent),
    ("min", "invoice_basis", "sum(amount_ore)", f"payer_number = '{OSLO}' and {LAST} and status = 'READY'", rounded),
    ("data", "missing_reporters", "missing", "day is null", number),
    ("data", "checks", "sum(passed)", "true", number),
    ("data", "rows_set_aside", "sum(quarantined + held)", "true", number),
]


@pytest.fixture(scope="module")
def home(copy_of_published) -> Path:
    """A copy of the home: a process may open a database in one way only, and others of this worker open the first."""
    return copy_of_published("same-number").settings.home


@pytest.fixture(scope="module")
def seen() -> dict[str, list[tuple[str, str]]]:
    """The key figures of each page that was opened: each is opened once."""
    return {}


@pytest.fixture
def figures(home, seen, open_at) -> Callable[[str], list[tuple[str, str]]]:  # noqa: F811
    """The key figures of a page: the metric that each links to, and what it says."""

    def figures(path: str) -> list[tuple[str, str]]:
        if path not in seen:
            seen[path] = figures_of(open_at(path, home, **LINKS.get(path, {})))
        return seen[path]

    return figures


@pytest.fixture(scope="module")
def release(home, tmp_path_factory) -> Iterator[duckdb.DuckDBPyConnection]:
    """As an analyst opens it, with the ledgers beside; a copy too, as the pages have the other open."""
    folder = tmp_path_factory.mktemp("copy")
    for name in FILES.values():
        shutil.copyfile(home / "releases" / "current" / name, folder / name)
    with duckdb.connect(str(folder / "dif.duckdb"), read_only=True) as connection:
        connection.execute(f"attach '{folder / 'ledger.duckdb'}' as ledger (read_only)")
        yield connection


FIGURE = re.compile(r'<dt><a [^>]*href="[^"]*#(\w+)"[^>]*>[^<]*</a>(?:<span[^>]*>[^<]*</span>)?</dt><dd[^>]*>([^<]*)')


def figures_of(page: AppTest) -> list[tuple[str, str]]:
    """The key figures of a page: the metric that each links to, and what it says."""
    return [(metric, unescape(value)) for html in page.get("html") for metric, value in FIGURE.findall(html.proto.body)]


@pytest.mark.parametrize(
    ("path", "metric", "chosen", "where", "written"), SHOWN, ids=[f"{path}-{name}" for path, name, *_ in SHOWN]
)
def test_a_page_shows_what_the_query_of_the_metric_gives(release, figures, path, metric, chosen, where, written):
    shown = [value for name, value in figures(path) if name == metric]
    [(value,)] = release.sql(f"with metric as ({SQL[metric]}) select {chosen} from metric where {where}").fetchall()
    assert any(figure == written(value) or figure.startswith(f"{written(value)} av ") for figure in shown), shown


NOT_KNOWN = {
    ("min", "payment_change"),
    ("data", "changed_since_last_release"),
    ("tjeneste", "self_cost_percent"),
    ("tjeneste", "self_cost_price"),
}
"""Key figures that a first release of two months cannot have: they need a release or a year before, or a price."""


def test_every_key_figure_of_the_pages_is_held(figures):
    """A page that gets a new one fails here until its query is held too."""
    shown = {(page.path, metric) for page in PAGES for metric, _ in figures(page.path)}
    assert shown - NOT_KNOWN == {(path, metric) for path, metric, *_ in SHOWN}
