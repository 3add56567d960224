"""`dif protection status, renew`: the secret by which counts of sensitive services are perturbed."""

from __future__ import annotations

from pipelines.cli.screen import Result, command
from pipelines.run import steps
from transport.auth import perturbation_key
from transport.base.settings import load
from transport.releases.store import Releases


@command()
def status() -> Result:
    """Say where the secret lies, which it is, and whether the next run can use it. Never shows the secret."""
    settings = load()
    of_release = Releases(settings).secret_of_current()
    problem = perturbation_key.problem_of(settings, made_with=of_release)
    current = None if problem else perturbation_key.id_of(settings)
    path = str(settings.home / "access" / perturbation_key.FILE)
    facts: dict[str, object] = {"file": path, "secret": current, "current_release": of_release, "trouble": None}
    if problem:
        facts["trouble"] = {"problem": problem.problem, "mend": problem.mend}
        return Result(facts, [problem.problem, problem.mend], code=1)
    lines = [f"The secret {current} lies in {path}." if current else "There is no secret yet: the next run makes one."]
    if of_release and current != of_release:
        lines.append(f"The current release was made with {of_release}; the next one changes every protected number.")
    return Result(facts, lines)


@command()
def renew(*, yes: bool = False) -> Result:
    """Make another secret, where the former one is lost or others have seen it. Every protected number changes once.

    A reader of releases from before and after has two noises of each number. So first look for the former secret: in
    backups, and on other machines of the home.

    Args:
        yes: do it.
    """
    settings = load()
    of_release = Releases(settings).secret_of_current()
    if not yes:
        unchanged = "Nothing was changed. --yes makes another secret, and the next run changes every protected number."
        return Result(lines=[unchanged])
    with steps.exclusive_run(settings, doing="protection renew"):
        secret = perturbation_key.renew(settings, made_with=of_release)
    done = f"The secret is {secret.id} now. Copy it to the other machines of this home, and run: dif run"
    return Result({"secret": secret.id, "replaces": of_release}, [done])
