"""From the form to the address being gone: what confirms, what does not, and what is told to whom."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

import pytest
from itsdangerous import TimestampSigner

from catalog.errors import BadSetting
from pipelines.run import subscribers
from tests.dashboards.subscriptions.conftest import ADDRESS, KARI, NOW, Reader, holding
from transport.base.settings import Settings
from transport.ingest import ingest_service
from transport.operations import mail
from transport.operations.subscriptions import MOST_AN_HOUR, MOST_OF_DOMAIN, Subscriptions
from transport.storage import landing


def test_whoever_confirms_by_the_button_gets_the_next_month_and_leaves_no_trace_after_one_click(
    reader, server, sent, publish, given
):
    answer = reader.asks()
    assert "Sjekk e-posten din" in answer.text
    (asked,) = server.mails
    assert (asked["To"], asked["From"]) == (KARI, "tall@dif.test")
    assert "SvarUt, hver måned" in asked.get_body(("plain",)).get_content()
    assert asked["List-Unsubscribe"] is None
    assert sent().due == []

    confirm = reader.link("bekreft")
    assert KARI not in confirm
    assert "Start abonnementet" in reader.client.get(confirm).text
    assert "k***" in reader.client.get(confirm).text.lower()
    assert "Abonnementet er i gang" in reader.client.post(confirm).text
    assert reader.client.post(confirm).status_code == 200  # twice is once
    assert sent().sent == 0  # what was published before is on the pages already

    publish(through_month="2026-10-01")
    assert sent().sent == 1
    assert sent().sent == 0
    told = server.mails[-1]
    assert told["Subject"] == "SvarUt: tall for oktober 2026"
    text, html = (told.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert re.search(r"SvarUt: [\d\xa0]+ av 357 kommuner, .* måneden før", text)
    assert "Syntetiske tall." in text
    assert f"{ADDRESS}/tjeneste?tjeneste=svarut" in text
    assert not re.search(r"<(img|link|script|style)|src=|url\(", html)

    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    way_out = re.fullmatch(rf"<{ADDRESS}(/abonner/slutt/[^>]+)>", told["List-Unsubscribe"])[1]
    assert holding(given.home, KARI) == ["subscriptions.json"]
    mail_program = Reader(reader.client, server, given).client
    del mail_program.headers["sec-fetch-site"]
    done = mail_program.post(way_out, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert reader.kept == []
    assert holding(given.home, KARI) == holding(given.home, "Nordmann") == []
    assert Subscriptions(given).counts()["unsubscribed"] == 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_follows_every_link_confirms_and_ends_nothing(reader, sent, publish, method):
    reader.asks()
    for _ in range(2):
        assert reader.client.request(method, reader.link("bekreft")).status_code == 200
    assert [s.confirmed for s in reader.kept] == [False]
    reader.client.post(reader.link("bekreft"))
    publish(through_month="2026-10-01")
    sent()
    assert reader.client.request(method, reader.link("slutt")).status_code == 200
    assert [s.confirmed for s in reader.kept] == [True]


def test_a_link_that_is_forged_or_for_something_else_or_too_old_does_nothing(reader, monkeypatch):
    reader.asks()
    path = reader.link("bekreft")
    rest, _, signature = path.rpartition(".")
    # its first letter: the last one has bits that no byte is made of, so that A and B may be the same signature
    changed = f"{rest}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"
    for wrong in (changed, path.replace("bekreft", "slutt"), "/abonner/bekreft/x"):
        for ask in (reader.client.get, reader.client.post):
            assert ask(wrong).status_code == 404
    at = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda signer: at(signer) + 7 * 24 * 3600 + 1)
    assert reader.client.post(path).status_code == 404
    assert [s.confirmed for s in reader.kept] == [False]


def test_an_address_that_nobody_confirms_is_deleted_after_seven_days(reader, given, sent, monkeypatch):
    reader.asks()
    sent(NOW + timedelta(days=6))
    assert len(reader.kept) == 1
    monkeypatch.setattr(landing, "utc_now", lambda: NOW + timedelta(days=8))
    assert subscribers.notify(given, published=False) == ""  # the end of a run, with nothing new
    assert holding(given.home, KARI) == []
    assert Subscriptions(given).counts()["unconfirmed"] == 1


def test_the_answer_is_the_same_whether_an_address_subscribes_and_a_new_choice_takes_the_place_of_the_old(reader):
    first = reader.asks()
    reader.client.post(reader.link("bekreft"))
    again = reader.asks(frequency="decision", address=KARI.lower())
    assert (first.status_code, first.text) == (again.status_code, again.text)
    reader.client.post(reader.link("bekreft"))
    assert [(s.wish.frequency, s.confirmed) for s in reader.kept] == [("decision", True)]


def test_a_flood_to_one_address_or_from_one_caller_or_from_many_ends(reader, server, visit, given):
    answers = [reader.asks() for _ in range(6)]
    assert [a.status_code for a in answers] == [200] * 5 + [429]
    assert len(server.mails) == 3  # one address gets three links a day; the answer does not tell
    assert len({a.text for a in answers[:5]}) == 1
    file = given.home / "subscriptions" / "subscriptions.json"
    (*_, last) = reader.kept
    many = [last.as_json() | {"id": str(n), "address": f"n{n}@kommune.test"} for n in range(MOST_AN_HOUR)]
    file.write_text(json.dumps({"subscriptions": many, "ended": {}}))
    other = Reader(visit(), server, given)
    assert other.asks(address="en.annen@kommune.test").status_code == 429
    assert len(server.mails) == 3


def test_one_login_may_send_so_many_forms_a_minute_and_an_hour_and_another_login_goes_on(
    visit, server, given, monkeypatch
):
    now, claims = [0.0], {"iss": "https://login.test", "sub": "a"}
    monkeypatch.setattr(ingest_service.time, "monotonic", lambda: now[0])
    reader = Reader(visit(claims), server, given)

    def asks():
        return reader.asks(address=f"n{now[0]}@kommune.test").status_code

    assert [asks() for _ in range(6)] == [200] * 5 + [429]
    claims["sub"] = "b"
    assert asks() == 200
    claims["sub"] = "a"
    for _ in range(15):
        now[0] += 61
        assert asks() == 200
    now[0] += 61
    assert asks() == 429, "twenty an hour"
    now[0] += 3600
    assert asks() == 200


def test_a_mailbox_with_many_spellings_is_sent_three_links_a_day(reader, server, visit, given):
    for spelling in ("ola+1", "o.la", "Ola", "ola+2", "O.LA+3"):
        assert reader.asks(address=f"{spelling}@kommune.test").status_code == 200
    assert len(server.mails) == 3
    assert Reader(visit(), server, given).asks(address="ola@annen.test").status_code == 200
    assert len(server.mails) == 4


def test_a_flood_to_one_domain_closes_the_form_for_no_other(reader, server, visit, given):
    reader.asks()
    (one,) = reader.kept
    many = [one.as_json() | {"id": str(n), "address": f"n{n}@kommune.test"} for n in range(MOST_OF_DOMAIN)]
    (given.home / "subscriptions" / "subscriptions.json").write_text(json.dumps({"subscriptions": many, "ended": {}}))
    assert reader.asks(address="en@kommune.test").status_code == 429
    assert reader.asks(address="en@annen.test").status_code == 200


WRONG_ADDRESSES = (
    "<script>alert(1)</script>@kommune.test",
    '"><script>alert(1)</script>',
    "a@kommune.test\r\nBcc: b@kommune.test",
    "a@kommune.test, b@kommune.test",
    "=?utf-8?q?kari?=@kommune.test",
    "=?utf-8?q?b=40other.test=2C?=@kommune.test",
    "=?utf-8?q?a=0D=0ABcc:?=@kommune.test",
    "kommune.test",
    "a@localhost",
    "01010750160@kommune.test",
    "a" * 300 + "@kommune.test",
)


def test_an_address_with_a_script_a_header_or_a_second_recipient_is_refused_and_escaped(visit, server, given):
    for address in WRONG_ADDRESSES:
        reader = Reader(visit(), server, given)
        answer = reader.asks(address=address)
        assert answer.status_code == 422, address
        assert "E-postadressen er ikke gyldig" in answer.text
        assert "<script>alert" not in answer.text
        assert (server.mails, reader.kept) == ([], [])


def test_an_address_with_a_norwegian_domain_is_sent_to_by_its_ascii_name():
    assert mail.address_of(" post@Bærum.kommune.test ") == "post@xn--brum-voa.kommune.test"


ELSEWHERE = (
    ({"sec-fetch-site": "cross-site"}, {}),
    ({"sec-fetch-site": "same-site"}, {}),
    ({"sec-fetch-site": None, "origin": "https://other.test"}, {}),
    ({"sec-fetch-site": None}, {}),
    ({}, {"token": "forged"}),
)


def test_a_form_that_another_site_sends_is_refused(visit, server, given):
    for headers, fields in ELSEWHERE:
        reader = Reader(visit(), server, given)
        for name, value in headers.items():
            reader.client.headers.pop(name, None)
            if value:
                reader.client.headers[name] = value
        assert reader.asks(**fields).status_code == 403, headers
        assert (server.mails, reader.kept) == ([], [])


def test_a_browser_that_tells_only_its_origin_is_let_in_and_a_huge_form_is_not_read(reader):
    del reader.client.headers["sec-fetch-site"]
    reader.client.headers["origin"] = ADDRESS
    assert reader.asks().status_code == 200
    assert reader.asks(more="x" * 10_000).status_code == 413


LINKS = (
    ("tjeneste=svarut", 'value="service:svarut" selected'),
    ("omrade=digivestland", 'value="network:digivestland" selected'),
    ("omrade=46&tjeneste=svarut", 'value="county:46" selected'),
    ("kommune=4601", 'value="municipality:4601" selected'),
    ("omrade=4601", 'value="municipality:4601" selected'),
    ("omrade=NO", "Hva vil du følge?"),
    ("kommune=1201", "Området hører nå til Bergen."),  # Bergen's code until 2020
    ("tjeneste=finnes-ikke", "Det du ba om, finnes ikke."),
    ("omrade=%22%3E%3Cscript%3E", "Det du ba om, finnes ikke."),
    ("lang=en&tjeneste=svarut", "What do you want to follow?"),
)


def test_the_link_chooses_what_the_form_is_about_or_the_form_says_that_there_is_no_such_thing(reader):
    for link, said in LINKS:
        answer = reader.client.get(f"/abonner?{link}")
        assert answer.status_code == 200
        assert said in answer.text, link
        assert "<script" not in answer.text


def test_a_subject_that_there_is_not_is_refused(visit, server, given):
    for subject in ("service:finnes-ikke", "municipality:1201", "leadership:", "leadership:x", "x", ""):
        assert Reader(visit(), server, given).asks(subject).status_code == 422, subject
    assert server.mails == []


def test_the_page_offers_the_feeds_too_and_without_mail_them_alone(visit, given, server):
    form = visit(settings=given.but(public_url="https://dif.example.no/")).get("/abonner").text
    assert "<form" in form
    assert 'href="https://dif.example.no/feeds/releases.atom"' in form
    off = visit(settings=given.but(smtp_url="", public_url="https://dif.example.no/"))
    assert 'href="https://dif.example.no/feeds/releases.atom"' in off.get("/abonner").text
    assert "/feeds/releases.atom" in off.post("/abonner", data={"address": KARI}).text
    assert server.mails == []


def test_a_feed_answers_on_the_pages_own_address_and_is_what_the_form_links_to(visit, given):
    reader = visit(settings=given.but(smtp_url=""))
    links = re.findall(r'href="([^"]*/feeds/[^"]+)"', reader.get("/abonner").text)
    assert [link.rpartition("/")[2] for link in links] == ["releases.atom", "uptake.funnel.atom"]
    for link in links:
        answer = reader.get(urlsplit(link).path)
        assert answer.headers["content-type"].startswith("application/atom+xml")
        assert "<entry>" in answer.text
        assert "enclosure" not in answer.text, "the pages have no file there"
    for name in ("ledger.entry.atom", "releases", "x.atom"):
        assert reader.get(f"/feeds/{name}").status_code == HTTPStatus.NOT_FOUND


def test_a_link_that_could_not_be_sent_leaves_no_address_behind(reader, given, server):
    server.refuses = True
    assert "Sjekk e-posten din" in reader.asks().text  # the answer tells nothing of it
    assert reader.kept == []
    assert holding(given.home, KARI) == []


def test_a_home_without_a_release_has_nothing_to_subscribe_to(visit, given, tmp_path):
    assert visit(settings=given.but(home=tmp_path / "empty")).get("/abonner").status_code == 503


def test_a_register_that_others_may_read_is_not_used(reader, given):
    reader.asks()
    (given.home / "subscriptions").chmod(0o700)
    file = given.home / "subscriptions" / "subscriptions.json"
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    assert reader.client.post(reader.link("bekreft")).status_code == 503


def test_the_password_crosses_the_network_encrypted_only():
    for wrong in ("smtp://tall:hemmelig@mail.example.no?starttls=no", "mail.example.no", "smtp://mail.example.no:x"):
        with pytest.raises(BadSetting, match="smtp_url") as refused:
            mail.connected(Settings(smtp_url=wrong))
        assert "hemmelig" not in str(refused.value)
