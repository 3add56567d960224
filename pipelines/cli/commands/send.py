"""`dif push, sample, withdraw`: what a producer does, and what an operator does to a wrong batch."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from catalog.contracts.language import StreamContract
from catalog.contracts.scan import Query, Values
from catalog.errors import (
    BadOption,
    BadValue,
    BatchNotFound,
    NoRows,
    SharingError,
    TryAgain,
    Unauthenticated,
    UnknownName,
    Unreachable,
    WrongUse,
    nearest,
)
from pipelines.cli.checks import require_positive, require_text
from pipelines.cli.present.formats import counted
from pipelines.cli.screen import Result, command, out, passing, render, say
from transport.base.content_hash import content_sha256
from transport.base.settings import Settings, load
from transport.ingest import formats, inbox, registers
from transport.ingest.batch_validator import masked
from transport.ingest.opened_file import COVERS
from transport.ingest.sample import is_sample, unmarked
from transport.storage import journal
from transport.storage.landing import Landing, known_stream, open_landing, utc_now

if TYPE_CHECKING:
    from transport.servers.client import Client

_PART_ROWS = 1_000_000
_FORMS: Mapping[str, Literal["csv", "jsonl", "parquet", "arrow"]] = {
    "": "csv",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
}


def push(
    stream: str,
    /,
    *files: Path,
    check: bool = False,
    batch_id: str = "",
    to: str | None = None,
    producer: str = "",
    bulk: bool = False,
    synthetic: bool = False,
    json: bool = False,
) -> int:
    """Send files as batches, and print the receipts. What is kept already is not sent again, so a stopped push resumes.

    Args:
        stream: which.
        files: Parquet, Arrow, CSV, JSON Lines, XLSX, SAF-T, EHF (XML, zip); of a folder all such files in it, as bulk.
        check: only check: nothing is kept. Also shows which rows break a rule and would be set aside.
        batch_id: of the one file; when not given, its name and a part of its content's hash.
        to: the server's address; the setting `server` when not given. The token is the setting `token`.
        producer: what a sender without a token calls itself.
        bulk: let live batches go first.
        synthetic: mark the rows as made up, all the way to the page; a Parquet or Arrow file may carry the mark, and
            any file may have a FILE.synthetic beside it.
        json: the receipts for a program.
    """
    settings = load()
    contract = known_stream(stream)
    if not files:
        raise BadOption("FILE", "", "one or more files, or a folder")
    paths = _files_in(files)
    if batch_id and len(paths) > 1:
        raise BadOption("--batch-id", batch_id, "it with one file only; several have ids of their own")
    location, bulk = to or settings.server, bulk or any(f.is_dir() for f in files)
    sending = _Sending(contract, settings, check=check, bulk=bulk, synthetic=synthetic, batch_id=batch_id)
    receipts: list[dict[str, object]] = []
    done = 0
    try:
        with _client(location, settings, producer=producer, tries=1 if check else 8) as client:
            for done, path in enumerate(paths):
                passing(f"{done + 1} of {len(paths)}  {path.name}")
                if not _push_one(client, path, sending, receipts, quiet=json):
                    break
            else:
                done = len(paths)
    except KeyboardInterrupt:
        say(f"\nStopped with {len(paths) - done} files to go. Run the same command to continue.")
        return 1
    finally:  # whatever ends it, the receipts so far are shown
        passing("")
        statuses = Counter(str(r["status"]) for r in receipts)
        summary = ", ".join(f"{n} {s}" for s, n in sorted(statuses.items()))
        render(Result(receipts, [summary] if len(receipts) > 1 else []), as_json=json)
    return 1 if statuses["refused"] else 0


def _push_one(client: Client, path: Path, sending: _Sending, receipts: list[dict[str, object]], *, quiet: bool) -> bool:
    """Send one file's batches; False if there is no point in trying the next file."""
    try:
        for receipt in _sent(client, path, sending):
            receipts.append({"file": str(path)} | receipt)
            if not quiet:
                _show_receipt(receipts[-1])
    except SharingError as problem:
        where = {"line": problem.line, "column": problem.column} if isinstance(problem, BadValue) else {}
        error = {**problem.as_json(), **where, "reference": problem.reference or None}
        receipts.append({"file": str(path), "status": "refused", **error})
        say(f"{path}: {problem.problem}\n  → {problem.mend}")
        if problem.reference:
            say(f"  (reference {problem.reference})")
        if isinstance(problem, TryAgain):
            say("  → Run the same command to continue where this one stopped.")
        return not isinstance(problem, TryAgain | Unauthenticated)
    return True


@command(None)
def sample(
    stream: str,
    /,
    *,
    format: Literal["csv", "jsonl", "parquet", "arrow"] | None = None,  # noqa: A002 - the name of the flag
    rows: int = 3,
    out: Path | None = None,
) -> Result:
    """Show a valid batch of a stream, marked synthetic; send it with `dif push --check`.

    Args:
        stream: which.
        format: of the batch; when not given, the file name's suffix decides, and csv without one.
        rows: how many.
        out: a file; the screen when not given. Parquet and Arrow files say themselves that they are made up; a text
            file gets an empty OUT.synthetic beside it.
    """
    from transport.base.encoding import encoded_pieces
    from transport.ingest.sample import sample as a_sample

    suffix = out.suffix.lower() if out else ""
    if format is None and suffix not in _FORMS:  # CSV in x.xlsx is refused as no workbook wherever it is sent
        raise BadOption("--out", str(out), f"a name that ends in {', '.join(filter(None, _FORMS))}")
    form = format or _FORMS[suffix]
    require_positive("--rows", rows)
    batch = a_sample(known_stream(stream), rows)
    text = b"".join(encoded_pieces(batch.schema, batch.to_batches(), form))
    marks_itself, many = form in ("parquet", "arrow"), counted(rows, "made-up row")
    if out is None:
        if marks_itself and sys.stdout.isatty():
            raise BadOption("--format", form, "csv or jsonl on a terminal, or --out FILE")
        sys.stdout.buffer.write(text)
        note = f"{many}. Send with --synthetic; in the inbox, put FILE.synthetic first."
        return Result(notes=[] if marks_itself else [note])
    if not marks_itself:
        inbox.mark_of(out).touch()  # before its rows: they are never there without it
    out.write_bytes(text)
    where = "The file itself marks" if marks_itself else f"{inbox.mark_of(out)} beside it marks"
    return Result(
        notes=[
            f"{out}: {many}. Try it: dif push {stream} {out} --check",
            f"  {where} it as made up, for dif push and the inbox{'' if marks_itself else ': move both'}.",
        ]
    )


@command()
def withdraw(batch: str, /, *, reason: str, by: str = "drift", undo: bool = False) -> Result:
    """Take a wrong batch back: from the next run on its rows count nowhere. It stays in the landing, with why.

    Args:
        batch: its id, or STREAM/PRODUCER/ID where several have that id.
        reason: why, for the record.
        by: the function that decides, not a person.
        undo: let a withdrawn batch count again.
    """
    why = require_text("--reason", reason, "a reason in a few words")
    landing = open_landing(load())
    entry = batch_named(landing, batch)
    withdrawn = landing.withdrawal(entry) is not None
    name = f"{entry.stream}/{entry.producer}/{entry.batch_id}"
    if withdrawn and not undo:
        raise WrongUse(f"{name} is already withdrawn.", "Use --undo to make it count again.")
    if undo and not withdrawn:
        raise WrongUse(f"{name} is not withdrawn.", "It counts; there is nothing to undo.")
    act = landing.reinstate if undo else landing.withdraw
    mark = act(entry, by=by, reason=why, now=utc_now())
    what = "counts again" if undo else "is withdrawn"
    facts = {"batch": name, "rows": entry.rows, "status": mark.kind}
    return Result(facts, [f"{name}, {entry.rows} rows, {what}. Next: dif run"])


def _client(location: str, settings: Settings, *, producer: str, tries: int) -> Client:
    """A client with the token and certificates of the settings."""
    from transport.servers.client import Client

    def read(path: Path | None) -> bytes | None:
        return path.read_bytes() if path is not None else None

    return Client(
        location,
        token=settings.token,
        producer=producer,
        roots=read(settings.tls_roots),
        cert=read(settings.tls_client_cert),
        key=read(settings.tls_client_key),
        tries=tries,
    )


def _files_in(files: tuple[Path, ...]) -> list[Path]:
    paths: list[Path] = []
    for path in files:
        if path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in formats.ENDINGS)
            paths += sorted(p for p in inside if inbox.is_arrival(p.relative_to(path)))
        elif path.is_file():
            paths.append(path)
        else:
            raise UnknownName("file", str(path), choices=[p.name for p in path.parent.glob("*")][:200])
    if not paths:
        raise WrongUse(
            f"There is nothing to send in {', '.join(map(str, files))}.",
            f"Name files that end in {', '.join(formats.ENDINGS)}.",
        )
    return paths


@dataclass(frozen=True, slots=True)
class _Sending:
    """How files are sent."""

    contract: StreamContract
    settings: Settings
    check: bool
    bulk: bool
    synthetic: bool
    batch_id: str


def _parts(path: Path, sending: _Sending) -> Iterator[tuple[str, pa.Table]]:
    """A file as batches of at most a million rows. Each is named for the file and its content, as in the inbox.

    Raises:
        Refused: it is a sample to be kept, but nothing marks it as made up.
    """
    inputs = registers.reader_inputs(sending.settings, open_landing(sending.settings), sending.contract.name, path)
    opened = formats.open_file(path, sending.contract, inputs=inputs)
    synthetic = sending.synthetic or opened.metadata.get(formats.SYNTHETIC) == b"true" or inbox.is_marked(path)
    marks = {formats.SYNTHETIC: b"true"} if synthetic else {}
    marks |= {COVERS: " ".join(opened.covers).encode()} if opened.covers else {}
    schema = pa.schema([pa.field(f.name, f.type) for f in sending.contract.columns], metadata=marks or None)
    waiting: list[pa.Table] = []
    parts = 0

    def part(tables: list[pa.Table]) -> tuple[str, pa.Table]:
        table = pa.concat_tables(tables)
        if not synthetic and not sending.check and is_sample(table, sending.contract):
            raise unmarked("Send it with --synthetic, or send your own rows; --check keeps nothing.")
        if sending.batch_id:
            return f"{sending.batch_id}-p{parts}" if parts > 1 else sending.batch_id, table
        return inbox.batch_name(path, content_sha256(masked(table, sending.contract))), table

    for chunk in opened.chunks:
        columns = [chunk[f.name] for f in sending.contract.columns]
        plain = [c.cast(pa.string()) if pa.types.is_dictionary(c.type) else c for c in columns]
        full = sum(t.num_rows for t in waiting) + chunk.num_rows > _PART_ROWS
        if waiting and full and not opened.covers:  # what replaces whole months is one batch
            parts += 1
            yield part(waiting)
            waiting = []
        waiting.append(pa.table(plain, schema=schema))
    if opened.notes:
        say("\n".join(f"  {name}: {value}" for name, value in opened.notes.items()))
    if waiting:
        parts += 1
        yield part(waiting)
    elif not parts:
        raise NoRows


def _sent(client: Client, path: Path, sending: _Sending) -> Iterator[dict[str, object]]:
    """Send those of a file's batches that are not kept already; a check that reaches no server is made locally."""
    for batch_id, table in _parts(path, sending):
        if not sending.check:
            with suppress(BatchNotFound):
                first = client.receipt(sending.contract.name, batch_id)
                if first["sha256"] == content_sha256(masked(table, sending.contract)):  # else the server decides
                    yield first | {"status": "duplicate"}
                    continue
        try:
            receipt = client.send(sending.contract.name, batch_id, table, bulk=sending.bulk, check=sending.check)
            yield receipt | (_set_aside(table, sending) if sending.check else {})
        except Unreachable as problem:
            if not sending.check:
                raise
            say(f"{problem.problem} Checked here instead, without asking who may send it.")
            yield _checked_here(path, sending)
            return


def _checked_here(path: Path, sending: _Sending) -> dict[str, object]:
    """Validate the file as the server would, and keep nothing."""
    import tempfile

    from transport.ingest.batch_validator import BatchValidator

    rows = masked_rows = 0
    batch_id = ""
    aside: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as folder:
        for batch_id, table in _parts(path, sending):  # noqa: B007 - the last one's name is shown
            with BatchValidator(sending.contract, Path(folder) / "checked.parquet", producer="check") as door:
                door.add(table)
                validated = door.close()
            rows, masked_rows = rows + validated.rows, masked_rows + validated.masked_rows
            aside = aside or _set_aside(table, sending)
    summary = {"stream": sending.contract.name, "batch_id": batch_id, "rows": rows, "masked_rows": masked_rows}
    return {**summary, "status": "checked", **aside}


def _set_aside(table: pa.Table, sending: _Sending) -> dict[str, object]:
    """The rules that rows of the batch break: the server accepts such rows, and conform sets them aside.

    Only the bundled names of services are known here, not what a home's own register adds.
    """
    from assets.conform import Lookups, with_services
    from transport.lake.session import Session

    broken = []
    with Session(sending.settings) as session:
        numbered = table.append_column("row", pa.array(range(1, table.num_rows + 1), pa.int64()))
        sent = with_services(sending.contract, Values(numbered), Lookups())
        for rule in sending.contract.rules:
            sql = f"select count(*) as rows, min(row) as first from sent where not coalesce({rule.condition}, true)"  # noqa: S608 - a contract's own words
            (counts,) = session.table(Query(sql, {"sent": sent})).to_pylist()
            if counts["rows"]:
                broken.append({"rule": rule.name, "says": rule.says.en, **counts})
    return {"set_aside": broken} if broken else {}


def _show_receipt(receipt: Mapping[str, object]) -> None:
    rows = counted(int(str(receipt["rows"])), "row") + (", synthetic" if receipt.get("synthetic") else "")
    masked = f", {receipt['masked_rows']} with a masked field" if receipt.get("masked_rows") else ""
    if "withdrawn_at" in receipt:
        masked += f", WITHDRAWN ({receipt['withdrawn_because']}): counts nowhere; send it under a new id"
    digest = f"  sha256 {str(receipt['sha256'])[:16]}…" if "sha256" in receipt else ""
    out(f"{receipt['status']:<10} {receipt['stream']}/{receipt['batch_id']}  {rows}{masked}{digest}")
    aside = receipt.get("set_aside")
    for broken in aside if isinstance(aside, list) else ():
        rows = counted(broken["rows"], "row")
        out(f"           {rows} would be set aside, the first is row {broken['first']}: {broken['says']}")


def batch_named(landing: Landing, batch: str) -> journal.Entry:
    """The batch of that name.

    Raises:
        UnknownName: there is none; the error names the nearest.
        WrongUse: there are several.
    """
    parts = batch.removesuffix(".parquet").split("/")
    ids = [e for e in landing.entries if [e.stream, e.producer, e.batch_id][-len(parts) :] == parts]
    if not ids:
        recent_ids = [e.batch_id for e in landing.entries[-2000:]]
        raise UnknownName("batch", batch, choices=recent_ids if nearest(batch, recent_ids) else recent_ids[-5:])
    if len(ids) > 1:
        listed = ", ".join(f"{e.stream}/{e.producer}/{e.batch_id}" for e in ids[:5])
        raise WrongUse(f"{len(ids)} batches are called {batch!r}.", f"Say which: {listed}.")
    return ids[0]
