"""What an erasure removes, what stays, and what is left to do, for a person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.domain import identity
from pipelines.cli.present.formats import counted

_FEW = 5


def plan(facts: Mapping[str, Any], *, masks: bool) -> Iterator[str]:
    """What would be erased.

    Args:
        facts: what `--json` gives.
        masks: a number is masked in the rows, which stay.
    """
    more = " more" if facts["unfinished"] else ""
    is_new = facts["batches"] or facts["files"]
    yield f"Of {facts['what']}:" if is_new else f"Nothing{more} to erase of {facts['what']}."
    yield from _batches(facts, masks=masks)
    for erasure in facts["unfinished"]:
        many = counted(erasure["batches"], "batch", "batches")
        yield f"An erasure of {many} is not finished, and goes on with --yes: {erasure['reason']}"
    if facts["files"]:
        yield f"  {counted(len(facts['files']), 'file')} outside the landing: {_few(facts['files'])}"
    if facts["releases"]:
        yield f"  releases made of them, removed once another is published: {', '.join(facts['releases'])}"
    if facts["analyses"]:
        names = ", ".join(facts["analyses"])
        yield f"  tables of analyses, removed whatever they hold; materialize them again: {names}"
    for name, hold in facts["held"].items():
        yield f"  {name} is held by {hold.get('by')}: {hold.get('reason')}"
    for batch in facts["kept_by_law"]:
        name = f"{batch['stream']}/{batch['producer']}/{batch['batch_id']}"
        yield f"Kept, because bookkeeping law requires it (bokføringsloven § 13, five years): {name}"
    if facts["not_looked_into"]:
        yield f"Not looked into, and may hold more of it: {_few(facts['not_looked_into'])}"
        yield "  → `dif run` takes in what waits; remove what was refused; then show this again."
    for backup in facts["backups"]:
        yield f"Backup {backup['path']}: {backup['unknown'] or 'still holds it'}"
    for who, datasets in facts["readers"].items():
        yield f"{who} was served {', '.join(datasets)}, and has its own copy."


def _batches(facts: Mapping[str, Any], *, masks: bool) -> Iterator[str]:
    rows, batches = Counter[str](), Counter[str]()
    for batch in facts["batches"]:
        rows[batch["stream"]] += batch["rows"]
        batches[batch["stream"]] += 1
    does = "masked" if masks else "erased"
    for stream, count in sorted(batches.items()):
        yield f"  {stream}: {counted(rows[stream], 'row')} {does}, in {counted(count, 'batch', 'batches')}"
    if facts["months"]:
        first, last = (month[:7] for month in facts["months"])
        months = f"month {first}" if first == last else f"months {first} to {last}"
        yield f"  {months}; {counted(len(facts['datasets']), 'dataset is', 'datasets are')} made of the streams"


def _few(paths: Sequence[str]) -> str:
    names = [identity.mask(path) for path in paths]
    return ", ".join(names[:_FEW]) + (f" and {len(names) - _FEW} more" if len(names) > _FEW else "")


def summary(
    facts: Mapping[str, Any], home: object, *, missed: Sequence[object], sender: str, bucket: bool
) -> Iterator[str]:
    """What was erased, and what is left for a person.

    Args:
        facts: what `--json` gives.
        home: the folder of the home.
        missed: folders of backups that do not know of the erasure yet.
        sender: whose batches are gone altogether; empty if nobody's are.
        bucket: the landing is in object storage.
    """
    if facts["finished"]:
        yield f"Erased from landing, lake and releases of {home}."
    else:
        yield f"Not finished: {', '.join(facts['left']) or 'the lake'} may still hold erased rows.\n  → dif run"
    if facts["backups"]:
        yield "  → Remove the backups named above, or let `dif backup --keep` do so. A restore erases it again."
    for folder in missed:
        yield f"  → {folder} could not be told; the next `dif backup` there does it. Restore nothing from it before."
    if facts["readers"]:
        yield "  → Tell those who were served that they must erase their copies."
    if bucket:
        yield "  → A bucket that keeps versions still has the objects: remove their earlier versions."
    if sender:
        yield f"  → {sender} may still send: `dif token revoke` ends that."
