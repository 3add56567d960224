"""Where a table stands beside a key figure, its lines come to what the figure says."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from tests.dashboards.sample_ledger import OSLO
from tests.dashboards.totals import read_tables, text_of

PLACES = [
    ("oversikt", "Omsetning så langt i 2026", "Alle produkter", "Inntekt", 1000),
    ("oversikt", "Resultat så langt i 2026", "Alle produkter", "Resultat", 1000),
    ("oversikt", "Tjenester i bruk eller aktivert", "Alle produkter", "Kommuner", 1),
    ("min", "Å betale for oktober 2026", "Linjer i fakturagrunnlaget", "Beløp", 1),
    ("min", "Endring som skyldes pris", "Hva som er endret, og hvorfor", "Pris", 1),
    ("min", "Endring som skyldes mengde", "Hva som er endret, og hvorfor", "Mengde", 1),
    ("produktregnskap-resultat", "Kostnad", "Beløp og andel", "I perioden", 1),
    ("utbredelse", "Kommuner som bruker tjenesten", "Kommuner per fylke", "I bruk", 1),
]
"""Page, key figure, and the beginning of the table's caption, its column and how much one in it stands for."""


@pytest.mark.parametrize(("at", "label", "caption", "title", "each"), PLACES)
def test_the_lines_of_a_table_come_to_the_key_figure_above_it(whole_home, drawn, at, label, caption, title, each):
    page = drawn(whole_home, at, **({"organisasjon": OSLO} if at == "min" else {}))
    markup = "".join(one.value for one in page.html)
    (shown,) = re.findall(rf">{re.escape(label)}<.*?<dd[^>]*>(.*?)</dd>", markup, re.DOTALL)
    (table,) = [rows for told, rows in read_tables(markup) if told.startswith(caption)]
    (_, titles), *lines = table
    cells = [(row[0], row[titles.index(title)]) for kind, row in lines if "dif-sum" not in kind]
    # a line that begins with a minus is taken from the others
    numbers = [amount(cell) * (-1 if of.startswith("\u2212") else 1) for of, cell in cells if re.search(r"\d", cell)]
    assert len(numbers) > 1
    figure = amount(text_of(shown))
    off = abs(figure - each * sum(numbers))
    assert off <= rounded_by(figure) + Decimal(each * len(numbers)) / 2 * (each > 1)


def amount(text: str) -> Decimal:
    """The first number of a text: `13,6 mill. kr`, `4 av 25`."""
    found = re.match(r"([+\u2212]?)(\d[\d ]*)(,\d+)?( mill\.)?", text)
    value = Decimal(found[2].replace(" ", "") + (found[3] or "").replace(",", ".")) * (1_000_000 if found[4] else 1)
    return -value if found[1] == "\u2212" else value


def rounded_by(value: Decimal) -> Decimal:
    """Half of the last place that a figure tells."""
    return Decimal((0, (5,), value.normalize().as_tuple().exponent - 1))
