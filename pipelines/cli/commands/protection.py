"""`dif protection status, renew`: the secret by which counts of sensitive services are perturbed."""

from __future__ import annotations

from pipelines.cli.commands import screen
from pipelines.run import steps
from transport.auth import perturbation_key
from transport.base.settings import load
from transport.releases.store import Releases


def status(*, json: bool = False) -> int:
    """Say where the secret lies, which it is, and whether the next run can use it. Never shows the secret.

    Args:
        json: for a program.
    """
    settings = load()
    of_release = Releases(settings).secret_of_current()
    problem = perturbation_key.problem_of(settings, made_with=of_release)
    mine = None if problem else perturbation_key.id_of(settings)
    path = None if settings.perturbation_secret else str(settings.home / "access" / perturbation_key.FILE)
    if json:
        told = {"problem": problem.problem, "mend": problem.mend} if problem else None
        screen.as_json({"file": path, "secret": mine, "current_release": of_release, "trouble": told})
    elif problem:
        screen.out(f"{problem.problem}\n{problem.mend}")
    else:
        lies = f"lies in {path}" if path else "is given by the setting perturbation_secret"
        screen.out(f"The secret {mine} {lies}." if mine else "There is no secret yet: the next run makes one.")
        if of_release and mine != of_release:
            screen.out(f"The current release was made with {of_release}; the next one changes every protected number.")
    return 1 if problem else 0


def renew(*, yes: bool = False, json: bool = False) -> int:
    """Make another secret, where the former one is lost or others have seen it. Every protected number changes once.

    A reader of releases from before and after has two noises of each number. So first look for the former secret: in
    backups, and on other machines of the home.

    Args:
        yes: do it.
        json: for a program.
    """
    settings = load()
    of_release = Releases(settings).secret_of_current()
    if not yes:
        screen.out("Nothing was changed. --yes makes another secret, and the next run changes every protected number.")
        return 0
    with steps.alone(settings, doing="protection renew"):
        secret = perturbation_key.renew(settings, made_with=of_release)
    if json:
        screen.as_json({"secret": secret.id, "replaces": of_release})
    else:
        screen.out(f"The secret is {secret.id} now. Copy it to the other machines of this home, and run: dif run")
    return 0
