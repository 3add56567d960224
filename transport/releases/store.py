"""Releases: immutable folders that readers open, and the pointer `current` that moves by one rename.

A release is written under a temporary name, synced to disk and renamed. Only then does `current` move to it, and only
if `current` is still its parent. Readers resolve the pointer and open the real path, so they never see a mix of two
releases.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from catalog.domain import calendar
from catalog.errors import Damaged, ReleaseMoved, UnknownName, WrongUse
from transport.base import atomic_files
from transport.base.names import NAME
from transport.base.settings import Settings
from transport.lake.delta_log import log_records
from transport.releases import blocks
from transport.releases.folder import RELEASE_FILE, SUMS, Content, ReleaseFolder, hash_once
from transport.releases.release import (
    LEDGER_FILE,
    OPEN_FILE,
    UNKNOWN,
    Release,
    in_order,
    number_of,
    times_in,
)
from transport.releases.storage import storage_of
from transport.storage.landing import Landing, is_fingerprint

if TYPE_CHECKING:
    from transport.releases.signing import Signer, Verifier


@dataclass(frozen=True, slots=True)
class Draft:
    """A release being filled, under a name that no reader looks at.

    Attributes:
        name: its future id.
        before: the release it follows.
        folder: its temporary folder.
        filled: writes into that folder.
        datasets: the datasets added so far, as the manifest will list them.
    """

    name: str
    before: Release | None
    folder: Path
    filled: ReleaseFolder
    datasets: dict[str, dict[str, object]]

    def add(self, contents: Iterable[Content]) -> None:
        """Add each dataset that the draft does not hold yet."""
        for content in contents:
            if content.contract.name not in self.datasets:
                self.datasets[content.contract.name] = self.filled.add(content)

    def discard(self) -> None:
        """Close and delete the draft."""
        self.filled.leave()
        shutil.rmtree(self.folder, ignore_errors=True)


class Releases:
    """The releases of one home."""

    def __init__(self, settings: Settings) -> None:
        """Open nothing yet."""
        self._settings = settings
        self.folder = settings.releases
        self.storage = storage_of(settings)

    def names(self) -> list[str]:
        """Every release, in the order in which they were published, also those that only other machines have yet."""
        return in_order(self.storage.times())

    def current(self) -> Release | None:
        """The release that readers should open; None before the first."""
        name = self.current_name()
        return Release.read(self.folder / name) if name else None

    def secret_of_current(self) -> str | None:
        """The id of the secret that the current release was perturbed with; None before there is one."""
        current = self.current()
        secret = current.manifest.get("secret") if current else None
        return str(secret) if secret else None

    def current_name(self) -> str | None:
        """The id of the release that readers should open; None before the first."""
        return self.storage.current()

    def get(self, name: str) -> Release:
        """The release with the given id, or of a channel: `current`, `stable`, or a day, at whose end it was the last.

        Raises:
            UnknownName: there is no such release, or none in the channel yet.
        """
        folder = self.folder / name
        if name == "current":
            release = self.current()
            if release is not None:
                return release
        elif name == STABLE:
            return self.get(self._stable())
        elif _is_day(name):
            return self._of_day(name)
        elif NAME.fullmatch(name) and not name.startswith(".") and self.storage.has(name):
            return Release.read(folder)
        raise UnknownName("release", name[:80], choices=self.names())

    def _stable(self) -> str:
        hold = self.holds().get(STABLE)
        if hold is None:
            raise _none_in(STABLE, "No release has been promoted", self.names())
        return hold["release"]

    def _of_day(self, day: str) -> Release:
        """The last release that was published by the end of a day in Oslo; one made as of a date does not count."""
        times = {name: at for name, at in self.storage.times().items() if at > UNKNOWN and not name.startswith(AS_OF)}
        published = in_order({name: at for name, at in times.items() if str(calendar.day_in_oslo(at)) <= day})
        if not published:
            raise _none_in(day, "No kept release was published by the end of that day", self.names())
        return self.get(published[-1])

    def _published(self) -> list[tuple[str, datetime]]:
        """Every release here that can be read, with when it was published, oldest first."""
        times = times_in(self.folder)
        return [(name, times[name]) for name in in_order(times) if times[name] > UNKNOWN]  # the others: the doctor's

    def next_time(self, now: datetime) -> datetime:
        """When the next release is published: now, or right after the current one where the clock was put back.

        Readers, versions and mails go by the order in which releases were published.
        """
        of_current = self.storage.times().get(self.current_name() or "", UNKNOWN)
        return max(now, of_current + timedelta(seconds=1))

    def next_name(self, now: datetime, *, as_of: datetime | None = None) -> str:
        """The next free id of the day in Oslo; an as-of release is named for its as-of date.

        What the doctor set aside keeps its name: readers may know it.
        """
        stem = f"{AS_OF}{calendar.day_in_oslo(as_of)}" if as_of else str(calendar.day_in_oslo(now))
        aside = {folder.name for folder in (self._settings.home / "damaged").glob("*/releases/*")}
        used = aside.union(self.storage.names_in_use())
        used_numbers = [int(n.rsplit(".", 1)[1]) for n in used if n.rsplit(".", 1)[0] == stem]
        return f"{stem}.{max(used_numbers, default=0) + 1}"

    def begin(
        self, name: str, before: Release | None, *, rules: str, anew: bool = False, sound: Collection[Path] = ()
    ) -> Draft:
        """Begin a release, which can be filled before it is clear whether it may be published.

        Args:
            name: its id.
            before: the release it follows.
            rules: identifies the code and facts that make its tables.
            anew: reuse nothing from the databases of the release before.
            sound: files of the lake that were verified as written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        half = self.folder / f"{atomic_files.TEMPORARY}{name}"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir()
        filled = ReleaseFolder(self._settings, half, before, rules=rules, anew=anew, sound=sound)
        return Draft(name, before, half, filled, {})

    def publish(  # noqa: PLR0913 - what a release is made of, each by its name
        self,
        name: str,
        contents: Iterable[Content],
        describe: Callable[[Mapping[str, Mapping[str, object]]], Iterable[Content]],
        facts: Mapping[str, object],
        *,
        parent: str | None,
        point: bool = True,
        anew: bool = False,
        lake: Mapping[str, str] = MappingProxyType({}),
        sound: Collection[Path] = (),
        draft: Draft | None = None,
        documents: Path | None = None,
        documents_stay: Collection[str] = (),
    ) -> Release:
        """Make a release and point to it.

        Args:
            name: its id.
            contents: every dataset it holds, except those that describe the datasets.
            describe: makes those, given rows, content hash and synthetic of each dataset.
            facts: further fields of the manifest.
            parent: the release it follows; must still be `current`.
            point: whether `current` moves; an as-of release never moves it.
            anew: reuse nothing from the parent's databases.
            lake: published files of the lake, by name, with the SHA-256 as written.
            sound: those of them whose bytes were verified.
            draft: an existing draft, perhaps with some of the datasets already added.
            documents: a folder of files about the datasets' quality, put in the release's folder `quality/`.
            documents_stay: datasets whose documents are the parent's.

        Raises:
            ReleaseMoved: `current` is no longer `parent`; nothing was published.
            BadSetting: the setting `signing_key` names no key.
        """
        contents, rules, signer = list(contents), str(facts.get("rules")), self.signer()
        before = self.get(parent) if parent else None
        draft = draft or self.begin(name, before, rules=rules, anew=anew, sound=sound)
        if not self._filled(draft, contents, describe):  # the parent holds other datasets
            draft = self.begin(name, before, rules=rules, anew=True, sound=sound)
            self._filled(draft, contents, describe)
        half = draft.folder
        if documents is not None:
            draft.filled.document(documents, documents_stay)
        draft.filled.promise()
        naming = f"release: {name}\nparent: {parent or ''}\npublished_at: {facts.get('published_at')}\n"
        manifest: dict[str, object] = {
            **facts,
            "release": name,
            "parent": parent,
            "datasets": draft.datasets,
            "files": _files_of(draft, signer, naming),
            "database": draft.filled.database(),
        }
        manifest["lake"] = _lake_files(self._settings, before, lake)
        atomic_files.write_json(half / "manifest.json", _sealed(manifest, signer))
        atomic_files.sync_tree(half)
        if point and (release := self.current()) is not None and release.name != parent:
            shutil.rmtree(half)
            raise ReleaseMoved(parent, release.name)
        (self.storage.publish if point else self.storage.add)(half, name)
        return Release.read(self.folder / name)

    def signer(self) -> Signer | None:
        """Who signs the releases; None where they are not signed.

        Raises:
            BadSetting: the setting `signing_key` names no key.
            WrongUse: others may read the key.
        """
        if self._settings.signing_key is None:
            return None
        from transport.releases.signing import Signer  # its library takes 20 ms, and most runs sign nothing

        return Signer.of(self._settings)

    def _filled(
        self,
        draft: Draft,
        contents: Iterable[Content],
        describe: Callable[[Mapping[str, Mapping[str, object]]], Iterable[Content]],
    ) -> bool:
        """Add what the draft lacks, and close it; False when it cannot build on the parent's databases."""
        draft.add(contents)
        draft.add(describe(draft.datasets))
        return draft.filled.close()

    def point(self, name: str) -> None:
        """Point `current` at the release, by one rename.

        Raises:
            LeaseLost: another machine has moved it meanwhile.
        """
        self.storage.point(name)

    def promote(self, name: str, *, by: str, reason: str, now: datetime) -> None:
        """Make a release the stable one, for readers who ask for `stable`; it is kept until another is.

        Raises:
            UnknownName: there is no such release.
        """
        self.keep_hold(STABLE, {"release": self.get(name).name, **_hold(by, reason, now)})

    def remove(self, name: str) -> None:
        """Remove a release that neither `current` nor `stable` is.

        Raises:
            WrongUse: it is one of these.
            UnknownName: there is no such release.
        """
        if self.current_name() == name:
            raise WrongUse(f"{name} is the current release.", "Roll back to another first.")
        if self.holds().get(STABLE, {}).get("release") == name:
            raise WrongUse(f"{name} is the stable release.", "`dif release promote` another first.")
        if name not in self.names():
            raise UnknownName("release", name[:80], choices=self.names())
        self.storage.remove(name)

    def holds(self) -> Mapping[str, Mapping[str, str]]:
        """The held releases, each with who holds it, why and since when; under `stable` also which release that is."""
        return self.storage.holds()

    def held_names(self) -> set[str]:
        """The releases that are kept because somebody holds them, the stable one among them."""
        return {hold.get("release", name) for name, hold in self.holds().items()}

    def hold(self, name: str, *, by: str, reason: str, now: datetime) -> None:
        """Keep a release until `let_go`, whatever the retention policy says.

        Raises:
            UnknownName: there is no such release.
        """
        self.keep_hold(self.get(name).name, _hold(by, reason, now))

    def keep_hold(self, name: str, hold: Mapping[str, str]) -> None:
        """Keep a hold as it was written, with the databases whole for those who open them by their path."""
        blocks.join(self.folder / hold.get("release", name))
        if name == STABLE:
            atomic_files.point(self.folder / STABLE, hold["release"])  # for those who open files by their path
        self.storage.hold(name, hold)

    def let_go(self, name: str) -> None:
        """Release the hold.

        Raises:
            UnknownName: nobody holds it.
        """
        if name not in self.holds():
            raise UnknownName("held release", name, choices=self.holds().keys() - {STABLE})
        if name == STABLE:
            (self.folder / STABLE).unlink(missing_ok=True)
        self.storage.hold(name, None)

    def expired(self, *, now: datetime, referenced: Collection[str] = ()) -> list[str]:
        """Releases that the retention policy no longer keeps, oldest first.

        The policy keeps the current release, its parent and all of the last two days, which readers may have open and
        `rollback` needs; the last release of each day, for `release_days`; the last of each month, for
        `release_months`; all held ones; and those that are `referenced` by a register. An as-of release never counts as
        a day's or month's last: it is kept for `release_days`.
        """
        published = self._published()
        keep = self._whole(referenced)
        last_of_day, last_of_month = dict[date, str](), dict[date, str]()
        for name, at in published:
            day = calendar.day_in_oslo(at)
            if now - at < _OPEN_YET or (name.startswith(AS_OF) and now - at < timedelta(self._settings.release_days)):
                keep.add(name)
            elif not name.startswith(AS_OF):
                last_of_day[day] = last_of_month[calendar.month_of(day)] = name
        since = calendar.day_in_oslo(now - timedelta(self._settings.release_days))
        first = calendar.months_before(calendar.month_of(calendar.day_in_oslo(now)), self._settings.release_months)
        keep |= {n for d, n in last_of_day.items() if d >= since} | {n for m, n in last_of_month.items() if m >= first}
        return [n for n, _ in published if n not in keep]

    def split(self, *, referenced: Collection[str] = ()) -> None:
        """Keep the databases of older releases as blocks (`transport.releases.blocks`); call only under the lock.

        Whole stay those of the current release, its parent, which readers may have open, held ones, and `referenced`.
        """
        keep, earlier = self._whole(referenced), None
        for name, _ in self._published():
            folder = self.folder / name
            if name not in keep and folder.is_dir():
                blocks.split(folder, earlier)
                earlier = folder if (folder / blocks.BLOCKS).is_dir() else earlier

    def _whole(self, referenced: Collection[str]) -> set[str]:
        """The current release and its parent, held releases, and `referenced`."""
        current = self.current()
        return {
            *self.held_names(),
            *referenced,
            *([current.name, str(current.manifest.get("parent"))] if current else []),
        }

    def with_erased_rows(self, landing: Landing) -> list[str]:
        """The releases that `contains_erased_rows` names, oldest first."""
        return [name for name in self.names() if self.contains_erased_rows(name, landing)]

    def contains_erased_rows(self, name: str, landing: Landing) -> bool:
        """Whether a release was made of rows that are erased now; True when its inputs are unknown."""
        if not landing.erasures:
            return False
        upto = self.last_journal_line(name, landing)
        return upto is None or bool(landing.erased_since(upto))

    def last_journal_line(self, name: str, landing: Landing) -> int | None:
        """The last line of the journal that a release was made of; estimated from its time for an old one.

        None when its manifest cannot be read, or has changed since: its databases may well be readable.
        """
        with suppress(Damaged, KeyError, ValueError):
            manifest = self.get(name).manifest
            if is_sealed(manifest):
                made_of = manifest.get("made_of")
                if isinstance(made_of, Mapping):
                    return int(made_of["journal"][0])
                published = datetime.fromisoformat(str(manifest["published_at"]))
                return max((e.number for e in landing.entries if e.received_at <= published), default=0)
        return None

    def other_landing(self, landing: Landing) -> Damaged | None:
        """The error of a landing that is not the one that the current release was made of; None where it is.

        It is another where its disk is not mounted, or an older copy was put in its place: its journal ends before, or
        has other batches there. These are not compared where rows were erased since, or lines are known to be lost.

        Raises:
            Damaged: the current release has no readable manifest.
        """
        current = self.current()
        if current is None or not (differs := _how_differs(current, landing)):
            return None
        published = [Release.read(self.folder / n) for n, _ in reversed(self._published()) if not n.startswith(AS_OF)]
        earlier = next((release.name for release in published if not _how_differs(release, landing)), None)
        go_on = f"`dif release rollback {earlier}`, which was made of no more" if earlier else "move releases/ away"
        return Damaged(
            f"The landing's journal {differs}.",
            "Mount the landing's disk if it has one of its own. Else move landing/ away, restore it (`dif doctor "
            "--mend --from BACKUP`, or `dif restore` in an empty home), and have what came since sent again. To go on "
            f"without what it lacks: {go_on}.",
        )

    def verify(
        self,
        name: str,
        *,
        hashes: dict[tuple[int, int], str] | None = None,
        signed: Verifier | None = None,
    ) -> list[str]:
        """The faults of a release's files; empty if all match the manifest.

        Args:
            name: its id, or `current`.
            hashes: SHA-256 of files already read, by device and inode; releases share most files.
            signed: verifies the manifest's signature; None means that it need not have one.
        """
        release = self.get(name)
        manifest = release.manifest
        wrong = [] if is_sealed(manifest) else ["manifest.json: changed since it was published"]
        if signed and not wrong:
            signature = manifest.get("signature")
            if signature is None:
                wrong.append(NOT_SIGNED)
            elif not signed.accepts(_digest(manifest), str(signature)):
                wrong.append(f"{OTHER_KEY}, but with {manifest.get('signed_by')}")
        if manifest.get("release", release.name) != release.name:
            wrong.append(f"manifest.json: of release {manifest['release']}")
        files = release.manifest.get("files")
        for path, record in sorted(files.items()) if isinstance(files, dict) else ():
            file = release.folder / path
            if file.is_file():
                sha256 = hash_once(file, {} if hashes is None else hashes)
            else:
                sha256 = blocks.sha256(release.folder, path)
            if sha256 != record.get("sha256"):
                wrong.append(f"{path}: {'changed since it was published' if sha256 else 'missing'}")
        wrong += _wrong_lists(release)
        listed = set(files if isinstance(files, dict) else ()) | {"manifest.json"}
        split = {release.folder / blocks.BLOCKS / name for name in (OPEN_FILE, LEDGER_FILE)}
        wrong += [
            f"{p.relative_to(release.folder)}: not in the manifest"
            for p in sorted(release.folder.rglob("*"))
            if (p.is_symlink() or not p.is_dir())
            and str(p.relative_to(release.folder)) not in listed
            and p.parent not in split
        ]
        return wrong

    def sweep(self) -> None:
        """Remove what a dead process left unfinished; call only under the lock."""
        for half in self.folder.glob(f"{atomic_files.TEMPORARY}*"):
            atomic_files.remove(half)

    def note_attempt(self, attempt: Mapping[str, object]) -> None:
        """Record how the last run ended, for the pages, wherever they are."""
        self.storage.note_attempt(attempt)

    def note_begun(self, at: datetime) -> None:
        """Record that a run is going on."""
        self.storage.note_begun(at)

    def last_attempt(self) -> Mapping[str, object]:
        """How the last run ended; empty before the first."""
        return self.storage.last_attempt()


NOT_SIGNED = "manifest.json: not signed"
OTHER_KEY = "manifest.json: not signed with this key"
STABLE = "stable"
"""The channel that moves only when a person moves it: its release is held under this name."""
AS_OF = "asof-"
"""How the name of a release begins that was made as of a date."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_OPEN_YET = timedelta(days=2)
"""How long every release is kept, so that pages and queries can finish on the release they opened."""


def _is_day(name: str) -> bool:
    """Whether a name is a day of the calendar; `9999-99-99` would come after every release."""
    with suppress(ValueError):
        return bool(_DAY.fullmatch(name) and date.fromisoformat(name))
    return False


def _none_in(channel: str, why: str, names: Collection[str]) -> UnknownName:
    """The error for a channel that no release is in."""
    error = UnknownName("release", channel, choices=())  # the nearest name would be of another channel
    error.mend = f"{why}. Available: {', '.join(sorted(names, reverse=True)[:40]) or 'none yet'}."
    return error


def _hold(by: str, reason: str, now: datetime) -> dict[str, str]:
    return {"by": by, "reason": reason, "at": now.isoformat(timespec="seconds")}


def _how_differs(release: Release, landing: Landing) -> str:
    """How a journal is not the one that a release was made of; empty when it goes on from there, or nobody can tell."""
    made_of = release.manifest.get("made_of")
    if not isinstance(made_of, Mapping):
        return ""
    last, batches = made_of["journal"]
    if landing.last_number < last:
        ends = f"ends at line {landing.last_number}" if landing.last_number else "has no line"
        return f"{ends}, but {release.name} was made of {last} lines"
    if landing.erased_since(last) or any(mark.kind == "lost" and mark.number <= last for mark in landing.marks):
        return ""
    counted = [e for e in landing.entries if e.number <= last and landing.withdrawal(e, upto=last) is None]
    if is_fingerprint(batches, counted):
        return ""
    return f"has other batches in its first {last} lines than {release.name} was made of"


def _wrong_lists(release: Release) -> Iterator[str]:
    """The faults of the file that names a signed release, and of the lists that must contain it.

    Yields nothing for a release from before there was such a file.
    """
    record = release.section("files").get(RELEASE_FILE)
    if record is None:
        return
    naming, listing = f"release: {release.manifest.get('release')}", f"{record.get('sha256')}  {RELEASE_FILE}"
    for name, line in {RELEASE_FILE: naming, **dict.fromkeys(SUMS.values(), listing)}.items():
        file = release.folder / name
        if file.is_file() and line not in file.read_text("utf-8", "replace").splitlines():
            yield f"{name}: of another release"


def _digest(manifest: Mapping[str, object]) -> str:
    """The manifest's own hash, over all fields but `digest` and `signature`."""
    content = {k: v for k, v in manifest.items() if k not in {"digest", "signature"}}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _files_of(draft: Draft, signer: Signer | None, naming: str) -> dict[str, dict[str, object]]:
    """The files of a finished draft; of a signed release also its name and the lists, which are written here."""
    if signer is None:
        return draft.filled.files()
    (draft.folder / RELEASE_FILE).write_text(naming, "utf-8")
    files = draft.filled.files()
    audiences = {name: str(record["audience"]) for name, record in draft.datasets.items()}
    return files | draft.filled.records(signer.write_lists(draft.folder, files, audiences))


def _sealed(manifest: Mapping[str, object], signer: Signer | None) -> dict[str, object]:
    """The manifest with its own hash, and that signed if there is a signer."""
    if signer is None:
        return {**manifest, "digest": _digest(manifest)}
    content = {**manifest, "signed_by": signer.name}
    return {**content, "digest": _digest(content), "signature": signer.signature(_digest(content))}


def is_sealed(manifest: Mapping[str, object]) -> bool:
    """Whether the manifest is as published; a manifest older than the field `digest` passes.

    The changed bit may be in the field's name: any field that looks like a digest shows that there was one.
    """
    if "digest" in manifest or any(_LOOKS_LIKE_DIGEST.fullmatch(v) for v in manifest.values() if isinstance(v, str)):
        return manifest.get("digest") == _digest(manifest)
    return True


_LOOKS_LIKE_DIGEST = re.compile("[0-9a-f]{64}")


def _lake_files(settings: Settings, before: Release | None, lake: Mapping[str, str]) -> dict[str, dict[str, object]]:
    """The published tables in the home's lake: their files as they were written, and their logs as they are.

    A file's hash as written comes from its table's log, so a later change never enters a release's record. Logs are
    recorded so that the doctor can detect a changed bit in them; those of inner tables are noted beside them
    (`Lake.note_checked`).
    """
    if settings.lake_folder is not None:
        return {}
    was = before.section("lake") if before else {}
    listed: dict[str, dict[str, object]] = {name: {"sha256": sha256} for name, sha256 in sorted(lake.items())}
    tables = {"/".join(name.split("/")[:2]) for name in lake}
    return listed | log_records(settings.lake, tables, was)


def is_older(release: Release, text: str) -> bool:
    """Whether a release was published before a day in Oslo, or before a release of another name.

    The name tells when the other one was published, so that it need not be here any more.

    Raises:
        WrongUse: the text is neither a day nor the name of a release.
    """
    day, _, number = text.partition(".")
    if not _is_day(day) or not (number.isdigit() or text == day):
        raise WrongUse(f"{text[:80]} is no day and no release.", "Write 2026-01-31 or 2026-01-31.2.")
    published = calendar.day_in_oslo(release.published_at)
    return (str(published), number_of(release.name)) < (day, int(number or 0))


def age_hours(release: Release, now: datetime) -> float:
    """Hours since the release was published."""
    return (now - release.published_at).total_seconds() / 3600


__all__ = [
    "LEDGER_FILE",
    "OPEN_FILE",
    "Content",
    "Draft",
    "Release",
    "Releases",
    "age_hours",
]
