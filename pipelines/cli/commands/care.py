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

from pipelines.cli.checks import require_home
from pipelines.cli.present.formats import counted, size
from pipelines.cli.screen import Note, Progress, Result, command, say
from pipelines.run.steps import exclusive_run
from pipelines.run.tables import LAKE
from transport.base import atomic_files
from transport.base.settings import Settings, load
from transport.ingest import inbox
from transport.operations import backup as backups
from transport.operations import doctor as examination
from transport.operations import housekeeping, server_state
from transport.operations.doctor import Finding, examine
from transport.releases.store import Releases
from transport.storage import compaction
from transport.storage.backends import backend_of
from transport.storage.erasure import remembered, to_mask_again
from transport.storage.landing import open_landing, utc_now


@command()
def doctor(*, mend: bool = False, source: Annotated[Path | None, Parameter(name="--from")] = None) -> Result:
    """Find what is wrong and say how to fix it; `--mend` fixes it. Exit 0 when all is well, or was fixed.

    Args:
        mend: repair what can be repaired, then check again; names what must be sent again.
        source: a backup folder to repair from.
    """
    settings = load()
    require_home(settings)
    done: list[str] = []
    with _shown_progress() as progress:
        findings = examine(settings, backup=source, progress=progress)
        if mend:
            with atomic_files.locked(settings.home):
                done = examination.mend(settings, findings, backup=source, progress=progress)
            findings = examine(settings, backup=source, progress=progress) if findings else findings
    everything = [*findings, *_unattended(settings)]
    rows = [f.as_json() for f in everything]
    lines = list(done)
    if done and findings:
        lines.append("\nStill to fix:")
    lines += _finding_lines(everything)
    lines += [
        f"Note: landing/{entry.file} is lost and was withdrawn; it counts nowhere and needs no action."
        for entry in examination.withdrawn_and_damaged(settings)
    ]
    if not everything:
        landed = bool(backend_of(settings).journal())
        well = "All is well" if landed else "Nothing has landed yet, and nothing is wrong"
        lines.append(f"{well} in {settings.home} ({datetime.now().astimezone():%Y-%m-%d %H:%M}).")
    elif not mend and any(f.mendable for f in findings):
        lines.append(
            Note(
                "`dif doctor --mend` fixes what it can; it deletes only what was erased, and moves damaged files to "
                "damaged/ in the home."
            )
        )
    return Result({"findings": rows, "done": done} if mend else rows, lines, code=1 if everything else 0)


@command()
def backup(
    folder: Path,
    /,
    *,
    releases: backups.Which = "kept",
    lake: bool = False,
    keep: int | None = None,
    verify: bool = False,
) -> Result:
    """Take a backup while servers and runs go on: landing, access, releases. Only what is new is copied.

    Args:
        folder: where backups lie, on another disk; never in the home.
        releases: those that readers may ask for by name (the current and the stable one, held ones, and those that a
            register names), the current one alone, or all of them.
        lake: include derived tables, which a run can also remake.
        keep: how many backups to keep; the oldest are removed.
        verify: take no backup; read the newest one back in full.
    """
    settings = load()
    if verify:
        return _check(backups.open_backup(folder), renew=True)
    now = utc_now()
    with backups.recording_outcome(settings, folder, utc_now) as ended, _shown_progress() as progress:
        result = backups.back_up(
            settings,
            folder,
            now=now,
            releases=releases,
            lake=lake,
            keep=keep,
            configuration=Path.cwd() / "dif.toml",
            progress=progress,
        )
        ended(result)
    if not settings.landing_url and folder.stat().st_dev == settings.landing.stat().st_dev:
        say(f"{folder} is on the same disk as the home: if that disk fails, both are lost.")
    if backups.moment_of(result.stamp) > f"{now:%Y%m%dT%H%M%SZ}":
        say(
            f"An earlier backup in {folder} is named for a moment that this machine's clock has not reached.\n"
            f"  → Check the clock. This one is {result.stamp}, so that it counts as the newest."
        )
    batches = counted(result.batches, "batch", "batches")
    lines = [
        (
            f"Backup {result.stamp} in {folder}: {batches}, release {result.release or 'none'}; "
            f"{counted(result.files, 'file')}, {size(result.bytes)}, "
            f"of which {result.new_files} ({size(result.new_bytes)}) {'is' if result.new_files == 1 else 'are'} new."
        )
    ]
    if result.pruned:
        many = "older backup was" if len(result.pruned) == 1 else "older backups were"
        lines.append(f"{len(result.pruned)} {many} removed: {', '.join(result.pruned)}.")
    lines += [f"Not in the backup: {line}" for line in result.problems]
    if result.problems:
        lines.append("  → `dif doctor` says how to fix it; no older backup was removed.")
    if result.shrunk:
        stamp, count = result.shrunk
        before = [s for s in backups.stamps(folder) if s != result.stamp]
        which = "the newest before it" if before[-1:] == [stamp] else stamp
        lines.append(
            f"This backup holds {batches}; {which} holds {count}. Nothing was removed.\n"
            f"  → Check DIF_HOME. If it is wrong, remove {folder / result.stamp}. If it is right, remove the larger "
            "ones that nobody needs."
        )
    return Result(asdict(result), lines, code=1 if result.problems or result.shrunk else 0)


@command()
def restore(folder: Path, /, *, to: Path | None = None, at: str | None = None, check: bool = False) -> Result:
    """Put a backup into an empty home, each file compared with its hash, and examine what came of it.

    Args:
        folder: where backups lie.
        to: the home to fill; DIF_HOME when not given.
        at: which backup; the newest when not given.
        check: only read the backup through.
    """
    settings = load()
    chosen = backups.open_backup(folder, at)
    if check:
        return _check(chosen, renew=False)
    home = (to or settings.home).resolve()
    restored = Settings(home=home) if to else settings.but(landing_url="", lake_folder=None)
    with _shown_progress() as progress:
        again = backups.restore(chosen, home, progress=progress)
        findings = examine(restored, progress=progress)
    gone = remembered(chosen.folder)
    unmasked = to_mask_again(open_landing(restored), gone) if gone else []
    current = Releases(restored).current()
    facts = {
        "backup": chosen.stamp,
        "home": str(home),
        "files": len(chosen.files),
        "release": current.name if current else None,
        "findings": [f.as_json() for f in findings],
        "erased_again": [e.file for e in again],
        "to_mask_again": [e.file for e in unmasked],
    }
    lines = [f"Restored {chosen.stamp} to {home}: {counted(len(chosen.files), 'file')}, each as it was taken."]
    if again:
        many = counted(len(again), "batch", "batches")
        lines.append(f"{many} had been erased since, and {'was' if len(again) == 1 else 'were'} erased again.")
    lines += [f"landing/{e.file}: an identity number in it was masked since, and is back.\n{_MASK}" for e in unmasked]
    lines += _finding_lines(findings)
    if "dif.toml" in chosen.files:
        lines.append(
            f"The settings of that time are in {home / 'dif.toml'}; dif reads dif.toml from the working folder."
        )
    lines.append(f"  → Next: DIF_HOME={home} dif run" + ("" if not findings else ", after fixing the above."))
    return Result(facts, lines, code=1 if findings else 0)


_MASK = "  → Mask it again before anybody reads: `dif erase --identity`."


@command()
def pack() -> Result:
    """Compact small batches of past months into larger files. Names, receipts and hashes stay."""
    settings = load()
    require_home(settings)
    with atomic_files.locked(settings.home):
        packed = compaction.pack(open_landing(settings), now=utc_now())
    summary = (
        f"{counted(packed.batches, 'batch', 'batches')} went into {counted(packed.files, 'file')}."
        if packed.files
        else "Nothing to pack: small batches received before this month, "
        f"at least {compaction.FEWEST} of a stream in a month."
    )
    return Result(asdict(packed), [summary, *_damaged_lines(packed.damaged)], code=1 if packed.damaged else 0)


@command()
def tidy(*, json: bool = False) -> Result:  # noqa: ARG001 - `command` reads it
    """Remove old logs and abandoned files, and pack small batches of past months. A timer calls it each hour.

    Args:
        json: for a program.
    """
    settings = load()
    require_home(settings)
    done = housekeeping.tidy(settings, utc_now())
    removed = f"{counted(done.removed, 'abandoned file')} and {counted(done.logs, 'day')} of logs removed"
    lines = [f"{removed}, {counted(done.packed, 'batch', 'batches')} packed into {counted(done.files, 'file')}."]
    if done.busy:
        lines.append("A run has the home, so nothing was packed. The next `dif tidy` does.")
    return Result(asdict(done), lines + _damaged_lines(done.damaged), code=1 if done.damaged else 0)


def _damaged_lines(names: Iterable[str]) -> list[str]:
    return [f"landing/{name}: damaged, so it was left as it is\n  → dif doctor --mend" for name in names]


def _check(chosen: backups.Backup, *, renew: bool) -> Result:
    """Read a backup back.

    Args:
        chosen: the backup.
        renew: set damaged files aside, so that the next backup copies them again.
    """
    with _shown_progress() as progress:
        wrong = chosen.verify(progress)
    count = backups.set_aside(chosen, wrong) if renew else 0
    missing = list(chosen.manifest["problems"])
    facts = {"backup": chosen.stamp, "files": len(chosen.files), "batches": chosen.manifest["batches"]}
    files = counted(len(chosen.files), "file")
    lines = [f"Backup {chosen.stamp}: {files} read back, {len(wrong)} of them damaged or missing."]
    lines += [f"  {line}" for line in wrong]
    lines += [f"  not in it from the start: {line}" for line in missing]
    if count:
        many = "file was" if count == 1 else "files were"
        lines.append(f"  → {count} damaged {many} set aside; the next `dif backup` copies the intact files here again.")
    return Result(facts | {"wrong": wrong, "not_in_it": missing}, lines, code=1 if wrong or missing else 0)


def _unattended(settings: Settings) -> list[Finding]:
    """What waits for a person: a failed run, lost records, refused files, files that cannot be taken in."""
    findings = []
    attempt = Releases(settings).last_attempt()
    if attempt.get("status") == "failed":
        where, problem = f"last run, {attempt['at']}", str(attempt["problem"])
        findings.append(Finding(where, problem, str(attempt["mend"]), mendable=False, kind="attempt"))
    for name, look, mend in (
        ("backup.json", backups.last, "The next `dif backup` writes it anew."),
        ("servers", server_state.servers_of, "Start the servers, which write it anew; if retired, remove it."),
    ):
        try:
            look(settings)
        except ValueError:
            findings.append(Finding(name, "cannot be read", mend, mendable=False, kind="record"))
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


def _finding_lines(findings: Iterable[Finding]) -> list[str]:
    return [f"{finding.where}: {finding.problem}\n  → {finding.mend}" for finding in findings]


@contextmanager
def _shown_progress() -> Iterator[backups.Progress]:
    """Show progress as one line on a terminal; elsewhere nothing."""
    progress = Progress()
    yield lambda what, done, of: progress.step(what, f"{done} of {of}")
    if sys.stderr.isatty():
        say("\r\033[K")


@command()
def move(*, landing_url: str | None = None, lake_url: str | None = None, releases_url: str | None = None) -> Result:
    """Copy landing, lake and releases to object storage, or back to the home, and compare what is there.

    Nothing is removed where they were. Stop the servers before, change the settings after.

    Args:
        landing_url: where the landing goes, such as s3://bucket/landing; home for the home's own disk.
        lake_url: where the lake goes; together with releases_url.
        releases_url: where the releases go.
    """
    settings = load()
    require_home(settings)
    urls = {"landing_url": landing_url, "lake_url": lake_url, "releases_url": releases_url}
    places = {name: "" if url == "home" else url for name, url in urls.items() if url is not None}
    with exclusive_run(settings), _shown_progress() as progress:
        from transport.cluster.move import move as move_home

        moved = move_home(settings, settings.but(**places), LAKE, progress=progress)
    what = [counted(moved.batches, "batch", "batches")] if landing_url is not None else []
    what += [f"the lake and {counted(len(moved.releases), 'release')}"] if moved.tables else []
    lines = [f"{' and '.join(what)}: every file is there as it is here. Nothing was removed."]
    lines += [
        f'  → Set {name} = "{url}" in dif.toml, or DIF_{name.upper()}, wherever dif runs.'
        for name, url in places.items()
    ]
    if places.get("releases_url"):
        lines.append("  → Copy access/perturbation.key, mode 600, to the home of each machine that makes releases.")
    return Result(asdict(moved) | places, lines)
