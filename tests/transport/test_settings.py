"""Settings come from the environment or dif.toml, and a wrong one names both ways to give it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from catalog.errors import BadSetting, RemovedSetting, UnknownName, WrongUse
from transport.base import settings
from transport.base.settings import Settings


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch):
    for name in [name for name in os.environ if name.startswith("DIF_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def environment(monkeypatch):
    def given(**values):
        for name, value in values.items():
            monkeypatch.setenv(name, value)

    return given


def test_with_nothing_given_every_setting_has_its_own_value(tmp_path):
    assert settings.load(tmp_path) == Settings()


def test_the_file_gives_settings_and_the_environment_wins(tmp_path, environment):
    (tmp_path / "dif.toml").write_text('home = "/a"\nreaders = 5\nsettle_seconds = 0.5\ncontact = "post@x.no"\n')
    environment(DIF_READERS="7", DIF_UNKNOWN="x", HOME="/root")
    assert settings.load(tmp_path) == Settings(home=Path("/a"), readers=7, settle_seconds=0.5, contact="post@x.no")


def test_a_home_is_absolute_and_may_begin_with_a_tilde(tmp_path, monkeypatch, environment):
    monkeypatch.chdir(tmp_path)
    environment(DIF_HOME="data")
    assert settings.load().home == tmp_path / "data"
    environment(DIF_HOME="~/data")
    assert settings.load().home == Path.home() / "data"


def test_a_variable_like_a_setting_is_named_with_it_and_those_of_the_deployment_are_not(environment):
    deployed = {name for file in (settings.PROJECT / "deploy").rglob("*") if file.is_file() for name in named_in(file)}
    assert {"DIF_IMAGE", "DIF_PAGES_LISTEN", "DIF_HOME"} <= deployed
    environment(**dict.fromkeys(deployed, "x"), DIF_MIRORR="x", DIF_THREAD="2", DIF_WHATEVER="x")
    assert settings.misspelt() == {"DIF_MIRORR": "DIF_MIRROR", "DIF_THREAD": "DIF_THREADS"}


def named_in(file: Path) -> list[str]:
    return re.findall(r"\bDIF_[A-Z_]*[A-Z]\b", file.read_text("utf-8"))


@pytest.mark.parametrize("name", [n for n, f in Settings.model_fields.items() if f.annotation in (int, float)])
@pytest.mark.parametrize("value", ["mange", "", "1,5"])
def test_a_number_that_is_none_names_the_setting_its_value_and_both_ways_to_give_it(tmp_path, environment, name, value):
    environment(**{f"DIF_{name.upper()}": value})
    with pytest.raises(BadSetting) as refused:
        settings.load(tmp_path)
    assert f"Setting {name} is {value!r}" in refused.value.problem
    assert f"DIF_{name.upper()}" in refused.value.mend
    assert "dif.toml" in refused.value.mend
    assert refused.value.exit_code == 2


@pytest.mark.parametrize("address", ["tcp://scheduler:8786", "scheduler:8786", "TLS:scheduler"])
def test_an_engine_that_is_not_reached_by_mutual_tls_is_refused_before_anything_is_made(tmp_path, environment, address):
    environment(DIF_ENGINE_ADDRESS=address)
    with pytest.raises(BadSetting, match=f"engine_address is '{address}'; expected an address that begins with tls://"):
        settings.load(tmp_path)
    environment(DIF_ENGINE_ADDRESS="tls://scheduler:8786")
    assert settings.load(tmp_path).engine_address


@pytest.mark.parametrize("name", sorted(settings.REMOVED))
def test_a_removed_setting_is_refused_wherever_it_is_set_with_what_to_do(tmp_path, environment, name):
    (tmp_path / "dif.toml").write_text(f'{name} = "1"\n')
    with pytest.raises(RemovedSetting, match=name) as refused:
        settings.load(tmp_path)
    assert refused.value.mend == settings.REMOVED[name]
    (tmp_path / "dif.toml").unlink()
    environment(**{f"DIF_{name.upper()}": "1"})
    with pytest.raises(RemovedSetting, match=f"DIF_{name.upper()}"):
        settings.load(tmp_path)
    assert name not in settings.Settings.model_fields


def test_an_unknown_name_in_the_file_is_answered_with_the_nearest(tmp_path):
    (tmp_path / "dif.toml").write_text("memory = 5\n")
    with pytest.raises(UnknownName, match=r"No setting 'memory'. Did you mean 'memory_mb'"):
        settings.load(tmp_path)


@pytest.mark.parametrize("content", [b"readers = ", b"[", b"contact = '\xe6'"])
def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path, content):
    (tmp_path / "dif.toml").write_bytes(content)
    with pytest.raises(WrongUse) as refused:
        settings.load(tmp_path)
    assert str(tmp_path / "dif.toml") in refused.value.problem
    assert refused.value.mend == "Correct it: a TOML file in UTF-8."


def test_a_path_without_a_value_is_not_the_working_folder(tmp_path, monkeypatch, environment):
    """As in `DIF_MIRROR=` of an environment file, or `DIF_HOME=$UNSET` of a script."""
    monkeypatch.chdir(tmp_path)
    environment(DIF_MIRROR="", DIF_TLS_CERT="", DIF_LAKE_FOLDER="")
    assert settings.load() == Settings()
    environment(DIF_HOME="")
    with pytest.raises(BadSetting, match="Setting home is ''; expected a folder"):
        settings.load()


def test_settings_cannot_be_changed_in_place_and_but_gives_others():
    one = Settings()
    with pytest.raises(ValidationError):
        one.readers = 3
    assert one.but(readers=3).readers == 3
    assert one.readers == Settings().readers


def test_everything_lies_below_the_home(tmp_path):
    one = Settings(home=tmp_path)
    for place in (one.inbox, one.landing, one.lake, one.releases, one.scratch):
        assert place.is_relative_to(tmp_path)
    assert one.but(lake_folder=Path("/elsewhere")).lake == Path("/elsewhere")
