"""`dif protection`: which secret a home has, whether the next run can use it, and another one where it is lost."""

import json

import pytest

from catalog.domain.perturbation import Secret
from tests.pipelines.conftest import SECRET, keep_secret
from transport.auth import perturbation_key

OTHER = Secret(bytes(range(1, 33)))


@pytest.fixture
def key(home, monkeypatch):
    """Where the secret of a home with a release lies; `dif` works in that home."""
    monkeypatch.setenv("DIF_HOME", str(home.settings.home))
    return home.settings.home / "access" / perturbation_key.FILE


def test_a_home_without_a_release_or_a_secret_is_well(command, empty_home, monkeypatch):
    monkeypatch.setenv("DIF_HOME", str(empty_home.settings.home))
    code, out, _ = command("protection", "status")
    assert (code, out) == (0, "There is no secret yet: the next run makes one.\n")
    assert not (empty_home.settings.home / "access" / perturbation_key.FILE).exists()


def test_the_status_names_the_secret_and_never_shows_it(command, key, home):
    code, out, err = command("protection", "status")
    assert (code, err) == (0, "")
    assert SECRET.id in out
    assert str(key) in out
    code, told, _ = command("protection", "status", "--json")
    assert json.loads(told) == {
        "file": str(key),
        "secret": SECRET.id,
        "current_release": home.current.manifest["secret"],
        "trouble": None,
    }
    assert SECRET.to_text()[:16] not in out + told


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(lambda key, _: key.unlink(), "is gone", id="gone"),
        pytest.param(lambda key, _: key.write_text("x"), "damaged", id="damaged"),
        pytest.param(lambda key, _: key.chmod(0o644), "can read or change", id="readable by others"),
        pytest.param(lambda _, home: keep_secret(home.settings, OTHER), f"holds the secret {OTHER.id}", id="another"),
    ],
)
def test_a_secret_that_no_run_can_use_is_told_with_its_mend(command, key, home, spoil, says):
    spoil(key, home)
    code, out, _ = command("protection", "status")
    assert code == 1
    assert says in out.splitlines()[0]
    code, out, _ = command("protection", "status", "--json")
    told = json.loads(out)
    assert (code, told["secret"]) == (1, None)
    assert says in told["trouble"]["problem"]
    assert told["trouble"]["mend"]


def test_another_is_made_only_when_somebody_says_yes(command, key, home):
    before = key.read_text()
    code, out, _ = command("protection", "renew")
    assert (code, key.read_text()) == (0, before)
    assert out.startswith("Nothing was changed. --yes makes another secret")
    code, out, _ = command("protection", "renew", "--yes", "--json")
    told = json.loads(out)
    assert (code, told["replaces"]) == (0, SECRET.id)
    assert told["secret"] == perturbation_key.id_of(home.settings) != SECRET.id
    assert key.stat().st_mode & 0o777 == 0o600
    code, out, _ = command("protection", "status")
    assert code == 0
    assert f"The current release was made with {SECRET.id}; the next one changes every protected number." in out


def test_a_lost_one_is_made_anew(command, key):
    key.unlink()
    assert command("protection", "renew", "--yes")[0] == 0
    assert command("protection", "status")[0] == 0
