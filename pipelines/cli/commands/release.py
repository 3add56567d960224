"""`dif release list, show, diff, verify, rollback, promote, hold, prune`."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalog.errors import WrongUse
from pipelines.cli.commands import screen
from transport.base import atomic_files
from transport.base.settings import load
from transport.releases.folder import NAMED, OPEN_FILE, Release
from transport.releases.store import NOT_SIGNED, OTHER_KEY, STABLE, Releases, age_hours, is_older
from transport.storage import landing

_SHOWN = 40
"""How many rows fit a person's screen; --json and `quality.release_diff` have them all."""


def list_releases(*, json: bool = False) -> int:
    """Every release, the newest first.

    Args:
        json: for a program.
    """
    from transport.ingest.registers import releases_named

    settings = load()
    releases = Releases(settings)
    current, held = releases.current(), releases.held()
    named = {name: f"register {of}" for name, of in releases_named(landing.open_landing(settings)).items()}
    stable = held.get(STABLE, {}).get("release")
    rows = []
    for name in reversed(releases.names()):
        manifest = releases.get(name).manifest
        checks = manifest["checks"]
        rows.append(
            {
                "release": name,
                "current": "*" if current and current.name == name else "",
                "stable": "*" if stable == name else "",
                "held": held[name]["reason"] if name in held else named.get(name, ""),
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
    screen.out(f"{'folder':<14} {release.file(OPEN_FILE).parent}\n")
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


def diff(
    before: str,
    after: str = "current",
    /,
    *,
    service: str | None = None,
    measure: str | None = None,
    municipality: str | None = None,
    json: bool = False,
) -> int:
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
        json: every row, for a program.
    """
    from catalog.domain.products import MEASURES, SERVICES
    from catalog.errors import UnknownName
    from catalog.tables.usage import DISPATCHES
    from pipelines.cli.commands.run import differences
    from pipelines.run import release_diff
    from transport.lake.session import Session
    from transport.lake.tables import Lake

    settings = load()
    releases = Releases(settings)
    if service is not None and service not in SERVICES:
        raise UnknownName("service", service, choices=SERVICES)
    if measure is not None and measure not in (DISPATCHES, *MEASURES):
        raise UnknownName("measure", measure, choices=(DISPATCHES, *MEASURES))
    names = _municipalities()
    codes = None if municipality is None else _codes_now(municipality, names)
    kept = landing.open_landing(settings)
    releases_named = (releases.get(before), releases.get(after))
    side, other = (release_diff.of_release(r, kept) for r in releases_named)
    difference = release_diff.between(settings, kept, Lake.of(settings), side, other)
    all_rows = difference.table.to_pylist()
    rows = [
        r
        for r in all_rows
        if service in (None, r["service"])
        and measure in (None, r["measure"])
        and (codes is None or r["municipality_code"] in codes)
    ]
    selected = any((service, measure, municipality))
    datasets = difference.datasets.to_pylist()
    also = sorted({*differences(*releases_named), *(r["dataset"] for r in datasets)})
    beside = _beside(*releases_named, but=also)
    with Session(settings) as session:
        changed = release_diff.statuses(session, side, other)
    statuses = [
        r for r in changed if service in (None, r["service"]) and (codes is None or r["municipality_code"] in codes)
    ]
    for line in difference.untold:
        screen.say(line)
    if codes is not None and municipality not in codes:
        screen.say(f"{municipality} is {' and '.join(codes)} now.")
    if json:
        screen.as_json(
            {
                "before": side.name,
                "after": other.name,
                "untold": difference.untold,
                "also_changed": also,
                "rows": rows,
                "datasets": datasets,
                "statuses": statuses,
                "catalogue": beside,
            }
        )
        return 0
    screen.table(
        [
            {
                "month": f"{r['month']:%Y-%m}",
                "code": r["municipality_code"],
                "municipality": names.get(r["municipality_code"], "ikke kommune"),
                "service": r["service"],
                "measure": r["measure"],
                "reason": r["reason"],
                **{k: _plain(r[k]) for k in ("difference", "before", "after")},
                "synthetic": "syntetisk" if r["synthetic"] else "",
            }
            for r in rows[:_SHOWN]
        ],
        empty=_no_use_differs(f"between {side.name} and {other.name}", selected=selected, datasets=len(also)),
    )
    if len(rows) > _SHOWN:
        screen.out(f"… and {len(rows) - _SHOWN} more rows; --json, --service, --measure or --municipality.")
    for line in _sums(rows):
        screen.out(f"{other.name} against {side.name}: {line}")
    if selected and also:
        screen.out(f"Datasets that differ, whatever is selected: {', '.join(also)}.")
    elif also:
        tell_of_datasets(datasets, also)
    tell_of_statuses(statuses)
    _tell_of_the_run(beside)
    return 0


def _tell_of_the_run(beside: Sequence[Mapping[str, object]]) -> None:
    rows_of = ", ".join(f"{r['dataset']} ({r['rows_before']} → {r['rows_after']} rows)" for r in beside)
    if rows_of:
        screen.out(f"\nOf the run and the catalogue, which have no content hash: {rows_of}.")


def _beside(release: Release, other: Release, *, but: Collection[str]) -> list[dict[str, object]]:
    """Datasets about the run and the catalogue that differ, by their files: they have no content hash."""
    a, b = release.section("datasets"), other.section("datasets")
    return [
        {"dataset": name, "rows_before": a.get(name, {}).get("rows"), "rows_after": b.get(name, {}).get("rows")}
        for name in sorted({*a, *b} - {*but})
        if not (a.get(name, {}).get("content_hash") or b.get(name, {}).get("content_hash"))
        and a.get(name, {}).get("partitions") != b.get(name, {}).get("partitions")
    ]


def _no_use_differs(between: str, *, selected: bool, datasets: int) -> str:
    if selected:
        return f"No dispatches or measured quantities of the selection differ {between}."
    if not datasets:
        return f"Nothing differs {between}: every content hash is the same."
    counted = screen.counted(datasets, "other dataset does", "other datasets do")
    return f"No dispatches or measured quantities differ {between}; {counted}."


def tell_of_datasets(datasets: Sequence[Mapping[str, Any]], names: Collection[str] = ()) -> None:
    """Print the rows and sums of datasets that differ (`quality.release_diff_dataset`).

    Args:
        datasets: its rows.
        names: of all datasets that differ.
    """
    if datasets:
        screen.out("\nDatasets that differ, by their rows and by the sum of each amount, count and quantity:")
    screen.table(
        [
            {
                "dataset": r["dataset"],
                "of": r["column_name"] or "rows",
                "unit": r["unit"],
                **{k: None if r[k] is None else _plain(r[k]) for k in ("before", "after", "difference")},
                **{k: r[k] for k in ("removed", "added")},
                "": "syntetisk" if r["synthetic"] else "",
            }
            for r in datasets
        ]
    )
    if rest := sorted(set(names) - {r["dataset"] for r in datasets}):
        screen.out(f"Also differing, with no rows to compare: {', '.join(rest)}.")


def tell_of_statuses(statuses: Sequence[Mapping[str, Any]]) -> None:
    """Print the uptake statuses that differ (`assets.release_diff.of_statuses`), as many as fit."""
    if not statuses:
        return
    names = _municipalities()
    screen.out(f"\nUptake: {screen.counted(len(statuses), 'status differs', 'statuses differ')}.")
    screen.table(
        [
            {
                "month": f"{r['month']:%Y-%m}",
                "code": r["municipality_code"],
                "customer": names.get(r["municipality_code"], r["organisation_number"]),
                "service": r["service"],
                **{side: _status(r[f"step_{side}"], active=r[f"active_{side}"]) for side in ("before", "after")},
                "": "syntetisk" if r["synthetic"] else "",
            }
            for r in statuses[:_SHOWN]
        ]
    )
    if len(statuses) > _SHOWN:
        screen.out(f"… and {len(statuses) - _SHOWN} more statuses; --json.")


def _status(step: str | None, *, active: bool | None) -> str:
    return "no row" if step is None else f"{step}, active" if active else step


def _municipalities() -> dict[str, str]:
    """The names of municipalities of now, by code."""
    from catalog.domain.borders import borders
    from catalog.domain.calendar import day_in_oslo

    today = day_in_oslo(landing.utc_now())
    return {code: borders().municipalities[code].name for code in borders().codes_on(today)}


def _codes_now(code: str, names: Collection[str]) -> tuple[str, ...]:
    """The current codes that a municipality's code of any year corresponds to.

    Raises:
        UnknownName: no municipality has or had the code.
    """
    from catalog.domain.borders import borders
    from catalog.errors import UnknownName

    if code in names:
        return (code,)
    municipality = borders().municipalities.get(code)
    if municipality is None:
        raise UnknownName("municipality", code, choices=names)
    return tuple(s.code for s in borders().to_now(code, municipality.valid_from))


def _sums(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The differences by reason, a line per measure; none for stocks (accounts, adapters): they do not add up."""
    from catalog.facts import read

    standing = {r["measure"] for r in read("measure") if r["kind"] == "STOCK"}
    for measure in sorted({r["measure"] for r in rows} - standing):
        mine = [r for r in rows if r["measure"] == measure]
        sums = {x: sum(r["difference"] for r in mine if r["reason"] == x) for x in sorted({r["reason"] for r in mine})}
        yield f"{measure} " + ", ".join(f"{x} {_plain(n):+}" for x, n in sums.items())


def _plain(number: Decimal) -> int | float:
    """A number for a screen, with decimals only if a split left some."""
    return int(number) if number == int(number) else float(number)


def verify(
    name: str = "current", /, *, key: Path | None = None, newer_than: str | None = None, json: bool = False
) -> int:
    """Compare a release's files with its manifest, and with --key the manifest with its signature.

    Args:
        name: its id, or `current`, `stable` or a day; the current one when not given.
        key: the publisher's public key (PEM).
        newer_than: a day or a release; one that was published before it fails.
        json: for a program.
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
        age = round(age_hours(release, landing.utc_now()), 1)
        older = newer_than is not None and is_older(release, newer_than)
    if json:
        screen.as_json(
            {"release": release.name, "published_at": published_at, "age_hours": age, "older": older, "wrong": wrong}
        )
        return 1 if wrong or older else 0
    for line in wrong:
        screen.out(line)
    signature = f", and {release.manifest.get('signed_by')} signed it" if signed else ""
    if wrong == [NOT_SIGNED]:
        mend = "every file matches its manifest. With `signing_key` set, the next `dif run` signs its release."
    elif len(wrong) == 1 and wrong[0].startswith(OTHER_KEY):
        mend = "every file matches its manifest, which another key signed. Ask the publisher which key is theirs."
    elif wrong:
        mend = f"{screen.counted(len(wrong), 'problem')}. Make it again: `dif run --full`."
    else:
        mend = f"every file matches what was published{signature}."
    screen.out(f"{release.name}: {mend}")
    screen.out(f"Published at {published_at}, {age} hours ago." if age is not None else "It does not say when.")
    if signed and NAMED not in release.section("files"):
        screen.out("Its lists of files do not say which release they are of: it was published before lists did.")
    if older:
        screen.out(f"That is not newer than {newer_than}.")
    return 1 if wrong or older else 0


def rollback(name: str | None = None, /) -> int:
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


def promote(name: str = "current", /, *, by: str = "", reason: str = "", off: bool = False) -> int:
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
            screen.out("No release is stable.")
            return 0
        _check_decision("A promotion", by, reason)
        before, target = releases.held().get(STABLE, {}).get("release"), releases.get(name).name
        if wrong := releases.verify(target):
            screen.say(f"{target} is damaged, so it does not become stable: {wrong[0]}")
            return 1
        releases.promote(target, by=by, reason=reason, now=landing.utc_now())
    screen.out(f"{target} is stable{f' (before: {before})' if before else ''}.")
    return 0


def _check_decision(what: str, by: str, reason: str) -> None:
    if not (by and reason):
        raise WrongUse(f"{what} needs a function and a reason.", "Add --by FUNCTION --reason TEXT.")


def hold(name: str = "current", /, *, by: str = "", reason: str = "", off: bool = False) -> int:
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
            name = name if name in releases.held() else releases.get(name).name  # one that is gone may still be held
            if name == STABLE:
                raise WrongUse("A release is kept while it is stable.", "`dif release promote --off` ends that.")
            releases.let_go(name)
            screen.out(f"{name} is no longer held; `dif release prune` shows whether it is still kept.")
            return 0
        _check_decision("A hold", by, reason)
        held = releases.get(name).name
        releases.hold(held, by=by, reason=reason, now=landing.utc_now())
    screen.out(f"{held} is kept until `dif release hold {held} --off`.")
    return 0


def prune(*, yes: bool = False, json: bool = False) -> int:
    """The releases that are kept no longer, with what each takes alone. Without --yes none is removed.

    Each run removes them too. Kept are all of the last two days, the last of each day and each month for as long as
    `release_days` and `release_months` say, the current one and its parent, what is held, and what a register names.

    Args:
        yes: remove them.
        json: for a program.
    """
    from pipelines.run.publish import no_longer_kept
    from pipelines.run.publish import prune as remove
    from pipelines.run.steps import start

    settings = load()
    with atomic_files.locked(settings.home):
        run = start(settings, landing.utc_now())
        rows = [
            {
                "release": name,
                "published_at": run.releases.get(name).manifest["published_at"],
                "mb": round(_alone(run.releases.get(name).folder) / 1_000_000, 1),
            }
            for name in no_longer_kept(run)
        ]
        if yes:
            remove(run)
    if json:
        screen.as_json({"removed": yes, "releases": rows})
        return 0
    screen.table(rows, empty="Every release is kept.")
    if rows:
        screen.out(f"{len(rows)} {'removed' if yes else 'would be removed; --yes removes them'}.")
    return 0


def _alone(folder: Path) -> int:
    """Bytes of files that neither another release nor the lake links to."""
    files = (p.stat() for p in folder.rglob("*") if p.is_file())
    return sum(s.st_size for s in files if s.st_nlink == 1)
