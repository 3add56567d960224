"""What OpenLineage and OpenTelemetry are told of a real run, from the doors that its batches came through."""

import json
import os
import typing
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from types import ModuleType, UnionType
from urllib.parse import urlsplit

import attr
import dagster as dg
import jsonschema
import pyarrow as pa
import pytest
from openlineage.client import event_v2, facet_v2
from openlineage.client.generated.base import BaseEvent, BaseFacet
from referencing import Registry, Resource

from catalog.errors import BadSetting, NoRoom
from catalog.tables.datasets import DATASETS
from catalog.tables.streams import STREAMS
from catalog.version import VERSION
from pipelines.orchestration.resources import AttemptResource, HomeResource
from pipelines.run import column_lineage, lineage, steps
from pipelines.run.attempt import Attempt
from pipelines.run.schedule import plan
from pipelines.run.tables import BUILD_OF
from tests.conftest import Listener, facts_of, listening
from tests.pipelines.conftest import Home, copied, settings_of
from transport.base.settings import PROJECT
from transport.client import Client
from transport.servers.flight_server import Server
from transport.servers.http.door import HttpServer
from transport.storage.landing import utc_now
from transport.telemetry import event_log, traces
from transport.telemetry import lineage as sink

COST = {
    "booked_on": date(2026, 2, 1),
    "period": date(2026, 1, 1),
    "service": "svarut",
    "cost_category": "DRIFT",
    "text": "fritekst på bilaget",
    "amount_ore": 9_900,
}
pytestmark = [
    pytest.mark.filterwarnings("ignore:.*is currently in beta"),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp"),  # dagster's own
]
SECRET = "a-token-that-nobody-may-read"
SPEC = Path(os.environ.get("OPENLINEAGE_SPEC") or PROJECT.parent / "shared" / "vendor" / "openlineage")
"""The folder `spec` of the standard's repository: OpenLineage.json and facets/."""


def costs(*ids: str) -> pa.Table:
    return pa.Table.from_pylist([COST | {"entry_id": name} for name in ids], STREAMS["cost_entry"].schema)


@contextmanager
def running(server, run, end):
    """A server in a thread of this process."""
    thread = Thread(target=run)
    thread.start()
    try:
        yield server
    finally:
        end()
        thread.join(15)


def put(door, batch_id, table, **headers):
    sink_ = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink_, table.schema) as writer:
        writer.write_table(table)
    connection = HTTPConnection("127.0.0.1", door.port, timeout=60)
    kind = {"Content-Type": "application/vnd.apache.arrow.stream", "Dif-Producer": "system"}
    path = f"/v1/streams/cost_entry/batches/{batch_id}"
    connection.request("PUT", path, sink_.getvalue().to_pybytes(), kind | headers)
    answer = connection.getresponse()
    said = json.loads(answer.read())
    connection.close()
    return answer.status, said


@dataclass
class Told:
    """A run over batches that came through both doors: its events of lineage, and all spans.

    Attributes:
        file: holds the events.
    """

    home: Home
    file: Path
    spans: list

    @property
    def events(self) -> list[dict]:
        return [json.loads(line) for line in self.file.read_text().splitlines()]


def send_and_run(folder, home, collector):
    settings = home.settings.but(traces_url=collector.address, disk_reserve_mb=0)
    door = HttpServer(settings)
    with running(door, door.run, door.stop):
        assert put(door, "over-http", costs("B5", "B6"))[0] == 201
        assert put(door, "broken", pa.table({"nothing": [1]}))[0] == 422
    door = Server(settings)
    with (
        running(door, door.serve, door.shutdown),
        Client(f"grpc://127.0.0.1:{door.port}", producer="system") as client,
    ):
        assert client.send("cost_entry", "over-flight", costs("B7"))["status"] == "accepted"
    chosen = settings.but(lineage_url=(folder / "events.ndjson").as_uri())
    with pytest.MonkeyPatch.context() as patched, steps.exclusive_run(chosen):
        patched.setenv("OPENLINEAGE_NAMESPACE", "kommunedata")
        begun = steps.start(chosen, utc_now(), full=True)
        with Attempt(begun) as attempt:
            attempt.land()
            for _ in attempt.make(plan(attempt.run)):
                pass
            attempt.publish()
    traces.provider(settings).shutdown()


@pytest.fixture(scope="session")
def told(once, ledgers_once) -> Told:
    """Shared by all workers."""

    def fill(folder):
        with listening() as collector:
            send_and_run(folder, copied(ledgers_once, folder / "home"), collector)
        for nth, (_, _, body) in enumerate(collector.sent):
            (folder / f"{nth:03}.spans").write_bytes(body)

    folder = once("told", fill)
    sent = [("/v1/traces", {}, body.read_bytes()) for body in sorted(folder.glob("*.spans"))]
    return Told(Home(settings_of(folder / "home")), folder / "events.ndjson", Listener(sent=sent).spans)


def job(told, name, state="COMPLETE"):
    [event] = [e for e in told.events if e["job"]["name"] == name and e["eventType"] == state]
    return event


def dataset(event, side, name):
    [found] = [d for d in event[side] if d["name"] == name]
    return found


# --- the standard's schemas -------------------------------------------------------------------------------------------

PLAIN = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
}
URIS = {"producer", "schemaURL", "_producer", "_schemaURL", "uri", "url"}
FORMATS = {"eventTime": "date-time", "nominalStartTime": "date-time", "runId": "uuid", **dict.fromkeys(URIS, "uri")}
CHECKS = jsonschema.FormatChecker(["uuid"])
CHECKS.checks("uri", ValueError)(lambda text: bool(urlsplit(text).scheme))
CHECKS.checks("date-time", ValueError)(lambda text: "T" in text and bool(datetime.fromisoformat(text).tzinfo))


@cache
def validator_of(kind) -> jsonschema.Draft202012Validator:
    """Holds to a class of the client, which is generated from the standard's own JSON schema."""
    defs: dict[str, dict] = {}
    schema = schema_of(kind, defs) | {"$defs": defs}
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema, format_checker=CHECKS)


def schema_of(kind, defs) -> dict:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, UnionType}:
        return {"anyOf": [schema_of(a, defs) for a in arguments if a is not type(None)]}
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0], defs)}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1], defs)}
    if not attr.has(kind):
        return {"enum": [member.value for member in kind]} if hasattr(kind, "__members__") else PLAIN.get(kind, {})
    name = f"{kind.__module__}.{kind.__name__}"
    if name not in defs:
        defs[name] = {}  # it may hold others of its kind
        types, fields = typing.get_type_hints(kind), attr.fields(kind)
        needed = {f.name for f in fields if f.default is attr.NOTHING}
        needed |= {"producer", "schemaURL"} if issubclass(kind, BaseEvent) else set()
        needed |= {"_producer", "_schemaURL"} if issubclass(kind, BaseFacet) else set()
        properties = {f.name: schema_of(types[f.name], defs) | formatted(f.name) for f in fields}
        defs[name] |= {"type": "object", "properties": properties, "required": sorted(needed)}
    return {"$ref": f"#/$defs/{name}"}


def formatted(name: str) -> dict:
    return {"format": FORMATS[name]} if name in FORMATS else {}


FACETS = {
    kind._get_schema(): kind  # noqa: SLF001 - as the client names the schema of a facet
    for module in vars(facet_v2).values()
    if isinstance(module, ModuleType)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, BaseFacet)
}


def facets_of(event) -> list[tuple[str, dict]]:
    """Every facet of an event, with its name."""
    of_datasets = [d.get(n, {}) for d in event["inputs"] + event["outputs"] for n in ("facets", "inputFacets")]
    of_datasets += [d.get("outputFacets", {}) for d in event["outputs"]]
    return [facet for of in (event["run"]["facets"], event["job"]["facets"], *of_datasets) for facet in of.items()]


def by_the_client(event) -> None:
    """Hold an event to the client's classes, each facet to the one of the schema that it names."""
    validator_of(event_v2.RunEvent).validate(event)
    assert event["schemaURL"] == "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"
    for _, facet in facets_of(event):
        validator_of(FACETS[facet["_schemaURL"]]).validate(facet)


@cache
def standard() -> dict[str, dict]:
    """The standard's own schemas, by their addresses, as the folder `spec` of its repository has them."""
    if not (SPEC / "OpenLineage.json").is_file():
        pytest.skip("not run: ../shared/vendor/openlineage absent")
    documents = [json.loads(path.read_text("utf-8")) for path in SPEC.rglob("*.json")]
    return {document["$id"]: document for document in documents if "$id" in document}


@cache
def standard_at(address) -> jsonschema.Draft202012Validator:
    """Holds to the standard's own schema at an address."""
    registry = Registry().with_resources((name, Resource.from_contents(text)) for name, text in standard().items())
    return jsonschema.Draft202012Validator({"$ref": address}, registry=registry, format_checker=CHECKS)


def by_the_standard(event) -> None:
    """Hold an event to the standard's own schemas, each facet to the one that it names, under the name that it has."""
    standard_at(event["schemaURL"]).validate(event)
    for name, facet in facets_of(event):
        standard_at(facet["_schemaURL"]).validate(facet)
        assert name in standard()[facet["_schemaURL"].partition("#")[0]]["properties"]


STANDARDS = pytest.mark.parametrize("held", [by_the_client, by_the_standard])


@STANDARDS
def test_every_event_of_a_run_is_as_the_standard_says(told, held):
    assert sum(len(facets_of(event)) for event in told.events) > 500
    for event in told.events:
        held(event)


def without_a_version(event):
    del event["outputs"][0]["facets"]["version"]["datasetVersion"]


def with_a_number_for_a_name(event):
    event["outputs"][0]["facets"]["schema"]["fields"][0]["name"] = 7


def with_a_run_of_no_id(event):
    event["run"]["runId"] = "the-first-one"


def without_a_producer(event):
    del dataset(event, "inputs", "landing.cost_entry")["facets"]["version"]["_producer"]


@STANDARDS
@pytest.mark.parametrize(
    "planted", [without_a_version, with_a_number_for_a_name, with_a_run_of_no_id, without_a_producer]
)
def test_an_event_that_is_not_is_told_apart(told, planted, held):
    event = json.loads(json.dumps(job(told, "run.conformed.cost_entry")))
    held(event)
    planted(event)
    with pytest.raises(jsonschema.ValidationError):
        held(event)


# --- lineage ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow("runs of each job; the other tests follow one")
def test_a_run_and_each_of_its_jobs_begin_and_end_once(told):
    states = {}
    for event in told.events:
        states.setdefault((event["job"]["name"], event["run"]["runId"]), []).append(event["eventType"])
    assert {name for name, _ in states} >= {"run", "run.conformed.cost_entry", "run.ledger.entry", "run.release"}
    assert len({name for name, _ in states}) == len(states)
    assert {tuple(of) for of in states.values()} == {("START", "COMPLETE")}
    assert (told.events[0]["job"]["name"], told.events[-1]["job"]["name"]) == ("run", "run")
    parent = told.events[0]["run"]["runId"]
    assert parent[14] == "7"  # UUIDv7
    children = told.events[1:-1]
    assert {e["run"]["facets"]["parent"]["run"]["runId"] for e in children} == {parent}
    assert {e["job"]["namespace"] for e in told.events} == {"kommunedata"}
    assert {e["producer"] for e in told.events} == {f"urn:dif:dif-data:{VERSION}"}


def test_no_event_tells_how_many_rows_came_or_lie_in_a_table_that_is_not_published(told):
    """Two runs would tell how many rows a batch had, and at a sensitive service each is a person."""
    sides = [(side, d) for event in told.events for side in ("inputs", "outputs") for d in event[side]]
    outputs = {d["name"].removeprefix("release."): d for side, d in sides if side == "outputs"}
    counted = {name for name, d in outputs.items() if "outputStatistics" in d.get("outputFacets", {})}
    assert "ledger.entry" in counted
    assert counted <= DATASETS.keys()
    landed = {d["name"]: d["inputFacets"]["inputStatistics"] for _, d in sides if d["name"].startswith("landing.")}
    facts = {name: {k for k in said if not k.startswith("_")} for name, said in landed.items()}
    assert facts["landing.cost_entry"] == {"rowCount", "size", "fileCount"}
    assert {facts[f"landing.{s}"] == {"fileCount"} for s in ("dispatch", "measurement", "invoice_line")} == {True}
    found = {
        (d["name"], check["actual"])
        for _, d in sides
        for check in d.get("inputFacets", {}).get("dataQualityAssertions", {}).get("assertions", [])
    }
    assert {actual for name, actual in found if name not in DATASETS} == {"0 rows"}
    assert any(name == "ledger.entry" and actual.startswith("0 of ") for name, actual in found)


def test_the_way_from_the_landing_through_the_lake_to_the_release(told):
    conformed, mart, release = (job(told, f"run.{n}") for n in ("conformed.cost_entry", "ledger.entry", "release"))
    landed = dataset(conformed, "inputs", "landing.cost_entry")
    assert landed["inputFacets"]["inputStatistics"]["fileCount"] == 5
    assert {f["name"] for f in landed["facets"]["schema"]["fields"]} == {c.name for c in STREAMS["cost_entry"].columns}
    made = dataset(conformed, "outputs", "conformed.cost_entry")
    assert made["facets"]["lifecycleStateChange"]["lifecycleStateChange"] == "OVERWRITE"
    [source] = made["facets"]["columnLineage"]["fields"]["amount_ore"]["inputFields"]
    assert (source["name"], source["field"]) == ("landing.cost_entry", "amount_ore")
    placed = dataset(job(told, "run.conformed.placed_cost"), "inputs", "conformed.cost_entry")
    assert placed["facets"]["version"] == made["facets"]["version"]
    entry = dataset(mart, "outputs", "ledger.entry")
    assert entry["outputFacets"]["outputStatistics"]["rowCount"] > 0
    told_of = {
        column: {f"{f['name']}.{f['field']}" for f in of["inputFields"]}
        for column, of in entry["facets"]["columnLineage"]["fields"].items()
    }
    assert told_of == {c: set(of) for c, of in column_lineage.of(BUILD_OF["ledger.entry"].contract).items()}
    assert "-- assets/sql/ledger/" in mart["job"]["facets"]["sql"]["query"]
    manifest = told.home.current.section("datasets")
    published = {d["name"].removeprefix("release."): d for d in release["outputs"]}
    assert published.keys() == manifest.keys()
    for name, of in manifest.items():
        assert published[name]["facets"].get("version", {}).get("datasetVersion") == of["content_hash"]
        assert published[name]["outputFacets"]["outputStatistics"]["rowCount"] == of["rows"]
        assert ("tags" in published[name]["facets"]) == of["synthetic"]


def test_the_checks_of_the_gate_are_told_by_dataset_without_a_row(told):
    event = job(told, "run.quality.check_result")
    passed = {
        (of["name"], a["name"]): a["success"]
        for of in event["inputs"]
        for a in of["inputFacets"]["dataQualityAssertions"]["assertions"]
    }
    results = told.home.current.section("checks")
    assert len(passed) == results["passed"]
    assert all(passed.values())
    assert (("ledger.entry", "key_unique")) in passed


def test_no_row_and_no_path_is_told(told):
    said = told.file.read_text()
    for text in ("fritekst", "over-http", str(told.home.settings.home)):
        assert text not in said


# --- traces, from door to release -------------------------------------------------------------------------------------


@pytest.mark.slow("two doors and a run; each door and the run have tests of their own")
def test_a_batch_is_followed_from_either_door_to_the_release(told):
    batches = {int.from_bytes(s.trace_id, "big"): s for s in told.spans if s.name == "batch"}
    [step] = [s for s in told.spans if s.name == "conformed.cost_entry"]
    linked = {(int.from_bytes(li.trace_id, "big"), int.from_bytes(li.span_id, "big")) for li in step.links}
    for batch_id, wire, parts in (
        ("over-http", "http", {"receive", "validate", "keep"}),
        ("over-flight", "flight", {"receive", "validate", "keep"}),
    ):
        own = traces.batch_context(("cost_entry", "system", batch_id))
        door = batches[own.trace_id]
        facts = facts_of(door)
        assert (facts["dif.wire"], facts["dif.outcome"]) == (wire, "accepted")
        assert {s.name for s in told.spans if s.parent_span_id == door.span_id} == parts
        assert (own.trace_id, own.span_id) in linked
    [run] = [s for s in told.spans if s.name == "run"]
    assert run.trace_id == step.trace_id
    assert facts_of(run)["dif.release"] == told.home.current.name
    refused = batches[traces.batch_context(("cost_entry", "system", "broken")).trace_id]
    assert refused.status.code == 2
    assert facts_of(refused)["dif.outcome"] == "refused"


# --- how a run may end, and where it is told --------------------------------------------------------------------------


def ended(home, settings, how) -> list[dict]:
    file = home.settings.home.parent / f"{how.__name__}.ndjson"
    chosen = home.settings.but(lineage_url=str(file), **settings)
    with steps.exclusive_run(chosen), Attempt(steps.start(chosen, utc_now())) as attempt:
        how(attempt)
    return [json.loads(line) for line in file.read_text().splitlines()]


@STANDARDS
def test_a_run_that_a_problem_stops_has_failed_with_its_words(empty_home, held):
    def stopped(attempt):
        with pytest.raises(NoRoom), attempt.recording_failure():
            raise NoRoom("Kunden 13097248022 fyller disken.", "Make room.")

    first, last = ended(empty_home, {}, stopped)
    assert (first["eventType"], last["eventType"]) == ("START", "FAIL")
    assert first["run"]["runId"] == last["run"]["runId"]
    held(first)
    held(last)
    message = last["run"]["facets"]["errorMessage"]["message"]
    assert "fyller disken" in message
    assert "13097248022" not in message


@STANDARDS
def test_a_run_that_a_person_ends_is_aborted(empty_home, held):
    def cut(_attempt):
        raise KeyboardInterrupt

    file = empty_home.settings.home.parent / "cut.ndjson"
    with pytest.raises(KeyboardInterrupt):
        ended(empty_home, {}, cut)
    events = [json.loads(line) for line in file.read_text().splitlines()]
    assert [event["eventType"] for event in events] == ["START", "ABORT"]
    held(events[1])


def test_the_command_tells_also_of_a_run_that_finds_nothing_new(ledgers, command, monkeypatch):
    file = ledgers.settings.home.parent / "command.ndjson"
    monkeypatch.setenv("DIF_LINEAGE_URL", str(file))
    assert command("run")[0] == 0
    events = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(e["job"]["name"], e["eventType"]) for e in (events[0], events[-1])] == [
        ("run", "START"),
        ("run", "COMPLETE"),
    ]


def test_dagster_tells_the_same_of_its_runs(empty_home, monkeypatch):
    file = empty_home.settings.home.parent / "dagster.ndjson"
    monkeypatch.setenv("DIF_LINEAGE_URL", str(file))
    home = HomeResource.of(empty_home.settings)
    with dg.build_resources({"home": home, "attempt": AttemptResource(home=home)}) as resources:
        assert resources.attempt.problem is None
    assert [(e["job"]["name"], e["eventType"]) for e in map(json.loads, file.read_text().splitlines())] == [
        ("run", "START"),
        ("run", "COMPLETE"),
    ]


def told_to(listener, home, **more):
    chosen = home.settings.but(lineage_url=f"{listener.address}/lineage/", lineage_token=SECRET, **more)
    with steps.exclusive_run(chosen), Attempt(steps.start(chosen, utc_now())) as attempt:
        attempt.note_success(None)


def test_a_server_gets_each_event_with_the_token(empty_home, listener):
    told_to(listener, empty_home)
    assert [path for path, _, _ in listener.sent] == ["/lineage/api/v1/lineage"] * 2
    assert {headers["Authorization"] for _, headers, _ in listener.sent} == {f"Bearer {SECRET}"}
    assert [json.loads(body)["eventType"] for _, _, body in listener.sent] == ["START", "COMPLETE"]


def test_a_server_that_refuses_fails_no_run_and_the_operator_hears_once(empty_home, listener, capfd):
    listener.status = 403
    told_to(listener, empty_home)
    [line] = [line for line in capfd.readouterr().err.splitlines() if "lineage" in line]
    said = event_log.event_of(line)
    assert (said["event"], said["events"], said["problem"]) == ("lineage_not_sent", 2, "HTTP 403")
    assert len(listener.sent) == 1
    assert SECRET not in line
    assert SECRET not in repr(empty_home.settings.but(lineage_token=SECRET))
    log = event_log.folder(empty_home.settings)
    assert [p for p in Path(log).iterdir() if "lineage_not_sent" in p.read_text()]


@pytest.mark.parametrize(
    ("address", "token"), [("lineage.ndjson", ""), ("ftp://example.com/", ""), ("http://example.com/", SECRET)]
)
def test_a_place_to_which_nothing_could_be_sent_is_refused_before_a_run(empty_home, address, token):
    chosen = empty_home.settings.but(lineage_url=address, lineage_token=token)
    with pytest.raises(BadSetting, match="lineage_url") as refused:
        steps.start(chosen, datetime.now(UTC))
    assert SECRET not in str(refused.value)


def test_a_file_that_cannot_be_written_fails_no_run(empty_home, capfd):
    chosen = empty_home.settings.but(lineage_url=str(empty_home.settings.home / "no" / "such" / "folder"))
    with steps.exclusive_run(chosen), Attempt(steps.start(chosen, utc_now())):
        pass
    assert '"problem":"FileNotFoundError"' in capfd.readouterr().err


def test_of_too_many_that_wait_some_are_lost_and_counted(empty_home, listener, monkeypatch, capfd):
    monkeypatch.setattr(sink, "_MOST_WAITING", 1)
    monkeypatch.setattr(sink, "_PATIENCE", 0.1)
    monkeypatch.setattr(sink.Lineage, "_send", lambda _self: None)
    told_to(listener, empty_home)
    assert '"events":2' in capfd.readouterr().err


def test_a_run_that_left_a_lake_nobody_can_read_is_told_of_all_the_same(empty_home, monkeypatch, capfd):
    def damaged(self, verdict, release):
        raise NoRoom("The log cannot be read.", "Mend it.")

    monkeypatch.setattr(lineage.RunLineage, "_tell_of_steps", damaged)

    def stopped(attempt):
        attempt.refuse(NoRoom("The disk is full.", "Make room."))

    assert [e["eventType"] for e in ended(empty_home, {}, stopped)] == ["START", "FAIL"]
    assert '"events":1,"problem":"no_room"' in capfd.readouterr().err
