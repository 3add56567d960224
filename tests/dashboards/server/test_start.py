from __future__ import annotations

import asyncio
import re
import socket
import sys
from pathlib import Path

import pytest
import streamlit

from catalog.errors import WrongUse
from dashboards.release.authorization import EVERYTHING
from dashboards.server import shell, start
from dashboards.words.formatting import day_and_time, number, percent
from tests.dashboards import sample
from transport.base.settings import PROJECT, Settings


def test_the_command_is_a_process_of_its_own_on_the_home_that_was_given(tmp_path):
    argv = start.command(Settings(home=tmp_path, contact="data@example.no"), 8501)
    assert argv[:3] == [sys.executable, "-m", "dashboards.server.start"]
    assert argv[3:] == ["--home", str(tmp_path), "--port", "8501", "--contact", "data@example.no"]


def test_a_port_that_is_taken_is_told_before_the_address(tmp_path, capsys):
    with socket.create_server((start.HOST, 0)) as taken, pytest.raises(WrongUse, match="cannot listen"):
        start.run(Settings(home=tmp_path), start.HOST, taken.getsockname()[1])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("spoilt", ["ledger.duckdb", "dif.duckdb", "manifest.json"])
def test_a_release_that_cannot_be_read_keeps_no_server_from_starting(sample_release, caplog, spoilt):
    (sample_release / "releases" / sample.RELEASE / spoilt).write_bytes(b"no longer what it was" * 500)
    start._open(Settings(home=sample_release), EVERYTHING)  # noqa: SLF001 - what is asked before the first visitor
    assert ("not read ahead" in caplog.text) == (spoilt != "dif.duckdb")  # a release that does not open is passed over


def test_pages_are_for_this_machine_only():
    assert start.HOST == "127.0.0.1"


async def _get(path: str, query: bytes, body: bytes, kind: bytes) -> tuple[dict[bytes, bytes], bytes]:
    async def app(scope, receive, send):
        assert path.startswith("/static") or b"accept-encoding" not in dict(scope["headers"])
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body[:5], "more_body": True})
        await send({"type": "http.response.body", "body": body[5:]})

    sent: list[dict] = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "path": path, "query_string": query, "headers": [(b"accept-encoding", b"gzip")]}
    await shell.PageHead(app)(scope, None, send)
    told = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
    return dict(sent[0]["headers"]), told


@pytest.mark.parametrize(
    ("query", "language"), [(b"", b"nb"), (b"lang=en", b"en"), (b"lang=nb", b"nb"), (b'lang=x"><script>', b"nb")]
)
def test_the_page_says_which_language_it_is_in(query, language):
    headers, told = asyncio.run(_get("/utbredelse", query, b'<html lang="en"><p>', b"text/html; charset=utf-8"))
    assert told == b'<html lang="' + language + b'"><p>'
    assert headers[b"content-length"] == str(len(told)).encode()


def test_the_page_has_our_name_from_the_first_byte_and_fetches_no_font_that_it_does_not_use():
    """Over Streamlit's own page: where a new version writes it another way, this fails."""
    own = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    _, told = asyncio.run(_get("/", b"lang=en", own, b"text/html"))
    assert b"<title>Shared services in numbers</title>" in told
    assert b'lang="en"' in told
    assert b'as="font"' in own
    assert b'as="font"' not in told


@pytest.mark.parametrize(("query", "skip"), [(b"", "Hopp til innholdet"), (b"lang=en", "Skip to the content")])
def test_what_stands_before_the_page_is_in_its_language(query, skip):
    own = (Path(streamlit.__file__).parent / "static" / "index.html").read_bytes()
    _, told = asyncio.run(_get("/", query, own, b"text/html"))
    assert f'<a class="dif-skip" href="#stMain">{skip}</a>'.encode() in told
    assert b"You need to enable JavaScript" in own
    assert b"You need to enable JavaScript" not in told


def test_what_streamlit_writes_in_until_our_font_is_known_is_our_font():
    sent: list[dict] = []

    async def send(message):
        sent.append(message)

    (theirs,) = (Path(streamlit.__file__).parent / "static" / "static" / "media").glob("SourceSansVF-Upright*.woff2")
    scope = {"type": "http", "method": "GET", "path": f"/static/media/{theirs.name}", "headers": []}
    asyncio.run(shell.PageHead(None)(scope, None, send))
    ours = dict(sent[0]["headers"])[b"location"].decode()
    assert (PROJECT / "dashboards" / ours.removeprefix("/app/")).is_file()


def test_a_page_asks_at_once_for_the_parts_of_the_program_that_it_is_drawn_with():
    """Over Streamlit's own files: where a new version calls a part otherwise, this fails."""
    folder = Path(streamlit.__file__).parent / "static"
    own = (folder / "index.html").read_bytes()
    _, told = asyncio.run(_get("/", b"", own, b"text/html"))
    added = [name for name in re.findall(r"static/js/([\w.-]+\.js)", told.decode()) if name.encode() not in own]
    assert added
    assert all((folder / "static" / "js" / name).is_file() for name in added)
    parts = {name.split(".")[0] for name in added}
    assert parts >= {"ArrowVegaLiteChart", "embed", "Html", "Selectbox", "Multiselect", "Radio", "DownloadButton"}


def _asked(app, path: str, **headers: str) -> tuple[dict[bytes, bytes], bytes]:
    sent: list[dict] = []

    async def send(message):
        sent.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": given}
    asyncio.run(app(scope, None, send))
    return dict(sent[0]["headers"]), b"".join(one.get("body", b"") for one in sent)


def test_who_has_the_page_of_an_older_version_gets_the_new_one():
    """Streamlit's page is as old as Streamlit is; what we put into it changes with every version of ours."""
    seen: list[dict[bytes, bytes]] = []

    async def app(scope, _receive, send):
        seen.append(dict(scope["headers"]))
        headers = [(b"content-type", b"text/html"), (b"etag", b'"theirs"'), (b"last-modified", b"then")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"<html><head></head><body></body></html>"})

    answer = shell.PageHead(app)
    given = {"if_none_match": '"theirs"', "if_modified_since": "then", "cookie": "a=b"}
    headers, body = _asked(answer, "/bruk", **given)
    assert seen == [{b"cookie": b"a=b"}]
    assert not {b"etag", b"last-modified"} & headers.keys()
    assert b"<style>" in body


def test_what_is_no_page_passes_as_it_is():
    assert asyncio.run(_get("/static/a.js", b"", b'<html lang="en">', b"text/javascript"))[1] == b'<html lang="en">'


def test_numbers_and_times_are_written_the_norwegian_way():
    from datetime import UTC, datetime
    from decimal import Decimal

    assert number(5627400, "nb") == "5\u00a0627\u00a0400"
    assert number(5627400, "en") == "5,627,400"
    assert percent(Decimal("0.7125"), "nb") == "71 %"
    assert day_and_time(datetime(2026, 11, 24, 5, tzinfo=UTC), "nb") == "24.11.2026 kl. 06.00"
    assert day_and_time(datetime(2026, 11, 24, 5, tzinfo=UTC), "en") == "24 November 2026 at 06:00"
