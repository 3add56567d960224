"""`dif release list, show, verify, rollback`."""

from __future__ import annotations

from pipelines.commands import screen
from transport import durable, landing
from transport.release import Releases
from transport.settings import load


def list_releases(*, json: bool = False) -> int:
    """Every release, the newest first.

    Args:
        json: for a program.
    """
    releases = Releases(load())
    current = releases.current()
    rows = []
    for name in reversed(releases.names()):
        manifest = releases.get(name).manifest
        checks = manifest["checks"]
        rows.append(
            {
                "release": name,
                "current": "*" if current and current.name == name else "",
                "published_at": manifest["published_at"],
                "as_of": manifest["as_of"],
                "through": manifest["through_month"],
                "checks_passed": checks["passed"] if isinstance(checks, dict) else None,
                "parent": manifest["parent"],
            }
        )
    if json:
        screen.as_json(rows)
    else:
        screen.table(rows, empty="No release yet: `dif run` makes the first.")
    return 0


def show(name: str = "current", /, *, json: bool = False) -> int:
    """What a release holds.

    Args:
        name: its id; the current one when not given.
        json: the whole manifest.
    """
    release = Releases(load()).get(name)
    if json:
        screen.as_json(dict(release.manifest))
        return 0
    for key in (
        "release",
        "parent",
        "published_at",
        "as_of",
        "through_month",
        "checks",
        "synthetic",
        "registers",
        "engine",
    ):
        screen.out(f"{key:<14} {release.manifest.get(key)}")
    screen.out(f"{'folder':<14} {release.folder}\n")
    datasets = release.manifest["datasets"]
    if isinstance(datasets, dict):
        screen.table(
            [
                {
                    "dataset": n,
                    "rows": d["rows"],
                    "parts": len(d["partitions"]),
                    "audience": d["audience"],
                    "content_hash": (d["content_hash"] or "")[:16],
                }
                for n, d in sorted(datasets.items())
            ]
        )
    return 0


def verify(name: str = "current", /, *, json: bool = False) -> int:
    """Compare a release's files with its manifest.

    Args:
        name: its id; the current one when not given.
        json: for a program.
    """
    releases = Releases(load())
    release = releases.get(name)
    wrong = releases.verify(release.name)
    if json:
        screen.as_json({"release": release.name, "wrong": wrong})
    else:
        for line in wrong:
            screen.out(line)
        screen.out(
            f"{release.name}: {len(wrong)} files are wrong. Make it again: `dif run --full`."
            if wrong
            else f"{release.name}: every file is what was published."
        )
    return 1 if wrong else 0


def rollback(name: str | None = None, /) -> int:
    """Let readers open an earlier release; nothing is removed, and `dif release rollback NEWER` undoes it.

    Args:
        name: its id; the parent of the current one when not given.
    """
    settings = load()
    with durable.locked(settings.home):
        releases = Releases(settings)
        current = releases.get("current")
        target = releases.get(name or str(current.manifest["parent"]))
        wrong = releases.verify(target.name)
        if wrong:
            screen.say(f"{target.name} is damaged, so readers keep {current.name}: {wrong[0]}")
            return 1
        releases.point(target.name)
        releases.note_attempt(
            {
                "status": "rolled_back",
                "at": landing.utc_now().isoformat(timespec="seconds"),
                "release": target.name,
                "failed_checks": [],
            }
        )
    screen.out(f"Readers now open {target.name} (before: {current.name}).")
    return 0
