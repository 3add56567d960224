"""`dif push, sample, withdraw`: what a producer does, and what an operator does to a wrong batch."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from catalog.contracts import StreamContract
from catalog.errors import BadOption, NotKept, Refused, SharingError, TryAgain, UnknownName, Unreachable, WrongUse
from pipelines.commands import screen
from transport import inbox, landing, reading
from transport.settings import Settings, load

if TYPE_CHECKING:
    from transport.client import Client

_PART_ROWS = 1_000_000


def push(
    stream: str,
    /,
    *files: Path,
    check: bool = False,
    to: str | None = None,
    producer: str = "",
    bulk: bool = False,
    synthetic: bool = False,
    json: bool = False,
) -> int:
    """Send files as batches, and print the receipts. What is kept already is not sent again, so a stopped push resumes.

    Args:
        stream: which.
        files: Parquet, Arrow, CSV, JSON Lines or XLSX; of a folder all that lies in it, as bulk.
        check: only try: nothing is kept.
        to: the server's address; the setting `server` when not given. The token is the setting `token`.
        producer: what a sender without a token calls itself.
        bulk: let others' batches by.
        synthetic: mark the rows as made up, all the way to the page; a Parquet or Arrow file may say so itself.
        json: the receipts for a program.
    """
    from transport.client import Client

    settings = load()
    contract = landing.known_stream(stream)
    if not files:
        raise BadOption("FILE", "", "one or more files, or a folder")
    found = _found(files)
    roots = settings.tls_roots.read_bytes() if settings.tls_roots else None
    location, bulk = to or settings.server, bulk or any(f.is_dir() for f in files)
    how = _How(contract, settings, check=check, bulk=bulk, synthetic=synthetic)
    receipts: list[dict[str, object]] = []

    def got(receipt: Mapping[str, object]) -> None:
        receipts.append(dict(receipt))
        if not json and receipt["status"] != "refused":
            _say(receipt)

    with Client(location, token=settings.token, producer=producer, roots=roots, tries=1 if check else 4) as client:
        for number, path in enumerate(found, 1):
            screen.passing(f"{number} of {len(found)}  {path.name}")
            try:
                for said in _sent(client, path, how):
                    got({"file": str(path)} | said)
            except SharingError as problem:
                got({"file": str(path), "status": "refused", **problem.as_json()})
                screen.say(f"{path}: {problem.problem}\n  → {problem.mend}")
                if isinstance(problem, TryAgain):
                    screen.say("  → The same command goes on where this one stopped.")
                    break
    screen.passing("")
    counted = Counter(str(r["status"]) for r in receipts)
    if json:
        screen.as_json(receipts)
    elif len(receipts) > 1:
        screen.out(", ".join(f"{n} {s}" for s, n in sorted(counted.items())))
    return 1 if counted["refused"] else 0


def sample(
    stream: str,
    /,
    *,
    format: Literal["csv", "jsonl", "parquet", "arrow"] = "csv",  # noqa: A002 - the name of the flag
    rows: int = 3,
    out: Path | None = None,
) -> int:
    """Show a valid batch of a stream, marked synthetic; send it with `dif push --check`.

    Args:
        stream: which.
        format: of the batch.
        rows: how many.
        out: a file; the screen when not given.
    """
    from transport.sample import sample as a_sample
    from transport.writing import written

    if rows < 1:
        raise BadOption("--rows", rows, "a number of at least 1")
    made = a_sample(landing.known_stream(stream), rows)
    text = b"".join(written(made.schema, made.to_batches(), format))
    if out is not None:
        out.write_bytes(text)
        screen.say(f"{out}: {rows} made-up rows. Try it: dif push {stream} {out} --check, or send it with --synthetic")
    elif format in ("parquet", "arrow") and sys.stdout.isatty():
        raise BadOption("--format", format, "csv or jsonl on a terminal, or --out FILE")
    else:
        sys.stdout.buffer.write(text)
    return 0


def withdraw(batch: str, /, *, reason: str, by: str = "drift", undo: bool = False, json: bool = False) -> int:
    """Take a wrong batch back: from the next run on its rows count nowhere. It stays in the landing, with why.

    Args:
        batch: its id, or STREAM/PRODUCER/ID where several have that id.
        reason: why, for those who wonder later.
        by: the function that decides, not a person.
        undo: let a withdrawn batch count again.
        json: for a program.
    """
    if not reason.strip():
        raise BadOption("--reason", reason, "why, in a few words")
    kept = landing.open_landing(load())
    entry = _the_one(kept, batch)
    withdrawn = kept.withdrawal(entry) is not None
    if withdrawn is not undo:
        raise WrongUse(
            f"{entry.file} {'is withdrawn already' if withdrawn else 'is not withdrawn'}.",
            "Nothing was changed. `dif withdraw --undo` lets a withdrawn one count again.",
        )
    act = kept.reinstate if undo else kept.withdraw
    mark = act(entry, by=by, reason=reason.strip(), now=landing.utc_now())
    if json:
        screen.as_json({"batch": entry.file.removesuffix(".parquet"), "rows": entry.rows, "status": mark.kind})
    else:
        what = "counts again" if undo else "is withdrawn"
        screen.out(f"{entry.stream}/{entry.producer}/{entry.batch_id}, {entry.rows} rows, {what}. Next: dif run")
    return 0


def _found(files: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in files:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in reading.FORMATS)
            found += sorted(p for p in inside if inbox.is_arrival(p.relative_to(path)))
        elif path.is_file():
            found.append(path)
        else:
            raise UnknownName("file", str(path), known=[p.name for p in path.parent.glob("*")][:200])
    if not found:
        raise WrongUse(
            f"Nothing to send lies in {', '.join(map(str, files))}.",
            f"Name files that end in {', '.join(reading.FORMATS)}.",
        )
    return found


@dataclass(frozen=True, slots=True)
class _How:
    """How files are sent."""

    contract: StreamContract
    settings: Settings
    check: bool
    bulk: bool
    synthetic: bool


def _parts(path: Path, how: _How) -> Iterator[tuple[str, pa.Table]]:
    """A file as batches of at most a million rows, each with an id that the same file always gives."""
    contract = how.contract
    with path.open("rb") as handle:
        name = inbox.batch_name(path, hashlib.file_digest(handle, "sha256").hexdigest())
    opened = reading.open_file(path, contract, max_columns=how.settings.max_columns)
    synthetic = how.synthetic or opened.metadata.get(reading.SYNTHETIC) == b"true"
    marks = {reading.SYNTHETIC: b"true"} if synthetic else None
    waiting: list[pa.Table] = []
    part = 0
    for chunk in opened.chunks:
        plain = pa.table(
            [
                c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c
                for c in (chunk[f.name] for f in contract.columns)
            ],
            schema=pa.schema([pa.field(f.name, f.type) for f in contract.columns], metadata=marks),
        )
        if sum(t.num_rows for t in waiting) + plain.num_rows > _PART_ROWS:
            part += 1
            yield f"{name}-p{part}", pa.concat_tables(waiting)
            waiting = []
        waiting.append(plain)
    if waiting:
        yield f"{name}-p{part + 1}" if part else name, pa.concat_tables(waiting)
    elif not part:
        raise Refused("The file has no rows.", "Send it when there is something in it.")


def _sent(client: Client, path: Path, how: _How) -> Iterator[dict[str, object]]:
    """Send a file's batches, those that are not kept already; a check that reaches no server is made here."""
    for batch_id, table in _parts(path, how):
        if not how.check:
            with suppress(NotKept):
                yield client.receipt(how.contract.name, batch_id) | {"status": "duplicate"}
                continue
        try:
            yield client.send(how.contract.name, batch_id, table, bulk=how.bulk, check=how.check)
        except Unreachable as problem:
            if not how.check:
                raise
            screen.say(f"{problem.problem} Checked here instead: who may send it was not asked.")
            yield _checked_here(path, how)
            return


def _checked_here(path: Path, how: _How) -> dict[str, object]:
    """Take the file through the door, and keep nothing."""
    import tempfile

    from transport.door import Door

    rows = masked_rows = 0
    batch_id = ""
    with tempfile.TemporaryDirectory() as folder:
        for batch_id, table in _parts(path, how):  # noqa: B007 - the last one's name is told
            with Door(how.contract, Path(folder) / "checked.parquet", producer="check") as door:
                door.add(table)
                parcel = door.close()
            rows, masked_rows = rows + parcel.rows, masked_rows + parcel.masked_rows
    said = {"stream": how.contract.name, "batch_id": batch_id, "rows": rows, "masked_rows": masked_rows}
    return {**said, "status": "checked"}


def _say(receipt: Mapping[str, object]) -> None:
    rows = f"{receipt['rows']} rows"
    masked = f", {receipt['masked_rows']} with a masked field" if receipt.get("masked_rows") else ""
    digest = f"  sha256 {str(receipt['sha256'])[:16]}…" if "sha256" in receipt else ""
    screen.out(f"{receipt['status']:<10} {receipt['stream']}/{receipt['batch_id']}  {rows}{masked}{digest}")


def _the_one(kept: landing.Landing, batch: str) -> landing.Entry:
    """The batch that is meant.

    Raises:
        UnknownName: there is none; the error names the nearest.
        WrongUse: there are several.
    """
    parts = batch.removesuffix(".parquet").split("/")
    ids = [e for e in kept.entries if [e.stream, e.producer, e.batch_id][-len(parts) :] == parts]
    if not ids and len(parts) == 1:
        ids = [e for e in kept.entries if e.batch_id.startswith(batch)]
    if not ids:
        raise UnknownName("batch", batch, known=[e.batch_id for e in kept.entries[-2000:]])
    if len(ids) > 1:
        listed = ", ".join(f"{e.stream}/{e.producer}/{e.batch_id}" for e in ids[:5])
        raise WrongUse(f"{len(ids)} batches are called {batch!r}.", f"Say which: {listed}.")
    return ids[0]
