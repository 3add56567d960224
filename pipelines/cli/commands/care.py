"""`dif doctor`, `dif backup`, `dif restore`, `dif pack`, `dif move`: caring for what is at rest."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from pipelines.cli.commands import screen
from pipelines.cli.commands.screen import counted
from pipelines.run.steps import alone
from pipelines.run.tables import LAKE
from transport.base import atomic_files
from transport.base.settings import Settings, load
from transport.ingest import inbox
from transport.operations import backup as backups
from transport.operations import move as moving
from transport.operations.doctor import Finding, examine, given_up
from transport.operations.doctor import mend as mend_home
from transport.releases.store import Releases
from transport.storage import compaction, landing
from transport.storage.backends import backend_of
from transport.storage.erasure import remembered, to_mask_again


def doctor(
    *,
    mend: bool = False,
    source: Annotated[Path | None, Parameter(name="--from")] = None,
    json: bool = False,
) -> int:
    """Find what is wrong and say how to fix it; `--mend` fixes it. Exit 0 when all is well, or was fixed.

    Args:
        mend: repair what can be repaired, then check again; names what must be sent again.
        source: a backup folder to repair from.
        json: for a program.
    """
    settings = load()
    see_that_there_is_a_home(settings)
    done: list[str] = []
    with _watched() as progress:
        findings = examine(settings, backup=source, progress=progress)
        if mend:
            with atomic_files.locked(settings.home):
                done = mend_home(settings, findings, backup=source, progress=progress)
            findings = examine(settings, backup=source, progress=progress) if findings else findings
    waiting = _unattended(settings)
    if json:
        rows = [f.as_json() for f in [*findings, *waiting]]
        screen.as_json({"findings": rows, "done": done} if mend else rows)
        return 1 if findings or waiting else 0
    for line in done:
        screen.out(line)
    if done and findings:
        screen.out("\nStill to fix:")
    _tell([*findings, *waiting])
    for entry in given_up(settings):
        screen.out(f"Note: landing/{entry.file} is lost and was withdrawn; it counts nowhere and needs no action.")
    if not (findings or waiting):
        landed = bool(backend_of(settings).journal())
        well = "All is well" if landed else "Nothing has landed yet, and nothing is wrong"
        screen.out(f"{well} in {settings.home} ({datetime.now().astimezone():%Y-%m-%d %H:%M}).")
    elif not mend and any(f.mendable for f in findings):
        screen.say(
            "`dif doctor --mend` fixes what it can; it deletes only what was erased, and moves damaged files to "
            "damaged/ in the home."
        )
    return 1 if findings or waiting else 0


def backup(
    folder: Path,
    /,
    *,
    releases: backups.Which = "kept",
    lake: bool = False,
    keep: int | None = None,
    verify: bool = False,
    json: bool = False,
) -> int:
    """Take a backup while servers and runs go on: landing, access, releases. Only what is new is copied.

    Args:
        folder: where backups lie, on another disk; never in the home.
        releases: those that readers may ask for by name (the current and the stable one, held ones, and those that a
            register names), the current one alone, or all of them.
        lake: include derived tables, which a run can also remake.
        keep: how many backups to keep; the oldest are removed.
        verify: take no backup; read the newest one back in full.
        json: for a program.
    """
    settings = load()
    if verify:
        return _check(backups.open_backup(folder), json=json, renew=True)
    now = landing.utc_now()
    with backups.noting(settings, folder, landing.utc_now) as ended, _watched() as progress:
        taken = backups.back_up(
            settings,
            folder,
            now=now,
            releases=releases,
            lake=lake,
            keep=keep,
            configuration=Path.cwd() / "dif.toml",
            progress=progress,
        )
        ended(taken)
    if not settings.landing_url and folder.stat().st_dev == settings.landing.stat().st_dev:
        screen.say(f"{folder} is on the same disk as the home: if that disk fails, both are lost.")
    if backups.moment_of(taken.stamp) > f"{now:%Y%m%dT%H%M%SZ}":
        screen.say(
            f"An earlier backup in {folder} is named for a moment that this machine's clock has not reached.\n"
            f"  → Check the clock. This one is {taken.stamp}, so that it counts as the newest."
        )
    if json:
        screen.as_json(asdict(taken))
    else:
        _tell_taken(taken, folder)
    return 1 if taken.problems or taken.shrunk else 0


def _tell_taken(taken: backups.Taken, folder: Path) -> None:
    batches = counted(taken.batches, "batch", "batches")
    screen.out(
        f"Backup {taken.stamp} in {folder}: {batches}, release {taken.release or 'none'}; "
        f"{counted(taken.files, 'file')}, {_size(taken.bytes)}, "
        f"of which {taken.new_files} ({_size(taken.new_bytes)}) {'is' if taken.new_files == 1 else 'are'} new."
    )
    if taken.pruned:
        many = "older backup was" if len(taken.pruned) == 1 else "older backups were"
        screen.out(f"{len(taken.pruned)} {many} removed: {', '.join(taken.pruned)}.")
    for line in taken.problems:
        screen.out(f"Not in the backup: {line}")
    if taken.problems:
        screen.out("  → `dif doctor` says how to fix it; no older backup was removed.")
    if taken.shrunk:
        stamp, count = taken.shrunk
        before = [s for s in backups.stamps(folder) if s != taken.stamp]
        which = "the newest before it" if before[-1:] == [stamp] else stamp
        screen.out(
            f"This backup holds {batches}; {which} holds {count}. Nothing was removed.\n"
            f"  → Check DIF_HOME. If it is wrong, remove {folder / taken.stamp}. If it is right, remove the larger "
            "ones that nobody needs."
        )


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
        again = backups.restore(chosen, home, progress=progress)
        findings = examine(restored, progress=progress)
    gone = remembered(chosen.folder)
    unmasked = to_mask_again(landing.open_landing(restored), gone) if gone else []
    current = Releases(restored).current()
    if json:
        facts = {"backup": chosen.stamp, "home": str(home), "files": len(chosen.files)}
        outcome = {"release": current.name if current else None, "findings": [f.as_json() for f in findings]}
        erased = {"erased_again": [e.file for e in again], "to_mask_again": [e.file for e in unmasked]}
        screen.as_json(facts | outcome | erased)
        return 1 if findings else 0
    screen.out(f"Restored {chosen.stamp} to {home}: {counted(len(chosen.files), 'file')}, each as it was taken.")
    if again:
        many = counted(len(again), "batch", "batches")
        screen.out(f"{many} had been erased since, and {'was' if len(again) == 1 else 'were'} erased again.")
    for entry in unmasked:
        screen.out(f"landing/{entry.file}: an identity number in it was masked since, and is back.")
        screen.out("  → Mask it again before anybody reads: `dif erase --identity`.")
    _tell(findings)
    if "dif.toml" in chosen.files:
        screen.out(f"The settings of that time are in {home / 'dif.toml'}; dif reads dif.toml from the working folder.")
    screen.out(f"  → Next: DIF_HOME={home} dif run" + ("" if not findings else ", after fixing the above."))
    return 1 if findings else 0


def pack(*, json: bool = False) -> int:
    """Compact small batches of past months into larger files. Names, receipts and hashes stay.

    Args:
        json: for a program.
    """
    settings = load()
    see_that_there_is_a_home(settings)
    with atomic_files.locked(settings.home):
        packed = compaction.pack(landing.open_landing(settings), now=landing.utc_now())
    if json:
        screen.as_json(asdict(packed))
    else:
        screen.out(
            f"{counted(packed.batches, 'batch', 'batches')} went into {counted(packed.files, 'file')}."
            if packed.files
            else "Nothing to pack: small batches received before this month, "
            f"at least {compaction.FEWEST} of a stream in a month."
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
            f"Backup {chosen.stamp}: {counted(len(chosen.files), 'file')} read back, "
            f"{len(wrong)} of them damaged or missing."
        )
        for line in wrong:
            screen.out(f"  {line}")
        for line in missing:
            screen.out(f"  not in it from the start: {line}")
        if count:
            many = "file was" if count == 1 else "files were"
            screen.out(
                f"  → {count} damaged {many} set aside; the next `dif backup` copies the intact files here again."
            )
    return 1 if wrong or missing else 0


def see_that_there_is_a_home(settings: Settings) -> None:
    """Check that there is a home for a command to work on.

    Raises:
        WrongUse: there is no home; most likely its name is mistyped.
    """
    if not settings.home.is_dir() and not settings.landing_url:
        raise backups.nothing_landed(settings)


def _unattended(settings: Settings) -> list[Finding]:
    """What waits for a person: a failed run, refused files, files that cannot be taken in."""
    findings = []
    try:
        attempt = Releases(settings).last_attempt()
    except ValueError:
        attempt = {}
        mend = "The next run rewrites it."
        findings.append(Finding("releases/last_attempt.json", "cannot be read", mend, mendable=False, kind="attempt"))
    if attempt.get("status") == "failed":
        where, problem = f"last run, {attempt['at']}", str(attempt["problem"])
        findings.append(Finding(where, problem, str(attempt["mend"]), mendable=False, kind="attempt"))
    rejected = settings.inbox / "rejected"
    reasons = sorted(rejected.rglob("*.reason.json")) if rejected.is_dir() else []
    if reasons:
        many = "file was refused:" if len(reasons) == 1 else "files were refused, the first"
        problem = f"{len(reasons)} {many} {reasons[0].name.removesuffix('.reason.json')}"
        mend = "Have them corrected and sent again, then remove them and their reasons."
        findings.append(Finding("inbox/rejected", problem, mend, mendable=False, kind="refused"))
    for place, why in inbox.stuck(settings):
        problem, _, mend = why.partition(": ")
        mend = f"{mend[:1].upper()}{mend[1:]}"
        findings.append(Finding(f"inbox/{place}", problem, mend, mendable=False, kind="stuck"))
    return findings


def _tell(findings: Iterable[Finding]) -> None:
    for finding in findings:
        screen.out(f"{finding.where}: {finding.problem}\n  → {finding.mend}")


@contextmanager
def _watched() -> Iterator[backups.Progress]:
    """Show progress as one line on a terminal; elsewhere nothing."""
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


def move(
    *,
    landing_url: str | None = None,
    lake_url: str | None = None,
    releases_url: str | None = None,
    json: bool = False,
) -> int:
    """Copy landing, lake and releases to object storage, or back to the home, and compare what is there.

    Nothing is removed where they were. Stop the servers before, change the settings after.

    Args:
        landing_url: where the landing goes, such as s3://bucket/landing; home for the home's own disk.
        lake_url: where the lake goes; together with releases_url.
        releases_url: where the releases go.
        json: for a program.
    """
    settings = load()
    see_that_there_is_a_home(settings)
    asked = {"landing_url": landing_url, "lake_url": lake_url, "releases_url": releases_url}
    places = {name: "" if url == "home" else url for name, url in asked.items() if url is not None}
    target = settings.but(**places)
    with alone(settings), _watched() as progress:
        moved = moving.move(settings, target, LAKE, progress=progress)
    if json:
        screen.as_json(asdict(moved) | places)
        return 0
    what = [counted(moved.batches, "batch", "batches")] if landing_url is not None else []
    what += [f"the lake and {counted(len(moved.releases), 'release')}"] if moved.tables else []
    screen.out(f"{' and '.join(what)}: every file is there as it is here. Nothing was removed.")
    for name, url in places.items():
        screen.out(f'  → Set {name} = "{url}" in dif.toml, or DIF_{name.upper()}, wherever dif runs.')
    if places.get("releases_url"):
        screen.out("  → Copy access/perturbation.key, mode 600, to the home of each machine that makes releases.")
    return 0
