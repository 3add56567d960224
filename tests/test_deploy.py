"""The units for systemd call commands there are, and set settings there are."""

from __future__ import annotations

import re
import tomllib
from configparser import ConfigParser
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

import pytest

from pipelines.cli.main import app, main
from transport.base.settings import PROJECT, Settings

UNITS = sorted((PROJECT / "deploy").glob("*.service"))
TIMERS = sorted((PROJECT / "deploy").glob("*.timer"))
OPERATOR = (PROJECT / "docs" / "operator.md").read_text("utf-8")
_BLOCK = re.search(r"```sh\nuseradd.*?```", OPERATOR, re.DOTALL)
BLOCK = _BLOCK[0] if _BLOCK else ""
OPTIONAL = {"dif-dagster.service", "dif-scheduler.service", "dif-worker.service"}


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
    assert {w.split()[1] for w in commands if w.startswith("serve ")} == {n for n in app["serve"] if n[0] != "-"}
    assert {w.split()[0] for w in commands} == {"serve", "run", "backup", "alerts"}


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


def test_every_unit_is_held_as_tightly_as_the_others_of_its_kind() -> None:
    def holds(file: Path) -> set[tuple[str, str]]:
        tight = re.compile("NoNew|Capability|Ambient|Protect|Private|Restrict|Lock|System|UMask|User|Group")
        return {(k, v) for k, v in read(file)["Service"].items() if tight.match(k)}

    short = [holds(u) for u in UNITS if is_oneshot(u)]
    lasting = [holds(u) for u in UNITS if not is_oneshot(u)]
    assert all(one == short[0] for one in short)
    assert all(one == lasting[0] for one in lasting)
    assert lasting[0] > short[0]
    assert all("MemoryMax" in read(u)["Service"] for u in UNITS if not is_oneshot(u))


def test_the_example_of_settings_names_only_such_as_there_are() -> None:
    text = (PROJECT / "deploy" / "dif.env.example").read_text("utf-8")
    named = set(re.findall(r"^#?DIF_([A-Z_]+)=", text, flags=re.MULTILINE)) - {
        "LISTEN",
        "PAGES_LISTEN",
    }  # the units' own
    assert named
    assert {"LISTEN", "PAGES_LISTEN"} <= set(re.findall(r"^DIF_([A-Z_]+)=", text, flags=re.MULTILINE))
    assert named <= {f.name.upper() for f in fields(Settings)}


def test_the_version_is_that_of_the_newest_heading_of_changes(capsys: pytest.CaptureFixture[str]) -> None:
    heads = re.findall(r"^## (\S+)", (PROJECT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE)
    assert heads[0] == "Unreleased"
    said = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert said["version"] == heads[1]
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == version(said["name"])
