"""The units for systemd call commands there are, and set settings there are."""

from __future__ import annotations

import re
from configparser import ConfigParser
from dataclasses import fields
from pathlib import Path

import pytest

from pipelines.cli import app
from transport.settings import PROJECT, Settings

UNITS = sorted((PROJECT / "deploy").glob("*.service"))


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
    called, bound, *_ = app.parse_args([w.replace("${DIF_LISTEN}", "127.0.0.1") for w in words[1:]], print_error=False)
    assert called.__module__.startswith("pipelines.commands.")
    assert bound is not None
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("dif", "yes", "strict")
    assert ("Restart" in service) == (words[1] == "serve")


def test_every_timer_has_its_unit_and_the_page_names_them() -> None:
    text = (PROJECT / "docs" / "operator.md").read_text("utf-8")
    timers = sorted((PROJECT / "deploy").glob("*.timer"))
    assert {t.with_suffix(".service") for t in timers} == {u for u in UNITS if "Restart" not in read(u)["Service"]}
    assert all(t.name in text for t in timers)
    assert "dif-transport.service" in text


def test_the_example_of_settings_names_only_such_as_there_are() -> None:
    text = (PROJECT / "deploy" / "dif.env.example").read_text("utf-8")
    named = set(re.findall(r"^#?DIF_([A-Z_]+)=", text, flags=re.MULTILINE)) - {"LISTEN"}  # the unit's own
    assert named
    assert named <= {f.name.upper() for f in fields(Settings)}
