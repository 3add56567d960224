"""Who a visitor is, and every role × every dataset: nothing beyond what its contract lets it see, and all within it."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as s
from streamlit import config
from streamlit.testing.v1 import AppTest

from catalog.contracts.language import Audience
from catalog.contracts.sharing import connection_columns, owner_column
from catalog.errors import Forbidden
from catalog.tables import shares
from catalog.tables.datasets import DATASETS
from dashboards.access import visitors
from dashboards.access.visitors import Why, of
from dashboards.release import authorization, query
from dashboards.release.authorization import EVERYTHING, Visitor, admit
from dashboards.shared.pages import SETTINGS_KEY
from dashboards.words import LANGUAGES, Words, named
from tests.dashboards.messages import MESSAGES, PLACE
from transport.auth.roles import Grant, Login, Role, Rules
from transport.base.settings import PROJECT, Settings

BERGEN, OSLO = "964338531", "958935420"
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
SOON = int(NOW.timestamp()) + 600
CLAIMS = {"aud": "dif", "iat": SOON - 900, "exp": SOON, "name": "Kari Leser", "groups": ["alle"], "org": BERGEN}
LOGIN = Login(
    "https://x.no",
    "dif",
    "s",
    "c",
    None,
    "openid",
    "login",
    MappingProxyType({}),
    None,
    name="name",
    organisation="org",
)
READERS = Grant(Role.READER, "groups", frozenset({"alle"}))
PEOPLE = {
    "reader": Visitor("", frozenset({Role.READER})),
    "customer": Visitor("", frozenset({Role.READER}), organisation=BERGEN),
    "network": Visitor("", frozenset({Role.READER, Role.NETWORK}), networks=frozenset({"digivestland"})),
    "product owner": Visitor("", frozenset({Role.PRODUCT_OWNER}), products=frozenset({"svarut"})),
    "economy": Visitor("", frozenset({Role.ECONOMY})),
    "leadership": Visitor("", frozenset({Role.LEADERSHIP})),
    "dif": Visitor("", frozenset({Role.DIF})),
}
CONNECTIONS = {"usage.connection_month", "usage.system_month", "uptake.supplier_gap"}
CONNECTIONS |= {"quality.unmapped_system", "reference.source_system"}
EXACT = {"usage.connection_exact_month"}
"""Of connections, those with exact numbers."""
CUSTOMERS = {"ledger.entry", "ledger.invoice_basis", "ledger.reconciliation", "ledger.reconciliation_part"}
CUSTOMERS |= {"ledger.joining_fee_gap"}


def rules(*grants: Grant, minutes: int | None = None) -> Rules:
    return Rules(dataclasses.replace(LOGIN, session_minutes=minutes), grants or (READERS,))


# --- every role × every dataset ---------------------------------------------------------------------------------------


def allowed(who: str, name: str) -> set[str]:
    """The matrix of DASHBOARDS.md, written out: which rows of a dataset somebody may see, by the widest that hold."""
    if name in EXACT:
        return {"dif": {"all"}, "customer": {"own"}}.get(who, set())
    if name in CONNECTIONS:
        return {"dif": {"all"}, "network": {"network"}, "customer": {"own"}}.get(who, set())
    if DATASETS[name].audience is Audience.OPEN:
        return {"all"}
    if name in CUSTOMERS:
        return {"economy": {"all"}, "customer": {"own"}}.get(who, set())
    if who in {"economy", "leadership"}:
        return {"all"}
    of_all_products = {"ledger.period", "ledger.release_diff_dataset"}
    return {"product"} if who == "product owner" and name not in of_all_products else set()


ASKED = {
    "all": {},
    "own": {"organisation": BERGEN},
    "another's": {"organisation": OSLO},
    "network": {"network": "digivestland"},
    "another network": {"network": "digihavet"},
    "product": {"product": "svarut"},
    "another product": {"product": "fiks-io"},
}


@pytest.mark.parametrize("who", sorted(PEOPLE))
def test_each_role_sees_of_each_dataset_what_it_may_and_no_more(who):
    def seen(dataset):
        return {rows for rows, asked in ASKED.items() if PEOPLE[who].may_see(dataset, **asked)}

    expected = {name: allowed(who, name) for name in DATASETS}
    assert {name: seen(dataset) for name, dataset in DATASETS.items()} == {
        name: set(ASKED) if "all" in rows else rows for name, rows in expected.items()
    }


def test_whoever_may_see_everything_does_and_whoever_has_no_role_sees_nothing():
    assert all(map(EVERYTHING.may_see, DATASETS.values()))
    assert not any(map(Visitor("", frozenset()).may_see, DATASETS.values()))


def test_the_two_lists_of_the_matrix_are_what_the_contracts_say():
    assert {n for n, d in DATASETS.items() if authorization.is_of_connections(d)} == CONNECTIONS | EXACT
    assert {n for n, d in DATASETS.items() if d.exact_counts} == EXACT
    assert {n for n, d in DATASETS.items() if authorization.is_of_customers(d)} == CUSTOMERS
    told = {n: authorization.connection_columns(d) for n, d in DATASETS.items() if authorization.connection_columns(d)}
    assert told.keys() == {"uptake.not_yet", "uptake.step_event", "quality.expected_reporter"}
    assert told["uptake.step_event"] == {"producer"}
    assert told["quality.expected_reporter"] == {"producer", "first_received_at"}
    assert {"supplier", "source_system", "supplier_evidence", "sentence", "sentence_en"} <= told["uptake.not_yet"]


def test_a_share_gives_what_its_recipient_would_see_on_the_pages():
    for name in DATASETS:
        dataset = DATASETS[name]
        narrowed = (
            (shares.ORGANISATION, "customer", {"organisation": BERGEN}),
            (shares.NETWORK, "network", {"network": "digivestland"}),
        )
        assert (dataset in shares.OPEN.datasets) == PEOPLE["reader"].may_see(dataset), name
        for share, who, whose in narrowed:
            more = PEOPLE[who].may_see(dataset, **whose) and not PEOPLE[who].may_see(dataset)
            told = bool(connection_columns(dataset))
            assert (dataset in share.datasets) == ((more or told) and owner_column(dataset) is not None), name
        of_connections = name in CONNECTIONS or bool(connection_columns(dataset))
        assert (dataset in shares.CONNECTIONS.datasets) == of_connections, name
        assert (dataset in shares.LEDGER.datasets) == (dataset.audience is Audience.LEDGER), name


@pytest.mark.parametrize(
    ("who", "audiences"),
    [
        ("reader", {"OPEN"}),
        ("customer", {"OPEN", "OWN"}),
        ("network", {"OPEN"}),
        ("product owner", {"OPEN", "LEDGER"}),
        ("economy", {"OPEN", "LEDGER", "OWN"}),
        ("leadership", {"OPEN", "LEDGER"}),
        ("dif", {"OPEN"}),
    ],
)
def test_pages_of_an_audience_are_for_whom_it_is_meant(who, audiences):
    assert {a.value for a in Audience if PEOPLE[who].may_read(a)} == audiences


def test_connections_are_seen_by_the_organisation_itself_its_networks_and_dif():
    assert PEOPLE["customer"].sees_connections_of(BERGEN)
    assert not PEOPLE["customer"].sees_connections_of(OSLO)
    assert not PEOPLE["reader"].sees_connections_of(None)
    assert PEOPLE["network"].sees_connections_of(OSLO, networks=["digivestland", "x"])
    assert not PEOPLE["network"].sees_connections_of(OSLO, networks=["x"])
    assert PEOPLE["dif"].sees_connections_of(OSLO)


# --- statements -------------------------------------------------------------------------------------------------------


def passes(who: str | Visitor | None, statement: str, **parameters: object) -> bool:
    visitor = PEOPLE[who] if isinstance(who, str) else who
    try:
        admit(visitor, statement, parameters)
    except Forbidden:
        return False
    return True


LEDGER = "select income_ore from ledger.product_month where $service is null or service = $service"
BASIS = "select amount_ore from ledger.invoice_basis where payer_number = $organisation"
CALLS = "select supplier from uptake.not_yet, area where $area_kind = 'NETWORK' and network = $area"
EXACTLY = "select dispatches from usage.connection_exact_month where organisation_number = $organisation"
SEEN = "with seen as (select 1) select system from usage.connection_month where $seen_all"


@pytest.mark.parametrize(
    ("who", "statement", "parameters", "good"),
    [
        ("reader", "select 1 from uptake.funnel", {}, True),
        ("reader", LEDGER, {"service": "svarut"}, False),
        ("product owner", LEDGER, {"service": "svarut"}, True),
        ("product owner", LEDGER, {"service": "fiks-io"}, False),
        ("product owner", LEDGER, {"service": None}, False),
        ("product owner", LEDGER.replace("$service", "'x'"), {"service": "svarut"}, False),
        ("leadership", LEDGER, {"service": None}, True),
        ("leadership", BASIS, {"organisation": BERGEN}, False),
        ("customer", BASIS, {"organisation": BERGEN}, True),
        ("customer", BASIS, {"organisation": OSLO}, False),
        ("customer", BASIS.replace("$organisation", "'x'"), {"organisation": BERGEN}, False),
        ("economy", BASIS, {"organisation": OSLO}, True),
        ("network", CALLS, {"area_kind": "NETWORK", "area": "digivestland"}, True),
        ("network", CALLS, {"area_kind": "NETWORK", "area": "digihavet"}, False),
        ("network", CALLS, {"area_kind": "COUNTY", "area": "digivestland"}, False),
        ("reader", "select municipality, step from uptake.not_yet", {}, True),
        ("reader", "select municipality, priority from uptake.not_yet", {}, False),
        ("reader", "select * from uptake.not_yet", {}, False),
        ("reader", "select c.* from uptake.not_yet as c", {}, False),
        ("reader", "select sentence from uptake.not_yet", {}, False),
        ("dif", "select * from uptake.not_yet", {}, True),
        ("dif", "select 1 from ledger.entry", {}, False),
        ("dif", EXACTLY, {"organisation": None}, True),
        ("customer", EXACTLY, {"organisation": BERGEN}, True),
        ("customer", EXACTLY, {"organisation": OSLO}, False),
        ("customer", EXACTLY, {"organisation": None}, False),
        ("network", EXACTLY, {"organisation": BERGEN}, False),
        ("network", f"{EXACTLY} and $area_kind = $area", {"area_kind": "NETWORK", "area": "digivestland"}, False),
        ("dif", "select dispatches from usage.system_month", {}, True),
        ("customer", "select dispatches from usage.system_month", {}, False),
        ("network", "select dispatches from usage.system_month", {}, False),
        ("reader", "select 1 from ledger.entry_trace", {}, False),
        ("economy", "select 1 from ledger.entry_trace", {}, True),
        ("economy", "select 1 from conformed.dispatch", {}, False),
        ("dif", "select 1 from ledger.nothing_of_ours", {}, False),
        ("reader", "select 1 from uptake.funnel -- not from ledger.entry", {}, True),
        ("reader", "SELECT 1 FROM LEDGER.ENTRY", {}, False),
        ("product owner", "select 1 from ledger.product_month -- of $service", {"service": "svarut"}, False),
        ("product owner", "select $service_group from ledger.product_month", {"service": "svarut"}, False),
    ],
)
def test_a_statement_is_refused_before_anything_is_opened(who, statement, parameters, good):
    assert passes(who, statement, **parameters) is good


def test_a_statement_says_whose_files_it_needs():
    assert admit(PEOPLE["economy"], LEDGER, {"service": None}) == {Audience.LEDGER}
    both = "select 1 from ledger.product_month, reference.product"
    assert admit(PEOPLE["economy"], both, {}) == {Audience.LEDGER, Audience.OPEN}
    assert admit(PEOPLE["reader"], "select 1", {}) == frozenset()


def test_nobody_is_told_nothing_and_everything_is_for_pages_that_are_open():
    assert not passes(None, "select 1")
    assert passes(EVERYTHING, BASIS, organisation=OSLO)
    assert passes(EVERYTHING, "select * from uptake.not_yet")


def test_a_statement_that_keeps_to_what_is_seen_is_asked_by_the_visitor_itself():
    assert passes("reader", SEEN, **PEOPLE["reader"].seen())
    assert not passes("reader", SEEN, **PEOPLE["dif"].seen())
    assert not passes("reader", SEEN)
    remarked = "select system from usage.connection_month -- where $seen_all"
    assert not passes("reader", remarked, **PEOPLE["reader"].seen())
    exactly = SEEN.replace("connection_month", "connection_exact_month")
    assert not passes("network", exactly, **PEOPLE["network"].seen()), "a network never sees exact numbers"


@pytest.mark.parametrize(
    ("who", "codes"),
    [("reader", []), ("customer", ["4601"]), ("network", ["4601", "4640"]), ("dif", ["0301", "4601", "4640"])],
)
def test_what_is_seen_of_municipalities_is_the_organisations_and_its_networks(who, codes):
    members = [("digivestland", "4601", None), ("digivestland", "4640", None), ("digihavet", "0301", None)]
    gone = ("digivestland", "0301", date(2020, 1, 1))
    homes = [(BERGEN, "4601", None), (BERGEN, "1201", date(2019, 12, 31)), (OSLO, "0301", None)]
    with duckdb.connect() as connection:
        connection.execute("create schema reference")
        connection.execute("create table reference.municipality as select unnest(['0301', '4601', '4640']) as code")
        for table, first, rows in (
            ("network_member", "network_id", [*members, gone]),
            ("municipality_of", "organisation_number", homes),
        ):
            connection.execute(
                f"create table reference.{table} ({first} varchar, municipality_code varchar, valid_to date)"
            )
            connection.executemany(f"insert into reference.{table} values (?, ?, ?)", rows)
        rows = connection.sql(query.sql("seen_municipality"), params=PEOPLE[who].seen()).fetchall()
    assert sorted(code for (code,) in rows) == codes


# --- a token ----------------------------------------------------------------------------------------------------------


def test_a_token_makes_a_visitor_by_the_grants_it_meets():
    economy = Grant(Role.ECONOMY, "groups", frozenset({"økonomi"}))
    network = Grant(Role.NETWORK, "org", frozenset({BERGEN}), networks=frozenset({"digivestland"}))
    owner = Grant(Role.PRODUCT_OWNER, "org", frozenset({"*"}), products=frozenset({"svarut"}))
    found = of(CLAIMS, rules(READERS, economy, network, owner), NOW)
    assert isinstance(found, Visitor)
    assert found.roles == {Role.READER, Role.NETWORK, Role.PRODUCT_OWNER}
    assert (found.name, found.organisation) == ("Kari Leser", BERGEN)
    assert (found.networks, found.products) == ({"digivestland"}, {"svarut"})
    assert found.until == NOW + timedelta(minutes=10)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"exp": SOON - 600}, Why.EXPIRED),
        ({"exp": SOON - 601}, Why.EXPIRED),
        ({"exp": None}, Why.EXPIRED),
        ({"exp": "never"}, Why.EXPIRED),
        ({"exp": True}, Why.EXPIRED),
        ({"exp": float("nan")}, Why.EXPIRED),
        ({"exp": 1e300}, Why.EXPIRED),
        ({"exp": 10**400}, Why.EXPIRED),
        ({"aud": "another"}, Why.NOT_LOGGED_IN),
        ({"aud": None}, Why.NOT_LOGGED_IN),
        ({"groups": ["andre"]}, Why.NO_GRANT),
        ({"groups": None}, Why.NO_GRANT),
    ],
)
def test_a_token_that_does_not_hold_lets_nobody_in(change, why):
    assert of({**CLAIMS, **change}, rules(), NOW) is why


def test_a_login_may_outlive_a_short_token_but_not_its_own_time():
    short = {**CLAIMS, "iat": SOON - 700, "exp": SOON - 640}
    assert of(short, rules(), NOW) is Why.EXPIRED
    found = of(short, rules(minutes=10), NOW)
    assert isinstance(found, Visitor)
    assert found.until == NOW + timedelta(seconds=500)
    assert of(short, rules(minutes=10), NOW + timedelta(seconds=500)) is Why.EXPIRED
    assert of({**CLAIMS, "iat": SOON - 7200}, rules(minutes=30), NOW) is Why.EXPIRED


@pytest.mark.parametrize("name", ["01010750160", "Kari 010107 50160"])
def test_an_identity_number_in_a_claim_is_shown_nowhere(name):
    found = of({**CLAIMS, "name": name}, rules(), NOW)
    assert isinstance(found, Visitor)
    assert found.name == ""
    assert "010107" not in repr(found)


@given(
    s.builds(
        Visitor,
        s.text(min_size=3).map(lambda t: f"navn-{t}"),
        s.frozensets(s.sampled_from(Role)),
        s.none() | s.sampled_from([BERGEN, OSLO]),
        s.frozensets(s.sampled_from(["a", "b"])),
        s.frozensets(s.sampled_from(["svarut", "*"])),
    )
)
def test_the_key_of_a_cache_tells_apart_what_is_seen_and_never_who_sees_it(visitor):
    assert visitor.key == dataclasses.replace(visitor, name="en annen", until=NOW).key
    assert json.loads(visitor.key) == [
        sorted(visitor.roles),
        visitor.organisation,
        sorted(visitor.networks),
        sorted(visitor.products),
    ]


def test_every_reason_and_role_has_words_in_both_languages():
    for why in Why:
        assert {named(f"access.{why}"), named(f"access.{why}.title")} <= MESSAGES.keys()
    for language in LANGUAGES:
        said = visitors.described(Visitor("Kari", frozenset(Role), until=NOW), Words(language))
        assert all(role.words[language] in said for role in Role)
        assert visitors.described(EVERYTHING, Words(language)) == MESSAGES["access-open"][language]


# --- a page, without a browser ----------------------------------------------------------------------------------------

FILE = """
[login]
discovery = "https://login.example.no/.well-known/openid-configuration"
client_id = "dif"
client_secret_file = "secret"
cookie_secret_file = "secret"
organisation_claim = "org"

[[grant]]
role = "READER"
claim = "groups"
values = ["alle"]
"""


@pytest.fixture
def visited(tmp_path):
    """Open the pages of a home as somebody whose token has these claims."""

    def write(text: str) -> None:
        folder = tmp_path / "access"
        folder.mkdir(mode=0o700, exist_ok=True)
        for name, said in (("pages.toml", text), ("secret", "a-secret-that-is-long-enough-for-cookies")):
            (folder / name).write_text(said, "utf-8")
            (folder / name).chmod(0o600)

    def visit(text: str | None = FILE, claims: dict | None = None, *, page: str = "", login: bool = True) -> str:
        if text is not None:
            write(text)
        opened = AppTest.from_file(Path(__file__).with_name("visited.py"), default_timeout=180)
        opened.secrets[SETTINGS_KEY] = {"home": str(tmp_path), "contact": "data@example.no"}
        if login:
            opened.secrets["auth"] = {"cookie_secret": "x"}
        opened.user = claims or {}
        opened.run()
        assert not opened.exception
        return " ".join(
            str(one.value)
            for kind in ("title", "info", "warning", "error", "text", "markdown")
            for one in opened.get(kind)
        )

    return visit


def now(**claims: object) -> dict[str, object]:
    at = int(time.time())
    return {**CLAIMS, "is_logged_in": True, "iat": at, "exp": at + 600, "nonce": str(at), **claims}


ENDED = """
import json, sys
from pathlib import Path
from dashboards.access import visitors
from transport.base.settings import Settings
visitors.end(Settings(home=Path(sys.argv[1])), json.loads(sys.argv[2]))
"""


@pytest.mark.slow("two processes; the others hold what a log-out ends")
def test_a_log_out_outlives_the_process_that_took_it_and_is_of_one_login(visited, tmp_path):
    mine, other = now(), now(nonce="another")
    assert "Logget inn som Kari Leser" in visited(claims=mine)
    subprocess.run([sys.executable, "-c", ENDED, str(tmp_path), json.dumps(mine)], check=True, cwd=PROJECT)
    assert "Du er logget ut" in visited(claims=mine)
    assert "Logget inn som Kari Leser" in visited(claims=other)
    visitors.end(Settings(home=tmp_path), other)
    assert "Du er logget ut" in visited(claims=other)
    assert "Du er logget ut" in visited(claims=mine), "each keeps what the other wrote"
    file = tmp_path / "access" / "ended-logins.json"
    assert file.stat().st_mode & 0o077 == 0
    assert "Kari" not in file.read_text("utf-8")


@pytest.mark.parametrize("nonsense", ["[", '{"a": 1' + "0" * 400 + "}", "[" * 100_000], ids=["cut", "huge", "deep"])
def test_a_file_of_log_outs_that_cannot_be_read_shuts_nobody_out(visited, tmp_path, caplog, nonsense):
    visited()
    (tmp_path / "access" / "ended-logins.json").write_text(nonsense, "utf-8")
    assert "Logget inn som Kari Leser" in visited(claims=now())
    assert "ended-logins.json cannot be read" in caplog.text


def test_pages_without_a_file_are_open_and_say_so(visited):
    said = visited(None)
    assert "Åpnet: OPEN" in said
    assert "bare på denne maskinen" in said


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        (dict, "Du er ikke logget inn"),
        (lambda: now(is_logged_in="true"), "Du er ikke logget inn"),
        (lambda: now(is_logged_in=1), "Du er ikke logget inn"),
        (lambda: now(exp=int(time.time()) - 1), "Du er logget ut"),
        (lambda: now(groups=["andre"]), "Du har ikke tilgang"),
        (lambda: now(aud="another"), "Du er ikke logget inn"),
    ],
    ids=["nobody", "said in words", "said as a number", "expired", "in no role", "for another"],
)
def test_who_is_not_let_in_is_told_why_and_nothing_is_opened(visited, claims, said):
    # Made when the test runs: what is made when tests are collected has expired when a long run comes to it.
    shown = visited(claims=claims())
    assert said in shown
    assert "Åpnet" not in shown


def test_who_is_let_in_sees_the_page_and_who_they_are(visited):
    shown = visited(claims=now())
    assert "Logget inn som Kari Leser (leser)" in shown
    assert "Åpnet: OPEN" in shown


def test_a_broken_file_lets_nobody_in_and_tells_the_visitor_nothing_of_it(visited):
    shown = visited("[login", claims=now())
    assert "Ingen kan logge inn" in shown
    assert "toml" not in shown.lower()
    assert "Åpnet" not in shown


def test_a_login_that_came_while_the_pages_ran_asks_for_a_restart(visited):
    assert "Åpnet" in visited(None, login=False)
    assert "må startes på nytt" in visited(login=False)


def test_pages_that_listen_to_others_are_open_to_nobody(visited):
    before = config.get_option("server.address")
    try:
        config.set_option("server.address", "0.0.0.0")
        shown = visited(None)
    finally:
        config.set_option("server.address", before)
    assert "Innlogging er ikke satt opp" in shown
    assert "Åpnet" not in shown


def test_texts_of_access_have_no_places_that_nobody_fills():
    for key, text in MESSAGES.items():
        if key.startswith("access-"):
            for language in LANGUAGES:
                assert {place[0] for place in PLACE.findall(text[language])} <= {"contact", "app", "name", "roles"}
