"""Who is due a mail, what it says, and that nobody gets one twice."""

from __future__ import annotations

import io
import json
import re
import smtplib
import subprocess
import sys
from datetime import timedelta

import duckdb
import pytest

from catalog.errors import TryAgain, WrongUse
from dashboards.subscriptions import __main__ as process
from dashboards.subscriptions import news, sending
from pipelines.cli import main as cli
from pipelines.run import steps, subscribers
from pipelines.run.attempt import Attempt
from pipelines.run.context import SilentReporter
from tests.dashboards.subscriptions.conftest import ADDRESS, KARI, NOW, Reader, change, holding
from transport.operations.subscriptions import Kind, Subject, Subscriptions
from transport.releases.release import current_release
from transport.releases.store import Releases

BERGEN = "4601"
CALL = """
update uptake.not_yet set step = 'CONFIGURED'
where municipality_code = (select min(municipality_code) from uptake.not_yet where service = 'svarut' and priority <> 1)
    and service = 'svarut'
"""
WHO = """
select municipality from uptake.not_yet where service = 'svarut' and priority <> 1 order by municipality_code limit 1
"""


class Killed(BaseException):
    """What no handler catches, as a process that ends."""


def test_a_process_that_is_killed_between_two_mails_or_in_one_sends_none_twice(
    reader, server, sent, publish, monkeypatch
):
    for n in range(3):
        reader.subscribes(address=f"n{n}@kommune.test")
    publish(through_month="2026-10-01")
    del server.got[:]
    really = smtplib.SMTP.send_message

    def killed_after_the_second(connection, message):
        really(connection, message)
        if len(server.got) == 2:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "send_message", killed_after_the_second)
        with pytest.raises(Killed):
            sent()
    assert sent().sent == 1
    assert sent().due == []
    assert sorted(m["To"] for m in server.mails) == [f"n{n}@kommune.test" for n in range(3)]


def test_a_mail_that_is_refused_is_due_again_and_one_that_nobody_knows_of_is_not(
    reader, server, sent, publish, monkeypatch
):
    reader.subscribes()
    publish(through_month="2026-10-01")
    server.refuses = True
    told = sent()
    assert (told.sent, told.refused, told.problem) == (0, 1, "SMTP 451")
    server.refuses = False

    def gone_at_once(*_):
        raise smtplib.SMTPServerDisconnected("hung up")

    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "noop", gone_at_once)  # before the mail: nothing is lost
        assert (sent().unsure, len(sent().due)) == (0, 1)
    with monkeypatch.context() as patched:
        patched.setattr(smtplib.SMTP, "send_message", gone_at_once)
        assert sent().unsure == 1
    assert sent().due == []


def test_a_server_that_is_away_fails_nothing_and_loses_nothing(reader, given, publish, server, sent):
    reader.subscribes()
    publish(through_month="2026-10-01")
    away = sending.send(given.but(smtp_url="smtp://127.0.0.1:1?starttls=no"), now=NOW)
    assert (away.sent, away.problem) == (0, "connection refused")
    assert sent().sent == 1
    with Subscriptions(given).sending(), pytest.raises(TryAgain):
        sent()
    with pytest.raises(WrongUse, match="not set up"):
        sending.send(given.but(smtp_url=""), now=NOW)
    assert server.mails[-1]["To"] == KARI


def test_what_newly_calls_for_a_decision_is_told_once_and_what_did_before_is_not(visit, server, given, sent, publish):
    release = current_release(given.releases)
    with duckdb.connect(str(release.database), read_only=True) as database:
        ((name,),) = database.sql(WHO).fetchall()
        ((code,),) = database.sql(f"select code from reference.municipality where name = '{name}'").fetchall()[:1]
    for subject in ("service:svarut", f"municipality:{code}", f"municipality:{BERGEN}"):
        Reader(visit(), server, given).subscribes(subject, frequency="decision")
    del server.got[:]
    publish()
    assert sent().due == []  # the same as before
    publish(CALL)
    assert sent().sent == (2 if code != BERGEN else 3)
    text = server.mails[0].get_body(("plain",)).get_content()
    assert f"- {name} har avtale eller oppsett for SvarUt, men bruker den ikke" in text
    assert text.count("\n- ") + text.startswith("- ") == 1
    publish()
    assert sent().due == []


def test_figures_of_a_network_and_a_municipality_say_what_changed_and_a_missing_month_is_not_nought(
    visit, server, given, sent, publish
):
    for subject, lang in (("network:digivestland", "nb"), (f"municipality:{BERGEN}", "en")):
        Reader(visit(), server, given).subscribes(subject, lang=lang)
    del server.got[:]
    publish(through_month="2026-10-01")
    assert sent().sent == 2
    network, municipality = (m.get_body(("plain",)).get_content() for m in server.mails)
    assert "SvarUt: " in network
    assert " av 43 kommuner" in network
    assert f"{ADDRESS}/utbredelse?omrade=digivestland" in network
    assert "in use" in municipality
    assert f"{ADDRESS}/bruk?kommune={BERGEN}&lang=en" in municipality
    publish("delete from uptake.funnel", through_month="2026-11-01")
    sent()
    assert "Manglende tall betyr ikke null bruk." in server.mails[2].get_body(("plain",)).get_content()
    change(given, through_month="2026-10-01")
    assert sent().due == []  # rolled back: what was told is not told again


MERGED = (
    "update reference.municipality set valid_to = date '2026-11-01' where code = '4601' and valid_to is null",
    """
    insert into reference.municipality_to_now by name (
        select '4601' as from_code, valid_from, '4626' as to_code, 1.0 as weight
        from reference.municipality
        where code = '4601' and valid_to is not null
    )
    """,
    "delete from reference.network where network_id = 'digivestland'",
    "delete from reference.product where service = 'svarut'",
)


def test_whoever_follows_what_is_no_more_is_told_once_what_it_became_and_is_deleted(
    visit, server, given, sent, publish
):
    for subject in ("municipality:4601", "network:digivestland", "service:svarut"):
        Reader(visit(), server, given).subscribes(subject)
    del server.got[:]
    publish(*MERGED)
    told = sent()
    assert (told.sent, told.ended) == (3, 3)
    texts = [m.get_body(("plain",)).get_content() for m in server.mails]
    assert "Bergen er ikke lenger en egen kommune. Området hører nå til Øygarden." in texts[0]
    assert f"{ADDRESS}/abonner?kommune=4626" in texts[0]
    assert all("finnes ikke lenger" in text for text in texts[1:])
    assert all("Vi har slettet adressen din." in text for text in texts)
    assert holding(given.home, KARI) == []
    assert sent().due == []


# --- where visitors log in --------------------------------------------------------------------------------------------

RULES = """
[login]
discovery = "https://login.test/.well-known/openid-configuration"
client_id = "dif"
client_secret_file = "client-secret"
cookie_secret_file = "cookie-secret"
address = "https://tall.dif.test"

"""
GRANT = '[[grant]]\nrole = "{role}"\nclaim = "groups"\nvalues = ["{group}"]\n'


def grants(given, **roles: str) -> None:
    """Write who may see the pages: a group by its role."""
    folder = given.home / "access"
    folder.mkdir(mode=0o700, exist_ok=True)
    texts = {"client-secret": "secret", "cookie-secret": "a-secret-for-cookies-of-the-tests-only"}
    texts["pages.toml"] = RULES + "".join(GRANT.format(role=r, group=g) for r, g in roles.items())
    for name, text in texts.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o600)


def claims(*groups: str) -> dict[str, object]:
    until = (NOW + timedelta(hours=1)).timestamp()
    who = {"sub": "kari-nordmann-123", "iat": NOW.timestamp(), "exp": until}
    return {"is_logged_in": True, "aud": "dif", "groups": list(groups)} | who


def test_only_who_is_let_in_may_subscribe_and_only_who_sees_ledgers_to_what_is_for_the_leadership(visit, server, given):
    grants(given, READER="alle", LEADERSHIP="ledelse")
    for nobody in ({}, claims("andre")):
        stranger = Reader(visit(nobody), server, given)
        assert "Logg inn for å abonnere" in stranger.client.get("/abonner").text
        assert stranger.asks().status_code == 403
    plain = Reader(visit(claims("alle")), server, given)
    assert 'value="leadership"' not in plain.client.get("/abonner").text
    assert plain.asks("leadership").status_code == 422
    assert server.mails == []
    leader = Reader(visit(claims("ledelse")), server, given)
    assert 'value="leadership"' in leader.client.get("/abonner").text
    assert leader.asks("leadership").status_code == 200
    confirm = visit({})  # the links in mails work without a login
    path = server.mails[-1].get_body(("plain",)).get_content().split(ADDRESS)[1].split()[0]
    assert confirm.post(path).status_code == 200
    assert holding(given.home, "kari-nordmann-123") == holding(given.home / "subscriptions", "ledelse") == []


def test_a_role_that_ended_gets_no_mail_and_its_address_is_deleted_if_the_role_does_not_come_back(
    visit, server, given, sent, publish
):
    grants(given, READER="alle", LEADERSHIP="ledelse")
    Reader(visit(claims("alle")), server, given).subscribes()
    Reader(visit(claims("ledelse", "alle")), server, given).subscribes("leadership", address="leder@kommune.test")
    del server.got[:]
    publish(through_month="2026-10-01")
    grants(given, READER="alle", LEADERSHIP="andre")  # yesterday's leader may still read
    told = sent()
    assert (told.sent, told.barred) == (1, 1)
    assert [m["To"] for m in server.mails] == [KARI]
    grants(given, LEADERSHIP="ledelse")  # it comes back; the reader's goes
    told = sent()
    assert (told.sent, told.barred) == (1, 1)
    assert "Logg inn for å se tallene." in server.mails[-1].get_body(("plain",)).get_content()
    assert sent(NOW + timedelta(days=29)).barred == 1
    sent(NOW + timedelta(days=31))
    assert holding(given.home, KARI) == []
    assert Subscriptions(given).counts()["role_ended"] == 1
    (given.home / "access" / "pages.toml").write_text("[login]\n")
    with pytest.raises(WrongUse, match="Nobody is let in"):
        sent()
    assert len(Subscriptions(given).all()) == 1  # a file that is broken deletes nobody


def test_the_leadership_is_told_that_something_new_calls_for_a_decision_but_not_what(
    reader, server, given, sent, publish
):
    publish("update uptake.exception set last_month = date '2000-01-01'")
    standing = {m.key[0] for m in news.matters(current_release(given.releases), Subject(Kind.LEADERSHIP))}
    assert standing & {"below", "loan", "open"}  # the ledgers are looked into
    assert "annex" not in standing
    reader.subscribes("leadership", frequency="decision")
    publish()
    assert sent().due == []
    publish("update uptake.exception set first_month = date '2000-01-01', last_month = date '2030-01-01'")
    assert sent().sent == 1
    text = server.mails[-1].get_body(("plain",)).get_content()
    assert "Logg inn for å se hva det gjelder." in text
    assert not re.search(r"\d|SvarUt|Digisos", text.partition("http")[0])  # no figure and no name


# --- the process and the commands -------------------------------------------------------------------------------------


@pytest.fixture
def dif(given, monkeypatch, capsys, tmp_path):
    """Run one command over the home, where `dif.toml` sets up mail; gives exit code, stdout and stderr."""
    monkeypatch.setenv("DIF_HOME", str(given.home))
    names = ("smtp_url", "pages_url")
    (tmp_path / "dif.toml").write_text("".join(f"{name} = {json.dumps(getattr(given, name))}\n" for name in names))
    monkeypatch.chdir(tmp_path)

    def run(*words: str, typed: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        out, err = capsys.readouterr()
        assert KARI not in out + err
        return ended.value.code, out, err

    return run


@pytest.mark.long("starts the process that a run starts")
def test_a_run_that_publishes_tells_subscribers_and_the_commands_show_no_address(
    reader, server, given, publish, dif, capsys
):
    reader.subscribes()
    publish(through_month="2026-10-01")
    del server.got[:]
    assert process.main(["--home", str(given.home), "--dry-run"]) == 0
    told = json.loads(capsys.readouterr().out)
    due = {"to": "K***@kommune.test", "about": "service:svarut", "title": "SvarUt: tall for oktober 2026"}
    assert (told["due"], told["sent"], server.mails) == ([due], 0, [])
    assert subscribers.notify(given, published=True) == "1 of 1 mails sent"  # what a run calls once it has published
    assert server.mails[0]["To"] == KARI
    assert holding(given.home / "log", KARI) == []
    assert dif("subscribe", "send")[:2] == (0, "No mail is due.\n")
    code, out, _ = dif("subscribe", "list", "--json")
    (row,) = json.loads(out)["subscriptions"]
    assert (code, row["address"], row["state"], row["told_month"]) == (0, "K***@kommune.test", "active", "2026-10")
    assert dif("subscribe", "remove", KARI.lower())[:2] == (0, "1 subscription of k***@kommune.test removed.\n")
    assert dif("subscribe", "remove", "x")[0] == 2
    assert holding(given.home, KARI) == []
    assert "Ended: 1 removed." in dif("subscribe", "list")[1]


def test_a_run_says_how_many_mails_went_out_once_it_has_published(given, monkeypatch):
    class Reporter(SilentReporter):
        def done(self, name: str, detail: str) -> None:
            said.append((name, detail))

    said: list[tuple[str, str]] = []
    monkeypatch.setattr(subscribers, "notify", lambda _given, published: f"published: {published}")
    attempt = Attempt(steps.start(given, NOW, Reporter()))
    for release in (None, Releases(given).get("current")):
        attempt.note_success(release)
    assert said == [("subscribers", "published: False"), ("subscribers", "published: True")]


def test_no_fault_of_a_mail_fails_a_run(given, reader, monkeypatch):
    assert subscribers.notify(given.but(smtp_url=""), published=True) == ""
    assert subscribers.notify(given, published=True) == ""  # nobody subscribes
    reader.subscribes()

    def broken(*_, **__):
        raise OSError("no process")

    monkeypatch.setattr(subprocess, "run", broken)
    assert subscribers.notify(given, published=True).startswith("not every mail was sent (OSError)")
    (given.home / "subscriptions" / "subscriptions.json").write_text("{")
    assert "not valid JSON" in subscribers.notify(given, published=True)


def test_an_erasure_finds_an_address_and_deletes_it_everywhere(reader, given, dif):
    reader.subscribes()
    shown = dif("erase", "--address", typed=KARI.upper() + "\n")[1]
    assert shown == "1 subscription of that address.\nNothing was erased; --yes does it.\n"
    assert holding(given.home, KARI) == ["subscriptions.json"]
    assert dif("erase", "--address", "--yes", typed=KARI + "\n")[:2] == (0, "1 subscription of that address erased.\n")
    assert holding(given.home, KARI) == []
    assert dif("erase", "--address", typed="x\n")[0] == 2
    assert dif("erase", "--address", "--identity", typed=KARI)[0] == 2
