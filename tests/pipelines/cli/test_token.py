"""`dif token` as operators and scripts use it: the token on stdout, words on stderr, the secret shown once."""

import json
from datetime import datetime, timedelta

import pytest

from catalog.contracts.sharing import Right
from catalog.errors import Forbidden, Unauthenticated
from catalog.tables.streams import STREAMS
from transport.auth import Access
from transport.base.settings import Settings

BERGEN = "964338531"


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path / "home")


@pytest.fixture
def dif(dif_in, settings):
    return dif_in(settings.home)


def test_a_token_is_printed_once_closes_the_door_and_opens_it_to_its_holder(dif, settings):
    access = Access(settings)
    assert access.open
    code, out, err = dif(
        "token", "add", "svarut", "--send", "dispatch", "measurement", "--for", "any", "--read", "open", "LEDGER"
    )
    assert code == 0
    text = out.strip()
    assert out == f"{text}\n", "a script takes stdout as the token"
    for words in (
        "shown only this once",
        "The door is closed now",
        "may send dispatch, measurement",
        "dif token revoke",
    ):
        assert words in err
    assert text[-43:] not in err
    caller = access.caller(f"Bearer {text}")
    assert (caller.producer, caller.send, caller.organisations) == ("svarut", {"dispatch", "measurement"}, None)
    assert caller.read == {"OPEN", "LEDGER"}
    with pytest.raises(Unauthenticated):
        access.caller(None)

    assert dif("token", "add", "tested", "--send", "dispatch", "--for", "310000000")[0] == 0, "a made-up number"
    _, _, err = dif("token", "add", "another", "--producer", "p", "--send", "all", "--for", BERGEN, "--days", "30")
    assert "door" not in err
    assert f"may send every stream as p, {BERGEN}'s rows" in err


def test_the_list_shows_state_and_rights_and_never_a_secret(dif):
    assert dif("token", "list")[1].startswith("No tokens.")
    text = dif("token", "add", "svarut", "--send", "dispatch", "--for", BERGEN)[1].strip()
    added = json.loads(dif("token", "add", "leser", "--read", "OPEN", "--days", "1", "--json")[1])
    assert dif("token", "revoke", added["id"])[0] == 0
    code, out, _ = dif("token", "list", "--json")
    first, second = json.loads(out)
    assert code == 0
    assert (first["state"], first["send"], first["for"], first["read"]) == ("active", ["dispatch"], [BERGEN], [])
    assert (second["id"], second["state"], second["for"]) == (added["id"], "revoked", [])
    assert second["expires"] > second["created"]
    shown = dif("token", "list")[1]
    for secret in (text[-43:], added["token"][-43:], "sha256"):
        assert secret not in out + shown
    assert "revoked" in shown


def test_a_token_for_metrics_gives_that_alone_and_says_so(dif, settings):
    _, out, err = dif("token", "add", "prometheus", "--metrics")
    assert "may read /metrics, until" in err
    caller = Access(settings).caller(f"Bearer {out.strip()}")
    assert (caller.metrics, caller.send, caller.read) == (True, frozenset(), frozenset())
    other = dif("token", "add", "leser", "--read", *map(str, Right))[1].strip()
    assert not Access(settings).caller(f"Bearer {other}").metrics
    assert [row["metrics"] for row in json.loads(dif("token", "list", "--json")[1])] == [True, False]


@pytest.mark.parametrize(("days", "lasts"), [((), 365), (("--days", "30"), 30), (("--days", "0"), None)])
def test_a_token_ends_after_a_year_unless_something_else_is_said(dif, days, lasts):
    _, out, err = dif("token", "add", "leser", "--read", "OPEN", "--json", *days)
    added = json.loads(out)
    if lasts is None:
        assert added["expires"] is None
        assert "until it is revoked" in err
    else:
        span = datetime.fromisoformat(added["expires"]) - datetime.fromisoformat(added["created"])
        assert span == timedelta(days=lasts)
        assert f"It holds for {lasts} days" in err
        assert "0 for no end" in err


def test_a_revoked_token_is_refused_by_a_server_that_runs(dif, settings):
    text = dif("token", "add", "svarut", "--send", "dispatch", "--for", "any")[1].strip()
    access = Access(settings)
    caller = access.caller(f"Bearer {text}")
    access.may_send(caller, STREAMS["dispatch"])
    with pytest.raises(Forbidden):
        access.may_send(caller, STREAMS["measurement"])
    token_id = caller.name.removeprefix("token ")
    code, out, _ = dif("token", "revoke", token_id)
    assert (code, f"Token {token_id} was revoked" in out) == (0, True)
    with pytest.raises(Unauthenticated, match="is revoked"):
        access.caller(f"Bearer {text}")
    assert dif("token", "revoke", token_id)[1] == out, "again is the same, with the first moment"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["add", "x"], "--send"),
        (["add", "../x", "--read", "OPEN"], "NAME"),
        (["add", "x", "--producer", ".x", "--read", "OPEN"], "--producer"),
        (["add", "x", "--send", "dispatch"], "--for"),
        (["add", "x", "--send", "dispach", "--for", "any"], "'dispatch'"),
        (["add", "x", "--send", "register", "--for", "any"], "dif register apply"),
        (["add", "x", "--send", "cost_entry", "--for", BERGEN], "--for any"),
        (["add", "x", "--send", "dispatch", "--for", "964338532"], "modulus 11"),
        (["add", "x", "--send", "dispatch", "--for", "any", BERGEN], "any alone"),
        (["add", "x", "--read", "OWN"], "OPEN, CONNECTIONS, LEDGER, CUSTOMERS"),
        (["add", "x", "--read", "OPEN", "--days", "-1"], "--days"),
        (["add"], "NAME"),
        (["revoke", "x-0000"], "x-0000"),
        (["revok", "x"], "revoke"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_wrong_use_exits_2_says_the_mend_and_leaves_the_door_as_it_was(words, says, dif, settings):
    code, out, err = dif("token", *words)
    assert (code, out) == (2, "")
    assert says in err
    assert Access(settings).open


def test_a_file_that_others_may_read_is_refused_with_the_mend(dif, settings):
    dif("token", "add", "svarut", "--read", "OPEN")
    (settings.home / "access" / "tokens.json").chmod(0o644)
    for words in (["list"], ["add", "x", "--read", "OPEN"], ["revoke", "x"]):
        code, out, err = dif("token", *words)
        assert (code, out) == (2, "")
        assert "chmod 600" in err
