"""`dif erase`: a sender's right to be gone, an organisation's rows, and an identity number that was found late."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from catalog.domain import identity
from catalog.errors import BadOption, SharingError, UnknownName, WrongUse
from catalog.tables.streams import PUSHED
from pipelines.cli.checks import require_home, require_text
from pipelines.cli.commands.run import carried_out
from pipelines.cli.present import erase as present
from pipelines.cli.present.formats import counted
from pipelines.cli.screen import Progress, Result, command, say, show
from pipelines.run import publish
from pipelines.run.attempt import Attempt
from pipelines.run.steps import begin, exclusive_run
from pipelines.run.tables import LAKE
from transport.base.settings import Settings, load
from transport.ingest.registers import releases_named
from transport.lake.tables import Lake
from transport.operations import erasure as outside
from transport.operations import mail
from transport.operations.subscriptions import Subscriptions
from transport.releases.store import Releases
from transport.storage import erasure
from transport.storage.erasure import Affected, Change, IdentityNumber, OrganisationRows
from transport.storage.journal import Entry
from transport.storage.landing import Landing, known_stream, open_landing, utc_now

if TYPE_CHECKING:
    from transport.cluster.lease import Lease


@dataclass(frozen=True, slots=True)
class _Plan:
    """What would be erased.

    Attributes:
        affected: the batches, with how many of their rows.
        change: to their rows; None when they are gone altogether.
        files: files outside the landing that are removed too.
        sender: whose batches go whole; empty if nobody's do.
        facts: what is shown, and given to a program: also what stands in the way (`held`), what stays (`kept_by_law`,
            `backups`, `readers`), and earlier erasures that were broken off, which this one finishes (`unfinished`).
    """

    affected: Sequence[Affected]
    change: Change | None
    files: Sequence[Path]
    sender: str
    facts: Mapping[str, Any]

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be erased, and no erasure is to be finished."""
        return not (self.affected or self.files or self.facts["unfinished"])


@command()
def erase(  # noqa: PLR0913 - a command's options
    *,
    producer: str = "",
    stream: str | None = None,
    batch: Annotated[list[str] | None, Parameter(negative="")] = None,
    organisation: str = "",
    identity_number: Annotated[bool, Parameter(name="--identity", negative="")] = False,
    address: Annotated[bool, Parameter(name="--address", negative="")] = False,
    reason: str = "",
    by: str = "drift",
    even_held: bool = False,
    yes: bool = False,
    json: bool = False,
) -> Result:
    """Erase a sender's batches, an organisation's rows, or an identity number. Without --yes it only shows what.

    Landing, lake, quarantine and every release made of the rows; a tombstone keeps the accounting. Ledgers are kept by
    law, and backups are named. Repeat the command to finish one that was broken off; `dif run` does it too.

    Args:
        producer: whose batches; with --stream or --batch only those.
        stream: of one stream only.
        batch: this batch of the producer; may be repeated.
        organisation: an organisation number; its rows are removed from every batch that says whose each row is.
        identity_number: ask for an identity number, and mask it wherever a text holds it; never given as an option.
        address: ask for a mail address, and delete its subscriptions; asked for as an identity number is.
        reason: why, for the record and for readers of the batch list; it names nobody.
        by: the function that decides, not a person.
        even_held: also remove releases that somebody holds.
        yes: do it.
        json: for a program.
    """
    settings = load()
    require_home(settings)
    if sum(map(bool, (producer, organisation, identity_number, address))) != 1 or ((stream or batch) and not producer):
        raise WrongUse(
            "It is not clear what to erase.",
            "Give one of --producer (with --stream, --batch), --organisation, --identity and --address.",
        )
    if address:
        return _erase_address(settings, yes=yes)
    if yes:
        require_text("--reason", reason, "a reason in a few words; it must not name a person")
    if identity.mask(reason, either=True) != reason:
        raise BadOption("--reason", "(masked)", "a reason without an identity number")
    change: Change | None = OrganisationRows(_organisation(organisation)) if organisation else None
    change = IdentityNumber(_read_number()) if identity_number else change
    with exclusive_run(settings) as lease:
        landing = open_landing(settings)
        plan = _plan(settings, landing, change, producer, stream, batch or ())
        if not json:  # before the run, which takes long
            show(present.plan(plan.facts, masks=change is not None and not change.removes))
        does = yes and not plan.is_empty
        missed: Sequence[Path] = ()
        if does:
            missed = _erase(plan, settings, landing, by=by, reason=reason.strip(), even_held=even_held, lease=lease)
        left, finished = Releases(settings).with_erased_rows(landing), not landing.unfinished
    facts = {"erased": does, "finished": does and finished, "left": left, **plan.facts}
    lines: Iterable[str] = ()
    if does:
        bucket = bool(settings.landing_url)
        lines = present.summary(facts, settings.home, missed=missed, sender=plan.sender, bucket=bucket)
    elif not plan.is_empty:
        is_new = plan.affected or plan.files
        lines = [f"Nothing was erased; --yes --reason TEXT {'does' if is_new else 'or `dif run` finishes'} it."]
    only_kept = bool(plan.facts["kept_by_law"]) and not (plan.affected or plan.facts["unfinished"])
    return Result(facts, lines, code=1 if only_kept or (does and not finished) else 0)


def _erase(
    plan: _Plan,
    settings: Settings,
    landing: Landing,
    *,
    by: str,
    reason: str,
    even_held: bool,
    lease: Lease | None,
) -> Sequence[Path]:
    """Erase, then run; returns the folders of backups that could not be told.

    Raises:
        WrongUse: a release is held that would have to go; nothing was erased.
        Damaged: the mirror is away; nothing was erased.
        SharingError: the run stopped; the landing is rid of it, and the next run goes on.
    """
    if plan.facts["held"] and not even_held:
        name, hold = next(iter(plan.facts["held"].items()))
        raise WrongUse(
            f"Release {name} would have to go, and is held: {hold.get('reason', '')}.",
            f"Copy out what must be kept, then `dif release hold {name} --off`, or add --even-held.",
        )
    landing.backend.check_copies()  # before anything is removed
    of_inbox = [p for p in plan.files if p.is_relative_to(settings.inbox)]
    outside.remove(of_inbox, below=settings.inbox)
    outside.remove([p for p in plan.files if p not in of_inbox], below=settings.home)
    erasure.erase(landing, plan.affected, plan.change, by=by, reason=reason, now=utc_now())
    missed = outside.remember_in(outside.known_folders(settings), erasure.erased_batches(landing))
    releases = Releases(settings)
    for name, hold in releases.holds().items():
        if hold.get("release", name) in plan.facts["held"]:
            releases.let_go(name)
    run = begin(settings, Progress(), lease=lease)
    if releases.current() is None and not settings.lake.is_dir():
        publish.finish_erasures(run)
    else:
        try:
            with Attempt(run) as attempt:
                carried_out(attempt)
        except SharingError:
            say("The landing is rid of it; lake and releases are not, until a run publishes. It stopped here:")
            raise
    landing.refresh()
    return missed


def _organisation(number: str) -> str:
    plain = number.replace(" ", "")
    if not identity.is_organisation_number(plain, or_made_up=True):
        raise BadOption("--organisation", number, "an organisation number of nine digits")
    return plain


def _erase_address(settings: Settings, *, yes: bool) -> Result:
    """Delete the subscriptions of an address, the only place that keeps one: neither logs nor backups do."""
    address = mail.address_of(_read_line("Mail address"))
    if address is None:
        raise WrongUse("That is no mail address.", "Type it whole at the prompt, or give it on standard input.")
    register = Subscriptions(settings)
    subscriptions = register.of_address(address)
    if yes and subscriptions:
        register.end([s.id for s in subscriptions], "removed", now=utc_now())
    erased = yes and bool(subscriptions)
    lines = [f"{counted(len(subscriptions), 'subscription')} of that address{' erased' if erased else ''}."]
    if subscriptions and not yes:
        lines.append("Nothing was erased; --yes does it.")
    return Result({"erased": erased, "subscriptions": len(subscriptions)}, lines)


def _read_line(what: str) -> str:
    """A line, read where neither the shell's history nor the list of processes shows it."""
    return getpass.getpass(f"{what} (not shown): ") if sys.stdin.isatty() else sys.stdin.readline()


def _read_number() -> str:
    text = _read_line("Identity number")
    digits = "".join(sign for sign in text if sign.isdigit())
    if len(digits) != identity.DIGITS or not digits.isascii():
        raise WrongUse("An identity number has eleven digits.", "Type it at the prompt, or give it on standard input.")
    return digits


def _plan(
    settings: Settings,
    landing: Landing,
    change: Change | None,
    producer: str,
    stream: str | None,
    batch_ids: Sequence[str],
) -> _Plan:
    if stream is not None:
        known_stream(stream)
    if change is None:
        producers = {e.producer for e in landing.entries}
        if producer not in producers and not outside.dropped_by(settings, producer, PUSHED):
            raise UnknownName("producer", producer, choices=producers)
        matches = erasure.of_sender(landing, producer, stream=stream, batch_ids=batch_ids)
        going_on = {e.batch_id for e in _unfinished_batches(landing) if e.producer == producer}
        if missing := set(batch_ids) - {a.entry.batch_id for a in matches} - going_on:
            raise WrongUse(
                f"{producer} has no batch {min(missing)!r}, or it is erased already.",
                '`dif sql "from quality.batch"` lists them.',
            )
        what = f"{'the named' if batch_ids else 'all'} batches of {producer}{f' in {stream}' if stream else ''}"
    else:
        matches = erasure.holding(landing, change)
        what = f"the rows of {change.number}" if isinstance(change, OrganisationRows) else "an identity number"
    spares_rows = change is not None and not change.removes
    by_law = [a for a in matches if a.entry.stream in erasure.KEPT_BY_LAW and not spares_rows]
    affected = [a for a in matches if a not in by_law]
    touched = [*(a.entry for a in affected), *_unfinished_batches(landing)]
    of_sender = outside.dropped_by(settings, producer, [stream] if stream else PUSHED)
    files = [*(of_sender if change is None and not batch_ids else ()), *outside.set_aside(settings)]
    waiting = [p for p in outside.in_inbox(settings) if p not in files] if affected else []
    files = files if affected or of_sender else []
    made_of_them = _releases_of(settings, landing, {a.entry.number for a in affected})
    holds = {hold.get("release", name): hold for name, hold in Releases(settings).holds().items()}
    datasets = publish.datasets_made_of({e.stream for e in touched})
    first = min((e.received_at for e in touched), default=None)
    span = erasure.month_span(affected)
    facts = {
        "what": what,
        "batches": [
            {**_batch_key(a), "rows": a.rows, "bytes": a.entry.bytes, "whole": change is None or a.is_whole}
            for a in affected
        ],
        "unfinished": [{"batches": e.touched, "by": e.by, "reason": e.reason} for e in landing.unfinished],
        "months": [str(m) for m in span] if span else [],
        "kept_by_law": [{**_batch_key(a), "rows": a.rows} for a in by_law],
        "files": [str(p.relative_to(settings.home)) for p in files],
        "not_looked_into": [str(p.relative_to(settings.home)) for p in waiting],
        "releases": made_of_them,
        "held": {n: h for n, h in (_named_in_registers(landing) | holds).items() if n in made_of_them},
        "datasets": list(datasets),
        "analyses": [str(p.relative_to(settings.lake)) for p in Lake.of(settings).others(LAKE)] if touched else [],
        "readers": dict(outside.readers(settings, datasets, since=first)) if first else {},
        "backups": _backups(settings, landing, affected, touched),
    }
    return _Plan(affected, change, files, producer if any(e.producer == producer for e in touched) else "", facts)


def _releases_of(settings: Settings, landing: Landing, numbers: Collection[int]) -> list[str]:
    """The releases that may hold rows of the batches with these numbers, or of an unfinished erasure."""
    releases = Releases(settings)
    stays = releases.with_erased_rows(landing) if landing.unfinished else []

    def may_hold(name: str) -> bool:
        upto = releases.last_journal_line(name, landing)
        return upto is None or upto >= min(numbers)

    return [name for name in releases.names() if name in stays or (numbers and may_hold(name))]


def _backups(
    settings: Settings, landing: Landing, affected: Sequence[Affected], touched: Sequence[Entry]
) -> list[dict[str, str]]:
    """The backups that still contain the rows; each with the reason where that cannot be determined."""
    if not touched:
        return []
    names = {(e.stream, e.producer, e.batch_id) for e in touched}
    as_they_were = [
        *(
            erasure.ErasedBatch(e.stream, e.producer, e.batch_id, e.sha256, "", "", "")
            for e in (a.entry for a in affected)
        ),
        *(gone for gone in erasure.erased_batches(landing) if (gone.stream, gone.producer, gone.batch_id) in names),
    ]
    backups = outside.backups_with(outside.known_folders(settings), as_they_were)
    return [{"path": str(path), "unknown": why} for path, why in backups]


def _unfinished_batches(landing: Landing) -> list[Entry]:
    """The batches of erasures that were broken off after the tombstone."""
    return [landing.entry(n) for e in landing.unfinished for n in (*e.batches, *(r.of for r in e.rewritten))]


def _named_in_registers(landing: Landing) -> dict[str, Mapping[str, str]]:
    names = releases_named(landing)
    return {name: {"by": "the register", "reason": f"register {of} names it"} for name, of in names.items()}


def _batch_key(affected: Affected) -> dict[str, object]:
    entry = affected.entry
    return {"stream": entry.stream, "producer": entry.producer, "batch_id": entry.batch_id}
