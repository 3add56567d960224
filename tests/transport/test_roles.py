"""`access/pages.toml`: what it may say, what is refused with the mend, and files that change under running pages."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from catalog.errors import WrongUse
from transport.auth.roles import FILE, Pages, Role, organisation_of, pages_are_for, read_pages, values_of
from transport.base.settings import PROJECT, Settings

BERGEN, OSLO, TENOR = "964338531", "958935420", "210000003"
COOKIE = "a-secret-that-is-long-enough-for-cookies"
LOGIN = {
    "discovery": "https://login.example.no/.well-known/openid-configuration",
    "client_id": "dif",
    "client_secret_file": "client-secret",
    "cookie_secret_file": "cookie-secret",
}
READER = {"role": "READER", "claim": "groups", "values": ["alle"]}


def toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def text(login: dict = LOGIN, grants: tuple[dict, ...] = (READER,), more: str = "") -> str:
    lines = ["[login]", *(f"{k} = {toml(v)}" for k, v in login.items()), more]
    for grant in grants:
        lines += ["[[grant]]", *(f"{k} = {toml(v)}" for k, v in grant.items())]
    return "\n".join(lines)


@pytest.fixture
def home(tmp_path) -> Path:
    (tmp_path / "access").mkdir(mode=0o700)
    write(tmp_path, "client-secret", "s3cret\n")
    write(tmp_path, "cookie-secret", COOKIE)
    return tmp_path


def write(home: Path, name: str, said: str, mode: int = 0o600) -> Path:
    file = home / "access" / name
    file.write_text(said, "utf-8")
    file.chmod(mode)
    return file


def read(home: Path, said: str):
    return read_pages(write(home, FILE, said))


def test_a_file_says_how_one_logs_in_and_who_is_who(home):
    login = {
        **LOGIN,
        "address": "https://tall.example.no/",
        "scope": "openid",
        "prompt": "login",
        "session_minutes": 30,
        "name_claim": "preferred_username",
        "organisation_claim": "org",
    }
    grants = (
        READER,
        {"role": "NETWORK", "claim": "org", "values": [BERGEN], "networks": ["digivestland"]},
        {"role": "PRODUCT_OWNER", "claim": "groups", "values": ["svarut"], "products": ["svarut"]},
    )
    rules = read(home, text(login, grants, '[login.parameters]\nacr_values = "high"'))
    assert rules.login.client_secret == "s3cret"
    assert rules.login.address == "https://tall.example.no"
    assert rules.login.parameters == {"acr_values": "high"}
    assert rules.login.session_minutes == 30
    assert [g.role for g in rules.grants] == [Role.READER, Role.NETWORK, Role.PRODUCT_OWNER]
    assert rules.grants[1].networks == {"digivestland"}
    assert COOKIE not in repr(rules)
    assert "s3cret" not in repr(rules)


def test_the_file_of_the_documentation_can_be_used(home):
    said = (PROJECT / "docs" / "access.md").read_text("utf-8").partition("## The pages")[2]
    for name in ("client", "cookie"):
        (home / "access" / f"{name}-secret").rename(home / "access" / f"pages-{name}-secret")
    rules = read(home, said.partition("```toml\n")[2].partition("```")[0])
    assert {g.role for g in rules.grants} == {Role.READER, Role.NETWORK, Role.PRODUCT_OWNER}


def test_what_is_left_out_is_the_usual(home):
    login = read(home, text()).login
    assert (login.scope, login.prompt, login.name) == ("openid profile", "select_account", "name")
    assert login.session_minutes is None
    assert login.address is None
    assert login.organisation is None


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("[login", "not valid TOML"),
        ("", "no [login]"),
        (text({**LOGIN, "discovery": "http://login.example.no/x"}), "login.discovery"),
        (text({**LOGIN, "discovery": "https://me@login.example.no/x"}), "login.discovery"),
        (text({**LOGIN, "client_secret": "x"}), "login.client_secret"),
        (text({**LOGIN, "cookie_secret_file": "none"}), "login.cookie_secret_file"),
        (text({**LOGIN, "scope": "profile"}), "login.scope"),
        (text({**LOGIN, "address": "http://tall.example.no"}), "login.address"),
        (text({**LOGIN, "address": "https://tall.example.no/sider"}), "login.address"),
        (text({**LOGIN, "session_minutes": 100_000}), "login.session_minutes"),
        (text(more='[login.parameters]\nstate = "x"'), "login.parameters.state"),
        (text(grants=()), "no [[grant]]"),
        (text(grants=({**READER, "role": "BOSS"},)), "grant[1].role"),
        (text(grants=({"role": "READER", "claim": "groups"},)), "grant[1].values"),
        (text(grants=({**READER, "values": "alle"},)), "grant[1].values"),
        (text(grants=({**READER, "role": "NETWORK"},)), "grant[1].networks"),
        (text(grants=({**READER, "networks": ["digivestland"]},)), "grant[1].networks"),
        (text(grants=({**READER, "role": "PRODUCT_OWNER"},)), "grant[1].products"),
        (text(grants=({**READER, "role": "PRODUCT_OWNER", "products": ["svarutt"]},)), "svarut"),
        (text(grants=({**READER, "vaules": ["alle"]},)), "grant[1].vaules"),
    ],
)
def test_a_fault_is_named_with_its_key_and_the_mend(home, said, named):
    with pytest.raises(WrongUse) as caught:
        read(home, said)
    assert named in str(caught.value)
    assert caught.value.mend


def test_files_that_others_may_read_or_write_are_refused(home):
    for name, mode in ((FILE, 0o640), ("client-secret", 0o604), ("cookie-secret", 0o660)):
        file = write(home, FILE, text())
        other = home / "access" / name
        other.chmod(mode)
        with pytest.raises(WrongUse, match="chmod 600"):
            read_pages(file)
        other.chmod(0o600)
    (home / "access").chmod(0o777)
    with pytest.raises(WrongUse, match="chmod 700"):
        read_pages(home / "access" / FILE)


@pytest.mark.parametrize("secret", ["", "short", "with white space within it, and that is long enough"])
def test_a_weak_cookie_secret_is_refused_without_being_said(home, secret):
    write(home, "cookie-secret", secret)
    with pytest.raises(WrongUse, match="32 characters") as caught:
        read(home, text())
    assert not secret or secret not in str(caught.value)


@pytest.mark.parametrize(
    ("claims", "path", "values"),
    [
        ({"groups": ["a", "b"]}, "groups", ["a", "b"]),
        ({"role": "a"}, "role", ["a"]),
        ({"https://x.no/role": "a"}, "https://x.no/role", ["a"]),
        ({"a": {"b": {"c": ["x"]}}}, "a.b.c", ["x"]),
        ({"a": [{"b": "x"}, {"b": "y"}, "z"]}, "a.b", ["x", "y"]),
        ({"a": None, "n": 3, "t": True, "e": ""}, "a", []),
        ({"n": 3}, "n", []),
        ({"a": {"b": "x"}}, "a", []),
        ({}, "a.b", []),
    ],
)
def test_values_lie_in_a_claim_however_deep(claims, path, values):
    assert list(values_of(claims, path)) == values


@pytest.mark.parametrize(
    ("found", "number"),
    [
        (BERGEN, BERGEN),
        (f"0192:{BERGEN}", BERGEN),
        (f"0192:{TENOR}", TENOR),
        ([BERGEN, f"0192:{BERGEN}"], BERGEN),
        ([BERGEN, OSLO], None),
        ("964338532", None),
        (f"9908:{BERGEN}", None),
        (None, None),
    ],
)
def test_an_organisation_is_one_number_or_none(found, number):
    assert organisation_of({"org": found}, "org") == number


def test_without_a_file_the_pages_are_open(tmp_path):
    pages = Pages(Settings(home=tmp_path))
    assert pages.open
    assert pages.rules is None
    assert pages.trouble is None


def test_what_was_closed_never_opens_and_is_mended_without_a_restart(home, caplog):
    pages = Pages(Settings(home=home))
    assert pages.open
    write(home, FILE, text())
    assert not pages.open
    assert pages.rules
    with caplog.at_level(logging.ERROR):
        write(home, FILE, "[login")
        assert pages.rules is None
        assert "not valid TOML" in str(pages.trouble)
        (home / "access" / FILE).unlink()
        assert not pages.open
        assert pages.rules is None
        assert "is gone" in str(pages.trouble)
    assert [r.levelname for r in caplog.records] == ["ERROR", "ERROR"]
    write(home, FILE, text())
    assert pages.rules
    assert pages.trouble is None


def test_a_secret_that_others_come_to_read_lets_nobody_in_until_it_is_mended(home):
    write(home, FILE, text())
    pages = Pages(Settings(home=home))
    assert pages.rules is not None
    (home / "access" / "cookie-secret").chmod(0o644)
    assert pages.rules is None
    assert "cookie-secret" in str(pages.trouble)
    (home / "access" / "cookie-secret").chmod(0o600)
    assert pages.rules is not None


def test_a_file_that_is_broken_at_start_opens_nothing(home):
    write(home, FILE, text(), 0o644)
    pages = Pages(Settings(home=home))
    assert not pages.open
    assert "chmod 600" in str(pages.trouble)


@pytest.mark.parametrize(
    ("host", "address", "tls", "fault"),
    [
        ("127.0.0.1", None, False, None),
        ("::1", None, False, None),
        ("0.0.0.0", "https://tall.example.no", True, None),
        ("0.0.0.0", "https://tall.example.no", False, "in the clear"),
        ("0.0.0.0", "http://127.0.0.1:8501", True, "does not set their address"),
        ("0.0.0.0", None, True, "does not set their address"),
        ("192.0.2.1", "open", True, "this machine only"),
    ],
)
def test_others_reach_the_pages_only_where_they_log_in_over_tls(home, host, address, tls, fault):
    rules = None if address == "open" else read(home, text({**LOGIN, **({"address": address} if address else {})}))
    if fault is None:
        pages_are_for(host, rules, tls=tls)
        return
    with pytest.raises(WrongUse, match=fault):
        pages_are_for(host, rules, tls=tls)
