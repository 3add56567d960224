"""`dif doctor`, `dif backup`, `dif restore`, `dif pack`: caring for what is at rest."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from pipelines.commands import screen
from transport import backup as backups
from transport import durable, landing, packing
from transport.doctor import Finding, examine
from transport.doctor import mend as mend_home
from transport.release import Releases
from transport.settings import Settings, load


def doctor(
    *,
    mend: bool = False,
    source: Annotated[Path | None, Parameter(name="--from")] = None,
    json: bool = False,
) -> int:
    """Find what is wrong, say the mend, and with `--mend` do it. Exit 0 when all is well, or was put right.

    Args:
        mend: put right what can be, then look again. What no copy is left of is named for sending again.
        source: a backup folder to mend from.
        json: for a program.
    """
    settings = load()
    done: list[str] = []
    with _watched() as progress:
        found = examine(settings, backup=source, progress=progress)
        if mend:
            with durable.locked(settings.home):
                done = mend_home(settings, found, backup=source, progress=progress)
            found = examine(settings, backup=source, progress=progress) if found else found
    waiting = _unattended(settings)
    if json:
        said = [f.as_json() for f in [*found, *waiting]]
        screen.as_json({"findings": said, "done": done} if mend else said)
        return 1 if found or waiting else 0
    for line in done:
        screen.out(line)
    if done and found:
        screen.out("\nStill to be put right:")
    _tell([*found, *waiting])
    if not (found or waiting):
        screen.out(f"All is well in {settings.home} ({datetime.now().astimezone():%Y-%m-%d %H:%M}).")
    elif not mend and any(f.mendable for f in found):
        screen.say("`dif doctor --mend` puts right what it can; nothing is deleted, it goes to damaged/ in the home.")
    return 1 if found or waiting else 0


def backup(
    folder: Path,
    /,
    *,
    releases: Literal["current", "all"] = "current",
    lake: bool = False,
    keep: int | None = None,
    verify: bool = False,
    json: bool = False,
) -> int:
    """Take a backup while servers and runs go on: landing, access, release. Only what is new is copied.

    Args:
        folder: where backups lie, on another disk; never in the home.
        releases: the current one, or all of them.
        lake: take derived tables too; a run makes them again without.
        keep: how many backups there may be afterwards; the oldest give way.
        verify: take none, but read the newest one back, whole.
        json: for a program.
    """
    settings = load()
    if verify:
        return _check(backups.open_backup(folder), json=json, renew=True)
    with _watched() as progress:
        taken = backups.back_up(
            settings,
            folder,
            now=landing.utc_now(),
            releases=releases,
            lake=lake,
            keep=keep,
            configuration=Path.cwd() / "dif.toml",
            progress=progress,
        )
    if json:
        screen.as_json(asdict(taken))
    else:
        screen.out(
            f"Backup {taken.stamp} in {folder}: {taken.batches} batches, release {taken.release or 'none'}; "
            f"{taken.files} files, {_size(taken.bytes)}, of which {taken.new_files} ({_size(taken.new_bytes)}) are new."
        )
        if taken.pruned:
            screen.out(f"{len(taken.pruned)} older backups were removed: {', '.join(taken.pruned)}.")
        for line in taken.problems:
            screen.out(f"Not in it: {line}")
        if taken.problems:
            screen.out("  → `dif doctor` says the mend; no older backup was removed.")
    return 1 if taken.problems else 0


def restore(
    folder: Path,
    /,
    *,
    to: Path | None = None,
    at: str | None = None,
    check: bool = False,
    json: bool = False,
) -> int:
    """Put a backup into an empty home, each file compared with its hash, and examine what came of it.

    Args:
        folder: where backups lie.
        to: the home to fill; DIF_HOME when not given.
        at: which backup; the newest when not given.
        check: only read the backup through.
        json: for a program.
    """
    settings = load()
    chosen = backups.open_backup(folder, at)
    if check:
        return _check(chosen, json=json, renew=False)
    home = (to or settings.home).resolve()
    restored = Settings(home=home) if to else settings.but(landing_url="", lake_folder=None)
    with _watched() as progress:
        backups.restore(chosen, home, progress=progress)
        found = examine(restored, progress=progress)
    current = Releases(restored).current()
    if json:
        facts = {"backup": chosen.stamp, "home": str(home), "files": len(chosen.files)}
        said = {"release": current.name if current else None, "findings": [f.as_json() for f in found]}
        screen.as_json(facts | said)
        return 1 if found else 0
    screen.out(f"Restored {chosen.stamp} to {home}: {len(chosen.files)} files, each as it was taken.")
    _tell(found)
    if "dif.toml" in chosen.files:
        screen.out(f"The settings of then lie in {home / 'dif.toml'}; they are read from the working folder.")
    screen.out(f"  → Next: DIF_HOME={home} dif run" + ("" if not found else ", after the above."))
    return 1 if found else 0


def pack(*, json: bool = False) -> int:
    """Move small batches of months that are over into larger files. Names, receipts and hashes stay.

    Args:
        json: for a program.
    """
    settings = load()
    with durable.locked(settings.home):
        packed = packing.pack(landing.open_landing(settings), now=landing.utc_now())
    if json:
        screen.as_json(asdict(packed))
    else:
        screen.out(
            f"{packed.batches} batches went into {packed.files} files." if packed.files else "Nothing is to be packed."
        )
        for name in packed.damaged:
            screen.out(f"landing/{name}: damaged, so it was left as it is\n  → dif doctor --mend")
    return 1 if packed.damaged else 0


def _check(chosen: backups.Backup, *, json: bool, renew: bool) -> int:
    with _watched() as progress:
        wrong = chosen.verify(progress)
    count = backups.set_aside(chosen, wrong) if renew else 0
    missing = list(chosen.manifest["problems"])
    if json:
        facts = {"backup": chosen.stamp, "files": len(chosen.files), "batches": chosen.manifest["batches"]}
        screen.as_json(facts | {"wrong": wrong, "not_in_it": missing})
    else:
        screen.out(
            f"Backup {chosen.stamp}: {len(chosen.files)} files read back, {len(wrong)} of them damaged or missing."
        )
        for line in wrong:
            screen.out(f"  {line}")
        for line in missing:
            screen.out(f"  not in it since it was taken: {line}")
        if count:
            screen.out(f"  → {count} damaged files were set aside; the next `dif backup` takes them anew.")
    return 1 if wrong else 0


def _unattended(settings: Settings) -> list[Finding]:
    """What waits for a person: a failed run, refused files."""
    found = []
    try:
        attempt = Releases(settings).last_attempt()
    except ValueError:
        attempt = {}
        mend = "The next run writes it anew."
        found.append(Finding("releases/last_attempt.json", "cannot be read", mend, mendable=False, kind="attempt"))
    if attempt.get("status") == "failed":
        where, problem = f"last run, {attempt['at']}", str(attempt["problem"])
        found.append(Finding(where, problem, str(attempt["mend"]), mendable=False, kind="attempt"))
    rejected = settings.inbox / "rejected"
    reasons = sorted(rejected.rglob("*.reason.json")) if rejected.is_dir() else []
    if reasons:
        problem = f"{len(reasons)} files were refused, the first {reasons[0].name.removesuffix('.reason.json')}"
        mend = "Have them mended and sent again, then remove them and their reasons."
        found.append(Finding("inbox/rejected", problem, mend, mendable=False, kind="refused"))
    return found


def _tell(found: Iterable[Finding]) -> None:
    for one in found:
        screen.out(f"{one.where}: {one.problem}\n  → {one.mend}")


@contextmanager
def _watched() -> Iterator[backups.Progress]:
    """A line on a terminal that says what is looked at; elsewhere nothing."""
    progress = screen.Progress()
    yield lambda what, done, of: progress.step(what, f"{done} of {of}")
    if sys.stderr.isatty():
        screen.say("\r\033[K")


def _size(count: int) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1000:  # noqa: PLR2004 - three digits are enough for a person
            return f"{count:.0f} {unit}"
        count = round(count / 1000)
    return f"{count} GB"
