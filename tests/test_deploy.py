"""What `deploy/` starts are commands there are, what it sets are settings there are, what it watches is measured."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from configparser import ConfigParser
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from catalog.version import VERSION
from pipelines.cli.main import app, main
from transport.base.settings import PROJECT, Settings
from transport.operations import alerts, metrics
from transport.telemetry import counters

UNITS = sorted((PROJECT / "deploy").glob("*.service"))
TIMERS = sorted((PROJECT / "deploy").glob("*.timer"))
DEPLOY = PROJECT / "deploy"
COMPOSE = sorted(DEPLOY.glob("compose*.yaml"))
CHART = DEPLOY / "helm" / "dif"
TEMPLATES = sorted((CHART / "templates").glob("*.yaml"))
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
TEXTS = [f for f in sorted(DEPLOY.rglob("*")) if f.is_file() and "__pycache__" not in f.parts]
OPERATOR = (PROJECT / "docs" / "operator.md").read_text("utf-8")
_BLOCK = re.search(r"```sh\nuseradd.*?```", OPERATOR, re.DOTALL)
BLOCK = _BLOCK[0] if _BLOCK else ""
OPTIONAL = {
    "dif-dagster.service",
    "dif-scheduler.service",
    "dif-worker.service",
}


def read(file: Path) -> ConfigParser:
    """A unit; each key of ours stands in it once."""
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(file, "utf-8")
    return unit


@pytest.mark.parametrize("file", UNITS, ids=lambda f: f.name)
def test_a_unit_calls_a_command_there_is_as_a_user_of_its_own(file: Path) -> None:
    service = read(file)["Service"]
    words = service["ExecStart"].split()
    command = app[words[1]]
    if words[1] == "serve":
        command = command[words[2]]
    called, bound, *_ = app.parse_args([re.sub(r"\$\{\w+\}", "127.0.0.1", w) for w in words[1:]], print_error=False)
    assert called.__module__.startswith("pipelines.cli.commands.")
    assert bound is not None
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("dif", "yes", "strict")
    assert ("Restart" in service) == (words[1] == "serve")


def is_oneshot(file: Path) -> bool:
    return read(file)["Service"].get("Type") == "oneshot"


def test_every_timer_has_its_unit_and_every_unit_something_that_starts_it() -> None:
    assert {t.with_suffix(".service") for t in TIMERS} == {u for u in UNITS if is_oneshot(u)}
    for unit in [*TIMERS, *(u for u in UNITS if not is_oneshot(u))]:
        assert read(unit)["Install"]["WantedBy"] in {"timers.target", "multi-user.target"}, unit.name


def test_there_is_a_unit_for_each_server_and_for_all_that_the_page_says_is_done_by_itself() -> None:
    commands = {" ".join(read(u)["Service"]["ExecStart"].split()[1:]) for u in UNITS}
    parts = {
        "share",
        "mcp",
        "transport",
    }  # HTTP has the first two; the third is for no units
    served = {n for n in app["serve"] if n[0] != "-"} - parts
    assert {w.split()[1] for w in commands if w.startswith("serve ")} == served
    assert {w.split()[0] for w in commands} == {"serve", "run", "backup", "alerts", "tidy"}


def test_the_install_block_starts_every_unit_but_the_optional_and_the_page_says_what_each_does() -> None:
    started = re.search(r"enable --now (.*)", BLOCK)
    assert started
    lasting = {u.name for u in UNITS if not is_oneshot(u)}
    assert set(started[1].split()) == {t.name for t in TIMERS} | lasting - OPTIONAL
    for name in {t.name for t in TIMERS} | lasting:
        assert f"| `{name}` |" in OPERATOR, name
    assert all(f"systemctl enable --now {name}" in OPERATOR for name in OPTIONAL)


@pytest.mark.parametrize("file", UNITS, ids=lambda f: f.name)
def test_the_install_block_makes_every_folder_that_a_unit_may_write_in_and_works_in(file: Path) -> None:
    service = read(file)["Service"]
    folders = [service["WorkingDirectory"], *(f.removeprefix("-") for f in service["ReadWritePaths"].split())]
    for folder in folders:
        made = rf"(install -d [^&\n]*|--home-dir ){re.escape(folder)}(?![\w/])"
        assert re.search(made, BLOCK), folder
    assert service["EnvironmentFile"] in BLOCK
    written = [w for w in service["ExecStart"].split() if w.startswith("/") and "/.venv/" not in w]
    assert set(written) <= set(folders)


def test_a_backup_meets_a_folder_that_lacks_itself_and_leaves_word_of_it() -> None:
    """Systemd does not start a unit whose writable folder lacks, unless its name begins with a dash."""
    backup = read(PROJECT / "deploy" / "dif-backup.service")
    folder = backup["Service"]["ExecStart"].split()[2]
    assert backup["Unit"]["RequiresMountsFor"] == folder
    assert f"-{folder}" in backup["Service"]["ReadWritePaths"].split()


def test_somebody_looks_at_once_when_a_run_or_a_backup_fails() -> None:
    for unit in UNITS:
        if is_oneshot(unit):
            looks = read(unit)["Unit"].get("OnFailure") == "dif-alerts.service"
            assert looks == (unit.name != "dif-alerts.service"), unit.name


def test_what_arrives_is_run_by_a_timer_that_paces_as_the_settings_say() -> None:
    timer = read(PROJECT / "deploy" / "dif-run.timer")["Timer"]
    assert timer["OnUnitInactiveSec"] == f"{Settings().run_every_minutes:.0f}min"
    assert "OnBootSec" in timer  # else the first run would wait for the morning
    assert "06:00" in timer["OnCalendar"]


def test_every_unit_is_held_as_tightly_as_the_others() -> None:
    def holds(file: Path) -> set[tuple[str, str]]:
        tight = re.compile("NoNew|Capability|Ambient|Protect|Private|Restrict|Lock|System|UMask|User|Group")
        return {(k, v) for k, v in read(file)["Service"].items() if tight.match(k)}

    assert all(holds(unit) == holds(UNITS[0]) for unit in UNITS)
    assert all("MemoryMax" in read(unit)["Service"] for unit in UNITS)


def test_the_example_of_settings_names_only_such_as_there_are() -> None:
    text = (PROJECT / "deploy" / "dif.env.example").read_text("utf-8")
    named = set(re.findall(r"^#?DIF_([A-Z_]+)=", text, flags=re.MULTILINE)) - {
        "LISTEN",
        "PAGES_LISTEN",
    }  # the units' own
    assert named
    assert {"LISTEN", "PAGES_LISTEN"} <= set(re.findall(r"^DIF_([A-Z_]+)=", text, flags=re.MULTILINE))
    assert named <= {name.upper() for name in Settings.model_fields}


def test_package_image_and_chart_have_one_number_and_the_program_names_its_commit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    heads = re.findall(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    assert heads[0] in {"Unreleased", VERSION}
    assert all(tuple(map(int, head.split("."))) <= tuple(map(int, VERSION.split("."))) for head in heads[1:])
    package = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    assert package["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "catalog.version.VERSION"}
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text("utf-8"))
    assert (chart["version"], chart["appVersion"]) == (VERSION, VERSION)
    texts = [CONTAINERFILE, *(f.read_text("utf-8") for f in [*COMPOSE, PROJECT / "docs" / "deploy.md"])]
    assert {n for text in texts for n in re.findall(r"\bdif:(\d[\w.]*)|VERSION=(\d[\w.]*)", text)} == {
        (VERSION, ""),
        ("", VERSION),
    }
    with pytest.raises(SystemExit):
        main(["--version"])
    assert re.fullmatch(
        rf"{re.escape(VERSION)} \(commit ([0-9a-f]{{12}}(-dirty)?|unknown)\)\n", capsys.readouterr().out
    )


# --- containers -------------------------------------------------------------------------------------------------------


def compose(file: Path) -> dict[str, Any]:
    """The services that run our image."""
    services = yaml.safe_load(file.read_text("utf-8"))["services"]
    return {name: service for name, service in services.items() if "DIF_IMAGE" in service["image"]}


def called_by_the_image() -> list[str]:
    return [*json.loads(of_image("ENTRYPOINT")), *json.loads(of_image("CMD"))]


def of_image(instruction: str) -> str:
    """The last instruction of a kind; the one that counts."""
    found: list[str] = re.findall(rf"^{instruction} (.*)", CONTAINERFILE, flags=re.MULTILINE)
    return found[-1]


def called_by_templates() -> Iterator[tuple[str, list[str]]]:
    """The words of each container of the chart; what Helm fills in is a word here."""
    for file in TEMPLATES:
        text = re.sub(r"\{\{.*?\}\}", "'300'", file.read_text("utf-8"))
        for command, arguments in re.findall(r"^ +(?:command: (\[.*\])\n +)?args: (\[.*\])$", text, flags=re.MULTILINE):
            yield file.name, [*yaml.safe_load(command or "[dif]"), *yaml.safe_load(arguments)]


LINES = [
    ("Containerfile", called_by_the_image()),
    *(
        (f"{f.name} {n}", [*s.get("entrypoint", ["dif"]), *s["command"]])
        for f in COMPOSE
        for n, s in compose(f).items()
    ),
    *called_by_templates(),
]


@pytest.mark.parametrize(("where", "words"), LINES, ids=[f"{where}: {' '.join(words)}" for where, words in LINES])
def test_a_container_calls_a_command_there_is(where: str, words: list[str]) -> None:
    if words[0] == "every":
        assert float(words[1]) > 0
        words = words[2:]
    assert words[0] == "dif"
    called, bound, *_ = app.parse_args(words[1:], print_error=False)
    assert called.__module__.startswith("pipelines.cli.commands.")
    assert bound is not None


def test_the_chart_and_the_compose_files_start_every_role() -> None:
    by_chart = {" ".join(words[1:3]) for _, words in called_by_templates()}
    roles = {f"serve {name}" for name in ("flight", "http", "dashboards", "scheduler", "worker")}
    assert roles <= by_chart
    for file in COMPOSE:
        by_compose = {" ".join(s["command"][:2]) for s in compose(file).values()}
        servers = {"serve flight", "serve http", "serve dashboards"}
        assert servers | {"dif alerts", "dif tidy"} <= by_compose, file.name
    together = yaml.safe_load((DEPLOY / "compose.cluster.yaml").read_text("utf-8"))["services"]
    assert {
        "store",
        "scheduler",
        "worker",
        "control",
        "door-1",
        "door-2",
        "flight-1",
        "flight-2",
        "balancer",
        "pages",
    } <= set(together)


def test_what_is_set_is_a_setting() -> None:
    for file in TEXTS:
        text = re.sub(r"#?\$\{DIF_[A-Z_]+|\bDIF_(PAGES_)?LISTEN\b", "", file.read_text("utf-8"))  # the files' own
        assert set(re.findall(r"\bDIF_([A-Z_]+)\b", text)) <= {name.upper() for name in Settings.model_fields}, file


def test_the_chart_sets_settings_and_its_values_are_of_their_schema() -> None:
    values = yaml.safe_load((CHART / "values.yaml").read_text("utf-8"))
    schema = json.loads((CHART / "values.schema.json").read_text("utf-8"))
    assert set(values["settings"]) <= set(Settings.model_fields)
    jsonschema.Draft7Validator.check_schema(schema)
    checked = jsonschema.Draft7Validator(schema)
    checked.validate(values)
    assert set(values) == set(schema["properties"]) - {"global"}
    wrongs: list[dict[str, object]] = [{"settings": {**values["settings"], "alert_urls": "secret"}}, {"dors": {}}]
    for wrong in wrongs:
        assert not checked.is_valid({**values, **wrong})


def test_the_chart_brings_the_rules_and_the_dashboard_of_this_folder() -> None:
    asked = re.findall(r'\.Files\.Get "([^"]+)"', (CHART / "templates" / "monitoring.yaml").read_text("utf-8"))
    sources = {
        "files/rules.yaml": DEPLOY / "prometheus" / "rules.yaml",
        "files/dif.json": DEPLOY / "grafana" / "dif.json",
    }
    assert {name: (CHART / name).resolve() for name in asked} == sources


@pytest.mark.parametrize("file", COMPOSE, ids=lambda f: f.name)
def test_no_container_may_more_than_it_needs(file: Path) -> None:
    for name, service in compose(file).items():
        tight = {key: service[key] for key in ("read_only", "cap_drop", "security_opt", "user")}
        assert tight == {
            "read_only": True,
            "cap_drop": ["ALL"],
            "security_opt": ["no-new-privileges:true"],
            "user": "10001:10001",
        }, name
        assert "healthcheck" in service, name
        assert "mem_limit" in service, name
    mounts = (CHART / "templates" / "_helpers.tpl").read_text("utf-8")
    for held in ("runAsNonRoot: true", "readOnlyRootFilesystem: true", "{drop: [ALL]}", "{type: RuntimeDefault}"):
        assert held in mounts


def test_the_image_is_of_locked_packages_and_of_no_user_in_particular() -> None:
    assert of_image("USER") == "10001:10001"
    installs = re.findall(r"pip install [^&]*", CONTAINERFILE.replace("\\\n", " "))
    assert all("--require-hashes" in words or "--no-index" in words for words in installs)
    kept = (PROJECT / ".containerignore").read_text("utf-8").splitlines()
    assert "*" in kept
    for copied in re.findall(r"(requirements/\w+\.txt|deploy/\w+\.\w+)", CONTAINERFILE):
        assert f"!{copied}" in kept or copied == "deploy/Containerfile", copied
    assert all((PROJECT / line[1:]).exists() for line in kept if line.startswith("!"))


def test_an_image_holds_what_dagster_is_started_with(tmp_path: Path) -> None:
    kept = (PROJECT / ".containerignore").read_text("utf-8").splitlines()
    taken = subprocess.run(
        ["git", "ls-files", "-z", "--", *(line[1:].rstrip("/*") for line in kept if line.startswith("!"))],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\0")
    for name in filter(None, taken):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROJECT / name, tmp_path / name)
    script = "from pipelines.orchestration import instance; print(instance.WORKSPACE, instance.YAML, sep='\\n')"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    ).stdout.split()
    assert [Path(name).is_relative_to(tmp_path) and Path(name).is_file() for name in found] == [True, True]


def test_no_file_says_where_packages_or_images_are_fetched() -> None:
    for file in TEXTS:
        text = file.read_text("utf-8")
        assert not re.search(r"index-url|pypi\.org|PIP_INDEX|docker\.io|ghcr\.io|quay\.io", text), file.name


def every(*words: str) -> list[str]:
    # a shell cannot trap what its parent ignores, as Dagster leaves SIGTERM in a process that ignores SIGINT
    return ["env", "--default-signal", "sh", str(DEPLOY / "every.sh"), *words]


def test_a_command_is_called_again_also_when_it_fails_until_told_to_end(tmp_path: Path) -> None:
    script = (
        f"echo x >>{tmp_path}/runs; [ $(wc -l <{tmp_path}/runs) -lt 3 ] || {{ echo there; exec sleep 60; }}; exit 3"
    )
    with subprocess.Popen(
        every("0", "sh", "-c", script), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as it:
        assert it.stdout
        assert it.stdout.readline() == "there\n"
        for _ in range(5):  # dash may lose a signal that comes while it begins a process
            it.send_signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                it.wait(timeout=5)
                break
        else:
            it.kill()
        told = it.stderr.read() if it.stderr else ""
    assert it.returncode == 0
    assert told.count("ended with 3") == 2


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
def test_a_container_is_as_healthy_as_its_server_says(status: int, code: int) -> None:
    class Says(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Says) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        asked = [sys.executable, str(DEPLOY / "healthy.py"), "http", str(server.server_port), "/readyz"]
        assert subprocess.run(asked, check=False, env={}, stdout=subprocess.DEVNULL).returncode == code


# --- what is watched --------------------------------------------------------------------------------------------------

RULES = yaml.safe_load((DEPLOY / "prometheus" / "rules.yaml").read_text("utf-8"))
BOARD = json.loads((DEPLOY / "grafana" / "dif.json").read_text("utf-8"))
RULES_OF = {rule["alert"]: rule for group in RULES["groups"] for rule in group["rules"]}
EXPRESSIONS = {
    **{name: rule["expr"] for name, rule in RULES_OF.items()},
    **{f"{p['title']} {t['refId']}": t["expr"] for p in BOARD["panels"] for t in p.get("targets", ())},
    **{note["name"]: note["expr"] for note in BOARD["annotations"]["list"]},
    **{v["name"]: v["query"]["query"] for v in BOARD["templating"]["list"] if v["type"] == "query"},
}


@pytest.fixture
def exposed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, set[str]]:
    """Every sample that /metrics gives when there is something of each, with the names of its labels."""
    fresh = counters._figures.__wrapped__()  # noqa: SLF001 - this process's own figures stay as they are
    monkeypatch.setattr(counters, "_figures", lambda: fresh)
    counters.observe_batch(stream="dispatch", outcome="accepted", wire="http", ms=1, rows=1, bytes=1)
    counters.observe_read(dataset="uptake.funnel", outcome="served", wire="http")
    counters.stream_opened()
    there = SimpleNamespace(current=lambda: SimpleNamespace(name="r"), last_attempt=dict)
    landed = [SimpleNamespace(stream="dispatch", received_at=datetime.now(UTC))]
    monkeypatch.setattr(metrics, "Releases", lambda _settings: there)
    monkeypatch.setattr(metrics, "age_hours", lambda *_: 1.0)
    monkeypatch.setattr(alerts, "landed", lambda _settings: landed)
    monkeypatch.setattr(alerts, "remembered", lambda _settings: ["disk"])
    body, _ = metrics.exposition(Settings(home=tmp_path))
    samples = [s for family in text_string_to_metric_families(body.decode()) for s in family.samples]
    return {s.name: set(s.labels) for s in samples} | {"up": set()}


def test_rules_and_dashboard_ask_for_what_is_measured(exposed: dict[str, set[str]]) -> None:
    asked: set[str] = set()
    for name, expression in EXPRESSIONS.items():
        for metric, chosen in re.findall(r"\b(dif_\w+|up)\b(?:\{(.*?)\})?", expression):
            assert metric in exposed, name
            labels = set(re.findall(r"(\w+)=", chosen))
            grouped = {w for by in re.findall(r"\bby \(([\w, ]+)\)", expression) for w in by.split(", ")}
            assert labels | grouped <= exposed[metric] | {"job", "instance"}, name
            asked.add(metric)
    assert {m for m in exposed if not m.endswith(("_created", "_gsum", "_gcount"))} == asked


def test_each_alert_is_as_urgent_for_prometheus_as_for_the_product() -> None:
    for rule, urgency in (("DifUrgent", "now"), ("DifMorning", "morning")):
        ids = {name for name, its in alerts.URGENCY.items() if its == urgency}
        listed = [set(e.split("|")) for e in re.findall(r'alert=~"([^"]+)"', RULES_OF[rule]["expr"])]
        shown = [set(e.split("|")) for e in re.findall(r'alert=~"([^"]+)"', json.dumps(BOARD).replace('\\"', '"'))]
        assert listed == [ids]
        assert ids in shown


def test_each_rule_names_a_section_of_the_runbook() -> None:
    heads = re.findall(r"^#+ (.*)", OPERATOR, flags=re.MULTILINE)
    slugs = {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}
    for name, rule in RULES_OF.items():
        page, _, section = rule["annotations"]["runbook"].partition("#")
        assert page == "docs/operator.md"
        assert section in slugs | {"{{ $labels.alert }}"}, name
        assert rule["labels"]["severity"] in {"critical", "warning"}


def test_the_panels_of_the_dashboard_lie_beside_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        assert at["x"] + at["w"] <= 24
        taken |= cells
    assert len({p["id"] for p in BOARD["panels"]}) == len(BOARD["panels"])


# --- by the tools themselves, where they are --------------------------------------------------------------------------

VALUES = {
    "settings": {name: f"s3://dif/{name}" for name in ("landing_url", "lake_url", "releases_url")},
    "secretName": "keys",
    "access": {"secretName": "access"},
    "doors": {"tls": {"secretName": "door"}},
    "pages": {"accessSecretName": "pages", "tls": {"elsewhere": True}, "ingress": {"host": "tall.example.no"}},
    "monitoring": {"podMonitor": True, "tokenSecretName": "scrape", "rules": True, "dashboard": True},
    "trust": {"configMapName": "authorities"},
}
SAID_BY_TOOLS = [
    ("hadolint", ["Containerfile"]),
    ("promtool", ["check", "rules", "prometheus/rules.yaml"]),
    ("promtool", ["test", "rules", "prometheus/rules.test.yaml"]),
    ("haproxy", ["-c", "-q", "-f", "haproxy.cfg"]),
    *(("docker-compose", ["--env-file", "{env}", "-f", f.name, "config", "--quiet"]) for f in COMPOSE),
    ("helm", ["lint", "--strict", "helm/dif", "--values", "{values}"]),
]


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    env, values = tmp_path / "dif.env", tmp_path / "values.yaml"
    env.write_text(f"DIF_ENV_FILE={env}\nAWS_ACCESS_KEY_ID=a\nAWS_SECRET_ACCESS_KEY=b\n", "utf-8")
    values.write_text(yaml.safe_dump(VALUES), "utf-8")
    return {"env": str(env), "values": str(values)}


@pytest.mark.slow
@pytest.mark.parametrize(("tool", "words"), SAID_BY_TOOLS, ids=[f"{tool} {' '.join(w)}" for tool, w in SAID_BY_TOOLS])
def test_a_tool_that_is_there_finds_nothing_wrong(tool: str, words: list[str], given: dict[str, str]) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"not run: no {tool}")
    said = subprocess.run(
        [tool, *(w.format(**given) for w in words)], cwd=DEPLOY, check=False, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.slow
def test_the_rendered_chart_is_what_kubernetes_takes(given: dict[str, str]) -> None:
    if shutil.which("helm") is None or find_spec("kubernetes_validate") is None:
        pytest.skip("not run: no helm, or no kubernetes-validate")
    import kubernetes_validate

    words = ["helm", "template", "r", str(CHART), "--values", given["values"]]
    rendered = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    foreign = ("cert-manager.io/v1", "monitoring.coreos.com/v1")
    ours = [d for d in yaml.safe_load_all(rendered) if d and d["apiVersion"] not in foreign]
    assert {d["kind"] for d in ours} >= {"Deployment", "StatefulSet", "PodDisruptionBudget", "HorizontalPodAutoscaler"}
    for document in ours:
        kubernetes_validate.validate(document, "1.33", strict=True)
