"""What search engines read of a dataset: the page's HTML describes it before any script has run."""

from __future__ import annotations

import asyncio
import json
import re

import pytest

from dashboards.server import shell
from dashboards.server.descriptions import described
from transport.base.settings import Settings

OPEN, CLOSED = "usage.dispatch_month", "ledger.product_month"


@pytest.fixture
def given(whole_home) -> Settings:
    return Settings(home=whole_home, public_url="https://dif.example.no", licence_url="https://licence.example.no")


def test_an_open_dataset_is_described_as_croissant_and_a_closed_one_is_not(given):
    told = described(given, OPEN).decode()
    (document,) = re.fullmatch(r'<script type="application/ld\+json">(.*)</script>', told, re.DOTALL).groups()
    read = json.loads(document)
    assert (read["@type"], read["name"]) == ("sc:Dataset", OPEN)
    assert read["distribution"][0]["contentUrl"].startswith("https://dif.example.no/")
    for dataset in (CLOSED, "conformed.dispatch", "", "usage.nothing", "<script>"):
        assert described(given, dataset) == b"", dataset
    assert described(given.but(public_url=""), OPEN) == b""


def test_a_home_without_a_release_or_with_a_damaged_one_describes_nothing(given, sample_release, tmp_path):
    assert described(given.but(home=tmp_path / "nothing"), OPEN) == b""
    (sample_release / "releases" / "current").resolve().joinpath("manifest.json").write_text("{")
    assert described(given.but(home=sample_release), OPEN) == b""


def test_no_text_ends_the_element(given):
    told = described(given.but(licence_url="https://x.example/</script><script>alert(1)"), OPEN)
    assert (told.count(b"<script"), told.count(b"</script")) == (1, 1)


@pytest.mark.parametrize(("query", "described_as"), [(f"datasett={OPEN}", OPEN), ("", None), ("datasett=", None)])
def test_it_stands_in_the_head_of_the_page_whose_address_names_the_dataset(query, described_as):
    async def streamlit(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
        await send({"type": "http.response.body", "body": b'<html lang="en"><head></head><body></body></html>'})

    sent: list[dict] = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": "/data", "query_string": query.encode(), "headers": []}
    asyncio.run(shell.PageHead(streamlit, describe=lambda name: f"<!--{name}-->".encode())(scope, None, send))
    head = sent[1]["body"].partition(b"</head>")[0].decode()
    assert re.findall("<!--(.*?)-->", head) == ([described_as] if described_as else [])
