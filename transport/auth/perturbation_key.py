"""The secret by which counts of sensitive services are perturbed: `DIF_HOME/access/perturbation.key`.

The first run makes it. All machines of a home need the same one, and so do copies of it that publish: another secret
draws other noise, and a reader of both could average the two. So a run with another secret than the current release
was made with is refused, until somebody says that the former one is lost (`renew`).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from catalog.domain.perturbation import Secret
from catalog.errors import WrongUse
from transport.auth.files import make_private, private_text, write_private
from transport.base.settings import Settings

FILE: Final = "perturbation.key"
_REPLACES: Final = "replaces "
_RENEW: Final = "If it is lost, `dif protection renew` makes another, and every protected number changes once."


def secret_of(settings: Settings, *, made_with: str | None) -> Secret:
    """The home's secret; made where there is none yet.

    Args:
        settings: of the home.
        made_with: the id of the secret that the current release was made with; None without one.

    Raises:
        WrongUse: it is gone, damaged or another one, or other users may read it.
    """
    path = settings.home / "access" / FILE
    if private_text(path) is None and made_with is None:
        make_private(path, f"{Secret.new().to_text()}\n")
    return _read(path, made_with)


def problem_of(settings: Settings, *, made_with: str | None) -> WrongUse | None:
    """Why a run cannot use the home's secret; None if it can, or would make one."""
    path = settings.home / "access" / FILE
    try:
        if private_text(path) is not None or made_with is not None:
            secret_of(settings, made_with=made_with)
    except WrongUse as problem:
        return problem
    return None


def id_of(settings: Settings) -> str | None:
    """The id of the home's secret; None without a secret.

    Raises:
        WrongUse: it is damaged, or other users may read it.
    """
    path = settings.home / "access" / FILE
    return _read(path, None).id if private_text(path) is not None else None


def renew(settings: Settings, *, made_with: str | None) -> Secret:
    """Make another secret, for a home that lost its own or whose secret others have seen.

    Args:
        settings: of the home.
        made_with: the id of the secret that the current release was made with.
    """
    path = settings.home / "access" / FILE
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    earlier = (private_text(path) or "").splitlines()[1:]
    secret = Secret.new()
    lines = [secret.to_text(), *earlier, *([f"{_REPLACES}{made_with}"] if made_with else [])]
    write_private(path, "\n".join(dict.fromkeys(lines)) + "\n")
    return secret


def _read(path: Path, made_with: str | None) -> Secret:
    text = private_text(path)
    if text is None:
        raise WrongUse(
            f"{path} is gone: it holds the secret {made_with} that the current release was made with.",
            f"Copy it from a backup or from another machine of this home, with mode 600. {_RENEW}",
        )
    first, *rest = text.strip().splitlines() or [""]
    try:
        secret = Secret.from_text(first.strip())
    except ValueError as problem:
        raise WrongUse(f"{path}: {problem}", f"Copy the secret from a backup. {_RENEW}") from None
    if made_with not in {None, secret.id, *(line.removeprefix(_REPLACES).strip() for line in rest)}:
        raise WrongUse(
            f"{path} holds the secret {secret.id}; the current release was made with {made_with}.",
            f"Put that one there, from a backup or from another machine of this home. {_RENEW}",
        )
    return secret
