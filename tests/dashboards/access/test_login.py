"""Logging in, in a real browser, with a real provider of OpenID Connect on loopback."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboards.server import start
from dashboards.words import Words
from tests.dashboards.browser import BROWSER, FLAGS, NEEDED, ready, started
from tests.dashboards.oidc_provider import CLIENT, SECRET, Provider, new_key
from tests.transport.test_http import certificate

if TYPE_CHECKING:
    from collections.abc import Iterator

BERGEN = "964338531"
FILE = Words("nb")("download.csv")
SERVE = """
import sys
from pathlib import Path
from dashboards.server import start as serve
from transport.base.settings import Settings
home, script, host, port, *tls = sys.argv[1:]
given = Settings(home=Path(home), contact="data@example.no")
if tls:
    given = given.but(tls_cert=Path(tls[0]), tls_key=Path(tls[1]))
serve.run(given, host, int(port), Path(script))
"""


def acting_for(number: str) -> dict[str, object]:
    """Claims of a reader who acts for an organisation."""
    reportees = [{"Authority": "iso6523-actorid-upis", "ID": f"0192:{number}"}]
    return {"groups": ["alle"], "authorization_details": [{"reportees": reportees}]}


PEOPLE = {
    "Leser": {"name": "Kari Leser", "groups": ["alle"], "pid": "01010750160"},
    "Regnskap": {"name": "Ola Regnskap", "groups": ["alle", "økonomi"]},
    "Bergen": acting_for(BERGEN),
    "Fremmed": {"name": "Per Fremmed", "groups": ["andre"]},
}
RULES = """
[login]
discovery = "{discovery}"
client_id = "{client}"
client_secret_file = "client-secret"
cookie_secret_file = "cookie-secret"
organisation_claim = "authorization_details.reportees.ID"

[login.parameters]
acr_values = "substantial"

[[grant]]
role = "READER"
claim = "groups"
values = ["alle"]

[[grant]]
role = "ECONOMY"
claim = "groups"
values = ["økonomi"]
"""
pytestmark = NEEDED


def configure(home: Path, provider: Provider) -> None:
    folder = home / "access"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    texts = {
        "pages.toml": RULES.format(discovery=provider.discovery, client=CLIENT),
        "client-secret": SECRET,
        "cookie-secret": "a-secret-for-cookies-of-the-tests-only",
    }
    for name, text in texts.items():
        file = folder / name
        file.write_text(text, "utf-8")
        file.chmod(0o600)


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with Provider() as made:
        yield made


@pytest.fixture(scope="module")
def home(tmp_path_factory, provider) -> Path:
    made = tmp_path_factory.mktemp("visited")
    configure(made, provider)
    return made


@contextmanager
def served(home: Path, *where: object) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The pages of `visited.py` as a process of their own, and the address that it prints."""
    script = Path(__file__).with_name("visited.py")
    with started([sys.executable, "-c", SERVE, *map(str, (home, script, *where))]) as serving:
        yield serving


def listening(process: subprocess.Popen[str], port: int) -> None:
    """Knock until somebody opens; the server's own output is what is waited on in between."""
    for _ in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5):
            return
        assert process.poll() is None, "the server ended"
        if select.select([process.stderr], [], [], 0.05)[0]:
            os.read(process.stderr.fileno(), 1 << 16)  # else it is readable again at once
    pytest.fail("the server was not ready in time")


@pytest.fixture(scope="module")
def address(home) -> Iterator[str]:
    with served(home, "127.0.0.1", 0) as (process, printed):
        ready(process, printed)
        yield printed


def as_usual(provider: Provider) -> None:
    provider.people, provider.signs_with, provider.wrong = dict(PEOPLE), None, {}
    provider.lives, provider.thinks = 600, 0


@pytest.fixture
def context(context, provider) -> Iterator:
    """A browser that nobody has logged in with, and a provider as it usually is.

    The module's one, without its cookies: a new one would load the program anew, which takes longer than most tests.
    """
    as_usual(provider)
    yield context
    for tab in context.pages[1:]:
        tab.close()
    context.clear_cookies()


@pytest.fixture
def page(context):
    """The first tab, as a new one: another begins a process and compiles the program anew."""
    tab = context.pages[0] if context.pages else context.new_page()
    tab.goto("about:blank")
    return tab


def log_in(page, link: str, who: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_role("link", name=who).click()


def said(page, text: str) -> None:
    page.get_by_text(text).first.wait_for()


def test_a_reader_logs_in_sees_what_is_for_all_and_nothing_else(page, address, provider):
    page.goto(address)
    said(page, "Du er ikke logget inn")
    assert page.get_by_text("Åpnet").count() == 0
    log_in(page, address, "Leser")
    said(page, "Logget inn som Kari Leser (leser)")
    said(page, "Åpnet: OPEN")
    assert page.get_by_role("link", name="Produktregnskap").count() == 0
    assert provider.asked[-1]["acr_values"] == "substantial"
    assert provider.asked[-1]["scope"] == "openid profile"
    mail = f"{address}/abonner"  # whoever is let in may subscribe; a link of a mail needs no login
    assert "på e-post ennå" in page.request.get(mail).text()
    page.context.clear_cookies()
    assert page.request.get(mail).status == HTTPStatus.FORBIDDEN
    assert page.request.get(f"{mail}/slutt/x").status == HTTPStatus.NOT_FOUND


def test_a_grant_that_is_taken_away_ends_at_the_next_click(page, address, home, provider):
    log_in(page, address, "Regnskap")
    said(page, "Åpnet: OPEN")
    file = home / "access" / "pages.toml"
    whole = file.read_text("utf-8")
    try:
        file.write_text(whole.replace('values = ["økonomi"]', 'values = ["ingen"]'), "utf-8")
        page.goto(f"{address}/produktregnskap")
        said(page, "Dette har du ikke tilgang til")
        assert page.get_by_text("Åpnet").count() == 0
    finally:
        file.write_text(whole, "utf-8")


@pytest.mark.slow("the door itself is tried in test_security.py")
def test_a_grant_that_is_taken_away_ends_what_runs_without_the_page_too(page, address, home):
    log_in(page, f"{address}/produktregnskap", "Regnskap")
    page.get_by_role("button", name="Igjen").click()
    said(page, "Produktregnskap igjen")
    file = home / "access" / "pages.toml"
    whole = file.read_text("utf-8")
    try:
        file.write_text(whole.replace('values = ["økonomi"]', 'values = ["ingen"]'), "utf-8")
        page.get_by_role("button", name=FILE).click()
        page.get_by_test_id("stDownloadButtonError").wait_for()
        page.get_by_role("button", name="Igjen").click()
        said(page, "Dette har du ikke tilgang til")
        assert page.get_by_text("Åpnet").count() == 0
    finally:
        file.write_text(whole, "utf-8")


@pytest.mark.slow("waits until a session has expired")
def test_a_session_that_expires_on_an_open_page_says_so_and_leads_back(page, address, provider):
    provider.lives = 4
    log_in(page, f"{address}/min?utgave=x", "Regnskap")
    said(page, "Logget inn som Ola Regnskap")
    said(page, "Du er logget ut")  # by itself: nobody touches the page
    assert page.get_by_text("Åpnet").count() == 0
    page.reload()
    said(page, "Du er logget ut")
    provider.lives = 600
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_role("link", name="Regnskap").click()
    page.wait_for_url("**/min?utgave=x")
    said(page, "Logget inn som Ola Regnskap")


@pytest.mark.slow("two tabs and a provider; test_visitors.py holds that a log-out ends the login")
def test_who_logs_out_is_out_in_every_tab_and_with_the_provider(page, context, address, provider):
    log_in(page, address, "Regnskap")
    said(page, "Åpnet: OPEN")
    other = context.new_page()
    other.goto(f"{address}/produktregnskap")
    said(other, "Åpnet: LEDGER")
    kept = context.cookies()
    page.get_by_role("link", name="Logg ut").click()
    said(page, "Du er ikke logget inn")
    assert provider.left[-1]["post_logout_redirect_uri"] == f"{address}/oauth2callback"
    said(other, "Du er logget ut")  # by itself: nobody touches it
    assert other.get_by_text("Åpnet").count() == 0
    context.add_cookies(kept)  # a copy of the cookie is worth nothing
    page.goto(address)
    said(page, "Du er logget ut")


@pytest.mark.slow("another way to what the test above tries")
def test_the_address_that_logs_out_asks_first_and_then_ends_the_login_everywhere(page, context, address, provider):
    log_in(page, f"{address}/produktregnskap", "Regnskap")
    said(page, "Åpnet: LEDGER")
    kept = context.cookies()
    other = context.new_page()
    other.goto(f"{address}/auth/logout")  # as a page of others could lead there
    said(other, "Vil du logge ut?")
    assert page.get_by_text("Åpnet: LEDGER").count() == 1
    other.get_by_role("link", name="Logg ut").click()
    said(page, "Du er logget ut")
    said(other, "Du er ikke logget inn")
    assert provider.left[-1]["post_logout_redirect_uri"] == f"{address}/oauth2callback"
    context.add_cookies(kept)
    other.goto(address)
    said(other, "Du er logget ut")


@pytest.mark.slow("one library judges every token; what we ask of one beside that is tried in test_visitors.py")
@pytest.mark.parametrize("forged", ["key", "iss", "aud", "nonce", "exp"])
def test_a_forged_token_lets_nobody_in(page, address, provider, forged):
    now = 1_700_000_000
    wrong = {"key": {}, "exp": {"iat": now, "exp": now + 60}}
    provider.wrong = wrong.get(forged, {forged: "another"})
    provider.signs_with = new_key() if forged == "key" else None
    log_in(page, address, "Regnskap")
    said(page, "Innloggingen ble avbrutt eller mislyktes")
    assert page.get_by_text("Åpnet").count() == 0


@pytest.mark.slow("waits for a slow provider")
def test_a_provider_that_takes_its_time_fails_nobody(page, address, provider):
    provider.thinks = 6
    log_in(page, f"{address}/min?utgave=x", "Regnskap")
    said(page, "Logget inn som Ola Regnskap")


@pytest.mark.slow("a way that visitors seldom go")
def test_who_changes_their_mind_is_told_so_and_may_try_again(page, address):
    log_in(page, f"{address}/min?utgave=x", "Avbryt")
    said(page, "Innloggingen ble avbrutt eller mislyktes")
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_role("link", name="Bergen").click()
    page.wait_for_url("**/min?utgave=x")
    said(page, "Åpnet: LEDGER")


@pytest.mark.slow("cookies that somebody changed are tried in test_login_cookies.py")
def test_the_cookie_is_hidden_from_scripts_and_nobody_writes_one(page, context, address):
    log_in(page, address, "Leser")
    said(page, "Åpnet: OPEN")
    user = next(one for one in context.cookies() if one["name"] == "_streamlit_user")
    assert user["httpOnly"]
    assert user["sameSite"] == "Lax"
    context.clear_cookies()
    context.add_cookies([{**user, "value": user["value"][:-4] + "AAAA"}])
    page.goto(address)
    said(page, "Du er ikke logget inn")


@pytest.mark.slow("two visitors; whose a file is is tried in test_downloads.py too")
def test_a_file_that_a_page_made_is_for_whom_it_was_made(page, browser, context, address):
    log_in(page, address, "Regnskap")
    said(page, "Åpnet: OPEN")
    with page.expect_download() as waited:
        page.get_by_role("button", name=FILE).click()
    assert waited.value.path().read_text() == "Oversikt for noen"
    answer = context.request.get(waited.value.url)
    assert (answer.text(), answer.headers["cache-control"]) == ("Oversikt for noen", "private, no-store")
    assert context.request.get(f"{address}/media/that-nobody-made.csv").status == 403
    for who, told in ((None, ""), ("Fremmed", "Du har ikke tilgang"), ("Leser", "Åpnet: OPEN")):
        stranger = browser.new_context()
        if who:
            log_in(stranger.new_page(), address, who)
            said(stranger.pages[0], told)
        assert stranger.request.get(waited.value.url).status == 403
        stranger.close()
    page.get_by_role("link", name="Logg ut").click()
    said(page, "Du er ikke logget inn")
    assert context.request.get(waited.value.url).status in {403, 404}


@pytest.mark.slow("a server of its own")
def test_others_reach_the_pages_by_https_and_their_cookies_never_go_in_the_clear(tmp_path, browser, provider):
    as_usual(provider)
    port = start.free_port()
    configure(tmp_path, provider)
    file = tmp_path / "access" / "pages.toml"
    file.write_text(
        file.read_text("utf-8").replace("[login]", f'[login]\naddress = "https://tall.example.no:{port}"'), "utf-8"
    )
    cert, key = certificate(tmp_path)
    with served(tmp_path, "0.0.0.0", port, cert, key) as (process, printed):
        assert printed == f"https://tall.example.no:{port}"
        listening(process, port)
        driver = browser.browser_type
        args = (*FLAGS, "--host-resolver-rules=MAP tall.example.no 127.0.0.1")
        other = driver.launch(executable_path=BROWSER, args=args)
        context = other.new_context(ignore_https_errors=True)
        context.set_default_timeout(240_000)  # where nobody vouches for a certificate, nothing is kept: all comes twice
        page = context.new_page()
        assert page.goto(printed).headers["strict-transport-security"] == "max-age=31536000"
        log_in(page, f"{printed}/min?utgave=x", "Regnskap")
        said(page, "logget inn")  # or "Du er ikke logget inn", with the reason in the address
        assert page.url == f"{printed}/min?utgave=x"
        said(page, "Logget inn som Ola Regnskap")
        assert {one["name"]: one["secure"] for one in context.cookies(printed)}["_streamlit_user"] is True
        other.close()
