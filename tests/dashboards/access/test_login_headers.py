"""What stands before the pages where visitors log in: where they may listen, headers, and the way back to a link."""

from __future__ import annotations

import asyncio

import pytest

from catalog.errors import WrongUse
from dashboards.access import login
from dashboards.access.login import Returns
from dashboards.server import start
from tests.transport.test_roles import COOKIE, LOGIN, home, text, write  # noqa: F401 - a fixture
from transport.auth.roles import FILE, read_pages
from transport.base.settings import Settings

HERE = "https://tall.example.no"
LOGGED_IN = (b"set-cookie", b'_streamlit_user="abc"; HttpOnly; Path=/')


def answer(path: str, *given, address: str = HERE, query: str = "", **headers: str) -> dict[bytes, list[bytes]]:
    """The headers of what is answered, by name, where the app answers with those given."""

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 302, "headers": [(b"location", b"/"), *given]})
        await send({"type": "http.response.body", "body": b""})

    sent: list[dict] = []

    async def send(message):
        sent.append(message)

    named = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {"type": "http", "path": path, "query_string": query.encode(), "headers": named}
    asyncio.run(Returns(app, address)(scope, None, send))
    found: dict[bytes, list[bytes]] = {}
    for name, value in sent[0]["headers"]:
        found.setdefault(name, []).append(value)
    return found


def remembered(referer: str) -> str | None:
    """The cookie that a log-in from this page leaves."""
    cookies = answer("/auth/login", referer=referer).get(b"set-cookie", [])
    return cookies[0].decode().split(";")[0] if cookies else None


@pytest.mark.parametrize(
    "link", ["/", "/bruk", "/bruk?kommune=4601&utgave=2026-11-24.1", "/bruk?q=%C3%A5%20;x&y=%22", "/min?lang=en"]
)
def test_a_link_is_remembered_over_the_log_in(link):
    cookie = remembered(HERE + link)
    back = answer("/oauth2callback", LOGGED_IN, query="state=s&code=c", cookie=f"a=b; {cookie}")
    assert back[b"location"] == [link.encode()]
    assert any(one.startswith(b'dif_back="";') for one in back[b"set-cookie"])


@pytest.mark.parametrize(
    "referer",
    [
        "https://evil.example/bruk",
        "https://tall.example.no.evil.example/bruk",
        f"https://evil.example/?x={HERE}/bruk",
        f"{HERE}//evil.example",
        f"{HERE}/\\evil.example",
        f"{HERE}/a b",
        f"{HERE}/" + "x" * 3000,
        "",
    ],
)
def test_what_is_no_link_of_ours_is_not_remembered(referer):
    assert remembered(referer) is None


@pytest.mark.parametrize(
    "cookie", ["dif_back=//evil.example", 'dif_back="/\\\\evil"', "dif_back=https://evil", "x", "=;;"]
)
def test_a_cookie_that_somebody_wrote_leads_nowhere_else(cookie):
    back = answer("/oauth2callback", LOGGED_IN, query="state=s&code=c", cookie=cookie)
    assert back[b"location"] == [b"/"]


@pytest.mark.parametrize(
    ("cookies", "query", "to"),
    [
        ([], "state=s&error=access_denied", b"/min?a=b&innlogging=avbrutt"),
        ([(b"set-cookie", b'_streamlit_user=""; Max-Age=0')], "state=s&code=c", b"/min?a=b&innlogging=avbrutt"),
        ([LOGGED_IN], "state=s&code=c", b"/min?a=b"),
        ([], "", b"/min?a=b"),  # the provider's way back from a log-out
    ],
)
def test_a_log_in_that_came_to_nothing_is_told_of(cookies, query, to):
    back = answer("/oauth2callback", *cookies, query=query, cookie=str(remembered(f"{HERE}/min?a=b")))
    assert back[b"location"] == [to]


def test_cookies_of_pages_that_are_reached_by_https_never_go_in_the_clear():
    assert answer("/oauth2callback", LOGGED_IN)[b"set-cookie"][0].endswith(b"; Secure")
    assert answer("/anything", (b"set-cookie", b"a=b; secure"))[b"set-cookie"] == [b"a=b; secure"]
    here = "http://127.0.0.1:1"
    assert answer("/anything", (b"set-cookie", b"a=b"), address=here)[b"set-cookie"] == [b"a=b"]


@pytest.mark.parametrize("name", ["_streamlit_user", "_streamlit_user_1", "_streamlit_user_tokens"])
def test_claims_are_not_kept_in_a_browser_for_a_month(name):
    given = f"{name}=abc; Max-Age=2592000; Path=/".encode()
    assert answer("/oauth2callback", (b"set-cookie", given))[b"set-cookie"][0].startswith(
        f"{name}=abc; Max-Age=43200; Path=/".encode()
    )
    gone = f"{name}=; Max-Age=0".encode()
    assert b"Max-Age=0" in answer("/auth/logout", (b"set-cookie", gone))[b"set-cookie"][0]


def test_streamlit_is_told_of_the_provider_and_nothing_of_it_where_pages_are_open(home):  # noqa: F811
    rules = read_pages(write(home, FILE, text(more='[login.parameters]\nacr_values = "high"')))
    assert login.secrets_of(None, HERE) == {}
    auth = login.secrets_of(rules, HERE)["auth"]
    assert auth["redirect_uri"] == f"{HERE}/oauth2callback"
    assert auth["cookie_secret"] == COOKIE
    assert auth[login.PROVIDER]["authorize_params"] == {"acr_values": "high"}


def test_the_address_is_the_one_that_visitors_have(home):  # noqa: F811
    rules = read_pages(write(home, FILE, text({**LOGIN, "address": HERE})))
    assert login.address_of(rules, "0.0.0.0", 8501) == HERE
    assert login.address_of(None, "127.0.0.1", 8501) == "http://127.0.0.1:8501"
    assert login.address_of(None, "::1", 8501) == "http://[::1]:8501"
    options = login.options(Settings(home=home), "0.0.0.0", 8501, HERE)
    assert "tall.example.no" in options["server.allowedHosts"]
    assert "server.sslCertFile" not in options


def test_pages_do_not_start_open_to_others(home, capsys):  # noqa: F811
    with pytest.raises(WrongUse, match="this machine only"):
        start.run(Settings(home=home), "0.0.0.0", 0)
    assert capsys.readouterr().out == ""


def test_pages_do_not_start_with_a_file_that_does_not_hold(home, capsys):  # noqa: F811
    write(home, FILE, text(grants=()))
    with pytest.raises(SystemExit) as ended:
        start.main(["--home", str(home)])
    assert ended.value.code == WrongUse.exit_code
    assert "no [[grant]]" in capsys.readouterr().err
