"""The secret of a home: made once, kept, refused when it is not the one, and never told."""

import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from catalog.domain.perturbation import Secret
from catalog.errors import WrongUse
from transport.auth.perturbation_key import FILE, id_of, problem_of, renew, secret_of
from transport.base.settings import Settings

ANOTHER = Secret(bytes(range(32)))


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def key(settings):
    """Where the secret lies."""
    return settings.home / "access" / FILE


def wrote(path, text: str, mode: int = 0o600) -> None:
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def refused(settings, **more) -> WrongUse:
    """How a run without a usable secret is refused, and that `dif doctor` and `dif protection status` say the same."""
    made_with = more.get("made_with", ANOTHER.id)
    with pytest.raises(WrongUse) as caught:
        secret_of(settings, made_with=made_with)
    told = problem_of(settings, made_with=made_with)
    assert told is not None
    assert (told.problem, told.mend) == (caught.value.problem, caught.value.mend)
    return caught.value


def test_the_first_run_makes_it_for_its_owner_alone_and_every_later_one_has_the_same(settings, key):
    assert problem_of(settings, made_with=None) is None
    assert id_of(settings) is None, "to ask makes none"
    assert not key.exists()
    made = secret_of(settings, made_with=None)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert [f.name for f in key.parent.iterdir()] == [FILE]
    for made_with in (None, made.id):
        assert secret_of(settings, made_with=made_with) == made
        assert problem_of(settings, made_with=made_with) is None
    assert id_of(settings) == made.id


def test_each_home_makes_another(tmp_path):
    one, other = (secret_of(Settings(home=tmp_path / name), made_with=None) for name in ("one", "other"))
    assert one != other


def test_many_that_make_it_at_once_get_the_same(settings, key):
    start = threading.Barrier(8)

    def one(_nth: int) -> Secret:
        start.wait()
        return secret_of(settings, made_with=None)

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(one, range(8)))
    assert len(set(found)) == 1
    assert [f.name for f in key.parent.iterdir()] == [FILE]


def test_two_processes_that_make_it_at_once_get_the_same(settings):
    program = (
        "import pathlib, sys\n"
        "from transport.auth.perturbation_key import secret_of\n"
        "from transport.base.settings import Settings\n"
        "settings = Settings(home=pathlib.Path(sys.argv[1]))\n"
        "print('ready', flush=True)\n"
        "sys.stdin.readline()\n"
        "print(secret_of(settings, made_with=None).id)\n"
    )
    command = [sys.executable, "-c", program, str(settings.home)]
    both = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert [process.stdout.readline() for process in both] == ["ready\n"] * 2
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0].strip() for process in both]
    assert told == [secret_of(settings, made_with=None).id] * 2


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda _: "", id="empty"),
        pytest.param(lambda text: text[:40], id="cut off"),
        pytest.param(lambda text: ("1" if text[0] == "0" else "0") + text[1:], id="a digit changed"),
        pytest.param(lambda text: text.replace("-", "", 1), id="without its hyphen"),
    ],
)
def test_a_damaged_one_is_refused_with_the_mend_and_is_not_replaced(settings, key, damage):
    text = secret_of(settings, made_with=None).to_text()
    wrote(key, damage(text + "\n"))
    trouble = refused(settings, made_with=None)
    assert trouble.problem.startswith(f"{key}: The secret is damaged: ")
    assert "backup" in trouble.mend
    assert "dif protection renew" in trouble.mend
    assert text[8:24] not in f"{trouble.problem} {trouble.mend}"
    with pytest.raises(WrongUse, match="damaged"):
        id_of(settings)
    assert key.read_text("utf-8") == damage(text + "\n")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_one_that_others_may_read_is_refused(settings, key, mode):
    secret_of(settings, made_with=None)
    key.chmod(mode)
    trouble = refused(settings, made_with=None)
    assert trouble.mend == f"chmod 600 {key}"


def test_one_that_is_gone_while_a_release_names_it_is_not_made_again(settings, key):
    trouble = refused(settings)
    assert f"{key} is gone" in trouble.problem
    assert ANOTHER.id in trouble.problem
    assert "from a backup or from another machine of this home" in trouble.mend
    assert "dif protection renew" in trouble.mend
    assert not key.exists()


def test_another_one_than_the_release_was_made_with_is_refused(settings, key):
    mine = secret_of(settings, made_with=None)
    trouble = refused(settings)
    assert mine.id in trouble.problem
    assert ANOTHER.id in trouble.problem
    assert "backup" in trouble.mend
    assert secret_of(settings, made_with=mine.id) == mine


def test_a_renewed_one_is_recorded_with_the_one_that_it_replaces_and_with_no_other(settings, key):
    first = secret_of(settings, made_with=None)
    second = renew(settings, made_with=first.id)
    assert second != first
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key.read_text("utf-8") == f"{second.to_text()}\nreplaces {first.id}\n"
    for made_with in (first.id, second.id, None):
        assert secret_of(settings, made_with=made_with) == second
        assert problem_of(settings, made_with=made_with) is None
    refused(settings)
    third = renew(settings, made_with=second.id)
    assert [secret_of(settings, made_with=made_with) for made_with in (first.id, second.id)] == [third] * 2


def test_a_lost_or_damaged_one_is_renewed(settings, key):
    second = renew(settings, made_with=ANOTHER.id)
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert secret_of(settings, made_with=ANOTHER.id) == second
    wrote(key, "damaged")
    third = renew(settings, made_with=second.id)
    assert secret_of(settings, made_with=second.id) == third


def test_one_is_renewed_before_there_is_a_release(settings, key):
    first = secret_of(settings, made_with=None)
    second = renew(settings, made_with=None)
    assert key.read_text("utf-8") == f"{second.to_text()}\n"
    assert secret_of(settings, made_with=None) == second != first


def test_it_is_never_shown(settings, key, caplog):
    secret = secret_of(settings, made_with=None)
    digits = secret.to_text()[:64]
    with pytest.raises(WrongUse) as caught:
        secret_of(settings, made_with=ANOTHER.id)
    shown = [repr(secret), str(secret), repr([secret]), str(caught.value), caplog.text]
    assert secret.id in shown[0]
    assert not [text for text in shown if digits[:16] in text or repr(bytes.fromhex(digits))[2:-1] in text]


def test_a_folder_that_cannot_be_made_is_told_of(tmp_path):
    (tmp_path / "home").write_text("a file where the home should be")
    with pytest.raises(WrongUse, match="cannot be made"):
        secret_of(Settings(home=tmp_path / "home"), made_with=None)
