"""`dif run`, `dif demo`, `dif rebuild`."""

from __future__ import annotations

import json as json_text
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from cyclopts import Parameter

from catalog.domain import calendar
from catalog.tables.datasets import HASHED
from catalog.tables.streams import OPERATIONAL_MESSAGE
from pipelines.cli import screen
from pipelines.cli.checks import require_positive
from pipelines.cli.present.formats import synthetic
from pipelines.cli.screen import Result, Table, command
from pipelines.quality import gate
from pipelines.run.attempt import Attempt
from pipelines.run.context import RunContext
from pipelines.run.publish import up_to_date
from pipelines.run.steps import begin, exclusive_run, run_all, start
from pipelines.run.tables import LAKE
from transport.base import atomic_files
from transport.base.settings import CHECKOUT, Settings, load
from transport.ingest import inbox
from transport.releases.store import Release, Releases
from transport.storage import landing
from transport.telemetry import traces


@command("print the result for a program.")
def run(
    *,
    as_of: str | None = None,
    full: bool = False,
    month: Annotated[list[str] | None, Parameter(negative="")] = None,
    stream: Annotated[list[str] | None, Parameter(negative="")] = None,
    profile: bool = False,
) -> Result:
    """Take in what waits, remake what is touched, check, publish. Waits for a run that goes on, an hour at most.

    Args:
        as_of: a date; make a release as things were known at its end. Never moves `current`.
        full: rebuild everything.
        month: make this month anew, touched or not, such as 2026-03; may be repeated.
        stream: take in files of this stream only, and of the streams make its `--month` anew; may be repeated.
        profile: show what each step cost, and write a trace that a browser draws as a flame.
    """
    settings = load()
    with exclusive_run(settings, doing="dif run", waits=screen.say) as lease:
        begun = begin(
            settings, screen.Progress(), as_of=as_of, full=full, months=month or (), streams=stream or (), lease=lease
        )
        try:
            result = _run(begun)
            for empty in sorted(m for m in begun.months if not any(m in begun.lake.files_by_month(c) for c in LAKE)):
                screen.say(f"{empty:%Y-%m} has no data: nothing was made for it.")
            return result
        finally:
            if profile:
                _show_profile(begun)


@command(None)
def demo(*, dispatches: int | None = None, months: int | None = None, seed: int = 1) -> Result:
    """Land the bundled real records and synthetic years of national size once, then run.

    Args:
        dispatches: how many synthetic dispatches over the whole period; when not given, some 1 000 000 a year. The
            fewer there are, the dearer each is.
        months: how long the period is, in whole months before the running one; when not given, two whole calendar years
            and the months of this one.
        seed: another seed gives other traffic.
    """
    from assets import bundled, simulate

    require_positive("--dispatches", dispatches)
    require_positive("--months", months)
    settings = load()
    with exclusive_run(settings, doing="dif demo", waits=screen.say) as lease:
        landed = landing.open_landing(settings)
        have = {(e.stream, e.producer) for e in landed.entries}
        if not any(p in ("nav-digisos", "altinn") for _, p in have):
            count = [
                inbox.drop(settings.inbox, "adoption", producer, name, table)
                for name, producer, table in bundled.adoption_batches()
            ]
            screen.say(f"{len(count)} batches of real adoption records (Digisos, Altinn 3) are in the inbox.")
        if not any(p == bundled.MESSENGER for _, p in have):
            name, producer, table = bundled.message_batch()
            inbox.drop(settings.inbox, OPERATIONAL_MESSAGE.name, producer, name, table)
            screen.say(f"{table.num_rows} real operational messages of the Fiks platform are in the inbox.")
        if not any(p == simulate.PRODUCER for _, p in have):
            from pipelines.cli.commands.simulate import write

            gate.warm()  # what the run needs last loads while its batches are made
            today = calendar.day_in_oslo(landing.utc_now())
            plan = simulate.demonstration(today, dispatches=dispatches, months=months, seed=seed)
            write(settings.inbox, plan)
            if dispatches:
                price = simulate.price_of_dispatch(plan)
                screen.say(f"A dispatch costs {price:g} kr here: SvarUt costs about the same however many are sent.")
        else:
            screen.say("The bundled records and the synthetic years have already landed.")
        result = _run(begin(settings, screen.Progress(), lease=lease))
    return replace(result, lines=[*result.lines, *_NEXT])


_DIF = ".venv/bin/dif" if CHECKOUT else "dif"
_NEXT = (
    "",
    "Next:",
    f"  {_DIF} serve dashboards                        the pages, on this machine only",
    f'  {_DIF} sql "from uptake.funnel limit 5"        the same numbers in SQL',
    f"  {_DIF} status                                  the state of the platform",
    f"  {_DIF} up                                      pages, Dagster and servers together",
    (
        "Dispatch, measurement, billing and most adoption are synthetic and marked so; "
        "adoption of Digisos and Altinn 3 and the operational messages are real."
    ),
)
"""What `dif demo` leads to."""


@command("")
def rebuild() -> Result:
    """Remake everything from the landing in a lake of its own, and compare content hashes with the current release."""
    settings = load()
    with atomic_files.locked(settings.home):
        current = Releases(settings).get("current")
        scratch = settings.but(lake_folder=settings.scratch / "rebuild")
        made_of = current.manifest["made_of"]
        run = start(
            scratch,
            datetime.fromisoformat(str(current.manifest["as_of"])),
            screen.Progress(),
            replay=True,
            upto=made_of["journal"][0] if isinstance(made_of, dict) else None,
        )
        try:
            release = run_all(run)
            differ = differences(current, release) if release else []
            if release is not None:
                Releases(settings).remove(release.name)
        finally:
            run.lake.clear()
    same = f"Equal to {current.name}: every content hash is the same."
    lines = [f"{len(differ)} datasets differ from {current.name}.", *(f"  {n}" for n in differ)] if differ else [same]
    return Result({"release": current.name, "differ": differ}, lines, code=1 if differ else 0)


def differences(release: Release, other: Release) -> list[str]:
    """Datasets whose content hashes differ between two releases (reference, usage, uptake, ledger)."""
    a, b = release.manifest["datasets"], other.manifest["datasets"]
    if not isinstance(a, dict) or not isinstance(b, dict):
        return ["a manifest is broken"]
    names = sorted(n for n in a.keys() | b.keys() if n.split(".")[0] in HASHED)
    return [n for n in names if a.get(n, {}).get("content_hash") != b.get(n, {}).get("content_hash")]


def _run(run: RunContext) -> Result:
    with Attempt(run) as attempt:
        return _attempted(attempt)


def _attempted(attempt: Attempt) -> Result:
    run, settings = attempt.run, attempt.run.settings
    for place, why in (*inbox.stuck(settings), *inbox.ignored(settings)):
        screen.say(f"inbox/{place}: {why}")
    began = time.monotonic()
    current = up_to_date(run)
    if current is not None:
        attempt.note_success(None)
        screen.say(f"Nothing new: {current.name} already holds everything that has landed.")
        return Result({"status": "nothing_new", "release": current.name})
    gate.warm()
    release = carried_out(attempt)
    seconds = time.monotonic() - began
    facts = {
        "status": "published" if release else "nothing_new",
        "release": release.name if release else None,
        "seconds": round(seconds, 1),
    }
    lines = _summary(release or run.releases.get("current"), fresh=release is not None, seconds=seconds)
    return Result(facts, [*lines, *_file_lines(attempt.intake, settings)])


def _show_profile(run: RunContext) -> None:
    """What each step cost, on stderr, since stdout may be a program's; and the trace in the home."""
    lines = [
        f"{cost.step:<32} {cost.seconds:8.2f} {cost.engine_seconds:8.2f} {cost.rows:12} {cost.bytes / 1e6:9.2f}"
        for cost in traces.costs(run.trace)
    ]
    screen.say(f"{'step':<32} {'seconds':>8} {'engine':>8} {'rows':>12} {'MB':>9}")
    for line in lines:
        screen.say(line)
    trace = run.settings.scratch / "run-profile.json"
    atomic_files.write_text(trace, json_text.dumps(traces.flame(run.trace)))
    screen.say(f"The trace is {trace}: open it at https://ui.perfetto.dev or https://www.speedscope.app.")


def _file_lines(intake: inbox.Intake | None, settings: Settings) -> Iterator[str]:
    """The files of the inbox that were not taken in."""
    if intake is None:
        return
    for words, files in ("refused", intake.rejected), ("still growing", intake.waiting):
        if files:
            yield f"{len(files)} files {words}: {', '.join(files[:3])}{' …' if len(files) > 3 else ''}"  # noqa: PLR2004
    if intake.rejected:
        yield f"  → the reasons are in {settings.inbox / 'rejected'}, one .reason.json per file."


def carried_out(attempt: Attempt) -> Release | None:
    """Carry a run out; the release, or None if it would hold what the current one holds.

    Raises:
        SharingError: what stopped it; the previous release stays.
    """
    with attempt.recording_failure():  # Dagster's own store may also run out of room
        attempt.begin()
        from pipelines import definitions  # loads Dagster, a second, while the first tables are made
        from pipelines.orchestration import instance, launch

        if attempt.run.replay:
            return launch.carry_out_alone(attempt)
        with instance.open_instance(attempt.run.settings.home) as store:
            for _ in instance.take_over(store):
                screen.say("An earlier run was killed; it is marked as failed now.")
            return launch.carry_out(attempt, definitions.job_of(attempt), store)


def _summary(release: Release, *, fresh: bool, seconds: float) -> Iterator[str | Table]:
    rows = [
        {
            "dataset": name,
            "rows": dataset["rows"],
            "months": len(dataset["partitions"]) if "all" not in dataset["partitions"] else None,
            "synthetic": synthetic(dataset),
        }
        for name, dataset in sorted(release.section("datasets").items())
        if name.split(".")[0] in HASHED
    ]
    yield Table(rows)
    passed = release.section("checks").get("passed", 0)
    verb = "Published" if fresh else "Nothing changed; readers keep"
    yield f"{verb} release {release.name}: {passed} checks passed, {seconds:.1f} s."
