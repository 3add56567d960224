"""What commands check before they begin."""

from __future__ import annotations

from collections.abc import Collection

from catalog.errors import BadOption, UnknownName, WrongUse
from transport.base.settings import Settings
from transport.operations import backup
from transport.releases.store import Release, Releases


def require_home(settings: Settings) -> None:
    """Check that there is a home for a command to work on.

    Raises:
        WrongUse: there is no home; most likely its name is mistyped.
    """
    if not settings.home.is_dir() and not settings.landing_url:
        raise backup.nothing_landed(settings)


def require_positive(option: str, value: int | None) -> None:
    """Check a count that was given.

    Raises:
        BadOption: it is below 1.
    """
    if value is not None and value < 1:
        raise BadOption(option, value, "a number of at least 1")


def require_text(option: str, value: str | None, expected: str) -> str:
    """An option's text, without space around it.

    Raises:
        BadOption: it is empty.
    """
    if not (value or "").strip():
        raise BadOption(option, value or "", expected)
    return str(value).strip()


def require_known(what: str, name: str | None, choices: Collection[str]) -> None:
    """Check a name that was given.

    Raises:
        UnknownName: it is none of the choices; the error names the nearest.
    """
    if name is not None and name not in choices:
        raise UnknownName(what, name, choices=choices)


def require_release(settings: Settings, without: str) -> Release:
    """The current release.

    Args:
        settings: of the home.
        without: what follows from there being none, such as "there are no periods".

    Raises:
        WrongUse: there is none.
    """
    release = Releases(settings).current()
    if release is None:
        raise WrongUse(f"There is no release yet, so {without}.", "Make one: dif run.")
    return release
