"""`dif release list, show, diff, verify, rollback, promote, hold, prune`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from catalog.errors import UnknownName, WrongUse
from pipelines.cli.checks import require_known
from pipelines.cli.present import release as present
from pipelines.cli.present.formats import counted
from pipelines.cli.screen import Result, Table, command, say
from transport.base import atomic_files
from transport.base.settings import load
from transport.releases.folder import RELEASE_FILE
from transport.releases.release import OPEN_FILE, Release
from transport.releases.store import NOT_SIGNED, OTHER_KEY, STABLE, Releases, age_hours, is_older
from transport.storage.landing import open_landing, utc_now

_FACTS = ("release", "parent", "published_at", "as_of", "through_month", "checks", "synthetic", "registers", "engine")
"""Of the manifest, what `dif release show` shows a person above the datasets."""


@command()
def list_releases() -> Result:
    """Every release, the newest first."""
    from transport.ingest.registers import releases_named

    settings = load()
    releases = Releases(settings)
    current, holds = releases.current(), releases.holds()
    register_of = {name: f"register {of}" for name, of in releases_named(open_landing(settings)).items()}
    stable = holds.get(STABLE, {}).get("release")
    rows = []
    for name in reversed(releases.names()):
        release = releases.get(name)
        manifest = release.manifest
        rows.append(
            {
                "release": name,
                "current": "*" if current and current.name == name else "",
                "stable": "*" if stable == name else "",
                "held": holds[name]["reason"] if name in holds else register_of.get(name, ""),
                "published_at": manifest["published_at"],
                "as_of": manifest["as_of"],
                "through": manifest["through_month"],
                "checks_passed": release.section("checks").get("passed"),
                "parent": manifest["parent"],
            }
        )
    return Result(rows, [Table(rows, empty="No release yet: `dif run` makes the first.")])


@command("the whole manifest.")
def show(name: str = "current", /) -> Result:
    """What a release holds.

    Args:
        name: its id; the current one when not given.
    """
    release = Releases(load()).get(name)
    lines = [f"{key:<14} {release.manifest.get(key)}" for key in _FACTS]
    rows = [
        {
            "dataset": n,
            "rows": d["rows"],
            "parts": len(d["partitions"]),
            "audience": d["audience"],
            "content_hash": (d["content_hash"] or "")[:16],
        }
        for n, d in sorted(release.section("datasets").items())
    ]
    folder = f"{'folder':<14} {release.file(OPEN_FILE).parent}\n"
    return Result(dict(release.manifest), [*lines, folder, Table(rows)])


@command("every row, for a program.")
def diff(
    before: str,
    after: str = "current",
    /,
    *,
    service: str | None = None,
    measure: str | None = None,
    municipality: str | None = None,
) -> Result:
    """What changed between two releases: use, per municipality of now, service, measure and month, and why; all else.

    Of every dataset that differs it says how many rows came and went, and the sum of each amount, count and quantity;
    of uptake it gives the customers whose status differs. The reasons are of use.

    WITHDRAWN: a batch was taken back. HELD_BEFORE: dated ahead, and held until its time came. NEW_SENDER: the
    organisation had none of it before. NEW_MAPPING: other rules, registers or borders. CORRECTED: rows that were there
    count otherwise. LATE: came when the month was over. NEW: came while it went on. Dispatches of sensitive services,
    and what else counts persons there, are left out.

    Args:
        before: a release's id, or `current`.
        after: the other one's; the current one when not given.
        service: only this service.
        measure: only this measure: forsendelser, oppslag, meldinger, …
        municipality: only this municipality, by its current code; an old code is mapped to it.
    """
    from catalog.domain.products import MEASURES, SERVICES
    from catalog.tables.usage import DISPATCHES
    from pipelines.cli.commands.run import differences
    from pipelines.run import release_diff
    from transport.lake.session import Session
    from transport.lake.tables import Lake

    settings = load()
    releases = Releases(settings)
    require_known("service", service, SERVICES)
    require_known("measure", measure, (DISPATCHES, *MEASURES))
    codes = None if municipality is None else _codes_now(municipality, present.municipalities())
    landing = open_landing(settings)
    compared = (releases.get(before), releases.get(after))
    earlier, later = (release_diff.of_release(r, landing) for r in compared)
    difference = release_diff.between(settings, landing, Lake.of(settings), earlier, later)
    with Session(settings) as session:
        changed = release_diff.statuses(session, earlier, later)

    def selected(row: Mapping[str, Any]) -> bool:
        return service in (None, row["service"]) and (codes is None or row["municipality_code"] in codes)

    datasets = difference.datasets.to_pylist()
    differing = sorted({*differences(*compared), *(r["dataset"] for r in datasets)})
    facts = {
        "before": earlier.name,
        "after": later.name,
        "untold": difference.untold,
        "also_changed": differing,
        "rows": [r for r in difference.table.to_pylist() if selected(r) and measure in (None, r["measure"])],
        "datasets": datasets,
        "statuses": [r for r in changed if selected(r)],
        "catalogue": _without_hash(*compared, but=differing),
    }
    for line in difference.untold:
        say(line)
    if codes is not None and municipality not in codes:
        say(f"{municipality} is {' and '.join(codes)} now.")
    return Result(facts, present.difference(facts, selected=any((service, measure, municipality))))


def _without_hash(release: Release, other: Release, *, but: Collection[str]) -> list[dict[str, object]]:
    """Datasets about the run and the catalogue that differ, by their files: they have no content hash."""
    a, b = release.section("datasets"), other.section("datasets")
    return [
        {"dataset": name, "rows_before": a.get(name, {}).get("rows"), "rows_after": b.get(name, {}).get("rows")}
        for name in sorted({*a, *b} - {*but})
        if not (a.get(name, {}).get("content_hash") or b.get(name, {}).get("content_hash"))
        and a.get(name, {}).get("partitions") != b.get(name, {}).get("partitions")
    ]


def _codes_now(code: str, names: Collection[str]) -> tuple[str, ...]:
    """The current codes that a municipality's code of any year corresponds to.

    Raises:
        UnknownName: no municipality has or had the code.
    """
    from catalog.domain.borders import borders

    if code in names:
        return (code,)
    municipality = borders().municipalities.get(code)
    if municipality is None:
        raise UnknownName("municipality", code, choices=names)
    return tuple(s.code for s in borders().to_now(code, municipality.valid_from))


@command()
def verify(name: str = "current", /, *, key: Path | None = None, newer_than: str | None = None) -> Result:
    """Compare a release's files with its manifest, and with --key the manifest with its signature.

    Args:
        name: its id, or `current`, `stable` or a day; the current one when not given.
        key: the publisher's public key (PEM).
        newer_than: a day or a release; one that was published before it fails.
    """
    releases = Releases(load())
    release = releases.get(name)
    signed = None
    if key is not None:
        from transport.releases.signing import Verifier  # its library takes 20 ms

        signed = Verifier.of(key)
    wrong = releases.verify(release.name, signed=signed)
    published_at, age, older = release.manifest.get("published_at"), None, newer_than is not None
    with suppress(KeyError, TypeError, ValueError):  # a damaged manifest proves no age
        age = round(age_hours(release, utc_now()), 1)
        older = newer_than is not None and is_older(release, newer_than)
    signature = f", and {release.manifest.get('signed_by')} signed it" if signed else ""
    if wrong == [NOT_SIGNED]:
        verdict = "every file matches its manifest. With `signing_key` set, the next `dif run` signs its release."
    elif len(wrong) == 1 and wrong[0].startswith(OTHER_KEY):
        verdict = "every file matches its manifest, which another key signed. Ask the publisher which key is theirs."
    elif wrong:
        verdict = f"{counted(len(wrong), 'problem')}. Make it again: `dif run --full`."
    else:
        verdict = f"every file matches what was published{signature}."
    lines = [*wrong, f"{release.name}: {verdict}"]
    lines.append(f"Published at {published_at}, {age} hours ago." if age is not None else "It does not say when.")
    if signed and RELEASE_FILE not in release.section("files"):
        lines.append("Its lists of files do not say which release they are of: it was published before lists did.")
    if older:
        lines.append(f"That is not newer than {newer_than}.")
    facts = {"release": release.name, "published_at": published_at, "age_hours": age, "older": older, "wrong": wrong}
    return Result(facts, lines, code=1 if wrong or older else 0)


@command(None)
def rollback(name: str | None = None, /) -> Result:
    """Let readers open an earlier release; nothing is removed, and `dif release rollback NEWER` undoes it.

    Args:
        name: its id; the parent of the current one when not given.
    """
    settings = load()
    with atomic_files.locked(settings.home):
        releases = Releases(settings)
        current = releases.get("current")
        earlier = name or current.manifest["parent"]
        if earlier is None:
            raise WrongUse(f"{current.name} has no parent: it is the first.", "`dif release list` shows every release.")
        target = releases.get(str(earlier))
        wrong = releases.verify(target.name)
        if wrong:
            return Result(notes=[f"{target.name} is damaged, so readers keep {current.name}: {wrong[0]}"], code=1)
        releases.point(target.name)
        releases.note_attempt(
            {
                "status": "rolled_back",
                "at": utc_now().isoformat(timespec="seconds"),
                "release": target.name,
                "failed_checks": [],
            }
        )
    return Result(lines=[f"Readers now open {target.name} (before: {current.name})."])


@command(None)
def promote(name: str = "current", /, *, by: str = "", reason: str = "", off: bool = False) -> Result:
    """Make a release the stable one: readers who ask for `stable` get it until another is promoted.

    Args:
        name: its id; the current one when not given.
        by: the function that decides it, not a person's name.
        reason: why.
        off: let no release be stable.
    """
    settings = load()
    with atomic_files.locked(settings.home):
        releases = Releases(settings)
        if off:
            releases.let_go(STABLE)
            return Result(lines=["No release is stable."])
        _check_decision("A promotion", by, reason)
        before, target = releases.holds().get(STABLE, {}).get("release"), releases.get(name).name
        if wrong := releases.verify(target):
            return Result(notes=[f"{target} is damaged, so it does not become stable: {wrong[0]}"], code=1)
        releases.promote(target, by=by, reason=reason, now=utc_now())
    return Result(lines=[f"{target} is stable{f' (before: {before})' if before else ''}."])


def _check_decision(what: str, by: str, reason: str) -> None:
    if not (by and reason):
        raise WrongUse(f"{what} needs a function and a reason.", "Add --by FUNCTION --reason TEXT.")


@command(None)
def hold(name: str = "current", /, *, by: str = "", reason: str = "", off: bool = False) -> Result:
    """Keep a release until the hold is lifted.

    Args:
        name: its id; the current one when not given.
        by: the function that holds it, not a person's name.
        reason: what for.
        off: lift the hold.
    """
    settings = load()
    with atomic_files.locked(settings.home):
        releases = Releases(settings)
        if off:
            name = name if name in releases.holds() else releases.get(name).name  # one that is gone may still be held
            if name == STABLE:
                raise WrongUse("A release is kept while it is stable.", "`dif release promote --off` ends that.")
            releases.let_go(name)
            return Result(lines=[f"{name} is no longer held; `dif release prune` shows whether it is still kept."])
        _check_decision("A hold", by, reason)
        release_id = releases.get(name).name
        releases.hold(release_id, by=by, reason=reason, now=utc_now())
    return Result(lines=[f"{release_id} is kept until `dif release hold {release_id} --off`."])


@command()
def prune(*, yes: bool = False) -> Result:
    """The releases that are kept no longer, with what each takes alone. Without --yes none is removed.

    Each run removes them too. Kept are all of the last two days, the last of each day and each month for as long as
    `release_days` and `release_months` say, the current one and its parent, what is held, and what a register names.

    Args:
        yes: remove them.
    """
    from pipelines.run.publish import expired_releases
    from pipelines.run.publish import prune as remove
    from pipelines.run.steps import start

    settings = load()
    with atomic_files.locked(settings.home):
        run = start(settings, utc_now())
        rows = [
            {
                "release": name,
                "published_at": run.releases.get(name).manifest["published_at"],
                "mb": round(_own_bytes(run.releases.get(name).folder) / 1_000_000, 1),
            }
            for name in expired_releases(run)
        ]
        if yes:
            remove(run)
    lines: list[str | Table] = [Table(rows, empty="Every release is kept.")]
    if rows:
        lines.append(f"{len(rows)} {'removed' if yes else 'would be removed; --yes removes them'}.")
    return Result({"removed": yes, "releases": rows}, lines)


def _own_bytes(folder: Path) -> int:
    """Bytes of files that neither another release nor the lake links to."""
    files = (p.stat() for p in folder.rglob("*") if p.is_file())
    return sum(s.st_size for s in files if s.st_nlink == 1)
