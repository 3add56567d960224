"""Charts as files: what stands in them, and that they fetch nothing."""

from __future__ import annotations

import dataclasses
import struct
from xml.etree import ElementTree as ET

import altair as alt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.shared import pictures
from dashboards.shared.charts import inline, layered, on_ground
from dashboards.shared.text_width import width, wrapped

CAPTION = pictures.Caption(
    "Bergen & Voss lå over <medianen>",
    "Forsendelser per 1 000 innbyggere, " + "måned for måned, " * 12 + "2026",
    "Kilde: usage.municipality_month, utgave 2026-11-01.1.",
    "Syntetiske tall.",
    ("Ny pris fra mars.",),
    "Fra 1 til 3.",
)
ROWS = [{"month": f"2026-{month:02}-01", "n": month * 1000.5, "name": "<b>Voss</b>"} for month in (1, 5, 10)]


def chart() -> alt.LayerChart:
    base = alt.Chart(inline(ROWS)).encode(x=alt.X("month:T", axis=alt.Axis(format="%B")), y="n:Q")
    return layered(base.mark_line(), on_ground(base, "name:N"), height=200, language="nb")


@pytest.fixture(scope="module")
def drawn() -> str:
    return pictures.svg(chart(), CAPTION)


def texts(svg: str) -> str:
    return " ".join(part.text or "" for part in ET.fromstring(svg).iter() if part.tag.endswith("text"))


def test_a_picture_says_all_that_its_page_says(drawn):
    said = texts(drawn)
    for text in (CAPTION.title, CAPTION.subtitle, CAPTION.source, CAPTION.synthetic, *CAPTION.notes, "<b>Voss</b>"):
        assert text in said
    assert CAPTION.synthetic not in texts(pictures.svg(chart(), dataclasses.replace(CAPTION, synthetic="")))


def test_a_picture_writes_numbers_and_months_as_norwegians_do(drawn):
    assert "10\u00a0000" in texts(drawn)
    assert "mai" in texts(drawn)


def test_a_picture_points_nowhere_and_runs_nothing(drawn):
    for part in ET.fromstring(drawn).iter():
        assert part.tag.rpartition("}")[2] not in {"image", "script", "style", "foreignObject", "use", "a"}
        assert not [name for name in part.attrib if name.endswith("href") or name.startswith("on")]
    assert drawn.count("http") == drawn.count('xmlns="http://www.w3.org/2000/svg"') == 1


def test_a_chart_that_asks_for_an_address_gets_nothing():
    asks = layered(alt.Chart("http://127.0.0.1:9/x.csv").mark_point().encode(x="a:Q"), height=100, language="nb")
    with pytest.raises(ValueError, match="not allowed"):
        pictures.svg(asks, CAPTION)


def test_letters_stand_on_their_ground_where_a_program_knows_no_paint_order(drawn):
    shown = [part for part in ET.fromstring(drawn).iter() if part.text == "<b>Voss</b>"]
    assert [bool(part.get("stroke")) for part in shown] == [True, False] * len(ROWS)


def test_a_png_fits_a_slide_at_twice_its_width(drawn):
    made = pictures.png(drawn)
    assert made[:8] == b"\x89PNG\r\n\x1a\n"
    wide, high = struct.unpack(">II", made[16:24])
    assert wide == 2 * pictures.SLIDE
    assert 0.3 < high / wide < 0.7
    assert len(set(made)) > 200


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x17F)), st.integers(30, 400))
def test_a_wrapped_text_keeps_its_words_and_its_width(text, most):
    lines = wrapped(text, most)
    assert " ".join(lines) == text
    assert all(width(line) <= most or " " not in line for line in lines)
