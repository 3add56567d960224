"""`dif erase`: a sender's right to be gone, an organisation's rows, and an identity number that was found late."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from catalog.domain import identity
from catalog.errors import BadOption, SharingError, UnknownName, WrongUse
from catalog.tables.streams import PUSHED
from pipelines.cli.checks import require_home, require_text
from pipelines.cli.commands.run import carried_out
from pipelines.cli.present import erase as present
from pipelines.cli.present.formats import counted
from pipelines.cli.screen import Progress, Result, command, say, show
from pipelines.run import erasing
from pipelines.run.attempt import Attempt
from pipelines.run.steps import alone, begin
from pipelines.run.tables import LAKE
from transport.base.settings import Settings, load
from transport.ingest.registers import releases_named
from transport.lake.tables import Lake
from transport.operations import erasure as outside
from transport.operations import mail
from transport.operations.subscriptions import Subscriptions
from transport.releases.store import Releases
from transport.storage import erasure, landing
from transport.storage.erasure import Affected, Change, IdentityNumber, OrganisationRows
from transport.storage.journal import Entry, Erasure
from transport.storage.lease import Lease


@dataclass(frozen=True, slots=True)
class _Plan:
    """What would be erased, and what stands in the way or stays.

    Attributes:
        what: in words, without any number of a person.
        affected: the batches, with how many of their rows.
        unfinished: earlier erasures that were broken off; this one finishes them too.
        change: to their rows; None when they are gone altogether.
        by_law: batches of ledgers, which stay.
        files: files outside the landing that are removed too.
        not_looked_into: files in the inbox that may hold more of it.
        releases: made of the rows, or of those of an unfinished erasure; removed once another is published.
        held: those of them that somebody holds, with by whom and why.
        datasets: those of a release that are made of the streams.
        analyses: tables of the lake without a contract, which are removed, whatever they hold.
        readers: who was served any of those, with which.
        backups: that have the batches as they were; each with the reason if nobody knows.
        sender: whose batches go whole; empty if nobody's do.
    """

    what: str
    affected: Sequence[Affected]
    change: Change | None
    unfinished: Sequence[Erasure] = ()
    by_law: Sequence[Affected] = ()
    files: Sequence[Path] = ()
    not_looked_into: Sequence[Path] = ()
    releases: Sequence[str] = ()
    held: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    datasets: Sequence[str] = ()
    analyses: Sequence[Path] = ()
    readers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    backups: Sequence[tuple[Path, str]] = ()
    sender: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be erased, and no erasure is to be finished."""
        return not (self.affected or self.files or self.unfinished)

    def as_json(self, settings: Settings) -> dict[str, object]:
        """What is shown, and given to a program."""
        span = erasure.month_span(self.affected)
        return {
            "what": self.what,
            "batches": [
                {**_named(a), "rows": a.rows, "bytes": a.entry.bytes, "whole": self.change is None or a.is_whole}
                for a in self.affected
            ],
            "unfinished": [{"batches": e.touched, "by": e.by, "reason": e.reason} for e in self.unfinished],
            "months": [str(m) for m in span] if span else [],
            "kept_by_law": [{**_named(a), "rows": a.rows} for a in self.by_law],
            "files": [str(p.relative_to(settings.home)) for p in self.files],
            "not_looked_into": [str(p.relative_to(settings.home)) for p in self.not_looked_into],
            "releases": list(self.releases),
            "held": dict(self.held),
            "datasets": list(self.datasets),
            "analyses": [str(p.relative_to(settings.lake)) for p in self.analyses],
            "readers": dict(self.readers),
            "backups": [{"path": str(path), "unknown": why} for path, why in self.backups],
        }


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
    with alone(settings) as held:
        kept = landing.open_landing(settings)
        plan = _plan(settings, kept, change, producer, stream, batch or ())
        facts = plan.as_json(settings)
        if not json:  # before the run, which takes long
            show(present.plan(facts, masks=change is not None and not change.removes))
        does = yes and not plan.is_empty
        missed: Sequence[Path] = ()
        if does:
            missed = _erase(plan, settings, kept, by=by, reason=reason.strip(), even_held=even_held, held=held)
        left, finished = Releases(settings).holding_erased(kept), not kept.unfinished
    facts = {"erased": does, "finished": does and finished, "left": left, **facts}
    lines: Iterable[str] = ()
    if does:
        bucket = bool(settings.landing_url)
        lines = present.done(facts, settings.home, missed=missed, sender=plan.sender, bucket=bucket)
    elif not plan.is_empty:
        is_new = plan.affected or plan.files
        lines = [f"Nothing was erased; --yes --reason TEXT {'does' if is_new else 'or `dif run` finishes'} it."]
    fails = (does and not finished) or (plan.by_law and not (plan.affected or plan.unfinished))
    return Result(facts, lines, code=int(bool(fails)))


def _erase(
    plan: _Plan,
    settings: Settings,
    kept: landing.Landing,
    *,
    by: str,
    reason: str,
    even_held: bool,
    held: Lease | None,
) -> Sequence[Path]:
    """Erase, then run; returns the folders of backups that could not be told.

    Raises:
        WrongUse: a release is held that would have to go; nothing was erased.
        Damaged: the mirror is away; nothing was erased.
        SharingError: the run stopped; the landing is rid of it, and the next run goes on.
    """
    if plan.held and not even_held:
        name, hold = next(iter(plan.held.items()))
        raise WrongUse(
            f"Release {name} would have to go, and is held: {hold.get('reason', '')}.",
            f"Copy out what must be kept, then `dif release hold {name} --off`, or add --even-held.",
        )
    kept.backend.check_copies()  # before anything is removed
    of_inbox = [p for p in plan.files if p.is_relative_to(settings.inbox)]
    outside.remove(of_inbox, below=settings.inbox)
    outside.remove([p for p in plan.files if p not in of_inbox], below=settings.home)
    erasure.erase(kept, plan.affected, plan.change, by=by, reason=reason, now=landing.utc_now())
    missed = outside.remember_in(outside.known_folders(settings), erasure.gone_from(kept))
    releases = Releases(settings)
    for name, hold in releases.held().items():
        if hold.get("release", name) in plan.held:
            releases.let_go(name)
    run = begin(settings, Progress(), held=held)
    if releases.current() is None and not settings.lake.is_dir():
        erasing.finish(run)
    else:
        try:
            with Attempt(run) as attempt:
                carried_out(attempt)
        except SharingError:
            say("The landing is rid of it; lake and releases are not, until a run publishes. It stopped here:")
            raise
    kept.refresh()
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
    found = register.of_address(address)
    if yes and found:
        register.end([s.id for s in found], "removed", now=landing.utc_now())
    erased = yes and bool(found)
    lines = [f"{counted(len(found), 'subscription')} of that address{' erased' if erased else ''}."]
    if found and not yes:
        lines.append("Nothing was erased; --yes does it.")
    return Result({"erased": erased, "subscriptions": len(found)}, lines)


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
    kept: landing.Landing,
    change: Change | None,
    producer: str,
    stream: str | None,
    batch_ids: Sequence[str],
) -> _Plan:
    if stream is not None:
        landing.known_stream(stream)
    if change is None:
        producers = {e.producer for e in kept.entries}
        if producer not in producers and not outside.dropped_by(settings, producer, PUSHED):
            raise UnknownName("producer", producer, choices=producers)
        found = erasure.of_sender(kept, producer, stream=stream, batch_ids=batch_ids)
        going_on = {e.batch_id for e in _unfinished_batches(kept) if e.producer == producer}
        if missing := set(batch_ids) - {a.entry.batch_id for a in found} - going_on:
            raise WrongUse(
                f"{producer} has no batch {min(missing)!r}, or it is erased already.",
                '`dif sql "from quality.batch"` lists them.',
            )
        what = f"{'the named' if batch_ids else 'all'} batches of {producer}{f' in {stream}' if stream else ''}"
    else:
        found = erasure.holding(kept, change)
        what = f"the rows of {change.number}" if isinstance(change, OrganisationRows) else "an identity number"
    spares_rows = change is not None and not change.removes
    by_law = [a for a in found if a.entry.stream in erasure.KEPT_BY_LAW and not spares_rows]
    affected = [a for a in found if a not in by_law]
    touched = [*(a.entry for a in affected), *_unfinished_batches(kept)]
    of_sender = outside.dropped_by(settings, producer, [stream] if stream else PUSHED)
    files = [*(of_sender if change is None and not batch_ids else ()), *outside.set_aside(settings)]
    numbers = {a.entry.number for a in affected}
    releases = Releases(settings)
    holds = {hold.get("release", name): hold for name, hold in releases.held().items()}
    upto = {name: releases.made_upto(name, kept) for name in releases.names()} if numbers else {}
    stays = releases.holding_erased(kept) if kept.unfinished else []
    made = [name for name in releases.names() if name in stays or (name in upto and _holds(upto[name], numbers))]
    datasets = erasing.made_of({e.stream for e in touched})
    first = min((e.received_at for e in touched), default=None)
    names = {(e.stream, e.producer, e.batch_id) for e in touched}
    as_they_were = [
        *(erasure.Gone(e.stream, e.producer, e.batch_id, e.sha256, "", "", "") for e in (a.entry for a in affected)),
        *(gone for gone in erasure.gone_from(kept) if (gone.stream, gone.producer, gone.batch_id) in names),
    ]
    return _Plan(
        what,
        affected,
        change,
        kept.unfinished,
        by_law,
        files if affected or of_sender else [],
        [p for p in outside.in_inbox(settings) if p not in files] if affected else [],
        made,
        {n: h for n, h in (_named_in_registers(kept) | holds).items() if n in made} if made else {},
        datasets,
        Lake.of(settings).others(LAKE) if touched else [],
        outside.readers(settings, datasets, since=first) if first else {},
        outside.backups_with(outside.known_folders(settings), as_they_were) if touched else [],
        producer if any(e.producer == producer for e in touched) else "",
    )


def _unfinished_batches(kept: landing.Landing) -> list[Entry]:
    """The batches of erasures that were broken off after the tombstone."""
    return [kept.entry(n) for e in kept.unfinished for n in (*e.batches, *(r.of for r in e.rewritten))]


def _holds(upto: int | None, numbers: Collection[int]) -> bool:
    """Whether a release that has read the journal to that line may hold rows of any of these batches."""
    return upto is None or upto >= min(numbers)


def _named_in_registers(kept: landing.Landing) -> dict[str, Mapping[str, str]]:
    names = releases_named(kept)
    return {name: {"by": "the register", "reason": f"register {of} names it"} for name, of in names.items()}


def _named(affected: Affected) -> dict[str, object]:
    entry = affected.entry
    return {"stream": entry.stream, "producer": entry.producer, "batch_id": entry.batch_id}
