"""Charts in other sites, and tables at addresses that last: as whoever asks for them meets them."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape
from itertools import product
from xml.etree import ElementTree as ET

import anyio
import httpx
import openpyxl
import pyarrow.parquet as pq
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from catalog.contracts.language import Audience
from dashboards.access import visitors
from dashboards.page import chart_files, downloads
from dashboards.release import reader
from dashboards.release.authorization import EVERYTHING, PUBLIC, Role, Visitor
from dashboards.server import embeds
from dashboards.server.security import SecurityMiddleware
from dashboards.shared.opening import View
from dashboards.shared.pages import PAGES
from dashboards.shared.panel import ComposedPanel, Panel
from dashboards.shared.pictures import Drawing
from dashboards.views.usage import panels
from dashboards.words import Words
from tests.dashboards.sample_ledger import OSLO
from tests.dashboards.sample_usage import BERGEN, vestland
from tests.thorough import some
from transport.base.settings import Settings
from transport.releases.release import current_release

OFFERING = [page for page in PAGES if embeds.panels_of(page)]
OFFERED = {page.key: embeds.panels_of(page) for page in OFFERING}
CHART = f"/embed/bruk/maaneder?kommune={BERGEN}&tjeneste=svarut"
LINK = {"kommune": BERGEN, "tjeneste": "svarut"}
TABLE = f"/tabell/bruk/maaneder.{{}}?kommune={BERGEN}&tjeneste=svarut"


@pytest.fixture(scope="module")
def given(whole_home) -> Settings:
    return Settings(home=whole_home)


def asking(given: Settings, visitor=EVERYTHING) -> TestClient:
    app = Starlette(routes=embeds.routes(given, lambda _cookies: visitor))
    return TestClient(SecurityMiddleware(app), base_url="http://127.0.0.1")


@pytest.fixture(scope="module")
def client(given) -> TestClient:
    return asking(given)


def test_an_embed_has_the_chart_and_all_that_must_be_said_of_it(client, given):
    answer = client.get(CHART)
    assert answer.status_code == 200, answer.text
    page = View(current_release(given.releases), PUBLIC, Words("nb"), LINK)
    panel = panels.panel(page, "maaneder")
    for text in (
        panel.title,
        panel.subtitle,
        panel.caption(page, page.words).source,
        page.release.name,
        "Syntetiske tall.",
        *panel.captions(page.words),
    ):
        assert text in answer.text
    charts = re.findall(r'<div class="\w+">(<svg.*?</svg>)</div>', answer.text, re.DOTALL)
    drawn = [ET.fromstring(chart) for chart in charts]
    assert [chart.get("aria-label") for chart in drawn] == [panel.alt] * 2
    wide, narrow = (float(chart.get("viewBox").split()[2]) for chart in drawn)
    assert narrow < 400 < wide  # one for a page and one for a phone, on which letters keep their size
    assert f'href="/bruk?kommune={BERGEN}&amp;tjeneste=svarut"' in answer.text
    assert "<script" not in answer.text
    assert set(re.findall(r'(?:href|src)="([^"]*)"', answer.text)) == {f"/bruk?kommune={BERGEN}&amp;tjeneste=svarut"}


def test_only_embeds_may_stand_in_other_sites(client):
    embed, table = client.get(CHART).headers, client.get(TABLE.format("csv")).headers
    assert "frame-ancestors *" in embed["content-security-policy"]
    assert "script-src" not in embed["content-security-policy"]
    assert "x-frame-options" not in embed
    assert table["x-frame-options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in table["content-security-policy"]


@pytest.mark.parametrize("address", [CHART, *map(TABLE.format, chart_files.TABLES)])
def test_what_is_unchanged_is_not_sent_again(client, address):
    first = client.get(address)
    tag = first.headers["etag"]
    for asked in (tag, f'"other", W/{tag.removeprefix("W/")}', "*"):
        again = client.get(address, headers={"if-none-match": asked})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
        assert "Accept-Encoding" in again.headers["vary"], "or a cache gives the compressed one to those who read none"
    assert tag.startswith("W/") == first.headers["content-type"].startswith(("text/", "application/json", "image/svg"))


def test_an_embed_follows_the_newest_release_or_keeps_to_one(client, given):
    release = current_release(given.releases).name
    assert client.get(CHART).headers["cache-control"] == "public, max-age=300"
    assert client.get(f"{CHART}&utgave={release}").headers["cache-control"] == "public, max-age=86400"
    for channel in ("current", "2099-01-01"):
        followed = client.get(f"{CHART}&utgave={channel}")
        assert followed.headers["cache-control"] == "public, max-age=300"
        assert followed.text == client.get(f"{CHART}&utgave={release}").text, "and the link back names the release"
        assert client.get(f"{TABLE.format('json')}&utgave={channel}").json()["release"] == release
    assert client.get(f"{CHART}&utgave=stable").status_code == 404, "none was promoted"
    assert client.get(f"{CHART}&utgave=1999-01-01.1").status_code == 404
    assert client.get(f"{CHART}&utgave=..%2F..").status_code == 404


RESTRICTED_CHARTS = [
    *("/embed/produktregnskap/budsjett", "/embed/produktregnskap-resultat/maaneder.png", "/embed/min/betaling.svg"),
    "/embed/produktregnskap/ukjent",
]


@pytest.mark.parametrize("address", [f"/embed/bruk/fagsystemer?kommune={BERGEN}&tjeneste=svarut", *RESTRICTED_CHARTS])
@pytest.mark.parametrize("visitor", [PUBLIC, None])
def test_a_restricted_chart_is_refused_to_others_and_opens_nothing(given, monkeypatch, address, visitor):
    monkeypatch.setattr(reader, "database", _unopened(reader.database))
    answer = asking(given, visitor).get(address)
    assert answer.status_code == 403
    assert answer.headers["cache-control"] == "no-store"
    assert said(answer) == [Words(language)("embed.forbidden") for language in ("nb", "en")]


def test_a_restricted_chart_is_for_whoever_may_see_its_page_and_kept_by_nobody(client, given):
    address = "/embed/produktregnskap/budsjett?tjeneste=svarut"
    answer = client.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "private, no-cache"
    owner = Visitor("", frozenset({Role.PRODUCT_OWNER}), products=frozenset({"fiks-folkeregister"}))
    assert asking(given, owner).get(address).status_code == 404, "of another's product, as on the page"
    assert asking(given, owner).get(address.replace("svarut", "fiks-folkeregister")).status_code == 200


def _unopened(opens):
    def database(path: str, *, ledger: bool = False):
        assert not ledger, "a restricted database was opened"
        return opens(path)

    return database


def test_where_visitors_log_in_nothing_is_embedded_unless_the_operator_says_so(given, monkeypatch):
    monkeypatch.setattr(visitors, "needs_login", lambda _settings: True)
    assert asking(given, None).get(CHART).status_code == 403
    assert asking(given.but(embed="open"), None).get(CHART).status_code == 200
    assert asking(given.but(embed="open"), None).get("/embed/produktregnskap/budsjett").status_code == 403
    assert asking(given).get(CHART).headers["cache-control"] == "private, no-cache", "by the session of a visitor"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/embed/bruk/ukjent", 404),
        ("/embed/ukjent/maaneder", 404),
        ("/embed/oversikt/beslutninger", 404),  # a table, no chart
        (CHART.replace("?", ".exe?"), 404),
        ("/embed/oversikt/forsendelser?maned=1999-01", 404),
        ("/embed/tjeneste/bruk?tjeneste=ukjent", 404),
        ("/embed/utbredelse/kurve?omrade=ukjent", 404),
        ("/embed/bruk/tjenester", 404),  # a table, no chart
        ("/tabell/bruk/maaneder.exe", 404),
        ("/tabell/bruk/ukjent.csv", 404),
        (f"{CHART}&x={'x' * 1000}", 404),
        ("/embed/bruk/maaneder?kommune=%3Cscript%3Ealert(1)%3C/script%3E", 404),
        ("/embed/bruk/maaneder?tjeneste=svarut&maned=1999-01", 404),
    ],
)
def test_what_is_not_there_is_said_on_a_page_and_where_a_file_was_asked_for_in_plain_text(client, address, status):
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(said(answer)) == 2
    assert "<script" not in answer.text or answer.headers["content-type"].startswith("text/plain")


def said(answer) -> list[str]:
    """What a refusal says, in each language: on a page with title and language, or in plain text."""
    file = re.search(r"\.\w+$", answer.url.path)
    assert answer.headers["content-type"].startswith("text/plain" if file else "text/html")
    if file:
        return answer.text.splitlines()
    assert answer.text.startswith('<!doctype html><html lang="nb">')
    told = re.findall(r'<p lang="(?:nb|en)">(.*?)</p>', answer.text)
    assert f"<title>{told[0]}</title>" in answer.text
    return [unescape(text) for text in told]


@pytest.fixture
def strangers(given, monkeypatch) -> Starlette:
    """The routes where visitors log in and everybody may see charts; nobody is logged in."""
    monkeypatch.setattr(visitors, "needs_login", lambda _settings: True)
    return Starlette(routes=embeds.routes(given.but(embed="open"), lambda _cookies: None))


def test_what_no_chart_follows_makes_no_new_picture(strangers, given):
    stranger, release = TestClient(strangers), current_release(given.releases).name
    first = stranger.get(CHART)
    for n in range(2 * embeds.DRAWN_A_MINUTE):
        assert stranger.get(f"{CHART}&x={n}&utm_source={n}&omrade={n}").text == first.text
    for n in range(10, 2 * embeds.DRAWN_A_MINUTE):
        assert stranger.get(f"{CHART}&utgave=20{n}-12-31&lang={n}").status_code in {200, 404}
    assert stranger.get(f"{CHART}&utgave={release}").status_code == 200


def test_so_many_charts_are_drawn_for_one_address_in_a_minute_and_those_that_are_kept_have_no_limit(strangers):
    stranger = TestClient(strangers)
    assert stranger.get(CHART).status_code == 200
    asked = [stranger.get(f"{CHART}x{n}").status_code for n in range(embeds.DRAWN_A_MINUTE)]
    assert asked == [404] * (embeds.DRAWN_A_MINUTE - 1) + [429], "also of what turns out to be unknown"
    refused = stranger.get(f"{CHART}&lang=en")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    assert stranger.get(CHART).status_code == 200
    assert TestClient(strangers, client=("2001:db8::1", 1)).get(f"{CHART}&lang=en").status_code == 200


THREADS = 40
"""Of a server, by default: what waits in them keeps others out."""


def test_a_visitor_is_answered_while_strangers_wait_for_charts(given, monkeypatch):
    monkeypatch.setattr(visitors, "needs_login", lambda _settings: True)
    app = Starlette(
        routes=embeds.routes(given.but(embed="open"), lambda cookies: EVERYTHING if "mine" in cookies else None)
    )
    drawn: list[str] = []

    def caller(address: str) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(address, 1)), base_url="http://127.0.0.1")

    async def ask(number: int, municipality: str, language: str) -> None:
        async with caller(f"192.0.2.{number}") as stranger:
            asked = {**LINK, "kommune": municipality, "lang": language}
            answer = await stranger.get("/embed/bruk/maaneder.png", params=asked)
            assert answer.status_code == 200, answer.text
            drawn.append(municipality)

    async def ask_all() -> None:
        asked = list(product(vestland(), ("nb", "en")))
        assert len(asked) > THREADS, "who together would take all threads"
        async with anyio.create_task_group() as strangers, caller("127.0.0.1") as visitor:
            for number, (municipality, language) in enumerate(asked):
                strangers.start_soon(ask, number, municipality, language)
            await anyio.wait_all_tasks_blocked()
            table = await visitor.get(TABLE.format("csv"), headers={"cookie": "mine=1"})
            assert table.status_code == 200
            assert len(drawn) < THREADS / 4
            strangers.cancel_scope.cancel()

    anyio.run(ask_all)


class Recorded(Mapping):
    """A link that records which parameters are read."""

    def __init__(self, link) -> None:
        self.link, self.names = link, set()

    def __getitem__(self, name):
        self.names.add(name)
        return self.link[name]

    def __iter__(self):
        return iter(self.link)

    def __len__(self) -> int:
        return len(self.link)


@pytest.mark.parametrize("key", [page.key for page in OFFERING if page.audience is Audience.OPEN])
def test_charts_of_open_pages_follow_the_parameters_that_make_a_new_picture(given, key):
    offered = OFFERED[key]
    link = Recorded(LINKS.get(key, {}))
    page = View(current_release(given.releases), EVERYTHING, Words("nb"), link)
    for name in offered.PANELS:
        offered.panel(page, name)
    assert link.names <= offered.PARAMETERS


def test_a_script_in_a_filter_that_the_page_ignores_is_escaped(client):
    text = client.get(f'{CHART}&x="><script>alert(1)</script>&lang=<script>').text
    assert "<script" not in text
    assert '"><' not in text.split("/bruk?", 1)[1].split("target", 1)[0]


def test_a_table_at_its_address_is_the_page_s(client, given):
    page = View(current_release(given.releases), EVERYTHING, Words("nb"), LINK)
    table = panels.panel(page, "maaneder").answer.table
    assert client.get(TABLE.format("csv")).content == downloads.as_csv(*downloads.all_rows(table, page.words))
    told = client.get(TABLE.format("json")).json()
    assert (told["release"], told["synthetic"]) == (page.release.name, True)
    expected = json.loads(json.dumps(table.to_pylist(), default=_text))
    assert told["rows"] == expected
    assert list(csv.reader(io.StringIO(client.get(TABLE.format("csv")).content.decode("utf-8-sig")), delimiter=";"))
    assert pq.read_table(io.BytesIO(client.get(TABLE.format("parquet")).content)).equals(table)
    book = client.get(TABLE.format("xlsx"))
    assert client.get(TABLE.format("xlsx")).headers["etag"] == book.headers["etag"]
    rows, about = openpyxl.load_workbook(io.BytesIO(book.content))
    assert rows.max_row == table.num_rows + 1
    said = dict(about.iter_rows(values_only=True))
    assert (said["Utgave"], said["Syntetisk"]) == (page.release.name, "ja")


def _text(value):
    return f"{value:f}" if isinstance(value, Decimal) else value.isoformat() if isinstance(value, date) else str(value)


def test_a_table_is_sent_in_parts(client):
    whole = client.get(TABLE.format("parquet"))
    size, etag = len(whole.content), whole.headers["etag"]
    assert whole.headers["accept-ranges"] == "bytes"
    for asked, start, end in (
        ("0-3", 0, 3),
        ("4-", 4, size - 1),
        ("-8", size - 8, size - 1),
        (f"2-{size * 2}", 2, size - 1),
    ):
        part = client.get(TABLE.format("parquet"), headers={"range": f"bytes={asked}", "if-range": etag})
        assert (part.status_code, part.content) == (206, whole.content[start : end + 1])
        assert part.headers["content-range"] == f"bytes {start}-{end}/{size}"
        assert part.headers["etag"] == etag
    for asked in ("bytes=-", "bytes=5-2", "bytes=0-1,4-5", "rows=0-1", "bytes=a-b"):
        assert client.get(TABLE.format("parquet"), headers={"range": asked}).content == whole.content
    changed = client.get(TABLE.format("parquet"), headers={"range": "bytes=0-3", "if-range": '"another"'})
    assert (changed.status_code, changed.content) == (200, whole.content)
    text = client.get(TABLE.format("csv"))
    part = {"range": "bytes=0-3", "if-range": text.headers["etag"]}
    assert client.get(TABLE.format("csv"), headers=part).content == text.content, "what came before may be compressed"
    assert client.get(TABLE.format("csv"), headers={"range": "bytes=0-3"}).content == text.content[:4]
    for asked in (f"{size}-", "-0"):
        none = client.get(TABLE.format("parquet"), headers={"range": f"bytes={asked}"})
        assert (none.status_code, none.headers["content-range"]) == (416, f"bytes */{size}")


def test_who_read_is_in_the_audit_by_rights_and_has_a_limit(given, tmp_path):
    own = given.but(home=tmp_path, quota_per_minute=2)  # the sample's home is other tests' too
    own.releases.symlink_to(given.releases)
    mine = asking(own, replace(EVERYTHING, name="Kari"))
    answers = [mine.get(TABLE.format("csv")), mine.get("/tabell/bruk/ukjent.csv"), mine.get(TABLE.format("csv"))]
    assert [answer.status_code for answer in answers] == [200, 404, 429]
    assert answers[-1].headers["retry-after"] == "60"
    assert mine.get(CHART).status_code == 200, "what everybody may see has no limit here, and no line"
    assert asking(own, EVERYTHING).get(RESTRICTED_CHART).status_code == 200
    assert asking(own, None).get(RESTRICTED_CHART).status_code == 403
    [log] = (tmp_path / "log").glob("reads-*.jsonl")
    lines = list(map(json.loads, log.read_text().splitlines()))
    assert [line["outcome"] for line in lines] == ["served", "refused", "refused", "served", "refused"]
    assert [line.get("who") for line in lines] == [EVERYTHING.key] * 4 + [None]
    assert {line["wire"] for line in lines} == {"pages"}
    page = View(current_release(given.releases), EVERYTHING, Words("nb"), LINK)
    table = panels.panel(page, "maaneder")
    served = {name: lines[0][name] for name in ("dataset", "release", "rows")}
    rows = table.answer.table.num_rows
    assert served == {"dataset": ",".join(table.source), "release": page.release.name, "rows": rows}
    assert lines[3]["dataset"].startswith("ledger.")
    assert "Kari" not in log.read_text()


RESTRICTED_CHART = "/embed/produktregnskap-resultat/resultat.svg?tjeneste=svarut"
RESTRICTED = [f"/tabell/bruk/fagsystemer.csv?kommune={BERGEN}&tjeneste=svarut", "/tabell/produktregnskap/budsjett.csv"]


@pytest.mark.parametrize("address", RESTRICTED)
def test_a_table_is_for_whoever_may_see_it_on_the_page(given, address):
    assert asking(given, EVERYTHING).get(address).status_code == 200
    assert asking(given, PUBLIC).get(address).status_code == 403
    assert asking(given, None).get(address).status_code == 403
    assert asking(given, PUBLIC).get(TABLE.format("csv")).headers["cache-control"] == "private, no-cache"


LINKS = {
    "usage": LINK,
    "municipality": {"kommune": BERGEN},
    "data": {"datasett": "reference.product"},
    "accounts.loans": {"tjeneste": "svarut"},
    "organisation": {"kommune": BERGEN},
}
"""What the pages of the sample are asked for, where their own choice lacks something."""
ALONE = {
    ("municipality", "kommuner"): {"omrade": "46"},
    ("municipality", "omrader"): {"omrade": "NO"},
    ("organisation", "endringer"): {"organisasjon": OSLO, "maned": "2026-10"},
}
"""Where one panel is asked otherwise than the rest of its page."""
TWO_YEARS = ("organisation", "ar")
"""It needs payments of two years, which the sample does not have: `views/test_organisation.py` has them."""
EVERY = [(key, name) for key, offered in OFFERED.items() for name in sorted(offered.PANELS) if (key, name) != TWO_YEARS]


@pytest.mark.parametrize(("key", "name"), some(EVERY, 6, "another panel of the same shared code"))
def test_each_panel_has_its_table_at_an_address_and_its_chart_as_embed_and_picture(client, given, key, name):
    path, link = next(page.path for page in PAGES if page.key == key), ALONE.get((key, name), LINKS.get(key, {}))
    page = View(current_release(given.releases), EVERYTHING, Words("nb"), link)
    panel = OFFERED[key].panel(page, name)
    assert isinstance(panel, Panel | ComposedPanel), panel
    assert panel.key == f"{path}/{name}"
    assert panel.title
    made = chart_files.addresses(panel, link, "http://127.0.0.1", to_all=True)
    for address in made.tables.values():
        answer = client.get(address)
        assert answer.status_code == 200, answer.text
        assert len(answer.content) > 20
    assert ("parquet" in made.tables) == isinstance(panel, Panel)
    assert client.get(f"/tabell/{path}/{name}.parquet", params=link).status_code == (
        200 if "parquet" in made.tables else 404
    )
    drawn = isinstance(panel, Panel) and panel.chart is not None
    assert bool(made.embed) == drawn
    if not drawn:
        assert client.get(f"/embed/{path}/{name}", params=link).status_code in {403, 404}
        return
    assert panel.alt
    embed = client.get(unescape(re.search(r'src="([^"]*)"', made.embed)[1]))
    assert embed.status_code == 200, embed.text
    picture = client.get(f"/embed/{path}/{name}.svg", params={**link, **panel.asked, "lang": "en"})
    assert picture.headers["content-type"] == "image/svg+xml"
    said = " ".join(part.text or "" for part in ET.fromstring(picture.text).iter())
    assert 'lang="nb"' in embed.text
    assert Words("en")("app.synthetic.sentence") in said
    assert f"<strong>{page.words('app.synthetic.sentence')}</strong>" in embed.text
    assert page.release.name in said
    spec = json.dumps(None if isinstance(panel.chart, Drawing) else panel.chart.to_dict(validate=False), default=str)
    assert '"type": "line"' not in spec or '"nearest": true' in spec, "a line tells of its nearest point"
    for part in ET.fromstring(picture.text).iter():
        assert not [name for name in part.attrib if name.endswith("href") or name.startswith("on")], "links nowhere"


def test_a_picture_at_its_address_is_the_page_s(client):
    picture = client.get(CHART.replace("?", ".png?"))
    assert picture.headers["content-type"] == "image/png"
    assert picture.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.headers["cache-control"] == "public, max-age=300"


def test_an_owner_has_the_table_of_their_own_product_only(given):
    own, other = (f"/tabell/produktregnskap/budsjett.json?tjeneste={x}" for x in ("fiks-folkeregister", "svarut"))
    owner = Visitor("", frozenset({Role.PRODUCT_OWNER}), products=frozenset({"fiks-folkeregister"}))
    assert [asking(given, owner).get(address).status_code for address in (own, other)] == [200, 404]
    assert asking(given, EVERYTHING).get(other).status_code == 200
