"""The release is filled while the run still builds: a thread adds each table as soon as it is made.

A draft counts only if it holds what the lake holds in the end; otherwise the release is begun anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from catalog.contracts.language import Audience, DatasetContract
from pipelines.run import erasing
from pipelines.run.context import RunContext
from pipelines.run.tables import PUBLISHED
from transport.releases.store import Content, Draft, Release
from transport.storage import landing


@dataclass
class _Ahead:
    """What a run has begun.

    Attributes:
        allowed: the run goes on to a verdict, and nobody else's files go into its release.
        before: the release before, once it was asked for.
        same: tables that hold what they held in the release before, until there is one that does not.
        thread: adds them, one after another.
        draft: the release; None before there is anything new.
        added: tables that were given to the thread.
        done: what came of each.
    """

    allowed: bool = False
    before: Release | None = None
    same: list[Content] = field(default_factory=list)
    thread: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="draft"))
    draft: Future[Draft] | None = None
    added: dict[str, Content] = field(default_factory=dict)
    done: list[Future[None]] = field(default_factory=list)


def allow(run: RunContext) -> None:
    """This run goes on to a verdict, so that its release may be filled as tables are made."""
    if run.lake.shared is None:  # or a file may still be with the worker that made it
        run.own(_Ahead).allowed = True
        run.ends.callback(discard, run)


def begin(run: RunContext, contract: DatasetContract) -> None:
    """Have a table that was just made added, with those before it that came out as they were."""
    ahead = run.own(_Ahead)
    if not ahead.allowed or contract.audience is Audience.INTERNAL or contract.name in ahead.added:
        return  # what was added first stays: if the table is another by now, the release is begun anew
    content, current = of_lake(run, contract), _before(run)
    if ahead.draft is None and current is not None and not run.full and same_parts(current, [content]):
        ahead.same.append(content)
        return
    ahead.draft = ahead.draft or ahead.thread.submit(_begun, run, current)
    for each in (*ahead.same, content):
        ahead.added[each.contract.name] = each
        ahead.done.append(ahead.thread.submit(_add, run, ahead.draft, each))
    ahead.same.clear()


def filled(run: RunContext) -> Draft | None:
    """A draft with every table of the lake; None if that is what the current release holds, or it cannot be filled."""
    current = _before(run)
    contents = [of_lake(run, build.contract) for build in PUBLISHED]
    if current is not None and not run.full and same_parts(current, contents):
        discard(run)
        return None
    draft = _of_thread(run, contents) or _begun(run, current)
    try:
        draft.add(contents)
    except Exception:  # noqa: BLE001 - the gate says better what is wrong; where it sees nothing, `publish` will
        draft.discard()
        return None
    return draft


def _of_thread(run: RunContext, contents: Sequence[Content]) -> Draft | None:
    """What the thread has filled, if it holds nothing that has changed since."""
    ahead, wanted = run.own(_Ahead), {content.contract.name: content for content in contents}
    draft = None
    with suppress(Exception):  # a damaged file, which has been made again meanwhile
        for added in ahead.done:
            added.result()
        draft = ahead.draft.result() if ahead.draft else None
    as_added = all(_files(content) == _files(wanted[name]) for name, content in ahead.added.items())
    if draft is None or not as_added or draft.name != _name(run):
        discard(run)
        return None
    ahead.draft = None
    listed = {name: draft.datasets[name] for name in wanted if name in draft.datasets}
    draft.datasets.clear()
    draft.datasets.update(listed)  # in the order of contracts, whichever table was made first
    return draft


def _files(content: Content) -> list[tuple[Path, str]]:
    return [(part.path, part.sha256) for part in content.parts]


def of_lake(run: RunContext, contract: DatasetContract) -> Content:
    """A dataset of a release that is in the lake."""
    return Content(contract, [p for _, p in sorted(run.lake.parts(contract).items(), key=lambda i: str(i[0]))])


def same_parts(current: Release, contents: Sequence[Content]) -> bool:
    """Whether a release was made of exactly these parts of the lake."""
    datasets = current.manifest["datasets"]
    if not isinstance(datasets, Mapping):
        return False
    for content in contents:
        partitions = datasets.get(content.contract.name, {}).get("partitions", {})
        if {m: p.get("made_of") for m, p in partitions.items()} != {
            str(p.month or "all"): p.fingerprint for p in content.parts
        }:
            return False
    return True


def _before(run: RunContext) -> Release | None:
    """The release before; nobody else publishes one while the run holds the home."""
    ahead = run.own(_Ahead)
    if ahead.before is None and not run.replay:
        ahead.before = run.releases.current()
    return ahead.before


def _name(run: RunContext) -> str:
    return run.releases.next_name(landing.utc_now(), as_of=run.as_of if run.replay else None)


def _begun(run: RunContext, current: Release | None) -> Draft:
    anew = run.full or erasing.contains_erased_rows(run, current)
    return run.releases.begin(_name(run), current, rules=run.rules, anew=anew, sound=run.lake.sound)


def _add(run: RunContext, draft: Future[Draft], content: Content) -> None:
    for part in content.parts:
        run.lake.is_sound(part)  # so that neither the draft nor the gate reads it for that again
    draft.result().add([content])


def discard(run: RunContext) -> None:
    """Stop the thread, and leave nothing of what it made."""
    ahead = run.own(_Ahead)
    ahead.allowed = False
    ahead.thread.shutdown(cancel_futures=True)
    if ahead.draft is not None and ahead.draft.done() and not ahead.draft.cancelled() and not ahead.draft.exception():
        ahead.draft.result().discard()
    ahead.draft = None
