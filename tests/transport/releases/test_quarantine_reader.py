"""What was set aside, as its producer fetches it: its own rows only, with the rules, never an identity number."""

from __future__ import annotations

import csv
import io
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import flight

from catalog.contracts.sharing import Right
from catalog.domain import identity
from catalog.errors import Forbidden, UnknownName, WrongUse
from catalog.tables import meta
from catalog.tables.quarantine import FETCHED, says_of
from catalog.tables.streams import DISPATCH, INVOICE_LINE, REGISTER, STREAMS
from pipelines.run import steps
from pipelines.run.schedule import make_one
from tests.transport.test_http import Door, opened, until
from transport.auth import Access
from transport.auth.tokens import Rights, Tokens
from transport.cluster.mirror import ObjectStoreMirror
from transport.releases.quarantine_reader import open_quarantine
from transport.releases.store import Content, Releases
from transport.servers.client import Client
from transport.servers.flight_server import Server
from transport.storage.landing import open_landing, utc_now

OSLO, BERGEN, SENDER = "958935420", "964338531", "974605171"
NAMES = [c.name for c in FETCHED.columns]


@dataclass
class Fetched:
    """A home with rows set aside, its two servers, and a token of each caller."""

    door: Door
    flight: Server
    tokens: dict[str, str]
    before_any_run: Any
    numbers: tuple[str, ...]

    def http(self, who: str, query: str = "", stream: str = "invoice_line"):
        headers = {"Authorization": f"Bearer {self.tokens[who]}"}
        return self.door.call("GET", f"/v1/streams/{stream}/quarantine{query}", **headers)

    def client(self, who: str) -> Client:
        return Client(f"grpc://127.0.0.1:{self.flight.port}", token=self.tokens[who], tries=1)

    def rows(self, who: str, stream: str = "invoice_line", **asked) -> list[dict[str, Any]]:
        with self.client(who) as client:
            return [row for batch in client.quarantine(stream, **asked) for row in batch.to_pylist()]


def _as_written(number: str) -> list[str]:
    """The forms in which a number is typed: whole, in parts, and in digits of another script."""
    parted = f"{number[:6]} {number[6:]}"
    return [number, parted, parted.replace(" ", "-"), "".join(chr(0x0660 + int(d)) for d in number)]


@pytest.fixture(scope="module")
def fetched(tmp_path_factory, batch, number):
    forms = _as_written(number(0))
    with opened(tmp_path_factory.mktemp("fetched") / "home", readers=1) as door:
        settings = door.settings

        def token(name, **rights):
            given = {"producer": "svarut", "streams": frozenset({"*"}), "organisations": None, "read": frozenset()}
            return Tokens(settings).add(name, Rights(**given | rights), now=datetime.now(UTC))[1]

        tokens = {
            "svarut": token("svarut"),
            "bergen": token("bergen", producer="bergen"),
            "for-oslo": token("for-oslo", streams=frozenset({"invoice_line"}), organisations=frozenset({OSLO})),
            "reads": token("reads", streams=frozenset(), read=frozenset(Right)),
        }
        server = Server(settings)
        fetched = Fetched(door, server, tokens, None, (number(0), number(1), number(2)))
        try:
            lines = len(forms) + 1
            bad = {
                "organisation_number": pa.array([OSLO] + [SENDER] * (lines - 1)),
                "amount_ore": pa.array([300] + [7] * (lines - 1), pa.int64()),  # of the last, the amount does not tie
                "line_text": pa.array([*forms, None]),
                # one of one may be chance, so it lands as it is: an account may have eleven digits
                "account_id": pa.array(["konto-1"] * (lines - 1) + [number(1)]),
            }
            with fetched.client("svarut") as client:
                client.send("invoice_line", "a", batch("invoice_line", lines, **bad))
                client.send(
                    "dispatch",
                    "d",
                    batch(
                        "dispatch",
                        1,
                        byte_count=pa.array([int(number(2))], pa.int64()),
                        page_count=pa.array([-1], pa.int32()),
                    ),
                )
            with fetched.client("bergen") as client:
                client.send("invoice_line", "b", batch("invoice_line", 2, amount_ore=pa.array([1, 2], pa.int64())))
            fetched.before_any_run = fetched.http("svarut")
            run = steps.start(settings, utc_now())
            for stream in (REGISTER, INVOICE_LINE, DISPATCH):
                make_one(run, f"conformed.{stream.name}")
            facts = {"published_at": "2026-03-05", "as_of": run.as_of.isoformat()}
            empty = Content(meta.RELEASE, table=meta.RELEASE.arrow_schema.empty_table())
            Releases(settings).publish("2026-03-05.1", [empty], lambda _told: [], facts, parent=None)
            yield fetched
        finally:
            server.shutdown()


def test_before_the_first_run_the_answer_says_so(fetched):
    answer = fetched.before_any_run
    assert (answer.status, answer.kind) == (404, "unknown_name")
    assert "No run has been yet" in answer.json["mend"]


def test_a_producer_fetches_its_own_rows_with_each_rule_and_its_text_in_both_languages(fetched):
    rows = fetched.rows("svarut")
    assert {(r["stream"], r["batch_id"]) for r in rows} == {("invoice_line", "a")}
    assert [r["row_number"] for r in rows] == [1, 2, 3, 4, 5]
    assert [r["rules"] for r in rows] == [
        "price_element_known, identity_number_masked",
        *["price_element_known, amount_ties, vat_ties, identity_number_masked"] * 3,
        "price_element_known, amount_ties, vat_ties",
    ]
    says = says_of(INVOICE_LINE)
    assert (rows[-1]["says_nb"], rows[-1]["says_en"]) == tuple(
        " ".join(says[rule][language] for rule in ("price_element_known", "amount_ties", "vat_ties"))
        for language in ("nb", "en")
    )
    assert json.loads(rows[-1]["record"])["invoice_id"] == "F1"
    assert (
        rows[-1]["received_at"]
        == open_landing(fetched.door.settings).entry_named("invoice_line", "svarut", "a").received_at
    )


def test_a_producer_never_sees_another_s_rows(fetched):
    assert {r["batch_id"] for r in fetched.rows("bergen")} == {"b"}
    assert fetched.rows("bergen", "dispatch") == []
    for who, own in (("svarut", "a"), ("bergen", "b")):
        told = [json.loads(line) for line in fetched.http(who).body.splitlines()]
        assert {r["batch_id"] for r in told} == {own}


def test_who_may_send_for_named_organisations_sees_their_rows_only(fetched):
    [row] = fetched.rows("for-oslo")
    assert (row["row_number"], json.loads(row["record"])["organisation_number"]) == (1, OSLO)
    [told] = fetched.http("for-oslo").body.splitlines()
    assert json.loads(told)["row_number"] == 1


@pytest.mark.parametrize("form", ["jsonl", "csv", "arrow", "parquet"])
def test_no_answer_holds_an_identity_number_in_any_form(fetched, form):
    for stream, own in (("invoice_line", 5), ("dispatch", 1)):
        answer = fetched.http("svarut", f"?format={form}", stream)
        assert answer.status == 200
        texts = _texts(answer.body, form)
        assert len(texts) == own
        for text in texts:
            assert not identity.find_in_text(text)
            assert not any(number in text for number in fetched.numbers)
            assert identity.mask(text) == text
        assert sum("***********" in text for text in texts) == own


def _texts(body: bytes, form: str) -> list[str]:
    """Each row of an answer as one text, in which a record's own quotes and escapes are undone."""
    if form == "jsonl":
        rows = [json.loads(line) for line in body.splitlines()]
    elif form == "csv":
        rows = list(csv.DictReader(io.StringIO(body.decode())))
    elif form == "arrow":
        rows = pa.ipc.open_stream(body).read_all().to_pylist()
    else:
        rows = pq.read_table(pa.BufferReader(body)).to_pylist()
    assert all([*row] == NAMES for row in rows)
    return [" | ".join(map(str, [*json.loads(row["record"]).values(), row["detail"]])) for row in rows]


def test_over_flight_no_row_holds_an_identity_number(fetched):
    for stream in ("invoice_line", "dispatch"):
        for row in fetched.rows("svarut", stream):
            assert not any(identity.find_in_text(str(value)) for value in json.loads(row["record"]).values())
            assert not any(number in str(row) for number in fetched.numbers)
    [row] = fetched.rows("svarut", "dispatch")
    record = json.loads(row["record"])
    assert (record["dispatch_id"], record["page_count"]) == ("00000000-0000-0000-0000-000000000001", -1)


def test_rows_are_chosen_by_rule_by_time_and_by_number(fetched):
    received = fetched.rows("svarut")[0]["received_at"]
    assert len(fetched.rows("svarut", rule="amount_ties")) == 4
    assert fetched.rows("svarut", since=received + timedelta(seconds=1)) == []
    assert len(fetched.rows("svarut", since=received, rule="vat_ties", limit=3)) == 3
    at = received.isoformat().replace("+00:00", "Z")
    assert len(fetched.http("svarut", f"?since={at}&rule=amount_ties&limit=2").body.splitlines()) == 2
    assert fetched.http("svarut", "?limit=0").body == b""


def test_the_answer_says_which_run_the_rows_are_of(fetched):
    headers = fetched.http("svarut").headers
    assert headers["dif-release"] == "2026-03-05.1"
    assert datetime.fromisoformat(headers["dif-as-of"]) <= utc_now()
    with fetched.client("svarut") as client:
        told = next(client.quarantine("invoice_line")).schema.metadata
    assert {k.decode(): v.decode() for k, v in told.items()} == {
        name: headers[f"dif-{name.replace('_', '-')}"] for name in ("release", "as_of", "made_at")
    }


@pytest.mark.parametrize(
    ("who", "query", "stream", "status", "kind"),
    [
        ("svarut", "?rule=amount_tie", "invoice_line", 404, "unknown_name"),
        ("svarut", "", "invoice_lines", 404, "unknown_name"),
        ("svarut", "?since=2026-03-05", "invoice_line", 400, "wrong_use"),
        ("svarut", "?limit=-1", "invoice_line", 400, "wrong_use"),
        ("svarut", "?format=xlsx", "invoice_line", 400, "wrong_use"),
        ("svarut", "?producer=bergen", "invoice_line", 400, "unknown_name"),
        ("svarut", "", "register", 403, "forbidden"),
        ("for-oslo", "", "dispatch", 403, "forbidden"),
        ("reads", "", "invoice_line", 403, "forbidden"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_kind(fetched, who, query, stream, status, kind):
    answer = fetched.http(who, query, stream)
    assert (answer.status, answer.kind) == (status, kind)


def test_over_flight_the_same_is_refused_with_its_kind(fetched):
    for who, stream, asked, kind in (
        ("reads", "invoice_line", {}, Forbidden),
        ("svarut", "register", {}, Forbidden),
        ("svarut", "invoice_lines", {}, UnknownName),
        ("svarut", "invoice_line", {"rule": "amount_tie"}, UnknownName),
        ("svarut", "invoice_line", {"limit": -1}, WrongUse),
        ("svarut", "invoice_line", {"since": datetime(2026, 3, 5)}, WrongUse),  # noqa: DTZ001 - that it has none is the case
    ):
        with pytest.raises(kind):
            fetched.rows(who, stream, **asked)
    ticket = flight.Ticket(json.dumps({"quarantine": "invoice_line", "dataset": "x"}).encode())
    headers = [(b"authorization", f"Bearer {fetched.tokens['svarut']}".encode())]
    with (
        flight.FlightClient(f"grpc://127.0.0.1:{fetched.flight.port}") as client,
        pytest.raises(flight.FlightError, match="No JSON key 'dataset'"),
    ):
        client.do_get(ticket, flight.FlightCallOptions(headers=headers)).read_all()


def test_each_read_is_one_line_of_the_audit(fetched):
    def lines():
        return [line for line in fetched.door.logged("reads") if line["dataset"] == "conformed.quarantine_invoice_line"]

    def all_noted():  # a read is noted after its last piece has gone, so other tests' lines may still come
        count = len(lines())
        time.sleep(0.3)
        return len(lines()) == count

    until(all_noted)
    before = len(lines())
    fetched.rows("bergen")
    fetched.http("reads")
    until(lambda: len(lines()) == before + 2)
    served, refused = sorted(lines()[before:], key=lambda line: line["wire"])
    assert served["who"].startswith("token bergen-")
    assert (served["outcome"], served["rows"], served["wire"]) == ("served", 2, "flight")
    assert served["release"] == "2026-03-05.1"
    assert refused["who"].startswith("token reads-")
    assert (refused["outcome"], refused["kind"], refused["wire"]) == ("refused", "forbidden", "http")


def test_rows_of_a_lake_that_machines_share_are_fetched_from_there(fetched, tmp_path):
    url, made = f"memory://{tmp_path.name}", fetched.door.settings
    names = [str(p.relative_to(made.lake)) for p in made.lake.rglob("*") if p.is_file()]
    ObjectStoreMirror.at(url, made.lake, "lake_url", "The lake").put(names)
    elsewhere = made.but(home=tmp_path / "door", lake_url=url, releases_url=url)
    caller = Access(made).caller(f"Bearer {fetched.tokens['svarut']}")
    answer = open_quarantine(elsewhere, Releases(made), open_landing(made), caller, STREAMS["invoice_line"])
    assert [row for batch in answer.batches for row in batch.to_pylist()] == fetched.rows("svarut")
